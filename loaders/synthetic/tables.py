"""The tables of a native package, written row by row as they grow."""

from __future__ import annotations

import csv
from pathlib import Path
from typing import Any

from loaders.synthetic.leads import evidence_names

COLUMNS: dict[str, tuple[str, ...]] = {
    "units": ("unit", "name", "level", "parent"),
    "departments": ("department", "name", "kind", "unit"),
    "persons": ("person", "name", "role", "department"),
    "matters": ("matter", "title"),
    "cases": (
        "case",
        "type",
        "accepted",
        "closed",
        "cause",
        "outcome",
        "secrecy",
        "matter",
        "unit",
        "department",
        "handler",
        "follows",
    ),
    "parties": ("party", "case", "identity", "status", "minor"),
    "charges": ("charge", "party", "code", "name", "stage"),
    "measures": ("measure", "party", "kind", "from", "to", "decided_by"),
    "events": (
        "event",
        "case",
        "node",
        "occurred",
        "recorded",
        "person",
        "party",
        "outcome",
        "attr_days",
    ),
    "documents": ("document", "case", "event", "template", "signed", "served"),
    "card_fields": (
        "field_value",
        "case",
        "party",
        "field",
        "value",
        "entered",
        "entered_by",
        "basis",
        "approved_by",
    ),
    "participants": ("participant", "case", "kind"),
    "properties": ("property", "case", "kind"),
    "property_movements": ("movement", "property", "kind", "at"),
    "problems": (
        "problem",
        "type",
        "case",
        "node",
        "event",
        "found",
        "found_by",
        "raised_by_review",
        "raised_by_person",
        "description",
    ),
    "dispositions": ("disposition", "problem", "status", "person", "at", "reason"),
    "reviews": (
        "review",
        "case",
        "lead",
        "kind",
        "opened",
        "finished",
        "result_category",
        "reviewer",
    ),
    "corrections": ("correction", "problems", "lead", "form", "root_cause", "issued", "department"),
    "notices": ("notice", "correction", "department", "form", "issued"),
    "replies": ("reply", "notice", "at", "result"),
    "indicator_values": (
        "indicator_value",
        "indicator",
        "unit",
        "period",
        "numerator",
        "denominator",
    ),
    "alerts": ("alert", "indicator_value", "style", "raised"),
    "mappings": ("mapping", "indicator", "node", "state", "basis"),
    "monitoring_rules": ("monitoring_rule", "title", "status", "valid_from", "node"),
    "leads": ("lead", "route", "case", "unit", "problem", "review", "alert"),
    "lead_steps": ("step", "lead", "act", "at", "by", "mode", *evidence_names()),
}


class Tables:
    """The open files of a package."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        folder.mkdir(parents=True, exist_ok=True)
        self._files = {
            name: (folder / f"{name}.csv").open("w", encoding="utf-8", newline="")
            for name in COLUMNS
        }
        self._writers = {n: csv.writer(f, lineterminator="\n") for n, f in self._files.items()}
        for name, writer in self._writers.items():
            writer.writerow(COLUMNS[name])

    def row(self, table: str, **values: Any) -> None:
        """Write one row; a date as ISO text, None as nothing."""
        self._writers[table].writerow(map(values.get, COLUMNS[table]))

    def close(self) -> None:
        """Finish the files."""
        for file in self._files.values():
            file.close()
