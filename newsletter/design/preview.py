"""Rendered editions -> the files of a preview: each edition as it is, light, dark, and one page."""

import base64
from collections.abc import Sequence

from newsletter.design.templates import Templates
from newsletter.model.language import direction
from newsletter.model.message import LEAVE_URL, PREFERENCES_URL, RenderedEdition

_DARK = "@media (prefers-color-scheme:dark)"


def preview_files(
    editions: Sequence[RenderedEdition], templates: Templates, *, extra: Sequence[str] = ()
) -> dict[str, str]:
    """Make the files, name -> text. `extra`: endings of files that the caller adds (`eml`)."""
    files: dict[str, str] = {}
    for edition in editions:
        html = in_browser(edition)
        files[f"{edition.language}.html"] = html
        files[f"{edition.language}.txt"] = edition.text
        files[f"{edition.language}.light.html"] = html.replace(_DARK, "@media not all")
        files[f"{edition.language}.dark.html"] = html.replace(_DARK, "@media all")
    files["index.html"] = templates.render(
        "preview/index.html",
        {
            "issue_id": editions[0].issue_id,
            "editions": [_row(edition, extra) for edition in editions],
        },
    )
    return files


def in_browser(edition: RenderedEdition) -> str:
    """Return the HTML with its pictures inside and its personal links leading nowhere."""
    html = edition.html.replace(LEAVE_URL, "#leave").replace(PREFERENCES_URL, "#preferences")
    for picture in edition.pictures:
        data = base64.b64encode(picture.data).decode()
        html = html.replace(f"cid:{picture.cid}", f"data:{picture.media_type};base64,{data}")
    return html


def _row(edition: RenderedEdition, extra: Sequence[str]) -> dict[str, object]:
    return {
        "language": edition.language,
        "dir": direction(edition.language),
        "subject": edition.subject,
        "preheader": edition.preheader,
        "text": edition.text,
        "html_bytes": f"{len(edition.html.encode()):,}",
        "files": [f"{edition.language}.{ending}" for ending in ("html", "txt", *extra)],
    }
