"""The bench of the analyses: all sides count the same in a small world; a difference ends it."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest

from bench.analysis import QUESTIONS, SQL, Asked, compared, ratios
from bench.load import duckdb_rows
from bench.package_columns import package_columns


def test_all_sides_count_the_same(world: Any) -> None:
    graph, _, folder = world
    found = compared(Asked(graph, Path(folder)), rounds=1)
    assert set(found) == {q.name for q in QUESTIONS}
    assert {f"{name}.sql" for name in (*found, "tables")} == {p.name for p in SQL.iterdir()}
    for name, row in found.items():
        assert row["rows"] > 0, name
        assert row["duckdb_cold"] > row["duckdb_warm"] > 0
        assert ("cypher_to_warm" in ratios(row | {"cold": 1.0})) == (name != "link_deviations")


def test_columns_of_the_files_give_the_same_rows(world: Any) -> None:
    graph, _, folder = world
    found = compared(Asked(graph, folder, package_columns(folder)), rounds=1, cypher_too=False)
    assert set(found) == {q.name for q in QUESTIONS}
    assert all(set(ratios(row)) == {"warm_to_duckdb"} for row in found.values())


def test_a_difference_ends_the_run(world: Any) -> None:
    graph, _, folder = world
    asked = Asked(graph, Path(folder))
    read = asked.read

    def without_a_case() -> None:
        read()
        asked.duck.execute("DELETE FROM events WHERE case_id = (SELECT min(case_id) FROM cases)")

    asked.read = without_a_case  # type: ignore[method-assign]
    with pytest.raises(SystemExit, match="passages: ours and DuckDB differ"):
        compared(asked, rounds=1)


def test_duckdb_reads_every_row_of_the_files(world: Any) -> None:
    *_, folder = world
    rows = sum(len(f.read_text("utf-8").splitlines()) - 1 for f in Path(folder).glob("*.csv"))
    assert duckdb_rows(Path(folder))["rows"] == rows
