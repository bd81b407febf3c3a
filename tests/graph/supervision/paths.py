"""Whole paths of every route, hop by hop as a lead could walk them."""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass
from typing import Any

from graph.rulebook import Route, calendar, routes
from graph.supervision.judge import Judgment, Step, judge

CHINA = dt.timezone(dt.timedelta(hours=8))
START = dt.datetime(2024, 3, 4, 9, tzinfo=CHINA)
CASE_CLOSED = START.date()
TODAY = dt.date(2025, 6, 30)
OPEN_CASE = ("RAISE", "SUBMIT", "SCREEN_OPEN", "ACKNOWLEDGE", "REPLY")
REVIEW = ("RECEIVE", "DECIDE_REVIEW", "RESULT", "FEED_BACK", "CONFIRM")
CORRECTION = ("RAISE", "ISSUE", "ACKNOWLEDGE", "ANSWER")
BOTH = ("VERIFY_DATA", "VERIFY_PROCEDURE")


@dataclass(frozen=True)
class Walk:
    """A complete lead: its acts in order, and what some of them say."""

    code: str
    acts: tuple[str, ...]
    root_cause: str = "未做"
    result: str = "CONTINUED"

    @property
    def route(self) -> Route:
        return routes()[self.code]

    def needs(self, act: str) -> tuple[str, ...]:
        for hop in self.route.hops:
            if hop.act == act:
                return hop.evidence
        for other in (*self.route.ends, *self.route.detours):
            if other.act == act:
                return other.needs
        return ("result", "reason")

    def steps(self) -> list[Step]:
        """One step an hour and a half, each with all its evidence."""
        special = {"root_cause": self.root_cause, "result": self.result}
        return [
            Step(
                id=str(n),
                act=act,
                at=START + n * dt.timedelta(minutes=90),
                evidence={name: special.get(name, "x") for name in self.needs(act)},
            )
            for n, act in enumerate(self.acts)
        ]


def ask(walk: Walk, steps: list[Step], **given: Any) -> Judgment:
    """The judgment of ``steps`` on the walk's route."""
    wanted = {"closed": CASE_CLOSED, "today": TODAY, "calendar": calendar()} | given
    return judge(walk.route, steps, **wanted)


REGULAR = {
    "R1 open case": Walk("R1", (*OPEN_CASE, "ACCEPT_REPLY", "PROMOTE", *REVIEW)),
    "R1 closed case": Walk("R1", ("RAISE", "SUBMIT", "SCREEN_REVIEW", *REVIEW)),
    **{
        code: Walk(code, tuple(h.act for h in routes()[code].hops))
        for code in ("R2", "R4", "R5", "R6")
    },
    "R3 未做": Walk("R3", (*CORRECTION, *BOTH, "CLOSE")),
    "R3 线下做": Walk("R3", (*CORRECTION, *BOTH, "CLOSE"), "线下做"),
    "R3 做了未录": Walk("R3", (*CORRECTION, "VERIFY_DATA", "CLOSE"), "做了未录"),
    "R3 录错": Walk("R3", (*CORRECTION, "VERIFY_DATA", "CLOSE"), "录错"),
    "R3 规则误报": Walk("R3", (*CORRECTION, "CLOSE"), "规则误报"),
}
ENDED = {
    "R1 rejected": Walk("R1", ("RAISE", "SUBMIT", "REJECT")),
    "R1 no review": Walk("R1", ("RAISE", "SUBMIT", "SCREEN_REVIEW", "RECEIVE", "NO_REVIEW")),
    "R2 declined": Walk("R2", ("RAISE", "SUBMIT", "MATCH", "PROPOSE", "DECLINE")),
    "R4 declined": Walk("R4", ("RAISE", "PROPOSE", "BACKTEST", "DECLINE")),
    "R4 declined late": Walk("R4", ("RAISE", "PROPOSE", "BACKTEST", "APPROVE", "TRIAL", "DECLINE")),
    "R5 watch": Walk("R5", ("RAISE", "PROPOSE", "WATCH")),
    "R5 rejected": Walk("R5", ("RAISE", "PROPOSE", "REJECT_CAMPAIGN")),
}
DISPUTED = (*OPEN_CASE, "DISPUTE", "DECIDE_DISPUTE")
OBJECTED = ("RAISE", "ISSUE", "ACKNOWLEDGE", "OBJECT", "DECIDE_OBJECTION")
DETOURS = {
    "R1 dispute": Walk("R1", (*DISPUTED, "PROMOTE", *REVIEW)),
    "R1 dispute closed": Walk("R1", DISPUTED, result="CLOSED"),
    "R3 objection": Walk("R3", (*OBJECTED, *BOTH, "CLOSE")),
    "R3 objection closed": Walk("R3", OBJECTED, result="CLOSED"),
    "R1 urgent": Walk("R1", ("RAISE", "SUBMIT", "SCREEN_OPEN", "URGENT", *REVIEW)),
    "R3 failed": Walk(
        "R3", (*CORRECTION, "VERIFY_FAILED", "ACKNOWLEDGE", "ANSWER", *BOTH, "CLOSE")
    ),
}
ALL = {**REGULAR, **ENDED, **DETOURS}
