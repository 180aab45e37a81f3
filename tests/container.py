"""The steps of the Containerfile, done in a folder of a test's own: no engine is needed."""

import json
import os
import re
import shutil
import subprocess
import sys
import sysconfig
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

ROOT = Path(__file__).parents[1]
PLACES = ("/opt/newsletter", "/build", "/data")
# Root that may not do what others may not: what is read-only is so for it too.
NO_POWER = ["setpriv", "--bounding-set=-all", "--inh-caps=-all"] if not os.getuid() else []
STEP = re.compile(r"^([A-Z]+)\s+(.*)$", re.MULTILINE)


def steps() -> list[tuple[str, str]]:
    """Each instruction and its words, in order."""
    text = (ROOT / "Containerfile").read_text(encoding="utf-8").replace("\\\n", " ")
    return STEP.findall(text)


@dataclass(frozen=True)
class Image:
    """What the steps made below `root`, with the places of the image in it."""

    root: Path

    def there(self, text: str) -> str:
        """The same words, with the places of the image below `root`."""
        for place in PLACES:
            text = text.replace(place, f"{self.root}{place}")
        return text

    @classmethod
    def build(cls, root: Path, wheel: Path) -> "Image":
        """Do what COPY and RUN say, offline: what the wheel needs is there already."""
        image = cls(root)
        (root / "build").mkdir(parents=True)
        (root / "opt").mkdir()
        shutil.copy(wheel, root / "build")
        shutil.copy(ROOT / "constraints.txt", root / "build")
        offline = {"PIP_NO_INDEX": "1", "PIP_NO_DEPS": "1", "PIP_DISABLE_PIP_VERSION_CHECK": "1"}
        path = f"{Path(sys.executable).parent}:{os.environ['PATH']}"
        for step, words in steps():
            if step == "RUN":
                command = image.there(words).replace("10001:10001", f"{os.getuid()}:{os.getgid()}")
                environ = {**os.environ, **offline, "PATH": path, "PYTHONPATH": ""}
                subprocess.run(["sh", "-euc", command], env=environ, check=True)
        for folder, _, files in os.walk(root):
            if not folder.startswith(f"{root}/data"):
                for name in (*files, "."):
                    path_ = Path(folder, name)
                    if not path_.is_symlink():
                        path_.chmod(path_.stat().st_mode & ~0o222)
        return image

    def environ(self, more: Mapping[str, str]) -> dict[str, str]:
        """What ENV says, and where the dependencies of this test's own environment are."""
        said = dict(words.split("=", 1) for step, words in steps() if step == "ENV")
        own = {"PYTHONPATH": sysconfig.get_path("purelib"), "TMPDIR": "/nowhere"}
        return {name: self.there(value) for name, value in said.items()} | own | dict(more)

    def command(self, *arguments: str) -> list[str]:
        """What runs for `podman run … newsletter ARGUMENTS`."""
        entry = next(json.loads(words) for step, words in steps() if step == "ENTRYPOINT")
        start = next(json.loads(words) for step, words in steps() if step == "CMD")
        program = self.there(f"/opt/newsletter/bin/{entry[0]}")
        return [*NO_POWER, program, *(arguments or start)]
