"""[I/O] Copies of the pictures that an issue's pieces have, where their organisations allow it."""

from dataclasses import dataclass
from pathlib import PurePath

from newsletter.errors import NewsletterError
from newsletter.issues.ask_addresses import Asker, ask_addresses
from newsletter.issues.drafting.issue_pictures import folder_of, may_show
from newsletter.issues.drafting.load_issue import read_drafts
from newsletter.issues.sources import IssueSources
from newsletter.model.answer import Answer, Failed, NotModified
from newsletter.model.item import Item
from newsletter.pulling.items.pictures import misfit
from newsletter.stories.record.pictures import rebuild

MOST_BYTES = 10 * 1024 * 1024
AT_ONCE = 4
_ENDINGS = {"image/jpeg": "jpg", "image/png": "png"}


@dataclass(frozen=True, kw_only=True, slots=True)
class Illustrated:
    """What came of one item's picture: the file it became, or why there is none."""

    item_id: str
    path: str = ""
    reason: str = ""


def illustrate(sources: IssueSources, issue_id: str, fetcher: Asker) -> tuple[Illustrated, ...]:
    """Fetch, rebuild and keep the pictures that are not there yet; by item id.

    Nothing of a file but its pixels is kept, and a picture that cannot be had is no reason to stop.
    """
    wanted = _wanted(sources, issue_id)
    if not wanted:
        return ()
    urls = {item.id: item.picture.url for item in wanted if item.picture is not None}
    answers = ask_addresses(
        list(dict.fromkeys(urls.values())),
        fetcher,
        at_once=AT_ONCE,
        limit=MOST_BYTES,
        accept="image/*",
    )
    return tuple(
        _keep(sources, issue_id, item_id, answers.get(url)) for item_id, url in urls.items()
    )


def _wanted(sources: IssueSources, issue_id: str) -> list[Item]:
    there = {PurePath(name).stem for name in sources.files.names(folder_of(issue_id), "*")}
    placed = {
        placement.item_id
        for draft in read_drafts(sources, issue_id)
        for placement in draft.edition.placements
        if placement.item_id and "picture" not in placement.details
    }
    items = sources.items.get(sorted(placed - there))
    return [item for _, item in sorted(items.items()) if may_show(sources.by_id, item)]


def _keep(sources: IssueSources, issue_id: str, item_id: str, answer: Answer | None) -> Illustrated:
    if answer is None:
        return Illustrated(item_id=item_id, reason="it took too long")
    if isinstance(answer, Failed):
        return Illustrated(item_id=item_id, reason=answer.reason)
    if isinstance(answer, NotModified):
        return Illustrated(item_id=item_id, reason="the server sent nothing")
    try:
        picture = rebuild(answer.body)
    except NewsletterError as error:
        return Illustrated(item_id=item_id, reason=error.message)
    reason = misfit(picture.width, picture.height)
    if reason:
        return Illustrated(item_id=item_id, reason=reason)
    path = f"{folder_of(issue_id)}/{item_id}.{_ENDINGS[picture.media_type]}"
    sources.files.write_bytes(path, picture.data)
    return Illustrated(item_id=item_id, path=path)
