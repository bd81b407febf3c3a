"""Hand-overs on cases built by hand, chains across nodes, and what a change affects."""

from __future__ import annotations

import datetime as dt
from pathlib import Path
from typing import Any

import pytest

from graph.analysis.networks import affected, crossings, dependencies, hand_overs, moves, stays
from graph.errors import InputError
from graph.rulebook import book, nodes
from tests.graph.analysis.packages import Built


def day(n: int) -> dt.date:
    return dt.date(2024, 1, n)


def test_stays_and_moves() -> None:
    steps = [("A", day(1), "x"), ("A", day(3), "y"), ("B", day(9), "z"), ("A", day(10), "w")]
    found = stays(steps)
    assert [(s.department, s.first.day, s.last.day, s.into, s.out) for s in found] == [
        ("A", 1, 3, "x", "y"),
        ("B", 9, 9, "z", "z"),
        ("A", 10, 10, "w", "w"),
    ]
    made = moves("C1", found)
    assert [(m.days, m.back) for m in made] == [(6, False), (1, True)]


def test_hand_overs_of_cases(graph: Any, tmp_path: Path) -> None:
    built = Built("office")
    built.row("units", unit="U1", name="甲", level="BASIC")
    for d in ("D1", "D2"):
        built.row("departments", department=d, name=d, kind="HANDLING", unit="U1")
        built.row("persons", person=f"H-{d}", role="PROSECUTOR", department=d)
    plan = {0: "12", 1: "12", 2: "1212", 3: "11"}
    for at, path in plan.items():
        case = built.case("PR", unit="U1")
        for step, d in enumerate(path):
            built.row(
                "events",
                case=case,
                node=("PR01", "PR11", "PR12", "PR22")[step],
                occurred=f"2024-01-{1 + step * (at + 1):02d}",
                person=f"H-D{d}",
            )
    built.load(graph, tmp_path)
    answer = hand_overs(graph, "cases")
    assert answer["hand_overs"] == 5
    flows = {(f["from"], f["to"]): f for f in answer["flows"]["rows"]}
    assert flows["D1", "D2"]["hand_overs"] == 4
    assert flows["D1", "D2"]["of"] == 3
    assert flows["D1", "D2"]["median_days"] == 2.5
    assert flows["D2", "D1"]["returned"] == 1
    (bounce,) = answer["bounces"]["rows"]
    assert bounce["between"] == ["D1", "D2"]
    assert bounce["hand_overs"] == 3
    assert [d["department"] for d in answer["departments"]["rows"]] == ["D1", "D2"]
    assert [(b["from"], b["to"]) for b in answer["bottleneck"]] == [("PR01", "PR11")]


def test_a_matter_runs_through_its_cases(graph: Any, tmp_path: Path) -> None:
    built = Built("office")
    built.row("units", unit="U1", name="甲", level="BASIC")
    for d in ("D1", "D2"):
        built.row("departments", department=d, name=d, kind="HANDLING", unit="U1")
    for at, type_ in enumerate(("AR", "PR")):
        case = built.case(type_, unit="U1", matter="M1")
        node = f"{type_}01"
        day = f"2024-01-{10 + 5 * at:02d}"
        built.row("events", case=case, node=node, occurred=day, department=f"D{at + 1}")
    built.load(graph, tmp_path)
    assert hand_overs(graph, "cases")["hand_overs"] == 0
    (flow,) = hand_overs(graph, "matters")["flows"]["rows"]
    assert (flow["from"], flow["to"], flow["median_days"]) == ("D1", "D2", 5)


def test_hand_overs_of_leads_run_along_their_routes(world: Any) -> None:
    answer = hand_overs(world[0], "leads", limit=0)
    assert answer["hand_overs"] == sum(f["hand_overs"] for f in answer["flows"]["rows"])
    kinds = {"PROCEDURAL", "SUBSTANTIVE", "DATA"}
    assert answer["supervisions"]
    for s in answer["supervisions"]:
        assert {s["from"], s["to"]} <= kinds
        assert s["from"] != s["to"]
    codes = [(f["from"], f["to"]) for f in answer["flows"]["rows"]]
    assert codes == sorted(codes)
    with pytest.raises(InputError):
        hand_overs(world[0], "people")  # type: ignore[arg-type]


def test_nodes_by_the_chains_that_cross_them(world: Any) -> None:
    answer = crossings(world[0], limit=0)
    assert [n["node"] for n in answer["nodes"]] == sorted(n["node"] for n in answer["nodes"])
    assert all(1 <= n["chains"] <= answer["chains"] for n in answer["nodes"])
    names = {n["node"] for n in answer["nodes"]}
    assert all({e["from"], e["to"]} <= names for e in answer["links"])


def test_a_change_of_a_node_reaches_what_rests_on_it(world: Any) -> None:
    answer = affected(world[0], "PR11", limit=0)
    found = {r["code"]: r for r in answer["affected"]}
    assert found["I10"]["family"] == "indicator"
    watching = [c for c, v in book().limits.items() if "PR11" in v[-1].entry.nodes]
    assert watching
    assert set(watching) <= set(found)
    assert {"indicator": "I10", "node": "PR11"} in answer["mappings"]
    assert all(r["steps"] >= 1 and r["via"] in {"PR11", *found} for r in answer["affected"])


def test_a_change_of_a_rule_reaches_its_problem_type(world: Any) -> None:
    entry = book().limits["TL-060"][-1].entry
    found = {r["code"]: r for r in affected(world[0], "TL-060", limit=0)["affected"]}
    assert found[str(entry.type)]["family"] == "problem type"
    assert not set(entry.nodes) & set(found)
    with pytest.raises(InputError) as caught:
        affected(world[0], "TL-O60")
    assert caught.value.code == "rules.unknown"
    assert "TL-060" in caught.value.remedy("en")


def test_every_entry_of_the_rulebook_is_in_the_graph_of_dependencies() -> None:
    drawn = dependencies()
    assert {*nodes(), *book().limits, *book().data_rules} <= set(drawn)
    assert all(drawn.nodes[n]["zh"] and drawn.nodes[n]["en"] for n in drawn)
