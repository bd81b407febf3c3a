"""Deviations at nodes against an outcome (节点偏离与指标): counts per stratum, and what they say.

A deviation counts where it came before the outcome. Of a case with the outcome, only what happened
before it is looked at; of a case without, what happened before the event that decided so. Nodes
that stand after the outcome in the order of the procedure are left out, and nodes that did not come
first in 95 of 100 of the cases that passed them and have the outcome: otherwise the outcome, by
ending the time in which a node can be passed, would look as if it went with not passing it. For
the same reason a problem at a node is compared among cases in which it could be found for about as
long: from passing the node, and not before the intake, to the outcome or to the event that decided
against it.
"""

from __future__ import annotations

from collections.abc import Collection, Mapping
from dataclasses import dataclass
from typing import Any, Literal

import numpy as np

from graph.analysis import stratified
from graph.analysis.projection import Bools, Cut, Ints, positions, starts
from graph.analysis.stratified import Tables
from graph.analysis.words import adjusted, word

Deviation = Literal["passed", "repeated", "late", "skipped", "out_of_order", "problem"]
DEVIATIONS: tuple[Deviation, ...] = (
    "passed",
    "repeated",
    "late",
    "skipped",
    "out_of_order",
    "problem",
)
EVER = 1 << 62
"""A window that never closes."""
DAY = 86_400_000_000
"""Microseconds."""
COMES_FIRST = 0.95
OPEN_DAYS = (1, 2, 3, 5, 8, 13, 21, 34, 55)
"""Bounds of the classes of the days from passing a node, or from the intake if that came later, to
the end of a case's window."""
Stratum = tuple[str, ...]


@dataclass(frozen=True)
class Outcome:
    """The outcome that is looked at.

    ``group`` is the position of each case: 1 with the outcome, 0 of the comparison, -1 neither.
    ``window`` is the instant (µs) before which a deviation counts. ``codes`` are nodes at which
    the outcome happens or that it presupposes, ``case_group`` and ``seq`` place it in the
    procedure; None: it has no place, every node may be tested.
    """

    group: Ints
    window: Ints
    codes: frozenset[str]
    case_group: str | None
    seq: int | None


@dataclass(frozen=True)
class LinkCounts:
    """Two-by-two counts of every hypothesis (node key, deviation) in every stratum.

    ``cells`` has the shape (hypotheses, strata, 4): exposed with and without the outcome, others
    with and without. ``order`` has the shape (hypotheses, 2): of the cases with the outcome, those
    that passed the node before it, and those that passed it at all. The counts of two stores add.
    """

    hypotheses: tuple[tuple[str, Deviation], ...]
    strata: tuple[Stratum, ...]
    cells: Ints
    order: Ints

    def __add__(self, other: LinkCounts) -> LinkCounts:
        hypotheses = tuple(sorted({*self.hypotheses, *other.hypotheses}))
        strata = tuple(sorted({*self.strata, *other.strata}))
        row = {h: at for at, h in enumerate(hypotheses)}
        column = {s: at for at, s in enumerate(strata)}
        cells = np.zeros((len(hypotheses), len(strata), 4), dtype=np.int64)
        order = np.zeros((len(hypotheses), 2), dtype=np.int64)
        for part in (self, other):
            rows = np.array([row[h] for h in part.hypotheses], dtype=np.int64)
            columns = np.array([column[s] for s in part.strata], dtype=np.int64)
            cells[rows[:, None], columns[None, :]] += part.cells
            order[rows] += part.order
        return LinkCounts(hypotheses, strata, cells, order)

    @property
    def testable(self) -> Ints:
        """Hypotheses that some at risk show and some do not, at nodes that come first."""
        exposed = self.cells[:, :, :2].sum(axis=(1, 2))
        others = self.cells[:, :, 2:].sum(axis=(1, 2))
        ahead = self.order[:, 0] >= COMES_FIRST * self.order[:, 1]
        return np.flatnonzero((exposed > 0) & (others > 0) & ahead)

    @property
    def tables(self) -> Tables:
        """As two-by-two tables."""
        return Tables(*(self.cells[:, :, at] for at in range(4)))


@dataclass(frozen=True)
class Exposed:
    """Cases at risk of a deviation at a node, and those that show it (positions)."""

    node: int
    deviation: Deviation
    at_risk: Ints
    exposed: Ints
    open_for: Ints | None = None
    """Class of the time in which the deviation could be seen, of each case at risk; None: of no
    account."""


class Passages:
    """First passage and number of passages of each case at each node, inside its window; and when
    the last of its parties first passed there (``settled``)."""

    def __init__(self, cut: Cut, outcome: Outcome) -> None:
        inside = outcome.group >= 0
        kept = inside[cut.event_case] & (cut.event_at < outcome.window[cut.event_case])
        row = np.flatnonzero(kept & (cut.event_node >= 0))
        width = len(cut.nodes)
        pair = cut.event_case[row] * width + cut.event_node[row]
        # Stable: the events of a case stand in order of time.
        order = np.argsort(pair, kind="stable")
        pair, row = pair[order], row[order]
        first = starts(pair)
        self.case, self.node = np.divmod(pair[first], width)
        self.at = cut.event_at[row[first]]
        parties = int(cut.event_party.max(initial=0)) + 2
        whose = pair * parties + cut.event_party[row] + 1
        order = np.argsort(whose, kind="stable")
        own = order[starts(whose[order])]
        self.settled = _most(pair[own], cut.event_at[row[own]])
        decisive = np.array([n.decision for n in cut.nodes], dtype=np.bool_)
        acts = len(cut.acts) + 1
        act = np.where(decisive[cut.event_node[row]], -1, cut.event_act[row])
        each = np.sort(whose * acts + act + 1, kind="stable")
        begin = starts(each)
        self.times = _most(each[begin] // (parties * acts), np.diff(begin, append=len(each)))


def _most(of: Ints, values: Ints) -> Ints:
    """The largest of the values of each of some sorted codes."""
    return np.maximum.reduceat(values, starts(of)) if len(of) else values


def _marked(cut: Cut, cases: Ints) -> Bools:
    """Which cases are among some."""
    marked = np.zeros(len(cut), dtype=np.bool_)
    marked[cases] = True
    return marked


def exposures(cut: Cut, outcome: Outcome) -> list[Exposed]:
    """Every deviation at every node that may be tested: who is at risk, and who shows it."""
    seen = Passages(cut, outcome)
    nodes = cut.nodes
    seq = np.array([-1 if n.seq is None else n.seq for n in nodes], dtype=np.int64)
    fixed = np.array([n.seq is not None and not n.conditional for n in nodes], dtype=np.bool_)
    own = np.array([n.case_group == outcome.case_group for n in nodes], dtype=np.bool_)
    beyond, too_early = _progress(cut, outcome, seen, seq, fixed & own)
    may = may_be_tested(cut, outcome)
    found: list[Exposed] = []
    everyone = np.flatnonzero(outcome.group >= 0)
    before = cut.problem_known < outcome.window[cut.problem_case]
    inside = before & (outcome.group[cut.problem_case] >= 0)
    by_node = positions(seen.node, len(nodes))
    for n in np.flatnonzero(may).tolist():
        at = by_node[n]
        passed = seen.case[at]
        got = _marked(cut, passed)
        ordered = bool(fixed[n] and own[n])
        if ordered:
            reached = everyone[beyond[everyone] > seq[n]]
            at_risk = np.flatnonzero(got | _marked(cut, reached))
            skipped = reached[~got[reached]]
            found.append(Exposed(n, "passed", at_risk, passed))
            found.append(Exposed(n, "skipped", at_risk, skipped))
            found.append(Exposed(n, "out_of_order", passed, passed[too_early[at]]))
        else:
            at_risk = everyone
            if own[n] and outcome.seq is not None:
                at_risk = everyone[beyond[everyone] > seq[n]]
            found.append(Exposed(n, "passed", at_risk, at_risk[got[at_risk]]))
        found.append(Exposed(n, "repeated", passed, passed[seen.times[at] > 1]))
        there = np.flatnonzero(inside & (cut.problem_node == n))
        case = cut.problem_case[there]
        settled = np.zeros(len(cut), dtype=np.int64)
        settled[passed] = seen.settled[at]
        late = cut.problem_timed[there] & (cut.problem_known[there] <= settled[case])
        # Once all have passed it is settled who was late; other problems need time to be found.
        found.append(Exposed(n, "late", passed, np.unique(case[late])))
        since = np.maximum(seen.at[at], cut.accepted[passed] * DAY)
        open_for = np.digitize((outcome.window[passed] - since) / DAY, OPEN_DAYS)
        others = np.unique(case[~late])
        found.append(Exposed(n, "problem", passed, others[got[others]], open_for))
    return found


def _progress(
    cut: Cut, outcome: Outcome, seen: Passages, seq: Ints, fixed: Bools
) -> tuple[Ints, Bools]:
    """How far each case had got before the outcome, and which passages came before their turn:
    before a node that stands earlier in the order of the procedure.

    Only nodes that every case of the group passes tell. Who reached the outcome, or the event that
    decided against it, has got beyond every node before it.
    """
    limit = EVER if outcome.seq is None else outcome.seq
    beyond = np.full(len(cut), -1, dtype=np.int64)
    telling = fixed[seen.node] & (seq[seen.node] < limit)
    np.maximum.at(beyond, seen.case[telling], seq[seen.node[telling]])
    if outcome.seq is not None:
        beyond[(outcome.group >= 0) & (outcome.window < EVER)] = outcome.seq
    early = np.zeros(len(seen.case), dtype=np.bool_)
    some = np.flatnonzero(fixed[seen.node])
    if len(some):
        # From the last passage of a case to its first; of one moment, the later place first.
        order = np.lexsort((-seq[seen.node[some]], -seen.at[some], seen.case[some]))
        case, place = seen.case[some][order], seq[seen.node[some]][order]
        step = int(place.max()) + 2
        later = np.maximum.accumulate(case * step + (step - 1 - place))
        early[some[order]] = later > case * step + (step - 1 - place)
    return beyond, early


def may_be_tested(cut: Cut, outcome: Outcome) -> Bools:
    """Nodes at which, by the order of the procedure, a deviation can come before the outcome."""
    may = np.zeros(len(cut.nodes), dtype=np.bool_)
    for at, n in enumerate(cut.nodes):
        if n.node in outcome.codes:
            continue
        ordered = n.seq is not None and outcome.seq is not None
        may[at] = not ordered or (
            n.case_group == outcome.case_group and (n.seq or 0) < (outcome.seq or 0)
        )
    return may


def order(cut: Cut, outcome: Outcome) -> Ints:
    """Of the cases with the outcome, per node: passed it before the outcome; passed it."""
    timed = (outcome.group == 1) & (outcome.window < EVER)
    some = timed[cut.event_case]
    case, node, when = cut.event_case[some], cut.event_node[some], cut.event_at[some]
    pair = case * (len(cut.nodes) + 1) + node
    rows = np.argsort(pair, kind="stable")
    first = rows[starts(pair[rows])]
    both = np.bincount(node[first], minlength=len(cut.nodes))
    early = first[when[first] < outcome.window[case[first]]]
    return np.stack([np.bincount(node[early], minlength=len(cut.nodes)), both], axis=1)


def counted(
    cut: Cut, outcome: Outcome, strata: Ints, names: list[Stratum], found: Collection[Exposed]
) -> LinkCounts:
    """The counts of exposures in the strata of the cases."""
    classes = len(OPEN_DAYS) + 1
    width = len(names) * classes
    cells = np.zeros((len(found), width, 4), dtype=np.int64)
    for at, e in enumerate(found):
        open_for = 0 if e.open_for is None else e.open_for
        place = (strata[e.at_risk] * classes + open_for) * 2 + (outcome.group[e.at_risk] != 1)
        shown = _marked(cut, e.exposed)[e.at_risk]
        exposed = np.bincount(place[shown], minlength=2 * width).reshape(width, 2)
        every = np.bincount(place, minlength=2 * width).reshape(width, 2)
        cells[at, :, :2] = exposed
        cells[at, :, 2:] = every - exposed
    hypotheses = tuple((cut.nodes[e.node].key, e.deviation) for e in found)
    ahead = order(cut, outcome)[[e.node for e in found]]
    some = np.flatnonzero(cells.any(axis=(0, 2)))
    kept = tuple((*names[s // classes], str(s % classes)) for s in some.tolist())
    return LinkCounts(hypotheses, kept, cells[:, some], ahead)


def concluded(counts: LinkCounts) -> tuple[list[dict[str, Any]], int]:
    """Effect, interval, p, q and word of every deviation that some at risk show and some do not.

    Passing a node that nobody may skip and skipping it are one test seen from two sides. Tests
    that the margins leave nothing to chance in were not run (``run``): their q is 1. The second
    value is the number of tests run.
    """
    some = counts.testable
    hypotheses = tuple(counts.hypotheses[i] for i in some)
    counts = LinkCounts(hypotheses, counts.strata, counts.cells[some], counts.order[some])
    t = counts.tables
    effect = stratified.pooled(t)
    p = stratified.p_two_sided(t)
    information = t.information
    x2, freedom, p_unequal = stratified.heterogeneity(t, effect.odds_ratio)
    share = stratified.attributable(t)
    mirrored = {n for n, d in counts.hypotheses if d == "skipped"}
    second = np.array(
        [d == "passed" and n in mirrored for n, d in counts.hypotheses], dtype=np.bool_
    )
    run = np.flatnonzero((information > 0) & ~second)
    q = np.ones(len(p))
    q[run] = adjusted(p[run])
    at_skip = {n: i for i, (n, d) in enumerate(counts.hypotheses) if d == "skipped"}
    for i in np.flatnonzero(second).tolist():
        q[i] = q[at_skip[counts.hypotheses[i][0]]]
    chosen = set(run.tolist())
    said = evidence(t, effect, p, q, len(run), two_sided=True)
    rows = [
        {
            "node": node,
            "deviation": deviation,
            **row,
            "run": i in chosen,
            "heterogeneity": {
                "statistic": number(x2[i]),
                "degrees": int(freedom[i]),
                "p": number(p_unequal[i]),
            },
            "attributable_share": number(share[i]),
        }
        for i, ((node, deviation), row) in enumerate(zip(counts.hypotheses, said, strict=True))
    ]
    return rows, len(run)


def evidence(
    t: Tables,
    effect: stratified.Pooled,
    p: stratified.Floats,
    q: stratified.Floats,
    tests: int,
    *,
    two_sided: bool,
) -> list[dict[str, Any]]:
    """What an answer says of each of some tests: effect, p, q, word and counts."""
    information, informative = t.information, t.informative
    sums = np.stack([x.sum(axis=1) for x in (t.a, t.b, t.c, t.d)], axis=1)
    rows = []
    for i, (a, b, c, d) in enumerate(sums.tolist()):
        said = word(float(q[i]), float(information[i]), a + b + c + d, tests, two_sided=two_sided)
        rows.append(
            {
                "effect": {
                    "odds_ratio": number(effect.odds_ratio[i]),
                    "low": number(effect.low[i]),
                    "high": number(effect.high[i]),
                },
                "p": float(p[i]),
                "q": float(q[i]),
                "word": said.text,
                "word_zh": said.zh,
                "more": said.more,
                "support": a,
                "counts": {
                    "exposed": {"cases": a, "comparison": b},
                    "others": {"cases": c, "comparison": d},
                },
                "strata": int(informative[i]),
                "exact": bool(effect.exact[i]),
            }
        )
    return rows


def number(value: float) -> float | None:
    """A number that JSON can hold: None for one that cannot be told or has no bound."""
    return float(value) if np.isfinite(value) else None


def place_of(nodes: Mapping[str, Any], codes: Collection[str]) -> tuple[str | None, int | None]:
    """Group and order of the nodes where an outcome happens; None where they have no one place."""
    groups = {nodes[c].case_group for c in codes if c in nodes}
    if len(groups) != 1:
        return None, None
    return groups.pop(), min(nodes[c].seq for c in codes)
