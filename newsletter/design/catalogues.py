"""The gettext catalogues of the frame's words [I/O]: `newsletter/locales/<language>.po`.

Read as they are: a translator edits a .po file and sees it in the next preview. English is the
language of the message ids, so its catalogue holds only what differs.
"""

from functools import cache
from gettext import GNUTranslations, NullTranslations
from io import BytesIO
from pathlib import Path

LOCALES = Path(__file__).resolve().parent.parent / "locales"
PAGES = LOCALES / "pages"  # the words of the public pages and of notices
MEMBERS = LOCALES / "members"  # what members read about their feeds
STORIES = LOCALES / "stories"  # what storytellers are asked, shown and given


def languages(folder: Path = LOCALES) -> tuple[str, ...]:
    """List the languages that have a catalogue, English first."""
    return ("en", *sorted(path.stem for path in folder.glob("*.po") if path.stem != "en"))


@cache
def translations(language: str, folder: Path = LOCALES) -> NullTranslations:
    """Read the catalogue of a BCP 47 tag, else of its primary language, else English."""
    for tag in (language, language.split("-")[0]):
        path = folder / f"{tag}.po"
        if path.is_file():
            return _read(path)
    return NullTranslations()


def _read(path: Path) -> NullTranslations:
    from babel.messages.mofile import write_mo
    from babel.messages.pofile import read_po

    with path.open("rb") as source:
        catalogue = read_po(source, locale=path.stem)
    compiled = BytesIO()
    write_mo(compiled, catalogue)
    compiled.seek(0)
    return GNUTranslations(compiled)
