"""What a threshold would have done before it is saved: alerts a month, marginal cases, hours."""

from __future__ import annotations

import datetime as dt
import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np

from graph.analysis import bands
from graph.analysis.alerts import beyond
from graph.analysis.counting import Reading
from graph.analysis.indicators import (
    EMPTY,
    OUTSIDE,
    Measured,
    codes_of,
    ends_of,
    evidence,
    listed,
    measured,
    value_of,
    within,
)
from graph.analysis.scope import choice, one_source, period_bounds
from graph.errors import InputError
from graph.rulebook.thresholds import BandTerms
from graph.store.connection import Graph

RULE = re.compile(r"(\d+)/(\d+)(?:@(\d+))?")
MINUTES_PER_ALERT = 60.0
MINUTES_PER_CASE = 120.0


@dataclass(frozen=True)
class Tried:
    """The threshold under test: a band, or the computed limits at 95 or 99.8 %; m of n periods."""

    low: float | None
    high: float | None
    limits: str
    terms: BandTerms


def tried(band: str | None, sigma: str | None, rule: str | None) -> Tried:
    """The threshold that the options name. Raises ``backtest.bad_band`` and ``.bad_rule``."""
    if band is not None and sigma is not None:
        raise InputError("backtest.one_of", options="band, sigma")
    choice("sigma", sigma, ("95", "998"))
    low = high = None
    if band is not None:
        first, dots, last = band.partition("..")
        try:
            low, high = float(first), float(last)
        except ValueError as error:
            raise InputError("backtest.bad_band", band=band) from error
        if not dots or not 0 <= low <= high:
            raise InputError("backtest.bad_band", band=band)
    match = RULE.fullmatch(rule or "1/1")
    if match is None or not 1 <= int(match[1]) <= int(match[2]):
        raise InputError("backtest.bad_rule", rule=rule)
    limits = sigma or "95"
    terms = BandTerms(
        m=int(match[1]),
        n=int(match[2]),
        n_min=int(match[3] or 1),
        limits="998" if limits == "998" else "95",
    )
    return Tried(low, high, limits, terms)


def backtest(
    g: Graph,
    indicator: str,
    band: str | None = None,
    sigma: str | None = None,
    rule: str | None = None,
    period: str | None = None,
    source: str | None = None,
    as_of: dt.date | dt.datetime | str | None = None,
    limit: int = 50,
    *,
    minutes_per_alert: float = MINUTES_PER_ALERT,
    minutes_per_case: float = MINUTES_PER_CASE,
    hours_per_month: float | None = None,
) -> dict[str, Any]:
    """The alerts that a threshold would have given in the quarters that are over.

    ``band`` is ``low..high`` in the indicator's own unit, ``sigma`` 95 or 998 the computed limits,
    ``rule`` ``m/n`` or ``m/n@n_min``: outside in m of the last n periods with that denominator.
    Per part: ``alerts_per_month``, ``hours`` a month of monitors (``minutes_per_alert``) and of
    reviewers (``minutes_per_case`` for every case behind an alert) against the capacity entered,
    ``alerts``, and ``marginal``: values that one case more or less would move across the limit.
    Raises InputError for an unknown indicator or a threshold that cannot be read.
    """
    test = tried(band, sigma, rule)
    for name, number in (
        ("minutes_per_alert", minutes_per_alert),
        ("minutes_per_case", minutes_per_case),
    ):
        if number < 0:
            raise InputError("backtest.bad_number", field=name, value=number)
    if hours_per_month is not None and hours_per_month <= 0:
        raise InputError("backtest.bad_number", field="hours_per_month", value=hours_per_month)
    since, until = period_bounds(period)
    codes = codes_of(indicator)
    moment = g.as_of(as_of)
    source = one_source(g, source)
    reading = Reading(g, source, moment)
    rates = {"alert": minutes_per_alert, "case": minutes_per_case}
    parts = []
    for m in measured(reading, codes):
        over = [p for p in m.order if ends_of(p)[1] <= reading.day and within(p, since, until)]
        parts.append(_part(reading, m, over, test, rates, hours_per_month, limit))
    return {
        "as_of": moment,
        "source": source,
        "indicator": indicator,
        "threshold": {
            "low": test.low,
            "high": test.high,
            "limits": None if test.low is not None else test.limits,
            "m": test.terms.m,
            "n": test.terms.n,
            "n_min": test.terms.n_min,
        },
        "total": len(parts),
        "shown": len(parts),
        "truncated": False,
        "parts": parts,
        "evidence": evidence(
            g, source, moment, indicator=indicator, band=band, sigma=sigma, rule=rule
        ),
    }


def _outside(m: Measured, unit: str | None, period: str, test: Tried, more: int = 0) -> bool:
    """Whether a value, or one with ``more`` in the numerator, is outside the threshold."""
    numerator, denominator = m.ranges.sums.get((unit, period), (0, 0))
    if denominator < test.terms.n_min and not m.part.plain:
        return False
    sums = (numerator + more, denominator)
    if test.low is None or test.high is None:
        return m.ranges.banded(unit, period, sums).status in beyond(test.limits)
    size = 1 if m.part.plain else denominator
    shift = m.part.shift
    status = bands.placed_in(
        sums[0] - shift * denominator, size, test.low - shift, test.high - shift, m.part.scale
    )
    return status in OUTSIDE


def _part(
    reading: Reading,
    m: Measured,
    over: Sequence[str],
    test: Tried,
    rates: Mapping[str, float],
    capacity: float | None,
    limit: int,
) -> dict[str, Any]:
    fired: list[dict[str, Any]] = []
    marginal: list[dict[str, Any]] = []
    behind = 0
    for unit in m.units:
        state = {p: _outside(m, unit, p, test) for p in m.order}
        for p in over:
            at = m.ranges.at[p]
            last = m.order[max(0, at - test.terms.n + 1) : at + 1]
            fires = state[p] and sum(state[q] for q in last) >= test.terms.m
            numerator, denominator = m.ranges.sums.get((unit, p), (0, 0))
            hits = m.cells.get((unit, p), EMPTY).hits
            line = {
                "unit": unit,
                "period": p,
                "numerator": numerator,
                "denominator": None if m.part.plain else denominator,
                "value": value_of(m.part, numerator, denominator),
                "outside": state[p],
            }
            if fires:
                behind += len(np.unique(hits))
                fired.append(line | {"cases": listed(reading, hits, 20)})
            flips = [
                more
                for more in (-1, 1)
                if m.part.shift * denominator <= numerator + more
                and (m.part.scale == "rate" or numerator + more <= denominator)
                and _outside(m, unit, p, test, more) != state[p]
            ]
            if flips:
                marginal.append(line | {"flips_with": flips, "cases": listed(reading, hits, 20)})
    months = 3 * len(over)
    return {
        "part": m.part.number,
        "zh": m.part.zh,
        "en": m.part.en,
        "periods": list(over),
        "values": len(over) * len(m.units),
        "alerts_per_month": len(fired) / months if months else None,
        "hours": _hours(len(fired), behind, months, rates, capacity),
        "alerts": _cut(fired, limit),
        "marginal": _cut(marginal, limit),
    }


def _hours(
    alerts: int, cases: int, months: int, rates: Mapping[str, float], capacity: float | None
) -> dict[str, Any] | None:
    if not months:
        return None
    monitors = alerts * rates["alert"] / 60 / months
    reviewers = cases * rates["case"] / 60 / months
    total = monitors + reviewers
    return {
        "monitors": monitors,
        "reviewers": reviewers,
        "total": total,
        "capacity": capacity,
        "share_of_capacity": total / capacity if capacity else None,
        "fits": total <= capacity if capacity else None,
    }


def _cut(rows: list[dict[str, Any]], limit: int) -> dict[str, Any]:
    shown = rows[:limit] if limit else rows
    return {
        "total": len(rows),
        "shown": len(shown),
        "truncated": len(shown) < len(rows),
        "rows": shown,
    }
