"""What the storyteller keeps: a consent receipt as text and as JSON.

Fields as in ISO/IEC TS 27560:2023 and the Kantara consent receipt. No name and no contact is in
it, so that a receipt found on somebody tells nobody whose it is. It does hold the code.
"""

from dataclasses import dataclass
from typing import Any

from babel.dates import format_date

from newsletter.model.consent import Channel, Consent
from newsletter.stories.record.channels import CHANNELS
from newsletter.stories.record.consent_notice import RETENTION_DAYS, Notice

_WORDS = {
    "en": {
        "title": "Your receipt",
        "code": "Your code: {code}",
        "keep": "Keep it where only you look. With it you can take your story back, at any time.",
        "where": "Take it back here: {withdraw}",
        "yes": "You said yes to: {uses}",
        "no": "You said no to: {uses}",
        "nothing": "nothing",
        "until": "Until {until}. We do not go on after that without asking.",
        "read": "Before anything is published you see or hear the final words.",
        "kept": "What you wrote is locked and is deleted {days} days after that, or at once when "
        "you take it back.",
        "sent": "What has been sent by email before cannot be called back.",
    },
    "es": {
        "title": "Su recibo",
        "code": "Su código: {code}",
        "keep": "Guárdelo donde solo usted lo vea. Con él puede retirar su historia cuando quiera.",
        "where": "Retírela aquí: {withdraw}",
        "yes": "Usted dijo sí a: {uses}",
        "no": "Usted dijo no a: {uses}",
        "nothing": "nada",
        "until": "Hasta el {until}. Después no seguimos sin preguntarle.",
        "read": "Antes de publicar algo, usted ve o escucha las palabras finales.",
        "kept": "Lo que escribió está bajo llave y se borra {days} días después, o de "
        "inmediato si la retira.",
        "sent": "Lo que ya se haya enviado por correo no se puede recuperar.",
    },
}


@dataclass(frozen=True, kw_only=True, slots=True)
class Receipt:
    """A consent as its giver gets it; `code` is shown once and kept nowhere."""

    consent: Consent
    notice: Notice
    code: str
    controller: str
    withdraw_at: str

    def text(self) -> str:
        """The receipt in the language of the notice."""
        words = _WORDS[self.notice.language]
        names = CHANNELS[self.notice.language]
        yes = [names[channel] for channel in Channel if channel in self.consent.channels]
        no = [names[channel] for channel in Channel if channel not in self.consent.channels]
        last_day = format_date(self.consent.expires_on, "long", locale=self.notice.language)
        lines = [
            words["title"],
            "",
            words["code"].format(code=self.code),
            words["keep"],
            words["where"].format(withdraw=self.withdraw_at),
            "",
            words["yes"].format(uses=", ".join(yes) or words["nothing"]),
            words["no"].format(uses=", ".join(no) or words["nothing"]),
            words["until"].format(until=last_day),
            words["read"],
            words["kept"].format(days=RETENTION_DAYS),
            words["sent"],
        ]
        return "\n".join(lines) + "\n"

    def as_mapping(self) -> dict[str, Any]:
        """The receipt for JSON; times no finer than a day."""
        consent = self.consent
        given = consent.valid_from.isoformat()
        return {
            "receipt_header": {
                "schema_version": "ISO/IEC TS 27560:2023",
                "receipt_id": f"{consent.record_id}-1",
                "record_id": consent.record_id,
                "principal_id": f"principal-{consent.record_id}",
                "issued_on": given,
            },
            "controller": {"name": self.controller},
            "notice": {
                "notice_id": consent.notice_id,
                "notice_sha256": consent.notice_sha256,
                "notice_language": consent.notice_language,
                "served_on": given,
            },
            "processing": {
                "purposes": [
                    {"purpose": channel.value, "consented": channel in consent.channels}
                    for channel in Channel
                ],
                "lawful_basis": "consent",
                "languages": sorted(consent.languages),
                "picture": consent.picture.value,
                "edits_allowed": consent.edits.value,
                "reuse_by": sorted(consent.reuse_by),
                "storage_location": "sealed to the editors' keys, at the controller",
                "retention_days": RETENTION_DAYS,
                "withdrawal_methods": [self.withdraw_at, "ask any editor"],
            },
            "consent": {
                "collection_method": consent.method,
                "taken_by": consent.taken_by,
                "valid_from": given,
                "expires_on": consent.expires_on.isoformat(),
                "is_minor": consent.is_minor,
                "guardian_consent": consent.guardian_consent,
                "child_assent": consent.child_assent,
                "capacity_attested": consent.capacity_attested,
                "service_guarantee_read": consent.service_guarantee_read,
            },
            "events": [{"type": "given", "on": given, "actor": "storyteller"}],
            "withdrawal_code": self.code,
        }
