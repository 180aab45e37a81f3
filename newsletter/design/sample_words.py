"""What the gallery's mails say, by language: `templates/preview/words.*.toml`.

A language without a file of its own has the English words, marked as English.
"""

import tomllib
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from newsletter.design.catalogues import translations
from newsletter.design.templates import Templates, shipped_folder
from newsletter.errors import ConfigError
from newsletter.fields.toml import read_toml
from newsletter.model.coalition import USUAL_SECTIONS
from newsletter.model.language import first_same
from newsletter.model.section_kinds import KINDS

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
    kinds: Mapping[str, Mapping[str, str]]

    def of_kind(self, kind: str) -> Mapping[str, str]:
        """Return the words of a kind; where a coalition's own kind has none, those of news."""
        return {**({} if kind in KINDS else self.kinds["news"]), **self.kinds.get(kind, {})}

    def section_title(self, kind: str, titles: Mapping[str, str], language: str) -> str:
        """Return what a section of that kind is called: as in a draft, or by the kind's name."""
        if title := titles.get(language):
            return title
        if kind in _USUAL:
            return translations(language).gettext(_USUAL[kind])
        return self.kinds.get(kind, {}).get("section") or kind.replace("-", " ").capitalize()


def sample_words(language: str, templates: Templates) -> SampleWords:
    """Read the words for readers of a language: the shipped ones where a file of the workspace's
    own says nothing else. ConfigError when it cannot be understood."""
    known = first_same(language, LANGUAGES) or "en"
    name = f"preview/words.{known}.toml"
    file = str(templates.path(name))
    shipped = tomllib.loads(Templates((shipped_folder(),)).source(name))
    own = read_toml(templates.source(name), file=file, environ={})
    data = _over(shipped, dict(own.values), file=file)
    facts = data.pop("facts")
    return SampleWords(
        language=known,
        members=tuple(facts.pop("who")),
        facts=facts,
        long=data.pop("long"),
        kinds=data.pop("kinds"),
        opening=data,
    )


def _over(shipped: dict[str, Any], own: dict[str, Any], *, file: str, at: str = "") -> Any:
    """What `own` says over the shipped words, each of the same form. ConfigError."""
    merged = dict(shipped)
    for key, value in own.items():
        usual = shipped.get(key, {} if at == "kinds." else "")
        if isinstance(usual, dict) and isinstance(value, dict):
            merged[key] = _over(usual, value, file=file, at=f"{at}{key}.")
        elif _form(value) == _form(usual):
            merged[key] = value
        else:
            raise ConfigError(f"{at}{key} must be {_form(usual)}", file=file)
    return merged


def _form(value: object) -> str:
    if isinstance(value, dict):
        return "a table"
    if isinstance(value, list) and value and all(isinstance(one, str) for one in value):
        return "a list of names"
    return "words in quotes" if isinstance(value, str) else "something else"
