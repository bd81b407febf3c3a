"""Tables as streams of raw rows, and reject files in the source's own encoding and column order.

Bytes that cannot be decoded travel as lone surrogates (``surrogateescape``): the row can be
refused by name, and its reject file holds the very bytes of the source.
"""

from __future__ import annotations

import csv
import datetime as dt
import decimal
import gzip
import io
import re
import sys
import zipfile
import zlib
from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import IO, Any, Protocol

from graph.errors import InputError
from graph.store.schema import NodeType

SUFFIXES = (".csv", ".csv.gz", ".xlsx", ".parquet")
ADDED = ("row", "cell", "code", "field", "reason")
"""The last columns of a reject file; a table that ends with them is a mended reject file."""
SEPARATORS = (",", ";", "\t", "|", "；")
"""What may part the cells of a CSV; the first that gives a header its columns."""
EXTRA, SHORT, DIFFER = "\0extra", "\0short", "\0differ"
"""Names under which a row's surplus cells, the columns it is short of, and those in which the
copies of a mended row contradict one another are handed on."""
Raw = str | int | float | bool | decimal.Decimal | dt.date | dt.datetime | list[Any] | None

_SHEETS = (".csv", ".csv.gz", ".xlsx")
_MARKED = {"None": "utf-8-sig", "utf-8": "utf-8-sig"}
"""Encodings that a reject file needs a mark for."""
_BEYOND = re.compile(rb"[\xe0-\xff]")
_RUN = re.compile(rb"[\x80-\xff]+")

csv.field_size_limit(min(sys.maxsize, 1 << 24))


@dataclass(frozen=True, slots=True)
class SourceRow:
    """One row as it stands in its source: table, row number (the header is row 1), raw values.

    ``derived``: made up from rows of another table (the cases of an event log), so that it is
    not counted as a row read. ``sheet``: title of its sheet, where a profile may read several of a
    workbook. A subclass may carry a ``fault`` (``code``, ``field``,
    ``values``): the source has refused the row already.
    """

    table: str
    number: int
    values: dict[str, Raw]
    derived: bool = False
    sheet: str | None = field(default=None, kw_only=True)


class RejectWriter(Protocol):
    """Where the refused rows of one table go."""

    path: Path

    def write(
        self, row: SourceRow, code: str, field: str, reason: str, *, secret: bool = False
    ) -> None:
        """Add a row; a secret one with its number and code only."""

    def close(self) -> None:
        """Finish the file, if any row was refused."""


class Source(Protocol):
    """What can be loaded. ``tables()`` may be asked again, and is consumed table by table.

    A source may also have ``warnings`` (tuple of str) and ``complete`` (names of tables of which
    it holds back nothing).
    """

    @property
    def path(self) -> Path:
        """The file or folder."""

    @property
    def source(self) -> str:
        """Name of the source: the first half of every key."""

    @property
    def synthetic(self) -> bool:
        """Whether the data are made up."""

    @property
    def profile(self) -> str | None:
        """Text of the profile that read it, kept with the batch."""

    @property
    def extra(self) -> tuple[tuple[NodeType, list[dict[str, Any]]], ...]:
        """Further nodes, such as a profile's rules: properties with ``id``, not counted."""

    def tables(self) -> Iterable[tuple[NodeType, Iterator[SourceRow]]]:
        """The tables in an order in which each comes after those it needs."""

    def reject_writer(self, table: str, folder: Path) -> RejectWriter:
        """Where the refused rows of ``table`` go, below ``folder``."""

    def hashes(self) -> dict[str, str]:
        """SHA-256 of every file, by name."""


@dataclass(frozen=True)
class Table:
    """A table file: its path, its encoding (None where the format has its own), its columns.

    ``separator`` parts the cells of a CSV.
    """

    path: Path
    encoding: str | None
    columns: tuple[str, ...]
    separator: str = ","


@contextmanager
def reading(path: Path) -> Iterator[None]:
    """Every way in which a file cannot be read, as InputError ``table.unreadable``."""
    try:
        yield
    except (
        OSError,
        EOFError,
        ValueError,
        KeyError,
        csv.Error,
        zlib.error,
        zipfile.BadZipFile,
        UnicodeError,
    ) as error:
        reason = error.strerror if isinstance(error, OSError) and error.strerror else error
        raise InputError("table.unreadable", file=path, reason=reason) from error


def _binary(path: Path) -> IO[bytes]:
    return gzip.open(path, "rb") if path.suffix == ".gz" else path.open("rb")  # type: ignore[return-value]


def encoding_of(path: Path) -> str:
    """UTF-8 with or without a mark, UTF-16 with a mark, or GB18030.

    The whole file decides: where neither fits every line, the one that fits more lines. A few
    Chinese words in GB18030 may be valid UTF-8 too, then of Latin, Greek or Cyrillic letters:
    where no letter lies beyond those and most stand in groups, it is GB18030 (accents stand alone).
    """
    bad = {"utf-8": 0, "gb18030": 0}
    beyond, single, grouped = False, 0, 0
    with _binary(path) as file:
        head = file.read(4)
        if head.startswith(b"\xef\xbb\xbf"):
            return "utf-8-sig"
        if head[:2] in {b"\xff\xfe", b"\xfe\xff"}:
            return "utf-16"
        file.seek(0)
        while lines := file.readlines(1 << 22):
            whole = b"".join(lines)
            for encoding in bad:
                try:
                    whole.decode(encoding)
                except UnicodeDecodeError:
                    bad[encoding] += sum(not _decodes(line, encoding) for line in lines)
            beyond = beyond or bool(_BEYOND.search(whole))
            if not beyond:
                lengths = [len(run) for run in _RUN.findall(whole)]
                grouped += sum(length > 2 for length in lengths)
                single += sum(length <= 2 for length in lengths)
    if not beyond and not bad["gb18030"] and grouped > single:
        return "gb18030"
    return min(bad, key=lambda encoding: bad[encoding])


def _decodes(line: bytes, encoding: str) -> bool:
    try:
        line.decode(encoding)
    except UnicodeDecodeError:
        return False
    return True


def open_table(path: Path) -> Table:
    """The columns and the encoding of a table file.

    Raises InputError ``table.unreadable``, ``table.suffix``, ``table.no_header`` or
    ``table.double_column``.
    """
    if not path.name.endswith(SUFFIXES):
        raise InputError("table.suffix", file=path, suffixes=", ".join(SUFFIXES))
    with reading(path):
        encoding = encoding_of(path) if path.suffix in {".csv", ".gz"} else None
        header, separator = next(_lines(path, encoding), []), ","
        if encoding and len(header) == 1:
            headers = {s: next(_lines(path, encoding, s), []) for s in SEPARATORS}
            separator = max(headers, key=lambda s: len(headers[s]))
            header = headers[separator]
    columns = [as_text(name).strip() for name in header]
    while columns and not columns[-1]:
        columns.pop()
    if len(columns) > len(ADDED) and tuple(columns[-len(ADDED) :]) == ADDED:
        del columns[-len(ADDED) :]
    if not any(columns):
        raise InputError("table.no_header", file=path)
    doubles = {c or "–" for c in columns if columns.count(c) > 1}
    if doubles:
        raise InputError("table.double_column", file=path, columns=", ".join(sorted(doubles)))
    return Table(path, encoding, tuple(columns), separator)


def rows(table: Table, name: str) -> Iterator[SourceRow]:
    """The rows of a table; empty rows are passed over, an empty cell is absent.

    Raises InputError ``table.unreadable`` where the file breaks off.
    """
    columns, width = table.columns, len(table.columns)
    with reading(table.path):
        source = _lines(table.path, table.encoding, table.separator)
        header = next(source, [])
        # The columns added to a mended reject file, and nameless columns at the end, are no
        # surplus cells.
        reach = len(header)
        short_is_fault = table.encoding is not None
        mended = tuple(as_text(c) for c in header[width : width + len(ADDED)]) == ADDED
        copies: dict[int, list[tuple[dict[str, Raw], str]]] = defaultdict(list)
        for number, cells in enumerate(source, start=2):
            values = {
                c: v
                for c, v in zip(columns, cells, strict=False)
                if v is not None and v != "" and v == v
            }
            if not values:
                continue
            if mended:
                copies[_original(cells[width], number)].append((values, as_text(cells[width + 3])))
                continue
            if len(cells) > reach and any(c not in {"", None} for c in cells[reach:]):
                values[EXTRA] = "; ".join(as_text(c) for c in cells[reach:])
            elif len(cells) < width and short_is_fault:
                values[SHORT] = ", ".join(columns[len(cells) :])
            yield SourceRow(name, number, values)
        for number, lines in copies.items():
            yield SourceRow(name, number, _merged(lines))


def _original(cell: Any, number: int) -> int:
    """The row number that a line of a reject file stands for; its own where it gives none."""
    try:
        return int(float(cell))
    except (TypeError, ValueError):
        return number


def _merged(lines: list[tuple[dict[str, Raw], str]]) -> dict[str, Raw]:
    """The lines of one row, one a fault, as the row: a cell counts from the line that names it.

    Cells that no line names must agree, and so must lines that name the same cell.
    """
    values: dict[str, Raw] = {}
    differ = []
    for column in dict.fromkeys(c for found, _ in lines for c in found):
        said = [found.get(column) for found, field in lines if field == column]
        said = said or [found.get(column) for found, _ in lines]
        if any(v != said[0] for v in said):
            differ.append(column)
        elif said[0] is not None:
            values[column] = said[0]
    if differ:
        values[DIFFER] = "; ".join(differ)
    return values


def _lines(path: Path, encoding: str | None, separator: str = ",") -> Iterator[list[Any]]:
    if encoding:
        binary = _binary(path)
        with io.TextIOWrapper(
            binary, encoding=encoding, errors="surrogateescape", newline=""
        ) as file:
            yield from csv.reader(file, delimiter=separator)
    elif path.suffix == ".parquet":
        yield from _parquet(path)
    else:
        yield from _workbook(path)


def _parquet(path: Path) -> Iterator[list[Any]]:
    import pyarrow.parquet as pq

    with pq.ParquetFile(path) as file:
        yield list(file.schema_arrow.names)
        for batch in file.iter_batches(10_000):
            columns = [column.to_pylist() for column in batch.columns]
            yield from (list(values) for values in zip(*columns, strict=True))


def _workbook(path: Path) -> Iterator[list[Any]]:
    import openpyxl

    book = openpyxl.load_workbook(path, read_only=True, data_only=True)
    try:
        sheet = book.worksheets[0]
        # Some programs write a wrong extent, which would cut the sheet.
        sheet.reset_dimensions()
        for row in sheet.iter_rows(values_only=True):
            yield list(row)
    finally:
        book.close()


def sheets(path: Path) -> list[str]:
    """Titles of a workbook's sheets; only the first is read."""
    import openpyxl

    with reading(path):
        book = openpyxl.load_workbook(path, read_only=True)
        try:
            return list(book.sheetnames)
        finally:
            book.close()


def as_text(value: object) -> str:
    """A cell as a CSV file holds it."""
    if value is None:
        return ""
    if isinstance(value, list):
        return ";".join(as_text(v) for v in value)
    return str(value)


class RejectFile:
    """Refused rows of one table, a line a fault: the source's columns, then row, cell, code, field
    and reason.

    A workbook is answered by a workbook, every other table by a CSV in the table's encoding (UTF-8
    with a mark, by which a spreadsheet program knows it). The file appears with the first row.
    """

    def __init__(
        self,
        folder: Path,
        table: Table,
        empty: Iterable[str],
        layouts: Mapping[str, Sequence[str]] | None = None,
    ) -> None:
        """``layouts`` are the columns of each sheet, where a workbook has several."""
        self._table = table
        self._layouts = layouts or {}
        self._empty = frozenset(empty)
        self._workbook = table.path.suffix == ".xlsx"
        name = table.path.name.removesuffix(".gz")
        self.path = folder / (Path(name).stem + (".xlsx" if self._workbook else ".csv"))
        self._file: IO[str] | None = None
        self._sheet: Any = None

    def write(
        self, row: SourceRow, code: str, field: str, reason: str, *, secret: bool = False
    ) -> None:
        """Add a row; personal columns stay empty, a secret row gives number and code only.

        Raises InputError ``load.reject_write`` when the disk refuses.
        """
        values = row.values
        cells = [None if secret or c in self._empty else values.get(c) for c in self._table.columns]
        note = (code, "", "") if secret else (code, field, reason)
        self._append([*cells, row.number, "" if secret else self.cell(row, field), *note])

    def cell(self, row: SourceRow, field: str) -> str:
        """The cell of a fault as a spreadsheet program names it; empty where there is no sheet.

        Where a workbook has several, with its sheet: ``'2024年'!C12``, or ``'2024年'!12:12`` for a
        whole row.
        """
        number, sheet = row.number, ""
        if row.sheet is not None:
            sheet = "'" + row.sheet.replace("'", "''") + "'!"
            field = field.removeprefix(f"{row.sheet}!")
        columns = self._layouts.get(row.sheet or "", self._table.columns)
        if field not in columns or not self._table.path.name.endswith(_SHEETS):
            return f"{sheet}{number}:{number}" if sheet else ""
        at, letters = columns.index(field) + 1, ""
        while at:
            at, rest = divmod(at - 1, 26)
            letters = chr(65 + rest) + letters
        return f"{sheet}{letters}{number}"

    def close(self) -> None:
        """Finish the file, if any row was refused. Raises InputError ``load.reject_write``."""
        with self._writing():
            if self._sheet is not None:
                self._sheet.parent.save(self.path)
                self._sheet = None
            if self._file is not None:
                file, self._file = self._file, None
                file.close()

    def _append(self, cells: list[Any]) -> None:
        header = [*self._table.columns, *ADDED]
        with self._writing():
            if self._workbook:
                if self._sheet is None:
                    self._sheet = _new_sheet()
                    self.path.parent.mkdir(parents=True, exist_ok=True)
                    self._sheet.append(header)
                self._sheet.append([_plain_cell(self._sheet, c) for c in cells])
                return
            if self._file is None:
                self.path.parent.mkdir(parents=True, exist_ok=True)
                self._file = self.path.open(
                    "w",
                    encoding=_MARKED.get(str(self._table.encoding), str(self._table.encoding)),
                    newline="",
                    errors="surrogateescape",
                )
                csv.writer(self._file, delimiter=self._table.separator).writerow(header)
            writer = csv.writer(self._file, delimiter=self._table.separator)
            writer.writerow([as_text(c) for c in cells])

    @contextmanager
    def _writing(self) -> Iterator[None]:
        try:
            yield
        except OSError as error:
            raise InputError(
                "load.reject_write", file=self.path, reason=error.strerror or error
            ) from error


def _new_sheet() -> Any:
    import openpyxl

    return openpyxl.Workbook(write_only=True).create_sheet("rejected")


def _plain_cell(sheet: Any, value: Any) -> Any:
    """A cell that is never a formula, without the control characters that a workbook forbids."""
    from openpyxl.cell import WriteOnlyCell
    from openpyxl.cell.cell import ILLEGAL_CHARACTERS_RE

    if isinstance(value, dt.datetime) and value.tzinfo is not None:
        value = value.isoformat()
    if not isinstance(value, str):
        return as_text(value) if isinstance(value, list) else value
    cell = WriteOnlyCell(sheet, ILLEGAL_CHARACTERS_RE.sub("", value))
    cell.data_type = "s"
    return cell
