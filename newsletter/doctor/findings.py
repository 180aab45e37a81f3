"""Judge settings and secrets, without touching anything."""

from dataclasses import dataclass
from enum import StrEnum
from urllib.parse import urlsplit

from newsletter.config import Config
from newsletter.model.delivery import TransportKind

PLACEHOLDERS = ("example.org", "example.com", "example.net")  # `init` writes one
# Where everybody can have a mailbox, and nobody but the provider can publish a record.
_PROVIDERS = """
aol.com fastmail.com gmail.com gmx.com gmx.de gmx.net googlemail.com hotmail.com icloud.com
live.com mac.com mail.com me.com msn.com outlook.com outlook.es proton.me protonmail.com
tutanota.com web.de yahoo.com yahoo.com.mx yahoo.es ymail.com zoho.com
"""
FREEMAIL = frozenset(_PROVIDERS.split())


class Status(StrEnum):
    """How a part of the workspace stands."""

    FINE = "fine"
    LOOK = "look"  # works, but somebody should look
    MISSING = "missing"  # something will not work until it is fixed


@dataclass(frozen=True, kw_only=True, slots=True)
class Finding:
    """One part of the workspace, its status, and how to fix it."""

    part: str
    status: Status
    message: str
    hint: str = ""


def fine(part: str, message: str) -> Finding:
    """Return a finding that asks nothing of anybody."""
    return Finding(part=part, status=Status.FINE, message=message)


def look(part: str, message: str, hint: str) -> Finding:
    """Return a finding that works, but that somebody should look at."""
    return Finding(part=part, status=Status.LOOK, message=message, hint=hint)


def missing(part: str, message: str, hint: str) -> Finding:
    """Return a finding without which something will not work."""
    return Finding(part=part, status=Status.MISSING, message=message, hint=hint)


def settings(config: Config) -> list[Finding]:
    """Find what newsletter.toml lacks, or still has as `init` wrote it."""
    findings = [_address(config), _sender(config), _editors(config), _public_url(config)]
    if config.coalition.url and not config.coalition.url.startswith(("https://", "http://")):
        findings.append(
            look(
                "coalition",
                f"url = {config.coalition.url!r} is no whole address: mails link to it",
                f'set url = "https://{config.coalition.url}" in [coalition]',
            )
        )
    if not config.issue.sections:
        findings.append(
            look(
                "sections",
                "no sections are defined, so everything goes into one",
                "add [[issue.sections]] to newsletter.toml",
            )
        )
    return findings


def _address(config: Config) -> Finding:
    if config.coalition.postal_address.strip():
        return fine("postal address", "is in the footer")
    return missing(
        "postal address",
        "no issue can be approved without one",
        'set postal_address = "…" in [coalition]; the law requires it in the footer',
    )


def _sender(config: Config) -> Finding:
    domain = config.sender.domain
    if domain in PLACEHOLDERS:
        return missing(
            "sender",
            f"the sender's address is still at {domain}",
            "set your own address in [sender]",
        )
    if domain in FREEMAIL:
        return look(
            "sender",
            f"mail is from {domain}: only its provider can say who may send for it, so that "
            "receivers take a digest for forged",
            "send from an address at a domain of your own",
        )
    if not config.sender.list_id:
        return look(
            "sender",
            "no list_id: mail programs cannot tell the digest from other mail",
            f'set list_id = "digest.{domain}" in [sender]',
        )
    return fine("sender", f"mail is sent from {domain}")


def _editors(config: Config) -> Finding:
    needed, there = max(config.issue.approvals_required, 1), len(config.editors)
    if there < needed:
        return missing(
            "editors",
            f"an issue needs {needed} approvals, and [[editors]] lists only {there}",
            "add [[editors]] to newsletter.toml",
        )
    bulletin = config.issue.bulletin_approvals_required
    if there < bulletin:
        return look(
            "editors",
            f"a bulletin needs {bulletin} approvals, and [[editors]] lists only {there}",
            "add [[editors]] to newsletter.toml",
        )
    return fine("editors", f"{there} can approve")


def _public_url(config: Config) -> Finding:
    url = config.coalition.public_url
    if not url:
        return missing(
            "public pages",
            "the unsubscribe links in each mail need an address, and none is set",
            'set url = "https://…" in [web]: the address where `newsletter serve` can be reached',
        )
    if not url.startswith("https://") and not is_here(url):
        return look(
            "public pages",
            "one-click unsubscribing (RFC 8058) works only over https",
            "serve the public pages over https, and set that address as [web] url",
        )
    return fine("public pages", url)


def is_here(url: str) -> bool:
    """Return whether this is the computer itself, as in the demo."""
    host = urlsplit(url).hostname or ""
    return host == "localhost" or host.startswith("127.") or host == "::1"


def is_public_name(host: str) -> bool:
    """Return whether others can know the host by this: an address is no name, and nobody outside
    knows a name without a dot."""
    return "." in host and ":" not in host and not host.replace(".", "").isdigit()


def secrets(config: Config, *, is_server: bool = False) -> list[Finding]:
    """Find which secrets, asked for by newsletter.toml, the environment lacks. A server keeps them
    in the file of its service."""
    held = config.secrets
    findings = [_secret_key(held.secret_key, held.KEY_LENGTH, is_server=is_server)]
    kind = config.transport.kind
    if kind is TransportKind.SENDGRID:
        findings.append(
            _secret(
                "SENDGRID_API_KEY",
                held.sendgrid_api_key,
                "the SendGrid transport",
                is_server=is_server,
            )
        )
    by_token = held.smtp_token or held.smtp_token_command
    if kind is TransportKind.SMTP and config.transport.username and not by_token:
        findings.append(
            _secret(
                "NEWSLETTER_SMTP_PASSWORD",
                held.smtp_password,
                "the mail server",
                is_server=is_server,
            )
        )
    return findings


def _set(name: str, *, is_server: bool) -> str:
    on_a_server = f"write {name}='…' into /etc/newsletter.env; in a terminal of your own, "
    return f"{on_a_server if is_server else ''}export {name}=…"


def _secret_key(key: str, shortest: int, *, is_server: bool) -> Finding:
    name = "NEWSLETTER_SECRET_KEY"
    if not key:
        return missing(
            name,
            "not set: without it nobody can be mailed, nor imported once anybody has left",
            f"{_set(name, is_server=is_server)} with the key that you kept (`newsletter init` "
            "showed it). Only if there never was one, make one: "
            "python3 -c 'import secrets; print(secrets.token_urlsafe(32))'",
        )
    if len(key) < shortest:
        return look(
            name,
            f"shorter than {shortest} characters: it could be guessed, and serve refuses it",
            "make a longer one; keep the old one in NEWSLETTER_OLDER_SECRET_KEYS",
        )
    return fine(name, "set")


def _secret(name: str, value: str, used_by: str, *, is_server: bool) -> Finding:
    if value:
        return fine(name, "set")
    return missing(name, f"not set: {used_by} needs it", _set(name, is_server=is_server))
