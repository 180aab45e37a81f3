"""[I/O] `templates gallery`: every kind of section, filled with nothing, with everything and with
too much, in each language, by the same renderer as an issue."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date

from newsletter.design.localizer import own_name
from newsletter.design.preview import as_dark, as_light, in_browser, words_for_editors
from newsletter.design.render import render
from newsletter.design.sample_edition import FEW, MOST, Publisher, sample
from newsletter.design.sample_facts import Filling
from newsletter.design.sample_words import SampleWords, sample_words
from newsletter.design.templates import Templates
from newsletter.errors import ConfigError
from newsletter.files import WorkspaceFiles
from newsletter.model.language import direction
from newsletter.model.section_kinds import Kinds

FOLDER = "preview/gallery"
_WHOLE = "issue"  # the sample with a section of each kind


@dataclass(frozen=True, kw_only=True, slots=True)
class Gallery:
    """What was written, by name relative to the workspace; `page` shows the rest."""

    page: str
    files: tuple[str, ...]


def write_gallery(
    templates: Templates, publisher: Publisher, files: WorkspaceFiles, *, day: date
) -> Gallery:
    """Write the samples and the page that shows them to `preview/gallery/`. What an earlier one
    left there is removed. ConfigError when a part cannot be rendered."""
    pages = dict(gallery_files(templates, publisher, day=day))
    for name, text in pages.items():
        files.write(f"{FOLDER}/{name}", text, sync=False)
    for name in files.names(FOLDER, "*.html"):
        if name.removeprefix(f"{FOLDER}/") not in pages:
            files.remove(name)
    names = tuple(f"{FOLDER}/{name}" for name in sorted(pages))
    return Gallery(page=f"{FOLDER}/index.html", files=names)


def gallery_files(
    templates: Templates, publisher: Publisher, *, day: date
) -> Iterator[tuple[str, str]]:
    """Make the files, as name and text: each sample light and dark, and the page."""
    known = templates.kinds
    rows: dict[str, Kinds] = {**{name: {name: kind} for name, kind in known.items()}, _WHOLE: known}
    languages = publisher.coalition.languages
    for language in languages:
        words = sample_words(language, templates)
        for name, kinds in rows.items():
            for filling in Filling:
                html = _sample(name, kinds, filling, words, language, templates, publisher, day)
                yield file_of(name, filling, language, "light"), as_light(html)
                yield file_of(name, filling, language, "dark"), as_dark(html)
    shown = [{"tag": tag, "name": own_name(tag), "dir": direction(tag)} for tag in languages]
    yield (
        "index.html",
        templates.render(
            "preview/gallery.html",
            {
                **words_for_editors(publisher.coalition),
                "names": (_WHOLE, *known),
                "fillings": tuple(filling.value for filling in Filling),
                "languages": shown,
                "file_of": file_of,
            },
        ),
    )


def file_of(name: str, filling: str, language: str, scheme: str) -> str:
    """Name the file of a sample: `news-long-es.dark.html`."""
    return f"{name}-{filling}-{language}.{scheme}.html"


def _sample(
    name: str,
    kinds: Kinds,
    filling: Filling,
    words: SampleWords,
    language: str,
    templates: Templates,
    publisher: Publisher,
    day: date,
) -> str:
    is_whole = name == _WHOLE
    edition, material = sample(
        kinds,
        filling,
        words,
        publisher,
        language=language,
        day=day,
        most=FEW[filling] if is_whole else MOST,
    )
    part = "issue.mjml" if is_whole else "preview/sample.mjml"
    try:
        return in_browser(render(edition, material, templates, part=part))
    except ConfigError as error:
        if is_whole or error.file != str(templates.path(part)):
            raise
        kind = str(templates.path(f"kinds/{name}.mjml"))  # of what is shown, all that is no frame
        raise ConfigError(error.message, file=kind, hint=error.hint) from error
