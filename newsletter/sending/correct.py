"""[I/O] `correct`: draft what tells those who got an issue, and only them, what was wrong in it."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime

from newsletter.errors import AttentionError, UsageError
from newsletter.issues.drafting.correction import (
    WrongEdition,
    draft_correction,
    drafted_corrections,
    next_correction,
)
from newsletter.issues.drafting.draft_file import path_of
from newsletter.issues.drafting.load_issue import load_issue
from newsletter.issues.drafting.rendered import completed
from newsletter.issues.drafting.what_changed import words_of
from newsletter.issues.sources import IssueSources
from newsletter.model.delivery import Send
from newsletter.model.issue import Edition
from newsletter.sending.ports import SendLedger
from newsletter.sending.told_words import Told, ToldWords, refuse_unfinished


@dataclass(frozen=True, kw_only=True, slots=True)
class CorrectionOutcome:
    """A correction's drafts, those of them that were `written` now, and how many people have the
    wrong words, by edition."""

    issue_id: str
    corrects: str
    files: tuple[str, ...]
    written: tuple[str, ...]
    people: dict[str, int]


def correct(
    sources: IssueSources, told_words: ToldWords, issue_id: str, *, now: datetime
) -> CorrectionOutcome:
    """Draft the correction of an issue that went out from what its drafts say now.

    Of one that was drafted and not sent yet, the files that are there stay as they are.
    UsageError when the issue was never sent or is a correction itself; AttentionError while it is
    being sent, when nobody has it, or when its drafts say what people were told.
    """
    send = _sent(told_words.ledger, issue_id)
    told = told_words.told(issue_id)
    if not told:
        raise AttentionError(f"nobody has {issue_id}, so nobody has to be told")
    right = {one.language: one for one in completed(load_issue(sources, issue_id))}
    wrong = {
        last.language: WrongEdition(
            told=last.edition, right=right[last.language], sent_at=send.frozen_at
        )
        for last in _last_told(told, right)
        if _differs(last, right[last.language])
    }
    if not wrong:
        raise AttentionError(
            f"{issue_id}: its drafts say what people were told",
            hint=f"put the right words into issues/{issue_id}/ first, then run this again",
        )
    drafted = drafted_corrections(sources, issue_id)
    unsent = next((one for one in drafted if told_words.ledger.find(one) is None), None)
    correction_id = unsent or next_correction(sources, issue_id, now)
    lacking = [
        one
        for language, one in wrong.items()
        if not sources.files.exists(path_of(correction_id, language))
    ]
    written = draft_correction(sources, lacking, correction_id)
    return CorrectionOutcome(
        issue_id=correction_id,
        corrects=issue_id,
        files=tuple(sources.files.names(f"issues/{correction_id}", "*.md")),
        written=written,
        people={language: _misled(told, right[language]) for language in wrong},
    )


def _sent(ledger: SendLedger, issue_id: str) -> Send:
    """The send of an issue that can be corrected. UsageError or AttentionError otherwise."""
    send = ledger.find(issue_id)
    if send is None:
        raise UsageError(
            f"{issue_id} was never sent, so nobody has to be told",
            hint=f"correct its drafts, then newsletter check {issue_id}",
        )
    if send.corrects:
        raise UsageError(
            f"{issue_id} is a correction itself",
            hint=f"correct the drafts of {send.corrects}, then newsletter correct {send.corrects}",
        )
    refuse_unfinished(send)
    return send


def _differs(told: Told, right: Edition) -> bool:
    return words_of(told.edition) != words_of(right)


def _last_told(told: Sequence[Told], right: Mapping[str, Edition]) -> list[Told]:
    """What people know, by language: the last correction, else a version of the issue that differs
    from what is right now, of several the one that most people have."""
    last: dict[str, Told] = {}
    for one in sorted(told, key=lambda one: (one.is_correction, one.sent_at, one.people)):
        language = one.language
        if language in right and (
            language not in last or one.is_correction or _differs(one, right[language])
        ):
            last[language] = one
    return list(last.values())


def _misled(told: Sequence[Told], right: Edition) -> int:
    """How many people have an edition of the issue that is wrong, or else a correction that is."""
    wrong = [one for one in told if one.language == right.language and _differs(one, right)]
    own = sum(one.people for one in wrong if not one.is_correction)
    return own or max(one.people for one in wrong)
