"""The demo's editors work on drafts as they stand."""

from newsletter.demo.editor import edited
from newsletter.issues.drafting import draft_file
from newsletter.model.issue import Edition, Placement, Section

EDITS = {
    "subject": "It's here: news",
    "preheader": "Two kitchens",
    "letter": "Dear all,\n\nhello.",
    "sections": "## In brief {#brief}\n\n### Ours",
    "pieces": [
        {"link": "/one", "title": "One", "blurb": "Translated.\n", "alt": "A chair"},
        {"link": "/two", "language": "ar"},
    ],
}


def test_a_draft_gets_subject_letter_and_translations_and_can_still_be_read() -> None:
    placements = [
        Placement(title="Uno", item_id="aaaa1111", link="https://x.example/one", blurb="Original.",
                  details={"alt": "Una silla"}),
        Placement(title="اثنان", item_id="bbbb2222", link="https://x.example/two", blurb="نص"),
        Placement(title="Three", item_id="cccc3333", link="https://x.example/three", blurb="Left."),
    ]  # fmt: skip
    edition = Edition(
        issue_id="2026-W47",
        language="en",
        subject="",
        letter="A letter of ours.",
        sections=(
            Section(id="news", title="News", placements=tuple(placements)),
            Section(id="hotlines", title="Call", kind="hotlines"),
        ),
        path="issues/2026-W47/en.md",
    )
    ids = {"aaaa1111", "bbbb2222", "cccc3333"}
    text = edited(
        draft_file.write(edition, untranslated=dict.fromkeys(ids, draft_file.TO_TRANSLATE)), EDITS
    )
    read = draft_file.read(text, file="issues/2026-W47/en.md")
    assert (read.subject, read.letter) == ("It's here: news", "Dear all,\n\nhello.")
    assert [section.id for section in read.sections] == ["news", "brief", "hotlines"]
    one, two, ours = read.placements
    assert ours.title == "Ours"
    assert (one.title, one.blurb, one.details) == ("One", "Translated.", {"alt": "A chair"})
    assert (two.title, two.language) == ("اثنان", "ar")
    assert "Left." in text
