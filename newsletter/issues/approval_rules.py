"""Who may approve an issue, and how many have to."""

from collections.abc import Sequence
from dataclasses import dataclass

from newsletter.errors import UsageError
from newsletter.model.coalition import Editor
from newsletter.model.issue import Approval, is_bulletin


@dataclass(frozen=True, kw_only=True, slots=True)
class ApprovalRules:
    """Who may approve, and how many different people have to."""

    editors: tuple[Editor, ...]
    required: int
    bulletin_required: int

    def required_for(self, issue_id: str) -> int:
        """Return how many people have to approve an issue, or a bulletin."""
        return self.bulletin_required if is_bulletin(issue_id) else self.required

    def still_counting(self, approvals: Sequence[Approval]) -> tuple[Approval, ...]:
        """Return those of people who still may approve: the yes of one who left is void."""
        names = {editor.name for editor in self.editors}
        return tuple(approval for approval in approvals if approval.editor in names)

    def editor_named(self, editor: str) -> str:
        """Return the editor's name as it is set. UsageError when that is nobody who may approve."""
        for known in self.editors:
            if known.name.casefold() == editor.strip().casefold():
                return known.name
        names = ", ".join(known.name for known in self.editors)
        raise UsageError(
            f"{editor} is not one of the editors"
            if editor
            else "an approval needs an editor's name",
            hint=f"one of: {names}"
            if names
            else "list the people who may approve under [[editors]] in newsletter.toml",
        )
