"""A page for phones is the page itself."""

import pytest

from newsletter.model.address import same_page


@pytest.mark.parametrize(
    ("mobile", "page"),
    [
        ("https://m.harbor.example/clinic", "https://harbor.example/clinic"),
        ("https://www.m.harbor.example/clinic", "https://harbor.example/clinic"),
        ("https://M.Harbor.example/clinic", "https://www.harbor.example/clinic"),
    ],
)
def test_a_link_to_the_mobile_site_leads_to_the_same_page(mobile: str, page: str) -> None:
    assert same_page(mobile) == same_page(page) != ""


@pytest.mark.parametrize(
    "host",
    ["m.example", "am.harbor.example", "mobile.example", "m-harbor.example", "harbor.m.example"],
)
def test_only_a_whole_first_label_of_m_is_the_mobile_site(host: str) -> None:
    assert same_page(f"https://{host}/clinic") == f"{host}/clinic"
