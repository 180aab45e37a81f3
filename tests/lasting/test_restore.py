"""A backup put back: as it was, but for what must never go back."""

from dataclasses import replace
from datetime import UTC, datetime
from pathlib import Path

import pytest
from sqlalchemy import Engine, text

from newsletter.errors import AttentionError, ConfigError, NewsletterError
from newsletter.model.consent import Denied
from newsletter.model.delivery import DeliveryState
from newsletter.model.ledger import NewSend
from newsletter.model.notice import NoticeKind
from newsletter.model.silence import SENDER_LEASE
from newsletter.model.subscriber import SubscriberState, SuppressionReason
from newsletter.model.witness import Run, WentOn
from newsletter.sending.resend import NEVER_GOT_IT, who_missed
from newsletter.sending.witness import RunWitness, gap
from newsletter.store.table_rows import shapes
from newsletter.stories.consent.withdraw import Withdrawn, withdraw_by_code
from newsletter.wiring.state_report import confirm_state, look_at_state
from tests.conftest import url_of
from tests.lasting.digests import Digest, person
from tests.store.test_table_rows import all_rows
from tests.stories.making import asked, give_keys, publish

LEFT, BOUNCED = SuppressionReason.LEFT, SuppressionReason.BOUNCED
ERASED = SuppressionReason.ERASED
ISSUE = "2026-W47"


@pytest.fixture(params=["sqlite", "postgres"])
def digest(request: pytest.FixtureRequest, tmp_path: Path) -> Digest:
    if request.param == "sqlite":
        return Digest.made(tmp_path)
    engine: Engine = request.getfixturevalue("postgres")
    engine.dispose()
    url = url_of(engine)
    return Digest.made(tmp_path, NEWSLETTER_DATABASE_URL=url)


def end(digest: Digest, name: str, reason: SuppressionReason) -> None:
    with digest.opened() as workspace:
        workspace.subscribers.suppress(f"{name}@example.org", reason, datetime.now(UTC))


def lose_database(digest: Digest) -> None:
    """Nothing of it is left: what the workspace alone knew is lost."""
    with digest.opened() as workspace, workspace.engine.begin() as connection:
        for shape in reversed(shapes(connection)):
            connection.execute(text(f"DROP TABLE {shape.name}"))
        connection.execute(text("DROP TABLE alembic_version"))


def test_everything_is_as_it_was(digest: Digest) -> None:
    with digest.opened() as workspace:
        there = all_rows(workspace.engine)
    before, file = digest.tree(), digest.back_up()
    (digest.root / "issues" / ISSUE / "en.md").write_text("overwritten")
    (digest.root / "issues" / ISSUE / "es.md").write_text("made since")
    (digest.root / "templates").mkdir()
    (digest.root / "blocks" / "1-hello.en.md").unlink()
    with digest.opened() as workspace:
        workspace.subscribers.add([person("dee")])
    restored = digest.restore(file)
    files = {name: made for name, made in digest.tree().items() if name.startswith("issues/")}
    assert {name for name in before if ".db" not in name} == {
        name for name in digest.tree() if ".db" not in name
    }
    assert all(before[name] == made for name, made in files.items())
    with digest.opened() as workspace:
        assert all_rows(workspace.engine) == there
        assert not look_at_state(workspace).faults
    assert restored.rows == sum(map(len, there.values()))
    assert restored.put_back == ()
    assert not list(digest.root.glob(".*restor*"))


@pytest.mark.parametrize("lost", [False, True])
def test_who_left_after_the_backup_stays_out(digest: Digest, lost: bool) -> None:
    file = digest.back_up()
    end(digest, "bo", LEFT)
    end(digest, "cy", BOUNCED)
    if lost:
        lose_database(digest)
    restored = digest.restore(file)
    assert (restored.kept_out.hashes, restored.kept_out.people) == (2, 2)
    assert digest.addresses() == {"ana", "cy"}
    with digest.opened() as workspace:
        bounced = workspace.subscribers.by_address("cy@example.org")
        assert bounced is not None
        assert bounced.state is SubscriberState.BOUNCED
        assert workspace.subscribers.suppression("bo@example.org") is LEFT
        assert workspace.subscribers.suppression("cy@example.org") is BOUNCED


@pytest.mark.parametrize("lost", [False, True])
@pytest.mark.parametrize("knows_of_the_bounce", [False, True])
def test_who_was_erased_after_a_bounce_is_not_put_back(
    digest: Digest, knows_of_the_bounce: bool, lost: bool
) -> None:
    file = None if knows_of_the_bounce else digest.back_up()
    end(digest, "cy", BOUNCED)
    file = file or digest.back_up()
    end(digest, "cy", ERASED)
    if lost:
        lose_database(digest)
    assert digest.restore(file).kept_out.people == 1
    assert digest.addresses() == {"ana", "bo"}
    with digest.opened() as workspace:
        assert workspace.subscribers.suppression("cy@example.org") is ERASED


def test_git_gets_neither_readers_nor_stories_nor_keys_afterwards(digest: Digest) -> None:
    backup = digest.back_up()
    there = digest.elsewhere("there")
    there.restore(backup)
    assert {"/stories/", "/issues/", "*.[pP][eE][mM]"} <= set(
        (there.root / ".gitignore").read_text().split()
    )
    (there.root / ".gitignore").write_text("mine\n")
    there.restore(backup)
    assert (there.root / ".gitignore").read_text() == "mine\n", "what somebody wrote stays"


def test_who_left_and_asked_again_before_the_backup_is_on_the_list(digest: Digest) -> None:
    end(digest, "bo", LEFT)
    with digest.opened() as workspace:
        people = workspace.subscribers
        people.add([person("bo", SubscriberState.PENDING)])
        waiting = people.by_address("bo@example.org")
        assert waiting is not None
        again = replace(waiting, state=SubscriberState.CONFIRMED, confirmed_at=datetime.now(UTC))
        people.readmit(again)
    file = digest.back_up()
    assert digest.restore(file).kept_out.hashes == 0
    assert digest.addresses() == {"ana", "bo", "cy"}


def test_a_database_put_back_by_hand_mails_nobody_who_left(tmp_path: Path) -> None:
    digest = Digest.made(tmp_path)
    database = digest.root / "newsletter.db"
    yesterday = database.read_bytes()
    end(digest, "bo", LEFT)
    database.write_bytes(yesterday)
    assert digest.addresses() == {"ana", "bo", "cy"}
    with digest.opened() as workspace:
        assert workspace.keep_out_left() == 1
        assert workspace.keep_out_left() == 0
    assert digest.addresses() == {"ana", "cy"}


def test_a_second_machine_takes_nobody_off_who_asked_again_elsewhere(tmp_path: Path) -> None:
    digest = Digest.made(tmp_path)
    with digest.opened() as workspace:
        long_ago = datetime(2026, 1, 1, tzinfo=UTC)
        bo = workspace.subscribers.by_address("bo@example.org")
        assert bo is not None
        key = workspace._suppression_keys
        assert key is not None
        workspace.left_file.note([key.hash_of(bo.address)], LEFT, long_ago)
        assert workspace.keep_out_left() == 0
        assert len(list(workspace.left_file.pages())) == 0, "and it is not looked for again"
    assert digest.addresses() == {"ana", "bo", "cy"}


def test_without_the_secret_key_nobody_who_left_can_be_found(digest: Digest) -> None:
    file = digest.back_up()
    end(digest, "bo", LEFT)
    keyless = digest.elsewhere("digest", NEWSLETTER_SECRET_KEY="")
    with pytest.raises(ConfigError, match="nobody can tell who left"):
        keyless.restore(file)
    assert digest.addresses() == {"ana", "cy"}, "nothing was changed"


def test_one_database_by_two_addresses(tmp_path: Path, postgres: Engine) -> None:
    postgres.dispose()
    url = url_of(postgres)
    digest = Digest.made(tmp_path, NEWSLETTER_DATABASE_URL=url)
    file = digest.back_up()
    end(digest, "bo", LEFT)
    other = f"{url}{'&' if '?' in url else '?'}sslmode=prefer"
    assert digest.restore(file, to=other).kept_out.people == 1
    assert digest.addresses() == {"ana", "cy"}


def test_the_secret_key_is_in_it_when_asked_for(digest: Digest) -> None:
    file = digest.back_up(with_secret_key=True)
    end(digest, "bo", LEFT)
    keyless = digest.elsewhere("digest", NEWSLETTER_SECRET_KEY="")
    assert keyless.restore(file).secret_keys == (digest.environ["NEWSLETTER_SECRET_KEY"],)
    assert digest.addresses() == {"ana", "cy"}
    other = digest.elsewhere(
        "digest", NEWSLETTER_SECRET_KEY="another key, of 32 characters or more"
    )
    with pytest.raises(ConfigError, match="is not the key that this backup was made with"):
        other.restore(file)


def test_who_left_under_a_newer_key_stays_out(tmp_path: Path) -> None:
    older, newer = ("a key of 32 characters or more: " + name for name in ("older", "newer"))
    digest = Digest.made(tmp_path, NEWSLETTER_SECRET_KEY=older)
    file = digest.back_up()
    both = digest.elsewhere(
        "digest", NEWSLETTER_SECRET_KEY=newer, NEWSLETTER_OLDER_SECRET_KEYS=older
    )
    end(both, "bo", LEFT)
    with pytest.raises(ConfigError, match="also used with a secret key that is not set here"):
        digest.restore(file)
    assert both.addresses() == {"ana", "cy"}, "nothing was changed"
    both.restore(file)
    assert both.addresses() == {"ana", "cy"}
    with pytest.raises(ConfigError, match="also used with"), digest.opened() as workspace:
        assert workspace.secret_keys, "the mark of the newer key is kept"


def freeze(digest: Digest) -> None:
    """An issue to everybody, of whom nobody got it yet."""
    with digest.opened() as workspace:
        new = NewSend(issue_id=ISSUE, digest="0" * 64, editions={"en": "0" * 64})
        workspace.ledger.freeze(new, lambda traits: "en", now=datetime.now(UTC))


def test_a_send_that_is_not_finished_mails_nobody_twice(digest: Digest) -> None:
    freeze(digest)
    file = digest.back_up()
    with digest.opened() as workspace, workspace.engine.begin() as connection:
        connection.execute(text("UPDATE deliveries SET state = 'accepted' WHERE subscriber_id = 1"))
    restored = digest.restore(file)
    assert restored.put_back == (ISSUE,)
    with digest.opened() as workspace:
        confirm_state(workspace, by="Ana", new_key=False)
        unknown = gap(workspace.sending, ISSUE)
        assert unknown is not None
        assert "nobody can tell who got it after that" in str(unknown)
        assert gap(workspace.sending, "2026-W48") is None


def test_what_is_left_to_do_is_said_again_by_a_second_restore(digest: Digest) -> None:
    freeze(digest)
    file = digest.back_up()
    with digest.opened() as workspace, workspace.engine.begin() as connection:
        connection.execute(text("UPDATE deliveries SET state = 'accepted' WHERE subscriber_id = 1"))
    for _ in range(2):
        assert digest.restore(file).put_back == (ISSUE,)
    with digest.opened() as workspace:
        confirm_state(workspace, by="Ana", new_key=False)
        workspace.sending.witness.go_on(ISSUE, WentOn(by="Ana", at=datetime.now(UTC), people=0))
    assert digest.restore(file).put_back == ()


def test_an_editor_may_go_on_with_it(digest: Digest) -> None:
    freeze(digest)
    file = digest.back_up()
    lose_database(digest)
    assert digest.restore(file).put_back == (ISSUE,)
    with digest.opened() as workspace:
        confirm_state(workspace, by="Ana", new_key=False)
        choice = WentOn(by="Ana", at=datetime.now(UTC), people=0)
        workspace.sending.witness.go_on(ISSUE, choice)
        assert gap(workspace.sending, ISSUE) is None


def test_a_send_that_did_not_move_since_may_go_on(digest: Digest) -> None:
    freeze(digest)
    assert digest.restore(digest.back_up()).put_back == ()
    with digest.opened() as workspace:
        assert gap(workspace.sending, ISSUE) is None


@pytest.mark.parametrize("lost", [False, True])
def test_who_missed_an_issue_may_have_got_it_after_the_backup(tmp_path: Path, lost: bool) -> None:
    """Where nothing but the backup is left, nobody knows of a `resend` that came after it."""
    digest = Digest.made(tmp_path)
    freeze(digest)
    with digest.opened() as workspace:
        parts, send = workspace.sending, workspace.ledger.find(ISSUE)
        assert send is not None
        sender = parts.ledger.join(send.id, parts.process, now=parts.clock(), lease=SENDER_LEASE)
        with workspace.engine.begin() as connection:
            connection.execute(text("UPDATE deliveries SET state = 'refused'"))
            connection.execute(text("UPDATE sends SET state = 'finished'"))
        RunWitness(parts, send, sender).end()
    there = digest.elsewhere("new", state="new-state") if lost else digest
    assert there.restore(digest.back_up()).put_back == ()
    with there.opened() as workspace:
        confirm_state(workspace, by="Ana", new_key=False)
        parts = workspace.sending
        choice = who_missed(parts, ISSUE, NEVER_GOT_IT, dry_run=True)
        also = who_missed(parts, ISSUE, (*NEVER_GOT_IT, DeliveryState.UNCERTAIN), dry_run=True)
    assert bool(choice.people) is not lost
    assert any("after the backup" in why for why in choice.barred) is lost
    assert also.people


def test_on_a_new_machine_an_older_workspace_put_back_by_hand_mails_nobody_twice(
    tmp_path: Path,
) -> None:
    digest = Digest.made(tmp_path)
    with digest.opened() as workspace:
        run = Run(started=datetime.now(UTC), people=3)
        workspace.sending.witness.note(ISSUE, "a run of send", run)
    there = digest.elsewhere("new", state="new-state")
    there.restore(digest.back_up())
    (there.root / "issues" / ISSUE / "sent.json").unlink()  # as in a copy from before the send
    with there.opened() as workspace:
        confirm_state(workspace, by="Ana", new_key=False)
        assert workspace.sending.witness.read(ISSUE).people == 3


def test_people_in_the_hands_of_a_sender_are_uncertain(digest: Digest) -> None:
    freeze(digest)
    with digest.opened() as workspace, workspace.engine.begin() as connection:
        connection.execute(text("UPDATE deliveries SET state = 'claimed' WHERE subscriber_id = 1"))
    restored = digest.restore(digest.back_up())
    assert restored.uncertain == 1
    assert restored.put_back == (ISSUE,)


def test_a_mail_that_was_asked_for_is_not_sent_again(digest: Digest) -> None:
    now = datetime.now(UTC)
    with digest.opened() as workspace:
        for number, kind in ((1, NoticeKind.LINKS), (2, NoticeKind.LINKS)):
            workspace.notice_queue.put(number, kind, now=now)
    file = digest.back_up()
    with digest.opened() as workspace, workspace.engine.begin() as connection:
        connection.execute(text("DELETE FROM notices WHERE subscriber_id = 1"))
    assert digest.restore(file).notices_dropped == 1
    with digest.opened() as workspace:
        assert workspace.notice_queue.count() == 1


@pytest.mark.parametrize("lost", [False, True])
def test_no_number_is_given_twice(digest: Digest, lost: bool) -> None:
    file = digest.back_up()
    with digest.opened() as workspace:
        workspace.subscribers.add([person("dee")])
        given = workspace.subscribers.by_address("dee@example.org")
    if lost:
        lose_database(digest)
    digest.restore(file)
    with digest.opened() as workspace:
        workspace.subscribers.add([person("eve")])
        new = workspace.subscribers.by_address("eve@example.org")
    assert given is not None
    assert new is not None
    assert new.id > given.id, "an old link of dee's must open nobody else's choices"


def test_a_story_taken_back_after_the_backup_stays_taken_back(digest: Digest) -> None:
    with digest.opened() as workspace:
        services, today = workspace.story_services, workspace.today()
        pair, _ = give_keys(services)
        submitted, story = publish(services, pair, today=today)
    file = digest.back_up()
    with digest.opened() as workspace:
        done = withdraw_by_code(workspace.story_services, submitted.receipt.code, today=today)
        assert isinstance(done, Withdrawn)
    restored = digest.restore(file)
    assert restored.withdrawals >= 1
    with digest.opened() as workspace, pytest.raises(NewsletterError):
        asked(workspace.story_services, story.id, on=today)
    with digest.opened() as workspace:
        confirm_state(workspace, by="Ana", new_key=False)
        assert isinstance(asked(workspace.story_services, story.id, on=today), Denied)
        assert not (digest.root / story.path).exists()
        assert not look_at_state(workspace).faults


def test_after_the_loss_of_everything_stories_are_known_again(digest: Digest) -> None:
    with digest.opened() as workspace:
        services, today = workspace.story_services, workspace.today()
        pair, _ = give_keys(services)
        _, story = publish(services, pair, today=today)
        key = workspace.state_folder.recognition_key()
    file = digest.back_up()
    new = digest.elsewhere("another", state="another-state")
    lose_database(digest)
    restored = new.restore(file)
    assert ["nothing here knows" in words for words in restored.notes] == [True]
    with new.opened() as workspace:
        workspace.state_folder.make(workspace.root)
        assert workspace.state_folder.recognition_key() == key
        assert not look_at_state(workspace).faults
        assert not isinstance(asked(workspace.story_services, story.id, on=today), Denied)
    assert (new.root / "stories").stat().st_mode & 0o077 == 0


def test_the_backup_of_another_digest_is_refused(digest: Digest, tmp_path: Path) -> None:
    (tmp_path / "other").mkdir()
    other = Digest.made(tmp_path / "other")
    with pytest.raises(AttentionError, match="another digest"):
        other.restore(digest.back_up())
    assert other.addresses() == {"ana", "bo", "cy"}


OLDER, NEWER = ("a key of 32 characters or more: " + name for name in ("older", "newer"))


def test_who_left_under_a_key_that_is_not_here_is_counted(tmp_path: Path) -> None:
    """After the loss of the database; what stands in the state folder alone knows of the key."""
    digest = Digest.made(tmp_path, NEWSLETTER_SECRET_KEY=OLDER)
    file = digest.back_up()
    both = digest.elsewhere(
        "digest", NEWSLETTER_SECRET_KEY=NEWER, NEWSLETTER_OLDER_SECRET_KEYS=OLDER
    )
    end(both, "bo", LEFT)
    lose_database(digest)
    restored = digest.restore(file)
    assert "1 person left under a secret key that is not set here" in restored.keys_lack
    assert "NEWSLETTER_OLDER_SECRET_KEYS" in restored.keys_lack
    with digest.opened() as workspace:
        assert "1 person left" in look_at_state(workspace).untestable
        with pytest.raises(ConfigError, match="1 person left under a secret key"):
            workspace.keep_out_left()
        with pytest.raises(ConfigError, match="also used with"):
            assert workspace.secret_keys, "the mark of the newer key is kept"
    restored = both.restore(file)
    assert restored.keys_lack == ""
    assert both.addresses() == {"ana", "cy"}


def test_a_backup_used_with_two_keys_and_one_of_them_here(tmp_path: Path) -> None:
    digest = Digest.made(tmp_path, NEWSLETTER_SECRET_KEY=OLDER)
    both = digest.elsewhere(
        "digest", NEWSLETTER_SECRET_KEY=NEWER, NEWSLETTER_OLDER_SECRET_KEYS=OLDER
    )
    end(both, "bo", LEFT)
    newer = digest.elsewhere("there", NEWSLETTER_SECRET_KEY=NEWER)
    restored = newer.restore(both.back_up())
    assert "also used with a secret key that is not set here" in restored.keys_lack


def test_a_key_that_is_given_up_stops_nothing_any_more(tmp_path: Path) -> None:
    digest = Digest.made(tmp_path, NEWSLETTER_SECRET_KEY=OLDER)
    end(digest, "bo", LEFT)
    newer = digest.elsewhere("digest", NEWSLETTER_SECRET_KEY=NEWER)
    with newer.opened() as workspace:
        assert "1 person left" in look_at_state(workspace).untestable
        confirm_state(workspace, by="Ana", new_key=False, new_secret_key=True)
        assert look_at_state(workspace).untestable == ""
        assert workspace.keep_out_left() == 0
    with digest.opened() as workspace:  # found again
        assert look_at_state(workspace).untestable == ""
