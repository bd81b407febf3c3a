"""Take one batch back: the present graph becomes the one that never saw it.

Nothing is erased from the register: the undo is a batch of its own, the values it removes are kept
as former values, and later batches on the same rows stand. What a row is to be follows from the
records of all other batches of its source; the values come from the register. Rows of other
batches that named a removed row are pending again. Acts that came with the batch go with it; where
an act that was entered by command, or came with a later batch, rests on a row that would go, the
undo is refused. What a check found about a removed case goes with the case unless a person
disposed of it; the cases that stay are marked as touched, so that the next check mends them.
"""

from __future__ import annotations

import datetime as dt
import json
import time
from collections import defaultdict
from collections.abc import Iterator
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import Any

from graph.errors import InputError
from graph.rulebook import book
from graph.settings import settings
from graph.store.connection import Graph
from graph.store.facts import save_facts, store_facts
from graph.store.generate import deferred, stem
from graph.store.schema import BY_LABEL, NodeType
from graph.store.transport import WHOLE_STORE
from loaders.bookkeeping import (
    CHUNK,
    ORDERED,
    TOUCHING,
    former_parents,
    former_rows,
    parts,
    pending_row,
    put_in_order,
    touching,
)
from loaders.kept import (
    MODULUS,
    KeptBatch,
    Mention,
    Record,
    State,
    kept_batch,
    mentions,
    sources_folder,
    state_of,
)
from loaders.lease import Lease, alone
from loaders.load import complete, last_digest
from loaders.rows import parent

ACTS = frozenset({"Disposition", "Lead", "Step", "Review", "Correction", "Notice", "Reply"})
"""What people did; it never loses the ground it rests on."""
MADE = frozenset({"Clock", "Problem"})
"""What a check may have made about a case."""
SHOWN = 20


@dataclass
class Plan:
    """What an undo changes: states by key, without and with the batch, table by table."""

    removed: dict[str, list[str]] = field(default_factory=lambda: defaultdict(list))
    changed: dict[str, dict[str, State]] = field(default_factory=lambda: defaultdict(dict))
    marks: dict[tuple[str, str | None], list[str]] = field(
        default_factory=lambda: defaultdict(list)
    )
    """Rows of which only the mark changes, by label and by the mark that they are to have."""
    restored: int = 0
    machine: dict[str, set[str]] = field(default_factory=lambda: defaultdict(set))
    waiting: dict[str, dict[str, Any]] = field(default_factory=dict)
    refused: list[dict[str, Any]] = field(default_factory=list)


def undo(graph: Graph, batch: str) -> dict[str, Any]:
    """Take a batch back; ``batch, undoes, removed, restored, refused`` (a count of 0) and more.

    An undo that was cut is completed by the same call. Raises InputError ``batch.unknown``,
    ``batch.not_kept``, ``undo.already``, ``undo.of_undo``, and ``undo.refused`` with the acts that
    rest on its rows; nothing is then changed.
    """
    home = settings().home_dir
    with alone(graph, home) as lease:
        for b in graph.read("batches"):
            if b.state == "RUNNING" and b.undoes != batch:
                complete(graph, home, b, lease)
        return undo_alone(graph, home, batch, lease)


def undo_alone(
    graph: Graph,
    home: Path,
    batch: str,
    lease: Lease | None,
    *,
    name: str | None = None,
    at: str | None = None,
    replayed: bool = False,
) -> dict[str, Any]:
    """The undo, in a store that nobody else writes to.

    ``replayed``: it was decided once, under ``name`` and ``at``, and nothing refuses it now.
    """
    register = list(graph.read("batches"))
    found = next((b for b in register if b.batch == batch), None)
    if found is None:
        names = ", ".join(b.batch for b in register if b.undoes is None) or "–"
        raise InputError("batch.unknown", batch=batch, batches=names)
    if found.undoes is not None:
        raise InputError("undo.of_undo", batch=batch, undoes=found.undoes)
    begun = next((b.batch for b in register if b.undoes == batch and b.state == "RUNNING"), None)
    if found.undone is not None and begun is None:
        raise InputError("undo.already", batch=batch, by=found.undone)
    work = Undo(graph, home, register, batch, begun or name or f"B{len(register) + 1:05d}", lease)
    return work.run(begun=begun is not None or replayed, at=at)


def finish_undo(
    graph: Graph, home: Path, name: str, batch: str, lease: Lease | None
) -> dict[str, Any]:
    """Complete an undo that was cut, the batch ``name``."""
    return undo_alone(graph, home, batch, lease, name=name)


class Undo:
    """One undo in progress."""

    def __init__(
        self,
        graph: Graph,
        home: Path,
        register: list[Any],
        batch: str,
        name: str,
        lease: Lease | None,
    ) -> None:
        self.graph, self.home, self.batch, self.name, self.lease = graph, home, batch, name, lease
        self.register = register
        entry = next(b for b in register if b.batch == batch)
        self.source = str(entry.source)
        self.mine = self._kept(entry)
        loads = [
            b
            for b in register
            if b.source == self.source and b.undoes is None and b.state == "DONE"
        ]
        loads.sort(key=lambda b: str(json.loads(b.report).get("at", "")))
        order = [b.batch for b in loads]
        self.others = [self._kept(b) for b in loads if b.undone is None and b.batch != batch]
        self.rank = {name: at for at, name in enumerate(order)}
        self.later = set(order[self.rank[batch] + 1 :])
        self.plan = Plan()
        self.parents: dict[str, set[str]] = defaultdict(set)
        self.touched: dict[str, set[str]] = defaultdict(set)

    def _kept(self, entry: Any) -> KeptBatch:
        kept = kept_batch(self.home, entry.batch, entry.files)
        if kept is None or not (kept.folder / "rows.parquet").exists():
            raise InputError("batch.not_kept", batch=entry.batch, home=self.home)
        return kept

    def run(self, *, begun: bool, at: str | None) -> dict[str, Any]:
        """Decide everything, then change the graph; every step may be done twice."""
        start = time.perf_counter()
        record = Record(sources_folder(self.home) / self.name)
        try:
            for label in self.mine.labels():
                self.decide(BY_LABEL[label], record)
            self.look_around()
            if self.plan.refused and not begun:
                acts = self.plan.refused
                said = ", ".join(f"{a['act']} {a['id']} ({a['batch']})" for a in acts[:SHOWN])
                raise InputError("undo.refused", batch=self.batch, n=len(acts), acts=said)
            self.save("RUNNING", None)
            self.put_away()
            self.take_out()
            self.extras()
            for label, states in self.plan.changed.items():
                for keys in parts(list(states), CHUNK):
                    self.put_back(BY_LABEL[label], {key: states[key] for key in keys})
            for (label, mark), marked in self.plan.marks.items():
                for keys in parts(marked, CHUNK):
                    self.graph.write(f"mark_{stem(BY_LABEL[label])}", keys=keys, batch=mark)
            self.mend()
            record.finish()
        except BaseException:
            record.abandon()
            raise
        self.graph.write("batch_undone", batch=self.batch, by=self.name)
        moment, before = last_digest(self.register)
        digest = None if before is None else f"{(int(before, 16) + record.delta) % MODULUS:064x}"
        answer = {
            "batch": self.name,
            "undoes": self.batch,
            "source": self.source,
            "removed": sum(len(keys) for keys in self.plan.removed.values()),
            "restored": self.plan.restored,
            "refused": 0,
            "pending": len(self.plan.waiting),
            "seconds": round(time.perf_counter() - start, 3),
            "at": at or moment,
            "digest": digest,
        }
        self.save("DONE", answer)
        return answer

    # -- deciding --------------------------------------------------------------------------------

    def decide(self, node_type: NodeType, record: Record) -> None:
        """What each row of a label is with the batch, and what without it."""
        label = node_type.label
        for rows in self.mine.rows(label, 10 * CHUNK):
            others = mentions(self.others, label, [r["key"] for r in rows])
            for r in rows:
                key = r["key"]
                own = Mention(self.batch, r["row"], r["hash"], r["what"], r.get("sheet"))
                rest = others.get(key, [])
                now = state_of(sorted([*rest, own], key=lambda m: self.rank[m.batch]))
                then = state_of(rest)
                if now is None or now == then:
                    continue
                if then is None:
                    self.plan.removed[label].append(key)
                elif then == replace(now, mark=then.mark):
                    # The row itself, what it names and its order stay as they are.
                    self.plan.marks[label, then.mark].append(key)
                    self.plan.restored += 1
                else:
                    self.plan.changed[label][key] = then
                    self.plan.restored += (now.hash, now.mark) != (then.hash, then.mark)
                record.add(
                    label,
                    r["row"],
                    key,
                    None if then is None else then.hash,
                    "removed" if then is None else "restored",
                    before=now.hash,
                    before_mark=now.mark,
                    mark=None if then is None else then.mark,
                    sheet=r.get("sheet"),
                )

    def look_around(self) -> None:
        """Who names the rows that would go: acts that refuse, rows that are pending then."""
        gone = {label: set(keys) for label, keys in self.plan.removed.items()}
        for label in list(gone):
            found = list(self.namers(label, self.plan.removed[label]))
            made = self.unrecorded([n for n in found if n[1] in MADE or n[1] == "Disposition"])
            for target, other, column, key, batch, row in found:
                if key in gone.get(other, ()):
                    continue
                if other == "Clock" or (other == "Problem" and (other, key) in made):
                    if label == "Case":
                        self.plan.machine[other].add(key)
                elif other in ACTS and ((other, key) in made or batch in self.later):
                    self.refuse(other, key, batch, by_command=(other, key) in made)
                else:
                    wanted = f"{label}/{target}"
                    pending = pending_row(other, key, column, wanted, self.source, batch, row)
                    self.plan.waiting[pending["key"]] = pending
        for label, keys in self.plan.machine.items():
            for _, other, _, key, batch, _ in self.namers(label, sorted(keys)):
                if other in ACTS and key not in gone.get(other, ()):
                    self.refuse(other, key, batch, by_command=other == "Disposition")

    def namers(
        self, label: str, keys: list[str]
    ) -> Iterator[tuple[str, str, str, str, str, int | None]]:
        """Who names some nodes: node, then label, column, key, batch and row of the namer."""
        for some in parts(keys, CHUNK):
            for found in self.graph.read(f"namers_{stem(BY_LABEL[label])}", keys=some):
                for other, column, key, batch, row in found.namers:
                    yield str(found.key), other, column, key, batch, row

    def unrecorded(self, found: list[Any]) -> set[tuple[str, str]]:
        """Nodes that no batch brought: a check made them, or a command entered them."""
        asked: dict[str, set[str]] = defaultdict(set)
        for _, other, _, key, _, _ in found:
            asked[other].add(key)
        lacking = set()
        for label, keys in asked.items():
            known = mentions([self.mine, *self.others], label, sorted(keys))
            lacking |= {(label, key) for key in keys if key not in known}
        return lacking

    def refuse(self, label: str, key: str, batch: str, *, by_command: bool) -> None:
        """Note an act that rests on what would go."""
        act = {
            "act": label,
            "id": key.partition("/")[2],
            "batch": "anguan dispose" if by_command else batch,
        }
        if act not in self.plan.refused:
            self.plan.refused.append(act)

    # -- changing --------------------------------------------------------------------------------

    def put_away(self) -> None:
        """Keep the values that go or change; those changed by an attempt before are kept."""
        places = [(label, keys, None) for label, keys in self.plan.removed.items()]
        places += [(label, list(s), s) for label, s in self.plan.changed.items()]  # type: ignore[misc]
        for label, all_keys, states in places:
            node_type = BY_LABEL[label]
            for keys in parts(all_keys, CHUNK):
                there = {r.key: r for r in self.graph.read(f"known_{stem(node_type)}", keys=keys)}
                wanted = [
                    key
                    for key, r in there.items()
                    if states is None
                    or (r.hash, r.vanished) != (states[key].hash, states[key].mark)
                ]
                pending = [p for p in self.pending_of(wanted) if p.label == label]
                rows = former_rows(self.graph, node_type, wanted, self.name, pending)
                if rows:
                    self.graph.write("load_former_rows", rows=rows)

    def pending_of(self, keys: list[str]) -> list[Any]:
        return list(self.graph.read("pending_of", keys=keys)) if keys else []

    def take_out(self) -> None:
        """Remove rows, with what a check made of their cases; what named them waits again."""
        for pending in parts(list(self.plan.waiting.values()), CHUNK):
            self.graph.write("load_pending_references", rows=pending)
        for label, owner in ORDERED.items():
            for keys in parts(self.plan.removed.get(owner, []), CHUNK):
                self.graph.write(f"forget_{label.lower()}_order", keys=keys)
        for label, found in self.plan.machine.items():
            for keys in parts(sorted(found), CHUNK):
                self.graph.write(f"delete_{stem(BY_LABEL[label])}", keys=keys)
        for label, gone in self.plan.removed.items():
            for keys in parts(gone, CHUNK):
                stale = [p.pending for p in self.pending_of(keys) if p.label == label]
                self.graph.write(f"delete_{stem(BY_LABEL[label])}", keys=keys)
                self.graph.write("delete_pending_references", keys=stale)
            if self.lease is not None:
                self.lease.check()

    def extras(self) -> None:
        """Nodes of the batch's profile: as the last other batch has them, or gone."""
        others: dict[tuple[str, str], tuple[str, int, dict[str, Any]]] = {}
        for kept in self.others:
            for label, rows in kept.manifest["extra"]:
                for at, props in enumerate(rows, start=1):
                    others[label, props["id"]] = (kept.batch, at, props)
        for label, rows in self.mine.manifest["extra"]:
            name = stem(BY_LABEL[label])
            back, gone = [], []
            for props in rows:
                key = f"{self.source}/{props['id']}"
                if (label, props["id"]) not in others:
                    gone.append(key)
                    continue
                batch, at, was = others[label, props["id"]]
                fixed = {"key": key, "source": self.source, "_batch": batch, "_row": at}
                back.append({"key": key, "props": {**was, **fixed}})
            self.graph.write(f"delete_{name}", keys=gone)
            self.graph.write(f"load_{name}", rows=back)

    def put_back(self, node_type: NodeType, states: dict[str, State]) -> None:
        """Give rows the content, the provenance and the mark that they have without the batch."""
        name, label = stem(node_type), node_type.label
        values = self.values(node_type, states)
        exists = self.existing(node_type, values.values())
        later = {r.column for r in deferred(node_type)}
        rows, waiting, stale = [], [], []
        links: dict[str, list[dict[str, Any]]] = defaultdict(list)
        for key, found in values.items():
            state = states[key]
            named, pending = found.pop("_named"), found.pop("_pending", {})
            found |= {"_batch": state.batch, "_row": state.row, "_sheet": state.sheet}
            found |= {"_vanished": state.mark}
            # Marks of the check: the case is looked at anew.
            props = {n: v for n, v in found.items() if v is not None and n != "_touched"}
            row: dict[str, Any] = {"key": key, "props": props}
            for r in node_type.references:
                for target in [*named.get(r.column, ()), *pending.get(r.column, ())]:
                    if (r.target, target) not in exists:
                        wanted = f"{r.target}/{target}"
                        waiting.append(
                            pending_row(
                                label, key, r.column, wanted, self.source, state.batch, state.row
                            )
                        )
                    elif r.column in later:
                        place = {"key": key, "target": target}
                        links[r.column].append(place | {"_batch": state.batch, "_row": state.row})
                    else:
                        row[r.column] = target
                    if statement := TOUCHING.get((label, r.target)):
                        self.touched[statement].add(target)
            rows.append(row)
            if label == "Case":
                self.touched["touch_cases"].add(key)
        kept = {w["key"] for w in waiting}
        stale = [
            p.pending
            for p in self.pending_of(list(values))
            if p.label == label and p.pending not in kept
        ]
        self.graph.write("load_pending_references", rows=waiting)
        self.graph.write(f"load_{name}", rows=rows)
        for column, some in links.items():
            self.graph.write(f"link_{name}_{column}", rows=some)
        self.graph.write("delete_pending_references", keys=stale)
        if label in ORDERED and (owner := parent(node_type)):
            self.parents[label].update(row[owner.column] for row in rows if row.get(owner.column))
            apart = [row["key"] for row in rows if not row.get(owner.column)]
            self.graph.write(f"unchain_{label.lower()}s", keys=apart)

    def values(self, node_type: NodeType, states: dict[str, State]) -> dict[str, dict[str, Any]]:
        """The values to put back: the present ones where only the provenance differs."""
        label, keys = node_type.label, list(states)
        waiting = [p for p in self.pending_of(keys) if p.label == label]
        found: dict[str, dict[str, Any]] = {}
        for row in former_rows(self.graph, node_type, keys, self.name, waiting):
            props = row["props"]
            values = typed(json.loads(props["values"]), props["_types"])
            if values.get("_hash") == states[props["node_key"]].hash:
                found[props["node_key"]] = values
        lacking = [key for key in keys if key not in found]
        for old in self.graph.read("former_values", label=label, keys=lacking):
            values = typed(json.loads(old["values"]), old["types"] or [])
            if old.key not in found and values.get("_hash") == states[old.key].hash:
                found[old.key] = values
        named: dict[str, set[int | None]] = defaultdict(set)
        for key, state in states.items():
            if key not in found:
                named[state.batch].add(state.row)
        for kept in self.others:
            if kept.batch in named:
                stubs = kept.stubs(node_type, named[kept.batch])
                found |= {k: {**v, "_named": {}} for k, v in stubs.items() if k in states}
        return found

    def existing(self, node_type: NodeType, values: Any) -> set[tuple[str, str]]:
        """Which of the nodes that values name are there, as (label, key)."""
        asked: dict[str, set[str]] = defaultdict(set)
        for found in values:
            for r in node_type.references:
                for part in ("_named", "_pending"):
                    asked[r.target].update(found.get(part, {}).get(r.column, ()))
        return {
            (target, str(r.key))
            for target, keys in asked.items()
            for some in parts(sorted(keys), CHUNK)
            for r in self.graph.read(f"known_{stem(BY_LABEL[target])}", keys=some)
        }

    def mend(self) -> None:
        """The order of events and steps, and the cases that the next check looks at."""
        for label in ORDERED:
            keys = self.parents[label] | former_parents(self.graph, label, self.name)
            put_in_order(self.graph, label, keys, forget=True, progress=lambda _name, _rows: None)
        for row in self.graph.stream(
            "unfinished_former_rows", timeout=WHOLE_STORE, batches=[self.name]
        ):
            named = json.loads(row["values"]).get("_named", {})
            for statement, owners in touching(row.label, named):
                self.touched[statement].update(owners)
        for statement, touched in self.touched.items():
            for part in parts(sorted(touched), CHUNK):
                self.graph.write(statement, keys=part, batch=self.name)
        facts = store_facts(self.graph)
        if "check" in facts:
            # What the last check counted holds cases that are gone: the next one counts anew.
            facts["check"]["open"] = True
            save_facts(self.graph, facts)

    def save(self, state: str, answer: dict[str, Any] | None) -> None:
        """Write the undo's entry in the register."""
        props: dict[str, Any] = {
            "key": self.name,
            "id": self.name,
            "source": self.source,
            "state": state,
            "undoes": self.batch,
            "rulebook": book().version,
        }
        if answer is not None:
            props["report"] = json.dumps(answer, ensure_ascii=False)
        self.graph.write("load_batches", rows=[{"key": self.name, "props": props}])


def typed(values: dict[str, Any], types: list[str]) -> dict[str, Any]:
    """Values of the register with their dates and instants."""
    for entry in types:
        kind, _, name = entry.partition(":")
        said = str(values[name])
        values[name] = (
            dt.datetime.fromisoformat(said) if kind == "t" else dt.date.fromisoformat(said)
        )
    return values
