"""[I/O] `check`: what is wrong with an issue, before anybody may approve it."""

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from itertools import chain

from newsletter.design.build_view import picture_of
from newsletter.errors import ConfigError
from newsletter.issues.ask_addresses import Asker
from newsletter.issues.checking import check_editions, draft_checks
from newsletter.issues.checking.check_stories import carried_in_words
from newsletter.issues.checking.link_check import link_problems
from newsletter.issues.checking.load_check import load_absent, load_check
from newsletter.issues.checking.recheck_sources import ask_for_drafts
from newsletter.issues.checking.rendered_checks import problems as rendered_problems
from newsletter.issues.checking.slips import check_slips
from newsletter.issues.drafting.load_issue import load_facts, read_drafts, unreadable_drafts
from newsletter.issues.drafting.rendered import completed, materials, rendered_editions
from newsletter.issues.facts import IssueFacts
from newsletter.issues.ports import IssueStore
from newsletter.issues.sources import IssueSources
from newsletter.model.approved import ApprovedDigest
from newsletter.model.issue import Edition, issue_id_for
from newsletter.model.material import Material
from newsletter.model.message import RenderedEdition, issue_digest
from newsletter.model.problem import Problem, Severity
from newsletter.pulling.recheck import RecheckParts
from newsletter.stories.recognition.story_search import Finding


@dataclass(frozen=True, kw_only=True, slots=True)
class CheckOutcome:
    """What was found, by place; the editions are the bytes that were judged.

    They were made from `drafts` and the `materials` behind them, in the same order. `findings` are
    the stories that they may not carry. A correction is approved together with the issue that is
    `corrected`, of which only the bytes are here.
    """

    issue_id: str
    problems: tuple[Problem, ...]
    editions: tuple[RenderedEdition, ...]
    drafts: tuple[Edition, ...] = ()
    materials: tuple[Material, ...] = ()
    findings: tuple[Finding, ...] = ()
    corrected: "CheckOutcome | None" = None

    @property
    def blocking(self) -> tuple[Problem, ...]:
        """What has to be fixed before anybody can approve."""
        return tuple(problem for problem in self.problems if problem.severity is Severity.BLOCKS)

    @property
    def digest(self) -> str:
        """What an approval of these editions is bound to."""
        return issue_digest(self.editions)


def this_issue(sources: IssueSources, now: datetime) -> str:
    """Return the id of this week's issue."""
    return issue_id_for(sources.coalition.day_of(now))


def check(
    sources: IssueSources,
    store: IssueStore,
    issue_id: str,
    *,
    now: datetime,
    rotation_issues: int,
    right_words: Collection[str] | None = None,
    asker: Asker | None = None,
    rechecking: RecheckParts | None = None,
) -> CheckOutcome:
    """Judge an issue's drafts and what they render to.

    `right_words` are no slips; without them no slip is looked for. Without an `asker` no link is
    tried, without `rechecking` no source is asked again. AttentionError when there is no draft.
    """
    try:
        drafts = read_drafts(sources, issue_id)
    except ConfigError:
        problems = [*map(_unreadable, unreadable_drafts(sources, issue_id))]
        problems += sources.stories.unreadable()
        return CheckOutcome(issue_id=issue_id, problems=tuple(problems), editions=())
    editions = [draft.edition for draft in drafts]
    silent = []
    if rechecking is not None:
        zone = sources.coalition.zone
        silent = ask_for_drafts(editions, sources.items, rechecking, zone=zone)
    issue = load_facts(sources, drafts)
    inputs = load_check(sources, store, issue, now=now)
    rotation = timedelta(weeks=rotation_issues)
    absent = load_absent(sources, store, issue, since=now - rotation, issues=rotation_issues)
    complete = completed(issue)
    behind = materials(issue, complete)
    corrected = _right_words(issue.corrects) if issue.corrects else None
    right = ApprovedDigest(corrected.issue_id, corrected.digest) if corrected else None
    rendered = rendered_editions(issue, complete, behind, corrects=right)
    languages, stories = issue.coalition.languages, issue.stories.keys()
    problems = silent + check_editions.problems(drafts, languages=languages, stories=stories)
    problems += sources.stories.unreadable()
    problems += check_editions.absent(absent, rotation_issues)
    if right_words is not None:
        problems += check_slips.problems(issue, inputs, right_words)
    if asker is not None:
        known = chain(*(issue.items_in(edition).values() for edition in editions))
        sources_now = {item.id: item.link or "" for item in known}
        problems += link_problems(editions, asker, sources_now)
    findings: list[Finding] = []
    for draft, edition in zip(editions, rendered, strict=True):
        facts = inputs[draft.language]
        problems += draft_checks.problems(draft, facts)
        problems += rendered_problems(
            edition, coalition=issue.coalition, tokens=issue.templates.tokens
        )
        carried = sources.stories.findings(edition, on=facts.sends_on)
        problems += carried_in_words(draft, facts, carried)
        findings += carried
        findings += chain(*(facts.carried.get(item_id, ()) for item_id in draft.item_ids))
    return CheckOutcome(
        issue_id=issue_id,
        problems=tuple(
            sorted(
                _once(problems, complete, behind),
                key=lambda one: (one.severity, one.file, one.line or 0, one.code),
            )
        ),
        editions=rendered,
        drafts=complete,
        materials=behind,
        findings=tuple(findings),
        corrected=corrected,
    )


def _right_words(issue: IssueFacts) -> CheckOutcome:
    """An issue as a correction has it put right; what may not be shown of it, the archive asks."""
    complete = completed(issue)
    behind = materials(issue, complete)
    return CheckOutcome(
        issue_id=issue.issue_id,
        problems=(),
        editions=rendered_editions(issue, complete, behind, corrects=None),
        drafts=complete,
        materials=behind,
    )


def _once(
    problems: Sequence[Problem], drafts: Sequence[Edition], materials: Sequence[Material]
) -> list[Problem]:
    """Without what the rendered bytes say again of a picture whose line was named already."""
    named = {(problem.file, problem.line) for problem in problems if problem.code == "alt"}
    shown = {
        f"cid:{picture.cid}"
        for draft, material in zip(drafts, materials, strict=True)
        for placement in draft.placements
        if (draft.path, placement.line) in named and (picture := picture_of(placement, material))
    }
    return [one for one in problems if not (one.code == "no-alt" and one.about in shown)]


def _unreadable(error: ConfigError) -> Problem:
    return Problem(
        severity=Severity.BLOCKS,
        code="unreadable",
        message=error.message,
        hint=error.hint,
        file=error.file,
        line=error.line,
    )
