"""A cell as a typed value, or the reason why it is none.

Digits, letters and punctuation may be full-width (２０２４年３月５日). Nothing is guessed: a
year of two digits, a day that does not exist, a half-readable number are refused with the reason.
"""

from __future__ import annotations

import datetime as dt
import decimal
import re
import unicodedata
from collections.abc import Callable
from contextlib import suppress
from functools import lru_cache
from typing import Any

from graph.store.schema import ColumnType
from loaders.tables import Raw

YES = frozenset({"true", "1", "是", "有", "y", "yes", "t"})
NO = frozenset({"false", "0", "否", "无", "n", "no", "f"})
YEARS = range(1800, 2200)
"""Years that a date may have; others are slips of the pen."""
EXCEL_EPOCH = dt.date(1899, 12, 30)
EXCEL_DAYS = range(20_000, 80_000)
"""Workbook serials that count as dates: October 1954 to January 2119."""
INT64 = 1 << 63

_DATE = re.compile(r"(\d{4})\s?[-/.年]\s?(\d{1,2})\s?[-/.月]\s?(\d{1,2})\s?日?\s?(.*)")
_COMPACT = re.compile(r"(\d{4})(\d{2})(\d{2})(?:T?(\d{2})(\d{2})(\d{2})?)?")
_TIME = re.compile(
    r"[Tt ]?\s*(\d{1,2})\s?[:时点]\s?(\d{1,2})\s?分?\s?(?::?(\d{1,2})(?:[.,](\d{1,9}))?秒?)?\s*"
    r"(Z|z|UTC|[+-]\d{2}(?::?\d{2})?)?"
)
_HOUR = re.compile(r"[Tt ]?\s*(\d{1,2})\s?[时点]")


class ValueFault(Exception):
    """A cell that cannot be read: ``code`` of the message, and what stands there."""

    def __init__(self, code: str, value: object) -> None:
        super().__init__(code)
        self.code = code
        self.value = shown(value)


def shown(value: object, most: int = 60) -> str:
    """A cell's content for a message: one line, undecodable bytes as escapes, cut when long."""
    found = str(value).encode("utf-8", "backslashreplace").decode("utf-8")
    found = " ".join(found.replace("\\udc", "\\x").split())
    return found if len(found) <= most else found[:most] + "…"


def text(value: Raw) -> str:
    """Text in composed form (NFC) without outer spaces; undecodable bytes are refused."""
    if type(value) is not str:
        if isinstance(value, float) and value.is_integer():
            value = int(value)
        elif isinstance(value, bytes | list | dict):
            raise ValueFault("value.text", value)
        value = str(value)
    if not value.isascii():
        try:
            value.encode()
        except UnicodeEncodeError as error:
            raise ValueFault("value.undecodable", value) from error
        if "\ufffd" in value:
            raise ValueFault("value.undecodable", value)
        value = unicodedata.normalize("NFC", value)
    return value.strip()


def _narrow(value: Raw) -> str:
    found = text(value)
    return found if found.isascii() else unicodedata.normalize("NFKC", found).strip()


def integer(value: Raw) -> int:
    """A whole number of at most 64 bits; full-width digits and 1,234 too."""
    if type(value) is int:
        found = value
    else:
        narrow = _narrow(value)
        if re.fullmatch(r"[+-]?\d{1,3}(,\d{3})+", narrow):
            narrow = narrow.replace(",", "")
        if not re.fullmatch(r"[+-]?\d+", narrow):
            raise ValueFault("value.integer", value)
        found = int(narrow)
    if not -INT64 <= found < INT64:
        raise ValueFault("value.integer", value)
    return found


def number(value: Raw) -> float:
    """A finite number; full-width digits and 1,234.5 too."""
    if isinstance(value, int | float | decimal.Decimal) and not isinstance(value, bool):
        found = float(value)
    else:
        narrow = _narrow(value)
        if re.fullmatch(r"[+-]?\d{1,3}(,\d{3})+(\.\d*)?", narrow):
            narrow = narrow.replace(",", "")
        if not re.fullmatch(r"[+-]?(\d+\.?\d*|\.\d+)([eE][+-]?\d+)?", narrow):
            raise ValueFault("value.number", value)
        found = float(narrow)
    if not abs(found) < float("inf"):
        raise ValueFault("value.number", value)
    return found


def boolean(value: Raw) -> bool:
    """是/否, 有/无, true/false, yes/no, 1/0."""
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
    """A date, or a datetime with or without offset, as written.

    Workbooks hold a date as midnight, or as a serial number of days when the cell has no date
    format: both count as a date.
    """
    if type(value) is str:
        return _moment(value)
    found: dt.date | dt.datetime
    if isinstance(value, dt.datetime):
        # pandas' timestamps are datetimes too; the driver does not know them.
        found = dt.datetime.combine(value.date(), value.time(), value.tzinfo)
        if found.tzinfo is None and found.time() == dt.time():
            found = found.date()
    elif isinstance(value, dt.date):
        found = value
    elif isinstance(value, int | float) and int(value) in EXCEL_DAYS:
        start = dt.datetime.combine(EXCEL_EPOCH, dt.time())
        at = start + dt.timedelta(seconds=round(float(value) * 86_400))
        found = at if at.time() != dt.time() else at.date()
    elif isinstance(value, int | float) and 18_000_101 <= value < 22_000_101:
        return _moment(str(int(value)))
    else:
        raise ValueFault("value.moment", value)
    if found.year not in YEARS:
        raise ValueFault("value.moment", value)
    return found


@lru_cache(maxsize=1 << 16)
def _moment(value: str) -> dt.date | dt.datetime:
    """The moment that a text means; the same few thousand days come again and again."""
    narrow = _narrow(value)
    try:
        found = _read(narrow)
    except (ValueError, OverflowError) as error:
        raise ValueFault("value.moment", value) from error
    if found is None or found.year not in YEARS:
        raise ValueFault("value.moment", value)
    return found


def _read(narrow: str) -> dt.date | dt.datetime | None:
    if narrow[4:8:3] == "--":
        # The usual form, read by the interpreter itself; what it refuses gets a second look.
        with suppress(ValueError):
            if len(narrow) == 10:
                return dt.date.fromisoformat(narrow)
            return dt.datetime.fromisoformat(narrow)
    if match := _COMPACT.fullmatch(narrow):
        day = dt.date(*(int(part) for part in match.groups()[:3]))
        if match[4] is None:
            return day
        return dt.datetime.combine(day, dt.time(int(match[4]), int(match[5]), int(match[6] or 0)))
    match = _DATE.fullmatch(narrow)
    if not match:
        return None
    day = dt.date(int(match[1]), int(match[2]), int(match[3]))
    rest = match[4]
    if not rest:
        return day
    if whole := _HOUR.fullmatch(rest):
        return dt.datetime.combine(day, dt.time(int(whole[1])))
    at = _TIME.fullmatch(rest)
    if not at:
        return None
    fraction = int((at[4] or "0")[:6].ljust(6, "0"))
    time = dt.time(int(at[1]), int(at[2]), int(at[3] or 0), fraction, _offset(at[5]))
    return dt.datetime.combine(day, time)


def _offset(written: str | None) -> dt.tzinfo | None:
    if written is None:
        return None
    if written in {"Z", "z", "UTC"}:
        return dt.UTC
    digits = written[1:].replace(":", "").ljust(4, "0")
    minutes = int(digits[:2]) * 60 + int(digits[2:])
    return dt.timezone(dt.timedelta(minutes=-minutes if written[0] == "-" else minutes))


def listing(value: Raw) -> list[str]:
    """Text parts separated by ; or ；."""
    if isinstance(value, list):
        return [part for part in (text(v) for v in value) if part]
    return [part for p in text(value).replace("；", ";").split(";") if (part := p.strip())]


def attribute(value: Raw) -> Any:
    """A value of an open column as it is: a number stays one, text is composed and stripped."""
    if isinstance(value, bool | dt.date):
        return moment(value) if isinstance(value, dt.date) else value
    if isinstance(value, int):
        return integer(value)
    if isinstance(value, float | decimal.Decimal):
        return number(value)
    return text(value)


READERS: dict[ColumnType, Callable[[Raw], Any]] = {
    "text": text,
    "integer": integer,
    "number": number,
    "boolean": boolean,
    "date": date,
    "moment": moment,
    "list": listing,
}
