"""Pictures are copied once, rebuilt, and only where the organisation allows it."""

import io
from pathlib import Path

from PIL import Image

from newsletter.issues.drafting.illustrate import illustrate
from newsletter.model.item import Picture
from newsletter.model.organisation import Terms
from newsletter.pulling.fetch.addresses import AddressPolicy
from newsletter.pulling.fetch.fetch import Fetcher
from tests.issues.desk import ISSUE, desk, item, organisation
from tests.web_server import WebServer

ORGANISATIONS = [
    organisation("yes", terms=Terms(pictures=True)),
    organisation("no"),
    organisation("too", terms=Terms(pictures=True)),
]


def fetcher() -> Fetcher:
    return Fetcher(policy=AddressPolicy.of(("127.0.0.1",), (80,)), user_agent="newsletter/test")


def photo(size: tuple[int, int] = (1200, 800)) -> bytes:
    image = Image.new("RGB", size, "teal")
    exif = image.getexif()
    exif[0x010F] = "a camera with a name"
    out = io.BytesIO()
    image.save(out, "JPEG", exif=exif)
    return out.getvalue()


def test_a_picture_is_rebuilt_and_kept_beside_the_draft(tmp_path: Path, server: WebServer) -> None:
    url = server.page("/p.jpg", photo(), content_type="image/jpeg")
    at = desk(
        tmp_path,
        [
            item("n1", "yes", picture=Picture(url=url, alt="A march")),
            item("n2", "no", picture=Picture(url=url, alt="A march")),
        ],
        ORGANISATIONS,
        ("en",),
    )
    at.draft()
    (done,) = illustrate(at.sources, ISSUE, fetcher())
    assert done.path == f"issues/{ISSUE}/pictures/n1.jpg"
    data = (tmp_path / done.path).read_bytes()
    assert Image.open(io.BytesIO(data)).width == 640
    assert b"camera" not in data
    (edition,) = at.check().editions
    assert [picture.media_type for picture in edition.pictures] == ["image/jpeg"]
    assert len(server.asked) == 1
    assert illustrate(at.sources, ISSUE, fetcher()) == ()


def test_a_picture_that_cannot_be_had_stops_nothing(tmp_path: Path, server: WebServer) -> None:
    html = server.page("/p.jpg", "<html>", content_type="image/jpeg")
    icon = server.page("/i.png", photo((60, 60)), content_type="image/png")
    at = desk(
        tmp_path,
        [
            item("n1", "yes", picture=Picture(url=html)),
            item("n2", "yes", picture=Picture(url=f"{server.url}/missing.jpg")),
            item("n3", "too", picture=Picture(url=icon)),
        ],
        ORGANISATIONS,
        ("en",),
    )
    at.draft()
    done = illustrate(at.sources, ISSUE, fetcher())
    assert [(one.item_id, one.path, bool(one.reason)) for one in done] == [
        ("n1", "", True),
        ("n2", "", True),
        ("n3", "", True),
    ]
    assert at.check().blocking == ()


def test_an_editor_who_says_no_picture_gets_none(tmp_path: Path, server: WebServer) -> None:
    url = server.page("/p.jpg", photo())
    at = desk(
        tmp_path,
        [item("n1", "yes", picture=Picture(url=url, alt="A march"))],
        ORGANISATIONS,
        ("en",),
    )
    at.draft()
    at.edit("- alt: A march", "- picture: no")
    assert illustrate(at.sources, ISSUE, fetcher()) == ()
    assert server.asked == []
