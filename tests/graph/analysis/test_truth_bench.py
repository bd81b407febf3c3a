"""The benchmark of truth: its scores by hand, and a world of the generator from end to end."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

from bench.truth import score, scored, summed


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
    figures = score(Path(folder), truth)
    for what in ("links", "patterns"):
        assert figures[what]["said"] == figures[what]["right"] + figures[what]["false"]
        assert figures[what]["tests"] > 0
        assert figures[what]["calibration"]
    assert figures["chains"]["in_order"] == figures["chains"]["counted"] > 0
    assert set(figures["patterns"]["baselines"]) == {"raw_count", "chi_square", "lift"}
    json.dumps(figures, allow_nan=False)
    (links, patterns) = summed([{"world": "default", "cases": 500, "years": None, **figures}])
    assert (links["what"], patterns["what"]) == ("links", "patterns")
