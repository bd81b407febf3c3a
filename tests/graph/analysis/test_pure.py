"""The parts of the analysis that need no engine."""

from __future__ import annotations

import datetime as dt
from typing import Any

import pytest

from graph.analysis.links import Members, Seen, members, tally
from graph.analysis.patterns import Found, chains
from graph.analysis.scope import period_bounds
from graph.errors import InputError
from graph.rulebook.model import Condition, Limit, Predicate, indicators

DECIDED = Condition(at=("PR22",))
DROPPED = Condition(at=("PR22",), acts=("NON_PROSECUTION",))
ARRESTED = Condition(under="ARREST")


def seen(case: str, party: str | None = None, day: int = 9, last: int = 0, event: str = "") -> Seen:
    first = dt.date(2024, 1, day)
    return Seen(case, party, event or f"{case}{party}{day}", first, first.replace(day=last or day))


def found_by(predicate: Predicate, *there: list[Seen], **more: Any) -> Members:
    asked = dict.fromkeys((*predicate.of, *predicate.counted))
    return members(
        predicate,
        dict(zip(asked, there, strict=True)),
        more.get("parties", {}),
        more.get("matters", {}),
    )


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
    assert found_by(predicate, letters, [seen("b", day=2)]).counted == frozenset()


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
    assert (len(found.counted), found.of, found.comparison) == (2, None, frozenset())


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


def test_a_chain_tells_how_often_its_steps_come_in_its_order() -> None:
    problems = []
    for n in range(5):
        days = (1, 2) if n < 4 else (2, 1)
        for kind, day in zip(("DATA", "PROCEDURAL"), days, strict=True):
            problems.append(found(f"{n}{kind}", kind, day, f"c{n}", f"m{n}"))
    (row,) = chains(problems, 1)
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
