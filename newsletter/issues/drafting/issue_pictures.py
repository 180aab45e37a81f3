"""[I/O] The pictures an edition shows: an editor's own, its pieces', and the storytellers'."""

import hashlib
import io
from collections.abc import Iterable, Mapping
from functools import lru_cache
from pathlib import PurePath
from types import MappingProxyType

from PIL import Image

from newsletter.files import WorkspaceFiles
from newsletter.model.details import PICTURES
from newsletter.model.issue import Edition
from newsletter.model.item import Item, ItemKind
from newsletter.model.message import InlinePicture
from newsletter.model.organisation import Organisation
from newsletter.model.story import Story
from newsletter.stories.record.pictures import PictureError, rebuild


def folder_of(issue_id: str) -> str:
    """Where an issue's pictures are kept."""
    return f"issues/{issue_id}/pictures"


def pictures_in(files: WorkspaceFiles, issue_id: str) -> dict[str, str]:
    """Each file in an issue's pictures/ and why it cannot be shown; empty where it can."""
    found: dict[str, str] = {}
    for path in files.names(folder_of(issue_id), "*"):
        name = PurePath(path).name
        try:
            rebuild(files.read_bytes(path))
            found[name] = ""
        except PictureError as error:
            found[name] = error.message
    return found


def pictures_for(
    edition: Edition,
    items: Mapping[str, Item],
    organisations: Mapping[str, Organisation],
    *,
    files: WorkspaceFiles,
    stories: Iterable[Story],
    made: Mapping[str, InlinePicture] = MappingProxyType({}),
) -> dict[str, InlinePicture]:
    """Those an edition names, by file name; the items' own by item id.

    An organisation's terms are asked each time, so a picture goes when they change. A story's is
    the file its storyteller agreed to, to the byte, or none. What cannot be read is left out here;
    `check` says so, with the line of the draft. What is in `made` is not rebuilt: only whether its
    file is there, and may be shown, is asked.
    """
    there = {PurePath(name).name: name for name in files.names(folder_of(edition.issue_id), "*")}
    own = {PurePath(name).stem: path for name, path in there.items()}
    told = {story.id: story for story in stories}
    found: dict[str, InlinePicture | None] = {}
    for placement in edition.placements:
        item = items.get(placement.item_id or "")
        if item is not None and item.kind is ItemKind.STORY:
            if item.picture is not None and item.id in told:
                found[item.id] = _agreed(files, told[item.id], item.picture.url)
            continue
        for key in PICTURES:
            named = placement.details.get(key, "")
            if named in there:
                found[named] = made.get(named) or _rebuilt(files.read_bytes(there[named]))
        if item is not None and item.id in own and may_show(organisations, item):
            found[item.id] = made.get(item.id) or _rebuilt(files.read_bytes(own[item.id]))
    return {name: picture for name, picture in found.items() if picture is not None}


def may_show(organisations: Mapping[str, Organisation], item: Item) -> bool:
    """Whether an item has a picture, and its organisation's terms let us show it."""
    organisation = organisations.get(item.organisation_id or "")
    return item.picture is not None and organisation is not None and organisation.terms.pictures


def is_agreed(files: WorkspaceFiles, story: Story, path: str) -> bool:
    """Whether the file is there and is the picture that the storyteller agreed to."""
    if story.picture is None or not files.exists(path):
        return False
    return hashlib.sha256(files.read_bytes(path)).hexdigest() == story.picture.sha256


def _agreed(files: WorkspaceFiles, story: Story, path: str) -> InlinePicture | None:
    if not is_agreed(files, story, path):
        return None
    data = files.read_bytes(path)
    try:
        with Image.open(io.BytesIO(data)) as image:
            return _inline(data, Image.MIME[image.format or ""], image.width, image.height)
    except (OSError, KeyError, ValueError):
        return None


@lru_cache(maxsize=16)
def _rebuilt(data: bytes) -> InlinePicture | None:
    """Whatever an editor puts in the folder is rebuilt: where it was taken stays with them. Once
    for all the languages of an issue."""
    try:
        picture = rebuild(data)
    except PictureError:
        return None
    return _inline(picture.data, picture.media_type, picture.width, picture.height)


def _inline(data: bytes, media_type: str, width: int, height: int) -> InlinePicture:
    return InlinePicture(
        cid=f"{hashlib.sha256(data).hexdigest()[:24]}@picture",
        media_type=media_type,
        data=data,
        width=width,
        height=height,
    )
