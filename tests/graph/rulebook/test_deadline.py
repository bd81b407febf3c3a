"""When a deadline is met, missed, running or unknown: every state, on either way of counting."""

from __future__ import annotations

import datetime as dt
from typing import Any
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st
from pydantic import ValidationError

from graph.rulebook.clock import Clock, Facts, Occurrence
from graph.rulebook.deadline import (
    DeadlineRule,
    Length,
    OutcomeTerms,
    Point,
    Title,
    evaluate,
)

ZONE = ZoneInfo("Asia/Shanghai")


def at(text: str) -> dt.date | dt.datetime:
    if len(text) == 10:
        return dt.date.fromisoformat(text)
    return dt.datetime.fromisoformat(text).replace(tzinfo=ZONE)


def known(value: dt.date | dt.datetime) -> dt.datetime:
    if isinstance(value, dt.datetime):
        return value.astimezone(dt.UTC)
    return dt.datetime.combine(value, dt.time(), ZONE).astimezone(dt.UTC)


def facts(attributes: dict[str, str] | None = None, **activities: list[str]) -> Facts:
    named = {f"attribute:{name}": [value] for name, value in (attributes or {}).items()}
    named |= {f"activity:{name}": values for name, values in activities.items()}
    return Facts(
        {n: [Occurrence(at(v), known(at(v))) for v in values] for n, values in named.items()}
    )


def rule(**terms: Any) -> DeadlineRule:
    base: dict[str, Any] = {
        "id": "r",
        "zone": "Asia/Shanghai",
        "start": {"activity": "A"},
        "end": {"activity": "B"},
    }
    if not {"length", "until"} & set(terms):
        base["length"] = {"days": 10}
    return DeadlineRule.model_validate({**base, **terms})


def asked(r: DeadlineRule, f: Facts, as_of: str) -> Clock:
    clock = evaluate(r, f, known(at(as_of)))
    assert clock is not None
    return clock


@pytest.mark.parametrize(
    ("end", "result", "found"),
    [
        ("2024-03-11T23:59", "MET", None),
        ("2024-03-12T00:00", "LATE", dt.date(2024, 3, 12)),
        ("2024-03-11", "MET", None),
        ("2024-03-12", "LATE", dt.date(2024, 3, 12)),
    ],
)
def test_dates_count_to_the_end_of_the_last_day(end: str, result: str, found: Any) -> None:
    clock = asked(rule(), facts(A=["2024-03-01T23:30"], B=[end]), "2024-06-01")
    assert (clock.result, clock.found, clock.due) == (result, found, dt.date(2024, 3, 11))


@pytest.mark.parametrize(
    ("end", "result"),
    [("2024-03-11T09:30", "MET"), ("2024-03-11T09:31", "LATE"), ("2024-03-11", "UNKNOWN")],
)
def test_elapsed_time_counts_to_the_instant(end: str, result: str) -> None:
    clock = asked(rule(count="elapsed"), facts(A=["2024-03-01T09:30"], B=[end]), "2024-06-01")
    assert clock.result == result
    assert clock.due == at("2024-03-11T09:30")
    assert clock.fault is None
    assert clock.found == (clock.due if result == "LATE" else None)


def test_elapsed_time_from_a_date_is_late_only_where_the_dates_prove_it() -> None:
    r = rule(count="elapsed")
    results = [
        asked(r, facts(A=["2024-03-01"], B=[end]), "2024-06-01").result
        for end in ("2024-03-10", "2024-03-11", "2024-03-12")
    ]
    assert results == ["MET", "UNKNOWN", "LATE"]


@pytest.mark.parametrize(
    ("length", "due"),
    [
        ({"days": 30}, dt.date(2024, 3, 1)),
        ({"months": 1}, dt.date(2024, 2, 29)),
        ({"years": 1}, dt.date(2025, 1, 31)),
    ],
)
def test_lengths(length: dict[str, int], due: dt.date) -> None:
    clock = asked(rule(length=length), facts(A=["2024-01-31"]), "2024-02-01")
    assert (clock.result, clock.due, clock.overdue) == ("RUNNING", due, False)
    assert str(due) in clock.steps[-2]["en"]


def test_elapsed_days_are_of_24_hours_across_a_change_of_clocks() -> None:
    zone = ZoneInfo("Europe/Amsterdam")
    start = dt.datetime(2024, 3, 30, 12, 0, tzinfo=zone)
    r = rule(zone="Europe/Amsterdam", count="elapsed", length={"days": 1})
    clock = evaluate(
        r, Facts({"activity:A": [Occurrence(start, known(start))]}), known(start) + dt.timedelta(1)
    )
    assert clock is not None
    assert isinstance(clock.due, dt.datetime)
    assert clock.due.isoformat() == "2024-03-31T13:00:00+02:00"


@pytest.mark.parametrize(
    ("as_of", "overdue"), [("2024-03-11T23:59", False), ("2024-03-12T00:00", True)]
)
def test_running_is_overdue_from_the_day_after(as_of: str, overdue: bool) -> None:
    clock = asked(rule(), facts(A=["2024-03-01"]), as_of)
    assert (clock.result, clock.overdue) == ("RUNNING", overdue)
    assert clock.found == (dt.date(2024, 3, 12) if overdue else None)


def test_a_breach_is_found_at_the_same_moment_on_every_day() -> None:
    f = facts(A=["2024-03-01"], B=["2024-05-01"])
    before, after = (asked(rule(), f, day) for day in ("2024-04-01", "2024-06-01"))
    assert (before.result, after.result) == ("RUNNING", "LATE")
    assert before.overdue
    assert before.found == after.found == dt.date(2024, 3, 12)


def test_what_is_not_yet_known_is_not_there() -> None:
    f = facts(A=["2024-03-01"], B=["2024-03-05"])
    assert evaluate(rule(), f, known(at("2024-02-29"))) is None
    assert asked(rule(), f, "2024-03-04").result == "RUNNING"
    assert asked(rule(), f, "2024-03-05").result == "MET"
    late_entry = Occurrence(dt.date(2024, 3, 5), known(dt.date(2024, 4, 1)))
    entered = Facts({**f.points, "activity:B": [late_entry]})
    assert asked(rule(), entered, "2024-03-31").overdue
    assert asked(rule(), entered, "2024-04-01").result == "MET"


def test_no_clock_without_a_start_unless_an_end_proves_it() -> None:
    assert evaluate(rule(), facts(C=["2024-03-01"]), known(at("2024-06-01"))) is None
    clock = asked(rule(), facts(B=["2024-03-05"]), "2024-06-01")
    assert (clock.result, clock.fault) == ("UNKNOWN", "D01")
    assert clock.found == dt.datetime(2024, 3, 5, tzinfo=ZONE)
    assert "A" in clock.steps[-1]["en"]


def test_an_end_before_the_start_contradicts() -> None:
    clock = asked(rule(), facts(A=["2024-03-05"], B=["2024-03-01"]), "2024-06-01")
    assert (clock.result, clock.fault, clock.found) == ("UNKNOWN", "D03", dt.date(2024, 3, 5))
    assert evaluate(rule(), facts(A=["2024-03-05"], B=["2024-03-01"]), known(at("2024-03-03"))) is (
        None
    )


def test_instants_contradict_where_dates_do_not() -> None:
    f = facts(A=["2024-03-01T10:00"], B=["2024-03-01T09:00"])
    assert asked(rule(), f, "2024-06-01").result == "MET"
    assert asked(rule(count="elapsed"), f, "2024-06-01").fault == "D03"


def test_an_end_of_an_earlier_round_does_not_contradict_the_last_start() -> None:
    r = rule(start={"activity": "A", "occurrence": "last"})
    f = facts(A=["2024-03-01", "2024-04-01"], B=["2024-03-05"])
    assert asked(r, f, "2024-04-02").result == "RUNNING"
    before_all = facts(A=["2024-03-01", "2024-04-01"], B=["2024-02-05"])
    assert asked(r, before_all, "2024-04-02").fault == "D03"


def test_first_and_last_occurrences() -> None:
    f = facts(A=["2024-03-01", "2024-03-20"], B=["2024-03-02", "2024-03-25"])
    chosen = {
        (s, e): asked(
            rule(start={"activity": "A", "occurrence": s}, end={"activity": "B", "occurrence": e}),
            f,
            "2024-06-01",
        )
        for s in ("first", "last")
        for e in ("first", "last")
    }
    assert {k: (str(c.start), str(c.end), c.result) for k, c in chosen.items()} == {
        ("first", "first"): ("2024-03-01", "2024-03-02", "MET"),
        ("first", "last"): ("2024-03-01", "2024-03-25", "LATE"),
        ("last", "first"): ("2024-03-20", "2024-03-25", "MET"),
        ("last", "last"): ("2024-03-20", "2024-03-25", "MET"),
    }


def test_up_to_a_date_attribute() -> None:
    r = rule(until="due", end={"attribute": "ended"})
    started = {"A": ["2024-03-01T08:00"]}
    clock = asked(
        r, facts({"due": "2024-03-10", "ended": "2024-03-11T00:30"}, **started), "2024-06-01"
    )
    assert (clock.result, clock.due, clock.found) == (
        "LATE",
        dt.date(2024, 3, 10),
        dt.date(2024, 3, 11),
    )
    elapsed = r.model_copy(update={"count": "elapsed"})
    whole_day = facts({"due": "2024-03-10", "ended": "2024-03-10T23:59"}, **started)
    assert asked(elapsed, whole_day, "2024-06-01").result == "MET"
    no_due = asked(r, facts({"ended": "2024-03-11"}, **started), "2024-06-01")
    assert (no_due.result, no_due.fault) == ("UNKNOWN", "D01")
    early = asked(r, facts({"due": "2024-02-10"}, **started), "2024-06-01")
    assert (early.result, early.fault) == ("UNKNOWN", "D03")


def test_a_due_date_alone_is_a_clock_when_the_rule_names_no_start() -> None:
    r = rule(start=None, until="due", end={"attribute": "ended"})
    assert evaluate(r, facts(), known(at("2024-06-01"))) is None
    assert evaluate(r, facts({"ended": "2024-03-01"}), known(at("2024-06-01"))) is None
    clock = asked(r, facts({"due": "2024-03-10"}), "2024-06-01")
    assert clock.overdue
    assert clock.start is None


def test_a_proof_makes_a_missing_end_a_fault_of_the_data() -> None:
    r = rule(proof={"activity": "C"})
    f = facts(A=["2024-03-01"], C=["2024-03-20"])
    assert asked(r, f, "2024-03-19").overdue
    clock = asked(r, f, "2024-03-20")
    assert (clock.result, clock.fault, clock.overdue) == ("UNKNOWN", "D01", False)
    dated = facts(A=["2024-03-01"], B=["2024-03-05"], C=["2024-03-20"])
    assert asked(r, dated, "2024-06-01").result == "MET"
    earlier = facts(A=["2024-03-01"], C=["2024-02-20"])
    assert asked(r, earlier, "2024-03-05").result == "RUNNING"


@pytest.mark.parametrize(
    "terms",
    [
        {"length": {"days": 1}, "until": "x"},
        {"length": {"days": 1, "months": 1}},
        {"length": {}},
        {"length": {"days": -1}},
        {"start": None, "length": {"days": 1}},
        {"end": {}},
        {"end": {"activity": "B", "attribute": "x"}},
        {"end": {"attribute": "x", "occurrence": "last"}},
        {"count": "hours"},
        {"owner": "nobody"},
    ],
)
def test_terms_that_make_no_rule_are_refused(terms: dict[str, Any]) -> None:
    with pytest.raises(ValidationError):
        rule(**terms)


@pytest.mark.parametrize(
    "terms", [{}, {"activity": "A", "missed": "r"}, {"attribute": "x"}, {"equals": "y"}]
)
def test_terms_that_make_no_outcome_are_refused(terms: dict[str, Any]) -> None:
    with pytest.raises(ValidationError):
        OutcomeTerms.model_validate(terms)


def test_a_rule_comes_back_from_the_graph_as_it_went() -> None:
    r = rule(start={"activity": "A", "occurrence": "last"}, until="u", end={"attribute": "x"})
    assert DeadlineRule.model_validate_json(r.model_dump_json(exclude_defaults=True)) == r


def test_words() -> None:
    assert Point(activity="A", occurrence="last").text["zh"] == "末次“A”"
    assert Length(months=2).text == {"zh": "2 个月", "en": "2 months"}
    with pytest.raises(ValidationError):
        Title()


DAYS = st.dates(dt.date(2023, 12, 1), dt.date(2024, 6, 1))


@given(st.lists(DAYS, max_size=3), st.lists(DAYS, max_size=3), DAYS, st.integers(0, 40))
def test_states_exclude_each_other(
    starts: list[dt.date], ends: list[dt.date], day: dt.date, n: int
) -> None:
    """Against a plain reading of first start to first end after it, in dates."""
    f = Facts(
        {
            "activity:A": [Occurrence(d, known(d)) for d in starts],
            "activity:B": [Occurrence(d, known(d)) for d in ends],
        }
    )
    clock = evaluate(rule(length={"days": n}), f, known(day))
    begun = sorted(d for d in starts if d <= day)
    ended = sorted(d for d in ends if d <= day)
    if not begun:
        expected = "UNKNOWN" if ended and not starts else None
    else:
        due = begun[0] + dt.timedelta(n)
        after = [d for d in ended if d >= begun[0]]
        if after:
            expected = "MET" if after[0] <= due else "LATE"
        elif ended:
            expected = "UNKNOWN"
        else:
            expected = "OVERDUE" if day > due else "RUNNING"
    state = None if clock is None else "OVERDUE" if clock.overdue else clock.result
    assert state == expected
    assert clock is None or (clock.found is None) == (expected in {"MET", "RUNNING"})
