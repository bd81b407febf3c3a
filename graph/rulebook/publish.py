"""Write the rulebook's definitions into the graph, once per version."""

from __future__ import annotations

from typing import Any

from graph.rulebook import model
from graph.store.connection import Graph
from graph.store.schema import RULEBOOK


def rulebook_key(code: str) -> str:
    """The key of a rulebook element."""
    return f"{RULEBOOK}/{code}"


def _row(code: str, references: dict[str, str] | None = None, **props: Any) -> dict[str, Any]:
    key = rulebook_key(code)
    fixed = {"key": key, "id": code, "source": RULEBOOK, "_batch": RULEBOOK, "_row": 0}
    return {"key": key, "props": {**props, **fixed}, **(references or {})}


def publish(graph: Graph) -> None:
    """Write nodes, problem types, indicators, data rules and the curated mappings.

    Doing so again changes nothing.
    """
    graph.write(
        "load_process_nodes",
        rows=[
            _row(
                n.code,
                case_group=n.case_group,
                seq=n.seq,
                zh=n.zh,
                en=n.en,
                conditional=n.conditional,
            )
            for n in model.nodes().values()
        ],
    )
    graph.write(
        "load_problem_types",
        rows=[
            _row(t.code, kind=t.kind, zh=t.zh, en=t.en, severity=t.severity)
            for t in model.problem_types().values()
        ],
    )
    graph.write(
        "load_indicators",
        rows=[_row(i.code, zh=i.zh, en=i.en, unit=i.unit) for i in model.indicators().values()],
    )
    graph.write(
        "load_data_rules",
        rows=[
            _row(r.code, {"type": rulebook_key(r.type)}, zh=r.zh, en=r.en, status="unconfirmed")
            for r in model.data_rules().values()
        ],
    )
    graph.write(
        "load_mappings",
        rows=[
            _row(
                f"{i.code}-{node}",
                {
                    "indicator": rulebook_key(i.code),
                    "node": rulebook_key(node),
                    "monitoring_rule": "",
                },
                state="CURATED",
            )
            for i in model.indicators().values()
            for node in i.nodes
        ],
    )
