"""Values of indicators on cases built by hand, and sums against other ways of counting."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest

from graph.analysis import bands
from graph.analysis.backtest import backtest
from graph.analysis.indicators import indicators, period_of, periods
from graph.analysis.links import link
from graph.analysis.ratio import ratio
from graph.analysis.scope import period_bounds
from graph.errors import InputError
from tests.graph.analysis.packages import Built

QUARTERS = ("2024-02-01", "2024-05-01", "2024-08-01", "2024-11-01", "2025-02-03", "2025-05-06")


def office(shares: dict[str, tuple[tuple[int, int], ...]]) -> Built:
    """Cases of units: per quarter (returned, decided); I10 counts PR22 and of these PR11."""
    built = Built("office")
    for unit in shares:
        built.row("units", unit=unit, name=unit, level="BASIC")
    for unit, quarters in shares.items():
        for day, (returned, decided) in zip(QUARTERS, quarters, strict=False):
            for at in range(decided):
                case = built.case("PR", accepted="2024-01-02", unit=unit)
                if at < returned:
                    built.event(case, "PR11", day=day)
                built.event(case, "PR22", "PROSECUTE", day=day)
    return built


def told(answer: dict[str, Any], *names: str) -> list[tuple[Any, ...]]:
    return [tuple(r[n] for n in names) for r in answer["indicators"]]


@pytest.mark.parametrize("code", ["I02", "I03", "I10", "I21", "I14"])
def test_quarters_and_units_add_up_to_the_whole(world: Any, code: str) -> None:
    graph = world[0]
    rows = indicators(graph, code, limit=0)["indicators"]
    values = link(graph, indicator=code)["values"]
    for part, value in enumerate(values, 1):
        own = [r for r in rows if r["part"] == part]
        assert sum(r["numerator"] for r in own) == value["numerator"]
        assert sum(r["denominator"] for r in own) == value["denominator"]


def test_the_ratio_is_that_of_its_own_command(world: Any) -> None:
    graph = world[0]
    for period in (None, "2024", "2025Q1"):
        rows = indicators(graph, "I01", period=period, limit=0)["indicators"]
        whole = ratio(graph, period=period)
        assert sum(r["numerator"] for r in rows) == whole["jian"]
        assert sum(r["denominator"] for r in rows) == whole["an"]


def test_rows_stand_in_order_of_codes(world: Any) -> None:
    rows = indicators(world[0], limit=0)["indicators"]
    keys = [(r["indicator"], r["part"], r["unit"] or "", r["period"]) for r in rows]
    assert keys == sorted(keys)
    assert len({r["indicator"] for r in rows}) >= 20
    assert all("person" not in r and "handler" not in r for r in rows)


def test_values_with_cases_and_a_change_that_data_problems_explain(
    graph: Any, tmp_path: Path
) -> None:
    built = Built("office")
    built.row("units", unit="U1", name="甲", level="BASIC")
    cases = [built.case("PR", accepted="2024-01-02", unit="U1") for _ in range(20)]
    for at, case in enumerate(cases):
        second = at >= 10
        day = QUARTERS[1] if second else QUARTERS[0]
        if at in {0, 10, 11, 12, 13}:
            built.event(case, "PR11", day=day)
        built.event(case, "PR22", "PROSECUTE", day=day)
    for at, case in enumerate(cases[11:14]):
        built.row(
            "problems", problem=f"P{at}", type="D01", case=case, node="PR11", found="2024-06-01"
        )
    built.load(graph, tmp_path)
    answer = indicators(graph, "I10", cases=0)
    assert told(answer, "unit", "period", "numerator", "denominator") == [
        ("U1", "2024Q1", 1, 10),
        ("U1", "2024Q2", 4, 10),
    ]
    first, second_row = answer["indicators"]
    assert first["change"] is None
    assert second_row["cases"]["numerator"]["cases"] == cases[10:14]
    assert second_row["cases"]["denominator"]["total"] == 10
    change = second_row["change"]
    assert change["difference"] == pytest.approx(0.3)
    assert change["without"]["to"] == pytest.approx(1 / 7)
    assert change["without"]["cases_left_out"] == 3
    assert change["disappears"] == pytest.approx(1 - (1 / 7 - 0.1) / 0.3)


def test_what_cannot_be_told_is_unknown_and_moves_the_verdict(graph: Any, tmp_path: Path) -> None:
    """Closed without a decision, without any event, and a decision without an outcome."""
    built = office({"U1": ((1, 10),)})
    silent = built.case("PR", accepted="2024-02-01", closed="2024-03-01", unit="U1")
    lost = built.case("PR", accepted="2024-01-05", closed="2024-02-20", unit="U1")
    built.event(lost, "PR01", day="2024-01-05")
    vague = built.case("PR", accepted="2024-01-05", unit="U1")
    built.event(vague, "PR22", "", day="2024-02-20")
    built.load(graph, tmp_path)
    (first, *_) = indicators(graph, "I14", cases=0)["indicators"]
    assert (first["numerator"], first["denominator"], first["unknown"]) == (0, 10, 3)
    assert first["cases"]["unknown"]["cases"] == sorted([silent, lost, vague])
    assert first["completeness"] == pytest.approx(10 / 13)
    assert (first["least"], first["most"]) == (0, pytest.approx(3 / 13))
    assert first["verdict"] == "unknown"
    assert first["status"] == "no_band"


def test_a_unit_that_diverges_is_outside_and_the_others_are_not(graph: Any, tmp_path: Path) -> None:
    same = tuple((6, 60) for _ in range(6))
    units = {f"U{n}": same for n in range(1, 7)}
    units["U7"] = (*same[:5], (30, 60))
    office(units).load(graph, tmp_path)
    rows = indicators(graph, "I10", period="2025Q2", limit=0)["indicators"]
    status = {r["unit"]: (r["status"], r["verdict"], r["basis"]) for r in rows}
    assert status.pop("U7") == ("outside_998", "violated", "funnel")
    assert set(status.values()) == {("inside", "satisfied", "funnel")}
    assert told(indicators(graph, "I10", unit="U7", limit=0), "unit") == [("U7",)] * 6


def test_one_unit_alone_is_compared_with_its_own_past(graph: Any, tmp_path: Path) -> None:
    office({"U1": ((6, 60), (5, 60), (7, 60), (6, 60), (6, 60), (30, 60))}).load(graph, tmp_path)
    rows = indicators(graph, "I10", limit=0)["indicators"]
    assert [r["status"] for r in rows] == [*["no_band"] * 4, "inside", "outside_998"]
    assert rows[-1]["basis"] == "history"
    assert rows[-1]["high"] < 0.5


OVERLAY = "name: own\nowner: 案管部门\ndate: 2024-01-01\nexpires: 2099-01-01\n"
BAND = """I10-U1:
  indicator: I10
  unit: U1
  low: 0.0
  high: 0.05
  owner: 业务管理部门
  basis: 会议纪要第3号
  expires: {expires}
"""


@pytest.mark.parametrize(("expires", "basis"), [("2098-01-01", "approved"), ("2024-03-01", "none")])
def test_an_approved_band_overrides_until_it_expires(
    graph: Any, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, expires: str, basis: str
) -> None:
    from graph.settings import settings

    own = tmp_path / "rules" / "own"
    own.mkdir(parents=True)
    (own / "overlay.yaml").write_text(OVERLAY, "utf-8")
    (own / "bands.yaml").write_text(BAND.format(expires=expires), "utf-8")
    monkeypatch.setenv("ANGUAN_RULES", str(own.parent))
    settings.cache_clear()
    office({"U1": ((30, 60), (30, 60))}).load(graph, tmp_path)
    answer = indicators(graph, "I10", limit=0)
    last = answer["indicators"][-1]
    assert last["basis"] == basis
    if basis == "approved":
        assert (last["low"], last["high"], last["status"]) == (0.0, 0.05, "outside_998")
        assert last["bands"]["approved"]["owner"] == "业务管理部门"
        assert answer["notices"] == []
    else:
        assert [n["band"] for n in answer["notices"]] == ["I10-U1"]


def test_periods() -> None:
    assert period_bounds("2024Q3") == period_bounds("2024-07..2024-09")
    assert period_bounds("2024Q4..2025Q1") == period_bounds("2024-10..2025-03")
    since, until = period_bounds("2024-11-15..2025-02-01")
    assert since is not None
    assert until is not None
    assert periods(since, until, "quarter") == ["2024Q4", "2025Q1"]
    assert periods(since, until, "month") == ["2024-11", "2024-12", "2025-01", "2025-02"]
    assert periods(since, until, "year") == ["2024", "2025"]
    assert period_of(since, "month") == "2024-11"


@pytest.mark.parametrize(
    ("given", "code"),
    [
        ({"code": "I99"}, "analysis.unknown_indicator"),
        ({"code": "I56"}, "analysis.no_predicate"),
        ({"period": "2024Q5"}, "analysis.bad_period"),
        ({"by": "week"}, "analysis.bad_choice"),
    ],
)
def test_wrong_questions_are_refused(world: Any, given: dict[str, Any], code: str) -> None:
    with pytest.raises(InputError) as caught:
        indicators(world[0], **given)
    assert caught.value.code == code


def test_a_backtest_counts_alerts_marginal_cases_and_hours(graph: Any, tmp_path: Path) -> None:
    office({"U1": ((30, 60), (6, 60), (14, 60)), "U2": ((6, 60), (6, 60), (6, 60))}).load(
        graph, tmp_path
    )
    answer = backtest(
        graph,
        "I10",
        band="0..0.15",
        period="2024Q1..2024Q3",
        as_of="2024-12-31",
        hours_per_month=10,
        minutes_per_alert=90,
        minutes_per_case=30,
    )
    (part,) = answer["parts"]
    assert [(a["unit"], a["period"], a["numerator"]) for a in part["alerts"]["rows"]] == [
        ("U1", "2024Q1", 30)
    ]
    assert part["alerts_per_month"] == pytest.approx(1 / 9)
    assert part["hours"]["monitors"] == pytest.approx(1.5 / 9)
    assert part["hours"]["reviewers"] == pytest.approx(30 * 0.5 / 9)
    assert part["hours"]["fits"] is True
    assert part["hours"]["share_of_capacity"] == pytest.approx((1.5 + 15) / 90)
    edge = {
        (m["unit"], m["period"]): m["flips_with"]
        for m in backtest(graph, "I10", band="0..0.145", as_of="2024-12-31")["parts"][0][
            "marginal"
        ]["rows"]
    }
    low = backtest(graph, "I10", band="0..0.145", rule="2/3", as_of="2024-12-31")
    assert low["parts"][0]["alerts"]["total"] == 0
    rows = indicators(graph, "I10", limit=0, as_of="2024-12-31")["indicators"]
    expected = {}
    for r in rows:
        if not r["denominator"] or not r["complete"]:
            continue
        now = bands.placed_in(r["numerator"], r["denominator"], 0, 0.145, "share")
        flips = [
            more
            for more in (-1, 1)
            if (now == "inside")
            != (
                bands.placed_in(r["numerator"] + more, r["denominator"], 0, 0.145, "share")
                == "inside"
            )
        ]
        if flips:
            expected[r["unit"], r["period"]] = flips
    assert edge == expected
    assert edge == {("U1", "2024Q3"): [1]}


def test_an_outcome_that_is_not_stated_leaves_the_numerator_open(
    graph: Any, tmp_path: Path
) -> None:
    """认罪认罚 (PR10) recorded without saying what it was; a signed one beside it settles it."""
    built = Built("office")
    built.row("units", unit="U1", name="甲", level="BASIC")
    acts = (("",), ("", "SIGNED"), ("SIGNED",), ())
    cases = [built.case("PR", unit="U1", parties=2 if at == 0 else 1) for at in range(len(acts))]
    for case, recorded in zip(cases, acts, strict=True):
        built.event(case, "PR22", "PROSECUTE", day="2024-02-10")
        for act in recorded:
            built.event(case, "PR10", act, day="2024-02-01")
    built.load(graph, tmp_path)
    (first, *_) = indicators(graph, "I21", cases=0)["indicators"]
    assert (first["numerator"], first["denominator"], first["unknown"]) == (2, 5, 2)
    assert first["cases"]["unknown"]["cases"] == [cases[0]]
    assert (first["least"], first["most"]) == (2 / 5, 4 / 5)
    assert first["completeness"] == 3 / 5


@pytest.mark.parametrize(
    ("given", "code"),
    [
        ({"band": "0.3..0.1"}, "backtest.bad_band"),
        ({"band": "x"}, "backtest.bad_band"),
        ({"rule": "3/2"}, "backtest.bad_rule"),
        ({"band": "0..1", "sigma": "95"}, "backtest.one_of"),
        ({"hours_per_month": 0}, "backtest.bad_number"),
    ],
)
def test_a_threshold_that_cannot_be_read_is_refused(
    world: Any, given: dict[str, Any], code: str
) -> None:
    with pytest.raises(InputError) as caught:
        backtest(world[0], "I10", **given)
    assert caught.value.code == code
