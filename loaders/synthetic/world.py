"""A city of procuratorates: units, staff, matters, cases, events, problems, leads.

Every number comes from ``random.Random`` integers seeded per matter, so one seed gives the same
bytes on every platform, and a larger world begins like a smaller one.
"""

from __future__ import annotations

import csv
import datetime as dt
import json
import random
from collections.abc import Callable
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, ClassVar

from graph.rulebook import nodes, problem_types
from loaders.synthetic.leads import (
    Truth,
    Walked,
    as_truth,
    broken,
    last_date,
    outcome,
    path,
    walk,
)

__all__ = ["Generated", "generate", "last_date"]

FIRST, LAST = dt.date(2024, 1, 1), dt.date(2025, 12, 31)
DAY = dt.timedelta(days=1)
UNITS = ("U00", "U01", "U02", "U03", "U04")
CAUSES = (
    ("盗窃罪", 264),
    ("危险驾驶罪", 133),
    ("诈骗罪", 266),
    ("故意伤害罪", 234),
    ("帮助信息网络犯罪活动罪", 287),
    ("交通肇事罪", 134),
    ("寻衅滋事罪", 293),
)
COLUMNS: dict[str, tuple[str, ...]] = {
    "units": ("unit", "name", "level", "parent"),
    "departments": ("department", "name", "kind", "unit"),
    "persons": ("person", "name", "role", "department"),
    "matters": ("matter", "title"),
    "cases": (
        "case",
        "type",
        "accepted",
        "closed",
        "cause",
        "outcome",
        "secrecy",
        "matter",
        "unit",
        "department",
        "handler",
        "follows",
    ),
    "parties": ("party", "case", "identity", "status", "minor"),
    "charges": ("charge", "party", "code", "name", "stage"),
    "measures": ("measure", "party", "kind", "from", "to"),
    "events": ("event", "case", "node", "occurred", "recorded", "person", "party", "outcome"),
    "documents": ("document", "case", "event", "template", "signed", "served"),
    "card_fields": ("field_value", "case", "party", "field", "value", "entered", "entered_by"),
    "problems": (
        "problem",
        "type",
        "case",
        "node",
        "event",
        "found",
        "found_by",
        "raised_by_review",
        "raised_by_person",
        "description",
    ),
    "dispositions": ("disposition", "problem", "status", "person", "at", "reason"),
    "reviews": (
        "review",
        "case",
        "lead",
        "kind",
        "opened",
        "finished",
        "result_category",
        "reviewer",
    ),
    "corrections": ("correction", "problems", "lead", "form", "root_cause", "issued", "department"),
    "indicator_values": (
        "indicator_value",
        "indicator",
        "unit",
        "period",
        "numerator",
        "denominator",
    ),
    "alerts": ("alert", "indicator_value", "style", "raised"),
    "mappings": ("mapping", "indicator", "node", "state", "basis"),
    "monitoring_rules": ("monitoring_rule", "title", "status", "valid_from", "node"),
    "leads": ("lead", "route", "case", "unit", "problem", "review", "alert"),
    "lead_steps": ("step", "lead", "act", "at", "by", "mode"),
}
HANDLING = {"AR": "捕诉部", "PR": "捕诉部", "CP": "控申部"}
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


@dataclass(frozen=True)
class Generated:
    """What was generated."""

    cases: int
    events: int
    leads: int
    truth: Path

    def as_dict(self) -> dict[str, Any]:
        """The figures as JSON holds them."""
        return {
            "cases": self.cases,
            "events": self.events,
            "leads": self.leads,
            "truth": str(self.truth),
        }


@dataclass
class Case:
    """A case while it is being made."""

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


class World:
    """One world in the making; tables are written as they grow."""

    def __init__(self, folder: Path, cases: int, seed: int) -> None:
        self.folder, self.wanted, self.seed = folder, cases, seed
        self.cases = self.events = self.leads = self.problems = 0
        self.truth: dict[str, Any] = {}
        self.chains: list[dict[str, Any]] = []
        folder.mkdir(parents=True, exist_ok=True)
        self._files = {
            name: (folder / f"{name}.csv").open("w", encoding="utf-8", newline="")
            for name in COLUMNS
            if name != "lead_steps"
        }
        self._writers = {n: csv.writer(f, lineterminator="\n") for n, f in self._files.items()}
        for name, writer in self._writers.items():
            writer.writerow(COLUMNS[name])
        self._steps: list[dict[str, str]] = []
        self._open: dict[str, Any] = {}

    def row(self, table: str, **values: Any) -> None:
        """Write one row."""
        self._writers[table].writerow([_cell(values.get(c)) for c in COLUMNS[table]])

    def close(self) -> None:
        """Finish the files; the steps come last because their columns are those in use."""
        for file in self._files.values():
            file.close()
        used = sorted({k for s in self._steps for k in s} - set(COLUMNS["lead_steps"]))
        with (self.folder / "lead_steps.csv").open("w", encoding="utf-8", newline="") as file:
            writer = csv.DictWriter(
                file, [*COLUMNS["lead_steps"], *used], restval="", lineterminator="\n"
            )
            writer.writeheader()
            writer.writerows(self._steps)

    def people(self) -> None:
        """Units, departments and staff."""
        for at, unit in enumerate(UNITS):
            name = "市检察院" if at == 0 else f"第{at}区检察院"
            self.row(
                "units",
                unit=unit,
                name=name,
                level="MUNICIPAL" if at == 0 else "BASIC",
                parent=None if at == 0 else UNITS[0],
            )
            for code, title, kind in (
                ("H1", "第一检察部（捕诉）", "HANDLING"),
                ("H2", "第二检察部（捕诉）", "HANDLING"),
                ("HP", "控告申诉检察部", "HANDLING"),
                ("CM", "案件管理部", "CASE_MGMT"),
            ):
                self.row(
                    "departments", department=f"{unit}-{code}", name=title, kind=kind, unit=unit
                )
                roles = ["PROSECUTOR"] * 6
                if code == "CM":
                    roles = [
                        "HEAD",
                        "MONITOR",
                        "MONITOR",
                        "REVIEWER",
                        "REVIEWER",
                        "ANALYST",
                        "CHIEF",
                    ]
                for number, role in enumerate(roles):
                    self.row(
                        "persons",
                        person=f"{unit}-{code}-{number}",
                        role=role,
                        department=f"{unit}-{code}",
                    )
        for at, unit in enumerate(UNITS):
            for quarter in range(8):
                period = f"{2024 + quarter // 4}Q{quarter % 4 + 1}"
                self.row(
                    "indicator_values",
                    indicator_value=f"IV-{unit}-{period}",
                    indicator="I10",
                    unit=unit,
                    period=period,
                    numerator=10 + at + quarter,
                    denominator=60 + 3 * quarter,
                )

    def matter(self, number: int) -> None:
        """One matter with its cases."""
        rng = random.Random(f"{self.seed}/{number}")
        matter = f"M{self.seed}-{number:06d}"
        unit = UNITS[1 + rng.randrange(4)] if rng.randrange(10) else UNITS[0]
        accepted = FIRST + rng.randrange(0, (LAST - FIRST).days - 5) * DAY
        cause, article = CAUSES[rng.randrange(len(CAUSES))]
        self.row("matters", matter=matter, title=f"{cause}案")
        people = 1 + (rng.randrange(6) == 0) + (rng.randrange(20) == 0)
        before: Case | None = None
        arrested: set[int] = set()
        if rng.randrange(10) < 6:
            before = self.case(rng, "AR", matter, unit, accepted, cause, people, None)
            arrested = self.arrest_review(rng, before)
            self.after_case(rng, before)
            if rng.randrange(10) == 0:
                return
            accepted = accepted + (20 + rng.randrange(50)) * DAY
        if accepted > LAST - 3 * DAY or self.cases >= self.wanted:
            return
        case = self.case(rng, "PR", matter, unit, accepted, cause, people, before)
        for at, party in enumerate(case.parties):
            self.row(
                "charges",
                charge=f"CH-{party}",
                party=party,
                code=str(article),
                name=cause,
                stage="TRANSFER",
            )
            if at in arrested:
                self.row(
                    "measures",
                    measure=f"MS-{party}",
                    party=party,
                    kind="ARREST",
                    **{"from": accepted - 15 * DAY},
                )
            elif rng.randrange(2):
                self.row(
                    "measures",
                    measure=f"MS-{party}",
                    party=party,
                    kind="BAIL",
                    **{"from": accepted - 10 * DAY},
                )
        self.prosecution_review(rng, case)
        self.after_case(rng, case, before)
        after = case.closed + 20 * DAY if case.closed else LAST
        if rng.randrange(25) == 0 and after < LAST and self.cases < self.wanted:
            petition = self.case(rng, "CP", matter, unit, after, cause, 1, case)
            self.walk_nodes(rng, petition, (("CP01", 0), ("CP04", 5), ("CP05", 20), ("CP06", 25)))
            self.after_case(rng, petition)

    def case(
        self,
        rng: random.Random,
        type_: str,
        matter: str,
        unit: str,
        accepted: dt.date,
        cause: str,
        people: int,
        before: Case | None,
    ) -> Case:
        """A case with its parties; its row is written when it is finished."""
        self.cases += 1
        department = "HP" if type_ == "CP" else f"H{1 + rng.randrange(2)}"
        case = Case(
            id=f"C{self.seed}-{accepted.year}-{self.cases:06d}",
            type=type_,
            unit=unit,
            handler=f"{unit}-{department}-{rng.randrange(6)}",
            accepted=accepted,
        )
        for number in range(people):
            case.parties.append(f"{case.id}-{number + 1}")
        self._open = {
            "matter": matter,
            "cause": cause,
            "follows": before.id if before else None,
            "department": f"{unit}-{department}",
            "minors": [rng.randrange(20) == 0 for _ in range(people)],
        }
        return case

    def after_case(self, rng: random.Random, case: Case, before: Case | None = None) -> None:
        """Write the case, then what supervision found in it."""
        opened = self._open
        self.row(
            "cases",
            case=case.id,
            type=case.type,
            accepted=case.accepted,
            closed=case.closed,
            cause=opened["cause"],
            matter=opened["matter"],
            unit=case.unit,
            department=opened["department"],
            handler=case.handler,
            follows=opened["follows"],
        )
        for party, minor in zip(case.parties, opened["minors"], strict=True):
            self.row(
                "parties",
                party=party,
                case=case.id,
                identity=f"{opened['matter']}/{party[-1]}",
                status="PETITIONER" if case.type == "CP" else "SUSPECT",
                minor=minor,
            )
        if rng.randrange(3) == 0:
            self.row(
                "card_fields",
                field_value=f"F-{case.id}",
                case=case.id,
                field="受理日期",
                value=case.accepted.isoformat(),
                entered=case.accepted,
                entered_by=case.handler,
            )
        self.supervise(rng, case, before)

    def event(
        self,
        rng: random.Random,
        case: Case,
        node: str,
        date: dt.date,
        party: str | None = None,
        outcome_: str | None = None,
    ) -> bool:
        """One event; False once the recording has ended."""
        recorded = date + (rng.randrange(4) == 0) * rng.randrange(1, 4) * DAY
        if recorded > LAST:
            return False
        self.events += 1
        id_ = f"{case.id}-E{len(case.events) + 1:02d}"
        clock = dt.time(9 + min(len(case.events) // 4, 7), rng.randrange(60))
        case.events.append((node, id_, date))
        self.row(
            "events",
            event=id_,
            case=case.id,
            node=node,
            occurred=dt.datetime.combine(date, clock),
            recorded=recorded,
            person=case.handler,
            party=party,
            outcome=outcome_,
        )
        if node in {"AR09", "PR11", "PR13", "PR15", "PR23", "CP06"}:
            document = f"D-{id_}"
            case.documents.append(document)
            self.row(
                "documents",
                document=document,
                case=case.id,
                event=id_,
                template=nodes()[node].zh,
                signed=date,
                served=date,
            )
        if node == DECISIVE[case.type] and case.closed is None:
            case.closed = date
        return True

    def walk_nodes(self, rng: random.Random, case: Case, plan: tuple[tuple[str, int], ...]) -> bool:
        """Events at nodes, some days after acceptance each; False when the recording ends."""
        return all(self.event(rng, case, node, case.accepted + days * DAY) for node, days in plan)

    def arrest_review(self, rng: random.Random, case: Case) -> set[int]:
        """Events of an arrest review; the numbers of the parties that were arrested."""
        skipped = rng.randrange(12)
        plan = [("AR01", 0), ("AR02", 0), ("AR03", 1), ("AR04", 3), ("AR05", 3), ("AR07", 4)]
        if skipped < 4:
            plan.pop(2 + skipped)
        if not self.walk_nodes(rng, case, tuple(plan)):
            return set()
        date = case.accepted + (5 + rng.randrange(3)) * DAY
        arrested: set[int] = set()
        for at, party in enumerate(case.parties):
            decision = "ARREST" if rng.randrange(100) < 72 else "NO_ARREST"
            if not self.event(rng, case, "AR08", date, party, decision):
                return arrested
            if decision == "ARREST":
                arrested.add(at)
        after = [("AR09", 0), ("AR10", 2)] + ([("AR11", 2)] if arrested else [])
        for node, days in [*after, ("AR18", 10), ("AR19", 20)]:
            if not self.event(rng, case, node, date + days * DAY):
                break
        return arrested

    def prosecution_review(self, rng: random.Random, case: Case) -> None:
        """Events of a prosecution review, and of the first instance where charges were brought."""
        plan = [
            ("PR01", 0),
            ("PR02", 0),
            ("PR03", 2),
            ("PR04", 2),
            ("PR07", 4),
            ("PR08", 8),
            ("PR09", 9),
        ]
        if rng.randrange(10) == 0:
            plan.pop(2 + rng.randrange(4))
        if not self.walk_nodes(rng, case, tuple(plan)):
            return
        day = 10 + rng.randrange(10)
        for party in case.parties:
            if rng.randrange(100) < 82 and not self.event(
                rng, case, "PR10", case.accepted + day * DAY, party, "SIGNED"
            ):
                return
        hard = rng.randrange(100)
        steps: list[tuple[str, int]] = []
        if hard < 18:
            steps += [("PR15", 3)]
        if hard < 12 or hard > 88:
            steps += [("PR11", 5), ("PR12", 28)]
            if hard % 3 == 0:
                steps += [("PR13", 20), ("PR14", 28)]
        for node, days in [*steps, ("PR20", 6)]:
            day += days
            if not self.event(rng, case, node, case.accepted + day * DAY):
                return
        day += 1 + rng.randrange(5)
        prosecuted: list[str] = []
        for party in case.parties:
            luck = rng.randrange(100)
            decision = "PROSECUTE" if luck < 80 else "NON_PROSECUTION"
            decision = "CONDITIONAL_NON_PROSECUTION" if luck > 97 else decision
            if not self.event(rng, case, "PR22", case.accepted + day * DAY, party, decision):
                return
            if decision == "PROSECUTE":
                prosecuted.append(party)
        later: list[tuple[str, int, str | None, str | None]] = []
        if not prosecuted:
            later += [("PR25", 2, None, None), ("PR26", 2, None, None)]
        else:
            later += [(n, d, None, None) for n, d in (("PR23", 0), ("PR24", 0), ("PR31", 1))]
            withdrawn = rng.randrange(60) == 0
            for party in prosecuted:
                verdict = "ACQUITTED" if rng.randrange(80) == 0 else "GUILTY"
                later.append(
                    ("PR35", 25, party, None) if withdrawn else ("PR36", 30, party, verdict)
                )
            later += [("PR37", 3, None, None)]
        for node, days, who, outcome_ in [*later, ("PR45", 20, None, None)]:
            day += days if node not in {"PR36", "PR35"} or who == prosecuted[0] else 0
            if not self.event(rng, case, node, case.accepted + day * DAY, who, outcome_):
                return

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
        self.row(
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
            self.row(
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
        if case.type != "CP" and case.events and rng.randrange(100) < 14:
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
            self.row(
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
        self.row(
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
            self._steps.append(
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
        world: World,
        rng: random.Random,
        case: Case,
        lead: str,
        problem: str | None,
        review: str | None,
        start: dt.date,
    ) -> None:
        self.world, self.rng, self.case, self.lead = world, rng, case, lead
        self.problem, self.review, self.start = problem, review, start
        self.root_cause = ""
        self.alert: str | None = None
        quarter = (start.year - 2024) * 4 + (start.month - 1) // 3
        self.value = f"IV-{case.unit}-{2024 + quarter // 4}Q{quarter % 4 + 1}"
        if lead and problem is None and review is None:
            self.alert = f"AL-{lead}"
            world.row(
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
                    self.world.row(
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
                self.world.row(
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
                self.world.row(
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
                self.world.row(
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
                    self.world.row(
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


def _cell(value: Any) -> Any:
    if isinstance(value, dt.datetime | dt.date):
        return value.isoformat()
    if isinstance(value, bool):
        return "true" if value else "false"
    return "" if value is None else value


def generate(
    folder: Path, cases: int, seed: int, progress: Callable[[int], None] | None = None
) -> Generated:
    """Write a world of at least ``cases`` cases to ``folder``, its truth to ``folder.truth.json``.

    The recording ends on 2025-12-31; cases accepted from 2024-01-01 on.
    """
    world = World(folder, cases, seed)
    world.people()
    number = 0
    while world.cases < cases:
        number += 1
        world.matter(number)
        if progress and number % 100 == 0:
            progress(world.cases)
    world.close()
    (folder / "package.yaml").write_text(
        f"source: demo\ntitle: 合成检察院 {seed}\nsynthetic: true\n"
        f"period: {{from: {FIRST}, to: {LAST}}}\ncomplete: [{', '.join(COLUMNS)}]\n",
        encoding="utf-8",
    )
    truth = folder.with_name(folder.name + ".truth.json")
    truth.write_text(
        json.dumps(
            {
                "seed": seed,
                "data_date": LAST.isoformat(),
                "cases": world.cases,
                "leads": world.truth,
                "chains": world.chains,
            },
            ensure_ascii=False,
            indent=1,
        ),
        encoding="utf-8",
    )
    return Generated(world.cases, world.events, world.leads, truth)
