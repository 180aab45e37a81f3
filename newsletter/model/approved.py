"""What somebody said yes to, beside the bytes that leave: kept for the archive."""

from collections.abc import Mapping
from dataclasses import dataclass, field


@dataclass(frozen=True, kw_only=True, slots=True)
class ApprovedDraft:
    """One edition: its draft, and what its ids stood for on that day.

    `names` are the name and address of each organisation in it, by id; `pictures` the cid of each
    picture by what the draft calls it: an item's id, or a file name.
    """

    text: str
    names: Mapping[str, tuple[str, str]] = field(default_factory=dict)
    pictures: Mapping[str, str] = field(default_factory=dict)
