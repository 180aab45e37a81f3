"""A draft reads as it was written, and says where it cannot be read."""

import re
from dataclasses import replace

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from markdown_it import MarkdownIt

from newsletter.errors import ConfigError
from newsletter.issues.drafting import draft_file
from newsletter.issues.drafting.plain import markdown, one_line
from newsletter.model.details import DETAILS
from newsletter.model.issue import Edition, Placement, Section
from newsletter.model.section_kinds import KINDS, kind_of

FILE = "issues/2026-W47/en.md"
HEAD = "---\nlanguage: en\nsubject: Hello\n---\n\n"

words = st.text(alphabet=st.characters(codec="utf-8"), max_size=60)
shown = words.filter(lambda text: one_line(text) != "")
links = st.builds(
    "https://{}.example/{}".format, st.from_regex(r"[a-z]{1,8}", fullmatch=True), words
)
details = st.dictionaries(
    st.sampled_from([key for key in DETAILS if DETAILS[key].accepts("some words")]),
    shown,
    max_size=3,
) | st.fixed_dictionaries(
    {"when": st.just("2026-11-21 10:00"), "online": st.just("https://a.example")}
)


def placements(ids: st.SearchStrategy[str | None]) -> st.SearchStrategy[Placement]:
    return st.builds(
        Placement,
        title=shown,
        item_id=ids,
        link=st.none() | links,
        blurb=words,
        language=st.sampled_from([None, "es", "zh-Hant"]),
        details=details,
    )


sections = st.builds(
    Section,
    id=st.from_regex(r"[a-z][a-z0-9-]{0,8}", fullmatch=True),
    title=shown,
    kind=st.sampled_from(sorted(KINDS)),
    intro=words,
    placements=st.lists(
        placements(st.none() | st.from_regex(r"[a-z0-9]{8}", fullmatch=True)), max_size=3
    ).map(tuple),
)


def has_no_twins(edition: Edition) -> bool:
    ids = [p.item_id for p in edition.placements if p.item_id]
    names = [section.id for section in edition.sections]
    return len(ids) == len(set(ids)) and len(names) == len(set(names))


editions = st.builds(
    Edition,
    issue_id=st.just("2026-W47"),
    language=st.just("en"),
    subject=words,
    preheader=words,
    letter=words,
    sections=st.lists(sections, max_size=3).map(tuple),
    settings=st.just({}) | st.just({"sends_on": "2026-11-20", "fallback": "yes"}),
    path=st.just(FILE),
).filter(has_no_twins)


def shape(edition: Edition) -> list[object]:
    return [
        (
            s.id,
            s.kind,
            one_line(s.title),
            [(p.item_id, one_line(p.title), p.language) for p in s.placements],
        )
        for s in edition.sections
    ]


def without_lines(edition: Edition) -> Edition:
    return replace(
        edition,
        sections=tuple(
            replace(
                section, line=0, placements=tuple(replace(p, line=0) for p in section.placements)
            )
            for section in edition.sections
        ),
    )


@settings(max_examples=50)
@given(editions)
def test_what_is_written_reads_as_the_same_edition_whatever_its_words(edition: Edition) -> None:
    once = draft_file.read(draft_file.write(edition), file=FILE)
    assert shape(once) == shape(edition)
    twice = draft_file.read(draft_file.write(once), file=FILE)
    assert without_lines(twice) == without_lines(once)


@settings(max_examples=50)
@given(editions)
def test_writing_what_was_read_gives_the_same_bytes(edition: Edition) -> None:
    text = draft_file.write(draft_file.read(draft_file.write(edition), file=FILE))
    assert draft_file.write(draft_file.read(text, file=FILE)) == text


@given(words)
def test_plain_text_in_a_blurb_is_shown_as_it_was(text: str) -> None:
    blurb = markdown(text)
    placement = Placement(title="A", blurb=blurb)
    edition = Edition(
        issue_id="2026-W47",
        language="en",
        subject="",
        sections=(Section(id="news", title="News", placements=(placement,)),),
        path=FILE,
    )
    read = draft_file.read(draft_file.write(edition), file=FILE).placements[0]
    assert read.blurb == blurb
    tokens = MarkdownIt("commonmark").parse(read.blurb)
    inline = [token.content for token in tokens if token.type == "inline"]
    shown_words = " ".join(
        "".join(child.content or " " for child in token.children or [])  # lines stay
        for token in tokens
        if token.type == "inline"
    )
    assert all(token.type in {"paragraph_open", "paragraph_close", "inline"} for token in tokens)
    assert shown_words.split() == one_line(text).split(), inline


def test_a_hand_written_draft_reads_as_it_looks() -> None:
    text = HEAD + (
        "Dear all,\n\nA *letter*.\n\n## Member news {#news}\n\nAn opening.\n\n"
        "### [Clinic \\[new\\]](https://a.example/x_(y)) {k3f9q2ab}\n\nCome.\n\n* bring: water\n"
        "* and a friend\n\n- alt: A table\n"
        "- script: Hello,\n  I am calling\n\n  about the clinic.\n\n"
        "<!-- not\nsent -->\n### Our own\n\nWords.\n"
    )
    edition = draft_file.read(text, file=FILE)
    assert (edition.subject, edition.letter) == ("Hello", "Dear all,\n\nA *letter*.")
    (section,) = edition.sections
    assert (section.id, section.kind, section.intro, section.line) == (
        "news",
        "",
        "An opening.",
        10,
    )
    clinic, own = section.placements
    assert clinic == Placement(
        title="Clinic [new]",
        item_id="k3f9q2ab",
        link="https://a.example/x_(y)",
        blurb="Come.\n\n* bring: water\n* and a friend",
        line=14,
        details={"alt": "A table", "script": "Hello,\nI am calling\n\nabout the clinic."},
    )
    assert (own.title, own.item_id, own.link, own.blurb, own.line) == (
        "Our own",
        None,
        None,
        "Words.",
        29,
    )


def test_an_editors_section_takes_its_id_from_the_title_and_its_kind_from_the_id() -> None:
    text = HEAD + "## Events\n\n## En memoria: José\n\n## In the city {#la .events}\n"
    sections = draft_file.read(text, file=FILE).sections
    assert [(s.id, kind_of(s)) for s in sections] == [
        ("events", "events"),
        ("en-memoria-jose", "news"),
        ("la", "events"),
    ]


def test_windows_line_ends_and_a_byte_order_mark_read_the_same() -> None:
    text = HEAD + "Letter.\n\n## News {#news}\n\n### A {a1}\n\nBlurb.\n\n- alt: x\n"
    assert draft_file.read("\ufeff" + text.replace("\n", "\r\n"), file=FILE) == draft_file.read(
        text, file=FILE
    )


@pytest.mark.parametrize(
    ("body", "line", "words"),
    [
        ("## Title {news}\n", 6, "does not name a section"),
        ("## Title {#news .Events}\n", 6, "does not name a section"),
        ("##Title\n", 6, "without a space"),
        ("# Title\n", 6, "newsletter's own title"),
        ("## \n", 6, "without a title"),
        ("  ## Title\n", 6, "spaces before"),
        ("### Piece\n", 6, "before any ## section"),
        ("Title\n-----\n", 7, "underlined"),
        ("## A\n\n### [Piece](https://a.example\n", 8, "link cannot be read"),
        ("## A\n\n### [Piece](javascript:alert(1))\n", 8, "not a link"),
        ("## A\n\n### [Piece [x]](https://a.example)\n", 8, "link cannot be read"),
        ("## A\n\n### Piece {#id}\n", 8, "not an item's id"),
        ("## A\n\n### [ ](https://a.example)\n", 8, "without a title"),
        ("## A\n\n### Piece {a1}\n\n### Other {a1}\n", 10, "twice, first in line 8"),
        ("## A\n\n## A\n", 8, "twice"),
        ("## A\n\n### Piece\n\n- wehn: 2026-11-21\n", 10, "no such detail"),
        ("## A\n\n### Piece\n\n- when: Saturday\n", 10, "when cannot be 'Saturday'"),
        ("## A\n\n### Piece\n\n- when: 2026-02-30\n", 10, "when cannot be"),
        ("## A\n\n### Piece\n\n- alt: x\n- alt: y\n", 11, "twice"),
        ("## A\n\n### Piece\n\n- When: 2026-11-21\n", 10, "looks like a detail"),
        ("## A\n\n### Piece\n\n- when: 2026-11-21\n\nMore words.\n", 10, "looks like a detail"),
        ("## A\n\nIts heading is lost.\n\n- when: 2026-11-21\n", 10, "looks like a detail"),
        ("Words.\n\n<!-- never closed\n", 8, "never ends"),
        ("<!-- one\n\n## A\n\n<!-- two -->\n", 10, "inside another"),
        ("## A\n\n### B\n\nWords.\n -->\n", 11, "but never begins"),
        ("Words.\n\n```\ncode\n", 8, "never closed"),
        ("## A\n\n### Piece {a1\n", 8, "'{a1' begins an id and never ends"),
        ("## A {#a\n", 6, "begins an id and never ends"),
        ("## A\n\n### Piece\n\n<!— for Ana: ask her —>\n", 10, "a long dash"),
        ("Words. <!-- one --> <!– two –>\n", 6, "a long dash"),
    ],
)
def test_a_line_that_cannot_be_understood_is_named(body: str, line: int, words: str) -> None:
    with pytest.raises(ConfigError, match=re.escape(words)) as caught:
        draft_file.read(HEAD + body, file=FILE)
    assert (caught.value.file, caught.value.line) == (FILE, line)
    assert caught.value.hint


@pytest.mark.parametrize(
    ("text", "line", "words"),
    [
        ("Hello\n", 1, "does not begin with ---"),
        ("---\nlanguage: en\n", 1, "never closed"),
        ("---\nlanguage: en\nsubject: Clinics: where\n---\n", 3, "not valid YAML"),
        ("---\nlanguage: en\nsubjct: x\n---\n", 3, "unknown key 'subjct'"),
        ("---\nlanguage: en\nlanguage: en\n---\n", 3, "twice"),
        ("---\nsubject: x\n---\n", 1, "language is missing"),
        ("---\nlanguage: es\n---\n", 2, "its file is named en.md"),
        ("---\nlanguage: en\nissue: 2026-W01\n---\n", 3, "but is in the folder"),
        ("---\nlanguage: en\nsends_on: Friday\n---\n", 3, "sends_on cannot be"),
        ("---\nlanguage: en\nsubject:\n  a: b\n---\n", 4, "takes one value"),
        ("---\n- en\n---\n", 2, "must be keys with values"),
        ("---\nlanguage: en\nsubject: Clinics #1 and #2\n---\n", 3, "would be lost: #1 and #2"),
    ],
)
def test_what_is_wrong_at_the_top_is_named(text: str, line: int, words: str) -> None:
    with pytest.raises(ConfigError, match=re.escape(words)) as caught:
        draft_file.read(text, file=FILE)
    assert (caught.value.file, caught.value.line) == (FILE, line)
    assert caught.value.hint


@pytest.mark.parametrize(
    ("subject", "hint"),
    [
        ("\tClinics", "a space where the tab is"),
        ('"Papers" no more', "begins with a quote"),
        ("Clinics: where", "needs quotes"),
    ],
)
def test_the_hint_is_for_the_slip_that_was_made(subject: str, hint: str) -> None:
    with pytest.raises(ConfigError) as caught:
        draft_file.read(f"---\nlanguage: en\nsubject: {subject}\n---\n", file=FILE)
    assert hint in str(caught.value.hint)


def test_a_space_that_does_not_break_is_a_space() -> None:
    """A Mac's keyboard makes one of Option and the space bar."""
    text = HEAD + "##\u00a0A {#a}\n\n###\u00a0Piece\n\nWords.\n\n-\u00a0where:\u00a0Pier 9\n"
    (piece,) = draft_file.read(text, file=FILE).placements
    assert (piece.title, piece.blurb, piece.details) == ("Piece", "Words.", {"where": "Pier 9"})


def test_notes_are_never_in_the_edition() -> None:
    text = HEAD + "A<!-- secret -->B\n\n## N\n\n### T\n\n`<!-- secret -->` \\<!-- shown\n"
    edition = draft_file.read(text, file=FILE)
    assert "secret" not in repr(edition)
    assert edition.letter == "AB"
    assert edition.placements[0].blurb == "`` \\<!-- shown"


def test_lists_in_the_front_matter_read_as_one_line() -> None:
    text = "---\nlanguage: en\nregions: [los-angeles, fresno]\nlapses: 2026-11-21 18:00\n---\n"
    assert draft_file.read(text, file=FILE).settings == {
        "regions": "los-angeles, fresno",
        "lapses": "2026-11-21 18:00",
    }


def test_a_draft_of_many_megabytes_is_refused_before_it_is_read() -> None:
    with pytest.raises(ConfigError, match="more than 1,000,000 characters") as caught:
        draft_file.read(
            "---\nlanguage: en\n---\n" + "*a _b\n" * 200_000, file="issues/2026-W47/en.md"
        )
    assert caught.value.line is not None
