"""Which headers other systems write in their exports, and what they mean by them.

IP addresses, names and guessed places, which those exports carry, are never read.
"""

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
    SUBSCRIBED = "subscribed"  # no: this person left; nothing: never confirmed
    LEFT_AT = "left_at"  # anything but no: this person left
    BOUNCED_AT = "bounced_at"  # anything but no: this address returned mail
    ATTRIBUTES = "attributes"  # JSON, as listmonk writes it


@dataclass(frozen=True, kw_only=True, slots=True)
class CsvForm:
    """How one system writes its export: header names as `plain` has them, and words for states.

    `signs` are headers that only this system writes. `needed` columns say who agreed: without one
    the file is refused, and a line that leaves them all empty counts as never confirmed. `ignored`
    headers sound as if they told who left, and do not. A form with an `objection` is used only when
    it was asked for.
    """

    name: str
    headers: Mapping[Column, tuple[str, ...]]
    signs: tuple[str, ...] = ()
    needed: tuple[Column, ...] = ()
    active: frozenset[str] = frozenset({"confirmed"})
    unconfirmed: frozenset[str] = frozenset({"pending"})
    ended: Mapping[str, SuppressionReason] = field(default_factory=dict)
    ignored: frozenset[str] = frozenset()
    objection: str = ""


# What Ghost, Mailcoach, Mailtrain, Sendy, Brevo, Odoo, CiviCRM and sheets made by hand write.
_SUBSCRIBED = (
    *("subscribed", "subscribed to emails", "is subscribed", "opt in", "opted in", "email opt in"),
    *("accepts email marketing", "accepts marketing", "suscrito", "suscrita"),
)
_LEFT = (
    *("left at", "left", "unsubscribed at", "unsubscribed", "unsubscribe date", "unsub time"),
    *("date unsubscribed", "opt out", "opted out", "is opt out", "email opt out"),
    *("no bulk emails (user opt out)", "no bulk emails", "do not email", "deleted at", "on hold"),
    *("blacklist", "blacklisted", "is blacklisted", "email blacklisted", "email blocklisted"),
    *("blocklist", "blocklisted", "desuscrito", "desuscrita", "baja", "fecha de baja"),
)
_BOUNCED = ("bounced at", "bounced", "hard bounced", "hard bounce", "rebotado")

PLAIN = CsvForm(
    name="plain",
    headers={
        Column.ADDRESS: (
            "address",
            "email",
            "e mail",
            "email address",
            "e mail address",
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
        Column.PAUSED_UNTIL: ("paused until",),
        Column.STATE: ("state", "status"),
        Column.JOINED_AT: ("joined at", "joined"),
        Column.CONFIRMED_AT: ("confirmed at", "confirmed"),
        Column.PROOF: ("proof", "source"),
        Column.SUBSCRIBED: _SUBSCRIBED,
        Column.LEFT_AT: _LEFT,
        Column.BOUNCED_AT: _BOUNCED,
    },
    active=frozenset({"confirmed", "subscribed", "active"}),
    unconfirmed=frozenset({"pending", "unconfirmed"}),
    ended={
        "left": SuppressionReason.LEFT,
        "unsubscribed": SuppressionReason.LEFT,
        "bounced": SuppressionReason.BOUNCED,
        "complained": SuppressionReason.COMPLAINED,
        "erased": SuppressionReason.ERASED,
        "blocklisted": SuppressionReason.LEFT,
        "cleaned": SuppressionReason.BOUNCED,
    },
)

MAILCHIMP = CsvForm(
    name="mailchimp",
    headers={
        Column.ADDRESS: ("email address", "email"),
        Column.LANGUAGE: ("language", "languages", "idioma"),
        Column.STATE: ("status", "confirm status"),
        Column.JOINED_AT: ("optin time",),
        Column.CONFIRMED_AT: ("confirm time",),
        Column.LEFT_AT: ("unsub time",),
        Column.BOUNCED_AT: ("clean time",),
    },
    signs=("member rating", "leid", "euid"),
    needed=(Column.CONFIRMED_AT,),  # people who never subscribed are exported alike, without it
    active=frozenset({"subscribed"}),
    unconfirmed=frozenset({"pending", "non-subscribed", "transactional"}),
    ended={
        "unsubscribed": SuppressionReason.LEFT,
        "archived": SuppressionReason.LEFT,
        "cleaned": SuppressionReason.BOUNCED,
    },
    ignored=frozenset(
        {
            *("unsub campaign title", "unsub campaign id", "unsub reason", "unsub reason other"),
            *("clean campaign title", "clean campaign id", "optin ip"),
        }
    ),
)

ACTION_NETWORK = CsvForm(
    name="action-network",
    headers={
        Column.ADDRESS: ("email",),
        Column.LANGUAGE: ("language", "languages", "preferred language", "idioma"),
        Column.STATE: ("can2 subscription status",),
        Column.JOINED_AT: ("created at", "can2 created at"),
    },
    signs=("can2 subscription status", "can2 user tags"),
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
        Column.JOINED_AT: ("created at",),
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
    objection="listmonk writes how a person stands in all of listmonk, not on a list: someone who "
    "left your list is `enabled` all the same. Export only those whom the list has as confirmed, "
    "then say --form listmonk",
)

SUBSTACK = CsvForm(
    name="substack",
    headers={
        Column.ADDRESS: ("email",),
        Column.LEFT_AT: ("email disabled",),
        Column.JOINED_AT: ("created at",),
    },
    signs=("email disabled",),
    needed=(Column.LEFT_AT,),
    ignored=frozenset({"active subscription"}),  # whether they pay
)

FORMS = {form.name: form for form in (PLAIN, MAILCHIMP, ACTION_NETWORK, LISTMONK, SUBSTACK)}
