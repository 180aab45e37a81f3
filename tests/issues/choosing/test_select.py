"""Fair rotation: caps hold, and nobody with something to say is absent for too long."""

import random
from collections import Counter
from dataclasses import replace
from datetime import timedelta

import pytest

from newsletter.issues.choosing.history import IssueHistory, PastIssue
from newsletter.issues.choosing.projection import issues_until_all_were_in
from newsletter.issues.choosing.select import DraftRules, Filled, Selection, rule_for, select
from newsletter.model.coalition import SectionRule
from newsletter.model.item import Cluster, Item, ItemKind
from tests.issues.choosing.samples import NOW, item, organisation

NEWS = SectionRule(id="news", kind="news", most=4)
BRIEF = SectionRule(id="brief", kind="brief", most=10)


def past(*used: str, eligible: tuple[str, ...] = ()) -> PastIssue:
    return PastIssue(
        issue_id="2026-W40", drafted_at=NOW, used=frozenset(used), eligible=frozenset(eligible)
    )


def choose(
    *items: object,
    rules: tuple[SectionRule, ...] = (NEWS,),
    issues: tuple[PastIssue, ...] = (),
    cap: int = 2,
    placed: dict[str, int] | None = None,
) -> Selection:
    return select(
        [Cluster(origin=one) for one in items],  # type: ignore[arg-type]
        DraftRules(sections=rules, organisation_cap=cap, rotation_issues=4),
        organisations={},
        history=IssueHistory(issues=issues),
        placed=placed,
    )


def ids(selection: Selection) -> list[str]:
    return [choice.cluster.origin.id for choice in selection.chosen]


def test_everybodys_first_piece_comes_before_anybodys_second() -> None:
    loud = [item(f"a{n}", "loud", published_at=NOW - timedelta(hours=n + 9)) for n in range(6)]
    found = choose(*loud, item("b", "quiet", published_at=NOW - timedelta(days=5)))
    assert ids(found) == ["a0", "b", "a1"]
    assert found.left["a2"] == "its organisation already has 2 pieces, the most one may have"


def test_the_cap_counts_what_is_in_the_issue_already() -> None:
    assert ids(choose(item("a", "loud"), placed={"loud": 2})) == []


def test_the_cap_counts_over_all_sections() -> None:
    events = SectionRule(id="audio", kind="media", most=4)
    pieces = [item(f"a{n}", "loud") for n in range(2)]
    pieces += [item(f"b{n}", "loud", kind=ItemKind.AUDIO) for n in range(2)]
    assert ids(choose(*pieces, rules=(NEWS, events))) == ["a0", "a1"]


def test_who_was_absent_longest_goes_first_and_newcomers_before_all() -> None:
    issues = (past("a"), past("b"), past("c"))
    found = choose(*(item(name, name) for name in "abcd"), issues=issues)
    assert ids(found) == ["d", "c", "b", "a"]
    assert [choice.reason for choice in found.chosen] == [
        "its organisation was never used before",
        "its organisation was absent for 2 issues",
        "its organisation was absent for 1 issue",
        "its organisation was in the last issue, and there was room",
    ]


def test_who_would_be_absent_too_long_goes_in_brief_when_the_section_is_full() -> None:
    issues = tuple(past("e", eligible=("z",)) for _ in range(3))
    fresh = [item(name, name) for name in "abcd"]
    late = item("z1", "z", published_at=NOW - timedelta(days=9))
    found = choose(*fresh, late, rules=(NEWS, BRIEF), issues=issues)
    assert ids(found) == ["a", "b", "c", "d", "z1"]
    assert found.chosen[-1].section_id == "brief"
    assert found.chosen[-1].reason == "in brief: its section is full, and it waited for 3 issues"
    fewer = choose(*fresh, late, rules=(NEWS, BRIEF), issues=issues[:2])
    assert ids(fewer) == ["a", "b", "c", "d"]


def test_a_section_that_names_the_topic_comes_before_one_that_names_the_kind() -> None:
    legal = SectionRule(id="legal", topics=("Legal",))
    plain, audio = item("n1"), item("n2", kind=ItemKind.AUDIO)
    assert rule_for(item("n3", topics=("legal",)), (NEWS, legal)) == legal
    assert rule_for(plain, (NEWS, legal), organisation("harbor", topics=("legal",))) == legal
    assert rule_for(plain, (NEWS, legal)) == NEWS
    assert rule_for(plain, (legal,)) is None
    assert rule_for(audio, (NEWS,)) == NEWS
    assert rule_for(item("e1", kind=ItemKind.EVENT), (NEWS,)) is None


def test_what_no_section_takes_is_said_so() -> None:
    found = choose(item("e1", kind=ItemKind.EVENT))
    assert (ids(found), found.left) == ([], {"e1": "no section takes it"})


@pytest.mark.parametrize("seed", range(4))
def test_over_a_year_nobody_with_something_eligible_is_absent_for_more_than_n_issues(
    seed: int,
) -> None:
    """Sixty members, three of them loud, twelve places a week, and a rotation of four issues."""
    rng = random.Random(seed)
    rotation, cap = 4, 2
    rules = (SectionRule(id="news", kind="news", most=12), BRIEF)
    members = [f"m{n:02d}" for n in range(60)]
    issues: list[PastIssue] = []
    unused: dict[str, list[Cluster]] = {member: [] for member in members}
    last_in: Counter[str] = Counter()
    could_since: dict[str, int] = {}
    shares: Counter[str] = Counter()
    for week in range(52):
        for number, member in enumerate(members):
            for _ in range(rng.randint(5, 15) if number < 3 else rng.random() < 0.3):
                piece = item(f"{member}-{week}-{rng.random()}", member, published_at=NOW)
                unused[member].append(Cluster(origin=piece))
        eligible = {member for member in members if unused[member]}
        for member in eligible:
            could_since.setdefault(member, week)
        found = select(
            [cluster for clusters in unused.values() for cluster in clusters],
            DraftRules(sections=rules, organisation_cap=cap, rotation_issues=rotation),
            organisations={},
            history=IssueHistory(issues=tuple(reversed(issues))),
        )
        used = Counter(choice.cluster.origin.organisation_id or "" for choice in found.chosen)
        assert max(used.values()) <= cap
        for member in used:
            unused[member] = []
            could_since.pop(member, None)
            last_in[member] = week
        shares.update(used)
        issues.append(
            PastIssue(
                issue_id=f"2026-W{week:02d}",
                drafted_at=NOW,
                used=frozenset(used),
                eligible=frozenset(eligible),
            )
        )
        assert all(week - since + 1 < rotation for since in could_since.values())
    loudest = sum(count for _, count in shares.most_common(3))
    assert loudest / sum(shares.values()) < 0.2


def clusters(*items: Item) -> list[Cluster]:
    return [Cluster(origin=one) for one in items]


def test_in_brief_has_a_most_and_who_waited_longest_comes_first() -> None:
    brief = SectionRule(id="brief", kind="brief", most=2)
    issues = (
        *(past("e", eligible=("w3", "w4", "w5", "w6")) for _ in range(3)),
        past("e", eligible=("w4", "w6")), past("e", eligible=("w6",)),
    )  # fmt: skip
    fresh = [item(name, name) for name in "abcd"]
    late = [item(f"{by}x", by, published_at=NOW - timedelta(days=9)) for by in ("w3", "w4", "w6")]
    found = choose(*fresh, *late, rules=(NEWS, brief), issues=issues)
    assert [one for one in ids(found) if one.startswith("w")] == ["w6x", "w4x"]
    assert found.left["w3x"] == "the section news is full (4); so is brief (2)"


def test_a_section_counts_what_it_was_offered_before_and_news_may_stand_beside_it() -> None:
    since = NOW - timedelta(hours=1)
    old = [item(f"o{n}", f"o{n}") for n in range(4)]
    new = [item(f"n{n}", f"n{n}", first_seen_at=NOW) for n in range(6)]
    rules = DraftRules(sections=(NEWS,), organisation_cap=2, rotation_issues=4)

    def added(full: int, later: int) -> list[str]:
        filled = Filled(by_section={"news": full}, added={"news": later}, since=since)
        found = select(
            clusters(*old, *new), rules, organisations={}, history=IssueHistory(), filled=filled
        )
        return [one[0] for one in ids(found)]

    assert added(4, 0) == ["n"] * 4
    assert added(5, 1) == ["n"] * 3
    assert added(8, 4) == []
    assert sorted(added(3, 0)) in (["n"] * 4, ["n"] * 4 + ["o"])


def test_hundreds_of_members_that_all_publish_fit_and_everybody_has_a_turn_when_it_was_said() -> (
    None
):
    rules = DraftRules(
        sections=(SectionRule(id="news", kind="news"), BRIEF), organisation_cap=2, rotation_issues=4
    )
    members = [f"m{number:03d}" for number in range(250)]
    pieces = clusters(*(item(member, member, published_at=NOW) for member in members))
    said = issues_until_all_were_in(pieces, rules, organisations={}, history=IssueHistory())
    assert said is not None
    assert 250 / 22 <= said <= 250 / 12
    history, turns = IssueHistory(), dict.fromkeys(members, 0)
    for week in range(1, said + 1):
        found = select(pieces, rules, organisations={}, history=history)
        assert len(found.chosen) <= 12 + BRIEF.most
        used = frozenset(ids(found))
        turns |= {member: week for member in used if not turns[member]}
        issue = PastIssue(issue_id="x", drafted_at=NOW, used=used, eligible=frozenset(members))
        history = IssueHistory(issues=(issue, *history.issues))
    assert min(turns.values()) >= 1
    assert max(turns.values()) == said


def test_whose_turn_never_comes_is_said() -> None:
    rules = DraftRules(sections=(NEWS,), organisation_cap=2, rotation_issues=4)
    nobody = SectionRule(id="brief", kind="brief", most=0)
    event = clusters(item("e1", kind=ItemKind.EVENT))
    never = replace(rules, sections=(NEWS, nobody))
    facts = {"organisations": {}, "history": IssueHistory()}
    assert issues_until_all_were_in(event, never, **facts) is None  # type: ignore[arg-type]
    assert issues_until_all_were_in([], rules, **facts) == 0  # type: ignore[arg-type]
    assert issues_until_all_were_in(event, rules, placed={"harbor"}, **facts) == 0  # type: ignore[arg-type]
