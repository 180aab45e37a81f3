"""The consent text exactly as shown, and the hash that proves which words those were.

Its sentences are in the catalogues. Whoever changes one in a way that means something else gives
the notice a new id: its words are what people agreed to. What `story-consent-1` said stays in
newsletter/stories/notices/, so that a consent of then can still be proved.
"""

import hashlib
from dataclasses import dataclass

from newsletter.stories.record.story_language import (
    fill,
    in_its_order,
    is_read_by_a_speaker,
    story_gettext,
    story_language,
)

CURRENT = "story-consent-2"
RETENTION_DAYS = 90

_TITLE = "What happens with your story"
_NOT_READ_YET = (
    "Nobody who speaks this language has checked this translation yet. If something is not clear, "
    "please ask us before you say yes."
)
_WHO = "1. Who asks. %(coalition)s asks for your story, to publish it in its newsletter."
_CHOICE = (
    "2. You choose. For each use you say yes or no. No is a good answer. Your answer, whatever it "
    "is, changes nothing about any help, service or membership you get. You can stop at any point."
)
_FIRST = (
    "3. Who sees it first. What you tell us is locked as soon as we receive it. Only the "
    "newsletter's editors can open it. They take out or change what could show who you are, and "
    "then show you the text."
)
_AGREEING = (
    "4. Nothing is published before you agree to the final text. We show you, or read to you, the "
    "exact text, and the picture if there is one."
)
_ON_THE_PAGE = "With your code you can also see it on our page, and say yes or no there."
_AGAIN = "If one word changes after that, we ask again."
_WHERE = (
    "5. Where it may appear. Only in the places and the languages you say yes to. An email that "
    "has been sent cannot be deleted or called back: people may keep it, copy it or forward it. A "
    "page on our website can be taken down, but someone may have kept a copy. What we gave to "
    "journalists or put on social media may be copied too."
)
_HOW_LONG = (
    "6. How long. For the time you choose: 6 months, 1 year or 2 years. After that we stop using "
    "it, unless you say yes again."
)
_BACK_BY_CODE = (
    "7. If you change your mind. At any time, for any reason or none, use the code that we give "
    "you on this page (%(page)s). You do not need an account, and nobody has to approve it. If "
    "you lose the code, tell any editor which story is yours."
)
_BACK_BY_ASKING = (
    "7. If you change your mind. At any time, for any reason or none, tell any editor of "
    "%(coalition)s, with the code that we give you, or which story is yours. Nobody has to "
    "approve it."
)
_STOPPING = (
    "We stop using your story at once, even in the middle of sending. We delete it and take it "
    "off our website. We tell those who reprinted it, as far as we know them. What has already "
    "been sent by email stays in the mail of the people who got it."
)
_KEPT = (
    "8. What we keep. What you tell us, the messages between us, and your name and a way to reach "
    "you if you give them, are kept locked. We delete them %(days)s days after the time you chose "
    "is over, or at once if you take your story back. After that we keep only the record of your "
    "consent: when you said yes or no, to which places and languages, and a code made from each "
    "text you agreed to. If you took your story back, such a code also keeps it from coming back "
    "by mistake. The text cannot be read from these codes. If your story was sent, the published "
    "text also stays in our record of that issue; if you take your story back, we delete it there "
    "too. We do not keep the internet (IP) address of your phone or computer."
)
_YOUNG = (
    "9. Under 18. If the person whose story this is is under 18, we publish it only if a parent "
    "or guardian says yes and the young person says yes too."
)
_RISKS = (
    "10. Risks. People who know you may recognize your story even without your name. Think of "
    "your job, your landlord, your case, your family. If you are not sure, talk to someone you "
    "trust, or to a lawyer, before you say yes."
)


@dataclass(frozen=True, kw_only=True, slots=True)
class Notice:
    """One consent text in one language; `sha256` is of the words as shown."""

    id: str
    language: str
    text: str

    @property
    def sha256(self) -> str:
        """Return SHA-256 of the UTF-8 text, in hexadecimal."""
        return hashlib.sha256(self.text.encode()).hexdigest()

    @property
    def title(self) -> str:
        """Return the first line."""
        return self.text.split("\n", 1)[0]

    @property
    def paragraphs(self) -> tuple[str, ...]:
        """Return what follows the title."""
        return tuple(part.strip() for part in self.text.split("\n\n")[1:])


def notice(language: str, *, coalition: str, page: str) -> Notice:
    """Return the current consent text; in English when it is not there in that language.

    `page` is the address where the code is used; empty where stories have no page.
    """
    language = story_language(language)
    gettext = story_gettext(language)
    coalition, page = in_its_order(coalition, language), page and in_its_order(page, language)
    text = "\n\n".join(
        " ".join(
            fill(gettext(one), coalition=coalition, page=page, days=RETENTION_DAYS) for one in part
        )
        for part in _parts(has_page=bool(page), was_read=is_read_by_a_speaker(language))
    )
    return Notice(id=CURRENT, language=language, text=text)


def _parts(*, has_page: bool, was_read: bool) -> list[list[str]]:
    return [
        [_TITLE],
        *([] if was_read else [[_NOT_READ_YET]]),
        [_WHO],
        [_CHOICE],
        [_FIRST],
        [_AGREEING, *([_ON_THE_PAGE] if has_page else []), _AGAIN],
        [_WHERE],
        [_HOW_LONG],
        [_BACK_BY_CODE if has_page else _BACK_BY_ASKING, _STOPPING],
        [_KEPT],
        [_YOUNG],
        [_RISKS],
    ]
