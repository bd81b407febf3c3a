"""The commands and routes of what was loaded: contract keys, errors and exit codes."""

from __future__ import annotations

import datetime as dt
from pathlib import Path

import pytest
from fastapi.testclient import TestClient

from api.http import create_app
from graph import Graph
from graph.store.stats import digest
from tests.api.test_law import answer, run
from tests.graph.supervision.test_check import case, event, matters, package

CASES = [case("A", "PR", "2025-03-03"), case("B", "PR", "2025-03-04")]


@pytest.fixture
def first(graph: Graph, tmp_path: Path) -> dict[str, object]:
    """The report of a package of two cases, one event that dangles and one that is refused."""
    events = [
        event("A", "PR01", "2025-03-03"),
        event("C", "PR01", "2025-03-05"),
        event("B", "PR01", "no date"),
    ]
    folder = package(tmp_path / "one", matters=matters(CASES), cases=CASES, events=events)
    seen = answer("load", str(folder), "--dry-run")
    assert [seen[k] for k in ("added", "changed", "vanished", "rejected", "pending")] == [
        6,
        0,
        0,
        1,
        1,
    ]
    assert graph.data_date() is None
    return answer("load", str(folder))


@pytest.fixture
def second(first: dict[str, object], tmp_path: Path) -> dict[str, object]:
    """The report of a package that brings the case of the event that dangled."""
    cases = [case("C", "PR", "2025-03-05"), case("A", "PR", "2025-03-03", cause="盗窃罪")]
    return answer("load", str(package(tmp_path / "two", matters=matters(cases), cases=cases)))


def test_batches_and_undo(first: dict[str, object], graph: Graph, tmp_path: Path) -> None:
    before = digest(graph)
    cases = [case("C", "PR", "2025-03-05"), case("A", "PR", "2025-03-03", cause="盗窃罪")]
    report = answer("load", str(package(tmp_path / "two", matters=matters(cases), cases=cases)))
    assert report["resolved"] == 1
    told = answer("batches")["batches"]
    assert [b["batch"] for b in told] == [first["batch"], report["batch"]]
    wanted = "batch source sha256 profile read loaded rejected unchanged digest at"
    assert set(wanted.split()) <= set(told[0])
    assert told[0]["pending"] == 1
    undone = answer("undo", str(report["batch"]))
    assert undone["removed"] == 2
    assert undone["restored"] == 1
    assert undone["refused"] == 0
    assert digest(graph) == before
    assert answer("undo", str(report["batch"]), code=2)["error"]["code"] == "undo.already"
    assert answer("undo", str(undone["batch"]), code=2)["error"]["code"] == "undo.of_undo"
    assert answer("undo", "B99999", code=2)["error"]["code"] == "batch.unknown"


def test_the_same_over_http(second: dict[str, object], graph: Graph) -> None:
    with TestClient(create_app(graph)) as client:
        told = client.get("/batches").json()["batches"]
        assert told == answer("batches")["batches"]
        values = client.get("/history/A", params={"label": "Case"}).json()["values"]
        assert [v["properties"].get("cause") for v in values] == [None, "盗窃罪"]
        undone = client.post(f"/batches/{second['batch']}/undo")
        assert undone.status_code == 200
        assert undone.json()["removed"] == 2
        refused = client.post(f"/batches/{second['batch']}/undo")
        assert refused.status_code == 409
        assert refused.json()["type"].endswith("undo.already")


def test_rejects_and_history(second: dict[str, object]) -> None:
    found = answer("rejects", "B00001")
    assert (found["rejected"], found["cleared"]) == (1, 0)
    (cause,) = found["causes"]
    assert (cause["table"], cause["code"], cause["field"]) == ("events", "value.moment", "occurred")
    assert Path(cause["file"]).is_file()
    values = answer("history", "A", "--label", "Case")["values"]
    assert [v["batch"] for v in values] == ["B00001", "B00002"]
    assert answer("history", "nobody", code=2)["error"]["code"] == "read.not_found"


def test_the_graph_of_a_day(second: dict[str, object], graph: Graph, tmp_path: Path) -> None:
    day = dt.datetime.now(dt.UTC).date() + dt.timedelta(days=1)
    found = answer("at", day.isoformat(), "--home", str(tmp_path / "then"))
    assert found["verified"]
    assert found["digest"] == second["digest"]
    assert answer("at", "tomorrow", code=2)["error"]["code"] == "read.as_of"
    assert run("--lang", "zh", "batches").exit_code == 0
