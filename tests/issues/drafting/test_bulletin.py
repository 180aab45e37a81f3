"""Bulletins: to a region or topic, by two people, and not after their time."""

from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest

from newsletter.errors import AttentionError, UsageError
from newsletter.issues.approval_rules import ApprovalRules
from newsletter.issues.approve import approve
from newsletter.issues.drafting import draft_file
from newsletter.issues.drafting.bulletin import Urgency, draft_bulletin
from newsletter.sending.send_plan import refuse_lapsed
from tests.issues.desk import EDITORS, NOW, Desk, desk, item, organisation

BULLETIN = "2026-W47-a"
LAPSES = "2026-11-20 18:00"


@pytest.fixture
def at(tmp_path: Path) -> Desk:
    made = desk(
        tmp_path,
        [item("n1"), item("n2", "casa")],
        [organisation("harbor", regions=("fresno",), topics=("raids",)), organisation("casa")],
        ("en",),
    )
    made.write("blocks/rights.en.md", "## Rights {#rights}\n\n### Door\n\n- verified: 2026-11-02\n")
    made.write("blocks/thanks.en.md", "## Thanks {#thanks}\n\nTo donors.\n")
    return made


def bulletin(at: Desk, now: Any = NOW, issue: str | None = None, **changes: Any) -> str:
    urgency = Urgency(**{"lapses": LAPSES, "regions": ("fresno",), **changes})
    outcome = draft_bulletin(at.sources, at.store, at.rules, urgency, now=now, issue_id=issue)
    return outcome.issue_id


def write(at: Desk) -> None:
    """The editor's words."""
    path = at.root / f"issues/{BULLETIN}/en.md"
    text = path.read_text().replace("subject:\n", "subject: Checkpoint\n")
    text += (
        "\n## Urgent {#urgent}\n\n### Checkpoint at 5th and Main\n\nTake Harbor Street.\n\n"
        "- verified: 2026-11-19\n- verified_by: Rapid response\n- lapses: 2026-11-20 18:00\n"
    )
    path.write_text(text)


def test_it_says_whom_it_is_for_and_when_it_lapses_and_takes_no_news(at: Desk) -> None:
    assert bulletin(at) == BULLETIN
    text = at.text("en", BULLETIN)
    edition = draft_file.read(text, file=f"issues/{BULLETIN}/en.md")
    assert edition.settings == {
        "sends_on": "2026-11-19",
        "lapses": LAPSES,
        "regions": "fresno",
    }
    assert [section.id for section in edition.sections] == ["rights"]
    assert edition.subject == ""
    assert text.count("who saw it") == 1


def test_the_example_is_a_card_without_the_guidance_that_cannot_be_approved_as_it_is(
    at: Desk,
) -> None:
    """An editor who took the marks of the note away sent "verified by who saw it, or …"."""
    bulletin(at)
    text = at.text("en", BULLETIN)
    guidance, example = text.split("<!-- ")[1].split(" -->")[0].split("For example:")
    path = at.root / f"issues/{BULLETIN}/en.md"
    path.write_text(text.replace("<!-- ", "").replace(guidance, "").replace(" -->", ""))
    assert "who saw it" in guidance
    assert "## Urgent {#urgent}" in example
    said = [one.message for one in at.check(issue=BULLETIN).problems]
    assert any("verified_by" in message for message in said)


def test_it_can_carry_named_items(at: Desk) -> None:
    bulletin(at, item_ids=("n2",))
    assert "{n2}" in at.text("en", BULLETIN)
    assert "{n1}" not in at.text("en", BULLETIN)


def test_each_one_of_a_week_has_its_letter(at: Desk) -> None:
    assert [bulletin(at), bulletin(at)] == ["2026-W47-a", "2026-W47-b"]


def test_run_again_by_its_id_it_keeps_what_was_written(at: Desk) -> None:
    bulletin(at)
    write(at)
    before = at.text("en", BULLETIN)
    bulletin(at, issue=BULLETIN)
    assert at.text("en", BULLETIN) == before
    with pytest.raises(UsageError, match="is a bulletin id"):
        at.draft(issue_id=BULLETIN)


@pytest.mark.parametrize(
    ("changes", "words"),
    [
        ({"lapses": "soon"}, "cannot be 'soon'"),
        ({"lapses": "2026-11-19 09:30"}, "would already have expired"),
        ({"regions": ("fresnoo",)}, "no region 'fresnoo'"),
        ({"topics": ("tax",)}, "no topic 'tax'"),
        ({"item_ids": ("zz",)}, "no item 'zz'"),
    ],
)
def test_a_mistake_is_refused_before_anything_is_written(
    at: Desk, changes: dict[str, Any], words: str
) -> None:
    with pytest.raises(UsageError, match=words):
        bulletin(at, **changes)
    assert not (at.root / "issues").exists()


def test_it_needs_two_people(at: Desk) -> None:
    bulletin(at)
    write(at)
    rules = ApprovalRules(editors=EDITORS, required=1, bulletin_required=2)

    def yes(editor: str) -> int:
        checked = at.check(issue=BULLETIN)
        outcome = approve(checked, at.store, rules, editor=editor, now=NOW)
        return outcome.wanting

    assert [yes("Ana"), yes("Ana"), yes("Bo")] == [1, 1, 0]
    assert at.store.approved_issues() == ()


def test_without_a_time_to_lapse_it_cannot_be_approved(at: Desk) -> None:
    bulletin(at)
    write(at)
    path = at.root / f"issues/{BULLETIN}/en.md"
    path.write_text(path.read_text().replace(f"lapses: {LAPSES}\n", "", 1))
    assert [one.code for one in at.check(issue=BULLETIN).blocking] == ["no-lapse"]


def test_after_its_time_it_is_refused_to_the_second(at: Desk) -> None:
    bulletin(at)
    write(at)
    editions = at.check(issue=BULLETIN).editions
    (edition,) = editions
    assert edition.regions == ("fresno",)
    assert edition.lapses_at is not None
    refuse_lapsed(editions, edition.lapses_at - timedelta(seconds=1))
    with pytest.raises(AttentionError, match="has lapsed"):
        refuse_lapsed(editions, edition.lapses_at)
    late = at.check(now=edition.lapses_at, issue=BULLETIN)
    assert {one.code for one in late.blocking} == {"lapsed"}


def test_editions_have_one_audience(tmp_path: Path) -> None:
    made = desk(tmp_path, organisations=[organisation("harbor", regions=("fresno",))])
    bulletin(made)
    for language in ("en", "es"):
        path = made.root / f"issues/{BULLETIN}/{language}.md"
        path.write_text(path.read_text().replace("subject:\n", "subject: X\n") + "\nWords.\n")
    assert made.check(issue=BULLETIN).blocking == ()
    path.write_text(path.read_text().replace("regions: fresno\n", ""))
    assert [one.code for one in made.check(issue=BULLETIN).blocking] == ["audience"]
