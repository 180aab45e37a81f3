"""Members' pieces whose `{id}` an editor took away: their words, their terms and their credit stay.

A piece is known again by its link, its title or its words, among all that the issue's drafts
offered, and all that was pulled from a page that the draft links to.
"""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from newsletter.issues.checking.draft_check_input import Check, DraftCheckInput, blocks, warns
from newsletter.issues.choosing.similar import folded
from newsletter.issues.drafting.excerpt import reprinted_words, words_of
from newsletter.model.address import same_page
from newsletter.model.issue import Edition, Placement
from newsletter.model.item import Item
from newsletter.model.organisation import Organisation
from newsletter.model.problem import Problem

ENOUGH = 12  # words in runs: fewer are a name, or what everybody says
TITLE = 3  # words: a shorter title is anybody's


@dataclass(frozen=True, kw_only=True, slots=True)
class _Recognised:
    """A member's piece in words that name none: how many are its own, and whether link or title
    are."""

    item: Item
    member: Organisation
    words: int
    is_linked: bool


def unnamed_links(edition: Edition) -> set[str]:
    """Return the pages that an edition's pieces without an id lead to."""
    links = (one.link for one in edition.placements if one.item_id is None)
    return {same_page(link) for link in links} - {""}


def _unnamed(edition: Edition, facts: DraftCheckInput) -> Iterator[Problem]:
    for section, placement in edition.placed:
        is_our_own = "verified" in facts.kinds[facts.kind_of(section)].shows
        if placement.item_id is not None or is_our_own:
            continue
        found = _recognised(placement, facts)
        if found is None:
            continue
        yield from _over_terms(edition, placement.line, found)
        if _is_credited(placement, found):
            continue
        name, id_ = found.member.name, found.item.id
        hint = f"put {{{id_}}} back at the end of its heading, or add - source: {name}"
        if found.words and found.is_linked:
            message = f"these are words of {name}, and nothing credits it"
            yield blocks(edition, "uncredited", placement.line, message, hint)
        else:
            what = "has words" if found.words else "looks like a piece"
            message = f"this {what} of {name}, and nothing credits it"
            hint += "; leave it if the words are your own"
            yield warns(edition, "uncredited", placement.line, message, hint)


def _quoted(edition: Edition, facts: DraftCheckInput) -> Iterator[Problem]:
    """Members' words in the letter or above a section: their terms hold there too."""
    texts = [(edition.letter, 1), *((one.intro, one.line) for one in edition.sections)]
    for text, line in texts:
        found = _recognised(Placement(title="", blurb=text), facts) if text else None
        if found is not None:
            yield from _over_terms(edition, line, found)


def _over_terms(edition: Edition, line: int, found: _Recognised) -> Iterator[Problem]:
    limit = found.member.terms.word_limit
    if limit is not None and found.words > limit:
        allowed = f"{limit}" if limit else "title and link only"
        message = f"{found.words} words are quoted from {found.member.name}, which allows {allowed}"
        hint = f"they are from {found.item.id}: shorten the quotation or use your own words"
        yield blocks(edition, "terms", line, message, hint)


def _recognised(placement: Placement, facts: DraftCheckInput) -> _Recognised | None:
    """The piece that has most of these words, else the one that link or title lead to."""
    page, title = same_page(placement.link), folded(placement.title)
    length = len(words_of(placement.blurb))
    found: list[_Recognised] = []
    for item in facts.known:
        member = facts.issue.organisations.get(item.organisation_id or "")
        if member is None:
            continue
        is_linked = (page != "" and page == same_page(item.link)) or (
            len(title.split()) >= TITLE and title == folded(item.title)
        )
        words = reprinted_words(placement.blurb, item.text)
        if words < ENOUGH and not (is_linked and words * 2 >= length):
            words = 0
        if is_linked or words:
            found.append(_Recognised(item=item, member=member, words=words, is_linked=is_linked))
    return max(found, key=lambda one: (one.words, one.is_linked, one.item.id), default=None)


def _is_credited(placement: Placement, found: _Recognised) -> bool:
    """By a detail; beside an editor's own words a name in them does too, a member's name itself."""
    member, details = found.member, placement.details
    said = [details.get("source", "")]
    if not found.words:
        said += [placement.title, placement.blurb]
    is_named = f" {folded(member.name)} " in f" {folded(' '.join(said))} "
    return is_named or member.id in details.get("shared_by", "").replace(",", " ").split()


CHECKS: Sequence[Check] = (_unnamed, _quoted)
