"""Whether the mail server, or SendGrid, lets us in. No mail is sent. [I/O]"""

from newsletter.config import Config
from newsletter.doctor.findings import Finding, fine, missing
from newsletter.errors import NewsletterError
from newsletter.model.delivery import TransportKind
from newsletter.wiring.transports import sendgrid_api, smtp_server


def mail_server(config: Config) -> list[Finding]:
    """Knock where mail is handed over; nothing where it only becomes files."""
    part = "mail server"
    try:
        if config.transport.kind is TransportKind.SMTP:
            from newsletter.sending.transports.smtp_knock import knock

            server = smtp_server(config)
            knock(server)
            return [fine(part, f"{server.name} lets us in")]
        if config.transport.kind is TransportKind.SENDGRID:
            sendgrid_api(config, seconds=10.0).require_sending()
            return [fine(part, "SendGrid lets us in")]
    except NewsletterError as error:
        return [missing(part, error.message, error.hint)]
    return []
