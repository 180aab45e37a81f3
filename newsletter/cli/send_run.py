"""The part of `newsletter send`, and of its siblings, in which mails leave."""

import gc
import signal
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from typing import TYPE_CHECKING

from newsletter.cli.output import exit_1_if, note, print_json, progress
from newsletter.cli.send_output import show_result, show_schedule
from newsletter.cli.workspace import Workspace
from newsletter.model.delivery import DeliveryState, SendState

if TYPE_CHECKING:
    from newsletter.sending.begin_send import SendOptions
    from newsletter.sending.send_plan import SendParts, SendPlan
    from newsletter.sending.stop_signal import StopSignal

ENDING = (signal.SIGTERM, signal.SIGINT)
_STOPPING = "Stopping. Mails already on their way will finish."


def send_now(workspace: Workspace, issue_id: str) -> None:
    """Send to everyone who waits, of whom the person at the terminal has just heard the number."""
    from newsletter.sending.begin_send import SendOptions
    from newsletter.sending.send_plan import plan as make_plan

    parts = workspace.sending
    begin_and_hand_over(parts, make_plan(parts, issue_id), SendOptions())


def begin_and_hand_over(parts: "SendParts", plan: "SendPlan", options: "SendOptions") -> None:
    """Fix the audience and hand over, or leave that to a worker when it has time until then."""
    from newsletter.sending.begin_send import begin

    begun = begin(parts, plan, options)
    send = begun.send
    if begun.joined:
        note("Another newsletter send has just begun it: this one shares the work.")
    with asked_by_signals() as stop:  # before anybody is told that they may wait
        if send.state is SendState.SCHEDULED:
            has_worker = parts.has_worker()
            show_schedule(send, parts.coalition.zone, has_worker=has_worker)
            if has_worker and options.due_at is not None:
                print_json({"issue": send.issue_id, "state": send.state, "due_at": send.due_at})
                return
            note("This command waits until then.")
        _hand_over(parts, begun.plan, stop)


def _hand_over(parts: "SendParts", plan: "SendPlan", stop: "StopSignal") -> None:
    from newsletter.sending.send import run

    # A send makes millions of small things that live for one request and hold no cycles: looking
    # for cycles among them as often as usual costs a fifth of its time.
    gc.freeze()
    gc.set_threshold(100_000, 50, 100)
    with progress("Sending", plan.people) as advance:

        def settled(state: DeliveryState, count: int) -> None:
            if state is not DeliveryState.WAITING:  # who is tried again later is not done
                advance(count)

        outcome = run(parts, plan, on_settled=settled, stop=stop)
    show_result(outcome, has_worker=parts.has_worker())
    exit_1_if(outcome.needs_attention)


@contextmanager
def asked_by_signals() -> Iterator["StopSignal"]:
    """Drain on the first SIGTERM or Ctrl-C; let a second Ctrl-C end at once. Who presses Ctrl-C
    means everyone; SIGTERM ends this one process, and others go on."""
    from newsletter.sending.stop_signal import StopSignal

    stop = StopSignal()

    def drain(number: int, frame: object) -> None:
        stop.ask(for_all=number == signal.SIGINT)
        signal.signal(number, signal.SIG_DFL)
        with suppress(OSError, RuntimeError):  # the terminal is gone, or being written to just now
            note(_STOPPING)

    before = {number: signal.signal(number, drain) for number in ENDING}
    try:
        yield stop
    finally:
        for number, handler in before.items():
            signal.signal(number, handler)
