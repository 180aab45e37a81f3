"""Where an issue's approval stands: who approved exactly these bytes, and what changed since."""

from collections.abc import Sequence
from dataclasses import dataclass

from newsletter.model.message import RenderedEdition


@dataclass(frozen=True, kw_only=True, slots=True)
class ApprovalStatus:
    """The approvals of a digest so far; `voided` says what changed since one of other bytes."""

    digest: str
    required: int
    editors: tuple[str, ...]
    voided: tuple[str, ...] = ()

    @property
    def wanting(self) -> int:
        """How many more people have to approve."""
        return max(0, self.required - len(self.editors))


_PARTS = ("subject", "preheader", "text", "html", "pictures", "regions", "topics", "lapses_at")


def changes(approved: Sequence[RenderedEdition], now: Sequence[RenderedEdition]) -> tuple[str, ...]:
    """Return what changed since the approval, one line an edition."""
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
