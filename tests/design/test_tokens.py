"""Design tokens are read strictly: a typing mistake is an error with its name."""

import copy
import tomllib
from pathlib import Path
from typing import Any

import pytest

from newsletter.design.contrast import faint_pairs, ratio
from newsletter.design.templates import Templates, shipped_folder
from newsletter.design.tokens import Tokens, read_tokens, script_of
from newsletter.errors import ConfigError

SHIPPED: dict[str, Any] = tomllib.loads((shipped_folder() / "tokens.toml").read_text())


def test_the_shipped_tokens_can_be_read_in_light_and_dark() -> None:
    assert list(faint_pairs(read_tokens({}, shipped=SHIPPED, file="tokens.toml"))) == []


@pytest.mark.parametrize(("grey", "is_faint"), [("#767676", False), ("#777777", True)])
def test_what_is_faint_begins_at_wcags_4_5_to_1(grey: str, is_faint: bool) -> None:
    data = copy.deepcopy(SHIPPED)
    data["light"] |= {"muted": grey, "page": "#ffffff", "soft": "#ffffff", "alert": "#ffffff"}
    faint = faint_pairs(read_tokens(data, shipped=SHIPPED, file="tokens.toml"))
    assert ({one.ink for one in faint} == {"muted"}) is is_faint


@pytest.mark.parametrize(
    ("table", "key", "value", "words"),
    [
        ("light", "text", "red", "light.text must be #rrggbb"),
        ("light", "txt", "#000000", "unknown token light.txt"),
        ("type", "size", "16px", "type.size must be a number"),
        ("type", "family", "'Open Sans', x; }", "type.family must be font names"),
        ("space", "side", -1, "space.side must be a number"),
        ("type", "leading", 155, "type.leading must be a number from 1 to 3"),
        ("type", "Arab", {"scale": "big"}, "type.Arab.scale must be a number"),
        ("type", "Arab", {"siez": 19}, "unknown token type.Arab.siez"),
    ],
)
def test_a_mistake_is_named(table: str, key: str, value: object, words: str) -> None:
    data = copy.deepcopy(SHIPPED)
    data[table][key] = value
    with pytest.raises(ConfigError, match=words):
        read_tokens(data, shipped=SHIPPED, file="tokens.toml")


def test_a_table_that_is_none_or_unknown_is_named() -> None:
    with pytest.raises(ConfigError, match=r"\[dark\] must be a table"):
        read_tokens({"dark": 1}, shipped=SHIPPED, file="tokens.toml")
    with pytest.raises(ConfigError, match=r"unknown table \[drak\]"):
        read_tokens({"drak": {}}, shipped=SHIPPED, file="tokens.toml")


def test_a_file_may_change_one_token_alone(tmp_path: Path) -> None:
    (tmp_path / "tokens.toml").write_text('[light]\nband = "#112233"\n')
    tokens = Templates((tmp_path, shipped_folder())).tokens
    assert tokens.light.band == "#112233"
    assert tokens.light.page == SHIPPED["light"]["page"]
    assert tokens.space.side == SHIPPED["space"]["side"]


@pytest.mark.parametrize(
    ("language", "script"),
    [
        ("ar", "Arab"), ("fa-AF", "Arab"), ("ku-Arab", "Arab"), ("ku", "Latn"), ("pa-PK", "Arab"),
        ("es", "Latn"), ("yi", "Hebr"), ("zh-TW", "Hant"), ("x-unheard-of", "Latn"),
    ],
)  # fmt: skip
def test_a_language_is_set_in_the_type_of_its_script(language: str, script: str) -> None:
    assert script_of(language) == script


def test_arabic_has_letters_of_its_own_that_grow_with_everybodys(tmp_path: Path) -> None:
    def tokens(own: str) -> Tokens:
        (tmp_path / "tokens.toml").write_text(own)
        return Templates((tmp_path, shipped_folder())).tokens

    shipped = tokens("")
    arabic = shipped.type_for("ar")
    assert arabic.family.startswith("Segoe UI")
    assert arabic.leading > shipped.type.leading
    assert arabic.size > shipped.type.size == shipped.type_for("es").size
    assert tokens("[type]\nsize = 25\nfamily = 'Verdana'\n").type_for("ar").size == 27
    assert tokens("[type]\nfamily = 'Verdana'\n").type_for("ar").family == arabic.family
    own = tokens("[type.Arab]\nfamily = 'Amiri'\n[type.Hebr]\nscale = 110\n")
    assert own.type_for("ar").family == "Amiri"
    assert own.type_for("ar").leading == arabic.leading
    assert own.type_for("he").size == 19
    assert own.type_for("he").family == own.type.family


def test_a_file_that_is_not_toml_is_named_with_its_line(tmp_path: Path) -> None:
    (tmp_path / "tokens.toml").write_text("[light]\nband = #112233\n")
    with pytest.raises(ConfigError, match="Invalid value") as caught:
        _ = Templates((tmp_path, shipped_folder())).tokens
    assert (caught.value.file, caught.value.line) == (str(tmp_path / "tokens.toml"), 2)


def test_contrast_is_wcags() -> None:
    assert ratio("#000000", "#ffffff") == pytest.approx(21)
    assert ratio("#777777", "#ffffff") == pytest.approx(4.48, abs=0.01)
