"""Before an approval everything is compared with every story, also with those nobody opened yet."""

import json
import re
from dataclasses import replace
from datetime import datetime, timedelta
from pathlib import Path

import pytest

from newsletter.errors import AttentionError, UsageError
from newsletter.model.item import Item, ItemKind
from newsletter.model.submission import EventKind
from newsletter.stories.consent.withdraw import withdraw_by_code
from newsletter.stories.keys.identity import KeyPair, new_pair, save
from newsletter.wiring import Workspace
from tests.cli.calling import Run, caller, two_pieces
from tests.stories.making import give_keys, review, take
from tests.stories.quick_seal import seal_quickly

PASSPHRASE = "copper lantern orchard violin"
TOLD = "the company stopped paying us for our last hour we were all afraid to ask"
CARD = (
    "You do not have to open the door. Ask them to slide the paper under it, and look for the "
    "signature of a judge. You may say that you do not agree to their coming in."
)
QUOTING = f"My name is Canarina. The card by our door says it: {CARD} I read it to my children."


@pytest.fixture
def run(workspace: Workspace, monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> Run:
    seal_quickly(monkeypatch.setattr)
    monkeypatch.setenv("NEWSLETTER_SECRET_KEY", "a key for tests only, 32 bytes long")
    monkeypatch.setenv("NEWSLETTER_IDENTITY", str(tmp_path / "nobody.age"))
    monkeypatch.setenv("NEWSLETTER_PASSPHRASE", PASSPHRASE)
    monkeypatch.setenv("NEWSLETTER_EDITOR", "Ana")
    two_pieces(workspace)
    call = caller(workspace)
    call("draft")
    return call


@pytest.fixture
def pair(workspace: Workspace) -> KeyPair:
    return give_keys(workspace.story_services)[0]


def key_file(tmp_path: Path, pair: KeyPair) -> str:
    save(tmp_path / "ana.age", pair.secret, PASSPHRASE)
    return str(tmp_path / "ana.age")


def write(workspace: Workspace, words: str) -> None:
    """The letter of the English draft."""
    (draft,) = workspace.root.glob("issues/*/en.md")
    text = draft.read_text()
    draft.write_text(text.replace("\n## ", f"\n{words}\n\n## ", 1))


def events(workspace: Workspace, kind: EventKind) -> list[str]:
    return [one.note for one in workspace.story_store.events() if one.kind is kind]


def test_nothing_is_asked_when_no_story_waits(
    run: Run, pair: KeyPair, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    monkeypatch.setenv("NEWSLETTER_IDENTITY", key_file(tmp_path, pair))
    monkeypatch.delenv("NEWSLETTER_PASSPHRASE")
    approved = json.loads(run("approve", "--no-links", "--json").stdout)
    assert approved["compared"] == []
    assert approved["overruled"] == ""


def test_without_a_key_nobody_approves_while_stories_wait_unless_with_a_recorded_reason(
    run: Run, workspace: Workspace, pair: KeyPair
) -> None:
    take(workspace.story_services)
    with pytest.raises(AttentionError, match="wait for a review"):
        run("approve", "--no-links")
    with pytest.raises(UsageError, match="reason"):
        run("approve", "--no-links", "--overrule", " ")
    done = json.loads(
        run("approve", "--no-links", "--overrule", "Bo reads them\ntoday", "--json").stdout
    )
    assert done["overruled"] == "Bo reads them today"
    assert events(workspace, EventKind.OVERRULED) == ["Bo reads them today"]
    (approval,) = workspace.issues.approvals(done["issue"])
    assert approval.overruled == "Bo reads them today"


def test_with_a_key_a_sealed_story_is_opened_in_memory_and_compared_and_that_is_recorded(
    run: Run, workspace: Workspace, pair: KeyPair, tmp_path: Path
) -> None:
    submitted = take(workspace.story_services)
    identity = key_file(tmp_path, pair)
    before = {path for path in workspace.root.rglob("*") if "newsletter.db" not in path.name}
    done = json.loads(run("approve", "--no-links", "--identity", identity, "--json").stdout)
    assert done["compared"] == [submitted.submission_id]
    assert events(workspace, EventKind.OPENED) == ["Ana"]
    after = {path for path in workspace.root.rglob("*") if "newsletter.db" not in path.name}
    assert {path.name for path in after - before} <= {"chain.txt"}
    again = json.loads(run("approve", "--no-links", "--as", "Bo", "--json").stdout)  # no key
    assert again["compared"] == []


def test_the_words_of_a_sealed_story_in_the_letter_block(
    run: Run, workspace: Workspace, pair: KeyPair, tmp_path: Path
) -> None:
    submitted = take(workspace.story_services)
    write(workspace, f"We heard that {TOLD}.")
    identity = key_file(tmp_path, pair)
    with pytest.raises(AttentionError, match=submitted.submission_id) as refused:
        run("approve", "--no-links", "--identity", identity)
    assert "in the letter: the text quotes it" in str(refused.value)
    assert str(refused.value.file).endswith("/en.md")
    assert workspace.issues.approved_issues() == ()


def test_a_reviewed_storys_file_on_another_machine_counts_as_sealed(
    run: Run, workspace: Workspace, pair: KeyPair
) -> None:
    story = review(workspace.story_services, take(workspace.story_services), pair)
    (workspace.root / story.path).unlink()
    with pytest.raises(AttentionError, match="wait"):
        run("approve", "--no-links")


def test_words_that_were_cut_from_a_reviewed_story_block_where_a_key_is(
    run: Run, workspace: Workspace, pair: KeyPair, tmp_path: Path
) -> None:
    submitted = take(workspace.story_services)
    story = review(workspace.story_services, submitted, pair)
    file = workspace.root / story.path
    assert TOLD in (written := " ".join(file.read_text().split()))
    file.write_text(file.read_text().partition("\n# ")[0] + "\n# A title {en}\n\nWe went on.\n")
    write(workspace, f"We heard that {TOLD}.")
    assert written != file.read_text()
    identity = key_file(tmp_path, pair)
    assert blocked(run) == set()  # only the key knows
    with pytest.raises(AttentionError, match="not in the text made of it"):
        run("approve", "--no-links", "--identity", identity)
    run("approve", "--no-links", "--identity", identity, "--overrule", "she asked us to tell it")
    assert events(workspace, EventKind.OPENED)[-1] == "Ana"


def test_a_reviewed_story_does_not_hold_up_an_approval(
    run: Run, workspace: Workspace, pair: KeyPair, tmp_path: Path
) -> None:
    submitted = take(workspace.story_services)
    review(workspace.story_services, submitted, pair)
    save(tmp_path / "new.age", new_pair().secret, PASSPHRASE)
    compared = [
        json.loads(run("approve", "--no-links", "--identity", identity, "--json").stdout)[
            "compared"
        ]
        for identity in (str(tmp_path / "new.age"), key_file(tmp_path, pair))
    ]
    assert compared == [[], [submitted.submission_id]]  # a key that came later opens nothing


def test_no_test_copy_leaves_with_the_words_of_a_story_that_may_not_be_mailed(
    run: Run, workspace: Workspace, pair: KeyPair
) -> None:
    run("approve", "--no-links")
    assert run("send", "--to", "ana@example.org").exit_code == 0
    before = list(workspace.root.glob("outbox/new/*"))
    review(workspace.story_services, take(workspace.story_services), pair)
    write(workspace, f"We heard that {TOLD}.")
    with pytest.raises(AttentionError, match="may not be mailed"):
        run("send", "--to", "ana@example.org")
    assert list(workspace.root.glob("outbox/new/*")) == before


def withdrawn_quote(workspace: Workspace, pair: KeyPair) -> None:
    """A story that quotes the card, reviewed and taken back."""
    desk = workspace.story_services
    submitted = take(desk, {"text": QUOTING}, today=workspace.today())
    review(desk, submitted, pair)
    withdraw_by_code(desk, submitted.receipt.code, today=workspace.today())


def blocked(run: Run) -> set[str]:
    problems = json.loads(run("check", "--no-links", "--json").stdout)["problems"]
    return {one["code"] for one in problems if one["severity"] == "blocks"}


def test_a_card_that_hung_here_before_is_not_blocked_by_a_withdrawn_story_that_quotes_it(
    run: Run, workspace: Workspace, pair: KeyPair
) -> None:
    (workspace.root / "blocks").mkdir()
    more = "Keep this card with you. Call the hotline before you sign anything, at any hour."
    (workspace.root / "blocks/2-rights.en.md").write_text(f"## Rights {{#rights}}\n\n{CARD} {more}")
    withdrawn_quote(workspace, pair)
    write(workspace, CARD)
    assert blocked(run) == set()
    write(workspace, "The card by our door says it and I read it to my children.")
    assert blocked(run) == {"story-words"}


def test_a_match_is_overruled_with_a_reason_and_other_words_still_block(
    run: Run, workspace: Workspace, pair: KeyPair
) -> None:
    withdrawn_quote(workspace, pair)
    write(workspace, CARD)
    assert blocked(run) == {"story-words"}
    with pytest.raises(AttentionError, match="withdrawn"):
        run("approve", "--no-links")
    run("approve", "--no-links", "--overrule", "the words are from the clinic's card")
    (note,) = events(workspace, EventKind.OVERRULED)
    assert note.endswith(" the words are from the clinic's card")
    assert not re.search("door|slide|paper", note.partition(" ")[0])
    assert blocked(run) == set()
    edition = workspace.issues.approved_editions(workspace.issues.approved_issues()[0])[0]
    assert workspace.consents.denials(edition, on=workspace.today()) == {}  # asked before a send
    write(workspace, "The card by our door says it and I read it to my children.")
    assert blocked(run) == {"story-words"}


def test_what_was_overruled_for_a_story_blocks_again_once_it_is_withdrawn(
    run: Run, workspace: Workspace, pair: KeyPair
) -> None:
    desk = workspace.story_services
    submitted = take(desk, {"text": QUOTING}, today=workspace.today())
    review(desk, submitted, pair)
    write(workspace, CARD)
    run("approve", "--no-links", "--overrule", "she said on the phone that it is fine")
    assert blocked(run) == set()
    withdraw_by_code(desk, submitted.receipt.code, today=workspace.today())
    assert blocked(run) == {"story-words"}


@pytest.mark.parametrize("reason", ["x" * 301, "\n"])
def test_a_reason_is_a_line(run: Run, reason: str) -> None:
    with pytest.raises(UsageError, match="1 to 300"):
        run("approve", "--no-links", "--overrule", reason)


def test_a_reason_that_was_not_needed_is_not_recorded(
    run: Run, workspace: Workspace, pair: KeyPair
) -> None:
    done = json.loads(run("approve", "--no-links", "--overrule", "to be safe", "--json").stdout)
    assert done["overruled"] == ""
    assert events(workspace, EventKind.OVERRULED) == []


def test_an_overruling_is_told_without_its_digests(
    run: Run, workspace: Workspace, pair: KeyPair
) -> None:
    withdrawn_quote(workspace, pair)
    write(workspace, CARD)
    run("approve", "--no-links", "--overrule", "from the card")
    told = json.loads(run("stories", "log", "--json").stdout)["events"][-1]
    assert (told["what"], told["note"]) == ("overruled", "from the card")


def post(workspace: Workspace, text: str, seen: datetime) -> None:
    workspace.items.save(
        [
            Item(
                id="card",
                kind=ItemKind.NEWS,
                title="At the door",
                first_seen_at=seen,
                organisation_id="harbor",
                link="https://harbor.example/card",
                text=text,
                language="en",
            )
        ]
    )


def test_a_members_post_that_a_story_quotes_stays_usable_when_the_story_is_withdrawn(
    run: Run, workspace: Workspace, pair: KeyPair
) -> None:
    before = workspace.now() - timedelta(days=3)
    post(workspace, CARD, before)
    withdrawn_quote(workspace, pair)
    items = list(workspace.items.each())
    assert workspace.consents.withdrawn_items(items) == {}
    write(workspace, CARD)
    assert blocked(run) == set()


def test_an_old_post_that_was_given_the_storys_words_later_is_no_excuse(
    run: Run, workspace: Workspace, pair: KeyPair
) -> None:
    post(workspace, "Come to the clinic.", workspace.now() - timedelta(days=3))
    withdrawn_quote(workspace, pair)
    (old,) = [one for one in workspace.items.each() if one.id == "card"]
    workspace.items.update([replace(old, text=CARD)], workspace.now())
    (found,) = [one for one in workspace.items.each() if one.id == "card"]
    assert found.text == CARD
    assert list(workspace.consents.withdrawn_items([found])) == ["card"]


def test_a_story_file_that_cannot_be_read_and_so_not_compared_blocks(
    run: Run, workspace: Workspace
) -> None:
    (workspace.root / "stories").mkdir(exist_ok=True)
    (workspace.root / "stories/broken.md").write_text("no front matter")
    assert blocked(run) == {"story-unreadable"}
