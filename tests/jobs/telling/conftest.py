"""A workspace whose editors have addresses, and a real mail server that takes what they get."""

from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from newsletter.config import Config
from newsletter.wiring import Workspace
from tests.conftest import NEWSLETTER_TOML
from tests.jobs.telling.mailed import Mailed
from tests.sending.recorder import Running

TRANSPORT = """
[transport]
kind = "smtp"
host = "127.0.0.1"
port = {port}
security = "none"
return_domain = "bounces.coalition.example"
"""
ANA = """
[[editors]]
name = "Ana"
languages = ["en"]
address = "ana@x.example"
"""
BO = """
[[editors]]
name = "Bo"
languages = ["es"]
address = "bo@x.example"
"""


def settings(port: int, editors: str) -> str:
    """The usual newsletter.toml, with other editors."""
    start, _, rest = NEWSLETTER_TOML.partition("[[editors]]")
    sections = rest[rest.index("[[issue.sections]]") :]
    return start + editors + TRANSPORT.format(port=port) + sections


Mail = Callable[..., Mailed]


@pytest.fixture
def receiver(tmp_path: Path) -> Iterator[Running]:
    """A mail server on loopback that writes down what it accepts."""
    running = Running(tmp_path / "accepted")
    yield running
    running.close()


@pytest.fixture
def mail(make_config: Callable[..., Config], receiver: Running) -> Iterator[Mail]:
    """`mail(editors)`: the workspace with these editors, by default Ana in English and Bo in
    Spanish."""
    opened: list[Workspace] = []

    def make(editors: str = ANA + BO, more: str = "") -> Mailed:
        workspace = Workspace(config=make_config(settings(receiver.port, editors) + more))
        opened.append(workspace)
        return Mailed(workspace=workspace, receiver=receiver)

    yield make
    for workspace in opened:
        if "engine" in workspace.__dict__:
            workspace.engine.dispose()
