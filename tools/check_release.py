"""[I/O] Check what `make release` built, before it is installed.

The wheel that the sdist gives is, byte for byte, the one that the checkout gives, and lacks nothing
that git tracks; the sdist has no file that git does not track, such as a workspace's stories or
readers; and package indexes can read the description.
"""

import subprocess
import sys
import tarfile
import tomllib
from collections.abc import Iterator
from pathlib import Path
from zipfile import ZipFile

from packaging.metadata import Metadata

ROOT = Path(__file__).parents[1]


def main(built: Path, from_checkout: Path) -> list[str]:
    """Return what is wrong with the sdist and its wheel in `built`, one line for each fault."""
    (wheel,), (sdist,) = built.glob("*.whl"), built.glob("*.tar.gz")
    (other,) = from_checkout.glob("*.whl")
    return [
        *differences(wheel, other),
        *(f"{name} is not in the wheel" for name in sorted(shipped() - names_in(wheel))),
        *(f"{name} is in the sdist, but not in git" for name in sorted(untracked(sdist))),
        *description_faults(wheel, sdist),
    ]


def differences(wheel: Path, other: Path) -> Iterator[str]:
    """Yield a line for each file that only one of two wheels has, or that differs."""
    with ZipFile(wheel) as one, ZipFile(other) as two:
        ours = {info.filename: info.CRC for info in one.infolist()}
        theirs = {info.filename: info.CRC for info in two.infolist()}
    for name in sorted(ours.keys() | theirs.keys()):
        if ours.get(name) != theirs.get(name):
            yield f"{name} differs between the sdist's wheel and the checkout's"


def names_in(wheel: Path) -> set[str]:
    """Return the paths of the files in a wheel."""
    with ZipFile(wheel) as archive:
        return set(archive.namelist())


def tracked() -> set[str]:
    """Return the paths of the files that git tracks."""
    listed = subprocess.run(
        ["git", "ls-files", "-z"], cwd=ROOT, capture_output=True, text=True, check=True
    )
    return set(listed.stdout.split("\0")) - {""}


def shipped() -> set[str]:
    """Return where each tracked file that the build takes belongs in the wheel."""
    settings = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))
    wheel = settings["tool"]["hatch"]["build"]["targets"]["wheel"]
    places = {name: name for name in wheel["packages"]} | wheel["force-include"]
    return {
        place + path.removeprefix(source)
        for path in tracked()
        for source, place in places.items()
        if path == source or path.startswith(f"{source}/")
    }


def untracked(sdist: Path) -> set[str]:
    """Return the paths of the files in an sdist that git does not track."""
    with tarfile.open(sdist) as archive:
        names = {info.name.partition("/")[2] for info in archive if info.isfile()}
    return names - tracked() - {"PKG-INFO"}


def description_faults(wheel: Path, sdist: Path) -> Iterator[str]:
    """Yield what a package index would refuse; raise ExceptionGroup where a field is invalid."""
    root = sdist.name.removesuffix(".tar.gz")
    with ZipFile(wheel) as archive:
        (path,) = (name for name in archive.namelist() if name.endswith(".dist-info/METADATA"))
        fields = archive.read(path)
    with tarfile.open(sdist) as archive:
        file = archive.extractfile(f"{root}/PKG-INFO")
        if file is None or file.read() != fields:
            yield "the sdist's metadata differs from the wheel's"
    metadata = Metadata.from_email(fields, validate=True)
    if metadata.description_content_type != "text/markdown" or not metadata.description:
        yield "the description is not README.md, as Markdown"


if __name__ == "__main__":
    sys.exit("\n".join(main(*map(Path, sys.argv[1:]))) or None)
