"""Which link of an event is the meeting itself: not a map, a venue's page, a recording or help."""

import re

_LINK = re.compile(r"https?://[^\s<>\"']+", re.IGNORECASE)
_ROOM = re.compile(
    r"(?:^|\.)(?:zoom\.us/(?:j|w|s|my|wc|meeting/register|webinar/register)/"
    r"|zoomgov\.com/(?:j|w|my|meeting/register|webinar/register)/"
    r"|meet\.google\.com/[a-z]{3}-?[a-z]{3,4}-?[a-z]{3}"
    r"|meet\.google\.com/lookup/"
    r"|teams\.(?:microsoft|live)\.com/(?:l/meetup-join|meet)/"
    r"|webex\.com/(?:meet|join|wbxmjs/joinservice|[\w.-]+/j\.php|webappng/sites/[\w.-]+/meeting)"
    r"|(?:meet\.)?jit\.si/."
    r"|8x8\.vc/."
    r"|whereby\.com/."
    r"|(?:global|app)?\.?gotomeeting\.com/join/"
    r"|gotomeet\.me/."
    r"|meet\.goto\.com/."
    r"|bluejeans\.com/\d"
    r"|join\.skype\.com/."
    r"|(?:meet|jitsi|bbb)\.[\w.-]+/."
    r"|[\w.-]+/b/[a-z0-9]{3}-[a-z0-9]{3}-)",
    re.IGNORECASE,
)
_OTHER = re.compile(
    r"/rec(?:ording)?s?/|recordingservice|/test$|/download|/u/|dial-?in|globalcallin|support\."
    r"|/tel/|meetingoptions",
    re.IGNORECASE,
)
_ONLINE = re.compile(
    r"(?i)\b(?:online|virtual(?! reality)(?:ly)?|zoom|webinar|livestream|en l[ií]nea|por internet"
    r"|en ligne|google meet|microsoft teams|webex|jitsi)\b"
)
_PLACES = re.compile(
    r"(?i)^(?:[\w-]+\.)*(?:maps?\.[\w.-]+|goo\.gl|openstreetmap\.org|osm\.org|bing\.com|waze\.com"
    r"|facebook\.com|instagram\.com|eventbrite\.[\w.]+|google\.[a-z.]+|what3words\.com|w3w\.co)$"
)
# Characters: what is longer leads nowhere, and would be looked at from its end, sign by sign.
LONGEST = 2_000
_CLOSED_BY = {")": "(", "]": "[", "}": "{"}


def links_in(text: str) -> list[str]:
    """Return the web addresses of a text, without what ends the sentence or bracket around them."""
    return [_without_end(link) for link in _LINK.findall(text) if len(link) <= LONGEST]


def meeting_link(said: str, location: str, description: str) -> str | None:
    """Return where to take part online. `said` is what the calendar itself calls a conference.

    Anywhere else it is a meeting service's link, or any link of a place that says it is online.
    """
    if said_links := [link for link in links_in(said) if not _OTHER.search(link)]:
        return said_links[0]
    in_place = links_in(location)
    is_online = bool(_ONLINE.search(_words(location, in_place)))
    for link in in_place:
        if _is_room(link) or (is_online and not _is_place(link)):
            return link
    return next((link for link in links_in(description) if _is_room(link)), None)


def place_words(location: str, meeting: str | None) -> str:
    """Return a place without its links; of one that is nothing else, the link, save the
    meeting's."""
    links = links_in(location)
    words = _words(location, links)
    return words or next((link for link in links if link != meeting), "")


def _words(location: str, links: list[str]) -> str:
    for link in links:
        location = location.replace(link, " ")
    location = re.sub(r"\(\s*\)|\[\s*\]|<\s*>", " ", location)
    location = re.sub(r"\s+(?=[)\]>,;])", "", " ".join(location.split()))
    return re.sub(r"\s+[.\s]+$", "", location).strip(" ,;:|-\u2013\u2014")


def _without_end(link: str) -> str:
    while link[-1] in ".,;:!?*_" or link.count(link[-1]) > link.count(
        _CLOSED_BY.get(link[-1], link[-1])
    ):
        link = link[:-1]
    return link


def _is_room(link: str) -> bool:
    return bool(_ROOM.search(link.split("://", 1)[1])) and not _OTHER.search(link)


def _is_place(link: str) -> bool:
    host = link.split("://", 1)[1].split("/")[0]
    return bool(_PLACES.match(host) or _OTHER.search(link))
