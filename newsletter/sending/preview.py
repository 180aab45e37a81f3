"""[I/O] `preview`: an issue as files to look at, with a page that shows them side by side."""

from dataclasses import dataclass
from datetime import datetime

from newsletter.design.names import discreet_name
from newsletter.design.preview import ShownEdition, preview_files
from newsletter.issues.drafting.load_issue import load_issue
from newsletter.issues.drafting.rendered import rendered
from newsletter.issues.sources import IssueSources
from newsletter.model.coalition import Sender
from newsletter.model.message import LEAVE_URL, PREFERENCES_URL, Message, RenderedEdition
from newsletter.sending.message.compose import Splicer
from newsletter.sending.message.discreet_copy import discreet_copy

NOWHERE = "https://example.invalid"  # RFC 2606: a sample's links must never reach anyone


@dataclass(frozen=True, kw_only=True, slots=True)
class Preview:
    """What was written, by name relative to the workspace; `page` shows the rest."""

    issue_id: str
    page: str
    files: tuple[str, ...]


def preview(sources: IssueSources, issue_id: str, *, now: datetime) -> Preview:
    """Write HTML, text and .eml of each edition, and the page, to `preview/<issue>/`.

    AttentionError when the issue has no draft.
    """
    editions = rendered(load_issue(sources, issue_id))
    folder = f"preview/{issue_id}"
    messages = {
        f"{edition.language}.eml": sample_message(edition, sources.sender, now)
        for edition in editions
    }
    shown = [
        _shown(edition, sources.sender, messages[f"{edition.language}.eml"]) for edition in editions
    ]
    pages = preview_files(shown, sources.templates, sources.coalition, extra=("eml",))
    for name, text in pages.items():
        sources.files.write(f"{folder}/{name}", text)
    for name, message in messages.items():
        sources.files.write_bytes(f"{folder}/{name}", message)
    return Preview(
        issue_id=issue_id,
        page=f"{folder}/index.html",
        files=tuple(f"{folder}/{name}" for name in sorted({**pages, **messages})),
    )


def _shown(edition: RenderedEdition, sender: Sender, message: bytes) -> ShownEdition:
    return ShownEdition(
        usual=edition,
        discreet=discreet_copy(edition, sender),
        sender=sender.in_language(edition.language).name,
        discreet_sender=discreet_name(sender, edition.language),
        message_bytes=len(message),
    )


def sample_message(edition: RenderedEdition, sender: Sender, now: datetime) -> bytes:
    """Return the edition as a message to nobody, marked as a test, to open in a mail program."""
    message = Message(
        delivery_id=0,
        edition=edition,
        address="preview@example.invalid",
        message_id=f"<{edition.issue_id}.{edition.language}@preview.invalid>",
        personal={LEAVE_URL: f"{NOWHERE}/leave", PREFERENCES_URL: f"{NOWHERE}/preferences"},
    )
    return Splicer(edition, sender, clock=lambda: now, test_copy=True).message(message)
