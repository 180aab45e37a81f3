"""What follows a withdrawal: issues and the website go without it, and reprints are named."""

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass

from newsletter.errors import NewsletterError
from newsletter.model.consent import Revocation
from newsletter.model.item import Item
from newsletter.stories.record.recognition import withdrawn_words


@dataclass(frozen=True, kw_only=True, slots=True)
class Reprint:
    """A member's post that carries the story."""

    organisation_id: str
    link: str


@dataclass(frozen=True, kw_only=True, slots=True)
class ClearedAway:
    """Who has it still, as far as we know, from which issues its words were struck, by id, and
    whether the website was rebuilt without it. `left_to_do` says what could not be done now.
    """

    reprints: tuple[Reprint, ...]
    struck: tuple[str, ...]
    site_rebuilt: bool
    left_to_do: tuple[str, ...] = ()


@dataclass(frozen=True, kw_only=True, slots=True)
class AfterWithdrawal:
    """Knows what was pulled, and how the website is made. `rebuild` is None where there is none."""

    items: Callable[[], Iterable[Item]]
    strike: Callable[[Sequence[Revocation]], tuple[str, ...]]
    rebuild: Callable[[], object] | None

    def clear_away(self, stop: Revocation) -> ClearedAway:
        """Strike the story from what is kept of issues, rebuild the website, and look for it in
        the members' posts. One that fails does not keep the others."""
        left = []
        struck, rebuilt, found = tuple[str, ...](), False, tuple[Reprint, ...]()
        try:
            struck = self.strike([stop])
        except NewsletterError as error:
            left.append(
                f"strike it from what is kept of issues: newsletter stories purge ({error})"
            )
        try:
            if self.rebuild is not None:
                self.rebuild()
                rebuilt = True
        except NewsletterError as error:
            left.append(f"take it off the website: newsletter archive ({error})")
        try:
            found = self._reprints(stop)
        except NewsletterError as error:
            left.append(f"look whether a member reprinted it: newsletter items list ({error})")
        return ClearedAway(
            reprints=found, struck=struck, site_rebuilt=rebuilt, left_to_do=tuple(left)
        )

    def _reprints(self, stop: Revocation) -> tuple[Reprint, ...]:
        return tuple(
            Reprint(organisation_id=item.organisation_id or "", link=item.link or "")
            for item in self.items()
            if withdrawn_words(f"{item.title}\n\n{item.text}", [stop]) is not None
        )
