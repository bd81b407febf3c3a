"""What a check sees of a case: its columns read once, and its facts as the rulebook names them."""

from __future__ import annotations

import datetime as dt
from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property
from typing import Any
from zoneinfo import ZoneInfo

from graph.rulebook.clock import Facts, Occurrence, Point, Written, date_of
from graph.rulebook.terms import Condition
from graph.store.connection import Graph
from graph.store.temporal import instant, local_moment

CUSTODY = frozenset({"DETENTION", "ARREST", "RETENTION"})
"""Measures under which a person is in custody (拘留、逮捕、留置)."""


@dataclass(frozen=True, slots=True)
class Event:
    """An event at a node of the rulebook."""

    id: str
    node: str
    act: str | None
    at: Written
    known: dt.datetime
    recorded: dt.date | None
    party: str | None
    days: int | None

    @property
    def on(self) -> dt.date:
        """The local date."""
        return date_of(self.at)


@dataclass(frozen=True, slots=True)
class Measure:
    """A coercive measure."""

    id: str
    kind: str
    start: dt.date
    end: dt.date | None
    decided_by: str | None


@dataclass(frozen=True)
class Party:
    """A party with charges (code, stage) and measures."""

    key: str
    id: str
    minor: bool | None
    identity: str | None
    charges: tuple[tuple[str, str | None], ...]
    measures: tuple[Measure, ...]


@dataclass(frozen=True, slots=True)
class Document:
    """A legal document; ``events`` are the ids of the events it proves."""

    id: str
    template: str
    signed: dt.date | None
    served: dt.date | None
    events: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class FieldValue:
    """A card field as entered; ``party`` is a key, None for the case card."""

    party: str | None
    field: str
    value: str
    entered: dt.datetime | None
    basis: str | None
    approved_by: str | None


@dataclass
class CaseFile:
    """A case with everything that a rule may ask of it, as known on a day."""

    key: str
    id: str
    source: str
    type: str | None
    matter: str | None
    batch: str
    row: int
    as_of: dt.datetime
    zone: ZoneInfo
    accepted: Written | None
    closed: dt.date | None
    outcome: str | None
    department: str | None
    handler_department: str | None
    parties: tuple[Party, ...] = ()
    events: tuple[Event, ...] = ()
    documents: tuple[Document, ...] = ()
    fields: tuple[FieldValue, ...] = ()
    participants: frozenset[str] = frozenset()
    properties: tuple[tuple[str, tuple[tuple[str, dt.date], ...]], ...] = ()
    notices: tuple[tuple[str, dt.date, tuple[dt.date, ...]], ...] = ()
    later: dt.date | None = None
    """The first date after ``as_of`` on which more of the case becomes known."""

    @property
    def today(self) -> dt.date:
        """The local date of the question."""
        return self.as_of.astimezone(self.zone).date()

    @cached_property
    def whole(self) -> Subject:
        """The case as the subject of a rule."""
        return Subject(self, None)

    @cached_property
    def subjects(self) -> tuple[Subject, ...]:
        """The parties as subjects; the case itself where it has none."""
        if not self.parties:
            return (self.whole,)
        return tuple(Subject(self, p) for p in self.parties)


@dataclass
class Subject:
    """A case, or one party in it, with its facts by the names of the rulebook's grammar."""

    case: CaseFile
    party: Party | None

    @property
    def events(self) -> Iterator[Event]:
        """The events that concern the subject."""
        key = None if self.party is None else self.party.key
        return (e for e in self.case.events if key is None or e.party in {None, key})

    @property
    def fields(self) -> Iterator[FieldValue]:
        """The card fields of the case, and of the party where the subject is one."""
        key = None if self.party is None else self.party.key
        return (f for f in self.case.fields if key is None or f.party in {None, key})

    @cached_property
    def measures(self) -> tuple[Measure, ...]:
        """The measures of the party, or of all parties."""
        parties = self.case.parties if self.party is None else (self.party,)
        return tuple(m for p in parties for m in p.measures)

    @cached_property
    def facts(self) -> Facts:
        """The facts as the clock takes them."""
        case = self.case
        found: dict[str, list[Occurrence]] = defaultdict(list)

        def on(name: str, day: dt.date | None, ref: str = "") -> None:
            if day is not None:
                found[name].append(Occurrence(day, instant(day, case.zone), ref))

        for e in self.events:
            occurrence = Occurrence(e.at, e.known, e.id, e.days)
            found[e.node].append(occurrence)
            found[f"{e.node}.{e.act or '-'}"].append(occurrence)
            if e.act:
                found[f"*.{e.act}"].append(occurrence)
        if case.accepted is not None:
            known = instant(case.accepted, case.zone)
            found[f"{case.type}.accepted"].append(Occurrence(case.accepted, known))
        on(f"{case.type}.closed", case.closed)
        for m in self.measures:
            on(f"measure.{m.kind}.from", m.start, m.id)
            on(f"measure.{m.kind}.to", m.end, m.id)
            if m.decided_by == "PROCURATORATE":
                on(f"own.{m.kind}.from", m.start, m.id)
        for f in self.fields:
            on(f"field {f.field}", as_date(f.value))
        for d in case.documents:
            on(f"doc {d.template}", d.signed, d.id)
        for id_, issued, replies in case.notices:
            on("notice.issued", issued, id_)
            for day in replies:
                on("reply.at", day, id_)
        custody = [(m.start, m.end) for m in self.measures if m.kind in CUSTODY]
        return Facts(dict(found), custody)

    def first(self, point: Point) -> Occurrence | None:
        """The first known moment of a point."""
        for names in point.choices:
            known = [
                o
                for name in names
                for o in self.facts.points.get(name, ())
                if o.known <= self.case.as_of
            ]
            if known:
                return min(known, key=lambda o: (date_of(o.at), o.known))
        return None

    def recorded(self, name: str) -> bool:
        """Whether anything of that name is recorded as of the day."""
        table, _, what = name.partition(" ")
        if table == "participant":
            return what in self.case.participants
        if table == "field":
            return any(f.field == what and f.value for f in self.fields)
        return any(o.known <= self.case.as_of for o in self.facts.points.get(name, ()))

    def holds(self, conditions: Iterable[Condition], start: dt.date | None) -> bool:
        """Whether all conditions hold; ``start`` is the day on which custody is asked for."""
        return all(self._holds(c, start) != c.no for c in conditions)

    def _holds(self, c: Condition, start: dt.date | None) -> bool:
        match c.word:
            case "either":
                return any(self.holds((part,), start) for part in c.either)
            case "custody":
                return start is not None and self.facts.in_custody(start)
            case "minor":
                parties = self.case.parties if self.party is None else (self.party,)
                return any(p.minor for p in parties)
            case "property":
                return bool(self.case.properties)
            case "measure":
                return any(m.kind in c.what for m in self.measures)
            case "charge":
                parties = self.case.parties if self.party is None else (self.party,)
                return any(code in c.what for p in parties for code, _ in p.charges)
            case "field":
                return any(f.field == c.what[0] and f.value == c.value for f in self.fields)
        return any(self.recorded(name) for name in c.what)


def as_date(text: str) -> dt.date | None:
    """A card value as a date, None where it is none."""
    try:
        return dt.date.fromisoformat(text[:10])
    except ValueError:
        return None


def read(g: Graph, keys: Sequence[str], as_of: dt.datetime, zone: ZoneInfo) -> dict[str, CaseFile]:
    """The files of some cases by key, as known at an instant; cases not yet known are left out."""
    cases = list(keys)
    events = {r.key: r.events for r in g.read("check_events", cases=cases)}
    papers = {r.key: r for r in g.read("check_papers", cases=cases)}
    found = {}
    for row in g.read("check_card", cases=cases):
        known = row.props.get("known")
        if known is None or known <= as_of:
            found[row.key] = _file(row, events.get(row.key, ()), papers[row.key], as_of, zone)
    return found


def _file(
    row: Any, events: Sequence[Any], papers: Any, as_of: dt.datetime, zone: ZoneInfo
) -> CaseFile:
    props: Mapping[str, Any] = row.props
    today = as_of.astimezone(zone).date()
    later: list[dt.date] = []

    def by(day: dt.date | None) -> dt.date | None:
        """A date that is there by now; a later one is noted."""
        if day is not None and day > today:
            later.append(day)
            return None
        return day

    def known_by(moment: dt.datetime | None) -> bool:
        """Whether something is known by now; a later moment is noted."""
        if moment is None or moment <= as_of:
            return True
        later.append(moment.astimezone(zone).date())
        return False

    there = []
    for id_, node, act, at, on, offset, known, recorded, party, days in events:
        if not known_by(known):
            continue
        number = int(days) if isinstance(days, int | float) or str(days).isdigit() else None
        moment = local_moment(at, on, offset)
        there.append(Event(id_, node, act, moment, known, recorded, party, number))
    accepted = props.get("accepted_on")
    closed = by(props.get("closed"))
    return CaseFile(
        key=row.key,
        id=props["id"],
        source=props["source"],
        type=props.get("type"),
        matter=row.matter,
        batch=props["_batch"],
        row=props["_row"],
        as_of=as_of,
        zone=zone,
        accepted=None
        if accepted is None
        else local_moment(props.get("accepted"), accepted, props.get("accepted_offset")),
        closed=closed,
        outcome=props.get("outcome") if closed or props.get("closed") is None else None,
        department=row.department,
        handler_department=row.handler_department,
        parties=tuple(
            Party(
                key,
                id_,
                minor,
                identity,
                tuple((c, s) for c, s in charges),
                tuple(
                    sorted(
                        (
                            Measure(m, kind, start, by(end), decided)
                            for m, kind, start, end, decided in measures
                            if by(start) is not None
                        ),
                        key=lambda m: (m.start, m.id),
                    )
                ),
            )
            for key, id_, minor, identity, charges, measures in sorted(row.parties)
        ),
        events=tuple(sorted(there, key=lambda e: (e.on, e.id))),
        documents=tuple(
            Document(id_, template or "", signed, by(served), tuple(proves))
            for id_, template, signed, served, proves in sorted(papers.documents, key=_first)
            if signed is None or by(signed) is not None
        ),
        fields=tuple(
            FieldValue(next(iter(party), None), name, value or "", entered, basis, approved)
            for party, name, value, entered, basis, approved in papers.fields
            if known_by(entered)
        ),
        participants=frozenset(k for k in papers.participants if k),
        properties=tuple(
            (id_, tuple((k, day) for k, day in movements if by(day) is not None))
            for id_, movements in sorted(papers.properties, key=_first)
        ),
        notices=tuple(
            (id_, issued, tuple(sorted(d for d in replies if by(d) is not None)))
            for id_, issued, replies in sorted(papers.notices, key=_first)
            if by(issued) is not None
        ),
        later=min(later, default=None),
    )


def _first(row: Sequence[Any]) -> str:
    return str(row[0])
