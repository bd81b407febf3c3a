"""Names for the office's own use, in a 0600 file of their own; kept only where a setting says so.

A name stands under the pseudonym of its row, or under the row's key where the table has no
pseudonym. Nothing else of the product reads this file.
"""

from __future__ import annotations

import os
import sqlite3
from pathlib import Path
from typing import Any

from graph.errors import InputError
from graph.store.schema import NodeType
from loaders.rows import Read
from loaders.tables import SourceRow
from loaders.values import ValueFault, text


class Names:
    """The names of the rows of one load; nothing stays before :meth:`keep`."""

    def __init__(self, home: Path) -> None:
        path = home / "names.sqlite"
        os.close(os.open(path, os.O_CREAT | os.O_RDWR, 0o600))
        self._base = sqlite3.connect(path)
        # No name is to reach a temporary file.
        self._base.execute("PRAGMA temp_store = MEMORY")
        self._base.execute(
            "CREATE TABLE IF NOT EXISTS names (pseudonym TEXT, field TEXT, value TEXT, "
            "PRIMARY KEY (pseudonym, field, value))"
        )
        self._base.execute(
            "CREATE TEMP TABLE fresh (label TEXT, at INTEGER, p TEXT, f TEXT, v TEXT)"
        )

    def add(self, node_type: NodeType, at: int, source: SourceRow, read: Read) -> None:
        """Note the names of a row that has no fault, at a position of its table."""
        if read.row is None:
            return
        props = read.row["props"]
        hidden = [c.name for c in node_type.columns if c.pseudonym]
        pseudonym = next((props[c] for c in hidden if c in props), read.row["key"])
        for column in node_type.columns:
            if column.personal and (given := source.values.get(column.name)) is not None:
                try:
                    value = text(given)
                except ValueFault:
                    continue
                entry = (node_type.label, at, pseudonym, column.name, value)
                self._base.execute("INSERT INTO fresh VALUES (?, ?, ?, ?, ?)", entry)

    def keep(self, refused: dict[str, list[int]]) -> None:
        """Keep the names of all rows but the refused ones (positions by label)."""
        for label, places in refused.items():
            self._base.executemany(
                "DELETE FROM fresh WHERE label = ? AND at = ?", [(label, at) for at in places]
            )
        self._base.execute("INSERT OR IGNORE INTO names SELECT p, f, v FROM fresh")
        self._base.commit()

    def close(self) -> None:
        """Close the file; what was not kept is gone."""
        self._base.close()


def names_of(home: Path, pseudonym: str) -> dict[str, Any]:
    """``pseudonym`` and ``names`` (field and value). Raises InputError ``names.none``."""
    path = home / "names.sqlite"
    rows: list[tuple[str, str]] = []
    if path.exists():
        base = sqlite3.connect(path)
        try:
            rows = base.execute(
                "SELECT field, value FROM names WHERE pseudonym = ? ORDER BY field, value",
                (pseudonym,),
            ).fetchall()
        finally:
            base.close()
    if not rows:
        raise InputError("names.none", pseudonym=pseudonym)
    names = [{"field": field, "value": value} for field, value in rows]
    return {
        "as_of": None,
        "pseudonym": pseudonym,
        "total": len(names),
        "shown": len(names),
        "truncated": False,
        "names": names,
    }
