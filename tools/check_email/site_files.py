"""The archive's files: links that lead somewhere, the feed, the sitemap, the share pictures."""

import re
import xml.etree.ElementTree as ET
from collections.abc import Iterator
from datetime import datetime
from io import BytesIO
from pathlib import Path
from posixpath import dirname, join, normpath
from urllib.parse import urlsplit

from PIL import Image

from newsletter.issues.checking.page import read_page
from tools.check_email.finding import Finding, counted
from tools.check_email.validators import html_validate, vnu

ATOM = "{http://www.w3.org/2005/Atom}"
SITEMAP = "{http://www.sitemaps.org/schemas/sitemap/0.9}"


def file_findings(folder: Path, name: str, *, modules: Path) -> Iterator[Finding]:
    """One finding for each thing that the whole of an archive's folder must be."""
    pages = sorted(folder.rglob("*.html"))
    yield counted(name, "archive", f"links and pictures of {len(pages)} pages, broken",
                  [fault for page in pages for fault in _broken(folder, page)])  # fmt: skip
    files = [str(page) for page in pages]
    for measure, found in (
        ("html-validate", html_validate(files, modules)),
        ("vnu errors", vnu(files, modules)),
    ):
        faults = [f"{file}: {fault}" for file, all in found.items() for fault in all]
        yield counted(name, "archive", f"{measure}, all pages", faults)
    feeds = sorted(folder.glob("feed-*.xml"))
    faults = [fault for feed in feeds for fault in _feed(feed)]
    yield counted(name, "archive", f"Atom (RFC 4287), {len(feeds)} feeds: faults", faults)
    yield counted(name, "archive", "sitemap: faults", list(_sitemap(folder, pages)))
    shares = sorted(folder.rglob("share.png"))
    faults = [fault for share in shares for fault in _share(share)]
    yield counted(name, "archive", f"{len(shares)} share pictures: faults", faults)
    yield counted(name, "archive", "lists lacking: month, topic, organisation",
                  list(_lists(folder)))  # fmt: skip


def _broken(folder: Path, file: Path) -> Iterator[str]:
    here = file.relative_to(folder).as_posix()
    page = read_page(file.read_text(encoding="utf-8"))
    for element in page.elements:
        address = element.attrs.get("href") or element.attrs.get("src") or ""
        if not address or urlsplit(address).scheme:
            continue
        target, _, anchor = address.partition("#")
        there = folder / normpath(join(dirname(here), target)) if target else file
        if not there.is_file():
            yield f"{here}: {address}"
        elif anchor and f'id="{anchor}"' not in there.read_text(encoding="utf-8"):
            yield f"{here}: {address} has no such place"


def _feed(file: Path) -> Iterator[str]:
    """What RFC 4287 (4.1.1, 4.1.2) asks of a feed and of its entries."""
    root = ET.fromstring(file.read_text(encoding="utf-8"))
    entries = root.findall(f"{ATOM}entry")
    for part in (root, *entries):
        for name in ("id", "title", "updated"):
            if len(part.findall(f"{ATOM}{name}")) != 1 or not part.findtext(f"{ATOM}{name}"):
                yield f"{file.name}: not one {name}"
        updated = part.findtext(f"{ATOM}updated") or ""
        if datetime.fromisoformat(updated).tzinfo is None:
            yield f"{file.name}: {updated} has no zone"
        for link in part.findall(f"{ATOM}link"):
            if not urlsplit(link.attrib["href"]).netloc:
                yield f"{file.name}: {link.attrib['href']} is not a whole address"
    if not root.findtext(f"{ATOM}author/{ATOM}name"):
        yield f"{file.name}: no author"
    if not [link for link in root.findall(f"{ATOM}link") if link.get("rel") == "self"]:
        yield f"{file.name}: no link to itself"
    ids = [entry.findtext(f"{ATOM}id") for entry in entries]
    if not ids or len(set(ids)) < len(ids):
        yield f"{file.name}: no entries, or one id twice"


def _sitemap(folder: Path, pages: list[Path]) -> Iterator[str]:
    root = ET.fromstring((folder / "sitemap.xml").read_text(encoding="utf-8"))
    found = [one.text or "" for one in root.iter(f"{SITEMAP}loc")]
    (base,) = {found[0][: found[0].index("/archive/") + len("/archive/")]}
    named = {f"{one.removeprefix(base)}index.html" for one in found}
    if len(named) < len(found):
        yield "an address twice"
    yield from named ^ {page.relative_to(folder).as_posix() for page in pages}


def _share(file: Path) -> Iterator[str]:
    picture = Image.open(BytesIO(file.read_bytes()))
    if picture.size != (1200, 630) or file.stat().st_size > 300_000:
        yield f"{file}: {picture.size}, {file.stat().st_size:,} bytes"
    page = read_page((file.parent / "index.html").read_text(encoding="utf-8"))
    named = [one.attrs for one in page.all("meta") if one.attrs.get("property") == "og:image"]
    if not named or not re.fullmatch(r"https?://.+/share\.png", named[0]["content"]):
        yield f"{file}: its page does not name it"


def _lists(folder: Path) -> Iterator[str]:
    index = read_page((folder / "index.html").read_text(encoding="utf-8"))
    links = [one.attrs.get("href", "") for one in index.all("a")]
    if not re.search(r"\b20\d\d\b", " ".join(one.text for one in index.all("h2"))):
        yield "no month"
    for kind in ("topics", "organisations"):
        if not any(f"/{kind}/" in link for link in links):
            yield f"no {kind}"
