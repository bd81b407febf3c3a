"""What a person meets when something outside is wrong: a clear error, the right exit code."""

from __future__ import annotations

import json
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from typer.testing import CliRunner

from api.cli import app
from graph.settings import settings
from graph.store.connection import Graph

NEEDS_THE_GRAPH = (
    ("load", "world"),
    ("stats",),
    ("batches",),
    ("undo", "B00001"),
    ("rejects", "B00001"),
    ("history", "C7-2024-000039"),
    ("at", "2026-01-01"),
    ("deadlines",),
    ("link", "I10"),
    ("trace", "L7-2024-000147"),
    ("patterns",),
    ("cases",),
    ("case", "C7-2024-000109"),
    ("leads",),
    ("problems",),
    ("query", "find_cases", "--param", "id=C7-2024-000109"),
    ("indicators", "I10"),
    ("backtest", "I10"),
    ("alerts",),
    ("affected", "PR11"),
)
WRITES_A_TABLE = (
    ("cases",),
    ("leads",),
    ("problems",),
    ("patterns",),
    ("link", "I10"),
    ("stats",),
    ("batches",),
)


def error(code: int, *words: str) -> dict[str, Any]:
    result = CliRunner().invoke(app, [*words, "--json"])
    assert result.exit_code == code, result.output
    found: dict[str, Any] = json.loads(result.stdout)["error"]
    assert found["detail"]
    assert found["remedy"]
    return found


@pytest.fixture
def nobody_listens(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Path]:
    monkeypatch.setenv("ANGUAN_GRAPH_URL", "bolt://127.0.0.1:9")
    settings.cache_clear()
    (tmp_path / "world").mkdir()
    (tmp_path / "world" / "package.yaml").write_text("source: office\n", encoding="utf-8")
    (tmp_path / "world" / "cases.csv").write_text("case,type\nC1,PR\n", encoding="utf-8")
    monkeypatch.chdir(tmp_path)
    yield tmp_path
    monkeypatch.undo()
    settings.cache_clear()


@pytest.mark.parametrize("words", NEEDS_THE_GRAPH, ids=lambda w: w[0])
def test_every_command_names_a_server_that_is_not_there(
    nobody_listens: Path, words: tuple[str, ...]
) -> None:
    assert "127.0.0.1:9" in error(3, *words)["detail"]


@pytest.mark.filterwarnings("ignore::pytest.PytestUnraisableExceptionWarning")
@pytest.mark.parametrize("words", WRITES_A_TABLE, ids=lambda w: w[0])
@pytest.mark.parametrize("suffix", [".csv", ".xlsx", ".parquet"])
def test_a_full_disk_is_named_with_the_file(
    world: Any, tmp_path: Path, words: tuple[str, ...], suffix: str
) -> None:
    full = tmp_path / f"full{suffix}"
    full.symlink_to("/dev/full")
    found = error(2, *words, "--out", str(full))
    assert str(full) in found["detail"]


def test_a_full_disk_under_the_page_of_a_trace(world: Any, tmp_path: Path) -> None:
    full = tmp_path / "full.html"
    full.symlink_to("/dev/full")
    lead = next(iter(world[1]["leads"]))
    assert str(full) in error(2, "trace", lead, "--html", str(full))["detail"]


@pytest.mark.parametrize(
    ("name", "text", "said"),
    [
        ("cases.csv", b"case,typ\nC1,PR\n", "typ"),
        ("cases.csv", b"type\nPR\n", "case"),
        ("cases.csv", b"", "cases.csv"),
        ("cases.xlsx", b"not a workbook", "cases.xlsx"),
        ("cases.parquet", b"not parquet", "cases.parquet"),
        ("case.csv", b"case\nC1\n", "cases"),
    ],
)
def test_a_wrong_table_is_named_with_what_is_wrong(
    graph: Graph, tmp_path: Path, name: str, text: bytes, said: str
) -> None:
    (tmp_path / "package.yaml").write_text("source: office\nsynthetic: true\n", encoding="utf-8")
    (tmp_path / name).write_bytes(text)
    assert said in error(2, "load", str(tmp_path))["detail"]


@pytest.mark.parametrize(
    "words",
    [
        ("load", "nowhere"),
        ("load", "nowhere.csv", "--profile", "wabo"),
        ("load", ".", "--profile", "no-such-profile"),
        ("profile", "check", "wabo", "nowhere.csv"),
        ("profile", "check", "nowhere.yaml", "nowhere.csv"),
    ],
    ids=" ".join,
)
def test_a_file_that_is_not_there_is_named(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, graph: Graph, words: tuple[str, ...]
) -> None:
    monkeypatch.chdir(tmp_path)
    assert any(word in error(2, *words)["detail"] for word in words[1:])


def test_a_log_of_undecodable_bytes_is_refused_by_row(tmp_path: Path) -> None:
    (tmp_path / "p.yaml").write_text(
        "source: x\ncolumns: {case: c, activity: a, time: t}\n", encoding="utf-8"
    )
    (tmp_path / "log.csv").write_bytes(
        "c,a,t\nA1,受理,2024-03-01\n".encode() + b"A2,\xff\xfe\xff,2024-03-02\n"
    )
    result = CliRunner().invoke(
        app, ["profile", "check", str(tmp_path / "p.yaml"), str(tmp_path / "log.csv"), "--json"]
    )
    assert result.exit_code == 1
    assert [f["row"] for f in json.loads(result.stdout)["faults"]] == [3]
