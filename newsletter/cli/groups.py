"""A group of commands whose list tells each one's whole first sentence."""

import click

_NEVER_CUT = 300


class Listed(click.Group):
    """As click's own, which cuts the sentences at the edge of the terminal; here they wrap."""

    def format_commands(self, ctx: click.Context, formatter: click.HelpFormatter) -> None:
        rows = [
            (name, command.get_short_help_str(_NEVER_CUT))
            for name in self.list_commands(ctx)
            if (command := self.get_command(ctx, name)) is not None and not command.hidden
        ]
        with formatter.section("Commands"):
            formatter.write_dl(rows)
