"""The judgment of a lead, hop by hop: what is there, what is not, and by when it had to be."""

from __future__ import annotations

import datetime as dt
from dataclasses import replace
from itertools import pairwise

import pytest

from graph.rulebook import calendar, routes
from graph.supervision.judge import Judgment, earlier, judge
from tests.graph.supervision.paths import (
    ALL,
    CHINA,
    DETOURS,
    ENDED,
    REGULAR,
    REVIEW,
    START,
    TODAY,
    Walk,
    ask,
)

HOUR, DAY = dt.timedelta(hours=1), dt.timedelta(days=1)


@pytest.mark.parametrize("name", ALL)
def test_a_whole_path_is_complete(name: str) -> None:
    walk = ALL[name]
    found = ask(walk, walk.steps())
    assert (found.verdict, found.broken_at, found.stalled_in) == ("complete", None, None)
    assert found.missing == ()
    assert found.extras == ()
    assert found.next_hop is None
    assert [h.wanted.act for h in found.hops] == list(walk.acts)
    assert [h.hop for h in found.hops] == list(range(1, len(walk.acts) + 1))
    ends = {e.act: e.to for e in walk.route.ends}
    assert found.state == ends.get(walk.acts[-1], "CLOSED")


@pytest.mark.parametrize("name", {**REGULAR, **ENDED})
def test_a_step_taken_away_breaks_the_path_there(name: str) -> None:
    walk = ALL[name]
    for at, act in enumerate(walk.acts[:-1]):
        steps = walk.steps()
        del steps[at]
        found = ask(walk, steps)
        assert (found.verdict, found.broken_at, found.missing) == ("broken", at + 1, (act,))


@pytest.mark.parametrize("name", ["R1 dispute", "R3 objection"])
def test_a_detour_or_its_decision_taken_away_breaks_the_path_there(name: str) -> None:
    walk = DETOURS[name]
    for at, act in enumerate(walk.acts[:-1]):
        steps = walk.steps()
        del steps[at]
        assert ask(walk, steps).broken_at == at + 1, act


@pytest.mark.parametrize("name", ALL)
def test_evidence_taken_away_or_dangling_breaks_the_path_there(name: str) -> None:
    walk = ALL[name]
    for at, step in enumerate(walk.steps()):
        for need in walk.needs(step.act):
            for broken in (
                replace(step, evidence={k: v for k, v in step.evidence.items() if k != need}),
                replace(step, evidence={**step.evidence, need: ""}),
                replace(step, dangling=frozenset({need})),
            ):
                steps = walk.steps()
                steps[at] = broken
                found = ask(walk, steps)
                assert (found.verdict, found.broken_at) == ("broken", at + 1), need
                assert found.missing == (need,)


@pytest.mark.parametrize("name", {**REGULAR, **ENDED, **DETOURS})
def test_two_neighbours_exchanged_break_the_path_at_the_second(name: str) -> None:
    walk = ALL[name]
    for at, (first, second) in enumerate(pairwise(walk.steps())):
        if {first.act, second.act} <= set(walk.route.either_order):
            continue
        if second.act == "URGENT" or first.act == "VERIFY_FAILED":
            continue
        steps = walk.steps()
        steps[at], steps[at + 1] = replace(first, at=second.at), replace(second, at=first.at)
        found = ask(walk, steps)
        assert (found.verdict, found.broken_at) == ("broken", at + 2), (first.act, second.act)


def test_verifications_come_in_either_order_and_keep_their_numbers() -> None:
    walk = REGULAR["R3 未做"]
    steps = walk.steps()
    steps[4], steps[5] = replace(steps[4], at=steps[5].at), replace(steps[5], at=steps[4].at)
    found = ask(walk, steps)
    assert found.verdict == "complete"
    assert [h.wanted.act for h in found.hops][4:6] == ["VERIFY_DATA", "VERIFY_PROCEDURE"]
    only_procedure = [s for s in steps if s.act not in {"VERIFY_DATA", "CLOSE"}]
    found = ask(walk, only_procedure, today=START.date())
    assert (found.verdict, found.state) == ("open", "PROCEDURE_VERIFIED")
    assert found.next_hop is not None
    assert found.next_hop.wanted.act == "VERIFY_DATA"
    steps[6] = replace(steps[6], at=steps[4].at - HOUR / 2)
    assert ask(walk, steps).broken_at == 7, "closed before the later verification"


@pytest.mark.parametrize("name", ALL)
def test_a_path_cut_after_each_step_is_open_then_stalled(name: str) -> None:
    walk = ALL[name]
    whole = ask(walk, walk.steps())
    for length in range(1, len(walk.acts)):
        steps = walk.steps()[:length]
        day = steps[-1].at.date() if isinstance(steps[-1].at, dt.datetime) else steps[-1].at
        found = ask(walk, steps, today=day)
        assert (found.verdict, found.stalled_in) == ("open", None)
        assert found.next_hop is not None
        assert found.next_hop.due is not None
        due = found.next_hop.due
        assert ask(walk, steps, today=due).verdict == "open", "the last date is still in time"
        late = ask(walk, steps, today=due + DAY)
        assert (late.verdict, late.stalled_in) == ("stalled", found.state)
        assert [h.step for h in late.hops] == [h.step for h in whole.hops[:length]]


def cut(code: str, acts: str, *, on: dt.date, today: dt.date, cause: str = "未做") -> Judgment:
    """A lead whose steps all happened on one day."""
    walk = Walk(code, tuple(acts.split()), cause)
    return ask(walk, [replace(s, at=on) for s in walk.steps()], today=today)


def test_a_limit_in_working_days_skips_holidays_and_counts_make_up_days() -> None:
    # 2024-09-27 is a Friday. The Sunday after is a make-up day, 1 to 7 October are off.
    found = cut("R1", "RAISE SUBMIT", on=dt.date(2024, 9, 27), today=dt.date(2024, 9, 27))
    assert found.next_hop is not None
    assert found.next_hop.due == dt.date(2024, 10, 8)
    assert not found.next_hop.provisional


def test_a_year_without_a_table_counts_monday_to_friday_and_says_so() -> None:
    bare = replace(calendar(), years=frozenset(), days_off=frozenset(), working=frozenset())
    walk = Walk("R1", ("RAISE", "SUBMIT"))
    steps = [replace(s, at=dt.date(2024, 9, 27)) for s in walk.steps()]
    found = ask(walk, steps, today=dt.date(2024, 9, 27), calendar=bare)
    assert found.next_hop is not None
    assert (found.next_hop.due, found.next_hop.provisional) == (dt.date(2024, 10, 2), True)


def test_a_limit_in_days_ends_on_a_day_off_too() -> None:
    acts = "RAISE SUBMIT SCREEN_OPEN ACKNOWLEDGE"
    found = cut("R1", acts, on=dt.date(2024, 9, 21), today=dt.date(2024, 9, 21))
    assert found.next_hop is not None
    assert found.next_hop.due == dt.date(2024, 10, 1)


def test_promotion_waits_for_the_case() -> None:
    walk = Walk("R1", REGULAR["R1 open case"].acts[:6])
    far = dt.date(2030, 1, 1)
    waiting = ask(walk, walk.steps(), closed=None, today=far)
    assert (waiting.verdict, waiting.state) == ("open", "PARKED")
    later = dt.date(2024, 5, 6)
    found = ask(walk, walk.steps(), closed=later, today=later)
    assert found.next_hop is not None
    assert found.next_hop.due == dt.date(2024, 5, 9)
    assert ask(walk, walk.steps(), closed=later, today=dt.date(2024, 5, 10)).verdict == "stalled"
    before = ask(walk, walk.steps(), closed=START.date() - 100 * DAY, today=START.date())
    assert before.next_hop is not None
    assert before.next_hop.due == dt.date(2024, 3, 7)


def test_closing_a_correction_runs_from_the_last_verification() -> None:
    walk = Walk("R3", REGULAR["R3 未做"].acts[:-1])
    steps = walk.steps()
    steps[4] = replace(steps[4], at=START + 2 * DAY)  # the data branch came last
    found = ask(walk, steps, today=START.date() + 2 * DAY)
    assert found.state == "VERIFIED"
    assert found.next_hop is not None
    assert found.next_hop.due == dt.date(2024, 3, 13)
    waits = [s for s in steps if s.act != "VERIFY_PROCEDURE"]
    found = ask(walk, waits, today=START.date() + 2 * DAY)
    assert found.next_hop is not None
    assert found.state == "DATA_VERIFIED"
    assert found.next_hop.due == dt.date(2024, 3, 11), "from the answer, not from its twin"


def test_where_no_verification_applies_answered_counts_as_verified() -> None:
    walk = Walk("R3", REGULAR["R3 规则误报"].acts[:-1], "规则误报")
    found = ask(walk, walk.steps())
    assert (found.verdict, found.stalled_in) == ("stalled", "VERIFIED")


def test_an_unknown_root_cause_is_missing_evidence() -> None:
    walk = replace(REGULAR["R3 未做"], root_cause="不清楚")
    found = ask(walk, walk.steps())
    assert (found.verdict, found.broken_at, found.missing) == ("broken", 2, ("root_cause",))


def test_the_branch_is_the_one_that_was_begun() -> None:
    walk = Walk("R1", ("RAISE", "SUBMIT"))
    extra = REGULAR["R1 closed case"].steps()[2]
    opened = [*walk.steps(), *REGULAR["R1 open case"].steps()[2:4], replace(extra, id="x")]
    found = ask(walk, opened)
    assert found.state == "ACK_OPEN"
    assert [s.act for s in found.extras] == ["SCREEN_REVIEW"]
    bare = ask(walk, walk.steps())
    assert bare.next_hop is not None
    assert bare.next_hop.wanted.act == "SCREEN_REVIEW"


def test_an_end_from_another_state() -> None:
    walk = Walk("R2", ("RAISE", "SUBMIT", "MATCH", "DECLINE"))
    found = ask(walk, walk.steps())
    assert (found.broken_at, found.missing) == (4, ("PROPOSE",))
    beyond = Walk("R2", ("RAISE", "SUBMIT", "MATCH", "PROPOSE", "DECIDE", "DECLINE"))
    found = ask(beyond, beyond.steps())
    assert (found.verdict, found.broken_at, found.missing) == ("broken", 6, ())


@pytest.mark.parametrize("name", REGULAR)
def test_withdrawal_from_every_state(name: str) -> None:
    walk = REGULAR[name]
    for length in range(1, len(walk.acts)):
        ended = replace(walk, acts=(*walk.acts[:length], "WITHDRAW"))
        found = ask(ended, ended.steps())
        assert (found.verdict, found.state) == ("complete", "WITHDRAWN")
        assert found.hops[-1].wanted.giver == found.hops[-2].wanted.giver
        assert found.hops[-1].supervision == found.hops[-2].supervision
        if length > 1:
            gap = [s for n, s in enumerate(ended.steps()) if n != length - 2]
            assert ask(ended, gap).broken_at == length - 1
    over = replace(walk, acts=(*walk.acts, "WITHDRAW"))
    found = ask(over, over.steps())
    assert found.verdict == "complete"
    assert [s.act for s in found.extras] == ["WITHDRAW"]


def test_nothing_counts_after_an_end() -> None:
    walk = Walk("R1", ("RAISE", "SUBMIT", "REJECT", "SCREEN_REVIEW", "WITHDRAW", "ODD"))
    found = ask(walk, walk.steps())
    assert (found.verdict, found.state) == ("complete", "REJECTED")
    assert [s.act for s in found.extras] == ["SCREEN_REVIEW", "WITHDRAW", "ODD"]


def test_of_a_repeated_act_the_first_counts() -> None:
    walk = Walk("R2", ("RAISE", "SUBMIT", "MATCH", "SUBMIT"))
    steps = walk.steps()
    steps[3] = replace(steps[3], evidence={})
    found = ask(walk, steps, today=START.date())
    assert found.verdict == "open"
    assert [s.id for s in found.extras] == ["3"]


def test_after_a_failed_verification_all_is_demanded_anew() -> None:
    walk = DETOURS["R3 failed"]
    steps = walk.steps()
    failed = next(n for n, s in enumerate(steps) if s.act == "VERIFY_FAILED")
    found = ask(walk, steps[: failed + 1], today=START.date())
    assert (found.verdict, found.state) == ("open", "ISSUED")
    assert found.next_hop is not None
    assert (found.next_hop.wanted.act, found.next_hop.hop) == ("ACKNOWLEDGE", 6)
    assert found.next_hop.due == dt.date(2024, 3, 6)
    without = [s for n, s in enumerate(steps) if n != failed + 2]
    assert (ask(walk, without).broken_at, ask(walk, without).missing) == (7, ("ANSWER",))
    # The first answer, not the second, is the one taken away.
    without = [s for n, s in enumerate(steps) if n != failed - 1]
    assert (ask(walk, without).broken_at, ask(walk, without).missing) == (4, ("ANSWER",))
    twice = replace(walk, acts=(*walk.acts[:7], "VERIFY_DATA", *walk.acts[4:]))
    assert ask(twice, twice.steps()).verdict == "complete"
    assert [h.wanted.act for h in ask(twice, twice.steps()).hops].count("VERIFY_FAILED") == 2


def test_urgency_stands_in_place_of_what_was_left() -> None:
    early = DETOURS["R1 urgent"]
    late = replace(early, acts=(*early.acts[:3], "ACKNOWLEDGE", "URGENT", *REVIEW))
    assert ask(late, late.steps()).verdict == "complete"
    after = replace(early, acts=(*early.acts[:4], "ACKNOWLEDGE", *early.acts[4:]))
    found = ask(after, after.steps())
    assert found.verdict == "complete"
    assert [s.act for s in found.extras] == ["ACKNOWLEDGE"]
    answered = replace(early, acts=(*early.acts[:3], "ACKNOWLEDGE", "REPLY", "URGENT"))
    found = ask(answered, answered.steps(), today=START.date())
    assert (found.state, [s.act for s in found.extras]) == ("ANSWERED_OPEN", ["URGENT"])


def test_a_decision_without_its_dispute_demands_the_dispute() -> None:
    walk = DETOURS["R1 dispute"]
    steps = [s for s in walk.steps() if s.act != "DISPUTE"]
    assert (ask(walk, steps).broken_at, ask(walk, steps).missing) == (6, ("DISPUTE",))


def test_a_dispute_waits_ten_working_days() -> None:
    walk = Walk("R1", DETOURS["R1 dispute"].acts[:6])
    found = ask(walk, walk.steps(), today=START.date())
    assert (found.state, found.verdict) == ("ESCALATED", "open")
    assert found.next_hop is not None
    assert found.next_hop.due == dt.date(2024, 3, 18)


def test_supervision_follows_the_giver() -> None:
    walk = REGULAR["R1 open case"]
    kinds = {h.wanted.act: h.supervision for h in ask(walk, walk.steps()).hops}
    assert kinds["REPLY"] == kinds["SCREEN_OPEN"] == kinds["PROMOTE"] == "PROCEDURAL"
    assert kinds["RECEIVE"] == kinds["RESULT"] == "SUBSTANTIVE"
    assert kinds["CONFIRM"] == "PROCEDURAL"
    walk = REGULAR["R5"]
    campaign = {h.wanted.act: h.supervision for h in ask(walk, walk.steps()).hops}
    assert campaign["DECIDE"] == "DATA"
    assert campaign["RECTIFY"] == "SUBSTANTIVE"
    assert campaign["FEED_BACK"] == "DATA"


def test_dates_and_instants_are_compared_by_local_date() -> None:
    night = dt.datetime(2024, 3, 4, 23, 30, tzinfo=CHINA)
    assert not earlier(night, dt.date(2024, 3, 4))
    assert not earlier(dt.date(2024, 3, 4), night)
    assert earlier(dt.date(2024, 3, 3), night)
    same = night.astimezone(dt.UTC)
    assert not earlier(night, same)
    assert not earlier(same, night)
    walk = REGULAR["R2"]
    equal = [replace(s, at=START) for s in walk.steps()]
    assert ask(walk, equal).verdict == "complete"


def test_time_in_a_state_and_whether_its_limit_was_met() -> None:
    walk = REGULAR["R2"]
    steps = walk.steps()
    steps[2:] = [replace(s, at=s.at + 30 * DAY) for s in steps[2:]]
    hops = ask(walk, steps).hops
    assert [h.seconds for h in hops[:3]] == [None, 5400.0, 30 * 86400 + 5400.0]
    assert [h.met for h in hops[:4]] == [None, True, False, True]


def test_a_lead_without_steps_is_open() -> None:
    found = judge(routes()["R6"], [], closed=None, today=TODAY, calendar=calendar())
    assert (found.verdict, found.state, found.hops) == ("open", None, ())
    assert found.next_hop is not None
    assert found.next_hop.wanted.act == "RAISE"


def test_a_withdrawal_alone_demands_what_was_raised() -> None:
    found = ask(w := Walk("R1", ("WITHDRAW",)), w.steps())
    assert (found.verdict, found.broken_at, found.missing) == ("broken", 1, ("RAISE",))


def test_broken_comes_before_stalled() -> None:
    walk = Walk("R4", ("RAISE", "BACKTEST"))
    found = ask(walk, walk.steps())
    assert (found.verdict, found.stalled_in, found.broken_at) == ("broken", None, 2)
    assert found.extras == ()
