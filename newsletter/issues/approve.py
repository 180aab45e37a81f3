"""[I/O] `approve`: an editor's approval of exactly these bytes."""

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from datetime import datetime

from newsletter.errors import AttentionError
from newsletter.issues.approval_rules import ApprovalRules
from newsletter.issues.checking.check import CheckOutcome
from newsletter.issues.drafting import draft_file
from newsletter.issues.drafting.not_here import not_here
from newsletter.issues.drafting.what_changed import words_of
from newsletter.issues.ports import IssueStore
from newsletter.model.approved import ApprovedDraft, OrganisationName
from newsletter.model.delivery import Send, SendState
from newsletter.model.issue import Approval, Edition, Use
from newsletter.model.material import Material
from newsletter.model.message import RenderedEdition, issue_digest
from newsletter.model.section_kinds import kind_of


@dataclass(frozen=True, kw_only=True, slots=True)
class ApprovalStatus:
    """The approvals of a digest so far; `voided` says what changed since one of other bytes."""

    digest: str
    required: int
    editors: tuple[str, ...]
    voided: tuple[str, ...] = ()

    @property
    def wanting(self) -> int:
        """How many more people have to approve."""
        return max(0, self.required - len(self.editors))


def approve(
    checked: CheckOutcome,
    store: IssueStore,
    rules: ApprovalRules,
    *,
    editor: str,
    now: datetime,
    compared: Sequence[str] = (),
    overruled: str = "",
    without: Collection[str] = (),
    sent: Send | None = None,
) -> ApprovalStatus:
    """Keep the editor's approval of the bytes that were checked; of a correction, also of the issue
    in its right words.

    `compared` are the ids of the sealed stories that they were compared with, `overruled` why the
    editor went on in spite of a match or without that (`compare_stories`); `sent` is the issue's
    send, if there was one; `without` are languages that were approved and are left out now.
    UsageError when that is nobody who may; AttentionError when something blocks, or when everybody
    who is to get the issue has other bytes.
    """
    name = rules.editor_named(editor)
    _refuse_without_drafts(checked, store, without)
    _refuse_sent(checked, store, sent)
    if checked.blocking:
        first = checked.blocking[0]
        raise AttentionError(
            f"{first.place}: {first.message}"
            + (f" (and {len(checked.blocking) - 1} more)" if len(checked.blocking) > 1 else ""),
            hint=f"fix the problems that newsletter check {checked.issue_id} lists, then approve",
        )
    for issue in filter(None, (checked.corrected, checked)):
        approval = Approval(
            issue_id=issue.issue_id,
            editor=name,
            digest=issue.digest,
            approved_at=now,
            compared=" ".join(compared),
            overruled=overruled,
        )
        drafts = zip(issue.drafts, issue.materials, strict=True)
        kept = {draft.language: _kept(draft, material) for draft, material in drafts}
        store.approve(approval, issue.editions, kept)
    store.record_used(checked.issue_id, _uses(checked))
    return approval_status(store, rules, checked.editions)


def _refuse_without_drafts(
    checked: CheckOutcome, store: IssueStore, without: Collection[str]
) -> None:
    """AttentionError where an edition that was approved before has no draft here: who works on
    another machine did not delete it."""
    here = {draft.language for draft in checked.drafts}
    gone = sorted(set(store.approved_drafts(checked.issue_id)) - here - {*without})
    if gone:
        paths = [draft_file.path_of(checked.issue_id, language) for language in gone]
        options = " ".join(f"--without {language}" for language in gone)
        raise not_here(checked.issue_id, paths, f"if that edition is to be left out: {options}")


def _refuse_sent(checked: CheckOutcome, store: IssueStore, sent: Send | None) -> None:
    """AttentionError where an approval would only make our records say what nobody got."""
    if sent is None or not sent.is_over or sent.digest == checked.digest:
        return
    issue_id = checked.issue_id
    kept = {tag: one.text for tag, one in store.approved_drafts(issue_id, sent.digest).items()}
    told = {tag: words_of(draft_file.read_approved(issue_id, tag, kept[tag])) for tag in kept}
    if told != {draft.language: words_of(draft) for draft in checked.drafts}:
        was = "sent" if sent.state is SendState.FINISHED else "cancelled"
        raise AttentionError(
            f"{checked.issue_id} was {was}: nobody would get these words",
            hint=f"newsletter correct {checked.issue_id} tells those who have the others, and only "
            "them",
        )


def _kept(draft: Edition, material: Material) -> ApprovedDraft:
    """The draft, written again so that the editors' notes are not kept, and what it stands for."""
    named = {
        organisation_id for others in material.also_shared.values() for organisation_id in others
    }
    named |= {item.organisation_id or "" for item in material.items.values()}
    lists_all = any(kind_of(section) == "members" for section in draft.sections)
    return ApprovedDraft(
        text=draft_file.write(draft),
        names={
            member.id: OrganisationName(member.name, member.url)
            for member in material.organisations.values()
            if lists_all or member.id in named
        },
        pictures={name: picture.cid for name, picture in material.pictures.items()},
    )


def approval_status(
    store: IssueStore, rules: ApprovalRules, editions: tuple[RenderedEdition, ...]
) -> ApprovalStatus:
    """Return where the approval of these bytes stands; nowhere when there are none."""
    if not editions:
        return ApprovalStatus(digest="", required=0, editors=())
    issue_id, digest = editions[0].issue_id, issue_digest(editions)
    approvals = store.approvals(issue_id)
    others = [approval.digest for approval in approvals if approval.digest != digest]
    before = store.approved_editions(issue_id, others[-1]) if others else editions
    valid = rules.still_counting(approvals)
    editors = (approval.editor for approval in valid if approval.digest == digest)
    return ApprovalStatus(
        digest=digest,
        required=rules.required_for(issue_id),
        editors=tuple(dict.fromkeys(editors)),
        voided=changes(before, editions),
    )


_PARTS = (
    "subject",
    "preheader",
    "text",
    "html",
    "pictures",
    "regions",
    "topics",
    "lapses_at",
    "corrects",
)


def changes(approved: Sequence[RenderedEdition], now: Sequence[RenderedEdition]) -> tuple[str, ...]:
    """Return what changed since the approval, one line an edition."""
    before = {edition.language: edition for edition in approved}
    after = {edition.language: edition for edition in now}
    lines = [f"{language}: its draft is not here" for language in before if language not in after]
    for language, edition in after.items():
        if language not in before:
            lines.append(f"{language}: the edition is new")
        elif edition.digest != before[language].digest:
            parts = [
                part for part in _PARTS if getattr(edition, part) != getattr(before[language], part)
            ]
            named = ", ".join(part.removesuffix("_at") for part in parts)
            lines.append(f"{language}: changed ({named})")
    return tuple(sorted(lines))


def _uses(checked: CheckOutcome) -> list[Use]:
    items = [item for material in checked.materials for item in material.items.values()]
    publishers = {item.id: item.organisation_id for item in items}
    placed = {item_id for edition in checked.editions for item_id in edition.item_ids}
    return [
        Use(issue_id=checked.issue_id, item_id=item_id, organisation_id=publishers.get(item_id))
        for item_id in sorted(placed)
    ]
