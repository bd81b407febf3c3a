"""What persons found in the cases: problems with dispositions, planted chains, leads with verdicts.

Chains and leads rest on what persons raised, never on a rule, so they stand without any overlay.
"""

from __future__ import annotations

import datetime as dt
import random
from dataclasses import dataclass, field
from typing import Any, ClassVar

from graph.rulebook import problem_types
from loaders.synthetic.draft import DAY, LAST
from loaders.synthetic.leads import Truth, Walked, as_truth, broken, outcome, path, walk
from loaders.synthetic.tables import Tables

DECISIVE = {"AR": "AR08", "PR": "PR22", "CP": "CP06"}
RIGHT = {
    "AR": ("P10", "P11", "D01", "D02", "P19", "D07", "S13"),
    "PR": (
        "P08",
        "P09",
        "P11",
        "P06",
        "P22",
        "P23",
        "D01",
        "D02",
        "D03",
        "D12",
        "D13",
        "S07",
        "S11",
        "P12",
        "P04",
    ),
    "CP": ("P19", "D01", "D07", "S24"),
}


@dataclass
class Case:
    """A case as it was written."""

    id: str
    type: str
    unit: str
    handler: str
    accepted: dt.date
    closed: dt.date | None = None
    parties: list[str] = field(default_factory=list)
    events: list[tuple[str, str, dt.date]] = field(default_factory=list)
    documents: list[str] = field(default_factory=list)

    def at(self, node: str) -> tuple[str, dt.date] | None:
        """The first event at a node and its date."""
        return next(((e, d) for n, e, d in self.events if n == node), None)


class Findings:
    """Problems and leads of a world, with what is true of them."""

    def __init__(self, tables: Tables, seed: int) -> None:
        self.tables, self.seed = tables, seed
        self.problems = self.leads = 0
        self.truth: dict[str, Any] = {}
        self.chains: list[dict[str, Any]] = []

    def problem(
        self, rng: random.Random, case: Case, type_: str, found: dt.date, review: str | None = None
    ) -> str | None:
        """One problem where its type occurs, with what a person decided on it."""
        if found > LAST or not case.events:
            return None
        self.problems += 1
        id_ = f"P{self.seed}-{self.problems:06d}"
        declared = problem_types()[type_]
        there = [e for e in case.events if e[0] in declared.nodes] or case.events
        node, event, _ = there[rng.randrange(len(there))]
        monitor = f"{case.unit}-CM-{1 + rng.randrange(2)}"
        seen_by = declared.kind if rng.randrange(5) else "SUBSTANTIVE"
        self.tables.row(
            "problems",
            problem=id_,
            type=type_,
            case=case.id,
            node=node,
            event=event,
            found=found,
            found_by=seen_by,
            raised_by_review=review,
            raised_by_person=None if review else monitor,
        )
        luck = rng.randrange(10)
        decided = found + (1 + rng.randrange(6)) * DAY
        if luck < 8 and decided <= LAST:
            status = (
                "CONFIRMED",
                "CONFIRMED",
                "CONFIRMED",
                "CONFIRMED",
                "CONFIRMED",
                "NOT_A_PROBLEM",
                "DATA_ERROR",
                "RULE_FALSE",
            )[luck]
            self.tables.row(
                "dispositions",
                disposition=f"{id_}-1",
                problem=id_,
                status=status,
                person=monitor,
                at=decided,
                reason="经核实",
            )
        return id_

    def supervise(self, rng: random.Random, case: Case, before: Case | None) -> None:
        """Problems, planted chains, and sometimes a lead."""
        found = case.accepted + (4 + rng.randrange(20)) * DAY
        types = RIGHT[case.type]
        if rng.randrange(100) < 35:
            for _ in range(1 + rng.randrange(2)):
                self.problem(rng, case, types[rng.randrange(len(types))], found)
        if case.type == "PR" and rng.randrange(100) < 4:
            first = before if before and before.events and rng.randrange(2) else case
            chain = [
                self.problem(rng, first, "D01", found),
                self.problem(rng, case, "P11", found + 12 * DAY),
                self.problem(rng, case, "S07", found + 40 * DAY),
            ]
            if all(chain):
                self.chains.append(
                    {"case": case.id, "problems": chain, "types": ["D01", "P11", "S07"]}
                )
        if case.type != "CP" and case.events and rng.randrange(100) < 17:
            self.lead(rng, case, found)

    def lead(self, rng: random.Random, case: Case, found: dt.date) -> None:
        """A lead on one of the routes, with a fate that is drawn first."""
        code = f"R{1 + rng.randrange(6)}"
        type_ = {"R1": "P11", "R2": "P19", "R3": "D12"}.get(code, "P19")
        needs_review = code in {"R2", "R6"}
        if needs_review and (case.closed is None or case.closed + 40 * DAY > LAST):
            return
        start = found + 1 * DAY
        if needs_review:
            start = case.closed + 32 * DAY if case.closed else start
        if rng.randrange(4) == 0:
            start = max(start, LAST - rng.randrange(2, 45) * DAY)
        if start > LAST:
            return
        self.leads += 1
        lead = f"L{self.seed}-{start.year}-{self.leads:06d}"
        review = f"RV-{lead}" if needs_review else None
        if review and case.closed:
            self.tables.row(
                "reviews",
                review=review,
                case=case.id,
                kind="KEY",
                opened=case.closed + 5 * DAY,
                finished=case.closed + 30 * DAY,
                result_category="属实已纠正",
                reviewer=f"{case.unit}-CM-3",
            )
        problem = None
        if code in {"R1", "R2", "R3"}:
            problem = self.problem(rng, case, type_, start, review)
        legs = path(rng, code, case_open=case.closed is None or start <= case.closed)
        cut = len(legs)
        if rng.randrange(100) < 25:
            cut = 1 + rng.randrange(len(legs) - 1)
        begin = dt.datetime.combine(start, dt.time(10))
        walked = walk(rng, legs, begin, case.closed, LAST, cut)
        names = Names(self, rng, case, lead, problem, review, start)
        for step in walked:
            names.fill(step)
        truth: Truth | None = None
        if rng.randrange(100) < 22:
            truth = broken(rng, code, walked)
        truth = truth or outcome(code, legs, walked, case.closed, LAST)
        self.tables.row(
            "leads",
            lead=lead,
            route=code,
            case=case.id,
            unit=case.unit,
            problem=problem,
            review=review,
            alert=names.alert,
        )
        for number, step in enumerate(sorted(walked, key=lambda w: w.number), start=1):
            self.tables.steps.append(
                {
                    "step": f"{lead}-{number}",
                    "lead": lead,
                    "act": step.leg.act,
                    "at": step.at.isoformat(),
                    "by": names.person(step.leg.giver),
                    "mode": "",
                    **step.evidence,
                }
            )
        self.truth[lead] = as_truth(truth)


class Names:
    """The real elements that a lead's evidence names; they are made when they are needed."""

    TEXT: ClassVar[dict[str, str]] = {
        "lesson_r2": "无",
        "lesson_r6": "有",
        "review_kind": "KEY",
        "form": "NOTICE",
        "start_standard": "C",
        "result_category": "属实已纠正",
        "rule_or_none": "无",
        "match": "无规则",
        "basis_or_management_only": "仅限管理",
        "review_date": "2026-03-01",
        "seed": "20240101",
        "annotation": "真实波动",
    }

    def __init__(
        self,
        findings: Findings,
        rng: random.Random,
        case: Case,
        lead: str,
        problem: str | None,
        review: str | None,
        start: dt.date,
    ) -> None:
        self.tables, self.rng, self.case, self.lead = findings.tables, rng, case, lead
        self.problem, self.review, self.start = problem, review, start
        self.root_cause = ""
        self.alert: str | None = None
        quarter = (start.year - 2024) * 4 + (start.month - 1) // 3
        self.value = f"IV-{case.unit}-{2024 + quarter // 4}Q{quarter % 4 + 1}"
        if lead and problem is None and review is None:
            self.alert = f"AL-{lead}"
            self.tables.row(
                "alerts", alert=self.alert, indicator_value=self.value, style="C", raised=start
            )

    def person(self, giver: str) -> str:
        """Who of the unit does what ``giver`` does."""
        seat = {
            "case_mgmt_head": 0,
            "review_organiser": 0,
            "monitor": 1,
            "rule_owner": 2,
            "reviewer": 3,
            "analyst": 5,
            "chief": 6,
        }.get(giver)
        if giver == "system":
            return ""
        return self.case.handler if seat is None else f"{self.case.unit}-CM-{seat}"

    def fill(self, step: Walked) -> None:
        """Give a step the evidence that its hop demands."""
        for need in step.leg.needs:
            if need.startswith("="):
                self.root_cause = need[1:]
                step.evidence["root_cause"] = self.root_cause
            elif need != "root_cause":
                step.evidence[need] = self.value_of(need, step)

    def value_of(self, need: str, step: Walked) -> str:
        """The value of one piece of evidence."""
        case, date = self.case, step.at.date()
        match need:
            case "problem":
                return str(self.problem)
            case "case" | "cases":
                return case.id
            case "node":
                return case.events[0][0]
            case "review":
                if self.review is None:
                    self.review = f"RV-{self.lead}"
                    self.tables.row(
                        "reviews",
                        review=self.review,
                        case=case.id,
                        lead=self.lead,
                        kind="KEY",
                        opened=date,
                        reviewer=f"{case.unit}-CM-3",
                    )
                    answer, self.review = self.review, None
                    return answer
                return self.review
            case "review_or_campaign":
                return str(self.review)
            case "correction" | "corrections":
                id_ = f"CO-{self.lead}-{step.number}"
                self.tables.row(
                    "corrections",
                    correction=id_,
                    problems=self.problem,
                    lead=self.lead,
                    form="NOTICE",
                    root_cause=self.root_cause,
                    issued=date,
                    department=case.handler.rpartition("-")[0],
                )
                return id_
            case "closure_event":
                found = case.at(DECISIVE[case.type])
                return found[0] if found else ""
            case "alert" | "indicator_value_or_alert":
                return str(self.alert)
            case "indicator_value":
                return self.value
            case "mapping":
                id_ = f"MP-{self.lead}"
                self.tables.row(
                    "mappings",
                    mapping=id_,
                    indicator="I10",
                    node=case.events[0][0],
                    state="CANDIDATE",
                    basis="仅限管理",
                )
                return id_
            case "monitoring_rule":
                id_ = f"MR-{self.lead}"
                self.tables.row(
                    "monitoring_rules",
                    monitoring_rule=id_,
                    title="节点监控",
                    status="ACTIVE",
                    valid_from=date,
                    node=case.events[0][0],
                )
                return id_
            case "cited_documents":
                if not case.documents:
                    id_ = f"D-{self.lead}"
                    self.tables.row(
                        "documents", document=id_, case=case.id, template="工作记录", signed=date
                    )
                    case.documents.append(id_)
                return case.documents[0]
            case "result":
                return {"DECIDE_DISPUTE": "PARKED", "DECIDE_OBJECTION": "ANSWERED"}.get(
                    step.leg.act, "属实已纠正"
                )
            case "receipt":
                return f"回执{date.isoformat()}"
        return self.TEXT.get(need, "见附件")
