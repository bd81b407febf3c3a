"""Write the rulebook's definitions into the graph, once per version."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from graph.rulebook import model
from graph.rulebook.law import DataRule, TimeLimit, book
from graph.rulebook.model import status_of
from graph.store.connection import Graph
from graph.store.facts import save_facts, store_facts
from graph.store.schema import RULEBOOK


def rulebook_key(code: str) -> str:
    """The key of a rulebook element."""
    return f"{RULEBOOK}/{code}"


def _row(code: str, references: dict[str, str] | None = None, **props: Any) -> dict[str, Any]:
    key = rulebook_key(code)
    fixed = {"key": key, "id": code, "source": RULEBOOK, "_batch": RULEBOOK, "_row": 0}
    return {"key": key, "props": {**props, **fixed}, **(references or {})}


def prepare(graph: Graph) -> None:
    """Constraints, indexes and the rulebook; done once per rulebook version."""
    facts = store_facts(graph)
    if facts.get("rulebook") == book().version:
        return
    for name in graph.catalogue:
        if name.startswith(("constraint_", "index_")):
            graph.write(name)
    publish(graph)
    save_facts(graph, facts | {"rulebook": book().version})


def publish(graph: Graph) -> None:
    """Write nodes, problem types, indicators, the law, data rules and the curated mappings.

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
                decision=n.decision,
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
    _publish_law(graph)
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


def _publish_law(graph: Graph) -> None:
    """Write articles, limits and data rules; of an entry with versions, the latest."""
    rules = book()
    limits = [versions[-1] for versions in rules.limits.values()]
    data_rules = [versions[-1] for versions in rules.data_rules.values()]
    cited = [text for t in limits for text in t.entry.basis]
    cited += [text for r in data_rules for text in r.entry.basis]
    articles = {text: rules.laws[text.partition(" ")[0]] for text in cited}
    graph.write(
        "load_legal_articles",
        rows=[
            _row(
                text,
                zh=law.zh,
                en=law.en,
                version=law.version,
                article=int(text.partition(" ")[2]),
                in_force=law.in_force,
            )
            for text, law in articles.items()
        ],
    )
    graph.write(
        "load_time_limits",
        rows=[
            _row(
                t.code,
                {"type": rulebook_key(t.entry.type or "")},
                zh=t.entry.zh,
                en=t.entry.en,
                kind=t.entry.kind,
                limit=t.entry.limit,
                status=status_of(t.entry.mark),
                **({"valid_from": t.valid_from} if t.valid_from else {}),
            )
            for t in limits
        ],
    )
    graph.write(
        "load_data_rules",
        rows=[
            _row(
                r.code,
                {"type": rulebook_key(r.entry.type or "")},
                zh=r.entry.zh,
                en=r.entry.en,
                status=status_of(r.entry.mark),
            )
            for r in data_rules
        ],
    )
    both: tuple[tuple[str, Sequence[TimeLimit | DataRule]], ...] = (
        ("time_limits", limits),
        ("data_rules", data_rules),
    )
    for stem, entries in both:
        for column in ("nodes", "articles"):
            graph.write(
                f"link_{stem}_{column}",
                rows=[
                    {
                        "key": rulebook_key(e.code),
                        "target": rulebook_key(target),
                        "_batch": RULEBOOK,
                        "_row": 0,
                    }
                    for e in entries
                    for target in (e.entry.nodes if column == "nodes" else e.entry.basis)
                ],
            )
