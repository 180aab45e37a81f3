"""What `[[editors]]` say: whom mail goes to, about what, and when not."""

from collections.abc import Callable
from datetime import time

import pytest

from newsletter.config import Config
from newsletter.errors import ConfigError
from newsletter.model.reminder import ReminderKind
from tests.config.test_reader import SMALLEST

Make = Callable[..., Config]


def editors(*tables: str) -> str:
    return SMALLEST + "".join(f"[[editors]]\n{table}\n" for table in tables)


def test_without_an_address_an_editor_hears_nothing(make_config: Make) -> None:
    (ana,) = make_config(editors('name = "Ana"')).editors
    assert not any(ana.is_to_hear(kind) for kind in ReminderKind)


def test_with_an_address_alone_they_hear_all_and_not_at_night(make_config: Make) -> None:
    (ana,) = make_config(editors('name = "Ana"\naddress = "Ana@Bücher.example"')).editors
    assert ana.address == "Ana@bücher.example"
    assert all(ana.is_to_hear(kind) for kind in ReminderKind)
    assert ana.quiet is not None
    assert (ana.quiet.begins, ana.quiet.ends, ana.is_weekly) == (time(20), time(8), False)


def test_what_they_choose_is_what_they_hear(make_config: Make) -> None:
    said = 'name = "Ana"\naddress = "ana@x.example"\nquiet = "never"\nsummary = "weekly"\n'
    (ana,) = make_config(editors(said + 'hears = ["sent", "draft"]')).editors
    assert ana.hears == {ReminderKind.SENT, ReminderKind.DRAFT}
    assert (ana.quiet, ana.is_weekly) == (None, True)
    (ana,) = make_config(editors(said + "hears = []")).editors
    assert not any(ana.is_to_hear(kind) for kind in ReminderKind)


@pytest.mark.parametrize(
    ("lines", "words"),
    [
        ('address = "ana"', "'ana' is not an email address: no @ in it"),
        ('address = "ana, bo@x.example"', "is not an email address"),
        ('address = "a@x.example"\nhears = ["sendt"]', "sent"),
        ('address = "a@x.example"\nquiet = "at night"', "'at night' are no quiet hours"),
        ('address = "a@x.example"\nquiet = "20:00-24:00"', "a time that no clock shows"),
        ('address = "a@x.example"\nquiet = "08:00-08:00"', "would be the whole day"),
        ('hears = ["sent"]', "Ana has no address, and hears nothing"),
        ('quiet = "never"', "Ana has no address, and hears nothing"),
    ],
)
def test_what_cannot_be_meant_is_refused_with_its_line(
    make_config: Make, lines: str, words: str
) -> None:
    with pytest.raises(ConfigError) as caught:
        make_config(editors(f'name = "Ana"\n{lines}'))
    assert words in f"{caught.value.message} {caught.value.hint}"
    assert caught.value.line is not None
    assert caught.value.line >= 8


def test_no_two_editors_have_one_address_or_one_name(make_config: Make) -> None:
    ana = 'name = "Ana"\naddress = "ana@x.example"'
    with pytest.raises(ConfigError, match="two editors have one address"):
        make_config(editors(ana, 'name = "Bo"\naddress = "ANA@x.example"'))
    with pytest.raises(ConfigError, match="two editors who are mailed are named 'ana'"):
        make_config(editors(ana, 'name = "ana"\naddress = "other@x.example"'))
    assert len(make_config(editors('name = "Ana"', 'name = "Ana"')).editors) == 2


def test_a_weekly_summary_needs_a_time(make_config: Make) -> None:
    weekly = editors('name = "Ana"\naddress = "ana@x.example"\nsummary = "weekly"')
    with pytest.raises(ConfigError, match="no time for a weekly summary"):
        make_config(weekly + '[week]\nremind = "never"\n')
    assert make_config(weekly).editors[0].is_weekly
