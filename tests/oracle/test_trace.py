"""The product's judgment against the second one: over random steps, and over worlds."""

from __future__ import annotations

import datetime as dt
import random
from collections import Counter
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from graph.rulebook import calendar, routes
from graph.supervision.judge import Step, judge
from graph.supervision.leads import leads
from loaders.synthetic import leads as leads_drawn
from tests.oracle.package_reader import PackageReader
from tests.oracle.routes_oracle import Row, judged, table
from tests.worlds import small_world

CHINA = dt.timezone(dt.timedelta(hours=8))
START = dt.datetime(2024, 9, 20, 9, tzinfo=CHINA)
VALUES = {"root_cause": ["未做", "录错", "规则误报", "其他"], "result": ["CLOSED", "已核查"]}


def acts(code: str) -> list[str]:
    found = [h["act"] for h in table()["routes"][code]["hops"]]
    found += [e["act"] for e in table()["ends"] if code in e["routes"]]
    for detour in table()["detours"]:
        if detour["route"] == code:
            found += [detour["act"], *([detour["decision"]] if detour.get("decision") else [])]
    return [*found, "UNKNOWN"]


def needs(code: str, act: str) -> list[str]:
    for entry in [*table()["routes"][code]["hops"], *table()["ends"], *table()["detours"]]:
        if entry["act"] == act:
            return list(entry.get("evidence") or entry.get("needs") or [])
    return ["result", "reason"]


REVIEW = "RECEIVE DECIDE_REVIEW RESULT FEED_BACK CONFIRM"
OPENED = "RAISE SUBMIT SCREEN_OPEN ACKNOWLEDGE REPLY"
CORRECTED = "RAISE ISSUE ACKNOWLEDGE ANSWER"
AGAIN = "VERIFY_FAILED ACKNOWLEDGE ANSWER"
VERIFIED = "VERIFY_DATA VERIFY_PROCEDURE CLOSE"
SCRIPTS: dict[str, list[str]] = {
    code: [" ".join(h["act"] for h in table()["routes"][code]["hops"])]
    for code in ("R2", "R4", "R5", "R6")
} | {
    "R1": [
        f"{OPENED} ACCEPT_REPLY PROMOTE {REVIEW}",
        f"RAISE SUBMIT SCREEN_REVIEW {REVIEW}",
        f"{OPENED} DISPUTE DECIDE_DISPUTE PROMOTE {REVIEW}",
        f"RAISE SUBMIT SCREEN_OPEN URGENT {REVIEW}",
        f"RAISE SUBMIT SCREEN_OPEN ACKNOWLEDGE URGENT {REVIEW}",
    ],
    "R3": [
        f"{CORRECTED} {VERIFIED}",
        f"RAISE ISSUE ACKNOWLEDGE OBJECT DECIDE_OBJECTION {VERIFIED}",
        f"{CORRECTED} {AGAIN} {VERIFIED}",
        f"{CORRECTED} VERIFY_PROCEDURE {AGAIN} VERIFY_DATA {AGAIN} {VERIFIED}",
        f"{CORRECTED} VERIFY_FAILED ACKNOWLEDGE OBJECT DECIDE_OBJECTION {VERIFIED}",
    ],
}


@st.composite
def walks(draw: st.DrawFn) -> tuple[str, list[Row], dt.date | None, dt.date]:
    """A table's acts mostly in order: some left out, repeated, exchanged, without evidence."""
    code = draw(st.sampled_from(sorted(table()["routes"])))
    order = acts(code)
    base = draw(st.sampled_from(SCRIPTS[code])).split()
    base = base[: draw(st.integers(0, len(base)))]
    for _ in range(draw(st.integers(0, 4))):
        where = draw(st.integers(0, len(base)))
        match draw(st.sampled_from(["insert", "insert", "drop", "again", "swap"])):
            case "insert":
                base.insert(where, draw(st.sampled_from(order)))
            case "drop":
                del base[where : where + 1]
            case "again":
                base += base[where:]
            case "swap":
                base[where : where + 2] = base[where : where + 2][::-1]
    rows: list[Row] = []
    at = START
    for act in base:
        at += dt.timedelta(hours=draw(st.sampled_from([0, 1, 30, 24 * 4, 24 * 20])))
        evidence: dict[str, Any] = {
            n: draw(st.sampled_from(VALUES[n])) if n in VALUES else "x" for n in needs(code, act)
        }
        dangling: set[str] = set()
        if evidence and draw(st.integers(0, 39)) == 0:
            name = draw(st.sampled_from(sorted(evidence)))
            if draw(st.booleans()):
                dangling.add(name)
            else:
                del evidence[name]
        moment: dt.date = at.date() if draw(st.integers(0, 7)) == 0 else at
        rows.append({"act": act, "at": moment, "evidence": evidence, "dangling": dangling})
    closed = draw(st.none() | st.integers(0, 200).map(lambda n: START.date() + n * DAY))
    return code, rows, closed, at.date() + draw(st.integers(0, 60)) * DAY


DAY = dt.timedelta(days=1)
KEYS = ("verdict", "state", "stalled_in", "broken_at", "missing")


def ours(code: str, rows: list[Row], closed: dt.date | None, today: dt.date) -> dict[str, Any]:
    steps = [
        Step(str(n), r["act"], r["at"], evidence=r["evidence"], dangling=frozenset(r["dangling"]))
        for n, r in enumerate(rows)
    ]
    found = judge(routes()[code], steps, closed=closed, today=today, calendar=calendar())
    taken = [h.step.id for h in found.hops if h.step] + [s.id for s in found.extras]
    assert sorted(taken) == sorted(s.id for s in steps), "every step is a hop or an extra"
    return {k: list(v) if isinstance(v := getattr(found, k), tuple) else v for k in KEYS}


@settings(max_examples=1500, deadline=None)
@given(walks())
def test_random_steps(walk: tuple[str, list[Row], dt.date | None, dt.date]) -> None:
    code, rows, closed, today = walk
    second = judged(code, rows, closed, today)
    assert ours(code, rows, closed, today) == {k: second[k] for k in KEYS}


def second_reading(folder: Path, today: dt.date) -> dict[str, dict[str, Any]]:
    """Every lead of a package by the second judgment, from its CSV files."""
    reader = PackageReader(folder, dt.datetime.combine(today, dt.time.max, CHINA))
    ids = {
        label: {r[column] for r in reader.rows(name)}
        for label, name, column in (
            ("Problem", "problems", "problem"),
            ("Case", "cases", "case"),
            ("Review", "reviews", "review"),
            ("Campaign", "campaigns", "campaign"),
            ("Correction", "corrections", "correction"),
            ("Event", "events", "event"),
            ("Mapping", "mappings", "mapping"),
            ("Alert", "alerts", "alert"),
            ("IndicatorValue", "indicator_values", "indicator_value"),
            ("MonitoringRule", "monitoring_rules", "monitoring_rule"),
            ("Document", "documents", "document"),
        )
    }
    nodes = {r["node"] for r in reader.rows("events")} | {
        r["node"] for r in reader.rows("problems")
    }
    ids["ProcessNode"] = nodes
    by_lead: dict[str, list[Row]] = {r["lead"]: [] for r in reader.rows("leads")}
    for r in reader.rows("lead_steps"):
        at = dt.datetime.fromisoformat(r["at"])
        moment: dt.date = at.date() if len(r["at"]) == 10 else at.replace(tzinfo=CHINA)
        if at.date() > today:
            continue
        evidence = {k: v for k, v in r.items() if v}
        dangling = {
            name
            for name, labels in table()["references"].items()
            if name in evidence
            and not all(
                any(one.strip() in ids[label] for label in labels)
                for one in evidence[name].replace("；", ";").split(";")
            )
        }
        by_lead[r["lead"]].append(
            {"act": r["act"], "at": moment, "evidence": evidence, "dangling": dangling}
        )
    cases = {r["case"]: r["closed"] for r in reader.rows("cases")}
    answers = {}
    for r in reader.rows("leads"):
        closed = cases.get(r["case"]) or None
        date = dt.date.fromisoformat(closed) if closed and closed <= str(today) else None
        if by_lead[r["lead"]]:
            answers[r["lead"]] = judged(r["route"], by_lead[r["lead"]], date, today) | {
                "route": r["route"]
            }
    return answers


@pytest.mark.parametrize("seed", [3, 11])
def test_planted_truth_by_the_second_reading(seed: int, tmp_path: Path) -> None:
    folder, truth = small_world(tmp_path, cases=1500, seed=seed)
    found = second_reading(folder, dt.date.fromisoformat(truth["data_date"]))
    keys = ("verdict", "stalled_in", "broken_at", "missing")
    different = {
        i: ({k: found[i][k] for k in keys}, {k: t[k] for k in keys})
        for i, t in truth["leads"].items()
        if any(found[i][k] != t[k] for k in keys)
    }
    assert not different
    kinds = Counter(t["verdict"] for t in truth["leads"].values())
    assert min(kinds[v] for v in ("complete", "broken", "stalled", "open")) > 5


def test_drawn_leads_by_the_second_judgment() -> None:
    """Every way in which a world cuts or breaks a lead, many times, without the world."""
    end = dt.date(2025, 12, 31)
    seen: Counter[tuple[str, str]] = Counter()
    for seed in range(4000):
        rng = random.Random(seed)
        code = sorted(routes())[seed % 6]
        start = START.replace(tzinfo=None) + rng.randrange(400) * DAY
        closed = start.date() + rng.randrange(-60, 200) * DAY if rng.randrange(4) else None
        legs = leads_drawn.path(rng, code, case_open=closed is None or start.date() <= closed)
        walked = leads_drawn.walk(rng, legs, start, closed, end, 2 + rng.randrange(len(legs) - 1))
        for step in walked:
            needs = step.leg.needs
            step.evidence = {n: "x" for n in needs if n != "root_cause" and not n.startswith("=")}
            for cause in (n[1:] for n in needs if n.startswith("=")):
                step.evidence["root_cause"] = cause
        truth = leads_drawn.broken(rng, code, walked) if rng.randrange(2) else None
        truth = truth or leads_drawn.outcome(code, legs, walked, closed, end)
        rows = [
            {
                "act": w.leg.act,
                "at": w.at,
                "evidence": w.evidence,
                "dangling": {n for n, v in w.evidence.items() if v.endswith("-X")},
            }
            for w in walked
        ]
        found = judged(code, rows, closed, end)
        keys = ("verdict", "stalled_in", "broken_at")
        assert {k: found[k] for k in keys} == {k: getattr(truth, k) for k in keys}, seed
        assert found["missing"] == list(truth.missing), seed
        seen[code, truth.verdict] += 1
    assert {v for _, v in seen} == {"complete", "open", "stalled", "broken"}
    assert all(seen[code, "broken"] > 100 for code in routes())


@pytest.mark.parametrize("day", ["2024-10-08", "2025-03-31", None])
def test_the_graph_s_leads_at_a_day(world: Any, day: str | None) -> None:
    graph, truth, folder = world
    today = dt.date.fromisoformat(day or truth["data_date"])
    expected = second_reading(folder, today)
    answer = leads(graph, as_of=day, limit=0)
    found = {lead["lead"]: lead for lead in answer["leads"]}
    assert sorted(found) == sorted(expected)
    assert expected
    keys = ("route", "verdict", "state", "stalled_in", "broken_at", "missing")
    for lead, second in expected.items():
        assert {k: found[lead][k] for k in keys} == {k: second[k] for k in keys}, lead
