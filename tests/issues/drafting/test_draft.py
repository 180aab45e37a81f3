"""Drafting: the same inputs give the same bytes, and nothing an editor wrote is touched."""

from dataclasses import replace
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from newsletter.design.markdown import Prose
from newsletter.errors import ConfigError
from newsletter.issues.drafting import draft_file
from newsletter.model.coalition import SectionRule
from newsletter.model.issue import Approval
from newsletter.model.item import Event, ItemKind, Media, Picture
from newsletter.model.message import RenderedEdition, issue_digest
from newsletter.model.organisation import Terms, TextTerms
from newsletter.store.issues import IssueStore
from tests.issues.desk import ISSUE, NOW, SENDS_ON, desk, item, organisation

ENGLISH = "The legal clinic opens on Monday at the library with three lawyers. " * 4
LATER = NOW + timedelta(hours=20)


def ids(text: str, language: str = "en") -> list[str | None]:
    edition = draft_file.read(text, file=f"issues/{ISSUE}/{language}.md")
    return [placement.item_id for placement in edition.placements]


def test_items_land_in_their_sections_with_link_excerpt_and_facts(tmp_path: Path) -> None:
    event = Event(
        starts=datetime(2026, 11, 21, 18, tzinfo=UTC),
        ends=datetime(2026, 11, 21, 20, tzinfo=UTC),
        place="Main Hall",
    )
    audio = Media(url="https://casa.example/a.mp3", media_type="audio/mpeg", seconds=2530)
    at = desk(
        tmp_path,
        [
            item("news1"),
            item("event1", "casa", kind=ItemKind.EVENT, event=event),
            item("audio1", "casa", kind=ItemKind.AUDIO, media=audio),
        ],
    )
    outcome = at.draft()
    assert outcome.issue_id == ISSUE
    assert outcome.sends_on == SENDS_ON
    edition = draft_file.read(at.text(), file=f"issues/{ISSUE}/en.md")
    assert [(s.id, [p.item_id for p in s.placements]) for s in edition.sections] == [
        ("news", ["news1"]),
        ("events", ["event1"]),
        ("media", ["audio1"]),
    ]
    news, event_placed, media = edition.placements
    assert (news.title, news.link) == ("Title news1", "https://harbor.example/news1")
    assert news.blurb.startswith("First words of news1.")
    assert event_placed.details == {
        "when": "2026-11-21 10:00",
        "until": "2026-11-21 12:00",
        "where": "Main Hall",
    }
    assert media.details == {"audio": "https://casa.example/a.mp3", "length": "42:10"}
    assert edition.settings == {"sends_on": "2026-11-19"}
    assert edition.subject == "Title news1 · Title event1 · Title audio1"


def test_the_same_inputs_give_the_same_bytes(tmp_path: Path) -> None:
    items = [item(f"{by}{number}", by) for number in range(6) for by in ("harbor", "casa")]
    texts = []
    for name, order in (("a", items), ("b", items[::-1])):
        (tmp_path / name).mkdir()
        at = desk(tmp_path / name, order)
        at.draft()
        texts.append((at.text("en"), at.text("es")))
    assert texts[0] == texts[1]


def test_run_again_with_nothing_new_it_changes_no_byte(tmp_path: Path) -> None:
    at = desk(tmp_path, [item("n1")])
    at.draft()
    before = at.text()
    outcome = at.draft(now=LATER)
    assert at.text() == before
    assert outcome.added == 0


def test_run_again_what_found_its_section_full_stays_out_and_what_is_new_does_not(
    tmp_path: Path,
) -> None:
    by = [organisation(f"member-{number}") for number in range(16)]
    at = desk(tmp_path, [item(f"n{number}", one.id) for number, one in enumerate(by)], by)
    news = next(rule for rule in at.rules.sections if rule.kind == "news")
    assert news.most < len(by)
    at.draft()
    before = at.text()
    assert at.draft(now=LATER).added == 0
    assert at.text() == before
    at.items.add(item("late", "member-15", first_seen_at=NOW + timedelta(hours=1)))
    at.draft(now=LATER)
    assert "{late}" in at.text()


def test_run_again_and_again_it_adds_what_is_new_and_no_more_than_a_section_takes(
    tmp_path: Path,
) -> None:
    by = [organisation(f"member-{number:02d}") for number in range(40)]
    at = desk(tmp_path, [item(f"n{number}", one.id) for number, one in enumerate(by)], by)
    most = next(rule.most for rule in at.rules.sections if rule.kind == "news")
    counts = []
    for run in range(4):
        at.draft(now=NOW + timedelta(hours=run))
        at.draft(now=NOW + timedelta(hours=run, minutes=10))
        counts.append(len(ids(at.text())))
        seen = NOW + timedelta(hours=run, minutes=30)
        at.items.add(
            *(
                item(f"r{run}x{n}", one.id, first_seen_at=seen)
                for n, one in enumerate(by[: 5 * run + 5])
            )
        )
    assert counts[:2] == [most, most + 5]
    assert counts[3] == most * 2


def test_run_again_it_adds_what_is_new_at_the_end_and_keeps_every_byte_before(
    tmp_path: Path,
) -> None:
    at = desk(tmp_path, [item("n1")])
    at.draft()
    at.edit("First words of n1.", "What the editor wrote \t  .")
    at.edit("---\n\n##", "---\n\nDear all,   \n\n<!-- ask Ana -->\n\n##")
    before = at.text()
    at.items.add(item("n2", "casa", first_seen_at=NOW + timedelta(hours=1)))
    at.draft(now=LATER)
    after = at.text()
    assert after.startswith(before)
    assert after[len(before) :].startswith(
        "\n## New since 2026-11-19 09:30 {#new-since-20261119-0930}\n\n"
        "### [Title n2](https://casa.example/n2) {n2}\n"
    )
    assert "## Nuevo desde 2026-11-19 09:30" in at.text("es")


def test_a_windows_editors_line_ends_and_mark_are_kept_and_continued(tmp_path: Path) -> None:
    at = desk(tmp_path, [item("n1")])
    at.draft()
    path = tmp_path / f"issues/{ISSUE}/en.md"
    path.write_bytes(b"\xef\xbb\xbf" + path.read_bytes().replace(b"\n", b"\r\n"))
    before = path.read_bytes()
    at.items.add(item("n2", "casa"))
    at.draft(now=LATER)
    after = path.read_bytes()
    assert after.startswith(before)
    assert b"\n" not in after.replace(b"\r\n", b"")


def test_a_deleted_item_does_not_come_back(tmp_path: Path) -> None:
    at = desk(tmp_path, [item("n1"), item("n2", "casa")])
    at.draft()
    text = at.text()
    start, end = text.index("### [Title n2]"), text.index("### [Title n1]")
    (tmp_path / f"issues/{ISSUE}/en.md").write_text(text[:start] + text[end:])
    at.draft(now=LATER)
    assert ids(at.text()) == ["n1"]


def test_a_moved_item_is_not_added_again(tmp_path: Path) -> None:
    at = desk(tmp_path, [item("n1"), item("n2", "casa")])
    at.draft()
    text = at.text()
    start = text.index("### [Title n1]")
    moved = text[:start] + "## Also {#also}\n\n" + text[start:]
    (tmp_path / f"issues/{ISSUE}/en.md").write_text(moved)
    at.draft(now=LATER)
    assert at.text() == moved


def test_an_edition_whose_file_was_taken_away_starts_anew(tmp_path: Path) -> None:
    at = desk(tmp_path, [item("n1")])
    at.draft()
    before = at.text("es")
    (tmp_path / f"issues/{ISSUE}/es.md").unlink()
    outcome = at.draft(now=LATER)
    assert at.text("es") == before
    assert [file.is_new for file in outcome.files] == [False, True]


def test_an_issue_whose_every_file_was_deleted_starts_anew(tmp_path: Path) -> None:
    at = desk(tmp_path, [item("n1")])
    at.draft()
    before = at.text(), at.text("es")
    for language in ("en", "es"):
        (tmp_path / f"issues/{ISSUE}/{language}.md").unlink()
    at.draft()
    assert (at.text(), at.text("es")) == before


def test_a_draft_begun_before_anything_was_pulled_is_written_anew(tmp_path: Path) -> None:
    (tmp_path / "early").mkdir()
    (tmp_path / "late").mkdir()
    early, late = desk(tmp_path / "early", []), desk(tmp_path / "late", [item("n1")])
    early.draft()
    early.items.add(item("n1"))
    early.draft()
    late.draft()
    assert early.text() == late.text()


def test_an_empty_draft_that_an_editor_wrote_into_only_gets_more(tmp_path: Path) -> None:
    at = desk(tmp_path, [])
    at.draft()
    before = at.text() + "\nDear neighbors,\n"
    (tmp_path / f"issues/{ISSUE}/en.md").write_text(before)
    at.items.add(item("n1"))
    at.draft()
    assert at.text().startswith(before)
    assert ids(at.text()) == ["n1"]


def test_what_is_in_another_language_waits_as_a_note_for_its_translation(tmp_path: Path) -> None:
    at = desk(tmp_path, [item("n1"), item("n2", "casa", language="es", title="Taller")])
    outcome = at.draft()
    assert [file.untranslated for file in outcome.files] == [1, 1]
    assert ids(at.text("en")) == ["n1"]
    assert ids(at.text("es"), "es") == ["n2"]
    assert "TO TRANSLATE: not sent yet." in at.text("en")
    opened = "\n".join(
        line
        for line in at.text("en").split("\n")
        if "TO TRANSLATE: not sent yet." not in line and line.strip() != "-->"
    )
    assert sorted(filter(None, ids(opened))) == ["n1", "n2"]


def test_a_feeds_table_is_one_in_the_edition(tmp_path: Path) -> None:
    table = "| Day | Hours |\n| --- | --- |\n| Mon | 9 to 5 |\n| Tue | closed |"
    words = f"The clinic moves.\nIts hours:\n\n{table}\n\nBring your papers and somebody you trust."
    full = organisation("full", terms=Terms(text=TextTerms.FULL))
    at = desk(tmp_path, [item("n1", "full", text=words)], [full])
    at.draft()
    (placed,) = draft_file.read(at.text(), file=f"issues/{ISSUE}/en.md").placements
    prose = Prose(placed.blurb)
    assert prose.html(3).count("<tr>") == 3
    assert prose.text == (
        "The clinic moves.\nIts hours:\n\n- Day: Mon; Hours: 9 to 5\n- Day: Tue; Hours: closed\n\n"
        "Bring your papers and somebody you trust."
    )


def test_what_declares_no_language_is_read_or_waits_in_every_edition(tmp_path: Path) -> None:
    """It never counts as an edition's own: n1, n3 are clear, n2 and n4 are not."""
    portuguese = "As famílias do bairro reuniram-se na segunda-feira à noite na escola."
    spanish = "La clínica legal gratuita abre el lunes en la biblioteca. "
    at = desk(
        tmp_path,
        [
            item("n1", "a", language="und", title="Aviso", text=spanish),
            item("n2", "b", language="und", title="OK", text="x"),
            item("n3", "c", language="und", title="News", text=ENGLISH),
            item("n4", "d", language="und", title="Nota", text=portuguese),
        ],
        [organisation(id_, languages=("es", "en")) for id_ in "abcd"],
    )
    outcome = at.draft()
    assert [file.untranslated for file in outcome.files] == [3, 3]
    assert (ids(at.text("en")), ids(at.text("es"), "es")) == (["n3"], ["n1"])
    for language in ("en", "es"):
        assert at.text(language).count("LANGUAGE UNKNOWN: not sent yet.") == 2
        assert at.text(language).count("TO TRANSLATE: not sent yet.") == 1
    assert "it reads as es" in at.text("es")


def test_a_long_piece_is_not_in_the_language_that_its_source_wrongly_says(tmp_path: Path) -> None:
    """A feed that declares none is in its member's only language, until its words say otherwise."""
    english = (
        "The legal clinic moves to the library on Monday. Bring the letters that you have from the "
        "court, and come with somebody you trust. It is free, and nobody will ask for your papers. "
        "Doors open at nine, and the last numbers are given out at noon."
    )
    spanish = (
        "La clínica legal se muda a la biblioteca el lunes. Traiga las cartas que tenga de la "
        "corte y venga con una persona de confianza. Es gratis, y nadie le pedirá los papeles. "
        "Las puertas se abren a las nueve, y los últimos números se dan al mediodía."
    )
    march = (
        "La marcha del sábado sale de la plaza a las diez de la mañana y llega al ayuntamiento "
        "antes del mediodía. Los organizadores piden que nadie lleve carteles con nombres de "
        "vecinos, y que las familias con niños caminen por la acera de la derecha, donde habrá "
        "voluntarias con agua y sombra para quienes lo necesiten durante todo el recorrido."
    )
    at = desk(
        tmp_path,
        [
            item("n1", "a", language="es", title="Legal clinic", text=english),
            item("n2", "b", language="es", title="Clínica legal", text=spanish),
            item("n3", "c", language="en", title="La marcha del sábado", text=march),
        ],
        [organisation(id_, languages=("es",)) for id_ in "abc"],
    )
    at.draft()
    assert sorted(ids(at.text("es"), "es")) == ["n2", "n3"]
    assert ids(at.text("en")) == ["n1"]
    assert "Its source says that this is es: it reads as en" in at.text("en")


def test_terms_decide_how_many_words_are_quoted_and_whether_a_picture_is_described(
    tmp_path: Path,
) -> None:
    picture = Picture(url="https://x.example/p.jpg", alt="A march")
    organisations = [
        organisation("link", terms=Terms(text=TextTerms.LINK)),
        organisation("short", terms=Terms(text=TextTerms.EXCERPT, words=9)),
        organisation("full", terms=Terms(text=TextTerms.FULL, pictures=True)),
    ]
    at = desk(
        tmp_path,
        [item(f"n{o.id}", o.id, picture=picture) for o in organisations],
        organisations,
    )
    at.draft()
    edition = draft_file.read(at.text(), file=f"issues/{ISSUE}/en.md")
    placed = {placement.item_id: placement for placement in edition.placements}
    assert placed["nlink"].blurb == ""
    assert placed["nshort"].blurb == (
        "First words of nshort. " + " ".join(f"nshortword{n}" for n in range(5)) + " …"
    )
    assert len(placed["nfull"].blurb.split()) == 44
    assert placed["nfull"].details == {"size": "lead", "alt": "A march"}
    assert placed["nlink"].details == {"size": "brief"}
    assert placed["nshort"].details == {}


def test_what_a_feed_says_never_becomes_structure(tmp_path: Path) -> None:
    hostile = item(
        "n1",
        title="] (x) {n9} <!-- ](javascript:x)",
        text="# A\n\n## Section {#x}\n\n### P {n8}\n\n<!-- x\n\n- when: never\n\n```\n\n---",
    )
    at = desk(tmp_path, [hostile])
    at.draft()
    edition = draft_file.read(at.text(), file=f"issues/{ISSUE}/en.md")
    (section,) = edition.sections
    (placement,) = section.placements
    assert placement.item_id == "n1"
    assert placement.title == hostile.title
    assert placement.details == {}


def test_standing_blocks_are_put_where_their_section_stands(tmp_path: Path) -> None:
    at = desk(
        tmp_path,
        [
            item("n1"),
            item(
                "n2",
                "casa",
                kind=ItemKind.AUDIO,
                media=Media(url="https://casa.example/a.mp3", media_type="audio/mpeg"),
            ),
        ],
    )
    at.write(
        "blocks/rights.en.md",
        "## Know your rights {#rights}\n\n### At the door\n\nAsk for a warrant.\n\n"
        "- verified: 2026-11-02\n",
    )
    at.write("blocks/letter.en.md", "Dear all,\n\n## Thanks {#thanks}\n\nTo our donors.\n")
    at.draft()
    edition = draft_file.read(at.text(), file=f"issues/{ISSUE}/en.md")
    assert edition.letter == "Dear all,"
    assert [section.id for section in edition.sections] == ["news", "media", "rights", "thanks"]
    assert edition.sections[2].placements[0].details == {"verified": "2026-11-02"}
    es = draft_file.read(at.text("es"), file=f"issues/{ISSUE}/es.md")
    assert [section.id for section in es.sections] == ["news", "media"]


def test_a_mistake_in_a_block_is_an_error_with_its_line(tmp_path: Path) -> None:
    at = desk(tmp_path, [item("n1")])
    at.write("blocks/rights.en.md", "## Rights {#rights}\n\n### Door\n\n- verified: lately\n")
    with pytest.raises(ConfigError) as caught:
        at.draft()
    assert (caught.value.file, caught.value.line) == ("blocks/rights.en.md", 5)


def test_a_draft_that_cannot_be_read_is_left_alone(tmp_path: Path) -> None:
    at = desk(tmp_path, [item("n1")])
    at.draft()
    at.edit("## Member news {#news}", "## Member news {news}")
    before = at.text()
    at.items.add(item("n2", "casa"))
    with pytest.raises(ConfigError):
        at.draft(now=LATER)
    assert at.text() == before


def approve(store: IssueStore, issue: str, now: datetime) -> None:
    editions = (
        RenderedEdition(
            issue_id=issue, language="en", subject="s", preheader="", html="h", text="t"
        ),
    )
    approval = Approval(
        issue_id=issue, editor="Ana", digest=issue_digest(editions), approved_at=now
    )
    store.approve(approval, editions, {})


def test_the_next_issue_takes_what_came_since_and_nothing_that_was_offered(tmp_path: Path) -> None:
    at = desk(tmp_path, [item("n1"), item("n2", "casa")])
    at.draft()
    approve(at.store, ISSUE, NOW)
    week = timedelta(days=7)
    at.items.add(item("n3", first_seen_at=NOW + week / 2))
    outcome = at.draft(now=NOW + week)
    assert outcome.issue_id == "2026-W48"
    text = at.text("en", "2026-W48")
    assert ids(text) == ["n3"]
    assert outcome.why["n1"] == "offered in an earlier issue"


def test_an_issue_that_nobody_approved_does_not_use_its_items_up(tmp_path: Path) -> None:
    at = desk(tmp_path, [item("n1")])
    at.draft()
    at.draft(now=NOW + timedelta(days=7))
    assert "{n1}" in at.text("en", "2026-W48")


def test_the_same_thing_from_two_organisations_is_one_piece_with_credit_to_both(
    tmp_path: Path,
) -> None:
    same = {"text": "The very same words about the ruling.", "title": "The ruling"}
    at = desk(
        tmp_path,
        [
            item("n1", "harbor", published_at=NOW - timedelta(days=2), **same),
            item("n2", "casa", published_at=NOW - timedelta(days=1), **same),
        ],
    )
    at.draft()
    edition = draft_file.read(at.text(), file=f"issues/{ISSUE}/en.md")
    (placement,) = edition.placements
    assert (placement.item_id, placement.details) == ("n1", {"shared_by": "casa"})
    assert "First published by Harbor: has the earliest known date" in at.text()


def test_an_edition_begun_late_has_what_the_others_have_where_it_belongs(tmp_path: Path) -> None:
    audio = Media(url="https://casa.example/a.mp3", media_type="audio/mpeg")
    at = desk(tmp_path, [item("n1")])
    at.draft()
    at.items.add(item("a1", "casa", kind=ItemKind.AUDIO, media=audio))
    at.draft(now=LATER)
    assert "{#new-since" in at.text()
    (tmp_path / f"issues/{ISSUE}/es.md").unlink()
    at.draft(now=LATER + timedelta(hours=1))
    text = at.text("es")
    assert "new-since" not in text
    assert text.index("{#news}") < text.index("{n1}") < text.index("{#media}") < text.index("{a1}")


def test_what_found_no_room_has_its_turn_in_the_next_issue(tmp_path: Path) -> None:
    members = ("ana", "bo", "cy")
    at = desk(
        tmp_path,
        [item(f"{name}1", name, first_seen_at=NOW - timedelta(hours=1)) for name in members],
        [organisation(name) for name in members],
        ("en",),
    )
    at.rules = replace(at.rules, sections=(SectionRule(id="news", most=1),), rotation_issues=9)
    week = timedelta(days=7)
    for number in range(3):
        at.draft(now=NOW + number * week)
        assert at.check(NOW + number * week, f"2026-W{47 + number}").blocking == ()
        at.approve(now=NOW + number * week, issue=f"2026-W{47 + number}")
        at.items.add(
            item(f"ana{number + 2}", "ana", first_seen_at=NOW + number * week + timedelta(days=1))
        )
    placed = [
        draft_file.read(at.text("en", f"2026-W{week}"), file=f"issues/2026-W{week}/en.md")
        for week in (47, 48, 49)
    ]
    assert [[one.item_id for one in edition.placements] for edition in placed] == [
        ["ana1"],
        ["bo1"],
        ["cy1"],
    ]


def test_who_waited_as_long_as_the_rotation_allows_is_in_brief(tmp_path: Path) -> None:
    members = ("ana", "bo", "cy")
    at = desk(
        tmp_path,
        [item(f"{name}1", name) for name in members],
        [organisation(name) for name in members],
        ("en",),
    )
    at.rules = replace(at.rules, sections=(SectionRule(id="news", most=1),), rotation_issues=2)
    at.draft()
    at.approve()
    at.draft(now=NOW + timedelta(days=7))
    text = at.text("en", "2026-W48")
    edition = draft_file.read(text, file="issues/2026-W48/en.md")
    assert [(section.id, section.title) for section in edition.sections] == [
        ("news", "news"),
        ("brief", "In brief"),
    ]
    assert [one.item_id for one in edition.placements] == ["bo1", "cy1"]
    assert [bool(one.blurb) for one in edition.placements] == [True, False]
