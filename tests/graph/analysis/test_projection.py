"""The columns: what the graph gives is what the files say, and a batch is read alone."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest

from bench.package_columns import package_columns
from graph.analysis import projection
from graph.analysis.links import link
from graph.analysis.patterns import patterns
from graph.analysis.projection import SCHEMAS, Columns, columns, strata_of
from graph.analysis.scope import COUNTED
from graph.errors import InputError
from graph.settings import settings
from graph.supervision.dispose import dispose
from tests.graph.analysis.packages import Built

ROWS = {
    name: [c for c in schema.names if c not in {"timed", "closed"}]
    for name, schema in SCHEMAS.items()
}


def told(columns: Columns, table: str) -> list[str]:
    """The rows of a table in no order."""
    rows = getattr(columns, table).select(ROWS[table]).to_pylist()
    return sorted(repr(row) for row in rows)


@pytest.mark.parametrize("table", SCHEMAS)
def test_the_graph_gives_what_the_package_says(world: Any, table: str) -> None:
    graph, _, folder = world
    found, expected = columns(graph, "demo"), package_columns(folder)
    assert told(found, table) == told(expected, table)
    assert len(told(found, table)) > 100
    ours = {k: n for k, n in found.nodes.items() if k.startswith("rulebook/")}
    assert ours == dict(expected.nodes)


def test_a_cut_knows_nothing_that_came_later(world: Any) -> None:
    graph, _, folder = world
    moment = graph.as_of("2025-03-31")
    cut = columns(graph, "demo").cut(moment, COUNTED)
    assert cut.event_at.max() <= projection.micros(moment)
    assert cut.problem_known.max() <= projection.micros(moment)
    later = {r["case"] for r in package_columns(folder).cases.to_pylist() if r["known"] > moment}
    assert later
    assert later.isdisjoint(cut.cases)


def recorded(graph: Any, monkeypatch: pytest.MonkeyPatch) -> list[tuple[str, int]]:
    """The queries of the columns from now on, and of how many cases each asked."""
    asked: list[tuple[str, int]] = []
    stream = graph.stream

    def noted(name: str, /, **params: Any) -> Any:
        if name.startswith("columns_"):
            asked.append((name, len(params.get("cases") or ())))
        return stream(name, **params)

    monkeypatch.setattr(graph, "stream", noted)
    return asked


def office(folder: Path, changed: bool) -> Built:
    """Ten cases; later one of them is decided and an eleventh is there."""
    built = Built("office")
    for n in range(11 if changed else 10):
        case = built.case("PR", parties=1 + n % 3, accepted=f"2024-01-{n + 2:02d}")
        built.event(case, "PR01", day=f"2024-01-{n + 2:02d}")
        built.row(
            "problems", problem=f"P{n}", type="D07", case=case, node="PR01", found="2024-03-01"
        )
    if changed:
        built.event("PR000003", "PR22", "PROSECUTE", day="2024-05-01")
    folder.mkdir()
    return built


def test_only_what_a_batch_touched_is_read_again(
    graph: Any, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    office(tmp_path / "a", False).load(graph, tmp_path / "a")
    first = columns(graph, "office")
    assert first.events.num_rows == 10
    asked = recorded(graph, monkeypatch)
    assert columns(graph, "office") is first
    assert asked == []
    office(tmp_path / "b", True).load(graph, tmp_path / "b")
    second = columns(graph, "office")
    assert ("columns_events", 2) in asked
    assert {n for name, n in asked if name == "columns_problems"} == {2}
    assert (second.cases.num_rows, second.events.num_rows) == (11, 12)
    for file in (settings().home_dir / "columns").rglob("meta.json"):
        file.unlink()
    whole = columns(graph, "office")
    assert whole is not second
    for table in SCHEMAS:
        assert told(whole, table) == told(second, table)


def test_a_disposition_is_seen_at_once(graph: Any, tmp_path: Path) -> None:
    office(tmp_path / "a", False).load(graph, tmp_path / "a")
    later = graph.as_of("2024-03-05")
    assert len(columns(graph, "office").cut(later, COUNTED).problem_case) == 10
    dispose(graph, "P3", "NOT_A_PROBLEM", by="monitor", reason="seen", at="2024-03-02")
    found = columns(graph, "office")
    assert len(found.cut(later, COUNTED).problem_case) == 9
    assert len(found.cut(graph.as_of("2024-03-01"), COUNTED).problem_case) == 10
    assert len(found.cut(later, ("NOT_A_PROBLEM",)).problem_case) == 1


@pytest.mark.parametrize(
    "rows",
    [
        [("corrections", {"correction": "K1", "problems": "P3;P5", "closed": "2024-04-01"})],
        [("leads", {"lead": "L1", "route": "R1", "problem": "P3"})],
        [
            ("leads", {"lead": "L1", "route": "R1"}),
            ("reviews", {"review": "V1", "case": "PR000003", "lead": "L1"}),
        ],
    ],
    ids=["corrections", "leads", "reviews"],
)
def test_what_follows_a_problem_in_a_batch_of_its_own_is_seen(
    graph: Any, tmp_path: Path, rows: list[tuple[str, dict[str, str]]]
) -> None:
    before = office(tmp_path / "a", False)
    before.rows["problems"][3]["raised_by_review"] = "V1"
    before.load(graph, tmp_path / "a")
    first = columns(graph, "office")
    later = Built("office")
    for table, cells in rows:
        later.row(table, **cells)
    (tmp_path / "b").mkdir()
    later.load(graph, tmp_path / "b")
    second = columns(graph, "office")
    for file in (settings().home_dir / "columns").rglob("meta.json"):
        file.unlink()
    assert told(columns(graph, "office"), "problems") == told(second, "problems")
    assert told(first, "problems") != told(second, "problems")


def test_another_store_in_the_same_home_is_read_anew(graph: Any, tmp_path: Path) -> None:
    office(tmp_path / "a", False).load(graph, tmp_path / "a")
    assert columns(graph, "office").cases.num_rows == 10
    graph.wipe(keep_rulebook=True)
    office(tmp_path / "b", True).load(graph, tmp_path / "b")
    assert columns(graph, "office").cases.num_rows == 11


def test_a_home_that_takes_nothing_is_said_so(graph: Any, tmp_path: Path) -> None:
    office(tmp_path / "a", False).load(graph, tmp_path / "a")
    place = settings().home_dir / "columns"
    if place.is_dir():
        place.rename(tmp_path / "aside")
    place.write_text("in the way")
    try:
        with pytest.raises(InputError) as error:
            columns(graph, "office")
    finally:
        place.unlink()
    assert error.value.code == "analysis.columns"


def test_one_unit_alone_is_as_if_the_others_were_not_there(world: Any) -> None:
    graph, _, folder = world
    unit = package_columns(folder).cases["unit"].to_pylist()[0]
    answer = patterns(graph, unit=unit, limit=0)
    whole = patterns(graph, limit=0)
    assert 0 < answer["problems"] < whole["problems"]
    assert answer["tests"] <= whole["tests"]


def test_strata_are_named(world: Any) -> None:
    graph, _, _ = world
    strata, names = strata_of(columns(graph, "demo").cut(graph.as_of(None), COUNTED))
    assert len(names) == strata.max() + 1
    assert all(len(n) == len(projection.STRATA) for n in names)
    assert {n[3] for n in names} <= {"1", "2", "3+"}


def test_a_link_carries_its_deviations(world: Any) -> None:
    graph, _, _ = world
    answer = link(graph, "I10", ids=0)
    rows = [d | {"at": n["node"]} for n in answer["nodes"] for d in n["deviations"]]
    assert answer["tests"] > 5
    assert answer["strata"] == list(projection.STRATA)
    assert answer["time_order"]
    assert rows
    for row in rows:
        assert row["support"] == row["case_ids"]["cases"]["total"]
        assert row["counts"]["exposed"]["comparison"] == row["case_ids"]["comparison"]["total"]
        assert 0 <= row["p"] <= row["q"] <= 1
    assert {"PR11", "PR12", "PR22"}.isdisjoint(r["at"] for r in rows)
