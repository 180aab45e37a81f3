"""newsletter feeds: the commands that show."""

from datetime import datetime
from typing import Any

import click

from newsletter.cli.completing import members, members_and_feeds
from newsletter.cli.output import (
    as_mapping,
    confirm,
    counted,
    day,
    exit_1_if,
    flag,
    item_day,
    json_option,
    minute,
    note,
    print_json,
    print_rows,
    repeatable,
    say,
    table,
    wants_json,
    yes_option,
)
from newsletter.cli.workspace import Workspace, pass_workspace


@click.command("list", epilog="Example: newsletter feeds list")
@json_option
@pass_workspace
def list_feeds(workspace: Workspace) -> None:
    """Show every organisation and feed, and how the last pull went."""
    states = workspace.feeds.states()
    rows = [
        (
            organisation.id,
            feed.url,
            feed.kind,
            organisation.terms.text,
            feed.paused,
            state.result if state else "not fetched yet",
            state.last_new_at if state else None,
            state.next_due_at if state else None,
        )
        for organisation in workspace.organisations
        for feed in organisation.feeds
        for state in [states.get(feed.url)]
    ]
    what = ("organisation", "feed", "kind", "terms")
    if wants_json():
        print_rows((*what, "paused", "result", "last_new", "next_due"), rows)
        return
    table(
        (*what, "last pull", "last news"),
        [(*row[:4], "paused" if row[4] else row[5], day(row[6])) for row in rows],
    )


@click.command(epilog="Example: newsletter feeds show harbor-legal-aid")
@click.argument("organisation", shell_complete=members)
@json_option
@pass_workspace
def show(workspace: Workspace, organisation: str) -> None:
    """Show one ORGANISATION: what is registered, and how its feeds are doing."""
    from dataclasses import asdict

    member = workspace.organisation_named(organisation)
    states = workspace.feeds.states()
    data = {
        **asdict(member),
        "states": [asdict(states[feed.url]) for feed in member.feeds if feed.url in states],
    }
    if print_json(data):
        return
    for key, value in data.items():
        if key not in ("states", "feeds") and value:
            say(f"{key}: {_flat(value)}")
    for feed in member.feeds:
        say(f"\n{feed.url} ({feed.kind.value}{', paused' if feed.paused else ''})")
        state = states.get(feed.url)
        if state is None:
            say("  not fetched yet")
            continue
        for key, value in asdict(state).items():
            if value and key not in ("url", "organisation_id", "body_sha256"):
                say(f"  {key.replace('_', ' ')}: {_flat(value)}")


@click.command(epilog="Example: newsletter feeds check https://harbor.example/feed/")
@click.argument(
    "names", metavar="ADDRESS…", nargs=-1, required=True, shell_complete=members_and_feeds
)
@json_option
@pass_workspace
def check(workspace: Workspace, names: tuple[str, ...]) -> None:
    """Test feed addresses now, or all of one member's. Nothing is saved."""
    from newsletter.members.health import FIXES
    from newsletter.model.organisation import Organisation
    from newsletter.pulling.check_feed import check as run

    by_url = {feed.url: member for member in workspace.organisations for feed in member.feeds}
    nobody = Organisation(id="new", name="", url="https://new.example", languages=())
    urls: list[str] = []
    for name in names:
        if "." in name or ":" in name:
            urls.append(name)
        else:
            urls += [feed.url for feed in workspace.organisation_named(name).feeds]
    results = [run(url, by_url.get(url, nobody), workspace.feed_reader()) for url in urls]
    data = [{**as_mapping(result), "items": len(result.items)} for result in results]
    if not print_json(data):
        for result in results:
            detail = f": {result.detail}" if result.detail else ""
            say(f"{result.url}: {result.result.value}{detail}")
            fix = [f"for the member: {FIXES[result.result]}"] if result.result in FIXES else []
            for line in (*(f"redirected: {hop}" for hop in result.hops), *result.remarks, *fix):
                say(f"  {line}")
            for item in result.items[:5]:
                say(f"  {item_day(item)}  {item.title}")
    exit_1_if(not all(result.is_well for result in results))


@click.command(epilog="Example: newsletter feeds export")
@pass_workspace
def export(workspace: Workspace) -> None:
    """Print all feeds as OPML 2.0, for other feed readers (save it with > members.opml)."""

    from newsletter.members.opml_export import write

    title = f"Members of {workspace.config.coalition.name}"
    say(write(workspace.organisations, title=title, now=workspace.now()).rstrip())


@click.command(epilog="Example: newsletter feeds proposals --accept https://harbor.example/feed/")
@repeatable("--accept", "accepted", help="Write the new address of this feed to feeds.yaml.")
@repeatable("--refuse", "refused", help="Keep the old address of this feed.")
@json_option
@pass_workspace
def proposals(workspace: Workspace, accepted: tuple[str, ...], refused: tuple[str, ...]) -> None:
    """Show feeds that have moved for good; accept or refuse each new address."""
    from newsletter.members.moves import accept, open_proposals, refuse

    for url in accepted:
        note(f"{url} is now {accept(url, workspace.files, workspace.feeds)}")
    for url in refused:
        refuse(url, workspace.feeds)
        note(f"{url} keeps its address.")
    proposed = open_proposals(workspace.feeds, workspace.now())
    if wants_json():
        moves = [(feed.url, feed.moved_to, feed.moved_since) for feed in proposed]
        print_rows(("feed", "to", "since"), moves)
    elif proposed or not (accepted or refused):
        rows = [
            (move.organisation_id, move.url, move.moved_to, day(move.moved_since), move.moved_seen)
            for move in proposed
        ]
        table(("organisation", "feed", "moved to", "since", "seen"), rows)


@click.command(epilog="Example: newsletter feeds health --email")
@flag("--email", "by_email", help="Email the contact of each member whose feed has a problem.")
@flag("--everyone", help="With --email: also email members whose feeds work.")
@json_option
@yes_option
@pass_workspace
def health(workspace: Workspace, by_email: bool, everyone: bool, yes: bool) -> None:
    """Show how each member's feeds are doing, and email the members about it.

    The exit code is 1 if a feed needs attention.
    """
    from newsletter.members.health_letter import write_to_contacts

    members = workspace.feed_health()
    data = [{**as_mapping(member), "needs_attention": member.needs_attention} for member in members]
    if not print_json(data):
        table(
            ("organisation", "feed", "health", "since", "last news", "details"),
            [
                (
                    member.organisation_id,
                    feed.url,
                    feed.health,
                    day(feed.since),
                    day(feed.last_new_at),
                    "; ".join(part for part in (feed.detail, feed.fix, *feed.warnings) if part),
                )
                for member in members
                for feed in member.feeds
            ],
        )
    if by_email:
        written = [
            member for member in members if member.contact and (member.needs_attention or everyone)
        ]
        refused: tuple[str, ...] = ()
        if written:
            confirm(f"Email {counted(len(written), 'organisation')}?", yes=yes)
            refused = write_to_contacts(
                written,
                workspace.post,
                workspace.notice_renderer,
                translations=workspace.member_words,
            )
        note(f"Emailed {counted(len(written) - len(refused), 'organisation')}.")
        for organisation_id in refused:
            note(f"The mail to {organisation_id} was refused: look at its contact in feeds.yaml.")
    exit_1_if(any(member.needs_attention for member in members))


def _flat(value: Any) -> str:
    """Return a value as people read it: days and minutes, lists in a line, flags by name."""
    if isinstance(value, datetime):
        return minute(value)
    if isinstance(value, tuple | list):
        return ", ".join(str(one) for one in value)
    if isinstance(value, dict):
        return ", ".join(_named(key, one) for key, one in value.items() if one is not None)
    return str(value)


def _named(key: str, value: Any) -> str:
    if isinstance(value, bool):
        return key if value else f"no {key}"
    return f"{key} {value}"
