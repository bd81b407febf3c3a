"""Which procedural nodes an indicator, or a named outcome, points at, and the cases behind it."""

from __future__ import annotations

import datetime as dt
from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from difflib import get_close_matches
from typing import Any, Literal

from graph import rulebook
from graph.analysis.scope import batches, local_day, one_source
from graph.errors import InputError
from graph.rulebook import Predicate
from graph.store.connection import Graph
from graph.store.schema import RULEBOOK
from graph.supervision.deadlines import outcome_cases

State = Literal["passed", "repeated", "missed", "not_applicable", "unknown"]
STATES: tuple[State, ...] = ("passed", "repeated", "missed", "not_applicable", "unknown")
NO_PREDICATE = {
    "zh": "规则库尚未把该指标的分子和分母写成可计算的口径，只列出人工整理的节点",
    "en": "the rulebook does not yet state its numerator and denominator as predicates; "
    "only the curated nodes are shown",
}
PORTION = 20_000
"""Keys of cases that one statement is given at most."""


@dataclass(frozen=True)
class Reached:
    """A case with an event that a predicate asks for: the parties that the events concern.

    ``whole``: one of the events names no party and so concerns all of the case.
    """

    case: str
    parties: frozenset[str]
    whole: bool


@dataclass(frozen=True)
class Members:
    """Keys of the cases in the numerator, and of those in the comparison."""

    numerator: frozenset[str]
    comparison: frozenset[str]


def members(
    predicate: Predicate,
    denominator: Iterable[Reached],
    numerator: Iterable[Reached],
    parties: Mapping[str, Sequence[str]],
    measured: frozenset[str] | None,
) -> Members:
    """Who is in an indicator's numerator and in its comparison.

    A case is in the numerator if one of its parties is (in the denominator, and counted), in the
    comparison if it is in the denominator and none of its parties is in the numerator. ``parties``
    gives the parties of cases that an event concerns as a whole; a case without a party counts as
    one, unless ``measured`` (parties under the demanded measure) is given: then it is out.
    """

    def units(reached: Iterable[Reached]) -> dict[str, frozenset[str]]:
        found: dict[str, frozenset[str]] = {}
        for r in reached:
            if predicate.per == "case":
                found[r.case] = frozenset({""})
            elif r.whole:
                found[r.case] = r.parties | (frozenset(parties.get(r.case, ())) or {""})
            else:
                found[r.case] = r.parties
        return found

    def bound(case: str, inside: frozenset[str]) -> frozenset[str]:
        if measured is None:
            return inside
        if predicate.per == "case":
            return inside if measured & set(parties.get(case, ())) else frozenset()
        return inside & measured

    of = {case: bound(case, inside) for case, inside in units(denominator).items()}
    counted = units(numerator)
    hit = {case for case, inside in of.items() if inside & counted.get(case, frozenset())}
    return Members(frozenset(hit), frozenset(c for c, inside in of.items() if inside) - hit)


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
) -> dict[str, Any]:
    """The nodes that an indicator points at, with its cases against the comparison cases.

    For every node ``cases`` and ``comparison`` count passed, repeated (part of passed), missed,
    not_applicable, unknown and total. An indicator without a predicate shows its curated nodes
    with null counts and the ``reason``. ``ids`` adds ``case_ids`` per node and number, at most
    that many each (0 = all). Raises InputError for an unknown name or an unnamed source.
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
    }
    if indicator:
        entry = _indicator(indicator)
        answer |= {"zh": entry.zh, "en": entry.en}
    evidence = {
        "queries": ["link_node_parties", "link_parties", "link_measured", "link_passages"],
        "params": {
            "indicator": indicator,
            "outcome": outcome,
            "source": source,
            "as_of": moment,
        },
        "rulebook": rulebook.version(),
        "batches": batches(g, source),
    }
    if indicator and _indicator(indicator).predicate is None:
        empty = dict.fromkeys((*STATES, "total"))
        rows = [
            _shown(node, curated=True) | {"cases": dict(empty), "comparison": dict(empty)}
            for node in _ordered(curated.values())
        ]
        return answer | {
            "reason": NO_PREDICATE,
            "nodes": rows,
            "total": len(rows),
            "shown": len(rows),
            "truncated": False,
            "evidence": evidence,
        }
    groups, everything = _groups(g, indicator, outcome, source, moment)
    counts = {}
    for name, keys in groups.items():
        chosen = [everything[key] for key in sorted(keys)]
        counts[name] = tally(curated, chosen, _passages(g, sorted(keys), moment))
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
                name: _cut(_ids(g, node, keys, everything, moment), ids)
                for name, keys in groups.items()
            }
        rows.append(row)
    return answer | {
        "cases": len(groups["cases"]),
        "comparison": len(groups["comparison"]),
        "nodes": rows,
        "total": len(rows),
        "shown": len(rows),
        "truncated": False,
        "evidence": evidence,
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
    groups, everything = _groups(g, indicator, outcome, source, moment)
    keys = groups["comparison" if comparison else "cases"]
    known = _curated(indicator) if indicator else {}
    for row in _passages(g, sorted(groups["cases"] | groups["comparison"]), moment):
        known.setdefault(row["key"], {name: row[name] for name in NODE_COLUMNS})
    chosen = [n for n in known.values() if node in {n["node"], n["key"]}]
    found = _ids(g, chosen[0], keys, everything, moment)[state] if chosen else []
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
    indicator: str | None,
    outcome: str | None,
    source: str | None,
    moment: dt.datetime,
) -> tuple[dict[str, frozenset[str]], dict[str, dict[str, Any]]]:
    everything = {
        str(r.case): r.as_dict() for r in g.stream("link_cases", source=source, as_of=moment)
    }
    if indicator:
        entry = _indicator(indicator)
        if entry.predicate is None:
            raise InputError(
                "analysis.no_predicate", indicator=indicator, reason=NO_PREDICATE["en"]
            )
        found = _members(g, entry.predicate, source, moment)
    else:
        hit = outcome_cases(g, str(source), str(outcome), moment) & set(everything)
        found = Members(hit, frozenset(everything) - hit)
    return {
        "cases": found.numerator & set(everything),
        "comparison": found.comparison & set(everything),
    }, everything


def _members(g: Graph, predicate: Predicate, source: str | None, moment: dt.datetime) -> Members:
    def reached(node: str, outcomes: Sequence[str] | None) -> list[Reached]:
        return [
            Reached(r.case, frozenset(r.parties), r.whole)
            for r in g.stream(
                "link_node_parties",
                node=f"{RULEBOOK}/{node}",
                outcomes=list(outcomes) if outcomes else None,
                source=source,
                as_of=moment,
            )
        ]

    denominator = reached(predicate.den_node, predicate.den_outcomes)
    numerator = reached(predicate.num_node, predicate.num_outcomes)
    measured = None
    if predicate.den_measure:
        measured = frozenset(
            str(r.party)
            for r in g.stream(
                "link_measured",
                kind=predicate.den_measure,
                day=local_day(moment),
                source=source,
            )
        )
    wide = sorted({r.case for r in (*denominator, *numerator) if r.whole or measured is not None})
    parties = {
        str(r.case): list(r.parties)
        for at in range(0, len(wide), PORTION)
        for r in g.stream("link_parties", cases=wide[at : at + PORTION])
    }
    return members(predicate, denominator, numerator, parties, measured)


def _passages(g: Graph, keys: Sequence[str], moment: dt.datetime) -> list[dict[str, Any]]:
    return [
        row.as_dict()
        for at in range(0, len(keys), PORTION)
        for row in g.stream("link_passages", cases=list(keys[at : at + PORTION]), as_of=moment)
    ]


def _ids(
    g: Graph,
    node: Mapping[str, Any],
    keys: Iterable[str],
    everything: Mapping[str, Mapping[str, Any]],
    moment: dt.datetime,
) -> dict[str, list[str]]:
    chosen = sorted(keys)
    times = {
        str(r.case): int(r.times)
        for at in range(0, len(chosen), PORTION)
        for r in g.stream(
            "link_passage_cases",
            cases=chosen[at : at + PORTION],
            node=node["key"],
            as_of=moment,
        )
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
