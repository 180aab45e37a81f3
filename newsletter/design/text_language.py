"""What language a text reads as: a hint for editors, never shown to readers as a fact."""

from collections.abc import Callable, Iterable
from copy import copy
from functools import cache
from typing import Any

SURE = 0.95


def language_reader(sure: float = SURE, among: Iterable[str] = ()) -> Callable[[str], str]:
    """Return what names the language (ISO 639-1) that a text reads as, empty when it is not sure.

    `among` are the languages that it can be in, by their tags: then short texts are clear, too.
    Fewer than two that are known mean any. Reads the model once: half a second.
    """
    identifier = copy(_model())
    known = {str(language) for language in identifier.nb_classes}
    possible = sorted({tag.split("-")[0].lower() for tag in among} & known)
    if len(possible) > 1:
        identifier.set_languages(possible)

    def read_as(text: str) -> str:
        language, sureness = identifier.classify(text[:3000])
        return str(language) if sureness >= sure else ""

    return read_as


@cache
def _model() -> Any:
    from py3langid.langid import MODEL_FILE, LanguageIdentifier

    return LanguageIdentifier.from_model_file(MODEL_FILE, norm_probs=True)
