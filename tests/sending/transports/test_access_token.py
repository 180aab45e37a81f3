"""Access tokens: from a command each time, and never repeated."""

import pytest

from newsletter.errors import ConfigError, ServiceError
from newsletter.sending.transports.access_token import access_token


def test_a_command_makes_one_each_time_and_comes_before_a_token() -> None:
    made = access_token("X", token="old", command="printf '%s' \"a.b-c\"")
    assert made is not None
    assert made() == "a.b-c"
    named = access_token("X", token="old", command="")
    assert named is not None
    assert named() == "old"
    assert access_token("X", token="", command="") is None


@pytest.mark.parametrize(
    ("command", "words"),
    [
        ("no-such-program-at-all", "X_COMMAND cannot be run"),
        ("sh -c 'echo a.secret; echo expired >&2; exit 3'", "X_COMMAND failed: expired"),
        ("echo one two", "prints no access token"),
        ("true", "prints no access token"),
    ],
)
def test_a_command_that_makes_none_is_named_and_its_output_is_not(command: str, words: str) -> None:
    made = access_token("X", token="", command=command)
    assert made is not None
    with pytest.raises(ServiceError, match=words) as caught:
        made()
    assert "secret" not in f"{caught.value} {caught.value.hint}"


def test_a_command_with_an_open_quote_is_a_wrong_setting() -> None:
    made = access_token("X", token="", command="echo 'x")
    assert made is not None
    with pytest.raises(ConfigError, match="X_COMMAND"):
        made()
