"""Workbooks and tables as an office keeps them, read as rows under the names of their header.

The header is found by the names that a profile uses; it may stand below notes, in two rows, in
one of several sheets. Names count without spaces, line breaks and width
(``受理 日期`` is ``受理日期``).
Nothing is dropped silently: only empty rows are passed over; a row of totals is handed on as one.
"""

from __future__ import annotations

import csv
import gzip
import io
import itertools
import unicodedata
from collections.abc import Generator, Iterable, Iterator, Mapping, Sequence
from contextlib import closing
from dataclasses import dataclass, field
from pathlib import Path
from typing import IO, Any

from graph.errors import InputError
from loaders.tables import ADDED, EXTRA, SEPARATORS, Raw, as_text, encoding_of, reading

SUFFIXES = (".xlsx", ".xlsm", ".csv", ".csv.gz", ".tsv", ".txt")
TOTALS = ("合计", "总计", "小计", "共计", "累计")
SEARCHED = 30
"""Rows in which a header is sought."""
REJECTED = "rejected"
"""Title of the sheet of a reject file, which may be loaded once it is mended."""
MOST = 20
"""Letters of a cell of totals at most; a longer one is a remark."""


def plain(name: object) -> str:
    """A name of a column or sheet as it counts: composed, half-width, without any space."""
    return "".join(unicodedata.normalize("NFKC", as_text(name)).split())


@dataclass(frozen=True)
class Wanted:
    """What is sought in a file: the names of columns, those that must be there, and where.

    ``sheets`` are titles (none: every sheet with the header); ``header_row`` is a row number.
    """

    columns: tuple[str, ...]
    needed: tuple[str, ...]
    sheets: tuple[str, ...] = ()
    header_row: int | None = None
    separator: str | None = None
    encoding: str | None = None


@dataclass(frozen=True)
class Sheet:
    """A sheet with its header: ``columns`` under their plain names, in their order.

    ``names`` maps the names of a profile to the columns. ``first`` is the number of the first row
    after the header.
    """

    title: str
    columns: tuple[str, ...]
    names: dict[str, int]
    first: int
    added: int = 0
    """Columns after the last that a reject file has added."""


@dataclass(frozen=True)
class Row:
    """A row that is not empty: its number in the sheet, its cells, and whether it is of totals."""

    number: int
    cells: dict[str, Raw]
    total: bool = False


@dataclass(frozen=True)
class Book:
    """A file of one or several sheets; ``open_book`` makes one."""

    path: Path
    encoding: str | None
    separator: str
    sheets: tuple[Sheet, ...]
    skipped: tuple[str, ...] = field(default=())
    """Titles of the sheets that are not read."""

    @property
    def columns(self) -> tuple[str, ...]:
        """The columns of all sheets."""
        return tuple(dict.fromkeys(c for sheet in self.sheets for c in sheet.columns))

    def rows(
        self,
        sheet: Sheet,
        *,
        key: str,
        fill_down: Sequence[str] = (),
        totals: Sequence[str] = TOTALS,
    ) -> Iterator[Row]:
        """The rows below the header; ``fill_down`` repeats a cell downwards where it is empty.

        A row is one of totals where it holds no ``key``, or a word of totals in its place, and one
        of its first cells is such a word.
        """
        words = {plain(word) for word in totals}
        above: dict[str, Raw] = {}
        at = sheet.names[key]
        with closing(grid(self.path, sheet.title, self.encoding, self.separator)) as lines:
            for number, line in enumerate(lines, start=1):
                if number < sheet.first:
                    continue
                cells: dict[str, Raw] = {
                    name: value
                    for name, value in zip(sheet.columns, line, strict=False)
                    if not empty(value)
                }
                beyond = [v for v in line[len(sheet.columns) + sheet.added :] if not empty(v)]
                if beyond:
                    cells[EXTRA] = "; ".join(as_text(v) for v in beyond)
                if not cells:
                    continue
                own = line[at] if at < len(line) else None
                total = (empty(own) or _is_total(own, words)) and any(
                    _is_total(v, words) for v in list(cells.values())[:4]
                )
                if not total:
                    for name in fill_down:
                        column = sheet.columns[sheet.names[name]] if name in sheet.names else name
                        if column in cells:
                            above[column] = cells[column]
                        elif column in above:
                            cells[column] = above[column]
                yield Row(number, cells, total)


def empty(value: object) -> bool:
    """Whether a cell says nothing: absent, blank, or not a number."""
    return value is None or value != value or (isinstance(value, str) and not value.strip())


def _is_total(value: object, words: set[str]) -> bool:
    """Whether a cell is a word of totals, perhaps with more: 第一检察部小计, 合计：12件."""
    if not isinstance(value, str):
        return False
    said = plain(value)
    return len(said) <= MOST and any(said.startswith(w) or said.endswith(w) for w in words)


def _binary(path: Path) -> IO[bytes]:
    return gzip.open(path, "rb") if path.suffix == ".gz" else path.open("rb")  # type: ignore[return-value]


def grid(
    path: Path, title: str, encoding: str | None, separator: str
) -> Generator[list[Any], None, None]:
    """The cells of a sheet row by row, from row 1."""
    with reading(path):
        if encoding is not None:
            with io.TextIOWrapper(
                _binary(path), encoding=encoding, errors="surrogateescape", newline=""
            ) as file:
                yield from csv.reader(file, delimiter=separator)
            return
        import openpyxl

        book = openpyxl.load_workbook(path, read_only=True, data_only=True)
        try:
            sheet = book[title]
            # Some programs write a wrong extent, which would cut the sheet.
            sheet.reset_dimensions()
            for row in sheet.iter_rows(values_only=True):
                yield list(row)
        finally:
            book.close()


def titles(path: Path) -> list[str]:
    """Titles of the sheets of a workbook that hold cells; of another table, its name."""
    if path.suffix not in {".xlsx", ".xlsm"}:
        return [path.name]
    import openpyxl

    with reading(path):
        book = openpyxl.load_workbook(path, read_only=True)
        try:
            return [sheet.title for sheet in book.worksheets]
        finally:
            book.close()


def open_book(path: Path, wanted: Wanted) -> Book:
    """The sheets of a file that hold the wanted columns, each with its header.

    Raises InputError ``sheet.suffix``, ``sheet.none`` (no sheet of that title),
    ``sheet.no_header`` (with the columns that were missed), ``sheet.double_column`` and
    ``table.unreadable``.
    """
    if not path.name.endswith(SUFFIXES):
        raise InputError("sheet.suffix", file=path, suffixes=", ".join(SUFFIXES))
    all_titles = titles(path)
    workbook = path.suffix in {".xlsx", ".xlsm"}
    with reading(path):
        encoding = None if workbook else wanted.encoding or encoding_of(path)
    separator = wanted.separator or ("," if workbook else separator_of(path, str(encoding)))
    chosen = all_titles
    if wanted.sheets and workbook and all_titles != [REJECTED]:
        asked = {plain(title) for title in wanted.sheets}
        chosen = [title for title in all_titles if plain(title) in asked]
        if not chosen:
            raise InputError(
                "sheet.none",
                file=path,
                sheets=", ".join(wanted.sheets),
                present=", ".join(all_titles),
            )
    found: list[Sheet] = []
    nearest: tuple[int, str, list[str], Sequence[str]] = (-1, "", list(wanted.needed), ())
    for title in chosen:
        with closing(grid(path, title, encoding, separator)) as lines:
            head = list(itertools.islice(lines, SEARCHED + 2))
        sheet, missed, seen = header(title, head, wanted)
        if sheet is not None:
            _no_double(path, sheet, wanted)
            found.append(sheet)
        elif len(wanted.columns) - len(missed) > nearest[0]:
            nearest = (len(wanted.columns) - len(missed), title, missed, seen)
    if not found or (wanted.sheets and len(found) < len(chosen)):
        _, title, missed, seen = nearest
        raise InputError(
            "sheet.no_header",
            file=path,
            sheet=title,
            columns=", ".join(missed),
            present=", ".join(seen) or "–",
        )
    read = {sheet.title for sheet in found}
    return Book(
        path, encoding, separator, tuple(found), tuple(t for t in all_titles if t not in read)
    )


def header(
    title: str, head: Sequence[Sequence[Any]], wanted: Wanted
) -> tuple[Sheet | None, list[str], Sequence[str]]:
    """The header among the first rows: the row, or two rows, with the most wanted names.

    Where there is none: the needed names that the best row lacks, and the names it has.
    """
    needed = {plain(n): n for n in wanted.needed}
    asked = {plain(n): n for n in wanted.columns} | needed
    best: tuple[tuple[int, int], Sheet] | None = None
    most: tuple[int, list[str], Sequence[str]] = (-1, list(wanted.needed), ())
    rows: Sequence[int] = range(1, min(len(head), SEARCHED) + 1)
    mended = bool(head) and _is_reject(head[0])
    if mended:
        rows = (1,)
    elif wanted.header_row is not None:
        rows = (wanted.header_row,)
    for number in rows:
        if number > len(head):
            break
        for depth in (1, 2):
            names = _names(head, number, depth)
            if names is None:
                continue
            places = _places(names, asked)
            hits = len(places)
            missed = [n for key, n in needed.items() if n not in places]
            if missed:
                if hits > most[0]:
                    most = (hits, missed, _shown(names, {}))
                continue
            # A row of its own goes before one that is taken together with the row above it.
            if best is None or (hits, -depth) > best[0]:
                columns = _shown(names, {at: plain(name) for name, at in places.items()})
                added = len(ADDED) if mended else 0
                sheet = Sheet(title, columns, places, number + depth, added)
                best = ((hits, -depth), sheet)
    return (None, most[1], most[2]) if best is None else (best[1], [], ())


def _names(head: Sequence[Sequence[Any]], number: int, depth: int) -> list[tuple[str, ...]] | None:
    """The names by which each column may be called: of its row, or of both rows together."""
    upper = [plain(v) for v in head[number - 1]]
    if depth == 1:
        names: list[tuple[str, ...]] = [(n,) for n in upper]
    else:
        if number >= len(head):
            return None
        lower = [plain(v) for v in head[number]]
        width = max(len(upper), len(lower))
        upper += [""] * (width - len(upper))
        lower += [""] * (width - len(lower))
        names = []
        over = ""
        for top, under in zip(upper, lower, strict=True):
            # A merged cell holds its text in its first column only.
            over = top or (over if under else "")
            both = (f"{over}/{under}", under, over) if over and under else (over or under,)
            names.append(both)
    while names and not any(names[-1]):
        names.pop()
    if _is_reject([n[0] for n in names]):
        del names[-len(ADDED) :]
    return names


def _is_reject(line: Sequence[Any]) -> bool:
    """Whether a header is that of a reject file, which begins in row 1."""
    names = [plain(v) for v in line]
    while names and not names[-1]:
        names.pop()
    return len(names) > len(ADDED) and tuple(names[-len(ADDED) :]) == ADDED


def _shown(names: Sequence[tuple[str, ...]], asked: Mapping[int, str]) -> tuple[str, ...]:
    """Each column under a name of its own: as it was asked for, else as it stands."""
    shown: list[str] = []
    for at, (name, *_) in enumerate(names, start=1):
        own = asked.get(at - 1) or name or f"#{at}"
        shown.append(own if own not in shown else f"{own}#{at}")
    return tuple(shown)


def _places(names: Sequence[tuple[str, ...]], asked: dict[str, str]) -> dict[str, int]:
    """The asked names, as asked, with the place of their column; the fuller name goes first."""
    found: dict[str, int] = {}
    deepest = max((len(n) for n in names), default=0)
    for level in range(deepest):
        for at, called in enumerate(names):
            if level < len(called) and called[level] in asked:
                found.setdefault(asked[called[level]], at)
    return found


def _no_double(path: Path, sheet: Sheet, wanted: Wanted) -> None:
    """Raise where a wanted column is there twice."""
    asked = {plain(n) for n in wanted.columns}
    doubles = {
        name.split("#", 1)[0]
        for name in sheet.columns
        if "#" in name and name.split("#", 1)[0] in asked
    }
    if doubles:
        raise InputError(
            "sheet.double_column",
            file=path,
            sheet=sheet.title,
            columns=", ".join(sorted(doubles)),
        )


def separator_of(path: Path, encoding: str) -> str:
    """What separates the cells of a text table: what parts its first lines most often."""
    with (
        reading(path),
        io.TextIOWrapper(
            _binary(path), encoding=encoding, errors="surrogateescape", newline=""
        ) as file,
    ):
        lines = list(itertools.islice(file, 5))

    def parts(separator: str) -> int:
        return max((len(line) for line in csv.reader(lines, delimiter=separator)), default=0)

    return max(SEPARATORS, key=parts)


def sample(path: Path, wanted: Wanted, most: int) -> Iterable[tuple[str, list[list[Any]]]]:
    """The first rows of every sheet, as they stand."""
    workbook = path.suffix in {".xlsx", ".xlsm"}
    with reading(path):
        encoding = None if workbook else wanted.encoding or encoding_of(path)
    separator = wanted.separator or ("," if workbook else separator_of(path, str(encoding)))
    for title in titles(path):
        with closing(grid(path, title, encoding, separator)) as lines:
            yield title, list(itertools.islice(lines, most))
