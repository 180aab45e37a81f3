"""[I/O] Change feeds.yaml: read, edit, write back whole, one command at a time."""

from collections.abc import Callable

from newsletter.errors import UsageError
from newsletter.files import WorkspaceFiles
from newsletter.members.opml import Subscription
from newsletter.members.registry import FILE, read
from newsletter.members.registry_edit import add_feed, add_organisations, slug
from newsletter.model.address import host_of, same_address, site_of, url_problem
from newsletter.model.organisation import Feed, Organisation, Terms


def change(files: WorkspaceFiles, edit: Callable[[str], str]) -> None:
    """Apply a change of the text. A second command waits; a hand edit meanwhile is an error.

    ConfigError when the file has a mistake: it is never written over.
    """
    with files.locked(FILE):
        before = files.read(FILE) if files.exists(FILE) else ""
        files.write(FILE, edit(before), expected=before if files.exists(FILE) else None)


def add(
    files: WorkspaceFiles,
    *,
    feed: Feed,
    organisation_id: str = "",
    new: Organisation | None = None,
) -> None:
    """Add a feed to an organisation that is there, or the new one that has it.

    UsageError when the feed or the new id is registered already.
    """

    def edit(text: str) -> str:
        refuse_second(read(text), feed.url)
        return add_organisations(text, new) if new else add_feed(text, organisation_id, feed)

    change(files, edit)


def refuse_second(organisations: tuple[Organisation, ...], url: str) -> None:
    """Raise UsageError when the feed is registered already."""
    for organisation in organisations:
        if any(same_address(feed.url) == same_address(url) for feed in organisation.feeds):
            raise UsageError(
                f"{url} is registered already, for {organisation.id}",
                hint=f"newsletter feeds show {organisation.id}",
            )


def import_list(
    files: WorkspaceFiles, subscriptions: tuple[Subscription, ...], *, terms: Terms
) -> int:
    """Add each feed of a list that is not registered, as an organisation of its own. Return how
    many were added."""
    new: list[Organisation] = []

    def edit(text: str) -> str:
        organisations = read(text)
        taken = {organisation.id for organisation in organisations}
        addresses = {same_address(feed.url) for member in organisations for feed in member.feeds}
        for subscription in subscriptions:
            if same_address(subscription.url) not in addresses:
                addresses.add(same_address(subscription.url))
                new.append(_organisation(subscription, taken, terms))
                taken.add(new[-1].id)
        return add_organisations(text, *new) if new else text

    change(files, edit)
    return len(new)


def _organisation(subscription: Subscription, taken: set[str], terms: Terms) -> Organisation:
    is_web = not url_problem(subscription.site)
    return Organisation(
        id=slug(subscription.title, taken),
        name=subscription.title or host_of(subscription.url) or subscription.url,
        url=subscription.site if is_web else site_of(subscription.url),
        languages=(subscription.language,) if subscription.language else (),
        terms=terms,
        feeds=(Feed(url=subscription.url, kind=subscription.kind),),
    )
