"""One file in a workspace's own `templates/` makes a new kind of section, in every language: for
the draft, the mail, its text part, the check and the archive.
"""

import re
from dataclasses import replace
from pathlib import Path

import pytest

from newsletter.design.lint_parts import lint_parts
from newsletter.design.templates import Templates, template_folders
from newsletter.errors import ConfigError
from newsletter.issues.choosing.section_rules import section_rules
from newsletter.model.coalition import USUAL_SECTIONS, SectionRule
from newsletter.model.section_kinds import KINDS
from tests.archive.test_write import run
from tests.design.documents import Document
from tests.issues.desk import ISSUE, Desk, desk, item

FILE = "templates/kinds/recipes.mjml"
RECIPES = """{# kind
title.en = "Recipes"
title.es = "Recetas"
title.ar = "وصفات"
needs = ["hours"]
shows = ["where"]
topics = ["food"]
#}
{% from "kinds/parts.mjml" import heading, blurb, picture, credit with context %}
{% set d = p.details %}
<mj-text padding="0 0 {{ space.item }}px">{{ picture(p) }}{{ heading(p) }}<p class="w">{{ d.hours }}{% if d.place %} · {{ d.place }}{% endif %}</p>{{ blurb(p) }}<p><a href="https://casa.example/book">Our cookbook</a></p>{{ credit(p) }}</mj-text>
"""  # noqa: E501 - a template's line
BLOCK = """
## {title} {{#recipes}}

### [{dish}](https://casa.example/soup)

Wash the lentils, see [the video](https://casa.example/video).

- hours: 40
- where: Casa
"""
EDITIONS = {
    "en": ("Recipes", "Lentil soup"),
    "es": ("Recetas", "Sopa de lentejas"),
    "ar": ("وصفات", "شوربة عدس"),
}
LINKS = {f"https://casa.example/{page}" for page in ("soup", "video", "book")}


@pytest.fixture
def at(tmp_path: Path) -> Desk:
    made = desk(tmp_path, languages=tuple(EDITIONS))
    made.write(FILE, RECIPES)
    reload(made)
    return made


def reload(at: Desk) -> None:
    templates = Templates(template_folders(at.root))
    at.sources = replace(at.sources, templates=templates)
    at.rules = replace(at.rules, sections=section_rules(USUAL_SECTIONS, templates.kinds))


def write(at: Desk, old: str = "", new: str = "") -> None:
    for language, (title, dish) in EDITIONS.items():
        top = f"---\nlanguage: {language}\nsubject: {dish}\n---\n\n{title}!\n"
        block = BLOCK.format(title=title, dish=dish)
        at.write(f"issues/{ISSUE}/{language}.md", top + block.replace(old, new))


def said(at: Desk) -> set[str]:
    return {f"{one.code}: {one.message}" for one in at.check().problems}


def test_it_is_shown_in_mail_and_text_in_every_language_and_nothing_is_wrong(at: Desk) -> None:
    write(at)
    assert at.codes() == []
    for edition in at.check().editions:
        title, dish = EDITIONS[edition.language]
        page = Document(edition.html)
        assert title in {one.text for one in page.all("h2")}
        assert dish in {one.text for one in page.all("h3")}
        assert "40 · Casa" in {one.text for one in page.all("p")}
        assert {one.attrs["href"] for one in page.all("a")} >= LINKS
        text = " ".join(edition.text.split())
        for words in (title, f"* {dish} <https://casa.example/soup>", "40 · Casa"):
            assert words in text
        assert "see the video <https://casa.example/video>." in text
        assert "Our cookbook <https://casa.example/book>" in text


def test_the_guides_own_example_has_no_fault(at: Desk) -> None:
    guide = (Path(__file__).parents[2] / "docs" / "templates.md").read_text(encoding="utf-8")
    (example,) = re.findall(r"```jinja\n(.*?)```", guide, re.DOTALL)
    at.write(FILE, example)
    reload(at)
    assert lint_parts(at.sources.templates, ("en", "es")) == []
    write(at)
    assert at.codes() == []
    for edition in at.check().editions:
        assert "  40\n\n  Casa\n" in edition.text


def test_a_text_part_of_its_own_is_used_where_there_is_one(at: Desk) -> None:
    write(at)
    at.write("templates/kinds/recipes.txt", "OURS {{ p.title }}\n{{ in_words(section, p) }}\n")
    for edition in at.check().editions:
        dish = EDITIONS[edition.language][1]
        assert f"OURS {dish}" in edition.text
        assert "Our cookbook <https://casa.example/book>" in edition.text


def test_it_has_a_page_in_the_archive_and_stays_there_when_its_file_is_gone(at: Desk) -> None:
    write(at)
    at.approve()
    run(at)
    for language, (title, dish) in EDITIONS.items():
        page = Document((at.root / f"site/issues/{ISSUE}/{language}/index.html").read_text())
        assert title in {one.text for one in page.all("h2")}
        assert dish in {one.text for one in page.all("h3")}
        assert {one.attrs["href"] for one in page.all("a")} >= LINKS
    (at.root / FILE).unlink()
    reload(at)
    run(at)
    assert "Lentil soup" in (at.root / f"site/issues/{ISSUE}/en/index.html").read_text()


def test_check_asks_for_what_it_needs_and_names_what_it_does_not_show(at: Desk) -> None:
    write(at, "- hours: 40", "- deadline: 2026-11-30")
    assert said(at) >= {
        f"details: a piece under {title} needs hours" for title, _ in EDITIONS.values()
    } | {
        f"not-shown: readers will not see deadline: {title} is for recipes"
        for title, _ in EDITIONS.values()
    }


def test_a_heading_of_another_id_names_the_kind(at: Desk) -> None:
    write(at, "{#recipes}", "{#kitchen .recipes}")
    assert at.codes() == []
    write(at, "{#recipes}", "{#recipes .recipies}")
    assert at.codes(blocking=True) == ["kind"] * 3
    (problem, *_) = at.check().blocking
    assert problem.message == "no such kind of section: recipies"
    assert problem.hint.endswith(", recipes")
    assert problem.line == 8


def test_a_draft_puts_pieces_of_its_topics_there_under_its_title(at: Desk) -> None:
    at.items.add(item("a1", topics=("Food",)), item("b2", by="casa"))
    at.draft()
    for language, (title, _) in EDITIONS.items():
        text = at.text(language)
        assert f"## {title} {{#recipes}}" in text
        assert text.index("{b2}") < text.index(f"## {title}") < text.index("{a1}")
    at.edit("## Recipes", "## Our recipes")
    at.draft()
    assert "unreadable" not in at.codes()


def test_a_section_of_newsletter_toml_has_the_kind_of_its_id() -> None:
    own = {**KINDS, "recipes": replace(KINDS["brief"], titles={"en": "Recipes"})}
    rules = (
        SectionRule(id="recipes", kind="", topics=("food",)),
        SectionRule(id="la", kind=""),
        SectionRule(id="kitchen", kind="recipes", titles={"en": "Kitchen"}),
    )
    recipes, la, kitchen = section_rules(rules, own)
    assert (recipes.kind, recipes.titles, recipes.kinds) == (
        "recipes",
        {"en": "Recipes"},
        ("news",),
    )
    assert (la.kind, kitchen.kind, kitchen.titles) == ("news", "recipes", {"en": "Kitchen"})
    assert section_rules(USUAL_SECTIONS, KINDS) == USUAL_SECTIONS
    with pytest.raises(ConfigError, match="no such kind of section: recipies") as caught:
        section_rules((SectionRule(id="la", kind="recipies"),), own)
    assert "recipes" in caught.value.hint


def test_a_section_that_newsletter_toml_gives_another_kind_keeps_it(at: Desk) -> None:
    rule = SectionRule(id="recipes", kind="news", topics=("food",), kinds=("news",))
    rules = section_rules((*USUAL_SECTIONS, rule), at.sources.templates.kinds)
    at.rules = replace(at.rules, sections=rules)
    at.items.add(item("a1", topics=("Food",)))
    at.draft()
    assert "{#recipes .news}" in at.text()


@pytest.mark.parametrize(
    ("more", "message"),
    [
        ('{% include "kinds/recipes.mjml" %}', "nested too deeply"),
        ("{{ in_words(section, p) }}", "'in_words' is undefined"),
        ('{{ {"en": "Ready"}[e.language] }}', "has no attribute 'es'"),
    ],
)
def test_a_file_that_cannot_be_shown_is_named(at: Desk, more: str, message: str) -> None:
    write(at)
    at.write(FILE, RECIPES.replace("{{ blurb(p) }}", "{{ blurb(p) }}" + more))
    reload(at)
    with pytest.raises(ConfigError, match=message) as caught:
        at.check()
    assert caught.value.file == str(at.root / FILE)
    assert caught.value.line


def test_a_header_that_cannot_be_read_stops_with_its_line(at: Desk) -> None:
    write(at)
    at.write(FILE, RECIPES.replace('["where"]', "where"))
    reload_templates = Templates(template_folders(at.root))
    at.sources = replace(at.sources, templates=reload_templates)
    with pytest.raises(ConfigError) as caught:
        at.check()
    assert (caught.value.file, caught.value.line) == (str(at.root / FILE), 6)
