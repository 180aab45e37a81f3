"""How much a source changed since an editor chose it."""

NOTICED = 50  # characters: Feedbin's threshold between a mended typo and an edit


def changed_characters(before: str, after: str) -> int:
    """The length of what differs between two texts, white space aside."""
    old, new = " ".join(before.split()), " ".join(after.split())
    same = min(len(old), len(new))
    start = next((at for at in range(same) if old[at] != new[at]), same)
    rest = same - start
    end = next((at for at in range(rest) if old[-1 - at] != new[-1 - at]), rest)
    return max(len(old), len(new)) - start - end


def is_edited(before: tuple[str, str], after: tuple[str, str]) -> bool:
    """Whether a title and text changed enough to look at again."""
    title = before[0].split() != after[0].split()
    return title or changed_characters(before[1], after[1]) > NOTICED
