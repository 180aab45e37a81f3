"""The default transport [I/O]: a Maildir, one file a message, that a mail client opens.

The name of a file follows from the Message-ID, so that a message is there once or not at all, and a
look at the folder settles what a crash left uncertain.
"""

from collections.abc import Callable, Sequence
from functools import partial
from pathlib import Path

from newsletter.errors import ServiceError
from newsletter.model.delivery import Accepted, Outcome
from newsletter.model.message import Message, RenderedEdition
from newsletter.sending.message.compose import Splicer
from newsletter.sending.transports.maildir import make_maildir, write_message
from newsletter.sending.transports.retry import NOT_TRIED
from newsletter.sending.transports.transport import DeliveryQueue, Settled, Transport, hand_over_all
from newsletter.system import FLAGS_BEGIN, sync_directory

_BATCH = 100  # evidence is certain here, so that claiming many at once puts nobody at stake


class Outbox(Transport):
    """Writes messages into `folder`, which becomes a Maildir."""

    def __init__(self, folder: Path, splicer: Callable[[RenderedEdition], Splicer]) -> None:
        self._folder = folder
        self._splicer = splicer
        self._looked_at: set[str] = set()

    def deliver(self, queue: DeliveryQueue) -> None:
        """Write files until nothing is left."""
        self._make()
        hand_over_all(queue, partial(self._write_all, queue), want=lambda: _BATCH)

    def rehearse(self, messages: Sequence[Message]) -> str:
        """Make the folder, and the messages."""
        self._make()
        for message in messages:
            self._splicer(message.edition).message(message)
        return f"the mail would be written to {self._folder}/"

    def evidence(self, message_id: str) -> bool | None:
        """Return whether the file is there. One that is not was never handed over."""
        name = _name(message_id)
        if (self._folder / "new" / name).exists():
            return True
        # A mail client moves what was looked at into `cur` and adds flags after a colon.
        return next((self._folder / "cur").glob(f"{name}*"), None) is not None

    def _make(self) -> None:
        try:
            make_maildir(self._folder)
            # After an older database was restored, people who have their copy wait for it again:
            # what a mail client moved away would be written again beside it.
            self._looked_at = {
                path.name.partition(FLAGS_BEGIN)[0] for path in (self._folder / "cur").iterdir()
            }
        except OSError as error:
            raise ServiceError(
                f"cannot make the outbox: {error.strerror}", file=str(self._folder)
            ) from error

    def _write_all(self, queue: DeliveryQueue, messages: Sequence[Message]) -> list[Settled]:
        settled: list[Settled] = []
        try:
            for message in messages:
                outcome: Outcome = NOT_TRIED
                if queue.lease_is_held():
                    self._write(message)
                    outcome = Accepted(provider_id=_name(message.message_id))
                settled.append(Settled(delivery_id=message.delivery_id, outcome=outcome))
            # Make the renames last before the ledger says that they happened.
            sync_directory(self._folder / "new")
        except OSError as error:
            rest = messages[len(settled) :]
            given_back = [Settled(delivery_id=m.delivery_id, outcome=NOT_TRIED) for m in rest]
            queue.settle_and_claim([*settled, *given_back], 0)
            raise ServiceError(
                f"cannot write to the outbox: {error.strerror}",
                file=str(self._folder),
                hint="free up disk space or fix the folder, then run newsletter send again",
            ) from error
        return settled

    def _write(self, message: Message) -> None:
        name = _name(message.message_id)
        if name not in self._looked_at:
            write_message(self._folder, name, self._splicer(message.edition).message(message))


def _name(message_id: str) -> str:
    """The file of that message; the same at every attempt."""
    return message_id.strip("<>").replace("/", "_").replace(":", "_").replace("@", ".") + ".eml"
