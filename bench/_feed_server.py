"""A quick HTTP server for benchmarks: the same bodies at /0 … /N on every loopback address.

Run as `python bench/_feed_server.py FOLDER COUNT PORT-FILE`: files of the folder, in turn.
"""

import asyncio
import hashlib
import re
import sys
from pathlib import Path
from typing import ClassVar


class Connection(asyncio.Protocol):
    """Answers GET with a body and an ETag, or 304."""

    answers: ClassVar[list[tuple[bytes, bytes, bytes]]] = []

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        assert isinstance(transport, asyncio.Transport)
        self.transport = transport
        self.buffer = b""

    def data_received(self, data: bytes) -> None:
        self.buffer += data
        while b"\r\n\r\n" in self.buffer:
            head, _, self.buffer = self.buffer.partition(b"\r\n\r\n")
            wanted = re.match(rb"GET /(\d+)", head)
            assert wanted, head
            number = int(wanted[1])
            etag, full, unchanged = self.answers[number % len(self.answers)]
            is_known = etag in head
            self.transport.write(unchanged if is_known else full)


def answers(folder: Path) -> list[tuple[bytes, bytes, bytes]]:
    """For each file its ETag, the whole answer, and the one that says "unchanged"."""
    found = []
    for path in sorted(folder.iterdir()):
        body = path.read_bytes()
        etag = b'"%s"' % hashlib.sha256(body).hexdigest()[:16].encode()
        head = b"HTTP/1.1 200 OK\r\nContent-Type: application/xml\r\nETag: %s\r\n" % etag
        full = head + b"Content-Length: %d\r\n\r\n" % len(body) + body
        found.append((etag, full, b"HTTP/1.1 304 Not Modified\r\nETag: %s\r\n\r\n" % etag))
    return found


async def main(folder: Path, port_file: Path) -> None:
    Connection.answers = answers(folder)
    server = await asyncio.get_running_loop().create_server(Connection, "0.0.0.0", 0, backlog=1024)
    port_file.write_text(str(server.sockets[0].getsockname()[1]))
    await server.serve_forever()


if __name__ == "__main__":
    asyncio.run(main(Path(sys.argv[1]), Path(sys.argv[2])))
