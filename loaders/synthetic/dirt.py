"""Faults as real exports have them, planted in a written package, each with what becomes of it.

A row is spoilt beyond loading only in tables whose rows nothing else names, so that it takes no
other row along.
*rejected*: the row cannot be represented. *pending*: it is loaded, but what it names is not there.
*loaded*: it is legible all the same, or wrong in a way that only the data rules can tell.
"""

from __future__ import annotations

import csv
import datetime as dt
import random
import re
import shutil
import zipfile
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

DAY = dt.timedelta(days=1)
EXCEL_EPOCH = dt.date(1899, 12, 30)
FULL_WIDTH = str.maketrans("0123456789-", "０１２３４５６７８９－")
NO_BYTE = "\udcff"
"""A byte that stands for nothing in GB18030, as Python carries it through text."""
TOTAL = "合计"
BITS = 32

Row = dict[str, str]
Fault = dict[str, Any]


@dataclass(frozen=True)
class Kind:
    """A kind of fault in one row: the field it spoils, how, what becomes of the row.

    ``spoil`` gives the rows that stand in the file instead (None: the kind does not fit the row);
    ``rule`` is the data rule to which it is left.
    """

    name: str
    field: str
    becomes: str
    spoil: Callable[[Row], list[Row] | None]
    rule: str | None = None


def _set(field: str, change: Callable[[Row], str | None]) -> Callable[[Row], list[Row] | None]:
    def spoil(row: Row) -> list[Row] | None:
        value = change(row) if row[field] else None
        return None if value is None else [row | {field: value}]

    return spoil


def _day(text: str) -> dt.date:
    return dt.date.fromisoformat(text[:10])


def _serial(text: str) -> str:
    return str((_day(text) - EXCEL_EPOCH).days)


def _earlier(field: str, than: str, days: int) -> Callable[[Row], list[Row] | None]:
    """One date before another that it must not come before."""
    return _set(field, lambda row: str(_day(row[than]) - days * DAY) if row[than] else None)


def _late_transfer(row: Row) -> list[Row] | None:
    """A transfer date (移送日期) after the intake."""
    if row["field"] != "移送日期":
        return None
    return [row | {"value": str(_day(row["value"]) + 30 * DAY)}]


KINDS: Mapping[str, tuple[Kind, ...]] = {
    "card_fields": (
        Kind("bad_date", "entered", "rejected", _set("entered", lambda r: r["entered"][:8] + "32")),
        Kind(
            "full_width",
            "entered",
            "loaded",
            _set("entered", lambda r: r["entered"].translate(FULL_WIDTH)),
        ),
        Kind("undecodable", "value", "rejected", _set("value", lambda r: r["value"] + NO_BYTE)),
        Kind("contradicting_dates", "value", "loaded", _late_transfer, "Q02"),
    ),
    "charges": (
        Kind("missing_key", "party", "rejected", _set("party", lambda r: "")),
        Kind("dangling_key", "party", "pending", _set("party", lambda r: r["party"] + "-X")),
        Kind("duplicate", "charge", "loaded", lambda r: [r, dict(r)]),
        Kind(
            "contradicting_duplicate",
            "charge",
            "rejected",
            lambda r: [r, r | {"name": r["name"] + "（未遂）"}],
        ),
    ),
    "measures": (
        Kind("bad_date", "from", "rejected", _set("from", lambda r: "待查")),
        Kind("excel_serial", "from", "rejected", _set("from", lambda r: _serial(r["from"]))),
        Kind("missing_id", "measure", "rejected", _set("measure", lambda r: "")),
        Kind("dangling_key", "party", "pending", _set("party", lambda r: r["party"] + "-X")),
        Kind("impossible_order", "to", "loaded", _earlier("to", "from", 1)),
    ),
    "documents": (
        Kind("impossible_order", "served", "loaded", _earlier("served", "signed", 2), "Q40"),
        Kind(
            "full_width",
            "signed",
            "loaded",
            _set("signed", lambda r: r["signed"].translate(FULL_WIDTH)),
        ),
    ),
    "events": (
        Kind(
            "contradicting_dates", "recorded", "loaded", _earlier("recorded", "occurred", 2), "Q03"
        ),
    ),
    "property_movements": (
        Kind("missing_key", "property", "rejected", _set("property", lambda r: "")),
    ),
}
"""The kinds of faults by table."""
GB18030, TRUNCATED, TOTALLED, WORKBOOK = (
    "card_fields",
    "charges",
    "measures",
    "property_movements",
)
"""The table in GB18030; the one that ends in the middle of a line; the one with a row of totals;
the workbook with serial numbers for dates, merged cells and a row of totals."""


def soil(folder: Path, rate: float, seed: int) -> Iterator[Fault]:
    """Plant faults in the tables of a package: in about ``rate`` of the rows of each, and once a
    table what only a whole table can have. Yields each fault: ``table, file, row, field, kind,
    id, becomes, rule``; ``row`` counts from the header, which is row 1.
    """
    bound = int(rate * (1 << BITS))
    for table, kinds in KINDS.items():
        rng = random.Random(f"{seed}/dirt/{table}")
        clean = folder / f"{table}.csv"
        soiled = folder / f"{table}.soiled"
        with clean.open(encoding="utf-8", newline="") as file:
            reader = csv.DictReader(file)
            columns = list(reader.fieldnames or ())
            rows = _spoiled(reader, kinds, rng, bound)
            if table == WORKBOOK:
                name = f"{table}.xlsx"
                yield from _workbook(soiled, table, name, columns, rows)
            else:
                name = clean.name
                yield from _csv(soiled, table, name, columns, rows)
        clean.unlink()
        soiled.rename(folder / name)


Spoiled = Iterator[tuple[Row, Kind | None]]


def _spoiled(
    rows: Iterator[Row], kinds: tuple[Kind, ...], rng: random.Random, bound: int
) -> Spoiled:
    """The rows as they will stand in the file, each with its fault."""
    for row in rows:
        kind = kinds[rng.randrange(len(kinds))] if rng.getrandbits(BITS) < bound else None
        spoiled = kind.spoil(row) if kind else None
        if kind is None or spoiled is None:
            yield row, None
        else:
            # Of two equal rows the second is the fault; of two that differ, both are.
            first = kind if len(spoiled) == 1 or kind.becomes == "rejected" else None
            yield spoiled[0], first
            yield from ((more, kind) for more in spoiled[1:])


def _fault(table: str, file: str, row: int, id_: str, kind: Kind) -> Fault:
    return {
        "table": table,
        "file": file,
        "row": row,
        "field": kind.field,
        "kind": kind.name,
        "id": id_,
        "becomes": kind.becomes,
        "rule": kind.rule,
    }


def _once(name: str, field: str) -> Kind:
    return Kind(name, field, "rejected", lambda row: [row])


def _csv(path: Path, table: str, name: str, columns: list[str], rows: Spoiled) -> Iterator[Fault]:
    encoding = "gb18030" if table == GB18030 else "utf-8"
    number, last = 1, ""
    with path.open("w", encoding=encoding, errors="surrogateescape", newline="") as file:
        writer = csv.DictWriter(file, columns, lineterminator="\n")
        writer.writeheader()
        for row, kind in rows:
            number, last = number + 1, row[columns[0]]
            writer.writerow(row)
            if kind:
                yield _fault(table, name, number, last, kind)
        if table == TOTALLED:
            writer.writerow(dict(zip(columns, (TOTAL, str(number - 1)), strict=False)))
            yield _fault(table, name, number + 1, TOTAL, _once("total", columns[0]))
        if table == TRUNCATED:
            file.write(f"CH-{number},")
            yield _fault(table, name, number + 1, f"CH-{number}", _once("cut", columns[-1]))


def _workbook(
    path: Path, table: str, name: str, columns: list[str], rows: Spoiled
) -> Iterator[Fault]:
    """A workbook with dates as serial numbers, equal neighbours merged, and totals at the end."""
    import openpyxl

    book = openpyxl.Workbook()
    sheet = book.worksheets[0]
    sheet.append(columns)
    number = 1
    merged: list[tuple[str, int]] = []
    key = columns.index("property") + 1
    for row, kind in rows:
        number += 1
        sheet.append([int(_serial(row[c])) if c == "at" else row[c] or None for c in columns])
        if kind:
            yield _fault(table, name, number, row[columns[0]], kind)
            merged.clear()
        elif merged and merged[-1][0] == row["property"] and number % 7 == 0:
            sheet.cell(number, key).value = None
            sheet.merge_cells(
                start_row=number - 1, end_row=number, start_column=key, end_column=key
            )
            yield _fault(table, name, number, row[columns[0]], _once("merged_cells", "property"))
            merged.clear()
        else:
            merged[:] = [(row["property"], number)]
    sheet.append([TOTAL, None, number - 1])
    yield _fault(table, name, number + 1, TOTAL, _once("total", columns[0]))
    book.save(path)
    _same_bytes(path)


def _same_bytes(path: Path) -> None:
    """Take the time of writing out of a workbook, so that the seed alone decides its bytes."""
    plain = path.with_suffix(".plain")
    with zipfile.ZipFile(path) as book, zipfile.ZipFile(plain, "w") as out:
        for entry in sorted(book.namelist()):
            content = book.read(entry)
            if entry == "docProps/core.xml":
                content = re.sub(rb"\d{4}-\d\d-\d\dT[\d:]+Z", b"2025-12-31T00:00:00Z", content)
            info = zipfile.ZipInfo(entry)
            info.create_system = 3
            out.writestr(info, content)
    shutil.move(plain, path)
