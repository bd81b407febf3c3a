"""A value per indicator, procuratorate and period, with the cases behind it.

Every unit that an indicator counts (party, case or event) belongs to the period of the local date
of its first deciding event, and to the procuratorate that handles its case; so the values of
periods and procuratorates add up to that of the whole source. No value has a person.
"""

from __future__ import annotations

import datetime as dt
from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from difflib import get_close_matches
from functools import cached_property, lru_cache
from types import MappingProxyType
from typing import Any, Literal

import numpy as np

from graph import rulebook
from graph.analysis import bands, deviations
from graph.analysis.bands import Limits, Scale, Spread, Status
from graph.analysis.links import PORTION, Seen, members
from graph.analysis.projection import Cut, Ints, columns
from graph.analysis.ratio import PROFILE
from graph.analysis.scope import batches, choice, local_day, one_source, period_bounds
from graph.errors import InputError
from graph.rulebook import Predicate, book, calendar
from graph.rulebook.model import Condition, activity_profiles
from graph.rulebook.thresholds import Band
from graph.store.connection import Graph
from graph.store.schema import RULEBOOK

By = Literal["quarter", "month", "year"]
BYS: tuple[By, ...] = ("quarter", "month", "year")
WINDOW = 8
"""Periods that the funnel's over-dispersion and the own history look back on, the last included."""
HISTORY = 4
"""Earlier periods that own-history limits need."""
UNITS = 3
"""Procuratorates with a denominator that a funnel needs."""
RATIO = "I01"
STATUSES = ("HIT", "CONFIRMED", "NOT_A_PROBLEM", "DATA_ERROR", "RULE_FALSE", "CLOSED")
EPOCH = dt.date(1970, 1, 1).toordinal()
QUERIES = (
    "columns_cases",
    "columns_events",
    "columns_problems",
    "link_measured",
    "link_minors",
    "link_parties",
)


@lru_cache(maxsize=1 << 16)
def day_of(number: int) -> dt.date | None:
    """The date of a number of days since 1970; None for a negative one."""
    return dt.date.fromordinal(EPOCH + number) if number >= 0 else None


@dataclass(frozen=True)
class Case:
    """What an indicator needs of a case: ``key`` with the source, ``id`` without."""

    key: str
    id: str
    type: str | None
    unit: str | None
    accepted: dt.date | None
    closed: dt.date | None
    events: bool


@dataclass(frozen=True)
class Entry:
    """What one counted unit adds to numerator and denominator, in the period of ``day``.

    ``doubt``: an outcome that is not recorded could put it into the numerator.
    """

    case: str
    day: dt.date
    numerator: int
    denominator: int
    doubt: bool = False


@dataclass(frozen=True)
class Unknown:
    """A case of which it cannot be told whether the indicator counts it, and why."""

    case: str
    day: dt.date
    reason: Literal["no_event", "not_recorded", "no_outcome"]


@dataclass(frozen=True)
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
    entries: tuple[Entry, ...]
    unknown: tuple[Unknown, ...]


@dataclass
class Cell:
    """One part in one procuratorate and period."""

    entries: list[Entry] = field(default_factory=list)
    unknown: list[Unknown] = field(default_factory=list)

    def sums(self, without: frozenset[str] = frozenset()) -> tuple[int, int]:
        """Numerator and denominator, leaving the given cases out."""
        kept = [e for e in self.entries if e.case not in without]
        return sum(e.numerator for e in kept), sum(e.denominator for e in kept)


Cells = dict[tuple[str | None, str], Cell]
"""Cells by procuratorate and period."""


@dataclass(frozen=True)
class Told:
    """A problem with its status, and where its case is handled.

    ``case`` is a key, ``problem`` and ``node`` are ids. ``handler`` is a number from 1 that
    only tells how many distinct ones there are.
    """

    problem: str
    type: str
    kind: str
    found_by: str
    node: str | None
    case: str
    unit: str | None
    department: str | None
    handler: int | None
    found: dt.date | None
    status: str


@lru_cache(maxsize=2)
def _cases(cut: Cut, day: dt.date) -> Mapping[str, Case]:
    types, units = [*cut.types, None], [*cut.units, None]
    found = []
    with_events = (cut.last > cut.first).tolist()
    rows = zip(*(x.tolist() for x in (cut.type, cut.unit, cut.accepted, cut.closed)), strict=True)
    for key, events, (type_, unit, accepted, closed) in zip(
        cut.cases, with_events, rows, strict=True
    ):
        ended = day_of(closed)
        if ended is not None and ended > day:
            ended = None
        id_ = key.split("/", 1)[1]
        found.append(Case(key, id_, types[type_], units[unit], day_of(accepted), ended, events))
    return MappingProxyType({c.key: c for c in sorted(found, key=lambda c: (c.id, c.key))})


class Reading:
    """What the store says for indicators as of a moment, from the columns of the source."""

    def __init__(
        self, g: Graph, source: str | None, moment: dt.datetime, cut: Cut | None = None
    ) -> None:
        self.g, self.source, self.moment, self._given = g, source, moment, cut
        self.day = local_day(moment)
        self._seen: dict[Condition, list[Seen]] = {}
        self._nodes: dict[str, list[tuple[str, Seen]]] = {}

    @cached_property
    def cut(self) -> Cut:
        """The columns as of the moment, with the problems of every status."""
        return self._given or columns(self.g, self.source).cut(self.moment, STATUSES)

    @cached_property
    def cases(self) -> Mapping[str, Case]:
        """All cases by key, in order of their id."""
        return _cases(self.cut, self.day)

    @cached_property
    def matters(self) -> dict[str, str]:
        """The matter of each case that has one."""
        cut = self.cut
        pairs = zip(cut.cases, cut.matter.tolist(), strict=True)
        return {case: cut.matters[m] for case, m in pairs if m >= 0}

    @cached_property
    def problems(self) -> list[Told]:
        """All problems with their status."""
        cut = self.cut
        units, departments = [*cut.units, None], [*cut.departments, None]
        found = []
        for at, case in enumerate(cut.problem_case.tolist()):
            node, handler = int(cut.problem_node[at]), int(cut.handler[case])
            found.append(
                Told(
                    cut.problem_ids[at].split("/", 1)[1],
                    cut.problem_types[cut.problem_type[at]],
                    cut.kinds[cut.problem_kind[at]],
                    cut.found_by[cut.problem_by[at]],
                    cut.nodes[node].node if node >= 0 else None,
                    cut.cases[case],
                    units[cut.unit[case]],
                    departments[cut.department[case]],
                    handler + 1 if handler >= 0 else None,
                    day_of(int(cut.problem_found[at])),
                    cut.problem_status[at],
                )
            )
        return found

    @cached_property
    def doubtful(self) -> frozenset[str]:
        """Keys of the cases with an open data problem: found or confirmed, and not gone."""
        return frozenset(
            p.case for p in self.problems if p.kind == "DATA" and p.status in {"HIT", "CONFIRMED"}
        )

    @cached_property
    def _by_node(self) -> dict[str, Ints]:
        """The events at each node of the rulebook that has any (positions), by its code."""
        cut = self.cut
        keys = [n.key for n in cut.nodes]
        parts = deviations.positions(cut.event_node, len(keys))
        own = f"{RULEBOOK}/"
        named = zip(keys, parts, strict=True)
        return {key.removeprefix(own): at for key, at in named if key.startswith(own) and len(at)}

    def _events(self, node: str) -> list[tuple[str, Seen]]:
        """The events at a node, each with its act."""
        if node not in self._nodes:
            cut = self.cut
            at = self._by_node.get(node, np.zeros(0, dtype=np.int64))
            parties = [*cut.event_parties, ""]
            acts = [a or "-" for a in cut.acts]
            found = []
            for i, case, act, party, number in zip(
                at.tolist(),
                *(
                    x[at].tolist()
                    for x in (cut.event_case, cut.event_act, cut.event_party, cut.event_day)
                ),
                strict=True,
            ):
                day = dt.date.fromordinal(EPOCH + number)
                seen = Seen(cut.cases[case], parties[party] or None, str(i), day, day)
                found.append((acts[act], seen))
            self._nodes[node] = found
        return self._nodes[node]

    def seen(self, c: Condition) -> list[Seen]:
        """What there is for a condition by then."""
        if c not in self._seen:
            self._seen[c] = self._read(c)
        return self._seen[c]

    def at(self, nodes: Sequence[str], acts: Sequence[str] = ()) -> list[Seen]:
        """Events at nodes with one of some acts (none: any)."""
        return [s for n in nodes for act, s in self._events(n) if not acts or act in acts]

    def told(self, nodes: Sequence[str]) -> list[Seen]:
        """Events at nodes that say what they were."""
        return [s for n in nodes for act, s in self._events(n) if act != "-"]

    def _read(self, c: Condition) -> list[Seen]:
        if c.at:
            events = self.at(c.at, c.acts)
            if (due := c.due) is None:
                return events
            return [s for s in events if calendar().last_date(s.first, due)[0] <= self.day]
        if c.under:
            rows = self.g.stream("link_measured", kind=c.under, day=self.day, source=self.source)
            return [
                Seen(case, p, "", since, until or dt.date.max) for case, p, since, until in rows
            ]
        minors = self.g.stream("link_minors", source=self.source)
        return [Seen(case, party, "", dt.date.min, dt.date.max) for case, party in minors]

    def parties(self, cases: Iterable[str]) -> dict[str, list[str]]:
        """The parties of cases."""
        keys = sorted(cases)
        return {
            case: list(names)
            for at in range(0, len(keys), PORTION)
            for case, names in self.g.stream("link_parties", cases=keys[at : at + PORTION])
        }


def counted(reading: Reading, predicate: Predicate) -> tuple[list[Entry], list[Unknown]]:
    """What a predicate counts, and what it cannot tell.

    Unknown are: a case of the deciding node's group without any event; one that is closed though
    a deciding event that every case passes is not recorded; a deciding event without an outcome.
    """
    asked = list(dict.fromkeys((*predicate.of, *predicate.counted)))
    decisive = asked[0]
    cases = reading.cases
    seen: dict[Condition, Sequence[Seen]] = {c: reading.seen(c) for c in asked}
    seen[decisive] = [s for s in seen[decisive] if s.case in cases]
    vague = [s for s in _vague(reading, decisive) if s.case in cases]
    open_ends = [
        s for c in predicate.counted if predicate.of and not c.never for s in _vague(reading, c)
    ]
    every = (*seen.values(), vague, open_ends)
    wide = {s.case for found in every for s in found if s.party is None}
    parties = reading.parties(wide) if predicate.per == "party" else {}
    among_matter = any(c.among == "matter" for c in asked)
    matters = reading.matters if among_matter else {}
    found = members(predicate, seen, parties, matters)
    inside = found.counted if found.of is None else found.of

    def units(s: Seen) -> list[tuple[str, str, str]]:
        names = [s.party] if s.party is not None else parties.get(s.case) or [""]
        event = s.event if predicate.per == "event" else ""
        return [(s.case, n or "", event) for n in (names if predicate.per == "party" else [""])]

    first: dict[tuple[str, str, str], dt.date] = {}
    for s in seen[decisive]:
        for unit in units(s):
            if unit in inside:
                first[unit] = min(s.first, first.get(unit, s.first))
    doubtful = {unit for s in open_ends for unit in units(s)}
    entries = [
        Entry(
            unit[0],
            day,
            int(unit in found.counted),
            0 if found.of is None else 1,
            unit not in found.counted and unit in doubtful,
        )
        for unit, day in first.items()
    ]
    there = {unit[0] for unit in first}
    unknown = [
        Unknown(s.case, s.first, "no_outcome")
        for s in {s.case: s for s in sorted(vague, key=lambda s: s.first, reverse=True)}.values()
        if s.case not in there
    ]
    unknown += _unseen(reading, predicate, decisive)
    return entries, unknown


def _vague(reading: Reading, c: Condition) -> list[Seen]:
    """Events at the nodes of a condition that do not say which of its acts they were.

    Where the case has an event there that does say, nothing is open.
    """
    if not c.at or not c.acts or "-" in c.acts:
        return []
    clear = {(s.case, s.party) for s in reading.told(c.at)}
    return [s for s in reading.at(c.at, ("-",)) if (s.case, s.party) not in clear]


def _unseen(reading: Reading, predicate: Predicate, decisive: Condition) -> list[Unknown]:
    """Cases that must have passed the deciding node, or may have, without a record of it."""
    if not decisive.at or decisive.due or not predicate.of:
        return []
    nodes = rulebook.nodes()
    groups = {nodes[n].case_group for n in decisive.at}
    passed = all(not nodes[n].conditional for n in decisive.at) and not any(
        c.at or c.under or c.minor for c in predicate.of[1:]
    )
    recorded = {s.case for s in reading.at(decisive.at)}
    found = []
    for case in reading.cases.values():
        if case.type not in groups or case.key in recorded:
            continue
        day = case.closed or case.accepted
        if day is None:
            continue
        if not case.events:
            found.append(Unknown(case.key, day, "no_event"))
        elif passed and case.closed is not None:
            found.append(Unknown(case.key, case.closed, "not_recorded"))
    return found


def case_to_item(reading: Reading, profile: str = PROFILE) -> tuple[list[Entry], list[Unknown]]:
    """案-件比: every 案 adds one to both sides, every item of a counted activity to the first.

    The definition is that of :func:`graph.analysis.ratio.ratio`, by the day of acceptance and the
    first day of an activity.
    """
    edition = activity_profiles()[profile]
    arrested = {s.case for s in reading.seen(Condition(under="ARREST"))}
    entries = [
        Entry(c.key, c.accepted, 1, 1)
        for c in reading.cases.values()
        if c.accepted and (c.type == "AR" or (c.type == "PR" and c.key not in arrested))
    ]
    for activity in edition.activities:
        first: dict[tuple[str, str, dt.date | None], dt.date] = {}
        for point in activity.points:
            for node in point.at:
                for s in reading.at([node], point.acts):
                    one = (s.case, node, s.first if activity.each else None)
                    first[one] = min(s.first, first.get(one, s.first))
        entries += [Entry(case, day, 1, 0) for (case, _, _), day in first.items()]
    return [e for e in entries if e.case in reading.cases], []


def parts(reading: Reading, code: str) -> list[Part]:
    """The parts of an indicator; none where its definition lacks a predicate."""
    entry = rulebook.indicators()[code]
    if code == RATIO:
        entries, unknown = case_to_item(reading)
        own = (entry.zh, entry.en, "rate", entry.unit, entry.status)
        return [Part(code, 1, *own, 1, False, tuple(entries), tuple(unknown))]  # type: ignore[arg-type]
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
                tuple(entries),
                tuple(unknown),
            )
        )
    return found


# -- periods -----------------------------------------------------------------------------------


def period_of(day: dt.date, by: By) -> str:
    """The period of a day: ``2024Q1``, ``2024-01`` or ``2024``."""
    match by:
        case "quarter":
            return f"{day.year}Q{(day.month + 2) // 3}"
        case "month":
            return f"{day.year}-{day.month:02d}"
    return str(day.year)


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
    """A part by procuratorate and period."""
    found: Cells = defaultdict(Cell)
    for e in part.entries:
        found[reading.cases[e.case].unit, period_of(e.day, by)].entries.append(e)
    for u in part.unknown:
        found[reading.cases[u.case].unit, period_of(u.day, by)].unknown.append(u)
    return found


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

    def banded(self, unit: str | None, period: str, sums: tuple[int, int] | None = None) -> Banded:
        """The bands of a value; ``sums`` places another numerator and denominator in them."""
        last = min(ends_of(period)[1], self.today)
        approved = self._approved.band(self.part.code, self.part.number, unit, last)
        funnel, history = self.funnel(unit, period), self.history(unit, period)
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
        by_cell = cells(reading, part, by)
        days = [e.day for e in part.entries] + [u.day for u in part.unknown]
        days = [d for d in days if d <= reading.day]
        order = periods(min(days), max(*days, reading.day), by) if days else []
        by_cell = {where: c for where, c in by_cell.items() if where[1] in set(order)}
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
    part, cell = m.part, m.cells.get((unit, period), Cell())
    numerator, denominator = cell.sums()
    banded = m.ranges.banded(unit, period)
    outside = len({u.case for u in cell.unknown})
    doubts = sum(e.doubt for e in cell.entries)
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
        lists = {
            "numerator": [e.case for e in cell.entries if e.numerator],
            "denominator": [e.case for e in cell.entries if e.denominator],
            "unknown": [u.case for u in cell.unknown] + [e.case for e in cell.entries if e.doubt],
        }
        found["cases"] = {name: listed(reading, keys, cases) for name, keys in lists.items()}
    return found


def listed(reading: Reading, keys: Iterable[str], limit: int) -> dict[str, Any]:
    """Distinct case ids of keys, in order, at most ``limit`` (0 = all)."""
    ids = sorted({reading.cases[key].id for key in keys})
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
    numerator, denominator = m.cells.get((unit, period), Cell()).sums()
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
    pair = [m.cells.get((unit, p), Cell()) for p in (before, period)]
    values = [value_of(m.part, *c.sums()) for c in pair]
    kept = [value_of(m.part, *c.sums(reading.doubtful)) for c in pair]
    moved, moved_without = _difference(values), _difference(kept)
    left_out = {e.case for c in pair for e in c.entries} & reading.doubtful
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
            "cases_left_out": len(left_out),
        },
        "disappears": share,
    }


def _difference(pair: Sequence[float | None]) -> float | None:
    first, last = pair
    return None if first is None or last is None else last - first
