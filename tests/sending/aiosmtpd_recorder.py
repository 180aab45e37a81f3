"""aiosmtpd, writing down what it accepts before it says so; started as `recorder` is."""

import asyncio
import os
import sys
from pathlib import Path

from aiosmtpd.smtp import SMTP, Envelope, Session


class _Handler:
    def __init__(self, file: Path) -> None:
        self._out = os.open(file, os.O_WRONLY | os.O_CREAT | os.O_APPEND)

    async def handle_DATA(self, server: SMTP, session: Session, envelope: Envelope) -> str:
        content = envelope.content
        assert isinstance(content, bytes)
        start = content.index(b"\r\nMessage-ID: ") + 14
        name = content[start : content.index(b"\r\n", start)].decode()
        os.write(self._out, f"{name} {envelope.rcpt_tos[0]}\n".encode())
        return "250 2.0.0 ok"


async def _main(file: Path) -> None:
    handler = _Handler(file)
    loop = asyncio.get_running_loop()
    server = await loop.create_server(lambda: SMTP(handler, loop=loop), "127.0.0.1", 0)
    sys.stdout.write(f"{server.sockets[0].getsockname()[1]}\n")
    sys.stdout.flush()
    async with server:
        await server.serve_forever()


if __name__ == "__main__":
    asyncio.run(_main(Path(sys.argv[1])))
