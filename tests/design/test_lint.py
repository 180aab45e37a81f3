"""Template files are held against the lists before an issue is rendered with them."""

import dataclasses
import re

import pytest

from newsletter.design.lint import lint, lint_tokens
from newsletter.design.lint_allowed import CONTEXT
from newsletter.design.templates import Templates, shipped_folder

TEMPLATES = Templates((shipped_folder(),))
SHIPPED = frozenset(TEMPLATES.names())


def messages(name: str, source: str) -> list[str]:
    found = lint({name: source}, names=SHIPPED)
    return [f"{one.place}: {one.message}" for one in found]


def test_what_we_ship_has_no_fault() -> None:
    sources = {name: TEMPLATES.source(name) for name in SHIPPED}
    assert lint(sources, names=SHIPPED) == []
    assert lint_tokens(TEMPLATES.tokens) == []


@pytest.mark.parametrize(
    ("source", "message"),
    [
        (
            "<mj-text>\n<blink>x</blink></mj-text>",
            "templates/footer.mjml:2: <blink> is not allowed",
        ),
        ('<mj-text colour="red">x</mj-text>', "<mj-text> has no attribute 'colour'"),
        ("<mj-carousel></mj-carousel>", "it loads pictures from another host"),
        ('<mj-spacer height="9px" />', "<mj-spacer> cannot be used: spam filters"),
        ("<mj-text><bdi>x</bdi></mj-text>", "<bdi> cannot be used: Gmail"),
        ("<mj-raw>\n\n<script>x</script></mj-raw>", "templates/footer.mjml:3: <script>"),
        ('<mj-raw><p onclick="x">x</p></mj-raw>', "<p> has no attribute 'onclick'"),
        ('<mj-image src="https://a.example/x.png" alt="" />', "src points to another host"),
        ('<mj-raw><img src="cid:x" /></mj-raw>', "<img> has no alt"),
        (
            "<mj-style>\n@media print{\n.a>b{color:red}\n}\n.k>div{padding:9px}\n</mj-style>",
            "footer.mjml:5: Outlook for Windows does not know >",
        ),
        ("<mj-style>.a{background:url(x)}</mj-style>", "CSS that loads something"),
        ("<mj-text>\n{{ e.subject }\n</mj-text>", "templates/footer.mjml:2"),
        ("<mj-text>\n{{ subjekt }}\n</mj-text>", "templates/footer.mjml:2: unknown name"),
        (
            "<mj-text>\n{{ e.subjct }}</mj-text>",
            "templates/footer.mjml:2: unknown name 'subjct'",
        ),
        ("<mj-text>{{ p.source.nam }}{{ p.picture.alt }}</mj-text>", "unknown name 'nam'"),
        ("<mj-text>{{ e.letter.htm(2) }}</mj-text>", "unknown name 'htm'"),
        ("<mj-text>{{ light.lnk }}</mj-text>", "unknown name 'lnk'"),
        ("<mj-text>\n{{ e.subject | shout }}</mj-text>", "footer.mjml:2: No filter named 'shout'"),
        (
            '<mj-text>\n{% include "foter.mjml" %}</mj-text>',
            "footer.mjml:2: there is no part foter",
        ),
        ("<mj-section>\n<mj-column><mj-text>x</mj-column></mj-section>", ":2: <mj-text> is never"),
        ("<mj-text><p>x</mj-text>", "<p> is never closed"),
        ("<mj-text>x</p></mj-text>", "</p> closes nothing"),
        ("<mj-section><mj-column><table></table></mj-column></mj-section>", "<table> outside"),
        ("Hello\n<mj-text>x</mj-text>", "words outside <mj-text>"),
        ("Hello {{ e.subject }}", "words outside <mj-text>"),
        ('<mj-image src="logo.png" alt="Us" />', "logo.png would not travel"),
    ],
)
def test_a_fault_is_named_with_its_line(source: str, message: str) -> None:
    assert any(message in one for one in messages("footer.mjml", source))


def test_small_type_is_named() -> None:
    tokens = TEMPLATES.tokens
    small = dataclasses.replace(tokens, type=dataclasses.replace(tokens.type, small=11))
    (found,) = lint_tokens(small)
    assert found.message == "type.small is 11 pixels"


def test_faint_colours_are_named() -> None:
    tokens = TEMPLATES.tokens
    faint = dataclasses.replace(tokens, dark=dataclasses.replace(tokens.dark, text="#222222"))
    found = lint_tokens(faint)
    assert "dark.text on dark.card: contrast" in found[0].message


def test_every_name_a_part_may_use_is_in_the_guide() -> None:
    guide = (shipped_folder().parent / "docs" / "templates.md").read_text()
    for name in CONTEXT - {"body"}:
        assert re.search(rf"`[^`]*\b{name}\b[^`]*`", guide), name
