"""Keyed pseudonyms: the same person gets the same one here, and nobody can turn it back."""

from __future__ import annotations

import hashlib
import hmac
import os
import secrets
import unicodedata
from collections.abc import Iterable
from pathlib import Path


class Pseudonyms:
    """Pseudonyms under the key of a home folder; the key is made once, in a 0600 file.

    With ``writes`` false nothing is made: where there is no key yet, one that nobody keeps serves.
    """

    def __init__(self, home: Path, *, writes: bool = True) -> None:
        path = home / "pseudonym.key"
        if not writes and not path.exists():
            self._key = secrets.token_bytes(32)
            return
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

    def mark(self, said: str) -> str:
        """Thirty-two hex digits that stand for ``said`` exactly as it is written."""
        return hmac.new(self._key, said.encode(), hashlib.sha256).hexdigest()[24:56]


class SecretIds:
    """Ids of rows that were refused for secrecy, as keyed hashes in a 0600 file.

    What depends on such a row is refused in later loads too, although the id itself is kept
    nowhere.
    """

    def __init__(self, home: Path, source: str, pseudonyms: Pseudonyms) -> None:
        self._path = home / "secret.ids"
        self._source, self._pseudonyms = source, pseudonyms
        try:
            self._known = set(self._path.read_text(encoding="ascii").split())
        except FileNotFoundError:
            self._known = set()
        self._seen: dict[tuple[str, str], bool] = {}

    def __bool__(self) -> bool:
        return bool(self._known)

    def holds(self, label: str, id_: str) -> bool:
        """Whether a row of that id was refused."""
        place = (label, id_)
        if place not in self._seen:
            self._seen[place] = self._mark(label, id_) in self._known
        return self._seen[place]

    def change(self, refused: Iterable[tuple[str, str]], stood: Iterable[tuple[str, str]]) -> None:
        """Remember what was refused, forget what stood after all (label and id)."""
        wanted = self._known | {self._mark(*place) for place in refused}
        wanted -= {self._mark(*place) for place in stood}
        if wanted == self._known:
            return
        fresh = self._path.with_suffix(".new")
        descriptor = os.open(fresh, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600)
        with os.fdopen(descriptor, "w", encoding="ascii") as file:
            file.writelines(f"{mark}\n" for mark in sorted(wanted))
        fresh.replace(self._path)
        self._known = wanted
        self._seen = {}

    def _mark(self, label: str, id_: str) -> str:
        return self._pseudonyms.mark(f"{self._source}/{label}/{id_}")
