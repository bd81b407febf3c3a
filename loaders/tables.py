"""Tables as streams of raw rows, and reject files in the source's own encoding and column order."""

from __future__ import annotations

import csv
import datetime as dt
import gzip
import io
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import charset_normalizer

from graph.errors import InputError

SUFFIXES = (".csv", ".csv.gz", ".xlsx", ".parquet")
Raw = str | int | float | bool | dt.date | dt.datetime | None


@dataclass(frozen=True)
class SourceRow:
    """One row as it stands in its source: table, row number (the header is row 1), raw values."""

    table: str
    number: int
    values: dict[str, Raw]


@dataclass(frozen=True)
class Table:
    """A table file: its path, its encoding (None where the format has its own), its columns."""

    path: Path
    encoding: str | None
    columns: tuple[str, ...]


def encoding_of(path: Path) -> str:
    """UTF-8 with or without a mark, GB18030, or what the bytes look like."""
    opener = gzip.open if path.suffix == ".gz" else open
    with opener(path, "rb") as file:
        head = file.read(1 << 20)
    if head.startswith(b"\xef\xbb\xbf"):
        return "utf-8-sig"
    for encoding in ("utf-8", "gb18030"):
        try:
            head.decode(encoding)
        except UnicodeDecodeError as error:
            if error.start >= len(head) - 4:
                return encoding
        else:
            return encoding
    best = charset_normalizer.from_bytes(head).best()
    return best.encoding if best and best.encoding.startswith("utf_16") else "gb18030"


def open_table(path: Path) -> Table:
    """The columns and the encoding of a table file.

    Raises InputError ``table.unreadable``, ``table.suffix``, ``table.no_header`` or
    ``table.double_column``.
    """
    if not path.name.endswith(SUFFIXES):
        raise InputError("table.suffix", file=path, suffixes=", ".join(SUFFIXES))
    try:
        if path.suffix in {".csv", ".gz"}:
            encoding: str | None = encoding_of(path)
            header = next(_csv_rows(path, str(encoding)), [])
        else:
            encoding = None
            header = [_text(v) for v in next(_cells(path), [])]
    except (OSError, ValueError, KeyError) as error:
        raise InputError("table.unreadable", file=path, reason=error) from error
    columns = tuple(name.strip() for name in header)
    if not any(columns):
        raise InputError("table.no_header", file=path)
    doubles = {c for c in columns if columns.count(c) > 1}
    if doubles:
        raise InputError("table.double_column", file=path, columns=", ".join(sorted(doubles)))
    return Table(path, encoding, columns)


def rows(table: Table, name: str) -> Iterator[SourceRow]:
    """The rows of a table; empty rows are passed over, a missing cell is None.

    Bytes that cannot be decoded stand as U+FFFD, so that the row can be refused by name.
    """
    source: Iterator[Any] = (
        _csv_rows(table.path, table.encoding) if table.encoding else _cells(table.path)
    )
    next(source, None)
    for number, cells in enumerate(source, start=2):
        values = {c: v for c, v in zip(table.columns, cells, strict=False) if v not in ("", None)}
        if len(cells) > len(table.columns):
            values["\0extra"] = str(cells[len(table.columns) :])
        if values:
            yield SourceRow(name, number, values)


def _csv_rows(path: Path, encoding: str) -> Iterator[list[str]]:
    binary: Any = gzip.open(path, "rb") if path.suffix == ".gz" else path.open("rb")
    with io.TextIOWrapper(binary, encoding=encoding, errors="replace", newline="") as file:
        yield from csv.reader(file)


def _cells(path: Path) -> Iterator[list[Any]]:
    if path.suffix == ".parquet":
        import pyarrow.parquet as pq

        file = pq.ParquetFile(path)
        yield list(file.schema_arrow.names)
        for batch in file.iter_batches(10_000):
            yield from (list(values) for values in zip(*batch.to_pydict().values(), strict=True))
        return
    import openpyxl

    book = openpyxl.load_workbook(path, read_only=True, data_only=True)
    try:
        for row in book.worksheets[0].iter_rows(values_only=True):
            yield list(row)
    finally:
        book.close()


def _text(value: object) -> str:
    return "" if value is None else str(value)


class RejectFile:
    """Refused rows of one table: the source's columns, then code, field and reason."""

    def __init__(self, folder: Path, table: Table, empty: Iterable[str]) -> None:
        self._table = table
        self._empty = frozenset(empty)
        name = table.path.name.removesuffix(".gz")
        self.path = folder / (Path(name).stem + ".csv")
        self._file: Any = None
        self._folder = folder

    def write(
        self, row: SourceRow, code: str, field: str, reason: str, *, secret: bool = False
    ) -> None:
        """Add a row; personal columns stay empty, a secret row gives number and code only.

        Raises InputError ``load.reject_write`` when the disk refuses.
        """
        try:
            if self._file is None:
                self._folder.mkdir(parents=True, exist_ok=True)
                encoding = self._table.encoding or "utf-8-sig"
                self._file = self.path.open("w", encoding=encoding, newline="", errors="replace")
                csv.writer(self._file).writerow(
                    [*self._table.columns, "row", "code", "field", "reason"]
                )
            cells = [
                "" if secret or c in self._empty else _text(row.values.get(c))
                for c in self._table.columns
            ]
            note = ["", ""] if secret else [field, reason]
            csv.writer(self._file).writerow([*cells, row.number, code, *note])
            self._file.flush()
        except OSError as error:
            raise InputError("load.reject_write", file=self.path, reason=error.strerror) from error

    def close(self) -> None:
        """Finish the file, if any row was refused."""
        if self._file is not None:
            self._file.close()
