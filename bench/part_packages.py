"""Packages that hold a part of a generated world, changed or not."""

from __future__ import annotations

import csv
import shutil
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any


def manifest(folder: Path, more: str = "") -> None:
    """An empty package of the source that ``generate`` writes."""
    shutil.rmtree(folder, ignore_errors=True)
    folder.mkdir()
    said = f"source: demo\nsynthetic: true\n{more}"
    (folder / "package.yaml").write_text(said, encoding="utf-8")


def copied(
    world: Path, folder: Path, table: str
) -> Iterator[tuple[dict[str, str], Callable[[dict[str, str]], Any]]]:
    """The rows of a table, each with what writes one into the same table of another package."""
    with (
        (world / f"{table}.csv").open(encoding="utf-8-sig", newline="") as source,
        (folder / f"{table}.csv").open("w", encoding="utf-8", newline="") as target,
    ):
        rows = csv.DictReader(source)
        writer = csv.DictWriter(target, list(rows.fieldnames or ()))
        writer.writeheader()
        for row in rows:
            yield row, writer.writerow
