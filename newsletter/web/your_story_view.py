"""What the page of a story shows and offers: words in its language, days, choices."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import date
from functools import partial
from typing import Any

from newsletter.design.names import issue_name
from newsletter.model.address import story_path, story_url
from newsletter.model.consent import Allowed, Attribution, Channel, PictureConsent
from newsletter.model.language import direction, same_language
from newsletter.stories.letters.by_code import Opened
from newsletter.stories.letters.from_storyteller import LONGEST
from newsletter.stories.recognition.words import opened_text
from newsletter.stories.record.story_language import (
    channel_name,
    day_in_words,
    fill,
    language_name,
    listed,
)
from newsletter.stories.taking.intake import months_later
from newsletter.web.site import Site
from newsletter.web.stories_frame import Frame, story_frame

SENTENCES = {
    "wrong": "This code is not known here. Please look again at each letter. If your story was "
    "taken back before, there is nothing more to do.",
    "different": "That is not the same code. Please compare letter by letter.",
    "again": "Please type your code again. This page is shown once, so that nobody finds it later.",
    "old": "This page was open for a long time. Please press the button once more.",
    "away": "This did not work. It is our fault. Please try again in a while.",
    "yes_holds": "Your yes is kept. Only these exact words may be used, and only where you said.",
    "yes": "Your yes is on its way to the editors. It counts when they have seen it.",
    "no_holds": "Your no is kept. These words are not used from now on. The editors will see it.",
    "no": "The editors will see your no. To stop everything at once, take your story back below.",
    "change_holds": "These words are not used as they are. The editors will see what you wrote.",
    "change": "The editors will see what you wrote.",
    "message": "Your message is locked and waits for the editors. Look here for their answer.",
    "changed": "This has changed since you saw it. Please look at it again.",
    "empty": "Please write something first.",
    "too_long": "This is too long. Please shorten it; what you wrote is still below.",
    "full": "Too many messages are waiting for the editors already. Please try again in a few "
    "days; what you wrote is still below.",
    "choose": "Please choose something first.",
    "tick": "Please tick that you agree, or leave it as it is.",
    "narrowed": "It is done, and takes effect now.",
    "renewed": "Your new consent is kept. Please look at the words below again, and say yes or no.",
    "renewed_later": "Your new consent is kept. Before anything is used, the words come back to "
    "you here.",
    "asked": "The editors will see what you allow. Before anything is used, the words come back to "
    "you here.",
}
_EARLIER = (0, 1, 3, 6, 12)  # months from today after which the storyteller may want it to end
_LONGER = (6, 12, 24)  # the form's, and no longer


@dataclass(frozen=True, kw_only=True, slots=True)
class Offered:
    """The days that may be chosen, and whether this story may be renewed by code."""

    earlier: tuple[date, ...]
    longer: tuple[date, ...]
    may_renew: bool


@dataclass(frozen=True, kw_only=True, slots=True)
class Choices:
    """What was chosen in a form; what the page did not offer is left out."""

    channels: frozenset[Channel]
    languages: frozenset[str]
    until: date | None

    @classmethod
    def of(
        cls, form: Mapping[str, Any], opened: Opened, today: date, *, longer: bool = False
    ) -> "Choices":
        """Read a form. `longer` is the one of a renewal, whose days lie later."""
        days = offered(opened, today)
        possible = days.longer if longer else days.earlier
        until = form.get("until", "")
        return cls(
            channels=frozenset(channel for channel in Channel if f"use_{channel}" in form),
            languages=frozenset(tag for tag in opened.consent.languages if f"in_{tag}" in form),
            until=next((day for day in possible if day.isoformat() == until), None),
        )


def sentence(name: str) -> str:
    """Return what the page says about what was just done; empty for nothing."""
    return story_frame().gettext(SENTENCES[name]) if name in SENTENCES else ""


def offered(opened: Opened, today: date) -> Offered:
    """Return the days to choose from. The last day of a longer consent is within the form's 24
    months, and the story of a child is renewed with both people there, not by code."""
    last = opened.consent.last_day
    earlier = tuple(
        day for months in _EARLIER if today <= (day := months_later(today, months)) < last
    )
    longer = [day for months in _LONGER if (day := months_later(today, months)) > last]
    now = [last] if today < last <= months_later(today, _LONGER[-1]) else []
    return Offered(
        earlier=earlier,
        longer=(*now, *longer),
        may_renew=bool(now or longer) and not opened.consent.is_minor,
    )


def page_of(here: Site, opened: Opened, frame: Frame) -> dict[str, Any]:
    """Return what the template needs beside what was opened."""
    consent, gettext = opened.consent, frame.gettext

    in_a_row = partial(listed, language=frame.language)

    def in_words(day: date) -> str:
        return day_in_words(day, frame.language)

    days = offered(opened, here.today())
    return {
        "proposals": [
            (one, one.proposal, language_name(frame.language, one.proposal.language))
            for one in opened.proposals
            if one.proposal.forms.keys() & consent.channels  # there is a place left for it
        ],
        "names": {channel: channel_name(channel, gettext) for channel in Channel},
        "allowed": [channel for channel in Channel if channel in consent.channels],
        "more": [channel for channel in Channel if channel not in consent.channels],
        "tongues": [(tag, language_name(frame.language, tag)) for tag in sorted(consent.languages)],
        "in_language": lambda name: fill(gettext("In %(language)s"), language=name),
        "has_picture": consent.picture is not PictureConsent.NONE,
        "has_name": consent.attribution is not Attribution.ANONYMOUS,
        "is_over": here.today() > consent.last_day,
        "days": days,
        "notice": here.workspace.story_services.notice(frame.language),
        "mailed": [
            (
                issue_name(use.issue_id, frame.language),
                language_name(frame.language, use.language),
                _day(here, use.sent_at),
            )
            for use in opened.uses
        ],
        "on_website": list(_on_website(here, opened)),
        "as_text": opened_text,
        "listed": in_a_row,
        "places": lambda channels: in_a_row(
            channel_name(channel, gettext) for channel in channels if channel in consent.channels
        ),
        "is_foreign": lambda tag: not same_language(tag, frame.language),
        "direction_of": direction,
        "longest": LONGEST,
        "day": in_words,
        "until": lambda day: fill(gettext("Until %(day)s"), day=in_words(day)),
    }


def _day(here: Site, moment: Any) -> date:
    return here.workspace.config.coalition.day_of(moment)


def _on_website(here: Site, opened: Opened) -> Iterator[str]:
    """The addresses at which the story can be read now."""
    story, workspace = opened.story, here.workspace
    if story is None:
        return
    for text in story.texts:
        answer = story.answer(channel=Channel.WEB_ARCHIVE, language=text.language, on=here.today())
        page = workspace.site_folder / story_path(story.id, text.language)
        if isinstance(answer, Allowed) and page.is_file():
            public = workspace.config.coalition.public_url.rstrip("/")
            yield story_url(public, story.id, text.language)
