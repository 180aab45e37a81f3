"""How much a source changed since an editor chose it."""

from newsletter.model.item import ItemWords

NOTICED = 50  # characters: Feedbin's threshold between a corrected typo and an edit


def changed_characters(before: str, after: str) -> int:
    """Return the length of what differs between two texts, white space aside."""
    old, new = " ".join(before.split()), " ".join(after.split())
    same = min(len(old), len(new))
    start = next((at for at in range(same) if old[at] != new[at]), same)
    rest = same - start
    end = next((at for at in range(rest) if old[-1 - at] != new[-1 - at]), rest)
    return max(len(old), len(new)) - start - end


def is_edited(before: ItemWords, after: ItemWords) -> bool:
    """Return whether an item's words changed enough to look at again."""
    is_renamed = before.title.split() != after.title.split()
    return is_renamed or changed_characters(before.text, after.text) > NOTICED
