"""A draft's words piece by piece, each with its line in the file, without marks and addresses."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from functools import cache

from markdown_it import MarkdownIt
from markdown_it.token import Token

from newsletter.design.markdown import is_safe_link
from newsletter.issues.checking.slips.passage import CODE, Block, Passage
from newsletter.issues.drafting import front_matter
from newsletter.issues.drafting.draft_lines import without_notes
from newsletter.model.issue import DraftFile, Placement, Section

_SPOKEN = ("alt", "credit", "where", "target", "script", "hours", "dates")  # details in sentences
_NESTED = frozenset({"list_item_open", "blockquote_open", "table_open"})
_MORE = frozenset({"bullet_list_open", "ordered_list_open", "table_open", "fence", "code_block"})
_MORE_OR_QUOTE = _MORE | {"blockquote_open"}
_ENDED = frozenset(
    {"bullet_list_close", "ordered_list_close", "table_close", "fence", "code_block"}
) | {"blockquote_close"}


@dataclass(frozen=True, kw_only=True, slots=True)
class Piece:
    """The passages that belong together: a placement's, a section's opening, the letter's.

    `placement` and `section` are what they stand in; `name` is for people.
    """

    name: str
    language: str
    passages: tuple[Passage, ...]
    section: Section | None = None
    placement: Placement | None = None


def read_pieces(draft: DraftFile) -> Iterator[Piece]:
    """Yield what a draft says, piece by piece in reading order."""
    edition = draft.edition
    text = draft.text.removeprefix("\ufeff").replace("\r\n", "\n")
    _, matter = front_matter.read(text, file=edition.path)
    body = without_notes(matter.body, file=edition.path, first_line=matter.first_line)
    lines = [""] * (matter.first_line - 1) + body.split("\n")
    head = text.split("\n")[: matter.first_line - 1]
    values = [("subject", edition.subject), ("preheader", edition.preheader)]
    values += [("alt", edition.opening["alt"])] if "alt" in edition.opening else []
    top = [
        Passage(text=said, line=_line_of(f"{key}:", head, 0), block=Block.TITLE)
        for key, said in values
    ]
    letter = _prose(edition.letter, lines, matter.first_line - 1)
    yield Piece(name="the letter", language=edition.language, passages=(*top, *letter))
    for section in edition.sections:
        title = Passage(text=section.title, line=section.line, block=Block.TITLE)
        yield Piece(
            name=section.title,
            language=edition.language,
            passages=(title, *_prose(section.intro, lines, section.line)),
            section=section,
        )
        for placement in section.placements:
            yield Piece(
                name=placement.title,
                language=placement.language or edition.language,
                passages=tuple(_of_placement(placement, lines)),
                section=section,
                placement=placement,
            )


def _of_placement(placement: Placement, lines: Sequence[str]) -> Iterator[Passage]:
    yield Passage(text=placement.title, line=placement.line, block=Block.TITLE)
    yield from _prose(placement.blurb, lines, placement.line)
    for key in _SPOKEN:
        if said := placement.details.get(key):
            line = _line_of(f"- {key}:", lines, placement.line)
            yield Passage(text=said, line=line, block=Block.PART, breaks=_ends(said))


def _line_of(beginning: str, lines: Sequence[str], after: int) -> int:
    """Return the number of the first line after one that begins so; that line if none does."""
    numbered = enumerate(lines[after:], after + 1)
    return next((number for number, line in numbered if line.startswith(beginning)), after or 1)


def _ends(text: str) -> tuple[int, ...]:
    return tuple(at + 1 for at, char in enumerate(text) if char == "\n")


def _prose(markdown: str, lines: Sequence[str], after: int) -> Iterator[Passage]:
    """Yield the blocks of a text that begins at the first filled line after one."""
    if not markdown:
        return
    first = next((at for at, line in enumerate(lines[after:], after + 1) if line.strip()), after)
    tokens = _parser().parse(markdown)
    depth = 0
    for at, token in enumerate(tokens):
        if token.nesting and token.type.replace("_close", "_open") in _NESTED:
            depth += token.nesting
        if token.type == "inline" and token.map is not None:
            said, breaks = _words(token.children or ())
            block = Block.PART if depth else Block.PARAGRAPH
            if tokens[at - 1].type == "heading_open":
                block = Block.TITLE
            yield Passage(
                text=said,
                line=first + token.map[0],
                block=block,
                breaks=breaks,
                goes_on=at + 2 < len(tokens) and tokens[at + 2].type in _MORE_OR_QUOTE,
                continues=at > 1 and tokens[at - 2].type in _ENDED,
            )


def _words(tokens: Sequence[Token]) -> tuple[str, tuple[int, ...]]:
    """Return the words that are shown, and the offsets at which new lines of the file begin."""
    text = ""
    breaks: list[int] = []
    for token in tokens:
        if token.type in {"softbreak", "hardbreak"}:
            text += "\n"
            breaks.append(len(text))
        elif token.type == "text":
            text += token.content
        elif token.type in {"code_inline", "image", "html_inline"}:
            text += CODE
    return text, tuple(breaks)


@cache
def _parser() -> MarkdownIt:
    """As the words are rendered."""
    parser = MarkdownIt("commonmark", {"html": False}).enable("table").disable("image")
    parser.validateLink = is_safe_link  # type: ignore[method-assign]
    return parser
