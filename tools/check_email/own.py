"""What `newsletter check` finds by itself, asked again of the message as it came out."""

from collections.abc import Iterator

from newsletter.design.first_words import without_filling
from newsletter.design.templates import Templates, shipped_folder
from newsletter.issues.checking.page import read_page
from newsletter.issues.checking.rendered_check_input import RenderedCheckInput
from newsletter.issues.checking.rendered_checks import CHECKS
from newsletter.issues.checking.rendered_safety import MOST_BYTES
from newsletter.model.coalition import Coalition
from newsletter.model.message import LEAVE_URL, PREFERENCES_URL, InlinePicture, RenderedEdition
from tools.check_email.discreet import as_checked
from tools.check_email.finding import Finding, counted
from tools.check_email.letters import Letter

# Each number of docs/email-checks.md with the codes of the problems that belong to it.
ROWS = (
    ("4", "headings and links only in HTML", {"not-in-text"}),
    ("5", "text lines over 72 columns", {"long-line"}),
    ("7", "ways to leave, missing", {"no-leave-link", "no-preferences-link", "leave-link-far"}),
    ("11", "headers that could break", {"control-character"}),
    ("14", "cut off by mail clients", {"too-large", "large-as-sent"}),
    ("15", "lang, dir, title: faults", {"language", "no-title"}),
    ("16", "tables: faults", {"tables"}),
    ("17", "alt, headings, link words: faults", {"no-alt", "headings", "link-words"}),
    ("18", "colours under 4.5:1", {"contrast"}),
    ("19", "text under 14 px, as written", {"small-text", "picture-size"}),
    ("20", "dark mode: faults", {"dark-mode"}),
    ("21", "set the wrong way", {"direction", "number-order"}),
    ("24", "Outlook's conditions, open", {"outlook"}),
    ("25", "loads, active content", {"outside-host", "active-content", "unsafe-link"}),
    ("26", "mangled attributes", {"literal-escape"}),
    ("27", "frame not translated", {"frame-language"}),
)
NOBODY = Coalition(name="", url="", timezone="UTC", languages=(), postal_address="")


def own_findings(letters: list[Letter]) -> Iterator[Finding]:
    """One finding for each row, the size and the preheader's length."""
    tokens = Templates((shipped_folder(),)).tokens
    for letter in map(as_checked, letters):
        rendered = edition_of(letter)
        checked = RenderedCheckInput(
            rendered=rendered, page=read_page(rendered.html), coalition=NOBODY, tokens=tokens
        )
        found = [problem for check in CHECKS for problem in check(checked)]
        for number, measure, codes in ROWS:
            if letter.is_notice and number == "7":  # who gets it is on no list, or not by it
                continue
            faults = [f"{one.code}: {one.message}" for one in found if one.code in codes]
            yield counted(letter.name, number, measure, faults)
        size = len(letter.html.encode())
        yield Finding(
            letter=letter.name,
            check="14",
            measure="HTML bytes",
            value=f"{size:,}",
            is_green=size <= MOST_BYTES,
        )
        faults = [one.message for one in found if one.code == "preheader"]
        yield Finding(
            letter=letter.name,
            check="23",
            measure="preheader, characters",
            value=str(len(rendered.preheader)),
            is_green=not faults,
            details=tuple(faults),
        )


def edition_of(letter: Letter) -> RenderedEdition:
    """The edition that the message was made of: this reader's links are placeholders again."""
    html, text, page = letter.html, letter.text, read_page(letter.html)
    for place, field in (("/leave/", LEAVE_URL), ("/preferences/", PREFERENCES_URL)):
        for link in page.all("a"):
            if place in link.attrs.get("href", ""):
                html = html.replace(link.attrs["href"], field)
                text = text.replace(link.attrs["href"], field)
    pictures = tuple(InlinePicture(cid=cid, media_type="", data=b"") for cid in letter.picture_ids)
    return RenderedEdition(
        issue_id="",
        language=letter.language,
        subject=str(letter.message["Subject"]),
        preheader=without_filling("".join(page.words[:1])).strip(),
        html=html,
        text=text,
        pictures=pictures,
    )
