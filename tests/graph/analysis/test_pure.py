"""The parts of the analysis that need no engine."""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping
from dataclasses import dataclass
from types import MappingProxyType
from typing import Any

import numpy as np
import pyarrow as pa
import pytest

from graph.analysis.counting import EPOCH, Seen, members
from graph.analysis.links import tally
from graph.analysis.patterns import chains
from graph.analysis.projection import Parties
from graph.analysis.scope import period_bounds
from graph.errors import InputError
from graph.rulebook.model import Condition, Limit, Predicate, indicators
from tests.graph.analysis.made_columns import Made

DECIDED = Condition(at=("PR22",))
DROPPED = Condition(at=("PR22",), acts=("NON_PROSECUTION",))
ARRESTED = Condition(under="ARREST")


Row = tuple[str, str | None, str, dt.date, dt.date]
Units = set[tuple[str, str, str]]


@dataclass(frozen=True)
class Told:
    """Members by name: case, party, event; empty where the predicate does not tell them apart."""

    counted: Units
    of: Units | None
    cases: set[str]
    comparison: set[str]


def seen(case: str, party: str | None = None, day: int = 9, last: int = 0, event: str = "") -> Row:
    first = dt.date(2024, 1, day)
    return case, party, event or f"{case}{party}{day}", first, first.replace(day=last or day)


def found_by(
    predicate: Predicate,
    *there: list[Row],
    parties: Mapping[str, list[str]] = MappingProxyType({}),
    matters: Mapping[str, str] = MappingProxyType({}),
) -> Told:
    """Who is counted, with every name as a number."""
    asked = dict.fromkeys((*predicate.of, *predicate.counted))
    rows = [row for part in there for row in part]
    cases, people, events = (
        sorted({str(n) for n in names if n is not None})
        for names in (
            [*(r[0] for r in rows), *matters],
            [*(r[1] for r in rows), *(p for names in parties.values() for p in names)],
            [r[2] for r in rows],
        )
    )

    def numbers(part: list[Row]) -> Seen:
        columns = [
            (
                cases.index(case),
                -1 if party is None else people.index(party),
                events.index(event),
                *(day.toordinal() - EPOCH for day in days),
            )
            for case, party, event, *days in part
        ]
        return Seen(*np.array(columns, dtype=np.int64).reshape(-1, 5).T)

    of_case = [[people.index(p) for p in parties.get(case, ())] for case in cases]
    known = Parties(
        np.cumsum([0, *map(len, of_case)]),
        np.array([p for own in of_case for p in own], dtype=np.int64),
        pa.array(people, pa.string()),
    )
    named = sorted(set(matters.values()))
    scope = [
        named.index(matters[c]) if c in matters else len(named) + i for i, c in enumerate(cases)
    ]
    m = members(
        predicate,
        {c: numbers(part) for c, part in zip(asked, there, strict=True)},
        known,
        np.array(scope, dtype=np.int64),
    )
    units = [
        (
            cases[case],
            people[party] if party >= 0 else "",
            events[event] if predicate.per == "event" else "",
        )
        for case, party, event in zip(*(x.tolist() for x in m.units[:3]), strict=True)
    ]
    hit = {unit for unit, yes in zip(units, m.counted.tolist(), strict=True) if yes}
    sides = [{cases[c] for c in part.tolist()} for part in (m.cases, m.comparison)]
    return Told(hit, None if m.plain else set(units), *sides)


def test_one_party_in_the_numerator_puts_the_case_there() -> None:
    found = found_by(
        Predicate("party", (DROPPED,), (DECIDED, ARRESTED)),
        [seen("a", "a1"), seen("a", "a2"), seen("b", "b1"), seen("c", "c1")],
        [seen("a", "a1"), seen("a", "a2"), seen("b", "b1")],
        [seen("a", "a2"), seen("c", "c1")],
    )
    assert found.counted == {("a", "a2", "")}
    assert found.of == {("a", "a1", ""), ("a", "a2", ""), ("b", "b1", "")}
    assert (found.cases, found.comparison) == ({"a"}, {"b"})


def test_an_event_without_a_party_concerns_every_party() -> None:
    predicate = Predicate("party", (DROPPED,), (DECIDED,))
    found = found_by(
        predicate, [seen("a"), seen("b")], [seen("a", "a2"), seen("b")], parties={"a": ["a1", "a2"]}
    )
    assert found.counted == {("a", "a2", ""), ("b", "", "")}
    assert found.of == found.counted | {("a", "a1", "")}


def test_per_case_any_party_counts_and_per_event_each_event() -> None:
    both = [seen("a", "a1", 1), seen("a", "a2", 2), seen("b", "b1", 3)]
    case = found_by(Predicate("case", (DROPPED,), (DECIDED, ARRESTED)), both, both[1:], both[:1])
    assert (case.counted, case.of) == ({("a", "", "")}, {("a", "", ""), ("b", "", "")})
    event = found_by(Predicate("event", (DROPPED,), (DECIDED,)), both, both[1:])
    assert event.of is not None
    assert [e for _, _, e in sorted(event.of)] == ["aa11", "aa22", "bb13"]
    assert [e for _, _, e in sorted(event.counted)] == ["aa22", "bb13"]


@pytest.mark.parametrize(
    ("when", "there", "holds"),
    [
        (None, (20, 25), True),
        ("before", (9, 9), True),
        ("before", (10, 10), False),
        ("then", (3, 8), False),
        ("then", (3, 9), True),
        ("after", (9, 9), True),
        ("after", (8, 30), False),
    ],
)
def test_when_compares_with_the_deciding_day(
    when: Any, there: tuple[int, int], holds: bool
) -> None:
    for never in (False, True):
        counted = Condition(under="ARREST", when=when, never=never)
        predicate = Predicate("party", (counted,), (DECIDED,))
        found = found_by(predicate, [seen("a", "p", 9)], [seen("a", "p", *there)])
        assert bool(found.counted) == (holds != never)


def test_a_limit_runs_from_the_deciding_event_to_its_last_day() -> None:
    reply = Condition(at=("CP02",), among="case", when="after", within=Limit(7, "days"))
    predicate = Predicate("event", (reply,), (DECIDED,))
    letters = [seen("a", day=1, event="1"), seen("a", day=20, event="2")]
    for day, answered in ((8, {"1"}), (9, set()), (27, {"2"}), (28, set())):
        found = found_by(predicate, letters, [seen("a", day=day)])
        assert {event for _, _, event in found.counted} == answered
    assert found_by(predicate, letters, [seen("b", day=2)]).counted == set()


def test_a_condition_may_look_at_the_whole_matter() -> None:
    filed = Condition(at=("LS05",), among="matter")
    predicate = Predicate("party", (filed,), (DECIDED,))
    judged = [seen("a", "p"), seen("b", "q"), seen("c", "r")]
    found = found_by(
        predicate, judged, [seen("x"), seen("c", "s")], matters={"x": "m", "a": "m", "b": "n"}
    )
    assert found.cases == {"a", "c"}


def test_own_investigations_are_counted_filed_and_prosecuted() -> None:
    """Of four persons prosecuted, two in a matter filed before, one filed only afterwards."""
    filed, prosecuted = indicators()["I39"].predicates
    files = [seen("x", "p", 2), seen("y", "r", 20)]
    assert len(found_by(filed, files).counted) == 2
    found = found_by(
        prosecuted,
        [seen("a", "p"), seen("a", "q"), seen("b", "r"), seen("c", "s")],
        files,
        matters={"x": "m", "a": "m", "y": "n", "b": "n", "c": "o"},
    )
    assert found.counted == {("a", "p", ""), ("a", "q", "")}
    assert found.of is None


def test_a_plain_number_has_no_denominator() -> None:
    found = found_by(Predicate("party", (DECIDED,)), [seen("a", "p"), seen("a", "q")])
    assert (len(found.counted), found.of, found.comparison) == (2, None, set())


def test_conditional_nodes_are_never_missed_and_total_is_the_sum() -> None:
    node = {"key": "rulebook/PR11", "case_group": "PR", "conditional": True}
    made = Made()
    made.event(made.case(type_="PR"), "PR01", 1)
    made.event(made.case(type_="AR"), "AR01", 1)
    made.case(type_="PR")
    everyone = np.ones(3, dtype=np.bool_)
    for conditional, missed in ((True, 0), (False, 1)):
        own = {"rulebook/PR11": node | {"conditional": conditional}}
        n = tally(own, made.cut, everyone, [])
        counted = n["rulebook/PR11"]
        assert (counted["missed"], counted["unknown"], counted["total"]) == (missed, 1, 3)
        assert counted["not_applicable"] == 2 - missed


TYPES = {"DATA": "D07", "PROCEDURAL": "P10", "SUBSTANTIVE": "S12"}


def chained(*problems: tuple[str, str, str, int]) -> tuple[list[dict[str, Any]], list[str]]:
    """The chains of problems, each as matter, case, kind and day of finding; the cases by name."""
    made = Made()
    names = dict.fromkeys((matter, case) for matter, case, _, _ in problems)
    keys = {of: made.case(matter=of[0]) for of in names}
    for matter, case, kind, day in problems:
        made.problem(keys[matter, case], TYPES[kind], "PR01", day)
    return chains(made.cut, np.arange(len(problems)), 1), [case for _, case in names]


def test_chains_run_in_the_order_found_and_count_matters() -> None:
    rows, names = chained(
        ("m", "c", "DATA", 1),
        ("m", "d", "PROCEDURAL", 2),
        ("m", "c", "SUBSTANTIVE", 2),
        ("n", "e", "DATA", 3),
        ("n", "e", "PROCEDURAL", 4),
    )
    shapes = {
        "".join(s["type"][0] for s in r["chain"]): (
            r["support"],
            sorted({names[c] for c in r["cases"].tolist()}),
        )
        for r in rows
    }
    assert shapes == {"DP": (2, ["c", "d", "e"]), "DS": (1, ["c"])}
    assert chained(("m", "c", "PROCEDURAL", 1), ("m", "c", "DATA", 2))[0] == []


def test_a_chain_tells_how_often_its_steps_come_in_its_order() -> None:
    problems = []
    for n in range(5):
        days = (1, 2) if n < 4 else (2, 1)
        for kind, day in zip(("DATA", "PROCEDURAL"), days, strict=True):
            problems.append((f"m{n}", f"c{n}", kind, day))
    ((row,), _) = chained(*problems)
    assert (row["support"], row["together"]) == (4, 5)
    assert row["p_order"] == pytest.approx((5 + 1) / 32)


@pytest.mark.parametrize(
    ("period", "since", "until"),
    [
        ("2024", "2024-01-01", "2024-12-31"),
        ("2024-02", "2024-02-01", "2024-02-29"),
        ("2024-01..2024-06", "2024-01-01", "2024-06-30"),
        ("2024-01-15..", "2024-01-15", None),
    ],
)
def test_periods(period: str, since: str, until: str | None) -> None:
    assert [d and d.isoformat() for d in period_bounds(period)] == [since, until]


@pytest.mark.parametrize("period", ["2024-13", "..", "x", "2024-06..2024-01", "2024-02-30"])
def test_bad_periods_are_refused(period: str) -> None:
    with pytest.raises(InputError, match="period"):
        period_bounds(period)
