"""Debian's Postfix on loopback: one that takes mail from who is logged in, and throws it away, and
one that is set up by commands of the docs."""

import os
import shutil
import subprocess
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from tempfile import TemporaryDirectory

from tests.processes import free_ports, until_it_listens

IS_HERE = Path("/usr/sbin/postfix").exists() and os.getuid() == 0  # it runs as several users
_MAIN = """
compatibility_level = 3.6
queue_directory = {root}/spool
data_directory = {root}/data
command_directory = /usr/sbin
daemon_directory = /usr/lib/postfix/sbin
mail_owner = postfix
setgid_group = postdrop
inet_interfaces = 127.0.0.1
inet_protocols = ipv4
myhostname = mail.example
alias_maps =
maillog_file = {root}/log
maillog_file_prefixes = {root}
default_transport = discard
local_transport = discard
"""
_LOGINS = """
smtpd_sasl_auth_enable = yes
smtpd_sasl_type = dovecot
smtpd_sasl_path = inet:127.0.0.1:{sasl}
smtpd_tls_cert_file = {certificate}
smtpd_tls_key_file = {certificate}
smtpd_tls_security_level = may
smtpd_tls_auth_only = yes
smtpd_relay_restrictions = permit_sasl_authenticated, reject
smtpd_recipient_restrictions = permit_sasl_authenticated, reject
"""
# Debian's own; who comes from loopback is a stranger, as the world is.
_DEBIAN = """
mydestination = localhost
recipient_delimiter = +
mynetworks = 192.0.2.1
smtpd_relay_restrictions = permit_mynetworks permit_sasl_authenticated defer_unauth_destination
"""
_MASTER = """
{port} inet n - n - - smtpd
cleanup unix n - n - 0 cleanup
qmgr unix n - n 300 1 qmgr
rewrite unix - - n - - trivial-rewrite
bounce unix - - n - 0 bounce
defer unix - - n - 0 bounce
trace unix - - n - 0 bounce
discard unix - - n - - discard
virtual unix - n n - - virtual
anvil unix - - n - 1 anvil
tlsmgr unix - - n 1000? 1 tlsmgr
proxymap unix - - n - - proxymap
postlog unix-dgram n - n - 1 postlogd
"""


@contextmanager
def postfix(certificate: Path, *, sasl: int) -> Iterator[int]:
    """Its port, with STARTTLS. A dovecot at the port `sasl` judges the logins."""
    with _running(_LOGINS.format(sasl=sasl, certificate=certificate)) as (port, _):
        yield port


@contextmanager
def set_up_by(commands: str) -> Iterator[tuple[int, Path]]:
    """Its port, and the folder that stands for /var/mail, after the commands. The user `newsletter`
    in them is nobody, and all the world is loopback."""
    with _running(_DEBIAN) as (port, root):
        program = f"postfix -c {root}/conf"
        for said, meant in (
            ("/var/mail", f"{root}/mail"),
            ("-g newsletter", "-g nogroup"),
            ("id -g nogroup", "id -g nobody"),
            ("newsletter", "nobody"),
            ("inet_interfaces = all", "inet_interfaces = 127.0.0.1"),
            ("postconf", f"postconf -c {root}/conf"),
            ("systemctl restart postfix", f"{program} stop && {program} start"),
        ):
            commands = commands.replace(said, meant)
        subprocess.run(["bash", "-ec", f"PATH=/usr/sbin:$PATH\n{commands}"], check=True)
        until_it_listens(port, root / "log")
        yield port, root / "mail"


@contextmanager
def _running(settings: str) -> Iterator[tuple[int, Path]]:
    (port,) = free_ports(1)
    with TemporaryDirectory() as folder:
        root = Path(folder)
        root.chmod(0o755)
        for part in ("conf", "spool", "data", "mail"):
            (root / part).mkdir()
        shutil.chown(root / "data", "postfix")
        (root / "conf/main.cf").write_text(_MAIN.format(root=root) + settings)
        (root / "conf/master.cf").write_text(_MASTER.format(port=port))
        _call(root, "start")
        try:
            until_it_listens(port, root / "log")
            yield port, root
        finally:
            _call(root, "stop")


def _call(root: Path, what: str) -> None:
    subprocess.run(["/usr/sbin/postfix", "-c", root / "conf", what], check=True)
