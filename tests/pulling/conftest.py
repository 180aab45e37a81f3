"""A workspace whose feeds come from servers on loopback, and a clock that tests set."""

from dataclasses import dataclass, replace
from datetime import UTC, datetime, timedelta

import pytest

from newsletter.model.organisation import Feed, Organisation
from newsletter.model.pulling import FeedOutcome, PullReport
from newsletter.pulling.pull import pull
from newsletter.wiring import Workspace

NOW = datetime(2026, 11, 20, 12, 0, tzinfo=UTC)


@dataclass
class Puller:
    """Pulls into one workspace at moments that the test chooses."""

    workspace: Workspace
    now: datetime = NOW

    def organisation(self, *urls: str, id: str = "harbor", **facts: object) -> Organisation:
        return Organisation(
            id=id,
            name=id.title(),
            url=f"https://{id}.example",
            languages=("en",),
            feeds=tuple(Feed(url=url) for url in urls),
            **facts,  # type: ignore[arg-type]
        )

    def report(
        self,
        *organisations: Organisation,
        force: bool = False,
        mailed: frozenset[str] = frozenset(),
    ) -> PullReport:
        parts = replace(self.workspace.pulling(), clock=lambda: self.now)
        return pull(organisations, parts, even_if_not_due=force, mailed=mailed)

    def one(self, url: str, *, force: bool = True) -> FeedOutcome:
        return self.report(self.organisation(url), force=force).outcomes[0]

    def later(self, **time: float) -> None:
        self.now += timedelta(**time)


@pytest.fixture
def puller(workspace: Workspace) -> Puller:
    return Puller(workspace)
