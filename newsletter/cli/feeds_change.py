"""newsletter feeds: the commands that change feeds.yaml."""

from dataclasses import replace
from typing import Any

import click

from newsletter.cli.completing import feeds, members, members_and_feeds
from newsletter.cli.feeds_options import with_details, with_terms
from newsletter.cli.output import confirm, counted, exit_1_if, flag, note, yes_option
from newsletter.cli.workspace import Workspace, pass_workspace
from newsletter.errors import UsageError
from newsletter.model.organisation import Terms

MOST_REMARKS = 10  # of a list: what is wrong with it and costs nothing


@click.command(epilog="Example: newsletter feeds edit harbor-legal-aid --terms link")
@click.argument("organisation", shell_complete=members)
@click.option("--url", help="The address of its website.")
@with_details
@with_terms
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
@click.argument("url", shell_complete=feeds)
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
@click.argument("name", shell_complete=members_and_feeds)
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
@click.option(
    "--strict/--lenient",
    "is_strict",
    default=False,
    help="Refuse a FILE that is not OPML to the letter; otherwise what can be read is, and the "
    "rest is named.",
)
@with_terms
@yes_option
@pass_workspace
def import_(
    workspace: Workspace, /, file: str, is_strict: bool, typed: dict[str, Any], yes: bool
) -> None:
    """Add the feeds in an OPML FILE, each as an organisation. Feeds you have already stay as is."""
    from pathlib import Path

    from newsletter.members.change import import_list
    from newsletter.members.opml import read, read_strictly

    read_list = (read_strictly if is_strict else read)(Path(file).read_bytes(), file)
    for remark in read_list.remarks[:MOST_REMARKS]:
        note(f"  {remark}")
    if len(read_list.remarks) > MOST_REMARKS:
        note(f"  and {len(read_list.remarks) - MOST_REMARKS} more like these; none costs a feed")
    for lost in read_list.left_out:
        note(f"left out: {lost}")
    listed = read_list.subscriptions
    confirm(f"Add up to {counted(len(listed), 'feed')}?", yes=yes)
    added = import_list(workspace.files, listed, terms=Terms(**typed))
    note(f"Added {counted(added, 'feed')}; {len(listed) - added} already there.")
    exit_1_if(read_list.left_out)
