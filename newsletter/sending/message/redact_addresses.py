"""Servers repeat the address they refuse: it must not live on in answers after its reader left."""

import re

_ADDRESS = re.compile(r"[^\s<>()\[\]\"',;:\\]+@[^\s<>()\[\]\"',;:\\]+")
_SHORTEST = 3  # letters of a mailbox name that are looked for by themselves
HIDDEN = "(address)"


def without_addresses(text: str, *known: str) -> str:
    """Hide everything in a text that looks like an address, and the mailbox names of the
    `known` addresses too: some servers say only `no such user ana.reyes`."""
    text = _ADDRESS.sub(HIDDEN, text)
    for address in known:
        mailbox = address.rpartition("@")[0]
        if len(mailbox) >= _SHORTEST:
            alone = re.compile(rf"(?<!\w){re.escape(mailbox)}(?!\w)", re.IGNORECASE)
            text = HIDDEN.join(alone.sub(HIDDEN, part) for part in text.split(HIDDEN))
    return text


def storable(text: str) -> str:
    """Return a text without what no database takes: zeros, and halves of letters."""
    return text.replace("\0", "").encode("utf-8", "replace").decode("utf-8")
