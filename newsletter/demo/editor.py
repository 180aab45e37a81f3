"""Does to the demo's drafts what editors do: a subject, a letter, sections, and translations."""

import re
import shutil
import tomllib
from datetime import datetime
from pathlib import Path
from typing import Any
from zoneinfo import ZoneInfo

from newsletter.demo.dates import fill
from newsletter.issues.drafting.draft_file import TO_TRANSLATE
from newsletter.shipped import shipped

_WAITING = re.compile(
    rf"<!-- {re.escape(TO_TRANSLATE)}\n"
    r"### \[(?P<title>[^\n]*)\]\((?P<link>\S+)\) \{(?P<id>\w+)\}\n"
    r"(?P<rest>.*?)\n? *-->",
    re.DOTALL,
)
PICTURE = "lantern.png"
_HOTLINES = re.compile(r"^## .*\{#hotlines", re.MULTILINE)
_VERIFIED = re.compile(r"^- verified: .*$", re.MULTILINE)
_DETAIL = re.compile(r"^- \w+: .*$", re.MULTILINE)


def edit_drafts(folder: Path, *, now: datetime, timezone: ZoneInfo) -> str:
    """Edit each draft of the newest issue, as text, and return the issue's id."""
    issue = max(path for path in (folder / "issues").iterdir() if path.is_dir())
    source = (shipped("demo") / "editing.toml").read_text(encoding="utf-8")
    work = tomllib.loads(fill(source, now=now, timezone=timezone, later=True))
    (issue / "pictures").mkdir(exist_ok=True)
    shutil.copyfile(shipped("demo") / PICTURE, issue / "pictures" / PICTURE)
    verified_today = f"- verified: {now.astimezone(timezone).date()}"  # the numbers, tried again
    for language, edits in work.items():
        draft = issue / f"{language}.md"
        if draft.is_file():
            text = edited(draft.read_text(encoding="utf-8"), edits)
            draft.write_text(_VERIFIED.sub(verified_today, text), encoding="utf-8")
    return issue.name


def edited(draft: str, edits: dict[str, Any]) -> str:
    """Return the draft with its subject, preheader and letter, the waiting pieces translated, and
    the editors' own sections above the hotlines."""
    _, head, body = draft.split("---\n", 2)
    for key in (one for one in ("subject", "preheader", "edited_by") if one in edits):
        head = re.sub(rf"^{key}:.*\n(?:[ ]+.*\n)*", "", head, flags=re.MULTILINE)
        quoted = edits[key].replace("'", "''")  # as YAML keeps it, whatever it holds
        head += f"{key}: '{quoted}'\n"
    sections = re.search(r"^## ", body, re.MULTILINE)
    below = body[sections.start() :] if sections else ""
    below = _WAITING.sub(lambda waiting: _translated(waiting, edits.get("pieces", [])), below)
    hotlines = _HOTLINES.search(below)
    at = hotlines.start() if hotlines else len(below)
    own = edits.get("sections", "").strip()
    below = f"{below[:at].rstrip()}\n\n{own}\n\n{below[at:]}" if own else below
    return f"---\n{head}---\n\n{edits['letter'].strip()}\n\n{below}"


def _translated(waiting: re.Match[str], pieces: list[dict[str, str]]) -> str:
    """The waiting piece opened, or as it was when the demo's editors leave it out this week."""
    piece = next((piece for piece in pieces if waiting["link"].endswith(piece["link"])), None)
    if piece is None:
        return waiting[0]
    details = _DETAIL.findall(waiting["rest"])
    words = _DETAIL.sub("", waiting["rest"]).strip()
    if "alt" in piece:
        details = [
            f"- alt: {piece['alt']}" if line.startswith("- alt:") else line for line in details
        ]
    if "language" in piece:
        details.append(f"- language: {piece['language']}")
    heading = f"### [{piece.get('title', waiting['title'])}]({waiting['link']}) {{{waiting['id']}}}"
    parts = (heading, piece.get("blurb", words).strip(), "\n".join(details))
    return "\n\n".join(part for part in parts if part)
