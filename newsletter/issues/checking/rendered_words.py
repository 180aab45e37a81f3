"""Checks of what a message says: text like HTML, the preheader, the language of the frame."""

from collections.abc import Iterator

from newsletter.design.build_view import PREHEADER_LONGEST, PREHEADER_SHORTEST
from newsletter.design.catalogues import languages
from newsletter.design.first_words import without_filling
from newsletter.design.plain_text import COLUMNS, width
from newsletter.issues.checking.rendered_check_input import Check, RenderedCheckInput, blocks, warns
from newsletter.model.language import direction, first_same
from newsletter.model.problem import Problem

LONGEST_SUBJECT = 100
SHOWN_BESIDE_SUBJECT = 140  # characters, at most
_HEADINGS = ("h1", "h2", "h3", "h4")


def same_in_text(checked: RenderedCheckInput) -> Iterator[Problem]:
    """Check 4: every heading and every link stands in the text part too."""
    text = " ".join(checked.rendered.text.replace("\u200f", "").split())
    for heading in checked.page.all(*_HEADINGS):
        if heading.text.replace("\u200f", "") not in text:
            message = f"only in the HTML, not in the text: {heading.text[:60]!r}"
            yield blocks(checked, "not-in-text", message)
    for href in {element.attrs.get("href", "") for element in checked.page.all("a")}:
        if href.startswith("#"):
            continue  # a place in the mail: its words are looked for like all others
        address = href.partition(":")[2] if href.startswith(("tel:", "sms:", "mailto:")) else href
        if address not in text and _digits(address) not in _digits(text):
            message = f"linked only in the HTML, not in the text: {href[:80]}"
            yield blocks(checked, "not-in-text", message)


def _digits(text: str) -> str:
    """A number however it is written; something that never matches when there is none."""
    return "".join(char for char in text if char in "+0123456789") or " "


def text_columns(checked: RenderedCheckInput) -> Iterator[Problem]:
    """Check 5: readable at 72 columns; a single long word may stand out."""
    for line in checked.rendered.text.split("\n"):
        if len(line) * 2 <= COLUMNS or "://" in line or "@@" in line:
            continue
        if width(line) > COLUMNS and len(line.split()) > 2:
            yield warns(checked, "long-line", f"the text part has a long line: {line[:40]}…")


def preheader(checked: RenderedCheckInput) -> Iterator[Problem]:
    """Check 23: the first words, hidden from all who read, 40 to 110 characters, and nothing behind
    them that a phone could show."""
    words = checked.rendered.preheader
    if not PREHEADER_SHORTEST <= len(words) <= PREHEADER_LONGEST:
        message = f"the preheader has {len(words)} characters; 40 to 110 is best"
        hint = "write a preheader at the top of the draft"
        yield warns(checked, "preheader", message, hint)
    if not words:
        return
    first = "".join(checked.page.words[:1])
    if without_filling(first).strip() != words:
        yield warns(checked, "preheader", "the preheader is not the first text of the message")
    elif len(first) < SHOWN_BESIDE_SUBJECT:
        message = "phones show what comes after the preheader, too"
        yield warns(checked, "preheader", message, "templates/issue.mjml: write {{ preheader }}")
    hidden = [
        element
        for element in checked.page.all("div", "span")
        if "display:none" in element.attrs.get("style", "").replace(" ", "")
    ]
    if hidden and not all(element.attrs.get("aria-hidden") == "true" for element in hidden):
        message = "screen readers may say the hidden preheader, too"
        yield warns(checked, "preheader", message, "templates/issue.mjml: write {{ preheader }}")
    if not hidden:
        message = "The preheader is hidden only by <style>. "
        message += "Mail programs that remove <style> will show it."
        yield warns(checked, "preheader", message)


def subject(checked: RenderedCheckInput) -> Iterator[Problem]:
    """Check the subject's length: a desktop's list shows some 70 characters, a phone's some 40."""
    length = len(checked.rendered.subject)
    if length > LONGEST_SUBJECT:
        message = f"the subject has {length} characters; phones show about 40, desktops about 70"
        hint = "put the most important words first, and keep it short"
        yield warns(checked, "long-subject", message, hint)


def frame_language(checked: RenderedCheckInput) -> Iterator[Problem]:
    """Check 27: a catalogue exists for the frame's words."""
    language = checked.rendered.language
    if first_same(language, languages()) is None:
        message = f"the fixed words are not translated into {language}; they appear in English"
        hint = "docs/templates.md says how to add a catalogue"
        yield warns(checked, "frame-language", message, hint)


def document_language(checked: RenderedCheckInput) -> Iterator[Problem]:
    """Check 15: language and direction on the document and on the article; a title."""
    language = checked.rendered.language
    expected = {"lang": language, "dir": direction(language)}
    marked = [
        element
        for element in checked.page.elements
        if element.tag == "html" or element.attrs.get("role") == "article"
    ]
    for element in marked:
        for name, value in expected.items():
            if element.attrs.get(name) != value:
                yield blocks(checked, "language", f"<{element.tag}> is missing {name}={value}")
    if not any(element.text for element in checked.page.all("title")):
        yield warns(checked, "no-title", "the document has no title")


CHECKS: tuple[Check, ...] = (
    same_in_text,
    text_columns,
    preheader,
    subject,
    frame_language,
    document_language,
)
