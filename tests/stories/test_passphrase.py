"""What somebody would guess who has the file of a private key is refused as its passphrase."""

import pytest

from newsletter.errors import AttentionError
from newsletter.stories.keys.passphrase import check_passphrase

KNOWN = ("Ana", "Coalition for Immigrant Rights", "meadow turbine sapphire nine")


@pytest.mark.parametrize(
    "passphrase",
    [
        "short",
        "password1234",
        "P@ssw0rd1234!",
        "aaaaaaaaaaaaaaaa",
        "abcabcabcabcabc",
        "qwertyuiopasdfgh",
        "1qaz2wsx3edc4rfv",
        "12/03/1984 04/07/2019",
        "correcthorsebatterystaple",
        "correct horse battery staple",
        "contraseña1234",
        "micontraseña2024",
        "la casa azul",
        "si se puede!",
        "maria guadalupe 1984",
        "ana ana ana 2026",
        "coalition for immigrant rights",
        "coalitionforimmigrantrights2026",
        "meadow turbine sapphire nine",
        "meadow turbine sapphire nine 2",
    ],
)
def test_a_passphrase_that_could_be_guessed_is_refused_and_not_repeated(passphrase: str) -> None:
    with pytest.raises(AttentionError) as refused:
        check_passphrase(passphrase, KNOWN)
    assert passphrase not in str(refused.value)
    assert "four or five unrelated words" in refused.value.hint


@pytest.mark.parametrize(
    "saying",
    [
        "el pueblo unido jamás será vencido",
        "Abolish ICE now 2026",
        "Padre nuestro que estás en el cielo",
        "hail mary full of grace",
        "no justice, no peace!",
        "uno dos tres cuatro cinco",
        "miércoles jueves viernes sábado",
        "winter spring summer autumn",
    ],
)
def test_slogans_prayers_and_rows_of_words_are_refused(saying: str) -> None:
    with pytest.raises(AttentionError, match="guessed"):
        check_passphrase(saying, KNOWN)


@pytest.mark.parametrize(
    "passphrase",
    [
        "copper lantern orchard violin",
        "vaca lámpara tren azúcar",
        "caballo girasol bateria grapa",
        "نهر قمر كتاب زيتون",
        "xK7#mQ2$vR9!",
    ],
)
def test_unrelated_words_in_any_language_are_taken(passphrase: str) -> None:
    check_passphrase(passphrase, KNOWN)


def test_a_very_long_passphrase_takes_no_long_time() -> None:
    check_passphrase("4@$1qwertyuiop zebra kiosk " * 50_000)


def test_what_makes_it_easy_is_said_in_plain_words() -> None:
    with pytest.raises(AttentionError, match=r"could be guessed\. This is a very common password"):
        check_passphrase("password1234")
    with pytest.raises(AttentionError, match="names, dates or a few common words"):
        check_passphrase("la casa azul")
