"""What language a text reads as: a hint for editors, never shown to readers as a fact."""

from collections.abc import Callable

SURE = 0.95


def language_reader(sure: float = SURE) -> Callable[[str], str]:
    """Return what names the language (ISO 639-1) that a text reads as, empty when it is not sure.

    Reads the model once: half a second.
    """
    from py3langid.langid import MODEL_FILE, LanguageIdentifier

    identifier = LanguageIdentifier.from_model_file(MODEL_FILE, norm_probs=True)

    def read_as(text: str) -> str:
        language, sureness = identifier.classify(text[:3000])
        return str(language) if sureness >= sure else ""

    return read_as
