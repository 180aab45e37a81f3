"""newsletter.toml in a restore: the one that stands here, and the one that comes. [I/O]"""

from collections.abc import Mapping
from pathlib import Path

from newsletter.config import Config
from newsletter.config.reader import read_settings
from newsletter.errors import NewsletterError
from newsletter.files import replace_file
from newsletter.lasting.backup_format import SETTINGS, Part
from newsletter.lasting.settings_text import with_database
from newsletter.store.new_database import has_password, shown
from newsletter.wiring.restore_options import RestoreOptions

DATABASE_URL = "NEWSLETTER_DATABASE_URL"


def settings_here(root: Path, environ: Mapping[str, str], notes: list[str]) -> Config | None:
    """Return the settings of the workspace that stands here; None where there is none to be read,
    which is noted."""
    file = root / SETTINGS
    if not file.is_file():
        return None
    try:
        return read_settings(file.read_text(encoding="utf-8-sig"), root, environ)
    except (NewsletterError, ValueError) as error:
        notes.append(f"the settings that stood here could not be read: {error}")
        return None


def write_settings(settings: Part, stage: Path, options: RestoreOptions, notes: list[str]) -> None:
    """Write those that come, with the address of the database that they now have. OSError."""
    text, to = settings.data.decode("utf-8-sig"), options.to
    if to:
        text = with_database(text, shown(to))
        if has_password(to):
            notes.append(
                "the database's password was not written down: keep it in ~/.pgpass, or the "
                f"whole address in {DATABASE_URL}"
            )
        if options.environ.get(DATABASE_URL):
            notes.append(f"{DATABASE_URL} still names a database: change it too")
    file = stage / SETTINGS
    replace_file(file, text.encode(), mode=0o600)
    file.chmod(settings.mode)
