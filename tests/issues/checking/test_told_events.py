"""An event that a calendar calls off, told of in a post or in a block that has no `{id}`."""

from datetime import UTC, datetime
from pathlib import Path
from zoneinfo import ZoneInfo

import pytest

from newsletter.issues.checking.told_events import entries_of, told_events
from newsletter.model.issue import Edition, Placement, Section
from newsletter.model.item import Event, ItemKind
from tests.issues.desk import desk, item

OFF = item(
    "e1",
    "casa",
    title="CANCELLED: March for dignity",
    kind=ItemKind.EVENT,
    event=Event(
        starts=datetime(2026, 11, 29, 2, tzinfo=UTC), place="City Hall, Port Alder", cancelled=True
    ),
)
POST = item(
    "p1",
    title="Walk with us",
    text="Join us on Saturday, November 28, 2026 at 6 pm at City Hall, Port Alder, for dignity.",
)
OWN = """
## Events {#events}

### March for dignity

- when: 2026-11-28 18:00
- where: City Hall
"""


@pytest.mark.parametrize(
    ("block", "expected"),
    [
        (OWN, ["blocks"]),
        (f"{OWN}- cancelled: yes\n", []),
        (f"{OWN}- cancelled: no\n", ["warns"]),
        (OWN.replace("18:00", "19:00"), []),
        (OWN.replace("for dignity", "of the penguins"), ["blocks"]),
        (OWN.replace("for dignity\n", "of the penguins\n").replace("City Hall", "Zoo"), []),
        ("", []),
    ],
    ids=["own", "said", "on", "another hour", "same place", "another event", "nothing"],
)
def test_a_block_without_id_is_asked_about_too(
    tmp_path: Path, block: str, expected: list[str]
) -> None:
    at = desk(tmp_path, [item("n1"), OFF], languages=("en",))
    at.draft()
    path = tmp_path / "issues/2026-W47/en.md"
    path.write_text(path.read_text().split("## Events")[0] + block)
    found = [one for one in at.check().problems if one.code == "cancelled"]
    assert [one.severity.value for one in found] == expected


@pytest.mark.parametrize(
    ("theirs", "is_it"),
    [
        ({"title": "March for dignity"}, True),
        ({"title": "Another walk", "link": "https://casa.example/e1"}, True),
        ({"title": "Another walk"}, True),
        ({"title": "Another walk", "place": "Zoo"}, False),
    ],
    ids=["title", "link", "hour and place", "hour alone"],
)
def test_whose_entry_a_block_without_id_tells_of(theirs: dict[str, str], is_it: bool) -> None:
    event = Event(starts=datetime(2026, 11, 28, 18, tzinfo=UTC), place=theirs.pop("place", "Hall"))
    words = {"link": "https://casa.example/other"} | theirs
    entry = item("e1", "casa", kind=ItemKind.EVENT, event=event, **words)
    block = Placement(
        title="March for dignity",
        link="https://casa.example/e1?utm_source=x",
        details={"when": "2026-11-28 18:00", "where": "Hall"},
        line=9,
    )
    section = Section(id="events", title="Events", kind="events", placements=(block,))
    edition = Edition(issue_id="2026-W47", language="en", subject="", sections=(section,))
    told = told_events(edition, {}, ZoneInfo("UTC"))
    assert (entries_of(told, [entry]) == {9: (entry,)}) is is_it


def test_a_post_that_invites_to_it_is_pointed_out(tmp_path: Path) -> None:
    at = desk(tmp_path, [POST, OFF], languages=("en",))
    at.draft()
    (found,) = [one for one in at.check().problems if one.code == "cancelled"]
    assert (found.severity.value, "read it again" in found.hint) == ("warns", True)
