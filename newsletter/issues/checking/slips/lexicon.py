"""The words of English and Spanish, how often each is said, and the forms they take. [I/O]

The dictionaries are those of `pyspellchecker` (how often a word is said in films; 50 is a word that
nobody says there), read once and only when a text is checked. Words that are younger than they
are, and what Spanish verbs do that follows no rule, are in `words.en.txt` and `words.es.txt`.
"""

import gzip
import json
from collections.abc import Mapping
from functools import cache
from importlib.resources import files

LANGUAGES = ("en", "es")
RARE = 50  # how often the dictionaries say is said what they have only by rule
_LISTED = 20_000  # how often a word of our own lists counts as said


@cache
def times(language: str) -> Mapping[str, int]:
    """Return how often each word is said, small letters and accents kept; `en` or `es`."""
    # The same file as SpellChecker(language=…) reads, which counts the letters as well: 0.1 s.
    packed = files("spellchecker").joinpath("resources", f"{language}.json.gz").read_bytes()
    said: dict[str, int] = json.loads(gzip.decompress(packed))
    return said | dict.fromkeys(ours(language), _LISTED)


@cache
def ours(language: str) -> frozenset[str]:
    """Return the words of our own list."""
    text = files(__package__).joinpath(f"words.{language}.txt").read_text(encoding="utf-8")
    lines = (line for line in text.splitlines() if not line.startswith("#"))
    return frozenset(word for line in lines for word in line.split())
