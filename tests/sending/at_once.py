"""One of several senders that begin at the same moment: `python -m tests.sending.at_once URL ROOT`.

For each line `ISSUE KIND ARGUMENT [OPTION=VALUE …]` it plans that send, says `ready`, waits for
another line, and sends; then says how that ended. With `verb=` it does that at that moment instead:
pause, cancel, resend or copy.
"""

import sys
from datetime import UTC, datetime
from pathlib import Path

from newsletter.errors import NewsletterError
from newsletter.model.message import RenderedEdition
from newsletter.sending import send_control
from newsletter.sending.begin_send import SendOptions
from newsletter.sending.resend import NEVER_GOT_IT, try_again, who_missed
from newsletter.sending.send import run
from newsletter.sending.send_copy import send_copy
from newsletter.sending.send_plan import plan
from newsletter.store.database import open_engine
from tests.sending.parts import edition, ignore, make_parts
from tests.sending.program import transport


def editions(issue_id: str) -> tuple[RenderedEdition, ...]:
    """What is approved of that issue."""
    return edition("en", issue_id=issue_id), edition("es", issue_id=issue_id)


def options(words: list[str]) -> SendOptions:
    """Those that were named."""
    named = dict(word.split("=", 1) for word in words)
    due_at, rate = named.get("due_at"), named.get("rate")
    return SendOptions(
        due_at=datetime.fromisoformat(due_at).astimezone(UTC) if due_at else None,
        rate=float(rate) if rate else None,
    )


def main() -> None:
    """Send what is asked for, one after the other."""
    url, root = sys.argv[1:]
    engine = open_engine(url, root=Path(root))
    for line in sys.stdin:
        issue_id, kind, argument, *words = line.split()
        parts = make_parts(
            engine, transport(kind, argument), editions=editions(issue_id), root=Path(root)
        )
        verb = dict(word.split("=", 1) for word in words).get("verb", "send")
        planned = plan(parts, issue_id)
        choice = who_missed(parts, issue_id, NEVER_GOT_IT) if verb == "resend" else None
        say("ready")
        sys.stdin.readline()
        try:
            if verb == "copy":
                send_copy(parts, issue_id, "editor@example.org")
                say("done")
                continue
            if verb in ("pause", "cancel"):
                say(getattr(send_control, verb)(parts, issue_id).state.value)
                continue
            if choice is not None:
                try_again(parts, choice, by="Ana")
                planned = plan(parts, issue_id)
            outcome = run(
                parts,
                planned,
                on_settled=ignore,
                options=options(words),
            )
        except NewsletterError as error:
            say(f"{type(error).__name__}: {error}")
        else:
            say("attention" if outcome.needs_attention else "done")


def say(words: str) -> None:
    """A line to whoever started this."""
    sys.stdout.write(f"{words}\n")
    sys.stdout.flush()


if __name__ == "__main__":
    main()
