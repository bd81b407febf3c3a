"""From many tests to words that hold: adjusted p-values, testability, three words, trend.

Benjamini, Hochberg 1995 (false discovery rate) · Tarone 1990 and Gilbert 2005 (only tests that
could ever be significant count as tests).
"""

from __future__ import annotations

import math
from dataclasses import dataclass

import numpy as np
from scipy import special

from graph.analysis.stratified import Bools, Floats, Ints

LEVEL = 0.05
"""Share of false ones that is accepted among what is said to be beyond chance."""
POWER = 0.8
WORTH_SEEING = 2.0
"""The odds ratio that a search must have been able to see before it says: nothing there."""
BEYOND = "beyond chance"
NOTHING = "not distinguishable from chance"
TOO_FEW = "too few to tell"


def adjusted(p: Floats, tests: int | None = None) -> Floats:
    """Benjamini–Hochberg adjusted p-values (q) over all ``tests`` run.

    ``tests`` may exceed the values given: the others had p = 1.
    """
    count = len(p) if tests is None else tests
    order = np.argsort(p, kind="stable")
    steps = p[order] * count / np.arange(1, len(p) + 1)
    q = np.empty_like(p)
    q[order] = np.minimum.accumulate(steps[::-1])[::-1]
    return np.minimum(q, 1.0)


def attainable(log_least: Floats, level: float = LEVEL) -> Bools:
    """Which tests could reach significance at all (Tarone): those that count as tests.

    The smallest k for which at most k tests have a least attainable p of ``level`` / k or less;
    these are the tests. ``log_least`` are logarithms of the least attainable p.
    """
    order = np.sort(log_least)
    k = np.arange(1, len(order) + 1)
    counts = np.searchsorted(order, np.log(level / k), side="right")
    enough = np.flatnonzero(counts <= k)
    factor = int(k[enough[0]]) if len(enough) else max(1, len(order))
    return np.asarray(log_least <= math.log(level / factor))


@dataclass(frozen=True)
class Word:
    """What may be said of one test: ``text`` in English, ``zh``, and how many cases are lacking."""

    text: str
    zh: str
    more: int | None = None


def needed_information(tests: int, *, two_sided: bool) -> float:
    """Information needed to see odds twice as high in four searches of five.

    ((z of the level shared among the tests + z of the power) / ln 2)²: with the variance of the
    count under chance, summed over strata, as information.
    """
    share = LEVEL / max(1, tests) / (2 if two_sided else 1)
    z = -special.ndtri(share) + special.ndtri(POWER)
    return float((z / math.log(WORTH_SEEING)) ** 2)


def word(q: float, information: float, n: int, tests: int, *, two_sided: bool) -> Word:
    """One of the three words: beyond chance, nothing to be seen, or too few cases.

    Too few: with the cases ``n`` growing and everything else in proportion, information grows in
    proportion. Fewer cases than make one informative pair count as a quarter, what a pair gives.
    """
    if q <= LEVEL:
        return Word(BEYOND, "超出偶然")
    need = needed_information(tests, two_sided=two_sided)
    if information >= need:
        return Word(NOTHING, "与偶然无法区分")
    more = math.ceil(max(1, n) * (need / max(information, 0.25) - 1))
    more = _round(more)
    return Word(f"{TOO_FEW}: about {more} more cases needed", f"案件太少，尚需约 {more} 件", more)


def _round(n: int) -> int:
    """Two digits that count."""
    step = int(10 ** max(0, len(str(n)) - 2))
    return -(-n // step) * step


def trend(observed: Ints, expected: Floats) -> tuple[str, float]:
    """Whether what was seen grows against what chance gives, period by period.

    *emerging*, *steady* or *fading*, and the two-sided p of the score test: given their sum, the
    observed counts fall on the periods in proportion to the expected ones (slope per period).
    """
    total, mass = float(observed.sum()), float(expected.sum())
    if total == 0 or mass <= 0 or np.count_nonzero(expected > 0) < 2:
        return "steady", 1.0
    t = np.arange(len(observed), dtype=np.float64)
    share = expected / mass
    mean = float(share @ t)
    spread = float(share @ (t - mean) ** 2)
    z = (float(observed @ t) - total * mean) / math.sqrt(total * spread)
    p = float(2 * special.ndtr(-abs(z)))
    if p > LEVEL:
        return "steady", p
    return ("emerging" if z > 0 else "fading"), p
