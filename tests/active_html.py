"""What in a piece of HTML could act or load something, by a parser of the standard library."""

from html.parser import HTMLParser

ACTIVE = {"script", "iframe", "frame", "object", "embed", "applet", "form", "input", "button"} | {
    "style", "link", "meta", "base", "svg", "math", "img", "audio", "video", "source", "template",
}  # fmt: skip
SAFE_SCHEMES = ("http://", "https://", "mailto:", "tel:")


def offences(html: str) -> list[str]:
    """Each active element, event handler, style or link that is not absolute and plain."""
    found: list[str] = []

    class Reader(HTMLParser):
        def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
            if tag in ACTIVE:
                found.append(tag)
            for name, value in attrs:
                if name.startswith("on") or name in ("style", "srcdoc", "formaction"):
                    found.append(f"{tag} {name}")
                if name in ("href", "src", "action", "xlink:href", "cite", "background") and not (
                    value or ""
                ).lower().startswith(SAFE_SCHEMES):
                    found.append(f"{tag} {name}={value}")

    reader = Reader()
    reader.feed(html)
    reader.close()
    return found
