"""The `newsletter` command. Subcommands are imported only when called: start-up is felt."""

import errno
import importlib
import io
import os
import sys
from typing import Any

import click

from newsletter import __version__
from newsletter.errors import NewsletterError, ServiceError

# The command and its line in `newsletter --help`, in the order of a week. The command `pull` is
# `pull` in `newsletter.cli.pull`.
COMMANDS = {
    "init": "Make a new workspace and say what to do next.",
    "demo": "Run a whole week of a fictional coalition on this machine.",
    "doctor": "Say what is missing here and how to mend it.",
    "feeds": "Add, check and list the members' feeds.",
    "pull": "Fetch the members' feeds.",
    "items": "List, show and hide what was pulled.",
    "stories": "Take, review and list submitted stories.",
    "keys": "Make and rotate the keys that seal stories.",
    "draft": "Write the issue's draft files, one a language.",
    "check": "Find what is wrong with the draft.",
    "preview": "Show the issue on a desktop, a phone and in the dark.",
    "templates": "List, copy and check the design's parts.",
    "approve": "Say yes to the issue, exactly as it is now.",
    "send": "Send the approved issue, once to each person.",
    "audit": "Prove that each person is accounted for.",
    "report": "Show how an issue went.",
    "archive": "Write the public archive as a static site.",
    "subscribers": "Import, export, list and erase people.",
    "bounces": "Read returned mail and stop mailing those people.",
    "serve": "Serve the public pages.",
}


# Permissions, kinds of files, names, space: whoever keeps the disk can mend these, not we.
_DISK = {
    errno.EACCES, errno.EPERM, errno.EROFS, errno.EISDIR, errno.ENOTDIR, errno.ELOOP,
    errno.ENAMETOOLONG, errno.ENOSPC, errno.EDQUOT,
}  # fmt: skip


class LazyGroup(click.Group):
    """A group whose commands are modules, imported when one is called."""

    def list_commands(self, ctx: click.Context) -> list[str]:
        return list(COMMANDS)

    def get_command(self, ctx: click.Context, cmd_name: str) -> click.Command | None:
        if cmd_name not in COMMANDS:
            return None
        module = importlib.import_module(f"newsletter.cli.{cmd_name}")
        command: click.Command = getattr(module, cmd_name)
        return command

    def format_commands(self, ctx: click.Context, formatter: click.HelpFormatter) -> None:
        with formatter.section("Commands"):
            formatter.write_dl(list(COMMANDS.items()))

    def resolve_command(
        self, ctx: click.Context, args: list[str]
    ) -> tuple[str | None, click.Command | None, list[str]]:
        if args and args[0] not in COMMANDS and not args[0].startswith("-"):
            import difflib

            close = difflib.get_close_matches(args[0], COMMANDS, n=1)
            hint = f" Did you mean {close[0]!r}?" if close else " See newsletter --help."
            ctx.fail(f"No such command {args[0]!r}.{hint}")
        return super().resolve_command(ctx, args)

    def invoke(self, ctx: click.Context) -> Any:
        """Run it; what is wrong with an argument is said without the argument's own controls."""
        try:
            return super().invoke(ctx)
        except click.UsageError as error:
            from newsletter.cli.output import printable

            said = error.format_message()
            if printable(said) == said:
                raise
            raise click.UsageError(printable(said), ctx=error.ctx) from error


@click.group(cls=LazyGroup, context_settings={"help_option_names": ["-h", "--help"]})
@click.version_option(__version__, prog_name="newsletter")
@click.option(
    "-w",
    "--workspace",
    envvar="NEWSLETTER_WORKSPACE",
    default=".",
    help="The folder that holds newsletter.toml (default: this one).",
)
@click.option("--debug", is_flag=True, help="Show where in the program an error came from.")
@click.pass_context
def cli(ctx: click.Context, workspace: str, debug: bool) -> None:
    """Pull the members' news, assemble the weekly digest, send it once to each person.

    A week: pull, draft, edit the draft as text, check, preview, approve, send, report.
    New here? Run `newsletter demo`.
    """
    ctx.obj = workspace
    if os.environ.get("NO_COLOR"):  # https://no-color.org
        ctx.color = False


def main(args: list[str] | None = None) -> None:
    """Run the command; the one place where an expected error becomes a line, a hint and a code."""
    arguments = sys.argv[1:] if args is None else args
    _be_able_to_speak()
    try:
        cli.main(args=arguments, prog_name="newsletter")
    except (NewsletterError, OSError) as raised:
        error = raised if isinstance(raised, NewsletterError) else _disk_error(raised)
        if error is None or "--debug" in arguments:
            raise
        from newsletter.cli.output import note

        note(f"newsletter: {error}")
        if error.hint:
            note(f"  hint: {error.hint}")
        sys.exit(error.exit_code)


def _be_able_to_speak() -> None:
    """A stream that was closed goes nowhere (and its number to no other file); a character that
    the terminal's encoding lacks is shown as its code."""
    for name, mode in (("stdin", "r"), ("stdout", "w"), ("stderr", "w")):
        stream = getattr(sys, name)
        if stream is None:
            setattr(sys, name, os.fdopen(os.open(os.devnull, os.O_RDWR), mode))
        elif mode == "w" and isinstance(stream, io.TextIOWrapper):
            stream.reconfigure(errors="backslashreplace")


def _disk_error(error: OSError) -> NewsletterError | None:
    """What the disk refused, wherever it did; None for what only a mistake of ours explains."""
    if error.errno not in _DISK:
        return None
    said = error.strerror or "it cannot be used"
    if error.filename is None:
        return ServiceError(f"cannot write: {said}")
    return ServiceError(f"cannot be used: {said}", file=os.fsdecode(error.filename))
