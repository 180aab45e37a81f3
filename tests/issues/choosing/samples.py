"""Items and organisations for the tests of curation."""

from dataclasses import replace
from datetime import UTC, datetime, timedelta

from newsletter.model.item import Item, ItemKind
from newsletter.model.organisation import Organisation

NOW = datetime(2026, 11, 20, 9, tzinfo=UTC)


def words(name: str, count: int = 80) -> str:
    """A text of so many words that no other name's text shares."""
    return " ".join(f"{name}{number}" for number in range(count))


def item(id_: str, by: str = "harbor", **changes: object) -> Item:
    plain = Item(
        id=id_,
        kind=ItemKind.NEWS,
        title=f"Title of {id_}",
        first_seen_at=NOW - timedelta(hours=5),
        organisation_id=by,
        link=f"https://{by}.example/{id_}",
        text=words(id_),
        language="en",
    )
    return replace(plain, **changes)  # type: ignore[arg-type]


def organisation(id_: str, **changes: object) -> Organisation:
    plain = Organisation(
        id=id_, name=id_.title(), url=f"https://www.{id_}.example/", languages=("en",)
    )
    return replace(plain, **changes)  # type: ignore[arg-type]
