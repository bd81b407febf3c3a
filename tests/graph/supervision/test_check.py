"""The check on small packages written by hand: what it finds, writes, closes and leaves alone."""

from __future__ import annotations

import csv
import json
from pathlib import Path
from typing import Any

import pytest

from graph import Graph
from graph.analysis.cases import problems
from graph.errors import InputError
from graph.rulebook.law import book
from graph.settings import settings
from graph.store.stats import digest
from graph.supervision.check import Buffer, check, explain
from graph.supervision.dispose import dispose
from graph.supervision.hits import hits
from loaders.load import load
from loaders.undo import undo

Rows = list[dict[str, Any]]


def package(folder: Path, **tables: Rows) -> Path:
    """A package of the source ``office`` with the given rows."""
    folder.mkdir(parents=True, exist_ok=True)
    (folder / "package.yaml").write_text("source: office\nsynthetic: true\n", encoding="utf-8")
    for name, rows in tables.items():
        columns = list(dict.fromkeys(c for row in rows for c in row))
        with (folder / f"{name}.csv").open("w", encoding="utf-8", newline="") as file:
            writer = csv.DictWriter(file, columns, restval="")
            writer.writeheader()
            writer.writerows(rows)
    return folder


def case(id_: str, type_: str, accepted: str, **more: str) -> dict[str, str]:
    return {"case": id_, "type": type_, "accepted": accepted, "matter": f"M-{id_}", **more}


def event(case_: str, node: str, on: str, outcome: str = "", party: str = "") -> dict[str, str]:
    return {
        "event": f"{case_}-{node}-{on}-{outcome}",
        "case": case_,
        "node": node,
        "occurred": on,
        "outcome": outcome,
        "party": party,
    }


def matters(cases: Rows) -> Rows:
    return [{"matter": m} for m in dict.fromkeys(c["matter"] for c in cases)]


def loaded(g: Graph, folder: Path, cases: Rows, **tables: Rows) -> None:
    load(g, package(folder, matters=matters(cases), cases=cases, **tables))


def raised(g: Graph, status: str | None = None) -> set[tuple[str, str]]:
    """Case and type of every problem of that status."""
    found = problems(g, status=status, limit=0)["problems"]
    return {(p["case"], p["type"]) for p in found}


HEARD = [
    event(c, node, "2025-02-28" if c == "U" else "2025-03-07")
    for c in "KLOU"
    for node in ("PR08", "PR09")
]
KEPT = [event("K", "PR01", "2025-03-03"), event("K", "PR03", "2025-03-05"), *HEARD]


@pytest.fixture
def office(graph: Graph, tmp_path: Path) -> Graph:
    """Four prosecution reviews: kept, late, overdue, and one whose decision lies before intake."""
    loaded(
        graph,
        tmp_path / "one",
        [case(c, "PR", "2025-03-03") for c in ("K", "L", "O", "U")],
        events=[
            *KEPT,
            event("K", "PR22", "2025-04-03"),
            *(event(c, "PR01", "2025-03-03") for c in "LOU"),
            *(event(c, "PR03", "2025-03-06") for c in "LOU"),
            event("L", "PR22", "2025-04-07"),
            event("U", "PR22", "2025-02-28"),
            event("K", "PR31", "2025-05-30", "COURT_ACCEPTED"),
        ],
    )
    return graph


def test_every_result_and_the_problems_that_follow(office: Graph) -> None:
    found = check(office)
    assert found["rules"]["TL-060/OWN"] == {
        "MET": 1,
        "LATE": 1,
        "RUNNING": 1,
        "overdue": 1,
        "UNKNOWN": 1,
    }
    assert found["rules"]["TL-020/OWN"] == {"MET": 4}
    assert found["clocks"] == {"MET": 5, "LATE": 1, "RUNNING": 1, "UNKNOWN": 1}
    assert found["overdue"] == 1
    assert raised(office) == {("L", "P01"), ("O", "P01"), ("U", "D03")}
    assert found["problems"] == {
        "opened": 3,
        "closed": 0,
        "updated": 0,
        "unchanged": 0,
        "by_kind": {"PROCEDURAL": 2, "SUBSTANTIVE": 0, "DATA": 1},
    }


def test_other_organs_clocks_are_listed_apart_and_raise_nothing(office: Graph) -> None:
    found = check(office, "2025-12-31")
    assert found["external"]["RUNNING"] == 1
    assert found["external"]["overdue"] == 1
    assert ("K", "P01") not in raised(office)


def test_what_the_source_cannot_show_is_said_once(office: Graph) -> None:
    found = check(office)
    lacks = {m["rule"]: m["lacks"] for m in found["missing"]}
    assert lacks["TL-021"] == ["participants"]
    assert lacks["Q17"] == ["documents"]
    assert "TL-040" not in lacks
    assert found["not_supplied"] == len(found["missing"]) == len(lacks)


def test_the_list_of_all_cases_has_time_in_a_large_store(
    office: Graph, monkeypatch: pytest.MonkeyPatch
) -> None:
    asked: dict[str, float] = {}
    transport = type(office._transport)
    stream = transport.stream

    def noted(self: Any, statement: Any, seconds: float) -> Any:
        asked[statement.name] = seconds
        return stream(self, statement, seconds)

    monkeypatch.setattr(transport, "stream", noted)
    assert check(office, "2025-06-30")["cases"]
    assert asked["check_cases"] > 30 * settings().query_timeout


def test_checking_twice_changes_nothing(office: Graph) -> None:
    first = check(office)
    before = digest(office)
    again = check(office)
    assert digest(office) == before
    assert again["incremental"]
    assert again["cases"] == 0
    assert (again["clocks"], again["external"]) == (first["clocks"], first["external"])
    assert again["problems"]["unchanged"] == 3
    assert again["problems"]["by_kind"] == first["problems"]["by_kind"]


def test_an_earlier_day_reports_and_writes_nothing(office: Graph) -> None:
    check(office)
    before = digest(office)
    earlier = check(office, "2025-03-20")
    assert earlier["earlier"]
    assert not earlier["written"]
    assert earlier["clocks"]["RUNNING"] == 3
    assert earlier["overdue"] == 0
    assert digest(office) == before
    assert check(office)["problems"]["unchanged"] == 3


def test_a_report_writes_nothing(office: Graph) -> None:
    before = digest(office)
    assert check(office, write=False)["problems"]["opened"] == 3
    assert digest(office) == before
    assert raised(office) == set()


def test_a_later_day_updates_only_what_it_touches(office: Graph, tmp_path: Path) -> None:
    assert check(office, "2025-03-20")["overdue"] == 0
    later = check(office, "2025-05-31")
    assert later["incremental"]
    assert later["overdue"] == 1
    fresh = check(office, "2025-05-31")
    assert fresh["cases"] == 0
    assert raised(office) == {("L", "P01"), ("O", "P01"), ("U", "D03")}


def test_an_overdue_problem_becomes_late_and_stays_one_problem(
    office: Graph, tmp_path: Path
) -> None:
    check(office)
    ids = {p["problem"] for p in problems(office, limit=0)["problems"]}
    load(office, package(tmp_path / "two", events=[event("O", "PR22", "2025-06-02")]))
    found = check(office)
    assert found["incremental"]
    assert found["cases"] == 1
    assert found["problems"]["updated"] == 1
    assert found["rules"]["TL-060/OWN"]["LATE"] == 2
    assert {p["problem"] for p in problems(office, limit=0)["problems"]} == ids


def test_a_problem_whose_ground_is_gone_is_closed_and_comes_back(
    office: Graph, tmp_path: Path
) -> None:
    check(office)
    mended = event("L", "PR22", "2025-04-07") | {"occurred": "2025-04-02"}
    load(office, package(tmp_path / "two", events=[mended]))
    found = check(office)
    assert found["problems"]["closed"] == 1
    assert raised(office) == {("O", "P01"), ("U", "D03")}
    assert raised(office, "CLOSED") == {("L", "P01")}
    assert found["problems"]["by_kind"]["PROCEDURAL"] == 1
    load(office, package(tmp_path / "three", events=[event("L", "PR22", "2025-04-07")]))
    assert check(office)["problems"]["opened"] == 1
    assert ("L", "P01") in raised(office)


COUNTED = ("clocks", "overdue", "external", "rules", "gates", "data_rules", "unconfirmed")


def counted(found: dict[str, Any]) -> dict[str, Any]:
    """What a check counts of the whole store, however much of it it looked at."""
    return {k: found[k] for k in COUNTED} | {"by_kind": found["problems"]["by_kind"]}


def more(folder: Path) -> Path:
    """A package with a new case, a decision in another, and a changed row of a third."""
    return package(
        folder,
        matters=[{"matter": "M-N"}],
        cases=[case("N", "PR", "2025-05-06"), case("L", "PR", "2025-03-03", cause="盗窃罪")],
        events=[event("N", "PR01", "2025-05-06"), event("O", "PR22", "2025-04-09")],
    )


def afresh(g: Graph, folder: Path, as_of: str) -> dict[str, Any]:
    """A first check of a store that holds the same packages."""
    g.wipe()
    load(g, package(folder / "one"))
    load(g, package(folder / "two"))
    return check(g, as_of)


def test_an_incremental_check_ends_like_a_full_one(office: Graph, tmp_path: Path) -> None:
    assert check(office, "2025-05-01")["gates"]["TL-02C"] == {"kept": 3, "broken": 0}
    load(office, more(tmp_path / "two"))
    step = check(office, "2025-06-30")
    again = check(office, "2025-06-30")
    assert again["cases"] == 0
    assert counted(again) == counted(step)
    written = digest(office)
    whole = afresh(office, tmp_path, "2025-06-30")
    assert counted(whole) == counted(step)
    assert digest(office) == written
    assert step["cases"] < whole["cases"]


def test_a_case_that_an_event_left_is_checked_again(office: Graph, tmp_path: Path) -> None:
    check(office, "2025-06-30")
    moved = event("L", "PR22", "2025-04-07") | {"case": "O"}
    load(office, package(tmp_path / "two", events=[moved]))
    step = check(office, "2025-06-30")
    assert step["cases"] == 2
    assert counted(step) == counted(afresh(office, tmp_path, "2025-06-30"))


def test_counts_stay_right_after_an_undo(office: Graph, tmp_path: Path) -> None:
    before = counted(check(office, "2025-06-30"))
    batch = load(office, more(tmp_path / "two")).batch
    assert counted(check(office, "2025-06-30")) != before
    undo(office, batch)
    assert counted(check(office, "2025-06-30")) == before


def test_counts_stay_right_after_a_scoped_check(office: Graph, tmp_path: Path) -> None:
    check(office, "2025-06-30")
    load(office, more(tmp_path / "two"))
    assert check(office, "2025-06-30", "case:O")["cases"] == 1
    step = check(office, "2025-06-30")
    assert step["incremental"]
    assert counted(step) == counted(afresh(office, tmp_path, "2025-06-30"))


def test_counts_stay_right_after_a_check_that_broke_off(
    office: Graph, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    check(office, "2025-06-30")
    load(office, more(tmp_path / "two"))
    real = Buffer.flush

    def written_and_gone(self: Buffer) -> None:
        real(self)
        raise KeyboardInterrupt

    with monkeypatch.context() as patch:
        patch.setattr(Buffer, "flush", written_and_gone)
        with pytest.raises(KeyboardInterrupt):
            check(office, "2025-06-30")
    step = check(office, "2025-06-30")
    assert not step["incremental"]
    assert counted(step) == counted(afresh(office, tmp_path, "2025-06-30"))


# -- what a person decided -----------------------------------------------------------------------


def test_what_was_disposed_of_stays_so(office: Graph, tmp_path: Path) -> None:
    check(office)
    late = next(p for p in problems(office, limit=0)["problems"] if p["case"] == "L")
    answer = dispose(office, late["problem"], "NOT_A_PROBLEM", "monitor 1", "leave was granted")
    assert (answer["was"], answer["status"]) == ("HIT", "NOT_A_PROBLEM")
    assert check(office)["changed"] == []
    assert raised(office) == {("O", "P01"), ("U", "D03")}
    changed = event("L", "PR22", "2025-04-07") | {"occurred": "2025-04-09"}
    load(office, package(tmp_path / "two", events=[changed]))
    found = check(office)
    assert raised(office) == {("O", "P01"), ("U", "D03")}
    (difference,) = found["changed"]
    assert difference["problem"] == late["problem"]
    assert (difference["was"], difference["is"]) == (
        {"ended": "2025-04-07"},
        {"ended": "2025-04-09"},
    )
    confirmed = dispose(office, late["problem"], "CONFIRMED", "monitor 1", "looked again")
    assert confirmed["was"] == "NOT_A_PROBLEM"
    counted = hits(office, "TL-060", office.as_of())
    assert (counted["hits"], counted["disposed"], counted["confirmed"]) == (3, 1, 1)
    assert counted["interval"] is not None


@pytest.mark.parametrize(
    ("given", "code"),
    [
        (("nobody", "CONFIRMED", "m", "r", None), "read.not_found"),
        (("L", "MAYBE", "m", "r", None), "dispose.status"),
        (("L", "CONFIRMED", " ", "r", None), "dispose.empty"),
        (("L", "CONFIRMED", "m", "", None), "dispose.empty"),
        (("L", "CONFIRMED", "m", "r", "2025-02-27"), "dispose.before_found"),
    ],
)
def test_wrong_dispositions_are_refused(
    office: Graph, given: tuple[str, str, str, str, str | None], code: str
) -> None:
    check(office)
    problem, status, by, reason, at = given
    if problem == "L":
        problem = next(p["problem"] for p in problems(office, limit=0)["problems"])
    with pytest.raises(InputError) as error:
        dispose(office, problem, status, by, reason, at)
    assert error.value.code == code


# -- the rules -----------------------------------------------------------------------------------


def test_one_breach_is_one_problem_however_many_rules_state_it(
    graph: Graph, tmp_path: Path
) -> None:
    days = ("2025-03-10", "2025-04-15", "2025-05-20")
    back = ("2025-04-01", "2025-05-06", "2025-06-10")
    loaded(
        graph,
        tmp_path / "one",
        [case("R", "PR", "2025-03-03", closed="2025-02-20", outcome="起诉")],
        events=[
            event("R", "PR01", "2025-03-03"),
            event("R", "PR03", "2025-03-04"),
            *(event("R", "PR13" if n else "PR11", d) for n, d in enumerate(days)),
            *(event("R", "PR14" if n else "PR12", d) for n, d in enumerate(back)),
        ],
    )
    check(graph)
    rows = {
        (r.problem, r.rule) for r in graph.read("check_raised", cases=["office/R"]) if r.problem
    }
    by_problem: dict[str, set[str]] = {}
    for problem, rule in rows:
        by_problem.setdefault(problem, set()).add(rule)
    returns = [rules for rules in by_problem.values() if "TL-065" in rules]
    assert returns == [{"TL-065", "Q07"}]
    contradictions = [p for p in by_problem if p.startswith("CK-D03")]
    assert len(contradictions) == 1
    assert by_problem[contradictions[0]] >= {"Q01"}


def test_an_unconfirmed_rule_only_reports_until_an_overlay_confirms_it(
    graph: Graph, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    loaded(
        graph,
        tmp_path / "one",
        [case("X", "PR", "2025-03-03")],
        events=[event("X", "PR01", "2025-03-03") | {"recorded": "2025-03-01"}],
    )
    found = check(graph)
    assert found["unconfirmed"] == {"Q03": 1}
    assert ("X", "D09") not in raised(graph)
    overlay = tmp_path / "rules" / "ours"
    overlay.mkdir(parents=True)
    (overlay / "overlay.yaml").write_text(
        "name: ours\nowner: office\ndate: 2025-01-01\nexpires: 2026-12-31\nconfirm: [Q03]\n",
        encoding="utf-8",
    )
    monkeypatch.setenv("ANGUAN_RULES", str(tmp_path / "rules"))
    settings.cache_clear()
    confirmed = check(graph)
    assert confirmed["unconfirmed"] == {}
    assert ("X", "D09") in raised(graph)
    assert confirmed["rulebook"] == book().version
    monkeypatch.delenv("ANGUAN_RULES")
    settings.cache_clear()
    assert check(graph)["problems"]["closed"] == 1


ATTENTION = """
TL-011:
  zh: 登记后一日内移送办案部门（提示值）
  en: Handed to the handling department within a day (attention value)
  nodes: [AR02, PR02]
  kind: OWN
  actor: case-management dept
  trigger: intake accepted
  limit: 1 day
  mark: D
  type: P36
  clock:
    - {per: case, start: AR01 + PR01, end: AR02 + PR02, length: 1 days}
"""


def test_an_attention_value_of_the_office_is_counted_and_says_whose_it_is(
    graph: Graph, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The law says at once. From Mon 2025-03-03 the day of the office ends on Tue 03-04."""
    loaded(
        graph,
        tmp_path / "one",
        [case(c, "PR", on) for c, on in (("K", "2025-03-03"), ("L", "2025-03-03"))]
        + [case("OLD", "PR", "2024-12-02")],
        events=[
            *(event(c, "PR01", "2025-03-03") for c in "KL"),
            event("K", "PR02", "2025-03-04"),
            event("L", "PR02", "2025-03-05"),
            event("OLD", "PR01", "2024-12-02"),
            event("OLD", "PR02", "2024-12-20"),
        ],
    )
    check(graph)
    with pytest.raises(InputError) as error:
        explain(graph, "L", "TL-011")
    assert error.value.code == "clock.none"
    assert ("L", "P36") not in raised(graph)

    overlay = tmp_path / "rules" / "ours"
    overlay.mkdir(parents=True)
    head = "name: 区院提示值\nowner: office\ndate: 2025-01-01\nexpires: 2026-12-31\n"
    (overlay / "limits.yaml").write_text(ATTENTION, encoding="utf-8")
    (overlay / "overlay.yaml").write_text(head, encoding="utf-8")
    monkeypatch.setenv("ANGUAN_RULES", str(tmp_path / "rules"))
    settings.cache_clear()
    assert check(graph)["unconfirmed"] == {"TL-011": 1}
    assert ("L", "P36") not in raised(graph)

    (overlay / "overlay.yaml").write_text(head + "confirm: [TL-011]\n", encoding="utf-8")
    found = check(graph)
    assert found["rules"]["TL-011/OWN"] == {"MET": 1, "LATE": 1}
    assert {c for c, type_ in raised(graph) if type_ == "P36"} == {"L"}
    (clock,) = explain(graph, "L", "TL-011")["clocks"]
    assert (clock["status"], str(clock["due"]), clock["set_by"]) == (
        "LATE",
        "2025-03-04",
        "区院提示值",
    )
    assert clock["confirmed"]
    late = next(p for p in problems(graph, limit=0)["problems"] if p["type"] == "P36")
    row = graph.read("former_problems", keys=[f"office/{late['problem']}"]).one()
    assert row is not None
    assert json.loads(row.props["values"])["set_by"] == "区院提示值"
    monkeypatch.delenv("ANGUAN_RULES")
    settings.cache_clear()
    check(graph)
    assert ("L", "P36") not in raised(graph)
    assert all(c["set_by"] is None for c in explain(graph, "L")["clocks"])


def test_custody_decides_which_limit_runs_and_whether_it_rolls(
    graph: Graph, tmp_path: Path
) -> None:
    # 2025-03-08 is a Saturday: seven days from 1 March end on it.
    loaded(
        graph,
        tmp_path / "one",
        [case(c, "AR", "2025-03-01") for c in ("IN", "OUT")],
        parties=[{"party": f"{c}-1", "case": c} for c in ("IN", "OUT")],
        measures=[
            {"measure": "m", "party": "IN-1", "kind": "DETENTION", "from": "2025-02-27"},
        ],
        events=[
            *(event(c, "AR01", "2025-03-01") for c in ("IN", "OUT")),
            *(event(c, "AR08", "2025-03-10") for c in ("IN", "OUT")),
        ],
    )
    found = {(c["rule"], c["status"]) for c in explain(graph, "IN")["clocks"]}
    assert ("TL-040", "LATE") in found
    (clock,) = (c for c in explain(graph, "OUT")["clocks"] if c["rule"] == "TL-041")
    assert (clock["status"], str(clock["due"])) == ("MET", "2025-03-17")
    assert clock["days"] == 7
    assert [s["basis"] for s in clock["steps"]] == [None, "TL-041", "TL-001", None, None, None]
    assert all(s["zh"] and s["en"] for s in clock["steps"])
    assert check(graph)["rules"]["TL-040/OWN"] == {"LATE": 1}


def test_a_detention_after_the_intake_contradicts_nothing(graph: Graph, tmp_path: Path) -> None:
    loaded(
        graph,
        tmp_path / "one",
        [case(c, "AR", "2025-03-03") for c in ("BEFORE", "AFTER")],
        parties=[{"party": f"{c}-1", "case": c} for c in ("BEFORE", "AFTER")],
        measures=[
            {"measure": c, "party": f"{c}-1", "kind": "DETENTION", "from": on}
            for c, on in (("BEFORE", "2025-02-21"), ("AFTER", "2025-03-05"))
        ],
        events=[event(c, "AR01", "2025-03-03", "OWN_INVESTIGATION") for c in ("BEFORE", "AFTER")],
    )
    # Seven days from Fri 02-21 end on Fri 02-28.
    assert check(graph)["rules"]["TL-043/OWN"] == {"LATE": 1}
    assert raised(graph) == {("BEFORE", "P01")}


def test_a_due_date_in_a_year_without_a_table_is_provisional_and_raises_nothing(
    graph: Graph, tmp_path: Path
) -> None:
    loaded(
        graph,
        tmp_path / "one",
        [case("Y", "PR", "2026-12-10")],
        events=[event("Y", "PR01", "2026-12-10"), event("Y", "PR03", "2026-12-11")],
    )
    found = check(graph, "2027-03-01")
    assert found["provisional"] == 1
    assert found["overdue"] == 1
    assert raised(graph) == set()


@pytest.mark.parametrize("scope", ["case:K", "type:PR", "source:office", "source:office,type:PR"])
def test_scopes(office: Graph, scope: str) -> None:
    found = check(office, scope=scope)
    assert found["cases"] == (1 if scope == "case:K" else 4)
    assert not found["incremental"]


@pytest.mark.parametrize("scope", ["K", "person:x", "case:"])
def test_a_wrong_scope_is_refused(office: Graph, scope: str) -> None:
    with pytest.raises(InputError) as error:
        check(office, scope=scope)
    assert error.value.code == "check.scope"


@pytest.mark.parametrize("scope", ["unit:U99", "type:ZZ", "case:NOPE", "source:nobody"])
def test_a_scope_without_a_case_is_refused(office: Graph, scope: str) -> None:
    before = digest(office)
    with pytest.raises(InputError) as error:
        check(office, scope=scope)
    assert (error.value.code, scope in error.value.detail("en")) == ("check.empty", True)
    assert digest(office) == before


@pytest.mark.parametrize(
    ("rule", "as_of", "code"),
    [
        ("TL-02C", None, "clock.none"),
        ("Q05", None, "clock.none"),
        ("TL-999", None, "rules.unknown"),
        ("TL-060", "2019-01-01", "clock.not_yet"),
    ],
)
def test_what_has_no_clock_to_explain_says_why(
    office: Graph, rule: str, as_of: str | None, code: str
) -> None:
    with pytest.raises(InputError) as error:
        explain(office, "L", rule, as_of)
    assert error.value.code == code


def test_a_scoped_check_does_not_pass_for_a_whole_one(office: Graph) -> None:
    check(office, scope="case:L")
    assert raised(office) == {("L", "P01")}
    whole = check(office)
    assert whole["cases"] == 4
    assert raised(office) == {("L", "P01"), ("O", "P01"), ("U", "D03")}


def test_the_values_stand_on_the_problem(office: Graph) -> None:
    check(office)
    late = next(p for p in problems(office, limit=0)["problems"] if p["case"] == "L")
    row = office.read("former_problems", keys=[f"office/{late['problem']}"]).one()
    assert row is not None
    assert json.loads(row.props["values"]) == {
        "start": "2025-03-03",
        "due": "2025-04-03",
        "ended": "2025-04-07",
        "limit": "1 month",
    }
    assert row.props["basis"] == "CPL-2018 172; RULES-2019 351"
    assert row.props["rulebook"] == book().version
    named = dict(row.named)
    assert named["raised_by_limit"] == "rulebook/TL-060"
    assert named["node"] == "rulebook/PR22"


def test_before_the_cited_version_there_is_no_rule_in_force(graph: Graph, tmp_path: Path) -> None:
    loaded(
        graph,
        tmp_path / "one",
        [case("OLD", "PR", "2018-05-02"), case("NEW", "PR", "2019-05-06")],
        events=[event("OLD", "PR01", "2018-05-02"), event("NEW", "PR01", "2019-05-06")],
    )
    found = explain(graph, "OLD", "TL-060")
    assert found["clocks"] == []
    (gap,) = found["not_in_force"]
    assert (str(gap["start"]), str(gap["valid_from"])) == ("2018-05-02", "2018-10-26")
    assert [c["rule"] for c in explain(graph, "NEW", "TL-060")["clocks"]] == ["TL-060"]
    assert "OLD" not in {case_ for case_, _ in raised(graph)}


PROFILE = """
source: court
zone: Asia/Shanghai
columns: {case: id, activity: act, time: at}
nodes: {intake: PR01, notice: PR03, decision: PR22}
"""
LOG = """id,act,at
a,intake,2025-03-03
a,notice,2025-03-05
a,decision,2025-04-02
b,intake,2025-03-03
b,notice,2025-03-10
b,decision,2025-04-10
"""


def test_a_foreign_log_is_judged_by_the_rulebook_where_it_is_mapped(
    graph: Graph, tmp_path: Path
) -> None:
    (tmp_path / "court.yaml").write_text(PROFILE, encoding="utf-8")
    (tmp_path / "log.csv").write_text(LOG, encoding="utf-8")
    load(graph, tmp_path / "log.csv", profile=tmp_path / "court.yaml")
    found = check(graph)
    assert found["rules"]["TL-020/OWN"] == {"MET": 1, "LATE": 1}
    assert found["rules"]["TL-060/OWN"] == {"MET": 1, "LATE": 1}
    assert raised(graph) == {("b", "P08"), ("b", "P01")}
