"""Check 12: the same message for people whose address is not in ASCII."""

import email
import email.policy
from collections.abc import Iterator

from newsletter.model.notice import Notice
from newsletter.people.addresses import BadAddress, read_address
from tests.design.messages import as_message, as_notice
from tools.check_email.finding import Finding, counted
from tools.check_email.letters import Letter
from tools.check_email.own import edition_of

# What somebody types, and what the message's To says: domains in ASCII (RFC 5891), the rest as it
# is (RFC 6532). A server without SMTPUTF8 gets none of it, see
# tests/sending/transports/test_smtp_session.py.
ADDRESSES = {
    "ana@bücher.example": "ana@xn--bcher-kva.example",
    "ana@пример.example": "ana@xn--e1afmkfd.example",
    "josé.ñandú@example.org": "josé.ñandú@example.org",
}
REFUSED = ("josé@", "josé@bü cher.example", "jos\u200b\u0000é@example.org")


def address_findings(letters: list[Letter]) -> Iterator[Finding]:
    """For each edition: each address is in its own message as it is mailed, or is refused."""
    for letter in letters:
        faults = []
        for typed, mailed in ADDRESSES.items():
            address = read_address(typed)
            if isinstance(address, BadAddress):
                faults.append(f"{typed}: {address.reason}")
                continue
            message = email.message_from_bytes(
                _written_to(letter, address), policy=email.policy.SMTPUTF8
            )
            if str(message["To"]) != mailed or message.defects:
                faults.append(f"{typed} became {message['To']}")
        faults += [typed for typed in REFUSED if not isinstance(read_address(typed), BadAddress)]
        yield counted(letter.name, "12", "international addresses: faults", faults)


def _written_to(letter: Letter, address: str) -> bytes:
    if not letter.is_notice:
        return as_message(edition_of(letter), address)
    notice = Notice(
        address=address,
        language=letter.language,
        subject=str(letter.message["Subject"]),
        text=letter.text,
        html=letter.html,
    )
    return as_notice(notice)
