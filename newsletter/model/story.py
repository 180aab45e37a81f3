"""A submitted personal account, as edited for publication, with its consent."""

import hashlib
import re
from collections.abc import Iterable
from dataclasses import dataclass, replace
from datetime import date

from newsletter.model.consent import Allowed, Channel, Consent, Denied, PictureConsent, Revocation

# A short part of a story, for whoever said no to all of it by mail: at most this share of its
# words, and at most so many.
SHORT_PART_SHARE = 3
SHORT_PART_WORDS = 120
_SHOW_A_SHORT_PART = frozenset({Channel.EMAIL_EXCERPT, Channel.SOCIAL})
# Thai, Lao, Burmese, Khmer, Japanese and Chinese put no space between words: a character is one.
_UNSPACED = "\u0e00-\u0eff\u1000-\u109f\u1780-\u17ff\u3040-\u30ff\u3400-\u9fff\uf900-\ufaff"
_WORD = re.compile(rf"[{_UNSPACED}]|[^\W_{_UNSPACED}]+")
_ADDRESS = re.compile(r"\]\([^)]*\)|^ {0,3}\[[^\]]+\]:.*$|\b[a-z]+://\S+", re.MULTILINE)


def count_words(text: str) -> int:
    """Count the words of a text in any script; an address, also a link's in Markdown, is none."""
    return sum(1 for _ in _WORD.finditer(_ADDRESS.sub(" ", text)))


def most_words_of(body: str) -> int:
    """Return how many words a short part of this text may have."""
    return min(SHORT_PART_WORDS, count_words(body) // SHORT_PART_SHARE)


@dataclass(frozen=True, kw_only=True, slots=True)
class StoryText:
    """The story's words in one language. `excerpt` and `body` are Markdown.

    `body` is the whole text, the excerpt included.
    """

    language: str
    title: str
    excerpt: str
    body: str

    @property
    def is_short(self) -> bool:
        """Return whether the excerpt is a short part of the text."""
        return count_words(self.excerpt) <= most_words_of(self.body)

    @property
    def has_more(self) -> bool:
        """Return whether the text goes on after the excerpt."""
        return count_words(self.excerpt) < count_words(self.body)

    @property
    def excerpt_fault(self) -> str:
        """Return what is wrong with an excerpt that is no short part, in words for an editor."""
        if not self.has_more:
            return "the short part is the whole text, and there is no yes to all of it by email"
        return (
            f"the short part has {count_words(self.excerpt)} words; without a yes to all of it by "
            f"email it may have {most_words_of(self.body)} of these {count_words(self.body)}"
        )


@dataclass(frozen=True, kw_only=True, slots=True)
class StoryPicture:
    """A rebuilt picture beside the story file. `checked` are the questions an editor answered."""

    path: str
    alt: str
    sha256: str
    checked: frozenset[str] = frozenset()

    @property
    def file(self) -> str:
        """Where it lies in the workspace."""
        return f"stories/{self.path}"


PICTURE_CHECKS = frozenset({"faces", "plates", "uniforms", "signs", "screens", "landmarks"})


@dataclass(frozen=True, kw_only=True, slots=True)
class ReadBack:
    """The storyteller's yes to one exact form of the story; `sha256` is `Story.form_sha256`."""

    sha256: str
    language: str
    channel: Channel
    on: date
    method: str


@dataclass(frozen=True, kw_only=True, slots=True)
class Review:
    """That an editor decided on each identifying detail of exactly these words (`words_sha256`)."""

    words_sha256: str
    kept: int = 0
    generalised: int = 0
    removed: int = 0
    undecided: int = 0


def sha256_of(*parts: str) -> str:
    """Return SHA-256 of the parts, each after its length, so that no two lists share a digest."""
    sha = hashlib.sha256()
    for part in parts:
        data = part.encode()
        sha.update(len(data).to_bytes(8, "big"))
        sha.update(data)
    return sha.hexdigest()


@dataclass(frozen=True, kw_only=True, slots=True)
class Story:
    """One file of `stories/`. `id` is random and never derived from the person."""

    id: str
    consent: Consent
    texts: tuple[StoryText, ...]
    picture: StoryPicture | None = None
    topics: tuple[str, ...] = ()
    regions: tuple[str, ...] = ()
    review: Review | None = None
    read_backs: tuple[ReadBack, ...] = ()
    path: str = ""

    def text_in(self, language: str) -> StoryText | None:
        """Return the words in that language, if the story has them."""
        return next((text for text in self.texts if text.language == language), None)

    @property
    def shown_picture(self) -> StoryPicture | None:
        """Return the picture, if its storyteller agreed that it is shown."""
        return None if self.consent.picture is PictureConsent.NONE else self.picture

    @property
    def words_sha256(self) -> str:
        """Return a hash of all words, the picture and its description."""
        picture = (self.picture.sha256, self.picture.alt) if self.picture else ("", "")
        words = (
            part
            for text in self.texts
            for part in (text.language, text.title, text.excerpt, text.body)
        )
        return sha256_of(*words, *picture)

    def has_long_excerpt(self, language: str, channel: Channel) -> bool:
        """Return whether that form shows more than a short part, with no yes to all of it."""
        text = self.text_in(language)
        return (
            text is not None
            and channel in _SHOW_A_SHORT_PART
            and Channel.EMAIL_FULL not in self.consent.channels
            and not text.is_short
        )

    def form_sha256(self, *, language: str, channel: Channel) -> str:
        """Return the hash a read-back binds: words, name, picture, language, channel and consent.

        It covers the consent's record and end as well, so that a consent widened in the file by
        hand has no yes that fits it; and that the short part is long, where it is and nobody said
        yes to all of it: a yes to the short part is none to one that grew.
        """
        text = self.text_in(language)
        words = (text.title, text.excerpt, text.body) if text else ("", "", "")
        consent = self.consent
        shown = self.shown_picture
        return sha256_of(
            "story form 1",
            consent.record_id,
            consent.expires_on.isoformat(),
            language,
            channel.value,
            *words,
            consent.attribution.value,
            consent.attribution_words,
            consent.picture.value,
            *((shown.sha256, shown.alt) if shown else ("", "")),
            *(("long excerpt",) if self.has_long_excerpt(language, channel) else ()),
        )

    @property
    def yeses_that_fit(self) -> tuple[ReadBack, ...]:
        """Return the read-backs of the story as it is. Another one counts for nothing, and is a
        digest by which a name that was taken out since could be guessed."""
        return tuple(
            yes
            for yes in self.read_backs
            if yes.sha256 == self.form_sha256(language=yes.language, channel=yes.channel)
        )

    @property
    def safety_flags(self) -> tuple[str, ...]:
        """Return what an editor still has to settle before anybody may agree to this text."""
        flags = []
        if self.review is None:
            flags.append("nobody has reviewed the text for identifying details")
        elif self.review.words_sha256 != self.words_sha256:
            flags.append("the words or the picture changed since the review")
        elif self.review.undecided:
            flags.append(f"{self.review.undecided} identifying details are undecided")
        if self.picture is not None:
            if self.consent.picture is PictureConsent.NONE:
                flags.append("there is a picture and no consent for one")
            elif missing := PICTURE_CHECKS - self.picture.checked:
                flags.append(f"the picture is not checked for {', '.join(sorted(missing))}")
        for party in self.consent.third_parties:
            if party.settled not in ("agreed", "removed", "generalised"):
                flags.append(f"another person in the story ({party.role}) is not settled")
        return tuple(flags)

    def after(self, revocations: Iterable[Revocation]) -> "Story":
        """Return the story without what its storyteller took back.

        A limit to another consent of the same story counts if it is younger than this one: that
        was a renewal, which a restore undid.
        """
        ours = [
            revocation
            for revocation in revocations
            if revocation.record_id == self.consent.record_id
            or (
                revocation.story_id == self.id
                and (revocation.withdrawn or revocation.on > self.consent.valid_from)
            )
        ]
        return replace(self, consent=self.consent.after(ours)) if ours else self

    def answer(self, *, channel: Channel, language: str, on: date) -> Allowed | Denied:
        """Return whether these exact words may appear there, in that language, on that day."""
        text = self.text_in(language)
        if text is None:
            return Denied(reason=f"the story has no {language} text")
        answer = self.consent.answer(channel=channel, language=language, on=on)
        if isinstance(answer, Denied):
            return answer
        if self.safety_flags:
            return Denied(reason=self.safety_flags[0])
        form = self.form_sha256(language=language, channel=channel)
        is_agreed = any(yes.sha256 == form and yes.on <= on for yes in self.read_backs)
        if self.has_long_excerpt(language, channel) and not (is_agreed and text.has_more):
            return Denied(reason=text.excerpt_fault)
        if not is_agreed:
            where = channel.value.replace("_", " ")
            return Denied(reason=f"the storyteller has not agreed to this text ({where})")
        return answer
