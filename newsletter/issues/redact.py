"""[I/O] Remove withdrawn stories from what is kept of issues; only their digests stay."""

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, replace

from newsletter.errors import ConfigError
from newsletter.files import WorkspaceFiles
from newsletter.issues.drafting import draft_file
from newsletter.issues.ports import IssueStore
from newsletter.model.approved import ApprovedDraft
from newsletter.model.consent import Revocation
from newsletter.model.delivery import Send, SendState
from newsletter.model.details import PICTURES
from newsletter.model.issue import Edition, Placement
from newsletter.stories.record.recognition import Recognizer
from newsletter.stories.record.words import as_text

_OVER = (SendState.FINISHED, SendState.CANCELLED)


@dataclass(frozen=True, kw_only=True, slots=True)
class WithdrawnStoryRedactor:
    """Knows where an issue's words lie: with its approvals, in drafts and in previews.

    What was sent stays proven by its digest. A draft that is still being worked on is left to its
    editors, whom `check` tells.
    """

    issues: IssueStore
    send_of: Callable[[str], Send | None]
    files: WorkspaceFiles
    coalition: str
    recognizer: Recognizer

    def redact(self, stops: Sequence[Revocation]) -> tuple[str, ...]:
        """Remove these withdrawn stories from every issue. Return the ids of those that had one."""
        withdrawn = [stop for stop in stops if stop.withdrawn]
        if not withdrawn:
            return ()
        redacted = sorted({*self._approved(withdrawn), *self._drafts(withdrawn)})
        for issue_id in redacted:
            for file in self.files.names(f"preview/{issue_id}", "**/*"):
                self.files.remove(file)
        return tuple(redacted)

    def _approved(self, stops: Sequence[Revocation]) -> Iterator[str]:
        for issue_id, digest in self.issues.approved_digests():
            changed = {}
            for language, draft in self.issues.approved_drafts(issue_id, digest).items():
                edition = self._without(draft.text, draft_file.path_of(issue_id, language), stops)
                if edition is not None:
                    changed[language] = _with_what_is_left(draft, edition)
            if changed:
                self.issues.redact(issue_id, digest, changed)
                yield issue_id

    def _drafts(self, stops: Sequence[Revocation]) -> Iterator[str]:
        for file in self.files.names("issues", "*/*.md"):
            text = self.files.read(file)
            try:
                edition = self._without(text, file, stops)
            except ConfigError:  # half-written: its editor and `check` are at it
                continue
            if edition is None:
                continue
            send = self.send_of(edition.issue_id)
            if send is not None and send.state in _OVER:
                self.files.write(file, draft_file.write(edition), expected=text)
            yield edition.issue_id

    def _without(self, text: str, file: str, stops: Sequence[Revocation]) -> Edition | None:
        edition = draft_file.read(text, file=file)
        return without_stories(edition, stops, self.coalition, self.recognizer)


def _with_what_is_left(draft: ApprovedDraft, edition: Edition) -> ApprovedDraft:
    """The draft as the edition has it now, and the pictures that it still shows."""
    shown = {
        name
        for placement in edition.placements
        for name in (placement.item_id, *(placement.details.get(key) for key in PICTURES))
    }
    pictures = {name: cid for name, cid in draft.pictures.items() if name in shown}
    return replace(draft, text=draft_file.write(edition), pictures=pictures)


def without_stories(
    edition: Edition, stops: Sequence[Revocation], coalition: str, recognizer: Recognizer
) -> Edition | None:
    """Return the edition without those stories and their names; None where it has none."""
    ids = {stop.story_id for stop in stops if stop.story_id}

    def carries(markdown: str) -> bool:
        return recognizer.find_withdrawal(as_text(markdown), stops) is not None

    gone = [
        placement
        for placement in edition.placements
        if placement.item_id in ids or carries(words_of(placement))
    ]
    sections = tuple(
        replace(
            section,
            intro="" if carries(section.intro) else section.intro,
            placements=tuple(
                placement for placement in section.placements if placement not in gone
            ),
        )
        for section in edition.sections
    )
    letter = "" if carries(edition.letter) else edition.letter
    if not gone and letter == edition.letter and sections == edition.sections:
        return None
    return without_names_of(gone, replace(edition, letter=letter, sections=sections), coalition)


def words_of(placement: Placement) -> str:
    """Return an editor's words on a placement, as one Markdown text."""
    return f"{placement.title}\n\n{placement.blurb}"


def without_names_of(left_out: Sequence[Placement], edition: Edition, coalition: str) -> Edition:
    """Drop the paragraphs that name what is left out; subjects often quote a title."""
    titles = [placement.title.casefold() for placement in left_out if placement.title.strip()]

    def names(text: str) -> bool:
        return any(title in text.casefold() for title in titles)

    def without(text: str) -> str:
        return "\n\n".join(block for block in text.split("\n\n") if not names(block))

    sections = (replace(section, intro=without(section.intro)) for section in edition.sections)
    neutral = f"{coalition}, {edition.issue_id}"
    return replace(
        edition,
        subject=neutral if names(edition.subject) else edition.subject,
        preheader="" if names(edition.preheader) else edition.preheader,
        letter=without(edition.letter),
        sections=tuple(sections),
    )
