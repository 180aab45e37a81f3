"""[I/O] What a draft is made of beside the choices: stories, standing blocks, and cleaned words."""

from collections.abc import Sequence
from dataclasses import replace
from datetime import date

from newsletter.issues.choosing.boilerplate import repeated_passages, stripped, title_keys
from newsletter.issues.choosing.choosing import DraftRules, DraftStore
from newsletter.issues.choosing.select import Choice
from newsletter.issues.drafting import draft_file
from newsletter.issues.drafting.assemble import Piece
from newsletter.issues.sources import IssueSources
from newsletter.model.coalition import SectionRule
from newsletter.model.consent import Allowed, Channel
from newsletter.model.issue import Section
from newsletter.model.item import Item
from newsletter.model.story import Story
from newsletter.stories.record.item import story_item


def cleaned(pieces: Sequence[Piece], items: Sequence[Item]) -> list[Piece]:
    """The pieces with the words of the article alone, without what its organisation repeats."""
    published: dict[str | None, list[Item]] = {}
    for item in items:
        published.setdefault(item.organisation_id, []).append(item)
    repeated: dict[str | None, frozenset[str]] = {}
    titles: dict[str | None, frozenset[str]] = {}
    for organisation_id in {piece.item.organisation_id for piece in pieces}:
        siblings = published.get(organisation_id, [])
        repeated[organisation_id] = repeated_passages(item.text for item in siblings)
        titles[organisation_id] = title_keys(item.title for item in siblings)
    return [
        replace(
            piece,
            text=stripped(
                piece.item.text,
                title=piece.item.title,
                repeated=repeated[piece.item.organisation_id],
                titles=titles[piece.item.organisation_id],
            ),
        )
        for piece in pieces
    ]


def stories_for(
    sources: IssueSources, store: DraftStore, rules: DraftRules, issue_id: str, day: date
) -> dict[str, list[Piece]]:
    """For each language the stories that may be mailed that day and were not offered before.

    The excerpt where the storyteller allows it, else the whole text.
    """
    rule = next((rule for rule in rules.sections if rule.kind == "stories"), _STORIES)
    before = store.offered_before(issue_id)
    fresh = [story for story in sources.stories.stories() if story.id not in before]
    found: dict[str, list[Piece]] = {}
    for language in sources.coalition.languages:
        pieces = [
            Piece(
                section_id=rule.id,
                item=story_item(story, language=language, channel=channel),
                details={"form": "full"} if channel is Channel.EMAIL_FULL else {},
            )
            for story in fresh
            if (channel := _channel(story, language, day)) is not None
        ]
        pieces.sort(key=lambda piece: (piece.item.first_seen_at, piece.item.id))
        found[language] = pieces[: rule.most]
    return found


_STORIES = SectionRule(id="stories", kind="stories", most=1)


def _channel(story: Story, language: str, day: date) -> Channel | None:
    for channel in (Channel.EMAIL_EXCERPT, Channel.EMAIL_FULL):
        if isinstance(story.answer(channel=channel, language=language, on=day), Allowed):
            return channel
    return None


def blocks_for(sources: IssueSources, language: str) -> tuple[str, tuple[Section, ...]]:
    """The standing blocks of a language, by file name; sections of one id are joined."""
    letters: list[str] = []
    sections: dict[str, Section] = {}
    for name in sources.files.names("blocks", f"*.{language}.md"):
        letter, found = draft_file.read_block(sources.files.read(name), file=name)
        letters.append(letter)
        for section in found:
            known = sections.get(section.id)
            sections[section.id] = (
                replace(known, placements=(*known.placements, *section.placements))
                if known
                else section
            )
    return "\n\n".join(filter(None, letters)), tuple(sections.values())


def piece_of(choice: Choice) -> Piece:
    cluster = choice.cluster
    organisations = dict.fromkeys(item.organisation_id for item in cluster.others)
    also = tuple(one for one in organisations if one and one != cluster.origin.organisation_id)
    why = dict(cluster.evidence)
    evidence = [
        f"First published by {cluster.origin.organisation_id}: {why.get(cluster.origin.id, '')}"
    ]
    evidence += [
        f"also shared by {item.organisation_id} ({item.id}): {why.get(item.id, '')}"
        for item in cluster.others
    ]
    return Piece(
        section_id=choice.section_id,
        item=cluster.origin,
        also=also,
        evidence="; ".join(evidence) if cluster.others else "",
    )
