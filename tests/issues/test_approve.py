"""An approval is to exactly these bytes: any change voids it, and says where."""

from pathlib import Path

import pytest

from newsletter.errors import AttentionError, UsageError
from newsletter.model.message import issue_digest
from tests.issues.desk import ISSUE, Desk, desk, item


@pytest.fixture
def at(tmp_path: Path) -> Desk:
    """Two editions, drafted."""
    made = desk(tmp_path, [item("n1"), item("n2", "casa", language="es")])
    made.draft()
    return made


def test_a_yes_keeps_the_rendered_bytes(at: Desk) -> None:
    outcome = at.approve()
    assert outcome.wanting == 0
    stored = at.store.approved_editions(ISSUE)
    assert stored == at.check().editions
    assert issue_digest(stored) == outcome.digest


def test_only_an_editor_may_approve(at: Desk) -> None:
    with pytest.raises(UsageError, match="Mallory is not one of the editors") as caught:
        at.approve("Mallory")
    assert caught.value.hint == "one of: Ana, Bo"
    assert at.store.approvals(ISSUE) == ()


def test_nothing_that_blocks_can_be_approved(at: Desk) -> None:
    at.edit("{n1}", "{zz9}")
    with pytest.raises(AttentionError, match=r"en\.md:\d+: there is no item zz9"):
        at.approve()
    assert at.store.approvals(ISSUE) == ()


def test_two_approvals_need_two_people(at: Desk) -> None:
    assert at.approve("Ana", required=2).wanting == 1
    assert at.approve("ana", required=2).wanting == 1
    outcome = at.approve("Bo", required=2)
    assert outcome.wanting == 0
    assert outcome.editors == ("Ana", "Bo")


def test_any_change_voids_the_yes_and_says_which_edition(at: Desk) -> None:
    at.approve("Ana", required=2)
    at.edit("Title n2", "Título n2", language="es")
    outcome = at.approve("Bo", required=2)
    assert outcome.editors == ("Bo",)
    assert outcome.wanting == 1
    assert len(outcome.voided) == 1
    assert outcome.voided[0].startswith("es: changed (")


def test_a_note_between_editors_voids_nothing(at: Desk) -> None:
    at.approve("Ana", required=2)
    at.edit("### [Title n1]", "<!-- seen by Bo -->\n\n### [Title n1]")
    assert at.approve("Bo", required=2).wanting == 0


def test_whom_a_bulletin_goes_to_is_part_of_what_is_approved(at: Desk) -> None:
    at.approve("Ana")
    for language in ("en", "es"):
        at.edit("sends_on:", "regions: fresno\nsends_on:", language=language)
    outcome = at.approve("Bo")
    assert outcome.editors == ("Bo",)
    assert outcome.voided == ("en: changed (regions)", "es: changed (regions)")


def test_what_was_used_is_remembered(at: Desk) -> None:
    at.approve()
    uses = at.store.used_in_last(1)
    assert [(use.item_id, use.organisation_id) for use in uses] == [
        ("n1", "harbor"),
        ("n2", "casa"),
    ]
