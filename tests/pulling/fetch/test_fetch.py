"""One guarded GET, against servers that behave and servers that do not."""

import asyncio
import gzip
import itertools
import zlib
from collections.abc import Callable
from typing import Any

import pytest

from newsletter.model.answer import Answer, Failed, Failure, Fetched, Hop, NotModified
from newsletter.pulling.fetch.addresses import AddressPolicy
from newsletter.pulling.fetch.fetch import Fetcher, Limits
from newsletter.pulling.fetch.pace import HostPace
from tests.processes import PATIENCE
from tests.pulling.fetch.conftest import LOOPBACK
from tests.web_server import Asked, Reply, WebServer

Get = Callable[..., Answer]
KB = 1024


def redirect(server: WebServer, path: str, to: str, status: int = 301) -> str:
    return server.page(path, status=status, location=to)


def test_a_body_comes_with_its_headers(server: WebServer, get: Get) -> None:
    url = server.page("/feed", "<rss/>", etag='W/"1"', content_type="text/xml; charset=utf-8")
    answer = get(url)
    assert isinstance(answer, Fetched)
    assert answer.body == b"<rss/>"
    assert answer.headers["etag"] == 'W/"1"'
    assert answer.content_type == "text/xml; charset=utf-8"
    assert answer.url == url


def test_the_user_agent_is_sent_and_cookies_are_not_kept(server: WebServer, get: Get) -> None:
    server.page("/feed", "<rss/>", set_cookie="spy=1")
    redirect(server, "/old", "/feed")
    get(server.url + "/old")
    assert server.asked[0].headers["user-agent"] == "newsletter/test"
    assert all("cookie" not in asked.headers for asked in server.asked)


def until_its_cookie(asked: Asked) -> Reply:
    if "seen=1" in asked.headers.get("cookie", ""):
        return Reply(body=b"<rss/>")
    return Reply(status=302, headers={"Location": "/feed", "Set-Cookie": "seen=1; Path=/feed"})


def test_a_redirect_gets_its_cookie_back_in_its_own_chain_alone(
    server: WebServer, get: Get
) -> None:
    server.pages["/feed"] = until_its_cookie
    with WebServer("127.0.0.2") as other:
        other.page("/feed", "<rss/>")
        redirect(server, "/away", f"{other.url}/feed", 302)
        server.pages["/away"].headers["Set-Cookie"] = "seen=1"  # type: ignore[union-attr]
        for path in ("/feed", "/feed", "/away"):
            assert isinstance(get(server.url + path), Fetched)
        assert "cookie" not in other.asked[0].headers, "it is another host's"
    cookies = [asked.headers.get("cookie") for asked in server.asked]
    assert cookies == [None, "seen=1", None, "seen=1", None], "nothing outlives the chain"


def test_a_cookie_that_opens_nothing_ends_as_a_loop(server: WebServer, get: Get) -> None:
    server.pages["/feed"] = Reply(
        status=302, headers={"Location": "/feed", "Set-Cookie": "a=" + "x" * 4000}
    )
    answer = get(server.url + "/feed")
    assert isinstance(answer, Failed)
    assert answer.kind is Failure.LOOP


def test_no_connection_stays_open_for_a_host_that_is_done(server: WebServer, get: Get) -> None:
    get(server.page("/feed", "<rss/>"))
    assert server.asked[0].headers["connection"] == "close"


def test_validators_go_out_exactly_as_given(server: WebServer, get: Get) -> None:
    server.pages["/feed"] = Reply(status=304)
    answer = get(server.url + "/feed", headers={"If-None-Match": 'W/"a,b"'})
    assert isinstance(answer, NotModified)
    assert server.asked[0].headers["if-none-match"] == 'W/"a,b"'


@pytest.mark.parametrize("status", [301, 302, 303, 307, 308])
def test_redirects_are_followed_and_told(server: WebServer, get: Get, status: int) -> None:
    end = server.page("/b/new.xml", "<rss/>")
    redirect(server, "/a/old", "../b/new.xml", status)
    answer = get(server.url + "/a/old")
    assert isinstance(answer, Fetched)
    assert answer.url == end
    assert answer.hops == (Hop(status=status, url=end),)


def test_a_redirect_without_an_end_is_a_loop(server: WebServer, get: Get) -> None:
    redirect(server, "/a", "/b")
    redirect(server, "/b", "/a")
    answer = get(server.url + "/a")
    assert isinstance(answer, Failed)
    assert answer.kind is Failure.LOOP
    assert len(server.asked) == 6


@pytest.mark.parametrize(
    "target",
    [
        "http://10.0.0.1/", "http://169.254.169.254/latest/", "http://[::ffff:10.0.0.1]/",
        "http://user:secret@127.0.0.1/", "file:///etc/passwd", "ftp://127.0.0.1/"
    ],
)  # fmt: skip
def test_a_redirect_to_a_private_address_is_refused(
    server: WebServer, get: Get, target: str
) -> None:
    redirect(server, "/feed", target)
    answer = get(server.url + "/feed", policy=AddressPolicy.of((server.host,), (80, 443)))
    assert isinstance(answer, Failed)
    assert answer.kind is Failure.REFUSED
    assert "secret" not in answer.reason


def test_a_redirect_from_a_name_to_another_private_host_is_refused_after_dns(
    server: WebServer, get: Get
) -> None:
    redirect(server, "/feed", "http://inside.example/")

    async def lookup(host: str, port: int) -> list[str]:
        return [server.host] if host == "member.example" else ["192.168.7.7"]

    policy = AddressPolicy.of((server.host,), (80, 443))
    answer = get(f"http://member.example:{server.port}/feed", lookup=lookup, policy=policy)
    assert isinstance(answer, Failed)
    assert answer.kind is Failure.REFUSED
    assert "192.168.7.7" in answer.reason
    assert answer.url == "http://inside.example/"


def test_the_address_that_was_checked_is_the_one_connected_to(server: WebServer, get: Get) -> None:
    """DNS rebinding: the name's second answer would lead inside, and is never asked for."""
    server.page("/feed", "<rss/>")
    answers = [[server.host], ["10.0.0.1"]]
    asked: list[str] = []

    async def lookup(host: str, port: int) -> list[str]:
        asked.append(host)
        return answers[min(len(asked), 2) - 1]

    answer = get(f"http://rebind.example:{server.port}/feed", lookup=lookup)
    assert isinstance(answer, Fetched)
    assert asked == ["rebind.example"]

    asked[:] = ["once before"]
    answer = get(f"http://rebind.example:{server.port}/feed", lookup=lookup)
    assert isinstance(answer, Failed)
    assert answer.kind is Failure.REFUSED


def test_a_name_with_public_and_private_addresses_never_reaches_the_private_one(
    server: WebServer, get: Get
) -> None:
    server.page("/feed", "inside")

    async def lookup(host: str, port: int) -> list[str]:
        return [server.host, "127.0.0.1"]

    answer = get(f"http://mixed.example:{server.port}/feed", lookup=lookup, policy=AddressPolicy())
    assert isinstance(answer, Failed)
    assert server.asked == []


@pytest.mark.parametrize(
    "spelling", ["2130706433", "0x7f000001", "127.1", "0177.0.0.1", "localhost"]
)
def test_other_spellings_of_loopback_are_refused(
    server: WebServer, get: Get, spelling: str
) -> None:
    answer = get(f"http://{spelling}:{server.port}/feed", policy=AddressPolicy())
    assert isinstance(answer, Failed)
    assert answer.kind in (Failure.REFUSED, Failure.UNREACHABLE)
    assert server.asked == []


def test_ipv6_works_and_its_loopback_is_refused(get: Get) -> None:
    with WebServer("::1") as server:
        url = server.page("/feed", "<rss/>")
        assert isinstance(get(url), Fetched)
        refused = get(url, policy=AddressPolicy())
        assert isinstance(refused, Failed)
        assert refused.kind is Failure.REFUSED
        assert len(server.asked) == 1


@pytest.mark.parametrize(
    ("status", "kind"),
    [
        (401, Failure.DENIED), (403, Failure.DENIED), (404, Failure.MISSING), (410, Failure.GONE),
        (429, Failure.BUSY), (503, Failure.BUSY), (500, Failure.STATUS), (204, Failure.STATUS),
        (206, Failure.STATUS), (418, Failure.STATUS),
    ],
)  # fmt: skip
def test_each_refusal_of_a_server_has_its_own_kind(
    server: WebServer, get: Get, status: int, kind: Failure
) -> None:
    url = server.page("/feed", "" if status == 204 else "no", status=status, retry_after="120")
    answer = get(url)
    assert isinstance(answer, Failed)
    assert (answer.kind, answer.status, answer.retry_after) == (kind, status, "120")


@pytest.mark.parametrize("encoding", ["gzip", "x-gzip", "deflate", "raw deflate"])
def test_compressed_bodies_are_read(server: WebServer, get: Get, encoding: str) -> None:
    body = b"<rss>" + b"x" * 300 * KB + b"</rss>"
    raw = zlib.compressobj(wbits=-15)
    data = {
        "gzip": gzip.compress(body),
        "x-gzip": gzip.compress(body[:1000]) + gzip.compress(body[1000:]),
        "deflate": zlib.compress(body),
        "raw deflate": raw.compress(body) + raw.flush(),
    }[encoding]
    url = server.page("/feed", data, content_encoding=encoding.removeprefix("raw "))
    answer = get(url)
    assert isinstance(answer, Fetched)
    assert answer.body == body


def test_a_decompression_bomb_is_too_large(server: WebServer, get: Get) -> None:
    bomb = gzip.compress(b"\0" * 60_000 * KB)
    assert len(bomb) < 70 * KB
    answer = get(server.page("/feed", bomb, content_encoding="gzip"))
    assert isinstance(answer, Failed)
    assert answer.kind is Failure.TOO_LARGE


def test_a_body_of_very_many_small_members_is_too_large(server: WebServer, get: Get) -> None:
    body = gzip.compress(b" ") * 100_000
    answer = get(server.page("/feed", body, content_encoding="gzip"))
    assert isinstance(answer, Failed)
    assert answer.kind is Failure.TOO_LARGE


@pytest.mark.parametrize(
    ("data", "encoding"),
    [
        (gzip.compress(b"x" * 5000, mtime=0)[:-20], "gzip"),
        (b"\x01\x02\x03 neither deflate", "deflate"),
        (b"anything", "compress"),
        (b"anything", "gzip, gzip"),
    ],
)
def test_broken_compression_is_cut_short(
    server: WebServer, get: Get, data: bytes, encoding: str
) -> None:
    answer = get(server.page("/feed", data, content_encoding=encoding))
    assert isinstance(answer, Failed)
    assert answer.kind is Failure.CUT_SHORT


FEED = b"<?xml version='1.0'?><rss/>" + b" " * 3000


@pytest.mark.parametrize(
    ("data", "encoding"),
    [
        (FEED, "gzip"),
        (FEED, "x-gzip"),
        (FEED, "deflate"),
        (FEED, "br"),
        (FEED, "utf-8"),
        (FEED[:20], "gzip"),
        (gzip.compress(FEED, mtime=0), ""),
        (gzip.compress(FEED, mtime=0), "identity"),
        (gzip.compress(FEED, mtime=0), "deflate"),
        (zlib.compress(FEED), "deflate"),
        (zlib.compress(FEED)[2:-4], "deflate"),
        (b"", "gzip"),
        (b"<", "gzip"),
    ],
)
def test_what_a_body_is_outweighs_what_its_header_says(
    server: WebServer, get: Get, data: bytes, encoding: str
) -> None:
    headers = {"content_encoding": encoding} if encoding else {}
    answer = get(server.page("/feed", data, **headers))
    assert isinstance(answer, Fetched)
    assert answer.body == (FEED if len(data) > 20 else data)


def test_a_compressed_body_without_a_header_has_the_same_limit(server: WebServer, get: Get) -> None:
    answer = get(server.page("/feed", gzip.compress(b" " * 200 * KB)), limit=100 * KB)
    assert isinstance(answer, Failed)
    assert answer.kind is Failure.TOO_LARGE


def test_a_body_larger_than_the_limit_is_too_large(server: WebServer, get: Get) -> None:
    url = server.page("/feed", b"x" * 101 * KB)
    small = get(url, limit=100 * KB)
    assert isinstance(small, Failed)
    assert small.kind is Failure.TOO_LARGE
    assert isinstance(get(url, limit=101 * KB), Fetched)


def test_a_large_body_is_refused_before_it_is_decompressed(server: WebServer, get: Get) -> None:
    url = server.page("/feed", b"x" * 101 * KB)
    answer = get(url, limits=Limits(wire_bytes=100 * KB))
    assert isinstance(answer, Failed)
    assert answer.kind is Failure.TOO_LARGE


def endless(handler: Any) -> None:
    handler.wfile.write(b"HTTP/1.1 200 OK\r\nContent-Type: text/xml\r\n\r\n<rss>")
    while True:
        handler.wfile.write(b"<item>again</item>" * 1000)


def test_an_endless_body_is_too_large(server: WebServer, get: Get) -> None:
    server.pages["/feed"] = Reply(write=endless)
    answer = get(server.url + "/feed", limits=Limits(wire_bytes=2000 * KB))
    assert isinstance(answer, Failed)
    assert answer.kind is Failure.TOO_LARGE


def test_a_slow_drip_ends_at_the_total_limit(server: WebServer, get: Get) -> None:
    def drip(handler: Any) -> None:
        handler.wfile.write(b"HTTP/1.1 200 OK\r\nContent-Length: 100000\r\n\r\n")
        while not server.released.wait(0.02):
            handler.wfile.write(b"x")

    server.pages["/feed"] = Reply(write=drip)
    answer = get(server.url + "/feed", limits=Limits(total_seconds=0.3))
    assert isinstance(answer, Failed)
    assert answer.kind is Failure.TIMEOUT


def test_a_server_that_never_answers_ends_at_the_read_limit(server: WebServer, get: Get) -> None:
    server.pages["/feed"] = Reply(write=lambda handler: server.released.wait())
    answer = get(server.url + "/feed", limits=Limits(read_seconds=0.2, total_seconds=PATIENCE))
    assert isinstance(answer, Failed)
    assert answer.kind is Failure.TIMEOUT


def test_endless_headers_end(server: WebServer, get: Get) -> None:
    def headers(handler: Any) -> None:
        handler.wfile.write(b"HTTP/1.1 200 OK\r\n")
        for number in range(1_000_000):
            handler.wfile.write(b"X-%d: %s\r\n" % (number, b"y" * 1000))

    server.pages["/feed"] = Reply(write=headers)
    answer = get(server.url + "/feed", limits=Limits(total_seconds=5))
    assert isinstance(answer, Failed)


@pytest.mark.parametrize(
    "start",
    [
        b"", b"HTTP/1.1\r\n\r\n", b"HTTP/1.1 999 What\r\n\r\n", b"hello\r\n\r\n",
        b"\x16\x03\x01\x02",
        b"HTTP/1.1 200 OK\r\nContent-Length: 50\r\n\r\nshort",
        b"HTTP/1.1 200 OK\r\nContent-Length: minus\r\n\r\nshort",
        b"HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\nzz\r\n",
        b"HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n5\r\nhello\r\n",
        b"HTTP/1.1 301 Moved\r\nLocation: http://[bad\r\nContent-Length: 0\r\n\r\n",
        b"HTTP/1.1 301 Moved\r\nContent-Length: 0\r\n\r\n",
        b"HTTP/1.1 302 Found\r\nLocation: \xff\xfe\x00\r\nContent-Length: 0\r\n\r\n",
    ],
)  # fmt: skip
def test_what_is_not_http_is_a_failure_and_never_an_exception(
    server: WebServer, get: Get, start: bytes
) -> None:
    server.pages["/feed"] = Reply(write=lambda handler: handler.wfile.write(start))
    answer = get(server.url + "/feed")
    assert isinstance(answer, Failed)
    assert answer.reason


def test_a_host_without_an_address_is_unreachable(get: Get) -> None:
    async def lookup(host: str, port: int) -> list[str]:
        raise OSError("no such host")

    answer = get("http://nowhere.example/", lookup=lookup)
    assert isinstance(answer, Failed)
    assert answer.kind is Failure.UNREACHABLE


def test_a_port_where_nothing_listens_is_unreachable(get: Get) -> None:
    with WebServer() as closed:
        url = closed.url
    answer = get(url)
    assert isinstance(answer, Failed)
    assert answer.kind is Failure.UNREACHABLE


def test_tls_to_a_server_that_has_none_is_unreachable(server: WebServer, get: Get) -> None:
    answer = get(server.url.replace("http://", "https://"))
    assert isinstance(answer, Failed)
    assert answer.kind is Failure.UNREACHABLE


def fetch_all(urls: list[str], **settings: Any) -> list[Answer]:
    async def run() -> list[Answer]:
        async with Fetcher(policy=LOOPBACK, user_agent="t", **settings) as fetcher:
            return list(await asyncio.gather(*(fetcher.get(url) for url in urls)))

    return asyncio.run(run())


def test_a_host_is_asked_one_thing_at_a_time_also_through_redirects(server: WebServer) -> None:
    for number in range(6):
        server.page(f"/feed{number}", "<rss/>")
    with WebServer() as other:
        for number in range(6):
            redirect(other, f"/to{number}", f"{server.url}/feed{number}")
        # Another name of the same machine: turns go by host name, here the same one.
        urls = [f"{other.url}/to{number}" for number in range(6)]
        answers = fetch_all(urls, pace=HostPace(0.01))
    assert all(isinstance(answer, Fetched) for answer in answers)
    asked = sorted(server.asked, key=lambda one: one.started)
    for one, following in itertools.pairwise(asked):
        assert following.started >= one.ended


def test_only_a_few_large_bodies_are_in_memory_at_once(server: WebServer) -> None:
    """While two large bodies are worked on, a third waits; small ones pass."""
    large = server.page("/large", b"x" * 1500 * KB)
    small = server.page("/small", b"x")

    async def run() -> None:
        async with Fetcher(
            policy=LOOPBACK, user_agent="t", limits=Limits(total_seconds=PATIENCE)
        ) as fetcher:
            async with fetcher.opened(large) as one, fetcher.opened(large) as two:
                assert isinstance(one, Fetched)
                assert isinstance(two, Fetched)
                third = asyncio.create_task(fetcher.get(large.replace("127.0.0.1", "localhost")))
                assert isinstance(await fetcher.get(small), Fetched)
                assert not third.done()
            assert isinstance(await third, Fetched)

    asyncio.run(run())


def test_the_wait_for_a_turn_does_not_count_against_the_server(server: WebServer) -> None:
    def slow(asked: Asked) -> Reply:
        server.released.wait(1.5)
        return Reply(body=b"<rss/>")

    server.pages["/feed"] = slow
    answers = fetch_all([server.url + "/feed"] * 5, limits=Limits(total_seconds=7))
    assert [type(answer) for answer in answers] == [Fetched] * 5
