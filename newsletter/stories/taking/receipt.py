"""What the storyteller keeps: a consent receipt as text and as JSON.

Fields as in ISO/IEC TS 27560:2023 and the Kantara consent receipt. No name and no contact is in
it, so that a receipt found on somebody tells nobody whose it is. It does hold the code.
"""

from dataclasses import dataclass
from typing import Any

from babel.dates import format_date

from newsletter.model.consent import Channel, Consent
from newsletter.stories.record.consent_notice import RETENTION_DAYS, Notice
from newsletter.stories.record.story_language import channel_names, story_gettext

_LINES = (
    "Your receipt",
    "",
    "Your code: %(code)s",
    "Keep it where only you look. With it you can take your story back, at any time.",
    "Take it back here: %(withdraw)s",
    "",
    "You said yes to: %(yes)s",
    "You said no to: %(no)s",
    "Until %(until)s. We do not go on after that without asking.",
    "Before anything is published you see or hear the final words.",
    "What you wrote is locked and is deleted %(days)s days after that, or at once when you take it "
    "back.",
    "What has been sent by email before cannot be called back.",
)
_NOTICE = ("notice_id", "notice_sha256", "notice_language", "notice_shown")
_MINOR = ("is_minor", "guardian_consent", "child_assent")
_ATTESTED = ("capacity_attested", "service_guarantee_read")


@dataclass(frozen=True, kw_only=True, slots=True)
class Receipt:
    """A consent as its giver gets it; `code` is shown once and kept nowhere."""

    consent: Consent
    notice: Notice
    code: str
    controller: str
    withdraw_at: str

    def text(self) -> str:
        """Return the receipt in the language of the notice."""
        gettext = story_gettext(self.notice.language)
        yes = [channel for channel in Channel if channel in self.consent.channels]
        no = [channel for channel in Channel if channel not in self.consent.channels]
        values = {
            "code": self.code,
            "withdraw": self.withdraw_at,
            "yes": channel_names(yes, gettext) or gettext("nothing"),
            "no": channel_names(no, gettext) or gettext("nothing"),
            "until": format_date(self.consent.expires_on, "long", locale=self.notice.language),
            "days": RETENTION_DAYS,
        }
        return "\n".join(line and gettext(line) % values for line in _LINES) + "\n"

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
                "withdrawal_methods": [self.withdraw_at, "ask any editor"],
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
