"""What the storyteller keeps: a consent receipt as text and as JSON.

Fields as in ISO/IEC TS 27560:2023 and the Kantara consent receipt. No name and no contact is in
it, so that a receipt found on somebody tells nobody whose it is. It does hold the code.
"""

from dataclasses import dataclass
from typing import Any

from newsletter.model.consent import Channel, Consent
from newsletter.stories.record.consent_notice import RETENTION_DAYS, Notice
from newsletter.stories.record.story_language import (
    channel_name,
    day_in_words,
    fill,
    in_its_order,
    story_gettext,
)

_BY_CODE = (
    "With it you can see the final text, say yes or no, and take your story back at any time, on "
    "this page: %(page)s"
)
_BY_ASKING = "With it any editor of %(coalition)s can take your story back, at any time."
_LINES = (
    "",
    "Until %(until)s. After that we do not go on without asking you.",
    "Before anything is published you see or hear the final text.",
    "What you told us is locked. It is deleted %(days)s days after %(until)s, or at once when you "
    "take your story back.",
    "An email that has been sent cannot be deleted or called back: it stays with the people who "
    "got it.",
)
_NOTICE = ("notice_id", "notice_sha256", "notice_language", "notice_shown")
_MINOR = ("is_minor", "guardian_consent", "child_assent")
_ATTESTED = ("capacity_attested", "service_guarantee_read")


@dataclass(frozen=True, kw_only=True, slots=True)
class Receipt:
    """A consent as its giver gets it; `code` is shown once and kept nowhere.

    `withdraw_at` is the page where the code is used, empty where there is none.
    """

    consent: Consent
    notice: Notice
    code: str
    controller: str
    withdraw_at: str

    def text(self) -> str:
        """Return the receipt in the language of the notice."""
        gettext = story_gettext(self.notice.language)
        said = {True: gettext("yes"), False: gettext("no")}
        uses = (
            f"– {channel_name(channel, gettext)}: {said[channel in self.consent.channels]}"
            for channel in Channel
        )
        lines = (
            gettext("Your receipt"),
            "",
            gettext("Your code: %(code)s"),
            gettext("Keep it where only you look."),
            gettext(_BY_CODE if self.withdraw_at else _BY_ASKING),
            gettext("If you lose it, tell any editor which story is yours."),
            "",
            gettext("What you said:"),
            *uses,
            *(line and gettext(line) for line in _LINES),
        )
        return "\n".join(fill(line, **self._values()) for line in lines) + "\n"

    def _values(self) -> dict[str, object]:
        language = self.notice.language
        return {
            "code": in_its_order(self.code, language),
            "page": in_its_order(self.withdraw_at, language),
            "coalition": in_its_order(self.controller, language),
            "until": day_in_words(self.consent.expires_on, language),
            "days": RETENTION_DAYS,
        }

    def as_mapping(self) -> dict[str, Any]:
        """Return the receipt for JSON; times no finer than a day."""
        consent, plain = self.consent, self.consent.plain()
        first_day = consent.valid_from.isoformat()
        return {
            "receipt_header": {
                "schema_version": "ISO/IEC TS 27560:2023",
                "receipt_id": f"{consent.record_id}-1",
                "record_id": consent.record_id,
                "principal_id": f"principal-{consent.record_id}",
                "issued_on": first_day,
            },
            "controller": {"name": self.controller},
            "notice": {
                **{name: plain[name] for name in _NOTICE},
                "served_on": plain["notice_shown_on"] and plain["notice_shown_on"].isoformat(),
            },
            "processing": {
                "purposes": [
                    {"purpose": channel.value, "consented": channel in consent.channels}
                    for channel in Channel
                ],
                "lawful_basis": "consent",
                "languages": plain["languages"],
                "picture": plain["picture"],
                "edits_allowed": plain["edits"],
                "reuse_by": plain["reuse_by"],
                "storage_location": "sealed to the editors' keys, at the controller",
                "retention_days": RETENTION_DAYS,
                "withdrawal_methods": [*filter(None, [self.withdraw_at]), "ask any editor"],
            },
            "consent": {
                "collection_method": consent.method,
                "taken_by": consent.taken_by,
                "valid_from": first_day,
                "expires_on": consent.expires_on.isoformat(),
                **{flag: plain[flag] for flag in (*_MINOR, *_ATTESTED)},
            },
            "events": [{"type": "given", "on": first_day, "actor": "storyteller"}],
            "withdrawal_code": self.code,
        }
