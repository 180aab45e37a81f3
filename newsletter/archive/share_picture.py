"""The picture that social networks show beside a link to an issue, drawn in the design's colours.

Pillow's own typeface knows Latin letters only. Where a title needs others, a typeface of the
machine is used if it has them all; else the picture shows the coalition's mark without a title.
"""

import unicodedata
from io import BytesIO
from itertools import chain
from pathlib import Path

from PIL import Image, ImageDraw, ImageFont, features

from newsletter.design.tokens import Tokens
from newsletter.design.views import EditionView

SIZE = (1200, 630)  # what Open Graph readers show whole
_MARGIN = 80
_BAR = 16
_FACES = (
    "/usr/share/fonts/truetype/noto/NotoSans-Bold.ttf",
    "/usr/share/fonts/truetype/noto/NotoSansArabic-Bold.ttf",
    "/usr/share/fonts/truetype/noto/NotoNaskhArabic-Bold.ttf",
    "/usr/share/fonts/truetype/dejavu/DejaVuSans-Bold.ttf",
    "/usr/share/fonts/opentype/noto/NotoSansCJK-Bold.ttc",
    "/System/Library/Fonts/Helvetica.ttc",
    "C:/Windows/Fonts/arialbd.ttf",
)
Face = ImageFont.FreeTypeFont | ImageFont.ImageFont


def share_picture(view: EditionView, tokens: Tokens) -> bytes:
    """Draw a PNG of 1200 by 630: coalition, title, week."""
    image = Image.new("RGB", SIZE, tokens.light.band)
    draw = ImageDraw.Draw(image)
    draw.rectangle((0, SIZE[1] - _BAR, SIZE[0], SIZE[1]), fill=tokens.light.accent)
    is_rtl = view.dir == "rtl"
    ink = tokens.light.band_text
    top = _MARGIN
    for text, size, lines in (
        (view.coalition.name, 44, 1),
        (view.subject, 68, 4),
        (view.period, 36, 1),
    ):
        face = face_for(text, size, is_rtl=is_rtl)
        if face is None:
            continue
        for line in _lines(text, face, draw, lines):
            width = draw.textlength(line, font=face)
            left = SIZE[0] - _MARGIN - width if is_rtl else _MARGIN
            draw.text((left, top), line, font=face, fill=ink)
            top += round(size * 1.3)
        top += round(size * 0.5)
    out = BytesIO()
    image.quantize(32).save(out, "PNG", optimize=True)
    return out.getvalue()


def face_for(text: str, size: int, *, is_rtl: bool = False) -> Face | None:
    """Find a typeface with every letter of the text, and that joins them if they run leftwards."""
    own = ImageFont.load_default(size)
    if text.isascii():
        return own
    if is_rtl and not features.check("raqm"):
        return None
    others = (face for path in _FACES if (face := _opened(path, size)))
    return next((face for face in chain([own], others) if _has_all(face, text)), None)


def _opened(path: str, size: int) -> Face | None:
    """None where it is not there or cannot be read: elsewhere a path of Windows is a relative one,
    and a command may have been started in a folder that its user may not look into."""
    try:
        return ImageFont.truetype(path, size) if Path(path).is_file() else None
    except OSError:
        return None


def _has_all(face: Face, text: str) -> bool:
    """Whether no letter is drawn as the typeface's sign for a missing one."""
    missing = bytes(face.getmask("\U000fffff"))
    return all(
        char.isspace() or unicodedata.category(char) == "Cf" or bytes(face.getmask(char)) != missing
        for char in set(text)
    )


def _lines(text: str, face: Face, draw: ImageDraw.ImageDraw, most: int) -> list[str]:
    """The words in at most so many lines; the last ends in an ellipsis when some are left out."""
    room = SIZE[0] - 2 * _MARGIN
    lines: list[str] = [""]
    for word in text.split():
        longer = f"{lines[-1]} {word}".strip()
        if draw.textlength(longer, font=face) <= room or not lines[-1]:
            lines[-1] = longer
        else:
            lines.append(word)
    if len(lines) > most:
        lines = [*lines[: most - 1], lines[most - 1] + "…"]
    return lines
