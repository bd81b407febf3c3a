"""Answers on their way out: one JSON object, a table on the terminal, or a spreadsheet."""

from __future__ import annotations

import csv
import datetime as dt
import json
import re
import sys
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from functools import lru_cache
from pathlib import Path
from typing import Any

import yaml

from graph.errors import InputError, Lang
from graph.settings import settings
from graph.store.temporal import as_json as as_json

WIDTH = 132
INSTANT = re.compile(r"\d{4}-\d\d-\d\dT\d\d:\d\d(:\d\d(\.\d+)?)?(Z|[+-]\d\d:\d\d)$")
NUMBER = re.compile(r"-?[\d.]*$")
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


@lru_cache(maxsize=1)
def texts() -> dict[str, dict[str, dict[str, str]]]:
    """Names of columns and values in both languages (``texts.yaml``)."""
    found: dict[str, dict[str, dict[str, str]]] = yaml.safe_load(
        Path(__file__).with_name("texts.yaml").read_text(encoding="utf-8")
    )
    return found


def named(value: str, lang: Lang) -> str:
    """A code as a reader of this language calls it."""
    return texts()["values"].get(value, {}).get(lang, value)


def local_time(value: dt.datetime) -> str:
    """An instant as the clock on the wall shows it (``ANGUAN_TZ``), to the minute."""
    return value.astimezone(settings().zone).strftime("%Y-%m-%d %H:%M")


def cell(value: Any, lang: Lang) -> str:
    """One value as text for a reader."""
    match value:
        case None:
            return ""
        case False:
            return "–"
        case True:
            return "●"
        case list() | tuple():
            return ("、" if lang == "zh" else ", ").join(cell(v, lang) for v in value)
        case {"zh": _, "en": _}:
            return str(value[lang])
        case {"batch": batch, "on": on}:
            return f"{named('VANISHED', lang)} ({batch}, {cell(on, lang)})"
        case dict():
            return ", ".join(f"{k}: {cell(v, lang)}" for k, v in value.items())
        case dt.datetime():
            return local_time(value)
        case str() if INSTANT.match(value):
            return local_time(dt.datetime.fromisoformat(value))
        case str():
            return named(value, lang)
        case _:
            return str(value)


def readable(row: dict[str, Any], lang: Lang) -> dict[str, str]:
    """The row for a reader: one language, inner mappings as ``outer.inner``, times local."""
    other = "en" if lang == "zh" else "zh"
    cells: dict[str, str] = {}
    for name, value in row.items():
        if (name == other and lang in row) or (name == "vanished" and value is None):
            continue
        if isinstance(value, dict) and set(value) not in ({"zh", "en"}, {"batch", "on"}):
            cells |= {f"{name}.{inner}": text for inner, text in readable(value, lang).items()}
        else:
            cells["name" if name == lang else name] = cell(value, lang)
    return cells


def print_table(title: str, rows: Rows, lang: Lang) -> None:
    """The rows as a table on the terminal, as wide as it is; numbers to the right."""
    from rich.box import SIMPLE_HEAD
    from rich.console import Console
    from rich.table import Table
    from rich.text import Text

    if not rows:
        print(title, "0", sep=": ")
        return
    table = Table(title=Text(title), title_justify="left", header_style="bold", box=SIMPLE_HEAD)
    ready = [readable(r, lang) for r in rows]
    columns = list(dict.fromkeys(c for r in ready for c in r))
    for column in columns:
        head = texts()["columns"].get(column, {}).get(lang, column)
        numbers = all(NUMBER.match(r.get(column, "")) for r in ready)
        table.add_column(
            Text(head), overflow="fold", vertical="top", justify="right" if numbers else "left"
        )
    for row in ready:
        # Text, not str: a square bracket in a value is not markup.
        table.add_row(*(Text(row.get(c, "")) for c in columns))
    console = Console()
    if not console.is_terminal:
        console = Console(width=WIDTH)
    console.print(table)


@contextmanager
def counting(title: str, total: int | None, quiet: bool) -> Iterator[Callable[[str, int], None]]:
    """A count on stderr while work goes on: call with a name and how many more are done.

    Nothing is shown when ``quiet`` or when stderr is no terminal.
    """
    from rich.console import Console
    from rich.progress import BarColumn, MofNCompleteColumn, Progress, TextColumn

    columns = [TextColumn("{task.description}"), MofNCompleteColumn()]
    bar = Progress(
        *([*columns, BarColumn()] if total else columns),
        console=Console(stderr=True),
        disable=quiet or not sys.stderr.isatty(),
    )
    tasks: dict[str, Any] = {}

    def done(name: str, more: int) -> None:
        if name not in tasks:
            tasks[name] = bar.add_task(f"{title} {name}".strip(), total=total)
        bar.advance(tasks[name], more)

    with bar:
        yield done


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
