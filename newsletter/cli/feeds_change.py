"""newsletter feeds: the commands that change feeds.yaml."""

import sys
from collections.abc import Callable, Sequence
from dataclasses import fields, replace
from functools import partial, wraps
from typing import TYPE_CHECKING, Any

import click

from newsletter.cli.completing import members
from newsletter.cli.output import (
    confirm,
    counted,
    day,
    flag,
    note,
    printable,
    repeatable,
    yes_option,
)
from newsletter.cli.workspace import Workspace, pass_workspace
from newsletter.errors import UsageError
from newsletter.model.organisation import Feed, Organisation, Terms, TextTerms

if TYPE_CHECKING:
    from newsletter.members.find import FoundFeed


_TEXT = click.Choice(["link", "excerpt", "full"])
_TERMS = (
    click.option(
        "--terms",
        "text",
        type=_TEXT,
        callback=lambda _ctx, _option, text: text and TextTerms(text),
        help="Reprint only the link, an excerpt, or the full text.",
    ),
    click.option(
        "--words", type=click.IntRange(1, 100_000), help="How many words an excerpt may have."
    ),
    click.option(
        "--pictures/--no-pictures", default=None, help="Whether their pictures may be reprinted."
    ),
    click.option(
        "--pages/--no-pages", default=None, help="Whether we may read the articles' own web pages."
    ),
)
_DETAILS = (
    click.option("--name", help="The organisation's name."),
    repeatable("--language", "languages", help="A language it publishes in, the main one first."),
    repeatable("--region", "regions", help="A region it serves."),
    repeatable("--topic", "topics", help="A topic it covers."),
    click.option("--contact", help="The email address that gets reports about its feeds."),
)


def _with(options: Sequence[Callable[[Any], Any]], command: Any) -> Any:
    for option in reversed(options):
        command = option(command)
    return command


def _with_terms(command: Callable[..., None]) -> Any:
    """Add the options of terms, and hand those that were given to the command as `typed`."""

    @wraps(command)
    def gathered(**options: Any) -> None:
        terms = {field.name: options.pop(field.name) for field in fields(Terms)}
        typed = {name: value for name, value in terms.items() if value is not None}
        command(typed=typed, **options)

    return _with(_TERMS, gathered)


_with_details = partial(_with, _DETAILS)


@click.command(epilog="Example: newsletter feeds add https://harbor.example")
@click.argument("url")
@click.option(
    "--organisation", "organisation_id", help="The id of its organisation, new or registered."
)
@_with_details
@_with_terms
@yes_option
@pass_workspace
def add(
    workspace: Workspace,
    /,
    url: str,
    organisation_id: str | None,
    typed: dict[str, Any],
    yes: bool,
    **details: Any,
) -> None:
    """Find the feed of the website at URL, show its latest entries, and add it to feeds.yaml.

    Asks for the organisation's name and for what may be reprinted, unless the options say it.
    """
    from newsletter.members.change import add as register
    from newsletter.members.change import refuse_second
    from newsletter.members.find import find
    from newsletter.members.registry import FILE
    from newsletter.members.registry_edit import slug
    from newsletter.model.address import site_of

    members = workspace.organisations if workspace.files.exists(FILE) else ()
    known = {member.id for member in members}
    found = _chosen(find(url, workspace.feed_reader()), yes=yes)
    refuse_second(members, found.url)
    _show_entries(found)
    feed = Feed(url=found.url, kind=found.kind)
    new = None
    if organisation_id not in known:
        title = found.title or url
        name = details.pop("name") or _asked("Name of the organisation", title, yes=yes)
        details["languages"] = details["languages"] or found.languages[:1]
        new = Organisation(
            id=organisation_id or slug(name, known),
            name=name,
            url=found.site if found.site.startswith("http") else site_of(found.url),
            terms=_asked_terms(typed, yes=yes),
            feeds=(feed,),
            **details,
        )
    who = new.id if new else str(organisation_id)
    confirm(f"Add {found.url} for {who}?", yes=yes)
    register(workspace.files, feed=feed, organisation_id=who, new=new)
    note(f"Added to feeds.yaml for {who}. Next: newsletter pull {who}")


@click.command(epilog="Example: newsletter feeds edit harbor-legal-aid --terms link")
@click.argument("organisation", shell_complete=members)
@click.option("--url", help="The address of its website.")
@_with_details
@_with_terms
@pass_workspace
def edit(workspace: Workspace, /, organisation: str, typed: dict[str, Any], **details: Any) -> None:
    """Change what is registered for an ORGANISATION: terms, contact, languages, topics."""
    from newsletter.members.change import change
    from newsletter.members.registry_edit import change_organisation

    member = workspace.organisation_named(organisation)
    changed = {key: value for key, value in details.items() if value}
    terms = replace(member.terms, **typed) if typed else None
    if not changed and terms is None:
        raise UsageError(
            "nothing to change", hint="name an option: newsletter feeds edit --help lists them"
        )
    change(
        workspace.files,
        lambda text: change_organisation(text, member.id, terms=terms, **changed),
    )
    note(f"Changed {member.id} in feeds.yaml.")


@click.command(epilog="Example: newsletter feeds pause https://harbor.example/feed/")
@click.argument("url")
@flag("--undo", help="Fetch it again from now on.")
@pass_workspace
def pause(workspace: Workspace, url: str, undo: bool) -> None:
    """Stop fetching the feed at URL; its items stay."""
    from newsletter.members.change import change
    from newsletter.members.registry_edit import change_feed

    files = workspace.files
    change(files, lambda text: change_feed(text, url, paused=not undo))
    note(f"{url} {'will be fetched again' if undo else 'is paused'}.")


@click.command(epilog="Example: newsletter feeds remove harbor-legal-aid")
@click.argument("name")
@yes_option
@pass_workspace
def remove(workspace: Workspace, name: str, yes: bool) -> None:
    """Remove a feed (by its address) or an organisation (by its id) from feeds.yaml; items stay."""
    from newsletter.members.change import change
    from newsletter.members.registry_edit import remove_feed, remove_organisation

    if "://" in name:
        confirm(f"Remove the feed {name}?", yes=yes)
        change(workspace.files, lambda text: remove_feed(text, name))
    else:
        member = workspace.organisation_named(name)
        confirm(f"Remove {member.name} and its {counted(len(member.feeds), 'feed')}?", yes=yes)
        change(workspace.files, lambda text: remove_organisation(text, member.id))
    note(f"Removed {name} from feeds.yaml.")


@click.command("import", epilog="Example: newsletter feeds import members.opml --terms link")
@click.argument("file", type=click.Path(exists=True, dir_okay=False))
@flag("--lenient", help="Read a faulty FILE as far as possible, and show what is wrong with it.")
@_with_terms
@yes_option
@pass_workspace
def import_(
    workspace: Workspace, /, file: str, lenient: bool, typed: dict[str, Any], yes: bool
) -> None:
    """Add the feeds in an OPML FILE, each as an organisation. Feeds you have already stay as is."""
    from pathlib import Path

    from newsletter.members.change import import_list
    from newsletter.members.opml import read

    listed = read(Path(file).read_bytes(), file, note if lenient else None)
    confirm(f"Add up to {counted(len(listed), 'feed')}?", yes=yes)
    added = import_list(workspace.files, listed, terms=Terms(**typed))
    note(f"Added {counted(added, 'feed')}; {len(listed) - added} already there.")


def _chosen(found: "tuple[FoundFeed, ...]", *, yes: bool) -> "FoundFeed":
    """Return the feed to add: the only one, or the one that the editor picks."""
    if len(found) == 1 or yes or not sys.stdin.isatty():
        return found[0]
    for number, feed in enumerate(found, 1):
        note(f"{number}. {feed.title or feed.url} ({feed.format}) {feed.url}")
    number = click.prompt("Which one", type=click.IntRange(1, len(found)), default=1, err=True)
    return found[number - 1]


def _show_entries(found: "FoundFeed") -> None:
    note(" · ".join(filter(None, (found.title, found.format, found.url))))
    for item in found.items[:5]:
        note(f"  {day(item.published_at, item.why_undated)}  {item.title}")
    for warning in found.warnings:
        note(f"  warning: {warning}")


def _asked(question: str, default: str, *, yes: bool) -> str:
    if yes or not sys.stdin.isatty():
        return default
    answer: str = click.prompt(question, default=printable(default), err=True)
    return answer


def _asked_terms(typed: dict[str, Any], *, yes: bool) -> Terms:
    """Return the terms typed or asked for; with --yes the careful ones: an excerpt, no pictures."""
    if "text" not in typed and not yes and sys.stdin.isatty():
        text = click.prompt("What may we reprint", type=_TEXT, default="excerpt", err=True)
        typed["text"] = TextTerms(text)
        if text == "excerpt" and "words" not in typed:
            typed["words"] = click.prompt("How many words", type=int, default=60, err=True)
        if "pictures" not in typed:
            typed["pictures"] = click.confirm("May we show their pictures", default=False, err=True)
    return Terms(**typed)
