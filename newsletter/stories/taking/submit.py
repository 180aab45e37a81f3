"""[I/O] Take a story from a form, a phone call or a file: seal it, keep it, give a receipt."""

import hmac
import json
import secrets
from dataclasses import dataclass
from datetime import date

from newsletter.model.submission import Actor, EventKind, Sealed, StoryEvent, Submission
from newsletter.stories.keys.code_identity import code_identity
from newsletter.stories.keys.identity import public_of
from newsletter.stories.keys.vault import seal
from newsletter.stories.record.consent_notice import Notice
from newsletter.stories.record.identifiers import code_hash, new_code, new_id, read_code
from newsletter.stories.record.pictures import rebuild
from newsletter.stories.services import StoryServices
from newsletter.stories.taking.intake import ON_THE_PAGE, Intake
from newsletter.stories.taking.receipt import Receipt

PICTURE_WIDTH = 1600


@dataclass(frozen=True, kw_only=True, slots=True)
class Submitted:
    """What the storyteller takes home; its code is shown once."""

    receipt: Receipt
    submission_id: str


def submit(
    services: StoryServices,
    intake: Intake,
    *,
    picture: bytes = b"",
    notice: Notice,
    method: str,
    taken_by: str = "",
    once: bytes = b"",
    shown: str = ON_THE_PAGE,
    shown_on: date | None = None,
    today: date,
) -> Submitted:
    """Seal the story to the editors' keys and keep it; all of it, or nothing.

    The answer is the same for a new text, a known one and one that was taken back: it tells on
    nobody, and who reviews it learns that. A form sent twice (the same random `once`, the same
    answers) is one story, with one code. `shown` says how the storyteller got to know the notice;
    empty when they did not: nothing is given then, and nothing may be used, before `stories
    notice` says that they did. Needs public keys only. ConfigError with fewer than two of them,
    PictureError for a bad picture.
    """
    services.note_blocks(services.store.head().length)
    keys = [recipient.key for recipient in services.recipients()]
    seed = _seed(once, intake, picture) if once else secrets.token_bytes(32)
    record_id = new_id(16, seed=seed)
    code = new_code(seed=seed)
    typed = read_code(code) or ""
    consent = intake.consent(
        record_id=record_id,
        receipt_hash=code_hash(typed),
        notice=notice,
        method=method,
        taken_by=taken_by,
        shown=shown,
        shown_on=shown_on,
        today=today,
    )
    submission = Submission(
        id=new_id(seed=seed + b"submission"),
        consent=consent,
        received_on=today,
        language=notice.language,
        reply_key=public_of(code_identity(typed)),
        sealed=Sealed(
            text=seal(intake.identifying.as_mapping(record_id), keys),
            picture=seal(rebuild(picture, max_width=PICTURE_WIDTH).as_mapping(), keys)
            if picture
            else b"",
        ),
    )
    happened = [(EventKind.REQUESTED, Actor.PROGRAM)]
    if shown:
        happened.append((EventKind.GIVEN, Actor.STORYTELLER))
    services.store.add(
        submission,
        [
            StoryEvent(record_id=record_id, kind=kind, on=today, actor=actor)
            for kind, actor in happened
        ],
    )
    services.write_checkpoint()
    receipt = Receipt(
        consent=consent,
        notice=notice,
        code=code,
        controller=services.coalition_in(notice.language),
        withdraw_at=services.withdraw_at,
    )
    return Submitted(receipt=receipt, submission_id=submission.id)


def _seed(once: bytes, intake: Intake, picture: bytes) -> bytes:
    """Without `once`, which is kept nowhere, nothing that is made of this tells of the words."""
    said = json.dumps([intake.identifying.as_mapping(""), dict(intake.answers)]).encode()
    return hmac.digest(once, hmac.digest(once, said, "sha256") + picture, "sha256")
