"""Coverage: what records each node, what watches it, what counts it, and what points nowhere."""

from __future__ import annotations

import datetime as dt
from collections import defaultdict
from typing import Any

from graph.rulebook import indicators, nodes, problem_types
from graph.rulebook.law import Book, DataRule, book
from graph.rulebook.model import card_fields, status_of
from graph.store.connection import Graph


def coverage(
    g: Graph, source: str | None = None, as_of: dt.date | dt.datetime | str | None = None
) -> dict[str, Any]:
    """Per node: card fields, limits, gates, data rules, indicators, hits and confirmed problems.

    ``fields`` and ``data_rules`` tell of each the nodes that it records, and whether that is
    confirmed.

    ``unwatched`` are the nodes that no executable limit, gate or data rule watches;
    ``pointing_nowhere`` the card fields of the store and the data rules that name no node.
    """
    moment = g.as_of(as_of)
    rules = book()
    counts: dict[str, dict[str, int]] = defaultdict(dict)
    for row in g.read("coverage_problems", source=source, as_of=moment):
        counts[row.node][row.status] = row.n
    filled = {row.field: row.n for row in g.read("coverage_fields", source=source)}
    fields, limits, gates, data_rules, counted = (
        defaultdict[str, list[str]](list) for _ in "12345"
    )
    known = card_fields()
    for name, field in known.items():
        for node in field.nodes:
            fields[node].append(name)
    for code, versions in rules.limits.items():
        entry = versions[-1].entry
        if versions[-1].executable:
            for node in entry.nodes:
                (gates if entry.gate else limits)[node].append(code)
    nowhere: list[dict[str, Any]] = []
    placed: list[dict[str, Any]] = []
    for code, rule_versions in rules.data_rules.items():
        places, status = _places(rules, rule_versions[-1])
        placed.append({"rule": code, "nodes": list(places), "status": status})
        for node in places:
            data_rules[node].append(code)
        if not places:
            title = rule_versions[-1].entry
            nowhere.append(
                {"what": "data rule", "name": code, "zh": title.zh, "en": title.en, "n": None}
            )
    for code, indicator in indicators().items():
        for node in indicator.nodes:
            counted[node].append(code)
    rows = []
    for code, node_ in nodes().items():
        found = counts[code]
        rows.append(
            {
                "node": code,
                "zh": node_.zh,
                "en": node_.en,
                "fields": fields[code],
                "limits": limits[code],
                "gates": gates[code],
                "data_rules": data_rules[code],
                "indicators": counted[code],
                "hits": sum(n for status, n in found.items() if status != "CLOSED"),
                "confirmed": found.get("CONFIRMED", 0),
                "watched": bool(limits[code] or gates[code] or data_rules[code]),
            }
        )
    nowhere += [
        {"what": "card field", "name": name, "zh": name, "en": name, "n": n}
        for name, n in filled.items()
        if name not in known
    ]
    unwatched = [r["node"] for r in rows if not r["watched"]]
    return {
        "as_of": moment,
        "source": source,
        "nodes": rows,
        "total": len(rows),
        "shown": len(rows),
        "truncated": False,
        "unwatched": unwatched,
        "pointing_nowhere": nowhere,
        "fields": [
            {
                "field": name,
                "nodes": list(known[name].nodes) if name in known else [],
                "status": status_of(known[name].mark) if name in known else "unconfirmed",
                "n": filled.get(name, 0),
            }
            for name in sorted({*known, *filled})
        ],
        "data_rules": placed,
        "evidence": {
            "queries": ["coverage_problems", "coverage_fields"],
            "params": {"source": source, "as_of": moment},
            "rulebook": rules.version,
        },
    }


def _places(rules: Book, rule: DataRule) -> tuple[tuple[str, ...], str]:
    """The nodes that a data rule watches, and whether that is certain."""
    if rule.entry.nodes:
        return rule.entry.nodes, status_of(rule.entry.mark)
    named = (card_fields().get(name) for name in (rule.entry.check or {}).get("fields", ()))
    on = [node for field in named if field for node in field.nodes]
    if on:
        return tuple(dict.fromkeys(on)), status_of(rule.entry.mark)
    same = [n for c in rule.entry.same for n in rules.limits[c][-1].entry.nodes]
    if same:
        return tuple(dict.fromkeys(same)), "confirmed"
    through = problem_types()[rule.entry.type or ""].nodes
    return (through, "confirmed") if len(through) == 1 else ((), "unconfirmed")
