"""[I/O] The short mails that a person gets with the links that they asked for."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime
from gettext import NullTranslations

from newsletter.design.bidi_gettext import gettext_for
from newsletter.design.localizer import Localizer
from newsletter.design.notice import Link, NoticeRenderer, NoticeWords, Words
from newsletter.model.delivery import Outcome
from newsletter.model.subscriber import Purpose, Subscriber
from newsletter.people.links import Links
from newsletter.people.ports import Post


@dataclass(frozen=True, kw_only=True, slots=True)
class Notices:
    """Writes and sends them. ServiceError when they cannot leave now."""

    post: Post
    links: Links
    renderer: NoticeRenderer
    translations: Callable[[str], NullTranslations]
    token: Callable[[int], str]

    def ask_to_confirm(self, person: Subscriber, *, now: datetime) -> Outcome:
        """Send the link to confirm, which works for a week: the second half of double opt-in."""
        gettext = self._gettext(person)
        return self._send(
            person,
            subject=gettext("Please confirm: the newsletter of %(coalition)s"),
            discreet_subject=gettext("Please confirm"),
            lead=gettext(
                "Someone, probably you, asked us to send the newsletter of %(coalition)s to "
                "this email address. Is that right?"
            ),
            discreet_lead=gettext(
                "Someone, probably you, asked us to write to this email address. Is that right?"
            ),
            links=(
                self._link(
                    gettext("Yes, send it to me"), Purpose.CONFIRM, person, now, is_button=True
                ),
            ),
            end=gettext(
                "The link works for seven days. If you did not ask, do nothing: nothing will "
                "come, and your email address is erased."
            ),
        )

    def remind(self, person: Subscriber) -> Outcome:
        """Tell someone who asked to join that they are on the list, with their links."""
        gettext = self._gettext(person)
        return self._send(
            person,
            subject=gettext("You are subscribed already: the newsletter of %(coalition)s"),
            discreet_subject=gettext("You are subscribed already"),
            lead=gettext(
                "Someone, probably you, asked us to send the newsletter of %(coalition)s to "
                "this email address. It is subscribed already, so there is nothing to confirm."
            ),
            discreet_lead=gettext(
                "Someone, probably you, asked us to write to this email address. We do so "
                "already, so there is nothing to confirm."
            ),
            links=self._choices(person),
            end=gettext("If you did not ask, do nothing: nothing has changed."),
        )

    def send_links(self, person: Subscriber, *, now: datetime) -> Outcome:
        """Send fresh links to one's data, which works for an hour, and choices."""
        gettext = self._gettext(person)
        return self._send(
            person,
            subject=gettext("Your links: the newsletter of %(coalition)s"),
            discreet_subject=gettext("Your links"),
            lead=gettext(
                "Here are the links to what we store about you and to what you get. The first "
                "one works for an hour."
            ),
            discreet_lead="",
            links=(
                self._link(
                    gettext("See or erase my data"), Purpose.DATA, person, now, is_button=True
                ),
                *self._choices(person),
            ),
            end=gettext("If you did not ask, do nothing: nothing has changed."),
        )

    def _choices(self, person: Subscriber) -> tuple[Link, ...]:
        gettext = self._gettext(person)
        return (
            self._link(gettext("Change what I get"), Purpose.PREFERENCES, person),
            self._link(gettext("Unsubscribe"), Purpose.LEAVE, person),
        )

    def _link(
        self,
        text: str,
        purpose: Purpose,
        person: Subscriber,
        now: datetime | None = None,
        *,
        is_button: bool = False,
    ) -> Link:
        url = self.links.url(purpose, person.id, now=now)
        return Link(text=text, url=url, is_button=is_button)

    def _gettext(self, person: Subscriber) -> Callable[[str], str]:
        coalition, words = self.renderer.coalition, self.translations(person.language)
        gettext = gettext_for(
            Localizer(language=person.language, zone=coalition.zone, translations=words), str
        )
        name = coalition.in_language(person.language).name
        return lambda text: gettext(text, coalition=name)

    def _send(
        self,
        person: Subscriber,
        *,
        subject: str,
        discreet_subject: str,
        lead: str,
        discreet_lead: str,
        links: tuple[Link, ...],
        end: str,
    ) -> Outcome:
        """Send what suits the person. To the discreet, none of its words says who writes."""
        if person.discreet:
            subject, lead = discreet_subject, discreet_lead or lead
        words = NoticeWords(
            language=person.language,
            subject=subject,
            blocks=(Words(text=lead), *links, Words(text=end)),
        )
        return self.post.send(
            self.renderer.render(
                words,
                address=person.address,
                discreet=person.discreet,
                token=self.token(person.id),
            )
        )
