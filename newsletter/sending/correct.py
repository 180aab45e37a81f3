"""[I/O] `correct`: draft what tells those who got an issue, and only them, what was wrong in it."""

from dataclasses import dataclass
from datetime import datetime

from newsletter.errors import AttentionError, UsageError
from newsletter.issues.drafting.correction import (
    WrongEdition,
    draft_correction,
    drafted_corrections,
)
from newsletter.issues.drafting.load_issue import load_issue
from newsletter.issues.drafting.rendered import completed
from newsletter.issues.drafting.what_changed import words_of
from newsletter.issues.sources import IssueSources
from newsletter.model.issue import Edition
from newsletter.sending.ports import SendLedger
from newsletter.sending.told_words import Told, ToldWords, refuse_unfinished


@dataclass(frozen=True, kw_only=True, slots=True)
class CorrectionOutcome:
    """A correction's drafts, and how many people have the wrong words, by edition. `is_new`: there
    were none before; else they are as somebody left them."""

    issue_id: str
    corrects: str
    files: tuple[str, ...]
    people: dict[str, int]
    is_new: bool


def correct(
    sources: IssueSources, told_words: ToldWords, issue_id: str, *, now: datetime
) -> CorrectionOutcome:
    """Draft the correction of an issue that went out from what its drafts say now.

    One that was drafted and not sent yet is left as it is. UsageError when the issue was never
    sent or is a correction itself; AttentionError while it is being sent, or when its drafts say
    what people were told.
    """
    ledger = told_words.ledger
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
    told = told_words.told(issue_id)
    if not told:
        raise AttentionError(f"nobody has {issue_id}, so nobody has to be told")
    right = {one.language: one for one in completed(load_issue(sources, issue_id))}
    wrong = [
        (last, right[last.language])
        for last in _last_told(told, right)
        if words_of(last.edition) != words_of(right[last.language])
    ]
    if not wrong:
        raise AttentionError(
            f"{issue_id}: its drafts say what people were told",
            hint=f"put the right words into issues/{issue_id}/ first, then run this again",
        )
    people = {
        last.language: sum(
            one.people
            for one in told
            if one.language == last.language
            and not one.is_correction
            and words_of(one.edition) != words_of(edition)
        )
        for last, edition in wrong
    }
    if unsent := _unsent(sources, ledger, issue_id):
        names = sources.files.names(f"issues/{unsent}", "*.md")
        files, is_new = tuple(names), False
    else:
        files = draft_correction(
            sources,
            [
                WrongEdition(told=last.edition, right=edition, sent_at=send.frozen_at)
                for last, edition in wrong
            ],
            now=now,
        )
        is_new = True
    return CorrectionOutcome(
        issue_id=files[0].split("/")[1],
        corrects=issue_id,
        files=files,
        people=people,
        is_new=is_new,
    )


def _last_told(told: tuple[Told, ...], right: dict[str, Edition]) -> list[Told]:
    """What people know, by language: the last correction, else a version of the issue that differs
    from what is right now, of several what most people have."""
    last: dict[str, Told] = {}
    for one in sorted(told, key=lambda one: (one.is_correction, one.sent_at, one.people)):
        known = last.get(one.language)
        is_fine = one.language not in right or words_of(one.edition) == words_of(
            right[one.language]
        )
        if known is None or one.is_correction or not is_fine:
            last[one.language] = one
    return [one for language, one in last.items() if language in right]


def _unsent(sources: IssueSources, ledger: SendLedger, issue_id: str) -> str | None:
    drafted = drafted_corrections(sources, issue_id)
    return next((one for one in drafted if ledger.find(one) is None), None)
