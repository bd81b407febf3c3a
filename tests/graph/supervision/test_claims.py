"""What registers claim of leads and problems, beside what is derived, and the data problems."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest

from graph.store.connection import Graph
from graph.store.stats import stats
from graph.supervision.claims import claims
from graph.supervision.judge import differs
from graph.supervision.leads import leads, trace
from loaders.load import load
from loaders.profile import read_profile

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
    assert (claims(office, write=False, limit=3)["shown"]) == 3
    assert claims(office, write=False, source="other")["total"] == 0


def test_leads_show_the_claim(office: Graph) -> None:
    found = {x["lead"]: (x["claimed"], x["claim_differs"]) for x in leads(office)["leads"]}
    assert found["L1"] == ("ENDED", True)
    assert found["L3"] == ("SUBMITTED", False)
    assert found["L5"] == ("束之高阁", None)
    assert found["L7"] == (None, False)
    assert trace(office, "L4")["claim_differs"] is True


def test_a_disagreement_is_a_data_problem_once(office: Graph, tmp_path: Path) -> None:
    before = stats(office)["nodes"]["Problem"]
    assert claims(office)["written"] == 5
    digest = stats(office)["digest"]
    assert claims(office)["written"] == 0
    assert stats(office)["digest"] == digest
    rows = office.read("problems", type="D10", as_of=office.as_of(), limit=0)
    assert {r.problem: (r.case, str(r.found), r.found_by, r.status) for r in rows} == {
        "CL-LEAD-L1": ("C1", "2024-02-02", "DATA", "HIT"),
        "CL-LEAD-L4": ("C2", "2024-02-02", "DATA", "HIT"),
        "CL-LEAD-L6": ("C2", "2024-02-20", "DATA", "HIT"),
        "CL-PROBLEM-P2": ("C1", "2024-02-03", "DATA", "HIT"),
        "CL-PROBLEM-P3": ("C2", "2024-02-01", "DATA", "HIT"),
    }
    assert stats(office)["nodes"]["Problem"] == before + 5
    put(office, tmp_path / "b", LEAD_LEDGER, LEADS.replace("C2,DRAFT", "C2,SUBMITTED"))
    assert claims(office)["written"] == 1
    rows = office.read("problems", type="D10", as_of=office.as_of(), limit=0)
    assert {r.problem for r in rows if r.status == "CLOSED"} == {"CL-LEAD-L4"}
    assert claims(office)["written"] == 0


def test_an_earlier_day_knows_less(office: Graph) -> None:
    found = by_id(claims(office, "2024-02-03", write=False, limit=0))
    assert found["L2"] == ("ENDED", "SUBMITTED", True)
    assert found["P1"] == ("ENDED", "CONFIRMED", True), "the reply came later"
    assert claims(office, "2024-01-10", write=False)["total"] == 0


def test_a_word_that_means_nothing_is_compared_with_nothing() -> None:
    known = frozenset({"A", "OPEN"})
    assert differs("B", "A", False, known) is None
    assert differs("OPEN", "OPEN", True, known) is False, "a state of its own goes first"
    assert differs("ENDED", "A", True, known) is False
    assert differs("A", None, False, known) is True
