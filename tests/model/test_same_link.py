"""What two addresses of one page have in common, and which of them a reader is shown."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from newsletter.model.address import normal_link, untracked

PAGE = "https://member.example/clinic"


@pytest.mark.parametrize(
    ("given", "shown"),
    [
        (f"{PAGE}?utm_source=rss&utm_medium=rss&utm_campaign=clinic", PAGE),
        (f"{PAGE}?id=7&fbclid=IwAR0&lang=es#when", f"{PAGE}?id=7&lang=es#when"),
        (f"{PAGE}?utm_source=rss&p=1&fbclid=9#top", f"{PAGE}?p=1#top"),
        (f"{PAGE}?cmpid=1&wt_mc=2", PAGE),
        (f"{PAGE}?mc_cid=1&mc_eid=2", PAGE),
        (f"{PAGE}?UTM_Source=x", PAGE),
        (f"{PAGE}?%75tm_source=x", PAGE),
        (f"{PAGE}?dclid=1&msclkid=2&yclid=3&gclid=4&_hsenc=5", PAGE),
        (f"{PAGE}#part?utm_source=y", f"{PAGE}#part?utm_source=y"),
        # What may belong to the page stays, byte for byte.
        (f"{PAGE}?b=%2F&a=+1&&q", f"{PAGE}?b=%2F&a=+1&&q"),
        (f"{PAGE}?source=digest&ref=7&feed=news", f"{PAGE}?source=digest&ref=7&feed=news"),
        (f"{PAGE}?a=%20b&&c", f"{PAGE}?a=%20b&&c"),
        (PAGE, PAGE),
    ],
)
def test_the_shown_address_names_no_campaign(given: str, shown: str) -> None:
    assert untracked(given) == shown


PIECE = st.sampled_from(["utm_source=a", "fbclid=b", "id=1", "q=%26", "ref=c", "", "x", "a=1=2"])


@given(st.lists(PIECE, max_size=6), st.sampled_from(["", "#part", "#!/page"]))
def test_the_shown_address_is_the_same_page(pieces: list[str], fragment: str) -> None:
    url = f"{PAGE}?{'&'.join(pieces)}{fragment}"
    assert normal_link(untracked(url)) == normal_link(url)
    assert untracked(untracked(url)) == untracked(url)
