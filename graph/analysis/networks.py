"""Networks: how cases and leads move among departments, and what hangs on what.

Departments stand in order of their code and have no score. networkx holds the graphs.
"""

from __future__ import annotations

import datetime as dt
from collections import Counter, defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from itertools import pairwise
from statistics import median
from typing import Any, Literal

import networkx as nx
import numpy as np

from graph import rulebook
from graph.analysis.patterns import KINDS, chains
from graph.analysis.projection import Bools, Cut, Ints, columns, grouped
from graph.analysis.scope import COUNTED, batches, choice, local_day, one_source
from graph.errors import InputError
from graph.rulebook import book
from graph.rulebook.law import nearest
from graph.rulebook.lint import raising
from graph.rulebook.model import card_fields
from graph.store.connection import Graph

What = Literal["cases", "matters", "leads"]
COLUMNS = ("columns_cases", "columns_events", "columns_members")
SUPERVISION = {"P": "PROCEDURAL", "S": "SUBSTANTIVE", "D": "DATA"}
"""The letters of a lead kind such as P2S."""


@dataclass(frozen=True)
class Stay:
    """Consecutive steps of one case or lead in one department."""

    department: str
    first: dt.date
    last: dt.date
    into: str
    out: str


@dataclass(frozen=True)
class Move:
    """One hand-over: from which stay to which; ``back``: to where it has been before."""

    of: str
    before: Stay
    after: Stay
    back: bool

    @property
    def days(self) -> int:
        """Days from the last step before to the first after."""
        return (self.after.first - self.before.last).days


def stays(steps: Iterable[tuple[str, dt.date, str]]) -> list[Stay]:
    """Steps (department, day, name) in order, as stays."""
    found: list[Stay] = []
    for department, day, name in steps:
        if found and found[-1].department == department:
            last = found[-1]
            found[-1] = Stay(department, last.first, day, last.into, name)
        else:
            found.append(Stay(department, day, day, name, name))
    return found


def moves(of: str, found: Sequence[Stay]) -> list[Move]:
    """The hand-overs between consecutive stays."""
    been: set[str] = set()
    made = []
    for at, stay in enumerate(found):
        if at:
            made.append(Move(of, found[at - 1], stay, stay.department in been))
        been.add(stay.department)
    return made


@dataclass(frozen=True, eq=False)
class Moves:
    """Hand-overs as columns: whose (a position in ``names``), from which to which of the
    ``departments`` (in order), at which of the ``places``, after how many days, and whether back.
    """

    names: Sequence[str]
    departments: Sequence[str]
    places: Sequence[str]
    of: Ints
    before: Ints
    after: Ints
    out: Ints
    into: Ints
    days: Ints
    back: Bools

    def __len__(self) -> int:
        return len(self.of)

    @classmethod
    def made(cls, found: Sequence[Move]) -> Moves:
        """Some hand-overs, one by one."""
        names, of = _numbered([m.of for m in found])
        departments, before, after = _numbered(
            [m.before.department for m in found], [m.after.department for m in found]
        )
        places, out, into = _numbered([m.before.out for m in found], [m.after.into for m in found])
        days = np.array([m.days for m in found], dtype=np.int64)
        back = np.array([m.back for m in found], dtype=np.bool_)
        return cls(names, departments, places, of, before, after, out, into, days, back)


def _numbered(*columns: Sequence[str]) -> Any:
    """The texts of some columns in order, and the columns as positions among them."""
    names = sorted({name for column in columns for name in column})
    place = {name: at for at, name in enumerate(names)}
    return names, *(np.array([place[n] for n in c], dtype=np.int64) for c in columns)


def hand_over_graph(made: Moves) -> nx.DiGraph[str]:
    """Departments as nodes; an edge holds the positions of its ``moves``."""
    drawn: nx.DiGraph[str] = nx.DiGraph()
    for (a, b), at in grouped(made.before, made.after):
        drawn.add_edge(made.departments[a], made.departments[b], moves=at)
    return drawn


def hand_overs(
    g: Graph,
    what: What = "cases",
    source: str | None = None,
    as_of: dt.date | dt.datetime | str | None = None,
    limit: int = 50,
) -> dict[str, Any]:
    """Hand-overs of cases, matters or leads among departments, in order of their codes.

    A matter runs through all its cases (捕、诉、审); one without a matter stands for itself.

    ``flows``: per pair how many hand-overs of how many cases (leads), the median and longest wait
    in days, and ``returned``, those to where it had been before. ``hops``: per pair of nodes (acts)
    at which a hand-over happened the waits: the longest median is the ``bottleneck``. ``bounces``:
    cases (leads) that went at least twice between the same two departments. ``departments``: what
    came in, went out and lay between (``through`` counts cases that came and went), and for leads
    ``supervisions``: flows between the three supervisions with their median days. ``limit`` bounds
    every list (0 = all).
    """
    choice("what", what, ("cases", "matters", "leads"))
    moment = g.as_of(as_of)
    source = one_source(g, source)
    made, routes = _moved(g, what, source, moment)
    drawn = hand_over_graph(made)
    flows = [
        {"from": a, "to": b, **waits(made, drawn.edges[a, b]["moves"])}
        for a, b in sorted(drawn.edges)
    ]
    hops = [
        {"from": made.places[a], "to": made.places[b], **waits(made, at)}
        for (a, b), at in grouped(made.out, made.into)
    ]
    hops.sort(key=lambda h: (h["from"], h["to"]))
    often = [h for h in hops if h["hand_overs"] >= 2] or hops
    slowest = max((h["median_days"] for h in often), default=None)
    return {
        "as_of": moment,
        "source": source,
        "what": what,
        "hand_overs": len(made),
        "flows": _list(flows, limit),
        "hops": _list(hops, limit),
        "bottleneck": [h for h in often if h["median_days"] == slowest],
        "bounces": _list(_bounces(made), limit),
        "departments": _list(_departments(made), limit),
        "supervisions": _supervisions(made, routes) if what == "leads" else [],
        "total": len(flows),
        "shown": len(flows[:limit] if limit else flows),
        "truncated": bool(limit) and len(flows) > limit,
        "evidence": {
            "queries": ["network_steps"] if what == "leads" else list(COLUMNS),
            "params": {"what": what, "source": source, "as_of": moment},
            "rulebook": book().version,
            "batches": batches(g, source),
        },
    }


def _moved(
    g: Graph, what: What, source: str | None, moment: dt.datetime
) -> tuple[Moves, dict[str, str]]:
    """All hand-overs, and the route of each lead."""
    if what != "leads":
        return case_moves(columns(g, source).cut(moment, COUNTED), matters=what == "matters"), {}
    steps: dict[str, list[tuple[Any, ...]]] = defaultdict(list)
    routes: dict[str, str] = {}
    for r in g.stream("network_steps", source=source, as_of=moment):
        routes[r.lead] = r.route
        if r.department is not None:
            steps[r.lead].append((r.day, *_within_day(r.at), r.step, r.department, r.act))
    made: list[Move] = []
    for of in sorted(steps):
        ordered = sorted(steps[of])
        short = of.split("/", 1)[-1]
        made += moves(short, stays((s[-2], s[0], s[-1]) for s in ordered))
    return Moves.made(made), {of.split("/", 1)[-1]: route for of, route in routes.items()}


def case_moves(cut: Cut, *, matters: bool) -> Moves:
    """The hand-overs of cases, or of matters through all their cases.

    Of one moment, events stand in order of their case and key.
    """
    place, departments = cut.event_department
    of = cut.rank + len(cut.matters)
    if matters:
        of = np.where(cut.matter >= 0, cut.matter, of)
    some = np.flatnonzero(place >= 0)
    case = cut.event_case[some]
    some = some[np.lexsort((cut.rank[case], cut.event_at[some], cut.event_day[some], of[case]))]
    whose, where = of[cut.event_case[some]], place[some]
    day, node = cut.event_day[some], cut.event_node[some]
    fresh = np.append(True, whose[1:] != whose[:-1])[: len(some)]
    starts = np.flatnonzero(fresh | np.append(True, where[1:] != where[:-1])[: len(some)])
    ends = np.append(starts[1:], len(some)) - 1
    pair = whose[starts] * (len(departments) + 1) + where[starts]
    _, first, back = np.unique(pair, return_index=True, return_inverse=True)
    been = first[back.reshape(-1)] < np.arange(len(starts))
    over = np.flatnonzero(~fresh[starts])
    left, came = ends[over - 1], starts[over]
    return Moves(
        [*cut.matters, *sorted(cut.cases)],
        departments,
        [n.node for n in cut.nodes],
        whose[came],
        where[left],
        where[came],
        node[left],
        node[came],
        day[came] - day[left],
        been[over],
    )


def _within_day(at: dt.datetime | None) -> tuple[bool, float]:
    """Steps without a time of day come first in their day, as everywhere."""
    return at is not None, at.timestamp() if at else 0.0


def waits(made: Moves, at: Ints) -> dict[str, Any]:
    """What is told of some hand-overs (positions)."""
    days = np.sort(made.days[at])
    return {
        "hand_overs": len(at),
        "of": len(np.unique(made.of[at])),
        "median_days": median(days.tolist()),
        "longest_days": int(days[-1]),
        "returned": int(made.back[at].sum()),
    }


def _bounces(made: Moves) -> list[dict[str, Any]]:
    pairs = np.stack(
        [made.of, np.minimum(made.before, made.after), np.maximum(made.before, made.after)]
    )
    distinct, counts = np.unique(pairs, axis=1, return_counts=True)
    rows = [
        {
            "of": made.names[of].split("/", 1)[-1],
            "between": [made.departments[a], made.departments[b]],
            "hand_overs": n,
        }
        for (of, a, b), n in zip(
            distinct.T[counts >= 2].tolist(), counts[counts >= 2].tolist(), strict=True
        )
    ]
    return sorted(rows, key=lambda r: (r["of"], r["between"]))


def _departments(made: Moves) -> list[dict[str, Any]]:
    rows = []
    for d in np.union1d(made.before, made.after).tolist():
        came, left = made.after == d, made.before == d
        rows.append(
            {
                "department": made.departments[d],
                "in": int(came.sum()),
                "out": int(left.sum()),
                "through": len(np.intersect1d(made.of[came], made.of[left])),
                "waited_days": median(made.days[came].tolist()) if came.any() else None,
            }
        )
    return rows


def _supervisions(made: Moves, routes: Mapping[str, str]) -> list[dict[str, Any]]:
    known = rulebook.routes()
    days: dict[tuple[str, str, str], list[int]] = defaultdict(list)
    for of, waited in zip(made.of.tolist(), made.days.tolist(), strict=True):
        route = known.get(routes.get(made.names[of], ""))
        if route:
            giver, _, taker = route.lead_kind.partition("2")
            days[route.code, SUPERVISION[giver], SUPERVISION[taker]].append(waited)
    return [
        {"route": code, "from": a, "to": b, "hand_overs": len(d), "median_days": median(d)}
        for (code, a, b), d in sorted(days.items())
    ]


def _list(rows: list[dict[str, Any]], limit: int) -> dict[str, Any]:
    shown = rows[:limit] if limit else rows
    return {
        "total": len(rows),
        "shown": len(shown),
        "truncated": len(shown) < len(rows),
        "rows": shown,
    }


# -- nodes that chains cross -------------------------------------------------------------------


def crossings(
    g: Graph,
    source: str | None = None,
    as_of: dt.date | dt.datetime | str | None = None,
    limit: int = 50,
    *,
    min_cases: int = 2,
) -> dict[str, Any]:
    """Nodes by how many chains of problems cross them, in order of their code.

    A chain runs over at least two kinds of supervision in ``min_cases`` matters or more
    (:func:`graph.analysis.patterns.chains`). ``chains`` of a node, ``supports`` the matters of the
    largest, ``kinds`` of the problems there; ``between``: the share of shortest paths among nodes
    that run through it (betweenness centrality of the chain network).
    """
    moment = g.as_of(as_of)
    source = one_source(g, source)
    params: dict[str, Any] = {"source": source, "as_of": moment, "statuses": list(COUNTED)}
    cut = columns(g, source).cut(moment, COUNTED)
    found = chains(cut, np.arange(len(cut.problem_case)), min_cases)
    drawn: nx.DiGraph[str] = nx.DiGraph()
    across: dict[str, list[dict[str, Any]]] = defaultdict(list)
    for chain in found:
        places = [s["node"] for s in chain["chain"] if s["node"]]
        for place in dict.fromkeys(places):
            across[place].append(chain)
            drawn.add_node(place)
        for a, b in pairwise(places):
            if a != b:
                drawn.add_edge(a, b)
    between: dict[str, float] = nx.betweenness_centrality(drawn) if len(drawn) else {}
    nodes = rulebook.nodes()
    rows = [
        {
            "node": n,
            "zh": nodes[n].zh if n in nodes else n,
            "en": nodes[n].en if n in nodes else n,
            "chains": len(across[n]),
            "supports": max(c["support"] for c in across[n]),
            "kinds": [
                k
                for k in KINDS
                if any(s["kind"] == k for c in across[n] for s in c["chain"] if s["node"] == n)
            ],
            "between": between[n],
        }
        for n in sorted(across)
    ]
    listed = _list(rows, limit)
    return {
        "as_of": moment,
        "source": source,
        "chains": len(found),
        "total": listed["total"],
        "shown": listed["shown"],
        "truncated": listed["truncated"],
        "nodes": listed["rows"],
        "links": [{"from": a, "to": b} for a, b in sorted(drawn.edges)],
        "evidence": {
            "queries": ["columns_cases", "columns_problems"],
            "params": params,
            "rulebook": book().version,
            "batches": batches(g, source),
        },
    }


# -- what is affected --------------------------------------------------------------------------


def dependencies() -> nx.DiGraph[str]:
    """The rulebook as a graph: an edge from what changes to what it affects, with its reason.

    Nodes carry ``family`` and titles; an edge ``why`` in both languages.
    """
    rules = book()
    drawn: nx.DiGraph[str] = nx.DiGraph()

    def node(code: str, family: str, zh: str, en: str) -> None:
        drawn.add_node(code, family=family, zh=zh, en=en)

    def edge(a: str, b: str, zh: str, en: str) -> None:
        if a in drawn and b in drawn and a != b:
            drawn.add_edge(a, b, zh=zh, en=en)

    for code, n in rulebook.nodes().items():
        node(code, "node", n.zh, n.en)
    for code, t in rulebook.problem_types().items():
        node(code, "problem type", t.zh, t.en)
    for code, i in rulebook.indicators().items():
        node(code, "indicator", i.zh, i.en)
    for code, limits in rules.limits.items():
        entry = limits[-1].entry
        node(code, "gate" if entry.gate else "limit", entry.zh, entry.en)
    for code, versions in rules.data_rules.items():
        node(code, "data rule", versions[-1].entry.zh, versions[-1].entry.en)
    for name in card_fields():
        node(f"field {name}", "card field", name, name)
    for code, route in rulebook.routes().items():
        node(code, "route", route.zh, route.en)

    for code, limits in rules.limits.items():
        for place in limits[-1].entry.nodes:
            edge(place, code, "监控该节点", "watches the node")
    for code, versions in rules.data_rules.items():
        for place in versions[-1].entry.nodes:
            edge(place, code, "监控该节点", "watches the node")
        for same in versions[-1].entry.same:
            edge(same, code, "同一义务", "states the same duty")
    for type_, raisers in raising(rules).items():
        for code in raisers:
            edge(code, type_, "提出该类问题", "raises the problem type")
    for code, i in rulebook.indicators().items():
        points = {n for p in i.predicates for c in (*p.of, *p.counted) for n in c.at}
        for place in {*i.nodes, *points}:
            edge(place, code, "指标指向或计数该节点", "the indicator points at it or counts it")
    for code, t in rulebook.problem_types().items():
        for place in t.nodes:
            edge(place, code, "该类问题发生于此", "problems of the type lie there")
    for name, field in card_fields().items():
        for place in field.nodes:
            edge(place, f"field {name}", "记录该节点", "records the node")
    for code, route in rulebook.routes().items():
        for hop in route.hops:
            for place in (h for h in hop.evidence if h in drawn):
                edge(place, code, "线索环节的依据", "evidence of a hop")
    return drawn


FAMILIES = (
    "node",
    "limit",
    "gate",
    "data rule",
    "card field",
    "problem type",
    "indicator",
    "route",
)


def affected(
    g: Graph,
    code: str,
    source: str | None = None,
    as_of: dt.date | dt.datetime | str | None = None,
    limit: int = 50,
) -> dict[str, Any]:
    """What a change of a node, rule, indicator or problem type affects, family by family.

    ``affected`` holds for each what it depends on and why (``via``), ``steps`` away from the
    change; ``problems`` counts those of the store by status: at the node, of the type, or, for a
    rule, of the types that it raises at the nodes that it watches; ``mappings``, ``bands`` and
    ``scopes`` are those of the indicators that lose ground. Raises ``rules.unknown``.
    """
    drawn = dependencies()
    if code not in drawn:
        raise InputError("rules.unknown", rule=code, nearest=nearest(book(), code))
    moment = g.as_of(as_of)
    source = one_source(g, source)
    away = nx.single_source_shortest_path_length(drawn, code)
    rows = []
    for other, steps in away.items():
        if other == code:
            continue
        before = next(p for p in sorted(drawn.predecessors(other)) if away.get(p) == steps - 1)
        why = drawn.edges[before, other]
        rows.append(
            {
                "code": other,
                **{k: drawn.nodes[other][k] for k in ("family", "zh", "en")},
                "steps": steps,
                "via": before,
                "why": {"zh": why["zh"], "en": why["en"]},
            }
        )
    rows.sort(key=lambda r: (FAMILIES.index(r["family"]), r["code"]))
    here = {code, *(r["code"] for r in rows)}
    statuses: dict[str, int] = Counter()
    raised = raising(book())
    types = {t for t, by in raised.items() if code in by}
    for p in g.stream("alert_problems", source=source, as_of=moment):
        if code in {p.node, p.type} or (p.type in types and p.node in (None, *_watched(code))):
            statuses[p.status] += 1
    indicators = [r["code"] for r in rows if r["family"] == "indicator"]
    if code in rulebook.indicators():
        indicators.append(code)
    thresholds = book().thresholds
    today = local_day(moment)
    listed = _list(rows, limit)
    return {
        "as_of": moment,
        "source": source,
        "code": code,
        **{k: drawn.nodes[code][k] for k in ("family", "zh", "en")},
        "counts": dict(sorted(Counter(r["family"] for r in rows).items())),
        "total": listed["total"],
        "shown": listed["shown"],
        "truncated": listed["truncated"],
        "affected": listed["rows"],
        "mappings": [
            {"indicator": i, "node": n}
            for i in sorted(indicators)
            for n in rulebook.indicators()[i].nodes
            if n in here
        ],
        "bands": [b.code for b in thresholds.bands if b.entry.indicator in indicators],
        "scopes": [
            s.code for s in thresholds.scopes_on(today) if set(s.entry.indicators) & {*indicators}
        ],
        "problems": dict(sorted(statuses.items())),
    }


def _watched(code: str) -> tuple[str, ...]:
    """The nodes that a rule watches."""
    rules = book()
    if code in rules.limits:
        return rules.limits[code][-1].entry.nodes
    if code in rules.data_rules:
        return rules.data_rules[code][-1].entry.nodes
    return ()
