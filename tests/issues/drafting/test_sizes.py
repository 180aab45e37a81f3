"""The first draft proposes a lead and briefs; later ones leave that to the editors."""

from dataclasses import replace
from pathlib import Path

from newsletter.issues.drafting.draft_file import read
from newsletter.model.item import Item, Picture
from newsletter.model.organisation import Terms
from tests.issues.desk import ISSUE, Desk, desk, item, organisation


def sizes(made: Desk, language: str = "en") -> dict[str, str]:
    edition = read(made.text(language), file=f"issues/{ISSUE}/{language}.md")
    return {one.item_id or "": one.details.get("size", "") for one in edition.placements}


def long(id: str, owner: str, words: int, **changes: object) -> Item:
    text = " ".join(f"{id}{number}" for number in range(words))
    return replace(item(id, owner), text=text, **changes)  # type: ignore[arg-type]


def made_in(folder: Path, name: str) -> Path:
    (folder / name).mkdir()
    return folder / name


OWNERS = [f"o{number}" for number in range(9)]
MEMBERS = [organisation(owner, terms=Terms(pictures=True)) for owner in OWNERS]


def test_the_lead_has_a_picture_else_most_words_and_stands_first(tmp_path: Path) -> None:
    plain = [long("n1", "o1", 30), long("n2", "o2", 60), long("n3", "o3", 30)]
    made = desk(made_in(tmp_path, "a"), plain, languages=("en",), organisations=MEMBERS)
    made.draft()
    assert sizes(made) == {"n1": "", "n2": "lead", "n3": ""}
    assert next(iter(sizes(made))) == "n2"
    shown = replace(plain[2], picture=Picture(url="https://o3.example/p.jpg"))
    pictured = desk(
        made_in(tmp_path, "b"), [*plain[:2], shown], languages=("en",), organisations=MEMBERS
    )
    pictured.draft()
    assert next(iter(sizes(pictured).items())) == ("n3", "lead")


def test_what_has_a_title_only_is_a_brief_and_so_is_the_seventh_of_a_section(
    tmp_path: Path,
) -> None:
    items = [long(f"n{at}", owner, 60) for at, owner in enumerate(OWNERS[:8])]
    items[1] = replace(items[1], text="")
    made = desk(tmp_path, items, languages=("en",), organisations=MEMBERS)
    made.draft()
    proposed = sizes(made)
    order = list(proposed)
    assert list(proposed.values()).count("lead") == 1
    assert proposed["n1"] == "brief"
    assert all(proposed[id_] == "brief" for id_ in order[6:])
    assert sum(size == "" for size in proposed.values()) in {4, 5}


def test_one_or_two_pieces_have_no_lead(tmp_path: Path) -> None:
    made = desk(tmp_path, [item("n1"), item("n2", "casa")], languages=("en",))
    made.draft()
    assert set(sizes(made).values()) == {""}


def test_another_language_takes_the_sizes_that_editors_gave(tmp_path: Path) -> None:
    items = [long(f"n{at}", owner, 60) for at, owner in enumerate(OWNERS[:3])]
    made = desk(tmp_path, items, organisations=MEMBERS)
    made.draft()
    first = next(iter(sizes(made)))
    text = made.text().replace("- size: lead", "- size: brief")
    made.write(f"issues/{ISSUE}/en.md", text)
    (made.root / f"issues/{ISSUE}/es.md").unlink()
    made.draft()
    assert f"{{{first}}}" in made.text("es")
    assert "- size: brief" in made.text("es")
    assert "- size: lead" not in made.text("es")
