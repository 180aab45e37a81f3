"""The lists of the archive: by month and year, topic and member; and the way from page to page."""

import re
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from io import BytesIO

import pytest
from PIL import Image

from newsletter.archive.files import archive_files
from newsletter.archive.groups import MOST
from newsletter.archive.issue_page import IssuePage, issue_page
from newsletter.archive.layout import Site
from newsletter.design.templates import Templates, shipped_folder
from newsletter.model.issue import Section, issue_id_for
from newsletter.model.item import ItemKind
from newsletter.model.organisation import Organisation
from tests.design.documents import Document
from tests.design.samples import COALITION, digest, edition, material, news, typical

TEMPLATES = Templates((shipped_folder(),))
BASE = "https://digest.neighbors.example/archive/"
SENT = datetime(2026, 11, 20, 18, 0, tzinfo=UTC)
Files = dict[str, str | bytes]


def site(*languages: str, topics: tuple[str, ...] = ()) -> Site:
    return Site(
        coalition=COALITION, templates=TEMPLATES, base=BASE, languages=languages, topics=topics
    )


def issue(sent_at: datetime, language: str = "en", **changes: object) -> IssuePage:
    """A small issue of the week it was mailed in."""
    made, facts = digest(1, language)
    values = {"issue_id": issue_id_for(sent_at.date()), **changes}
    return issue_page(replace(made, **values), facts, sent_at)  # type: ignore[arg-type]


def links(files: Files, name: str) -> dict[str, str]:
    """The words of a page's links -> where they lead."""
    page = Document(str(files[name]))
    return {one.text.strip(): one.attrs["href"] for one in page.all("a")}


@pytest.mark.parametrize(
    ("sent_at", "month"),
    [
        (datetime(2026, 12, 1, 7, 0, tzinfo=UTC), "November 2026"),  # an hour before midnight there
        (datetime(2026, 12, 2, 18, 0, tzinfo=UTC), "December 2026"),  # its week began in November
    ],
)
def test_an_issue_stands_under_the_month_that_it_was_mailed_in(
    sent_at: datetime, month: str
) -> None:
    files = archive_files(site("en"), [issue(sent_at, issue_id="2026-W49")], [])
    (heading,) = [one.text for one in Document(str(files["en/index.html"])).all("h2")][:1]
    assert heading == month


def test_a_month_is_written_as_a_heading() -> None:
    files = archive_files(site("es"), [issue(SENT, "es")], [])
    assert "<h2>Noviembre de 2026</h2>" in str(files["es/index.html"])


def test_the_index_shows_picture_and_standfirst() -> None:
    files = archive_files(site("en"), [issue_page(*typical(), SENT)], [])
    page = str(files["en/index.html"])
    assert "Where to get help with renewals this week" in page
    (picture,) = Document(page).all("img")
    assert picture.attrs["alt"] == ""
    data = files[picture.attrs["src"].removeprefix("../")]
    assert isinstance(data, bytes)
    with Image.open(BytesIO(data)) as small:
        assert small.size == (224, 112)
    assert (picture.attrs["width"], picture.attrs["height"]) == ("112", "56")


@pytest.mark.parametrize("kind", ["stories", "memoriam", "news"])
def test_no_list_shows_the_picture_of_a_story_or_of_the_dead(kind: str) -> None:
    (placement, item), pictures = news(0), typical()[1].pictures
    told = replace(item, kind=ItemKind.STORY if kind == "news" else item.kind)
    section = Section(id=kind, kind=kind, title="Told", placements=(placement,))
    facts = material([told], pictures={item.id: next(iter(pictures.values()))})
    page = issue_page(edition((section,)), facts, SENT)
    files = archive_files(site("en"), [page], [])
    assert not Document(str(files["en/index.html"])).all("img")
    assert not [name for name in files if name.endswith("-small.jpg")]


def test_each_issue_leads_to_the_one_before_and_the_one_after() -> None:
    weeks = [issue(SENT + timedelta(weeks=n), subject=f"Week {n}") for n in range(3)]
    files = archive_files(site("en"), weeks, [])
    first, middle, last = (links(files, week.path) for week in weeks)
    assert middle["Previous issue: Week 0"] == f"../../../{weeks[0].path}"
    assert middle["Next issue: Week 2"] == f"../../../{weeks[2].path}"
    assert "Next issue: Week 1" in first
    assert not [words for words in first if words.startswith("Previous")]
    assert not [words for words in last if words.startswith("Next")]
    assert middle["Follow by RSS"] == "../../../feed-en.xml"


def test_the_index_has_the_newest_and_each_year_its_own_list() -> None:
    weeks = [issue(SENT - timedelta(weeks=n), subject=f"Week {n}") for n in range(61)]
    files = archive_files(site("en"), weeks, [])
    index = links(files, "en/index.html")
    assert [words for words in index if words.startswith("Week")] == [
        f"Week {n}" for n in range(12)
    ]
    assert index["Older issues"] == "../en/2026/index.html"
    assert (index["2026"], index["2025"]) == ("../en/2026/index.html", "../en/2025/index.html")
    this_year, last_year = (links(files, f"en/{year}/index.html") for year in (2026, 2025))
    assert this_year["Older issues: 2025"] == "../../en/2025/index.html"
    assert last_year["Newer issues: 2026"] == "../../en/2026/index.html"
    assert {f"Week {n}" for n in range(61)} <= this_year.keys() | last_year.keys()


@pytest.mark.parametrize(
    ("language", "name"), [("en", "Housing"), ("es", "Vivienda"), ("ar", "السكن")]
)
def test_topics_are_those_of_the_form_in_the_pages_language_and_no_members_tags(
    language: str, name: str
) -> None:
    made, facts = digest(2, language)
    first, second = facts.items.values()
    tagged = {
        first.id: replace(first, topics=("VIVIENDA", "Uncategorized")),
        second.id: replace(second, topics=("housing", "Blog")),
    }
    page = issue_page(made, replace(facts, items=tagged), SENT)
    files = archive_files(site(language, topics=("food", "housing")), [page], [])
    folders = {one.split("/")[2] for one in files if one.startswith(f"{language}/topics/")}
    assert folders == {"housing"}
    assert f"<bdi>{name}</bdi> (2)" in str(files[f"{language}/index.html"])
    assert "Uncategorized" not in "".join(one for one in files.values() if isinstance(one, str))


def test_topics_whose_names_are_signs_or_nearly_the_same_have_one_page_or_none() -> None:
    made, facts = digest(2)
    first, second = facts.items.values()
    tagged = {
        first.id: replace(first, topics=("tenants & rent", "*")),
        second.id: replace(second, topics=("tenants-rent",)),
    }
    page = issue_page(made, replace(facts, items=tagged), SENT)
    files = archive_files(site("en", topics=("*", "tenants & rent", "tenants-rent")), [page], [])
    pages = [name for name in files if name.startswith("en/topics/")]
    assert pages == ["en/topics/tenants-rent/index.html"]
    assert str(files[pages[0]]).count("#p-") == 2


def test_each_member_has_a_page_also_one_that_an_issue_only_lists() -> None:
    made, facts = digest(1)
    quiet = Organisation(
        id="quiet", name="Quiet Street", url="https://quiet.example", languages=("en",),
        topics=("legal",), regions=("los-angeles",), contact="secret@quiet.example",
    )  # fmt: skip
    listed = replace(
        made, sections=(*made.sections, Section(id="m", kind="members", title="Who we are"))
    )
    facts = replace(facts, organisations={**facts.organisations, "quiet": quiet})
    files = archive_files(site("en"), [issue_page(listed, facts, SENT)], [])
    page = str(files["en/organisations/quiet/index.html"])
    assert links(files, "en/organisations/quiet/index.html")["Website of Quiet Street"] == quiet.url
    assert "<bdi>Legal</bdi> · <bdi>Los Angeles</bdi>" in page
    assert "No issue in this language" in page
    assert "secret@" not in page
    members = links(files, "en/organisations/index.html")
    assert members["Quiet Street"] == "../../en/organisations/quiet/index.html"
    assert members["Harbor Legal Aid (1)"]
    assert (
        "en/organisations/index.html" in links(files, "en/index.html")["Members of the coalition"]
    )
    unlisted = archive_files(site("en"), [issue_page(made, facts, SENT)], [])
    assert "en/organisations/quiet/index.html" not in unlisted, "no issue has named it"


def test_a_page_of_a_member_who_is_in_every_issue_stays_short() -> None:
    weeks = [
        issue_page(replace(made, issue_id=f"2026-W{week}"), facts, SENT + timedelta(weeks=week))
        for week in range(10, 26)
        for made, facts in [digest(60)]
    ]
    files = archive_files(site("en"), weeks, [])
    listed = links(files, "en/organisations/harbor-legal-aid/index.html")
    page = str(files["en/organisations/harbor-legal-aid/index.html"])
    assert page.count("#p-") == MOST
    assert listed["Search the past issues"] == "../../../en/search/index.html"
    assert "Harbor Legal Aid (240)" in links(files, "en/organisations/index.html")


def test_a_page_in_another_language_is_the_same_page_where_there_is_one() -> None:
    files = archive_files(site("en", "es"), [issue(SENT), issue(SENT, "es")], [])
    name = "organisations/harbor-legal-aid/index.html"
    assert links(files, f"en/{name}")["Español"] == f"../../../es/{name}"
    assert links(files, f"en/{name}")["Follow by RSS"] == "../../../feed-en.xml"
    only_english = archive_files(site("en", "es"), [issue(SENT)], [])
    assert links(only_english, f"en/{name}")["Español"] == "../../../es/index.html"


def test_the_way_to_the_form_keeps_the_language() -> None:
    page = issue(SENT, "es")
    files = archive_files(site("es"), [page], [])
    for name in (page.path, "es/index.html"):
        form = links(files, name)["Recibir el próximo por correo"]
        assert form == f"{COALITION.public_url}/subscribe?lang=es"


def test_a_page_says_its_own_address() -> None:
    files = archive_files(site("en"), [issue(SENT)], [])
    page = str(files["en/organisations/harbor-legal-aid/index.html"])
    assert re.findall(r'rel="canonical" href="([^"]+)"', page) == [
        f"{BASE}en/organisations/harbor-legal-aid/"
    ]
