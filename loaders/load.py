"""Load a source into the graph: read and check everything, refuse what is wrong, then write.

Nothing is lost: every row read is loaded, refused with its reason in a reject file, or unchanged.
Nothing is written before every row is decided and the source is kept. A row whose reference names
nothing yet is loaded without that relationship and is pending; the load that brings the target
makes it. Each chunk is one transaction of nodes with their relationships; what must wait for other
nodes (deferred relationships, the order of events and steps) follows. The batch stays ``RUNNING``
until all is there; the same command again, or the next load, takes an unfinished batch up.
"""

from __future__ import annotations

import datetime as dt
import gc
import json
import queue
import shutil
import threading
import time
from collections import defaultdict
from collections.abc import Iterable, Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass, field
from hashlib import sha256
from pathlib import Path
from typing import TYPE_CHECKING, Any

from graph.errors import InputError
from graph.rulebook import book, indicators, nodes, prepare, problem_types
from graph.settings import settings
from graph.store.connection import Graph
from graph.store.facts import save_facts, store_facts
from graph.store.generate import deferred, stem
from graph.store.schema import BY_LABEL, BY_TABLE, NodeType
from graph.store.temporal import end_of, instant
from graph.store.transport import WHOLE_STORE
from loaders.bookkeeping import (
    CHUNK,
    ORDERED,
    TOUCHING,
    Progress,
    former_key,
    former_parents,
    former_rows,
    parts,
    pending_row,
    put_in_order,
    touching,
)
from loaders.bulk import Bulk, bulk_for
from loaders.kept import MODULUS, STUBBED, Keeper, Record, kept_batch, sources_folder
from loaders.lease import Lease, alone, only_load, work_folder
from loaders.ledger import REFUSED, SAME, STUB, Ledger, Spill, TableLedger
from loaders.names import Names
from loaders.package import open_package
from loaders.pseudonym import Pseudonyms, SecretIds
from loaders.rows import Fault, Plan, parent
from loaders.tables import Source, SourceRow

if TYPE_CHECKING:
    from loaders.profile import ProfileFile

__all__ = ["LoadReport", "load", "only_load", "prepare", "work_folder"]

BYTES = 4 << 20
"""Bytes of one transaction, about; wide rows go in smaller chunks."""


@dataclass(frozen=True)
class LoadReport:
    """What became of the rows of one load; ``read = loaded + rejected + unchanged``.

    ``pending`` of the loaded rows wait for a target; ``resolved`` references of earlier rows found
    theirs; ``vanished`` rows of the store are no more in their complete table. ``reject_file`` is
    the file of the refused rows, or their folder where several tables have some; ``tables`` holds
    the same figures per table. ``at`` is the wall clock of the load (UTC), ``digest`` that of all
    rows of the store after it.
    """

    batch: str
    source: str
    read: int
    loaded: int
    pending: int
    rejected: int
    unchanged: int
    vanished: int
    resolved: int
    reject_file: str | None
    tables: dict[str, dict[str, Any]]
    warnings: tuple[str, ...]
    seconds: float
    at: str
    digest: str | None

    def as_dict(self) -> dict[str, Any]:
        """The report as JSON holds it."""
        return {**vars(self), "warnings": list(self.warnings)}


class Writer:
    """Sends chunks to the engine from a thread of its own, while the next chunk is made ready.

    The first error is raised by the next ``send`` or by ``finish``.
    """

    def __init__(
        self,
        graph: Graph,
        progress: Progress,
        lease: Lease | None = None,
        bulk: Bulk | None = None,
    ) -> None:
        self._graph = graph
        self._bulk = bulk
        self._lease = lease
        self._progress = progress
        self._queue: queue.Queue[tuple[str, list[Any], bytes | None, str, int] | None]
        self._queue = queue.Queue(2)
        self._error: BaseException | None = None
        self._thread = threading.Thread(target=self._run, daemon=True, name="anguan-load")
        self._thread.start()

    def send(self, query: str, rows: list[Any], table: str = "", count: int = 0) -> None:
        """Write ``rows`` (or keys); ``count`` source rows of ``table`` are then done."""
        if self._error is not None:
            raise self._error
        if self._lease is not None:
            self._lease.check()
        if rows or count:
            # Here, not in the thread, which waits for the engine.
            packed = self._bulk.packed(query, rows) if self._bulk else None
            self._queue.put((query, rows, packed, table, count))

    def finish(self) -> None:
        """Wait until all is written."""
        self._queue.put(None)
        self._thread.join()
        if self._error is not None:
            raise self._error

    def _run(self) -> None:
        while (job := self._queue.get()) is not None:
            query, rows, packed, table, count = job
            if self._error is not None:
                continue
            try:
                if rows and isinstance(rows[0], str):
                    self._graph.write(query, keys=rows)
                elif rows and not (self._bulk and self._bulk.write(query, rows, packed)):
                    self._graph.write(query, rows=rows)
                # What the driver leaves of a statement holds its rows, in a cycle.
                gc.collect(1)
                if count:
                    self._progress(table, count)
            except BaseException as error:
                self._error = error


@dataclass(frozen=True, slots=True)
class Fate:
    """What a batch does to a row: new, changed, returned (its mark falls) or same."""

    what: str
    before: str | None = None
    before_mark: str | None = None
    written: bool = True
    """Whether the row is to be written; false where the store has its content."""
    remembered: bool = False
    """Whether the values that it had are in the register already."""


@dataclass
class Load:
    """One load in progress."""

    graph: Graph
    source: Source
    home: Path
    batch: str
    fresh: bool
    again: bool
    progress: Progress
    ledger: Ledger
    lease: Lease | None
    warnings: list[str]
    pending_before: bool = False
    loaded: dict[str, int] = field(default_factory=lambda: defaultdict(int))
    unchanged: dict[str, int] = field(default_factory=lambda: defaultdict(int))
    pending: dict[str, int] = field(default_factory=lambda: defaultdict(int))
    vanished: dict[str, int] = field(default_factory=lambda: defaultdict(int))
    resolved: int = 0
    rejects: dict[str, str] = field(default_factory=dict)
    parents: dict[str, set[str]] = field(default_factory=lambda: defaultdict(set))
    links: dict[tuple[str, str], Spill] = field(default_factory=dict)
    arrived: dict[str, Spill] = field(default_factory=dict)
    settled: list[str] = field(default_factory=list)
    touched: dict[str, set[str]] = field(default_factory=lambda: defaultdict(set))
    data_to: dt.datetime | None = None

    @property
    def folder(self) -> Path:
        """The folder of the reject files."""
        return self.home / "rejects" / self.batch

    @property
    def prefix(self) -> str:
        """What every key of the source begins with."""
        return f"{self.source.source}/"

    @property
    def replayed(self) -> bool:
        """Whether the source is a kept one: its pseudonyms are pseudonyms, its rejects written."""
        return hasattr(self.source, "allow_secret")

    # -- reading ---------------------------------------------------------------------------------

    def check(self, *, writes: bool = True) -> None:
        """Read every row and decide on it; keep the source and write the reject files.

        With ``writes`` false nothing is left behind.
        """
        configured = settings()
        pseudonyms = Pseudonyms(self.home, writes=writes)
        of = (lambda given: given) if self.replayed else pseudonyms.of
        secret_ids = SecretIds(self.home, self.source.source, pseudonyms)
        allow = getattr(self.source, "allow_secret", configured.allow_secret)
        files = self.source.hashes()
        for node_type, extra in self.source.extra:
            self.ledger.announce(node_type.label, [str(props["id"]) for props in extra])
        keeper = Keeper(self.home, self.batch, of) if writes and not self.replayed else None
        names = Names(self.home) if keeper and configured.keep_names else None
        refused_ids: list[tuple[str, str]] = []
        try:
            for node_type, rows in self.source.tables():
                table = self.ledger.table(node_type)
                kept = keeper.table(node_type) if keeper else None
                target_of = {r.column: r.target for r in node_type.references}
                plan = Plan(
                    node_type,
                    source=self.source.source,
                    batch=self.batch,
                    zone=getattr(self.source, "zone", configured.zone),
                    pseudonym=of,
                    allow_secret=allow,
                )
                count = 0
                for count, row in enumerate(rows, start=1):
                    read = plan.read(row)
                    table.add(row, read)
                    if kept:
                        kept.add(row, read)
                    if secret_ids and not allow:
                        table.shunned += [
                            (count - 1, column, target_of[column], hash(id_))
                            for column, id_ in read.targets
                            if secret_ids.holds(target_of[column], id_)
                        ]
                    if read.faults and read.faults[0].code == "load.secret" and read.id:
                        refused_ids.append((node_type.label, read.id))
                    if names:
                        names.add(node_type, count - 1, row, read)
                    if count % CHUNK == 0:
                        self.progress("*", CHUNK)
                self.progress("*", count % CHUNK)
                if kept:
                    kept.close()
            self.ledger.settle(None if self.fresh else self.stored)
            if self.source.hashes() != files:
                raise InputError("load.changed_meanwhile", source=self.source.path)
            if keeper is None:
                return
            for label, kept in keeper.tables().items():
                places = {
                    at: faults[0].code
                    for at, faults in self.ledger.tables[label].faults.items()
                    if faults[0].code.startswith("load.secret")
                }
                refused_ids += [(label, id_) for id_ in kept.blank(places)]
            self.write_rejects(keeper)
            if names:
                names.keep(
                    {
                        label: [at for at, s in enumerate(t.state) if s == REFUSED]
                        for label, t in self.ledger.tables.items()
                    }
                )
            keeper.finish(self.manifest(files))
            keeper = None
            secret_ids.change(refused_ids, self.cleared(secret_ids))
        finally:
            if keeper:
                keeper.abandon()
            if names:
                names.close()

    def cleared(self, secret_ids: SecretIds) -> list[tuple[str, str]]:
        """Ids that were secret in an earlier load and stand in this one."""
        if not secret_ids:
            return []
        cut = len(self.prefix)
        return [
            (label, id_)
            for label, table in self.ledger.tables.items()
            for pack in table.kept()
            for _, row, _ in pack
            if secret_ids.holds(label, id_ := row["key"][cut:])
        ]

    def manifest(self, files: dict[str, str]) -> dict[str, Any]:
        """What a replay must know of the source besides its rows."""
        configured, source = settings(), self.source
        return {
            "batch": self.batch,
            "source": source.source,
            "path": source.path.name,
            "synthetic": source.synthetic,
            "profile": source.profile,
            "files": files,
            "tables": list(self.ledger.tables),
            "complete": list(getattr(source, "complete", ())),
            "period": getattr(source, "period", None),
            "units": list(getattr(source, "units", ())),
            "supplied": list(getattr(source, "supplied", ())),
            "extra": [[t.label, rows] for t, rows in source.extra],
            "warnings": list(getattr(source, "warnings", ())),
            "zone": configured.tz,
            "allow_secret": configured.allow_secret,
        }

    def stored(self, label: str, ids: list[str]) -> set[str]:
        """Which ids of this source the store holds."""
        found: set[str] = set()
        for part in parts([self.prefix + i for i in ids], CHUNK):
            rows = self.graph.read(f"known_{stem(BY_LABEL[label])}", keys=part)
            found.update(str(row.key).removeprefix(self.prefix) for row in rows)
        return found

    def write_rejects(self, keeper: Keeper) -> None:
        """Write the refused rows as they stand in the source; reads those tables once more."""
        shutil.rmtree(self.folder, ignore_errors=True)
        causes = keeper.rejects()
        for node_type, rows in self.source.tables():
            table = self.ledger.tables[node_type.label]
            if not any(not table.derived[at] for at in table.faults):
                continue
            name = str(node_type.table)
            writer = self.source.reject_writer(name, self.folder)
            try:
                for at, row in enumerate(rows):
                    if at >= len(table.numbers) or table.numbers[at] != row.number:
                        raise InputError("load.changed_meanwhile", source=self.source.path)
                    if at not in table.faults or row.derived:
                        continue
                    for code, field_, reason, secret in self.explained(table, at, row):
                        writer.write(row, code, field_, reason, secret=secret)
                        id_ = row.values.get(node_type.id)
                        key = None if secret or id_ is None else self.prefix + str(id_).strip()
                        told = None if getattr(row, "fault", None) else reason
                        cause = (code, field_, kept_text(told), row.sheet)
                        causes.add((name, row.number, kept_text(key), *cause))
            finally:
                writer.close()
            if writer.path.exists():
                self.rejects[name] = str(writer.path)
        causes.close()

    def explained(
        self, table: TableLedger, at: int, row: SourceRow
    ) -> list[tuple[str, str, str, bool]]:
        """Code, field and reason of each fault of a row, and whether it must not be shown."""
        faults = table.faults[at]
        if faults[0].code.startswith("load.secret"):
            return [(faults[0].code, "", "", True)]
        return [(f.code, f.field, self.reason(table, f, row), False) for f in faults]

    def reason(self, table: TableLedger, fault: Fault, row: SourceRow) -> str:
        """A fault in words, with what to do."""
        values = dict(fault.values)
        if fault.code == "load.double_key":
            values["key"] = row.values.get(table.type.id)
        lang = settings().lang or "zh"
        error = InputError(fault.code, field=fault.field, **values)
        return f"{error.detail(lang)} → {error.remedy(lang)}"

    # -- comparing -------------------------------------------------------------------------------

    def fates(self, table: TableLedger, chunk: list[Any]) -> list[Fate]:
        """What this batch does to each of some rows, by what the store holds."""
        if self.fresh:
            return [Fate("new")] * len(chunk)
        node_type = table.type
        keys = [row["key"] for _, row, _ in chunk]
        known = {r.key: r for r in self.graph.read(f"known_{stem(node_type)}", keys=keys)}
        mine: dict[str, dict[str, Any]] = {}
        if self.again:
            names = [former_key(self.batch, node_type.label, key) for key in keys]
            for found in self.graph.read("former_former_rows", keys=names):
                mine[found.props["node_key"]] = json.loads(found.props["values"])
        return [
            self.fate(
                row["props"]["_hash"],
                known.get(row["key"]),
                mine.get(row["key"]),
                stub=table.derived[at] == STUB,
            )
            for at, row, _ in chunk
        ]

    def fate(self, hash_: str, there: Any, mine: dict[str, Any] | None, *, stub: bool) -> Fate:
        """By the row in the store, and what an attempt of this batch before has put away of it."""
        if stub and there is not None and there.batch != self.batch:
            return Fate("same", hash_, None, written=False)
        if mine is not None:
            before, mark = mine.get("_hash"), mine.get("_vanished")
            what = "changed" if before != hash_ else "returned"
            written = there is None or there.hash != hash_
            return Fate(what, before, mark, written, remembered=True)
        if there is None:
            return Fate("new")
        if there.hash != hash_:
            return Fate("changed", there.hash, there.vanished)
        if self.again and there.batch == self.batch:
            return Fate("new", written=False)
        if there.vanished is not None:
            return Fate("returned", hash_, there.vanished, written=False)
        return Fate("same", hash_, None, written=False)

    # -- writing ---------------------------------------------------------------------------------

    def write(self) -> Record:
        """Write what stands, chunk by chunk; returns the record of what was done."""
        record = Record(sources_folder(self.home) / self.batch)
        count = sum(table.read for table in self.ledger.tables.values())
        bulk = bulk_for(self.graph, work_folder(self.home), count) if self.fresh else None
        writer = Writer(self.graph, self.progress, self.lease, bulk)
        try:
            if bulk:
                bulk.begin()
            try:
                for node_type, extra in self.source.extra:
                    rows = [self.extra_row(props, at) for at, props in enumerate(extra, start=1)]
                    writer.send(f"load_{stem(node_type)}", rows)
                for table in self.ledger.tables.values():
                    self.write_table(table, writer, record)
                self.link(writer)
            except BaseException:
                with suppress(BaseException):
                    writer.finish()
                raise
            writer.finish()
            if bulk:
                bulk.finish(self.progress)
                self.parents.clear()
            self.resolve()
            self.mark_vanished(record)
            self.order()
            self.touch()
            # Only now: a load that is cut before finds them again.
            for part in parts(self.settled, CHUNK):
                self.graph.write("delete_pending_references", keys=part)
            record.finish()
        except BaseException:
            record.abandon()
            raise
        finally:
            if bulk:
                bulk.close()
        return record

    def extra_row(self, props: dict[str, Any], at: int) -> dict[str, Any]:
        """A node of the profile as a load statement takes it."""
        key = f"{self.prefix}{props['id']}"
        fixed = {"key": key, "source": self.source.source, "_batch": self.batch, "_row": at}
        return {"key": key, "props": {**props, **fixed}}

    def write_table(self, table: TableLedger, writer: Writer, record: Record) -> None:
        """Split the rows of a table into new, changed and unchanged, and write them."""
        node_type = table.type
        name, label = stem(node_type), node_type.label
        ruled_columns = {
            r.column: (r.target, dict[str, str]())
            for r in node_type.references
            if r.target in self.ledger.rulebook and r not in deferred(node_type)
        }
        for chunk in chunks(table):
            rows = [row for _, row, _ in chunk]
            waiting = self.set_apart(table, chunk)
            for row in rows:
                for column, (target, cache) in ruled_columns.items():
                    key = row.get(column)
                    if key is not None:
                        if key not in cache:
                            cache[key] = self.ledger.resolved(target, key)
                        row[column] = cache[key]
                at = row["props"].get("known")
                if at is not None and (self.data_to is None or at > self.data_to):
                    self.data_to = at
            fates = self.fates(table, chunk)
            written = [c for c, f in zip(chunk, fates, strict=True) if f.written]
            # Before the rows themselves, so that no row is ever there without what it waits for.
            # What an attempt before wrote is done once more; rows of other batches are let alone.
            mine = [f.written or (self.again and f.what in {"new", "changed"}) for f in fates]
            linked = [c for c, own in zip(chunk, mine, strict=True) if own]
            wanted = [w for at, _, _ in linked for w in waiting.get(at, ())]
            for part in parts(wanted, CHUNK):
                writer.send("load_pending_references", part)
            former = [
                row
                for row, f in zip(rows, fates, strict=True)
                if f.before is not None and f.what != "same" and not f.remembered
            ]
            stale = self.put_away(node_type, former, writer) if former else []
            if self.again:
                stale = self.waiting_of(label, [row["key"] for _, row, _ in linked])
            self.send_rows(
                f"create_{name}" if self.fresh else f"load_{name}", written, chunk, table, writer
            )
            kept = {w["key"] for w in wanted}
            gone = [p.pending for p in stale if p.pending not in kept]
            for keys in parts(gone, CHUNK):
                writer.send("delete_pending_references", keys)
            back = [r["key"] for r, f in zip(rows, fates, strict=True) if f.what == "returned"]
            if back:
                writer.send(f"mark_{name}", back)
            self.note(table, chunk, fates, waiting, record)
            self.remember(node_type, linked, written, waiting, writer)
        table.spill.close()

    def send_rows(
        self, query: str, written: list[Any], chunk: list[Any], table: TableLedger, writer: Writer
    ) -> None:
        """Send the rows to write; the whole chunk is then done."""
        done = written if self.fresh else chunk
        count = sum(not table.derived[at] for at, _, _ in done)
        writer.send(query, [row for _, row, _ in written], str(table.type.table), count)

    def set_apart(self, table: TableLedger, chunk: list[Any]) -> dict[int, list[dict[str, Any]]]:
        """Take references that find no target out of the rows; the pending ones, by position."""
        waiting: dict[int, list[dict[str, Any]]] = {}
        if not table.pending:
            return waiting
        cut = len(self.prefix)
        for at, row, later in chunk:
            if not table.waits(at):
                continue
            found = waiting[at] = []
            for ref in table.type.references:
                ids: list[str] = []
                if later and ref.column in later:
                    ids = [i for i in later[ref.column] if table.awaits(ref.column, i)]
                    later[ref.column] = [i for i in later[ref.column] if i not in ids]
                elif (key := row.get(ref.column)) is not None:
                    ids = [i for i in [key[cut:]] if table.awaits(ref.column, i)]
                    row[ref.column] = None if ids else key
                for id_ in ids:
                    found.append(
                        pending_row(
                            table.type.label,
                            row["key"],
                            ref.column,
                            f"{ref.target}/{self.prefix}{id_}",
                            self.source.source,
                            row["props"]["_batch"],
                            row["props"]["_row"],
                        )
                    )
        return waiting

    def note(
        self,
        table: TableLedger,
        chunk: list[Any],
        fates: list[Fate],
        waiting: dict[int, list[dict[str, Any]]],
        record: Record,
    ) -> None:
        """Count the rows, and record what was done to each."""
        label = table.type.label
        for (at, row, _), fate in zip(chunk, fates, strict=True):
            record.add(
                label,
                row["props"]["_row"],
                row["key"],
                row["props"]["_hash"],
                STUBBED if table.derived[at] == STUB else fate.what,
                pending=bool(waiting.get(at)),
                before=fate.before,
                before_mark=fate.before_mark,
                sheet=row["props"].get("_sheet"),
            )
            if self.pending_before and fate.what == "new":
                if label not in self.arrived:
                    self.arrived[label] = Spill(work_folder(self.home))
                self.arrived[label].add(row["key"])
            if table.derived[at]:
                continue
            if fate.what in {"new", "changed"}:
                self.loaded[label] += 1
                self.pending[label] += bool(waiting.get(at))
            else:
                self.unchanged[label] += 1

    def remember(
        self,
        node_type: NodeType,
        linked: list[Any],
        written: list[Any],
        waiting: dict[int, list[dict[str, Any]]],
        writer: Writer,
    ) -> None:
        """Put away the relationships that must wait, and what has to be put in order anew."""
        for _, row, later in linked:
            for column, ids in (later or {}).items():
                place = (node_type.label, column)
                if place not in self.links:
                    self.links[place] = Spill(work_folder(self.home))
                for id_ in ids:
                    self.links[place].add((row["key"], id_, row["props"]["_row"]))
        if node_type.label in ORDERED and (owner := parent(node_type)):
            named = (row[owner.column] for _, row, _ in linked)
            self.parents[node_type.label].update(key for key in named if key)
            alone_now = [row["key"] for at, row, _ in linked if waiting.get(at)]
            if alone_now and not self.fresh:
                writer.send(f"unchain_{node_type.label.lower()}s", alone_now)
        if self.fresh:
            return
        for r in node_type.references:
            statement = TOUCHING.get((node_type.label, r.target))
            if statement is None:
                continue
            for _, row, later in linked:
                ids = (later or {}).get(r.column, ())
                self.touched[statement].update(f"{self.prefix}{id_}" for id_ in ids)
                if row.get(r.column) is not None:
                    self.touched[statement].add(row[r.column])

    def touch(self) -> None:
        """Note on the cases whose rows changed which batch did it, for the next check."""
        for statement, keys in self.touched.items():
            for part in parts(sorted(keys), CHUNK):
                self.graph.write(statement, keys=part, batch=self.batch)

    def waiting_of(self, label: str, keys: list[str]) -> list[Any]:
        """The references of rows that wait, as the store holds them."""
        return [p for p in self.graph.read("pending_of", keys=keys) if p.label == label]

    def put_away(
        self, node_type: NodeType, changed: list[dict[str, Any]], writer: Writer
    ) -> list[Any]:
        """Keep the values that rows have had; returns their pending references as they were."""
        keys = [row["key"] for row in changed]
        stale = self.waiting_of(node_type.label, keys) if self.pending_before else []
        rows = former_rows(self.graph, node_type, keys, self.batch, stale)
        owner = parent(node_type)
        for row in rows:
            named = json.loads(row["props"]["values"])["_named"]
            if node_type.label in ORDERED and owner:
                self.parents[node_type.label].update(named.get(owner.column, ()))
            for statement, touched in touching(node_type.label, named):
                self.touched[statement].update(touched)
        writer.send("load_former_rows", rows)
        return stale

    def link(self, writer: Writer) -> None:
        """Write the relationships that had to wait for their targets."""
        for (label, column), spill in self.links.items():
            node_type = BY_LABEL[label]
            target = next(r.target for r in node_type.references if r.column == column)
            for pack in spill.packs():
                rows = [
                    {
                        "key": key,
                        "target": self.ledger.resolved(target, self.prefix + id_),
                        "_batch": self.batch,
                        "_row": row,
                    }
                    for key, id_, row in pack
                ]
                writer.send(f"link_{stem(node_type)}_{column}", rows)
            spill.close()

    def resolve(self) -> None:
        """Make the relationships of earlier rows whose target came with this batch."""
        for label, spill in self.arrived.items():
            for pack in spill.packs():
                found = self.graph.read("pending_for", wanted=[f"{label}/{key}" for key in pack])
                grouped: dict[str, list[dict[str, Any]]] = defaultdict(list)
                for p in found:
                    node_type = BY_LABEL[p.label]
                    target = p.wanted.partition("/")[2]
                    row = {"key": p.node_key, "target": target, "_batch": p.batch, "_row": p.row}
                    grouped[f"link_{stem(node_type)}_{p.column}"].append(row)
                    self.settled.append(p.pending)
                    owner = parent(node_type)
                    if p.label in ORDERED and owner and owner.column == p.column:
                        self.parents[p.label].add(target)
                    if statement := TOUCHING.get((p.label, label)):
                        self.touched[statement].add(target)
                for query, rows in grouped.items():
                    self.graph.write(query, rows=rows)
                self.resolved += len(found)
            spill.close()

    def vanishing(self) -> Iterator[tuple[NodeType, Any]]:
        """Rows of complete tables that the store has in the declared scope and the source lacks."""
        period = getattr(self.source, "period", None)
        units = set(getattr(self.source, "units", ()))
        zone = getattr(self.source, "zone", settings().zone)
        since = until = None
        if period is not None:
            first, last = (dt.date.fromisoformat(day) for day in period)
            since, until = instant(first, zone), end_of(last, zone)
        for name in getattr(self.source, "complete", ()):
            node_type = BY_TABLE[name]
            table = self.ledger.tables.get(node_type.label)
            if table is None or self.fresh:
                continue
            if period is not None and not node_type.known:
                # Only in a kept batch of an earlier version; such a package is refused now.
                continue
            if node_type.derived_id and any(table.keys[at] == 0 for at in table.faults):
                self.warnings.append(
                    f"{name}: 有拒收的行没有编号，本次不标记消失的行 / "
                    "refused rows without an id: no row is marked as vanished this time"
                )
                continue
            rows = self.graph.stream(
                f"scope_{stem(node_type)}",
                timeout=WHOLE_STORE,
                source=self.source.source,
                since=since,
                until=until,
            )
            unsure = 0
            for row in table.absent(rows, len(self.prefix)):
                if (period is not None and row.known is None) or (units and not row.units):
                    unsure += row.vanished is None
                elif not units or units.intersection(row.units):
                    yield node_type, row
            if unsure:
                self.warnings.append(
                    f"{name}: 库中 {unsure} 行不在来源中，但缺日期或检察院，无从判断，未标记 / "
                    f"{unsure} rows of the store are not in the source and have no date or "
                    "procuratorate that decides the scope: not marked"
                )

    def mark_vanished(self, record: Record) -> None:
        """Mark the rows that are no more in their source; a mark that is there already stands."""
        fresh: dict[str, list[str]] = defaultdict(list)
        for node_type, row in self.vanishing():
            seen = row.vanished is not None and row.vanished != self.batch
            record.add(
                node_type.label,
                row.row,
                row.key,
                row.hash,
                "gone" if seen else "vanished",
                before=row.hash,
                before_mark=row.vanished if seen else None,
                mark=row.vanished if seen else self.batch,
            )
            if not seen:
                self.vanished[node_type.label] += 1
                fresh[stem(node_type)].append(row.key)
        for name, keys in fresh.items():
            for part in parts(keys, CHUNK):
                self.graph.write(f"mark_{name}", keys=part, batch=self.batch)

    def order(self) -> None:
        """Rebuild the order of events and steps where something was added, changed or left."""
        for label in ORDERED:
            keys = self.parents[label]
            if self.again:
                keys |= former_parents(self.graph, label, self.batch)
            put_in_order(self.graph, label, keys, forget=not self.fresh, progress=self.progress)

    def report(self, seconds: float, at: str, digest: str | None) -> LoadReport:
        """The figures."""
        tables: dict[str, dict[str, Any]] = {}
        for label, table in self.ledger.tables.items():
            name = str(table.type.table)
            figures = {
                "read": table.read,
                "loaded": self.loaded[label],
                "pending": self.pending[label],
                "rejected": table.count(REFUSED),
                "unchanged": self.unchanged[label] + table.count(SAME),
                "vanished": self.vanished[label],
            }
            if table.read or figures["vanished"]:
                tables[name] = {**figures, "reject_file": self.rejects.get(name)}
        files = list(self.rejects.values())
        return LoadReport(
            batch=self.batch,
            source=self.source.source,
            **{
                name: sum(t[name] for t in tables.values())
                for name in ("read", "loaded", "pending", "rejected", "unchanged", "vanished")
            },
            resolved=self.resolved,
            reject_file=None if not files else files[0] if len(files) == 1 else str(self.folder),
            tables=tables,
            warnings=tuple(self.warnings),
            seconds=round(seconds, 3),
            at=at,
            digest=digest,
        )


def kept_text(value: str | None) -> str | None:
    """Text that a column can hold: undecodable bytes as escapes."""
    return None if value is None else value.encode("utf-8", "backslashreplace").decode()


def ruled() -> dict[str, frozenset[str]]:
    """Ids of the rulebook by label: a reference may name them without a row of the source."""
    rules = book()
    return {
        "ProcessNode": frozenset(nodes()),
        "ProblemType": frozenset(problem_types()),
        "Indicator": frozenset(indicators()),
        "DataRule": frozenset(rules.data_rules),
        "TimeLimit": frozenset(rules.limits),
    }


def chunks(table: TableLedger) -> Iterator[list[Any]]:
    """What stands of a table, in chunks of about equal bytes."""
    size = max(100, min(CHUNK, BYTES // table.spill.size()))
    chunk: list[Any] = []
    for pack in table.kept():
        chunk += pack
        while len(chunk) >= size:
            yield chunk[:size]
            chunk = chunk[size:]
    if chunk:
        yield chunk


def no_progress(_table: str, _rows: int) -> None:
    """No progress is shown."""


def open_source(path: Path, profile: str | Path | ProfileFile | None = None) -> Source:
    """A native package, or with a profile a foreign log."""
    if profile is not None:
        # Imported for foreign logs only: it brings an XML parser along.
        from loaders.logs import open_profiled

        return open_profiled(path, profile)
    if path.is_file():
        raise InputError("load.not_a_package", source=path)
    return open_package(path)


def load(
    graph: Graph,
    source: Path | str | Source,
    *,
    profile: str | Path | ProfileFile | None = None,
    progress: Progress | None = None,
) -> LoadReport:
    """Load a native package, or with a ``profile`` a foreign log.

    A batch that was left unfinished is completed first, from its kept source. Raises InputError
    when the source cannot be loaded at all (nothing is then written); single bad rows go to a
    reject file under the home folder. Raises EngineError when the engine is lost: the same call
    again completes the load.
    """
    opened = open_source(Path(source), profile) if isinstance(source, str | Path) else source
    home = settings().home_dir
    with alone(graph, home) as lease:
        entry = entry_of(opened)
        running = [b for b in graph.read("batches") if b.state == "RUNNING"]
        again = None
        for b in running:
            if (b.source, b.files, b.profile) == (opened.source, *entry.values()):
                again = b.batch
            else:
                complete(graph, home, b, lease)
        return run(graph, opened, home, again, progress or no_progress, lease)


def entry_of(source: Source) -> dict[str, str | None]:
    """By what a batch is known again: its files and its profile."""
    return {"files": json.dumps(source.hashes(), sort_keys=True), "profile": source.profile}


def complete(graph: Graph, home: Path, batch: Any, lease: Lease | None) -> None:
    """Finish a batch that was left unfinished, from what is kept of it.

    Raises InputError ``load.unfinished`` where nothing is.
    """
    if batch.undoes is not None:
        from loaders.undo import finish_undo

        finish_undo(graph, home, batch.batch, batch.undoes, lease)
        return
    kept = kept_batch(home, batch.batch, batch.files)
    if kept is None:
        raise InputError("load.unfinished", batch=batch.batch)
    run(graph, kept.source(), home, batch.batch, no_progress, lease)


@contextmanager
def without_gc() -> Iterator[None]:
    """Rows come by the million and hold no cycles; looking for some takes a fifth of a load."""
    collected = gc.isenabled()
    gc.disable()
    try:
        yield
    finally:
        if collected:
            gc.enable()


@without_gc()
def run(
    graph: Graph,
    source: Source,
    home: Path,
    again: str | None,
    progress: Progress,
    lease: Lease | None,
    *,
    name: str | None = None,
    at: str | None = None,
) -> LoadReport:
    """Load a source into a store that nobody else writes to; ``again`` is the batch to take up.

    ``name`` and ``at`` are those of the batch, where a kept one is loaded into another store.
    """
    start = time.perf_counter()
    found = list(graph.read("batches"))
    facts = store_facts(graph)
    if facts.setdefault("synthetic", source.synthetic) != source.synthetic:
        raise InputError("load.mixed_store", source=source.source)
    batch = again or name or f"B{len(found) + 1:05d}"
    work = Load(
        graph=graph,
        source=source,
        home=home,
        batch=batch,
        fresh=not any(b.source == source.source for b in found),
        again=again is not None,
        progress=progress,
        ledger=Ledger(source.source, work_folder(home), ruled()),
        lease=lease,
        warnings=list(getattr(source, "warnings", ())),
        pending_before=any(p.source == source.source for p in graph.read("count_pending")),
    )
    entry = entry_of(source)
    try:
        work.check()
        if work.replayed:
            work.rejects = there(work.folder)
        save_facts(graph, facts)
        save_batch(work, entry, "RUNNING", None)
        record = work.write()
        moment, before = last_digest(found)
        digest = None if before is None else f"{(int(before, 16) + record.delta) % MODULUS:064x}"
        report = work.report(time.perf_counter() - start, at or moment, digest)
        save_batch(work, entry, "DONE", report)
    finally:
        work.ledger.close()
    return report


def there(folder: Path) -> dict[str, str]:
    """The reject files of a batch by table."""
    return {p.stem: str(p) for p in sorted(folder.glob("*"))} if folder.is_dir() else {}


def last_digest(batches: Iterable[Any]) -> tuple[str, str | None]:
    """Now, but later than the last batch was finished, and the digest that it recorded.

    The digest of an empty store is zero; None where a batch of an older version has none.
    """
    done = [json.loads(b.report) for b in batches if b.report is not None]
    last = max(done, key=lambda r: str(r.get("at", "")), default={"at": "", "digest": "0"})
    now = dt.datetime.now(dt.UTC)
    if last.get("at"):
        now = max(now, dt.datetime.fromisoformat(last["at"]) + dt.timedelta(microseconds=1))
    return now.isoformat(timespec="microseconds"), last.get("digest")


def save_batch(
    work: Load, entry: dict[str, str | None], state: str, report: LoadReport | None
) -> None:
    """Write the batch's entry in the register."""
    profile = entry["profile"]
    props: dict[str, Any] = {
        **entry,
        "key": work.batch,
        "id": work.batch,
        "source": work.source.source,
        "path": work.source.path.name,
        "state": state,
        "rulebook": book().version,
        "hash": sha256(profile.encode()).hexdigest() if profile else None,
        "complete": list(getattr(work.source, "complete", ())) or None,
        # A deadline rule that needs another column is NOT_SUPPLIED for this batch.
        "columns": list(getattr(work.source, "supplied", ())) or None,
    }
    if report is not None:
        props |= {
            "report": json.dumps(report.as_dict(), ensure_ascii=False),
            "data_to": work.data_to,
            "read": report.read,
            "loaded": report.loaded,
            "rejected": report.rejected,
            "unchanged": report.unchanged,
        }
    props = {k: v for k, v in props.items() if v is not None}
    work.graph.write("load_batches", rows=[{"key": work.batch, "props": props}])
