"""Who is in the numerator and in the denominator of an indicator's predicate, on the columns.

Cases, parties, events and days are numbers throughout: positions in a cut, days since 1970.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property, reduce
from typing import Any, NamedTuple

import numpy as np

from graph.analysis.projection import Bools, Cut, Ints, Parties, columns, several
from graph.analysis.scope import local_day
from graph.rulebook import Predicate, calendar
from graph.rulebook.model import Condition, Limit
from graph.store.connection import Graph

STATUSES = ("HIT", "CONFIRMED", "NOT_A_PROBLEM", "DATA_ERROR", "RULE_FALSE", "CLOSED")
EPOCH = dt.date(1970, 1, 1).toordinal()
FIRST, LAST = dt.date.min.toordinal() - EPOCH, dt.date.max.toordinal() - EPOCH
"""The days of a fact that has always held, and for ever."""
DAYS = LAST - FIRST + 2


def date_of(day: int) -> dt.date:
    """The date of a day since 1970."""
    return dt.date.fromordinal(EPOCH + int(day))


def number_of(date: dt.date) -> int:
    """The day since 1970 of a date."""
    return date.toordinal() - EPOCH


class Seen(NamedTuple):
    """Events, or facts of parties, from their first to their last day: a row each.

    ``party`` -1: the event concerns all of the case. A fact has no ``event`` (-1).
    """

    case: Ints
    party: Ints
    event: Ints
    first: Ints
    last: Ints

    def only(self, some: Ints | Bools) -> Seen:
        """Some of the rows."""
        return Seen(*(column[some] for column in self))


@dataclass(frozen=True, eq=False)
class Members:
    """The units that a predicate counts: a row each, ``first`` the day of its first deciding event.

    ``counted``: in the numerator. ``plain``: there is no denominator, all are in the numerator.
    """

    units: Seen
    counted: Bools
    plain: bool

    @property
    def cases(self) -> Ints:
        """The cases with a unit in the numerator."""
        return np.unique(self.units.case[self.counted])

    @property
    def comparison(self) -> Ints:
        """The cases in the denominator with no unit in the numerator."""
        return np.setdiff1d(self.units.case, self.cases)


def members(
    predicate: Predicate, seen: Mapping[Condition, Seen], parties: Parties, scope: Ints
) -> Members:
    """Who is in the numerator and in the denominator of a predicate.

    ``seen`` holds what there is for each of its conditions, ``parties`` the parties that an event
    concerns which concerns all of a case, ``scope`` the matter of each case.
    """
    decisive, *more = predicate.of or predicate.counted
    rows = concerned(predicate, seen[decisive], parties)
    unit = unit_of(predicate, rows, parties)

    def place(c: Condition, s: Seen) -> Ints:
        """What the unit asked and what there is for the condition have in common."""
        if c.among == "matter":
            return scope[s.case]
        if c.among == "case" or predicate.per == "case":
            return s.case
        if predicate.per == "party":
            return unit_of(predicate, s, parties) if c.at else s.party
        return s.event if c.at else s.case

    def holds(c: Condition) -> Bools:
        there = concerned(predicate, seen[c], parties)
        fits = _fits(c, place(c, there), there, place(c, rows), rows.first)
        return ~fits if c.never else fits

    everyone = np.ones(len(unit), dtype=np.bool_)
    inside = reduce(np.logical_and, map(holds, more), everyone)
    counted = reduce(np.logical_and, map(holds, predicate.counted), inside)
    _, at, of = np.unique(unit, return_index=True, return_inverse=True)
    day = np.full(len(at), LAST, dtype=np.int64)
    np.minimum.at(day, of, rows.first)
    units = rows.only(at)._replace(first=day)
    hit, kept = (np.isin(np.arange(len(at)), of[some]) for some in (counted, inside))
    plain = not predicate.of
    some = hit if plain else kept
    return Members(units.only(some), hit[some], plain)


def concerned(predicate: Predicate, seen: Seen, parties: Parties) -> Seen:
    """A row for each party that a row concerns; per case or event the party does not count."""
    if predicate.per != "party":
        return seen._replace(party=np.full(len(seen.party), -1, dtype=np.int64))
    wide = seen.party < 0
    if not wide.any():
        return seen
    start = parties.first[seen.case]
    number = np.where(wide, parties.first[seen.case + 1] - start, 0)
    times = np.maximum(number, 1)
    row, place = several(start, times)
    named = number[row] > 0
    party = seen.party[row]
    party[named] = parties.number[place[named]]
    return seen.only(row)._replace(party=party)


def unit_of(predicate: Predicate, seen: Seen, parties: Parties) -> Ints:
    """What is counted, as one number: the case, the party in its case, or the event."""
    match predicate.per:
        case "case":
            return seen.case
        case "event":
            return seen.event
    return seen.case * (len(parties.keys) + 1) + seen.party + 1


def _fits(c: Condition, places: Ints, there: Seen, asked: Ints, day: Ints) -> Bools:
    """Whether there is anything at the place asked that stands so to the deciding day."""
    since, until = np.full_like(day, FIRST), np.full_like(day, LAST)
    match c.when:
        case "before":
            return _times(places, there.first, asked, since, day) > 0
        case "then":
            real = there.first <= there.last
            begun, over = (
                _times(places[real], days[real], asked, since, last)
                for days, last in ((there.first, day), (there.last, day - 1))
            )
            return begun > over
        case "after":
            until = ends(day, c.within) if c.within else until
            return _times(places, there.first, asked, day, until) > 0
    return np.asarray(np.isin(asked, places))


def _times(places: Ints, days: Ints, asked: Ints, since: Ints, until: Ints) -> Ints:
    """How many of some rows lie at each place asked, from one day to another."""
    known, at = np.unique(places, return_inverse=True)
    if not len(known):
        return np.zeros(len(asked), dtype=np.int64)
    row = np.sort(at * DAYS + days - FIRST)
    here = np.minimum(np.searchsorted(known, asked), len(known) - 1)
    low = np.searchsorted(row, here * DAYS + since - FIRST)
    high = np.searchsorted(row, here * DAYS + until - FIRST, side="right")
    return np.where(known[here] == asked, np.maximum(high - low, 0), 0)


def ends(days: Ints, limit: Limit) -> Ints:
    """The last day of a limit from each day."""
    every, at = np.unique(days, return_inverse=True)
    last = [number_of(calendar().last_date(date_of(day), limit)[0]) for day in every.tolist()]
    return np.array(last, dtype=np.int64)[at]


class Reading:
    """What the store says for indicators as of a moment, from the columns of the source."""

    def __init__(
        self, g: Graph, source: str | None, moment: dt.datetime, cut: Cut | None = None
    ) -> None:
        self.g, self.source, self.moment, self._given = g, source, moment, cut
        self.day = local_day(moment)
        self.today = number_of(self.day)
        self._seen: dict[Condition, Seen] = {}

    @cached_property
    def cut(self) -> Cut:
        """The columns as of the moment, with the problems of every status."""
        return self._given or columns(self.g, self.source).cut(self.moment, STATUSES)

    @cached_property
    def doubtful(self) -> Bools:
        """The cases with an open data problem: found or confirmed, and not gone."""
        cut = self.cut
        open_ = np.isin(cut.problem_status, ("HIT", "CONFIRMED"))
        found = np.zeros(len(cut), dtype=np.bool_)
        found[cut.problem_case[open_ & cut.of_kind(("DATA",))]] = True
        return found

    def at(self, nodes: Iterable[str], acts: Iterable[str] = ()) -> Seen:
        """Events at nodes with one of some acts (none: any)."""
        return events(self.cut, nodes, acts)

    def seen(self, c: Condition) -> Seen:
        """What there is for a condition by then."""
        if c not in self._seen:
            self._seen[c] = self._read(c)
        return self._seen[c]

    def vague(self, c: Condition) -> Seen:
        """Events at the nodes of a condition that do not say which of its acts they were.

        Where the case has an event there that does say, nothing is open.
        """
        if not c.at or not c.acts or "-" in c.acts:
            return self.at(())
        every, silent = self.at(c.at), self.at(c.at, ("-",))
        clear = every.only(~np.isin(every.event, silent.event))
        width = len(self.cut.people.keys) + 1
        who, told = (s.case * width + s.party for s in (silent, clear))
        return silent.only(~np.isin(who, told))

    def members(self, predicate: Predicate) -> Members:
        """Who is in the numerator and in the denominator of a predicate."""
        seen = {c: self.seen(c) for c in (*predicate.of, *predicate.counted)}
        return members(predicate, seen, self.cut.people, self.cut.scope)

    def _read(self, c: Condition) -> Seen:
        if c.at:
            found = self.at(c.at, c.acts)
            return found.only(ends(found.first, c.due) <= self.today) if c.due else found
        if c.under:
            return self._facts(
                self.g.stream("link_measured", kind=c.under, day=self.day, source=self.source)
            )
        minors = self.g.stream("link_minors", source=self.source)
        return self._facts((*row, dt.date.min, dt.date.max) for row in minors)

    def _facts(self, rows: Iterable[Sequence[Any]]) -> Seen:
        """Facts of parties of the cases that are known by then."""
        cases, parties, since, until = list(zip(*rows, strict=True)) or ((),) * 4
        case, party = self.cut.numbered(cases), self.cut.people.numbered(parties)
        none = np.full(len(case), -1, dtype=np.int64)
        found = Seen(case, party, none, _days(since), _days(until))
        return found.only((case >= 0) & (party >= 0))


def events(cut: Cut, nodes: Iterable[str], acts: Iterable[str] = ()) -> Seen:
    """Events of a cut at nodes with one of some acts (none: any)."""
    at = cut.at(nodes, acts)
    day = cut.event_day[at]
    return Seen(cut.event_case[at], cut.event_subject[at], at, day, day)


def _days(days: Sequence[dt.date | None]) -> Ints:
    """Dates as days since 1970, for ever where there is none."""
    return np.array([LAST if d is None else number_of(d) for d in days], dtype=np.int64)
