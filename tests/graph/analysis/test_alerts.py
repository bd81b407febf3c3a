"""The start standard on cases built by hand: what fires, what does not, and what flips it."""

from __future__ import annotations

import datetime as dt
from pathlib import Path
from typing import Any, cast

import pytest

from graph.analysis.alerts import alerts, by_band
from graph.analysis.counting import Reading
from graph.analysis.indicators import measured
from graph.analysis.scopes import adopt, propose, scopes
from graph.errors import InputError
from graph.rulebook import law
from graph.rulebook.thresholds import BandTerms
from graph.settings import settings
from tests.graph.analysis.made_columns import START, Made
from tests.graph.analysis.packages import Built
from tests.graph.analysis.test_indicators import office


def problems(n: int, handlers: int = 2, kinds: int = 1, confirmed: bool = True) -> Built:
    """``n`` problems P11 at PR09 of one procuratorate, in the cases of some handlers."""
    built = Built("office")
    built.row("units", unit="U1", name="甲", level="BASIC")
    built.row("departments", department="D1", name="一部", kind="HANDLING", unit="U1")
    for at in range(handlers):
        built.row("persons", person=f"H{at}", role="PROSECUTOR", department="D1")
    for at in range(n):
        case = built.case("PR", unit="U1", department="D1", handler=f"H{at % handlers}")
        built.event(case, "PR22", "PROSECUTE", day="2024-02-10")
        by = ("PROCEDURAL", "SUBSTANTIVE", "DATA")[at % kinds]
        built.row(
            "problems",
            problem=f"P{at}",
            type="P11",
            case=case,
            node="PR09",
            found="2024-03-10",
            found_by=by,
        )
        if confirmed:
            built.row("dispositions", problem=f"P{at}", status="CONFIRMED", at="2024-03-12")
    return built


def fired(graph: Any, style: str, **more: Any) -> list[dict[str, Any]]:
    found: list[dict[str, Any]] = alerts(graph, style, period="2024Q1", as_of="2024-03-31", **more)[
        "alerts"
    ]
    return found


@pytest.mark.parametrize(
    ("n", "handlers", "confirmed", "expected"),
    [(5, 2, True, 1), (4, 2, True, 0), (6, 1, True, 0), (5, 2, False, 0)],
)
def test_a_class_needs_enough_confirmed_problems_of_more_than_one_handler(
    graph: Any, tmp_path: Path, n: int, handlers: int, confirmed: bool, expected: int
) -> None:
    problems(n, handlers, confirmed=confirmed).load(graph, tmp_path)
    found = fired(graph, "C")
    assert len(found) == expected
    if expected:
        (alert,) = found
        assert (alert["unit"], alert["period"]) == ("U1", "2024Q1")
        assert alert["why"]["facts"]["problems"] == n
        assert alert["why"]["cases"]["total"] == n
        assert "H0" not in str(alert)


def test_what_flips_a_class_makes_it_fire(graph: Any, tmp_path: Path) -> None:
    problems(3).load(graph, tmp_path)
    answer = alerts(graph, "C", period="2024Q1", as_of="2024-03-31", why_not="U1")
    (rule,) = [r for r in answer["why_not"]["rules"] if r["style"] == "C"]
    assert rule["fired"] is False
    assert rule["flip"] == {"problems": 2, "handlers": 0, "departments": 0}
    graph.wipe(keep_rulebook=True)
    again = tmp_path / "again"
    again.mkdir()
    problems(3 + rule["flip"]["problems"]).load(graph, again)
    assert len(fired(graph, "C")) == 1


def test_several_supervisions_at_one_node_converge(graph: Any, tmp_path: Path) -> None:
    problems(3, kinds=2).load(graph, tmp_path)
    (alert,) = fired(graph, "X")
    assert alert["why"]["facts"]["node"] == "PR09"
    assert alert["why"]["facts"]["kinds"] == ["PROCEDURAL", "SUBSTANTIVE"]
    assert fired(graph, "C") == []


def test_an_event_is_one_alert_however_often_it_is_recorded(graph: Any, tmp_path: Path) -> None:
    built = office({"U1": ((0, 2),)})
    case = built.rows["cases"][0]["case"]
    for day in ("2024-03-01", "2024-03-04"):
        built.event(case, "PR36", "ACQUITTED", day=day)
    built.load(graph, tmp_path)
    found = fired(graph, "E")
    assert [(a["indicator"], a["unit"], a["why"]["cases"]["cases"]) for a in found] == [
        ("I19", "U1", [case])
    ]
    assert len(found[0]["why"]["facts"]["days"]) == 2
    assert [a["id"] for a in fired(graph, "E")] == [a["id"] for a in found]
    other = built.rows["cases"][1]["case"]
    answer = alerts(graph, period="2024Q1", as_of="2024-03-31", why_not=other)
    assert answer["why_not"]["flagged"] == []
    event = next(r for r in answer["why_not"]["rules"] if r["style"] == "E")
    assert event["flip"] == {"event": "PR36.ACQUITTED", "more": 1}
    flagged = alerts(graph, period="2024Q1", as_of="2024-03-31", why_not=case)
    assert flagged["why_not"]["flagged"] == [found[0]["id"]]


def diverging(last: int) -> dict[str, tuple[tuple[int, int], ...]]:
    same = tuple((6, 60) for _ in range(4))
    units: dict[str, tuple[tuple[int, int], ...]] = {f"U{n}": same for n in range(1, 7)}
    units["U7"] = ((6, 60), (6, 60), (28, 60), (last, 60))
    return units


def test_a_value_must_be_outside_in_two_of_three_periods(graph: Any, tmp_path: Path) -> None:
    office(diverging(28)).load(graph, tmp_path)
    asked = {"style": "B", "indicator": "I10", "as_of": "2024-12-31"}
    (alert,) = alerts(graph, period="2024Q4", **asked)["alerts"]
    assert (alert["unit"], alert["why"]["facts"]["outside"]) == ("U7", ["2024Q3", "2024Q4"])
    assert alert["why"]["cases"]["total"] == 28
    assert alerts(graph, period="2024Q3", **asked)["alerts"] == []


def test_an_alert_names_the_scope_that_a_person_adopted(
    graph: Any, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("ANGUAN_RULES", str(tmp_path / "rules"))
    settings.cache_clear()
    on = dt.date(2024, 6, 1)
    given: dict[str, Any] = {"style": "B", "owner": "案管部门", "basis": "纪要", "on": on}
    adopt(["I10"], review="SPECIAL", expires="2098-12-31", **given)
    adopt(["I12", "I10"], review="KEY", expires="2098-12-31", folder="a", **given)
    office(diverging(28)).load(graph, tmp_path)
    asked = {"style": "B", "period": "2024Q4", "as_of": "2024-12-31"}
    (alert,) = alerts(graph, scoped=True, **asked)["alerts"]
    assert alert["scope"] == {"scope": "I10-B", "review": "SPECIAL", "owner": "案管部门"}
    early = alerts(graph, scoped=True, style="B", period="2024Q1", as_of="2024-05-01")
    assert early["alerts"] == []


def test_why_not_names_a_numerator_that_lies_outside(graph: Any, tmp_path: Path) -> None:
    office(diverging(6)).load(graph, tmp_path)
    asked = {"style": "B", "indicator": "I10", "as_of": "2024-12-31", "period": "2024Q4"}
    answer = alerts(graph, why_not="U7", **asked)
    assert answer["alerts"] == []
    (rule,) = [r for r in answer["why_not"]["rules"] if r["style"] == "B"]
    flip = rule["flip"]
    assert (rule["status"], flip["denominator"], flip["periods"]) == ("inside", 0, 0)
    assert not rule["low"] <= flip["numerator"] / 60 <= rule["high"]
    nearer = flip["numerator"] + (1 if flip["numerator"] < rule["numerator"] else -1)
    assert rule["low"] <= nearer / 60 <= rule["high"]
    quiet = alerts(graph, why_not="U1", **asked)["why_not"]
    assert [r["flip"]["periods"] for r in quiet["rules"] if r["style"] == "B"] == [1]


def test_wrong_questions_are_refused(world: Any) -> None:
    for given, code in (
        ({"style": "Z"}, "analysis.bad_choice"),
        ({"standard": "NONE"}, "alerts.no_standard"),
        ({"style": "E", "why_not": "nobody"}, "alerts.unknown_target"),
    ):
        with pytest.raises(InputError) as caught:
            alerts(world[0], **given)
        assert caught.value.code == code


# -- scopes ------------------------------------------------------------------------------------


def test_a_candidate_shows_flagged_cases_against_controls(graph: Any, tmp_path: Path) -> None:
    built = office({"U1": ((4, 20), (4, 20))})
    returned = [e["case"] for e in built.rows["events"] if e["node"] == "PR11"]
    others = [c["case"] for c in built.rows["cases"] if c["case"] not in returned]
    for at, case in enumerate([*returned[:6], *others[:3]]):
        built.row("problems", problem=f"P{at}", type="S01", case=case, found="2024-06-01")
        built.row("dispositions", problem=f"P{at}", status="CONFIRMED", at="2024-06-03")
    built.load(graph, tmp_path)
    asked = {"style": "E", "as_of": "2024-12-31", "limit": 0}
    answer = propose(graph, ["I10+I15"], **asked)
    rows = {"+".join(c["indicators"]): c for c in answer["candidates"]}
    one = rows["I10"]
    assert (one["flagged"], one["quarters"], one["flagged_per_quarter"]) == (8, 2, 4)
    assert (one["found"]["with_problem"], one["found"]["cases"]) == (6, 8)
    assert (one["controls"]["with_problem"], one["controls"]["cases"]) == (3, 32)
    assert one["difference"]["low"] > 0
    assert one["reviewer_hours"] == 8
    assert rows["I10+I15"]["flagged"] == 8
    overlap = {"+".join(o["indicators"]): o["share"] for o in one["overlap"]}
    assert overlap["I15"] == 1.0
    codes = [c["indicators"] for c in answer["candidates"]]
    assert codes == sorted(codes)


def test_a_person_adopts_and_it_is_in_force(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("ANGUAN_RULES", str(tmp_path / "rules"))
    settings.cache_clear()
    given = {"style": "B", "review": "SPECIAL", "owner": "案管部门", "basis": "会议纪要"}
    try:
        made = adopt(["I10", "I12"], expires="2098-12-31", **given)
        assert made["scope"] == "I10-I12-B"
        adopt(["I02"], expires="2098-12-31", **given | {"style": "E"})
        assert law.read().faults == ()
        listed = scopes()["scopes"]
        assert [(s["scope"], s["in_force"]) for s in listed] == [
            ("I02-E", True),
            ("I10-I12-B", True),
        ]
        for more, code in (
            ({"expires": "2098-12-31"}, "scope.exists"),
            ({"expires": "2020-01-01"}, "scope.bad_date"),
            ({"expires": "soon"}, "scope.bad_date"),
            ({"expires": "2098-12-31", "owner": " "}, "scope.missing"),
            ({"expires": "2098-12-31", "folder": "../x"}, "scope.bad_folder"),
            ({"expires": "2098-12-31", "review": "MAYBE"}, "analysis.bad_choice"),
        ):
            with pytest.raises(InputError) as caught:
                adopt(["I10", "I12"], **given | more)
            assert caught.value.code == code
    finally:
        monkeypatch.undo()
        settings.cache_clear()


def test_a_number_that_falls_to_nothing_alerts_too() -> None:
    """A quarter without a single event has no cell of its own, but a band."""
    made = Made()
    for at in range(5 * 30):
        day = 91 * (at // 30) + at % 30
        made.event(made.case(day=day, type_="IN"), "IN03", day, "FILED")
    moment = START + dt.timedelta(days=91 * 6 + 60)
    reading = Reading(cast(Any, None), "s", moment, made.columns.cut(moment, ("HIT",)))
    terms = BandTerms(m=1, n=1, n_min=1, limits="95")
    tables = [m for m in measured(reading, ["I39"]) if m.part.number == 1]
    (first, *_) = by_band(reading, tables, terms, None, None)
    assert (first.unit, first.period, first.facts["numerator"]) == ("U1", "2025Q2", 0)
    assert len(first.cases) == 0


def test_a_shift_within_different_units_shows_against_the_unit_s_own_history() -> None:
    """Units of 25, 40 and 60 % differ so much that the funnel does not tell 40 from 65 %."""
    made = Made()
    levels = {"U1": [25] * 8, "U2": [40] * 5 + [65] * 3, "U3": [60] * 8}
    for unit, shares in levels.items():
        for quarter, share in enumerate(shares):
            for number in range(100):
                case = made.case(unit, day=91 * quarter)
                if number < share:
                    made.event(case, "PR11", 91 * quarter + 10)
                made.event(case, "PR22", 91 * quarter + 20)
    moment = START + dt.timedelta(days=91 * 8 + 60)
    reading = Reading(cast(Any, None), "s", moment, made.columns.cut(moment, ("HIT",)))
    terms = BandTerms(m=2, n=3, n_min=30)
    tables = measured(reading, ["I10"])
    assert "U2" not in {a.unit for a in by_band(reading, tables, terms, None, None)}
    with_history = terms.model_copy(update={"history": True})
    found = [a for a in by_band(reading, tables, with_history, None, None) if a.unit == "U2"]
    assert [a.period for a in found] == ["2025Q3", "2025Q4"]
    facts = found[0].facts
    assert (facts["basis"], facts["outside"]) == ("history", ["2025Q2", "2025Q3"])
    assert facts["value"] == 0.65 > facts["high"]
    assert "history" in found[0].en
