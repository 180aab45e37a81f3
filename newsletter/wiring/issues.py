"""How an issue is made: what it is drafted from, and by which rules it is chosen and approved."""

from dataclasses import dataclass
from functools import cached_property
from typing import TYPE_CHECKING

from newsletter.wiring.sources import Sources

if TYPE_CHECKING:
    from newsletter.issues.approve import ApprovalRules
    from newsletter.issues.choosing.select import DraftRules
    from newsletter.issues.sources import IssueSources
    from newsletter.store.issues import IssueStore


@dataclass(frozen=True)
class Issues(Sources):
    """The issues, and what their bytes depend on."""

    @cached_property
    def issues(self) -> "IssueStore":
        """What was offered, approved and used."""
        from newsletter.store.issues import IssueStore

        return IssueStore(self.engine)

    @cached_property
    def issue_sources(self) -> "IssueSources":
        """Everything that an issue's bytes depend on."""
        from newsletter.issues.sources import IssueSources

        return IssueSources(
            coalition=self.config.coalition,
            sender=self.config.sender,
            organisations=self.organisations,
            files=self.files,
            items=self.items,
            stories=self.consents,
            templates=self.templates,
        )

    @property
    def draft_rules(self) -> "DraftRules":
        """The issue's sections and how their places are shared out."""
        from newsletter.issues.choosing.select import DraftRules
        from newsletter.model.coalition import USUAL_SECTIONS

        issue = self.config.issue
        return DraftRules(
            sections=issue.sections or USUAL_SECTIONS,
            organisation_cap=issue.organisation_cap,
            rotation_issues=issue.rotation_issues,
        )

    @property
    def approval_rules(self) -> "ApprovalRules":
        """Who may approve, and how many have to."""
        from newsletter.issues.approve import ApprovalRules

        return ApprovalRules(
            editors=self.config.editors,
            required=self.config.issue.approvals_required,
            bulletin_required=self.config.issue.bulletin_approvals_required,
        )
