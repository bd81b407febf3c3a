"""What registers claim of leads and problems, beside what is derived, and the data problems."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest

from graph.analysis.cases import problems
from graph.store.connection import Graph
from graph.store.facts import save_facts, store_facts
from graph.store.stats import stats
from graph.supervision.check import check
from graph.supervision.claims import claims
from graph.supervision.dispose import dispose
from graph.supervision.judge import differs
from graph.supervision.leads import leads, trace
from loaders.load import load
from loaders.profile import read_profile
from loaders.undo import undo

CASES = """案号,受理日期,审结日期
C1,2024-01-02,2024-03-01
C2,2024-01-02,2024-03-01
"""
WIDE = """
shape: wide
source: office
case_type: PR
columns: {case: 案号, accepted: 受理日期, closed: 审结日期}
events: {受理日期: PR01}
"""
LEADS = """线索编号,路线,案号,状态,提出,报送,不予移送,撤回
L1,R1,C1,已办结,2024-02-01,2024-02-02,,
L2,R1,C1,已办结,2024-02-01,2024-02-02,2024-02-05,
L3,R1,C2,SUBMITTED,2024-02-01,2024-02-02,,
L4,R1,C2,DRAFT,2024-02-01,2024-02-02,,
L5,R1,C2,束之高阁,2024-02-01,,,
L6,R1,C2,办理中,2024-02-01,,,2024-02-20
L7,R1,C2,,2024-02-01,,,
"""
LEAD_LEDGER = """
shape: ledger
source: office
tables:
  leads: {lead: 线索编号, route: 路线, case: 案号, state: 状态}
steps: {提出: RAISE, 报送: SUBMIT, 不予移送: REJECT, 撤回: WITHDRAW}
"""
LOG = """编号,案号,类型,发现日期,状态,核实,核实日期,提示日期,通知日期,回复日期
P1,C1,P11,2024-02-01,已整改,属实,2024-02-03,2024-02-04,2024-02-04,2024-02-10
P2,C1,P11,2024-02-01,已整改,属实,2024-02-03,,,
P3,C2,P11,2024-02-01,属实,,,,,
P4,C2,P11,2024-02-01,不属实,不属实,2024-02-03,,,
P5,C2,P11,2024-02-01,待整改,,,,,
P6,C2,P11,2024-02-01,某种状态,,,,,
"""
LOG_LEDGER = """
shape: ledger
source: office
tables:
  problems: {problem: 编号, case: 案号, type: 类型, found: 发现日期, state: 状态}
  dispositions: {status: 核实, at: 核实日期}
  corrections: {issued: 提示日期}
  notices: {issued: 通知日期}
  replies: {at: 回复日期}
"""


def put(graph: Graph, folder: Path, text: str, table: str) -> None:
    folder.mkdir(exist_ok=True)
    (folder / "p.yaml").write_text(text, encoding="utf-8")
    path = folder / "t.csv"
    path.write_text(table, encoding="utf-8")
    report = load(graph, path, profile=read_profile(folder / "p.yaml"))
    assert report.rejected == 0


@pytest.fixture
def office(graph: Graph, tmp_path: Path) -> Graph:
    put(graph, tmp_path / "a", WIDE, CASES)
    put(graph, tmp_path / "b", LEAD_LEDGER, LEADS)
    put(graph, tmp_path / "c", LOG_LEDGER, LOG)
    return graph


def by_id(answer: dict[str, Any]) -> dict[str, tuple[str, str | None, bool | None]]:
    return {c["id"]: (c["claimed"], c["state"], c["differs"]) for c in answer["claims"]}


def test_every_claim_beside_the_derived_state(office: Graph) -> None:
    answer = claims(office, limit=0)
    assert by_id(answer) == {
        "L1": ("ENDED", "SUBMITTED", True),
        "L2": ("ENDED", "REJECTED", False),
        "L3": ("SUBMITTED", "SUBMITTED", False),
        "L4": ("DRAFT", "SUBMITTED", True),
        "L5": ("束之高阁", "DRAFT", None),
        "L6": ("OPEN", "WITHDRAWN", True),
        "P1": ("ENDED", "CONFIRMED", False),
        "P2": ("ENDED", "CONFIRMED", True),
        "P3": ("CONFIRMED", "HIT", True),
        "P4": ("NOT_A_PROBLEM", "NOT_A_PROBLEM", False),
        "P5": ("OPEN", "HIT", False),
        "P6": ("某种状态", "HIT", None),
    }
    assert (answer["differing"], answer["unknown"], answer["total"]) == (5, 2, 12)
    assert (claims(office, limit=3)["shown"]) == 3
    assert claims(office, source="other")["total"] == 0


def test_leads_show_the_claim(office: Graph) -> None:
    found = {x["lead"]: (x["claimed"], x["claim_differs"]) for x in leads(office)["leads"]}
    assert found["L1"] == ("ENDED", True)
    assert found["L3"] == ("SUBMITTED", False)
    assert found["L5"] == ("束之高阁", None)
    assert found["L7"] == (None, False)
    assert trace(office, "L4")["claim_differs"] is True


def d10(graph: Graph, as_of: str | None = None) -> dict[str, tuple[str, str, str]]:
    """What the problem list shows of claims: case, day and status."""
    rows = problems(graph, type="D10", status="ALL", as_of=as_of, limit=0)["problems"]
    return {r["problem"]: (r["case"], str(r["found"]), r["status"]) for r in rows}


def data(answer: dict[str, Any]) -> int:
    return int(answer["problems"]["by_kind"]["DATA"])


def whole(graph: Graph) -> dict[str, Any]:
    """What a check counts that looks at every case anew."""
    facts = store_facts(graph)
    facts["check"]["open"] = True
    save_facts(graph, facts)
    answer = check(graph)
    assert not answer["incremental"]
    return answer


def test_the_check_finds_each_disagreement_once(office: Graph, tmp_path: Path) -> None:
    assert claims(office)["differing"] == 5
    assert d10(office) == {}, "claims() writes nothing"
    first = check(office)
    found = {
        "CL-LEAD-L1": ("C1", "2024-02-02", "HIT"),
        "CL-LEAD-L4": ("C2", "2024-02-02", "HIT"),
        "CL-LEAD-L6": ("C2", "2024-02-20", "HIT"),
        "CL-PROBLEM-P2": ("C1", "2024-02-03", "HIT"),
        "CL-PROBLEM-P3": ("C2", "2024-02-01", "HIT"),
    }
    assert d10(office) == found
    rows = problems(office, kind="DATA", limit=0)["problems"]
    assert data(first) == len(rows) >= 5
    assert {r["found_by"] for r in rows} == {"DATA"}
    digest = stats(office)["digest"]
    again = check(office)
    assert (again["incremental"], again["problems"]["opened"]) == (True, 0)
    assert data(again) == data(first)
    assert stats(office)["digest"] == digest
    # The register is corrected: only its case is looked at, and the problem is closed.
    put(office, tmp_path / "b", LEAD_LEDGER, LEADS.replace("C2,DRAFT", "C2,SUBMITTED"))
    later = check(office)
    assert (later["incremental"], later["cases"]) == (True, 1)
    assert (later["problems"]["closed"], data(later)) == (1, data(first) - 1)
    assert d10(office)["CL-LEAD-L4"][2] == "CLOSED"
    counted = whole(office)
    assert (data(counted), counted["problems"]["opened"]) == (data(later), 0)


def test_what_a_person_decides_closes_a_claim_at_the_next_check(office: Graph) -> None:
    before = data(check(office))
    dispose(office, "P3", "CONFIRMED", "M1", "seen")
    after = check(office)
    assert (after["incremental"], after["cases"]) == (True, 1)
    assert (after["problems"]["closed"], data(after)) == (1, before - 1)
    assert d10(office)["CL-PROBLEM-P3"][2] == "CLOSED"
    assert data(whole(office)) == before - 1


def test_a_claim_is_read_anew_on_the_day_of_a_later_fact(office: Graph) -> None:
    assert check(office, "2024-02-03")["problems"]["by_kind"]["DATA"]
    early = {name for name, (_, _, status) in d10(office).items() if status == "HIT"}
    assert {"CL-LEAD-L2", "CL-PROBLEM-P1"} <= early, "the rejection and the reply came later"
    later = check(office, "2024-02-12")
    assert later["incremental"]
    now = {name for name, (_, _, status) in d10(office).items() if status == "HIT"}
    assert not {"CL-LEAD-L2", "CL-PROBLEM-P1"} & now
    facts = whole(office)
    assert {n for n, (_, _, status) in d10(office).items() if status == "HIT"} >= now
    assert facts["problems"]["by_kind"]["DATA"] >= len(now)


@pytest.mark.parametrize("lost", ["B00002", "B00003"])
def test_an_undone_register_claims_nothing(office: Graph, lost: str) -> None:
    # A day of its own: an undo may set the data date back, and a check of a day before the last
    # one writes nothing.
    day = "2024-03-31"
    check(office, day)
    undo(office, lost)
    answer = check(office, day)
    kind = "LEAD" if lost == "B00002" else "PROBLEM"
    standing = {name for name, (_, _, status) in d10(office, day).items() if status == "HIT"}
    assert standing
    assert not any(name.startswith(f"CL-{kind}") for name in standing)
    assert data(answer) == len(problems(office, kind="DATA", as_of=day, limit=0)["problems"])


def test_a_check_of_one_case_looks_at_its_claims_only(office: Graph) -> None:
    check(office, scope="case:C1")
    assert set(d10(office)) == {"CL-LEAD-L1", "CL-PROBLEM-P2"}


def test_an_earlier_day_knows_less(office: Graph) -> None:
    found = by_id(claims(office, "2024-02-03", limit=0))
    assert found["L2"] == ("ENDED", "SUBMITTED", True)
    assert found["P1"] == ("ENDED", "CONFIRMED", True), "the reply came later"
    assert claims(office, "2024-01-10")["total"] == 0


def test_a_word_that_means_nothing_is_compared_with_nothing() -> None:
    known = frozenset({"A", "OPEN"})
    assert differs("B", "A", False, known) is None
    assert differs("OPEN", "OPEN", True, known) is False, "a state of its own goes first"
    assert differs("ENDED", "A", True, known) is False
    assert differs("A", None, False, known) is True
