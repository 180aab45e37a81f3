"""A story from a file: Markdown with the answers as front matter, or a saved email."""

import email
import email.policy
import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from email.message import EmailMessage
from email.utils import parseaddr

from newsletter.errors import AttentionError
from newsletter.fields.front_matter import split
from newsletter.stories.record.document import HOW_A_FILE_BEGINS
from newsletter.stories.taking.question import Kind
from newsletter.stories.taking.questions import IN_LANGUAGE, questions

MOST_BYTES = 30_000_000
_LANGUAGE = re.compile(IN_LANGUAGE + r"([a-z]{2,3}(?:-[A-Za-z0-9]{2,8})*)")
_YES_NO = {"true": "yes", "false": "no"}


@dataclass(frozen=True, kw_only=True, slots=True)
class Imported:
    """Answers found in a file, by question, and its picture. What is missing is asked for."""

    answers: Mapping[str, str] = field(repr=False)
    language: str
    published: tuple[str, ...] = ()  # the languages that it answers for
    picture: bytes = field(default=b"", repr=False)


def from_markdown(text: str, *, file: str, published: Sequence[str]) -> Imported:
    """Read front matter with a key a question (and `form_language`), and the words below it.

    `published` are the tags that the newsletter appears in; a file may be older than that, and name
    others too. A language that it does not name is a no, where it names any.
    """
    matter = split(text, file=file, hint=HOW_A_FILE_BEGINS)
    fields = matter.table
    named = [found[1] for key in fields.values if (found := _LANGUAGE.fullmatch(key))]
    tags = tuple(dict.fromkeys([*published, *named]))
    answers = {
        question.id: _answer(fields.text(question.id, ""), question.kind)
        for question in questions(tags).values()
        if question.kind is not Kind.PICTURE and question.id != "text"
    }
    if named:
        answers |= {key: answers[key] or "no" for key in answers if key.startswith(IN_LANGUAGE)}
    language = fields.text("form_language", "en")
    fields.close()
    answers["text"] = matter.body.strip()
    return Imported(answers=answers, language=language, published=tags)


def _answer(written: str, kind: Kind) -> str:
    if kind in (Kind.YES_NO, Kind.TICK):
        written = _YES_NO.get(written.casefold(), written)
    return "" if kind is Kind.TICK and written == "no" else written


def from_mail(data: bytes) -> Imported:
    """Read a saved mail's plain text and first picture; the sender becomes the contact."""
    if len(data) > MOST_BYTES:
        raise AttentionError("the email is larger than 30 MB")
    message = email.message_from_bytes(data, policy=email.policy.default)
    body = message.get_body(preferencelist=("plain",))
    if not isinstance(body, EmailMessage):
        raise AttentionError(
            "this email has no plain text", hint="copy the words into newsletter stories take"
        )
    images = (part for part in message.walk() if part.get_content_maintype() == "image")
    payloads = (part.get_payload(decode=True) for part in images)
    name, address = parseaddr(str(message["from"] or ""))
    return Imported(
        answers={"text": str(body.get_content()).strip(), "name": name, "contact": address},
        language="en",
        picture=next((data for data in payloads if isinstance(data, bytes) and data), b""),
    )
