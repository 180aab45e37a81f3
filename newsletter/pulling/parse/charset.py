"""Bytes to text by the standards: BOM, then the HTTP header, then the XML declaration (RFC 7303).

Text that decodes is never "repaired" afterwards.
"""

import codecs
import re
from dataclasses import dataclass, replace

BOMS = (
    (codecs.BOM_UTF8, "utf-8"),
    (codecs.BOM_UTF32_LE, "utf-32-le"),
    (codecs.BOM_UTF32_BE, "utf-32-be"),
    (codecs.BOM_UTF16_LE, "utf-16-le"),
    (codecs.BOM_UTF16_BE, "utf-16-be"),
)
# How `<?xm` begins without a BOM: XML 1.0, appendix F.
MARKS = (
    (b"\x00\x00\x00<", "utf-32-be"),
    (b"<\x00\x00\x00", "utf-32-le"),
    (b"\x00<\x00?", "utf-16-be"),
    (b"<\x00?\x00", "utf-16-le"),
    (b"\x4c\x6f\xa7\x94", "cp037"),
)
DECLARATION = re.compile(r"""\s*<\?xml[^>]*?encoding\s*=\s*["']([A-Za-z0-9._:-]+)["'][^>]*\?>""")
CHARSET = re.compile(r"""charset\s*=\s*["']?([A-Za-z0-9._:-]+)""", re.IGNORECASE)
# The WHATWG Encoding Standard reads these labels as their Windows or national supersets.
SUPERSETS = {
    "iso-8859-1": "cp1252",
    "iso8859-1": "cp1252",
    "latin1": "cp1252",
    "latin-1": "cp1252",
    "gb2312": "gb18030",
    "gbk": "gb18030",
    "shift_jis": "cp932",
    "iso-8859-9": "cp1254",
}
MOST_FOREIGN = 10_000  # bytes of another encoding in one body: each takes a call
UTF_8 = re.compile(
    rb"[\xc2-\xdf][\x80-\xbf]|[\xe0-\xef][\x80-\xbf]{2}|[\xf0-\xf4][\x80-\xbf]{3}"
)  # a character that is not ASCII
# Python codecs that are no character encodings.
NOT_TEXT = frozenset(
    {"base64", "bz2", "hex", "quopri", "rot13", "uu", "zlib", "idna", "punycode", "undefined"}
    | {"unicode_escape", "raw_unicode_escape", "unicode-escape", "raw-unicode-escape"}
)


@dataclass(frozen=True, kw_only=True, slots=True)
class Decoded:
    """The text and how it was read; `warning` when what was declared is not what it is."""

    text: str
    encoding: str
    warning: str = ""


def decode(body: bytes, content_type: str = "") -> Decoded:
    """Return the text of a body; where nothing declared fits, the best reading and a warning."""
    for bom, encoding in BOMS:
        if body.startswith(bom):
            return _strictly(body[len(bom) :], encoding) or Decoded(
                text=body[len(bom) :].decode(encoding, "replace"),
                encoding=encoding,
                warning=f"marked as {encoding}, but not all of it is",
            )
    declared = _declared(body, content_type)
    first = declared[0] if declared else "utf-8"
    for encoding in (*declared, "utf-8"):
        decoded = _strictly(body, encoding)
        if decoded is not None:
            if encoding == first:
                return decoded
            return replace(
                decoded, warning=f"declared as {first}, which is wrong; read as {encoding}"
            )
    return _by_force(body, first)


def decode_mixed(body: bytes, content_type: str = "") -> Decoded:
    """Do as `decode`, for a body that several programs may have written: what one of them wrote in
    Windows-1252 costs nothing of the rest."""
    decoded = decode(body, content_type)
    body = body.removeprefix(codecs.BOM_UTF8)
    is_forced = decoded.warning and decoded.encoding in ("utf-8", "windows-1252")
    if not is_forced or _strictly(body, "utf-8") or not UTF_8.search(body):
        return decoded
    if body.decode("utf-8", "replace").count("\ufffd") > MOST_FOREIGN:
        return decoded
    return Decoded(
        text=body.decode("utf-8", "windows-1252"),
        encoding="utf-8",
        warning="not all of it is utf-8; the rest was read as windows-1252",
    )


def _as_windows(error: UnicodeError) -> tuple[str, int]:
    assert isinstance(error, UnicodeDecodeError)
    return error.object[error.start : error.end].decode("cp1252", "replace"), error.end


codecs.register_error("windows-1252", _as_windows)


def _declared(body: bytes, content_type: str) -> list[str]:
    declared = []
    in_header = CHARSET.search(content_type)
    if in_header:
        declared.append(in_header[1].lower())
    mark = next((name for start, name in MARKS if body.startswith(start)), "")
    head = body[:1024].decode(mark or "latin-1", "ignore")
    in_document = DECLARATION.match(head)
    # A declaration that could be read says at least how wide its characters are.
    if in_document and not re.match(
        r"(?i)(?:utf|ucs|iso-10646-ucs)-?(?:16|32|2|4)", in_document[1]
    ):
        declared.append(in_document[1].lower())
    if mark:
        declared.append(mark)
    return list(dict.fromkeys(declared))


def _strictly(body: bytes, encoding: str) -> Decoded | None:
    codec = SUPERSETS.get(encoding, encoding)
    try:
        if codecs.lookup(codec).name in NOT_TEXT:
            return None
        return Decoded(text=body.decode(codec), encoding=encoding)
    except (LookupError, UnicodeDecodeError, ValueError):
        return None


def _by_force(body: bytes, declared: str) -> Decoded:
    """UTF-8 with a few broken bytes, or else Windows-1252: whichever reads with fewer losses."""
    text = body.decode("utf-8", "replace")
    broken = text.count("\ufffd")
    foreign = len(text) - len(text.encode("ascii", "ignore")) - broken
    encoding = "utf-8"
    if foreign <= broken:
        encoding = "windows-1252"
        text = body.decode("cp1252", "replace")
    return Decoded(
        text=text,
        encoding=encoding,
        warning=f"declared as {declared}, which is wrong; read as {encoding} as far as possible",
    )
