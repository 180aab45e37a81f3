"""[I/O] `stories narrow` and `renew`: limiting holds at once, more needs the storyteller's yes."""

from contextlib import suppress
from dataclasses import asdict, dataclass, field, replace
from datetime import date

from newsletter.errors import (
    AttentionError,
    NewsletterError,
    ServiceError,
    StoreError,
    UsageError,
)
from newsletter.model.consent import Channel, Consent, Revocation
from newsletter.model.story import Story
from newsletter.model.submission import Actor, EventKind, StoryEvent, Submission
from newsletter.stories.consent.given import refuse_what_was_not_given
from newsletter.stories.record import document
from newsletter.stories.record.consent_notice import Notice
from newsletter.stories.record.hash_chain import narrowing_note
from newsletter.stories.record.identifiers import code_hash, new_id, read_code
from newsletter.stories.record.openings import opened
from newsletter.stories.services import StoryServices
from newsletter.stories.taking.intake import ON_THE_PAGE, months_later

LONGEST = 24  # months from the day of the yes: the form offers no more either


@dataclass(frozen=True, kw_only=True, slots=True)
class Narrowing:
    """What is taken back short of everything."""

    channels: frozenset[Channel] = frozenset()
    languages: frozenset[str] = frozenset()
    picture: bool = False
    name: bool = False
    until: date | None = None


@dataclass(frozen=True, kw_only=True, slots=True)
class Narrowed:
    """What is left of the consent, and what could not be done now; it holds all the same."""

    consent: Consent
    left_to_do: tuple[str, ...] = ()


@dataclass(frozen=True, kw_only=True, slots=True)
class Renewal:
    """The new last day, and what comes on top of what is allowed now.

    `reuse_by` are ids of organisations that may reprint it.
    """

    until: date
    channels: frozenset[Channel] = frozenset()
    languages: frozenset[str] = frozenset()
    reuse_by: frozenset[str] = frozenset()


@dataclass(frozen=True, kw_only=True, slots=True)
class ByCode:
    """The storyteller said it, with the receipt code as it was typed."""

    code: str = field(repr=False)


@dataclass(frozen=True, kw_only=True, slots=True)
class SignedOff:
    """An editor signs that the storyteller heard the notice and each new use, and said yes.

    `key_name` is the name of that editor's key in `stories/recipients.txt`; `method` is how they
    spoke: phone, in person, email.
    """

    key_name: str
    method: str


StorytellersYes = ByCode | SignedOff
_HOW_SHOWN = {"code": ON_THE_PAGE, "email": "sent"}  # the notice, by how they spoke


def narrow(
    services: StoryServices,
    any_id: str,
    taken: Narrowing,
    *,
    today: date,
    actor: Actor = Actor.EDITOR,
) -> Narrowed:
    """Take it back at once, also in the middle of a send, and while the record is in doubt.

    The id is a story's, a submission's or a consent record's: a story that is still sealed, or
    whose file lies on another machine, is narrowed too. A story whose file lies here is narrowed
    without any database.
    """
    if taken == Narrowing():
        raise UsageError(
            "Name what to remove: --channel, --language, --picture, --name or --until."
        )
    story, submission, away = _found(services, any_id)
    consent = story.consent if story else submission.consent if submission else None
    if consent is None:
        if away is not None:
            raise away
        raise UsageError(f"there is no story {any_id!r}", hint="see newsletter stories list")
    languages = _meant(taken.languages, consent.languages)
    revocation = Revocation(
        record_id=consent.record_id,
        story_id=story.id if story else submission.story_id if submission else "",
        on=today,
        **asdict(replace(taken, languages=languages)),
    )
    left = services.revocation_file.append(revocation)
    event = StoryEvent(
        record_id=revocation.record_id,
        kind=EventKind.NARROWED,
        on=today,
        actor=actor,
        note=narrowing_note(revocation),
    )
    try:
        services.store.revoke(revocation, [event], emptied=None)
        services.write_checkpoint()
    except ServiceError as error:
        words = f"update the database once it works again: newsletter stories purge ({error})"
        left = (*left, words)
    return Narrowed(consent=consent.after(_known(services, revocation)), left_to_do=left)


def renew(
    services: StoryServices,
    story_id: str,
    wanted: Renewal,
    *,
    yes: StorytellersYes,
    notice: Notice,
    today: date,
) -> Story:
    """Put a new consent, given today, in place of the old one: never without the storyteller's yes.

    Every yes to the text was under the old consent, so nothing may be used before the storyteller
    agrees to the exact words again (`stories agreed`, or the page by code). The event stands in the
    log before anything is changed. AttentionError when the story was withdrawn (that is never
    undone) or the code is another story's; UsageError when it would last over 24 months.
    """
    story = services.story(story_id)
    left = story.consent
    if left.withdrawn_on is not None:
        raise AttentionError("the story was withdrawn; that cannot be undone")
    refuse_what_was_not_given(services, story)
    if wanted.until <= today:
        raise UsageError(f"{wanted.until} is not in the future")
    if wanted.until > (latest := months_later(today, LONGEST)):
        raise UsageError(
            f"a consent lasts {LONGEST} months at most: until {latest}",
            hint="ask the storyteller again before it ends",
        )
    record_id = new_id(16)
    trace, method, actor = _trace(services, left, yes, record_id, today)
    written = services.files.read(story.path)
    kept = document.read(written, file=story.path)
    store = services.store  # a renewal that was killed half-way left the row's record behind
    submission = store.by_record(kept.consent.record_id) or store.by_story(story_id)
    renewed = replace(
        kept,
        consent=replace(
            left,
            record_id=record_id,
            notice_id=notice.id,
            notice_sha256=notice.sha256,
            notice_language=notice.language,
            notice_shown=_HOW_SHOWN.get(method, "read aloud"),
            notice_shown_on=today,
            method=method,
            taken_by="" if isinstance(yes, ByCode) else Actor.EDITOR.value,
            valid_from=today,
            expires_on=wanted.until,
            ended_early=None,
            channels=left.channels | wanted.channels,
            languages=left.languages | wanted.languages,
            reuse_by=left.reuse_by | wanted.reuse_by,
        ),
        read_backs=(),
    )
    widened = renewed.consent.gives_more_than(left)
    event = StoryEvent(
        record_id=record_id,
        kind=EventKind.WIDENED if widened else EventKind.RENEWED,
        on=today,
        actor=actor,
        note=f"instead of {kept.consent.record_id}, by {method}",
    )
    services.append_events([*trace, event])
    services.files.write(story.path, document.write(renewed), expected=written)
    if submission is not None:
        _follow(services, submission, renewed.consent)
    return renewed


def _found(
    services: StoryServices, any_id: str
) -> tuple[Story | None, Submission | None, StoreError | None]:
    """The story file and the database's row, by any of a story's ids; why there was no database.

    Nobody is asked whether the record can be trusted: when in doubt, it stops.
    """
    stories = services.folder.as_written()
    story = next((one for one in stories if any_id in (one.id, one.consent.record_id)), None)
    record = story.consent.record_id if story else any_id
    try:
        store = services.store
        submission = store.get(any_id) or store.by_record(record) or store.by_story(any_id)
    except StoreError as error:
        return story, None, error
    if story is None and submission is not None and submission.story_id:
        story = next((one for one in stories if one.id == submission.story_id), None)
    return story, submission, None


def _meant(named: frozenset[str], given: frozenset[str]) -> frozenset[str]:
    """The languages as the consent spells them. UsageError for one that it never had: a slip of
    the pen must not look as if something was limited."""
    spelled = {tag.casefold(): tag for tag in given}
    if slips := sorted(tag for tag in named if tag.casefold() not in spelled):
        raise UsageError(
            f"the consent has no language {', '.join(slips)}; nothing was changed",
            hint=f"use one of: {', '.join(sorted(given))}",
        )
    return frozenset(spelled[tag.casefold()] for tag in named)


def _known(services: StoryServices, now: Revocation) -> tuple[Revocation, ...]:
    """What was taken back of this consent, as far as it can be read, and what is just now."""
    stops: tuple[Revocation, ...] = ()
    for read in (services.revocation_file.read, services.all_stops):
        with suppress(NewsletterError):
            stops = read()
    return (*(stop for stop in stops if stop.record_id == now.record_id), now)


def _trace(
    services: StoryServices, left: Consent, yes: StorytellersYes, record_id: str, today: date
) -> tuple[tuple[StoryEvent, ...], str, Actor]:
    """Events that go first, the method and who acts. AttentionError when it is nobody's yes."""
    if isinstance(yes, ByCode):
        code = read_code(yes.code)
        if code is None or not left.receipt_hash or code_hash(code) != left.receipt_hash:
            raise AttentionError(
                "this code is not the story's",
                hint="ask the storyteller to read it again, or sign off what they say",
            )
        return (), "code", Actor.STORYTELLER
    if yes.key_name not in {recipient.name for recipient in services.recipients()}:
        raise AttentionError(
            "only an editor whose key is listed can sign for a storyteller",
            hint="see newsletter keys list",
        )
    return (opened(record_id, yes.key_name, today),), yes.method, Actor.EDITOR


def _follow(services: StoryServices, submission: Submission, renewed: Consent) -> None:
    """Let the sealed row have the new consent: it is kept as long, and found by its record."""
    followed = replace(
        submission.consent,
        record_id=renewed.record_id,
        notice_id=renewed.notice_id,
        notice_sha256=renewed.notice_sha256,
        notice_language=renewed.notice_language,
        notice_shown=renewed.notice_shown,
        notice_shown_on=renewed.notice_shown_on,
        method=renewed.method,
        taken_by=renewed.taken_by,
        valid_from=renewed.valid_from,
        expires_on=renewed.expires_on,
        channels=renewed.channels,
        languages=renewed.languages,
        reuse_by=renewed.reuse_by,
    )
    services.store.change(replace(submission, consent=followed), expected=submission.state)
