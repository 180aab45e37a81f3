"""[I/O] A bulletin: a short urgent issue to a region or topic, which lapses."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from string import ascii_lowercase
from zoneinfo import ZoneInfo

from newsletter.errors import UsageError
from newsletter.issues.choosing.select import DraftRules
from newsletter.issues.drafting.assemble import Piece, Plan
from newsletter.issues.drafting.draft import DraftOutcome, questions_of, write_drafts
from newsletter.issues.drafting.load_draft import load_draft
from newsletter.issues.drafting.load_issue import load_standings
from newsletter.issues.drafting.pieces import cleaned, credited, with_questions
from newsletter.issues.drafting.rendered import end_of
from newsletter.issues.ports import IssueStore
from newsletter.issues.sources import IssueSources
from newsletter.model.issue import is_bulletin, issue_id_for
from newsletter.model.section_kinds import kind_of

_CARRIED = frozenset({"rights", "hotlines"})  # the standing blocks that help at such a moment
# What an editor is told stands above the example: only what readers may see is in its card.
_NOTE = """Say what is happening, where and since when, and what to do. verified_by is who saw it,
or who called back to make sure. Then write the subject at the top. Two people have to approve it.
For example:

## Urgent {{#urgent}}

### Checkpoint at 5th and Main

Cars are stopped northbound. Take Harbor Street. You do not have to answer questions.

- verified: {today}
- verified_by:
- lapses: {lapses}"""


@dataclass(frozen=True, kw_only=True, slots=True)
class Urgency:
    """Whom a bulletin is for (nobody named: everyone) and until when it may be sent."""

    lapses: str
    regions: tuple[str, ...] = ()
    topics: tuple[str, ...] = ()
    item_ids: tuple[str, ...] = ()


def draft_bulletin(
    sources: IssueSources,
    store: IssueStore,
    rules: DraftRules,
    urgency: Urgency,
    *,
    now: datetime,
    issue_id: str | None = None,
) -> DraftOutcome:
    """Draft a bulletin, this week's next one when none is named, in each language.

    UsageError when it would already have expired, or names an unknown region, topic or item.
    """
    zone = sources.coalition.zone
    today = sources.coalition.day_of(now)
    issue_id = issue_id or next_bulletin(sources, issue_id_for(today))
    if not is_bulletin(issue_id):
        raise UsageError(f"{issue_id} is not a bulletin id", hint=f"for example {issue_id}-a")
    items = sources.items.get(urgency.item_ids)
    _refuse(sources, urgency, list(items), now, zone)
    facts = load_draft(sources, store, issue_id)
    settings = {
        "lapses": urgency.lapses,
        "regions": ", ".join(urgency.regions),
        "topics": ", ".join(urgency.topics),
    }
    carried = _CARRIED | {rule.id for rule in rules.sections if rule.kind in _CARRIED}
    named = [Piece(section_id="news", item=items[item_id]) for item_id in urgency.item_ids]
    pieces = credited(cleaned(named, ()), sources.by_id)
    plan = Plan(
        issue_id=issue_id,
        sends_on=today,
        zone=zone,
        rules=[rule for rule in rules.sections if rule.kind in {*_CARRIED, "news", "urgent"}],
        organisations=sources.by_id,
        pieces=with_questions(pieces, load_standings(sources.items, items.values()), sources.by_id),
        blocks={
            language: [
                section
                for section in sections
                if section.id in carried or kind_of(section) in carried
            ]
            for language, sections in facts.blocks.items()
        },
        settings={key: value for key, value in settings.items() if value},
        kinds=sources.templates.kinds,
        note=_NOTE.format(today=today, lapses=urgency.lapses),
    )
    files = write_drafts(sources, store, facts, plan, now)
    questions = questions_of(plan, files, facts.editions)
    return DraftOutcome(issue_id=issue_id, sends_on=today, files=files, questions=questions)


def next_bulletin(sources: IssueSources, week: str) -> str:
    """Return the id of that week's next bulletin. UsageError when it has 26."""
    for letter in ascii_lowercase:
        issue_id = f"{week}-{letter}"
        if not sources.files.names(f"issues/{issue_id}", "*.md"):
            return issue_id
    raise UsageError("this week has 26 bulletins already", hint="edit one of them")


def _refuse(
    sources: IssueSources, urgency: Urgency, item_ids: Sequence[str], now: datetime, zone: ZoneInfo
) -> None:
    try:
        lapses = end_of(urgency.lapses, zone)
    except ValueError as error:
        raise UsageError(
            f"--lapses cannot be {urgency.lapses!r}", hint="write it as 2026-11-21 18:00"
        ) from error
    if lapses <= now:
        raise UsageError(
            "the bulletin would already have expired", hint="--lapses needs a time in the future"
        )
    regions = [region for member in sources.organisations for region in member.regions]
    topics = [topic for member in sources.organisations for topic in member.topics]
    _refuse_unknown("region", urgency.regions, regions)
    _refuse_unknown("topic", urgency.topics, topics)
    _refuse_unknown("item", urgency.item_ids, item_ids)


def _refuse_unknown(what: str, named: Sequence[str], known: Sequence[str]) -> None:
    for name in named:
        if name not in known:
            hint = f"{what}s: {', '.join(sorted(set(known)))}" if known else ""
            raise UsageError(f"no {what} {name!r}", hint=hint)
