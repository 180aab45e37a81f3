"""nginx and Caddy with the blocks that `init --server` writes: what reaches `serve`, and that no
log of theirs names a visitor or a personal link, while it runs and while it is down."""

import http.client
import os
import shutil
import socket
import ssl
import subprocess
from collections.abc import Callable, Iterable, Iterator
from contextlib import ExitStack, contextmanager, suppress
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path

import pytest

from newsletter.model.subscriber import NOT_STORED, Purpose, Subscriber, SubscriberState
from newsletter.server_files import HTTPS, Server
from newsletter.wiring import Workspace
from tests.cli.test_serve import HOST as SERVE
from tests.cli.test_serve import port, serving
from tests.processes import PATIENCE, free_ports, started, until
from tests.sending.certificates import make_certificate
from tests.web_server import Reply, WebServer

HOST = "news.coalition.example"
SERVERS = "127.0.78.1"  # where they listen
VISITOR = "127.0.78.99"  # who asks: never to be found in any log
TOKEN = "gQ3xAPersonalLinkOfAna"
PAGE = Reply(body=b"page", headers={"Connection": "close"})
PHOTO = 3_000_000  # bytes: three times what nginx takes by itself

__all__ = ["port"]

pytestmark = pytest.mark.usefixtures("processes")


def program(name: str) -> str:
    found = shutil.which(name, path=f"{os.environ['PATH']}:/usr/sbin")
    if found is None:
        pytest.skip(f"{name} is not installed")
    return found


@pytest.fixture(scope="module")
def certificate(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A folder with fullchain.pem and privkey.pem for HOST."""
    folder = tmp_path_factory.mktemp("certificate")
    both = make_certificate(folder, HOST)
    for name in ("fullchain.pem", "privkey.pem"):
        (folder / name).symlink_to(both)
    return folder


def written(folder: Path, name: str, port: int = HTTPS) -> str:
    """One of the files as `init --server` writes it."""
    program = folder / "newsletter"
    server = Server(workspace=folder, state=folder, program=program, host=HOST, port=port)
    return server.files()[name]


def changed(text: str, changes: dict[str, str]) -> str:
    """The text with what a test cannot have: each of the changes is really made."""
    for old, new in changes.items():
        assert old in text, old
        text = text.replace(old, new)
    return text


@dataclass(frozen=True, kw_only=True)
class Front:
    """A web server that runs: its ports, and the folder where all that it writes is."""

    tls: int
    plain: int
    folder: Path

    def ask(
        self, method: str, path: str, body: Iterable[bytes] = (), size: int = 0, *, tls: bool = True
    ) -> tuple[int, bytes]:
        """Ask as a visitor who lies about where he comes from."""
        port = self.tls if tls else self.plain
        plain = socket.create_connection((SERVERS, port), PATIENCE, source_address=(VISITOR, 0))
        context = ssl._create_unverified_context()
        connection = http.client.HTTPConnection(HOST, port, timeout=PATIENCE)
        connection.sock = context.wrap_socket(plain, server_hostname=HOST) if tls else plain
        said = {"X-Forwarded-For": "9.9.9.9", "X-Forwarded-Proto": "gopher"}
        connection.request(method, path, body, {**said, "Host": HOST, "Content-Length": str(size)})
        answer = connection.getresponse()
        status, page = answer.status, answer.read()
        connection.close()
        return status, page

    def hear_garbage(self) -> None:
        """What is no HTTP and no TLS, and a visitor who goes away in the middle."""
        for number in (self.tls, self.plain):
            for said in (b"\x16\x03\x01nonsense\r\n\r\n", f"GET /leave/{TOKEN}".encode()):
                with (
                    suppress(OSError),
                    socket.create_connection(
                        (SERVERS, number), PATIENCE, source_address=(VISITOR, 0)
                    ) as visitor,
                ):
                    visitor.sendall(said)
                    visitor.shutdown(socket.SHUT_WR)
                    visitor.recv(1)

    def logged(self) -> str:
        """All that it wrote, into whichever file."""
        files = [path for path in self.folder.rglob("*") if path.is_file()]
        return "\n".join(path.read_text(errors="replace") for path in files)

    @property
    def is_up(self) -> bool:
        with suppress(OSError), socket.create_connection((SERVERS, self.tls), PATIENCE):
            return True
        return False


@contextmanager
def running(
    command: list[str], folder: Path, tls: int, plain: int, env: dict[str, str] | None = None
) -> Iterator[Front]:
    """A web server, once it listens; what it says is in the folder too."""
    with (
        (folder / "output").open("w") as output,
        started(command, env=env, stdout=output, stderr=output) as process,
    ):
        front = Front(tls=tls, plain=plain, folder=folder)
        until(lambda: front.is_up, process)
        assert process.poll() is None, front.logged()
        yield front
        process.terminate()
        process.wait(PATIENCE)


@contextmanager
def nginx(
    folder: Path, certificate: Path, upstream: str, *, is_usual: bool = True
) -> Iterator[Front]:
    """With `is_usual` as for the port of https, which a test cannot have."""
    tls, plain = free_ports(2, SERVERS)
    port = HTTPS if is_usual else tls
    site = changed(
        written(folder, "nginx.conf", port),
        {
            "listen 80;": f"listen {SERVERS}:{plain};",
            f"listen {port} ssl": f"listen {SERVERS}:{tls} ssl",
            "    listen [::]:80;\n": "",
            f"    listen [::]:{port} ssl;\n": "",
            f"/etc/letsencrypt/live/{HOST}": str(certificate),
            "http://127.0.0.1:8000": upstream,
        },
    )
    # As in Debian's nginx.conf, with all that it writes in the folder.
    bodies = "".join(
        f"{kind}_temp_path {folder}/temp-{kind};\n"
        for kind in ("client_body", "proxy", "fastcgi", "uwsgi", "scgi")
    )
    configuration = folder.parent / "nginx.conf"
    configuration.write_text(
        f"pid {folder}/pid;\n"
        f"error_log {folder}/error.log;\nevents {{}}\n"
        f"http {{\naccess_log {folder}/access.log;\n{bodies}{site}}}\n"
    )
    command = [program("nginx"), "-p", str(folder), "-c", str(configuration)]
    command += ["-e", f"{folder}/early.log"]  # until it has read where else to write
    tested = subprocess.run([*command, "-t"], capture_output=True, text=True, check=False)
    assert tested.returncode == 0, tested.stderr
    with running([*command, "-g", "daemon off; master_process off;"], folder, tls, plain) as front:
        yield front


@contextmanager
def caddy(
    folder: Path, certificate: Path, upstream: str, changes: dict[str, str] | None = None
) -> Iterator[Front]:
    tls, plain = free_ports(2, SERVERS)
    text = written(folder, "Caddyfile")
    files = {"XDG_DATA_HOME": str(folder.parent), "XDG_CONFIG_HOME": str(folder.parent)}
    environment = {**os.environ, **files}
    command = [program("caddy"), "run", "--adapter", "caddyfile", "--config", "-"]
    check = folder.parent / "Caddyfile"
    check.write_text(text)
    validate = [command[0], "validate", "--adapter", "caddyfile", "--config", str(check)]
    tested = subprocess.run(validate, env=environment, capture_output=True, text=True, check=False)
    assert tested.returncode == 0, tested.stderr
    assert "not formatted" not in tested.stderr
    ours = f"admin off\n\thttp_port {plain}\n\thttps_port {tls}\n\tskip_install_trust\n"
    ours += f"\tdefault_bind {SERVERS}\n"
    site = f"tls {certificate}/fullchain.pem {certificate}/privkey.pem\n"
    check.write_text(
        changed(
            text,
            {
                "\tlog {\n\t\texclude": f"\t{ours}\tlog {{\n\t\texclude",
                f"{HOST} {{\n": f"{HOST} {{\n\t{site}",
                "127.0.0.1:8000": upstream.removeprefix("http://"),
                **(changes or {}),
            },
        )
    )
    command[-1] = str(check)
    with running(command, folder, tls, plain, environment) as front:
        yield front


@pytest.mark.parametrize("web_server", [nginx, caddy])
def test_what_reaches_serve_is_whole_and_no_log_names_a_visitor_or_a_link(
    tmp_path: Path, certificate: Path, web_server: Callable[..., Iterator[Front]]
) -> None:
    folder = tmp_path / "writes"
    folder.mkdir()
    link = f"/leave/{TOKEN}"
    with ExitStack() as stack:
        upstream = stack.enter_context(WebServer(default=PAGE))
        front = stack.enter_context(web_server(folder, certificate, upstream.url))
        assert front.ask("GET", link) == (200, b"page")
        (asked,) = upstream.asked
        assert asked.path == link
        assert asked.headers["host"] == HOST
        assert asked.headers["x-forwarded-for"] == VISITOR
        assert asked.headers["x-forwarded-proto"] == "https"
        status, _ = front.ask("GET", link, tls=False)
        assert status in (301, 308), "http leads to https"
        assert front.ask("POST", "/stories/a", [b"x" * PHOTO], PHOTO)[0] == 200
        assert len(upstream.asked[-1].body) == PHOTO
        front.hear_garbage()

        upstream.shutdown()
        upstream.server_close()
        for method in ("GET", "POST"):
            assert front.ask(method, link)[0] == 502
        front.hear_garbage()
    logged = front.logged()
    assert TOKEN not in logged
    assert VISITOR not in logged
    assert "9.9.9.9" not in logged


def test_nobody_waits_for_ever_for_a_serve_that_hangs(tmp_path: Path, certificate: Path) -> None:
    """nginx waits a minute, unless it is told otherwise."""
    folder = tmp_path / "writes"
    folder.mkdir()
    with socket.create_server(("127.0.0.1", 0)) as hangs:
        upstream = f"http://127.0.0.1:{hangs.getsockname()[1]}"
        with caddy(folder, certificate, upstream, {"_timeout 60s": "_timeout 1s"}) as front:
            assert front.ask("GET", "/healthz")[0] == 504


@pytest.mark.parametrize("web_server", [nginx, caddy])
def test_a_real_personal_link_works_through_it_and_no_log_has_it(
    tmp_path: Path,
    certificate: Path,
    workspace: Workspace,
    port: int,
    web_server: Callable[..., Iterator[Front]],
) -> None:
    folder = tmp_path / "writes"
    folder.mkdir()
    ana = Subscriber(
        id=NOT_STORED,
        address="ana@x.example",
        language="en",
        state=SubscriberState.CONFIRMED,
        joined_at=datetime(2026, 11, 20, tzinfo=UTC),
        proof="sheet",
    )
    workspace.subscribers.add([ana])
    token = workspace.links.make(Purpose.LEAVE, 1)
    options = ("--host", SERVE, "--port", str(port), "--proxy", "127.0.0.1")
    with (
        serving(workspace.root, *options, key=workspace.secret_keys[0]) as process,
        web_server(folder, certificate, f"http://{SERVE}:{port}") as front,
    ):
        assert process.stderr is not None
        assert process.stderr.readline().startswith("Serving")
        status, page = front.ask("GET", f"/leave/{token}")
        assert (status, b"Unsubscribe" in page) == (200, True)
        assert front.ask("GET", "/metrics")[0] == 404
        assert front.ask("POST", f"/leave/{token}")[0] == 200, "as mail programs do (RFC 8058)"
        process.terminate()
        told = process.stderr.read()
        assert front.ask("POST", f"/leave/{token}")[0] == 502
    person = workspace.subscribers.by_address("ana@x.example")
    assert person is None, "she left"
    written = front.logged() + told
    assert "one limit" not in told
    assert not [word for word in (token, VISITOR, "9.9.9.9", "ana@") if word in written]


def test_another_port_than_that_of_https_is_told_to_serve(
    tmp_path: Path, certificate: Path
) -> None:
    folder = tmp_path / "writes"
    folder.mkdir()
    with (
        WebServer(default=PAGE) as upstream,
        nginx(folder, certificate, upstream.url, is_usual=False) as front,
    ):
        front.ask("GET", "/subscribe")
        assert upstream.asked[-1].headers["host"] == f"{HOST}:{front.tls}"
        _, page = front.ask("GET", "/subscribe", tls=False)
        assert b"301" in page


def test_nginx_puts_nothing_that_is_told_or_answered_into_a_file(
    tmp_path: Path, certificate: Path
) -> None:
    """A form that is half there, and a page that nobody fetches yet, larger than its buffers."""
    folder = tmp_path / "writes"
    folder.mkdir()
    with (
        WebServer(default=PAGE) as upstream,
        nginx(folder, certificate, upstream.url) as front,
    ):
        upstream.pages["/large"] = Reply(body=b"y" * 20_000_000)
        seen: list[list[str]] = []

        def told() -> Iterator[bytes]:
            for _ in range(6):
                yield b"x" * 500_000
                seen.append(in_files(folder))

        assert front.ask("POST", "/stories/a", told(), 3_000_000)[0] == 200
        plain = socket.create_connection((SERVERS, front.tls), PATIENCE)
        reader = ssl._create_unverified_context().wrap_socket(plain, server_hostname=HOST)
        reader.sendall(f"GET /large HTTP/1.1\r\nHost: {HOST}\r\n\r\n".encode())
        for _ in range(20):
            assert reader.recv(10_000)
            seen.append(in_files(folder))
        reader.close()
    assert seen == [[]] * 26


def in_files(folder: Path) -> list[str]:
    """What the processes of nginx hold open below its temporary folders, deleted ones too."""
    open_files = []
    for link in Path("/proc").glob("[0-9]*/fd/*"):
        with suppress(OSError):
            target = str(link.readlink())
            if target.startswith(f"{folder}/temp-"):
                open_files.append(target)
    return open_files
