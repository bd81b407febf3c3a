"""Due dates a second time: day by day and slow, to hold against the clock of the rulebook.

Nothing is shared with :mod:`graph.rulebook.clock`: here a calendar is walked one day at a time and
the days that do not count are sets of dates, read from the holiday tables themselves.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from functools import lru_cache

import yaml

from graph.rulebook.model import DATA

DAY = dt.timedelta(days=1)


@dataclass(frozen=True)
class Reckoned:
    """When a period is due; ``unrolled`` is the due date before it rolled."""

    due: dt.date
    provisional: bool
    unrolled: dt.date


def due(
    start: dt.date,
    n: int,
    unit: str,
    *,
    extensions: Sequence[tuple[dt.date, int, str]] = (),
    excluded: Sequence[tuple[dt.date, dt.date]] = (),
    custody: Sequence[tuple[dt.date, dt.date | None]] = (),
    back: bool = False,
) -> Reckoned:
    """The due date of ``n`` days, working days, months or years from ``start``.

    An extension is the date on which it was granted and its length; it counts from the start to
    the due date so far. An exclusion is the day after which and the last day that do not count;
    ``custody`` holds first and last days (None: still running). ``back`` counts towards the past,
    where nothing is extended or excluded.
    """
    expiry, unsure = _walk(start, n, unit, -1 if back else 1)
    if back:
        return Reckoned(expiry, unsure, expiry)
    skipped = {day for after, last in excluded for day in _days(after, last)}
    rolls = n > 0 and unit != "working_days"
    last, day, provisional = _settle(start, expiry, skipped, custody, rolls)
    for granted, more, of in sorted(extensions, key=lambda e: e[0]):
        if start <= granted <= day:
            expiry, doubt = _walk(expiry, more, of)
            unsure = unsure or doubt
            last, day, provisional = _settle(start, expiry, skipped, custody, rolls)
    return Reckoned(day, provisional or unsure, last)


def _settle(
    start: dt.date,
    expiry: dt.date,
    skipped: set[dt.date],
    custody: Sequence[tuple[dt.date, dt.date | None]],
    rolls: bool,
) -> tuple[dt.date, dt.date, bool]:
    """The unrolled due date, the rolled one, and whether that is provisional."""
    unrolled = start
    for _ in _days(start, expiry):
        unrolled += DAY
        while unrolled in skipped:
            unrolled += DAY
    held = any(a <= unrolled <= (b or unrolled) for a, b in custody)
    if held or not rolls:
        return unrolled, unrolled, False
    day = unrolled
    while _tabled(day):
        if _works(day):
            return unrolled, day, False
        day += DAY
    return unrolled, unrolled, True


def _walk(start: dt.date, n: int, unit: str, step: int = 1) -> tuple[dt.date, bool]:
    """The day on which ``n`` units are full, and whether a day was counted without a table."""
    if unit in {"months", "years"}:
        return _walk_months(start, n if unit == "months" else 12 * n, step), False
    day, full, unsure = start, 0, False
    while full < n:
        day += step * DAY
        full += unit == "days" or _works(day)
        unsure = unsure or (unit == "working_days" and not _tabled(day))
    return day, unsure


def _walk_months(start: dt.date, n: int, step: int) -> dt.date:
    """The same day ``n`` months on, or the last of a month that lacks it."""
    day, left = start, n
    while left:
        left -= _month_ends(day if step > 0 else day - DAY)
        day += step * DAY
    while not (day.day == start.day or (day.day < start.day and _month_ends(day))):
        day += step * DAY
    return day


def _days(after: dt.date, last: dt.date) -> Iterator[dt.date]:
    """Each day after one day, up to another."""
    while after < last:
        after += DAY
        yield after


def _month_ends(day: dt.date) -> bool:
    return (day + DAY).day == 1


@lru_cache(maxsize=1)
def _tables() -> dict[int, tuple[frozenset[dt.date], frozenset[dt.date]]]:
    """The days off and the working weekend days of each year that has a table."""
    tables = {}
    for path in (DATA / "holidays").iterdir():
        table = yaml.safe_load(path.read_text(encoding="utf-8"))
        tables[int(path.stem)] = frozenset(table["days_off"]), frozenset(table["working_days"])
    return tables


def _tabled(day: dt.date) -> bool:
    return day.year in _tables()


def _works(day: dt.date) -> bool:
    """Whether it is a working day; without a table from Monday to Friday."""
    off, working = _tables().get(day.year, (frozenset(), frozenset()))
    weekend = day.strftime("%a") in {"Sat", "Sun"}
    return day in working if weekend else day not in off
