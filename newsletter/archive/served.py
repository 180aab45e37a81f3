"""[I/O] The archive as it may be served at this moment: every story in a file is asked for again.

The files were written when they might be shown. Since then a consent may have ended, or have been
narrowed or withdrawn, here or on another machine with the same database: what shows it is gone at
the next request, whether or not anybody wrote the archive again.
"""

import unicodedata
from collections.abc import Callable, Iterable
from contextlib import suppress
from dataclasses import dataclass
from datetime import UTC, date, datetime
from pathlib import Path, PurePosixPath

from newsletter.archive.published_folder import PublishedFolder
from newsletter.archive.shown import Shown, withdrawn_records, words_in
from newsletter.model.consent import Allowed, Channel, Revocation
from newsletter.model.item import Item, ItemKind
from newsletter.model.story import Story
from newsletter.stories.record.consents import Consents

_EVER = datetime.min.replace(tzinfo=UTC)
_INDEX = "index.html"
_Seen = tuple[object, ...]


@dataclass(frozen=True, kw_only=True, slots=True)
class Served:
    """A file that may be served, by its name below the folder."""

    name: str
    has_story: bool


@dataclass(frozen=True, kw_only=True, slots=True)
class Folder:
    """A folder with an index, asked for without its final slash."""


@dataclass(frozen=True, kw_only=True, slots=True)
class Gone:
    """It was there and may not be shown any more. `is_left`: the file is there still."""

    is_left: bool


@dataclass(frozen=True, kw_only=True, slots=True)
class Absent:
    """There never was such a file."""


@dataclass(frozen=True, kw_only=True, slots=True)
class Unknown:
    """An older version wrote the archive: what it shows is not known before it is written again."""


Look = Served | Folder | Gone | Absent | Unknown


class ServedArchive:
    """One folder, with the consents that answer for it. Cheap where nothing changed.

    The consents are opened when they are first asked for: they need the database.
    """

    def __init__(self, folder: PublishedFolder, consents: Callable[[], Consents]) -> None:
        self._folder = folder
        self._open_consents = consents
        self._looked: dict[str, tuple[_Seen, bool]] = {}
        self._languages: tuple[Shown, tuple[str, ...]] | None = None
        self._folded: tuple[Shown, frozenset[str]] | None = None

    @property
    def _consents(self) -> Consents:
        return self._open_consents()

    @property
    def is_there(self) -> bool:
        """Return whether an archive was written."""
        return (self._folder.root / _INDEX).is_file()

    @property
    def languages(self) -> tuple[str, ...]:
        """Return the tags of the languages that have an index of their own."""
        shown = self._folder.shown()
        if shown is None:
            return ()
        if self._languages is None or self._languages[0] is not shown:
            parts = (name.split("/") for name in shown.files)
            tags = tuple(part[0] for part in parts if len(part) == 2 and part[1] == _INDEX)
            self._languages = (shown, tags)
        return self._languages[1]

    def look(self, name: str, today: date) -> Look:
        """Return what may be served by that name: a path of the address, without what is hidden.

        Raises what the consents raise: where nobody can say, nothing is served.
        """
        wanted = name + _INDEX if not name or name.endswith("/") else name
        if any(not part or part.startswith(".") for part in wanted.split("/")) or "\\" in wanted:
            return Absent()
        shown = self._folder.shown()
        if shown is None:
            return Unknown() if self.is_there else Absent()
        path = self._folder.root / wanted
        with suppress(OSError):  # a name that is too long for the disk
            if path.is_dir():
                return Folder() if (path / _INDEX).is_file() else Absent()
            if path.is_file():
                return self._ask(wanted, path, shown, today)
        was = {wanted, f"{wanted}/{_INDEX}"}
        return Gone(is_left=False) if was & shown.gone else Absent()

    def _is_other_spelling(self, name: str, shown: Shown) -> bool:
        """Whether the disk finds one of the archive's files by a name that is not quite its own."""
        if self._folded is None or self._folded[0] is not shown:
            self._folded = (shown, frozenset(map(_folded, shown.files)))
        return name not in shown.files and _folded(name) in self._folded[1]

    def _ask(self, name: str, path: Path, shown: Shown, today: date) -> Look:
        if self._is_other_spelling(name, shown):
            return Absent()
        if _is_put_back(name, shown):
            return Gone(is_left=name in shown.gone)
        forms = shown.files.get(name, frozenset())
        revocations = self._consents.revocations()
        ids = sorted({form.partition("/")[0] for form in forms})
        status = path.stat()
        seen = (shown, revocations, self._consents.stamp(ids), today, status.st_mtime_ns)
        known = self._looked.get(name)
        if known is None or not _same(known[0], seen):
            may = self._may(forms, today) and not self._carries(name, shown, revocations)
            known = (seen, may)
            self._looked[name] = known
        return Served(name=name, has_story=bool(forms)) if known[1] else Gone(is_left=True)

    def _may(self, forms: Iterable[str], today: date) -> bool:
        """Whether every story may be on the web today, in the very words that the file has."""
        stories = {story.id: story for story in self._consents.stories()} if forms else {}
        return all(_allows(stories, form, today) for form in forms)

    def _carries(self, name: str, shown: Shown, revocations: tuple[Revocation, ...]) -> bool:
        """Whether a page has words of a story that was withdrawn after it was written."""
        if withdrawn_records(revocations) <= shown.withdrawn:
            return False
        path = PurePosixPath(name)
        if path.name == "share.png":  # shows its page's subject
            path = path.with_name(_INDEX)
        if path.suffix not in (".html", ".xml", ".json"):
            return False
        file = self._folder.root / path
        text = words_in(path.name, file.read_text(encoding="utf-8")) if file.is_file() else ""
        page = Item(id=name, kind=ItemKind.NEWS, title="", text=text, first_seen_at=_EVER)
        return bool(self._consents.withdrawn_items([page]))


def _allows(stories: dict[str, Story], form: str, today: date) -> bool:
    story_id, language, agreed = form.split("/")
    story = stories.get(story_id)
    if story is None:
        return False
    answer = story.answer(channel=Channel.WEB_ARCHIVE, language=language, on=today)
    form_now = story.form_sha256(language=language, channel=Channel.WEB_ARCHIVE)
    return isinstance(answer, Allowed) and form_now == agreed


def _is_put_back(name: str, shown: Shown) -> bool:
    """Whether a file comes from a copy of an earlier archive: it was removed once, or lies in one
    of the archive's folders, and nobody knows which stories it shows."""
    if name in shown.files:
        return False
    folder, is_below, _ = name.partition("/")
    ours = {known.partition("/")[0] for known in (*shown.files, *shown.gone) if "/" in known}
    return name in shown.gone or (bool(is_below) and folder in ours)


def _folded(name: str) -> str:
    """A name as disks without upper and lower case compare it."""
    return unicodedata.normalize("NFC", name).casefold()


def _same(one: _Seen, other: _Seen) -> bool:
    """Whether nothing changed; what is large is compared by identity first."""
    return all(a is b or a == b for a, b in zip(one, other, strict=True))
