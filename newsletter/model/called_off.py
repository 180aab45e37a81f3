"""What people put before or after an event's title to say that it does not take place."""

import re

CANCELLED = (
    r"cancell?ed|called off|cancelad[oa]s?|suspendid[oa]s?|se (?:cancela|suspende)"
    r"|annulée?s?|annullato|abgesagt|ملغ[ىي]|أُ?لغي"
)
POSTPONED = (
    r"postponed|pospuest[oa]s?|aplazad[oa]s?|se (?:pospone|aplaza)"
    r"|reportée?s?|adiad[oa]s?|verschoben|مؤجل"
)
# "Suspendida la marcha", "Postponed until May: film night": what follows is still no name.
_BEFORE = (
    r"\W*(?:(?:event|evento)\s+)?(?:{})(?:\s+event(?=\s*[:\-\u2013\u2014]))?(?:\s+(?:until|till|to|hasta|para|por|due|sine)\b[^:\n]{{1,40}}:"
    r"|(?:\s*[:\-\u2013\u2014\])*!|.,])+|\s+(?:el|la|los|las|the|le|les|o|a|os|as|der|die|das)(?=\s)"
    r"|\s+(?=\()|\s*$|\s+(?<=(?-i:[A-Z])\s)(?=.*(?-i:[a-z])))"
)
_AFTER = (
    r"(?:\s*[(\[:|\-\u2013\u2014*!,.]\s*\W*|\s+(?=se )|(?<=(?-i:[a-z]))\s+(?-i:(?=[A-Z]{{6}}))"
    r"|\s+(?:is|has been|se|est[aá]|queda|ha sido|est|foi|ist)\s+)(?:{})"
    r"(?:\s+(?:due|because|until|till|today|tonight|this|hasta|por|debido|hoy|esta?)\b[^:\n]{{0,60}})?\W*$"
)
_SAYS_CANCELLED = re.compile(
    f"{_BEFORE.format(CANCELLED)}|.*\\S{_AFTER.format(CANCELLED)}", re.IGNORECASE
)
_EITHER = f"{CANCELLED}|{POSTPONED}"
_MARK = re.compile(f"^{_BEFORE.format(_EITHER)}|(?<=\\S){_AFTER.format(_EITHER)}", re.IGNORECASE)


def says_cancelled(title: str) -> bool:
    """Return whether a title begins or ends with the word cancelled, parted from its name."""
    return _SAYS_CANCELLED.match(title) is not None


def says_called_off(title: str) -> bool:
    """Return whether a title is marked as cancelled or postponed."""
    return _MARK.search(title) is not None


def without_mark(title: str) -> str:
    """Return an event's name alone, without such a mark."""
    return _MARK.sub("", title).strip()
