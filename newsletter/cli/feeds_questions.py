"""newsletter feeds add: what is asked about a new member, each answer kept till it is one."""

import re
from collections.abc import Callable, Collection, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import click

from newsletter.cli.output import note, printable
from newsletter.members.registry import ORGANISATION_ID, is_contact, is_language
from newsletter.model.organisation import Terms, TextTerms

Answers = dict[str, str]
NONE = "-"  # typed where an answer stands that is to be none


@dataclass(frozen=True, kw_only=True, slots=True)
class Question:
    """One question. `read` turns what was typed into the answer that is kept, or raises
    click.BadParameter, and it is asked again; `asked_if` sees the answers before it."""

    name: str
    words: str
    default: str = ""
    read: Callable[[str], str] = str
    asked_if: Callable[[Answers], bool] = lambda answers: True


def questions(
    *, title: str, languages: Sequence[str], regions: Sequence[str], topics: Sequence[str]
) -> tuple[Question, ...]:
    """Return what is asked of a new member. `title` and `languages` are its feed's; `regions` and
    `topics` those that other members have."""
    is_excerpt = lambda answers: answers.get("text") == TextTerms.EXCERPT  # noqa: E731
    return (
        Question(name="name", words="Name of the organisation", default=title, read=_name),
        Question(
            name="languages",
            words="Languages, the main one first (en, es …)",
            default=", ".join(languages),
            read=_languages,
        ),
        Question(name="regions", words=f"Regions it serves{_known(regions)}", read=_list(regions)),
        Question(name="topics", words=f"Topics it covers{_known(topics)}", read=_list(topics)),
        Question(name="contact", words="Email address for reports about its feeds", read=_contact),
        Question(
            name="text",
            words="What may we reprint (link, excerpt or full)",
            default=TextTerms.EXCERPT,
            read=_one_of(*TextTerms),
        ),
        Question(
            name="words",
            words="How many words",
            default=str(Terms().words),
            read=_number,
            asked_if=is_excerpt,
        ),
        Question(
            name="pictures",
            words="May we show their pictures (yes or no)",
            default="no",
            read=_one_of("yes", "no"),
        ),
        Question(
            name="pages",
            words="May we read the rest of an article on their site (yes or no)",
            default="no",
            read=_one_of("yes", "no"),
            asked_if=lambda answers: answers.get("text") != TextTerms.LINK,
        ),
    )


def ask(
    asked: Sequence[Question],
    kept: Mapping[str, str],
    keep: Callable[[Answers], None],
    *,
    without: Collection[str] = (),
) -> Answers:
    """Return the answers: typed, or with Enter what stands there: what was `kept`, else a default.

    `keep` gets all of them after each; questions `without` which it goes are not asked.
    """
    answers = dict(kept)
    before = " (your answers from before)" if answers else ""
    note(f"Enter takes what stands in brackets{before}; {NONE} takes nothing.")
    for question in asked:
        if question.name not in without and question.asked_if(answers):
            default = printable(answers.get(question.name, question.default))
            answers[question.name] = click.prompt(
                question.words,
                default=default,
                show_default=bool(default),
                value_proc=lambda typed, read=question.read: read(  # type: ignore[misc]
                    "" if typed.strip() == NONE else " ".join(typed.split())
                ),
                err=True,
            )
            keep(answers)
    return answers


def details(answers: Mapping[str, str]) -> dict[str, Any]:
    """Return the answers as an organisation's fields, without its terms."""
    fields: dict[str, Any] = {name: answers[name] for name in ("name",) if name in answers}
    for name in ("languages", "regions", "topics"):
        if name in answers:
            fields[name] = tuple(_parts(answers[name]))
    if "contact" in answers:
        fields["contact"] = answers["contact"] or None
    return fields


def terms(answers: Mapping[str, str]) -> dict[str, Any]:
    """Return the answers as fields of terms."""
    fields: dict[str, Any] = {}
    if "text" in answers:
        fields["text"] = TextTerms(answers["text"])
    if "words" in answers and answers.get("text", TextTerms.EXCERPT) == TextTerms.EXCERPT:
        fields["words"] = int(answers["words"])
    return fields | {
        name: answers[name] == "yes" for name in ("pictures", "pages") if name in answers
    }


def check_given(organisation_id: str, languages: Sequence[str], contact: str) -> None:
    """Refuse options that the registry would refuse, before anything is asked. BadParameter."""
    if organisation_id and not ORGANISATION_ID.fullmatch(organisation_id):
        raise click.BadParameter(
            f"the id {organisation_id!r} cannot be used: write it like harbor-legal-aid"
        )
    _languages(", ".join(languages))
    _contact(contact)


def _parts(text: str) -> list[str]:
    return [part for part in (piece.strip() for piece in re.split("[,;،、]", text)) if part]


def _known(words: Sequence[str]) -> str:
    return f", comma between them (so far: {', '.join(words)})" if words else ", comma between them"


def _name(typed: str) -> str:
    if not typed:
        raise click.BadParameter("a member needs a name: it stands beside each of its pieces")
    return typed


def _languages(typed: str) -> str:
    for tag in _parts(typed):
        if not is_language(tag):
            raise click.BadParameter(f"{tag!r} is no language tag; write en, es, zh-Hant …")
    return ", ".join(_parts(typed))


def _list(known: Sequence[str]) -> Callable[[str], str]:
    """As others spell it, so that no topic stands there twice."""
    spelled = {word.casefold(): word for word in known}
    return lambda typed: ", ".join(
        dict.fromkeys(spelled.get(part.casefold(), part) for part in _parts(typed))
    )


def _contact(typed: str) -> str:
    if typed and not is_contact(typed):
        raise click.BadParameter(f"{typed!r} is not one email address, like web@harbor.example")
    return typed


def _one_of(*choices: str) -> Callable[[str], str]:
    def read(typed: str) -> str:
        """The one choice that begins so: `y` is yes, `ex` an excerpt."""
        fitting = [choice for choice in choices if typed and choice.startswith(typed.casefold())]
        if len(fitting) != 1:
            raise click.BadParameter(f"write {', '.join(choices[:-1])} or {choices[-1]}")
        return str(fitting[0])

    return read


def _number(typed: str) -> str:
    if not re.fullmatch(r"[1-9]\d{0,4}|100000", typed):
        raise click.BadParameter("write a number from 1 to 100000")
    return typed
