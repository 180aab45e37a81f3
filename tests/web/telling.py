"""The story pages as a browser without JavaScript walks them."""

import re
from collections.abc import Iterator
from html.parser import HTMLParser

from flask.testing import FlaskClient
from werkzeug.test import TestResponse

from newsletter.stories.taking.questions import groups_in
from newsletter.stories.taking.steps import LAST, asked_in
from newsletter.web.stories_frame import TAKE_BACK, TELL
from tests.stories.making import ANSWERS, LANGUAGES

GROUPS = groups_in("en", LANGUAGES, has_page=True)


class Form(HTMLParser):
    """What a browser would send of a page's form, as it stands there, and where to."""

    def __init__(self, page: str) -> None:
        super().__init__()
        self.action = ""
        self.fields: dict[str, str] = {}
        self._area = ""
        self.feed(page)

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        of = {name: value or "" for name, value in attrs}
        if tag == "form":
            self.action = of["action"]
        elif tag == "textarea":
            self._area = of["name"]
            self.fields[self._area] = ""
        elif tag == "input" and (of["type"] in ("hidden", "text") or "checked" in of):
            self.fields[of["name"]] = of.get("value", "")

    def handle_endtag(self, tag: str) -> None:
        if tag == "textarea":
            self.fields[self._area] = self.fields[self._area].removeprefix("\n")
            self._area = ""

    def handle_data(self, data: str) -> None:
        if self._area:
            self.fields[self._area] += data


def fields(page: TestResponse) -> dict[str, str]:
    """What the page's form holds."""
    return Form(page.text).fields


def follow(client: FlaskClient, answer: TestResponse) -> TestResponse:
    """The page that a POST led to."""
    assert answer.status_code == 303, answer.status
    return client.get(answer.headers["Location"])


def send(client: FlaskClient, page: TestResponse, **typed: object) -> TestResponse:
    """Send the page's form as it is, with what was typed."""
    form = Form(page.text)
    return client.post(form.action, data={**form.fields, **typed})


def press(client: FlaskClient, page: TestResponse, go: str = "", **typed: object) -> TestResponse:
    """Send it by that button; return the page that it led to."""
    return follow(client, send(client, page, go=go, **typed))


def steps(client: FlaskClient, **changes: object) -> Iterator[TestResponse]:
    """Each page on the way through the form, the first one first; the last is what came of it."""
    answers = {**ANSWERS, **changes}
    page = client.get(TELL)
    yield page
    for step in range(LAST + 1):
        typed = {name: answers[name] for name in asked_in(step, GROUPS) if answers.get(name)}
        page = press(client, page, "next", **typed)
        yield page


def tell(client: FlaskClient, **changes: object) -> TestResponse:
    """Tell a story; return the last page."""
    return list(steps(client, **changes))[-1]


YES = {"capacity_attested": "yes", "service_guarantee_read": "yes"}


def at_the_end(client: FlaskClient) -> TestResponse:
    """The last step, with everything answered but YES."""
    return list(steps(client, capacity_attested="", service_guarantee_read=""))[-1]


def take_back(client: FlaskClient, code: str) -> TestResponse:
    """Take a story back; return the last page."""
    return press(client, client.get(TAKE_BACK), code=code)


def code_on(page: TestResponse) -> str:
    """The code that a page shows."""
    found = re.search(r'class="code"[^>]*>([0-9A-Z-]+)<', page.text)
    assert found is not None, page.text
    return found[1]
