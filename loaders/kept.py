"""What is kept of every batch: its source, and what became of each of its rows.

``$ANGUAN_HOME/sources/<batch>/`` (0700) holds ``manifest.json``, one Parquet file a native table
with the row stream as the source gave it, ``rows.parquet`` (what the batch did to each row) and
``rejects.parquet`` (why rows were refused). Personal cells are not kept, pseudonyms stand for
identities, and of a row that was refused for secrecy only its number. A kept source is a source:
loading it again is the ordinary load, under the settings of its day.
"""

from __future__ import annotations

import datetime as dt
import decimal
import json
import shutil
from collections import defaultdict
from collections.abc import Callable, Iterable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, field, replace
from hashlib import sha256
from pathlib import Path
from typing import Any
from zoneinfo import ZoneInfo

import pyarrow as pa
import pyarrow.compute as pc
import pyarrow.parquet as pq

from graph.errors import InputError
from graph.store.schema import BY_LABEL, NodeType, loading_order
from loaders.rows import Fault, Plan, Read
from loaders.tables import DIFFER, EXTRA, SHORT, Raw, RejectWriter, SourceRow
from loaders.values import ValueFault, text

GROUP = 20_000
"""Rows of one row group."""
MODULUS = 1 << 256
Place = tuple[str | None, int]
"""Where a row stands: the title of its sheet, where the file has several, and its number."""
MARKS = frozenset({"vanished", "gone"})
"""What a batch did to a row that it does not hold: marked it, or found it marked."""
STUBBED = "named"
"""What a batch did to a row that it only names: it is there where no other batch brings it."""
_OPEN, _EXTRA, _SHORT, _DIFFER = "_open", "_extra", "_short", "_differ"
_SHEET = "_sheet"
_UNREADABLE = "\udcff"
"""Stands for an identity that could not be decoded: it is refused again for the same reason."""
_ROWS = pa.schema(
    [
        ("label", pa.string()),
        ("row", pa.int64()),
        ("key", pa.string()),
        ("hash", pa.string()),
        ("what", pa.string()),
        ("pending", pa.bool_()),
        ("before", pa.string()),
        ("before_mark", pa.string()),
        ("sheet", pa.string()),
    ]
)
_REJECTS = pa.schema(
    [
        ("table", pa.string()),
        ("row", pa.int64()),
        ("key", pa.string()),
        ("code", pa.string()),
        ("field", pa.string()),
        ("reason", pa.string()),
        ("sheet", pa.string()),
    ]
)


def sources_folder(home: Path) -> Path:
    """The folder of all kept sources."""
    return home / "sources"


@contextmanager
def _writing(folder: Path) -> Iterator[None]:
    try:
        yield
    except OSError as error:
        raise InputError("load.keep", folder=folder, reason=error.strerror or str(error)) from error


class Columns:
    """A Parquet file written row by row; zstd, in row groups."""

    def __init__(self, path: Path, schema: pa.Schema) -> None:
        self._path, self._schema = path, schema
        self._waiting: list[tuple[Any, ...]] = []
        self._file: Any = None

    def add(self, row: tuple[Any, ...]) -> None:
        """Put a row away, its cells in the order of the schema."""
        self._waiting.append(row)
        if len(self._waiting) >= GROUP:
            self._flush()

    def close(self) -> None:
        """Finish the file. Raises InputError ``load.keep`` when the disk refuses."""
        self._flush()
        with _writing(self._path.parent):
            self._file.close()

    def abandon(self) -> None:
        """Let go of the file without finishing it."""
        self._waiting = []
        if self._file is not None:
            # A full disk may refuse the end of a file that nobody wants any more.
            try:
                self._file.close()
            except OSError:
                return

    def _flush(self) -> None:
        with _writing(self._path.parent):
            if self._file is None:
                self._file = pq.ParquetWriter(self._path, self._schema, compression="zstd")
            cells = list(zip(*self._waiting, strict=True)) or [()] * len(self._schema)
            arrays = [
                pa.array(values, type_)
                for values, type_ in zip(cells, self._schema.types, strict=True)
            ]
            self._file.write_table(pa.Table.from_arrays(arrays, schema=self._schema))
            self._waiting = []


# -- cells ---------------------------------------------------------------------------------------


def kept_cell(value: Raw) -> str | None:
    """A cell as text; what is not plain text begins with NUL and says what it is."""
    if type(value) is str:
        if value.isascii():
            return value if value[:1] != "\0" else "\0u" + json.dumps(value)
        try:
            value.encode()
        except UnicodeEncodeError:
            return "\0u" + json.dumps(value)
        return value
    if value is None:
        return None
    if isinstance(value, dt.datetime):
        return "\0t" + dt.datetime.isoformat(value)
    if isinstance(value, dt.date):
        return "\0d" + value.isoformat()
    if isinstance(value, decimal.Decimal):
        return f"\0n{value}"
    if isinstance(value, list):
        return "\0l" + json.dumps([kept_cell(v) for v in value])
    if isinstance(value, bytes):
        return "\0x" + value.hex()
    return "\0j" + json.dumps(value)


_CELLS: dict[str, Callable[[str], Any]] = {
    "u": json.loads,
    "j": json.loads,
    "t": dt.datetime.fromisoformat,
    "d": dt.date.fromisoformat,
    "n": decimal.Decimal,
    "l": lambda said: [raw_cell(v) for v in json.loads(said)],
    "x": bytes.fromhex,
}


def raw_cell(kept: str | None) -> Any:
    """The cell that :func:`kept_cell` wrote down."""
    if kept is None or kept[:1] != "\0":
        return kept
    return _CELLS[kept[1]](kept[2:])


def _names(node_type: NodeType) -> list[str]:
    named = [c.name for c in node_type.columns if not c.personal]
    return [node_type.id, *named, *(r.column for r in node_type.references)]


class KeptTable:
    """The kept rows of one table while they are read."""

    def __init__(self, node_type: NodeType, folder: Path, pseudonym: Callable[[str], str]) -> None:
        self._type = node_type
        self.path = folder / f"{node_type.table}.parquet"
        self._names = _names(node_type)
        self._hidden = [c.name for c in node_type.columns if c.pseudonym]
        self._pseudonym = pseudonym
        self._columns = Columns(self.path, self.schema(node_type))

    @staticmethod
    def schema(node_type: NodeType) -> pa.Schema:
        """Number, whether derived, fault, and the cells."""
        texts = [*_names(node_type), _OPEN, _EXTRA, _SHORT, _DIFFER, _SHEET]
        return pa.schema(
            [
                ("row", pa.int64()),
                ("derived", pa.bool_()),
                ("fault", pa.string()),
                *((f"c_{name}", pa.string()) for name in texts),
            ]
        )

    def add(self, source: SourceRow, read: Read) -> None:
        """Keep a row; of one that is refused for secrecy its number and code only."""
        values: Mapping[str, Raw] = source.values
        fault = getattr(source, "fault", None)
        said = None
        if read.faults and read.faults[0].code.startswith("load.secret"):
            said, values = json.dumps({"code": read.faults[0].code, "field": ""}), {}
        elif fault is not None:
            # What the fault quotes may be personal, or of a case with a secrecy mark.
            said, values = json.dumps({"code": fault.code, "field": fault.field}), {}
        get = values.get
        cells = [kept_cell(get(name)) for name in self._names]
        for name in self._hidden:
            if (given := get(name)) is not None:
                cells[self._names.index(name)] = self._hide(given)
        opened = None
        if self._type.open_columns:
            more = {n: kept_cell(v) for n, v in values.items() if n.startswith("attr_")}
            opened = json.dumps(more) if more else None
        self._columns.add(
            (
                source.number,
                source.derived,
                said,
                *cells,
                opened,
                kept_cell(get(EXTRA)),
                kept_cell(get(SHORT)),
                kept_cell(get(DIFFER)),
                kept_cell(source.sheet),
            )
        )

    def close(self) -> None:
        """Finish the file."""
        self._columns.close()

    def abandon(self) -> None:
        """Let go of the file."""
        self._columns.abandon()

    def blank(self, places: dict[int, str]) -> list[str]:
        """Reduce rows (by position, with their code) to number and code; returns their ids."""
        found: list[str] = []
        if not places:
            return found
        fresh = self.path.with_suffix(".blank")
        columns = Columns(fresh, self.schema(self._type))
        at = 0
        with pq.ParquetFile(self.path) as file:
            width = len(file.schema_arrow.names)
            for batch in file.iter_batches(GROUP):
                for cells in zip(*(c.to_pylist() for c in batch.columns), strict=True):
                    if at in places:
                        if cells[3] is not None:
                            found.append(text(raw_cell(cells[3])))
                        said = json.dumps({"code": places[at], "field": ""})
                        # The sheet, which stands last, is part of the number.
                        hidden = [None] * (width - 4)
                        columns.add((cells[0], cells[1], said, *hidden, cells[-1]))
                    else:
                        columns.add(cells)
                    at += 1
        columns.close()
        fresh.replace(self.path)
        return found

    def _hide(self, given: Raw) -> str | None:
        try:
            plain = text(given)
        except ValueFault:
            return kept_cell(_UNREADABLE)
        return self._pseudonym(plain) if plain else None


class Keeper:
    """Keeps the source of a batch: first in a temporary folder, then in its place at once."""

    def __init__(self, home: Path, batch: str, pseudonym: Callable[[str], str]) -> None:
        self.target = sources_folder(home) / batch
        self._work = home / "work" / f"kept-{batch}"
        self._pseudonym = pseudonym
        self._open: dict[str, KeptTable] = {}
        with _writing(self._work):
            shutil.rmtree(self._work, ignore_errors=True)
            self._work.mkdir(mode=0o700, parents=True)

    def table(self, node_type: NodeType) -> KeptTable:
        """A new table; the one before is finished with :meth:`KeptTable.close`."""
        kept = KeptTable(node_type, self._work, self._pseudonym)
        self._open[node_type.label] = kept
        return kept

    def tables(self) -> dict[str, KeptTable]:
        """The tables by label."""
        return self._open

    def rejects(self) -> Columns:
        """Where the causes of refused rows are written."""
        return Columns(self._work / "rejects.parquet", _REJECTS)

    def finish(self, manifest: dict[str, Any]) -> None:
        """Put all in its place; nobody sees half of it."""
        with _writing(self.target):
            (self._work / "manifest.json").write_text(
                json.dumps(manifest, ensure_ascii=False, indent=1), encoding="utf-8"
            )
            self.target.parent.mkdir(mode=0o700, exist_ok=True)
            if self.target.exists():
                shutil.rmtree(self.target)
            self._work.rename(self.target)

    def abandon(self) -> None:
        """Remove what was begun."""
        for kept in self._open.values():
            kept.abandon()
        shutil.rmtree(self._work, ignore_errors=True)


# -- what a batch did ----------------------------------------------------------------------------


def row_number(label: str, key: str, hash_: str, mark: str | None) -> int:
    """A present row as a number; their sum is the digest of the rows of a store."""
    said = f"{label}\x1f{key}\x1f{hash_}\x1f{mark or ''}"
    return int.from_bytes(sha256(said.encode()).digest())


class Record:
    """What a batch does to each row, and by how much it moves the digest of the rows."""

    def __init__(self, folder: Path) -> None:
        self._folder = folder
        self._path = folder / "rows.tmp"
        with _writing(folder):
            folder.mkdir(mode=0o700, parents=True, exist_ok=True)
        self._columns = Columns(self._path, _ROWS)
        self.delta = 0

    def add(
        self,
        label: str,
        row: int | None,
        key: str,
        hash_: str | None,
        what: str,
        *,
        pending: bool = False,
        before: str | None = None,
        before_mark: str | None = None,
        mark: str | None = None,
        sheet: str | None = None,
    ) -> None:
        """Note a row: its content and mark before and after (None: it was, or is, not there)."""
        self._columns.add((label, row, key, hash_, what, pending, before, before_mark, sheet))
        if before == hash_ and before_mark == mark:
            return
        if before is not None:
            self.delta -= row_number(label, key, before, before_mark)
        if hash_ is not None:
            self.delta += row_number(label, key, hash_, mark)

    def finish(self) -> None:
        """Put the record in its place."""
        self._columns.close()
        with _writing(self._folder):
            self._path.replace(self._folder / "rows.parquet")

    def abandon(self) -> None:
        """Remove what was begun."""
        self._columns.abandon()
        self._path.unlink(missing_ok=True)


@dataclass(frozen=True, slots=True)
class Mention:
    """What a batch says of a row."""

    batch: str
    row: int | None
    hash: str
    what: str
    sheet: str | None = None


@dataclass(frozen=True, slots=True)
class State:
    """A row as some batches leave it: content, the batch and row it comes from, and its mark."""

    hash: str
    batch: str
    row: int | None
    mark: str | None = None
    sheet: str | None = None


def state_of(mentions: Iterable[Mention]) -> State | None:
    """How batches, in the order in which they were loaded, leave a row; None: not there."""
    found: State | None = None
    for m in mentions:
        if m.what in MARKS:
            if found is not None and found.mark is None:
                found = replace(found, mark=m.batch)
        elif m.what == STUBBED and found is not None:
            continue
        elif found is None or found.hash != m.hash:
            found = State(m.hash, m.batch, m.row, sheet=m.sheet)
        elif found.mark is not None:
            found = replace(found, mark=None)
    return found


@dataclass(frozen=True)
class KeptBatch:
    """The kept source and record of one batch."""

    folder: Path
    manifest: dict[str, Any] = field(repr=False)

    @property
    def batch(self) -> str:
        """Its name."""
        return self.folder.name

    def labels(self) -> list[str]:
        """Labels of which the batch has rows, in loading order."""
        if not (self.folder / "rows.parquet").exists():
            return []
        found = pq.read_table(self.folder / "rows.parquet", columns=["label"]).column("label")
        there = set(pc.unique(found).to_pylist())
        return [t.label for t in loading_order() if t.label in there]

    def rows(self, label: str, size: int) -> Iterator[list[dict[str, Any]]]:
        """What the batch did to the rows of a label, in portions."""
        table = pq.read_table(
            self.folder / "rows.parquet", filters=[("label", "==", label)], memory_map=True
        )
        for at in range(0, table.num_rows, size):
            yield table.slice(at, size).to_pylist()

    def mentions(self, label: str, keys: Iterable[str]) -> dict[str, Mention]:
        """What the batch says of some rows, by key."""
        path = self.folder / "rows.parquet"
        wanted = ["label", "row", "key", "hash", "what", "sheet"]
        there = pq.read_schema(path).names
        table = pq.read_table(
            path,
            # The record of an earlier version names no sheet.
            columns=[name for name in wanted if name in there],
            filters=(pc.field("label") == label)
            & pc.field("key").isin(pa.array(list(keys), pa.string())),
        )
        return {
            r["key"]: Mention(self.batch, r["row"], r["hash"], r["what"], r.get("sheet"))
            for r in table.to_pylist()
        }

    def cells(self, table: str, numbers: set[int]) -> dict[Place, dict[str, Any]]:
        """The kept cells of rows of a table, by place; a row refused as such has none."""
        path = self.folder / f"{table}.parquet"
        if not path.exists():
            return {}
        found = pq.read_table(path, filters=pc.field("row").isin(pa.array(sorted(numbers))))
        return {
            (r.get(f"c_{_SHEET}"), r["row"]): {
                n: v for n, v in r.items() if n.startswith("c_") and v is not None
            }
            for r in found.to_pylist()
            if r["fault"] is None
        }

    def rejects(self) -> list[dict[str, Any]]:
        """Why rows were refused, one entry a fault."""
        path = self.folder / "rejects.parquet"
        return pq.read_table(path).to_pylist() if path.exists() else []

    def source(self) -> KeptSource:
        """The kept source."""
        return KeptSource(self.folder, self.manifest)

    def stubs(self, node_type: NodeType, numbers: set[int | None]) -> dict[str, dict[str, Any]]:
        """The properties of rows that were only named, by key, read anew from what is kept."""
        source = self.source()
        plan = Plan(
            node_type,
            source=source.source,
            batch=self.batch,
            zone=source.zone,
            pseudonym=lambda given: given,
            allow_secret=True,
        )
        reads = (plan.read(row) for row in source.rows(node_type) if row.number in numbers)
        return {r.row["key"]: r.row["props"] for r in reads if r.row is not None}


def kept_batch(home: Path, batch: str, files: str | None = None) -> KeptBatch | None:
    """What is kept of a batch; None where nothing is, or where it is of other ``files`` (JSON)."""
    folder = sources_folder(home) / batch
    try:
        manifest = json.loads((folder / "manifest.json").read_text(encoding="utf-8"))
    except (OSError, ValueError):
        return None
    if files is not None and manifest.get("files") != json.loads(files):
        return None
    return KeptBatch(folder, manifest)


def mentions(batches: Iterable[KeptBatch], label: str, keys: list[str]) -> dict[str, list[Mention]]:
    """What batches, in this order, say of some rows."""
    found: dict[str, list[Mention]] = defaultdict(list)
    for batch in batches:
        for key, mention in batch.mentions(label, keys).items():
            found[key].append(mention)
    return found


# -- loading it again ----------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class KeptRow(SourceRow):
    """A kept row, with the reason why its source or its secrecy refused it."""

    fault: Fault | None = None


class KeptSource:
    """A kept source as a source; its pseudonyms are pseudonyms already."""

    def __init__(self, folder: Path, manifest: dict[str, Any]) -> None:
        self._folder, self._manifest = folder, manifest
        self.path = Path(manifest["path"])
        self.source = str(manifest["source"])
        self.synthetic = bool(manifest["synthetic"])
        self.profile: str | None = manifest["profile"]
        self.complete = tuple(manifest["complete"])
        self.period: tuple[str, str] | None = (
            tuple(manifest["period"]) if manifest["period"] else None
        )
        self.units = tuple(manifest["units"])
        self.supplied = tuple(manifest["supplied"])
        self.warnings = tuple(manifest["warnings"])
        self.extra = tuple((BY_LABEL[label], rows) for label, rows in manifest["extra"])
        self.zone = ZoneInfo(manifest["zone"])
        self.allow_secret = bool(manifest["allow_secret"])

    def hashes(self) -> dict[str, str]:
        """SHA-256 of the original files, by name."""
        return dict(self._manifest["files"])

    def tables(self) -> Iterator[tuple[NodeType, Iterator[SourceRow]]]:
        """The tables as they were read."""
        for label in self._manifest["tables"]:
            yield BY_LABEL[label], self.rows(BY_LABEL[label])

    def reject_writer(self, table: str, folder: Path) -> RejectWriter:
        """None is needed: the reject files of the load are there."""
        raise AssertionError("a kept source writes no reject file")

    def rows(self, node_type: NodeType) -> Iterator[SourceRow]:
        """The rows of one table."""
        names = [*_names(node_type), _OPEN, EXTRA, SHORT, DIFFER, _SHEET]
        table = str(node_type.table)
        with pq.ParquetFile(self._folder / f"{table}.parquet") as file:
            # A source that was kept by an earlier version names no sheet.
            names = names[: len(file.schema_arrow.names) - 3]
            for batch in file.iter_batches(GROUP):
                for number, derived, said, *cells in zip(
                    *(c.to_pylist() for c in batch.columns), strict=True
                ):
                    fault = None
                    if said is not None:
                        told = json.loads(said)
                        fault = Fault(told["code"], told["field"], {})
                    values: dict[str, Raw] = {
                        name: raw_cell(cell)
                        for name, cell in zip(names, cells, strict=True)
                        if cell is not None
                    }
                    if (opened := values.pop(_OPEN, None)) is not None:
                        values |= {n: raw_cell(v) for n, v in json.loads(str(opened)).items()}
                    sheet = values.pop(_SHEET, None)
                    yield KeptRow(
                        table,
                        number,
                        values,
                        derived,
                        fault,
                        sheet=None if sheet is None else str(sheet),
                    )
