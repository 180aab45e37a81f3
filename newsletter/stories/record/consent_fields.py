"""The public half of a consent as a mapping: in a story file, in the store, in a receipt."""

from typing import Any

from newsletter.fields.table import Table
from newsletter.model.consent import (
    Attribution,
    Channel,
    Consent,
    Edits,
    PictureConsent,
    ThirdParty,
)

_ALWAYS = ("channels", "languages")


def read_consent(fields: Table) -> Consent:
    """Return the consent a mapping holds. ConfigError with file and line when it holds none."""
    consent = Consent(
        record_id=fields.text("record_id"),
        notice_id=fields.text("notice_id", ""),
        notice_sha256=fields.text("notice_sha256", ""),
        notice_language=fields.text("notice_language", ""),
        notice_shown=fields.text("notice_shown", ""),
        notice_shown_on=fields.day_or_none("notice_shown_on"),
        method=fields.text("method"),
        valid_from=fields.day("valid_from"),
        expires_on=fields.day("expires_on"),
        channels=fields.choices("channels", Channel),
        languages=frozenset(fields.texts("languages", None)),
        attribution=fields.choice("attribution", Attribution, Attribution.ANONYMOUS),
        attribution_words=fields.text("attribution_words", ""),
        picture=fields.choice("picture", PictureConsent, PictureConsent.NONE),
        edits=fields.choice("edits", Edits, Edits.NONE),
        reuse_by=frozenset(fields.texts("reuse_by")),
        is_minor=fields.flag("is_minor", False),
        guardian_consent=fields.flag("guardian_consent", False),
        child_assent=fields.flag("child_assent", False),
        withdrawn_on=fields.day_or_none("withdrawn_on"),
        receipt_hash=fields.text("receipt_hash", ""),
        taken_by=fields.text("taken_by", ""),
        capacity_attested=fields.flag("capacity_attested", False),
        service_guarantee_read=fields.flag("service_guarantee_read", False),
        third_parties=tuple(party.read(_third_party) for party in fields.tables("third_parties")),
    )
    if consent.expires_on < consent.valid_from:
        raise fields.error("expires_on is before valid_from", key="expires_on")
    if consent.attribution is Attribution.ANONYMOUS and consent.attribution_words:
        raise fields.error(
            "attribution_words prints a name although the storyteller is anonymous",
            "remove it, or say which attribution was agreed",
            key="attribution_words",
        )
    if consent.attribution is not Attribution.ANONYMOUS and not consent.attribution_words:
        raise fields.error(
            "attribution needs attribution_words: the words to print", key="attribution"
        )
    return consent


def _third_party(fields: Table) -> ThirdParty:
    return ThirdParty(role=fields.text("role"), settled=fields.text("settled", "open"))


def consent_as_mapping(consent: Consent) -> dict[str, Any]:
    """Return what `read_consent` reads; what was not given is left out."""
    mapping = consent.plain()
    del mapping["ended_early"]  # a revocation says so, in its own file
    return {key: value for key, value in mapping.items() if key in _ALWAYS or _is_given(value)}


def _is_given(value: Any) -> bool:
    return value is not None and value is not False and value not in ("", [])
