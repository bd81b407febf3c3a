"""A city of procuratorates: units, staff, matters and their cases, and what is true of them.

Every number comes from ``random.Random`` integers seeded per matter, so one seed gives the same
bytes on every platform, and a larger world begins like a smaller one.
"""

from __future__ import annotations

import datetime as dt
import random
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from functools import lru_cache
from operator import attrgetter
from pathlib import Path
from typing import Any, Literal

from loaders.synthetic import duties, periods
from loaders.synthetic.draft import DAY, FIRST, LAST, Draft, Event, Measure
from loaders.synthetic.findings import Case, Findings
from loaders.synthetic.flow import (
    CAUSES,
    arrest_review,
    draw_arrest,
    draw_course,
    draw_person,
    fill_card,
    hand_over,
    petition,
    prosecution_review,
)
from loaders.synthetic.leads import last_date
from loaders.synthetic.scripts import CODE, Script
from loaders.synthetic.slips import slip
from loaders.synthetic.tables import COLUMNS, Tables
from loaders.synthetic.truth import TruthFile, write_overlay

__all__ = ["Generated", "generate", "last_date"]

UNITS = ("U00", "U01", "U02", "U03", "U04")
DEPARTMENTS = {
    "H1": ("第一检察部（捕诉）", "HANDLING"),
    "H2": ("第二检察部（捕诉）", "HANDLING"),
    "HP": ("控告申诉检察部", "HANDLING"),
    "CM": ("案件管理部", "CASE_MGMT"),
}
MANAGEMENT = ("HEAD", "MONITOR", "MONITOR", "REVIEWER", "REVIEWER", "ANALYST", "CHIEF")
NAMES = {code: name for name, code in CAUSES}
SLIPS = 6
"""In so many of a hundred cases a breach is planted."""
SCRIPTED = 4
"""One matter in so many is scripted."""


@dataclass(frozen=True)
class Generated:
    """What was generated; ``truth`` is the file beside the folder, ``overlay`` the folder of the
    overlay that enforces the rules which no source confirms."""

    cases: int
    events: int
    leads: int
    truth: Path
    overlay: Path

    def as_dict(self) -> dict[str, Any]:
        """The figures as JSON holds them."""
        return {
            "cases": self.cases,
            "events": self.events,
            "leads": self.leads,
            "truth": str(self.truth),
            "overlay": str(self.overlay),
        }


class World:
    """One world in the making."""

    def __init__(self, tables: Tables, truth: TruthFile, wanted: int, seed: int) -> None:
        self.tables, self.truth, self.wanted, self.seed = tables, truth, wanted, seed
        self.findings = Findings(tables, seed)
        self.cases = self.events = 0

    def people(self) -> None:
        """Units, departments and staff."""
        row = self.tables.row
        for at, unit in enumerate(UNITS):
            name = "市检察院" if at == 0 else f"第{at}区检察院"
            level, parent = ("MUNICIPAL", None) if at == 0 else ("BASIC", UNITS[0])
            row("units", unit=unit, name=name, level=level, parent=parent)
            for code, (title, kind) in DEPARTMENTS.items():
                department = f"{unit}-{code}"
                row("departments", department=department, name=title, kind=kind, unit=unit)
                roles = MANAGEMENT if code == "CM" else ("PROSECUTOR",) * 6
                for number, role in enumerate(roles):
                    row(
                        "persons",
                        person=f"{department}-{number}",
                        role=role,
                        department=department,
                    )
        for at, unit in enumerate(UNITS):
            for quarter in range(8):
                period = f"{2024 + quarter // 4}Q{quarter % 4 + 1}"
                row(
                    "indicator_values",
                    indicator_value=f"IV-{unit}-{period}",
                    indicator="I10",
                    unit=unit,
                    period=period,
                    numerator=10 + at + quarter,
                    denominator=60 + 3 * quarter,
                )

    def matter(self, number: int, script: Script | None) -> None:
        """One matter with its cases: drawn, or scripted."""
        rng = random.Random(f"{self.seed}/{number}")
        matter = f"M{self.seed}-{number:06d}"
        unit = UNITS[1 + rng.randrange(4)] if rng.randrange(10) else UNITS[0]
        accepted = FIRST + rng.randrange(0, (LAST - FIRST).days - 5) * DAY
        cause, code = CAUSES[rng.randrange(len(CAUSES))]
        drafts = script.drafts() if script else plans(rng, accepted, code)
        if script:
            cause = NAMES[CODE]
        self.tables.row("matters", matter=matter, title=f"{cause}案")
        before: Case | None = None
        for draft in drafts:
            if self.cases >= self.wanted:
                return
            follows = before if draft.type != "AR" else None
            case = self.case(rng, draft, matter, unit, cause, follows)
            if not script:
                self.findings.supervise(rng, case, before if draft.type == "PR" else None)
            before = case

    def case(
        self,
        rng: random.Random,
        draft: Draft,
        matter: str,
        unit: str,
        cause: str,
        before: Case | None,
    ) -> Case:
        """Write a case as far as it went by the end of the recording."""
        self.cases += 1
        department = "HP" if draft.type == "CP" else f"H{1 + rng.randrange(2)}"
        seat = "CM" if draft.handler_elsewhere else department
        id_ = f"C{self.seed}-{draft.accepted.year}-{self.cases:06d}"
        case = Case(
            id=id_,
            type=draft.type,
            unit=unit,
            handler=f"{unit}-{seat}-{rng.randrange(6)}",
            accepted=draft.accepted,
            closed=_by_the_end(draft.closed),
            parties=[f"{id_}-{n + 1}" for n in range(len(draft.people))],
        )
        self.tables.row(
            "cases",
            case=id_,
            type=case.type,
            accepted=case.accepted,
            closed=case.closed,
            cause=cause,
            outcome=draft.outcome if case.closed else "",
            matter=matter,
            unit=unit,
            department=f"{unit}-{department}",
            handler=case.handler,
            follows=before.id if before else None,
        )
        for party, person in zip(case.parties, draft.people, strict=True):
            self.tables.row(
                "parties",
                party=party,
                case=id_,
                identity=f"{matter}/{party[-1]}",
                status=draft.status,
                minor=person.minor,
            )
        ids = self._events(rng, case, draft)
        self._papers(case, draft, ids)
        self._holdings(case, draft)
        self._notices(case, draft)
        self.truth.of(case, draft)
        return case

    def _events(self, rng: random.Random, case: Case, draft: Draft) -> Mapping[int, str]:
        """Write the events in order of time; their ids."""
        ids: dict[int, str] = {}
        day, nth = FIRST, 0
        happened = sorted((e for e in draft.events if e.on <= LAST), key=attrgetter("on"))
        for number, e in enumerate(happened, start=1):
            id_ = ids[id(e)] = f"{case.id}-E{number:02d}"
            nth = nth + 1 if e.on == day else 0
            day = e.on
            luck = rng.randrange(240)
            recorded = e.recorded
            if recorded is None:
                recorded = min(e.on + (1 + luck % 3) * DAY, LAST) if luck < 60 else e.on
            case.events.append((e.node, id_, e.on))
            self.tables.row(
                "events",
                event=id_,
                case=case.id,
                node=e.node,
                occurred=_occurred(e, nth, luck % 60),
                recorded=recorded,
                person=case.handler,
                party=None if e.party is None else case.parties[e.party],
                outcome=e.act,
                attr_days=e.days,
            )
        self.events += len(happened)
        return ids

    def _papers(self, case: Case, draft: Draft, ids: Mapping[int, str]) -> None:
        """Documents and card fields."""
        signed = [d for d in draft.documents if d.signed <= LAST]
        for number, d in enumerate(signed, start=1):
            document = f"D-{case.id}-{number}"
            case.documents.append(document)
            self.tables.row(
                "documents",
                document=document,
                case=case.id,
                event=ids.get(id(d.event)),
                template=d.template,
                signed=d.signed,
                served=_by_the_end(d.served),
            )
        for number, f in enumerate(draft.fields, start=1):
            if f.entered <= LAST:
                self.tables.row(
                    "card_fields",
                    field_value=f"F-{case.id}-{number}",
                    case=case.id,
                    party=None if f.party is None else case.parties[f.party],
                    field=f.name,
                    value=f.value,
                    entered=f.entered,
                    entered_by=case.handler,
                    basis=f.basis,
                    approved_by=f.approved_by,
                )

    def _holdings(self, case: Case, draft: Draft) -> None:
        """Charges, measures, participants and property."""
        row = self.tables.row
        charges = [c for c in draft.charges if c.on <= LAST]
        for number, c in enumerate(charges, start=1):
            row(
                "charges",
                charge=f"CH-{case.id}-{number}",
                party=case.parties[c.party],
                code=c.code,
                name=NAMES[c.code],
                stage=c.stage,
            )
        for party, measures in draft.measured.items():
            for number, m in enumerate(measures, start=1):
                if m.start <= LAST:
                    row(
                        "measures",
                        measure=f"MS-{case.parties[party]}-{number}",
                        party=case.parties[party],
                        kind=m.kind,
                        **{"from": m.start},
                        to=_by_the_end(m.end),
                        decided_by=m.decided_by,
                    )
        for number, kind in enumerate(draft.participants, start=1):
            row("participants", participant=f"PT-{case.id}-{number}", case=case.id, kind=kind)
        for kind, moves in draft.properties:
            property_ = f"PO-{case.id}"
            row("properties", property=property_, case=case.id, kind=kind)
            for move, on in moves:
                if on <= LAST:
                    row(
                        "property_movements",
                        movement=f"{property_}-{move}",
                        property=property_,
                        kind=move,
                        at=on,
                    )

    def _notices(self, case: Case, draft: Draft) -> None:
        """Monitoring notices with what they answer and how they were answered."""
        for issued, answered in draft.notices:
            department = case.handler.rpartition("-")[0]
            problem, notice = f"PN-{case.id}", f"N-{case.id}"
            monitor = f"{case.unit}-CM-1"
            row = self.tables.row
            row(
                "problems",
                problem=problem,
                type="P19",
                case=case.id,
                found=issued - DAY,
                found_by="PROCEDURAL",
                raised_by_person=monitor,
            )
            row(
                "corrections",
                correction=f"CO-{case.id}",
                problems=problem,
                form="NOTICE",
                root_cause="未做",
                issued=issued,
                department=department,
            )
            row(
                "notices",
                notice=notice,
                correction=f"CO-{case.id}",
                department=department,
                form="NOTICE",
                issued=issued,
            )
            if answered:
                row("replies", reply=f"RE-{case.id}", notice=notice, at=answered, result="已改正")


@lru_cache(maxsize=1)
def programme() -> tuple[Script, ...]:
    """All scripted matters in a fixed order."""
    return tuple(sorted((*periods.scripts(), *duties.scripts()), key=lambda s: s.rank))


def plans(rng: random.Random, accepted: dt.date, code: str) -> list[Draft]:
    """The cases of a matter: an arrest review, a prosecution review, a petition."""
    people = [
        draw_person(rng, accepted)
        for _ in range(1 + (rng.randrange(6) == 0) + (rng.randrange(20) == 0))
    ]
    found: list[Draft] = []
    if rng.randrange(10) < 6:
        review = arrest_review(draw_arrest(rng, people), accepted, people, code)
        found.append(_filled(rng, review))
        assert review.closed is not None
        on = review.closed + (15 + rng.randrange(31)) * DAY
        ends_there = rng.randrange(10) == 0
        hand_over(review, on, released=ends_there)
        if ends_there or on > LAST - 3 * DAY:
            return found
        accepted = on
    else:
        for person in people:
            if rng.randrange(2):
                person.measures.append(Measure("BAIL", accepted - 10 * DAY, None, "POLICE"))
    draft = prosecution_review(draw_course(rng, people, code), accepted, people, code)
    found.append(_filled(rng, draft))
    assert draft.closed is not None
    if rng.randrange(25) == 0 and draft.closed + 20 * DAY < LAST:
        found.append(_filled(rng, petition(draft.closed + 20 * DAY)))
    return found


def _filled(rng: random.Random, draft: Draft) -> Draft:
    """A plan with its card, and perhaps with a breach."""
    fill_card(rng, draft)
    if draft.type != "CP" and rng.randrange(100) < SLIPS:
        slip(rng, draft)
    return draft


def _by_the_end(day: dt.date | None) -> dt.date | None:
    """A day of the recording; what lies after it is not known."""
    return day if day is not None and day <= LAST else None


def _occurred(e: Event, nth: int, minute: int) -> str:
    """A moment as text: the date alone, or with a time that follows those of the day before it."""
    if e.dated:
        return e.on.isoformat()
    if e.time is not None:
        return f"{e.on.isoformat()}T{e.time.isoformat()}"
    return f"{e.on.isoformat()}T{9 + min(nth, 9):02d}:{minute:02d}:00"


def generate(
    folder: Path,
    cases: int,
    seed: int,
    progress: Callable[[int], None] | None = None,
    *,
    world: Literal["default", "scripts"] = "default",
) -> Generated:
    """Write a world of ``cases`` cases to ``folder``; beside it ``folder.truth.json`` and the
    overlay ``folder.overlay``.

    The recording ends on 2025-12-31; cases drawn are accepted from 2024-01-01 on. One matter in
    four is scripted until every script was played; the world ``scripts`` plays each once, whatever
    ``cases``.
    """
    all_, only = programme(), world == "scripts"
    beside = {n: folder.with_name(folder.name + n) for n in (".truth.json", ".overlay")}
    tables = Tables(folder)
    truth = TruthFile(beside[".truth.json"], seed)
    making = World(tables, truth, 2 * len(all_) if only else cases, seed)
    making.people()
    number = 0
    while number < len(all_) if only else making.cases < cases:
        number += 1
        turn, rest = (number, 0) if only else divmod(number, SCRIPTED)
        played = rest == 0 and turn <= len(all_)
        making.matter(number, all_[turn - 1] if played else None)
        if progress and number % 100 == 0:
            progress(making.cases)
    tables.close()
    truth.close(making.cases, making.findings)
    _manifest(folder, seed)
    write_overlay(beside[".overlay"], seed)
    leads = making.findings.leads
    return Generated(making.cases, making.events, leads, *beside.values())


def _manifest(folder: Path, seed: int) -> None:
    (folder / "package.yaml").write_text(
        f"source: demo\ntitle: 合成检察院 {seed}\nsynthetic: true\n"
        f"period: {{from: {FIRST}, to: {LAST}}}\ncomplete: [{', '.join(COLUMNS)}]\n",
        encoding="utf-8",
    )
