"""Bodies decompressed piece by piece, so that 200 KB of gzip never become 200 MB of memory."""

import re
import zlib

GZIP = b"\x1f\x8b"  # how each begins: RFC 1952, section 2.3.1
TEXT = re.compile(rb"(?:\xef\xbb\xbf)?\s*(?:<[?!a-z]|\{|BEGIN:)", re.IGNORECASE)
START = 1024  # bytes that tell what a body is
MEMBERS = 1000  # of one gzip body: those that compress in blocks make 64 KB each


class TooLargeError(Exception):
    """The body passed its limit."""


class BrokenEncodingError(Exception):
    """The compressed data are not what the header says, or end too early."""


class Plain:
    """No compression."""

    def feed(self, data: bytes, room: int) -> bytes:
        """Return the piece of a body; TooLargeError when that is more than `room` bytes."""
        if len(data) > room:
            raise TooLargeError
        return data

    def end(self) -> None:
        """Accept the end, wherever it comes."""


class Zlib:
    """gzip (several members too) and deflate, with or without the zlib header."""

    def __init__(self, *, is_gzip: bool) -> None:
        self._is_gzip = is_gzip
        self._window = 31 if is_gzip else 15
        self._stream = zlib.decompressobj(self._window)
        self._started = False
        self._members = 1

    def feed(self, data: bytes, room: int) -> bytes:
        """Return the decompressed piece; TooLargeError when that is more than `room` bytes."""
        out = bytearray()
        while data:
            if self._stream.eof:
                if not (self._is_gzip and data.startswith(b"\x1f")):
                    break  # padding after the end is common and harmless
                self._stream = zlib.decompressobj(self._window)
                self._members += 1
                if self._members > MEMBERS:  # each costs a copy of what follows it
                    raise TooLargeError
            out += self._piece(data, room - len(out) + 1)
            if len(out) > room:
                raise TooLargeError
            data = self._stream.unconsumed_tail or self._stream.unused_data
        return bytes(out)

    def _piece(self, data: bytes, most: int) -> bytes:
        try:
            piece = self._stream.decompress(data, most)
        except zlib.error as error:
            if self._started or self._is_gzip:
                raise BrokenEncodingError(str(error)) from error
            self._window = -15  # some servers send raw deflate: RFC 9110, section 8.4.1.2
            self._stream = zlib.decompressobj(self._window)
            try:
                piece = self._stream.decompress(data, most)
            except zlib.error as again:
                raise BrokenEncodingError(str(again)) from again
        self._started = True
        return piece

    def end(self) -> None:
        """Raise BrokenEncodingError when more was to come."""
        if self._started and not self._stream.eof:
            raise BrokenEncodingError("the compressed data ends too early")


class Decoder:
    """A body by its header, unless its first bytes say otherwise: servers that say gzip send plain
    text, and servers that say nothing send gzip."""

    def __init__(self, encoding: str) -> None:
        self._encoding = encoding.strip().lower()
        self._start = b""
        self._stream: Plain | Zlib | None = None

    def feed(self, data: bytes, room: int) -> bytes:
        """Return the decoded piece; TooLargeError when that is more than `room` bytes."""
        if self._stream is not None:
            return self._stream.feed(data, room)
        self._start += data
        return self._begun(room) if len(self._start) >= START else b""

    def end(self, room: int) -> bytes:
        """Return what was held back. BrokenEncodingError when more was to come."""
        rest = self._begun(room) if self._stream is None else b""
        if self._stream is not None:
            self._stream.end()
        return rest

    def _begun(self, room: int) -> bytes:
        self._stream = _stream_for(self._encoding, self._start)
        start, self._start = self._start, b""
        return self._stream.feed(start, room)


def _stream_for(encoding: str, start: bytes) -> Plain | Zlib:
    if start.startswith(GZIP):
        return Zlib(is_gzip=True)
    if encoding in ("", "identity", "none", "gzip", "x-gzip") or TEXT.match(start):
        return Plain()
    if encoding == "deflate":
        return Zlib(is_gzip=False)
    raise BrokenEncodingError(f"{encoding[:40]} is a kind that we did not ask for")
