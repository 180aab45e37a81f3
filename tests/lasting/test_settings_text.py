"""newsletter.toml names another database, and nothing else in it changes."""

import tomllib

import pytest

from newsletter.lasting.settings_text import with_database

URL = "postgresql://news@db.example/news"


@pytest.mark.parametrize(
    "text",
    [
        '[coalition]\nname = "Ñ"\n',
        '[database]\nurl = "sqlite:///newsletter.db"     # or PostgreSQL\n[web]\nurl = "https://x"\n',
        '[web]\nurl = "https://x"\n\n[database]\n# nothing yet\n',
        '[web]\nurl = "https://x"\n  [database]\n  url="sqlite:///n.db"\n',
    ],
)
def test_the_address_stands_under_database(text: str) -> None:
    changed = with_database(text, URL)
    before, after = tomllib.loads(text), tomllib.loads(changed)
    assert after["database"]["url"] == URL
    assert {**after, "database": None} == {**before, "database": None}
    assert all(line in changed for line in text.splitlines() if "sqlite" not in line)


@pytest.mark.parametrize("value", ['"a#b"', "'a'"])
@pytest.mark.parametrize("comment", ["  # or PostgreSQL", "# it's Ana's", ' # not "b"'])
def test_a_comment_beside_it_stays(value: str, comment: str) -> None:
    changed = with_database(f"[database]\nurl = {value}{comment}\n", URL)
    assert changed == f'[database]\nurl = "{URL}"{comment}\n'
