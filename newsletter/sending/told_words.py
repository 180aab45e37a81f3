"""[I/O] Who was told what of an issue: what a correction is held against, and who gets it."""

from collections import Counter
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import datetime

from newsletter.errors import AttentionError
from newsletter.issues.drafting import draft_file
from newsletter.issues.drafting.what_changed import words_of
from newsletter.model.approved import ApprovedCorrection, ApprovedDigest, ApprovedWords
from newsletter.model.delivery import Send
from newsletter.model.issue import Edition
from newsletter.sending.ports import SendLedger


@dataclass(frozen=True, kw_only=True, slots=True)
class Told:
    """What the people who have an edition were told of an issue by it: by its own, or by that of a
    correction. `digest` is the edition's; `people` have it."""

    edition: Edition
    digest: str
    people: int
    sent_at: datetime
    is_correction: bool

    @property
    def language(self) -> str:
        """The edition's language."""
        return self.edition.language


@dataclass(frozen=True, kw_only=True, slots=True)
class ToldWords:
    """Looks up in the ledger, and in what was approved, what people were told."""

    ledger: SendLedger
    approved_words: Callable[[str], tuple[ApprovedWords, ...]]
    corrections: Callable[[], tuple[ApprovedCorrection, ...]]

    def told(self, issue_id: str, *, but: str = "") -> tuple[Told, ...]:
        """List what was told of an issue, its own editions first, then those of its corrections in
        the order in which they were sent, `but` for one. AttentionError when it, or one of them, is
        under way."""
        words = self.approved_words(issue_id)
        told = [*self._of(issue_id, {one.edition_digest: one for one in words})]
        right = {(one.issue_digest, one.language): one for one in words}
        corrections = {
            ApprovedDigest(one.issue_id, one.digest): one.corrects
            for one in self.corrections()
            if one.corrects.issue_id == issue_id and one.issue_id != but
        }
        for correction_id in sorted({key.issue_id for key in corrections}):
            by_edition = {
                one.edition_digest: right[key]
                for one in self.approved_words(correction_id)
                if (corrects := corrections.get(ApprovedDigest(correction_id, one.issue_digest)))
                if (key := (corrects.digest, one.language)) in right
            }
            told += self._of(correction_id, by_edition, is_correction=True)
        return tuple(sorted(told, key=lambda one: (one.is_correction, one.sent_at)))

    def wrong(
        self, corrects: ApprovedDigest, languages: set[str], *, by: str = ""
    ) -> frozenset[str]:
        """Return the digests of the editions that told people otherwise than these right words, in
        the languages that are corrected `by` that correction, whose own words do not count: another
        one may begin to send it now. AttentionError as `told`, and when nobody has one."""
        right = self._right(corrects)
        wrong = frozenset(
            one.digest
            for one in self.told(corrects.issue_id, but=by)
            if one.language in languages and words_of(one.edition) != right.get(one.language)
        )
        if not wrong:
            raise AttentionError(
                f"nobody has {corrects.issue_id} with other words than these",
                hint=f"put the right ones into issues/{corrects.issue_id}/, check and approve",
            )
        return wrong

    def left_wrong(
        self, corrects: ApprovedDigest, languages: set[str], *, by: str = ""
    ) -> dict[str, int]:
        """Count, by language, the people who go on with words that are not these right ones, for
        there is no correction in their language: it was not drafted, or was deleted. `by` as in
        `wrong`."""
        right, told = self._right(corrects), self.told(corrects.issue_id, but=by)
        corrected = {one.language: one for one in told if one.is_correction}  # the last one counts
        counts = Counter[str]()
        for one in told:
            if (
                one.language not in languages
                and corrected.get(one.language, one) is one
                and words_of(one.edition) != right.get(one.language)
            ):
                counts[one.language] += one.people
        return dict(sorted(counts.items()))

    def _right(self, corrects: ApprovedDigest) -> dict[str, str]:
        return {
            one.language: words_of(_edition(corrects.issue_id, one))
            for one in self.approved_words(corrects.issue_id)
            if one.issue_digest == corrects.digest
        }

    def _of(
        self, issue_id: str, words: dict[str, ApprovedWords], *, is_correction: bool = False
    ) -> Iterator[Told]:
        send = self.ledger.find(issue_id)
        if send is None:
            return
        refuse_unfinished(send)
        for _, digest, people in self.ledger.reached(send.id):
            if digest in words:
                yield Told(
                    edition=_edition(issue_id, words[digest]),
                    digest=digest,
                    people=people,
                    sent_at=send.frozen_at,
                    is_correction=is_correction,
                )


def refuse_unfinished(send: Send) -> None:
    """Raise AttentionError while people still get it: nobody can say yet who has which words."""
    if not send.is_over:
        raise AttentionError(
            f"{send.issue_id} is {send.state.value}: some people are still to get it",
            hint=f"newsletter send {send.issue_id} --cancel ends it now. Or pause it, correct its "
            "drafts, check, approve and send: those who wait get the right words, and when it is "
            "finished a correction is for the others",
        )


def _edition(issue_id: str, words: ApprovedWords) -> Edition:
    return draft_file.read_approved(issue_id, words.language, words.text)
