"""What somebody approved, beside the bytes that leave: kept for the archive."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import NamedTuple


class ApprovedDigest(NamedTuple):
    """What an approval is bound to: the SHA-256 of all editions of an issue."""

    issue_id: str
    digest: str


class ApprovedCorrection(NamedTuple):
    """An approved correction, and the issue in its right words, which were approved with it."""

    issue_id: str
    digest: str
    corrects: ApprovedDigest


class ApprovedWords(NamedTuple):
    """What one edition of an issue says: its draft, by the digest of what leaves of it."""

    issue_digest: str
    language: str
    edition_digest: str
    text: str


class OrganisationName(NamedTuple):
    """What an organisation was called, and its address."""

    name: str
    url: str


@dataclass(frozen=True, kw_only=True, slots=True)
class ApprovedDraft:
    """One edition: its draft, and what its ids stood for on that day.

    `names` are those of each organisation in it, by id; `pictures` the cid of each
    picture by what the draft calls it: an item's id, or a file name.
    """

    text: str
    names: Mapping[str, OrganisationName] = field(default_factory=dict)
    pictures: Mapping[str, str] = field(default_factory=dict)
