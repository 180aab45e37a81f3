"""The kinds of section: what each needs its placements to say, and which facts readers see.
`docs/writing-an-issue.md` says the same to editors. A workspace adds its own with a template each
(newsletter/design/own_kinds.py).
"""

from collections.abc import Mapping
from dataclasses import dataclass, field

from newsletter.model.issue import Section

NEWS = "news"
_CHECKED = ("verified", "verified_by")
_NUMBERS = ("call", "text")


@dataclass(frozen=True, kw_only=True, slots=True)
class Kind:
    """A kind of section. Each of its placements must say one key of each group of `needs`; its part
    of the design shows the facts in `shows`. A picture, its words and credits are every kind's own
    affair. A workspace's own kind has `titles` by language, and the `topics` that `draft` puts
    there."""

    needs: tuple[tuple[str, ...], ...] = ()
    shows: tuple[str, ...] = ()
    titles: Mapping[str, str] = field(default_factory=dict)
    topics: tuple[str, ...] = ()

    def not_shown(self, details: Mapping[str, str]) -> list[str]:
        """Return the facts among the details that a section of this kind shows nowhere."""
        return [key for key in details if key in FACTS and key not in self.shows]

    def missing(self, details: Mapping[str, str]) -> tuple[tuple[str, ...], ...]:
        """Return the groups of keys of which a placement in such a section has none."""
        return tuple(group for group in self.needs if not any(details.get(key) for key in group))


Kinds = Mapping[str, Kind]

KINDS: Kinds = {
    NEWS: Kind(shows=("size",)),
    "stories": Kind(shows=("size",)),
    "events": Kind(
        needs=(("when",),),
        shows=("when", "until", "where", "online", "calendar", "cancelled"),
    ),
    "rights": Kind(needs=(("verified",),), shows=(*_CHECKED, *_NUMBERS)),
    "hotlines": Kind(
        needs=(("call", "text"), ("verified",)),
        shows=(*_CHECKED, *_NUMBERS, "hours", "spoken"),
    ),
    "urgent": Kind(
        needs=(("verified",), ("verified_by",), ("lapses",)),
        shows=(*_CHECKED, *_NUMBERS, "where", "lapses"),
    ),
    "actions": Kind(shows=(*_NUMBERS, "action", "deadline", "target", "script")),
    "media": Kind(needs=(("audio", "video"),), shows=("audio", "video", "length", "transcript")),
    "art": Kind(needs=(("picture",), ("alt",), ("credit",), ("permission",))),
    "data": Kind(needs=(("source",),), shows=("updated",)),
    "share": Kind(shows=("network",)),
    "memoriam": Kind(shows=("dates",)),
    "brief": Kind(),
    "members": Kind(),
}
FACTS = frozenset(key for kind in KINDS.values() for key in kind.shows)


def kind_of(section: Section, kinds: Kinds = KINDS) -> str:
    """Return the name of the kind that a section is of: what its heading says, else its id, where
    there is such a kind; else news."""
    return next((name for name in (section.kind, section.id) if name in kinds), NEWS)
