"""[I/O] `check`: what is wrong with an issue, before anybody may say yes to it."""

from collections.abc import Mapping, Sequence
from contextlib import AbstractAsyncContextManager
from dataclasses import dataclass
from datetime import datetime
from typing import TYPE_CHECKING
from zoneinfo import ZoneInfo

from newsletter.design.views import picture_of
from newsletter.errors import ConfigError
from newsletter.issues.checking import check_together, checks
from newsletter.issues.checking.check_facts import CheckFacts
from newsletter.issues.checking.check_stories import carried_in_words, denied, ending_soon
from newsletter.issues.checking.draft_check_input import DraftCheckInput
from newsletter.issues.checking.link_check import Tried, dead_links, try_links
from newsletter.issues.checking.load_check import load_check
from newsletter.issues.checking.rendered_checks import problems as rendered_problems
from newsletter.issues.checking.sources_again import ask_for_drafts
from newsletter.issues.drafting.links import links_of
from newsletter.issues.drafting.load_issue import load_facts, read_drafts
from newsletter.issues.drafting.rendered import completed, materials, rendered_editions
from newsletter.issues.ports import IssueStore
from newsletter.issues.sources import IssueSources
from newsletter.model.consent import Denied
from newsletter.model.issue import Edition, issue_id_for
from newsletter.model.material import Material
from newsletter.model.message import RenderedEdition, issue_digest
from newsletter.model.problem import Problem, Severity
from newsletter.pulling.recheck import RecheckParts

if TYPE_CHECKING:
    from newsletter.pulling.fetch.fetch import Fetcher


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
    store: IssueStore,
    issue_id: str,
    *,
    now: datetime,
    rotation_issues: int,
    asker: AbstractAsyncContextManager["Fetcher"] | None = None,
    rechecking: RecheckParts | None = None,
) -> CheckOutcome:
    """Judge an issue's drafts and what they render to.

    Without an `asker` no link is tried, without `rechecking` no source is asked again.
    AttentionError when there is no draft.
    """
    try:
        drafts = read_drafts(sources, issue_id)
    except ConfigError as error:
        return CheckOutcome(issue_id=issue_id, problems=(_unreadable(error),), editions=())
    texts = [draft.edition for draft in drafts]
    silent = ask_for_drafts(texts, rechecking) if rechecking is not None else []
    facts = load_check(
        sources, store, load_facts(sources, drafts), now=now, rotation_issues=rotation_issues
    )
    complete = completed(facts.issue)
    behind = materials(facts.issue, complete)
    editions = rendered_editions(facts.issue, complete, behind)
    denials = {
        draft.language: sources.stories.denials(edition, on=facts.day_of(draft))
        for draft, edition in zip(texts, editions, strict=True)
    }
    links = {draft.path: links_of(draft) for draft in texts}
    asked = (link for named in links.values() for link in named)
    tried = try_links(asked, asker) if asker is not None else Tried()
    found = [
        *silent,
        *_of_drafts(facts),
        *_of_editions(facts, editions, denials),
        *check_together.absent(facts.absent, rotation_issues),
        *dead_links(links, tried),
    ]
    return CheckOutcome(
        issue_id=issue_id,
        problems=tuple(sorted(_once(found, complete, behind), key=_order)),
        editions=editions,
        drafts=complete,
        materials=behind,
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


def _of_drafts(facts: CheckFacts) -> list[Problem]:
    issue = facts.issue
    found = [
        problem
        for edition in issue.editions
        for problem in checks.problems(edition, _input_of(facts, edition))
    ]
    return found + check_together.problems(
        issue.drafts, languages=issue.coalition.languages, stories=issue.stories.keys()
    )


def _of_editions(
    facts: CheckFacts,
    editions: Sequence[RenderedEdition],
    denials: Mapping[str, Mapping[str, Denied]],
) -> list[Problem]:
    """What the rendered bytes say: size, active content, leave links, and consent once more."""
    issue = facts.issue
    found: list[Problem] = []
    for draft, edition in zip(issue.editions, editions, strict=True):
        found += rendered_problems(
            edition, coalition=issue.coalition, tokens=issue.templates.tokens
        )
        found += ending_soon(facts, draft)
        found += carried_in_words(facts, draft, denials[draft.language])
    return found


def _input_of(facts: CheckFacts, draft: Edition) -> DraftCheckInput:
    issue = facts.issue
    return DraftCheckInput(
        sends_on=facts.day_of(draft),
        now=facts.now,
        zone=issue.zone,
        items=issue.items_in(draft),
        organisations=issue.organisations,
        denied=denied(facts, draft),
        chosen_as=facts.chosen_as[draft.language],
        carried=facts.carried,
        pictures=issue.pictures,
    )
