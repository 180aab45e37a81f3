"""A story's words are known again however they are written, other words are not."""

from datetime import date

import pytest

from newsletter.model.consent import Revocation
from newsletter.model.keyed import with_keyed
from newsletter.stories.recognition.bare_words import words_of
from newsletter.stories.recognition.fingerprints import WIDTH, fingerprint
from newsletter.stories.recognition.not_evidence import NotEvidence, PublicText
from newsletter.stories.recognition.recognizer import Recognizer
from tests.stories.conftest import EXCERPT, REST
from tests.stories.keys import KEY, RECOGNIZER

DAY = date(2026, 11, 23)
STORY = f"{EXCERPT} {REST}"
WORDS = STORY.split()
OTHER = (
    "The city council will vote on Tuesday about the rent stabilization ordinance, and tenants "
    "from every district are invited to speak for two minutes each before the vote is taken."
)
LOOK_ALIKE = str.maketrans("aceopxyiABCEHKMOPTX", "асеорхуіАВСЕНКМОРТХ")
LISU = str.maketrans("ABCDEFGHIJKLMNOPRSTUVWXYZ", "ꓮꓐꓚꓓꓰꓝꓖꓧꓲꓙꓗꓡꓟꓠꓳꓑꓣꓢꓔꓴꓦꓪꓫꓬꓜ")
COPTIC = str.maketrans("aceikmnoprty", "ⲁⲥⲉⲓⲕⲙⲛⲟⲣⲅⲧⲩ")


def stop(story: str = STORY) -> Revocation:
    return Revocation(
        record_id="r",
        on=DAY,
        withdrawn=True,
        given=DAY,
        fingerprints=(fingerprint(words_of(story), KEY),),
    )


def finds(text: str, story: str = STORY, recognizer: Recognizer = RECOGNIZER) -> bool:
    return recognizer.find_withdrawal(text, (stop(story),)) is not None


def test_eight_words_in_a_row_are_a_quote_from_wherever_they_are() -> None:
    for start in range(len(WORDS) - 7):
        quote = " ".join(WORDS[start : start + 8])
        assert finds(f"{OTHER} {quote} {OTHER}"), quote


@pytest.mark.parametrize(("said", "is_back"), [(0, False), (9, False), (14, True), (31, True)])
def test_a_story_is_the_withdrawn_one_when_a_third_of_its_words_are(
    said: int, is_back: bool
) -> None:
    other = OTHER.split()[: 31 - said]
    text = " ".join((*WORDS[:said], *other))
    assert (RECOGNIZER.withdrawn_again(text, (stop(),)) is not None) is is_back


@pytest.mark.parametrize("first", range(7))
def test_a_quote_with_every_seventh_word_changed_is_known(first: int) -> None:
    words = list(WORDS)
    words[first::7] = ["altered"] * len(words[first::7])
    assert finds(" ".join(words))


@pytest.mark.parametrize("changed", range(8))
def test_of_eight_words_any_one_may_be_changed(changed: int) -> None:
    words = WORDS[1:9]
    words[changed] = "altered"
    assert finds(f"{OTHER} {' '.join(words)} {OTHER}")


@pytest.mark.parametrize(
    "hidden",
    [
        STORY.translate(LOOK_ALIKE),
        STORY.replace("o", "ο").replace("N", "Ν"),
        "".join(chr(ord(char) + 0xFEE0) if "!" <= char <= "~" else char for char in STORY),
        STORY.replace("e", "é").replace("a", "ȧ"),
        "\u200b".join(STORY),
        "\u00ad".join(STORY),
        STORY.replace("o", "0").replace("i", "1"),
        STORY.replace("I ", "l "),
        STORY.upper().translate(LISU),
        STORY.lower().translate(COPTIC),
        "".join(
            chr(0x1F150 + ord(char) - 65) if char.isalpha() else char for char in STORY.upper()
        ),
        "\ufff0".join(STORY),
        "\U000e0080".join(STORY),
        STORY.replace("o", "o-\n", 5),
        f"\u202e{STORY[::-1]}\u202c",
        STORY.upper().replace(" ", "  ").replace(",", " --"),
        f"<p><b>{STORY.replace(' ', '</b> <b>')}</b></p>".replace("<b>", "").replace("</b>", ""),
    ],
    ids=[
        "cyrillic",
        "greek",
        "fullwidth",
        "accents",
        "zero-width",
        "soft-hyphens",
        "figures",
        "ells",
        "lisu",
        "coptic",
        "white on black",
        "no characters",
        "tags that are none",
        "parted at the ends of lines",
        "backwards",
        "capitals",
        "html",
    ],
)
def test_letters_that_look_alike_do_not_hide_a_quote(hidden: str) -> None:
    assert finds(hidden)


@pytest.mark.parametrize(
    "story",
    [
        "Durante once años limpié oficinas de noche y nadie sabía cómo me llamaba allí",
        "كنت أنظف المكاتب في الليل لمدة أحد عشر عاما ولم يكن أحد هناك يعرف اسمي",
        "मैं ग्यारह साल तक रात में दफ़्तर साफ़ करती रही और वहाँ कोई मेरा नाम नहीं जानता था",
        "我在晚上打扫办公室十一年那里没有人知道我的名字公司不再付给我们最后一个小时的工资",
        "ฉันทำความสะอาดสำนักงานตอนกลางคืนเป็นเวลาสิบเอ็ดปีและไม่มีใครที่นั่นรู้จักชื่อของฉัน",
    ],
    ids=["spanish", "arabic", "hindi", "chinese", "thai"],
)
def test_a_quote_is_known_in_any_script(story: str) -> None:
    assert finds(f"{OTHER} {story}. {OTHER}", story)
    assert finds(story[: len(story) * 3 // 4], story)
    assert not finds(OTHER, story)


def test_other_words_are_not_taken_for_the_story() -> None:
    assert not finds(OTHER)
    assert not finds("")
    assert not finds("It took seven months, and they never knew. We were paid at night.")
    assert not finds(" ".join(sorted(WORDS)))


def test_a_text_of_one_word_said_a_thousand_times_is_looked_through_quickly() -> None:
    assert finds("again " * 20_000, "again " * 20_000)


def test_words_that_everybody_could_read_before_are_no_evidence() -> None:
    card = "Do not open the door unless they slide a warrant that a judge has signed under it"
    story = f"My aunt knew what to do. {card}, she said. {STORY}"

    def with_card(since: date) -> Recognizer:
        return Recognizer(KEY, NotEvidence(elsewhere=lambda record, day: [PublicText(card, since)]))

    before, same_day = with_card(date(2026, 11, 1)), with_card(DAY)
    assert finds(card, story)
    for recognizer in (before, same_day):
        assert not finds(card, story, recognizer)
        assert finds(f"{card} {EXCERPT}", story, recognizer)
    # What says most of a story on the day it came in is the story, somewhere else.
    reprint = Recognizer(KEY, NotEvidence(elsewhere=lambda record, day: [PublicText(story, DAY)]))
    assert finds(card, story, reprint)


def test_what_an_editor_decided_on_does_not_block_and_other_words_do() -> None:
    decided = RECOGNIZER.decision_on([" ".join(words_of(EXCERPT))])
    runs = frozenset(decided[at : at + WIDTH] for at in range(0, len(decided), WIDTH))
    recognizer = Recognizer(
        KEY, NotEvidence(overruled=lambda record: runs if record == "r" else frozenset())
    )
    assert not finds(EXCERPT, STORY, recognizer)
    assert finds(STORY, STORY, recognizer)


def test_what_0_2_kept_is_known_under_the_key() -> None:
    kept = {
        "withdrawn": True,
        "fingerprints": [["1b3d0f9a3f5e"]],
        "text_hash": "2d7bdf2b5d7f5ff2c2c37ee0ba65d5a1c2fba2a12cfc5eac0ea0bf0d7a1d8b6f",
    }
    upgraded = with_keyed(kept, KEY)
    assert set(upgraded) == {"withdrawn", "before"}
    assert "1b3d0f9a3f5e" not in str(upgraded)
    assert str(kept["text_hash"]) not in str(upgraded)


def test_another_key_knows_nothing() -> None:
    other = Recognizer(bytes(32))
    assert not finds(STORY, STORY, other)
