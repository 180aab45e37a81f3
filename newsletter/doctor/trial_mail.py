"""A test mail through the transport of the settings, before there is any issue."""

from newsletter.design.build_view import address_lines
from newsletter.errors import ConfigError
from newsletter.model.delivery import Outcome
from newsletter.model.notice import Notice
from newsletter.wiring import Workspace

_SUBJECT = "Test mail: the newsletter's mail works"


def send_trial_mail(workspace: Workspace, address: str) -> Outcome:
    """Send it as a notice is: signed, with the return address of issues. ServiceError when it
    cannot leave now, ConfigError when a setting or a key is wrong."""
    config = workspace.config
    if "@" not in address or any(char.isspace() or char in "<>" for char in address):
        raise ConfigError(f"{address!r} is not an email address")
    context = {
        "language": "en",
        "direction": "ltr",
        "subject": _SUBJECT,
        "lead": f"The newsletter of {config.coalition.name} can send mail. This one was asked for "
        "with `newsletter doctor mail`, and went the way that issues will go.",
        "buttons": (),
        "end": "Look at its headers (“Show original”, “View source”): Authentication-Results "
        "should say spf=pass, dkim=pass and dmarc=pass. If it is in the spam folder, something is "
        "missing yet: newsletter doctor.",
        "first_html": "",
        "first_text": "",
        "coalition": config.coalition,
        "address": address_lines(config.coalition.postal_address, config.coalition.name),
        "tokens": workspace.templates.tokens,
    }
    return workspace.post.send(
        Notice(
            address=address,
            language="en",
            subject=_SUBJECT,
            text=workspace.templates.render("notices/notice.txt", context),
            html=workspace.templates.render("notices/notice.html", context),
        )
    )
