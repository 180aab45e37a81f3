"""Debian's dovecot-imapd on loopback, for one user with one mailbox, until the test is over."""

import getpass
import grp
import os
import pwd
import subprocess
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from tempfile import TemporaryDirectory

from tests.processes import PATIENCE, free_ports, until_it_listens

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
{logins}
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
_ANY_PASSWORD = """
passdb {
  driver = static
  args = nopassword=y
}
"""
# Tokens only, as Google and Microsoft take them; whose one is, a server of theirs is asked.
_TOKENS = """
auth_mechanisms = xoauth2 oauthbearer
auth_failure_delay = 0
passdb {{
  driver = oauth2
  mechanisms = xoauth2 oauthbearer
  args = {root}/oauth2.conf
}}
service auth {{
  inet_listener {{
    address = 127.0.0.1
    port = {port}
  }}
}}
"""
_ASKED = """
introspection_url = {introspection}
introspection_mode = post
active_attribute = active
active_value = true
username_attribute = username
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
    """Where it serves a Maildir, over TLS; at `sasl` it judges logins for a Postfix."""

    port: int
    mail: Path
    sasl: int


@contextmanager
def dovecot(
    messages: Sequence[bytes], certificate: Path, *, introspection: str = ""
) -> Iterator[Served]:
    """A mailbox with these messages, unread; in a folder of its own, for root's are closed to the
    user that it runs as. It takes any password; with `introspection`, where it asks about access
    tokens (RFC 7662), only those."""
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
        with _running(root, certificate, introspection) as (port, sasl):
            yield Served(port, root / "mail", sasl)


@contextmanager
def _running(root: Path, certificate: Path, introspection: str) -> Iterator[tuple[int, int]]:
    port, sasl = free_ports(2)
    (root / "oauth2.conf").write_text(_ASKED.format(introspection=introspection))
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
            logins=_TOKENS.format(root=root, port=sasl) if introspection else _ANY_PASSWORD,
            unprivileged="" if is_root else _UNPRIVILEGED,
        )
    )
    with subprocess.Popen([PROGRAM, "-F", "-c", config]) as process:
        try:
            until_it_listens(port, root / "log", process)
            yield port, sasl
        finally:
            process.terminate()
            process.wait(PATIENCE)
