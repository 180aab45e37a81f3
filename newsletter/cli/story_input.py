"""What the story commands ask at the terminal: keys, answers. None of it touches disk in clear."""

import os
import re
from collections.abc import Callable, Iterable, Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING

import click

from newsletter.cli.hidden_prompt import ask_hidden
from newsletter.cli.output import note
from newsletter.errors import AttentionError

if TYPE_CHECKING:
    from newsletter.stories.services import StoryServices
    from newsletter.stories.taking.question import Question

_SURE_ENOUGH_TO_ASK = 0.7
Keep = Callable[[Mapping[str, str], str], None]


def language_tag(typed: str) -> str:
    """Return a BCP 47 tag, such as `es` or `ht`. click.BadParameter when it is none."""
    if re.fullmatch(r"[A-Za-z]{2,3}(-[A-Za-z0-9]{1,8})*", typed.strip()) is None:
        raise click.BadParameter(f"{typed!r} is no language tag, such as es or ht")
    return typed.strip()


def usual_identity() -> Path:
    """Return where an editor's private key is unless a command is told otherwise."""
    return Path(click.get_app_dir("newsletter")) / "identity.age"


identity_option = click.option(
    "--identity",
    type=click.Path(dir_okay=False, path_type=Path),
    envvar="NEWSLETTER_IDENTITY",
    default=usual_identity,
    show_default="in your own settings folder",
    help="The file with your private key.",
)


def passphrase(*, again: bool = False, recovery: bool = False) -> str:
    """Return NEWSLETTER_PASSPHRASE, or what is typed without being shown; the recovery key's is
    NEWSLETTER_RECOVERY_PASSPHRASE.
    """
    variable = f"NEWSLETTER_{'RECOVERY_' * recovery}PASSPHRASE"
    given = os.environ.get(variable)
    if given is not None:
        return given
    whose = "the recovery" if recovery else "your"
    return ask_hidden(f"Passphrase of {whose} key", variable, again=again)


def unlocked(identity: Path) -> str:
    """Return the private key, in memory only."""
    from newsletter.stories.keys.identity import unlock, wrapped_key

    wrapped_key(identity)  # a missing file is an error before a passphrase is asked for
    return unlock(identity, passphrase())


@contextmanager
def nothing_written() -> Iterator[None]:
    """Say, when the editor stops or the input ends within the block, that nothing was written."""
    try:
        yield
    except click.Abort:
        raise AttentionError("stopped; nothing was written") from None


def ask_language(text: str, declared: str, *, asks: bool = True) -> str:
    """Return the language of a text: asked where it reads as another one than was declared.

    Without `asks` it is said, and the one it reads as is taken.
    """
    from newsletter.design.text_language import language_reader
    from newsletter.model.language import same_language
    from newsletter.stories.record.story_language import language_name

    guessed = language_reader(sure=_SURE_ENOUGH_TO_ASK)(text)
    declared = declared or "en"
    if not guessed or same_language(guessed, declared):
        return declared
    names = [language_name("en", tag) for tag in (guessed, declared)]
    note("The story reads as {}, not as {}.".format(*names))
    if not asks:
        note("If that is wrong, give --language.")
        return guessed
    return str(
        click.prompt("Language of the story", default=guessed, value_proc=language_tag, err=True)
    )


def ask_any_language(text: str) -> str:
    """Return the language of a text that comes with none: asked, with what it reads as."""
    from newsletter.design.text_language import language_reader
    from newsletter.stories.record.story_language import language_name

    guessed = language_reader(sure=_SURE_ENOUGH_TO_ASK)(text) or None
    if guessed:
        note(f"The story reads as {language_name('en', guessed)}.")
    return str(
        click.prompt("Language of the story", default=guessed, value_proc=language_tag, err=True)
    )


def ask_questions(
    known: Mapping[str, str],
    language: str,
    services: "StoryServices",
    keep: Keep,
    *,
    begun: str = "",
) -> dict[str, str]:
    """Ask whatever is not known yet, in the order and the words of the form, until all is right.

    A refused answer is asked for again, and no other one is lost: `keep` gets what was told so far
    after each answer, and after each line of a long one the lines of it. `begun` are lines that an
    interview ended in.
    """
    from newsletter.stories.taking.intake import Intake, read_answers
    from newsletter.stories.taking.question import Kind
    from newsletter.stories.taking.questions import groups_in, languages_asked, questions

    published = languages_asked(services.languages, known)
    groups = groups_in(language, published, has_page=bool(services.withdraw_at))
    asked = questions(published)
    answers = {
        question: answer
        for question, answer in known.items()
        if (answer or not asked[question].required) and not _refused(asked[question], answer)
    }
    to_repeat: frozenset[str] = frozenset()
    while True:
        for group in groups:
            missing = [
                question
                for question in group.questions
                if question.kind is not Kind.PICTURE
                and (question.id in to_repeat or question.id not in answers)
            ]
            if any(_applies(question, answers) for question in missing):
                note(f"\n{group.title}")
            for question in missing:
                if _applies(question, answers):
                    answers[question.id] = _ask(question, answers, keep, begun)
                    keep(answers, "")
        intake = read_answers(answers, language=language, published=published)
        if isinstance(intake, Intake):
            return answers
        to_repeat = frozenset().union(*(_asked_with(fault.question, asked) for fault in intake))
        for message in dict.fromkeys(_message(fault.code) for fault in intake):
            note(f"\n{message}. Ctrl-C stops.")


def _asked_with(question_id: str, asked: Iterable[str]) -> frozenset[str]:
    """The questions whose answers are wrong together with this one's."""
    for kind in ("use_", "language_"):
        together = [question for question in asked if question.startswith(kind)]
        if question_id in together[:1]:
            return frozenset(together)
    return frozenset({question_id})


def _applies(question: "Question", answers: Mapping[str, str]) -> bool:
    if question.id in ("guardian_consent", "child_assent"):
        return answers.get("is_minor") == "yes"
    if question.id == "attribution_words":
        return answers.get("attribution") != "anonymous"
    return True


def _refused(question: "Question", answer: str) -> str:
    """Say what is wrong with an answer, so that it is asked for again; empty when nothing is."""
    from newsletter.stories.taking.intake import fault_in

    code = fault_in(question, answer)
    if code:
        length = f": {len(answer)} of {question.most} characters" * (code == "too_long")
        note(f"  {_message(code)}{length}.")
    return code


def _message(code: str) -> str:
    from newsletter.stories.taking.intake import MESSAGES

    return MESSAGES[code].rstrip(".")


def _ask(question: "Question", answers: Mapping[str, str], keep: Keep, begun: str) -> str:
    while True:
        answer = _answer(question, lambda text: keep(answers, text), begun)
        if question.id == "attribution_words" and not answer:
            note(f"  {_message('name')}.")
        elif not _refused(question, answer):
            return answer


def _answer(question: "Question", keep: Callable[[str], None], begun: str) -> str:
    from newsletter.stories.taking.question import Kind

    label = question.label
    if question.explanation:
        note(f"  {question.explanation}")
    if question.kind is Kind.LONG_TEXT:
        return long_text(label, keep, begun, most=question.most)
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


def long_text(
    label: str, keep: Callable[[str], None] = lambda text: None, begun: str = "", *, most: int
) -> str:
    """Read several lines, up to one with only a period: an editor program would leave files.

    They follow those that were `begun`; `keep` gets the lines so far after each. A line with which
    it had more than `most` characters is not taken: what was told before stays. click.Abort when
    the input ends before it begins.
    """
    note(label)
    note("  (End with a line that has only a period.)")
    _accept_long_lines()
    lines = begun.split("\n") if begun else []
    if begun:
        note(f"\n{begun}")
    while True:
        try:
            line = input()
        except EOFError:
            if not lines:
                raise click.Abort from None
            break
        except KeyboardInterrupt:
            raise click.Abort from None
        if line.strip() == ".":
            break
        text = "\n".join([*lines, line])
        if len(text) > most:
            note(
                f"  NOT taken: with this line it has {len(text)} of {most} characters. Shorten it."
            )
            continue
        lines.append(line)
        keep(text)
    return "\n".join(lines)


def _accept_long_lines() -> None:
    """Have `readline` read the lines, where it is: terminals cut them at 4,095 bytes."""
    try:
        import readline
    except ImportError:
        return
    readline.set_auto_history(False)
    readline.parse_and_bind("set enable-bracketed-paste off")  # pasted lines are lines
