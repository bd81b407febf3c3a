"""Which procedural nodes an indicator, or a named outcome, points at, and the cases behind it."""

from __future__ import annotations

import datetime as dt
import re
from collections import defaultdict
from collections.abc import Container, Iterable, Mapping, Sequence
from dataclasses import dataclass
from difflib import get_close_matches
from typing import Any, Literal

import numpy as np

from graph import rulebook
from graph.analysis import deviations, paths, projection
from graph.analysis.counting import Members, Reading
from graph.analysis.deviations import EVER
from graph.analysis.scope import COUNTED, batches, one_source
from graph.analysis.strata import strata_of_source
from graph.analysis.words import BEYOND, LEVEL, adjusted
from graph.errors import InputError
from graph.settings import settings
from graph.store.connection import Graph
from graph.store.schema import RULEBOOK
from graph.store.temporal import instant
from graph.supervision.deadlines import outcome_activity, outcome_cases
from graph.supervision.leads import judged_leads

State = Literal["passed", "repeated", "missed", "not_applicable", "unknown"]
STATES: tuple[State, ...] = ("passed", "repeated", "missed", "not_applicable", "unknown")
QUERIES = (
    "columns_cases",
    "columns_events",
    "columns_problems",
    "link_measured",
    "link_minors",
)


def tally(
    curated: Mapping[str, Mapping[str, Any]],
    cut: projection.Cut,
    inside: projection.Bools,
    passages: Iterable[Mapping[str, Any]],
) -> dict[str, dict[str, Any]]:
    """Per node key: its titles and how many of the cases ``inside`` passed, repeated or missed it.

    ``passages`` are the rows of :func:`passages`. A node applies to the cases of its group
    (``case_group``) or, foreign, of its own source.
    """
    nodes: dict[str, dict[str, Any]] = {key: dict(node) for key, node in curated.items()}
    passed: dict[str, int] = defaultdict(int)
    repeated: dict[str, int] = defaultdict(int)
    passed_own: dict[str, int] = defaultdict(int)
    for row in passages:
        key = str(row["key"])
        nodes.setdefault(key, {name: row[name] for name in NODE_COLUMNS})
        passed[key] += row["passed"]
        repeated[key] += row["repeated"]
        if row["case_group"] in {row["type"], row["source"]}:
            passed_own[key] += row["passed"]
    total, told = int(inside.sum()), inside & (cut.last > cut.first)
    with_events = int(told.sum())
    of_type = np.bincount(cut.type[told] + 1, minlength=len(cut.types) + 1).tolist()
    known = dict(zip((None, *cut.types), of_type, strict=True))
    own = source_of(cut)
    result = {}
    for key, node in nodes.items():
        group = node["case_group"]
        applying = known.get(group, 0) or (with_events if group == own else 0)
        missed = 0 if node["conditional"] else applying - passed_own[key]
        result[key] = node | {
            "passed": passed[key],
            "repeated": repeated[key],
            "missed": missed,
            "not_applicable": with_events - passed[key] - missed,
            "unknown": total - with_events,
            "total": total,
        }
    return result


def source_of(cut: projection.Cut) -> str | None:
    """The source of the cases; None without any."""
    return cut.cases[0].split("/", 1)[0] if cut.cases else None


NODE_COLUMNS = ("key", "node", "zh", "en", "case_group", "seq", "conditional")


def link(
    g: Graph,
    indicator: str | None = None,
    outcome: str | None = None,
    source: str | None = None,
    as_of: dt.date | dt.datetime | str | None = None,
    *,
    ids: int | None = None,
    before: bool = False,
) -> dict[str, Any]:
    """The nodes that an indicator points at, with its cases against the comparison cases.

    For every node ``cases`` and ``comparison`` count passed, repeated (part of passed), missed,
    not_applicable, unknown and total. ``values`` gives numerator, denominator and share of every
    part of the indicator in its own unit, ``status`` whether its definition is confirmed. An
    indicator without a predicate shows its curated nodes with null counts and the ``reason``.
    ``ids`` adds ``case_ids`` per node and number, at most that many each (0 = all). Raises
    InputError for an unknown name or an unnamed source.

    ``deviations`` of a node tell how each deviation there goes with the outcome, stratified: see
    :func:`graph.analysis.deviations.concluded`; with ``ids``, the exposed cases. ``tests`` counts
    the tests among which q is adjusted, ``strata`` names what they are stratified by,
    ``time_order`` is false where the outcome has no moment before which a deviation could come.
    ``before`` adds ``paths``: the short node paths before the outcome, against the comparison
    cases (:func:`graph.analysis.paths.before`); null without a predicate.
    """
    if (indicator is None) == (outcome is None):
        raise InputError("analysis.indicator_or_outcome")
    moment = g.as_of(as_of)
    source = one_source(g, source)
    curated = _curated(indicator) if indicator else {}
    answer: dict[str, Any] = {
        "as_of": moment,
        "indicator": indicator,
        "outcome": outcome,
        "source": source,
        "reason": None,
        "status": None,
        "values": [],
    }
    entry = _indicator(indicator) if indicator else None
    if entry:
        answer |= {"zh": entry.zh, "en": entry.en, "status": entry.status}
    evidence = {
        "queries": list(QUERIES),
        "params": {
            "indicator": indicator,
            "outcome": outcome,
            "source": source,
            "as_of": moment,
        },
        "rulebook": rulebook.version(),
        "batches": batches(g, source),
    }
    if entry and not entry.predicates:
        empty = dict.fromkeys((*STATES, "total"))
        rows = [
            _shown(node, curated=True)
            | {"cases": dict(empty), "comparison": dict(empty), "deviations": []}
            for node in _ordered(curated.values())
        ]
        return answer | {
            **({"paths": None} if before else {}),
            "reason": entry.why,
            "nodes": rows,
            "total": len(rows),
            "shown": len(rows),
            "truncated": False,
            "evidence": evidence,
        }
    cut = projection.columns(g, source).cut(moment, COUNTED)
    group, answer["values"] = _group(g, cut, indicator, outcome, source, moment)
    looked_at = (
        indicator_outcome(cut, entry, group)
        if entry
        else _named_outcome(g, cut, str(outcome), str(source), moment, group)
    )
    strata = strata_of_source(g, cut, source)
    measured = _measured(cut, looked_at, *strata)
    more = {"paths": paths.before(cut, looked_at, *strata[:2], ids)} if before else {}
    seen = all_passages(cut)
    sides = {"cases": group == 1, "comparison": group == 0}
    counts = {
        name: tally(curated, cut, inside, passages(cut, seen, inside))
        for name, inside in sides.items()
    }
    nodes = {**curated, **{k: n for c in counts.values() for k, n in c.items()}}
    rows = []
    for node in _ordered(nodes.values()):
        key = node["key"]
        row = _shown(node, curated=key in curated)
        for name, inside in sides.items():
            counted = counts[name].get(key) or tally({key: node}, cut, inside, ())[key]
            row[name] = {state: counted[state] for state in (*STATES, "total")}
        if ids is not None:
            row["case_ids"] = {
                name: _cut(_ids(cut, seen, node, inside), ids) for name, inside in sides.items()
            }
        row["deviations"] = measured.rows(key, ids)
        rows.append(row)
    return answer | {
        **measured.told,
        **more,
        **{name: int(inside.sum()) for name, inside in sides.items()},
        "nodes": rows,
        "total": len(rows),
        "shown": len(rows),
        "truncated": False,
        "evidence": evidence,
    }


MANY = 5
"""Confirmed problems from which a node without an indicator is told."""
SOLIDIFIED = "SOLIDIFIED"
"""The state of a loaded mapping that stands beside those of the rulebook."""
TO_MONITORING = "R4"
"""The route on which a mapping becomes a monitored node."""


def gaps(
    g: Graph,
    source: str | None = None,
    as_of: dt.date | dt.datetime | str | None = None,
) -> dict[str, Any]:
    """Where indicators and nodes do not meet, and the mappings that the data suggest.

    An indicator points at a node by the rulebook, or by a loaded mapping that is solidified (固化):
    its ``state`` says so, or a lead that names it has that step (``solidified``).
    ``indicators`` point at no node. ``nodes`` have at least :data:`MANY` confirmed problems and no
    indicator points at them; ``confirmed`` counts them, in order of the codes. ``candidates`` are
    deviations at nodes at which the indicator does not point, beyond chance with q adjusted over
    all ``tests`` of all indicators, by evidence: a person decides what becomes a mapping.
    ``mappings`` are the loaded ones of every state, as they are now, with the monitoring rule that
    was made of each, and the ``leads`` that name it, with their states by then. Raises InputError
    for an unnamed source.
    """
    moment = g.as_of(as_of)
    source = one_source(g, source)
    every = rulebook.indicators()
    table = projection.columns(g, source)
    cut = table.cut(moment, COUNTED)
    confirmed = table.cut(moment, ("CONFIRMED",))
    mappings = _mappings(g, source, moment)
    points = {(code, f"{RULEBOOK}/{n}") for code, entry in every.items() for n in entry.nodes}
    points |= {(m["indicator"], m["node"]) for m in mappings if m["solidified"]}
    served = {node for _, node in points}
    nodes = []
    for at, n in enumerate(confirmed.nodes):
        here = confirmed.problem_node == at
        count = int(np.count_nonzero(here))
        if count >= MANY and n.key not in served:
            cases = len(np.unique(confirmed.problem_case[here]))
            told = {"node": n.node, "zh": n.zh, "en": n.en}
            nodes.append(told | {"confirmed": count, "cases": cases})
    found: list[dict[str, Any]] = []
    for code, entry in every.items():
        if not entry.predicates:
            continue
        group, _ = _group(g, cut, code, None, source, moment)
        if not {0, 1} <= set(group.tolist()):
            continue
        strata, names, _ = strata_of_source(g, cut, source)
        looked_at = indicator_outcome(cut, entry, group)
        exposed = deviations.exposures(cut, looked_at)
        rows, _ = deviations.concluded(deviations.counted(cut, looked_at, strata, names, exposed))
        found += [{"indicator": code} | row for row in rows if row["run"]]
    q = adjusted(np.array([row["p"] for row in found]))
    keys = {n.key: n for n in cut.nodes}
    candidates = []
    for row, value in zip(found, q.tolist(), strict=True):
        node = keys[row["node"]]
        if value <= LEVEL and (row["indicator"], node.key) not in points:
            shown = {"node": node.node, "zh": node.zh, "en": node.en, "q": value}
            candidates.append(row | shown | {"word": BEYOND})
    candidates.sort(key=lambda r: (r["q"], r["p"], r["indicator"], r["node"], r["deviation"]))
    pointing = {code for code, _ in points}
    lonely = [
        {"indicator": e.code, "zh": e.zh, "en": e.en}
        for e in every.values()
        if e.code not in pointing
    ]
    for m in mappings:
        m["node"] = keys[m["node"]].node
    mappings.sort(key=lambda m: (m["indicator"], m["node"], m["mapping"]))
    answer: dict[str, Any] = {"as_of": moment, "source": source, "tests": len(found)}
    for name, listed in (
        ("indicators", lonely),
        ("nodes", nodes),
        ("candidates", candidates),
        ("mappings", mappings),
    ):
        answer[name] = {
            "total": len(listed),
            "shown": len(listed),
            "truncated": False,
            name: listed,
        }
    return answer | {
        "evidence": {
            "queries": [*QUERIES, "link_mappings", "lead_steps"],
            "params": {"source": source, "as_of": moment},
            "rulebook": rulebook.version(),
            "batches": batches(g, source),
        }
    }


def _mappings(g: Graph, source: str | None, moment: dt.datetime) -> list[dict[str, Any]]:
    """The loaded mappings with the leads that name them; ``node`` is a key."""
    told: dict[str, list[dict[str, Any]]] = defaultdict(list)
    solidified: set[str] = set()
    for row, judged in judged_leads(g, moment, source, route=TO_MONITORING):
        steps = [s["props"] for s in row.steps]
        texts = (one for s in steps for one in re.split("[;；]", s.get("mapping") or ""))
        named = {text.strip() for text in texts} - {""}
        for one in named:
            told[one].append({"lead": row.lead, "state": judged.state if judged else None})
        if any(s["act"] == "SOLIDIFY" for s in steps):
            solidified |= named
    return [
        {
            **m,
            "solidified": m["state"] == SOLIDIFIED or m["mapping"] in solidified,
            "leads": told[m["mapping"]],
        }
        for m in (r.as_dict() for r in g.stream("link_mappings", source=source))
    ]


def case_ids(
    g: Graph,
    node: str,
    state: State,
    *,
    indicator: str | None = None,
    outcome: str | None = None,
    comparison: bool = False,
    source: str | None = None,
    as_of: dt.date | dt.datetime | str | None = None,
    limit: int = 0,
) -> dict[str, Any]:
    """Ids of the cases behind one number of :func:`link` (``limit`` 0 = all)."""
    if (indicator is None) == (outcome is None):
        raise InputError("analysis.indicator_or_outcome")
    if state not in STATES:
        raise InputError(
            "analysis.bad_choice", field="state", value=state, choices=", ".join(STATES)
        )
    moment = g.as_of(as_of)
    source = one_source(g, source)
    cut = projection.columns(g, source).cut(moment, COUNTED)
    group, _ = _group(g, cut, indicator, outcome, source, moment)
    inside = group == (0 if comparison else 1)
    known = _curated(indicator) if indicator else {}
    seen = all_passages(cut)
    for row in passages(cut, seen, group >= 0):
        known.setdefault(row["key"], {name: row[name] for name in NODE_COLUMNS})
    chosen = [n for n in known.values() if node in {n["node"], n["key"]}]
    found = _ids(cut, seen, chosen[0], inside)[state] if chosen else []
    shown = found[:limit] if limit else found
    return {
        "as_of": moment,
        "node": node,
        "state": state,
        "total": len(found),
        "shown": len(shown),
        "truncated": len(shown) < len(found),
        "cases": shown,
    }


def _indicator(code: str) -> rulebook.Indicator:
    known = rulebook.indicators()
    if code not in known:
        near = get_close_matches(code, list(known), 3, 0.4)
        raise InputError(
            "analysis.unknown_indicator", indicator=code, nearest=", ".join(near) or "–"
        )
    return known[code]


def _curated(code: str) -> dict[str, dict[str, Any]]:
    every = rulebook.nodes()
    return {
        f"{RULEBOOK}/{n}": {
            "key": f"{RULEBOOK}/{n}",
            "node": n,
            "zh": every[n].zh,
            "en": every[n].en,
            "case_group": every[n].case_group,
            "seq": every[n].seq,
            "conditional": every[n].conditional,
        }
        for n in _indicator(code).nodes
    }


def _group(
    g: Graph,
    cut: projection.Cut,
    indicator: str | None,
    outcome: str | None,
    source: str | None,
    moment: dt.datetime,
) -> tuple[projection.Ints, list[dict[str, Any]]]:
    """The side of each case (1, 0 of the comparison, -1 neither), and the values of the parts."""
    if outcome:
        hit = cut.numbered(list(outcome_cases(g, str(source), outcome, moment)))
        return np.isin(np.arange(len(cut)), hit).astype(np.int64), []
    entry = _indicator(str(indicator))
    if entry.why:
        raise InputError("analysis.no_predicate", indicator=entry.code, reason=entry.why["en"])
    reading = Reading(g, source, moment, cut)
    found = [reading.members(predicate) for predicate in entry.predicates]
    values = []
    for predicate, m in zip(entry.predicates, found, strict=True):
        n, of = int(m.counted.sum()), None if m.plain else len(m.counted)
        values.append(
            {
                "zh": predicate.zh or entry.zh,
                "en": predicate.en or entry.en,
                "unit": entry.unit,
                "numerator": n,
                "denominator": of,
                "share": n / of if of else None,
            }
        )
    return sides_of(cut, entry, found), values


def sides_of(
    cut: projection.Cut, entry: rulebook.Indicator, found: Sequence[Members]
) -> projection.Ints:
    """The side of each case: 1 in the numerator of a part, 0 only in a denominator, -1 neither.

    The comparison of a plain number are the other cases of the group of its node.
    """
    group = np.full(len(cut), -1, dtype=np.int64)
    for predicate, m in zip(entry.predicates, found, strict=True):
        group[m.comparison] = 0
        if m.plain:
            case_group = rulebook.nodes()[predicate.counted[0].at[0]].case_group
            group[cut.of_type((case_group,))] = 0
    for m in found:
        group[m.cases] = 1
    return group


@dataclass(frozen=True)
class Measured:
    """What the deviations say, by node."""

    cut: projection.Cut
    group: projection.Ints
    found: Mapping[str, Sequence[dict[str, Any]]]
    exposed: Mapping[tuple[str, str], projection.Ints]
    told: Mapping[str, Any]

    def rows(self, node: str, ids: int | None) -> list[dict[str, Any]]:
        """The deviations at a node."""
        rows = []
        for row in self.found.get(node, ()):
            shown = {k: v for k, v in row.items() if k not in {"node", "run"}}
            if ids is not None:
                exposed = self.exposed[node, row["deviation"]]
                side = self.group[exposed]
                named = {"cases": exposed[side == 1], "comparison": exposed[side == 0]}
                shown["case_ids"] = _cut({n: self.cut.ids(some) for n, some in named.items()}, ids)
            rows.append(shown)
        return rows


def _measured(
    cut: projection.Cut,
    looked_at: deviations.Outcome,
    strata: projection.Ints,
    names: list[tuple[str, ...]],
    by: Sequence[str],
) -> Measured:
    exposed = deviations.exposures(cut, looked_at)
    counts = deviations.counted(cut, looked_at, strata, names, exposed)
    rows, tests = deviations.concluded(counts)
    found: dict[str, list[dict[str, Any]]] = defaultdict(list)
    for row in rows:
        found[row["node"]].append(row)
    behind = {(cut.nodes[e.node].key, str(e.deviation)): e.exposed for e in exposed}
    told = {
        "tests": tests,
        "strata": list(by),
        "time_order": bool((looked_at.window[looked_at.group == 1] < EVER).any()),
    }
    return Measured(cut, looked_at.group, found, behind, told)


def indicator_outcome(
    cut: projection.Cut, entry: rulebook.Indicator, group: projection.Ints
) -> deviations.Outcome:
    """The moments of an indicator: of the counted event; of the others, of the deciding event.

    ``group`` is the side of each case (:func:`sides_of`).
    """
    window = np.full(len(cut), EVER, dtype=np.int64)
    every = rulebook.nodes()
    undecided = np.zeros(len(cut), dtype=np.bool_)
    codes: set[str] = set()
    for predicate in entry.predicates:
        decisive = (predicate.of or predicate.counted)[0]
        happens = [
            c for c in predicate.counted if c.at and not c.never and c.among != "matter"
        ] or [decisive]
        at = {n for c in happens for n in c.at}
        codes |= at
        mine = np.full(len(cut), EVER, dtype=np.int64)
        for c in happens:
            _first(cut, c.at, c.acts, group == 1, mine)
        other = np.full(len(cut), EVER, dtype=np.int64)
        _first(cut, tuple(at), (), group == 0, other)
        place, own = (deviations.place_of(every, x) for x in (at, decisive.at))
        if place[0] is not None:
            _first(cut, _after(cut, group, mine, *place), (), group == 0, other)
        if place[0] == own[0] and (own[1] or 0) >= (place[1] or 0):
            _first(cut, decisive.at, decisive.acts, group == 0, other)
        elif place[0] is not None:
            undecided |= other == EVER
        window = np.minimum(window, np.where(group == 1, mine, other))
    # Where the outcome can still come, a case is no comparison yet.
    group = np.where((group == 0) & undecided & (window == EVER), -1, group)
    where = deviations.place_of(every, codes)
    # Whoever is under a measure passed the nodes at which it is taken: that is no finding.
    measured = any(c.under for p in entry.predicates for c in (*p.of, *p.counted))
    implied = presupposed(codes) | (set(entry.nodes) if measured else set())
    return deviations.Outcome(group, window, frozenset(codes | implied), *where)


def _after(
    cut: projection.Cut,
    group: projection.Ints,
    window: projection.Ints,
    case_group: str | None,
    seq: int | None,
) -> list[str]:
    """Nodes that tell that the place of an outcome is behind: all cases of the group pass them,
    they stand after it, and came after it in 95 of 100 cases that have the outcome and hold both.
    """
    looked_at = deviations.Outcome(group, window, frozenset(), case_group, seq)
    found = []
    for n, (ahead, both) in zip(cut.nodes, deviations.order(cut, looked_at).tolist(), strict=True):
        stands_after = n.case_group == case_group and (n.seq or 0) > (seq or 0)
        if stands_after and not n.conditional and ahead <= (1 - deviations.COMES_FIRST) * both:
            found.append(n.node)
    return found


def presupposed(codes: Container[str]) -> set[str]:
    """Conditional nodes that, by an order rule of the rulebook, must come before one of some.

    A second return presupposes the first: that they go together is no finding.
    """
    every = rulebook.nodes()
    found: set[str] = set()
    for versions in rulebook.book().data_rules.values():
        for rule in versions:
            points = (rule.entry.check or {}).get("points") or ()
            at = [n for n, point in enumerate(points) if point in codes]
            before = points[: max(at, default=0)]
            found |= {str(n) for n in before if n in every and every[n].conditional}
    return found


def _first(
    cut: projection.Cut,
    nodes: Sequence[str],
    acts: Sequence[str],
    wanted: projection.Bools,
    window: projection.Ints,
) -> None:
    """Close the window of the wanted cases at their first event at one of the nodes."""
    there = cut.at(nodes, acts)
    there = there[wanted[cut.event_case[there]]]
    np.minimum.at(window, cut.event_case[there], cut.event_at[there])


def _named_outcome(
    g: Graph,
    cut: projection.Cut,
    outcome: str,
    source: str,
    moment: dt.datetime,
    group: projection.Ints,
) -> deviations.Outcome:
    """The moments of an outcome of a profile; one told by an attribute has none."""
    window = np.full(len(cut), EVER, dtype=np.int64)
    activity = outcome_activity(g, source, outcome)
    if activity is None:
        return deviations.Outcome(group, window, frozenset(), None, None)
    place = {key: at for at, key in enumerate(cut.cases)}
    for r in g.stream("deadline_events", source=source, activities=[activity]):
        if r.known <= moment and r.case in place:
            at = r.at or instant(r.day, settings().zone)
            window[place[r.case]] = min(window[place[r.case]], projection.micros(at))
    codes = {n.node for n in cut.nodes if activity in {n.node, n.zh, n.en}}
    return deviations.Outcome(group, window, frozenset(codes), None, None)


def all_passages(cut: projection.Cut) -> deviations.Passages:
    """All passages, whatever came after them."""
    nothing = np.zeros(len(cut), dtype=np.int64)
    open_ = np.full(len(cut), EVER, dtype=np.int64)
    return deviations.Passages(cut, deviations.Outcome(nothing, open_, frozenset(), None, None))


def passages(
    cut: projection.Cut, seen: deviations.Passages, inside: projection.Bools
) -> list[dict[str, Any]]:
    """Per node and case type: how many of the cases ``inside`` passed it, and repeated it."""
    some = inside[seen.case]
    types = [*cut.types, None]
    type_ = cut.type[seen.case[some]]
    place = seen.node[some] * len(types) + np.where(type_ < 0, len(types) - 1, type_)
    passed = np.bincount(place)
    repeated = np.bincount(place[seen.times[some] > 1], minlength=len(passed))
    return [
        {name: getattr(cut.nodes[at // len(types)], name) for name in NODE_COLUMNS}
        | {
            "type": types[at % len(types)],
            "source": source_of(cut),
            "passed": int(passed[at]),
            "repeated": int(repeated[at]),
        }
        for at in np.flatnonzero(passed).tolist()
    ]


def _ids(
    cut: projection.Cut,
    seen: deviations.Passages,
    node: Mapping[str, Any],
    inside: projection.Bools,
) -> dict[str, list[str]]:
    times = np.zeros(len(cut), dtype=np.int64)
    some = np.isin(seen.node, [at for at, n in enumerate(cut.nodes) if n.key == node["key"]])
    times[seen.case[some]] = seen.times[some]
    applies = cut.of_type((node["case_group"],)) | (node["case_group"] == source_of(cut))
    silent = cut.first == cut.last
    never = inside & (times == 0) & ~silent
    missed = never & applies & (not node["conditional"])
    states = {
        "passed": inside & (times > 0),
        "repeated": inside & (times > 1),
        "missed": missed,
        "not_applicable": never & ~missed,
        "unknown": inside & (times == 0) & silent,
    }
    return {state: cut.ids(np.flatnonzero(cases)) for state, cases in states.items()}


def _cut(found: Mapping[str, list[str]], limit: int) -> dict[str, dict[str, Any]]:
    return {
        state: {
            "total": len(cases),
            "shown": len(cases[:limit] if limit else cases),
            "truncated": bool(limit) and len(cases) > limit,
            "cases": cases[:limit] if limit else cases,
        }
        for state, cases in found.items()
    }


def _ordered(nodes: Iterable[Mapping[str, Any]]) -> list[Mapping[str, Any]]:
    return sorted(nodes, key=lambda n: (n["case_group"] or "", n["seq"] or 0, n["node"], n["key"]))


def _shown(node: Mapping[str, Any], *, curated: bool) -> dict[str, Any]:
    return {
        "node": node["node"],
        "zh": node["zh"],
        "en": node["en"],
        "case_group": node["case_group"],
        "conditional": bool(node["conditional"]),
        "curated": curated,
    }
