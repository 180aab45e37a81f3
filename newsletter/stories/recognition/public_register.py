"""[I/O] Which standing blocks hung here before a story came in, without saying when either did.

A block is known by a digest under the key, and by how long the chain of events was when it was
first seen: what was changed since, be it by pasting a story into it, is another block.
"""

from collections.abc import Callable, Iterator
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path

from newsletter.files import append_line
from newsletter.model.keyed import keyed


@dataclass(frozen=True, kw_only=True, slots=True)
class PublicRegister:
    """Lines of `length digest`. Without a file nothing is known to have been here before."""

    path: Path
    blocks: Path
    key: Callable[[], bytes]

    def note(self, length: int) -> None:
        """Write down the blocks that are new, the chain being so long.

        What cannot be written is not known later, and excuses nothing: no story is lost for it.
        """
        with suppress(OSError):
            known = self._seen()
            for digest in map(self._digest, self._texts()):
                if digest not in known:
                    append_line(self.path, f"{length} {digest}")

    def before(self, length: int) -> Iterator[str]:
        """Return the texts of the blocks that were seen before the chain was so long."""
        seen = self._seen()
        for text in self._texts():
            if seen.get(self._digest(text), length) < length:
                yield text

    def _seen(self) -> dict[str, int]:
        seen: dict[str, int] = {}
        if self.path.exists():
            for line in self.path.read_text(encoding="ascii", errors="replace").splitlines():
                length, _, digest = line.partition(" ")
                if length.isdigit():
                    seen[digest] = min(int(length), seen.get(digest, int(length)))
        return seen

    def _texts(self) -> Iterator[str]:
        for path in sorted(self.blocks.glob("*.md")):
            yield path.read_text(encoding="utf-8", errors="replace")

    def _digest(self, text: str) -> str:
        return keyed(self.key(), text)[:32]
