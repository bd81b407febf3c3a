"""Alerts (预警) by the start standard: why each fired, and why one did not.

An alert is known by its content: the same finding is the same alert however often it is computed.
It opens a look at cases, never a finding; ``O`` (an order) is entered by people and not computed.
"""

from __future__ import annotations

import datetime as dt
import hashlib
import json
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np

from graph import rulebook
from graph.analysis.counting import FIRST, LAST, Reading, date_of, number_of
from graph.analysis.indicators import (
    EMPTY,
    OUTSIDE,
    Banded,
    Measured,
    codes_of,
    ends_of,
    evidence,
    listed,
    measured,
    period_of,
    value_of,
    within,
)
from graph.analysis.projection import Ints, grouped
from graph.analysis.scope import choice, one_source, period_bounds
from graph.errors import InputError
from graph.rulebook import book
from graph.rulebook.thresholds import (
    STYLES,
    BandTerms,
    ClassTerms,
    CrossTerms,
    Scope,
    Standard,
    event,
)
from graph.store.connection import Graph

SHOWN_CASES = 20
"""Cases that the reason of an alert lists at most."""


@dataclass(frozen=True, eq=False)
class Alert:
    """One alert; ``identity`` is what it is known by, ``cases`` are positions."""

    style: str
    indicator: str | None
    part: int | None
    unit: str | None
    period: str
    identity: tuple[Any, ...]
    zh: str
    en: str
    facts: dict[str, Any]
    cases: Ints

    def id(self, source: str | None) -> str:
        """The content id."""
        text = json.dumps([source, self.style, *self.identity], ensure_ascii=False, default=str)
        return f"AL-{hashlib.sha256(text.encode()).hexdigest()[:12]}"


def alerts(
    g: Graph,
    style: str | None = None,
    indicator: str | None = None,
    unit: str | None = None,
    period: str | None = None,
    source: str | None = None,
    as_of: dt.date | dt.datetime | str | None = None,
    limit: int = 50,
    *,
    standard: str | None = None,
    scoped: bool = False,
    why_not: str | None = None,
) -> dict[str, Any]:
    """The alerts of a period (default: the last quarter that is over), by style, code and unit.

    Each has ``id, style, indicator, unit, period`` and ``why``: the reason in both languages, the
    facts with the numbers of the standard, and the cases; ``scope`` is the adopted review scope
    that it belongs to (of a combination: where all its indicators alert together), and ``scoped``
    keeps only those that have one. ``why_not`` names a case or a
    procuratorate; the answer then tells for every style why it was flagged or not and what would
    flip it. Raises InputError without a start standard in force, for an unknown code or choice.
    """
    choice("style", style, STYLES)
    codes = codes_of(indicator)
    moment = g.as_of(as_of)
    source = one_source(g, source)
    reading = Reading(g, source, moment)
    used = in_force(reading.day, standard)
    since, until = period_bounds(period) if period else last_over(reading.day)
    asked = [s for s in STYLES if style in {None, s}]
    tables = measured(reading, codes) if ("B" in asked or why_not) and used.entry.B else []
    every = found(reading, used, tables, asked, since, until, indicator)
    if unit is not None:
        every = [a for a in every if a.unit == unit]
    adopted = scopes_of(every, book().thresholds.scopes_on(reading.day))
    if scoped:
        every = [a for a in every if a in adopted]
    shown = every[:limit] if limit else every
    answer = {
        "as_of": moment,
        "source": source,
        "period": period,
        "since": since,
        "until": until,
        "standard": told(used),
        "total": len(every),
        "shown": len(shown),
        "truncated": len(shown) < len(every),
        "alerts": [as_row(reading, a, adopted.get(a)) for a in shown],
        "evidence": evidence(g, source, moment, style=style, indicator=indicator, period=period),
    }
    if why_not is not None:
        last = until or reading.day
        answer["why_not"] = explain(reading, used, tables, every, why_not, last)
    return answer


def scopes_of(every: Sequence[Alert], adopted: Sequence[Scope]) -> dict[Alert, Scope]:
    """The adopted scope of each alert that has one; of several the first by code."""
    together = {(a.style, a.unit, a.period, a.indicator) for a in every}
    found: dict[Alert, Scope] = {}
    for a in every:
        for s in adopted:
            whole = {(s.entry.style, a.unit, a.period, i) for i in s.entry.indicators}
            mine = a.style == s.entry.style and a.indicator in s.entry.indicators
            if mine and whole <= together:
                found.setdefault(a, s)
    return found


def as_row(reading: Reading, a: Alert, scope: Scope | None) -> dict[str, Any]:
    """An alert as an answer holds it."""
    return {
        "id": a.id(reading.source),
        "style": a.style,
        "indicator": a.indicator,
        "part": a.part,
        "unit": a.unit,
        "period": a.period,
        "scope": scope
        and {"scope": scope.code, "review": scope.entry.review, "owner": scope.entry.owner},
        "why": {
            "zh": a.zh,
            "en": a.en,
            "facts": a.facts,
            "cases": listed(reading, a.cases, SHOWN_CASES),
        },
    }


def in_force(day: dt.date, code: str | None = None) -> Standard:
    """The start standard of a day. Raises ``alerts.no_standard``."""
    used = book().thresholds.standard(day, code)
    if used is None:
        known = sorted({s.code for s in book().thresholds.standards})
        raise InputError(
            "alerts.no_standard", standard=code or "–", day=day, known=", ".join(known)
        )
    return used


def told(standard: Standard) -> dict[str, Any]:
    """The standard that decided: its numbers, whose it is and until when it holds."""
    entry = standard.entry
    return {
        "standard": standard.code,
        "zh": entry.zh,
        "en": entry.en,
        "mark": entry.mark,
        "owner": entry.owner,
        "basis": entry.basis,
        "expires": standard.last,
        "file": standard.file,
        **entry.model_dump(mode="json", include={"E", "B", "C", "X", "O"}),
    }


def last_over(day: dt.date) -> tuple[dt.date, dt.date]:
    """The last quarter that is over on a day."""
    since, until = ends_of(period_of(day, "quarter"))
    if until <= day:
        return since, until
    return ends_of(period_of(since - dt.timedelta(days=1), "quarter"))


def found(
    reading: Reading,
    standard: Standard,
    tables: Sequence[Measured],
    styles: Sequence[str],
    since: dt.date | None,
    until: dt.date | None,
    indicator: str | None = None,
) -> list[Alert]:
    """All alerts of some styles and days, each once, in order of style, code, unit and period."""
    entry = standard.entry
    every: list[Alert] = []
    if "E" in styles and entry.E:
        every += by_event(reading, entry.E.events, since, until)
    if "B" in styles and entry.B:
        every += by_band(reading, tables, entry.B, since, until)
    if "C" in styles and entry.C and indicator is None:
        every += by_class(reading, entry.C, since, until)
    if "X" in styles and entry.X and indicator is None:
        every += by_crossing(reading, entry.X, since, until)
    if indicator is not None:
        every = [a for a in every if a.indicator == indicator]
    once = {a.id(reading.source): a for a in every}

    def place(a: Alert) -> tuple[str, ...]:
        named = (a.indicator or "", str(a.part or 0), a.unit or "", a.period)
        return (a.style, *named, *map(str, a.identity))

    return sorted(once.values(), key=place)


# -- E: an event -------------------------------------------------------------------------------


def by_event(
    reading: Reading, events: Sequence[str], since: dt.date | None, until: dt.date | None
) -> Iterator[Alert]:
    """One alert per case and starting event, however often it is recorded."""
    nodes = rulebook.nodes()
    for text in events:
        node, acts = event(text)
        there = reading.at([node], acts)
        numbers = there.first
        some = there.only(
            (numbers >= (number_of(since) if since else FIRST))
            & (numbers <= (number_of(until) if until else LAST))
        )
        for (at,), rows in grouped(some.case):
            case = reading.cut.cases[at]
            short = case.split("/", 1)[1]
            when = [date_of(day) for day in np.unique(some.first[rows])]
            yield Alert(
                "E",
                indicator_of(node, acts),
                None,
                _unit(reading, int(reading.cut.unit[at])),
                period_of(when[0], "quarter"),
                (text, case),
                f"{short}：{when[0]} 发生“{nodes[node].zh}”（{text}），应当启动重点评查",
                f"{short}: {nodes[node].en} ({text}) on {when[0]} starts a key review",
                {"event": text, "days": when},
                np.array([at]),
            )


def indicator_of(node: str, acts: Sequence[str]) -> str | None:
    """The plainest indicator whose numerator is that event."""
    fitting = [
        (len(p.of), code)
        for code, i in rulebook.indicators().items()
        for p in i.predicates
        if any(node in c.at and set(acts) == set(c.acts) for c in p.counted)
    ]
    return min(fitting)[1] if fitting else None


def _unit(reading: Reading, code: int) -> str | None:
    """The procuratorate of a number."""
    return reading.cut.units[code] if code >= 0 else None


# -- B: outside the band -----------------------------------------------------------------------


def beyond(limits: str) -> frozenset[str]:
    """The statuses that count as outside at limits of 95 or 99.8 %."""
    return OUTSIDE if limits == "95" else frozenset({"outside_998"})


@dataclass(frozen=True)
class Window:
    """The last periods of one value: in which of them it was outside and large enough."""

    periods: tuple[str, ...]
    outside: tuple[str, ...]
    small: tuple[str, ...]
    current: bool

    def fires(self, terms: BandTerms) -> bool:
        """Whether it is outside now, and in enough of the periods."""
        return self.current and len(self.outside) >= terms.m


def placed(
    m: Measured,
    unit: str | None,
    period: str,
    terms: BandTerms,
    sums: tuple[int, int] | None = None,
) -> Banded:
    """A value (or other ``sums``) in its band; in that of the unit's own history if the terms look
    at it and the value is outside that alone."""
    banded = m.ranges.banded(unit, period, sums)
    if terms.history and banded.status not in beyond(terms.limits):
        own = m.ranges.banded(unit, period, sums, own_history=True)
        if own.status in beyond(terms.limits):
            return own
    return banded


def window(m: Measured, unit: str | None, period: str, terms: BandTerms) -> Window:
    """The window of ``terms.n`` periods that ends with ``period``."""
    at = m.ranges.at[period]
    last = m.order[max(0, at - terms.n + 1) : at + 1]
    outside, small = [], []
    for p in last:
        _, denominator = m.ranges.sums.get((unit, p), (0, 0))
        if denominator < terms.n_min and not m.part.plain:
            small.append(p)
        elif placed(m, unit, p, terms).status in beyond(terms.limits):
            outside.append(p)
    return Window(tuple(last), tuple(outside), tuple(small), period in outside)


def by_band(
    reading: Reading,
    tables: Sequence[Measured],
    terms: BandTerms,
    since: dt.date | None,
    until: dt.date | None,
) -> Iterator[Alert]:
    """One alert per value that is outside its band in m of the last n periods, this one included.

    Only periods that are over count.
    """
    for m in tables:
        for unit in m.units:
            for p in m.order:
                if ends_of(p)[1] > reading.day or not within(p, since, until):
                    continue
                seen = window(m, unit, p, terms)
                if seen.fires(terms):
                    yield _band_alert(m, unit, p, terms, seen)


def _band_alert(
    m: Measured, unit: str | None, period: str, terms: BandTerms, seen: Window
) -> Alert:
    part, cell = m.part, m.cells.get((unit, period), EMPTY)
    banded = placed(m, unit, period, terms)
    numerator, denominator = cell.sums()
    value = value_of(part, numerator, denominator)
    text = "–" if value is None else f"{value:.4g}"
    low, high = (f"{x:.4g}" for x in (banded.low or 0.0, banded.high or 0.0))
    many = f"{len(seen.outside)}/{len(seen.periods)}"
    return Alert(
        "B",
        part.code,
        part.number,
        unit,
        period,
        (part.code, part.number, unit, period),
        f"{unit or '–'} {period} {part.zh}＝{text}，超出合理区间 {low}–{high}（{banded.basis}）；"
        f"最近 {len(seen.periods)} 期中 {len(seen.outside)} 期超出（标准：{terms.m}/{terms.n}）",
        f"{unit or '–'} {period} {part.en} = {text}, outside {low}–{high} ({banded.basis}); "
        f"outside in {many} periods (standard: {terms.m} of {terms.n})",
        {
            "numerator": numerator,
            "denominator": None if part.plain else denominator,
            "value": value,
            "low": banded.low,
            "high": banded.high,
            "status": banded.status,
            "basis": banded.basis,
            "outside": list(seen.outside),
            "too_small": list(seen.small),
        },
        cell.hits,
    )


# -- C and X: problems -------------------------------------------------------------------------


def _ends(reading: Reading, since: dt.date | None, until: dt.date | None) -> list[dt.date]:
    """The days at whose evening the problems are looked at: ends of the quarters, or today."""
    days = reading.cut.problem_found
    days = days[days >= 0]
    if not len(days):
        return []
    first = max(date_of(days.min()), since or dt.date.min)
    last = min(reading.day, until or reading.day)
    found = []
    while first <= last:
        end = ends_of(period_of(first, "quarter"))[1]
        found.append(min(end, last))
        first = end + dt.timedelta(days=1)
    return found


@dataclass(frozen=True, eq=False)
class Group:
    """Confirmed problems of the last days that have node, procuratorate and (C) type in common."""

    type: str
    node: str
    unit: str | None
    problems: int
    cases: Ints
    handlers: int
    departments: int
    kinds: list[str]


def recent(reading: Reading, day: dt.date, days: int, *, by_type: bool) -> list[Group]:
    """Confirmed problems found in the days up to one, in order of type, node and procuratorate."""
    cut, last = reading.cut, number_of(day)
    found, node = cut.problem_found, cut.problem_node
    some = np.flatnonzero(
        (cut.problem_status == "CONFIRMED")
        & (node >= 0)
        & (found >= 0)
        & (found > last - days)
        & (found <= last)
    )
    type_ = cut.problem_type[some] if by_type else np.zeros_like(some)
    groups = []
    for (t, n, u), at in grouped(type_, node[some], cut.unit[cut.problem_case[some]]):
        inside = some[at]
        cases = np.unique(cut.problem_case[inside])
        kinds = sorted(cut.found_by[k] for k in np.unique(cut.problem_by[inside]))
        handlers, departments = (
            int(np.count_nonzero(np.unique(codes[cases]) >= 0))
            for codes in (cut.handler, cut.department)
        )
        name, unit = cut.problem_types[t] if by_type else "", _unit(reading, u)
        found_there = (name, cut.nodes[n].node, unit, len(inside), cases, handlers, departments)
        groups.append(Group(*found_there, kinds))
    return sorted(groups, key=lambda g: str((g.type, g.node, g.unit)))


def by_class(
    reading: Reading, terms: ClassTerms, since: dt.date | None, until: dt.date | None
) -> Iterator[Alert]:
    """One alert per problem type, node, procuratorate and quarter: enough confirmed problems."""
    types = rulebook.problem_types()
    for day in _ends(reading, since, until):
        for g in recent(reading, day, terms.w, by_type=True):
            type_, node, unit, count = g.type, g.node, g.unit, g.problems
            if count >= terms.c and (g.handlers >= terms.u or g.departments >= terms.d):
                period = period_of(day, "quarter")
                name = types[type_].zh if type_ in types else type_
                english = types[type_].en if type_ in types else type_
                yield Alert(
                    "C",
                    None,
                    None,
                    unit,
                    period,
                    (type_, node, unit, period),
                    f"{unit or '–'}：{day} 前 {terms.w} 日内 {node} 上已确认“{name}”{count} 件，"
                    f"涉及 {g.departments} 个部门的 {g.handlers} 名承办人（标准：{terms.c} 件）",
                    f"{unit or '–'}: {count} confirmed {type_} ({english}) at {node} in the "
                    f"{terms.w} days to {day}, in the cases of {g.handlers} handlers and "
                    f"{g.departments} departments (standard: {terms.c})",
                    {
                        "type": type_,
                        "node": node,
                        "problems": count,
                        "handlers": g.handlers,
                        "departments": g.departments,
                        "days": terms.w,
                        "until": day,
                    },
                    g.cases,
                )


def by_crossing(
    reading: Reading, terms: CrossTerms, since: dt.date | None, until: dt.date | None
) -> Iterator[Alert]:
    """One alert per node, procuratorate and quarter to which several supervisions point."""
    nodes = rulebook.nodes()
    for day in _ends(reading, since, until):
        for g in recent(reading, day, terms.w, by_type=False):
            node, unit, kinds, cases = g.node, g.unit, g.kinds, g.cases
            if len(kinds) >= terms.kinds and len(cases) >= terms.k:
                period = period_of(day, "quarter")
                zh = nodes[node].zh if node in nodes else node
                en = nodes[node].en if node in nodes else node
                yield Alert(
                    "X",
                    None,
                    None,
                    unit,
                    period,
                    (node, unit, period),
                    f"{unit or '–'}：{day} 前 {terms.w} 日内 {len(kinds)} 种监督指向 {node}“{zh}”，"
                    f"共 {len(cases)} 件（标准：{terms.kinds} 种、{terms.k} 件）",
                    f"{unit or '–'}: {len(kinds)} kinds of supervision point at {node} ({en}) in "
                    f"{len(cases)} cases in the {terms.w} days to {day} (standard: "
                    f"{terms.kinds} kinds, {terms.k} cases)",
                    {"node": node, "kinds": kinds, "cases": len(cases), "until": day},
                    cases,
                )


# -- why not -----------------------------------------------------------------------------------


def explain(
    reading: Reading,
    standard: Standard,
    tables: Sequence[Measured],
    every: Sequence[Alert],
    target: str,
    last: dt.date,
) -> dict[str, Any]:
    """Why a case or procuratorate was flagged or not, style by style, and what would flip it.

    Raises ``alerts.unknown_target`` for what is neither.
    """
    cut = reading.cut
    case = next((at for at, k in enumerate(cut.cases) if target in {k, k.split("/", 1)[1]}), None)
    if case is None and target not in cut.units:
        raise InputError("alerts.unknown_target", target=target)
    unit = target if case is None else _unit(reading, int(cut.unit[case]))
    mine = [a for a in every if (a.unit == target if case is None else case in a.cases)]
    rules = [
        *_why_not_event(reading, standard, case, mine),
        *_why_not_band(reading, standard, tables, unit, case, last),
        *_why_not_problems(reading, standard, unit, case, last),
    ]
    return {
        "target": target,
        "kind": "unit" if case is None else "case",
        "unit": unit,
        "flagged": [a.id(reading.source) for a in mine],
        "rules": rules,
    }


def _why_not_event(
    reading: Reading, standard: Standard, case: int | None, mine: Sequence[Alert]
) -> Iterator[dict[str, Any]]:
    if not standard.entry.E:
        return
    for text in standard.entry.E.events:
        fired = any(a.style == "E" and a.identity[0] == text for a in mine)
        node, acts = event(text)
        elsewhere = case is not None and case in reading.at([node], acts).case
        zh = f"没有记录“{text}”，有一次即启动"
        en = f"no {text} is recorded; one would start it"
        if fired:
            zh, en = f"已因“{text}”启动", f"started by {text}"
        elif elsewhere:
            zh, en = f"“{text}”在所问期间之外", f"{text} lies outside the period asked for"
        yield {
            "style": "E",
            "indicator": indicator_of(node, acts),
            "fired": fired,
            "zh": zh,
            "en": en,
            "flip": None if fired else {"event": text, "more": 0 if elsewhere else 1},
        }


def _why_not_band(
    reading: Reading,
    standard: Standard,
    tables: Sequence[Measured],
    unit: str | None,
    case: int | None,
    last: dt.date,
) -> Iterator[dict[str, Any]]:
    terms = standard.entry.B
    if not terms:
        return
    for m in tables:
        over = [p for p in m.order if ends_of(p)[1] <= min(last, reading.day)]
        if not over or unit not in m.units:
            continue
        period, own = over[-1], m.part.entries
        if case is not None:
            own = own.only(own.case == case)
            if not len(own.case):
                continue
            there = {period_of(date_of(day), "quarter") for day in own.day}
            period = next((p for p in over if p in there), period)
        seen = window(m, unit, period, terms)
        banded = placed(m, unit, period, terms)
        numerator, denominator = m.ranges.sums.get((unit, period), (0, 0))
        fired = seen.fires(terms)
        flip = None if fired else flip_of(m, unit, period, terms, seen)
        yield {
            "style": "B",
            "indicator": m.part.code,
            "part": m.part.number,
            "period": period,
            "fired": fired,
            **_said(m, banded.status, seen, terms, flip, denominator),
            "numerator": numerator,
            "denominator": None if m.part.plain else denominator,
            "status": banded.status,
            "low": banded.low,
            "high": banded.high,
            "outside": list(seen.outside),
            "counts_this_case": None if case is None else bool(own.numerator.any()),
            "flip": flip,
        }


def flip_of(
    m: Measured, unit: str | None, period: str, terms: BandTerms, seen: Window
) -> dict[str, Any]:
    """What would make the alert fire: a larger denominator, another numerator, more periods.

    ``numerator`` is the nearest that lies outside the limits as they are; None where none does.
    """
    numerator, denominator = m.ranges.sums.get((unit, period), (0, 0))
    short = 0 if m.part.plain else max(0, terms.n_min - denominator)
    top = denominator if m.part.scale == "share" else max(10, 4 * (numerator + 1))
    floor = denominator * m.part.shift
    nearest = None
    if seen.current:
        nearest = numerator
    else:
        for distance in range(1, max(top, numerator) + 1):
            for other in (numerator + distance, numerator - distance):
                if floor <= other <= top and _outside(m, unit, period, other, terms):
                    nearest = other
                    break
            if nearest is not None:
                break
    periods = max(0, terms.m - len(seen.outside) - (0 if seen.current else 1))
    return {"denominator": short, "numerator": nearest, "periods": periods}


def _outside(m: Measured, unit: str | None, period: str, numerator: int, terms: BandTerms) -> bool:
    _, denominator = m.ranges.sums.get((unit, period), (0, 0))
    status = placed(m, unit, period, terms, (numerator, denominator)).status
    return status in beyond(terms.limits)


def _said(
    m: Measured,
    status: str,
    seen: Window,
    terms: BandTerms,
    flip: dict[str, Any] | None,
    denominator: int,
) -> dict[str, str]:
    if flip is None:
        return {"zh": "已启动", "en": "fired"}
    zh, en = [], []
    if flip["denominator"]:
        zh.append(f"分母 {denominator} 小于 {terms.n_min}")
        en.append(f"the denominator {denominator} is below {terms.n_min}")
    if status in {"no_band", "too_few"}:
        zh.append("没有合理区间可比" if status == "no_band" else "分母太小，任何值都不会超出")
        en.append(
            "there is no band to compare with"
            if status == "no_band"
            else "so few that no value could lie outside"
        )
    elif not seen.current:
        zh.append("本期在合理区间内")
        en.append("this period lies inside the band")
        if flip["numerator"] is not None:
            zh.append(f"分子为 {flip['numerator']} 才超出")
            en.append(f"a numerator of {flip['numerator']} would lie outside")
    if flip["periods"]:
        zh.append(f"还须另有 {flip['periods']} 期超出（{terms.m}/{terms.n}）")
        en.append(f"{flip['periods']} more periods outside needed ({terms.m} of {terms.n})")
    return {"zh": "；".join(zh) or "–", "en": "; ".join(en) or "–"}


def _why_not_problems(
    reading: Reading, standard: Standard, unit: str | None, case: int | None, last: dt.date
) -> Iterator[dict[str, Any]]:
    day = min(last, reading.day)
    terms = standard.entry.C
    if terms:
        for g in recent(reading, day, terms.w, by_type=True):
            if g.unit != unit or (case is not None and case not in g.cases):
                continue
            count, handlers, departments = g.problems, g.handlers, g.departments
            spread = handlers >= terms.u or departments >= terms.d
            fired = count >= terms.c and spread
            yield {
                "style": "C",
                "indicator": None,
                "type": g.type,
                "node": g.node,
                "fired": fired,
                "zh": f"{g.type}@{g.node}：{count}/{terms.c} 件，{handlers}/{terms.u} 名承办人，"
                f"{departments}/{terms.d} 个部门",
                "en": f"{g.type}@{g.node}: {count} of {terms.c} problems, {handlers} of {terms.u} "
                f"handlers, {departments} of {terms.d} departments",
                "flip": None
                if fired
                else {
                    "problems": max(0, terms.c - count),
                    "handlers": 0 if spread else terms.u - handlers,
                    "departments": 0 if spread else terms.d - departments,
                },
            }
    crossing = standard.entry.X
    if crossing:
        for g in recent(reading, day, crossing.w, by_type=False):
            if g.unit != unit or (case is not None and case not in g.cases):
                continue
            node, kinds, cases = g.node, g.kinds, g.cases
            fired = len(kinds) >= crossing.kinds and len(cases) >= crossing.k
            yield {
                "style": "X",
                "indicator": None,
                "node": node,
                "fired": fired,
                "zh": f"{node}：{len(kinds)}/{crossing.kinds} 种监督，{len(cases)}/{crossing.k} 件",
                "en": f"{node}: {len(kinds)} of {crossing.kinds} kinds of supervision, "
                f"{len(cases)} of {crossing.k} cases",
                "flip": None
                if fired
                else {
                    "kinds": max(0, crossing.kinds - len(kinds)),
                    "cases": max(0, crossing.k - len(cases)),
                },
            }
