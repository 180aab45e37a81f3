"""The state folder of a test's workspace, as `newsletter init` makes it."""

import os
from pathlib import Path

from newsletter.wiring.state_folder import StateFolder


def state_of(root: Path) -> StateFolder:
    """The folder outside a workspace, made when it is missing."""
    return StateFolder.of(root, Path(os.environ["NEWSLETTER_STATE"])).make(root)
