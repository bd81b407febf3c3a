"""The trace and the list of leads in the graph, with filters, evidence and the printed page."""

from __future__ import annotations

import datetime as dt
import json
import re
from collections import defaultdict
from pathlib import Path
from typing import Any

import pytest

from graph.errors import InputError
from graph.supervision.leads import leads, trace
from graph.supervision.report import trace_html
from tests.oracle.package_reader import PackageReader


def listed(graph: Any, **filters: Any) -> list[str]:
    return [lead["lead"] for lead in leads(graph, limit=0, **filters)["leads"]]


def test_filters_against_the_package(world: Any) -> None:
    graph, truth, folder = world
    reader = PackageReader(folder, graph.as_of(None))
    rows = {r["lead"]: r for r in reader.rows("leads")}
    problems = {r["problem"]: r for r in reader.rows("problems")}
    dates: dict[str, list[str]] = defaultdict(list)
    nodes: dict[str, set[str]] = defaultdict(set)
    for step in reader.rows("lead_steps"):
        dates[step["lead"]].append(step["at"][:10])
        nodes[step["lead"]].add(step["node"])
    for lead, row in rows.items():
        nodes[lead].add(problems.get(row["problem"], {}).get("node", ""))
    assert listed(graph) == sorted(rows)
    for route in ("R1", "R3", "R5"):
        assert listed(graph, route=route) == sorted(
            i for i, r in rows.items() if r["route"] == route
        )
    unit = max(r["unit"] for r in rows.values())
    assert listed(graph, unit=unit) == sorted(i for i, r in rows.items() if r["unit"] == unit)
    node = max(n for found in nodes.values() for n in found)
    assert listed(graph, node=node) == sorted(i for i, found in nodes.items() if node in found)
    kinds = {i: problems[r["problem"]]["type"] for i, r in rows.items() if r["problem"]}
    wanted = max(kinds.values())
    assert listed(graph, type=wanted) == sorted(i for i, kind in kinds.items() if kind == wanted)
    first = {i: min(found) for i, found in dates.items()}
    middle = sorted(first.values())[len(first) // 2]
    day = dt.date.fromisoformat(middle)
    assert listed(graph, since=day) == sorted(i for i, d in first.items() if d >= middle)
    assert listed(graph, until=day) == sorted(i for i, d in first.items() if d <= middle)
    for verdict in ("complete", "broken", "stalled", "open"):
        expected = sorted(i for i, t in truth["leads"].items() if t["verdict"] == verdict)
        assert expected
        assert listed(graph, verdict=verdict) == expected


def test_a_list_is_cut_and_says_so(world: Any) -> None:
    graph, truth, _ = world
    cut = leads(graph, limit=2)
    total = len(truth["leads"])
    assert (cut["total"], cut["shown"], cut["truncated"]) == (total, 2, True)
    whole = leads(graph, limit=0)
    assert (whole["total"], whole["shown"], whole["truncated"]) == (total, total, False)


def test_a_wrong_choice_names_the_right_ones(world: Any) -> None:
    graph, _, _ = world
    with pytest.raises(InputError) as caught:
        leads(graph, verdict="bad")
    assert caught.value.code == "leads.bad_choice"
    assert "stalled" in caught.value.remedy()
    with pytest.raises(InputError) as caught:
        trace(graph, "L-none")
    assert caught.value.code == "read.not_found"


def test_before_the_first_step_nothing_is_listed(world: Any) -> None:
    graph, _, _ = world
    assert leads(graph, as_of="2020-01-01")["total"] == 0


def test_a_trace_holds_what_the_contract_says(world: Any) -> None:
    graph, truth, folder = world
    steps = list(enumerate(PackageReader(folder, graph.as_of(None)).rows("lead_steps")))
    acts = {i: [r["act"] for _, r in steps if r["lead"] == i] for i in truth["leads"]}
    lead = next(
        i
        for i, t in truth["leads"].items()
        if t["verdict"] == "complete" and len(acts[i]) == len(set(acts[i]))
    )
    answer = trace(graph, lead, evidence=True)
    json.dumps(answer)
    rows = [(number, r) for number, r in steps if r["lead"] == lead]
    assert len(answer["hops"]) + len(answer["extras"]) == len(rows)
    keys = {"hop", "act", "at", "supervision", "by", "state", "seconds", "limit", "missing"}
    by_act = {r["act"]: (number, r) for number, r in rows}
    for hop in answer["hops"]:
        assert keys <= set(hop)
        number, row = by_act[hop["act"]]
        assert hop["at"].startswith(row["at"])
        assert (hop["by"] or "") == row["by"]
        assert hop["row"] in {number + 1, number + 2}
        given = {k: v if isinstance(v, str) else ";".join(v) for k, v in hop["given"].items()}
        assert given.items() <= {k: v.replace("；", ";") for k, v in row.items()}.items()
        assert set(hop["demanded"]) <= set(given)
        if hop["limit"]:
            assert hop["limit"]["met"] is not None
            assert "[" in hop["limit"]["whose"]
    assert answer["origin"]
    assert answer["next_hop"] is None
    (files,) = answer["sources"].values()
    assert "lead_steps" in json.dumps(files)
    assert re.search(r"[0-9a-f]{16}", json.dumps(files))


def test_an_open_lead_names_the_next_hop_and_its_date(world: Any) -> None:
    graph, truth, _ = world
    ids = [i for i, t in truth["leads"].items() if t["verdict"] in {"open", "stalled"}]
    waiting = {i: trace(graph, i) for i in ids}
    for answer in waiting.values():
        following = answer["next_hop"]
        assert following["hop"] == len(answer["hops"]) + 1 or answer["route"] == "R3"
        due = following["limit"]["due"]
        late = due is not None and due < truth["data_date"]
        assert late == (answer["verdict"] == "stalled")
        assert following["limit"]["provisional"] == (
            due is not None and due > "2026-12-31" and following["limit"]["unit"] == "working_days"
        )


class Links(list[str]):
    """Whatever a page would fetch."""

    def __init__(self, page: str) -> None:
        super().__init__(re.findall(r"(?:src|href|url)\s*[=(]|https?://|@import|<script", page))


def test_the_page_of_every_verdict_stands_alone(world: Any, tmp_path: Path) -> None:
    graph, truth, _ = world
    for verdict in ("complete", "broken", "stalled", "open"):
        lead = next(i for i, t in truth["leads"].items() if t["verdict"] == verdict)
        answer = trace(graph, lead, evidence=True)
        page = trace_html(answer)
        assert not Links(page)
        assert page.count("<tr") == len(answer["hops"]) + 1
        for text in (lead, verdict, answer["as_of"], "@media print", "线索"):
            assert text in page
        for hop in answer["hops"]:
            assert hop["act"] in page
            assert all(name in page for name in hop["missing"])
        hashes = re.findall(r"[0-9a-f]{16,}", json.dumps(answer["sources"]))
        assert hashes
        assert all(one in page for one in hashes)


def test_the_page_escapes_what_a_source_wrote(world: Any) -> None:
    graph, truth, _ = world
    answer = trace(graph, next(iter(truth["leads"])), evidence=True)
    answer["hops"][0]["given"] = {"reason": "<script>alert(1)</script>"}
    page = trace_html(answer)
    assert "<script>" not in page
    assert "&lt;script&gt;" in page


@pytest.fixture
def made(empty_graph: Any, tmp_path: Path) -> Any:
    """A small package of leads that a generator would not make."""
    from loaders.load import load

    package = tmp_path / "package"
    package.mkdir()
    tables = {
        "package.yaml": "source: hand\nperiod: {from: 2024-01-01, to: 2024-12-31}\n",
        "units.csv": "unit,name\nU1,甲院\n",
        "cases.csv": "case,type,accepted,closed,unit\nC1,PR,2024-01-02,2024-03-01,U1\n",
        "problems.csv": "problem,type,case,node,found\nP1,P11,C1,PR11,2024-02-01T09:00\n",
        "leads.csv": "lead,route,state,case,unit,problem\n"
        "L1,R1,SUBMITTED,C1,U1,P1\nL2,R1,CLOSED,C1,U1,P1\nL4,R1,,C1,U1,P1\n",
        "lead_steps.csv": "step,lead,act,at,problem,case,node,what_was_seen,what_is_doubted,"
        "cited_documents,basis\n"
        "S1,L1,RAISE,2024-02-01T10:00,P1,C1,PR11,,,,\n"
        "S2,L1,SUBMIT,2024-02-02,,,,见,事实,,规则\n"
        "S3,L2,RAISE,2024-02-01T10:00,P1,C9,PR11,,,,\n",
    }
    for name, text in tables.items():
        (package / name).write_text(text, encoding="utf-8")
    load(empty_graph, package)
    return empty_graph


def test_claims_dangling_evidence_and_leads_not_begun(made: Any) -> None:
    found = {lead["lead"]: lead for lead in leads(made, limit=0)["leads"]}
    assert set(found) == {"L1", "L2"}, "L4 has not begun"
    assert (found["L1"]["broken_at"], found["L1"]["missing"]) == (2, ["cited_documents"])
    assert (found["L2"]["broken_at"], found["L2"]["missing"]) == (1, ["case"])
    first, second = trace(made, "L1"), trace(made, "hand/L2")
    assert (first["claimed_state"], first["claim_differs"]) == ("SUBMITTED", False)
    assert (second["claimed_state"], second["claim_differs"]) == ("CLOSED", True)
    assert [(o["label"], o["id"], o["node"]) for o in first["origin"]] == [
        ("Problem", "P1", "PR11")
    ]
    earlier = trace(made, "L1", as_of="2024-02-01")
    assert (earlier["verdict"], len(earlier["hops"])) == ("open", 1)
    # Sunday 4 February 2024 is a working day.
    assert earlier["next_hop"]["limit"]["due"] == "2024-02-07"
    begun = trace(made, "L4")
    assert (begun["verdict"], begun["hops"], begun["next_hop"]["act"]) == ("open", [], "RAISE")
    assert trace_html(begun)
