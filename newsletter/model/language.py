"""Languages by BCP 47 tag: which way they run, and which are one."""

from collections.abc import Iterable
from functools import lru_cache

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


# Tags that name one language, from the IANA registry's preferred values and CLDR's aliases.
_ALIASES = {
    "tl": "fil",
    "nb": "no",
    "nn": "no",
    "iw": "he",
    "in": "id",
    "ji": "yi",
    "cmn": "zh",
    "yue": "zh-hant",
    "zh-yue": "zh-hant",
    "zh-cmn": "zh",
}
# How a tag without a script is written (CLDR, likely subtags), where a language has two that not
# every reader of one can read.
_SCRIPTS = {
    "zh": "hans",
    "zh-tw": "hant",
    "zh-hk": "hant",
    "zh-mo": "hant",
    "pa": "guru",
    "pa-pk": "arab",
    "sr": "cyrl",
    "ku": "latn",
    "az": "latn",
    "uz": "latn",
}


def first_same(tag: str, among: Iterable[str]) -> str | None:
    """Return the tag among these for readers of that one: itself, else with parts at its end left
    out (RFC 4647, lookup), else the first that names its language; None when none does."""
    same = [known for known in among if same_language(known, tag)]
    wanted = tag.lower() + "-"
    lookup = [known for known in same if wanted.startswith(known.lower() + "-")]
    return max(lookup, key=len) if lookup else next(iter(same), None)


def same_language(tag: str, other: str) -> bool:
    """Return whether a reader of one tag can read the other, regions aside: `es` and `es-MX`, `tl`
    and `fil`, but not `zh-Hant` and `zh-Hans`."""
    (language, script), (second, second_script) = _written(tag), _written(other)
    return language == second and (script == second_script or not script or not second_script)


@lru_cache(maxsize=1024)
def _written(tag: str) -> tuple[str, str]:
    """Return the language of a tag and the script it is written in, empty where any will do."""
    parts = tag.lower().replace("_", "-").split("-")
    for length in (2, 1):
        if alias := _ALIASES.get("-".join(parts[:length])):
            parts = [*alias.split("-"), *parts[length:]]
            break
    language = parts[0]
    named = next((part for part in parts[1:] if len(part) == 4 and part.isalpha()), "")
    region = next((part for part in parts[1:] if len(part) == 2), "")
    script = named or _SCRIPTS.get(f"{language}-{region}") or _SCRIPTS.get(language, "")
    return language, script
