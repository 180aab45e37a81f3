"""What a body is, from its first bytes: members' sites answer 200 with much that is no feed."""

import re

from newsletter.pulling.parse.calendar.blocks import has_calendar
from newsletter.pulling.parse.parsed import NotFeed, Unreadable

CHALLENGE = re.compile(
    r"cf-browser-verification|challenge-platform|cf[-_]chl|__cf_chl|just a moment\.\.\.|ddos-guard"
    r"|attention required!? \| cloudflare|sucuri_cloudproxy|sgcaptcha|captcha-delivery|_incapsula_"
    r"|verify(?:ing)? (?:that )?you are (?:a )?human|checking your browser"
    r"|enable javascript and cookies"
    r"|hcaptcha\.com|recaptcha/api|anubis_challenge|aws-waf-token|imunify360|px-captcha",
    re.IGNORECASE,
)
LOGIN = re.compile(
    r"""<input[^>]+type\s*=\s*["']?password|wp-login\.php|id=["']?loginform""", re.IGNORECASE
)
PAGE_ROOT = re.compile(
    r"<(?:!doctype\s+html|html|head|body|script|title|meta|link|style|div|p|h\d|center|table)\b",
    re.IGNORECASE,
)
PROLOGUE = re.compile(r"\s*(?:<!--.*?-->|<\?.*?\?>)", re.DOTALL)
BLANKS = "\ufeff \t\r\n\x00"


def flavour(text: str) -> str:
    """Return `calendar`, `json`, `xml`, `page`, `empty` or `other`, by how the text begins.

    A calendar may stand behind something that does not belong there.
    """
    if has_calendar(text):
        return "calendar"
    head = text[:65_536].lstrip(BLANKS)
    while prologue := PROLOGUE.match(head):
        head = head[prologue.end() :]
    head = head.lstrip()
    if not head:
        return "empty" if not text.strip(BLANKS) else "other"
    if head[:12].upper() in ("BEGIN:VCALEN", "BEGIN:VEVENT"):
        return "calendar"
    if head[0] in "{[":
        return "json"
    if PAGE_ROOT.match(head):
        return "page"
    return "xml" if head[0] == "<" else "other"


def not_a_feed(text: str) -> Unreadable:
    """Return which kind of page this is: a challenge, a login or any other."""
    start = text[:200_000]
    if CHALLENGE.search(start):
        return Unreadable(
            kind=NotFeed.CHALLENGE,
            detail="a bot protection page; the site must let feed readers in",
        )
    if LOGIN.search(start):
        return Unreadable(kind=NotFeed.LOGIN, detail="a login page")
    title = re.search(r"<title[^>]*>([^<]{1,200})", start, re.IGNORECASE)
    named = f" ({' '.join(title[1].split())})" if title else ""
    return Unreadable(kind=NotFeed.PAGE, detail=f"an HTML page{named} where the feed should be")
