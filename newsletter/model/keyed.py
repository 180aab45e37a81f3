"""Digests of words under a key: without it nobody can try names against what is kept."""

import hmac
from collections.abc import Mapping
from typing import Any

# What was kept until 0.2: digests that anybody could compute.
_UNKEYED = ("fingerprints", "text", "text_hash")


def keyed(key: bytes, words: str) -> str:
    """Return HMAC-SHA256 of the words, in hexadecimal."""
    return hmac.digest(key, words.encode(), "sha256").hex()


def is_unkeyed(limits: Mapping[str, Any]) -> bool:
    """Return whether a revocation's plain values still hold digests that need no key."""
    return any(name in limits for name in _UNKEYED)


def with_keyed(limits: Mapping[str, Any], key: bytes) -> dict[str, Any]:
    """Return a revocation's plain values with each unkeyed digest put under the key.

    The words are not there any more, so the digest itself is: what was known by it still is.
    """
    left = {name: value for name, value in limits.items() if name not in _UNKEYED}
    whole = limits.get("text") or limits.get("text_hash")
    sets = [*limits.get("fingerprints", ()), *([[whole]] if whole else [])]
    before = [sorted(keyed(key, digest) for digest in digests) for digests in sets if digests]
    return {**left, **({"before": before} if before else {})}
