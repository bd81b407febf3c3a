"""What persons found in the cases: problems with dispositions, planted chains, leads with verdicts.

Chains and leads rest on what persons raised, never on a rule, so they stand without any overlay.
"""

from __future__ import annotations

import datetime as dt
import itertools
import random
from dataclasses import dataclass, field
from typing import ClassVar

from graph.rulebook import problem_types
from loaders.synthetic.chances import Drawn, threshold
from loaders.synthetic.declared import BEFORE, Chain, Item, World
from loaders.synthetic.draft import DAY, LAST
from loaders.synthetic.leads import Truth, Walked, as_truth, broken, outcome, path, walk
from loaders.synthetic.tables import Tables
from loaders.synthetic.truth import TruthFile

DECISIVE = {"AR": "AR08", "PR": "PR22", "CP": "CP06"}
INTAKE = {"AR": "AR01", "PR": "PR01"}
EARLY = frozenset(itertools.chain(*BEFORE.values()))
DISMISSED = ("NOT_A_PROBLEM", "DATA_ERROR", "RULE_FALSE")

DECIDED_BY = {"AR": 60, "PR": 220}
"""Days after intake by which nearly every case is decided and 40 days have passed."""


@dataclass
class Case:
    """A case as it was written."""

    id: str
    type: str
    unit: str
    handler: str
    accepted: dt.date
    closed: dt.date | None = None
    drawn: Drawn | None = None
    parties: list[str] = field(default_factory=list)
    events: list[tuple[str, str, dt.date]] = field(default_factory=list)
    documents: list[str] = field(default_factory=list)

    def at(self, node: str) -> tuple[str, dt.date] | None:
        """The first event at a node and its date."""
        return next(((e, d) for n, e, d in self.events if n == node), None)


class Findings:
    """Problems and leads of a world, with what is true of them."""

    def __init__(self, tables: Tables, truth: TruthFile, world: World, seed: int) -> None:
        self.tables, self.truth, self.world, self.seed = tables, truth, world, seed
        self.problems = self.leads = 0
        self.shares = {k: threshold(share) for k, share in world.leads.items()}
        self.chains = [threshold(chain.share) for chain in world.chains]

    def problem(
        self,
        rng: random.Random,
        case: Case,
        type_: str,
        found: dt.date,
        *,
        node: str,
        counted: bool | None = None,
        review: str | None = None,
    ) -> str:
        """One problem at a node that the case passed, with what a person decided on it.

        ``counted``: whether it is not dismissed (None: three in ten are).
        """
        self.problems += 1
        id_ = f"P{self.seed}-{self.problems:06d}"
        declared = problem_types()[type_]
        passed = case.at(node)
        assert passed, node
        monitor = f"{case.unit}-CM-{1 + rng.randrange(2)}"
        seen_by = declared.kind if rng.randrange(5) else "SUBSTANTIVE"
        self.tables.row(
            "problems",
            problem=id_,
            type=type_,
            case=case.id,
            node=node,
            event=passed[0],
            found=found,
            found_by=seen_by,
            raised_by_review=review,
            raised_by_person=None if review else monitor,
        )
        decided = found + (1 + rng.randrange(6)) * DAY
        luck = rng.randrange(10)
        dismissed = luck > 6 if counted is None else not counted
        if dismissed:
            decided = min(decided, LAST)
        elif luck < 2:
            return id_
        if decided <= LAST:
            self.tables.row(
                "dispositions",
                disposition=f"{id_}-1",
                problem=id_,
                status=DISMISSED[rng.randrange(3)] if dismissed else "CONFIRMED",
                person=monitor,
                at=decided,
                reason="经核实",
            )
        return id_

    def found(self, rng: random.Random, case: Case) -> None:
        """The problems that were drawn for a case, at the nodes that it passed.

        What would be found after the end of the recording was found at once, so that whether a
        problem is there depends on nothing but its node.
        """
        if case.drawn is None:
            return
        first: dict[str, tuple[str, dt.date]] = {}
        for node, event, on in case.events:
            first.setdefault(node, (event, on))
        counted: set[Item] = set()
        for one in case.drawn.problems:
            if one.node not in first:
                continue
            on = first[one.node][1]
            found = min(on + (1 + rng.randrange(2)) * DAY, LAST)
            later = max(on, case.closed or on) + (15 + rng.randrange(30)) * DAY
            review = None
            if one.late and later <= LAST:
                found = later
                if one.review:
                    review = f"RV-{case.id}"
                    self.tables.row(
                        "reviews",
                        review=review,
                        case=case.id,
                        kind="KEY",
                        opened=found - 10 * DAY,
                        finished=found,
                        result_category="属实已纠正",
                        reviewer=f"{case.unit}-CM-3",
                    )
            self.problem(
                rng, case, one.type, found, node=one.node, counted=one.counted, review=review
            )
            if one.counted:
                counted.add((one.type, one.node))
        self.truth.supports(case.drawn, set(first), counted)

    def supervise(self, rng: random.Random, case: Case, before: Case | None) -> None:
        """Planted chains, and sometimes a lead."""
        found = case.accepted + (4 + rng.randrange(20)) * DAY
        if case.type == "PR":
            for number, chain in enumerate(self.world.chains):
                if rng.getrandbits(32) < self.chains[number]:
                    self.chain(rng, chain, case, before)
        if case.type != "CP" and case.events and rng.getrandbits(32) < self.shares["share"]:
            self.lead(rng, case, found)

    def chain(self, rng: random.Random, chain: Chain, case: Case, before: Case | None) -> None:
        """One chain, where its matter passed all of its nodes before the recording ended."""
        turns: list[tuple[Case, Item, dt.date]] = []
        on = dt.date.min
        for item, days in zip(chain.items, (1, 3, 12), strict=True):
            its = before if item[1].startswith("AR") else case
            passed = its.at(item[1]) if its else None
            if its is None or passed is None:
                return
            on = max(on, passed[1]) + (days + rng.randrange(5)) * DAY
            turns.append((its, item, on))
        if on > LAST:
            return
        problems = [
            self.problem(rng, its, type_, found, node=node, counted=True)
            for its, (type_, node), found in turns
        ]
        self.truth.chain(case.id, problems, [type_ for type_, _ in chain.items])

    def lead(self, rng: random.Random, case: Case, found: dt.date) -> None:
        """A lead on one of the routes, with a fate that is drawn first."""
        code = f"R{1 + rng.randrange(6)}"
        type_ = {"R1": "P11", "R2": "P19", "R3": "D12"}.get(code, "P19")
        needs_review = code in {"R2", "R6"}
        # Whether there is a lead may depend on the day of intake, never on how the case went.
        if needs_review and case.accepted + DECIDED_BY[case.type] * DAY > LAST:
            return
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
            # At a node that no outcome of the case leads to or past.
            early = [n for n in problem_types()[type_].nodes if n in EARLY]
            places = [*early, INTAKE[case.type], case.events[0][0]]
            node = next(n for n in places if case.at(n))
            problem = self.problem(rng, case, type_, start, node=node, review=review)
        legs = path(rng, code, case_open=case.closed is None or start <= case.closed)
        cut = len(legs)
        if rng.getrandbits(32) < self.shares["cut"]:
            cut = 1 + rng.randrange(len(legs) - 1)
        begin = dt.datetime.combine(start, dt.time(10))
        walked = walk(rng, legs, begin, case.closed, LAST, cut)
        names = Names(self, rng, case, lead, problem, review, start)
        for step in walked:
            names.fill(step)
        truth: Truth | None = None
        if rng.getrandbits(32) < self.shares["broken"]:
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
            self.tables.row(
                "lead_steps",
                step=f"{lead}-{number}",
                lead=lead,
                act=step.leg.act,
                at=step.at.isoformat(),
                by=names.person(step.leg.giver),
                mode="",
                **step.evidence,
            )
        self.truth.lead(lead, as_truth(truth))


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
        self.value = f"IV-{case.unit}-{start.year}Q{(start.month - 1) // 3 + 1}"
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
