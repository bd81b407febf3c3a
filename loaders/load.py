"""Load a source into the graph: read and check everything, refuse what is wrong, then write.

Nothing is lost: every row read is loaded, refused with its reason in a reject file, or unchanged.
Nothing is written before every row is decided, so that a row never arrives without the rows that
it needs. Each chunk is one transaction of nodes with their relationships; what must wait for other
nodes (deferred relationships, the order of events and steps) follows. The batch stays ``RUNNING``
until all is there, and the same command again takes an unfinished batch up where it was.
"""

from __future__ import annotations

import datetime as dt
import fcntl
import json
import queue
import shutil
import threading
import time
from collections import defaultdict
from collections.abc import Callable, Iterable, Iterator
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
from graph.store.schema import BY_LABEL, NodeType
from graph.store.temporal import as_json
from loaders.ledger import REFUSED, SAME, Ledger, Spill, TableLedger
from loaders.package import open_package
from loaders.pseudonym import Pseudonyms
from loaders.rows import Fault, Plan, parent
from loaders.tables import Source, SourceRow

if TYPE_CHECKING:
    from loaders.profile import ProfileFile

CHUNK = 10_000
"""Rows of one transaction."""
ORDER_CHUNK = 2_000
"""Cases or leads whose order is rebuilt in one transaction."""
ORDERED = {"Event": "Case", "Step": "Lead"}
"""Labels that are chained by NEXT, and what they are chained in."""
TOUCHING = {
    **{
        (label, "Case"): "touch_cases"
        for label in (
            "Party",
            "Event",
            "Document",
            "FieldValue",
            "Participant",
            "Property",
            "Problem",
        )
    },
    ("Charge", "Party"): "touch_parties",
    ("Measure", "Party"): "touch_parties",
    ("PropertyMovement", "Property"): "touch_properties",
    ("Notice", "Correction"): "touch_corrections",
    ("Reply", "Notice"): "touch_notices",
}
"""What a row belongs to, and the statement that notes its case as touched."""
Progress = Callable[[str, int], None]
"""Told the name of a table (``*`` while all are read and checked) and how many rows went by."""


@dataclass(frozen=True)
class LoadReport:
    """What became of the rows of one load; ``read = loaded + rejected + unchanged``.

    ``reject_file`` is the file of the refused rows, or their folder where several tables have
    some; ``tables`` holds the same figures per table, with its ``reject_file``.
    """

    batch: str
    source: str
    read: int
    loaded: int
    rejected: int
    unchanged: int
    reject_file: str | None
    tables: dict[str, dict[str, Any]]
    warnings: tuple[str, ...]
    seconds: float

    def as_dict(self) -> dict[str, Any]:
        """The report as JSON holds it."""
        return {**vars(self), "warnings": list(self.warnings)}


class Writer:
    """Sends chunks to the engine from a thread of its own, while the next chunk is made ready.

    The first error is raised by the next ``send`` or by ``finish``.
    """

    def __init__(self, graph: Graph, progress: Progress) -> None:
        self._graph = graph
        self._progress = progress
        self._queue: queue.Queue[tuple[str, list[dict[str, Any]], str, int] | None] = queue.Queue(2)
        self._error: BaseException | None = None
        self._thread = threading.Thread(target=self._run, daemon=True, name="anguan-load")
        self._thread.start()

    def send(self, query: str, rows: list[dict[str, Any]], table: str = "", count: int = 0) -> None:
        """Write ``rows``; ``count`` source rows of ``table`` are then done."""
        if self._error is not None:
            raise self._error
        if rows or count:
            self._queue.put((query, rows, table, count))

    def finish(self) -> None:
        """Wait until all is written."""
        self._queue.put(None)
        self._thread.join()
        if self._error is not None:
            raise self._error

    def _run(self) -> None:
        while (job := self._queue.get()) is not None:
            query, rows, table, count = job
            if self._error is not None:
                continue
            try:
                if rows:
                    self._graph.write(query, rows=rows)
                if count:
                    self._progress(table, count)
            except BaseException as error:
                self._error = error


@dataclass
class Load:
    """One load in progress."""

    graph: Graph
    source: Source
    batch: str
    fresh: bool
    unfinished: tuple[str, ...]
    progress: Progress
    ledger: Ledger
    folder: Path
    warnings: list[str]
    loaded: dict[str, int] = field(default_factory=dict)
    unchanged: dict[str, int] = field(default_factory=dict)
    rejects: dict[str, str] = field(default_factory=dict)
    parents: dict[str, set[str]] = field(default_factory=lambda: defaultdict(set))
    links: dict[tuple[str, str], Spill] = field(default_factory=dict)
    touched: dict[str, set[str]] = field(default_factory=lambda: defaultdict(set))
    data_to: dt.datetime | None = None

    def check(self) -> None:
        """Read every row, decide on it, and write the reject files."""
        configured = settings()
        pseudonyms = Pseudonyms(configured.home_dir)
        for node_type, extra in self.source.extra:
            self.ledger.announce(node_type.label, [str(props["id"]) for props in extra])
        for node_type, rows in self.source.tables():
            table = self.ledger.table(node_type)
            plan = Plan(
                node_type,
                source=self.source.source,
                batch=self.batch,
                zone=configured.zone,
                pseudonym=pseudonyms.of,
                allow_secret=configured.allow_secret,
            )
            count = 0
            for count, row in enumerate(rows, start=1):
                table.add(row, plan.read(row))
                if count % CHUNK == 0:
                    self.progress("*", CHUNK)
            self.progress("*", count % CHUNK)
        self.ledger.settle(None if self.fresh else self.stored)
        self.write_rejects()

    def stored(self, label: str, ids: list[str]) -> set[str]:
        """Which ids of this source the store holds."""
        prefix = f"{self.source.source}/"
        found: set[str] = set()
        for part in _parts([prefix + i for i in ids], CHUNK):
            rows = self.graph.read(f"known_{stem(BY_LABEL[label])}", keys=part)
            found.update(str(row.key).removeprefix(prefix) for row in rows)
        return found

    def write_rejects(self) -> None:
        """Write the refused rows as they stand in the source; reads those tables once more."""
        shutil.rmtree(self.folder, ignore_errors=True)
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
                    if at in table.faults and not row.derived:
                        code, field_, reason, secret = self.explained(table, at, row)
                        writer.write(row, code, field_, reason, secret=secret)
            finally:
                writer.close()
            if writer.path.exists():
                self.rejects[name] = str(writer.path)

    def explained(self, table: TableLedger, at: int, row: SourceRow) -> tuple[str, str, str, bool]:
        """Codes, fields and reasons of a refused row, and whether it must not be shown."""
        faults = table.faults[at]
        if faults[0].code.startswith("load.secret"):
            return faults[0].code, "", "", True
        return (
            _joined(f.code for f in faults),
            _joined(f.field for f in faults),
            _joined(self.reason(table, f, row) for f in faults),
            False,
        )

    def reason(self, table: TableLedger, fault: Fault, row: SourceRow) -> str:
        """A fault in words, with what to do."""
        values = dict(fault.values)
        if fault.code == "load.double_key":
            values["key"] = row.values.get(table.type.id)
        if fault.code == "load.dangling":
            given = str(row.values.get(fault.field))
            parts = [p.strip() for p in given.replace("；", ";").split(";")]
            values["id"] = next((p for p in parts if hash(p) == values["hash"]), given.strip())
            why = self.why_target_fell(str(values["label"]), int(values["hash"]))
            if why:
                return _said(
                    InputError("load.target_refused", field=fault.field, why=why, **values)
                )
        return _said(InputError(fault.code, field=fault.field, **values))

    def why_target_fell(self, label: str, id_hash: int) -> str:
        """Row and code of the refused row that a dangling key names, empty if there is none."""
        table = self.ledger.tables.get(label)
        for at, faults in table.faults.items() if table else ():
            if table and table.keys[at] == id_hash:
                return f"{table.type.table} {table.numbers[at]}: {faults[0].code}"
        return ""

    def write(self) -> None:
        """Write what stands, chunk by chunk."""
        writer = Writer(self.graph, self.progress)
        try:
            for node_type, extra in self.source.extra:
                rows = [self.extra_row(props, at) for at, props in enumerate(extra, start=1)]
                writer.send(f"load_{stem(node_type)}", rows)
            for table in self.ledger.tables.values():
                self.write_table(table, writer)
        except BaseException:
            with suppress(BaseException):
                writer.finish()
            raise
        writer.finish()
        self.link()
        self.order()
        self.touch()

    def extra_row(self, props: dict[str, Any], at: int) -> dict[str, Any]:
        """A node of the profile as a load statement takes it."""
        key = f"{self.source.source}/{props['id']}"
        fixed = {"key": key, "source": self.source.source, "_batch": self.batch, "_row": at}
        return {"key": key, "props": {**props, **fixed}}

    def write_table(self, table: TableLedger, writer: Writer) -> None:
        """Split the rows of a table into new, changed and unchanged, and write them."""
        node_type = table.type
        name = stem(node_type)
        self.loaded[node_type.label] = self.unchanged[node_type.label] = 0
        known_rules = self.ledger.rulebook
        ruled = {
            r.column: (r.target, dict[str, str]())
            for r in node_type.references
            if r.target in known_rules and r not in deferred(node_type)
        }
        for chunk in _chunks(table):
            rows = []
            for _, row, _ in chunk:
                for column, (label, cache) in ruled.items():
                    key = row.get(column)
                    if key is not None:
                        if key not in cache:
                            cache[key] = self.ledger.resolved(label, key)
                        row[column] = cache[key]
                rows.append(row)
                at = row["props"].get("known")
                if at is not None and (self.data_to is None or at > self.data_to):
                    self.data_to = at
            if self.fresh:
                written = chunk
                writer.send(f"create_{name}", rows, str(node_type.table), len(rows))
            else:
                known = self.graph.read(f"known_{name}", keys=[row["key"] for row in rows])
                there = {row.key: row.hash for row in known}
                changed = [
                    r
                    for r in rows
                    if there.get(r["key"], r["props"]["_hash"]) != r["props"]["_hash"]
                ]
                if changed:
                    writer.send("load_former_rows", self.former(node_type, changed))
                written = [c for c in chunk if there.get(c[1]["key"]) != c[1]["props"]["_hash"]]
                writer.send(
                    f"load_{name}", [c[1] for c in written], str(node_type.table), len(chunk)
                )
            loaded = sum(not table.derived[at] for at, _, _ in written)
            self.loaded[node_type.label] += loaded
            self.unchanged[node_type.label] += (
                sum(not table.derived[at] for at, _, _ in chunk) - loaded
            )
            self.remember(node_type, chunk if self.unfinished else written, written)
        table.spill.close()

    def remember(self, node_type: NodeType, linked: list[Any], written: list[Any]) -> None:
        """Put away the relationships that must wait, and what has to be put in order anew."""
        for _, row, later in linked:
            for column, ids in (later or {}).items():
                place = (node_type.label, column)
                if place not in self.links:
                    self.links[place] = Spill(work_folder())
                for id_ in ids:
                    self.links[place].add((row["key"], id_, row["props"]["_row"]))
        if node_type.label in ORDERED and (owner := parent(node_type)):
            self.parents[node_type.label].update(row[owner.column] for _, row, _ in written)
        if self.fresh:
            return
        for r in node_type.references:
            statement = TOUCHING.get((node_type.label, r.target))
            if statement is None:
                continue
            for _, row, later in written:
                named = (later or {}).get(r.column, ())
                self.touched[statement].update(f"{self.source.source}/{id_}" for id_ in named)
                if row.get(r.column) is not None:
                    self.touched[statement].add(row[r.column])

    def touch(self) -> None:
        """Note on the cases whose rows changed which batch did it, for the next check."""
        for statement, keys in self.touched.items():
            for part in _parts(sorted(keys), CHUNK):
                self.graph.write(statement, keys=part, batch=self.batch)

    def former(self, node_type: NodeType, changed: list[dict[str, Any]]) -> list[dict[str, Any]]:
        """The values that changed rows have had, as rows of the register."""
        keys = [row["key"] for row in changed]
        owner = parent(node_type)
        rows = []
        for found in self.graph.read(f"former_{stem(node_type)}", keys=keys):
            named: dict[str, list[str]] = defaultdict(list)
            for column, target in found.named:
                named[column].append(target)
            if node_type.label in ORDERED and owner:
                self.parents[node_type.label].update(named[owner.column])
            key = f"{self.batch}/{node_type.label}/{found.key}"
            props = {
                "key": key,
                "id": key,
                "source": self.source.source,
                "label": node_type.label,
                "node_key": found.key,
                "values": json.dumps(
                    as_json({**found.props, "_named": named}), ensure_ascii=False, sort_keys=True
                ),
                "_batch": self.batch,
            }
            rows.append({"key": key, "props": props})
        return rows

    def link(self) -> None:
        """Write the relationships that had to wait for their targets."""
        for (label, column), spill in self.links.items():
            node_type = BY_LABEL[label]
            target = next(r.target for r in node_type.references if r.column == column)
            prefix = f"{self.source.source}/"
            for pack in spill.packs():
                rows = [
                    {
                        "key": key,
                        "target": self.ledger.resolved(target, prefix + id_),
                        "_batch": self.batch,
                        "_row": row,
                    }
                    for key, id_, row in pack
                ]
                self.graph.write(f"link_{stem(node_type)}_{column}", rows=rows)
            spill.close()

    def order(self) -> None:
        """Rebuild the order of events and steps where something was added, changed or left."""
        for label, kind in (("Event", "event"), ("Step", "step")):
            keys = self.parents[label]
            if self.unfinished:
                for row in self.graph.stream(f"unfinished_{kind}s", batches=list(self.unfinished)):
                    keys.add(row.key)
                keys |= self.former_parents(label)
            for part in _parts(sorted(keys), ORDER_CHUNK):
                if not self.fresh:
                    self.graph.write(f"forget_{kind}_order", keys=part)
                self.graph.write(f"next_{kind}s", keys=part)
                self.progress("NEXT", len(part))

    def former_parents(self, label: str) -> set[str]:
        """Cases or leads that rows of unfinished batches belonged to before."""
        owner = parent(BY_LABEL[label])
        column = owner.column if owner else ""
        found: set[str] = set()
        for row in self.graph.stream("unfinished_former_rows", batches=list(self.unfinished)):
            if row.label == label:
                found.update(json.loads(row.values).get("_named", {}).get(column, ()))
        return found

    def report(self, seconds: float) -> LoadReport:
        """The figures."""
        tables: dict[str, dict[str, Any]] = {}
        for label, table in self.ledger.tables.items():
            name = str(table.type.table)
            figures = {
                "read": table.read,
                "loaded": self.loaded.get(label, 0),
                "rejected": table.count(REFUSED),
                "unchanged": self.unchanged.get(label, 0) + table.count(SAME),
            }
            if table.read:
                tables[name] = {**figures, "reject_file": self.rejects.get(name)}
        files = list(self.rejects.values())
        return LoadReport(
            batch=self.batch,
            source=self.source.source,
            read=sum(t["read"] for t in tables.values()),
            loaded=sum(t["loaded"] for t in tables.values()),
            rejected=sum(t["rejected"] for t in tables.values()),
            unchanged=sum(t["unchanged"] for t in tables.values()),
            reject_file=None if not files else files[0] if len(files) == 1 else str(self.folder),
            tables=tables,
            warnings=tuple(self.warnings),
            seconds=round(seconds, 3),
        )


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


def _chunks(table: TableLedger) -> Iterator[list[Any]]:
    chunk: list[Any] = []
    for pack in table.kept():
        chunk += pack
        while len(chunk) >= CHUNK:
            yield chunk[:CHUNK]
            chunk = chunk[CHUNK:]
    if chunk:
        yield chunk


def _parts(things: list[str], size: int) -> Iterator[list[str]]:
    for at in range(0, len(things), size):
        yield things[at : at + size]


def _joined(parts: Iterable[str]) -> str:
    return "; ".join(dict.fromkeys(p for p in parts if p))


def _said(error: InputError) -> str:
    lang = settings().lang or "zh"
    return f"{error.detail(lang)} → {error.remedy(lang)}"


def _nothing(_table: str, _rows: int) -> None:
    """No progress is shown."""


def work_folder() -> Path:
    """The folder of temporary files."""
    folder = settings().home_dir / "work"
    try:
        folder.mkdir(mode=0o700, parents=True, exist_ok=True)
    except OSError as error:
        raise InputError("load.spill", folder=folder, reason=error.strerror) from error
    return folder


@contextmanager
def only_load(folder: Path) -> Iterator[None]:
    """Hold the lock of loads; it falls with the process. Raises InputError ``load.busy``."""
    with (folder / "load.lock").open("w") as lock:
        try:
            fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except OSError as error:
            raise InputError("load.busy", home=folder.parent) from error
        yield


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

    Raises InputError when the source cannot be loaded at all (nothing is then written); single
    bad rows go to a reject file under the home folder. Raises EngineError when the engine is lost:
    the same call again completes the load.
    """
    start = time.perf_counter()
    opened = open_source(Path(source), profile) if isinstance(source, str | Path) else source
    files = opened.hashes()
    with only_load(work_folder()):
        prepare(graph)
        batches = [b for b in graph.read("batches") if b.source == opened.source]
        facts = store_facts(graph)
        if facts.setdefault("synthetic", opened.synthetic) != opened.synthetic:
            raise InputError("load.mixed_store", source=opened.source)
        running = {b.batch: b for b in batches if b.state == "RUNNING"}
        entry = {"files": json.dumps(files, sort_keys=True), "profile": opened.profile}
        again = [b for b, e in running.items() if (e.files, e.profile) == tuple(entry.values())]
        batch = again[0] if again else f"B{len(graph.read('batches')) + 1:05d}"
        work = Load(
            graph=graph,
            source=opened,
            batch=batch,
            fresh=not batches,
            unfinished=tuple(running),
            progress=progress or _nothing,
            ledger=Ledger(opened.source, work_folder(), ruled()),
            folder=settings().home_dir / "rejects" / batch,
            warnings=list(getattr(opened, "warnings", ())),
        )
        work.warnings += [
            f"批次 {b} 未完成，请重新装载其文件 / batch {b} is unfinished: load its files again"
            for b in running
            if b != batch
        ]
        try:
            work.check()
            save_facts(graph, facts)
            save_batch(work, entry, "RUNNING", None)
            work.write()
            report = work.report(time.perf_counter() - start)
            save_batch(work, entry, "DONE", report)
        finally:
            work.ledger.close()
    return report


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
