"""A settings file's keys and values, whatever its syntax: each mistake with file, line and hint."""

import difflib
import re
from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from datetime import date
from typing import Any, TypeVar

from newsletter.errors import ConfigError

T = TypeVar("T")
Word = TypeVar("Word", bound=str)
Path = tuple[str | int, ...]

_SECRET_WORDS = ("password", "secret", "api_key", "token")
_KINDS = {  # in words, and an example
    str: ("text", '"…"'),
    bool: ("true or false", "true"),
    int: ("a whole number", "1"),
    float: ("a number", "1.5"),
    date: ("a date", "2026-11-20"),
    list: ("a list", "[…]"),
    dict: ("keys with values", "…"),
}


@dataclass(frozen=True, kw_only=True, slots=True)
class Source:
    """The file that a table came from. `line_of` finds the line of a path, counted from 1.

    `equals` is what stands between a key and its value. `environ` may override plain values of
    top-level tables: `NEWSLETTER_<TABLE>_<KEY>`, lists parted by commas; an empty one is none. With
    `numbers_are_text` a number or a date is a text where a text is asked for.
    """

    file: str
    line_of: Callable[[Path], int | None]
    equals: str = ": "
    environ: Mapping[str, str] = field(default_factory=dict)
    numbers_are_text: bool = False


class Table:
    """Keys with values. Ask for every key it may have, then `close`: unknown keys are errors.

    Each getter raises ConfigError at the key's line; a key without a default is required, and
    null counts as absent. `name` is how errors call the table: its path, list elements counted
    from 1 (`issue.sections[2]`), until somebody names it better.
    """

    __slots__ = ("_asked", "name", "path", "source", "values")

    def __init__(self, values: Any, *, source: Source, path: Path = (), name: str = "") -> None:
        self.path = path
        self.source = source
        self.name = name
        self._asked: dict[str, None] = {}
        if not isinstance(values, dict):
            hint = f"write a line key{source.equals}value for each"
            raise self.error(f"{name or 'the file'} {_must_be(dict, values)}", hint)
        self.values: dict[str, Any] = values

    def error(self, message: str, hint: str = "", *, key: str = "", at: Path = ()) -> ConfigError:
        """Return a ConfigError about this table, about one of its keys, or a place below one: in
        the file, unless the environment says otherwise."""
        if key and self._override(key) is not None:
            return ConfigError(message, hint=hint, file=self._variable(key))
        return ConfigError(message, hint=hint, file=self.source.file, line=self.line(key, *at))

    def line(self, key: str = "", *below: str | int) -> int | None:
        """Return the line of a key, or of the table when it has no such key."""
        return self.source.line_of((*self.path, key, *below) if key else self.path)

    def label(self, key: str) -> str:
        """Return the key as a person would point at it."""
        return f"{self.name}.{key}" if self.name else key

    def get(self, key: str) -> Any:
        """Return the value as the file has it, None when it is absent."""
        self._asked[key] = None
        return self.values.get(key)

    def text(self, key: str, default: str | None = None, *, hint: str = "") -> str:
        """Return a text, without space around it."""
        return self._value(key, str, default, hint).strip()

    def filled(self, key: str) -> str:
        """Return a text that is required and not blank."""
        value = self.text(key)
        if not value:
            raise self.error(f"{self.label(key)} is empty", self._sample(key, str), key=key)
        return value

    def texts(self, key: str, default: tuple[str, ...] | None = ()) -> tuple[str, ...]:
        """Return a list of texts, without space around them."""
        return tuple(text.strip() for text in self._listed(key, str, default))

    def choice(self, key: str, among: Iterable[Word], default: Word | None = None) -> Word:
        """Return one of a few words."""
        return self._chosen(key, self.text(key, default), among)

    def choices(self, key: str, among: Iterable[Word]) -> frozenset[Word]:
        """Return a required list of some of a few words."""
        return frozenset(self._chosen(key, word, among) for word in self.texts(key, None))

    def whole(self, key: str, default: int, *, least: int = 0, most: int | None = None) -> int:
        """Return a whole number within its limits."""
        value = self._value(key, int, default)
        if value < least or (most is not None and value > most):
            limit = f"at least {least}" if value < least else f"at most {most}"
            raise self.error(f"{self.label(key)} must be a whole number, {limit}", key=key)
        return value

    def wholes(self, key: str, default: tuple[int, ...] = ()) -> tuple[int, ...]:
        """Return a list of whole numbers."""
        return tuple(self._listed(key, int, default))

    def number(self, key: str, default: float | None) -> float | None:
        """Return a number that is not negative, or the default."""
        value = self._found(key, float)
        if value is not None and value < 0:
            raise self.error(f"{self.label(key)} must not be negative", key=key)
        return default if value is None else value

    def flag(self, key: str, default: bool | None = None) -> bool:
        """Return true or false."""
        return self._value(key, bool, default)

    def day(self, key: str) -> date:
        """Return a date, written as 2026-11-20."""
        return self._value(key, date, None)

    def day_or_none(self, key: str) -> date | None:
        """Return a date, None when it is absent."""
        return self._found(key, date)

    def table(self, key: str) -> "Table":
        """Return the table inside this one; empty when absent."""
        value = self.get(key)
        return self._below({} if value is None else value, self.label(key), key)

    def read_or_none(self, key: str, reader: "Callable[[Table], T]") -> T | None:
        """Return what `reader` makes of the table inside this one, None when it is absent."""
        return None if self.get(key) is None else self.table(key).read(reader)

    def tables(self, key: str, *, of_text: str = "") -> Iterator["Table"]:
        """Yield the tables of a list. A text in it stands for a table with the key `of_text`."""
        for index, value in enumerate(self._list(key, dict, ())):
            is_short = of_text and isinstance(value, str)
            name = f"{self.label(key)}[{index + 1}]"
            yield self._below({of_text: value} if is_short else value, name, key, index)

    def read(self, reader: "Callable[[Table], T]") -> T:
        """Return what `reader` makes of this table; then `close`."""
        result = reader(self)
        self.close()
        return result

    def close(self) -> None:
        """Refuse the first key that nobody asked for: a slip that would silently do nothing."""
        for key in self.values:
            if key not in self._asked:
                raise self._unknown(key, self._asked)

    def _below(self, values: Any, name: str, *path: str | int) -> "Table":
        return Table(values, path=self.path + path, source=self.source, name=name)

    def _value(self, key: str, kind: type[T], default: T | None, hint: str = "") -> T:
        value = self._found(key, kind)
        if value is None and default is None:
            raise self._missing(key, self._sample(key, kind), hint)
        return default if value is None else value  # type: ignore[return-value]

    def _found(self, key: str, kind: type[T]) -> T | None:
        value = self.get(key)
        override = self._override(key)
        if override is not None:
            return self._converted(key, override, kind)
        return None if value is None else self._typed(key, value, kind)

    def _listed(self, key: str, kind: type[T], default: tuple[T, ...] | None) -> list[T]:
        override = self._override(key)
        if override is not None:
            self.get(key)
            parts = (part.strip() for part in override.split(","))
            return [self._converted(key, part, kind) for part in parts if part]
        values = self._list(key, kind, default)
        return [self._typed(key, value, kind, index) for index, value in enumerate(values)]

    def _list(self, key: str, kind: type, default: tuple[Any, ...] | None) -> Iterable[Any]:
        values = self.get(key)
        if values is None and default is None:
            raise self._missing(key, self._sample(key, kind, in_list=True))
        if values is not None and not isinstance(values, list):
            hint = self._sample(key, kind, in_list=True)
            raise self.error(f"{self.label(key)} {_must_be(list, values)}", hint, key=key)
        return default or () if values is None else values

    def _typed(self, key: str, value: Any, kind: type[T], index: int | None = None) -> T:
        try:
            return _as(kind, value, numbers_are_text=self.source.numbers_are_text)
        except (TypeError, ValueError) as error:
            problem = "is not a date" if kind is date else _must_be(kind, value)
            which, at = ("", ()) if index is None else (f"[{index + 1}]", (index,))
            hint = self._sample(key, kind, in_list=index is not None)
            if kind in (int, float) and index is None:
                hint = self._number_for(key, value)
            raise self.error(f"{self.label(key)}{which} {problem}", hint, key=key, at=at) from error

    def _chosen(self, key: str, word: str, among: Iterable[Word]) -> Word:
        options = list(among)
        for option in options:
            if option == word:
                return option
        hint = did_you_mean(word, options)
        raise self.error(f"{self.label(key)} cannot be {word!r}", hint, key=key)

    def _missing(self, key: str, sample: str, hint: str = "") -> ConfigError:
        slips = [other for other in self.values if other not in self._asked]
        if key in self.values:
            hint = 'null means no value: put the word in "quotes"'
        elif slip := difflib.get_close_matches(key, map(str, slips), n=1):
            return self._unknown(slip[0], [key])
        return self.error(f"{self.label(key)} is missing", hint or sample, key=key)

    def _unknown(self, key: str, known: Iterable[str]) -> ConfigError:
        where = f" in {self.name}" if self.name else ""
        hint = did_you_mean(key, known)
        if any(word in str(key).lower() for word in _SECRET_WORDS):
            hint = "secrets come from the environment only: see `newsletter doctor`"
        return self.error(f"unknown key {key!r}{where}", hint, key=key)

    def _sample(self, key: str, kind: type, *, in_list: bool = False) -> str:
        example = f"[{_KINDS[kind][1]}]" if in_list else _KINDS[kind][1]
        under = f" under {self.name}" if self.name else ""
        return f"write {key}{self.source.equals}{example}{under}"

    def _number_for(self, key: str, value: Any) -> str:
        """What was meant, as far as it begins with digits: no example of another number."""
        digits = re.match(r"\s*(\d+)", str(value))
        under = f" under {self.name}" if self.name else ""
        meant = digits[1] if digits else "…"
        return f"write {key}{self.source.equals}{meant}{under}, in digits and without quotes"

    def _override(self, key: str) -> str | None:
        if len(self.path) != 1:
            return None
        return self.source.environ.get(self._variable(key)) or None

    def _variable(self, key: str) -> str:
        return f"NEWSLETTER_{self.name}_{key}".upper()

    def _converted(self, key: str, text: str, kind: type[T]) -> T:
        try:
            return kind(text)  # type: ignore[call-arg]
        except ValueError as error:
            wanted = _KINDS[kind][0]
            raise ConfigError(f"{self._variable(key)} must be {wanted}, not {text!r}") from error


def did_you_mean(word: object, known: Iterable[str]) -> str:
    """Return a hint with the nearest known word, else with all of them."""
    words = [str(name) for name in known]
    close = difflib.get_close_matches(str(word), words, n=1)
    return f"did you mean {close[0]!r}?" if close else f"use one of: {', '.join(words)}"


def _as(kind: type[T], value: Any, *, numbers_are_text: bool) -> T:
    """Return the value as that kind. TypeError or ValueError when it is another."""
    if kind is date:
        return date.fromisoformat(str(value)[:10])  # type: ignore[return-value]
    accepted: Any = (int, float) if kind is float else kind
    if kind is str and numbers_are_text:
        accepted = (str, int, float, date)
    if not isinstance(value, accepted) or (isinstance(value, bool) and kind in (int, float)):
        raise TypeError
    return kind(value)  # type: ignore[call-arg]


def _must_be(kind: type, value: Any) -> str:
    actual = next((words for type_, (words, _) in _KINDS.items() if isinstance(value, type_)), "")
    return f"must be {_KINDS[kind][0]}, not {actual or 'nothing'}"
