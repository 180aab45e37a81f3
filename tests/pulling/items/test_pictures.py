"""A picture is judged by its size and its place; a word in its name says nothing."""

from datetime import UTC, datetime
from pathlib import Path

import pytest

from newsletter.model.answer import Fetched
from newsletter.model.entry import Enclosure
from newsletter.model.organisation import Organisation
from newsletter.pulling.items.pictures import choose, misfit
from newsletter.pulling.reading import ReadFeed, ReadJob, read

BASE = "https://harbor.example/march"
CASE = Path(__file__).parents[1] / "cases" / "pictures.rss"
MARCH = '<img src="/u/march.jpg" width="900">'
SHARER = "https://www.facebook.com/sharer/sharer.php?u=x"


def chosen(markup: str, *attached: Enclosure, authors: tuple[str, ...] = ()) -> str:
    picture = choose(markup, BASE, attached, authors=authors)
    return picture.url.removeprefix("https://harbor.example/") if picture else ""


def picture(url: str, width: int | None = None, height: int | None = None) -> Enclosure:
    return Enclosure(url=url, media_type="image/*", width=width, height=height)


@pytest.mark.parametrize(
    "name",
    [
        "share-the-meal.jpg",
        "badge-ceremony.jpg",
        "red-button-campaign.jpg",
        "sharing/day.jpg",
        "u/pixel-art.jpg",
        "icons-of-the-movement.jpg",
        "avatar-premiere.jpg",
        "author-visit.jpg",
        "blank-walls.jpg",
        "tracks.jpg",
        "march.jpg?utm_source=rss",
    ],
)
def test_a_word_in_a_name_says_nothing(name: str) -> None:
    assert chosen(f'<p>T</p><img src="/{name}">') == name


@pytest.mark.parametrize(
    "before",
    [
        '<img class="avatar author-photo" src="/u/ana.jpg">',
        '<div class="post-author"><a href="/ana"><img src="/u/ana.jpg"></a></div>',
        '<img src="/u/ana.jpg" alt="Ana Ruiz">',
        '<img src="https://secure.gravatar.com/avatar/x?s=400">',
        '<img src="/a" style="width:1px;height:1px">',
        '<img src="/a" style="border: 0; height: 1px !important; width: 1px !important">',
        '<img src="/a" style="DISPLAY: none">',
        '<div style="display:none"><img src="/og.jpg"></div>',
        '<img src="/a" height="0" width="0">',
        '<img src="/logo.svg" width="300">',
        '<img src="/logo.svg?v=2">',
        f'<a href="{SHARER}"><img src="/fb.png"></a>',
        f"<a class='x' href='{SHARER}'>\n <span><img src='/fb.png'></span></a>",
        '<a href="https://harbor.example/donate"><img src="/give.png"></a>',
        '<a href="https://www.instagram.com/harbor/"><img src="/ig.png"></a>',
        '<img class="emoji" src="/heart.png">',
        '<img src="/narrow.jpg" width="60">',
        '<img src="/tall.jpg" width="200" height="800">',
        '<img src="/strip.jpg" width="900" height="90">',
        '<img src="/u/x-60x60.jpg" width="900">',
        '<img src="/u/ana-150x150.jpg">',
        '<img src="">',
        "<img src='javascript:x'>",
        '<picture><source srcset="/icon.webp, /icon-2.webp 2x"><img src="/i.png" width="48">'
        "</picture>",
        '<picture><source srcset="/ana.webp 480w" sizes="64px"><img src="/a.png" width="64">'
        "</picture>",
        '<picture><source srcset="/row.webp 1200w"><img src="/r.png" width="180" height="15">'
        "</picture>",
    ],
)
def test_what_is_no_picture_of_the_text_leaves_its_place_to_the_next(before: str) -> None:
    assert chosen(f"{before}<p>T</p>{MARCH}", authors=("Ana Ruiz",)) == "u/march.jpg"
    if before.startswith("<img"):  # nor does it wrap what stands right behind it
        assert chosen(before + MARCH, authors=("Ana Ruiz",)) == "u/march.jpg"
    assert "march" not in chosen(before, authors=("Ana Ruiz",))


@pytest.mark.parametrize(
    ("markup", "url"),
    [
        ('<img srcset="/s.jpg 300w, /m.jpg 900w, /l.jpg 4000w">', "m.jpg"),
        ('<img srcset="/l.jpg 4000w,/xl.jpg 6000w">', "l.jpg"),
        ('<img srcset="/c/w_300,h_2/a.jpg 300w, /c/w_900,h_6/a.jpg 900w">', "c/w_900,h_6/a.jpg"),
        ('<img srcset="/one.jpg, /two.jpg 2x">', "one.jpg"),
        ('<img src="/m-300x200.jpg" srcset="/m-300x200.jpg 300w, /m-1024x683.jpg 1024w">',
         "m-1024x683.jpg"),
        ('<img src="/s.jpg" srcset="/s.jpg 300w, /m.jpg 1200w, /l.jpg 5000w">', "m.jpg"),
        ('<img src="/p.jpg" srcset="/q.jpg 800w">', "p.jpg"),
        ('<img data-orig-file="/huge.jpg" data-large-file="/large.jpg" src="/x-150x150.jpg">',
         "large.jpg"),
        ('<picture><source srcset="/march.webp 800w"><img src=""></picture>', "march.webp"),
        ('<picture><source type="image/svg+xml" srcset="/a.svg">'
         '<source type="image/avif" srcset="/a.avif 800w"></picture>', "a.avif"),
        ('<picture><source srcset="/a.avif"><img src="/a.jpg"></picture>', "a.jpg"),
        ('<picture><source media="(min-width: 700px)" srcset="/wide-700.webp 700w, '
         '/wide-1400.webp 1400w"><img src="/wide-60.jpg" width="60" height="40" alt=""></picture>',
         "wide-1400.webp"),
        ('<picture><source srcset="/phone.jpg 640w" media="(max-width: 640px)">'
         '<source srcset="/desk.jpg 1280w"><img src="/march-150x100.jpg" loading="lazy"></picture>',
         "desk.jpg"),
        ('<picture><source srcset="/march.webp"><img src="/march-150x150.jpg"></picture>',
         "march.webp"),
        ('<picture><source srcset="/march.webp" width="1200" height="800">'
         '<img src="/blur.jpg" width="120" height="80"></picture>', "march.webp"),
        ('<picture><source media="(prefers-color-scheme: dark)" srcset="/dark.png 900w">'
         '<source srcset="/light.png 900w"><img src="/tiny.png" width="90"></picture>',
         "light.png"),
        ('<picture><source type="image/webp" srcset="/a-480.webp 480w,/a-960.webp 960w">'
         '<img src="/a.jpg" width="960" height="640"></picture>', "a.jpg"),
        ('<video><source src="/film.mp4"></video><img src="/a.jpg">', "a.jpg"),
        ('<img src="/small.jpg" width="150"><img src="/large.jpg" width="700">', "large.jpg"),
        ('<p>T</p><img src="/small.jpg" width="150">', "small.jpg"),
    ],
)  # fmt: skip
def test_the_size_that_fits_of_several(markup: str, url: str) -> None:
    assert chosen(markup) == url


def test_of_what_a_feed_attaches_in_several_sizes_that_which_fits() -> None:
    small, right, huge = (picture(f"/{width}.jpg", width) for width in (140, 1200, 5000))
    assert chosen("", small, right, huge) == "1200.jpg"
    assert chosen("", huge) == "5000.jpg"
    assert chosen(MARCH, picture("/any.jpg"), right) == "any.jpg"
    assert chosen(MARCH, picture("/s72-c/march.jpg", 72, 72)) == "u/march.jpg"
    assert chosen(MARCH, small) == "u/march.jpg"
    assert chosen("", small) == "140.jpg"
    assert chosen(MARCH, picture("/logo.svg", 900)) == "u/march.jpg"
    assert chosen(MARCH, Enclosure(url="/logo", media_type="image/svg+xml")) == "u/march.jpg"


def test_its_words_are_those_of_the_picture_that_was_taken() -> None:
    markup = '<img src="/logo.svg" alt="Our logo"><img src="/march.jpg" alt="A  march">'
    taken = choose(markup, BASE, ())
    assert taken is not None
    assert taken.alt == "A march"


def test_the_real_size_decides_once_it_is_known() -> None:
    assert misfit(60, 400) == "it is only 60 pixels wide"
    assert misfit(640, 20) == "it is only 20 pixels high"
    assert "strip" in misfit(200, 800)
    assert "strip" in misfit(640, 100)
    assert misfit(640, 1200) == misfit(None, None) == misfit(640, None) == ""


@pytest.mark.parametrize(
    "hostile",
    [
        "<img " * 40_000,
        '<img "' * 30_000,
        "<img srcset='" + "a" * 190_000,
        "<img srcset='" + "a, " * 60_000 + "'>",
        "<p><a>" * 30_000 + "<img src=/a.jpg>",
        "<picture>" + "<source srcset=/a.jpg>" * 8_000,
    ],
)
def test_what_a_feed_says_never_decides_how_long_it_is_looked_at(hostile: str) -> None:
    chosen(hostile)


def test_pictures_of_a_real_kind_of_feed() -> None:
    url = "https://harbor.example/feed"
    feed = read(
        ReadJob(
            answer=Fetched(url=url, body=CASE.read_bytes()),
            feed_url=url,
            organisation=Organisation(id="harbor", name="Harbor", url=BASE, languages=("en",)),
            now=datetime(2026, 11, 30, tzinfo=UTC),
        )
    )
    assert isinstance(feed, ReadFeed)
    names = {
        item.title: item.picture.url.rpartition("/")[2] if item.picture else ""
        for item, _ in feed.items
    }
    photos = {
        "share": "share-the-meal.jpg",
        "badge": "badge-ceremony.jpg",
        "button": "red-button-campaign.jpg",
        "source": "march.webp",
    }
    assert names == photos | dict.fromkeys(["author", "sizes", "svg", "pixel"], "march.jpg")
