"""An edition becomes HTML and text that say the same, in its language and direction."""

import dataclasses
import email
import email.policy
import re
from collections import Counter
from itertools import pairwise
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from newsletter.design.mjml import without_controls
from newsletter.design.render import render
from newsletter.design.templates import Templates, shipped_folder
from newsletter.errors import ConfigError
from newsletter.issues.checking.rendered_safety import MOST_BYTES, as_sent
from newsletter.model.issue import Edition, Placement, Section
from newsletter.model.material import Material
from newsletter.model.message import LEAVE_URL, PREFERENCES_URL, InlinePicture, RenderedEdition
from newsletter.model.organisation import Organisation
from newsletter.model.section_kinds import FACTS, KINDS
from newsletter.web.stories_frame import TELL
from tests.design.documents import Document
from tests.design.front_page import front_page
from tests.design.messages import as_message
from tests.design.samples import (
    COALITION,
    bulletin,
    correction,
    digest,
    edition,
    event,
    everything,
    material,
    news,
    typical,
    with_logo,
)

TEMPLATES = Templates((shipped_folder(),))


@pytest.fixture(scope="module")
def week() -> RenderedEdition:
    return render(*typical(), TEMPLATES)


def test_every_title_and_link_is_in_both_parts(week: RenderedEdition) -> None:
    issue, _ = typical()
    document = Document(week.html)
    hrefs = {link.attrs["href"] for link in document.all("a")}
    text = " ".join(week.text.split())
    for placement in issue.placements:
        assert placement.title in {one.text for one in document.all("h3")}
        assert placement.title in text
    for href in hrefs:
        assert href.startswith("#") or href.removeprefix("mailto:") in week.text


def test_every_link_is_in_both_parts_as_often() -> None:
    """What rspamd calls an odd number of links is one that only one part has."""
    whole = everything()[0]
    share = Placement(
        title="Tell a neighbor", blurb="Come!", link="https://casa-norte.example/come"
    )
    shared = dataclasses.replace(
        whole.sections[0], kind="share", title="Words", placements=(share,)
    )
    picture = {"picture": "hands.png", "alt": "Many hands"}
    pictured = Placement(title="Sign", link="https://casa-norte.example/sign", details=picture)
    act = dataclasses.replace(shared, kind="actions", title="Act", placements=(pictured,))
    issue = dataclasses.replace(whole, sections=(*whole.sections, shared, act))
    for made, facts in (typical(), digest(4), (issue, everything()[1])):
        rendered = render(made, facts, TEMPLATES)
        links = [one.attrs["href"] for one in Document(rendered.html).all("a")]
        personal = {LEAVE_URL: "https://leave", PREFERENCES_URL: "https://preferences"}
        text = rendered.text
        for field, url in personal.items():
            links = [url if href == field else href for href in links]
            text = text.replace(field, url)
        in_html = Counter(href for href in links if href.startswith("https:"))
        assert in_html == Counter(re.findall(r"https://[^\s)>]+", text))


@pytest.mark.parametrize(
    ("language", "arabic", "spoken"),
    [("en", "العربية", "ar"), ("es", "Árabe", "es"), ("ar", "Español", "es")],
)
def test_another_edition_has_its_own_name_where_that_hides_no_accents(
    language: str, arabic: str, spoken: str
) -> None:
    links = Document(render(*digest(1, language), TEMPLATES).html).all("a")
    (other,) = [one for one in links if one.text == arabic]
    assert other.attrs["lang"] == spoken
    editions = [one.attrs["hreflang"] for one in links if "hreflang" in one.attrs]
    assert editions == [tag for tag in ("en", "es", "ar") if tag != language]


def test_source_second_source_and_picture_credit_stand_under_the_placement(
    week: RenderedEdition,
) -> None:
    line = (
        "From Harbor Legal Aid · November 20, 2026 · Also shared by Casa Norte and "
        "River Tenants Union · Picture by Ana Reyes"
    )
    assert line in [one.text for one in Document(week.html).all("p")]
    assert line in " ".join(week.text.split())


def test_a_story_is_credited_as_its_consent_says(week: RenderedEdition) -> None:
    assert "By Marisol (not her real name)" in week.text
    assert week.story_ids == ("st0ry001",)


def test_a_picture_travels_inside_with_its_words(week: RenderedEdition) -> None:
    (image,) = Document(week.html).all("img")
    assert image.attrs["src"] == "cid:p1@digest"
    assert image.attrs["alt"] == "Two volunteers at a table with forms"
    assert (image.attrs["width"], image.attrs["height"]) == ("552", "276")
    assert [picture.cid for picture in week.pictures] == ["p1@digest"]
    assert "[Picture: Two volunteers at a table with forms]" in week.text


def test_the_picture_of_a_linked_piece_is_a_link() -> None:
    """With its title it is one link, which screen readers say once."""
    piece = Placement(title="Hands", link="https://a.example", details={"picture": "hands.png"})
    for kind in ("news", "stories", "events", "media", "art", "memoriam", "actions"):
        section = Section(id="s", kind=kind, title="S", placements=(piece,))
        html = render(edition((section,)), everything()[1], TEMPLATES).html
        shown = re.sub(r"<!--.*?-->", "", html)
        assert re.search(r'<a href="https://a.example"><img [^>]*/>', shown), kind
        assert html.count('"https://a.example"') == (2 if kind == "actions" else 1), kind


def test_an_event_says_when_and_where_in_the_coalitions_time(week: RenderedEdition) -> None:
    assert "Sunday, November 22, 10:00\u202fAM – 12:00\u202fPM PST" in week.html
    assert "Casa Norte, 400 River Street" in week.text
    assert f"{COALITION.public_url}/archive/issues/2026-W47/en/event001.ics" in week.text


def test_the_footer_has_address_preferences_and_leaving(week: RenderedEdition) -> None:
    hrefs = [link.attrs["href"] for link in Document(week.html).all("a")]
    assert hrefs.count(LEAVE_URL) == hrefs.count(PREFERENCES_URL) == 1
    assert "12 Example Street, Suite 3" in week.html
    assert f"Unsubscribe: {LEAVE_URL}" in week.text


def test_there_is_one_h1_and_no_level_is_skipped(week: RenderedEdition) -> None:
    levels = [int(one.tag[1]) for one in Document(week.html).all("h1", "h2", "h3", "h4")]
    assert levels.count(1) == 1
    assert all(later - earlier <= 1 for earlier, later in pairwise(levels))


def test_the_preheader_is_the_first_words(week: RenderedEdition) -> None:
    body = week.html[week.html.index("<body") :]
    words = re.sub(r"<[^>]*>", "", body).strip()
    assert words.startswith(week.preheader)


def test_without_a_preheader_the_first_titles_serve() -> None:
    issue, facts = typical()
    rendered = render(dataclasses.replace(issue, preheader=""), facts, TEMPLATES)
    assert 40 <= len(rendered.preheader) <= 110
    assert rendered.preheader.startswith(issue.placements[0].title)


def test_without_a_public_address_there_is_no_browser_link() -> None:
    issue, facts = typical()
    offline = dataclasses.replace(COALITION, public_url="")
    rendered = render(issue, dataclasses.replace(facts, coalition=offline), TEMPLATES)
    assert "View in your browser" not in rendered.html + rendered.text
    assert ".ics" not in rendered.html


def test_only_links_name_a_host_and_nothing_is_loaded(week: RenderedEdition) -> None:
    for element in Document(week.html).elements:
        assert element.tag not in {"script", "link", "iframe", "object", "form", "video", "audio"}
        assert not element.attrs.get("src", "cid:").startswith(("http", "//"))
    assert "url(" not in week.html
    assert "@import" not in week.html


def test_a_right_to_left_edition_runs_right_to_left() -> None:
    rendered = render(*digest(3, "ar"), TEMPLATES)
    (html,) = Document(rendered.html).all("html")
    assert (html.attrs["lang"], html.attrs["dir"]) == ("ar", "rtl")
    assert "direction:ltr" not in rendered.html
    assert "text-align:left" not in rendered.html.replace("font-size:0px;text-align:left", "")


def test_words_in_another_language_are_marked() -> None:
    placement, item = news(1, "es")
    placed = dataclasses.replace(placement, language="es")
    sections = (Section(id="news", title="News", placements=(placed,)),)
    rendered = render(edition(sections), material([item]), TEMPLATES)
    heading = next(one for one in Document(rendered.html).all("h3") if one.text == item.title)
    assert (heading.attrs["lang"], heading.attrs["dir"]) == ("es", "ltr")


def test_same_inputs_same_bytes() -> None:
    other = Templates((shipped_folder(),))
    assert render(*typical(), TEMPLATES).digest == render(*typical(), other).digest


def test_sixty_items_fit_well_under_what_gmail_cuts_under_a_logo_too() -> None:
    logo = with_logo()[1].logo
    for language in ("en", "es", "ar"):
        sixty, twelve = (
            render(issue, dataclasses.replace(facts, logo=logo), TEMPLATES).html
            for issue, facts in (digest(count, language) for count in (60, 12))
        )
        assert as_sent(sixty) < MOST_BYTES
        assert len(twelve.encode()) < 25_000


@given(title=st.text(min_size=1, max_size=40), alt=st.text(max_size=20))
@settings(max_examples=60)
def test_any_words_come_through_titles_links_and_text(title: str, alt: str) -> None:
    url = "https://a.example/?q=" + "".join(title.split())
    placed = Placement(title=title, link=url, blurb="Words.")
    pictured, item = news(1)
    picture = InlinePicture(cid="p@x", media_type="image/png", data=b"", alt=alt)
    sections = (Section(id="s", title=title, placements=(placed, pictured)),)
    facts = material([item], pictures={item.id: picture})
    rendered = render(edition(sections, subject=title), facts, TEMPLATES)
    kept = " ".join(without_controls(title).split())
    document = Document(rendered.html)
    assert kept in {one.text for one in document.all("h2")} | {""}
    assert without_controls(url) in {link.attrs["href"] for link in document.all("a")}
    assert kept in " ".join(rendered.text.split())
    assert rendered.subject == kept
    assert "\n" not in rendered.subject + rendered.preheader
    assert document.all("img")[0].attrs["alt"] == " ".join(without_controls(alt).split())


def test_a_mistake_in_a_workspaces_template_is_an_error_with_file_and_line(tmp_path: Path) -> None:
    (tmp_path / "footer.mjml").write_text("<mj-section>\n{{ nothing_like_that }}</mj-section>")
    with pytest.raises(ConfigError) as caught:
        render(*typical(), Templates((tmp_path, shipped_folder())))
    assert caught.value.file.endswith("footer.mjml")
    assert caught.value.line == 2


def test_a_part_is_overridden_from_the_workspace_alone(tmp_path: Path) -> None:
    (tmp_path / "masthead.txt").write_text("OUR OWN MASTHEAD\n")
    rendered = render(*typical(), Templates((tmp_path, shipped_folder())))
    assert rendered.text.startswith("OUR OWN MASTHEAD")
    assert "Unsubscribe" in rendered.text


def test_a_part_is_compiled_once_and_anew_when_its_words_change(tmp_path: Path) -> None:
    def code(folder: Path) -> object:
        environment = Templates((folder, shipped_folder()))._environment
        return environment.get_template("mine.txt").root_render_func.__code__.co_consts

    other = tmp_path / "other"
    other.mkdir()
    for folder in (tmp_path, other):
        (folder / "mine.txt").write_text(f"The words of {folder.name}.")
    assert code(tmp_path) is code(tmp_path)
    said = Templates((tmp_path,)).render("mine.txt", {})
    assert Templates((other,)).render("mine.txt", {}) == "The words of other."
    (tmp_path / "mine.txt").write_text("Other words.")
    assert Templates((tmp_path,)).render("mine.txt", {}) == "Other words." != said


@pytest.mark.parametrize(
    ("source", "words"),
    [
        ("{{ ''.__class__.__mro__ }}", "unsafe"),
        ("{{ cycler.__init__.__globals__.os.popen('id') }}", "unsafe"),
        ("{% for n in range(1000000000) %}x{% endfor %}", "big"),
    ],
)
def test_a_part_runs_no_program(tmp_path: Path, source: str, words: str) -> None:
    (tmp_path / "masthead.txt").write_text(f"Hello\n{source}\n")
    with pytest.raises(ConfigError, match=words) as caught:
        render(*typical(), Templates((tmp_path, shipped_folder())))
    assert (caught.value.file, caught.value.line) == (str(tmp_path / "masthead.txt"), 2)


def test_a_part_that_is_not_utf_8_is_named(tmp_path: Path) -> None:
    (tmp_path / "masthead.txt").write_bytes(b"Se\xf1al")
    with pytest.raises(ConfigError, match="not UTF-8") as caught:
        render(*typical(), Templates((tmp_path, shipped_folder())))
    assert caught.value.file == str(tmp_path / "masthead.txt")


def test_a_cancelled_event_says_so() -> None:
    placement, item = event(1)
    cancelled = dataclasses.replace(placement, details={"cancelled": "yes"})
    sections = (Section(id="events", title="Events", kind="events", placements=(cancelled,)),)
    rendered = render(edition(sections), material([item]), TEMPLATES)
    assert "Cancelled: <s>" in rendered.html
    assert "Cancelled: Sunday" in rendered.text


def test_a_name_that_runs_against_the_sentence_is_kept_apart() -> None:
    arabic = render(*digest(1, "ar"), TEMPLATES)
    assert 'من <span dir="ltr">Harbor Legal Aid</span> · 20 نوفمبر 2026' in arabic.html
    assert "من \u2068Harbor Legal Aid\u2069 · 20 نوفمبر 2026" in arabic.text
    assert "<bdi" not in arabic.html
    assert "<span dir" not in render(*digest(1), TEMPLATES).html


def test_a_phone_number_keeps_its_order_among_arabic_words() -> None:
    hotline = Placement(
        title="خط", blurb="اتصلوا بالرقم +1 555 010 0142 الآن", details={"call": "213-555-0100"}
    )
    section = Section(id="hotlines", kind="hotlines", title="أرقام", placements=(hotline,))
    whole = '<span style="white-space:nowrap">213-555-0100</span>'
    for language, number, said in (
        ("ar", f'<span dir="ltr">{whole}</span>', "\u2066+1 555 010 0142\u2069"),
        ("en", f"Call {whole}", "بالرقم +1 555 010 0142 الآن"),
    ):
        rendered = render(edition((section,), language), material([]), TEMPLATES)
        assert number in rendered.html
        assert said in rendered.html
        assert said in rendered.text


def test_an_address_keeps_its_order_among_arabic_words() -> None:
    evening = Placement(
        title="أمسية", details={"when": "2026-11-21 18:00", "where": "400 River Street"}
    )
    section = Section(id="events", kind="events", title="فعاليات", placements=(evening,))
    members = Section(id="members", kind="members", title="من نحن")
    rendered = render(edition((section, members), "ar"), material([]), TEMPLATES)
    for kept in ("400 River Street", "Casa Norte"):
        assert f'<span dir="ltr">{kept}</span>' in rendered.html
        assert f"\u2068{kept}\u2069" in rendered.text


def test_without_its_style_element_a_message_still_reads() -> None:
    """Gmail's app drops it for other providers' mailboxes; Outlook's display:block is no block."""
    rendered = render(*everything(), TEMPLATES)
    bare = re.sub(r"<style.*?</style>", "", rendered.html, flags=re.DOTALL)
    assert "</a><a" not in bare
    document = Document(bare)
    preheader = next(one for one in document.all("div") if one.attrs.get("aria-hidden") == "true")
    assert preheader.text.startswith(rendered.preheader)
    assert "display:none" in preheader.attrs["style"]
    view = next(one for one in document.all("a") if one.text == "View in your browser")
    assert view.attrs["style"] == f"color:{TEMPLATES.tokens.light.band_text}"
    for picture in document.all("img"):
        assert picture.attrs["style"].startswith("width:100%;max-width:")


def test_each_kind_shows_the_facts_that_it_is_said_to_show() -> None:
    values = {
        "when": "2026-11-21 10:00", "until": "2026-11-21 23:59", "where": "Pier 9",
        "online": "https://meet.example/1", "calendar": "https://c.example/1.ics",
        "cancelled": "yes", "action": "sign", "deadline": "2026-11-25", "target": "The governor",
        "call": "213-555-0100", "text": "213-555-0111", "script": "Hello there", "hours": "Always",
        "spoken": "mixteco", "verified": "2026-11-02", "verified_by": "Somebody",
        "lapses": "2026-11-22", "audio": "https://a.example/1.mp3",
        "video": "https://a.example/1.mp4", "length": "42:10",
        "transcript": "https://a.example/1.txt", "updated": "2026-10-01", "dates": "1951 – 2026",
        "network": "WhatsApp", "size": "brief",
    }  # fmt: skip
    assert set(values) == FACTS
    together = {"verified_by": ("verified",), "until": ("when",), "cancelled": ("when",)}
    together |= {"calendar": ("when",), "length": ("audio",)}

    def shown(kind: str, keys: tuple[str, ...]) -> str:
        piece = Placement(title="T", link="https://t.example", details={k: values[k] for k in keys})
        section = Section(id="s", kind=kind, title="S", placements=(piece,))
        rendered = render(edition((section,)), material([]), TEMPLATES)
        return rendered.html + rendered.text

    for kind, rule in KINDS.items():
        seen = {
            key
            for key in values
            for with_it in [together.get(key, ())]
            if shown(kind, (*with_it, key)) != shown(kind, with_it)
        }
        assert seen == set(rule.shows), kind


def test_every_piece_of_the_text_begins_at_the_margin() -> None:
    edition, facts = everything()
    lines = render(edition, facts, TEMPLATES).text.splitlines()
    for section in edition.sections:
        for placement in section.placements:
            assert any(line.startswith(f"* {placement.title}") for line in lines), placement.title


def test_the_words_to_say_keep_their_paragraphs() -> None:
    asked = Placement(title="Ask", details={"script": "Hello, I am <a neighbor>.\n\nPlease sign."})
    section = Section(id="actions", kind="actions", title="Act", placements=(asked,))
    rendered = render(edition((section,)), material([]), TEMPLATES)
    assert "Hello, I am &lt;a neighbor&gt;.<br /><br />Please sign." in rendered.html
    assert "> Hello, I am <a neighbor>.\n" in rendered.text
    assert "> Please sign." in rendered.text


def test_only_a_number_is_offered_to_be_called() -> None:
    page = "https://river-tenants.example/act"
    for number, label in (("916-555-0133", "Take action: Ask them"), ("", "Call: Ask them")):
        asked = Placement(title="Ask them", link=page, details={"action": "call", "call": number})
        section = Section(id="actions", kind="actions", title="Act", placements=(asked,))
        rendered = render(edition((section,)), material([]), TEMPLATES)
        button = next(one for one in Document(rendered.html).all("a") if one.attrs["href"] == page)
        assert button.text == label
        assert f"{label}\n  {page}" in rendered.text


def test_a_piece_in_another_language_runs_its_own_way() -> None:
    piece = Placement(title="Las cartas", blurb="Una caja.", language="es")
    section = Section(id="news", title="News", placements=(piece,))
    for language, style in (("ar", "text-align:left"), ("en", None)):
        document = Document(render(edition((section,), language), material([]), TEMPLATES).html)
        (title,) = document.all("h3")
        assert (title.attrs["lang"], title.attrs["dir"]) == ("es", "ltr")
        assert title.attrs.get("style") == style


def of_members(count: int, **coalition: str) -> tuple[Edition, Material]:
    """A week's issue that lists so many members last."""
    issue, facts = typical()
    named = {
        f"m{number}": Organisation(
            id=f"m{number}",
            name=f"Neighbors of {number} Street",
            url=f"https://org{number}.example",
            languages=("en",),
        )
        for number in range(count)
    }
    listed = Section(id="members", kind="members", title="Who we are")
    issue = dataclasses.replace(issue, sections=(*issue.sections, listed))
    changed = dataclasses.replace(COALITION, **coalition)
    organisations = {**facts.organisations, **named}
    return issue, dataclasses.replace(facts, coalition=changed, organisations=organisations)


def test_two_hundred_members_do_not_bury_the_way_to_leave() -> None:
    """They were 74% of the message, a line each."""
    rendered = render(*of_members(200), TEMPLATES)
    page = f"{COALITION.public_url}/archive/issues/2026-W47/en/#members"
    for part in (rendered.html, rendered.text):
        assert "Neighbors of 7 Street" not in part
        assert "Members of the coalition: 204" in part
        assert page in part
    last = rendered.html.index("Who we are")
    assert rendered.html.index(LEAVE_URL, last) - last < 6_000


def test_members_are_named_in_the_mail_while_they_are_few_or_have_no_page() -> None:
    for count, coalition in ((30, {}), (200, {"public_url": ""})):
        rendered = render(*of_members(count, **coalition), TEMPLATES)
        assert rendered.html.count("https://org") == rendered.text.count("https://org") == count
        assert not Document(rendered.html).all("li")


def test_a_long_issue_has_the_way_to_leave_at_its_top_too() -> None:
    for language in ("en", "ar"):
        long, short = (render(*digest(count, language), TEMPLATES) for count in (16, 3))
        for part in (long.html[long.html.index("<body") :], long.text):
            assert part.count(LEAVE_URL) == 2
            assert part.index(LEAVE_URL) < len(part) / 4
        assert short.text.count(LEAVE_URL) == 1
        mailed = email.message_from_bytes(as_message(long), policy=email.policy.default)
        for kind in ("plain", "html"):
            body = mailed.get_body((kind,))
            assert body is not None
            assert body.get_content().count("/leave/dGhpcyBpcyBhIHRva2Vu") == 2


def test_a_lead_is_wide_a_normal_piece_has_its_picture_beside_it_and_a_brief_has_none() -> None:
    rendered = render(*front_page(), TEMPLATES)
    document = Document(rendered.html)
    widths = [one.attrs["width"] for one in document.all("img")]
    assert widths == ["552", "552", "176", "176"]  # at the top, then the lead's
    assert [one.text for one in document.all("h3") if one.attrs.get("class") == "d"] == [
        "Heat is back in 84 homes"
    ]
    briefs = [one.text for one in document.all("p") if one.attrs.get("class") == "g"]
    assert briefs == [
        "The library card asks for no papers · From River Tenants Union",
        "Choir practice moves to Thursdays · From Harbor Legal Aid",
    ]
    assert "* The library card asks for no papers" in rendered.text
    assert len(rendered.pictures) == 4


def test_outlook_for_windows_gets_a_table_for_a_picture_at_the_side() -> None:
    for language, side in (("en", "right"), ("ar", "left")):
        html = render(*front_page(language), TEMPLATES).html
        assert html.count(f'<!--[if mso]><table align="{side}"') == 2
        assert html.count(f"float:{side};width:34%") == 2


def test_an_events_day_stands_beside_it_for_the_eye_alone() -> None:
    for language, month in (("en", "Nov"), ("es", "nov"), ("ar", "نوفمبر")):
        rendered = render(*front_page(language), TEMPLATES)
        blocks = [
            one.text
            for one in Document(rendered.html).all("table")
            if one.attrs.get("aria-hidden") == "true"
        ]
        assert blocks == [f"21{month}", f"24{month}"]


def test_short_links_of_events_are_told_apart_by_what_is_said() -> None:
    rendered = render(*front_page(), TEMPLATES)
    links = [one for one in Document(rendered.html).all("a") if one.text == "Add to calendar"]
    assert [one.attrs["aria-label"] for one in links] == [
        "Add to calendar: Free legal clinic",
        "Add to calendar: Know your rights evening",
    ]
    assert "Add to calendar: Free legal clinic\n" in rendered.text


@pytest.mark.parametrize("language", ["en", "es", "ar"])
def test_the_ending_leads_to_the_form_for_stories_and_to_no_readers_own_page(language: str) -> None:
    rendered = render(*front_page(language), TEMPLATES)
    ending = rendered.html.partition('class="foot"')[2]
    hrefs = [one.attrs["href"] for one in Document(ending).all("a")]
    public = COALITION.public_url
    assert hrefs[:4] == [
        f"{public}{TELL}?lang={language}",
        "mailto:digest@neighbors.example",
        f"{public}/archive/issues/2026-W47/{language}/",
        f"{public}/archive/{language}/",
    ]
    end = rendered.text.partition("\n--\n")[0]
    assert all(href.removeprefix("mailto:") in end for href in hrefs[:4])


def test_a_bulletin_ends_without_an_invitation() -> None:
    rendered = render(*bulletin(), TEMPLATES)
    assert "Tell your story" not in rendered.html + rendered.text


@pytest.mark.parametrize(
    ("language", "words"),
    [("en", "Urgent bulletin"), ("es", "Boletín urgente"), ("ar", "نشرة عاجلة")],
)
def test_a_bulletin_looks_urgent_from_its_first_line_and_says_until_when(
    language: str, words: str
) -> None:
    rendered, week = (
        render(*made, TEMPLATES) for made in (bulletin(language), digest(1, language))
    )
    light = TEMPLATES.tokens.light
    for part in (rendered, week):
        bands = [
            one for one in Document(part.html).all("div") if "band" in one.attrs.get("class", "")
        ]
        assert (f"background:{light.alert_text}" in bands[0].attrs["style"]) is (part is rendered)
        assert (words in bands[0].text) is (part is rendered)
    assert "6:00" in rendered.html.partition("<h1>")[0]
    assert f"{words}\n" in rendered.text
    assert "6:00" in rendered.text.partition("===")[0]


def test_a_correction_is_not_called_urgent() -> None:
    rendered = render(*correction(), TEMPLATES)
    assert rendered.text.splitlines()[1] == "Correction"
    assert "Urgent bulletin" not in rendered.html + rendered.text
