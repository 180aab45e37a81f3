"""The coalition's logo: what is taken, what is refused in one line, and where it is shown."""

import io
from dataclasses import replace
from pathlib import Path

import pytest
from PIL import Image

from newsletter.archive.files import archive_files
from newsletter.archive.issue_page import issue_page
from newsletter.archive.pages import Site
from newsletter.archive.share_picture import share_picture
from newsletter.design.logo import MOST_MAILED, SHOWN, faint_schemes, read_logo
from newsletter.design.render import render
from newsletter.design.templates import Templates, shipped_folder
from newsletter.files import WorkspaceFiles
from newsletter.model.logo import Logo, LogoFile
from tests.design.messages import as_message, as_notice
from tests.design.notices import each_notice, renderer
from tests.design.samples import COALITION, NOW, png, typical
from tools.check_email.letters import read_letter

TEMPLATES = Templates((shipped_folder(),))
SVG = '<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 200 50">%s</svg>'
BRIGHT = SVG % '<circle cx="25" cy="25" r="20" fill="#ffd75e"/>'


def read(folder: Path, data: bytes | str, dark: bytes = b"") -> LogoFile:
    (folder / "logo").write_bytes(data.encode() if isinstance(data, str) else data)
    (folder / "dark").write_bytes(dark)
    coalition = replace(
        COALITION, logo="logo", logo_dark="dark" if dark else "", logo_alt="A lantern"
    )
    return read_logo(WorkspaceFiles(folder), coalition)


def shown(folder: Path, data: bytes | str = BRIGHT, dark: bytes = b"") -> Logo:
    found = read(folder, data, dark)
    assert found.logo is not None, found
    return found.logo


def jpeg(width: int, height: int) -> bytes:
    out = io.BytesIO()
    Image.effect_noise((width, height), 90).convert("RGB").save(out, "JPEG")
    return out.getvalue()


@pytest.mark.parametrize(
    ("data", "size", "kind"),
    [
        (BRIGHT, (224, 56), "image/png"),
        (png(1120, 224), (280, 56), "image/png"),
        (png(100, 20), (100, 20), "image/png"),
        (png(30, 3000), (1, 56), "image/png"),
        (jpeg(2000, 400), (280, 56), "image/jpeg"),
    ],
)
def test_a_logo_is_made_small_enough_to_travel(
    tmp_path: Path, data: bytes | str, size: tuple[int, int], kind: str
) -> None:
    picture = shown(tmp_path, data).picture
    assert (picture.width, picture.height) == size
    assert picture.media_type == kind
    assert picture.alt == "A lantern"
    assert len(picture.data) <= MOST_MAILED
    drawn = Image.open(io.BytesIO(picture.data))
    assert drawn.width <= 2 * SHOWN[0]
    assert drawn.height <= 2 * SHOWN[1]


def test_the_same_drawing_gives_the_same_bytes_and_nothing_of_the_file(tmp_path: Path) -> None:
    noted = BRIGHT.replace("<circle", "<!-- by Ana --><title>Ana</title><circle")
    assert shown(tmp_path, noted) == shown(tmp_path)


def nested(kind: str, use: str, last: str) -> str:
    first = f'<{kind} id="n0"><path d="M0 0h9v9z"/></{kind}>'
    more = "".join(f'<{kind} id="n{at}">{(use % (at - 1)) * 10}</{kind}>' for at in range(1, 12))
    return SVG % f"<defs>{first}{more}</defs>{last}"


PATTERNS = nested("pattern", '<rect fill="url(#n%d)"/>', '<rect fill="url(#n11)"/>')
HUGE = SVG.replace('viewBox="0 0 200 50"', 'width="999999999" height="250000000"')


@pytest.mark.parametrize(
    ("data", "problem"),
    [
        ('<!DOCTYPE svg [<!ENTITY a "aa">]>' + SVG % "&a;", "entities"),
        (SVG % '<use href="file:///etc/passwd#a"/>', "from elsewhere"),
        (SVG % '<use xmlns:x="http://www.w3.org/1999/xlink" x:href="http://x/#a"/>', "elsewhere"),
        (SVG % '<rect fill="url(http://x.example/#a)"/>', "from elsewhere"),
        (SVG % "<style>@import 'http://x.example'</style>", "from elsewhere"),
        (SVG % '<image href="data:image/png;base64,AAAA"/>', "a picture in it"),
        (SVG % "<script>alert(1)</script>", "a script"),
        (SVG % "<foreignObject/>", "a web page"),
        (SVG % "<text>Hi</text>", "text in it"),
        (SVG % '<filter id="f"><feTurbulence numOctaves="999999999"/></filter>', "effects"),
        (SVG % '<marker id="m"/>', "markers"),
        (nested("g", '<use href="#n%d"/>', '<use href="#n11"/>'), "20,000 shapes"),
        (PATTERNS, "20,000 shapes"),
        (SVG % '<style>p{fill:url(#n)}</style><pattern id="n"/>', "style sheet"),
        (SVG % '<g id="a"><use href="#a"/></g>', "inside itself"),
        (SVG % ("<g>" * 5000 + "</g>" * 5000), "60 deep"),
        (SVG.replace("0 0 200 50", "0 0 90000 1") % "", "20 times"),
        (SVG.replace('viewBox="0 0 200 50"', "") % "", "how large it is"),
        (SVG % "" + " " * 500_000, "at most 500,000"),
        ("<svg", "is not SVG that can be read"),
        ('<?xml version="1.0"?><html/>', "is not SVG"),
        (BRIGHT.encode("utf-16"), "no picture that can be read"),
        (b"GIF89a", "no picture that can be read"),
        (png(20000, 2001)[:200], "20,000 by 2,001 pixels"),
        (png(40, 40)[:60], "no picture that can be read"),
        (b" " * 5_000_001, "at most 5,000,000"),
    ],
)
def test_what_could_do_harm_is_refused_in_one_line(
    tmp_path: Path, data: bytes | str, problem: str
) -> None:
    found = read(tmp_path, data)
    assert found.logo is None
    assert problem in found.problem
    assert "\n" not in found.problem
    assert found.hint
    assert found.file == "logo"


def test_a_huge_drawing_is_drawn_small(tmp_path: Path) -> None:
    picture = shown(tmp_path, HUGE % '<circle cx="9" cy="9" r="20000000"/>').picture
    assert (picture.width, picture.height) == (224, 56)


def test_a_missing_file_is_said_and_no_logo_is_no_problem(tmp_path: Path) -> None:
    files = WorkspaceFiles(tmp_path)
    assert read_logo(files, COALITION) == LogoFile()
    missing = read_logo(files, replace(COALITION, logo="no.png", logo_alt="x"))
    assert (missing.file, missing.problem) == ("no.png", "there is no such logo")


def test_an_issue_and_notices_carry_it_and_discreet_ones_do_not(tmp_path: Path) -> None:
    logo = shown(tmp_path, dark=png(40, 40))
    edition, facts = typical()
    with_logo = render(edition, replace(facts, logo=logo), TEMPLATES)
    assert with_logo.digest != render(edition, facts, TEMPLATES).digest
    notices = dict(each_notice(replace(renderer(), logo=logo)))
    for raw, has in (
        (as_message(with_logo), True),
        (as_notice(notices["health-ar"]), True),
        (as_notice(notices["confirm-discreet-en"]), False),
    ):
        (tmp_path / "x.eml").write_bytes(raw)
        letter = read_letter(tmp_path / "x.eml", tmp_path)
        for picture in logo.pictures:
            assert (picture.cid in letter.picture_ids) == has
            assert (f'src="cid:{picture.cid}" alt="A lantern"' in letter.html) == has


def test_pages_and_share_pictures_show_it(tmp_path: Path) -> None:
    logo = shown(tmp_path, dark=png(40, 40))
    edition, facts = typical()
    page = issue_page(edition, replace(facts, logo=logo), NOW)
    site = Site(
        coalition=COALITION, templates=TEMPLATES, base="https://x.example/", languages=("en",),
        logo=logo,
    )  # fmt: skip
    files = archive_files(site, [page], [])
    for picture in logo.pictures:
        name = f"pictures/{picture.cid.partition('@')[0]}.png"
        assert name in files
        assert f"../{name}" in str(files["en/index.html"])
        assert f"../../../{name}" in str(files[page.path])
    tokens = TEMPLATES.tokens
    assert share_picture(page.view, tokens, logo) != share_picture(page.view, tokens)


def test_a_logo_that_hardly_shows_on_the_masthead_is_said(tmp_path: Path) -> None:
    tokens = TEMPLATES.tokens
    dark = SVG % '<circle cx="25" cy="25" r="20" fill="#0a2a28"/>'
    assert faint_schemes(shown(tmp_path, dark), tokens) == ["light", "dark"]
    assert faint_schemes(shown(tmp_path, dark, png(40, 40, (255, 255, 255))), tokens) == ["light"]
    assert faint_schemes(shown(tmp_path), tokens) == []
