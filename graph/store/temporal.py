"""The one place where times are converted: source value, stored property, and back.

An instant is stored as a UTC datetime, beside its local date and its offset, because one engine
returns stored datetimes without their zone and the other orders equal instants by offset.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable
from functools import lru_cache
from typing import Any
from zoneinfo import ZoneInfo

UTC = dt.UTC
_DRIVER_TIMES = {"neo4j.time", "interchange.time"}
LAST_MOMENT = dt.time(23, 59, 59, 999999)


def moment_properties(name: str, value: dt.date | dt.datetime, zone: ZoneInfo) -> dict[str, Any]:
    """The stored properties of a moment: ``name_on``, and for an instant ``name``, ``name_offset``.

    A datetime without an offset is taken to be in ``zone``; the offset is in minutes east.
    """
    if not isinstance(value, dt.datetime):
        return {f"{name}_on": value}
    local = value if value.tzinfo else value.replace(tzinfo=zone)
    offset = local.utcoffset() or dt.timedelta()
    return {
        name: local.astimezone(UTC),
        f"{name}_on": local.date(),
        f"{name}_offset": int(offset.total_seconds() // 60),
    }


def instant(value: dt.date | dt.datetime, zone: ZoneInfo) -> dt.datetime:
    """The UTC instant of a moment; a date counts from its local midnight."""
    if not isinstance(value, dt.datetime):
        value = dt.datetime.combine(value, dt.time(), zone)
    elif value.tzinfo is None:
        value = value.replace(tzinfo=zone)
    return value.astimezone(UTC)


def end_of(value: dt.date | dt.datetime, zone: ZoneInfo) -> dt.datetime:
    """The UTC instant up to which ``value`` reaches: a date reaches to the end of its local day."""
    if not isinstance(value, dt.datetime):
        value = dt.datetime.combine(value, LAST_MOMENT, zone)
    return instant(value, zone)


def local_moment(at: dt.datetime | None, on: dt.date, offset: int | None) -> dt.date | dt.datetime:
    """A stored moment as it was written at the source: a local datetime, or a date."""
    if at is None:
        return on
    return at.astimezone(dt.timezone(dt.timedelta(minutes=offset or 0)))


def in_utc(value: dt.datetime) -> dt.datetime:
    """The moment in UTC; one without a zone is in UTC."""
    return value.astimezone(UTC) if value.tzinfo else value.replace(tzinfo=UTC)


@lru_cache(1 << 16)
def stamp(value: dt.datetime) -> dt.datetime:
    """The moment in UTC as a pandas timestamp, which the driver packs in a quarter of the time.

    It ends in 2262; later and very early moments stay as they are.
    """
    import pandas as pd

    at = in_utc(value)
    return pd.Timestamp(at) if 1678 <= at.year <= 2261 else at


def to_driver(value: Any, moment: Callable[[dt.datetime], dt.datetime] = in_utc) -> Any:
    """A parameter for the driver: every datetime in UTC, tuples and sets as lists."""
    if isinstance(value, dt.datetime):
        return moment(value)
    if isinstance(value, dict):
        return {k: to_driver(v, moment) for k, v in value.items()}
    if isinstance(value, list | tuple | set | frozenset):
        return [to_driver(v, moment) for v in value]
    return value


def from_driver(value: Any) -> Any:
    """A value from the driver in Python's types; a datetime without a zone means UTC."""
    # py2neo has date and time classes of its own, with the same method.
    if type(value).__module__ in _DRIVER_TIMES and hasattr(value, "to_native"):
        value = value.to_native()
    if isinstance(value, dt.datetime):
        return value.replace(tzinfo=UTC) if value.tzinfo is None else value.astimezone(UTC)
    if isinstance(value, dict):
        return {k: from_driver(v) for k, v in value.items()}
    if isinstance(value, list | tuple):
        return [from_driver(v) for v in value]
    return value


def from_text(text: str, zone: ZoneInfo) -> dt.datetime:
    """An instant as an engine writes it (``toString``), in UTC; of a date its local midnight."""
    if len(text) == 10:
        return instant(dt.date.fromisoformat(text), zone)
    return in_utc(dt.datetime.fromisoformat(text.partition("[")[0]))


def as_json(value: Any) -> Any:
    """A value as JSON holds it: dates and datetimes in ISO form, UTC as ``Z``."""
    if isinstance(value, dt.datetime):
        text = value.isoformat()
        return text.removesuffix("+00:00") + "Z" if text.endswith("+00:00") else text
    if isinstance(value, dt.date | dt.time):
        return value.isoformat()
    if isinstance(value, dict):
        return {str(k): as_json(v) for k, v in value.items()}
    if isinstance(value, list | tuple | set | frozenset):
        return [as_json(v) for v in value]
    return value
