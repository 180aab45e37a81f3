"""A spliced message is correct whatever stands in the edition (EMAIL.md, checks 1 to 13)."""

import email
import email.policy
import html
import re
from dataclasses import replace
from datetime import UTC, datetime
from email.message import EmailMessage

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from newsletter.design.render import render
from newsletter.design.templates import Templates, shipped_folder
from newsletter.model.coalition import Sender
from newsletter.model.logo import LOGO
from newsletter.model.message import InlinePicture, Message, RenderedEdition
from newsletter.sending.message.compose import Splicer
from tests.design.samples import with_logo
from tests.sending.parts import SENDER, edition

DATE = datetime(2026, 11, 20, 9, 0, tzinfo=UTC)
LEAVE = "https://news.example/leave/" + "A" * 35
PREFERENCES = "https://news.example/preferences/" + "b" * 35 + "?a=1&b=2"
ONCE = ("Date", "From", "To", "Subject", "Message-ID", "MIME-Version", "List-Unsubscribe")


def message(made: RenderedEdition, **changes: object) -> Message:
    fields = {
        "delivery_id": 1,
        "edition": made,
        "address": "ana@example.org",
        "message_id": "<token@coalition.example>",
        "personal": {"@@leave_url@@": LEAVE, "@@preferences_url@@": PREFERENCES},
    }
    return Message(**{**fields, **changes})


def raw(made: RenderedEdition, sender: Sender = SENDER, **changes: object) -> bytes:
    return Splicer(made, sender, clock=lambda: DATE).message(message(made, **changes))


def parsed(data: bytes) -> EmailMessage:
    made = email.message_from_bytes(data, policy=email.policy.SMTP)
    assert isinstance(made, EmailMessage)
    return made


def content(part: EmailMessage | None) -> str:
    assert part is not None
    return part.get_content().replace("\r\n", "\n")


# Pieces of text that editors and feeds really bring, and that quoted-printable finds hard.
PIECES = "@@leave_url@@|@@preferences_url@@|\n|.|..|From me|=|=3D| |\t|é|ش|🙂|\n.\n|\nFrom x|&|<b>"
AWKWARD = st.lists(
    st.sampled_from([*PIECES.split("|"), "a" * 71, "a" * 75, "a" * 2000])
    | st.text(st.characters(exclude_categories=["Cs", "Cc"]), max_size=30),
    max_size=25,
).map("".join)


@settings(max_examples=300)
@given(AWKWARD, AWKWARD)
def test_both_parts_read_back_with_the_personal_fields_in_place(text: str, html: str) -> None:
    data = raw(edition(text=text, html=html))

    made = parsed(data)
    assert made.defects == []
    plain = text.replace("@@leave_url@@", LEAVE).replace("@@preferences_url@@", PREFERENCES)
    rich = html.replace("@@leave_url@@", LEAVE).replace(
        "@@preferences_url@@", PREFERENCES.replace("&", "&amp;")
    )
    assert content(made.get_body(("plain",))).rstrip("\n") == plain.rstrip("\n")
    assert content(made.get_body(("html",))).rstrip("\n") == rich.rstrip("\n")


@settings(max_examples=300)
@given(AWKWARD)
def test_every_line_may_cross_any_mail_server(text: str) -> None:
    for line in raw(edition(text=text, html=text)).split(b"\r\n"):
        assert b"\n" not in line
        assert b"\r" not in line
        assert line.isascii()
        assert len(line) <= 76 or line.startswith((b"List-", b"Content-"))
        assert not line.startswith((b".", b"From "))


def test_each_header_stands_once_and_the_text_comes_first() -> None:
    made = parsed(raw(edition()))
    for name in ONCE:
        assert len(made.get_all(name, [])) == 1, name
    assert [part.get_content_type() for part in made.iter_parts()] == ["text/plain", "text/html"]
    assert made["Date"].datetime == DATE
    assert made["From"] == "Test Coalition <news@coalition.example>"
    assert made["To"] == "ana@example.org"
    assert made["Disposition-Notification-To"] is None


def test_one_click_leaving_and_the_list_are_named() -> None:
    made = parsed(raw(edition()))
    assert made["List-Unsubscribe"] == f"<{LEAVE}>"
    assert made["List-Unsubscribe-Post"] == "List-Unsubscribe=One-Click"
    assert made["List-Id"] == "<digest.coalition.example>"
    assert made["Precedence"] == "bulk"
    assert len(made["Feedback-ID"].split(":")) == 4


def test_pictures_travel_beside_the_html_as_the_same_bytes() -> None:
    picture = InlinePicture(cid="p1@x", media_type="image/jpeg", data=bytes(range(256)) * 30)
    made = parsed(raw(edition(pictures=(picture,))))
    assert [part.get_content_type() for part in made.iter_parts()] == [
        "text/plain",
        "multipart/related",
    ]
    (image,) = (part for part in made.walk() if part.get_content_maintype() == "image")
    assert image.get_content() == picture.data
    assert image["Content-ID"] == "<p1@x>"
    assert "Leave" in content(made.get_body(("html",)))


def test_a_discreet_copy_names_neither_the_coalition_nor_the_subject() -> None:
    made = parsed(raw(edition(), discreet=True))
    assert made["From"] == "Weekly update <news@coalition.example>"
    assert made["Subject"] == "Your weekly update"


@pytest.mark.parametrize(
    ("language", "own", "subject"),
    [
        ("es", "", "Su resumen de la semana"),
        ("ar", "", "ملخصكم الأسبوعي"),
        ("vi", "", "Your weekly update"),
        ("es-MX", "", "Su resumen de la semana"),
        ("es", "Cartas", "Cartas"),
    ],
)
def test_a_discreet_copy_is_called_by_neutral_words_of_its_readers_language(
    language: str, own: str, subject: str
) -> None:
    sender = replace(SENDER, discreet_subject=own)
    made = parsed(raw(edition(language=language), sender, discreet=True))
    assert made["Subject"] == subject
    assert content(made.get_body(("plain",))).startswith(subject)


def test_a_phone_shows_nothing_of_a_discreet_copy_but_neutral_words() -> None:
    """What mail clients show beside the subject: the first words, of whichever part they prefer."""
    pre = '<div class="pre">Maria tells how she was detained</div>'
    page = f'<html lang="en"><head><title>t</title></head><body class="page">{pre}<p>x</p></body>'
    approved = edition(html=f"{page} @@leave_url@@</html>", text="Maria tells\n@@leave_url@@\n")
    made = parsed(raw(approved, discreet=True))
    for kind, rest in (("plain", "Maria tells"), ("html", '<div class="pre">Maria')):
        shown = content(made.get_body((kind,)))
        words = re.sub(r"<head>.*?</head>|<div style[^>]*>|<[^d][^>]*>", "", shown).lstrip()
        assert words.startswith("Your weekly update")
        first = words[: words.index("Maria")].removeprefix("Your weekly update")
        assert len(first.strip("\n")) > 300
        assert set(first) <= set('\u034f\u200c\u00a0\n<div class="pre">/')
        assert rest in shown


def test_a_discreet_copy_has_no_logo_for_an_inbox_to_show() -> None:
    approved = render(*with_logo(), Templates((shipped_folder(),)))
    usual, made = (parsed(raw(approved, discreet=discreet)) for discreet in (False, True))
    logos = [one.cid for one in approved.pictures if one.cid.endswith(LOGO)]
    assert logos
    for cid in logos:
        assert cid in usual.as_string()
        assert cid not in made.as_string()
        assert cid not in content(made.get_body(("html",)))
    pictures = [one for one in made.walk() if one.get_content_maintype() == "image"]
    assert len(pictures) == len(approved.pictures) - len(logos)


def test_a_discreet_copy_is_the_approved_bytes_behind_its_first_words() -> None:
    plain, rich = (
        content(parsed(raw(edition(), discreet=True)).get_body((kind,)))
        for kind in ("plain", "html")
    )
    assert plain.endswith(content(parsed(raw(edition())).get_body(("plain",))))
    hidden = re.compile(r'<div style="display:none[^>]*>[^<]*</div>')
    assert hidden.sub("", rich) == content(parsed(raw(edition())).get_body(("html",)))


@pytest.mark.parametrize("evil", ["Hi\r\nBcc: all@example.org", "Hi\nX: y", "Hi\0there"])
def test_no_header_can_be_injected_through_the_subject(evil: str) -> None:
    made = parsed(raw(edition(subject=evil)))
    assert made["Bcc"] is None
    assert made["X"] is None


@pytest.mark.parametrize(
    "changes",
    [
        {"address": "a@example.org\r\nBcc: b@example.org"},
        {"message_id": "<a@b>\nX: y"},
        {"personal": {"@@leave_url@@": "https://x/\r\nX: y", "@@preferences_url@@": PREFERENCES}},
    ],
)
def test_no_header_can_be_injected_through_a_personal_value(changes: dict[str, object]) -> None:
    with pytest.raises(ValueError, match=r"control character|plain URL"):
        raw(edition(), **changes)


def test_a_subject_in_any_script_is_encoded_and_reads_back() -> None:
    subject = "نشرة هذا الأسبوع: ما يجب أن تعرفه عن حقوقك — «اعرف حقوقك» 🙂" * 3
    data = raw(edition(subject=subject))
    assert data.split(b"\r\n\r\n")[0].isascii()
    assert parsed(data)["Subject"] == subject


def test_international_domains_go_out_in_their_ascii_form() -> None:
    assert parsed(raw(edition(), address="ana@bücher.example"))["To"] == "ana@xn--bcher-kva.example"


def test_the_same_inputs_give_the_same_bytes() -> None:
    assert raw(edition()) == raw(edition())


def test_a_test_copy_says_so() -> None:
    made = edition()
    data = Splicer(made, SENDER, clock=lambda: DATE, test_copy=True).message(message(made))
    assert parsed(data)["Subject"] == "[TEST] This week"


def test_a_message_of_60_items_costs_no_more_than_a_few_percent_over_its_parts() -> None:
    html = "<p>" + "word " * 12000 + "</p>"
    assert len(raw(edition(html=html))) < len(html) * 1.05 + 2000
    assert not re.search(rb"=20=20", raw(edition(html=html)))


# What base64 is chosen for: whole sentences in a script of two bytes and more a letter.
FOREIGN = "نشرة هذا الأسبوع: اعرف حقوقك. "


@settings(max_examples=300)
@given(
    AWKWARD,
    st.text(st.characters(min_codepoint=33, max_codepoint=126), min_size=1, max_size=200),
    st.text(st.characters(min_codepoint=33, max_codepoint=126), min_size=1, max_size=200),
)
def test_a_base64_part_reads_back_whatever_the_length_of_the_values(
    text: str, leave: str, preferences: str
) -> None:
    text = FOREIGN * 200 + text
    personal = {"@@leave_url@@": leave, "@@preferences_url@@": preferences}
    data = raw(edition(text=text, html=text), personal=personal)

    made = parsed(data)
    for kind, escaped in (("plain", False), ("html", True)):
        part = made.get_body((kind,))
        assert part is not None
        assert part["Content-Transfer-Encoding"] == "base64"
        expected = text
        for field, value in personal.items():
            shown = html.escape(value) if escaped else value
            expected = shown.join(expected.split(field))
        assert content(part) == expected
        assert part.defects == []
    for line in data.split(b"\r\n\r\n", 2)[2].split(b"\r\n"):
        assert len(line) <= 76
        assert not line.startswith((b".", b"From "))


@pytest.mark.parametrize("ending", ["", "x", "xy", "xyz"])
@pytest.mark.parametrize("between", ["", "a", "ab", "abc", "abcd"])
def test_fields_close_together_are_kept_apart(between: str, ending: str) -> None:
    text = f"{FOREIGN * 20}@@leave_url@@{between}@@preferences_url@@{between}@@leave_url@@{ending}"
    for length in range(1, 5):
        leave = "L" * length
        for other in range(1, 5):
            personal = {"@@leave_url@@": leave, "@@preferences_url@@": "P" * other}
            made = parsed(raw(edition(text=text), personal=personal))
            expected = f"{FOREIGN * 20}{leave}{between}{'P' * other}{between}{leave}{ending}"
            assert content(made.get_body(("plain",))) == expected


def test_the_shorter_encoding_is_chosen_for_each_part() -> None:
    made = parsed(raw(edition(text=FOREIGN * 50, html="<p>" + "word " * 500 + "</p>")))
    encodings = [part["Content-Transfer-Encoding"] for part in made.iter_parts()]
    assert encodings == ["base64", "quoted-printable"]
