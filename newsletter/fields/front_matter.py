"""YAML front matter read key by key, each error with its file, line and a hint."""

import difflib
import re
from collections.abc import Callable, Iterable
from datetime import date
from enum import StrEnum
from typing import Any, TypeVar

from ruamel.yaml import YAML
from ruamel.yaml.comments import CommentedMap
from ruamel.yaml.error import MarkedYAMLError, YAMLError

from newsletter.errors import ConfigError

Choice = TypeVar("Choice", bound=StrEnum)
_FENCE = re.compile(r"\A---[ \t]*\n(?P<yaml>.*?\n)---[ \t]*(?:\n|\Z)", re.DOTALL)


def split(text: str, file: str) -> tuple["Fields", str, int]:
    """The front matter, the text below it and the line that text starts on."""
    text = text.replace("\r\n", "\n")
    match = _FENCE.match(text)
    if match is None:
        raise ConfigError(
            "no front matter",
            file=file,
            line=1,
            hint="a story file starts with a line ---, then YAML, then --- again",
        )
    try:
        data = YAML(typ="rt").load(match["yaml"])
    except MarkedYAMLError as error:
        line = error.problem_mark.line + 2 if error.problem_mark else 1
        raise ConfigError(
            f"the front matter is not YAML: {error.problem}", file=file, line=line
        ) from error
    except (YAMLError, ValueError, RecursionError) as error:
        said = (str(error) or "nested too deep").splitlines()[0]
        raise ConfigError(f"the front matter is not YAML: {said}", file=file, line=2) from error
    if not isinstance(data, CommentedMap):
        raise ConfigError("the front matter is not a list of `key: value`", file=file, line=2)
    return Fields(data, file, offset=2), text[match.end() :], text[: match.end()].count("\n") + 1


class Fields:
    """One YAML mapping: each key is checked as it is asked for, `finish` refuses all others."""

    def __init__(self, data: CommentedMap, file: str, *, offset: int, within: str = "") -> None:
        self._data = data
        self._file = file
        self._offset = offset
        self._within = within
        self._asked: list[str] = []

    def error(self, key: str, message: str, hint: str = "") -> ConfigError:
        """An error about that key (or about the whole mapping when the key is absent)."""
        start = self._data.lc.line or 0
        line = self._data.lc.key(key)[0] if key in self._data else start
        return ConfigError(
            f"{self._within}{key}: {message}", file=self._file, line=line + self._offset, hint=hint
        )

    def _get(self, key: str, kind: type, wanted: str, default: Any, hint: str = "") -> Any:
        self._asked.append(key)
        value = self._data.get(key)
        if value is None:
            if default is not None:
                return default
            slip = difflib.get_close_matches(key, [str(one) for one in self._data], n=1)
            if slip:
                raise self.error(slip[0], "is not a key I know", f"did you mean {key!r}?")
            raise self.error(key, "is missing", hint or f"give {wanted}")
        if not isinstance(value, kind) or (kind is int and isinstance(value, bool)):
            raise self.error(key, f"should be {wanted}", hint)
        return value

    def text(self, key: str, default: str | None = None, hint: str = "") -> str:
        """A line of text."""
        value = self._get(key, object, "text", default, hint)
        if isinstance(value, dict | list):
            raise self.error(key, "should be text", hint)
        return str(value)

    def yes_no(self, key: str, default: bool | None = None) -> bool:
        """`true` or `false`."""
        return bool(self._get(key, bool, "true or false", default))

    def number(self, key: str, default: int | None = None) -> int:
        """A whole number."""
        return int(self._get(key, int, "a whole number", default))

    def day(self, key: str) -> date:
        """A date such as 2026-11-20."""
        value = self._get(key, object, "a date such as 2026-11-20", None)
        return self._day(key, value)

    def maybe_day(self, key: str) -> date | None:
        """A date, or nothing."""
        self._asked.append(key)
        value = self._data.get(key)
        return None if value is None else self._day(key, value)

    def _day(self, key: str, value: Any) -> date:
        try:
            return date.fromisoformat(str(value)[:10])
        except ValueError as error:
            raise self.error(key, "is not a date", "write it as 2026-11-20") from error

    def choice(self, key: str, kind: type[Choice], default: Choice | None = None) -> Choice:
        """One word of a closed list."""
        word = self.text(key, None if default is None else default.value)
        return self._word(key, word, kind)

    def choices(self, key: str, kind: type[Choice]) -> frozenset[Choice]:
        """A list of words of a closed list."""
        return frozenset(self._word(key, word, kind) for word in self.texts(key, None))

    def _word(self, key: str, word: str, kind: type[Choice]) -> Choice:
        try:
            return kind(word)
        except ValueError as error:
            words = [member.value for member in kind]
            raise self.error(
                key, f"{word!r} is not one of the words", did_you_mean(word, words)
            ) from error

    def texts(self, key: str, default: tuple[str, ...] | None = ()) -> tuple[str, ...]:
        """A list of words."""
        value = self._get(key, list, "a list such as [en, es]", default)
        if any(isinstance(one, dict | list) or one is None for one in value):
            raise self.error(key, "should be a list of words")
        return tuple(str(one) for one in value)

    def within(self, key: str) -> "Fields":
        """The mapping below that key."""
        value = self._get(key, CommentedMap, "a block of `key: value` lines", None)
        return Fields(value, self._file, offset=self._offset, within=f"{key}.")

    def maybe_within(self, key: str) -> "Fields | None":
        """The mapping below that key, or nothing."""
        if self._data.get(key) is None:
            self._asked.append(key)
            return None
        return self.within(key)

    def each(self, key: str, read: Callable[["Fields"], Any]) -> tuple[Any, ...]:
        """Every mapping of a list, read by the function given."""
        rows = self._get(key, list, "a list", ())
        if any(not isinstance(row, CommentedMap) for row in rows):
            raise self.error(key, "should be a list of `key: value` blocks")
        fields = [Fields(row, self._file, offset=self._offset, within=f"{key}.") for row in rows]
        return tuple(read(one) for one in fields)

    def finish(self) -> None:
        """Refuse a key that nobody asked for: it is a slip that would silently do nothing."""
        for key in self._data:
            if key not in self._asked:
                raise self.error(str(key), "is not a key I know", did_you_mean(key, self._asked))


def did_you_mean(word: object, words: Iterable[str]) -> str:
    """A hint with the nearest word, or all of them."""
    known = list(words)
    close = difflib.get_close_matches(str(word), known, n=1)
    return f"did you mean {close[0]!r}?" if close else f"use one of: {', '.join(known)}"
