"""Answers on their way out: one JSON object, a table on the terminal, or a spreadsheet."""

from __future__ import annotations

import csv
import json
from collections.abc import Sequence
from pathlib import Path
from typing import Any

from graph.errors import InputError
from graph.store.temporal import as_json as as_json

WIDTH = 132
FORMULA = ("=", "+", "-", "@", "\t", "\r")
Rows = Sequence[dict[str, Any]]


def print_json(answer: dict[str, Any]) -> None:
    """One JSON object on stdout."""
    print(json.dumps(as_json(answer), ensure_ascii=False))


def flat(row: dict[str, Any]) -> dict[str, Any]:
    """A row with plain cells: inner mappings as ``outer.inner``, lists joined."""
    cells: dict[str, Any] = {}
    for name, value in row.items():
        if isinstance(value, dict):
            cells |= {f"{name}.{inner}": v for inner, v in flat(value).items()}
        elif isinstance(value, list | tuple):
            cells[name] = "；".join(str(as_json(v)) for v in value)
        else:
            cells[name] = as_json(value)
    return cells


def neutral(value: Any) -> Any:
    """A cell that a spreadsheet will not run as a formula."""
    return f"'{value}" if isinstance(value, str) and value.startswith(FORMULA) else value


def print_table(title: str, rows: Rows) -> None:
    """The rows as a table on the terminal, as wide as it is."""
    from rich.console import Console
    from rich.table import Table

    table = Table(title=title, title_justify="left", header_style="bold")
    ready = [flat(r) for r in rows]
    columns = list(dict.fromkeys(c for r in ready for c in r))
    for column in columns:
        table.add_column(column, overflow="fold")
    for row in ready:
        table.add_row(*("" if row.get(c) is None else str(row[c]) for c in columns))
    console = Console()
    if not console.is_terminal:
        console = Console(width=WIDTH)
    console.print(table)


def write_file(path: Path, rows: Rows) -> None:
    """The rows as CSV (UTF-8 with mark), XLSX or Parquet; formula cells are neutralised.

    Raises InputError ``api.out_suffix`` or ``api.out_write``.
    """
    ready = [flat(r) for r in rows]
    columns = list(dict.fromkeys(c for r in ready for c in r))
    try:
        match path.suffix:
            case ".csv":
                with path.open("w", encoding="utf-8-sig", newline="") as file:
                    writer = csv.writer(file)
                    writer.writerow(columns)
                    writer.writerows([neutral(r.get(c)) for c in columns] for r in ready)
            case ".xlsx":
                from openpyxl import Workbook

                book = Workbook(write_only=True)
                sheet = book.create_sheet("anguan")
                sheet.append(columns)
                for row in ready:
                    sheet.append([neutral(row.get(c)) for c in columns])
                book.save(path)
            case ".parquet":
                import pandas as pd

                pd.DataFrame(ready, columns=columns).to_parquet(path)
            case _:
                raise InputError("api.out_suffix", file=path)
    except OSError as error:
        raise InputError("api.out_write", file=path, reason=error.strerror) from error
