"""What pulls saw of pieces that were mailed: it lies with the item, in its `details`."""

from collections.abc import Mapping

from sqlalchemy import Connection, select, update

from newsletter.model.item import MailedPage
from newsletter.model.pulling import Recording
from newsletter.store.item_rows import item_of, items, plain


def note_pages(connection: Connection, pages: Mapping[str, MailedPage]) -> None:
    """Keep these with their items, in the place of what was kept before."""
    query = select(items.c.id, items.c.details).where(items.c.id.in_(list(pages)))
    for item_id, details in connection.execute(query).all():
        told = {**details, "mailed_page": plain(pages[item_id])}
        connection.execute(update(items).where(items.c.id == item_id).values(details=told))


def note_listed(connection: Connection, recording: Recording) -> None:
    """Keep which of the mailed pieces the feed lists now, and restore those.

    What was seen of a page stays for as long as its piece is not listed.
    """
    query = select(items).where(items.c.id.in_(recording.mailed))
    pages, back = {}, []
    for item in map(item_of, connection.execute(query).all()):
        is_listed = item.id in recording.present
        if item.mailed_page is None or item.mailed_page.is_listed != is_listed:
            pages[item.id] = MailedPage(is_listed=is_listed)
        if is_listed and item.withdrawn_at is not None:
            back.append(item.id)
    note_pages(connection, pages)
    if back:
        connection.execute(update(items).where(items.c.id.in_(back)).values(withdrawn_at=None))
