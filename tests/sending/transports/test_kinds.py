"""Each kind of transport is made in both ways, and named where people choose one."""

import pytest

from newsletter.model.delivery import TransportKind
from newsletter.wiring.transports import TRANSPORTS
from tests.processes import ROOT


def test_every_kind_carries_issues_and_notices() -> None:
    assert set(TRANSPORTS) == set(TransportKind)


@pytest.mark.parametrize("kind", TransportKind)
@pytest.mark.parametrize(
    "file",
    ["docs/configuration.md", "docs/sending.md", "newsletter/shipped/scaffold/newsletter.toml"],
)
def test_every_kind_is_named_in_the_guides_and_the_settings(kind: TransportKind, file: str) -> None:
    assert f'"{kind}"' in (ROOT / file).read_text(encoding="utf-8")
