"""What a mail to an editor says: what is so, and the one thing to do, in the editor's language.

A story is never named, nor anybody who told one or reads the newsletter.
"""

import shlex
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from gettext import NullTranslations

from babel.numbers import format_decimal

from newsletter.design.localizer import Localizer
from newsletter.design.names import issue_name
from newsletter.design.notice import Block, Command, Lines, Words
from newsletter.model.reminder import Reminder, ReminderKind

MOST_LINES = 10


@dataclass(frozen=True, kw_only=True, slots=True)
class Part:
    """What a mail says of one thing."""

    subject: str
    lead: str
    ask: str
    command: str
    lines: tuple[str, ...] = ()

    @property
    def blocks(self) -> tuple[Block, ...]:
        """Return it as a notice shows it."""
        lines = (Lines(lines=self.lines),) if self.lines else ()
        return (Words(text=self.lead), *lines, Words(text=self.ask), Command(text=self.command))


@dataclass(frozen=True, kw_only=True, slots=True)
class Speech:
    """The language that an editor is told in, and the name they approve with."""

    localizer: Localizer
    editor: str

    @property
    def translations(self) -> NullTranslations:
        """The catalogue."""
        return self.localizer.translations

    def plural(self, one: str, many: str, count: int) -> str:
        """Return the sentence that fits the number, with the number in it."""
        return self.translations.ngettext(one, many, count) % {"count": self.number(count)}

    def number(self, count: int | str) -> str:
        """Write a whole number as the language does."""
        return str(format_decimal(int(count), locale=self.localizer.locale))

    def subject(self, what: str, about: Mapping[str, str | int]) -> str:
        """Return what is so, and of which issue."""
        return f"{what} · {issue_name(str(about['issue']), self.localizer.language)}"

    def day(self, iso: str | int) -> str:
        """Write a day as the language does."""
        return self.localizer.day(date.fromisoformat(str(iso)))


def part_of(told: Sequence[Reminder], speech: Speech) -> Part:
    """Say reminders of one kind and, where they are of one, of one issue."""
    return _PARTS[told[0].key.kind](told, speech)


def _lines(told: Sequence[Reminder], line: Callable[[Reminder], str], speech: Speech) -> list[str]:
    """A line for each, none of them twice, and how many more there are."""
    lines = list(dict.fromkeys(map(line, told)))
    shown = lines[:MOST_LINES]
    if more := len(lines) - len(shown):
        shown.append(speech.plural("and %(count)s more", "and %(count)s more", more))
    return shown


def _draft(told: Sequence[Reminder], speech: Speech) -> Part:
    say, about = speech.translations.gettext, told[0].said
    return Part(
        subject=speech.subject(say("The draft is ready"), about),
        lead=say("The draft is in the folder issues/%(issue)s.") % about,
        ask=say("Edit it, then see what is left to do:"),
        command=f"newsletter check {about['issue']}",
    )


def _approval(told: Sequence[Reminder], speech: Speech) -> Part:
    say, about = speech.translations.gettext, told[0].said
    if about["have"]:
        numbers = {key: speech.number(about[key]) for key in ("have", "required")}
        lead = say("It has %(have)s of the %(required)s approvals that it needs.") % numbers
    else:
        lead = say("Nobody has approved it yet.")
    return Part(
        subject=speech.subject(say("Your approval is wanted"), about),
        lead=lead,
        ask=say("Read it first (newsletter preview). If it is right:"),
        command=f"newsletter approve {about['issue']} --as {shlex.quote(speech.editor)}",
    )


def _sent(told: Sequence[Reminder], speech: Speech) -> Part:
    say, about = speech.translations.gettext, told[0].said
    numbers = {key: speech.number(about[key]) for key in ("taken", "people")}
    return Part(
        subject=speech.subject(say("Sent, and everyone is accounted for"), about),
        lead=say("Mail servers took %(taken)s of %(people)s copies.") % numbers,
        ask=say("To see how it went:"),
        command=f"newsletter report issue {about['issue']}",
    )


def _send_trouble(told: Sequence[Reminder], speech: Speech) -> Part:
    say, about = speech.translations.gettext, told[-1].said
    leads = {
        "paused": (
            "The send is paused, and one person waits.",
            "The send is paused, and %(count)s people wait.",
        ),
        "stopped": (
            "The send was stopped, and one person waits.",
            "The send was stopped, and %(count)s people wait.",
        ),
        "day": (
            "The send has stood still for a day, and one person waits.",
            "The send has stood still for a day, and %(count)s people wait.",
        ),
        "idle": (
            "Nobody is sending, and one person waits.",
            "Nobody is sending, and %(count)s people wait.",
        ),
    }
    what = str(about["what"])
    if what in leads:
        lead = speech.plural(*leads[what], int(about["waiting"]))
    else:
        lead = say("The numbers of people do not add up.")
    return Part(
        subject=speech.subject(say("The send needs you"), about),
        lead=lead,
        ask=say("To see what is wrong, and how to go on:"),
        command=f"newsletter audit {about['issue']}",
    )


def _uncertain(told: Sequence[Reminder], speech: Speech) -> Part:
    say, about = speech.translations.gettext, told[0].said
    return Part(
        subject=speech.subject(say("Who got it is not certain"), about),
        lead=speech.plural(
            "One person may or may not have got it: nobody heard the mail server's answer.",
            "%(count)s people may or may not have got it: nobody heard the mail server's answer.",
            int(about["people"]),
        ),
        ask=say("You decide whether they are sent another copy. To see them:"),
        command=f"newsletter audit {about['issue']}",
    )


# By what `changed_since_sent` says of a piece, up to a comma.
_CHANGES = {
    "was removed at its source": "“%(title)s” was removed at its source.",
    "was edited at its source": "“%(title)s” was edited at its source.",
    "was cancelled at its source": "“%(title)s” was cancelled at its source.",
    "is at another time at its source": "“%(title)s” is at another time: %(now)s.",
    "is at another place at its source": "“%(title)s” is at another place: %(now)s.",
}
_CHANGED = "“%(title)s” is different at its source."


def _sources(told: Sequence[Reminder], speech: Speech) -> Part:
    say, about = speech.translations.gettext, told[0].said

    def line(reminder: Reminder) -> str:
        what, _, now = str(reminder.said["what"]).partition(", ")
        return say(_CHANGES.get(what, _CHANGED)) % {"title": reminder.said["title"], "now": now}

    return Part(
        subject=speech.subject(say("A source changed after it was mailed"), about),
        lead=say("Readers have this otherwise:"),
        lines=tuple(_lines(told, line, speech)),
        ask=say("If they should know, put it right in the draft, then:"),
        command=f"newsletter correct {about['issue']}",
    )


def _stories(_told: Sequence[Reminder], speech: Speech) -> Part:
    say = speech.translations.gettext
    return Part(
        subject=say("Something new waits for the editors"),
        lead=say("Something new waits for the editors."),
        ask=say("To see what it is, run:"),
        command="newsletter stories inbox",
    )


def _consents(told: Sequence[Reminder], speech: Speech) -> Part:
    say = speech.translations.gettext
    return Part(
        subject=say("Consents end soon"),
        lead=speech.plural(
            "The consent to use one story ends within 30 days.",
            "The consents to use %(count)s stories end within 30 days.",
            sum(int(reminder.said["stories"]) for reminder in told),
        ),
        ask=say("To see which, and what they still allow:"),
        command="newsletter stories list",
    )


def _feeds(told: Sequence[Reminder], speech: Speech) -> Part:
    say = speech.translations.gettext

    def line(reminder: Reminder) -> str:
        since = speech.day(reminder.said["since"])
        return say("%(member)s, since %(day)s") % {**reminder.said, "day": since}

    return Part(
        subject=speech.plural(
            "A member's feed has trouble", "%(count)s members' feeds have trouble", len(told)
        ),
        lead=say("This is the second day, or a later one, that we cannot read:"),
        lines=tuple(_lines(told, line, speech)),
        ask=say("To see what is wrong, and how it can be put right:"),
        command="newsletter feeds health",
    )


def _jobs(told: Sequence[Reminder], speech: Speech) -> Part:
    say = speech.translations.gettext

    def line(reminder: Reminder) -> str:
        said: Mapping[str, str | int] = reminder.said
        return f"{said['job']}: {said['error']}" if said["error"] else str(said["job"])

    return Part(
        subject=say("Something that runs by itself has failed"),
        lead=say("This will not be tried again:"),
        lines=tuple(_lines(told, line, speech)),
        ask=say("To see it, and to try it again:"),
        command="newsletter jobs",
    )


_PARTS: dict[ReminderKind, Callable[[Sequence[Reminder], Speech], Part]] = {
    ReminderKind.SEND_TROUBLE: _send_trouble,
    ReminderKind.UNCERTAIN: _uncertain,
    ReminderKind.APPROVAL: _approval,
    ReminderKind.DRAFT: _draft,
    ReminderKind.SENT: _sent,
    ReminderKind.SOURCES: _sources,
    ReminderKind.STORIES: _stories,
    ReminderKind.CONSENTS: _consents,
    ReminderKind.FEEDS: _feeds,
    ReminderKind.JOBS: _jobs,
}
