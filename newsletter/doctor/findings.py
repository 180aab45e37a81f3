"""What the settings lack, judged without touching anything."""

from dataclasses import dataclass
from enum import StrEnum

from newsletter.config import Config
from newsletter.model.delivery import TransportKind

_SHORTEST_KEY = 32


class Status(StrEnum):
    """How a part of the workspace stands."""

    FINE = "fine"
    LOOK = "look"  # works, but somebody should look
    MISSING = "missing"  # something will not work until it is mended


@dataclass(frozen=True, kw_only=True, slots=True)
class Finding:
    """One part, how it stands and how to mend it."""

    part: str
    status: Status
    message: str
    hint: str = ""


def settings(config: Config) -> list[Finding]:
    """What newsletter.toml does not say, or says in words that came with `init`."""
    found = [_address(config), _sender(config), _editors(config), _public_url(config)]
    if not config.issue.sections:
        found.append(
            Finding(
                part="sections",
                status=Status.LOOK,
                message="no section is defined: everything lands in one",
                hint="add [[issue.sections]] to newsletter.toml",
            )
        )
    return found


def _address(config: Config) -> Finding:
    if config.coalition.postal_address.strip():
        return Finding(part="postal address", status=Status.FINE, message="stands in the footer")
    return Finding(
        part="postal address",
        status=Status.MISSING,
        message="no issue can be approved without one",
        hint='say postal_address = "…" in [coalition]; the law requires it in the footer',
    )


def _sender(config: Config) -> Finding:
    domain = config.sender.address.rpartition("@")[2]
    if domain in ("example.org", "example.com", "example.net"):
        return Finding(
            part="sender",
            status=Status.MISSING,
            message=f"the sender's address is still at {domain}",
            hint="say your own address in [sender]",
        )
    if not config.sender.list_id:
        return Finding(
            part="sender",
            status=Status.LOOK,
            message="no list_id: mail programs cannot tell the digest from other mail",
            hint=f'say list_id = "digest.{domain}" in [sender]',
        )
    return Finding(part="sender", status=Status.FINE, message=f"mail goes out from {domain}")


def _editors(config: Config) -> Finding:
    needed = max(config.issue.approvals_required, 1)
    if len(config.editors) < needed:
        return Finding(
            part="editors",
            status=Status.MISSING,
            message=f"{needed} have to approve an issue, and {len(config.editors)} can",
            hint="add [[editors]] to newsletter.toml",
        )
    bulletin = config.issue.bulletin_approvals_required
    if len(config.editors) < bulletin:
        return Finding(
            part="editors",
            status=Status.LOOK,
            message=f"a bulletin needs {bulletin} different editors, and there are "
            f"{len(config.editors)}",
            hint="add [[editors]] to newsletter.toml",
        )
    return Finding(part="editors", status=Status.FINE, message=f"{len(config.editors)} may approve")


def _public_url(config: Config) -> Finding:
    url = config.coalition.public_url
    if not url:
        return Finding(
            part="public pages",
            status=Status.MISSING,
            message="readers have nowhere to leave: the links in each mail need an address",
            hint='say url = "https://…" in [web]: where `newsletter serve` is reachable',
        )
    if not url.startswith("https://") and config.transport.kind is not TransportKind.OUTBOX:
        return Finding(
            part="public pages",
            status=Status.LOOK,
            message="one-click leaving (RFC 8058) works over https only",
            hint="put the public pages behind https and say so in [web] url",
        )
    return Finding(part="public pages", status=Status.FINE, message=url)


def secrets(config: Config) -> list[Finding]:
    """Which secrets the environment lacks for what newsletter.toml asks."""
    held = config.secrets
    found = [_secret_key(held.secret_key)]
    if config.transport.kind is TransportKind.SENDGRID:
        found.append(_secret("SENDGRID_API_KEY", held.sendgrid_api_key, "the SendGrid transport"))
    if config.transport.kind is TransportKind.SMTP and config.transport.username:
        found.append(_secret("NEWSLETTER_SMTP_PASSWORD", held.smtp_password, "the mail server"))
    return found


def _secret_key(key: str) -> Finding:
    name = "NEWSLETTER_SECRET_KEY"
    if not key:
        return Finding(
            part=name,
            status=Status.MISSING,
            message="not set: leave links cannot be signed, nobody can be imported or mailed",
            hint=f"export {name}=… with the key that you kept (`newsletter init` showed one). Only "
            "where there never was one, make it: "
            "python3 -c 'import secrets; print(secrets.token_urlsafe(32))'",
        )
    if len(key) < _SHORTEST_KEY:
        return Finding(
            part=name,
            status=Status.LOOK,
            message=f"only {len(key)} characters: it can be guessed",
            hint=f"use at least {_SHORTEST_KEY}; keep the old one in NEWSLETTER_OLDER_SECRET_KEYS",
        )
    return Finding(part=name, status=Status.FINE, message="set")


def _secret(name: str, value: str, used_by: str) -> Finding:
    if value:
        return Finding(part=name, status=Status.FINE, message="set")
    return Finding(
        part=name,
        status=Status.MISSING,
        message=f"not set: {used_by} needs it",
        hint=f"export {name}=…",
    )
