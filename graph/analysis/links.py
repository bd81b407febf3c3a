"""Which procedural nodes an indicator, or a named outcome, points at, and the cases behind it."""

from __future__ import annotations

import datetime as dt
from collections import defaultdict
from collections.abc import Container, Iterable, Mapping, Sequence
from dataclasses import dataclass
from difflib import get_close_matches
from typing import Any, Literal

import numpy as np
import yaml

from graph import rulebook
from graph.analysis import deviations, paths, projection
from graph.analysis.deviations import EVER
from graph.analysis.scope import batches, local_day, one_source
from graph.analysis.words import BEYOND, LEVEL, adjusted
from graph.errors import InputError
from graph.rulebook import Predicate, calendar
from graph.rulebook.model import Condition
from graph.settings import settings
from graph.store.connection import Graph
from graph.store.schema import RULEBOOK
from graph.store.temporal import instant
from graph.supervision.deadlines import outcome_activity, outcome_cases

State = Literal["passed", "repeated", "missed", "not_applicable", "unknown"]
STATES: tuple[State, ...] = ("passed", "repeated", "missed", "not_applicable", "unknown")
PORTION = 20_000
"""Keys of cases that one statement is given at most."""
COUNTED = ("HIT", "CONFIRMED")
"""Statuses of the problems that count as deviations."""
QUERIES = (
    "columns_cases",
    "columns_events",
    "columns_problems",
    "link_measured",
    "link_minors",
    "link_matters",
    "link_parties",
)


@dataclass(frozen=True, slots=True)
class Seen:
    """An event, or a fact of a party, that a condition asks for, from its first to its last day.

    ``party`` None: the event concerns all of the case. A fact has no ``event``.
    """

    case: str
    party: str | None
    event: str
    first: dt.date
    last: dt.date


Unit = tuple[str, str, str]
"""What is counted: case, party, event; empty where the predicate does not tell them apart."""


@dataclass(frozen=True)
class Members:
    """Units in the numerator and in the denominator (None: a plain number has none)."""

    counted: frozenset[Unit]
    of: frozenset[Unit] | None

    @property
    def cases(self) -> frozenset[str]:
        """Keys of the cases with a unit in the numerator."""
        return frozenset(case for case, _, _ in self.counted)

    @property
    def comparison(self) -> frozenset[str]:
        """Keys of the cases in the denominator with no unit in the numerator."""
        return frozenset(case for case, _, _ in self.of or ()) - self.cases


def members(
    predicate: Predicate,
    seen: Mapping[Condition, Sequence[Seen]],
    parties: Mapping[str, Sequence[str]],
    matters: Mapping[str, str],
) -> Members:
    """Who is in the numerator and in the denominator of a predicate.

    ``seen`` holds what there is for each of its conditions. ``parties`` gives the parties of cases
    that an event concerns as a whole (a case without a party counts as one), ``matters`` the
    matter of a case.
    """

    def concerned(s: Seen) -> Sequence[str]:
        if predicate.per != "party":
            return ("",)
        return (s.party,) if s.party is not None else parties.get(s.case) or ("",)

    def place(c: Condition, s: Seen, party: str) -> object:
        """What the unit asked and what there is for the condition have in common."""
        if c.among == "matter":
            return matters.get(s.case, s.case)
        if c.among == "case" or predicate.per == "case":
            return s.case
        if predicate.per == "party":
            return (s.case, party) if c.at else party
        return s.event if c.at else s.case

    def fits(c: Condition, day: dt.date, s: Seen) -> bool:
        match c.when:
            case "before":
                return s.first <= day
            case "then":
                return s.first <= day <= s.last
            case "after":
                last = calendar().last_date(day, c.within)[0] if c.within else dt.date.max
                return day <= s.first <= last
        return True

    def holds(c: Condition, s: Seen, party: str) -> bool:
        there = found[c].get(place(c, s, party), ())
        return any(fits(c, s.first, other) for other in there) != c.never

    decisive, *more = predicate.of or predicate.counted
    found: dict[Condition, dict[object, list[Seen]]] = {}
    for c in {*more, *predicate.counted}:
        found[c] = defaultdict(list)
        for s in seen[c]:
            for party in concerned(s):
                found[c][place(c, s, party)].append(s)
    inside: set[Unit] = set()
    counted: set[Unit] = set()
    for s in seen[decisive]:
        for party in concerned(s):
            if all(holds(c, s, party) for c in more):
                unit = (s.case, party, s.event if predicate.per == "event" else "")
                inside.add(unit)
                if all(holds(c, s, party) for c in predicate.counted):
                    counted.add(unit)
    return Members(frozenset(counted), frozenset(inside) if predicate.of else None)


def tally(
    curated: Mapping[str, Mapping[str, Any]],
    cases: Sequence[Mapping[str, Any]],
    passages: Iterable[Mapping[str, Any]],
) -> dict[str, dict[str, Any]]:
    """Per node key: its titles and how many of ``cases`` passed, repeated or missed it.

    ``cases`` are rows ``{case, type, events}``, ``passages`` the rows of ``link_passages``.
    A node applies to the cases of its group (``case_group``) or, foreign, of its own source.
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
    known: dict[str, int] = defaultdict(int)
    for case in cases:
        if case["events"]:
            known[str(case["type"])] += 1
            known["source " + str(case["case"]).split("/", 1)[0]] += 1
    with_events = sum(1 for case in cases if case["events"])
    result = {}
    for key, node in nodes.items():
        group = node["case_group"]
        applying = known[str(group)] or known[f"source {group}"]
        missed = 0 if node["conditional"] else applying - passed_own[key]
        result[key] = node | {
            "passed": passed[key],
            "repeated": repeated[key],
            "missed": missed,
            "not_applicable": with_events - passed[key] - missed,
            "unknown": len(cases) - with_events,
            "total": len(cases),
        }
    return result


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
    groups, everything, answer["values"] = _groups(g, cut, indicator, outcome, source, moment)
    looked_at = (
        indicator_outcome(cut, entry, groups)
        if entry
        else _named_outcome(g, cut, str(outcome), str(source), moment, groups)
    )
    strata = _strata(g, cut, source)
    measured = _measured(cut, looked_at, *strata)
    more = {"paths": paths.before(cut, looked_at, *strata[:2], ids)} if before else {}
    seen = all_passages(cut)
    counts = {}
    for name, keys in groups.items():
        chosen = [everything[key] for key in sorted(keys)]
        counts[name] = tally(curated, chosen, passages(cut, seen, keys))
    nodes = {**curated, **{k: n for c in counts.values() for k, n in c.items()}}
    rows = []
    for node in _ordered(nodes.values()):
        key = node["key"]
        row = _shown(node, curated=key in curated)
        for name, keys in groups.items():
            counted = (
                counts[name].get(key) or tally({key: node}, [everything[k] for k in keys], ())[key]
            )
            row[name] = {state: counted[state] for state in (*STATES, "total")}
        if ids is not None:
            row["case_ids"] = {
                name: _cut(_ids(cut, seen, node, keys, everything), ids)
                for name, keys in groups.items()
            }
        row["deviations"] = measured.rows(key, ids)
        rows.append(row)
    return answer | {
        **measured.told,
        **more,
        "cases": len(groups["cases"]),
        "comparison": len(groups["comparison"]),
        "nodes": rows,
        "total": len(rows),
        "shown": len(rows),
        "truncated": False,
        "evidence": evidence,
    }


MANY = 5
"""Confirmed problems from which a node without an indicator is told."""


def gaps(
    g: Graph,
    source: str | None = None,
    as_of: dt.date | dt.datetime | str | None = None,
) -> dict[str, Any]:
    """Where indicators and nodes do not meet, and the mappings that the data suggest.

    ``indicators`` point at no node. ``nodes`` have at least :data:`MANY` confirmed problems and no
    indicator points at them; ``confirmed`` counts them, in order of the codes. ``candidates`` are
    deviations at nodes that the rulebook does not name for the indicator, beyond chance with q
    adjusted over all ``tests`` of all indicators, by evidence: a person decides what becomes a
    mapping. Raises InputError for an unnamed source.
    """
    moment = g.as_of(as_of)
    source = one_source(g, source)
    every = rulebook.indicators()
    table = projection.columns(g, source)
    cut = table.cut(moment, COUNTED)
    confirmed = table.cut(moment, ("CONFIRMED",))
    served = {n for entry in every.values() for n in entry.nodes}
    nodes = []
    for at, n in enumerate(confirmed.nodes):
        here = confirmed.problem_node == at
        count = int(np.count_nonzero(here))
        if count >= MANY and n.node not in served:
            cases = len(np.unique(confirmed.problem_case[here]))
            told = {"node": n.node, "zh": n.zh, "en": n.en}
            nodes.append(told | {"confirmed": count, "cases": cases})
    found: list[dict[str, Any]] = []
    for code, entry in every.items():
        if not entry.predicates:
            continue
        groups, _, _ = _groups(g, cut, code, None, source, moment)
        if not groups["cases"] or not groups["comparison"]:
            continue
        strata, names, _ = _strata(g, cut, source)
        looked_at = indicator_outcome(cut, entry, groups)
        exposed = deviations.exposures(cut, looked_at)
        rows, _ = deviations.concluded(deviations.counted(cut, looked_at, strata, names, exposed))
        found += [{"indicator": code} | row for row in rows if row["run"]]
    q = adjusted(np.array([row["p"] for row in found]))
    keys = {n.key: n for n in cut.nodes}
    candidates = []
    for row, value in zip(found, q.tolist(), strict=True):
        node = keys[row["node"]]
        if value <= LEVEL and node.node not in every[row["indicator"]].nodes:
            shown = {"node": node.node, "zh": node.zh, "en": node.en, "q": value}
            candidates.append(row | shown | {"word": BEYOND})
    candidates.sort(key=lambda r: (r["q"], r["p"], r["indicator"], r["node"], r["deviation"]))
    lonely = [{"indicator": e.code, "zh": e.zh, "en": e.en} for e in every.values() if not e.nodes]
    answer: dict[str, Any] = {"as_of": moment, "source": source, "tests": len(found)}
    for name, listed in (("indicators", lonely), ("nodes", nodes), ("candidates", candidates)):
        answer[name] = {
            "total": len(listed),
            "shown": len(listed),
            "truncated": False,
            name: listed,
        }
    return answer | {
        "evidence": {
            "queries": list(QUERIES),
            "params": {"source": source, "as_of": moment},
            "rulebook": rulebook.version(),
            "batches": batches(g, source),
        }
    }


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
    groups, everything, _ = _groups(g, cut, indicator, outcome, source, moment)
    keys = groups["comparison" if comparison else "cases"]
    known = _curated(indicator) if indicator else {}
    seen = all_passages(cut)
    for row in passages(cut, seen, groups["cases"] | groups["comparison"]):
        known.setdefault(row["key"], {name: row[name] for name in NODE_COLUMNS})
    chosen = [n for n in known.values() if node in {n["node"], n["key"]}]
    found = _ids(cut, seen, chosen[0], keys, everything)[state] if chosen else []
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


def _groups(
    g: Graph,
    cut: projection.Cut,
    indicator: str | None,
    outcome: str | None,
    source: str | None,
    moment: dt.datetime,
) -> tuple[dict[str, frozenset[str]], dict[str, dict[str, Any]], list[dict[str, Any]]]:
    """The cases of the two groups, all cases by key, and the values of the indicator's parts."""
    types = [*cut.types, None]
    known = (cut.last > cut.first).tolist()
    everything = {
        key: {"case": key, "type": types[type_], "events": events}
        for key, type_, events in zip(cut.cases, cut.type.tolist(), known, strict=True)
    }
    if outcome:
        hit = outcome_cases(g, str(source), outcome, moment) & set(everything)
        return {"cases": hit, "comparison": frozenset(everything) - hit}, everything, []
    entry = _indicator(str(indicator))
    if entry.why:
        raise InputError("analysis.no_predicate", indicator=entry.code, reason=entry.why["en"])
    cases: set[str] = set()
    others: set[str] = set()
    values = []
    for predicate in entry.predicates:
        found = _members(g, cut, predicate, source, moment, everything)
        cases |= found.cases
        others |= found.comparison
        if found.of is None:
            group = rulebook.nodes()[predicate.counted[0].at[0]].case_group
            others |= {key for key, case in everything.items() if case["type"] == group}
        n, of = len(found.counted), None if found.of is None else len(found.of)
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
    groups = {"cases": frozenset(cases), "comparison": frozenset(others - cases)}
    return groups, everything, values


def _members(
    g: Graph,
    cut: projection.Cut,
    predicate: Predicate,
    source: str | None,
    moment: dt.datetime,
    cases: Container[str],
) -> Members:
    asked = dict.fromkeys((*predicate.of, *predicate.counted))
    seen = {c: _seen(g, cut, c, source, moment) for c in asked}
    decisive = next(iter(asked))
    seen[decisive] = [s for s in seen[decisive] if s.case in cases]
    wide = sorted({s.case for found in seen.values() for s in found if s.party is None})
    parties = {
        case: list(names)
        for at in range(0, len(wide) if predicate.per == "party" else 0, PORTION)
        for case, names in g.stream("link_parties", cases=wide[at : at + PORTION])
    }
    matters: dict[str, str] = {}
    if any(c.among == "matter" for c in asked):
        matters = dict(g.stream("link_matters", source=source))
    return members(predicate, seen, parties, matters)


@dataclass(frozen=True)
class Measured:
    """What the deviations say, by node."""

    found: Mapping[str, Sequence[dict[str, Any]]]
    exposed: Mapping[tuple[str, str], tuple[list[str], list[str]]]
    told: Mapping[str, Any]

    def rows(self, node: str, ids: int | None) -> list[dict[str, Any]]:
        """The deviations at a node."""
        rows = []
        for row in self.found.get(node, ()):
            shown = {k: v for k, v in row.items() if k not in {"node", "run"}}
            if ids is not None:
                sides = self.exposed[node, row["deviation"]]
                named = dict(zip(("cases", "comparison"), sides, strict=True))
                shown["case_ids"] = _cut(named, ids)
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
    short = [key.split("/", 1)[1] for key in cut.cases]
    behind = {}
    for e in exposed:
        sides = looked_at.group[e.exposed]
        behind[cut.nodes[e.node].key, str(e.deviation)] = (
            sorted(short[i] for i in e.exposed[sides == 1]),
            sorted(short[i] for i in e.exposed[sides == 0]),
        )
    told = {
        "tests": tests,
        "strata": list(by),
        "time_order": bool((looked_at.window[looked_at.group == 1] < EVER).any()),
    }
    return Measured(found, behind, told)


def _strata(
    g: Graph, cut: projection.Cut, source: str | None
) -> tuple[projection.Ints, list[tuple[str, ...]], tuple[str, ...]]:
    """Strata of the cases: what the source's profile names, else the usual four."""
    named = stated_strata(g, source)
    if not named:
        return *projection.strata_of(cut), projection.STRATA
    values = {
        str(r.case): tuple("–" if v is None else str(v) for v in r.values)
        for r in g.stream("link_strata", source=source, properties=[f"attr_{n}" for n in named])
    }
    rows = [values.get(key, ("–",) * len(named)) for key in cut.cases]
    names = sorted(set(rows))
    place = {name: at for at, name in enumerate(names)}
    return np.array([place[r] for r in rows], dtype=np.int64), names, tuple(named)


def stated_strata(g: Graph, source: str | None) -> list[str]:
    """Attributes of cases that the latest profile of a source names as ``strata``."""
    profiles = [r.profile for r in g.read("batches") if r.profile and r.source == source]
    stated: list[str] = yaml.safe_load(profiles[-1]).get("strata") or [] if profiles else []
    return [name.removeprefix("case:") for name in stated]


def indicator_outcome(
    cut: projection.Cut, entry: rulebook.Indicator, groups: Mapping[str, frozenset[str]]
) -> deviations.Outcome:
    """The moments of an indicator: of the counted event; of the others, of the deciding event."""
    group = _sides(cut, groups)
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
    there = events_at(cut, nodes, acts) & wanted[cut.event_case]
    np.minimum.at(window, cut.event_case[there], cut.event_at[there])


def events_at(cut: projection.Cut, nodes: Sequence[str], acts: Sequence[str]) -> projection.Bools:
    """The events at nodes of the rulebook with one of the acts (none: any)."""
    keys = {f"{RULEBOOK}/{n}" for n in nodes}
    there = np.isin(cut.event_node, [at for at, n in enumerate(cut.nodes) if n.key in keys])
    if acts:
        known = {a or "-": at for at, a in enumerate(cut.acts)}
        there &= np.isin(cut.event_act, [known[a] for a in acts if a in known])
    return np.asarray(there)


def _sides(cut: projection.Cut, groups: Mapping[str, frozenset[str]]) -> projection.Ints:
    return np.array(
        [
            1 if key in groups["cases"] else 0 if key in groups["comparison"] else -1
            for key in cut.cases
        ],
        dtype=np.int64,
    )


def _named_outcome(
    g: Graph,
    cut: projection.Cut,
    outcome: str,
    source: str,
    moment: dt.datetime,
    groups: Mapping[str, frozenset[str]],
) -> deviations.Outcome:
    """The moments of an outcome of a profile; one told by an attribute has none."""
    group = _sides(cut, groups)
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


def _seen(
    g: Graph, cut: projection.Cut, c: Condition, source: str | None, moment: dt.datetime
) -> list[Seen]:
    """What there is for a condition, by then."""
    today = local_day(moment)
    if c.at:
        there = events_at(cut, c.at, c.acts)
        parties = [*cut.event_parties, ""]
        first = dt.date(1970, 1, 1)
        events = []
        for at in np.flatnonzero(there).tolist():
            day = first + dt.timedelta(days=int(cut.event_day[at]))
            case = cut.cases[cut.event_case[at]]
            events.append(Seen(case, parties[cut.event_party[at]] or None, str(at), day, day))
        if (due := c.due) is None:
            return events
        return [s for s in events if calendar().last_date(s.first, due)[0] <= today]
    if c.under:
        rows = g.stream("link_measured", kind=c.under, day=today, source=source)
        return [
            Seen(case, party, "", since, until or dt.date.max) for case, party, since, until in rows
        ]
    rows = g.stream("link_minors", source=source)
    return [Seen(case, party, "", dt.date.min, dt.date.max) for case, party in rows]


def all_passages(cut: projection.Cut) -> deviations.Passages:
    """All passages, whatever came after them."""
    nothing = np.zeros(len(cut), dtype=np.int64)
    open_ = np.full(len(cut), EVER, dtype=np.int64)
    return deviations.Passages(cut, deviations.Outcome(nothing, open_, frozenset(), None, None))


def passages(
    cut: projection.Cut, seen: deviations.Passages, keys: Container[str]
) -> list[dict[str, Any]]:
    """Per node and case type: how many of the given cases passed it, and repeated it."""
    inside = np.array([key in keys for key in cut.cases], dtype=np.bool_)
    some = inside[seen.case]
    case, node, times = seen.case[some], seen.node[some], seen.times[some]
    types = [*cut.types, None]
    place = node * len(types) + np.where(cut.type[case] < 0, len(types) - 1, cut.type[case])
    rows = []
    for at in np.unique(place).tolist():
        n, type_ = cut.nodes[at // len(types)], types[at % len(types)]
        here = place == at
        rows.append(
            {name: getattr(n, name) for name in NODE_COLUMNS}
            | {
                "type": type_,
                "source": cut.cases[case[here][0]].split("/", 1)[0],
                "passed": int(np.count_nonzero(here)),
                "repeated": int(np.count_nonzero(times[here] > 1)),
            }
        )
    return rows


def _ids(
    cut: projection.Cut,
    seen: deviations.Passages,
    node: Mapping[str, Any],
    keys: Iterable[str],
    everything: Mapping[str, Mapping[str, Any]],
) -> dict[str, list[str]]:
    chosen = sorted(keys)
    here = [at for at, n in enumerate(cut.nodes) if n.key == node["key"]]
    some = np.isin(seen.node, here)
    times = {
        cut.cases[c]: n
        for c, n in zip(seen.case[some].tolist(), seen.times[some].tolist(), strict=True)
    }
    found: dict[str, list[str]] = {state: [] for state in STATES}
    for key in chosen:
        case = everything[key]
        own, short = key.split("/", 1)
        if times.get(key):
            found["passed"].append(short)
            if times[key] > 1:
                found["repeated"].append(short)
        elif not case["events"]:
            found["unknown"].append(short)
        elif node["case_group"] in {case["type"], own} and not node["conditional"]:
            found["missed"].append(short)
        else:
            found["not_applicable"].append(short)
    return found


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
