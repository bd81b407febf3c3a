"""Links against a second reading of the package: one party at a time, no sets of events."""

from __future__ import annotations

import datetime as dt
from typing import Any

import pytest

from graph import rulebook
from graph.analysis.links import case_ids, link
from tests.oracle.package_reader import PackageReader, moment

CODES = ("I02", "I03", "I10", "I11", "I12", "I14", "I15", "I18", "I19", "I21")
CUTS = (None, "2025-03-31")


def oracle_groups(reader: PackageReader, code: str) -> tuple[set[str], set[str]]:
    predicate = rulebook.indicators()[code].predicate
    assert predicate is not None

    def at(case: str, party: str, node: str, outcomes: tuple[str, ...] | None) -> bool:
        return any(
            e["case"] == case
            and e["node"] == node
            and (outcomes is None or e["outcome"] in outcomes)
            and (predicate.per == "case" or e.get("party", "") in {"", party})
            for e in by_case.get(case, [])
        )

    by_case: dict[str, list[dict[str, str]]] = {}
    for event in reader.events:
        by_case.setdefault(event["case"], []).append(event)
    under = {
        m["party"]
        for m in reader.rows("measures")
        if m["kind"] == predicate.den_measure and moment(m["from"]) <= reader.as_of
    }
    inside, hit = set(), set()
    for case in reader.cases:
        for party in reader.parties.get(case) or [""]:
            if predicate.den_measure and party not in under:
                continue
            if at(case, party, predicate.den_node, predicate.den_outcomes):
                inside.add(case)
                if at(case, party, predicate.num_node, predicate.num_outcomes):
                    hit.add(case)
    return hit, inside - hit


@pytest.mark.parametrize("cut", CUTS)
@pytest.mark.parametrize("code", CODES)
def test_link_is_what_a_plain_count_gives(world: Any, code: str, cut: str | None) -> None:
    graph, _, folder = world
    reader = PackageReader(folder, graph.as_of(cut))
    groups = dict(zip(("cases", "comparison"), oracle_groups(reader, code), strict=True))
    answer = link(graph, code, as_of=cut)
    assert groups["cases"] or groups["comparison"]
    visits = reader.visits()
    with_events = {e["case"] for e in reader.events}
    curated = set(rulebook.indicators()[code].nodes)
    everyone = groups["cases"] | groups["comparison"]
    assert {n["node"] for n in answer["nodes"]} == curated | {
        node for case, node in visits if case in everyone
    }
    for row in answer["nodes"]:
        node = rulebook.nodes()[row["node"]]
        assert row["curated"] == (node.code in curated)
        for name, cases in groups.items():
            expected = dict.fromkeys(row[name], 0)
            for case in cases:
                times = visits.get((case, node.code), 0)
                applies = reader.cases[case]["type"] == node.case_group and not node.conditional
                expected["total"] += 1
                expected["repeated"] += times > 1
                if times:
                    expected["passed"] += 1
                elif case not in with_events:
                    expected["unknown"] += 1
                else:
                    expected["missed" if applies else "not_applicable"] += 1
            assert row[name] == expected


def test_the_cases_behind_a_number_are_as_many_as_the_number(world: Any) -> None:
    graph, _, _ = world
    answer = link(graph, "I10", ids=0)
    assert answer["nodes"]
    for row in answer["nodes"]:
        for name in ("cases", "comparison"):
            for state, behind in row["case_ids"][name].items():
                assert len(set(behind["cases"])) == row[name][state]
    behind = case_ids(graph, "PR11", "passed", indicator="I10", limit=1)
    assert behind["total"] > behind["shown"] == 1 == len(behind["cases"])
    assert behind["truncated"]


def test_an_indicator_without_a_predicate_has_null_counts_and_a_reason(world: Any) -> None:
    graph, _, _ = world
    answer = link(graph, "I01")
    assert answer["reason"]["zh"]
    assert [n["node"] for n in answer["nodes"]]
    assert all(v is None for n in answer["nodes"] for v in n["cases"].values())


def test_the_package_ends_by_the_data_date(world: Any) -> None:
    graph, _, folder = world
    far = PackageReader(folder, dt.datetime(9999, 1, 1, tzinfo=dt.UTC))
    latest = max(moment(e["recorded"] or e["occurred"]) for e in far.events)
    assert graph.as_of(None) >= latest
