"""An address as typed, read once into the form that is mailed. No DNS is asked."""

from dataclasses import dataclass

from email_validator import EmailNotValidError, validate_email

LONGEST = 254  # RFC 5321 4.5.3.1.3, less the angle brackets
_BEFORE = "the part before the @ is not valid"
_AFTER = "the part after the @ is not a domain that can receive mail"


@dataclass(frozen=True, kw_only=True, slots=True)
class BadAddress:
    """Not an address that mail can be sent to; `reason` never repeats what was typed."""

    reason: str


def read_address(text: str) -> str | BadAddress:
    """Read the address to mail: Unicode NFC, the domain in lower case.

    Domains that can never get mail (`localhost`, `.test`, `.invalid`) are refused.
    """
    text = text.strip().removeprefix("mailto:").strip("<>")
    if not text:
        return BadAddress(reason="no address")
    if len(text) > LONGEST:
        return BadAddress(reason=f"an address has at most {LONGEST} characters")
    if text.count("@") != 1:
        return BadAddress(reason="no @ in it" if "@" not in text else "more than one @ in it")
    try:
        return validate_email(text, check_deliverability=False, strict=True).normalized
    except EmailNotValidError as error:
        # Its messages may quote the address; which half they are about is all that is passed on.
        about_domain = "after the @" in str(error) or "domain" in str(error)
        return BadAddress(reason=_AFTER if about_domain else _BEFORE)
