"""A query file joins the catalogue, or is refused with all its faults."""

from __future__ import annotations

import dataclasses
import datetime as dt
import re
from pathlib import Path

import pytest

from graph.errors import InputError
from graph.store.catalogue import catalogue, checked_params, converted, read_query

GOOD = """//: title: {zh: 甲, en: A}
//: params: {one: {type: integer, example: 3}, two: {type: string, default: null}}
//: returns: {x: integer}
MATCH (n) WHERE n.one = $one AND n.two = $two
RETURN n.x AS x
"""


def write(folder: Path, text: str, name: str = "mine") -> Path:
    path = folder / f"{name}.cypher"
    path.write_text(text, encoding="utf-8")
    return path


def test_lists_of_patterns_begin_at_a_bound_node() -> None:
    """The local engine goes from the left: it would try every node of a label, for each row."""
    unbound = [name for name, query in catalogue().items() if re.search(r"\[\s*\(\w*:", query.text)]
    assert not unbound


def test_an_own_query_joins(tmp_path: Path) -> None:
    write(tmp_path, GOOD)
    query = catalogue(tmp_path)["mine"]
    assert (query.own, query.mode, list(query.returns)) == (True, "read", ["x"])
    assert "mine" not in catalogue()
    assert list(query.signature().parameters) == ["one", "two"]
    with pytest.raises(dataclasses.FrozenInstanceError):
        query.mode = "write"  # type: ignore[misc]
    with pytest.raises(TypeError):
        query.params["x"] = query.params["one"]  # type: ignore[index]


@pytest.mark.parametrize(
    ("old", "new", "place", "said"),
    [
        ("//: title: {zh: 甲, en: A}\n", "//: title: {zh: 甲}\n", 1, "title"),
        ("//: returns", "//: retuns", 3, "'returns'"),
        ("one: {type: integer", "one: {type: whole", 2, "no known type"),
        ("example: 3", "example: three", 2, "no integer"),
        ("n.one = $one AND ", "", 2, "not used"),
        ("n.two = $two", "n.two = $two AND n.z = $three", 4, "$three"),
        ("RETURN", "SET n.x = 1 RETURN", 5, "SET"),
        ("AS x", "AS y", 3, "RETURN gives y"),
        ("{x: integer}", "{x: whole}", 3, "unknown type"),
        ("//: returns: {x: integer}", "//: returns: {x: [}", 3, "not YAML"),
        ("//: title", "//: mode: erase\n//: title", 1, "unknown mode"),
        ("//: title", "//: budget: {rows: many}\n//: title", 1, "bad budget"),
    ],
)
def test_a_fault_names_line_and_remedy(
    tmp_path: Path, old: str, new: str, place: int, said: str
) -> None:
    path = write(tmp_path, GOOD.replace(old, new))
    query, faults = read_query(path)
    assert query is None
    assert any(f.startswith(f"{path}:{place}: ") and said in f and "; " in f for f in faults)


def test_all_faults_of_all_files_together(tmp_path: Path) -> None:
    write(tmp_path, GOOD.replace("en: A", "fr: A").replace("AS x", "AS y"), "first")
    write(tmp_path, "RETURN 1", "second")
    write(tmp_path, GOOD, "count_nodes")
    with pytest.raises(InputError) as caught:
        catalogue(tmp_path)
    lines = str(caught.value).splitlines()[1:]
    assert [Path(line.split(":")[0]).stem for line in lines] == [
        "count_nodes", "first", "first", "second",
    ]  # fmt: skip
    assert "is taken by" in lines[0]


def test_own_queries_only_read(tmp_path: Path) -> None:
    text = "//: title: {zh: 删, en: x}\n//: mode: write\nMATCH (n) DELETE n\n"
    assert read_query(write(tmp_path, text), own=False)[0] is not None
    assert read_query(write(tmp_path, text), own=True)[0] is None


def test_a_missing_folder_is_told(tmp_path: Path) -> None:
    with pytest.raises(InputError, match="none"):
        catalogue(tmp_path / "none")


def test_parameters_are_checked(tmp_path: Path) -> None:
    import graph  # noqa: F401  registers the messages of graph.store

    query = read_query(write(tmp_path, GOOD))[0]
    assert query is not None
    assert checked_params(query, {"one": "3"}) == {"one": 3, "two": None}
    for given, code in (
        ({}, "read.missing_param"),
        ({"one": 1, "on": 1}, "read.unknown_param"),
        ({"one": True}, "read.bad_param"),
        ({"one": None}, "read.bad_param"),
        ({"one": 1, "two": 2}, "read.bad_param"),
    ):
        with pytest.raises(InputError) as caught:
            checked_params(query, given)
        assert caught.value.code == code


def test_text_is_converted_by_type() -> None:
    assert converted("date", "2024-02-29") == dt.date(2024, 2, 29)
    assert converted("list<string>", "a,b") == ["a", "b"]
    assert converted("boolean", "False") is False
    for type_, value in (("boolean", "yes"), ("list<string>", [1]), ("map", "x"), ("integer", 1.5)):
        with pytest.raises(ValueError):  # noqa: PT011
            converted(type_, value)
