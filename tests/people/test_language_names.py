"""Languages as people write them in lists."""

import pytest

from newsletter.people.language_names import language_tag


@pytest.mark.parametrize(
    ("text", "tag"),
    [
        ("es", "es"),
        ("ES_mx", "es-MX"),
        ("zh-hant", "zh-Hant"),
        ("Spanish", "es"),
        ("español", "es"),
        ("Inglés", "en"),
        (" العربية ", "ar"),
        ("Tiếng Việt", "vi"),
        ("criollo haitiano", "ht"),
        ("zz", None),
        ("Klingonese", None),
        ("", None),
        ("../../etc", None),
    ],
)
def test_a_language_is_known_by_tag_or_name_and_never_guessed(text: str, tag: str | None) -> None:
    assert language_tag(text) == tag
