"""What an issue's contents list, in what order, and where their links lead."""

from dataclasses import replace

import pytest

from newsletter.design.contents import ENOUGH, MOST
from newsletter.design.render import render
from newsletter.design.templates import Templates, shipped_folder
from newsletter.issues.checking.rendered_checks import problems
from newsletter.model.issue import Edition, Placement, Section
from tests.design.documents import Document
from tests.design.front_page import front_page
from tests.design.samples import (
    COALITION,
    bulletin,
    correction,
    digest,
    edition,
    everything,
    material,
)

TEMPLATES = Templates((shipped_folder(),))


def listed(issue: Edition, facts: object = None) -> list[str]:
    rendered = render(issue, facts or material([]), TEMPLATES)  # type: ignore[arg-type]
    lines = [
        one.text
        for one in Document(rendered.html).all("p")
        if one.attrs.get("class", "").startswith("j")
    ]
    text = " ".join(rendered.text.split())
    assert all(line in text for line in lines)
    return lines


def section(id: str, kind: str = "news", *placed: Placement) -> Section:
    return Section(id=id, kind=kind, title=id.upper(), placements=placed)


def piece(title: str, **details: str) -> Placement:
    return Placement(title=title, details=details)


def test_what_is_urgent_comes_first_then_near_deadlines_then_a_line_a_section() -> None:
    assert listed(*front_page()) == [
        "Right now: The night line has another number",
        "We ask you: Call the school board about interpreters · Until Monday, November 23, 5:00 PM",
        "From our members: Heat is back in 84 homes",
        "Come along: Free legal clinic",
        "Know your rights: At your door",
        "If you need someone now: Harbor Legal Aid",
    ]


@pytest.mark.parametrize("language", ["en", "es", "ar"])
def test_every_line_leads_to_a_place_in_the_mail(language: str) -> None:
    rendered = render(*front_page(language), TEMPLATES)
    document = Document(rendered.html)
    ids = [one.attrs["id"] for one in document.elements if "id" in one.attrs]
    places = [one.attrs["href"] for one in document.all("a") if one.attrs["href"].startswith("#")]
    assert len(places) == 6
    assert sorted(places) == sorted(f"#{one}" for one in ids)
    found = problems(rendered, coalition=COALITION, tokens=TEMPLATES.tokens)
    assert [one for one in found if one.code in {"unsafe-link", "not-in-text", "link-words"}] == []
    broken = replace(rendered, html=rendered.html.replace(f'id="{ids[0]}"', ""))
    found = problems(broken, coalition=COALITION, tokens=TEMPLATES.tokens)
    assert "unsafe-link" in [one.code for one in found]


@pytest.mark.parametrize(
    ("sends_on", "first"),
    [
        ("2026-11-20", "CALL: Soon"),
        ("2026-11-19", "NEWS: One"),  # four days before
        ("2026-11-24", "NEWS: One"),  # over
        ("", "NEWS: One"),  # the week's Monday
    ],
)
def test_a_deadline_is_near_by_the_day_that_the_draft_is_sent_on(sends_on: str, first: str) -> None:
    issue = edition(
        (
            section("news", "news", piece("One"), piece("Two"), piece("Three")),
            section("call", "actions", piece("Later"), piece("Soon", deadline="2026-11-23 17:00")),
        ),
        settings={"sends_on": sends_on} if sends_on else {},
    )
    assert listed(issue)[0].partition(" · ")[0] == first


def test_a_notice_that_has_lapsed_is_no_longer_first() -> None:
    over, holds = piece("Over", lapses="2026-11-19 18:00"), piece("Holds", lapses="2027-01-01")
    news = section("news", "news", piece("One"), piece("Two"))
    issue = edition(
        (news, section("now", "urgent", over, holds)), settings={"sends_on": "2026-11-20"}
    )
    assert listed(issue) == ["NOW: Holds", "NEWS: One", "NOW: Over", "Two"]


def test_many_sections_have_seven_lines_and_one_has_five() -> None:
    assert len(listed(*everything())) == MOST
    assert len(listed(*digest(12))) == ENOUGH
    assert len(listed(*digest(60, "ar"))) == ENOUGH


def test_a_short_issue_a_bulletin_and_a_correction_have_none() -> None:
    for made in (digest(2), bulletin(), correction()):
        assert listed(*made) == []
        assert "In this issue" not in render(*made, TEMPLATES).text


@pytest.mark.parametrize(("language", "time"), [("en", "4 minutes"), ("ar", "4 دقائق")])
def test_the_time_it_takes_counts_the_letters_of_its_language(language: str, time: str) -> None:
    rendered = render(*digest(12, language), TEMPLATES)
    (heading,) = [one for one in Document(rendered.html).all("h2") if "· " in one.text]
    assert heading.text.endswith(f"· {time}")
    assert heading.text in rendered.text


def test_a_pieces_own_language_is_said_in_the_contents_too() -> None:
    spanish = replace(piece("Las cartas"), language="es")
    issue = edition((section("a", "news", spanish, piece("Two"), piece("Three")),))
    html = render(issue, material([]), TEMPLATES).html
    assert '<a href="#s-a" lang="es" dir="ltr">Las cartas</a>' in html
