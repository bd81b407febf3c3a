"""The parts of the analysis that need no engine."""

from __future__ import annotations

import datetime as dt

import pytest

from graph.analysis.links import Reached, members, tally
from graph.analysis.patterns import Found, arranged, chains
from graph.analysis.scope import period_bounds
from graph.errors import InputError
from graph.rulebook import Predicate

PARTY = Predicate("party", "PR22", "PR22", None, "ARREST", ("NON_PROSECUTION",))


def reached(case: str, *parties: str, whole: bool = False) -> Reached:
    return Reached(case, frozenset(parties), whole)


def test_one_party_in_the_numerator_puts_the_case_there() -> None:
    found = members(
        PARTY,
        [reached("a", "a1", "a2"), reached("b", "b1"), reached("c", "c1")],
        [reached("a", "a2"), reached("c", "c1")],
        {},
        frozenset({"a1", "a2", "b1"}),
    )
    assert (found.numerator, found.comparison) == ({"a"}, {"b"})


def test_an_event_without_a_party_concerns_every_party() -> None:
    found = members(
        PARTY, [reached("a", whole=True)], [reached("a", "a2")], {"a": ["a1", "a2"]}, None
    )
    assert found.numerator == {"a"}


def test_conditional_nodes_are_never_missed_and_total_is_the_sum() -> None:
    node = {"key": "rulebook/PR11", "case_group": "PR", "conditional": True}
    cases = [
        {"case": "s/1", "type": "PR", "events": True},
        {"case": "s/2", "type": "AR", "events": True},
        {"case": "s/3", "type": "PR", "events": False},
    ]
    for conditional, missed in ((True, 0), (False, 1)):
        n = tally({"rulebook/PR11": node | {"conditional": conditional}}, cases, [])
        counted = n["rulebook/PR11"]
        assert (counted["missed"], counted["unknown"], counted["total"]) == (missed, 1, 3)
        assert counted["not_applicable"] == 2 - missed


def found(problem: str, kind: str, day: int, case: str = "c", matter: str = "m") -> Found:
    return Found(
        problem, kind, kind[0], None, case, matter, dt.datetime(2024, 1, day, tzinfo=dt.UTC)
    )


def test_chains_run_in_the_order_found_and_count_matters() -> None:
    one = [found("1", "DATA", 1), found("2", "PROCEDURAL", 2, "d"), found("3", "SUBSTANTIVE", 2)]
    other = [found("4", "DATA", 3, "e", "n"), found("5", "PROCEDURAL", 4, "e", "n")]
    rows = chains([*one, *other], 1)
    shapes = {"".join(s["type"] for s in r["chain"]): (r["support"], r["cases"]) for r in rows}
    assert shapes == {"DP": (2, ["c", "d", "e"]), "DS": (1, ["c"])}
    assert chains([found("1", "PROCEDURAL", 1), found("2", "DATA", 2)], 1) == []


def test_departments_stand_under_their_node_in_order_of_code() -> None:
    row = {
        "type": "P1",
        "node": "N",
        "zh": "",
        "en": "",
        "cases": 3,
        "handlers": 1,
        "months": 1,
        "kinds": ["DATA"],
        "problems": 3,
    }
    groups = arranged([row], [row | {"department": d, "cases": n} for d, n in (("b", 2), ("a", 1))])
    assert [r["department"] for r in groups[0]] == [None, "a", "b"]
    assert arranged([row | {"cases": 1}], []) == []


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
