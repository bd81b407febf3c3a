"""What holds for any package: nothing is lost, an undo undoes, order does not matter."""

from __future__ import annotations

import random
from collections.abc import Callable
from pathlib import Path
from typing import Any

from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from graph.errors import InputError
from graph.store.connection import Graph
from graph.store.stats import digest
from loaders.load import load
from loaders.replay import rows_digest
from loaders.undo import undo
from tests.loaders.test_load import balanced, chains, package

few: Callable[..., Any] = settings(
    max_examples=3,
    deadline=None,
    derandomize=True,
    suppress_health_check=[HealthCheck.function_scoped_fixture],
)
HEADS = {
    "persons": "person,role",
    "cases": "case,type,accepted,handler,follows",
    "parties": "party,case,minor",
    "events": "event,case,node,occurred,party",
    "problems": "problem,type,case,found,event",
    "leads": "lead,route,case,problem",
    "lead_steps": "step,lead,act,at",
}
DATES = ["2024-03-05", "2024-03-06T10:00:00", "２０２４年３月７日", "someday"]


def ids(letter: str) -> st.SearchStrategy[str]:
    return st.sampled_from([f"{letter}{i}" for i in range(1, 5)])


def maybe(letter: str) -> st.SearchStrategy[str]:
    return st.one_of(st.just(""), ids(letter))


good = st.sampled_from(DATES[:3])
any_date = st.sampled_from(DATES)


def rows_of(date: st.SearchStrategy[str]) -> dict[str, st.SearchStrategy[tuple[str, ...]]]:
    return {
        "persons": st.tuples(ids("P"), st.sampled_from(["HEAD", "MONITOR"])),
        "cases": st.tuples(ids("C"), st.sampled_from(["PR", "AR"]), date, maybe("P"), maybe("C")),
        "parties": st.tuples(ids("Q"), ids("C"), st.sampled_from(["是", "否"])),
        "events": st.tuples(ids("E"), ids("C"), st.just("PR01"), date, maybe("Q")),
        "problems": st.tuples(ids("X"), st.just("P01"), ids("C"), date, maybe("E")),
        "leads": st.tuples(ids("L"), st.just("R1"), maybe("C"), maybe("X")),
        "lead_steps": st.tuples(ids("S"), ids("L"), st.just("RAISE"), date),
    }


def packages(date: st.SearchStrategy[str]) -> st.SearchStrategy[dict[str, list[tuple[str, ...]]]]:
    return st.fixed_dictionaries(
        {name: st.lists(row, max_size=5) for name, row in rows_of(date).items()}
    )


def consistent(
    date: st.SearchStrategy[str],
) -> st.SearchStrategy[dict[str, list[tuple[str, ...]]]]:
    """Packages in which no id stands twice."""
    return st.fixed_dictionaries(
        {
            name: st.lists(row, min_size=2, max_size=4, unique_by=lambda r: r[0])
            for name, row in rows_of(date).items()
        }
    )


def written(folder: Path, tables: dict[str, list[tuple[str, ...]]]) -> Path:
    texts = {
        name: "\n".join([HEADS[name], *(",".join(row) for row in rows)]) + "\n"
        for name, rows in tables.items()
    }
    return package(folder, **texts)


@few
@given(one=packages(any_date), two=packages(any_date))
def test_nothing_is_lost_and_an_undo_gives_the_graph_before(
    graph: Graph,
    tmp_path: Path,
    one: dict[str, list[tuple[str, ...]]],
    two: dict[str, list[tuple[str, ...]]],
) -> None:
    graph.wipe(keep_rulebook=True)
    first = load(graph, written(tmp_path / "one", one))
    before = digest(graph), chains(graph), rows_digest(graph)
    second = load(graph, written(tmp_path / "two", two))
    assert balanced(first)
    assert balanced(second)
    assert (first.read, second.read) == tuple(sum(map(len, p.values())) for p in (one, two))
    assert second.digest == rows_digest(graph)
    after = digest(graph)
    undone = undo(graph, second.batch)
    assert (digest(graph), chains(graph), undone["digest"]) == before
    again = load(graph, written(tmp_path / "two", two))
    assert (digest(graph), again.digest) == (after, second.digest)
    refused = ""
    try:
        undo(graph, first.batch)
    except InputError as error:
        refused = error.code
    if refused:
        # An act of the second package rests on a row of the first.
        assert refused == "undo.refused"
        assert (digest(graph), rows_digest(graph)) == (after, second.digest)
        return
    alone, said = digest(graph), rows_digest(graph)
    graph.wipe(keep_rulebook=True)
    load(graph, written(tmp_path / "two", two))
    assert (digest(graph), rows_digest(graph)) == (alone, said)


@few
@given(whole=consistent(good), seed=st.integers(0, 1000))
def test_how_rows_are_split_and_in_which_order_they_come_does_not_matter(
    graph: Graph, tmp_path: Path, whole: dict[str, list[tuple[str, ...]]], seed: int
) -> None:
    draw = random.Random(seed)
    halves: list[dict[str, list[tuple[str, ...]]]] = [
        {name: [] for name in whole},
        {name: [] for name in whole},
    ]
    for name, rows in whole.items():
        for row in rows:
            halves[draw.randrange(2)][name].append(row)
    graph.wipe(keep_rulebook=True)
    load(graph, written(tmp_path / "whole", whole))
    wanted = digest(graph), chains(graph), rows_digest(graph)
    for at, order in enumerate((halves, halves[::-1])):
        graph.wipe(keep_rulebook=True)
        for number, half in enumerate(order):
            load(graph, written(tmp_path / f"{at}{number}", half))
        assert (digest(graph), chains(graph), rows_digest(graph)) == wanted
