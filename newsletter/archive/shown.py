"""Which files of the archive show which stories: what is asked again when one of them is served."""

import html
import json
import re
from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from contextlib import suppress
from dataclasses import dataclass, field

from newsletter.archive.issue_page import IssuePage, picture_path
from newsletter.archive.story_page import StoryPage
from newsletter.model.consent import Revocation
from newsletter.stories.recognition.short_quotes import Quotable, QuoteIndex

_TAGS = re.compile(r"<style.*?</style>|<[^>]+>", re.DOTALL)
_LINK = re.compile(r"stories/([0-9a-z]+)/([A-Za-z0-9-]+)/")
_PLACE = re.compile(r"\bp-([0-9a-z]+)")


@dataclass(frozen=True, kw_only=True, slots=True)
class Shown:
    """What a site shows of stories.

    `files` says of each file by its name which forms it shows, or quotes: see `form_of`.
    `withdrawn` are the records of the withdrawals known when it was written, `gone` the files that
    it had once.
    """

    files: Mapping[str, frozenset[str]] = field(default_factory=dict)
    withdrawn: frozenset[str] = frozenset()
    gone: frozenset[str] = frozenset()

    def as_json(self) -> str:
        """Return it as the text of a file."""
        return json.dumps(
            {
                "files": {name: sorted(forms) for name, forms in sorted(self.files.items())},
                "withdrawn": sorted(self.withdrawn),
                "gone": sorted(self.gone),
            },
            indent=0,
        )

    @classmethod
    def from_json(cls, text: str) -> "Shown":
        """Read what `as_json` wrote. ValueError when it is something else."""
        try:
            kept = json.loads(text)
            return cls(
                files={name: frozenset(forms) for name, forms in kept["files"].items()},
                withdrawn=frozenset(kept["withdrawn"]),
                gone=frozenset(kept["gone"]),
            )
        except (KeyError, TypeError, AttributeError) as error:
            raise ValueError("not what an archive shows") from error


def shown_in(
    files: Mapping[str, str | bytes],
    pages: Sequence[IssuePage],
    stories: Sequence[StoryPage],
    *,
    withdrawn: frozenset[str],
) -> Shown:
    """Return what these files show: by link, by place, by words, or by a subject that quotes."""
    forms = {(story.id, story.language): form_of(story) for story in stories}
    by_id: dict[str, set[str]] = defaultdict(set)
    for story in stories:
        by_id[story.id].add(form_of(story))
    words = {form_of(story): Quotable.of([story.title], [story.text]) for story in stories}
    index = QuoteIndex(words)
    lines = {
        page.path.removesuffix("index.html"): own for page in pages if (own := _quoted(page, words))
    }
    found: dict[str, set[str]] = defaultdict(set)
    for name, data in files.items() if stories else ():
        if isinstance(data, str):
            found[name] |= {forms[link] for link in _LINK.findall(data) if link in forms}
            found[name] |= {form for id_ in _PLACE.findall(data) for form in by_id.get(id_, ())}
            found[name] |= {form for path, own in lines.items() if path in data for form in own}
            found[name] |= index.named_in(words_in(name, data))
        else:
            found[name] |= lines.get(name.removesuffix("share.png"), set())
    for story in stories:
        found[story.path].add(form_of(story))
        if story.picture is not None:
            found[picture_path(story.picture)].add(form_of(story))
    shown = {name: frozenset(found.get(name, ())) for name in files}
    return Shown(files=shown, withdrawn=withdrawn)


def form_of(story: StoryPage) -> str:
    """Return a story in a language, in the words agreed to: `m4rq7tz2xd/en/` and their hash."""
    return f"{story.id}/{story.language}/{story.form}"


def withdrawn_records(revocations: Iterable[Revocation]) -> frozenset[str]:
    """Return the consent records of the withdrawals among them."""
    return frozenset(one.record_id for one in revocations if one.withdrawn)


def words_in(name: str, data: str) -> str:
    """Return what a file says, as plain text: a page, a feed, or titles to search in."""
    if name.endswith(".json"):
        with suppress(ValueError):
            return "\n".join(_strings(json.loads(data)))
    once = html.unescape(_TAGS.sub(" ", data))
    # What looks like a tag is words (`I <3 you`), or a feed's that holds a page as text.
    return f"{once}\n{html.unescape(_TAGS.sub(' ', once))}" if "<" in once else once


def _strings(value: object) -> Iterator[str]:
    if isinstance(value, str):
        yield value
    elif isinstance(value, list):
        for one in value:
            yield from _strings(one)


def _quoted(page: IssuePage, words: Mapping[str, Quotable]) -> set[str]:
    """The forms that the page's subject or preheader quotes: lists and feeds repeat them."""
    told = (page.view.subject, page.view.preheader)
    return {form for form, one in words.items() if any(map(one.in_line, told))}
