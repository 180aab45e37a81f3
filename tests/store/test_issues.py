"""The contract of the issue store, on both databases."""

import threading
from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from datetime import UTC, datetime, timedelta

import pytest
from sqlalchemy import Engine, insert, text

from newsletter.model.approved import ApprovedDigest, ApprovedDraft, OrganisationName
from newsletter.model.issue import Approval, Offer, Use
from newsletter.model.message import InlinePicture, RenderedEdition, issue_digest
from newsletter.store.deliveries import sends
from newsletter.store.issues import IssueStore
from tests.processes import PATIENCE

NOW = datetime(2026, 11, 20, 9, tzinfo=UTC)
EDITIONS = (
    RenderedEdition(
        issue_id="2026-W47",
        language="en",
        subject="Señal · خبر",
        preheader="p",
        html="<p>\r\n é 🏳️‍🌈</p>",
        text="t",
        pictures=(
            InlinePicture(cid="b", media_type="image/png", data=b"\x00\xff", width=3, alt="x"),
            InlinePicture(cid="a", media_type="image/jpeg", data=b"a"),
        ),
        story_ids=("s1",),
        item_ids=("n1", "s1"),
        regions=("fresno",),
        lapses_at=NOW + timedelta(hours=3),
    ),
    RenderedEdition(
        issue_id="2026-W47", language="es", subject="s", preheader="", html="h", text="t"
    ),
)

DRAFTS = {
    "en": ApprovedDraft(
        text="---\nsubject: Señal · خبر\n---\n",
        names={"casa": OrganisationName("Casa del Río", "https://casa.example")},
        pictures={"n1": "abc@picture"},
    ),
    "es": ApprovedDraft(text="s"),
}


@pytest.fixture
def store(engine: Engine) -> IssueStore:
    return IssueStore(engine)


def offer(item_id: str, issue: str = "2026-W47", **changes: object) -> Offer:
    plain = Offer(
        issue_id=issue, language="en", item_id=item_id, offered_at=NOW, organisation_id="harbor"
    )
    return replace(plain, **changes)  # type: ignore[arg-type]


def approve(store: IssueStore, issue: str, editor: str = "Ana", now: datetime = NOW) -> str:
    editions = tuple(replace(edition, issue_id=issue) for edition in EDITIONS)
    digest = issue_digest(editions)
    store.approve(
        Approval(issue_id=issue, editor=editor, digest=digest, approved_at=now), editions, DRAFTS
    )
    return digest


def test_editors_who_draft_and_approve_at_the_same_instant(store: IssueStore) -> None:
    names = [f"Editor {number}" for number in range(6)]
    for issue in (f"2026-W{week}" for week in range(10, 20)):
        start = threading.Barrier(len(names), timeout=PATIENCE)

        def work(name: str, issue: str = issue, start: threading.Barrier = start) -> None:
            start.wait()
            store.record_eligible(issue, ["harbor"])
            store.offer([offer("n1", issue)])
            approve(store, issue, name)
            store.record_used(issue, [Use(issue_id=issue, item_id="n1", organisation_id="harbor")])

        with ThreadPoolExecutor(len(names)) as pool:
            list(pool.map(work, names))
        assert sorted(one.editor for one in store.approvals(issue)) == names
        assert len(store.approved_editions(issue)) == len(EDITIONS)


def test_the_first_offer_is_the_one_that_is_remembered(store: IssueStore) -> None:
    store.offer([offer("n1"), offer("n1", language="es")])
    store.offer([offer("n1", offered_at=NOW + timedelta(days=1)), offer("n2")])
    assert [(one.language, one.item_id, one.offered_at) for one in store.offers("2026-W47")] == [
        ("en", "n1", NOW),
        ("en", "n2", NOW),
        ("es", "n1", NOW),
    ]


def test_offers_of_an_edition_can_be_forgotten(store: IssueStore) -> None:
    store.offer([offer("n1"), offer("n1", language="es")])
    assert store.forget_offers("2026-W47", "en") == 1
    assert [one.language for one in store.offers("2026-W47")] == ["es"]


def test_only_approved_weekly_issues_before_count_as_earlier(store: IssueStore) -> None:
    for number, issue in enumerate(("2026-W45", "2026-W46", "2026-W46-a", "2026-W47")):
        store.offer([offer(f"n{number}", issue, offered_at=NOW + timedelta(days=number))])
    assert store.offered_before("2026-W47") == frozenset()
    assert store.drafted("2026-W47") == ()
    for issue in ("2026-W45", "2026-W46", "2026-W46-a", "2026-W47"):
        approve(store, issue)
    assert store.offered_before("2026-W47") == {"n0", "n1"}
    assert store.drafted("2026-W47") == (
        ("2026-W46", NOW + timedelta(days=1)),
        ("2026-W45", NOW),
    )
    assert store.approved_issues() == ("2026-W45", "2026-W46", "2026-W47")


def test_approved_bytes_come_back_as_they_were(store: IssueStore) -> None:
    digest = approve(store, "2026-W47")
    assert store.approved_editions("2026-W47") == EDITIONS
    assert store.approved_editions("2026-W47", digest) == EDITIONS
    assert store.approved_editions("2026-W46") == ()
    assert store.approved_pictures("2026-W47", "en") == EDITIONS[0].pictures
    assert store.approved_pictures("2026-W46", "en") == ()


def test_the_latest_yes_says_which_bytes_are_meant(store: IssueStore) -> None:
    first = approve(store, "2026-W47")
    changed = (replace(EDITIONS[0], subject="Other"), EDITIONS[1])
    second = Approval(
        issue_id="2026-W47",
        editor="Bo",
        digest=issue_digest(changed),
        approved_at=NOW + timedelta(hours=1),
    )
    store.approve(second, changed, {"en": ApprovedDraft(text="# Other")})
    assert store.approved_editions("2026-W47") == changed
    assert store.approved_editions("2026-W47", first) == EDITIONS
    assert store.approved_drafts("2026-W47") == {"en": ApprovedDraft(text="# Other")}
    assert store.approved_drafts("2026-W47", first) == DRAFTS
    assert store.approved_drafts("2026-W48") == {}
    assert [yes.editor for yes in store.approvals("2026-W47")] == ["Ana", "Bo"]


def test_the_same_yes_twice_is_one(store: IssueStore) -> None:
    approve(store, "2026-W47")
    approve(store, "2026-W47", now=NOW + timedelta(hours=1))
    assert [yes.approved_at for yes in store.approvals("2026-W47")] == [NOW]


def test_who_leaves_takes_back_what_nobody_began_to_send(store: IssueStore, engine: Engine) -> None:
    """Bulletins too, and the right words that were approved with a correction."""
    sent = approve(store, "2026-W45", "Bo")
    with engine.begin() as connection:
        values = {"issue_id": "2026-W45", "state": "finished", "digest": sent, "frozen_at": NOW}
        counts = dict.fromkeys(("candidates", "audience", "excluded", "last_subscriber_id"), 0)
        connection.execute(insert(sends).values(**values, **counts))
    for issue in ("2026-W46-a", "2026-W47"):
        approve(store, issue, "Bo")
        approve(store, issue, "Ana")
    right = tuple(replace(one, issue_id="2026-W45", preheader="right") for one in EDITIONS)
    words = ApprovedDigest("2026-W45", issue_digest(right))
    letter = tuple(replace(one, issue_id="2026-W45-b", corrects=words) for one in EDITIONS)
    for editions in (right, letter):
        issue, digest = editions[0].issue_id, issue_digest(editions)
        yes = Approval(issue_id=issue, editor="Bo", digest=digest, approved_at=NOW)
        store.approve(yes, editions, DRAFTS)
    pending = ("2026-W45-b", "2026-W46-a", "2026-W47")
    assert store.pending_of("Bo") == pending
    store.withdraw("Bo", [*pending, "2026-W45"])
    assert store.pending_of("Bo") == ()
    assert store.approvers() == {"Ana", "Bo"}
    assert [(one.editor, one.digest) for one in store.approvals("2026-W45")] == [("Bo", sent)]
    assert store.approvals("2026-W45-b") == ()
    assert [one.editor for one in store.approvals("2026-W47")] == ["Ana"]
    approve(store, "2026-W47", "Bo")
    assert store.pending_of("Bo") == ("2026-W47",), "a new yes is another one"


def test_an_approval_of_other_bytes_is_refused(store: IssueStore) -> None:
    approval = Approval(issue_id="2026-W47", editor="Ana", digest="0" * 64, approved_at=NOW)
    with pytest.raises(ValueError, match="other bytes"):
        store.approve(approval, EDITIONS, {})
    assert store.approvals("2026-W47") == ()


def test_stored_bytes_that_somebody_altered_are_never_handed_out(
    store: IssueStore, engine: Engine
) -> None:
    approve(store, "2026-W47")
    with engine.begin() as connection:
        connection.execute(text("UPDATE issue_editions SET subject = 'x' WHERE language = 'es'"))
    with pytest.raises(ValueError, match="altered"):
        store.approved_editions("2026-W47")


def test_what_is_struck_keeps_its_digest_the_other_words_and_the_other_pictures(
    store: IssueStore,
) -> None:
    digest = approve(store, "2026-W47")
    left = ApprovedDraft(text="# Left", pictures={"n1": "a"})
    store.redact("2026-W47", digest, {"en": left})
    assert store.approved_digests() == (("2026-W47", digest),)
    assert store.approved_editions("2026-W47") == ()
    assert store.approved_drafts("2026-W47") == {"en": left, "es": DRAFTS["es"]}
    assert store.approved_pictures("2026-W47", "en") == EDITIONS[0].pictures[1:]


def test_uses_are_by_issue_the_newest_first_and_replaced_by_a_new_approval(
    store: IssueStore,
) -> None:
    def use(issue: str, item_id: str) -> Use:
        return Use(issue_id=issue, item_id=item_id, organisation_id="harbor")

    for issue in ("2026-W45", "2026-W46", "2026-W47"):
        approve(store, issue)
        store.record_used(issue, [use(issue, "a"), use(issue, "b")])
    store.record_used("2026-W47", [use("2026-W47", "c")])
    assert [(one.issue_id, one.item_id) for one in store.used_in_last(2)] == [
        ("2026-W47", "c"),
        ("2026-W46", "a"),
        ("2026-W46", "b"),
    ]
    assert [one.issue_id for one in store.used_in_last(1, before="2026-W46")] == ["2026-W45"] * 2
    assert store.used_in_last(0) == ()


def test_who_could_have_been_in_an_issue_adds_up_over_its_draftings(store: IssueStore) -> None:
    store.record_eligible("2026-W46", ["harbor"])
    store.record_eligible("2026-W47", ["harbor", "casa"])
    store.record_eligible("2026-W47", ["dar", "casa"])
    assert store.eligible(["2026-W47", "2026-W48"]) == {
        "2026-W47": frozenset({"harbor", "casa", "dar"})
    }
