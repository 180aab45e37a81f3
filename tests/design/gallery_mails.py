"""The gallery's three fillings as whole issues: every kind of section, in three languages."""

from collections.abc import Iterator

from newsletter.design.sample_edition import FEW, Publisher, sample
from newsletter.design.sample_facts import Filling
from newsletter.design.sample_words import LANGUAGES, sample_words
from newsletter.design.templates import Templates
from newsletter.model.issue import Edition
from newsletter.model.material import Material
from tests.design import samples


def gallery_mails(templates: Templates) -> Iterator[tuple[str, tuple[Edition, Material]]]:
    """Each of them under a name such as `gallery-long-ar`."""
    publisher = Publisher(coalition=samples.COALITION, sender=samples.SENDER)
    kinds = templates.kinds
    for filling in Filling:
        for language in LANGUAGES:
            yield (
                f"gallery-{filling}-{language}",
                sample(
                    kinds,
                    filling,
                    sample_words(language, templates),
                    publisher,
                    language=language,
                    day=samples.NOW.date(),
                    most=FEW[filling],
                ),
            )
