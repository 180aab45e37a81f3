"""feeds.yaml: read with every mistake named, changed with every comment kept."""

import sys
from contextlib import ExitStack
from pathlib import Path

import pytest

from newsletter.errors import AttentionError, ConfigError, UsageError
from newsletter.files import WorkspaceFiles
from newsletter.members import change, registry_edit
from newsletter.members.registry import read
from newsletter.model.organisation import Feed, FeedKind, Organisation, Terms, TextTerms
from tests.processes import PATIENCE, started

FULL = """\
# The members.
organisations:
  # our oldest member
  - id: harbor-legal-aid            # permanent
    name: Harbor Legal Aid
    url: https://harbor.example
    languages: [en, es]
    regions: [los-angeles]
    topics: [legal]
    contact: web@harbor.example     # optional
    terms: {text: excerpt, words: 80, pictures: true}
    partners: [casa]
    feeds:
      - {url: https://harbor.example/feed/, kind: news}
      # the clinic
      - {url: https://harbor.example/clinic.ics, kind: calendar, paused: true}

  # they prefer links
  - id: casa
    name: "Casa: del Río"
    url: https://casa.example
    feeds:
      - https://casa.example/feed/   # short form
"""


def test_everything_that_can_be_said_is_read() -> None:
    harbor, casa = read(FULL)
    assert harbor == Organisation(
        id="harbor-legal-aid",
        name="Harbor Legal Aid",
        url="https://harbor.example",
        languages=("en", "es"),
        regions=("los-angeles",),
        topics=("legal",),
        contact="web@harbor.example",
        terms=Terms(text=TextTerms.EXCERPT, words=80, pictures=True),
        partners=("casa",),
        feeds=(
            Feed(url="https://harbor.example/feed/"),
            Feed(url="https://harbor.example/clinic.ics", kind=FeedKind.CALENDAR, paused=True),
        ),
    )
    assert casa.terms == Terms()
    assert casa.feeds == (Feed(url="https://casa.example/feed/"),)


@pytest.mark.parametrize(
    "text", ["", "# only a remark\n", "organisations:\n", "organisations: []\n"]
)
def test_a_file_without_members_is_empty(text: str) -> None:
    assert read(text) == ()


def with_line(old: str, new: str) -> str:
    assert old in FULL
    return FULL.replace(old, new, 1)


@pytest.mark.parametrize(
    ("text", "line", "message", "hint"),
    [
        (with_line("topics:", "topic:"), 9, "unknown key 'topic'", "did you mean 'topics'?"),
        (with_line("kind: news", "knid: news"), 14, "unknown key 'knid'", "did you mean 'kind'?"),
        (with_line("pictures:", "pictrues:"), 11, "unknown key", "did you mean 'pictures'?"),
        (with_line("organisations:", "organizations:"), 2, "unknown key", "'organisations'"),
        (with_line("text: excerpt", "text: exerpt"), 11, "cannot be 'exerpt'", "'excerpt'"),
        (with_line("kind: news", "kind: blog"), 14, "cannot be 'blog'", "news, calendar"),
        (with_line("words: 80", "words: many"), 11, "whole number", ""),
        (with_line("words: 80", "words: 0"), 11, "whole number", ""),
        (with_line("pictures: true", "pictures: maybe"), 11, "true or false", ""),
        (with_line("languages: [en, es]", "languages: en"), 7, "a list", 'languages: ["…"]'),
        (with_line("[en, es]", "[english!]"), 7, "not a language tag", "zh-Hant"),
        (with_line("name: Harbor Legal Aid", "name: 5"), 5, "must be text", 'name: "…"'),
        (with_line("id: casa", "id: Casa Uno"), 19, "cannot be used", "hyphens"),
        (with_line("id: casa", "id: harbor-legal-aid"), 19, "a second organisation", "line 4"),
        (with_line("https://casa.example/feed/", "http://HARBOR.example/feed"), 23, "a second time",
         "harbor-legal-aid"),
        (with_line("https://harbor.example/feed/", "ftp://harbor.example/"), 14, "https://", ""),
        (with_line("https://harbor.example/feed/", "https://me:pw@harbor.example/"), 14,
         "user name or password", ""),
        (with_line("    url: https://casa.example\n", ""), 19, "casa.url is missing", "its own"),
        (with_line("contact: web@harbor.example", "contact: web"), 10, "not an email address", ""),
        (with_line("partners: [casa]", "partners: [caza]"), 4, "'caza'", "did you mean 'casa'?"),
        (with_line("    name: Harbor", "   name: Harbor"), 5, "not valid YAML", "indent"),
        (with_line("{url: https://harbor.example/feed/, ", "{url: [}"), 14, "not valid YAML", ""),
        (with_line("name: Harbor Legal Aid", "name: 'Harbor Legal"), 5, "not valid YAML", "quote"),
        (with_line("name: Harbor Legal Aid", "name: Harbor\x00"), 5, "not valid YAML", ""),
        ("organisations: {a: b}\n", 1, "a list", ""),
        ("- just\n- a list\n", 1, "keys with values", ""),
        ("organisations:\n  - id: a\n    id: b\n", 3, "id is there twice", "keep one"),
        ("a: &a [*a]\n", 1, "unknown key", ""),
    ],
)  # fmt: skip
def test_each_mistake_is_named_with_its_line_and_a_hint(
    text: str, line: int, message: str, hint: str
) -> None:
    with pytest.raises(ConfigError) as caught:
        read(text, "feeds.yaml")
    error = caught.value
    assert message in error.message
    assert error.file == "feeds.yaml"
    assert error.line == line
    assert hint in error.hint
    assert "pw" not in str(error)


def changed(text: str) -> tuple[list[str], list[str]]:
    """The lines that went and those that came, against FULL."""
    before, after = FULL.splitlines(), text.splitlines()
    return [one for one in before if one not in after], [one for one in after if one not in before]


NEW = Organisation(
    id="new-one",
    name="Nueva: «Uno»",
    url="https://new.example",
    languages=("es",),
    contact="a@new.example",
    terms=Terms(text=TextTerms.FULL, pictures=True),
    feeds=(Feed(url="https://new.example/feed"),),
)


def test_adding_an_organisation_changes_nothing_else() -> None:
    text = registry_edit.add_organisations(FULL, NEW)
    assert text.startswith(FULL)
    assert read(text)[2] == NEW


def test_the_first_organisation_makes_the_file() -> None:
    assert read(registry_edit.add_organisations("", NEW)) == (NEW,)
    assert read(registry_edit.add_organisations("# ours\n", NEW)) == (NEW,)


def test_adding_a_feed_keeps_every_comment() -> None:
    feed = Feed(url="https://casa.example/events.ics", kind=FeedKind.CALENDAR)
    text = registry_edit.add_feed(FULL, "casa", feed)
    gone, come = changed(text)
    assert gone == []
    assert len(come) == 1
    assert read(text)[1].feeds[1] == feed


def test_removing_keeps_the_comments_of_the_others() -> None:
    text = registry_edit.remove_organisation(
        FULL.replace("    partners: [casa]\n", ""), "harbor-legal-aid"
    )
    assert "# they prefer links" in text
    assert [one.id for one in read(text)] == ["casa"]
    text = registry_edit.remove_feed(FULL, "https://harbor.example/clinic.ics")
    assert "# they prefer links" in text
    assert "# the clinic" in text
    assert len(read(text)[0].feeds) == 1
    text = registry_edit.remove_feed(FULL, "https://casa.example/feed/")
    assert read(text)[1].feeds == ()


def test_removing_what_others_point_to_is_refused() -> None:
    with pytest.raises(UsageError, match="would break"):
        registry_edit.remove_organisation(FULL, "casa")


def test_changing_a_feed_and_terms() -> None:
    text = registry_edit.change_feed(FULL, "https://casa.example/feed/", paused=True)
    assert read(text)[1].feeds[0].paused
    text = registry_edit.change_feed(
        FULL, "https://harbor.example/clinic.ics", paused=False, url="https://h.example/c"
    )
    assert read(text)[0].feeds[1] == Feed(url="https://h.example/c", kind=FeedKind.CALENDAR)
    assert "# the clinic" in text
    text = registry_edit.change_organisation(
        FULL, "casa", terms=Terms(text=TextTerms.LINK), languages=("es",), name="Casa"
    )
    assert (read(text)[1].name, read(text)[1].terms.word_limit) == ("Casa", 0)


def test_a_file_with_a_mistake_is_never_rewritten() -> None:
    with pytest.raises(ConfigError):
        registry_edit.add_organisations(with_line("topics:", "topic:"), NEW)


def test_a_change_that_would_break_the_file_is_refused() -> None:
    with pytest.raises(UsageError, match="a second time"):
        registry_edit.add_feed(FULL, "casa", Feed(url="https://harbor.example/feed/"))
    with pytest.raises(UsageError, match="already"):
        registry_edit.add_organisations(FULL, read(FULL)[0])
    with pytest.raises(UsageError, match="no organisation"):
        registry_edit.add_feed(FULL, "nobody", Feed(url="https://x.example/"))
    with pytest.raises(UsageError, match="no feed"):
        registry_edit.remove_feed(FULL, "https://nobody.example/")


@pytest.mark.parametrize(
    ("name", "expected"),
    [
        ("Harbor Legal Aid!", "harbor-legal-aid-2"),
        ("Casa del Río", "casa-del-rio"),
        ("دار", "member"),
    ],
)
def test_ids_are_made_of_names(name: str, expected: str) -> None:
    assert registry_edit.slug(name, {"harbor-legal-aid"}) == expected


def _add(root: str, number: str) -> None:
    change.add(
        WorkspaceFiles(Path(root)),
        feed=Feed(url=f"https://m{number}.example/feed"),
        new=Organisation(
            id=f"m{number}",
            name=f"M {number}",
            url=f"https://m{number}.example",
            languages=(),
            feeds=(Feed(url=f"https://m{number}.example/feed"),),
        ),
    )


@pytest.mark.usefixtures("processes")
def test_editors_who_add_at_the_same_time_all_get_in(tmp_path: Path) -> None:
    (tmp_path / "feeds.yaml").write_text(FULL)
    code = "import sys; from tests.members.test_registry import _add; _add(*sys.argv[1:])"
    command = [sys.executable, "-c", code, str(tmp_path)]
    with ExitStack() as stack:
        adding = [stack.enter_context(started([*command, str(number)])) for number in range(4)]
        assert [process.wait(PATIENCE) for process in adding] == [0] * 4
    text = (tmp_path / "feeds.yaml").read_text()
    assert len(read(text)) == 6
    assert text.startswith(FULL)


def test_a_hand_edit_meanwhile_is_not_overwritten(tmp_path: Path) -> None:
    files = WorkspaceFiles(tmp_path)
    files.write("feeds.yaml", FULL)

    def edit(text: str) -> str:
        files.write("feeds.yaml", FULL + "# by hand\n")  # somebody saves while the command works
        return text + "# by the command\n"

    with pytest.raises(AttentionError, match="meanwhile"):
        change.change(files, edit)
    assert files.read("feeds.yaml") == FULL + "# by hand\n"


def test_a_feed_that_is_there_already_is_refused(tmp_path: Path) -> None:
    files = WorkspaceFiles(tmp_path)
    files.write("feeds.yaml", FULL)
    with pytest.raises(UsageError, match="registered already, for casa"):
        change.add(
            files, feed=Feed(url="http://casa.example/feed"), organisation_id="harbor-legal-aid"
        )
