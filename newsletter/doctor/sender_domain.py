"""Whether our domains are there, and say who may send for them: SPF, DKIM, DMARC, MX. [I/O]"""

from collections.abc import Callable
from typing import Any, Final

from newsletter.config import Config
from newsletter.doctor.findings import Finding, fine, look, missing
from newsletter.model.delivery import TransportKind
from newsletter.sending.message.dkim_record import published_key

NO_SUCH_NAME: Final = ("no such name",)  # no record of any kind: NXDOMAIN (RFC 8020)
# Answers with the domain's TXT records, or who takes its mail; NO_SUCH_NAME; None when there is no
# answer at all.
Lookup = Callable[[str], list[str] | tuple[str] | None]


def look_up(name: str) -> list[str] | tuple[str] | None:
    """Return the name's TXT records, `[]` for none, NO_SUCH_NAME when nothing has that name; None
    when no name server answers in 3 s."""
    answer = _ask(name, "TXT")
    if answer is None or isinstance(answer, tuple):
        return answer
    return [b"".join(record.strings).decode("utf-8", "replace") for record in answer]


def mail_hosts(name: str) -> list[str] | tuple[str] | None:
    """Return who takes mail for a domain: its MX records, or else itself where it has an address
    (RFC 5321 5.1). Without any, as `look_up` does."""
    answer = _ask(name, "MX") or _ask(name, "A")
    if answer is None or isinstance(answer, tuple):
        return answer
    return [record.to_text() for record in answer]


def _ask(name: str, kind: str) -> list[Any] | tuple[str] | None:
    import dns.exception
    import dns.resolver

    try:
        return list(dns.resolver.resolve(name, kind, lifetime=3.0))
    except dns.resolver.NXDOMAIN:
        return NO_SUCH_NAME
    except dns.resolver.NoAnswer:
        return []
    except (dns.exception.DNSException, OSError):
        return None


def spf_domain(config: Config) -> str:
    """Return the domain of MAIL FROM, which is what receivers ask for SPF (RFC 7208 2.4). Empty for
    SendGrid, which puts one of its own there."""
    if config.transport.kind is TransportKind.SENDGRID:
        return ""
    return config.transport.return_domain or config.sender.domain


def sender_domain(
    domain: str, *, spf: str, dkim: tuple[str, str], public_key: str = "", lookup: Lookup
) -> list[Finding]:
    """Look for SPF (RFC 7208), DKIM (RFC 6376) and DMARC (RFC 7489) of a domain.

    `spf` is the `spf_domain`. `dkim` is (domain, selector) of newsletter.toml; empty when the mail
    server signs. `public_key` is what stands after `p=` where the record is of our key.
    """
    records = lookup(domain)
    if records is NO_SUCH_NAME:
        return [no_such_domain("sender domain", domain, "set your own address in [sender]")]
    if records is None:
        return [
            look(
                "sender domain",
                f"no name server answered about {domain}: SPF, DKIM and DMARC are unknown",
                "run newsletter doctor again when this computer is online",
            )
        ]
    asked = []
    if spf:
        hint = "newsletter doctor dkim prints a TXT record that names your mail service"
        asked.append(("SPF", spf, "v=spf1", hint))
    if all(dkim):
        hint = "newsletter doctor dkim prints the TXT record to publish there"
        asked.append(("DKIM", f"{dkim[1]}._domainkey.{dkim[0]}", "p=", hint))
    dmarc = 'start with a TXT record "v=DMARC1; p=none"'
    asked.append(("DMARC", f"_dmarc.{domain}", "v=DMARC1", dmarc))
    findings = []
    for part, name, mark, hint in asked:
        answers = records if name == domain else lookup(name) or []
        fitting = [record for record in answers if mark in record]
        if part == "SPF" and len(fitting) > 1:  # RFC 7208 4.5: receivers then trust none
            findings.append(missing(part, f"{name} has two records, which void each other", hint))
        elif part == "DKIM" and fitting and public_key not in ("", *map(published_key, fitting)):
            message = f"{name} has another key than ours: receivers take our mail for forged"
            findings.append(missing(part, message, hint))
        elif fitting:
            findings.append(fine(part, f"{name} has a record"))
        else:
            findings.append(look(part, f"{name} has no record", hint))
    return findings


def returned_mail(domain: str, lookup: Lookup) -> list[Finding]:
    """Look whether anybody takes the mail that comes back to a domain."""
    part = "returned mail"
    hosts = lookup(domain)
    if hosts is None:  # the sender's domain says so
        return []
    if not hosts or hosts is NO_SUCH_NAME:
        message = f"{domain} has no MX record: mail that cannot be delivered comes back to nobody"
        return [look(part, message, "publish one: newsletter doctor dkim says which")]
    return [fine(part, f"{hosts[0]} takes it for {domain}")]


def no_such_domain(part: str, domain: str, hint: str) -> Finding:
    """Find that nothing has that name."""
    return missing(part, f"there is no domain {domain}: is it spelled right?", hint)
