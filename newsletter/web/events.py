"""SendGrid's event webhook: what became of mails after they were handed over."""

from flask import Blueprint, Response, abort, request

from newsletter.sending.results.events import SignedRequest
from newsletter.sending.results.webhook import NotRecorded, receive
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
    signed = SignedRequest(
        body=request.get_data(cache=False),
        signature=request.headers.get("X-Twilio-Email-Event-Webhook-Signature", ""),
        timestamp=request.headers.get("X-Twilio-Email-Event-Webhook-Timestamp", ""),
    )
    recorder = here.workspace.event_recorder
    outcome = receive(signed, public_key=public_key, recorder=recorder, now=here.clock())
    if outcome is NotRecorded.UNSIGNED:
        abort(403)
    if outcome is NotRecorded.UNREADABLE:
        abort(400)
    return Response(status=204)
