"""The address guard: everything but the public internet is refused, in every spelling."""

import pytest

from newsletter.pulling.fetch.addresses import AddressPolicy

GUARD = AddressPolicy()


@pytest.mark.parametrize(
    "address",
    [
        "127.0.0.1", "127.255.255.254", "0.0.0.0", "10.1.2.3", "172.16.0.1", "172.31.255.255",
        "192.168.0.1", "169.254.169.254", "100.64.0.1", "100.127.255.255", "192.0.0.1",
        "192.0.2.1", "198.18.0.1", "198.51.100.1", "203.0.113.5", "224.0.0.1", "239.255.255.250",
        "240.0.0.1", "255.255.255.255", "192.88.99.1",
        "::1", "::", "fe80::1", "fe80::1%eth0", "fc00::1", "fd12:3456::1", "ff02::1", "fec0::1",
        "2001:db8::1", "100::1", "::127.0.0.1",
        "::ffff:127.0.0.1", "::ffff:10.0.0.1", "::ffff:169.254.169.254", "::ffff:7f00:1",
        "64:ff9b::7f00:1", "64:ff9b::10.0.0.1", "64:ff9b:1::192.168.1.1",
        "2002:7f00:1::", "2002:c0a8:101::1",
        "2001:0:4136:e378:8000:63bf:80ff:fffe",
        "not an address",
    ],
)  # fmt: skip
def test_an_address_that_is_not_public_is_refused(address: str) -> None:
    assert GUARD.refusal(address, 443)


@pytest.mark.parametrize(
    "address",
    ["93.184.216.34", "8.8.8.8", "100.63.255.255", "100.128.0.1", "172.32.0.1",
     "2606:2800:220:1:248:1893:25c8:1946", "::ffff:8.8.8.8", "64:ff9b::8.8.8.8"],
)  # fmt: skip
def test_a_public_address_is_let_through(address: str) -> None:
    assert GUARD.refusal(address, 443) == ""


@pytest.mark.parametrize("port", [22, 25, 6379, 8080, 0])
def test_an_odd_port_is_refused(port: int) -> None:
    assert "port" in GUARD.refusal("93.184.216.34", port)


def test_an_odd_port_that_is_allowed_is_let_through() -> None:
    assert AddressPolicy(ports=(80, 443, 8080)).refusal("93.184.216.34", 8080) == ""


@pytest.mark.parametrize(
    "url",
    [
        "ftp://harbor.example/feed", "file:///etc/passwd", "gopher://x.example", "data:text/xml,x",
        "javascript:alert(1)", "//harbor.example", "harbor.example/feed", "", "http://",
        "http:///feed", "https://user@harbor.example/", "https://user:secret@harbor.example/",
        "https://:secret@harbor.example/", "http://127.0.0.1/", "http://[::1]/",
        "http://[::ffff:10.0.0.1]/", "http://[fe80::1%25eth0]/", "http://harbor.example:99999/",
        "http://[half", "http://169.254.169.254/latest/meta-data/",
    ],
)  # fmt: skip
def test_a_url_that_must_not_be_asked_is_refused(url: str) -> None:
    assert GUARD.url_refusal(url)


def test_names_and_public_addresses_pass_on_to_resolving() -> None:
    assert GUARD.url_refusal("https://harbor.example/feed/") == ""
    assert GUARD.url_refusal("https://93.184.216.34/feed/") == ""


def test_private_networks_can_be_allowed_one_by_one() -> None:
    policy = AddressPolicy.of(("127.0.0.1", "fd00::/8"), (80, 443))
    assert policy.refusal("127.0.0.1", 34567) == ""
    assert policy.refusal("::ffff:127.0.0.1", 34567) == ""
    assert policy.refusal("fd00::7", 80) == ""
    assert policy.refusal("127.0.0.2", 80)
    assert policy.refusal("10.0.0.1", 80)
