"""The commands and routes of the law: contract keys, errors and exit codes."""

from __future__ import annotations

import json
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from fastapi.testclient import TestClient
from typer.testing import CliRunner, Result

from api.cli import app
from api.http import create_app
from graph import Graph
from loaders.load import load
from tests.graph.supervision.test_check import case, event, matters, package

RESULTS = {"MET", "LATE", "RUNNING", "UNKNOWN"}


def run(*words: str) -> Result:
    return CliRunner().invoke(app, list(words))


def answer(*words: str, code: int = 0) -> dict[str, Any]:
    result = run(*words, "--json")
    assert result.exit_code == code, result.output
    assert result.stdout.count("\n") == 1
    found: dict[str, Any] = json.loads(result.stdout)
    return found


@pytest.fixture
def office(graph: Graph, tmp_path: Path) -> Graph:
    """One prosecution review that was decided late."""
    cases = [case("L", "PR", "2025-03-03")]
    events = [event("L", n, "2025-03-05") for n in ("PR01", "PR03", "PR08", "PR09")]
    events.append(event("L", "PR22", "2025-04-09"))
    load(graph, package(tmp_path / "p", matters=matters(cases), cases=cases, events=events))
    return graph


@pytest.fixture
def client(office: Graph) -> Iterator[TestClient]:
    with TestClient(create_app(office)) as found:
        yield found


def test_rules_lint(graph: Graph) -> None:
    found = answer("rules", "lint")
    assert found["entries"] == len(found["rules"])
    assert found["executable"] == sum(r["executable"] for r in found["rules"])
    assert found["faults"] == []
    assert {"code", "status", "executable"} <= set(found["rules"][0])
    assert run("--lang", "zh", "rules", "lint").exit_code == 0


def test_rules_show_needs_no_data(graph: Graph) -> None:
    found = answer("rules", "show", "TL-060")
    assert found["hits"] is None
    assert found["status"] == "confirmed"
    assert "第172条" in found["versions"][0]["basis"]
    for code in ("Q03", "I10", "P08", "PR22"):
        assert answer("rules", "show", code)["code"] == code
    assert run("rules", "show", "TL-060").exit_code == 0
    wrong = answer("rules", "show", "TL-0600", code=2)
    assert "TL-060" in wrong["error"]["remedy"]


def test_rules_affected_by(graph: Graph) -> None:
    found = answer("rules", "affected-by", "CPL", "172")
    assert {"TL-060", "TL-061", "TL-062", "TL-063", "TL-067"} <= {r["code"] for r in found["rules"]}
    by_title = answer("rules", "affected-by", "刑事诉讼法", "172")
    assert by_title["rules"] == found["rules"]
    assert answer("rules", "affected-by", "CPL")["total"] > found["total"]
    assert "CPL-2018" in answer("rules", "affected-by", "XYZ", code=2)["error"]["remedy"]


def test_check_keeps_its_contract(office: Graph, tmp_path: Path) -> None:
    found = answer("check")
    assert set(found["clocks"]) == RESULTS
    assert {"opened", "closed", "unchanged", "by_kind"} <= set(found["problems"])
    assert set(found["problems"]["by_kind"]) == {"PROCEDURAL", "SUBSTANTIVE", "DATA"}
    assert set(found["external"]) >= RESULTS
    keys = {"as_of", "overdue", "provisional", "not_supplied", "seconds"}
    assert keys <= set(found)
    assert found["problems"]["opened"] == 1
    assert answer("check", "--report")["written"] is False
    assert "P01" in {p["type"] for p in answer("problems")["problems"]}
    table = tmp_path / "check.csv"
    assert run("check", "--out", str(table)).exit_code == 0
    assert "TL-060" in table.read_text(encoding="utf-8-sig")
    assert answer("check", "--scope", "nobody", code=2)["error"]["code"] == "check.scope"
    assert answer("check", "--as-of", "yesterday", code=2)["error"]["code"] == "read.as_of"
    for lang in ("zh", "en"):
        assert run("--lang", lang, "check").exit_code == 0


def test_clock_explain_keeps_its_contract(office: Graph) -> None:
    found = answer("clock", "explain", "L", "--rule", "TL-060")
    (clock,) = found["clocks"]
    keys = {"rule", "party", "kind", "status", "overdue", "provisional", "start", "due"}
    assert keys | {"days", "ended", "steps"} <= set(clock)
    assert (clock["status"], clock["due"], clock["days"]) == ("LATE", "2025-04-07", -2)
    assert all({"text", "date", "basis"} <= set(s) for s in clock["steps"])
    zh, en = (run("--lang", n, "clock", "explain", "L").stdout for n in ("zh", "en"))
    assert "届满：2025-04-07" in zh
    assert "due: 2025-04-07" in en
    assert answer("clock", "explain", "nobody", code=2)["error"]["code"] == "read.not_found"
    unknown = answer("clock", "explain", "L", "--rule", "TL-999", code=2)
    assert unknown["error"]["code"] == "rules.unknown"


def test_dispose(office: Graph) -> None:
    answer("check")
    problem = answer("problems")["problems"][0]["problem"]
    words = ("--by", "U01-CM-1", "--reason", "已核实")
    found = answer("dispose", problem, "--as", "CONFIRMED", *words)
    assert (found["was"], found["status"]) == ("HIT", "CONFIRMED")
    assert answer("problems", "--status", "CONFIRMED")["total"] == 1
    assert answer("rules", "show", "TL-060")["hits"]["confirmed"] == 1
    assert answer("dispose", problem, "--as", "PERHAPS", *words, code=2)["error"]["code"] == (
        "dispose.status"
    )
    assert run("dispose", problem, "--as", "CONFIRMED").exit_code == 2


def test_coverage(office: Graph) -> None:
    answer("check")
    found = answer("coverage")
    rows = {r["node"]: r for r in found["nodes"]}
    assert len(rows) == found["total"] == 146
    assert rows["PR22"]["hits"] == 1
    assert "TL-060" in rows["PR22"]["limits"]
    assert "TL-02C" in rows["PR08"]["gates"]
    assert "Q05" in rows["PR11"]["data_rules"]
    assert "I10" in rows["PR11"]["indicators"]
    assert "PR23" in found["unwatched"]
    placed = {r["rule"]: (set(r["nodes"]), r["status"]) for r in found["data_rules"]}
    assert len(placed) == 44
    assert placed["Q41"] == ({"PR01"}, "confirmed")
    assert placed["Q42"] == (
        {"AR01", "PR01", "CP01", "AR08", "PR22", "CP06", "PR06", "PR10"},
        "unconfirmed",
    )
    nowhere = {p["name"] for p in found["pointing_nowhere"] if p["what"] == "data rule"}
    assert nowhere == {"Q03", "Q04", "Q40"} == {r for r, (nodes, _) in placed.items() if not nodes}
    cut = answer("coverage", "--limit", "2")
    assert (cut["shown"], cut["truncated"]) == (2, True)
    assert run("coverage").exit_code == 0


def test_routes(client: TestClient) -> None:
    checked = client.post("/check").json()
    assert checked["problems"]["opened"] == 1
    clocks = client.get("/cases/L/clocks", params={"rule": "TL-060"}).json()["clocks"]
    assert [c["status"] for c in clocks] == ["LATE"]
    zh = client.get("/cases/L/clocks", headers={"accept-language": "zh"}).json()["clocks"]
    assert zh[0]["steps"][0]["text"].startswith("始")
    problem = client.get("/problems").json()["problems"][0]["problem"]
    decision = {"status": "NOT_A_PROBLEM", "by": "m", "reason": "r"}
    path = f"/problems/{problem}/dispositions"
    assert client.post(path, json=decision).json()["was"] == "HIT"
    assert client.get("/problems").json()["total"] == 0
    assert client.post(path, json=decision | {"status": "X"}).status_code == 422
    assert client.post("/problems/none/dispositions", json=decision).status_code == 404
    assert client.get("/rules").json()["faults"] == []
    assert client.get("/rules/TL-060").json()["hits"]["disposed"] == 1
    assert client.get("/rules/nothing").status_code == 404
    assert client.get("/laws/CPL/rules", params={"article": 172}).json()["total"] > 0
    assert client.get("/laws/none/rules").status_code == 404
    assert client.get("/coverage").json()["total"] == 146
    assert client.post("/check", params={"scope": "x"}).status_code == 422
