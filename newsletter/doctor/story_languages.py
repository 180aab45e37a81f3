"""Examine in which languages storytellers can read, and which still need a person. [I/O]"""

from newsletter.doctor.findings import Finding, fine, look
from newsletter.stories.record import story_language

_SHOWN = 3
_FILE = "newsletter/locales/stories/{}.po"


def story_languages() -> list[Finding]:
    """Return a finding for the languages that are offered, and one for each that needs a person."""
    offered = story_language.story_languages()
    unread = [tag for tag in offered if not story_language.is_read_by_a_speaker(tag)]
    return [
        fine("story languages", f"storytellers can read {', '.join(offered)}"),
        *(_unfinished(tag, lacks) for tag, lacks in story_language.unfinished_languages().items()),
        *(_unread(tag) for tag in unread),
    ]


def _unfinished(tag: str, lacks: tuple[str, ...]) -> Finding:
    some = "; ".join(f"{line[:40]!r}" for line in lacks[:_SHOWN])
    more = f" and {len(lacks) - _SHOWN} more" if len(lacks) > _SHOWN else ""
    return look(
        "story languages",
        f"{tag} is not offered: {len(lacks)} lines are missing or have other places: {some}{more}",
        f"translate them in {_FILE.format(tag)}",
    )


def _unread(tag: str) -> Finding:
    return look(
        "story languages",
        f"nobody who speaks {story_language.language_name('en', tag)} has read its translation yet",
        f"let somebody read {_FILE.format(tag)}, and write their yes into its header",
    )
