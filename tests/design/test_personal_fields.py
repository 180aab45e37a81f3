"""A reader's own links come from the templates alone, whatever a feed or an editor writes."""

import re
from dataclasses import replace

import pytest

from newsletter.design.render import render
from newsletter.design.templates import Templates, shipped_folder
from newsletter.model.issue import Placement, Section
from newsletter.model.message import LEAVE_URL, PERSONAL_FIELDS, RenderedEdition
from tests.design.samples import edition, event, material, typical

TEMPLATES = Templates((shipped_folder(),))
SPELLINGS = [
    "https://elsewhere.example/?take=@@leave_url@@",
    "[read](https://elsewhere.example/?take=@@leave_url@@)",
    "[read](<https://elsewhere.example/?take=@@leave_url@@>)",
    r"\@@leave_url@@ \@\@leave\_url\@\@",
    "&#64;@leave_url@@ &commat;&commat;leave&lowbar;url@@",
    "<https://elsewhere.example/%40%40leave_url%40%40>",
    "@@@@leave_url@@@@ @@leave_@@leave_url@@url@@",
    "`@@preferences_url@@`\n\n    @@preferences_url@@",
]


def places(made: RenderedEdition) -> list[str]:
    """Where the fields stand, with what is around them."""
    fields = "|".join(map(re.escape, PERSONAL_FIELDS))
    return re.findall(rf".?.?(?:{fields}).?.?", made.html + "\n" + made.text)


def hostile(words: str) -> RenderedEdition:
    placement, item = event(0)
    link = "https://elsewhere.example/?take=@@leave_url@@"
    placement = replace(
        placement,
        title=words,
        link=link,
        blurb=words,
        details={"where": words, "online": link, "calendar": link, "alt": words, "call": words},
    )
    other = Placement(title=words, link="@@leave_url@@", details={"source": words})
    section = Section(id="news", title=words, intro=words, placements=(placement, other))
    issue = edition((section,), letter=words, subject=words, preheader=words)
    return render(issue, material([replace(item, authors=(words,))]), TEMPLATES)


@pytest.mark.parametrize("words", SPELLINGS)
def test_no_words_bring_in_a_readers_link(words: str) -> None:
    made, plain = hostile(words), render(*typical(), TEMPLATES)
    assert places(made) == places(plain)
    assert not any(field in made.subject + made.preheader for field in PERSONAL_FIELDS)


def test_the_footers_links_are_there_and_the_same_each_time() -> None:
    first, second = render(*typical(), TEMPLATES), render(*typical(), TEMPLATES)
    assert f'href="{LEAVE_URL}"' in first.html
    assert first.text.rstrip().count(LEAVE_URL) == 1
    assert first.digest == second.digest
