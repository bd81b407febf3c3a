"""A soiled world loaded: every fault that was planted is found, and no clean row is refused."""

from __future__ import annotations

import csv
import json
from pathlib import Path
from typing import Any

import openpyxl

from graph import Graph
from loaders.load import load
from loaders.synthetic import generate
from loaders.tables import encoding_of

Named = tuple[str, int]
"""A table and the number of a row."""


def refused(folder: Path) -> dict[Named, str]:
    """Every row of the reject files with its code."""
    found: dict[Named, str] = {}
    for path in folder.iterdir():
        rows: list[list[Any]]
        if path.suffix == ".xlsx":
            sheet = openpyxl.load_workbook(path).worksheets[0]
            rows = [list(r) for r in sheet.iter_rows(values_only=True)]
        else:
            with path.open(
                encoding=encoding_of(path), errors="surrogateescape", newline=""
            ) as file:
                rows = list(csv.reader(file))
        # A table may have a column "code" of its own: those of the reject file are the last ones.
        names = [str(name) for name in rows[0]]
        at = len(names) - 1 - names[::-1].index("row")
        found |= {(path.stem, int(r[at])): str(r[at + 1]) for r in rows[1:]}
    return found


def test_every_planted_fault_is_found_and_no_clean_row_is_refused(
    graph: Graph, tmp_path: Path
) -> None:
    made = generate(tmp_path / "world", 250, 9, dirt=0.03)
    planted: dict[str, set[Named]] = {"rejected": set(), "pending": set(), "loaded": set()}
    for fault in json.loads(made.truth.read_text(encoding="utf-8"))["dirt"]:
        planted[fault["becomes"]].add((fault["table"], fault["row"]))
    report = load(graph, tmp_path / "world")
    assert report.read == report.loaded + report.rejected + report.unchanged
    assert set(refused(Path(str(report.reject_file)))) == planted["rejected"]
    assert report.pending == len(planted["pending"])
    assert len(planted["rejected"]) > 30
    assert len(planted["loaded"]) > 30
    assert planted["pending"]
