"""[I/O] Read what is there of an issue before its drafts are written."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace

from newsletter.issues.drafting import draft_file
from newsletter.issues.drafting.load_issue import read_draft
from newsletter.issues.ports import IssueStore
from newsletter.issues.sources import IssueSources
from newsletter.model.issue import DraftFile, Edition, Offer, Section
from newsletter.model.item import Item
from newsletter.model.story import Story


@dataclass(frozen=True, kw_only=True, slots=True)
class DraftFacts:
    """What is there of an issue before its drafts are written.

    `drafts`, `letters` and `blocks` (the standing ones) are by language. `offers` is what those
    drafts showed: one that was deleted starts again. `items` are those they place, by id.
    """

    languages: tuple[str, ...]
    drafts: Mapping[str, DraftFile]
    offers: Sequence[Offer]
    items: Mapping[str, Item]
    stories: Sequence[Story]
    letters: Mapping[str, str]
    blocks: Mapping[str, Sequence[Section]]

    @property
    def editions(self) -> tuple[Edition, ...]:
        """The editions that are there, in the coalition's order of languages."""
        return tuple(draft.edition for draft in self.drafts.values())


def load_draft(sources: IssueSources, store: IssueStore, issue_id: str) -> DraftFacts:
    """Read an issue's drafts in the coalition's languages, what they showed, and the blocks.

    ConfigError with file and line when a draft or a block cannot be understood.
    """
    languages = sources.coalition.languages
    paths = {language: draft_file.path_of(issue_id, language) for language in languages}
    drafts = {
        language: read_draft(sources, path)
        for language, path in paths.items()
        if sources.files.exists(path)
    }
    placed = (item_id for draft in drafts.values() for item_id in draft.edition.item_ids)
    blocks = {language: _blocks(sources, language) for language in languages}
    return DraftFacts(
        languages=languages,
        drafts=drafts,
        offers=[
            offer
            for offer in store.offers(issue_id)
            if offer.language in drafts or offer.language not in languages
        ],
        items=sources.items.get(dict.fromkeys(placed)),
        stories=sources.stories.stories(),
        letters={language: letter for language, (letter, _) in blocks.items()},
        blocks={language: sections for language, (_, sections) in blocks.items()},
    )


def _blocks(sources: IssueSources, language: str) -> tuple[str, tuple[Section, ...]]:
    """The standing blocks of a language, by file name; sections of one id are joined."""
    letters: list[str] = []
    joined: dict[str, Section] = {}
    for name in sources.files.names("blocks", f"*.{language}.md"):
        letter, sections = draft_file.read_block(sources.files.read(name), file=name)
        letters.append(letter)
        for section in sections:
            known = joined.get(section.id)
            joined[section.id] = (
                replace(known, placements=(*known.placements, *section.placements))
                if known
                else section
            )
    return "\n\n".join(filter(None, letters)), tuple(joined.values())
