"""What load and undo keep beside the domain: former values, references that wait, the order.

Also what a changed row touches, for the next check.
"""

from __future__ import annotations

import datetime as dt
import json
from collections import defaultdict
from collections.abc import Callable, Iterator
from typing import Any

from graph.store.connection import Graph
from graph.store.generate import stem
from graph.store.schema import BY_LABEL, NodeType
from graph.store.temporal import as_json
from graph.store.transport import WHOLE_STORE
from loaders.rows import parent

CHUNK = 10_000
"""Rows of one transaction at most."""
ORDER_CHUNK = 2_000
"""Cases or leads whose order is rebuilt in one transaction."""
ORDERED = {"Event": "Case", "Step": "Lead"}
"""Labels that are chained by NEXT, and what they are chained in."""
TOUCHING = {
    **{
        (label, "Case"): "touch_cases"
        for label in (
            "Party",
            "Event",
            "Document",
            "FieldValue",
            "Participant",
            "Property",
            "Problem",
            "Lead",
        )
    },
    ("Charge", "Party"): "touch_parties",
    ("Measure", "Party"): "touch_parties",
    ("PropertyMovement", "Property"): "touch_properties",
    ("Notice", "Correction"): "touch_corrections",
    ("Reply", "Notice"): "touch_notices",
    ("Correction", "Problem"): "touch_problems",
    ("Disposition", "Problem"): "touch_problems",
    ("Step", "Lead"): "touch_leads",
}
"""What a row belongs to, and the statement that notes its case as touched."""
Progress = Callable[[str, int], None]
"""Told the name of a table (``*`` while all are read and checked) and how many rows went by."""


def parts(things: list[Any], size: int) -> Iterator[list[Any]]:
    """A list in portions."""
    for at in range(0, len(things), size):
        yield things[at : at + size]


def former_key(batch: str, label: str, key: str) -> str:
    """The key of the values that a batch replaced."""
    return f"{batch}/{label}/{key}"


def former_rows(
    graph: Graph, node_type: NodeType, keys: list[str], batch: str, waiting: list[Any]
) -> list[dict[str, Any]]:
    """The values that rows have now, as rows of the register under ``batch``.

    ``waiting`` are their pending references. ``_types`` says which properties are dates (d) and
    instants (t), since the values are JSON.
    """
    pending: dict[str, dict[str, list[str]]] = defaultdict(lambda: defaultdict(list))
    for p in waiting:
        pending[p.node_key][p.column].append(p.wanted.partition("/")[2])
    rows = []
    for found in graph.read(f"former_{stem(node_type)}", keys=keys):
        named: dict[str, list[str]] = defaultdict(list)
        for column, target in found.named:
            named[column].append(target)
        values = {**found.props, "_named": named}
        if found.key in pending:
            values["_pending"] = pending[found.key]
        key = former_key(batch, node_type.label, found.key)
        props = {
            "key": key,
            "id": key,
            "source": found.props["source"],
            "label": node_type.label,
            "node_key": found.key,
            "values": json.dumps(as_json(values), ensure_ascii=False, sort_keys=True),
            "_types": [
                f"{'t' if isinstance(v, dt.datetime) else 'd'}:{name}"
                for name, v in found.props.items()
                if isinstance(v, dt.date)
            ],
            "_batch": batch,
        }
        rows.append({"key": key, "props": props})
    return rows


def touching(label: str, named: dict[str, list[str]]) -> Iterator[tuple[str, list[str]]]:
    """The statements that note the cases of a row as touched, with the keys that it names."""
    for r in BY_LABEL[label].references:
        if statement := TOUCHING.get((label, r.target)):
            yield statement, named.get(r.column, [])


def former_parents(graph: Graph, label: str, batch: str) -> set[str]:
    """Cases or leads that rows of a label belonged to before ``batch`` changed them."""
    owner = parent(BY_LABEL[label])
    column = owner.column if owner else ""
    found: set[str] = set()
    for row in graph.stream("unfinished_former_rows", timeout=WHOLE_STORE, batches=[batch]):
        if row.label == label:
            found.update(json.loads(row.values).get("_named", {}).get(column, ()))
    return found


def pending_row(
    label: str, key: str, column: str, wanted: str, source: str, batch: str, row: int | None
) -> dict[str, Any]:
    """A reference that waits, as a load statement takes it; ``wanted`` is label/key."""
    name = f"{label}/{key}/{column}/{wanted}"
    props = {
        "key": name,
        "id": name,
        "source": source,
        "label": label,
        "node_key": key,
        "column": column,
        "wanted": wanted,
        "_batch": batch,
        "_row": row,
    }
    return {"key": name, "props": props}


def put_in_order(
    graph: Graph, label: str, keys: set[str], *, forget: bool, progress: Progress
) -> None:
    """Rebuild the NEXT order of the events of cases, or the steps of leads."""
    kind = label.lower()
    for part in parts(sorted(keys), ORDER_CHUNK):
        if forget:
            graph.write(f"forget_{kind}_order", keys=part)
        graph.write(f"next_{kind}s", keys=part)
        progress("NEXT", len(part))
