from collections.abc import Callable
from urllib.parse import urljoin

from hypothesis import given
from hypothesis import strategies as st

from newsletter.model.address import joined

BASE = "https://member.example/news/feed.xml?x#y"
WORDS = ("http://", "https://", "HTTP://", "mailto:", "a.example", ":80", "..", "%20")
PIECES = st.sampled_from((*WORDS, *"/?#;=&@.[]\\ \t\u00a0\x00\x85ü"))


@given(st.lists(PIECES, max_size=12).map("".join))
def test_it_joins_as_the_standard_library_does(url: str) -> None:
    assert _or_not(joined, url) == _or_not(urljoin, url)


def _or_not(join: Callable[[str, str], str], url: str) -> str | None:
    try:
        return join(BASE, url)
    except ValueError:
        return None
