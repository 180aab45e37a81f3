"""Tell a story, and take it back: no account, no JavaScript, nothing kept on the device."""

from dataclasses import dataclass
from typing import Any

from flask import Blueprint, Response, make_response, redirect, render_template, request, session
from limits import parse
from werkzeug.wrappers import Response as AnyResponse

from newsletter.errors import ConfigError, ServiceError
from newsletter.model.language import direction
from newsletter.stories.consent.purge_stories import sync_withdrawals
from newsletter.stories.consent.reprints_letter import reprints_letter
from newsletter.stories.consent.withdraw import NotKnown, Withdrawn, withdraw_by_code
from newsletter.stories.record.identifiers import read_code
from newsletter.stories.record.pictures import PictureError
from newsletter.stories.record.story_language import Gettext, story_gettext
from newsletter.stories.services import StoryServices
from newsletter.stories.taking.intake import MESSAGES, Fault, Intake, read_answers
from newsletter.stories.taking.questions import groups_in, questions
from newsletter.stories.taking.submit import Refusal, Refused, submit
from newsletter.web.forms import ButtonForm
from newsletter.web.languages import story_page_language
from newsletter.web.limits import limiter
from newsletter.web.message_pages import message_page as page
from newsletter.web.site import Site, site

pages = Blueprint("stories", __name__)

NEW_STORY = "/stories/new"
LARGEST_STORY = 10 * 1024 * 1024 + 64 * 1024
ELSEWHERE = "https://www.wikipedia.org/"  # plain, known everywhere, says nothing about us
_SENDING = "6 per hour"
_WITHDRAWING = "30 per hour"
_AT_ALL = parse("60 per hour")  # many visitors at once can be one attacker, filling the disk

WITHDRAWN = (
    "Nothing that we send or publish from now on carries it, and what you wrote is deleted. What "
    "was sent by email before stays in people's mailboxes; nobody can call it back."
)
_REPRINTERS = (
    "These groups had permission to reprint it. Now we ask them to take it down: %(groups)s."
)
_WITHDRAWN_BEFORE = (
    "This story was taken back before, so it is not kept. If you want to tell it after all, please "
    "ask us."
)
_KNOWN = "We have this story already. Your code is the one you were shown then."
_CODE_IS_RIGHT = (
    "You can close this page now. With the code you can take your story back at any time."
)


@dataclass(frozen=True, kw_only=True, slots=True)
class _Frame:
    """What every page of a story shows: its words, in a language there is a consent notice in."""

    language: str
    gettext: Gettext

    @property
    def direction(self) -> str:
        """Return `rtl` or `ltr`."""
        return direction(self.language)


def _frame() -> _Frame:
    tag = story_page_language()
    return _Frame(language=tag, gettext=story_gettext(tag))


@pages.app_context_processor
def story_links() -> dict[str, Any]:
    """Return what every page's foot points to, and in which language; nothing while closed."""
    frame = _frame()
    pointed = (("new_story", "Tell your story"), ("withdraw", "Take your story back"))
    return {
        "story_links": [(f"stories.{page}", frame.gettext(words)) for page, words in pointed]
        if _is_open(site().workspace.story_services)
        else [],
        "story_language": frame.language,
    }


@pages.route(NEW_STORY, methods=["GET", "POST"])
@limiter.limit(_SENDING, methods=["POST"])
def new_story() -> str | AnyResponse:
    """Show the form; what is sent is sealed before anything is kept."""
    frame = _frame()
    services = site().workspace.story_services
    if not _is_open(services):
        return _closed(frame)
    form = ButtonForm()
    if not form.validate_on_submit():
        return _form(services, frame, form, {}, ())
    typed = {question: request.form.get(question, "") for question in questions(services.languages)}
    intake = read_answers(typed, language=frame.language, published=services.languages)
    if not isinstance(intake, Intake):
        return _form(services, frame, form, typed, intake), 400  # type: ignore[return-value]
    if not limiter.limiter.hit(_AT_ALL, "stories"):
        return _closed(frame)
    return _sent(services, frame, form, intake, typed)


def _closed(frame: _Frame) -> AnyResponse:
    return page(
        503,
        frame.gettext("We cannot take stories here now"),
        frame.gettext("Nothing you wrote was kept. Please ask us to write it down with you."),
    )


def _is_open(services: StoryServices) -> bool:
    try:
        return len(services.recipients()) >= 2
    except ConfigError:
        return False


def _sent(
    services: StoryServices, frame: _Frame, form: ButtonForm, intake: Intake, typed: dict[str, str]
) -> str | AnyResponse:
    upload = request.files.get("picture")
    try:
        done = submit(
            services,
            intake,
            picture=upload.stream.read() if upload else b"",
            notice=services.notice(frame.language),
            method="web",
            today=site().today(),
        )
    except PictureError:
        fault = Fault(question="picture", code="picture")
        return _form(services, frame, form, typed, (fault,)), 400  # type: ignore[return-value]
    if isinstance(done, Refused):
        why = _WITHDRAWN_BEFORE if done.why is Refusal.WITHDRAWN else _KNOWN
        return page(409, frame.gettext("We cannot take this story"), frame.gettext(why))
    return render_template(
        "web/stories_receipt.html",
        frame=frame,
        form=form,
        code=done.receipt.code,
        receipt=done.receipt,
        is_wrong=False,
    )


def _form(
    services: StoryServices,
    frame: _Frame,
    form: ButtonForm,
    typed: dict[str, str],
    faults: tuple[Fault, ...],
) -> str:
    return render_template(
        "web/stories_new.html",
        frame=frame,
        form=form,
        groups=groups_in(frame.language, services.languages, has_page=bool(services.withdraw_at)),
        notice=services.notice(frame.language),
        typed=typed,
        faults={fault.question: frame.gettext(MESSAGES[fault.code]) for fault in faults},
    )


@pages.post("/stories/receipt")
def typed_back() -> str | Response:
    """Compare the code typed back. Both codes come with the request; neither is kept."""
    frame = _frame()
    form = ButtonForm()
    shown, typed = request.form.get("shown", ""), request.form.get("typed", "")
    if form.validate_on_submit() and read_code(shown) and read_code(typed) == read_code(shown):
        return page(200, frame.gettext("That is right"), frame.gettext(_CODE_IS_RIGHT))
    code = shown if read_code(shown) else ""
    return render_template(
        "web/stories_receipt.html", frame=frame, form=form, code=code, receipt=None, is_wrong=True
    )


@pages.route("/stories/withdraw", methods=["GET", "POST"])
@limiter.limit(_WITHDRAWING, methods=["POST"])
def withdraw() -> str | AnyResponse:
    """Withdraw in one step, by the code."""
    frame = _frame()
    form = ButtonForm()
    if not form.validate_on_submit():
        return render_template("web/stories_withdraw.html", frame=frame, form=form, is_wrong=False)
    done = withdraw_by_code(
        site().workspace.story_services, request.form.get("code", ""), today=site().today()
    )
    if isinstance(done, NotKnown):
        shown = render_template("web/stories_withdraw.html", frame=frame, form=form, is_wrong=True)
        return make_response(shown, 404)
    here = site()
    here.later.do(lambda: _clear_away(here, done))
    text = frame.gettext(WITHDRAWN)
    if done.reuse_by:
        text += " " + frame.gettext(_REPRINTERS) % {"groups": ", ".join(done.reuse_by)}
    return page(200, frame.gettext("Your story is taken back"), text)


def _clear_away(here: Site, done: Withdrawn) -> None:
    """What follows, tried again while something is away: `later` does so for a ServiceError."""
    if done.left_to_do:
        sync_withdrawals(here.workspace.story_services, today=here.today())
    workspace = here.workspace
    after = workspace.withdrawal_cleanup.run(done.revocation)
    if after.left_to_do:
        raise ServiceError("; ".join(after.left_to_do))
    sender = workspace.config.sender
    letter = reprints_letter(done, after, to=sender.reply_to or sender.address)
    if letter is not None:
        workspace.post.send(letter)


@pages.get("/stories/exit")
def leave_now() -> AnyResponse:
    """Redirect away from here, without the cookie."""
    session.clear()
    answer = redirect(ELSEWHERE, code=303)
    answer.headers["Clear-Site-Data"] = '"cache", "cookies", "storage"'
    return answer
