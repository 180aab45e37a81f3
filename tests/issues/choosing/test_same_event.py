"""One event in several calendars, and what becomes of it when one of them calls it off."""

from dataclasses import replace
from datetime import UTC, date, datetime, timedelta, timezone
from pathlib import Path

import pytest

from newsletter.issues.choosing.clusters import cluster
from newsletter.issues.choosing.same_event import days_of, standings
from newsletter.model.called_off import says_called_off, says_cancelled, without_mark
from newsletter.model.item import Event, Item, ItemKind
from tests.issues.desk import ISSUE, NOW, Desk, desk, item

STARTS = datetime(2026, 11, 21, 18, tzinfo=UTC)


def event(id_: str, by: str, **changes: object) -> Item:
    facts = {"starts": STARTS, "place": "Main Hall", **changes}
    own = {name: facts.pop(name) for name in ("title", "link", "text", "identity") if name in facts}
    plain = item(id_, by, kind=ItemKind.EVENT, event=Event(**facts))  # type: ignore[arg-type]
    return replace(plain, **{"title": "Rights clinic", "text": "", **own})  # type: ignore[arg-type]


ON = event("e1", "harbor")


@pytest.mark.parametrize(
    ("title", "cancelled", "off", "name"),
    [
        ("CANCELLED: March", True, True, "March"),
        ("[CANCELADO] Feria", True, True, "Feria"),
        ("Clinic (canceled)", True, True, "Clinic"),
        ("Taller - cancelado", True, True, "Taller"),
        ("CALLED OFF - March", True, True, "March"),
        ("Se cancela: Feria", True, True, "Feria"),
        ("POSTPONED: Fair", False, True, "Fair"),
        ("Suspendida la marcha por la paz", True, True, "marcha por la paz"),
        ("La marcha queda suspendida", True, True, "La marcha"),
        ("Feria - ¡Cancelada!", True, True, "Feria"),
        ("CANCELLED Clinic", True, True, "Clinic"),
        ("Clinic CANCELLED", True, True, "Clinic"),
        ("Aplazada la asamblea", False, True, "asamblea"),
        ("Marcha (APLAZADA)", False, True, "Marcha"),
        ("Postponed until May: film night", False, True, "film night"),
        ("Talk: Licencias suspendidas", False, False, "Talk: Licencias suspendidas"),
        ("Clinic (canceled due to rain)", True, True, "Clinic"),
        ("Clinic – CANCELLED until further notice", True, True, "Clinic"),
        ("Feria: suspendida por lluvia", True, True, "Feria"),
        ("Canceled event: Choir", True, True, "Choir"),
        ("Evento aplazado: Coro", False, True, "Coro"),
        (
            "Talk: Licencias suspendidas por multas",
            False,
            False,
            "Talk: Licencias suspendidas por multas",
        ),
        ("Event cancelled culture built", False, False, "Event cancelled culture built"),
        ("Cancelled culture: a talk", False, False, "Cancelled culture: a talk"),
        ("Why it was cancelled", False, False, "Why it was cancelled"),
    ],
)
def test_a_title_says_that_it_is_off_before_or_after_the_name(
    title: str, cancelled: bool, off: bool, name: str
) -> None:
    assert (says_cancelled(title), says_called_off(title), without_mark(title)) == (
        cancelled, off, name,
    )  # fmt: skip


@pytest.mark.parametrize(
    ("other", "is_twin", "is_one_cluster"),
    [
        (event("e2", "casa"), True, True),
        (event("e2", "casa", title="CANCELLED: rights clinic!"), True, True),
        (event("e2", "casa", place="Main Hall, 12 Mill Lane"), True, True),
        (event("e2", "harbor"), True, True),
        (event("e2", "casa", place=""), True, False),
        (event("e2", "casa", place="Town library"), False, False),
        (event("e2", "casa", title="Choir", place="", link=ON.link), True, True),
        (event("e2", "harbor", title="Choir", place="", link=ON.link), False, False),
        (event("e2", "casa", starts=date(2026, 11, 21)), True, False),
        (event("e2", "casa", starts=STARTS + timedelta(hours=1)), False, False),
        (event("e2", "casa", starts=STARTS.astimezone(timezone(timedelta(hours=9)))), True, True),
        (
            event("e2", "casa", starts=STARTS.replace(tzinfo=timezone(timedelta(hours=-8))),
                  unknown_zone="Mars"), True, True,
        ),
        (item("n1", "casa", title="Rights clinic"), False, False),
    ],
    ids=[
        "same", "marked title", "longer place", "two calendars of one member", "no place",
        "another place", "one page", "two things of one member on one page", "no hour",
        "another hour", "written in another zone", "unknown zone: the wall clock", "a post",
    ],
)  # fmt: skip
def test_what_may_be_one_event_is_asked_about_and_what_is_one_is_joined(
    other: Item, is_twin: bool, is_one_cluster: bool
) -> None:
    off = replace(other, event=other.event and replace(other.event, cancelled=True))
    assert bool(standings([ON], [ON, off])) is is_twin
    assert standings([ON], [ON, other]) == {} or says_called_off(other.title)
    assert (len(cluster([ON, other], {})) == 1) is is_one_cluster


def test_one_id_in_two_calendars_is_one_event_whatever_its_title() -> None:
    ids = {"identity": "guid:abc"}
    other = event("e2", "casa", title="Clínica", place="", **ids)
    assert len(cluster([event("e1", "harbor", **ids), other], {})) == 1


def test_the_days_around_cover_every_zone() -> None:
    assert days_of([ON, item("n1")]) == {date(2026, 11, day) for day in (20, 21, 22)}


def off(one: Item) -> Item:
    return replace(one, event=one.event and replace(one.event, cancelled=True))


def blocked(at: Desk) -> list[str]:
    return [one.message for one in at.check().blocking if one.code == "cancelled"]


@pytest.mark.parametrize("first", ["harbor", "casa"])
def test_whoever_was_first_the_piece_says_so_and_blocks_until_somebody_looked(
    tmp_path: Path, first: str
) -> None:
    seen = {"harbor": NOW - timedelta(hours=5), "casa": NOW - timedelta(hours=5)}
    seen[first] -= timedelta(days=2)
    pieces = [ON, off(event("e2", "casa"))]
    pieces = [replace(one, first_seen_at=seen[one.organisation_id or ""]) for one in pieces]
    at = desk(tmp_path, pieces, languages=("en",))
    (question,) = at.draft().questions
    assert "Called off by Casa" in question
    assert "- cancelled: unconfirmed" in at.text()
    assert blocked(at) == ["called off by Casa, still announced by Harbor"]
    assert "Cancelled: " in at.check().editions[0].text
    at.edit("cancelled: unconfirmed", "cancelled: yes")
    assert blocked(at) == []
    assert "Cancelled: " in at.check().editions[0].text
    at.edit("cancelled: yes", "cancelled: no")
    assert [one.code for one in at.check().problems if one.code == "cancelled"] == ["cancelled"]
    assert blocked(at) == []
    assert "Cancelled: " not in at.check().editions[0].text


def test_called_off_after_the_draft_it_blocks_in_each_edition(tmp_path: Path) -> None:
    at = desk(tmp_path, [ON, event("e2", "casa")])
    assert at.draft().questions == ()
    at.write(f"issues/{ISSUE}/es.md", at.text().replace("language: en", "language: es"))
    assert blocked(at) == []
    at.items.add(off(event("e2", "casa")))
    assert len(blocked(at)) == 2
    assert [one[:19] for one in at.draft(now=NOW + timedelta(hours=1)).questions] == [
        "e1 (Rights clinic):"
    ]
    assert all("Cancelled" in one.text or "Cancelado" in one.text for one in at.check().editions)
    at.edit("- when", "- cancelled: yes\n- when")
    assert len(blocked(at)) == 1


def test_no_is_not_enough_when_nobody_announces_it_any_more(tmp_path: Path) -> None:
    at = desk(tmp_path, [ON], languages=("en",))
    at.draft()
    at.edit("- when", "- cancelled: no\n- when")
    assert blocked(at) == []
    at.items.add(off(ON))
    assert blocked(at) == ["called off by Harbor"]


def test_a_section_that_would_not_show_it_blocks_unless_the_title_says_so(tmp_path: Path) -> None:
    at = desk(tmp_path, [ON, off(event("e2", "casa"))], languages=("en",))
    at.draft()
    at.edit("cancelled: unconfirmed", "cancelled: yes")
    at.edit("{#events}", "{#brief}")
    assert blocked(at) == ["readers would not see under Events that this is cancelled"]
    at.edit("[Rights clinic]", "[Cancelled: Rights clinic]")
    assert blocked(at) == []


def test_draft_names_an_event_whose_time_zone_nobody_knows(tmp_path: Path) -> None:
    at = desk(tmp_path, [event("e1", "harbor", unknown_zone="Mars/Base")], languages=("en",))
    (question,) = at.draft().questions
    assert question.startswith("e1 (Rights clinic): Nobody knows its calendar's time zone, “Mars")
    assert "Mars/Base" in at.text()
    assert at.draft(now=NOW + timedelta(hours=2)).questions == ()
