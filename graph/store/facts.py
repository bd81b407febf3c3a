"""What a store knows of itself: rulebook version, synthetic or real, the state of the checks."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from graph.store.connection import Graph


def store_facts(graph: Graph) -> dict[str, Any]:
    """The store's facts; empty for an empty store."""
    found = graph.read("former_stores", keys=["store"]).one()
    facts: dict[str, Any] = json.loads(found.props["facts"]) if found else {}
    return facts


def save_facts(graph: Graph, facts: dict[str, Any]) -> None:
    """Write the store's facts."""
    props = {"key": "store", "id": "store", "facts": json.dumps(facts, ensure_ascii=False)}
    graph.write("load_stores", rows=[{"key": "store", "props": props}])
