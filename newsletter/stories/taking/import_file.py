"""A story from a file: Markdown with the answers as front matter, or a saved email."""

import email
import email.policy
import html
import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from email.message import EmailMessage
from email.utils import parseaddr

import nh3

from newsletter.errors import AttentionError
from newsletter.fields.front_matter import split
from newsletter.model.consent import NOTICE_SHOWN
from newsletter.stories.record.document import HOW_A_FILE_BEGINS
from newsletter.stories.taking.question import Kind
from newsletter.stories.taking.questions import IN_LANGUAGE, languages_asked, questions

MOST_BYTES = 30_000_000
_LANGUAGE = re.compile(IN_LANGUAGE + r"[a-z]{2,3}(-[A-Za-z0-9]{2,8})*")
_YES_NO = {"true": "yes", "false": "no"}
_LINE_ENDS = re.compile(r"<br\b[^>]*>|</(?:div|li|tr)>", re.IGNORECASE)
_PARAGRAPH_ENDS = re.compile(r"</(?:p|h\d|blockquote)>", re.IGNORECASE)
_NOT_WORDS = {"script", "style", "title"}


@dataclass(frozen=True, kw_only=True, slots=True)
class Imported:
    """Answers found in a file, by question, and its picture. What is missing is asked for.

    `left_out` names what else a mail has, which is not taken.
    """

    answers: Mapping[str, str] = field(repr=False)
    language: str  # of the form and the notice; empty when the file does not say
    text_language: str = ""
    shown: str = ""  # how the notice was shown, or no
    shown_on: date | None = None
    picture: bytes = field(default=b"", repr=False)
    left_out: tuple[str, ...] = field(default=(), repr=False)


def from_markdown(text: str, *, file: str, published: Sequence[str]) -> Imported:
    """Read front matter with a key a question, and the words below it.

    `language` is the story's, `form_language` that of the form and the notice; `notice_shown` and
    `notice_shown_on` say how and when the storyteller got to know the notice. `published` are the
    tags that the newsletter appears in; a file may be older than that, and name others too. A
    language that it does not name is a no, where it names any.
    """
    matter = split(text, file=file, hint=HOW_A_FILE_BEGINS)
    fields = matter.table
    named = [key for key in fields.values if _LANGUAGE.fullmatch(key)]
    answers = {
        question.id: _answer(fields.text(question.id, ""), question.kind)
        for question in questions(languages_asked(published, named)).values()
        if question.kind is not Kind.PICTURE and question.id != "text"
    }
    if named:
        answers |= {key: answers[key] or "no" for key in answers if key.startswith(IN_LANGUAGE)}
    shown = fields.text("notice_shown", "")
    if shown not in ("", "no", *NOTICE_SHOWN):
        choices = ", ".join((*NOTICE_SHOWN, "no"))
        raise fields.error(f"notice_shown should be one of {choices}", key="notice_shown")
    found = Imported(
        answers={**answers, "text": matter.body.strip()},
        language=fields.text("form_language", ""),
        text_language=fields.text("language", ""),
        shown=shown,
        shown_on=fields.day_or_none("notice_shown_on"),
    )
    fields.close()
    return found


def _answer(written: str, kind: Kind) -> str:
    if kind in (Kind.YES_NO, Kind.TICK):
        written = _YES_NO.get(written.casefold(), written)
    return "" if kind is Kind.TICK and written == "no" else written


def from_mail(data: bytes) -> Imported:
    """Read a saved mail's words and first picture; the sender becomes the contact."""
    if len(data) > MOST_BYTES:
        raise AttentionError("the email is larger than 30 MB")
    message = email.message_from_bytes(data, policy=email.policy.default)
    parts = [part for part in message.walk() if isinstance(part, EmailMessage)]
    found = (message.get_body(preferencelist=(kind,)) for kind in ("plain", "html"))
    bodies = [body for body in found if isinstance(body, EmailMessage)]
    text = next(filter(None, map(_text_of, bodies)), "")
    pictures = [part for part in parts if part.get_content_maintype() == "image" and _bytes(part)]
    others = (
        part
        for part in parts
        if part not in (*bodies, *pictures[:1]) and (part.is_attachment() or _is_other(part))
    )
    name, address = parseaddr(str(message["from"] or ""))
    return Imported(
        answers={"text": text, "name": name, "contact": address},
        language="",
        picture=_bytes(pictures[0]) if pictures else b"",
        left_out=tuple(part.get_filename() or part.get_content_type() for part in others),
    )


def _is_other(part: EmailMessage) -> bool:
    return part.get_content_maintype() not in ("text", "multipart")


def _bytes(part: EmailMessage) -> bytes:
    payload = part.get_payload(decode=True)
    return payload if isinstance(payload, bytes) else b""


def _text_of(body: EmailMessage) -> str:
    """The words of a mail's part; U+FFFD where they are in no encoding that is known."""
    try:
        text = str(body.get_content())
    except LookupError:
        text = _bytes(body).decode(errors="replace")
    return (_words_of(text) if body.get_content_subtype() == "html" else text).strip()


def _words_of(page: str) -> str:
    """The words of HTML, with its lines and paragraphs."""
    page = _PARAGRAPH_ENDS.sub("\n\n", _LINE_ENDS.sub("\n", " ".join(page.split())))
    words = html.unescape(nh3.clean(page, tags=set(), clean_content_tags=_NOT_WORDS))
    return re.sub(r"\n{3,}", "\n\n", re.sub(r" *\n *", "\n", words))
