"""The verdict on a lead: a pure function of its route, its steps, and what exists.

The law of it is the rulebook's route table: the hops of the path in the table's order, detours
and ends as hops of their own, limits that run from the local date on which a state was reached.
Where the table is silent:

- steps are taken in order of local date, dates before the instants of that date;
- a detour from a state later than those it may leave is an extra, one from an earlier state
  demands the hops on the way to it; a decision whose detour is absent demands the detour;
- an end or a failed verification after the last hop is an extra;
- an end counts what is not later than itself; a later step is an extra unless it is a hop on the
  way to a state that the end may leave (then the end is early, not the hop missing).
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from typing import Literal

from graph.rulebook.calendar import Calendar
from graph.rulebook.model import Detour, End, Hop, Limit, Route, root_causes

Verdict = Literal["complete", "broken", "stalled", "open"]
Moment = dt.date | dt.datetime
SUPERVISION = {
    "monitor": "PROCEDURAL",
    "rule_owner": "PROCEDURAL",
    "reviewer": "SUBSTANTIVE",
    "review_organiser": "SUBSTANTIVE",
    "analyst": "DATA",
}
CLOSED = "CLOSED"
FAILED = "VERIFY_FAILED"
DAY_SECONDS = 86_400.0


@dataclass(frozen=True)
class Step:
    """A step as recorded: its act, its moment, who did it, the evidence that it carries.

    ``dangling`` names the evidence that refers to something that does not exist.
    """

    id: str
    act: str
    at: Moment
    by: str | None = None
    mode: str | None = None
    evidence: Mapping[str, object] = field(default_factory=dict)
    dangling: frozenset[str] = frozenset()
    batch: str | None = None
    row: int | None = None


@dataclass(frozen=True)
class Wanted:
    """A hop that the path demands at its place; ``limit`` is the one of the state it leaves."""

    act: str
    zh: str
    en: str
    to: str
    giver: str
    needs: tuple[str, ...]
    limit: Limit | None
    mark: str | None
    mode: str | None


@dataclass(frozen=True)
class HopDone:
    """One hop of the path: what was demanded, what is there, what is missing.

    ``seconds`` is the time spent in the state that the hop leaves (whole days where a step has
    only a date); ``due`` the last date of its limit, ``provisional`` when a year on the way has
    no holiday table; ``met`` whether the hop was there by then (None: not there, or no limit).
    ``early``: before the hop before it, or an end from a state that it may not leave.
    """

    hop: int
    wanted: Wanted
    step: Step | None
    supervision: str
    missing: tuple[str, ...]
    early: bool
    due: dt.date | None
    provisional: bool
    seconds: float | None
    met: bool | None = None


@dataclass(frozen=True)
class Judgment:
    """The verdict with everything that it rests on.

    ``hops`` reach to the last one that is there; ``next_hop`` is the one demanded next (None for
    a complete or broken lead); ``extras`` are the steps that are not on the path.
    """

    verdict: Verdict
    state: str | None
    stalled_in: str | None
    broken_at: int | None
    missing: tuple[str, ...]
    hops: tuple[HopDone, ...]
    next_hop: HopDone | None
    extras: tuple[Step, ...]


@dataclass(frozen=True)
class _Place:
    """A place of the path. ``verify``: it may change order with its neighbours of the kind."""

    wanted: Wanted
    step: Step | None
    verify: bool = False
    misplaced: bool = False


def local_date(moment: Moment) -> dt.date:
    """The local date of a moment."""
    return moment.date() if isinstance(moment, dt.datetime) else moment


def earlier(a: Moment, b: Moment) -> bool:
    """Whether ``a`` is before ``b``: instants as instants, a date with local dates."""
    if isinstance(a, dt.datetime) and isinstance(b, dt.datetime):
        return a < b
    return local_date(a) < local_date(b)


def judge(
    route: Route,
    steps: Iterable[Step],
    *,
    closed: dt.date | None,
    today: dt.date,
    calendar: Calendar,
) -> Judgment:
    """The verdict of a lead as of the local date ``today``.

    ``steps`` are those known by then; ``closed`` is the date on which the lead's case was closed,
    None while it is open. Broken comes before stalled, stalled before open.
    """
    ordered = sorted(steps, key=lambda s: _place_in_time(s.at))
    places = _path(route, ordered)
    last = max((at for at, place in enumerate(places) if place.step), default=-1)
    state = _state(route, places[: last + 1], ordered)
    hops = _hops(places, last, closed, calendar)
    taken = {id(p.step) for p in places if p.step}
    extras = tuple(s for s in ordered if id(s) not in taken)
    done = tuple(hops[: last + 1])
    for hop, place in zip(done, places, strict=False):
        pending = place.verify and not any(p.step and not p.verify for p in places[hop.hop :])
        if (hop.missing or hop.early) and not (place.step is None and pending):
            return Judgment("broken", state, None, hop.hop, hop.missing, done, None, extras)
    upcoming = next((h for h in hops if h.step is None), None)
    if upcoming is None:
        return Judgment("complete", state, None, None, (), done, None, extras)
    # A verification that waits while its twin is there is the next hop, not a missing one.
    shown = tuple(h for h in done if h.step is not None)
    if upcoming.due is not None and today > upcoming.due:
        return Judgment("stalled", state, state, None, (), shown, upcoming, extras)
    return Judgment("open", state, None, None, (), shown, upcoming, extras)


def _place_in_time(moment: Moment) -> tuple[dt.date, bool, float]:
    if isinstance(moment, dt.datetime):
        return moment.date(), True, moment.timestamp()
    return moment, False, 0.0


def _applicable(route: Route, steps: list[Step]) -> list[Hop]:
    """The hops of the path before any detour, in the table's order."""
    of_branch = {h.act for h in route.hops if h.branch == "open_case"}
    of_branch |= {a for d in route.detours if route.code == "R1" for a in (d.act, d.decision) if a}
    branch = "open_case" if any(s.act in of_branch for s in steps) else "closed_case"
    cause = _root_cause(steps)
    return [
        h
        for h in route.hops
        if h.branch in {"main", branch} and (h.root_causes is None or cause in h.root_causes)
    ]


def _root_cause(steps: list[Step]) -> str:
    issue = next((s for s in steps if s.act == "ISSUE"), None)
    return str(issue.evidence.get("root_cause") or "") if issue else ""


def _path(route: Route, steps: list[Step]) -> list[_Place]:
    """The path with its steps: the end in its place where one was recorded."""
    ends = {e.act: e for e in route.ends}
    recorded = next((s for s in steps if s.act in ends), None)
    acting = [s for s in steps if s.act not in ends]
    if recorded is None:
        return _Walk(route, acting, acting).places
    counted = [s for s in acting if not earlier(recorded.at, s.at)]
    end = ends[recorded.act]
    walk = _Walk(route, counted, acting)
    places = walk.places
    if places[-1].step is not None:
        return places
    last = max((at for at, place in enumerate(places) if place.step), default=-1)
    from_ = ("DRAFT",) if end.from_ == ("*",) else end.from_
    fits = last >= 0 and (end.from_ == ("*",) or places[last].wanted.to in from_)
    onward = (
        None
        if fits
        else next(
            (at for at in range(last + 1, len(places)) if places[at].wanted.to in from_), None
        )
    )
    if onward is not None:
        late = [s for s in acting if earlier(recorded.at, s.at)]
        places[last + 1 : onward + 1] = [
            _Place(p.wanted, next((s for s in late if s.act == p.wanted.act), None), p.verify)
            for p in places[last + 1 : onward + 1]
        ]
        last = onward
    limit = places[last + 1].wanted.limit
    giver = places[last].wanted.giver if last >= 0 else places[0].wanted.giver
    wanted = _end(end, giver, limit)
    return [*places[: last + 1], _Place(wanted, recorded, misplaced=not fits and onward is None)]


def _hop(hop: Hop) -> Wanted:
    return Wanted(
        hop.act, hop.zh, hop.en, hop.to, hop.giver, hop.evidence, hop.limit, hop.mark, hop.mode
    )


def _words(act: str) -> str:
    return act.lower().replace("_", " ")


def _end(end: End, giver: str, limit: Limit | None) -> Wanted:
    by = giver if end.act == "WITHDRAW" else end.by
    return Wanted(end.act, end.zh, _words(end.act), end.to, by, end.needs, limit, "[D]", None)


def _detour(detour: Detour, instead: Hop) -> Wanted:
    giver = instead.giver if detour.decision else detour.decided_by
    return Wanted(
        detour.act,
        detour.zh,
        _words(detour.act),
        detour.to,
        giver,
        detour.needs,
        instead.limit,
        "[D]",
        None,
    )


def _decision(detour: Detour, to: str) -> Wanted:
    assert detour.decision is not None
    return Wanted(
        detour.decision,
        f"决定（{detour.zh}）",
        _words(detour.decision),
        to,
        detour.decided_by,
        ("result", "reason"),
        detour.limit,
        "[D]",
        None,
    )


class _Walk:
    """One walk along a route: each place of the path with the step that fills it, if any."""

    def __init__(self, route: Route, steps: list[Step], every: list[Step]) -> None:
        """``steps`` are those that count, ``every`` also those after an end (for branch)."""
        self.route = route
        self.steps = steps
        self.hops = _applicable(route, steps if _has_branch(route, steps) else every)
        self.verify = [h for h in self.hops if h.act in route.either_order]
        self.detours = {d.act: d for d in route.detours}
        self.failed = self._failed()
        self.round = 0
        self.used: set[int] = set()
        self.places: list[_Place] = []
        self._walk()

    def _failed(self) -> list[Step]:
        """The failed verifications that start the demand anew, in order."""
        found: list[Step] = []
        if FAILED not in self.detours:
            return found
        wanted = {h.act for h in self.verify}
        for step in (s for s in self.steps if s.act == FAILED):
            if any(s.act == self.route.hops[-1].act and earlier(s.at, step.at) for s in self.steps):
                break
            since = found[-1].at if found else None
            there = {
                s.act
                for s in self.steps
                if not earlier(step.at, s.at) and not (since and earlier(s.at, since))
            }
            if not wanted <= there:
                found.append(step)
        return found

    def _candidates(self, act: str) -> list[Step]:
        """The steps of an act that this round may take, the one that counts first."""
        since = self.failed[self.round - 1].at if self.round else None
        rest = [
            s
            for s in self.steps
            if s.act == act and id(s) not in self.used and not (since and earlier(s.at, since))
        ]
        if self.round >= len(self.failed):
            return rest
        until = self.failed[self.round].at
        inside = [s for s in rest if not earlier(until, s.at)]
        if inside:
            return inside
        # Two of an act after the failure, none before: the first came late, it is not missing.
        beyond = self.round + 1 < len(self.failed)
        bound = self.failed[self.round + 1].at if beyond else None
        spare = [s for s in rest if bound is None or not earlier(bound, s.at)]
        return spare if len(spare) > 1 else []

    def _take(self, act: str) -> Step | None:
        step = next(iter(self._candidates(act)), None)
        if step is not None:
            self.used.add(id(step))
        return step

    def _walk(self) -> None:
        todo = list(self.hops)
        while todo:
            hop = todo[0]
            if self._urgent(hop):
                todo = [h for h in todo if h.branch != "open_case"]
            elif hop in self.verify and self.round < len(self.failed):
                self._fail()
                again = [self.route.hop("ACKNOWLEDGE"), self.route.hop("ANSWER")]
                todo = [*again, *self.verify, *(h for h in todo if h not in self.verify)]
            else:
                todo.pop(0)
                if self._place(hop):
                    return

    def _place(self, hop: Hop) -> bool:
        """Place a hop, or the detour taken instead; True where its decision ends the lead."""
        detour = self._disputed(hop)
        if detour is None:
            verify = hop in self.verify
            self.places.append(_Place(_hop(hop), self._take(hop.act), verify))
            return False
        assert detour.decision is not None
        self.places.append(_Place(_detour(detour, hop), self._take(detour.act)))
        step = self._take(detour.decision)
        final = step is not None and step.evidence.get("result") == CLOSED
        to = CLOSED if final else next(t for t in detour.then if t != CLOSED)
        self.places.append(_Place(_decision(detour, to), step))
        return final

    def _disputed(self, hop: Hop) -> Detour | None:
        """The detour with a decision that was recorded in place of ``hop``."""
        for detour in self.detours.values():
            if detour.decision is None or hop.from_ not in detour.from_:
                continue
            found = [*self._candidates(detour.act)[:1], *self._candidates(detour.decision)[:1]]
            own = self._candidates(hop.act)[:1]
            if found and not (own and self._rank(own[0]) < min(map(self._rank, found))):
                return detour
        return None

    def _rank(self, step: Step) -> int:
        return next(at for at, s in enumerate(self.steps) if s is step)

    def _urgent(self, hop: Hop) -> bool:
        """Place URGENT where it happened, before ``hop``; it replaces the open_case hops left."""
        detour = self.detours.get("URGENT")
        if detour is None or hop.branch != "open_case" or hop.from_ not in detour.from_:
            return False
        step = next((s for s in self.steps if s.act == detour.act), None)
        if step is None:
            return False
        beyond = {h.act for h in self.hops if h.branch == "open_case" and h.to not in detour.from_}
        beyond |= {a for d in self.route.detours if d.decision for a in (d.act, d.decision) if a}
        if any(s.act in beyond and not earlier(step.at, s.at) for s in self.steps):
            return False
        here = next((s for s in self.steps if s.act == hop.act), None)
        if hop.to in detour.from_ and here is not None and not earlier(step.at, here.at):
            return False
        self.places.append(_Place(_detour(detour, hop), step))
        self.used.add(id(step))
        return True

    def _fail(self) -> None:
        """Place the verifications that were made before the failed one, and the failed one."""
        failed = self.failed[self.round]
        for hop in self.verify:
            if any(not earlier(failed.at, s.at) for s in self._candidates(hop.act)):
                self.places.append(_Place(_hop(hop), self._take(hop.act), verify=True))
        detour = self.detours[FAILED]
        self.places.append(_Place(_detour(detour, self.verify[0]), failed))
        self.used.add(id(failed))
        self.round += 1


def _has_branch(route: Route, steps: list[Step]) -> bool:
    acts = {h.act for h in route.hops if h.branch != "main"}
    return any(s.act in acts for s in steps)


def _hops(
    places: list[_Place], last: int, closed: dt.date | None, calendar: Calendar
) -> list[HopDone]:
    """Each place as a hop: what it misses, whether it is early, its limit and its time."""
    hops: list[HopDone] = []
    supervision = ""
    for at, place in enumerate(places):
        wanted, step = place.wanted, place.step
        supervision = SUPERVISION.get(wanted.giver, supervision)
        before = _before(places, at)
        since = max((local_date(s.at) for s in before), default=None)
        if wanted.act == "PROMOTE" and since is not None:
            since = None if closed is None else max(since, closed)
        due, provisional = (
            calendar.last_date(since, wanted.limit) if since and wanted.limit else (None, False)
        )
        missing: tuple[str, ...] = ()
        if step is None:
            missing = (wanted.act,) if at < last else ()
        else:
            missing = tuple(n for n in wanted.needs if _lacks(step, n))
        hops.append(
            HopDone(
                hop=at + 1,
                wanted=wanted,
                step=step,
                supervision=supervision,
                missing=missing,
                early=place.misplaced
                or (step is not None and any(earlier(step.at, s.at) for s in before)),
                due=due,
                provisional=provisional,
                seconds=min(_seconds(s.at, step.at) for s in before) if step and before else None,
                met=None if step is None or due is None else local_date(step.at) <= due,
            )
        )
    return hops


def _before(places: list[_Place], at: int) -> list[Step]:
    """The steps that a place must not be earlier than, which also reached its from state.

    The hop before it that is there; for a verification the one before all verifications; after
    verifications each of them.
    """
    found: list[Step] = []
    for place in reversed(places[:at]):
        if place.step is None or (places[at].verify and place.verify):
            continue
        if found and not place.verify:
            break
        found.append(place.step)
        if not place.verify:
            break
    return found


def _seconds(a: Moment, b: Moment) -> float:
    if isinstance(a, dt.datetime) and isinstance(b, dt.datetime):
        return (b - a).total_seconds()
    return (local_date(b) - local_date(a)).days * DAY_SECONDS


def _lacks(step: Step, name: str) -> bool:
    value = step.evidence.get(name)
    if value is None or value in ("", [], ()) or name in step.dangling:
        return True
    return name == "root_cause" and str(value) not in root_causes()


def _state(route: Route, places: list[_Place], steps: list[Step]) -> str | None:
    """The state reached; a correction is VERIFIED once every verification that applies is there."""
    there = [p for p in places if p.step is not None]
    if not there:
        return None
    state = there[-1].wanted.to
    if not route.either_order or state not in {"ANSWERED", *_verified(route)}:
        return state
    wanted = {h.act for h in _applicable(route, steps) if h.act in route.either_order}
    since = max((at for at, p in enumerate(there) if p.wanted.act == FAILED), default=-1)
    made = {p.wanted.act for p in there[since + 1 :] if p.verify}
    return "VERIFIED" if wanted == made else state


def _verified(route: Route) -> set[str]:
    return {h.to for h in route.hops if h.act in route.either_order}


# -- claims ------------------------------------------------------------------------------------

OPEN, ENDED = "OPEN", "ENDED"
"""What a register may claim of anything: that it is not over, that it is."""


def differs(claimed: str, state: str | None, ended: bool, known: frozenset[str]) -> bool | None:
    """Whether a claim disagrees; None where it is not one of the ``known`` states."""
    if claimed in {OPEN, ENDED} - known:
        return (claimed == ENDED) != ended
    return claimed != state if claimed in known else None


def lead_states(route: Route) -> tuple[frozenset[str], frozenset[str]]:
    """The states of a route, and those in which it is over."""
    ends = {route.hops[-1].to, *(e.to for e in route.ends)}
    states = {h.to for h in route.hops} | ends | {d.to for d in route.detours}
    return frozenset(states | {"VERIFIED"}), frozenset(ends)


def lead_differs(route: Route, claimed: str | None, state: str | None) -> bool | None:
    """Whether a register's claim about a lead disagrees with its derived state."""
    if claimed is None:
        return False
    states, ends = lead_states(route)
    return differs(claimed, state, state in ends, states)
