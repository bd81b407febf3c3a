"""Circumstances in which problems recur (背景项): charge class, source system, deviations at nodes.

A circumstance is an item of a case beside its problems. Alone it is no pattern, and a combination
holds at most one: that a charge class goes with a deviation says nothing about problems.
"""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from functools import lru_cache
from typing import Any

import numpy as np

from graph import rulebook
from graph.analysis.deviations import EVER, Outcome, exposures
from graph.analysis.links import source_of
from graph.analysis.projection import Cut, Ints
from graph.rulebook import book, problem_types
from graph.rulebook.lint import raising
from graph.store.connection import Graph
from graph.store.schema import RULEBOOK

CONTEXTS = ("charge_class", "source_system", "deviation")
SYSTEM = "attr_source_system"
"""The property of a case that names the system in which it is kept."""
STAGES = ("TRANSFER", "ARREST", "PROSECUTION", "JUDGMENT")
DEVIATIONS = {
    "late": ("逾期", "late"),
    "out_of_order": ("次序颠倒", "out of order"),
    "repeated": ("重复", "repeated"),
    "skipped": ("跳过", "skipped"),
}
"""What a case may show at a node, as :mod:`graph.analysis.deviations` defines it."""
QUERIES = {
    "charge_class": ("pattern_charges",),
    "source_system": ("link_strata",),
    "deviation": ("pattern_events",),
}
"""The queries that tell each."""
Item = tuple[str, ...]
"""A problem: its type and node key ('' where it has no node). A circumstance: '', the node key of a
deviation, else '', one of :data:`CONTEXTS`, its value."""


def is_context(item: Item) -> bool:
    """Whether an item is a circumstance."""
    return len(item) > 2


def place_of(item: Item) -> str:
    """Where an item can apply: at its node; what has none, where the like is told of a case."""
    return item[1] or (item[2] if is_context(item) else "")


def titles(context: Item) -> tuple[str, str]:
    """A circumstance in Chinese and English."""
    node, kind, value = context[1:]
    if kind == "deviation":
        code = node.split("/", 1)[1]
        place, (zh, en) = rulebook.nodes().get(code), DEVIATIONS[value]
        return f"{place.zh if place else code}：{zh}", f"{place.en if place else code}: {en}"
    known = rulebook.charge_classes().get(value) if kind == "charge_class" else None
    return (known.zh, known.en) if known else (value, value)


@dataclass(frozen=True, eq=False)
class Context:
    """One circumstance: ``cases`` (positions) are in it, of ``told`` it is known (None: its node
    decides). ``rests``: what it rests on in a case, if not on the events at its node alone."""

    item: Item
    cases: Ints
    told: Ints | None = None
    rests: Mapping[int, Sequence[frozenset[str]]] = field(default_factory=dict)

    def things(self, case: int) -> Sequence[frozenset[str]]:
        """What it rests on in a case, each ground by itself."""
        return self.rests.get(case) or (frozenset({at_node(self.item[1])}),)


@dataclass(frozen=True, eq=False)
class Contexts:
    """Circumstances; ``events``: where those lie that problems (positions) elsewhere are about."""

    items: tuple[Context, ...] = ()
    events: Mapping[int, frozenset[str]] = field(default_factory=dict)


def at_node(node: str) -> str:
    """The events at a node, as a thing that something rests on."""
    return f"events {node}"


def contexts(g: Graph, cut: Cut, source: str | None, chosen: Collection[str]) -> Contexts:
    """The chosen circumstances of the cases, by item."""
    found: list[Context] = []
    if "charge_class" in chosen:
        rows = g.stream("pattern_charges", source=source)
        found += stated(cut, "charge_class", {r.case: classes(r.cause, r.charges) for r in rows})
    if "source_system" in chosen:
        rows = g.stream("link_strata", source=source, properties=[SYSTEM])
        systems = {r.case: {str(v) for v in r.values if v is not None} for r in rows}
        found += stated(cut, "source_system", systems)
    events: dict[int, frozenset[str]] = {}
    if "deviation" in chosen:
        found += deviating(cut)
        position = {key: at for at, key in enumerate(cut.problem_ids)}
        for r in g.stream("pattern_events", source=source):
            if (at := position.get(r.problem)) is not None:
                events[at] = events.get(at, frozenset()) | {at_node(r.node)}
    return Contexts(tuple(sorted(found, key=lambda c: c.item)), events)


def classes(cause: str | None, charges: Iterable[Sequence[str | None]]) -> set[str]:
    """The charge classes of a case: of its charges at the first stage that has any, else its cause.

    Later stages are left out: a changed charge is a finding of its own.
    """
    by_stage: dict[str | None, set[str]] = defaultdict(set)
    for charge, stage in charges:
        if charge:
            by_stage[stage].add(rulebook.charge_class(charge))
    first = next((s for s in (*STAGES, *by_stage) if s in by_stage), None)
    return by_stage[first] if by_stage else {cause} if cause else set()


def stated(cut: Cut, kind: str, values: Mapping[str, Collection[str]]) -> Iterator[Context]:
    """A circumstance for each value that is told of cases (by key)."""
    by_value: dict[str, list[int]] = defaultdict(list)
    told = [at for at, key in enumerate(cut.cases) if values.get(key)]
    for at in told:
        for value in values[cut.cases[at]]:
            by_value[value].append(at)
    for value, cases in by_value.items():
        yield Context(("", "", kind, value), np.array(cases), np.array(told))


def deviating(cut: Cut) -> Iterator[Context]:
    """A circumstance for each deviation at each node of the cases' own procedure."""
    cases: dict[Item, list[Ints]] = defaultdict(list)
    own = {None, source_of(cut)}
    for group in (*cut.types, None):
        inside = np.where(cut.of_type((group,)), 0, -1)
        elsewhere = {n.node for n in cut.nodes if n.case_group not in own | {group}}
        window = np.full(len(cut), EVER, dtype=np.int64)
        for e in exposures(cut, Outcome(inside, window, frozenset(elsewhere), group, None)):
            if e.deviation in DEVIATIONS and len(e.exposed):
                cases["", cut.nodes[e.node].key, "deviation", e.deviation].append(e.exposed)
    for item, parts in cases.items():
        rests: dict[int, list[frozenset[str]]] = defaultdict(list)
        if item[3] == "late":
            node = next(at for at, n in enumerate(cut.nodes) if n.key == item[1])
            for at in np.flatnonzero((cut.problem_node == node) & cut.problem_timed).tolist():
                things = frozenset({at_node(item[1]), *cut.joined[at]})
                rests[int(cut.problem_case[at])].append(things)
        yield Context(item, np.unique(np.concatenate(parts)), None, rests)


# -- what is the same thing by the rules --------------------------------------------------------


def same_thing(problem: Item, context: Item) -> bool:
    """Whether a problem and a circumstance are one by the rules of the rulebook.

    A problem and a deviation are at one node, or where a rule that may find the problem looks at
    both nodes. A problem and a charge class where such a rule looks at the charge.
    """
    type_, node = problem
    match context[2]:
        case "charge_class":
            return any(look.charge for look in looks().get(type_, ()))
        case "deviation":
            where = context[1]
            return node == where or any(
                where in look.nodes and (node in look.nodes or not node)
                for look in looks().get(type_, ())
            )
    return False


@dataclass(frozen=True)
class Look:
    """What a rule looks at: nodes (keys), and whether at the charge."""

    nodes: frozenset[str]
    charge: bool


def looks() -> Mapping[str, Sequence[Look]]:
    """What the rules look at that may find a problem of each type."""
    return _looks(book().version)


@lru_cache(maxsize=2)
def _looks(_: str) -> Mapping[str, Sequence[Look]]:
    rules = book()
    of: dict[str, set[str]] = {code: set(t.rules) for code, t in problem_types().items()}
    for type_, codes in raising(rules).items():
        of.setdefault(type_, set()).update(codes)
    for code, versions in rules.data_rules.items():
        for v in versions:
            if v.entry.type:
                of.setdefault(v.entry.type, set()).update((code, *v.entry.same))
    entries: dict[str, list[Any]] = {
        code: [v.entry for v in versions]
        for family in (rules.limits, rules.data_rules)
        for code, versions in family.items()
    }
    return {
        type_: [_look(e) for code in sorted(codes) for e in entries.get(code, ())]
        for type_, codes in of.items()
    }


def _look(entry: Any) -> Look:
    """What the terms of an entry name; they are texts of one grammar (docs/rules.md)."""
    terms = entry.model_dump_json(include={"nodes", "clock", "gate", "check"})
    known = rulebook.nodes()
    found = {code for code in re.findall(r"\b[A-Z]{2}\d\d\b", terms) if code in known}
    return Look(frozenset(f"{RULEBOOK}/{code}" for code in found), "charge" in terms)
