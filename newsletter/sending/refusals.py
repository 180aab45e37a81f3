"""Whose fault a refusal is, by its codes and its text: alike for live replies and for bounces."""

import re
from functools import lru_cache

from newsletter.model.delivery import Fault
from newsletter.sending.refusal_rules import RULES, STATUSES

_BY_STATUS = {detail: fault for fault, details in STATUSES.items() for detail in details}
_STATUS = re.compile(r"(?<![\d.])[245]\.(\d{1,3}\.\d{1,3})(?![\d.])")
_LONGEST = 600  # letters; what follows is a copy of what preceded, or a legal notice


@lru_cache(maxsize=1024)  # a server says the same few things over and over
def fault_of(text: str, status: str = "") -> Fault | None:
    """Return whose fault a refusal is; None where neither its words nor its codes tell.

    The words count first: `5.0.0`, `5.1.0` and `5.7.1` stand before nearly everything, and 5.2.1
    before what is over in an hour. A code in the text counts before `status`, which the last
    server of a chain made up.
    """
    plain = " ".join(text[:_LONGEST].lower().replace("_", " ").split())
    for rule in RULES:
        if rule.pattern.search(plain):
            return rule.fault
    for detail in (*_STATUS.findall(plain), *_STATUS.findall(status)):
        if detail in _BY_STATUS:
            return _BY_STATUS[detail]
    return None
