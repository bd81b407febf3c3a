# ruff: noqa: A002  (parameters carry the names of the contract: type, id)
"""Recurring problems (倾向性问题): by type and node, combinations, chains, relapses."""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from itertools import combinations
from typing import Any

import numpy as np
from scipy import stats

from graph.analysis import projection
from graph.analysis.contexts import (
    CONTEXTS,
    QUERIES,
    Contexts,
    Item,
    contexts,
    is_context,
    titles,
)
from graph.analysis.deviations import number
from graph.analysis.mining import (
    Candidate,
    Miner,
    Pattern,
    Transactions,
    effects,
    implied_types,
    stacked,
    transactions,
)
from graph.analysis.projection import Cut, Ints
from graph.analysis.scope import COUNTED, batches, choice, local_day, one_source
from graph.analysis.strata import QUARTER, Strata, strata_of_source, with_quarter
from graph.analysis.stratified import p_two_sided
from graph.analysis.words import LEVEL, adjusted, trend, word
from graph.rulebook import book, problem_types, version
from graph.store.connection import Graph

KINDS = ("DATA", "PROCEDURAL", "SUBSTANTIVE")
"""The order in which a chain of problems runs: data, procedural, substantive."""


def chains(cut: Cut, some: Ints, min_cases: int = 2) -> list[dict[str, Any]]:
    """Ordered chains of at least two kinds that occur in ``min_cases`` matters or more.

    A chain is one problem type (with its node) per kind, in the order data, procedural,
    substantive, each known strictly later than the one before. ``support`` counts matters (a case
    without a matter stands for itself), so that sibling cases are not counted twice; ``cases``
    holds every case that a chain ran through (positions, with repetitions). ``together`` counts the
    matters that hold the steps in whatever order, ``p_order`` is the chance that so many ran in
    this one if every order were as likely. Ordered by the codes. ``some`` are the problems that
    count (positions).
    """
    case = cut.problem_case[some]
    scopes, scope = np.unique(cut.scope[case], return_inverse=True)
    moments, moment = np.unique(cut.problem_known[some], return_inverse=True)
    when = scope * (len(moments) + 1) + moment
    order = np.argsort(when)
    kinds = np.array([*(KINDS.index(k) if k in KINDS else -1 for k in cut.kinds), -1])
    kind = kinds[cut.problem_kind[some]]
    width = len(cut.nodes) + 1
    items, item = np.unique(
        cut.problem_type[some] * width + cut.problem_node[some] + 1, return_inverse=True
    )
    held = np.zeros((len(items), len(scopes)), dtype=np.bool_)
    held[item, scope] = True
    rows: list[dict[str, Any]] = []
    for one in (c for size in (2, 3) for c in combinations(range(len(KINDS)), size)):
        run = [np.flatnonzero(kind == one[0])]
        for k in one[1:]:
            later = order[kind[order] == k]
            first = np.searchsorted(when[later], when[run[-1]], side="right")
            last = np.searchsorted(when[later], (scope[run[-1]] + 1) * (len(moments) + 1))
            row, at = projection.several(first, last - first)
            run = [*(step[row] for step in run), later[at]]
        for steps, at in projection.grouped(*(item[step] for step in run)):
            support = len(np.unique(scope[run[0][at]])) if len(at) >= min_cases else 0
            if support >= max(min_cases, 1):
                chain = [
                    {"kind": KINDS[k], "type": cut.problem_types[i // width], "node": _code(cut, i)}
                    for k, i in zip(one, items[list(steps)].tolist(), strict=True)
                ]
                together = np.logical_and.reduce(held[list(steps)])
                ran = np.concatenate([case[step[at]] for step in run])
                counts = {"support": support, "cases": ran, "together": int(together.sum())}
                rows.append({"chain": chain, **counts})
    # All at once: a call costs more than many values.
    share = [1 / 2 if len(row["chain"]) == 2 else 1 / 6 for row in rows]
    counted = [(row["support"] - 1, row["together"]) for row in rows]
    chances = stats.binom.sf(*np.array(counted).reshape(-1, 2).T, share)
    for told, p in zip(rows, chances.tolist(), strict=True):
        told["p_order"] = p
    return sorted(
        rows,
        key=lambda row: [
            (KINDS.index(s["kind"]), s["type"], s["node"] or "") for s in row["chain"]
        ],
    )


def _code(cut: Cut, item: int) -> str | None:
    """The node of the number of a type and a node, in which 0 stands for none."""
    node = item % (len(cut.nodes) + 1)
    return cut.nodes[node - 1].node if node else None


@dataclass(frozen=True)
class Spread:
    """The problems behind a row: distinct cases, handlers, months, kinds, and their number."""

    cases: Ints
    handlers: int
    months: int
    kinds: tuple[str, ...]
    problems: int

    @classmethod
    def of(cls, cut: Cut, at: Ints) -> Spread:
        """Over some of the problems of a cut (positions)."""
        cases = np.unique(cut.problem_case[at])
        handlers = np.unique(cut.handler[cases])
        kinds = tuple(sorted(cut.found_by[k] for k in np.unique(cut.problem_by[at])))
        months = len(np.unique(cut.problem_month[at]))
        return cls(cases, int(np.count_nonzero(handlers >= 0)), months, kinds, len(at))

    def shown(self) -> dict[str, Any]:
        """As a row holds it; ``spread`` says whether it is more than one person's or month's."""
        return {
            "cases": len(self.cases),
            "handlers": self.handlers,
            "months": self.months,
            "kinds": list(self.kinds),
            "problems": self.problems,
        }


def by_item(cut: Cut) -> dict[Item, Ints]:
    """The problems (positions) of each type and node key, '' for those without a node."""
    keys = [*(n.key for n in cut.nodes), ""]
    found = projection.grouped(cut.problem_type, cut.problem_node)
    return {(cut.problem_types[type_], keys[node]): at for (type_, node), at in found}


class Search:
    """The patterns of a cut, with all that an answer says of them."""

    def __init__(
        self,
        cut: Cut,
        strata: Strata,
        min_cases: int,
        beside: Contexts = Contexts(),
    ) -> None:
        self.cut, self.min_cases, self.beside = cut, min_cases, beside
        code, names, by = strata
        cases = transactions(cut, code, names, beside, by.index(QUARTER))
        self.holding = np.unique(cases.row)
        self.t: Transactions = cases.packed()
        self.miner = Miner(self.t, same_duty(), min_cases)
        self.found = self.miner.search()
        self.effects = dict(
            zip(
                (id(t) for t in self.found.tested),
                effects(self.found.tested),
                strict=True,
            )
        )
        self.problems = by_item(cut)

    def single_rows(self) -> list[list[dict[str, Any]]]:
        """One group per (type, node): the row over all departments, then each department."""
        tested = {(t.pattern[0], t.department): t for t in self.found.tested if t.department}
        groups = []
        for item in sorted(self.problems, key=lambda i: (i[0], _node_code(i[1]) or "")):
            at = self.problems[item]
            whole = Spread.of(self.cut, at)
            if len(whole.cases) < self.min_cases:
                continue
            rows = [self._row((item,), None, whole) | self._alone(item)]
            place = self.cut.department[self.cut.problem_case[at]]
            for d in np.unique(place[place >= 0]).tolist():
                name = self.cut.departments[d]
                spread = Spread.of(self.cut, at[place == d])
                t = tested.get((item, name))
                said = self._said(t) if t else self._untested(len(spread.cases))
                rows.append(self._row((item,), name, spread) | said)
            groups.append(rows)
        return groups

    def combinations(self, ids: int | None) -> list[dict[str, Any]]:
        """Rows of the combinations, by evidence."""
        rows = []
        number_of = {item: at for at, item in enumerate(self.t.items)}
        several = [t for t in self.found.tested if t.department is None]
        for t in sorted(several, key=lambda t: (t.q, t.p, t.pattern)):
            held = self.miner.jointly([number_of[i] for i in t.pattern])
            cases = self.holding[held]
            at = np.concatenate([self.problems[i] for i in t.pattern if not is_context(i)])
            spread = Spread.of(self.cut, at[np.isin(self.cut.problem_case[at], cases)])
            row = self._row(t.pattern, None, spread) | self._said(t)
            if ids is not None:
                names = [self.cut.cases[c].split("/", 1)[1] for c in cases.tolist()]
                shown = names[:ids] if ids else names
                row["case_ids"] = {
                    "total": len(names),
                    "shown": len(shown),
                    "truncated": len(shown) < len(names),
                    "cases": shown,
                }
            rows.append(row)
        return rows

    def circumstances(self) -> list[dict[str, Any]]:
        """The circumstances: in how many cases each is, of how many in which it could be."""
        place = {item: at for at, item in enumerate(self.t.items)}
        return [
            _item(c.item)
            | {"cases": len(c.cases), "of": int(self.miner.population((place[c.item],)).sum())}
            for c in self.beside.items
        ]

    def convergence(self) -> list[dict[str, Any]]:
        """Nodes at which problems of more than one kind lie: cases by kind, in order of code."""
        cut = self.cut
        rows = []
        for n in np.unique(cut.problem_node[cut.problem_node >= 0]).tolist():
            at = np.flatnonzero(cut.problem_node == n)
            by_kind = {
                cut.kinds[k]: len(np.unique(cut.problem_case[at[cut.problem_kind[at] == k]]))
                for k in np.unique(cut.problem_kind[at]).tolist()
            }
            if len(by_kind) > 1:
                cases = len(np.unique(cut.problem_case[at]))
                rows.append({"node": cut.nodes[n].node, "cases": cases, "by_kind": by_kind})
        return sorted(rows, key=lambda r: str(r["node"]))

    def relapses(self, day: dt.date) -> list[dict[str, Any]]:
        """Problems that a department had after a correction of the like was closed.

        The cases accepted after the day on which the first correction was closed, against those
        before it, among the department's cases to which the item applies; stratified by case type
        and number of parties.
        """
        cut, rows, cells = self.cut, [], []
        strata = cut.type * 8 + cut.party_class
        names, place = np.unique(strata, return_inverse=True)
        place = place.reshape(-1)
        epoch = dt.date(1970, 1, 1)
        closed_any = {i for i, days in enumerate(cut.corrected) if days}
        for item, at in sorted(self.problems.items()):
            if closed_any.isdisjoint(at.tolist()):
                continue
            where = cut.department[cut.problem_case[at]]
            holds = np.zeros(len(cut), dtype=np.bool_)
            holds[cut.problem_case[at]] = True
            can = self._passed(item[1]) | holds
            for d in np.unique(where[where >= 0]).tolist():
                days = [x for i in at[where == d].tolist() for x in cut.corrected[i] if x <= day]
                if not days:
                    continue
                first = min(days)
                own = (cut.department == d) & can
                after = own & (cut.accepted > (first - epoch).days)
                before = own & ~after & (cut.accepted >= 0)
                four = (after & holds, after & ~holds, before & holds, before & ~holds)
                cells.append(np.stack([np.bincount(place[x], minlength=len(names)) for x in four]))
                a, b, c, e = (int(x.sum()) for x in four)
                rows.append(
                    {
                        "type": item[0],
                        "node": _node_code(item[1]),
                        "department": cut.departments[d],
                        "closed": first,
                        "before": {"cases": c, "of": c + e},
                        "after": {"cases": a, "of": a + b},
                    }
                )
        if not rows:
            return []
        t = stacked(cells)
        p = p_two_sided(t)
        run = np.flatnonzero(t.information > 0)
        q = np.ones(len(p))
        q[run] = adjusted(p[run])
        tested = [Candidate((), None, c, np.arange(c.shape[1]), int(c.sum()), True) for c in cells]
        for i, (row, effect) in enumerate(zip(rows, effects(tested), strict=True)):
            said = word(float(q[i]), float(t.information[i]), tested[i].n, len(run), two_sided=True)
            row |= {
                "effect": {k: number(v) for k, v in effect.items()},
                "p": float(p[i]),
                "q": float(q[i]),
                "word": said.text,
                "word_zh": said.zh,
                "relapsed": row["after"]["cases"] > 0,
            }
        return rows

    def _passed(self, node: str) -> projection.Bools:
        """The cases that passed a node; all of them where a problem has none."""
        there = np.full(len(self.cut), not node, dtype=np.bool_)
        for at, n in enumerate(self.cut.nodes):
            if n.key == node:
                there[self.cut.event_case[self.cut.event_node == at]] = True
        return there

    def _row(self, pattern: Pattern, department: str | None, spread: Spread) -> dict[str, Any]:
        items = [_item(i) for i in _in_words(pattern)]
        one = items[0] if len(items) == 1 else None
        return {
            "id": _name(pattern, department),
            "type": one and one["type"],
            "node": one and one["node"],
            "department": department,
            **spread.shown(),
            "zh": " + ".join(str(i["zh"]) for i in items),
            "en": " + ".join(str(i["en"]) for i in items),
            "items": items,
            "spread": spread.handlers >= 2 and spread.months >= 2,
        }

    def _said(self, t: Candidate) -> dict[str, Any]:
        effect = self.effects[id(t)]
        expected = float(t.tables.expected.sum())
        information = float(t.tables.information[0])
        said = word(t.q, information, t.n, self.found.tests, two_sided=False)
        return {
            "of": t.n,
            "observed": t.support,
            "expected": expected if len(t.at) else None,
            "lift": t.support / expected if expected else None,
            "effect": {k: number(v) for k, v in effect.items()},
            "p": t.p,
            "q": t.q,
            "word": said.text,
            "word_zh": said.zh,
            "more": said.more,
            "testable": t.testable,
            "replicated": t.replicated,
            "trend": t.trend,
            "folded": _name(t.folded.pattern, None) if t.folded else None,
        }

    def _untested(self, n: int) -> dict[str, Any]:
        """A row that no comparison exists for: nobody else had the node in its strata."""
        said = word(1.0, 0.0, n, self.found.tests, two_sided=False)
        return _NO_TEST | {
            "of": n,
            "word": said.text,
            "word_zh": said.zh,
            "more": said.more,
            "trend": "steady",
        }

    def _alone(self, item: Item) -> dict[str, Any]:
        """A (type, node) over all departments: how often is no question of chance, whether it
        grows is."""
        i = self.t.items.index(item)
        n = self.miner.population((i,))
        held = self.miner.strata_of(self.miner.holders[i])
        at = self.t.quarter
        rest = [s[:at] + s[at + 1 :] for s in self.t.strata]
        quarters = sorted({s[at] for s in self.t.strata})
        same = {name: at for at, name in enumerate(sorted(set(rest)))}
        group = np.array([same[r] for r in rest], dtype=np.int64)
        when = np.array([quarters.index(s[at]) for s in self.t.strata], dtype=np.int64)
        size = np.bincount(group, n, len(same))
        rate = np.divide(
            np.bincount(group, held, len(same)), size, out=np.zeros(len(same)), where=size > 0
        )
        observed = np.bincount(when, held, len(quarters)).astype(np.int64)
        expected = np.bincount(when, n * rate[group], len(quarters)).astype(np.float64)
        said = word(1.0, float("inf"), int(n.sum()), self.found.tests, two_sided=False)
        return _NO_TEST | {
            "of": int(n.sum()),
            "word": said.text,
            "word_zh": said.zh,
            "more": None,
            "trend": trend(observed, expected)[0],
        }


_NO_TEST: dict[str, Any] = {
    "of": None,
    "observed": None,
    "expected": None,
    "lift": None,
    "effect": {"odds_ratio": None, "low": None, "high": None},
    "p": 1.0,
    "q": 1.0,
    "word": None,
    "word_zh": None,
    "more": None,
    "testable": False,
    "replicated": None,
    "trend": None,
    "folded": None,
}


def same_duty() -> Any:
    """Whether two problem types state the same duty, by the rules that they rest on."""
    rules = {code: t.rules for code, t in problem_types().items()}
    again = [
        (str(rule.entry.type), rule.entry.same)
        for versions in book().data_rules.values()
        for rule in versions
        if rule.entry.same
    ]
    return implied_types(rules, again)


def _node_code(key: str) -> str | None:
    return key.split("/", 1)[1] if key else None


def _in_words(pattern: Pattern) -> list[Item]:
    """The items as they are told: problems first, then the circumstance."""
    return sorted(pattern, key=is_context)


def _item(item: Item) -> dict[str, Any]:
    """An item as a row holds it; a circumstance adds its value under its own name."""
    told: dict[str, Any] = {
        "type": None,
        "node": _node_code(item[1]),
        "kind": None,
        "zh": None,
        "en": None,
    }
    if not is_context(item):
        entry = problem_types().get(item[0])
        about = {"kind": entry.kind, "zh": entry.zh, "en": entry.en} if entry else {}
        return told | {"type": item[0]} | about
    zh, en = titles(item)
    return told | {item[2]: item[3], "zh": zh, "en": en}


def _name(pattern: Pattern, department: str | None) -> str:
    parts = []
    for item in _in_words(pattern):
        node = _node_code(item[1]) or "-"
        if not is_context(item):
            parts.append(f"{item[0]}@{node}")
        else:
            parts.append(f"{item[3]}@{node}" if item[1] else f"{item[2]}={item[3]}")
    said = "+".join(parts)
    return f"{said}/{department}" if department else said


def patterns(
    g: Graph,
    type: str | None = None,
    node: str | None = None,
    unit: str | None = None,
    as_of: dt.date | dt.datetime | str | None = None,
    limit: int = 50,
    *,
    source: str | None = None,
    statuses: Sequence[str] = COUNTED,
    min_cases: int = 2,
    ids: int | None = None,
    context: Sequence[str] = (),
) -> dict[str, Any]:
    """Recurring problems as of ``as_of``: combinations beyond chance, then rows by (type, node),
    each followed by its departments, then the other combinations.

    ``cases``, ``handlers``, ``months`` (of finding) and ``problems`` are distinct counts of
    problems whose status is among ``statuses``; ``kinds`` are the supervisions that found them.
    ``items`` name what comes together; ``expected`` is how often chance alone would give it, where
    it was ``observed``, among the ``of`` cases to which it can apply; ``effect`` the odds ratio
    with its interval, ``q`` the p adjusted over the ``tests`` testable patterns, ``word`` what may
    be said. ``replicated`` says whether it shows in the earlier and, alone, in the later half of
    the cases (null: too few to tell); ``spread`` whether it is more than one handler's and one
    month's; ``trend`` emerging, steady or fading against expectation; ``folded`` names the
    pattern that explains this one. ``type`` and ``node`` choose rows, they do not change what is
    tested; ``unit`` does: it is then as if the others were not there. ``limit`` bounds the rows and
    the chains (0 = all), ``total`` counts all rows; ``ids`` adds the cases behind combinations.
    ``context`` asks for circumstances too (:mod:`graph.analysis.contexts`): combinations may then
    hold one beside their problems, ``contexts`` says how often each is there, and there are more
    tests. Raises InputError for several sources in the store and none named, and for an unknown
    circumstance.
    """
    for name in context:
        choice("context", name, CONTEXTS)
    source = one_source(g, source)
    moment = g.as_of(as_of)
    params: dict[str, Any] = {
        "type": type,
        "node": node,
        "unit": unit,
        "statuses": list(statuses),
        "source": source,
        "as_of": moment,
        **({"context": list(context)} if context else {}),
    }
    columns = projection.columns(g, source)
    cut = (columns.of_unit(unit) if unit else columns).cut(moment, statuses)
    beside = contexts(g, cut, source, context)
    strata = with_quarter(cut, strata_of_source(g, cut, source))
    search = Search(cut, strata, min_cases, beside)

    def asked(row: dict[str, Any]) -> bool:
        return any(type in {None, i["type"]} and node in {None, i["node"]} for i in row["items"])

    combined = [row for row in search.combinations(ids) if asked(row)]
    singles = [row for group in search.single_rows() for row in group if asked(row)]
    told = [r for r in combined if r["q"] <= LEVEL]
    told.sort(key=lambda r: r["folded"] is not None)
    rows = [*told, *singles, *(r for r in combined if r["q"] > LEVEL)]
    types = np.array([type in {None, t} for t in cut.problem_types], dtype=np.bool_)
    places = np.array([node in {None, n.node} for n in cut.nodes] + [node is None])
    found = np.flatnonzero(types[cut.problem_type] & places[cut.problem_node])
    linked = _listed("chains", chains(cut, found, min_cases), limit)
    for row in linked["chains"]:
        row["cases"] = cut.ids(row["cases"])
    relapsed = [r for r in search.relapses(local_day(moment)) if _of(r, type, node)]
    shown = rows[:limit] if limit else rows
    return {
        "as_of": moment,
        "source": source,
        "statuses": list(statuses),
        "min_cases": min_cases,
        "problems": len(found),
        "strata": list(strata[2]),
        "tests": search.found.tests,
        "patterns_tried": search.found.patterns,
        "total": len(rows),
        "shown": len(shown),
        "truncated": len(shown) < len(rows),
        "patterns": shown,
        **({"contexts": _listed("contexts", search.circumstances(), limit)} if context else {}),
        "chains": linked,
        "relapses": _listed("relapses", relapsed, limit),
        "convergence": _listed(
            "nodes", [c for c in search.convergence() if node in {None, c["node"]}], limit
        ),
        "evidence": {
            "queries": [
                *("columns_cases", "columns_events", "columns_problems"),
                *(q for name in context for q in QUERIES[name]),
            ],
            "params": params,
            "rulebook": version(),
            "batches": batches(g, source),
        },
    }


def _of(row: Mapping[str, Any], type: str | None, node: str | None) -> bool:
    return type in {None, row["type"]} and node in {None, row["node"]}


def _listed(name: str, rows: Sequence[Any], limit: int) -> dict[str, Any]:
    shown = rows[:limit] if limit else rows
    return {
        "total": len(rows),
        "shown": len(shown),
        "truncated": len(shown) < len(rows),
        name: list(shown),
    }
