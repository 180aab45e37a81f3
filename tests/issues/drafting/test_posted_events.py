"""Events in posts: offered below the piece, no event twice, none sent but by an editor."""

import re
from dataclasses import replace
from datetime import UTC, date, datetime, timedelta
from pathlib import Path
from zoneinfo import ZoneInfo

import pytest

from newsletter.issues.drafting import draft_file
from newsletter.issues.drafting.assemble import Piece
from newsletter.issues.drafting.posted_events import with_offers
from newsletter.model.issue import Edition, Placement
from newsletter.model.item import Event, Item, ItemKind
from tests.issues.desk import ISSUE, NOW, Desk, desk, item

ZONE = ZoneInfo("America/Los_Angeles")
TEXT = (
    "Rents rise again in January, and many of us do not know what a landlord may do.\n\n"
    "Join us on Saturday, November 28 at 6 pm at Union Hall, 614 Wilmer Street, to learn it."
)
STARTS = datetime(2026, 11, 28, 18, tzinfo=ZONE)


def post(id_: str = "post1", by: str = "harbor", **changes: object) -> Item:
    values = {"text": TEXT, "title": "Renters, know your rights", "published_at": NOW}
    return item(id_, by, **{**values, **changes})


def calendar(id_: str = "cal1", by: str = "harbor", **changes: object) -> Item:
    event = Event(starts=STARTS, place="Union Hall")
    return item(id_, by, kind=ItemKind.EVENT, **{"event": event, "title": "Workshop", **changes})


def offered(
    *items: Item, known: tuple[Item, ...] = (), on: date = date(2026, 11, 19)
) -> list[Piece]:
    pieces = [Piece(section_id="news", item=one) for one in items]
    return with_offers(pieces, [*items, *known], zone=ZONE, on=on)


def edition(at: Desk, language: str = "en") -> Edition:
    return draft_file.read(at.text(language), file=f"issues/{ISSUE}/{language}.md")


def placed(at: Desk, language: str = "en") -> Placement:
    (placement,) = edition(at, language).placements
    return placement


def accept(text: str) -> str:
    """As the note says: without its first and its last line."""
    return re.sub(r"<!-- AN EVENT\?.*?note\.\n(.*?)\n *-->", r"\1", text, flags=re.DOTALL)


def test_an_event_in_a_post_waits_below_it_until_an_editor_accepts_it(tmp_path: Path) -> None:
    at = desk(tmp_path, [post()], languages=("en",))
    assert [file.events for file in at.draft().files] == [1]
    assert "AN EVENT? FROM THE TEXT: “Join us on Saturday, November 28" in at.text()
    assert placed(at).details == {}
    assert at.codes(blocking=True) == []
    path = tmp_path / f"issues/{ISSUE}/en.md"
    path.write_text(accept(at.text()).replace("## Member news {#news}", "## Events {#events}"))
    assert placed(at).details == {
        "when": "2026-11-28 18:00",
        "where": "Union Hall, 614 Wilmer Street",
    }
    assert at.codes() == []
    at.draft(now=NOW + timedelta(hours=1))
    assert "AN EVENT?" not in at.text()


def test_below_a_piece_that_waits_for_its_translation_the_event_waits_too(tmp_path: Path) -> None:
    at = desk(tmp_path, [post()])
    at.draft()
    text = re.sub(r"<!-- TO TRANSLATE: .*?note\.\n(.*?)\n *-->", r"\1", at.text("es"), flags=re.S)
    (tmp_path / f"issues/{ISSUE}/es.md").write_text(accept(text))
    assert placed(at, "es").details["when"] == "2026-11-28 18:00"


def test_what_the_post_says_later_is_told_of_an_accepted_event(tmp_path: Path) -> None:
    at = desk(tmp_path, [post()], languages=("en",))
    at.draft()
    path = tmp_path / f"issues/{ISSUE}/en.md"
    path.write_text(accept(at.text()).replace("## Member news {#news}", "## Events {#events}"))
    at.items.add(post(text=TEXT.replace("6 pm", "7 pm")))
    (problem,) = [one for one in at.check().problems if one.code == "posted-event"]
    assert problem.message == "the draft says 2026-11-28 18:00, but post1 says 2026-11-28 19:00"
    at.items.add(post(text=TEXT + "\n\nUPDATE: the workshop is postponed."))
    assert "posted-event" in at.codes()
    at.edit("- where:", "- cancelled: yes\n- where:")
    assert "posted-event" not in at.codes()


@pytest.mark.parametrize(
    "known",
    [
        calendar(),
        calendar(by="casa", title="Renters: know your rights"),
        calendar(by="casa"),
        calendar(by="casa", event=Event(starts=date(2026, 11, 28), place="Union Hall")),
        calendar(
            event=Event(starts=STARTS.replace(tzinfo=UTC), unknown_zone="Mars/Base", place="Hall")
        ),
    ],
    ids=["its own", "title", "place", "all day", "no known zone"],
)
def test_what_is_in_a_calendar_is_named_not_offered(known: Item) -> None:
    (piece,) = offered(post(), known=(known,))
    assert piece.offer == ""
    assert "Announces the same event as" in piece.evidence
    assert "(cal1)" in piece.evidence


@pytest.mark.parametrize(
    "known",
    [
        calendar(event=Event(starts=STARTS, place="Union Hall", cancelled=True)),
        calendar(title="POSTPONED: rights of renters"),
    ],
    ids=["status", "title"],
)
def test_a_calendar_that_says_it_is_cancelled_is_quoted(known: Item) -> None:
    (piece,) = offered(post(), known=(known,))
    assert piece.evidence.endswith("cancelled there")


def test_another_event_at_that_hour_is_another_event() -> None:
    elsewhere = calendar(by="casa", event=Event(starts=STARTS, place="Grand Park"))
    (piece,) = offered(post(), known=(elsewhere,))
    assert piece.offer


def test_of_two_posts_that_announce_one_event_the_first_offers_it() -> None:
    first, second = offered(post(), post("post2", "casa", title="Another headline"))
    assert first.offer
    assert second.offer == ""
    assert "(post1)" in second.evidence


def test_what_is_over_on_the_day_of_sending_is_not_offered() -> None:
    (piece,) = offered(post(), on=date(2026, 11, 29))
    assert (piece.offer, piece.evidence) == ("", "")


def test_markup_and_words_must_agree() -> None:
    marked = Event(starts=STARTS.astimezone(UTC), ends=None, place="Union Hall, Main Floor")
    (agreed,) = offered(post(announced=marked))
    assert "FROM THE PAGE: “Join us" in agreed.offer
    assert "- where: Union Hall, Main Floor" in agreed.offer
    (alone,) = offered(post(announced=marked, text="Details on our page."))
    assert "FROM THE PAGE, which describes one" in alone.offer
    (torn,) = offered(post(announced=replace(marked, starts=STARTS + timedelta(hours=1))))
    assert torn.offer == ""


def test_no_words_of_a_feed_end_the_note_or_begin_another(tmp_path: Path) -> None:
    hostile = TEXT.replace("at Union", "--> <!-- {post9} at Union")
    at = desk(tmp_path, [post(text=hostile)], languages=("en",))
    at.draft()
    assert "AN EVENT?" in at.text()
    assert placed(at).details == {}
    assert "{post9}" not in at.text()[at.text().index("AN EVENT?") :]


def test_markup_that_stayed_when_the_words_call_it_off_offers_nothing() -> None:
    marked = Event(starts=STARTS, place="Union Hall")
    (there,) = offered(post(announced=marked, text="Words."))
    (gone,) = offered(post(announced=marked, text="The clinic is cancelled."))
    assert (bool(there.offer), gone.offer) == (True, "")
