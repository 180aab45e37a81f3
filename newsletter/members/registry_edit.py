"""Changes to feeds.yaml as text to text: comments and order stay, and the result is read again."""

import io
import re
import unicodedata
from typing import Any

from ruamel.yaml import YAML
from ruamel.yaml.comments import CommentedMap, CommentedSeq

from newsletter.errors import ConfigError, UsageError
from newsletter.fields.yaml import load_yaml
from newsletter.members.registry import FILE, organisation_named, organisations_in, read
from newsletter.model.address import same_address
from newsletter.model.organisation import Feed, Organisation, Terms

NEW_FILE = (
    "# The members of the coalition. newsletter feeds --help changes this file, or edit it.\n"
)


def add_organisations(text: str, *added: Organisation) -> str:
    """Return the file with more organisations, at its end. UsageError for an id that is taken."""
    registry = _Registry(text)
    taken = {organisation.id for organisation in registry.organisations}
    for organisation in added:
        if organisation.id in taken:
            raise UsageError(
                f"there is an organisation {organisation.id!r} already", hint="choose another id"
            )
        taken.add(organisation.id)
        registry.entries.append(_entry(organisation))
        if len(registry.entries) > 1 and "\n\n" in text:  # blank lines between members
            registry.entries.yaml_set_comment_before_after_key(
                len(registry.entries) - 1, before="\n"
            )
    return registry.written()


def remove_organisation(text: str, organisation_id: str) -> str:
    """Return the file without that organisation."""
    registry = _Registry(text)
    return registry.without(registry.entries, registry.index(organisation_id))


def add_feed(text: str, organisation_id: str, feed: Feed) -> str:
    """Return the file with one feed more for that organisation."""
    registry = _Registry(text)
    entry = registry.entries[registry.index(organisation_id)]
    if entry.get("feeds") is None:
        entry["feeds"] = CommentedSeq()
    entry["feeds"].append(_feed(feed))
    return registry.written()


def remove_feed(text: str, url: str) -> str:
    """Return the file without that feed."""
    registry = _Registry(text)
    feeds, index = registry.feed(url)
    return registry.without(feeds, index)


def change_feed(text: str, feed_url: str, **values: str | bool) -> str:
    """Return the file with `url`, `kind` or `paused` of a feed changed; False removes a key."""
    registry = _Registry(text)
    feeds, index = registry.feed(feed_url)
    if isinstance(feeds[index], str):
        feeds[index] = _feed(Feed(url=feeds[index]))
    for key, value in values.items():
        if value is False:
            feeds[index].pop(key, None)
        else:
            feeds[index][key] = value
    return registry.written()


def change_organisation(
    text: str, organisation_id: str, *, terms: Terms | None = None, **values: Any
) -> str:
    """Return the file with keys of that organisation changed; None removes a key."""
    registry = _Registry(text)
    entry = registry.entries[registry.index(organisation_id)]
    for key, value in values.items():
        if value is None:
            entry.pop(key, None)
        else:
            entry[key] = _flow(value) if isinstance(value, list | tuple) else value
    if terms is not None:
        entry["terms"] = _terms(terms)
    return registry.written()


def slug(name: str, taken: set[str]) -> str:
    """Return a free id made of a name: `Harbor Legal Aid` becomes `harbor-legal-aid`."""
    plain = unicodedata.normalize("NFKD", name).encode("ascii", "ignore").decode().lower()
    stem = "-".join(re.findall(r"[a-z0-9]+", plain))[:40].strip("-") or "member"
    candidate, turn = stem, 1
    while candidate in taken:
        turn += 1
        candidate = f"{stem}-{turn}"
    return candidate


class _Registry:
    """The file's text and its tree, which keeps comments. One with a mistake is never rewritten."""

    def __init__(self, text: str) -> None:
        root = load_yaml(text if text.strip() else NEW_FILE + "organisations:\n", file=FILE)
        if root is None:
            root = load_yaml(text.rstrip("\n") + "\norganisations:\n", file=FILE)
        self.organisations = organisations_in(root, FILE)
        self._text = text
        if root.get("organisations") is None:
            root["organisations"] = CommentedSeq()
        self._root = root
        self.entries = root["organisations"]

    def index(self, organisation_id: str) -> int:
        """Return which entry that organisation is. UsageError when there is none."""
        return self.organisations.index(organisation_named(self.organisations, organisation_id))

    def feed(self, url: str) -> tuple[Any, int]:
        """Return the list a feed stands in, and where in it. UsageError when there is none."""
        for entry, organisation in zip(self.entries, self.organisations, strict=True):
            for index, feed in enumerate(organisation.feeds):
                if same_address(feed.url) == same_address(url):
                    return entry["feeds"], index
        raise UsageError(f"no feed {url} in feeds.yaml", hint="newsletter feeds list shows them")

    def written(self) -> str:
        """Return the tree as text, indented as the file was."""
        yaml = YAML(typ="rt")
        yaml.width = 4096
        yaml.allow_unicode = True
        indented = re.search(
            r"^organisations:[^\n]*\n(?:\s*(?:#[^\n]*)?\n)*( *)-", self._text, re.MULTILINE
        )
        offset = len(indented[1]) if indented else 2
        yaml.indent(mapping=2, sequence=offset + 2, offset=offset)
        out = io.StringIO()
        yaml.dump(self._root, out)
        return _checked(out.getvalue())

    def without(self, sequence: Any, index: int) -> str:
        """Cut the entry's own lines: ruamel would drop the comments that follow it, too."""
        if sequence.fa.flow_style():
            del sequence[index]
            return self.written()
        lines = self._text.splitlines(keepends=True)
        first = sequence.lc.item(index)[0]
        dash = lines[first].index("-")
        end = first + 1
        while end < len(lines) and _belongs(lines[end], dash):
            end += 1
        while end > first + 1 and _is_remark(lines[end - 1]):
            end -= 1
        return _checked("".join(lines[:first] + lines[end:]))


def _entry(organisation: Organisation) -> CommentedMap:
    entry = CommentedMap(id=organisation.id, name=organisation.name, url=organisation.url)
    for key in ("languages", "regions", "topics"):
        if values := getattr(organisation, key):
            entry[key] = _flow(values)
    if organisation.contact:
        entry["contact"] = organisation.contact
    entry["terms"] = _terms(organisation.terms)
    entry["feeds"] = CommentedSeq([_feed(feed) for feed in organisation.feeds])
    return entry


def _feed(feed: Feed) -> CommentedMap:
    entry = CommentedMap(url=feed.url, kind=feed.kind.value)
    if feed.paused:
        entry["paused"] = True
    entry.fa.set_flow_style()
    return entry


def _terms(terms: Terms) -> CommentedMap:
    entry = CommentedMap(text=terms.text.value)
    if terms.word_limit:
        entry["words"] = terms.words
    entry["pictures"] = terms.pictures
    if terms.pages:
        entry["pages"] = True
    entry.fa.set_flow_style()
    return entry


def _flow(values: list[Any] | tuple[Any, ...]) -> CommentedSeq:
    sequence = CommentedSeq(values)
    sequence.fa.set_flow_style()
    return sequence


def _belongs(line: str, dash: int) -> bool:
    return _is_remark(line) or len(line) - len(line.lstrip(" ")) > dash


def _is_remark(line: str) -> bool:
    return not line.strip() or line.lstrip().startswith("#")


def _checked(text: str) -> str:
    try:
        read(text)
    except ConfigError as error:
        raise UsageError(
            f"that change would break feeds.yaml: {error.message}", hint=error.hint
        ) from error
    return text
