"""What the pages work with: the workspace, its links, a clock, and hands for what may wait."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import date, datetime
from typing import cast
from zoneinfo import ZoneInfo

from flask import current_app

from newsletter.people.links import Links
from newsletter.people.personal import Access
from newsletter.web.after_response import AfterResponse
from newsletter.wiring import Workspace


@dataclass(frozen=True, kw_only=True, slots=True)
class Site:
    """One app's."""

    workspace: Workspace
    links: Links
    clock: Callable[[], datetime]
    later: AfterResponse

    def access(self) -> Access:
        """What opening a personal link needs, now."""
        return Access(store=self.workspace.subscribers, links=self.links, now=self.clock())

    def today(self) -> date:
        """The day on the coalition's wall."""
        return self.clock().astimezone(ZoneInfo(self.workspace.config.coalition.timezone)).date()


def site() -> Site:
    """The current app's."""
    return cast(Site, current_app.extensions["newsletter"])
