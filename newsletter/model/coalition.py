"""Who publishes the digest, under what name it goes out and how an issue is divided."""

from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from datetime import date, datetime
from zoneinfo import ZoneInfo

from newsletter.model.language import first_same
from newsletter.model.reminder import NIGHT, QuietHours, ReminderKind


def _of(names: Mapping[str, str], language: str, otherwise: str) -> str:
    tag = first_same(language, names)
    return names[tag] if tag else otherwise


@dataclass(frozen=True, kw_only=True, slots=True)
class Coalition:
    """The publisher. `postal_address` is required by law in the footer; `timezone` is IANA.

    `public_url` is where `newsletter serve` or the archive is reachable, without a final slash.
    `names` are by language, where it has another one there (`in_language`).
    `logo` and `logo_dark` are files of the workspace; `logo_alt` says what they show.
    """

    name: str
    url: str
    timezone: str
    languages: tuple[str, ...]
    postal_address: str
    public_url: str = ""
    logo: str = ""
    logo_dark: str = ""
    logo_alt: str = ""
    names: Mapping[str, str] = field(default_factory=dict)

    def in_language(self, language: str) -> "Coalition":
        """Return it under the name that readers of a language know."""
        return replace(self, name=_of(self.names, language, self.name))

    @property
    def all_names(self) -> tuple[str, ...]:
        """Return its names in all languages."""
        return (self.name, *self.names.values())

    @property
    def zone(self) -> ZoneInfo:
        """The time zone of its wall clock."""
        return ZoneInfo(self.timezone)

    def day_of(self, moment: datetime) -> date:
        """Return the day that its wall clock shows at that moment, which has a time zone."""
        return moment.astimezone(self.zone).date()


@dataclass(frozen=True, kw_only=True, slots=True)
class Sender:
    """The From line, and the neutral one for people whose phone may be looked at.

    `discreet_name` and `discreet_subject` are the coalition's own, or empty for the usual ones in
    the reader's language (newsletter/design/names.py). What is by language wins (`in_language`).
    """

    name: str
    address: str
    reply_to: str = ""
    list_id: str = ""
    discreet_name: str = ""
    discreet_subject: str = ""
    names: Mapping[str, str] = field(default_factory=dict)
    discreet_names: Mapping[str, str] = field(default_factory=dict)
    discreet_subjects: Mapping[str, str] = field(default_factory=dict)

    def in_language(self, language: str) -> "Sender":
        """Return it as it writes to readers of a language."""
        return replace(
            self,
            name=_of(self.names, language, self.name),
            discreet_name=_of(self.discreet_names, language, self.discreet_name),
            discreet_subject=_of(self.discreet_subjects, language, self.discreet_subject),
        )

    @property
    def domain(self) -> str:
        """Return the domain that mail is from."""
        return self.address.rpartition("@")[2]

    @property
    def mailbox(self) -> str:
        """Return the address that people read: where replies go, and mail to the editors."""
        return self.reply_to or self.address


@dataclass(frozen=True, kw_only=True, slots=True)
class Editor:
    """Someone who may approve an issue, and what they hear by mail: nothing without an `address`.

    What comes in the `quiet` hours leaves after them. With `is_weekly`, what can wait comes in one
    mail a week.
    """

    name: str
    languages: tuple[str, ...] = ()
    address: str = ""
    hears: frozenset[ReminderKind] = frozenset(ReminderKind)
    quiet: QuietHours | None = NIGHT
    is_weekly: bool = False

    def is_to_hear(self, kind: ReminderKind) -> bool:
        """Return whether they are mailed about that."""
        return bool(self.address) and kind in self.hears


@dataclass(frozen=True, kw_only=True, slots=True)
class SectionRule:
    """What lands in a section: `titles` by language; an item fits by kind or topic; at most `most`.

    `kind` names the section's template part: news, events, stories, ...; empty: as the id says.
    """

    id: str
    titles: dict[str, str] = field(default_factory=dict)
    kind: str = "news"
    kinds: tuple[str, ...] = ()
    topics: tuple[str, ...] = ()
    most: int = 12

    def title(self, language: str) -> str:
        """Return the title in that language, else the first one given, else the id."""
        return self.titles.get(language) or next(iter(self.titles.values()), self.id)


def _rule(kind: str, most: int, title: str) -> SectionRule:
    return SectionRule(id=kind, kind=kind, most=most, titles={"en": title})


# What an issue is divided into when newsletter.toml does not say; the catalogues have the titles.
USUAL_SECTIONS: tuple[SectionRule, ...] = (
    _rule("urgent", 1, "Urgent"),
    _rule("stories", 2, "Stories"),
    _rule("news", 12, "Member news"),
    _rule("actions", 3, "Take action"),
    _rule("events", 12, "Events"),
    _rule("media", 3, "Listen and watch"),
    _rule("rights", 3, "Know your rights"),
    _rule("hotlines", 8, "Hotlines"),
    _rule("brief", 12, "In brief"),
)
