"""Attached files as feeds declare them: what they are, and how long they last."""

import re
from pathlib import PurePosixPath
from urllib.parse import unquote, urlsplit

# Types that say nothing: what a server sends for a file it does not know, and slips of the hand.
_GENERIC = re.compile(
    r"|(?:application|binary)/(?:octet-stream|force-download|x-download|download|unknown|binary)"
    r"|[^/]*|text/(?:html|plain)|unknown/.*"
)
_BY_ENDING = {
    "mp3": "audio/mpeg", "m4a": "audio/mp4", "m4b": "audio/mp4", "aac": "audio/aac",
    "ogg": "audio/ogg", "oga": "audio/ogg", "opus": "audio/ogg", "wav": "audio/wav",
    "flac": "audio/flac", "wma": "audio/x-ms-wma", "mp4": "video/mp4", "m4v": "video/mp4",
    "mov": "video/quicktime", "webm": "video/webm", "ogv": "video/ogg", "mkv": "video/x-matroska",
    "jpg": "image/jpeg", "jpeg": "image/jpeg", "png": "image/png", "gif": "image/gif",
    "webp": "image/webp", "avif": "image/avif", "heic": "image/heic", "svg": "image/svg+xml",
}  # fmt: skip
_MEDIA = ("audio", "video", "image")
_VIDEO_PAGE = re.compile(
    r"https?://(?:(?:www\.|m\.)?youtube\.com/(?:watch\?(?:.*&)?v=|shorts/|live/|embed/)[\w-]{6,}"
    r"|youtu\.be/[\w-]{6,}|(?:www\.|player\.)?vimeo\.com/(?:video/)?\d{5,}"
    r"|[^/]+/(?:w|videos/watch)/(?:[0-9a-f-]{36}|[1-9A-HJ-NP-Za-km-z]{22})(?:[?#]|$))"
)  # the last: PeerTube, whose ids are a UUID or its short form
_LONGEST = 24 * 3600  # seconds: what lasts longer was given in milliseconds, or is wrong
_LONG, _LEAST_BYTES, _LEAST_RATE = 4 * 3600, 100_000, 250  # seconds, bytes, bytes a second


def media_type(declared: str, url: str, medium: str = "") -> str:
    """Return the type, in lower case: what is declared, else what the name's ending says.

    `medium` is Media RSS's; where only that is known the type is `audio/*`.
    """
    declared, medium = declared.lower().partition(";")[0].strip(), medium.lower().strip()
    if not _GENERIC.fullmatch(declared):
        return "audio/ogg" if declared == "application/ogg" else declared
    by_ending = _BY_ENDING.get(_ending(url), "")
    word = next((name for name in (declared, medium) if name in _MEDIA), "")
    if by_ending and (not word or by_ending.startswith(word)):
        return by_ending
    return f"{word}/*" if word else declared


def is_video_page(url: str) -> bool:
    """Return whether a page shows one video: YouTube, Vimeo, PeerTube."""
    return bool(_VIDEO_PAGE.match(url))


def duration(text: str) -> int | None:
    """Return the seconds in `1:02:03`, `62:03`, `3723`, `PT1H2M3S` or `1h 2m`; None for others.

    More than a day is milliseconds, or nothing that we can tell.
    """
    text = text.strip().lower()
    if not text:
        return None
    worded = re.fullmatch(
        r"(?:pt)?(?:(\d{1,3}) ?h[a-z]*)? ?(?:(\d{1,4}) ?m[a-z]*)?"
        r" ?(?:(\d{1,5})(?:\.\d+)? ?s[a-z]*)?",
        text,
    )
    if worded and any(worded.groups()):
        hours, minutes, seconds = (int(part or 0) for part in worded.groups())
        return _possible(hours * 3600 + minutes * 60 + seconds)
    parts = re.fullmatch(r"(?:(?:(\d{1,3}):)?(\d{1,4}):)?(\d{1,9})(?:\.\d+)?", text)
    if parts is None:
        return None
    hours, minutes, seconds = (int(part or 0) for part in parts.groups())
    if parts[2] is None:
        return _possible(seconds) or _possible(seconds // 1000)
    return (
        None
        if seconds > 59 or (parts[1] and minutes > 59)
        else _possible(hours * 3600 + minutes * 60 + seconds)
    )


def lasting(seconds: int | None, length: int | None) -> int | None:
    """Return the duration of a file of so many bytes: no recording of hours is that small.

    Below 2 kbit/s there is no speech codec: those seconds are milliseconds.
    """
    is_small = length is not None and length >= _LEAST_BYTES
    if seconds is None or length is None or not is_small or seconds < _LONG:
        return seconds
    return seconds if length / seconds >= _LEAST_RATE else seconds // 1000


def _possible(seconds: int) -> int | None:
    return seconds if 0 < seconds <= _LONGEST else None


def _ending(url: str) -> str:
    """The ending of the file's name, also where a counter's address has the real one inside."""
    try:
        parts = urlsplit(url)
    except ValueError:
        return ""
    name = PurePosixPath(unquote(unquote(parts.path)).rstrip("/")).suffix
    return name.removeprefix(".").lower().strip()
