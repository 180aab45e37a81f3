"""How many slips `check` points out, and how often it is wrong on what members publish.

    python bench/slips.py [--misses N] [folder of corpora]

200 slips each of the rule-like and of the misspelt kind, half English (posts of the real feeds),
half Spanish (our own pages and demonstration; the corpus has none), are planted one a sentence by a
seeded procedure that knows nothing of the dictionaries. Every warning on the real feeds as they are
counts as a false alarm, also where the feed is wrong. MEDDOCAN, clinical Spanish, is a hard second.
"""

import json
import random
import re
import sys
import time
from collections import Counter
from collections.abc import Callable, Iterable, Iterator
from datetime import UTC, date, datetime, timedelta
from pathlib import Path

ROOT = Path(__file__).resolve().parents[1]
sys.path.insert(0, str(ROOT))

from babel import Locale  # noqa: E402
from babel.messages.pofile import read_po  # noqa: E402

from bench.clusters import real_items  # noqa: E402
from newsletter.issues.checking.slips.find_slips import SlipFinder  # noqa: E402
from newsletter.issues.checking.slips.lexicon import RARE, times  # noqa: E402
from newsletter.issues.checking.slips.passage import Slip  # noqa: E402
from newsletter.issues.checking.slips.read_passages import read_pieces  # noqa: E402
from newsletter.issues.drafting import draft_file  # noqa: E402
from newsletter.issues.drafting.plain import markdown  # noqa: E402
from newsletter.model.issue import DraftFile, Edition, Placement, Section  # noqa: E402

DAY = date(2026, 11, 23)
KEYS = ("qwertyuiop", "asdfghjkl", "zxcvbnm")
MARKED = {"á": "a", "é": "e", "í": "i", "ó": "o", "ú": "u", "ñ": "n"}
Plant = Callable[[str, str, random.Random], tuple[str, int, int] | None]


# --- planting: each takes a paragraph, and returns it with a slip and where that is ---------------


def _word(text: str, rng: random.Random, least: int = 4) -> re.Match[str] | None:
    words = list(re.finditer(rf"(?<![\w'’@/.#-])[^\W\d_]{{{least},}}(?![\w'’@/-])", text))
    return rng.choice([one for one in words if one[0][1:].islower()] or [None])


def _in_word(
    text: str, rng: random.Random, change: Callable[[str], str]
) -> tuple[str, int, int] | None:
    match = _word(text, rng)
    if match is None or (wrong := change(match[0])) == match[0]:
        return None
    return text[: match.start()] + wrong + text[match.end() :], match.start(), len(wrong)


def swapped(text: str, language: str, rng: random.Random) -> tuple[str, int, int] | None:
    def change(word: str) -> str:
        at = rng.randrange(1, len(word) - 1)
        return word[:at] + word[at + 1] + word[at] + word[at + 2 :]

    return _in_word(text, rng, change)


def dropped(text: str, language: str, rng: random.Random) -> tuple[str, int, int] | None:
    def change(word: str) -> str:
        at = rng.randrange(1, len(word))
        return word[:at] + word[at + 1 :]

    return _in_word(text, rng, change)


def twice(text: str, language: str, rng: random.Random) -> tuple[str, int, int] | None:
    def change(word: str) -> str:
        at = rng.randrange(1, len(word))
        return word[:at] + word[at] + word[at:]

    return _in_word(text, rng, change)


def neighbor(text: str, language: str, rng: random.Random) -> tuple[str, int, int] | None:
    def change(word: str) -> str:
        at = rng.randrange(1, len(word))
        row = next((row for row in KEYS if word[at] in row), "")
        beside = [
            row[to] for to in (row.find(word[at]) - 1, row.find(word[at]) + 1) if 0 <= to < len(row)
        ]
        return word[:at] + rng.choice(beside) + word[at + 1 :] if row else word

    return _in_word(text, rng, change)


def joined(text: str, language: str, rng: random.Random) -> tuple[str, int, int] | None:
    pairs = list(
        re.finditer(r"(?<![\w'’@/.-])([a-záéíóúñ]{2,}) ([a-záéíóúñ]{2,})(?![\w'’@/-])", text)
    )
    if not pairs:
        return None
    match = rng.choice(pairs)
    wrong = match[1] + match[2]
    return text[: match.start()] + wrong + text[match.end() :], match.start(), len(wrong)


def no_accent(text: str, language: str, rng: random.Random) -> tuple[str, int, int] | None:
    words = [one for one in re.finditer(r"[^\W\d_]{4,}", text) if set(one[0]) & set(MARKED)]
    if not words:
        return None
    match = rng.choice(words)
    wrong = "".join(MARKED.get(char, char) for char in match[0])
    return text[: match.start()] + wrong + text[match.end() :], match.start(), len(wrong)


def no_blank(text: str, language: str, rng: random.Random) -> tuple[str, int, int] | None:
    commas = list(re.finditer(r"[^\W\d_]{2,}, [^\W\d_]{2,}", text))
    if not commas:
        return None
    match = rng.choice(commas)
    wrong = match[0].replace(", ", ",")
    return text[: match.start()] + wrong + text[match.end() :], match.start(), len(wrong)


def small_start(text: str, language: str, rng: random.Random) -> tuple[str, int, int] | None:
    starts = list(re.finditer(r"(?<=[a-záéíóúñ]{4}\. )[A-ZÁÉÍÓÚÑ][a-záéíóúñ]+(?= [a-z])", text))
    if not starts:
        return None
    match = rng.choice(starts)
    return (
        text[: match.start()] + match[0].lower() + text[match.end() :],
        match.start(),
        len(match[0]),
    )


def word_twice(text: str, language: str, rng: random.Random) -> tuple[str, int, int] | None:
    words = list(re.finditer(r"(?<= )[a-záéíóúñ]{2,}(?= )", text))
    if not words:
        return None
    match = rng.choice(words)
    wrong = f"{match[0]} {match[0]}"
    return text[: match.start()] + wrong + text[match.end() :], match.start(), len(wrong)


def half(text: str, language: str, rng: random.Random) -> tuple[str, int, int] | None:
    """Cut somewhere in the last sentence of several, at least four words into it."""
    starts = [one.end() for one in re.finditer(r"[a-záéíóúñ]{3}[.!?] (?=[A-ZÁÉÍÓÚÑ¿¡])", text)]
    if not starts:
        return None
    words = list(re.finditer(r"\S+", text[starts[-1] :]))
    if len(words) < 7:
        return None
    end = starts[-1] + words[rng.randrange(4, len(words) - 2)].end()
    cut = text[:end].rstrip(",;:.")
    return cut, max(0, len(cut) - 30), 30


def to_fill(text: str, language: str, rng: random.Random) -> tuple[str, int, int] | None:
    match = _word(text, rng)
    mark = rng.choice(["XXX", "TODO:"]) if language == "es" else rng.choice(["XXX", "TODO"])
    if match is None:
        return None
    return text[: match.start()] + mark + text[match.end() :], match.start(), len(mark)


def _said(day: date, language: str, weekday: int, *, year: bool) -> str:
    locale = Locale(language)
    name = locale.days["format"]["wide"][weekday]
    month = locale.months["format"]["wide"][day.month]
    if language == "es":
        return f"El {name} {day.day} de {month}" + (f" de {day.year}" if year else "")
    return f"On {name}, {month} {day.day}" + (f", {day.year}" if year else "")


def wrong_weekday(text: str, language: str, rng: random.Random) -> tuple[str, int, int] | None:
    day = DAY + timedelta(days=rng.randrange(3, 30))
    weekday = (day.weekday() + rng.randrange(1, 7)) % 7
    if rng.random() < 0.3:
        name = Locale(language).days["format"]["wide"][weekday]
        ordinal = {1: "st", 2: "nd", 3: "rd", 21: "st", 22: "nd", 23: "rd", 31: "st"}.get(
            day.day, "th"
        )
        said = f"El {name} {day.day}" if language == "es" else f"On {name} the {day.day}{ordinal}"
    else:
        said = _said(day, language, weekday, year=rng.random() < 0.3)
    opening = " nos vemos en la biblioteca. " if language == "es" else " we meet at the library. "
    return said + opening + text, 0, len(said)


def wrong_year(text: str, language: str, rng: random.Random) -> tuple[str, int, int] | None:
    day = DAY + timedelta(days=rng.randrange(3, 80))
    said = _said(day.replace(year=day.year - 1), language, day.weekday(), year=True)
    if rng.random() < 0.5:
        said = re.sub(r"(?<=On )\w+, |(?<=El )\w+ ", "", said)
    opening = " habrá una asamblea. " if language == "es" else " we will hold an assembly. "
    return said + opening + text, 0, len(said)


def odd(text: str, language: str, rng: random.Random) -> tuple[str, int, int] | None:
    match = _word(text, rng)
    if match is None:
        return None
    at = match.end()
    wrong = rng.choice(["’s", " — ", " ñ", "é"]).encode().decode("cp1252", "replace")
    wrong = rng.choice([wrong, "\uf0b7", "\x92s", "\x0b", "\ufffd", "&amp;nbsp;"])
    return text[:at] + wrong + text[at:], at, len(wrong)


RULES: tuple[Plant, ...] = (
    no_blank, small_start, word_twice, half, to_fill, wrong_weekday, wrong_year, odd,
)  # fmt: skip
SPELLING: tuple[Plant, ...] = (swapped, dropped, twice, neighbor, joined)


# --- measuring ------------------------------------------------------------------------------------


def slips_in(title: str, blurb: str, language: str, near: date = DAY) -> list[Slip]:
    """What `check` says of a piece of Markdown, by way of a draft file."""
    placed = Placement(title=title or "A title", blurb=blurb)
    section = Section(id="news", title="News", placements=(placed,))
    path = draft_file.path_of("2026-W48", language)
    edition = Edition(
        issue_id="2026-W48", language=language, subject="", sections=(section,), path=path
    )
    written = draft_file.write(edition)
    draft = DraftFile(text=written, edition=draft_file.read(written, file=path))
    finder = SlipFinder(right=frozenset(), texts=[f"{title}\n{blurb}"])
    return [slip for piece in read_pieces(draft) for slip in finder.slips(piece, near=near)]


def paragraphs(texts: Iterable[str], rng: random.Random) -> list[str]:
    """Paragraphs of two sentences and more that read as running text."""
    parts = (part.strip() for text in texts for part in re.split(r"\n\s*\n", text))
    good = [
        part
        for part in parts
        if 120 < len(part) < 900
        and part[0].isupper()
        and part.endswith(".")
        and not re.search(r"[{}<>=|_\\@#*`\[\]&~^$]|https?:", part)
        and re.search(r"[a-záéíóúñ]{3}\. [A-ZÁÉÍÓÚÑ]", part)
    ]
    rng.shuffle(good)
    return good


def spanish() -> Iterator[str]:
    """Our own pages' sentences, joined to paragraphs as they stand, and the demonstration's."""
    said: list[str] = []
    for path in sorted((ROOT / "newsletter" / "locales").rglob("es.po")):
        with path.open("rb") as file:
            for message in read_po(file):
                texts = message.string if isinstance(message.string, tuple) else (message.string,)
                said += [
                    one.strip()
                    for one in texts
                    if isinstance(one, str) and one and "{" not in one and "%" not in one
                ]
    sentences = [one for one in said if one[0].isupper() and one.endswith(".") and len(one) > 40]
    for at in range(0, len(sentences), 2):
        yield " ".join(sentences[at : at + 2])
    for path in [*(ROOT / "docs").glob("*.md"), ROOT / "demo" / "editing.toml"]:
        for part in path.read_text(encoding="utf-8").split("\n\n"):
            words = re.findall(r"\w+", part.lower())
            if (
                sum(word in {"de", "la", "que", "el", "en", "los", "su", "y"} for word in words)
                > len(words) / 6
            ):
                yield re.sub(r"\s+", " ", re.sub(r"[*#>`]", "", part))


def recall(
    kinds: tuple[Plant, ...], texts: dict[str, list[str]], rng: random.Random, misses: int
) -> None:
    found: Counter[str] = Counter()
    made: Counter[str] = Counter()
    missed, words = [], 0
    for language, pool in texts.items():
        plants = (*kinds, no_accent) if kinds is SPELLING and language == "es" else kinds
        at = 0
        for number in range(100):
            plant = plants[number % len(plants)]
            planted = None
            while planted is None:
                at += 1
                planted = plant(pool[at % len(pool)], language, rng)
            text, start, length = planted
            name = f"{plant.__name__} {language}"
            made[name] += 1
            hit = any(
                one.start < start + length and start < one.start + len(one.found)
                for one in slips_in("", text, language)
                if one.passage.block != "title"
            )
            found[name] += hit
            is_word = times(language).get(text[start : start + length].lower(), 0) > RARE
            words += kinds is SPELLING and is_word and not hit
            if not hit:
                missed.append(f"{name}: {text[max(0, start - 30) : start + length + 20]!r}")
    total = f"{sum(found.values())} of {sum(made.values())}"
    print(f"{'rule-like' if kinds is RULES else 'misspelt'}: {total} planted slips are named "
          f"({found.total() / made.total():.1%})")  # fmt: skip
    if kinds is SPELLING:
        others = made.total() - words
        print(f"    of those that make no other word: {found.total() / others:.1%} of {others}")
    for name in made:
        print(f"    {name:20} {found[name]:3} of {made[name]}")
    for line in missed[:misses]:
        print("      missed", line)


def alarms(name: str, texts: Iterable[tuple[str, str, date]], language: str, shown: int) -> None:
    words, slips, seconds = 0, [], time.process_time()
    for title, text, near in texts:
        words += len(f"{title} {text}".split())
        slips += slips_in(title, markdown(text), language, near)
    seconds = time.process_time() - seconds
    print(f"{name}: {len(slips)} warnings in {words} words, "
          f"{len(slips) / words * 1000:.2f} in 1,000 "
          f"({seconds / words * 5000:.3f} s of CPU for 5,000, drafts made and read)")  # fmt: skip
    for why, count in Counter(
        re.sub(r"[\d-]{8,}.*", "…", slip.why) for slip in slips
    ).most_common():
        print(f"    {count:5} {why}")
    for slip in random.Random(2).sample(slips, min(shown, len(slips))):
        around = slip.passage.text[max(0, slip.start - 40) : slip.start + len(slip.found) + 25]
        print(f"      {slip.why}: {slip.found!r} -> {slip.mend!r} in {around!r}")


def main() -> None:
    misses = int(sys.argv[sys.argv.index("--misses") + 1]) if "--misses" in sys.argv else 0
    seed = int(sys.argv[sys.argv.index("--seed") + 1]) if "--seed" in sys.argv else 7
    folder = next((Path(one) for one in sys.argv[1:] if Path(one).is_dir()), None)
    folder = folder or ROOT.parent / "shared" / "corpora"
    items = real_items(folder / "real-feeds")
    rng = random.Random(seed)
    english = paragraphs((item.text for item in items), rng)
    texts = {"en": english, "es": paragraphs(spanish(), rng)}
    print({language: len(pool) for language, pool in texts.items()}, "paragraphs")
    recall(RULES, texts, rng, misses)
    recall(SPELLING, texts, rng, misses)
    moments = ((item, item.published_at or datetime(2026, 11, 20, tzinfo=UTC)) for item in items)
    alarms("real feeds", ((item.title, item.text, at.date()) for item, at in moments), "en", misses)
    clinical = folder / "pii" / "es-meddocan-train-half.jsonl"
    if clinical.exists():
        lines = clinical.read_text(encoding="utf-8").splitlines()
        alarms(
            "clinical Spanish", (("", json.loads(one)["text"], DAY) for one in lines), "es", misses
        )


if __name__ == "__main__":
    main()
