"""A digest in a folder, with its state folder, that is backed up and restored by tests."""

import hashlib
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from datetime import UTC, datetime
from pathlib import Path

from newsletter.lasting.age_stream import Openers, ToKeys
from newsletter.lasting.back_up import backup_chunks
from newsletter.lasting.backup_file import write_backup
from newsletter.model.subscriber import NOT_STORED, Subscriber, SubscriberState
from newsletter.stories.keys.identity import new_pair
from newsletter.wiring import Workspace
from newsletter.wiring.backup_source import backup_source
from newsletter.wiring.restore import restore
from newsletter.wiring.restore_options import Ahead, Restored, RestoreOptions
from tests.conftest import ENVIRONMENT, NEWSLETTER_TOML

PAIR = new_pair()
FEEDS = "organisations: []\n"


class Digest:
    """A workspace below a test's folder; `state` is what stands for the user's state folder."""

    def __init__(self, root: Path, state: Path, **environment: str) -> None:
        self.root, self.state = root, state
        self.environ = {**ENVIRONMENT, "NEWSLETTER_STATE": str(state), **environment}

    @classmethod
    def made(cls, folder: Path, **environment: str) -> "Digest":
        """Make one, with three people, an issue, a block and a member."""
        digest = cls(folder / "digest", folder / "state", **environment)
        digest.root.mkdir()
        for name, text in {
            "newsletter.toml": NEWSLETTER_TOML,
            ".gitignore": "/stories/\n",
            "feeds.yaml": FEEDS,
            "blocks/1-hello.en.md": "Hello.\n",
            "issues/2026-W47/en.md": "---\nsubject: This week\n---\n",
        }.items():
            (digest.root / name).parent.mkdir(parents=True, exist_ok=True)
            (digest.root / name).write_text(text, encoding="utf-8")
        with digest.opened() as workspace:
            workspace.begin_state()
            workspace.insist_on_state()
            workspace.subscribers.add([person("ana"), person("bo"), person("cy")])
        return digest

    @contextmanager
    def opened(self) -> Iterator[Workspace]:
        workspace = Workspace.open(self.root, self.environ)
        try:
            yield workspace
        finally:
            if "engine" in workspace.__dict__:
                workspace.engine.dispose()

    def elsewhere(self, name: str, *, state: str = "", **environment: str) -> "Digest":
        """The folder of another machine, empty; with another state folder where one is named."""
        where = self.root.with_name(name)
        where.mkdir(exist_ok=True)
        there = self.state.with_name(state) if state else self.state
        return Digest(
            where, there, **{**self.environ, **environment, "NEWSLETTER_STATE": str(there)}
        )

    def back_up(self, name: str = "backup", *, with_secret_key: bool = False) -> Path:
        file = self.root.with_name(name)
        with self.opened() as workspace:
            source = backup_source(
                workspace,
                with_secret_key=with_secret_key,
                begun=lambda head: lambda rows: None,
            )
            now, lock = workspace.now(), ToKeys(keys=[PAIR.public])
            write_backup(file, backup_chunks(source), lock, now=now, replace=True)
        return file

    def restore(
        self,
        file: Path,
        *,
        to: str = "",
        give_up: bool = False,
        ask: Callable[[Ahead], None] = lambda ahead: None,
    ) -> Restored:
        openers = Openers(private_key=lambda: PAIR.secret, passphrase=lambda: "")
        return restore(
            file,
            RestoreOptions(
                root=self.root,
                environ=self.environ,
                openers=openers,
                now=lambda: datetime.now(UTC),
                to=to,
                without_old_database=give_up,
                ask=ask,
            ),
        )

    def addresses(self) -> set[str]:
        with self.opened() as workspace:
            return {one.address.partition("@")[0] for one in workspace.subscribers.stream(0, 99)}

    def tree(self) -> Mapping[str, str]:
        """Each file of the workspace, by the hash of what is in it."""
        return {
            str(path.relative_to(self.root)): hashlib.sha256(path.read_bytes()).hexdigest()
            for path in sorted(self.root.rglob("*"))
            if path.is_file()
        }


def person(name: str, state: SubscriberState = SubscriberState.CONFIRMED) -> Subscriber:
    now = datetime.now(UTC)
    return Subscriber(
        id=NOT_STORED,
        address=f"{name}@example.org",
        language="en",
        state=state,
        joined_at=now,
        confirmed_at=None if state is SubscriberState.PENDING else now,
    )
