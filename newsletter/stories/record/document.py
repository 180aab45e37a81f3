"""A story file: YAML front matter with the public half of the consent, then the words.

The words of a language start at a heading that names it, `# Title {en}`; a line `<!-- more -->`
ends what may be used as an excerpt (without one, the excerpt is the whole text). The format is
described for editors in docs/editors-stories.md.
"""

import io
import re
from dataclasses import asdict
from typing import Any

from ruamel.yaml import YAML
from ruamel.yaml.comments import CommentedSeq

from newsletter.errors import ConfigError
from newsletter.fields.front_matter import split
from newsletter.fields.table import Table
from newsletter.model.consent import Channel
from newsletter.model.story import ReadBack, Review, Story, StoryPicture, StoryText
from newsletter.stories.record.consent_fields import consent_as_mapping, read_consent

_HEADING = re.compile(r"^# (?P<title>.+?)\s*\{(?P<language>[A-Za-z]{2,3}(?:-[A-Za-z0-9]+)*)\}\s*$")
_MORE = re.compile(r"^<!--\s*more\s*-->\s*$", re.MULTILINE)
HOW_A_FILE_BEGINS = "a story file starts with a line ---, then YAML, then --- again"
_COUNTS = ("kept", "generalised", "removed", "undecided")
STORY_ID = re.compile(r"[a-z0-9]{6,32}")


def read(text: str, *, file: str) -> Story:
    """Return the story a file holds. ConfigError with file, line and hint for what is wrong."""
    matter = split(text, file=file, hint=HOW_A_FILE_BEGINS)
    fields = matter.table
    story_id = fields.text("id")
    if not STORY_ID.fullmatch(story_id):
        raise fields.error("id should be 6 to 32 small letters and digits", key="id")
    story = Story(
        id=story_id,
        consent=fields.table("consent").read(read_consent),
        texts=_texts(matter.body, matter.first_line, file),
        picture=fields.read_or_none("picture", _picture),
        topics=fields.texts("topics"),
        regions=fields.texts("regions"),
        review=fields.read_or_none("review", _review),
        read_backs=tuple(yes.read(_read_back) for yes in fields.tables("read_backs")),
        path=file,
    )
    fields.close()
    return story


def _picture(fields: Table) -> StoryPicture:
    name = fields.text("file")
    if "/" in name or "\\" in name or name.startswith("."):
        raise fields.error("file should be the name of a file beside the story", key="file")
    return StoryPicture(
        path=name,
        alt=fields.text("alt", hint="say in a sentence what the picture shows"),
        sha256=fields.text("sha256"),
        checked=frozenset(fields.texts("checked")),
    )


def _review(fields: Table) -> Review:
    counts = {name: fields.whole(name, 0) for name in _COUNTS}
    return Review(words_sha256=fields.text("words_sha256"), **counts)


def _read_back(fields: Table) -> ReadBack:
    return ReadBack(
        sha256=fields.text("sha256"),
        language=fields.text("language"),
        channel=fields.choice("channel", Channel),
        on=fields.day("on"),
        method=fields.text("method"),
    )


def _texts(body: str, first_line: int, file: str) -> tuple[StoryText, ...]:
    parts: list[tuple[str, str, int, list[str]]] = []
    for number, line in enumerate(body.split("\n"), start=first_line):
        heading = _HEADING.match(line)
        if heading:
            parts.append((heading["language"], heading["title"], number, []))
        elif line.startswith("# "):
            raise ConfigError(
                "this heading names no language",
                file=file,
                line=number,
                hint="write `# Title {en}`; inside a story use ## headings",
            )
        elif parts:
            parts[-1][3].append(line)
        elif line.strip():
            raise ConfigError(
                "words before the first heading",
                file=file,
                line=number,
                hint="start the story with `# Title {en}`",
            )
    if not parts:
        raise ConfigError(
            "the story has no words", file=file, line=first_line, hint="add `# Title {en}`"
        )
    seen: set[str] = set()
    for language, _, number, lines in parts:
        if language in seen:
            raise ConfigError(f"a second text in {language}", file=file, line=number)
        if not "".join(lines).strip():
            raise ConfigError("no words below this heading", file=file, line=number)
        seen.add(language)
    return tuple(_text(language, title, "\n".join(lines)) for language, title, _, lines in parts)


def _text(language: str, title: str, words: str) -> StoryText:
    excerpt, *rest = _MORE.split(words, maxsplit=1)
    whole = "\n\n".join(part.strip() for part in (excerpt, *rest) if part.strip())
    return StoryText(language=language, title=title, excerpt=excerpt.strip() or whole, body=whole)


def write(story: Story) -> str:
    """Return the text of a story's file; `read(write(story))` is the story again."""
    yaml = YAML(typ="rt")
    yaml.width = 100
    yaml.default_flow_style = False
    yaml.representer.ignore_aliases = lambda _data: True
    out = io.StringIO()
    yaml.dump(_laid_out(_front(story)), out)
    texts = "\n\n".join(_written(text) for text in story.texts)
    return f"---\n{out.getvalue()}---\n\n{texts}\n"


def _laid_out(value: Any) -> Any:
    """Lists of words on one line, everything else a line a key."""
    if isinstance(value, dict):
        return {key: _laid_out(inner) for key, inner in value.items()}
    if isinstance(value, list):
        row = CommentedSeq(_laid_out(inner) for inner in value)
        if not any(isinstance(inner, dict) for inner in value):
            row.fa.set_flow_style()
        return row
    return value


def _written(text: StoryText) -> str:
    rest = text.body[len(text.excerpt) :].strip() if text.body.startswith(text.excerpt) else ""
    more = f"\n\n<!-- more -->\n\n{rest}" if rest else ""
    return f"# {text.title} {{{text.language}}}\n\n{text.excerpt}{more}"


def _front(story: Story) -> dict[str, Any]:
    front: dict[str, Any] = {
        "id": story.id,
        "consent": consent_as_mapping(story.consent),
        "topics": list(story.topics),
        "regions": list(story.regions),
    }
    if story.picture is not None:
        front["picture"] = {
            "file": story.picture.path,
            "alt": story.picture.alt,
            "sha256": story.picture.sha256,
            "checked": sorted(story.picture.checked),
        }
    if story.review is not None:
        front["review"] = asdict(story.review)
    front["read_backs"] = [
        asdict(read_back) | {"channel": read_back.channel.value} for read_back in story.read_backs
    ]
    return front
