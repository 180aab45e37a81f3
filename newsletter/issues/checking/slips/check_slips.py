"""Whether an issue's words are as they were meant: slips are pointed out, and never block."""

import re
from collections import defaultdict
from collections.abc import Collection, Iterator, Mapping
from datetime import date, datetime

from newsletter.issues.checking.draft_check_input import DraftCheckInput, warns
from newsletter.issues.checking.slips.find_slips import SlipFinder
from newsletter.issues.checking.slips.passage import Slip
from newsletter.issues.checking.slips.read_passages import Piece, read_pieces
from newsletter.issues.checking.slips.wordlike import WORD
from newsletter.issues.facts import IssueFacts
from newsletter.model.details import moment_of
from newsletter.model.problem import Problem

CODE = "slip"
MOST = 5  # of one piece; what is in another language, or came broken, would fill the page
_DAYS = ("when", "until", "deadline")
_RIGHT = "if it is right, add it to words under [check] in newsletter.toml"


def problems(
    issue: IssueFacts, inputs: Mapping[str, DraftCheckInput], words: Collection[str]
) -> list[Problem]:
    """Return the slips of all editions as warnings, with the line and what was probably meant.

    `inputs` are by language; `words` are those that an editor said are right.
    """
    pieces = [(draft.edition, list(read_pieces(draft))) for draft in issue.drafts]
    texts = [
        "\n".join(passage.text for piece in read for passage in piece.passages)
        for _, read in pieces
    ]
    finder = SlipFinder(
        right=frozenset(_known(issue)) | {word.lower() for word in words},
        texts=[*texts, *_published(issue)],
    )
    found = []
    for edition, read in pieces:
        facts = inputs[edition.language]
        for piece in read:
            slips = finder.slips(piece, near=facts.sends_on, known=_days(piece, facts))
            surest = sorted(slips, key=_doubt)  # five names that are right would hide a TODO
            shown, more = sorted(surest[:MOST], key=slips.index), surest[MOST:]
            found += [warns(edition, CODE, slip.line, _said(slip), _hint(slip)) for slip in shown]
            if more:
                message = f"and {len(more)} more of this kind in {piece.name!r}"
                hint = "mend these and check again"
                if piece.placement is not None:
                    hint += "; if its words are in another language, add - language: … to it"
                found.append(warns(edition, CODE, slips[-1].line, message, hint))
    return found


def _said(slip: Slip) -> str:
    found = _shown(slip.found)
    return f"{found} → {_shown(slip.mend)}: {slip.why}" if slip.mend else f"{found}: {slip.why}"


def _shown(words: str) -> str:
    """The words in quotation marks; what cannot be seen by its number."""
    seen = "".join(
        char if char.isprintable() and not 0xE000 <= ord(char) <= 0xF8FF else f"[U+{ord(char):04X}]"
        for char in re.sub(r"\s+", " ", words) or words
    )
    return f"“{seen}”"


def _doubt(slip: Slip) -> int:
    return {"something is to be added": 0, "misspelt": 2}.get(slip.why, 1)


def _hint(slip: Slip) -> str:
    return _RIGHT if slip.why == "misspelt" else ""


def _known(issue: IssueFacts) -> Iterator[str]:
    """The words of names that the workspace and the placed items have, in small letters."""
    names = [*issue.coalition.all_names, issue.sender.name, *issue.sender.names.values()]
    for member in issue.organisations.values():
        names += [member.id, member.name, *member.regions, *member.topics]
    for item in issue.items.values():
        names += [*item.authors, *item.topics, *item.regions, item.source_name]
        names += [item.event.place] if item.event else []
    for name in names:
        for match in WORD.finditer(name):
            yield match[0].lower().replace("’", "'")


def _published(issue: IssueFacts) -> list[str]:
    """What each member said in the placed items."""
    texts: defaultdict[str | None, list[str]] = defaultdict(list)
    for item in issue.items.values():
        texts[item.organisation_id].append(item.text)
    return ["\n".join(said) for said in texts.values()]


def _days(piece: Piece, facts: DraftCheckInput) -> list[date]:
    """The days of the piece's own event, deadline, end."""
    if piece.placement is None:
        return []
    details = piece.placement.details
    moments = [moment_of(details[key], facts.zone) for key in _DAYS if details.get(key)]
    item = facts.items.get(piece.placement.item_id or "")
    if item is not None and item.event is not None:
        moments.append(item.event.starts)
    return [
        moment.astimezone(facts.zone).date() if isinstance(moment, datetime) else moment
        for moment in moments
    ]
