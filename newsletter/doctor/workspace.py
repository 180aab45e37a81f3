"""Examine the files, the database, the design and the sender's domain of a workspace."""

import os
import shlex
from collections.abc import Callable, Iterable, Iterator
from pathlib import Path
from urllib.parse import urlsplit

from newsletter import server_files
from newsletter.config import Config
from newsletter.design.lint_parts import lint_parts
from newsletter.design.logo import faint_schemes
from newsletter.doctor.database import database
from newsletter.doctor.exposure import exposure
from newsletter.doctor.findings import (
    FREEMAIL,
    Finding,
    Status,
    fine,
    is_here,
    is_public_name,
    look,
    missing,
    secrets,
    settings,
)
from newsletter.doctor.git_history import git_history
from newsletter.doctor.key_files import key_files
from newsletter.doctor.mail_server import mail_server
from newsletter.doctor.outside import outside
from newsletter.doctor.sender_domain import (
    NO_SUCH_NAME,
    Lookup,
    mail_hosts,
    no_such_domain,
    returned_mail,
    sender_domain,
    spf_domain,
)
from newsletter.doctor.state import state
from newsletter.doctor.story_languages import story_languages
from newsletter.doctor.unused import unused_database
from newsletter.doctor.worker import worker
from newsletter.errors import ConfigError, NewsletterError
from newsletter.model.delivery import TransportKind
from newsletter.sending.changed_sources import changed_since_sent
from newsletter.sending.message.dkim_record import public_record, published_key
from newsletter.stories.consent.given import has_unlogged_yes, what_was_not_given
from newsletter.stories.consent.not_here import refuse_without_stories
from newsletter.stories.consent.purge_stories import purge
from newsletter.stories.keys.key_log import key_faults
from newsletter.stories.keys.vault import FEWEST_RECIPIENTS
from newsletter.wiring import Workspace


def examine(
    workspace: Workspace,
    *,
    lookup: Lookup,
    takers: Lookup = mail_hosts,
    identity: Path = Path(),
    is_outside: bool = False,
) -> list[Finding]:
    """Return every finding, in the order in which to fix them; of a part with a fault no "ok".

    `takers` is who takes a domain's mail, `identity` the file of this editor's private key;
    `is_outside` asks for the public pages too.
    """
    config = workspace.config
    mails_people = config.transport.kind is not TransportKind.OUTBOX
    found = [
        *settings(config),
        *secrets(config, is_server=(workspace.root / server_files.FOLDER).is_dir()),
        *_asked("keys", lambda: key_files(config, identity, os.environ)),
        *_asked("feeds.yaml", lambda: [_organisations(workspace)]),
        *_database_and_what_it_holds(workspace),
        *_asked("database", lambda: unused_database(config)),
        *story_languages(),
        *_asked("templates", lambda: [_templates(workspace)]),
        *_asked("logo", lambda: _logo(workspace)),
        *_asked("permissions", lambda: exposure(workspace.root, workspace.now())),
        *_asked("git", lambda: git_history(workspace.root)),
        *(_public_pages(config, lookup) if is_outside or mails_people else ()),
        *_domain(workspace, lookup, takers),
        *mail_server(config),
        *(outside(config.coalition.public_url) if is_outside else ()),
    ]
    faulty = {one.part for one in found if one.status is not Status.FINE}
    return [one for one in found if one.status is not Status.FINE or one.part not in faulty]


def _database_and_what_it_holds(workspace: Workspace) -> list[Finding]:
    """Without the database, that alone: each question would wait for it once more."""
    findings = _asked("database", lambda: database(workspace))
    if any(finding.status is Status.MISSING for finding in findings):
        return findings
    return [
        *findings,
        *_another_key(workspace),
        *_asked("story keys", lambda: [_story_keys(workspace)]),
        *_asked("story files", lambda: [_story_files(workspace)]),
        *_asked("sent pieces", lambda: [_sent_pieces(workspace)]),
        *_asked("mails asked for", lambda: [_asked_mails(workspace)]),
        *_asked("mails to editors", lambda: _mails_to_editors(workspace)),
        *_asked("promised time", lambda: [_promised_time(workspace)]),
        *_asked("state folder", lambda: state(workspace)),
        *worker(workspace),
    ]


def _asked(part: str, ask: Callable[[], Iterable[Finding]]) -> list[Finding]:
    """The findings as far as they come; an expected error, or what the disk refuses, is the last
    of them."""
    found: list[Finding] = []
    try:
        found.extend(ask())
    except NewsletterError as error:
        found.append(missing(part, str(error), error.hint))
    except OSError as error:
        hint = "let whoever runs commands and newsletter serve read it, and own what they write"
        place = f"{os.fsdecode(error.filename)}: " if error.filename is not None else ""
        found.append(missing(part, f"{place}{error.strerror or error}", hint))
    return found


def _another_key(workspace: Workspace) -> list[Finding]:
    try:
        workspace.secret_keys  # noqa: B018 - asked for the error alone
    except ConfigError as error:
        return [missing("which key", error.message, error.hint)]
    return []


def _organisations(workspace: Workspace) -> Finding:
    organisations = workspace.organisations
    if not organisations:
        return look("feeds.yaml", "no members yet", "newsletter feeds add https://a-member.example")
    feeds = sum(len(organisation.feeds) for organisation in organisations)
    return fine("feeds.yaml", f"members: {len(organisations)}, feeds: {feeds}")


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


def _asked_mails(workspace: Workspace) -> Finding:
    stuck = workspace.notice_queue.stuck(now=workspace.now())
    if not stuck.waiting and not stuck.given_up:
        return fine("mails asked for", "no confirmation or link that somebody asked for is stuck")
    hint = "newsletter serve tries each for three days; who asks again gets one"
    message = (
        f"waiting: {stuck.waiting}, given up in 30 days: {stuck.given_up}; the last of them: "
        f"{stuck.reason}"
    )
    return look("mails asked for", message, hint)


def _mails_to_editors(workspace: Workspace) -> Iterator[Finding]:
    part, is_well = "mails to editors", True
    hearing = {editor.name for editor in workspace.config.editors if editor.address}
    for one in workspace.reminders.stuck(now=workspace.now()):
        if one.editor in hearing:
            is_well = False
            counts = f"{one.waiting} wait and {one.given_up} were given up in 30 days"
            hint = f"is the address right? newsletter editors test {shlex.quote(one.editor)}"
            yield look(part, f"{one.editor}: {counts}: {one.reason}", hint)
    if is_well:
        yield fine(part, f"editors with an address: {len(hearing)}; no mail to them is stuck")


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
    refuse_without_stories(services)
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
    problems = lint_parts(workspace.templates, workspace.config.coalition.languages)
    if problems:
        first = problems[0]
        return missing(
            "templates",
            f"{first.place}: {first.message}",
            "newsletter templates lint shows all problems",
        )
    return fine("templates", "no problems found")


def _logo(workspace: Workspace) -> Iterator[Finding]:
    if not workspace.config.coalition.logo:
        return
    found = workspace.logo
    if found.logo is None:
        yield missing("logo", f"{found.file}: {found.problem}", found.hint)
        return
    for scheme in faint_schemes(found.logo, workspace.templates.tokens):
        hint = f"a brighter or darker one, or another {scheme}.band in templates/tokens.toml"
        yield look("logo", f"can hardly be seen on the masthead ({scheme} mode)", hint)
    size = sum(len(picture.data) for picture in found.logo.pictures)
    yield fine("logo", f"adds {size:,} bytes to each mail")


def _domain(workspace: Workspace, lookup: Lookup, takers: Lookup) -> list[Finding]:
    config = workspace.config
    if config.transport.kind is TransportKind.OUTBOX:
        message = f"outbox: mail is written to {config.transport.path}/ and nobody gets any"
        return [fine("transport", message)]
    transport = fine("transport", config.transport.kind)
    domain, settings = config.sender.domain, config.transport
    if domain in FREEMAIL:  # `settings` says so
        return [transport]
    is_ours = settings.kind is TransportKind.SMTP  # SendGrid signs, and takes what comes back
    found = sender_domain(
        domain,
        spf=spf_domain(config),
        dkim=(settings.dkim_domain, settings.dkim_selector) if is_ours else ("", ""),
        public_key=_public_key(config),
        lookup=lookup,
    )
    returns = settings.return_domain if is_ours else ""
    return [transport, *found, *(returned_mail(returns, takers) if returns else ())]


def _public_key(config: Config) -> str:
    """What DNS has to say of our DKIM key; empty where nobody can tell."""
    try:
        pem = (config.root / config.transport.dkim_key_file).read_bytes()
        return published_key(public_record(pem))
    except (OSError, ConfigError):  # `key_files` says so
        return ""


def _public_pages(config: Config, lookup: Lookup) -> list[Finding]:
    url = config.coalition.public_url
    pages = urlsplit(url).hostname or ""
    hint = 'set url = "https://…" in [web] to where `newsletter serve` can be reached'
    if is_here(url):
        return [look("public pages", f"only this computer can open {pages}", hint)]
    if is_public_name(pages) and lookup(pages) is NO_SUCH_NAME:
        return [no_such_domain("public pages", pages, hint)]
    return []
