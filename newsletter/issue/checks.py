"""What is wrong with a draft, before it is rendered: each check is a generator over its facts."""

import re
from collections.abc import Callable, Iterator, Mapping, Sequence, Set
from dataclasses import dataclass, field
from datetime import date, datetime, timedelta, tzinfo

from newsletter.issue.additions import is_new_section
from newsletter.issue.editions import FALLBACK
from newsletter.issue.edits import is_edited
from newsletter.issue.excerpt import reprinted_words, words_of
from newsletter.issue.plain import one_line
from newsletter.model.details import missing_details, moment_of
from newsletter.model.issue import Edition, Placement, Section, is_bulletin
from newsletter.model.item import Item, ItemKind
from newsletter.model.organisation import Organisation, TextTerms
from newsletter.model.problem import Problem, Severity

VERIFIED_FOR = timedelta(days=90)
_TABLE = re.compile(r"^\s*\|?\s*:?-{3,}:?\s*(?:\|\s*:?-{3,}:?\s*)*\|?\s*$", re.MULTILINE)
_WATCHED = frozenset({"rights", "hotlines", "urgent"})


@dataclass(frozen=True, kw_only=True, slots=True)
class Facts:
    """What an edition is judged on.

    `denied` says why a story may not be placed so, by its id; `chosen_as` is an item's title and
    text when it was offered, if they changed since; `carried` are items that carry the words of
    a withdrawn story; `files` and `broken` are the names in the issue's `pictures/`, and
    those among them that are no pictures.
    """

    sends_on: date
    now: datetime
    zone: tzinfo
    items: Mapping[str, Item]
    organisations: Mapping[str, Organisation]
    denied: Mapping[str, str] = field(default_factory=dict)
    chosen_as: Mapping[str, tuple[str, str]] = field(default_factory=dict)
    carried: Mapping[str, str] = field(default_factory=dict)
    files: Set[str] = frozenset()
    broken: Mapping[str, str] = field(default_factory=dict)


Check = Callable[[Edition, Facts], Iterator[Problem]]


def problems(edition: Edition, facts: Facts) -> list[Problem]:
    """Everything found in one edition."""
    return [problem for check in CHECKS for problem in check(edition, facts)]


def _blocks(edition: Edition, code: str, line: int, message: str, hint: str = "") -> Problem:
    return Problem(
        severity=Severity.BLOCKS,
        code=code,
        message=message,
        hint=hint,
        file=edition.path,
        line=line or None,
    )


def _warns(edition: Edition, code: str, line: int, message: str, hint: str = "") -> Problem:
    return Problem(
        severity=Severity.WARNS,
        code=code,
        message=message,
        hint=hint,
        file=edition.path,
        line=line or None,
    )


def _placed(edition: Edition) -> Iterator[tuple[Section, Placement]]:
    for section in edition.sections:
        for placement in section.placements:
            yield section, placement


def _empty(edition: Edition, facts: Facts) -> Iterator[Problem]:
    borrows = edition.settings.get(FALLBACK) == "yes"
    if not edition.placements and not edition.letter.strip() and not borrows:
        yield _blocks(
            edition,
            "empty",
            1,
            "there is nothing in this edition",
            "write something, or take the file away",
        )


def _unknown_items(edition: Edition, facts: Facts) -> Iterator[Problem]:
    for _, placement in _placed(edition):
        item_id = placement.item_id
        if item_id and item_id not in facts.items and item_id not in facts.denied:
            yield _blocks(
                edition,
                "item-unknown",
                placement.line,
                f"there is no item {item_id}",
                "correct the id, or take {…} away if this piece is your own",
            )


def _sources(edition: Edition, facts: Facts) -> Iterator[Problem]:
    """What happened to a piece at its source since it was chosen."""
    for _, placement in _placed(edition):
        item = facts.items.get(placement.item_id or "")
        if item is None or item.kind is ItemKind.STORY:
            continue
        if item.id in facts.carried:
            yield _blocks(
                edition,
                "story-withdrawn",
                placement.line,
                f"{item.id} {facts.carried[item.id]}",
                "take the block out",
            )
        elif item.withdrawn_at is not None:
            yield _blocks(
                edition,
                "source-withdrawn",
                placement.line,
                f"{item.id} is gone at its source",
                "take the block out, or ask the organisation",
            )
        elif item.hidden:
            yield _warns(edition, "hidden", placement.line, f"{item.id} was hidden by an editor")
        elif item.id in facts.chosen_as and is_edited(
            facts.chosen_as[item.id], (item.title, item.text)
        ):
            yield _warns(
                edition,
                "source-edited",
                placement.line,
                f"{item.id} was edited at its source since it was chosen",
                f"read it again: {item.link or 'newsletter items show ' + item.id}",
            )


def _stories(edition: Edition, facts: Facts) -> Iterator[Problem]:
    """The words, the picture and its description are those that the storyteller said yes to."""
    for _, placement in _placed(edition):
        item = facts.items.get(placement.item_id or "")
        denial = facts.denied.get(placement.item_id or "")
        if denial is None and item is not None and item.kind is ItemKind.STORY:
            denial = _other_picture(placement, item)
        if denial is not None:
            yield _blocks(
                edition,
                "story-consent",
                placement.line,
                f"this story may not be here: {denial}",
                "take the block out, or put it back as it was",
            )


def _other_picture(placement: Placement, item: Item) -> str | None:
    named = [placement.details.get(key, "no") for key in ("picture", "poster")]
    if any(name != "no" for name in named):
        return "a picture that its storyteller did not agree to is named"
    alt = placement.details.get("alt", "")
    if alt and alt != one_line(item.picture.alt if item.picture else ""):
        return "the picture is described in other words than were agreed to"
    return None


def _terms(edition: Edition, facts: Facts) -> Iterator[Problem]:
    """What an organisation lets us reprint: its own words are counted, ours are not."""
    for _, placement in _placed(edition):
        item = facts.items.get(placement.item_id or "")
        organisation = facts.organisations.get(item.organisation_id or "") if item else None
        if item is None or organisation is None:
            continue
        limit = organisation.terms.word_limit
        if limit is None:
            continue
        theirs = reprinted_words(placement.blurb, item.text)
        total = len(words_of(placement.blurb))
        if theirs > limit:
            yield _blocks(
                edition,
                "terms",
                placement.line,
                f"{theirs} words are {organisation.name}'s own; it allows {_allowance(limit)}",
                "shorten the quotation, or say it in your own words",
            )
        elif total > limit > 0 and organisation.terms.text is TextTerms.EXCERPT:
            yield _warns(
                edition,
                "terms-length",
                placement.line,
                f"{total} words on a piece of which {organisation.name} allows {limit}",
                "fine if they are your own; a translation counts as theirs",
            )


def _allowance(limit: int) -> str:
    return f"{limit}" if limit else "title and link only"


def _details(edition: Edition, facts: Facts) -> Iterator[Problem]:
    for section, placement in _placed(edition):
        item = facts.items.get(placement.item_id or "")
        details = dict(placement.details)
        if item is not None and item.event is not None:
            details.setdefault("when", item.event.starts.isoformat())
        if item is not None and item.media is not None:
            details.setdefault("audio", item.media.url)
        for group in missing_details(section.kind, details):
            yield _blocks(
                edition,
                "details",
                placement.line,
                f"this needs {' or '.join(group)}: it stands under {section.title}",
                f"add - {group[0]}: … under its words, or move it to another section",
            )


def _shapes(edition: Edition, facts: Facts) -> Iterator[Problem]:
    """What a kind needs beside its details: a table, words to copy, a number to call."""
    for section, placement in _placed(edition):
        lacking = ""
        if section.kind == "data" and not _TABLE.search(placement.blurb):
            lacking = "a table: | a | b |, then | --- | --- |, then the rows"
        elif section.kind == "share" and not placement.blurb.strip():
            lacking = "the words to share, under its heading"
        elif placement.details.get("action") == "call" and not placement.details.get("call"):
            lacking = "a number to call: - call: 213-555-0100"
        if lacking:
            yield _blocks(
                edition,
                "details",
                placement.line,
                f"{placement.title!r} lacks something that {section.title} needs",
                f"write {lacking}",
            )


def _bulletin(edition: Edition, facts: Facts) -> Iterator[Problem]:
    if is_bulletin(edition.issue_id) and not edition.settings.get("lapses"):
        yield _blocks(
            edition,
            "no-lapse",
            1,
            "a bulletin has to lapse",
            "write lapses: 2026-11-21 18:00 at its top",
        )


def _dates(edition: Edition, facts: Facts) -> Iterator[Problem]:
    """What is over, has lapsed, or was verified too long ago, on the day of sending."""
    for section, placement in _placed(edition):
        details = placement.details
        last = details.get("until") or details.get("when")
        if last and _day(last, facts.zone) < facts.sends_on:
            yield _warns(edition, "over", placement.line, f"this is over on {facts.sends_on}")
        if (deadline := details.get("deadline")) and _day(deadline, facts.zone) < facts.sends_on:
            yield _warns(
                edition, "over", placement.line, f"the deadline passes before {facts.sends_on}"
            )
        if (lapses := details.get("lapses")) and _has_lapsed(lapses, facts):
            yield _blocks(
                edition,
                "lapsed",
                placement.line,
                f"this notice lapses on {lapses}",
                "verify it again and move the date, or take it out",
            )
        if verified := details.get("verified"):
            yield from _verified(edition, facts, section, placement, date.fromisoformat(verified))
    if (lapses := edition.settings.get("lapses")) and _has_lapsed(lapses, facts):
        yield _blocks(edition, "lapsed", 1, f"this bulletin lapses on {lapses}")


def _verified(
    edition: Edition, facts: Facts, section: Section, placement: Placement, verified: date
) -> Iterator[Problem]:
    if verified > facts.now.astimezone(facts.zone).date():
        yield _blocks(edition, "verified", placement.line, f"verified on {verified}: not yet")
    elif section.kind in _WATCHED and facts.sends_on - verified > VERIFIED_FOR:
        yield _warns(
            edition,
            "verified",
            placement.line,
            f"last verified {(facts.sends_on - verified).days} days before it is sent",
            "make sure that it is still true and write today's date",
        )


def _day(value: str, zone: tzinfo) -> date:
    moment = moment_of(value, zone)
    return moment.date() if isinstance(moment, datetime) else moment


def _has_lapsed(value: str, facts: Facts) -> bool:
    moment = moment_of(value, facts.zone)
    if isinstance(moment, datetime):
        return moment <= facts.now or moment.date() < facts.sends_on
    return moment < facts.sends_on


def _pictures(edition: Edition, facts: Facts) -> Iterator[Problem]:
    for _, placement in _placed(edition):
        named = [placement.details.get(key, "") for key in ("picture", "poster")]
        for name in named:
            if name and name != "no" and name not in facts.files:
                yield _blocks(
                    edition,
                    "picture-missing",
                    placement.line,
                    f"there is no picture {name}",
                    f"put it in issues/{edition.issue_id}/pictures/",
                )
            elif name in facts.broken:
                yield _blocks(
                    edition, "picture-broken", placement.line, f"{name}: {facts.broken[name]}"
                )
        item = facts.items.get(placement.item_id or "")
        shown = any(name and name != "no" for name in named) or _has_own(item, facts)
        described = placement.details.get("alt") or (item and item.picture and item.picture.alt)
        if shown and "no" not in named and not described:
            yield _warns(
                edition,
                "alt",
                placement.line,
                "nobody said what this picture shows",
                "add - alt: … for people who cannot see it",
            )


def _has_own(item: Item | None, facts: Facts) -> bool:
    if item is None or item.picture is None:
        return False
    return any(name.rsplit(".", 1)[0] == item.id for name in facts.files)


def _unsorted(edition: Edition, facts: Facts) -> Iterator[Problem]:
    for section in edition.sections:
        if is_new_section(section.id) and section.placements:
            yield _warns(
                edition,
                "unsorted",
                section.line,
                f"readers would see the heading {section.title!r}",
                "move its blocks to where they belong, or give it a title of your own",
            )


CHECKS: Sequence[Check] = (
    _empty,
    _unknown_items,
    _sources,
    _stories,
    _terms,
    _details,
    _shapes,
    _bulletin,
    _dates,
    _pictures,
    _unsorted,
)
