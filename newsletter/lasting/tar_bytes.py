"""A tar as a stream of bytes: nothing is kept, and nobody has to know how large it gets."""

import tarfile
import zlib
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import datetime

END = bytes(2 * tarfile.BLOCKSIZE)
_LEVEL = 3  # of 9: half the time of 6 for a tenth more bytes


@dataclass(frozen=True, kw_only=True, slots=True)
class Member:
    """A file in a tar, its size known beforehand."""

    name: str
    size: int
    made_at: datetime
    mode: int = 0o600

    def header(self) -> bytes:
        """Return what stands before the file's bytes."""
        info = tarfile.TarInfo(self.name)
        info.size, info.mode, info.mtime = self.size, self.mode, int(self.made_at.timestamp())
        return info.tobuf(tarfile.GNU_FORMAT, errors="surrogateescape")


def member(name: str, data: bytes, *, made_at: datetime, mode: int = 0o600) -> Iterator[bytes]:
    """Yield a whole file of a tar."""
    yield Member(name=name, size=len(data), made_at=made_at, mode=mode).header()
    yield data
    yield padding(len(data))


def padding(size: int) -> bytes:
    """Return what follows a file of that size, up to the next block."""
    return bytes(-size % tarfile.BLOCKSIZE)


def gzipped(chunks: Iterable[bytes]) -> Iterator[bytes]:
    """Yield the same, compressed."""
    packer = zlib.compressobj(_LEVEL, wbits=31)
    for chunk in chunks:
        if packed := packer.compress(chunk):
            yield packed
    yield packer.flush()
