"""Deviations against an outcome: who is at risk, who shows it, what comes first, sums."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest
from scipy import stats

from graph.analysis.deviations import (
    EVER,
    OPEN_DAYS,
    Deviation,
    Exposed,
    LinkCounts,
    Outcome,
    concluded,
    counted,
    exposures,
)
from graph.analysis.projection import Cut, micros, strata_of
from graph.analysis.scope import COUNTED
from graph.analysis.words import BEYOND
from tests.graph.analysis.made_columns import LAST, START, Made


def outcome(cut: Cut, cases: dict[str, tuple[int, float | None]], code: str = "PR11") -> Outcome:
    """Cases on their side, with the day before which a deviation counts."""
    window = [
        EVER if cases[c][1] is None else micros(START) + int(float(cases[c][1] or 0) * 864e8)
        for c in cut.cases
    ]
    group = np.array([cases[c][0] for c in cut.cases], dtype=np.int64)
    return Outcome(group, np.array(window), frozenset({code}), "PR", int(code[2:]))


def shown(cut: Cut, found: list[Exposed], node: str, deviation: Deviation) -> tuple[set, set]:
    (e,) = (e for e in found if cut.nodes[e.node].node == node and e.deviation == deviation)
    named = [{cut.cases[i] for i in part} for part in (e.exposed, e.at_risk)]
    return named[0], named[1]


def test_who_is_at_risk_and_who_shows_it() -> None:
    made = Made()
    a, b, c, d = (made.case() for _ in range(4))
    for case, nodes in {
        a: ("PR01", "PR07", "PR08", "PR08", "PR09"),
        b: ("PR01", "PR08", "PR09"),
        c: ("PR01", "PR09", "PR07", "PR08"),
        d: ("PR01",),
    }.items():
        for day, node in enumerate(nodes):
            made.event(case, node, day)
    made.event(a, "PR07", 20)
    made.problem(a, "P10", "PR08", 5)
    made.problem(b, "P10", "PR08", 15)
    made.problem(c, "P08", "PR09", 1, timed=True)
    made.problem(b, "P08", "PR09", 5, timed=True)
    cut = made.cut
    found = exposures(cut, outcome(cut, {a: (1, 10), b: (1, 10), c: (0, 10), d: (0, None)}))
    assert shown(cut, found, "PR07", "skipped") == ({b}, {a, b, c})
    assert shown(cut, found, "PR07", "passed") == ({a, c}, {a, b, c})
    assert shown(cut, found, "PR07", "repeated") == (set(), {a, c})
    assert shown(cut, found, "PR08", "repeated") == ({a}, {a, b, c})
    assert shown(cut, found, "PR09", "out_of_order") == ({c}, {a, b, c})
    assert shown(cut, found, "PR08", "out_of_order") == (set(), {a, b, c})
    assert shown(cut, found, "PR08", "problem") == ({a}, {a, b, c})
    assert shown(cut, found, "PR09", "late") == ({c}, {a, b, c})
    assert shown(cut, found, "PR09", "problem") == ({b}, {a, b, c})
    assert {cut.nodes[e.node].node for e in found}.isdisjoint({"PR11", "PR12", "PR22"})


def test_a_shorter_time_to_find_a_problem_is_no_protection() -> None:
    """Of each hundred cases the same thirty have a problem, found on the fourth day; only cases
    with the outcome are mostly decided before it, so that a plain count would see a protection."""
    made = Made()
    sides: dict[str, tuple[int, float | None]] = {}
    for number in range(200):
        case = made.case()
        for day, node in enumerate(("PR01", "PR08")):
            made.event(case, node, day)
        if number % 100 < 30:
            made.problem(case, "P10", "PR08", 5)
        with_outcome = number < 100
        sides[case] = (int(with_outcome), 3 if with_outcome and number % 5 else 12)
    cut = made.cut
    strata, names = strata_of(cut)
    looked_at = outcome(cut, sides)
    counts = counted(cut, looked_at, strata, names, exposures(cut, looked_at))
    (at,) = (i for i, h in enumerate(counts.hypotheses) if h == ("rulebook/PR08", "problem"))
    (a, b, c, d) = counts.cells[at].sum(axis=0).tolist()
    assert (a, b, c, d) == (6, 30, 94, 70)
    assert stats.fisher_exact([[a, b], [c, d]]).pvalue < 1e-4
    rows, _ = concluded(counts)
    (row,) = (r for r in rows if (r["node"], r["deviation"]) == ("rulebook/PR08", "problem"))
    assert row["effect"]["odds_ratio"] == pytest.approx(1)
    assert row["p"] > 0.5


def test_lateness_that_puts_off_a_passage_is_no_protection() -> None:
    """Of each hundred cases the same thirty pass the node on the fifth day instead of the first;
    cases with the outcome end on the tenth day or the twelfth, most others later. By the time that
    is left after the passage, the late ones would seem to be protected."""
    made = Made()
    sides: dict[str, tuple[int, float | None]] = {}
    for number in range(400):
        case = made.case()
        with_outcome, late = number < 200, number % 10 < 3
        made.event(case, "PR08", 5 if late else 1)
        if late:
            made.problem(case, "P08", "PR08", 4, timed=True)
        ends = 10 + number // 10 % 2 * 4 if with_outcome else 10 + number // 10 % 5 * 4
        sides[case] = (int(with_outcome), ends)
    cut = made.cut
    strata, names = strata_of(cut)
    looked_at = outcome(cut, sides)
    found = exposures(cut, looked_at)
    rows, _ = concluded(counted(cut, looked_at, strata, names, found))
    (row,) = (r for r in rows if (r["node"], r["deviation"]) == ("rulebook/PR08", "late"))
    assert row["effect"]["odds_ratio"] == pytest.approx(1)
    since_passing = np.digitize(
        [sides[c][1] - (5 if n % 10 < 3 else 1) for n, c in enumerate(cut.cases)], OPEN_DAYS
    )
    (e,) = (e for e in found if cut.nodes[e.node].node == "PR08" and e.deviation == "late")
    naive, _ = concluded(
        counted(cut, looked_at, strata, names, [replace(e, open_for=since_passing)])
    )
    assert naive[0]["effect"]["high"] < 1


def test_lateness_of_one_party_is_lateness_of_the_case() -> None:
    """One of two is passed in time, the other after the limit; then one more time, later still."""
    made = Made()
    a, b = made.case(parties=2), made.case(parties=2)
    for case in (a, b):
        made.event(case, "PR08", 1, party="p")
    made.event(a, "PR08", 6, party="q")
    made.event(b, "PR08", 2, party="q")
    made.event(b, "PR08", 8, party="q")
    for case in (a, b):
        made.problem(case, "P08", "PR08", 4, timed=True)
    cut = made.cut
    found = exposures(cut, outcome(cut, {a: (1, 10), b: (0, 10)}))
    assert shown(cut, found, "PR08", "late") == ({a}, {a, b})
    assert shown(cut, found, "PR08", "problem") == ({b}, {a, b})


def test_a_passage_by_another_party_is_no_repetition() -> None:
    made = Made()
    a, b = made.case(), made.case()
    for party in ("p", "q"):
        made.event(a, "PR08", 1, party=party)
    for day in (1, 2):
        made.event(b, "PR08", day, party="p")
    cut = made.cut
    found = exposures(cut, outcome(cut, {a: (1, 10), b: (0, 10)}))
    assert shown(cut, found, "PR08", "repeated") == ({b}, {a, b})


def test_a_node_that_mostly_comes_after_the_outcome_is_not_tested() -> None:
    """Extensions (PR15) that come before the returns: a return cannot speak against them."""
    made = Made()
    cases = {}
    for n in range(60):
        case = made.case(day=n)
        extended = n % 3 == 0
        if extended:
            made.event(case, "PR15", n + 2)
        if n % 2:
            made.event(case, "PR11", n + 5)
        cases[case] = (int(extended), n + (2.0 if extended else 30))
    cut = made.cut
    looked_at = outcome(cut, cases, "PR15")
    strata, names = strata_of(cut)
    rows, _ = concluded(counted(cut, looked_at, strata, names, exposures(cut, looked_at)))
    assert [r for r in rows if r["node"] == "rulebook/PR11"] == []


def driven(seed: int, cases: int, ratio: float) -> tuple[Made, dict[str, tuple[int, float]]]:
    """Questioning repeated, and the return: a unit and a season have more of both."""
    draw = np.random.default_rng(seed)
    made, sides = Made(), {}
    for _ in range(cases):
        u, day, parties = int(draw.integers(3)), int(draw.integers(720)), int(draw.integers(1, 4))
        factor = (0.5, 1.0, 2.5)[u] * (2.0 if day // 90 % 4 == 3 else 1.0)
        case = made.case(f"U{u}", day, parties=parties)
        for at, node in enumerate(("PR01", "PR03", "PR07", "PR08", "PR09")):
            if draw.random() < 0.95:
                made.event(case, node, day + at)
        exposed = draw.random() < 0.1 * factor / (0.9 + 0.1 * factor)
        if exposed:
            made.event(case, "PR08", day + 3.5)
        if draw.random() < 0.05 * factor:
            made.problem(case, "P08", "PR03", day + 3)
        odds = 0.1 * factor * (ratio if exposed else 1)
        cases_side = int(draw.random() < odds / (1 + odds))
        sides[case] = (cases_side, day + 10.0)
    return made, sides


def concluded_of(made: Made, sides: dict[str, tuple[int, float]]) -> tuple[list[dict], int]:
    cut = made.cut
    looked_at = outcome(cut, sides)
    strata, names = strata_of(cut)
    return concluded(counted(cut, looked_at, strata, names, exposures(cut, looked_at)))


def test_a_driver_is_found_with_its_strength_and_nothing_else() -> None:
    rows, tests = concluded_of(*driven(1, 4000, 3.0))
    told = [r for r in rows if r["word"] == BEYOND]
    assert [(r["node"], r["deviation"]) for r in told] == [("rulebook/PR08", "repeated")]
    (r,) = told
    assert r["effect"]["low"] < 3 < r["effect"]["high"]
    assert r["q"] <= 0.05 < tests
    assert 0 < r["attributable_share"] < 1
    cells = r["counts"]
    naive = (cells["exposed"]["cases"] * cells["others"]["comparison"]) / (
        cells["exposed"]["comparison"] * cells["others"]["cases"]
    )
    assert naive > r["effect"]["high"]


def test_in_nothing_nothing_is_found() -> None:
    """Forty worlds without a driver, where a naive count finds one in nearly all."""
    false, covered = 0, 0
    for seed in range(40):
        rows, _ = concluded_of(*driven(100 + seed, 1000, 1.0))
        false += any(r["q"] <= 0.05 for r in rows)
        (r,) = (r for r in rows if r["deviation"] == "repeated" and r["node"] == "rulebook/PR08")
        covered += r["effect"]["low"] <= 1 <= r["effect"]["high"]
    assert false <= stats.binom.ppf(0.999, 40, 0.05)
    assert covered >= stats.binom.ppf(0.001, 40, 0.95)


def test_passed_and_skipped_are_one_test() -> None:
    rows, tests = concluded_of(*driven(3, 1500, 2.0))
    by_key = {(r["node"], r["deviation"]): r for r in rows}
    pairs = [n for n, d in by_key if d == "skipped"]
    assert pairs
    for node in pairs:
        one, other = by_key[node, "skipped"], by_key[node, "passed"]
        assert one["q"] == other["q"]
        assert one["effect"]["odds_ratio"] == pytest.approx(1 / other["effect"]["odds_ratio"])
    assert tests == len(rows) - len(pairs)


def test_the_counts_of_two_stores_give_the_conclusion_of_both() -> None:
    made, sides = driven(5, 2000, 2.0)
    made.event(made.rows["cases"][0]["case"], "PR17", 3)

    def counts(cut: Cut) -> LinkCounts:
        looked_at = outcome(cut, sides)
        return counted(cut, looked_at, *strata_of(cut), exposures(cut, looked_at))

    columns = made.columns
    parts = [counts(columns.of_unit(u).cut(LAST, COUNTED)) for u in ("U0", "U1", "U2")]
    whole, tests = concluded(counts(made.cut))
    apart, again = concluded(parts[2] + (parts[0] + parts[1]))
    assert tests == again > 5
    key = ("node", "deviation")
    assert sorted(str([r[k] for k in key]) for r in whole) == sorted(
        str([r[k] for k in key]) for r in apart
    )
    theirs = {tuple(r[k] for k in key): r for r in apart}
    for row in whole:
        other = theirs[tuple(row[k] for k in key)]
        for name in ("word", "support", "strata", "counts", "exact", "more"):
            assert row[name] == other[name]
        for part in (row, other):
            part |= part["effect"]
        for name in ("p", "q", "attributable_share", "odds_ratio", "low", "high"):
            assert (row[name] is None) == (other[name] is None)
            assert (row[name] or 0) == pytest.approx(other[name] or 0, rel=1e-6)
