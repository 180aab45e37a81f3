"""A message as Outlook for Windows shows it, as far as a browser can be made like Word."""

import re

_MSO = re.compile(r"<!--\[if [^\]]*mso[^\]]*\]>(.*?)<!\[endif\]-->", re.DOTALL)
_NOT_MSO = re.compile(r"<!--\[if !mso[^\]]*\]><!-->(.*?)<!--<!\[endif\]-->", re.DOTALL)
_STYLE = re.compile(r"(<style[^>]*>)(.*?)(</style>)", re.DOTALL)
_MEDIA = re.compile(r"@media[^{]*\{(?:[^{}]*\{[^{}]*\})*[^{}]*\}")
_RULE = re.compile(r"([^{}]+)\{[^{}]*\}")
# What Word does not know: distances in anything but cells, links and spans as boxes, round corners.
_WORD = (
    "<style>:not(td,th,ul,ol){padding:0!important;border-radius:0!important;max-width:none!important}"
    "td,th{border-radius:0!important}a,span,img{display:inline!important}</style>"
)
_STYLE_ELEMENT = re.compile(r"<style.*?</style>", re.DOTALL)


def as_outlook(html: str) -> str:
    """Return the HTML with what Word reads, and without what it does not know."""
    html = _NOT_MSO.sub("", html)
    html = _MSO.sub(lambda found: found[1], html)
    html = _STYLE.sub(lambda found: found[1] + _known(found[2]) + found[3], html)
    html = html.replace("mso-padding-alt:", "padding:").replace("mso-hide:all", "display:none")
    return html.replace("</head>", f"{_WORD}</head>", 1)


def without_style(html: str) -> str:
    """Return the HTML as clients show it that drop `<style>`."""
    return _STYLE_ELEMENT.sub("", html)


def _known(css: str) -> str:
    """The rules whose selectors Word knows: classes, elements, and what stands inside of them."""
    rules = _RULE.finditer(_MEDIA.sub("", css))
    return "".join(rule[0] for rule in rules if not re.search(r"[>:\[+~*]", rule[1]))
