"""The benchmark of truth: its scores by hand, and a world of the generator from end to end."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest

from bench.package_columns import package_columns
from bench.truth import analysed, echo, in_graph, score, scored, summed, table
from graph import Graph
from graph.settings import settings
from loaders.synthetic import generate
from tests.oracle.outside import Outside


def test_scores_by_hand() -> None:
    planted: dict[Any, Any] = {
        ("a", "b"): {"lift": 2},
        ("c", "d"): {"lift": 2},
        ("e", "f"): {"lift": 3},
    }
    said = {("a", "b"): True, ("c", "d"): False, ("x", "y"): True}
    answer = scored(said, planted, {("a", "b"): True, ("c", "d"): True})
    assert (answer["said"], answer["right"], answer["false"]) == (2, 1, 1)
    assert (answer["findable"], answer["findable_found"]) == (2, 1)
    assert answer["by_strength"] == {
        "2": {"planted": 2, "found": 1},
        "3": {"planted": 1, "found": 0},
    }
    assert (answer["false_ones"], answer["missed"]) == (["x+y"], ["c+d"])


def test_a_world_is_scored(world: Any) -> None:
    _, truth, folder = world
    figures = score(folder, truth, package_columns(folder))
    for what in ("links", "patterns"):
        assert figures[what]["said"] == figures[what]["right"] + figures[what]["false"]
        assert figures[what]["tests"] > 0
        assert figures[what]["calibration"]
    assert figures["chains"]["in_order"] == figures["chains"]["counted"] > 0
    assert set(figures["patterns"]["baselines"]) == {"raw_count", "chi_square", "lift"}
    json.dumps(figures, allow_nan=False)
    (row,) = summed([{"world": "default", "cases": 500, "checked": False, **figures}])
    assert row["links"]["planted"] == figures["links"]["planted"] > 0
    assert row["patterns"]["said"] == figures["patterns"]["said"]


def test_an_echo_is_told_from_a_link(tmp_path: Path) -> None:
    """A second return follows a first, so what drives the first seems to drive the second."""
    (tmp_path / "w.yaml").write_text(
        "extends: 'null'\nscripts: false\n"
        "drivers:\n  - {indicator: I10, node: PR07, deviation: skipped, odds_ratio: 5}\n",
        "utf-8",
    )
    made = generate(tmp_path / "p", 4_000, 5, world=str(tmp_path / "w.yaml"))
    truth = json.loads(made.truth.read_text("utf-8"))
    a = analysed(package_columns(tmp_path / "p"))
    outside = Outside(tmp_path / "p")
    told = {(r["node"], r["deviation"]): r["q"] for r in a.links["I10"].rows}
    assert told["rulebook/PR07", "skipped"] < 0.001
    assert echo(a, ("I11", "PR07", "skipped"), truth["drivers"], outside)
    other = {"indicator": "I10", "node": "PR08", "deviation": "repeated"}
    assert not echo(a, ("I10", "PR07", "skipped"), [other], outside)


@pytest.mark.long
def test_a_checked_world_is_scored(graph: Graph, tmp_path: Path) -> None:
    made = generate(tmp_path / "p", 300, 5)
    truth = json.loads(made.truth.read_text("utf-8"))
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("ANGUAN_RULES", str(made.overlay))
        settings.cache_clear()
        figures = in_graph(graph, tmp_path / "p", truth)
    settings.cache_clear()
    breaches, told = figures["breaches"], figures["leads"]
    assert breaches["planted"] == breaches["raised"] == breaches["right"] > 0
    assert told["planted"] == told["told"] == told["right"] > 0
    assert figures["alerts"]["cells_elsewhere"] > 0


def test_the_guide_tells_the_figures_that_were_measured() -> None:
    root = Path(__file__).parents[3]
    measured = json.loads((root / "bench" / "results" / "truth.json").read_text("utf-8"))
    assert measured["summary"] == summed(measured["runs"])
    guide = (root / "docs" / "statistics.md").read_text("utf-8").splitlines()
    assert [line for line in table(measured["summary"]) if line not in guide] == []
