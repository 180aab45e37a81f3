"""Bodies decompressed piece by piece, so that 200 KB of gzip never become 200 MB of memory."""

import zlib

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


def decoder_for(encoding: str) -> Plain | Zlib | None:
    """Return the decoder for a Content-Encoding header; None for one that we did not ask for."""
    name = encoding.strip().lower()
    if name in ("", "identity", "none"):
        return Plain()
    if name in ("gzip", "x-gzip"):
        return Zlib(is_gzip=True)
    if name == "deflate":
        return Zlib(is_gzip=False)
    return None
