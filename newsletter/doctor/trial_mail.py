"""A test mail through the transport of the settings, before there is any issue."""

from newsletter.config import Config
from newsletter.design.notice import NoticeWords, Words
from newsletter.errors import ConfigError
from newsletter.jobs.telling.letter import speech_for
from newsletter.jobs.telling.mail_parts import Speech
from newsletter.model.coalition import Coalition, Editor
from newsletter.model.delivery import Outcome
from newsletter.sending.message.tokens import DeliveryTokens
from newsletter.wiring import Workspace

_SOMEBODY = Editor(name="", languages=("en",))


def _token(config: Config) -> str:
    """By which `bounces read` knows the mail when it comes back; empty before there is a key."""
    key = config.secrets.secret_key
    return DeliveryTokens([key]).trial_token() if key else ""


def send_trial_mail(workspace: Workspace, address: str, editor: Editor = _SOMEBODY) -> Outcome:
    """Send it as a notice is: signed, with the return address of issues. ServiceError when it
    cannot leave now, ConfigError when a setting or a key is wrong."""
    config = workspace.config
    if "@" not in address or any(char.isspace() or char in "<>" for char in address):
        raise ConfigError(f"{address!r} is not an email address")
    notice = workspace.notice_renderer.render(
        trial_words(speech_for(editor, config.coalition), config.coalition),
        address=address,
        token=_token(config),
    )
    return workspace.post.send(notice)


def trial_words(speech: Speech, coalition: Coalition) -> NoticeWords:
    """Return what the mail says."""
    say, language = speech.translations.gettext, speech.localizer.language
    lead = say(
        "The newsletter of %(coalition)s can send mail. Somebody asked for this one to be sent,"
        " and it went the way that issues will go."
    )
    end = say(
        "Look at its headers (“Show original”, “View source”): Authentication-Results should"
        " say spf=pass, dkim=pass and dmarc=pass. If it is in the spam folder, something is"
        " missing yet: newsletter doctor."
    )
    return NoticeWords(
        language=language,
        subject=say("Test mail: the newsletter's mail works"),
        blocks=(
            Words(text=lead % {"coalition": coalition.in_language(language).name}),
            Words(text=end),
        ),
        to_editors=True,
    )
