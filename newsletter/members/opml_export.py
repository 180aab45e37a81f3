"""The members' feeds as OPML 2.0 (opml.org/spec2), for other feed readers."""

from collections.abc import Iterable
from datetime import datetime
from email.utils import format_datetime
from xml.sax.saxutils import escape, quoteattr

from newsletter.model.organisation import FeedKind, Organisation


def write(organisations: Iterable[Organisation], *, title: str, now: datetime) -> str:
    """Return all feeds as OPML 2.0, one outline per organisation."""
    lines = [
        '<?xml version="1.0" encoding="UTF-8"?>',
        '<opml version="2.0">',
        "  <head>",
        f"    <title>{escape(title)}</title>",
        f"    <dateCreated>{format_datetime(now, usegmt=True)}</dateCreated>",
        "  </head>",
        "  <body>",
    ]
    for organisation in organisations:
        name = quoteattr(organisation.name)
        lines.append(f"    <outline text={name} title={name}>")
        for feed in organisation.feeds:
            language = organisation.languages[0] if organisation.languages else ""
            kind = "ical" if feed.kind is FeedKind.CALENDAR else "rss"
            spoken = f' language="{language}"' if language else ""
            lines.append(
                f"      <outline text={name} title={name} type={quoteattr(kind)}"
                f" xmlUrl={quoteattr(feed.url)} htmlUrl={quoteattr(organisation.url)}{spoken}/>"
            )
        lines.append("    </outline>")
    return "\n".join([*lines, "  </body>", "</opml>", ""])
