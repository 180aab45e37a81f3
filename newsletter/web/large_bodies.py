"""Of a form with a file that is far too large, keep its beginning and its end, not its middle; of
an answer that was sent, nothing.

Waitress by itself answers such a POST with a page: what was typed is lost, and the browser keeps it
in its session files. Without the middle of the file, the form can still be read, and refused.
"""

from io import BytesIO
from typing import Any

from waitress.channel import HTTPChannel
from waitress.parser import HTTPRequestParser
from waitress.receiver import FixedStreamReceiver
from waitress.server import BaseWSGIServer

from newsletter.web.stories_frame import TELL
from newsletter.web.stories_tell import LARGEST_PICTURE

HEAD = LARGEST_PICTURE + 1024 * 1024  # bytes: whatever is taken is in them
TAIL = 64 * 1024  # the fields after the file


class WithoutMiddle:
    """A body as it comes in: all of it up to HEAD + TAIL bytes, then no more of it than that."""

    def __init__(self) -> None:
        self._head, self._tail = BytesIO(), b""

    def __len__(self) -> int:
        return self._head.tell() + len(self._tail)

    def append(self, data: bytes) -> None:
        """Take the next bytes."""
        kept = data[: max(HEAD - self._head.tell(), 0)]
        self._head.write(kept)
        if len(data) > len(kept):
            self._tail = (self._tail + data[len(kept) :])[-TAIL:]

    def getfile(self) -> BytesIO:
        """Return what is kept, to be read from its beginning."""
        self._head.write(self._tail)
        self._tail = b""
        self._head.seek(0)
        return self._head

    def close(self) -> None:
        """Let go of it."""
        self._head.close()


class _Parser(HTTPRequestParser):  # type: ignore[misc]
    content_length: int

    def parse_header(self, header_plus: bytes) -> None:
        super().parse_header(header_plus)
        if self.path == TELL and self.content_length > HEAD + TAIL:
            self.body_rcv = FixedStreamReceiver(self.content_length, WithoutMiddle())
            self.content_length = HEAD + TAIL

    def received(self, data: bytes) -> int:
        consumed: int = super().received(data)
        body: Any = self.body_rcv
        if body is not None and isinstance(body.getbuf(), WithoutMiddle):
            self.body_bytes_received = 0  # it is no measure of what is kept
            self.headers["CONTENT_LENGTH"] = str(len(body))
        return consumed


class _Channel(HTTPChannel):  # type: ignore[misc]
    total_outbufs_len: int
    outbufs: list[Any]
    parser_class = _Parser

    def _flush_some(self, do_close: bool = True) -> bool:
        # What was sent would stay in memory as long as a browser keeps the connection.
        has_sent: bool = super()._flush_some(do_close)
        if not self.total_outbufs_len:
            self.outbufs[-1].prune()
        return has_sent


def install() -> None:
    """Read forms to their end from now on, however large their file."""
    BaseWSGIServer.channel_class = _Channel
