"""An SVG drawing -> PNG, for drawings of shapes alone: they load nothing, and are drawn soon."""

import re
from collections.abc import Iterator
from xml.etree import ElementTree as ET

from newsletter.errors import ConfigError

MAX_BYTES = 500_000
MOST_SHAPES = 20_000  # drawn, however often one of them is used
MOST_NESTED = 60
MOST_STRETCHED = 20  # times as wide as high, or as high as wide
_SVG = "{http://www.w3.org/2000/svg}"
_REFUSED = {
    "script": "has a script in it",
    "foreignObject": "has a web page in it",
    "image": "has a picture in it, which may be anything",
    "filter": "has effects in it, which can take hours",
    "marker": "has markers in it, which can be drawn without end",
    "text": "has text in it, which looks different on each machine",
}
_OUTSIDE = re.compile(r"url\(\s*['\"]?\s*(?!#)|@import", re.IGNORECASE)
_REFERENCE = re.compile(r"url\(\s*['\"]?\s*#([^'\")\s]+)")
_LENGTH = re.compile(r"\s*([0-9.]+(?:[eE][+-]?\d+)?)\s*(?:px)?\s*")


class _UnsafeError(Exception):
    """Why a drawing is not drawn."""


def is_svg(data: bytes) -> bool:
    """Return whether the bytes are meant to be one."""
    return b"<svg" in data[:4000] or data.lstrip()[:5] == b"<?xml"


def png_of(data: bytes, *, width: int, height: int, file: str) -> bytes:
    """Draw it as large as fits. ConfigError, in one line, when that would not be safe."""
    try:
        root = _read(data)
        wide, high = _fit(_size(root), width, height)
        root.set("width", str(wide))
        root.set("height", str(high))
        return _draw(ET.tostring(root, encoding="unicode"))
    except _UnsafeError as error:
        hint = "save it as a plain SVG of shapes, with text turned into paths; or as a PNG"
        raise ConfigError(f"the logo {error}", file=file, hint=hint) from error


def _read(data: bytes) -> ET.Element:
    if len(data) > MAX_BYTES:
        raise _UnsafeError(f"has {len(data):,} bytes; at most {MAX_BYTES:,}")
    try:
        text = data.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        raise _UnsafeError("is not UTF-8 text") from error
    if "<!ENTITY" in text:
        raise _UnsafeError("defines entities, which can grow without end")
    try:
        root = ET.fromstring(text)  # noqa: S314 - no entities
    except ET.ParseError as error:
        raise _UnsafeError(f"is not SVG that can be read ({error})") from error
    if root.tag != f"{_SVG}svg":
        raise _UnsafeError("is not SVG")
    _insist_on_depth(root)
    by_id: dict[str, ET.Element] = {}
    for element in root.iter():
        by_id.setdefault(element.get("id", ""), element)
        _insist_on_shapes(element)
    _insist_on_plain_style(root, by_id)
    _weight(root, by_id, {}, ())
    return root


def _insist_on_plain_style(root: ET.Element, by_id: dict[str, ET.Element]) -> None:
    """Whatever a style sheet refers to is drawn for whatever it is said of."""
    for sheet in root.iter(f"{_SVG}style"):
        for name in _REFERENCE.findall(sheet.text or ""):
            if name in by_id and not by_id[name].tag.endswith("Gradient"):
                raise _UnsafeError("refers to patterns in its style sheet")


def _insist_on_depth(root: ET.Element) -> None:
    level = [root]
    for _ in range(MOST_NESTED):
        level = [child for element in level for child in element]
        if not level:
            return
    raise _UnsafeError(f"is nested more than {MOST_NESTED} deep")


def _insist_on_shapes(element: ET.Element) -> None:
    name = element.tag.rpartition("}")[2]
    if name in _REFUSED:
        raise _UnsafeError(_REFUSED[name])
    for words in (element.text or "", *element.attrib.values()):
        if _OUTSIDE.search(words):
            raise _UnsafeError("loads something from elsewhere")
    for key, value in element.attrib.items():
        if key.rpartition("}")[2] in {"href", "src"} and not value.strip().startswith("#"):
            raise _UnsafeError("loads something from elsewhere")


def _weight(
    element: ET.Element,
    by_id: dict[str, ET.Element],
    known: dict[ET.Element, int],
    around: tuple[ET.Element, ...],
) -> int:
    """How many shapes it takes to draw it, each as often as it is used."""
    if element in around:
        raise _UnsafeError("uses a shape inside itself")
    if len(around) > 4 * MOST_NESTED:
        raise _UnsafeError("uses shapes that use shapes, too many times")
    if element not in known:
        used = [by_id[name] for name in _references(element) if name in by_id]
        inside = (*around, element)
        known[element] = 1 + sum(_weight(one, by_id, known, inside) for one in (*element, *used))
        if known[element] > MOST_SHAPES:
            raise _UnsafeError(f"has more than {MOST_SHAPES:,} shapes to draw")
    return known[element]


def _references(element: ET.Element) -> Iterator[str]:
    for key, value in element.attrib.items():
        if key.rpartition("}")[2] == "href":
            yield value.strip().removeprefix("#")
        yield from _REFERENCE.findall(value)


def _size(root: ET.Element) -> tuple[float, float]:
    """Its width and height, of which only the relation counts; written down as a view box."""
    numbers = root.get("viewBox", "").replace(",", " ").split()
    sides = numbers[2:4] if len(numbers) == 4 else [root.get("width", ""), root.get("height", "")]
    found = [_LENGTH.fullmatch(side) for side in sides]
    width, height = (float(one[1]) if one and one[1].count(".") < 2 else 0.0 for one in found)
    if not (0 < width < 1e9 and 0 < height < 1e9):
        raise _UnsafeError("does not say how large it is: it needs a viewBox")
    if max(width / height, height / width) > MOST_STRETCHED:
        raise _UnsafeError(f"is more than {MOST_STRETCHED} times as long as it is wide")
    if len(numbers) != 4:
        root.set("viewBox", f"0 0 {width} {height}")
    return width, height


def _fit(size: tuple[float, float], width: int, height: int) -> tuple[int, int]:
    scale = min(width / size[0], height / size[1])
    return max(1, round(size[0] * scale)), max(1, round(size[1] * scale))


def _draw(svg: str) -> bytes:
    import resvg_py

    try:
        # Typefaces of the machine would make other bytes on another one.
        return bytes(resvg_py.svg_to_bytes(svg_string=svg, skip_system_fonts=True))
    except (KeyboardInterrupt, SystemExit):
        raise
    except BaseException as error:  # a panic of Rust is no Exception
        raise _UnsafeError(f"cannot be drawn ({error})") from error
