"""What every analysis needs to say first: which source, day, period, statuses and batches."""

from __future__ import annotations

import calendar
import datetime as dt
import re
from typing import Any

from graph.errors import InputError
from graph.settings import settings
from graph.store.connection import Graph

COUNTED = ("HIT", "CONFIRMED")
"""Statuses of the problems that count unless others are asked for."""
_PERIOD = re.compile(r"(\d{4})(?:-(\d{2}))?(?:-(\d{2}))?")
_QUARTER = re.compile(r"(\d{4})Q([1-4])")


def one_source(g: Graph, source: str | None) -> str | None:
    """The source to analyse; sources are never mixed unasked.

    None only for a store without cases. Raises InputError ``analysis.several_sources`` or
    ``analysis.unknown_source``.
    """
    found = [str(row.source) for row in g.read("case_sources")]
    if source is None:
        if len(found) > 1:
            raise InputError("analysis.several_sources", sources=", ".join(found))
        return found[0] if found else None
    if source not in found:
        raise InputError("analysis.unknown_source", source=source, sources=", ".join(found) or "–")
    return source


def local_day(moment: dt.datetime) -> dt.date:
    """The local calendar day of an instant."""
    return moment.astimezone(settings().zone).date()


def batches(g: Graph, source: str | None) -> list[str]:
    """Ids of the finished batches of a source, for the answer's evidence."""
    return [str(row.batch) for row in g.read("link_batches", source=source)]


def choice(field: str, value: str | None, choices: tuple[str, ...]) -> str | None:
    """``value`` if it is one of ``choices`` (or None); raises InputError otherwise."""
    if value is not None and value not in choices:
        raise InputError(
            "analysis.bad_choice", field=field, value=value, choices=", ".join(choices)
        )
    return value


def period_bounds(period: str | None) -> tuple[dt.date | None, dt.date | None]:
    """First and last day of ``2024``, ``2024Q1``, ``2024-01``, ``2024-01..2024-06`` (days too).

    The ends may be open.

    Raises InputError ``analysis.bad_period``.
    """
    if not period:
        return None, None
    first, dots, last = period.partition("..")
    try:
        since = _day(first, end=False) if first else None
        until = _day(last if dots else first, end=True) if (last or not dots) else None
    except ValueError as error:
        raise InputError("analysis.bad_period", period=period) from error
    if (since is None and until is None) or (since and until and since > until):
        raise InputError("analysis.bad_period", period=period)
    return since, until


def _day(text: str, *, end: bool) -> dt.date:
    quarter = _QUARTER.fullmatch(text.strip())
    if quarter:
        last = int(quarter[2]) * 3
        text = f"{quarter[1]}-{last if end else last - 2:02d}"
    match = _PERIOD.fullmatch(text.strip())
    if match is None:
        raise ValueError(text)
    year, month, day = (int(part) if part else None for part in match.groups())
    assert year is not None
    month = month or (12 if end else 1)
    if day is None:
        if not 1 <= month <= 12 or year < 1:
            raise ValueError(text)
        day = calendar.monthrange(year, month)[1] if end else 1
    return dt.date(year, month, day)


def page(key: str, rows: list[dict[str, Any]], as_of: dt.datetime, total: int) -> dict[str, Any]:
    """A listing: ``as_of``, ``total``, ``shown``, ``truncated`` and the rows under ``key``."""
    return {
        "as_of": as_of,
        "total": total,
        "shown": len(rows),
        "truncated": len(rows) < total,
        key: rows,
    }
