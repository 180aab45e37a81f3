"""`newsletter demo`: a whole week of a fictional coalition, run for real on this machine."""

import json
import os
import subprocess
import sys
from contextlib import suppress
from datetime import UTC, datetime
from pathlib import Path
from typing import TYPE_CHECKING

import click

from newsletter.cli.output import flag, note, say
from newsletter.demo.week import DRAFT, PULLS, Step, hide, sends
from newsletter.errors import ServiceError
from newsletter.shipped import shipped

if TYPE_CHECKING:
    from zoneinfo import ZoneInfo

    from newsletter.demo.site import DemoSite


@click.command(epilog="Example: newsletter demo my-demo --keep-serving")
@click.argument("folder", required=False, type=click.Path(path_type=Path))
@flag("--keep-serving", help="Keep the members' websites running until you press Ctrl-C.")
def demo(folder: Path | None, keep_serving: bool) -> None:
    """Run a whole week of a made-up coalition in a new FOLDER (default: newsletter-demo).

    The websites of eleven members run on this computer, some of them with problems. Their feeds
    are pulled, drafted, checked, approved and sent to files. Nothing leaves this computer.
    """
    import secrets

    from newsletter.demo.folder import fill, new_folder
    from newsletter.wiring import Workspace

    made = new_folder(folder)
    environment = {
        **os.environ,
        "NEWSLETTER_SECRET_KEY": secrets.token_urlsafe(32),
        # The children find this very program, whatever folder they are started in.
        "PYTHONPATH": str(Path(__file__).parents[2]),
    }
    feeds = shipped("feeds.yaml").read_text(encoding="utf-8")
    with _site(feeds) as site:
        fill(made, port=site.server_port, localised=site.localised(feeds))
        state = Workspace.open(made, environment).begin_state()
        note(f"The demo's workspace is {made.absolute()}, its state folder {state.path}")
        issue = _run_week(made, environment, site.timezone)
        _tell_what_next(made, issue, environment["NEWSLETTER_SECRET_KEY"])
        if keep_serving:
            with suppress(KeyboardInterrupt):  # from the moment that Ctrl-C is spoken of
                note(f"\nThe members' sites are at {site.address}/ until you press Ctrl-C.")
                site.wait()


def _site(feeds: str) -> "DemoSite":
    from newsletter.config import load
    from newsletter.demo.site import DemoSite
    from newsletter.members.registry import read

    return DemoSite(
        shipped("demo") / "site",
        members=frozenset(organisation.id for organisation in read(feeds)),
        now=datetime.now(UTC),
        timezone=load(shipped("newsletter.toml").parent, {}).coalition.zone,
    )


def _run_week(folder: Path, environment: dict[str, str], timezone: "ZoneInfo") -> str:
    """Run each command, and return the issue's id."""
    from newsletter.demo.editor import edit_drafts

    for step in PULLS:
        _run(step, folder, environment)
    _run(hide(_spam(folder, environment)), folder, environment)
    _run(DRAFT, folder, environment)
    issue = edit_drafts(folder, now=datetime.now(UTC), timezone=timezone)
    note(
        "\n# The editors write a letter, add sections and translate; the demo has their work ready."
    )
    for step in sends(issue):
        _run(step, folder, environment)
    return issue


def _run(step: Step, folder: Path, environment: dict[str, str]) -> None:
    note(f"\n# {step.before}\n$ {step.shown}")
    sys.stderr.flush()
    command = [sys.executable, "-m", "newsletter", *step.command]
    code = subprocess.run(command, cwd=folder, env=environment, check=False).returncode
    if code:
        raise ServiceError(
            f"the demo stopped: `{step.shown}` ended with exit code {code}",
            hint=f"what it did so far is in {folder.absolute()}",
        )


def _spam(folder: Path, environment: dict[str, str]) -> str:
    """Return the id of the broken-into site's item, as an editor would look it up."""
    command = [sys.executable, "-m", "newsletter", "items", "list", "--json", "refund"]
    listed = subprocess.check_output(command, cwd=folder, env=environment, stderr=subprocess.PIPE)
    item_id: str = json.loads(listed)[0]["id"]
    return item_id


def _tell_what_next(folder: Path, issue: str, key: str) -> None:
    say(
        f"""
That was the week. Open these:
  {folder}/issues/{issue}/en.md
                                      the draft, as the editors have it
  {folder}/preview/{issue}/index.html
                                      the issue on a desktop, on a phone and in dark mode
  {folder}/outbox/
                                      what was sent, one message per reader

Try next:
  cd {folder}
  export NEWSLETTER_SECRET_KEY={key}
  newsletter send                     sends nothing: everyone has got it
  newsletter items list               what was pulled, and from whom
  newsletter stories list             three stories, one with an expired consent
  newsletter doctor                   what a real coalition would still need to set up"""
    )
