"""Which column of a CSV file holds what: our own form, and the exports of other systems.

IP addresses, names and guessed places, which those exports carry, are never read.
"""

import csv
import unicodedata
from collections.abc import Mapping
from dataclasses import dataclass, field
from enum import StrEnum

from newsletter.model.subscriber import SuppressionReason


class Column(StrEnum):
    """What a column may hold."""

    ADDRESS = "address"
    LANGUAGE = "language"
    TOPICS = "topics"
    REGIONS = "regions"
    FREQUENCY = "frequency"
    DISCREET = "discreet"
    PAUSED_UNTIL = "paused_until"
    STATE = "state"
    JOINED_AT = "joined_at"
    CONFIRMED_AT = "confirmed_at"
    PROOF = "proof"
    LEFT_AT = "left_at"  # any text in it: this person left
    BOUNCED_AT = "bounced_at"  # any text in it: this address returned mail
    ATTRIBUTES = "attributes"  # JSON, as listmonk writes it


@dataclass(frozen=True, kw_only=True, slots=True)
class CsvForm:
    """How one system writes its export: header names as `_plain` has them, and words for states.

    `signs` are headers that only this system writes. `needed` columns say who agreed: without one
    the file is refused, and a line that leaves them all empty counts as never confirmed.
    """

    name: str
    headers: Mapping[Column, tuple[str, ...]]
    signs: tuple[str, ...] = ()
    needed: tuple[Column, ...] = ()
    active: frozenset[str] = frozenset({"confirmed"})
    unconfirmed: frozenset[str] = frozenset({"pending"})
    ended: Mapping[str, SuppressionReason] = field(default_factory=dict)


PLAIN = CsvForm(
    name="plain",
    headers={
        Column.ADDRESS: (
            "address",
            "email",
            "e-mail",
            "email address",
            "e-mail address",
            "mail",
            "correo",
            "correo electronico",
            "direccion de correo electronico",
        ),
        Column.LANGUAGE: ("language", "lang", "idioma"),
        Column.TOPICS: ("topics", "topic", "temas", "tema"),
        Column.REGIONS: ("regions", "region", "regiones"),
        Column.FREQUENCY: ("frequency",),
        Column.DISCREET: ("discreet",),
        Column.PAUSED_UNTIL: ("paused_until",),
        Column.STATE: ("state", "status"),
        Column.JOINED_AT: ("joined_at", "joined"),
        Column.CONFIRMED_AT: ("confirmed_at", "confirmed"),
        Column.PROOF: ("proof", "source"),
    },
    active=frozenset({"confirmed", "subscribed", "active"}),
    unconfirmed=frozenset({"pending", "unconfirmed"}),
    ended={
        "left": SuppressionReason.LEFT,
        "unsubscribed": SuppressionReason.LEFT,
        "bounced": SuppressionReason.BOUNCED,
        "complained": SuppressionReason.COMPLAINED,
        "erased": SuppressionReason.ERASED,
    },
)

MAILCHIMP = CsvForm(
    name="mailchimp",
    headers={
        Column.ADDRESS: ("email address", "email"),
        Column.LANGUAGE: ("language", "languages", "idioma"),
        Column.STATE: ("status", "confirm_status"),
        Column.JOINED_AT: ("optin_time",),
        Column.CONFIRMED_AT: ("confirm_time",),
        Column.LEFT_AT: ("unsub_time",),
        Column.BOUNCED_AT: ("clean_time",),
    },
    signs=("member_rating", "leid", "euid"),
    needed=(Column.CONFIRMED_AT,),  # people who never subscribed are exported alike, without it
    active=frozenset({"subscribed"}),
    unconfirmed=frozenset({"pending", "non-subscribed", "transactional"}),
    ended={
        "unsubscribed": SuppressionReason.LEFT,
        "archived": SuppressionReason.LEFT,
        "cleaned": SuppressionReason.BOUNCED,
    },
)

ACTION_NETWORK = CsvForm(
    name="action-network",
    headers={
        Column.ADDRESS: ("email",),
        Column.LANGUAGE: ("language", "languages", "preferred language", "idioma"),
        Column.STATE: ("can2_subscription_status",),
        Column.JOINED_AT: ("created_at", "can2_created_at"),
    },
    signs=("can2_subscription_status", "can2_user_tags"),
    needed=(Column.STATE,),
    active=frozenset({"subscribed"}),
    unconfirmed=frozenset({"not subscribed", "pending"}),
    ended={
        "unsubscribed": SuppressionReason.LEFT,
        "bouncing": SuppressionReason.BOUNCED,
        "bounced": SuppressionReason.BOUNCED,
        "previous bounce": SuppressionReason.BOUNCED,
        "spam complaint": SuppressionReason.COMPLAINED,
        "previous spam complaint": SuppressionReason.COMPLAINED,
    },
)

LISTMONK = CsvForm(
    name="listmonk",
    headers={
        Column.ADDRESS: ("email",),
        Column.STATE: ("status",),
        Column.JOINED_AT: ("created_at",),
        Column.ATTRIBUTES: ("attributes",),
    },
    signs=("attributes",),
    needed=(Column.STATE,),
    active=frozenset({"enabled", "confirmed"}),
    unconfirmed=frozenset({"unconfirmed", "disabled"}),
    ended={
        "unsubscribed": SuppressionReason.LEFT,
        "blocklisted": SuppressionReason.LEFT,
    },
)

FORMS = {form.name: form for form in (PLAIN, MAILCHIMP, ACTION_NETWORK, LISTMONK)}


@dataclass(frozen=True, kw_only=True, slots=True)
class Layout:
    """One file's form, what separates its columns, and where each of them stands."""

    form: CsvForm
    delimiter: str
    place: Mapping[Column, int]


def layout_of(
    header: str, *, form: CsvForm | None = None, chosen: Mapping[Column, str] | None = None
) -> Layout:
    """Read the first line. Without `form` it is recognized; `chosen` names headers by hand.

    Separated by comma, semicolon (as Excel writes in much of the world) or tab.
    KeyError with a header that was chosen or cannot be missing, when it is not there.
    """
    delimiter = max(",;\t", key=header.count)
    names = [_plain(name) for name in next(csv.reader([header], delimiter=delimiter), [])]
    index = {name: place for place, name in reversed(list(enumerate(names)))}
    if form is None:
        known = (MAILCHIMP, ACTION_NETWORK, LISTMONK)
        form = next((form for form in known if not index.keys().isdisjoint(form.signs)), PLAIN)
    places = {
        column: index[name]
        for column, headers in form.headers.items()
        for name in reversed(headers)  # the first of those that are there
        if name in index
    }
    for column, name in (chosen or {}).items():
        if _plain(name) not in index:
            raise KeyError(name)
        places[column] = index[_plain(name)]
    for column in (Column.ADDRESS, *form.needed):
        if column not in places:
            raise KeyError(form.headers[column][0])
    return Layout(form=form, delimiter=delimiter, place=places)


def _plain(header: str) -> str:
    """A header without capitals and accents, which people leave out: Correo Electrónico."""
    letters = unicodedata.normalize("NFKD", header.strip().casefold())
    return "".join(letter for letter in letters if not unicodedata.combining(letter))
