"""The week that the demo runs: the commands a user would type, with a word on each."""

import shlex
from typing import NamedTuple


class Step(NamedTuple):
    """One command of the week, and what is told before it runs."""

    before: str
    command: tuple[str, ...]

    @property
    def shown(self) -> str:
        """As a user would type it."""
        return shlex.join(("newsletter", *self.command))


PULLS = (
    Step(
        "Twelve readers, in English, Spanish and Arabic, are imported from a file.",
        ("subscribers", "import", "subscribers.csv"),
    ),
    Step(
        "Monday: fetch the members' feeds. Some have problems; none of them stops the rest.",
        ("pull",),
    ),
    Step(
        "Thursday: once more. What has not changed costs nothing; one member has news.",
        ("pull", "--all"),
    ),
)


def hide(item_id: str) -> Step:
    """Keep one item out."""
    return Step(
        "A member's site was hacked. Its feed was made harmless; its spam is kept out.",
        ("items", "hide", item_id),
    )


DRAFT = Step("A draft in each language: text files for you to edit.", ("draft",))


def sends(issue: str) -> tuple[Step, ...]:
    """Check, approve and send that issue: named, for a new week may have begun since the draft."""
    return (
        Step("What blocks the issue, and what an editor should look at.", ("check", issue)),
        Step(
            "How it looks on a desktop, on a phone and in dark mode.",
            ("preview", issue, "--no-open"),
        ),
        Step("An editor approves exactly these bytes.", ("approve", issue, "--as", "Rosa")),
        Step(
            "Send it, once to each person. The transport is the outbox: nobody gets mail.",
            ("send", "--yes"),
        ),
        Step(
            "Does it add up? Everyone is in the audience, or there is a reason why not.",
            ("audit",),
        ),
        Step("And how it went.", ("report",)),
    )
