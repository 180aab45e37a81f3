"""Tell a story, in steps: no account, no JavaScript, nothing kept on the device.

What was answered before goes from step to step inside the page, so that nothing is lost while a
person writes for an hour; between a POST and its GET it is sealed (`handover`).
"""

import re
import secrets
from base64 import urlsafe_b64decode
from collections.abc import Iterable, Mapping
from dataclasses import asdict, dataclass, field, replace
from typing import Any

from flask import Response, render_template, request, session
from limits import parse
from werkzeug.exceptions import HTTPException
from werkzeug.wrappers import Response as AnyResponse

from newsletter.errors import NewsletterError
from newsletter.stories.record.pictures import PictureError
from newsletter.stories.record.story_language import fill, story_languages
from newsletter.stories.services import StoryServices
from newsletter.stories.taking.intake import MESSAGES, Fault, Intake, read_answers
from newsletter.stories.taking.question import Group
from newsletter.stories.taking.questions import groups_in, questions
from newsletter.stories.taking.steps import (
    LAST,
    STEPS,
    asked_in,
    first_faulty,
    groups_of,
    to_read_in,
)
from newsletter.stories.taking.submit import submit
from newsletter.web.forms import ButtonForm
from newsletter.web.handover import hand_over, is_spent, take_over
from newsletter.web.limits import may, visitor
from newsletter.web.mail_editors import mail_editors
from newsletter.web.site import site
from newsletter.web.stories_frame import (
    TELL,
    Frame,
    is_from_elsewhere,
    is_open,
    is_our_form,
    pages,
    story_frame,
    story_message,
)

LARGEST_PICTURE = 10 * 1024 * 1024
_SENDING = parse("20 per hour")  # a meeting where several people tell theirs is one visitor
_AT_ALL = parse("60 per hour")  # many visitors at once can be one attacker, filling the disk
_ONCE = re.compile(r"[\w-]{42}[AEIMQUYcgkosw048]")  # 32 bytes in base64
_BAD_PICTURE = Fault(question="picture", code="picture")

NOTES = {
    "old": "This page was open for a long time. Please press the button once more.",
    "read": "Please read this first, in the language you chose.",
    "wait": "Many stories came in just now. Please keep this page open, and try again in an hour.",
    "away": "This did not work. It is our fault. Please keep this page open, and try again later.",
    "picture": "Please choose your picture again.",
}
_STILL_HERE = "What you wrote is still here."
_CLOSED = "We cannot take stories here now"
_ASK_US = "Please ask us to take your story in person."
_ONLY_ONCE = "This page was shown once"
_SPENT = (
    "To keep what you write off this device, each of these pages is shown only once, for ten "
    "minutes at most. If you had not sent your story yet, nothing was kept: please begin again. "
    "If you had sent it and did not see your code, your story is with us, locked: ask us to take "
    "it back, or tell it again to get a new code."
)
_COOKIES = "Cookies are needed"
_NO_COOKIES = (
    "To keep what you write off this device, this page needs one cookie. It is deleted when you "
    "leave. Please allow cookies for this page, and begin again. Nothing is lost: you have not "
    "written anything yet."
)


@dataclass(frozen=True, kw_only=True, slots=True)
class Draft:
    """The form on its way: the step that is shown, and what was answered so far.

    `once` is random: the same form sent twice is one story. `notice` is the hash of the consent
    text that was shown.
    """

    step: int = 0
    typed: Mapping[str, str] = field(default_factory=dict, repr=False)
    once: str = field(default_factory=lambda: secrets.token_urlsafe(32), repr=False)
    notice: str = ""
    faults: tuple[tuple[str, str], ...] = ()  # (question, code)
    note: str = ""

    def at(self, step: int, *, faults: Iterable[Fault] = (), note: str = "") -> "Draft":
        """Return it with another step shown."""
        found = tuple((fault.question, fault.code) for fault in faults)
        return replace(self, step=min(max(step, 0), LAST), faults=found, note=note)


@pages.route(TELL, methods=["GET", "POST"])
def tell() -> AnyResponse | str:
    """Show a step of the form, or the code; what is sent is sealed before anything is kept."""
    if request.method == "POST":
        return _answer()
    taken = take_over()
    frame = story_frame()
    if taken is None and is_spent():
        return spent_page(frame)
    if taken is not None and "code" in taken:
        return receipt_page(frame, taken)
    if taken is None and not is_open():
        return story_message(503, frame.gettext(_CLOSED), frame.gettext(_ASK_US))
    return _form(frame, Draft() if taken is None else Draft(**taken))


def receipt_page(frame: Frame, taken: Mapping[str, Any]) -> str:
    """Show the code, and ask to type it back. `taken` has code, text and json, perhaps wrong."""
    return render_template(
        "web/stories_receipt.html", frame=frame, form=ButtonForm(), **{"wrong": "", **taken}
    )


def spent_page(frame: Frame) -> Response:
    """Say what became of what stood here, and what to do."""
    again = [(frame.gettext("Begin again"), TELL)]
    if not request.cookies:
        return story_message(400, frame.gettext(_COOKIES), frame.gettext(_NO_COOKIES), again)
    return story_message(410, frame.gettext(_ONLY_ONCE), frame.gettext(_SPENT), again)


def _form(frame: Frame, draft: Draft) -> str:
    services = site().workspace.story_services
    groups = _asked(frame.language)
    asked = asked_in(draft.step, groups)
    notice = services.notice(frame.language)
    notes = [frame.gettext(NOTES[draft.note]), frame.gettext(_STILL_HERE)] if draft.note else []
    return render_template(
        "web/stories_new.html",
        frame=frame,
        form=ButtonForm(),
        draft=draft,
        fill=fill,
        steps=len(STEPS),
        groups=groups_of(draft.step, groups),
        notice=notice,
        to_read=to_read_in(draft.step, notice.paragraphs),
        carried={"step": draft.step, "once": draft.once, "notice": draft.notice}
        | {name: said for name, said in draft.typed.items() if name not in asked},
        faults={question: frame.gettext(MESSAGES[code]) for question, code in draft.faults},
        note=" ".join(notes if draft.typed else notes[:1]),
    )


def _asked(language: str) -> tuple[Group, ...]:
    services = site().workspace.story_services
    return groups_in(language, services.languages, has_page=bool(services.withdraw_at))


def _answer() -> Response:
    try:
        draft = _read()
    except HTTPException:  # no form of ours
        return hand_over(TELL, asdict(Draft().at(0, note="away")))
    try:
        return _next(draft)
    except NewsletterError:  # whatever it is, what was typed stays
        return _shown(draft.at(draft.step, note="away"))


def _shown(draft: Draft) -> Response:
    """Answer with the form; of far more than a person types, the beginning is kept."""
    try:
        return hand_over(TELL, asdict(draft))
    except ValueError:
        longest = max(draft.typed, key=lambda name: len(draft.typed[name]))
        text = draft.typed[longest]
        return _shown(replace(draft, typed={**draft.typed, longest: text[: len(text) // 2]}))


def _read() -> Draft:
    """Return the draft that the page sent."""
    asked = questions(site().workspace.story_services.languages)
    typed = {name: request.form[name] for name in asked if request.form.get(name)}
    step = request.form.get("step", "")
    draft = Draft(typed=typed, notice=request.form.get("notice", "")[:64])
    once = request.form.get("once", "")
    if _ONCE.fullmatch(once):
        draft = replace(draft, once=once)
    return draft.at(int(step) if step.isdecimal() and len(step) < 3 else 0)


def _next(draft: Draft) -> Response:
    """Decide what is shown next. Nothing that was typed is dropped, whatever is refused."""
    if not is_our_form():
        if is_from_elsewhere():
            return _shown(Draft())
        # A new `once`: nobody else may know what a code is made of.
        return _shown(replace(Draft().at(draft.step, note="old"), typed=draft.typed))
    go = request.form.get("go", "")
    if go.startswith("in-"):
        if go[3:] in story_languages():
            session["lang"] = go[3:]
        return _shown(draft.at(0))
    if go == "back":
        return _shown(draft.at(draft.step - 1))
    frame = story_frame()
    notice = site().workspace.story_services.notice(frame.language)
    if draft.step == 0:
        draft = replace(draft, notice=notice.sha256)
    elif draft.notice != notice.sha256:
        return _shown(draft.at(0, note="read"))
    published = site().workspace.story_services.languages
    read = read_answers(draft.typed, language=frame.language, published=published)
    faults = () if isinstance(read, Intake) else read
    groups = _asked(frame.language)
    here = asked_in(draft.step, groups)
    if found := [fault for fault in faults if fault.question in here]:
        return _shown(draft.at(draft.step, faults=found, note="picture" if _picture() else ""))
    if draft.step < LAST:
        return _shown(draft.at(draft.step + 1))
    if not isinstance(read, Intake):
        return _shown(draft.at(first_faulty(faults, groups), faults=faults))
    return _send(draft, read)


def _send(draft: Draft, intake: Intake) -> Response:
    services: StoryServices = site().workspace.story_services
    picture = _picture()
    if len(picture) > LARGEST_PICTURE:
        return _shown(draft.at(LAST, faults=[_BAD_PICTURE]))
    if not is_open():
        return _shown(draft.at(LAST, note="away"))
    if not may(_SENDING, "story", visitor()) or not may(_AT_ALL, "stories"):
        return _shown(draft.at(LAST, note="wait"))
    try:
        done = submit(
            services,
            intake,
            picture=picture,
            notice=services.notice(story_frame().language),
            method="web",
            once=urlsafe_b64decode(draft.once + "="),
            today=site().today(),
        )
    except PictureError:
        return _shown(draft.at(LAST, faults=[_BAD_PICTURE]))
    mail_editors(site())
    receipt = done.receipt
    return hand_over(
        TELL,
        {"code": receipt.code, "text": receipt.text(), "json": receipt.as_mapping()},
    )


def _picture() -> bytes:
    upload = request.files.get("picture")
    return upload.stream.read() if upload else b""
