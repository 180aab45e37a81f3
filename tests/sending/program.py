"""A sender that tests start and kill: `python -m tests.sending.program URL ROOT KIND ARGUMENT`.

KIND is smtp (ARGUMENT a port on this machine), sendgrid (a port) or outbox (a folder). Exit 0:
finished, 1: somebody is uncertain.
"""

import signal
import sys
from collections.abc import Callable
from datetime import UTC, datetime
from pathlib import Path

from newsletter.delivery.outbox import Outbox
from newsletter.delivery.sendgrid import Api, Sendgrid
from newsletter.delivery.smtp import Smtp
from newsletter.delivery.smtp_session import Server
from newsletter.delivery.transport import Transport
from newsletter.store.database import open_engine
from newsletter.workflow.send import run
from newsletter.workflow.send_plan import SplicerFor, plan
from tests.sending.parts import ISSUE, SENDER, make_parts

CONNECTIONS = 4
REQUESTS = 2
REQUEST = 40


def _clock() -> datetime:
    return datetime.now(UTC)


def transport(kind: str, argument: str) -> Callable[[SplicerFor], Transport]:
    """The transport of that kind."""
    if kind == "outbox":
        return lambda splicer: Outbox(Path(argument), splicer)
    if kind == "sendgrid":
        api = Api("SG.key", host=f"http://127.0.0.1:{argument}", clock=_clock)
        return lambda splicer: Sendgrid(
            api, SENDER, clock=_clock, request_size=REQUEST, connections=REQUESTS
        )
    server = Server(host="127.0.0.1", port=int(argument), security="none")
    return lambda splicer: Smtp(server, splicer, sender=SENDER.address, connections=CONNECTIONS)


def main() -> int:
    """Send, or go on."""
    url, root, kind, argument = sys.argv[1:5]
    engine = open_engine(url, root=Path(root))
    parts = make_parts(engine, transport(kind, argument), root=Path(root))
    outcome = run(
        parts,
        plan(parts, ISSUE),
        settled=lambda state, count: None,
        draining=lambda stop: signal.signal(signal.SIGTERM, lambda *_: stop()) and None,
    )
    return 1 if outcome.needs_attention else 0


if __name__ == "__main__":
    sys.exit(main())
