"""Whether a draft's facts are there, right and still true: details, terms, dates, pictures."""

import re
from collections.abc import Iterator, Sequence
from datetime import date, datetime, timedelta, tzinfo

from newsletter.issues.checking.draft_check_input import Check, DraftCheckInput, blocks, warns
from newsletter.issues.drafting.excerpt import reprinted_words, words_of
from newsletter.issues.drafting.issue_pictures import folder_of
from newsletter.model.details import BRIEF, LEAD, PICTURES, moment_of
from newsletter.model.issue import Edition, Placement, Section, is_bulletin
from newsletter.model.item import Item
from newsletter.model.organisation import TextTerms
from newsletter.model.problem import Problem
from newsletter.model.section_kinds import KINDS

LONGEST_BRIEF = 40  # words
VERIFIED_FOR = timedelta(days=90)
_TABLE = re.compile(r"^\s*\|?\s*:?-{3,}:?\s*(?:\|\s*:?-{3,}:?\s*)*\|?\s*$", re.MULTILINE)


def _terms(edition: Edition, facts: DraftCheckInput) -> Iterator[Problem]:
    """What an organisation lets us reprint: its own words are counted, ours are not."""
    for placement in edition.placements:
        item = facts.items.get(placement.item_id or "")
        organisation = facts.issue.organisations.get(item.organisation_id or "") if item else None
        if item is None or organisation is None:
            continue
        limit = organisation.terms.word_limit
        if limit is None:
            continue
        theirs = reprinted_words(placement.blurb, item.text)
        total = len(words_of(placement.blurb))
        if theirs > limit:
            allowed = f"{limit}" if limit else "title and link only"
            message = f"{theirs} words are quoted from {organisation.name}, which allows {allowed}"
            hint = "shorten the quotation or use your own words"
            yield blocks(edition, "terms", placement.line, message, hint)
        elif total > limit > 0 and organisation.terms.text is TextTerms.EXCERPT:
            message = f"this has {total} words; {organisation.name} allows {limit} of its own"
            hint = "fine if the words are yours; a translation counts as theirs"
            yield warns(edition, "terms-length", placement.line, message, hint)


def _details(edition: Edition, facts: DraftCheckInput) -> Iterator[Problem]:
    for section, placement in edition.placed:
        item = facts.items.get(placement.item_id or "")
        details = dict(placement.details)
        if item is not None and item.event is not None:
            details.setdefault("when", item.event.starts.isoformat())
        if item is not None and item.media is not None:
            details.setdefault("audio", item.media.url)
        for group in facts.kinds[facts.kind_of(section)].missing(details):
            message = f"a piece under {section.title} needs {' or '.join(group)}"
            hint = f"add - {group[0]}: … below its text, or move it to another section"
            yield blocks(edition, "details", placement.line, message, hint)


def _unseen(edition: Edition, facts: DraftCheckInput) -> Iterator[Problem]:
    """Facts in a section of a kind that does not show them: `## Eventos {#eventos}` holds news."""
    for section, placement in edition.placed:
        this = facts.kind_of(section)
        if lost := facts.kinds[this].not_shown(placement.details):
            kind = next(name for name, kind in KINDS.items() if lost[0] in kind.shows)
            lost_here = f"{', '.join(lost)}: {section.title} is for {this}"
            hint = (
                f"move it to a section of the kind {kind}, or name this one's: "
                f"## {section.title} {{#{section.id} .{kind}}}"
            )
            message = f"readers will not see {lost_here}"
            yield warns(edition, "not-shown", placement.line, message, hint)


def _kinds(edition: Edition, facts: DraftCheckInput) -> Iterator[Problem]:
    """A kind that a heading names and that is none: its pieces would be shown as something else."""
    for section in edition.sections:
        if section.kind and section.kind not in facts.kinds:
            message = f"no such kind of section: {section.kind}"
            hint = f"the kinds are {', '.join(facts.kinds)}"
            yield blocks(edition, "kind", section.line, message, hint)


def _sizes(edition: Edition, facts: DraftCheckInput) -> Iterator[Problem]:
    """One lead at most, and briefs that are brief."""
    leads = [one for one in edition.placements if one.details.get("size") == LEAD]
    for placement in leads[1:]:
        message = f"{leads[0].title!r} is the lead already, in line {leads[0].line}"
        hint = "write - size: normal here, or there"
        yield warns(edition, "two-leads", placement.line, message, hint)
    for placement in edition.placements:
        words = len(words_of(placement.blurb))
        if placement.details.get("size") == BRIEF and words > LONGEST_BRIEF:
            message = f"a brief of {words} words"
            hint = f"shorten it to {LONGEST_BRIEF}, or write - size: normal"
            yield warns(edition, "long-brief", placement.line, message, hint)


def _shapes(edition: Edition, facts: DraftCheckInput) -> Iterator[Problem]:
    """What a kind needs beside its details: a table, words to copy, a number to call."""
    for section, placement in edition.placed:
        lacking, kind = "", facts.kind_of(section)
        if kind == "data" and not _TABLE.search(placement.blurb):
            lacking = "a table: | a | b |, then | --- | --- |, then the rows"
        elif kind == "share" and not placement.blurb.strip():
            lacking = "the words to share, under its heading"
        elif placement.details.get("action") == "call" and not placement.details.get("call"):
            lacking = "a number to call: - call: 213-555-0100"
        if lacking:
            message = f"{placement.title!r} is missing something that {section.title} needs"
            hint = f"add {lacking}"
            yield blocks(edition, "details", placement.line, message, hint)


def _bulletin(edition: Edition, facts: DraftCheckInput) -> Iterator[Problem]:
    is_timeless = edition.settings.get("corrects")  # what was wrong stays wrong
    if is_bulletin(edition.issue_id) and not edition.settings.get("lapses") and not is_timeless:
        message = "a bulletin needs an end time"
        hint = "add lapses: 2026-11-21 18:00 at the top"
        yield blocks(edition, "no-lapse", 1, message, hint)


def _correction(edition: Edition, facts: DraftCheckInput) -> Iterator[Problem]:
    if edition.settings.get("corrects") and not edition.letter.strip():
        message = "a correction has to say what was wrong"
        hint = "say it above the first ##: the archive shows it over the corrected issue too"
        yield blocks(edition, "no-letter", 1, message, hint)


def _dates(edition: Edition, facts: DraftCheckInput) -> Iterator[Problem]:
    """What is over, has lapsed, or was verified too long ago, on the day of sending."""
    for section, placement in edition.placed:
        details = placement.details
        if _ends_first(details.get("when", ""), details.get("until", ""), facts.zone):
            message = f"it ends ({details['until']}) before it begins ({details['when']})"
            hint = "correct - when: or - until:"
            yield blocks(edition, "ends-first", placement.line, message, hint)
        last = details.get("until") or details.get("when")
        if last and _day(last, facts.zone) < facts.sends_on:
            yield warns(edition, "over", placement.line, f"this is over before {facts.sends_on}")
        if (deadline := details.get("deadline")) and _day(deadline, facts.zone) < facts.sends_on:
            message = f"the deadline passes before {facts.sends_on}"
            yield warns(edition, "over", placement.line, message)
        if (lapses := details.get("lapses")) and _has_lapsed(lapses, facts):
            message = f"this notice expires on {lapses}"
            hint = "verify it again and change the date, or remove it"
            yield blocks(edition, "lapsed", placement.line, message, hint)
        if verified := details.get("verified"):
            yield from _verified(edition, facts, section, placement, date.fromisoformat(verified))
    if (lapses := edition.settings.get("lapses")) and _has_lapsed(lapses, facts):
        yield blocks(edition, "lapsed", 1, f"this bulletin expires on {lapses}")


def _verified(
    edition: Edition, facts: DraftCheckInput, section: Section, placement: Placement, verified: date
) -> Iterator[Problem]:
    if verified > facts.issue.coalition.day_of(facts.now):
        message = f"the verified date, {verified}, is in the future"
        yield blocks(edition, "verified", placement.line, message)
    elif (
        "verified" in facts.kinds[facts.kind_of(section)].shows
        and facts.sends_on - verified > VERIFIED_FOR
    ):
        message = f"last verified {(facts.sends_on - verified).days} days before it is sent"
        hint = "check that it is still true, then write today's date"
        yield warns(edition, "verified", placement.line, message, hint)


def _ends_first(when: str, until: str, zone: tzinfo) -> bool:
    if not (when and until):
        return False
    begins, ends = moment_of(when, zone), moment_of(until, zone)
    if isinstance(begins, datetime) and isinstance(ends, datetime):
        return ends < begins
    return _day(until, zone) < _day(when, zone)


def _day(value: str, zone: tzinfo) -> date:
    moment = moment_of(value, zone)
    return moment.date() if isinstance(moment, datetime) else moment


def _has_lapsed(value: str, facts: DraftCheckInput) -> bool:
    moment = moment_of(value, facts.zone)
    is_over = isinstance(moment, datetime) and moment <= facts.now
    return is_over or _day(value, facts.zone) < facts.sends_on


def _pictures(edition: Edition, facts: DraftCheckInput) -> Iterator[Problem]:
    opening = edition.opening
    yield from _files([opening.get("picture", "")], 1, edition, facts)
    if "picture" in opening and "alt" not in opening:
        message = "the picture at the top has no description"
        yield warns(edition, "alt", 1, message, "add alt: … for people who cannot see it")
    for placement in edition.placements:
        named = [placement.details.get(key, "") for key in PICTURES]
        yield from _files(named, placement.line, edition, facts)
        item = facts.items.get(placement.item_id or "")
        shown = any(name and name != "no" for name in named) or _has_own(item, facts)
        described = placement.details.get("alt") or (item and item.picture and item.picture.alt)
        if shown and "no" not in named and not described:
            message = "this picture has no description"
            hint = "add - alt: … for people who cannot see it"
            yield warns(edition, "alt", placement.line, message, hint)


def _files(
    named: Sequence[str], line: int, edition: Edition, facts: DraftCheckInput
) -> Iterator[Problem]:
    for name in named:
        if name and name != "no" and name not in facts.issue.pictures:
            message = f"there is no picture {name}"
            yield blocks(edition, "picture-missing", line, message, _where(name, edition, facts))
        elif name in facts.issue.pictures and facts.issue.pictures[name].problem:
            message = f"{name}: {facts.issue.pictures[name].problem}"
            hint = "open it in a picture program and save it again as JPEG or PNG"
            yield blocks(edition, "picture-broken", line, message, hint)


def _where(name: str, edition: Edition, facts: DraftCheckInput) -> str:
    alike = [file for file in facts.issue.pictures if file.casefold() == name.casefold()]
    return f"the file is named {alike[0]}" if alike else f"put it in {folder_of(edition.issue_id)}/"


def _has_own(item: Item | None, facts: DraftCheckInput) -> bool:
    if item is None or item.picture is None:
        return False
    return any(name.rsplit(".", 1)[0] == item.id for name in facts.issue.pictures)


CHECKS: Sequence[Check] = (
    _terms,
    _details,
    _kinds,
    _unseen,
    _sizes,
    _shapes,
    _bulletin,
    _correction,
    _dates,
    _pictures,
)
