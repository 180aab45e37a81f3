"""What a page is on paper: how many sheets, none of them blank, addresses that can be typed."""

import re
import zlib

from playwright.sync_api import Page

from tools.check_email.finding import Finding, counted

_OBJECT = re.compile(rb"(\d+) 0 obj\s*(.*?)endobj", re.DOTALL)
_PAGE = re.compile(rb"/Type\s*/Page\b(?!s)")
_CONTENTS = re.compile(rb"/Contents\s+(\d+) 0 R")
_STREAM = re.compile(rb"stream\r?\n(.*?)\r?\nendstream", re.DOTALL)
_SHOWS = re.compile(rb"\bT[jJ]\b|\bDo\b")  # operators that show words or a picture
PIXELS_A_SHEET = 2500  # of the message at 640 pixels, at least
# Links whose address is not printed, those of one reader that are, words paler than 4.5:1 on white.
_FAULTS = r"""() => {
  const found = [];
  const shown = one => one.getClientRects().length > 0;
  for (const link of document.querySelectorAll('a[href^="http"]')) {
    const own = /\/(leave|preferences|confirm|data)\//.test(link.href);
    const after = getComputedStyle(link, '::after').content;
    if (own && shown(link)) found.push(`a reader's own link: ${link.textContent}`);
    if (!own && shown(link) && !link.textContent.includes('://') && !after.includes('http')
        && !after.includes('href')) found.push(`no address: ${link.textContent}`);
  }
  const walker = document.createTreeWalker(document.body, NodeFilter.SHOW_TEXT);
  for (let node; (node = walker.nextNode());) {
    if (!node.data.trim() || !shown(node.parentElement)) continue;
    const parts = getComputedStyle(node.parentElement).color.match(/[\d.]+/g);
    const [r, g, b] = parts.map(c => ((c / 255 + 0.055) / 1.055) ** 2.4);  // near enough
    if (1.05 / (0.2126 * r + 0.7152 * g + 0.0722 * b + 0.05) < 4.5)
      found.push(`pale: ${node.data.trim()}`);
  }
  return found;
}"""


def sheets(pdf: bytes) -> list[bool]:
    """Say of each page of a PDF as Chromium writes it whether anything is on it."""
    objects = dict(_OBJECT.findall(pdf))
    pages = [body for body in objects.values() if _PAGE.search(body)]
    return [any(_shows(objects, number) for number in _CONTENTS.findall(page)) for page in pages]


def _shows(objects: dict[bytes, bytes], number: bytes) -> bool:
    stream = _STREAM.search(objects[number])
    return bool(stream and _SHOWS.search(zlib.decompressobj().decompress(stream[1])))


def faults_on_paper(page: Page) -> list[str]:
    """Find links without their address, readers' own links, and words that paper does not show."""
    page.emulate_media(media="print")
    found: list[str] = page.evaluate(_FAULTS)
    page.emulate_media(media="null")
    return found


def print_findings(page: Page, name: str, check: str) -> list[Finding]:
    """Measure a page that is open: its sheets of A4, and what is wrong on them."""
    most = 1 + page.evaluate("document.documentElement.scrollHeight") // PIXELS_A_SHEET
    printed = sheets(page.pdf(format="A4"))
    blank = printed.count(False)
    return [
        Finding(letter=name, check=check, measure="sheets printed", value=str(len(printed)),
                is_green=len(printed) <= most and not blank,
                details=(f"at most {most}; {blank} blank",)),
        counted(name, check, "faults on paper", faults_on_paper(page)),
    ]  # fmt: skip
