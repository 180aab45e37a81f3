"""[I/O] The job `draft`: this week's drafts, unless somebody began them."""

from newsletter.issues.drafting.draft import draft
from newsletter.issues.drafting.illustrate import illustrate
from newsletter.jobs.job import JobContext
from newsletter.model.issue import issue_id_for


def draft_week(context: JobContext) -> None:
    """Write the drafts and fetch their pictures; nothing where one is there already."""
    workspace = context.workspace
    issue_id = issue_id_for(workspace.today())
    if any((workspace.root / "issues" / issue_id).glob("*.md")):
        return
    parts = (workspace.issue_sources, workspace.issues, workspace.draft_rules)
    draft(*parts, now=workspace.now(), issue_id=issue_id)
    illustrate(workspace.issue_sources, issue_id, workspace.fetcher())
