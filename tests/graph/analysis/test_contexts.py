"""Circumstances: found where planted, not where there is nothing, never with what is the same."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from scipy import stats

from graph.analysis.contexts import (
    Context,
    Contexts,
    Item,
    at_node,
    classes,
    deviating,
    looks,
    same_thing,
    stated,
)
from graph.analysis.mining import Found, Miner, transactions
from graph.analysis.patterns import patterns, same_duty
from graph.analysis.projection import Cut, strata_of
from graph.analysis.scope import COUNTED
from graph.errors import InputError
from graph.rulebook import charge_class
from tests.graph.analysis.made_columns import ITEMS, LAST, Made, problem_world
from tests.graph.analysis.packages import Built

CLASSES = ("CC02", "CC04", "CC05")
SYSTEMS = ("old", "new")


def world(seed: int, cases: int) -> tuple[Made, dict[str, dict[str, set[str]]]]:
    """Problems, classes, systems and repeated or skipped steps, all drawn alone."""
    made = problem_world(seed, cases, rate=0.08)
    draw = np.random.default_rng(seed + 1)
    told: dict[str, dict[str, set[str]]] = {"charge_class": {}, "source_system": {}}
    for row in made.rows["cases"]:
        told["charge_class"][row["case"]] = {CLASSES[int(draw.integers(3))]}
        if draw.random() < 0.8:
            told["source_system"][row["case"]] = {SYSTEMS[int(draw.integers(2))]}
    for event in list(made.rows["events"]):
        if draw.random() < 0.1:
            made.rows["events"].append(dict(event))
    return made, told


def beside(cut: Cut, told: dict[str, dict[str, set[str]]]) -> Contexts:
    found = [*deviating(cut), *(c for k in sorted(told) for c in stated(cut, k, told[k]))]
    return Contexts(tuple(sorted(found, key=lambda c: c.item)))


def searched(cut: Cut, contexts: Contexts) -> Found:
    return Miner(transactions(cut, *strata_of(cut), contexts).packed(), same_duty()).search()


def told_of(found: Found) -> set[tuple[Item, ...]]:
    return {t.pattern for t in found.tested if t.beyond and t.folded is None and not t.department}


def test_in_nothing_no_circumstance_is_found() -> None:
    """Ten worlds without an effect: false ones in no more than chance at 0.05 allows."""
    false = 0
    for seed in range(10):
        made, told = world(200 + seed, 700)
        contexts = beside(made.cut, told)
        kinds = {c.item[2] for c in contexts.items}
        assert kinds == {"charge_class", "source_system", "deviation"}
        false += bool(told_of(searched(made.cut, contexts)))
    assert false <= stats.binom.ppf(0.999, 10, 0.05)


def test_the_counts_of_two_stores_give_the_circumstances_of_both() -> None:
    made, told = world(1, 1500)
    for row in made.rows["cases"]:
        if told["charge_class"][row["case"]] == {"CC05"} and sum(map(ord, row["case"])) % 5 == 0:
            made.problem(row["case"], *ITEMS[4], 900, [f"event {row['case']} more"])
    columns = made.columns
    parts = []
    for unit in ("U0", "U1", "U2"):
        cut = columns.of_unit(unit).cut(LAST, COUNTED)
        parts.append(transactions(cut, *strata_of(cut), beside(cut, told)).packed())
    joined = Miner((parts[0] + (parts[2] + parts[1])).packed(), same_duty()).search()
    whole = searched(made.cut, beside(made.cut, told))
    assert (joined.tests, joined.patterns) == (whole.tests, whole.patterns)
    one, other = (
        {(t.pattern, t.department): (t.support, t.n, round(t.q, 9)) for t in f.tested}
        for f in (joined, whole)
    )
    assert one == other
    assert (("", "", "charge_class", "CC05"), ("P10", "rulebook/PR08")) in told_of(whole)


def test_what_is_one_thing_by_the_rules_is_never_combined() -> None:
    late = ("", "rulebook/PR08", "deviation", "late")
    assert same_thing(("P10", "rulebook/PR08"), late)
    assert not same_thing(("S07", "rulebook/PR20"), late)
    # Q14 asks for a defender at PR03 of whoever is decided on.
    assert any({"rulebook/PR03", "rulebook/PR22"} <= look.nodes for look in looks()["P13"])
    assert same_thing(("P13", "rulebook/PR03"), ("", "rulebook/PR22", "deviation", "repeated"))
    for type_ in ("D01", "D04", "D06"):
        assert same_thing((type_, "rulebook/PR22"), ("", "", "charge_class", "CC05"))
    assert not same_thing(("S07", "rulebook/PR20"), ("", "", "charge_class", "CC05"))


def joined_world(joined: Sequence[str] = ()) -> Made:
    """A late problem at PR08 and one at PR20, mostly in the same cases."""
    made = Made()
    for n in range(300):
        case = made.case(day=n)
        for node in ("PR08", "PR20"):
            made.event(case, node, n)
        if n % 5 == 0:
            also = [f"{thing} {case}" for thing in joined]
            made.problem(case, "P10", "PR08", n, [f"event {case} 1", *also], timed=True)
            made.problem(case, "S07", "PR20", n, [f"event {case} 2", *also])
    return made


def test_lateness_is_told_apart_from_its_problem_and_from_what_is_joined() -> None:
    late, own, other = (
        ("", "rulebook/PR08", "deviation", "late"),
        ("P10", "rulebook/PR08"),
        ("S07", "rulebook/PR20"),
    )
    cut = joined_world().cut
    contexts = Contexts(tuple(deviating(cut)))
    assert late in {c.item for c in contexts.items}
    assert told_of(searched(cut, contexts)) == {(late, other), (own, other)}
    cut = joined_world(["review"]).cut
    assert told_of(searched(cut, Contexts(tuple(deviating(cut))))) == set()
    cut = joined_world().cut
    at = {p: frozenset({at_node("rulebook/PR08")}) for p in range(len(cut.problem_case))}
    assert told_of(searched(cut, Contexts(tuple(deviating(cut)), at))) == {(own, other)}


def test_two_circumstances_are_never_combined() -> None:
    made, _ = world(2, 300)
    one, other = (
        Context(("", "", kind, "x"), np.arange(0, 300, 7), np.arange(300))
        for kind in ("charge_class", "source_system")
    )
    found = searched(made.cut, Contexts((one, other)))
    assert not [t for t in found.tested if {one.item, other.item} <= set(t.pattern)]
    assert not [t for t in found.tested if set(t.pattern) <= {one.item, other.item}]


def test_charges_are_classed_by_chapter_at_their_first_stage() -> None:
    assert [charge_class(c) for c in ("264", "133之一", "232", "999", "X1")] == [
        *("CC05", "CC02", "CC04"),
        *("999", "X1"),
    ]
    changed = [("264", "TRANSFER"), ("234", "PROSECUTION"), (None, "TRANSFER")]
    assert classes("盗窃罪", changed) == {"CC05"}
    assert classes("盗窃罪", [("264", None), ("133", "JUDGMENT")]) == {"CC02"}
    assert classes("合同纠纷", []) == {"合同纠纷"}
    assert classes(None, []) == set()


def office(folder: Path) -> Built:
    """S07 at PR20 comes with property charges, S12 at PR10 where questioning was repeated, D21 at
    PR01 with the old system; each a little elsewhere too."""
    folder.mkdir()
    built = Built("office")
    draw = np.random.default_rng(3)
    for n in range(320):
        system = ("old", "new", "new")[int(draw.integers(3))]
        case = built.case("PR", accepted="2024-01-02", attr_source_system=system)
        code = ("264", "266", "234", "133")[int(draw.integers(4))]
        charge = {"charge": f"CH{n}", "party": f"{case}-1", "code": code, "stage": "TRANSFER"}
        built.row("charges", **charge)
        for node in ("PR01", "PR08", "PR10", "PR20"):
            built.event(case, node)
        again = bool(draw.random() < 0.2)
        if again:
            built.event(case, "PR08", day="2024-02-02")
        often = {
            ("S07", "PR20"): code in {"264", "266"},
            ("S12", "PR10"): again,
            ("D21", "PR01"): system == "old",
        }
        for (type_, node), more in often.items():
            if draw.random() < (0.4 if more else 0.05):
                id_ = f"{type_}-{n}"
                row = {"problem": id_, "type": type_, "case": case, "node": node}
                built.row("problems", **row, found="2024-03-01")
    return built


def test_planted_circumstances_are_found_in_a_package(graph: Any, tmp_path: Path) -> None:
    built = office(tmp_path / "a")
    built.load(graph, tmp_path / "a")
    every = ["charge_class", "source_system", "deviation"]
    answer = patterns(graph, limit=0, context=every)
    told = {r["id"]: r for r in answer["patterns"] if r["q"] <= 0.05 and len(r["items"]) == 2}
    planted = {"S07@PR20+charge_class=CC05", "S12@PR10+repeated@PR08", "D21@PR01+source_system=old"}
    assert planted == set(told)
    row = told["S12@PR10+repeated@PR08"]
    assert (row["type"], row["node"], row["department"], row["folded"]) == (None,) * 4
    problem, circumstance = row["items"]
    assert (problem["type"], problem["node"]) == ("S12", "PR10")
    assert {k: circumstance[k] for k in ("type", "node", "kind", "deviation")} == {
        "type": None,
        "node": "PR08",
        "kind": None,
        "deviation": "repeated",
    }
    assert circumstance["zh"] == "讯问犯罪嫌疑人：重复"
    assert row["effect"]["low"] > 1
    assert row["observed"] == row["cases"] > row["expected"]
    listed = {
        (c["node"], c.get("charge_class"), c.get("source_system"), c.get("deviation")): c["cases"]
        for c in answer["contexts"]["contexts"]
    }
    cases = built.rows["cases"]
    old = sum(c["attr_source_system"] == "old" for c in cases)
    property_ = sum(c["code"] in {"264", "266"} for c in built.rows["charges"])
    again = sum(e["node"] == "PR08" for e in built.rows["events"]) - len(cases)
    assert listed[None, "CC05", None, None] == property_
    assert listed[None, None, "old", None] == old
    assert listed["PR08", None, None, "repeated"] == again
    assert {"pattern_charges", "pattern_events", "link_strata"} <= {*answer["evidence"]["queries"]}
    plain = patterns(graph, limit=0)
    assert "contexts" not in plain
    assert all(i["type"] for r in plain["patterns"] for i in r["items"])
    some = patterns(graph, limit=0, context=every, node="PR08")
    assert {r["id"] for r in some["patterns"] if r["q"] <= 0.05} == {row["id"]}
    with pytest.raises(InputError, match="context"):
        patterns(graph, context=["weather"])


def test_a_problem_about_an_event_at_the_node_says_nothing_of_it(
    graph: Any, tmp_path: Path
) -> None:
    """The same package, its S12 about the repeated questioning itself."""
    built = office(tmp_path / "a")
    for n, event in enumerate(built.rows["events"]):
        event["event"] = f"E{n}"
    last = {e["case"]: e["event"] for e in built.rows["events"] if e["node"] == "PR08"}
    for row in built.rows["problems"]:
        row["event"] = last[row["case"]] if row["type"] == "S12" else ""
    built.load(graph, tmp_path / "a")
    answer = patterns(graph, limit=0, context=["deviation"])
    assert not [r["id"] for r in answer["patterns"] if r["id"] == "S12@PR10+repeated@PR08"]
