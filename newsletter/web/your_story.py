"""Your story, by code: what is proposed, yes or no, what was used where, less, more, a message.

No session: each POST carries the code, each is answered by 303, and nothing at rest opens what the
page shows. The code does, in memory, once for the POST and once for the GET that follows.
"""

from collections.abc import Callable, Mapping
from types import MappingProxyType

from flask import Blueprint, Response, make_response, render_template, request

from newsletter.errors import NewsletterError, ServiceError
from newsletter.model.submission import Actor
from newsletter.stories.consent.change_consent import ByCode, Narrowing, Renewal, narrow, renew
from newsletter.stories.consent.withdraw import NotKnown
from newsletter.stories.letters.answer import (
    Answered,
    answer_proposal,
    tell_editors,
    write_to_editors,
)
from newsletter.stories.letters.by_code import Opened, open_by_code
from newsletter.stories.letters.from_storyteller import Says
from newsletter.stories.letters.to_storyteller import propose
from newsletter.web.code_turns import LONGEST_CODE, code_turn, wrong_code
from newsletter.web.forms import ButtonForm
from newsletter.web.handover import hand_over, is_spent, take_over
from newsletter.web.headers import POLICY
from newsletter.web.limits import limiter
from newsletter.web.mail_editors import mail_editors
from newsletter.web.site import Site, site
from newsletter.web.stories_frame import YOURS, forgetting, is_our_form, story_frame
from newsletter.web.your_story_view import Choices, offered, page_of, sentence

pages = Blueprint("your_story", __name__)
limiter.exempt(pages)  # slowed, never shut: whoever else asks from there, a right code passes

# The picture comes inside the page: asked for by itself, it would need the code in an address.
_WITH_PICTURE = POLICY.replace("img-src 'self'", "img-src 'self' data:")


@pages.get(YOURS)
def show() -> Response:
    """Show the page that a POST led to, or ask for the code."""
    values = take_over()
    if values is None:
        return _ask(sentence("again") if is_spent() else "")
    if "code" not in values:
        return _ask(sentence(values["said"]), typed=values["typed"], kept=values)
    here, frame = site(), story_frame()
    try:
        opened = _opened(values["code"])
    except NewsletterError:
        return _ask(sentence("away"), kept=values)
    if isinstance(opened, NotKnown):
        return _ask(sentence("wrong"), typed=values["code"], kept=values)
    answer = make_response(
        render_template(
            "web/your_story.html",
            frame=frame,
            form=ButtonForm(),
            opened=opened,
            said=sentence(values.get("said", "")),
            kept=values.get("text", ""),
            kept_for=values.get("text_for", ""),
            **page_of(here, opened, frame),
        )
    )
    answer.headers["Content-Security-Policy"] = _WITH_PICTURE
    return answer


def _opened(typed: str) -> Opened | NotKnown:
    """Open it. ServiceError for a visitor with many wrong codes while another is checked."""
    with code_turn() as is_mine:
        if not is_mine:
            raise ServiceError("many wrong codes came from there")
        return open_by_code(site().workspace.story_services, typed)


def _ask(
    said: str, *, typed: str | None = None, kept: Mapping[str, str] = MappingProxyType({})
) -> Response:
    """Ask for the code; `kept` has a letter that was typed before, which is shown when it opens."""
    shown = render_template(
        "web/your_story_code.html",
        frame=story_frame(),
        form=ButtonForm(),
        said=said,
        typed=typed or "",
        is_wrong=typed is not None,
        carried={"text": kept.get("text", ""), "proof": kept.get("text_for", "")},
    )
    return make_response(shown)


@pages.post(YOURS)
def act() -> Response:
    """Do what a form of the page asks for, with the code it carries."""
    here, typed = site(), request.form.get("code", "")
    text = request.form.get("text", "")
    kept = {"text": text, "text_for": request.form.get("proof", "")} if text else {}
    try:
        opened = _opened(typed)
        if isinstance(opened, NotKnown):
            return wrong_code(YOURS, typed, **kept)
        if request.form.get("do", "") in _DO and not is_our_form():
            return hand_over(YOURS, {"code": opened.code, "said": "old", **kept})
        said, is_done = _DO.get(request.form.get("do", ""), _look)(here, opened)
    except NewsletterError:  # never a page in answer to a POST: the browser would keep the words
        return hand_over(YOURS, {"code": typed[:LONGEST_CODE], "said": "away", **kept})
    answer = hand_over(YOURS, {"code": opened.code, "said": said, **({} if is_done else kept)})
    return forgetting(answer) if request.form.get("do") in _LESS and is_done else answer


_Done = tuple[str, bool]  # which sentence to show, and whether what was typed is taken


def _look(_here: Site, _opened: Opened) -> _Done:
    return "", False


def _answer(says: Says) -> Callable[[Site, Opened], _Done]:
    def act(here: Site, opened: Opened) -> _Done:
        proof, text = request.form.get("proof", ""), request.form.get("text", "")
        services = here.workspace.story_services
        done = answer_proposal(services, opened, proof, says, text=text, today=here.today())
        name = says.name.lower()
        return _told(here, done, {Answered.HOLDS: f"{name}_holds", Answered.PASSED_ON: name})

    return act


def _write(here: Site, opened: Opened) -> _Done:
    text, services = request.form.get("text", ""), here.workspace.story_services
    done = write_to_editors(services, opened, text, today=here.today())
    return _told(here, done, {Answered.PASSED_ON: "message"})


def _told(here: Site, done: Answered, sentences: dict[Answered, str]) -> _Done:
    if done not in sentences:
        return done.name.lower(), False
    mail_editors(here)
    return sentences[done], True


def _narrow(here: Site, opened: Opened) -> _Done:
    chosen = Choices.of(request.form, opened, here.today())
    taken = Narrowing(
        channels=chosen.channels & opened.consent.channels,
        languages=chosen.languages & opened.consent.languages,
        picture="picture" in request.form,
        name="name" in request.form,
        until=chosen.until,
    )
    if taken == Narrowing():
        return "choose", True
    services, today = here.workspace.story_services, here.today()
    narrow(services, opened.submission.id, taken, today=today, actor=Actor.STORYTELLER)
    tell_editors(services, opened, Says.NARROWED, today=today)
    mail_editors(here)
    return "narrowed", True


def _renew(here: Site, opened: Opened) -> _Done:
    services, today = here.workspace.story_services, here.today()
    chosen = Choices.of(request.form, opened, today, longer=True)
    more = chosen.channels - opened.consent.channels
    if "agreed" not in request.form:
        return "tick", True
    if chosen.until is None or not offered(opened, today).may_renew:
        return "choose", True
    wanted = Renewal(until=chosen.until, channels=more)
    if opened.story is None:
        asked = f"until {wanted.until}; more: {', '.join(sorted(more)) or 'nothing'}"
        done = tell_editors(services, opened, Says.ASKS_TO_RENEW, asked=asked, today=today)
        mail_editors(here)
        return ("asked" if done else "full"), True
    notice = services.notice(story_frame().language)
    try:
        by_code = ByCode(code=opened.code)
        story = renew(services, opened.story.id, wanted, yes=by_code, notice=notice, today=today)
    except ServiceError:
        raise
    except NewsletterError:  # withdrawn or edited in this very moment
        return "changed", True
    try:
        waiting = bool(propose(services, story, today=today))
    except NewsletterError:  # an editor has something to settle first
        waiting = False
    tell_editors(services, opened, Says.RENEWED, today=today)
    mail_editors(here)
    return ("renewed" if waiting else "renewed_later"), True


_DO: dict[str, Callable[[Site, Opened], _Done]] = {
    "yes": _answer(Says.YES),
    "no": _answer(Says.NO),
    "change": _answer(Says.CHANGE),
    "write": _write,
    "narrow": _narrow,
    "renew": _renew,
}


_LESS = ("no", "change", "narrow")  # after which a page may not be shown any more
