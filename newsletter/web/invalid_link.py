"""Pages for a personal link that opens nothing: it says which, and what to do instead."""

from flask import Response, url_for

from newsletter.people.personal import Expired, NoSubscriber, Opening
from newsletter.web.errors import page
from newsletter.web.languages import read_by, say


def invalid_link_page(opening: Opening, *, ask_again: str) -> Response:
    """Forged or cut off (404), aged or used up (410). `ask_again` is where a new one is had."""
    if isinstance(opening, Expired):
        if opening.person is not None:
            read_by(opening.person.language)
        return page(
            410,
            say("This link is too old"),
            say("Links in our mails work for a while only. Ask for a new one."),
            links=[(say("Ask for a new link"), ask_again)],
        )
    if isinstance(opening, NoSubscriber):
        return page(
            410,
            say("You are not on the list"),
            say("This link was of someone who has left, or never confirmed in time."),
            links=[(say("Subscribe"), url_for("joining.subscribe"))],
        )
    return page(
        404,
        say("This link does not work"),
        say("It may have been cut off by a mail program. Copy all of it, to its last character."),
        links=[(say("Ask for a new link"), ask_again)],
    )
