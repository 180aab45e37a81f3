"""Design tokens are read strictly: a typing mistake is an error with its name."""

import copy
import tomllib
from typing import Any

import pytest

from newsletter.errors import ConfigError
from newsletter.rendering.contrast import faint_pairs, ratio
from newsletter.rendering.templates import shipped_folder
from newsletter.rendering.tokens import read_tokens

SHIPPED: dict[str, Any] = tomllib.loads((shipped_folder() / "tokens.toml").read_text())


def test_the_shipped_tokens_can_be_read_in_light_and_dark() -> None:
    assert list(faint_pairs(read_tokens(SHIPPED, file="tokens.toml"))) == []


@pytest.mark.parametrize(
    ("table", "key", "value", "words"),
    [
        ("light", "text", "red", "light.text must be #rrggbb"),
        ("light", "txt", "#000000", "unknown token light.txt"),
        ("type", "size", "16px", "type.size must be a number"),
        ("type", "family", "'Open Sans', x; }", "type.family must be font names"),
        ("space", "side", -1, "space.side must be a number"),
    ],
)
def test_a_mistake_is_named(table: str, key: str, value: object, words: str) -> None:
    data = copy.deepcopy(SHIPPED)
    data[table][key] = value
    with pytest.raises(ConfigError, match=words):
        read_tokens(data, file="tokens.toml")


def test_what_is_missing_is_named() -> None:
    data = copy.deepcopy(SHIPPED)
    del data["dark"]["link"]
    with pytest.raises(ConfigError, match=r"dark\.link is missing"):
        read_tokens(data, file="tokens.toml")
    with pytest.raises(ConfigError, match=r"\[dark\] is missing"):
        read_tokens({**SHIPPED, "dark": 1}, file="tokens.toml")
    with pytest.raises(ConfigError, match=r"unknown table \[drak\]"):
        read_tokens({**SHIPPED, "drak": {}}, file="tokens.toml")


def test_contrast_is_wcags() -> None:
    assert ratio("#000000", "#ffffff") == pytest.approx(21)
    assert ratio("#777777", "#ffffff") == pytest.approx(4.48, abs=0.01)
