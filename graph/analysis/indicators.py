"""A value per indicator, procuratorate and period, with the cases behind it.

Every unit that an indicator counts (party, case or event) belongs to the period of the local date
of its first deciding event, and to the procuratorate that handles its case; so the values of
periods and procuratorates add up to that of the whole source. No value has a person.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Sequence
from dataclasses import dataclass
from difflib import get_close_matches
from typing import Any, Literal, NamedTuple

import numpy as np

from graph import rulebook
from graph.analysis import bands
from graph.analysis.bands import Limits, Scale, Spread, Status
from graph.analysis.counting import Reading, concerned, date_of, unit_of
from graph.analysis.projection import Bools, Ints, grouped, months_of, period_name
from graph.analysis.ratio import PROFILE
from graph.analysis.scope import batches, choice, one_source, period_bounds
from graph.errors import InputError
from graph.rulebook import Predicate, book
from graph.rulebook.model import Condition, activity_profiles
from graph.rulebook.thresholds import Band
from graph.store.connection import Graph

By = Literal["quarter", "month", "year"]
BYS: tuple[By, ...] = ("quarter", "month", "year")
MONTHS = {"month": 1, "quarter": 3, "year": 12}
WINDOW = 8
"""Periods that the funnel's over-dispersion and the own history look back on, the last included."""
HISTORY = 4
"""Earlier periods that own-history limits need."""
UNITS = 3
"""Procuratorates with a denominator that a funnel needs."""
RATIO = "I01"
QUERIES = (
    "columns_cases",
    "columns_events",
    "columns_problems",
    "link_measured",
    "link_minors",
)


class Entries(NamedTuple):
    """What units add to numerator and denominator in the period of ``day``: a row each.

    ``doubt``: an outcome that is not recorded could put it into the numerator.
    """

    case: Ints
    day: Ints
    numerator: Ints
    denominator: Ints
    doubt: Bools

    def only(self, some: Ints | Bools) -> Entries:
        """Some of the rows."""
        case, day, numerator, denominator, doubt = self
        return Entries(case[some], day[some], numerator[some], denominator[some], doubt[some])


class Unknown(NamedTuple):
    """Cases of which it cannot be told whether the indicator counts them, each with its day."""

    case: Ints
    day: Ints


NONE = np.zeros(0, dtype=np.int64)
NOTHING = Entries(NONE, NONE, NONE, NONE, NONE.astype(np.bool_))


@dataclass(frozen=True, eq=False)
class Part:
    """An indicator, or one of its parts (from 1), with everything it counts."""

    code: str
    number: int
    zh: str
    en: str
    scale: Scale
    counted: str
    status: str
    shift: int
    plain: bool
    entries: Entries
    unknown: Unknown


@dataclass(frozen=True, eq=False)
class Cell:
    """One part in one procuratorate and period: what counts, and the unknown cases."""

    entries: Entries
    unknown: Ints

    def sums(self, without: Bools | None = None) -> tuple[int, int]:
        """Numerator and denominator, leaving some of all cases out."""
        kept = self.entries if without is None else self.entries.only(~without[self.entries.case])
        return int(kept.numerator.sum()), int(kept.denominator.sum())

    @property
    def hits(self) -> Ints:
        """The cases in the numerator."""
        return self.entries.case[self.entries.numerator > 0]


EMPTY = Cell(NOTHING, NONE)
Cells = dict[tuple[str | None, str], Cell]
"""Cells by procuratorate and period."""


def counted(reading: Reading, predicate: Predicate) -> tuple[Entries, Unknown]:
    """What a predicate counts, and what it cannot tell.

    Unknown are: a case of the deciding node's group without any event; one that is closed though
    a deciding event that every case passes is not recorded; a deciding event without an outcome.
    """
    found = reading.members(predicate)
    units, hit = found.units, found.counted
    people = reading.cut.people
    doubt = np.zeros(len(hit), dtype=np.bool_)
    for c in predicate.counted if predicate.of else ():
        if not c.never:
            open_ends = concerned(predicate, reading.vague(c), people)
            own, others = (unit_of(predicate, s, people) for s in (units, open_ends))
            doubt |= ~hit & np.isin(own, others)
    plain = np.full(len(hit), 0 if found.plain else 1, dtype=np.int64)
    entries = Entries(units.case, units.first, hit.astype(np.int64), plain, doubt)
    decisive = (predicate.of or predicate.counted)[0]
    vague = reading.vague(decisive)
    vague = vague.only(~np.isin(vague.case, units.case))
    vague = vague.only(np.lexsort((vague.first, vague.case)))
    case, at = np.unique(vague.case, return_index=True)
    silent = _unseen(reading, predicate)
    return entries, Unknown(
        np.concatenate([case, silent.case]), np.concatenate([vague.first[at], silent.day])
    )


def _unseen(reading: Reading, predicate: Predicate) -> Unknown:
    """Cases that must have passed the deciding node, or may have, without a record of it."""
    decisive = (predicate.of or predicate.counted)[0]
    if not decisive.at or decisive.due or not predicate.of:
        return Unknown(NONE, NONE)
    cut, nodes = reading.cut, rulebook.nodes()
    groups = {nodes[n].case_group for n in decisive.at}
    passed = all(not nodes[n].conditional for n in decisive.at) and not any(
        c.at or c.under or c.minor for c in predicate.of[1:]
    )
    missing = cut.of_type(groups)
    missing[reading.at(decisive.at).case] = False
    ended = np.where(cut.closed > reading.today, -1, cut.closed)
    day = np.where(ended >= 0, ended, cut.accepted)
    missing &= (day >= 0) & ((cut.first == cut.last) | (passed & (ended >= 0)))
    case = np.flatnonzero(missing)
    return Unknown(case, day[case])


def case_to_item(reading: Reading, profile: str = PROFILE) -> Entries:
    """案-件比: every 案 adds one to both sides, every item of a counted activity to the first.

    The definition is that of :func:`graph.analysis.ratio.ratio`, by the day of acceptance and the
    first day of an activity.
    """
    cut = reading.cut
    arrested = np.zeros(len(cut), dtype=np.bool_)
    arrested[reading.seen(Condition(under="ARREST")).case] = True
    own = cut.of_type(("AR",)) | (cut.of_type(("PR",)) & ~arrested)
    matters = np.flatnonzero((cut.accepted >= 0) & own)
    parts = [(matters, cut.accepted[matters])]
    for activity in activity_profiles()[profile].activities:
        at = np.concatenate(
            [NONE, *(reading.at(point.at, point.acts).event for point in activity.points)]
        )
        case, node, day = cut.event_case[at], cut.event_node[at], cut.event_day[at]
        order = np.lexsort((day, node, case))
        each = day if activity.each else np.zeros_like(day)
        _, first = np.unique(np.stack([case, node, each])[:, order], axis=1, return_index=True)
        parts.append((case[order][first], day[order][first]))
    cases, days = (np.concatenate(column) for column in zip(*parts, strict=True))
    own = np.arange(len(cases)) < len(matters)
    return Entries(cases, days, np.ones_like(cases), own.astype(np.int64), np.zeros_like(own))


def parts(reading: Reading, code: str) -> list[Part]:
    """The parts of an indicator; none where its definition lacks a predicate."""
    entry = rulebook.indicators()[code]
    if code == RATIO:
        own = (entry.zh, entry.en, "rate", entry.unit, entry.status)
        items = case_to_item(reading)
        return [Part(code, 1, *own, 1, False, items, Unknown(NONE, NONE))]  # type: ignore[arg-type]
    found = []
    for number, predicate in enumerate(entry.predicates, 1):
        entries, unknown = counted(reading, predicate)
        found.append(
            Part(
                code,
                number,
                predicate.zh or entry.zh,
                predicate.en or entry.en,
                "share" if predicate.of else "rate",
                entry.unit,
                entry.status,
                0,
                not predicate.of,
                entries,
                unknown,
            )
        )
    return found


# -- periods -----------------------------------------------------------------------------------


def period_of(day: dt.date, by: By) -> str:
    """The period of a day: ``2024Q1``, ``2024-01`` or ``2024``."""
    return _named((day.year * 12 + day.month - 1) // MONTHS[by], by)


def _named(period: int, by: By) -> str:
    """The name of a period, counted from year 0."""
    match by:
        case "quarter":
            return period_name(period)
        case "month":
            return f"{period // 12}-{period % 12 + 1:02d}"
    return str(period)


def ends_of(period: str) -> tuple[dt.date, dt.date]:
    """First and last day of a period."""
    since, until = period_bounds(period)
    assert since is not None
    assert until is not None
    return since, until


def periods(since: dt.date, until: dt.date, by: By) -> list[str]:
    """All periods from one day to another."""
    found = [period_of(since, by)]
    while (last := ends_of(found[-1])[1]) < until:
        found.append(period_of(last + dt.timedelta(days=1), by))
    return found


def cells(reading: Reading, part: Part, by: By) -> Cells:
    """A part by procuratorate and period, of the periods up to the moment."""
    cut = reading.cut
    units = [*cut.units, None]
    size = MONTHS[by]
    last = months_of(np.array([reading.today]))[0] // size

    def split(rows: Entries | Unknown) -> dict[tuple[str | None, str], Ints]:
        where = grouped(cut.unit[rows.case], months_of(rows.day) // size)
        return {(units[u], _named(p, by)): at for (u, p), at in where if p <= last}

    entries = {where: part.entries.only(at) for where, at in split(part.entries).items()}
    unknown = {where: part.unknown.case[at] for where, at in split(part.unknown).items()}
    return {
        where: Cell(entries.get(where, NOTHING), unknown.get(where, NONE))
        for where in {**entries, **unknown}
    }


# -- bands -------------------------------------------------------------------------------------


@dataclass(frozen=True)
class Banded:
    """The bands of one value; ``basis`` names the one that counts."""

    basis: Literal["approved", "funnel", "history", "none"]
    status: Status
    low: float | None
    high: float | None
    approved: Band | None
    funnel: Limits | None
    history: Limits | None
    spread: Spread


class Ranges:
    """The reasonable ranges of one part over all procuratorates and periods."""

    def __init__(
        self,
        part: Part,
        found: Cells,
        order: Sequence[str],
        today: dt.date,
        dispersion: bands.Dispersion = "additive",
    ) -> None:
        self.part, self.order, self.today = part, list(order), today
        self.dispersion: bands.Dispersion = dispersion
        self.at = {p: n for n, p in enumerate(order)}
        self.sums = {where: cell.sums() for where, cell in found.items()}
        self.units = sorted({unit for unit, _ in found}, key=lambda u: u or "")
        self._spread: dict[str, Spread] = {}
        self._approved = book().thresholds

    def extra(self, unit: str | None, period: str) -> tuple[int, int]:
        """Count and size of the value without its fixed part (of a ratio: the items added)."""
        numerator, denominator = self.sums.get((unit, period), (0, 0))
        if self.part.plain:
            return numerator, 1
        return numerator - self.part.shift * denominator, denominator

    def target(self, period: str) -> tuple[float, int]:
        """The pooled value of a period, and how many procuratorates it pools."""
        there = [self.extra(u, period) for u in self.units]
        sizes = [n for _, n in there if n]
        total = sum(sizes)
        return (sum(c for c, n in there if n) / total if total else 0.0), len(sizes)

    def spread(self, period: str) -> Spread:
        """Over-dispersion among procuratorates in the periods up to this one."""
        if period not in self._spread:
            z, variances = [], []
            last = self.at[period]
            for p in self.order[max(0, last - WINDOW + 1) : last + 1]:
                target, units = self.target(p)
                if units < UNITS or target <= 0:
                    continue
                centre = bands.lifted(target, 1, self.part.scale)
                for u in self.units:
                    count, n = self.extra(u, p)
                    if n:
                        y = bands.lifted(max(0, count), n, self.part.scale)
                        z.append((y - centre) * 2 * n**0.5)
                        variances.append(1 / (4 * n))
            self._spread[period] = bands.spread(z, variances)
        return self._spread[period]

    def funnel(self, unit: str | None, period: str) -> Limits | None:
        """Funnel limits of a value; None for a plain number or too few procuratorates."""
        target, units = self.target(period)
        _, n = self.extra(unit, period)
        if self.part.plain or units < UNITS or not n:
            return None
        return bands.funnel(target, n, self.part.scale, self.spread(period), self.dispersion)

    def history(self, unit: str | None, period: str) -> Limits | None:
        """Own-history limits of a value; None with fewer than ``HISTORY`` earlier periods."""
        at = self.at[period]
        window = self.order[max(0, at - WINDOW) : at]
        before = [one for p in window if (one := self.extra(unit, p))[1]]
        count, n = self.extra(unit, period)
        if len(before) < HISTORY or not n:
            return None
        counts, sizes = zip(*before, strict=True)
        return bands.history([*counts, count], [*sizes, n], self.part.scale)

    def banded(
        self,
        unit: str | None,
        period: str,
        sums: tuple[int, int] | None = None,
        *,
        own_history: bool = False,
    ) -> Banded:
        """The bands of a value; ``sums`` places another numerator and denominator in them.

        ``own_history`` lets that band alone count.
        """
        approved, funnel, history = None, None, self.history(unit, period)
        if not own_history:
            last = min(ends_of(period)[1], self.today)
            approved = self._approved.band(self.part.code, self.part.number, unit, last)
            funnel = self.funnel(unit, period)
        limits = funnel or history
        spread = self.spread(period) if funnel else bands.NO_SPREAD
        numerator, n = sums or self.sums.get((unit, period), (0, 0))
        size = 1 if self.part.plain else n
        if approved:
            entry = approved.entry
            shift = self.part.shift
            status = bands.placed_in(
                numerator - shift * n, size, entry.low - shift, entry.high - shift, self.part.scale
            )
            own = ("approved", status, entry.low, entry.high)
            return Banded(*own, approved, funnel, history, spread)  # type: ignore[arg-type]
        value = (numerator - self.part.shift * n) / size if size else None
        status = bands.placed(value, limits, size, self.part.scale) if size else "too_few"
        if limits is None:
            return Banded("none", status, None, None, None, None, None, spread)
        low, high = (x + self.part.shift for x in (limits.low95, limits.high95))
        basis: Literal["funnel", "history"] = "funnel" if funnel else "history"
        return Banded(basis, status, low, high, None, funnel, history, spread)


OUTSIDE = frozenset({"outside_95", "outside_998"})


def value_of(part: Part, numerator: int, denominator: int) -> float | None:
    """The value of a cell: a count, a share or a ratio; None without a denominator."""
    if part.plain:
        return float(numerator)
    return numerator / denominator if denominator else None


# -- the answer --------------------------------------------------------------------------------


def checked(code: str) -> rulebook.Indicator:
    """The indicator with that code. Raises ``analysis.unknown_indicator``."""
    known = rulebook.indicators()
    if code not in known:
        near = get_close_matches(code, list(known), 3, 0.4)
        raise InputError(
            "analysis.unknown_indicator", indicator=code, nearest=", ".join(near) or "–"
        )
    return known[code]


def codes_of(code: str | None) -> list[str]:
    """The indicators that can be counted, or the one asked for; raises where that one cannot."""
    if code is None:
        return [c for c, i in rulebook.indicators().items() if i.predicates or c == RATIO]
    entry = checked(code)
    if not entry.predicates and code != RATIO:
        why = entry.why or {}
        raise InputError("analysis.no_predicate", indicator=code, reason=why.get("en", "–"))
    return [code]


@dataclass(frozen=True)
class Measured:
    """One part with its cells, the periods in order and its ranges."""

    part: Part
    cells: Cells
    order: list[str]
    ranges: Ranges

    @property
    def units(self) -> list[str | None]:
        """Procuratorates in order of their code."""
        return self.ranges.units


def measured(
    reading: Reading,
    codes: Sequence[str],
    by: By = "quarter",
    dispersion: bands.Dispersion = "additive",
) -> list[Measured]:
    """Everything that some indicators count, over all time up to the moment."""
    found = [part for code in codes for part in parts(reading, code)]
    measured = []
    for part in found:
        days = np.concatenate([part.entries.day, part.unknown.day])
        first = days.min(initial=reading.today + 1)
        by_cell = cells(reading, part, by) if first <= reading.today else {}
        order = periods(date_of(first), reading.day, by) if by_cell else []
        ranges = Ranges(part, by_cell, order, reading.day, dispersion)
        measured.append(Measured(part, by_cell, order, ranges))
    return measured


def indicators(
    g: Graph,
    code: str | None = None,
    unit: str | None = None,
    period: str | None = None,
    source: str | None = None,
    as_of: dt.date | dt.datetime | str | None = None,
    limit: int = 50,
    *,
    by: By = "quarter",
    cases: int | None = None,
    dispersion: bands.Dispersion = "additive",
) -> dict[str, Any]:
    """A row per indicator (part), procuratorate and period, in order of their codes.

    ``numerator``, ``denominator`` and ``unknown`` are counts in the indicator's own unit
    (``counts``), ``value`` a share, ratio or number, ``least`` and ``most`` what it could be given
    the unknown, ``completeness`` the share of the denominator that is known. ``low`` and ``high``
    are the reasonable range, ``status`` where the value lies, ``verdict`` satisfied, violated or
    unknown (also where the unknown could move it across a limit). ``change`` compares with the
    period before, with and without cases that have open data problems. ``cases`` adds at most that
    many case ids a list (0 = all). ``limit`` bounds the rows (0 = all).

    Raises InputError for an unknown indicator, a bad period or choice, or an unnamed source.
    """
    choice("by", by, BYS)
    choice("dispersion", dispersion, ("additive", "multiplicative", "none"))
    since, until = period_bounds(period)
    codes = codes_of(code)
    moment = g.as_of(as_of)
    source = one_source(g, source)
    reading = Reading(g, source, moment)
    rows: list[tuple[Measured, str | None, str]] = []
    for m in measured(reading, codes, by, dispersion):
        rows += [
            (m, u, p)
            for u in m.units
            if unit is None or u == unit
            for p in m.order
            if within(p, since, until)
        ]
    shown = rows[:limit] if limit else rows
    return {
        "as_of": moment,
        "source": source,
        "by": by,
        "period": period,
        "total": len(rows),
        "shown": len(shown),
        "truncated": len(shown) < len(rows),
        "indicators": [row(reading, m, u, p, cases) for m, u, p in shown],
        "not_counted": [
            {"indicator": c, "reason": dict(i.why or {})}
            for c, i in rulebook.indicators().items()
            if code is None and not i.predicates and c != RATIO
        ],
        "notices": expired(codes, reading.day),
        "evidence": evidence(g, source, moment, code=code, unit=unit, period=period, by=by),
    }


def within(period: str, since: dt.date | None, until: dt.date | None) -> bool:
    """Whether a period has a day between two days."""
    first, last = ends_of(period)
    return (since is None or last >= since) and (until is None or first <= until)


def expired(codes: Sequence[str], day: dt.date) -> list[dict[str, Any]]:
    """Approved bands of these indicators that have run out: they decide nothing any more."""
    return [
        {
            "band": b.code,
            "indicator": b.entry.indicator,
            "unit": b.entry.unit,
            "owner": b.entry.owner,
            "expired": b.last,
        }
        for b in book().thresholds.bands
        if b.entry.indicator in codes and b.last < day
    ]


def evidence(g: Graph, source: str | None, moment: dt.datetime, **params: Any) -> dict[str, Any]:
    """Queries, parameters, rulebook and batches behind an answer."""
    return {
        "queries": list(QUERIES),
        "params": {"source": source, "as_of": moment, **params},
        "rulebook": book().version,
        "batches": batches(g, source),
    }


def row(
    reading: Reading, m: Measured, unit: str | None, period: str, cases: int | None = None
) -> dict[str, Any]:
    """One row of :func:`indicators`."""
    part, cell = m.part, m.cells.get((unit, period), EMPTY)
    numerator, denominator = cell.sums()
    banded = m.ranges.banded(unit, period)
    outside = len(np.unique(cell.unknown))
    doubts = int(cell.entries.doubt.sum())
    least = value_of(part, numerator, denominator + outside)
    most = value_of(part, numerator + outside + doubts, denominator + outside)
    unknown = outside + doubts
    known = denominator - doubts
    found = {
        "indicator": part.code,
        "part": part.number,
        "zh": part.zh,
        "en": part.en,
        "unit": unit,
        "period": period,
        "complete": ends_of(period)[1] <= reading.day,
        "numerator": numerator,
        "denominator": None if part.plain else denominator,
        "unknown": unknown,
        "value": value_of(part, numerator, denominator),
        "least": least,
        "most": most,
        "completeness": known / (known + unknown) if known + unknown else None,
        "low": banded.low,
        "high": banded.high,
        "status": banded.status,
        "verdict": _verdict(m, unit, period, banded, (outside, doubts)),
        "basis": banded.basis,
        "bands": shown_bands(banded, part),
        "counts": part.counted,
        "definition": part.status,
        "change": change(reading, m, unit, period),
    }
    if cases is not None:
        counted = cell.entries
        lists = {
            "numerator": cell.hits,
            "denominator": counted.case[counted.denominator > 0],
            "unknown": np.concatenate([cell.unknown, counted.case[counted.doubt]]),
        }
        found["cases"] = {name: listed(reading, some, cases) for name, some in lists.items()}
    return found


def listed(reading: Reading, cases: Ints, limit: int) -> dict[str, Any]:
    """Distinct ids of cases (positions), in order, at most ``limit`` (0 = all)."""
    ids = reading.cut.ids(cases)
    shown = ids[:limit] if limit else ids
    return {
        "total": len(ids),
        "shown": len(shown),
        "truncated": len(shown) < len(ids),
        "cases": shown,
    }


def _verdict(
    m: Measured, unit: str | None, period: str, banded: Banded, unknown: tuple[int, int]
) -> str:
    """Three values: unknown also where the unknown records could move it across a limit."""
    if banded.status in {"too_few", "no_band"}:
        return "unknown"
    numerator, denominator = m.cells.get((unit, period), EMPTY).sums()
    outside, doubts = unknown
    sides = {banded.status in OUTSIDE}
    for sums in (
        (numerator, denominator + outside),
        (numerator + outside + doubts, denominator + outside),
    ):
        if outside or doubts:
            sides.add(m.ranges.banded(unit, period, sums).status in OUTSIDE)
    if len(sides) > 1:
        return "unknown"
    return "violated" if True in sides else "satisfied"


def shown_bands(banded: Banded, part: Part) -> dict[str, Any]:
    """Every band of a value: whose the approved one is, how the computed ones came about."""

    def limits(found: Limits | None) -> dict[str, float] | None:
        if found is None:
            return None
        names = ("target", "low95", "high95", "low998", "high998")
        return {name: getattr(found, name) + part.shift for name in names}

    approved = banded.approved
    return {
        "approved": approved
        and {
            "band": approved.code,
            "low": approved.entry.low,
            "high": approved.entry.high,
            "owner": approved.entry.owner,
            "basis": approved.entry.basis,
            "expires": approved.last,
            "file": approved.file,
        },
        "funnel": (limits(banded.funnel) or {})
        and {
            **(limits(banded.funnel) or {}),
            "phi": banded.spread.phi,
            "tau2": banded.spread.tau2,
            "cells": banded.spread.cells,
        },
        "history": limits(banded.history),
    }


def change(reading: Reading, m: Measured, unit: str | None, period: str) -> dict[str, Any] | None:
    """The change against the period before, and how much of it open data problems explain.

    ``disappears`` is 1 − (change without such cases) / (change): 1 when all of it goes, negative
    when it would be larger without them; null without a change. None in the first period.
    """
    at = m.ranges.at[period]
    if not at:
        return None
    before = m.order[at - 1]
    pair = [m.cells.get((unit, p), EMPTY) for p in (before, period)]
    values = [value_of(m.part, *c.sums()) for c in pair]
    doubtful = reading.doubtful
    kept = [value_of(m.part, *c.sums(doubtful)) for c in pair]
    moved, moved_without = _difference(values), _difference(kept)
    both = np.unique(np.concatenate([c.entries.case for c in pair]))
    share = None
    if moved and moved_without is not None:
        share = 1 - moved_without / moved
    return {
        "before": before,
        "from": values[0],
        "to": values[1],
        "difference": moved,
        "without": {
            "from": kept[0],
            "to": kept[1],
            "difference": moved_without,
            "cases_left_out": int(np.count_nonzero(doubtful[both])),
        },
        "disappears": share,
    }


def _difference(pair: Sequence[float | None]) -> float | None:
    first, last = pair
    return None if first is None or last is None else last - first
