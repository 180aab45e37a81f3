"""A scheduled send that three workers share, under faults: everyone once. `bench/shared_send.py`
does the same with 20,000 people."""

from pathlib import Path

import pytest
from sqlalchemy import Engine

from tests.conftest import ENVIRONMENT, NEWSLETTER_TOML, url_of
from tests.jobs.sharing import (
    CONNECTIONS,
    QUICK,
    everyone_once,
    restarting,
    schedule,
    shared,
    under_faults,
    working,
)
from tests.processes import until

PEOPLE = 400

pytestmark = pytest.mark.usefixtures("processes")


def test_a_scheduled_send_is_shared_under_faults(
    tmp_path: Path, postgres: Engine, monkeypatch: pytest.MonkeyPatch
) -> None:
    for name, value in ENVIRONMENT.items():
        monkeypatch.setenv(name, value)
    url = url_of(postgres)
    with (
        shared(tmp_path, url, PEOPLE, NEWSLETTER_TOML) as one,
        working(one, 3, QUICK) as workers,
    ):
        schedule(one)
        under_faults(one, workers, asleep=1.0, restart=restarting(url))

        unsure = one.settle_by_record()
        assert unsure <= CONNECTIONS  # in the hands of the one that was killed
        if unsure:
            assert f"{unsure} pe" in one.told()[-1]
            assert "may or may not have got it" in one.told()[-1]
        until(lambda: one.audited().is_complete)
        everyone_once(one)
