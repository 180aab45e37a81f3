"""A workspace restored from yesterday, folder and database: nothing taken back today comes back."""

import json
import shutil
from collections.abc import Iterator
from datetime import timedelta
from pathlib import Path

import pytest
from sqlalchemy import text

from newsletter.errors import AttentionError
from newsletter.model.consent import Channel, Denied, Revocation
from newsletter.model.subscriber import NOT_STORED, Subscriber, SubscriberState
from newsletter.stories.consent.change_consent import ByCode, Narrowing, Renewal, narrow, renew
from newsletter.stories.consent.withdraw import Withdrawn, withdraw_by_code
from newsletter.stories.letters.by_code import Opened, open_by_code
from newsletter.web.ready import ready_to_serve
from newsletter.wiring import Workspace
from tests.cli.calling import Run, caller
from tests.stories.making import asked, give_keys, publish

ISSUE = "2026-W47"
WORDS = "the company stopped paying us"


class Digest:
    """A workspace with one story, and what was backed up of it."""

    def __init__(self, workspace: Workspace, run: Run) -> None:
        self.root = workspace.root
        self.run = run
        self._config = workspace.config
        self.now = workspace
        (self.root / "feeds.yaml").write_text("organisations: []\n")
        pair, _ = give_keys(workspace.story_services)
        submitted, self.story = publish(workspace.story_services, pair, today=workspace.today())
        self.code = submitted.receipt.code

    def reopened(self) -> Workspace:
        self.now.engine.dispose()
        self.now = Workspace(config=self._config)
        return self.now

    def back_up(self) -> Path:
        self.now.engine.dispose()
        copy = self.root.with_name(f"{self.root.name}-yesterday")
        shutil.copytree(self.root, copy)
        return copy

    def restore(self, copy: Path) -> Workspace:
        self.now.engine.dispose()
        shutil.rmtree(self.root)
        shutil.copytree(copy, self.root)
        return self.reopened()

    def withdraw(self) -> None:
        done = withdraw_by_code(self.now.story_services, self.code, today=self.now.today())
        assert isinstance(done, Withdrawn)
        assert done.left_to_do == ()

    def answer(self, **changes: object) -> object:
        today = self.now.today()
        return asked(self.now.story_services, self.story.id, **{"on": today, **changes})


@pytest.fixture
def digest(workspace: Workspace, monkeypatch: pytest.MonkeyPatch) -> Iterator[Digest]:
    monkeypatch.setenv("NEWSLETTER_SECRET_KEY", "a key for tests only, 32 bytes long")
    made = Digest(workspace, caller(workspace))
    yield made
    made.now.engine.dispose()


def draft_of(digest: Digest) -> None:
    """An issue whose draft has the story."""
    text = digest.story.texts[0]
    draft = digest.root / "issues" / ISSUE / "en.md"
    draft.parent.mkdir(parents=True)
    draft.write_text(
        "---\nsubject: This week\nlanguage: en\n---\n\nHello.\n\n## Stories {#stories}\n\n"
        f"### {text.title} {{{digest.story.id}}}\n\n{text.excerpt}\n"
    )


def test_the_whole_workspace_from_yesterday_publishes_nothing_withdrawn_today(
    digest: Digest,
) -> None:
    draft_of(digest)
    approved = digest.run("approve", ISSUE, "--as", "Ana", "--no-links")
    assert approved.exit_code == 0, approved.output
    site = digest.root / "site"
    site.mkdir()
    (site / "index.html").write_text(f"<p>{WORDS}</p>")
    yesterday = digest.back_up()
    digest.withdraw()
    restored = digest.restore(yesterday)
    assert (digest.root / digest.story.path).exists(), "the backup has it"
    draft, quoted = digest.root / "issues" / ISSUE / "en.md", digest.story.texts[0].excerpt
    assert quoted in draft.read_text()
    for command in (
        ("draft", ISSUE, "--no-pictures"),
        ("check", ISSUE, "--no-links"),
        ("approve", ISSUE, "--as", "Ana", "--no-links"),
        ("send", ISSUE, "--yes"),
        ("archive",),
    ):
        with pytest.raises(AttentionError, match="cannot be trusted"):
            digest.run(*command)
    with pytest.raises(AttentionError, match="events are missing"):
        ready_to_serve(restored)
    assert digest.run("state", "show").exit_code == 1
    confirmed = digest.run("state", "confirm", "--by", "Ana", "--yes")
    assert confirmed.exit_code == 0, confirmed.stderr
    assert digest.run("state", "show").exit_code == 0
    digest.reopened()
    assert isinstance(digest.answer(), Denied)
    assert quoted not in draft.read_text(), "struck from the open draft too"
    assert WORDS not in (site / "index.html").read_text()
    assert not (digest.root / digest.story.path).exists(), "deleted again"
    held = [one.sealed.text for one in digest.now.story_store.all()]
    assert held == [b""], "the database had the sealed story again"
    ready_to_serve(digest.now)


def test_withdrawn_while_the_database_was_away_and_then_restored_it_stays_withdrawn(
    digest: Digest,
) -> None:
    yesterday = digest.back_up()
    withdrawal = Revocation(
        record_id=digest.story.consent.record_id,
        story_id=digest.story.id,
        on=digest.now.today(),
        withdrawn=True,
    )
    digest.now.story_services.revocation_file.append(withdrawal)
    site = yesterday / "site"
    site.mkdir()
    (site / "index.html").write_text(f"<p>{WORDS}</p>")
    restored = digest.restore(yesterday)
    assert isinstance(digest.answer(), Denied)
    ready_to_serve(restored)
    assert WORDS not in (digest.root / "site" / "index.html").read_text()
    assert [one.state.value for one in restored.story_store.all()] == ["withdrawn"]


def test_renewed_and_narrowed_today_and_restored_from_yesterday_it_stays_narrow(
    digest: Digest,
) -> None:
    yesterday, today = digest.back_up(), digest.now.today() + timedelta(days=1)
    services = digest.now.story_services
    renew(
        services,
        digest.story.id,
        Renewal(until=today + timedelta(days=500)),
        yes=ByCode(code=digest.code),
        notice=services.notice("en"),
        today=today,
    )
    narrow(services, digest.story.id, Narrowing(until=today), today=today)
    digest.restore(yesterday)
    digest.run("state", "confirm", "--by", "Ana", "--yes")
    digest.reopened()
    assert not isinstance(digest.answer(), Denied)
    assert isinstance(digest.answer(on=today + timedelta(days=1)), Denied)


def test_narrowed_today_and_restored_from_yesterday_it_stays_narrow(digest: Digest) -> None:
    yesterday, today = digest.back_up(), digest.now.today()
    taken = Narrowing(channels=frozenset({Channel.WEB_ARCHIVE}), until=today + timedelta(days=5))
    narrow(digest.now.story_services, digest.story.id, taken, today=today)
    digest.restore(yesterday)
    digest.run("state", "confirm", "--by", "Ana", "--yes")
    digest.reopened()
    assert isinstance(digest.answer(channel=Channel.WEB_ARCHIVE), Denied)
    assert isinstance(digest.answer(on=today + timedelta(days=6)), Denied)
    assert not isinstance(digest.answer(), Denied)
    assert digest.run("state", "show").exit_code == 0


@pytest.mark.parametrize("left", ["database", "stories", "state", "chain"])
def test_any_one_place_that_says_withdrawn_is_enough(digest: Digest, left: str) -> None:
    file = (digest.root / digest.story.path).read_text()
    digest.withdraw()
    (digest.root / digest.story.path).write_text(file)
    state = digest.now.state_folder.withdrawn
    if left != "stories":
        (digest.root / "stories" / "withdrawn.jsonl").unlink()
    if left != "state":
        state.unlink()
    if left != "database":
        with digest.now.engine.begin() as connection:
            connection.execute(text("DELETE FROM story_stops"))
            if left != "chain":  # and then the chain is older than what was written down of it
                connection.execute(text("DELETE FROM story_events WHERE kind = 'withdrawn'"))
    digest.reopened()
    if left in ("stories", "state"):
        with pytest.raises(AttentionError, match="cannot be trusted"):
            digest.answer()
        digest.run("state", "confirm", "--by", "Ana", "--yes")
        digest.reopened()
    assert isinstance(digest.answer(), Denied)
    digest.run("stories", "purge")
    report = json.loads(digest.run("state", "show", "--json").stdout)
    assert set(report["lacking"].values()) == {0}, "and then all of them say so"


@pytest.mark.parametrize("where", ["stories", "state"])
def test_a_deleted_record_of_where_the_chain_stood_is_a_fault(digest: Digest, where: str) -> None:
    state = digest.now.state_folder.chain
    (state if where == "state" else digest.root / "stories" / "chain.txt").unlink()
    assert digest.run("stories", "log", "--verify").exit_code == 1
    digest.reopened()
    with pytest.raises(AttentionError, match=r"cannot be trusted|lacks chain\.txt"):
        digest.answer()
    digest.run("state", "confirm", "--by", "Ana", "--yes")
    digest.reopened()
    assert not isinstance(digest.answer(), Denied)
    assert digest.run("stories", "log", "--verify").exit_code == 0


def test_a_lost_state_folder_stops_stories_and_sends_but_never_a_withdrawal(
    digest: Digest,
) -> None:
    shutil.rmtree(digest.now.state_folder.path)
    digest.reopened()
    with pytest.raises(AttentionError, match="state folder is missing"):
        ready_to_serve(digest.now)
    with pytest.raises(AttentionError, match="state folder is missing"):
        digest.run("audit", ISSUE)
    with pytest.raises(AttentionError, match="state folder is missing"):
        digest.answer()
    digest.withdraw()
    digest.run("state", "confirm", "--by", "Ana", "--new-key", "--yes")
    digest.reopened()
    assert isinstance(digest.answer(), Denied)
    (line,) = digest.now.state_folder.confirmations.read_text().splitlines()
    assert json.loads(line)["by"] == "Ana"


def test_the_key_of_another_machine_is_not_given_up_in_passing(digest: Digest) -> None:
    digest.answer()
    digest.now.insist_on_state()
    (digest.now.state_folder.path / "recognition.key").unlink()
    digest.reopened()
    with pytest.raises(AttentionError, match="used with a recognition key that is not here"):
        digest.run("state", "confirm", "--by", "Ana", "--yes")
    assert not (digest.now.state_folder.path / "recognition.key").exists()


def test_a_withdrawal_without_the_recognition_key_says_what_it_cannot_do(digest: Digest) -> None:
    (digest.now.state_folder.path / "recognition.key").unlink()
    digest.reopened()
    said = digest.run("stories", "withdraw", digest.code)
    assert "Copies of its words will not be known again" in said.stderr


def test_nothing_is_confirmed_where_nothing_is_wrong(digest: Digest) -> None:
    said = digest.run("state", "confirm", "--by", "Ana")
    assert "Nothing is missing" in said.stdout
    assert not digest.now.state_folder.confirmations.exists()


def approved(digest: Digest) -> None:
    """The issue with the story, and one person to send it to."""
    draft_of(digest)
    digest.now.subscribers.add(
        [
            Subscriber(
                id=NOT_STORED,
                address="person@example.org",
                language="en",
                state=SubscriberState.CONFIRMED,
            )
        ]
    )
    result = digest.run("approve", ISSUE, "--as", "Ana", "--no-links")
    assert result.exit_code == 0, result.output


def test_the_page_of_a_story_names_the_issue_that_mailed_it(digest: Digest) -> None:
    approved(digest)
    services = digest.now.story_services
    opened = open_by_code(services, digest.code)
    assert isinstance(opened, Opened)
    assert opened.uses == ()
    digest.run("send", ISSUE, "--yes", "--anyway")
    opened = open_by_code(services, digest.code)
    assert isinstance(opened, Opened)
    assert [(use.issue_id, use.language) for use in opened.uses] == [(ISSUE, "en")]


def test_a_workspace_restored_from_before_a_send_mails_nobody_twice(digest: Digest) -> None:
    approved(digest)
    before = digest.back_up()
    digest.run("send", ISSUE, "--yes", "--anyway")
    outbox = digest.root / "outbox" / "new"
    assert len(list(outbox.iterdir())) == 1
    digest.restore(before)
    assert not outbox.exists()
    with pytest.raises(AttentionError, match="older than what was sent"):
        digest.run("send", ISSUE, "--yes", "--anyway")
    assert not outbox.exists()


def test_a_damaged_key_holds_no_withdrawal_up_and_stops_all_else(digest: Digest) -> None:
    key = digest.now.state_folder.path / "recognition.key"
    whole = key.read_bytes()
    key.write_bytes(whole[:31])
    digest.reopened()
    with pytest.raises(AttentionError, match="damaged"):
        digest.answer()
    with pytest.raises(AttentionError, match="damaged"):
        ready_to_serve(digest.now)
    narrow(
        digest.now.story_services,
        digest.story.id,
        Narrowing(channels=frozenset({Channel.WEB_ARCHIVE})),
        today=digest.now.today(),
    )
    digest.withdraw()
    key.write_bytes(whole)
    digest.reopened()
    assert isinstance(digest.answer(), Denied)


@pytest.mark.parametrize(
    "command", [("stories", "purge"), ("state", "confirm", "--by", "Ana", "--yes")]
)
def test_withdrawn_where_its_file_did_not_lie_its_quotes_go_with_the_file(
    digest: Digest, command: tuple[str, ...]
) -> None:
    """The server knows the code, the laptop has the story's file, and a draft that quotes it."""
    draft = digest.root / "issues" / ISSUE / "en.md"
    draft.parent.mkdir(parents=True)
    draft.write_text(
        "---\nsubject: We cleaned offices at night\nlanguage: en\n---\n\nHello.\n\n"
        "## News {#news}\n"
    )
    assert "I cleaned offices at night" in digest.story.texts[0].body
    draft.write_text(draft.read_text().replace("We cleaned", "I cleaned"))
    revocation = Revocation(
        record_id=digest.story.consent.record_id,
        story_id=digest.story.id,
        on=digest.now.today(),
        withdrawn=True,
    )
    digest.now.story_store.revoke(revocation, (), emptied=None)
    digest.reopened()
    done = digest.run(*command)
    assert done.exit_code == 0, done.output
    assert "offices at night" not in draft.read_text()
