"""The live preview builds again on save, tells the browser, and answers this machine only."""

import http.client
import os
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING

import pytest

from newsletter.errors import ConfigError
from newsletter.web.live_preview import LivePreview, saved_at
from tests.browser import open_context
from tests.design.test_preview import made
from tests.processes import PATIENCE

if TYPE_CHECKING:
    from playwright.sync_api import Browser


class Draft:
    """A thing that is saved and built."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self.saved = 0
        self.mistake = False
        self.build()

    def build(self) -> None:
        if self.mistake:
            raise ConfigError("no <subject>", file="en.md", line=2, hint="write one")
        (self.folder / "index.html").write_text(f"<p>version {self.saved}</p>")


@contextmanager
def serving(draft: Draft) -> Iterator[LivePreview]:
    live = LivePreview(draft.folder, build=draft.build, stamp=lambda: draft.saved)
    thread = threading.Thread(target=live.run)
    thread.start()
    try:
        yield live
    finally:
        live.stop()
        thread.join()


def get(live: LivePreview, path: str, host: str | None = None) -> tuple[int, str]:
    connection = http.client.HTTPConnection(*live.server.server_address[:2], timeout=PATIENCE)
    connection.request("GET", path, headers={"Host": host} if host else {})
    answer = connection.getresponse()
    body = answer.read().decode()
    connection.close()
    return answer.status, body


def test_a_saved_file_is_built_and_the_waiting_browser_hears_of_it(tmp_path: Path) -> None:
    draft = Draft(tmp_path)
    with serving(draft) as live:
        _, version = get(live, "/changed?")
        draft.saved = 7
        _, later = get(live, f"/changed?{version}")
        assert later != version
        assert "version 7" in get(live, "/")[1]


def test_a_mistake_is_shown_and_goes_when_it_is_mended(tmp_path: Path) -> None:
    draft = Draft(tmp_path)
    with serving(draft) as live:
        _, first = get(live, "/changed?")
        draft.mistake, draft.saved = True, 1
        _, second = get(live, f"/changed?{first}")
        assert "en.md:2: no &lt;subject&gt;" in get(live, "/")[1]
        draft.mistake, draft.saved = False, 2
        get(live, f"/changed?{second}")
        assert "version 2" in get(live, "/")[1]


def test_another_host_name_is_refused(tmp_path: Path) -> None:
    with serving(Draft(tmp_path)) as live:
        assert get(live, "/", host="evil.example")[0] == 421
        assert get(live, "/")[0] == 200


def test_it_listens_on_loopback_only(tmp_path: Path) -> None:
    with serving(Draft(tmp_path)) as live:
        assert live.server.server_address[0] == "127.0.0.1"


def test_saving_any_watched_file_changes_the_stamp(tmp_path: Path) -> None:
    (tmp_path / "issues").mkdir()
    draft = tmp_path / "issues" / "en.md"
    draft.write_text("one")
    names = ("issues", "newsletter.toml")
    before = saved_at(tmp_path, names)
    (tmp_path / "newsletter.toml").write_text("")
    added = saved_at(tmp_path, names)
    os.utime(draft, ns=(0, 0))
    assert len({before, added, saved_at(tmp_path, names)}) == 3


def test_a_file_that_is_gone_while_it_is_looked_at_does_not_end_the_watch(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    (tmp_path / "en.md").write_text("one")
    (tmp_path / "4913").write_text("vim tries whether it may write here")
    stat = Path.stat

    def removed_after_a_look(path: Path, **how: bool) -> os.stat_result:
        found = stat(path, **how)
        if path.name == "4913":
            path.unlink()
        return found

    monkeypatch.setattr(Path, "stat", removed_after_a_look)
    names = [Path(path).name for path, _ in saved_at(tmp_path, ["."])]
    assert "en.md" in names


def test_the_page_of_an_issue_is_shown_again_by_itself(browser: "Browser", tmp_path: Path) -> None:
    def build() -> None:
        for name, text in made(subject=subjects[-1]).items():
            (tmp_path / name).write_text(text, encoding="utf-8")

    subjects = ["Soup at nine"]
    build()
    live = LivePreview(tmp_path, build=build, stamp=lambda: len(subjects))
    thread = threading.Thread(target=live.run)
    thread.start()
    context = open_context(browser)
    try:
        page = context.new_page()
        page.goto(live.url)
        page.locator("h2", has_text="Soup at nine").wait_for()
        subjects.append("Bread at ten")
        page.locator("h2", has_text="Bread at ten").wait_for()
        frame = page.frame_locator("iframe").first
        frame.locator("h1", has_text="Bread at ten").wait_for()
        assert page.evaluate("document.querySelector('header').getClientRects().length") == 1
    finally:
        context.close()
        live.stop()
        thread.join()
