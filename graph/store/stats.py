"""What the store holds: counts by label and type, and a digest of its domain content.

The digest is the sum of one hash per element, so it depends neither on the engine, nor on the
order in which elements were loaded or are read. Bookkeeping (labels Batch, FormerRow, Store;
properties that begin with ``_``) is no part of it.
"""

from __future__ import annotations

import hashlib
import json
from typing import TYPE_CHECKING, Any

from graph.store.schema import NODE_TYPES
from graph.store.temporal import as_json
from graph.store.transport import WHOLE_STORE

if TYPE_CHECKING:
    from graph.store.connection import Graph

BOOKKEEPING = frozenset(t.label for t in NODE_TYPES if t.bookkeeping)
_MODULUS = 1 << 256


def stats(graph: Graph) -> dict[str, Any]:
    """``nodes`` and ``relationships`` (counts), ``bookkeeping`` (counts) and ``digest``."""
    counts = {row.label: row.n for row in graph.read("count_nodes").rows}
    return {
        "nodes": {label: n for label, n in sorted(counts.items()) if label not in BOOKKEEPING},
        "relationships": {r.type: r.n for r in graph.read("count_relationships").rows},
        "bookkeeping": {label: counts.get(label, 0) for label in sorted(BOOKKEEPING)},
        "digest": digest(graph),
    }


def digest(graph: Graph) -> str:
    """The content hash of the domain graph: 64 hexadecimal digits."""
    total = 0
    for label, props, leaving in graph.stream("all_nodes", timeout=WHOLE_STORE):
        if label not in BOOKKEEPING:
            total += node_hash(label, props)
            key = props["key"]
            total += sum(_hash([type_, label, key, *end]) for type_, *end in leaving)
    return f"{total % _MODULUS:064x}"


def node_hash(label: str, props: dict[str, Any]) -> int:
    """The hash of one node; bookkeeping properties are left out."""
    kept = {name: _plain(v) for name, v in props.items() if not name.startswith("_")}
    return _hash([label, {name: v for name, v in kept.items() if v is not None}])


def _plain(value: Any) -> Any:
    """One form for what the engines may return in two: 3.0 and 3 are the same number."""
    return int(value) if isinstance(value, float) and value.is_integer() else as_json(value)


def _hash(element: Any) -> int:
    text = json.dumps(element, sort_keys=True, ensure_ascii=False, separators=(",", ":"))
    return int.from_bytes(hashlib.sha256(text.encode()).digest())
