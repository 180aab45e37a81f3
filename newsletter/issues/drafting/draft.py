"""[I/O] Write the issue's draft files; run again, add what is new and touch nothing else."""

from codecs import BOM_UTF8
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import date, datetime, time
from zoneinfo import ZoneInfo

from newsletter.errors import UsageError
from newsletter.issues.choosing.choosing import DraftRules, DraftStore, choose
from newsletter.issues.choosing.select import rule_for
from newsletter.issues.drafting import additions, draft_file
from newsletter.issues.drafting.assemble import Assembled, Piece, Plan, assemble
from newsletter.issues.drafting.draft_material import blocks_for, cleaned, piece_of, stories_for
from newsletter.issues.sources import IssueSources
from newsletter.model.issue import Edition, Offer, is_bulletin, issue_id_for, monday_of


@dataclass(frozen=True, kw_only=True, slots=True)
class DraftedFile:
    """One edition's file: how many pieces were added, and how many of them want translating."""

    path: str
    language: str
    is_new: bool
    added: int
    untranslated: int


@dataclass(frozen=True, kw_only=True, slots=True)
class DraftOutcome:
    """What drafting did. `why` has one line for each item it looked at, by item id."""

    issue_id: str
    sends_on: date
    files: tuple[DraftedFile, ...]
    why: Mapping[str, str] = field(default_factory=dict)

    @property
    def added(self) -> int:
        """Pieces added over all editions."""
        return sum(file.added for file in self.files)


@dataclass(frozen=True, kw_only=True, slots=True)
class DraftThere:
    """A draft that is there already."""

    text: str
    edition: Edition


def draft(
    sources: IssueSources,
    store: DraftStore,
    rules: DraftRules,
    *,
    now: datetime,
    issue_id: str | None = None,
    sends_on: date | None = None,
) -> DraftOutcome:
    """Draft the issue (this week's, when none is named) in each of the coalition's languages."""
    zone = ZoneInfo(sources.coalition.timezone)
    today = now.astimezone(zone).date()
    issue_id = issue_id or issue_id_for(today)
    if is_bulletin(issue_id):
        raise UsageError(
            f"{issue_id} is a bulletin's id",
            hint="add --bulletin --lapses, or leave the letter off",
        )
    there = drafts_there(sources, store, issue_id)
    day = sends_on or _planned(there) or max(today, monday_of(issue_id))
    chosen = choose(sources, store, rules, issue_id=issue_id, sends_on=day, now=now)
    store.record_eligible(issue_id, chosen.eligible)
    pieces = [*_placed(sources, rules, there), *map(piece_of, chosen.choices)]
    plan = Plan(
        issue_id=issue_id,
        sends_on=day,
        zone=zone,
        rules=rules.sections,
        organisations=sources.by_id,
        pieces=cleaned(pieces, chosen.items),
        stories=stories_for(sources, store, rules, issue_id, day),
        letters={
            language: blocks_for(sources, language)[0] for language in sources.coalition.languages
        },
        blocks={
            language: blocks_for(sources, language)[1] for language in sources.coalition.languages
        },
    )
    files = write_editions(sources, store, plan, there, now)
    return DraftOutcome(issue_id=issue_id, sends_on=day, files=files, why=chosen.why)


def drafts_there(sources: IssueSources, store: DraftStore, issue_id: str) -> dict[str, DraftThere]:
    """The drafts that an issue has already, by language. One that was deleted starts anew: what
    was offered in it is forgotten. ConfigError when one cannot be read."""
    found: dict[str, DraftThere] = {}
    for language in sources.coalition.languages:
        path = draft_file.path_of(issue_id, language)
        if sources.files.exists(path):
            text = sources.files.read(path)
            found[language] = DraftThere(text=text, edition=draft_file.read(text, file=path))
    for language in set(sources.coalition.languages) - set(found):
        store.forget_offers(issue_id, language)
    return found


def write_editions(
    sources: IssueSources,
    store: DraftStore,
    plan: Plan,
    there: Mapping[str, DraftThere],
    now: datetime,
) -> tuple[DraftedFile, ...]:
    """Each language's draft written, or what is new added to it, and the offers remembered."""
    return tuple(
        _write(sources, store, plan, language, there.get(language), now)
        for language in sources.coalition.languages
    )


def _planned(there: Mapping[str, DraftThere]) -> date | None:
    days = [one.edition.settings.get("sends_on") for one in there.values()]
    return next((date.fromisoformat(day) for day in days if day), None)


def _placed(
    sources: IssueSources, rules: DraftRules, there: Mapping[str, DraftThere]
) -> list[Piece]:
    """What the editions that are there place, for one that is not there yet.

    What nobody has sorted yet goes where it would have gone.
    """
    sections: dict[str, str] = {}
    for one in there.values():
        for section in one.edition.sections:
            for placement in section.placements:
                if placement.item_id:
                    sections.setdefault(placement.item_id, section.id)
    items = sources.items.get(sections)
    pieces = []
    for item_id, section_id in sections.items():
        item = items.get(item_id)
        if item is not None and additions.is_new_section(section_id):
            rule = rule_for(item, rules.sections, sources.by_id.get(item.organisation_id or ""))
            section_id = rule.id if rule else "news"
        if item is not None:
            pieces.append(Piece(section_id=section_id, item=item))
    return pieces


def _write(
    sources: IssueSources,
    store: DraftStore,
    plan: Plan,
    language: str,
    there: DraftThere | None,
    now: datetime,
) -> DraftedFile:
    assembled = assemble(plan, language)
    path = assembled.edition.path
    offers = [one for one in store.offers(plan.issue_id) if one.language == language]
    if there is None or (not offers and there.text == _text(assemble(_empty(plan), language))):
        added = [one.item_id for one in assembled.edition.placements if one.item_id]
        sources.files.write(path, _text(assembled), expected=there.text if there else None)
    else:
        text, added = _with_new(there, offers, plan, assembled)
        if added:
            mark = BOM_UTF8 if sources.files.read_bytes(path).startswith(BOM_UTF8) else b""
            sources.files.write_bytes(path, mark + text.encode(), expected=there.text)
    store.offer(_offers(plan, language, added, now))
    return DraftedFile(
        path=path,
        language=language,
        is_new=there is None,
        added=len(added),
        untranslated=len(assembled.untranslated & set(added)),
    )


def _text(assembled: Assembled) -> str:
    return draft_file.write(
        assembled.edition, notes=assembled.notes, untranslated=assembled.untranslated
    )


def _empty(plan: Plan) -> Plan:
    """The same issue before anything came in: a draft that says only this is written anew."""
    return replace(plan, pieces=(), stories={})


def _with_new(
    there: DraftThere, offers: Sequence[Offer], plan: Plan, assembled: Assembled
) -> tuple[str, list[str]]:
    """The draft with what was never offered in it, and the ids of that."""
    known = {offer.item_id for offer in offers} | additions.ids_in(there.text)
    fresh = [
        placement
        for placement in assembled.edition.placements
        if placement.item_id and placement.item_id not in known
    ]
    text = additions.with_additions(
        there.text,
        there.edition,
        fresh,
        since=max((offer.offered_at for offer in offers), default=_start(plan)),
        zone=plan.zone,
        notes=assembled.notes,
        untranslated=assembled.untranslated,
    )
    return text, [placement.item_id for placement in fresh if placement.item_id]


def _start(plan: Plan) -> datetime:
    return datetime.combine(monday_of(plan.issue_id), time(), tzinfo=plan.zone)


def _offers(plan: Plan, language: str, item_ids: Sequence[str], now: datetime) -> list[Offer]:
    items = {piece.item.id: piece.item for piece in plan.pieces}
    items |= {piece.item.id: piece.item for piece in plan.stories.get(language, ())}
    return [
        Offer(
            issue_id=plan.issue_id,
            language=language,
            item_id=item_id,
            offered_at=now,
            organisation_id=items[item_id].organisation_id,
        )
        for item_id in item_ids
        if item_id in items
    ]
