"""Commands and routes of indicators, alerts, scopes and networks on the world of the session."""

from __future__ import annotations

import json
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from fastapi.testclient import TestClient
from typer.testing import CliRunner

from api.cli import app
from api.http import create_app
from graph.settings import settings

ROW = {"indicator", "unit", "period", "numerator", "denominator", "unknown", "low", "high"}


def run(*words: str, code: int = 0) -> Any:
    found = CliRunner().invoke(app, [*words, "--json"])
    assert found.exit_code == code, found.output
    return json.loads(found.stdout)


@pytest.fixture(scope="module")
def client(world: Any) -> Iterator[TestClient]:
    with TestClient(create_app(world[0])) as found:
        yield found


def test_values_keep_their_contract(world: Any, tmp_path: Path) -> None:
    page, table = tmp_path / "i10.html", tmp_path / "i10.csv"
    answer = run(
        "indicators",
        "I10",
        "--unit",
        "U01",
        "--cases",
        "2",
        "--plot",
        str(page),
        "--out",
        str(table),
    )
    assert answer["total"] == answer["shown"] == len(answer["indicators"])
    for row in answer["indicators"]:
        assert {*ROW, "status", "verdict", "change", "cases"} <= set(row)
        assert row["unit"] == "U01"
        assert row["cases"]["denominator"]["shown"] <= 2
    text = page.read_text("utf-8")
    assert "<svg" in text
    assert "U02" not in text
    assert "一次退回补充侦查率" in text
    assert table.read_text("utf-8-sig").startswith("indicator,")


def test_alerts_and_backtest_keep_their_contract(world: Any) -> None:
    answer = run("alerts", "--period", "2024..2025", "--why-not", "U01")
    assert answer["standard"]["standard"] == "EXAMPLE"
    assert answer["alerts"]
    for alert in answer["alerts"]:
        assert {"id", "style", "indicator", "unit", "period", "why"} <= set(alert)
        assert alert["why"]["zh"]
        assert alert["why"]["en"]
    assert len({a["id"] for a in answer["alerts"]}) == len(answer["alerts"])
    assert {r["style"] for r in answer["why_not"]["rules"]} >= {"E", "B"}
    tested = run("backtest", "I10", "--sigma", "95", "--hours-per-month", "40")
    assert tested["parts"][0]["hours"]["capacity"] == 40


def test_terminal_answers(world: Any, tmp_path: Path) -> None:
    page = tmp_path / "moves.html"
    for words in (
        ("indicators", "I10", "--cases", "1"),
        ("alerts", "--period", "2024..2025", "--why-not", "U01"),
        ("backtest", "I10"),
        ("scope", "propose", "--style", "E", "--limit", "3"),
        ("network", "handovers", "--what", "leads", "--plot", str(page)),
        ("network", "nodes"),
        ("affected", "PR11", "--limit", "5"),
    ):
        found = CliRunner().invoke(app, ["--lang", "zh", *words])
        assert found.exit_code == 0, found.output
        assert "截至" in found.stdout
    assert page.read_text("utf-8").count("<svg") == 3


def test_wrong_input_is_named(world: Any) -> None:
    for words, code in (
        (("indicators", "--plot", "x.html"), "api.plot_one"),
        (("indicators", "I99"), "analysis.unknown_indicator"),
        (("backtest", "I10", "--band", "x"), "backtest.bad_band"),
        (("alerts", "--style", "Q"), "analysis.bad_choice"),
        (("affected", "PR00"), "rules.unknown"),
    ):
        assert run(*words, code=2)["error"]["code"] == code


def test_adopting_needs_a_person_and_a_basis(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("ANGUAN_RULES", str(tmp_path))
    settings.cache_clear()
    words = ("scope", "adopt", "I10", "--style", "B", "--owner", "案管部门", "--basis", "会议纪要")
    try:
        made = run(*words, "--expires", "2098-12-31")
        assert Path(made["file"]).exists()
        assert [s["scope"] for s in run("scope", "list")["scopes"]] == ["I10-B"]
        assert run(*words, "--expires", "2098-12-31", code=2)["error"]["code"] == "scope.exists"
    finally:
        monkeypatch.undo()
        settings.cache_clear()


def test_routes(client: TestClient) -> None:
    for path, key in (
        ("/indicators?code=I10&unit=U01", "indicators"),
        ("/indicators/I10/funnel?unit=U01", "points"),
        ("/indicators/I10/backtest?sigma=95", "parts"),
        ("/alerts?period=2024..2025", "alerts"),
        ("/scopes", "scopes"),
        ("/scopes/candidates?style=E&limit=2", "candidates"),
        ("/networks/hand-overs?what=leads", "flows"),
        ("/networks/nodes", "nodes"),
        ("/affected/PR11", "affected"),
    ):
        found = client.get(path)
        assert found.status_code == 200, found.text
        assert key in found.json()
    named = {p["unit"] for p in client.get("/indicators/I10/funnel?unit=U01").json()["points"]}
    assert named <= {None, "U01"}
    assert client.get("/indicators/I48/funnel").status_code == 422
    assert client.get("/affected/PR00").status_code == 404
