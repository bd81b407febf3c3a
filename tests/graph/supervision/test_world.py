"""The generated world's truth is what the graph's judgment says, lead by lead."""

from __future__ import annotations

from typing import Any

import pytest

from graph.supervision.leads import leads, trace

KEYS = ("route", "verdict", "stalled_in", "broken_at", "missing")


@pytest.fixture(scope="module")
def judged(world: Any) -> dict[str, dict[str, Any]]:
    graph, _, _ = world
    return {lead["lead"]: lead for lead in leads(graph, limit=0)["leads"]}


def test_every_planted_verdict_is_found(world: Any, judged: dict[str, dict[str, Any]]) -> None:
    _, truth, _ = world
    expected = {i: {k: t[k] for k in KEYS} for i, t in truth["leads"].items()}
    assert len(expected) > 10
    assert {t["verdict"] for t in expected.values()} == {"complete", "broken", "stalled", "open"}
    found = {i: {k: lead[k] for k in KEYS} for i, lead in judged.items()}
    different = {i: (found.get(i), e) for i, e in expected.items() if found.get(i) != e}
    assert not different
    assert set(found) == set(expected)


def test_a_trace_says_what_the_list_says(world: Any, judged: dict[str, dict[str, Any]]) -> None:
    graph, _, _ = world
    for verdict in ("complete", "broken", "stalled", "open"):
        lead = next(i for i, found in judged.items() if found["verdict"] == verdict)
        answer = trace(graph, lead)
        assert {k: answer[k] for k in judged[lead]} == judged[lead]
