"""The columnar projection (列式投影): cases, events and problems of a source as Arrow columns.

Read once from the graph, packed per case, and kept in ``columns`` below the home folder; a later
batch is read only for the cases that it touched. Every analysis of a source shares it.
"""

from __future__ import annotations

import datetime as dt
import hashlib
import json
import uuid
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from functools import cached_property, lru_cache
from itertools import pairwise
from pathlib import Path
from typing import Any

import numpy as np
import numpy.typing as npt
import pyarrow as pa
import pyarrow.compute as pc

from graph.errors import InputError
from graph.settings import settings
from graph.store.connection import Graph
from graph.store.facts import store_facts
from graph.store.schema import RULEBOOK
from graph.store.temporal import from_text, instant
from graph.store.transport import WHOLE_STORE

Ints = npt.NDArray[np.int64]
Bools = npt.NDArray[np.bool_]
PORTION = 1_000
"""Cases whose events one statement reads."""
FORM = 3
"""Raised when the columns change, so that older files are read anew."""

_TIME = pa.timestamp("us", tz="UTC")
CASES = pa.schema(
    [(n, pa.string()) for n in ("case", "type", "unit", "department", "handler", "matter")]
    + [
        ("accepted", pa.date32()),
        ("closed", pa.date32()),
        ("known", _TIME),
        ("parties", pa.list_(pa.string())),
    ]
)
EVENTS = pa.schema(
    [(n, pa.string()) for n in ("case", "node", "act", "party", "department", "person")]
    + [("at", _TIME), ("day", pa.date32()), ("known", _TIME)]
)
PROBLEMS = pa.schema(
    [(n, pa.string()) for n in ("problem", "case", "type", "kind", "node", "found_by")]
    + [("found", pa.date32()), ("known", _TIME), ("closed", _TIME)]
    + [("timed", pa.bool_()), ("joined", pa.list_(pa.string()))]
    + [("statuses", pa.list_(pa.string())), ("decided", pa.list_(_TIME))]
    + [("corrected", pa.list_(pa.date32()))]
)
SCHEMAS = {"cases": CASES, "events": EVENTS, "problems": PROBLEMS}


@dataclass(frozen=True)
class Node:
    """A procedural node: its key, code, names, group, order and kind."""

    key: str
    node: str
    zh: str | None
    en: str | None
    case_group: str | None
    seq: int | None
    conditional: bool
    decision: bool


@dataclass(frozen=True, eq=False)
class Columns:
    """The three tables of a source, the nodes they name by key, and the departments of staff.

    ``events`` has one row an event: ``at`` when it happened (a date from local midnight), ``day``
    its local date, ``known`` since when it is known, ``department`` where it says so; ``person``
    serves only to tell it where it does not. ``problems`` has one row a problem of whatever
    status: ``statuses`` and ``decided`` are its dispositions in order, ``joined`` what it rests on
    or led to.
    """

    cases: pa.Table
    events: pa.Table
    problems: pa.Table
    nodes: Mapping[str, Node]
    members: Mapping[str, str] = field(default_factory=dict)

    def cut(self, as_of: dt.datetime, statuses: Sequence[str]) -> Cut:
        """What is known by ``as_of``; problems whose status then is one of ``statuses``."""
        return _cut(self, as_of, tuple(statuses))

    def of_unit(self, unit: str) -> Columns:
        """The columns of one unit's cases."""
        mine = self.cases.filter(pc.equal(self.cases["unit"], unit))
        keys = mine["case"].combine_chunks()

        def those(table: pa.Table) -> pa.Table:
            return table.filter(pc.is_in(table["case"], keys))

        return replace(self, cases=mine, events=those(self.events), problems=those(self.problems))


@dataclass(frozen=True, eq=False)
class Parties:
    """Parties by number: those of a case are ``number[first[case] : first[case + 1]]``."""

    first: Ints
    number: Ints
    keys: pa.Array

    def numbered(self, keys: Sequence[str] | pa.Array) -> Ints:
        """The number of each key; -1 for one that is not there."""
        return _found(keys, self.keys)


class Cut:
    """The columns as numpy arrays, as of a moment.

    Codes are positions: ``node`` in :attr:`nodes`, ``unit`` in :attr:`units` and so on; -1 is
    none. Events stand in order of case and time; ``first`` and ``last`` bound those of a case.
    """

    def __init__(self, columns: Columns, as_of: dt.datetime, statuses: tuple[str, ...]) -> None:
        moment = micros(as_of)
        table = columns.cases
        there = _numbers(table["known"], -(1 << 62)) <= moment
        order = np.flatnonzero(there)
        keys = table["case"].to_numpy(zero_copy_only=False)[order]
        self.cases: list[str] = list(keys)
        self.type, self.types = _coded(table["type"], order)
        self.unit, self.units = _coded(table["unit"], order)
        self.department, self.departments = _coded(table["department"], order)
        self.handler, _ = _coded(table["handler"], order)
        self.matter, self.matters = _coded(table["matter"], order)
        self._case_parties = table["parties"].take(pa.array(order))
        self.parties = _numbers(pc.list_value_length(self._case_parties), 0)
        self.accepted = _numbers(table["accepted"], -1)[order]
        self.closed = _numbers(table["closed"], -1)[order]

        events = columns.events
        case = _found(events["case"], self._keys)
        known = _numbers(events["known"], 1 << 62)
        at = _numbers(events["at"], 0)
        self.nodes: list[Node] = [columns.nodes[n] for n in sorted(columns.nodes)]
        at_node = pa.array([n.key for n in self.nodes], pa.string())
        node = _found(events["node"], at_node)
        some = np.flatnonzero((known <= moment) & (case >= 0))
        some = some[np.lexsort((at[some], case[some]))]
        self.event_case, self.event_node, self.event_at = case[some], node[some], at[some]
        self.event_day = _numbers(events["day"], 0)[some]
        self.event_act, self.acts = _coded(events["act"], some)
        self.event_party, self.event_parties = _coded(events["party"], some)
        self._events, self._event_rows, self._members = events, some, columns.members
        bounds = np.searchsorted(self.event_case, np.arange(len(keys) + 1))
        self.first, self.last = bounds[:-1], bounds[1:]

        problems = columns.problems
        case = _found(problems["case"], self._keys)
        known = _numbers(problems["known"], 1 << 62)
        status = _statuses(problems, moment)
        counted = np.isin(status, list(statuses))
        some = np.flatnonzero((known <= moment) & (case >= 0) & counted)
        some = some[np.lexsort((known[some], case[some]))]
        self.problem_case, self.problem_known = case[some], known[some]
        self.problem_node = _found(problems["node"], at_node)[some]
        self.problem_type, self.problem_types = _coded(problems["type"], some)
        self.problem_kind, self.kinds = _coded(problems["kind"], some)
        self.problem_by, self.found_by = _coded(problems["found_by"], some)
        self.problem_timed = np.asarray(problems["timed"].to_numpy(zero_copy_only=False))[some]
        self.problem_found = _numbers(problems["found"], -1)[some]
        self.problem_status = status[some]
        self.problem_rows = some
        self._problems = problems

    def __len__(self) -> int:
        return len(self.cases)

    @cached_property
    def by_node(self) -> list[Ints]:
        """The events at each node (positions)."""
        return positions(self.event_node, len(self.nodes))

    def at(self, nodes: Iterable[str], acts: Iterable[str] = ()) -> Ints:
        """The events at nodes of the rulebook with one of some acts (none: any; ``-``: no act)."""
        keys = {f"{RULEBOOK}/{n}" for n in nodes}
        parts = [self.by_node[i] for i, n in enumerate(self.nodes) if n.key in keys]
        some = np.concatenate(parts) if parts else np.zeros(0, dtype=np.int64)
        if wanted := set(acts):
            known = [i for i, a in enumerate(self.acts) if (a or "-") in wanted]
            some = some[np.isin(self.event_act[some], known)]
        return some

    @cached_property
    def people(self) -> Parties:
        """The parties of the cases, and those that only an event names."""
        own = self._case_parties.combine_chunks()
        own = own.flatten() if len(own) else pa.array([], pa.string())
        named = pa.array([p for p in self.event_parties if p], pa.string())
        keys = pc.unique(pa.concat_arrays([own, named]))
        first = np.concatenate([[0], np.cumsum(self.parties)])
        return Parties(first, _found(own, keys), keys)

    @cached_property
    def event_subject(self) -> Ints:
        """The number of the party that each event concerns, -1: all of the case."""
        number = self.people.numbered([*self.event_parties, ""])
        return np.asarray(number[self.event_party])

    def numbered(self, cases: Sequence[str]) -> Ints:
        """The position of each case by its key; -1 for one that is not there."""
        return _found(cases, self._keys)

    @cached_property
    def _keys(self) -> pa.Array:
        return pa.array(self.cases, pa.string())

    @cached_property
    def rank(self) -> Ints:
        """The place of each case in order of the keys."""
        rank = np.empty(len(self), dtype=np.int64)
        rank[np.argsort(np.array(self.cases))] = np.arange(len(self))
        return rank

    @cached_property
    def scope(self) -> Ints:
        """The matter of each case by number; one without stands for itself."""
        return np.where(self.matter >= 0, self.matter, len(self.matters) + np.arange(len(self)))

    def of_type(self, types: Iterable[str | None]) -> Bools:
        """The cases of some types (None: without one)."""
        wanted = set(types)
        return np.array([t in wanted for t in (*self.types, None)])[self.type]

    def of_kind(self, kinds: Iterable[str]) -> Bools:
        """The problems of some kinds."""
        wanted = set(kinds)
        return np.array([*(k in wanted for k in self.kinds), False])[self.problem_kind]

    def ids(self, cases: Ints) -> list[str]:
        """The ids of some cases (positions), each once, in order."""
        return sorted({self.cases[c].split("/", 1)[1] for c in np.unique(cases).tolist()})

    @cached_property
    def event_department(self) -> tuple[Ints, list[str]]:
        """The department of each event, where it was done, else of whom did it: codes and texts."""
        said, named = _coded(self._events["department"], self._event_rows)
        by, persons = _coded(self._events["person"], self._event_rows)
        own = [self._members.get(p, "") for p in persons]
        names = sorted({*named, *own} - {""})
        place = {name: at for at, name in enumerate(names)}
        of_named = np.array([*(place.get(n, -1) for n in named), -1], dtype=np.int64)
        of_person = np.array([*(place.get(n, -1) for n in own), -1], dtype=np.int64)
        return np.where(of_named[said] >= 0, of_named[said], of_person[by]), names

    @cached_property
    def joined(self) -> list[list[str]]:
        """What each counted problem rests on or led to."""
        return list(self._problems["joined"].take(pa.array(self.problem_rows)).to_pylist())

    @cached_property
    def problem_ids(self) -> list[str]:
        """Keys of the counted problems."""
        return list(self._problems["problem"].take(pa.array(self.problem_rows)).to_pylist())

    @cached_property
    def corrected(self) -> list[list[dt.date]]:
        """Dates on which a correction of each counted problem was closed."""
        return list(self._problems["corrected"].take(pa.array(self.problem_rows)).to_pylist())

    @cached_property
    def quarter(self) -> Ints:
        """The quarter of acceptance, counted from year 0; -1 where there is no date."""
        return np.where(self.accepted >= 0, months_of(self.accepted) // 3, -1)

    @cached_property
    def problem_month(self) -> Ints:
        """The month in which each counted problem was found, counted from year 0."""
        return months_of(self.problem_found)

    @cached_property
    def party_class(self) -> Ints:
        """The class of the number of parties: none or one (1), two (2), more (3)."""
        return np.clip(self.parties, 1, 3)


@lru_cache(maxsize=4)
def _cut(columns: Columns, as_of: dt.datetime, statuses: tuple[str, ...]) -> Cut:
    return Cut(columns, as_of, statuses)


def months_of(days: Ints) -> Ints:
    """The month of each day since 1970, counted from year 0."""
    months = days.astype("datetime64[D]").astype("datetime64[M]").astype(np.int64)
    return np.asarray(months + 1970 * 12)


def period_name(quarter: int) -> str:
    """``2024Q1`` for a quarter counted from year 0."""
    return f"{quarter // 4}Q{quarter % 4 + 1}" if quarter >= 0 else "–"


STRATA = ("unit", "type", "quarter", "parties")
"""What cases are stratified by: procuratorate, case type, quarter of acceptance, parties."""


def strata_of(cut: Cut) -> tuple[Ints, list[tuple[str, ...]]]:
    """The stratum of each case, and the strata as (unit, case type, quarter, parties)."""
    rows = np.stack([cut.unit, cut.type, cut.quarter, cut.party_class])
    if not len(cut):
        return np.zeros(0, dtype=np.int64), []
    distinct, code = np.unique(rows, axis=1, return_inverse=True)
    names: list[tuple[str, ...]] = [
        (
            cut.units[u] if u >= 0 else "–",
            cut.types[t] if t >= 0 else "–",
            period_name(int(q)),
            ("1", "2", "3+")[int(p) - 1],
        )
        for u, t, q, p in distinct.T
    ]
    return code.reshape(-1).astype(np.int64), names


# -- reading the graph --------------------------------------------------------------------------

_LAST: dict[str, tuple[str, Columns]] = {}


def columns(g: Graph, source: str | None) -> Columns:
    """The columns of a source, as new as the graph.

    Raises InputError ``analysis.columns`` when they cannot be kept in the home folder.
    """
    where = "local" if settings().graph_url is None else str(settings().graph_url)
    name = hashlib.sha256(f"{FORM} {where} {g.engine.name} {source}".encode()).hexdigest()[:16]
    folder = settings().home_dir / "columns" / name
    try:
        folder.mkdir(parents=True, exist_ok=True)
        files = _refreshed(g, source, folder)
        kept = _LAST.get(str(folder))
        if kept is None or kept[0] != files["token"]:
            tables = {t: _read(folder / files[t]) for t in SCHEMAS}
            found = Columns(**tables, nodes=nodes(g, source), members=members(g, source))
            _LAST[str(folder)] = kept = (files["token"], found)
    except OSError as error:
        reason = error.strerror or error
        raise InputError("analysis.columns", folder=folder, reason=reason) from error
    return kept[1]


def nodes(g: Graph, source: str | None) -> dict[str, Node]:
    """The nodes of the rulebook and of a source, by key."""
    return {
        r.key: Node(
            r.key, r.node, r.zh, r.en, r.case_group, r.seq, bool(r.conditional), bool(r.decision)
        )
        for r in g.stream("columns_nodes", source=source)
    }


def members(g: Graph, source: str | None) -> dict[str, str]:
    """The department of each member of staff, by key of the person."""
    return dict(g.stream("columns_members", source=source))


def _refreshed(g: Graph, source: str | None, folder: Path) -> dict[str, Any]:
    """Names of the files that hold the present state, read anew where it changed."""
    batches = [
        [r.batch, hashlib.sha256(f"{r.hash} {r.files}".encode()).hexdigest(), str(r.data_to)]
        for r in g.read("batches")
        if r.state == "DONE" and source in {None, r.source}
    ]
    counts = g.read("columns_state", source=source).one()
    assert counts is not None, "an aggregate has a row"
    state = [*counts, json.dumps(store_facts(g).get("check"), sort_keys=True)]
    meta = folder / "meta.json"
    known: dict[str, Any] = json.loads(meta.read_text("utf-8")) if meta.exists() else {}
    if known and (known["batches"], known["state"]) == (batches, state):
        return known
    before = known.get("batches", [])
    if known and before and batches[: len(before)] == before:
        new = _update(g, source, folder, known, batches != before)
        if new["rows"]["cases"] != state[0]:
            new = _all(g, source, folder)
        elif new["counts"] != state[1:-1] or known["state"][-1] != state[-1]:
            new |= _problems(g, source, folder)
    else:
        new = _all(g, source, folder)
    new |= {"batches": batches, "state": state, "token": uuid.uuid4().hex}
    fresh = folder / f"meta-{new['token']}.json"
    fresh.write_text(json.dumps(new), "utf-8")
    fresh.replace(meta)
    for old in folder.glob("*.arrow"):
        if old.name not in {new[t] for t in SCHEMAS}:
            old.unlink(missing_ok=True)
    return new


def _all(g: Graph, source: str | None, folder: Path) -> dict[str, Any]:
    rows = _case_rows(g, source, None)
    keys = [r["case"] for r in rows]
    cases, n = _write(folder, "cases", [pa.RecordBatch.from_pylist(rows, CASES)])
    events, _ = _write(folder, "events", _event_batches(g, keys))
    return {"cases": cases, "events": events, "rows": {"cases": n}} | _problems(g, source, folder)


def _problems(g: Graph, source: str | None, folder: Path) -> dict[str, Any]:
    batch = pa.RecordBatch.from_pylist(_problem_rows(g, source, None), PROBLEMS)
    name, _ = _write(folder, "problems", [batch])
    return {"problems": name, "counts": _counts(batch)}


def _update(
    g: Graph, source: str | None, folder: Path, known: Mapping[str, Any], loaded: bool
) -> dict[str, Any]:
    """Read what the batches after the known ones touched, keep the rest."""
    new = {t: known[t] for t in SCHEMAS} | {"rows": known["rows"], "counts": known["counts"]}
    if not loaded:
        return new
    rows = _case_rows(g, source, max(b[0] for b in known["batches"]))
    keys = [r["case"] for r in rows]
    touched = pa.array(keys, pa.string())

    def rest(table: str) -> Iterator[pa.RecordBatch]:
        for batch in _read(folder / known[table]).to_batches():
            yield batch.filter(pc.invert(pc.is_in(batch["case"], touched)))

    def found() -> Iterator[pa.RecordBatch]:
        for at in range(0, len(keys), PORTION):
            some = _problem_rows(g, source, keys[at : at + PORTION])
            yield pa.RecordBatch.from_pylist(some, PROBLEMS)

    cases, n = _write(folder, "cases", [*rest("cases"), pa.RecordBatch.from_pylist(rows, CASES)])
    events, _ = _write(folder, "events", _chain(rest("events"), _event_batches(g, keys)))
    problems, _ = _write(folder, "problems", _chain(rest("problems"), found()))
    new |= {"cases": cases, "events": events, "problems": problems, "rows": {"cases": n}}
    return new | {"counts": _counts(_read(folder / problems))}


def _chain(*parts: Iterable[pa.RecordBatch]) -> Iterator[pa.RecordBatch]:
    for part in parts:
        yield from part


def _counts(problems: Any) -> list[int]:
    """What the query ``columns_state`` counts in the graph, but for the cases."""
    joined = pc.list_flatten(problems["joined"])

    def tied(to: str) -> int:
        return pc.sum(pc.starts_with(joined, f"{to} ")).as_py() or 0

    decided, corrected = (
        pc.sum(pc.list_value_length(problems[name])).as_py() or 0
        for name in ("statuses", "corrected")
    )
    closed = problems.num_rows - problems["closed"].null_count
    return [
        *(problems.num_rows, closed, decided, tied("correction"), corrected),
        *(tied("review"), tied("lead")),
    ]


def _case_rows(g: Graph, source: str | None, batch: str | None) -> list[dict[str, Any]]:
    return [
        r.as_dict() | {"parties": sorted(r.parties)}
        for r in g.stream("columns_cases", timeout=WHOLE_STORE, source=source, batch=batch)
    ]


def _event_batches(g: Graph, keys: Sequence[str]) -> Iterator[pa.RecordBatch]:
    zone = settings().zone
    for at in range(0, len(keys), PORTION):
        cells: dict[str, list[Any]] = {name: [] for name in EVENTS.names}
        for r in g.stream("columns_events", cases=list(keys[at : at + PORTION])):
            cells["case"] += [r.case] * len(r.nodes)
            cells["node"] += r.nodes
            cells["act"] += r.acts
            cells["party"] += r.parties
            cells["department"] += r.departments
            cells["person"] += r.persons
            cells["at"] += [from_text(x, zone) for x in r.at]
            cells["day"] += map(dt.date.fromisoformat, r.days)
            cells["known"] += [from_text(x, zone) for x in r.known]
        yield pa.RecordBatch.from_pydict(cells, EVENTS)


def _problem_rows(g: Graph, source: str | None, keys: Sequence[str] | None) -> list[dict[str, Any]]:
    zone = settings().zone
    rows = []
    for r in g.stream("columns_problems", timeout=WHOLE_STORE, source=source, cases=keys):
        row = r.as_dict()
        dispositions = row.pop("dispositions")
        values = row.pop("values")
        closed_on = row.pop("closed_on")
        if row["closed"] is None and closed_on is not None:
            row["closed"] = instant(closed_on, zone)
        field = json.loads(values).get("field") if values else None
        rows.append(row | _decided(dispositions) | _joined(row, field))
    return rows


def _decided(dispositions: Iterable[Sequence[Any]]) -> dict[str, Any]:
    said = sorted(dispositions, key=lambda d: (d[1], d[2]))
    return {"statuses": [d[0] for d in said], "decided": [d[1] for d in said]}


def _joined(row: Mapping[str, Any], field: str | None) -> dict[str, Any]:
    more = [f"field {row['case']} {field}"] if field else []
    return {
        "joined": sorted({*row["joined"], *more}),
        "corrected": sorted(d for d in row["corrected"] if d is not None),
    }


def _write(folder: Path, table: str, batches: Iterable[pa.RecordBatch]) -> tuple[str, int]:
    """Write a table beside the old one; its file name and rows."""
    name = f"{table}-{uuid.uuid4().hex}.arrow"
    rows = 0
    with pa.OSFile(str(folder / name), "wb") as sink, pa.ipc.new_file(sink, SCHEMAS[table]) as file:
        for batch in batches:
            file.write_batch(batch)
            rows += batch.num_rows
    return name, rows


def _read(path: Path) -> pa.Table:
    with pa.memory_map(str(path)) as source:
        return pa.ipc.open_file(source).read_all()


# -- arrays -------------------------------------------------------------------------------------


def positions(codes: Ints, count: int) -> list[Ints]:
    """The positions of each code."""
    order = np.argsort(codes, kind="stable")
    bounds = np.searchsorted(codes[order], np.arange(count + 1))
    return [order[a:b] for a, b in pairwise(bounds)]


def starts(codes: Ints) -> Ints:
    """Where each code of a sorted row of codes begins."""
    return np.flatnonzero(np.diff(codes, prepend=codes[:1] - 1))


def several(first: Ints, times: Ints) -> tuple[Ints, Ints]:
    """Each row as often as said: its number, and the places ``first``, ``first + 1`` and so on."""
    row = np.repeat(np.arange(len(times)), times)
    return row, (first - np.cumsum(times) + times)[row] + np.arange(len(row))


def grouped(*codes: Ints) -> list[tuple[tuple[int, ...], Ints]]:
    """What rows have in common, in order of the codes, with the positions of those that have it."""
    order = np.lexsort(codes[::-1])
    rows = np.stack(codes, axis=1)[order]
    if not len(rows):
        return []
    first = np.flatnonzero((rows[1:] != rows[:-1]).any(axis=1)) + 1
    names = rows[np.concatenate([[0], first])].tolist()
    return list(zip(map(tuple, names), np.split(order, first), strict=True))


def micros(moment: dt.datetime) -> int:
    """Microseconds since 1970 (UTC)."""
    return int((moment - dt.datetime(1970, 1, 1, tzinfo=dt.UTC)) / dt.timedelta(microseconds=1))


def _numbers(column: pa.ChunkedArray, none: int) -> Ints:
    """Whole numbers of a column: microseconds, days or the number itself."""
    if pa.types.is_date32(column.type):
        column = column.cast(pa.int32())
    return np.asarray(pc.fill_null(column.cast(pa.int64()), none).to_numpy(), dtype=np.int64)


def _coded(column: pa.ChunkedArray, some: Ints | None = None) -> tuple[Ints, list[str]]:
    """Codes of a text column in order of the texts, -1 for none, and the texts."""
    encoded = column.dictionary_encode().unify_dictionaries().combine_chunks()
    if isinstance(encoded, pa.ChunkedArray):
        encoded = encoded.chunk(0) if encoded.num_chunks else pa.array([], encoded.type)
    codes = np.asarray(pc.fill_null(encoded.indices, -1).to_numpy(zero_copy_only=False))
    names = encoded.dictionary.to_pylist()
    if some is not None:
        codes = codes[some]
    # What the cut leaves out has no code: an answer must not depend on what came later.
    used = np.unique(codes[codes >= 0])
    ordered = sorted(used, key=lambda c: names[c])
    place = np.full(len(names) + 1, -1, dtype=np.int64)
    for at, code in enumerate(ordered):
        place[code] = at
    return place[codes], [names[c] for c in ordered]


def _found(keys: Sequence[str] | pa.Array | pa.ChunkedArray, among: pa.Array) -> Ints:
    """Where each key stands among some; -1 where it does not."""
    asked = keys if isinstance(keys, pa.ChunkedArray) else pa.array(keys, pa.string())
    at = pc.fill_null(pc.index_in(asked, value_set=among), -1)
    return np.asarray(at.to_numpy(zero_copy_only=False), dtype=np.int64)


def _statuses(problems: pa.Table, moment: int) -> npt.NDArray[np.str_]:
    """The status of each problem at a moment: that of its last disposition by then."""
    closed = _numbers(problems["closed"], 1 << 62) <= moment
    status = np.where(closed, "CLOSED", "HIT").astype(object)
    times = _numbers(pc.list_value_length(problems["decided"]), 0)
    owner = np.repeat(np.arange(len(times)), times)
    by_then = _numbers(pc.list_flatten(problems["decided"]), 0) <= moment
    said = np.bincount(owner[by_then], minlength=len(times))
    some = np.flatnonzero(said)
    last = (np.cumsum(times) - times + said)[some] - 1
    status[some] = pc.list_flatten(problems["statuses"]).take(pa.array(last)).to_numpy()
    return status.astype(str)
