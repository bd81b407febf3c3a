"""Speed of a first load beside the engine's raw path and DuckDB, of increments, and of their undo.

A first load into the local engine goes by its bulk path; beside it stands the same load by
statements (``ANGUAN_BULK_ROWS=0``). The raw path is the plain driver: rows that were made ready
beforehand, sent one chunk after the other with these statements, nothing read, checked or counted.
DuckDB reads the same files into a
table each: rows per second, no graph, nothing checked. ``python -m bench.load --cases
5000`` works on a local store of its own, or on the server that ``ANGUAN_GRAPH_URL`` names, **which
it empties**. Writes ``bench/results/load-<engine>.json`` with the commit it was measured at.

A daily increment is 1 % of the cases, changed, with one new event each: once as a package of its
own, once within the full tables, where every row must be compared. Each is undone again.
"""

from __future__ import annotations

import argparse
import csv
import json
import os
import resource
import statistics
import tempfile
import time
from collections import Counter
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import duckdb
import neo4j

from bench.questions import RESULTS, commit
from graph import connect
from graph.settings import settings
from graph.store.connection import Graph
from graph.store.engine import USER, engine_status, engine_stop
from graph.store.temporal import to_driver
from loaders.bulk import Bulk
from loaders.load import Load, load, prepare
from loaders.synthetic import generate
from loaders.undo import undo

Sent = list[tuple[str, dict[str, Any]]]


class Clock:
    """Records what a load sends, and how long each part of it takes."""

    def __init__(self) -> None:
        self.sent: Sent = []
        self.spent = {"reading and checking": 0.0, "engine and driver": 0.0}
        self._write, self._bulk, self._check = Graph.write, Bulk.write, Load.check

    def __enter__(self) -> Clock:
        def write(graph: Graph, name: str, /, **params: Any) -> Any:
            start = time.perf_counter()
            try:
                return self._write(graph, name, **params)
            finally:
                self.spent["engine and driver"] += time.perf_counter() - start
                self.sent.append((graph.catalogue[name].text, params))

        def bulk(filled: Bulk, query: str, rows: list[Any]) -> bool:
            start = time.perf_counter()
            try:
                return self._bulk(filled, query, rows)
            finally:
                self.spent["engine and driver"] += time.perf_counter() - start

        def check(work: Load) -> None:
            start = time.perf_counter()
            self._check(work)
            self.spent["reading and checking"] += time.perf_counter() - start

        setattr(Graph, "write", write)  # noqa: B010
        setattr(Bulk, "write", bulk)  # noqa: B010
        setattr(Load, "check", check)  # noqa: B010
        return self

    def __exit__(self, *_: object) -> None:
        setattr(Graph, "write", self._write)  # noqa: B010
        setattr(Bulk, "write", self._bulk)  # noqa: B010
        setattr(Load, "check", self._check)  # noqa: B010


@contextmanager
def empty_store(folder: Path, *, bulk: bool = True) -> Iterator[Graph]:
    """A store with nothing but the rulebook: a new local engine, or the server, emptied.

    Deleting what a load wrote takes longer than the load, hence the new engine. It is as cold for
    one path as for the other. ``bulk`` says whether a load may take the bulk path.
    """
    home = Path(tempfile.mkdtemp(dir=folder))
    os.environ["ANGUAN_HOME"] = str(home)
    os.environ["ANGUAN_BULK_ROWS"] = str(int(bulk))
    settings.cache_clear()
    try:
        with connect() as graph:
            if settings().graph_url:
                graph.wipe()
            prepare(graph)
            yield graph
    finally:
        engine_stop(home)


def raw(driver: neo4j.Driver, database: str | None, sent: Sent) -> float:
    """Seconds to send what was made ready, with the plain driver."""
    start = time.perf_counter()
    with driver.session(database=database) as session:
        for text, params in sent:
            session.execute_write(_run, text, params)
    return time.perf_counter() - start


def _run(tx: neo4j.ManagedTransaction, text: str, params: dict[str, Any]) -> None:
    tx.run(text, params).consume()


def duckdb_rows(world: Path) -> tuple[int, float]:
    """Rows of the package's files, and DuckDB's seconds to read each file into a table."""
    files = sorted(world.glob("*.csv"))
    start = time.perf_counter()
    with duckdb.connect(config={"autoinstall_known_extensions": "false"}) as duck:
        tables = [duck.read_csv(str(file), header=True) for file in files]
        for file, table in zip(files, tables, strict=True):
            table.create(file.stem)
        seconds = time.perf_counter() - start
        counted = [duck.table(file.stem).count("*").fetchall()[0][0] for file in files]
    return sum(counted), seconds


def login(home: Path) -> tuple[str, tuple[str, str], str | None]:
    """Address, user and database of the engine under test."""
    configured = settings()
    if configured.graph_url:
        password = configured.graph_password.get_secret_value()
        return configured.graph_url, (configured.graph_user, password), configured.graph_database
    from graph.store.engine import DATABASE, join_or_start

    local = join_or_start(home)
    return local.url, (USER, local.password), DATABASE


def elements(graph: Graph) -> int:
    """Nodes and relationships in the store."""
    return sum(r.n for q in ("count_nodes", "count_relationships") for r in graph.read(q))


def measure(cases: int, seed: int, rounds: int, folder: Path) -> dict[str, Any]:
    """All paths in turn, ``rounds`` times; medians, and what our time goes to."""
    world = folder / "world"
    generate(world, cases, seed)
    ours: list[float] = []
    stated: list[float] = []
    plain: list[float] = []
    spent: Counter[str] = Counter()
    for _ in range(rounds):
        with empty_store(folder) as graph:
            before = elements(graph)
            start = time.perf_counter()
            with Clock() as clock:
                report = load(graph, world)
            ours.append(time.perf_counter() - start)
            written = elements(graph) - before
            local = settings().graph_url is None
            memory = engine_status(settings().home_dir).get("memory") if local else None
            engine = f"{graph.engine.name} {graph.engine.version}"
        for name, seconds in clock.spent.items():
            spent[name] += round(seconds * 1000)
        if local:
            with empty_store(folder, bulk=False) as graph:
                start = time.perf_counter()
                with Clock() as clock:
                    load(graph, world)
                stated.append(time.perf_counter() - start)
                if elements(graph) - before != written:
                    raise SystemExit("the load by statements wrote other elements")
        else:
            stated.append(ours[-1])
        sent = [(text, to_driver(params)) for text, params in clock.sent]
        with empty_store(folder) as graph:
            url, user, database = login(settings().home_dir)
            with neo4j.GraphDatabase.driver(
                url, auth=user, notifications_min_severity="OFF", telemetry_disabled=True
            ) as driver:
                plain.append(raw(driver, database, sent))
            if elements(graph) - before != written:
                raise SystemExit("the raw path wrote other elements")
    mine, theirs = statistics.median(ours), statistics.median(plain)
    read, _ = duckdb_rows(world)
    duck = statistics.median(duckdb_rows(world)[1] for _ in range(rounds))
    if read != report.read:
        raise SystemExit(f"DuckDB read {read} rows, the load {report.read}")
    return {
        "engine": engine,
        "commit": commit(),
        "cases": cases,
        "rows": report.read,
        "elements": written,
        "rounds": rounds,
        "seconds": {
            name: [round(s, 2) for s in times]
            for name, times in (("ours", ours), ("by_statements", stated), ("raw", plain))
        },
        "elements_per_second": {
            "ours": round(written / mine),
            "by_statements": round(written / statistics.median(stated)),
            "raw": round(written / theirs),
        },
        "ratio": round(theirs / mine, 3),
        "rows_per_second": {"ours": round(report.read / mine), "duckdb": round(read / duck)},
        "of_our_time": {n: round(s / 1000 / sum(ours), 3) for n, s in spent.items()},
        "python_peak_mib": resource.getrusage(resource.RUSAGE_SELF).ru_maxrss // 1024,
        "engine_memory": memory,
    }


def increment(world: Path, folder: Path, *, full: bool) -> Path:
    """A package with one in a hundred cases changed and an event more in each.

    ``full``: with all other rows of the two tables too.
    """
    folder.mkdir()
    # Not the manifest of the world: it declares its tables complete.
    (folder / "package.yaml").write_text("source: demo\nsynthetic: true\n", encoding="utf-8")
    chosen: set[str] = set()
    for table in ("cases", "events"):
        with (
            (world / f"{table}.csv").open(encoding="utf-8-sig", newline="") as source,
            (folder / f"{table}.csv").open("w", encoding="utf-8", newline="") as target,
        ):
            rows = csv.DictReader(source)
            writer = csv.DictWriter(target, list(rows.fieldnames or ()))
            writer.writeheader()
            added: set[str] = set()
            for at, row in enumerate(rows):
                if table == "cases" and at % 100 == 0:
                    chosen.add(row["case"])
                    writer.writerow(row | {"cause": f"{row['cause']}（更正）"})
                    continue
                if full:
                    writer.writerow(row)
                if table == "events" and row["case"] in chosen - added:
                    added.add(row["case"])
                    writer.writerow(row | {"event": f"{row['event']}-N" if row["event"] else ""})
    return folder


def changes(cases: int, seed: int, folder: Path) -> dict[str, Any]:
    """Seconds of an increment, alone and within the full tables, and of their undo."""
    world = folder / "grown"
    generate(world, cases, seed)
    found: dict[str, Any] = {}
    with empty_store(folder) as graph:
        start = time.perf_counter()
        load(graph, world)
        found["first_load"] = round(time.perf_counter() - start, 2)
        for name, full in (("increment", False), ("full_tables", True)):
            package = increment(world, folder / name, full=full)
            start = time.perf_counter()
            report = load(graph, package)
            middle = time.perf_counter()
            answer = undo(graph, report.batch)
            found[name] = {
                "read": report.read,
                "loaded": report.loaded,
                "seconds": round(middle - start, 2),
                "undo_seconds": round(time.perf_counter() - middle, 2),
                "undone": answer["removed"] + answer["restored"],
            }
    return found


def main() -> None:
    """Measure and write the figures."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--cases", type=int, default=5_000)
    parser.add_argument("--seed", type=int, default=7)
    parser.add_argument("--rounds", type=int, default=3)
    arguments = parser.parse_args()
    RESULTS.mkdir(exist_ok=True)
    with tempfile.TemporaryDirectory() as folder:
        figures = measure(arguments.cases, arguments.seed, arguments.rounds, Path(folder))
        figures["changes"] = changes(arguments.cases, arguments.seed, Path(folder))
    target = RESULTS / f"load-{figures['engine'].split()[0]}.json"
    target.write_text(json.dumps(figures, indent=2) + "\n", encoding="utf-8")
    print(json.dumps(figures))


if __name__ == "__main__":
    main()
