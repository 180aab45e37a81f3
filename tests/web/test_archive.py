"""What was taken back, narrowed or has ended is off the website at the next request: 410."""

import json
import re
import shutil
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field, replace
from datetime import date, timedelta
from http.client import HTTPConnection
from pathlib import Path
from typing import TYPE_CHECKING

import pytest
from sqlalchemy import Engine

from newsletter.config import load
from newsletter.errors import StoreError
from newsletter.files import replace_file
from newsletter.issues.approve import approve
from newsletter.issues.checking.check import check
from newsletter.issues.drafting.draft import draft
from newsletter.model.consent import Channel
from newsletter.model.delivery import Send, SendState
from newsletter.model.issue import issue_id_for
from newsletter.model.story import Story
from newsletter.model.submission import Actor
from newsletter.model.subscriber import Purpose, SubscriberState
from newsletter.stories.consent.change_consent import Narrowing, narrow
from newsletter.stories.consent.withdraw import withdraw_by_code
from newsletter.stories.record import document
from newsletter.stories.reviewing.read_back import record_agreement
from newsletter.stories.reviewing.review import with_review
from newsletter.stories.taking.submit import Submitted
from newsletter.web.after_response import AfterResponse
from newsletter.web.app import create_app
from newsletter.web.limits import limiter
from newsletter.web.stories_frame import TAKE_BACK
from newsletter.wiring import Workspace
from tests.browser import keeping_pages
from tests.conftest import ENVIRONMENT, NEWSLETTER_TOML, url_of
from tests.state import state_of
from tests.stories.making import give_keys, picture, review, take
from tests.web.conftest import FEEDS, Mailbox, Pages, submit
from tests.web.waitress_server import running

if TYPE_CHECKING:
    from playwright.sync_api import Browser, Page

SUBJECT = "Shared: we were all afraid to ask"  # quotes four words, and more
EVERYWHERE = Narrowing(channels=frozenset({Channel.WEB_ARCHIVE}))


@dataclass
class Sends:
    """A ledger that knows one issue, which went out."""

    sent: list[Send] = field(default_factory=list)

    def sends(self) -> tuple[Send, ...]:
        return tuple(self.sent)

    def find(self, issue_id: str) -> Send | None:
        return next((send for send in self.sent if send.issue_id == issue_id), None)


@dataclass
class Shown:
    """A served archive of one issue with one story and its picture."""

    pages: Pages
    story: Story
    taken: Submitted
    issue: str

    @property
    def workspace(self) -> Workspace:
        return self.pages.workspace

    @property
    def today(self) -> date:
        return self.workspace.config.coalition.day_of(self.pages.now)

    @property
    def paths(self) -> dict[str, str]:
        """Every page that shows the story, or a part of it."""
        folder = f"issues/{self.issue}/en/"
        (titles,) = (self.workspace.site_folder / "en/search").glob("*.json")
        (pictured,) = (self.workspace.site_folder / "pictures").iterdir()
        return {
            "story": f"stories/{self.story.id}/en/",
            "issue": folder,
            "share picture": f"{folder}share.png",
            "picture": f"pictures/{pictured.name}",
            "index": "",
            "English index": "en/",
            "list of all issues": "en/search/",
            "titles to search in": f"en/search/{titles.name}",
            "feed": "feed-en.xml",
        }

    def get(self, path: str, **headers: str) -> int:
        with self.pages.client().get(f"/archive/{path}", headers=headers) as answer:
            return answer.status_code

    def text(self, path: str) -> str:
        with self.pages.client().get(f"/archive/{path}") as answer:
            assert answer.status_code == 200, path
            return answer.get_data(as_text=True)

    def gone(self) -> set[str]:
        return {name for name, path in self.paths.items() if self.get(path) == 410}


@dataclass(frozen=True, kw_only=True)
class Written:
    """An archive written once for all tests: `kept` is a copy of its folder and its state."""

    made: Shown
    kept: Path

    @property
    def folders(self) -> dict[Path, Path]:
        workspace = self.made.workspace
        return {
            workspace.root: self.kept / "root",
            workspace.state_folder.path: self.kept / "state",
        }

    def again(self) -> Shown:
        """The same, as it was at first."""
        for folder, kept in self.folders.items():
            shutil.rmtree(folder, ignore_errors=True)
            if kept.is_dir():
                shutil.copytree(kept, folder)
        first = self.made.workspace
        workspace = Workspace(config=first.config)
        ours = ("post", "ledger", "templates")
        workspace.__dict__.update({name: first.__dict__[name] for name in ours})
        return replace(self.made, pages=_pages(workspace, self.made.pages.mailbox))


@pytest.fixture(scope="module")
def written(tmp_path_factory: pytest.TempPathFactory) -> Written:
    root = tmp_path_factory.mktemp("archive")
    (root / "newsletter.toml").write_text(NEWSLETTER_TOML)
    made = _shown(Workspace(config=load(root, ENVIRONMENT)), Mailbox())
    made.workspace.engine.dispose()
    one = Written(made=made, kept=tmp_path_factory.mktemp("kept"))
    for folder, kept in one.folders.items():
        if folder.is_dir():
            shutil.copytree(folder, kept)
    return one


@pytest.fixture
def shown(written: Written) -> Iterator[Shown]:
    made = written.again()
    yield made
    made.pages.later.stop()
    made.workspace.engine.dispose()
    limiter.reset()


def _shown(workspace: Workspace, mailbox: Mailbox) -> Shown:
    (workspace.root / "feeds.yaml").write_text(FEEDS)
    workspace.__dict__["post"] = mailbox
    sends = workspace.__dict__["ledger"] = Sends()
    services, today, now = workspace.story_services, workspace.today(), workspace.now()
    pair, _ = give_keys(services)
    taken = take(services, picture=picture(), today=today)
    story = review(services, taken, pair, with_picture=True)
    story = record_agreement(services, story.id, language="en", method="shown", today=today)
    issue = issue_id_for(today)
    draft(workspace.issue_sources, workspace.issues, workspace.draft_rules, now=now)
    path = workspace.root / f"issues/{issue}/en.md"
    text = re.sub("^subject:.*$", f'subject: "{SUBJECT}"', path.read_text(), flags=re.MULTILINE)
    path.write_text(text)
    (workspace.root / f"issues/{issue}/es.md").unlink()
    outcome = check(workspace.issue_sources, workspace.issues, issue, now=now, rotation_issues=4)
    rules = replace(workspace.approval_rules, required=1)
    approve(outcome, workspace.issues, rules, editor="Ana", now=now)
    sends.sent.append(
        Send(
            id=1,
            issue_id=issue,
            state=SendState.FINISHED,
            digest=workspace.issues.approvals(issue)[-1].digest,
            frozen_at=now,
            candidates=0,
            audience=0,
            excluded=0,
        )
    )
    workspace.publish()
    return Shown(pages=_pages(workspace, mailbox), story=story, taken=taken, issue=issue)


def _pages(workspace: Workspace, mailbox: Mailbox) -> Pages:
    later = AfterResponse(pauses=(), later=(0, 0))
    pages: Pages
    app = create_app(workspace, clock=lambda: pages.now, later=later)
    app.testing = True
    pages = Pages(app=app, workspace=workspace, mailbox=mailbox, later=later, now=workspace.now())
    return pages


def quiet(shown: Shown) -> None:
    """Nobody writes the archive again: each request must stand on its own."""
    shown.workspace.__dict__["publish"] = lambda **_: None


def test_all_of_it_is_shown_while_it_may_be(shown: Shown) -> None:
    assert {name: shown.get(path) for name, path in shown.paths.items()} == dict.fromkeys(
        shown.paths, 200
    )
    assert "afraid to ask" in shown.text("feed-en.xml")


def test_the_language_chosen_stays_on_the_way_to_past_issues_and_back(shown: Shown) -> None:
    with shown.pages.client().get("/subscribe?lang=en") as answer:
        assert 'href="/archive/en/"' in answer.text
    with shown.pages.client().get("/subscribe?lang=es") as answer:  # no issue was in Spanish
        assert 'href="/archive/"' in answer.text
    assert '/subscribe?lang=en"' in shown.text("en/")


def test_who_subscribes_is_welcomed_with_the_latest_issue_while_it_may_be_shown(
    shown: Shown,
) -> None:
    quiet(shown)
    person = shown.pages.person("bo@x.example", language="en", state=SubscriberState.PENDING)
    welcome = shown.pages.link(Purpose.CONFIRM, person, aged=True)
    client = shown.pages.client()
    answer = submit(client, welcome)
    address = f"/archive/issues/{shown.issue}/en/"
    assert f'<a href="{address}" hreflang="en">{SUBJECT}</a>' in answer.text
    assert f'href="{address}"' in client.get("/subscribe?lang=en").text
    assert "hreflang" not in client.get("/subscribe?lang=es").text.partition("<main")[2]
    narrow(shown.workspace.story_services, shown.story.id, EVERYWHERE, today=shown.today)
    for path in (welcome, "/subscribe?lang=en"):
        page = client.get(path)
        assert (page.status_code, SUBJECT in page.text) == (200, False)


def test_where_nobody_can_say_the_welcome_has_no_issue(
    shown: Shown, monkeypatch: pytest.MonkeyPatch
) -> None:
    def away() -> tuple[object, ...]:
        raise StoreError("the database is away")

    monkeypatch.setattr(shown.workspace.story_store, "revocations", away)
    shown.workspace.__dict__.pop("consents", None)
    with shown.pages.client().get("/subscribe?lang=en") as answer:
        assert (answer.status_code, SUBJECT in answer.text) == (200, False)


def test_pages_and_archive_have_one_masthead_and_one_base_of_style(shown: Shown) -> None:
    tokens = shown.workspace.templates.tokens
    base = shown.workspace.templates.render(
        "pages/base.css",
        {"light": tokens.light, "dark": tokens.dark, "type": tokens.type, "space": tokens.space},
    )
    client = shown.pages.client()
    with client.get("/style-en.css") as style, client.get("/subscribe?lang=en") as page:
        assert base in style.text
        pages = page.text
    archive = shown.text("en/")
    assert base in archive
    heads = [re.search(r"<header.*?</header>", one, re.DOTALL) for one in (pages, archive)]
    shapes = [re.findall(r"</?\w+|class=\S+", head[0]) for head in heads if head]
    assert shapes[0][:6] == shapes[1][:6]


@pytest.mark.parametrize(
    "taken",
    [
        EVERYWHERE,
        Narrowing(languages=frozenset({"en"})),
        Narrowing(picture=True),
        Narrowing(name=True),
    ],
    ids=["channel", "language", "picture", "name"],
)
def test_a_narrowed_story_is_gone_at_the_next_request(shown: Shown, taken: Narrowing) -> None:
    quiet(shown)
    narrow(shown.workspace.story_services, shown.story.id, taken, today=shown.today)
    assert shown.gone() == set(shown.paths)


def test_a_story_whose_end_was_moved_is_gone_the_day_after_with_nobody_running_anything(
    shown: Shown,
) -> None:
    quiet(shown)
    until = Narrowing(until=shown.today)
    narrow(shown.workspace.story_services, shown.story.id, until, today=shown.today)
    assert shown.gone() == set()
    shown.pages.pass_time(days=1)
    assert shown.gone() == set(shown.paths)


def test_a_consent_that_ends_today_is_gone_at_midnight_where_the_coalition_is(
    shown: Shown,
) -> None:
    quiet(shown)
    zone = shown.workspace.config.coalition.zone
    last = shown.story.consent.last_day
    midnight = shown.pages.now.astimezone(zone).replace(
        year=last.year, month=last.month, day=last.day, hour=23, minute=59
    )
    shown.pages.now = midnight
    assert shown.gone() == set()
    shown.pages.now = midnight + timedelta(minutes=2)
    assert shown.gone() == set(shown.paths)


def test_a_withdrawn_story_is_gone_at_the_next_request(shown: Shown) -> None:
    quiet(shown)
    withdraw_by_code(shown.workspace.story_services, shown.taken.receipt.code, today=shown.today)
    assert shown.gone() == set(shown.paths)


def test_words_that_were_agreed_to_anew_take_the_place_of_the_old_ones_at_once(
    shown: Shown,
) -> None:
    """The storyteller asked for a change: the page with the old words is not shown any more."""
    path = shown.workspace.story_folder.folder / f"{shown.story.id}.md"
    text = path.read_text()
    assert "one sheet of paper" in text
    told = document.read(text.replace("one sheet of paper", "a sheet"), file=str(path))
    told = with_review(told, [])
    path.write_text(document.write(told))
    services = shown.workspace.story_services
    record_agreement(services, told.id, language="en", method="shown", today=shown.today)
    assert shown.get(shown.paths["story"]) == 410
    shown.pages.later.wait()
    assert "on a sheet and" in shown.text(shown.paths["story"])


def test_the_other_pages_come_back_without_it_by_themselves(shown: Shown) -> None:
    paths = shown.paths
    narrow(shown.workspace.story_services, shown.story.id, EVERYWHERE, today=shown.today)
    assert shown.get("") == 410
    shown.pages.later.wait()
    for name in (
        "issue",
        "index",
        "English index",
        "list of all issues",
        "titles to search in",
        "feed",
    ):
        text = shown.text(paths[name])
        assert "afraid to ask" not in text
        assert "night shift" not in text.casefold()
    assert shown.get(paths["share picture"]) == 200
    assert {shown.get(paths[name]) for name in ("story", "picture")} == {410}


def test_pages_that_a_backup_puts_back_are_not_shown(shown: Shown, tmp_path: Path) -> None:
    """Copied over the folder, one by one: what the archive keeps about itself stays as it is."""
    paths, site = shown.paths, shown.workspace.site_folder
    yesterday = shutil.copytree(site, tmp_path / "yesterday")
    narrow(shown.workspace.story_services, shown.story.id, EVERYWHERE, today=shown.today)
    shown.workspace.publish()
    gone = ("story", "picture")
    for kept in yesterday.rglob("*.*"):
        if kept.is_file() and not kept.name.startswith("."):
            back = site / kept.relative_to(yesterday)
            back.parent.mkdir(parents=True, exist_ok=True)
            if not back.exists():
                shutil.copy(kept, back)
    never_known = site / "stories" / shown.story.id / "es"  # written after the copy was made
    shutil.copytree(yesterday / "stories" / shown.story.id / "en", never_known)
    assert {shown.get(paths[name]) for name in gone} == {410}
    assert shown.get(f"stories/{shown.story.id}/es/") == 410
    shown.pages.later.wait()
    assert not (site / paths["story"] / "index.html").exists(), "taken away again"
    assert not (site / paths["picture"]).exists()


def test_a_page_that_only_quotes_it_is_gone_when_it_is_withdrawn(shown: Shown) -> None:
    """An editor's page about it, which nothing links to the story."""
    folder = shown.workspace.site_folder
    (folder / "about.html").write_text(f"<p>{shown.story.texts[0].body}</p>")
    (folder / "about").mkdir()
    (folder / "about" / "index.html").write_text(f"<p>{shown.story.texts[0].body}</p>")
    (folder / "about" / "share.png").write_bytes(b"its subject, drawn")
    quiet(shown)
    (folder / "about.xml").write_text(f"<feed>{shown.story.texts[0].body}</feed>")
    (folder / "about.json").write_text(json.dumps([[shown.story.texts[0].body]]))
    (folder / "signs.html").write_text(f"<p>I &lt;3 {shown.story.texts[0].body} -&gt;</p>")
    names = ("about.html", "about/", "about/share.png", "about.xml", "about.json", "signs.html")
    assert [shown.get(name) for name in names] == [200] * 6
    withdraw_by_code(shown.workspace.story_services, shown.taken.receipt.code, today=shown.today)
    assert [shown.get(name) for name in names] == [410] * 6


def test_no_spelling_of_the_address_and_no_condition_brings_it_back(shown: Shown) -> None:
    quiet(shown)
    path = shown.paths["story"]
    with shown.pages.client().get(f"/archive/{path}") as answer:
        tag, changed = answer.headers["ETag"], answer.headers["Last-Modified"]
    narrow(shown.workspace.story_services, shown.story.id, EVERYWHERE, today=shown.today)
    for headers in (
        {"If-None-Match": tag},
        {"If-Modified-Since": changed},
        {"Range": "bytes=0-99"},
        {"Range": "bytes=0-99", "If-Range": tag},
    ):
        assert shown.get(path, **headers) == 410
    gone = shown.pages.client().head(f"/archive/{path}")
    assert (gone.status_code, gone.headers["Cache-Control"]) == (410, "no-store")
    id_ = shown.story.id
    for other in (
        f"stories/{id_}/en/index.html",
        f"stories/{id_}/en",
        f"stories//{id_}/en/",
        f"//stories/{id_}/en/",
        f"stories/{id_}/en/./index.html",
        f"stories/{id_}/%65n/index.html",
        f"stories/{id_}/en/%2e/index.html",
        f"stories/x/%2e%2e/{id_}/en/index.html",
        f"STORIES/{id_}/EN/INDEX.HTML",
        f"stories/{id_}/en/index.html/",
        f"stories/{id_}/en/index.html%00",
        f"stories\\{id_}\\en\\index.html",
        "x" * 5000,
    ):
        answer = shown.pages.client().get(f"/archive/{other}", follow_redirects=True)
        assert answer.status_code in (404, 410), other
        answer.close()


def test_a_disk_without_upper_and_lower_case_serves_no_other_spelling(shown: Shown) -> None:
    """As on a Mac: the name differs from the archive's own, the file is the same."""
    folder = shown.workspace.site_folder / "stories" / shown.story.id / "en"
    (folder / "INDEX.html").hardlink_to(folder / "index.html")
    assert shown.get(f"stories/{shown.story.id}/en/INDEX.html") == 404


def test_a_browser_asks_again_and_keeps_no_story(shown: Shown) -> None:
    paths = shown.paths
    for name, path in (*paths.items(), ("missing", "nothing/")):
        with shown.pages.client().get(f"/archive/{path}") as answer:
            kept = "no-store" not in answer.headers["Cache-Control"]
        assert not kept, name
    (shown.workspace.site_folder / "CNAME").write_text("digest.example")
    with shown.pages.client().get("/archive/CNAME") as answer:
        assert answer.headers["Cache-Control"] == "no-cache"


def test_another_process_that_narrows_is_heard(shown: Shown) -> None:
    quiet(shown)
    elsewhere = Workspace(config=shown.workspace.config)
    narrow(elsewhere.story_services, shown.story.id, EVERYWHERE, today=shown.today)
    elsewhere.engine.dispose()
    assert shown.gone() == set(shown.paths)


def test_a_machine_that_shares_only_the_database_is_heard(shown: Shown, tmp_path: Path) -> None:
    """The laptop has a folder of its own; the server learns of it from the database alone."""
    quiet(shown)
    config = shown.workspace.config
    url = f"sqlite:///{config.root}/newsletter.db"
    (tmp_path / "laptop").mkdir()
    key = shown.workspace.state_folder.path / "recognition.key"  # one for all machines
    shutil.copy(key, state_of(tmp_path / "laptop").path)
    laptop = Workspace(config=replace(config, root=tmp_path / "laptop", database_url=url))
    done = narrow(
        laptop.story_services, shown.story.id, EVERYWHERE, today=shown.today, actor=Actor.EDITOR
    )
    laptop.engine.dispose()
    assert Channel.WEB_ARCHIVE not in done.consent.channels
    assert shown.gone() == set(shown.paths)


def test_where_nobody_can_say_nothing_is_shown(
    shown: Shown, monkeypatch: pytest.MonkeyPatch
) -> None:
    def away() -> tuple[object, ...]:
        raise StoreError("the database is away")

    monkeypatch.setattr(shown.workspace.story_store, "revocations", away)
    shown.workspace.__dict__.pop("consents", None)
    assert {shown.get(path) for path in shown.paths.values()} == {503}


def test_an_archive_of_an_older_version_is_written_again_before_it_is_shown(shown: Shown) -> None:
    (shown.workspace.site_folder / ".newsletter-shown").unlink()
    assert shown.get(shown.paths["story"]) == 503
    shown.pages.later.wait()
    assert shown.get(shown.paths["story"]) == 200


def test_a_writer_that_was_killed_half_way_leaves_no_page_unasked(
    shown: Shown, monkeypatch: pytest.MonkeyPatch
) -> None:
    def killed(path: Path, *given: object, **more: object) -> None:
        if path.name == "index.html":
            raise KeyboardInterrupt
        replace_file(path, *given, **more)  # type: ignore[arg-type]

    quiet(shown)
    narrow(shown.workspace.story_services, shown.story.id, EVERYWHERE, today=shown.today)
    with monkeypatch.context() as patched:
        patched.setattr("newsletter.archive.published_folder.replace_file", killed)
        with pytest.raises(KeyboardInterrupt):
            type(shown.workspace).publish(shown.workspace)
    assert shown.gone() >= {"story", "issue", "index", "English index", "feed"}


@contextmanager
def over_http(shown: Shown) -> Iterator[int]:
    """A server on loopback that runs meanwhile: its port."""
    with running(shown.pages.app, threads=2) as server:
        yield server.effective_port


def test_over_real_http_it_is_gone_while_the_server_runs(shown: Shown) -> None:
    with over_http(shown) as port:

        def get(path: str, **headers: str) -> int:
            connection = HTTPConnection("127.0.0.1", port, timeout=10)
            connection.request("GET", f"/archive/{path}", headers=headers)
            answer = connection.getresponse()
            answer.read()
            connection.close()
            return answer.status

        path = shown.paths["story"]
        assert get(path) == 200
        narrow(shown.workspace.story_services, shown.story.id, EVERYWHERE, today=shown.today)
        assert get(path) == 410
        assert get(path, **{"If-None-Match": "*"}) == 410


def test_only_the_search_may_run_a_script(shown: Shown) -> None:
    for path in ("en/", "en/search/", shown.paths["issue"], shown.paths["story"]):
        with shown.pages.client().get(f"/archive/{path}") as answer:
            policy = answer.headers["Content-Security-Policy"]
        assert ("script-src 'self'" in policy) == (path == "en/search/"), path


def test_a_search_finds_a_story_only_while_it_may_be_shown(
    shown: Shown, browser: "Browser"
) -> None:
    title = shown.story.texts[0].title

    def search(visitor: "Page") -> str:
        visitor.get_by_role("searchbox").fill(title)
        said = "() => /Results|Nothing/.test(document.getElementById('count').textContent)"
        visitor.wait_for_function(said)
        return visitor.inner_text("main")

    with over_http(shown) as port:
        visitor = browser.new_page()
        address = f"http://127.0.0.1:{port}/archive/en/search/"
        visitor.goto(address)
        assert title in search(visitor)
        narrow(shown.workspace.story_services, shown.story.id, EVERYWHERE, today=shown.today)
        gone = visitor.goto(address)
        assert gone is not None
        assert gone.status == 410
        shown.pages.later.wait()  # the archive is written again
        visitor.goto(address)
        assert "Nothing found" in search(visitor)
        visitor.close()


def test_going_back_in_a_browser_does_not_show_what_was_taken_back(
    shown: Shown, browser: "Browser"
) -> None:
    with over_http(shown) as port:
        base = f"http://127.0.0.1:{port}/archive/"
        visitor = browser.new_page()
        visitor.goto(base + shown.paths["story"])
        assert "afraid to ask" in visitor.content()
        visitor.goto(f"{base}nothing")
        narrow(shown.workspace.story_services, shown.story.id, EVERYWHERE, today=shown.today)
        visitor.go_back()
        assert "afraid to ask" not in visitor.content()
        visitor.close()


def test_a_browser_that_keeps_pages_does_not_show_what_was_just_taken_back_in_it(
    shown: Shown, browser: "Browser"
) -> None:
    with over_http(shown) as port, keeping_pages(browser) as people:
        base = f"http://127.0.0.1:{port}"
        visitor = people.new_page()
        visitor.goto(base + TAKE_BACK)  # the cookie of its form is there from now on
        visitor.goto(f"{base}/archive/{shown.paths['story']}")
        assert "afraid to ask" in visitor.content()
        visitor.goto(base + TAKE_BACK)
        back = "() => { history.back(); }"
        visitor.evaluate(back)
        visitor.wait_for_function("document.body?.innerText.includes('afraid to ask')")
        visitor.evaluate("() => { history.forward(); }")
        visitor.wait_for_selector("input[name=code]")
        visitor.fill("input[name=code]", shown.taken.receipt.code)
        visitor.click("form button")
        visitor.wait_for_function("document.title && !document.querySelector('[name=code]')")
        visitor.evaluate("() => { history.go(-2); }")
        visitor.wait_for_function("location.pathname.includes('/archive/stories/')")
        visitor.wait_for_function("document.readyState == 'complete'")
        assert "afraid to ask" not in visitor.evaluate("document.body.innerText")


@pytest.fixture
def on_postgres(
    make_config: Callable[..., object], postgres: Engine, mailbox: Mailbox
) -> Iterator[Shown]:
    url = url_of(postgres)
    opened = Workspace(config=make_config(NEWSLETTER_DATABASE_URL=url))  # type: ignore[arg-type]
    made = _shown(opened, mailbox)
    yield made
    made.pages.later.stop()
    limiter.reset()
    opened.engine.dispose()


def test_on_postgresql_it_is_gone_as_well(on_postgres: Shown) -> None:
    quiet(on_postgres)
    assert on_postgres.gone() == set()
    services = on_postgres.workspace.story_services
    narrow(services, on_postgres.story.id, EVERYWHERE, today=on_postgres.today)
    assert on_postgres.gone() == set(on_postgres.paths)
