"""Leads with a verdict that is known because of how they were made.

A lead is the path that its route demands, walked with plausible gaps until it is done, cut, or the
recording ends; a broken one is a walked path with one thing taken away. Nothing is judged here:
due dates come from the counting below, straight over the holiday tables.
"""

from __future__ import annotations

import datetime as dt
import random
from dataclasses import dataclass, field, replace
from typing import Any

from graph.rulebook import Limit, Route, calendar, routes

DAY = dt.timedelta(days=1)


@dataclass(frozen=True)
class Leg:
    """One element of a path: act, evidence, giver, the state it leads to, the limit that runs
    before it, and which earlier leg that limit runs from (0: the one before)."""

    act: str
    needs: tuple[str, ...]
    giver: str
    state: str
    limit: Limit | None
    since: int = 0


@dataclass
class Walked:
    """A step that was taken."""

    leg: Leg
    number: int
    at: dt.datetime
    evidence: dict[str, str] = field(default_factory=dict)


SHAPING = frozenset({"ISSUE", "SCREEN_OPEN"})
"""Acts that decide, beside the detours, which path the rest is: without them something else is
missing."""


@dataclass(frozen=True)
class Truth:
    """What is true of a lead at the end of the recording."""

    route: str
    verdict: str
    stalled_in: str | None = None
    broken_at: int | None = None
    missing: tuple[str, ...] = ()


def evidence_names() -> tuple[str, ...]:
    """The names of all evidence that a step of any route may carry, in order."""
    needs = {"reason", "result", "root_cause"}
    for route in routes().values():
        needs.update(*(hop.evidence for hop in route.hops))
        needs.update(*(end.needs for end in route.ends), *(d.needs for d in route.detours))
    return tuple(sorted(needs))


def last_date(start: dt.date, limit: Limit) -> dt.date:
    """The last date of a limit, counted one by one."""
    if limit.unit == "days":
        return start + limit.n * DAY
    tables, date, left = calendar(), start, limit.n
    while left > 0:
        date = date + DAY
        weekend = date.weekday() >= 5
        if (not weekend and date not in tables.days_off) or date in tables.working:
            left -= 1
    return date


def path(rng: random.Random, code: str, *, case_open: bool) -> list[Leg]:
    """The legs of one lead: the route's hops, sometimes with a detour or an early end."""
    route = routes()[code]
    legs = [
        Leg(h.act, h.evidence, h.giver, h.to, h.limit)
        for h in route.hops
        if h.branch in {"main", "open_case" if case_open else "closed_case"}
    ]
    luck = rng.randrange(100)
    if code == "R1":
        if luck < 8:
            return _ended(legs, route, "SUBMIT", "REJECT")
        if luck < 22 and not case_open:
            return _ended(legs, route, "RECEIVE", "NO_REVIEW")
        if luck < 30 and case_open:
            at = _index(legs, "ACCEPT_REPLY")
            legs[at : at + 1] = [
                Leg("DISPUTE", ("reason",), "monitor", "ESCALATED", legs[at].limit),
                Leg(
                    "DECIDE_DISPUTE",
                    ("result", "reason"),
                    "chief",
                    "PARKED",
                    Limit(10, "working_days"),
                ),
            ]
        elif luck < 45 and case_open:
            at, to = _index(legs, "ACKNOWLEDGE"), _index(legs, "PROMOTE")
            legs[at : to + 1] = [
                Leg("URGENT", ("reason",), "chief", "ROUTED_REVIEW", legs[at].limit)
            ]
    elif code == "R2" and luck < 15:
        return _ended(legs, route, "PROPOSE", "DECLINE")
    elif code == "R4" and luck < 12:
        return _ended(legs, route, "BACKTEST", "DECLINE")
    elif code == "R5" and luck < 20:
        return _ended(legs, route, "PROPOSE", "WATCH" if luck < 10 else "REJECT_CAMPAIGN")
    elif code == "R3":
        return _correction(rng, legs, luck)
    if luck > 95:
        at = 1 + rng.randrange(len(legs) - 2)
        return _ended(legs, route, legs[at].act, "WITHDRAW")
    return legs


def _index(legs: list[Leg], act: str) -> int:
    return next(at for at, leg in enumerate(legs) if leg.act == act)


def _ended(legs: list[Leg], route: Route, after: str, act: str) -> list[Leg]:
    end = next(e for e in route.ends if e.act == act)
    at = _index(legs, after)
    giver = legs[at].giver if act == "WITHDRAW" else end.by
    return [*legs[: at + 1], Leg(act, end.needs, giver, end.to, legs[at + 1].limit)]


def _correction(rng: random.Random, legs: list[Leg], luck: int) -> list[Leg]:
    cause = ("未做", "做了未录", "录错", "线下做", "规则误报")[rng.randrange(5)]
    raised, issued, acknowledged, answered, data, procedure, closed = legs
    issued = replace(issued, needs=(*issued.needs, f"={cause}"))
    verified: list[Leg] = []
    if cause != "规则误报":
        verified.append(replace(data, since=1))
    if cause in {"未做", "线下做"}:
        verified.append(replace(procedure, since=2))
    head = [raised, issued, acknowledged]
    if luck < 15:
        head += [
            Leg("OBJECT", ("reason",), "handling_department", "OBJECTED", answered.limit),
            Leg(
                "DECIDE_OBJECTION",
                ("result", "reason"),
                "chief",
                "ANSWERED",
                Limit(10, "working_days"),
            ),
        ]
    else:
        head.append(answered)
    if luck > 85 and verified:
        failed = Leg("VERIFY_FAILED", ("reason",), "monitor", "ISSUED", data.limit)
        head += [failed, acknowledged, answered]
    if verified:
        verified[-1] = replace(verified[-1], state="VERIFIED")
    else:
        head[-1] = replace(head[-1], state="VERIFIED")
    return [*head, *verified, closed]


def walk(
    rng: random.Random,
    legs: list[Leg],
    start: dt.datetime,
    closed: dt.date | None,
    end: dt.date,
    cut: int,
) -> list[Walked]:
    """Walk the legs from ``start``; stop at ``cut`` legs, at the end of the recording, or where
    the case would have to be closed and is not."""
    walked: list[Walked] = []
    at = start
    for number, leg in enumerate(legs[:cut], start=1):
        if walked:
            if leg.act == "PROMOTE":
                if closed is None:
                    break
                at = max(at, dt.datetime.combine(closed, dt.time(9)))
            most = leg.limit.n if leg.limit else 3
            days = rng.randrange(0, max(1, min(most, 40)) + 1)
            at = at + days * DAY + dt.timedelta(minutes=rng.randrange(5, 120))
        if at.date() > end:
            break
        walked.append(Walked(leg, number, at))
    return walked


def outcome(
    code: str, legs: list[Leg], walked: list[Walked], closed: dt.date | None, end: dt.date
) -> Truth:
    """What is true of a lead that was walked so far and not tampered with."""
    if len(walked) == len(legs):
        return Truth(code, "complete")
    upcoming = legs[len(walked)]
    since = walked[-(upcoming.since or 1)].at.date()
    if upcoming.act == "PROMOTE":
        if closed is None or closed > end:
            return Truth(code, "open")
        since = max(since, closed)
    if upcoming.limit and end > last_date(since, upcoming.limit):
        return Truth(code, "stalled", stalled_in=walked[-1].leg.state)
    return Truth(code, "open")


def broken(rng: random.Random, code: str, walked: list[Walked]) -> Truth | None:
    """Break a walked lead in one way, in place; None where it is too short to be broken."""
    if len(walked) < 3:
        return None
    way = rng.randrange(4)
    if way == 0:
        # A withdrawal is lawful in any state, and a case's two verifications in either order:
        # there nothing misses the step just before.
        last = -2 if walked[-1].leg.act in {"WITHDRAW", "VERIFY_PROCEDURE"} else -1
        shaping = SHAPING.union(*((d.act, d.decision) for d in routes()[code].detours))
        candidates = [
            w
            for w in walked[1:last]
            if w.leg.act not in shaping and sum(x.leg.act == w.leg.act for x in walked) == 1
        ]
        if not candidates:
            return None
        victim = candidates[rng.randrange(len(candidates))]
        walked.remove(victim)
        return Truth(code, "broken", broken_at=victim.number, missing=(victim.leg.act,))
    if way == 1:
        candidates = [w for w in walked if w.evidence]
        victim = candidates[rng.randrange(len(candidates))]
        names = sorted(victim.evidence)
        name = names[rng.randrange(len(names))]
        if name == "root_cause":
            name = "items"
        del victim.evidence[name]
        return Truth(code, "broken", broken_at=victim.number, missing=(name,))
    if way == 2:
        at = 1 + rng.randrange(len(walked) - 1)
        first, second = walked[at - 1], walked[at]
        verifying = first.leg.act.startswith("VERIFY") or second.leg.act.startswith("VERIFY")
        again = sum(x.leg.act == second.leg.act for x in walked) > 1
        if verifying or again or any(second.leg.act == e.act for e in routes()[code].ends):
            return None
        if at >= 2:
            second.at = walked[at - 2].at - dt.timedelta(days=1)
        else:
            second.at = first.at - dt.timedelta(days=1)
        return Truth(code, "broken", broken_at=second.number)
    victim = walked[0]
    name = next((n for n in ("problem", "alert", "review_or_campaign") if n in victim.evidence), "")
    if not name:
        return None
    victim.evidence[name] = victim.evidence[name] + "-X"
    return Truth(code, "broken", broken_at=1, missing=(name,))


def as_truth(truth: Truth) -> dict[str, Any]:
    """The truth of a lead as the truth file holds it."""
    return {
        "route": truth.route,
        "verdict": truth.verdict,
        "stalled_in": truth.stalled_in,
        "broken_at": truth.broken_at,
        "missing": list(truth.missing),
    }
