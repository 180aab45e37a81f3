"""Feeds for tests."""

from collections.abc import Iterable

ITEM = (
    "<item><title>{title}</title><link>{link}</link>"
    '<guid isPermaLink="false">{guid}</guid>{more}<description>{text}</description></item>'
)


def item(
    title: str, *, link: str = "", guid: str = "", text: str = "", date: str = "", more: str = ""
) -> str:
    """One RSS item; what is empty is left out or made from the title."""
    slug = title.lower().replace(" ", "-")
    dated = f"<pubDate>{date}</pubDate>" if date else ""
    return ITEM.format(
        title=title,
        link=link or f"https://harbor.example/{slug}",
        guid=guid or f"urn:{slug}",
        text=text or f"All about {title}.",
        more=dated + more,
    )


def rss(*items: str, channel: str = "", root: str = "") -> str:
    """An RSS feed of these items."""
    return (
        f'<?xml version="1.0" encoding="utf-8"?><rss version="2.0" {root}><channel>'
        f"<title>Harbor</title><link>https://harbor.example/</link>{channel}"
        f"{''.join(items)}</channel></rss>"
    )


def calendar(*events: Iterable[str]) -> str:
    """An iCalendar of these events, each a list of lines."""
    lines = ["BEGIN:VCALENDAR", "VERSION:2.0", "PRODID:-//test//EN"]
    for event in events:
        lines += ["BEGIN:VEVENT", *event, "END:VEVENT"]
    return "\r\n".join([*lines, "END:VCALENDAR", ""])


RSS = rss(
    item("One", date="Thu, 19 Nov 2026 10:00:00 GMT"),
    item("Two", date="Wed, 18 Nov 2026 10:00:00 GMT"),
)
