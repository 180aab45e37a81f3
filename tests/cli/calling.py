"""Commands called inside the test's own process, and the two pieces that most of them work on."""

from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from datetime import UTC, datetime
from pathlib import Path

import pytest
from click.testing import CliRunner, Result

from newsletter.cli.main import cli
from newsletter.config import load
from newsletter.errors import NewsletterError
from newsletter.model.item import Item, ItemKind
from newsletter.wiring import Workspace

Run = Callable[..., Result]
FEEDS = """
organisations:
  - id: harbor
    name: Harbor Legal Aid
    url: https://harbor.example
    languages: [en, es]
    feeds:
      - {url: "https://harbor.example/feed/", kind: news}
"""


def caller(workspace: Workspace, *first: str) -> Run:
    """`run("feeds", "list")`: the result; an expected error is raised. `first` come before."""

    def call(*arguments: str) -> Result:
        result = CliRunner().invoke(cli, ["-w", str(workspace.root), *first, *arguments])
        if isinstance(result.exception, NewsletterError):
            raise result.exception
        assert result.exception is None or isinstance(result.exception, SystemExit), result.output
        return result

    return call


@contextmanager
def closing_workspaces(monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    """Close what commands open and leave to the end of their process."""
    opened: list[Workspace] = []

    def open_and_note(root: Path, environ: Mapping[str, str], **_half: bool) -> Workspace:
        opened.append(Workspace(config=load(root, environ)))
        return opened[-1]

    monkeypatch.setattr(Workspace, "open", open_and_note)
    yield
    for workspace in opened:
        workspace.database_as_it_is.dispose()


def two_pieces(workspace: Workspace) -> None:
    """A member and a piece of news of theirs in each language, as if pulled."""
    (workspace.root / "feeds.yaml").write_text(FEEDS)
    workspace.items.save(
        Item(
            id=f"news{language}",
            kind=ItemKind.NEWS,
            title=f"Clinic in {language}",
            first_seen_at=datetime.now(UTC),
            organisation_id="harbor",
            link=f"https://harbor.example/{language}",
            text="Come on Saturday.",
            language=language,
        )
        for language in ("en", "es")
    )
