"""The measures of check-email see what they are for, shown on messages and pages with a fault."""

from collections.abc import Callable
from pathlib import Path
from typing import TYPE_CHECKING

import pytest

from newsletter.design.render import render
from newsletter.design.templates import Templates, shipped_folder
from tests.browser import axe_source
from tests.design.messages import as_message
from tests.design.samples import COALITION, digest
from tools.check_email.browser import broken_words
from tools.check_email.discreet import discreet_findings
from tools.check_email.letters import read_letter
from tools.check_email.printed import print_findings
from tools.check_email.site import one_page_findings, served

if TYPE_CHECKING:
    from playwright.sync_api import Browser

PUBLISHER = COALITION.name.encode()


def same(raw: bytes) -> bytes:
    return raw


@pytest.mark.parametrize(
    ("plant", "said"),
    [
        (same, []),
        (lambda raw: raw.replace(b"From: ", b"From: " + PUBLISHER + b" ", 1), ["a header says"]),
        (lambda raw: raw.replace(b"Subject: ", b"Subject: " + PUBLISHER + b": ", 1),
         ["a header says", "the text shows", "the HTML shows"]),
    ],
)  # fmt: skip
def test_a_discreet_copy_that_names_the_coalition_is_red(
    plant: Callable[[bytes], bytes], said: list[str], tmp_path: Path
) -> None:
    rendered = render(*digest(1), Templates((shipped_folder(),)))
    eml = tmp_path / "discreet.eml"
    eml.write_bytes(plant(as_message(rendered, discreet=True)))
    (found,) = discreet_findings([read_letter(eml, tmp_path)])
    assert found.is_green is not bool(said)
    assert [one[: len(words)] for one, words in zip(found.details, said, strict=True)] == said


def test_figures_of_a_table_that_has_no_room_are_red(browser: "Browser") -> None:
    page = browser.new_page(viewport={"width": 320, "height": 900})
    cells = "<td style='padding:8px'>$1,250,000</td>" * 5
    page.set_content(f"<table style='width:100%;overflow-wrap:anywhere'><tr>{cells}</tr></table>")
    assert broken_words(page) == ["$1,250,000"] * 5
    page.close()


def test_a_blank_sheet_is_red(browser: "Browser") -> None:
    page = browser.new_page(viewport={"width": 640, "height": 900})
    for blank, is_green in (("", True), ('<div style="break-after:page;height:9px"></div>', False)):
        page.set_content(f"{blank}<p>Words</p>")
        assert print_findings(page, "x", "28")[0].is_green is is_green
    page.close()


PAGE = """<!doctype html><html lang="en"><head><title>x</title></head><body><main><h1>Issues</h1>
{}</main></body></html>"""


@pytest.mark.parametrize(
    ("words", "red"),
    [
        ("<p>Words</p>", []),
        ('<p style="color:#ccc">Pale</p>', ["axe violations + incomplete, light"]),
        ('<p style="width:500px">Wide</p>', ["width at 320 px"]),
        ('<p style="width:1300px">Wide</p>', ["width at 320 px", "width at 1280 px"]),
        ('<link rel="stylesheet" href="x.css">', ["requests beside page and pictures"]),
        ("<script>document.body.append('More')</script>", ["lost without JavaScript"]),
    ],
)
def test_a_page_that_is_pale_or_wide_or_needs_a_script_is_red(
    words: str, red: list[str], tmp_path: Path, browser: "Browser"
) -> None:
    (tmp_path / "index.html").write_text(PAGE.format(words))
    with served(tmp_path) as server:
        found = one_page_findings(browser, f"{server.url}/", "x", axe_source(), tmp_path)
        said = [one.measure for one in found if not one.is_green]
    assert [one for one in red if one not in said] == []
    assert bool(said) is bool(red)
