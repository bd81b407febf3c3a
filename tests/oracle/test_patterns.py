"""Patterns against plain loops over the package."""

from __future__ import annotations

from collections import defaultdict
from typing import Any

import pytest

from graph import rulebook
from graph.analysis.patterns import patterns
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
    rows = [{k: v for k, v in row.items() if k not in {"zh", "en"}} for row in answer["patterns"]]
    assert rows == expected
    assert answer["problems"] == len(reader.counted) > 0
