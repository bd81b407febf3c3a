"""A deadline of a profile and a limit of the rulebook that state one duty raise one problem."""

from __future__ import annotations

import csv
import datetime as dt
from pathlib import Path
from typing import Any

import pytest

from graph.store.connection import Graph
from graph.supervision.check import check
from graph.supervision.deadlines import deadlines
from graph.supervision.dispose import dispose
from loaders.load import load
from loaders.profile import ProfileFile, read_profile

PROFILE = """
shape: wide
source: office
case_type: PR
columns: {case: 案号, accepted: 受理日期, closed: 审结日期, outcome: 审结情形}
events:
  受理日期: PR01
  告知日期: PR03
  审结日期: PR22.PROSECUTE
parties: {name: 姓名}
deadlines:
  told:
    title: {zh: 三日内告知, en: told within three days}
    start: {activity: PR01}
    end: {activity: PR03}
    length: {days: 3}
    type: P08
    same: TL-020
"""
ROWS = [
    ("案号", "受理日期", "告知日期", "审结日期", "审结情形", "姓名"),
    ("late", "2024-03-04", "2024-03-20", "2024-03-25", "起诉", "甲"),
    ("met", "2024-03-04", "2024-03-05", "2024-03-25", "起诉", "乙"),
]


def profile(folder: Path, text: str = PROFILE) -> ProfileFile:
    path = folder / "p.yaml"
    path.write_text(text, encoding="utf-8")
    return read_profile(path)


def put(graph: Graph, folder: Path, text: str = PROFILE, rows: Any = ROWS) -> None:
    path = folder / "cases.csv"
    with path.open("w", encoding="utf-8", newline="") as file:
        csv.writer(file).writerows(rows)
    load(graph, path, profile=profile(folder, text))


def raised(graph: Graph) -> dict[str, tuple[set[str], bool]]:
    """Problem to the rules of the duty that raised it, and whether it is closed."""
    keys = [r.props["key"] for r in graph.stream("all_nodes") if r.label == "Problem"]
    found = {}
    for r in graph.read("former_problems", keys=keys):
        rules = {t.split("/", 1)[1] for c, t in r.named if c.startswith("raised_by")}
        if rules & {"told", "TL-020"}:
            found[r.props["id"]] = (rules & {"told", "TL-020"}, "closed_on" in r.props)
    return found


BOTH = {"told", "TL-020"}


@pytest.mark.parametrize("first", ["check", "deadlines"])
def test_one_breach_is_one_problem_in_either_order(
    graph: Graph, tmp_path: Path, first: str
) -> None:
    put(graph, tmp_path)
    runs = [lambda: check(graph), lambda: deadlines(graph)]
    for run in runs if first == "check" else reversed(runs):
        run()
    found = raised(graph)
    assert [rules for rules, _ in found.values()] == [BOTH]
    assert not any(closed for _, closed in found.values())
    (problem,) = found
    (clock,) = [c for c in deadlines(graph, write=False)["clocks"] if c["problem"]]
    assert clock["problem"] == problem
    for again in (*runs, *reversed(runs)):
        answer = again()
        assert answer.get("written") in {0, True}
        assert answer.get("problems") == 1 or not answer["problems"]["opened"]
        assert raised(graph) == found


def test_without_the_key_there_are_two(graph: Graph, tmp_path: Path) -> None:
    put(graph, tmp_path, PROFILE.replace("    same: TL-020\n", ""))
    check(graph)
    deadlines(graph)
    assert (
        sorted(rules for rules, _ in raised(graph).values()) == [{"TL-020"}, {"told"}]
        or len(raised(graph)) == 2
    )
    # A later profile that names the duty joins them: the deadline's own problem is closed.
    put(graph, tmp_path)
    deadlines(graph)
    check(graph)
    deadlines(graph)
    open_ = [rules for rules, closed in raised(graph).values() if not closed]
    assert open_ == [BOTH]


def test_what_a_person_decided_stays_on_the_problem_that_is_taken_over(
    graph: Graph, tmp_path: Path
) -> None:
    put(graph, tmp_path)
    deadlines(graph)
    dispose(graph, "DL-told-late", "CONFIRMED", "P1", "经核实")
    check(graph)
    found = raised(graph)
    assert found == {"DL-told-late": (BOTH, False)}
    (row,) = graph.read("problems", statuses=["CONFIRMED"], as_of=graph.as_of())
    assert row.problem == "DL-told-late"


def test_a_mended_row_closes_it_and_a_new_breach_opens_it(graph: Graph, tmp_path: Path) -> None:
    put(graph, tmp_path)
    check(graph)
    deadlines(graph)
    mended = [tuple("2024-03-06" if c == "2024-03-20" else c for c in row) for row in ROWS]
    put(graph, tmp_path, rows=mended)
    check(graph)
    deadlines(graph)
    days = {e.day for e in graph.read("deadline_events", source="office", activities=["PR03"])}
    assert days == {dt.date(2024, 3, 5), dt.date(2024, 3, 6)}, "a corrected date corrects the event"
    assert [closed for _, closed in raised(graph).values()] == [True]
    put(graph, tmp_path)
    check(graph)
    deadlines(graph)
    assert list(raised(graph).values()) == [(BOTH, False)]
