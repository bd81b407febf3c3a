"""A case before it is written: what happened in it, which papers it has, and what is wrong in it.

Moments are local dates; an event has a time of day only where its rule counts hours. Everything
after the end of the recording is left out when a draft is written, so a plan may run past it.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field

from loaders.synthetic.chances import Drawn

FIRST, LAST = dt.date(2024, 1, 1), dt.date(2025, 12, 31)
DAY = dt.timedelta(days=1)
CUSTODY = frozenset({"DETENTION", "ARREST", "RETENTION"})
Custody = list[tuple[dt.date, dt.date | None]]


@dataclass(eq=False, slots=True)
class Event:
    """An event at a node. ``party`` is the number of the party concerned, None for all.

    ``dated``: only its date is known. ``recorded``: when it was entered, else soon after.
    """

    node: str
    on: dt.date
    act: str = ""
    party: int | None = None
    time: dt.time | None = None
    dated: bool = False
    days: int | None = None
    recorded: dt.date | None = None


@dataclass(eq=False, slots=True)
class Document:
    """A document, and the event that it proves."""

    template: str
    signed: dt.date
    event: Event | None = None
    served: dt.date | None = None


@dataclass(eq=False, slots=True)
class Measure:
    """A coercive measure (强制措施) of a party."""

    kind: str
    start: dt.date
    end: dt.date | None
    decided_by: str

    def holds(self, day: dt.date) -> bool:
        """Whether it is in force on a day."""
        return self.start <= day and (self.end is None or day <= self.end)


@dataclass(eq=False, slots=True)
class Person:
    """A person in a matter: the same in all of its cases, with the measures taken."""

    minor: bool = False
    birth: dt.date | None = None
    act: dt.date | None = None
    measures: list[Measure] = field(default_factory=list)


@dataclass(eq=False, slots=True)
class Charge:
    """A charge (罪名) of a party at a stage, from a day on."""

    party: int
    code: str
    stage: str
    on: dt.date


@dataclass(eq=False, slots=True)
class Field:
    """A value entered on the card of the case, or of a party."""

    name: str
    value: str | dt.date
    entered: dt.date
    party: int | None = None
    basis: str = ""
    approved_by: str = ""


@dataclass(frozen=True, slots=True)
class Planted:
    """One breach: its rule, the party (None: the case), and the day from which it is one.

    A limit is LATE, OVERDUE or UNKNOWN, a gate or data rule BROKEN; ``type`` is the problem type
    that it raises (None: none is raised). ``ended``: when a LATE one ended.
    """

    rule: str
    status: str
    since: dt.date
    party: int | None = None
    type: str | None = None
    ended: dt.date | None = None


@dataclass(eq=False)
class Draft:
    """A case of a matter. ``handler_elsewhere``: the handler is of another department.

    ``department`` is the number of the handling department in its unit, ``drawn`` what the world
    gave the case.
    """

    type: str
    accepted: dt.date
    people: list[Person]
    status: str = "SUSPECT"
    closed: dt.date | None = None
    outcome: str = ""
    handler_elsewhere: bool = False
    department: int = 0
    drawn: Drawn | None = None
    measured: dict[int, list[Measure]] = field(default_factory=dict)
    events: list[Event] = field(default_factory=list)
    documents: list[Document] = field(default_factory=list)
    charges: list[Charge] = field(default_factory=list)
    fields: list[Field] = field(default_factory=list)
    participants: list[str] = field(default_factory=list)
    properties: list[tuple[str, list[tuple[str, dt.date]]]] = field(default_factory=list)
    notices: list[tuple[dt.date, dt.date | None]] = field(default_factory=list)
    planted: list[Planted] = field(default_factory=list)
    kept: list[tuple[str, int | None, str]] = field(default_factory=list)

    def event(
        self,
        node: str,
        on: dt.date,
        act: str = "",
        party: int | None = None,
        document: str = "",
        served: bool = False,
    ) -> Event:
        """Add an event, with the document that proves it."""
        made = Event(node, on, act, party)
        self.events.append(made)
        if document:
            self.documents.append(Document(document, on, made, on if served else None))
        return made

    def at(self, *names: str) -> Iterator[Event]:
        """The events at nodes (``PR22``) or acts at nodes (``PR22.PROSECUTE``, ``PR22.-``)."""
        return (e for e in self.events if e.node in names or f"{e.node}.{e.act or '-'}" in names)

    def first(self, *names: str) -> dt.date | None:
        """The first date of some events."""
        return min((e.on for e in self.at(*names)), default=None)

    def has(self, *names: str) -> bool:
        """Whether there is such an event."""
        return any(True for _ in self.at(*names))

    def drop(self, *names: str) -> None:
        """Take events away with the documents that prove them."""
        gone = {id(e) for e in self.at(*names)}
        self.events = [e for e in self.events if id(e) not in gone]
        self.documents = [d for d in self.documents if id(d.event) not in gone]

    def drop_documents(self, *templates: str) -> None:
        """Take documents away."""
        self.documents = [d for d in self.documents if d.template not in templates]

    def move(self, on: dt.date, events: Iterable[Event]) -> None:
        """Put events on a day, with the documents that prove them."""
        moved = list(events)
        ids = {id(e) for e in moved}
        for e in moved:
            e.on = on
        for d in self.documents:
            if id(d.event) in ids:
                d.signed, d.served = on, on if d.served else None

    def shift(self, since: dt.date, days: int) -> None:
        """Move everything from a day on by some days."""
        by = days * DAY

        def later(day: dt.date) -> dt.date:
            return day + by if day >= since else day

        for e in self.events:
            e.on = later(e.on)
        for d in self.documents:
            d.signed, d.served = later(d.signed), d.served and later(d.served)
        for m in self.measures():
            m.start, m.end = later(m.start), m.end and later(m.end)
        for c in self.charges:
            c.on = later(c.on)
        for f in self.fields:
            f.entered = later(f.entered)
            if isinstance(f.value, dt.date):
                f.value = later(f.value)
        self.properties = [(k, [(m, later(d)) for m, d in moves]) for k, moves in self.properties]
        self.closed = self.closed and later(self.closed)

    def cut(self, day: dt.date) -> None:
        """Leave away everything from a day on."""
        gone = {id(e) for e in self.events if e.on >= day}
        self.events = [e for e in self.events if id(e) not in gone]
        self.documents = [d for d in self.documents if d.signed < day and id(d.event) not in gone]
        self.charges = [c for c in self.charges if c.on < day]
        self.fields = [f for f in self.fields if f.entered < day]
        self.properties = [(k, [m for m in moves if m[1] < day]) for k, moves in self.properties]
        for number, measures in self.measured.items():
            self.measured[number] = [m for m in measures if m.start < day]
        for m in self.measures():
            m.end = None if m.end and m.end >= day else m.end
        if self.closed and self.closed >= day:
            self.closed, self.outcome = None, ""

    def measures(self) -> Iterator[Measure]:
        """The measures that the case knows."""
        return (m for measures in self.measured.values() for m in measures)

    def custody(self, party: int | None = None, until: dt.date = dt.date.max) -> Custody:
        """The days in custody of a party, or of any of them; as if what happens from a day on
        (``until``) had not changed it."""
        return [
            (m.start, None if m.end is None or m.end >= until else m.end)
            for number, measures in self.measured.items()
            for m in measures
            if m.kind in CUSTODY and m.start < until and party in {None, number}
        ]

    def plant(
        self,
        rule: str,
        status: str,
        since: dt.date,
        party: int | None = None,
        type: str | None = None,  # noqa: A002
        ended: dt.date | None = None,
    ) -> None:
        """Note a breach."""
        self.planted.append(Planted(rule, status, since, party, type, ended))
