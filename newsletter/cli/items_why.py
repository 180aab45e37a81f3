"""`newsletter items list --why`: what this week's issue would take, one line an item."""

from newsletter.cli.output import emit_rows, table
from newsletter.cli.workspace import Workspace


def list_why(
    workspace: Workspace, *, organisation: str | None, kind: str | None, limit: int, as_json: bool
) -> None:
    """The items that were looked at, what was chosen first, and why each is in or not."""
    from newsletter.issues.choosing.balance import next_choice

    chosen = next_choice(
        workspace.issue_sources, workspace.issues, workspace.draft_rules, now=workspace.now()
    )
    found = [
        item
        for item in chosen.items
        if organisation in (None, item.organisation_id) and kind in (None, item.kind.value)
    ]
    found.sort(key=lambda item: item.order_date, reverse=True)
    found.sort(key=lambda item: not chosen.why.get(item.id, "").startswith("chosen"))
    rows = [
        (item.id, item.organisation_id or "", item.title, chosen.why.get(item.id, ""))
        for item in found[:limit]
    ]
    columns = ("id", "organisation", "title", "why")
    if as_json:
        emit_rows(columns, rows)
    else:
        table(columns, rows)
