# ruff: noqa: A002  (parameters carry the names of the contract: type, id)
"""Recurring problems by type and node, and ordered chains of problems of different kinds."""

from __future__ import annotations

import datetime as dt
from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from itertools import combinations, pairwise, product
from typing import Any

from graph.analysis.scope import batches, one_source
from graph.rulebook import version
from graph.store.connection import Graph

KINDS = ("DATA", "PROCEDURAL", "SUBSTANTIVE")
"""The order in which a chain of problems runs: data, procedural, substantive."""
COUNTED = ("HIT", "CONFIRMED")
"""Statuses that count unless others are asked for."""


@dataclass(frozen=True)
class Found:
    """A counted problem: its kind, type, node, case, matter and the UTC instant it was known."""

    problem: str
    kind: str
    type: str
    node: str | None
    case: str
    matter: str | None
    known: dt.datetime


def chains(problems: Iterable[Found], min_cases: int = 2) -> list[dict[str, Any]]:
    """Ordered chains of at least two kinds that occur in ``min_cases`` matters or more.

    A chain is one problem type (with its node) per kind, in the order data, procedural,
    substantive, each known strictly later than the one before. ``support`` counts matters (a case
    without a matter stands for itself), so that sibling cases are not counted twice; ``cases``
    holds the ids of every case that a chain ran through. Ordered by the codes.
    """
    scopes: dict[tuple[str, str], list[Found]] = defaultdict(list)
    for p in problems:
        scopes[("matter", p.matter) if p.matter else ("case", p.case)].append(p)
    support: dict[tuple[tuple[str, str, str | None], ...], dict[tuple[str, str], set[str]]] = (
        defaultdict(lambda: defaultdict(set))
    )
    for scope, inside in scopes.items():
        by_kind = {kind: [p for p in inside if p.kind == kind] for kind in KINDS}
        for size in (2, 3):
            for kinds in combinations(KINDS, size):
                for links in product(*(by_kind[kind] for kind in kinds)):
                    if all(a.known < b.known for a, b in pairwise(links)):
                        steps = tuple((p.kind, p.type, p.node) for p in links)
                        support[steps][scope].update(p.case for p in links)
    rows: list[dict[str, Any]] = [
        {
            "chain": [{"kind": k, "type": t, "node": n} for k, t, n in steps],
            "support": len(where),
            "cases": sorted(set().union(*where.values())),
        }
        for steps, where in support.items()
        if len(where) >= min_cases
    ]
    return sorted(
        rows,
        key=lambda row: [
            (KINDS.index(s["kind"]), s["type"], s["node"] or "") for s in row["chain"]
        ],
    )


def arranged(
    nodes: Sequence[Mapping[str, Any]],
    departments: Sequence[Mapping[str, Any]],
    min_cases: int = 2,
) -> list[list[dict[str, Any]]]:
    """Groups of rows: a (type, node) row with at least ``min_cases`` cases, then its departments.

    Groups are ordered by type and node, departments by code, never by a count.
    """
    under: dict[tuple[str, str | None], list[dict[str, Any]]] = defaultdict(list)
    for row in departments:
        under[row["type"], row["node"]].append(_row(row, row["department"]))
    groups = []
    for row in sorted(nodes, key=lambda r: (r["type"], r["node"] or "")):
        if row["cases"] >= min_cases:
            below = sorted(
                (d for d in under[row["type"], row["node"]] if d["department"] is not None),
                key=lambda d: str(d["department"]),
            )
            titles = {"zh": row["zh"], "en": row["en"]}
            groups.append([_row(row, None) | titles, *(d | titles for d in below)])
    return groups


def _row(row: Mapping[str, Any], department: str | None) -> dict[str, Any]:
    return {
        "type": row["type"],
        "node": row["node"],
        "department": department,
        "cases": row["cases"],
        "handlers": row["handlers"],
        "months": row["months"],
        "kinds": sorted(row["kinds"]),
        "problems": row["problems"],
    }


def patterns(
    g: Graph,
    type: str | None = None,
    node: str | None = None,
    unit: str | None = None,
    as_of: dt.date | dt.datetime | str | None = None,
    limit: int = 50,
    *,
    source: str | None = None,
    statuses: Sequence[str] = COUNTED,
    min_cases: int = 2,
) -> dict[str, Any]:
    """Recurring problems as of ``as_of``: rows by (type, node), each followed by its departments.

    ``cases``, ``handlers``, ``months`` (of finding) and ``problems`` are distinct counts of
    problems whose status is among ``statuses``; ``kinds`` are the supervisions that found them.
    ``limit`` bounds the rows and the chains (0 = all), ``total`` counts all rows. Raises
    InputError for several sources in the store and none named.
    """
    source = one_source(g, source)
    moment = g.as_of(as_of)
    params: dict[str, Any] = {
        "type": type,
        "node": node,
        "unit": unit,
        "statuses": list(statuses),
        "source": source,
        "as_of": moment,
    }
    groups = arranged(
        [r.as_dict() for r in g.read("patterns_by_node", **params)],
        [r.as_dict() for r in g.read("patterns_by_department", **params)],
        min_cases,
    )
    rows = [row for group in groups for row in group]
    found = [
        Found(r.problem, r.kind, r.type, r.node, r.case, r.matter, r.known)
        for r in g.stream("patterns_problems", **params)
    ]
    linked = chains(found, min_cases)
    shown = rows[:limit] if limit else rows
    shown_chains = linked[:limit] if limit else linked
    return {
        "as_of": moment,
        "source": source,
        "statuses": list(statuses),
        "min_cases": min_cases,
        "problems": len(found),
        "total": len(rows),
        "shown": len(shown),
        "truncated": len(shown) < len(rows),
        "patterns": shown,
        "chains": {
            "total": len(linked),
            "shown": len(shown_chains),
            "truncated": len(shown_chains) < len(linked),
            "chains": shown_chains,
        },
        "evidence": {
            "queries": ["patterns_by_node", "patterns_by_department", "patterns_problems"],
            "params": params,
            "rulebook": version(),
            "batches": batches(g, source),
        },
    }
