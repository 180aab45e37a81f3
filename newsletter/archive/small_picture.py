"""A small copy of an issue's first picture, for lists of issues."""

from io import BytesIO

from PIL import Image

from newsletter.archive.issue_page import IssuePage, picture_path
from newsletter.model.item import ItemKind
from newsletter.model.message import InlinePicture

SIDE = 112  # CSS pixels, at most
_DENSITY = 2
_SOMEBODYS = frozenset({"stories", "memoriam"})  # who is told of, or remembered, stands in no list


def first_picture(page: IssuePage) -> InlinePicture | None:
    """Return the picture that editors chose, else the first that a list may show: a story's never
    leaves its own pages."""
    pictures, items = page.material.pictures, page.material.items
    told = {id_ for id_, item in items.items() if item.kind is ItemKind.STORY}
    by_cid = {picture.cid: picture for id_, picture in pictures.items() if id_ not in told}
    if page.view.picture is not None:
        return by_cid.get(page.view.picture.src.removeprefix("cid:"))
    for section in page.view.sections:
        for placement in section.placements if section.kind not in _SOMEBODYS else ():
            if placement.picture and placement.id not in told:
                return by_cid.get(placement.picture.src.removeprefix("cid:"))
    return None


def small_path(picture: InlinePicture) -> str:
    """Return where its small copy is kept, below the site's root."""
    return picture_path(picture).rpartition(".")[0] + "-small.jpg"


def small_size(picture: InlinePicture) -> tuple[int, int]:
    """Return how wide and high its small copy is shown, in CSS pixels."""
    wide, high = picture.width or SIDE, picture.height or SIDE
    scale = min(SIDE / max(wide, high), 1)
    return max(round(wide * scale), 1), max(round(high * scale), 1)


def small_picture(picture: InlinePicture) -> bytes:
    """Return all of it as a small JPEG, on white where it is clear."""
    side = SIDE * _DENSITY
    with Image.open(BytesIO(picture.data)) as opened:
        opened.draft("RGB", (side, side))  # a JPEG is then read at a fraction of its size
        whole = opened.convert("RGBA")
    whole.thumbnail((side, side))
    on_white = Image.new("RGB", whole.size, "white")
    on_white.paste(whole, mask=whole.getchannel("A"))
    out = BytesIO()
    on_white.save(out, "JPEG", quality=80, optimize=True)
    return out.getvalue()
