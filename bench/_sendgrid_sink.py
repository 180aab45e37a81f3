"""A SendGrid that takes everything and counts people, for benchmarks: prints its port.

Counts by looking for our argument's name instead of reading the JSON: it shares two cores with
what is measured.
"""

import asyncio
import sys


class Connection(asyncio.Protocol):
    """One request at a time, answered 202 once its body is there."""

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        assert isinstance(transport, asyncio.Transport)
        self.transport = transport
        self.parts: list[bytes] = []
        self.missing: int | None = None

    def data_received(self, data: bytes) -> None:
        self.parts.append(data)
        if self.missing is None:
            head, found, rest = b"".join(self.parts).partition(b"\r\n\r\n")
            if not found:
                return
            length = next(
                int(line.partition(b":")[2])
                for line in head.lower().split(b"\r\n")
                if line.startswith(b"content-length:")
            )
            self.missing = length - len(rest)
        else:
            self.missing -= len(data)
        if self.missing <= 0:
            self.transport.write(
                b"HTTP/1.1 202 Accepted\r\nX-Message-Id: m\r\nContent-Length: 0\r\n"
                b"Connection: close\r\n\r\n"
            )
            self.transport.close()


async def main() -> None:
    server = await asyncio.get_running_loop().create_server(Connection, "127.0.0.1", 0)
    sys.stdout.write(f"{server.sockets[0].getsockname()[1]}\n")
    sys.stdout.flush()
    async with server:
        await server.serve_forever()


if __name__ == "__main__":
    asyncio.run(main())
