"""What rendering needs beside the edition itself: everything its item ids stand for."""

from collections.abc import Mapping
from dataclasses import dataclass, field

from newsletter.model.coalition import Coalition, Sender
from newsletter.model.item import Item
from newsletter.model.logo import Logo
from newsletter.model.message import InlinePicture
from newsletter.model.organisation import Organisation
from newsletter.model.section_kinds import KINDS, Kinds


@dataclass(frozen=True, kw_only=True, slots=True)
class Material:
    """The facts behind an edition. `also_shared` (organisation ids) and `pictures` are by item id;
    a picture that a draft names (`picture:`, `poster:`) is by that file name, and wins.

    A picture is here only when the organisation's terms (or the storyteller) allow it.
    """

    coalition: Coalition
    sender: Sender
    items: Mapping[str, Item]
    organisations: Mapping[str, Organisation]
    pictures: Mapping[str, InlinePicture] = field(default_factory=dict)
    also_shared: Mapping[str, tuple[str, ...]] = field(default_factory=dict)
    logo: Logo | None = None
    editions: tuple[str, ...] = ()  # the languages this issue has
    kinds: Kinds = field(default_factory=lambda: KINDS)
