"""Pieces of which nobody says what language they are in: read as one where that is clear."""

from collections.abc import Sequence
from dataclasses import replace

from newsletter.design.text_language import language_reader
from newsletter.issues.drafting.assemble import Piece, Plan
from newsletter.model.item import UNKNOWN_LANGUAGE
from newsletter.model.language import first_same
from newsletter.pulling.items.guess import ENOUGH

SHORTEST = 30  # characters: of 869 texts of 30 or 40 none was taken for the other of two languages
LIKELY = 0.5  # then a short text may be in a language that its organisation does not name


def with_languages(plan: Plan) -> Plan:
    """Return the plan, each piece of unknown language with the one that it surely reads as.

    A short one can only be in one of its organisation's languages. An editor is told so; what is
    not clear stays unknown.
    """
    pieces = []
    for piece in plan.pieces:
        if piece.item.language == UNKNOWN_LANGUAGE:
            organisation = plan.organisations.get(piece.item.organisation_id or "")
            language = _language(piece, organisation.languages if organisation else ())
            piece = _in_language(piece, language) if language else piece
        pieces.append(piece)
    return replace(plan, pieces=tuple(pieces))


def _language(piece: Piece, among: Sequence[str]) -> str:
    words = f"{piece.item.title}\n{piece.item.text if piece.text is None else piece.text}"
    if len(words) >= ENOUGH:
        return language_reader()(words)
    if not among or len(words) < SHORTEST:
        return ""
    other = language_reader(LIKELY)(words)
    if other and not first_same(other, among):
        return ""  # French is not Spanish because its member writes English and Spanish
    return first_same(language_reader(among=among)(words), among) or ""


def _in_language(piece: Piece, language: str) -> Piece:
    remark = f"Its source does not say what language this is in: it reads as {language}"
    return replace(
        piece,
        item=replace(piece.item, language=language),
        evidence="\n".join(filter(None, (remark, piece.evidence))),
    )
