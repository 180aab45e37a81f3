"""Plain text as HTML, for feeds that carry no other."""

import html
import re


def paragraphs(text: str) -> str:
    """Return the text as `<p>` elements: parted at blank lines, `<br>` for each line break."""
    parts = re.split(r"\n\s*\n", html.escape(text, quote=False))
    return "".join(
        f"<p>{part.strip().replace(chr(10), '<br>')}</p>" for part in parts if part.strip()
    )
