"""Take a story back, type the code back, leave at once: no account, nothing kept on the device."""

import json
from collections.abc import Sequence
from contextlib import suppress
from typing import Any

from flask import Response, make_response, redirect, render_template, request, session
from werkzeug.wrappers import Response as AnyResponse

from newsletter.errors import NewsletterError, ServiceError
from newsletter.jobs.telling.to_mailbox import reprints_letter
from newsletter.stories.consent.purge_stories import sync_withdrawals
from newsletter.stories.consent.withdraw import NotKnown, Withdrawn, withdraw_by_code
from newsletter.stories.record.identifiers import read_code
from newsletter.stories.record.story_language import fill, listed
from newsletter.web import stories_tell
from newsletter.web.code_turns import (
    LONGEST_CODE,
    SECONDS,
    code_turn,
    keep_waiting,
    waiting_code,
    wrong_code,
)
from newsletter.web.handover import hand_over, is_spent, take_over
from newsletter.web.site import Site, site
from newsletter.web.stories_frame import (
    CHECK,
    FOLDER,
    TAKE_BACK,
    TELL,
    forgetting,
    is_open,
    is_our_form,
    pages,
    story_frame,
    story_message,
)
from newsletter.web.your_story_view import sentence

__all__ = ["pages"]

ELSEWHERE = "https://www.wikipedia.org/"  # plain, known everywhere, says nothing about us

WITHDRAWN = (
    "Your story will not appear in anything we send or publish from now on, and what you wrote is "
    "deleted. An email that has been sent cannot be deleted or called back: it stays with the "
    "people who got it."
)
_REPRINTERS = (
    "These groups had permission to reprint it. Now we ask them to take it down: %(groups)s."
)
_CODE_IS_RIGHT = (
    "You can close this page now. With the code you can take your story back at any time."
)
_ONE_MOMENT = "One moment, please"
_IN_LINE = (
    "Many codes were typed over the same internet connection as yours, so yours waits for its "
    "turn. Please leave this page open: it asks again by itself until your story is taken back."
)


@pages.app_context_processor
def story_links() -> dict[str, Any]:
    """Return what every page's foot points to, and in which language; nothing while closed. Also
    the frame for an error on a page of a story: it has a way out too."""
    frame = story_frame()
    pointed = (
        ("stories.tell", "Tell your story"),
        ("your_story.show", "Your story"),
        ("stories.take_back", "Take your story back"),
    )
    return {
        "story_links": [(page, frame.gettext(words)) for page, words in pointed]
        if is_open()
        else [],
        "story_language": frame.language,
        "story_frame": frame if request.path.startswith(FOLDER) else None,
    }


@pages.get("/stories/new")
@pages.get("/stories/withdraw")
def older_address() -> AnyResponse:
    """Lead on from the addresses that older receipts and notices print."""
    return redirect(TELL if request.path.endswith("new") else TAKE_BACK, code=308)


@pages.route(CHECK, methods=["GET", "POST"])
def typed_back() -> AnyResponse | str:
    """Compare the code typed back. Both codes come with the request; neither is kept."""
    frame = story_frame()
    if request.method == "GET":
        taken = take_over()
        if taken is None:
            return stories_tell.spent_page(frame)
        if taken.get("right"):
            return story_message(200, frame.gettext("That is right"), frame.gettext(_CODE_IS_RIGHT))
        return stories_tell.receipt_page(frame, {**taken, "wrong": sentence(taken["wrong"])})
    shown, typed = request.form.get("code", ""), request.form.get("typed", "")
    is_ours = is_our_form()
    if read_code(shown) is None:
        return redirect(CHECK, code=303)
    if is_ours and read_code(typed) == read_code(shown):
        return hand_over(CHECK, {"right": True})
    again: dict[str, Any] = {"code": shown, "text": request.form.get("text", ""), "json": {}}
    with suppress(ValueError):
        again["json"] = json.loads(request.form.get("json", ""))
    return hand_over(CHECK, {**again, "wrong": "different" if is_ours else "old"})


@pages.route(TAKE_BACK, methods=["GET", "POST"])
def take_back() -> AnyResponse | str:
    """Withdraw in one step, by the code."""
    typed = request.form.get("code", "") if request.method == "POST" else waiting_code()
    if typed is not None:
        return _take_back(typed)
    frame = story_frame()
    taken = take_over() or {}
    if "reprinters" in taken:
        text = frame.gettext(WITHDRAWN)
        if taken["reprinters"]:
            groups = listed(_names_of(taken["reprinters"]), frame.language)
            text += " " + fill(frame.gettext(_REPRINTERS), groups=groups)
        return story_message(200, frame.gettext("Your story is taken back"), text)
    return render_template(
        "web/stories_withdraw.html",
        frame=frame,
        typed=taken.get("typed", ""),
        wrong=sentence(taken.get("said", "")),
        is_spent=is_spent() and not taken,
    )


def _names_of(organisations: Sequence[str]) -> list[str]:
    """The members' names by their ids; the ids where feeds.yaml does not say."""
    names: dict[str, str] = {}
    with suppress(NewsletterError):
        names = {one.id: one.name for one in site().workspace.organisations}
    return [names.get(one, one) for one in organisations]


def _take_back(typed: str) -> Response:
    """Withdraw, from whatever page: who has the code may, without a cookie too."""
    services, here = site().workspace.story_services, site()
    done: Withdrawn | NotKnown = NotKnown()
    if read_code(typed) is not None:  # most slips of the pen cost nothing
        try:
            with code_turn() as is_mine:
                if not is_mine:
                    return keep_waiting(_one_moment(), typed)
                done = withdraw_by_code(services, typed, today=here.today())
        except NewsletterError:
            return hand_over(TAKE_BACK, {"said": "away", "typed": typed[:LONGEST_CODE]})
    if isinstance(done, NotKnown):
        return wrong_code(TAKE_BACK, typed)
    withdrawn = done
    here.later.do(lambda: _clear_away(here, withdrawn))
    return forgetting(hand_over(TAKE_BACK, {"reprinters": list(done.reuse_by)}))


def _one_moment() -> Response:
    """Have the browser ask again: after a POST at once, then from a page that says so."""
    if request.method == "POST":
        return make_response(redirect(TAKE_BACK, code=303))
    frame = story_frame()
    page = story_message(200, frame.gettext(_ONE_MOMENT), frame.gettext(_IN_LINE))
    page.headers["Refresh"] = f"{SECONDS}; url={TAKE_BACK}"
    return page


def _clear_away(here: Site, done: Withdrawn) -> None:
    """What follows, tried again while something is away: `later` does so for a ServiceError."""
    if done.left_to_do:
        sync_withdrawals(here.workspace.story_services, today=here.today())
    workspace = here.workspace
    after = workspace.withdrawal_cleanup.run(done.revocation, done.texts)
    if after.left_to_do:
        raise ServiceError("; ".join(after.left_to_do))
    letter = reprints_letter(done, after, workspace.notice_renderer)
    if letter is not None:
        here.mail_editors(letter, "the mail to the editors about reprints")
    here.forget_soon()


@pages.get("/stories/exit")
def leave_now() -> AnyResponse:
    """Redirect away from here, without the cookie."""
    session.clear()
    answer = redirect(ELSEWHERE, code=303)
    answer.headers["Clear-Site-Data"] = '"cache", "cookies", "storage"'
    return answer
