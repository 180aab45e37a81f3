"""What another machine did is told in plain words, by no number and no address of a library's."""

import asyncio
import errno
import http.client
import socket
import ssl

import pytest

from newsletter.system import network_reason


def connecting(host: str, port: int) -> Exception:
    with pytest.raises((OSError, UnicodeError)) as caught:
        asyncio.run(asyncio.open_connection(host, port))
    return caught.value


@pytest.mark.parametrize(
    ("error", "words"),
    [
        (ConnectionRefusedError(errno.ECONNREFUSED, "Connect call failed"), "nothing answers"),
        (
            OSError(f"Multiple exceptions: [Errno {errno.ECONNREFUSED}] Connect call failed, …"),
            "nothing answers",
        ),
        (BrokenPipeError(errno.EPIPE, "Broken pipe"), "broke the connection off"),
        (TimeoutError(), "no answer in time"),
        (socket.gaierror(socket.EAI_AGAIN, "Temporary failure"), "cannot be looked up now"),
        (socket.gaierror(socket.EAI_NONAME, "Name or service not known"), "no such host"),
        (ssl.SSLError(1, "[SSL: WRONG_VERSION_NUMBER]"), "offers no secure connection"),
        (http.client.BadStatusLine("SSH-2.0"), "another kind of server"),
        (OSError(errno.EMFILE, "Too many open files"), "Too many open files"),
        (OSError(), "no answer"),
    ],
)
def test_why_nobody_answered(error: Exception, words: str) -> None:
    assert words in network_reason(error)


def test_libraries_numbers_are_left_out() -> None:
    assert network_reason(connecting("127.0.0.1", 1)) == "nothing answers at that port"
    assert network_reason(connecting("a..b", 25)) == "there is no such host"
