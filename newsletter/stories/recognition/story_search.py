"""Which stories an edition carries, by name or by their words, and may not."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date

from newsletter.model.consent import Allowed, Channel, Denied, Revocation
from newsletter.model.message import RenderedEdition
from newsletter.model.story import Story
from newsletter.stories.recognition.bare_words import words_of
from newsletter.stories.recognition.recognizer import Known, KnownTexts, Recognizer, Searched
from newsletter.stories.recognition.words import as_text

UNKNOWN = Denied(reason="there is no such story (withdrawn, or its file is unreadable)")
Quoted = Sequence[tuple[Known, set[int]]]


@dataclass(frozen=True, kw_only=True, slots=True)
class Finding:
    """A story that may not be there, and why. `about` is its id, or its consent's.

    `passages` are the bare words quoted of it; none where the story is there by name.
    """

    about: str
    record_id: str
    denied: Denied
    passages: tuple[str, ...] = field(default=(), repr=False)


@dataclass(frozen=True, kw_only=True, slots=True)
class StorySearch:
    """An edition looked through. `allowed` are the places of words that a story may show there."""

    findings: tuple[Finding, ...]
    searched: Searched = field(repr=False)
    allowed: frozenset[int] = field(repr=False)


def story_texts(stories: Sequence[Story], recognizer: Recognizer) -> KnownTexts:
    """Return what is looked for of the stories that there are: each text, and its excerpt."""

    def texts() -> Iterator[Known]:
        for story in stories:
            for text in story.texts:
                for words, is_excerpt in ((text.body, False), (text.excerpt, True)):
                    yield recognizer.known(
                        story.consent.record_id,
                        as_text(f"{text.title}\n\n{words}"),
                        given=story.consent.valid_from,
                        language=text.language,
                        is_excerpt=is_excerpt,
                    )

    return KnownTexts(texts())


def find_stories(
    edition: RenderedEdition,
    searched: Searched,
    *,
    stories: Mapping[str, Story],
    quoted: Quoted,
    withdrawn: Quoted,
    revocations: Sequence[Revocation],
    on: date,
) -> StorySearch:
    """Return what may not be there: what is named, then what is quoted, then what was withdrawn.

    Words that one story's consent allows there are not another's.
    """
    found: dict[str, Finding] = {}
    allowed: set[int] = set()
    denied: list[tuple[Story, set[int], Denied]] = []
    for story in stories.values():
        is_named = story.id in edition.story_ids
        shown = _shown(story, searched, quoted)
        if is_named and not shown:
            shown = {_short(story, searched, edition): set()}
        for (language, channel), places in shown.items():
            answer = story.answer(channel=channel, language=language, on=on)
            if isinstance(answer, Allowed):
                allowed |= places
            elif is_named:
                found[story.id] = Finding(
                    about=story.id, record_id=story.consent.record_id, denied=answer
                )
            else:
                denied.append((story, places, answer))
    for story_id in edition.story_ids:
        if story_id not in stories:
            found[story_id] = Finding(about=story_id, record_id="", denied=UNKNOWN)
    for story, places, answer in denied:
        if story.id not in found and searched.are_quote(places - allowed):
            reason = f"the text quotes it, and {answer.reason}"
            found[story.id] = Finding(
                about=story.id,
                record_id=story.consent.record_id,
                denied=Denied(reason=reason),
                passages=searched.passages(places - allowed),
            )
    by_record = {one.record_id: one for one in revocations if one.withdrawn}
    for known, places in withdrawn:
        stop = by_record[known.record_id]
        about = stop.story_id or stop.record_id
        before = found.get(about)
        if before is None:
            found[about] = Finding(
                about=about,
                record_id=stop.record_id,
                denied=Denied(reason=f"the text carries a story withdrawn on {stop.on}"),
                passages=searched.passages(places),
            )
    findings = tuple(found.values())
    return StorySearch(findings=findings, searched=searched, allowed=frozenset(allowed))


def _shown(story: Story, searched: Searched, quoted: Quoted) -> dict[tuple[str, Channel], set[int]]:
    """What an edition shows of a story: its excerpts, and more than those, by language."""
    short: dict[str, set[int]] = {}
    whole: dict[str, set[int]] = {}
    for known, places in quoted:
        if known.record_id == story.consent.record_id and story.text_in(known.language):
            kind = short if known.is_excerpt else whole
            kind.setdefault(known.language, set()).update(places)
    shown = {(language, Channel.EMAIL_EXCERPT): places for language, places in short.items()}
    for language, places in whole.items():
        more = places - short.get(language, set())
        if searched.are_quote(more):
            shown[language, Channel.EMAIL_FULL] = more
    return shown


def _short(story: Story, searched: Searched, edition: RenderedEdition) -> tuple[str, Channel]:
    """How a placed story is shown whose words are too few to be a quote."""
    said = " ".join(searched.words)
    for text in story.texts:
        rest = " ".join(words_of(as_text(text.body.removeprefix(text.excerpt))))
        if rest and f" {rest} " in f" {said} ":
            return text.language, Channel.EMAIL_FULL
    return edition.language, Channel.EMAIL_EXCERPT
