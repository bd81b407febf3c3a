"""Deadline and outcome queries over a made-up log, against a plain reading of its CSV."""

from __future__ import annotations

import csv
import datetime as dt
import json
import random
from collections import defaultdict
from pathlib import Path
from typing import Any

import pytest

from graph.store.connection import Graph
from graph.supervision.deadlines import deadlines
from loaders.load import load

CASES, SEED = 150, 11
FIRST = dt.datetime(2024, 1, 1, 9, tzinfo=dt.timezone(dt.timedelta(hours=8)))
HEADER = ("case:id", "act", "when", "case:channel", "case:due", "level")
PROFILE = """
source: made
zone: Asia/Shanghai
columns: {case: case:id, activity: act, time: when}
attributes: [case:channel]
dates: [case:due]
numbers: [level]
nodes: {close: PR22}
outcomes:
  closed: {activity: close}
  web: {attribute: case:channel, equals: web}
  steep: {attribute: level, equals: [2, 3]}
deadlines:
  dates: {start: {activity: open}, end: {activity: close}, length: {days: 6}}
  instants:
    start: {activity: ask, occurrence: last}
    end: {activity: close, occurrence: last}
    length: {days: 4}
    count: elapsed
  due: {start: {activity: open}, end: {activity: close}, until: case:due}
"""


def made() -> list[dict[str, str]]:
    draw = random.Random(SEED)
    rows = []
    for case in range(CASES):
        at = FIRST + dt.timedelta(minutes=draw.randrange(200 * 1440))
        of_case = {
            "case:id": f"c{case:03d}",
            "case:channel": draw.choice(["web", "post", ""]),
            "case:due": draw.choice(["", (at + dt.timedelta(days=draw.randrange(9))).isoformat()]),
        }
        acts = ["open"] * draw.randint(0, 2) + ["ask"] * draw.randint(0, 2)
        acts += ["close"] * draw.randint(0, 2)
        draw.shuffle(acts)
        for act in acts:
            at += dt.timedelta(minutes=draw.randrange(5 * 1440))
            level = draw.choice(["1", "2", "3.0", ""])
            rows.append({**of_case, "act": act, "when": at.isoformat(), "level": level})
    return rows


@pytest.fixture(scope="module")
def log(module_graph: Graph, tmp_path_factory: pytest.TempPathFactory) -> Any:
    folder = tmp_path_factory.mktemp("made")
    rows = made()
    profile = folder / "made.yaml"
    profile.write_text(PROFILE, encoding="utf-8")
    path: Path = folder / "log.csv"
    with path.open("w", encoding="utf-8", newline="") as file:
        writer = csv.DictWriter(file, HEADER)
        writer.writeheader()
        writer.writerows(rows)
    report = load(module_graph, path, profile=profile)
    assert report.loaded == len(rows)
    return module_graph, rows


def instant(text: str) -> dt.datetime:
    return dt.datetime.fromisoformat(text).astimezone(dt.UTC)


def by_case(rows: list[dict[str, str]]) -> dict[str, list[dict[str, str]]]:
    found: dict[str, list[dict[str, str]]] = defaultdict(list)
    for row in rows:
        found[row["case:id"]].append(row)
    return found


DAYS = (None, "2024-02-15", "2024-05-01")


def test_deadline_rules(log: Any) -> None:
    graph, _ = log
    found = list(graph.read("deadline_rules"))
    assert [(r.key, r.rule, r.source, r.zh, r.batch) for r in found] == [
        (f"made/{name}", name, "made", name, "B00001") for name in ("dates", "due", "instants")
    ]
    assert json.loads(found[0].definition)["length"] == {"days": 6}
    assert list(graph.read("deadline_rules", source="other")) == []


def test_deadline_batches(log: Any) -> None:
    graph, _ = log
    assert [(r.batch, r.supplied) for r in graph.read("deadline_batches", source="made")] == [
        ("B00001", list(HEADER))
    ]


def test_deadline_cases(log: Any) -> None:
    graph, rows = log
    found = {r.case: r for r in graph.stream("deadline_cases", source="made")}
    cases = by_case(rows)
    assert set(found) == set(cases)
    numbers = {row["case:id"]: at for at, row in reversed(list(enumerate(rows, start=2)))}
    for name, its in cases.items():
        row = found[name]
        assert (row.key, row.batch, row.row) == (f"made/{name}", "B00001", numbers[name])
        assert row.props.get("attr_channel") == (its[0]["case:channel"] or None)
        due = its[0]["case:due"]
        assert row.props.get("attr_due") == (instant(due) if due else None)


def test_deadline_events(log: Any) -> None:
    graph, rows = log
    found = graph.stream("deadline_events", source="made", activities=["open", "close"])
    assert sorted((r.case, r.activity, r.at, r.day.isoformat(), r.offset) for r in found) == sorted(
        (f"made/{r['case:id']}", r["act"], instant(r["when"]), r["when"][:10], 480)
        for r in rows
        if r["act"] != "ask"
    )


def test_outcome_definitions(log: Any) -> None:
    graph, _ = log
    found = graph.read("outcome_definitions", source="made")
    assert {r.outcome: json.loads(r.definition) for r in found} == {
        "closed": {"activity": "close"},
        "steep": {"attribute": "event:level", "values": [2.0, 3.0]},
        "web": {"attribute": "case:channel", "values": ["web"]},
    }


GENERATED = {
    "deadline_rules": ("dates", "due", "instants"),
    "outcomes": ("closed", "steep", "web"),
}


@pytest.mark.parametrize("name", GENERATED)
def test_generated_statements(log: Any, name: str) -> None:
    """The rest of the generated statements is compared in test_every_query.py."""
    graph, _ = log
    ids = GENERATED[name]
    keys = [f"made/{i}" for i in ids]
    known = graph.read(f"known_{name}", keys=[*keys, "no/such"])
    assert sorted((r.key, r.hash) for r in known) == [(key, None) for key in keys]
    former = {r.key: r for r in graph.read(f"former_{name}", keys=[*keys, "no/such"])}
    assert sorted(former) == keys
    for id_, key in zip(ids, keys, strict=True):
        own = {"key": key, "id": id_, "source": "made", "_batch": "B00001"}
        props = former[key].props
        assert {n: props[n] for n in own} == own
        assert props.keys() - own.keys() == {"zh", "en", "definition", "_row"}
        assert json.loads(props["definition"])
        assert former[key].named == []
        for source, expected in ((None, [key]), ("made", [key]), ("nobody", [])):
            assert [r.key for r in graph.read(f"find_{name}", id=id_, source=source)] == expected
    assert [r.id for r in graph.read(f"similar_{name}", prefix="")] == list(ids)
    assert [r.id for r in graph.read(f"similar_{name}", prefix=ids[0][:3])] == [ids[0]]
    assert list(graph.read(f"find_{name}", id="no-such")) == []


@pytest.mark.parametrize("day", DAYS)
def test_outcome_members(log: Any, day: str | None) -> None:
    graph, rows = log
    moment = graph.as_of(day)

    def asked(**params: Any) -> set[str]:
        found = graph.read("outcome_members", source="made", as_of=day, **params)
        return {r.case.removeprefix("made/") for r in found}

    seen = [r for r in rows if instant(r["when"]) <= moment]
    assert asked(activity="close") == {r["case:id"] for r in seen if r["act"] == "close"}
    steep = {r["case:id"] for r in seen if r["level"] in {"2", "3.0"}}
    values = [{"value": 2.0}, {"value": 3.0}]
    assert asked(attribute="attr_level", values=values, of="event") == steep
    assert asked(attribute="attr_channel", values=[{"value": "web"}]) == {
        r["case:id"] for r in rows if r["case:channel"] == "web"
    }
    assert asked() == set()


def plain(rule: str, its: list[dict[str, str]], moment: dt.datetime) -> str | None:
    """One clock, read off the rows of a case."""

    def at(act: str, *, all_: bool = False) -> list[dt.datetime]:
        found = [dt.datetime.fromisoformat(r["when"]) for r in its if r["act"] == act]
        return sorted(d for d in found if all_ or d <= moment)

    begin = "ask" if rule == "instants" else "open"
    starts, ends = at(begin), at("close")
    if not starts:
        return "UNKNOWN" if ends and not at(begin, all_=True) else None
    start = starts[-1] if rule == "instants" else starts[0]
    if rule == "instants":
        due = start + dt.timedelta(days=4)
        after = [e for e in ends if e >= start]
        if after:
            return "MET" if after[-1] <= due else "LATE"
        if ends and all(e < starts[0] for e in ends):
            return "UNKNOWN"
        return "OVERDUE" if moment > due else "RUNNING"
    if rule == "due":
        if not its[0]["case:due"]:
            return "UNKNOWN"
        last = dt.datetime.fromisoformat(its[0]["case:due"]).date()
        if last < start.date():
            return "UNKNOWN"
    else:
        last = start.date() + dt.timedelta(days=6)
    days = [e.date() for e in ends if e.date() >= start.date()]
    if days:
        return "MET" if days[0] <= last else "LATE"
    if ends:
        return "UNKNOWN"
    return "OVERDUE" if moment.astimezone(start.tzinfo).date() > last else "RUNNING"


@pytest.mark.parametrize("day", DAYS)
@pytest.mark.parametrize("rule", ["dates", "instants", "due"])
def test_deadlines(log: Any, rule: str, day: str | None) -> None:
    graph, rows = log
    moment = graph.as_of(day)
    expected = {
        case: state
        for case, its in by_case(rows).items()
        if (state := plain(rule, its, moment)) is not None
    }
    assert len(set(expected.values())) >= 3
    found = deadlines(graph, as_of=day, write=False, rule=rule, limit=0)
    states = {c["case"]: "OVERDUE" if c["overdue"] else c["result"] for c in found["clocks"]}
    assert states == expected


def test_raised_by_deadlines(log: Any) -> None:
    """Last of all, as it writes: one problem for each clock that ended late or is overdue."""
    graph, rows = log
    deadlines(graph)
    expected = set()
    for case, its in by_case(rows).items():
        for rule in ("dates", "instants", "due"):
            state = plain(rule, its, graph.as_of())
            if state in {"LATE", "OVERDUE", "UNKNOWN"}:
                expected.add((f"made/{case}", f"made/DL-{rule}-{case}", f"made/{rule}"))
    cases = [*{c for c, _, _ in expected}, "no/such"]
    found = graph.read("raised_by_deadlines", cases=cases)
    assert {(r.case, r.problem, r.rule) for r in found} == expected != set()
    assert {(r.checked, r.closed) for r in found} == {(False, False)}
    graph.write(
        "close_problems",
        rows=[
            {
                "key": found.rows[0].problem,
                "closed": None,
                "closed_on": dt.date(2024, 5, 1),
                "closed_offset": None,
                "reason": "x",
                "hash": "",
            }
        ],
    )
    again = graph.read("raised_by_deadlines", cases=[found.rows[0].case])
    assert {r.problem: r.closed for r in again}[found.rows[0].problem]
    assert list(graph.read("raised_by_deadlines", cases=[])) == []
