"""[I/O] `report`: how an issue went."""

from dataclasses import dataclass

from newsletter.errors import UsageError
from newsletter.model.delivery import EventKind, Send, Tally
from newsletter.sending.ports import SendLedger
from newsletter.sending.results.results import Results, results


@dataclass(frozen=True, kw_only=True, slots=True)
class Report:
    """One issue's sums, rates and what was told afterwards."""

    send: Send
    tally: Tally
    results: Results
    events: dict[EventKind, int]


def report(ledger: SendLedger, issue_id: str | None) -> Report:
    """Report on an issue, or on the latest send. UsageError when it was not sent."""
    send = ledger.latest() if issue_id is None else ledger.find(issue_id)
    if send is None:
        raise UsageError(
            f"{issue_id} was never sent" if issue_id else "nothing was sent yet",
            hint="newsletter send sends what is approved",
        )
    return Report(
        send=send,
        tally=ledger.tally(send.id),
        results=results(ledger.lines(send.id)),
        events=ledger.event_counts(send.id),
    )
