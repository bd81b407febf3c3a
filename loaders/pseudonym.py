"""Keyed pseudonyms: the same person gets the same one here, and nobody can turn it back."""

from __future__ import annotations

import hashlib
import hmac
import os
import secrets
import unicodedata
from pathlib import Path


class Pseudonyms:
    """Pseudonyms under the key of a home folder; the key is made once, in a 0600 file."""

    def __init__(self, home: Path) -> None:
        path = home / "pseudonym.key"
        home.mkdir(mode=0o700, parents=True, exist_ok=True)
        try:
            descriptor = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
        except FileExistsError:
            pass
        else:
            with os.fdopen(descriptor, "w", encoding="ascii") as file:
                file.write(secrets.token_hex(32))
        self._key = bytes.fromhex(path.read_text(encoding="ascii"))

    def of(self, identity: str) -> str:
        """Twenty-four hex digits that stand for ``identity``; width and case make no difference."""
        plain = unicodedata.normalize("NFKC", identity).strip().upper()
        return hmac.new(self._key, plain.encode(), hashlib.sha256).hexdigest()[:24]
