"""[I/O] Reads the coalition's logo: PNG, JPEG or SVG, made small enough to travel in each mail."""

import hashlib
import io
import warnings

from PIL import Image

from newsletter.design.contrast import ratio
from newsletter.design.svg import is_svg, png_of
from newsletter.design.tokens import Tokens
from newsletter.errors import ConfigError
from newsletter.files import WorkspaceFiles
from newsletter.model.coalition import Coalition
from newsletter.model.logo import LOGO, Logo, LogoFile
from newsletter.model.message import InlinePicture

SHOWN = (280, 56)  # at most, in CSS pixels
FINE = 2  # screens have two and more pixels for each
MAX_BYTES = 5_000_000  # of the file
MAX_PIXELS = 40_000_000
MOST_MAILED = 40_000  # bytes in each copy
SEEN = 2.0  # of 21: less is a shadow of itself
_HINT = "save it as PNG, JPEG or a plain SVG"


def read_logo(files: WorkspaceFiles, coalition: Coalition) -> LogoFile:
    """Read what newsletter.toml names, or say in one line why it cannot be shown."""
    if not coalition.logo:
        return LogoFile()
    try:
        light = _picture(files, coalition.logo, coalition.logo_alt)
        has_dark = bool(coalition.logo_dark)
        dark = _picture(files, coalition.logo_dark, coalition.logo_alt) if has_dark else None
        return LogoFile(logo=Logo(picture=light, dark=dark))
    except ConfigError as error:
        return LogoFile(problem=error.message, hint=error.hint, file=error.file or coalition.logo)


def faint_schemes(logo: Logo, tokens: Tokens) -> list[str]:
    """Find in which of `light` and `dark` it can hardly be seen on the masthead's ground."""
    shown = {
        "light": (logo.picture, tokens.light),
        "dark": (logo.dark or logo.picture, tokens.dark),
    }
    return [
        scheme
        for scheme, (picture, colours) in shown.items()
        if _contrast(picture, colours.band) < SEEN
    ]


def _contrast(picture: InlinePicture, ground: str) -> float:
    """The contrast of the part of it that stands out most: a tenth of what is drawn."""
    image = Image.open(io.BytesIO(picture.data)).convert("RGBA")
    image.thumbnail((64, 64))
    levels = sorted(
        (ratio(f"#{red:02x}{green:02x}{blue:02x}", ground) - 1) * alpha / 255 + 1
        for red, green, blue, alpha in zip(*[iter(image.tobytes())] * 4, strict=True)
        if alpha > 32
    )
    return levels[len(levels) * 9 // 10] if levels else 1.0


def _picture(files: WorkspaceFiles, name: str, alt: str) -> InlinePicture:
    if not files.exists(name):
        hint = "[coalition] logo names a file below the folder of newsletter.toml"
        raise ConfigError("there is no such logo", file=name, hint=hint)
    data = files.read_bytes(name)
    if len(data) > MAX_BYTES:
        raise ConfigError(
            f"the logo has {len(data):,} bytes; at most {MAX_BYTES:,}", file=name, hint=_HINT
        )
    width, height = SHOWN
    if is_svg(data):
        data = png_of(data, width=FINE * width, height=FINE * height, file=name)
        image = _decoded(data, name)
        shown = (image.width / FINE, image.height / FINE)
    else:
        image = _decoded(data, name)
        scale = min(1, width / image.width, height / image.height)
        shown = (image.width * scale, image.height * scale)
        image.thumbnail((FINE * width, FINE * height), Image.Resampling.LANCZOS)
    mailed, media_type = _encoded(image, name)
    return InlinePicture(
        cid=f"{hashlib.sha256(mailed).hexdigest()[:24]}{LOGO}",
        media_type=media_type,
        data=mailed,
        width=max(1, round(shown[0])),
        height=max(1, round(shown[1])),
        alt=alt,
    )


def _decoded(data: bytes, name: str) -> Image.Image:
    """The pixels alone: nothing else of the file is kept."""
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")
            image = Image.open(io.BytesIO(data), formats=("PNG", "JPEG"))
            if image.width * image.height > MAX_PIXELS:
                raise ConfigError(
                    f"the logo has {image.width:,} by {image.height:,} pixels",
                    file=name,
                    hint=_HINT,
                )
            is_plain = image.format == "JPEG"
            return image.convert("RGB" if is_plain else "RGBA")
    except ConfigError:
        raise
    except Exception as error:  # Pillow raises many kinds on files made to break it
        raise ConfigError(
            "the logo is no picture that can be read", file=name, hint=_HINT
        ) from error


def _encoded(image: Image.Image, name: str) -> tuple[bytes, str]:
    for colours in (0, 128, 32):
        data, media_type = _written(image, colours)
        if len(data) <= MOST_MAILED:
            return data, media_type
    raise ConfigError(
        f"the logo takes {len(data):,} bytes in each mail; at most {MOST_MAILED:,}",
        file=name,
        hint="a drawing of few colors takes far less than a photograph",
    )


def _written(image: Image.Image, colours: int) -> tuple[bytes, str]:
    out = io.BytesIO()
    if image.mode == "RGB":
        image.save(out, "JPEG", quality=85 - colours // 4, optimize=True)
        return out.getvalue(), "image/jpeg"
    fewer = image.quantize(colours, Image.Quantize.FASTOCTREE) if colours else image
    fewer.save(out, "PNG", optimize=True)
    return out.getvalue(), "image/png"
