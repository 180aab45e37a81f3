"""[I/O] Read what an edition that went out stands on, as it was when somebody approved it."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, replace
from datetime import datetime
from pathlib import PurePath

from newsletter.issues.drafting.issue_pictures import folder_of, read_story_pictures, rebuilt
from newsletter.issues.facts import IssueFacts, PictureFile
from newsletter.issues.sources import IssueSources
from newsletter.model.approved import ApprovedDraft, OrganisationName
from newsletter.model.issue import DraftFile
from newsletter.model.message import InlinePicture
from newsletter.model.organisation import Organisation, Terms
from newsletter.model.story import Story


@dataclass(frozen=True, kw_only=True, slots=True)
class SilentCorrection:
    """What the readers of an edition were `told` last, where the archive has other words `since`
    then, and no correction in their language says so."""

    told: DraftFile
    since: datetime


@dataclass(frozen=True, kw_only=True, slots=True)
class SentEdition:
    """An edition that went out, and what was kept of its approval.

    `pictures` are the approved ones; `languages` are all that its issue has; `corrected_by` are the
    corrections whose right words these are, in order; `silent` is what none of them says. One that
    `is_kept_out` has no page.
    """

    draft: DraftFile
    approved: ApprovedDraft
    pictures: tuple[InlinePicture, ...]
    languages: tuple[str, ...]
    sent_at: datetime
    is_kept_out: bool = False
    corrected_by: tuple[str, ...] = ()
    silent: SilentCorrection | None = None


def load_approved(
    sources: IssueSources, stories: Mapping[str, Story], sent: SentEdition
) -> IssueFacts:
    """Read the facts behind an edition that went out.

    Organisations have the names they had, though they left since, and pictures are approved to the
    byte. Whether a picture may still be shown is asked as of today: it goes with its file, with an
    organisation's terms, and a story's with its consent.
    """
    edition = sent.draft.edition
    return IssueFacts(
        coalition=sources.coalition,
        sender=sources.sender,
        templates=sources.templates,
        logo=sources.logo,
        organisations=_as_named(sources.by_id, sent.approved.names),
        drafts=(sent.draft,),
        items=sources.items.get(edition.item_ids),
        stories=stories,
        pictures=dict(_pictures(sources, sent)),
        story_pictures=read_story_pictures(sources.files, stories, edition.item_ids),
    )


def _pictures(sources: IssueSources, sent: SentEdition) -> Iterator[tuple[str, PictureFile]]:
    """The approved pictures whose files are still there, by file name."""
    by_cid = {picture.cid: picture for picture in sent.pictures}
    for path in sources.files.names(folder_of(sent.draft.edition.issue_id), "*"):
        name, stem = PurePath(path).name, PurePath(path).stem
        cid = sent.approved.pictures.get(name) or sent.approved.pictures.get(stem)
        if cid in by_cid:
            yield name, PictureFile(picture=by_cid[cid])
        elif cid is not None:
            yield name, rebuilt(sources.files.read_bytes(path))


def _as_named(
    today: Mapping[str, Organisation], names: Mapping[str, OrganisationName]
) -> dict[str, Organisation]:
    # Of one that left, what it allowed when the issue went out stays until it says otherwise.
    return {
        id_: replace(today[id_], name=name, url=url)
        if id_ in today
        else Organisation(id=id_, name=name, url=url, languages=(), terms=Terms(pictures=True))
        for id_, (name, url) in names.items()
    }
