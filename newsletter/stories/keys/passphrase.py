"""Whether a passphrase holds against a thief who has the file, many computers, and years. [I/O]"""

from collections.abc import Iterable, Iterator

from zxcvbn import zxcvbn

from newsletter.errors import AttentionError
from newsletter.stories.scan.vocabulary import plain, word_list

SHORTEST = 12
# A guess is a second's work (see `identity`): a thousand computers make 3 * 10^10 in a year.
ENOUGH_GUESSES = 10**12
READ = 100  # characters: zxcvbn is slow on long ones, and what comes after only makes it stronger
# Of examples that everybody knows.
_EXAMPLES = (
    "correcthorsebatterystaple correcthorse correct horse battery staple tr0ub4dor contrasena "
    "newsletter coalition coalicion inmigrante migrante"
)
# Slogans, prayers and first lines, a line each: whoever guesses whole sentences begins with these.
_SAYINGS = """
si se puede
undocumented and unafraid
unidos jamas seran vencidos
el pueblo unido jamas sera vencido
the people united will never be defeated
hasta la victoria siempre
venceremos
la patria es primero
viva la raza
viva mexico
tierra y libertad
aqui estamos y no nos vamos
no human is illegal
no one is illegal
ningun ser humano es ilegal
nadie es ilegal
home is here
abolish ice
chinga la migra
families belong together
black lives matter
power to the people
we shall overcome
no justice no peace
here to stay
padre nuestro que estas en el cielo
dios te salve maria llena eres de gracia
en el nombre del padre y del hijo
el senor es mi pastor nada me faltara
virgen de guadalupe
our father who art in heaven
hail mary full of grace
the lord is my shepherd i shall not want
in the beginning god created the heaven and the earth
bismillah al rahman al rahim
give me your tired your poor
we the people of the united states
we hold these truths to be self evident
i have a dream
to be or not to be that is the question
en un lugar de la mancha
the quick brown fox jumps over the lazy dog
twinkle twinkle little star
happy birthday to you
la cucaracha ya no puede caminar
cielito lindo canta y no llores
"""
_ROWS = (
    "one two three four five six seven eight nine ten",
    "uno dos tres cuatro cinco seis siete ocho nueve diez",
    "monday tuesday wednesday thursday friday saturday sunday",
    "lunes martes miercoles jueves viernes sabado domingo",
    "january february march april may june july august september october november december",
    "enero febrero marzo abril mayo junio julio agosto septiembre octubre noviembre diciembre",
    "spring summer autumn winter spring summer autumn",
    "primavera verano otono invierno primavera verano otono",
    "red orange yellow green blue indigo violet",
    "rojo amarillo verde azul blanco negro",
)


def check_passphrase(passphrase: str, known: Iterable[str] = ()) -> None:
    """Refuse with an AttentionError what could be guessed, and say what makes it easy to guess.

    `known` is what somebody would try first: names of people and of the coalition, a passphrase
    that is used already.
    """
    if len(passphrase) < SHORTEST:
        raise AttentionError(
            f"the passphrase needs at least {SHORTEST} characters",
            hint="four or five unrelated words are easy to remember",
        )
    written = plain(passphrase[:READ])
    first = [*_guessed_first(known)]
    judged = min(  # a space between words is what everybody would try
        (zxcvbn(words, first, max_length=READ) for words in (written, "".join(written.split()))),
        key=lambda judged: judged["guesses"],
    )
    if judged["guesses"] < ENOUGH_GUESSES:
        advice = (judged["feedback"]["warning"], *judged["feedback"]["suggestions"])
        reason = next(filter(None, advice), "It is made of names, dates or a few common words.")
        raise AttentionError(
            f"this passphrase could be guessed. {reason.rstrip('.')}",
            hint="four or five unrelated words are easy to remember and hard to guess",
        )


def _guessed_first(known: Iterable[str]) -> Iterator[str]:
    """Words in the order in which they are guessed; zxcvbn itself has English and names."""
    for phrase in map(plain, known):
        yield from (phrase, phrase.replace(" ", ""), *phrase.split())
    yield from _EXAMPLES.split()
    for saying in map(str.split, _SAYINGS.split("\n")):
        yield from ("".join(saying[:end]) for end in range(len(saying), 1, -1))
    for row in map(str.split, _ROWS):
        starts = range(len(row) - 2)
        yield from ("".join(row[at:end]) for at in starts for end in range(at + 3, len(row) + 1))
    yield from sorted(word_list("ordinary.es.txt"))  # the same verdict each time
