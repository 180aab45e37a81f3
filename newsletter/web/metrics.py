"""What is counted for Prometheus, at an address of its own: no name, address or visitor.

Not a page of the app: whatever the web server in front passes on, it does not reach this.
"""

from collections.abc import Callable, Iterable, Iterator, Mapping
from contextlib import suppress
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from newsletter.errors import NewsletterError
from newsletter.jobs.registry import JOBS
from newsletter.members.load import members
from newsletter.model.job import QueueLength
from newsletter.model.silence import WORKER_SEEN
from newsletter.web.disks import free_bytes
from newsletter.web.health import database_answers
from newsletter.web.site import Site

PATH = "/metrics"
_KIND = "text/plain; version=0.0.4; charset=utf-8"


@dataclass(frozen=True, kw_only=True, slots=True)
class Metric:
    """One number, or one for each value of a label; every label and value is a word of ours."""

    name: str
    help: str
    values: Mapping[str, float]  # by the label's value; by "" where there is no label
    label: str = ""
    kind: str = "gauge"

    def lines(self) -> Iterator[str]:
        """Yield it as Prometheus reads it."""
        yield f"# HELP newsletter_{self.name} {self.help}"
        yield f"# TYPE newsletter_{self.name} {self.kind}"
        for value, number in self.values.items():
            labels = f'{{{self.label}="{value}"}}' if self.label else ""
            yield f"newsletter_{self.name}{labels} {number:.15g}"


def metrics_app(here: Site) -> Callable[[dict[str, Any], Any], Iterable[bytes]]:
    """Return the WSGI app that answers GET /metrics, and nothing else."""

    def answer(environ: dict[str, Any], start_response: Any) -> list[bytes]:
        status, body = "404 Not Found", b""
        if environ["PATH_INFO"] == PATH and environ["REQUEST_METHOD"] == "GET":
            status, body = "200 OK", metrics_text(here).encode()
        size = str(len(body))
        start_response(status, [("Content-Type", _KIND), ("Content-Length", size)])
        return [body]

    return answer


def metrics_text(here: Site) -> str:
    """Return everything that is counted. Without the database: that it is away, and the rest."""
    found = [*_of_this_process(here)]
    is_up = database_answers(here.workspace)
    if is_up:
        try:
            found += [*_pulls(here), *_queues(here), *_jobs(here), *_sends(here)]
        except NewsletterError:
            is_up = False
    found.insert(0, _one("database_up", "1 while the database answers.", is_up))
    return "".join(f"{line}\n" for metric in found for line in metric.lines())


def _one(name: str, help: str, value: float, *, kind: str = "gauge") -> Metric:
    return Metric(name=name, help=help, values={"": float(value)}, kind=kind)


def _of_this_process(here: Site) -> Iterator[Metric]:
    yield Metric(
        name="disk_free_bytes",
        help="Room on the disk of a folder.",
        label="folder",
        values={
            name: free for name, free in free_bytes(here.workspace).items() if free is not None
        },
    )
    yield _one(
        "mails_given_up_total",
        "Single mails that could not leave, since the start.",
        here.given_up.value,
        kind="counter",
    )
    yield _one(
        "requests_given_up_total",
        "Requests whose work could not be done after the answer, since the start.",
        here.later.given_up.value,
        kind="counter",
    )
    yield _one("requests_waiting", "Requests whose work is yet to be done.", here.later.waiting)


def _pulls(here: Site) -> Iterator[Metric]:
    known = here.workspace.feeds.states()
    pulled = max(
        (state.last_pulled_at for state in known.values() if state.last_pulled_at), default=None
    )
    with suppress(NewsletterError):  # an editor is at work in feeds.yaml
        listed = [feed for member in members(here.workspace.files) for feed in member.feeds]
        states = [known.get(feed.url) for feed in listed if not feed.paused]
        failing = sum(state is not None and state.failures > 0 for state in states)
        fresh = states.count(None)
        counts = {"fine": len(states) - failing - fresh, "failing": failing, "not asked yet": fresh}
        yield Metric(name="feeds", help="The members' feeds.", label="state", values=counts)
    yield _one("last_pull_timestamp_seconds", "When a feed was last asked.", _seconds(pulled))


def _queues(here: Site) -> Iterator[Metric]:
    queue = here.workspace.notice_queue
    yield _one("notices_waiting", "Mails that people asked for and wait for.", queue.count())
    oldest = queue.oldest()
    age = 0.0 if oldest is None else (here.clock() - oldest).total_seconds()
    yield _one("notices_oldest_seconds", "How long the first of them has waited.", max(age, 0.0))


def _jobs(here: Site) -> Iterator[Metric]:
    jobs, lengths = here.workspace.jobs, {one.name: one for one in here.workspace.jobs.lengths()}
    none = QueueLength(name="", waiting=0, at_work=0)
    counts = {name: lengths.get(name, none) for name in JOBS}
    yield Metric(
        name="jobs_waiting",
        help="Runs that wait, by job.",
        label="job",
        values={name: count.waiting for name, count in counts.items()},
    )
    yield Metric(
        name="jobs_at_work",
        help="Runs at work, by job.",
        label="job",
        values={name: count.at_work for name, count in counts.items()},
    )
    yield _one("jobs_failed", "Runs that failed and wait for a person.", len(jobs.failed()))
    seen = jobs.workers(since=here.clock() - WORKER_SEEN)
    yield _one("workers", "Workers seen within two minutes.", len(seen))


def _sends(here: Site) -> Iterator[Metric]:
    ledger = here.workspace.ledger
    unfinished = [send for send in ledger.sends() if send.finished_at is None]
    yield _one("sends_unfinished", "Issues that have not reached everybody.", len(unfinished))
    last = ledger.latest()
    if last is not None:
        states = {state.value: n for state, n in ledger.count_states(last.id).items()}
        help = "People of the last issue, by where their copy stands."
        yield Metric(name="last_send_people", help=help, label="state", values=states)
        frozen = "When the last issue's audience was fixed."
        yield _one("last_send_timestamp_seconds", frozen, _seconds(last.frozen_at))


def _seconds(moment: datetime | None) -> float:
    return 0.0 if moment is None else moment.timestamp()
