"""feedparser's dictionary, which knows old names of a key, quicker for keys that never had one."""

from typing import Any

from feedparser.api import FeedParserDict

MISSING = object()
# The keys that FeedParserDict finds under another name, or makes when they are asked for.
OLD_NAMES = frozenset({*FeedParserDict.keymap, "category", "enclosures", "license"}) | {
    "updated", "updated_parsed",
}  # fmt: skip


class EntryDict(FeedParserDict):  # type: ignore[misc]
    """What is there under its own name is found without the old ones."""

    __hash__ = object.__hash__  # by identity, as its own is, without Python

    def __getitem__(self, key: str) -> Any:
        value = dict.get(self, key, MISSING)
        return super().__getitem__(key) if value is MISSING else value

    def __contains__(self, key: object) -> bool:
        return dict.__contains__(self, key) or (key in OLD_NAMES and super().__contains__(key))

    def get(self, key: str, default: Any = None) -> Any:
        return super().get(key, default) if key in OLD_NAMES else dict.get(self, key, default)

    def setdefault(self, key: str, default: Any) -> Any:
        if key in OLD_NAMES:
            return super().setdefault(key, default)
        return dict.setdefault(self, key, default)
