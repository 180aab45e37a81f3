"""The gallery's editions: any kinds of section, with nothing optional, every fact, or too much.

What a placement says comes from what its kind `needs` and `shows`, so a kind that a coalition made
is filled like ours.
"""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime, time

from newsletter.design.sample_facts import HOUSE, Filling, facts_of, sample_pictures
from newsletter.design.sample_words import SampleWords
from newsletter.model.coalition import Coalition, Sender
from newsletter.model.details import ACTIONS, BRIEF, LEAD, NORMAL, SIZES
from newsletter.model.issue import Edition, Placement, Section, issue_id_for
from newsletter.model.item import Item, ItemKind
from newsletter.model.language import same_language
from newsletter.model.logo import Logo
from newsletter.model.material import Material
from newsletter.model.organisation import Organisation
from newsletter.model.section_kinds import KINDS, Kind, Kinds

MOST = 10  # entries of a section in the long filling
# In a whole issue, that Gmail shows all of it.
FEW = {Filling.EMPTY: 1, Filling.SHORT: 3, Filling.LONG: 1}
_MANY_MEMBERS = 45
_PICTURED = ("picture", "alt", "credit")
_WITHOUT_PICTURES = frozenset({"urgent", "rights", "hotlines", "data", "share", "brief"})


@dataclass(frozen=True, kw_only=True, slots=True)
class Publisher:
    """Whose samples they are: the workspace's own names, languages and logo."""

    coalition: Coalition
    sender: Sender
    logo: Logo | None = None


def sample(
    kinds: Kinds,
    filling: Filling,
    words: SampleWords,
    publisher: Publisher,
    *,
    language: str,
    day: date,
    most: int = MOST,
) -> tuple[Edition, Material]:
    """Make an edition of that day's week with a section of each kind, `most` entries in each."""
    filler = _Filler(filling=filling, words=words, language=language, day=day)
    opening = {"edited_by": words.opening["edited_by"], **filler.only(_PICTURED)}
    edition = Edition(
        issue_id=issue_id_for(day),
        language=language,
        subject=words.opening["subject"],
        preheader="" if filler.is_empty else words.opening["preheader"],
        letter="" if filler.is_empty else words.opening["letter"],
        sections=tuple(filler.section(name, kind, most) for name, kind in kinds.items()),
        settings={"sends_on": day.isoformat(), **({} if filler.is_empty else opening)},
    )
    shared = ("member1", "member2") if filler.is_long else ()
    items = filler.items
    return edition, Material(
        coalition=publisher.coalition,
        sender=publisher.sender,
        logo=publisher.logo,
        items=items,
        organisations={member.id: member for member in filler.members()},
        pictures=sample_pictures(),
        also_shared={one.id: shared for one in items.values() if one.organisation_id},
        editions=publisher.coalition.languages,
        kinds={**KINDS, **kinds},
    )


class _Filler:
    """Fills sections, and keeps the items behind them."""

    def __init__(self, *, filling: Filling, words: SampleWords, language: str, day: date) -> None:
        self.is_empty, self.is_long = filling is Filling.EMPTY, filling is Filling.LONG
        self.items: dict[str, Item] = {}
        self._words, self._language, self._day = words, language, day
        self._facts = facts_of(words, filling, day)
        is_foreign = not same_language(words.language, language)
        self._foreign = words.language if is_foreign else None

    def only(self, keys: Sequence[str]) -> dict[str, str]:
        """Return the facts of those keys."""
        return {key: self._facts[key] for key in keys}

    def members(self) -> Iterator[Organisation]:
        """Yield the coalition's members: none, four, or more than a mail names."""
        names = self._words.members
        count = 0 if self.is_empty else _MANY_MEMBERS if self.is_long else len(names)
        for at in range(count):
            again, which = divmod(at, len(names))
            name = f"{names[which]} {again + 1}" if again else names[which]
            yield Organisation(
                id=f"member{at}", name=name, url=f"{HOUSE}/{at}/", languages=(self._language,)
            )

    def section(self, name: str, kind: Kind, most: int) -> Section:
        """Return a section of a kind; that of the members has no placements."""
        variants = [] if name == "members" else list(self._variants(kind))[:most]
        return Section(
            id=name,
            kind=name,
            title=self._words.section_title(name, kind.titles, self._language),
            placements=tuple(
                self._placement(name, kind, at, variant) for at, variant in enumerate(variants)
            ),
        )

    def _variants(self, kind: Kind) -> Iterator[dict[str, str]]:
        """Yield in what placements differ: each size where there are sizes, one called off where
        that can be, audio and video, each action; ten in the long filling, one in the empty one."""
        if self.is_empty:
            yield {}
            return
        few: list[dict[str, str]] = [{}]
        if "size" in kind.shows:
            few = [{"size": size} for size in ((NORMAL, LEAD, BRIEF) if self.is_long else SIZES)]
        if "cancelled" in kind.shows:
            few.append({"cancelled": "yes"})
        if "video" in kind.shows:
            few.append({})
        yield from few
        for at in range(MOST - len(few) if self.is_long else 0):
            yield {"action": ACTIONS[at % len(ACTIONS)]} if "action" in kind.shows else {}

    def _placement(self, name: str, kind: Kind, at: int, variant: dict[str, str]) -> Placement:
        words = self._words.of_kind(name)
        title = words["long" if self.is_long else "title"] + (f" ({at + 1})" if at else "")
        needed = [keys[0] for keys in kind.needs]
        if self.is_empty:
            return Placement(title=title, language=self._foreign, details=self.only(needed))
        keys = [*needed, *kind.shows, *(() if name in _WITHOUT_PICTURES else _PICTURED)]
        unused = {"size", "cancelled", "audio" if at % 2 else "video"}
        details = self.only([key for key in keys if key not in unused and key in self._facts])
        if at and "picture" in details:
            details["picture"] = ("wide.jpg", "tall.jpg")[at % 2]
            details["alt"] += f" ({at + 1})"
        return Placement(
            title=title,
            item_id=self._item(name, at, title),
            link=f"{HOUSE}/2026/{name}-{at + 1}/",
            blurb="" if variant.get("size") == BRIEF else self._blurb(name, at),
            language=self._foreign,
            details=details | variant,
        )

    def _blurb(self, name: str, at: int) -> str:
        """Return a kind's words; the first of the long ones says far too much."""
        blurb = self._words.of_kind(name).get("blurb", "")
        if not self.is_long or at or name == BRIEF:
            return blurb
        return self._words.long["table" if name == "data" else "blurb"]

    def _item(self, name: str, at: int, title: str) -> str:
        """Keep what stands behind a placement: a member's piece, or a storyteller's."""
        is_story = name == "stories"
        moment = datetime.combine(self._day, time(9), tzinfo=UTC)
        item = Item(
            id=f"{name}{at}",
            kind=ItemKind.STORY if is_story else ItemKind.NEWS,
            title=title,
            first_seen_at=moment,
            published_at=moment,
            organisation_id=None if is_story else f"member{at % len(self._words.members)}",
            authors=(self._facts["author"],) if is_story else (),
            language=self._words.language,
        )
        self.items[item.id] = item
        return item.id
