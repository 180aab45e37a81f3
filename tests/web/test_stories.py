"""The story pages: sealed at once, nothing half-kept, taken back in one step."""

import gc
import html
import json
import random
import re
import time
from collections.abc import Callable, Mapping
from io import BytesIO
from itertools import islice
from pathlib import Path

import pytest
from flask import request
from flask.testing import FlaskClient
from limits import parse
from werkzeug.test import TestResponse

from newsletter.design.catalogues import STORIES
from newsletter.errors import StoreError
from newsletter.model.consent import Channel
from newsletter.model.story import StoryText
from newsletter.model.submission import SubmissionState
from newsletter.stories.keys.vault import unseal
from newsletter.stories.recognition.words import as_text
from newsletter.stories.record import story_language
from newsletter.stories.taking.steps import LAST, READING
from newsletter.web import code_turns
from newsletter.web.mail_editors import _MAILED
from newsletter.web.stories_frame import CHECK, SORRY, TAKE_BACK, TELL, YOURS
from newsletter.web.stories_tell import LARGEST_PICTURE
from tests.stories.making import ANSWERS, NAME, PHONE, TEXT, give_keys, picture, publish
from tests.stories.test_story_language import write
from tests.web.conftest import Pages, database_away
from tests.web.telling import (
    YES,
    at_the_end,
    code_on,
    fields,
    follow,
    press,
    send,
    steps,
    take_back,
    tell,
)


@pytest.fixture
def secret(pages: Pages) -> str:
    """A workspace with two keys; the first one's private half."""
    return give_keys(pages.workspace.story_services)[0].secret


def told(pages: Pages, language: str = "en", **changes: object) -> TestResponse:
    return tell(pages.client(language), **changes)


def test_a_story_is_sealed_and_a_code_shown_once(pages: Pages, secret: str) -> None:
    client = pages.client()
    answer = tell(client, picture=(BytesIO(picture()), "me.png"))
    assert answer.status_code == 200
    assert answer.headers["Cache-Control"] == "no-store"
    (row,) = pages.workspace.story_store.all()
    kept = pages.workspace.story_store.get(row.id)
    assert kept is not None
    assert kept.consent.channels == {Channel.EMAIL_EXCERPT, Channel.WEB_ARCHIVE}
    assert kept.consent.method == "web"
    opened = unseal(kept.sealed.text, secret)
    assert (opened["text"], opened["name"], opened["contact"]) == (TEXT, NAME, PHONE)
    assert unseal(kept.sealed.picture, secret)["media_type"] == "image/jpeg"
    code = code_on(answer)
    again = client.get(answer.request.full_path)
    assert again.status_code == 410
    assert "did not see your code" in again.text
    assert code not in again.text


def test_the_exact_consent_text_is_shown_and_its_hash_kept(pages: Pages, secret: str) -> None:
    for language in ("en", "es"):
        client = pages.client(language)
        first, *more = (one.text for one in islice(steps(client), READING))
        notice = pages.workspace.story_services.notice(language)
        sections = re.findall(
            r'<section class="notice".*?</section>', first + "".join(more), re.DOTALL
        )
        shown = re.findall(r"<p>(.*?)</p>", html.unescape("".join(sections)), re.DOTALL)
        assert notice.title in first
        assert tuple(shown) == notice.paragraphs
        assert f"https://news.coalition.example{YOURS}" in "".join(shown)
    told(pages, "es")
    (row,) = pages.workspace.story_store.all()
    assert row.consent.notice_language == "es"
    assert len(row.consent.notice_sha256) == 64


def test_nothing_is_chosen_beforehand(pages: Pages, secret: str) -> None:
    assert not any(" checked" in page.text for page in steps(pages.client()))


def test_what_is_missing_is_said_in_its_step_and_what_was_typed_stays(
    pages: Pages, secret: str
) -> None:
    client = pages.client()
    *_, page = islice(steps(client), READING + 3)
    name = press(client, page, "next", attribution="pseudonym", months="99")
    assert name.text.startswith("<!doctype html>")
    assert "Step 6 of 9" in name.text
    assert "Please answer this" in name.text
    assert "which name we may print" in name.text
    assert 'value="pseudonym" autocomplete="off" checked' in name.text
    assert 'value="6" autocomplete="off" checked' not in name.text
    assert fields(name)["text"] == TEXT
    assert pages.workspace.story_store.all() == ()


def test_going_back_and_on_keeps_every_answer(pages: Pages, secret: str) -> None:
    client = pages.client()
    page = at_the_end(client)  # stays in the last step
    for _ in range(LAST):
        page = press(client, page, "back", **{"name": "changed"} if "Step 6" in page.text else {})
    assert "Step 1 of 9" in page.text
    kept = fields(page)
    wanted = {name: said for name, said in ANSWERS.items() if name not in YES}
    assert {name: kept.get(name, "") for name in wanted} == {**wanted, "name": "changed"}


def to_the_questions(client: FlaskClient) -> TestResponse:
    """The first step that asks something."""
    *_, page = islice(steps(client), READING + 1)
    return page


def test_nothing_typed_in_a_step_is_lost_by_going_back_from_it(pages: Pages, secret: str) -> None:
    client = pages.client()
    page = to_the_questions(client)
    page = press(client, page, "back", text="\n Half a sentence <b>\r\nand")
    assert fields(page)["text"] == "\n Half a sentence <b>\r\nand"


def test_another_language_begins_with_its_notice_and_keeps_what_was_typed(
    pages: Pages, secret: str
) -> None:
    client = pages.client()
    page = to_the_questions(client)
    page = press(client, page, "in-es", text=TEXT)
    assert "Paso 1 de 9" in page.text
    assert "Qué pasa con su" in page.text
    for _ in range(READING):
        page = press(client, page, "next")
    assert "Paso 4 de 9" in page.text
    assert "cleaned offices at night" in page.text


def test_a_notice_that_was_not_shown_is_shown_before_anything_is_sent(
    pages: Pages, secret: str
) -> None:
    client = pages.client()
    page = at_the_end(client)
    client.get(f"{TELL}?lang=es")  # in another tab
    page = press(client, page, "next", **YES)
    assert "Paso 1 de 9" in page.text
    assert fields(page)["text"] == TEXT
    assert pages.workspace.story_store.all() == ()


@pytest.mark.parametrize(
    ("step", "changes"),
    [
        (4, {"text": "x" * 20_001}),
        (4, {"title": "x" * 121}),
        (8, {"is_minor": "yes"}),
        (8, {"is_minor": "yes", "guardian_consent": "yes"}),
        (9, {"picture": (BytesIO(b"GIF89a nonsense"), "x.gif")}),
        (9, {"capacity_attested": ""}),
        (5, {"use_email_excerpt": "no", "use_web_archive": "no"}),
        (6, {"language_en": "no"}),
    ],
)
def test_a_bad_answer_keeps_nothing(
    pages: Pages, secret: str, step: int, changes: dict[str, object]
) -> None:
    before = pages.workspace.story_store.events()
    refused = list(steps(pages.client(), **changes))[step]
    assert f"Step {step} of 9" in refused.text
    assert 'role="alert"' in refused.text
    assert pages.workspace.story_store.all() == ()
    assert pages.workspace.story_store.events() == before


def test_what_looks_like_markup_is_shown_as_it_was_typed(pages: Pages, secret: str) -> None:
    for page in steps(pages.client(), text="<script>alert(1)</script>", name='"><img src=x>'):
        assert "<script>alert" not in page.text
        assert "<img src=x" not in page.text


def test_a_form_sent_whole_shows_the_first_step_with_a_fault(pages: Pages, secret: str) -> None:
    client = pages.client()
    page = at_the_end(client)
    page = press(client, page, "next", **YES, language_en="")
    assert "Step 6 of 9" in page.text
    assert fields(page)["text"] == TEXT


EDGE = "----WebKitFormBoundary7MA4YWxkTrZu0gW"


def raw_body(answers: Mapping[str, str]) -> Callable[[bytes], bytes]:
    """What makes the last step's body of a picture: the test client would use temporary files."""
    parts = [
        f'--{EDGE}\r\nContent-Disposition: form-data; name="{name}"\r\n\r\n{value}\r\n'
        for name, value in answers.items()
    ]
    head = 'name="picture"; filename="x.jpg"\r\nContent-Type: image/jpeg\r\n\r\n'
    parts.append(f"--{EDGE}\r\nContent-Disposition: form-data; {head}")
    before = "".join(parts).encode()
    return lambda upload: before + upload + f"\r\n--{EDGE}--\r\n".encode()


def send_raw(pages: Pages, *, text: str = TEXT, upload: bytes) -> TestResponse:
    """Send the last step, as bytes."""
    client = pages.client()
    answers = {**fields(at_the_end(client)), **ANSWERS, "text": text, "go": "next"}
    answer = client.post(
        TELL,
        data=raw_body(answers)(upload),
        content_type=f"multipart/form-data; boundary={EDGE}",
    )
    return follow(client, answer)


def photo(size: int) -> bytes:
    """A JPEG of that many bytes: its picture is small, its comments are not."""
    small = picture(kind="JPEG")
    comments, left = [], size - len(small)
    while left > 4:
        length = min(left - 2, 65_535)
        comments.append(b"\xff\xfe" + length.to_bytes(2) + random.randbytes(length - 2))
        left -= length + 2
    return small[:2] + b"".join(comments) + small[2:]


def test_a_hundred_photos_from_a_tenth_to_ten_megabytes_all_come_through(pages: Pages) -> None:
    body = raw_body({**ANSWERS, "once": "A" * 43})
    kind = f"multipart/form-data; boundary={EDGE}"
    for number in range(1, 101):
        sent = photo(number * LARGEST_PICTURE // 100)
        data = BytesIO(body(sent))
        length = len(data.getbuffer())
        with pages.app.test_request_context(
            TELL, method="POST", input_stream=data, content_length=length, content_type=kind
        ):
            pages.app.preprocess_request()
            assert request.form["text"] == TEXT
            assert request.files["picture"].stream.read() == sent


@pytest.mark.parametrize("size", [100_000, 1_000_000, LARGEST_PICTURE])
def test_a_photo_that_the_form_promises_is_taken(pages: Pages, secret: str, size: int) -> None:
    assert code_on(send_raw(pages, upload=photo(size)))
    (row,) = pages.workspace.story_store.all()
    kept = pages.workspace.story_store.get(row.id)
    assert kept is not None
    assert unseal(kept.sealed.picture, secret)["media_type"] == "image/jpeg"


@pytest.mark.parametrize("size", [LARGEST_PICTURE + 1, 40_000_000])
def test_a_picture_that_is_too_large_is_said_and_the_story_stays(
    pages: Pages, secret: str, size: int
) -> None:
    page = send_raw(pages, upload=picture(kind="JPEG") + b"x" * size)
    assert "Step 9 of 9" in page.text
    assert "Try a JPEG under 10 MB" in page.text
    assert fields(page)["text"] == TEXT
    assert pages.workspace.story_store.all() == ()


def test_what_is_no_picture_is_said_and_the_story_stays(pages: Pages, secret: str) -> None:
    page = send_raw(pages, upload=b"no picture")
    assert "Try a JPEG under 10 MB" in page.text
    assert fields(page)["text"] == TEXT


def test_words_taken_back_leave_the_memory_of_the_pages(pages: Pages) -> None:
    def held() -> int:
        return sum(isinstance(one, StoryText) for one in gc.get_objects())

    gc.collect()
    before, services = held(), pages.workspace.story_services
    pair = give_keys(services)[0]
    code = publish(services, pair, today=pages.now.date())[0].receipt.code
    as_text(services.consents.stories()[0].texts[0].body)
    assert held() > before
    take_back(pages.client(), code)
    pages.later.wait()
    pages.app.extensions["newsletter"]._forget()  # a timer does so after two seconds
    assert held() == before
    assert as_text.cache_info().currsize == 0


@pytest.mark.parametrize("size", [600_000, 3_000_000])
def test_of_far_too_much_text_the_beginning_stays_and_all_that_was_answered_before(
    pages: Pages, secret: str, size: int
) -> None:
    typed = TEXT + '"' * size
    page = send_raw(pages, text=typed, upload=b"")
    assert "This is too long" in page.text
    assert "Step 4 of 9" in page.text
    assert len(kept := fields(page)["text"]) > 20_000
    assert typed.startswith(kept)
    assert fields(page)["contact"] == PHONE
    assert pages.workspace.story_store.all() == ()


@pytest.mark.parametrize("path", [CHECK, TAKE_BACK])
def test_other_pages_take_no_large_bodies(pages: Pages, path: str) -> None:
    client = pages.client()
    answer = client.post(path, data={"code": "x" * 100_000})
    assert follow(client, answer).status_code == 413


def test_an_upload_never_goes_through_a_temporary_file(
    pages: Pages, secret: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    def refuse(*_: object, **__: object) -> None:
        raise AssertionError("a temporary file was made")

    for name in ("TemporaryFile", "NamedTemporaryFile", "SpooledTemporaryFile", "mkstemp"):
        monkeypatch.setattr(f"tempfile.{name}", refuse)
    monkeypatch.setattr("werkzeug.formparser.SpooledTemporaryFile", refuse)
    answer = send_raw(pages, text="We met.", upload=b"x" * 3_000_000)
    assert "not a picture we can read" in answer.text


def test_every_post_is_answered_by_303(pages: Pages, secret: str) -> None:
    for path in (
        TELL,
        TAKE_BACK,
        CHECK,
        SORRY,
        "/stories/exit",
        "/stories/nothing",
        "/stories/new",
    ):
        for data in ({}, {"text": "x" * 900_000}, {"code": "0"}):
            client = pages.client()
            answer = client.post(path, data=data)
            assert (path, answer.status_code) == (path, 303)
            assert client.get(answer.headers["Location"]).text


def test_a_fault_of_ours_is_answered_by_303_and_what_was_typed_stays(
    pages: Pages, secret: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    client = pages.client()
    page = at_the_end(client)
    monkeypatch.setattr(
        "newsletter.store.stories.SqlStories.add", lambda *_: (_ for _ in ()).throw(StoreError("x"))
    )
    page = press(client, page, "next", **YES)
    assert "It is our fault" in page.text
    assert fields(page)["text"] == TEXT
    monkeypatch.undo()
    assert code_on(press(client, page, "next", **YES))


def test_a_form_that_is_too_old_is_shown_again_with_all_that_was_typed(
    pages: Pages, secret: str
) -> None:
    client = pages.client()
    page = at_the_end(client)
    client.delete_cookie("newsletter")
    again = press(client, page, "next", **YES)
    assert "press the button once more" in again.text
    assert "Step 9 of 9" in again.text
    assert fields(again)["once"] != fields(page)["once"]
    # its notice is shown again, as nobody can say that it was
    first = press(client, again, "next", **YES)
    assert "Step 1 of 9" in first.text
    assert fields(first)["text"] == TEXT


@pytest.mark.parametrize("site", ["cross-site", "same-site"])
def test_another_site_can_put_no_words_into_the_form(pages: Pages, secret: str, site: str) -> None:
    client = pages.client()
    data = {**ANSWERS, "once": "A" * 43, "step": str(LAST), "go": "next"}
    answer = client.post(TELL, data=data, headers={"Sec-Fetch-Site": site})
    page = follow(client, answer)
    assert "Step 1 of 9" in page.text
    assert TEXT not in page.text
    assert "A" * 43 not in page.text
    assert pages.workspace.story_store.all() == ()


def test_a_form_sent_twice_is_one_story_with_one_code(pages: Pages, secret: str) -> None:
    client = pages.client()
    page = at_the_end(client)
    before = len(pages.workspace.story_store.events())
    first, second = (send(client, page, **YES) for _ in range(2))
    codes = {code_on(follow(client, answer)) for answer in (first, second)}
    assert len(codes) == 1
    assert len(pages.workspace.story_store.all()) == 1
    assert len(pages.workspace.story_store.events()) == before + 2
    take_back(client, codes.pop())
    (row,) = pages.workspace.story_store.all()
    assert row.state is SubmissionState.WITHDRAWN


def test_the_answer_is_the_same_for_a_new_a_known_and_a_withdrawn_text(
    pages: Pages, secret: str
) -> None:
    def plain(page: TestResponse) -> str:
        """The page without what is random, whoever sends what."""
        code = code_on(page)
        record = json.loads(fields(page)["json"])["receipt_header"]["record_id"]
        text = page.text.replace(code, "CODE").replace(record, "RECORD")
        return re.sub(r'(name="csrf_token" value=")[^"]+', r"\1", text)

    new = told(pages)
    known = told(pages)
    for page in (new, known):
        take_back(pages.client(), code_on(page))
    withdrawn = told(pages)
    assert len({page.status_code for page in (new, known, withdrawn)}) == 1
    assert len({code_on(page) for page in (new, known, withdrawn)}) == 3
    assert plain(new) == plain(known) == plain(withdrawn)


def test_without_two_keys_no_story_is_taken(pages: Pages) -> None:
    assert pages.client().get(TELL).status_code == 503
    assert TELL not in pages.client().get("/subscribe").text
    give_keys(pages.workspace.story_services, "Ana")
    assert pages.client().get(TELL).status_code == 503, "one key, once lost, loses every story"


def test_every_pages_foot_leads_to_the_story_pages(pages: Pages, secret: str) -> None:
    for language, tongue, words in (("en", "en", "Tell your"), ("es", "es", "Cuente su")):
        page = pages.client(language).get("/subscribe").text
        assert f'<a href="{TELL}" lang="{tongue}">{words}' in page
        assert f'<a href="{TAKE_BACK}"' in page


def test_addresses_printed_before_lead_to_the_pages(pages: Pages, secret: str) -> None:
    for old, new in (("/stories/new", TELL), ("/stories/withdraw", TAKE_BACK)):
        answer = pages.client().get(old)
        assert (answer.status_code, answer.headers["Location"]) == (308, new)


def test_titles_and_addresses_say_nothing(pages: Pages, secret: str) -> None:
    client = pages.client()
    page = tell(client)
    code = code_on(page)
    seen = [client.get(TELL), page, press(client, page, typed=code), take_back(client, code)]
    for one in seen:
        assert "<title>Test Coalition</title>" in one.text
        assert re.fullmatch(r"/stories/[a-z](\?p=[\w-]{8})?", one.request.full_path.rstrip("?"))


def test_a_post_without_our_form_keeps_nothing(pages: Pages, secret: str) -> None:
    client = pages.client()
    follow(client, client.post(TELL, data={**ANSWERS, "step": str(LAST), "go": "next"}))
    assert pages.workspace.story_store.all() == ()


def test_without_cookies_it_is_said_before_anything_is_typed(pages: Pages, secret: str) -> None:
    client = pages.app.test_client(use_cookies=False)
    page = follow(client, client.post(TELL, data=fields(client.get(TELL))))
    assert "needs one cookie" in page.text


def test_the_code_is_typed_back(pages: Pages, secret: str) -> None:
    client = pages.client()
    page = tell(client)
    code = code_on(page)
    wrong = press(client, page, typed="0000")
    assert "not the same code" in wrong.text
    assert code_on(wrong) == code
    assert "Your receipt" in wrong.text
    right = press(client, wrong, typed=code.lower())
    assert "That is right" in right.text
    assert code not in right.text
    nothing = press(client, wrong, code="", typed="")
    assert "That is right" not in nothing.text


def test_a_story_is_taken_back_in_one_step_without_key_or_editor(pages: Pages, secret: str) -> None:
    code = code_on(told(pages))
    client = pages.client("es")
    answer = take_back(client, f" {code.lower()} ")
    assert answer.status_code == 200
    assert "Su historia está retirada" in answer.text
    assert "no se puede borrar ni hacer que regrese" in answer.text
    (row,) = pages.workspace.story_store.all()
    assert row.state is SubmissionState.WITHDRAWN
    assert "ya no se conoce" in client.get(answer.request.full_path).text  # loaded again
    again = take_back(pages.client(), code)
    assert "not known here" in again.text
    assert f'value="{code}"' in again.text


def test_editors_are_mailed_whom_to_ask_when_a_story_others_may_reprint_is_taken_back(
    pages: Pages,
) -> None:
    desk = pages.workspace.story_services
    submitted, story = publish(desk, give_keys(desk)[0])
    path = pages.workspace.root / "stories" / f"{story.id}.md"
    leave = "consent:\n  reuse_by: [harbor-legal-aid]\n"
    path.write_text(path.read_text().replace("consent:\n", leave, 1))
    answer = take_back(pages.client(), submitted.receipt.code)
    assert "take it down: Harbor Legal Aid." in answer.text
    pages.later.wait()
    (mail,) = pages.mailbox.notices
    assert mail.address == pages.workspace.config.sender.reply_to
    assert "harbor-legal-aid had permission to reprint it" in mail.text
    assert submitted.receipt.code not in mail.text


@pytest.mark.usefixtures("secret")
def test_editors_are_mailed_that_a_story_came_and_nothing_of_it(pages: Pages) -> None:
    code = code_on(told(pages))
    told(pages, text=TEXT[::-1])
    pages.later.wait()
    (mail,) = pages.mailbox.notices  # once a day, however many come
    assert mail.address == pages.workspace.config.sender.reply_to
    assert "newsletter stories inbox" in mail.text
    rows = pages.workspace.story_store.all()
    for secret in (code, NAME, PHONE, *(row.id for row in rows)):
        assert secret not in mail.subject + mail.text + mail.html


@pytest.mark.usefixtures("secret")
def test_a_mail_to_the_editors_that_cannot_be_counted_costs_nobody_their_code(
    pages: Pages, monkeypatch: pytest.MonkeyPatch
) -> None:
    def away(*_: object, **__: object) -> int:
        raise StoreError("the database does not answer")

    page = at_the_end(client := pages.client())
    with monkeypatch.context() as patch:
        real = type(pages.workspace.visits).add
        calls = []

        def add(self: object, key: bytes, *more: object, **how: object) -> int:
            if key == _MAILED:
                calls.append(key)
                return away()
            return real(self, key, *more, **how)  # type: ignore[arg-type]

        patch.setattr(type(pages.workspace.visits), "add", add)
        assert code_on(press(client, page, "next", **YES))
    assert calls
    assert pages.mailbox.notices == []


def test_a_flood_of_stories_fills_no_disk_and_takes_nobodys_words(
    pages: Pages, secret: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("newsletter.web.stories_tell._AT_ALL", parse("6 per hour"))
    client = pages.client()
    page = at_the_end(client)
    shown = []
    for number in range(8):
        client.environ_base["REMOTE_ADDR"] = f"192.0.2.{number}"
        text = f"We waited at door {number}."
        shown.append(press(client, page, "next", **YES, text=text))
    assert [bool(re.search('class="code"', one.text)) for one in shown] == [True] * 6 + [False] * 2
    assert "keep this page open" in shown[-1].text
    assert fields(shown[-1])["text"] == "We waited at door 7."


WRONG = "0000-0000-0000-00000"  # has the right check character: it is looked for


@pytest.mark.parametrize("path", [TAKE_BACK, YOURS])
def test_after_many_wrong_codes_a_slip_is_still_told_to_look_at_each_letter(
    pages: Pages, secret: str, monkeypatch: pytest.MonkeyPatch, path: str
) -> None:
    """It said "try again in an hour", where a right code passes at once."""
    monkeypatch.setattr("newsletter.web.code_turns.WRONG_CODES", parse("5 per hour"))
    code = code_on(told(pages))
    client = pages.client()
    for _ in range(7):
        page = follow(client, client.post(path, data={"code": WRONG, "text": TEXT}))
        assert "Please look again at each letter" in page.text
        assert fields(page)["code"] == WRONG
        assert fields(page).get("text", TEXT) == TEXT
    done = follow(client, client.post(TAKE_BACK, data={"code": code}))
    assert "Your story is taken back" in done.text


def test_without_cookies_a_story_is_taken_back_all_the_same(pages: Pages, secret: str) -> None:
    client = pages.app.test_client(use_cookies=False)
    page = take_back(client, code_on(told(pages)))
    assert "a story that was taken back is not known here any more" in page.text
    assert pages.workspace.story_store.all()[0].state is SubmissionState.WITHDRAWN


def test_a_flood_of_forms_pushes_out_its_own_pages_and_no_other_that_waits(
    pages: Pages, secret: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("newsletter.web.handover.MOST_PAGES", 80)  # more than `_MANY`
    client, flood = pages.client(), pages.client()
    page = to_the_questions(client)
    waiting = send(client, page, go="next", text=TEXT)
    pages.pass_time(seconds=1)
    for path in (TELL, TAKE_BACK, SORRY, YOURS):
        for _ in range(60):
            flood.post(path, data={"code": "x"})
    assert fields(follow(client, waiting))["text"] == TEXT


def test_a_flood_from_the_same_address_shuts_no_story_page(pages: Pages, secret: str) -> None:
    """Telling answered "too many requests", and what was typed was gone."""
    client = pages.client()
    page = at_the_end(client)
    for path in ("/subscribe", TELL, YOURS):  # each page is counted by itself
        statuses = {pages.client().get(path).status_code for _ in range(310)}
        assert (429 in statuses) == (path == "/subscribe")
    code = code_on(receipt := press(client, page, "next", **YES))
    assert "That is right" in press(client, receipt, typed=code).text
    assert "Take your story back" in press(client, client.get(YOURS), code=code).text
    assert "Your story is taken back" in take_back(client, code).text


def test_a_story_is_taken_back_while_the_database_is_away(pages: Pages) -> None:
    """Its file goes at once; only the counting of wrong codes asked the database first."""
    desk = pages.workspace.story_services
    submitted, story = publish(desk, give_keys(desk)[0])
    with database_away(pages):
        done = take_back(pages.client(), submitted.receipt.code)
    assert "Your story is taken back" in done.text
    assert not (pages.workspace.root / "stories" / f"{story.id}.md").exists()


def test_a_code_in_a_flood_from_its_address_waits_in_the_browser_and_not_in_a_thread(
    pages: Pages, secret: str
) -> None:
    code = code_on(told(pages))
    client = pages.client()
    for _ in range(31):
        take_back(pages.client(), WRONG)
    with code_turns._slowed:  # another code from there is being checked
        asked = client.post(TAKE_BACK, data={"code": code})
        waits = follow(client, asked)
        assert "One moment, please" in waits.text
        assert waits.headers["Refresh"] == f"{code_turns.SECONDS}; url={TAKE_BACK}"
        assert code not in str(asked.headers) + str(waits.headers) + waits.text
        cookie = {part.strip() for part in asked.headers["Set-Cookie"].split(";")[1:]}
        kept = {f"Path={TAKE_BACK}", "HttpOnly", "SameSite=Strict", "Secure", "Max-Age=600"}
        assert kept <= cookie
        assert "One moment, please" in client.get(TAKE_BACK).text
        asked = follow(client, client.post(YOURS, data={"code": code, "do": "write", "text": TEXT}))
        assert "try again in a while" in asked.text
        assert fields(asked)["text"] == TEXT
    opened = follow(client, client.post(YOURS, data={"code": code, "do": "look", "text": TEXT}))
    assert TEXT in html.unescape(opened.text)
    done = follow(client, client.get(TAKE_BACK))
    assert "Your story is taken back" in done.text
    assert pages.workspace.story_store.all()[0].state is SubmissionState.WITHDRAWN
    assert client.get_cookie("turn", path=TAKE_BACK) is None
    assert "One moment" not in client.get(TAKE_BACK).text


def test_nobody_waits_for_codes_that_are_asked_for_no_more(pages: Pages, secret: str) -> None:
    """Places in a line were kept for those who said nothing: 200 of them shut taking back."""
    code = code_on(told(pages))
    for _ in range(31):
        take_back(pages.client(), WRONG)
    client = pages.client()
    with code_turns._slowed:
        for who in (*(pages.client() for _ in range(20)), client):
            answer = who.post(TAKE_BACK, data={"code": code if who is client else WRONG})
            assert "One moment, please" in follow(who, answer).text
    assert "Your story is taken back" in follow(client, client.get(TAKE_BACK)).text


def test_a_code_that_waits_is_kept_as_long_as_its_page_is_open(
    pages: Pages, secret: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    code = code_on(told(pages))
    client = pages.client()
    for _ in range(31):
        take_back(pages.client(), WRONG)
    with code_turns._slowed:
        follow(client, client.post(TAKE_BACK, data={"code": code}))
        first = client.get_cookie("turn", path=TAKE_BACK)
        client.get(TAKE_BACK)
    assert first != client.get_cookie("turn", path=TAKE_BACK)


def test_a_code_that_waited_too_long_in_a_browser_takes_nothing_back(
    pages: Pages, secret: str
) -> None:
    code, client = code_on(told(pages)), pages.client()
    with pages.app.test_request_context():
        seal = code_turns._seal()
    for seconds, status in ((code_turns._KEPT_FOR + 60, 200), (1, 303)):
        sealed = seal.encrypt_at_time(code.encode(), int(time.time()) - seconds)
        client.set_cookie("turn", sealed.decode(), path=TAKE_BACK)
        assert client.get(TAKE_BACK).status_code == status


def test_the_code_stays_in_the_form_when_the_database_is_away(
    pages: Pages, secret: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    def away(*_: object) -> None:
        raise StoreError("away")

    code = code_on(told(pages))
    monkeypatch.setattr("newsletter.store.stories.SqlStories.by_receipt", away)
    page = take_back(pages.client(), code).text
    assert "It is our fault" in page
    assert code in page


def test_a_waiting_code_of_another_server_or_day_is_none(pages: Pages, secret: str) -> None:
    client = pages.client()
    client.set_cookie("turn", "gAAAAABh", path=TAKE_BACK)
    assert client.get(TAKE_BACK).status_code == 200


def test_a_slip_of_the_pen_costs_nothing(
    pages: Pages, secret: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(
        "newsletter.web.stories.withdraw_by_code", lambda *_, **__: pytest.fail("was looked for")
    )
    assert "not known here" in take_back(pages.client(), "7GQK-2M9X-0TRV-3H8DV").text


def test_the_way_out_leaves_no_cookie(pages: Pages) -> None:
    client = pages.client()
    client.get(TELL)
    answer = client.get("/stories/exit")
    assert answer.status_code == 303
    assert answer.headers["Location"].startswith("https://www.wikipedia.org")
    assert '"cookies"' in answer.headers["Clear-Site-Data"]
    assert answer.headers["Referrer-Policy"] == "no-referrer"


@pytest.mark.parametrize("address", [f"{SORRY}?s=429", f"{SORRY}?s=503", "/stories/nothing-here"])
def test_an_error_on_a_page_of_a_story_has_the_way_out_and_a_title_that_says_nothing(
    pages: Pages, secret: str, address: str
) -> None:
    page = pages.client("es").get(address).text
    assert "Salir ya de esta página" in page
    assert "<title>Test Coalition</title>" in page
    assert "Salir ya" not in pages.client("es").get("/nothing-here").text


def test_arabic_storytellers_get_arabic(pages: Pages, secret: str) -> None:
    """Whoever read the Arabic edition got the form and the notice in English."""
    page = pages.client("ar").get(TELL).text
    assert '<html lang="ar" dir="rtl">' in page
    assert '<div lang="ar" dir="rtl">' in page
    assert "1. من يطلبها." in page
    assert "لم يراجع هذه الترجمة" in page
    assert "What happens" not in page


def test_a_reader_of_another_language_gets_english_words_marked_so(
    pages: Pages, secret: str
) -> None:
    page = pages.client("fr").get(TELL).text
    assert '<div lang="en" dir="ltr">' in page


def test_a_language_that_the_newsletter_does_not_have_is_offered_on_these_pages_only(
    pages: Pages, secret: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A fourth language is one catalogue; the frame of the page stays in one that it has."""
    for path in STORIES.glob("*.po"):
        (tmp_path / path.name).write_bytes(path.read_bytes())
    write(tmp_path / "mam.po", {})
    monkeypatch.setattr(story_language, "STORIES", tmp_path)
    client = pages.client("en")
    assert 'lang="mam"' not in client.get("/subscribe").text
    page = client.get(f"{TELL}?lang=mam").text
    assert '<span aria-current="true" lang="mam">Qyool Mam</span>' in page
    assert '<div lang="mam" dir="ltr">' in page
    assert "«What happens with your story»" in page
    assert '<html lang="en" dir="ltr">' in page
    assert '<html lang="en" dir="ltr">' in client.get("/subscribe").text
