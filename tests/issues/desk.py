"""A small coalition for the tests of drafting, checking and approving, on real files and store."""

from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import UTC, date, datetime, timedelta
from pathlib import Path

from newsletter.design.templates import Templates, shipped_folder
from newsletter.files import WorkspaceFiles
from newsletter.issues.approval_rules import ApprovalRules
from newsletter.issues.approve import ApprovalStatus, approve
from newsletter.issues.checking.check import CheckOutcome, check
from newsletter.issues.choosing.select import DraftRules
from newsletter.issues.drafting.draft import DraftOutcome, draft
from newsletter.issues.sources import IssueSources
from newsletter.model.address import normal_link
from newsletter.model.coalition import USUAL_SECTIONS, Coalition, Editor, Sender
from newsletter.model.consent import Attribution, Channel, Consent, PictureConsent
from newsletter.model.item import Item, ItemKind, ItemWords
from newsletter.model.organisation import Organisation, Terms, TextTerms
from newsletter.model.pulling import KnownItem
from newsletter.model.story import ReadBack, Review, Story, StoryPicture, StoryText
from newsletter.store.database import open_engine
from newsletter.store.issues import IssueStore
from newsletter.store.schema import migrate
from newsletter.stories.record.consents import Consents
from newsletter.stories.record.folder import StoryFolder
from tests.stories.keys import KEY

NOW = datetime(2026, 11, 19, 17, 30, tzinfo=UTC)
ISSUE = "2026-W47"
RULES = DraftRules(sections=USUAL_SECTIONS, organisation_cap=2, rotation_issues=4)
TEMPLATES = Templates((shipped_folder(),))  # compiled once: a third of a second each time

EDITORS = (Editor(name="Ana"), Editor(name="Bo"))


# What the design's own checks say of so small a digest; tests/rendering holds those.
DESIGN = frozenset({"preheader", "headings"})


class Items:
    """The item store's part that drafting asks, in memory."""

    def __init__(self, items: Iterable[Item] = ()) -> None:
        self.items = {item.id: item for item in items}
        self.earlier: dict[str, ItemWords] = {}
        self.keys: dict[str, KnownItem] = {}

    def add(self, *items: Item) -> None:
        self.items |= {item.id: item for item in items}

    def get(self, ids: Iterable[str]) -> Mapping[str, Item]:
        return {item_id: self.items[item_id] for item_id in ids if item_id in self.items}

    def since(self, moment: datetime) -> Sequence[Item]:
        return [item for item in self.items.values() if item.first_seen_at >= moment]

    def events_on(self, days: Collection[date]) -> Sequence[Item]:
        wanted = {day.isoformat() for day in days}
        events = [one for one in self.items.values() if one.event is not None]
        return [one for one in events if one.event.starts.isoformat()[:10] in wanted]  # type: ignore[union-attr]

    def on_pages(self, pages: Collection[str]) -> Sequence[Item]:
        return [one for one in self.items.values() if normal_link(one.link or "") in pages]

    def known(self, organisation_id: str, keys: Sequence[str]) -> Mapping[str, KnownItem]:
        return {key: self.keys[key] for key in keys if key in self.keys}

    def as_of(self, item_id: str, moment: datetime) -> ItemWords | None:
        return self.earlier.get(item_id)


def organisation(id_: str, **changes: object) -> Organisation:
    plain = Organisation(
        id=id_,
        name=id_.replace("-", " ").title(),
        url=f"https://{id_}.example",
        languages=("en",),
        terms=Terms(text=TextTerms.EXCERPT, words=60),
    )
    return replace(plain, **changes)  # type: ignore[arg-type]


def item(id_: str, by: str = "harbor", **changes: object) -> Item:
    plain = Item(
        id=id_,
        kind=ItemKind.NEWS,
        title=f"Title {id_}",
        first_seen_at=NOW - timedelta(hours=5),
        organisation_id=by,
        link=f"https://{by}.example/{id_}",
        text=f"First words of {id_}. " + " ".join(f"{id_}word{n}" for n in range(40)),
        language="en",
    )
    return replace(plain, **changes)  # type: ignore[arg-type]


@dataclass
class Desk:
    """A workspace folder with a store, and the verbs on it."""

    root: Path
    items: Items
    store: IssueStore
    sources: IssueSources
    rules: DraftRules = field(default=RULES)

    def draft(self, now: datetime = NOW, **changes: object) -> DraftOutcome:
        return draft(self.sources, self.store, self.rules, now=now, **changes)  # type: ignore[arg-type]

    def check(
        self, now: datetime = NOW, issue: str = ISSUE, *, right_words: tuple[str, ...] | None = None
    ) -> CheckOutcome:
        return check(
            self.sources,
            self.store,
            issue,
            now=now,
            rotation_issues=self.rules.rotation_issues,
            right_words=right_words,
        )

    def approve(
        self, editor: str = "Ana", *, required: int = 1, now: datetime = NOW, issue: str = ISSUE
    ) -> ApprovalStatus:
        rules = ApprovalRules(editors=EDITORS, required=required, bulletin_required=2)
        return approve(self.check(now, issue), self.store, rules, editor=editor, now=now)

    def codes(self, *, blocking: bool = False, now: datetime = NOW) -> list[str]:
        outcome = self.check(now)
        found = outcome.blocking if blocking else outcome.problems
        return [one.code for one in found if one.code not in DESIGN]

    def text(self, language: str = "en", issue: str = ISSUE) -> str:
        return (self.root / f"issues/{issue}/{language}.md").read_text()

    def edit(self, old: str, new: str, language: str = "en") -> None:
        text = self.text(language)
        assert old in text
        (self.root / f"issues/{ISSUE}/{language}.md").write_text(text.replace(old, new))

    def write(self, name: str, text: str) -> None:
        path = self.root / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(text)


def desk(
    root: Path,
    items: Iterable[Item] = (),
    organisations: Sequence[Organisation] = (organisation("harbor"), organisation("casa")),
    languages: tuple[str, ...] = ("en", "es"),
) -> Desk:
    engine = open_engine("sqlite:///test.db", root=root)
    migrate(engine)
    held = Items(items)
    sources = IssueSources(
        coalition=Coalition(
            name="River Coalition",
            url="https://river.example",
            timezone="America/Los_Angeles",
            languages=languages,
            postal_address="1 River Street\nMillbrook",
        ),
        sender=Sender(name="River", address="news@river.example"),
        organisations=tuple(organisations),
        files=WorkspaceFiles(root),
        items=held,
        stories=Consents(StoryFolder(root, key=KEY)),
        templates=TEMPLATES,
    )
    return Desk(root=root, items=held, store=IssueStore(engine), sources=sources)


SENDS_ON = date(2026, 11, 19)


def story(
    *,
    picture: StoryPicture | None = None,
    picture_consent: PictureConsent = PictureConsent.NONE,
    **changes: object,
) -> Story:
    """A story that may be mailed as an excerpt in English until the end of the year."""
    consent = Consent(
        record_id="8k2v5n0q4d",
        notice_id="story-consent-1",
        notice_sha256="ab" * 32,
        notice_language="en",
        method="phone",
        valid_from=date(2026, 9, 14),
        expires_on=date(2026, 12, 31),
        channels=frozenset({Channel.EMAIL_EXCERPT}),
        languages=frozenset({"en"}),
        attribution=Attribution.PSEUDONYM,
        attribution_words="Marisol",
        picture=picture_consent,
    )
    words = "For eleven years I cleaned offices at night, and nobody there knew my name."
    text = StoryText(
        language="en", title="The night shift", excerpt=words, body=words + "\n\nMore."
    )
    plain = Story(
        id="m4rq7tz2xd",
        consent=replace(consent, **changes),  # type: ignore[arg-type]
        texts=(text,),
        picture=picture,
    )
    reviewed = replace(plain, review=Review(words_sha256=plain.words_sha256))
    forms = [(one.language, channel) for one in plain.texts for channel in sorted(Channel)]
    yes = tuple(
        ReadBack(
            sha256=reviewed.form_sha256(language=language, channel=channel),
            language=language,
            channel=channel,
            on=date(2026, 9, 14),
            method="read aloud",
        )
        for language, channel in forms
    )
    return replace(reviewed, read_backs=yes)
