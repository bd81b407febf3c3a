"""Packages of cases that a test builds by hand."""

from __future__ import annotations

import csv
from collections import defaultdict
from pathlib import Path
from typing import Any

from loaders.load import load


class Built:
    """The rows of one source, written and loaded as a package."""

    def __init__(self, source: str) -> None:
        self.source = source
        self.rows: dict[str, list[dict[str, Any]]] = defaultdict(list)

    def row(self, table: str, **cells: Any) -> None:
        """One row of a table."""
        self.rows[table].append(cells)

    def case(self, type_: str, parties: int = 1, accepted: str = "2024-01-02", **more: Any) -> str:
        """A case with its parties ``<case>-1`` …; its id."""
        case = f"{type_}{len(self.rows['cases']):06d}"
        if "matter" in more and {"matter": more["matter"]} not in self.rows["matters"]:
            self.row("matters", matter=more["matter"])
        self.row("cases", case=case, type=type_, accepted=accepted, **more)
        for number in range(1, parties + 1):
            self.row("parties", party=f"{case}-{number}", case=case)
        return case

    def event(
        self, case: str, node: str, act: str = "", day: str = "2024-02-01", party: str = ""
    ) -> None:
        """An event of the case, or of one of its parties."""
        self.row("events", case=case, node=node, occurred=day, outcome=act, party=party)

    def arrest(self, party: str, since: str = "2024-01-05", until: str = "") -> None:
        """The party under arrest."""
        self.row(
            "measures",
            measure=f"M{len(self.rows['measures'])}",
            party=party,
            kind="ARREST",
            **{"from": since, "to": until},
        )

    def load(self, graph: Any, folder: Path) -> Path:
        """Write the package below ``folder`` and load it; its folder."""
        package = folder / self.source
        package.mkdir()
        (package / "package.yaml").write_text(f"source: {self.source}\n", encoding="utf-8")
        for table, rows in self.rows.items():
            with (package / f"{table}.csv").open("w", encoding="utf-8", newline="") as file:
                names = dict.fromkeys(name for row in rows for name in row)
                writer = csv.DictWriter(file, names, restval="")
                writer.writeheader()
                writer.writerows(rows)
        report = load(graph, package)
        assert report.rejected == 0, (report.reject_file, report.tables)
        return package
