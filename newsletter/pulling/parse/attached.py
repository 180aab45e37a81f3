"""The recordings, files and pictures of an entry of RSS or Atom."""

from dataclasses import replace
from typing import Any

from newsletter.model.entry import Enclosure
from newsletter.pulling.parse.enclosures import duration, is_video_page, lasting, media_type
from newsletter.pulling.parse.entry_fields import number, plain, text_of


def is_recording(data: Any) -> bool:
    """Return whether what Media RSS describes is heard or seen moving."""
    types = (_enclosure(media, None).media_type for media in data.get("media_content", ()))
    return is_video_page(text_of(data, "link")) or any(
        kind.startswith(("audio/", "video/", "application/x-shockwave")) for kind in types
    )


def attached_to(data: Any, page: str) -> tuple[tuple[Enclosure, ...], tuple[Enclosure, ...]]:
    """Return recordings and other files; pictures.

    In the order: enclosures, media:content, thumbnails.

    An entry whose page shows a video is that video.
    """
    by_url: dict[str, Enclosure] = {}
    seconds = duration(text_of(data, "itunes_duration"))
    spoken = "audio" if seconds else ""  # who says how long it lasts has a recording attached
    for link in data["links"]:
        if link.get("rel") == "enclosure" and link.get("href"):
            file = _enclosure({"medium": spoken, **link, "url": link["href"]}, seconds)
            by_url.setdefault(file.url, file)
    for media in data.get("media_content", ()):
        if media.get("url"):
            file = _enclosure(media, duration(str(media.get("duration") or "")) or None)
            by_url.setdefault(file.url, file)
    pictures = [file for file in by_url.values() if file.media_type.startswith("image/")]
    for thumbnail in data.get("media_thumbnail", ()):
        if thumbnail.get("url"):
            pictures.append(_enclosure({**thumbnail, "type": "image/*"}, None))
    image = data.get("image")
    if isinstance(image, dict) and image.get("href"):
        pictures.append(Enclosure(url=str(image["href"]), media_type="image/*"))
    if (caption := plain(text_of(data, "media_description"))) and not is_recording(data):
        pictures = [replace(picture, alt=picture.alt or caption) for picture in pictures]
    files = [file for file in by_url.values() if not file.media_type.startswith("image/")]
    if is_video_page(page):
        lengths = (file.seconds for file in files if file.seconds)
        files.insert(0, Enclosure(url=page, media_type="video/*", seconds=next(lengths, seconds)))
    return tuple(files), tuple({one.url: one for one in reversed(pictures)}.values())[::-1]


def _enclosure(data: Any, seconds: int | None) -> Enclosure:
    url = str(data.get("url") or "").strip()
    kind = media_type(str(data.get("type") or ""), url, str(data.get("medium") or ""))
    length = number(data.get("length") or data.get("filesize"))
    return Enclosure(
        url=url,
        media_type=kind,
        length=length,
        seconds=lasting(seconds, length) if not kind.startswith("image/") else None,
        width=number(data.get("width")),
        height=number(data.get("height")),
        alt=plain(str(data.get("description") or "")),
    )
