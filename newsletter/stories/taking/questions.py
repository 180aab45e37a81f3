"""What a storyteller is asked, in which order and in which words: on the page and in the terminal.

No question asks why. What is optional says so. Every use has its own yes or no, with none chosen
beforehand (WITNESS, ICRC; GDPR 4(11)).
"""

from newsletter.model.consent import Channel
from newsletter.stories.taking.question import Group, Kind, Question, Words


def _w(en: str, es: str) -> Words:
    return {"en": en, "es": es}


USES = tuple(
    Question(id=f"use_{channel.value}", kind=Kind.YES_NO, required=True, label=words)
    for channel, words in (
        (
            Channel.EMAIL_EXCERPT,
            _w(
                "A short part of it in the email newsletter",
                "Una parte corta en el boletín por correo",
            ),
        ),
        (
            Channel.EMAIL_FULL,
            _w("All of it in the email newsletter", "Toda la historia en el boletín por correo"),
        ),
        (
            Channel.WEB_ARCHIVE,
            _w(
                "On our website, where it can be taken down",
                "En nuestro sitio web, de donde se puede quitar",
            ),
        ),
        (Channel.SOCIAL, _w("On our social media", "En nuestras redes sociales")),
        (Channel.PRESS, _w("To journalists who ask us", "A periodistas que nos pregunten")),
    )
)

LANGUAGES = (
    Question(
        id="language_en",
        kind=Kind.YES_NO,
        required=True,
        label=_w("In English", "En inglés"),
    ),
    Question(
        id="language_es",
        kind=Kind.YES_NO,
        required=True,
        label=_w("In Spanish", "En español"),
    ),
)

GROUPS = (
    Group(
        id="story",
        title=_w("Your story", "Su historia"),
        questions=(
            Question(
                id="text",
                kind=Kind.LONG_TEXT,
                label=_w("What would you like to tell?", "¿Qué le gustaría contar?"),
                explanation=_w(
                    "As much or as little as you like. Leave out anything you prefer not to say.",
                    "Tanto o tan poco como quiera. No tiene que contar lo que prefiera callar.",
                ),
                required=True,
                most=20_000,
            ),
            Question(
                id="title",
                kind=Kind.TEXT,
                label=_w("A title (optional)", "Un título (opcional)"),
                most=120,
            ),
        ),
    ),
    Group(
        id="picture",
        title=_w("A picture (optional)", "Una imagen (opcional)"),
        questions=(
            Question(
                id="picture",
                kind=Kind.PICTURE,
                label=_w("Choose a picture", "Elija una imagen"),
                explanation=_w(
                    "We remove the place, the date and the phone's name from the file.",
                    "Quitamos del archivo el lugar, la fecha y el nombre del teléfono.",
                ),
            ),
            Question(
                id="picture_kind",
                kind=Kind.ONE_OF,
                label=_w("What may we show?", "¿Qué podemos mostrar?"),
                choices=(
                    ("none", _w("No picture", "Ninguna imagen")),
                    ("no_face", _w("A picture without faces", "Una imagen sin caras")),
                    ("artwork", _w("A drawing or other artwork", "Un dibujo u otra obra")),
                    ("face", _w("A picture with my face", "Una imagen con mi cara")),
                ),
                required=True,
            ),
        ),
    ),
    Group(
        id="name",
        title=_w("Your name in the newsletter", "Su nombre en el boletín"),
        questions=(
            Question(
                id="attribution",
                kind=Kind.ONE_OF,
                label=_w("How should we name you?", "¿Con qué nombre aparece usted?"),
                choices=(
                    ("anonymous", _w("Without a name", "Sin nombre")),
                    ("pseudonym", _w("With another name", "Con otro nombre")),
                    ("first_name", _w("With my first name", "Con mi nombre de pila")),
                    ("full_name", _w("With my full name", "Con mi nombre completo")),
                ),
                required=True,
            ),
            Question(
                id="attribution_words",
                kind=Kind.TEXT,
                label=_w("The name to print (if any)", "El nombre que se publica (si lo hay)"),
                most=80,
            ),
        ),
    ),
    Group(
        id="uses",
        title=_w("Where may it appear?", "¿Dónde puede aparecer?"),
        questions=USES,
    ),
    Group(
        id="languages",
        title=_w("In which languages?", "¿En qué idiomas?"),
        questions=LANGUAGES,
    ),
    Group(
        id="limits",
        title=_w("Changes and time", "Cambios y tiempo"),
        questions=(
            Question(
                id="edits",
                kind=Kind.ONE_OF,
                label=_w("What may the editors change?", "¿Qué pueden cambiar quienes editan?"),
                explanation=_w(
                    "What could show who you are is always taken out or changed, with you.",
                    "Lo que pueda mostrar quién es siempre se quita o se cambia, junto con usted.",
                ),
                choices=(
                    ("none", _w("Nothing else", "Nada más")),
                    ("shorten", _w("They may shorten it", "Pueden acortarla")),
                    ("full", _w("They may edit it", "Pueden editarla")),
                ),
                required=True,
            ),
            Question(
                id="months",
                kind=Kind.ONE_OF,
                label=_w("For how long?", "¿Por cuánto tiempo?"),
                choices=(
                    ("6", _w("6 months", "6 meses")),
                    ("12", _w("1 year", "1 año")),
                    ("24", _w("2 years", "2 años")),
                ),
                required=True,
            ),
        ),
    ),
    Group(
        id="people",
        title=_w("You and others", "Usted y otras personas"),
        questions=(
            Question(
                id="is_minor",
                kind=Kind.YES_NO,
                label=_w(
                    "Is the person whose story this is under 18?",
                    "¿La persona de esta historia tiene menos de 18 años?",
                ),
                required=True,
            ),
            Question(
                id="guardian_consent",
                kind=Kind.TICK,
                label=_w(
                    "If under 18: a parent or guardian says yes",
                    "Si tiene menos de 18 años: su madre, su padre o su tutor dice que sí",
                ),
            ),
            Question(
                id="child_assent",
                kind=Kind.TICK,
                label=_w(
                    "If under 18: the young person says yes too",
                    "Si tiene menos de 18 años: ella o él también dice que sí",
                ),
            ),
            Question(
                id="others",
                kind=Kind.TEXT,
                label=_w(
                    "Other people in the story (optional)",
                    "Otras personas en la historia (opcional)",
                ),
                explanation=_w(
                    "For example: my sister, she agrees.",
                    "Por ejemplo: mi hermana; está de acuerdo.",
                ),
                most=500,
            ),
        ),
    ),
    Group(
        id="contact",
        title=_w("How to reach you (optional)", "Cómo comunicarnos con usted (opcional)"),
        questions=(
            Question(
                id="name",
                kind=Kind.TEXT,
                label=_w(
                    "What should we call you? (optional)",
                    "¿Cómo quiere que le llamemos? (opcional)",
                ),
                explanation=_w(
                    "Locked at once. Never printed.", "Queda bajo llave. Nunca se publica."
                ),
            ),
            Question(
                id="contact",
                kind=Kind.TEXT,
                label=_w("Phone or email (optional)", "Teléfono o correo (opcional)"),
                explanation=_w(
                    "So that we can read you the final words. Without it, use your code.",
                    "Para leerle las palabras finales. Si no los da, use su código.",
                ),
            ),
            Question(
                id="contact_safely",
                kind=Kind.TEXT,
                label=_w(
                    "When and how is it safe? (optional)", "¿Cuándo y cómo es seguro? (opcional)"
                ),
            ),
        ),
    ),
    Group(
        id="yes",
        title=_w("Your yes", "Su sí"),
        questions=(
            Question(
                id="capacity_attested",
                kind=Kind.TICK,
                label=_w(
                    "This is my story, or I may speak for the person whose story it is.",
                    "Es mi historia, o puedo hablar por la persona de quien es.",
                ),
                required=True,
            ),
            Question(
                id="service_guarantee_read",
                kind=Kind.TICK,
                label=_w(
                    "I know that saying no costs me nothing, and that I can change my mind.",
                    "Sé que puedo decir que no sin perder nada, y que puedo cambiar de opinión.",
                ),
                required=True,
            ),
        ),
    ),
)

QUESTIONS = {question.id: question for group in GROUPS for question in group.questions}
