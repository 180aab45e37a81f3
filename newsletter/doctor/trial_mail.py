"""A test mail through the transport of the settings, before there is any issue."""

from newsletter.config import Config
from newsletter.design.notice import NoticeWords, Words
from newsletter.errors import ConfigError
from newsletter.model.delivery import Outcome
from newsletter.sending.message.tokens import DeliveryTokens
from newsletter.wiring import Workspace

_SUBJECT = "Test mail: the newsletter's mail works"


def _token(config: Config) -> str:
    """By which `bounces read` knows the mail when it comes back; empty before there is a key."""
    key = config.secrets.secret_key
    return DeliveryTokens([key]).trial_token() if key else ""


def send_trial_mail(workspace: Workspace, address: str) -> Outcome:
    """Send it as a notice is: signed, with the return address of issues. ServiceError when it
    cannot leave now, ConfigError when a setting or a key is wrong."""
    config = workspace.config
    if "@" not in address or any(char.isspace() or char in "<>" for char in address):
        raise ConfigError(f"{address!r} is not an email address")
    words = trial_words(config.coalition.name)
    notice = workspace.notice_renderer.render(words, address=address, token=_token(config))
    return workspace.post.send(notice)


def trial_words(coalition: str) -> NoticeWords:
    """Return what it says."""
    return NoticeWords(
        language="en",
        subject=_SUBJECT,
        blocks=(
            Words(
                text=f"The newsletter of {coalition} can send mail. Somebody asked for "
                "this one to be sent, and it went the way that issues will go."
            ),
            Words(
                text="Look at its headers (“Show original”, “View source”): "
                "Authentication-Results should say spf=pass, dkim=pass and dmarc=pass. If it is in "
                "the spam folder, something is missing yet: newsletter doctor."
            ),
        ),
        to_editors=True,
    )
