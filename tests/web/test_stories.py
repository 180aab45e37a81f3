"""The story pages: sealed at once, nothing half-kept, taken back in one step."""

import re
from io import BytesIO

import pytest
from werkzeug.test import TestResponse

from newsletter.model.consent import Channel
from newsletter.model.submission import SubmissionState
from newsletter.stories.keys.vault import unseal
from newsletter.web.stories import LARGEST_STORY
from tests.stories.making import ANSWERS, NAME, PHONE, TEXT, give_keys, picture, publish
from tests.web.conftest import Pages, submit


@pytest.fixture
def secret(pages: Pages) -> str:
    """A workspace with two keys; the first one's private half."""
    return give_keys(pages.workspace.story_services)[0].secret


def send(pages: Pages, language: str = "en", **changes: object) -> TestResponse:
    client = pages.client(language)
    return submit(client, "/stories/new", **{**ANSWERS, **changes})


def code_on(answer: TestResponse) -> str:
    found = re.search(r'class="code">([0-9A-Z-]+)<', answer.text)
    assert found is not None, answer.text
    return found[1]


def test_a_story_is_sealed_and_a_code_shown_once(pages: Pages, secret: str) -> None:
    answer = send(pages, picture=(BytesIO(picture()), "me.png"))
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
    assert code_on(answer)


def test_the_exact_consent_text_is_shown_and_its_hash_kept(pages: Pages, secret: str) -> None:
    for language, line in (("en", "What happens with your story"), ("es", "Qué pasa con su")):
        shown = pages.client(language).get("/stories/new").text
        assert line in shown
        assert "https://news.coalition.example/stories/withdraw" in shown
    send(pages, "es")
    (row,) = pages.workspace.story_store.all()
    assert row.consent.notice_language == "es"
    assert len(row.consent.notice_sha256) == 64


def test_nothing_is_chosen_beforehand(pages: Pages, secret: str) -> None:
    assert " checked" not in pages.client().get("/stories/new").text


def test_what_is_missing_is_said_and_what_was_typed_stays(pages: Pages, secret: str) -> None:
    answer = send(pages, use_press="", attribution_words="", months="99")
    assert answer.status_code == 400
    assert "Please answer this" in answer.text
    assert "which name we may print" in answer.text
    assert "cleaned offices at night" in answer.text
    assert 'value="6" checked' not in answer.text
    assert pages.workspace.story_store.all() == ()


@pytest.mark.parametrize(
    "changes",
    [
        {"text": "<script>alert(1)</script>"},
        {"name": "<img src=x onerror=alert(1)>"},
        {"text": "x" * 20_001},
        {"title": "x" * 121},
        {"is_minor": "yes"},
        {"is_minor": "yes", "guardian_consent": "yes"},
        {"picture": (BytesIO(b"GIF89a nonsense"), "x.gif")},
        {"capacity_attested": ""},
        {"use_email_excerpt": "no", "use_web_archive": "no"},
        {"language_en": "no"},
    ],
)
def test_a_bad_answer_keeps_nothing(pages: Pages, secret: str, changes: dict[str, object]) -> None:
    answer = send(pages, **changes)
    assert answer.status_code == 400
    assert "<script>alert" not in answer.text
    assert "<img src=x" not in answer.text
    assert pages.workspace.story_store.all() == ()
    assert pages.workspace.story_store.events() == ()


def send_raw(pages: Pages, *, text: bytes, upload: bytes) -> TestResponse:
    """The form as bytes: the test client itself would use a temporary file."""
    client = pages.client()
    token = re.search(r'name="csrf_token"[^>]*value="([^"]+)"', client.get("/stories/new").text)
    assert token is not None
    fields = {**ANSWERS, "csrf_token": token[1]}
    parts = [
        f'--b\r\nContent-Disposition: form-data; name="{name}"\r\n\r\n'.encode() + value
        for name, value in {
            **{name: value.encode() for name, value in fields.items()},
            "text": text,
        }.items()
    ]
    head = 'name="picture"; filename="x.bmp"\r\nContent-Type: image/bmp\r\n\r\n'
    parts.append(f"--b\r\nContent-Disposition: form-data; {head}".encode() + upload)
    return client.post(
        "/stories/new",
        data=b"\r\n".join([*parts, b"--b--\r\n"]),
        content_type="multipart/form-data; boundary=b",
    )


@pytest.mark.parametrize(
    ("text", "upload"), [(10_000_000, 10), (10, LARGEST_STORY + 1), (70_000, 10)]
)
def test_far_too_much_is_refused_unread(pages: Pages, secret: str, text: int, upload: int) -> None:
    answer = send_raw(pages, text=b"x" * text, upload=b"x" * upload)
    assert answer.status_code == 413
    assert pages.workspace.story_store.all() == ()


def test_other_pages_take_no_large_bodies(pages: Pages) -> None:
    answer = pages.client().post("/stories/withdraw", data={"code": "x" * 100_000})
    assert answer.status_code == 413


def test_an_upload_never_goes_through_a_temporary_file(
    pages: Pages, secret: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    def refuse(*_: object, **__: object) -> None:
        raise AssertionError("a temporary file was made")

    for name in ("TemporaryFile", "NamedTemporaryFile", "SpooledTemporaryFile", "mkstemp"):
        monkeypatch.setattr(f"tempfile.{name}", refuse)
    monkeypatch.setattr("werkzeug.formparser.SpooledTemporaryFile", refuse)
    answer = send_raw(pages, text=b"We met.", upload=b"x" * 3_000_000)
    assert answer.status_code == 400
    assert "not a picture we can read" in answer.text


def test_a_form_sent_twice_is_kept_once(pages: Pages, secret: str) -> None:
    assert send(pages).status_code == 200
    again = send(pages)
    assert again.status_code == 409
    assert "We have this story already" in again.text
    assert len(pages.workspace.story_store.all()) == 1


def test_without_two_keys_no_story_is_taken(pages: Pages) -> None:
    assert pages.client().get("/stories/new").status_code == 503
    assert "/stories/" not in pages.client().get("/subscribe").text


def test_every_pages_foot_leads_to_the_story_pages(pages: Pages, secret: str) -> None:
    for language, tongue, words in (("en", "en", "Tell your"), ("es", "es", "Cuente su")):
        page = pages.client(language).get("/subscribe").text
        assert f'<a href="/stories/new" lang="{tongue}">{words}' in page
        assert '<a href="/stories/withdraw"' in page


def test_a_post_without_our_form_is_refused(pages: Pages, secret: str) -> None:
    answer = pages.client().post("/stories/new", data=ANSWERS)
    assert answer.status_code == 400
    assert pages.workspace.story_store.all() == ()


def test_the_code_is_typed_back(pages: Pages, secret: str) -> None:
    client = pages.client()
    code = code_on(submit(client, "/stories/new", **ANSWERS))
    form = client.get("/stories/withdraw").text
    token = re.search(r'name="csrf_token"[^>]*value="([^"]+)"', form)
    assert token is not None
    data = {"csrf_token": token[1], "shown": code}
    wrong = client.post("/stories/receipt", data={**data, "typed": "0000"})
    assert "not the same code" in wrong.text
    assert code in wrong.text
    right = client.post("/stories/receipt", data={**data, "typed": code.lower()})
    assert "That is right" in right.text


def test_a_story_is_taken_back_in_one_step_without_key_or_editor(pages: Pages, secret: str) -> None:
    code = code_on(send(pages))
    answer = submit(pages.client("es"), "/stories/withdraw", code=f" {code.lower()} ")
    assert answer.status_code == 200
    assert "Su historia está retirada" in answer.text
    assert "no se puede borrar ni hacer que regrese" in answer.text
    (row,) = pages.workspace.story_store.all()
    assert row.state is SubmissionState.WITHDRAWN
    again = submit(pages.client(), "/stories/withdraw", code=code)
    assert again.status_code == 404
    refused = send(pages)
    assert refused.status_code == 409
    assert "taken back before" in refused.text


def test_editors_are_mailed_whom_to_ask_when_a_story_others_may_reprint_is_taken_back(
    pages: Pages,
) -> None:
    desk = pages.workspace.story_services
    submitted, story = publish(desk, give_keys(desk)[0])
    path = pages.workspace.root / "stories" / f"{story.id}.md"
    leave = "consent:\n  reuse_by: [harbor-legal-aid]\n"
    path.write_text(path.read_text().replace("consent:\n", leave, 1))
    answer = submit(pages.client(), "/stories/withdraw", code=submitted.receipt.code)
    assert "harbor-legal-aid" in answer.text
    pages.later.wait()
    (mail,) = pages.mailbox.notices
    assert mail.address == pages.workspace.config.sender.reply_to
    assert "harbor-legal-aid had permission to reprint it" in mail.text
    assert submitted.receipt.code not in mail.text


def test_a_flood_of_stories_fills_no_disk(pages: Pages, secret: str) -> None:
    statuses = []
    for number in range(62):
        client = pages.client()
        client.environ_base["REMOTE_ADDR"] = f"192.0.2.{number}"
        text = f"We waited at door number {number}, and nobody came to open it."
        statuses.append(submit(client, "/stories/new", **{**ANSWERS, "text": text}).status_code)
    assert statuses == [200] * 60 + [503] * 2


def test_guessing_codes_is_slowed(pages: Pages) -> None:
    statuses = {
        submit(pages.client(), "/stories/withdraw", code="7GQK2M9X0TRV3H8DW").status_code
        for _ in range(31)
    }
    assert statuses == {404, 429}


def test_the_way_out_leaves_no_cookie(pages: Pages) -> None:
    client = pages.client()
    client.get("/stories/new")
    answer = client.get("/stories/exit")
    assert answer.status_code == 303
    assert answer.headers["Location"].startswith("https://www.wikipedia.org")
    assert '"cookies"' in answer.headers["Clear-Site-Data"]
    assert answer.headers["Referrer-Policy"] == "no-referrer"


def test_arabic_storytellers_get_arabic(pages: Pages, secret: str) -> None:
    page = pages.client("ar").get("/stories/new").text
    assert '<html lang="ar" dir="rtl">' in page
    assert '<div lang="ar" dir="rtl">' in page
    assert "1. من يطلبها." in page


def test_a_reader_of_another_language_gets_english_words_marked_so(
    pages: Pages, secret: str
) -> None:
    page = pages.client("fr").get("/stories/new").text
    assert '<div lang="en" dir="ltr">' in page
