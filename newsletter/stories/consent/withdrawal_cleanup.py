"""What follows a withdrawal: issues and the website go without it, and reprints are named."""

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass

from newsletter.errors import NewsletterError
from newsletter.model.consent import Revocation
from newsletter.model.item import Item
from newsletter.model.story import StoryText
from newsletter.stories.recognition.recognizer import Recognizer, item_words


@dataclass(frozen=True, kw_only=True, slots=True)
class Reprint:
    """A member's post that carries the story."""

    organisation_id: str
    link: str


@dataclass(frozen=True, kw_only=True, slots=True)
class Redacted:
    """The ids of the issues that had a withdrawn story, and where its words still stand, with why.

    Those files nobody but an editor can mend.
    """

    issues: tuple[str, ...] = ()
    still: tuple[str, ...] = ()


@dataclass(frozen=True, kw_only=True, slots=True)
class CleanupReport:
    """Who still has the story, as far as we know; the ids of the issues it was removed from.

    `left_to_do` says what could not be done now.
    """

    reprints: tuple[Reprint, ...]
    redacted_issues: tuple[str, ...]
    site_rebuilt: bool
    left_to_do: tuple[str, ...] = ()


@dataclass(frozen=True, kw_only=True, slots=True)
class WithdrawalCleanup:
    """Knows what was pulled, and how the website is made. `rebuild` is None where there is none."""

    items: Callable[[], Iterable[Item]]
    recognizer: Recognizer
    redact: Callable[[Sequence[Revocation], Sequence[StoryText]], Redacted]
    rebuild: Callable[[], object] | None

    def run(self, withdrawal: Revocation, texts: Sequence[StoryText] = ()) -> CleanupReport:
        """Remove the story from what is kept of issues, rebuild the website, and look for it in
        the members' posts. One that fails does not keep the others.

        `texts` are its words where they are at hand: `Withdrawn.texts`.
        """
        left = []
        redacted, rebuilt, reprints = Redacted(), False, tuple[Reprint, ...]()
        try:
            redacted = self.redact([withdrawal], texts)
            left += [f"take its words out of {place}" for place in redacted.still]
        except NewsletterError as error:
            left.append(
                f"remove it from our records of past issues: newsletter stories purge ({error})"
            )
        try:
            if self.rebuild is not None:
                self.rebuild()
                rebuilt = True
        except NewsletterError as error:
            left.append(f"take it off the website: newsletter archive ({error})")
        try:
            reprints = tuple(
                Reprint(organisation_id=item.organisation_id or "", link=item.link or "")
                for item in self.items()
                if self.recognizer.find_withdrawal(item_words(item), (withdrawal,)) is not None
            )
        except NewsletterError as error:
            left.append(f"check whether a member reprinted it: newsletter items list ({error})")
        return CleanupReport(
            reprints=reprints,
            redacted_issues=redacted.issues,
            site_rebuilt=rebuilt,
            left_to_do=tuple(left),
        )
