"""Packages of random rows: every declared table, every column sometimes empty, every reference.

Nothing in them makes sense, which is the point: what a query answers must not depend on what a
tidy world happens to hold. Two sources made with other seeds share all their ids.
"""

from __future__ import annotations

import csv
import datetime as dt
import random
from pathlib import Path

from graph.store.schema import BY_LABEL, Column, NodeType, loading_order

SIZES = {
    "cases": 24,
    "parties": 60,
    "charges": 30,
    "measures": 40,
    "events": 160,
    "documents": 24,
    "card_fields": 120,
    "problems": 60,
    "dispositions": 60,
    "leads": 40,
    "lead_steps": 80,
    "reviews": 24,
    "corrections": 14,
    "alerts": 24,
}
"""Rows of a table; 6 of the others."""
CODES = {
    "ProblemType": ("P11", "P01", "S01", "S02", "D01"),
    "Indicator": ("I03", "I10"),
    "DataRule": ("Q01", "Q04", "Q05"),
    "TimeLimit": ("TL-020", "TL-040", "TL-060"),
    "ProcessNode": ("PR11", "PR22"),
}
"""Ids of the rulebook that the rows name."""
WORDS: dict[tuple[str, str], tuple[str, ...]] = {
    ("Case", "type"): ("PR", "AR"),
    ("Case", "secrecy"): ("",),
    ("Measure", "kind"): ("ARREST", "BAIL"),
    ("Event", "outcome"): ("ARREST", "NO_ARREST", ""),
    ("Problem", "found_by"): ("PROCEDURAL", "PROCEDURAL", "SUBSTANTIVE", "DATA", ""),
    ("Disposition", "status"): ("CONFIRMED", "CONFIRMED", "NOT_A_PROBLEM", "DATA_ERROR"),
    ("Lead", "route"): ("R1", "R1", "R2", "R5"),
    ("Step", "act"): ("ACCEPT_REPLY", "DECIDE_DISPUTE", "PROMOTE", "WITHDRAW", "RAISE", "RAISE"),
    ("Step", "result"): ("CLOSED", "PARKED", ""),
    ("Step", "feedback"): ("表", "", ""),
    ("Step", "node"): ("PR11", "PR22", ""),
}
OWN_NODES = ("X1", "AR08", "X2", "X3", "X4", "X5")
"""Ids of the packages' own procedural nodes; AR08 stands before the rulebook's of that name."""
OPEN = ("attr_channel",)


def _ids(kind: NodeType) -> list[str]:
    if kind.label in CODES and kind.table is None:
        return list(CODES[kind.label])
    if kind.label == "ProcessNode":
        return list(OWN_NODES)
    letter = "".join(c for c in kind.label if c.isupper())
    size = SIZES.get(str(kind.table), 6)
    return [f"{letter}-{kind.label[-1]}{n:03d}" for n in range(size)]


def _date(draw: random.Random) -> dt.date:
    return dt.date(2024, 1, 1) + dt.timedelta(days=draw.randrange(366))


def _cell(draw: random.Random, kind: NodeType, column: Column) -> str:
    if (kind.label, column.name) in WORDS:
        return draw.choice(WORDS[kind.label, column.name])
    if not column.required and draw.random() < (0.9 if kind.label == "Step" else 0.3):
        return ""
    match column.type:
        case "integer":
            return str(draw.randrange(9))
        case "boolean":
            return draw.choice(["true", "false"])
        case "date":
            return _date(draw).isoformat()
        case "moment":
            day = _date(draw).isoformat()
            time = f"T{draw.randrange(24):02d}:{draw.randrange(60):02d}:00"
            return day + draw.choice(["", time, f"{time}+00:00"])
        case "list":
            return ";".join(draw.sample(["甲", "乙", "C-e001", "C-e002"], draw.randint(1, 3)))
    return draw.choice(["甲", "乙 丙", "x'y\"", "丁,戊"])


def _row(draw: random.Random, kind: NodeType, id_: str) -> dict[str, str]:
    row = {kind.id: id_} | {c.name: _cell(draw, kind, c) for c in kind.columns}
    for ref in kind.references:
        target = BY_LABEL[ref.target]
        ids = [] if ref.target == "DeadlineRule" else _ids(target)
        if ref.target == "ProcessNode":
            ids = ["X1", "AR08", *CODES["ProcessNode"]]
        ids = [i for i in ids if ref.target != kind.label or i != id_]
        if not ids or (not ref.required and draw.random() < 0.4):
            row[ref.column] = ""
        else:
            row[ref.column] = ";".join(draw.sample(ids, draw.randint(1, 3) if ref.many else 1))
    if kind.open_columns:
        row |= {name: draw.choice(["web", "post", ""]) for name in OPEN}
    return row


def odd_package(folder: Path, source: str, seed: int, changed: int | None = None) -> Path:
    """Write a package of ``source``; with a seed ``changed`` some of its rows say other things."""
    folder.mkdir(parents=True)
    (folder / "package.yaml").write_text(f"source: {source}\n", encoding="utf-8")
    draw, again = random.Random(seed), random.Random(changed)
    for kind in loading_order():
        rows = []
        for id_ in _ids(kind):
            row = _row(draw, kind, id_)
            if changed is not None and again.random() < 0.25:
                row = _row(again, kind, id_)
            rows.append(row)
        with (folder / f"{kind.table}.csv").open("w", encoding="utf-8", newline="") as file:
            writer = csv.DictWriter(file, rows[0])
            writer.writeheader()
            writer.writerows(rows)
    return folder
