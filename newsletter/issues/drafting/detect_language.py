"""Pieces that nobody names a language of, or a wrong one: read as one where that is clear."""

from collections.abc import Sequence
from dataclasses import replace

from newsletter.design.text_language import language_reader
from newsletter.issues.drafting.assemble import Piece, Plan
from newsletter.model.item import UNKNOWN_LANGUAGE
from newsletter.model.language import first_same, same_language
from newsletter.pulling.items.guess import ENOUGH

SHORTEST = 30  # characters: of 869 texts of 30 or 40 none was taken for the other of two languages
# Common words: where they are so large a share of a text, nobody needs to load a model.
PLAIN = 0.12
_COMMON_WORDS = {
    "en": "the of and to in is for on that with are was at by this from be as it or have has you",
    "es": "de la que el en y los del las se por un para con una su al es lo como más o esta",
    "fr": "de la le les et des en du un une est pour dans que qui au sur par pas plus ne ce avec",
    "pt": "de a o que e do da em um para com não uma os no se na por mais as dos como das ao",
    "ht": "nan ak pou yo ki la pa se li sou yon nou te gen ou a an men tout nan lè kap moun m",
    "ar": "من في على إلى عن أن أو ما لا مع هذا هذه التي الذي كل بعد قبل كان و ب ثم بين حتى",
}
_COMMON = {language: frozenset(words.split()) for language, words in _COMMON_WORDS.items()}
LIKELY = 0.5  # then a short text may be in a language that its organisation does not name


def with_languages(plan: Plan) -> Plan:
    """Return the plan, each piece of unknown language with the one that it surely reads as, and so
    a long one that surely is not in the language that its site or the registry says.

    A short one can only be in one of its organisation's languages. An editor is told so; what is
    not clear stays unknown.
    """
    return replace(plan, pieces=tuple(_judged(piece, plan) for piece in plan.pieces))


def _judged(piece: Piece, plan: Plan) -> Piece:
    said, words = piece.item.language, _words(piece)
    if said == UNKNOWN_LANGUAGE:
        organisation = plan.organisations.get(piece.item.organisation_id or "")
        language = _language(words, organisation.languages if organisation else ())
        remark = f"Its source does not say what language this is in: it reads as {language}"
        return _in_language(piece, language, remark) if language else piece
    if piece.item.event is not None or len(words) < ENOUGH or _is_plainly(words, said):
        return piece
    language = language_reader()(words)
    if language not in _COMMON or same_language(language, said) or not _is_plainly(words, language):
        return piece  # lists of names and numbers read as anything
    remark = f"Its source says that this is {said}: it reads as {language}"
    return _in_language(piece, language, remark)


def _words(piece: Piece) -> str:
    return f"{piece.item.title}\n{piece.item.text if piece.text is None else piece.text}"


def _is_plainly(words: str, language: str) -> bool:
    """Whether a text has the common words of a language, or nobody wrote down which these are."""
    common = _COMMON.get(language.partition("-")[0].lower())
    every = words.lower().split()
    return not common or sum(word in common for word in every) >= PLAIN * len(every)


def _language(words: str, among: Sequence[str]) -> str:
    if len(words) >= ENOUGH:
        return language_reader()(words)
    if not among or len(words) < SHORTEST:
        return ""
    other = language_reader(LIKELY)(words)
    if other and not first_same(other, among):
        return ""  # French is not Spanish because its member writes English and Spanish
    return first_same(language_reader(among=among)(words), among) or ""


def _in_language(piece: Piece, language: str, remark: str) -> Piece:
    return replace(
        piece,
        item=replace(piece.item, language=language),
        evidence="\n".join(filter(None, (remark, piece.evidence))),
    )
