"""[I/O] The short mails that a person gets with the links that they asked for."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime
from gettext import NullTranslations

from newsletter.design.build_view import address_lines
from newsletter.design.first_words import first_words_html, first_words_text
from newsletter.design.templates import Templates
from newsletter.model.coalition import Coalition
from newsletter.model.delivery import Outcome
from newsletter.model.language import direction
from newsletter.model.notice import Notice
from newsletter.model.subscriber import Purpose, Subscriber
from newsletter.people.links import Links
from newsletter.people.ports import Post


@dataclass(frozen=True, kw_only=True, slots=True)
class Button:
    """A link with words of its own."""

    label: str
    url: str


@dataclass(frozen=True, kw_only=True, slots=True)
class Notices:
    """Writes and sends them. ServiceError when they cannot leave now."""

    post: Post
    links: Links
    templates: Templates
    translations: Callable[[str], NullTranslations]
    coalition: Coalition
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
            buttons=(self._button(gettext("Yes, send it to me"), Purpose.CONFIRM, person, now),),
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
            buttons=self._choices(person),
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
            buttons=(
                self._button(gettext("See or erase my data"), Purpose.DATA, person, now),
                *self._choices(person),
            ),
            end=gettext("If you did not ask, do nothing: nothing has changed."),
        )

    def _choices(self, person: Subscriber) -> tuple[Button, ...]:
        gettext = self._gettext(person)
        return (
            self._button(gettext("Change what I get"), Purpose.PREFERENCES, person),
            self._button(gettext("Unsubscribe"), Purpose.LEAVE, person),
        )

    def _button(
        self, label: str, purpose: Purpose, person: Subscriber, now: datetime | None = None
    ) -> Button:
        return Button(label=label, url=self.links.url(purpose, person.id, now=now))

    def _gettext(self, person: Subscriber) -> Callable[[str], str]:
        gettext = self.translations(person.language).gettext
        names = {"coalition": self.coalition.name}
        return lambda text: gettext(text) % names

    def _send(
        self,
        person: Subscriber,
        *,
        subject: str,
        discreet_subject: str,
        lead: str,
        discreet_lead: str,
        buttons: tuple[Button, ...],
        end: str,
    ) -> Outcome:
        """Send what suits the person.

        To the discreet, neither the subject nor what a phone shows beside it says who writes.
        """
        if person.discreet:
            subject, lead = discreet_subject, discreet_lead or lead
        return self.post.send(
            write_notice(
                self.templates,
                self.coalition,
                address=person.address,
                language=person.language,
                subject=subject,
                lead=lead,
                buttons=buttons,
                end=end,
                discreet=person.discreet,
                token=self.token(person.id),
            )
        )


def write_notice(
    templates: Templates,
    coalition: Coalition,
    *,
    address: str,
    language: str,
    subject: str,
    lead: str,
    buttons: tuple[Button, ...] = (),
    end: str,
    discreet: bool = False,
    token: str = "",
) -> Notice:
    """Return a mail in the design of notices: `lead`, buttons, `end`."""
    context = {
        "language": language,
        "direction": direction(language),
        "subject": subject,
        "lead": lead,
        "buttons": buttons,
        "end": end,
        "first_html": first_words_html(subject) if discreet else "",
        "first_text": first_words_text(subject) if discreet else "",
        "coalition": coalition,
        "address": address_lines(coalition.postal_address, coalition.name),
        "tokens": templates.tokens,
    }
    return Notice(
        address=address,
        language=language,
        subject=subject,
        text=templates.render("notices/notice.txt", context),
        html=templates.render("notices/notice.html", context),
        discreet=discreet,
        token=token,
    )
