"""docs/configuration.md names every key and every secret."""

import inspect
import re
from dataclasses import fields
from pathlib import Path

import pytest

import newsletter.config.editors
import newsletter.config.environment
import newsletter.config.publisher
import newsletter.config.reader
from newsletter.config.settings import (
    FetchSettings,
    IssueSettings,
    StorySettings,
    TransportSettings,
)

PAGE = (Path(__file__).parents[2] / "docs" / "configuration.md").read_text(encoding="utf-8")
MODULES = (newsletter.config.reader, newsletter.config.publisher, newsletter.config.editors)
SOURCE = "".join(map(inspect.getsource, MODULES))
ENVIRONMENT = inspect.getsource(newsletter.config.environment) + SOURCE
NAMED = re.findall(r"(?:table|section|web|database)\.\w+\(\s*\"(\w+)\"", SOURCE)
SETTINGS = (FetchSettings, IssueSettings, StorySettings, TransportSettings)  # a field, a key
KEYS = sorted({*NAMED, *(field.name for kind in SETTINGS for field in fields(kind))})
SECRETS = sorted(set(re.findall(r"environ\.get\(\"(\w+)\"", ENVIRONMENT)))


@pytest.mark.parametrize("key", KEYS)
def test_a_key_of_newsletter_toml_is_explained(key: str) -> None:
    assert f"`{key}`" in PAGE or f"[{key}]" in PAGE or f".{key}]" in PAGE


@pytest.mark.parametrize("name", SECRETS)
def test_a_variable_is_explained(name: str) -> None:
    assert f"`{name}`" in PAGE


def test_the_test_found_the_keys() -> None:
    assert {"postal_address", "allow_private", "rate", "most", "hears"} <= set(KEYS)
    assert "SENDGRID_API_KEY" in SECRETS
