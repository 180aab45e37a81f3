"""[I/O] The members, from feeds.yaml: a long one is read from a copy that is quick to read.

YAML that keeps comments and lines costs 1.5 ms a member. The copy is JSON beside the file, good for
the very text whose digest it holds; it can be thrown away at any time.
"""

import hashlib
import json
from contextlib import suppress
from dataclasses import asdict

from newsletter.errors import NewsletterError
from newsletter.files import WorkspaceFiles
from newsletter.members.registry import FILE, organisations_in, read
from newsletter.model.organisation import Organisation

COPY = ".feeds.json"
LONG = 256  # characters: a member or two; each minute a worker reads what is shorter


def members(files: WorkspaceFiles) -> tuple[Organisation, ...]:
    """Return the organisations of feeds.yaml. ConfigError with file, line and hint."""
    text = files.read(FILE)
    if len(text) < LONG:
        return read(text)
    digest = hashlib.sha256(text.encode()).hexdigest()
    with suppress(NewsletterError, ValueError, TypeError, LookupError):
        copy = json.loads(files.read(COPY)) if files.exists(COPY) else {}
        if copy["of"] == digest:
            return organisations_in({"organisations": copy["organisations"]}, COPY)
    organisations = read(text)
    copy = {"of": digest, "organisations": [asdict(member) for member in organisations]}
    with suppress(NewsletterError):  # a folder that we may only read
        files.write(COPY, json.dumps(copy, ensure_ascii=False))
    return organisations
