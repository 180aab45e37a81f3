"""newsletter.toml with another database in it; every other line stays as it was written."""

import json
import re

from newsletter.fields.toml import line_of

_ASSIGNED = re.compile(r"""\s*url\s*=\s*(?:"(?:[^"\\]|\\.)*"|'[^']*')(\s*#.*)?""")


def with_database(text: str, url: str) -> str:
    """Return the text with that address under [database]."""
    lines = text.splitlines(keepends=True)
    assignment = f"url = {json.dumps(url, ensure_ascii=False)}"
    header = next((n for n, line in enumerate(lines) if re.match(r"\s*\[database\]", line)), None)
    if header is None:
        return f"{text.rstrip()}\n\n[database]\n{assignment}\n"
    found = line_of(text, ("database", "url"))
    if found is not None and re.match(r"\s*url\s*=", lines[found - 1]):
        comment = _ASSIGNED.match(lines[found - 1])
        lines[found - 1] = f"{assignment}{(comment and comment[1]) or ''}\n"
    else:
        lines.insert(header + 1, f"{assignment}\n")
    return "".join(lines)
