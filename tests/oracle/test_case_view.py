"""A case and its linked issues against the rows of the package."""

from __future__ import annotations

from collections import Counter
from typing import Any

from graph.analysis.cases import case, linked_issues
from graph.analysis.drawing import linked_issues_svg
from tests.oracle.package_reader import PackageReader


def busiest(reader: PackageReader) -> list[str]:
    return [c for c, _ in Counter(p["case"] for p in reader.problems).most_common(5)]


def test_a_case_holds_every_row_about_it(world: Any) -> None:
    graph, _, folder = world
    reader = PackageReader(folder, graph.as_of(None))
    chosen = busiest(reader)
    assert chosen
    for id_ in chosen:
        answer = case(graph, id_)
        row = reader.cases[id_]
        assert (answer["type"], answer["unit"], answer["matter"]) == (
            row["type"],
            row["unit"],
            row["matter"],
        )
        for part, key, rows in (
            ("events", "event", reader.events),
            ("documents", "document", reader.rows("documents")),
            ("problems", "problem", reader.problems),
            ("parties", "party", reader.rows("parties")),
            ("reviews", "review", reader.rows("reviews")),
            ("fields", "field_value", reader.rows("card_fields")),
        ):
            expected = {r.get(key) for r in rows if r["case"] == id_}
            assert {r[key] for r in answer[part]} == expected, part
        siblings = {
            c for c, r in reader.cases.items() if r["matter"] == row["matter"] and c != id_
        } | ({row["follows"]} if row["follows"] else set())
        assert {s["case"] for s in answer["siblings"]} >= siblings


def test_linked_issues_name_every_problem_and_a_reason_on_every_edge(world: Any) -> None:
    graph, _, folder = world
    reader = PackageReader(folder, graph.as_of(None))
    for id_ in busiest(reader):
        view = linked_issues(graph, id_)
        assert [r["problem"] for r in view["table"]] == sorted(
            p["problem"] for p in reader.problems if p["case"] == id_
        )
        ids = {n["id"] for n in view["nodes"]}
        assert view["edges"]
        for edge in view["edges"]:
            assert {edge["from"], edge["to"]} <= ids
            assert edge["reason"]["zh"]
            assert edge["reason"]["en"]
        days = [str(t["at"]) for t in view["timeline"]]
        assert days == sorted(days)
        drawing = linked_issues_svg(view)
        assert drawing.count("<circle") == len(ids)
        assert "http" not in drawing.replace("http://www.w3.org/2000/svg", "")
