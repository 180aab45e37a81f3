"""What a first draft proposes as its lead and its briefs: a rhythm, before it is edited."""

from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import replace

from newsletter.issues.drafting.assemble import Piece
from newsletter.issues.drafting.issue_pictures import may_show
from newsletter.model.coalition import SectionRule
from newsletter.model.details import BRIEF, LEAD
from newsletter.model.organisation import Organisation
from newsletter.model.section_kinds import NEWS

FEWEST = 3  # pieces of news among which one stands out
MOST_WHOLE = 6  # pieces of a section that are more than a line


def sized(
    pieces: Sequence[Piece], rules: Sequence[SectionRule], organisations: Mapping[str, Organisation]
) -> list[Piece]:
    """Return the pieces with a size where it is not `normal`, the lead before all others.

    The lead is of the first section of news: with a picture before others, then the longest, then
    the first; of one or two pieces none is. What has a title only is a brief, and so is what comes
    after six of a section.
    """
    kinds = {rule.id: rule.kind for rule in rules}
    order = {rule.id: at for at, rule in enumerate(rules)}
    news = [piece for piece in pieces if kinds.get(piece.section_id, piece.section_id) == NEWS]
    if len(news) < FEWEST:
        return [*pieces]

    def weight(piece: Piece) -> tuple[int, bool, int]:
        is_pictured = may_show(organisations, piece.item)
        return (
            -order.get(piece.section_id, len(order)),
            is_pictured,
            len(_text(piece, organisations)),
        )

    lead = max(news, key=weight)
    seen = Counter({lead.section_id: 1})
    result = [_of_size(lead, LEAD)] if _text(lead, organisations) else [lead]
    for piece in pieces:
        if piece is lead:
            continue
        seen[piece.section_id] += 1
        is_brief = piece in news and (
            seen[piece.section_id] > MOST_WHOLE or not _text(piece, organisations)
        )
        result.append(_of_size(piece, BRIEF) if is_brief else piece)
    return result


def _text(piece: Piece, organisations: Mapping[str, Organisation]) -> str:
    """The words that may stand under its title."""
    organisation = organisations.get(piece.item.organisation_id or "")
    if organisation is not None and organisation.terms.word_limit == 0:
        return ""
    return (piece.item.text if piece.text is None else piece.text).strip()


def _of_size(piece: Piece, size: str) -> Piece:
    return replace(piece, details={**piece.details, "size": size})
