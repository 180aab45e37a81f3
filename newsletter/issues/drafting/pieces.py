"""The pieces a draft is made of: what was chosen, what drafts have already, and the stories."""

from collections.abc import Iterable, Mapping, Sequence, Set
from dataclasses import replace
from datetime import date

from newsletter.issues.choosing.credit import SiteOwners, foreign_source
from newsletter.issues.choosing.same_event import Standing, names_of
from newsletter.issues.choosing.select import Choice, DraftRules, rule_for
from newsletter.issues.drafting.additions import is_new_section
from newsletter.issues.drafting.assemble import Piece
from newsletter.issues.drafting.plain import one_line
from newsletter.model.coalition import SectionRule
from newsletter.model.consent import Allowed, Channel
from newsletter.model.details import UNCONFIRMED
from newsletter.model.issue import Edition, Placement
from newsletter.model.item import Item
from newsletter.model.organisation import Organisation
from newsletter.model.story import Story
from newsletter.pulling.items.boilerplate import article_texts
from newsletter.stories.record.item import story_item

_STORIES = SectionRule(id="stories", kind="stories", most=1)


def cleaned(pieces: Sequence[Piece], items: Sequence[Item]) -> list[Piece]:
    """Return the pieces with the article's words alone, without what its organisation repeats.

    `items` are what the organisations published lately.
    """
    texts = article_texts([piece.item for piece in pieces], among=items)
    return [replace(piece, text=text) for piece, text in zip(pieces, texts, strict=True)]


def story_pieces(
    stories: Iterable[Story], language: str, rules: DraftRules, offered: Set[str], *, on: date
) -> list[Piece]:
    """Return the stories that may be mailed in a language on a day and were not offered before.

    The excerpt where the storyteller allows it, else the whole text.
    """
    rule = next((rule for rule in rules.sections if rule.kind == "stories"), _STORIES)
    pieces = [
        Piece(
            section_id=rule.id,
            item=story_item(story, language=language, channel=channel),
            details={"form": "full"} if channel is Channel.EMAIL_FULL else {},
        )
        for story in stories
        if story.id not in offered and (channel := _channel(story, language, on)) is not None
    ]
    pieces.sort(key=lambda piece: (piece.item.first_seen_at, piece.item.id))
    return pieces[: rule.most]


def _channel(story: Story, language: str, day: date) -> Channel | None:
    for channel in (Channel.EMAIL_EXCERPT, Channel.EMAIL_FULL):
        if isinstance(story.answer(channel=channel, language=language, on=day), Allowed):
            return channel
    return None


def credited(pieces: Sequence[Piece], organisations: Mapping[str, Organisation]) -> list[Piece]:
    """Return the pieces, with the source of those that were first published elsewhere."""
    owners = SiteOwners(organisations)
    found = ((piece, foreign_source(piece.item, organisations, owners)) for piece in pieces)
    return [
        replace(piece, details={**piece.details, "source": one_line(source.name)})
        if source
        else piece
        for piece, source in found
    ]


def with_questions(
    pieces: Sequence[Piece],
    called_off: Mapping[str, Standing],
    organisations: Mapping[str, Organisation],
) -> list[Piece]:
    """Return the pieces, those marked that an editor has to ask about before anybody comes to them.

    An event that some calendar calls off is shown as cancelled, whoever published it first.
    """
    members = organisations.values()
    asking = []
    for piece in pieces:
        event, standing = piece.item.event, called_off.get(piece.item.id)
        questions = []
        if standing is not None:
            questions.append(
                f"Called off by {names_of(standing.off, members)}: ask whether it takes place, "
                "then write - cancelled: yes or no"
            )
            piece = replace(piece, details={**piece.details, "cancelled": UNCONFIRMED})
        if event is not None and event.unknown_zone:
            questions.append(
                f"Nobody knows its calendar's time zone, “{event.unknown_zone}”: ask for the hour, "
                "then correct - when:"
            )
        asking.append(replace(piece, questions=tuple(questions)))
    return asking


def placed_pieces(
    editions: Iterable[Edition],
    items: Mapping[str, Item],
    rules: DraftRules,
    organisations: Mapping[str, Organisation],
) -> list[Piece]:
    """Return what the editions that are there place, for one that is not there yet.

    What nobody has sorted yet goes where it would have gone.
    """
    sections: dict[str, str] = {}
    sizes: dict[str, Mapping[str, str]] = {}
    for edition in editions:
        for section, placement in edition.placed:
            if placement.item_id:
                sections.setdefault(placement.item_id, section.id)
                sizes.setdefault(placement.item_id, _size_of(placement))
    pieces = []
    for item_id, section_id in sections.items():
        item = items.get(item_id)
        if item is None:
            continue
        if is_new_section(section_id):
            rule = rule_for(item, rules.sections, organisations.get(item.organisation_id or ""))
            section_id = rule.id if rule else "news"
        pieces.append(Piece(section_id=section_id, item=item, details=sizes[item_id]))
    return pieces


def _size_of(placement: Placement) -> Mapping[str, str]:
    return {key: value for key, value in placement.details.items() if key == "size"}


def piece_of(choice: Choice, organisations: Mapping[str, Organisation]) -> Piece:
    """Return a chosen cluster as a piece: its origin, who else shared it, and the evidence."""
    cluster = choice.cluster
    sharing = dict.fromkeys(item.organisation_id for item in cluster.others)
    also = tuple(id_ for id_ in sharing if id_ and id_ != cluster.origin.organisation_id)
    why = dict(cluster.evidence)
    members = organisations.values()
    first = names_of([cluster.origin], members)
    evidence = [f"First published by {first}: {why.get(cluster.origin.id, '')}"]
    evidence += [
        f"Also shared by {names_of([item], members)} ({item.id}): {why.get(item.id, '')}"
        for item in cluster.others
    ]
    return Piece(
        section_id=choice.section_id,
        item=cluster.origin,
        also=also,
        evidence="\n".join(evidence) if cluster.others else "",
    )
