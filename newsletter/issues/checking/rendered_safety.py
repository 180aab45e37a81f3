"""Checks of what a message could do to its reader: size, hosts, active content, injection."""

import re
from collections.abc import Iterator

from newsletter.design.markdown import is_safe_link
from newsletter.issues.checking.rendered_check_input import Check, RenderedCheckInput, blocks, warns
from newsletter.issues.drafting.plain import CONTROL
from newsletter.model.message import LEAVE_URL, PERSONAL_FIELDS, PREFERENCES_URL
from newsletter.model.problem import Problem

MOST_BYTES = 100_000  # Gmail cuts near 102 KB, and hides what it cut, the way to leave too
LONG = 12_000  # characters that a reader sees
ACTIVE = frozenset(
    {
        "applet",
        "audio",
        "base",
        "button",
        "embed",
        "form",
        "frame",
        "frameset",
        "iframe",
        "input",
        "link",
        "math",
        "object",
        "script",
        "select",
        "svg",
        "template",
        "textarea",
        "video",
    }
)
_LOADS = ("src", "srcset", "background", "poster", "data")
_CSS_LOADS = re.compile(r"url\s*\(|@import|expression\s*\(|behavior\s*:", re.IGNORECASE)
_LITERAL_ESCAPE = re.compile(r"\\u\{|\\[nrt]|\\\"")


def size(checked: RenderedCheckInput) -> Iterator[Problem]:
    """Check 14: under 100,000 bytes, with the way to leave before that."""
    html = checked.rendered.html
    length = len(html.encode())
    if length > MOST_BYTES:
        message = f"the HTML is {length:,} bytes; mail programs cut it after {MOST_BYTES:,}"
        hint = (
            "place fewer items, shorten the blurbs, or let members take longer turns: "
            "rotation_issues in newsletter.toml"
        )
        yield blocks(checked, "too-large", message, hint)
    elif as_sent(html) > MOST_BYTES:
        message = f"the HTML is {length:,} bytes; {as_sent(html):,} bytes once encoded for sending"
        hint = "some mail programs cut it at that size: place fewer items"
        yield warns(checked, "large-as-sent", message, hint)


def as_sent(html: str) -> int:
    """Estimate the bytes the part takes on the way: in quoted-printable or in base64 (RFC 2045),
    whichever is shorter."""
    data = html.encode()
    escaped = len(data) - len(html.encode("ascii", "ignore")) + data.count(b"=")
    quoted = len(data) + 2 * escaped
    in_base64 = (len(data) + data.count(b"\n") + 2) // 3 * 4
    return min(quoted + 3 * (quoted // 73), in_base64 + 2 * (in_base64 // 76 + 1))


def leaving(checked: RenderedCheckInput) -> Iterator[Problem]:
    """Check 7, 22: both parts lead to leaving and to the preferences, in words."""
    links = {element.attrs.get("href"): element for element in checked.page.all("a")}
    for field, what in ((LEAVE_URL, "leave"), (PREFERENCES_URL, "preferences")):
        link = links.get(field)
        if link is None or not link.text or field not in checked.rendered.text:
            message = f"the {what} link is missing from the HTML or the text"
            hint = (
                f"the workspace's own templates/footer.mjml and footer.txt must show {what}_url; "
                "without files of these names the shipped ones do"
            )
            yield blocks(checked, f"no-{what}-link", message, hint)


def leaving_soon(checked: RenderedCheckInput) -> Iterator[Problem]:
    """Check 7: nobody has to go through a long issue to leave."""
    html = checked.rendered.html
    is_long = sum(map(len, checked.page.words)) > LONG
    body = html.find("<body")
    for document, start in ((html, max(body, 0)), (checked.rendered.text, 0)):
        before = document.find(LEAVE_URL) - start
        if is_long and before > (len(document) - start) / 4:
            message = "in a long issue the leave link comes only after most of it"
            hint = "templates/masthead.mjml and masthead.txt: write {{ leave_url }} if e.is_long"
            yield warns(checked, "leave-link-far", message, hint)
            return


def headers(checked: RenderedCheckInput) -> Iterator[Problem]:
    """Check 11: nothing in a header can end its line."""
    for name in ("subject", "preheader"):
        if CONTROL.search(getattr(checked.rendered, name)):
            yield blocks(checked, "control-character", f"a control character in the {name}")


def active_content(checked: RenderedCheckInput) -> Iterator[Problem]:
    """Check that nothing runs, submits or embeds."""
    for element in checked.page.elements:
        if element.tag in ACTIVE:
            yield blocks(checked, "active-content", f"<{element.tag}> in the HTML")
        for name in element.attrs:
            if name.startswith("on"):
                yield blocks(checked, "active-content", f"{name}= in the HTML")


def outside_hosts(checked: RenderedCheckInput) -> Iterator[Problem]:
    """Check 25: nothing is loaded from anywhere; pictures travel inside; links are absolute."""
    inside = {f"cid:{picture.cid}" for picture in checked.rendered.pictures}
    places = {f"#{element.attrs.get('id')}" for element in checked.page.elements}
    for element in checked.page.elements:
        for name in _LOADS:
            address = element.attrs.get(name)
            if address is not None and address not in inside:
                yield blocks(checked, "outside-host", f"<{element.tag}> loads {address[:80]!r}")
        href = element.attrs.get("href", LEAVE_URL)
        if href in places:
            continue
        if href not in PERSONAL_FIELDS and not is_safe_link(href):
            yield blocks(checked, "unsafe-link", f"not an absolute web address: {href[:80]!r}")
    if _CSS_LOADS.search(checked.page.styles):
        yield blocks(checked, "outside-host", "the CSS loads something")


def literal_escapes(checked: RenderedCheckInput) -> Iterator[Problem]:
    r"""Check 26: no `\u{301}` or `\n` where a letter was meant; links may hold a backslash."""
    for element in checked.page.elements:
        for name, value in element.attrs.items():
            if "\\" in value and name != "href" and _LITERAL_ESCAPE.search(value):
                yield blocks(checked, "literal-escape", f"{name}={value[:60]!r} was mangled")


CHECKS: tuple[Check, ...] = (
    size,
    leaving,
    leaving_soon,
    headers,
    active_content,
    outside_hosts,
    literal_escapes,
)
