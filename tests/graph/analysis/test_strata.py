"""Strata that a profile names: kept apart by link and patterns, of a log and of a sheet."""

from __future__ import annotations

import csv
from collections import Counter
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from graph.analysis.links import link
from graph.analysis.patterns import patterns
from graph.supervision.deadlines import deadlines
from loaders.load import load

LOG = """
source: shop
columns: {case: "case:id", activity: activity, time: time, accepted: "case:opened"}
attributes: ["case:how sent", "case:result"]
strata: ["case:how sent"]
outcomes:
  back: {attribute: "case:result", equals: back}
deadlines:
  packed: {start: {activity: order}, end: {activity: pack}, length: {days: 3}, type: P10}
  sent: {start: {activity: pack}, end: {activity: send}, length: {days: 3}, type: S07}
"""
WIDE = """
shape: wide
source: shop
columns: {case: id, accepted: opened}
events: {PR01: PR01, PR08: PR08, PR22: PR22}
attributes: ["how sent", result]
strata: ["how sent"]
outcomes:
  back: {attribute: result, equals: back}
deadlines:
  packed: {start: {activity: PR01}, end: {activity: PR08}, length: {days: 3}, type: P10}
  sent: {start: {activity: PR08}, end: {activity: PR22}, length: {days: 3}, type: S07}
"""


def orders() -> list[dict[str, str]]:
    """What goes by sea is mostly packed late, sent late and sent back, what goes by air is not;
    within either, nothing goes together."""
    draw = np.random.default_rng(4)
    rows = []
    for n in range(600):
        sea = bool(draw.random() < 0.5)
        packed_late, sent_late, back = draw.random(3) < (0.8 if sea else 0.2)
        packed = 9 if packed_late else 2
        rows.append(
            {
                "id": f"c{n}",
                "how sent": "sea" if sea else "air",
                "result": "back" if back else "kept",
                "opened": "2024-03-01",
                "PR01": "2024-03-01",
                "PR08": f"2024-03-{packed:02d}",
                "PR22": f"2024-03-{packed + (9 if sent_late else 1):02d}",
            }
        )
    return rows


def written(folder: Path, shape: str, rows: list[dict[str, str]]) -> tuple[Path, Path]:
    """The profile and the source, as a log or as a wide sheet."""
    profile, path = folder / "shop.yaml", folder / "shop.csv"
    profile.write_text(LOG if shape == "log" else WIDE, encoding="utf-8")
    lines: list[dict[str, str]] = rows
    if shape == "log":
        lines = [
            {f"case:{k}": r[k] for k in ("id", "how sent", "result", "opened")}
            | {"activity": activity, "time": r[node]}
            for r in rows
            for activity, node in (("order", "PR01"), ("pack", "PR08"), ("send", "PR22"))
        ]
    with path.open("w", encoding="utf-8", newline="") as file:
        writer = csv.DictWriter(file, list(lines[0]))
        writer.writeheader()
        writer.writerows(lines)
    return profile, path


Cells = Counter[tuple[str, bool, bool]]


def odds(cells: Cells, strata: list[set[str]]) -> float:
    """Mantel and Haenszel's odds ratio, each set of ways to send being one stratum."""
    above = below = 0.0
    for ways in strata:
        a, b, c, d = (
            sum(cells[way, x, y] for way in ways) for x in (True, False) for y in (True, False)
        )
        above, below = above + a * d / (a + b + c + d), below + b * c / (a + b + c + d)
    return above / below


@pytest.mark.parametrize(
    ("shape", "packed", "sent"), [("log", "pack", "send"), ("wide", "PR08", "PR22")]
)
def test_named_strata_are_kept_apart(
    graph: Any, tmp_path: Path, shape: str, packed: str, sent: str
) -> None:
    rows = orders()
    profile, source = written(tmp_path, shape, rows)
    assert load(graph, source, profile=str(profile)).rejected == 0
    deadlines(graph)
    late = {
        r["id"]: (r["PR08"] == "2024-03-09", int(r["PR22"][8:]) - int(r["PR08"][8:]) > 3)
        for r in rows
    }
    linked: Cells = Counter((r["how sent"], late[r["id"]][0], r["result"] == "back") for r in rows)
    joined: Cells = Counter((r["how sent"], *late[r["id"]]) for r in rows)
    apart, together = [{"sea"}, {"air"}], [{"sea", "air"}]
    assert odds(linked, together) > 2 > 1.5 > odds(linked, apart)

    answer = link(graph, outcome="back")
    assert answer["strata"] == ["how_sent"]
    (told,) = (
        d
        for n in answer["nodes"]
        for d in n["deviations"]
        if (n["node"], d["deviation"]) == (packed, "late")
    )
    assert told["strata"] == 2
    assert told["effect"]["odds_ratio"] == pytest.approx(odds(linked, apart))
    assert told["q"] > 0.05

    answer = patterns(graph, limit=0)
    assert answer["strata"] == ["how_sent", "quarter"]
    (row,) = (p for p in answer["patterns"] if len(p["items"]) == 2)
    assert {(i["type"], i["node"]) for i in row["items"]} == {("P10", packed), ("S07", sent)}
    assert row["observed"] == sum(joined[way, True, True] for way in ("sea", "air"))
    assert row["effect"]["odds_ratio"] == pytest.approx(odds(joined, apart))
    assert odds(joined, together) > 2
    assert row["q"] > 0.05
    assert row["trend"] == "steady"
