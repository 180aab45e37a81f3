"""What holds for every page: headers, errors, languages, limits, logs."""

import logging
import re
from collections.abc import Callable
from pathlib import Path

import pytest
from babel.messages.pofile import read_po
from werkzeug.test import TestResponse

from newsletter.archive.published_folder import PublishedFolder
from newsletter.archive.shown import Shown
from newsletter.config import Config
from newsletter.design.catalogues import PAGES, translations
from newsletter.errors import ConfigError, ServiceError
from newsletter.model.subscriber import Purpose
from newsletter.store.database import open_engine
from newsletter.web.after_response import AfterResponse
from newsletter.web.app import create_app
from newsletter.wiring import Workspace, resources
from tests.conftest import NEWSLETTER_TOML, ROOT
from tests.web.conftest import Pages, submit


def every_page(pages: Pages) -> list[TestResponse]:
    person = pages.person()
    paths = ["/", "/subscribe", "/subscribe/sent", "/links", "/links/sent", "/style-en.css"]
    paths += ["/healthz", "/nothing", "/leave/forged", "/archive/"]
    paths += [pages.link(purpose, person, aged=True) for purpose in Purpose]
    client = pages.client()
    return [client.get(path) for path in paths]


def test_every_answer_lets_nothing_in_from_elsewhere(pages: Pages) -> None:
    for answer in every_page(pages):
        policy = answer.headers["Content-Security-Policy"]
        assert policy.startswith("default-src 'none'; style-src 'self'; img-src 'self'")
        assert "http" not in policy
        assert "frame-ancestors 'none'" in policy
        assert answer.headers["X-Content-Type-Options"] == "nosniff"
        assert answer.headers["Referrer-Policy"] == "no-referrer"
        assert answer.headers["Strict-Transport-Security"]
        assert not re.findall(
            r'(?:src|href|action)="(?:https?:)?//(?!coalition\.example")', answer.text
        )
        assert "<script" not in answer.text
        assert " style=" not in answer.text


def test_personal_pages_are_kept_nowhere(pages: Pages) -> None:
    for purpose in Purpose:
        answer = pages.client().get(pages.link(purpose, pages.person(), aged=True))
        assert answer.headers["Cache-Control"] == "no-store"
        assert answer.headers["X-Robots-Tag"] == "noindex"


def test_the_cookie_is_for_our_pages_only(pages: Pages) -> None:
    cookie = pages.client().get("/subscribe").headers["Set-Cookie"]
    for word in ("Secure", "HttpOnly", "SameSite=Lax"):
        assert word in cookie


@pytest.mark.parametrize(
    ("header", "query", "expected"),
    [
        ("es-MX,es;q=0.9,en;q=0.5", "", "es"),
        ("fr", "", "en"),
        ("", "", "en"),
        ("en", "?lang=es", "es"),
        ("es", "?lang=xx", "es"),
        ("x" * 5000, "?lang=" + "y" * 500, "en"),
    ],
)
def test_a_page_is_in_the_language_of_the_browser_or_the_one_chosen(
    pages: Pages, header: str, query: str, expected: str
) -> None:
    shown = pages.client(header).get(f"/subscribe{query}").text
    assert f'<html lang="{expected}" dir="ltr">' in shown


@pytest.mark.parametrize(
    ("languages", "spoken"),
    [('["es-MX", "en", "es"]', ("es", "en")), ('["ar"]', ("ar",)), ('["tlh"]', ("en",))],
)
def test_the_pages_speak_the_coalitions_languages_as_far_as_there_are_words(
    make_config: Callable[..., Config], languages: str, spoken: tuple[str, ...]
) -> None:
    toml = NEWSLETTER_TOML.replace('["en", "es"]', languages, 1)
    assert Workspace(config=make_config(toml)).page_languages == spoken


def test_a_catalogue_of_a_region_or_a_script_is_for_those_who_read_it(
    make_config: Callable[..., Config], tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    for tag, word in (
        ("zh-Hant", "訂閱"),
        ("zh", "订阅"),
        ("pt-BR", "Assinar"),
        ("es", "Suscribirse"),
    ):
        po = f'msgid ""\nmsgstr "Language: {tag}\\n"\n\nmsgid "Subscribe"\nmsgstr "{word}"\n'
        (tmp_path / f"{tag}.po").write_text(po, encoding="utf-8")
    monkeypatch.setattr(resources, "PAGES", tmp_path)
    toml = NEWSLETTER_TOML.replace('["en", "es"]', '["zh-TW", "pt-BR", "es-MX", "en"]', 1)
    workspace = Workspace(config=make_config(toml))
    assert workspace.page_languages == ("zh-Hant", "pt-BR", "es", "en")
    said = {
        tag: workspace.page_words(tag).gettext("Subscribe")
        for tag in ("zh-Hant-HK", "zh-CN", "pt-br", "pt-PT", "es-MX", "en", "vi")
    }
    assert list(said.values()) == [
        "訂閱", "订阅", "Assinar", "Assinar", "Suscribirse", "Subscribe", "Subscribe"
    ]  # fmt: skip


def test_the_language_that_was_chosen_stays(pages: Pages) -> None:
    client = pages.client("en")
    client.get("/subscribe?lang=es")
    assert '<html lang="es"' in client.get("/links").text


def test_every_word_of_the_pages_and_mails_is_in_every_catalogue() -> None:
    said = set()
    for folder, pattern in (("templates/web", "*.html"), ("newsletter/web", "*.py")):
        # Storytellers' pages have a catalogue of their own: tests/stories/test_story_language.py.
        for path in set((ROOT / folder).glob(pattern)) - set((ROOT / folder).glob("*stor*")):
            text = re.sub(r'"\s*\n\s*"', "", path.read_text())
            said |= set(re.findall(r'\b(?:_|gettext)\(\s*"((?:[^"\\]|\\.)+)"', text))
            said |= set(re.findall(r"\b_\(\s*'([^']+)'", text))
    notices = (ROOT / "newsletter/people/notices.py").read_text()
    said |= set(
        re.findall(r'\bgettext\(\s*"((?:[^"\\]|\\.)+)"', re.sub(r'"\s*\n\s*"', "", notices))
    )
    assert len(said) > 80
    for path in PAGES.glob("*.po"):
        words = translations(path.stem, PAGES)
        missing = {text for text in said if text != "Error" and words.gettext(text) == text}
        assert missing == set(), path.name
        for text in said:
            assert re.findall(r"%\(\w+\)s", text) == re.findall(r"%\(\w+\)s", words.gettext(text))


@pytest.mark.parametrize(
    ("language", "frightening"),
    [
        ("en", r"(?<!email) address\b(?! is)|\b(the|our) list\b|of you\b|\bdiscreet\b"),
        ("es", r"(?<!enlace )\b(la|su) dirección\b(?! de correo)|en la lista|[Pp]ulse|revertir"),
        ("ar", r"العنوان\b|عنوانك|القائمة|اختر\b|تريد\b|اطلب\b|المجتمع"),
    ],
)
def test_no_page_speaks_of_where_one_lives_or_of_a_list(language: str, frightening: str) -> None:
    """ "We keep the address" stood at the foot of every page, "you are on the list" above it;
    Arabic spoke to men only."""
    path = PAGES / f"{language if language != 'en' else 'es'}.po"
    with path.open("rb") as source:
        said = [str(one.id if language == "en" else one.string) for one in read_po(source)]
    assert [words for words in said if re.search(frightening, words)] == []


def test_a_form_that_is_too_large_is_refused(pages: Pages) -> None:
    answer = pages.client().post("/subscribe", data={"address": "x" * 70_000})
    assert answer.status_code == 413
    assert "That is too large" in answer.text
    link = pages.link(Purpose.LEAVE, pages.person())
    assert pages.client().post(link, data=b"x" * 70_000).status_code in (200, 413)


def test_an_old_form_says_what_to_do(pages: Pages) -> None:
    answer = pages.client("es").post("/subscribe", data={"address": "ana@x.example"})
    assert answer.status_code == 400
    assert "Este formulario ya venció" in answer.text


def test_a_method_that_is_not_there_is_answered_in_words(pages: Pages) -> None:
    answer = pages.client().delete("/subscribe")
    assert (answer.status_code, "This did not work" in answer.text) == (405, True)
    assert "POST" in answer.headers["Allow"]


def test_a_visitor_who_asks_too_often_has_to_wait(pages: Pages) -> None:
    client = pages.client()
    answers = [
        submit(client, "/links", address=f"p{number}@x.example").status_code for number in range(13)
    ]
    assert answers == [303] * 12 + [429]
    other = pages.client()
    other.environ_base["REMOTE_ADDR"] = "203.0.113.9"
    assert submit(other, "/links", address="zoe@x.example").status_code == 303


def test_a_database_that_is_away_is_one_line_in_the_log(
    pages: Pages, caplog: pytest.LogCaptureFixture, monkeypatch: pytest.MonkeyPatch
) -> None:
    away = open_engine("postgresql://nobody@127.0.0.1:1/none", root=pages.workspace.root)
    link = pages.link(Purpose.PREFERENCES, pages.person())
    monkeypatch.setattr(pages.workspace.subscribers, "_engine", away)
    assert pages.client().get(link).status_code == 503
    assert caplog.text.count("\n") == 1
    assert "the database does not work" in caplog.text
    assert link.rpartition("/")[2] not in caplog.text


def test_a_host_that_is_none_is_refused_quietly(
    pages: Pages, caplog: pytest.LogCaptureFixture
) -> None:
    answer = pages.client().get("/subscribe", headers={"Host": "a" * 3000})
    assert answer.status_code == 400
    assert caplog.text == ""


def test_no_visitor_link_or_address_is_logged_or_stored(
    pages: Pages, caplog: pytest.LogCaptureFixture, monkeypatch: pytest.MonkeyPatch
) -> None:
    caplog.set_level(logging.DEBUG)
    person = pages.person()
    link = pages.link(Purpose.PREFERENCES, person)
    client = pages.client()
    client.environ_base["REMOTE_ADDR"] = "203.0.113.77"
    submit(client, "/subscribe", address="canary@x.example", edition="es", frequency="weekly")
    pages.later.wait()
    pages.app.testing = False
    pages.app.config["PROPAGATE_EXCEPTIONS"] = False
    monkeypatch.setattr(
        pages.workspace.subscribers, "get", lambda _: (_ for _ in ()).throw(OSError("disk"))
    )
    assert client.get(link).status_code == 500
    pages.mailbox.send = broken  # type: ignore[method-assign]
    submit(client, "/subscribe", address="other@x.example", edition="es", frequency="weekly")
    pages.later.stop()
    assert "preferences.choices failed" in caplog.text
    for secret in ("203.0.113.77", link.rpartition("/")[2], "canary@", "other@", "ana@"):
        assert secret not in caplog.text
    files = b"".join(path.read_bytes() for path in pages.workspace.root.glob("*.db*"))
    assert b"203.0.113.77" not in files


def broken(_notice: object) -> None:
    raise ServiceError("the mail server is gone")


def test_a_mail_that_could_not_leave_is_tried_again() -> None:
    tries = []

    def job() -> None:
        tries.append(1)
        if len(tries) < 3:
            raise ServiceError("gone")

    later = AfterResponse(pauses=(0, 0, 0), later=(0, 0))
    later.do(job)
    later.wait()
    assert len(tries) == 3


def test_what_an_answer_must_not_tell_by_its_time_is_done_when_it_has_left() -> None:
    done: list[int] = []
    later = AfterResponse(later=(3600, 3600))
    assert later.do(lambda: done.append(1))
    assert later.do(lambda: done.append(2))
    assert done == []
    later.stop()
    assert done == [1, 2]


def test_health_is_said_without_a_word_about_people(pages: Pages) -> None:
    pages.person()
    assert pages.client().get("/healthz").text == "ok\n"


def test_the_archive_is_served_where_there_is_one(pages: Pages) -> None:
    assert pages.client().get("/archive/").status_code == 404
    files = {"index.html": "<p>All issues</p>", "2026-W47/index.html": "<p>One issue</p>"}
    PublishedFolder(pages.workspace.site_folder).replace(files, Shown())
    (pages.workspace.root / "secret.txt").write_text("no")
    for path, words in (("", "All issues"), ("2026-W47/", "One issue")):
        with pages.client().get(f"/archive/{path}") as answer:
            assert words in answer.text
    assert pages.client().get("/archive/2026-W47").location == "/archive/2026-W47/"
    assert 'href="/archive/"' in pages.client().get("/subscribe").text
    for path in (
        ".newsletter-archive",
        "../secret.txt",
        "%2e%2e/secret.txt",
        "/etc/passwd",
        "..%2fsecret.txt",
    ):
        answer = pages.client().get(f"/archive/{path}", follow_redirects=True)
        assert answer.status_code == 404


@pytest.mark.parametrize("what", ["key", "address"])
def test_the_app_does_not_start_without_its_key_and_public_address(
    make_config: Callable[..., Config], what: str
) -> None:
    toml = NEWSLETTER_TOML
    if what == "address":
        toml = toml.replace('url = "https://news.coalition.example"', "")
        config = make_config(toml)
    else:
        config = make_config(toml, NEWSLETTER_SECRET_KEY="")
    with pytest.raises(ConfigError):
        create_app(Workspace(config=config))


def test_a_workspace_may_change_the_look(pages: Pages) -> None:
    folder = Path(pages.workspace.root) / "templates" / "web"
    folder.mkdir(parents=True)
    (folder / "sent.html").write_text("<p>Our own words</p>")
    assert pages.client().get("/subscribe/sent").text == "<p>Our own words</p>"
