"""[I/O] A correction: a bulletin that says what was wrong in an issue, and what is right."""

from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from pathlib import PurePath

from newsletter.design.bidi_gettext import Gettext, gettext_for
from newsletter.design.build_view import PREHEADER_LONGEST
from newsletter.design.localizer import Localizer, localizer_for
from newsletter.issues.drafting import draft_file
from newsletter.issues.drafting.bulletin import next_bulletin
from newsletter.issues.drafting.issue_pictures import folder_of
from newsletter.issues.drafting.plain import markdown, one_line
from newsletter.issues.drafting.said_once import Pair, not_said_yet
from newsletter.issues.drafting.what_changed import Change, Swap, what_changed
from newsletter.issues.sources import IssueSources
from newsletter.model.details import PICTURES, moment_of
from newsletter.model.issue import Edition, issue_id_for

_DATES = ("when", "until", "deadline", "lapses")
_UNSAID = (*PICTURES, "alt", "credit", "verified", "shared_by", "form", "size")  # it misled nobody
_NOTE = """Say here in your own words what was wrong and what is right: it is what people read
first, and the archive shows it above the corrected issue. If you correct more, do it in both
files, this one and {issue}."""


@dataclass(frozen=True, kw_only=True, slots=True)
class WrongEdition:
    """What the readers of one edition were told, and what is right."""

    told: Edition
    right: Edition
    sent_at: datetime


def next_correction(sources: IssueSources, corrected: str, now: datetime) -> str:
    """Return the id for a new correction of an issue. UsageError when the week has 26 bulletins."""
    # Of no earlier week than what it corrects, which may have been sent before its week began.
    week = max(issue_id_for(sources.coalition.day_of(now)), corrected[: len("2026-W47")])
    return next_bulletin(sources, week)


def draft_correction(
    sources: IssueSources, wrong: Sequence[WrongEdition], issue_id: str
) -> tuple[str, ...]:
    """Write a draft of the correction for each edition that was wrong, and return their paths."""
    paths = []
    for one in wrong:
        edition = correction_of(one, issue_id, localizer_for(one.right.language, sources.coalition))
        notes = {draft_file.ABOVE: _NOTE.format(issue=one.right.path)}
        sources.files.write(edition.path, draft_file.write(edition, notes=notes))
        _copy_pictures(sources, one.right.issue_id, edition)
        paths.append(edition.path)
    return tuple(paths)


def correction_of(wrong: WrongEdition, issue_id: str, localizer: Localizer) -> Edition:
    """Return the correction of one edition: what was wrong as its letter, then the pieces that
    changed, whole."""
    changes = what_changed(wrong.told, wrong.right)
    gettext = gettext_for(localizer, str)
    opening = gettext(
        "In our issue of %(day)s, “%(subject)s”, something was wrong. This is right:",
        day=localizer.day(wrong.sent_at),
        subject=markdown(wrong.told.subject),
    )
    said = _said(changes, localizer)
    lines = _lines(said, gettext, markdown)
    rewritten = [change.rewritten for change in changes if not change.title]
    changed = [change.after for change in changes]
    sections = (
        replace(section, intro="", placements=kept)
        for section in wrong.right.sections
        if (kept := tuple(one for one in section.placements if one in changed))
    )
    return replace(
        wrong.right,
        issue_id=issue_id,
        path=draft_file.path_of(issue_id, wrong.right.language),
        subject=gettext("Correction: %(subject)s", subject=wrong.right.subject),
        preheader=_preheader(_lines(said, gettext, str)),
        letter="\n\n".join(filter(None, (opening, _as_list(lines), *rewritten))),
        sections=tuple(sections),
        settings={"corrects": wrong.right.issue_id},
    )


def pieces_put_right(told: Edition, right: Edition, localizer: Localizer) -> str:
    """Return which pieces differ, as a Markdown list in the edition's language, for readers of a
    page that no editor reads before: wrong dates are named, other wrong words are not repeated, for
    a name may be why they were replaced."""
    public = []
    for change in what_changed(told, right):
        if not change.title or change.after is None:
            continue
        dates = tuple(swap for swap in change.swaps if swap.key in _DATES)
        others = [swap for swap in change.swaps if swap.key not in (*_DATES, *_UNSAID)]
        rewritten = change.rewritten or ("yes" if others else "")
        public.append(replace(change, swaps=dates, rewritten=rewritten))
    gettext = gettext_for(localizer, str)
    return _as_list(_lines(_said(public, localizer), gettext, markdown))


def _as_list(lines: Iterable[str]) -> str:
    return "\n".join(f"- {line}" for line in dict.fromkeys(lines))


def _preheader(lines: Iterable[str]) -> str:
    """The line that says most, of those that a phone shows whole; else the shortest."""
    plain = [one_line(line.replace("**", "")) for line in lines]
    short = [line for line in plain if len(line) <= PREHEADER_LONGEST]
    return max(short, key=len) if short else min(plain, key=len, default="")


def drafted_corrections(sources: IssueSources, corrected: str) -> Iterator[str]:
    """Yield the ids of the issues whose drafts correct that one, in order."""
    ids = sorted({name.split("/")[1] for name in sources.files.names("issues", "*/*.md")})
    for issue_id in (one for one in ids if one > corrected):
        for name in sources.files.names(f"issues/{issue_id}", "*.md"):
            head = sources.files.read(name)[:1000].splitlines()
            if any(line.split() == ["corrects:", corrected] for line in head):
                yield issue_id
                break


@dataclass(frozen=True, kw_only=True, slots=True)
class _Said:
    """A change, and the words of it that no other line says."""

    change: Change
    pairs: Sequence[Pair]


def _said(changes: Iterable[Change], localizer: Localizer) -> list[_Said]:
    """What to say of each change. A piece's details come before its text, and the pieces, which
    have a title to say it of, before the letter, the subject and the like."""
    said = []
    for change in changes:
        swaps = [swap for swap in change.swaps if swap.key not in _UNSAID]
        details = not_said_yet((_pair(swap, localizer) for swap in swaps if swap.key), ())
        text = not_said_yet((_pair(swap, localizer) for swap in swaps if not swap.key), details)
        said.append(_Said(change=change, pairs=(*details, *text)))
    pieces = [pair for one in said if one.change.title for pair in one.pairs]
    elsewhere = (pair for one in said if not one.change.title for pair in one.pairs)
    left = not_said_yet(elsewhere, pieces)
    return [
        one
        if one.change.title
        else replace(one, pairs=[pair for pair in one.pairs if pair in left])
        for one in said
    ]


def _lines(said: Iterable[_Said], gettext: Gettext, escape: Callable[[str], str]) -> list[str]:
    lines = (_line(one.change, one.pairs, gettext, escape) for one in said)
    return [line for line in lines if line]


def _line(
    change: Change, pairs: Iterable[Pair], gettext: Gettext, escape: Callable[[str], str]
) -> str:
    """One change in the edition's language; empty where there is nothing to say of it."""
    title = escape(change.title)
    if change.title and change.before is None:
        return gettext("“%(title)s” was missing", title=title)
    if change.title and change.after is None:
        return gettext("“%(title)s” should not have been in it", title=title)
    said = [_words(pair, gettext, escape) for pair in pairs]
    if change.title and change.rewritten:
        said.append(gettext("the right text is below"))
    text = gettext("; ").join(said)
    return f"**{title}**: {text}" if text and title else text


def _words(pair: Pair, gettext: Gettext, escape: Callable[[str], str]) -> str:
    right, wrong = map(escape, pair)
    if right and wrong:
        return gettext("%(right)s, not %(wrong)s", right=right, wrong=wrong)
    if right:
        return gettext("“%(words)s” was missing", words=right)
    return gettext("“%(words)s” is wrong", words=wrong)


def _pair(swap: Swap, localizer: Localizer) -> Pair:
    right, wrong = swap.right, swap.wrong
    if swap.key in _DATES:
        right, wrong = _moments(right, wrong, localizer)
    return Pair(right, wrong)


def _moments(right: str, wrong: str, localizer: Localizer) -> tuple[str, str]:
    """Two moments in words: of a day and an hour only what differs."""
    read = [moment_of(one, localizer.zone) if one else None for one in (right, wrong)]
    days = {one and (one.date() if isinstance(one, datetime) else one) for one in read}
    hours = {one.time() if isinstance(one, datetime) else None for one in read}
    words = []
    for one in read:
        if one is None:
            words.append("")
        elif not isinstance(one, datetime) or len(hours) == 1:
            words.append(localizer.weekday(one))
        elif len(days) == 1:
            words.append(localizer.time(one))
        else:
            words.append(localizer.at(one, localizer.time(one)))
    return words[0], words[1]


def _copy_pictures(sources: IssueSources, corrected: str, edition: Edition) -> None:
    """Put the pictures of these pieces beside the correction too."""
    named = {placement.details.get(key) for placement in edition.placements for key in PICTURES}
    for path in sources.files.names(folder_of(corrected), "*"):
        name = PurePath(path)
        if name.name in named or name.stem in edition.item_ids:
            data = sources.files.read_bytes(path)
            sources.files.write_bytes(f"{folder_of(edition.issue_id)}/{name.name}", data)
