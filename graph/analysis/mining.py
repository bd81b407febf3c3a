"""Which problems come together beyond chance (倾向性问题): significant patterns over strata.

A case is a transaction: the items (problem type at a node) found in it, the nodes it passed, its
stratum and department. The null: within a stratum, among the cases to which every item of a
pattern can apply, the items occur independently given their margins. A pattern of several items is
tested by each item against the conjunction of the others, the largest p counts; a single item in a
department against the other departments of the stratum. Only patterns that could be significant
count as tests (Tarone), and q is adjusted over these. The search is exact: no pattern up to three
items that could be significant is left out. Circumstances (:mod:`graph.analysis.contexts`) are
items too where they are given; none alone is a pattern, and no two are combined.
"""

from __future__ import annotations

import math
from collections import defaultdict
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from functools import cached_property
from itertools import combinations
from typing import Any

import numpy as np

from graph.analysis.contexts import Contexts, Item, is_context, place_of, same_thing
from graph.analysis.projection import STRATA, Bools, Cut, Ints
from graph.analysis.stratified import (
    Floats,
    Tables,
    least_p_of,
    p_greater,
    pooled,
)
from graph.analysis.words import LEVEL, adjusted, attainable, trend

Stratum = tuple[str, ...]
Pattern = tuple[Item, ...]
QUARTER = STRATA.index("quarter")
"""Where the quarter stands in a stratum, unless a profile names the strata."""


@dataclass(frozen=True)
class Transactions:
    """Distinct transactions with their multiplicity; those of two stores add.

    ``stratum``, ``department`` (-1: none) and ``weight`` have one number a transaction; ``passed``
    and ``due`` one row a transaction and one column a node of :attr:`places`: an item can apply
    there, or one about a step left out. ``row`` and ``item`` list who holds what. ``apart`` lists
    (row, item, item): in that transaction the two rest on the same thing, and it says nothing about
    them together.
    """

    strata: tuple[Stratum, ...]
    departments: tuple[str, ...]
    items: tuple[Item, ...]
    places: tuple[str, ...]
    stratum: Ints
    department: Ints
    weight: Ints
    passed: Bools
    due: Bools
    row: Ints
    item: Ints
    apart: frozenset[tuple[int, int, int]]
    quarter: int = QUARTER

    def __add__(self, other: Transactions) -> Transactions:
        strata = tuple(sorted({*self.strata, *other.strata}))
        departments = tuple(sorted({*self.departments, *other.departments}))
        items = tuple(sorted({*self.items, *other.items}))
        places = tuple(sorted({*self.places, *other.places}))
        parts: dict[str, list[Any]] = defaultdict(list)
        apart: set[tuple[int, int, int]] = set()
        start = 0
        for part in (self, other):
            to_stratum, to_item, to_place = (
                _moved(a, b)
                for a, b in (
                    (part.strata, strata),
                    (part.items, items),
                    (part.places, places),
                )
            )
            to_department = np.append(_moved(part.departments, departments), -1)
            parts["stratum"].append(to_stratum[part.stratum])
            parts["department"].append(to_department[part.department])
            parts["weight"].append(part.weight)
            for name in ("passed", "due"):
                cells = np.zeros((len(part.weight), len(places)), dtype=np.bool_)
                cells[:, to_place] = getattr(part, name)
                parts[name].append(cells)
            parts["row"].append(part.row + start)
            parts["item"].append(to_item[part.item])
            for r, a, b in part.apart:
                low, high = sorted((int(to_item[a]), int(to_item[b])))
                apart.add((r + start, low, high))
            start += len(part.weight)
        joined = {name: np.concatenate(found) for name, found in parts.items()}
        rest: dict[str, Any] = {**joined, "apart": frozenset(apart), "quarter": self.quarter}
        return Transactions(strata, departments, items, places, **rest)

    def packed(self) -> Transactions:
        """Equal transactions without an item as one, with their multiplicity."""
        bare = np.ones(len(self.weight), dtype=np.bool_)
        bare[self.row] = False
        keep = np.flatnonzero(~bare)
        some = np.flatnonzero(bare)
        key = np.concatenate(
            [
                self.stratum[some, None].view(np.uint8).reshape(len(some), 8),
                self.department[some, None].view(np.uint8).reshape(len(some), 8),
                np.packbits(self.passed[some], axis=1),
                np.packbits(self.due[some], axis=1),
            ],
            axis=1,
        )
        void = np.ascontiguousarray(key).view(np.dtype((np.void, key.shape[1]))).reshape(-1)
        _, first, back = np.unique(void, return_index=True, return_inverse=True)
        weight = np.bincount(back.reshape(-1), self.weight[some], len(first)).astype(np.int64)
        rows = np.concatenate([keep, some[first]])
        again = np.full(len(self.weight), -1, dtype=np.int64)
        again[keep] = np.arange(len(keep))
        return Transactions(
            self.strata,
            self.departments,
            self.items,
            self.places,
            self.stratum[rows],
            self.department[rows],
            np.concatenate([self.weight[keep], weight]),
            self.passed[rows],
            self.due[rows],
            again[self.row],
            self.item,
            frozenset((int(again[r]), a, b) for r, a, b in self.apart),
            self.quarter,
        )


def _moved(old: Sequence[Any], new: Sequence[Any]) -> Ints:
    place = {x: at for at, x in enumerate(new)}
    return np.array([place[x] for x in old], dtype=np.int64)


def transactions(
    cut: Cut,
    stratum: Ints,
    strata: Sequence[Stratum],
    contexts: Contexts = Contexts(),
    quarter: int = QUARTER,
) -> Transactions:
    """One transaction a case, in the order of the cases; ``contexts`` add their items.

    ``quarter`` is the place of the quarter in a stratum.
    """
    held: dict[tuple[int, Item], list[int]] = defaultdict(list)
    for at in range(len(cut.problem_case)):
        node = cut.problem_node[at]
        type_ = cut.problem_types[cut.problem_type[at]]
        item: Item = (type_, cut.nodes[node].key if node >= 0 else "")
        held[int(cut.problem_case[at]), item].append(at)
    items = tuple(sorted({*(item for _, item in held), *(c.item for c in contexts.items)}))
    places = tuple(sorted({place_of(item) for item in items} - {""}))
    number = {item: at for at, item in enumerate(items)}
    by_case: dict[int, list[Item]] = defaultdict(list)
    for case, item in held:
        by_case[case].append(item)
    apart = set()
    for case, mine in by_case.items():
        for a, b in combinations(sorted(mine), 2):
            if not _separate(cut, held[case, a], held[case, b]):
                apart.add((case, number[a], number[b]))
    passed, due = _applicable(cut, places)
    rows = [(case, number[item]) for case, item in held]
    for c in contexts.items:
        rows += [(case, number[c.item]) for case in c.cases.tolist()]
        if c.told is not None:
            for cells in (passed, due):
                cells[c.told, places.index(place_of(c.item))] = True
            continue
        for case in c.cases.tolist():
            for item in by_case.get(case, ()):
                if not _aside(cut, held[case, item], c.things(case), contexts.events):
                    apart.add((case, *sorted((number[item], number[c.item]))))
    pairs = np.array(sorted(rows), dtype=np.int64).reshape(-1, 2)
    return Transactions(
        tuple(strata),
        tuple(cut.departments),
        items,
        places,
        stratum,
        cut.department,
        np.ones(len(cut), dtype=np.int64),
        passed,
        due,
        pairs[:, 0],
        pairs[:, 1],
        frozenset(apart),
        quarter,
    )


def _separate(cut: Cut, ones: Sequence[int], others: Sequence[int]) -> bool:
    """Whether some problem of each rests on, or led to, nothing that the other does."""
    return any(set(cut.joined[a]).isdisjoint(cut.joined[b]) for a in ones for b in others)


def _aside(
    cut: Cut,
    problems: Sequence[int],
    things: Sequence[frozenset[str]],
    events: Mapping[int, frozenset[str]],
) -> bool:
    """Whether some problem rests on, or led to, nothing that some ground of a deviation does."""
    return any(
        thing.isdisjoint(cut.joined[p]) and thing.isdisjoint(events.get(p, ()))
        for p in problems
        for thing in things
    )


def _applicable(cut: Cut, places: Sequence[str]) -> tuple[Bools, Bools]:
    """Which cases passed each place, and which passed it or, being due, went on without it."""
    column = {n.key: places.index(n.key) for n in cut.nodes if n.key in set(places)}
    to = np.array([column.get(n.key, -1) for n in cut.nodes], dtype=np.int64)
    passed = np.zeros((len(cut), len(places)), dtype=np.bool_)
    there = to[cut.event_node] >= 0
    passed[cut.event_case[there], to[cut.event_node[there]]] = True
    seq = np.array([-1 if n.seq is None else n.seq for n in cut.nodes], dtype=np.int64)
    fixed = np.array([n.seq is not None and not n.conditional for n in cut.nodes], dtype=np.bool_)
    groups = {name: at for at, name in enumerate(cut.types)}
    group = np.array([groups.get(n.case_group or "", -2) for n in cut.nodes], dtype=np.int64)
    furthest = np.full(len(cut), -1, dtype=np.int64)
    tells = fixed[cut.event_node] & (group[cut.event_node] == cut.type[cut.event_case])
    np.maximum.at(furthest, cut.event_case[tells], seq[cut.event_node[tells]])
    due = passed.copy()
    for at, place in enumerate(to):
        if place >= 0 and fixed[at]:
            due[:, place] |= (cut.type == group[at]) & (furthest > seq[at])
    return passed, due


@dataclass
class Candidate:
    """One pattern with its tables: a combination of items, or an item in a department.

    ``cells`` (4, k) and ``at`` (k) are the informative strata of the deciding test; ``support`` is
    the number of cases in which it counts, ``n`` those in which it could.
    """

    pattern: Pattern
    department: str | None
    cells: Ints
    at: Ints
    n: int
    testable: bool
    p: float = 1.0
    q: float = 1.0
    folded: Candidate | None = None
    replicated: bool | None = None
    trend: str = "steady"
    trend_p: float = 1.0

    @property
    def support(self) -> int:
        """Cases in which the pattern counts."""
        return int(self.cells[0].sum())

    @property
    def beyond(self) -> bool:
        """Whether it is beyond chance."""
        return self.testable and self.q <= LEVEL

    @cached_property
    def tables(self) -> Tables:
        """As two-by-two tables of one hypothesis."""
        return Tables(*(self.cells[i][None, :] for i in range(4)))


def stacked(parts: Sequence[Ints]) -> Tables:
    """Tables of several hypotheses with different strata, filled up with empty strata."""
    width = max((p.shape[1] for p in parts), default=0)
    cells = np.zeros((4, len(parts), max(width, 1)), dtype=np.int64)
    for at, p in enumerate(parts):
        cells[:, at, : p.shape[1]] = p
    return Tables(*cells)


@dataclass
class Found:
    """What the search found: patterns seen in at least ``min_cases`` cases, and how many tests."""

    tested: list[Candidate]
    tests: int
    patterns: int = field(default=0)


class Miner:
    """The search over one set of transactions."""

    def __init__(
        self, t: Transactions, implied: Callable[[str, str], bool], min_cases: int = 2
    ) -> None:
        self.t, self.implied, self.min_cases = t, implied, min_cases
        self.width = len(t.strata)
        order = np.lexsort((t.row, t.item))
        rows, items = t.row[order], t.item[order]
        bounds = np.searchsorted(items, np.arange(len(t.items) + 1))
        every = [rows[bounds[i] : bounds[i + 1]] for i in range(len(t.items))]
        self.never = self._never()
        self.can = self._columns(every)
        # A problem where the item cannot apply is counted, but tells nothing about chance.
        self.holders = [h[self.can[h, i]] for i, h in enumerate(every)]
        self.apart: dict[tuple[int, int], set[int]] = defaultdict(set)
        for r, a, b in t.apart:
            self.apart[a, b].add(r)
        self._population: dict[tuple[int, ...], Ints] = {}

    def _columns(self, holders: Sequence[Ints]) -> Bools:
        """Which transactions each item can apply to: they passed the node.

        An item whose holders mostly did not pass it is about a step left out: it can apply to
        whoever was due there.
        """
        t = self.t
        can = np.ones((len(t.weight), len(t.items)), dtype=np.bool_)
        place = {p: at for at, p in enumerate(t.places)}
        self.kind: list[int] = []
        for i, item in enumerate(t.items):
            if not (where := place_of(item)):
                self.kind.append(-1)
                continue
            column = place[where]
            there = t.passed[:, column]
            left_out = 2 * int(there[holders[i]].sum()) < len(holders[i])
            can[:, i] = t.due[:, column] if left_out else there
            self.kind.append(column + (len(t.places) if left_out else 0))
        return can

    def strata_of(self, rows: Ints) -> Ints:
        """How many of some transactions lie in each stratum."""
        t = self.t
        counts = np.bincount(t.stratum[rows], t.weight[rows], self.width)
        return counts.astype(np.int64)

    def population(self, items: Iterable[int]) -> Ints:
        """Cases of each stratum to which all of the items can apply."""
        chosen = {self.kind[i]: i for i in items if self.kind[i] >= 0}
        key = tuple(sorted(chosen))
        if key not in self._population:
            mask = np.ones(len(self.t.weight), dtype=np.bool_)
            for kind in key:
                mask &= self.can[:, chosen[kind]]
            self._population[key] = self.strata_of(np.flatnonzero(mask))
        return self._population[key]

    def within(self, rows: Ints, items: Iterable[int]) -> Ints:
        """Those of some transactions to which all of the items can apply."""
        for i in items:
            rows = rows[self.can[rows, i]]
        return rows

    def cells(self, one: int, rest: Sequence[int]) -> tuple[Ints, Ints, int]:
        """The table of an item against the conjunction of others: cells, strata, cases."""
        both = self.jointly((one, *rest))
        out = self.tied((one, *rest))
        n = self.population((one, *rest))
        a = self.strata_of(both)
        with_one = self.strata_of(_without(self.within(self.holders[one], rest), out))
        with_rest = self.strata_of(_without(self.within(self.jointly(rest), (one,)), out))
        if len(out):
            n = n - self.strata_of(self.within(out, (one, *rest)))
        kept = np.flatnonzero((with_one > 0) & (with_rest > 0))
        cells = np.stack([a, with_one - a, with_rest - a, n - with_one - with_rest + a])[:, kept]
        return cells, kept, int(n.sum())

    def jointly(self, items: Sequence[int]) -> Ints:
        """Transactions that hold all of some items, resting on separate things."""
        rows = self.holders[items[0]]
        for i in items[1:]:
            rows = np.intersect1d(rows, self.holders[i], assume_unique=True)
        return _without(self.within(rows, items), self.tied(items))

    def tied(self, items: Sequence[int]) -> Ints:
        """Transactions in which two of the items rest on the same thing."""
        found: set[int] = set()
        for a, b in combinations(sorted(items), 2):
            found |= self.apart.get((a, b), set())
        return np.array(sorted(found), dtype=np.int64)

    # -- the search ---------------------------------------------------------------------------

    def search(self) -> Found:
        """All patterns, adjusted together."""
        pair_log, pair_at = self._pairs()
        single = self._singles()
        level = _level(np.concatenate([pair_log, [s[1] for s in single]]))
        triples = self._triples(level)
        logs = np.concatenate([pair_log, [s[1] for s in single], [x[1] for x in triples]])
        # A hair of room: the bound and the sum are rounded differently.
        can_be = attainable(logs - 1e-9) if len(logs) else np.zeros(0, dtype=np.bool_)
        tests = int(np.count_nonzero(can_be))
        found: list[Candidate] = []
        for (a, b), ok in zip(pair_at, can_be, strict=False):
            cells, at, n = self.cells(a, (b,))
            found.append(Candidate(self._named((a, b)), None, cells, at, n, bool(ok)))
        start = len(pair_log)
        for (one, _), ok in zip(single, can_be[start:], strict=False):
            found.append(one)
            one.testable = bool(ok)
        start += len(single)
        drawn: list[tuple[Candidate, list[Any]]] = []
        for (items, _, parts), ok in zip(triples, can_be[start:], strict=True):
            cells, at, n = parts[0]
            if cells[0].sum() > 0:
                drawn.append((Candidate(self._named(items), None, cells, at, n, bool(ok)), parts))
        self._test(found)
        self._test_triples(drawn)
        found += [t for t, _ in drawn]
        counted = [t for t in found if t.testable]
        q = adjusted(np.array([t.p for t in counted]), tests)
        for t, value in zip(counted, q, strict=True):
            t.q = float(value)
        self._fold(found)
        shown = [t for t in found if t.department is not None or t.support >= self.min_cases]
        self._replicate(shown)
        return Found(shown, tests, len(logs))

    def _named(self, items: Sequence[int]) -> Pattern:
        return tuple(self.t.items[i] for i in sorted(items))

    def _pairs(self) -> tuple[Floats, list[tuple[int, int]]]:
        """Least attainable p of every pair, those seen together first; and which these are."""
        count = len(self.t.items)
        seen = self._together()
        kinds = sorted(set(self.kind))
        where = np.array([kinds.index(k) for k in self.kind], dtype=np.int64)
        of_kind = [self.kind.index(k) for k in kinds]
        margins = np.zeros((count, len(kinds), self.width), dtype=np.int32)
        for i, rows in enumerate(self.holders):
            for k, some in enumerate(of_kind):
                margins[i, k] = self.strata_of(rows[self.can[rows, some]])
        sizes = np.array([[self.population((i, j)) for j in of_kind] for i in of_kind])
        first: list[float] = []
        never: list[Floats] = []
        pairs: list[tuple[int, int]] = []
        for i in range(count - 1):
            others = np.flatnonzero(~self.never[i, i + 1 :]) + i + 1
            one = margins[i, where[others]].astype(np.int64)
            other = margins[others, where[i]].astype(np.int64)
            log = least_p_of(one, other, sizes[where[i], where[others]])
            mine = np.array([(i, j) in seen for j in others.tolist()], dtype=np.bool_)
            for j, value in zip(others[mine].tolist(), log[mine].tolist(), strict=True):
                tied = self.apart.get((i, j))
                first.append(_least(self.cells(i, (j,))[0]) if tied else value)
                pairs.append((i, j))
            never.append(log[~mine])
        return np.concatenate([np.array(first), *never]), pairs

    def _never(self) -> Bools:
        """Which pairs of items are never combined: their rules state one duty, the circumstance and
        the problem are one thing by the rules, or both are circumstances."""
        types = sorted({item[0] for item in self.t.items})
        of = np.array([types.index(item[0]) for item in self.t.items], dtype=np.int64)
        pairs = np.array([[self.implied(a, b) for b in types] for a in types], dtype=np.bool_)
        never = np.asarray(pairs.reshape(len(types), len(types))[of[:, None], of[None, :]])
        context = np.array([is_context(item) for item in self.t.items], dtype=np.bool_)
        for i in np.flatnonzero(context).tolist():
            one = self.t.items[i]
            same = [is_context(x) or same_thing(x, one) for x in self.t.items]
            never[i, :] = never[:, i] = same
        return never

    def _together(self) -> dict[tuple[int, int], int]:
        """Pairs of items held by one transaction where both can apply, and in how many."""
        by_row: dict[int, list[int]] = defaultdict(list)
        for i, rows in enumerate(self.holders):
            for r in rows.tolist():
                by_row[r].append(i)
        counts: dict[tuple[int, int], int] = defaultdict(int)
        for r, items in by_row.items():
            for a, b in combinations(items, 2):
                if self.never[a, b]:
                    continue
                if r not in self.apart.get((a, b), ()) and self.can[r, a] and self.can[r, b]:
                    counts[a, b] += int(self.t.weight[r])
        self.together = counts
        return counts

    def _singles(self) -> list[tuple[Candidate, float]]:
        """Each item in each department that holds it, against the other departments."""
        t, found = self.t, []
        departments = len(t.departments)
        if not departments:
            return []
        inside = t.department >= 0
        per_kind: dict[int, Ints] = {}
        for i in range(len(t.items)):
            rows = self.holders[i]
            rows = rows[inside[rows]]
            if not len(rows) or is_context(t.items[i]):
                continue
            strata = np.unique(t.stratum[rows])
            kind = self.kind[i]
            if kind not in per_kind:
                every = np.flatnonzero(inside & self.can[:, i])
                per_kind[kind] = self._by_department(every)
            n = per_kind[kind][:, strata]
            held = self._by_department(rows)[:, strata]
            total, holders = n.sum(axis=0), held.sum(axis=0)
            for d in np.flatnonzero(n.sum(axis=1)).tolist():
                a, b = held[d], n[d] - held[d]
                c = holders - a
                cells = np.stack([a, b, c, total - a - b - c])
                kept = (a + b > 0) & (a + b < total)
                one = Candidate(
                    (t.items[i],), t.departments[d], cells[:, kept], strata[kept], 0, True
                )
                one.n = int(per_kind[kind][d].sum())
                found.append((one, _least(cells[:, kept])))
        return found

    def _by_department(self, rows: Ints) -> Ints:
        t = self.t
        place = t.department[rows] * self.width + t.stratum[rows]
        size = len(t.departments) * self.width
        counts = np.bincount(place, t.weight[rows], size).astype(np.int64)
        return counts.reshape(len(t.departments), self.width)

    def _triples(self, level: float) -> list[tuple[tuple[int, ...], float, list[Any]]]:
        """Triples that could reach the level, with least attainable p and their three tables.

        With r cases holding two of the items, the least p of the third against them is at least
        the largest stratum to the power -r; that bounds which pairs can be part of one.
        """
        largest = max(2, int(np.bincount(self.t.stratum, self.t.weight).max(initial=2)))
        least = max(1, math.ceil(-level / math.log(largest) - 1e-9)) if level < 0 else 1
        strong = {p for p, n in self.together.items() if n >= least}
        after: dict[int, set[int]] = defaultdict(set)
        for a, b in strong:
            after[a].add(b)
        found: list[tuple[tuple[int, ...], float, list[Any]]] = []
        for a, b in sorted(strong):
            for c in sorted(after[a] & after[b]):
                items = (a, b, c)
                parts = [
                    self.cells(items[k], [x for x in items if x != items[k]]) for k in range(3)
                ]
                log = max(_least(cells) for cells, _, _ in parts)
                if log <= level:
                    found.append((items, log, parts))
        return found

    # -- tests --------------------------------------------------------------------------------

    @staticmethod
    def _test(tested: Sequence[Candidate]) -> None:
        if tested:
            p = p_greater(stacked([t.cells for t in tested]))
            for t, value in zip(tested, p, strict=True):
                t.p = float(value)

    @staticmethod
    def _test_triples(drawn: Sequence[tuple[Candidate, list[Any]]]) -> None:
        """The largest of the three p decides, and its table is the one shown."""
        if not drawn:
            return
        p = p_greater(stacked([part[0] for _, parts in drawn for part in parts])).reshape(-1, 3)
        for (t, parts), values in zip(drawn, p, strict=True):
            k = int(values.argmax())
            t.cells, t.at, t.n = parts[k]
            t.p = float(values[k])

    def _fold(self, found: Sequence[Candidate]) -> None:
        """Fold what another pattern explains.

        Three items fold into two of them where, among the cases that hold the third, two no longer
        come together beyond chance. Two fold into three where, among the cases without the third,
        they no longer do.
        """
        number = {item: at for at, item in enumerate(self.t.items)}
        beyond = {t.pattern: t for t in found if t.beyond and t.department is None}
        for pattern, t in beyond.items():
            if len(pattern) != 3:
                continue
            pairs = [beyond[p] for p in combinations(pattern, 2) if p in beyond]
            items = tuple(number[i] for i in pattern)
            if pairs and any(self._given(items, k) > LEVEL for k in range(3)):
                t.folded = min(pairs, key=lambda x: (x.p, x.pattern))
        for pattern, t in beyond.items():
            if len(pattern) != 2:
                continue
            a, b = (number[i] for i in pattern)
            for larger in beyond.values():
                if len(larger.pattern) == 3 and larger.folded is None:
                    third = [number[i] for i in larger.pattern if i not in pattern]
                    if len(third) == 1 and self._apart_from((a, b), third[0]) > LEVEL:
                        t.folded = larger

    def _given(self, items: tuple[int, ...], k: int) -> float:
        """p of two of three items among the cases that hold the third."""
        third = items[k]
        one, other = (i for i in items if i != third)
        rows = _without(self.within(self.holders[third], items), self.tied(items))
        return self._p_among(rows, one, other)

    def _apart_from(self, pair: tuple[int, int], third: int) -> float:
        """p of two items among the cases without a third."""
        one, other = pair
        held = self.holders[third]
        cells, at, _ = self.cells(one, (other,))
        full = np.zeros((4, self.width), dtype=np.int64)
        full[:, at] = cells
        rows = _without(self.within(held, pair), self.tied(pair))
        has_one = np.isin(rows, self.holders[one])
        has_other = np.isin(rows, self.holders[other])
        for k, chosen in enumerate(
            (has_one & has_other, has_one & ~has_other, ~has_one & has_other, ~has_one & ~has_other)
        ):
            full[k] -= self.strata_of(rows[chosen])
        return float(p_greater(stacked([np.maximum(full, 0)]))[0])

    def _p_among(self, rows: Ints, one: int, other: int) -> float:
        has_one = np.isin(rows, self.holders[one])
        has_other = np.isin(rows, self.holders[other])
        cells = np.stack(
            [
                self.strata_of(rows[chosen])
                for chosen in (
                    has_one & has_other,
                    has_one & ~has_other,
                    ~has_one & has_other,
                    ~has_one & ~has_other,
                )
            ]
        )
        return float(p_greater(stacked([cells]))[0])

    def _replicate(self, shown: Sequence[Candidate]) -> None:
        """Whether a pattern beyond chance shows in the earlier and, alone, in the later period.

        The periods part where half of all cases lie before; ``replicated`` is None where the later
        one could not have shown it.
        """
        quarters = [s[self.t.quarter] for s in self.t.strata]
        names = sorted(set(quarters))
        place = np.array([names.index(q) for q in quarters], dtype=np.int64)
        sizes = np.bincount(
            place[self.t.stratum], self.t.weight, minlength=max(1, len(names))
        ).cumsum()
        split = int(np.searchsorted(sizes, sizes[-1] / 2)) if len(self.t.weight) else 0
        for t in shown:
            when = place[t.at]
            observed = np.bincount(when, t.cells[0], len(names)).astype(np.int64)
            expected = np.bincount(when, t.tables.expected[0], len(names)).astype(np.float64)
            t.trend, t.trend_p = trend(observed, expected)
        chosen = [t for t in shown if t.beyond]
        halves = [
            [t.cells[:, place[t.at] <= split] for t in chosen],
            [t.cells[:, place[t.at] > split] for t in chosen],
        ]
        if not chosen:
            return
        p_early, p_late = (p_greater(stacked(h)) for h in halves)
        for t, late, early_p, late_p in zip(chosen, halves[1], p_early, p_late, strict=True):
            if _least(late) > math.log(LEVEL):
                continue
            t.replicated = bool(early_p <= LEVEL and late_p <= LEVEL)


def effects(tested: Sequence[Candidate]) -> list[dict[str, Any]]:
    """Odds ratio with interval of each pattern."""
    if not tested:
        return []
    found = pooled(stacked([t.cells for t in tested]))
    return [
        {"odds_ratio": float(r), "low": float(low), "high": float(high)}
        for r, low, high in zip(found.odds_ratio, found.low, found.high, strict=True)
    ]


def _least(cells: Ints) -> float:
    a, b, c, d = cells
    return float(least_p_of((a + b)[None, :], (a + c)[None, :], (a + b + c + d)[None, :])[0])


def _level(logs: Floats) -> float:
    """The logarithm of the least p that a test must be able to reach to count as one."""
    if not len(logs):
        return math.log(LEVEL)
    return float(logs[attainable(logs)].max(initial=math.log(LEVEL / len(logs))))


def _without(rows: Ints, out: Ints) -> Ints:
    return rows if not len(out) else np.setdiff1d(rows, out, assume_unique=True)


def implied_types(
    rules: Mapping[str, Sequence[str]], same: Iterable[tuple[str, Sequence[str]]]
) -> Callable[[str, str], bool]:
    """Whether two problem types state the same duty: they rest on a common rule.

    ``rules`` gives the rules of each type, ``same`` (type, rules) what data rules state again.
    """
    of: dict[str, set[str]] = defaultdict(set)
    for type_, codes in rules.items():
        of[type_] |= set(codes)
    for type_, codes in same:
        of[type_] |= set(codes)

    def implied(a: str, b: str) -> bool:
        return a != b and not of[a].isdisjoint(of[b])

    return implied
