"""Whether the sender's domain says who may send for it: SPF, DKIM and DMARC, looked up in DNS."""

from collections.abc import Callable

from newsletter.doctor.findings import Finding, Status

# Answers with the domain's TXT records; None when there is no answer at all.
Lookup = Callable[[str], list[str] | None]


def look_up(name: str) -> list[str] | None:
    """TXT records from the system's resolver, within seconds. A name without any is `[]`."""
    import dns.exception
    import dns.resolver

    try:
        answer = dns.resolver.resolve(name, "TXT", lifetime=3.0)
    except (dns.resolver.NXDOMAIN, dns.resolver.NoAnswer):
        return []
    except (dns.exception.DNSException, OSError):
        return None
    return [b"".join(record.strings).decode("utf-8", "replace") for record in answer]


def sender_domain(domain: str, *, dkim: tuple[str, str], lookup: Lookup) -> list[Finding]:
    """SPF (RFC 7208), DKIM (RFC 6376) and DMARC (RFC 7489) of a domain.

    `dkim` is (domain, selector) of newsletter.toml; empty when the mail server signs.
    """
    records = lookup(domain)
    if records is None:
        return [
            Finding(
                part="sender domain",
                status=Status.LOOK,
                message=f"no name server answered about {domain}: SPF, DKIM and DMARC unknown",
                hint="run newsletter doctor again with a network",
            )
        ]
    found = [
        _record("SPF", domain, records, "v=spf1", 'a TXT record "v=spf1 … -all" naming your sender')
    ]
    if all(dkim):
        name = f"{dkim[1]}._domainkey.{dkim[0]}"
        hint = "publish the public key there as TXT"
        found.append(_record("DKIM", name, lookup(name) or [], "p=", hint))
    name = f"_dmarc.{domain}"
    found.append(
        _record("DMARC", name, lookup(name) or [], "v=DMARC1", 'begin with "v=DMARC1; p=none"')
    )
    return found


def _record(part: str, name: str, records: list[str], mark: str, hint: str) -> Finding:
    if any(mark in record for record in records):
        return Finding(part=part, status=Status.FINE, message=f"{name} has one")
    return Finding(part=part, status=Status.LOOK, message=f"{name} has none", hint=hint)
