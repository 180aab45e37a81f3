"""Pictures rebuilt from their pixels alone: nothing of the original file is kept."""

import base64
import io
import warnings
from collections.abc import Mapping
from dataclasses import asdict, dataclass
from typing import Any

import pillow_heif
from PIL import Image, ImageOps

from newsletter.errors import NewsletterError

MAX_BYTES = 20_000_000
MAX_PIXELS = 60_000_000  # a 48-megapixel phone passes, a decompression bomb does not
_DAMAGED = (EOFError, MemoryError, OSError, RuntimeError, SyntaxError, ValueError)
# Pillow's decoders raise these on files made to break them.
_MADE_TO_BREAK = (ArithmeticError, AttributeError, LookupError, TypeError)
FORMATS = ("JPEG", "PNG", "WEBP", "GIF", "TIFF", "HEIF", "AVIF")
SEEN_FROM = 8  # of 255: a contrast of 3%, about the least that somebody sees


class PictureError(NewsletterError, ValueError):
    """The bytes are no picture that can be used, and why."""

    exit_code = 1


@dataclass(frozen=True, kw_only=True, slots=True)
class RebuiltPicture:
    """A picture without any trace of its file: JPEG, or PNG where it is transparent or flat."""

    data: bytes
    media_type: str
    width: int
    height: int

    def as_mapping(self) -> dict[str, Any]:
        """Return the picture as it is sealed, in plain values."""
        data = base64.b64encode(self.data).decode("ascii")
        return {"schema": "newsletter picture 1", **asdict(self), "data": data}

    @classmethod
    def from_mapping(cls, mapping: Mapping[str, Any]) -> "RebuiltPicture":
        """Return what `as_mapping` sealed."""
        return cls(
            data=base64.b64decode(mapping["data"]),
            media_type=mapping["media_type"],
            width=mapping["width"],
            height=mapping["height"],
        )


def rebuild(data: bytes, *, max_width: int = 640) -> RebuiltPicture:
    """Decode, turn upright, copy what is visible to a new image, encode. PictureError when refused.

    JPEG, PNG, WebP, GIF, TIFF, HEIC and AVIF come in, of several frames or pages the first that is
    shown; JPEG or PNG goes out. A plain `save()` keeps comments, XMP and GIF extensions: hence the
    copy.
    """
    if len(data) > MAX_BYTES:
        raise PictureError(
            f"the picture is larger than {MAX_BYTES // 1_000_000} MB", hint="send a smaller one"
        )
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")  # odd metadata is about to be dropped anyway
            image = _decode(data, max_width)
            return _encode(_fresh(image))
    except Image.DecompressionBombError as error:
        raise PictureError(
            f"the picture has more than {MAX_PIXELS // 1_000_000} million pixels",
            hint="send a smaller one",
        ) from error
    except (*_DAMAGED, *_MADE_TO_BREAK) as error:
        raise PictureError(
            "this is not a picture that can be read",
            hint="send a JPEG, PNG, WebP, GIF, TIFF, HEIC or AVIF file",
        ) from error


def _decode(data: bytes, max_width: int) -> Image.Image:
    pillow_heif.register_heif_opener(thumbnails=False)
    image: Image.Image = Image.open(io.BytesIO(data), formats=FORMATS)
    if image.width * image.height > MAX_PIXELS:
        raise Image.DecompressionBombError
    if getattr(image, "default_image", False):  # a PNG's picture that its animation never shows
        image.seek(1)
    upright_width = image.height if _is_turned(image) else image.width
    if image.format == "JPEG" and upright_width > 2 * max_width:
        image.draft("RGB", (2 * max_width, 2 * max_width))
    image.load()
    image = _visible(_plain(ImageOps.exif_transpose(image)))
    if image.width > max_width:
        height = max(1, round(image.height * max_width / image.width))
        # Pillow weighs colors by their alpha here: none bleeds out of what is transparent.
        image = _visible(image.resize((max_width, height), Image.Resampling.LANCZOS))
    return image


def _is_turned(image: Image.Image) -> bool:
    return image.getexif().get(0x0112, 1) in (5, 6, 7, 8)


def _plain(image: Image.Image) -> Image.Image:
    has_key = "transparency" in image.info  # a color, or places of a palette, that is not shown
    if image.mode == "RGBA" or (image.mode == "RGB" and not has_key):
        return image
    if image.mode.startswith("I;16"):  # as it is seen: finer shades are not made visible
        grey = image.convert("I").point(lambda value: value / 257).convert("L")
        if has_key:
            grey.info["transparency"] = image.info["transparency"] // 257
        return _plain(grey)
    if image.mode in ("I", "F"):
        low, high = image.getextrema()
        scale = 255 / ((high - low) or 1)  # type: ignore[operator]
        return image.point(lambda value: (value - low) * scale).convert("RGB")
    see_through = image.mode in ("LA", "PA", "La", "RGBa") or has_key
    return image.convert("RGBA" if see_through else "RGB")


def _visible(image: Image.Image) -> Image.Image:
    """The picture without what transparency hides: an editor's eraser leaves the colors there.

    Each color stays as fine as its alpha lets it be seen; under `SEEN_FROM` nothing stays.
    """
    if image.mode != "RGBA":
        return image
    shown = image.getchannel("A").point([0] * SEEN_FROM + [255] * (256 - SEEN_FROM))
    visible = Image.new("RGBA", image.size)
    visible.paste(image.convert("RGBa").convert("RGBA"), mask=shown)
    return visible


def _fresh(image: Image.Image) -> Image.Image:
    if image.mode == "RGBA" and image.getchannel("A").getextrema() == (255, 255):
        image = image.convert("RGB")
    fresh = Image.new(image.mode, image.size)
    fresh.paste(image)
    fresh.info.clear()
    return fresh


def _encode(image: Image.Image) -> RebuiltPicture:
    out = io.BytesIO()
    if image.mode == "RGBA":
        image.save(out, format="PNG", optimize=True)
        media_type = "image/png"
    else:
        image.save(out, format="JPEG", quality=82, optimize=True, progressive=True)
        media_type = "image/jpeg"
    return RebuiltPicture(
        data=out.getvalue(), media_type=media_type, width=image.width, height=image.height
    )
