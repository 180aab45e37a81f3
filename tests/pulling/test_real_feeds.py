"""The 87 real feeds, served over loopback, go through a pull."""

from pathlib import Path

from newsletter.model.pulling import FeedResult
from tests.active_html import offences
from tests.pulling.conftest import Puller
from tests.web_server import WebServer


def test_all_real_feeds_are_read_and_made_safe(
    corpora: Path, puller: Puller, server: WebServer
) -> None:
    files = sorted((corpora / "real-feeds").iterdir())
    organisations = [
        puller.organisation(server.page(f"/{file.name}", file.read_bytes()), id=f"org-{index}")
        for index, file in enumerate(files)
    ]
    report = puller.report(*organisations)
    assert [one for one in report.outcomes if one.result is not FeedResult.NEW] == []
    items = puller.workspace.items.all()
    assert len(items) == report.new > 3000
    for item in items:
        assert item.title or item.link or item.media, item
        assert offences(item.html) == [], item.link
        assert item.link is None or item.link.startswith(("http://", "https://"))

    again = puller.report(*organisations, force=True)
    assert {one.result for one in again.outcomes} == {FeedResult.UNCHANGED}
