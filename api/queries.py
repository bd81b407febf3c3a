"""One query of the catalogue, run for the command line or for HTTP."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from graph.errors import InputError
from graph.settings import settings
from graph.store.connection import Graph


def run_query(graph: Graph, name: str, params: Mapping[str, Any], limit: int) -> dict[str, Any]:
    """The answer of a read query, at most ``limit`` rows (0: as many as the row cap lets through).

    ``total`` is None when the answer was cut before it was counted. Raises InputError for an
    unknown query, one that writes, and a wrong parameter.
    """
    if name in graph.catalogue:
        # Before the call, because ``rows`` and ``timeout`` would bound the read itself.
        query = graph.catalogue[name]
        for given in params:
            if given not in query.params:
                known = ", ".join(query.params) or "–"
                raise InputError("read.unknown_param", query=name, name=given, params=known)
    found = graph.read(name, rows=limit + 1 if limit else settings().query_rows, **params)
    rows = [row.as_dict() for row in found.rows]
    shown = rows[:limit] if limit else rows
    truncated = found.truncated or len(shown) < len(rows)
    total: int | None = None if truncated else len(rows)
    if rows and isinstance(rows[0].get("total"), int):
        total = rows[0]["total"]
        truncated = truncated or len(shown) < rows[0]["total"]
    return {
        "as_of": found.as_of,
        "query": name,
        "total": total,
        "shown": len(shown),
        "truncated": truncated,
        "rows": shown,
    }
