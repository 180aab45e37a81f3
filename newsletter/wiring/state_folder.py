"""What must outlive a restored workspace, kept outside it: one folder a workspace. [I/O]"""

import secrets
from dataclasses import dataclass
from pathlib import Path

from newsletter.files import replace_file

KEY_LENGTH = 32  # bytes
_KEY = "recognition.key"


@dataclass(frozen=True, kw_only=True, slots=True)
class StateFolder:
    """The folder of one workspace. No backup of the workspace or the database holds it."""

    path: Path

    def recognition_key(self) -> bytes:
        """Return the key under which texts are compared by HMAC; made when it is first asked for.

        Whoever has only the database and its backups cannot try names against what is kept.
        """
        file = self.path / _KEY
        if not file.exists():
            self.path.mkdir(mode=0o700, parents=True, exist_ok=True)
            replace_file(file, secrets.token_bytes(KEY_LENGTH), mode=0o600)
        return file.read_bytes()
