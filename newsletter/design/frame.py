"""What the templates of every mail may use: the tokens, and what depends on the direction."""

from typing import Any

from newsletter.design.bidi_gettext import isolate
from newsletter.design.localizer import Localizer
from newsletter.design.templates import Templates


def frame_names(localizer: Localizer, templates: Templates, escape: type[str]) -> dict[str, Any]:
    """Gather them; docs/templates.md lists them. `escape` is Markup for HTML, str for text."""
    tokens, is_rtl = templates.tokens, localizer.dir == "rtl"
    return {
        "isolated": lambda text: isolate(text, localizer, escape),
        "start": "right" if is_rtl else "left",
        "end": "left" if is_rtl else "right",
        "light": tokens.light,
        "dark": tokens.dark,
        "type": tokens.type_for(localizer.language),
        "space": tokens.space,
    }
