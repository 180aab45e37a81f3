"""Which topic a member's tag names, and what readers call it."""

import pytest

from newsletter.design.catalogues import PAGES, translations
from newsletter.members.topics_and_regions import known_topics, shown_name

TOPICS = ("food", "housing", "know-your-rights", "work")


@pytest.mark.parametrize(
    ("tags", "topics"),
    [
        (("Housing",), ("housing",)),
        (("VIVIENDA", "housing"), ("housing",)),
        (("Conozca sus derechos",), ("know-your-rights",)),
        (("know your rights",), ("know-your-rights",)),
        (("السكن", "Alimentos"), ("housing", "food")),
        (("Uncategorized", "Housing court", "", "!"), ()),  # near is not the same
        (("legal",), ()),  # no member offers it
    ],
)
def test_a_tag_names_a_topic_in_any_language_and_in_any_case(
    tags: tuple[str, ...], topics: tuple[str, ...]
) -> None:
    assert known_topics(tags, TOPICS) == topics


def test_a_topic_without_a_translation_is_shown_as_it_is_written() -> None:
    spanish = translations("es", PAGES).gettext
    assert shown_name("housing", spanish) == "Vivienda"
    assert shown_name("port-alder", spanish) == "Port Alder"
