"""What the environment says and no file may: secrets, and where the state folder is."""

from collections.abc import Mapping, Sequence
from pathlib import Path

from platformdirs import user_state_path

from newsletter.config.settings import Secrets
from newsletter.errors import ConfigError


def secrets_of(environ: Mapping[str, str]) -> Secrets:
    """Return the keys and passwords; empty ones where nothing is set."""
    return Secrets(
        secret_key=environ.get("NEWSLETTER_SECRET_KEY", ""),
        older_keys=_older(environ.get("NEWSLETTER_OLDER_SECRET_KEYS", "")),
        smtp_password=environ.get("NEWSLETTER_SMTP_PASSWORD", ""),
        smtp_token=environ.get("NEWSLETTER_SMTP_TOKEN", "").strip(),
        smtp_token_command=environ.get("NEWSLETTER_SMTP_TOKEN_COMMAND", "").strip(),
        sendgrid_api_key=environ.get("SENDGRID_API_KEY", ""),
        sendgrid_webhook_key=environ.get("NEWSLETTER_SENDGRID_WEBHOOK_KEY", ""),
    )


def older_text(keys: Sequence[str]) -> str:
    """Return the older keys as NEWSLETTER_OLDER_SECRET_KEYS takes them: a line each, where a comma
    stands in one of them."""
    return "".join(f"{key}\n" for key in keys) if "," in "".join(keys) else ",".join(keys)


def _older(text: str) -> tuple[str, ...]:
    keys = text.split("\n") if "\n" in text else text.split(",")
    return tuple(key.strip() for key in keys if key.strip())


def state_of(environ: Mapping[str, str]) -> Path:
    """Return the folder of all state folders. ConfigError for one that is not whole."""
    named = environ.get("NEWSLETTER_STATE", "")
    if not named:
        return user_state_path("newsletter")
    folder = Path(named).expanduser()
    if not folder.is_absolute():
        raise ConfigError(
            f"NEWSLETTER_STATE is {named!r}, which is another folder wherever a command runs",
            hint="write the whole path, from / on",
        )
    return folder
