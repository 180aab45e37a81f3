"""The DNS records that a sender needs, ready to hand to whoever keeps the domain."""

from dataclasses import dataclass
from urllib.parse import urlsplit

from newsletter.config import Config
from newsletter.doctor.findings import FREEMAIL, is_here, is_public_name
from newsletter.doctor.sender_domain import Lookup, spf_domain
from newsletter.errors import ConfigError
from newsletter.model.delivery import TransportKind

_LONGEST = 255  # bytes of one string in a TXT record (RFC 1035 3.3)
# What a provider asks to be named as in SPF, by the end of its server's name.
_PROVIDERS = {
    "gmail.com": "_spf.google.com",
    "google.com": "_spf.google.com",
    "office365.com": "spf.protection.outlook.com",
    "outlook.com": "spf.protection.outlook.com",
    "mailgun.org": "mailgun.org",
    "amazonaws.com": "amazonses.com",
    "fastmail.com": "spf.messagingengine.com",
    "sendgrid.net": "sendgrid.net",
}


@dataclass(frozen=True, kw_only=True, slots=True)
class DnsRecord:
    """One record to add; with `there`, the domain has one like it, which stays as it is."""

    name: str
    kind: str
    value: str
    purpose: str
    there: str = ""

    @property
    def zone_line(self) -> str:
        """Return it as a line of a zone file: long values in several strings, which belong
        together."""
        if self.kind != "TXT":
            return f"{self.name}. IN {self.kind} {self.value}"
        parts = [self.value[at : at + _LONGEST] for at in range(0, len(self.value), _LONGEST)]
        strings = " ".join(f'"{part}"' for part in parts)
        return f"{self.name}. IN {self.kind} ( {strings} )"


def refuse_freemail(config: Config) -> None:
    """Raise ConfigError where nobody but a mail provider can publish records for the sender."""
    if config.sender.domain in FREEMAIL:
        raise ConfigError(
            f"only the provider of {config.sender.domain} can publish records for it",
            hint="set an address at a domain of your own in [sender]",
        )


def dns_records(
    config: Config, *, dkim_name: str, dkim_value: str, lookup: Lookup
) -> tuple[DnsRecord, ...]:
    """Return DKIM (RFC 6376), SPF (RFC 7208) and DMARC (RFC 7489), and where returned mail goes, if
    that is here. Without a `dkim_name` only DMARC: SendGrid has its own for the others."""
    records = [
        _txt(
            f"_dmarc.{config.sender.domain}",
            f"v=DMARC1; p=none; rua=mailto:{_reports(config)}",
            "DMARC: what receivers do with mail that only claims to be ours",
            "v=DMARC1",
            lookup,
        ),
    ]
    if dkim_name:
        spf, says = "SPF: names who sends for the domain", _spf(config)
        dkim = "DKIM: shows that mail is ours and unchanged"
        records = [
            _txt(dkim_name, dkim_value, dkim, "p=", lookup),
            _txt(spf_domain(config), says, spf, "v=spf1", lookup),
            *records,
        ]
    host = _mail_server(config) if is_here(f"//{config.transport.host.lower()}") else ""
    if returning_to(config) and host:
        purpose = "where mail that cannot be delivered comes back to"
        value = f"10 {host}."
        records.append(
            DnsRecord(name=returning_to(config), kind="MX", value=value, purpose=purpose)
        )
    return tuple(records)


def returning_to(config: Config) -> str:
    """Return the domain that has to take the mail that comes back; empty where there is none."""
    is_ours = config.transport.kind is not TransportKind.SENDGRID
    return config.transport.return_domain if is_ours else ""


def _txt(name: str, value: str, purpose: str, mark: str, lookup: Lookup) -> DnsRecord:
    found = next((record for record in lookup(name) or () if mark in record), "")
    return DnsRecord(name=name, kind="TXT", value=value, purpose=purpose, there=found)


def _spf(config: Config) -> str:
    """What names the mail service. Where the settings name none, the domain's own servers, and
    the machine of the pages: a mail server of its own may have no MX record."""
    host = _mail_server(config)
    include = next((word for end, word in _PROVIDERS.items() if f".{host}".endswith(f".{end}")), "")
    if include:
        return f"v=spf1 include:{include} ~all"
    own = " mx" if is_here(f"//{config.transport.host.lower()}") else ""
    return f"v=spf1 {f'a:{host}{own}' if host else 'mx'} ~all"


def _mail_server(config: Config) -> str:
    """Its name for DNS. On this machine it is that of the public pages; an address has none."""
    host = config.transport.host.lower()
    if is_here(f"//{host}"):
        host = (urlsplit(config.coalition.public_url).hostname or "").lower()
    return host if is_public_name(host) else ""


def _reports(config: Config) -> str:
    """Whoever is at the domain itself: another domain would have to allow it first."""
    sender, reply_to = config.sender.address, config.sender.reply_to
    return reply_to if reply_to.rpartition("@")[2] == sender.rpartition("@")[2] else sender
