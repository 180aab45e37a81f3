"""Languages by BCP 47 tag: which way they run, and which are one."""

from collections.abc import Iterable

RIGHT_TO_LEFT = frozenset(
    {"ar", "arc", "ckb", "dv", "fa", "he", "ks", "ku-arab", "ps", "sd", "ug", "ur", "yi"}
)


def direction(language: str) -> str:
    """Return `rtl` or `ltr`, by the tag's primary language (a script named in the tag wins)."""
    tag = language.lower()
    if "-arab" in tag or "-hebr" in tag:
        return "rtl"
    if "-latn" in tag or "-cyrl" in tag:
        return "ltr"
    return "rtl" if tag.split("-")[0] in RIGHT_TO_LEFT else "ltr"


def first_same(tag: str, among: Iterable[str]) -> str | None:
    """Return the first of these tags that names that tag's language; None when none does."""
    return next((known for known in among if same_language(known, tag)), None)


def same_language(tag: str, other: str) -> bool:
    """Return whether two tags name one language, regions aside (`es` and `es-MX`)."""
    return tag.lower().split("-")[0] == other.lower().split("-")[0]
