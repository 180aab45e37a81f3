"""Languages: which tags a reader of one can read, and which edition is theirs."""

import pytest

from newsletter.model.language import first_same, same_language


@pytest.mark.parametrize(
    ("tag", "other", "same"),
    [
        ("es", "es-MX", True),
        ("ES-mx", "es-419", True),
        ("zh-Hant", "zh-Hans", False),
        ("zh-TW", "zh-Hant", True),
        ("zh-HK", "zh-CN", False),
        ("zh", "zh-Hans", True),
        ("zh", "zh-Hant", False),
        ("yue", "zh-Hant", True),
        ("cmn-Hans", "zh", True),
        ("tl", "fil", True),
        ("nb", "no", True),
        ("iw", "he", True),
        ("sr-Latn", "sr", False),
        ("pa-Arab", "pa-PK", True),
        ("pa", "pa-Arab", False),
        ("es", "es-Latn", True),
        ("ht", "fr", False),
        ("", "en", False),
    ],
)
def test_two_tags_are_one_language_when_a_reader_of_one_can_read_the_other(
    tag: str, other: str, same: bool
) -> None:
    assert same_language(tag, other) is same
    assert same_language(other, tag) is same


@pytest.mark.parametrize(
    ("tag", "among", "found"),
    [
        ("es-MX", ("en", "es"), "es"),
        ("es-MX", ("es-ES", "es"), "es"),
        ("es-MX", ("es-ES", "es-MX"), "es-MX"),
        ("es", ("es-ES",), "es-ES"),
        ("zh-Hant-HK", ("zh-Hans", "zh-Hant"), "zh-Hant"),
        ("zh-TW", ("zh-Hans",), None),
        ("tl", ("en", "fil"), "fil"),
        ("tlh", ("tl", "en"), None),
    ],
)
def test_the_nearest_edition_is_found(tag: str, among: tuple[str, ...], found: str | None) -> None:
    assert first_same(tag, among) == found
