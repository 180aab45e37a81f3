"""The kinds of section: what each needs its placements to say, and which facts readers see.
`docs/writing-an-issue.md` says the same to editors.
"""

from collections.abc import Mapping
from dataclasses import dataclass

_CHECKED = ("verified", "verified_by")
_NUMBERS = ("call", "text")


@dataclass(frozen=True, kw_only=True, slots=True)
class Kind:
    """A kind of section. Each of its placements must say one key of each group of `needs`; its part
    of the design shows the facts in `shows`. A picture, its words and credits are every kind's own
    affair."""

    needs: tuple[tuple[str, ...], ...] = ()
    shows: tuple[str, ...] = ()


KINDS: Mapping[str, Kind] = {
    "news": Kind(shows=("size",)),
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


def not_shown(kind: str, details: Mapping[str, str]) -> list[str]:
    """Return the facts among the details that a section of that kind shows nowhere."""
    shown = KINDS[kind].shows if kind in KINDS else FACTS
    return [key for key in details if key in FACTS and key not in shown]


def missing_details(kind: str, details: Mapping[str, str]) -> tuple[tuple[str, ...], ...]:
    """Return the groups of keys of which a placement in a section of that kind has none."""
    groups = KINDS[kind].needs if kind in KINDS else ()
    return tuple(group for group in groups if not any(details.get(key) for key in group))
