"""How single mails leave [I/O]: the outbox as files."""

import os
import secrets
from collections.abc import Callable
from datetime import datetime
from pathlib import Path

from newsletter.delivery.notice import compose_notice
from newsletter.errors import ServiceError
from newsletter.model.coalition import Sender
from newsletter.model.notice import Notice


class OutboxPost:
    """Writes each mail into `folder`, a Maildir of its own beside the issues'."""

    def __init__(self, folder: Path, sender: Sender, clock: Callable[[], datetime]) -> None:
        self._folder = folder
        self._sender = sender
        self._clock = clock

    def send(self, notice: Notice) -> None:
        """A file that is there whole or not at all."""
        name = f"{secrets.token_hex(16)}.eml"
        domain = self._sender.address.rpartition("@")[2]
        message = compose_notice(
            notice,
            self._sender,
            date=self._clock(),
            message_id=f"<{secrets.token_urlsafe(18)}@{domain}>",
        )
        try:
            for part in ("tmp", "new", "cur"):
                (self._folder / part).mkdir(parents=True, exist_ok=True)
            beside = self._folder / "tmp" / name
            with beside.open("wb") as out:
                out.write(message)
                out.flush()
                os.fsync(out.fileno())
            beside.rename(self._folder / "new" / name)
        except OSError as error:
            raise ServiceError(
                f"cannot write to the outbox: {error.strerror}", file=str(self._folder)
            ) from error
