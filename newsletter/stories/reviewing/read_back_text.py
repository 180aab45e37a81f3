"""The text that goes back to a storyteller: their words as they would appear, nothing hidden."""

from collections.abc import Sequence

from newsletter.model.consent import Channel
from newsletter.model.story import Story
from newsletter.stories.record.channels import CHANNELS
from newsletter.stories.record.words import as_text

_WORDS = {
    "en": {
        "intro": "These are the words we would like to publish. Nothing has been published yet.",
        "title": "Title",
        "short": "The short part",
        "all": "All of it",
        "name": "Name",
        "none": "no name",
        "picture": "Picture",
        "where": "Where",
        "ask": "Do you say yes to exactly these words? You may also say no, change something, or "
        "take more time. If one word changes, we ask again.",
    },
    "es": {
        "intro": "Estas son las palabras que queremos publicar. Todavía no se ha publicado nada.",
        "title": "Título",
        "short": "La parte corta",
        "all": "Toda la historia",
        "name": "Nombre",
        "none": "sin nombre",
        "picture": "Imagen",
        "where": "Dónde",
        "ask": "¿Dice usted sí a exactamente estas palabras? También puede decir que no, cambiar "
        "algo o tomarse más tiempo. Si cambia una palabra, le preguntamos otra vez.",
    },
}


def read_back_text(story: Story, *, language: str, channels: Sequence[Channel]) -> str:
    """The words in that language, with the name, the picture and the places they are for.

    The frame is in the story's language, or in English. ValueError when there are no such words.
    """
    text = story.text_in(language)
    if text is None:
        raise ValueError(f"story {story.id} has no text in {language}")
    frame = "es" if language.startswith("es") else "en"
    words = _WORDS[frame]
    parts = [words["intro"], f"{words['title']}: {text.title}"]
    if text.excerpt != text.body:
        parts.append(f"{words['short']}:\n\n{as_text(text.excerpt)}")
    parts.append(f"{words['all']}:\n\n{as_text(text.body)}")
    parts.append(f"{words['name']}: {story.consent.attribution_words or words['none']}")
    if story.picture is not None:
        parts.append(f"{words['picture']}: {story.picture.alt}")
    places = ", ".join(CHANNELS[frame][channel] for channel in channels)
    parts.append(f"{words['where']}: {places}")
    parts.append(words["ask"])
    return "\n\n".join(parts) + "\n"
