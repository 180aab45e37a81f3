"""What the pages work with: the workspace, its links, a clock, and hands for what may wait."""

import gc
import logging
import threading
from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import date, datetime
from typing import cast

from flask import current_app

from newsletter.model.delivery import Refused, Uncertain
from newsletter.model.notice import Notice
from newsletter.people.personal import Access
from newsletter.people.send_notices import send_notices
from newsletter.web.after_response import AfterResponse, Count
from newsletter.web.limits import may_mail
from newsletter.wiring import Workspace

_log = logging.getLogger(__name__)
FORGET_AFTER = 2.0  # seconds
LOOK_AGAIN = 60.0


@dataclass(frozen=True, kw_only=True, slots=True)
class Site:
    """What one app works with. `later` does what a page must not wait for; `given_up` counts
    mails; `pages_in_memory` are sealed ones that the database did not take. `story_seen` is set
    while memory may hold a story that nobody needs."""

    workspace: Workspace
    clock: Callable[[], datetime]
    later: AfterResponse
    given_up: Count = field(default_factory=Count)
    story_seen: threading.Event = field(default_factory=threading.Event, repr=False)
    pages_in_memory: dict[str, tuple[bytes, datetime]] = field(default_factory=dict, repr=False)

    def access(self) -> Access:
        """Make what opening a personal link needs, now."""
        here = self.workspace
        return Access(store=here.subscribers, links=here.links, now=self.clock())

    def mail_later(self, address: str, ask: Callable[..., object]) -> bool:
        """Call `ask` with `store`, `queue` and `now` after the response, unless the address has
        had enough mails; then send what it queued, again and again until it left.

        Later, so that the page cannot tell by its time who is on the list. False when too many
        requests wait already.
        """

        counting = current_app.app_context()
        allowed: list[bool] = []  # asked once, however often the database has to be tried

        def job() -> None:
            with counting:
                if not allowed:
                    allowed.append(may_mail(address))
            if allowed[0]:
                here = self.workspace
                ask(store=here.subscribers, queue=here.notice_queue, now=self.clock())
                self.send_notices()

        return self.later.do(job)

    def send_notices(self) -> None:
        """Send the mails that people asked for and that are due, and look again in a minute."""
        here = self.workspace
        try:
            given_up = send_notices(
                here.notice_queue, store=here.subscribers, notices=here.notices, clock=self.clock
            )
            self.given_up.add(given_up)
        finally:
            self.send_notices_later()

    def mail_editors(self, letter: Notice, what: str) -> None:
        """Send a mail to the editors; the log says when it is refused, for nobody tries again."""
        outcome = self.workspace.post.send(letter)
        if isinstance(outcome, Refused | Uncertain):
            self.given_up.add(1)
            _log.error("gave up on %s: %s", what, outcome.reason)

    def send_notices_later(self) -> None:
        """Look in a minute which mails are due: another process may have left some."""
        self.later.once_after(LOOK_AGAIN, "notices", self.send_notices)

    def forget_soon(self) -> None:
        """Free what requests left behind, within two times FORGET_AFTER of the last one."""
        self.story_seen.set()
        self.later.once_after(FORGET_AFTER, "forget", self._forget)

    def _forget(self) -> None:
        was_seen = self.story_seen.is_set()
        self.story_seen.clear()
        self._forget_gone()
        if was_seen:  # a request may have been at work just now
            self.later.once_after(FORGET_AFTER, "forget", self._forget)

    def forget_gone_later(self) -> None:
        """Look in a while whether a story that was read is gone: by another process, perhaps."""
        self.later.once_after(LOOK_AGAIN, "gone", self._forget_gone)

    def _forget_gone(self) -> None:
        if self.workspace.story_services.folder.forget_gone():
            self.forget_gone_later()
        gc.collect()  # contexts and tracebacks refer to each other: they wait for this

    def today(self) -> date:
        """Return the day in the coalition's time zone."""
        return self.workspace.config.coalition.day_of(self.clock())


def site() -> Site:
    """Return the current app's."""
    return cast(Site, current_app.extensions["newsletter"])
