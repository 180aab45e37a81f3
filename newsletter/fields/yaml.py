"""Values of a YAML file with the place they stand at, so that a mistake is named with its line."""

import difflib
import re
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, NoReturn

from ruamel.yaml import YAML
from ruamel.yaml.error import MarkedYAMLError, YAMLError

from newsletter.errors import ConfigError
from newsletter.model.address import url_problem


def load_yaml(text: str, file: str) -> Any:
    """The YAML tree with comments and positions. ConfigError where it is not YAML."""
    yaml = YAML(typ="rt")
    yaml.preserve_quotes = True
    try:
        return yaml.load(text)
    except MarkedYAMLError as error:
        mark = error.problem_mark or error.context_mark
        problem = (error.problem or error.context or "cannot be read").strip()
        if "end of stream" in problem:  # a quote left open: where it was opened
            mark = error.context_mark or mark
        raise ConfigError(
            f"not valid YAML: {problem}",
            file=file,
            line=mark.line + 1 if mark else None,
            hint="indent with spaces, two for each level; quote text that holds a colon or a #",
        ) from error
    except (YAMLError, ValueError, RecursionError) as error:
        at = getattr(error, "position", None)  # of a character that YAML cannot hold
        raise ConfigError(
            f"not valid YAML: {' '.join(str(error).split()) or 'nested too deep'}",
            file=file,
            line=text.count("\n", 0, at) + 1 if at is not None else None,
            hint="keep it plain: keys, lists, text",
        ) from error


@dataclass(frozen=True, kw_only=True, slots=True)
class YamlValue:
    """Where in the file a value stands, and how to complain about it."""

    file: str
    what: str
    line: int | None

    def fail(self, message: str, hint: str = "", line: int | None = None) -> NoReturn:
        raise ConfigError(message, file=self.file, line=line or self.line, hint=hint)

    def item(self, sequence: Any, index: int, what: str) -> "YamlValue":
        line = sequence.lc.item(index)[0] + 1 if hasattr(sequence, "lc") else self.line
        return YamlValue(file=self.file, what=what, line=line)

    def child(self, mapping: Any, key: str, what: str) -> "YamlValue":
        try:
            line = mapping.lc.key(key)[0] + 1
        except (AttributeError, KeyError):
            line = self.line
        return YamlValue(file=self.file, what=what, line=line)

    def mapping(self, value: Any, keys: tuple[str, ...]) -> Mapping[str, Any]:
        if not isinstance(value, Mapping):
            self.fail(
                f"{self.what} has to be keys with values, not {_kind(value)}",
                hint=f"it can have: {', '.join(keys)}",
            )
        for key in value:
            if key not in keys:
                close = difflib.get_close_matches(str(key), keys, n=1)
                self.fail(
                    f"unknown key {key!r} in {self.what}",
                    hint=f"did you mean {close[0]!r}?" if close else f"keys: {', '.join(keys)}",
                    line=self.child(value, key, "").line,
                )
        return value

    def sequence(self, value: Any, of: str) -> Any:
        if value is None:
            return []
        if not isinstance(value, list):
            self.fail(
                f"{self.what} has to be a list of {of}, not {_kind(value)}", hint="write [a, b]"
            )
        return value

    def text(self, value: Any) -> str:
        if not isinstance(value, str):
            self.fail(f"{self.what} has to be text, not {_kind(value)}", hint='put it in "quotes"')
        return str(value).strip()

    def texts(self, value: Any) -> tuple[str, ...]:
        values = self.sequence(value, of="texts")
        return tuple(
            self.item(values, index, f"{self.what}, entry {index + 1}").text(entry)
            for index, entry in enumerate(values)
        )

    def flag(self, value: Any) -> bool:
        if not isinstance(value, bool):
            self.fail(f"{self.what} has to be true or false, not {_kind(value)}")
        return value

    def number(self, value: Any) -> int:
        if not isinstance(value, int) or isinstance(value, bool) or not 0 < value <= 100_000:
            self.fail(f"{self.what} has to be a whole number above 0, not {value!r}")
        return int(value)

    def choice(self, value: Any, options: tuple[str, ...]) -> str:
        if value not in options:
            close = difflib.get_close_matches(str(value), options, n=1)
            self.fail(
                f"{self.what} cannot be {value!r}",
                hint=(f"did you mean {close[0]!r}? " if close else "")
                + f"it can be {' or '.join(options)}",
            )
        return str(value)

    def address(self, value: Any) -> str:
        url = self.text(value)
        problem = url_problem(url)
        if problem:
            self.fail(
                f"{self.what} {problem}: {_shown(url)}", hint="like https://harbor.example/feed/"
            )
        return url


def _kind(value: Any) -> str:
    if value is None:
        return "nothing"
    if isinstance(value, bool):
        return "true or false"
    if isinstance(value, int | float):
        return "a number"
    if isinstance(value, str):
        return "text"
    return "a list" if isinstance(value, list) else "keys with values"


def _shown(url: str) -> str:
    """An address without what may be secret in it."""
    return re.sub(r"//[^/@]*@", "//…@", url)
