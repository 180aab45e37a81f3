"""A small IMAP server on loopback, over TLS: what reading a mailbox of bounces takes (RFC 3501)."""

import base64
import re
import socketserver
import ssl
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path

USER, PASSWORD = "bounces", 'se"cret'


@dataclass
class Mailbox:
    """INBOX: messages by their lasting numbers, and which of them were seen."""

    messages: dict[int, bytes]
    seen: set[int] = field(default_factory=set)
    breaks_off_after: int | None = None  # so many messages fetched
    logged_out: int = 0
    token: str = ""  # what XOAUTH2 takes
    lost: set[int] = field(default_factory=set)  # messages that cannot be given


class _Connection(socketserver.StreamRequestHandler):
    """One client: a tag, a command, an answer."""

    server: "_Server"

    def setup(self) -> None:
        self.request = self.server.tls.wrap_socket(self.request, server_side=True)
        super().setup()

    def finish(self) -> None:
        super().finish()
        self.request.close()

    def handle(self) -> None:
        self.fetched = 0
        self.wfile.write(b"* OK ready\r\n")
        while line := self.rfile.readline().decode().strip():
            tag, verb, *rest = line.split(" ", 2)
            words = rest[0] if rest else ""
            if not self.answer(tag, verb.upper(), words):
                return

    def answer(self, tag: str, verb: str, words: str) -> bool:
        """Answer one command; False when the connection is over."""
        said = "completed"
        if verb == "CAPABILITY":
            self.wfile.write(b"* CAPABILITY IMAP4rev1 AUTH=XOAUTH2\r\n")
        elif verb == "AUTHENTICATE":
            return self.by_token(tag)
        elif verb == "LOGIN":
            quoted = PASSWORD.replace('"', '\\"')
            if words != f'{USER} "{quoted}"':
                self.wfile.write(f"{tag} NO wrong password\r\n".encode())
                return True
        elif verb == "SELECT" and words != '"INBOX"':
            self.wfile.write(f"{tag} NO no such folder\r\n".encode())
            return True
        elif verb == "SELECT":
            self.wfile.write(f"* {len(self.server.mailbox.messages)} EXISTS\r\n".encode())
        elif verb == "UID" and not self.by_number(words):
            return False
        elif verb == "LOGOUT":
            self.server.mailbox.logged_out += 1
            self.wfile.write(f"* BYE\r\n{tag} OK bye\r\n".encode())
            return False
        self.wfile.write(f"{tag} OK {said}\r\n".encode())
        return True

    def by_token(self, tag: str) -> bool:
        self.wfile.write(b"+ \r\n")
        said = base64.b64decode(self.rfile.readline())
        if said == f"user={USER}\1auth=Bearer {self.server.mailbox.token}\1\1".encode():
            self.wfile.write(f"{tag} OK in\r\n".encode())
            return True
        self.wfile.write(b"+ eyJzdGF0dXMiOiI0MDAifQ==\r\n")
        assert self.rfile.readline() == b"\r\n"
        self.wfile.write(f"{tag} NO invalid token\r\n".encode())
        return True

    def by_number(self, words: str) -> bool:
        box = self.server.mailbox
        if words.upper() == "SEARCH UNSEEN":
            unseen = " ".join(str(one) for one in sorted(box.messages) if one not in box.seen)
            self.wfile.write(f"* SEARCH {unseen}".rstrip().encode() + b"\r\n")
            return True
        match = re.fullmatch(r"(?i)(FETCH|STORE) (\d+) (.*)", words)
        assert match is not None, words
        number = int(match[2])
        if match[1].upper() == "STORE":
            assert match[3] == r"+FLAGS (\Seen)"
            box.seen.add(number)
            self.wfile.write(f"* {number} FETCH (UID {number} FLAGS (\\Seen))\r\n".encode())
            return True
        assert match[3] == "(BODY.PEEK[])"
        if self.fetched == box.breaks_off_after:
            return False
        self.fetched += 1
        if number in box.lost:
            return True
        content = box.messages[number]
        head = f"* {number} FETCH (UID {number} BODY[] {{{len(content)}}}\r\n".encode()
        self.wfile.write(head + content + b")\r\n")
        return True


class _Server(socketserver.ThreadingTCPServer):
    allow_reuse_address = True
    daemon_threads = True
    mailbox: Mailbox
    tls: ssl.SSLContext

    def handle_error(self, request: object, client_address: object) -> None:
        """A client that breaks off is none of the server's business."""


@contextmanager
def serving(
    mailbox: Mailbox, certificate: Path, *, newest: ssl.TLSVersion | None = None
) -> Iterator[int]:
    """The port on which the mailbox is served; by an old version of TLS, if it is the `newest`."""
    with _Server(("localhost", 0), _Connection) as server:
        server.mailbox = mailbox
        server.tls = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
        server.tls.load_cert_chain(certificate)
        if newest is not None:
            server.tls.set_ciphers("ALL:@SECLEVEL=0")
            server.tls.minimum_version, server.tls.maximum_version = ssl.TLSVersion.TLSv1, newest
        thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.01})
        thread.start()
        try:
            yield int(server.server_address[1])
        finally:
            server.shutdown()
            thread.join()
