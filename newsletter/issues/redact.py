"""[I/O] Remove withdrawn stories from what is kept of issues; only their digests stay."""

from collections import defaultdict
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from itertools import chain

from newsletter.errors import AttentionError, ConfigError
from newsletter.files import WorkspaceFiles
from newsletter.issues.drafting import draft_file
from newsletter.issues.ports import IssueStore
from newsletter.issues.strike import Says, carrier, quotable, without_stories, words_of
from newsletter.issues.strike_draft import Theirs, strike_draft, without_mark
from newsletter.model.approved import ApprovedDraft
from newsletter.model.consent import Revocation
from newsletter.model.delivery import Send, SendState
from newsletter.model.details import PICTURES
from newsletter.model.issue import Edition, Placement
from newsletter.model.story import StoryText
from newsletter.stories.consent.withdrawal_cleanup import Redacted
from newsletter.stories.recognition.recognizer import Recognizer
from newsletter.stories.recognition.short_quotes import Quotable

_OVER = (SendState.FINISHED, SendState.CANCELLED)
_TRIES = 3  # while an editor saves the same file


@dataclass(frozen=True, kw_only=True, slots=True)
class _Known:
    """Every edition there is: approved ones by issue and digest, and the drafts' files."""

    approved: Mapping[tuple[str, str], Mapping[str, tuple[ApprovedDraft, Edition]]]
    drafts: Mapping[str, Edition]

    @property
    def editions(self) -> tuple[Edition, ...]:
        approved = (one for drafts in self.approved.values() for _, one in drafts.values())
        return (*approved, *self.drafts.values())


@dataclass(frozen=True, kw_only=True, slots=True)
class WithdrawnStoryRedactor:
    """Knows where an issue's words lie: with its approvals, in drafts and in previews.

    What was sent stays proven by its digest. A draft that is still being worked on loses the words
    too; a note on top of it tells its editors.
    """

    issues: IssueStore
    send_of: Callable[[str], Send | None]
    files: WorkspaceFiles
    coalition: str
    recognizer: Recognizer

    def redact(self, stops: Sequence[Revocation], texts: Sequence[StoryText] = ()) -> Redacted:
        """Remove these withdrawn stories from every issue, and what quotes them.

        `texts` are their words where they are at hand: a subject quotes fewer of them than digests
        know again.
        """
        withdrawn = [stop for stop in stops if stop.withdrawn]
        if not withdrawn:
            return Redacted()
        known = self._known()
        carries = carrier(withdrawn, self.recognizer)
        quoted = _quoted(known, withdrawn, texts, carries, self.recognizer)
        still: list[str] = []
        issues = {*self._approved(known, withdrawn, quoted)}
        issues |= {*self._drafts(withdrawn, quoted, still)}
        still += self._blocks(Theirs(stops=withdrawn, quoted=quoted(""), carries=carries))
        for issue_id in sorted(issues):
            for file in self.files.names(f"preview/{issue_id}", "**/*"):
                self.files.remove(file)
        return Redacted(issues=tuple(sorted(issues)), still=tuple(still))

    def _known(self) -> _Known:
        approved = {
            (issue_id, digest): {
                language: (
                    draft,
                    draft_file.read(draft.text, file=draft_file.path_of(issue_id, language)),
                )
                for language, draft in self.issues.approved_drafts(issue_id, digest).items()
            }
            for issue_id, digest in self.issues.approved_digests()
        }
        drafts = {}
        for file in self.files.names("issues", "*/*.md"):
            try:
                drafts[file] = draft_file.read(self.files.read(file), file=file)
            except ConfigError:  # half-written: looked at as plain text below
                continue
        return _Known(approved=approved, drafts=drafts)

    def _approved(
        self, known: _Known, stops: Sequence[Revocation], quoted: Callable[[str], Quotable]
    ) -> Iterator[str]:
        for (issue_id, digest), drafts in known.approved.items():
            changed = {}
            for language, (draft, edition) in drafts.items():
                left = self._without(edition, stops, quoted(issue_id))
                if left is not None:
                    changed[language] = _with_what_is_left(draft, left)
            if changed:
                self.issues.redact(issue_id, digest, changed)
                yield issue_id

    def _drafts(
        self, stops: Sequence[Revocation], quoted: Callable[[str], Quotable], still: list[str]
    ) -> Iterator[str]:
        for file in self.files.names("issues", "*/*.md"):
            issue_id = file.split("/")[1]
            carries = carrier(stops, self.recognizer)
            theirs = Theirs(stops=stops, quoted=quoted(issue_id), carries=carries)
            for _ in range(_TRIES):
                try:
                    struck = self._draft(file, theirs, still)
                except AttentionError:  # an editor saved it this moment: look at it again
                    continue
                if struck:
                    yield issue_id
                break
            else:
                still.append(f"{file}: somebody is writing it")

    def _blocks(self, theirs: Theirs) -> Iterator[str]:
        """Name the standing blocks with the words: the next draft would have them again."""
        for file in self.files.names("blocks", "*.md"):
            if theirs.are_in(self.files.read(file)):
                yield f"{file}: a standing block has them"

    def _draft(self, file: str, theirs: Theirs, still: list[str]) -> bool:
        """Strike one draft. Return whether it had the words. AttentionError when it changed."""
        text = self.files.read(file)
        try:
            edition = draft_file.read(text, file=file)
        except ConfigError as error:
            return self._unreadable(file, text, theirs, still, error)
        send = self.send_of(edition.issue_id)
        if send is not None and send.state in _OVER:
            left = self._without(edition, theirs.stops, theirs.quoted)
            struck = text if left is None else draft_file.write(left)
        else:
            struck = strike_draft(text, theirs)
        if struck == text:
            return False
        try:
            draft_file.read(struck, file=file)
        except ConfigError:
            still.append(f"{file}: what is left could not be read, so nothing was struck")
            return True
        self.files.write(file, struck, expected=text)
        if theirs.are_in(without_mark(struck)):
            still.append(f"{file}: some of its words are spread over it")
        return True

    def _unreadable(
        self, file: str, text: str, theirs: Theirs, still: list[str], error: ConfigError
    ) -> bool:
        """Strike what can be found in a draft with a mistake in it, and name what cannot."""
        struck = strike_draft(text, theirs)
        if struck != text:
            self.files.write(file, struck, expected=text)
        is_left = theirs.are_in(without_mark(struck))
        if is_left:
            still.append(f"{file}: {error.message}, so not all of it was struck")
        return is_left or struck != text

    def _without(
        self, edition: Edition, stops: Sequence[Revocation], quoted: Quotable
    ) -> Edition | None:
        return without_stories(edition, stops, quoted, self.coalition, self.recognizer)


def _quoted(
    known: _Known,
    stops: Sequence[Revocation],
    texts: Sequence[StoryText],
    carries: Says,
    recognizer: Recognizer,
) -> Callable[[str], Quotable]:
    """What may be quoted, by issue: as the stories were placed, in whichever issue and language.

    A short title is quoted in the issue that has its story, and anybody's words elsewhere. What a
    member's post says as well is nobody's; an editor's own piece may be what quotes the story.
    """
    ids = {stop.story_id for stop in stops if stop.story_id}
    theirs: dict[str, list[Placement]] = defaultdict(list)
    others: list[Placement] = []
    for edition in known.editions:
        for placement in edition.placements:
            if placement.item_id in ids or carries(words_of(placement)):
                theirs[edition.issue_id].append(placement)
            elif placement.item_id:
                others.append(placement)
    came_in = {stop.record_id: stop.given for stop in stops}
    public = chain(map(words_of, others), recognizer.excused.public_before(came_in))
    anywhere = quotable(chain(*theirs.values()), texts, public)

    def in_issue(issue_id: str) -> Quotable:
        return anywhere.with_titles(placement.title for placement in theirs.get(issue_id, ()))

    return in_issue


def _with_what_is_left(draft: ApprovedDraft, edition: Edition) -> ApprovedDraft:
    """The draft as the edition has it now, and the pictures that it still shows."""
    shown = {
        name
        for placement in edition.placements
        for name in (placement.item_id, *(placement.details.get(key) for key in PICTURES))
    }
    shown.add(edition.opening.get("picture"))
    pictures = {name: cid for name, cid in draft.pictures.items() if name in shown}
    return replace(draft, text=draft_file.write(edition), pictures=pictures)
