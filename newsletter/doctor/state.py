"""Whether what must outlive a restored workspace is whole, and nobody else's to read. [I/O]"""

from collections.abc import Iterator

from newsletter.doctor.findings import Finding, fine, look, missing
from newsletter.sending.witness import gap
from newsletter.system import is_open_to
from newsletter.wiring import Workspace
from newsletter.wiring.state_report import look_at_state


def state(workspace: Workspace) -> Iterator[Finding]:
    """Find what is wrong with the state folder, and who else can read it."""
    report = look_at_state(workspace)
    for fault in report.faults:
        yield missing("state folder", fault, "newsletter state show tells more")
    if report.untestable:
        yield missing(
            "state folder",
            report.untestable,
            "put that key in NEWSLETTER_OLDER_SECRET_KEYS; newsletter state show tells more",
        )
    if not report.faults:
        yield fine("state folder", f"{report.folder} keeps what a restore must not undo")
        yield from _older_ledger(workspace, report.sent)
    folder = workspace.state_folder.path
    if folder.is_dir() and is_open_to(folder, 0o077):
        yield look(
            "state folder",
            "others on this computer can look into it",
            f"chmod -R go-rwx {folder}",
        )


def _older_ledger(workspace: Workspace, sent: tuple[str, ...]) -> Iterator[Finding]:
    """The database was set back to an earlier day: people could be mailed a second time."""
    for issue_id in sent:
        if unknown := gap(workspace.sending, issue_id):
            hint = "put a newer copy of the database back; docs/running.md, Back up, says what else"
            yield missing("ledger", f"{issue_id}: {unknown}", hint)
