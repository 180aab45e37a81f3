"""The archive is a static site: one script, no other host, and every link leads somewhere."""

import posixpath
import re
import xml.etree.ElementTree as ET
from dataclasses import replace
from datetime import UTC, date, datetime
from io import BytesIO
from pathlib import Path

import icalendar
import pytest
from PIL import Image

from newsletter.archive.files import archive_files
from newsletter.archive.issue_page import issue_page
from newsletter.archive.layout import Site
from newsletter.archive.search import is_search_page
from newsletter.archive.share_picture import face_for
from newsletter.archive.story_page import StoryPage
from newsletter.design.templates import Templates, shipped_folder
from newsletter.model.issue import Section
from newsletter.model.organisation import Organisation
from tests.design.documents import Document
from tests.design.samples import COALITION, digest, edition, event, everything, material, typical

TEMPLATES = Templates((shipped_folder(),))
BASE = "https://digest.neighbors.example/archive/"
SENT = datetime(2026, 11, 20, 18, 0, tzinfo=UTC)
STORY = StoryPage(
    id="st0ry001",
    language="en",
    title="The night shift taught me to speak up",
    form="ab" * 32,
    text="I cleaned offices.\n\n<script>x</script>\n\nThen we **organised**.",
    author="Marisol (not her real name)",
    until=date(2027, 3, 1),
)
Files = dict[str, str | bytes]


@pytest.fixture(scope="module")
def files() -> Files:
    site = Site(coalition=COALITION, templates=TEMPLATES, base=BASE, languages=("en", "ar"))
    pages = [
        issue_page(*typical(), SENT),
        issue_page(*digest(3, "ar"), SENT),
    ]
    return archive_files(site, pages, [STORY])


def pages(files: Files) -> dict[str, str]:
    return {
        name: text
        for name, text in files.items()
        if isinstance(text, str) and name.endswith("html")
    }


def test_each_edition_story_list_and_feed_has_its_file(files: Files) -> None:
    assert {
        "index.html",
        "en/index.html",
        "ar/index.html",
        "issues/2026-W47/en/index.html",
        "issues/2026-W47/en/share.png",
        "issues/2026-W47/en/event001.ics",
        "issues/2026-W47/ar/index.html",
        "stories/st0ry001/en/index.html",
        "en/organisations/harbor-legal-aid/index.html",
        "feed-en.xml",
        "feed-ar.xml",
        "sitemap.xml",
    } <= set(files)


def test_every_link_of_the_site_leads_to_a_file_and_every_picture_is_there(files: Files) -> None:
    for name, text in pages(files).items():
        for element in Document(text).elements:
            address = element.attrs.get("href") or element.attrs.get("src") or ""
            if "://" in address or not address or address.startswith("#"):
                continue
            target = posixpath.normpath(posixpath.join(posixpath.dirname(name), address))
            assert target.partition("#")[0] in files, (name, address)


def test_an_anchor_leads_to_its_placement(files: Files) -> None:
    listed = str(files["en/organisations/harbor-legal-aid/index.html"])
    anchors = re.findall(r'href="[^"]*index\.html#([\w-]+)"', listed)
    shown = Document(str(files["issues/2026-W47/en/index.html"]))
    assert anchors
    assert set(anchors) <= {one.attrs.get("id") for one in shown.elements}


def test_nothing_runs_and_nothing_is_loaded_from_elsewhere(files: Files) -> None:
    for name, text in pages(files).items():
        document = Document(text)
        assert not document.all("iframe", "form", "object"), name
        scripts = [one.attrs for one in document.all("script")]
        if is_search_page(name):
            assert scripts == [{"src": "../../search.js", "defer": ""}]
        else:
            assert not scripts, name
        policies = [
            one.attrs["content"]
            for one in document.all("meta")
            if one.attrs.get("http-equiv") == "Content-Security-Policy"
        ]
        assert policies
        assert policies[0].startswith("default-src 'none'; img-src 'self'")
        for element in document.elements:
            assert "://" not in element.attrs.get("src", "")
            if element.tag == "link":
                assert element.attrs["rel"] in {"canonical", "alternate"}


def test_an_issues_page_carries_nothing_of_one_reader(files: Files) -> None:
    page = str(files["issues/2026-W47/en/index.html"])
    assert "@@" not in page
    assert "cid:" not in page
    assert "Unsubscribe" not in page
    assert "[if mso" not in page


def test_a_page_without_its_pictures_is_under_60_kb() -> None:
    site = Site(coalition=COALITION, templates=TEMPLATES, base=BASE, languages=("en", "ar"))
    for issue in (everything(), digest(60), digest(60, "ar")):
        made = archive_files(site, [issue_page(*issue, SENT)], [])
        page = str(made[f"issues/2026-W47/{issue[0].language}/index.html"])
        assert len(page.encode()) < 60_000


def test_the_page_of_an_issue_names_the_members_that_its_mail_only_counts() -> None:
    issue, facts = typical()
    street = {
        f"m{number}": Organisation(
            id=f"m{number}", name=f"{number} Street", url="", languages=("en",)
        )
        for number in range(60)
    }
    listed = replace(
        issue, sections=(*issue.sections, Section(id="m", kind="members", title="Who we are"))
    )
    page = issue_page(listed, replace(facts, organisations={**facts.organisations, **street}), SENT)
    site = Site(coalition=COALITION, templates=TEMPLATES, base=BASE, languages=("en",))
    html = str(archive_files(site, [page], [])["issues/2026-W47/en/index.html"])
    assert page.view.members_page == f"{BASE}issues/2026-W47/en/#members"
    assert html.partition('id="members"')[2].count(" Street") >= 60


def test_the_feed_is_atom_with_absolute_links(files: Files) -> None:
    root = ET.fromstring(str(files["feed-en.xml"]))
    atom = "{http://www.w3.org/2005/Atom}"
    entry = root.find(f"{atom}entry")
    assert entry is not None
    link = entry.find(f"{atom}link")
    assert link is not None
    assert link.attrib["href"] == f"{BASE}issues/2026-W47/en/"
    assert entry.findtext(f"{atom}updated") == "2026-11-20T18:00:00Z"


def test_the_sitemap_names_every_page(files: Files) -> None:
    root = ET.fromstring(str(files["sitemap.xml"]))
    found = {one.text for one in root.iter("{http://www.sitemaps.org/schemas/sitemap/0.9}loc")}
    assert found == {f"{BASE}{name.removesuffix('index.html')}" for name in pages(files)}


def test_a_calendar_file_says_when_and_where(files: Files) -> None:
    data = files["issues/2026-W47/en/event001.ics"]
    assert isinstance(data, bytes)
    (event,) = icalendar.Calendar.from_ical(data).walk("VEVENT")
    assert event.decoded("dtstart").astimezone(UTC) == datetime(2026, 11, 22, 18, 0, tzinfo=UTC)
    assert "Casa Norte" in event["location"]
    assert str(event["summary"]) == "Know your rights evening 1"
    assert b"TZID" not in data  # without its VTIMEZONE (RFC 5545, 3.2.19) Outlook refuses one
    data = files["issues/2026-W47/en/event000.ics"]
    assert isinstance(data, bytes)
    (all_day,) = icalendar.Calendar.from_ical(data).walk("VEVENT")
    assert all_day.decoded("dtend") == date(2026, 11, 23)


def test_a_cancelled_event_has_no_calendar_file() -> None:
    placement, item = event(1)
    off = replace(placement, details={"cancelled": "yes"})
    sections = (Section(id="events", kind="events", title="Events", placements=(off,)),)
    page = issue_page(edition(sections), material([item]), SENT)
    site = Site(coalition=COALITION, templates=TEMPLATES, base=BASE, languages=("en",))
    assert [name for name in archive_files(site, [page], []) if name.endswith(".ics")] == []


def test_a_story_page_says_until_when_and_runs_nothing(files: Files) -> None:
    page = str(files["stories/st0ry001/en/index.html"])
    assert "publish it until March 1, 2027" in page
    assert "By Marisol (not her real name)" in page
    assert "&lt;script&gt;" in page


def test_a_right_to_left_list_runs_right_to_left(files: Files) -> None:
    (html,) = Document(str(files["ar/index.html"])).all("html")
    assert (html.attrs["lang"], html.attrs["dir"]) == ("ar", "rtl")
    assert "نوفمبر 2026" in str(files["ar/index.html"])


def test_names_and_addresses_keep_their_order_in_a_right_to_left_list(files: Files) -> None:
    page = str(files["ar/index.html"])
    assert "<bdi>12 Example Street, Suite 3</bdi>" in page
    members = str(files["ar/organisations/index.html"])
    names = re.findall(r"<bdi>([^<]*)</bdi> \(\d+\)", members)
    assert names == sorted(names)
    assert "Valley Workers&#39; Center" in names


def test_the_share_picture_is_what_networks_show_whole(files: Files) -> None:
    data = files["issues/2026-W47/en/share.png"]
    assert isinstance(data, bytes)
    picture = Image.open(BytesIO(data))
    assert picture.size == (1200, 630)
    assert len(data) < 100_000
    assert len(picture.convert("RGB").getcolors(1000) or []) > 3


def test_a_typeface_that_cannot_be_read_is_passed_over(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Elsewhere the path of Windows begins in the folder that a command was started in."""
    face = tmp_path / "C:/Windows/Fonts/arialbd.ttf"
    face.parent.mkdir(parents=True)
    face.write_bytes(b"no typeface")
    monkeypatch.chdir(tmp_path)
    assert face_for("\U000f0000", 20) is None


def test_same_issues_same_bytes(files: Files) -> None:
    site = Site(coalition=COALITION, templates=TEMPLATES, base=BASE, languages=("en", "ar"))
    made = [issue_page(*typical(), SENT), issue_page(*digest(3, "ar"), SENT)]
    assert archive_files(site, made, [STORY]) == files
