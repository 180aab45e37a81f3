"""[I/O] Before an approval: sealed stories are compared too, and an editor may overrule a match."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from datetime import date

from newsletter.errors import AttentionError, UsageError
from newsletter.issues.checking.check import CheckOutcome
from newsletter.issues.checking.check_stories import OVERRULABLE, PUBLIC, place_of
from newsletter.issues.ports import IssueStore
from newsletter.model.submission import Actor, EventKind, StoryEvent
from newsletter.stories.recognition.story_search import Finding
from newsletter.stories.reviewing.sealed_stories import compare_sealed, sealed_stories
from newsletter.stories.services import StoryServices

_LONGEST_REASON = 300


@dataclass(frozen=True, kw_only=True, slots=True)
class Comparison:
    """What an approval rests on: the sealed stories that were opened, the reason to go on."""

    checked: CheckOutcome
    compared: tuple[str, ...] = ()
    overruled: str = ""


def compare_stories(
    services: StoryServices,
    store: IssueStore,
    checked: CheckOutcome,
    *,
    unlock: Callable[[], str] | None,
    overrule: str = "",
    today: date,
) -> Comparison:
    """Compare the editions with every story that only a key opens, and with what was cut from
    those that were reviewed.

    `unlock` asks for the editor's key, None where there is none; it is asked only when there
    are some. With a reason in `overrule` what was found, or could not be looked for, is recorded
    and does not block. AttentionError otherwise.
    """
    reason = _reason(overrule) if overrule else ""
    kept = [one for one in checked.problems if one.code not in OVERRULABLE or not reason]
    judged = replace(checked, problems=tuple(kept))
    if judged.blocking:
        return Comparison(checked=judged)  # nothing is opened for what cannot be approved
    quoted = [one for one in checked.findings if one.passages] if reason else []
    sealed, done = sealed_stories(services), _compared(store, checked)
    waiting = [one for one in sealed.waiting if one.id not in done]
    if waiting and unlock is None and not reason:
        raise AttentionError(
            f"stories wait for a review, sealed ({len(waiting)}), and nobody has compared the "
            "issue with them",
            hint="approve where an editor's key is (--identity FILE), review them first, or go on "
            "with a reason that is recorded: --overrule REASON",
        )
    compared: tuple[str, ...] = ()
    to_open = [*waiting, *(one for one in sealed.cut if one.id not in done)]
    if to_open and unlock is not None:
        right = checked.corrected.editions if checked.corrected else ()
        editions = (*checked.editions, *right)
        found, compared = compare_sealed(services, to_open, editions, unlock(), on=today)
        if found and not reason:
            raise _refusal(found[0], checked)
        quoted += found
    is_used = bool(reason) and (bool(quoted) or (bool(waiting) and unlock is None))
    if is_used:
        services.append_events(_decisions(services, quoted, reason, today))
    return Comparison(checked=judged, compared=compared, overruled=reason if is_used else "")


def _refusal(found: Finding, checked: CheckOutcome) -> AttentionError:
    places = ((draft.path, *place_of(draft, found.passages)) for draft in checked.drafts)
    file, where, line = next((one for one in places if one[2]), ("", "", 0))
    return AttentionError(
        f"submission {found.about}{where}: {found.denied.reason}",
        hint=f"take its words out, or review it{PUBLIC}",
        file=file,
        line=line or None,
    )


def _compared(store: IssueStore, checked: CheckOutcome) -> set[str]:
    """The submissions that were compared with exactly these bytes before."""
    same = (one for one in store.approvals(checked.issue_id) if one.digest == checked.digest)
    return {submission_id for one in same for submission_id in one.compared.split()}


def _decisions(
    services: StoryServices, quoted: Sequence[Finding], reason: str, today: date
) -> list[StoryEvent]:
    """An event a story, or one for all that nobody could look for."""
    recognizer = services.folder.recognizer
    said: dict[str, list[str]] = {}
    for found in quoted:
        said.setdefault(found.record_id, []).extend(found.passages)
    notes = {id_: f"{recognizer.decision_on(words)} {reason}" for id_, words in said.items()}
    return [
        StoryEvent(
            record_id=record_id, kind=EventKind.OVERRULED, on=today, actor=Actor.EDITOR, note=note
        )
        for record_id, note in (notes or {"": reason}).items()
    ]


def _reason(typed: str) -> str:
    reason = " ".join(typed.split())
    if not reason or len(reason) > _LONGEST_REASON:
        raise UsageError(
            f"a reason has 1 to {_LONGEST_REASON} characters",
            hint='--overrule "the words are from the rights card", and no name of a storyteller',
        )
    return reason
