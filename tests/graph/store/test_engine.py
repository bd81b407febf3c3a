"""The local engine's life: shared, private, recovered, ended."""

from __future__ import annotations

import json
import os
import signal
import socket
import stat
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path

import pytest

from graph import connect
from graph.errors import EngineError
from graph.settings import settings
from graph.store.connection import Graph
from graph.store.engine import engine_status, engine_stop
from tests.graph.store.test_connection import case

pytestmark = pytest.mark.local_only

ANOTHER = "from graph import connect\nwith connect() as g: print(g.engine.url)"


@contextmanager
def at_home(folder: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Path]:
    monkeypatch.setenv("ANGUAN_HOME", str(folder))
    monkeypatch.setenv("ANGUAN_ENGINE_MEMORY", "256m")
    settings.cache_clear()
    yield folder
    monkeypatch.undo()
    settings.cache_clear()


@pytest.fixture
def home(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Path]:
    with at_home(tmp_path, monkeypatch):
        yield tmp_path
        engine_stop(tmp_path)


@pytest.fixture(scope="module")
def shared_folder(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Path]:
    folder = tmp_path_factory.mktemp("shared")
    yield folder
    engine_stop(folder)


@pytest.fixture
def shared(shared_folder: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Path]:
    """A home whose engine runs on, or not, from test to test."""
    with at_home(shared_folder, monkeypatch):
        yield shared_folder


def loaded(graph: Graph) -> int:
    return sum(row.n for row in graph.read("count_nodes"))


def test_two_processes_share_it_and_stop_ends_it(home: Path) -> None:
    assert engine_status(home)["running"] is False
    assert not (home / "engine").exists()
    with connect() as graph:
        other = subprocess.run(
            [sys.executable, "-c", ANOTHER], capture_output=True, text=True, check=True
        )
        assert other.stdout.strip() == graph.engine.url
        status = engine_status(home)
        assert (status["running"], status["users"], status["memory"]) == (True, 1, "256m")
        assert status["resident_mib"] < 1024
    stopped = engine_stop(home)
    assert (stopped["running"], stopped["pid"]) == (False, None)
    log = (home / "engine" / "engine.log").read_text()
    assert "ArcadeDB Server is down" in log


def test_it_is_private_and_offers_bolt_and_the_bulk_path_alone(shared: Path) -> None:
    with connect() as graph:
        engine = shared / "engine"
        assert stat.S_IMODE(engine.stat().st_mode) == 0o700
        for name in ("password", "state.json"):
            assert stat.S_IMODE((engine / name).stat().st_mode) == 0o600
        pid = engine_status(shared)["pid"]
        links = []
        for link in Path(f"/proc/{pid}/fd").iterdir():
            # A descriptor may close while the others are read; a listener stays.
            with suppress(FileNotFoundError):
                links.append(str(link.readlink()))
        inodes = {
            link.removeprefix("socket:[").removesuffix("]")
            for link in links
            if link.startswith("socket:")
        }
        listening = [
            fields[1]
            for table in ("tcp", "tcp6")
            for fields in map(str.split, Path(f"/proc/net/{table}").read_text().splitlines()[1:])
            if fields[3] == "0A" and fields[9] in inodes
        ]
        bolt = int(graph.engine.url.rpartition(":")[2])
        bulk = json.loads((engine / "state.json").read_text(encoding="utf-8"))["bulk"]
        assert {int(address.rpartition(":")[2], 16) for address in listening} == {bolt, bulk}
        assert all(a.partition(":")[0].endswith("0100007F") for a in listening)


def test_after_kill_nine_nothing_acknowledged_is_lost(shared: Path) -> None:
    with connect() as graph:
        graph.wipe()
        graph.write("constraint_cases")
        graph.write("load_cases", rows=[case(i) for i in range(500)])
        former = engine_status(shared)["pid"]
        os.kill(former, signal.SIGKILL)
        # The open graph finds a new engine by itself.
        assert loaded(graph) == 500
        assert engine_status(shared)["pid"] not in {None, former}


def test_one_that_does_not_answer_is_replaced(shared: Path) -> None:
    with connect() as graph:
        before = loaded(graph)
    deaf = engine_status(shared)["pid"]
    os.kill(deaf, signal.SIGSTOP)
    with connect() as graph:
        assert loaded(graph) == before
        assert engine_status(shared)["pid"] != deaf
    with pytest.raises(ProcessLookupError):
        os.kill(deaf, 0)


def test_it_ends_by_itself_after_its_last_user(home: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("ANGUAN_ENGINE_LINGER", "1")
    settings.cache_clear()
    with connect():
        time.sleep(3)
        assert engine_status(home)["running"]
    deadline = time.monotonic() + 20
    while engine_status(home)["running"] and time.monotonic() < deadline:
        time.sleep(0.2)
    assert not engine_status(home)["running"]


def test_a_home_that_cannot_be_made_is_named(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    (tmp_path / "file").write_text("")
    monkeypatch.setenv("ANGUAN_HOME", str(tmp_path / "file"))
    settings.cache_clear()
    with pytest.raises(EngineError) as caught:
        connect()
    assert caught.value.code == "engine.home"
    monkeypatch.undo()
    settings.cache_clear()


def test_a_start_that_fails_names_the_log(home: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("ANGUAN_ENGINE_MEMORY", "nonsense")
    settings.cache_clear()
    with pytest.raises(EngineError) as caught:
        connect()
    assert caught.value.code == "engine.start"
    assert "engine.log" in caught.value.remedy()


def test_a_port_that_is_taken_by_a_stranger_is_not_joined(home: Path) -> None:
    engine = home / "engine"
    engine.mkdir(mode=0o700)
    with socket.create_server(("127.0.0.1", 0)) as stranger:
        port = stranger.getsockname()[1]
        (engine / "state.json").write_text(f'{{"pid": {os.getpid()}, "port": {port}}}')
        with connect() as graph:
            assert not graph.engine.url.endswith(f":{port}")
