"""The thirty-six invariants of stories: 2 to 20 one test each, and where the others are held.

The first is in test_canary.py, with crashes; the seventh is told again in
test_withdrawn_mid_send.py, with processes that are killed.
"""

import ast
import io
import json
import logging
import re
import shutil
import socket
import sqlite3
import subprocess
from collections.abc import Callable
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from PIL import Image

from newsletter.config import Config
from newsletter.errors import AttentionError, ConfigError
from newsletter.model.consent import Allowed, Channel, Denied, PictureConsent
from newsletter.model.item import Item, ItemKind
from newsletter.model.message import RenderedEdition
from newsletter.model.story import Story
from newsletter.stories.consent.change_consent import Narrowing, Renewal, SignedOff, narrow, renew
from newsletter.stories.consent.go_on import go_on
from newsletter.stories.consent.purge_stories import purge
from newsletter.stories.consent.story_log import read_log
from newsletter.stories.consent.withdraw import Withdrawn, withdraw_by_code
from newsletter.stories.keys.rotate import rotate
from newsletter.stories.keys.vault import seal, unseal
from newsletter.stories.record.document import read, write
from newsletter.stories.record.pictures import rebuild
from newsletter.stories.record.story_language import story_gettext, story_languages
from newsletter.stories.reviewing.read_back import record_agreement
from newsletter.stories.scan.scan import scan
from newsletter.stories.services import StoryServices
from newsletter.stories.taking.submit import submit
from newsletter.web.stories import WITHDRAWN
from newsletter.wiring import Workspace
from tests.stories.making import (
    NAME,
    PHONE,
    TEXT,
    TODAY,
    asked,
    give_keys,
    make_intake,
    make_services,
    picture,
    publish,
    review,
    take,
)

ELSEWHERE = {
    1: ("stories/test_canary", "no_command_and_no_crash_leaves_a_trace_of_the_person"),
    21: ("web/test_stories_profile", "nothing_typed_is_in_any_file_of_the_browser"),
    22: ("stories/test_names_cannot_be_guessed", "no_removed_name_can_be_confirmed"),
    23: ("issues/checking/test_story_words", "words_of_an_unapproved_story_block_wherever"),
    24: ("stories/test_excerpt", "a_short_part_no_and_all_no_never_mails_all_of_it"),
    25: ("stories/test_pictures", "what_transparency_hides_changes_no_published_byte"),
    26: ("web/test_archive", "a_narrowed_story_is_gone_at_the_next_request"),
    27: ("stories/test_change_consent", "nobody_renews_without_the_storytellers_yes"),
    28: ("cli/test_state", "the_whole_workspace_from_yesterday_publishes_nothing_withdrawn"),
    29: ("issues/test_redact", "a_quote_in_a_subject_and_in_another_languages_preheader_goes"),
    30: ("cli/test_approve_stories", "a_card_that_hung_here_before_is_not_blocked"),
    31: ("web/test_stories", "the_answer_is_the_same_for_a_new_a_known_and_a_withdrawn_text"),
    32: (
        "web/test_stories",
        "a_code_in_a_flood_from_its_address_waits_in_the_browser_and_not_in_a_thread",
    ),
    33: ("cli/test_story_intake", "a_refused_answer_is_asked_again_and_no_other_one_is_lost"),
    34: ("web/test_your_story_canary", "no_word_of_a_proposal_or_letter_is_on_the_server"),
    35: ("cli/test_story_intake", "a_mailed_story_says_how_the_notice_was_shown"),
    36: ("cli/test_story_review", "nothing_in_clear_is_written_before_the_last_answer"),
}


def test_each_of_the_36_invariants_is_held_by_a_test() -> None:
    tests = Path(__file__).parents[1]

    def names(path: Path) -> list[str]:
        parsed = ast.parse(path.read_text(encoding="utf-8"))
        return [one.name for one in parsed.body if isinstance(one, ast.FunctionDef)]

    here = [re.match(r"test_invariant_(\d\d)_", name) for name in names(Path(__file__))]
    held = [int(found[1]) for found in here if found]
    for number, (module, words) in ELSEWHERE.items():
        assert [name for name in names(tests / f"{module}.py") if words in name], number
        held.append(number)
    assert sorted(held) == list(range(1, 37))


def edition(story: Story, *, text: str = "") -> RenderedEdition:
    words = text or f"This week\n\n{story.texts[0].title}\n\n{story.texts[0].excerpt}\n"
    return RenderedEdition(
        issue_id="2026-W47",
        language="en",
        subject="This week",
        preheader="",
        html="",
        text=words,
        story_ids=(story.id,),
    )


def test_invariant_02_intake_works_with_public_keys_only(
    services: StoryServices, tmp_path: Path
) -> None:
    give_keys(services)
    take(services)
    everything = b"".join(path.read_bytes() for path in tmp_path.rglob("*") if path.is_file())
    assert b"AGE-SECRET-KEY" not in everything
    assert b"age1" in everything


def test_invariant_03_every_vault_opens_with_each_current_key_and_none_removed(
    services: StoryServices,
) -> None:
    ana, ben, recovery = give_keys(services, "Ana", "Ben", "recovery")
    stories = [take(services, {"text": f"{TEXT} {number}"}, picture=picture()) for number in "ab"]
    rotate(services.files, services.store, ana.secret, removed=["Ben"], today=TODAY)
    for submitted in stories:
        kept = services.store.get(submitted.submission_id)
        assert kept is not None
        for sealed in (kept.sealed.text, kept.sealed.picture):
            assert unseal(sealed, ana.secret) == unseal(sealed, recovery.secret)
            with pytest.raises(AttentionError):
                unseal(sealed, ben.secret)


def test_invariant_04_fewer_than_two_recipients_is_refused_and_one_may_be_offline(
    services: StoryServices,
) -> None:
    (ana,) = give_keys(services, "Ana")
    with pytest.raises(ConfigError, match="at least two"):
        seal({}, [ana.public, ana.public])
    with pytest.raises(ConfigError, match="at least two"):
        take(services)
    give_keys(services, "recovery")
    assert [one.is_recovery for one in services.recipients()] == [False, True]
    assert take(services).submission_id


def test_invariant_05_nothing_is_used_without_a_yes_to_the_same_words(
    services: StoryServices,
) -> None:
    pair, _ = give_keys(services)
    story = review(services, take(services), pair)
    assert isinstance(asked(services, story.id), Denied)
    record_agreement(services, story.id, language="en", method="shown", today=TODAY)
    assert isinstance(asked(services, story.id), Allowed)
    assert services.consents.denials(edition(story), on=TODAY) == {}


def test_invariant_06_one_byte_picture_language_or_channel_changed_voids_the_yes(
    services: StoryServices,
) -> None:
    pair, _ = give_keys(services)
    submitted = take(services, picture=picture())
    story = review(services, submitted, pair, with_picture=True)
    story = record_agreement(services, story.id, language="en", method="shown", today=TODAY)
    assert isinstance(asked(services, story.id), Allowed)
    text, shown = story.texts[0], story.picture
    assert shown is not None
    changes: list[Story] = [
        replace(story, texts=(replace(text, body=text.body + "."),)),
        replace(story, texts=(replace(text, title=text.title.lower()),)),
        replace(story, texts=(replace(text, language="es"),)),
        replace(story, picture=replace(shown, sha256="0" * 64)),
        replace(story, picture=replace(shown, alt="Another sentence")),
        replace(story, picture=None),
        replace(story, consent=replace(story.consent, attribution_words="Maria")),
        replace(story, consent=replace(story.consent, picture=PictureConsent.FACE)),
        replace(
            story,
            consent=replace(story.consent, expires_on=story.consent.expires_on + timedelta(1)),
        ),
    ]
    for changed in changes:
        changed = read(write(changed), file=story.path)
        assert isinstance(
            changed.answer(channel=Channel.EMAIL_EXCERPT, language="en", on=TODAY), Denied
        )
    wider = replace(
        story,
        consent=replace(story.consent, channels=story.consent.channels | {Channel.PRESS}),
    )
    assert isinstance(wider.answer(channel=Channel.PRESS, language="en", on=TODAY), Denied)


def test_invariant_07_consent_is_asked_again_for_each_batch(services: StoryServices) -> None:
    pair, _ = give_keys(services)
    submitted, story = publish(services, pair)
    consents, approved = services.consents, edition(story)
    assert consents.denials(approved, on=TODAY) == {}
    withdraw_by_code(services, submitted.receipt.code, today=TODAY)
    assert list(consents.denials(approved, on=TODAY)) == [story.id]


def test_invariant_08_a_withdrawn_story_never_comes_back(
    services: StoryServices, tmp_path: Path
) -> None:
    pair, _ = give_keys(services)
    submitted, story = publish(services, pair)
    file = tmp_path / story.path
    yesterday, database = file.read_text(), (tmp_path / "newsletter.db").read_bytes()
    withdraw_by_code(services, submitted.receipt.code, today=TODAY)

    file.write_text(yesterday)  # its file put back
    assert isinstance(asked(services, story.id), Denied)
    for name in ("newsletter.db", "newsletter.db-wal", "newsletter.db-shm"):
        (tmp_path / name).unlink(missing_ok=True)
    (tmp_path / "newsletter.db").write_bytes(database)  # the database put back
    restored = make_services(tmp_path)
    with pytest.raises(AttentionError, match="events are missing"):
        asked(restored, story.id)
    go_on(restored, today=TODAY)
    assert isinstance(asked(restored, story.id), Denied)
    other = replace(story, id="newname123", consent=replace(story.consent, record_id="new"))
    (tmp_path / "stories" / "newname123.md").write_text(write(other))  # a new id
    assert isinstance(asked(restored, other.id), Denied)
    again = submit(  # imported again
        restored, make_intake(), notice=services.notice("en"), method="file", today=TODAY
    )
    with pytest.raises(AttentionError, match="cannot come back"):
        review(restored, again, pair)
    post = Item(  # in a member's feed
        id="feedfeed",
        kind=ItemKind.NEWS,
        title="Reprinted",
        text=f"From our friends: {story.texts[0].body}",
        first_seen_at=datetime(2026, 11, 21, tzinfo=UTC),
    )
    assert list(restored.consents.withdrawn_items([post])) == ["feedfeed"]
    pasted = replace(edition(story, text=post.text), story_ids=())  # pasted by an editor
    assert restored.consents.denials(pasted, on=TODAY)


def test_invariant_09_expiry_is_judged_at_the_sending_date(services: StoryServices) -> None:
    pair, _ = give_keys(services)
    _, story = publish(services, pair)
    last = story.consent.expires_on
    assert services.consents.denials(edition(story), on=last) == {}
    assert story.id in services.consents.denials(edition(story), on=last + timedelta(1))


def test_invariant_10_withdrawal_needs_the_code_and_nothing_else(
    services: StoryServices, tmp_path: Path
) -> None:
    pair, _ = give_keys(services)
    submitted, story = publish(services, pair)
    (tmp_path / "stories" / "recipients.txt").unlink()  # no key
    assert isinstance(withdraw_by_code(services, submitted.receipt.code, today=TODAY), Withdrawn)
    assert isinstance(asked(services, story.id), Denied)
    damaged = services.revocation_file.paths[0]
    damaged.write_text(damaged.read_text() + "{half a li")  # when in doubt, it stops
    with pytest.raises(ConfigError, match="a withdrawal may be lost"):
        asked(services, story.id)


def test_invariant_11_withdrawal_rebuilds_the_website_names_reprints_and_claims_no_recall(
    make_config: Callable[..., Config],
) -> None:
    workspace = Workspace(config=make_config())
    (workspace.root / "feeds.yaml").write_text("organisations: []\n")
    services = workspace.story_services
    pair, _ = give_keys(services)
    submitted, story = publish(services, pair)
    (workspace.root / "site").mkdir()
    (workspace.root / "site" / "index.html").write_text(story.texts[0].body)
    post = Item(
        id="feedfeed",
        kind=ItemKind.NEWS,
        title="Reprinted",
        text=story.texts[0].body,
        link="https://harbor.example/reprint",
        organisation_id="harbor",
        first_seen_at=datetime(2026, 11, 20, tzinfo=UTC),
    )
    done = withdraw_by_code(services, submitted.receipt.code, today=TODAY)
    assert isinstance(done, Withdrawn)
    after = replace(workspace.withdrawal_cleanup, items=lambda: [post]).run(done.revocation)
    assert after.site_rebuilt
    site = (workspace.root / "site").rglob("*.html")
    assert not any("cleaned offices" in page.read_text() for page in site)
    assert [one.link for one in after.reprints] == ["https://harbor.example/reprint"]
    for language in story_languages():
        assert "recall" not in story_gettext(language)(WITHDRAWN)
    assert "cannot be deleted or called back" in story_gettext("en")(WITHDRAWN)
    assert "no se puede borrar ni hacer que regrese" in story_gettext("es")(WITHDRAWN)
    workspace.engine.dispose()


def test_invariant_12_narrowing_holds_at_once_and_widening_needs_a_new_consent(
    services: StoryServices,
) -> None:
    pair, _ = give_keys(services)
    _, story = publish(services, pair)
    narrow(services, story.id, Narrowing(channels=frozenset({Channel.EMAIL_EXCERPT})), today=TODAY)
    assert isinstance(asked(services, story.id), Denied)
    with pytest.raises(AttentionError, match="no consent"):
        record_agreement(
            services,
            story.id,
            language="en",
            channels={Channel.EMAIL_EXCERPT},
            method="shown",
            today=TODAY,
        )
    renewed = renew(
        services,
        story.id,
        Renewal(until=TODAY + timedelta(300), channels=frozenset({Channel.EMAIL_EXCERPT})),
        yes=SignedOff(key_name="Ana", method="phone"),
        notice=services.notice("en"),
        today=TODAY,
    )
    assert renewed.consent.record_id != story.consent.record_id
    assert isinstance(asked(services, story.id), Denied)


def test_invariant_13_a_minor_needs_guardian_and_assent(services: StoryServices) -> None:
    pair, _ = give_keys(services)
    _, story = publish(services, pair)
    for guardian, assent in ((False, False), (True, False), (False, True)):
        minor = replace(
            story.consent, is_minor=True, guardian_consent=guardian, child_assent=assent
        )
        told = replace(story, consent=minor)
        denied = told.answer(channel=Channel.EMAIL_EXCERPT, language="en", on=TODAY)
        assert isinstance(denied, Denied)
        assert "minor" in denied.reason
    both = replace(story.consent, is_minor=True, guardian_consent=True, child_assent=True)
    told = replace(story, consent=both)
    assert isinstance(told.answer(channel=Channel.EMAIL_EXCERPT, language="en", on=TODAY), Allowed)


@pytest.mark.usefixtures("processes")
@pytest.mark.skipif(shutil.which("exiftool") is None, reason="exiftool is not installed")
def test_invariant_14_exiftool_finds_only_structure_in_a_published_picture(
    services: StoryServices, tmp_path: Path
) -> None:
    source = tmp_path / "phone.jpg"
    Image.new("RGB", (80, 60), "teal").save(source)
    tags = ["-GPSLatitude=34.05", "-GPSLongitude=-118.2", f"-Artist={NAME}", f"-Comment={NAME}"]
    subprocess.run(["exiftool", "-q", "-overwrite_original", *tags, str(source)], check=True)
    pair, _ = give_keys(services)
    submitted = take(services, picture=source.read_bytes())
    story = review(services, submitted, pair, with_picture=True)
    assert story.picture is not None
    shown = tmp_path / "stories" / story.picture.path
    done = subprocess.run(
        ["exiftool", "-json", "-G1", "-a", str(shown)], check=True, capture_output=True, text=True
    )
    groups = {name.split(":")[0] for name in json.loads(done.stdout)[0] if ":" in name}
    assert groups <= {"ExifTool", "System", "File", "JFIF", "Composite"}


def test_invariant_15_open_safety_flags_block_every_yes(services: StoryServices) -> None:
    pair, _ = give_keys(services)
    _, story = publish(services, pair)
    path = services.folder.folder / f"{story.id}.md"
    whole = path.read_text()
    for old, new in (
        ("  undecided: 0", "  undecided: 1"),
        ("cleaned offices", "cleaned the offices of Mr. Abarca"),
        ("review:", "nobody:"),
    ):
        path.write_text(whole.replace(old, new))
        assert isinstance(asked(services, story.id), Denied)
        with pytest.raises(AttentionError):
            record_agreement(services, story.id, language="en", method="shown", today=TODAY)


def test_invariant_16_logs_hold_random_ids_only(
    services: StoryServices, caplog: pytest.LogCaptureFixture
) -> None:
    caplog.set_level(logging.DEBUG)
    pair, _ = give_keys(services)
    submitted, story = publish(services, pair)
    narrow(services, story.id, Narrowing(until=TODAY + timedelta(9)), today=TODAY)
    withdraw_by_code(services, submitted.receipt.code, today=TODAY)
    written = caplog.text + "".join(repr(event) for event in read_log(services).events)
    for secret in (NAME, PHONE, "Marisol", submitted.receipt.code, "cleaned offices"):
        assert secret not in written


def test_invariant_17_the_retention_purge_works_without_keys(
    services: StoryServices, tmp_path: Path
) -> None:
    give_keys(services)
    submitted = take(services)
    (tmp_path / "stories" / "recipients.txt").unlink()
    later = submitted.receipt.consent.expires_on + timedelta(91)
    assert purge(services, today=later).erased == (submitted.submission_id,)
    kept = services.store.get(submitted.submission_id)
    assert kept is not None
    assert kept.sealed.text == b""


def test_invariant_18_the_event_chain_shows_removal_or_edit(
    services: StoryServices, tmp_path: Path
) -> None:
    pair, _ = give_keys(services)
    publish(services, pair)
    assert read_log(services).faults == ()
    for number, change in enumerate(
        (
            "UPDATE story_events SET on_day = '2020-01-01' WHERE number = 2",
            "DELETE FROM story_events WHERE number = 3",
            "DELETE FROM story_events WHERE number = (SELECT max(number) FROM story_events)",
        )
    ):
        copy = tmp_path / f"copy{number}.db"
        with sqlite3.connect(tmp_path / "newsletter.db") as source, sqlite3.connect(copy) as target:
            source.backup(target)
            target.execute(change)
        source.close()
        target.close()
        assert read_log(make_services(tmp_path, url=f"sqlite:///copy{number}.db")).faults


def test_invariant_19_scanning_makes_no_network_call(monkeypatch: pytest.MonkeyPatch) -> None:
    def refuse(*_: object, **__: object) -> None:
        raise AssertionError("a socket was opened")

    monkeypatch.setattr(socket, "socket", refuse)
    assert scan(TEXT, "en")
    assert scan("Me llamo Wendy Xiomara Pineda.", "es")


def test_invariant_20_public_names_carry_no_internal_id(
    services: StoryServices, tmp_path: Path
) -> None:
    pair, _ = give_keys(services)
    submitted = take(services, picture=picture())
    story = review(services, submitted, pair, with_picture=True)
    kept = services.store.get(submitted.submission_id)
    assert kept is not None
    internal = (submitted.submission_id, kept.consent.record_id, kept.consent.receipt_hash)
    names = [path.name for path in (tmp_path / "stories").iterdir()]
    assert f"{story.id}.md" in names
    for name in (*names, story.id, story.picture.path if story.picture else ""):
        assert not any(one in name for one in internal)
    ids = {story.id, *internal}
    assert len(ids) == 4
    assert Image.open(io.BytesIO(rebuild(picture()).data)).info.keys() <= {
        "jfif", "jfif_version", "jfif_unit", "jfif_density", "progressive", "progression",
    }  # fmt: skip
