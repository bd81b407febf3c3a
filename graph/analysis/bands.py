"""The reasonable range (合理区间) of an indicator: funnel limits, over-dispersion, own history.

Spiegelhalter 2005a, Funnel plots for comparing institutional performance, Stat Med 24:1185–1202
(exact limits by interpolated quantiles) · Spiegelhalter 2005b, Handling over-dispersion of
performance indicators, Qual Saf Health Care 14:347–351 (winsorised z-scores, multiplicative and
additive) · DerSimonian, Laird 1986 (the moment estimate of the additive variance) · Roberts 1959
(EWMA) · Anscombe 1948 (the scales) · Wilson 1927 (interval of a share).
"""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass
from functools import lru_cache
from statistics import NormalDist
from typing import Literal

import numpy as np
from scipy import stats

Scale = Literal["share", "rate"]
"""A share of the denominator, or a rate per unit of it that may pass 1."""
Dispersion = Literal["additive", "multiplicative", "none"]
Status = Literal["inside", "outside_95", "outside_998", "too_few", "no_band"]
STATUSES: tuple[Status, ...] = ("inside", "outside_95", "outside_998", "too_few", "no_band")
LEVELS = (0.95, 0.998)
WINSORISED = 0.1
"""The share of z-scores that is drawn in at either end."""
ENOUGH_CELLS = 10
"""Fewer z-scores than these say nothing about over-dispersion."""
WEIGHT = 0.3
"""Weight of the newest period in the EWMA."""


@dataclass(frozen=True)
class Limits:
    """Limits at 95 and 99.8 % around a target, in the unit of the value."""

    target: float
    low95: float
    high95: float
    low998: float
    high998: float


@dataclass(frozen=True)
class Spread:
    """Over-dispersion: ``phi`` the mean squared winsorised z, ``tau2`` the additive variance.

    ``cells`` is the number of z-scores, ``p`` the chance of a phi as large without any.
    """

    phi: float
    tau2: float
    cells: int
    p: float


NO_SPREAD = Spread(1.0, 0.0, 0, 1.0)


def reach_of(level: float) -> float:
    """The two-sided standard normal quantile of a level: 1.96 at 95 %."""
    return NormalDist().inv_cdf((1 + level) / 2)


def crossed(tails: Sequence[float], n: int, target: float, scale: Scale) -> list[float]:
    """The count at each tail probability, binomial or Poisson with mean ``n * target``.

    With r the least count with P(R ≤ r) ≥ p, the lower limit is r − (P(R ≤ r) − p) / P(R = r)
    (Spiegelhalter 2005a, appendix A.1), at least 0. Used for the upper limit as well this would
    flag a count whose upper tail is larger than 1 − p; there the mirrored formula counts, which is
    one more. So a count lies below (above) the limit with at most its tail probability, exactly.
    """
    upper = np.asarray(tails) > 0.5
    if target <= 0:
        return [0.0] * len(tails)
    law, *terms = (stats.binom, n, min(target, 1.0)) if scale == "share" else (stats.poisson,)
    terms = terms or [n * target]
    p = np.asarray(tails)
    r = law.ppf(p, *terms)
    mass = np.maximum(law.pmf(r, *terms), np.finfo(float).tiny)
    at = r - (law.cdf(r, *terms) - p) / mass + upper
    return [float(q) for q in np.clip(at, 0.0, n if scale == "share" else None)]


@lru_cache(maxsize=20_000)
def exact(target: float, n: int, scale: Scale) -> Limits:
    """Exact limits without over-dispersion."""
    tails = [p for level in LEVELS for p in ((1 - level) / 2, (1 + level) / 2)]
    return Limits(target, *(q / n for q in crossed(tails, n, target, scale)))


def lifted(count: float, n: float, scale: Scale) -> float:
    """A value on the scale on which its variance is 1 / (4 n): arcsine of the root, or the root."""
    if scale == "share":
        return math.asin(math.sqrt(min(1.0, max(0.0, count / n))))
    return math.sqrt(count / n)


def lowered(y: float, scale: Scale) -> float:
    """Back from :func:`lifted`."""
    if scale == "share":
        return math.sin(min(math.pi / 2, max(0.0, y))) ** 2
    return max(0.0, y) ** 2


def winsorised(z: Sequence[float], share: float = WINSORISED) -> list[float]:
    """The z-scores with the lowest and highest ``share`` of them drawn in to the next one."""
    ordered = sorted(z)
    cut = int(share * len(ordered))
    low, high = ordered[cut], ordered[len(ordered) - 1 - cut]
    return [min(max(one, low), high) for one in z]


def spread(z: Sequence[float], variances: Sequence[float], share: float = WINSORISED) -> Spread:
    """Over-dispersion of z-scores whose values have these sampling variances.

    phi = Σ z² / I over the winsorised z; tau² = (I phi − (I − 1)) / (Σ w − Σ w² / Σ w) with
    w = 1 / variance, 0 where I phi < I − 1 (Spiegelhalter 2005b).
    """
    cells = len(z)
    if cells < 2:
        return NO_SPREAD
    total = sum(one * one for one in winsorised(z, share))
    weights = [1 / v for v in variances]
    room = sum(weights) - sum(w * w for w in weights) / sum(weights)
    tau2 = max(0.0, (total - (cells - 1)) / room) if room > 0 else 0.0
    return Spread(total / cells, tau2, cells, float(stats.chi2.sf(total, cells)))


def funnel(
    target: float,
    n: int,
    scale: Scale,
    over: Spread = NO_SPREAD,
    dispersion: Dispersion = "additive",
) -> Limits:
    """Limits of a value with ``n`` in the denominator.

    Exact where there is no over-dispersion (phi ≤ 1, tau² = 0, or too few cells to tell); else on
    the scale of :func:`lifted`, with variance phi / 4n or 1 / 4n + tau², never within the exact.
    """
    plain = exact(target, n, scale)
    variance = 1 / (4 * n)
    if over.cells < ENOUGH_CELLS or dispersion == "none" or target <= 0:
        return plain
    wide = variance * max(1.0, over.phi) if dispersion == "multiplicative" else variance + over.tau2
    if wide <= variance:
        return plain
    centre = lifted(target * n, n, scale)
    ends = [
        lowered(centre + sign * reach_of(level) * math.sqrt(wide), scale)
        for level in LEVELS
        for sign in (-1, 1)
    ]
    return Limits(
        target,
        min(ends[0], plain.low95),
        max(ends[1], plain.high95),
        min(ends[2], plain.low998),
        max(ends[3], plain.high998),
    )


def wilson(count: float, n: int, level: float = 0.95) -> tuple[float, float]:
    """Wilson's interval of a share."""
    z = reach_of(level)
    p, square = count / n, z * z
    centre = (p + square / (2 * n)) / (1 + square / n)
    half = z / (1 + square / n) * math.sqrt(p * (1 - p) / n + square / (4 * n * n))
    return max(0.0, centre - half), min(1.0, centre + half)


def rate_interval(count: float, n: int, level: float = 0.95) -> tuple[float, float]:
    """The exact (Garwood) interval of a Poisson rate."""
    tail = (1 - level) / 2
    low = float(stats.chi2.ppf(tail, 2 * count)) / 2 if count else 0.0
    return low / n, float(stats.chi2.ppf(1 - tail, 2 * count + 2)) / 2 / n


@dataclass(frozen=True)
class Smoothed:
    """An EWMA (own history) at its last period, on the scale of its input."""

    value: float
    target: float
    deviation: float
    before: float


def ewma(
    values: Sequence[float],
    variances: Sequence[float],
    weight: float = WEIGHT,
    target: float | None = None,
) -> Smoothed:
    """The EWMA after the last value and its standard deviation if nothing changed.

    It starts at ``target``; None: at the mean of all values but the last, weighted by 1 / variance,
    whose own error is then part of the deviation. Two values at least where there is no target.
    """
    count = len(values)
    pull = [weight * (1 - weight) ** (count - 1 - at) for at in range(count)]
    held = (1 - weight) ** count
    shares = [0.0] * count
    start = target
    if start is None:
        weights = [1 / v for v in variances[:-1]]
        shares = [w / sum(weights) for w in weights] + [0.0]
        start = sum(s * v for s, v in zip(shares, values, strict=True))
    smoothed = held * start + sum(p * v for p, v in zip(pull, values, strict=True))
    # The EWMA less its start, as a sum over the values; a start that is estimated moves with them.
    moved = [p - (1 - held) * s for p, s in zip(pull, shares, strict=True)]
    variance = sum(m * m * v for m, v in zip(moved, variances, strict=True))
    before = (smoothed - weight * values[-1]) / (1 - weight)
    return Smoothed(smoothed, start, math.sqrt(variance), before)


def steadied(count: float, n: float, scale: Scale) -> tuple[float, float]:
    """A value on a scale on which its variance is about constant (Anscombe), and that variance."""
    if scale == "share":
        root = math.sqrt((count + 0.375) / (n + 0.75))
        return math.asin(min(1.0, root)), 1 / (4 * n + 2)
    return math.sqrt((count + 0.375) / n), 1 / (4 * n)


def history(
    counts: Sequence[float], ns: Sequence[float], scale: Scale, weight: float = WEIGHT
) -> Limits:
    """Limits of the last value by the unit's own earlier ones: where the EWMA crosses its limits.

    ``counts`` and ``ns`` are oldest first, the last is the period asked about; three at least.
    """
    steady = [steadied(c, n, scale) for c, n in zip(counts, ns, strict=True)]
    found = ewma([y for y, _ in steady], [v for _, v in steady], weight)
    n = ns[-1]
    ends = []
    for level in LEVELS:
        reach = reach_of(level) * found.deviation
        for edge in (found.target - reach, found.target + reach):
            y = (edge - (1 - weight) * found.before) / weight
            if scale == "share":
                back = lowered(y, scale) * (n + 0.75) - 0.375
                ends.append(min(1.0, max(0.0, back / n)))
            else:
                ends.append(max(0.0, lowered(y, scale) - 0.375 / n))
    before = sum(counts[:-1]) / sum(ns[:-1])
    return Limits(before, *ends)


def placed(value: float | None, limits: Limits | None, n: int, scale: Scale) -> Status:
    """Where a value lies: ``too_few`` where no count at all could lie outside."""
    if limits is None:
        return "no_band"
    if value is None:
        return "too_few"
    if not (value < limits.low95 or value > limits.high95):
        possible = limits.low95 > 0 or (scale == "rate" or limits.high95 < 1)
        return "inside" if possible and n else "too_few"
    outer = value < limits.low998 or value > limits.high998
    return "outside_998" if outer else "outside_95"


def placed_in(count: float, n: int, low: float, high: float, scale: Scale) -> Status:
    """Where a value lies against an approved band: outside only with its whole interval."""
    if not n:
        return "too_few"
    interval = wilson if scale == "share" else rate_interval
    for level, status in ((0.998, "outside_998"), (0.95, "outside_95")):
        least, most = interval(count, n, level)
        if most < low or least > high:
            return "outside_998" if status == "outside_998" else "outside_95"
    return "inside"
