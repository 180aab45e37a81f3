"""Looks at what the workspace really has: its files, its database, its sender's domain."""

from collections.abc import Callable

from newsletter.design.parts import lint_parts
from newsletter.doctor.exposure import exposure
from newsletter.doctor.findings import Finding, Status, secrets, settings
from newsletter.doctor.sender_domain import Lookup, sender_domain
from newsletter.errors import ConfigError, NewsletterError
from newsletter.stories.keys.vault import FEWEST_RECIPIENTS
from newsletter.wiring import Workspace


def examine(workspace: Workspace, *, lookup: Lookup) -> list[Finding]:
    """Every finding, in the order in which to mend them."""
    config = workspace.config
    return [
        *settings(config),
        *secrets(config),
        *_another_key(workspace),
        _asked("database", lambda: _database(workspace)),
        _asked("feeds.yaml", lambda: _organisations(workspace)),
        _asked("story keys", lambda: _story_keys(workspace)),
        _asked("templates", lambda: _templates(workspace)),
        *exposure(workspace.root, workspace.now()),
        *_domain(workspace, lookup),
    ]


def _asked(part: str, ask: Callable[[], Finding]) -> Finding:
    """The finding, or the expected error as one."""
    try:
        return ask()
    except NewsletterError as error:
        return Finding(part=part, status=Status.MISSING, message=str(error), hint=error.hint)


def _another_key(workspace: Workspace) -> list[Finding]:
    try:
        workspace.secret_keys  # noqa: B018 - asked for the error alone
    except ConfigError as error:
        status = Status.MISSING
        return [Finding(part="which key", status=status, message=error.message, hint=error.hint)]
    return []


def _database(workspace: Workspace) -> Finding:
    with workspace.engine.connect():
        kind = workspace.engine.dialect.name
    return Finding(part="database", status=Status.FINE, message=f"{kind}, schema up to date")


def _organisations(workspace: Workspace) -> Finding:
    organisations = workspace.organisations
    if not organisations:
        return Finding(
            part="feeds.yaml",
            status=Status.LOOK,
            message="no member yet",
            hint="newsletter feeds add https://a-member.example",
        )
    feeds = sum(len(organisation.feeds) for organisation in organisations)
    return Finding(
        part="feeds.yaml",
        status=Status.FINE,
        message=f"{len(organisations)} members, {feeds} feeds",
    )


def _story_keys(workspace: Workspace) -> Finding:
    known = workspace.story_services.recipients()
    if len(known) < FEWEST_RECIPIENTS:
        return Finding(
            part="story keys",
            status=Status.LOOK,
            message=f"{len(known)} of at least {FEWEST_RECIPIENTS}: stories cannot be taken yet",
            hint="newsletter keys init --name YOUR-ROLE --recovery FILE-ON-A-STICK",
        )
    return Finding(
        part="story keys", status=Status.FINE, message=f"stories are sealed to {len(known)} keys"
    )


def _templates(workspace: Workspace) -> Finding:
    problems = lint_parts(workspace.templates)
    if problems:
        first = problems[0]
        return Finding(
            part="templates",
            status=Status.MISSING,
            message=f"{first.place}: {first.message}",
            hint="newsletter templates lint shows all",
        )
    return Finding(part="templates", status=Status.FINE, message="no fault found")


def _domain(workspace: Workspace, lookup: Lookup) -> list[Finding]:
    config = workspace.config
    if config.transport.kind == "outbox":
        return [
            Finding(
                part="transport",
                status=Status.FINE,
                message=f"outbox: mail is written to {config.transport.path}/, nobody gets any",
            )
        ]
    transport = Finding(part="transport", status=Status.FINE, message=config.transport.kind)
    dkim = (config.transport.dkim_domain, config.transport.dkim_selector)
    domain = config.sender.address.rpartition("@")[2]
    return [transport, *sender_domain(domain, dkim=dkim, lookup=lookup)]
