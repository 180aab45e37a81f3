"""[I/O] A correction: a bulletin that says what was wrong in an issue, and what is right."""

from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from pathlib import PurePath

from newsletter.design.bidi_gettext import Gettext, gettext_for
from newsletter.design.localizer import Localizer, localizer_for
from newsletter.issues.drafting import draft_file
from newsletter.issues.drafting.bulletin import next_bulletin
from newsletter.issues.drafting.issue_pictures import folder_of
from newsletter.issues.drafting.plain import markdown, one_line
from newsletter.issues.drafting.what_changed import Change, Swap, what_changed
from newsletter.issues.sources import IssueSources
from newsletter.model.details import PICTURES, moment_of
from newsletter.model.issue import Edition, issue_id_for

_DATES = ("when", "until", "deadline", "lapses")
_UNSAID = (*PICTURES, "alt", "credit", "verified", "shared_by", "form")  # it misled nobody
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
    lines = [line for change in changes if (line := _line(change, localizer, gettext, markdown))]
    plain = [line for change in changes if (line := _line(change, localizer, gettext, str))]
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
        preheader=one_line(max(plain, key=len, default="").replace("**", "")),
        letter="\n\n".join(filter(None, (opening, _as_list(lines), *rewritten))),
        sections=tuple(sections),
        settings={"corrects": wrong.right.issue_id},
    )


def pieces_put_right(told: Edition, right: Edition, localizer: Localizer) -> str:
    """Return which pieces differ, as a Markdown list in the edition's language, for readers of a
    page that no editor reads before: wrong dates are named, other wrong words are not repeated, for
    a name may be why they were replaced."""
    gettext = gettext_for(localizer, str)
    lines = []
    for change in what_changed(told, right):
        if not change.title or change.after is None:
            continue
        dates = tuple(swap for swap in change.swaps if swap.key in _DATES)
        others = [swap for swap in change.swaps if swap.key not in (*_DATES, *_UNSAID)]
        rewritten = change.rewritten or ("yes" if others else "")
        public = replace(change, swaps=dates, rewritten=rewritten)
        lines.append(_line(public, localizer, gettext, markdown))
    return _as_list(filter(None, lines))


def _as_list(lines: Iterable[str]) -> str:
    return "\n".join(f"- {line}" for line in dict.fromkeys(lines))


def drafted_corrections(sources: IssueSources, corrected: str) -> Iterator[str]:
    """Yield the ids of the issues whose drafts correct that one, in order."""
    ids = sorted({name.split("/")[1] for name in sources.files.names("issues", "*/*.md")})
    for issue_id in (one for one in ids if one > corrected):
        for name in sources.files.names(f"issues/{issue_id}", "*.md"):
            head = sources.files.read(name)[:1000].splitlines()
            if any(line.split() == ["corrects:", corrected] for line in head):
                yield issue_id
                break


def _line(
    change: Change, localizer: Localizer, gettext: Gettext, escape: Callable[[str], str]
) -> str:
    """One change in the edition's language; empty where there is nothing to say of it."""
    title = escape(change.title)
    if change.title and change.before is None:
        return gettext("“%(title)s” was missing", title=title)
    if change.title and change.after is None:
        return gettext("“%(title)s” should not have been in it", title=title)
    said = [
        _swap(swap, localizer, gettext, escape) for swap in change.swaps if swap.key not in _UNSAID
    ]
    if change.title and change.rewritten:
        said.append(gettext("the right text is below"))
    text = "; ".join(dict.fromkeys(said))
    return f"**{title}**: {text}" if text and title else text


def _swap(swap: Swap, localizer: Localizer, gettext: Gettext, escape: Callable[[str], str]) -> str:
    right, wrong = swap.right, swap.wrong
    if swap.key in _DATES:
        right, wrong = _moments(right, wrong, localizer)
    right, wrong = escape(right), escape(wrong)
    if right and wrong:
        return gettext("%(right)s, not %(wrong)s", right=right, wrong=wrong)
    if right:
        return gettext("“%(words)s” was missing", words=right)
    return gettext("“%(words)s” is wrong", words=wrong)


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
