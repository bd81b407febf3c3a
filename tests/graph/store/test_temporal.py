"""Times are converted in one place."""

from __future__ import annotations

import datetime as dt
from zoneinfo import ZoneInfo

import neo4j.time

from graph.store import temporal
from graph.store.connection import Graph
from graph.store.transport import Statement

ZONE = ZoneInfo("Asia/Shanghai")


def test_a_date_is_stored_as_its_local_date_alone() -> None:
    day = dt.date(2024, 2, 29)
    assert temporal.moment_properties("at", day, ZONE) == {"at_on": day}
    assert temporal.instant(day, ZONE) == dt.datetime(2024, 2, 28, 16, tzinfo=dt.UTC)


def test_an_instant_keeps_its_local_date_and_offset() -> None:
    local = dt.datetime(2024, 3, 1, 7, 30)  # noqa: DTZ001 - as a source writes it
    stored = temporal.moment_properties("at", local, ZONE)
    assert stored == {
        "at": dt.datetime(2024, 2, 29, 23, 30, tzinfo=dt.UTC),
        "at_on": dt.date(2024, 3, 1),
        "at_offset": 480,
    }
    assert temporal.local_moment(
        stored["at"], stored["at_on"], stored["at_offset"]
    ) == local.replace(tzinfo=ZONE)


def test_a_date_reaches_to_the_end_of_its_local_day() -> None:
    end = temporal.end_of(dt.date(2025, 6, 30), ZONE)
    assert end == dt.datetime(2025, 6, 30, 15, 59, 59, 999999, tzinfo=dt.UTC)


def test_driver_values_become_pythons_own() -> None:
    naive = neo4j.time.DateTime(2024, 1, 1, 1, 2, 3, 4000)
    at = dt.datetime(2024, 1, 1, 1, 2, 3, 4, tzinfo=dt.UTC)
    assert temporal.from_driver({"a": [naive]}) == {"a": [at]}
    assert temporal.from_driver(neo4j.time.Date(2024, 1, 1)) == dt.date(2024, 1, 1)
    assert temporal.as_json({"a": (at, at.date())}) == {
        "a": ["2024-01-01T01:02:03.000004Z", "2024-01-01"]
    }


def test_parameters_go_out_in_utc() -> None:
    east = dt.datetime(2024, 1, 1, 8, tzinfo=ZONE)
    assert temporal.to_driver({"a": (east,)}) == {"a": [dt.datetime(2024, 1, 1, tzinfo=dt.UTC)]}


MOMENTS = [
    dt.datetime(1677, 12, 31, 23, 59, 59, 999999, tzinfo=dt.UTC),
    dt.datetime(1678, 1, 1, tzinfo=dt.UTC),
    dt.datetime(2024, 2, 29, 23, 59, 59, 123456, tzinfo=ZONE),
    dt.datetime(2261, 12, 31, 23, 59, 59, 999999, tzinfo=dt.UTC),
    dt.datetime(9999, 12, 31, tzinfo=dt.UTC),
]


def test_moments_of_many_rows_arrive_to_the_microsecond(graph: Graph) -> None:
    text = "UNWIND $rows AS row RETURN row.at AS at, toString(row.at) AS text"
    for name in ("rows", "others"):
        statement = Statement(
            "moments", text.replace("$rows", f"${name}"), {name: [{"at": m} for m in MOMENTS]}
        )
        _, rows = graph._transport.write(statement, managed=True)
        assert [temporal.from_driver(row[0]) for row in rows] == MOMENTS
        assert [row[1][:4] for row in rows] == ["1677", "1678", "2024", "2261", "9999"]
