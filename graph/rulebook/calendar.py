"""Working days by the yearly holiday tables (节假日表), and lengths counted in calendar dates."""

from __future__ import annotations

import calendar as months
import datetime as dt
from collections.abc import Iterable
from dataclasses import dataclass, field
from functools import lru_cache
from pathlib import Path

import yaml

from graph.rulebook.model import DATA, Limit

DAY = dt.timedelta(days=1)


@dataclass(frozen=True)
class Calendar:
    """Which dates are working days. ``years`` are the years that have a table."""

    years: frozenset[int]
    days_off: frozenset[dt.date] = field(repr=False)
    working: frozenset[dt.date] = field(repr=False)

    def is_working_day(self, date: dt.date) -> bool:
        """Monday to Friday unless it is a day off, and the working weekend days.

        In a year without a table Monday to Friday count; ``known`` tells whether there is one.
        """
        return date in self.working or (date.weekday() < 5 and date not in self.days_off)

    def known(self, year: int) -> bool:
        """Whether the year has a table."""
        return year in self.years

    def last_date(self, start: dt.date, limit: Limit) -> tuple[dt.date, bool]:
        """The last date of a limit that starts on ``start``, and whether it is provisional.

        The start date is not counted and nothing rolls; a negative length counts back.
        Provisional: working days were counted in a year without a holiday table.
        """
        if limit.unit != "working_days":
            return add(start, limit), False
        date, left, provisional = start, abs(limit.n), False
        while left:
            date += DAY if limit.n > 0 else -DAY
            provisional |= not self.known(date.year)
            left -= self.is_working_day(date)
        return date, provisional


def add(start: dt.date, limit: Limit) -> dt.date:
    """``start`` plus days, months or years; a month without that day ends on its last day."""
    if limit.unit == "days":
        return start + limit.n * DAY
    count = start.year * 12 + start.month - 1 + limit.n * (12 if limit.unit == "years" else 1)
    year, month = count // 12, count % 12 + 1
    return dt.date(year, month, min(start.day, months.monthrange(year, month)[1]))


def read_tables(folders: Iterable[Path]) -> Calendar:
    """The calendar of the tables ``holidays/YEAR.yaml`` of some folders; a later one wins."""
    tables = {p.stem: p for folder in folders for p in sorted(folder.glob("holidays/*.yaml"))}
    off: set[dt.date] = set()
    working: set[dt.date] = set()
    for path in tables.values():
        table = yaml.safe_load(path.read_text(encoding="utf-8"))
        off.update(table["days_off"])
        working.update(table["working_days"])
    return Calendar(frozenset(int(year) for year in tables), frozenset(off), frozenset(working))


@lru_cache(maxsize=1)
def calendar() -> Calendar:
    """The calendar of the shipped holiday tables."""
    return read_tables([DATA])
