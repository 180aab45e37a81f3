"""The design's parts [I/O]: read from the workspace's `templates/` first, then the shipped ones.

Each part is overridden by a file of the same name. Compiled templates are kept; one `Templates`
serves all editions of a run, and a process compiles the same text once.
"""

import re
import tomllib
from functools import cached_property
from pathlib import Path
from traceback import walk_tb
from types import CodeType
from typing import Any

from jinja2 import (
    BytecodeCache,
    FileSystemLoader,
    StrictUndefined,
    TemplateError,
    TemplateNotFound,
    TemplateSyntaxError,
    UndefinedError,
    select_autoescape,
)
from jinja2.bccache import Bucket
from jinja2.sandbox import ImmutableSandboxedEnvironment

from newsletter.design.plain_text import underline, wrap
from newsletter.design.tokens import Tokens, read_tokens
from newsletter.errors import ConfigError

_ATTRIBUTE = re.compile(r"^'newsletter\.[\w.]+ object' has no attribute ('\w+')$")
_PACKAGE = Path(__file__).resolve().parent.parent


def shipped_folder() -> Path:
    """Find the templates that come with the program: in the wheel, or in a clone."""
    inside = _PACKAGE / "shipped" / "templates"
    return inside if inside.is_dir() else _PACKAGE.parent / "templates"


def template_folders(root: Path) -> tuple[Path, ...]:
    """List where a workspace's templates are looked for, its own before the shipped ones."""
    own, shipped = (root / "templates").resolve(), shipped_folder()
    return (shipped,) if own == shipped else (own, shipped)


class _Compiled(BytecodeCache):
    """The parts that this process has compiled, by file: in memory, of each its last text."""

    def __init__(self) -> None:
        self._kept: dict[str, tuple[str, CodeType | None]] = {}

    def load_bytecode(self, bucket: Bucket) -> None:
        """Give the part's code if its text is the one that was compiled."""
        text, code = self._kept.get(bucket.key, ("", None))
        if text == bucket.checksum:
            bucket.code = code

    def dump_bytecode(self, bucket: Bucket) -> None:
        """Keep the code that was compiled now."""
        self._kept[bucket.key] = (bucket.checksum, bucket.code)


_COMPILED = _Compiled()  # every environment of ours has the same settings


class Templates:
    """The parts found in some folders, the first one that has a file winning."""

    def __init__(self, folders: tuple[Path, ...]) -> None:
        self.folders = folders
        # A part that a coalition got from somebody else can be ugly, but it runs no program.
        self._environment = ImmutableSandboxedEnvironment(
            loader=FileSystemLoader([str(folder) for folder in folders]),
            # Jinja by itself would not escape .mjml; only the text part is plain.
            autoescape=select_autoescape((), disabled_extensions=("txt",), default=True),
            undefined=StrictUndefined,
            trim_blocks=True,
            lstrip_blocks=True,
            auto_reload=False,
            bytecode_cache=_COMPILED,
        )
        self._environment.filters["wrap"] = wrap
        self._environment.filters["underline"] = underline

    @cached_property
    def tokens(self) -> Tokens:
        """Colours, type and spacing: the shipped ones where a file of the workspace's own says
        nothing else. ConfigError when it cannot be read."""
        name = "tokens.toml"
        path = self.path(name)
        shipped = tomllib.loads((shipped_folder() / name).read_text(encoding="utf-8"))
        try:
            own = tomllib.loads(self.source(name))
        except tomllib.TOMLDecodeError as error:
            line = re.search(r"at line (\d+)", str(error))
            raise ConfigError(
                f"not TOML: {error}",
                file=str(path),
                line=int(line[1]) if line else None,
                hint='put names and colors in quotes: link = "#0b5c56"',
            ) from error
        return read_tokens(own, shipped=shipped, file=str(path))

    def names(self) -> tuple[str, ...]:
        """List every part of every folder, by its name below it."""
        names = {
            path.relative_to(folder).as_posix()
            for folder in self.folders
            for path in folder.rglob("*")
            if path.is_file() and not path.name.startswith(".")
        }
        return tuple(sorted(names))

    def source(self, name: str) -> str:
        """Read a part. ConfigError when there is none, or it is not UTF-8."""
        path = self.path(name)
        try:
            return path.read_text(encoding="utf-8")
        except UnicodeDecodeError as error:
            raise ConfigError("not UTF-8 text", file=str(path)) from error

    def path(self, name: str) -> Path:
        """Find the file of a part. ConfigError when there is none."""
        for folder in self.folders:
            if (folder / name).is_file():
                return folder / name
        raise ConfigError(f"no such template: {name}", hint="run newsletter templates list")

    def render(self, name: str, context: dict[str, Any]) -> str:
        """Render one template with its parts. ConfigError with the file and line of a fault."""
        try:
            return self._environment.get_template(name).render(context)
        except TemplateSyntaxError as error:
            raise ConfigError(
                error.message or "not a template", file=error.filename or name, line=error.lineno
            ) from error
        except TemplateNotFound as error:
            raise ConfigError(
                f"no such template: {error.name}", hint="run newsletter templates list"
            ) from error
        except UnicodeDecodeError:
            for part in self.names():
                self.source(part)  # raises what names the file
            raise
        except UndefinedError as error:
            file, line = _where(error, name)
            raise ConfigError(
                _ATTRIBUTE.sub(r"unknown name \1", str(error.message)),
                file=file,
                line=line,
                hint="docs/templates.md lists what a template may use",
            ) from error
        except (TemplateError, OverflowError) as error:
            file, line = _where(error, name)
            raise ConfigError(str(error), file=file, line=line) from error


def _where(error: Exception, name: str) -> tuple[str, int | None]:
    """The template line an error came from: Jinja rewrites the traceback to say it."""
    place: tuple[str, int | None] = (name, None)
    for frame, line in walk_tb(error.__traceback__):
        if frame.f_code.co_filename.endswith((".mjml", ".txt", ".html", ".xml")):
            place = (frame.f_code.co_filename, line)
    return place
