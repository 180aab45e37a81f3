"""Pieces of patterns: a word, one with a capital, an article, a number, a color."""

from newsletter.stories.scan.spelled import NUMBER_WORDS

WORD = r"\w[\w'’\-]{0,40}"
PROPER = rf"(?-i:[A-ZÁÉÍÓÚÑ]){WORD}"
THE = r"(?:(?:a|an|the|my|his|her|their|our|la|el|los|las|mi|su|un|una)\s+)"
NUMBER = rf"(?:\d{{1,3}}|{NUMBER_WORDS})"
COLOR = (
    "white|black|red|blue|green|gr[ae]y|silver|brown|yellow|gold|tan|orange|purple|"
    "blanc[oa]|negr[oa]|roj[oa]|azul|verde|gris|platead[oa]|caf[eé]|amarill[oa]|dorad[oa]|"
    "guind[oa]"
)
