"""[I/O] Take a story from a form, a phone call or a file: seal it, keep it, give a receipt."""

from dataclasses import dataclass
from datetime import date
from enum import Enum, auto

from newsletter.model.submission import Actor, EventKind, Sealed, StoryEvent, Submission
from newsletter.stories.keys.code_identity import code_identity
from newsletter.stories.keys.identity import public_of
from newsletter.stories.keys.vault import seal
from newsletter.stories.record.consent_notice import Notice
from newsletter.stories.record.fingerprints import text_hash
from newsletter.stories.record.identifiers import code_hash, new_code, new_id, read_code
from newsletter.stories.record.pictures import rebuild
from newsletter.stories.record.recognition import find_withdrawal
from newsletter.stories.services import StoryServices
from newsletter.stories.taking.intake import Intake
from newsletter.stories.taking.receipt import Receipt

PICTURE_WIDTH = 1600


@dataclass(frozen=True, kw_only=True, slots=True)
class Submitted:
    """What the storyteller takes home; its code is shown once."""

    receipt: Receipt
    submission_id: str


class Refusal(Enum):
    """Why a story is not taken."""

    WITHDRAWN = auto()  # these very words were withdrawn before
    KNOWN = auto()  # they wait for a review already: a form sent twice


@dataclass(frozen=True, kw_only=True, slots=True)
class Refused:
    """Nothing was kept."""

    why: Refusal


def submit(
    services: StoryServices,
    intake: Intake,
    *,
    picture: bytes = b"",
    notice: Notice,
    method: str,
    taken_by: str = "",
    today: date,
) -> Submitted | Refused:
    """Seal the story to the editors' keys and keep it; all of it, or nothing.

    Needs public keys only. ConfigError with fewer than two of them, PictureError for a bad
    picture.
    """
    words = intake.identifying.text
    if find_withdrawal(words, services.consents.revocations()) is not None:
        return Refused(why=Refusal.WITHDRAWN)
    hashed = text_hash(words)
    if any(submission.text_hash == hashed for submission in services.store.all()):
        return Refused(why=Refusal.KNOWN)
    keys = [recipient.key for recipient in services.recipients()]
    record_id = new_id(16)
    code = new_code()
    typed = read_code(code) or ""
    consent = intake.consent(
        record_id=record_id,
        receipt_hash=code_hash(typed),
        notice=notice,
        method=method,
        taken_by=taken_by,
        today=today,
    )
    submission = Submission(
        id=new_id(),
        consent=consent,
        received_on=today,
        language=notice.language,
        text_hash=hashed,
        reply_key=public_of(code_identity(typed)),
        sealed=Sealed(
            text=seal(intake.identifying.as_mapping(record_id), keys),
            picture=seal(rebuild(picture, max_width=PICTURE_WIDTH).as_mapping(), keys)
            if picture
            else b"",
        ),
    )
    happened = ((EventKind.REQUESTED, Actor.PROGRAM), (EventKind.GIVEN, Actor.STORYTELLER))
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
        controller=services.coalition,
        withdraw_at=services.withdraw_at,
    )
    return Submitted(receipt=receipt, submission_id=submission.id)
