"""Pictures of messages in Firefox and Thunderbird, to be looked at: they end up in docs/images.

`python -m tools.check_email.looked_at build/check-email/letters/demo-*.eml`: beside each file a
`.firefox.png` and a `.thunderbird.png`. Debian: firefox-esr, thunderbird, xvfb.
"""

import json
import os
import shutil
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from PIL import Image, ImageChops, ImageColor, ImageGrab

from newsletter.design.templates import Templates, shipped_folder
from tools.check_email.letters import read_letter

SIZE = (800, 1570)
PROGRAMS = ("Xvfb", "firefox-esr", "thunderbird")
_PATIENCE = 120  # seconds until a program shows what it was given
# No first-run page and no question.
_PREFERENCES = {
    "app.update.enabled": False,
    "browser.shell.checkDefaultBrowser": False,
    "datareporting.policy.dataSubmissionEnabled": False,
    "mail.provider.suppress_dialog_on_startup": True,
    "mail.shell.checkDefaultClient": False,
    "mail.rights.version": 1,
    "mail.winsearch.firstRunDone": True,
    "mailnews.start_page.enabled": False,
    "toolkit.telemetry.reportingpolicy.firstRun": False,
}


def main() -> int:
    """Two pictures for each message named; 2 when a program is missing."""
    missing = [program for program in PROGRAMS if shutil.which(program) is None]
    if missing:
        print(f"not installed: {', '.join(missing)}", file=sys.stderr)
        return 2
    for name in sys.argv[1:]:
        eml = Path(name).resolve()
        for program, picture in (("firefox-esr", "firefox"), ("thunderbird", "thunderbird")):
            with tempfile.TemporaryDirectory() as folder:
                shown = read_letter(eml, Path(folder)).html_file if picture == "firefox" else eml
                file = eml.with_suffix(f".{picture}.png")
                _picture(program, shown, Path(folder)).save(file)
                print(file)
    return 0


def _picture(program: str, shown: Path, folder: Path) -> Image.Image:
    """What the program shows of a file once nothing moves any more."""
    profile = folder / "profile"
    profile.mkdir()
    lines = [f"user_pref({json.dumps(k)}, {json.dumps(v)});" for k, v in _PREFERENCES.items()]
    (profile / "user.js").write_text("\n".join(lines))
    window = {"width": SIZE[0], "height": SIZE[1], "screenX": 0, "screenY": 0, "sizemode": "normal"}
    places = {
        f"chrome://{page}": {"main-window": window, "messengerWindow": window}
        for page in ("messenger/content/messageWindow.xhtml", "browser/content/browser.xhtml")
    }
    (profile / "xulstore.json").write_text(json.dumps(places))
    with _screen() as display:
        command = [program, "--no-remote", "--profile", str(profile)]
        command += ["--kiosk", shown.as_uri()] if program == "firefox-esr" else [str(shown)]
        environment = {**os.environ, "DISPLAY": display, "HOME": str(folder)}
        running = subprocess.Popen(
            command, env=environment, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL
        )
        try:
            return _settled(display)
        finally:
            running.terminate()
            running.wait(timeout=30)


@contextmanager
def _screen() -> Iterator[str]:
    """A screen of that size that nobody sees; its name."""
    read, write = os.pipe()
    size = f"{SIZE[0]}x{SIZE[1]}x24"
    command = ["Xvfb", "-displayfd", str(write), "-screen", "0", size, "-nolisten", "tcp"]
    server = subprocess.Popen(command, pass_fds=[write], stderr=subprocess.DEVNULL)
    os.close(write)
    try:
        with os.fdopen(read) as answer:
            yield f":{answer.readline().strip()}"
    finally:
        server.terminate()
        server.wait(timeout=30)


def _settled(display: str) -> Image.Image:
    """The screen when it shows the masthead's colour and has not changed for two seconds."""
    band = ImageColor.getrgb(Templates((shipped_folder(),)).tokens.light.band)
    before = ImageGrab.grab(xdisplay=display)
    for _ in range(_PATIENCE // 2):
        time.sleep(2)
        now = ImageGrab.grab(xdisplay=display)
        colours = now.getcolors(now.width * now.height) or []
        if any(colour == band for _, colour in colours) and (
            ImageChops.difference(before, now).getbbox() is None
        ):
            return now
        before = now
    raise SystemExit("nothing was shown")


if __name__ == "__main__":
    sys.exit(main())
