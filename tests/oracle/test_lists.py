"""Lists of cases and problems against plain filters over the package."""

from __future__ import annotations

from typing import Any

from graph.analysis.cases import cases, problems
from tests.oracle.package_reader import PackageReader


def test_cases_by_type_node_and_period(world: Any) -> None:
    graph, _, folder = world
    reader = PackageReader(folder, graph.as_of(None))
    at = {e["case"] for e in reader.events if e["node"] == "PR11"}
    expected = sorted(
        c
        for c, r in reader.cases.items()
        if r["type"] == "PR" and c in at and "2024-03" <= r["accepted"][:7] <= "2025-06"
    )
    answer = cases(graph, type="PR", node="PR11", period="2024-03..2025-06", limit=0)
    assert [c["case"] for c in answer["cases"]] == expected
    assert len(expected) > 1
    cut = cases(graph, type="PR", node="PR11", period="2024-03..2025-06", limit=1)
    assert (cut["total"], cut["shown"], cut["truncated"]) == (len(expected), 1, True)


def test_open_cases_as_of_a_day(world: Any) -> None:
    graph, _, folder = world
    reader = PackageReader(folder, graph.as_of("2025-01-31"))
    expected = sorted(
        c for c, r in reader.cases.items() if not r["closed"] or r["closed"] > "2025-01-31"
    )
    answer = cases(graph, status="OPEN", as_of="2025-01-31", limit=0)
    assert [c["case"] for c in answer["cases"]] == expected
    assert expected


def test_problems_by_status_and_unit(world: Any) -> None:
    graph, _, folder = world
    reader = PackageReader(folder, graph.as_of(None))
    for status, wanted in ((None, {"HIT", "CONFIRMED"}), ("NOT_A_PROBLEM", {"NOT_A_PROBLEM"})):
        expected = sorted(p["problem"] for p in reader.problems if p["status"] in wanted)
        answer = problems(graph, status=status, limit=0)
        assert [p["problem"] for p in answer["problems"]] == expected
    unit = reader.cases[reader.counted[0]["case"]]["unit"]
    expected = sorted(
        p["problem"] for p in reader.counted if reader.cases[p["case"]]["unit"] == unit
    )
    answer = problems(graph, unit=unit, limit=0)
    assert [p["problem"] for p in answer["problems"]] == expected != []
