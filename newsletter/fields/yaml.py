"""YAML read into a tree that keeps comments and places."""

from typing import Any

from ruamel.yaml import YAML
from ruamel.yaml.constructor import DuplicateKeyError
from ruamel.yaml.error import MarkedYAMLError, YAMLError
from ruamel.yaml.nodes import ScalarNode
from ruamel.yaml.resolver import VersionedResolver

from newsletter.errors import ConfigError


class _TextResolver(VersionedResolver):
    """Takes every scalar for a text: `2026-11-20`, `1.0` and `true` stay as they are written."""

    def resolve(self, kind: type, value: Any, implicit: Any) -> Any:
        return super().resolve(kind, "text" if kind is ScalarNode else value, implicit)


def load_yaml(text: str, *, file: str, first_line: int = 1, only_text: bool = False) -> Any:
    """Return the YAML tree with comments and positions. ConfigError where it is not YAML.

    `first_line` is where the text begins in its file.
    """
    yaml = YAML(typ="rt")
    yaml.preserve_quotes = True
    if only_text:
        yaml.Resolver = _TextResolver
    try:
        return yaml.load(text)
    except DuplicateKeyError as error:
        key = str(error.problem).split('"')[1]
        line = error.problem_mark.line + first_line
        raise ConfigError(
            f"{key} is there twice", file=file, line=line, hint="keep one of them"
        ) from error
    except MarkedYAMLError as error:
        mark = error.problem_mark or error.context_mark
        problem = (error.problem or error.context or "cannot be read").strip()
        if "end of stream" in problem:  # a quote left open: where it was opened
            mark = error.context_mark or mark
        raise ConfigError(
            f"not valid YAML: {problem}",
            file=file,
            line=mark.line + first_line if mark else None,
            hint=_hint(problem),
        ) from error
    except (YAMLError, ValueError, RecursionError) as error:
        at = getattr(error, "position", 0)  # of a character that YAML cannot hold
        raise ConfigError(
            f"not valid YAML: {' '.join(str(error).split()) or 'nested too deep'}",
            file=file,
            line=text.count("\n", 0, at) + first_line,
            hint="use plain keys, lists and text",
        ) from error


def _hint(problem: str) -> str:
    if r"\t" in problem:
        return "put a space where the tab is"
    if "<scalar>" in problem:
        return (
            "a value that begins with a quote ends with it: subject: '\"Papers, please\" no more'"
        )
    return 'indent with spaces, two a level; text with : or # needs quotes: "Clinics: where, when"'
