"""Pictures are rebuilt from their pixels: exiftool finds nothing of the original file."""

import io
import json
import random
import shutil
import struct
import subprocess
import zlib
from pathlib import Path

import pillow_heif
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from PIL import Image

from newsletter.stories.record.pictures import SEEN_FROM, PictureError, rebuild

SECRET = "CANARY-4711"
# What a JPEG or PNG cannot exist without, and what exiftool computes from the file itself.
STRUCTURAL = {
    "SourceFile", "ExifToolVersion", "FileName", "Directory", "FileSize", "FileModifyDate",
    "FileAccessDate", "FileInodeChangeDate", "FilePermissions", "FileType", "FileTypeExtension",
    "MIMEType", "ImageWidth", "ImageHeight", "EncodingProcess", "BitsPerSample",
    "ColorComponents", "YCbCrSubSampling", "ImageSize", "Megapixels", "JFIFVersion",
    "ResolutionUnit", "XResolution", "YResolution", "BitDepth", "ColorType", "Compression",
    "Filter", "Interlace",
}  # fmt: skip
FORMATS = {
    "jpg": "JPEG", "png": "PNG", "webp": "WEBP", "gif": "GIF", "tif": "TIFF", "heic": "HEIF",
    "avif": "AVIF",
}  # fmt: skip

exiftool = pytest.mark.skipif(shutil.which("exiftool") is None, reason="exiftool is not installed")


def sample(suffix: str, size: tuple[int, int] = (160, 90), mode: str = "RGB") -> bytes:
    image = Image.linear_gradient("L").resize(size).convert(mode)
    image.putpixel((0, 0), (255, 0, 0) if mode == "RGB" else (255, 0, 0, 40))
    out = io.BytesIO()
    pillow_heif.register_heif_opener()
    image.save(out, format=FORMATS[suffix])
    return out.getvalue()


def tagged(folder: Path, suffix: str) -> bytes:
    """A picture with everything a phone or an editor leaves in one, and bytes after its end."""
    path = folder / f"tagged.{suffix}"
    path.write_bytes(sample(suffix))
    thumbnail = folder / "thumbnail.jpg"
    thumbnail.write_bytes(sample("jpg", (32, 18)))
    tags = [
        f"-XMP-dc:Creator={SECRET}", f"-XMP-dc:Description={SECRET}", f"-Comment={SECRET}",
        "-XMP-exif:GPSLatitude=34.05", "-XMP-exif:GPSLongitude=-118.24",
    ]  # fmt: skip
    if suffix != "gif":
        tags += [
            f"-EXIF:Artist={SECRET}", f"-EXIF:ImageDescription={SECRET}", "-EXIF:Make=Apple",
            "-EXIF:GPSLatitude=34.05", "-EXIF:GPSLatitudeRef=N", "-EXIF:GPSLongitude=118.24",
            "-EXIF:GPSLongitudeRef=W", "-EXIF:DateTimeOriginal=2026:11:20 09:30:00",
        ]  # fmt: skip
    if suffix in ("jpg", "tif", "png"):
        tags += [f"-IPTC:By-line={SECRET}", f"-IPTC:City={SECRET}"]
    if suffix == "jpg":
        tags.append(f"-ThumbnailImage<={thumbnail}")
    subprocess.run(
        ["exiftool", "-q", "-q", "-m", "-overwrite_original", *tags, str(path)], check=True
    )
    found = exif(path)
    assert any("GPS" in tag for tag in found)
    return path.read_bytes() + f"after the end {SECRET}".encode()


def exif(path: Path) -> dict[str, object]:
    done = subprocess.run(
        ["exiftool", "-json", "-a", "-u", str(path)], check=True, capture_output=True, text=True
    )
    tags: dict[str, object] = json.loads(done.stdout)[0]
    return tags


@pytest.mark.usefixtures("processes")
@exiftool
@pytest.mark.parametrize("suffix", FORMATS)
def test_exiftool_finds_only_structural_tags(tmp_path: Path, suffix: str) -> None:
    data = tagged(tmp_path, suffix)
    assert SECRET.encode() in data
    rebuilt = rebuild(data)
    out = tmp_path / ("out.png" if rebuilt.media_type == "image/png" else "out.jpg")
    out.write_bytes(rebuilt.data)
    assert set(exif(out)) <= STRUCTURAL
    assert SECRET.encode() not in rebuilt.data


def test_a_picture_is_turned_upright_and_made_no_wider_than_asked() -> None:
    image = Image.new("RGB", (2000, 1000), "white")
    for x in range(1000):
        for y in range(0, 1000, 10):
            image.putpixel((x, y), (0, 0, 0))
    exif_data = Image.Exif()
    exif_data[0x0112] = 6  # turn a quarter clockwise
    out = io.BytesIO()
    image.save(out, "JPEG", exif=exif_data)
    rebuilt = rebuild(out.getvalue())
    assert (rebuilt.width, rebuilt.height) == (640, 1280)
    assert Image.open(io.BytesIO(rebuilt.data)).size == (640, 1280)


def test_a_small_picture_keeps_its_size_and_transparency() -> None:
    rebuilt = rebuild(sample("png", (40, 30), "RGBA"))
    assert rebuilt.media_type == "image/png"
    assert Image.open(io.BytesIO(rebuilt.data)).getpixel((0, 0)) == (255, 0, 0, 40)


@pytest.mark.parametrize("mode", ["1", "L", "LA", "P", "CMYK", "I;16", "I;16B", "F", "I"])
def test_every_colour_mode_comes_out_as_jpeg_or_png(mode: str) -> None:
    image = Image.linear_gradient("L")
    image = image.convert("I").convert(mode) if "16" in mode else image.convert(mode)
    out = io.BytesIO()
    image.save(out, "PNG" if mode in ("1", "L", "LA", "P") else "TIFF")
    assert rebuild(out.getvalue()).media_type in ("image/jpeg", "image/png")


def bomb() -> bytes:
    """A PNG of a few hundred bytes that says it is 50,000 pixels square."""

    def chunk(kind: bytes, data: bytes) -> bytes:
        checksum = zlib.crc32(kind + data)
        return struct.pack(">I", len(data)) + kind + data + struct.pack(">I", checksum)

    header = struct.pack(">IIBBBBB", 50_000, 50_000, 8, 2, 0, 0, 0)
    return (
        b"\x89PNG\r\n\x1a\n"
        + chunk(b"IHDR", header)
        + chunk(b"IDAT", zlib.compress(bytes(1000)))
        + chunk(b"IEND", b"")
    )


@pytest.mark.parametrize(
    ("data", "message"),
    [
        (b"", "not a picture"),
        (b"<svg onload=alert(1)>", "not a picture"),
        (b"\x89PNG\r\n\x1a\n" + bytes(40), "not a picture"),
        (sample("jpg")[:200], "not a picture"),
        (bomb(), "million pixels"),
        (bytes(20_000_001), "larger than 20 MB"),
    ],
)
def test_what_is_no_picture_or_too_large_is_refused(data: bytes, message: str) -> None:
    with pytest.raises(PictureError, match=message):
        rebuild(data)


@pytest.mark.parametrize("suffix", FORMATS)
def test_a_damaged_picture_is_refused_or_rebuilt_and_nothing_else(suffix: str) -> None:
    whole = sample(suffix)
    for at in range(0, len(whole), max(1, len(whole) // 60)):
        damaged = whole[:at] + bytes([whole[at] ^ 0xFF]) + whole[at + 1 :]
        try:
            assert rebuild(damaged).width > 0
        except PictureError:
            continue


def saved(image: Image.Image, suffix: str, **options: object) -> bytes:
    out = io.BytesIO()
    image.save(out, format=FORMATS[suffix], **options)
    return out.getvalue()


def opened(data: bytes) -> Image.Image:
    return Image.open(io.BytesIO(data))


def erased(hidden: bytes, alpha: int, size: tuple[int, int]) -> Image.Image:
    """A visible gradient whose left half was erased down to that alpha, over hidden pixels."""
    image = Image.linear_gradient("L").resize(size).convert("RGBA")
    half = (size[0] // 2, size[1])
    pixels = random.Random(hidden).randbytes(half[0] * half[1] * 3)
    under = Image.frombytes("RGB", half, pixels)
    under.putalpha(alpha)
    image.paste(under, (0, 0))
    return image


@pytest.mark.parametrize("suffix", ["png", "webp", "tif"])
@pytest.mark.parametrize("size", [(60, 40), (900, 30)])
@given(hidden=st.binary(max_size=8), alpha=st.integers(0, SEEN_FROM - 1))
@settings(max_examples=5, deadline=None)
def test_what_transparency_hides_changes_no_published_byte(
    suffix: str, size: tuple[int, int], hidden: bytes, alpha: int
) -> None:
    options = {"lossless": True, "exact": True} if suffix == "webp" else {}
    published = rebuild(saved(erased(hidden, alpha, size), suffix, **options))
    assert published == rebuild(saved(erased(b"", 0, size), suffix, **options))
    pixels = Image.open(io.BytesIO(published.data)).convert("RGBA")
    colors = {pixel for _, pixel in pixels.getcolors(pixels.width * pixels.height) or ()}
    assert {color for color in colors if color[3] < SEEN_FROM} == {(0, 0, 0, 0)}  # type: ignore[index]


def test_a_color_is_published_no_finer_than_its_transparency_lets_it_be_seen() -> None:
    pixels = [
        Image.open(io.BytesIO(rebuild(saved(Image.new("RGBA", (4, 4), color), "png")).data))
        for color in ((200, 100, 50, 20), (203, 103, 47, 20))
    ]
    assert pixels[0].getpixel((0, 0)) == pixels[1].getpixel((0, 0))


@pytest.mark.parametrize("suffix", ["png", "gif"])
def test_colors_that_a_palette_hides_are_not_published(suffix: str) -> None:
    def picture(hidden: int) -> bytes:
        image = Image.linear_gradient("L").resize((40, 40)).convert("P")
        image.paste(7, (0, 0, 20, 40))
        palette = image.getpalette() or []
        palette[21:24] = [hidden, 255 - hidden, hidden]
        image.putpalette(palette)
        return saved(image, suffix, transparency=7)

    assert rebuild(picture(0)) == rebuild(picture(255))


def test_a_color_that_a_png_names_as_not_shown_is_not_published() -> None:
    image = Image.new("RGB", (40, 40), (240, 240, 240))
    image.paste((200, 30, 60), (10, 10, 20, 20))
    done = Image.open(io.BytesIO(rebuild(saved(image, "png", transparency=(200, 30, 60))).data))
    assert done.getpixel((15, 15)) == (0, 0, 0, 0)


def grey_16(*shades: int, shown_not: int | None = None) -> bytes:
    """A row of 16-bit shades as a PNG, one of them perhaps named as not shown."""
    row = Image.frombytes("I;16", (len(shades), 1), struct.pack(f"<{len(shades)}H", *shades))
    data = saved(row, "png")
    if shown_not is None:
        return data
    key = b"tRNS" + struct.pack(">H", shown_not)
    chunk = struct.pack(">I", 2) + key + struct.pack(">I", zlib.crc32(key))
    at = data.index(b"IDAT") - 4
    return data[:at] + chunk + data[at:]


def test_shades_of_16_bits_that_nobody_can_tell_apart_are_published_as_one() -> None:
    colors = opened(rebuild(grey_16(*range(0xFF00, 0xFF40))).data).getcolors()
    assert colors is not None
    assert len(colors) == 1


def test_a_shade_of_16_bits_that_a_png_names_as_not_shown_is_not_published() -> None:
    done = opened(rebuild(grey_16(0xFFFF, 40_000, 0xFFFF, shown_not=40_000)).data)
    assert done.getpixel((1, 0)) == (0, 0, 0, 0)
    assert done.getpixel((0, 0)) == (255, 255, 255, 255)


@pytest.mark.parametrize("suffix", ["png", "gif", "webp", "tif", "heic", "mpo"])
def test_only_the_frame_that_is_shown_first_is_published(suffix: str) -> None:
    def picture(hidden: str) -> bytes:
        first, later = Image.new("RGB", (32, 32), "red"), Image.new("RGB", (32, 32), hidden)
        out = io.BytesIO()
        name = {"mpo": "MPO"}.get(suffix) or FORMATS[suffix]
        first.save(out, format=name, save_all=True, append_images=[later])
        return out.getvalue()

    assert picture("green") != picture("blue")
    assert rebuild(picture("green")) == rebuild(picture("blue"))


def test_the_picture_that_an_animated_png_never_shows_is_not_published() -> None:
    never, shown = Image.new("RGB", (32, 32), "red"), Image.new("RGB", (32, 32), "green")
    data = saved(never, "png", save_all=True, append_images=[shown, never], default_image=True)
    assert rebuild(data) == rebuild(saved(shown, "png"))
