"""Examine the files, the database, the design and the sender's domain of a workspace."""

from collections.abc import Callable
from urllib.parse import urlsplit

from newsletter.design.template_parts import lint_parts
from newsletter.doctor.exposure import exposure
from newsletter.doctor.findings import (
    Finding,
    Status,
    fine,
    is_here,
    look,
    missing,
    secrets,
    settings,
)
from newsletter.doctor.git_history import git_history
from newsletter.doctor.sender_domain import (
    NO_SUCH_NAME,
    Lookup,
    no_such_domain,
    sender_domain,
)
from newsletter.doctor.state import state
from newsletter.doctor.story_languages import story_languages
from newsletter.errors import ConfigError, NewsletterError
from newsletter.model.delivery import TransportKind
from newsletter.sending.changed_sources import changed_since_sent
from newsletter.stories.consent.given import has_unlogged_yes, what_was_not_given
from newsletter.stories.consent.purge_stories import purge
from newsletter.stories.keys.key_log import key_faults
from newsletter.stories.keys.vault import FEWEST_RECIPIENTS
from newsletter.wiring import Workspace


def examine(workspace: Workspace, *, lookup: Lookup) -> list[Finding]:
    """Return every finding, in the order in which to fix them; of a part with a fault no "ok"."""
    config = workspace.config
    found = [
        *settings(config),
        *secrets(config),
        *_another_key(workspace),
        _asked("database", lambda: _database(workspace)),
        _asked("feeds.yaml", lambda: _organisations(workspace)),
        _asked("story keys", lambda: _story_keys(workspace)),
        _asked("story files", lambda: _story_files(workspace)),
        *story_languages(),
        _asked("sent pieces", lambda: _sent_pieces(workspace)),
        _asked("promised time", lambda: _promised_time(workspace)),
        _asked("templates", lambda: _templates(workspace)),
        *_state(workspace),
        *exposure(workspace.root, workspace.now()),
        *git_history(workspace.root),
        *_domain(workspace, lookup),
    ]
    faulty = {one.part for one in found if one.status is not Status.FINE}
    return [one for one in found if one.status is not Status.FINE or one.part not in faulty]


def _asked(part: str, ask: Callable[[], Finding]) -> Finding:
    """The finding, or the expected error as one."""
    try:
        return ask()
    except NewsletterError as error:
        return missing(part, str(error), error.hint)


def _another_key(workspace: Workspace) -> list[Finding]:
    try:
        workspace.secret_keys  # noqa: B018 - asked for the error alone
    except ConfigError as error:
        return [missing("which key", error.message, error.hint)]
    return []


def _state(workspace: Workspace) -> list[Finding]:
    try:
        return list(state(workspace))
    except NewsletterError as error:
        return [missing("state folder", str(error), error.hint)]


def _database(workspace: Workspace) -> Finding:
    with workspace.engine.connect():
        kind = workspace.engine.dialect.name
    return fine("database", f"{kind}, tables up to date")


def _organisations(workspace: Workspace) -> Finding:
    organisations = workspace.organisations
    if not organisations:
        return look("feeds.yaml", "no members yet", "newsletter feeds add https://a-member.example")
    feeds = sum(len(organisation.feeds) for organisation in organisations)
    return fine("feeds.yaml", f"{len(organisations)} members, {feeds} feeds")


def _story_keys(workspace: Workspace) -> Finding:
    known = workspace.story_services.recipients()
    if len(known) < FEWEST_RECIPIENTS:
        return look(
            "story keys",
            f"{len(known)} of at least {FEWEST_RECIPIENTS} keys: stories cannot be taken yet",
            "newsletter keys init --name YOUR-ROLE --recovery FILE-ON-A-STICK",
        )
    if faults := key_faults(workspace.story_store.events(), known):
        return missing("story keys", faults[0], "newsletter keys list shows them all")
    return fine("story keys", f"stories are encrypted for {len(known)} keys")


def _sent_pieces(workspace: Workspace) -> Finding:
    changed = changed_since_sent(workspace.sent_pieces, now=workspace.now())
    if changed:
        first = changed[0]
        more = f", and {len(changed) - 1} more" if len(changed) > 1 else ""
        return look(
            "sent pieces",
            f"{first.item_id} ({first.title}) {first.what}, and was in {first.issue_id}{more}",
            f"if readers should know: newsletter correct {first.issue_id}",
        )
    return fine("sent pieces", "no source has taken back or changed what was mailed lately")


def _promised_time(workspace: Workspace) -> Finding:
    today = workspace.today()
    past = purge(workspace.story_services, today=today, dry_run=True)
    begun = workspace.unfinished_interviews.past(today)
    if past.erased or past.files or begun:
        return look(
            "promised time",
            "more is kept of stories, or for longer, than storytellers were told",
            "newsletter stories purge, and have it run every day",
        )
    return fine("promised time", "nothing of a story is kept longer than was promised")


def _story_files(workspace: Workspace) -> Finding:
    services = workspace.story_services
    stories = services.folder.as_written()
    for story in stories:
        if fault := what_was_not_given(services, story):
            raise fault
    events = services.store.events()
    for story in stories:
        if has_unlogged_yes(services, story, events):
            return look(
                "story files",
                f"{story.path}: the log knows of no such yes of its storyteller",
                f"ask them: newsletter stories send-back {story.id}",
            )
    return fine("story files", f"no file of {len(stories)} allows more than the storyteller did")


def _templates(workspace: Workspace) -> Finding:
    problems = lint_parts(workspace.templates)
    if problems:
        first = problems[0]
        return missing(
            "templates",
            f"{first.place}: {first.message}",
            "newsletter templates lint shows all problems",
        )
    return fine("templates", "no problems found")


def _domain(workspace: Workspace, lookup: Lookup) -> list[Finding]:
    config = workspace.config
    if config.transport.kind is TransportKind.OUTBOX:
        message = f"outbox: mail is written to {config.transport.path}/ and nobody gets any"
        return [fine("transport", message)]
    transport = fine("transport", config.transport.kind)
    dkim = (config.transport.dkim_domain, config.transport.dkim_selector)
    domain = config.sender.address.rpartition("@")[2]
    pages = urlsplit(config.coalition.public_url).hostname
    found = [transport, *sender_domain(domain, dkim=dkim, lookup=lookup)]
    hint = 'set url = "https://…" in [web] to where `newsletter serve` can be reached'
    if pages and is_here(config.coalition.public_url):
        found.append(look("public pages", f"only this computer can open {pages}", hint))
    elif pages and lookup(pages) is NO_SUCH_NAME:
        found.append(no_such_domain("public pages", pages, hint))
    return found
