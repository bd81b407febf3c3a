"""One engine for a whole session (a worker of `make test` is one): local, or a real Neo4j.

``world``        a small synthetic procuratorate, loaded once; read it, never write;
``graph``        a graph that holds at most the published rulebook, for tests that write;
                 ``connect()`` and the command line reach it while the test runs;
``empty_graph``  the same without a node;
``own_home``     a folder for a local engine of its own, for tests that end it.
"""

from __future__ import annotations

import os
import shutil
import tempfile
from collections.abc import Iterator
from contextlib import ExitStack
from pathlib import Path
from typing import Any

import pytest

from graph.settings import settings
from graph.store.connection import Graph, connect
from graph.store.engine import engine_stop
from tests.engine.server import USER, UnavailableError, neo4j_server

WRITES = {"empty_graph", "graph", "module_graph"}


def pytest_addoption(parser: pytest.Parser) -> None:
    parser.addoption("--neo4j", action="store_true", help="run the graph tests on a real Neo4j")


def on_neo4j(config: pytest.Config) -> bool:
    return bool(config.getoption("--neo4j")) or os.environ.get("ANGUAN_TEST_ENGINE") == "neo4j"


def pytest_configure(config: pytest.Config) -> None:
    """Every test, and every command that a test starts, works in a home of this session."""
    base = Path(tempfile.mkdtemp(prefix="anguan-tests-"))
    stack = ExitStack()
    stack.callback(shutil.rmtree, base, ignore_errors=True)
    config.stash[BASE] = base
    config.stash[STACK] = stack
    os.environ["ANGUAN_HOME"] = str(base / "home")
    os.environ["ANGUAN_ENGINE_MEMORY"] = "1g"
    os.environ["ANGUAN_ENGINE_LINGER"] = "30"
    # An engine of a test lives too briefly to repay optimised code; read by every JVM.
    os.environ.setdefault("JAVA_TOOL_OPTIONS", "-XX:TieredStopAtLevel=1 -XX:+UseSerialGC")
    # On a machine that does much else the engine takes its time.
    os.environ["ANGUAN_ENGINE_START_TIMEOUT"] = "300"
    if not on_neo4j(config):
        os.environ.pop("ANGUAN_GRAPH_URL", None)
        for home in (base / "home", base / "scratch"):
            stack.callback(engine_stop, home)
    settings.cache_clear()


BASE = pytest.StashKey[Path]()
STACK = pytest.StashKey[ExitStack]()


def pytest_unconfigure(config: pytest.Config) -> None:
    if STACK in config.stash:
        config.stash[STACK].close()


def pytest_collection_modifyitems(config: pytest.Config, items: list[pytest.Item]) -> None:
    """On Neo4j: what is about the local engine or about no engine at all is deselected, and tests
    that empty the graph run after those that read the world, because Community has one database."""
    if not on_neo4j(config):
        return
    here: list[tuple[bool, pytest.Item]] = []
    elsewhere: list[pytest.Item] = []
    for item in items:
        fixtures = set(getattr(item, "fixturenames", ()))
        if "engine_graph" in fixtures and not item.get_closest_marker("local_only"):
            here.append((bool(WRITES & fixtures), item))
        else:
            elsewhere.append(item)
    if elsewhere:
        config.hook.pytest_deselected(items=elsewhere)
    items[:] = [item for _, item in sorted(here, key=lambda pair: pair[0])]


@pytest.fixture(scope="session")
def engine_graph(pytestconfig: pytest.Config) -> Iterator[Graph]:
    """The session's graph."""
    stack = pytestconfig.stash[STACK]
    if on_neo4j(pytestconfig) and not settings().graph_url:
        try:
            server = stack.enter_context(neo4j_server(pytestconfig.stash[BASE] / "neo4j"))
        except UnavailableError as error:
            pytest.exit(str(error), returncode=3)
        os.environ["ANGUAN_GRAPH_URL"] = server.url
        os.environ["ANGUAN_GRAPH_USER"] = USER
        os.environ["ANGUAN_GRAPH_PASSWORD"] = server.password
        settings.cache_clear()
    with connect() as graph:
        wanted = "neo4j" if on_neo4j(pytestconfig) else "arcadedb"
        if graph.engine.name != wanted:
            pytest.exit(f"this run is for {wanted}, but {graph} answers", returncode=3)
        yield graph


@pytest.fixture(scope="session")
def world(engine_graph: Graph, tmp_path_factory: pytest.TempPathFactory) -> Any:
    """(graph, truth, package folder) of a small world, loaded once for the session."""
    from loaders.load import load
    from tests.worlds import small_world

    package, truth = small_world(tmp_path_factory.mktemp("world"))
    engine_graph.wipe()
    load(engine_graph, package)
    return engine_graph, truth, package


@pytest.fixture(scope="session")
def _scratch(pytestconfig: pytest.Config, engine_graph: Graph) -> Iterator[tuple[Graph, Path]]:
    home = pytestconfig.stash[BASE] / "scratch"
    if on_neo4j(pytestconfig):
        yield engine_graph, home
        return
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("ANGUAN_HOME", str(home))
        settings.cache_clear()
        graph = connect()
    settings.cache_clear()
    with graph:
        yield graph, home


@pytest.fixture
def empty_graph(graph: Graph) -> Graph:
    """A graph without a node; ``connect()`` reaches it too."""
    graph.wipe()
    return graph


@pytest.fixture
def graph(_scratch: tuple[Graph, Path], monkeypatch: pytest.MonkeyPatch) -> Iterator[Graph]:
    """A graph that holds at most the published rulebook; ``connect()`` reaches it too."""
    graph, home = _scratch
    monkeypatch.setenv("ANGUAN_HOME", str(home))
    settings.cache_clear()
    graph.wipe(keep_rulebook=True)
    (home / "secret.ids").unlink(missing_ok=True)
    yield graph
    monkeypatch.undo()
    settings.cache_clear()


@pytest.fixture(scope="module")
def module_graph(_scratch: tuple[Graph, Path]) -> Iterator[Graph]:
    """A graph emptied once for the module, which may fill it once and read it in every test."""
    scratch, home = _scratch
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("ANGUAN_HOME", str(home))
        settings.cache_clear()
        scratch.wipe(keep_rulebook=True)
        (home / "secret.ids").unlink(missing_ok=True)
        yield scratch
    settings.cache_clear()


@pytest.fixture
def own_home(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Path]:
    """The home of a small local engine of its own; every first load goes by the bulk path."""
    home = tmp_path / "home"
    monkeypatch.setenv("ANGUAN_HOME", str(home))
    monkeypatch.setenv("ANGUAN_ENGINE_MEMORY", "512m")
    monkeypatch.setenv("ANGUAN_BULK_ROWS", "1")
    settings.cache_clear()
    yield home
    engine_stop(home)
    monkeypatch.undo()
    settings.cache_clear()
