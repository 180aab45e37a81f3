"""What is wrong between the editions of an issue, and what is missing from all of them."""

from collections.abc import Iterator, Sequence, Set
from itertools import groupby, permutations

from newsletter.issues.checking.draft_check_input import blocks, warns
from newsletter.issues.drafting.additions import ids_in
from newsletter.issues.drafting.draft_file import path_of
from newsletter.issues.drafting.editions import FALLBACK, missing
from newsletter.model.issue import DraftFile, Edition, Section
from newsletter.model.organisation import Organisation
from newsletter.model.problem import Problem, Severity

NAMED = 10  # absent members: of hundreds nobody would read the other warnings
TOGETHER = 3  # more pieces that wait for their translation are named in one line


def problems(
    drafts: Sequence[DraftFile], *, languages: Sequence[str], stories: Set[str]
) -> list[Problem]:
    """Return which of the `languages` have no edition, and what each edition lacks.

    `stories` are the ids of all stories that may be used.
    """
    editions = [draft.edition for draft in drafts]
    is_correction = any(edition.settings.get("corrects") for edition in editions)
    return [
        *_audiences(editions),
        *([] if is_correction else _absent_editions(editions, languages)),
        *_untranslated(editions, stories),
        *_own_words(editions),
        *_waiting(drafts),
    ]


def absent(organisations: Sequence[Organisation], issues: int) -> list[Problem]:
    """List members that published and were in none of the last issues, nor in this one: some by
    name, the others as a number."""
    named = organisations if len(organisations) <= NAMED else organisations[: NAMED - 1]
    problems = [
        Problem(
            severity=Severity.WARNS,
            code="absent",
            message=f"{organisation.name} published but was in none of the last {issues} issues",
            hint=f"newsletter items list --organisation {organisation.id}",
        )
        for organisation in named
    ]
    if more := len(organisations) - len(named):
        message = f"{more} more members published but were in none of the last {issues} issues"
        hint = "newsletter report balance"
        problems.append(Problem(severity=Severity.WARNS, code="absent", message=message, hint=hint))
    return problems


def _audiences(editions: Sequence[Edition]) -> Iterator[Problem]:
    """An issue has one audience and one end; who gets which edition is the subscriber's choice."""
    first = editions[0]
    for edition in editions[1:]:
        for key in ("regions", "topics", "lapses"):
            if _words(edition, key) != _words(first, key):
                message = f"{key} differs from the {first.language} edition"
                hint = f"write the same {key}: at the top of each"
                yield blocks(edition, "audience", 1, message, hint)


def _words(edition: Edition, key: str) -> frozenset[str]:
    return frozenset(word.strip() for word in edition.settings.get(key, "").split(","))


def _absent_editions(editions: Sequence[Edition], languages: Sequence[str]) -> Iterator[Problem]:
    there = {edition.language for edition in editions}
    for language in languages:
        if language not in there:
            yield Problem(
                severity=Severity.WARNS,
                code="no-edition",
                message=f"there is no {language} edition",
                hint="newsletter draft creates it",
                file=path_of(editions[0].issue_id, language),
            )


def _untranslated(editions: Sequence[Edition], stories: Set[str]) -> Iterator[Problem]:
    """A story is in an edition when its consent says so, so its absence is not a gap."""
    lacks = [
        lack
        for lack in missing(editions)
        if lack.placement.item_id not in stories and lack.edition.settings.get(FALLBACK) != "yes"
    ]
    for pair, group in groupby(lacks, lambda lack: (lack.edition.path, lack.source.language)):
        ours = list(group)
        named = [f"{one.placement.item_id} is only" for one in ours]
        titles = [f": {one.placement.title}" for one in ours]
        what = "it (it is in a note"
        if len(ours) > TOGETHER:
            named, what = [f"{len(ours)} pieces are only"], "them (each is in a note"
            titles = [": " + ", ".join(one.placement.item_id or "" for one in ours)]
        for name, title in zip(named, titles, strict=True):
            message = f"{name} in the {pair[1]} edition{title}"
            hint = f"translate {what} in this file), or add fallback: yes at the top"
            yield warns(ours[0].edition, "untranslated", 0, message, hint)


def _own_words(editions: Sequence[Edition]) -> Iterator[Problem]:
    """Letters and pieces of the editors' own, which have no id to be matched by: counted."""
    for edition, other in permutations(editions, 2):
        ours = {section.id: _own(section) for section in edition.sections}
        lacks = [
            f"{theirs} of {section.title!r}"
            for section in other.sections
            if (theirs := _own(section)) > ours.get(section.id, 0)
        ]
        if other.letter.strip() and not edition.letter.strip():
            lacks.insert(0, "the letter")
        if lacks:
            what = f"text of your own that is missing here: {', '.join(lacks)}"
            message = f"the {other.language} edition has {what}"
            hint = "add it here too, or leave it out on purpose"
            yield warns(edition, "untranslated", 0, message, hint)


def _own(section: Section) -> int:
    return sum(1 for placement in section.placements if not placement.item_id)


def _waiting(drafts: Sequence[DraftFile]) -> Iterator[Problem]:
    """Pieces that wait for words in every edition, so that no reader would see them."""
    placed = {placement.item_id for draft in drafts for placement in draft.edition.placements}
    waiting: dict[str, Edition] = {}
    for draft in drafts:
        for item_id in sorted(ids_in(draft.text)):
            if item_id not in placed and _is_in_note(draft.text, item_id):
                waiting.setdefault(item_id, draft.edition)
    for item_id, edition in waiting.items():
        message = f"{item_id} is still untranslated in every edition"
        hint = "translate it in one edition, or delete its note"
        yield warns(edition, "untranslated", 0, message, hint)


def _is_in_note(text: str, item_id: str) -> bool:
    at = text.find(f"{{{item_id}}}")
    return text.rfind("<!--", 0, at) > text.rfind("-->", 0, at)
