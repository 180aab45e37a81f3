"""What the tools need on this machine; what is missing is named in one line each."""

import json
import shutil
import subprocess
from pathlib import Path

HERE = Path(__file__).parent
# Each program, and the Debian package that has it.
PROGRAMS = {
    "chromium": "chromium",
    "java": "default-jre-headless",
    "node": "nodejs",
    "npm": "npm",
    "rspamd": "rspamd",
    "spamassassin": "spamassassin",
}


def missing_programs() -> list[str]:
    """A line for each program that is not here."""
    return [
        f"{program} is not installed: apt-get install {package}"
        for program, package in PROGRAMS.items()
        if shutil.which(program) is None
    ]


def missing_modules(folder: Path) -> list[str]:
    """Install the npm packages of package.json below `folder`; a line for each still not there."""
    wanted: dict[str, str] = json.loads((HERE / "package.json").read_text())["dependencies"]
    if not any(_lacking(folder, wanted)):
        return []
    shutil.copy(HERE / "package.json", folder)
    quiet = ["--no-package-lock", "--loglevel=error", "--no-audit", "--no-fund"]
    run = subprocess.run(
        ["npm", "install", "--prefix", str(folder), *quiet],
        capture_output=True,
        text=True,
        check=False,
    )
    said = [line for line in run.stderr.splitlines() if line.startswith("npm error ")][:1]
    why = f" ({said[0]})" if said else ""
    return [
        f"{name} {wanted[name]} is not installed: npm could not fetch it{why}"
        for name in _lacking(folder, wanted)
    ]


def _lacking(folder: Path, wanted: dict[str, str]) -> list[str]:
    return [
        name
        for name, version in wanted.items()
        if _version(folder / "node_modules" / name / "package.json") != version
    ]


def _version(file: Path) -> str:
    try:
        return str(json.loads(file.read_text(encoding="utf-8"))["version"])
    except (OSError, ValueError, KeyError):
        return ""
