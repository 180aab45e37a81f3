"""Between a storyteller and the editors: only the code opens what waits, a yes binds words."""

import subprocess
from dataclasses import replace
from datetime import timedelta
from pathlib import Path

import pytest

from newsletter.errors import AttentionError, ServiceError, UsageError
from newsletter.files import WorkspaceFiles
from newsletter.model.consent import Allowed, Channel, Denied, Revocation
from newsletter.model.letter import Direction, Letter, LetterKind, LetterState
from newsletter.model.story import Story
from newsletter.model.submission import Actor, EventKind
from newsletter.stories.consent.change_consent import Narrowing, narrow
from newsletter.stories.consent.withdraw import (
    NotKnown,
    Withdrawn,
    withdraw_by_code,
    withdraw_by_id,
)
from newsletter.stories.keys.code_identity import code_identity
from newsletter.stories.keys.identity import KeyPair, new_pair, public_of
from newsletter.stories.keys.rotate import rotate
from newsletter.stories.keys.vault import seal, seal_to_code, unseal
from newsletter.stories.letters.answer import Answered, answer_proposal, write_to_editors
from newsletter.stories.letters.by_code import Opened, open_by_code
from newsletter.stories.letters.desk import ReadLetter, open_contact, read_letters
from newsletter.stories.letters.from_storyteller import LONGEST, FromStoryteller, Says
from newsletter.stories.letters.to_storyteller import propose, write_to_storyteller
from newsletter.stories.record.folder import StoryFolder
from newsletter.stories.record.identifiers import read_code
from newsletter.stories.services import StoryServices
from newsletter.stories.taking.submit import Submitted
from tests.stories.making import KEY, NAME, PHONE, TODAY, asked, give_keys, picture, review, take

# The vectors of docs/decisions/0606-your-story.md.
VECTORS = {
    "7GQK2M9X0TRV3H8DG": "age1hecfdspjp9v5ukhrcwzj548djrc9rz304c6jl4afwpyuyyxtlqlqvlj0u9",
    "0123456789ABCDEFV": "age1tv68xqhs856kr056f4vwcenr4gyhc8sp9r43uapx8xk3jepav4ts9zmklm",
    "ZYXWVTSRQPNMKJHG4": "age1f6h6k6jlvu3nnqamfj76rqtfzf8vhdtdr3zcq2vk4e8funqxjvys96gk2y",
}


class Told:
    """A story taken and reviewed, with its words waiting for the storyteller."""

    def __init__(self, services: StoryServices) -> None:
        self.services = services
        self.pair: KeyPair = give_keys(services)[0]
        self.submitted: Submitted = take(services, picture=picture())
        self.story: Story = review(services, self.submitted, self.pair, with_picture=True)
        propose(services, self.story, today=TODAY)

    @property
    def code(self) -> str:
        return self.submitted.receipt.code

    def open(self, services: StoryServices | None = None) -> Opened:
        opened = open_by_code(services or self.services, self.code)
        assert isinstance(opened, Opened)
        return opened

    def answer(self, says: Says, text: str = "", *, opened: Opened | None = None) -> Answered:
        opened = opened or self.open()
        proof = opened.proposals[0].proposal.proof
        return answer_proposal(self.services, opened, proof, says, text=text, today=TODAY)

    def read(self, **how: object) -> list[ReadLetter]:
        letters = read_letters(self.services, self.pair.secret, today=TODAY, **how)  # type: ignore[arg-type]
        return list(letters)

    def says_no_to(self) -> str:
        answer = asked(self.services, self.story.id)
        return answer.reason if isinstance(answer, Denied) else ""

    @property
    def file(self) -> Path:
        return self.services.folder.folder / f"{self.story.id}.md"


@pytest.fixture
def told(services: StoryServices) -> Told:
    return Told(services)


def test_the_key_of_a_code_is_the_one_of_the_vectors_and_opens_with_age(tmp_path: Path) -> None:
    for code, public in VECTORS.items():
        assert read_code(code) == code
        assert public_of(code_identity(code)) == public
    (code, public), *_ = VECTORS.items()
    (tmp_path / "key.txt").write_text(code_identity(code))
    sealed = seal_to_code({"words": "for the code"}, public)
    opened = subprocess.run(
        ["age", "-d", "-i", str(tmp_path / "key.txt")],
        input=sealed,
        capture_output=True,
        check=True,
    )
    assert opened.stdout.startswith(b'{"words": "for the code"}')


def test_what_is_proposed_is_shown_word_for_word_with_picture_name_and_places(told: Told) -> None:
    (waiting,) = told.open().proposals
    proposal = waiting.proposal
    (text,) = told.story.texts
    assert (proposal.title, proposal.body, proposal.name) == (text.title, text.body, "Marisol")
    assert proposal.picture is not None
    assert proposal.picture.alt == "Two hands and a sheet of paper"
    assert proposal.short_places == (Channel.EMAIL_EXCERPT,)
    assert proposal.whole_places == (Channel.WEB_ARCHIVE,)


def test_a_yes_by_code_binds_the_exact_words_and_needs_no_key_of_an_editor(told: Told) -> None:
    assert "not agreed" in told.says_no_to()
    assert told.answer(Says.YES) is Answered.HOLDS
    assert isinstance(asked(told.services, told.story.id), Allowed)
    agreed = [event for event in told.services.store.events() if event.kind is EventKind.AGREED]
    assert {event.actor for event in agreed} == {Actor.STORYTELLER}
    assert {yes.method for yes in told.services.story(told.story.id).read_backs} == {"by code"}
    assert told.open().proposals[0].is_agreed
    (letter,) = told.read()
    assert letter.said is not None
    assert (letter.said.says, letter.said.recorded) == (Says.YES, True)


def test_a_yes_cut_off_between_the_log_and_the_file_does_not_count_and_can_be_said_again(
    told: Told, monkeypatch: pytest.MonkeyPatch
) -> None:
    def full(*_: object, **__: object) -> None:
        raise ServiceError("no space left")

    with monkeypatch.context() as patch:
        patch.setattr("newsletter.files.WorkspaceFiles.write", full)
        with pytest.raises(ServiceError):
            told.answer(Says.YES)
    assert "not agreed" in told.says_no_to()
    assert not told.open().proposals[0].is_agreed
    assert told.answer(Says.YES) is Answered.HOLDS
    assert isinstance(asked(told.services, told.story.id), Allowed)


def test_a_yes_to_words_that_were_edited_meanwhile_records_nothing(told: Told) -> None:
    opened = told.open()
    told.file.write_text(told.file.read_text().replace("the whole law", "all the law"))
    assert told.answer(Says.YES, opened=opened) is Answered.CHANGED
    assert told.services.story(told.story.id).read_backs == ()
    assert not told.open().proposals[0].is_current


def test_a_yes_from_a_page_that_shows_an_older_text_records_nothing(told: Told) -> None:
    old = told.open().proposals[0].proposal.proof
    told.file.write_text(told.file.read_text().replace("the whole law", "all the law"))
    reviewed = told.services.story(told.story.id)
    written = told.file.read_text().replace(told.story.words_sha256, reviewed.words_sha256)
    told.file.write_text(written)
    propose(told.services, told.services.story(told.story.id), today=TODAY)
    opened = told.open()
    assert len(opened.proposals) == 1
    done = answer_proposal(told.services, opened, old, Says.YES, today=TODAY)
    assert done is Answered.CHANGED
    assert told.answer(Says.YES) is Answered.HOLDS


def test_a_yes_to_words_that_were_edited_and_reviewed_meanwhile_records_nothing(
    told: Told,
) -> None:
    opened = told.open()
    told.file.write_text(told.file.read_text().replace("the whole law", "all the law"))
    reviewed = told.services.story(told.story.id).words_sha256
    told.file.write_text(told.file.read_text().replace(told.story.words_sha256, reviewed))
    assert told.services.story(told.story.id).safety_flags == ()
    assert told.answer(Says.YES, opened=opened) is Answered.CHANGED
    assert told.services.story(told.story.id).read_backs == ()


def test_a_yes_holds_for_the_places_that_are_left(told: Told) -> None:
    web = Narrowing(channels=frozenset({Channel.WEB_ARCHIVE}))
    narrow(told.services, told.story.id, web, today=TODAY)
    assert told.answer(Says.YES) is Answered.HOLDS
    assert isinstance(asked(told.services, told.story.id), Allowed)
    assert told.open().proposals[0].is_agreed
    mail = Narrowing(channels=frozenset({Channel.EMAIL_EXCERPT}))
    narrow(told.services, told.story.id, mail, today=TODAY)
    assert not told.open().proposals[0].is_agreed
    assert told.answer(Says.YES) is Answered.CHANGED


def test_where_only_the_database_is_the_page_shows_what_is_left(
    told: Told, elsewhere: StoryServices
) -> None:
    web = Narrowing(channels=frozenset({Channel.WEB_ARCHIVE}))
    narrow(told.services, told.story.id, web, today=TODAY)
    assert told.open(elsewhere).consent.channels == {Channel.EMAIL_EXCERPT}


def test_a_letter_with_no_room_says_so_and_a_yes_needs_none(
    told: Told, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("newsletter.stories.letters.answer.MOST_ANSWERS", 0)
    assert told.answer(Says.CHANGE, "It was the spring.") is Answered.FULL
    assert told.answer(Says.YES) is Answered.HOLDS


def test_the_yes_goes_with_the_picture_too(told: Told) -> None:
    opened = told.open()
    narrow(told.services, told.story.id, Narrowing(picture=True), today=TODAY)
    assert told.answer(Says.YES, opened=opened) is Answered.CHANGED


def test_a_no_takes_an_earlier_yes_back_at_once(told: Told) -> None:
    told.answer(Says.YES)
    assert told.answer(Says.NO) is Answered.HOLDS
    assert "not agreed" in told.says_no_to()
    last = told.services.store.events()[-1]
    assert (last.kind, last.actor) == (EventKind.REFUSED, Actor.STORYTELLER)
    assert told.answer(Says.YES) is Answered.HOLDS


def test_change_this_reaches_the_editors_sealed_to_their_keys(told: Told) -> None:
    assert told.answer(Says.CHANGE) is Answered.EMPTY
    assert told.answer(Says.CHANGE, "x" * (LONGEST + 1)) is Answered.TOO_LONG
    assert told.answer(Says.CHANGE, "It was the spring, not the fall.") is Answered.HOLDS
    assert told.services.store.count_waiting() == {told.submitted.submission_id: 1}
    before = len(told.services.store.events())
    (letter,) = told.read()
    (opened,) = told.services.store.events()[before:]
    assert (opened.kind, opened.note) == (EventKind.OPENED, "Ana")
    assert letter.said is not None
    assert letter.said.text == "It was the spring, not the fall."
    assert told.read() == []
    assert [one.is_new for one in told.read(older=True)] == [False]
    assert told.open().sent == ((TODAY, True),)


@pytest.fixture
def elsewhere(told: Told, tmp_path: Path) -> StoryServices:
    """A server with the same database and keys, where the story's file is not."""
    root = tmp_path / "server"
    (root / "stories").mkdir(parents=True)
    keys = tmp_path / "stories" / "recipients.txt"
    (root / "stories" / "recipients.txt").write_text(keys.read_text())
    return replace(told.services, files=WorkspaceFiles(root), folder=StoryFolder(root, key=KEY))


def yes_from_elsewhere(told: Told, elsewhere: StoryServices) -> None:
    opened = told.open(elsewhere)
    assert opened.story is None
    proof = opened.proposals[0].proposal.proof
    done = answer_proposal(elsewhere, opened, proof, Says.YES, today=TODAY)
    assert done is Answered.PASSED_ON


def test_where_the_file_is_on_the_editors_laptop_the_next_look_at_the_letters_records_the_yes(
    told: Told, elsewhere: StoryServices
) -> None:
    yes_from_elsewhere(told, elsewhere)
    assert "not agreed" in told.says_no_to()
    (letter,) = read_letters(elsewhere, told.pair.secret, today=TODAY)
    assert "not on this machine" in letter.outcome
    (letter,) = told.read()
    assert letter.outcome == "recorded now"
    assert isinstance(asked(told.services, told.story.id), Allowed)
    assert told.read() == []


def test_a_no_holds_where_an_old_copy_of_the_file_is_put_back(told: Told) -> None:
    told.answer(Says.YES)
    copy = told.file.read_text()  # a backup, or what an editor's program still shows
    told.answer(Says.NO)
    told.file.write_text(copy)
    assert told.says_no_to() == "the storyteller has not agreed to this text (email excerpt)"
    assert not told.open().proposals[0].is_agreed
    narrow(told.services, told.story.id, Narrowing(name=True), today=TODAY)
    told.file.write_text(copy)
    assert told.says_no_to()


def test_a_yes_after_a_no_counts_and_brings_no_earlier_words_back(told: Told) -> None:
    told.answer(Says.YES)
    copy = told.file.read_text()
    told.answer(Says.CHANGE, "Not the last sentence")
    told.answer(Says.YES)
    assert isinstance(asked(told.services, told.story.id), Allowed)
    told.answer(Says.NO)
    text = told.file.read_text().replace("Marisol", "Sol")
    told.file.write_text(text)
    propose(told.services, told.services.story(told.story.id), today=TODAY)
    told.answer(Says.YES)
    assert isinstance(asked(told.services, told.story.id), Allowed)
    told.file.write_text(copy)
    assert told.says_no_to()


def test_a_no_that_follows_a_yes_is_what_counts_wherever_they_are_recorded(
    told: Told, elsewhere: StoryServices
) -> None:
    yes_from_elsewhere(told, elsewhere)
    opened = told.open(elsewhere)
    proof = opened.proposals[0].proposal.proof
    done = answer_proposal(elsewhere, opened, proof, Says.NO, today=TODAY)
    assert done is Answered.PASSED_ON
    letters = told.read()
    assert [one.outcome for one in letters] == ["recorded now", "an earlier yes was taken back"]
    assert "not agreed" in told.says_no_to()


def test_a_yes_that_arrives_after_an_edit_is_not_recorded(
    told: Told, elsewhere: StoryServices
) -> None:
    yes_from_elsewhere(told, elsewhere)
    told.file.write_text(told.file.read_text().replace("the whole law", "all the law"))
    (letter,) = told.read()
    assert "changed since" in letter.outcome
    assert told.services.story(told.story.id).read_backs == ()


def test_a_yes_that_is_read_after_the_consent_ended_is_not_recorded_and_read_once(
    told: Told, elsewhere: StoryServices
) -> None:
    yes_from_elsewhere(told, elsewhere)
    over = told.story.consent.last_day + timedelta(days=1)
    (letter,) = read_letters(told.services, told.pair.secret, today=over)
    assert "NOT recorded: there is no consent any more" in letter.outcome
    assert list(read_letters(told.services, told.pair.secret, today=over)) == []


def test_a_yes_that_somebody_wrote_into_the_database_is_not_recorded(told: Told) -> None:
    proposal = told.open().proposals[0].proposal
    forged = FromStoryteller(
        says=Says.YES,
        story_id=told.story.id,
        language="en",
        forms=proposal.forms,
        proof="0" * 64,
    )
    keys = [recipient.key for recipient in told.services.recipients()]
    told.services.store.add_letter(
        Letter(
            id="forged",
            submission_id=told.submitted.submission_id,
            direction=Direction.TO_EDITORS,
            kind=LetterKind.MESSAGE,
            on=TODAY,
            sealed=seal(forged.as_mapping(), keys),
        ),
        most=9,
    )
    (letter,) = told.read()
    assert "NOT recorded" in letter.outcome
    assert told.services.story(told.story.id).read_backs == ()


def test_only_the_code_opens_what_waits(told: Told) -> None:
    write_to_storyteller(told.services, told.story.id, "Shall we call?", today=TODAY)
    letters = told.services.store.letters(told.submitted.submission_id)
    assert {letter.kind for letter in letters} == {LetterKind.PROPOSAL, LetterKind.MESSAGE}
    identity = code_identity(read_code(told.code) or "")
    for letter in letters:
        assert letter.direction is Direction.TO_STORYTELLER
        assert unseal(letter.sealed, identity)
        with pytest.raises(AttentionError):
            unseal(letter.sealed, told.pair.secret)
    (message,) = told.open().messages
    assert message.text == "Shall we call?"


def test_letters_go_when_the_story_is_taken_back_and_none_comes_after(told: Told) -> None:
    opened = told.open()
    write_to_editors(told.services, opened, "One more thing.", today=TODAY)
    withdraw_by_code(told.services, told.code, today=TODAY)
    assert told.services.store.letters(told.submitted.submission_id) == ()
    done = write_to_editors(told.services, opened, "From another tab.", today=TODAY)
    assert done is Answered.FULL
    assert told.services.store.letters(told.submitted.submission_id) == ()
    assert isinstance(open_by_code(told.services, told.code), NotKnown)
    with pytest.raises(UsageError, match="no sealed story"):
        open_contact(told.services, told.submitted.submission_id, told.pair.secret, today=TODAY)


def test_a_code_is_not_known_after_a_withdrawal_under_an_older_consent(told: Told) -> None:
    older = Revocation(record_id="older", story_id=told.story.id, on=TODAY, withdrawn=True)
    told.services.revocation_file.append(older)
    assert isinstance(open_by_code(told.services, told.code), NotKnown)


def test_an_editor_takes_a_story_back_by_its_id_where_its_file_is_not(
    told: Told, elsewhere: StoryServices
) -> None:
    assert isinstance(withdraw_by_id(elsewhere, told.story.id, today=TODAY), Withdrawn)
    assert told.says_no_to() == f"withdrawn on {TODAY}"


def test_a_code_is_not_known_after_a_withdrawal_that_the_database_missed(told: Told) -> None:
    kept = told.services.store
    story = told.services.story(told.story.id)
    away = replace(told.services, open_store=lambda: _refuse())
    withdraw_by_code(away, told.code, today=TODAY)
    assert kept.letters(told.submitted.submission_id)
    assert story.id
    assert isinstance(open_by_code(told.services, told.code), NotKnown)


def _refuse() -> None:
    from newsletter.errors import StoreError

    raise StoreError("away")


@pytest.mark.parametrize(
    "typed",
    [
        lambda code: f"  {code.lower()} ",
        lambda code: code.replace("-", " "),
        lambda code: code.translate({ord(str(digit)): 0x660 + digit for digit in range(10)}),
        lambda code: code.translate({ord(str(digit)): 0x6F0 + digit for digit in range(10)}),
        lambda code: "".join(chr(ord(char) + 0xFEE0) if char != "-" else char for char in code),
    ],
)
def test_a_code_is_read_however_it_is_typed(told: Told, typed: object) -> None:
    assert isinstance(open_by_code(told.services, typed(told.code)), Opened)  # type: ignore[operator]


def test_a_wrong_an_unknown_and_a_malformed_code_get_the_same_answer(told: Told) -> None:
    for code in ("7GQK2M9X0TRV3H8DG", "7GQK", "", "\x00", "🙂" * 17, "x" * 100_000):
        assert open_by_code(told.services, code) == NotKnown()


def test_an_older_receipt_gets_its_key_when_its_code_is_first_used(told: Told) -> None:
    told.services.store.keep_reply_key(told.submitted.submission_id, "")
    with pytest.raises(AttentionError, match="from before"):
        write_to_storyteller(told.services, told.story.id, "Hello", today=TODAY)
    told.open()
    write_to_storyteller(told.services, told.story.id, "Hello", today=TODAY)
    assert [one.text for one in told.open().messages] == ["Hello"]


def test_another_key_put_in_place_of_the_codes_is_noticed_and_replaced(told: Told) -> None:
    told.services.store.keep_reply_key(told.submitted.submission_id, new_pair().public)
    write_to_storyteller(told.services, told.story.id, "For a thief", today=TODAY)
    opened = told.open()
    assert (opened.unreadable, opened.messages) == (1, ())
    write_to_storyteller(told.services, told.story.id, "Hello", today=TODAY)
    assert [one.text for one in told.open().messages] == ["Hello"]


def test_after_a_rotation_letters_open_with_each_current_key_and_none_that_was_removed(
    told: Told,
) -> None:
    told.answer(Says.CHANGE, "A word of mine")
    old, services = told.pair, told.services
    (ben,) = give_keys(services, "Ben")
    rotate(services.files, services.store, old.secret, removed=["Ana"], today=TODAY)
    (letter,) = read_letters(services, ben.secret, today=TODAY)
    assert letter.said is not None
    assert letter.said.text == "A word of mine"
    (sealed,) = services.store.letters_to_editors()
    with pytest.raises(AttentionError):
        unseal(sealed.sealed, old.secret)


def test_a_damaged_letter_holds_up_no_other_letter_and_no_rotation(told: Told) -> None:
    for text in ("first", "second"):
        write_to_editors(told.services, told.open(), text, today=TODAY)
    damaged, whole = told.services.store.letters_to_editors()
    keys = [recipient.key for recipient in told.services.recipients()]
    told.services.store.reseal_letter(damaged.id, seal({"says": "nonsense"}, keys))
    assert "damaged" in told.read(older=True)[0].outcome
    told.services.store.mark_letters([whole.id], LetterState.WAITING)
    told.services.store.reseal_letter(damaged.id, damaged.sealed[:-1])
    letters = told.read()
    assert [letter.said is None for letter in letters] == [True, False]
    with pytest.raises(AttentionError, match="does not open: 1"):
        rotate(told.services.files, told.services.store, told.pair.secret, today=TODAY)
    now = {one.id: one.sealed for one in told.services.store.letters_to_editors()}
    assert now[whole.id] != whole.sealed


def test_a_flood_of_letters_is_bounded_and_leaves_room_for_a_yes(told: Told) -> None:
    opened = told.open()
    done = [
        write_to_editors(told.services, opened, f"Letter {number}", today=TODAY)
        for number in range(22)
    ]
    assert done == [Answered.PASSED_ON] * 20 + [Answered.FULL] * 2
    assert told.answer(Says.YES) is Answered.HOLDS


def test_contact_is_opened_with_a_key_and_leaves_its_name(told: Told) -> None:
    who = open_contact(told.services, told.story.id, told.pair.secret, today=TODAY)
    assert (who.name, who.contact, who.contact_safely) == (NAME, PHONE, "Only after nine at night")
    last = told.services.store.events()[-1]
    assert (last.kind, last.note) == (EventKind.OPENED, "Ana")
    with pytest.raises(UsageError):
        open_contact(told.services, "nothing", told.pair.secret, today=TODAY)


def test_a_message_is_bounded(told: Told) -> None:
    for text in ("", " \n", "x" * (LONGEST + 1)):
        with pytest.raises(UsageError):
            write_to_storyteller(told.services, told.story.id, text, today=TODAY)
    opened = told.open()
    for text, done in ((" \n", Answered.EMPTY), ("x" * (LONGEST + 1), Answered.TOO_LONG)):
        assert write_to_editors(told.services, opened, text, today=TODAY) is done
    assert told.services.store.letters_to_editors() == ()


def test_a_picture_that_is_not_the_reviewed_one_is_not_proposed(told: Told) -> None:
    assert told.story.picture is not None
    (told.services.folder.folder / told.story.picture.path).write_bytes(picture(kind="JPEG"))
    with pytest.raises(AttentionError, match="not the one"):
        propose(told.services, told.story, today=TODAY)


def test_after_the_consents_end_a_yes_is_not_recorded(told: Told) -> None:
    opened = told.open()
    late = opened.consent.last_day + timedelta(days=1)
    proof = opened.proposals[0].proposal.proof
    assert answer_proposal(told.services, opened, proof, Says.YES, today=late) is Answered.CHANGED


def test_a_letter_that_was_answered_says_so(told: Told) -> None:
    told.answer(Says.NO)
    states = {one.state for one in told.services.store.letters(told.submitted.submission_id)}
    assert states == {LetterState.ANSWERED, LetterState.WAITING}
    assert told.open().proposals[0].is_answered
