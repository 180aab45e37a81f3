"""How much of what identifies people `newsletter.stories.scan` finds, and how much else it marks.

A span counts only if wholly covered. Run: python bench/scan_recall.py [--misses N] [CORPORA]
"""

import json
import random
import re
import sys
from collections import Counter
from collections.abc import Iterator
from pathlib import Path

ROOT = Path(__file__).resolve().parents[1]
sys.path.insert(0, str(ROOT))

from newsletter.stories.scan.scan import scan  # noqa: E402

Sample = tuple[str, str, list[tuple[int, int, str]]]


def corpus(path: Path, language: str) -> Iterator[Sample]:
    for line in path.read_text(encoding="utf-8").splitlines():
        row = json.loads(line)
        spans = [(span["start"], span["end"], span["label"]) for span in row["spans"]]
        yield language, row["text"], spans


def field_sentences(name: str = "identifying.txt", half: str = "") -> Iterator[Sample]:
    """Sentences of ours; of `field*.txt` those that were tuned on (a) or kept aside (b)."""
    path = ROOT / "tests" / "stories" / "data" / name
    for line in path.read_text(encoding="utf-8").splitlines():
        if line.startswith("#"):
            continue
        language, *of_half, marked = line.split("\t")
        if half and of_half != [half]:
            continue
        text, spans = "", []
        for number, part in enumerate(re.split(r"\[\[|\]\]", marked)):
            if number % 2:
                spans.append((len(text), len(text) + len(part), language))
            text += part
        yield language, text, spans


def lowered(text: str) -> str:
    """Small letters, of the same length."""
    return "".join(small if len(small := char.lower()) == 1 else char for char in text)


def measure(samples: list[Sample], *, lower: bool = False) -> tuple[float, float, list[str]]:
    """Recall, the share of innocent characters that are marked, and what was missed."""
    found = innocent = innocent_marked = 0
    spans_seen = 0
    missed = []
    for language, original, spans in samples:
        text = lowered(original) if lower else original
        covered = bytearray(len(text))
        for mark in scan(text, language):
            covered[mark.start : mark.end] = b"\1" * (mark.end - mark.start)
        guilty = bytearray(len(text))
        for start, end, label in spans:
            spans_seen += 1
            guilty[start:end] = b"\1" * (end - start)
            if all(covered[start:end]):
                found += 1
            else:
                around = text[max(0, start - 25) : end + 20].replace("\n", "|")
                missed.append(f"{label}: {text[start:end]!r} in {around!r}")
        innocent += guilty.count(0)
        innocent_marked += sum(1 for a, b in zip(covered, guilty, strict=True) if a and not b)
    return found / spans_seen, innocent_marked / innocent, missed


def main() -> None:
    misses = int(sys.argv[sys.argv.index("--misses") + 1]) if "--misses" in sys.argv else 0
    folder = next((Path(one) for one in sys.argv[1:] if Path(one).is_dir()), None)
    folder = folder or ROOT.parent / "shared" / "corpora"
    sets = {
        "forty sentences of this field": list(field_sentences()),
        "sixty more, tuned on": list(field_sentences("field.txt", "a")),
        "sixty more, kept aside": list(field_sentences("field.txt", "b")),
        "230 again, tuned on": list(field_sentences("field_again.txt", "a")),
        "50 again": list(field_sentences("field_again.txt", "b")),
    }
    for name, language in (("en-presidio-research-half", "en"), ("es-meddocan-train-half", "es")):
        path = folder / "pii" / f"{name}.jsonl"
        if path.exists():
            sets[name] = list(corpus(path, language))
    for name, samples in sets.items():
        for lower in (False, True):
            recall, innocent, missed = measure(samples, lower=lower)
            title = f"{name}{', small letters' if lower else ''}"
            print(f"{title:48} recall {recall:6.1%}   innocent characters marked {innocent:6.1%}")
            if misses and not name.endswith("kept aside"):
                print("   ", Counter(one.split(":")[0] for one in missed).most_common(12))
                random.seed(3)
                for one in random.sample(missed, min(misses, len(missed))):
                    print("   ", one)


if __name__ == "__main__":
    main()
