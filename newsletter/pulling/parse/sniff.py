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
    r"""<input[^>]+type\s*=\s*["']?password|<form[^>]+wp-login\.php|id=["']?loginform"""
    r"""|<(?:title|h1)[^<>]*>\s*(?:sign in|log ?in|inici(?:ar?|e) sesión|acceder|se connecter"""
    r"""|connexion|identifiez-vous|entrar|fazer login|anmelden|einloggen|konekte|تسجيل الدخول)\b""",
    re.IGNORECASE,
)
# A short page that asks about cookies, and wants a yes.
COOKIES = re.compile(r"cookie|consent|koukiz|ملفات تعريف الارتباط", re.IGNORECASE)
AGREE = re.compile(
    r"\b(?:accept|agree|allow|aceptar?|acepto|permitir|accepter|j['’]accepte|aceitar|concordo"
    r"|akzeptieren|zustimmen|asepte)\b|قبول|أوافق|موافق",
    re.IGNORECASE,
)
MOST_WORDS = 150  # of a page that is nothing but a login or a question; others have these aside
MOST_LINKS = 8
UNSEEN = {"script", "style", "noscript", "template", "head"}
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
    """Return which kind of page this is: a challenge, a login, a cookie wall or any other."""
    import nh3  # an idle worker, which looks what is due, has no use for it

    start = text[:200_000]
    if CHALLENGE.search(start):
        return Unreadable(
            kind=NotFeed.CHALLENGE,
            detail="a bot protection page; the site must let feed readers in",
        )
    words = nh3.clean(start.replace("<", " <"), tags=set(), clean_content_tags=UNSEEN)
    if len(words.split()) <= MOST_WORDS:
        if LOGIN.search(start):
            return Unreadable(kind=NotFeed.LOGIN, detail="a login page")
        is_doorway = start.lower().count("<a ") <= MOST_LINKS
        if is_doorway and COOKIES.search(words) and AGREE.search(words):
            return Unreadable(
                kind=NotFeed.COOKIES,
                detail="a cookie wall: the site shows nothing until somebody agrees to its cookies",
            )
    title = re.search(r"<title[^>]*>([^<]{1,200})", start, re.IGNORECASE)
    named = f" ({' '.join(title[1].split())})" if title else ""
    return Unreadable(kind=NotFeed.PAGE, detail=f"an HTML page{named} where the feed should be")
