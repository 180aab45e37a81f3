"""[I/O] The editions that went out, in the words that the archive has of them: corrected ones."""

from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from contextlib import suppress
from datetime import datetime
from typing import NamedTuple

from newsletter.archive.load_approved import SentEdition, SilentCorrection
from newsletter.errors import AttentionError, ConfigError
from newsletter.files import WorkspaceFiles
from newsletter.issues.drafting import draft_file, front_matter
from newsletter.issues.drafting.what_changed import words_of
from newsletter.issues.ports import IssueStore
from newsletter.model.approved import ApprovedCorrection, ApprovedDigest, ApprovedDraft
from newsletter.model.delivery import Send, SendState
from newsletter.model.issue import DraftFile

WENT_OUT = (SendState.RUNNING, SendState.PAUSED, SendState.STOPPED, SendState.FINISHED)


def sent_editions(
    files: WorkspaceFiles,
    sends: Iterable[Send],
    approved: IssueStore,
    going: Mapping[str, datetime],
) -> Iterator[SentEdition]:
    """Yield the editions of every issue whose sending began or is about to, as they were approved.

    Of an issue that was corrected: in its right words, also where its sending was cancelled.
    AttentionError for one that is about to go and is not approved.
    """
    by_issue = {send.issue_id: send for send in sends}
    corrections = _corrections(by_issue.values(), approved.corrections())
    for issue_id in sorted({*by_issue, *going}):
        send, corrected_by = by_issue.get(issue_id), corrections[issue_id]
        went_out = send is not None and (send.state in WENT_OUT or bool(corrected_by))
        sent_at = send.frozen_at if send is not None and went_out else going.get(issue_id)
        if sent_at is None:
            continue
        digest = send.digest if send is not None else None
        if corrected_by:
            digest = corrected_by[-1].corrects.digest
        drafts = approved.approved_drafts(issue_id, digest)
        if not drafts and issue_id not in going:
            continue  # sent by 0.1, which kept no words
        if not drafts:
            raise AttentionError(
                f"{issue_id} is not approved", hint="approve it with newsletter approve"
            )
        languages = tuple(sorted(drafts))
        texts = {language: drafts[language].text for language in languages}
        is_kept_out = kept_out(files, issue_id, texts)
        silent = _silent(send, corrected_by, approved) if send and corrected_by else {}
        read = _drafts(issue_id, drafts)
        for language in languages:
            yield SentEdition(
                draft=read[language],
                approved=drafts[language],
                pictures=approved.approved_pictures(issue_id, language, digest),
                languages=languages,
                sent_at=sent_at,
                is_kept_out=is_kept_out,
                corrected_by=tuple(one.issue_id for one in corrected_by),
                silent=silent.get(language),
            )


class _SentCorrection(NamedTuple):
    issue_id: str
    digest: str
    corrects: ApprovedDigest
    sent_at: datetime


def _corrections(
    sends: Iterable[Send], approved: Sequence[ApprovedCorrection]
) -> defaultdict[str, list[_SentCorrection]]:
    """The corrections that went out, by the issue that they correct, in the order of sending."""
    known = {ApprovedDigest(one.issue_id, one.digest): one for one in approved}
    corrections: defaultdict[str, list[_SentCorrection]] = defaultdict(list)
    for send in sorted(sends, key=lambda send: send.frozen_at):
        correction = known.get(ApprovedDigest(send.issue_id, send.digest))
        if correction is not None and send.state in WENT_OUT:
            corrections[correction.corrects.issue_id].append(
                _SentCorrection(*correction, sent_at=send.frozen_at)
            )
    return corrections


def _silent(
    send: Send, corrected_by: Sequence[_SentCorrection], approved: IssueStore
) -> dict[str, SilentCorrection]:
    """What the archive puts right in a language without a correction that says so: each of them
    keeps the words of all languages, and goes out in those that it was drafted in."""
    told = _drafts(send.issue_id, approved.approved_drafts(send.issue_id, send.digest))
    since: dict[str, datetime] = {}
    for correction in corrected_by:
        right = _drafts(
            send.issue_id, approved.approved_drafts(send.issue_id, correction.corrects.digest)
        )
        said = approved.approved_drafts(correction.issue_id, correction.digest)
        for language, draft in right.items():
            if language in said:
                told[language] = draft
            before = told.get(language)
            if before is not None and words_of(before.edition) != words_of(draft.edition):
                since.setdefault(language, correction.sent_at)
            else:
                since.pop(language, None)
    return {
        language: SilentCorrection(told=told[language], since=moment)
        for language, moment in since.items()
    }


def _drafts(issue_id: str, approved: Mapping[str, ApprovedDraft]) -> dict[str, DraftFile]:
    return {
        language: DraftFile(
            text=draft.text, edition=draft_file.read_approved(issue_id, language, draft.text)
        )
        for language, draft in approved.items()
    }


def kept_out(files: WorkspaceFiles, issue_id: str, approved: Mapping[str, str]) -> bool:
    """Return whether one of an issue's drafts says `archive: no`, as it stands now; one that is
    gone or cannot be read, as it was `approved`, by language."""
    names = files.names(f"issues/{issue_id}", "*.md")
    texts = {draft_file.path_of(issue_id, language): text for language, text in approved.items()}
    return any(
        _settings(files, name, texts.get(name, "")).get("archive") == "no"
        for name in {*names, *texts}
    )


def _settings(files: WorkspaceFiles, name: str, approved: str) -> dict[str, str]:
    if files.exists(name):
        with suppress(ConfigError):
            return front_matter.read(files.read(name), file=name)[0]
    return front_matter.read(approved, file=name)[0] if approved else {}
