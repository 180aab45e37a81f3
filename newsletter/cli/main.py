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
from newsletter.system import IS_POSIX

# The command and its line in `newsletter --help`, in the order of a week. The command `pull` is
# `pull` in `newsletter.cli.pull`.
COMMANDS = {
    "init": "Make a new workspace and show the next steps.",
    "demo": "Run a whole week of a made-up coalition on this computer.",
    "doctor": "Check the setup: what is missing and how to fix it.",
    "feeds": "Add, check and list the members' feeds.",
    "pull": "Fetch the members' feeds.",
    "items": "List, show and hide what was pulled.",
    "stories": "Take, review and list submitted stories.",
    "keys": "Make, share and replace the keys that protect stories.",
    "draft": "Write the issue's drafts, one text file per language.",
    "check": "Find problems in the drafts.",
    "preview": "Show the issue on a desktop, on a phone and in dark mode.",
    "templates": "List, copy, check and show the parts of the design.",
    "approve": "Approve the issue, exactly as it is now.",
    "send": "Send the approved issue, once to each person.",
    "correct": "Draft a correction to those who got an issue with a mistake.",
    "resend": "Send an issue to those who never got it, and to nobody else.",
    "audit": "Prove that each person is accounted for.",
    "report": "Show how an issue went, or which members were in the last ones.",
    "archive": "Write the public archive as a static website.",
    "subscribers": "Import, export, list and erase subscribers.",
    "bounces": "Read bounce messages and stop mailing dead addresses.",
    "editors": "Do what there is to do when an editor leaves.",
    "backup": "Write an encrypted copy of all that is needed to one file.",
    "restore": "Put a backup back, here or into another database.",
    "state": "Show what outlives a restored backup, and go on after a loss.",
    "work": "Do what runs by itself: pull, draft, purge, archive and more.",
    "jobs": "Show what runs by itself, try it again, pause it.",
    "serve": "Serve the public pages: subscribe, preferences, unsubscribe.",
}


# Permissions, kinds of files, names, space: what the person at this computer can fix.
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
        """Run the command; an error about an argument repeats none of its control characters."""
        try:
            return super().invoke(ctx)
        except click.UsageError as error:
            from newsletter.cli.output import printable

            message = error.format_message()
            if printable(message) == message:
                raise
            raise click.UsageError(printable(message), ctx=error.ctx) from error


@click.group(cls=LazyGroup, context_settings={"help_option_names": ["-h", "--help"]})
@click.version_option(__version__, prog_name="newsletter")
@click.option(
    "-w",
    "--workspace",
    envvar="NEWSLETTER_WORKSPACE",
    default=".",
    help="The folder that holds newsletter.toml (default: this one, or the nearest above).",
)
@click.option("--debug", is_flag=True, help="Show where in the program an error came from.")
@click.pass_context
def cli(ctx: click.Context, workspace: str, debug: bool) -> None:
    """Pull the members' news, put together the weekly digest, and send it once to each person.

    A week: pull, draft, edit the drafts as text, check, preview, approve, send, report. New here?
    Try `newsletter demo`. Each command explains itself: newsletter COMMAND --help.
    """
    ctx.obj = workspace
    if os.environ.get("NO_COLOR"):  # https://no-color.org
        ctx.color = False


def main(args: list[str] | None = None) -> None:
    """Run the command. An expected error becomes a line, a hint and an exit code, here alone."""
    arguments = sys.argv[1:] if args is None else args
    _prepare_streams()
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
        _let_go_of_stdout()
        sys.exit(error.exit_code)


def _let_go_of_stdout() -> None:
    """Write what is left, or nothing where that fails: else Python ends with a code of its own."""
    try:
        sys.stdout.flush()
    except OSError:
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())


def _prepare_streams() -> None:
    """Lead a closed stream nowhere (and its number to no other file); show a character that the
    terminal's encoding lacks as its code."""
    for name, mode in (("stdin", "r"), ("stdout", "w"), ("stderr", "w")):
        stream = getattr(sys, name)
        if stream is None:
            setattr(sys, name, os.fdopen(os.open(os.devnull, os.O_RDWR), mode))
        elif mode == "w" and isinstance(stream, io.TextIOWrapper):
            stream.reconfigure(errors="backslashreplace")
            if not IS_POSIX and not stream.isatty():  # what is read by a program is the same there
                stream.reconfigure(encoding="utf-8", newline="\n")


def _disk_error(error: OSError) -> NewsletterError | None:
    """Return what the disk refused as an expected error; None where it is a mistake of ours."""
    if error.errno not in _DISK:
        return None
    reason = error.strerror or "unknown error"
    if error.filename is None:
        return ServiceError(f"cannot write: {reason}")
    return ServiceError(f"cannot be used: {reason}", file=os.fsdecode(error.filename))
