"""A city of procuratorates: units, staff, matters and their cases, and what is true of them.

Every number comes from ``random.Random`` integers seeded per matter, so one seed gives the same
bytes on every platform, and a larger world begins like a smaller one.
"""

from __future__ import annotations

import datetime as dt
import random
from bisect import bisect
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from functools import lru_cache
from itertools import accumulate
from operator import attrgetter
from pathlib import Path
from typing import Any

from graph.errors import InputError
from loaders.synthetic import duties, periods
from loaders.synthetic.chances import Chances, Drawn, Stratum, class_of, threshold
from loaders.synthetic.declared import World, read_world
from loaders.synthetic.dirt import soil
from loaders.synthetic.draft import DAY, FIRST, LAST, Draft, Event, Measure, Person
from loaders.synthetic.findings import Case, Findings
from loaders.synthetic.flow import (
    CAUSES,
    arrest_review,
    deviate,
    draw_arrest,
    draw_course,
    draw_person,
    fill_card,
    hand_over,
    notice_can_be_late,
    petition,
    prosecution_review,
)
from loaders.synthetic.leads import last_date
from loaders.synthetic.scripts import CODE, Script
from loaders.synthetic.slips import slip
from loaders.synthetic.tables import Tables
from loaders.synthetic.truth import TruthFile, write_overlay

__all__ = ["Generated", "generate", "last_date"]

MANAGEMENT = ("HEAD", "MONITOR", "MONITOR", "REVIEWER", "REVIEWER", "ANALYST", "CHIEF")
NAMES = {code: name for name, code in CAUSES}
NUMERALS = "一二三四五六七八九"
DAYS = (31, 28, 31, 30, 31, 30, 31, 31, 30, 31, 30, 31)
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


class Making:
    """One world in the making."""

    def __init__(
        self, tables: Tables, truth: TruthFile, world: World, wanted: int, seed: int
    ) -> None:
        self.tables, self.truth, self.world = tables, truth, world
        self.wanted, self.seed = wanted, seed
        self.chances = Chances(world)
        self.findings = Findings(tables, truth, world, seed)
        self.weights = list(accumulate(u.weight for u in world.units))
        self.months = list(accumulate(world.months))
        self.breaches = threshold(world.breaches)
        self.cases = self.events = 0

    def people(self) -> None:
        """Units, departments and staff."""
        row = self.tables.row
        for at, profile in enumerate(self.world.units):
            unit = f"U{at:02d}"
            name = "市检察院" if at == 0 else f"第{at}区检察院"
            level, parent = ("MUNICIPAL", None) if at == 0 else ("BASIC", "U00")
            row("units", unit=unit, name=name, level=level, parent=parent)
            handling = {
                f"H{n + 1}": f"第{NUMERALS[n]}检察部（捕诉）" for n in range(profile.departments)
            }
            departments = handling | {"HP": "控告申诉检察部", "CM": "案件管理部"}
            for code, title in departments.items():
                department = f"{unit}-{code}"
                kind = "CASE_MGMT" if code == "CM" else "HANDLING"
                row("departments", department=department, name=title, kind=kind, unit=unit)
                roles = MANAGEMENT if code == "CM" else ("PROSECUTOR",) * profile.staff
                for number, role in enumerate(roles):
                    row(
                        "persons",
                        person=f"{department}-{number}",
                        role=role,
                        department=department,
                    )
        for at, _ in enumerate(self.world.units):
            for quarter in range(4 * self.world.years):
                period = f"{self.world.first_year + quarter // 4}Q{quarter % 4 + 1}"
                row(
                    "indicator_values",
                    indicator_value=f"IV-U{at:02d}-{period}",
                    indicator="I10",
                    unit=f"U{at:02d}",
                    period=period,
                    numerator=10 + at + quarter,
                    denominator=60 + 3 * quarter,
                )

    def accepted(self, rng: random.Random) -> dt.date:
        """The day on which a matter comes in; busy months take more."""
        year = self.world.first_year + rng.randrange(self.world.years)
        month = 1 + bisect(self.months, rng.randrange(self.months[-1]))
        days = 26 if (year, month) == (LAST.year, LAST.month) else DAYS[month - 1]
        return dt.date(year, month, 1 + rng.randrange(days))

    def matter(self, number: int, script: Script | None) -> None:
        """One matter with its cases: drawn, or scripted."""
        rng = random.Random(f"{self.seed}/{number}")
        matter = f"M{self.seed}-{number:06d}"
        unit = bisect(self.weights, rng.randrange(self.weights[-1]))
        accepted = self.accepted(rng)
        cause, code = CAUSES[rng.randrange(len(CAUSES))]
        if script:
            drafts, cause = script.drafts(), NAMES[CODE]
            for draft in drafts:
                draft.department = rng.randrange(self.world.units[unit].departments)
                stratum = self.stratum(draft, unit)
                if stratum:
                    draft.drawn = Drawn(stratum, problems=self.chances.problems(rng, stratum))
        else:
            drafts = self.plans(rng, unit, accepted, code)
        self.tables.row("matters", matter=matter, title=f"{cause}案")
        before: Case | None = None
        for draft in drafts:
            if self.cases >= self.wanted:
                return
            follows = before if draft.type != "AR" else None
            case = self.case(rng, draft, matter, unit, cause, follows)
            self.findings.found(rng, case)
            if not script:
                self.findings.supervise(rng, case, before if draft.type == "PR" else None)
            before = case

    def stratum(self, draft: Draft, unit: int) -> Stratum | None:
        """The stratum of a case; none outside the years of the world."""
        accepted = draft.accepted
        quarter = 4 * (accepted.year - self.world.first_year) + (accepted.month - 1) // 3
        if not 0 <= quarter < 4 * self.world.years:
            return None
        return draft.type, unit, quarter, class_of(len(draft.people)), draft.department

    def plans(self, rng: random.Random, unit: int, accepted: dt.date, code: str) -> list[Draft]:
        """The cases of a matter: an arrest review, a prosecution review, a petition."""
        people = [
            draw_person(rng, accepted)
            for _ in range(1 + (rng.randrange(6) == 0) + (rng.randrange(20) == 0))
        ]
        found: list[Draft] = []
        if rng.randrange(10) < 6:
            drawn = self.drawn(rng, "AR", unit, accepted, people)
            arrest = draw_arrest(rng, people, drawn.outcomes)
            review = arrest_review(arrest, accepted, people, code)
            found.append(self.finished(rng, review, drawn))
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
        drawn = self.drawn(rng, "PR", unit, accepted, people)
        draft = prosecution_review(draw_course(rng, people, code, drawn), accepted, people, code)
        found.append(self.finished(rng, draft, drawn))
        assert draft.closed is not None
        if rng.randrange(25) == 0 and draft.closed + 20 * DAY < LAST:
            on = draft.closed + 20 * DAY
            drawn = self.drawn(rng, "CP", unit, on, [Person()])
            found.append(self.finished(rng, petition(on), drawn))
        return found

    def drawn(
        self, rng: random.Random, type_: str, unit: int, accepted: dt.date, people: list[Person]
    ) -> Drawn:
        """What a case is given."""
        draft = Draft(type_, accepted, people)
        if type_ != "CP":
            draft.department = rng.randrange(self.world.units[unit].departments)
        stratum = self.stratum(draft, unit)
        assert stratum is not None, "drawn within the years of the world"
        late = type_ != "PR" or notice_can_be_late(accepted)
        return self.chances.draw(rng, stratum, frozenset() if late else {("PR03", "late")})

    def finished(self, rng: random.Random, draft: Draft, drawn: Drawn) -> Draft:
        """A plan with its card and its deviations, and perhaps with a breach."""
        draft.drawn, draft.department = drawn, drawn.stratum[-1]
        fill_card(rng, draft)
        deviate(draft)
        if draft.type != "CP" and rng.getrandbits(32) < self.breaches and not draft.planted:
            slip(rng, draft)
        return draft

    def case(
        self,
        rng: random.Random,
        draft: Draft,
        matter: str,
        number: int,
        cause: str,
        before: Case | None,
    ) -> Case:
        """Write a case as far as it went by the end of the recording."""
        self.cases += 1
        unit = f"U{number:02d}"
        department = "HP" if draft.type == "CP" else f"H{draft.department + 1}"
        seat = "CM" if draft.handler_elsewhere else department
        seats = len(MANAGEMENT) if seat == "CM" else self.world.units[number].staff
        id_ = f"C{self.seed}-{draft.accepted.year}-{self.cases:06d}"
        case = Case(
            id=id_,
            type=draft.type,
            unit=unit,
            handler=f"{unit}-{seat}-{rng.randrange(seats)}",
            accepted=draft.accepted,
            closed=_by_the_end(draft.closed),
            drawn=draft.drawn,
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
                minor="true" if person.minor else "false",
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
    world: str = "default",
    years: int = 2,
    units: int | None = None,
    dirt: float = 0,
) -> Generated:
    """Write a world of ``cases`` cases to ``folder``; beside it ``folder.truth.json`` and the
    overlay ``folder.overlay``.

    ``world`` is a shipped world (``default``, ``null``), the path of a world file, or ``scripts``:
    each scripted matter once, whatever ``cases``. The recording ends on 2025-12-31 and goes back
    ``years`` (1 to 5). In a world with scripts one matter in four is scripted until every script
    was played. ``units``: procuratorates (default: those of the world file). ``dirt``: so many
    faults for each row are planted in the written package (0 to 0.2), see
    :mod:`loaders.synthetic.dirt`. Raises InputError ``world.…``.
    """
    for field, value, least, most in (
        ("years", years, 1, 5),
        ("units", 1 if units is None else units, 1, 99),
        ("dirt", dirt, 0, 0.2),
    ):
        if not least <= value <= most:
            raise InputError("world.bad_number", field=field, value=value, least=least, most=most)
    only = world == "scripts"
    declared = read_world("default" if only else world, seed, years, units)
    all_ = programme() if declared.scripts else ()
    beside = {n: folder.with_name(folder.name + n) for n in (".truth.json", ".overlay")}
    tables = Tables(folder)
    truth = TruthFile(beside[".truth.json"], declared, seed)
    making = Making(tables, truth, declared, 2 * len(all_) if only else cases, seed)
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
    first = dt.date(declared.first_year, 1, 1)
    _manifest(folder, seed, declared.title, min(first, FIRST) if all_ else first)
    for fault in soil(folder, dirt, seed) if dirt else ():
        truth.fault(fault)
    truth.close(making.cases)
    write_overlay(beside[".overlay"], seed, min(first, FIRST))
    leads = making.findings.leads
    return Generated(making.cases, making.events, leads, *beside.values())


COMPLETE = (
    *("cases", "events", "card_fields", "property_movements"),
    *("problems", "dispositions", "alerts", "lead_steps"),
)
"""Tables whose rows say when they came to be known: the period of the package binds them."""


def _manifest(folder: Path, seed: int, title: str, first: dt.date) -> None:
    (folder / "package.yaml").write_text(
        f"source: demo\ntitle: {title} {seed}\nsynthetic: true\n"
        f"period: {{from: {first}, to: {LAST}}}\ncomplete: [{', '.join(COMPLETE)}]\n",
        encoding="utf-8",
    )
