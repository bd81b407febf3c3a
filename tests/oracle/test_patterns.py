"""Patterns against plain loops over the package."""

from __future__ import annotations

from collections import defaultdict
from typing import Any

import pytest

from graph import rulebook
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
