"""Cells become typed values, or are refused with a code: never guessed, never half read."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from loaders import values
from loaders.values import ValueFault

DAY = dt.date(2024, 3, 5)
EAST8 = dt.timezone(dt.timedelta(hours=8))


@pytest.mark.parametrize(
    "cell",
    [
        "2024-03-05",
        "2024-3-5",
        "2024/3/5",
        "2024.03.05",
        "2024年3月5日",
        "2024年03月05日",
        "2024 年 3 月 5 日",
        "20240305",
        "２０２４年３月５日",
        "２０２４－０３－０５",
        " 2024-03-05 ",
        DAY,
        dt.datetime(2024, 3, 5),  # noqa: DTZ001
        20240305,
        45356,
        45356.0,
    ],
)
def test_one_day_in_many_forms(cell: Any) -> None:
    assert values.moment(cell) == DAY
    assert type(values.moment(cell)) is dt.date
    assert values.date(cell) == DAY


@pytest.mark.parametrize(
    ("cell", "expected"),
    [
        ("2024-03-05T10:20:30", dt.datetime(2024, 3, 5, 10, 20, 30)),  # noqa: DTZ001
        ("2024-03-05 10:20", dt.datetime(2024, 3, 5, 10, 20)),  # noqa: DTZ001
        ("2024/3/5 9:05:07.25", dt.datetime(2024, 3, 5, 9, 5, 7, 250_000)),  # noqa: DTZ001
        ("2024年3月5日10时20分30秒", dt.datetime(2024, 3, 5, 10, 20, 30)),  # noqa: DTZ001
        ("2024年3月5日10时", dt.datetime(2024, 3, 5, 10)),  # noqa: DTZ001
        ("2024年3月5日 10：20", dt.datetime(2024, 3, 5, 10, 20)),  # noqa: DTZ001
        ("20240305T102030", dt.datetime(2024, 3, 5, 10, 20, 30)),  # noqa: DTZ001
        ("202403051020", dt.datetime(2024, 3, 5, 10, 20)),  # noqa: DTZ001
        ("2024-03-05T10:00:00Z", dt.datetime(2024, 3, 5, 10, tzinfo=dt.UTC)),
        ("2024-03-05T10:00:00+08:00", dt.datetime(2024, 3, 5, 10, tzinfo=EAST8)),
        ("2024-03-05T10:00:00+0800", dt.datetime(2024, 3, 5, 10, tzinfo=EAST8)),
        ("2024-03-05 10:00:00 +08", dt.datetime(2024, 3, 5, 10, tzinfo=EAST8)),
        (
            "2011-10-11T13:45:40.276-03:30",
            dt.datetime(
                2011, 10, 11, 13, 45, 40, 276_000, dt.timezone(-dt.timedelta(hours=3, minutes=30))
            ),
        ),
        (45356.5, dt.datetime(2024, 3, 5, 12)),  # noqa: DTZ001
    ],
)
def test_instants_keep_their_clock_and_their_offset(cell: Any, expected: dt.datetime) -> None:
    found = values.moment(cell)
    assert found == expected
    assert isinstance(found, dt.datetime)
    assert found.utcoffset() == expected.utcoffset()


@pytest.mark.parametrize(
    "cell",
    [
        "24-03-05",
        "2024-02-30",
        "2024-13-01",
        "2023年2月29日",
        "05/03/2024",
        "2024-03",
        "2024-03-05 25:00",
        "2024-03-05 10:00 noon",
        "someday",
        "45356",
        "0024-03-05",
        "9999-12-31",
        7,
        True,
        -1.5,
    ],
)
def test_what_is_no_date_is_refused(cell: Any) -> None:
    with pytest.raises(ValueFault) as caught:
        values.moment(cell)
    assert caught.value.code == "value.moment"


def test_a_date_column_takes_no_time() -> None:
    assert values.date("2024-03-05 00:00:00") == DAY
    with pytest.raises(ValueFault) as caught:
        values.date("2024-03-05 09:00:00")
    assert caught.value.code == "value.date_with_time"


@pytest.mark.parametrize(
    ("read", "cell", "expected"),
    [
        (values.integer, "１２３", 123),
        (values.integer, "1,234,567", 1_234_567),
        (values.integer, "-7", -7),
        (values.integer, 12.0, 12),
        (values.number, "１.５", 1.5),
        (values.number, "1,234.5", 1234.5),
        (values.number, "3e2", 300.0),
        (values.number, 7, 7.0),
        (values.boolean, "是", True),
        (values.boolean, "ＴＲＵＥ", True),
        (values.boolean, "无", False),
        (values.boolean, False, False),
        (values.text, " 张\u3000", "张"),
        (values.text, 12.0, "12"),
        (values.text, "e\u0301", "é"),
        (values.listing, "P1；P2; ;P3", ["P1", "P2", "P3"]),
        (values.listing, ["a", " b "], ["a", "b"]),
        (values.attribute, 3, 3),
        (values.attribute, "x ", "x"),
        (values.attribute, 2.5, 2.5),
    ],
)
def test_values_of_every_type(read: Callable[[Any], Any], cell: Any, expected: Any) -> None:
    assert read(cell) == expected
    assert type(read(cell)) is type(expected)


@pytest.mark.parametrize(
    ("read", "cell", "code"),
    [
        (values.integer, "1.5", "value.integer"),
        (values.integer, "１２３人", "value.integer"),
        (values.integer, "1,23", "value.integer"),
        (values.integer, str(2**63), "value.integer"),
        (values.integer, 2**63, "value.integer"),
        (values.number, "nan", "value.number"),
        (values.number, "1e999", "value.number"),
        (values.number, float("inf"), "value.number"),
        (values.number, "", "value.number"),
        (values.boolean, "也许", "value.boolean"),
        (values.text, "a\udcb5b", "value.undecodable"),
        (values.text, b"x", "value.text"),
    ],
)
def test_refusals_say_what_is_wrong(read: Callable[[Any], Any], cell: Any, code: str) -> None:
    with pytest.raises(ValueFault) as caught:
        read(cell)
    assert caught.value.code == code


def test_undecodable_bytes_are_shown_as_escapes() -> None:
    with pytest.raises(ValueFault) as caught:
        values.text("甲\udcd0\n乙")
    assert caught.value.value == "甲\\xd0 乙"


def test_long_values_are_cut_in_messages() -> None:
    assert len(values.shown("x" * 1000)) == 61


@given(st.dates(dt.date(1900, 1, 1), dt.date(2150, 1, 1)))
def test_every_day_comes_back(day: dt.date) -> None:
    for cell in (
        day.isoformat(),
        f"{day.year}年{day.month}月{day.day}日",
        f"{day.year}/{day.month}/{day.day}",
        f"{day:%Y%m%d}",
    ):
        assert values.moment(cell) == day


@given(st.integers(-(2**63), 2**63 - 1))
def test_every_integer_comes_back(number: int) -> None:
    assert values.integer(str(number)) == number
    assert values.integer(number) == number


@given(st.text())
def test_text_is_read_or_refused_and_reading_again_changes_nothing(cell: str) -> None:
    bad = any("\ud800" <= c <= "\udfff" or c == "\ufffd" for c in cell)
    if bad:
        with pytest.raises(ValueFault):
            values.text(cell)
    else:
        found = values.text(cell)
        assert values.text(found) == found


@given(st.text(alphabet="0123456789-/年月日T:. +Zz٣３"))
def test_nothing_but_a_fault_comes_out_of_odd_dates(cell: str) -> None:
    try:
        found = values.moment(cell)
    except ValueFault:
        return
    assert isinstance(found, dt.date)
