"""Each check is quiet on what we ship and speaks when its fault is put in."""

import dataclasses
import email
from collections.abc import Callable

import pytest

from newsletter.design.render import render
from newsletter.design.templates import Templates, shipped_folder
from newsletter.issues.checking.rendered_checks import problems
from newsletter.issues.checking.rendered_safety import as_sent
from newsletter.model.issue import Edition, Placement, Section
from newsletter.model.material import Material
from newsletter.model.message import LEAVE_URL, InlinePicture, RenderedEdition
from newsletter.model.problem import Severity
from newsletter.model.section_kinds import KINDS, kind_of
from tests.design.messages import as_message
from tests.design.samples import (
    COALITION,
    bulletin,
    correction,
    digest,
    edition,
    everything,
    material,
    typical,
)

TEMPLATES = Templates((shipped_folder(),))
WEEK = render(*typical(), TEMPLATES)


def codes(rendered: RenderedEdition) -> set[str]:
    return {
        problem.code for problem in problems(rendered, coalition=COALITION, tokens=TEMPLATES.tokens)
    }


def html(old: str, new: str) -> Callable[[], RenderedEdition]:
    def broken() -> RenderedEdition:
        assert old in WEEK.html
        return dataclasses.replace(WEEK, html=WEEK.html.replace(old, new, 1))

    return broken


def with_fields(**fields: object) -> Callable[[], RenderedEdition]:
    return lambda: dataclasses.replace(WEEK, **fields)  # type: ignore[arg-type]


@pytest.mark.parametrize("language", ["en", "es", "ar"])
def test_what_we_ship_has_no_problem(language: str) -> None:
    for count in (12, 60):
        assert codes(render(*digest(count, language), TEMPLATES)) == set()


@pytest.mark.parametrize(
    "made",
    [bulletin("en"), bulletin("es"), bulletin("ar"), correction()],
    ids=["en", "es", "ar", "c"],
)
def test_a_bulletin_and_a_correction_have_no_problem(made: tuple[Edition, Material]) -> None:
    assert codes(render(*made, TEMPLATES)) == set()


def test_an_edition_can_be_large_only_as_it_is_encoded() -> None:
    rendered = render(*digest(75, "ar"), TEMPLATES)
    assert codes(rendered) == {"large-as-sent"}
    assert len(rendered.html.encode()) < 90_000


@pytest.mark.parametrize("language", ["en", "es", "ar"])
def test_the_size_as_sent_is_what_is_sent(language: str) -> None:
    rendered = render(*digest(60, language), TEMPLATES)
    (part,) = (
        part
        for part in email.message_from_bytes(as_message(rendered)).walk()
        if part.get_content_type() == "text/html"
    )
    sent = len(part.get_payload().replace("\r\n", "\n").replace("\n", "\r\n"))
    assert sent < 100_000
    assert as_sent(rendered.html) == pytest.approx(sent, rel=0.02)


@pytest.mark.parametrize("language", ["en", "ar"])
def test_a_column_of_numbers_may_stand_on_the_other_side(language: str) -> None:
    table = "| City | Calls | Answered |\n|---|---:|:---|\n| A | 412 | 388 |"
    counts = Placement(title="Counts", blurb=table, details={"source": "Us"})
    section = Section(id="numbers", kind="data", title="Numbers", placements=(counts,))
    rendered = render(edition((section,), language), material([]), TEMPLATES)
    assert "text-align:right" in rendered.html
    assert "direction" not in codes(rendered)


def test_an_issue_with_every_kind_has_no_problem() -> None:
    assert codes(WEEK) == set()
    whole, facts = everything()
    assert {kind_of(section) for section in whole.sections} == set(KINDS)
    assert codes(render(whole, facts, TEMPLATES)) == set()


@pytest.mark.parametrize(
    ("code", "broken"),
    [
        ("too-large", with_fields(html=WEEK.html + " " * 100_000)),
        ("no-leave-link", html(LEAVE_URL, "https://a.example/")),
        ("no-leave-link", with_fields(text=WEEK.text.replace(LEAVE_URL, ""))),
        ("no-preferences-link", html("@@preferences_url@@", "https://a.example/")),
        ("no-subject", with_fields(subject=" ")),
        ("no-postal-address", html("12 Example Street", "12")),
        ("control-character", with_fields(subject="Hello\r\nBcc: x@a.example")),
        ("active-content", html("<h2>", "<script>x</script><h2>")),
        ("active-content", html("<h2>", '<h2 onclick="x()">')),
        ("outside-host", html("cid:p1@digest", "https://tracker.example/p.gif")),
        ("outside-host", html("@media", "@import 'x';@media")),
        ("outside-host", html("<h2>", '<h2 style="background:url(https://a.example)">')),
        ("unsafe-link", html('href="https://neighbors.example/clinics"', 'href="/clinics"')),
        ("unsafe-link", html('href="https://neighbors.example/', 'href="javascript:alert(1)//')),
        ("literal-escape", html('alt="Two', 'alt="Two \\u{301}')),
        ("not-in-text", html("Member news</h2>", "Other words</h2>")),
        ("not-in-text", with_fields(text=WEEK.text.replace("/clinics", ""))),
        ("long-line", with_fields(text=WEEK.text + "word " * 20)),
        ("preheader", with_fields(preheader="Short")),
        ("preheader", lambda: dataclasses.replace(html(WEEK.preheader, "Hi")(), preheader="Hi")),
        ("preheader", html('<div style="display:none', 'Before that: <div style="display:none')),
        ("preheader", html("display:none;max", "display:block;max")),
        ("preheader", html("\u034f\u200c\u00a0" * 50, "")),
        ("preheader", html(' aria-hidden="true"', "")),
        ("frame-language", with_fields(language="xx")),
        ("language", html('lang="en"', 'lang="fr"')),
        ("no-title", html("<title>Three", "<title></title><p>Three")),
        ("headings", html('<h2 id="s-news">Member news</h2>', "<h1>Member news</h1>")),
        ("headings", html("<h2>In this issue", "<h3>In this issue")),
        ("tables", html(' role="presentation" align="center" style', " style")),
        ("tables", html("<h2>", "<table><tr><th>City</th></tr></table><h2>")),
        (
            "tables",
            html("<h2>", '<table role="none"><tr><th scope="col">City</th></tr></table><h2>'),
        ),
        ("no-alt", html('alt="Two volunteers at a table with forms"', 'alt=""')),
        ("picture-size", html('width="552"', "")),
        ("link-words", html(">three clinics</a>", ">here</a>")),
        ("link-words", html(">three clinics</a>", ">Unsubscribe</a>")),
        ("small-text", html("<h2>", '<h2 style="font-size:11px">')),
        ("dark-mode", html('name="color-scheme"', 'name="x"')),
        ("dark-mode", html('name="supported-color-schemes"', 'name="x"')),
        ("dark-mode", html("prefers-color-scheme", "prefers-contrast")),
        ("direction", html("<p>", '<p></p><div style="text-align:right"></div><p>')),
        ("number-order", html("<p>", "<p><bdi>Casa Norte</bdi> ")),
        ("outlook", html("<![endif]-->", "-->")),
    ],
)
def test_a_fault_is_found(code: str, broken: Callable[[], RenderedEdition]) -> None:
    assert code in codes(broken())


def test_a_right_to_left_edition_that_runs_left_is_found() -> None:
    rendered = render(*digest(2, "ar"), TEMPLATES)
    turned = rendered.html.replace("direction:rtl", "direction:ltr")
    assert "direction" in codes(dataclasses.replace(rendered, html=turned))


def test_a_number_that_right_to_left_words_would_turn_is_found() -> None:
    rendered = render(*digest(2, "ar"), TEMPLATES)
    for planted, found in (("213-555-0100", True), ('<b dir="ltr">213-555-0100</b>', False)):
        html = rendered.html.replace("</h1>", f" {planted}</h1>", 1)
        text = rendered.text + "213-555-0100"
        said = codes(dataclasses.replace(rendered, html=html, text=text))
        assert ("number-order" in said) is found


@pytest.mark.parametrize("part", ["html", "text"])
def test_a_long_issue_that_can_only_be_left_at_its_end_is_found(part: str) -> None:
    rendered = render(*digest(30), TEMPLATES)
    cut = getattr(rendered, part).replace(LEAVE_URL, "https://a.example/", 1)
    assert "leave-link-far" in codes(dataclasses.replace(rendered, **{part: cut}))


def test_faint_colours_are_found_in_the_light_and_in_the_dark() -> None:
    tokens = TEMPLATES.tokens
    for scheme in ("light", "dark"):
        colours = getattr(tokens, scheme)
        faint = dataclasses.replace(colours, muted=colours.card)
        found = problems(
            WEEK,
            coalition=COALITION,
            tokens=dataclasses.replace(tokens, **{scheme: faint}),
        )
        assert any(scheme in one.message for one in found if one.code == "contrast")


def test_what_blocks_comes_first_and_names_the_draft() -> None:
    picture = InlinePicture(cid="p1@digest", media_type="image/png", data=b"")
    broken = dataclasses.replace(WEEK, subject="", preheader="", pictures=(picture,))
    found = problems(broken, coalition=COALITION, tokens=TEMPLATES.tokens)
    assert [one.severity for one in found] == sorted(one.severity for one in found)
    assert found[0].severity is Severity.BLOCKS
    assert {one.file for one in found} == {"issues/2026-W47/en.md"}
