"""The check against drawn worlds: their deviations are lawful but for the breaches they name."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from graph import Graph
from graph.rulebook.law import book
from graph.supervision.check import check
from loaders.load import load
from loaders.synthetic import generate

DAY = "2025-12-31"


@pytest.mark.parametrize(
    ("world", "seed"), [("default", 11), pytest.param("null", 12, marks=pytest.mark.long)]
)
def test_every_planted_breach_is_raised_and_nothing_else(
    graph: Graph, tmp_path: Path, world: str, seed: int
) -> None:
    """As it is, without the overlay: what needs the overlay is not raised."""
    made = generate(tmp_path / "world", 800, seed, world=world)
    load(graph, tmp_path / "world")
    check(graph, DAY)
    truth = json.loads(made.truth.read_text(encoding="utf-8"))
    planted = {
        (b["rule"], b["case"], b["party"])
        for b in truth["breaches"]
        if b["type"] and not b["needs_overlay"]
    }
    keys = [r.key for r in graph.stream("check_cases")]
    raised = {
        (row.rule, row.case, row.party)
        for row in graph.read("check_raised", cases=keys)
        if row.problem.startswith("CK-") and not row.closed
    }
    assert planted - raised == set()
    # A data rule that states what a limit or gate states names the same breach.
    same = {c for c, v in book().data_rules.items() if v[-1].entry.same}
    assert {r for r in raised - planted if r[0] not in same} == set()
    assert len({b["case"] for b in truth["breaches"]}) > 25
    assert "TL-020" in {b["rule"] for b in truth["breaches"]}
