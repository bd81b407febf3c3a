"""What must hold of every statutory clock, and its agreement with the second, slow reckoning."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from random import Random
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from graph.rulebook.calendar import calendar
from graph.rulebook.clock import (
    Clock,
    Exclusion,
    Extension,
    Facts,
    Occurrence,
    Point,
    Terms,
    clocks,
    date_of,
)
from graph.rulebook.model import Limit, Unit
from loaders.synthetic import reckoning

ZONE = ZoneInfo("Asia/Shanghai")
DAY = dt.timedelta(days=1)
HELD = ((dt.date(2000, 1, 1), None),)
Span = tuple[dt.date, dt.date]
Granted = tuple[dt.date, Limit]
Custody = Sequence[tuple[dt.date, dt.date | None]]


@dataclass(frozen=True)
class Example:
    """One period: its start and length, and what moves its due date."""

    start: dt.date
    limit: Limit
    granted: tuple[Granted, ...] = ()
    excluded: tuple[Span, ...] = ()
    custody: Custody = ()
    back: bool = False


def named(name: str, occurrence: str = "first") -> Point:
    return Point(((name,),), name, name, "each" if occurrence == "each" else "first")


def on(day: dt.date) -> list[Occurrence]:
    return [Occurrence(day, dt.datetime.combine(day, dt.time(), ZONE))]


def clock(example: Example, *, rolls: bool = True, end: dt.date | None = None) -> Clock:
    """The clock of an example, long after."""
    terms = Terms(
        start=named("S"),
        end=named("E"),
        length=example.limit,
        back=example.back,
        rolls=rolls and not example.back,
        extend=tuple(Extension(named(f"X{n}"), by) for n, (_, by) in enumerate(example.granted)),
        exclude=tuple(
            Exclusion(named(f"F{n}"), named(f"T{n}")) for n in range(len(example.excluded))
        ),
    )
    points = {"S": on(example.start)}
    points |= {f"X{n}": on(day) for n, (day, _) in enumerate(example.granted)}
    points |= {f"F{n}": on(after) for n, (after, _) in enumerate(example.excluded)}
    points |= {f"T{n}": on(last) for n, (_, last) in enumerate(example.excluded)}
    points |= {"E": on(end)} if end else {}
    facts = Facts(points, example.custody)
    (found,) = clocks(terms, facts, dt.datetime(2045, 1, 1, tzinfo=ZONE), ZONE, calendar())
    return found


def due(example: Example, *, rolls: bool = True) -> dt.date:
    found = clock(example, rolls=rolls).due
    assert found is not None
    return date_of(found)


def reckoned(example: Example) -> reckoning.Reckoned:
    return reckoning.due(
        example.start,
        example.limit.n,
        example.limit.unit,
        extensions=[(day, by.n, by.unit) for day, by in example.granted],
        excluded=example.excluded,
        custody=example.custody,
        back=example.back,
    )


UNITS: dict[Unit, int] = {"days": 40, "working_days": 12, "months": 7, "years": 2}
NEAR = st.integers(0, 150).map(dt.timedelta)
STARTS = st.dates(dt.date(2018, 10, 1), dt.date(2026, 12, 31))


@st.composite
def limits(draw: st.DrawFn, units: Sequence[Unit] = tuple(UNITS), least: int = 0) -> Limit:
    unit = draw(st.sampled_from(units))
    return Limit(draw(st.integers(least, UNITS[unit])), unit)


@st.composite
def custodies(draw: st.DrawFn, start: dt.date) -> Custody:
    held = draw(st.lists(st.tuples(NEAR, st.none() | NEAR), max_size=2))
    return [(start + a, None if b is None else start + a + b) for a, b in held]


@st.composite
def spans(draw: st.DrawFn, start: dt.date) -> Span:
    after = start + draw(NEAR) - 20 * DAY
    return after, after + draw(st.integers(0, 60)) * DAY


@st.composite
def examples(draw: st.DrawFn, units: Sequence[Unit] = tuple(UNITS), least: int = 0) -> Example:
    """Any example."""
    start = draw(STARTS)
    granted = st.tuples(NEAR.map(lambda more: start + more - 5 * DAY), limits())
    return Example(
        start,
        draw(limits(units, least)),
        tuple(draw(st.lists(granted, max_size=3))),
        tuple(draw(st.lists(spans(start), max_size=3))),
        draw(custodies(start)),
    )


@st.composite
def steady(draw: st.DrawFn, units: Sequence[Unit] = tuple(UNITS), least: int = 0) -> Example:
    """An example with a person who is in custody throughout, or never."""
    return replace(draw(examples(units, least)), custody=draw(st.sampled_from([(), HELD])))


normal = settings(max_examples=100, deadline=None)


def agree(example: Example) -> None:
    found, slow = clock(example), reckoned(example)
    assert (found.due, found.provisional) == (slow.due, slow.provisional)


@normal
@given(examples())
def test_the_clock_agrees_with_the_slow_reckoning(example: Example) -> None:
    agree(example)


@pytest.mark.long
@settings(max_examples=20_000, deadline=None)
@given(examples())
def test_the_clock_agrees_with_the_slow_reckoning_on_many(example: Example) -> None:
    agree(example)


@normal
@given(STARTS, limits())
def test_limits_counted_back_agree_too(start: dt.date, limit: Limit) -> None:
    example = Example(start, limit, back=True)
    agree(example)
    assert reckoned(example).due <= start


@normal
@given(STARTS, limits(), st.lists(NEAR, max_size=4))
def test_each_round_agrees_with_a_period_of_its_own(
    start: dt.date, limit: Limit, again: list[dt.timedelta]
) -> None:
    """What stops and restarts on one day ends a round in time or late, and opens the next."""
    terms = Terms(named("E"), named("S"), limit, stop=named("R"), restart=named("R"), rolls=True)
    days = sorted({start + more for more in again})
    facts = Facts({"S": on(start), "R": [o for day in days for o in on(day)]})
    as_of = dt.datetime(2045, 1, 1, tzinfo=ZONE)
    rounds = clocks(terms, facts, as_of, ZONE, calendar())
    starts = sorted({start, *days})
    assert [r.start for r in rounds] == starts
    assert [r.due for r in rounds] == [reckoned(Example(day, limit)).due for day in starts]
    assert [r.end for r in rounds] == [*starts[1:], None]
    assert rounds[-1].result == "RUNNING"


@normal
@given(st.lists(NEAR, min_size=1, max_size=5), st.lists(NEAR, max_size=6))
def test_answers_and_questions_pair_as_in_a_queue(
    asked: list[dt.timedelta], answered: list[dt.timedelta]
) -> None:
    """Day by day: an answer takes the oldest open question, and is idle where none is open.

    Only an answer before every question contradicts: as many questions as there are such answers.
    """
    first = dt.date(2024, 3, 1)
    starts, ends = (sorted(first + d for d in days) for days in (asked, answered))
    took: dict[int, dt.date] = {}
    open_: list[int] = []
    for number in range((max(starts + ends) - min(starts + ends)).days + 1):
        day = min(starts + ends) + number * DAY
        open_ += [n for n, start in enumerate(starts) if start == day]
        for _ in range(ends.count(day)):
            if open_:
                took[open_.pop(0)] = day
    early = [end for end in ends if end < starts[0]]
    contradicted = set(open_[: len(early)])

    terms = Terms(named("E"), named("S", "each"), Limit(3, "days"), rolls=True)
    facts = Facts({"S": [o for d in starts for o in on(d)], "E": [o for d in ends for o in on(d)]})
    found = clocks(terms, facts, dt.datetime(2045, 1, 1, tzinfo=ZONE), ZONE, calendar())
    assert [c.start for c in found] == starts
    for number, one in enumerate(found):
        assert one.due == reckoned(Example(starts[number], Limit(3, "days"))).due
        if number in contradicted:
            assert (one.result, one.fault) == ("UNKNOWN", "D03")
        else:
            assert one.end == took.get(number)
            assert one.result in ({"MET", "LATE"} if number in took else {"RUNNING"})


@normal
@given(steady(), st.data())
def test_an_extension_never_shortens(example: Example, data: st.DataObject) -> None:
    granted = (example.start + data.draw(NEAR), data.draw(limits()))
    longer = replace(example, granted=(*example.granted, granted))
    assert due(longer) >= due(example)
    assert due(longer, rolls=False) >= due(example, rolls=False)


@normal
@given(examples(), st.data())
def test_an_exclusion_moves_the_unrolled_due_date_by_its_days_in_the_period(
    example: Example, data: st.DataObject
) -> None:
    bare = replace(example, granted=(), excluded=())
    after, last = data.draw(spans(bare.start))
    without = due(bare, rolls=False)
    begun = max(after, bare.start)
    inside = max(0, (last - begun).days) if begun < without else 0
    assert due(replace(bare, excluded=((after, last),)), rolls=False) == without + inside * DAY


@normal
@given(steady(), st.data())
def test_an_exclusion_never_moves_the_due_date_back(example: Example, data: st.DataObject) -> None:
    more = replace(example, excluded=(*example.excluded, data.draw(spans(example.start))))
    assert due(more) >= due(example)
    assert due(more, rolls=False) >= due(example, rolls=False)


@normal
@given(examples(), st.randoms())
def test_the_order_of_exclusions_does_not_matter(example: Example, rng: Random) -> None:
    shuffled = list(example.excluded)
    rng.shuffle(shuffled)
    assert clock(replace(example, excluded=tuple(shuffled))) == clock(example)


@normal
@given(examples(("days", "months", "years"), least=1))
def test_outside_custody_no_limit_ends_on_a_day_off(example: Example) -> None:
    dates = tuple(x for x in example.granted if x[1].unit != "working_days")
    example = replace(example, granted=dates)
    free = clock(replace(example, custody=()))
    assert isinstance(free.due, dt.date)
    if free.provisional:
        assert free.due == reckoned(replace(example, custody=())).unrolled
        assert not calendar().known((free.due + 14 * DAY).year) or free.due.year == 2018
    else:
        assert calendar().is_working_day(free.due)
    held = clock(replace(example, custody=HELD))
    assert not held.provisional
    assert held.due == reckoned(replace(example, custody=HELD)).unrolled


@normal
@given(examples(), st.integers(-3, 3) | st.integers(0, 200))
def test_ended_is_met_or_late(example: Example, more: int) -> None:
    """Ends about the due date, and any that does not lie before the start."""
    bare = replace(example, granted=(), excluded=())
    last = due(bare)
    for end in (last + more * DAY, bare.start + abs(more) * DAY):
        if end >= bare.start:
            found = clock(bare, end=end)
            assert found.result == ("MET" if end <= last else "LATE")
            breach = found.result == "LATE" and not found.provisional
            assert found.found == (last + DAY if breach else None)


HOURS = st.integers(0, 60_000).map(
    lambda minutes: dt.datetime(2024, 2, 1, tzinfo=ZONE) + dt.timedelta(minutes=minutes)
)


@normal
@given(HOURS, HOURS, st.integers(1, 72), st.booleans(), st.booleans())
def test_hours_are_met_or_late_where_both_hours_are_known(
    start: dt.datetime, end: dt.datetime, n: int, hour_of_start: bool, hour_of_end: bool
) -> None:
    """With dates alone it is unknown at most, never the contrary and never a fault."""
    start, end = sorted((start, end))

    def result(exact: Callable[[str], bool]) -> Clock:
        points = {
            name: [Occurrence(at if exact(name) else at.date(), at)]
            for name, at in (("S", start), ("E", end))
        }
        terms = Terms(named("E"), named("S"), Limit(n, "hours"), rolls=True)
        as_of = dt.datetime(2045, 1, 1, tzinfo=ZONE)
        (found,) = clocks(terms, Facts(points), as_of, ZONE, calendar())
        return found

    known = result(lambda _: True)
    hour = start.replace(minute=0, second=0, microsecond=0)
    last = hour + dt.timedelta(hours=n + 1)
    assert known.result == ("MET" if end <= last else "LATE")
    vague = result(lambda name: hour_of_start if name == "S" else hour_of_end)
    same_date = start.date() == end.date()
    assert vague.result in {known.result, "UNKNOWN", *(["MET"] if same_date else [])}
    assert vague.fault is None
