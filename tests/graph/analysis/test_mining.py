"""Patterns: counts by plain loops, what is planted is found, in nothing nothing, sums of stores."""

from __future__ import annotations

from collections import Counter
from itertools import combinations

import numpy as np
import pytest
from scipy import stats

from graph.analysis.mining import (
    Candidate,
    Found,
    Miner,
    effects,
    implied_types,
    transactions,
)
from graph.analysis.patterns import same_duty
from graph.analysis.projection import Cut, strata_of
from graph.analysis.scope import COUNTED
from tests.graph.analysis.made_columns import ITEMS, LAST, Made, problem_world


def item(at: int) -> tuple[str, str]:
    type_, node = ITEMS[at]
    return type_, f"rulebook/{node}"


def searched(cut: Cut) -> Found:
    return Miner(transactions(cut, *strata_of(cut)).packed(), same_duty()).search()


def beyond(found: Found) -> set[tuple[tuple[str, str], ...]]:
    """Combinations that are beyond chance and that nothing else explains."""
    return {
        t.pattern for t in found.tested if t.department is None and t.beyond and t.folded is None
    }


def test_counts_are_what_plain_loops_give() -> None:
    made = problem_world(1, 600)
    cut = made.cut
    passed = {(r["case"], r["node"]) for r in made.rows["events"]}
    held = {(r["case"], r["type"], r["node"]) for r in made.rows["problems"]}
    strata, names = strata_of(cut)
    stratum = {case: names[s] for case, s in zip(cut.cases, strata.tolist(), strict=True)}
    found = searched(cut)
    pairs = {t.pattern: t for t in found.tested if len(t.pattern) == 2}
    seen = 0
    for a, b in combinations(sorted(item(n) for n in range(len(ITEMS))), 2):
        can = [c for c in cut.cases if (c, a[1]) in passed and (c, b[1]) in passed]
        cells = Counter((stratum[c], (c, *a) in held, (c, *b) in held) for c in can)
        both = sum(n for (_, x, y), n in cells.items() if x and y)
        if both < 2:
            assert (a, b) not in pairs
            continue
        seen += 1
        t = pairs[a, b]
        assert (t.support, t.n) == (both, len(can))
        expected = 0.0
        for s in {s for s, _, _ in cells}:
            n = sum(cells[s, x, y] for x in (True, False) for y in (True, False))
            with_a = cells[s, True, True] + cells[s, True, False]
            with_b = cells[s, True, True] + cells[s, False, True]
            expected += with_a * with_b / n
        assert t.tables.expected.sum() == pytest.approx(expected)
    assert seen > 10


def test_a_planted_pair_is_found_and_replicated() -> None:
    found = searched(problem_world(2, 3000, {(1, 5): 0.02}).cut)
    assert beyond(found) == {(item(1), item(5))}
    (t,) = (t for t in found.tested if t.pattern == (item(1), item(5)))
    assert t.replicated is True
    (effect,) = effects([t])
    assert 1 < effect["low"] < effect["odds_ratio"] < effect["high"]


def test_what_comes_up_lately_is_emerging() -> None:
    made = problem_world(8, 3000)
    late = [r["case"] for r in made.rows["cases"] if str(r["accepted"]) >= "2025-07"][::20]
    for case in late:
        for at in (2, 6):
            made.problem(case, *ITEMS[at], 900, [f"event {case} {at}"])
    (t,) = (t for t in searched(made.cut).tested if t.pattern == (item(2), item(6)))
    assert (t.beyond, t.trend, t.replicated) == (True, "emerging", False)


def test_in_nothing_nothing_is_found() -> None:
    """Twenty worlds without an effect: false ones in no more than chance at 0.05 allows."""
    false = sum(bool(beyond(searched(problem_world(100 + s, 1200).cut))) for s in range(20))
    assert false <= stats.binom.ppf(0.999, 20, 0.05)


def test_three_planted_together_fold_their_pairs() -> None:
    found = searched(problem_world(3, 6000, {(1, 3, 5): 0.012}).cut)
    triple = tuple(sorted(item(n) for n in (1, 3, 5)))
    assert beyond(found) == {triple}
    folded = {t.pattern: t.folded for t in found.tested if t.beyond and len(t.pattern) == 2}
    assert folded
    assert {t.pattern for t in folded.values() if t is not None} == {triple}


def test_two_pairs_with_a_common_item_explain_the_three() -> None:
    found = searched(problem_world(4, 6000, {(1, 3): 0.03, (3, 5): 0.03}).cut)
    pairs = {tuple(sorted((item(a), item(b)))) for a, b in ((1, 3), (3, 5))}
    assert beyond(found) == pairs


def test_problems_that_rest_on_the_same_thing_are_never_combined() -> None:
    made = problem_world(5, 1500)
    draw = np.random.default_rng(5)
    for row in list(made.rows["cases"]):
        if draw.random() < 0.05:
            for at in (2, 6):
                type_, node = ITEMS[at]
                made.problem(row["case"], type_, node, 900, [f"review {row['case']}"])
    together = tuple(sorted((item(2), item(6))))
    assert together not in beyond(searched(made.cut))
    for row in made.rows["problems"]:
        row["joined"] = [f"event {row['problem']}"]
    assert together in beyond(searched(made.cut))


def test_types_of_one_duty_are_never_combined() -> None:
    made = Made()
    for n in range(200):
        case = made.case(day=n)
        for type_, node in (("P10", "PR08"), ("P11", "PR09"), ("S07", "PR20")):
            made.event(case, node, n)
            if n % 5 == 0:
                made.problem(case, type_, node, n)
    patterns = {tuple(t for t, _ in p) for p in beyond(searched(made.cut))}
    assert same_duty()("P10", "P11")
    assert patterns == {("P10", "S07"), ("P11", "S07")}
    implied = implied_types({"A": ["r"], "B": []}, [("B", ["r"])])
    assert implied("A", "B")
    assert not implied("A", "A")


def test_a_department_is_compared_with_the_others_of_its_stratum() -> None:
    made = problem_world(6, 3000)
    extra = [r["case"] for r in made.rows["cases"] if r["department"] == "U1-H2"][::6]
    for case in extra:
        made.problem(case, *ITEMS[4], 900)
    found = searched(made.cut)
    told = {(t.pattern[0], t.department) for t in found.tested if t.department and t.beyond}
    assert told == {(item(4), "U1-H2")}


def test_a_step_left_out_applies_to_whoever_went_on() -> None:
    made = Made()
    for n in range(300):
        case = made.case(day=n)
        if n % 10:
            made.event(case, "PR08", n)
        else:
            made.problem(case, "P10", "PR08", n + 1)
        made.event(case, "PR20", n + 5)
        if n % 10 == 0 or n % 7 == 0:
            made.problem(case, "S07", "PR20", n + 9)
    found = searched(made.cut)
    (t,) = (t for t in found.tested if len(t.pattern) == 2)
    assert (t.support, t.n, t.beyond) == (30, 300, True)


def as_said(t: Candidate) -> tuple[object, ...]:
    return (
        t.pattern,
        t.department,
        t.support,
        t.n,
        t.testable,
        t.folded.pattern if t.folded else None,
        t.replicated,
        t.trend,
    )


def numbers(t: Candidate) -> list[float]:
    (effect,) = effects([t])
    return [t.p, t.q, *effect.values()]


def test_the_counts_of_two_stores_give_the_conclusion_of_both() -> None:
    made = problem_world(7, 2500, {(1, 5): 0.03, (0, 2, 7): 0.02})
    made.problem(made.rows["cases"][0]["case"], "D02", "PR20", 900)
    columns = made.columns
    parts = [columns.of_unit(u).cut(LAST, COUNTED) for u in ("U0", "U1", "U2")]
    counts = [transactions(cut, *strata_of(cut)).packed() for cut in parts]
    joined = (counts[0] + (counts[2] + counts[1])).packed()
    apart = Miner(joined, same_duty()).search()
    whole = searched(columns.cut(LAST, COUNTED))
    assert (apart.tests, apart.patterns) == (whole.tests, whole.patterns)
    ones, others = (
        sorted(f.tested, key=lambda t: (t.pattern, t.department or "")) for f in (apart, whole)
    )
    assert len(ones) == len(others) > 30
    for one, other in zip(ones, others, strict=True):
        assert as_said(one) == as_said(other)
        assert numbers(one) == pytest.approx(numbers(other), rel=1e-6, nan_ok=True)
    assert beyond(whole)
