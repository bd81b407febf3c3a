"""Where indicators and nodes do not meet: by the rulebook, and by loaded mappings of each state."""

from __future__ import annotations

from pathlib import Path
from typing import Any

from graph.analysis.links import MANY, gaps, link
from graph.analysis.words import BEYOND, LEVEL
from graph.rulebook import indicators, nodes
from tests.graph.analysis.packages import Built


def test_only_a_solidified_mapping_closes_a_gap(empty_graph: Any, tmp_path: Path) -> None:
    served = {n for entry in indicators().values() for n in entry.nodes}
    free = [c for c, n in nodes().items() if n.case_group == "PR" and c not in served]
    often, solidified, tried, seldom, monitored = free[:5]
    alone = next(e.code for e in indicators().values() if not e.nodes)
    built = Built("gap")
    for node in (often, solidified, tried, seldom, monitored):
        for at in range(MANY - (node == seldom)):
            case, problem = built.case("PR"), f"{node}-{at}"
            built.event(case, node)
            found = {"case": case, "node": node, "found": "2024-03-01"}
            built.row("problems", problem=problem, type="P11", **found)
            built.row("dispositions", problem=problem, status="CONFIRMED", at="2024-03-02")
    built.row("monitoring_rules", monitoring_rule="MR1", node=solidified)
    made_of = {"indicator": alone, "node": solidified, "monitoring_rule": "MR1"}
    built.row("mappings", mapping="M1", state="SOLIDIFIED", **made_of)
    built.row("mappings", mapping="M2", state="TRIAL", indicator="I10", node=tried)
    built.row("mappings", mapping="M3", state="CANDIDATE", indicator="I10", node=monitored)
    for lead, mapping, acts in (("L2", "M2", ("RAISE",)), ("L3", "M3", ("RAISE", "SOLIDIFY"))):
        built.row("leads", lead=lead, route="R4")
        for number, act in enumerate(acts):
            step = {"step": f"{lead}-{number}", "lead": lead, "act": act}
            built.row("lead_steps", **step, at=f"2024-04-0{1 + number}", mapping=mapping)
    built.load(empty_graph, tmp_path)

    answer = gaps(empty_graph, "gap")
    told = {(r["node"], r["confirmed"], r["cases"]) for r in answer["nodes"]["nodes"]}
    assert told == {(often, MANY, MANY), (tried, MANY, MANY)}
    lonely = {r["indicator"] for r in answer["indicators"]["indicators"]}
    assert lonely == {e.code for e in indicators().values() if not e.nodes} - {alone}
    rows = {m.pop("mapping"): m for m in answer["mappings"]["mappings"]}
    leads_ = {m: [(x["lead"], x["state"]) for x in row.pop("leads")] for m, row in rows.items()}
    assert leads_ == {"M1": [], "M2": [("L2", "DRAFT")], "M3": [("L3", "SOLIDIFIED")]}
    other = {"indicator": "I10", "monitoring_rule": None}
    assert rows == {
        "M1": made_of | {"state": "SOLIDIFIED", "solidified": True},
        "M2": other | {"state": "TRIAL", "node": tried, "solidified": False},
        "M3": other | {"state": "CANDIDATE", "node": monitored, "solidified": True},
    }


def test_a_solidified_mapping_is_no_candidate_any_more(empty_graph: Any, tmp_path: Path) -> None:
    """Two nodes that only returned cases pass, both before the return; one is mapped."""
    built = Built("gap")
    for returned in (True, False):
        for _ in range(40):
            case = built.case("PR")
            for node, day in (("PR05", "05"), ("PR06", "06"), ("PR11", "11")) if returned else ():
                built.event(case, node, day=f"2024-02-{day}")
            built.event(case, "PR22", day="2024-02-22")
    built.row("mappings", mapping="M1", indicator="I10", node="PR06", state="SOLIDIFIED")
    built.load(empty_graph, tmp_path)
    answer = gaps(empty_graph, "gap")
    rows = answer["candidates"]["candidates"]
    pairs = {(r["indicator"], r["node"]) for r in rows}
    assert ("I10", "PR05") in pairs
    assert ("I10", "PR06") not in pairs
    linked = {n["node"]: n["deviations"] for n in link(empty_graph, "I10", source="gap")["nodes"]}
    for row in (r for r in rows if r["indicator"] == "I10"):
        alone = next(d for d in linked[row["node"]] if d["deviation"] == row["deviation"])
        assert (row["effect"], row["support"]) == (alone["effect"], alone["support"])
        assert row["p"] <= row["q"] <= LEVEL
    assert any(d["word"] == BEYOND for d in linked["PR06"])
