"""MJML source -> HTML, through mrml, whose faults with attributes and titles are kept away here.

mrml prints attribute values and the title in Rust's debug format: combining marks, joiners,
NBSP, quotes, tabs and newlines would come out as `\\u{301}` or `\\n`, and a bare quote in the
title breaks out of an attribute. A numeric reference passes unread and unharmed, so everything
in those places that is not plain ASCII becomes one, whoever wrote the template.
"""

import re
import sys

from newsletter.errors import ConfigError

_TAG = re.compile(r"<[a-zA-Z][^<>\"']*(?:\"[^\"]*\"[^<>\"']*|'[^']*'[^<>\"']*)*>")
_VALUE = re.compile(r"\"[^\"]*\"|'[^']*'")
_SINGLE_QUOTED = re.compile(r"=\s*'")
_RISKY_VALUE = re.compile(r"(=\s*)\"([ !#-%'-\[\]-~]*[^ !#-%'-\[\]-~\"][^\"]*)\"")
_DANGEROUS = re.compile(
    r"[^ !#-%'-;=?-\[\]-~&]|&(?!(?:#\d+|#[xX][0-9a-fA-F]+|[a-zA-Z][a-zA-Z0-9]*);)"
)
_BREAKS = "word-break:break-word;"
_UNREAD = (
    _BREAKS,
    "<![endif]--><!--[if mso | IE]>",
    "mj-outlook-group-fix ",
    ' aria-roledescription="email"',  # said in English in every language
    ' xmlns:v="urn:schemas-microsoft-com:vml"',
    '<!--[if !mso]><!--><meta http-equiv="X-UA-Compatible" content="IE=edge"><!--<![endif]-->',
    " -ms-text-size-adjust: 100%;",
    " -ms-interpolation-mode: bicubic;",
    ' xmlns="http://www.w3.org/1999/xhtml"',
    "word-spacing:normal;",
)
_FOR_WORD = re.compile(r"<!--\[if mso \| IE\](>.*?<!\[endif\]-->)", re.DOTALL)
_UNREAD_BY_WORD = re.compile(r' role="presentation"| class="[^"]*-outlook"')
_ON_A_TABLE = re.compile(r'(<table[^>]* width="100%") style="vertical-align:top;"')
# Columns that are all as wide as the message: each says so itself.
_WHOLE_COLUMNS = re.compile(
    r"<style type=\"text/css\">@media only screen and \(min-width:480px\) "
    r"\{ \.mj-column-per-100 \{[^}]*\}\s*\}</style>"
    r"<style media=[^>]*>\.moz-text-html \.mj-column-per-100 \{[^}]*\}\s*</style>"
)
_OLD_OUTLOOK = re.compile(r"<!--\[if lte mso 11\]>.*?<!\[endif\]-->\n?", re.DOTALL)
_GROUND = re.compile(r"(background:(#\w+);)background-color:\2;")
_REFERENCE = re.compile(r"&#(\d{3,7});")
_LAST_LATIN_CONTROL = 0x9F
_FORBIDDEN = re.compile(r"[\x00-\x08\x0b\x0c\x0e-\x1f\x7f-\x9f\ud800-\udfff\ufffe\uffff]")


def without_controls(text: str) -> str:
    """Return the text without what no document can hold: control characters and lone surrogates."""
    return _FORBIDDEN.sub("", text.replace("\r\n", "\n").replace("\r", "\n"))


def numeric(text: str) -> str:
    """Write each character that mrml would mangle as `&#N;`; references stay as they are."""
    return _DANGEROUS.sub(lambda match: f"&#{ord(match[0])};", text)


def with_safe_attributes(source: str) -> str:
    """Return the MJML source with every attribute value and the title in plain ASCII.

    `="` stands in tags only, for in text a quote is a reference; `='` may be somebody's words.
    """
    before, tag, rest = source.partition("<mj-title>")
    title, end, after = rest.partition("</mj-title>")
    source = f"{before}{tag}{numeric(title)}{end}{after}"
    if _SINGLE_QUOTED.search(source):
        return _TAG.sub(_safe_tag, source)
    return _RISKY_VALUE.sub(lambda match: f'{match[1]}"{numeric(match[2])}"', source)


def _safe_tag(match: re.Match[str]) -> str:
    return _VALUE.sub(lambda value: f'"{numeric(value[0][1:-1])}"', match[0])


def prepared(source: str) -> str:
    """Return the source as mrml is given it: it takes a blank before an MJML tag for text, even
    where none may stand."""
    for opening in ("<mj", "</mj"):
        source = opening.join([part.rstrip() for part in source.split(opening)])
    return with_safe_attributes(source)


def compile_mjml(source: str, *, file: str) -> str:
    """Compile to an HTML document. ConfigError, naming the template, when mrml cannot read it.

    No font and no include is ever fetched: fonts are off and mrml is given no loader.
    """
    import mjml

    safe = prepared(source)
    try:
        html: str = mjml.mjml2html(safe, fonts={}, disable_comments=False)
    except ValueError as error:
        raise ConfigError(
            f"the template is not MJML: {error}{_near(safe, str(error))}",
            file=file,
            hint="run newsletter templates lint; each tag must be closed, & must be &amp;",
        ) from error
    return _in_landmark(_shortened(_REFERENCE.sub(_letter, html)))


def _shortened(html: str) -> str:
    """The document without what mrml says twice, such as how words break in every cell, which
    `_in_landmark` says, and without what no program of after 2012 reads."""
    for words in _UNREAD:
        html = html.replace(words, "")
    html, are_whole = _WHOLE_COLUMNS.subn("", html, count=1)
    if are_whole:
        html = html.replace(' class="mj-column-per-100"', "")
    html = _FOR_WORD.sub(lambda said: f"<!--[if mso]{_UNREAD_BY_WORD.sub('', said[1])}", html)
    html = _ON_A_TABLE.sub(r"\1", html)
    return _GROUND.sub(r"\1", _OLD_OUTLOOK.sub("", html))


def _in_landmark(html: str) -> str:
    """The article inside a main landmark, which screen readers jump to and mrml does not write."""
    start = html.find(">", html.find("<body")) + 1
    end = html.rfind("</body>")
    return f'{html[:start]}<div role="main" style="{_BREAKS}">{html[start:end]}</div>{html[end:]}'


def _letter(reference: re.Match[str]) -> str:
    """The letter itself: mrml is done, and `&#1579;` takes three times its room."""
    number = int(reference[1])
    letter = chr(number) if _LAST_LATIN_CONTROL < number <= sys.maxunicode else ""
    return reference[0] if _FORBIDDEN.search(letter) or not letter else letter


def _near(source: str, error: str) -> str:
    """The words at mrml's position, which it counts in bytes; many of its errors have none."""
    position = re.search(r"(\d+):\d+", error)
    if position is None:
        return ""
    at = int(position[1])
    around = source.encode()[max(0, at - 60) : at + 40].decode(errors="replace")
    return f", near {' '.join(around.split())!r}"
