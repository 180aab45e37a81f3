"""What Chromium shows: axe-core in light and dark, widths, direction, requests, pictures."""

import shutil
from collections.abc import Iterator
from pathlib import Path
from typing import Any

from playwright.sync_api import Browser, Page, sync_playwright

from newsletter.model.language import direction
from tools.check_email.finding import Finding
from tools.check_email.letters import Letter
from tools.check_email.outlook import as_outlook
from tools.check_email.printed import print_findings

CHROMIUM = shutil.which("chromium") or "chromium"
WIDTHS = (320, 375, 640)
ARGUMENTS = [
    "--no-sandbox", "--disable-gpu", "--disable-quic", "--no-first-run",
    "--disable-background-networking", "--disable-component-update", "--disable-sync",
]  # fmt: skip
_AXE = "axe.run(document, {resultTypes: ['violations', 'incomplete']})"
_SMALL_TEXT = """() => [...document.querySelectorAll('body *')].filter(one =>
  [...one.childNodes].some(n => n.nodeType === 3 && n.data.trim()) &&
  one.offsetParent !== null && parseFloat(getComputedStyle(one).fontSize) < 14)
  .map(one => one.textContent.trim().slice(0, 40))"""
# WCAG 2.5.8 leaves out links inside a sentence; what stands alone must be big enough to touch.
_SMALL_TARGETS = """() => [...document.querySelectorAll('a')].filter(one => {
  const alone = !['P','LI','TD','TH'].includes(one.parentElement.tagName) ||
    one.parentElement.textContent.trim() === one.textContent.trim();
  return alone && one.getBoundingClientRect().height < 43.5;
}).map(one => one.textContent.trim().slice(0, 40))"""


# The digits of each number that read from right to left, as in clients that drop <bdi>: on a line
# each digit must stand to the right of the one before.
_TURNED_NUMBERS = r"""() => {
  for (const one of document.querySelectorAll('bdi')) one.replaceWith(...one.childNodes);
  document.body.normalize();
  const turned = [];
  const walker = document.createTreeWalker(document.body, NodeFilter.SHOW_TEXT);
  for (let node; (node = walker.nextNode());) {
    for (const found of node.data.matchAll(/\+?\(?\d(?:[ ().-]{0,2}\d){6,}/g)) {
      let before = null;
      for (let at = found.index; at < found.index + found[0].length; at++) {
        if (!/\d/.test(node.data[at])) continue;
        const range = document.createRange();
        range.setStart(node, at);
        range.setEnd(node, at + 1);
        const [box] = range.getClientRects();
        if (!box) break;
        if (before && Math.abs(box.top - before.top) < 2 && box.left < before.left) {
          turned.push(found[0]);
          break;
        }
        before = box;
      }
    }
  }
  return turned;
}"""


# Words and figures that stand on two lines; those too long for any phone may.
_BROKEN_WORDS = r"""() => {
  const broken = [];
  const walker = document.createTreeWalker(document.body, NodeFilter.SHOW_TEXT);
  for (let node; (node = walker.nextNode());) {
    for (const found of node.data.matchAll(/[^\s\u2010-\u2015\/·…-]{2,24}/gu)) {
      const range = document.createRange();
      range.setStart(node, found.index);
      range.setEnd(node, found.index + found[0].length);
      const tops = [...range.getClientRects()].map(box => Math.round(box.top));
      const before = node.data[found.index - 1], after = node.data[found.index + found[0].length];
      const whole = [before, after].every(one => one === undefined || /\s/.test(one));
      if (whole && Math.max(...tops) - Math.min(...tops) > 4) broken.push(found[0]);
    }
  }
  return broken;
}"""


# Cards, urgent boxes and buttons by the design's classes: each needs a ground of its own, with room
# around its words, and a button the words' own colour.
_SHAPES_LOST = r"""() => {
  const seen = one => {
    for (let el = one; el; el = el.parentElement) {
      const colour = getComputedStyle(el).backgroundColor;
      if (!/, 0\)$|transparent/.test(colour)) return colour;
    }
  };
  return [...document.querySelectorAll('.k, .u, .n td')].filter(box => {
    const range = document.createRange();
    range.selectNodeContents(box);
    const walker = document.createTreeWalker(box, NodeFilter.SHOW_TEXT);
    let words;
    while ((words = walker.nextNode()) && !words.data.trim());
    range.selectNode(words);
    const [inner, outer] = [range.getBoundingClientRect(), box.getBoundingClientRect()];
    const around = box.closest('table').parentElement;
    const tight = Math.min(inner.left - outer.left, outer.right - inner.right,
      inner.top - outer.top) < 10;
    const link = box.matches('.n td') && box.querySelector('a');
    const unseen = link && getComputedStyle(link).color === getComputedStyle(
      box.closest('.n').parentElement).color;
    return tight || seen(box) === seen(around) || unseen;
  }).map(box => box.textContent.trim().slice(0, 40));
}"""


# Links without a line under them that are no buttons; words in their colour, or with such a line,
# that are none; pictures above a linked title that are none.
_UNLIKE_LINKS = r"""() => {
  const found = [], colours = new Set();
  for (const link of document.querySelectorAll('a[href]')) {
    if (!link.textContent.trim() || link.closest('.n')) continue;
    const style = getComputedStyle(link);
    if (!link.closest('.band')) colours.add(style.color);
    if (!style.textDecorationLine.includes('underline')) found.push(`no line: ${link.textContent}`);
  }
  const walker = document.createTreeWalker(document.body, NodeFilter.SHOW_TEXT);
  for (let node; (node = walker.nextNode());) {
    const around = node.parentElement;
    if (!node.data.trim() || around.closest('a, style, [aria-hidden]')) continue;
    const style = getComputedStyle(around);
    if (colours.has(style.color) || style.textDecorationLine.includes('underline'))
      found.push(`like a link: ${node.data.trim()}`);
  }
  for (const picture of document.images) {
    const cell = picture.closest('td');
    const titles = [...cell.querySelectorAll('h3 a')];
    if (titles.length && !picture.closest('a')) found.push(`no link: ${picture.alt}`);
  }
  return found;
}"""


def unlike_links(page: Page) -> list[str]:
    """Links that do not look like links, and what looks like one and is none."""
    found: list[str] = page.evaluate(_UNLIKE_LINKS)
    return found


def lost_shapes(page: Page) -> list[str]:
    """Cards, urgent boxes and buttons that have no ground or no room of their own."""
    found: list[str] = page.evaluate(_SHAPES_LOST)
    return found


def broken_words(page: Page) -> list[str]:
    """Words and figures that are broken over two lines, as the page is shown now."""
    found: list[str] = page.evaluate(_BROKEN_WORDS)
    return found


def turned_numbers(page: Page) -> list[str]:
    """Numbers whose groups change places once `<bdi>` is dropped, as Gmail, Outlook.com and Yahoo
    do it. The page has none afterwards."""
    found: list[str] = page.evaluate(_TURNED_NUMBERS)
    return found


def browser_findings(letters: list[Letter], *, modules: Path, pictures: Path) -> Iterator[Finding]:
    """Everything a browser measures of each letter; pictures are written to a folder."""
    axe = (modules / "axe-core" / "axe.min.js").read_text()
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=CHROMIUM, args=ARGUMENTS)
        for letter in letters:
            yield from _accessibility(browser, letter, axe)
            yield from _layout(browser, letter, pictures)
            yield from _bare(browser, letter, pictures)
        browser.close()


def _open(browser: Browser, file: Path, *, width: int, scheme: Any = "light") -> Page:
    page = browser.new_page(viewport={"width": width, "height": 900}, color_scheme=scheme)
    page.goto(file.as_uri())
    return page


def _accessibility(browser: Browser, letter: Letter, axe: str) -> Iterator[Finding]:
    for scheme in ("light", "dark"):
        page = _open(browser, letter.html_file, width=640, scheme=scheme)
        page.evaluate(axe)
        result = page.evaluate(_AXE)
        for kind in ("violations", "incomplete"):
            found = [
                f"{one['id']} ({len(one['nodes'])}): {one['nodes'][0]['html'][:100]}"
                for one in result[kind]
            ]
            yield Finding(
                letter=letter.name,
                check="18",
                measure=f"axe {kind}, {scheme}",
                value=str(len(found)),
                is_green=not found,
                details=tuple(found),
            )
        page.close()


def _layout(browser: Browser, letter: Letter, pictures: Path) -> Iterator[Finding]:
    for scheme in ("light", "dark"):
        for width in WIDTHS:
            page = _open(browser, letter.html_file, width=width, scheme=scheme)
            page.screenshot(path=pictures / f"{letter.name}-{width}-{scheme}.png", full_page=True)
            if width == WIDTHS[0]:
                unlike = unlike_links(page)
                measure = f"links that do not look so, {scheme}"
                yield _finding(letter, "18", measure, len(unlike), not unlike, unlike)
            if scheme == "light":
                scrolled = page.evaluate("document.documentElement.scrollWidth")
                yield _finding(letter, "19", f"width at {width} px", scrolled, scrolled <= width)
            page.close()
    page = _open(browser, letter.html_file, width=320)
    broken = broken_words(page)
    yield _finding(letter, "19", "words broken at 320 px", len(broken), not broken, broken)
    small, targets = page.evaluate(_SMALL_TEXT), page.evaluate(_SMALL_TARGETS)
    yield _finding(letter, "19", "text under 14 px", len(small), not small, small)
    yield _finding(letter, "19", "targets under 44 px", len(targets), not targets, targets)
    directions = page.evaluate(
        "[...document.querySelectorAll('h1,h2,h3,p,a')]"
        ".filter(one => !one.closest('[dir]:not(html):not([role=article])'))"
        ".map(one => getComputedStyle(one).direction)"
    )
    wrong = [one for one in directions if one != direction(letter.language)]
    yield _finding(letter, "21", "computed direction", directions[0], not wrong)
    turned = turned_numbers(page)
    yield _finding(letter, "21", "numbers turned, <bdi> dropped", len(turned), not turned, turned)
    page.close()
    page = _open(browser, letter.html_file, width=375)
    page.evaluate("document.querySelectorAll('style').forEach(one => one.remove())")
    lost = lost_shapes(page)
    yield _finding(letter, "22", "shapes lost, style dropped", len(lost), not lost, lost)
    page.screenshot(path=pictures / f"{letter.name}-375-no-style.png", full_page=True)
    scrolled = page.evaluate("document.documentElement.scrollWidth")
    yield _finding(letter, "19", "width at 375 px, style dropped", scrolled, scrolled <= 375)
    page.set_viewport_size({"width": 320, "height": 900})
    broken = broken_words(page)
    yield _finding(
        letter, "19", "words broken at 320 px, style dropped", len(broken), not broken, broken
    )
    page.close()
    page = browser.new_page(viewport={"width": 640, "height": 900})
    page.set_content(as_outlook(letter.html_file.read_text(encoding="utf-8")))
    page.screenshot(path=pictures / f"{letter.name}-640-outlook.png", full_page=True)
    lost = lost_shapes(page)
    yield _finding(letter, "24", "shapes lost in Outlook", len(lost), not lost, lost)
    page.close()
    page = _open(browser, letter.html_file, width=640)
    yield from print_findings(page, letter.name, "28")
    page.evaluate("document.documentElement.style.zoom = 2")
    scrolled = page.evaluate("document.documentElement.scrollWidth")
    yield _finding(letter, "19", "width at 640 px, 200%", scrolled, scrolled <= 640)
    page.close()


def _bare(browser: Browser, letter: Letter, pictures: Path) -> Iterator[Finding]:
    """With pictures blocked: what is asked of the network, and whether all can be read."""
    asked: list[str] = []
    page = browser.new_page(viewport={"width": 375, "height": 900})
    page.on("request", lambda request: asked.append(request.url))
    page.goto(letter.bare_file.as_uri())
    page.screenshot(path=pictures / f"{letter.name}-375-blocked.png", full_page=True)
    outside = [url for url in asked if not url.startswith(("file:", "cid:"))]
    yield _finding(letter, "25", "hosts asked", len(outside), not outside, outside)
    words = page.evaluate("document.body.innerText")
    silent = page.evaluate(
        "[...document.images].filter(one => !one.alt.trim()).map(one => one.src)"
    )
    leave = page.evaluate("document.querySelectorAll('a[href*=\"/leave\"]').length")
    yield _finding(
        letter,
        "22",
        "readable without pictures",
        len(words),
        not silent and (letter.is_notice or leave >= 1),
        silent,
    )
    page.close()


def _finding(
    letter: Letter, check: str, measure: str, value: object, green: bool, details: object = ()
) -> Finding:
    listed = details if isinstance(details, list) else []
    return Finding(
        letter=letter.name,
        check=check,
        measure=measure,
        value=str(value),
        is_green=green,
        details=tuple(map(str, listed)),
    )
