"""Paths before an outcome: who went them, how the others are cut, what is said."""

from __future__ import annotations

from collections import defaultdict
from typing import Any

import numpy as np
import pytest
from scipy import stats

from graph.analysis import paths
from graph.analysis.links import link
from graph.analysis.projection import strata_of
from graph.analysis.words import BEYOND, adjusted
from tests.graph.analysis.made_columns import LAST, START, Made
from tests.graph.analysis.test_deviations import outcome

ORDINARY = ("PR01", "PR03", "PR07", "PR08", "PR09")
Sides = dict[str, tuple[int, float | None]]


def steps(made: Made, case: str, until: float) -> list[str]:
    """The nodes of a case before a day, in order, each once while it lasts."""
    rows = [e for e in made.rows["events"] if e["case"] == case]
    days = sorted(((e["at"] - START).total_seconds() / 86400, e["node"]) for e in rows)
    found: list[str] = []
    for day, node in days:
        if day < until and (not found or found[-1] != node.split("/")[1]):
            found.append(node.split("/")[1])
    return found


def plainly(made: Made, sides: Sides) -> dict[tuple[str, ...], dict[Any, list[int]]]:
    """Per path and stratum: went it with and without the outcome, others likewise; by loops."""
    went: dict[tuple[str, ...], set[str]] = defaultdict(set)
    stratum: dict[str, tuple[Any, ...]] = {}
    for row in made.rows["cases"]:
        case = row["case"]
        walked = steps(made, case, float(sides[case][1] or 0))
        if not walked:
            continue
        quarter = (row["accepted"].year, (row["accepted"].month - 1) // 3)
        stratum[case] = (row["unit"], row["type"], quarter, min(3, max(1, len(row["parties"]))))
        for length in (2, 3):
            for at in range(len(walked) - length + 1):
                path = tuple(walked[at : at + length])
                if "PR11" not in path:
                    went[path].add(case)
    counts = {}
    for path, cases in went.items():
        cells: dict[Any, list[int]] = defaultdict(lambda: [0, 0, 0, 0])
        for case, place in stratum.items():
            cells[place][2 * (case not in cases) + (sides[case][0] == 0)] += 1
        counts[path] = dict(cells)
    return {p: c for p, c in counts.items() if len(went[p]) >= paths.MANY}


def walks(seed: int, cases: int, ratio: float) -> tuple[Made, Sides]:
    """Cases that go back to file reading (PR08 → PR07 → PR08), and what that does to the outcome.

    A unit and a season go back more often and have the outcome more often, whatever ``ratio``.
    """
    draw = np.random.default_rng(seed)
    made = Made()
    sides: Sides = {}
    for _ in range(cases):
        u, day = int(draw.integers(3)), int(draw.integers(360))
        factor = (0.5, 1.0, 2.5)[u] * (2.0 if day // 90 == 3 else 1.0)
        case = made.case(f"U{u}", day, parties=int(draw.integers(1, 3)))
        went = [n for n in ORDINARY if draw.random() < 0.85]
        back = draw.random() < 0.12 * factor
        if back and "PR08" in went:
            at = went.index("PR08") + 1
            went[at:at] = ["PR07", "PR08"]
        for at, node in enumerate(went):
            made.event(case, node, day + at)
        odds = 0.12 * factor * (ratio if back else 1)
        hit = draw.random() < odds / (1 + odds)
        if hit:
            made.event(case, "PR11", day + 9)
        sides[case] = (int(hit), day + 9.0)
    return made, sides


def chance(tables: list[list[int]]) -> float:
    """One-sided: the margins kept, as many cases with the outcome on the path, or more.

    Exact by adding one hypergeometric count after another; where that was not asked for, normal.
    """
    sums = np.ones(1)
    for a, b, c, d in tables:
        law = stats.hypergeom(a + b + c + d, a + b, a + c)
        sums = np.convolve(sums, law.pmf(np.arange(a + min(b, c) + 1)))
    exact = float(sums[sum(x[0] for x in tables) :].sum())
    mean = sum((a + b) * (a + c) / (a + b + c + d) for a, b, c, d in tables)
    spread = sum(
        (a + b) * (c + d) * (a + c) * (b + d) / (a + b + c + d) ** 2 / (a + b + c + d - 1)
        for a, b, c, d in tables
        if a + b + c + d > 1
    )
    if not spread:
        return 1.0
    normal = float(stats.norm.sf((sum(x[0] for x in tables) - mean) / spread**0.5))
    least = sum(max(0, a - d) for a, b, c, d in tables)
    most = sum(a + min(b, c) for a, b, c, d in tables)
    thin = min(mean - least, most - mean) < 5
    return exact if thin or normal < 0.1 else normal


def said(made: Made, sides: Sides) -> dict[str, Any]:
    cut = made.cut
    return paths.before(cut, outcome(cut, sides), *strata_of(cut), 0)


def name(row: dict[str, Any]) -> tuple[str, ...]:
    return tuple(step["node"] for step in row["path"])


def test_the_counts_are_those_of_plain_loops_and_the_figures_those_of_the_formulas() -> None:
    made, sides = walks(3, 900, 3.0)
    answer, expected = said(made, sides), plainly(made, sides)
    assert {name(r) for r in answer["paths"]} == set(expected)
    assert answer["total"] == answer["shown"] == len(expected) > 20
    tested = []
    for r in answer["paths"]:
        cells = expected[name(r)]
        a, b, c, d = (sum(x[k] for x in cells.values()) for k in range(4))
        assert r["counts"]["exposed"] == {"cases": a, "comparison": b}
        assert r["counts"]["others"] == {"cases": c, "comparison": d}
        assert r["support"] == a == r["case_ids"]["cases"]["total"]
        assert r["returns"] == (name(r)[0] == name(r)[-1])
        assert r["p"] == pytest.approx(chance(list(cells.values())), rel=1e-6)
        if not r["exact"]:
            top = sum(x[0] * x[3] / sum(x) for x in cells.values())
            below = sum(x[1] * x[2] / sum(x) for x in cells.values())
            assert r["effect"]["odds_ratio"] == pytest.approx(top / below)
        if r["strata"]:
            tested.append(r)
    assert answer["tests"] == len(tested)
    q = adjusted(np.array([r["p"] for r in tested]))
    assert [r["q"] for r in tested] == pytest.approx(q.tolist())


def test_a_planted_return_is_found_and_marked() -> None:
    answer = said(*walks(5, 3000, 4.0))
    told = [r for r in answer["paths"] if r["word"] == BEYOND]
    assert ("PR08", "PR07", "PR08") in {name(r) for r in told}
    assert answer["paths"][0]["effect"]["low"] > 1
    # Whatever else is told lies on the way back: it holds the step from PR08 to PR07.
    assert all({"PR07", "PR08"} <= set(name(r)) for r in told)
    (back,) = (r for r in told if name(r) == ("PR08", "PR07", "PR08"))
    assert back["returns"]
    assert back["effect"]["low"] < 4 < back["effect"]["high"]


def test_where_nothing_is_planted_nothing_is_said() -> None:
    told = []
    for seed in range(20):
        answer = said(*walks(100 + seed, 600, 1.0))
        assert answer["tests"] > 20
        told.append(any(r["word"] == BEYOND for r in answer["paths"]))
    assert sum(told) <= 3, "at q = 0.05, one world in twenty is expected to say anything"


def test_only_what_came_before_the_outcome_counts_and_one_moment_has_one_order() -> None:
    made = Made()
    sides: Sides = {}
    for n in range(6):
        case = made.case(day=n)
        for node, day in (("PR03", 1.0), ("PR01", 1.0), ("PR01", 2.0), ("PR07", 3.0)):
            made.event(case, node, n + day)
        made.event(case, "PR08", n + 5)
        sides[case] = (n % 2, n + 4.0)
    # Of one moment PR01 comes before PR03; the day after, the case is back at PR01.
    assert {name(r) for r in said(made, sides)["paths"]} == {
        ("PR01", "PR03"),
        ("PR03", "PR01"),
        ("PR01", "PR07"),
        ("PR01", "PR03", "PR01"),
        ("PR03", "PR01", "PR07"),
    }


def test_a_comparison_case_without_a_deciding_event_is_cut_after_a_waiting_time() -> None:
    """Waits of 2 and 4 days: the first comparison case is looked at for 2, the next for 4."""
    made = Made()
    sides: Sides = {}
    for wait in (2, 4):
        case = made.case(day=10)
        made.event(case, "PR01", 10)
        sides[case] = (1, 10.0 + wait)
    for _ in range(3):
        case = made.case(day=12)
        for day, node in enumerate(("PR01", "PR03", "PR07", "PR08", "PR09")):
            made.event(case, node, 12 + day)
        sides[case] = (0, None)
    alone = made.case("U9", 12)
    made.event(alone, "PR01", 12)
    sides[alone] = (0, None)
    cut = made.cut
    strata, _ = strata_of(cut)
    looked_at, how = paths.comparable(cut, outcome(cut, sides), strata)
    micros = int(864e8)
    start = cut.event_at[cut.first]
    place = {key: at for at, key in enumerate(cut.cases)}
    others = [place[c] for c in sorted(sides) if sides[c][0] == 0 and c != alone]
    waited = ((looked_at.window - start)[others] // micros).tolist()
    assert sorted(waited) == [2, 2, 4]
    assert looked_at.group[place[alone]] == -1, "no case of its stratum has the outcome"
    assert how == {"deciding_event": 0, "waiting_time": 3, "uncut": 0, "left_out": 1}


def test_the_counts_of_units_added_are_those_of_all() -> None:
    made, sides = walks(11, 600, 2.0)
    sums: list[dict[Any, list[int]]] = []
    whole = made.columns
    for stores in ([whole], [whole.of_unit(u) for u in ("U0", "U1", "U2")]):
        cells: dict[Any, list[int]] = {}
        at_risk: dict[Any, list[int]] = defaultdict(lambda: [0, 0])
        for columns in stores:
            cut = columns.cut(LAST, ("HIT", "CONFIRMED"))
            looked_at = outcome(cut, sides)
            strata, names = strata_of(cut)
            went, risk = paths.found(cut, looked_at, 1)
            counts = paths.counted(looked_at, strata, names, went, risk)
            for path, row in zip(went, counts, strict=True):
                codes = tuple(cut.nodes[n].node for n in path.nodes)
                for stratum, four in zip(names, row.tolist(), strict=True):
                    at_risk[stratum] = [four[0] + four[2], four[1] + four[3]]
                    if four[0] or four[1]:
                        cells[codes, stratum] = four[:2]
        sums.append(cells | dict(at_risk))
    assert sums[0] == sums[1] != {}


def test_link_tells_the_paths_when_asked(world: Any) -> None:
    graph, _, _ = world
    assert "paths" not in link(graph, "I10")
    answer = link(graph, "I10", ids=2, before=True)["paths"]
    assert answer["tests"] > 0
    assert answer["cut"]["deciding_event"] > 0 == answer["cut"]["uncut"]
    for row in answer["paths"]:
        for side in ("cases", "comparison"):
            behind = row["case_ids"][side]
            assert behind["total"] == row["counts"]["exposed"][side]
            assert behind["shown"] == len(behind["cases"]) == min(2, behind["total"])
        assert (row["q"] <= 0.05) == (row["word"] == BEYOND)
    assert link(graph, "I01", before=True)["paths"] is None
