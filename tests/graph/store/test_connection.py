"""Reading and writing through the catalogue, the same on both engines."""

from __future__ import annotations

import datetime as dt
import inspect
import pickle
import threading
import time
from typing import Any

import pytest

from graph import connect
from graph.errors import EngineError, InputError
from graph.settings import settings
from graph.store import connection
from graph.store.connection import Graph


def case(number: int, source: str = "demo", **props: Any) -> dict[str, Any]:
    key = f"{source}/C-{number}"
    return {
        "key": key,
        "props": {
            "key": key,
            "id": f"C-{number}",
            "source": source,
            "_batch": "b1",
            "_row": number,
            "_hash": "h",
            **props,
        },
        "matter": None,
        "unit": None,
        "department": None,
        "handler": None,
    }


def batch(data_to: dt.datetime) -> dict[str, Any]:
    return {
        "key": "demo/b1",
        "props": {"key": "demo/b1", "id": "b1", "source": "demo", "data_to": data_to},
    }


def running(graph: Graph, words: str) -> list[str]:
    return [r["mark"] for r in graph.write("show_transactions") if words in str(r["mark"])]


def test_rows_are_typed_and_named(store: Graph) -> None:
    result = store.read("t_rows", n=3)
    assert [row.i for row in result] == [1, 2, 3]
    first = result.one()
    assert first is not None
    assert (first.half, first["name"], first.even, first.tags, first.data) == (
        0.5,
        "row 1",
        False,
        ["a", "b"],
        {"i": 1},
    )
    assert first.as_dict()["i"] == 1
    assert pickle.loads(pickle.dumps(first)) == first
    assert not result.truncated
    with pytest.raises(AttributeError, match="no column nothing"):
        _ = first.nothing


def test_rows_as_frame_and_arrow(store: Graph) -> None:
    result = store.read("t_rows", n=3)
    frame = result.df()
    assert list(frame.columns) == ["i", "half", "name", "even", "tags", "data"]
    assert str(frame.i.dtype) == "Int64"
    assert frame.half.sum() == 3.0
    table = result.arrow()
    assert [str(f.type) for f in table.schema][:4] == ["int64", "double", "string", "bool"]
    assert table.column("data").to_pylist()[0] == '{"i": 1}'
    assert store.read("find_cases", id="none").arrow().num_rows == 0
    assert store.read("find_cases", id="none").df().empty


def test_row_cap_is_told(store: Graph) -> None:
    assert len(store.read("t_rows", n=10, rows=10)) == 10
    assert not store.read("t_rows", n=10, rows=10).truncated
    cut = store.read("t_rows", n=11, rows=10)
    assert cut.truncated
    assert [row.i for row in cut] == list(range(1, 11))


def test_stream_has_no_row_cap(store: Graph, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("ANGUAN_QUERY_ROWS", "10")
    settings.cache_clear()
    assert len(store.read("t_rows", n=20_000)) == 10
    assert sum(1 for _ in store.stream("t_rows", n=20_000)) == 20_000


def test_time_limit_ends_the_query_on_the_server(store: Graph) -> None:
    started = time.monotonic()
    with pytest.raises(EngineError) as caught:
        store.read("t_slow", n=1_000_000, timeout=1.0)
    assert caught.value.code == "read.timeout"
    assert time.monotonic() - started < 15
    assert_gone(store)


def test_time_limit_ends_a_stream(store: Graph) -> None:
    with pytest.raises(EngineError) as caught:
        list(store.stream("t_slow", n=1_000_000, timeout=1.0))
    assert caught.value.code == "read.timeout"
    assert_gone(store)


def test_time_limit_ends_only_its_own_query(store: Graph) -> None:
    codes: list[str] = []

    def slow() -> None:
        try:
            store.read("t_slow", n=1_000_000, timeout=6.0)
        except EngineError as error:
            codes.append(error.code)

    thread = threading.Thread(target=slow)
    thread.start()
    with pytest.raises(EngineError):
        store.read("t_slow", n=1_000_001, timeout=1.0)
    assert thread.is_alive()
    thread.join(30)
    assert codes == ["read.timeout"]


def assert_gone(graph: Graph) -> None:
    deadline = time.monotonic() + 10
    while running(graph, "anguan-") and time.monotonic() < deadline:
        time.sleep(0.1)
    assert running(graph, "anguan-") == []


def test_read_refuses_what_writes(store: Graph) -> None:
    for name in ("load_cases", "empty_store"):
        with pytest.raises(InputError) as caught:
            store.read(name, rows=1)
        assert caught.value.code == "read.not_read"
    with pytest.raises(InputError) as caught:
        store.write("t_rows", n=1)
    assert caught.value.code == "store.not_write"


@pytest.mark.parametrize(
    ("name", "params", "code"),
    [
        ("t_row", {}, "read.unknown_query"),
        ("t_rows", {}, "read.missing_param"),
        ("t_rows", {"n": "many"}, "read.bad_param"),
        ("t_rows", {"n": 1, "m": 1}, "read.unknown_param"),
        ("t_as_of", {"as_of": "yesterday"}, "read.as_of"),
    ],
)
def test_wrong_input_is_named(store: Graph, name: str, params: dict[str, Any], code: str) -> None:
    with pytest.raises(InputError) as caught:
        store.read(name, **params)
    assert caught.value.code == code
    assert caught.value.remedy("zh")


def test_as_of_defaults_to_the_data_date(store: Graph) -> None:
    with pytest.raises(InputError) as caught:
        store.read("t_as_of")
    assert caught.value.code == "read.empty_store"
    moment = dt.datetime(2025, 12, 31, 9, 30, tzinfo=dt.UTC)
    store.write("load_batches", rows=[batch(moment)])
    assert store.data_date() == moment
    result = store.read("t_as_of")
    assert result.as_of == moment
    assert [row.as_of for row in result] == [moment]
    end = dt.datetime(2025, 6, 30, 15, 59, 59, 999999, tzinfo=dt.UTC)
    assert store.read("t_as_of", as_of="2025-06-30").as_of == end
    assert store.read("t_as_of", as_of=dt.date(2025, 6, 30)).rows[0].as_of == end
    assert store.as_of("2025-06-30T17:00:00+08:00").hour == 9


def test_resolve(store: Graph) -> None:
    store.write("load_cases", rows=[case(1), case(2), case(1, "other")])
    assert store.resolve("Case", "C-2") == "demo/C-2"
    assert store.resolve("Case", "demo/C-1") == "demo/C-1"
    assert store.resolve("Case", "C-1", source="other") == "other/C-1"
    with pytest.raises(InputError) as caught:
        store.resolve("Case", "C-1")
    assert caught.value.code == "read.ambiguous"
    assert "demo/C-1, other/C-1" in caught.value.remedy()
    with pytest.raises(InputError) as caught:
        store.resolve("Case", "C-9")
    assert caught.value.code == "read.not_found"
    assert "C-1" in caught.value.remedy()
    with pytest.raises(InputError) as caught:
        store.resolve("Case", "demo/C-1", source="other")
    assert caught.value.code == "read.not_found"
    with pytest.raises(InputError) as caught:
        store.resolve("Kase", "C-1")
    assert caught.value.code == "read.unknown_label"


def test_a_wipe_in_portions_leaves_nothing(store: Graph, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(connection, "_AT_ONCE", 3)
    for number in (6, 7):
        store.write("load_cases", rows=[case(i) for i in range(number)])
        assert [row.n for row in store.read("count_nodes")] == [number]
        store.wipe()
        assert len(store.read("count_nodes")) == 0


def test_writers_that_race_for_one_key_all_succeed(store: Graph) -> None:
    store.write("constraint_cases")
    errors: list[BaseException] = []
    barrier = threading.Barrier(8)

    def load() -> None:
        try:
            for start in range(5):
                barrier.wait(30)
                store.write("load_cases", rows=[case(start * 20 + i) for i in range(20)])
        except BaseException as error:
            errors.append(error)

    threads = [threading.Thread(target=load) for _ in range(8)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(120)
    assert errors == []
    assert [tuple(r) for r in store.read("count_nodes")] == [("Case", 100)]


def test_queries_complete_themselves(store: Graph) -> None:
    assert "t_rows" in dir(store.queries)
    assert "load_cases" not in dir(store.queries)
    function = store.queries.t_rows
    assert list(inspect.signature(function).parameters) == ["n"]
    assert "Some rows" in (function.__doc__ or "")
    assert len(function(n=4)) == 4
    with pytest.raises(AttributeError, match="t_rows"):
        _ = store.queries.t_rowz


def test_times_come_back_as_they_were(store: Graph) -> None:
    east = dt.timezone(dt.timedelta(hours=8))
    at = dt.datetime(2024, 3, 1, 7, 30, 0, 123456, tzinfo=east)
    store.write("load_cases", rows=[case(1, accepted=at, accepted_on=at.date())])
    row = store.read("t_times", key="demo/C-1", at=at, day=at.date()).one()
    assert row is not None
    assert row.at == at
    assert row.at.utcoffset() == dt.timedelta(0)
    assert row.stored == at
    assert row.stored.tzinfo == dt.UTC
    assert (row.day, row.stored_on) == (dt.date(2024, 3, 1), dt.date(2024, 3, 1))
    assert (row.same, row.before) == (True, False)


@pytest.mark.parametrize(
    ("url", "code"),
    [("bolt://127.0.0.1:1", "store.unreachable"), ("http://127.0.0.1:1", "store.url")],
)
def test_a_server_that_is_not_there_is_named(url: str, code: str) -> None:
    with pytest.raises(EngineError) as caught:
        connect(url, auth=("neo4j", "x"))
    assert caught.value.code == code
    assert url in caught.value.detail("zh")
    assert caught.value.exit_code == 3


def test_a_wrong_password_is_named(engine_graph: Graph) -> None:
    with pytest.raises(EngineError) as caught:
        connect(engine_graph.engine.url, auth=("neo4j", "wrong"))
    assert caught.value.code == "store.auth"
