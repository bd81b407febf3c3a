"""Columns of cases that a test makes up, without a graph."""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping, Sequence
from typing import Any

import numpy as np
import pyarrow as pa

from graph.analysis.projection import CASES, EVENTS, PROBLEMS, Columns, Cut, Node
from graph.rulebook import nodes, problem_types

START = dt.datetime(2024, 1, 1, 1, tzinfo=dt.UTC)
LAST = dt.datetime(2030, 1, 1, tzinfo=dt.UTC)
NODES = {
    f"rulebook/{n.code}": Node(
        f"rulebook/{n.code}", n.code, n.zh, n.en, n.case_group, n.seq, n.conditional, n.decision
    )
    for n in nodes().values()
}


class Made:
    """Cases, events and problems, one by one."""

    def __init__(self) -> None:
        self.rows: dict[str, list[dict[str, Any]]] = {"cases": [], "events": [], "problems": []}

    def case(
        self, unit: str = "U1", day: int = 0, type_: str = "PR", parties: int = 1, **more: Any
    ) -> str:
        """A case accepted some days after the start; its key."""
        key = f"s/{unit}-{len(self.rows['cases'])}"
        accepted = START + dt.timedelta(days=day)
        row = {
            "case": key,
            "type": type_,
            "unit": unit,
            "department": f"{unit}-H1",
            "handler": f"{unit}-H1-{len(self.rows['cases']) % 7}",
            "accepted": accepted.date(),
            "known": accepted,
            "parties": [f"{key}-{n}" for n in range(1, parties + 1)],
        }
        self.rows["cases"].append(row | more)
        return key

    def event(self, case: str, node: str, day: float, act: str = "", party: str = "") -> None:
        """An event some days after the start."""
        at = START + dt.timedelta(days=day)
        self.rows["events"].append(
            {
                "case": case,
                "node": f"rulebook/{node}",
                "act": act,
                "party": party,
                "at": at,
                "day": at.date(),
                "known": at,
            }
        )

    def problem(
        self, case: str, type_: str, node: str, day: float, joined: Sequence[str] = (), **more: Any
    ) -> None:
        """A problem found some days after the start."""
        at = START + dt.timedelta(days=day)
        kind = problem_types()[type_].kind
        row = {
            "problem": f"s/P{len(self.rows['problems'])}-{case}",
            "case": case,
            "type": type_,
            "kind": kind,
            "node": f"rulebook/{node}",
            "found_by": kind,
            "found": at.date(),
            "known": at,
            "timed": False,
            "joined": list(joined),
            "statuses": [],
            "decided": [],
            "corrected": [],
        }
        self.rows["problems"].append(row | more)

    @property
    def columns(self) -> Columns:
        """What was made, as columns."""
        return Columns(
            pa.Table.from_pylist(self.rows["cases"], CASES),
            pa.Table.from_pylist(self.rows["events"], EVENTS),
            pa.Table.from_pylist(self.rows["problems"], PROBLEMS),
            NODES,
        )

    @property
    def cut(self) -> Cut:
        """What was made, all of it known."""
        return self.columns.cut(LAST, ("HIT", "CONFIRMED"))


ITEMS = (
    ("D21", "PR01"),
    ("P36", "PR02"),
    ("D18", "PR03"),
    ("D07", "PR07"),
    ("P10", "PR08"),
    ("P37", "PR09"),
    ("S12", "PR10"),
    ("S07", "PR20"),
)


def problem_world(
    seed: int,
    cases: int,
    planted: Mapping[tuple[int, ...], float] | None = None,
    rate: float = 0.06,
) -> Made:
    """Cases with problems drawn alone, and some together more often than by chance.

    ``planted`` gives items (positions in ITEMS) and the probability that all come at once, on top.
    Three units, two departments each, two years; a unit and a quarter with many more problems.
    """
    draw = np.random.default_rng(seed)
    made = Made()
    for _ in range(cases):
        u, day, parties = int(draw.integers(3)), int(draw.integers(720)), int(draw.integers(1, 4))
        factor = (0.5, 1.0, 2.5)[u] * (1.5 if day // 90 % 4 == 3 else 1.0) * (1 + parties / 6)
        d = int(draw.integers(1, 3))
        case = made.case(
            f"U{u}",
            day,
            parties=parties,
            department=f"U{u}-H{d}",
            handler=f"U{u}-{draw.integers(9)}",
        )
        passed = []
        for at, (_, node) in enumerate(ITEMS):
            if draw.random() < 0.9:
                passed.append(at)
                made.event(case, node, day + at)
        held = {at for at in passed if draw.random() < min(0.9, rate * factor)}
        for together, chance in (planted or {}).items():
            if draw.random() < chance and set(together) <= set(passed):
                held |= set(together)
        for at in sorted(held):
            type_, node = ITEMS[at]
            made.problem(case, type_, node, day + 20 + at, [f"event {case} {node}"])
    return made
