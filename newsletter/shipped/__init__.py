"""The files that travel with the program: templates and the demo coalition's workspace.

In a checkout they lie at the repository's root; the wheel carries them inside this package.
"""

from pathlib import Path

_PACKAGE = Path(__file__).parent
_CHECKOUT = _PACKAGE.parents[1]

# What a workspace of the demo coalition begins with.
WORKSPACE = ("newsletter.toml", "feeds.yaml", "stories", "blocks")


def shipped(name: str) -> Path:
    """Return `templates`, `demo`, `feeds.yaml` …, wherever this installation keeps it."""
    installed = _PACKAGE / name
    return installed if installed.exists() else _CHECKOUT / name
