"""The consent text exactly as shown, and the hash that proves which words those were. [I/O]"""

import hashlib
from dataclasses import dataclass
from importlib.resources import files

from newsletter.stories.record.story_language import story_language

CURRENT = "story-consent-1"
RETENTION_DAYS = 90


@dataclass(frozen=True, kw_only=True, slots=True)
class Notice:
    """One consent text in one language; `sha256` is of the words as shown."""

    id: str
    language: str
    text: str

    @property
    def sha256(self) -> str:
        """Return SHA-256 of the UTF-8 text, in hexadecimal."""
        return hashlib.sha256(self.text.encode()).hexdigest()

    @property
    def title(self) -> str:
        """Return the first line."""
        return self.text.split("\n", 1)[0]

    @property
    def paragraphs(self) -> tuple[str, ...]:
        """Return what follows the title."""
        return tuple(part.strip() for part in self.text.split("\n\n")[1:])


def notice(language: str, *, coalition: str, withdraw: str) -> Notice:
    """Return the current consent text; in English when it is not there in that language.

    `withdraw` says where to withdraw: the page's address, or whom to ask.
    """
    language = story_language(language)
    source = files("newsletter.stories").joinpath("notices", f"{CURRENT}.{language}.txt")
    text = source.read_text(encoding="utf-8").strip()
    text = text.format(coalition=coalition, withdraw=withdraw, retention=RETENTION_DAYS)
    return Notice(id=CURRENT, language=language, text=text)
