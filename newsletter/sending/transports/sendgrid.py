"""Mail through SendGrid's web API [I/O]: one request at stake on each thread.

There is no idempotency key, and a time-out can follow an acceptance: what was posted and not
answered is uncertain, and never posted again by itself.
"""

import json
import logging
import threading
import time
import urllib.error
from collections.abc import Callable, Sequence
from concurrent.futures import ThreadPoolExecutor, wait
from datetime import datetime, timedelta
from functools import partial
from typing import Any

from newsletter.errors import ServiceError
from newsletter.model.coalition import Sender
from newsletter.model.delivery import Accepted, Deferred, Outcome, Refused, Uncertain
from newsletter.model.message import Message, RenderedEdition
from newsletter.sending.transports.retry import NOT_TRIED
from newsletter.sending.transports.sendgrid_request import (
    Answer,
    EditionBody,
    NoAnswer,
    RecipientsRejected,
    RequestAccepted,
    RequestRejected,
    TryLater,
    answer_of,
    can_take,
    in_requests,
)
from newsletter.sending.transports.transport import DeliveryQueue, Settled, Transport, hand_over_all
from newsletter.system import network_reason

HOST = "https://api.sendgrid.com"
_PATIENCE = 300.0  # seconds that the service may be gone before the send gives up
_GONE = "SendGrid cannot be reached"


class _Body(bytes):
    """A request's JSON as the library sends it on untouched, and as its log does not tell it.

    The library would write each body, and so addresses, out for its debug log, read or not.
    """

    def encode(self, _encoding: str) -> "_Body":
        return self

    def __format__(self, _spec: str) -> str:
        return f"({len(self)} bytes)"


class Api:
    """The sendgrid library, with a time-out, plain bodies and answers as values."""

    def __init__(
        self, key: str, *, clock: Callable[[], datetime], host: str = HOST, seconds: float = 60.0
    ) -> None:
        from sendgrid import SendGridAPIClient

        # The library writes answers, and so addresses, to its debug log.
        logging.getLogger("python_http_client").setLevel(logging.WARNING)
        self._client = SendGridAPIClient(api_key=key, host=host).client
        self._client.timeout = seconds
        # With the parameter the library leaves bodies as they are.
        self._client.request_headers["Content-Type"] = "application/json; charset=utf-8"
        self._clock = clock

    def post(self, body: str) -> Answer:
        """Ask for one request's mail to be sent. `body` is JSON."""
        from python_http_client.exceptions import HTTPError

        try:
            response = self._client.mail.send.post(request_body=_Body(body.encode()))
        except HTTPError as error:
            return answer_of(error.status_code, error.headers, error.body or b"", self._clock())
        except urllib.error.URLError as error:
            # Raised only while connecting or writing: the request never was complete.
            return TryLater(seconds=1.0, reason=_gone(error), counts=False)
        except (OSError, ValueError) as error:
            return NoAnswer(reason=f"posted, then {network_reason(error)}")
        return answer_of(
            response.status_code, response.headers, response.body or b"", self._clock()
        )

    def new_batch(self) -> str:
        """Return a name under which scheduled mail can be recalled. ServiceError without one."""
        return str(self._call("mail/batch", None).get("batch_id", ""))

    def recall(self, batch_id: str) -> None:
        """Cancel what is scheduled under that name. ServiceError when it cannot be."""
        body = json.dumps({"batch_id": batch_id, "status": "cancel"})
        self._call("user/scheduled_sends", _Body(body.encode()))

    def require_sending(self) -> None:
        """Ask what the key may do. ServiceError when it may not send mail, or nobody answers."""
        scopes = self._call("scopes", None, method="get").get("scopes", ())
        if "mail.send" not in scopes:
            raise ServiceError(
                "the SendGrid key may not send mail",
                hint="give it the permission “Mail Send” in SendGrid's settings",
            )

    def _call(self, path: str, body: _Body | None, *, method: str = "post") -> dict[str, Any]:
        from python_http_client.exceptions import HTTPError

        try:
            response = getattr(self._client._(path), method)(request_body=body)
            return dict(json.loads(response.body or b"{}"))
        except HTTPError as error:
            raise ServiceError(f"SendGrid refuses: {error.status_code} {error.reason}") from error
        except (OSError, ValueError) as error:
            raise ServiceError(_gone(error)) from error


def _gone(error: Exception) -> str:
    inner = getattr(error, "reason", error)  # urllib's own has a reason
    return f"{_GONE}: {network_reason(inner) if isinstance(inner, Exception) else inner}"


class Sendgrid(Transport):
    """Hands requests of at most `request_size` people to SendGrid, `connections` at a time.

    With `held_for`, SendGrid keeps the mail for that long: until ten minutes before the end it can
    be recalled.
    """

    def __init__(
        self,
        api: Api,
        sender: Sender,
        *,
        clock: Callable[[], datetime],
        request_size: int = 500,
        connections: int = 4,
        held_for: timedelta = timedelta(),
    ) -> None:
        self._api = api
        self._sender = sender
        self._clock = clock
        self._size = request_size
        self._connections = connections
        self._batch_id = ""
        self._held_for = held_for
        self._bodies: dict[tuple[int, bool], tuple[RenderedEdition, EditionBody]] = {}
        self._failure: ServiceError | None = None
        self._gone_since: float | None = None
        self._lock = threading.Lock()

    def deliver(self, queue: DeliveryQueue) -> None:
        """Hand over until nothing is left."""
        with ThreadPoolExecutor(self._connections, thread_name_prefix="sendgrid") as threads:
            runs = [threads.submit(self._work, queue) for _ in range(self._connections)]
            while wait(runs, timeout=1.0).not_done:
                pass  # a signal just before an endless wait would never be seen
        for run in runs:
            run.result()
        if self._failure is not None:
            raise self._failure

    def hold(self, hold_id: str | None) -> str:
        """Return the name of this send's mail at SendGrid; a new one for a new send."""
        if self._held_for:
            self._batch_id = hold_id or self._api.new_batch()
        return self._batch_id

    def recall(self, hold_id: str) -> None:
        """Cancel what SendGrid still holds under that name."""
        self._api.recall(hold_id)

    def rehearse(self, messages: Sequence[Message]) -> str:
        """Let SendGrid check these without sending them (its sandbox)."""
        for request in in_requests(messages, self._size):
            answer = self._api.post(self._body(request[0]).request(request, sandbox=True))
            if not isinstance(answer, RequestAccepted):
                raise ServiceError(f"SendGrid would not take it: {answer.reason}")
        return "SendGrid would take it"

    def _work(self, queue: DeliveryQueue) -> None:
        """One request after the other, until nothing more comes."""
        hand_over_all(
            queue,
            partial(self._hand_over, queue),
            want=lambda: 0 if self._failure is not None else self._size,
        )

    def _hand_over(self, queue: DeliveryQueue, messages: Sequence[Message]) -> list[Settled]:
        taken = [message for message in messages if can_take(message)]
        settled = [
            Settled(
                message.delivery_id,
                Refused(reason="SendGrid does not take such addresses", code="5.6.7"),
            )
            for message in (messages if len(taken) < len(messages) else ())
            if not can_take(message)
        ]
        for request in in_requests(taken, self._size):
            if settled:  # before the next one: at stake is one request
                queue.settle_and_claim(settled, 0)
            settled = self._post(queue, request)
        return settled

    def _post(self, queue: DeliveryQueue, request: list[Message]) -> list[Settled]:
        """Post one request, again without the people whom SendGrid rejects."""
        settled: list[Settled] = []
        while request:
            answer = self._answer(queue, request)
            if isinstance(answer, RecipientsRejected) and all(
                at < len(request) for at in answer.people
            ):
                settled += [
                    Settled(request[at].delivery_id, Refused(reason=words, code="400"))
                    for at, words in answer.people.items()
                ]
                request = [m for at, m in enumerate(request) if at not in answer.people]
                continue
            outcome = self._outcome(answer)
            settled += [Settled(message.delivery_id, outcome) for message in request]
            if isinstance(answer, TryLater):
                queue.settle_and_claim(settled, 0)  # before the wait: nobody is at stake meanwhile
                queue.sleep(answer.seconds)
                return []
            break
        return settled

    def _answer(self, queue: DeliveryQueue, request: list[Message]) -> Answer:
        if self._failure is not None:
            return TryLater(seconds=0.0, reason="another request was refused", counts=False)
        if not queue.lease_is_held():
            return TryLater(seconds=0.0, reason="suspended too long", counts=False)
        send_at = self._clock() + self._held_for if self._batch_id else None
        body = self._body(request[0]).request(request, batch_id=self._batch_id, send_at=send_at)
        return self._api.post(body)

    def _outcome(self, answer: Answer) -> Outcome:
        match answer:
            case RequestAccepted(provider_id=provider_id):
                self._gone_since = None
                return Accepted(provider_id=provider_id)
            case NoAnswer(reason=reason):
                return Uncertain(reason=reason)
            case TryLater(reason=reason, counts=counts):
                self._missing(reason)
                return Deferred(reason=reason) if counts else NOT_TRIED
            case RequestRejected(reason=reason):
                self._fail(f"SendGrid refuses to send: {reason}")
                return NOT_TRIED
            case RecipientsRejected():
                self._fail("SendGrid rejects people who were not in the request")
                return NOT_TRIED

    def _missing(self, reason: str) -> None:
        if not reason.startswith(_GONE):
            return
        now = time.monotonic()
        self._gone_since = self._gone_since or now
        if now - self._gone_since > _PATIENCE:
            self._fail(reason)

    def _fail(self, reason: str) -> None:
        with self._lock:
            self._failure = self._failure or ServiceError(
                reason, hint="fix this, then run newsletter send again to continue"
            )

    def _body(self, message: Message) -> EditionBody:
        edition, kind = message.edition, (id(message.edition), message.discreet)
        with self._lock:
            known = self._bodies.get(kind)
            if known is None:
                made = EditionBody(edition, self._sender, discreet=message.discreet)
                known = self._bodies[kind] = (edition, made)
        return known[1]
