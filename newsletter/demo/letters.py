"""Does to the demo's drafts what an editor does first: a subject, a preheader and a letter."""

import re
import tomllib
from pathlib import Path

from newsletter.shipped import shipped


def write_letters(folder: Path) -> str:
    """Write into each draft of the newest issue; its id. What the draft holds below stays."""
    issue = max(path for path in (folder / "issues").iterdir() if path.is_dir())
    letters = tomllib.loads((shipped("demo") / "letters.toml").read_text(encoding="utf-8"))
    for language, letter in letters.items():
        draft = issue / f"{language}.md"
        if draft.is_file():
            draft.write_text(edited(draft.read_text(encoding="utf-8"), letter), encoding="utf-8")
    return issue.name


def edited(draft: str, letter: dict[str, str]) -> str:
    """The draft with `subject` and `preheader` set and `letter` above its first section."""
    _, head, body = draft.split("---\n", 2)
    for key in ("subject", "preheader"):
        head = re.sub(rf"^{key}:.*\n(?:[ ]+.*\n)*", "", head, flags=re.MULTILINE)
        head += f"{key}: {_quoted(letter[key])}\n"
    sections = re.search(r"^## ", body, re.MULTILINE)
    below = body[sections.start() :] if sections else ""
    return f"---\n{head}---\n\n{letter['letter'].strip()}\n\n{below}"


def _quoted(text: str) -> str:
    """The text as YAML keeps it, whatever it holds."""
    return "'" + text.replace("'", "''") + "'"
