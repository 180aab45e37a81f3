"""What language a text reads as: a hint for editors, never shown to readers as a fact."""

from collections import Counter
from collections.abc import Sequence

from newsletter.design.text_language import language_reader
from newsletter.model.item import UNKNOWN_LANGUAGE, Item
from newsletter.model.language import same_language
from newsletter.pulling.items.boilerplate import article_texts

ENOUGH = 200  # characters: shorter texts are not guessed at


def language_remarks(items: Sequence[Item]) -> list[str]:
    """Return one remark when most items read as another language than they declare, else none."""
    guesses: Counter[tuple[str, str]] = Counter()
    texts = [item for item in items if len(item.text) >= ENOUGH][:10]
    if not texts:
        return []
    read_as = language_reader()
    for item, text in zip(texts, article_texts(texts), strict=True):
        language = read_as(text)
        if language and not same_language(item.language, language):
            guesses[item.language, language] += 1
    if not guesses:
        return []
    (declared, guessed), count = guesses.most_common(1)[0]
    if count * 2 <= len(texts):
        return []
    language = "no language" if declared == UNKNOWN_LANGUAGE else declared
    return [f"declares {language}, but {count} of {len(texts)} entries read as {guessed}"]
