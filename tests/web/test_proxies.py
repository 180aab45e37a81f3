"""Who asks, behind the web servers that are trusted, and behind those that are not."""

import logging
from collections.abc import Iterable
from typing import Any

import pytest

from newsletter.errors import UsageError
from newsletter.web.proxies import BehindProxies, read_networks

Seen = dict[str, Any]


def seen(trusted: Iterable[str], peer: str, path: str = "/subscribe", **headers: str) -> Seen:
    """What the app is told of a request; headers as `forwarded_for="…"`."""
    taken: list[Seen] = []

    def app(environ: dict[str, Any], _start: Any) -> list[bytes]:
        taken.append(environ)
        return []

    behind = BehindProxies(app, read_networks(tuple(trusted)))
    sent = {f"HTTP_X_{name.upper()}": value for name, value in headers.items()}
    environ = {"REMOTE_ADDR": peer, "PATH_INFO": path, "wsgi.url_scheme": "http", **sent}
    behind(environ, None)
    (environ,) = taken
    return environ


@pytest.mark.parametrize(
    ("trusted", "peer", "chain", "visitor"),
    [
        (["127.0.0.1"], "127.0.0.1", "192.0.2.7", "192.0.2.7"),
        (["::1", "127.0.0.1"], "::1", "2001:db8::7", "2001:db8::7"),
        (["127.0.0.1,10.0.0.0/8"], "10.1.2.3", "192.0.2.7", "192.0.2.7"),
        (["127.0.0.1"], "::ffff:127.0.0.1", "::ffff:192.0.2.7", "192.0.2.7"),
        (["fe80::/10"], "fe80::1%eth0", "192.0.2.7", "192.0.2.7"),
        # what a visitor says of himself stands further left
        (["127.0.0.1"], "127.0.0.1", "198.51.100.1, 192.0.2.7", "192.0.2.7"),
        (
            ["127.0.0.1", "10.0.0.0/8"],
            "127.0.0.1",
            "198.51.100.1, 192.0.2.7, 10.9.9.9",
            "192.0.2.7",
        ),
        (["127.0.0.1"], "127.0.0.1", "127.0.0.1", "127.0.0.1"),
        (["127.0.0.1"], "127.0.0.1", "192.0.2.7:4711", "192.0.2.7"),
        (["127.0.0.1"], "127.0.0.1", "[2001:db8::7]:4711", "2001:db8::7"),
        # not told, or told by nobody whom we trust
        (["127.0.0.1"], "127.0.0.1", "", "127.0.0.1"),
        (["127.0.0.1"], "127.0.0.1", "192.0.2.7, unknown", "127.0.0.1"),
        (["127.0.0.1"], "192.0.2.1", "192.0.2.7", "192.0.2.1"),
        ([], "127.0.0.1", "192.0.2.7", "127.0.0.1"),
    ],
)
def test_the_visitor_is_whom_the_nearest_trusted_server_names(
    trusted: list[str], peer: str, chain: str, visitor: str
) -> None:
    environ = seen(trusted, peer, forwarded_for=chain)
    assert environ["REMOTE_ADDR"] == visitor
    assert not [name for name in environ if "FORWARDED" in name]


def test_only_a_trusted_server_says_that_it_was_https() -> None:
    told = {"forwarded_for": "192.0.2.7", "forwarded_proto": "https"}
    assert seen(["127.0.0.1"], "127.0.0.1", **told)["wsgi.url_scheme"] == "https"
    assert seen(["127.0.0.1"], "192.0.2.1", **told)["wsgi.url_scheme"] == "http"
    told["forwarded_proto"] = "javascript"
    assert seen(["127.0.0.1"], "127.0.0.1", **told)["wsgi.url_scheme"] == "http"


@pytest.mark.parametrize("wrong", ["localhost", "proxy.internal", "10.0.0.0/99", "", "*", "1.2.3"])
def test_what_is_neither_address_nor_network_is_refused(wrong: str) -> None:
    with pytest.raises(UsageError) as refused:
        read_networks(("127.0.0.1", wrong))
    assert refused.value.message == f"--proxy: {wrong!r} is neither an address nor a network"
    assert refused.value.hint


@pytest.mark.parametrize(
    ("trusted", "peer", "chain", "path", "warnings"),
    [
        (["127.0.0.1"], "127.0.0.1", "", "/subscribe", 1),
        (["127.0.0.1"], "127.0.0.1", "unknown", "/subscribe", 1),
        (["127.0.0.1"], "127.0.0.1", "", "/healthz", 0),
        (["127.0.0.1"], "127.0.0.1", "192.0.2.7", "/subscribe", 0),
        ([], "127.0.0.1", "192.0.2.7", "/subscribe", 1),
        (["127.0.0.1"], "172.17.0.1", "192.0.2.7", "/subscribe", 1),
        (["127.0.0.1"], "8.8.8.8", "192.0.2.7", "/subscribe", 0),  # a visitor may send anything
    ],
)
def test_one_limit_for_the_whole_world_is_warned_of_once_and_names_nobody(
    caplog: pytest.LogCaptureFixture,
    trusted: list[str],
    peer: str,
    chain: str,
    path: str,
    warnings: int,
) -> None:
    behind = BehindProxies(lambda _environ, _start: [], read_networks(tuple(trusted)))
    with caplog.at_level(logging.WARNING):
        for _ in range(3):
            behind({"REMOTE_ADDR": peer, "PATH_INFO": path, "HTTP_X_FORWARDED_FOR": chain}, None)
    assert len(caplog.records) == warnings
    assert not any(address in caplog.text for address in (peer, "192.0.2.7"))


@pytest.mark.parametrize("network", ["0.0.0.0/0", "::/0", "1.2.3.4/0", "128.0.0.0/1", "2000::/3"])
def test_nobody_trusts_half_of_the_internet(network: str) -> None:
    with pytest.raises(UsageError, match="a large part of the internet"):
        read_networks(("127.0.0.1", network))


def test_networks_of_ones_own_and_of_those_who_sell_proxies_are_trusted() -> None:
    some = "10.0.0.0/8,fc00::/7,fe80::/10,104.16.0.0/13,2a06:98c0::/29,127.0.0.0/8"
    assert len(read_networks((some,))) == 6
