"""What a kind of section without a text part of its own says in the text part."""

import pytest

from newsletter.design.fragment_text import fragment_text


def as_text(markup: str) -> str:
    return fragment_text(markup, lambda text, **values: text % values)


@pytest.mark.parametrize(
    ("markup", "text"),
    [
        (
            '<mj-text><h3><a href="https://a.example">A &amp; B</a></h3><p>Two<br />lines</p>',
            "* A & B <https://a.example>\n\n  Two\n  lines",
        ),
        ('<p>Call <a href="tel:+12135550100">+1 213-555-0100</a></p>', "  Call +1 213-555-0100"),
        ('<p><a href="tel:2135550100">Call us</a></p>', "  Call us <2135550100>"),
        ('<p><a href="mailto:a@b.example">a@b.example</a></p>', "  a@b.example"),
        ("<ul><li>One</li><li>Two</li></ul>", "  - One\n  - Two"),
        ('<ol start="3"><li>One</li><li><p>Two</p></li></ol>', "  3. One\n\n  4. Two"),
        ("<tr><th>A</th><th>B</th></tr><tr><td>1</td><td>2</td></tr>", "  A · B\n  1 · 2"),
        ('<img src="x" alt="A pot" /><h3>Soup</h3>', "  [Picture: A pot]\n\n* Soup"),
        ('<a href="https://a.example"><img alt="Pot" /></a>', "  [Picture: Pot] <https://a.example>"),
        ('<mj-button href="https://a.example">Cook</mj-button>', "  Cook <https://a.example>"),
        ('<mj-image alt="Pot" href="https://a.example" />', "  [Picture: Pot] <https://a.example>"),
        ("<mj-style>p{color:red}</mj-style><p>Words</p><script>x</script>", "  Words"),
        ('<p aria-hidden="true">21 <b>Nov</b></p><p>November 21</p>', "  November 21"),
        ("<!--[if mso]><p>twice</p><![endif]--><p>once</p>", "  once"),
        ("<!--[if !mso]><!--><p>once</p><!--<![endif]-->", "  once"),
        ("<p>never <b>closed<p>and </i>stray</p>", "  never closed\n\n  and stray"),
        ("<mj-text>&#160;</mj-text>", ""),
        ("", ""),
    ],
)  # fmt: skip
def test_no_word_and_no_link_is_lost(markup: str, text: str) -> None:
    assert as_text(markup) == text


def test_lines_are_wrapped_and_addresses_whole() -> None:
    address = "https://a.example/" + "x" * 80
    text = as_text(f'<p>{"word " * 30}<a href="{address}">here</a></p>')
    assert f"<{address}>" in text
    assert max(len(line) for line in text.splitlines() if address not in line) <= 72
