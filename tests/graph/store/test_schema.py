"""The declared schema is sound, and its generated statements do what they promise."""

from __future__ import annotations

from typing import Any

import cypher
from graph import Graph
from graph.store import generate
from graph.store.schema import BY_LABEL, NODE_TYPES, loading_order


def test_generated_statements_are_up_to_date() -> None:
    there = {p.stem: p.read_text("utf-8") for p in (cypher.ROOT / "schema").glob("*.cypher")}
    assert there == generate.statements()


def test_every_reference_leads_to_a_declared_type() -> None:
    for node_type in NODE_TYPES:
        names = [c.name for c in node_type.columns] + [r.column for r in node_type.references]
        assert len(names) == len(set(names)), node_type.label
        assert all(r.target in BY_LABEL for r in node_type.references), node_type.label
        made = [(r.type, r.target, r.inward) for r in node_type.references]
        assert len(made) == len(set(made)), node_type.label


def test_required_targets_load_first() -> None:
    order = [t.label for t in loading_order()]
    assert len(order) == len({t.label for t in NODE_TYPES if t.table})
    for node_type in loading_order():
        for reference in node_type.references:
            if reference.required and reference.target in order:
                assert order.index(reference.target) < order.index(node_type.label)


def row(key: str, batch: str = "b1", **targets: str | None) -> dict[str, Any]:
    props = {"key": key, "id": key, "source": "d", "_batch": batch, "_row": 7, "_hash": "h"}
    return {"key": key, "props": props, **targets}


def counted(graph: Graph) -> dict[str, int]:
    return {r.type: r.n for r in graph.read("count_relationships").rows}


def test_load_replaces_what_the_columns_made(empty_graph: Graph) -> None:
    empty_graph.write("create_persons", rows=[row("p1"), row("p2")])
    empty_graph.write("create_cases", rows=[row("c1", handler="p1"), row("c2")])
    link = [{"key": "c2", "target": "c1", "_batch": "b1", "_row": 1}]
    for _ in range(2):
        empty_graph.write("link_cases_follows", rows=link)
    assert counted(empty_graph) == {"FOLLOWS": 1, "HANDLED_BY": 1}
    empty_graph.write("load_cases", rows=[row("c1", handler="p2"), row("c2", handler="p2")])
    assert counted(empty_graph) == {"HANDLED_BY": 2}
    empty_graph.write("load_cases", rows=[row("c1", handler=None), row("c3", handler="nobody")])
    assert counted(empty_graph) == {"HANDLED_BY": 1}
    known = empty_graph.read("known_cases", keys=["c1", "c3", "c9"]).rows
    assert sorted((r.key, r.hash) for r in known) == [("c1", "h"), ("c3", "h")]
    empty_graph.write("delete_cases", keys=["c1"])
    assert {r.label: r.n for r in empty_graph.read("count_nodes").rows}["Case"] == 2
