"""Debian's dovecot-imapd on loopback, for one user with one mailbox, until the test is over."""

import getpass
import grp
import os
import pwd
import socket
import subprocess
import time
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from tempfile import TemporaryDirectory

from tests.processes import PATIENCE

PROGRAM = Path("/usr/sbin/dovecot")
_CONFIG = """
base_dir = {root}/run
state_dir = {root}/state
log_path = {root}/log
protocols = imap
listen = 127.0.0.1
default_internal_user = {internal}
default_login_user = {login}
default_internal_group = {internal_group}
ssl = required
ssl_cert = <{certificate}
ssl_key = <{certificate}
first_valid_uid = 0
first_valid_gid = 0
mail_location = maildir:{root}/mail
passdb {{
  driver = static
  args = nopassword=y
}}
userdb {{
  driver = static
  args = uid={uid} gid={gid} home={root}
}}
namespace inbox {{
  inbox = yes
}}
{unprivileged}
service imap-login {{
  inet_listener imap {{
    port = 0
  }}
  inet_listener imaps {{
    port = {port}
    ssl = yes
  }}
}}
"""
# Without root's rights nothing can be put behind bars, and needs no other user.
_UNPRIVILEGED = """
service anvil {
  chroot =
}
service imap-login {
  chroot =
}
"""


@dataclass(frozen=True)
class Served:
    """Where it serves a Maildir, over TLS."""

    port: int
    mail: Path


@contextmanager
def dovecot(messages: Sequence[bytes], certificate: Path) -> Iterator[Served]:
    """A mailbox with these messages, unread; in a folder of its own, for root's are closed to the
    user that it runs as."""
    with TemporaryDirectory() as folder:
        root = Path(folder)
        root.chmod(0o755)
        for part in ("new", "cur", "tmp"):
            (root / "mail" / part).mkdir(parents=True)
        for number, message in enumerate(messages, start=1):
            (root / "mail" / "new" / f"{number}.host").write_bytes(message)
        if os.getuid() == 0:
            nobody = pwd.getpwnam("nobody")
            for path in (root, *root.rglob("*")):
                os.chown(path, nobody.pw_uid, nobody.pw_gid)
        with _running(root, certificate) as port:
            yield Served(port, root / "mail")


@contextmanager
def _running(root: Path, certificate: Path) -> Iterator[int]:
    with socket.create_server(("127.0.0.1", 0)) as free:
        port = int(free.getsockname()[1])
    is_root = os.getuid() == 0
    mine, group = getpass.getuser(), grp.getgrgid(os.getgid()).gr_name
    config = root / "dovecot.conf"
    config.write_text(
        _CONFIG.format(
            root=root,
            port=port,
            certificate=certificate,
            uid=root.stat().st_uid,
            gid=root.stat().st_gid,
            internal="dovecot" if is_root else mine,
            internal_group="dovecot" if is_root else group,
            login="dovenull" if is_root else mine,
            unprivileged="" if is_root else _UNPRIVILEGED,
        )
    )
    with subprocess.Popen([PROGRAM, "-F", "-c", config]) as process:
        try:
            _wait_for(port, process, root / "log")
            yield port
        finally:
            process.terminate()
            process.wait(PATIENCE)


def _wait_for(port: int, process: "subprocess.Popen[bytes]", log: Path) -> None:
    end = time.monotonic() + PATIENCE
    while time.monotonic() < end and process.poll() is None:
        try:
            socket.create_connection(("127.0.0.1", port), timeout=1).close()
        except OSError:
            time.sleep(0.02)
        else:
            return
    raise AssertionError(log.read_text() if log.exists() else "dovecot did not start")
