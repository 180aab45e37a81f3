"""html-validate and the Nu checker over the HTML as it is sent."""

import json
import subprocess
from collections import defaultdict
from collections.abc import Iterator
from pathlib import Path

from tools.check_email.finding import Finding
from tools.check_email.letters import Letter

HERE = Path(__file__).parent
# Outlook's own forms, without which its Word engine shows something else.
OUTLOOK = ("xmlns:v", "xmlns:o", "mso-")


def validator_findings(letters: list[Letter], *, modules: Path) -> Iterator[Finding]:
    """Errors of each tool for each letter."""
    files = {str(letter.bare_file): letter.name for letter in letters}
    for measure, found in (
        ("html-validate", html_validate(list(files), modules)),
        ("vnu errors", vnu(list(files), modules)),
    ):
        for file, name in files.items():
            yield Finding(
                letter=name,
                check="16",
                measure=measure,
                value=str(len(found[file])),
                is_green=not found[file],
                details=tuple(sorted(set(found[file]))),
            )


def html_validate(files: list[str], modules: Path) -> dict[str, list[str]]:
    """What html-validate says of each file."""
    command = ["node", str(HERE / "html_validate.mjs"), str(modules.resolve())]
    command += [str(HERE / "html-validate.json"), *files]
    run = subprocess.run(command, capture_output=True, text=True, check=True)
    found: dict[str, list[str]] = defaultdict(list)
    for line in run.stdout.splitlines():
        one = json.loads(line)
        found[one["file"]].append(f"{one['rule']}: {one['message']}")
    return found


def vnu(files: list[str], modules: Path) -> dict[str, list[str]]:
    """What the Nu checker says of each file, Outlook's forms aside."""
    jar = modules / "vnu-jar" / "build" / "dist" / "vnu.jar"
    command = ["java", "-jar", str(jar), "--format", "json", "--stdout", "--exit-zero-always"]
    run = subprocess.run([*command, *files], capture_output=True, text=True, check=True)
    found: dict[str, list[str]] = defaultdict(list)
    for one in json.loads(run.stdout)["messages"]:
        words = one["message"]
        if one["type"] == "error" and not any(form in words for form in OUTLOOK):
            found[one["url"].removeprefix("file:")].append(words)
    return found
