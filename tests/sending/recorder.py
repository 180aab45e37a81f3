"""An SMTP server of our own that writes down what it accepts before it says so.

`python -m tests.sending.recorder FILE` prints its port and serves until it is ended. Every accepted
message becomes one line of FILE, written in one call before the 250: `Message-ID recipient`. That
file is what the kill tests hold the ledger against. With a number behind it, each 250 takes so many
seconds.
"""

import asyncio
import os
import sys
import threading
from collections import Counter
from collections.abc import Callable
from pathlib import Path

Answer = Callable[[str, str], bytes | None]


class Recorder:
    """Answers MAIL, RCPT and DATA. `answer(stage, recipient)` may give another reply than yes; an
    empty reply closes the connection; `stages` are RCPT, DATA (before content), DOT (after it)."""

    SILENCE = b"never written"

    def __init__(
        self,
        file: Path,
        *,
        answer: Answer = lambda stage, recipient: None,
        extensions: tuple[str, ...] = ("PIPELINING", "SIZE 50000000", "8BITMIME"),
    ) -> None:
        self._out = os.open(file, os.O_WRONLY | os.O_CREAT | os.O_APPEND)
        self._answer = answer
        self.extensions = extensions
        self.greeting = b"220 recorder\r\n"
        self.mail_reply = b""
        self.seconds = 0.0  # until a message is answered
        self.connections = 0
        self.most_at_once = 1000  # connections; the others are greeted with a 421
        self.at_once = 0
        self.greeted: list[str] = []  # how clients named themselves
        self.contents: list[bytes] = []

    async def serve(self, port: int = 0) -> asyncio.Server:
        """Listen, on a port of the system's choice."""
        return await asyncio.start_server(self._connection, "127.0.0.1", port, limit=2**22)

    async def _connection(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        self.connections += 1
        self.at_once += 1
        try:
            if self.at_once > self.most_at_once:
                writer.write(b"421 4.7.0 Too many concurrent SMTP connections\r\n")
            else:
                await self._dialogue(reader, writer)
        except (ConnectionError, asyncio.IncompleteReadError):
            pass
        finally:
            self.at_once -= 1
            writer.close()

    async def _dialogue(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        writer.write(self.greeting)
        recipient = ""
        while line := await reader.readline():
            command = line.decode().strip()
            verb = command[:4].upper()
            if verb == "EHLO":
                self.greeted.append(command[5:])
                lines = ["recorder", *self.extensions]
                marks = ["-"] * (len(lines) - 1) + [" "]
                writer.write(
                    "".join(f"250{m}{t}\r\n" for m, t in zip(marks, lines, strict=True)).encode()
                )
            elif verb == "RCPT":
                recipient = command.partition("<")[2].partition(">")[0]
                reply = self._answer("RCPT", recipient)
                if reply is not None:
                    recipient = ""
                writer.write(reply or b"250 2.1.5 ok\r\n")
            elif verb == "DATA":
                if not recipient:
                    writer.write(b"503 5.5.1 no recipient\r\n")
                elif not await self._content(reader, writer, recipient):
                    return
            elif verb == "MAIL" and self.mail_reply:
                recipient = ""
                writer.write(self.mail_reply)
            elif verb == "QUIT":
                writer.write(b"221 2.0.0 bye\r\n")
                return
            else:
                writer.write(b"250 2.0.0 ok\r\n")

    async def _content(
        self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter, recipient: str
    ) -> bool:
        reply = self._answer("DATA", recipient)
        if reply == b"":
            writer.write(b"354 go on\r\n")
            await reader.read(100)
            return False
        writer.write(reply or b"354 go on\r\n")
        if reply is not None:
            return True
        content = await reader.readuntil(b"\r\n.\r\n")
        self.contents.append(content[:-3])
        reply = self._answer("DOT", recipient)
        if reply is None or not reply.startswith((b"4", b"5")):
            start = content.index(b"\r\nMessage-ID: ") + 14
            name = content[start : content.index(b"\r\n", start)].decode()
            os.write(self._out, f"{name} {recipient}\n".encode())
        if self.seconds:
            await asyncio.sleep(self.seconds)
        if reply == b"":
            return False
        if reply == self.SILENCE:
            await reader.read()
            return False
        writer.write(reply or b"250 2.0.0 ok\r\n")
        return True


class Running:
    """A recorder in a thread, whose behaviour a test can change, stop and start again."""

    def __init__(self, record: Path) -> None:
        record.touch()
        self.record = record
        self.answer: Answer = lambda stage, recipient: None
        self.loop = asyncio.new_event_loop()
        self.thread = threading.Thread(target=self.loop.run_forever)
        self.thread.start()
        self.recorder = Recorder(record, answer=lambda *asked: self.answer(*asked))
        self.server = self.do(self.recorder.serve())
        self.port: int = self.server.sockets[0].getsockname()[1]

    def do(self, coroutine):
        return asyncio.run_coroutine_threadsafe(coroutine, self.loop).result(10)

    def go_away(self) -> None:
        self.loop.call_soon_threadsafe(self.server.close)

    def come_back(self) -> None:
        self.server = self.do(self.recorder.serve(self.port))

    def close(self) -> None:
        self.loop.call_soon_threadsafe(self.server.close)
        self.do(_cancel_all())
        self.loop.call_soon_threadsafe(self.loop.stop)
        self.thread.join()
        self.loop.close()

    @property
    def accepted(self) -> Counter[str]:
        return Counter(line.split(" ")[1] for line in self.record.read_text().splitlines())


async def _cancel_all() -> None:
    others = asyncio.all_tasks() - {asyncio.current_task()}
    for task in others:
        task.cancel()
    await asyncio.gather(*others, return_exceptions=True)


class _Nothing(list[bytes]):
    """Keeps no message: nobody looks at them here."""

    def append(self, content: bytes) -> None:
        """Forget it."""


async def _main(file: Path, seconds: float) -> None:
    recorder = Recorder(file)
    recorder.seconds = seconds
    recorder.contents = _Nothing()
    server = await recorder.serve()
    sys.stdout.write(f"{server.sockets[0].getsockname()[1]}\n")
    sys.stdout.flush()
    async with server:
        await server.serve_forever()


if __name__ == "__main__":
    asyncio.run(_main(Path(sys.argv[1]), float(sys.argv[2]) if sys.argv[2:] else 0.0))
