"""Association of an exposure with an outcome over strata (分层分析): effect, interval, test.

Everything here is a function of counts per stratum. Arrays have the shape (hypotheses, strata); a
stratum is a two-by-two table of cases::

                 outcome   no outcome
    exposed         a           b
    not exposed     c           d

so that the tables of two stores, their strata laid side by side, give the conclusion of both.

Mantel, Haenszel 1959 (pooled odds ratio, test) · Robins, Breslow, Greenland 1986 (its variance) ·
Mantel, Fleiss 1980 (when the normal approximation serves) · Breslow, Day 1980 with Tarone's
correction 1985 (heterogeneity) · Miettinen 1974 (attributable share) · Breslow, Day 1980 §4.2 and
§4.4 (exact conditional distribution over strata).
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass
from functools import lru_cache
from typing import Self

import numpy as np
import numpy.typing as npt
from scipy import special

Floats = npt.NDArray[np.float64]
Ints = npt.NDArray[np.int64]
Bools = npt.NDArray[np.bool_]

CONFIDENCE = 0.95
MANTEL_FLEISS = 5.0
"""Below this the normal approximation does not serve."""
DOUBTFUL = 0.1
"""A normal p below this is computed exactly where that is feasible: tails decide."""
EXACT_WIDTH = 300
"""Most exposed cases with the outcome, above the fewest possible, for an exact test."""
PORTION = 256


@dataclass(frozen=True)
class Tables:
    """Two-by-two tables: ``a, b, c, d`` of shape (hypotheses, strata), whole numbers."""

    a: Ints
    b: Ints
    c: Ints
    d: Ints

    @classmethod
    def of(cls, rows: Iterable[tuple[int, int, int, int]]) -> Self:
        """One hypothesis, its strata as rows (a, b, c, d)."""
        cells = np.array(list(rows), dtype=np.int64).reshape(-1, 4).T
        return cls(*(cell[None, :] for cell in cells))

    def __len__(self) -> int:
        return int(self.a.shape[0])

    def take(self, chosen: Ints | Bools) -> Tables:
        """Some of the hypotheses."""
        return Tables(self.a[chosen], self.b[chosen], self.c[chosen], self.d[chosen])

    def strata(self, chosen: Ints | Bools) -> Tables:
        """Some of the strata."""
        return Tables(*(x[:, chosen] for x in (self.a, self.b, self.c, self.d)))

    @property
    def n(self) -> Ints:
        """Cases in each stratum."""
        return np.asarray(self.a + self.b + self.c + self.d)

    @property
    def expected(self) -> Floats:
        """Exposed cases with the outcome in each stratum, if chance alone joined them."""
        n = np.maximum(self.n, 1)
        return np.asarray((self.a + self.b) * (self.a + self.c) / n, dtype=np.float64)

    @property
    def variance(self) -> Floats:
        """The hypergeometric variance of ``a`` in each stratum."""
        n = self.n.astype(np.float64)
        top = (
            (self.a + self.b).astype(np.float64)
            * (self.c + self.d)
            * (self.a + self.c)
            * (self.b + self.d)
        )
        return np.where(n > 1, top / np.maximum(n * n * (n - 1), 1), 0.0)

    @property
    def least(self) -> Ints:
        """The fewest exposed cases with the outcome that the margins allow."""
        return np.asarray(np.maximum(0, self.a - self.d))

    @property
    def most(self) -> Ints:
        """The most exposed cases with the outcome that the margins allow."""
        return self.a + np.minimum(self.b, self.c)

    @property
    def information(self) -> Floats:
        """Sum of the variances: what the data can tell about the log odds ratio near none."""
        return np.asarray(self.variance.sum(axis=1))

    @property
    def informative(self) -> Ints:
        """Strata in which the margins leave anything to chance."""
        return np.asarray(np.count_nonzero(self.variance > 0, axis=1))

    @property
    def thin(self) -> Bools:
        """Where the normal approximation does not serve (Mantel and Fleiss)."""
        below = (self.expected - self.least).sum(axis=1)
        above = (self.most - self.expected).sum(axis=1)
        return np.asarray(np.minimum(below, above) < MANTEL_FLEISS)


@dataclass(frozen=True)
class Pooled:
    """Pooled odds ratios with their intervals, one per hypothesis; NaN where nothing can be said.

    ``exact`` marks those from the conditional distribution.
    """

    odds_ratio: Floats
    low: Floats
    high: Floats
    exact: Bools


def pooled(t: Tables, confidence: float = CONFIDENCE) -> Pooled:
    """Mantel–Haenszel odds ratios with the interval of Robins, Breslow and Greenland.

    Thin tables get the conditional estimate and the mid-p interval of the exact distribution: the
    exact interval covers more than it says. An odds ratio may be 0 or infinite, then one end of
    its interval is.
    """
    n = np.maximum(t.n, 1).astype(np.float64)
    r, s = t.a * t.d / n, t.b * t.c / n
    p, q = (t.a + t.d) / n, (t.b + t.c) / n
    big_r, big_s = r.sum(axis=1), s.sum(axis=1)
    with np.errstate(divide="ignore", invalid="ignore"):
        ratio = big_r / big_s
        variance = (
            (p * r).sum(axis=1) / (2 * big_r**2)
            + (p * s + q * r).sum(axis=1) / (2 * big_r * big_s)
            + (q * s).sum(axis=1) / (2 * big_s**2)
        )
        wide = special.ndtri((1 + confidence) / 2) * np.sqrt(variance)
        low, high = ratio * np.exp(-wide), ratio * np.exp(wide)
    thin = t.thin | (big_r == 0) | (big_s == 0)
    at = np.flatnonzero(thin)
    ratio[at], low[at], high[at] = conditional(t.take(at), confidence, mid=True)
    return Pooled(ratio, low, high, np.asarray(thin))


def score(t: Tables) -> Floats:
    """The Cochran–Mantel–Haenszel statistic without continuity correction, as a normal deviate."""
    excess = t.a.sum(axis=1) - t.expected.sum(axis=1)
    with np.errstate(divide="ignore", invalid="ignore"):
        z = excess / np.sqrt(t.information)
    return np.where(t.information > 0, z, 0.0)


def p_greater(t: Tables) -> Floats:
    """One-sided p: as many exposed cases with the outcome, or more, by chance alone."""
    return _p(t, lambda z: special.ndtr(-z), lambda below, there, above: there + above)


def p_two_sided(t: Tables) -> Floats:
    """Two-sided p; where exact, twice the smaller tail."""
    return _p(
        t,
        lambda z: 2 * special.ndtr(-np.abs(z)),
        lambda below, there, above: np.minimum(1.0, 2 * (there + np.minimum(below, above))),
    )


def _p(
    t: Tables,
    normal: Callable[[Floats], Floats],
    of: Callable[[Floats, Floats, Floats], Floats],
) -> Floats:
    p = np.asarray(normal(score(t)), dtype=np.float64)
    width = (t.a - t.least).sum(axis=1)
    wanted = (t.thin | (p < DOUBTFUL)) & (width <= EXACT_WIDTH) & (t.information > 0)
    chosen = np.flatnonzero(wanted)
    # Alike widths together, so that the narrow ones do not pay for the wide.
    chosen = chosen[np.argsort(width[chosen], kind="stable")]
    for at in range(0, len(chosen), PORTION):
        some = chosen[at : at + PORTION]
        p[some] = of(*tails(t.take(some)))
    p[t.information == 0] = 1.0
    return p


def tails(t: Tables) -> tuple[Floats, Floats, Floats]:
    """Exact probabilities of fewer, just as many, and more exposed cases with the outcome.

    The sum over strata of hypergeometric counts, given every margin, one stratum after another;
    all that is above what was seen flows into one state, so that small tails keep their digits.
    """
    seen = (t.a - t.least).sum(axis=1)
    return _walk(t, seen)


def _walk(t: Tables, seen: Ints) -> tuple[Floats, Floats, Floats]:
    rows, width = np.arange(len(t)), int(seen.max(initial=0)) + 1
    states = np.arange(width)[None, :]
    inside = states <= seen[:, None]
    dist = np.zeros((len(t), width))
    dist[:, 0] = 1.0
    over = np.zeros(len(t))
    for pmf in _by_stratum(t):
        lengths = pmf.shape[1] - 1
        # upper[:, j] is the chance of j or more in this stratum.
        upper = np.cumsum(pmf[:, ::-1], axis=1)[:, ::-1]
        left = seen[:, None] - states + 1
        leaves = inside & (left <= lengths)
        chance = upper[rows[:, None], np.where(leaves, left, 0)]
        over += np.where(leaves, dist * chance, 0.0).sum(axis=1)
        dist = np.where(inside, _added(dist, pmf), 0.0)
    there = dist[rows, seen]
    return dist.sum(axis=1) - there, there, over


def _added(dist: Floats, pmf: Floats) -> Floats:
    """The distribution after one more stratum, cut at its width."""
    new = dist * pmf[:, :1]
    width = dist.shape[1]
    for j in range(1, min(pmf.shape[1], width)):
        new[:, j:] += dist[:, : width - j] * pmf[:, j : j + 1]
    return new


def _by_stratum(t: Tables) -> Iterator[Floats]:
    """The chances of each count above the least, informative strata of every hypothesis first."""
    reach = t.most - t.least
    order = np.argsort(reach == 0, axis=1, kind="stable")
    order = order[:, : int(np.count_nonzero(reach, axis=1).max(initial=0))]
    margins = [np.take_along_axis(x, order, 1) for x in (t.a + t.b, t.a + t.c, t.n)]
    least, reach = (np.take_along_axis(x, order, 1) for x in (t.least, reach))
    for s in range(order.shape[1]):
        k = np.arange(int(reach[:, s].max()) + 1)[None, :]
        real = k <= reach[:, s, None]
        x = least[:, s, None] + np.where(real, k, 0)
        yield np.where(real, np.exp(_log_hypergeometric(x, *(m[:, s] for m in margins))), 0.0)


def log_least_p(t: Tables) -> Floats:
    """Logarithm of the least one-sided p that the margins allow (Tarone 1990).

    It is reached where every stratum holds as many exposed cases with the outcome as it can.
    """
    return least_p_of(t.a + t.b, t.a + t.c, t.n)


def least_p_of(exposed: Ints, outcome: Ints, n: Ints) -> Floats:
    """:func:`log_least_p` from the margins."""
    small, large = np.minimum(exposed, outcome), np.maximum(exposed, outcome)
    f = _log_factorials(int(n.max(initial=0)))
    log = f[large] - f[large - small] - f[n] + f[n - small]
    return np.asarray(log.sum(axis=-1), dtype=np.float64)


def _log_hypergeometric(x: Ints, n1: Ints, m: Ints, n: Ints) -> Floats:
    """Log probability of ``x`` (hypotheses, support); margins are (hypotheses,)."""
    f = _log_factorials(int(n.max(initial=0)))
    n1, m, n = n1[:, None], m[:, None], n[:, None]
    fixed = f[n1] + f[n - n1] + f[m] + f[n - m] - f[n]
    return np.asarray(fixed - f[x] - f[n1 - x] - f[m - x] - f[n - n1 - m + x])


def _log_factorials(upto: int) -> Floats:
    return _table(1 << max(10, upto.bit_length()))


@lru_cache(maxsize=4)
def _table(size: int) -> Floats:
    return np.asarray(special.gammaln(np.arange(size) + 1.0))


def conditional(
    t: Tables, confidence: float = CONFIDENCE, *, mid: bool = False
) -> tuple[Floats, Floats, Floats]:
    """Conditional odds ratios with their exact (``mid``: mid-p) intervals; NaN where no strata
    inform."""
    found = np.full((3, len(t)), np.nan)
    seen = (t.a - t.least).sum(axis=1)
    chosen = np.flatnonzero((t.most - t.least).sum(axis=1) > 0)
    chosen = chosen[np.argsort(seen[chosen], kind="stable")]
    for at in range(0, len(chosen), PORTION):
        some = chosen[at : at + PORTION]
        found[:, some] = _conditional(t.take(some), seen[some], confidence, mid)
    return found[0], found[1], found[2]


def _conditional(
    t: Tables, seen: Ints, confidence: float, mid: bool
) -> tuple[Floats, Floats, Floats]:
    last = (t.most - t.least).sum(axis=1)
    # What lies far above twice what was seen has no weight at either end of the interval.
    width = int(np.minimum(last, 2 * seen + 60).max()) + 1
    dist = np.zeros((len(t), width))
    dist[:, 0] = 1.0
    for pmf in _by_stratum(t):
        dist = _added(dist, pmf)
    values = np.arange(width, dtype=np.float64)[None, :]
    with np.errstate(divide="ignore"):
        log_null = np.log(dist)
    below, there = values < seen[:, None], values == seen[:, None]
    half = 0.5 if mid else 1.0

    def mean(w: Floats) -> Floats:
        return np.asarray((w * values).sum(axis=1))

    def upper(w: Floats) -> Floats:
        return np.asarray((w * ~(below | there)).sum(axis=1) + half * (w * there).sum(axis=1))

    def lower(w: Floats) -> Floats:
        return np.asarray(-(w * below).sum(axis=1) - half * (w * there).sum(axis=1))

    def solved(rising: Callable[[Floats], Floats], wanted: Floats | float) -> Floats:
        """Bisection on the log odds ratio."""
        low, high = np.full(len(t), -40.0), np.full(len(t), 40.0)
        for _ in range(50):
            middle = (low + high) / 2
            w = log_null + middle[:, None] * values
            w = np.exp(w - w.max(axis=1, keepdims=True))
            above = rising(w / w.sum(axis=1, keepdims=True)) > wanted
            low, high = np.where(above, low, middle), np.where(above, middle, high)
        return np.asarray(np.exp((low + high) / 2))

    tail = (1 - confidence) / 2
    none, all_ = seen == 0, seen == last
    ratio = np.where(none, 0.0, np.where(all_, np.inf, solved(mean, seen.astype(np.float64))))
    low = np.where(none, 0.0, solved(upper, tail))
    high = np.where(all_, np.inf, solved(lower, -tail))
    return ratio, low, high


def heterogeneity(t: Tables, ratio: Floats) -> tuple[Floats, Ints, Floats]:
    """Breslow–Day statistic with Tarone's correction, its degrees of freedom, and p.

    ``ratio`` are the pooled odds ratios. Strata without an exposed or unexposed case, with or
    without the outcome, say nothing and are left out. NaN where fewer than two are left.
    """
    n1, n0 = (t.a + t.b).astype(np.float64), (t.c + t.d).astype(np.float64)
    m = (t.a + t.c).astype(np.float64)
    n = n1 + n0
    useful = (n1 > 0) & (n0 > 0) & (m > 0) & (m < n)
    psi = np.where(np.isfinite(ratio) & (ratio > 0), ratio, np.nan)[:, None]
    with np.errstate(divide="ignore", invalid="ignore"):
        # The expected count solves A (n0 - m + A) = psi (n1 - A) (m - A).
        aa, bb, cc = 1 - psi, n0 - m + psi * (n1 + m), -psi * n1 * m
        root = (-bb + np.sqrt(bb * bb - 4 * aa * cc)) / (2 * aa)
        fit = np.where(np.abs(aa) < 1e-9, n1 * m / np.maximum(n, 1), root)
        variance = 1 / (1 / fit + 1 / (n1 - fit) + 1 / (m - fit) + 1 / (n0 - m + fit))
        gap = np.where(useful, t.a - fit, 0.0)
        variance = np.where(useful, variance, 0.0)
        x2 = np.where(useful, gap**2 / np.where(useful, variance, 1.0), 0.0).sum(axis=1)
        x2 = x2 - gap.sum(axis=1) ** 2 / variance.sum(axis=1)
    freedom = np.count_nonzero(useful, axis=1) - 1
    ok = (freedom > 0) & np.isfinite(x2)
    p = np.where(ok, special.chdtrc(np.maximum(freedom, 1), np.maximum(x2, 0)), np.nan)
    return np.where(ok, x2, np.nan), freedom, p


def attributable(t: Tables) -> Floats:
    """Share of all outcomes that would not be there, had the exposed the risk of the others.

    Miettinen's formula: the share of exposed among outcomes times (1 - 1 / risk ratio), the risk
    ratio pooled by Mantel and Haenszel. NaN where the exposure does not raise the risk.
    """
    n = np.maximum(t.n, 1).astype(np.float64)
    with np.errstate(divide="ignore", invalid="ignore"):
        ratio = (t.a * (t.c + t.d) / n).sum(axis=1) / (t.c * (t.a + t.b) / n).sum(axis=1)
        exposed = t.a.sum(axis=1) / (t.a + t.c).sum(axis=1)
        share = exposed * (1 - 1 / ratio)
    return np.where(ratio > 1, share, np.nan)
