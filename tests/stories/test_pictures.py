"""Pictures are rebuilt from their pixels: exiftool finds nothing of the original file."""

import io
import json
import shutil
import struct
import subprocess
import zlib
from pathlib import Path

import pillow_heif
import pytest
from PIL import Image

from newsletter.stories.record.pictures import PictureError, rebuild

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


@pytest.mark.parametrize("mode", ["1", "L", "LA", "P", "CMYK", "I;16", "F", "I"])
def test_every_colour_mode_comes_out_as_jpeg_or_png(mode: str) -> None:
    image = Image.linear_gradient("L")
    image = image.convert("I").convert("I;16") if mode == "I;16" else image.convert(mode)
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
