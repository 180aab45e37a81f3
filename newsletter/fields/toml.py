"""One table of newsletter.toml: each key is asked for by type; what nobody asked is an error."""

import difflib
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, field
from typing import Any, TypeVar

from newsletter.errors import ConfigError
from newsletter.fields.toml_lines import Path, line_of

T = TypeVar("T")

_KINDS = {str: "text in quotes", int: "a whole number", float: "a number", bool: "true or false"}

_SECRET_WORDS = ("password", "secret", "api_key", "token")


@dataclass(frozen=True, kw_only=True, slots=True)
class Source:
    """The file that a table came from, for errors that name the place."""

    file: str
    text: str
    environ: Mapping[str, str] = field(default_factory=dict)

    def error(self, path: Path, message: str, hint: str = "") -> ConfigError:
        """A ConfigError at the line of `path`."""
        return ConfigError(message, hint=hint, file=self.file, line=line_of(self.text, path))


class Table:
    """A TOML table. Ask for every key it may have, then call `close`: unknown keys are errors.

    A plain value of a top-level table may come from the environment instead:
    `NEWSLETTER_<TABLE>_<KEY>`, lists parted by commas.
    """

    def __init__(self, values: Any, *, path: Path, source: Source) -> None:
        self.path = path
        self.source = source
        if not isinstance(values, dict):
            raise self.error(f"{self.name} must be a table", f"write [{self.name}] above its keys")
        self.values = values
        self.asked: list[str] = []

    @property
    def name(self) -> str:
        """`issue.sections[2]`, as a person would point at it; list elements count from 1."""
        words = ""
        for step in self.path:
            words += f"[{step + 1}]" if isinstance(step, int) else f".{step}" if words else step
        return words

    def error(self, message: str, hint: str = "", *, key: str = "") -> ConfigError:
        """A ConfigError about this table, or about one of its keys."""
        return self.source.error((*self.path, key) if key else self.path, message, hint)

    def text(self, key: str, default: str | None = None) -> str:
        """A text; required and not blank when there is no default."""
        value = self._plain(key, str, default)
        if default is None and not value.strip():
            raise self.error(f"{self._label(key)} is empty", f"say {key} in [{self.name}]", key=key)
        return value

    def choice(self, key: str, among: tuple[str, ...], default: str) -> str:
        """One of a few words."""
        value = self.text(key, default)
        if value not in among:
            hint = _did_you_mean(value, among) or f"one of: {', '.join(among)}"
            raise self.error(f"{self._label(key)} cannot be {value!r}", hint, key=key)
        return value

    def whole(self, key: str, default: int, *, least: int = 0) -> int:
        """A whole number that is not below `least`."""
        value = self._plain(key, int, default)
        if value < least:
            raise self.error(f"{self._label(key)} must be at least {least}", key=key)
        return value

    def number(self, key: str, default: float | None) -> float | None:
        """A number above zero, or the default."""
        value = self._plain(key, float, default if default is not None else -1.0)
        if value == -1.0 and default is None:
            return None
        if value < 0:
            raise self.error(f"{self._label(key)} must not be negative", key=key)
        return value

    def texts(self, key: str, default: tuple[str, ...] = ()) -> tuple[str, ...]:
        """A list of texts."""
        return tuple(self._listed(key, str, default))

    def wholes(self, key: str, default: tuple[int, ...] = ()) -> tuple[int, ...]:
        """A list of whole numbers."""
        return tuple(self._listed(key, int, default))

    def table(self, key: str) -> "Table":
        """A table inside this one; empty when absent."""
        self.asked.append(key)
        return Table(self.values.get(key, {}), path=(*self.path, key), source=self.source)

    def tables(self, key: str) -> Iterator["Table"]:
        """A list of tables, `[[key]]`."""
        self.asked.append(key)
        listed = self.values.get(key, [])
        if not isinstance(listed, list):
            raise self.error(f"{self._label(key)} must be a list of tables", f"write [[{key}]]")
        for number, values in enumerate(listed):
            yield Table(values, path=(*self.path, key, number), source=self.source)

    def close(self) -> None:
        """ConfigError for the first key that nobody asked for."""
        for key in self.values:
            if key not in self.asked:
                hint = _hint_for_unknown(key, self.asked)
                raise self.error(f"unknown key {self._label(key)!r}", hint, key=key)

    def _label(self, key: str) -> str:
        return f"{self.name}.{key}" if self.name else key

    def _plain(self, key: str, kind: Callable[[Any], T], default: T | None) -> T:
        self.asked.append(key)
        said = self._from_environment(key)
        if said is not None:
            return self._converted(key, said, kind)
        if key not in self.values:
            if default is None:
                raise self.error(f"{self._label(key)} is missing", f"say {key} in [{self.name}]")
            return default
        return self._typed(key, self.values[key], kind)

    def _listed(self, key: str, kind: Callable[[Any], T], default: tuple[T, ...]) -> list[T]:
        self.asked.append(key)
        said = self._from_environment(key)
        if said is not None:
            parts = (part.strip() for part in said.split(","))
            return [self._converted(key, part, kind) for part in parts if part]
        values = self.values.get(key, list(default))
        if not isinstance(values, list):
            raise self.error(f"{self._label(key)} must be a list", f"write {key} = [...]", key=key)
        return [self._typed(key, value, kind) for value in values]

    def _typed(self, key: str, value: Any, kind: Callable[[Any], T]) -> T:
        right = type(value) is kind or (kind is float and type(value) is int)
        if not right:
            wanted = _KINDS[kind]  # type: ignore[index]
            raise self.error(f"{self._label(key)} must be {wanted}, not {value!r}", key=key)
        return kind(value)

    def _converted(self, key: str, said: str, kind: Callable[[Any], T]) -> T:
        try:
            return kind(said)
        except ValueError as error:
            wanted = _KINDS[kind]  # type: ignore[index]
            raise ConfigError(f"{self._variable(key)} must be {wanted}, not {said!r}") from error

    def _variable(self, key: str) -> str:
        return f"NEWSLETTER_{self.name}_{key}".upper()

    def _from_environment(self, key: str) -> str | None:
        return self.source.environ.get(self._variable(key)) if len(self.path) == 1 else None


def _hint_for_unknown(key: str, known: list[str]) -> str:
    if any(word in key.lower() for word in _SECRET_WORDS):
        return "secrets come from the environment only: see `newsletter doctor`"
    return _did_you_mean(key, known) or f"known here: {', '.join(known)}"


def _did_you_mean(word: str, among: list[str] | tuple[str, ...]) -> str:
    close = difflib.get_close_matches(word, among, n=1)
    return f"did you mean {close[0]!r}?" if close else ""
