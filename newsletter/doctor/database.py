"""Whether the database answers, and its real tables are those that the code expects. [I/O]"""

from collections.abc import Iterator

from newsletter.doctor.findings import Finding, fine, missing
from newsletter.errors import NewsletterError
from newsletter.wiring import Workspace


def database(workspace: Workspace) -> Iterator[Finding]:
    """Find each thing that is not as it should be, or else what keeps it from being opened."""
    fault = None
    try:
        with workspace.engine.connect():
            kind = workspace.engine.dialect.name
    except NewsletterError as error:
        fault = missing("database", str(error), error.hint)
    try:
        found = workspace.database_differences()
    except NewsletterError:  # told above
        found = ()
    for difference in found:
        yield missing("database", difference.what, difference.remedy)
    if fault and not found:
        yield fault
    elif path := workspace.unwritable_database():
        hint = f"let whoever runs commands and newsletter serve own it: chown USER: {path}"
        yield missing("database", f"{path} cannot be written by this user", hint)
        return
    if not fault and not found:
        yield fine("database", f"{kind}, tables up to date and as they should be")
