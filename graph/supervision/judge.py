"""The verdict on a lead: a pure function of its route, its steps, and what exists.

The law of it is the rulebook's route table: the hops of the path in order, detours and ends as
hops of their own, limits that run from the local date on which a state was reached.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from typing import Literal

from graph.rulebook.calendar import Calendar
from graph.rulebook.model import Detour, End, Hop, Limit, Route

Verdict = Literal["complete", "broken", "stalled", "open"]
Moment = dt.date | dt.datetime
SUPERVISION = {
    "monitor": "PROCEDURAL",
    "rule_owner": "PROCEDURAL",
    "reviewer": "SUBSTANTIVE",
    "review_organiser": "SUBSTANTIVE",
    "analyst": "DATA",
}


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
    """A hop that the path demands at its place."""

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
    """One hop of the path: what was demanded, what is there, what is missing."""

    hop: int
    wanted: Wanted
    step: Step | None
    supervision: str
    missing: tuple[str, ...]
    early: bool
    due: dt.date | None
    provisional: bool
    seconds: float | None


@dataclass(frozen=True)
class Judgment:
    """The verdict with everything that it rests on."""

    verdict: Verdict
    state: str
    stalled_in: str | None
    broken_at: int | None
    missing: tuple[str, ...]
    hops: tuple[HopDone, ...]
    next_hop: HopDone | None
    extras: tuple[Step, ...]


def local_date(moment: Moment) -> dt.date:
    """The local date of a moment."""
    return moment.date() if isinstance(moment, dt.datetime) else moment


def earlier(a: Moment, b: Moment) -> bool:
    """Whether ``a`` is before ``b``: instants as instants, a date with local dates."""
    if isinstance(a, dt.datetime) and isinstance(b, dt.datetime):
        return a < b
    return local_date(a) < local_date(b)


def _hop(hop: Hop) -> Wanted:
    return Wanted(
        hop.act, hop.zh, hop.en, hop.to, hop.giver, hop.evidence, hop.limit, hop.mark, hop.mode
    )


def _end(end: End, giver: str) -> Wanted:
    by = giver if end.act == "WITHDRAW" else end.by
    return Wanted(end.act, end.zh, end.act.lower(), end.to, by, end.needs, None, "[D]", None)


def _detour(detour: Detour) -> Wanted:
    giver = "handling_department" if detour.act == "OBJECT" else "monitor"
    giver = detour.decided_by if detour.decision is None else giver
    return Wanted(
        detour.act, detour.zh, detour.act.lower(), detour.to, giver, detour.needs, None, "[D]", None
    )


class Path:
    """The path of one lead: which hop is demanded next, given the steps that are there."""

    def __init__(self, route: Route, steps: Iterable[Step]) -> None:
        self.route = route
        self.queue: list[Step] = list(steps)
        acts = {s.act for s in self.queue}
        branch_acts = {h.act for h in route.hops if h.branch == "open_case"}
        branch_acts |= {d.act for d in route.detours if d.act in {"DISPUTE", "URGENT"}}
        self.branch = "open_case" if acts & branch_acts else "closed_case"
        issue = next((s for s in self.queue if s.act == "ISSUE"), None)
        self.root_cause = str(issue.evidence.get("root_cause") or "") if issue else ""

    def hops(self) -> list[Hop]:
        """The hops that apply, in the table's order."""
        return [
            h
            for h in self.route.hops
            if h.branch in {"main", self.branch}
            and (h.root_causes is None or self.root_cause in h.root_causes)
        ]

    def take(self, act: str, after: Moment | None = None) -> Step | None:
        """The first recorded step of an act that was not taken yet; None when there is none."""
        for step in self.queue:
            if step.act == act and (after is None or not earlier(step.at, after)):
                self.queue.remove(step)
                return step
        return None

    def has(self, *acts: str) -> bool:
        """Whether a step of one of the acts is still to be taken."""
        return any(s.act in acts for s in self.queue)


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
    ordered = sorted(enumerate(steps), key=lambda p: (local_date(p[1].at), _clock(p[1].at), p[0]))
    path = Path(route, [s for _, s in ordered])
    placed, finished = _placed(route, path)
    last = max((at for at, (_, s) in enumerate(placed) if s is not None), default=-1)
    hops: list[HopDone] = []
    supervision = "PROCEDURAL"
    before: HopDone | None = None
    for number, (wanted, step) in enumerate(placed, start=1):
        supervision = SUPERVISION.get(wanted.giver, supervision)
        since = _since(wanted, hops, closed)
        due, provisional = (
            calendar.last_date(since, wanted.limit) if since and wanted.limit else (None, False)
        )
        missing: tuple[str, ...] = ()
        early = False
        seconds = None
        if step is None:
            missing = (
                (wanted.act,) if number - 1 < last or (finished and number - 1 <= last) else ()
            )
        else:
            missing = tuple(n for n in wanted.needs if _lacks(step, n, path))
            previous = next((h.step for h in reversed(hops) if h.step), None)
            free = wanted.act in route.either_order
            if free:
                previous = next(
                    (
                        h.step
                        for h in reversed(hops)
                        if h.step and h.wanted.act not in route.either_order
                    ),
                    None,
                )
            early = previous is not None and earlier(step.at, previous.at)
            if previous is not None:
                seconds = _seconds(previous.at, step.at)
        before = HopDone(
            number, wanted, step, supervision, missing, early, due, provisional, seconds
        )
        hops.append(before)
    return _verdict(route, path, hops, last, finished, today)


def _clock(moment: Moment) -> float:
    return moment.timestamp() if isinstance(moment, dt.datetime) else 0.0


def _seconds(a: Moment, b: Moment) -> float:
    if isinstance(a, dt.datetime) and isinstance(b, dt.datetime):
        return (b - a).total_seconds()
    return (local_date(b) - local_date(a)).days * 86_400.0


def _lacks(step: Step, name: str, path: Path) -> bool:
    value = step.evidence.get(name)
    if value in (None, "", []) or name in step.dangling:
        return True
    if name == "root_cause":
        from graph.rulebook.model import root_causes

        return str(value) not in root_causes()
    return False


def _placed(route: Route, path: Path) -> tuple[list[tuple[Wanted, Step | None]], bool]:
    """The path's elements with their steps, up to the end that was reached if one was."""
    placed: list[tuple[Wanted, Step | None]] = []
    detours = {d.act: d for d in route.detours}
    todo = path.hops()
    ends = {e.act: e for e in route.ends}
    while todo:
        hop = todo[0]
        reached = placed[-1][0].to if placed else None
        giver = placed[-1][0].giver if placed else hop.giver
        end = _end_here(route, path, placed, todo, reached)
        if end is not None:
            placed.append((_end(end, giver), path.take(end.act)))
            return placed, True
        detour = _detour_here(detours.values(), path, hop)
        if detour is None:
            placed.append((_hop(hop), path.take(hop.act)))
            todo.pop(0)
            continue
        taken = path.take(detour.act)
        placed.append((_detour(detour), taken))
        if detour.act == "URGENT":
            while todo and todo[0].branch == "open_case":
                path.take(todo.pop(0).act)
        elif detour.act == "VERIFY_FAILED":
            after = taken.at if taken else None
            again = [h for h in path.hops() if h.act in {"ACKNOWLEDGE", "ANSWER"}]
            verify = [h for h in path.hops() if h.act in route.either_order]
            todo = [*again, *verify, *[h for h in todo if h.act == "CLOSE"]]
            path.queue = [
                s
                for s in path.queue
                if after is None or s.act == "VERIFY_FAILED" or not earlier(s.at, after)
            ]
        else:
            decision = path.take(str(detour.decision))
            result = str(decision.evidence.get("result") or "") if decision else ""
            final = result == "CLOSED"
            placed.append(
                (
                    Wanted(
                        str(detour.decision),
                        "决定",
                        "decided",
                        "CLOSED" if final else detour.then[0],
                        detour.decided_by,
                        ("result", "reason"),
                        detour.limit,
                        "[D]",
                        None,
                    ),
                    decision,
                )
            )
            todo.pop(0)
            if final:
                return placed, True
    del ends
    return placed, bool(placed) and placed[-1][1] is not None


def _end_here(
    route: Route,
    path: Path,
    placed: list[tuple[Wanted, Step | None]],
    todo: list[Hop],
    reached: str | None,
) -> End | None:
    """The end that was recorded and belongs here.

    Here: the state is one of those it may leave and no later hop is recorded before it.
    """
    for end in route.ends:
        step = next((s for s in path.queue if s.act == end.act), None)
        if step is None or not placed:
            continue
        ahead = [
            s for s in path.queue if s.act in {h.act for h in todo} and not earlier(step.at, s.at)
        ]
        if end.from_ == ("*",):
            if not ahead:
                return end
            continue
        if reached in end.from_ and not ahead:
            return end
        states = [h.to for h in todo]
        if reached not in end.from_ and not any(s in end.from_ for s in states):
            return end
    return None


def _detour_here(detours: Iterable[Detour], path: Path, hop: Hop) -> Detour | None:
    """The detour that was recorded and leaves from the state before ``hop``."""
    for detour in detours:
        if not path.has(detour.act):
            continue
        if hop.from_ in detour.from_ and not (
            detour.act == "VERIFY_FAILED" and path.has(hop.act) and _first(path, hop.act)
        ):
            return detour
        if detour.act == "VERIFY_FAILED" and hop.act == "CLOSE":
            return detour
    return None


def _first(path: Path, act: str) -> bool:
    """Whether the act is recorded before the failed verification."""
    failed = next(s for s in path.queue if s.act == "VERIFY_FAILED")
    step = next(s for s in path.queue if s.act == act)
    return earlier(step.at, failed.at)


def _since(wanted: Wanted, hops: list[HopDone], closed: dt.date | None) -> dt.date | None:
    """The local date from which a hop's limit runs; None when it does not run."""
    done = [h for h in hops if h.step is not None]
    if not done:
        return None
    start = done[-1].step
    if wanted.act in {"VERIFY_DATA", "VERIFY_PROCEDURE"}:
        answered = [h for h in done if h.wanted.act in {"ANSWER", "DECIDE_OBJECTION"}]
        start = answered[-1].step if answered else start
    if wanted.act == "CLOSE":
        start = max((h.step for h in done if h.step), key=lambda s: local_date(s.at))
    assert start is not None
    date = local_date(start.at)
    if wanted.act == "PROMOTE":
        return None if closed is None else max(date, closed)
    return date


def _verdict(
    route: Route, path: Path, hops: list[HopDone], last: int, finished: bool, today: dt.date
) -> Judgment:
    del route
    for at, hop in enumerate(hops):
        if at <= last and (hop.missing or hop.early):
            state = next((h.wanted.to for h in reversed(hops) if h.step), "DRAFT")
            return Judgment(
                "broken",
                state,
                None,
                hop.hop,
                hop.missing,
                tuple(hops[: last + 1]),
                None,
                tuple(path.queue),
            )
    done = tuple(hops[: last + 1])
    state = _state(path, done)
    if finished and last == len(hops) - 1:
        return Judgment("complete", state, None, None, (), done, None, tuple(path.queue))
    upcoming = hops[last + 1]
    if upcoming.due is not None and today > upcoming.due:
        return Judgment("stalled", state, state, None, (), done, upcoming, tuple(path.queue))
    return Judgment("open", state, None, None, (), done, upcoming, tuple(path.queue))


def _state(path: Path, done: tuple[HopDone, ...]) -> str:
    """The state reached; a correction is VERIFIED once all that apply are."""
    if not done:
        return "NEW"
    state = done[-1].wanted.to
    wanted = {h.act for h in path.hops() if h.act in path.route.either_order}
    failed = max((h.hop for h in done if h.wanted.act == "VERIFY_FAILED"), default=0)
    verified = {h.wanted.act for h in done if h.wanted.act in wanted and h.hop > failed}
    if path.route.either_order:
        if verified and verified == wanted and state.endswith("_VERIFIED"):
            return "VERIFIED"
        if not wanted and state == "ANSWERED":
            return "VERIFIED"
    return state
