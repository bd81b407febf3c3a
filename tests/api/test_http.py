"""The HTTP API on the world that the session loaded."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from fastapi.testclient import TestClient

from api.http import create_app
from api.shapes import ANSWERS
from graph.store.connection import Graph
from graph.store.stats import stats
from loaders.load import load


@pytest.fixture(scope="module")
def client(world: Any) -> Iterator[TestClient]:
    with TestClient(create_app(world[0])) as found:
        yield found


def test_lists(client: TestClient) -> None:
    for name in ("cases", "leads", "problems", "patterns", "queries"):
        body = client.get(f"/{name}").json()
        assert {"as_of", "total", "shown", "truncated", name} <= set(body)
        assert body["shown"] == len(body[name])


def test_linked_issues_give_a_reason_for_every_edge(client: TestClient, world: Any) -> None:
    case = client.get("/problems", params={"limit": 1}).json()["problems"][0]["case"]
    body = client.get(f"/cases/{case}/linked-issues").json()
    ids = {n["id"] for n in body["nodes"]}
    assert body["table"]
    assert body["timeline"]
    for edge in body["edges"]:
        assert {edge["from"], edge["to"]} <= ids
        assert edge["reason"]["zh"]
        assert edge["reason"]["en"]


def test_trace_and_nodes(client: TestClient, world: Any) -> None:
    lead, truth = next(iter(world[1]["leads"].items()))
    assert client.get(f"/leads/{lead}/trace").json()["verdict"] == truth["verdict"]
    assert client.get("/indicators/I10/nodes").json()["indicator"] == "I10"


def test_a_query_of_the_catalogue_runs_and_a_write_does_not(client: TestClient) -> None:
    case = client.get("/cases", params={"limit": 1}).json()["cases"][0]["case"]
    body = client.post("/queries/find_cases", json={"id": case}).json()
    assert body["rows"] == [{"key": f"demo/{case}"}]
    refused = client.post("/queries/delete_cases", json={"keys": [f"demo/{case}"]})
    assert refused.status_code == 403
    assert client.get(f"/cases/{case}").status_code == 200


@pytest.mark.parametrize(
    ("path", "status"),
    [
        ("/cases/NOPE/linked-issues", 404),
        ("/leads/NOPE/trace", 404),
        ("/nowhere", 404),
        ("/cases?limit=-1", 422),
        ("/cases?as_of=never", 422),
    ],
)
def test_errors_have_one_shape(client: TestClient, path: str, status: int) -> None:
    found = client.get(path, headers={"accept-language": "zh-CN"})
    assert found.status_code == status
    assert found.headers["content-type"] == "application/problem+json"
    body = found.json()
    assert set(body) == {"type", "title", "status", "detail", "remedy", "instance"}
    assert body["status"] == status
    assert body["remedy"]


def test_docs_ask_nothing_of_the_network(client: TestClient) -> None:
    page = client.get("/docs").text
    assert "https://" not in page
    schema = client.get("/openapi.json").json()
    assert all(op.get("summary") for ops in schema["paths"].values() for op in ops.values())


def test_answers_have_the_shape_that_openapi_promises(client: TestClient, world: Any) -> None:
    case = client.get("/problems", params={"limit": 1}).json()["problems"][0]["case"]
    lead = next(iter(world[1]["leads"]))
    posted = {
        "/queries/{name}": ("/queries/find_cases", {"id": case}),
        "/check": (f"/check?write=false&scope=case:{case}", None),
    }
    for path, shape in ANSWERS.items():
        if path == "/problems/{id}/dispositions":
            continue  # it writes: see test_law_routes.py
        if path == "/batches/{batch}/undo":
            continue  # it writes: see tests/loaders/test_register.py
        if path in posted:
            body = client.post(posted[path][0], json=posted[path][1])
        else:
            ids = {"id": lead if path.startswith("/leads") else case, "code": "I10", "law": "CPL"}
            ids["batch"] = "B00001"
            query = {"indicator": "I10"} if path == "/link" else None
            body = client.get(path.format(**ids), params=query)
        assert body.status_code == 200, body.text
        shape.model_validate(body.json(), by_name=False)


def test_the_paths_before_an_outcome_come_when_asked_for(client: TestClient) -> None:
    body = client.get("/indicators/I10/nodes", params={"paths": True, "ids": 1}).json()
    answer = ANSWERS["/indicators/{code}/nodes"].model_validate(body, by_name=False)
    assert body["paths"]["total"] == len(body["paths"]["paths"]) > 0
    assert answer.model_dump()["paths"]["tests"] == body["paths"]["tests"] > 0
    assert body["paths"]["paths"][0]["case_ids"]["cases"]["shown"] <= 1
    assert "paths" not in client.get("/link", params={"indicator": "I10"}).json()


def test_openapi_names_every_answer_and_error(client: TestClient) -> None:
    schema = client.get("/openapi.json").json()
    assert set(schema["paths"]) == set(ANSWERS)
    defined = schema["components"]["schemas"]
    for operations in schema["paths"].values():
        for operation in operations.values():
            for status, response in operation["responses"].items():
                kind = "application/json" if status == "200" else "application/problem+json"
                name = response["content"][kind]["schema"]["$ref"].rpartition("/")[2]
                assert name in defined
                assert (name == "Problem") == (status != "200")


def test_the_bounds_of_a_read_are_not_the_clients(client: TestClient) -> None:
    found = client.post("/queries/find_cases", json={"id": "x", "timeout": 9999})
    assert found.status_code == 422
    assert "timeout" in found.json()["detail"]


def test_an_id_of_another_source_is_not_found(client: TestClient, world: Any) -> None:
    lead = next(iter(world[1]["leads"]))
    assert client.get(f"/leads/{lead}/trace", params={"source": "demo"}).status_code == 200
    assert client.get(f"/leads/{lead}/trace", params={"source": "other"}).status_code == 404


def test_deadlines_and_outcomes_of_a_log(graph: Graph, tmp_path: Path) -> None:
    profile = tmp_path / "shop.yaml"
    profile.write_text(
        "source: shop\ncolumns: {case: id, activity: act, time: when}\n"
        "outcomes: {slow: {missed: soon}}\n"
        "deadlines:\n"
        "  soon: {start: {activity: a}, end: {activity: b}, length: {days: 3}}\n",
        encoding="utf-8",
    )
    log = tmp_path / "log.csv"
    log.write_text(
        "id,act,when\n1,a,2024-03-01\n1,b,2024-03-09\n2,a,2024-03-01\n2,b,2024-03-02\n",
        encoding="utf-8",
    )
    load(graph, log, profile=profile)
    with TestClient(create_app(graph)) as client:
        found = client.get("/deadlines", params={"result": "late"}).json()
        assert found["rules"]["soon"] | {"late": 1, "met": 1} == found["rules"]["soon"]
        assert [c["case"] for c in found["clocks"]] == ["1"]
        assert (found["total"], found["shown"], found["written"]) == (1, 1, 0)
        assert stats(graph)["nodes"].get("Problem", 0) == 0, "a GET writes nothing"
        linked = client.get("/link", params={"outcome": "slow", "source": "shop"}).json()
        assert linked["outcome"] == "slow"
        assert linked["cases"] == 1
        wrong = client.get("/deadlines", params={"rule": "none"})
        assert wrong.json()["title"] == "deadlines.unknown_rule"
        assert client.get("/link").json()["title"] == "analysis.indicator_or_outcome"
