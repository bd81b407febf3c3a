"""Scripted cases of the time limits, driven by their entries.

A limit is met on its last lawful day and before it, ended a day late, not ended at all, and ended
before it began. A script starts from a lawful case of the limit's group, alters what the limit is
about, and adds what the other limits then demand. Due dates come from the slow reckoning.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator
from dataclasses import dataclass, replace
from functools import partial

from loaders.synthetic import rules
from loaders.synthetic.draft import DAY, FIRST, Draft, Event, Field, Measure
from loaders.synthetic.flow import CONDITIONAL, FORM_OF_EXTENSION, NON_PROSECUTION, Course
from loaders.synthetic.reckoning import due
from loaders.synthetic.rules import Entry, names
from loaders.synthetic.scripts import (
    CLEAN,
    FAST,
    NATIONAL,
    TARGETS,
    Script,
    arrest,
    other,
    petition,
    prosecution,
    rank,
)

EVENING, NEXT_HOUR = dt.time(20, 25), dt.time(21)
"""When a period in hours begins, and from when it counts; it always ends on another date."""
LONG = NATIONAL
"""The day on which a period ends that is longer than the recording allows for."""
AT_MOST = {"days": 1, "working_days": 3, "months": 31, "years": 366}
"""Days that a unit takes at most, holidays aside."""

STATUS = {"overdue": "OVERDUE", "unknown": "UNKNOWN", "dated": "UNKNOWN", "broken": "BROKEN"}
MOVES_THE_REST = frozenset(
    {"AR08", "PR12", "PR22", "PR22.NON_PROSECUTION", "PR25", "PR31.COURT_ACCEPTED", "PR36"}
)
"""Ends that what follows them waits for."""
RETURNS = frozenset({"TL-064", "TL-06C"})
"""Their end before their start breaks the order of Q05 as well: one contradiction, two rules."""


def scripts() -> Iterator[Script]:
    """A matter for every limit and every way of keeping or breaking it."""
    for index, (code, variant, terms) in enumerate(rules.clocks()):
        group = _group(terms)
        for how in _hows(code, terms):
            build = _Period(code, variant, terms, how, index).build
            yield Script(code, how, build, rank(code, how, group, index))
    for how in ("last", "late", "overdue"):
        yield Script("TL-0F2", how, partial(_notice, how), rank("TL-0F2", how, "CM", 0))


def _notice(how: str) -> list[Draft]:
    """A monitoring notice that was answered in time, late, or not at all."""
    issued = dt.date(2025, 1, 18)
    last = due(issued, 10, "days").due
    draft = other("CM", issued - 5 * DAY)
    end = {"last": last, "late": last + DAY}.get(how)
    draft.notices.append((issued, end))
    if how == "last":
        draft.kept.append(("TL-0F2", None, how))
    else:
        draft.plant("TL-0F2", STATUS.get(how, "LATE"), last + DAY, None, "P38", end)
    return [draft]


def _hows(code: str, terms: Entry) -> list[str]:
    found = ["last", "late"]
    if not (terms.get("right") or terms.get("back")):
        found += ["overdue", "early"]
        if terms["length"].endswith("hours"):
            found.append("dated")
    # Counted back, an end is in time or late on whichever side of the event it lies; and a
    # person may be detained only after the intake.
    if not (terms.get("back") or "AR.accepted" in terms["end"]):
        found.append("unknown")
    if any(e["at"] not in terms.get("when", ()) for e in terms.get("extend", ())):
        found += ["extended", "late_extended"]
    if terms.get("exclude"):
        found += ["excluded"]
    if code in {"TL-050", "TL-060"}:
        found += ["restarted", "late_restarted"]
    if code in {"TL-020", "TL-060"}:
        found += ["custody", "late_custody"]
    return found


def _group(terms: Entry) -> str:
    first = names(terms["start"])[0]
    if first.startswith(("measure.", "own.", "*.")):
        group: str = (
            terms.get("groups") or ["PR" if "RESID" in first or "BAIL" in first else "AR"]
        )[0]
        return group
    return first[:2]


def _pick(point: str, group: str) -> str:
    """The name of a point that a script records: an act, where there is one."""
    acts = [n for n in names(point) if _is_act(n)]
    if point.startswith("*."):
        return {"AR": "AR03", "PR": "PR07", "CV": "CV04"}[group] + point[1:]
    return acts[0] if acts else names(point)[0]


@dataclass(frozen=True)
class _Period:
    """One scripted case of one way in which a limit runs."""

    code: str
    variant: int
    terms: Entry
    how: str
    index: int

    @property
    def length(self) -> tuple[int, str]:
        n, _, unit = self.terms["length"].partition(" ")
        return int(n), unit

    @property
    def per_party(self) -> bool:
        return bool(self.terms["per"] == "party")

    def build(self) -> list[Draft]:
        """The case with its breach or its clean end."""
        start = self._start_day()
        if "AR.accepted" in self.terms["end"]:
            return [self._intake(start)]
        draft = self._base(start - self._offset())
        self._begin(draft, start)
        if self.terms["start"].startswith("measure.") and ".to" in self.terms["end"]:
            self._measure(draft, start)
        elif self.length[1] == "hours":
            self._hours(draft, start)
        else:
            self._days(draft, start)
        complete(draft, self.code)
        return [draft]

    # -- where it starts --------------------------------------------------------------------

    def _start_day(self) -> dt.date:
        """A start under the law from which the period runs out, unrolled, on one of the targets."""
        n, unit = self.length
        if unit == "hours" or n == 0 or self.terms.get("back"):
            n, unit = 10, "days"
        targets = (*TARGETS[self.index % len(TARGETS) :], *TARGETS, LONG)
        for target in targets:
            start = target - n * AT_MOST[unit] * DAY
            while due(start + DAY, n, unit).unrolled <= target:
                start += DAY
            whole = start - self._offset() >= FIRST and start >= rules.since(self.code)
            if whole or target is LONG:
                return start
        raise AssertionError(self.code)

    def _offset(self) -> dt.timedelta:
        """How long after the intake of its base case the period starts."""
        draft = self._base(FIRST)
        return self._natural(draft) - draft.accepted

    def _natural(self, draft: Draft) -> dt.date:
        """Where the base case has the start, or would have it."""
        start = self.terms["start"]
        if "restarted" in self.how and self.code == "TL-060":
            return draft.first("PR12") or draft.accepted
        if start.startswith(("measure.", "own.")):
            kinds = {n.split(".")[1] for n in names(start)}
            if draft.type == "AR":
                return max(m.start for m in draft.measures() if m.kind in kinds)
            return draft.first("PR04") or draft.accepted
        if (there := draft.first(*names(start))) is not None:
            return there
        node = _pick(start, draft.type)[:4]
        before = [e.on for e in draft.events if e.node[:2] == node[:2] and e.node <= node]
        return max(before, default=draft.accepted)

    def _base(self, on: dt.date) -> Draft:
        """A lawful case of the group under the conditions of the limit."""
        when, start = self.terms.get("when", ()), self.terms["start"]
        node = names(start)[0][:4]
        group = _group(self.terms)
        own = "AR01.OWN_INVESTIGATION" in when
        if group == "AR":
            refused = "no custody" in when or node in {"AR12", "AR13"} or "NO_ARREST" in start
            # An act after the detention would answer that, and not contradict the arrest.
            alone = self.how == "unknown" and "ARREST.from" in start
            detained = "no custody" not in when and not alone
            return arrest(on, arrested=not refused, detained=detained, own=own)
        if group == "CP":
            return petition(on)
        if group != "PR":
            return other(group, on)
        course = Course(supervision_organ="PR01.SUPERVISION_ORGAN" in when)
        if {"PR10.FAST_TRACK", "PR31.FAST_TRACK"} & set(when):
            course = FAST
        if self.terms["end"].startswith("PR12") or "restarted" in self.how:
            course = replace(course, returns=1)
        if start.startswith("PR35"):
            course = replace(course, withdrawn=True)
        if CONDITIONAL in start:
            return prosecution(on, course, decision=CONDITIONAL, minor=True)
        if node in {"PR25", "PR26", "PR27", "PR28", "PR29", "PR30"}:
            return prosecution(on, course, decision=NON_PROSECUTION)
        return prosecution(on, course, custody="custody" in self.how)

    def _begin(self, draft: Draft, start: dt.date) -> None:
        """Record the start and the conditions."""
        for condition in self.terms.get("when", ()):
            if condition.startswith("field "):
                name, _, value = condition[6:].partition(" = ")
                draft.fields.append(Field(name, value, draft.accepted, 0))
            elif condition[:2].isupper() and not draft.has(condition):
                draft.event(condition[:4], start, condition[5:], self._who())
        if "DESIGNATED" in self.terms["start"]:
            until = start + 40 * DAY
            draft.measured[0] = [Measure("DESIGNATED_RESIDENCE", start, until, "PROCURATORATE")]
        name = _pick(self.terms["start"], draft.type)
        there = draft.has(*names(self.terms["start"])) or "accepted" in self.terms["start"]
        if name[2:4].isdigit() and not there:
            draft.event(name[:4], start, name[5:], self._who())

    def _who(self) -> int | None:
        return 0 if self.per_party else None

    # -- how it ends ------------------------------------------------------------------------

    def _days(self, draft: Draft, start: dt.date) -> None:
        n, unit = self.length
        if self.terms.get("back"):
            last = due(start, n, unit, back=True).due
        else:
            last = self._last(draft, start)
        if self.how == "unknown":
            self._contradict(draft, start)
            return
        if self.how == "overdue":
            self._note(draft, last + DAY)
            self._unend(draft, start)
            return
        if self.how == "early":
            self._note(draft, start)
            if not any(e.on <= last for e in self._ends(draft, start)):
                self._end(draft, start + (last - start) // 2, start)
            return
        end = last + DAY if self.how.startswith("late") else last
        self._note(draft, end, end)
        self._end(draft, end, start)

    def _last(self, draft: Draft, start: dt.date) -> dt.date:
        """The last lawful day, with what lengthens the period."""
        n, unit = self.length
        until = min((e.on for e in self._ends(draft, start)), default=dt.date.max)
        if "extended" in self.how:
            self._extend(
                draft, min(start + max(1, n // 2 if unit == "days" else 20) * DAY, until - DAY)
            )
        extensions, excluded = list(self._extensions(draft)), []
        if "excluded" in self.how:
            days = start + 5 * DAY, start + 12 * DAY
            pair = self.terms["exclude"][0]
            for name, on in zip((pair["from"], pair["to"]), days, strict=True):
                draft.event(name[:4], on, name[5:], self._who())
            excluded.append(days)
        if "restarted" in self.how and self.code == "TL-050":
            start += 20 * DAY
            draft.event("AR16", start, "RECOMPUTED", self._who())
        held = draft.custody(until=until)
        return due(start, n, unit, extensions=extensions, excluded=excluded, custody=held).due

    def _extend(self, draft: Draft, on: dt.date) -> None:
        """Lengthen the period; where days are granted, by one less than could be."""
        stated = self.terms["extend"][0]
        n, _, unit = stated["by"].partition(" ")
        name = stated["at"]
        document = FORM_OF_EXTENSION if name == "PR15" else ""
        made = draft.event(name[:4], on, name[5:], self._who(), document)
        made.days = int(n) - 1 if unit == "days" else None

    def _extensions(self, draft: Draft) -> Iterator[tuple[dt.date, int, str]]:
        """What lengthens the period in a case."""
        for stated in self.terms.get("extend", ()):
            n, _, unit = stated["by"].partition(" ")
            for e in draft.at(stated["at"]):
                yield e.on, e.days or int(n), unit

    def _ends(self, draft: Draft, start: dt.date) -> list[Event]:
        """The events of the base case that end the period."""
        own = [n for n in names(self.terms["end"]) if n[2:4].isdigit()]
        if self.terms.get("back"):
            return list(draft.at(*own))
        return [e for e in draft.at(*own) if e.on >= start]

    def _end(self, draft: Draft, on: dt.date, start: dt.date) -> Event:
        """End the period on a day."""
        there = self._ends(draft, start)
        if not there:
            name = _pick(self.terms["end"], draft.type)
            made = draft.event(name[:4], on, name[5:], self._who())
            if name == "CP06":
                draft.closed, draft.outcome = on, "审查结案"
            return made
        first = min(e.on for e in there)
        if names(self.terms["end"])[0] in MOVES_THE_REST and on > start:
            draft.shift(first, (on - first).days)
        else:
            draft.move(on, there)
            for m in draft.measures():
                if m.kind == "ARREST" and self.code == "TL-050":
                    m.end = on
        return there[0]

    def _unend(self, draft: Draft, start: dt.date) -> None:
        """Leave the period without its end."""
        there = self._ends(draft, start)
        if there and names(self.terms["end"])[0] in MOVES_THE_REST:
            draft.cut(min(e.on for e in there))
        else:
            draft.events = [e for e in draft.events if e not in there]
        if self.code == "TL-050":
            for m in draft.measures():
                m.end = None if m.kind == "ARREST" else m.end

    def _contradict(self, draft: Draft, start: dt.date) -> None:
        """Let the end lie before the start."""
        first = names(self.terms["start"])[0]
        if self.code in RETURNS:
            self._turn(draft, start)
            return
        if self.code in {"TL-060", "TL-062", "TL-063"}:
            draft.event("PR12", draft.accepted + 2 * DAY)
            self._note(draft, draft.accepted + 2 * DAY, fault="D01")
        elif first[:4] == "AR01" or first == "PR01.FAST_TRACK":
            ended = draft.first(*names(self.terms["end"]))
            assert ended is not None
            draft.move(ended + 2 * DAY, draft.at("AR01", "PR01.FAST_TRACK"))
            self._note(draft, ended + 2 * DAY)
        else:
            self._end(draft, start - DAY, start)
            self._note(draft, start)

    def _turn(self, draft: Draft, start: dt.date) -> None:
        """Let the case come back before it was returned.

        Changes of jurisdiction stop and restart the review, so that its own rounds stay whole.
        """
        back, early = draft.first("PR12") or start, start - 2 * DAY
        draft.drop("PR12")
        draft.event("PR18", early - DAY, "FOUND")
        draft.event("PR18", early - DAY, "TRANSFERRED")
        draft.event("PR12", early)
        draft.event("PR18", back, "RECEIVED")
        self._note(draft, start)
        draft.plant("Q05", "BROKEN", start, None, "D03")

    def _hours(self, draft: Draft, start: dt.date) -> None:
        """A limit in hours: instants where the start has one, else dates."""
        begun = next(draft.at(_pick(self.terms["start"], draft.type)), None)
        hours, whole = dt.timedelta(hours=self.length[0]), begun is not None
        if begun is not None:
            begun.time = EVENING
        last = dt.datetime.combine(start, NEXT_HOUR) + hours
        if not whole:
            last = dt.datetime.combine(start, dt.time(16))
        if self.how == "overdue":
            self._unend(draft, start)
            self._note(draft, start + 3 * DAY)
            return
        if self.how == "unknown":
            self._contradict(draft, start)
            return
        late = last + dt.timedelta(minutes=1) if whole else last + 2 * DAY
        dated = last if whole else last + DAY
        end = {"late": late, "dated": dated, "early": dt.datetime.combine(start, EVENING)}
        on = end.get(self.how, last)
        made = self._end(draft, on.date(), start)
        made.time, made.dated = on.time(), self.how == "dated"
        self._note(draft, on.date(), on.date())

    def _measure(self, draft: Draft, start: dt.date) -> None:
        """A measure that ends in time, late, not at all, or before it began."""
        kind = names(self.terms["start"])[0].split(".")[1]
        last = due(start, *self.length).due
        end: dt.date | None = {
            "late": last + DAY,
            "early": start + 60 * DAY,
            "unknown": start - DAY,
        }.get(self.how, last)
        draft.measured[0] = [
            Measure(kind, start, None if self.how == "overdue" else end, "PROCURATORATE")
        ]
        self._note(draft, start if self.how == "unknown" else last + DAY, end)

    def _intake(self, start: dt.date) -> Draft:
        """A limit that an intake ends: the case is taken in so long after the detention."""
        own = "AR01.OWN_INVESTIGATION" in self.terms["when"]
        granted = other("AR", start)
        if "extended" in self.how:
            self._extend(granted, start + DAY)
        extensions = list(self._extensions(granted))
        held = [(start, None)]
        last = due(start, *self.length, extensions=extensions, custody=held).due
        on = last + DAY if self.how.startswith("late") else last
        draft = arrest(on, detention=(on - start).days, own=own)
        draft.events += granted.events
        self._note(draft, on, on)
        return draft

    def _note(
        self, draft: Draft, since: dt.date, ended: dt.date | None = None, fault: str = "D03"
    ) -> None:
        """Write down what is true of the case."""
        if self.how in CLEAN:
            draft.kept.append((self.code, self._who(), self.how))
            return
        status = STATUS.get(self.how, "LATE")
        type_: str | None = rules.executable()[self.code].get("type")
        if status == "UNKNOWN":
            type_ = None if self.how == "dated" else fault
        if rules.kind(self.code) == "EXT":
            type_ = None
        draft.plant(self.code, status, since, self._who(), type_, ended)


def complete(draft: Draft, but: str) -> None:
    """Add what other limits demand because of the acts that a script recorded."""
    missing = True
    while missing:
        missing = False
        for code, _, terms in rules.clocks():
            if code == but or terms.get("right") or terms.get("back") or not _holds(draft, terms):
                continue
            start, end = names(terms["start"]), names(terms["end"])
            name, on = _pick(terms["end"], draft.type), draft.first(*filter(_is_act, start))
            if rules.kind(code) == "OWN" and _same_node(start, end) and on is None:
                name, on = _pick(terms["start"], draft.type), draft.first(*end)
                end = start
            if on is not None and not draft.has(*end):
                draft.event(name[:4], on, name[5:], 0 if terms["per"] == "party" else None)
                missing = True


def _is_act(name: str) -> bool:
    return name[4:5] == "." and name[5:] != "-"


def _same_node(start: list[str], end: list[str]) -> bool:
    """Whether the end shows that the start happened: both are acts of one node."""
    return all(map(_is_act, (*start, *end))) and {n[:4] for n in end} <= {n[:4] for n in start}


def _holds(draft: Draft, terms: Entry) -> bool:
    """Whether a period may run in a case, as far as its group and what is recorded go."""
    if terms.get("groups") and draft.type not in terms["groups"]:
        return False
    for condition in terms.get("when", ()):
        no = condition.startswith("no ")
        name = condition[3:] if no else condition
        if name[2:4].isdigit() and draft.has(name) == no:
            return False
        if name.startswith("field "):
            return False
    return True
