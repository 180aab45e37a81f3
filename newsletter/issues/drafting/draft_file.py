"""A draft, Markdown that reads like the newsletter: an edition as text, and back.

`read(write(edition))` is the edition again. What a reader of the digest sees is all in the file;
`<!-- notes -->` are not, and are dropped on reading. The form is in docs/writing-an-issue.md.
"""

import re
import unicodedata
from collections.abc import Mapping, Sequence
from dataclasses import replace
from itertools import pairwise
from pathlib import PurePath
from types import MappingProxyType

from newsletter.fields.table import Table
from newsletter.issues.drafting import draft_details, front_matter
from newsletter.issues.drafting.draft_lines import (
    Line,
    Place,
    Text,
    fence_closed,
    fence_opened,
    lines_of,
    without_notes,
)
from newsletter.issues.drafting.plain import escape_title, literal_note_marks, note
from newsletter.model.issue import ISSUE_ID, Edition, Placement, Section

ABOVE = ""
BELOW = "below "  # and an item's id: its note below its block
LONGEST = 1_000_000
TO_TRANSLATE = (
    "TO TRANSLATE: not sent yet. When translated, delete this line and the line that closes this "
    "note."
)
OF_UNKNOWN_LANGUAGE = (
    "LANGUAGE UNKNOWN: not sent yet. When it is in this edition's language, delete this line and "
    "the line that closes this note."
)
_STRUCTURE = re.compile(r"^(?: {0,3}(?:#{1,3}(?=\s|$)|#{2,3}(?=[^#\s])|=+\s*$|-+\s*$)|\s*-->\s*$)")


def path_of(issue_id: str, language: str) -> str:
    """Return where an edition's draft is, relative to the workspace."""
    return f"issues/{issue_id}/{language}.md"


def read_approved(issue_id: str, language: str, text: str) -> Edition:
    """Read a draft as it was kept with its approval."""
    return read(text, file=path_of(issue_id, language))


# --- writing -------------------------------------------------------------------------------------


def write(
    edition: Edition,
    *,
    notes: Mapping[str, str] | None = None,
    untranslated: Mapping[str, str] = MappingProxyType({}),
) -> str:
    """Write the edition as text. `notes` are for the editors, by item id, put under its heading;
    `ABOVE` is the one above the first section, `BELOW` with an id the one under its block.

    `untranslated` items are written as notes whole, under what it says by their ids: not sent until
    an editor opens them.
    """
    head = {
        "issue": "" if _issue_in(edition.path) == edition.issue_id else edition.issue_id,
        "language": edition.language,
        "subject": edition.subject,
        "preheader": edition.preheader,
    }
    blocks = [front_matter.write(head | edition.settings).rstrip("\n"), _words(edition.letter)]
    if notes and notes.get(ABOVE):
        blocks.append(note(notes[ABOVE]))
    for section in edition.sections:
        blocks += [section_heading(section), _words(section.intro)]
        blocks += [
            placement_text(placement, notes or {}, untranslated) for placement in section.placements
        ]
    return "\n\n".join(block for block in blocks if block) + "\n"


def placement_text(
    placement: Placement, notes: Mapping[str, str], untranslated: Mapping[str, str]
) -> str:
    """Write a placement: its block, or a note that waits for a translation."""
    item_id = placement.item_id or ""
    if item_id in untranslated:
        block = note(f"{untranslated[item_id]}\n{placement_block(placement)}\n")
    else:
        words = notes.get(item_id, "") if item_id else ""
        block = placement_block(placement, note_text=words)
    below = notes.get(f"{BELOW}{item_id}") if item_id else None
    return f"{block}\n\n{note(below)}" if below else block


def section_heading(section: Section) -> str:
    """Write `## Title {#id}`, with the kind where one is said."""
    kind = f" .{section.kind}" if section.kind else ""
    return f"## {escape_title(section.title)} {{#{section.id}{kind}}}"


def placement_block(placement: Placement, *, note_text: str = "") -> str:
    """Write `### [Title](link) {id}`, blurb and details."""
    title = escape_title(placement.title)
    heading = f"### [{title}]({_target(placement.link)})" if placement.link else f"### {title}"
    if placement.item_id:
        heading += f" {{{placement.item_id}}}"
    language = {"language": placement.language} if placement.language else {}
    details = "\n".join(draft_details.write(language | placement.details))
    parts = (heading, note(note_text) if note_text else "", _words(placement.blurb), details)
    return "\n\n".join(part for part in parts if part)


def _words(markdown: str) -> str:
    """Markdown with whatever would read as the draft's own structure made literal."""
    fence = ""
    safe: list[str] = []
    for line in _trimmed(literal_note_marks(markdown).split("\n")).split("\n"):
        if fence:
            fence = "" if fence_closed(line, fence) else fence
        elif opened := fence_opened(line):
            fence = opened
        elif _STRUCTURE.match(line) or draft_details.looks_like_one(line):
            line = re.sub(r"([#=-])", r"\\\1", line, count=1)
        safe.append(line)
    return "\n".join([*safe, fence] if fence else safe)


def _target(link: str) -> str:
    quoted = re.sub(r"[\s<>]", lambda match: f"%{ord(match[0]):02X}", link)
    return f"<{quoted}>" if "(" in quoted or ")" in quoted else quoted


# --- reading -------------------------------------------------------------------------------------


def read(text: str, *, file: str) -> Edition:
    """Read an edition from a draft's text. ConfigError with file, line and hint at the first line
    that cannot be understood."""
    if len(text) > LONGEST:
        raise Place(file, text.count("\n", 0, LONGEST) + 1).error(
            f"the draft has more than {LONGEST:,} characters",
            "mail programs cut a message at a tenth of that: was something else pasted here?",
        )
    text = text.removeprefix("\ufeff").replace("\r\n", "\n")
    values, matter = front_matter.read(text, file=file)
    letter, sections = _parts(matter.body, file, first=matter.first_line)
    edition = Edition(
        issue_id=_issue_id(values.pop("issue", ""), matter.table, file),
        language=_language(values.pop("language", ""), matter.table, file),
        subject=values.pop("subject", ""),
        preheader=values.pop("preheader", ""),
        letter=letter,
        sections=sections,
        settings=values,
        path=file,
    )
    _refuse_twins(edition, file)
    return edition


def read_block(text: str, *, file: str) -> tuple[str, tuple[Section, ...]]:
    """Read a standing block, a draft without its top: words for the letter, and sections."""
    return _parts(text.removeprefix("\ufeff").replace("\r\n", "\n"), file, first=1)


def _parts(body: str, file: str, *, first: int) -> tuple[str, tuple[Section, ...]]:
    plain = without_notes(body, file=file, first_line=first)
    lines = list(lines_of(plain, file=file, first_line=first))
    starts = [at for at, line in enumerate(lines) if isinstance(line, Section)]
    letter = lines[: starts[0]] if starts else lines
    sections = (
        _read_section(lines[start:end], file) for start, end in pairwise([*starts, len(lines)])
    )
    return _joined(_only_text(letter, file)), tuple(sections)


def _read_section(lines: Sequence[Line], file: str) -> Section:
    heading = lines[0]
    assert isinstance(heading, Section)
    starts = [at for at, line in enumerate(lines) if isinstance(line, Placement)]
    intro = _only_text(lines[1 : starts[0]] if starts else lines[1:], file)
    draft_details.refuse_stray(intro, file=file)
    return replace(
        heading,
        id=heading.id or slug(heading.title),
        intro=_joined(intro),
        placements=tuple(
            _read_placement(lines[start:end], file)
            for start, end in pairwise([*starts, len(lines)])
        ),
    )


def _read_placement(lines: Sequence[Line], file: str) -> Placement:
    heading = lines[0]
    assert isinstance(heading, Placement)
    blurb, listed = draft_details.split([line for line in lines[1:] if isinstance(line, Text)])
    draft_details.refuse_stray(blurb, file=file)
    details = draft_details.read(listed, file=file)
    language = details.pop("language", None)
    return replace(heading, blurb=_joined(blurb), language=language, details=details)


def _only_text(lines: Sequence[Line], file: str) -> list[Text]:
    for line in lines:
        if not isinstance(line, Text):
            raise Place(file, line.line).error(
                "a ### heading comes before any ## section", "put a section's ## heading above it"
            )
    return [line for line in lines if isinstance(line, Text)]


def _joined(lines: Sequence[Text]) -> str:
    return _trimmed([line.words if line.fenced else line.words.rstrip("\t\r") for line in lines])


def _trimmed(lines: Sequence[str]) -> str:
    """The lines without the empty ones before and after."""
    filled = [at for at, line in enumerate(lines) if line.strip()]
    return "\n".join(lines[filled[0] : filled[-1] + 1]) if filled else ""


def slug(title: str) -> str:
    """Return an id for a section that an editor titled and did not name."""
    plain = unicodedata.normalize("NFKD", title).encode("ascii", "ignore").decode().lower()
    return re.sub(r"[^a-z0-9]+", "-", plain).strip("-") or "section"


def _issue_in(path: str) -> str:
    folder = PurePath(path).parent.name
    return folder if ISSUE_ID.fullmatch(folder) else ""


def _issue_id(named: str, table: Table, file: str) -> str:
    placed = _issue_in(file)
    if named and placed and named != placed:
        message = f"this draft says issue {named} but is in the folder of {placed}"
        raise table.error(message, "remove the issue: line", key="issue")
    if not (named or placed):
        hint = "move it to issues/2026-W47/ or add issue: 2026-W47"
        raise Place(file, 1).error("which issue is this?", hint)
    return named or placed


def _language(language: str, table: Table, file: str) -> str:
    name = PurePath(file).stem
    if not language:
        raise Place(file, 1).error("the draft's language is missing", "add language: en")
    if _issue_in(file) and name != language:
        message = f"this draft says language {language}, but its file is named {name}.md"
        hint = f"name it {language}.md or correct the language"
        raise table.error(message, hint, key="language")
    return language


def _refuse_twins(edition: Edition, file: str) -> None:
    seen: dict[str, int] = {}
    named = [(f"the section {{#{section.id}}}", section.line) for section in edition.sections]
    named += [
        (f"the item {{{placement.item_id}}}", placement.line)
        for placement in edition.placements
        if placement.item_id
    ]
    for name, line in sorted(named, key=lambda pair: pair[1]):
        if name in seen:
            raise Place(file, line).error(
                f"{name} is here twice, first in line {seen[name]}",
                "delete one, or give it another id",
            )
        seen[name] = line
