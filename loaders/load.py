"""Load a source into the graph: validate, find duplicates, resolve references, write.

Nothing is lost: every row read is loaded, refused with its reason in a reject file, or unchanged.
"""

from __future__ import annotations

import datetime as dt
import hashlib
import json
import time
from collections import defaultdict
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass, field
from itertools import islice
from pathlib import Path
from typing import Any

from graph.errors import InputError, register_messages
from graph.rulebook import publish, version
from graph.settings import settings
from graph.store.connection import Graph
from graph.store.generate import deferred, stem
from graph.store.schema import BY_LABEL, RULEBOOK, NodeType
from graph.store.temporal import as_json, instant, moment_properties
from loaders.package import Package, open_package
from loaders.pseudonym import Pseudonyms
from loaders.tables import RejectFile, SourceRow
from loaders.values import READERS, ValueFault

register_messages(Path(__file__).with_name("messages.yaml"))

CHUNK = 5_000
SECRET = frozenset({"绝密", "机密", "秘密"})
PARENT = {"Event": "case", "Step": "lead", "Disposition": "problem"}
Progress = Callable[[str, int], None]


@dataclass(frozen=True)
class LoadReport:
    """What became of the rows of one load; ``read = loaded + rejected + unchanged``."""

    batch: str
    source: str
    read: int
    loaded: int
    rejected: int
    unchanged: int
    reject_file: str | None
    tables: dict[str, dict[str, int]]
    seconds: float

    def as_dict(self) -> dict[str, Any]:
        """The report as JSON holds it."""
        return dict(vars(self))


@dataclass
class Ready:
    """A valid row on its way into the graph."""

    row: SourceRow
    key: str
    props: dict[str, Any]
    targets: dict[str, str | None]
    later: dict[str, list[str]]


class Refused(Exception):
    """A row that cannot be loaded: message code, field, and what the message names."""

    def __init__(self, code: str, field_: str, **values: Any) -> None:
        super().__init__(code)
        self.code, self.field, self.values = code, field_, values
        self.secret = code in {"load.secret", "load.secret_target"}

    def reason(self) -> str:
        """The reason in the configured language, with the remedy."""
        error = InputError(self.code, field=self.field, **self.values)
        lang = settings().lang or "zh"
        return f"{error.detail(lang)}；{error.remedy(lang)}" if lang == "zh" else str(error)


@dataclass
class Counts:
    """Rows of one table."""

    read: int = 0
    loaded: int = 0
    rejected: int = 0
    unchanged: int = 0


@dataclass
class Load:
    """One load in progress."""

    graph: Graph
    package: Package
    batch: str
    folder: Path
    fresh: bool
    resumed: bool
    progress: Progress
    pseudonyms: Pseudonyms
    known: dict[str, set[str]] = field(default_factory=lambda: defaultdict(set))
    secret: set[tuple[str, str]] = field(default_factory=set)
    counts: dict[str, Counts] = field(default_factory=lambda: defaultdict(Counts))
    rejects: list[Path] = field(default_factory=list)
    links: dict[str, list[dict[str, Any]]] = field(default_factory=lambda: defaultdict(list))
    announced: dict[str, set[str]] = field(default_factory=lambda: defaultdict(set))
    parents: dict[str, set[str]] = field(default_factory=lambda: defaultdict(set))
    data_to: dt.datetime | None = None

    def table(self, node_type: NodeType, reject: RejectFile, rows: Iterable[SourceRow]) -> None:
        """Load one table."""
        name = str(node_type.table)
        counts = self.counts[name]
        doubled = Duplicates()
        todo: list[Ready] = []
        try:
            for row in rows:
                counts.read += 1
                try:
                    ready = self.validated(node_type, row, doubled)
                except Refused as refused:
                    self.refuse(node_type, reject, row, refused)
                    continue
                first = doubled.add(ready)
                if first is None:
                    todo.append(ready)
                elif doubled.same(ready):
                    counts.unchanged += 1
                else:
                    why = Refused("load.double_key", node_type.id, key=ready.key, other=first)
                    self.refuse(node_type, reject, row, why)
            contradicted = doubled.contradicted
            for ready in [r for r in todo if r.key in contradicted]:
                why = Refused(
                    "load.double_key", node_type.id, key=ready.key, other=contradicted[ready.key]
                )
                self.refuse(node_type, reject, ready.row, why)
            good = iter([r for r in todo if r.key not in contradicted])
            while chunk := list(islice(good, CHUNK)):
                self.write(node_type, reject, chunk)
        finally:
            reject.close()
        if reject.path.exists():
            self.rejects.append(reject.path)

    def announce(self) -> None:
        """Learn the ids of the tables that earlier rows may point at before they are loaded."""
        pointed_at = {
            ref.target for node_type, _, _ in self.package.tables() for ref in deferred(node_type)
        }
        for node_type, table, rows in self.package.tables():
            if node_type.label in pointed_at and node_type.id in table.columns:
                self.announced[node_type.label] = {
                    f"{self.package.source}/{READERS['text'](row.values[node_type.id])}"
                    for row in rows
                    if row.values.get(node_type.id) is not None
                }

    def refuse(
        self, node_type: NodeType, reject: RejectFile, row: SourceRow, refused: Refused
    ) -> None:
        """Put a row into the reject file."""
        if refused.secret:
            self.secret.add((node_type.label, str(row.values.get(node_type.id))))
        self.counts[row.table].rejected += 1
        reject.write(row, refused.code, refused.field, refused.reason(), secret=refused.secret)

    def validated(self, node_type: NodeType, row: SourceRow, seen: Duplicates) -> Ready:
        """The row as properties and target ids; raises Refused with the first fault."""
        source, zone = self.package.source, settings().zone
        if "\0extra" in row.values:
            raise Refused("load.extra_cells", "", cells=row.values["\0extra"])
        for ref in node_type.references:
            given = row.values.get(ref.column)
            if given is not None and (ref.target, str(given)) in self.secret:
                raise Refused("load.secret_target", ref.column)
        props: dict[str, Any] = {}
        moments: dict[str, dt.date | dt.datetime] = {}
        for column in node_type.columns:
            value = row.values.get(column.name)
            if value is None:
                if column.required:
                    raise Refused("load.missing_value", column.name)
                continue
            if column.personal:
                continue
            try:
                typed = READERS[column.type](value)
            except ValueFault as fault:
                shown = "…" if column.pseudonym else fault.value
                raise Refused(fault.code, column.name, value=shown) from fault
            if column.secrecy and typed in SECRET and not settings().allow_secret:
                raise Refused("load.secret", column.name)
            if column.pseudonym:
                typed = self.pseudonyms.of(typed)
            if column.type == "moment":
                moments[column.name] = typed
                props.update(moment_properties(column.name, typed, zone))
            else:
                props[column.name] = typed
        for name, value in row.values.items():
            if name.startswith("attr_"):
                if isinstance(value, dt.date):
                    props.update(moment_properties(name, value, zone))
                elif value is not None:
                    props[name] = value
        targets: dict[str, str | None] = {}
        later: dict[str, list[str]] = {}
        postponed = {r.column for r in deferred(node_type)}
        for ref in node_type.references:
            given = row.values.get(ref.column)
            if given is None:
                if ref.required:
                    raise Refused("load.missing_value", ref.column)
                continue
            ids = READERS["list" if ref.many else "text"](given)
            keys = [f"{source}/{i}" for i in (ids if ref.many else [ids])]
            if ref.column in postponed:
                later[ref.column] = keys
            else:
                targets[ref.column] = keys[0]
        given_id = row.values.get(node_type.id)
        if given_id is not None:
            id_ = READERS["text"](given_id)
        elif node_type.derived_id:
            id_ = self.derived_id(node_type, row, props, targets, seen)
        else:
            raise Refused("load.missing_value", node_type.id)
        known = next((moments[c] for c in node_type.known if c in moments), None)
        if known is not None:
            props["known"] = instant(known, zone)
        props |= {"key": f"{source}/{id_}", "id": id_, "source": source}
        content = json.dumps(as_json([props, targets, later]), ensure_ascii=False, sort_keys=True)
        props["_hash"] = hashlib.sha256(content.encode()).hexdigest()[:32]
        props["_batch"], props["_row"] = self.batch, row.number
        return Ready(row, props["key"], props, targets, later)

    def derived_id(
        self,
        node_type: NodeType,
        row: SourceRow,
        props: dict[str, Any],
        targets: dict[str, str | None],
        seen: Duplicates,
    ) -> str:
        """An id from the content and its ordinal among equal content of the parent."""
        content = json.dumps(as_json([props, targets]), ensure_ascii=False, sort_keys=True)
        digest = hashlib.sha256(content.encode()).hexdigest()[:16]
        parent = row.values.get(PARENT[node_type.label])
        return f"{parent}-{digest}-{seen.ordinal(f'{parent}-{digest}')}"

    def write(self, node_type: NodeType, reject: RejectFile, chunk: list[Ready]) -> None:
        """Resolve the references of a chunk, split it into new, changed and unchanged, write it."""
        name = stem(node_type)
        counts = self.counts[str(node_type.table)]
        good: list[Ready] = []
        self.look_up(node_type, chunk)
        for ready in chunk:
            try:
                for ref in node_type.references:
                    for key in ready.later.get(ref.column, ()):
                        if key not in self.announced[ref.target]:
                            self.target(ref.target, ref.column, key)
                    if ref.column in ready.targets:
                        ready.targets[ref.column] = self.target(
                            ref.target, ref.column, ready.targets[ref.column]
                        )
            except Refused as refused:
                self.refuse(node_type, reject, ready.row, refused)
                continue
            good.append(ready)
        there: dict[str, str] = {}
        if not self.fresh:
            found = self.graph.read(f"known_{name}", keys=[r.key for r in good])
            there = {row.key: row.hash for row in found}
        new = [r for r in good if r.key not in there]
        changed = [r for r in good if r.key in there and there[r.key] != r.props["_hash"]]
        if changed:
            self.keep_former(node_type, changed)
            self.graph.write(f"load_{name}", rows=[_row(r) for r in changed])
        if new:
            verb = "create" if self.fresh else "load"
            self.graph.write(f"{verb}_{name}", rows=[_row(r) for r in new])
        written = [*new, *changed]
        for ready in good if self.resumed else written:
            parent = PARENT.get(node_type.label)
            if parent in {"case", "lead"}:
                self.parents[str(parent)].add(str(ready.targets[str(parent)]))
            for column, keys in ready.later.items():
                self.links[f"{node_type.label}.{column}"] += [
                    {
                        "key": ready.key,
                        "target": key,
                        "_batch": self.batch,
                        "_row": ready.row.number,
                    }
                    for key in keys
                ]
        for ready in good:
            self.known[node_type.label].add(ready.key)
            at = ready.props.get("known")
            if at is not None and (self.data_to is None or at > self.data_to):
                self.data_to = at
        counts.loaded += len(written)
        counts.unchanged += len(good) - len(written)
        self.progress(str(node_type.table), len(chunk))

    def look_up(self, node_type: NodeType, chunk: list[Ready]) -> None:
        """Learn which targets of a chunk are in the store already."""
        for ref in node_type.references:
            wanted = {r.targets.get(ref.column) for r in chunk} - {None}
            wanted |= {k for r in chunk for k in r.later.get(ref.column, ())}
            wanted -= self.announced[ref.target] if ref in deferred(node_type) else set()
            missing = {str(k) for k in wanted} - self.known[ref.target]
            ours = {f"{RULEBOOK}/{k.partition('/')[2]}" for k in missing}
            if missing and (
                not self.fresh or BY_LABEL[ref.target].table in {None, "process_nodes"}
            ):
                found = self.graph.read(
                    f"known_{stem(BY_LABEL[ref.target])}",
                    keys=sorted(missing | (ours - self.known[ref.target])),
                )
                self.known[ref.target] |= {row.key for row in found}

    def target(self, label: str, column: str, key: str | None) -> str:
        """The key that a reference means; raises Refused when nothing has it."""
        known = self.known[label]
        if key in known:
            return str(key)
        ours = f"{RULEBOOK}/{str(key).partition('/')[2]}"
        if ours in known:
            return ours
        raise Refused("load.dangling", column, label=label, id=str(key).partition("/")[2])

    def keep_former(self, node_type: NodeType, changed: list[Ready]) -> None:
        """Keep the values that changed rows had, with the batch that changed them."""
        found = self.graph.read(f"former_{stem(node_type)}", keys=[r.key for r in changed])
        rows = []
        for row in found:
            key = f"{self.batch}/{row.key}"
            props = {
                "key": key,
                "id": key,
                "source": self.package.source,
                "label": node_type.label,
                "node_key": row.key,
                "values": json.dumps(as_json(row.props), ensure_ascii=False, sort_keys=True),
                "_batch": self.batch,
            }
            rows.append({"key": key, "props": props})
        self.graph.write("load_former_rows", rows=rows)

    def link(self) -> None:
        """Write the relationships that had to wait; a target that is not there is reported."""
        for place, rows in self.links.items():
            label, _, column = place.partition(".")
            node_type = BY_LABEL[label]
            ref = next(r for r in node_type.references if r.column == column)
            wanted = {r["target"] for r in rows} - self.known[ref.target]
            if wanted and not self.fresh:
                found = self.graph.read(f"known_{stem(BY_LABEL[ref.target])}", keys=sorted(wanted))
                self.known[ref.target] |= {row.key for row in found}
            good = iter([r for r in rows if r["target"] in self.known[ref.target]])
            while chunk := list(islice(good, CHUNK)):
                self.graph.write(f"link_{stem(node_type)}_{column}", rows=chunk)

    def order(self) -> None:
        """Rebuild the order of events and steps where something was added."""
        for parent, kind in (("case", "event"), ("lead", "step")):
            keys = iter(sorted(self.parents[parent]))
            while chunk := list(islice(keys, CHUNK // 5)):
                if not self.fresh:
                    self.graph.write(f"forget_{kind}_order", keys=chunk)
                self.graph.write(f"next_{kind}s", keys=chunk)


class Duplicates:
    """Keys of one file: a second row of a key is the same row again, or contradicts the first."""

    def __init__(self) -> None:
        self._first: dict[str, tuple[int, str]] = {}
        self._ordinals: dict[str, int] = defaultdict(int)
        self.contradicted: dict[str, int] = {}

    def add(self, ready: Ready) -> int | None:
        """Number of the first row with this key, None when this is it."""
        if ready.key not in self._first:
            self._first[ready.key] = (ready.row.number, ready.props["_hash"])
            return None
        return self._first[ready.key][0]

    def same(self, ready: Ready) -> bool:
        """Whether a later row says what the first says; a contradiction is remembered."""
        if self._first[ready.key][1] == ready.props["_hash"]:
            return True
        self.contradicted.setdefault(ready.key, ready.row.number)
        return False

    def ordinal(self, content: str) -> int:
        """How many equal ones came before in this file."""
        self._ordinals[content] += 1
        return self._ordinals[content]


def _row(ready: Ready) -> dict[str, Any]:
    return {"key": ready.key, "props": ready.props, **ready.targets}


def _nothing(_table: str, _rows: int) -> None:
    """No progress is shown."""


def prepare(graph: Graph) -> None:
    """Constraints, indexes and the rulebook; done once per rulebook version."""
    facts = store_facts(graph)
    if facts.get("rulebook") == version():
        return
    for name in graph.catalogue:
        if name.startswith(("constraint_", "index_")):
            graph.write(name)
    publish(graph)
    save_facts(graph, facts | {"rulebook": version()})


def store_facts(graph: Graph) -> dict[str, Any]:
    """What the store knows of itself: rulebook version, synthetic or real."""
    found = graph.read("former_stores", keys=["store"]).one()
    return json.loads(found.props["facts"]) if found else {}


def save_facts(graph: Graph, facts: dict[str, Any]) -> None:
    """Write the store's facts."""
    props = {"key": "store", "id": "store", "facts": json.dumps(facts)}
    graph.write("load_stores", rows=[{"key": "store", "props": props}])


def save_batch(graph: Graph, load: Load, state: str, report: LoadReport | None) -> None:
    """Write the batch's entry in the register."""
    props: dict[str, Any] = {
        "key": load.batch,
        "id": load.batch,
        "source": load.package.source,
        "path": load.package.path.name,
        "state": state,
        "files": json.dumps(load.package.hashes(), sort_keys=True),
        "rulebook": version(),
        "profile": load.package.profile,
    }
    if report is not None:
        props["report"] = json.dumps(report.as_dict(), ensure_ascii=False)
        props["data_to"] = load.data_to
    props = {k: v for k, v in props.items() if v is not None}
    graph.write("load_batches", rows=[{"key": load.batch, "props": props}])


def load(graph: Graph, source: Path, *, progress: Progress = _nothing) -> LoadReport:
    """Load a native package.

    Raises InputError when the package cannot be loaded at all; single bad rows go to a reject
    file under the home folder.
    """
    start = time.perf_counter()
    package = open_package(Path(source))
    prepare(graph)
    facts = store_facts(graph)
    if facts.setdefault("synthetic", package.synthetic) != package.synthetic:
        raise InputError("load.mixed_store", source=package.source)
    save_facts(graph, facts)
    before = graph.read("batches").rows
    batch = f"B{len(before) + 1:05d}"
    home = settings().home_dir
    running = Load(
        graph=graph,
        package=package,
        batch=batch,
        folder=home / "rejects" / batch,
        fresh=not before,
        resumed=any(b.state == "RUNNING" for b in before),
        progress=progress,
        pseudonyms=Pseudonyms(home),
    )
    save_batch(graph, running, "RUNNING", None)
    running.announce()
    for node_type, table, rows in package.tables():
        hidden = [c.name for c in node_type.columns if c.personal or c.pseudonym]
        running.table(node_type, RejectFile(running.folder, table, hidden), rows)
    running.link()
    running.order()
    total = list(running.counts.values())
    report = LoadReport(
        batch=batch,
        source=package.source,
        read=sum(c.read for c in total),
        loaded=sum(c.loaded for c in total),
        rejected=sum(c.rejected for c in total),
        unchanged=sum(c.unchanged for c in total),
        reject_file=str(running.folder) if running.rejects else None,
        tables={name: dict(vars(c)) for name, c in running.counts.items()},
        seconds=round(time.perf_counter() - start, 3),
    )
    save_batch(graph, running, "DONE", report)
    return report


def iter_batches(graph: Graph) -> Iterator[dict[str, Any]]:
    """The register of batches, oldest first."""
    for row in graph.read("batches"):
        yield row.as_dict()
