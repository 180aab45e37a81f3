"""The design's parts [I/O]: read from the workspace's `templates/` first, then the shipped ones.

Each part is overridden by a file of the same name. Compiled templates are kept; one `Templates`
serves all editions of a run, and a process compiles the same text once.
"""

import re
import tomllib
from collections import Counter
from functools import cached_property
from pathlib import Path
from traceback import walk_tb
from types import CodeType
from typing import Any

from jinja2 import (
    BytecodeCache,
    FunctionLoader,
    StrictUndefined,
    TemplateError,
    TemplateNotFound,
    TemplateSyntaxError,
    UndefinedError,
    select_autoescape,
)
from jinja2.bccache import Bucket
from jinja2.loaders import split_template_path
from jinja2.sandbox import ImmutableSandboxedEnvironment

from newsletter.design.own_kinds import read_kind
from newsletter.design.plain_text import underline, wrap
from newsletter.design.tokens import Tokens, read_tokens
from newsletter.errors import ConfigError
from newsletter.fields.toml import read_toml
from newsletter.model.section_kinds import KINDS, Kind, Kinds

_ATTRIBUTE = re.compile(r"^'newsletter\.[\w.]+ object' has no attribute ('\w+')$")
_MOST = 200_000  # bytes of a part: mail programs cut a whole message at half of that
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
            loader=FunctionLoader(self._load),
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
        path = str(self.path(name))
        shipped = tomllib.loads((shipped_folder() / name).read_text(encoding="utf-8"))
        own = read_toml(self.source(name), file=path, environ={})
        return read_tokens(own.values, shipped=shipped, file=path)

    @cached_property
    def kinds(self) -> Kinds:
        """The kinds of section: the program's, then the workspace's own. ConfigError when the
        header of one cannot be read."""
        own: dict[str, Kind] = {}
        for name in self.names():
            stem = name.removeprefix("kinds/").removesuffix(".mjml")
            if name == f"kinds/{stem}.mjml" and self.path(name).parent.parent != shipped_folder():
                kind = read_kind(self.source(name), name=stem, file=str(self.path(name)))
                if kind is not None:
                    own[stem] = kind
        return {**KINDS, **own}

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
        """Read a part. ConfigError when there is none, or it cannot be read."""
        path = self.path(name)
        try:
            if path.stat().st_size <= _MOST:
                return path.read_bytes().decode("utf-8-sig").replace("\r\n", "\n")
        except UnicodeDecodeError as error:
            line = error.object.count(b"\n", 0, error.start) + 1
            raise ConfigError(
                "not UTF-8 text", file=str(path), line=line, hint="save it as UTF-8"
            ) from error
        except OSError as error:
            raise _unreadable(error, path) from error
        raise ConfigError(
            f"more than {_MOST:,} bytes", file=str(path), hint="was something else saved here?"
        )

    def path(self, name: str) -> Path:
        """Find the file of a part. ConfigError when there is none."""
        path = self._find(name)
        if path is None:
            raise ConfigError(f"no such template: {name}", hint="run newsletter templates list")
        return path

    def _find(self, name: str) -> Path | None:
        inside = Path(*split_template_path(name))  # nothing above the folders, nothing elsewhere
        files = (folder / inside for folder in self.folders)
        try:
            return next((file for file in files if file.is_file()), None)
        except OSError as error:
            raise _unreadable(error, Path(error.filename)) from error

    def _load(self, name: str) -> tuple[str, str, None] | None:
        path = self._find(name)
        return (self.source(name), str(path), None) if path else None

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
        except UndefinedError as error:
            file, line = _where(error, name)
            raise ConfigError(
                _ATTRIBUTE.sub(r"unknown name \1", str(error.message)),
                file=file,
                line=line,
                hint="docs/templates.md lists what a template may use",
            ) from error
        except RecursionError as error:
            file, line = _where(error, name)
            hint = "a part that includes itself never ends"
            raise ConfigError("nested too deeply", file=file, line=line, hint=hint) from error
        except (TemplateError, OverflowError) as error:
            file, line = _where(error, name)
            raise ConfigError(str(error), file=file, line=line) from error


def _unreadable(error: OSError, path: Path) -> ConfigError:
    hint = "let everybody read it, or move it away"
    return ConfigError(f"cannot be read: {error.strerror}", file=str(path), hint=hint)


def _where(error: Exception, name: str) -> tuple[str, int | None]:
    """The template line an error came from: Jinja rewrites the traceback to say it. Of parts that
    call one another without end it is the line that did so most."""
    places = [
        (frame.f_code.co_filename, line)
        for frame, line in walk_tb(error.__traceback__)
        if frame.f_code.co_filename.endswith((".mjml", ".txt", ".html", ".xml"))
    ]
    if not places:
        return name, None
    return Counter(places).most_common(1)[0][0] if isinstance(error, RecursionError) else places[-1]
