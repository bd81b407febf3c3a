"""The query library over an analyst's own py2neo session, on both engines."""

from __future__ import annotations

import datetime as dt
import time
from collections.abc import Iterator

import py2neo
import pytest

from graph import from_py2neo
from graph.errors import EngineError
from graph.settings import settings
from graph.store import engine
from graph.store.connection import Graph
from tests.graph.store.test_connection import case


@pytest.fixture
def analyst(store: Graph) -> Iterator[Graph]:
    """The same store, over py2neo."""
    configured = settings()
    if store.engine.name == "neo4j":
        auth = (configured.graph_user, configured.graph_password.get_secret_value())
        session = py2neo.Graph(store.engine.url, auth=auth)
    else:
        password = (configured.home_dir / "engine" / "password").read_text()
        session = py2neo.Graph(store.engine.url, auth=(engine.USER, password), name=engine.DATABASE)
    with from_py2neo(session) as graph:
        yield graph


def test_answers_are_the_same(store: Graph, analyst: Graph) -> None:
    assert analyst.engine == store.engine
    at = dt.datetime(2024, 3, 1, 7, 30, tzinfo=dt.timezone(dt.timedelta(hours=8)))
    analyst.write("load_cases", rows=[case(1, accepted=at, accepted_on=at.date())])
    given = {"key": "demo/C-1", "at": at, "day": at.date()}
    assert analyst.read("t_times", **given).rows == store.read("t_times", **given).rows
    assert analyst.read("t_times", **given).rows[0].same
    assert analyst.read("t_rows", n=5).rows == store.read("t_rows", n=5).rows
    assert list(analyst.stream("t_rows", n=5)) == list(store.stream("t_rows", n=5))
    assert analyst.resolve("Case", "C-1") == "demo/C-1"


def test_row_cap_and_time_limit_hold(analyst: Graph) -> None:
    assert analyst.read("t_rows", n=20, rows=3).truncated
    started = time.monotonic()
    with pytest.raises(EngineError) as caught:
        analyst.read("t_slow", n=1_000_000, timeout=1.0)
    assert caught.value.code == "read.timeout"
    assert time.monotonic() - started < 15
