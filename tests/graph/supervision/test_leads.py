"""Leads in the graph, against what the generator planted and against its plain files."""

from __future__ import annotations

import csv
import datetime as dt
import json
from typing import Any

import pytest

from graph.errors import InputError
from graph.supervision.leads import VERDICTS, leads, trace
from graph.supervision.report import trace_html


def test_every_verdict_is_the_planted_one(world: Any) -> None:
    graph, truth, _ = world
    found = {row["lead"]: row for row in leads(graph, limit=0)["leads"]}
    assert set(found) == set(truth["leads"])
    for lead, planted in truth["leads"].items():
        row = found[lead]
        assert (row["route"], row["verdict"], row["stalled_in"], row["broken_at"]) == (
            planted["route"],
            planted["verdict"],
            planted["stalled_in"],
            planted["broken_at"],
        ), lead
        assert row["missing"] == planted["missing"], lead
    assert {row["verdict"] for row in found.values()} == set(VERDICTS)


def test_a_trace_says_what_the_list_says_and_where_each_hop_stands(world: Any) -> None:
    graph, truth, package = world
    with (package / "lead_steps.csv").open(encoding="utf-8", newline="") as file:
        rows = list(csv.DictReader(file))
    for lead in list(truth["leads"])[:12]:
        found = trace(graph, lead, evidence=True)
        assert found["verdict"] == truth["leads"][lead]["verdict"]
        for hop in found["hops"]:
            if hop["at"] is not None:
                row = rows[hop["row"] - 2]
                assert (row["lead"], row["act"]) == (lead, hop["act"])
                assert row["by"] == (hop["by"] or "")
                assert dt.datetime.fromisoformat(hop["at"]).replace(
                    tzinfo=None
                ) == dt.datetime.fromisoformat(row["at"])
        json.dumps(found)
        assert lead in trace_html(found)


def test_as_of_an_earlier_day_only_earlier_steps_count(world: Any) -> None:
    graph, truth, _ = world
    lead = next(k for k, v in truth["leads"].items() if v["verdict"] == "complete")
    whole = trace(graph, lead)
    first = whole["hops"][0]["at"][:10]
    early = trace(graph, lead, first)
    assert early["verdict"] in {"open", "complete"}
    assert all(h["at"][:10] <= first for h in early["hops"] if h["at"])
    assert len(early["hops"]) < len(whole["hops"])


def test_filters_narrow_the_list(world: Any) -> None:
    graph, truth, _ = world
    for route in ("R1", "R3"):
        found = leads(graph, route=route, limit=0)
        wanted = [k for k, v in truth["leads"].items() if v["route"] == route]
        assert [r["lead"] for r in found["leads"]] == sorted(wanted)
    broken = leads(graph, verdict="broken", limit=1)
    assert broken["total"] == sum(v["verdict"] == "broken" for v in truth["leads"].values())
    assert (broken["shown"], broken["truncated"]) == (1, broken["total"] > 1)


def test_wrong_filters_are_refused_with_the_choices(world: Any) -> None:
    with pytest.raises(InputError) as caught:
        leads(world[0], verdict="nice")
    assert "stalled" in caught.value.remedy("en")
