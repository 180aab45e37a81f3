"""The words of English and Spanish, how often each is said, and the forms they take. [I/O]

The dictionaries are those of `pyspellchecker` (how often a word is said in films; 50 is a word that
nobody says there), read once and only when a text is checked. What they have not, and what
else is to be known of single words, is in `words.en.txt` and `words.es.txt`.
"""

import gzip
import json
import re
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
    said.update(dict.fromkeys(listed(language, "known"), _LISTED))
    return said


def listed(language: str, group: str) -> frozenset[str]:
    """Return the words of one of our own lists; KeyError when a language has none of that name."""
    return _lists(language)[group]


@cache
def _lists(language: str) -> Mapping[str, frozenset[str]]:
    text = files(__package__).joinpath(f"words.{language}.txt").read_text(encoding="utf-8")
    lines = "\n".join(line for line in text.splitlines() if not line.startswith("#"))
    parts = re.split(r"^\[(.+)\]$", lines, flags=re.MULTILINE)[1:]
    return {
        name: frozenset(words.split()) for name, words in zip(parts[::2], parts[1::2], strict=True)
    }
