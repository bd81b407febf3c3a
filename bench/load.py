"""Speed and memory of a first load, of increments and of their undo, at several sizes.

``python -m bench.load --cases 20000 --cases 200000`` works on local stores of its own, or on the
server that ``ANGUAN_GRAPH_URL`` names, **which it empties**, and writes
``bench/results/load-<engine>-<cases>.json``. With ``--keep FOLDER`` a measurement goes on where it
was cut off; each of its steps stands with the commit and the load of the machine at its end.

``first``: the first load (into the local engine by its bulk path), split into reading with checking
and writing. ``increment``: 1 % of the cases changed, with one new event each, as a package of its
own. ``duckdb``: the same files read into a table each, no graph, nothing checked. Up to ``SMALL``
cases also ``full_tables``: the increment within the full tables, where every row must be compared;
``marks``: a table declared complete that lacks ``MARKS`` rows; ``statements``: the first load by
statements alone, and its statements sent once more by the plain driver, one after the other, with
nothing read, checked or counted. What is loaded into a filled store is undone again.
"""

from __future__ import annotations

import itertools
import os
import resource
import shutil
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from functools import partial
from pathlib import Path
from typing import Any
from unittest.mock import patch

import duckdb
import neo4j

from bench.part_packages import copied, manifest
from bench.questions import Steps, by_size
from graph import connect
from graph.settings import settings
from graph.store.connection import Graph
from graph.store.engine import DATABASE, USER, engine_status, engine_stop, join_or_start
from graph.store.temporal import to_driver
from graph.store.transport import WHOLE_STORE
from loaders.load import Load, load, prepare
from loaders.synthetic import generate
from loaders.undo import undo

SMALL = 20_000
"""Cases up to which every step is done; the statements of a load are then kept in memory."""
MARKS = 20_000
"""Rows that a table lacks which is declared complete."""
Sent = list[tuple[str, dict[str, Any]]]


@contextmanager
def store(home: Path, *, empty: bool, bulk: bool = True) -> Iterator[Graph]:
    """The local store of a home, or the server; ``empty``: with nothing but the rulebook.

    ``bulk`` says whether a load may take the bulk path. A local store is emptied by a new engine,
    since deleting what a load wrote takes longer than the load.
    """
    os.environ["ANGUAN_HOME"] = str(home)
    os.environ["ANGUAN_BULK_ROWS"] = str(int(bulk))
    settings.cache_clear()
    if empty:
        shutil.rmtree(home, ignore_errors=True)
    try:
        with connect() as graph:
            if empty and settings().graph_url:
                emptied(home)
                graph.wipe()
            prepare(graph)
            yield graph
    finally:
        engine_stop(home)


def emptied(home: Path) -> None:
    """Delete the relationships of a server: one node may have more than a transaction holds."""
    url, user, database = login(home)
    with (
        neo4j.GraphDatabase.driver(url, auth=user, telemetry_disabled=True) as driver,
        driver.session(database=database) as session,
    ):
        portions = "MATCH ()-[r]->() CALL (r) { DELETE r } IN TRANSACTIONS OF 50000 ROWS"
        session.run(portions).consume()


def elements(graph: Graph) -> int:
    """Nodes and relationships in the store."""
    counts = ("count_nodes", "count_relationships")
    return sum(r.n for q in counts for r in graph.read(q, timeout=WHOLE_STORE))


def engine_memory(home: Path) -> dict[str, int] | None:
    """Heap bound and peak of the local engine's process in MiB; None where there is a server."""
    status = engine_status(home)
    if settings().graph_url or status["pid"] is None:
        return None
    said = Path(f"/proc/{status['pid']}/status").read_text(encoding="ascii")
    peak = next(line.split()[1] for line in said.splitlines() if line.startswith("VmHWM"))
    return {"heap": status["memory"], "peak_mib": int(peak) // 1024}


def first(world: Path, home: Path) -> dict[str, Any]:
    """A first load into an empty store."""
    reading = 0.0
    check = Load.check

    def timed(work: Load) -> None:
        nonlocal reading
        start = time.perf_counter()
        check(work)
        reading = time.perf_counter() - start

    with store(home, empty=True) as graph:
        before = elements(graph)
        with patch.object(Load, "check", timed):
            start = time.perf_counter()
            report = load(graph, world)
            seconds = time.perf_counter() - start
        written = elements(graph) - before
        return {
            "engine": f"{graph.engine.name} {graph.engine.version}",
            "rows": report.read,
            "elements": written,
            "seconds": round(seconds, 1),
            "reading_and_checking": round(reading, 1),
            "writing": round(seconds - reading, 1),
            "elements_per_second": round(written / seconds),
            "rows_per_second": round(report.read / seconds),
            "python_peak_mib": resource.getrusage(resource.RUSAGE_SELF).ru_maxrss // 1024,
            "engine_memory": engine_memory(home),
        }


def statements(world: Path, home: Path, expected: int) -> dict[str, Any]:
    """The same load by statements, and its statements by the plain driver."""
    sent: Sent = []
    write = Graph.write

    def noted(graph: Graph, name: str, /, **params: Any) -> Any:
        sent.append((graph.catalogue[name].text, params))
        return write(graph, name, **params)

    with store(home, empty=True, bulk=False) as graph:
        before = elements(graph)
        with patch.object(Graph, "write", noted):
            start = time.perf_counter()
            load(graph, world)
            seconds = time.perf_counter() - start
        same(expected, elements(graph) - before)
    ready = [(text, to_driver(params)) for text, params in sent]
    with store(home, empty=True) as graph:
        url, user, database = login(home)
        with neo4j.GraphDatabase.driver(
            url, auth=user, notifications_min_severity="OFF", telemetry_disabled=True
        ) as driver:
            start = time.perf_counter()
            with driver.session(database=database) as session:
                for text, params in ready:
                    session.execute_write(_run, text, params)
            raw = time.perf_counter() - start
        same(expected, elements(graph) - before)
    return {"seconds": round(seconds, 1), "raw_seconds": round(raw, 1)}


def _run(tx: neo4j.ManagedTransaction, text: str, params: dict[str, Any]) -> None:
    tx.run(text, params).consume()


def same(expected: int, found: int) -> None:
    """Every path writes as many elements as the others, or there is nothing to compare."""
    if found != expected:
        raise SystemExit(f"{found} elements written, {expected} expected")


def login(home: Path) -> tuple[str, tuple[str, str], str | None]:
    """Address, user and database of the engine under test."""
    configured = settings()
    if configured.graph_url:
        password = configured.graph_password.get_secret_value()
        return configured.graph_url, (configured.graph_user, password), configured.graph_database
    local = join_or_start(home)
    return local.url, (USER, local.password), DATABASE


def duckdb_rows(world: Path) -> dict[str, Any]:
    """Rows of the package's files, and DuckDB's seconds to read each file into a table."""
    files = sorted(world.glob("*.csv"))
    start = time.perf_counter()
    with duckdb.connect(config={"autoinstall_known_extensions": "false"}) as duck:
        tables = [duck.read_csv(str(file), header=True) for file in files]
        for file, table in zip(files, tables, strict=True):
            table.create(file.stem)
        seconds = time.perf_counter() - start
        rows = sum(duck.table(file.stem).count("*").fetchall()[0][0] for file in files)
    return {"rows": rows, "seconds": round(seconds, 2)}


def increment(world: Path, folder: Path, *, full: bool) -> Path:
    """A package with one in a hundred cases changed and an event more in each.

    ``full``: with all other rows of the two tables too.
    """
    manifest(folder)
    chosen: set[str] = set()
    for table in ("cases", "events"):
        added: set[str] = set()
        for at, (row, write) in enumerate(copied(world, folder, table)):
            if table == "cases" and at % 100 == 0:
                chosen.add(row["case"])
                write(row | {"cause": f"{row['cause']}（更正）"})
                continue
            if full:
                write(row)
            if table == "events" and row["case"] in chosen - added:
                added.add(row["case"])
                write(row | {"event": f"{row['event']}-N" if row["event"] else ""})
    return folder


def shortened(world: Path, folder: Path) -> Path:
    """A package of the events without the first ``MARKS``, declared complete."""
    manifest(folder, "complete: [events]\n")
    for row, write in itertools.islice(copied(world, folder, "events"), MARKS, None):
        write(row)
    return folder


def counted(graph: Graph) -> dict[str, int]:
    """Nodes by label, without those that keep what was."""
    found = graph.read("count_nodes", timeout=WHOLE_STORE)
    return {r.label: r.n for r in found if r.label not in {"Batch", "FormerRow"}}


def change(graph: Graph, make: Callable[[], Path]) -> dict[str, Any]:
    """Seconds of a load into a filled store, and of its undo, which must restore it."""
    package = make()
    before = counted(graph)
    start = time.perf_counter()
    report = load(graph, package)
    middle = time.perf_counter()
    answer = undo(graph, report.batch)
    end = time.perf_counter()
    if counted(graph) != before:
        raise SystemExit(f"{package.name}: the undo left another graph")
    return {
        "read": report.read,
        "loaded": report.loaded,
        "vanished": report.vanished,
        "seconds": round(middle - start, 1),
        "undo_seconds": round(end - middle, 1),
        "undone": answer["removed"] + answer["restored"],
    }


def measure(cases: int, seed: int, folder: Path) -> dict[str, Any]:
    """All steps of one size."""
    step = Steps(folder)
    world, home = folder / "world", folder / "store"
    if not (world / "package.yaml").exists():
        generate(world, cases, seed)
    loaded = step("first", lambda: first(world, home))
    packages = {"increment": partial(increment, world, folder / "increment", full=False)}
    if cases <= SMALL:
        packages["full_tables"] = partial(increment, world, folder / "full_tables", full=True)
        packages["marks"] = partial(shortened, world, folder / "marks")
    if packages.keys() - step.found.keys():
        with store(home, empty=False) as graph:
            for name, package in packages.items():
                step(name, partial(change, graph, package))
    step("duckdb", lambda: duckdb_rows(world))
    if loaded["rows"] != step.found["duckdb"]["rows"]:
        raise SystemExit("DuckDB read another number of rows than the load")
    ratios = {"to_duckdb": loaded["seconds"] / step.found["duckdb"]["seconds"]}
    if cases <= SMALL:
        other = folder / "statements"
        by = step("statements", lambda: statements(world, other, loaded["elements"]))
        ratios["to_statements"] = loaded["seconds"] / by["seconds"]
        ratios["to_raw"] = loaded["seconds"] / by["raw_seconds"]
    ratios["increment"] = step.found["increment"]["seconds"] / loaded["seconds"]
    return {
        "engine": loaded["engine"],
        "cases": cases,
        "seed": seed,
        **step.found,
        "ratios": {name: round(value, 3) for name, value in ratios.items()},
    }


if __name__ == "__main__":
    by_size("load", __doc__, measure)
