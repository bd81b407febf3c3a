"""Every question of docs/questions.yaml, asked as a command, in Python and over HTTP."""

from __future__ import annotations

import csv
import datetime as dt
import json
import shlex
from collections.abc import Callable
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import pytest
from fastapi.testclient import TestClient
from pydantic import ValidationError
from typer.testing import CliRunner

from api.cli import app
from api.http import create_app
from api.questions import PAGE, Ask, Question, page, read
from graph.store.connection import Graph, Result
from graph.store.temporal import as_json
from graph.supervision.check import check
from graph.supervision.dispose import dispose
from loaders.load import load
from tests.worlds import small_world

ASKED = read()
ANSWERED = [i for i, q in ASKED.questions.items() if q.asks]
CASES = 250
"""A larger world begins like this one: the ids are also those of the demo."""


@dataclass
class Ways:
    """The three ways to ask; a call that several questions share is asked once."""

    names: dict[str, Any]
    client: TestClient
    seen: dict[str, Any] = field(default_factory=dict)

    def _once(self, text: str, ask: Callable[[], Any]) -> Any:
        if text not in self.seen:
            self.seen[text] = ask()
        return self.seen[text]

    def command(self, ask: Ask) -> Any:
        def run() -> Any:
            found = CliRunner().invoke(app, [*shlex.split(ask.command), "--json"])
            assert found.exit_code == 0, found.output
            return json.loads(found.stdout)

        return self._once(ask.command, run)

    def python(self, ask: Ask) -> Any:
        def run() -> Any:
            found = eval(ask.python, self.names)
            if isinstance(found, Result):
                found = {"rows": [row.as_dict() for row in found], "total": len(found)}
            if isinstance(found, list):
                found = {str(ask.rows): found, "total": len(found)}
            return as_json(found)

        return self._once(ask.python, run)

    def http(self, ask: Ask) -> Any:
        method, _, rest = ask.http.partition(" ")
        path, _, body = rest.partition(" ")

        def run() -> Any:
            found = self.client.request(method, path, json=json.loads(body) if body else None)
            assert found.status_code == 200, found.text
            return found.json()

        return self._once(ask.http, run)


def close_corrections(package: Path, days: int = 10) -> None:
    """Close each correction some days after it was issued; a synthetic world closes none."""
    file = package / "corrections.csv"
    rows = list(csv.DictReader(file.open(encoding="utf-8")))
    with file.open("w", encoding="utf-8", newline="") as out:
        writer = csv.DictWriter(out, [*rows[0], "closed"])
        writer.writeheader()
        for row in rows:
            closed = dt.date.fromisoformat(row["issued"]) + dt.timedelta(days=days)
            writer.writerow(row | {"closed": closed.isoformat()})


@pytest.fixture(scope="module")
def ways(module_graph: Graph, tmp_path_factory: pytest.TempPathFactory) -> Any:
    """A small world, loaded and checked, in which a person disposed of one false hit."""
    package, _ = small_world(tmp_path_factory.mktemp("questions"), CASES)
    close_corrections(package)
    load(module_graph, package)
    check(module_graph)
    raised = module_graph.read("check_raised", cases=["demo/C7-2024-000016"])
    (hit,) = (row.problem for row in raised if row.rule == "TL-020")
    dispose(module_graph, hit, "RULE_FALSE", "U01-CM-1", "告知书另行送达", None, None)
    names: dict[str, Any] = {}
    exec(ASKED.start, names)
    with TestClient(create_app(module_graph)) as client:
        yield Ways(names, client)
    names["g"].close()


def within(answer: Any, path: str) -> Any:
    for key in path.split("."):
        answer = answer[key]
    return answer


@pytest.mark.parametrize("id_", ANSWERED)
def test_the_three_ways_give_the_same_answer(ways: Ways, id_: str) -> None:
    for ask in ASKED.questions[id_].asks:
        answers = [ways.command(ask), ways.python(ask), ways.http(ask)]
        figures = [within(answer, ask.figure) for answer in answers]
        assert figures[0] is not None, ask
        assert figures[0] == figures[1] == figures[2], (ask, figures)
        for answer in answers:
            if ask.rows is None:
                assert set(ask.keys) <= set(answer), ask
                continue
            rows = within(answer, ask.rows)
            assert rows, (ask, "no rows")
            assert all(set(ask.keys) <= set(row) for row in rows), (ask, rows[0])
            assert len(rows) == len(within(answers[0], ask.rows)), ask


def test_what_the_answers_say_is_so(ways: Ways) -> None:
    """Figures that are known from the world: the false hit, the closed corrections, the path."""
    said = {i: [ways.command(a) for a in ASKED.questions[i].asks] for i in ANSWERED}
    (decision,) = said["prosecutor-3"][2]["rows"]
    assert (decision["status"], decision["reason"]) == ("RULE_FALSE", "告知书另行送达")
    assert said["prosecutor-3"][1]["hits"]["disposed"] == 1
    assert all(r["relapsed"] == (r["after"]["cases"] > 0) for r in _rows(said, "monitor-4"))
    assert {r["followed"] for r in _rows(said, "reviewer-3")} == {True, False}
    assert {r["verdict"] for r in _rows(said, "head-1")} == {"broken"}
    assert all(r["severity"] >= 3 for r in _rows(said, "chief-2"))
    assert all(r["now"] != r["was"] for r in _rows(said, "auditor-3"))
    assert all(r["due"] <= "2026-01-07" for r in _rows(said, "monitor-1"))


def _rows(said: dict[str, Any], id_: str) -> list[dict[str, Any]]:
    found: list[dict[str, Any]] = within(said[id_][0], str(ASKED.questions[id_].asks[0].rows))
    return found


def test_every_role_asks_five_and_each_is_answered_or_says_what_is_missing() -> None:
    assert len(ASKED.questions) == 35
    for role in ASKED.roles:
        assert list(ASKED.of(role)) == [f"{role}-{n}" for n in range(1, 6)]
    told = page(ASKED)
    for id_, question in ASKED.questions.items():
        assert f"### {id_}\n" in told
        if question.missing is not None:
            assert f"- [{id_}](#{id_})" in told.partition('id="missing"')[2]


def test_a_question_without_answer_and_reason_is_refused() -> None:
    with pytest.raises(ValidationError, match="neither answered nor missing"):
        Question(zh="问", en="asked")
    with pytest.raises(ValidationError, match="belong together"):
        Question.model_validate({"zh": "问", "en": "asked", "read": {"zh": "读", "en": "read"}})


def test_the_page_is_up_to_date() -> None:
    assert PAGE.read_text(encoding="utf-8") == page(ASKED), "run `make generated`"
