"""Scripted matters: their order, and the lawful cases that they start from."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable
from dataclasses import dataclass, replace

from loaders.synthetic import rules
from loaders.synthetic.draft import DAY, Document, Draft, Measure, Person
from loaders.synthetic.flow import (
    PROSECUTE,
    RECEIPT,
    ArrestCourse,
    Course,
    arrest_review,
    hand_over,
    prosecution_review,
)

CODE = "133"
"""The charge of scripted cases (dangerous driving): no rule asks for anything because of it."""
SPRING, NATIONAL, OTHER_NATIONAL = (
    dt.date(2025, 1, 29),
    dt.date(2025, 10, 4),
    dt.date(2024, 10, 6),
)
TARGETS = (
    SPRING,
    dt.date(2025, 2, 28),
    OTHER_NATIONAL,
    dt.date(2025, 8, 31),
    NATIONAL,
    dt.date(2025, 4, 5),
    dt.date(2024, 5, 31),
    dt.date(2025, 2, 8),
    dt.date(2025, 5, 31),
    dt.date(2024, 12, 25),
    dt.date(2024, 9, 16),
    dt.date(2025, 7, 16),
)
"""Days on which periods run out before they roll: holidays, month ends, weekends, plain days."""
CLEAN = frozenset({"last", "early", "extended", "excluded", "restarted", "custody", "clean"})
"""The ways in which a scripted case is in order; all others are breaches."""


@dataclass(frozen=True)
class Script:
    """A scripted matter: the rule that it shows, and how it stands to it."""

    rule: str
    how: str
    drafts: Callable[[], list[Draft]]
    rank: tuple[int, ...]


def rank(code: str, how: str, group: str, number: int) -> tuple[int, ...]:
    """Where a script stands: last days and a breach first, core rules first."""
    order = ("last", "late", "clean", "broken")
    common = order.index(how) if how in order else len(order)
    core = group in {"AR", "PR"} and rules.kind(code) != "EXT"
    return (common == len(order), not core, number, common)


# -- lawful cases to start from ------------------------------------------------------------------


def arrest(
    on: dt.date,
    *,
    arrested: bool = True,
    detained: bool = True,
    detention: int = 2,
    own: bool = False,
    minor: bool = False,
) -> Draft:
    """An arrest review of one person, who is released in the end."""
    course = ArrestCourse((arrested,), (detained,), detention, own=own)
    draft = arrest_review(course, on, [Person(minor)], CODE)
    assert draft.closed is not None
    hand_over(draft, draft.closed + 30 * DAY, released=True)
    return draft


def prosecution(
    on: dt.date,
    course: Course | None = None,
    *,
    decision: str = PROSECUTE,
    minor: bool = False,
    custody: bool = False,
    people: int = 1,
    code: str = CODE,
) -> Draft:
    """A prosecution review of one or more persons."""
    course = course or Course()
    persons = [Person(minor) for _ in range(people)]
    course = replace(
        course,
        decisions=course.decisions or (decision,) * people,
        signed=course.signed or (True,) * people,
        verdicts=course.verdicts or ("GUILTY",) * people,
    )
    if custody:
        persons[0].measures.append(Measure("ARREST", on - 20 * DAY, None, "PROCURATORATE"))
    draft = prosecution_review(course, on, persons, code)
    if custody:
        draft.documents.append(Document("批准逮捕决定书", on - 20 * DAY))
        draft.documents.append(Document(RECEIPT, on - 19 * DAY))
    draft.fields = [f for f in draft.fields if f.name != "裁判日期"]
    return draft


FAST = Course(notice=0, pace=(1, 2, 2), plea=3, report=2, decide=1, fast=True)


def petition(on: dt.date) -> Draft:
    """A petition that was taken up."""
    draft = other("CP", on)
    draft.status = "PETITIONER"
    draft.event("CP01", on)
    draft.event("CP04", on + 3 * DAY)
    return draft


def other(group: str, on: dt.date) -> Draft:
    """A case of another group, in which nothing happened yet."""
    return Draft(group, on, [Person()], status="PARTY")
