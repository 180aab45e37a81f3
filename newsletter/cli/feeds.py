"""newsletter feeds"""

import click

from newsletter.cli.feeds_add import add
from newsletter.cli.feeds_change import edit, import_, pause, remove
from newsletter.cli.feeds_show import check, export, health, list_feeds, proposals, show
from newsletter.cli.groups import Listed


@click.group(cls=Listed)
def feeds() -> None:
    """Add, check and list the members' feeds. Changes keep the comments in feeds.yaml."""


for command in (
    add, list_feeds, show, check, edit, pause, remove, import_, export, proposals, health
):  # fmt: skip
    feeds.add_command(command)
