"""A rebuilt picture as a vault holds it."""

import base64
from collections.abc import Mapping
from typing import Any

from newsletter.stories.record.pictures import RebuiltPicture


def picture_contents(picture: RebuiltPicture) -> dict[str, Any]:
    """What is sealed."""
    return {
        "schema": "newsletter picture 1",
        "media_type": picture.media_type,
        "width": picture.width,
        "height": picture.height,
        "data": base64.b64encode(picture.data).decode("ascii"),
    }


def picture_from(contents: Mapping[str, Any]) -> RebuiltPicture:
    """The picture that was sealed."""
    return RebuiltPicture(
        data=base64.b64decode(contents["data"]),
        media_type=contents["media_type"],
        width=contents["width"],
        height=contents["height"],
    )
