"""The keys that a database was used with: another machine is told, and people who left stay out."""

from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import pytest
from sqlalchemy import Engine

from newsletter.config import load
from newsletter.errors import ConfigError
from newsletter.model.subscriber import SuppressionReason
from newsletter.model.suppression import secret_key_mark
from newsletter.wiring import Workspace
from tests.conftest import NEWSLETTER_TOML, url_of

OLD, NEW, OTHER = "o" * 43, "n" * 43, "x" * 43
Machine = Callable[..., Workspace]


@pytest.fixture(params=["sqlite", "postgres"])
def machine(
    request: pytest.FixtureRequest, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> Machine:
    """`machine(name, key, *older)`: a workspace folder of its own, over the one database."""
    if request.param == "sqlite":
        url = f"sqlite:///{tmp_path}/shared.db"
    else:
        engine: Engine = request.getfixturevalue("postgres")
        url = url_of(engine)

    def opened(name: str, key: str, *older: str) -> Workspace:
        root = tmp_path / name
        root.mkdir(exist_ok=True)
        (root / "newsletter.toml").write_text(NEWSLETTER_TOML, encoding="utf-8")
        environment = {
            "NEWSLETTER_SECRET_KEY": key,
            "NEWSLETTER_OLDER_SECRET_KEYS": ",".join(older),
            "NEWSLETTER_DATABASE_URL": url,
            "NEWSLETTER_STATE": str(tmp_path / f"{name}-state"),
        }
        workspace = Workspace(config=load(root, environment))
        request.addfinalizer(lambda: workspace.engine.dispose())
        return workspace

    return opened


def test_a_second_machine_with_another_key_is_refused_and_imports_nobody(machine: Machine) -> None:
    assert machine("first", OLD).secret_keys == (OLD,)
    with pytest.raises(ConfigError, match="is not the key that this database was used with") as no:
        _ = machine("second", OTHER).subscribers
    assert no.value.exit_code == 2
    assert "NEWSLETTER_OLDER_SECRET_KEYS" in no.value.hint
    assert machine("second", OLD).secret_keys == (OLD,)


def test_after_a_change_each_machine_needs_both_keys(machine: Machine) -> None:
    assert machine("first", OLD).secret_keys
    assert machine("first", NEW, OLD).secret_keys == (NEW, OLD)
    for keys in ((OLD,), (NEW,)):
        with pytest.raises(ConfigError, match="also used with a secret key that is not set here"):
            _ = machine("second", *keys).secret_keys
    assert machine("second", NEW, OLD).secret_keys == (NEW, OLD)


def test_a_leaked_key_is_given_up_on_purpose(machine: Machine) -> None:
    first = machine("first", OLD)
    assert first.secret_keys
    replaced = machine("first", NEW)
    (replaced.root / ".secret-key-mark").write_text(f"{secret_key_mark(OLD)}\n")
    replaced.give_up_other_keys()
    assert machine("first", NEW).secret_keys == (NEW,)
    assert not (replaced.root / ".secret-key-mark").exists()
    with pytest.raises(ConfigError):
        _ = machine("second", OLD).secret_keys


def test_the_file_of_before_counts_for_a_database_without_marks(machine: Machine) -> None:
    workspace = machine("first", OTHER)
    (workspace.root / ".secret-key-mark").write_text(f"{secret_key_mark(OLD)}\n")
    with pytest.raises(ConfigError):
        _ = workspace.secret_keys
    assert machine("first", OLD).secret_keys == (OLD,)
    (workspace.root / ".secret-key-mark").unlink()
    with pytest.raises(ConfigError):
        _ = machine("first", OTHER).secret_keys


def test_of_two_machines_that_begin_at_once_with_two_keys_one_is_refused(machine: Machine) -> None:
    def begin(workspace: Workspace) -> bool:
        try:
            return bool(workspace.secret_keys)
        except ConfigError:
            return False

    machines = [machine("first", OLD), machine("second", NEW)]
    assert all(one.engine for one in machines)
    with ThreadPoolExecutor(2) as pool:
        begun = list(pool.map(begin, machines))
    assert sorted(begun) == [False, True]


def test_who_left_stays_out_after_the_key_was_changed_as_documented(machine: Machine) -> None:
    first = machine("first", OLD)
    first.subscribers.suppress("ana@readers.example", SuppressionReason.LEFT, first.now())
    changed = machine("second", NEW, OLD)
    assert changed.subscribers.suppressed(["ana@readers.example"]) == {"ana@readers.example"}
