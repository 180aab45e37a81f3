"""Where an issue's approval stands: who said yes to exactly these bytes, and whose yes is void."""

from collections.abc import Sequence
from dataclasses import dataclass

from newsletter.model.issue import Approval
from newsletter.model.message import RenderedEdition


@dataclass(frozen=True, kw_only=True, slots=True)
class Standing:
    """The yeses to a digest, and those to other bytes, which count for nothing."""

    digest: str
    required: int
    given: tuple[Approval, ...]
    void: tuple[Approval, ...]

    @property
    def editors(self) -> tuple[str, ...]:
        """The different people who said yes."""
        return tuple(dict.fromkeys(approval.editor for approval in self.given))

    @property
    def wanting(self) -> int:
        """How many more people have to say yes."""
        return max(0, self.required - len(self.editors))


def standing(approvals: Sequence[Approval], *, digest: str, required: int) -> Standing:
    """Sort the yeses by what they are to."""
    return Standing(
        digest=digest,
        required=required,
        given=tuple(approval for approval in approvals if approval.digest == digest),
        void=tuple(approval for approval in approvals if approval.digest != digest),
    )


_PARTS = ("subject", "preheader", "text", "html", "pictures", "regions", "topics", "lapses_at")


def changes(approved: Sequence[RenderedEdition], now: Sequence[RenderedEdition]) -> tuple[str, ...]:
    """What changed since the approval, one line an edition."""
    before = {edition.language: edition for edition in approved}
    after = {edition.language: edition for edition in now}
    lines = [f"{language}: the edition is gone" for language in before if language not in after]
    for language, edition in after.items():
        if language not in before:
            lines.append(f"{language}: the edition is new")
        elif edition.digest != before[language].digest:
            parts = [
                part for part in _PARTS if getattr(edition, part) != getattr(before[language], part)
            ]
            named = ", ".join(part.removesuffix("_at") for part in parts)
            lines.append(f"{language}: changed ({named})")
    return tuple(sorted(lines))
