"""What the gallery's mails say, by language: `templates/preview/words.*.toml`.

A language without a file of its own has the English words, marked as English.
"""

import tomllib
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

from newsletter.design.catalogues import translations
from newsletter.design.templates import Templates
from newsletter.errors import ConfigError
from newsletter.model.coalition import USUAL_SECTIONS
from newsletter.model.language import first_same

LANGUAGES = ("en", "es", "ar")
_USUAL = {rule.kind: rule.title("en") for rule in USUAL_SECTIONS}


@dataclass(frozen=True, kw_only=True, slots=True)
class SampleWords:
    """`opening` is the issue's own, `kinds` says title, long title and blurb of each kind; `facts`
    are by the keys of a draft, and `long` are longer ones, with a paragraph and a wide table."""

    language: str
    opening: Mapping[str, str]
    facts: Mapping[str, str]
    members: tuple[str, ...]
    long: Mapping[str, str]
    kinds: Mapping[str, Mapping[str, str]] = field(default_factory=dict)

    def of_kind(self, kind: str) -> Mapping[str, str]:
        """Return the words of a kind; those of news for one that a coalition made."""
        return self.kinds.get(kind) or self.kinds["news"]

    def section_title(self, kind: str, language: str) -> str:
        """Return what a section of that kind is called: as in a draft, or by the kind's name."""
        if kind in _USUAL:
            return translations(language).gettext(_USUAL[kind])
        return self.kinds.get(kind, {}).get("section") or kind.replace("-", " ").capitalize()


def sample_words(language: str, templates: Templates) -> SampleWords:
    """Read the words for readers of a language. ConfigError when they cannot be understood."""
    known = first_same(language, LANGUAGES) or "en"
    name = f"preview/words.{known}.toml"
    file = str(templates.path(name))
    try:
        data: dict[str, Any] = tomllib.loads(templates.source(name))
        facts = dict(data.pop("facts"))
        who = tuple(facts.pop("who"))
        return SampleWords(
            language=known,
            members=who,
            facts=facts,
            long=data.pop("long"),
            kinds=data.pop("kinds"),
            opening=data,
        )
    except tomllib.TOMLDecodeError as error:
        raise ConfigError(f"not TOML: {error}", file=file) from error
    except KeyError as error:
        raise ConfigError(
            f"there is no {error.args[0]}", file=file, hint="delete the file to have ours again"
        ) from error
