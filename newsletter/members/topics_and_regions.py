"""What readers may choose from: the topics and regions of the members' feeds."""

from collections.abc import Collection
from dataclasses import dataclass

from newsletter.model.organisation import Organisation


@dataclass(frozen=True, kw_only=True, slots=True)
class TopicsAndRegions:
    """Short names, in order."""

    topics: tuple[str, ...]
    regions: tuple[str, ...]

    @classmethod
    def of(cls, members: Collection[Organisation]) -> "TopicsAndRegions":
        """Return every topic and region that at least one member names."""
        return cls(
            topics=tuple(sorted({topic for member in members for topic in member.topics})),
            regions=tuple(sorted({region for member in members for region in member.regions})),
        )
