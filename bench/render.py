"""Three editions of 60 items, checked (limit: 150 ms on one core), and ours against npm mjml.

The peer needs Node and mjml 5 in build/check-email/node_modules (`make check-email` puts it there);
without them only our own figures are printed. CPU time, so that a busy machine tells no tales.
"""

import json
import shutil
import statistics
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable
from pathlib import Path

ROOT = Path(__file__).parent.parent
sys.path.insert(0, str(ROOT))

import mjml  # noqa: E402
from markupsafe import Markup  # noqa: E402

from newsletter.design.build_view import edition_view  # noqa: E402
from newsletter.design.localizer import localizer_for  # noqa: E402
from newsletter.design.mjml import compile_mjml, prepared  # noqa: E402
from newsletter.design.personal_fields import PersonalFields  # noqa: E402
from newsletter.design.render import context, render  # noqa: E402
from newsletter.design.templates import Templates, shipped_folder  # noqa: E402
from newsletter.issues.checking.rendered_checks import problems  # noqa: E402
from tests.design.samples import COALITION, digest  # noqa: E402

ROUNDS = 25
LIMIT_MS = 150
LEAST_RATIO = 20
MODULES = ROOT / "build" / "check-email" / "node_modules"
TEMPLATES = Templates((shipped_folder(),))


def milliseconds(action: Callable[[], object]) -> float:
    """The median of some rounds, after one to warm up."""
    action()
    taken = []
    for _ in range(ROUNDS):
        start = time.process_time()
        action()
        taken.append((time.process_time() - start) * 1000)
    return statistics.median(taken)


def three_editions() -> Callable[[], object]:
    """Render English, Spanish and Arabic editions of 60 items, and check each."""
    editions = [digest(60, language) for language in ("en", "es", "ar")]

    def run() -> None:
        for edition, material in editions:
            rendered = render(edition, material, TEMPLATES)
            problems(rendered, coalition=COALITION, tokens=TEMPLATES.tokens)

    return run


def mjml_source() -> str:
    """The MJML of a 60-item edition, as both compilers get it."""
    edition, material = digest(60)
    localizer = localizer_for("en", material.coalition)
    view = edition_view(edition, material, localizer)
    return TEMPLATES.render(
        "issue.mjml", context(view, localizer, TEMPLATES, PersonalFields(), escape=Markup)
    )


def peer(source: str) -> float | None:
    """npm mjml's median on the same source."""
    if shutil.which("node") is None or not (MODULES / "mjml").is_dir():
        return None
    with tempfile.NamedTemporaryFile("w", suffix=".mjml") as file:
        file.write(source)
        file.flush()
        command = ["node", str(ROOT / "bench/_mjml_peer.mjs"), str(MODULES), file.name, str(ROUNDS)]
        run = subprocess.run(command, capture_output=True, text=True, check=True)
    times: list[float] = json.loads(run.stdout)["times"]
    return statistics.median(times)


def main() -> None:
    """Print the figures."""
    taken = milliseconds(three_editions())
    print(f"three editions of 60 items, checked   {taken:7.1f} ms   (limit {LIMIT_MS})")
    source = mjml_source()
    ready = prepared(source)
    mrml = milliseconds(lambda: mjml.mjml2html(ready, fonts={}, disable_comments=False))
    ours = milliseconds(lambda: compile_mjml(source, file="issue.mjml"))
    print(f"MJML of 60 items to HTML, mrml        {mrml:7.2f} ms")
    print(f"  with our care for attributes        {ours:7.2f} ms")
    theirs = peer(source)
    if theirs is None:
        print("npm mjml is not here: run make check-email first")
        return
    print(f"MJML of 60 items to HTML, npm mjml    {theirs:7.2f} ms")
    print(f"times faster: mrml                    {theirs / mrml:7.1f}   (at least {LEAST_RATIO})")
    print(f"  with our care for attributes        {theirs / ours:7.1f}")


if __name__ == "__main__":
    main()
