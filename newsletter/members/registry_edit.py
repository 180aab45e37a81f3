"""Changes to feeds.yaml as text to text: comments and order stay, and the result is read again."""

import io
import re
from typing import Any

from ruamel.yaml import YAML
from ruamel.yaml.comments import CommentedMap, CommentedSeq

from newsletter.errors import ConfigError, UsageError
from newsletter.fields.yaml import load_yaml
from newsletter.members.registry import read
from newsletter.model.address import same_address
from newsletter.model.organisation import Feed, FeedKind, Organisation, Terms

NEW_FILE = (
    "# The members of the coalition. newsletter feeds --help changes this file, or edit it.\n"
)


def add_organisation(text: str, organisation: Organisation, *, file: str) -> str:
    """The file with one organisation more, at its end."""
    root = _root(text, file)
    if any(one["id"] == organisation.id for one in root["organisations"]):
        raise UsageError(
            f"there is an organisation {organisation.id!r} already", hint="choose another id"
        )
    entry = CommentedMap(id=organisation.id, name=organisation.name, url=organisation.url)
    for key, values in (
        ("languages", organisation.languages),
        ("regions", organisation.regions),
        ("topics", organisation.topics),
    ):
        if values:
            entry[key] = _flow(list(values))
    if organisation.contact:
        entry["contact"] = organisation.contact
    entry["terms"] = _terms(organisation.terms)
    entry["feeds"] = CommentedSeq([_feed(feed) for feed in organisation.feeds])
    members = root["organisations"]
    members.append(entry)
    if len(members) > 1 and "\n\n" in text:  # the file parts its members by blank lines
        members.yaml_set_comment_before_after_key(len(members) - 1, before="\n")
    return _written(root, text, file)


def remove_organisation(text: str, organisation_id: str, *, file: str) -> str:
    """The file without that organisation."""
    root = _root(text, file)
    return _without(root["organisations"], _index(root, organisation_id), root, text, file)


def add_feed(text: str, organisation_id: str, feed: Feed, *, file: str) -> str:
    """The file with one feed more for that organisation."""
    root = _root(text, file)
    entry = root["organisations"][_index(root, organisation_id)]
    feeds = entry.setdefault("feeds", CommentedSeq())
    if feeds is None:
        feeds = entry["feeds"] = CommentedSeq()
    feeds.append(_feed(feed))
    return _written(root, text, file)


def remove_feed(text: str, url: str, *, file: str) -> str:
    """The file without that feed."""
    root = _root(text, file)
    entry, index = _find_feed(root, url)
    return _without(entry["feeds"], index, root, text, file)


def change_feed(text: str, feed_url: str, *, file: str, **values: str | bool) -> str:
    """The file with `url`, `kind` or `paused` of that feed changed; `paused=False` goes away."""
    root = _root(text, file)
    entry, index = _find_feed(root, feed_url)
    feed = entry["feeds"][index]
    if isinstance(feed, str):
        feed = entry["feeds"][index] = _feed(Feed(url=feed))
    for key, value in values.items():
        if value is False:
            feed.pop(key, None)
        else:
            feed[key] = value
    return _written(root, text, file)


def change_organisation(
    text: str, organisation_id: str, *, file: str, terms: Terms | None = None, **values: Any
) -> str:
    """The file with fields of that organisation changed; None takes a field away."""
    root = _root(text, file)
    entry = root["organisations"][_index(root, organisation_id)]
    for key, value in values.items():
        if value is None:
            entry.pop(key, None)
        else:
            entry[key] = _flow(list(value)) if isinstance(value, list | tuple) else value
    if terms is not None:
        entry["terms"] = _terms(terms)
    return _written(root, text, file)


def slug(name: str, taken: set[str]) -> str:
    """A free id made of a name: `Harbor Legal Aid` becomes `harbor-legal-aid`."""
    import unicodedata

    plain = unicodedata.normalize("NFKD", name).encode("ascii", "ignore").decode().lower()
    stem = "-".join(re.findall(r"[a-z0-9]+", plain))[:40].strip("-") or "member"
    candidate, turn = stem, 1
    while candidate in taken:
        turn += 1
        candidate = f"{stem}-{turn}"
    return candidate


def _root(text: str, file: str) -> Any:
    read(text, file)  # a file with a mistake is never rewritten
    root = load_yaml(text if text.strip() else NEW_FILE + "organisations:\n", file=file)
    if root is None:
        root = load_yaml(text.rstrip("\n") + "\norganisations:\n", file=file)
    if root.get("organisations") is None:
        root["organisations"] = CommentedSeq()
    return root


def _index(root: Any, organisation_id: str) -> int:
    ids = [one["id"] for one in root["organisations"]]
    if organisation_id not in ids:
        raise UsageError(
            f"no organisation {organisation_id!r} in feeds.yaml",
            hint="newsletter feeds list shows them",
        )
    return ids.index(organisation_id)


def _find_feed(root: Any, url: str) -> tuple[Any, int]:
    wanted = same_address(url)
    for entry in root["organisations"]:
        for index, feed in enumerate(entry.get("feeds") or ()):
            if same_address(feed if isinstance(feed, str) else feed["url"]) == wanted:
                return entry, index
    raise UsageError(f"no feed {url} in feeds.yaml", hint="newsletter feeds list shows them")


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


def _flow(values: list[Any]) -> CommentedSeq:
    sequence = CommentedSeq(values)
    sequence.fa.set_flow_style()
    return sequence


def _written(root: Any, before: str, file: str) -> str:
    yaml = YAML(typ="rt")
    yaml.width = 4096
    yaml.allow_unicode = True
    indented = re.search(
        r"^organisations:[^\n]*\n(?:\s*(?:#[^\n]*)?\n)*( *)-", before, re.MULTILINE
    )
    offset = len(indented[1]) if indented else 2
    yaml.indent(mapping=2, sequence=offset + 2, offset=offset)
    out = io.StringIO()
    yaml.dump(root, out)
    return _checked(out.getvalue(), file)


def _without(sequence: Any, index: int, root: Any, text: str, file: str) -> str:
    """Cut the entry's own lines: ruamel would drop the comments that follow it, too."""
    if sequence.fa.flow_style():
        del sequence[index]
        return _written(root, text, file)
    lines = text.splitlines(keepends=True)
    first = sequence.lc.item(index)[0]
    dash = lines[first].index("-")
    end = first + 1
    while end < len(lines) and _belongs(lines[end], dash):
        end += 1
    while end > first + 1 and _is_remark(lines[end - 1]):
        end -= 1
    return _checked("".join(lines[:first] + lines[end:]), file)


def _belongs(line: str, dash: int) -> bool:
    return _is_remark(line) or len(line) - len(line.lstrip(" ")) > dash


def _is_remark(line: str) -> bool:
    return not line.strip() or line.lstrip().startswith("#")


def _checked(text: str, file: str) -> str:
    """The text, when it reads well."""
    try:
        read(text, file)
    except ConfigError as error:
        raise UsageError(
            f"that change would break feeds.yaml: {error.message}", hint=error.hint
        ) from error
    return text


def kind_of_format(format: str) -> FeedKind:
    """What a feed of this format carries."""
    return FeedKind.CALENDAR if format == "ical" else FeedKind.NEWS
