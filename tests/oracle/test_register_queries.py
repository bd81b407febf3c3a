"""The queries of the register on a small package whose references partly lead nowhere.

Each answer is found from the package's own rows with plain loops.
"""

from __future__ import annotations

import datetime as dt
import json
from pathlib import Path
from typing import Any

import pytest

from graph.store.connection import Graph
from graph.supervision.dispose import dispose
from loaders.load import load

EVENTS = [("E1", "C1"), ("E2", "C9"), ("E3", "C9"), ("E4", "C8")]
PARTIES = [("Q1", "C1"), ("Q2", "C9")]
TYPES = {"first": {"C1": "PR", "C2": "PR"}, "second": {"C1": "AR", "C2": "PR"}}


def packaged(folder: Path, types: dict[str, str]) -> Path:
    folder.mkdir()
    texts = {
        "package.yaml": "source: office\nsynthetic: true\n",
        "cases.csv": "case,type,accepted\n"
        + "".join(f"{c},{t},2024-03-05\n" for c, t in types.items()),
        "events.csv": "event,case,node,occurred\n"
        + "".join(f"{e},{c},PR01,2024-03-05\n" for e, c in EVENTS),
        "parties.csv": "party,case\n" + "".join(f"{q},{c}\n" for q, c in PARTIES),
        "problems.csv": "problem,type,case,found\nX1,P01,C1,2024-03-06\n",
    }
    for name, text in texts.items():
        (folder / name).write_text(text, encoding="utf-8")
    return folder


@pytest.fixture(scope="module")
def held(module_graph: Graph, tmp_path_factory: pytest.TempPathFactory) -> Graph:
    """The package loaded twice, a case changed between, and a disposition entered."""
    base = tmp_path_factory.mktemp("register")
    for name, types in TYPES.items():
        load(module_graph, packaged(base / name, types))
    dispose(module_graph, "X1", "CONFIRMED", "nobody", "查实", "2024-03-07")
    return module_graph


def waiting() -> list[tuple[str, str, str, str, int]]:
    """What waits: label, id, column, id wanted, row."""
    named = [("Event", e, "case", c, at) for at, (e, c) in enumerate(EVENTS, start=2)]
    named += [("Party", q, "case", c, at) for at, (q, c) in enumerate(PARTIES, start=2)]
    return [entry for entry in named if entry[3] not in TYPES["first"]]


def test_what_waits_for_some_nodes(held: Graph) -> None:
    for asked in (["C9"], ["C8", "C9"], ["C1"], []):
        rows = held.read("pending_for", wanted=[f"Case/office/{c}" for c in asked])
        found = sorted((r.label, r.node_key, r.column, r.wanted, r.batch, r.row) for r in rows)
        assert found == sorted(
            (label, f"office/{id_}", column, f"Case/office/{c}", "B00001", at)
            for label, id_, column, c, at in waiting()
            if c in asked
        )
    keys = {r.pending for r in held.read("pending_for", wanted=["Case/office/C9"])}
    assert len(keys) == 3


def test_what_some_rows_wait_for(held: Graph) -> None:
    rows = held.read("pending_of", keys=["office/E2", "office/Q2", "office/E1"])
    assert sorted((r.label, r.node_key, r.column, r.wanted) for r in rows) == [
        ("Event", "office/E2", "case", "Case/office/C9"),
        ("Party", "office/Q2", "case", "Case/office/C9"),
    ]
    all_keys = {r.pending for r in held.read("pending_for", wanted=["Case/office/C9"])}
    assert {r.pending for r in rows} < all_keys


def test_how_many_wait(held: Graph) -> None:
    assert [tuple(r) for r in held.read("count_pending")] == [("office", len(waiting()))]


def test_the_hashes_of_all_rows(held: Graph) -> None:
    found = {(r.label, r.key): (r.hash, r.vanished) for r in held.read("row_hashes")}
    ids = {"Case": TYPES["first"], "Event": dict(EVENTS), "Party": dict(PARTIES), "Problem": ["X1"]}
    assert set(found) == {(label, f"office/{i}") for label, some in ids.items() for i in some}
    assert {mark for _, mark in found.values()} == {None}
    known = {r.key: r.hash for r in held.read("known_events", keys=["office/E1", "office/E4"])}
    assert {key: found["Event", key][0] for key in known} == known
    assert len({hash_ for hash_, _ in found.values()}) > len(ids)


def test_the_former_values_of_a_row(held: Graph) -> None:
    for label, key, expected in (
        ("Case", "office/C1", ["PR"]),
        (None, "office/C1", ["PR"]),
        ("Case", "office/C2", []),
        ("Event", "office/C1", []),
    ):
        rows = held.read("row_history", label=label, key=key)
        said: list[Any] = [(r.label, r.batch, json.loads(r["values"])["type"]) for r in rows]
        assert said == [("Case", "B00002", type_) for type_ in expected]


def test_the_former_values_of_some_rows_with_their_types(held: Graph) -> None:
    (row,) = held.read("former_values", label="Case", keys=["office/C1", "office/C2"])
    values = json.loads(row["values"])
    assert (row.key, values["type"], values["accepted_on"]) == ("office/C1", "PR", "2024-03-05")
    assert sorted(row["types"]) == ["d:accepted_on", "t:known"]
    assert held.read("former_values", label="Event", keys=["office/C1"]).rows == ()


def test_the_acts_that_were_entered_by_a_day(held: Graph) -> None:
    now = dt.datetime.now(dt.UTC)
    (act,) = held.read("command_acts", until=now)
    assert (act.key, act.problem, act.person) == ("office/X1-D1", "office/X1", None)
    assert act.props["reason"] == "查实"
    assert held.read("command_acts", until=now - dt.timedelta(days=1)).rows == ()
