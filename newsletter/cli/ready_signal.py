"""[I/O] Tells systemd that a service is ready: `systemctl start` waits for it (sd_notify(3))."""

import os
import socket
from contextlib import suppress


def say_ready() -> None:
    """Tell it, where this is a service with Type=notify; otherwise nobody asked."""
    _tell(b"READY=1")


def say_alive() -> None:
    """Tell it that this goes on, where it would end and start again what hangs (WatchdogSec=)."""
    _tell(b"WATCHDOG=1")


def _tell(state: bytes) -> None:
    address = os.environ.get("NOTIFY_SOCKET", "")
    if not address or not hasattr(socket, "AF_UNIX"):
        return
    name = f"\0{address[1:]}" if address.startswith("@") else address
    with suppress(OSError), socket.socket(socket.AF_UNIX, socket.SOCK_DGRAM) as line:
        line.sendto(state, name)
