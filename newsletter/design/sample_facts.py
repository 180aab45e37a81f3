"""What the gallery's placements say beside their words: days, numbers, addresses and pictures."""

import io
from datetime import date, timedelta
from enum import StrEnum
from functools import cache

from PIL import Image, ImageOps

from newsletter.design.sample_words import SampleWords
from newsletter.model.message import InlinePicture

HOUSE = "https://harbor-legal-aid.example"


class Filling(StrEnum):
    """How much an issue says: nothing that it need not, every fact in a few words, too much."""

    EMPTY = "empty"
    SHORT = "short"
    LONG = "long"


def facts_of(words: SampleWords, filling: Filling, day: date) -> dict[str, str]:
    """Return a value for each key that a kind may need or show, in the week of that day."""
    saturday = day + timedelta(days=5 - day.weekday())
    before = (day - timedelta(days=3)).isoformat()
    when = {"when": f"{saturday} 10:00", "until": f"{saturday} 14:00"}
    if filling is Filling.EMPTY:
        when = {"when": saturday.isoformat()}
    if filling is Filling.LONG:
        when["until"] = f"{saturday + timedelta(days=8)} 23:30"
    return {
        **words.facts,
        **(words.long if filling is Filling.LONG else {}),
        **when,
        "verified": before,
        "updated": before,
        "lapses": f"{saturday} 18:00",
        "deadline": f"{day + timedelta(days=2)} 17:00",
        "online": "https://meet.example/pier-9",
        "calendar": f"{HOUSE}/clinic.ics",
        "action": "call",
        "call": "+1 555 010 0142",
        "text": "+1 555 010 0143",
        "audio": f"{HOUSE}/voices.mp3",
        "video": f"{HOUSE}/voices.mp4",
        "length": "42:10",
        "transcript": f"{HOUSE}/voices.txt",
        "picture": "wide.jpg",
    }


def sample_pictures() -> dict[str, InlinePicture]:
    """Return the pictures that drafts name, by file name: a wide and a tall one."""
    return {"wide.jpg": _picture(1104, 552), "tall.jpg": _picture(600, 900)}


@cache
def _picture(width: int, height: int) -> InlinePicture:
    """Draw an evening sky: nobody's photograph."""
    shade = Image.linear_gradient("L").resize((width, height))
    out = io.BytesIO()
    ImageOps.colorize(shade, "#f4e3c3", "#2c6470", mid="#d09a5b").save(out, "JPEG", quality=60)
    return InlinePicture(
        cid=f"sample{width}@digest",
        media_type="image/jpeg",
        data=out.getvalue(),
        width=width,
        height=height,
    )
