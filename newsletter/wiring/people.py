"""Whom an issue goes to, and the single mails that somebody asked for."""

from dataclasses import dataclass
from functools import cached_property
from typing import TYPE_CHECKING

from newsletter.errors import ConfigError
from newsletter.members.topics_and_regions import TopicsAndRegions
from newsletter.model.suppression import secret_key_mark
from newsletter.wiring.resources import WorkspaceResources
from newsletter.wiring.transports import TRANSPORTS

if TYPE_CHECKING:
    from newsletter.people.left_file import LeftFile
    from newsletter.people.links import Links
    from newsletter.people.notices import Notices
    from newsletter.people.ports import Post, SubscriberStore
    from newsletter.sending.message.dkim import DkimSigner
    from newsletter.sending.message.tokens import DeliveryTokens
    from newsletter.sending.transports.notices import NoticeWriter
    from newsletter.store.notice_queue import SqlNoticeQueue
    from newsletter.store.sealed_pages import SqlSealedPages
    from newsletter.store.visits import SqlVisits


@dataclass(frozen=True)
class People(WorkspaceResources):
    """Subscribers, their personal links, and notices."""

    @cached_property
    def subscribers(self) -> "SubscriberStore":
        """People and suppressions."""
        from newsletter.store.subscribers import SqlSubscribers

        return SqlSubscribers(self.engine, self._suppression_keys, self.left_file.note)

    @cached_property
    def left_file(self) -> "LeftFile":
        """Who left, as it is written down outside the workspace."""
        from newsletter.people.left_file import LeftFile

        keys = self.config.secrets.keys
        return LeftFile(
            lambda: self.state_folder.path, lambda: secret_key_mark(keys[0]) if keys else ""
        )

    def keep_out_left(self) -> int:
        """Keep out who left, where the database was put back to a day before; return how many.

        ConfigError when somebody left under a key that is not set here.
        """
        from newsletter.store.left_people import LeftPeople
        from newsletter.wiring.key_check import insist_on_testable

        insist_on_testable(self.left_file.untestable(self.config.secrets.keys))
        caught = LeftPeople(self.engine, self._suppression_keys, self.left_file.pages).keep_out()
        self.left_file.note(caught.again, None, self.now())  # so that they are looked for once
        return caught.hashes

    @cached_property
    def sealed_pages(self) -> "SqlSealedPages":
        """What the story pages hold between a POST and its GET."""
        from newsletter.store.sealed_pages import SqlSealedPages

        return SqlSealedPages(self.engine)

    @cached_property
    def visits(self) -> "SqlVisits":
        """How often a visitor of the pages asked, over all processes."""
        from newsletter.store.visits import SqlVisits

        return SqlVisits(self.engine)

    @cached_property
    def links(self) -> "Links":
        """Personal links. ConfigError without the secret key or the pages' public address."""
        from newsletter.people.links import Links

        keys = self._required_keys("we cannot make unsubscribe links")
        if not self.config.coalition.public_url:
            raise ConfigError(
                "there is no public address for unsubscribe links",
                file="newsletter.toml",
                hint='add url = "https://…" under [web]: where people reach `newsletter serve`',
            )
        return Links(keys, self.config.coalition.public_url)

    @cached_property
    def delivery_tokens(self) -> "DeliveryTokens":
        """Names of deliveries for the outside. ConfigError without the secret key."""
        from newsletter.sending.message.tokens import DeliveryTokens

        return DeliveryTokens(
            self._required_keys(
                "nobody can be mailed, and returned mail cannot be matched to its reader"
            )
        )

    def _required_keys(self, consequence: str) -> tuple[str, ...]:
        if not self.secret_keys:
            raise ConfigError(
                f"NEWSLETTER_SECRET_KEY is not set. Without it {consequence}.",
                hint="set it to the key of this workspace; newsletter doctor says more",
            )
        return self.secret_keys

    @cached_property
    def menu(self) -> TopicsAndRegions:
        """The topics and regions that readers may choose from."""
        has_members = self.files.exists("feeds.yaml")
        return TopicsAndRegions.of(self.organisations if has_members else ())

    @cached_property
    def notices(self) -> "Notices":
        """Single mails that somebody just asked for."""
        from newsletter.people.notices import Notices

        return Notices(
            post=self.post,
            links=self.links,
            renderer=self.notice_renderer,
            translations=self.page_words,
            token=self.delivery_tokens.notice_token,
        )

    @cached_property
    def notice_queue(self) -> "SqlNoticeQueue":
        """Those of them that have not left yet."""
        from newsletter.store.notice_queue import SqlNoticeQueue

        return SqlNoticeQueue(self.engine)

    @cached_property
    def notice_writer(self) -> "NoticeWriter":
        """What makes their bytes."""
        from newsletter.sending.transports.notices import NoticeWriter

        return_domain = self.config.transport.return_domain
        return NoticeWriter(self.config.sender, self.now, return_domain, self.signer)

    @cached_property
    def post(self) -> "Post":
        """How they leave: the way of the issues."""
        return TRANSPORTS[self.config.transport.kind].post(self.config, self.notice_writer)

    def signer(self) -> "DkimSigner | None":
        """Return a signer for the domain in the settings; None where the mail server signs."""
        settings = self.config.transport
        if not settings.dkim_domain:
            return None
        from newsletter.sending.message.dkim import DkimSigner

        return DkimSigner(
            self.files.read_bytes(settings.dkim_key_file),
            domain=settings.dkim_domain,
            selector=settings.dkim_selector,
        )
