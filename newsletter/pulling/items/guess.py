"""What language a text reads as: a hint for editors, never shown to readers as a fact."""

from collections import Counter
from collections.abc import Sequence

from newsletter.model.item import UNKNOWN_LANGUAGE, Item
from newsletter.model.language import same_language

ENOUGH = 200  # characters: shorter texts are not guessed at
SURE = 0.95


def language_remarks(items: Sequence[Item]) -> list[str]:
    """Return one remark when most items read as another language than they declare, else none."""
    from py3langid.langid import MODEL_FILE, LanguageIdentifier

    guesses: Counter[tuple[str, str]] = Counter()
    texts = [item for item in items if len(item.text) >= ENOUGH][:10]
    if not texts:
        return []
    identifier = LanguageIdentifier.from_model_file(MODEL_FILE, norm_probs=True)
    for item in texts:
        language, sureness = identifier.classify(item.text[:3000])
        if sureness >= SURE and not same_language(item.language, str(language)):
            guesses[item.language, str(language)] += 1
    if not guesses:
        return []
    (declared, guessed), count = guesses.most_common(1)[0]
    if count * 2 <= len(texts):
        return []
    language = "no language" if declared == UNKNOWN_LANGUAGE else declared
    return [f"declares {language}, but {count} of {len(texts)} entries read as {guessed}"]
