"""[I/O] Change feeds.yaml: read, edit, write back whole, one command at a time."""

import difflib
from collections.abc import Callable

from newsletter.errors import UsageError
from newsletter.files import WorkspaceFiles
from newsletter.members import registry_edit
from newsletter.members.opml import Subscription
from newsletter.members.registry import read
from newsletter.model.address import host_of, same_address, site_of
from newsletter.model.organisation import Feed, FeedKind, Organisation, Terms

FILE = "feeds.yaml"


def change(files: WorkspaceFiles, edit: Callable[[str], str]) -> None:
    """Apply a change of the text. A second command waits; a hand edit meanwhile is an error.

    ConfigError when the file has a mistake: it is never written over.
    """
    with files.locked(FILE):
        before = files.read(FILE) if files.exists(FILE) else ""
        files.write(FILE, edit(before), expected=before if files.exists(FILE) else None)


def registered(files: WorkspaceFiles) -> tuple[Organisation, ...]:
    """The organisations, none when there is no file yet: adding the first one makes it."""
    return read(files.read(FILE), FILE) if files.exists(FILE) else ()


def add(
    files: WorkspaceFiles,
    *,
    feed: Feed,
    organisation_id: str = "",
    new: Organisation | None = None,
) -> str:
    """One feed more, for an organisation that is there or for a new one; its id."""
    added: list[str] = []

    def edit(text: str) -> str:
        organisations = read(text, FILE)
        refuse_second(organisations, feed.url)
        if new is None:
            added.append(organisation_id)
            return registry_edit.add_feed(text, organisation_id, feed, file=FILE)
        added.append(new.id)
        return registry_edit.add_organisation(text, new, file=FILE)

    change(files, edit)
    return added[-1]


def refuse_second(organisations: tuple[Organisation, ...], url: str) -> None:
    """UsageError when the feed is registered already."""
    for organisation in organisations:
        for feed in organisation.feeds:
            if same_address(feed.url) == same_address(url):
                raise UsageError(
                    f"{url} is registered already, for {organisation.id}",
                    hint=f"newsletter feeds show {organisation.id}",
                )


def import_list(
    files: WorkspaceFiles, subscriptions: tuple[Subscription, ...], *, terms: Terms
) -> tuple[tuple[Subscription, ...], tuple[Subscription, ...]]:
    """Add each feed of a list as an organisation of its own; the added and those there already."""
    added: list[Subscription] = []
    known: list[Subscription] = []

    def edit(text: str) -> str:
        added.clear()
        known.clear()
        for one in subscriptions:
            organisations = read(text, FILE)
            if any(
                same_address(feed.url) == same_address(one.url)
                for organisation in organisations
                for feed in organisation.feeds
            ):
                known.append(one)
                continue
            taken = {organisation.id for organisation in organisations}
            text = registry_edit.add_organisation(text, _organisation(one, taken, terms), file=FILE)
            added.append(one)
        return text

    change(files, edit)
    return tuple(added), tuple(known)


def _organisation(one: Subscription, taken: set[str], terms: Terms) -> Organisation:
    return Organisation(
        id=registry_edit.slug(one.title, taken),
        name=one.title or host_of(one.url) or one.url,
        url=one.site if one.site.startswith(("http://", "https://")) else site_of(one.url),
        languages=(one.language,) if one.language else (),
        terms=terms,
        feeds=(Feed(url=one.url, kind=FeedKind(one.kind)),),
    )


def organisation_named(organisations: tuple[Organisation, ...], name: str) -> Organisation:
    """The organisation with that id. UsageError with what was perhaps meant."""
    for organisation in organisations:
        if organisation.id == name:
            return organisation
    close = difflib.get_close_matches(name, [one.id for one in organisations], n=1)
    raise UsageError(
        f"no organisation {name!r} in feeds.yaml",
        hint=f"did you mean {close[0]!r}?" if close else "newsletter feeds list shows them",
    )
