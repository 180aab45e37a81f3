"""[I/O] Write the issue's draft files; run again, add what is new and touch nothing else."""

from codecs import BOM_UTF8
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime

from newsletter.errors import UsageError
from newsletter.issues.choosing.choose import choose
from newsletter.issues.choosing.load_choice import load_choice
from newsletter.issues.choosing.select import DraftRules
from newsletter.issues.drafting.assemble import Plan
from newsletter.issues.drafting.detect_language import with_languages
from newsletter.issues.drafting.load_draft import DraftFacts, load_draft
from newsletter.issues.drafting.load_issue import load_standings
from newsletter.issues.drafting.not_here import refuse_without_drafts
from newsletter.issues.drafting.pieces import (
    cleaned,
    credited,
    piece_of,
    placed_pieces,
    story_pieces,
    with_questions,
)
from newsletter.issues.drafting.posted_events import with_offers
from newsletter.issues.drafting.revise import Revision, offers_of, revise
from newsletter.issues.drafting.sizes import sized
from newsletter.issues.ports import IssueStore
from newsletter.issues.sources import IssueSources
from newsletter.model.issue import Edition, is_bulletin, issue_id_for, monday_of


@dataclass(frozen=True, kw_only=True, slots=True)
class DraftOutcome:
    """What drafting did. `why` has one line for each item it looked at, by item id; `questions`
    what an editor has to ask about the pieces, a line each.
    """

    issue_id: str
    sends_on: date
    files: tuple[Revision, ...]
    why: Mapping[str, str] = field(default_factory=dict)
    questions: tuple[str, ...] = ()

    @property
    def added(self) -> int:
        """Pieces added over all editions."""
        return sum(file.added for file in self.files)


def draft(
    sources: IssueSources,
    store: IssueStore,
    rules: DraftRules,
    *,
    now: datetime,
    issue_id: str | None = None,
    sends_on: date | None = None,
    again: bool = False,
) -> DraftOutcome:
    """Draft the issue (this week's, when none is named) in each of the coalition's languages.

    AttentionError when it was approved with a draft that is not here, unless it is to be drafted
    `again`; UsageError when the id is a bulletin's; ConfigError with file and line when a draft or
    a block cannot be understood.
    """
    zone = sources.coalition.zone
    today = sources.coalition.day_of(now)
    issue_id = issue_id or issue_id_for(today)
    if is_bulletin(issue_id):
        raise UsageError(
            f"{issue_id} is a bulletin id",
            hint="add --bulletin --lapses, or leave the letter off",
        )
    if not again:
        refuse_without_drafts(sources, issue_id)
    facts = load_draft(sources, store, issue_id)
    choice = load_choice(sources, store, issue_id, offers=facts.offers, now=now)
    day = sends_on or _planned(facts) or max(today, monday_of(issue_id))
    chosen = choose(choice, rules, sends_on=day)
    placed = placed_pieces(facts.editions, facts.items, rules, choice.organisations)
    pieces = cleaned(
        [*placed, *(piece_of(one, choice.organisations) for one in chosen.choices)], chosen.items
    )
    if not any(edition.item_ids for edition in facts.editions):  # else editors have said
        pieces = sized(pieces, rules.sections, choice.organisations)
    called_off = load_standings(sources.items, [piece.item for piece in pieces])
    plan = Plan(
        issue_id=issue_id,
        sends_on=day,
        zone=zone,
        rules=rules.sections,
        organisations=choice.organisations,
        pieces=with_questions(
            with_offers(credited(pieces, choice.organisations), chosen.items, zone=zone, on=day),
            called_off,
            choice.organisations,
        ),
        stories={
            language: story_pieces(facts.stories, language, rules, choice.offered_before, on=day)
            for language in facts.languages
        },
        letters=facts.letters,
        blocks=facts.blocks,
        kinds=sources.templates.kinds,
    )
    store.record_eligible(issue_id, chosen.eligible)
    files = write_drafts(sources, store, facts, plan, now)
    return DraftOutcome(
        issue_id=issue_id,
        sends_on=day,
        files=files,
        why=chosen.why,
        questions=questions_of(plan, files, facts.editions),
    )


def questions_of(
    plan: Plan, files: Sequence[Revision], editions: Sequence[Edition]
) -> tuple[str, ...]:
    """Return what an editor has to ask about the pieces that were added to the editions, and about
    events in them that were called off since, a line a question."""
    asked = {item_id for file in files for item_id in file.item_ids}
    silent = {
        placement.item_id
        for edition in editions
        for placement in edition.placements
        if "cancelled" not in placement.details
    }
    asked |= {piece.item.id for piece in plan.pieces if "cancelled" in piece.details} & silent
    return tuple(
        f"{piece.item.id} ({piece.item.title[:60]}): {question}"
        for piece in plan.pieces
        if piece.item.id in asked
        for question in piece.questions
    )


def _planned(facts: DraftFacts) -> date | None:
    days = (edition.settings.get("sends_on") for edition in facts.editions)
    return next((date.fromisoformat(day) for day in days if day), None)


def write_drafts(
    sources: IssueSources, store: IssueStore, facts: DraftFacts, plan: Plan, now: datetime
) -> tuple[Revision, ...]:
    """Write each language's draft, or add what is new to it, and remember what was offered."""
    plan = with_languages(plan)
    revisions = tuple(
        revise(plan, language, facts.drafts.get(language), facts.offers)
        for language in facts.languages
    )
    for language in (one for one in facts.languages if one not in facts.drafts):
        store.forget_offers(plan.issue_id, language)
    files = sources.files
    for revision in revisions:
        path, before = revision.path, revision.before
        if not revision.is_added_to:
            files.write(path, revision.text, expected=before)
        elif revision.item_ids:
            mark = BOM_UTF8 if files.read_bytes(path).startswith(BOM_UTF8) else b""
            files.write_bytes(path, mark + revision.text.encode(), expected=before)
        store.offer(offers_of(plan, revision, now))
    return revisions
