"""One edited digest: its editions as the draft files say them, and their approval."""

import re
from dataclasses import dataclass, field
from datetime import date, datetime

OPENING = ("edited_by", "picture", "alt", "credit")  # what a draft's top says to readers
# ASCII digits only: another script's would name the same week twice, and mail it twice.
ISSUE_ID = re.compile(r"(?P<year>[0-9]{4})-W(?P<week>[0-9]{2})(?:-(?P<letter>[a-z]))?")


def issue_id_for(day: date, letter: str = "") -> str:
    """Return the issue of that day's ISO week, `2026-W47`; with a letter a bulletin's."""
    year, week, _ = day.isocalendar()
    return f"{year}-W{week:02d}" + (f"-{letter}" if letter else "")


def monday_of(issue_id: str) -> date:
    """Return the first day of the issue's week. ValueError when the id is not one."""
    match = ISSUE_ID.fullmatch(issue_id)
    if match is None:
        raise ValueError(f"not an issue id: {issue_id!r}")
    return date.fromisocalendar(int(match["year"]), int(match["week"]), 1)


def is_bulletin(issue_id: str) -> bool:
    """Return whether the id is a bulletin's."""
    match = ISSUE_ID.fullmatch(issue_id)
    return match is not None and match["letter"] is not None


def number_of_bulletin(issue_id: str) -> int:
    """Return which of its week's bulletins and corrections an id is: 1 for `-a`; 0 for none."""
    match = ISSUE_ID.fullmatch(issue_id)
    return ord(match["letter"]) - ord("a") + 1 if match and match["letter"] else 0


@dataclass(frozen=True, kw_only=True, slots=True)
class Placement:
    """An item placed in a section, with the editor's own words. `line` is where the draft has it.

    `blurb` is Markdown. `item_id` is None for something the editor wrote by hand. `link` is what
    the heading links to. `language` is set only when the words are not in the edition's language.
    """

    title: str
    item_id: str | None = None
    link: str | None = None
    blurb: str = ""
    language: str | None = None
    line: int = 0
    details: dict[str, str] = field(default_factory=dict)


@dataclass(frozen=True, kw_only=True, slots=True)
class Section:
    """A titled part of an edition. `id` is a SectionRule's, or a slug of an editor's own title;
    `kind` what its heading says of it, empty where the id says it (section_kinds.kind_of)."""

    id: str
    title: str
    kind: str = ""
    intro: str = ""
    placements: tuple[Placement, ...] = ()
    line: int = 0


@dataclass(frozen=True, kw_only=True, slots=True)
class Edition:
    """An issue in one language, as its draft file says it. `letter` is Markdown."""

    issue_id: str
    language: str
    subject: str
    preheader: str = ""
    letter: str = ""
    sections: tuple[Section, ...] = ()
    settings: dict[str, str] = field(default_factory=dict)
    path: str = ""

    @property
    def opening(self) -> dict[str, str]:
        """What of the settings readers see: who edited, and the picture under the title."""
        return {key: value for key, value in self.settings.items() if key in OPENING}

    @property
    def is_archived(self) -> bool:
        """Return whether it has a page in the archive."""
        return self.settings.get("archive") != "no"

    @property
    def placements(self) -> tuple[Placement, ...]:
        """All placements in reading order."""
        return tuple(placement for section in self.sections for placement in section.placements)

    @property
    def item_ids(self) -> tuple[str, ...]:
        """The ids of the items and stories placed, in reading order, each once."""
        ids = (placement.item_id for placement in self.placements)
        return tuple(dict.fromkeys(filter(None, ids)))

    @property
    def placed(self) -> tuple[tuple[Section, Placement], ...]:
        """Each placement with its section, in reading order."""
        return tuple((section, one) for section in self.sections for one in section.placements)


@dataclass(frozen=True, kw_only=True, slots=True)
class DraftFile:
    """A draft's own text, and the edition that it says."""

    text: str
    edition: Edition


@dataclass(frozen=True, kw_only=True, slots=True)
class Approval:
    """An editor's approval of exactly these bytes: `digest` covers every edition of the issue.

    `compared` are the ids, with spaces between, of the sealed stories that were opened and compared
    with them; `overruled` is why the editor went on without that, or in spite of what was found.
    """

    issue_id: str
    editor: str
    digest: str
    approved_at: datetime
    compared: str = ""
    overruled: str = ""


@dataclass(frozen=True, kw_only=True, slots=True)
class Offer:
    """An item that a draft showed to its editors: what they delete does not come back."""

    issue_id: str
    language: str
    item_id: str
    offered_at: datetime
    organisation_id: str | None = None


@dataclass(frozen=True, kw_only=True, slots=True)
class Use:
    """An item that an approved issue carries, in one edition or more."""

    issue_id: str
    item_id: str
    organisation_id: str | None = None
