"""newsletter.toml and the environment become one Config, or one precise error."""

from collections.abc import Callable
from pathlib import Path

import pytest

from newsletter.config import Config, load
from newsletter.config.environment import older_text
from newsletter.errors import ConfigError
from tests.conftest import NEWSLETTER_TOML

Make = Callable[..., Config]

SMALLEST = """\
[coalition]
name = "Small"
[sender]
name = "Small"
address = "news@small.example"
"""


def refused(make: Make, toml: str, **environment: str) -> ConfigError:
    with pytest.raises(ConfigError) as caught:
        make(toml, **environment)
    return caught.value


def test_the_smallest_file_works_with_defaults(make_config: Make) -> None:
    config = make_config(SMALLEST)
    assert config.database_url == "sqlite:///newsletter.db"
    assert config.transport.kind == "outbox"
    assert config.coalition.languages == ("en",)
    assert config.issue.approvals_required == 1


def test_everything_said_in_the_file_arrives(config: Config) -> None:
    assert config.coalition.public_url == "https://news.coalition.example"
    assert config.fetch.allow_private == ("127.0.0.1",)
    assert config.fetch.host_pause_seconds == 0
    assert [editor.name for editor in config.editors] == ["Ana", "Bo"]
    assert [rule.id for rule in config.issue.sections] == ["stories", "events", "news"]
    assert config.issue.sections[0].titles == {"en": "Stories", "es": "Historias"}


def test_words_that_are_right_are_read_from_file_and_environment(tmp_path: Path) -> None:
    (tmp_path / "newsletter.toml").write_text(f'{SMALLEST}[check]\nwords = ["Xochitl"]\n')
    assert load(tmp_path, {}).check.words == ("Xochitl",)
    said = load(tmp_path, {"NEWSLETTER_CHECK_WORDS": "teh, recieve"})
    assert said.check.words == ("teh", "recieve")


def test_a_byte_order_mark_is_no_error(tmp_path: Path) -> None:
    (tmp_path / "newsletter.toml").write_bytes(b"\xef\xbb\xbf" + SMALLEST.encode())
    assert load(tmp_path, {}).coalition.name == "Small"


def test_the_environment_beats_the_file(make_config: Make) -> None:
    config = make_config(
        SMALLEST + '[transport]\nkind = "outbox"\nport = 25\n',
        NEWSLETTER_TRANSPORT="smtp",
        NEWSLETTER_TRANSPORT_HOST="mail.example",
        NEWSLETTER_TRANSPORT_PORT="2525",
        NEWSLETTER_FETCH_ALLOW_PRIVATE="127.0.0.1, 10.0.0.0/8",
        NEWSLETTER_DATABASE_URL="postgresql://localhost/news",
    )
    assert (config.transport.kind, config.transport.host, config.transport.port) == (
        "smtp",
        "mail.example",
        2525,
    )
    assert config.fetch.allow_private == ("127.0.0.1", "10.0.0.0/8")
    assert config.database_url == "postgresql://localhost/news"


def test_a_wrong_value_in_the_environment_names_the_variable(make_config: Make) -> None:
    error = refused(make_config, SMALLEST, NEWSLETTER_TRANSPORT_PORT="many")
    assert "NEWSLETTER_TRANSPORT_PORT" in str(error)


@pytest.mark.parametrize(
    ("variable", "value"),
    [
        ("NEWSLETTER_WEB_URL", "https://a.example/digest"),
        ("NEWSLETTER_DATABASE_URL", "mysql://a/b"),
        ("NEWSLETTER_ISSUE_STALE_DAYS", "-4"),
        ("NEWSLETTER_TRANSPORT_PORT", "99999"),
        ("NEWSLETTER_TRANSPORT", "smpt"),
    ],
)
def test_a_mistake_in_the_environment_is_not_looked_for_in_the_file(
    make_config: Make, variable: str, value: str
) -> None:
    error = refused(make_config, NEWSLETTER_TOML, **{variable: value})
    assert str(error).startswith(f"{variable}: ")
    assert "newsletter.toml" not in str(error)


def test_a_variable_that_is_empty_is_not_set(make_config: Make) -> None:
    empty = {
        "NEWSLETTER_DATABASE_URL": "",
        "NEWSLETTER_TRANSPORT": "",
        "NEWSLETTER_CHECK_WORDS": "",
    }
    assert make_config(NEWSLETTER_TOML, **empty) == make_config(NEWSLETTER_TOML)


def test_secrets_come_from_the_environment_and_are_never_printed(make_config: Make) -> None:
    config = make_config(
        SMALLEST, SENDGRID_API_KEY="SG.api-key", NEWSLETTER_OLDER_SECRET_KEYS="older-1, older-2"
    )
    assert config.secrets.sendgrid_api_key == "SG.api-key"
    assert config.secrets.older_keys == ("older-1", "older-2")
    assert "SG.api-key" not in repr(config)
    assert "older-" not in repr(config)


@pytest.mark.parametrize(
    "older", [("older-1", "older-2"), ("one, of two", "b2"), ("one, alone",), ("a",), ()]
)
def test_older_keys_are_read_as_they_are_written(make_config: Make, older: tuple[str, ...]) -> None:
    config = make_config(SMALLEST, NEWSLETTER_OLDER_SECRET_KEYS=older_text(older))
    assert config.secrets.older_keys == older


def test_a_secret_in_the_file_is_an_unknown_key(make_config: Make) -> None:
    error = refused(make_config, SMALLEST + '[transport]\npassword = "hunter2"\n')
    assert error.line == 7
    assert "environment" in error.hint
    assert "hunter2" not in str(error)


def test_a_missing_file_says_where_it_looked_and_what_to_do(tmp_path: Path) -> None:
    with pytest.raises(ConfigError) as caught:
        load(tmp_path, {})
    assert str(tmp_path) in str(caught.value)
    assert "newsletter init" in caught.value.hint


@pytest.mark.parametrize(
    ("change", "line", "message", "hint"),
    [
        (("timezone", "timezon"), 4, "unknown key 'timezon' in coalition", "'timezone'"),
        (("[fetch]", "[fetsh]"), 17, "unknown key 'fetsh'", "'fetch'"),
        (('name = "Bo"', 'nam = "Bo"'), 26, "unknown key 'nam' in editors[2]", "'name'"),
        (
            ('name = "Bo"', 'name = "Bo"\nemail = "b@x"'),
            27,
            "'email' in editors[2]",
            "use one of: name",
        ),
        (
            ('kind = "events"', 'kind = "events"\nmoist = 3'),
            38,
            "'moist' in issue.sections[2]",
            "'most'",
        ),
        (('["en", "es"]\npostal', '"en"\npostal'), 5, "must be a list", 'languages = ["…"]'),
        (
            ('["en", "es"]\npostal', "[1]\npostal"),
            5,
            "[1] must be text, not a whole number",
            '["…"]',
        ),
        (('["en", "es"]\npostal', '["englisch"]\npostal'), 5, "not a language tag", "BCP 47"),
        (("America/Los_Angeles", "America/Nowhere"), 4, "unknown time zone", "IANA"),
        (("timezone", 'names = {spanish-x = "X"}\ntimezone'), 4, "not a language tag", "es ="),
        (("timezone", 'names = {es = ""}\ntimezone'), 4, "names.es is empty", ""),
        (
            ('reply_to = "', 'discreet_names = {es = "de test coalition"}\nreply_to = "'),
            14,
            "discreet_names names the coalition",
            "name nobody",
        ),
        (('timezone = "', 'logo = "logo.svg"\ntimezone = "'), 4, "no logo_alt", "logo_alt ="),
        (
            ('reply_to = "', 'discreet_name = "Ana of test coalition"\nreply_to = "'),
            14,
            "discreet_name names the coalition",
            "name nobody",
        ),
        (("news@coalition", "news coalition"), 13, "not an email address", ""),
        (("host_pause_seconds = 0", "host_pause_seconds = -1"), 19, "negative", ""),
        (("host_pause_seconds = 0", "workers = 0"), 19, "at least 1", ""),
        (('["127.0.0.1"]', '["localhost"]'), 18, "not an address or network", "10.0.0.0/8"),
        (('id = "events"', 'id = "stories"'), 35, "two sections have the id", ""),
        (('name = "Test Coalition"', 'name = ""'), 2, "coalition.name is empty", ""),
    ],
)
def test_errors_name_the_line_and_the_fix(
    make_config: Make, change: tuple[str, str], line: int, message: str, hint: str
) -> None:
    error = refused(make_config, NEWSLETTER_TOML.replace(*change, 1))
    assert error.file == "newsletter.toml"
    assert message in str(error)
    assert hint in error.hint
    assert error.line == line


def test_broken_toml_names_the_line(make_config: Make) -> None:
    error = refused(make_config, "[coalition]\nname = Harbor\n")
    assert error.line == 2


@pytest.mark.parametrize(
    ("line", "message"),
    [
        ("rate = 0", "transport.rate must be above zero"),
        ("domain_rate = 0.0", "transport.domain_rate must be above zero"),
        ("hold_minutes = 10", "must be 0, or from 11 to 4320"),
        ("hold_minutes = 4321", "must be 0, or from 11 to 4320"),
    ],
)
def test_a_pace_or_a_time_that_no_mail_could_leave_at_is_refused(
    make_config: Make, line: str, message: str
) -> None:
    error = refused(make_config, f"{SMALLEST}[transport]\n{line}\n")
    assert message in str(error)
    assert error.line is not None


@pytest.mark.parametrize(
    ("url", "message"),
    [
        ("https://us.example/news", "web.url has more than a host name in it"),
        ("https://us.example?x=1", "web.url has more than a host name in it"),
        ("us.example", "is not an address"),
        ("https://us..example", "is not an address"),
        ("https://us-.example", "is not an address"),
        ("ftp://us.example", "is not an address"),
        ("https://a@us.example", "is not an address"),
        ("https://us.example:port", "is not an address"),
    ],
)
def test_an_address_where_no_page_could_be_reached_is_refused(
    make_config: Make, url: str, message: str
) -> None:
    error = refused(make_config, f'{SMALLEST}[web]\nurl = "{url}"\n')
    assert message in str(error)
    assert error.line is not None


def test_international_domains_are_kept_as_mail_and_dns_carry_them(make_config: Make) -> None:
    config = make_config(
        SMALLEST.replace("news@small.example", "news@straße.example")
        + '[web]\nurl = "https://news.straße.example/"\n'
    )
    assert config.sender.address.endswith("@xn--strae-oqa.example")
    assert config.coalition.public_url == "https://news.xn--strae-oqa.example"


@pytest.mark.parametrize("kind", ["smpt", "SMTP", ""])
def test_an_unknown_transport_is_refused(make_config: Make, kind: str) -> None:
    error = refused(make_config, SMALLEST + f'[transport]\nkind = "{kind}"\n')
    assert "smtp" in error.hint


def test_smtp_needs_a_host(make_config: Make) -> None:
    error = refused(make_config, SMALLEST + '[transport]\nkind = "smtp"\n')
    assert "transport.host is missing" in str(error)
    assert error.line == 7


@pytest.mark.parametrize("host", ["db..internal", ".db", "a" * 64, "db:x", "db:99999", "[::1"])
def test_a_server_of_a_database_that_can_be_none_is_refused(make_config: Make, host: str) -> None:
    url = f"postgresql://u:pass/word@{host}/digest"
    error = refused(make_config, SMALLEST + f'[database]\nurl = "{url}"\n')
    assert f"{host!r} is no server of a database" in error.message
    assert error.line == 7
    assert "pass" not in error.message


@pytest.mark.parametrize(
    "rest",
    [
        "/digest",
        "db/digest",
        "u:p@db.internal.:5433/x",
        "u@[::1]:5432/x",
        "a,b:5433/x",
        "/x?host=/tmp",
    ],
)
def test_every_way_to_name_a_postgresql_is_taken(make_config: Make, rest: str) -> None:
    url = f"postgresql://{rest}"
    assert make_config(SMALLEST + f'[database]\nurl = "{url}"\n').database_url == url


@pytest.mark.parametrize("url", ["mysql://x/y", "newsletter.db", "sqlite://"])
def test_another_database_is_refused(make_config: Make, url: str) -> None:
    error = refused(make_config, SMALLEST + f'[database]\nurl = "{url}"\n')
    assert error.line == 7


def test_names_by_language_are_the_senders_too_where_both_have_one_name(make_config: Make) -> None:
    toml = NEWSLETTER_TOML.replace("[coalition]", '[coalition]\nnames = {es = "Prueba"}', 1)
    coalition, sender = make_config(toml).coalition, make_config(toml).sender
    assert coalition.in_language("es").name == "Prueba"
    own = toml.replace("reply_to", 'names = {ar = "تجربة"}\nreply_to', 1)
    assert make_config(own).sender.names == {**sender.names, "ar": "تجربة"}
    assert sender.names == ({"es": "Prueba"} if sender.name == coalition.name else {})
