"""What stands above the first section: title, standfirst, who edited, a picture."""

import re
from dataclasses import replace

import pytest

from newsletter.design.render import render
from newsletter.design.templates import Templates, shipped_folder
from newsletter.issues.drafting.draft_file import read_approved
from tests.design.documents import Document
from tests.design.front_page import WORDS, front_page
from tests.design.samples import correction, material

TEMPLATES = Templates((shipped_folder(),))


@pytest.mark.parametrize(
    ("language", "edited"),
    [
        ("en", "Edited by Rosa and Sami"),
        ("es", "Edición: Rosa y Sami"),
        ("ar", "التحرير: روزا وسامي"),
    ],
)
def test_the_preheader_is_the_standfirst_and_the_draft_says_who_edited(
    language: str, edited: str
) -> None:
    rendered = render(*front_page(language), TEMPLATES)
    shown = [one.text for one in Document(rendered.html).all("p")]
    top = rendered.text.partition("\n\n\n")[0]
    for words in (WORDS[language]["preheader"], edited):
        assert words in shown
        assert str(words) in " ".join(top.split())
    twin = next(one for one in Document(rendered.html).all("div") if "aria-hidden" in one.attrs)
    assert twin.text.startswith(str(WORDS[language]["preheader"]))


def test_the_picture_at_the_top_is_the_first_and_says_who_made_it() -> None:
    rendered = render(*front_page(), TEMPLATES)
    before = rendered.html.partition("<h2")[0]
    (image,) = Document(before).all("img")
    assert image.attrs["src"] == f"cid:{rendered.pictures[0].cid}"
    assert image.attrs["alt"] == WORDS["en"]["alt"]
    assert "Picture by Inés M." in before
    assert f"[Picture: {WORDS['en']['alt']}]\nPicture by Inés M." in rendered.text


def test_nobody_is_named_and_no_words_are_made_up_where_the_draft_says_none() -> None:
    issue, facts = front_page()
    bare = replace(issue, preheader="", settings={"sends_on": "2026-11-20"})
    rendered = render(bare, facts, TEMPLATES)
    assert "Edited by" not in rendered.html + rendered.text
    assert rendered.preheader  # of titles, for the list of mails alone
    first = rendered.html.partition("<h1")[2].partition("<h2")[0]
    assert not Document(first).all("img")
    assert not re.search(r'class="x"', first)


def test_a_correction_says_what_was_wrong_once() -> None:
    issue, facts = correction()
    rendered = render(replace(issue, preheader="Ten, not nine"), facts, TEMPLATES)
    assert 'class="x"' not in rendered.html


def test_an_issue_of_an_earlier_release_reads_as_it_did_and_opens_like_any_other() -> None:
    text = (
        "---\nlanguage: en\nsubject: Clinics\npreheader: Three free clinics this week\n"
        "sends_on: 2026-07-24\n---\n\nDear neighbors\n\n## Member news {#news}\n\n"
        "### [Heat is back](https://a.example/1) {n1}\n\nWords.\n\n- alt: A boiler\n\n"
        "## In brief {#brief}\n\n### [The library](https://a.example/2)\n\n### The choir\n"
    )
    edition = read_approved("2026-W30", "en", text)
    rendered = render(edition, material([]), TEMPLATES)
    document = Document(rendered.html)
    assert [one.text for one in document.all("h3")] == ["Heat is back"]
    assert "Three free clinics this week" in [one.text for one in document.all("p")]
    assert "In this issue" in rendered.text
    assert "Edited by" not in rendered.text
