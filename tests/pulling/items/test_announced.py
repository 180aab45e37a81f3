"""Which event a post announces: in plain words, by markup, by a feed's own fields."""

import time
from datetime import UTC, date, datetime
from pathlib import Path
from zoneinfo import ZoneInfo

import pytest

from bench.events_in_posts import ASIDE, MORE, POSTS, posts
from newsletter.model.item import Event
from newsletter.pulling.items.announced.announce import with_announced
from newsletter.pulling.items.announced.days import days_in
from newsletter.pulling.items.announced.hours import hours_in
from newsletter.pulling.items.announced.markup import event_in_markup
from newsletter.pulling.items.announced.plain_words import announced_in
from newsletter.pulling.items.article import article_in
from newsletter.pulling.parse.parse import parse

ZONE = ZoneInfo("America/Los_Angeles")
NOW = datetime(2026, 11, 30, 12, tzinfo=UTC)
PUBLISHED = date(2026, 11, 20)
STARTS = datetime(2026, 12, 5, 18, tzinfo=ZONE)
ENDS = datetime(2026, 12, 5, 20, tzinfo=ZONE)
LINK = "https://harbor.example/news/night"


@pytest.mark.parametrize(
    ("file", "recall"), [(POSTS, 0.9), (MORE, 0.8), (ASIDE, 0.4)], ids=lambda one: str(one)[-16:]
)
def test_of_posts_labelled_first_95_percent_of_what_is_offered_is_right(
    file: Path, recall: float
) -> None:
    labelled = list(posts(file))
    offered = [(post, one) for post in labelled if (one := post.read()) is not None]
    right = sum(post.is_right(one) for post, one in offered)
    assert right >= 0.95 * len(offered)
    assert right >= recall * sum(post.starts is not None for post in labelled)


def test_the_hundred_are_half_events_half_traps() -> None:
    kinds = [post.starts is not None for post in posts()]
    assert (len(kinds), sum(kinds)) == (100, 50)


@pytest.mark.parametrize(
    ("words", "day"),
    [
        ("Saturday, December 5", date(2026, 12, 5)),
        ("Sat., Dec. 5th", date(2026, 12, 5)),
        ("the 5th of December 2026", date(2026, 12, 5)),
        ("sábado 5 de diciembre del 2026", date(2026, 12, 5)),
        ("December 5 (Saturday)", date(2026, 12, 5)),
        ("2026-12-05", date(2026, 12, 5)),
        ("sábado 5/12", date(2026, 12, 5)),
        ("12/19", date(2026, 12, 19)),
        ("January 9", date(2027, 1, 9)),
        ("Friday, December 5", None),
        ("March 3", None),  # by now it may be last year's
        ("12/10", None),
        ("December 4-6", None),
        ("del 4 al 6 de diciembre", None),
        ("the 3rd and 10th of December", None),
        ("from December 4 to December 6", None),
        ("February 30", None),
    ],
)
def test_a_day_is_taken_at_its_word_or_not_at_all(words: str, day: date | None) -> None:
    assert {one.day for one in days_in(f"We meet on {words}.", PUBLISHED)} == {day}


@pytest.mark.parametrize("words", ["24/7", "1/2 price", "http://a.example/2026/12/05", "v12/5/7"])
def test_what_is_no_day_is_none(words: str) -> None:
    assert [one for one in days_in(words, PUBLISHED) if one.day] == []


@pytest.mark.parametrize(
    ("words", "hours"),
    [
        ("6 pm", "18:00"),
        ("6:30 p. m.", "18:30"),
        ("6-8pm", "18:00 20:00"),
        ("10-2 pm", "10:00 14:00"),
        ("from 10 a.m. to 2 p.m.", "10:00 14:00"),
        ("between 10 am and 3 pm", "10:00 15:00"),
        ("entre las 10 a.m. y las 3 p.m.", "10:00 15:00"),
        ("noon to 1 pm", "12:00 13:00"),
        ("9 a.m. to noon", "09:00 12:00"),
        ("9-noon", "09:00 12:00"),
        ("de 9 a. m. al mediodía", "09:00 12:00"),
        ("a las 6 de la tarde", "18:00"),
        ("al mediodía", "12:00"),
        ("18:30 horas", "18:30"),
        ("12 am", "00:00"),
        ("6:30", ""),
        ("6 pm ET", "18:00 America/New_York"),
        ("6 p.m., hora del centro", "18:00 America/Chicago"),
        ("6 pm Manila time", "18:00 ?"),
    ],
)
def test_hours_are_read_with_their_half_of_the_day_and_their_zone(words: str, hours: str) -> None:
    (one,) = hours_in(words)
    said = (one.starts and f"{one.starts:%H:%M}", one.ends and f"{one.ends:%H:%M}", one.zone)
    assert " ".join(filter(None, said)) == hours


def test_an_undated_post_names_the_year_or_nothing_is_offered() -> None:
    text = "Join us on Saturday, December 5{} at 6 pm at Union Hall."
    assert announced_in("", text.format(""), published=None, zone=ZONE) is None
    announced = announced_in("", text.format(", 2026"), published=None, zone=ZONE)
    assert announced is not None
    assert announced.event == Event(starts=STARTS, place="Union Hall")


@pytest.mark.parametrize(
    ("words", "starts"),
    [
        ("{} at 6 pm PST at Union Hall.", STARTS),
        ("{} at 6 pm PDT at Union Hall.", None),  # in December nobody has that
        ("{} at 9 pm EST at Union Hall.", STARTS),
        ("{} at Union Hall.\nTime: 6 pm", STARTS),
        ("{} at Union Hall. Doors open at 5 pm.", None),
    ],
)
def test_only_the_hour_of_the_event_is_its_hour(words: str, starts: datetime | None) -> None:
    text = words.format("Join us on Saturday, December 5")
    announced = announced_in("", text, published=PUBLISHED, zone=ZONE)
    assert (announced and announced.event.starts) == starts


@pytest.mark.parametrize(
    ("words", "place"),
    [
        ("{} en la iglesia San Judas, calle Olmo 120.", "iglesia San Judas, calle Olmo 120"),
        ("{} en el salón de la biblioteca Mission.", "salón de la biblioteca Mission"),
        ("{} en el centro comunitario La Paz.", "centro comunitario La Paz"),
        ("{} en el centro de Los Ángeles.", None),
        ("{}. Salimos de la Plaza de la Cultura.", "Plaza de la Cultura"),
        ("{}. La marcha llega al Parque Lincoln.", None),
        ("{} en la marcha que llega al parque Lincoln.", None),
        ("{} en la marcha frente al Ayuntamiento.", "Ayuntamiento"),
    ],
)
def test_a_spanish_place_is_written_small_and_where_a_march_ends_is_none(
    words: str, place: str | None
) -> None:
    text = words.format("Acompáñanos el sábado 5 de diciembre a las 6 p. m.")
    announced = announced_in("", text, published=PUBLISHED, zone=ZONE)
    assert (announced and announced.event.place) == place


@pytest.mark.parametrize("place", ["la Iglesia", "la iglesia"])
def test_a_place_that_never_ends_is_given_up_at_once(place: str) -> None:
    text = f"Acompáñanos el sábado 5 de diciembre a las 6 p. m. en {place} {'de la ' * 60}x."
    began = time.process_time()
    announced_in("", text, published=PUBLISHED, zone=ZONE)
    assert time.process_time() - began < 5  # it was 2 ** 60 ways to read it


def json_ld(event: str) -> str:
    return f'<script type="application/ld+json">{event}</script>'


PLACE = (
    '{"@type": "Place", "name": "Union Hall", "address": {"streetAddress": "614 Wilmer Street"}}'
)
FACTS = f'"startDate": "2026-12-05T18:00:00-08:00", "location": {PLACE}'
ONE = f'{{"@context": "https://schema.org", "@type": "Event", {FACTS}}}'
OTHER = ONE.replace("12-05", "12-06")


@pytest.mark.parametrize(
    "markup",
    [
        json_ld(ONE),
        json_ld(f'{{"@graph": [{{"@type": "WebPage"}}, {ONE}]}}'),
        json_ld(ONE.replace('"Event"', '["Thing", "SocialEvent"]')),
        json_ld(ONE.replace("18:00:00-08:00", "18:00")),
        json_ld(ONE) + json_ld(ONE),
        json_ld(f'[{OTHER}, {ONE[:-1]}, "url": "{LINK}/?utm_source=x"}}]'),
        '<div itemscope itemtype="http://schema.org/EducationEvent">'
        '<meta itemprop="startDate" content="2026-12-05T18:00-08:00"><p itemprop="location" '
        'itemscope itemtype="http://schema.org/Place"><b itemprop="name">Union Hall,</b> '
        '<i itemprop="address">614 Wilmer Street</i></p></div>',
        '<article class="h-event"><time class="dt-start" datetime="2026-12-05 18:00">At 6</time>'
        '<span class="p-location">Union Hall, 614 Wilmer Street</span></article>',
        '<div class="vevent"><abbr class="dtstart" title="2026-12-05T18:00-08:00">Dec 5</abbr>'
        '<span class="location">Union Hall, 614 Wilmer Street</span></div>',
    ],
)
def test_the_event_that_markup_describes(markup: str) -> None:
    event = event_in_markup(markup, LINK, ZONE)
    assert event == Event(starts=STARTS, place="Union Hall, 614 Wilmer Street")


@pytest.mark.parametrize(
    "markup",
    [
        json_ld(f"[{ONE}, {OTHER}]"),
        json_ld(ONE.replace('"Event"', '"PublicationEvent"')),
        json_ld(f'{ONE[:-1]}, "eventStatus": "https://schema.org/EventCancelled"}}'),
        json_ld(f'{ONE[:-1]}, "eventStatus": "EventPostponed"}}'),
        json_ld(ONE.replace("-08:00", "Z")),  # sites without a time zone say so of their own hours
        json_ld(ONE.replace("2026-12-05T18:00:00-08:00", "next Saturday")),
        json_ld(ONE[:-4]),
        json_ld("[" * 3000 + '"schema.org"'),
        '<p class="h-event">' * 300 + "<i class=dt-start>soon</i>",
        "<p>schema.org h-event vevent itemprop</p>",
    ],
)
def test_of_several_or_unsure_ones_none_is_taken(markup: str) -> None:
    assert event_in_markup(markup, LINK, ZONE) is None


def test_the_events_calendar_s_fields_are_read_as_they_stand_in_feeds() -> None:
    feed = (
        '<rss version="2.0"><channel><title>T</title><item><title>Night</title>'
        f"<link>{LINK}</link><description>Come.</description>"
        '<ev:tribe_event_meta xmlns:ev="Event"><ev:startdate>December 5 @ 6:00 pm</ev:startdate>'
        "<ev:enddate>December 5 @ 8:00 pm</ev:enddate></ev:tribe_event_meta></item></channel></rss>"
    )
    parsed = parse(feed.encode(), url="https://harbor.example/feed", now=NOW, zone=ZONE)
    (entry,) = parsed.entries  # type: ignore[union-attr]
    assert entry.event is None
    read = with_announced(entry, now=NOW, zone=ZONE)
    assert read.announced == Event(starts=STARTS, ends=ENDS)


def test_a_page_tells_the_event_of_an_entry_that_it_has_no_more_words_of() -> None:
    words = "Rents rise again in January, and a landlord may not do all that he does."
    page = f"{json_ld(ONE)}<article><p>{words}</p></article>"
    article = article_in(page, LINK, words, zone=ZONE)
    assert article is not None
    assert article.event is not None
    assert article.event.starts == STARTS
    assert article_in(page, LINK, "Other words than those of the page here", zone=ZONE) is None


@pytest.mark.parametrize(
    "words", ["Do not come.", "Stay away from it.", "No vayas solo.", "It has been called off."]
)
def test_a_post_that_keeps_people_away_offers_nothing(words: str) -> None:
    text = "Join us on Saturday, December 5 at 6 pm at Union Hall, 614 Wilmer Street."
    announced = announced_in("", text, published=PUBLISHED, zone=ZONE)
    assert announced is not None
    assert announced.event.place == "Union Hall, 614 Wilmer Street"
    assert announced_in("", f"{text} {words}", published=PUBLISHED, zone=ZONE) is None


def test_no_text_takes_long() -> None:
    for text in (
        "December 5 at 6 pm at A, " * 4000,
        "December 5 at 6 pm at A. " * 4000,
        "Where: A\n" * 4000 + "December 5 at 6 pm. " * 20,
        "A. " * 30_000,
        "A, " * 30_000,
        "at 1 " * 30_000,
        "5 de " * 9000,
        "a" * 90_000,
    ):
        assert announced_in("Join us", text, published=PUBLISHED, zone=ZONE) is None
