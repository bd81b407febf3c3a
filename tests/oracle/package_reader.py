"""A second, independent reading of a package: CSV rows and plain loops.

Of the product it takes only the list of nodes.
"""

from __future__ import annotations

import csv
import datetime as dt
from collections import Counter, defaultdict
from dataclasses import dataclass, field
from functools import cached_property
from pathlib import Path
from zoneinfo import ZoneInfo

from graph.rulebook import nodes

SHANGHAI = ZoneInfo("Asia/Shanghai")
Row = dict[str, str]


def moment(text: str) -> dt.datetime:
    """A date counts from local midnight, a datetime without offset is in Shanghai."""
    value = dt.datetime.fromisoformat(text)
    return value if value.tzinfo else value.replace(tzinfo=SHANGHAI)


@dataclass
class PackageReader:
    """The tables of a package as lists of rows, cut at ``as_of``."""

    folder: Path
    as_of: dt.datetime
    cache: dict[str, list[Row]] = field(default_factory=dict)

    def rows(self, table: str) -> list[Row]:
        """All rows of a table; none if the package lacks it."""
        if table not in self.cache:
            path = self.folder / f"{table}.csv"
            self.cache[table] = []
            if path.exists():
                with path.open(encoding="utf-8-sig", newline="") as file:
                    self.cache[table] = list(csv.DictReader(file))
        return self.cache[table]

    @cached_property
    def cases(self) -> dict[str, Row]:
        """Cases accepted by then, by id."""
        return {r["case"]: r for r in self.rows("cases") if moment(r["accepted"]) <= self.as_of}

    @cached_property
    def events(self) -> list[Row]:
        """Events known by then."""
        return [
            r
            for r in self.rows("events")
            if moment(r.get("recorded") or r["occurred"]) <= self.as_of
        ]

    @cached_property
    def parties(self) -> dict[str, list[str]]:
        """Parties by case."""
        found: dict[str, list[str]] = defaultdict(list)
        for r in self.rows("parties"):
            found[r["case"]].append(r["party"])
        return found

    @cached_property
    def problems(self) -> list[Row]:
        """Problems found by then, with their derived ``status``."""
        said: dict[str, list[tuple[dt.datetime, str]]] = defaultdict(list)
        for r in self.rows("dispositions"):
            if moment(r["at"]) <= self.as_of:
                said[r["problem"]].append((moment(r["at"]), r["status"]))
        return [
            r | {"status": max(said[r["problem"]])[1] if said[r["problem"]] else "HIT"}
            for r in self.rows("problems")
            if moment(r["found"]) <= self.as_of
        ]

    @cached_property
    def counted(self) -> list[Row]:
        """Problems that count by default."""
        return [p for p in self.problems if p["status"] in {"HIT", "CONFIRMED"}]

    def visits(self) -> dict[tuple[str, str], int]:
        """How often one act was at a node at most, of one party or the whole case."""
        decisive = {code for code, node in nodes().items() if node.decision}
        each = Counter(
            (
                e["case"],
                e["node"],
                e.get("party", ""),
                "" if e["node"] in decisive else e.get("outcome", ""),
            )
            for e in self.events
        )
        most: dict[tuple[str, str], int] = {}
        for (case, node, _, _), n in each.items():
            most[case, node] = max(n, most.get((case, node), 0))
        return most
