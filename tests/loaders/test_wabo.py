"""A real log under its shipped profile, against figures counted independently of this code."""

from __future__ import annotations

import csv
import datetime as dt
import os
from pathlib import Path

import pytest

from graph.store.connection import Graph
from graph.store.stats import stats
from graph.supervision.deadlines import deadlines, outcome_cases
from loaders.load import load
from loaders.logs import check, open_log
from loaders.profile import read_profile

LOGS = Path(os.environ.get("ANGUAN_TEST_LOGS", "")) / "wabo-receipt"
XES, CSV = LOGS / "08_receipt.xes.gz", LOGS / "receipt.csv"
pytestmark = pytest.mark.skipif(
    not (os.environ.get("ANGUAN_TEST_LOGS") and XES.is_file()),
    reason="ANGUAN_TEST_LOGS names no folder with wabo-receipt/",
)


@pytest.fixture(scope="module")
def wabo(module_graph: Graph) -> Graph:
    load(module_graph, XES, profile="wabo")
    return module_graph


def plain_cases() -> dict[str, dict[str, dt.datetime | None]]:
    """Start, deadline and end of each case by the csv module alone."""
    cases = {}
    with CSV.open(encoding="utf-8", newline="") as file:
        for row in csv.DictReader(file):
            cases[row["case:concept:name"]] = {
                name: dt.datetime.fromisoformat(row[f"case:{name}"])
                if row[f"case:{name}"]
                else None
                for name in ("startdate", "deadline", "enddate")
            }
    return cases


@pytest.mark.parametrize("path", [XES, CSV], ids=["xes", "csv"])
def test_what_the_log_holds(path: Path) -> None:
    found = open_log(path, read_profile("wabo")).survey
    assert (found.read, found.events, len(found.cases), len(found.activities)) == (
        8577,
        8577,
        1434,
        27,
    )
    assert found.faults == {}


def test_the_check_finds_no_fault() -> None:
    found = check(read_profile("wabo"), XES, rows=0)
    assert found.good
    assert found.not_mapped == ()
    assert found.doubts == ()


def test_loaded(wabo: Graph) -> None:
    held = stats(wabo)
    assert held["nodes"]["Case"] == 1434
    assert held["nodes"]["Event"] == held["relationships"]["AT"] == 8577
    assert [r.rule for r in wabo.read("deadline_rules")] == ["by_date", "by_instant"]
    survey = open_log(CSV, read_profile("wabo")).survey
    assert held["nodes"]["Person"] == len(survey.persons)


def test_resources() -> None:
    log = open_log(XES, read_profile("wabo"))
    events = [r for t, rows in log.tables() if t.label == "Event" for r in rows]
    assert len({r.values["person"] for r in events}) == 48


def test_xes_and_csv_are_one_graph(wabo: Graph) -> None:
    before = stats(wabo)["digest"]
    report = load(wabo, CSV, profile="wabo")
    assert (report.read, report.loaded, report.unchanged) == (8577, 0, 8577)
    assert stats(wabo)["digest"] == before


def test_deadlines_answer_two_questions(wabo: Graph) -> None:
    found = deadlines(wabo, write=False)
    assert found["as_of"] == dt.datetime(2012, 1, 23, 14, 42, 54, 644_000, dt.UTC)
    assert found["rules"] == {
        "by_instant": {
            "met": 950,
            "late": 377,
            "running": 105,
            "overdue": 39,
            "unknown": 2,
            "not_supplied": 0,
        },
        "by_date": {
            "met": 1020,
            "late": 309,
            "running": 105,
            "overdue": 37,
            "unknown": 0,
            "not_supplied": 0,
        },
    }
    unknown = deadlines(wabo, write=False, rule="by_instant", result="unknown", limit=0)
    assert {c["case"] for c in unknown["clocks"]} == {
        case
        for case, at in plain_cases().items()
        if at["startdate"] and at["enddate"] and at["startdate"] > at["enddate"]
    }
    assert len(unknown["clocks"]) == 2


@pytest.mark.parametrize("day", ["2011-01-15", "2011-06-01", "2011-12-31"])
def test_earlier_days_by_an_independent_count(wabo: Graph, day: str) -> None:
    moment = wabo.as_of(day)
    expected = dict.fromkeys(("met", "late", "running", "overdue"), 0)
    for at in plain_cases().values():
        start, due, end = at["startdate"], at["deadline"], at["enddate"]
        assert start is not None
        assert due is not None
        if start > moment or (end is not None and start > end):
            continue
        if end is not None and end <= moment:
            expected["late" if end > due else "met"] += 1
        else:
            expected["running"] += 1
            expected["overdue"] += moment > due
    found = deadlines(wabo, as_of=day, write=False)["rules"]["by_instant"]
    assert {k: found[k] for k in expected} == expected


def test_problems_are_written_once_whatever_the_day(wabo: Graph) -> None:
    first = deadlines(wabo)
    assert first["problems"] == first["written"] == 377 + 39 + 2 + 309 + 37
    written = stats(wabo)
    assert written["nodes"]["Problem"] == written["relationships"]["RAISED_BY"] == 764
    for day in (None, "2011-06-01", "2010-12-31"):
        assert deadlines(wabo, as_of=day)["written"] == 0
    assert stats(wabo)["digest"] == written["digest"]
    kinds = {r.type: r.problems for r in wabo.read("patterns_by_node", source="wabo")}
    assert kinds == {"P01": 762, "D03": 2}


def test_outcomes(wabo: Graph) -> None:
    assert len(outcome_cases(wabo, "wabo", "late")) == 377 + 39
    assert len(outcome_cases(wabo, "wabo", "late_by_date")) == 309 + 37
    with CSV.open(encoding="utf-8", newline="") as file:
        rows = list(csv.DictReader(file))
    internet = {r["case:concept:name"] for r in rows if r["case:channel"] == "Internet"}
    unlicensed = {r["case:concept:name"] for r in rows if r["concept:name"].startswith("T11 ")}
    assert outcome_cases(wabo, "wabo", "internet") == {f"wabo/{c}" for c in internet}
    assert outcome_cases(wabo, "wabo", "unlicensed") == {f"wabo/{c}" for c in unlicensed}
