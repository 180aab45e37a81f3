"""Contrast of the design tokens, by WCAG 2.2's relative luminance."""

from collections.abc import Iterator
from dataclasses import dataclass

from newsletter.design.tokens import Tokens

AA_TEXT = 4.5  # WCAG 2.2, success criterion 1.4.3

# What is written on each colour, in templates/head.mjml.
WRITTEN_ON = {
    "card": ("text", "muted", "link"),
    "page": ("text", "muted", "link"),
    "band": ("band_text",),
    "button": ("button_text",),
    "accent": ("accent_text",),
    "soft": ("text", "muted", "link", "alert_text"),
    "alert": ("text", "muted", "link", "alert_text"),
}


@dataclass(frozen=True, kw_only=True, slots=True)
class Faint:
    """Two tokens that cannot be read on each other."""

    scheme: str
    ink: str
    ground: str
    ratio: float


def luminance(colour: str) -> float:
    """Return the relative luminance of `#rrggbb`, 0 to 1."""
    channels = [int(colour[at : at + 2], 16) / 255 for at in (1, 3, 5)]
    linear = [c / 12.92 if c <= 0.04045 else ((c + 0.055) / 1.055) ** 2.4 for c in channels]
    return 0.2126 * linear[0] + 0.7152 * linear[1] + 0.0722 * linear[2]


def ratio(ink: str, ground: str) -> float:
    """Return the contrast of two colors, 1 to 21."""
    darker, lighter = sorted((luminance(ink), luminance(ground)))
    return (lighter + 0.05) / (darker + 0.05)


def faint_pairs(tokens: Tokens) -> Iterator[Faint]:
    """Find the pairs under 4.5:1, light and dark."""
    for scheme, colours in (("light", tokens.light), ("dark", tokens.dark)):
        for ground, ink in ((ground, ink) for ground, inks in WRITTEN_ON.items() for ink in inks):
            measured = ratio(getattr(colours, ink), getattr(colours, ground))
            if measured < AA_TEXT:
                yield Faint(scheme=scheme, ink=ink, ground=ground, ratio=measured)
