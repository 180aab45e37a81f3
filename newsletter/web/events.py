"""SendGrid's event webhook: what became of mails after they were handed over."""

from flask import Blueprint, Response, abort, request

from newsletter.sending.results.webhook import Unreadable, Unsigned, receive
from newsletter.web.limits import limiter
from newsletter.web.site import site

pages = Blueprint("events", __name__)

LARGEST = 4 * 1024 * 1024  # SendGrid sends up to 768 KB at a time


@pages.post("/webhooks/sendgrid")
@limiter.exempt
def sendgrid() -> Response:
    """Answer 204 when recorded; 403 unless signed by the key of NEWSLETTER_SENDGRID_WEBHOOK_KEY."""
    here = site()
    public_key = here.workspace.config.secrets.sendgrid_webhook_key
    if not public_key:
        abort(404)
    request.max_content_length = LARGEST
    outcome = receive(
        request.get_data(cache=False),
        signature=request.headers.get("X-Twilio-Email-Event-Webhook-Signature", ""),
        timestamp=request.headers.get("X-Twilio-Email-Event-Webhook-Timestamp", ""),
        public_key=public_key,
        events=here.workspace.delivery_events,
        people=here.workspace.subscribers,
        tokens=here.workspace.delivery_tokens,
        now=here.clock(),
    )
    if isinstance(outcome, Unsigned):
        abort(403)
    if isinstance(outcome, Unreadable):
        abort(400)
    return Response(status=204)
