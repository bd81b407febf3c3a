"""Short paths before an outcome (结局之前的路径): which come more often than before no outcome.

A path is a run of two or three different steps that follow each other directly in a case; a step is
all that happens at one node until something happens at another. Of one moment, the node that stands
earlier in the procedure comes first. Only events before the outcome count. A comparison case is cut
at the event that decided against the outcome; where it has none, after the waiting time from the
first event to the outcome of a case of its stratum, one after the other, so that both sides are
looked at for as long.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import Any

import numpy as np

from graph.analysis import stratified
from graph.analysis.deviations import (
    COMES_FIRST,
    EVER,
    Outcome,
    Stratum,
    evidence,
    may_be_tested,
    order,
)
from graph.analysis.projection import Bools, Cut, Ints
from graph.analysis.stratified import Tables
from graph.analysis.words import adjusted

LENGTHS = (2, 3)
MANY = 5
"""Cases, of both sides together, from which a path is tested: known before the outcome is."""


@dataclass(frozen=True)
class Path:
    """A path of nodes (positions) and the cases that went it before the outcome (positions)."""

    nodes: tuple[int, ...]
    exposed: Ints


def comparable(cut: Cut, outcome: Outcome, strata: Ints) -> tuple[Outcome, dict[str, int]]:
    """The outcome with every comparison case cut, and how many were cut in which way.

    An outcome without a moment stays as it is: then nothing says what came first.
    """
    window = outcome.window.copy()
    timed = (outcome.group == 1) & (window < EVER)
    open_ = (outcome.group == 0) & (window >= EVER)
    matched = 0
    group = outcome.group
    if timed.any():
        known = cut.last > cut.first
        start = np.full(len(cut), EVER, dtype=np.int64)
        start[known] = cut.event_at[cut.first[known]]
        for s in np.unique(strata[open_ & known]).tolist():
            waited = np.sort((window - start)[timed & known & (strata == s)])
            mine = np.flatnonzero(open_ & known & (strata == s))
            if len(waited):
                window[mine] = start[mine] + waited[np.arange(len(mine)) % len(waited)]
                matched += len(mine)
        # Where no case of the stratum has the outcome, nothing can be compared.
        group = np.where((group == 0) & (window >= EVER), -1, group)
    told = {
        "deciding_event": int(np.count_nonzero((outcome.group == 0) & ~open_)),
        "waiting_time": matched,
        "uncut": 0 if timed.any() else int(np.count_nonzero(open_)),
        "left_out": int(np.count_nonzero((outcome.group == 0) & (group < 0))),
    }
    return replace(outcome, group=group, window=window), told


def found(cut: Cut, outcome: Outcome, many: int = MANY) -> tuple[list[Path], Ints]:
    """Every path of tested nodes that at least ``many`` cases went, and the cases at risk: those
    with any event before the outcome. To add the counts of stores, take all (1)."""
    kept = outcome.group[cut.event_case] >= 0
    kept &= cut.event_at < outcome.window[cut.event_case]
    rank = np.argsort(
        sorted(range(len(cut.nodes)), key=lambda n: _place(cut, n)), kind="stable"
    ).astype(np.int64)
    case, node, at = cut.event_case[kept], cut.event_node[kept], cut.event_at[kept]
    by = np.lexsort((rank[node], at, case))
    case, node = case[by], node[by]
    step = np.ones(len(case), dtype=np.bool_)
    step[1:] = (case[1:] != case[:-1]) | (node[1:] != node[:-1])
    case, node = case[step], node[step]
    may = tested_nodes(cut, outcome)
    width, every = len(cut.nodes), len(cut) + 1
    paths: list[Path] = []
    for length in LENGTHS:
        count = max(0, len(case) - length + 1)
        parts = [node[k : k + count] for k in range(length)]
        inside = case[:count] == case[length - 1 : length - 1 + count]
        code = np.zeros(count, dtype=np.int64)
        for part in parts:
            inside = inside & may[part]
            code = code * width + part
        pairs = np.unique(code[inside] * every + case[:count][inside])
        codes, first = np.unique(pairs // every, return_index=True)
        for value, went in zip(codes.tolist(), np.split(pairs % every, first[1:]), strict=False):
            if len(went) >= many:
                nodes = tuple(value // width**k % width for k in range(length - 1, -1, -1))
                paths.append(Path(nodes, went))
    return paths, np.unique(case)


def _place(cut: Cut, n: int) -> tuple[bool, int, str]:
    node = cut.nodes[n]
    return node.seq is None, node.seq or 0, node.key


def tested_nodes(cut: Cut, outcome: Outcome) -> Bools:
    """Nodes that a path may hold: those at which a deviation may be tested."""
    ahead = order(cut, outcome)
    return may_be_tested(cut, outcome) & (ahead[:, 0] >= COMES_FIRST * ahead[:, 1])


def counted(
    outcome: Outcome, strata: Ints, names: list[Stratum], paths: list[Path], at_risk: Ints
) -> Ints:
    """Counts of shape (paths, strata, 4): went it with and without the outcome, others likewise.

    The counts of two stores add, path by path.
    """
    width = len(names)
    place = strata * 2 + (outcome.group != 1)
    every = np.bincount(place[at_risk], minlength=2 * width).reshape(width, 2)
    cells = np.zeros((len(paths), width, 4), dtype=np.int64)
    for at, path in enumerate(paths):
        went = np.bincount(place[path.exposed], minlength=2 * width).reshape(width, 2)
        cells[at] = np.concatenate([went, every - went], axis=1)
    return cells


def concluded(cells: Ints) -> tuple[list[dict[str, Any]], int]:
    """Effect, interval, one-sided p (more often before the outcome), q and word of each path, and
    the number of tests run, over which q is adjusted."""
    t = Tables(*(cells[:, :, at] for at in range(4)))
    effect = stratified.pooled(t)
    p = stratified.p_greater(t)
    run = np.flatnonzero(t.information > 0)
    q = np.ones(len(p))
    q[run] = adjusted(p[run])
    return evidence(t, effect, p, q, len(run), two_sided=False), len(run)


def before(
    cut: Cut, outcome: Outcome, strata: Ints, names: list[Stratum], ids: int | None = None
) -> dict[str, Any]:
    """The paths before an outcome by evidence, as ``link`` answers them.

    ``cut`` counts the comparison cases by how they were cut; ``returns`` marks a path that comes
    back to where it began; ``ids`` adds the cases that went it, at most that many a side (0 = all).
    """
    looked_at, how = comparable(cut, outcome, strata)
    paths, at_risk = found(cut, looked_at)
    said, tests = concluded(counted(looked_at, strata, names, paths, at_risk))
    rows: list[dict[str, Any]] = []
    for path, row in zip(paths, said, strict=True):
        nodes = [cut.nodes[n] for n in path.nodes]
        shown: dict[str, Any] = {
            "path": [{"node": n.node, "zh": n.zh, "en": n.en} for n in nodes],
            "returns": path.nodes[0] == path.nodes[-1],
            **row,
        }
        if ids is not None:
            side = looked_at.group[path.exposed]
            shown["case_ids"] = {
                name: _listed([cut.cases[c].split("/", 1)[1] for c in path.exposed[side == s]], ids)
                for name, s in (("cases", 1), ("comparison", 0))
            }
        rows.append(shown)
    rows.sort(key=lambda r: (r["q"], r["p"], [n["node"] for n in r["path"]]))
    return {
        "tests": tests,
        "cut": how,
        "total": len(rows),
        "shown": len(rows),
        "truncated": False,
        "paths": rows,
    }


def _listed(cases: list[str], limit: int) -> dict[str, Any]:
    shown = sorted(cases)[:limit] if limit else sorted(cases)
    return {
        "total": len(cases),
        "shown": len(shown),
        "truncated": len(shown) < len(cases),
        "cases": shown,
    }
