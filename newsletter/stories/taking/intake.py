"""Answers as they were typed, checked once: a storyteller's consent and what is to be sealed."""

from calendar import monthrange
from collections.abc import Mapping, Sequence
from dataclasses import asdict, dataclass, field, fields
from datetime import date
from typing import Any

from newsletter.model.consent import (
    Attribution,
    Channel,
    Consent,
    Edits,
    PictureConsent,
)
from newsletter.stories.recognition.words import clean
from newsletter.stories.record.consent_notice import Notice
from newsletter.stories.taking.question import Kind, Question
from newsletter.stories.taking.questions import IN_LANGUAGE, USE_QUESTIONS, questions

YES, NO = "yes", "no"
ON_THE_PAGE = "on the page"  # how the notice is shown there
_ONLY_SEALED = ("text", "title", "name", "contact", "contact_safely", "others")
MESSAGES = {
    "missing": "Please answer this",
    "too_long": "This is too long",
    "choice": "Please choose one of these",
    "name": "Please say which name we may print",
    "nowhere": "Please say yes to at least one",
    "minor": "Both yeses are needed for someone under 18",
    "picture": "This is not a picture we can read, or it is too large. Try a JPEG under 10 MB.",
}


@dataclass(frozen=True, kw_only=True, slots=True)
class Fault:
    """What is wrong with one answer; `code` is one of MESSAGES."""

    question: str
    code: str


@dataclass(frozen=True, kw_only=True, slots=True)
class Identifying:
    """What is only ever kept sealed. `repr` shows nothing of it."""

    text: str = field(repr=False)
    title: str = field(default="", repr=False)
    name: str = field(default="", repr=False)
    contact: str = field(default="", repr=False)
    contact_safely: str = field(default="", repr=False)
    others: str = field(default="", repr=False)
    attribution: Attribution = Attribution.ANONYMOUS
    attribution_words: str = field(default="", repr=False)
    language: str = ""

    def as_mapping(self, record_id: str) -> dict[str, Any]:
        """Return what the vault holds."""
        return {"schema": "newsletter vault 1", "record_id": record_id, **asdict(self)}

    @classmethod
    def from_mapping(cls, mapping: Mapping[str, Any]) -> "Identifying":
        """Return what `as_mapping` sealed."""
        values = {part.name: mapping[part.name] for part in fields(cls)}
        return cls(**values | {"attribution": Attribution(mapping["attribution"])})


@dataclass(frozen=True, kw_only=True, slots=True)
class Intake:
    """Checked answers: what is sealed, and the consent without record and receipt."""

    identifying: Identifying
    answers: Mapping[str, str]

    def consent(
        self,
        *,
        record_id: str,
        receipt_hash: str,
        notice: Notice,
        method: str,
        taken_by: str,
        shown: str = ON_THE_PAGE,
        shown_on: date | None = None,
        today: date,
    ) -> Consent:
        """Return the public half, from today for as many months as were chosen.

        `shown` says how they got to know the notice; empty when they did not, and then the record
        names no notice.
        """
        answers = self.answers
        return Consent(
            record_id=record_id,
            receipt_hash=receipt_hash,
            notice_id=notice.id if shown else "",
            notice_sha256=notice.sha256 if shown else "",
            notice_language=notice.language if shown else "",
            notice_shown=shown,
            notice_shown_on=(shown_on or today) if shown else None,
            method=method,
            taken_by=taken_by,
            valid_from=today,
            expires_on=months_later(today, int(answers["months"])),
            channels=frozenset(
                channel for channel in Channel if answers[f"use_{channel.value}"] == YES
            ),
            languages=frozenset(
                question.removeprefix(IN_LANGUAGE)
                for question, answer in answers.items()
                if question.startswith(IN_LANGUAGE) and answer == YES
            ),
            picture=PictureConsent(answers["picture_kind"]),
            edits=Edits(answers["edits"]),
            is_minor=answers["is_minor"] == YES,
            guardian_consent=answers["guardian_consent"] == YES,
            child_assent=answers["child_assent"] == YES,
            capacity_attested=True,
            service_guarantee_read=True,
        )


def read_answers(
    typed: Mapping[str, str], *, language: str, published: Sequence[str]
) -> Intake | tuple[Fault, ...]:
    """Return the intake, or everything that is wrong with the answers.

    `published` are the tags that the newsletter appears in: each is a question of its own.
    """
    asked = questions(published)
    answers = {question_id: clean(typed.get(question_id, "")).strip() for question_id in asked}
    faults = [
        Fault(question=question.id, code=code)
        for question in asked.values()
        if question.kind is not Kind.PICTURE and (code := fault_in(question, answers[question.id]))
    ]
    faulty = {fault.question for fault in faults}
    faults += [fault for fault in _faults_between(answers) if fault.question not in faulty]
    if faults:
        return tuple(faults)
    attribution = Attribution(answers["attribution"])
    named = attribution is not Attribution.ANONYMOUS
    return Intake(
        identifying=Identifying(
            **{question: answers[question] for question in _ONLY_SEALED},
            attribution=attribution,
            attribution_words=answers["attribution_words"] if named else "",
            language=language,
        ),
        answers=answers,
    )


def fault_in(question: Question, answer: str) -> str:
    """Return what is wrong with one answer by itself, one of MESSAGES; empty when nothing is."""
    answer = clean(answer).strip()
    if not answer:
        return "missing" if question.required else ""
    if len(answer) > question.most:
        return "too_long"
    allowed = {
        Kind.YES_NO: (YES, NO),
        Kind.TICK: (YES,),
        Kind.ONE_OF: tuple(value for value, _ in question.choices),
    }.get(question.kind)
    return "choice" if allowed and answer not in allowed else ""


def _faults_between(answers: Mapping[str, str]) -> list[Fault]:
    """Find what single answers cannot show."""
    faults = []
    if answers["attribution"] not in ("", "anonymous") and not answers["attribution_words"]:
        faults.append(Fault(question="attribution_words", code="name"))
    uses = [question.id for question in USE_QUESTIONS]
    languages = [question for question in answers if question.startswith(IN_LANGUAGE)]
    for asked in (uses, languages):
        if asked and all(answers[question] == NO for question in asked):
            faults.append(Fault(question=asked[0], code="nowhere"))
    if answers["is_minor"] == YES:
        faults += [
            Fault(question=question, code="minor")
            for question in ("guardian_consent", "child_assent")
            if answers[question] != YES
        ]
    return faults


def months_later(day: date, months: int) -> date:
    """Return the same day of the month that many months later, or that month's last day."""
    year, month = divmod(day.year * 12 + day.month - 1 + months, 12)
    return date(year, month + 1, min(day.day, monthrange(year, month + 1)[1]))
