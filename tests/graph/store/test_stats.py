"""The digest depends on content alone."""

from __future__ import annotations

import datetime as dt
from typing import Any

from graph import Graph
from graph.store.stats import digest, stats

SAME = "41da514b438fda8e9be3705e8e1a43a3f9e021f36889d00a8ead84514b77e9e1"


def row(name: str, number: int, props: dict[str, Any], **targets: str | None) -> dict[str, Any]:
    key = f"d/{name}{number}"
    kept = {"key": key, "id": f"{name}{number}", "source": "d", **props}
    return {"key": key, "props": {**kept, "_batch": "b", "_row": number, "_hash": "x"}, **targets}


ACCEPTED = {
    "accepted": dt.datetime(2024, 1, 1, 8, tzinfo=dt.UTC),
    "accepted_on": dt.date(2024, 1, 1),
    "attr_x": 3.5,
    "l": ["a", "b"],
}
CASES = [row("c", n, ACCEPTED, handler=None) for n in range(50)]
NODES = [row("n", 1, {})]
EVENTS = [
    row("e", n, {"occurred_on": dt.date(2024, 1, 1 + n % 9)}, case=f"d/c{n % 50}", node="d/n1")
    for n in range(500)
]


def fill(graph: Graph, turn: int) -> None:
    for name, rows in [("create_cases", CASES), ("create_process_nodes", NODES)][::turn]:
        graph.write(name, rows=rows[::turn])
    graph.write("create_events", rows=EVENTS[::turn])
    graph.write("next_events", keys=[c["key"] for c in CASES])


def test_one_digest_whatever_the_order_and_the_engine(empty_graph: Graph) -> None:
    fill(empty_graph, 1)
    found = stats(empty_graph)
    assert found["nodes"] == {"Case": 50, "Event": 500, "ProcessNode": 1}
    assert found["relationships"] == {"AT": 500, "NEXT": 450, "OF": 500}
    assert found["digest"] == SAME
    empty_graph.write("load_events", rows=EVENTS[:50])
    empty_graph.write("forget_event_order", keys=[c["key"] for c in CASES])
    empty_graph.write("next_events", keys=[c["key"] for c in CASES])
    assert digest(empty_graph) == SAME
    empty_graph.wipe()
    fill(empty_graph, -1)
    assert digest(empty_graph) == SAME


def test_a_change_changes_the_digest_and_bookkeeping_does_not(empty_graph: Graph) -> None:
    fill(empty_graph, 1)
    empty_graph.write("load_batches", rows=[row("b", 1, {"state": "DONE"})])
    others = {"FormerRow": 0, "PendingReference": 0, "Store": 0}
    assert stats(empty_graph)["bookkeeping"] == {"Batch": 1, **others}
    other = row("e", 0, {"occurred_on": dt.date(2024, 1, 1)}, case="d/c1", node="d/n1")
    other["props"]["_batch"] = "another"
    assert digest(empty_graph) == SAME
    empty_graph.write("load_events", rows=[other])
    moved = digest(empty_graph)
    assert moved != SAME
    empty_graph.write("load_cases", rows=[row("c", 0, {**ACCEPTED, "l": ["a", "c"]})])
    assert digest(empty_graph) not in {SAME, moved}
