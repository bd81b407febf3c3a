"""Sheets of an office (wide tables, ledgers) as rows of the graph's tables, through a profile.

A file is read once, row by row, into temporary files, one a table; the loader takes them from
there. A row of the sheet is one row read: its case, or what the ledger lists; everything else that
it says (events, parties, steps …) is derived from it, and falls with it.
"""

from __future__ import annotations

import pickle
import tempfile
from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from functools import cached_property
from hashlib import blake2b
from itertools import islice
from pathlib import Path
from typing import Any

from graph.errors import InputError
from graph.settings import settings
from graph.store.schema import BY_LABEL, BY_TABLE, NodeType, loading_order
from loaders.logs import EventRow, LogFault, LogRejects, ProfileCheck, Refusal
from loaders.package import file_hashes
from loaders.profile import CaseProfile, ProfileFile
from loaders.rows import secret
from loaders.sheet_profile import Cell, LedgerProfile, WideProfile
from loaders.sheet_rows import Element, LedgerReader, WideReader
from loaders.tables import EXTRA, Raw, RejectFile, RejectWriter, SourceRow, Table
from loaders.workbook import Book, Row, Sheet, open_book, plain

DOUBLE = "sheet.double_case"


@dataclass
class Held:
    """What a file holds, with the rows of each table in a temporary file."""

    read: int = 0
    tables: dict[str, Spilled] = field(default_factory=dict)
    counts: Counter[str] = field(default_factory=Counter)
    at_nodes: Counter[str] = field(default_factory=Counter)
    stubs: dict[str, set[str]] = field(default_factory=dict)
    faults: list[tuple[str, int, LogFault]] = field(default_factory=list)
    elements: dict[str, tuple[str, bytes]] = field(default_factory=dict)
    doubles: dict[str, str] = field(default_factory=dict)
    """Ids that stand in several rows with other values, and where they stand first."""

    def add(self, table: str, owner: str, row: SourceRow) -> None:
        """Put a row away; ``owner`` is the id of what its sheet's row is."""
        self.tables.setdefault(table, Spilled()).add((owner, row))


class Spilled:
    """Rows in a temporary file, read as often as they are asked for."""

    def __init__(self) -> None:
        # The loader's own folder, which nobody else reads; a check before any load has none.
        own = settings().home_dir / "work"
        self._folder = own if own.is_dir() else Path(tempfile.gettempdir())
        self._file = tempfile.TemporaryFile(dir=self._folder)
        self._chunk: list[tuple[str, SourceRow]] = []

    def add(self, row: tuple[str, SourceRow]) -> None:
        """Put a row away."""
        self._chunk.append(row)
        if len(self._chunk) >= 1_000:
            self._flush()

    def _flush(self) -> None:
        try:
            self._file.seek(0, 2)
            pickle.dump(self._chunk, self._file, pickle.HIGHEST_PROTOCOL)
        except OSError as error:
            raise InputError("load.spill", folder=self._folder, reason=error.strerror) from error
        self._chunk = []

    def rows(self) -> Iterator[tuple[str, SourceRow]]:
        """All rows in their order."""
        if self._chunk:
            self._flush()
        at = 0
        while True:
            self._file.seek(at)
            try:
                chunk = pickle.load(self._file)
            except EOFError:
                return
            at = self._file.tell()
            yield from chunk


class Sheets:
    """A file of sheets under a profile of the shape *wide* or *ledger*, as a source to load."""

    complete: tuple[str, ...] = ()

    def __init__(self, path: Path, file: ProfileFile) -> None:
        assert isinstance(file.profile, WideProfile | LedgerProfile)
        self.path, self.file, self.terms = path, file, file.profile
        self.source = file.profile.source
        self.synthetic = file.profile.synthetic
        self.book: Book = open_book(path, file.profile.wanted)

    @property
    def profile(self) -> str:
        """The profile's text, for the batch."""
        return self.file.text

    @property
    def warnings(self) -> tuple[str, ...]:
        """Sheets that are not read, and columns of the profile that are not there."""
        skipped = [f"工作表未读 / sheet not read: {title}" for title in self.book.skipped]
        return tuple(
            skipped + [f"缺列 / the column is not there: {name}" for name in self.absent()]
        )

    @property
    def main(self) -> str:
        """The table of what a row is."""
        return "cases" if isinstance(self.terms, WideProfile) else self.terms.main

    @property
    def extra(self) -> tuple[tuple[NodeType, list[dict[str, Any]]], ...]:
        """Deadline rules and outcomes of a wide profile, as nodes."""
        return self.terms.extra if isinstance(self.terms, CaseProfile) else ()

    def absent(self) -> list[str]:
        """Columns that the profile names and no sheet has."""
        there = {name for sheet in self.book.sheets for name in sheet.names}
        return [name for name in self.terms.named() if name not in there]

    @property
    def hidden(self) -> tuple[str, ...]:
        """Columns that stay empty in the reject file."""
        names = [*self.terms.personal, *self.terms.pseudonyms]
        if isinstance(self.terms, WideProfile):
            for party in self.terms.parties:
                cells = (party.name, party.identity)
                names += [c.column for c in cells if c is not None and c.column]
        return tuple(plain(name) for name in names)

    @property
    def supplied(self) -> tuple[str, ...]:
        """Tables and columns that the profile fills, and the file's columns by its names."""
        there = {name for sheet in self.book.sheets for name in sheet.names}
        found: dict[str, None] = {}

        def cells(table: str, given: Mapping[str, Cell], *more: str) -> None:
            found.update(dict.fromkeys([table, f"{table}.{BY_TABLE[table].id}"]))
            for name, cell in given.items():
                if cell.column is None or cell.column in there:
                    found[f"{table}.{name.rstrip('_')}"] = None
            found.update(dict.fromkeys(f"{table}.{name}" for name in more))

        if isinstance(self.terms, WideProfile):
            terms = self.terms
            cells("cases", terms.columns.cells(), *(["type"] if terms.case_type else []))
            if any(c in there for c in terms.events):
                cells("events", {}, "case", "node", "occurred", "outcome")
                for step in terms.events.values():
                    cells("events", step.cells())
            for party in terms.parties:
                own = party.cells()
                taken = {"name", "charges", "charge_codes", "stage"}
                cells("parties", {n: c for n, c in own.items() if n not in taken}, "case")
                if party.charges or party.charge_codes:
                    named = {"name": party.charges, "code": party.charge_codes}
                    given = {n: c for n, c in named.items() if c} | (
                        {"stage": party.stage} if party.stage else {}
                    )
                    cells("charges", given, "party")
                for measure in party.measures:
                    cells("measures", measure.cells(), "party")
            if any(c in there for c in terms.documents):
                cells("documents", {}, "case", "template", "signed")
                for document in terms.documents.values():
                    cells("documents", document.cells())
            if any(c in there for c in terms.fields_):
                cells("card_fields", {}, "case", "field", "value")
                for value in terms.fields_.values():
                    cells("card_fields", value.cells())
        else:
            for table, given in self.terms.tables.items():
                cells(table, given, *self.terms.linked(table))
            for act in self.terms.steps.values():
                cells("lead_steps", {**act.cells(), **act.evidence}, "lead", "act", "at")
        return (*found, *(name for name in self.terms.named() if name in there))

    @cached_property
    def held(self) -> Held:
        """What the whole file holds."""
        return self.hold()

    def hold(self, limit: int | None = None) -> Held:
        """Read the file, or the first ``limit`` rows of each sheet."""
        held = Held()
        reader = (
            WideReader(self.terms)
            if isinstance(self.terms, WideProfile)
            else LedgerReader(self.terms)
        )
        seen: dict[str, tuple[str, bytes, bytes]] = {}
        current = _Current()
        for sheet in self.book.sheets:
            rows = self.book.rows(
                sheet,
                key=self.terms.key,
                fill_down=self.terms.fill_down,
                totals=self.terms.totals,
            )
            for row in islice(rows, limit):
                held.read += 1
                reader.take(sheet, row)
                try:
                    self._row(held, reader, sheet, row, seen, current)
                except Refusal as refusal:
                    fault = refusal.fault
                    fault = LogFault(
                        fault.code, self._place(sheet.title, fault.field), {**fault.values}
                    )
                    held.faults.append((sheet.title, row.number, fault))
                    refused = EventRow(
                        self.main,
                        row.number,
                        {},
                        False,
                        row.cells,
                        fault,
                        sheet=self._title(sheet),
                    )
                    held.add(self.main, "", refused)
        return held

    def _title(self, sheet: Sheet) -> str | None:
        """The title of the sheet of a row; None where the file is no workbook."""
        return sheet.title if self.book.encoding is None else None

    def _place(self, title: str | None, field: str) -> str:
        """A column, with its sheet where there are several."""
        return f"{title}!{field}" if len(self.book.sheets) > 1 else field

    def _row(
        self,
        held: Held,
        reader: WideReader | LedgerReader,
        sheet: Sheet,
        row: Row,
        seen: dict[str, tuple[str, bytes, bytes]],
        current: _Current,
    ) -> None:
        """Put away what a row says; raises Refusal where it says nothing that can be loaded."""
        if row.total:
            raise Refusal(LogFault("log.total_row", self.terms.key, {}))
        if EXTRA in row.cells:
            raise Refusal(LogFault("sheet.extra_cells", "", {"cells": row.cells[EXTRA]}))
        owner, values, others = reader.read()
        digest, whole = _digest(values), _digest(row.cells)
        place = f"{sheet.title} {row.number}"
        first, known, said = seen.setdefault(owner, (place, digest, whole))
        again = first != place
        # Rows of one owner that stand together may each add something; one that stands apart may
        # only say what the first row said.
        if again and (known != digest or (current.owner != owner and said != whole)):
            held.doubles[owner] = first
        if current.owner != owner:
            current.turn(owner)
        elements: list[Element] = []
        try:
            if current.fresh(whole) and not (again and said == whole):
                elements = others
                if isinstance(reader, WideReader):
                    parties = reader.parties(owner, current.parties)
                    current.parties += sum(table == "parties" for table, _ in parties)
                    elements = [*parties, *others]
            for table, found in elements:
                self._only(held, current, table, found, place)
        except Refusal:
            # A refused row has said nothing: an equal one is refused for its own fault.
            current.said.discard(whole)
            if not again:
                del seen[owner]
                current.turn("")
            raise
        title = self._title(sheet)
        main = EventRow(self.main, row.number, values, False, row.cells, sheet=title)
        held.add(self.main, owner, main)
        held.counts[self.main] += not again
        self._note(held, self.main, values)
        for table, found in elements:
            if current.fresh(_digest({**found, "\0": table})):
                held.add(table, owner, SourceRow(table, row.number, found, True, sheet=title))
                held.counts[table] += 1
                held.at_nodes.update([str(found["node"])] if table == "events" else ())
                self._note(held, table, found)

    def _only(
        self, held: Held, current: _Current, table: str, values: Mapping[str, Raw], place: str
    ) -> None:
        """Raise Refusal where another row gives an element of this id other values."""
        id_ = values.get(BY_TABLE[table].id)
        if id_ is None:
            return
        # An id that begins with its owner's is not met again when the owner is done.
        own = str(id_).startswith(current.owner)
        there = current.elements if own else held.elements
        first, known = there.setdefault(f"{table} {id_}", (place, _digest(values)))
        if known != _digest(values):
            field = f"{table}.{BY_TABLE[table].id}"
            raise Refusal(LogFault(DOUBLE, field, {"key": id_, "other": first}))

    def _note(self, held: Held, table: str, values: Mapping[str, Raw]) -> None:
        """Remember the units, departments, people and matters that a row names."""
        for r in BY_TABLE[table].references:
            stub = str(BY_LABEL[r.target].table)
            if stub in self.terms.new_nodes and r.column in values:
                held.stubs.setdefault(stub, set()).add(str(values[r.column]))

    def tables(self) -> Iterator[tuple[NodeType, Iterator[SourceRow]]]:
        """The tables that the sheets give, each after those it needs; only what a row is counts."""
        held = self.held
        for node_type in loading_order():
            table = str(node_type.table)
            if table in held.tables:
                yield node_type, self._rows(held, table)
            elif held.stubs.get(table):
                yield node_type, self._stubs(node_type, sorted(held.stubs[table]))

    def _stubs(self, node_type: NodeType, ids: Sequence[str]) -> Iterator[SourceRow]:
        """Nodes of what the rows only name; a person's name is personal and stays out."""
        named = node_type.label in {"Unit", "Department"}
        for at, id_ in enumerate(ids, start=1):
            values: dict[str, Raw] = {node_type.id: id_}
            if named:
                values["name"] = id_
            yield SourceRow(str(node_type.table), at, values, True)

    def refused_twice(self, held: Held) -> Iterator[EventRow]:
        """The rows that are refused because another gives their id other values."""
        if held.doubles:
            for row in self._rows(held, self.main):
                if isinstance(row, EventRow) and row.fault and row.fault.code == DOUBLE:
                    yield row

    def _rows(self, held: Held, table: str) -> Iterator[SourceRow]:
        for owner, row in held.tables[table].rows():
            if owner not in held.doubles:
                yield row
            elif isinstance(row, EventRow):
                values = {"key": owner, "other": held.doubles[owner]}
                fault = LogFault(DOUBLE, self._place(row.sheet, self.terms.key), values)
                yield EventRow(table, row.number, {}, False, row.original, fault, sheet=row.sheet)

    def reject_writer(self, table: str, folder: Path) -> RejectWriter:
        """Where refused rows go: the file's own columns; personal ones stay empty."""
        shape = Table(self.path, self.book.encoding, self.book.columns, self.book.separator)
        layouts = {sheet.title: sheet.columns for sheet in self.book.sheets}
        return LogRejects(RejectFile(folder, shape, self.hidden, layouts), self._hides)

    def _hides(self, row: EventRow) -> bool:
        """Whether a refused row carries a secrecy mark and must not be shown."""
        if not isinstance(self.terms, WideProfile) or self.terms.columns.secrecy is None:
            return False
        column = self.terms.columns.secrecy.column
        mark = row.original.get(plain(column)) if column else None
        return mark is not None and secret(str(mark)) and not settings().allow_secret

    def hashes(self) -> dict[str, str]:
        """SHA-256 of the file and of the profile, by name."""
        return {**file_hashes(self.path), self.file.path.name: self.file.hash}


@dataclass
class _Current:
    """What the rows of the present owner have said so far, so that nothing is said twice."""

    owner: str = ""
    parties: int = 0
    said: set[bytes] = field(default_factory=set)
    elements: dict[str, tuple[str, bytes]] = field(default_factory=dict)

    def turn(self, owner: str) -> None:
        """Turn to another owner."""
        self.owner, self.parties, self.said, self.elements = owner, 0, set(), {}

    def fresh(self, digest: bytes) -> bool:
        """Whether something is said for the first time."""
        new = digest not in self.said
        self.said.add(digest)
        return new


def _digest(values: Mapping[str, Raw]) -> bytes:
    return blake2b(
        repr(sorted((k, str(v)) for k, v in values.items())).encode(), digest_size=12
    ).digest()


def check_sheets(file: ProfileFile, source: Path, rows: int) -> ProfileCheck:
    """Say what a profile would do with the first ``rows`` rows of each sheet (0 = all).

    Raises InputError when no sheet has the columns that make it one.
    """
    sheets = Sheets(source, file)
    held = sheets.hold(rows or None)
    profile = sheets.terms
    absent = sheets.absent()
    used = profile.used()
    names = {plain(n): n for n in profile.named()}
    faults = list(held.faults)
    faults += [
        (row.sheet or "", row.number, row.fault)
        for row in sheets.refused_twice(held)
        if row.fault is not None
    ]
    told = tuple(
        {
            "sheet": title,
            "row": at,
            "field": fault.field,
            "code": fault.code,
            "zh": fault.error().detail("zh"),
            "en": fault.error().detail("en"),
        }
        for title, at, fault in faults
    )
    doubts = [
        {
            "zh": f"profile 所指的列 {name} 不存在",
            "en": f"the column {name} that the profile names is not there",
        }
        for name in absent
    ]
    doubts += [
        {"zh": f"工作表 {title} 未读", "en": f"the sheet {title} is not read"}
        for title in sheets.book.skipped
    ]
    hidden = set(sheets.hidden)
    return ProfileCheck(
        source=profile.source,
        file=source.name,
        rows=held.read,
        cases=held.counts["cases"],
        events=held.counts["events"],
        mapped={
            c: n for c, n in names.items() if n in used and n not in absent and c not in hidden
        },
        not_mapped=tuple(c for c in sheets.book.columns if c not in names),
        personal=tuple(c for c in sheets.book.columns if c in hidden),
        refused=len(told),
        faults=told,
        activities={n: {"events": k, "node": n} for n, k in sorted(held.at_nodes.items())},
        deadlines=tuple(profile.deadlines) if isinstance(profile, CaseProfile) else (),
        outcomes=tuple(profile.outcomes) if isinstance(profile, CaseProfile) else (),
        doubts=tuple(doubts),
        sheets=tuple(f"{s.title}: {s.first - 1}" for s in sheets.book.sheets),
        tables=dict(sorted(held.counts.items())),
    )
