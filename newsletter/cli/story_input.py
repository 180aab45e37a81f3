"""What the story commands ask at the terminal: dates, keys, answers. None of it touches disk."""

import os
from collections.abc import Mapping
from pathlib import Path
from typing import TYPE_CHECKING

import click

from newsletter.cli.output import note

if TYPE_CHECKING:
    from newsletter.stories.services import StoryServices
    from newsletter.stories.taking.question import Question

identity_option = click.option(
    "--identity",
    type=click.Path(dir_okay=False, path_type=Path),
    envvar="NEWSLETTER_IDENTITY",
    default=lambda: Path(click.get_app_dir("newsletter")) / "identity.age",
    show_default="in your own settings folder",
    help="The file with your private key.",
)


def passphrase(*, again: bool = False) -> str:
    """Return NEWSLETTER_PASSPHRASE, or what is typed without being shown."""
    given = os.environ.get("NEWSLETTER_PASSPHRASE")
    if given is not None:
        return given
    label = "Passphrase of your key"
    return str(click.prompt(label, hide_input=True, confirmation_prompt=again, err=True))


def unlocked(identity: Path) -> str:
    """Return the private key, in memory only."""
    from newsletter.stories.keys.identity import unlock, wrapped_key

    wrapped_key(identity)  # a missing file is an error before a passphrase is asked for
    return unlock(identity, passphrase())


def ask_questions(
    known: Mapping[str, str], language: str, services: "StoryServices"
) -> dict[str, str]:
    """Ask whatever is not known yet, in the order and the words of the form."""
    from newsletter.stories.taking.question import Kind
    from newsletter.stories.taking.questions import groups_in

    answers = dict(known)
    has_page = bool(services.withdraw_at)
    for group in groups_in(language, services.languages, has_page=has_page):
        missing = [
            question
            for question in group.questions
            if question.kind is not Kind.PICTURE and not answers.get(question.id)
        ]
        if missing:
            note(f"\n{group.title}")
        for question in missing:
            if _applies(question, answers):
                answers[question.id] = _ask(question)
    return answers


def _applies(question: "Question", answers: Mapping[str, str]) -> bool:
    if question.id in ("guardian_consent", "child_assent"):
        return answers.get("is_minor") == "yes"
    if question.id == "attribution_words":
        return answers.get("attribution") != "anonymous"
    return True


def _ask(question: "Question") -> str:
    from newsletter.stories.taking.question import Kind

    label = question.label
    if question.explanation:
        note(f"  {question.explanation}")
    if question.kind is Kind.LONG_TEXT:
        return long_text(label)
    if question.kind in (Kind.YES_NO, Kind.TICK):
        no = "no" if question.kind is Kind.YES_NO else ""
        return "yes" if click.confirm(label, default=None, err=True) else no
    if question.kind is Kind.ONE_OF:
        for value, words in question.choices:
            note(f"  {value}: {words}")
        values = click.Choice([value for value, _ in question.choices])
        return str(click.prompt(label, type=values, err=True))
    default = None if question.required else ""
    return str(click.prompt(label, default=default, show_default=False, err=True))


def long_text(label: str) -> str:
    """Read several lines, up to one with only a period: an editor program would leave files."""
    note(f"{label} (end with a line that has only a period)")
    lines: list[str] = []
    while True:
        try:
            line = input()
        except EOFError:
            break
        if line.strip() == ".":
            break
        lines.append(line)
    return "\n".join(lines)
