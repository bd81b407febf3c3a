"""The bulk path: the same graph as by statements, and an empty store where it was cut off."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
import time
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from graph.errors import EngineError
from graph.settings import settings
from graph.store.bulk import MARKER, BulkChannel, Relationships, numbers, packed_rows
from graph.store.catalogue import catalogue
from graph.store.connection import Graph, connect
from graph.store.engine import engine_status, join_or_start
from graph.store.stats import digest, stats
from loaders import bulk
from loaders.load import Load, load, prepare
from loaders.register import batches
from loaders.replay import rows_digest
from loaders.synthetic import generate
from tests.loaders.test_load import package

pytestmark = pytest.mark.local_only


@pytest.fixture
def store(graph: Graph, monkeypatch: pytest.MonkeyPatch) -> Iterator[Graph]:
    """The session's store, where every first load goes by the bulk path."""
    monkeypatch.setenv("ANGUAN_BULK_ROWS", "1")
    settings.cache_clear()
    former = graph.catalogue
    graph.catalogue = catalogue(Path(__file__).parent / "queries")
    yield graph
    graph.catalogue = former


def content(graph: Graph) -> tuple[dict[Any, Any], list[Any]]:
    """Every node and relationship, with the type of each value."""
    nodes = {
        (row.label, row.props["key"]): typed(row.props)
        for row in graph.stream("all_nodes")
        if row.label not in {"Batch", "Store"}
    }
    relationships = sorted(
        (*tuple(row)[:5], *sorted(typed(row.props).items()))
        for row in graph.stream("t_relationships")
    )
    return nodes, relationships


def typed(props: dict[str, Any]) -> dict[str, tuple[str, str]]:
    return {name: (type(value).__name__, repr(value)) for name, value in props.items()}


def used(monkeypatch: pytest.MonkeyPatch) -> list[str]:
    """The statements that went by the bulk path from now on."""
    found: list[str] = []
    write = bulk.Bulk.write

    def noted(self: bulk.Bulk, query: str, rows: list[Any], packed: bytes | None) -> bool:
        done = write(self, query, rows, packed)
        if done:
            found.append(query)
        return done

    monkeypatch.setattr(bulk.Bulk, "write", noted)
    return found


def emptied(graph: Graph, monkeypatch: pytest.MonkeyPatch, *, bulk: str) -> None:
    """Empty the store, and choose the path of its first load."""
    monkeypatch.setenv("ANGUAN_BULK_ROWS", bulk)
    settings.cache_clear()
    graph.wipe(keep_rulebook=True)


def test_both_paths_write_the_same_graph(
    store: Graph, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    world = tmp_path / "world"
    generate(world, 60, 7)
    by_bulk = used(monkeypatch)
    seen = []
    for name, on in (("bulk", "1"), ("statements", "0"), ("forgetful", "1")):
        emptied(store, monkeypatch, bulk=on)
        by_bulk.clear()
        if name == "forgetful":
            # Nearly every end is then asked for.
            monkeypatch.setattr(bulk, "REMEMBERED", 50)
            monkeypatch.setattr(bulk, "_ASKED", 20)
            monkeypatch.setattr(bulk, "_AT_ONCE", 100)
        report = load(store, world)
        assert report.digest == rows_digest(store)
        seen.append((content(store), stats(store), report.digest))
        assert [row.n for row in store.read("count_relationships") if row.type == "NEXT"]
        assert ("create_events" in by_bulk) == (on == "1")
    assert seen[0] == seen[1]
    assert seen[2] == seen[1]


def test_values_of_every_kind_and_what_is_pending(
    store: Graph, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    made = package(
        tmp_path / "p",
        cases=(
            "case,type,accepted,attr_n,attr_x,attr_yes,attr_day\n"
            "案1,PR,2024-03-05 10:20,7,1.5,是,2024-03-05\n"
            "𠮷2,PR,2024年3月6日,,,,\n"
        ),
        events=(
            "event,case,node,occurred\n"
            "E2,案1,PR01,2024-03-05 10:20:30\nE1,案1,PR02,2024-03-05\nE0,案1,PR22,2024-03-05\n"
            "E3,无,PR01,2024-03-05\nE4,案1,PR03,2024-03-05T02:20:30+00:00\n"
        ),
        parties="party,case,minor\nQ1,案1,true\nQ2,无,\n",
    )
    seen = []
    for on in ("1", "0"):
        emptied(store, monkeypatch, bulk=on)
        report = load(store, made)
        events = store.queries.case_events(case="案1", as_of="2024-03-06")
        assert [row.event for row in events] == ["E0", "E1", "E2", "E4"]
        seen.append((content(store), stats(store), report.loaded, report.pending, events.rows))
    assert seen[0] == seen[1]
    assert (seen[0][2], seen[0][3]) == (9, 2)


def test_only_an_empty_store_is_filled_by_it(
    store: Graph, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    by_bulk = used(monkeypatch)
    first = package(tmp_path / "a", cases="case,type,accepted\nC1,PR,2024-03-05\n")
    second = package(tmp_path / "b", cases="case,type,accepted\nC2,PR,2024-03-05\n")
    load(store, first)
    assert by_bulk == ["create_cases"]
    load(store, second)
    assert by_bulk == ["create_cases"]


CUT = """
import os, signal, sys
from graph import connect
from loaders import bulk
from loaders.load import load
create = bulk.Bulk._create
def cut(self, node_type, rows, packed):
    create(self, node_type, rows, packed)
    if node_type.label == "Party":
        print("half", flush=True)
        signal.pause()
bulk.Bulk._create = cut
with connect() as graph:
    load(graph, sys.argv[1])
"""


@pytest.mark.parametrize("victim", ["client", pytest.param("engine", marks=pytest.mark.long)])
def test_what_was_cut_off_is_thrown_away(own_home: Path, tmp_path: Path, victim: str) -> None:
    world = tmp_path / "world"
    generate(world, 20, 7)
    process = subprocess.Popen(
        [sys.executable, "-c", CUT, str(world)], stdout=subprocess.PIPE, text=True
    )
    assert process.stdout is not None
    assert process.stdout.readline() == "half\n"
    assert (own_home / "engine" / MARKER).exists()
    pid = engine_status(own_home)["pid"]
    if victim == "engine":
        os.kill(pid, signal.SIGKILL)
    process.kill()
    process.wait()
    with connect() as graph:
        # At once: the engine may not have noticed yet.
        report = load(graph, world)
        assert not (own_home / "engine" / MARKER).exists()
        assert report.batch == "B00001"
        assert [b["state"] for b in batches(graph)["batches"]] == ["DONE"]
        found = digest(graph)
        graph.wipe(keep_rulebook=True)
        load(graph, world)
        assert digest(graph) == found


@pytest.mark.long
def test_an_error_in_the_middle_ends_in_an_empty_store(
    own_home: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    world = package(tmp_path / "a", cases="case,type,accepted\nC1,PR,2024-03-05\n")

    def full(*_: Any) -> None:
        raise OSError(28, "No space left on device")

    with connect() as graph:
        with monkeypatch.context() as patch:
            patch.setattr(Load, "link", full)
            with pytest.raises(OSError, match="space"):
                load(graph, world)
        deadline = time.monotonic() + 60
        while engine_status(own_home)["running"] and time.monotonic() < deadline:
            time.sleep(0.1)
        assert graph.read("count_nodes").rows == ()
        load(graph, world)
        assert stats(graph)["nodes"]["Case"] == 1


def test_only_who_knows_the_password_may_fill(own_home: Path) -> None:
    engine = join_or_start(own_home)
    try:
        with pytest.raises(EngineError) as refused:
            BulkChannel(engine.bulk or 0, "wrong")
        assert refused.value.code in {"store.auth", "store.unreachable"}
        with connect() as graph:
            prepare(graph)
            channel = graph.bulk()
            assert channel is not None
            channel.begin()
            places = channel.create(
                "Case", packed_rows([{"key": "a/1", "n": 1}, {"key": "a/2", "n": None}])
            )
            assert channel.find("Case", ["a/2", "a/3"]).tolist() == [places[1], -1]
            row = numbers(b"\1" + 7 * b"\0")
            channel.relate([Relationships("FOLLOWS", places[1:], places[:1], "B", row)])
            with pytest.raises(EngineError) as twice:
                channel.create("Case", packed_rows([{"key": "a/1"}]))
            assert twice.value.code == "store.refused"
            channel.close()
    finally:
        engine.lease.release()
