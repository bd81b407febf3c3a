"""What the figures draw that no other answer holds, and each figure drawn from the graph."""

from __future__ import annotations

import datetime as dt
import hashlib
from collections import defaultdict
from typing import Any

import numpy as np

from graph import rulebook
from graph.analysis import bands, charts
from graph.analysis.counting import Reading
from graph.analysis.indicators import (
    Measured,
    codes_of,
    evidence,
    indicators,
    measured,
)
from graph.analysis.networks import What, crossings, hand_overs
from graph.analysis.projection import columns, grouped, months_of, period_name
from graph.analysis.scope import COUNTED, one_source, period_bounds
from graph.errors import InputError
from graph.store.connection import Graph

AsOf = dt.date | dt.datetime | str | None
CURVE = 48
"""Points of a limit's curve."""


def funnel_of(
    g: Graph,
    code: str,
    period: str | None = None,
    unit: str | None = None,
    source: str | None = None,
    as_of: AsOf = None,
    *,
    part: int = 1,
) -> dict[str, Any]:
    """The funnel of an indicator in a quarter (default: the last with data).

    ``points`` are the procuratorates without a name but that of ``unit``, in an order that says
    nothing; ``curve`` the limits by size. Raises InputError for a plain number, an
    unknown indicator or a period without data.
    """
    codes = codes_of(code)
    moment = g.as_of(as_of)
    source = one_source(g, source)
    tables = [m for m in measured(Reading(g, source, moment), codes) if m.part.number == part]
    if not tables or tables[0].part.plain:
        raise InputError("figures.no_funnel", indicator=code, part=part)
    m = tables[0]
    chosen = _chosen(m, period)
    ranges, shift = m.ranges, m.part.shift
    target, _ = ranges.target(chosen)
    spread = ranges.spread(chosen)
    points: list[dict[str, Any]] = []
    for u in m.units:
        count, size = ranges.extra(u, chosen)
        if size:
            points.append(
                {
                    "unit": u if u == unit else None,
                    "asked": u == unit and unit is not None,
                    "numerator": count + shift * size,
                    "size": size,
                    "value": count / size + shift,
                }
            )
    points.sort(key=_shuffled)
    largest = max((p["size"] for p in points), default=0)
    sizes = sorted({max(1, round(largest * 1.1 * at / CURVE)) for at in range(1, CURVE + 1)})
    curve = []
    for size in sizes if points else ():
        limits = bands.funnel(target, size, m.part.scale, spread, ranges.dispersion)
        names = ("low95", "high95", "low998", "high998")
        curve.append({"size": size} | {n: getattr(limits, n) + shift for n in names})
    return {
        "as_of": moment,
        "source": source,
        "indicator": code,
        "part": part,
        "zh": m.part.zh,
        "en": m.part.en,
        "period": chosen,
        "scale": m.part.scale,
        "target": target + shift,
        "spread": {"phi": spread.phi, "tau2": spread.tau2, "cells": spread.cells},
        "points": points,
        "curve": curve,
        "evidence": evidence(g, source, moment, indicator=code, period=chosen, unit=unit),
    }


def _shuffled(point: dict[str, Any]) -> str:
    """An order by neither code nor size, the same every time."""
    return hashlib.sha256(f"{point['numerator']} {point['size']}".encode()).hexdigest()


def _chosen(m: Measured, period: str | None) -> str:
    filled = [p for p in m.order if any(m.ranges.extra(u, p)[1] for u in m.units)]
    if period is None:
        if not filled:
            raise InputError("figures.no_data", indicator=m.part.code, period="–")
        return filled[-1]
    since, until = period_bounds(period)
    fitting = [
        p
        for p in filled
        if since and until and period_bounds(p)[0] == since and period_bounds(p)[1] == until
    ]
    if not fitting:
        raise InputError("figures.no_data", indicator=m.part.code, period=period)
    return fitting[0]


def heat_of(
    g: Graph,
    source: str | None = None,
    as_of: AsOf = None,
    *,
    kind: str | None = None,
) -> dict[str, Any]:
    """Per node, in order of its code, the cases with a counted problem by quarter of finding.

    Counted are HIT and CONFIRMED; ``kind`` keeps one kind of problem.
    """
    moment = g.as_of(as_of)
    source = one_source(g, source)
    cut = columns(g, source).cut(moment, COUNTED)
    asked = cut.of_kind(cut.kinds if kind is None else (kind,))
    found = cut.problem_found
    some = np.flatnonzero((cut.problem_node >= 0) & (found >= 0) & asked)
    quarter = months_of(found[some]) // 3
    order = [period_name(q) for q in range(quarter.min(), quarter.max() + 1)] if len(some) else []
    counts: dict[str, dict[str, int]] = defaultdict(dict)
    for (n, q), at in grouped(cut.problem_node[some], quarter):
        cases = len(np.unique(cut.problem_case[some[at]]))
        counts[cut.nodes[n].node][period_name(q)] = cases
    nodes = rulebook.nodes()
    rows = [
        {
            "node": n,
            "zh": nodes[n].zh if n in nodes else n,
            "en": nodes[n].en if n in nodes else n,
            "cases": [counts[n].get(p, 0) for p in order],
        }
        for n in sorted(counts)
    ]
    return {
        "as_of": moment,
        "source": source,
        "periods": order,
        "total": len(rows),
        "shown": len(rows),
        "truncated": False,
        "nodes": rows,
        "evidence": evidence(g, source, moment, kind=kind),
    }


def series_of(
    g: Graph,
    code: str,
    unit: str | None = None,
    source: str | None = None,
    as_of: AsOf = None,
    *,
    by: Any = "quarter",
    period: str | None = None,
) -> list[dict[str, Any]]:
    """The rows of an indicator, one list per part and procuratorate, in order."""
    answer = indicators(g, code, unit, period, source, as_of, 0, by=by)
    groups: dict[tuple[int, str | None], list[dict[str, Any]]] = defaultdict(list)
    for r in answer["indicators"]:
        groups[r["part"], r["unit"]].append(r)
    moment = answer["as_of"]
    return [
        {"as_of": moment, "rows": groups[k]}
        for k in sorted(groups, key=lambda k: (k[0], k[1] or ""))
    ]


def indicator_page(
    g: Graph,
    code: str,
    unit: str | None = None,
    period: str | None = None,
    source: str | None = None,
    as_of: AsOf = None,
) -> str:
    """One page: the funnel of every part that has one, then the series with their bands."""
    drawings = []
    parts = range(1, len(rulebook.indicators()[code].predicates or (1,)) + 1)
    for part in parts:
        try:
            answer = funnel_of(g, code, period, unit, source, as_of, part=part)
        except InputError as error:
            if error.code not in {"figures.no_funnel", "figures.no_data"}:
                raise
        else:
            drawings.append(charts.funnel(answer))
    drawings += [charts.series(s) for s in series_of(g, code, unit, source, as_of)]
    return charts.page(f"{code} {rulebook.indicators()[code].zh}", drawings)


def network_page(g: Graph, what: What, source: str | None = None, as_of: AsOf = None) -> str:
    """One page: hand-overs, the nodes that chains cross, and problems by node and quarter."""
    return charts.page(
        "移送与节点 · hand-overs and nodes",
        [
            charts.sankey(hand_overs(g, what, source, as_of, 0)),
            charts.pattern_network(crossings(g, source, as_of, 0)),
            charts.heat_map(heat_of(g, source, as_of)),
        ],
    )
