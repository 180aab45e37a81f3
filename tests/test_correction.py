"""A wrong date that went out to 700 people, and everything after it, by the commands themselves."""

import json
import re
from collections import Counter
from typing import Any

import pytest

from newsletter.errors import AttentionError
from newsletter.wiring import Workspace
from tests.cli.calling import Run, caller

ISSUE = "2026-W47"
PEOPLE = 700
DRAFT = """---
language: {language}
subject: {subject}
preheader: {preheader}
---

{letter}

## {section} {{#events .events}}

### {title}

{blurb}

- when: {when}
- where: City Hall

## {news} {{#news}}

### {clinic}

{clinic_blurb}
"""
ENGLISH = {
    "language": "en",
    "subject": "The march on Sunday, and three clinics",
    "preheader": "We meet on Sunday at ten in the morning",
    "letter": "Dear friends, see you on Sunday.",
    "section": "Events",
    "title": "March for our neighbors",
    "blurb": "We meet on Sunday at City Hall. Bring water.",
    "news": "News",
    "clinic": "Free clinics",
    "clinic_blurb": "Three of them, all week.",
    "when": "2026-12-06 10:00",
}
SPANISH = {
    "language": "es",
    "subject": "La marcha del sábado y tres clínicas",
    "preheader": "Nos vemos el sábado a las diez de la mañana",
    "letter": "Nos vemos el sábado.",
    "section": "Eventos",
    "title": "Marcha por nuestra gente",
    "blurb": "Nos vemos el sábado en el Ayuntamiento. Traiga agua.",
    "news": "Noticias",
    "clinic": "Clínicas gratuitas",
    "clinic_blurb": "Tres, toda la semana.",
    "when": "2026-12-05 10:00",
}


def people() -> str:
    rows = (
        f"reader{n}@readers.example,{'es' if n % 7 == 0 else 'en'},confirmed\n"
        for n in range(PEOPLE)
    )
    return "address,language,state\n" + "".join(rows)


def mailed(workspace: Workspace) -> Counter[tuple[str, str]]:
    """How many copies of each subject each address has in the outbox."""
    copies = Counter[tuple[str, str]]()
    for path in (workspace.root / "outbox/new").iterdir():
        head = path.read_text(encoding="utf-8").partition("\n\n")[0]
        to = re.search(r"^To: (.*)$", head, re.MULTILINE)
        subject = re.search(r"^Subject: (.*)$", head, re.MULTILINE)
        assert to
        assert subject
        copies[subject[1].strip(), to[1].strip()] += 1
    return copies


def audited(run: Run, issue: str) -> dict[str, Any]:
    outcome: dict[str, Any] = json.loads(run("audit", issue, "--json").stdout)
    assert outcome["holds"]
    return outcome


def test_a_wrong_date_that_was_mailed_to_700_people_is_corrected(
    workspace: Workspace, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("NEWSLETTER_SECRET_KEY", "a key for tests only, 32 bytes long")
    root, run = workspace.root, caller(workspace)
    (root / "feeds.yaml").write_text("organisations: []\n")
    (root / "people.csv").write_text(people())
    run("subscribers", "import", str(root / "people.csv"), "--proof", "a test")
    drafts = {}
    for words in (ENGLISH, SPANISH):
        drafts[words["language"]] = path = root / f"issues/{ISSUE}/{words['language']}.md"
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(DRAFT.format(**words), encoding="utf-8")
    run("approve", ISSUE, "--as", "Ana", "--no-links")
    run("send", ISSUE, "--yes", "--no-recheck")
    assert len(mailed(workspace)) == PEOPLE

    # The natural thing, at night: put it right, approve it. Nobody would get it.
    right = drafts["en"].read_text().replace("on Sunday", "on Saturday")
    drafts["en"].write_text(right.replace("2026-12-06", "2026-12-05"))
    with pytest.raises(AttentionError, match="nobody would get these words") as refused:
        run("approve", ISSUE, "--as", "Ana", "--no-links")
    assert f"newsletter correct {ISSUE}" in refused.value.hint
    run("subscribers", "erase", "reader1@readers.example", "--yes")
    told = json.loads(run("correct", ISSUE, "--json").stdout)
    correction = told["issue"]
    assert told["people"] == {"en": PEOPLE - PEOPLE // 7}
    draft = (root / told["files"][0]).read_text()
    assert "Saturday, December 5, not Sunday, December 6" in draft
    assert json.loads(run("correct", ISSUE, "--json").stdout)["written"] == []
    assert (root / told["files"][0]).read_text() == draft

    for editor in ("Ana", "Bo"):
        run("approve", correction, "--as", editor, "--no-links")
    run("send", correction, "--yes", "--no-recheck")
    run("send", correction, "--yes", "--no-recheck")

    copies = mailed(workspace)
    assert set(copies.values()) == {1}
    subject = "Correction: The march on Saturday, and three clinics"
    corrected = {to for words, to in copies if words == subject}
    english = {to for words, to in copies if words == ENGLISH["subject"]}
    assert corrected == english - {"reader1@readers.example"}
    assert len(copies) == PEOPLE + len(corrected)
    assert audited(run, ISSUE)["states"] == {"accepted": PEOPLE}
    sums = audited(run, correction)
    assert (sums["candidates"], sums["exclusions"]) == (len(english), {"left": 1})
    page = root / f"site/issues/{ISSUE}/en/index.html"
    shown = page.read_text()
    assert "see you on Saturday." in shown
    assert "see you on Sunday" not in shown
    line, _, rest = shown[shown.index("Corrected on") :].partition("</blockquote>")
    assert "not Sunday, December 6" in line
    assert "not Sunday" not in rest
    assert "Corrected" not in (root / f"site/issues/{ISSUE}/es/index.html").read_text()
    with pytest.raises(AttentionError, match="say what people were told"):
        run("correct", ISSUE)
