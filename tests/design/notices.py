"""Every mail that is no issue, as this coalition sends it."""

from collections.abc import Iterator
from dataclasses import replace
from datetime import UTC, datetime, timedelta

from newsletter.design.catalogues import MEMBERS, PAGES, translations
from newsletter.design.notice import NoticeRenderer
from newsletter.design.templates import Templates, shipped_folder
from newsletter.doctor.trial_mail import trial_words
from newsletter.jobs.telling.letter import speech_for, write_letter
from newsletter.jobs.telling.to_mailbox import reprints_letter, something_arrived
from newsletter.members.health import FIXES, FeedHealth, Health, OrganisationHealth, UsedItem
from newsletter.members.health_letter import write_to_contacts
from newsletter.model.coalition import Coalition, Editor
from newsletter.model.consent import Revocation
from newsletter.model.delivery import Accepted, Outcome
from newsletter.model.notice import Notice
from newsletter.model.organisation import FeedKind
from newsletter.model.pulling import FeedResult
from newsletter.model.reminder import KeptReminder
from newsletter.model.subscriber import Subscriber, SubscriberState
from newsletter.people.links import Links
from newsletter.people.notices import Notices
from newsletter.stories.consent.withdraw import Withdrawn
from newsletter.stories.consent.withdrawal_cleanup import CleanupReport, Reprint
from tests.design.samples import COALITION, SENDER
from tests.jobs.telling.samples import EACH

NOW = datetime(2026, 11, 20, 9, 0, tzinfo=UTC)
KEY = "the secret key of these samples and nothing else"
LANGUAGES = ("en", "es", "ar")


class Kept:
    """A way for mail to leave that keeps it."""

    def __init__(self) -> None:
        self.notices: list[Notice] = []

    def send(self, notice: Notice) -> Outcome:
        self.notices.append(notice)
        return Accepted()


def renderer(coalition: Coalition = COALITION) -> NoticeRenderer:
    templates = Templates((shipped_folder(),))
    return NoticeRenderer(templates=templates, coalition=coalition, sender=SENDER)


def each_notice(renderer: NoticeRenderer) -> Iterator[tuple[str, Notice]]:
    """Yield every kind in every language that it has, by a name of its own."""
    for language in LANGUAGES:
        yield from _to_people(renderer, language)
        yield from _to_members(renderer, language)
    for language in ("en", "es"):
        yield from _to_editors(renderer, language)


def _to_people(renderer: NoticeRenderer, language: str) -> Iterator[tuple[str, Notice]]:
    post = Kept()
    notices = Notices(
        post=post,
        links=Links([KEY], COALITION.public_url),
        renderer=renderer,
        translations=lambda tag: translations(tag, PAGES),
        token=str,
    )
    person = Subscriber(
        id=7, address="reader@example.org", language=language, state=SubscriberState.PENDING
    )
    discreet = replace(person, discreet=True)
    for who in (person, discreet):
        notices.ask_to_confirm(who, now=NOW)
        notices.remind(who)
        notices.send_links(who, now=NOW)
    names = ("confirm", "remind", "links")
    names = (*names, *(f"{name}-discreet" for name in names))
    for name, notice in zip(names, post.notices, strict=True):
        yield f"{name}-{language}", notice


def _to_members(renderer: NoticeRenderer, language: str) -> Iterator[tuple[str, Notice]]:
    title = {"en": "Free clinic", "es": "Clínica gratuita", "ar": "عيادة 213-555-0177 مجانية"}
    broken = FeedHealth(
        url="https://harbor-legal-aid.example/feed/",
        kind=FeedKind.NEWS,
        health=Health.BROKEN,
        since=NOW - timedelta(days=9),
        result=FeedResult.CHALLENGE_PAGE,
        detail="403 Forbidden, with a page that asks for a browser",
        fix=FIXES[FeedResult.CHALLENGE_PAGE],
    )
    well = FeedHealth(
        url="https://harbor-legal-aid.example/calendar.ics",
        kind=FeedKind.CALENDAR,
        health=Health.WELL,
    )
    member = OrganisationHealth(
        organisation_id="harbor-legal-aid",
        name="Harbor Legal Aid",
        contact="web@harbor-legal-aid.example",
        language=language,
        feeds=(broken, well),
        used=(UsedItem("2026-W46", title[language]), UsedItem("2026-W45-a", "Clinic & <more>")),
    )
    for name, about in (("health", member), ("well", replace(member, feeds=(well,), used=()))):
        post = Kept()
        write_to_contacts(
            [about], post, renderer, translations=lambda tag: translations(tag, MEMBERS)
        )
        yield f"{name}-{language}", post.notices[0]


def _to_editors(renderer: NoticeRenderer, language: str) -> Iterator[tuple[str, Notice]]:
    languages = (language, *(tag for tag in LANGUAGES if tag != language))
    renderer = replace(renderer, coalition=replace(renderer.coalition, languages=languages))
    editor = Editor(name="Ana", languages=(language,), address="ana@neighbors.example")
    trial = trial_words(speech_for(editor, renderer.coalition), renderer.coalition)
    yield f"trial-{language}", renderer.render(trial, address=editor.address)
    for name, told in (("editor", EACH[8:9]), ("editor-summary", EACH[5:22])):
        kept = [
            KeptReminder(id=number, key=one.key, editor="Ana", made_at=NOW, tries=0)
            for number, one in enumerate(told, 1)
        ]
        yield f"{name}-{language}", write_letter(told, kept, editor, renderer)
    yield f"arrived-{language}", something_arrived(renderer)
    withdrawn = Withdrawn(
        revocation=Revocation(record_id="r4", story_id="m4rq7tz2xd", on=NOW.date()),
        reuse_by=("casa-norte",),
    )
    found = Reprint(organisation_id="river-tenants", link="https://river-tenants.example/42/")
    after = CleanupReport(reprints=(found,), redacted_issues=(), site_rebuilt=True)
    letter = reprints_letter(withdrawn, after, renderer)
    if letter is not None:
        yield f"reprints-{language}", letter
