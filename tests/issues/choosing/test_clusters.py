"""The same thing told twice is one cluster, and the credit goes to whoever published it first."""

import random
from datetime import UTC, date, datetime, timedelta
from pathlib import Path

import pytest

from bench.clusters import measure, real_items
from newsletter.issues.choosing.clusters import cluster
from newsletter.model.address import same_page
from newsletter.model.item import Cluster, Event, ItemKind
from tests.issues.choosing.samples import NOW, item, organisation, words

ORGANISATIONS = {
    one.id: one
    for one in (organisation("harbor"), organisation("casa"), organisation("dar", partners=()))
}


def groups(found: list[Cluster]) -> list[list[str]]:
    return [[one.id for one in group.items] for group in found]


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("http://www.a.example/x/?utm_source=f&b=2&a=1#top", "https://a.example/x?a=1&b=2"),
        ("https://a.example:443/x/index.html", "https://a.example/x/"),
        ("https://a.example/caf%C3%A9", "https://a.example/café"),
        ("https://a.example/x?fbclid=9", "https://a.example/x/amp"),
    ],
)
def test_links_that_lead_to_one_page_are_equal(one: str, other: str) -> None:
    assert same_page(one) == same_page(other) != ""


@pytest.mark.parametrize(
    "link", ["", None, "https://a.example/", "mailto:a@b.example", "https://a.example:x/"]
)
def test_what_is_no_page_of_its_own_has_no_key(link: str | None) -> None:
    assert same_page(link) == ""


def test_pages_that_differ_are_not_equal() -> None:
    assert same_page("https://a.example/?p=1") != same_page("https://a.example/?p=2")
    assert same_page("https://a.example:8080/x") != same_page("https://a.example/x")


def test_pages_behind_a_hash_bang_are_pages_of_their_own() -> None:
    """An app made of one page keeps its address there: two members' pieces are two."""
    found = cluster(
        [
            item("n1", link="https://app.example/#!/clinic"),
            item("n2", "casa", link="https://app.example/#!/march"),
        ],
        ORGANISATIONS,
    )
    assert sorted(groups(found)) == [["n1"], ["n2"]]
    assert same_page("https://a.example/#/clinic") != same_page("https://a.example/#/march") != ""
    assert same_page("https://a.example/clinic#when") == same_page("https://a.example/clinic")


def test_items_of_two_organisations_on_one_page_are_one_thing() -> None:
    found = cluster(
        [item("n1"), item("n2", "casa", link="http://harbor.example/n1?utm_medium=rss")],
        ORGANISATIONS,
    )
    assert groups(found) == [["n1", "n2"]]
    assert dict(found[0].evidence) == {
        "n1": "casa's own entry leads to its page",
        "n2": "leads to the same page",
    }


def test_a_page_that_one_organisation_uses_for_everything_makes_nothing_the_same() -> None:
    shop = "https://harbor.example/give"
    found = cluster(
        [item("n1", link=shop), item("n2", link=shop), item("n3", "casa", link=shop)], {}
    )
    assert groups(found) == [["n1"], ["n2"], ["n3"]]


BANNER = words("banner", 30)
LONG = words("w", 300)


@pytest.mark.parametrize(
    "copy",
    [
        LONG,
        LONG.upper(),
        " ".join(LONG.split()[:40]) + " … read the rest",
        f"{BANNER} {LONG}",
        f"{LONG} {BANNER}",
        " ".join("x" if n % 25 == 0 else word for n, word in enumerate(LONG.split())),
    ],
    ids=["another headline", "case", "excerpt", "banner before", "banner after", "edited"],
)
def test_the_same_words_elsewhere_are_the_same_thing(copy: str) -> None:
    found = cluster([item("n1", text=LONG), item("n2", "casa", title="Other", text=copy)], {})
    assert groups(found) == [["n1", "n2"]]
    assert "% of the same words" in dict(found[0].evidence)["n2"]


@pytest.mark.parametrize(
    "text",
    [
        " ".join(word[::-1] for word in LONG.split()),
        f"{words('ours', 60)} {' '.join(LONG.split()[100:140])} {words('more', 60)}",
        f"{words('a', 200)} {LONG} {words('b', 400)}",
        "",
    ],
    ids=["translated", "quoting", "a roundup", "nothing"],
)
def test_what_is_not_mostly_the_same_words_is_something_else(text: str) -> None:
    found = cluster([item("n1", text=LONG), item("n2", "casa", text=text)], {})
    assert groups(found) == [["n1"], ["n2"]]


@pytest.mark.parametrize("script", ["学生们在图书馆里学习法律知识", "ประชาชนรวมตัวกันที่หน้าศาล"])
def test_scripts_without_spaces_are_compared_too(script: str) -> None:
    rng = random.Random(4)
    text = "".join(rng.choice(script) for _ in range(200))
    other = "".join(rng.choice(script) for _ in range(200))
    found = cluster(
        [item("n1", text=text), item("n2", "casa", text=text[:90]), item("n3", "dar", text=other)],
        {},
    )
    assert groups(found) == [["n1", "n2"], ["n3"]]


def test_what_an_organisation_says_under_everything_makes_nothing_the_same() -> None:
    footer = words("about-us", 120)
    items = [item(f"n{n}", text=f"{words(f'n{n}', 30)} {footer}") for n in range(8)]
    copied = item("c", "casa", text=f"{words('n3', 30)} {footer}")
    found = groups(cluster([*items, copied], {}))
    assert [sorted(group) for group in found] == [
        [f"n{n}"] if n != 3 else ["c", "n3"] for n in range(8)
    ]


def test_an_organisation_that_publishes_a_piece_twice_has_one_piece() -> None:
    items = [item("n1", text=LONG), item("n2", text=LONG + " more"), item("n3", text=words("x"))]
    assert groups(cluster(items, {})) == [["n1", "n2"], ["n3"]]


@pytest.mark.parametrize(
    ("changes", "leads"),
    [
        ({}, "z1"), ({"hidden": True}, "n1"), ({"withdrawn_at": NOW}, "n1"),
        ({"organisation_id": "pier"}, "n1"), ({"text": f"{words('n')} more"}, "n1"),
    ],
)  # fmt: skip
def test_the_same_words_under_a_corrected_address_lead_to_it(
    changes: dict[str, object], leads: str
) -> None:
    feed = "https://harbor.example/feed"
    old = item("n1", title="Bus", text=words("n"), feed_url=feed)
    corrected = {"title": "Bus", "text": words("n"), "feed_url": feed, "first_seen_at": NOW}
    assert origin(old, item("z1", **(corrected | changes)))[0] == leads


def test_events_are_the_same_only_at_the_same_moment() -> None:
    def event(id_: str, by: str, day: int) -> object:
        when = Event(starts=datetime(2026, 11, day, 18, tzinfo=UTC))
        return item(id_, by, kind=ItemKind.EVENT, event=when, text=LONG, link=None)

    items = [event("e1", "harbor", 21), event("e2", "harbor", 28), event("e3", "casa", 21)]
    assert groups(cluster(items, {})) == [["e1", "e3"], ["e2"]]  # type: ignore[arg-type]
    all_day = item("e4", kind=ItemKind.EVENT, event=Event(starts=date(2026, 11, 21)), text=LONG)
    assert groups(cluster([all_day, item("n1", "casa", text=LONG)], {})) == [["e4"], ["n1"]]


PIECE = (
    "Harbor Legal Aid opens a second clinic on Mill Lane this week. It is free. "
    f"{words('body', 120)}"
)


@pytest.mark.parametrize(
    ("text", "changes", "is_one"),
    [
        ("Harbor Legal Aid opens a second clinic on Mill Lane this week.", {}, True),
        (
            "A second clinic — Harbor Legal Aid opens a second clinic on Mill La… Read more",
            {},
            True,
        ),
        (f"{BANNER} Harbor Legal Aid opens a second clinic on Mill Lane this week.", {}, True),
        ("Harbor Legal Aid opens a second clinic on Mill Lane this week [...]", {}, True),
        ("", {}, False),
        ("Volunteers are wanted: come to the library on Monday at six.", {}, False),
        ("Harbor Legal Aid", {}, False),
        (
            f"Harbor Legal Aid opens a second clinic on Mill Lane this week. {words('own', 60)}",
            {"published_at": NOW - timedelta(days=9)},
            False,
        ),
        (
            "Harbor Legal Aid opens a second clinic on Mill Lane this week.",
            {"organisation_id": "harbor"},
            False,
        ),
    ],
)
def test_a_summary_is_the_same_by_title_first_sentence_and_date(
    text: str, changes: dict[str, object], is_one: bool
) -> None:
    title = "A second clinic"
    whole = item("n1", title=title, text=PIECE, published_at=NOW - timedelta(days=1))
    other = item("n2", "casa", **{"title": title, "text": text, "published_at": NOW, **changes})
    assert (len(cluster([whole, other], {})) == 1) is is_one


def test_a_feed_of_titles_alone_is_recognised_by_a_long_title() -> None:
    title = "Free clinic on Mill Lane opens its doors"
    whole = item("n1", title=title, text=PIECE)
    for text in ("", title):
        (found,) = cluster([whole, item("n2", "casa", title=title.upper(), text=text)], {})
        assert dict(found.evidence)["n2"] == "has the same title and beginning"


def test_hundreds_of_members_that_print_one_statement_have_one_piece() -> None:
    """So many copies make their words common, and no pair of them telling."""
    title = "Our joint statement"
    items = [item(f"n{n}", f"m{n}", title=title, text=PIECE) for n in range(300)]
    (found,) = cluster(items, {})
    assert len(found.items) == 300


def origin(*items: object) -> tuple[str, str]:
    (found,) = cluster(items, ORGANISATIONS)  # type: ignore[arg-type]
    return found.origin.id, dict(found.evidence)[found.origin.id]


def test_the_credit_goes_to_the_named_source() -> None:
    late = item("n1", "harbor", text=LONG, published_at=NOW)
    early = item(
        "n2", "casa", text=LONG, published_at=NOW - timedelta(days=3), source_name="Harbor"
    )
    assert origin(late, early) == ("n1", "named as the source by casa")


def test_then_to_the_page_that_the_others_lead_to() -> None:
    late = item("n1", "harbor", text=LONG, published_at=NOW)
    early = item(
        "n2", "casa", text=LONG, published_at=None, link="https://news.harbor.example/other"
    )
    assert origin(late, early) == ("n1", "casa's own entry leads to its page")


def test_then_to_a_partner_that_the_others_reprint() -> None:
    organisations = {
        one.id: one for one in (organisation("harbor", partners=("casa",)), organisation("casa"))
    }
    early = item("n1", "harbor", text=LONG, published_at=NOW - timedelta(days=3))
    late = item("n2", "casa", text=LONG, published_at=NOW)
    (found,) = cluster([early, late], organisations)
    assert (found.origin.id, found.evidence[0][1]) == ("n2", "a partner that the others reprint")


def test_then_to_who_has_it_on_a_site_of_their_own() -> None:
    early = item("n1", "harbor", text=LONG, published_at=NOW - timedelta(days=3), link=None)
    late = item("n2", "casa", text=LONG, published_at=NOW)
    assert origin(early, late) == ("n2", "is on its publisher's own site")


def test_a_copy_that_a_later_pull_brings_takes_no_credit_by_its_site_or_its_date() -> None:
    first = item("n1", "harbor", text=LONG, link="https://writers.example/n1", published_at=NOW)
    copy = item("n2", "casa", text=LONG, published_at=NOW - timedelta(days=9), first_seen_at=NOW)
    assert origin(first, copy) == ("n1", "was seen first")


def test_then_to_the_earliest_date_that_is_known() -> None:
    undated = item("n1", "harbor", text=LONG, first_seen_at=NOW - timedelta(hours=5.5))
    dated = item("n2", "casa", text=LONG, published_at=NOW - timedelta(days=1))
    later = item("n3", "dar", text=LONG, published_at=NOW)
    assert origin(undated, later, dated) == ("n2", "has the earliest known date")
    assert origin(undated, item("n4", "casa", text=LONG)) == ("n1", "was seen first")


@pytest.mark.parametrize("published", [NOW - timedelta(days=9), None, NOW - timedelta(days=1)])
def test_a_copy_that_a_later_pull_brings_takes_no_credit_whatever_its_date(
    published: datetime | None,
) -> None:
    seen = NOW - timedelta(days=2)
    ours = item("n1", text=LONG, published_at=published, first_seen_at=seen)
    copy = item("n2", "casa", text=f"Ours! {LONG}", published_at=NOW - timedelta(days=30))
    assert origin(ours, copy) == ("n1", "was seen first")


def test_a_date_that_was_changed_since_takes_no_credit() -> None:
    ours = item("n1", text=LONG, published_at=NOW - timedelta(days=2))
    moved = item(
        "n2",
        "casa",
        text=LONG,
        published_at=NOW - timedelta(days=9),
        first_published_at=NOW - timedelta(days=1),
    )
    assert origin(ours, moved) == ("n1", "has the earliest known date")


def test_the_order_in_which_items_come_changes_nothing() -> None:
    items = [
        item("n1", text=LONG),
        item("n2", "casa", text=LONG[: len(LONG) // 2]),
        item("n3", "dar", text=f"{BANNER} {LONG}"),
        item("n4", "dar"),
    ]
    expected = sorted(map(sorted, groups(cluster(items, ORGANISATIONS))))
    for seed in range(5):
        mixed = random.Random(seed).sample(items, len(items))
        found = cluster(mixed, ORGANISATIONS)
        assert sorted(map(sorted, groups(found))) == expected
        assert {group.origin.id for group in found} == {"n1", "n4"}


def test_precision_and_recall_on_pairs_made_from_real_feeds(corpora: Path) -> None:
    score = measure(real_items(corpora / "real-feeds")[::4], sample=100)
    same = [way for way in score.made if not way.startswith("not")]
    hits = sum(score.found[way] for way in same)
    wrong = score.false_pairs + sum(score.found[way] for way in score.made if way not in same)
    assert hits / sum(score.made[way] for way in same) >= 0.98
    assert hits / (hits + wrong) >= 0.99
