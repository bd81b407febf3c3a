"""The rulebook is whole, refers only to what it has, and its calendar is that of its source."""

from __future__ import annotations

import datetime as dt

import pytest

from graph.rulebook import Limit, calendar, indicators, nodes, problem_types, references, routes
from graph.rulebook.calendar import Calendar, add
from graph.store.schema import EVIDENCE, NODE_TYPES


def test_every_node_that_is_named_exists() -> None:
    assert len(nodes()) == 146
    assert len(indicators()) == 57
    assert len(problem_types()) == 89
    named = {n for i in indicators().values() for n in i.nodes}
    named |= {n for t in problem_types().values() for n in t.nodes}
    assert named <= set(nodes())
    assert len(indicators()["I26"].nodes) == 22
    assert indicators()["I57"].nodes == ()


def test_every_evidence_is_a_column_and_every_reference_a_label() -> None:
    columns = {c.name for c in EVIDENCE}
    for route in routes().values():
        assert {e for h in route.hops for e in h.evidence} <= columns
        assert {n for e in route.ends for n in e.needs} <= columns
        assert {n for d in route.detours for n in d.needs} <= columns
    assert {x for labels in references().values() for x in labels} <= {t.label for t in NODE_TYPES}
    assert sum(len(r.hops) for r in routes().values()) > 40


def test_every_state_that_is_left_is_reached() -> None:
    for route in routes().values():
        reached = {h.to for h in route.hops} | {d.to for d in route.detours} | {"VERIFIED", "*"}
        left = {h.from_ for h in route.hops if h.from_}
        left |= {s for e in route.ends for s in e.from_}
        assert left <= reached, route.code


@pytest.mark.parametrize("year", range(2019, 2027))
def test_the_calendar_is_that_of_its_source(year: int) -> None:
    source = pytest.importorskip("chinese_calendar")
    date, days = dt.date(year, 1, 1), 0
    while date.year == year:
        assert calendar().is_working_day(date) == source.is_workday(date), date
        date, days = date + dt.timedelta(days=1), days + 1
    assert days in (365, 366)


def test_a_limit_counts_from_the_next_day_over_holidays() -> None:
    # 2024-09-30 is a Monday before the seven days off; 10-12 is a working Saturday.
    assert calendar().last_date(dt.date(2024, 9, 30), Limit(1, "working_days")) == (
        dt.date(2024, 10, 8),
        False,
    )
    assert calendar().last_date(dt.date(2024, 10, 11), Limit(1, "working_days"))[0] == dt.date(
        2024, 10, 12
    )
    assert calendar().last_date(dt.date(2024, 9, 30), Limit(1, "days"))[0] == dt.date(2024, 10, 1)


def test_a_month_without_that_day_ends_on_its_last() -> None:
    assert add(dt.date(2024, 1, 31), Limit(1, "months")) == dt.date(2024, 2, 29)
    assert add(dt.date(2024, 2, 29), Limit(1, "years")) == dt.date(2025, 2, 28)


def test_a_year_without_a_table_is_said_so() -> None:
    bare = Calendar(frozenset(), frozenset(), frozenset())
    assert bare.last_date(dt.date(2031, 1, 3), Limit(1, "working_days")) == (
        dt.date(2031, 1, 6),
        True,
    )
