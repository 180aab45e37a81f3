"""The mail that tells editors to look: that something arrived, and nothing of what or from whom."""

import html

from newsletter.model.notice import Notice

_LINES = (
    "Something new waits for the editors. To see what it is, run:",
    "newsletter stories inbox",
    "You get this mail at most once a day.",
)


def something_arrived(*, to: str) -> Notice:
    """Return the mail: the same words each time."""
    words = "".join(f"<p>{html.escape(line)}</p>" for line in _LINES)
    return Notice(
        address=to,
        language="en",
        subject="Something new waits for the editors",
        text="\n\n".join(_LINES) + "\n",
        html=f'<!doctype html><html lang="en"><body>{words}</body></html>',
    )
