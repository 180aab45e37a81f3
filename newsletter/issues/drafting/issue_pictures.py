"""[I/O] The pictures an edition shows: an editor's own, its pieces', and the storytellers'."""

import hashlib
from collections.abc import Iterable, Mapping, Sequence
from functools import lru_cache
from pathlib import PurePath

from newsletter.files import WorkspaceFiles
from newsletter.issues.facts import IssueFacts, PictureFile
from newsletter.model.details import PICTURES
from newsletter.model.issue import Edition
from newsletter.model.item import Item, ItemKind
from newsletter.model.message import InlinePicture
from newsletter.model.organisation import Organisation
from newsletter.model.story import Story, StoryPicture
from newsletter.stories.record.pictures import PictureError, rebuild


def folder_of(issue_id: str) -> str:
    """Return the folder of an issue's pictures, relative to the workspace."""
    return f"issues/{issue_id}/pictures"


def read_pictures(files: WorkspaceFiles, editions: Sequence[Edition]) -> dict[str, PictureFile]:
    """List the files in an issue's `pictures/` by name, and read those that its editions name."""
    placements = [placement for edition in editions for placement in edition.placements]
    named = {placement.item_id for placement in placements}
    named |= {placement.details.get(key) for placement in placements for key in PICTURES}
    named |= {edition.opening.get("picture") for edition in editions}
    return {
        path.name: rebuilt(files.read_bytes(str(path)))
        if {path.name, path.stem} & named
        else PictureFile()
        for path in map(PurePath, files.names(folder_of(editions[0].issue_id), "*"))
    }


def read_story_pictures(
    files: WorkspaceFiles, stories: Mapping[str, Story], placed: Iterable[str]
) -> dict[str, PictureFile]:
    """Read the pictures of the stories among the placed ids, by story id.

    A story's picture is the file its storyteller agreed to, or none.
    """
    return {
        story_id: _agreed(files, picture)
        for story_id in placed
        if story_id in stories and (picture := stories[story_id].shown_picture) is not None
    }


def pictures_of(
    facts: IssueFacts, edition: Edition, items: Mapping[str, Item]
) -> dict[str, InlinePicture]:
    """Return the pictures an edition names, by file name, and the items' own, by item id.

    An organisation's terms are asked each time, so a picture goes when they change. What cannot be
    shown is left out here; `check` says so, with the line of the draft.
    """
    own = {PurePath(name).stem: name for name in facts.pictures}
    opening = edition.opening.get("picture", "")
    shown = {opening: facts.pictures[opening]} if opening in facts.pictures else {}
    for placement in edition.placements:
        item = items.get(placement.item_id or "")
        if item is not None and item.kind is ItemKind.STORY:
            if item.id in facts.story_pictures:
                shown[item.id] = facts.story_pictures[item.id]
            continue
        for key in PICTURES:
            name = placement.details.get(key, "")
            if name in facts.pictures:
                shown[name] = facts.pictures[name]
        if item is not None and item.id in own and may_show(facts.organisations, item):
            shown[item.id] = facts.pictures[own[item.id]]
    return {name: file.picture for name, file in shown.items() if file.picture is not None}


def may_show(organisations: Mapping[str, Organisation], item: Item) -> bool:
    """Return whether an item has a picture, and its organisation's terms let us show it."""
    organisation = organisations.get(item.organisation_id or "")
    return item.picture is not None and organisation is not None and organisation.terms.pictures


def _agreed(files: WorkspaceFiles, agreed: StoryPicture) -> PictureFile:
    data = files.read_bytes(agreed.file) if files.exists(agreed.file) else b""
    if hashlib.sha256(data).hexdigest() != agreed.sha256:
        return PictureFile(problem="its picture is not the one the storyteller agreed to")
    return _rebuilt(data)  # not kept: once it is taken back, it is gone from memory too


@lru_cache(maxsize=16)
def rebuilt(data: bytes) -> PictureFile:
    """Rebuild what an editor put in the folder: where it was taken stays with them.

    Kept for a while: a preview that is open asks for the same pictures at each save.
    """
    return _rebuilt(data)


def _rebuilt(data: bytes) -> PictureFile:
    """The picture without what its file hides, such as the face that an editor just blurred."""
    try:
        picture = rebuild(data)
    except PictureError as error:
        return PictureFile(problem=error.message)
    return PictureFile(
        picture=_inline(picture.data, picture.media_type, picture.width, picture.height)
    )


def _inline(data: bytes, media_type: str, width: int, height: int) -> InlinePicture:
    return InlinePicture(
        cid=f"{hashlib.sha256(data).hexdigest()[:24]}@picture",
        media_type=media_type,
        data=data,
        width=width,
        height=height,
    )
