"""Patterns against plain loops over the package."""

from __future__ import annotations

import math
from collections import Counter, defaultdict
from collections.abc import Callable
from typing import Any

import numpy as np
import pytest
from scipy.stats import hypergeom, norm

from graph import rulebook
from graph.analysis.contexts import same_thing
from graph.analysis.patterns import patterns, same_duty
from graph.analysis.words import BEYOND, NOTHING, TOO_FEW
from tests.oracle.package_reader import PackageReader


@pytest.mark.parametrize("cut", [None, "2025-06-30"])
def test_patterns_are_what_a_plain_count_gives(world: Any, cut: str | None) -> None:
    graph, _, folder = world
    reader = PackageReader(folder, graph.as_of(cut))
    groups: dict[tuple[str, str, str], list[dict[str, str]]] = defaultdict(list)
    for p in reader.counted:
        department = reader.cases[p["case"]]["department"]
        for key in ((p["type"], p["node"], ""), (p["type"], p["node"], department)):
            groups[key].append(p)
    expected = []
    for (type_, node, department), found in sorted(groups.items()):
        whole = groups[type_, node, ""]
        if len({p["case"] for p in whole}) < 2:
            continue
        kind = rulebook.problem_types()[type_].kind
        expected.append(
            {
                "type": type_,
                "node": node or None,
                "department": department or None,
                "cases": len({p["case"] for p in found}),
                "handlers": len({reader.cases[p["case"]]["handler"] for p in found}),
                "months": len({p["found"][:7] for p in found}),
                "kinds": sorted({p["found_by"] or kind for p in found}),
                "problems": len({p["problem"] for p in found}),
            }
        )
    answer = patterns(graph, as_of=cut, limit=0)
    alone = [row for row in answer["patterns"] if len(row["items"]) == 1]
    assert [{k: row[k] for k in expected[0]} for row in alone] == expected
    assert answer["problems"] == len(reader.counted) > 0


def test_combinations_are_what_a_plain_count_gives(world: Any) -> None:
    """Every pair of (type, node) that at least two cases hold, on things of their own."""
    graph, _, folder = world
    reader = PackageReader(folder, graph.as_of(None))
    raised = {r["problem"]: r["raised_by_review"] for r in reader.rows("problems")}
    leads = {r["problem"]: {r["lead"]} for r in reader.rows("leads")}
    opened = {r["review"]: {r["lead"]} for r in reader.rows("reviews") if r["lead"]}
    corrections: dict[str, set[str]] = defaultdict(set)
    for r in reader.rows("corrections"):
        for p in r["problems"].split(";"):
            corrections[p].add(r["correction"])
    passed = {(e["case"], e["node"]) for e in reader.events}

    def rests_on(p: dict[str, str]) -> set[str]:
        review = raised[p["problem"]]
        return {
            *leads.get(p["problem"], ()),
            *corrections[p["problem"]],
            *opened.get(review, ()),
            *filter(None, (p["event"], review)),
        }

    held: dict[str, list[dict[str, str]]] = defaultdict(list)
    for p in reader.counted:
        if (p["case"], p["node"]) in passed:
            held[p["case"]].append(p)
    found: dict[tuple[tuple[str, str], ...], set[str]] = defaultdict(set)
    for case, problems in held.items():
        for a in problems:
            for b in problems:
                pair = (a["type"], a["node"]), (b["type"], b["node"])
                apart = rests_on(a).isdisjoint(rests_on(b))
                if pair[0] < pair[1] and apart and not same_duty()(a["type"], b["type"]):
                    found[pair].add(case)
    expected = {pair: cases for pair, cases in found.items() if len(cases) >= 2}
    answer = patterns(graph, limit=0, ids=0)
    rows = [row for row in answer["patterns"] if len(row["items"]) == 2]
    shown = {tuple((i["type"], i["node"]) for i in row["items"]): row for row in rows}
    assert {p: set(row["case_ids"]["cases"]) for p, row in shown.items()} == expected
    assert expected
    for row in answer["patterns"]:
        assert isinstance(row["q"], float)
        assert row["type"] == (row["items"][0]["type"] if len(row["items"]) == 1 else None)
        assert row["word"].split(":")[0] in {BEYOND, NOTHING, TOO_FEW}
        assert (row["word"] == BEYOND) == (row["q"] <= 0.05)


def test_a_filter_chooses_rows_and_changes_no_conclusion(world: Any) -> None:
    graph, _, _ = world
    every = {r["id"]: r for r in patterns(graph, limit=0)["patterns"]}
    some = patterns(graph, type="P11", limit=0)["patterns"]
    assert some
    assert all(any(i["type"] == "P11" for i in r["items"]) for r in some)
    assert all(every[r["id"]] == r for r in some)
    one = patterns(graph, limit=1)
    assert (one["shown"], one["truncated"], one["total"]) == (1, True, len(every))


Cells = tuple[int, int, int, int]


def one_sided(tables: list[Cells]) -> tuple[float, float]:
    """Cochran, Mantel and Haenszel's p, and the exact one: a sum of hypergeometric counts."""
    excess = variance = 0.0
    chances = np.ones(1)
    seen = 0
    for a, b, c, d in tables:
        n = a + b + c + d
        seen += a
        excess += a - (a + b) * (a + c) / n
        if n > 1:
            variance += (a + b) * (c + d) * (a + c) * (b + d) / (n * n * (n - 1))
        counts = hypergeom(n, a + b, a + c)
        chances = np.convolve(chances, counts.pmf(np.arange(min(a + b, a + c) + 1)))
    return float(norm.sf(excess / math.sqrt(variance))), float(chances[seen:].sum())


def charged(reader: PackageReader) -> dict[str, set[str]]:
    """The chapters of the criminal law of each case's first charges, else its cause."""
    chapters = {"264": "CC05", "266": "CC05", "133": "CC02", "134": "CC02", "234": "CC04"}
    chapters |= {"287": "CC06", "293": "CC06"}
    own = {p: case for case, parties in reader.parties.items() for p in parties}
    found: dict[str, dict[str, set[str]]] = defaultdict(lambda: defaultdict(set))
    for r in reader.rows("charges"):
        found[own[r["party"]]][r["stage"]].add(chapters[r["code"]])
    told: dict[str, set[str]] = {}
    for case, r in reader.cases.items():
        stages = [found[case][s] for s in ("TRANSFER", "ARREST", "PROSECUTION", "JUDGMENT")]
        told[case] = next((s for s in stages if s), {r["cause"]} if r["cause"] else set())
    return told


def repeated_at(node: str) -> Callable[[PackageReader], dict[str, set[str]]]:
    """Who of those that passed a node did one thing there more than once."""

    def found(reader: PackageReader) -> dict[str, set[str]]:
        times = {case: n for (case, at), n in reader.visits().items() if at == node}
        return {case: {"repeated"} if n > 1 else set() for case, n in times.items()}

    return found


@pytest.mark.parametrize(
    ("context", "node", "told"),
    [("charge_class", None, charged), ("deviation", "PR08", repeated_at("PR08"))],
)
def test_circumstances_are_what_a_plain_count_gives(
    world: Any,
    context: str,
    node: str | None,
    told: Callable[[PackageReader], dict[str, set[str]]],
) -> None:
    """Every problem with every charge class, and with the questioning that was repeated."""
    graph, _, folder = world
    reader = PackageReader(folder, graph.as_of(None))
    values = told(reader)
    can_be = {case for case in reader.cases if case in values and (node or values[case])}
    passed = {(e["case"], e["node"]) for e in reader.events}
    held = {(p["case"], p["type"], p["node"]) for p in reader.counted}
    stratum = {
        case: (
            *(r["unit"], r["type"], r["accepted"][:4], (int(r["accepted"][5:7]) + 2) // 3),
            min(3, max(1, len(reader.parties[case]))),
        )
        for case, r in reader.cases.items()
    }
    rows = {
        tuple((i["type"], i["node"], i.get(context)) for i in row["items"]): row
        for row in patterns(graph, context=[context], limit=0, ids=0)["patterns"]
        if len(row["items"]) == 2 and context in row["items"][1]
    }
    seen = 0
    for type_, at in sorted({(t, n) for _, t, n in held}):
        for value in sorted({v for found in values.values() for v in found}):
            item = ("", f"rulebook/{node}" if node else "", context, value)
            row = rows.pop(((type_, at, None), (None, node, value)), None)
            can = [c for c in can_be if (c, at) in passed]
            cells = Counter((stratum[c], (c, type_, at) in held, value in values[c]) for c in can)
            both = sum(n for (_, x, y), n in cells.items() if x and y)
            if both < 2 or same_thing((type_, f"rulebook/{at}"), item):
                assert row is None
                continue
            assert row is not None
            seen += 1
            tables = []
            for s in {s for s, _, _ in cells}:
                a, b, c, d = (cells[s, x, y] for x in (True, False) for y in (True, False))
                if a + b and a + c:
                    tables.append((a, b, c, d))
            assert (row["observed"], row["of"]) == (both, len(can))
            ids = {c for c in can if (c, type_, at) in held and value in values[c]}
            assert set(row["case_ids"]["cases"]) == ids
            expected = sum((a + b) * (a + c) / (a + b + c + d) for a, b, c, d in tables)
            assert row["expected"] == pytest.approx(expected)
            if any((a + b) * (c + d) * (a + c) * (b + d) for a, b, c, d in tables):
                normal, exact = one_sided(tables)
                assert row["p"] == pytest.approx(exact if row["p"] < 0.1 else row["p"])
                assert min(abs(row["p"] - normal), abs(row["p"] - exact)) < 1e-9
    assert seen > 10
    assert {k for k in rows if k[1][1] == node} == set()
