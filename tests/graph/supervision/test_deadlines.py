"""Deadlines of a small log on the engine: results, problems, and what stays as it was."""

from __future__ import annotations

import csv
import datetime as dt
import json
from pathlib import Path
from typing import Any

import pytest

from graph.errors import InputError
from graph.store.connection import Graph
from graph.store.stats import stats
from graph.store.temporal import as_json
from graph.supervision.deadlines import breached, deadlines, outcome_cases
from loaders.load import load
from loaders.profile import ProfileFile, read_profile

PROFILE = """
source: shop
zone: Asia/Shanghai
columns: {case: id, activity: act, time: when}
dates: [case:due, case:paid_on]
numbers: [case:sum]
attributes: [how]
nodes: {decide: PR22}
outcomes:
  decided: {activity: decide}
  dear: {attribute: case:sum, equals: [100, 300]}
  by_post: {attribute: how, equals: post}
  slow: {missed: decision}
deadlines:
  decision:
    title: {zh: 三日内决定, en: decided within three days}
    start: {activity: accept}
    end: {activity: decide}
    length: {days: 3}
    proof: {activity: archive}
  police:
    start: {activity: ask}
    end: {activity: answer}
    length: {months: 1}
    owner: other
  payment:
    start: {activity: accept}
    end: {attribute: case:paid_on}
    until: case:due
    type: P02
    node: pay
"""
HEADER = ("id", "act", "when", "due", "paid_on", "sum", "how")
ROWS = [
    ("met", "accept", "2024-03-01 09:00", "2024-03-10", "2024-03-09", "100", "post"),
    ("met", "decide", "2024-03-04 23:00", "2024-03-10", "2024-03-09", "100", ""),
    ("late", "accept", "2024-03-01 09:00", "2024-03-10", "2024-03-11", "200", ""),
    ("late", "decide", "2024-03-05 00:10", "2024-03-10", "2024-03-11", "200", ""),
    ("open", "accept", "2024-03-01", "", "", "300", "web"),
    ("open", "ask", "2024-03-02", "", "", "300", ""),
    ("fresh", "accept", "2024-04-29", "2024-05-10", "", "", ""),
    ("proved", "accept", "2024-03-01", "2024-03-10", "2024-03-10", "", ""),
    ("proved", "archive", "2024-03-20", "2024-03-10", "2024-03-10", "", ""),
    ("turned", "accept", "2024-03-05", "2024-03-10", "2024-03-10", "", ""),
    ("turned", "decide", "2024-03-01", "2024-03-10", "2024-03-10", "", ""),
    ("headless", "decide", "2024-03-01", "", "", "", ""),
    ("late", "pay", "2024-04-30", "2024-03-10", "2024-03-11", "200", ""),
]


def profile(folder: Path, text: str = PROFILE) -> ProfileFile:
    path = folder / "shop.yaml"
    path.write_text(text, encoding="utf-8")
    return read_profile(path)


def log(path: Path, rows: list[tuple[str, ...]] = ROWS, header: tuple[str, ...] = HEADER) -> Path:
    with path.open("w", encoding="utf-8", newline="") as file:
        csv.writer(file).writerows([header, *(r[: len(header)] for r in rows)])
    return path


@pytest.fixture
def shop(tmp_path: Path, graph: Graph) -> Graph:
    report = load(graph, log(tmp_path / "log.csv"), profile=profile(tmp_path))
    assert report.rejected == 0
    return graph


def counted(**numbers: int) -> dict[str, int]:
    names = ("met", "late", "running", "overdue", "unknown", "not_supplied")
    return dict.fromkeys(names, 0) | numbers


def test_every_result(shop: Graph) -> None:
    found = deadlines(shop, limit=0)
    assert found["as_of"] == dt.datetime(2024, 4, 29, 16, tzinfo=dt.UTC)
    assert found["rules"] == {
        "decision": counted(met=1, late=1, running=2, overdue=1, unknown=3),
        "police": counted(running=1, overdue=1),
        "payment": counted(met=3, late=1, running=1, unknown=1),
    }
    states = {
        (c["rule"], c["case"]): (c["result"], c["overdue"], c["problem"]) for c in found["clocks"]
    }
    assert states["decision", "proved"] == ("UNKNOWN", False, "DL-decision-proved")
    assert states["decision", "turned"] == ("UNKNOWN", False, "DL-decision-turned")
    assert states["decision", "headless"] == ("UNKNOWN", False, "DL-decision-headless")
    assert states["police", "open"] == ("RUNNING", True, None)
    assert states["payment", "open"] == ("UNKNOWN", False, "DL-payment-open")
    assert states["decision", "fresh"] == ("RUNNING", False, None)
    explained = {c["case"]: c["explained"] for c in found["clocks"] if c["rule"] == "decision"}
    assert explained["late"]["en"] == [
        "started by first “accept” = 2024-03-01 09:00:00+08:00",
        "plus 3 days, in calendar dates, the day of the start not counted",
        "due: 2024-03-04",
        "ended by first “decide” = 2024-03-05 00:10:00+08:00",
        "ended late",
    ]
    assert json.dumps(as_json(found))


def test_problems_say_what_where_and_when(shop: Graph) -> None:
    deadlines(shop)
    keys = [
        f"shop/DL-{name}"
        for name in (
            "decision-late",
            "decision-open",
            "decision-proved",
            "decision-turned",
            "decision-headless",
            "payment-late",
            "payment-open",
        )
    ]
    stored = {r.key: (r.props, dict(r.named)) for r in shop.read("former_problems", keys=keys)}
    assert set(stored) == set(keys)
    assert stats(shop)["nodes"]["Problem"] == len(keys)
    props, named = stored["shop/DL-decision-late"]
    assert props["found_on"] == dt.date(2024, 3, 5)
    assert props["known"] == dt.datetime(2024, 3, 4, 16, tzinfo=dt.UTC)
    assert props["description"] == "三日内决定：2024-03-04 届满，届满前未办结"
    assert props["found_by"] == "PROCEDURAL"
    assert (props["_batch"], props["_row"]) == ("B00001", 4)
    assert named["type"].endswith("P01")
    assert named["case"].endswith("late")
    assert named["node"].endswith("PR22")
    assert named["raised_by_deadline"].endswith("decision")
    assert stored["shop/DL-payment-late"][1]["type"].endswith("P02")
    assert stored["shop/DL-payment-late"][1]["node"].endswith("pay")
    kinds = {
        key.removeprefix("shop/DL-"): (p["found_by"], n["type"][-3:], p["found_on"].isoformat())
        for key, (p, n) in stored.items()
        if p["found_by"] == "DATA"
    }
    assert kinds == {
        "decision-proved": ("DATA", "D01", "2024-03-20"),
        "decision-turned": ("DATA", "D03", "2024-03-05"),
        "decision-headless": ("DATA", "D01", "2024-03-01"),
        "payment-open": ("DATA", "D01", "2024-03-01"),
    }


def test_an_activity_is_its_own_node_whatever_it_is_called(tmp_path: Path, graph: Graph) -> None:
    """One that bears the code of a node of the rulebook stands for it only where it is mapped."""
    text = PROFILE.replace("node: pay", "node: PR08")
    rows = [("PR08" if cell == "pay" else cell for cell in row) for row in ROWS]
    load(graph, log(tmp_path / "l.csv", [tuple(r) for r in rows]), profile=profile(tmp_path, text))
    deadlines(graph)
    keys = ["shop/DL-payment-late", "shop/DL-decision-late"]
    nodes = [dict(r.named)["node"] for r in graph.read("former_problems", keys=keys)]
    assert sorted(nodes) == ["rulebook/PR22", "shop/PR08"]


def test_asking_again_or_of_another_day_changes_nothing(shop: Graph) -> None:
    before = stats(shop)["digest"]
    assert deadlines(shop, write=False)["written"] == 0
    assert stats(shop)["digest"] == before
    assert deadlines(shop)["written"] == 7
    digest = stats(shop)["digest"]
    for day in (None, "2024-03-05", "2024-03-15", None):
        assert deadlines(shop, as_of=day)["written"] == 0
    assert stats(shop)["digest"] == digest


def test_days_one_after_another_end_in_the_same_graph(shop: Graph) -> None:
    written = [
        deadlines(shop, as_of=day)["written"]
        for day in ("2024-03-01", "2024-03-04", "2024-03-05", "2024-03-20", None)
    ]
    assert sum(written) == 7
    assert written[0] > 0
    assert written[2] > 0
    step_by_step = stats(shop)["digest"]
    problems = [f"shop/DL-{r}" for r in ("decision-proved", "decision-late")]
    shop.write("delete_problems", keys=problems)
    assert stats(shop)["digest"] != step_by_step
    deadlines(shop)
    assert stats(shop)["digest"] == step_by_step


def test_an_earlier_day_knows_less(shop: Graph) -> None:
    assert deadlines(shop, as_of="2024-03-04", write=False)["rules"]["decision"] == counted(
        met=1, running=3, unknown=1
    )
    assert deadlines(shop, as_of="2024-03-05", write=False)["rules"]["decision"] == counted(
        met=1, late=1, running=2, overdue=2, unknown=2
    )


def test_a_later_day_finds_what_will_be_overdue(shop: Graph) -> None:
    deadlines(shop)
    found = deadlines(shop, as_of="2024-06-01")
    assert found["rules"]["decision"]["overdue"] == 2
    assert found["written"] == 2
    assert shop.as_of() == dt.datetime(2024, 4, 29, 16, tzinfo=dt.UTC)


def test_limits_and_filters(shop: Graph) -> None:
    cut = deadlines(shop, write=False, limit=2)
    assert (cut["total"], cut["shown"], cut["truncated"]) == (14, 2, True)
    assert [c["overdue"] for c in cut["clocks"]] == [True, False]
    late = deadlines(shop, write=False, rule="decision", result="late")
    assert [c["case"] for c in late["clocks"]] == ["late"]
    running = deadlines(shop, write=False, rule="decision", result="RUNNING")
    assert {c["case"] for c in running["clocks"]} == {"open", "fresh"}
    for wrong, code in (
        ({"rule": "decison"}, "deadlines.unknown_rule"),
        ({"result": "soon"}, "deadlines.unknown_result"),
    ):
        with pytest.raises(InputError) as caught:
            deadlines(shop, write=False, **wrong)
        assert caught.value.code == code
    assert "decision" in deadlines(shop, write=False, source="shop")["rules"]
    assert deadlines(shop, write=False, source="other")["rules"] == {}


def test_outcomes(shop: Graph) -> None:
    def cases(name: str, as_of: str | None = None) -> set[str]:
        return {key.removeprefix("shop/") for key in outcome_cases(shop, "shop", name, as_of)}

    assert cases("decided") == {"met", "late", "turned", "headless"}
    assert cases("decided", "2024-03-04") == {"turned", "headless", "met"}
    assert cases("dear") == {"met", "open"}
    assert cases("by_post") == {"met"}
    assert cases("slow") == {"late", "open"}
    assert cases("slow", "2024-03-04") == set()
    with pytest.raises(InputError) as caught:
        outcome_cases(shop, "shop", "sloow")
    assert caught.value.code == "deadlines.unknown_outcome"
    with pytest.raises(InputError):
        breached(shop, "shop", "none")


def test_a_batch_without_the_column_is_said_once(tmp_path: Path, graph: Graph) -> None:
    file = profile(tmp_path)
    load(graph, log(tmp_path / "log.csv"), profile=file)
    extra: list[tuple[Any, ...]] = [
        ("more", "accept", "2024-03-01"),
        ("more2", "accept", "2024-03-01"),
    ]
    load(graph, log(tmp_path / "short.csv", extra, HEADER[:3]), profile=file)
    found = deadlines(graph, write=False, limit=0)["rules"]
    assert found["payment"] == counted(met=3, late=1, running=1, unknown=1, not_supplied=1)
    assert found["decision"]["not_supplied"] == 0
    assert found["decision"]["overdue"] == 3


def test_a_profile_that_drops_a_rule_ends_it(tmp_path: Path, graph: Graph) -> None:
    load(graph, log(tmp_path / "log.csv"), profile=profile(tmp_path))
    fewer = PROFILE[: PROFILE.index("  police:")]
    load(graph, log(tmp_path / "log.csv"), profile=profile(tmp_path, fewer))
    assert set(deadlines(graph, write=False)["rules"]) == {"decision"}


def test_a_mended_row_mends_its_problem(tmp_path: Path, graph: Graph) -> None:
    file = profile(tmp_path)
    load(graph, log(tmp_path / "log.csv"), profile=file)
    deadlines(graph)
    mended = [tuple("2024-03-08" if c == "2024-03-10" else c for c in row) for row in ROWS]
    load(graph, log(tmp_path / "log.csv", mended), profile=file)
    assert deadlines(graph)["written"] > 0
    (row,) = graph.read("former_problems", keys=["shop/DL-payment-late"])
    assert row.props["found_on"] == dt.date(2024, 3, 9)


def test_a_problem_whose_ground_is_gone_is_closed_and_comes_back(
    tmp_path: Path, graph: Graph
) -> None:
    file = profile(tmp_path)

    def loaded(rows: list[tuple[str, ...]]) -> dict[str, Any]:
        load(graph, log(tmp_path / "log.csv", rows), profile=file)
        return deadlines(graph)

    assert loaded(ROWS)["closed"] == 0
    paid = [tuple("2024-03-09" if c == "2024-03-11" else c for c in row) for row in ROWS]
    found = loaded(paid)
    assert found["closed"] == 1
    (row,) = graph.read("former_problems", keys=["shop/DL-payment-late"])
    assert row.props["closed_on"] == graph.data_date().date()
    assert deadlines(graph)["closed"] == 0
    assert loaded(ROWS)["closed"] == 0
    (row,) = graph.read("former_problems", keys=["shop/DL-payment-late"])
    assert "closed_on" not in row.props


def test_a_store_without_profiles_has_no_rules(world: Any) -> None:
    graph, _, _ = world
    found = deadlines(graph, write=False)
    assert (found["rules"], found["total"], found["clocks"]) == ({}, 0, [])
