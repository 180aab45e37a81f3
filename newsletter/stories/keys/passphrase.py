"""Whether a passphrase holds against a thief who has the file, many computers, and years. [I/O]"""

from collections.abc import Iterable, Iterator

from zxcvbn import zxcvbn

from newsletter.errors import AttentionError
from newsletter.stories.scan.vocabulary import plain, word_list

SHORTEST = 12
# A guess is a second's work (see `identity`): a thousand computers make 3 * 10^10 in a year.
ENOUGH_GUESSES = 10**12
READ = 100  # characters: zxcvbn is slow on long ones, and what comes after only makes it stronger
# Of examples and slogans that everybody knows.
_EXAMPLES = (
    "correcthorsebatterystaple correcthorse correct horse battery staple tr0ub4dor sisepuede "
    "undocumentedandunafraid unidosjamasseranvencidos elpueblounido hastalavictoriasiempre "
    "venceremos lapatriaesprimero contrasena newsletter coalition coalicion inmigrante migrante"
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
    yield from sorted(word_list("ordinary.es.txt"))  # the same verdict each time
