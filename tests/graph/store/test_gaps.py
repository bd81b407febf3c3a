"""Known gaps of the local engine: a test that fails here tells that a gap is gone, and that what
was written around it may be made simpler."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import neo4j
import pytest
from neo4j.exceptions import Neo4jError

from graph.settings import settings
from graph.store import engine
from graph.store.connection import Graph

pytestmark = pytest.mark.local_only
GAPS = Path(__file__).parent / "gaps"
Run = Callable[..., list[dict[str, Any]]]


@pytest.fixture
def run(empty_graph: Graph) -> Iterator[Run]:
    """Runs a statement of ``gaps/`` in a session opened for reading."""
    password = (settings().home_dir / "engine" / "password").read_text()
    with (
        neo4j.GraphDatabase.driver(
            empty_graph.engine.url,
            auth=(engine.USER, password),
            notifications_min_severity="OFF",
            telemetry_disabled=True,
        ) as driver,
        driver.session(database=engine.DATABASE, default_access_mode=neo4j.READ_ACCESS) as session,
    ):

        def send(name: str, timeout: float | None = None, **params: Any) -> list[dict[str, Any]]:
            text = (GAPS / f"{name}.txt").read_text(encoding="utf-8")
            return session.run(neo4j.Query(text, timeout=timeout), params).data()  # type: ignore[arg-type]

        yield send


@pytest.mark.parametrize("name", ["shortest_k", "fulltext_index", "version_prefix"])
def test_not_understood(run: Run, name: str) -> None:
    with pytest.raises(Neo4jError):
        run(name)


def test_a_stored_time_comes_back_without_its_offset(run: Run) -> None:
    at = dt.datetime(2024, 1, 1, 8, tzinfo=dt.timezone(dt.timedelta(hours=8)))
    run("store_time", at=at)
    assert run("stored_time")[0]["at"].to_native() == dt.datetime(2024, 1, 1)  # noqa: DTZ001


def test_a_read_session_does_not_refuse_a_write(run: Run) -> None:
    run("store_time", at=None)
    assert run("count") == [{"n": 1}]


def test_the_drivers_time_limit_is_ignored(run: Run) -> None:
    assert run("some_seconds", timeout=0.05)[0]["n"] == 0


def test_it_claims_to_be_neo4j(run: Run) -> None:
    assert "Neo4j" in run("components")[0]["name"]


def test_local_files_stay_closed(run: Run, tmp_path: Path) -> None:
    """No gap any more, because of how the engine is started; it must stay so."""
    secret = tmp_path / "secret.csv"
    secret.write_text("a\n1\n")
    with pytest.raises(Neo4jError):
        run("load_csv", url=secret.as_uri())
