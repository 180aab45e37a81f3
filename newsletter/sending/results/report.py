"""[I/O] `report`: how an issue went."""

from dataclasses import dataclass

from newsletter.errors import UsageError
from newsletter.model.delivery import EventKind, Send, Tally
from newsletter.sending.ports import DeliveryEvents, SendLedger, Tallies
from newsletter.sending.results.results import Line, Results, results


@dataclass(frozen=True, kw_only=True, slots=True)
class Report:
    """One issue's sums, rates and what was told afterwards."""

    send: Send
    tally: Tally
    results: Results
    events: dict[EventKind, int]


def report(
    ledger: SendLedger, tallies: Tallies, events: DeliveryEvents, issue_id: str | None
) -> Report:
    """The report of an issue, or of the latest send. UsageError when there is none."""
    send = ledger.latest() if issue_id is None else ledger.find(issue_id)
    if send is None:
        raise UsageError(
            f"{issue_id} was never sent" if issue_id else "nothing was sent yet",
            hint="newsletter send sends what is approved",
        )
    return Report(
        send=send,
        tally=tallies.tally(send.id),
        results=results(
            Line(
                language=language,
                domain=address.rpartition("@")[2].lower(),
                state=state,
                code=code,
                reason=reason,
            )
            for language, address, state, code, reason in tallies.each(send.id)
        ),
        events=events.counts(send.id),
    )
