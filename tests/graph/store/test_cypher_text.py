"""The lexer tells reads from writes, and finds parameters and returned columns."""

from __future__ import annotations

import pytest

from graph.store import cypher_text


@pytest.mark.parametrize(
    ("text", "word"),
    [
        ("MATCH (n) SET n.x = 1 RETURN n", "SET"),
        ("match (n) detach delete n", "DETACH"),
        ("CREATE (n)", "CREATE"),
        ("MERGE (n) RETURN n", "MERGE"),
        ("MATCH (n) REMOVE n.x", "REMOVE"),
        ("FOREACH (x IN [1] | CREATE (:A))", "FOREACH"),
        ("LOAD CSV FROM 'file:///x' AS r RETURN r", "LOAD"),
        ("DROP INDEX x", "DROP"),
        ("CALL db.labels() YIELD label RETURN label", "CALL"),
        ("CALL dbms.components", "CALL"),
        ("MATCH (n) CALL (n) { DELETE n } RETURN 1", "DELETE"),
        ("MATCH (n)/**/DELETE/**/n", "DELETE"),
        ("RETURN 1; MATCH (n) RETURN n", ";"),
        ("RETURN '\\u0027 AS x", "\\"),
        ("\\u0043REATE (n)", "\\"),
    ],
)
def test_a_write_is_seen(text: str, word: str) -> None:
    assert word in [t.upper for t in cypher_text.writes(text)]


@pytest.mark.parametrize(
    "text",
    [
        "MATCH (n) WHERE n.set = 'CREATE (x)' RETURN n.delete AS `MERGE`",
        "MATCH (n) // DELETE n\nRETURN n",
        "MATCH (n) /* SET\nn.x */ RETURN n",
        "MATCH (n:CREATE) RETURN n {.set, merge: 1} AS x",
        "MATCH (n) CALL (n) { MATCH (n)--(m) RETURN count(m) AS c } RETURN c",
        "CALL { RETURN 1 AS x } RETURN x",
        "RETURN \"it's; 'DELETE'\" AS x",
    ],
)
def test_a_read_is_no_write(text: str) -> None:
    assert cypher_text.writes(text) == []


def test_the_line_of_a_write_is_told() -> None:
    assert [t.line for t in cypher_text.writes("MATCH (n)\n/*\n*/\nDELETE n")] == [4]


def test_parameters_outside_strings_and_comments() -> None:
    text = "MATCH (n {a: $one}) // $two\nWHERE n.x = '$three' RETURN $`four`"
    assert cypher_text.parameters(text) == {"one", "four"}


@pytest.mark.parametrize(
    ("text", "columns"),
    [
        ("RETURN 1 AS a, {b: 2, c: [3, 4]} AS d ORDER BY a", [["a", "d"]]),
        ("RETURN DISTINCT n.x, n AS `y z` SKIP 1 LIMIT 2", [["n.x", "y z"]]),
        ("RETURN 1 AS a UNION ALL RETURN 2 AS b", [["a"], ["b"]]),
        ("CALL { RETURN 1 AS x } RETURN x AS y", [["y"]]),
        ("MATCH (n)", [[]]),
    ],
)
def test_returned_columns(text: str, columns: list[list[str]]) -> None:
    assert cypher_text.returned(text) == columns
