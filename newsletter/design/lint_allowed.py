"""What template files may use: MJML and HTML by tag, and the names that a template is given."""

from collections.abc import Mapping

_BOX = "background-color border border-bottom border-left border-right border-top border-radius"
_PADDING = "padding padding-bottom padding-left padding-right padding-top"
_FONT = "color font-family font-size font-style font-weight letter-spacing line-height"

COMMON = frozenset({"css-class", "mj-class"})
HTML_ATTRIBUTES = frozenset(
    {"class", "style", "lang", "dir", "title", "id", "role", "aria-label", "aria-hidden"}
)


def _set(*words: str) -> frozenset[str]:
    return frozenset(" ".join(words).split())


ATTRIBUTES: Mapping[str, frozenset[str]] = {
    "mjml": _set("lang dir"),
    "mj-head": _set(),
    "mj-title": _set(),
    "mj-attributes": _set(),
    "mj-all": _set("*"),
    "mj-class": _set("*"),
    "mj-style": _set(),
    "mj-raw": _set(),
    "mj-body": _set("width background-color"),
    "mj-wrapper": _set(_BOX, _PADDING, "full-width text-align"),
    "mj-section": _set(_BOX, _PADDING, "direction full-width text-align"),
    "mj-group": _set("width vertical-align background-color direction"),
    "mj-column": _set(
        _BOX, _PADDING, "direction width vertical-align inner-background-color inner-border-radius"
    ),
    "mj-text": _set(
        _FONT, _PADDING, "align height text-decoration text-transform container-background-color"
    ),
    "mj-image": _set(
        _BOX, _PADDING, "align alt height href src width title target fluid-on-mobile "
        "container-background-color",
    ),
    "mj-button": _set(
        _BOX, _FONT, _PADDING, "align height href inner-padding rel target text-align "
        "text-decoration text-transform width container-background-color",
    ),
    "mj-divider": _set(_PADDING, "align border-color border-style border-width width"),
    "mj-table": _set(_FONT, _PADDING, "align border cellpadding cellspacing table-layout width"),
    "a": _set("href hreflang"),
    "link": _set("rel href hreflang type"),
    "img": _set("src alt width height"),
    "meta": _set("name content property"),
    "table": _set("width border cellpadding cellspacing align"),
    "td": _set("colspan rowspan align valign width"),
    "th": _set("colspan rowspan align valign width scope"),
    "ol": _set("start"),
    **dict.fromkeys(
        _set(
            "p h1 h2 h3 h4 h5 h6 div span strong em b i s u small sub sup br hr ul li dl dt dd "
            "blockquote code pre bdo time tr thead tbody tfoot caption"
        ),
        _set(),
    ),
}  # fmt: skip

REFUSED: Mapping[str, str] = {
    "mj-accordion": "it loads pictures from another host",
    "mj-carousel": "it loads pictures from another host",
    "mj-social": "it loads pictures from another host",
    "mj-social-element": "it loads pictures from another host",
    "mj-navbar": "few mail programs support its menu",
    "mj-hero": "its background picture would be loaded from a host",
    "mj-font": "it loads a font from another host",
    "bdi": "Gmail, Outlook.com and Yahoo drop it; write {{ isolated(...) }}",
    "mj-spacer": "spam filters take its blank for hidden words; use mj-text with a line-height",
    "mj-include": "use {% include %}",
    "mj-preview": "issue.mjml writes the preheader: MJML's own is white on white",
    "mj-html-attributes": "mrml cannot read it",
    "mj-breakpoint": "the design has one column",
    "script": "mail must not run anything",
    "iframe": "mail must not embed anything",
    "form": "mail must not submit anything",
    "input": "mail must not submit anything",
    "style": "use mj-style",
}

# The names of newsletter.design.render.context, and what a part finds set by the one above it.
CONTEXT = frozenset(
    _set(
        "e web preheader _ ngettext credit_line action_label recording_label in_words isolated "
        "start end light dark type space leave_url preferences_url section p d body"
    )
)
