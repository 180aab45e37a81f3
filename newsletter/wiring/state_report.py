"""What stands in the state folder and what is wrong with it; how a person goes on. [I/O]"""

import json
from dataclasses import dataclass

from newsletter.errors import AttentionError, NewsletterError
from newsletter.files import WorkspaceFiles, append_line
from newsletter.sending.sent_files import sent_issues
from newsletter.stories.consent.go_on import go_on
from newsletter.stories.consent.purge_stories import remove_withdrawn
from newsletter.stories.record.stored_stops import read_chain
from newsletter.wiring.key_check import cannot_be_tested
from newsletter.wiring.workspace import Workspace


@dataclass(frozen=True, kw_only=True, slots=True)
class StateReport:
    """The folder; how many withdrawals and limits are known in all, and how many of them each
    place lacks; events in the database; ids of issues that were sent, from files; what is wrong.

    `untestable`: people who left under a secret key that is not set here, in words; empty if none.
    """

    folder: str
    stops: int
    lacking: dict[str, int]
    events: int
    sent: tuple[str, ...]
    faults: tuple[str, ...]
    untestable: str = ""


@dataclass(frozen=True, kw_only=True, slots=True)
class Confirmed:
    """Ids of submissions that were withdrawn and still held; what could not be done now."""

    withdrawn_again: tuple[str, ...]
    left_to_do: tuple[str, ...]


def look_at_state(workspace: Workspace) -> StateReport:
    """Compare the state folder with the database and the workspace; change nothing in them."""
    services, folder = workspace.story_services, workspace.state_folder
    chain = read_chain(services.store, services.checkpoints, services.recognition_key)
    stops = services.all_stops()
    lacking = {str(path): count for path, count in services.revocation_file.lacking(stops).items()}
    lacking["the database"] = len(services.missing_stops())
    faults = [f"{folder.lost}: {folder.path}"] if folder.lost else []
    kept, mark = workspace.state_marks.key_mark(), folder.key_mark()
    if kept and mark != kept:
        faults.append("the recognition key is not the one that the database was used with")
    faults += chain.faults
    faults += [
        f"{name} lacks {count} of {len(stops)} withdrawals and limits"
        for name, count in lacking.items()
        if count
    ]
    left = workspace.left_file.untestable(workspace.config.secrets.keys)
    return StateReport(
        folder=str(folder.path),
        stops=len(stops),
        lacking=lacking,
        events=len(chain.events),
        sent=_sent(workspace),
        faults=tuple(faults),
        untestable=cannot_be_tested(left) if left.count else "",
    )


def confirm_state(
    workspace: Workspace, *, by: str, new_key: bool, new_secret_key: bool = False
) -> Confirmed:
    """Make what is missing of the state folder and bring all places to agreement: whoever is
    named goes on with what is left, which is written down.

    AttentionError when the recognition key is another machine's, unless `new_key` gives it up.
    `new_secret_key` gives up the secret keys that are not set here.
    """
    folder, marks, today = workspace.state_folder, workspace.state_marks, workspace.today()
    faults = look_at_state(workspace).faults
    kept = marks.key_mark()
    if kept and folder.key_mark() != kept and not new_key:
        raise AttentionError(
            "the database was used with a recognition key that is not here",
            hint=f"copy recognition.key from the machine that has it into {folder.path}. Only if "
            "it is lost everywhere: --new-key; withdrawn words are then known by their ids alone",
        )
    folder.make(workspace.root)
    if new_secret_key:
        workspace.give_up_other_keys()
        given_up = workspace.left_file.untestable(workspace.config.secrets.keys).marks
        workspace.left_file.give_up(given_up, workspace.now())
        faults = (*faults, "secret keys that are not set here were given up")
    line = {"on": today.isoformat(), "by": by, "why": faults}
    append_line(folder.confirmations, json.dumps(line, ensure_ascii=False))
    marks.replace_key_mark(folder.key_mark())
    again = go_on(workspace.story_services, today=today)
    left = clear_away(workspace)
    for issue_id in _sent(workspace):
        try:
            workspace.sending.witness.copy(issue_id)
        except NewsletterError as error:
            left = (*left, f"{error} ({error.hint})")
    return Confirmed(withdrawn_again=again, left_to_do=left)


def clear_away(workspace: Workspace) -> tuple[str, ...]:
    """Take what was withdrawn out of the records of issues, off the disk and off the website, where
    a restore may have brought it back. Returns what could not be done."""
    left = []
    try:
        services = workspace.story_services
        workspace.redactor.redact(services.all_stops(), services.withdrawn_texts())
        remove_withdrawn(services)
    except NewsletterError as error:
        left.append(
            f"remove it from our records of past issues: newsletter stories purge ({error})"
        )
    try:
        rebuild = workspace.withdrawal_cleanup.rebuild
        if rebuild is not None:
            rebuild()
    except NewsletterError as error:
        left.append(f"take it off the website: newsletter archive ({error})")
    return tuple(left)


def _sent(workspace: Workspace) -> tuple[str, ...]:
    places = workspace.files, WorkspaceFiles(workspace.state_folder.path)
    return tuple(sorted(sent_issues(places)))
