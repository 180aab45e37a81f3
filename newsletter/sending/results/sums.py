"""The sums that a ledger must satisfy."""

from newsletter.model.delivery import Send, SendState, Tally


def problems_of(send: Send, tally: Tally) -> tuple[str, ...]:
    """List each sum that does not hold, in words. Empty is proof."""
    problems = []
    if send.candidates != send.audience + send.excluded:
        problems.append(
            f"{send.candidates} candidates are not "
            f"{send.audience} in the audience + {send.excluded} excluded"
        )
    if tally.audience != send.audience:
        problems.append(
            f"{send.audience} people were frozen into the audience, "
            f"but {tally.audience} have a row in the ledger"
        )
    if tally.excluded != send.excluded:
        problems.append(
            f"{send.excluded} people were excluded, but {tally.excluded} have a row that says why"
        )
    if tally.twice:
        problems.append(f"{tally.twice} people are both in the audience and excluded from it")
    if tally.abandoned:
        problems.append(f"{tally.abandoned} people are claimed by a sender that has ended")
    if send.state is SendState.FINISHED and tally.open:
        problems.append(f"the send is finished, but {tally.open} people still wait")
    return tuple(problems)
