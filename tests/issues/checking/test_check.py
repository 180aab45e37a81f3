"""What `check` finds, and where; the clean draft has nothing that blocks."""

import hashlib
import io
from dataclasses import replace
from datetime import date, timedelta
from pathlib import Path

import pytest
from PIL import Image, ImageChops

from newsletter.design.templates import Templates, template_folders
from newsletter.errors import AttentionError
from newsletter.issues.drafting import additions
from newsletter.model.consent import PictureConsent, Revocation
from newsletter.model.item import Event, ItemKind, ItemWords, Picture
from newsletter.model.logo import LogoFile
from newsletter.model.organisation import Terms, TextTerms
from newsletter.model.problem import Severity
from newsletter.model.story import PICTURE_CHECKS, StoryPicture
from newsletter.stories.record import document
from newsletter.stories.record.revocation_file import RevocationFile
from tests.issues.desk import ISSUE, NOW, Desk, desk, item, organisation, story
from tests.stories.keys import KEY

FILE = f"issues/{ISSUE}/en.md"


@pytest.fixture
def at(tmp_path: Path) -> Desk:
    """One item in one language, drafted."""
    made = desk(tmp_path, [item("n1")], languages=("en",))
    made.draft()
    return made


def with_story(tmp_path: Path, **changes: object) -> Desk:
    made = desk(tmp_path, [item("n1")], languages=("en",))
    one = story(**changes)
    made.write(f"stories/{one.id}.md", document.write(one))
    made.draft()
    return made


def add(at: Desk, block: str) -> int:
    """Put a block at the end of the draft; the line it begins on."""
    path = at.root / FILE
    text = path.read_text()
    path.write_text(f"{text}\n{block}")
    return text.count("\n") + 2


def test_a_fresh_draft_has_nothing_that_blocks(at: Desk) -> None:
    assert at.check().blocking == ()


def test_an_issue_without_drafts_is_said_to_have_none(tmp_path: Path) -> None:
    with pytest.raises(AttentionError, match="there is no draft"):
        desk(tmp_path).check()


def test_a_draft_that_cannot_be_read_blocks_with_its_line(at: Desk) -> None:
    line = add(at, "##Events\n")
    (problem,) = at.check().blocking
    assert (problem.code, problem.file, problem.line) == ("unreadable", FILE, line)


def test_an_unknown_item_blocks(at: Desk) -> None:
    line = add(at, "### [Gone](https://a.example/x) {zz9}\n")
    (problem,) = at.check().blocking
    assert (problem.code, problem.line) == ("item-unknown", line)


def test_a_missing_subject_blocks(at: Desk) -> None:
    at.edit("subject: Title n1\n", "")
    assert at.codes(blocking=True) == ["no-subject"]


def test_a_missing_postal_address_blocks(tmp_path: Path) -> None:
    at = desk(tmp_path, [item("n1")], languages=("en",))
    at.sources = replace(at.sources, coalition=replace(at.sources.coalition, postal_address=""))
    at.draft()
    assert "no-postal-address" in at.codes(blocking=True)


def test_more_of_their_words_than_they_allow_blocks(tmp_path: Path) -> None:
    text = " ".join(f"word{n}" for n in range(90))
    terms = Terms(text=TextTerms.EXCERPT, words=20)
    at = desk(tmp_path, [item("n1", text=text)], [organisation("harbor", terms=terms)], ("en",))
    at.draft()
    assert at.codes() == []
    at.edit("word19 …", "word19 word20 word21")
    (problem,) = at.check().blocking
    assert problem.code == "terms"
    assert problem.message == "22 words are quoted from Harbor, which allows 20"


def test_our_own_words_about_a_piece_are_not_theirs(tmp_path: Path) -> None:
    terms = Terms(text=TextTerms.LINK)
    at = desk(tmp_path, [item("n1")], [organisation("harbor", terms=terms)], ("en",))
    at.draft()
    at.edit("{n1}\n", "{n1}\n\nOur friends at the harbour explain what the ruling means for you.\n")
    assert at.codes() == []
    at.edit("Our friends", "n1word0 n1word1 n1word2 n1word3 n1word4 n1word5")
    assert at.codes() == ["terms"]


def test_a_long_piece_in_other_words_warns_since_a_translation_is_theirs_too(
    tmp_path: Path,
) -> None:
    terms = Terms(text=TextTerms.EXCERPT, words=20)
    at = desk(tmp_path, [item("n1")], [organisation("harbor", terms=terms)], ("en",))
    at.draft()
    at.edit("{n1}\n", "{n1}\n\n" + "palabra " * 30 + "\n")
    assert at.codes() == ["terms-length"]


def test_a_story_is_drafted_in_its_own_words_and_passes(tmp_path: Path) -> None:
    at = with_story(tmp_path)
    assert "### The night shift {m4rq7tz2xd}" in at.text()
    assert at.codes() == []


@pytest.mark.parametrize(
    ("changes", "drafted"),
    [
        ({}, True),
        ({"expires_on": date(2026, 11, 18)}, False),
        ({"valid_from": date(2026, 12, 1)}, False),
        ({"channels": frozenset()}, False),
        ({"languages": frozenset({"es"})}, False),
        ({"is_minor": True}, False),
    ],
)
def test_consent_decides_what_is_drafted(
    tmp_path: Path, changes: dict[str, object], drafted: bool
) -> None:
    assert ("{m4rq7tz2xd}" in with_story(tmp_path, **changes).text()) is drafted


def test_consent_is_judged_on_the_sending_date(tmp_path: Path) -> None:
    at = with_story(tmp_path, expires_on=date(2026, 11, 20))
    assert at.codes(blocking=True) == []
    assert at.codes(blocking=True, now=NOW + timedelta(days=2)) == ["story-consent"]
    at.edit("sends_on: 2026-11-19", "sends_on: 2026-11-22")
    assert at.codes(blocking=True) == ["story-consent"]


@pytest.mark.parametrize(("days", "codes"), [(30, ["story-ends-soon"]), (31, [])])
def test_editors_are_warned_thirty_days_before_a_consent_ends(
    tmp_path: Path, days: int, codes: list[str]
) -> None:
    at = with_story(tmp_path, expires_on=date(2026, 11, 19) + timedelta(days=days))
    assert at.codes() == codes


def test_a_word_changed_in_a_story_blocks(tmp_path: Path) -> None:
    at = with_story(tmp_path)
    at.edit("eleven years", "ten years")
    (problem,) = at.check().blocking
    assert problem.code == "story-consent"
    assert "not the ones the storyteller agreed to" in problem.message


def test_a_story_withdrawn_after_drafting_blocks(tmp_path: Path) -> None:
    at = with_story(tmp_path)
    stop = Revocation(
        record_id="8k2v5n0q4d", on=date(2026, 11, 19), story_id="m4rq7tz2xd", withdrawn=True
    )
    RevocationFile(tmp_path / "stories/withdrawn.jsonl", key=KEY).append(stop)
    assert set(at.codes(blocking=True)) == {"story-consent"}


def test_what_was_withdrawn_at_its_source_blocks(at: Desk) -> None:
    at.items.add(item("n1", withdrawn_at=NOW))
    assert at.codes(blocking=True) == ["source-withdrawn"]


def test_an_edit_at_the_source_of_over_fifty_characters_warns(at: Desk) -> None:
    one = at.items.items["n1"]
    at.items.earlier["n1"] = ItemWords(one.title, one.text + " " + "x" * 40)
    assert at.codes() == []
    at.items.earlier["n1"] = ItemWords(one.title, one.text + " " + "x" * 51)
    assert at.codes() == ["source-edited"]
    at.items.earlier["n1"] = ItemWords("Another title", one.text)
    assert at.codes() == ["source-edited"]


def test_facts_that_a_kind_needs_block_when_they_are_missing(at: Desk) -> None:
    line = add(at, "## Art {#art}\n\n### The wall\n\n- credit: Ana\n")
    found = [(one.code, one.line, one.message) for one in at.check().blocking]
    assert found == [
        ("details", line + 2, f"a piece under Art needs {key}")
        for key in ("picture", "alt", "permission")
    ]


@pytest.mark.parametrize(
    ("block", "mended"),
    [
        (
            "## Data {#data}\n\n### Rents\n\nx\n\n- source: City\n",
            ("\nx\n", "\n|a|b|\n|---|---|\n|1|2|\n"),
        ),
        (
            "## Share {#share}\n\n### Post\n\n- network: WhatsApp\n",
            ("\n\n- net", "\n\nCome!\n\n- net"),
        ),
        (
            "## Act {#actions}\n\n### Call\n\n- action: call\n",
            (": call\n", ": call\n- call: 213-555-0100\n"),
        ),
    ],
    ids=["data", "share", "actions"],
)
def test_what_a_kind_needs_beside_its_facts_blocks_when_it_is_missing(
    at: Desk, block: str, mended: tuple[str, str]
) -> None:
    add(at, block)
    assert at.codes(blocking=True) == ["details"]
    at.edit(*mended)
    assert at.codes(blocking=True) == []


@pytest.mark.parametrize(
    ("words", "said"),
    [
        ("**Warmly, us", "'**'"),
        ("See ![photo](photo.jpg) here", "'![photo]('"),
        ("See ![photo](https://a.example/p.jpg)", "'!['"),
        ("See [us](/news/) or [us](javascript:alert)", "'](': this is not a working link"),
        ("Come <br> in <font color=red>now</font>", "'<br>': HTML"),
        ("**A *b* c** and \\*\\* `**` ____ 2 < 3 <https://a.example> [x](https://a.example)", ""),
        ("A \\<b\\> c", ""),
        ("Words.\n\n– where: Pier 9", "'– where: Pier 9': a detail begins"),
        ("•\u00a0When: Saturday", "a detail begins"),
        ("– Ana: hello\n\n* where: an ordinary list", ""),
        ("Words.\n\n    ### Next piece", "'### Next piece': a heading must begin"),
        ("\u200b### Next piece", "a heading must begin"),
    ],
)
def test_marks_that_readers_would_see_are_named(at: Desk, words: str, said: str) -> None:
    line = add(at, f"## Ours {{#memoriam}}\n\n### Piece\n\n{words}\n")
    found = [(one.line, one.message) for one in at.check().problems if one.code == "markup"]
    assert bool(found) == bool(said)
    if found:
        assert len(found) == 1
        assert found[0][0] == line + 2
        assert said in found[0][1]


@pytest.mark.parametrize("heading", ["## Eventos", "## Eventos {#eventos}"])
def test_facts_that_a_section_does_not_show_are_named(at: Desk, heading: str) -> None:
    line = add(at, f"{heading}\n\n### Charla\n\n- when: 2026-11-25 10:00\n- where: Pier 9\n") + 2
    (problem,) = [one for one in at.check().problems if one.code == "not-shown"]
    assert (problem.line, problem.severity) == (line, Severity.WARNS)
    assert "when, where" in problem.message
    at.edit(heading, problem.hint.partition(": ")[2])
    assert "not-shown" not in at.codes()


def test_two_leads_and_a_brief_that_is_none_are_named(at: Desk) -> None:
    add(at, "## More {#more .news}\n\n### One\n\n- size: lead\n")
    assert at.codes() == []
    line = add(at, "### Two\n\n- size: lead\n")
    long = add(at, f"### Three\n\n{'word ' * 41}\n\n- size: brief\n")
    found = {one.code: one for one in at.check().problems}
    assert found["two-leads"].line == line
    assert found["long-brief"].line == long
    assert found["long-brief"].message == "a brief of 41 words"


def test_a_size_that_is_none_is_named_with_those_that_are(at: Desk) -> None:
    add(at, "### One\n\n- size: leed\n")
    (problem,) = at.check().blocking
    assert problem.message == "size cannot be 'leed'"
    assert problem.hint == "for example - size: lead, normal or brief"


def test_an_event_that_ends_before_it_begins_blocks(at: Desk) -> None:
    add(at, "## Events {#events}\n\n### A\n\n- when: 2026-11-21 10:00\n- until: 2026-11-21 08:00\n")
    assert at.codes(blocking=True) == ["ends-first"]
    at.edit("until: 2026-11-21 08:00", "until: 2026-11-21")
    assert at.codes(blocking=True) == []
    at.edit("until: 2026-11-21", "until: 2026-11-20")
    assert at.codes(blocking=True) == ["ends-first"]


def test_a_subject_that_no_list_of_messages_shows_warns(at: Desk) -> None:
    at.edit("subject: Title n1", f"subject: {'words ' * 16}and")
    assert at.codes() == []
    at.edit("words and", "words and more")
    assert at.codes() == ["long-subject"]


def test_an_event_of_a_calendar_needs_no_date_of_its_own(tmp_path: Path) -> None:
    from newsletter.model.item import Event

    event = Event(starts=date(2026, 11, 21))
    at = desk(tmp_path, [item("e1", kind=ItemKind.EVENT, event=event)], languages=("en",))
    at.draft()
    at.edit("\n\n- when: 2026-11-21", "")
    assert at.codes() == []


def test_an_hour_in_a_zone_that_nobody_knows_warns_until_another_is_written(tmp_path: Path) -> None:
    starts = NOW + timedelta(days=9)
    event = Event(starts=starts, unknown_zone="Shelter Time")
    at = desk(tmp_path, [item("e1", kind=ItemKind.EVENT, event=event)], languages=("en",))
    at.draft()
    (problem,) = [one for one in at.check().problems if one.code == "zone-unknown"]
    assert (problem.severity, "“Shelter Time”" in problem.message) == (Severity.WARNS, True)
    written = next(line for line in (at.root / FILE).read_text().splitlines() if "- when:" in line)
    at.edit(written, "- when: 2026-12-24 18:00")
    assert "zone-unknown" not in at.codes()


def test_a_notice_that_has_lapsed_blocks(at: Desk) -> None:
    block = (
        "## Urgent {{#urgent}}\n\n### Checkpoint\n\n- verified: 2026-11-19\n"
        "- verified_by: Rapid response\n- lapses: {}\n"
    )
    add(at, block.format("2026-11-19 09:30"))
    assert at.codes(blocking=True) == ["lapsed"]
    at.edit("09:30", "09:31")
    assert at.codes(blocking=True) == []


def test_what_was_verified_long_ago_warns(at: Desk) -> None:
    add(at, "## Rights {#rights}\n\n### At the door\n\n- verified: 2026-08-20\n")
    assert at.codes() == ["verified"]
    at.edit("2026-08-20", "2026-08-21")
    assert at.codes() == []
    at.edit("2026-08-21", "2026-11-20")
    assert at.codes(blocking=True) == ["verified"]


def test_what_is_over_when_it_is_sent_warns(at: Desk) -> None:
    add(at, "## Events {#events}\n\n### March\n\n- when: 2026-11-18 10:00\n")
    assert at.codes() == ["over"]
    at.edit("10:00", "10:00\n- until: 2026-11-19")
    assert at.codes() == []


def test_an_untranslated_piece_is_listed_and_a_fallback_settles_it(tmp_path: Path) -> None:
    at = desk(tmp_path, [item("n1")])
    at.draft()
    outcome = at.check()
    (problem,) = [one for one in outcome.problems if one.code == "untranslated"]
    assert problem.severity is Severity.WARNS
    assert problem.file == f"issues/{ISSUE}/es.md"
    at.edit("subject:\n", "", language="es")
    at.edit("---\n\n", "subject: Hola\nfallback: yes\n---\n\n", language="es")
    outcome = at.check()
    assert [one.code for one in outcome.blocking] == []
    assert "untranslated" not in [one.code for one in outcome.problems]
    (es,) = [edition for edition in outcome.editions if edition.language == "es"]
    assert es.item_ids == ("n1",)
    assert 'lang="en"' in es.html


def test_words_of_the_editors_own_that_one_edition_lacks_are_listed(tmp_path: Path) -> None:
    at = desk(tmp_path, [item("n1"), item("n2", "casa", language="es")])
    at.draft()
    at.edit("---\n\n", "---\n\nDear all,\n\n")
    add(
        at,
        "## Urgent {#urgent}\n\n### Checkpoint\n\n- verified: 2026-11-19\n"
        "- verified_by: Ana\n- lapses: 2026-12-01\n",
    )
    found = [one for one in at.check().problems if "text of your own" in one.message]
    assert [(one.file, one.message.split(": ")[1]) for one in found] == [
        (f"issues/{ISSUE}/es.md", "the letter, 1 of 'Urgent'")
    ]


def test_one_draft_that_stays_out_of_the_archive_keeps_the_links_out_of_all(tmp_path: Path) -> None:
    at = desk(tmp_path, [item("n1")])
    coalition = replace(at.sources.coalition, public_url="https://digest.example")
    at.sources = replace(at.sources, coalition=coalition)
    at.draft()
    assert all("/archive/issues/" in edition.html for edition in at.check().editions)
    at.edit("---\n\n", "archive: no\n---\n\n", language="es")
    for edition in at.check().editions:
        assert "/archive/issues/" not in edition.html
        assert "/archive/issues/" not in edition.text


def test_a_story_never_falls_back_to_an_edition_it_has_no_consent_for(tmp_path: Path) -> None:
    at = desk(tmp_path, [item("n1")])
    at.write("stories/m4rq7tz2xd.md", document.write(story()))
    at.draft()
    at.edit("---\n\n", "fallback: yes\n---\n\nQueridas amigas:\n\n", language="es")
    editions = {edition.language: edition for edition in at.check().editions}
    assert editions["en"].story_ids == ("m4rq7tz2xd",)
    assert editions["es"].story_ids == ()
    assert "night" not in editions["es"].text


def test_an_item_that_waits_in_every_edition_is_listed(tmp_path: Path) -> None:
    at = desk(tmp_path, [item("n1"), item("n2", "casa", language="ar")], languages=("en",))
    at.draft()
    (problem,) = [one for one in at.check().problems if one.code == "untranslated"]
    assert problem.message == "n2 is still untranslated in every edition"


def test_blocks_that_nobody_sorted_warn(at: Desk) -> None:
    at.items.add(item("n2", "casa"))
    at.draft(now=NOW + timedelta(hours=1))
    assert at.codes() == ["unsorted"]
    assert additions.NEW_SECTION in at.text()


def test_a_picture_that_is_not_there_or_no_picture_blocks(at: Desk) -> None:
    add(at, "## Art {#memoriam}\n\n### Wall\n\n- picture: wall.jpg\n- alt: A wall\n")
    assert at.codes(blocking=True) == ["picture-missing"]
    at.write(f"issues/{ISSUE}/pictures/Wall.JPG", "")
    assert at.check().blocking[0].hint == "the file is named Wall.JPG"
    at.write(f"issues/{ISSUE}/pictures/wall.jpg", "not a picture")
    assert at.codes(blocking=True) == ["picture-broken"]
    out = io.BytesIO()
    Image.new("RGB", (30, 20), "teal").save(out, "JPEG")
    (at.root / f"issues/{ISSUE}/pictures/wall.jpg").write_bytes(out.getvalue())
    assert at.codes(blocking=True) == []
    assert len(at.check().editions[0].pictures) == 1


def test_the_picture_at_the_top_is_looked_for_and_has_to_be_described(at: Desk) -> None:
    file = f"issues/{ISSUE}/en.md"
    at.write(file, "---\npicture: wall.jpg\n" + at.text().removeprefix("---\n"))
    assert at.codes(blocking=True) == ["picture-missing"]
    out = io.BytesIO()
    Image.new("RGB", (30, 20), "teal").save(out, "JPEG")
    at.write(f"issues/{ISSUE}/pictures/wall.jpg", "")
    (at.root / f"issues/{ISSUE}/pictures/wall.jpg").write_bytes(out.getvalue())
    assert at.codes(blocking=True) == []
    assert "the picture at the top has no description" in [
        one.message for one in at.check().problems
    ]
    assert len(at.check().editions[0].pictures) == 1


def test_an_items_picture_is_shown_only_under_terms_that_allow_it(tmp_path: Path) -> None:
    picture = Picture(url="https://harbor.example/p.jpg", alt="")
    out = io.BytesIO()
    Image.new("RGB", (30, 20), "teal").save(out, "PNG")
    for allowed in (True, False):
        root = tmp_path / str(allowed)
        root.mkdir()
        at = desk(
            root,
            [item("n1", picture=picture)],
            [organisation("harbor", terms=Terms(pictures=allowed))],
            ("en",),
        )
        at.draft()
        (root / f"issues/{ISSUE}/pictures").mkdir()
        (root / f"issues/{ISSUE}/pictures/n1.png").write_bytes(out.getvalue())
        assert len(at.check().editions[0].pictures) == allowed
        assert at.check().blocking == ()


@pytest.mark.parametrize("name", ["IMG_1234.HEIC", "March 21 (1).png", "Ana’s boat.jpeg"])
def test_a_picture_is_taken_as_phones_and_people_name_it(at: Desk, name: str) -> None:
    out = io.BytesIO()
    kind = {"HEIC": "HEIF", "png": "PNG", "jpeg": "JPEG"}[name.rpartition(".")[2]]
    Image.new("RGB", (30, 20), "teal").save(out, kind)
    at.write(f"issues/{ISSUE}/pictures/{name}", "")
    (at.root / f"issues/{ISSUE}/pictures/{name}").write_bytes(out.getvalue())
    add(at, f"## Wall {{#memoriam}}\n\n### Wall\n\n- picture: {name}\n- alt: A wall\n")
    assert at.codes(blocking=True) == []
    assert [one.media_type for one in at.check().editions[0].pictures] != []


def test_each_picture_without_words_is_said_once(at: Desk) -> None:
    at.write(
        "templates/letter.mjml",
        """<mj-section><mj-column><mj-text><h1>{{ e.subject }}</h1>
        <img src="cid:logo@here" alt="" width="20" height="20" /></mj-text></mj-column></mj-section>
        """,
    )
    at.sources = replace(at.sources, templates=Templates(template_folders(at.root)))
    line = add(at, "## Lost {#memoriam}\n\n### Wall\n\n- picture: wall.png\n")
    out = io.BytesIO()
    Image.new("RGB", (30, 20), "teal").save(out, "PNG")
    (at.root / f"issues/{ISSUE}/pictures").mkdir()
    (at.root / f"issues/{ISSUE}/pictures/wall.png").write_bytes(out.getvalue())
    found = [one for one in at.check().problems if one.code in {"alt", "no-alt"}]
    assert [(one.code, one.line) for one in found] == [("no-alt", None), ("alt", line + 2)]
    assert "logo@here" in found[0].message


@pytest.mark.parametrize(
    ("old", "new"),
    [
        ("my name.", "my name.\n\n    It is Ana Flores."),
        ("my name.", "my name.\n\n```\nIt is Ana Flores.\n```"),
        ("my name.", "my name.\n\n* * *"),
        ("cleaned offices", "[cleaned offices](https://her-page.example)"),
        ("### The night shift", "### [The night shift](https://her-page.example)"),
        ("my name.", "my name.\n\n- source: Ana Flores"),
        ("my name.", "my name.\n\n- where: 1420 Elm Street"),
    ],
    ids=["an indented paragraph", "a fence", "a line", "a link", "its link", "source", "where"],
)
def test_nothing_is_put_into_a_storys_block_that_its_storyteller_did_not_see(
    tmp_path: Path, old: str, new: str
) -> None:
    at = with_story(tmp_path)
    assert at.codes(blocking=True) == []
    at.edit(old, new)
    assert at.codes(blocking=True) == ["story-consent"]


def saved(drawing: Image.Image, **options: object) -> bytes:
    out = io.BytesIO()
    drawing.save(out, "JPEG" if drawing.mode == "RGB" else "PNG", **options)
    return out.getvalue()


def with_picture(tmp_path: Path, data: bytes = b"") -> Desk:
    """A story whose storyteller agreed to a drawing."""
    data = data or saved(Image.new("RGB", (30, 20), "teal"))
    picture = StoryPicture(
        path="m4rq7tz2xd.jpg",
        alt="A paper boat",
        sha256=hashlib.sha256(data).hexdigest(),
        checked=PICTURE_CHECKS,
    )
    at = desk(tmp_path, languages=("en",))
    one = story(picture=picture, picture_consent=PictureConsent.ARTWORK)
    at.write("stories/m4rq7tz2xd.md", document.write(one))
    (tmp_path / "stories/m4rq7tz2xd.jpg").write_bytes(data)
    at.draft()
    return at


def test_a_storys_picture_travels_as_it_was_agreed_to(tmp_path: Path) -> None:
    at = with_picture(tmp_path)
    assert at.codes(blocking=True) == []
    (picture,) = at.check().editions[0].pictures
    assert (picture.width, picture.height, picture.media_type) == (30, 20, "image/jpeg")
    with (
        Image.open(io.BytesIO(picture.data)) as published,
        Image.open(tmp_path / "stories/m4rq7tz2xd.jpg") as agreed,
    ):
        bands = ImageChops.difference(published, agreed).getextrema()
    assert all(most <= 2 for _, most in bands)


def test_another_picture_in_its_place_blocks_and_is_not_shown(tmp_path: Path) -> None:
    at = with_picture(tmp_path)
    out = io.BytesIO()
    Image.new("RGB", (30, 20), "red").save(out, "JPEG")
    (tmp_path / "stories/m4rq7tz2xd.jpg").write_bytes(out.getvalue())
    outcome = at.check()
    assert [one.code for one in outcome.blocking] == ["story-consent"]
    assert outcome.editions[0].pictures == ()


def test_what_an_image_editor_leaves_in_a_storys_picture_is_not_published(tmp_path: Path) -> None:
    """They blur a face in another program, which keeps the place and the face."""
    exif = Image.Exif()
    exif.get_ifd(0x8825)[2] = (34.0, 3.0, 8.0)
    whole = saved(Image.new("RGB", (30, 20), "red"))
    blurred = saved(Image.new("RGB", (30, 20), "teal"), exif=exif, comment=b"the kitchen")
    at = with_picture(tmp_path, blurred + whole)
    assert at.codes(blocking=True) == []
    (picture,) = at.check().editions[0].pictures
    with Image.open(io.BytesIO(picture.data)) as published:
        assert not published.getexif()
        assert "comment" not in published.info
    assert picture.data.count(b"\xff\xd8") == 1, "one picture"


def test_hidden_pixels_of_a_picture_from_before_are_not_published(tmp_path: Path) -> None:
    """As `stories review` wrote them in 0.2.0: the colors of an erased face were still there."""
    at = with_picture(tmp_path, saved(Image.new("RGBA", (30, 20), (200, 150, 120, 0))))
    (picture,) = at.check().editions[0].pictures
    with Image.open(io.BytesIO(picture.data)) as published:
        assert published.getcolors() == [(600, (0, 0, 0, 0))]


@pytest.mark.parametrize(
    ("old", "new"),
    [
        ("- alt: A paper boat", "- alt: Ana at the kitchen table"),
        ("- alt: A paper boat", "- picture: face.jpg"),
    ],
)
def test_neither_description_nor_picture_of_a_story_can_be_changed_in_the_draft(
    tmp_path: Path, old: str, new: str
) -> None:
    at = with_picture(tmp_path)
    (tmp_path / f"issues/{ISSUE}/pictures").mkdir()
    (tmp_path / f"issues/{ISSUE}/pictures/face.jpg").write_bytes(
        (tmp_path / "stories/m4rq7tz2xd.jpg").read_bytes()
    )
    at.edit(old, new)
    assert at.codes(blocking=True) == ["story-consent"]


def test_many_untranslated_pieces_are_one_line(tmp_path: Path) -> None:
    members = [organisation(f"m{n}") for n in range(4)]
    at = desk(tmp_path, [item(f"n{n}", f"m{n}") for n in range(4)], members)
    at.draft()
    (problem,) = [one for one in at.check().problems if one.code == "untranslated"]
    assert problem.message == "4 pieces are only in the en edition: n0, n1, n2, n3"


def test_a_logo_that_cannot_be_shown_blocks_once_and_is_named(tmp_path: Path) -> None:
    made = desk(tmp_path, [item("n1")], languages=("en", "es"))
    made.draft()
    broken = LogoFile(problem="the logo has text in it", hint="save it again", file="logo.svg")
    made.sources = replace(made.sources, logo=broken)
    (found,) = [one for one in made.check().blocking if one.code == "logo"]
    assert (found.file, found.message) == ("logo.svg", "the logo has text in it")
