"""[I/O] The facts behind an issue that went out, as they were when somebody said yes to it."""

from collections.abc import Sequence
from dataclasses import replace

from newsletter.issues.drafting.rendered import material_for
from newsletter.issues.sources import IssueSources
from newsletter.model.approved import ApprovedDraft
from newsletter.model.issue import Edition
from newsletter.model.material import Material
from newsletter.model.message import InlinePicture
from newsletter.model.organisation import Organisation, Terms


def material_as_approved(
    sources: IssueSources,
    edition: Edition,
    languages: tuple[str, ...],
    draft: ApprovedDraft,
    pictures: Sequence[InlinePicture],
) -> Material:
    """Organisations by the names they had, though they left since, and pictures to the byte.

    Whether a picture may still be shown is asked as of today: it goes with its file, with an
    organisation's terms, and a story's with its consent. `pictures` are the approved ones.
    """
    organisations = tuple(
        _as_named(sources.by_id.get(id_), id_, name, url)
        for id_, (name, url) in draft.names.items()
    )
    by_cid = {picture.cid: picture for picture in pictures}
    made = {name: by_cid[cid] for name, cid in draft.pictures.items() if cid in by_cid}
    today = material_for(replace(sources, organisations=organisations), edition, languages, made)
    shown = {name: one for name, one in today.pictures.items() if name in draft.pictures}
    return replace(today, pictures=shown)


def _as_named(today: Organisation | None, id_: str, name: str, url: str) -> Organisation:
    if today is not None:
        return replace(today, name=name, url=url)
    # It left the coalition; what it allowed when the issue went out stays until it says otherwise.
    return Organisation(id=id_, name=name, url=url, languages=(), terms=Terms(pictures=True))
