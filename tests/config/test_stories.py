"""Where withdrawals are written down."""

from collections.abc import Callable

from newsletter.config import Config
from newsletter.wiring import Workspace
from tests.conftest import NEWSLETTER_TOML


def test_the_file_of_withdrawals_may_lie_on_another_disk(
    make_config: Callable[..., Config],
) -> None:
    plain = Workspace(config=make_config())
    assert plain.story_folder.revocation_file.paths[0] == plain.root / "stories" / "withdrawn.jsonl"
    toml = NEWSLETTER_TOML + '\n[stories]\nwithdrawn = "/mnt/apart/withdrawn.jsonl"\n'
    apart = Workspace(config=make_config(toml))
    assert str(apart.story_folder.revocation_file.paths[0]) == "/mnt/apart/withdrawn.jsonl"
