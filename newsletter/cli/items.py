"""newsletter items"""

import click

from newsletter.cli.completing import members
from newsletter.cli.groups import Listed
from newsletter.cli.output import (
    flag,
    item_day,
    json_option,
    minute,
    note,
    print_json,
    print_rows,
    say,
    table,
)
from newsletter.cli.workspace import Workspace, pass_workspace
from newsletter.errors import UsageError
from newsletter.model.item import Item, ItemKind


@click.group(cls=Listed)
def items() -> None:
    """List, show and hide what was pulled."""


@items.command("list", epilog="Example: newsletter items list asylum --kind event")
@click.argument("words", default="")
@click.option(
    "--organisation",
    shell_complete=members,
    help="Show only items of this organisation (its id).",
)
@click.option(
    "--kind",
    type=click.Choice([kind.value for kind in ItemKind]),
    help="Show only items of this kind.",
)
@click.option("--hidden/--not-hidden", default=None, help="Show only hidden items, or only others.")
@flag("--why", help="Explain why each item is in this week's issue, or why not.")
@click.option("--limit", default=50, show_default=True, help="Show at most this many.")
@json_option
@pass_workspace
def list_items(
    workspace: Workspace,
    words: str,
    organisation: str | None,
    kind: str | None,
    hidden: bool | None,
    why: bool,
    limit: int,
) -> None:
    """Show items, newest first; with WORDS, only those whose title or text contains them."""
    if why:
        _list_why(workspace, organisation=organisation, kind=kind, limit=limit)
        return
    shown = workspace.items.all(
        organisation_id=organisation,
        kind=ItemKind(kind) if kind else None,
        words=words,
        hidden=hidden,
        limit=limit,
    )
    if print_json(shown):
        return
    rows = []
    for item in shown:
        marks = " ".join(_marks(item))
        rows.append((item.id, item_day(item), item.organisation_id, item.kind, item.title, marks))
    table(("id", "date", "organisation", "kind", "title", ""), rows)


def _list_why(
    workspace: Workspace, *, organisation: str | None, kind: str | None, limit: int
) -> None:
    """The items that were looked at, what was chosen first, and why each is in or not."""
    from newsletter.issues.choosing.balance import next_choice

    chosen = next_choice(
        workspace.issue_sources, workspace.issues, workspace.draft_rules, now=workspace.now()
    )
    looked_at = [
        item
        for item in chosen.items
        if organisation in (None, item.organisation_id) and kind in (None, item.kind.value)
    ]
    looked_at.sort(key=lambda item: item.order_date, reverse=True)
    looked_at.sort(key=lambda item: not chosen.why.get(item.id, "").startswith("chosen"))
    rows = [
        (item.id, item.organisation_id or "", item.title, chosen.why.get(item.id, ""))
        for item in looked_at[:limit]
    ]
    print_rows(("id", "organisation", "title", "why"), rows)


@items.command(epilog="Example: newsletter items show k3f9")
@click.argument("prefix", metavar="ITEM")
@json_option
@pass_workspace
def show(workspace: Workspace, prefix: str) -> None:
    """Show one ITEM in full; the start of its id is enough."""
    item = _one(workspace, prefix)
    if print_json(item):
        return
    facts = [
        ("id", item.id),
        ("title", item.title),
        ("organisation", item.organisation_id),
        ("link", item.link),
        ("published", _published(item)),
        ("first seen", minute(item.first_seen_at)),
        ("language", item.language),
        ("authors", ", ".join(item.authors)),
        ("topics", ", ".join(item.topics)),
        ("picture", item.picture.url if item.picture else ""),
        ("recording", item.media.url if item.media else ""),
        ("event", f"{item.event.starts} {item.event.place}" if item.event else ""),
        ("marks", ", ".join(_marks(item))),
    ]
    for name, value in facts:
        if value:
            say(f"{name}: {value}")
    say(f"\n{item.text}")


@items.command(epilog="Example: newsletter items hide k3f9 m2p7")
@click.argument("item_ids", metavar="ITEM…", nargs=-1, required=True)
@flag("--undo", help="Allow them in drafts again.")
@pass_workspace
def hide(workspace: Workspace, item_ids: tuple[str, ...], undo: bool) -> None:
    """Keep items out of every draft from now on; the start of each id is enough."""
    store = workspace.items
    for item in [_one(workspace, prefix) for prefix in item_ids]:
        store.hide(item.id, not undo)
        note(f"{item.id} is {'shown again' if undo else 'hidden'}: {item.title}")


def _one(workspace: Workspace, prefix: str) -> Item:
    fitting = workspace.items.find(prefix)
    if len(fitting) == 1:
        return fitting[0]
    if not fitting:
        raise UsageError(f"there is no item {prefix!r}", hint="newsletter items list shows them")
    raise UsageError(
        f"{prefix!r} fits {len(fitting)} items",
        hint=f"type more of the id: {', '.join(item.id for item in fitting[:5])}",
    )


def _published(item: Item) -> str:
    if item.published_at is None:
        return f"{item.why_undated} {item.unreadable_date!r}" if item.unreadable_date else "undated"
    first = item.first_published_at
    before = f" (first seen dated {minute(first)})" if first else ""
    return minute(item.published_at) + before


def _marks(item: Item) -> list[str]:
    marks = {
        "hidden": item.hidden,
        "backlog": item.is_backlog,
        "withdrawn": item.withdrawn_at is not None,
        "cancelled": item.event is not None and item.event.cancelled,
        "dated ahead": item.published_at is not None and item.published_at > item.first_seen_at,
    }
    return [mark for mark, is_so in marks.items() if is_so]
