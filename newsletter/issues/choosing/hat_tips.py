"""Lines that thank who had something first: "Via Prism", "(h/t @prism)", "Vía: La Opinión".

"via" is a word of every day too: what names no source ("via Zoom", "vía telefónica", "via our
form", a bus "via Tijuana") is none.
"""

import re

_FOR_THE_LINK = (
    r"for the (?:link|tip|pointer|story)|por (?:el (?:enlace|dato)|la pista)"
    r"|pour (?:le lien|l['’]info)|pel[oa] (?:link|dica)|für den (?:link|hinweis)"
)
_MARK = (
    r"(?:(?:story|news|nota|noticia|artículo|notícia) )?(?:via|vía)\b|h/t\b|\bht(?=:)"
    r"|hat[ -]tips?\b(?: to\b)?|(?:vu|repéré|lu) sur\b|gefunden (?:bei|auf)\b"
    r"|con información de\b|com informações d(?:e|[oa]s?)\b"
    r"|avec (?:des informations de|l['’]aimable autorisation de)\b"
    r"|mit freundlicher genehmigung (?:von|d(?:er|es))\b"
    rf"|(?:gracias|merci|obrigad[oa]|danke|thanks) (?:a|à|an|to)\b(?=.{{2,80}} (?:{_FOR_THE_LINK}))"
)
_NAME = r"(?P<name>[^\s:;|\n()\[\]][^;|\n()\[\]]{1,70}?)"
_END = (
    rf"[\"”»]?(?:,? (?:{_FOR_THE_LINK}).{{0,60}})?"
    r"(?:,? (?:on |el |le |am )?\d{1,2}[ ./].{1,20})?"
    r"(?:\s*[:(\[–—-]?\s*(?P<url>https?://\S{4,300}?))?[\s.)\]]*$"
)
_LINE = re.compile(rf"^[\s(\[–—*•-]*(?:{_MARK})\s*[:：]?\s*[\"“«]?{_NAME}{_END}", re.IGNORECASE)
_TAIL = re.compile(
    rf"(?:[(\[]|[–—]|--|[.!?…”»\"])\s*(?:{_MARK})\s*[:：]?\s*[\"“«]?{_NAME}{_END}", re.IGNORECASE
)
_LONGEST = 160  # characters at the end of a paragraph that are looked at
_MOST = 7  # words of a name
_PARTICLES = """
a and at da das de del der des die do dos du e el en et for für im in l la las le les los o of os
the to und von y zu &
"""
_SMALL = frozenset(_PARTICLES.split())
# How something is done, got, shown or reached, and what streets and prayers are called.
_WAYS = """
zoom teams microsoft meet google webex skype jitsi whatsapp telegram signal discord twitch
streamyard vimeo spotify apple amazon email e-mail mail correo courriel phone telephone teléfono
telefónica téléphone telefone telefon text sms livestream live stream streaming online virtual
video vídeo eventbrite paypal venmo zelle cash flickr wikimedia getty unsplash pexels shutterstock
canva creative crucis dolorosa sacra láctea lactea pública publica libre rápida rapida férrea
expresa campesina judicial legal administrativa aérea terrestre marítima rail amtrak greyhound
metro bus route ruta highway interstate carretera autopista us fax mensaje internet web website
formulario form qr facebook instagram twitter x youtube tiktok linkedin reddit pinterest snapchat
threads bluesky mastodon webinar webinaire seminario conferencia conferência videollamada
videoconferencia videoconferência videokonferenz visioconférence telefonkonferenz dropbox drive
docs forms verde vía via satélite satellite app chat
"""
_NO_SOURCE = frozenset(_WAYS.split())
_STATIONS = frozenset(
    {"telemundo", "univision", "univisión", "azteca", "canal", "channel", "radio"}
)
_TRAVEL = re.compile(
    r"\b(?:bus(?:es)?|trains?|flights?|route|highway|road|drive|ride|autob[uú]s|camión|tren|vuelos?"
    r"|ruta|carretera|trem|ônibus|voo|autocar|vol|zug|fährt)\b",
    re.IGNORECASE,
)
_SITE = re.compile(
    r"@[\w.]{2,40}|(?:https?://)?[\w-]+(?:\.[\w-]+)*\.[a-z]{2,}(?:/\S*)?", re.IGNORECASE
)


def hat_tip_in(paragraph: str) -> tuple[str, str]:
    """Return whom a paragraph thanks or names as where it has this from, and the address written
    beside it; two times "" where it does not."""
    tail = paragraph[-_LONGEST:]
    folded = tail.casefold()
    if not any(sign in folded for sign in _SIGNS):
        return "", ""
    match = _LINE.match(paragraph) if len(paragraph) <= _LONGEST else None
    match = match or _TAIL.search(tail)
    if match is None or _TRAVEL.search(paragraph[:-_LONGEST] + tail[: match.start()]):
        return "", ""
    name = match["name"].strip(" \"“”«»'’,:.")
    return (name, match["url"] or "") if _is_source(name) else ("", "")


# Each mark holds one of these: quick to look for.
_SIGNS = (
    *("via", "vía", "h/t", "ht:", "hat tip", "hat-tip", "vu sur"),
    *("repéré ", "lu sur", "gefunden ", "con información", "com informações", "avec "),
    *("mit freundlicher", "gracias a", "merci à", "obrigad", "danke an", "thanks to"),
)


def _is_source(name: str) -> bool:
    """Whether words are a name all through, or an address; and not how something is done."""
    if _SITE.fullmatch(name):
        return True
    words = name.split()
    first = next((word for word in words if word.casefold() not in _SMALL), "").casefold()
    is_named = all(not word[:1].islower() or word in _SMALL for word in words)
    is_numbered = re.search(r"\d{3}", name) or (name[-1:].isdigit() and first not in _STATIONS)
    is_way = first.strip(".,:'’") in _NO_SOURCE or first[:2] in ("i-", "l'", "l’")
    is_word = any(map(str.isalpha, name))
    return is_word and len(words) <= _MOST and is_named and not (is_numbered or is_way)
