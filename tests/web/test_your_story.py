"""Your story, by code: each POST a 303, the words only for who holds the code."""

import re
from typing import Any

import pytest
from flask.testing import FlaskClient
from werkzeug.test import TestResponse

from newsletter.errors import StoreError
from newsletter.model.consent import Allowed, Channel
from newsletter.model.submission import Actor, EventKind
from newsletter.stories.letters.desk import read_letters
from newsletter.stories.letters.from_storyteller import LONGEST, Says
from newsletter.stories.letters.to_storyteller import propose, write_to_storyteller
from newsletter.stories.taking.intake import months_later
from newsletter.web.stories_frame import TAKE_BACK, YOURS
from tests.stories.making import asked, give_keys, picture, review, take
from tests.web.conftest import Pages, submit

CHANGE = "It was the spring and not the fall."


class Told:
    """A story whose words wait, and its storyteller at a browser."""

    def __init__(self, pages: Pages) -> None:
        self.pages = pages
        self.desk = pages.workspace.story_services
        self.pair = give_keys(self.desk)[0]
        self.today = pages.workspace.config.coalition.day_of(pages.now)
        self.submitted = take(self.desk, picture=picture(), today=self.today)
        self.story = review(self.desk, self.submitted, self.pair, with_picture=True)
        propose(self.desk, self.story, today=self.today)
        self.client: FlaskClient = pages.client()
        self.shown = self.post(submit, {"code": self.code})

    @property
    def code(self) -> str:
        return self.submitted.receipt.code

    def post(self, send: Any, values: dict[str, str]) -> str:
        """Send a form and follow the 303; the page after it."""
        answer: TestResponse = send(self.client, YOURS, **values)
        assert answer.status_code == 303
        assert self.code not in answer.headers["Location"]
        return self.client.get(answer.headers["Location"]).text

    def do(self, what: str, **values: str) -> str:
        """Press a button of the page as it was shown last."""
        token = re.search(r'name="csrf_token"[^>]*value="([^"]+)"', self.shown)
        proof = re.search(r'name="proof" value="([^"]+)"', self.shown)
        assert token is not None
        fields = {"csrf_token": token[1], "code": self.code, "do": what}
        fields |= {"proof": proof[1]} if proof else {}
        self.shown = self.post(
            lambda client, path, **all_: client.post(path, data=all_), fields | values
        )
        return self.shown

    def letters(self) -> list[Says]:
        found = read_letters(self.desk, self.pair.secret, today=self.today)
        return [letter.said.says for letter in found if letter.said]


def _press(client: FlaskClient, path: str, **fields: str) -> TestResponse:
    return client.post(path, data=fields)


@pytest.fixture
def told(pages: Pages) -> Told:
    return Told(pages)


def test_the_words_picture_name_and_places_are_shown_by_code(told: Told) -> None:
    for words in (
        "offices at night",
        "Marisol",
        "data:image/jpeg;base64,",
        "Two hands and a sheet",
    ):
        assert words in told.shown
    assert "a short part by email and our website" in told.shown
    again = told.client.get(YOURS)
    assert "offices at night" not in again.text
    assert again.headers["Cache-Control"] == "no-store"


def test_a_yes_on_the_page_counts_at_once(told: Told) -> None:
    assert "Your yes is kept" in told.do("yes")
    assert "You said yes to this text" in told.shown
    assert isinstance(asked(told.desk, told.story.id, on=told.today), Allowed)
    assert told.letters() == [Says.YES]


def test_a_no_and_a_change_reach_the_editors_who_are_mailed_once_and_told_nothing(
    told: Told,
) -> None:
    assert "Your no is kept" in told.do("no")
    assert "Please write something first" in told.do("change")
    assert "see what you wrote" in told.do("change", text=CHANGE)
    assert "still below" in told.do("write", text="x" * (LONGEST + 1))
    assert "x" * LONGEST in told.shown
    told.pages.later.wait()
    (mail,) = told.pages.mailbox.notices
    assert mail.address == "editors@coalition.example"
    for secret in (CHANGE, told.story.id, told.submitted.submission_id, told.code, "story"):
        assert secret not in mail.subject + mail.text.replace("newsletter stories inbox", "")
    assert told.letters() == [Says.NO, Says.CHANGE]
    for hours in (23, 1):  # at most once a day, as the mail says
        assert len(told.pages.mailbox.notices) == 1
        told.pages.pass_time(hours=hours)
        told.do("write", text="One more thing")
        told.pages.later.wait()
    assert len(told.pages.mailbox.notices) == 2


def test_the_page_of_an_older_tab_says_that_the_text_changed(told: Told) -> None:
    file = told.desk.folder.folder / f"{told.story.id}.md"
    file.write_text(file.read_text().replace("the whole law", "all the law"))
    assert "This has changed since you saw it" in told.do("yes")
    assert "This text is being changed" in told.shown


def test_less_is_allowed_by_code_and_holds_at_once(told: Told) -> None:
    told.do("yes")
    assert "It is done" in told.do("narrow", use_email_excerpt="yes", name="yes")
    consent = told.desk.story(told.story.id).consent
    assert consent.channels == {Channel.WEB_ARCHIVE}
    assert consent.attribution_words == ""
    narrowed = [one for one in told.desk.store.events() if one.kind is EventKind.NARROWED]
    assert [event.actor for event in narrowed] == [Actor.STORYTELLER]
    assert "Please choose something" in told.do("narrow")
    assert "Please choose something" in told.do("narrow", until="2099-01-01", use_social="yes")
    assert told.letters() == [Says.YES, Says.NARROWED], "editors are told"
    assert "It is done" in told.do("narrow", in_en="yes")
    assert told.desk.story(told.story.id).consent.languages == frozenset()


def test_no_text_is_shown_for_a_place_that_was_taken_back(told: Told) -> None:
    assert "<h3>The whole story</h3>" in told.shown
    told.do("narrow", use_web_archive="yes")
    assert "<h3>The whole story</h3>" not in told.shown
    assert "<h3>The short part</h3>" in told.shown
    told.do("narrow", use_email_excerpt="yes")
    assert "There is no text here yet" in told.shown
    assert "offices at night" not in told.shown


def test_more_is_allowed_by_code_and_the_words_are_shown_again(told: Told) -> None:
    told.do("yes")
    longer = max(re.findall(r'id="more-(\d{4}-\d\d-\d\d)"', told.shown))
    assert "Please tick" in told.do("renew", until=longer, use_social="yes")
    told.do("renew", until=longer, use_social="yes", agreed="yes")
    assert "Your new consent is kept" in told.shown
    consent = told.desk.story(told.story.id).consent
    assert (consent.expires_on.isoformat(), consent.method) == (longer, "code")
    assert Channel.SOCIAL in consent.channels
    assert not isinstance(asked(told.desk, told.story.id, on=told.today), Allowed)
    assert "Your yes is kept" in told.do("yes")
    assert isinstance(asked(told.desk, told.story.id, on=told.today), Allowed)
    assert told.letters() == [Says.YES, Says.RENEWED, Says.YES]


def test_a_day_beyond_what_the_form_offers_is_not_taken(told: Told) -> None:
    said = told.do("renew", until="2036-01-01", agreed="yes")
    assert "Please choose something" in said


def test_messages_go_both_ways(told: Told) -> None:
    write_to_storyteller(told.desk, told.story.id, "Shall we\n\ncall you?", today=told.today)
    assert "call you?" in told.do("look")
    assert "waits for the editors" in told.do("write", text=CHANGE)
    assert "not read yet" in told.shown
    assert told.letters() == [Says.MESSAGE]
    assert ": read" in told.do("look")


def test_a_story_is_taken_back_from_the_page_and_its_code_is_known_no_more(told: Told) -> None:
    token = re.search(r'name="csrf_token"[^>]*value="([^"]+)"', told.shown)
    assert token is not None
    told.client.post(TAKE_BACK, data={"csrf_token": token[1], "code": told.code})
    assert "This code is not known here" in told.do("yes")
    assert told.desk.store.letters(told.submitted.submission_id) == ()


def test_a_wrong_a_taken_back_and_a_never_known_code_get_the_same_page(told: Told) -> None:
    shown = [
        re.sub(r'value="[^"]*"', "", told.post(submit, {"code": code, "do": "look"}))
        for code in ("7GQK2M9X0TRV3H8DG", "not a code", "")
    ]
    assert len(set(shown)) == 1
    assert "This code is not known here" in shown[0]


def test_a_page_that_is_loaded_again_asks_for_the_code(told: Told) -> None:
    answer = submit(told.client, YOURS, code=told.code, do="look")
    there = answer.headers["Location"]
    assert "offices at night" in told.client.get(there).text
    again = told.client.get(there).text
    assert "type your code again" in again
    assert "offices at night" not in again


def test_what_was_typed_stays_when_the_database_is_away(
    told: Told, monkeypatch: pytest.MonkeyPatch
) -> None:
    def away(*_: object, **__: object) -> None:
        raise StoreError("away")

    with monkeypatch.context() as patch:
        patch.setattr("newsletter.store.letters.SqlLetters.add_letter", away)
        assert "It is our fault" in told.do("write", text=CHANGE)
    assert CHANGE in told.shown


def test_what_another_page_makes_a_browser_send_changes_nothing(told: Told) -> None:
    before = told.desk.story(told.story.id)
    fields = {"code": told.code, "do": "narrow", "use_email_excerpt": "yes"}
    told.post(_press, fields)
    assert told.desk.story(told.story.id) == before
    assert told.desk.consents.revocations() == ()


def test_who_limits_says_no_or_writes_is_heard_while_the_record_is_in_doubt(told: Told) -> None:
    told.do("yes")
    assert isinstance(asked(told.desk, told.story.id, on=told.today), Allowed)
    chain = told.desk.folder.folder / "chain.txt"
    before = chain.read_text()
    chain.write_text(f"{before}99 {'0' * 64}\n")
    assert "offices at night" in told.do("look")
    assert "changed since" in told.do("yes"), "no yes counts meanwhile"
    assert "takes effect now" in told.do("narrow", use_web_archive="on")
    assert "Your no is kept" in told.do("no")
    assert "waits for the editors" in told.do("write", text=CHANGE)
    chain.write_text(before)
    story = told.desk.story(told.story.id)
    assert story.consent.channels == {Channel.EMAIL_EXCERPT}
    assert story.read_backs == ()


def test_what_was_typed_stays_whatever_is_damaged(told: Told) -> None:
    damaged = told.desk.folder.folder / "withdrawn.jsonl"
    damaged.write_text("{half a li")
    assert "It is our fault" in told.do("write", text=CHANGE)
    damaged.unlink()
    told.shown = told.post(submit, {"code": told.code})
    assert "waits for the editors" in told.do("write", text=CHANGE)


def test_the_page_speaks_the_storytellers_language(told: Told) -> None:
    told.client = told.pages.client("es")
    shown = told.post(submit, {"code": told.code, "do": "look"})
    assert "offices at night" in shown
    assert "Sí, exactamente estas palabras" in shown
    assert "El texto: inglés" in shown


def test_no_latin_comma_stands_in_an_arabic_line(told: Told) -> None:
    write_to_storyteller(told.desk, told.story.id, "Hello", today=told.today)
    told.client = told.pages.client("ar")
    shown = told.post(submit, {"code": told.code, "do": "look"})
    assert "كتب فريق التحرير" in shown
    assert re.search(r"[\u0600-\u06ff]\s*,", re.sub(r"<[^>]*>", "", shown)) is None


def test_the_story_of_a_child_is_not_renewed_by_code_alone(told: Told) -> None:
    file = told.desk.folder.folder / f"{told.story.id}.md"
    minor = "consent:\n  is_minor: true\n  guardian_consent: true\n  child_assent: true\n"
    before = file.read_text().replace("consent:\n", minor, 1)
    file.write_text(before)
    assert 'value="renew"' not in told.do("look")
    until = months_later(told.today, 24).isoformat()
    assert "Please choose" in told.do("renew", until=until, use_press="yes", agreed="yes")
    assert file.read_text() == before


def test_a_no_to_words_that_were_edited_meanwhile_is_asked_again(told: Told) -> None:
    file = told.desk.folder.folder / f"{told.story.id}.md"
    file.write_text(file.read_text().replace("offices at night", "shops at night"))
    assert "has changed since you saw it" in told.do("no")
    assert told.letters() == []
