"""Kills a sender again and again, and holds the receiving side's record against the ledger."""

import random
import sys
from collections import Counter
from collections.abc import Callable
from dataclasses import dataclass, field

from newsletter.model.delivery import DeliveryState, SendState
from newsletter.sending.results.audit import audit, problems_of
from newsletter.sending.send_plan import SendParts
from newsletter.sending.witness import gap
from tests.processes import started, until
from tests.sending.parts import ISSUE
from tests.sending.soak import Progress


@dataclass
class Killed:
    """What happened: how often the sender was killed, and the most people one kill left unsure."""

    kills: int = 0
    most_uncertain: int = 0
    uncertain: int = 0
    finished_by_itself: int = 0
    runs: list[int] = field(default_factory=list)


def kill_until_done(
    parts: SendParts,
    arguments: list[str],
    *,
    people: int,
    kills: int,
    accepted: Callable[[], Counter[str]],
    how_many: Callable[[], int],
    seed: int,
) -> Killed:
    """Start the sender, kill it after a random number of accepted messages, until all is sent.

    After each kill: the audit adds up, and nobody got it twice. Whoever is uncertain is settled
    by what the receiving side wrote down, as an editor with its log would.
    """
    chance = random.Random(seed)
    seen = Killed()
    progress = Progress(combination(arguments), kills)
    for _ in range(kills * 4):
        before = how_many()
        # Of what is left, so that no fast round takes the people of those that follow.
        step = (people - before) // max(kills - seen.kills + 2, 1)
        kill_at = before + chance.randint(0, step) if seen.kills < kills else people + 1
        with started([sys.executable, "-m", "tests.sending.program", *arguments]) as process:
            until(lambda: how_many() >= kill_at, process, every=0.001)  # noqa: B023 - not kept
        if process.returncode >= 0:
            seen.finished_by_itself += 1
        else:
            seen.kills += 1
        send = parts.ledger.find(ISSUE)
        if send is None:
            continue
        parts.ledger.end_expired(send.id, now=parts.clock(), is_gone=parts.is_gone)
        check(parts, accepted())
        seen.runs.append(how_many() - before)
        settle(parts, send.id, accepted(), seen)
        progress.round(seen.kills, f"{how_many()} of {people} accepted, {seen.uncertain} unsure")
        tally = parts.ledger.tally(send.id)
        if tally.states == {DeliveryState.ACCEPTED: people}:
            return seen
    raise AssertionError(f"not done after {seen}")


def combination(arguments: list[str]) -> str:
    """The transport and the ledger that a sender is started with."""
    url, _, transport, *_ = arguments
    return f"{transport}, ledger in {url.partition(':')[0]}"


def figures(arguments: list[str], people: int, accepted: Counter[str], seen: Killed) -> str:
    """What happened, in a line."""
    twice = accepted.total() - len(accepted)
    return (
        f"{combination(arguments)}: {people} people, {seen.kills} kills, "
        f"{people - len(accepted)} missed, {twice} twice, "
        f"at most {seen.most_uncertain} uncertain after a kill"
    )


def check(parts: SendParts, accepted: Counter[str]) -> None:
    """Nobody twice, and the sums hold."""
    assert [name for name, times in accepted.items() if times > 1] == []
    found = audit(parts, ISSUE)
    assert problems_of(found.send, found.tally) == ()
    assert found.holds is (found.send.state is SendState.FINISHED)
    assert gap(parts, ISSUE) is None


def settle(parts: SendParts, send_id: int, accepted: Counter[str], seen: Killed) -> None:
    """Settle the uncertain by the receiving side's own record."""
    unsure = parts.ledger.uncertain(send_id)
    seen.most_uncertain = max(seen.most_uncertain, len(unsure))
    seen.uncertain += len(unsure)
    token = parts.addressing().tokens.token
    arrived = {one.delivery_id: accepted[token(ISSUE, one.subscriber_id)] > 0 for one in unsure}
    for has_it, became in ((True, DeliveryState.ACCEPTED), (False, DeliveryState.WAITING)):
        parts.ledger.settle_uncertain(
            [delivery_id for delivery_id, found in arrived.items() if found is has_it],
            became,
            evidence="the server's record",
            decided_by="the test",
            now=parts.clock(),
        )
    if unsure:
        parts.ledger.change_state(send_id, SendState.RUNNING, only_from=(SendState.FINISHED,))
