"""The week that the demo runs: the commands a user would type, with a word on each."""

from dataclasses import dataclass


@dataclass(frozen=True, kw_only=True, slots=True)
class Step:
    """One command of the week. `before` is told first; `accepts` are the exit codes that go on."""

    before: str
    command: tuple[str, ...]
    accepts: tuple[int, ...] = (0,)

    @property
    def shown(self) -> str:
        """As a user would type it."""
        words = (f"'{word}'" if " " in word else word for word in self.command)
        return " ".join(("newsletter", *words))


PULLS = (
    Step(
        before="Twelve readers, in English, Spanish and Arabic, are imported from a file.",
        command=("subscribers", "import", "subscribers.csv"),
    ),
    Step(
        before="Monday: fetch the members' feeds. Some have problems; none of them stops the rest.",
        command=("pull",),
    ),
    Step(
        before="Thursday: once more. What has not changed costs nothing; one member has news.",
        command=("pull", "--all"),
    ),
)


def hide(item_id: str) -> Step:
    """Keep one item out."""
    return Step(
        before="A member's site was hacked. Its feed was made harmless; its spam is kept out.",
        command=("items", "hide", item_id),
    )


DRAFT = Step(before="A draft in each language: text files for you to edit.", command=("draft",))


def sends(issue: str) -> tuple[Step, ...]:
    """Check, approve and send that issue: named, for a new week may have begun since the draft."""
    return (
        Step(
            before="What blocks the issue, and what an editor should look at.",
            command=("check", issue),
        ),
        Step(
            before="How it looks on a desktop, on a phone and in dark mode.",
            command=("preview", issue, "--no-open"),
        ),
        Step(
            before="An editor approves exactly these bytes.",
            command=("approve", issue, "--as", "Rosa"),
        ),
        Step(
            before="Send it, once to each person. The transport is the outbox: nobody gets mail.",
            command=("send", "--yes"),
        ),
        Step(
            before="Does it add up? Everyone is in the audience, or there is a reason why not.",
            command=("audit",),
        ),
        Step(before="And how it went.", command=("report",)),
    )
