"""The image: its steps run, nobody in it is root, and nothing is written but into its volume."""

import shutil
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path
from urllib.request import urlopen

import pytest

from tests.container import NO_POWER, ROOT, Image, steps
from tests.processes import PATIENCE, started

pytestmark = [
    pytest.mark.usefixtures("processes"),
    pytest.mark.skipif(shutil.which("setpriv") is None, reason="setpriv is not installed"),
]
KEY = {"NEWSLETTER_SECRET_KEY": "a key for tests only, and of more than 32 characters"}
HOST = "127.0.77.2"


@pytest.fixture(scope="module")
def image(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Image]:
    folder = tmp_path_factory.mktemp("image")
    build = [sys.executable, "-m", "build", "--no-isolation", "--wheel", "--outdir", folder, ROOT]
    subprocess.run(build, check=True, capture_output=True)
    made = Image.build(folder / "root", next(folder.glob("*.whl")))
    yield made
    subprocess.run(["chmod", "-R", "u+w", made.root], check=True)


def run(image: Image, *arguments: str) -> subprocess.CompletedProcess[str]:
    return subprocess.run(
        image.command(*arguments),
        cwd=image.there("/data"),
        env=image.environ(KEY),
        capture_output=True,
        text=True,
        check=False,
    )


def written(image: Image) -> set[Path]:
    return {path for path in image.root.rglob("*") if not path.is_relative_to(image.root / "data")}


def test_it_runs_as_nobody_special_with_one_volume() -> None:
    said = steps()
    assert [words for step, words in said if step == "VOLUME"] == ["/data"]
    (user,) = [words for step, words in said if step == "USER"]
    assert user == "10001:10001"
    assert [step for step, _ in said].index("USER") > max(
        number for number, (step, _) in enumerate(said) if step == "RUN"
    )


def test_of_two_wheels_none_is_guessed(tmp_path: Path) -> None:
    (tmp_path / "build").mkdir()
    check = next(words for step, words in steps() if step == "RUN")
    for number, code in ((1, 0), (2, 1)):
        (tmp_path / "build" / f"newsletter-0.{number}.0-py3-none-any.whl").touch()
        command = ["sh", "-euc", Image(tmp_path).there(check)]
        done = subprocess.run(command, capture_output=True, text=True, check=False)
        assert done.returncode == code
    assert done.stderr == "dist/ has 2 wheels: rm -rf dist, and build one\n"


def test_it_works_where_only_its_volume_can_be_written(image: Image) -> None:
    before = written(image)
    probe = [*NO_POWER, "touch", image.there("/opt/newsletter/x")]
    assert subprocess.run(probe, capture_output=True, check=False).returncode == 1, "read-only"
    made = run(image, "init", "digest", "--name", "Bridge Coalition")
    assert made.returncode == 0, made.stderr
    settings = Path(image.there("/data/digest/newsletter.toml"))
    text = settings.read_text(encoding="utf-8")
    settings.write_text(
        text.replace('[web]\nurl = ""', f'[web]\nurl = "http://{HOST}"'), encoding="utf-8"
    )
    added = run(image, "subscribers", "add", "ana@x.example", "--language", "en", "--proof", "x")
    assert added.returncode == 0, added.stderr
    assert "state folder" in run(image, "doctor").stdout
    assert written(image) == before
    assert {path.name for path in Path(image.there("/data")).iterdir()} == {"digest", "state"}


def test_what_it_does_by_itself_is_to_serve(image: Image) -> None:
    command = image.command()
    assert command[-3:] == ["serve", "--host", "0.0.0.0"]
    command[-1:] = [HOST]
    cwd = Path(image.there("/data"))
    with started(command, cwd=cwd, env=image.environ(KEY), stderr=subprocess.PIPE) as process:
        assert process.stderr is not None
        assert process.stderr.readline().startswith("Serving ")
        with urlopen(f"http://{HOST}:8000/healthz", timeout=PATIENCE) as answer:
            assert answer.status == 200
