"""[I/O] Where an issue's facts are read from."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field

from newsletter.design.templates import Templates
from newsletter.files import WorkspaceFiles
from newsletter.issues.ports import ItemSource
from newsletter.model.approved import ApprovedDraft
from newsletter.model.coalition import Coalition, Sender
from newsletter.model.logo import LogoFile
from newsletter.model.organisation import Organisation
from newsletter.stories.record.consents import Consents


@dataclass(frozen=True, kw_only=True)
class IssueSources:
    """Everything that an issue's bytes depend on; read once a command, into facts."""

    coalition: Coalition
    sender: Sender
    organisations: tuple[Organisation, ...]
    files: WorkspaceFiles
    items: ItemSource
    stories: Consents
    templates: Templates
    logo: LogoFile = field(default_factory=LogoFile)
    approved_drafts: Callable[[str], Mapping[str, ApprovedDraft]] = lambda issue_id: {}

    @property
    def by_id(self) -> dict[str, Organisation]:
        """The organisations by id."""
        return {organisation.id: organisation for organisation in self.organisations}
