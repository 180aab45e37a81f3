"""What editors are mailed when a storyteller takes a story back that others may have reprinted.

Nobody sits at a terminal then, and the storyteller was told that those groups will hear of it.
"""

import html

from newsletter.model.notice import Notice
from newsletter.stories.consent.withdraw import Withdrawn
from newsletter.stories.consent.withdrawal_cleanup import CleanupReport


def reprints_letter(done: Withdrawn, after: CleanupReport, *, to: str) -> Notice | None:
    """Return the mail, with random ids and members' links only; None when nobody is to be asked."""
    if not done.reuse_by and not after.reprints:
        return None
    lines = [
        f"A storyteller took a story back, with the code: {done.story_id or done.record_id}. "
        "Nothing that is sent or published from now on carries it.",
        *(f"{organisation} had permission to reprint it." for organisation in done.reuse_by),
        *(f"{post.organisation_id} carries it: {post.link}" for post in after.reprints),
        "Please ask them today to take it down.",
    ]
    words = "".join(f"<p>{html.escape(line)}</p>" for line in lines)
    return Notice(
        address=to,
        language="en",
        subject="A story was taken back: please ask those who reprinted it",
        text="\n\n".join(lines) + "\n",
        html=f'<!doctype html><html lang="en"><body>{words}</body></html>',
    )
