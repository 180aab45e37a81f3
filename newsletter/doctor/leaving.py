"""What there is to do when an editor leaves, and what of it was done. [I/O]"""

import json
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

from newsletter.errors import ConfigError
from newsletter.fields.toml_edit import without_table
from newsletter.files import WorkspaceFiles, append_line
from newsletter.model.delivery import TransportKind
from newsletter.model.submission import EventKind
from newsletter.wiring import Workspace

_FILE = "editors-left.jsonl"
_SETTINGS = "newsletter.toml"
SETTINGS = "settings"  # the step after which a name in them is one that came back
_CAME_BACK = "came back"


@dataclass(frozen=True, kw_only=True, slots=True)
class ByHand:
    """A step that no program can do: `question` is answered by yes when it is done."""

    id: str
    advice: str
    question: str


def known_names(workspace: Workspace) -> frozenset[str]:
    """Return every name by which an editor is known: of the settings, of story keys there are or
    were, of approvals, and of steps that were confirmed when they left. NewsletterError."""
    services = workspace.story_services
    key_events = (EventKind.KEY_ADDED, EventKind.KEY_REMOVED)
    return frozenset(
        [
            *(editor.name for editor in workspace.config.editors),
            *(recipient.name for recipient in services.recipients() if recipient.name),
            *(event.note for event in services.store.events() if event.kind in key_events),
            *workspace.issues.approvers(),
            *(str(entry["name"]) for entry in _entries(workspace.state_folder.path)),
        ]
    )


def by_hand(workspace: Workspace, name: str) -> tuple[ByHand, ...]:
    """Return what has to be done outside this program, by the settings of the workspace."""
    config = workspace.config
    mailbox = config.sender.mailbox
    return (
        ByHand(
            id="mailbox",
            advice=f"Replies of readers, and word that a storyteller wrote, go to {mailbox}.",
            question=f"Can {name} no longer read {mailbox}, nor any list behind it?",
        ),
        ByHand(
            id="secrets",
            advice=f"Who ran commands knew {', '.join(_secrets(workspace))}. Change each where it "
            "was made.\nNEWSLETTER_SECRET_KEY: with the old one in NEWSLETTER_OLDER_SECRET_KEYS, "
            f"links in old mails work, and so do links that {name} makes with it, for any reader. "
            "To end that, do not keep it and run newsletter state confirm --new-secret-key: links "
            "in old mails end too, and who left until now is not known any more (docs/hosting.md, "
            "The secret key).",
            question=f"Is every secret that {name} knew changed, or did they know none?",
        ),
        ByHand(
            id="accounts",
            advice="Accounts: the server, the domain's DNS, the mail service, the shared disk.",
            question=f"Has {name} no account there any more, and somebody else has one each?",
        ),
        ByHand(
            id="git",
            advice="Git: take away their access to the remote. Their clone keeps what they pulled; "
            "newsletter doctor says whether stories or readers ever were in it.",
            question=f"Can {name} no longer pull and push, or is there no remote?",
        ),
        ByHand(
            id="copies",
            advice="Copies: the workspace, its database and backups, the state folder, exported "
            "lists, a recovery key on a stick. What they copied stays readable with their old key.",
            question=f"Has {name} given back or destroyed every copy?",
        ),
    )


def _secrets(workspace: Workspace) -> list[str]:
    config = workspace.config
    names = ["NEWSLETTER_SECRET_KEY"]
    if config.transport.kind is TransportKind.SMTP and config.transport.username:
        names.append("the password of the mail server")
    if config.transport.kind is TransportKind.SENDGRID:
        names.append("SENDGRID_API_KEY")
    if config.transport.return_domain:
        names.append("the password of the bounce mailbox")
    if config.database_url.startswith("postgresql:"):
        names.append("the database's password")
    if config.transport.dkim_domain:
        names.append("the DKIM key")
    return names


def remove_from_settings(files: WorkspaceFiles, name: str) -> None:
    """Take the editor out of newsletter.toml. ConfigError where a person has to."""
    text = files.read(_SETTINGS)
    try:
        changed = without_table(text, "editors", "name", name)
    except ValueError as error:
        raise ConfigError(
            f"{name} cannot be taken out of [[editors]] without changing other lines",
            file=_SETTINGS,
            hint="take them out in a text editor, and run this again",
        ) from error
    files.write(_SETTINGS, changed, expected=text)


def done_steps(workspace: Workspace, name: str) -> frozenset[str]:
    """Return the ids of the steps that are done for this person: none, where the name is in the
    settings again after it was taken out of them. That is written down."""
    wanted, done = name.casefold(), set[str]()
    for entry in _entries(workspace.state_folder.path):
        if str(entry["name"]).casefold() == wanted:
            step = str(entry.get("step"))
            done = set() if step == _CAME_BACK else {*done, step}
    if SETTINGS in done and any(one.name == name for one in workspace.config.editors):
        write_done(workspace, name, _CAME_BACK)
        return frozenset()
    return frozenset(done)


def _entries(state: Path) -> list[Mapping[str, object]]:
    file = state / _FILE
    lines = file.read_text(encoding="utf-8").splitlines() if file.exists() else []
    return [entry for line in lines if "name" in (entry := _entry(line))]


def _entry(line: str) -> Mapping[str, object]:
    try:
        entry = json.loads(line)
    except ValueError:  # torn by a power cut: it is asked again
        return {}
    return entry if isinstance(entry, dict) else {}


def write_done(workspace: Workspace, name: str, step: str) -> None:
    """Write down that a step is done, so that it is not asked again."""
    entry = {"on": workspace.today().isoformat(), "name": name, "step": step}
    append_line(workspace.state_folder.path / _FILE, json.dumps(entry, ensure_ascii=False))
