"""A cell as a typed value, or the reason why it is none."""

from __future__ import annotations

import datetime as dt
import re
import unicodedata
from collections.abc import Callable
from typing import Any

from graph.store.schema import ColumnType
from loaders.tables import Raw

YES = frozenset({"true", "1", "是", "有", "y", "yes"})
NO = frozenset({"false", "0", "否", "无", "n", "no"})
_DATE = re.compile(r"(\d{4})(?:[-/.年])(\d{1,2})(?:[-/.月])(\d{1,2})日?$")
_COMPACT = re.compile(r"(\d{4})(\d{2})(\d{2})$")
EXCEL_EPOCH = dt.date(1899, 12, 30)


class ValueFault(Exception):
    """A cell that cannot be read: ``code`` of the message, and what stands there."""

    def __init__(self, code: str, value: object) -> None:
        super().__init__(code)
        self.code = code
        self.value = value


def text(value: Raw) -> str:
    """Text in composed form without outer spaces; undecodable bytes are refused."""
    if isinstance(value, float) and value.is_integer():
        value = int(value)
    found = unicodedata.normalize("NFC", str(value)).strip()
    if "�" in found:
        raise ValueFault("value.undecodable", found)
    return found


def _narrow(value: Raw) -> str:
    return unicodedata.normalize("NFKC", text(value)).strip()


def integer(value: Raw) -> int:
    """A whole number, full-width digits too."""
    try:
        return int(_narrow(value))
    except ValueError as error:
        raise ValueFault("value.integer", value) from error


def number(value: Raw) -> float:
    """A number, full-width digits too."""
    try:
        return float(_narrow(value))
    except ValueError as error:
        raise ValueFault("value.number", value) from error


def boolean(value: Raw) -> bool:
    """是/否, true/false, 1/0."""
    if isinstance(value, bool):
        return value
    found = _narrow(value).lower()
    if found in YES:
        return True
    if found in NO:
        return False
    raise ValueFault("value.boolean", value)


def date(value: Raw) -> dt.date:
    """A calendar date: 2024-03-05, 2024/3/5, 2024年3月5日, 20240305, or a date of a workbook."""
    found = moment(value)
    if isinstance(found, dt.datetime):
        if found.time() != dt.time():
            raise ValueFault("value.date_with_time", value)
        return found.date()
    return found


def moment(value: Raw) -> dt.date | dt.datetime:
    """A date, or a datetime with or without offset, as written."""
    if isinstance(value, dt.datetime):
        return value.date() if value.time() == dt.time() and value.tzinfo is None else value
    if isinstance(value, dt.date):
        return value
    if isinstance(value, int | float) and 20_000 < value < 80_000:
        whole = EXCEL_EPOCH + dt.timedelta(days=int(value))
        rest = dt.timedelta(seconds=round((value - int(value)) * 86_400))
        return dt.datetime.combine(whole, dt.time()) + rest if rest else whole
    found = _narrow(value)
    try:
        match = _DATE.match(found) or _COMPACT.match(found)
        if match:
            year, month, day = (int(part) for part in match.groups())
            return dt.date(year, month, day)
        return dt.datetime.fromisoformat(found.replace("/", "-").replace("年", "-"))
    except ValueError as error:
        raise ValueFault("value.moment", value) from error


def listing(value: Raw) -> list[str]:
    """Text parts separated by ; or ；."""
    return [part.strip() for part in text(value).replace("；", ";").split(";") if part.strip()]


READERS: dict[ColumnType, Callable[[Raw], Any]] = {
    "text": text,
    "integer": integer,
    "number": number,
    "boolean": boolean,
    "date": date,
    "moment": moment,
    "list": listing,
}
