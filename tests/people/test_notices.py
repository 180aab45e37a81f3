"""Notices: in the reader's language, neutral for the discreet, with the links they are for."""

import re
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from html import unescape

import pytest

from newsletter.model.notice import Notice
from newsletter.model.subscriber import Purpose, Subscriber, SubscriberState
from newsletter.people.links import Opened
from newsletter.wiring import Workspace

NOW = datetime(2026, 11, 20, 9, 0, tzinfo=UTC)
ANA = Subscriber(
    id=7, address="ana@x.example", language="es", state=SubscriberState.PENDING, discreet=False
)


@pytest.fixture
def sent(workspace: Workspace) -> list[Notice]:
    notices: list[Notice] = []

    class Post:
        def send(self, notice: Notice) -> None:
            notices.append(notice)

    workspace.__dict__["post"] = Post()
    return notices


def test_the_mail_to_confirm_carries_a_link_that_ages(
    workspace: Workspace, sent: list[Notice]
) -> None:
    workspace.notices.ask_to_confirm(ANA, now=NOW)
    (notice,) = sent
    link = next(line for line in notice.text.splitlines() if "/confirm/" in line)
    assert link in unescape(notice.html)
    token = link.rpartition("/")[2]
    read = workspace.links.read(
        token, Purpose.CONFIRM, now=NOW + timedelta(days=6), max_age=timedelta(days=7)
    )
    assert isinstance(read, Opened)
    assert read.subscriber_id == 7
    assert notice.subject == "Confirme, por favor: el boletín de Test Coalition"
    assert '<html lang="es" dir="ltr"' in notice.html


@pytest.mark.parametrize(
    ("language", "subject", "way"),
    [
        ("en", "Please confirm: the newsletter of Test Coalition", "ltr"),
        ("es-MX", "Confirme, por favor: el boletín de Test Coalition", "ltr"),
        ("ar", "يرجى التأكيد: نشرة Test Coalition", "rtl"),
        ("tlh", "Please confirm: the newsletter of Test Coalition", "ltr"),
    ],
)
def test_a_notice_is_in_the_readers_language_or_else_in_english(
    workspace: Workspace, sent: list[Notice], language: str, subject: str, way: str
) -> None:
    person = Subscriber(id=7, address="a@x.example", language=language, state=ANA.state)
    workspace.notices.ask_to_confirm(person, now=NOW)
    assert sent[0].subject == subject
    assert f'dir="{way}"' in sent[0].html


def test_no_subject_for_the_discreet_names_the_coalition(
    workspace: Workspace, sent: list[Notice]
) -> None:
    discreet = Subscriber(
        id=7, address="a@x.example", language="en", state=ANA.state, discreet=True
    )
    workspace.notices.ask_to_confirm(discreet, now=NOW)
    workspace.notices.remind(discreet)
    workspace.notices.send_links(discreet, now=NOW)
    assert [notice.subject for notice in sent] == [
        "Please confirm",
        "You are subscribed already",
        "Your links",
    ]
    assert all(notice.discreet for notice in sent)
    for notice in sent:
        shown = notice.text[:300]  # what a phone shows beside the subject is less
        assert shown.startswith(notice.subject)
        assert "Coalition" not in shown
        assert "newsletter" not in shown
        body = notice.html[notice.html.index("<body") :]
        first = unescape(re.sub("<[^>]+>", "", body)).strip()
        assert first[140:240].strip("\u034f\u200c\u00a0") == ""
        for words in (first, notice.text, notice.html):
            assert "Test Coalition" not in words
        assert "Weekly update" in first  # who writes, as From has it


def test_the_first_words_of_a_discreet_mail_name_nothing(
    workspace: Workspace, sent: list[Notice]
) -> None:
    """The neutral subject was followed by "asked us to send the newsletter of X"."""
    discreet = Subscriber(
        id=7, address="a@x.example", language="ar", state=ANA.state, discreet=True
    )
    workspace.notices.ask_to_confirm(discreet, now=NOW)
    workspace.notices.remind(discreet)
    for notice in sent:
        assert "Test Coalition" not in notice.text.partition("--")[0].replace("https://", "")


def test_the_coalitions_name_stands_once_above_its_address(
    workspace: Workspace, sent: list[Notice]
) -> None:
    coalition = replace(
        workspace.config.coalition, postal_address="Test Coalition, 9 Quay Street, Port Alder"
    )
    renderer = replace(workspace.notice_renderer, coalition=coalition)
    replace(workspace.notices, renderer=renderer).ask_to_confirm(ANA, now=NOW)
    assert "Test Coalition: https://coalition.example\n9 Quay Street, Port Alder" in sent[0].text
    assert "Test Coalition<br />9 Quay Street" in re.sub("</?a[^>]*>", "", sent[0].html)


def test_text_and_html_say_the_same(workspace: Workspace, sent: list[Notice]) -> None:
    workspace.notices.send_links(ANA, now=NOW)
    (notice,) = sent
    words = " ".join(notice.text.replace("--", "").split())
    for link in [word for word in words.split() if word.startswith("https://")]:
        assert f'href="{link}"' in notice.html
    shown = " ".join(unescape(re.sub("</?a[^>]*>", "", notice.html)).split())
    for line in notice.text.splitlines():
        if line and not line.startswith(("https://", "--", "==")):
            assert line.partition(": https://")[0].rstrip(":") in shown
