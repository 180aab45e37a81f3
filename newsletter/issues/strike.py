"""An edition without stories that may not be shown, and without what quotes them."""

from collections.abc import Callable, Collection, Iterable, Sequence
from dataclasses import replace
from itertools import chain, count

from newsletter.model.consent import Revocation
from newsletter.model.issue import Edition, Placement, Section
from newsletter.model.story import StoryText
from newsletter.stories.recognition.recognizer import Recognizer
from newsletter.stories.recognition.short_quotes import Quotable
from newsletter.stories.recognition.words import as_text

Says = Callable[[str], bool]
TITLE = 3  # words


def quotable(
    stories: Iterable[Placement], texts: Iterable[StoryText], public: Iterable[str]
) -> Quotable:
    """Return what could be quoted of stories: as they were placed, and their own words.

    A short title is left out (`Quotable.with_titles` adds it where the story stood), and what is
    `public` as well.
    """
    stories, texts = tuple(stories), tuple(texts)
    titles = chain((one.title for one in stories), (one.title for one in texts))
    return Quotable.of(
        (title for title in titles if len(title.split()) >= TITLE),
        chain((one.blurb for one in stories), (one.body for one in texts)),
        public,
    )


def without_stories(
    edition: Edition,
    stops: Sequence[Revocation],
    quoted: Quotable,
    coalition: str,
    recognizer: Recognizer,
) -> Edition | None:
    """Return the edition without withdrawn stories and quotes of them; None where it has none."""
    ids = {stop.story_id for stop in stops if stop.story_id}
    carries = carrier(stops, recognizer)
    sections = tuple(
        replace(
            section,
            placements=tuple(
                placement
                for placement in section.placements
                if placement.item_id not in ids and not carries(words_of(placement))
            ),
        )
        for section in edition.sections
    )
    left = without_quotes(replace(edition, sections=sections), quoted, coalition, carries)
    return None if left == edition else left


def without_quotes(
    edition: Edition,
    quoted: Quotable,
    coalition: str,
    carries: Says = lambda markdown: False,
    *,
    shown: Collection[str] = (),
) -> Edition:
    """Return the edition with each line and paragraph struck that quotes these stories.

    A subject becomes a neutral one. `carries` says of Markdown whether it has withdrawn words.
    Stories that may be `shown` (ids) stay as they are, to the word.
    """

    def says(line: str) -> bool:
        return quoted.in_line(line) or carries(line)

    def part(markdown: str) -> str:
        return without_paragraphs(markdown, quoted, carries)

    def details(placement: Placement) -> dict[str, str]:
        return {key: value for key, value in placement.details.items() if not says(value)}

    def section(number: int, one: Section) -> Section:
        id_ = f"section-{number}" if says(one.id) else one.id  # made of a title, perhaps
        return replace(
            one,
            id=id_,
            title=id_ if says(one.title) else one.title,
            intro=part(one.intro),
            placements=tuple(
                placement
                if placement.item_id in shown
                else replace(placement, blurb=part(placement.blurb), details=details(placement))
                for placement in one.placements
                if placement.item_id in shown or not says(placement.title)
            ),
        )

    return replace(
        without_opening(edition, says),
        subject=f"{coalition}, {edition.issue_id}" if says(edition.subject) else edition.subject,
        preheader="" if says(edition.preheader) else edition.preheader,
        letter=part(edition.letter),
        sections=tuple(map(section, count(1), edition.sections)),
    )


def without_opening(edition: Edition, says: Says) -> Edition:
    """Return the edition without what its top says; with a picture's words the picture goes."""
    struck = {key for key, value in edition.opening.items() if says(value)}
    if struck - {"edited_by"}:
        struck |= {"picture", "alt", "credit"}
    kept = {key: value for key, value in edition.settings.items() if key not in struck}
    return replace(edition, settings=kept)


def without_paragraphs(markdown: str, quoted: Quotable, carries: Says) -> str:
    """Return the paragraphs that quote nothing; none where they carry a story all together."""
    kept = [
        block
        for block in markdown.split("\n\n")
        if not quoted.in_paragraph(as_text(block)) and not carries(block)
    ]
    left = "\n\n".join(kept)
    return "" if carries(left) else left


def carrier(stops: Sequence[Revocation], recognizer: Recognizer) -> Says:
    """Return what says whether Markdown has the words of a withdrawn story."""
    return lambda markdown: recognizer.find_withdrawal(as_text(markdown), stops) is not None


def words_of(placement: Placement) -> str:
    """Return an editor's words on a placement, as one Markdown text."""
    return f"{placement.title}\n\n{placement.blurb}"
