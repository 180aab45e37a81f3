"""Run by bench/send.py: one whole send, ledger on; prints its figures as JSON.

`python -m bench._send_ours smtp|sendgrid PORT PEOPLE FOLDER`
"""

import gc
import json
import resource
import sys
import time
from datetime import UTC, datetime
from pathlib import Path

from newsletter.sending.results.audit import audit
from newsletter.sending.transports.sendgrid import Api, Sendgrid
from newsletter.sending.transports.smtp import Smtp
from newsletter.sending.transports.smtp_session import Server
from newsletter.store.database import open_engine
from newsletter.store.schema import migrate
from tests.sending.parts import ISSUE, SENDER, add_people, edition, make_parts, send_all

HTML = "<p>" + "What the members did this week, in words. " * 1150 + "</p>"
TEXT = "What the members did this week, in words.\n" * 200
LINKS = '<a href="@@preferences_url@@">Preferences</a> <a href="@@leave_url@@">Leave</a>'


def clock() -> datetime:
    return datetime.now(UTC)


def main(kind: str, port: int, people: int, folder: Path) -> None:
    made = edition(
        "en", html=f"<html><body>{HTML}{LINKS}</body></html>", text=f"{TEXT}\n@@leave_url@@\n"
    )
    engine = open_engine("sqlite:///ledger.db", root=folder)
    migrate(engine)
    for start in range(1, people + 1, 10_000):
        add_people(engine, min(10_000, people + 1 - start), start=start)
    server = Server(host="127.0.0.1", port=port, security="none")
    api = Api("SG.key", host=f"http://127.0.0.1:{port}", clock=clock)
    parts = make_parts(
        engine,
        lambda splicer: (
            Smtp(server, splicer, sender=SENDER.address, connections=20)
            if kind == "smtp"
            else Sendgrid(api, SENDER, clock=clock, request_size=1000, connections=4)
        ),
        editions=(made,),
    )
    gc.freeze()  # as the command does
    gc.set_threshold(100_000, 50, 100)
    begun, used = time.perf_counter(), time.process_time()
    send_all(parts)
    seconds, cpu = time.perf_counter() - begun, time.process_time() - used
    assert audit(parts, ISSUE).is_complete
    peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024
    sys.stdout.write(json.dumps({"seconds": seconds, "cpu": cpu, "peak_mb": peak}) + "\n")


if __name__ == "__main__":
    main(sys.argv[1], int(sys.argv[2]), int(sys.argv[3]), Path(sys.argv[4]))
