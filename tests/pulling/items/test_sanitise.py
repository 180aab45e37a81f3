"""HTML from outside: rebuilt from an allow-list, and its words as plain text."""

import weakref

import pytest

from newsletter.pulling.items.sanitise import Sanitiser, absolute, line, plain
from tests.active_html import offences

BASE = "https://harbor.example/news/1"
HOSTILE = [
    "<script>alert(1)</script>", "<scr<script>ipt>alert(1)</script>", "<img src=x onerror=x()>",
    "<svg onload=alert(1)><circle/></svg>", "<math><mi xlink:href='javascript:x'>x</mi></math>",
    "<a href='javascript:alert(1)'>x</a>", "<a href=' jav\tascript:alert(1)'>x</a>",
    "<a href='&#106;avascript:alert(1)'>x</a>", "<a href='data:text/html,<script>x</script>'>x</a>",
    "<a href='vbscript:x'>x</a>", "<a href='//evil.example' onclick=x>x</a>",
    "<p style='background:url(javascript:x)'>x</p>", "<style>@import 'x';</style>",
    "<iframe src='https://evil.example'></iframe>", "<iframe srcdoc='<script>x</script>'>",
    "<object data=x><embed src=x></object>", "<form action=x><input name=p></form>",
    "<link rel=stylesheet href=x>", "<meta http-equiv=refresh content='0;url=x'>",
    "<base href='https://evil.example/'><a href='x'>x</a>", "<template><img src=x></template>",
    "<noscript><p title='</noscript><img src=x onerror=x>'>", "<!--><img src=x onerror=x>-->",
    "<a href='x' title='\"><img src=x>'>x</a>", "<table background='javascript:x'><td>x</table>",
    "<video src=x autoplay><source src=y></video>", "<details open ontoggle=x>x</details>",
    "<xss style='x:expression(x)'>x</xss>", "<IMG \"\"\"><SCRIPT>x</SCRIPT>\">", "<body onload=x>x",
    "<![CDATA[<script>x</script>]]>", "<?xml-stylesheet href='x'?>x", "<a href='http://[::1'>x</a>",
    "<p><select><style></p></select><img src=x onerror=x></style>", "<plaintext><script>x",
]  # fmt: skip


@pytest.mark.parametrize("markup", HOSTILE)
def test_nothing_active_survives(markup: str) -> None:
    cleaned = Sanitiser().clean(f"<p>before</p>{markup}", BASE)
    assert offences(cleaned) == []
    assert "before" in cleaned


def test_what_readers_need_is_kept() -> None:
    markup = (
        '<h2>Title</h2><p lang="ar" dir="rtl">One <em>two</em> <a href="/b?c=1&amp;d">three</a></p>'
        "<ul><li>four</li></ul><blockquote>five</blockquote>"
    )
    assert Sanitiser().clean(markup, BASE) == markup.replace("/b?", "https://harbor.example/b?")


def test_one_sanitiser_keeps_the_bases_of_its_pieces_apart() -> None:
    sanitiser = Sanitiser()
    assert 'href="https://a.example/x"' in sanitiser.clean("<a href=x>x</a>", "https://a.example/")
    assert 'href="https://b.example/x"' in sanitiser.clean("<a href=x>x</a>", "https://b.example/")


def test_a_sanitiser_goes_when_its_document_does() -> None:
    sanitiser = Sanitiser()
    sanitiser.clean("<a href=x>x</a>", BASE)
    gone = weakref.ref(sanitiser)
    del sanitiser
    assert gone() is None


@pytest.mark.parametrize(
    ("markup", "text"),
    [
        ("<p>One\n two</p><p>three</p>", "One two\n\nthree"),
        ("One<br>two<br><br>three", "One\ntwo\n\nthree"),
        ("<ul><li>a</li><li>b</li></ul>", "a\n\nb"),
        ("<table><tr><td>a</td><td>b</td></tr></table>", "a b"),
        ("<table><tr><td>a</td> <td>b</td></tr></table>", "a b"),
        ("one <script>x</script> two", "one two"),
        ("a &lt;b&gt; &amp; c&nbsp;d", "a <b> & c d"),
        ("<div><div><p></p></div></div>x", "x"),
        ("<p>soft\u00adhyphen \u202eover\u2066ride</p>", "softhyphen over\u2066ride"),
        ("", ""),
    ],
)
def test_the_words_are_those_of_the_page(markup: str, text: str) -> None:
    assert plain(Sanitiser().clean(markup, BASE)) == text


def test_a_title_is_one_line() -> None:
    assert line("A <b>bold</b>\n &amp; title", is_html=True) == "A bold & title"
    assert line("1 < 2 &amp; 3", is_html=False) == "1 < 2 &amp; 3"


@pytest.mark.parametrize("url", ["javascript:x", "JAVASCRIPT:x", "data:x", "http://[", "ftp://x/y"])
def test_no_link_of_another_scheme(url: str) -> None:
    assert absolute(url, BASE) == ""
