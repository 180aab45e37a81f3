"""The gettext catalogues of the frame's words [I/O]: `newsletter/locales/<language>.po`.

Read as they are: a translator edits a .po file and sees it in the next preview. English is the
language of the message ids, so its catalogue holds only what differs, or lists every sentence
where a language is taken whole or not at all (`lacking`).
"""

import re
from functools import cache
from gettext import GNUTranslations, NullTranslations
from io import BytesIO, StringIO
from pathlib import Path
from typing import TYPE_CHECKING

from newsletter.model.language import first_same

if TYPE_CHECKING:
    from babel.messages.catalog import Catalog

LOCALES = Path(__file__).resolve().parent.parent / "locales"
PAGES = LOCALES / "pages"  # the words of the public pages and of notices
MEMBERS = LOCALES / "members"  # what members read about their feeds
EDITORS = LOCALES / "editors"  # what editors are mailed, and the pages that show them an issue
STORIES = LOCALES / "stories"  # what storytellers are asked, shown and given
_TAG = re.compile(r"[A-Za-z]{2,3}(-[A-Za-z0-9]{2,8})*")
_CUT_OFF = re.compile(r'^(?:msg\S+ +)?"(?!(?:[^"\\\n]|\\.)*"[ \t\r]*$).*', re.MULTILINE)
_PLACE = re.compile(r"%\(\w+\)s")


@cache
def languages(folder: Path = LOCALES) -> tuple[str, ...]:
    """List the languages that have a catalogue, English first; a copy is none (`es copy.po`)."""
    tags = {path.stem for path in folder.glob("*.po") if _TAG.fullmatch(path.stem)}
    return ("en", *sorted(tags - {"en"}))


@cache
def translations(language: str, folder: Path = LOCALES) -> NullTranslations:
    """Read the catalogue for readers of a BCP 47 tag: its own, or one that they can read too; else
    English."""
    tag = first_same(language, languages(folder))
    path = folder / f"{tag}.po"
    return _compiled(_read(path)) if path.is_file() else NullTranslations()


@cache
def lacking(language: str, folder: Path) -> tuple[str, ...]:
    """Return the sentences of the folder's `en.po` that a language's catalogue cannot say.

    Those are the ones it lacks, marks as fuzzy, or translates with other places (`%(name)s`). A
    file that is not all UTF-8 and gettext says what is wrong with it instead.
    """
    from babel.messages.pofile import PoFileError

    if language == "en":
        return ()
    path = folder / f"{language}.po"
    try:
        catalogue = _read(path, abort_invalid=True)
    except (PoFileError, UnicodeDecodeError) as error:
        return (f"all: {error}",)
    if cut := _CUT_OFF.search(path.read_text(encoding="utf-8-sig")):  # babel drops a letter there
        return (cut[0],)
    said = {one.id: one for one in catalogue if not one.fuzzy}
    return tuple(
        str(one.id)
        for one in _read(folder / "en.po")
        if one.id and (one.id not in said or _places(one.id) != _places(said[one.id].string))
    )


def _places(sentence: object) -> list[str]:
    return sorted(_PLACE.findall(str(sentence))) if sentence else ["untranslated"]


@cache
def header(language: str, folder: Path, name: str) -> str:
    """Return a line of a catalogue's header; empty when it is not there."""
    path = folder / f"{language}.po"
    text = path.read_text(encoding="utf-8", errors="replace") if path.is_file() else ""
    found = re.search(rf'^"{re.escape(name)}:(.*?)(?:\\n)?"$', text, re.MULTILINE)
    return found[1].strip() if found else ""


def _read(path: Path, *, abort_invalid: bool = False) -> "Catalog":
    from babel.messages.pofile import read_po

    source = StringIO(path.read_text(encoding="utf-8-sig"))
    return read_po(source, locale=path.stem.replace("-", "_"), abort_invalid=abort_invalid)


def _compiled(catalogue: "Catalog") -> NullTranslations:
    from babel.messages.mofile import write_mo

    compiled = BytesIO()
    write_mo(compiled, catalogue)
    compiled.seek(0)
    return GNUTranslations(compiled)
