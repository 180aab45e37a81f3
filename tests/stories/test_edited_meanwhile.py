"""An editor saves a story's file in the very moment a verb writes it: nobody's words are lost."""

from collections.abc import Callable
from pathlib import Path

import pytest

from newsletter.errors import AttentionError
from newsletter.model.story import Story
from newsletter.model.submission import Actor
from newsletter.stories.consent.change_consent import Renewal, SignedOff, renew
from newsletter.stories.record import document
from newsletter.stories.reviewing.read_back import record_agreement, strike_agreement
from newsletter.stories.reviewing.replacing import Choice
from newsletter.stories.reviewing.review_edited import edited_session, write_reviewed
from newsletter.stories.services import StoryServices
from newsletter.stories.taking.intake import months_later
from newsletter.stories.taking.record_notice import record_notice
from tests.stories.making import TODAY, decided, give_keys, make_services, publish

Verb = Callable[[StoryServices, Story], object]


def renewed(services: StoryServices, story: Story) -> object:
    signed = SignedOff(key_name="Ana", method="phone")
    wanted, notice = Renewal(until=months_later(TODAY, 6)), services.notice("en")
    return renew(services, story.id, wanted, yes=signed, notice=notice, today=TODAY)


def agreed(services: StoryServices, story: Story) -> object:
    return record_agreement(services, story.id, language="en", method="shown", today=TODAY)


def struck(services: StoryServices, story: Story) -> object:
    forms = {yes.channel: yes.sha256 for yes in story.read_backs}
    return strike_agreement(services, story.id, forms=forms, actor=Actor.EDITOR, today=TODAY)


def reviewed(services: StoryServices, story: Story) -> object:
    return write_reviewed(services, story, decided(edited_session(story), Choice.KEEP, "x"))


def informed(services: StoryServices, story: Story) -> object:
    notice = services.notice("en")
    return record_notice(services, story.id, notice=notice, how="sent", today=TODAY)


@pytest.mark.parametrize("verb", [renewed, agreed, struck, reviewed, informed])
def test_what_an_editor_saves_in_this_very_moment_is_not_overwritten(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, verb: Verb
) -> None:
    services = make_services(tmp_path)
    pair, _ = give_keys(services)
    _, story = publish(services, pair)
    file = services.folder.folder / f"{story.id}.md"
    if verb is informed:
        mailed = file.read_text().replace("method: web", "method: email")
        file.write_text(mailed.replace("notice_shown: on the page\n  ", ""))
    write = document.write

    def write_while_somebody_saves(result: Story) -> str:
        file.write_text(f"{file.read_text()}\nOne more sentence.\n")
        return write(result)

    monkeypatch.setattr(document, "write", write_while_somebody_saves)
    with pytest.raises(AttentionError, match="someone changed this file meanwhile"):
        verb(services, story)
    assert file.read_text().endswith("\nOne more sentence.\n")
