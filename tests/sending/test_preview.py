"""Preview leaves the issue as files that a browser and a mail program open."""

import email
import email.policy
from datetime import UTC, datetime
from pathlib import Path

import pytest

from newsletter.errors import AttentionError
from newsletter.sending.preview import preview
from tests.issues.desk import ISSUE, NOW, Desk, desk, item


@pytest.fixture
def drafted(tmp_path: Path) -> Desk:
    made = desk(tmp_path, [item("n1"), item("n2", "casa")])
    made.draft()
    return made


def test_each_edition_is_written_as_html_text_and_message(drafted: Desk) -> None:
    outcome = preview(drafted.sources, ISSUE, now=NOW)
    assert outcome.page == f"preview/{ISSUE}/index.html"
    for name in outcome.files:
        assert (drafted.root / name).is_file()
    for language in ("en", "es"):
        for ending in ("html", "txt", "eml", "dark.html", "light.html"):
            assert f"preview/{ISSUE}/{language}.{ending}" in outcome.files


def test_the_message_is_what_would_be_sent_marked_as_a_test(drafted: Desk) -> None:
    drafted.edit("subject:", "subject: Clinics and a march")
    preview(drafted.sources, ISSUE, now=datetime(2026, 11, 20, tzinfo=UTC))
    raw = (drafted.root / f"preview/{ISSUE}/en.eml").read_bytes()
    message = email.message_from_bytes(raw, policy=email.policy.default)
    assert str(message["Subject"]).startswith("[TEST]")
    assert [part.get_content_type() for part in message.walk()][1:] == ["text/plain", "text/html"]
    assert str(message["To"]).endswith(".invalid")
    assert "@@" not in raw.decode()


def test_without_a_draft_there_is_nothing_to_show(tmp_path: Path) -> None:
    with pytest.raises(AttentionError):
        preview(desk(tmp_path).sources, ISSUE, now=NOW)
