"""What follows a withdrawal: issues and the website go without it, and reprints are named."""

from collections.abc import Callable, Iterable
from dataclasses import dataclass

from newsletter.model.consent import Stop
from newsletter.model.item import Item
from newsletter.stories.recognition import withdrawn_words
from newsletter.workflow.strike import Striker


@dataclass(frozen=True, kw_only=True, slots=True)
class Reprint:
    """A member's post that carries the story."""

    organisation_id: str
    link: str


@dataclass(frozen=True, kw_only=True, slots=True)
class ClearedAway:
    """Who has it still, as far as we know, from which issues its words were struck, by id, and
    whether the website was rebuilt without it."""

    reprints: tuple[Reprint, ...]
    struck: tuple[str, ...]
    site_rebuilt: bool


@dataclass(frozen=True, kw_only=True, slots=True)
class AfterWithdrawal:
    """Knows what was pulled, and how the website is made. `rebuild` is None where there is none."""

    items: Callable[[], Iterable[Item]]
    striker: Striker
    rebuild: Callable[[], object] | None

    def clear_away(self, stop: Stop) -> ClearedAway:
        """Strike the story from what is kept of issues, rebuild the website, and look for it in
        the members' posts."""
        struck = self.striker.strike([stop])
        if self.rebuild is not None:
            self.rebuild()
        found = [
            Reprint(organisation_id=item.organisation_id or "", link=item.link or "")
            for item in self.items()
            if withdrawn_words(f"{item.title}\n\n{item.text}", [stop]) is not None
        ]
        return ClearedAway(
            reprints=tuple(found), struck=struck, site_rebuilt=self.rebuild is not None
        )
