"""A sender that tests start and kill: `python -m tests.sending.program URL ROOT KIND ARGUMENT`.

With a name behind it, it is a sender on another machine of that name, over one connection, which
is taken for dead after two seconds.

KIND is smtp (ARGUMENT a port on this machine), sendgrid (a port) or outbox (a folder). Exit 0:
finished, 1: somebody is uncertain.
"""

import signal
import sys
from collections.abc import Callable
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from pathlib import Path

from newsletter.sending.send import run
from newsletter.sending.send_plan import SplicerFor, plan
from newsletter.sending.stop_signal import StopSignal
from newsletter.sending.transports.outbox import Outbox
from newsletter.sending.transports.sendgrid import Api, Sendgrid
from newsletter.sending.transports.smtp import Smtp
from newsletter.sending.transports.smtp_session import Server
from newsletter.sending.transports.transport import Transport
from newsletter.store.database import open_engine
from tests.sending.parts import ISSUE, SENDER, ignore, limited, make_parts

CONNECTIONS = 4
REQUESTS = 2
REQUEST = 40


def _clock() -> datetime:
    return datetime.now(UTC)


def transport(
    kind: str, argument: str, *, connections: int = CONNECTIONS
) -> Callable[[SplicerFor], Transport]:
    """The transport of that kind."""
    if kind == "outbox":
        return lambda splicer: Outbox(Path(argument), splicer)
    if kind == "sendgrid":
        api = Api("SG.key", host=f"http://127.0.0.1:{argument}", clock=_clock)
        return lambda splicer: Sendgrid(
            api, SENDER, clock=_clock, request_size=REQUEST, connections=REQUESTS
        )
    server = Server(host="127.0.0.1", port=int(argument), security="none")
    return lambda splicer: Smtp(server, splicer, sender=SENDER.address, connections=connections)


def main() -> int:
    """Send, or go on."""
    url, root, kind, argument, *elsewhere = sys.argv[1:]
    engine = open_engine(url, root=Path(root))
    connections = 1 if elsewhere else CONNECTIONS
    parts = make_parts(engine, transport(kind, argument, connections=connections), root=Path(root))
    for name in elsewhere:
        process = replace(parts.process, host=name)
        parts = limited(replace(parts, process=process), lease=timedelta(seconds=2))
    stop = StopSignal()
    signal.signal(signal.SIGTERM, lambda *_: stop.ask())
    outcome = run(parts, plan(parts, ISSUE), on_settled=ignore, stop=stop)
    return 1 if outcome.needs_attention else 0


if __name__ == "__main__":
    sys.exit(main())
