"""Asks an editor, at the terminal, what a review session still needs. None of it touches disk."""

import re
from collections.abc import Sequence
from dataclasses import dataclass, field
from shutil import get_terminal_size
from typing import TYPE_CHECKING

import click

from newsletter.cli.output import counted, note
from newsletter.errors import AttentionError

if TYPE_CHECKING:
    from newsletter.model.consent import ThirdParty
    from newsletter.model.story import StoryText
    from newsletter.stories.reviewing.session import Detail, Place, ReviewSession

_HELP = (
    "(k)eep and why, (g)eneralize with other words, (r)emove (k4,9 for several of the list); or "
    "(b)ack, (u)ndo, (m)ark other words, (l)ist, (t)ext, (s)top"
)
_DECIDED = re.compile(r"(?P<choice>[kgr])(?P<numbers>(?:\d+(?:,\d+)*)?)")
_NUMBERS = re.compile(r"[\d, ]+")  # after a space they are no reason: whoever typed them meant k4,9
_MOVES = ("b", "u", "m", "l", "t", "s")
_NOBODYS = "says nothing about who it is"
_A_PAGE = 15  # details on one list
_LEAST, _MOST = 12, 60  # characters shown on each side of a detail
_AROUND = len("   1  …[[  ]]…")


@dataclass(kw_only=True, slots=True)
class ReviewPrompts:
    """One review at a terminal, until nothing is left to ask or the editor stops.

    `others` is what the storyteller wrote about other people, `known` who was settled before.
    """

    session: "ReviewSession"
    others: str = field(default="", repr=False)
    known: tuple["ThirdParty", ...] = ()
    _closer: set[str] = field(default_factory=set, repr=False)  # to be asked about one by one
    _reason: str = field(default="", repr=False)
    _is_read: bool = False  # nothing more to mark

    def ask(self) -> "ReviewSession":
        """Return the finished session. AttentionError when the editor stops, or input ends."""
        try:
            self._warn()
            while not self.session.is_finished:
                self._ask_next()
        except click.Abort:
            raise AttentionError("stopped; nothing was written") from None
        return self.session

    def _warn(self) -> None:
        for words in self.session.unread:
            note(
                f"The scan does not know the language of “{words}…”: of what shows who they are it "
                "finds only numbers and the like. Have it read, and mark words with m."
            )

    def _ask_next(self) -> None:
        from newsletter.stories.reviewing.session import IN_ONE_GO

        waiting = self.session.open
        single = [one for one in waiting if one.why not in IN_ONE_GO or one.key in self._closer]
        if single:
            self._ask_one(single[0])
        elif waiting:
            self._ask_list(waiting[:_A_PAGE])
        elif not self._is_read:
            self._ask_missed()
        elif self.session.others is None:
            self._ask_others()
        else:
            self._ask_recognizable()

    def _ask_one(self, detail: "Detail") -> None:
        details = self.session.details
        places = f", {len(detail.places)} places" if len(detail.places) > 1 else ""
        note(f"\n{details.index(detail) + 1} of {len(details)}: {detail.why}{places}")
        for place in detail.places[:3]:
            note(self._line(place))
        head, words = self._typed(_HELP)
        decided = _DECIDED.fullmatch(head)
        if decided is None or (head in ("k", "r") and _NUMBERS.fullmatch(words)):
            self._other(head, words)
            return
        numbers = [int(number) for number in decided["numbers"].split(",") if number]
        if all(1 <= number <= len(details) for number in numbers):
            chosen = [details[number - 1] for number in numbers] or [detail]
            self._decide(decided["choice"], words, chosen)
        else:
            note(f"  there are {len(details)} details: (l)ist shows their numbers")

    def _decide(self, head: str, words: str, details: Sequence["Detail"]) -> None:
        from newsletter.stories.reviewing.replacing import Choice, Decision

        if head == "k" and not words:
            words = click.prompt("Reason for keeping it", default=self._reason or None, err=True)
        if head == "g" and not words:
            words = click.prompt("Replace it with", err=True)
        if head == "k":
            self._reason = words
        choice = {"k": Choice.KEEP, "g": Choice.GENERALISE, "r": Choice.REMOVE}[head]
        self.session = self.session.decide(Decision(choice=choice, words=words.strip()), details)

    def _ask_list(self, details: Sequence["Detail"]) -> None:
        """Dates, numbers and unusual words are many and seldom tell: seen and kept together."""
        from newsletter.stories.reviewing.replacing import Choice, Decision

        note("\nDates, numbers and unusual words:")
        for number, detail in enumerate(details, 1):
            place = detail.places[0]
            room = get_terminal_size().columns - len(detail.words) - _AROUND
            note(f"{number:>4}{self._line(place, min(max(room // 2, _LEAST), _MOST))}")
        head, words = self._typed(
            "Numbers of those that may show who it is, such as 2 5 (Enter: none); or (b), (u), "
            "(m), (l), (t), (s)",
            default="",
        )
        numbers = f"{head} {words}".replace(",", " ").split()
        if all(one.isdecimal() and 1 <= int(one) <= len(details) for one in numbers):
            chosen = {details[int(one) - 1].key for one in numbers}
            self._closer |= chosen
            rest = [detail for detail in details if detail.key not in chosen]
            if rest:
                kept = Decision(choice=Choice.KEEP, words=_NOBODYS)
                self.session = self.session.decide(kept, rest)
        else:
            self._other(head, words)

    def _ask_missed(self) -> None:
        self._show_text()
        head, words = self._typed(
            "Words still there that may show who it is (Enter: none); or (b), (u), (l), (s)",
            default="",
        )
        if head == "m" or (head in _MOVES and not words):
            self._other(head, words)
        elif head:
            self._mark(f"{head} {words}")
        else:
            self._is_read = True

    def _ask_others(self) -> None:
        from newsletter.model.consent import ThirdParty
        from newsletter.stories.reviewing.review import names_somebody
        from newsletter.stories.reviewing.session import SETTLED

        note("")
        if self.session.relatives:
            note(f"Relatives and ages: {', '.join(dict.fromkeys(self.session.relatives))}")
        if self.others:
            note(f"The storyteller wrote: {self.others}")
        before = ", ".join(party.role for party in self.known)
        while True:
            roles = click.prompt(
                "Who else is in the story? Roles only, such as: sister, neighbor (Enter: "
                f"{before or 'nobody'}); or (b), (u), (m), (l), (t), (s)",
                default=before,
                show_default=False,
                err=True,
            ).strip()
            if roles in _MOVES:
                self._other(roles, "")
                return
            if not names_somebody(roles):
                break
            note("  That looks like a name. Roles are written in clear: only say sister, neighbor.")
        settled = {party.role: party.settled for party in self.known}
        parties = [
            ThirdParty(
                role=role,
                settled=click.prompt(
                    role, type=click.Choice(SETTLED), default=settled.get(role), err=True
                ),
            )
            for role in map(str.strip, roles.split(","))
            if role
        ]
        self.session = self.session.settle(parties)

    def _ask_recognizable(self) -> None:
        left = self.session.combination
        note("\nWhat readers see of all this, together:" if left else "\nNothing marked is left.")
        for words in left:
            note(f"  - {' '.join(words.split())}")
        head, words = self._typed(
            "Would people who know them recognize them? (n)o, (y)es: change something; or (b), "
            "(u), (m), (l), (t), (s)"
        )
        if head == "n":
            self.session = self.session.confirm_unrecognizable()
        elif head == "y" and not self.session.details:
            self._other("m", "")
        elif head == "y":
            self._list()
            number = click.prompt(
                "Number of the detail to decide again",
                type=click.IntRange(1, len(self.session.details)),
                err=True,
            )
            self._reopen(self.session.details[number - 1])
        else:
            self._other(head, words)

    def _other(self, head: str, words: str) -> None:
        if head == "s":
            left = len(self.session.open)
            raise AttentionError(
                f"{counted(left, 'detail')} undecided; nothing was written"
                if left
                else "stopped; nothing was written",
                hint="run the command again when you have time",
            )
        if head == "u":
            self.session = self.session.undone
            self._is_read = False
        elif head == "b":
            self._back()
        elif head == "m":
            self._mark(words or click.prompt("Words to mark", err=True))
        elif head == "l":
            self._list()
        elif head == "t":
            self._show_text()
        else:
            note(f"  {_HELP}")

    def _back(self) -> None:
        """Ask again what was decided last."""
        last = next(reversed(list(self.session.decisions)), None)
        for detail in self.session.details:
            if detail.key == last:
                self._reopen(detail)

    def _reopen(self, detail: "Detail") -> None:
        self._closer.add(detail.key)
        self.session = self.session.reopen(detail)

    def _mark(self, words: str) -> None:
        from newsletter.stories.reviewing.session import WordsNotFoundError

        try:
            self.session = self.session.mark(words)
        except WordsNotFoundError as error:
            note(f"  {error}: type them as they stand there")

    def _list(self) -> None:
        for number, detail in enumerate(self.session.details, 1):
            decision = self.session.decisions.get(detail.key)
            done = f"{decision.choice.value} {decision.words}" if decision else "undecided"
            note(f"{number:>4}  {' '.join(detail.words.split())}: {done}")

    def _show_text(self) -> None:
        note("\nAs it stands now:")
        for text in self.session.preview():
            note(f"\n{text}")
        note("")

    def _line(self, place: "Place", characters: int = _MOST) -> str:
        """A place with the words around it; what is listed has a row of the terminal."""
        before, after = self.session.around(place, characters)
        words = self.session.parts[place.part].text[place.span.start : place.span.end]
        return f"  …{before}[[ {words} ]]{after}…".replace("\n", " ")

    @staticmethod
    def _typed(label: str, default: str | None = None) -> tuple[str, str]:
        """The first letter or word typed, and what follows it."""
        typed = str(click.prompt(label, default=default, show_default=False, err=True)).strip()
        head, _, words = typed.partition(" ")
        return head.lower(), words.strip()


def ask_excerpt(text: "StoryText") -> int:
    """Ask where the short part ends, at the end of a sentence; return its length in characters."""
    from newsletter.model.story import count_words, most_words_of
    from newsletter.stories.reviewing.excerpt import excerpt_ends, proposed_end

    ends = excerpt_ends(text.body)
    at, most = ends.index(proposed_end(text.body)), most_words_of(text.body)
    note("\nThey said no to all of it by email: a short part is used, up to the end of a sentence.")
    while True:
        count = count_words(text.body[: ends[at]])
        note(f"\n{text.body[: ends[at]]}\n")
        note(f"  {count} words; at most {most} without a yes to exactly this part.")
        typed = click.prompt(
            "(Enter) take it, + or - a sentence", default="", show_default=False, err=True
        )
        if typed in ("+", "-"):
            at = min(max(at + (1 if typed == "+" else -1), 0), len(ends) - 1)
        elif not typed:
            if at == len(ends) - 1:
                note("  This is the whole, which they said no to: by email it is not used.")
            elif count > most:
                note("  This is long: ask about exactly this part (agreed --long-excerpt).")
            return ends[at]
