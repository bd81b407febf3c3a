"""The statistics of strata against published examples, and against counting every possibility."""

from __future__ import annotations

import itertools
import math
from fractions import Fraction

import numpy as np
import pytest
from scipy import stats

from graph.analysis.stratified import (
    Tables,
    attributable,
    conditional,
    heterogeneity,
    log_least_p,
    p_greater,
    p_two_sided,
    pooled,
    score,
    tails,
)
from graph.analysis.words import (
    BEYOND,
    NOTHING,
    adjusted,
    attainable,
    needed_information,
    trend,
    word,
)

BERKELEY = Tables.of(
    [
        (512, 313, 89, 19),
        (353, 207, 17, 8),
        (120, 205, 202, 391),
        (138, 279, 131, 244),
        (53, 138, 94, 299),
        (22, 351, 24, 317),
    ]
)
"""Admissions to six departments of Berkeley in 1973, men and women, admitted and not: Bickel,
Hammel, O'Connell, Science 187 (1975) 398-404; R's data set UCBAdmissions."""
RABBITS = Tables.of([(0, 6, 0, 5), (3, 3, 0, 6), (6, 0, 2, 4), (5, 1, 6, 0), (2, 0, 5, 0)])
"""Penicillin given at once or later to rabbits, cured and not, at five doses: Mantel, JASA 58
(1963); Agresti, Categorical Data Analysis; the example of R's mantelhaen.test."""
THROMBOLYSIS = np.array(
    [
        0.0001,
        0.0004,
        0.0019,
        0.0095,
        0.0201,
        0.0278,
        0.0298,
        0.0344,
        0.0459,
        0.3240,
        0.4262,
        0.5719,
        0.6528,
        0.7590,
        1.0,
    ]
)
"""The fifteen p-values of Benjamini and Hochberg, J. R. Stat. Soc. B 57 (1995) 289-300, §4.1."""


def test_berkeley_pooled_odds_ratio_and_interval() -> None:
    found = pooled(BERKELEY)
    assert found.odds_ratio[0] == pytest.approx(0.9046968, abs=1e-7)
    assert found.low[0] == pytest.approx(0.7719074, abs=1e-7)
    assert found.high[0] == pytest.approx(1.0603298, abs=1e-7)
    assert not found.exact[0]


def test_berkeley_without_strata_says_the_opposite() -> None:
    whole = Tables(*(x.sum(axis=1, keepdims=True) for x in _cells(BERKELEY)))
    assert pooled(whole).odds_ratio[0] == pytest.approx(1.84, abs=0.005)
    assert p_two_sided(whole)[0] < 1e-10
    assert p_two_sided(BERKELEY)[0] == pytest.approx(0.2169, abs=1e-4)
    assert score(BERKELEY)[0] ** 2 == pytest.approx(1.5246, abs=1e-4)


def test_berkeley_departments_differ() -> None:
    x2, freedom, p = heterogeneity(BERKELEY, pooled(BERKELEY).odds_ratio)
    assert (x2[0], freedom[0]) == (pytest.approx(18.83, abs=0.005), 5)
    assert p[0] == pytest.approx(0.0021, abs=5e-5)


def test_rabbits_exact() -> None:
    """R: S = 16, p = 0.03994, common odds ratio 10.361 (to the tolerance of its search)."""
    assert p_two_sided(RABBITS)[0] == pytest.approx(0.03994, abs=5e-6)
    ratio, low, high = (x[0] for x in conditional(RABBITS))
    assert ratio == pytest.approx(10.361, abs=5e-4)
    assert score(RABBITS)[0] ** 2 == pytest.approx(5.6571, abs=1e-4)
    assert RABBITS.thin[0]
    first, dist = _enumerated(RABBITS)
    for bound, upper in ((low, True), (high, False)):
        weights = dist * bound ** np.arange(len(dist))
        seen = 16 - first
        tail = weights[seen:].sum() if upper else weights[: seen + 1].sum()
        assert tail / weights.sum() == pytest.approx(0.025, abs=1e-6)


def test_benjamini_hochberg_rejects_four_of_fifteen() -> None:
    q = adjusted(THROMBOLYSIS)
    assert np.count_nonzero(q <= 0.05) == 4
    assert np.count_nonzero(THROMBOLYSIS <= 0.05 / 15) == 3
    assert q[3] == pytest.approx(0.0095 * 15 / 4)
    assert np.count_nonzero(adjusted(THROMBOLYSIS[:9], 15) <= 0.05) == 4


def _cells(t: Tables) -> tuple[np.ndarray, ...]:
    return t.a, t.b, t.c, t.d


def _enumerated(t: Tables) -> tuple[int, np.ndarray]:
    """The distribution of the sum by going through all combinations, with exact fractions."""
    strata = []
    for a, b, c, d in zip(*(x[0].tolist() for x in _cells(t)), strict=True):
        n1, m, n = a + b, a + c, a + b + c + d
        chances = {
            x: Fraction(math.comb(n1, x) * math.comb(n - n1, m - x), math.comb(n, m))
            for x in range(max(0, m - (n - n1)), min(n1, m) + 1)
        }
        strata.append(chances)
    sums: dict[int, Fraction] = {}
    for drawn in itertools.product(*strata):
        chance = math.prod((s[x] for s, x in zip(strata, drawn, strict=True)), start=Fraction(1))
        sums[sum(drawn)] = sums.get(sum(drawn), Fraction(0)) + chance
    first = min(sums)
    return first, np.array([float(sums[k]) for k in sorted(sums)])


@pytest.mark.parametrize("seed", range(6))
def test_exact_tails_are_what_enumeration_gives(seed: int) -> None:
    draw = np.random.default_rng(seed)
    t = Tables(*(draw.integers(0, 5, (7, 4)) for _ in range(4)))
    below, there, above = tails(t)
    for h in range(len(t)):
        one = t.take(np.array([h]))
        first, dist = _enumerated(one)
        seen = int(one.a.sum()) - first
        expected = (dist[:seen].sum(), dist[seen], dist[seen + 1 :].sum())
        assert (below[h], there[h], above[h]) == pytest.approx(expected, abs=1e-12)
        if one.information[0] > 0:
            if one.thin[0] or p_greater(one)[0] < 0.1:
                assert p_greater(one)[0] == pytest.approx(dist[seen:].sum(), abs=1e-12)
            assert math.exp(log_least_p(one)[0]) == pytest.approx(dist[-1], rel=1e-9)


def test_one_table_is_fishers_test() -> None:
    for table in ((8, 2, 1, 5), (3, 1, 1, 3), (10, 3, 2, 15)):
        t = Tables.of([table])
        a, b, c, d = table
        p = stats.fisher_exact([[a, b], [c, d]], alternative="greater").pvalue
        assert p_greater(t)[0] == pytest.approx(p)


def test_small_tails_keep_their_digits() -> None:
    t = Tables.of([(30, 0, 0, 70)])
    assert p_greater(t)[0] == pytest.approx(1 / math.comb(100, 30), rel=1e-9)


def test_strata_that_say_nothing_change_nothing() -> None:
    more = Tables.of([*zip(*(x[0].tolist() for x in _cells(RABBITS)), strict=True), (0, 0, 3, 9)])
    assert p_greater(more)[0] == pytest.approx(p_greater(RABBITS)[0])
    assert pooled(more).odds_ratio[0] == pytest.approx(pooled(RABBITS).odds_ratio[0])
    nothing = Tables.of([(0, 0, 3, 9), (4, 5, 0, 0)])
    assert p_two_sided(nothing)[0] == 1.0
    assert np.isnan(pooled(nothing).odds_ratio[0])


def test_intervals_cover_and_nothing_is_found_in_nothing() -> None:
    """1,000 draws of sparse strata with odds ratio 3 and with none."""
    draw = np.random.default_rng(5)
    for ratio in (1.0, 3.0):
        exposed = draw.binomial(12, 0.2, (1000, 30))
        base = draw.uniform(0.02, 0.3, (1, 30))
        odds = base / (1 - base) * ratio
        a = draw.binomial(exposed, odds / (1 + odds))
        c = draw.binomial(12 - exposed, np.broadcast_to(base, exposed.shape))
        t = Tables(a, exposed - a, c, 12 - exposed - c)
        found = pooled(t)
        covered = np.mean((found.low <= ratio) & (ratio <= found.high))
        assert 0.93 <= covered <= 0.97
        if ratio == 1.0:
            assert np.mean(p_two_sided(t) <= 0.05) <= 0.06


def test_attributable_share_by_hand() -> None:
    """Risk 30/100 of the exposed, 10/100 of the others: 20 of the 40 would not be there."""
    assert attributable(Tables.of([(30, 70, 10, 90)]))[0] == pytest.approx(20 / 40)
    assert np.isnan(attributable(Tables.of([(10, 90, 30, 70)]))[0])


def test_only_tests_that_could_be_significant_count() -> None:
    """Least p of five tests: five of them reach 0.05, three 0.05/2, three 0.05/3, so k = 3."""
    logs = np.log([1e-6, 1e-5, 0.015, 0.03, 0.04])
    assert attainable(logs).tolist() == [True, True, True, False, False]
    assert attainable(np.log([0.3, 0.4])).tolist() == [False, False]


def test_the_three_words() -> None:
    need = needed_information(1, two_sided=True)
    assert need == pytest.approx(((1.959964 + 0.841621) / math.log(2)) ** 2, rel=1e-5)
    assert word(0.04, 1.0, 100, 1, two_sided=True).text == BEYOND
    assert word(0.4, need, 100, 1, two_sided=True).text == NOTHING
    few = word(0.4, need / 3, 100, 1, two_sided=True)
    assert (few.text, few.more) == ("too few to tell: about 200 more cases needed", 200)


def test_the_number_of_lacking_cases_is_enough() -> None:
    """With so many more cases, odds twice as high are found in about four of five searches."""
    draw = np.random.default_rng(3)
    cells = Tables.of([(3, 17, 17, 83)])
    n = int(cells.n.sum())
    more = word(0.9, float(cells.information[0]), n, 1, two_sided=True).more
    assert more is not None
    exposed, others = (round(x * (n + more) / n) for x in (20, 100))
    # Odds ratio 2 around the same share of outcomes.
    a = draw.binomial(exposed, 0.27, (2000, 1))
    c = draw.binomial(others, 0.27 / (0.27 + 2 * 0.73), (2000, 1))
    found = p_two_sided(Tables(a, exposed - a, c, others - c)) <= 0.05
    assert 0.7 <= found.mean() <= 0.9


def test_trend() -> None:
    even = np.full(6, 10.0)
    assert trend(np.array([2, 4, 8, 12, 16, 20]), even)[0] == "emerging"
    assert trend(np.array([20, 16, 12, 8, 4, 2]), even)[0] == "fading"
    assert trend(np.array([10, 9, 11, 10, 12, 9]), even)[0] == "steady"
    assert trend(np.array([2, 4, 8, 12, 16, 20]), np.array([2.0, 4, 8, 12, 16, 20]))[0] == "steady"
