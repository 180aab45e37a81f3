"""[I/O] `check`: what is wrong with an issue, before anybody may say yes to it."""

from collections.abc import Mapping, Sequence
from contextlib import AbstractAsyncContextManager
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from zoneinfo import ZoneInfo

from newsletter.design.build_view import picture_of
from newsletter.errors import ConfigError
from newsletter.issues.checking import check_together, checks
from newsletter.issues.checking.check_stories import denied, ending_soon, other_pictures
from newsletter.issues.checking.draft_check_input import DraftCheckInput
from newsletter.issues.checking.link_check import Asker, try_links
from newsletter.issues.checking.rendered_checks import problems as rendered_problems
from newsletter.issues.checking.sources_again import ask_for_drafts
from newsletter.issues.choosing.choosing import DraftStore
from newsletter.issues.drafting.issue_pictures import pictures_in
from newsletter.issues.drafting.links import links_of
from newsletter.issues.drafting.rendered import (
    completed,
    materials_for,
    read_drafts,
    rendered_editions,
)
from newsletter.issues.sources import IssueSources, items_of
from newsletter.model.issue import Edition, issue_id_for, monday_of
from newsletter.model.item import ItemKind
from newsletter.model.material import Material
from newsletter.model.message import RenderedEdition, issue_digest
from newsletter.model.organisation import Organisation
from newsletter.model.problem import Problem, Severity
from newsletter.pulling.recheck import RecheckParts


@dataclass(frozen=True, kw_only=True, slots=True)
class CheckOutcome:
    """What was found, by place; the editions are the bytes that were judged.

    They were made from `drafts` and the `materials` behind them, in the same order.
    """

    issue_id: str
    problems: tuple[Problem, ...]
    editions: tuple[RenderedEdition, ...]
    drafts: tuple[Edition, ...] = ()
    materials: tuple[Material, ...] = ()

    @property
    def blocking(self) -> tuple[Problem, ...]:
        """What has to be mended before anybody can approve."""
        return tuple(one for one in self.problems if one.severity is Severity.BLOCKS)

    @property
    def digest(self) -> str:
        """What an approval of these editions is bound to."""
        return issue_digest(self.editions)


def this_issue(sources: IssueSources, now: datetime) -> str:
    """The issue of this week."""
    zone = ZoneInfo(sources.coalition.timezone)
    return issue_id_for(now.astimezone(zone).date())


def check(
    sources: IssueSources,
    store: DraftStore,
    issue_id: str,
    *,
    now: datetime,
    rotation_issues: int,
    asker: AbstractAsyncContextManager[Asker] | None = None,
    rechecking: RecheckParts | None = None,
) -> CheckOutcome:
    """Judge an issue's drafts and what they render to.

    Without an `asker` no link is tried, without `rechecking` no source is asked again.
    """
    try:
        drafts = read_drafts(sources, issue_id)
    except ConfigError as error:
        return CheckOutcome(issue_id=issue_id, problems=(_unreadable(error),), editions=())
    silent = ask_for_drafts(drafts, rechecking) if rechecking is not None else []
    complete = completed(sources, drafts)
    materials = materials_for(sources, complete)
    editions = rendered_editions(sources, complete, materials)
    found = [
        *silent,
        *_of_drafts(sources, store, drafts, now),
        *_of_editions(sources, drafts, editions, now),
        *_of_rotation(sources, store, drafts, rotation_issues, now),
        *(_of_links(drafts, asker) if asker is not None else ()),
    ]
    return CheckOutcome(
        issue_id=issue_id,
        problems=tuple(sorted(_once(found, complete, materials), key=_order)),
        editions=editions,
        drafts=complete,
        materials=materials,
    )


def _once(
    found: Sequence[Problem], drafts: Sequence[Edition], materials: Sequence[Material]
) -> list[Problem]:
    """Without what the rendered bytes say again of a picture whose line was named already."""
    named = {(one.file, one.line) for one in found if one.code == "alt"}
    said = {
        f"cid:{picture.cid}"
        for draft, material in zip(drafts, materials, strict=True)
        for placement in draft.placements
        if (draft.path, placement.line) in named and (picture := picture_of(placement, material))
    }
    return [one for one in found if not (one.code == "no-alt" and one.about in said)]


def _order(problem: Problem) -> tuple[bool, str, int, str]:
    return (
        problem.severity is not Severity.BLOCKS,
        problem.file,
        problem.line or 0,
        problem.code,
    )


def _unreadable(error: ConfigError) -> Problem:
    return Problem(
        severity=Severity.BLOCKS,
        code="unreadable",
        message=error.message,
        hint=error.hint,
        file=error.file,
        line=error.line,
    )


def _of_drafts(
    sources: IssueSources, store: DraftStore, drafts: Sequence[Edition], now: datetime
) -> list[Problem]:
    found: list[Problem] = []
    stories = {story.id for story in sources.stories.stories()}
    pictures = {
        one: pictures_in(sources.files, one) for one in {draft.issue_id for draft in drafts}
    }
    for draft in drafts:
        facts = _facts(sources, store, draft, now, pictures[draft.issue_id])
        found += checks.problems(draft, facts)
    texts = {draft.path: sources.files.read(draft.path) for draft in drafts}
    found += check_together.problems(
        drafts, languages=sources.coalition.languages, stories=stories, texts=texts
    )
    return found


def _facts(
    sources: IssueSources,
    store: DraftStore,
    draft: Edition,
    now: datetime,
    pictures: Mapping[str, str],
) -> DraftCheckInput:
    items = items_of(sources, draft)
    day = sending_day(sources, draft, now)
    plain = [item for item in items.values() if item.kind is not ItemKind.STORY]
    return DraftCheckInput(
        sends_on=day,
        now=now,
        zone=ZoneInfo(sources.coalition.timezone),
        items=items,
        organisations=sources.by_id,
        denied=denied(sources, draft, day) | other_pictures(sources, items),
        chosen_as=_chosen_as(sources, store, draft),
        carried={
            item_id: denial.reason
            for item_id, denial in sources.stories.withdrawn_items(plain).items()
        },
        files=frozenset(pictures),
        broken={name: why for name, why in pictures.items() if why},
    )


def sending_day(sources: IssueSources, draft: Edition, now: datetime) -> date:
    """The planned day, or today when that has passed."""
    today = now.astimezone(ZoneInfo(sources.coalition.timezone)).date()
    planned = draft.settings.get("sends_on")
    return (
        max(today, date.fromisoformat(planned))
        if planned
        else max(today, monday_of(draft.issue_id))
    )


def _chosen_as(
    sources: IssueSources, store: DraftStore, draft: Edition
) -> dict[str, tuple[str, str]]:
    placed = {placement.item_id for placement in draft.placements}
    before = {
        offer.item_id: sources.items.as_of(offer.item_id, offer.offered_at)
        for offer in store.offers(draft.issue_id)
        if offer.language == draft.language and offer.item_id in placed
    }
    return {item_id: words for item_id, words in before.items() if words is not None}


def _of_editions(
    sources: IssueSources,
    drafts: Sequence[Edition],
    editions: Sequence[RenderedEdition],
    now: datetime,
) -> list[Problem]:
    """What the rendered bytes say: size, active content, leave links, and consent once more."""
    found: list[Problem] = []
    for draft, edition in zip(drafts, editions, strict=True):
        found += rendered_problems(
            edition, coalition=sources.coalition, tokens=sources.templates.tokens
        )
        day = sending_day(sources, draft, now)
        found += ending_soon(sources, draft, day)
        already = denied(sources, draft, day)
        for story_id, denial in sources.stories.denials(edition, on=day).items():
            if story_id not in already:
                found.append(
                    Problem(
                        severity=Severity.BLOCKS,
                        code="story-consent",
                        message=f"story {story_id}: {denial.reason}",
                        hint="take its words out",
                        file=draft.path,
                    )
                )
    return found


def _of_rotation(
    sources: IssueSources,
    store: DraftStore,
    drafts: Sequence[Edition],
    rotation_issues: int,
    now: datetime,
) -> list[Problem]:
    """Members absent for as many issues as the rotation says, although they published."""
    issues = store.approved_issues(drafts[0].issue_id)
    if len(issues) < rotation_issues:
        return []
    seen = {
        use.organisation_id
        for use in store.used_in_last(rotation_issues, before=drafts[0].issue_id)
    }
    seen |= {item.organisation_id for draft in drafts for item in items_of(sources, draft).values()}
    published = {
        item.organisation_id
        for item in sources.items.since(now - timedelta(weeks=rotation_issues))
        if not item.is_backlog
    }
    missed: list[Organisation] = [
        one for one in sources.organisations if one.id in published and one.id not in seen
    ]
    return check_together.absent(missed, rotation_issues)


def _of_links(
    drafts: Sequence[Edition], asker: AbstractAsyncContextManager[Asker]
) -> list[Problem]:
    places = {draft.path: links_of(draft) for draft in drafts}
    tried = try_links((link for links in places.values() for link in links), asker)
    found = [
        Problem(
            severity=Severity.WARNS,
            code="link",
            message=f"{link} does not answer: {tried.dead[link]}",
            hint="open it in a browser, or correct it",
            file=path,
            line=line or None,
        )
        for path, links in places.items()
        for link, line in links.items()
        if link in tried.dead
    ]
    for path, links in places.items():
        untried = [link for link in links if link in tried.untried]
        if untried:
            found.append(
                Problem(
                    severity=Severity.WARNS,
                    code="link",
                    message=f"{len(untried)} of {len(links)} links were not tried, there was no"
                    f" time: {', '.join(untried[:3])}{' …' if len(untried) > 3 else ''}",
                    hint="run check again, or open them in a browser",
                    file=path,
                    line=links[untried[0]] or None,
                )
            )
    return found
