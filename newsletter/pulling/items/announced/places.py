"""The place where a text says that something takes place, in its own words; "" for none."""

import re

from newsletter.pulling.parse.calendar.zones import zone_name

_LABEL = re.compile(
    r"^\W{0,3}(?:(?<=📍)|where|location|venue|place|address|d[óo]nde|lugar|ubicaci[óo]n|direcci[óo]n|sede)"
    r"\s*(?:(?<=📍)|[:\u2013\u2014-])\ufe0f?\s*(.+)$",
    re.IGNORECASE,
)
_UNKNOWN = re.compile(
    r"\b(?:tb[ad]|to be (?:announced|determined|confirmed)|por (?:confirmar|anunciar|definir)"
    r"|(?:will|soon) be announced)\b",
    re.IGNORECASE,
)
_KIND = (
    r"(?:Hall|Church|Library|Cent(?:er|re)|School|Park|Plaza|Theat(?:er|re)|College|University|"
    r"Campus|Building|Museum|Market|Room|Gym|Auditorium|Temple|Mosque|Synagogue|Cathedral|Chapel|"
    r"Parish|Courthouse|Capitol|Square|Lake|Beach|Gallery|Caf[eé]|Hotel|Station|Office|Consulate|"
    r"Cafeteria|Garden|Iglesia|Parroquia|Biblioteca|Centro|Escuela|Parque|Plaza|Teatro|Colegio|"
    r"Universidad|Edificio|Museo|Mercado|Sal[óo]n|Sala|Auditorio|Templo|Mezquita|Catedral|"
    r"Capilla|Casa|Alcald[íi]a|Ayuntamiento|Lago|Playa|Jard[íi]n|Consulado|Gimnasio|Sindicato)"
)
# Spanish writes it small: "la iglesia San Judas", "el salón de la biblioteca Mission".
_SMALL_KIND = (
    r"(?:iglesia|parroquia|biblioteca|centro (?=comunit|social|cultural|parroq)|escuela|parque|"
    r"teatro|colegio|universidad|museo|mercado|"
    r"sal[óo]n|auditorio|templo|mezquita|catedral|capilla|gimnasio|plaza)"
    r"(?:\s?\b(?:comunitari[oa]|p[úu]blic[oa]|parroquial|municipal|social|cultural))?"
)
_STREET = (
    r"(?:\d{1,6}\s+(?:[NSEW]\.?\s+)?(?:\d+(?:st|nd|rd|th)|[A-ZÁÉÍÓÚÑ][\w.'’-]+)(?:\s+[A-Z][\w.'’-]*)*"
    r"|(?:[Cc]alle|[Aa]venida|Av\.|Calz\.|Paseo|Blvd\.)\s+[A-ZÁÉÍÓÚÑ0-9][^,.;]{2,40})"
)
_NAME = r"(?:(?:St|Dr|Mt|Ft|Sta|Sto|Ntra|Sra|[A-Z])\.|[A-ZÁÉÍÓÚÑ][\w'’&-]*)"
# One word each: "de la" as a third way to read "de" and "la" would take for ever to give up.
_LINK = r"(?:of|de|del|la|las|los|el|para|and|y|the|for|&|at|in|en)"
_NAMES = rf"{_NAME}(?:\s+(?:{_LINK}\s+)*(?:{_NAME}|\d{{1,4}}\b))*"
_SMALL_NAMES = rf"\b(?:{_SMALL_KIND}\s+(?:{_LINK}\s+)*){{1,3}}{_NAMES}"
_PLACE = (
    rf"(?:{_STREET}|{_SMALL_NAMES}|{_NAMES})"
    rf"(?:,?\s*[,(]\s*(?:{_STREET}|\#?\s?{_NAMES})\)?)*"
)
_OURS = r"(?:(?:our|the|la|el|los|las|nuestra|nuestro|su|their)\s+)?"
_OFFICE = r"(?:(?:office|offices|oficina|oficinas|sede|centro|hall|center)\s*[,(]\s*)?"
# "at" names a place by itself; "in" and "en" only with a word for one, or a street.
_AT = re.compile(rf"(?:\b(?:at|outside)|@)\s+{_OURS}{_OFFICE}(?P<place>{_PLACE})")
_IN = re.compile(
    r"\b(?:[Ii]n|[Ee]n|in front of|afuera del?|frente al?|to|al?)\s+"
    rf"{_OURS}{_OFFICE}(?P<place>{_PLACE})"
)
_LISTED = re.compile(rf"(?:^|[,|·•\u2013\u2014\x01-]\s*)(?P<place>{_PLACE})")
# Where a march ends is not where to come; where it leaves from is.
_ENDS = re.compile(
    r"\b(?:(?:llega\w*|termina\w*|acaba\w*|ends?|finish\w*|arriv\w+)\s+(?:at|in|to|en|al?)"
    r"|(?:march\w*|walk\w*|camina\w*)\s+(?:to|al?))\s+(?:\w+\s+)?$",
    re.IGNORECASE,
)
_LEAVES = re.compile(
    r"^(?:Salimos|Salida|Partimos|Sale)\s+de(?:sde|l)?\s+(?:(?:la|el|los|las)\s+)?", re.IGNORECASE
)
_TELLS = re.compile(rf"\b{_KIND}\b|^{_SMALL_KIND}\s|{_STREET}")
_NO_PLACE = re.compile(
    r"(?:\d|Facebook|Instagram|YouTube|Twitter|TikTok|K[A-Z]{2,3}\b|Radio|Spanish|English|Español|Home$)"
)
_ONLINE = re.compile(
    r"\b(?:on|v[ií]a|by|por|through|over|en)\s+"
    r"(Zoom|Google Meet|Microsoft Teams|Teams|Webex|Jitsi)\b",
    re.IGNORECASE,
)
_STATES = {
    "America/New_York": "CT DE FL GA IN KY ME MD MA MI NH NJ NY NC OH PA RI SC VT VA WV Connecticut"
    " Delaware Florida Maryland Massachusetts Michigan Maine Ohio Pennsylvania Vermont Virginia",
    "America/Chicago": "AL AR IL IA LA MN MS MO OK TN TX WI NE KS ND SD Alabama Arkansas Illinois"
    " Iowa Louisiana Minnesota Mississippi Missouri Nebraska Oklahoma Kansas Tennessee Texas"
    " Wisconsin",
    "America/Denver": "CO MT NM UT WY ID Colorado Montana Utah Wyoming Idaho",
    "America/Phoenix": "AZ Arizona",
    "America/Los_Angeles": "CA OR WA NV California Oregon Nevada",
}
_STATE_ZONES = {state: zone for zone, states in _STATES.items() for state in states.split()}
_STATE = re.compile(rf"(?<=, )(?:{'|'.join(_STATE_ZONES)})\b")
_CITY = re.compile(r"\b(?:in|en)\s+([A-Z][a-z]+)( [A-Z][a-z]+)?\b")


def labelled_place(line: str) -> str:
    """Return what a line such as `Where: Union Hall` says."""
    match = _LABEL.match(line)
    if match is None or _UNKNOWN.search(match[1]):
        return ""
    return online_place(match[1]) or match[1].strip(" .,;")


def place_in(sentence: str, times: list[tuple[int, int]]) -> str:
    """Find the place in a sentence; `times` are where its days and hours stand.

    A name after "at", or one with a word for a place or a street beside the day and hour.
    """
    masked = sentence
    for start, end in times:
        masked = masked[:start] + "\x01" * (end - start) + masked[end:]
    for pattern, needs_word in ((_AT, False), (_IN, True), (_LISTED, True)):
        for match in pattern.finditer(masked):
            if _ENDS.search(masked, 0, match.start("place")):
                continue
            place = without_leaving(re.sub(r"(?<=\w\w)\.$", "", match["place"].strip(" ,;-")))
            is_fit = bool(_TELLS.search(place)) or not (needs_word or _NO_PLACE.match(place))
            if is_fit and not _NO_PLACE.match(place.lstrip("0123456789")):
                return f"{place})" if place.count("(") > place.count(")") else place
    return ""


def without_leaving(place: str) -> str:
    """Return a place without the words that a march leaves from it."""
    return _LEAVES.sub("", place)


def is_place(line: str) -> bool:
    """Return whether a short line is nothing but a place."""
    return len(line) <= 120 and bool(re.fullmatch(rf"{_PLACE}[.,]?", line) and _TELLS.search(line))


def online_place(text: str) -> str:
    """Return the meeting service that a text says it takes place on."""
    match = _ONLINE.search(text) or re.match(r"(Zoom)\b", text)
    return match[1] if match else ""


def zones_near(text: str) -> set[str]:
    """Return the time zones of the states and cities that a text says it is in."""
    names = {_STATE_ZONES[state] for state in _STATE.findall(text)}
    for first, second in _CITY.findall(text):
        for city in (first + second, first):
            if zone := _STATE_ZONES.get(city) or zone_name(city):
                names.add(zone)
                break
    return names
