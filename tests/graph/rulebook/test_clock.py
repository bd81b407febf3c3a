"""The statutory clock on worked examples, each computed by hand with its working beside it.

An example is a list of moments: ``PR01 2024-03-01`` is recorded on its day, ``PR22 2024-04-01
known 2024-05-01`` later, ``PR15 2024-03-20 for 4`` grants four days. Weekdays and days off come
from the official calendars of the State Council.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Sequence
from dataclasses import replace
from zoneinfo import ZoneInfo

import pytest

from graph.rulebook.calendar import Calendar, calendar
from graph.rulebook.clock import (
    Clock,
    Extension,
    Facts,
    Occurrence,
    Point,
    Terms,
    Written,
    clocks,
)
from graph.rulebook.law import book
from graph.rulebook.model import Limit
from graph.rulebook.terms import length

ZONE = ZoneInfo("Asia/Shanghai")
HELD = ["2018-01-01.."]


def moment(text: str) -> Written:
    """``2024-03-01`` or ``2024-03-01T10:20``, local."""
    if "T" in text:
        return dt.datetime.fromisoformat(text).replace(tzinfo=ZONE)
    return dt.date.fromisoformat(text)


def instant(text: str) -> dt.datetime:
    """The first instant that a moment may mean."""
    at = moment(text)
    return at if isinstance(at, dt.datetime) else dt.datetime.combine(at, dt.time(), ZONE)


def facts(events: Sequence[str], custody: Sequence[str] = ()) -> Facts:
    """The facts of a case from the lines of an example."""
    points: dict[str, list[Occurrence]] = {}
    for number, event in enumerate(events):
        name, at, *more = event.split()
        said = dict(zip(more[::2], more[1::2], strict=True))
        days = int(said["for"]) if "for" in said else None
        known = instant(said.get("known", at))
        points.setdefault(name, []).append(Occurrence(moment(at), known, f"e{number}", days))
    spans = [tuple(dt.date.fromisoformat(d) if d else None for d in c.split("..")) for c in custody]
    return Facts(points, [(first, last) for first, last in spans if first])


def shipped(code: str) -> Terms:
    """The terms of a limit of the rulebook."""
    return book().limits[code][0].variants[0].clock


def plain(text: str, *, back: bool = False) -> Terms:
    """A limit from S to E."""
    return Terms(
        start=Point((("S",),), "始", "start"),
        end=Point((("E",),), "终", "end"),
        length=length(text),
        back=back,
        rolls=not back,
        basis="TL-000",
    )


def asked(
    limit: Terms | str,
    *events: str,
    custody: Sequence[str] = (),
    as_of: str = "2026-12-31",
    days: Calendar | None = None,
    explain: bool = False,
) -> list[Clock]:
    """The clocks of a limit on an example."""
    terms = shipped(limit) if isinstance(limit, str) else limit
    known = facts(events, custody)
    return clocks(terms, known, instant(as_of), ZONE, days or calendar(), explain=explain)


def only(limit: Terms | str, *events: str, **more: object) -> Clock:
    """The one clock of an example."""
    (clock,) = asked(limit, *events, **more)  # type: ignore[arg-type]
    return clock


def said(clock: Clock) -> str:
    """A clock in a few words: result, due date and what is special."""
    words = [clock.result, str(clock.due or "-")]
    if isinstance(clock.due, dt.datetime):
        words[1] = clock.due.strftime("%Y-%m-%dT%H:%M")
    words += ["overdue"] * clock.overdue + ["provisional"] * clock.provisional
    return " ".join([*words, *([clock.fault] if clock.fault else [])])


@pytest.mark.parametrize(
    ("start", "limit", "due"),
    [
        # Days: the day of the start is not counted.
        pytest.param("2024-03-01", "3 days", "2024-03-04", id="Fri 03-01: 2, 3, Mon 03-04"),
        pytest.param("2024-03-06", "3 days", "2024-03-11", id="Sat 03-09 rolls to Mon 03-11"),
        pytest.param("2024-03-07", "3 days", "2024-03-11", id="Sun 03-10 rolls to Mon 03-11"),
        pytest.param("2024-02-26", "3 days", "2024-02-29", id="leap year: 27, 28, Thu 02-29"),
        pytest.param("2023-02-26", "3 days", "2023-03-01", id="no leap year: 27, 28, Wed 03-01"),
        pytest.param("2024-01-31", "30 days", "2024-03-01", id="29 days of February, Fri 03-01"),
        pytest.param("2023-01-31", "30 days", "2023-03-02", id="28 of February, 2 more: Thu 03-02"),
        pytest.param("2023-12-29", "3 days", "2024-01-02", id="Mon 01-01 is off, Tue 01-02"),
        pytest.param("2024-12-29", "3 days", "2025-01-02", id="Wed 01-01 is off, Thu 01-02"),
        pytest.param(
            "2024-04-22", "10 days", "2024-05-06", id="Thu 05-02 off, Fri; Sat; Mon 05-06"
        ),
        pytest.param("2025-05-30", "3 days", "2025-06-03", id="Mon 06-02 Dragon Boat, Tue 06-03"),
        pytest.param("2024-04-01", "3 days", "2024-04-07", id="Thu, Fri off; Sat; Sun 04-07 works"),
        pytest.param("2024-09-11", "3 days", "2024-09-14", id="Sat 09-14 is a working Saturday"),
        pytest.param("2024-09-12", "3 days", "2024-09-18", id="Sun 09-15; Mon, Tue off; Wed 09-18"),
        # Months: same day, else the last; years by twelve months.
        pytest.param("2024-01-31", "1 months", "2024-02-29", id="no 31 February, leap: Thu 02-29"),
        pytest.param("2023-01-31", "1 months", "2023-02-28", id="no 31 February: Tue 02-28"),
        pytest.param("2023-01-29", "1 months", "2023-02-28", id="no 29 February: Tue 02-28"),
        pytest.param("2024-01-29", "1 months", "2024-02-29", id="29 February is there: Thu 02-29"),
        pytest.param("2024-03-31", "1 months", "2024-04-30", id="no 31 April: Tue 04-30"),
        pytest.param("2024-04-30", "1 months", "2024-05-30", id="the same day, Thu 05-30"),
        pytest.param("2024-08-31", "1 months", "2024-09-30", id="no 31 September: Mon 09-30"),
        pytest.param("2020-12-31", "1 months", "2021-02-01", id="Sun 01-31 rolls on, Mon 02-01"),
        pytest.param("2023-11-30", "3 months", "2024-02-29", id="over the year, leap: Thu 02-29"),
        pytest.param("2022-11-30", "3 months", "2023-02-28", id="over the year: Tue 02-28"),
        pytest.param("2024-08-31", "6 months", "2025-02-28", id="half a year: Fri 02-28"),
        pytest.param("2024-02-29", "12 months", "2025-02-28", id="no 29 February: Fri 02-28"),
        pytest.param("2024-02-29", "1 years", "2025-02-28", id="a year as twelve months"),
        pytest.param("2023-02-28", "1 years", "2024-02-28", id="Wed 02-28, not the 29th"),
        # Spring Festival, year by year.
        pytest.param("2019-01-04", "1 months", "2019-02-11", id="Mon 02-04 to Fri off; Mon 02-11"),
        pytest.param("2019-01-03", "1 months", "2019-02-03", id="Sun 02-03 is a working Sunday"),
        pytest.param("2019-12-24", "1 months", "2020-02-03", id="Fri 01-24; 27 to 31; Mon 02-03"),
        pytest.param("2021-01-14", "1 months", "2021-02-18", id="Sun 02-14; 15 to 17; Thu 02-18"),
        pytest.param("2021-01-20", "1 months", "2021-02-20", id="Sat 02-20 is a working Saturday"),
        pytest.param("2021-12-31", "1 months", "2022-02-07", id="Mon 01-31 to Fri; Mon 02-07"),
        pytest.param("2022-01-27", "3 days", "2022-01-30", id="Sun 01-30 is a working Sunday"),
        pytest.param(
            "2022-12-21", "1 months", "2023-01-28", id="Sat 01-21; 23 to 27; Sat 28 works"
        ),
        pytest.param("2024-02-01", "3 days", "2024-02-04", id="Sun 02-04 is a working Sunday"),
        pytest.param("2024-02-06", "3 days", "2024-02-09", id="Fri 02-09, the eve, was no day off"),
        pytest.param(
            "2024-02-07", "3 days", "2024-02-18", id="Sat 10; 12 to 16; Sat; Sun 18 works"
        ),
        pytest.param("2025-01-23", "3 days", "2025-01-26", id="Sun 01-26 is a working Sunday"),
        pytest.param("2025-01-25", "3 days", "2025-02-05", id="28 to 31; Sat; 3, 4 off; Wed 02-05"),
        pytest.param("2025-01-24", "15 days", "2025-02-08", id="7 of January, 8: Sat 02-08 works"),
        pytest.param(
            "2026-02-12", "3 days", "2026-02-24", id="Sun 15; 16 to 20; Mon 23; Tue 02-24"
        ),
        pytest.param("2026-01-14", "1 months", "2026-02-14", id="Sat 02-14 is a working Saturday"),
        # National Day, year by year.
        pytest.param("2019-09-05", "1 months", "2019-10-08", id="Sat 10-05; Mon 7 off; Tue 10-08"),
        pytest.param(
            "2020-09-01", "1 months", "2020-10-09", id="Thu 10-01 to Thu 8 off; Fri 10-09"
        ),
        pytest.param("2021-09-02", "1 months", "2021-10-08", id="Sat 10-02; 4 to 7; Fri 10-08"),
        pytest.param(
            "2022-09-01", "1 months", "2022-10-08", id="Sat 10-01; 3 to 7; Sat 10-08 works"
        ),
        pytest.param(
            "2023-08-30", "1 months", "2023-10-07", id="Sat 09-30; 2 to 6; Sat 10-07 works"
        ),
        pytest.param("2024-09-26", "3 days", "2024-09-29", id="Sun 09-29 is a working Sunday"),
        pytest.param("2024-09-28", "3 days", "2024-10-08", id="Tue 10-01 to 4; Mon 7; Tue 10-08"),
        pytest.param("2024-10-09", "3 days", "2024-10-12", id="Sat 10-12 is a working Saturday"),
        pytest.param("2025-09-04", "1 months", "2025-10-09", id="Sat 10-04; 6 to 8 off; Thu 10-09"),
        pytest.param("2026-08-25", "1 months", "2026-09-28", id="Fri 09-25 Mid-Autumn; Mon 09-28"),
        pytest.param("2026-09-03", "1 months", "2026-10-08", id="Sat 10-03; 5 to 7; Thu 10-08"),
        # The same day does not roll, and working days are counted on working days.
        pytest.param("2024-10-05", "0 days", "2024-10-05", id="within the day, Sat 10-05 or not"),
        pytest.param("2024-03-07", "3 working_days", "2024-03-12", id="Fri 8, Mon 11, Tue 03-12"),
        pytest.param("2024-04-03", "3 working_days", "2024-04-09", id="Sun 7, Mon 8, Tue 04-09"),
        pytest.param("2024-09-27", "3 working_days", "2024-10-08", id="Sun 29, Mon 30, Tue 10-08"),
        pytest.param("2024-02-08", "3 working_days", "2024-02-19", id="Fri 9, Sun 18, Mon 02-19"),
        pytest.param("2026-12-28", "3 working_days", "2026-12-31", id="Tue 29, Wed 30, Thu 12-31"),
    ],
)
def test_when_a_period_is_due(start: str, limit: str, due: str) -> None:
    assert said(only(plain(limit), f"S {start}", as_of=start)) == f"RUNNING {due}"


@pytest.mark.parametrize(
    ("start", "limit", "due"),
    [
        pytest.param("2024-10-08", "3 days", "2024-10-05", id="Tue: 7, 6, Sat 10-05 does not roll"),
        pytest.param("2024-03-03", "3 days", "2024-02-29", id="2, 1, Thu 02-29"),
        pytest.param("2024-03-31", "1 months", "2024-02-29", id="no 31 February: Thu 02-29"),
        pytest.param("2024-03-31", "1 years", "2023-03-31", id="the year before"),
        pytest.param("2024-10-08", "3 working_days", "2024-09-27", id="Mon 30, Sun 29, Fri 09-27"),
    ],
)
def test_a_limit_counted_back_does_not_roll(start: str, limit: str, due: str) -> None:
    clock = only(plain(limit, back=True), f"S {start}", f"E {due}")
    assert said(clock) == f"MET {due}"
    later = dt.date.fromisoformat(due) + dt.timedelta(1)
    assert said(only(plain(limit, back=True), f"S {start}", f"E {later}")) == f"LATE {due}"


SEPTEMBER = ["PR01 2024-09-05"]  # one month ends on Sat 2024-10-05; free, it rolls to Tue 10-08


@pytest.mark.parametrize(
    ("custody", "due"),
    [
        pytest.param([], "2024-10-08", id="on bail: Sat; Sun; Mon 10-07 off; Tue 10-08"),
        pytest.param(["2024-08-01.."], "2024-10-05", id="in custody: Sat 10-05, no rolling"),
        pytest.param(["2024-08-01..2024-10-04"], "2024-10-08", id="released the day before"),
        pytest.param(["2024-08-01..2024-10-05"], "2024-10-05", id="released on that day: still in"),
        pytest.param(["2024-08-01..2024-10-06"], "2024-10-05", id="released the day after"),
        pytest.param(["2024-10-05.."], "2024-10-05", id="arrested on that day"),
        pytest.param(
            ["2024-10-06.."], "2024-10-08", id="arrested the day after: free on Sat 10-05"
        ),
        pytest.param(
            ["2024-08-01..2024-08-20", "2024-10-01..2024-10-20"],
            "2024-10-05",
            id="bail, and in custody again from 10-01",
        ),
    ],
)
def test_custody_on_the_last_day_decides_whether_it_rolls(custody: list[str], due: str) -> None:
    clock = only("TL-060", *SEPTEMBER, custody=custody, as_of="2024-09-06")
    assert said(clock) == f"RUNNING {due}"


def test_one_who_absconds_is_in_custody_no_longer_and_his_co_accused_still_is() -> None:
    """Accepted 2024-09-05: both due on Sat 10-05. He escaped on 09-20, so his rolls to Tue 10-08.

    Both are decided on Mon 10-07: two days late for her who is held, in time for him.
    """
    decided = [*SEPTEMBER, "PR22 2024-10-07"]
    escaped = only("TL-060", *decided, custody=["2024-08-01..2024-09-20"])
    held = only("TL-060", *decided, custody=["2024-08-01.."])
    assert (said(escaped), said(held)) == ("MET 2024-10-08", "LATE 2024-10-05")
    assert held.found == dt.date(2024, 10, 6)


def test_parties_of_one_case_have_clocks_of_their_own() -> None:
    """A is sent back on 03-20 and returns on 04-15: second month to Wed 05-15. B runs to 04-01."""
    a = asked("TL-060", "PR01 2024-03-01", "PR11 2024-03-20", "PR12 2024-04-15", as_of="2024-05-01")
    b = asked("TL-060", "PR01 2024-03-01", as_of="2024-05-01")
    assert [said(c) for c in a] == ["MET 2024-04-01", "RUNNING 2024-05-15"]
    assert [said(c) for c in b] == ["RUNNING 2024-04-01 overdue"]


@pytest.mark.parametrize(
    ("limit", "events", "custody", "due"),
    [
        pytest.param(
            "TL-060",
            ["PR01 2024-03-01", "PR15 2024-03-28"],
            [],
            "2024-04-16",
            id="04-01 and 15: Tue 04-16",
        ),
        pytest.param(
            "TL-060",
            [*SEPTEMBER, "PR15 2024-09-30"],
            [],
            "2024-10-21",
            id="added to the unrolled Sat 10-05, not to 10-08: Sun 10-20, Mon 10-21",
        ),
        pytest.param(
            "TL-060",
            [*SEPTEMBER, "PR15 2024-10-08"],
            [],
            "2024-10-21",
            id="granted on the rolled last day Tue 10-08: Sun 10-20, Mon 10-21",
        ),
        pytest.param(
            "TL-060",
            [*SEPTEMBER, "PR15 2024-10-09"],
            [],
            "2024-10-08",
            id="granted when it had run out on Tue 10-08: does not count",
        ),
        pytest.param(
            "TL-060",
            [*SEPTEMBER, "PR15 2024-10-08"],
            HELD,
            "2024-10-05",
            id="in custody it had run out on Sat 10-05: does not count",
        ),
        pytest.param(
            "TL-060",
            [*SEPTEMBER, "PR15 2024-10-05"],
            HELD,
            "2024-10-20",
            id="in custody, granted on Sat 10-05 itself: Sun 10-20, no rolling",
        ),
        pytest.param(
            "TL-060",
            ["PR01 2024-03-01", "PR15 2024-03-20 for 4"],
            [],
            "2024-04-07",
            id="four days told: Fri 04-05 off, Sat, Sun 04-07 works",
        ),
        pytest.param(
            "TL-060",
            ["PR01 2024-03-01", "PR15 2024-03-20 for 40"],
            [],
            "2024-04-16",
            id="forty days told, fifteen allowed: Tue 04-16",
        ),
        pytest.param(
            "TL-060",
            ["PR01 2024-03-01", "PR15 2024-02-28"],
            [],
            "2024-04-01",
            id="granted before the start: not of this period",
        ),
        pytest.param(
            "TL-041",
            ["AR01 2024-02-02"],
            [],
            "2024-02-18",
            id="15 days: Sat 02-17, Sun 02-18 works",
        ),
        pytest.param(
            "TL-041",
            ["AR01 2024-02-02", "AR07.COMPLEX 2024-02-08"],
            [],
            "2024-02-22",
            id="02-17 and 5: Thu 02-22",
        ),
        pytest.param(
            "TL-041",
            ["AR01 2024-02-02", "AR07.COMPLEX 2024-02-18"],
            [],
            "2024-02-22",
            id="on the working Sun 02-18 it still runs: Thu 02-22",
        ),
        pytest.param(
            "TL-040",
            ["AR01 2024-02-05"],
            HELD,
            "2024-02-12",
            id="7 days: Mon 02-12 of Spring Festival, in custody",
        ),
        pytest.param(
            "TL-040",
            ["AR.accepted 2024-02-05", "AR01 2024-02-06"],
            HELD,
            "2024-02-13",
            id="the intake event before the date of acceptance: 02-13",
        ),
        pytest.param(
            "TL-050",
            ["measure.ARREST.from 2024-01-10", "AR15.EXTENDED_1 2024-03-05"],
            HELD,
            "2024-04-10",
            id="03-10, one month more: 04-10",
        ),
        pytest.param(
            "TL-050",
            [
                "measure.ARREST.from 2024-01-10",
                "AR15.EXTENDED_1 2024-03-05",
                "AR15.EXTENDED_2 2024-04-08",
                "AR15.EXTENDED_3 2024-06-05",
            ],
            HELD,
            "2024-08-10",
            id="03-10, 04-10, 06-10, Sat 08-10: seven months, in custody",
        ),
        pytest.param(
            "TL-050",
            [
                "measure.ARREST.from 2024-01-10",
                "AR15.EXTENDED_1 2024-03-05",
                "AR15.EXTENDED_2 2024-04-08",
                "AR15.EXTENDED_3 2024-06-05",
            ],
            ["2024-01-10..2024-07-01"],
            "2024-08-12",
            id="the same, bail since 07-01: Sat 08-10, Mon 08-12",
        ),
        pytest.param(
            "TL-050",
            [
                "measure.ARREST.from 2024-01-10",
                "AR15.EXTENDED_1 2024-03-05",
                "AR15.EXTENDED_2 2024-04-11",
            ],
            HELD,
            "2024-04-10",
            id="the second came the day after 04-10: does not count",
        ),
        pytest.param(
            "TL-050",
            ["measure.ARREST.from 2023-12-31", "AR15.EXTENDED_1 2024-02-20"],
            HELD,
            "2024-03-29",
            id="no 31 February: 02-29; a month from there: Fri 03-29",
        ),
        pytest.param(
            "TL-0E4a", ["IN03.FILED 2020-02-29"], [], "2022-02-28", id="two years on: Mon 02-28"
        ),
        pytest.param(
            "TL-0E4a",
            ["IN03.FILED 2022-02-28"],
            [],
            "2024-02-28",
            id="to Wed 02-28, not to the 29th",
        ),
    ],
)
def test_extensions_lengthen_the_unrolled_period(
    limit: str, events: list[str], custody: list[str], due: str
) -> None:
    assert asked(limit, *events, custody=custody)[-1].due == dt.date.fromisoformat(due)


def test_an_extension_in_working_days_is_counted_on_working_days() -> None:
    """3 days from Thu 2024-09-26 to the working Sun 09-29; Mon 30 and Tue 10-08 are two more."""
    more = Extension(Point((("X",),), "延长", "extension"), Limit(2, "working_days"))
    extended = replace(plain("3 days"), extend=(more,))
    clock = only(extended, "S 2024-09-26", "X 2024-09-28", as_of="2024-09-29")
    assert said(clock) == "RUNNING 2024-10-08"


MARCH = ["PR01 2024-03-01"]  # one month ends on Mon 2024-04-01
APPRAISAL = ["PR20.APPRAISAL_STARTED 2024-03-10", "PR20.APPRAISAL_ENDED 2024-03-20"]  # ten days


@pytest.mark.parametrize(
    ("events", "due"),
    [
        pytest.param([*MARCH, *APPRAISAL], "2024-04-11", id="11 to 20 not counted: Thu 04-11"),
        pytest.param(["PR01 2024-02-29", *APPRAISAL], "2024-04-08", id="03-29 and 10: Mon 04-08"),
        pytest.param(
            [
                *MARCH,
                "PR20.APPRAISAL_STARTED 2024-02-20",
                "PR20.APPRAISAL_ENDED 2024-03-05",
            ],
            "2024-04-07",
            id="begun before the start: 2 to 5, Fri 04-05 off, Sun 04-07 works",
        ),
        pytest.param(
            [
                "PR01 2024-09-01",
                "PR20.APPRAISAL_STARTED 2024-09-25",
                "PR20.APPRAISAL_ENDED 2024-09-29",
            ],
            "2024-10-08",
            id="across the holiday: 10-01 and 4 is Sat 10-05, both roll to Tue 10-08",
        ),
        pytest.param(
            [
                "PR01 2024-09-01",
                "PR20.APPRAISAL_STARTED 2024-09-25",
                "PR20.APPRAISAL_ENDED 2024-10-05",
            ],
            "2024-10-11",
            id="through the holiday: 10-01 and 10 is Fri 10-11",
        ),
        pytest.param(
            [
                "PR01 2024-09-01",
                "PR20.APPRAISAL_STARTED 2024-10-02",
                "PR20.APPRAISAL_ENDED 2024-10-30",
            ],
            "2024-10-08",
            id="begun after the unrolled 10-01: outside of the period",
        ),
        pytest.param(
            [
                "PR01 2024-09-01",
                "PR20.APPRAISAL_STARTED 2024-10-01",
                "PR20.APPRAISAL_ENDED 2024-10-30",
            ],
            "2024-10-08",
            id="begun on 10-01: its first day is 10-02, outside",
        ),
        pytest.param(
            [
                "PR01 2024-09-01",
                "PR20.APPRAISAL_STARTED 2024-09-30",
                "PR20.APPRAISAL_ENDED 2024-10-30",
            ],
            "2024-10-31",
            id="begun on 09-30: one day was left after 10-30, Thu 10-31",
        ),
        pytest.param(
            [*MARCH, *APPRAISAL, "PR05.DETAINED 2024-03-15", "PR05.DECIDED 2024-03-25"],
            "2024-04-16",
            id="two that overlap count once: 11 to 25, fifteen days, Tue 04-16",
        ),
        pytest.param(
            [*MARCH, *APPRAISAL, "PR05.DETAINED 2024-04-05", "PR05.DECIDED 2024-04-08"],
            "2024-04-15",
            id="the first makes room for the second: 04-11, 3 more, Sun 04-14, Mon 04-15",
        ),
        pytest.param(
            [*MARCH, *APPRAISAL, "PR15 2024-04-05"],
            "2024-04-26",
            id="granted before 04-11: 04-01 and 15 is 04-16, and 10: Fri 04-26",
        ),
        pytest.param(
            [*MARCH, *APPRAISAL, "PR15 2024-04-12"],
            "2024-04-11",
            id="granted after Thu 04-11: does not count",
        ),
        pytest.param(
            [*MARCH, "PR20.APPRAISAL_STARTED 2024-03-10", "PR22 2024-03-20"],
            "2024-04-11",
            id="never ended: it lasts to the decision, 11 to 20, Thu 04-11",
        ),
    ],
)
def test_an_exclusion_is_not_counted(events: list[str], due: str) -> None:
    assert only("TL-060", *events).due == dt.date.fromisoformat(due)


def test_an_exclusion_that_still_runs_moves_the_due_date_day_by_day() -> None:
    """On 03-25 the 11th to the 25th are not counted: 04-01 and 15, Tue 04-16; on 03-26, Wed."""
    begun = [*MARCH, "PR20.APPRAISAL_STARTED 2024-03-10"]
    assert said(only("TL-060", *begun, as_of="2024-03-25")) == "RUNNING 2024-04-16"
    assert said(only("TL-060", *begun, as_of="2024-03-26")) == "RUNNING 2024-04-17"
    ended = [*begun, "PR20.APPRAISAL_ENDED 2024-03-20 known 2024-03-26"]
    assert said(only("TL-060", *ended, as_of="2024-03-25")) == "RUNNING 2024-04-16"
    assert said(only("TL-060", *ended, as_of="2024-03-26")) == "RUNNING 2024-04-11"


def test_civil_review_without_the_days_of_files_and_appraisals() -> None:
    """2024-01-15, three months: Mon 04-15. Files 02-01 to 02-21: 20; appraisal 03-01 to 03-31: 30.

    04-15 and 50 days: 15 to 04-30, 31 to 05-31, 4 left: Tue 06-04.
    """
    events = [
        "CV02.ACCEPTED 2024-01-15",
        "CV04.FILE_REQUESTED 2024-02-01",
        "CV04.FILE_RETURNED 2024-02-21",
        "CV04.APPRAISAL_STARTED 2024-03-01",
        "CV04.APPRAISAL_ENDED 2024-03-31",
    ]
    assert said(only("TL-104", *events, "CV06 2024-06-04")) == "MET 2024-06-04"
    assert said(only("TL-104", *events, "CV06 2024-06-05")) == "LATE 2024-06-04"
    assert said(only("TL-104", *events[:3], "CV06 2024-06-04")) == "LATE 2024-05-06"
    # 04-15 and 20 alone: Sun 05-05 of the May holiday, Mon 05-06.


@pytest.mark.parametrize(
    ("events", "rounds"),
    [
        pytest.param(
            ["PR11 2024-03-20", "PR12 2024-04-15", "PR22 2024-05-15"],
            ["MET 2024-04-01", "MET 2024-05-15"],
            id="back on 04-15: the full month, Wed 05-15",
        ),
        pytest.param(
            [
                "PR11 2024-03-20",
                "PR12 2024-04-15",
                "PR13 2024-05-10",
                "PR14 2024-06-08",
                "PR22 2024-07-09",
            ],
            ["MET 2024-04-01", "MET 2024-05-15", "LATE 2024-07-08"],
            id="sent back twice: third month Sat 06-08 to Mon 07-08, decided Tue 07-09",
        ),
        pytest.param(
            ["PR11 2024-04-02", "PR12 2024-04-15"],
            ["LATE 2024-04-01", "RUNNING 2024-05-15"],
            id="sent back the day after Mon 04-01: late",
        ),
        pytest.param(
            ["PR11 2024-03-20"], ["MET 2024-04-01"], id="sent back and not returned: nothing runs"
        ),
        pytest.param(
            ["PR12 2024-04-15", "PR22 2024-05-10"],
            ["UNKNOWN 2024-04-01 D01", "MET 2024-05-15"],
            id="the return proves that it was sent back, on a day unknown",
        ),
        pytest.param(
            ["PR11 2024-03-20", "PR12 2024-04-15", "PR14 2024-05-20"],
            ["MET 2024-04-01", "UNKNOWN 2024-05-15 D01", "RUNNING 2024-06-20"],
            id="of two rounds the second lacks its stop; third to Thu 06-20",
        ),
        pytest.param(
            ["PR11 2024-03-20", "PR12 2024-03-20"],
            ["MET 2024-04-01", "RUNNING 2024-04-22"],
            id="back on the same day: the stop ended the first round only; Sat 04-20, Mon 04-22",
        ),
        pytest.param(
            ["PR18.TRANSFERRED 2024-03-15", "PR18.RECEIVED 2024-03-18"],
            ["MET 2024-04-01", "RUNNING 2024-04-18"],
            id="jurisdiction: from receipt on 03-18 to Thu 04-18",
        ),
        pytest.param(
            ["PR18.- 2024-03-15"],
            ["MET 2024-04-01", "RUNNING 2024-04-15"],
            id="jurisdiction changed on one day: a stop and a new start, Mon 04-15",
        ),
        pytest.param(
            ["PR18.RECEIVED 2024-03-01"],
            ["RUNNING 2024-04-01"],
            id="received on the day of the intake: one round",
        ),
        pytest.param(
            ["PR18.- 2024-03-01"],
            ["RUNNING 2024-04-01"],
            id="jurisdiction changed on the day of the intake: one round",
        ),
        pytest.param(
            ["PR11 2024-03-20", "PR12 2024-04-15", "PR18.RECEIVED 2024-04-15"],
            ["MET 2024-04-01", "RUNNING 2024-05-15"],
            id="returned to another procuratorate: two restarts on one day open one round",
        ),
        pytest.param(
            ["PR15 2024-03-18", "PR11 2024-03-20", "PR12 2024-04-15"],
            ["MET 2024-04-16", "RUNNING 2024-05-15"],
            id="the extension of the first round is spent",
        ),
        pytest.param(
            ["PR11 2024-03-20", "PR12 2024-04-15", "PR15 2024-05-10"],
            ["MET 2024-04-01", "RUNNING 2024-05-30"],
            id="extended in the second round: 05-15 and 15, Thu 05-30",
        ),
        pytest.param(
            [*APPRAISAL, "PR11 2024-03-22", "PR12 2024-04-15"],
            ["MET 2024-04-11", "RUNNING 2024-05-15"],
            id="the appraisal of the first round is over",
        ),
        pytest.param(
            [
                "PR11 2024-03-20",
                "PR12 2024-04-15",
                "PR20.APPRAISAL_STARTED 2024-04-10",
                "PR20.APPRAISAL_ENDED 2024-04-25",
            ],
            ["MET 2024-04-01", "RUNNING 2024-05-27"],
            id="an appraisal over the restart: of the second round 16 to 25, Sat 05-25, Mon 05-27",
        ),
    ],
)
def test_a_restart_opens_a_round_with_the_full_length(events: list[str], rounds: list[str]) -> None:
    found = asked("TL-060", *MARCH, *events, as_of="2024-07-31")
    assert [said(c).removesuffix(" overdue") for c in found] == rounds
    assert [c.round for c in found] == list(range(1, len(rounds) + 1))


CUSTODY = ["measure.ARREST.from 2024-01-10"]


def test_recomputed_custody_ends_one_round_and_opens_the_next() -> None:
    """03-10, extended to 04-10 and 06-10; recomputed on 05-20: 07-20, extended to Tue 08-20."""
    events = [
        *CUSTODY,
        "AR15.EXTENDED_1 2024-03-05",
        "AR15.EXTENDED_2 2024-04-08",
        "AR16.RECOMPUTED 2024-05-20",
    ]
    first, second = asked("TL-050", *events, custody=HELD, as_of="2024-06-01")
    assert (said(first), first.end) == ("MET 2024-06-10", dt.date(2024, 5, 20))
    assert (said(second), second.start) == ("RUNNING 2024-07-20", dt.date(2024, 5, 20))
    again = asked("TL-050", *events, "AR15.EXTENDED_1 2024-07-15", custody=HELD)
    assert [c.due for c in again] == [dt.date(2024, 6, 10), dt.date(2024, 8, 20)]
    over = asked("TL-050", *events, "AR10.CUSTODY_ENDED 2024-07-21", custody=HELD)
    assert [said(c) for c in over] == ["MET 2024-06-10", "LATE 2024-07-20"]


@pytest.mark.parametrize(
    ("limit", "events", "custody", "result"),
    [
        # A judgment: ten days from Thu 2024-09-26, Sun 10-06 of National Day week.
        pytest.param("TL-090", ["PR38.PROTESTED 2024-10-08"], [], "MET 2024-10-08", id="judgment"),
        pytest.param("TL-090", ["PR38.- 2024-10-09"], [], "LATE 2024-10-08", id="judgment, Wed"),
        pytest.param("TL-090", ["PR38.- 2024-10-07"], HELD, "LATE 2024-10-06", id="in custody"),
        # A ruling: five days, Tue 10-01.
        pytest.param("TL-091", ["PR38.PROTESTED 2024-10-08"], [], "MET 2024-10-08", id="ruling"),
        pytest.param("TL-091", ["PR38.- 2024-10-01"], HELD, "MET 2024-10-01", id="ruling, custody"),
        pytest.param("TL-091", ["PR38.- 2024-10-02"], HELD, "LATE 2024-10-01", id="a day late"),
    ],
)
def test_protest_of_a_judgment_and_of_a_ruling(
    limit: str, events: list[str], custody: list[str], result: str
) -> None:
    received = {"TL-090": "PR36 2024-09-26", "TL-091": "PR36.RULING 2024-09-26"}[limit]
    assert said(only(limit, received, *events, custody=custody)) == result


def test_a_right_is_no_duty_that_a_later_act_could_prove() -> None:
    assert asked("TL-090", "PR38.PROTESTED 2024-10-08") == []


@pytest.mark.parametrize(
    ("limit", "start", "end", "result"),
    [
        # 24 hours from Fri 2024-03-01 10:20: hour 10 is not counted, 11:00 to Sat 11:00.
        pytest.param("TL-023", "2024-03-01T10:20", "2024-03-02T11:00", "MET", id="to Sat 11:00"),
        pytest.param("TL-023", "2024-03-01T10:20", "2024-03-02T11:01", "LATE", id="past Sat 11:00"),
        pytest.param(
            "TL-023", "2024-03-01T10:00", "2024-03-02T11:00", "MET", id="hour 10 from 10:00"
        ),
        pytest.param(
            "TL-023", "2024-03-01T10:59", "2024-03-02T11:01", "LATE", id="hour 10 to 10:59"
        ),
        # 48 hours from Thu 2024-02-08 16:45: 17:00 to Sat 02-10 17:00, in Spring Festival.
        pytest.param("TL-04B", "2024-02-08T16:45", "2024-02-10T17:00", "MET", id="to Sat 17:00"),
        pytest.param("TL-04B", "2024-02-08T16:45", "2024-02-18T09:00", "LATE", id="does not roll"),
        # Dates alone: from some hour of 03-01 to some hour of 03-02, at most midnight after it.
        pytest.param("TL-023", "2024-03-01", "2024-03-01", "MET", id="on the same date"),
        pytest.param("TL-023", "2024-03-01", "2024-03-02", "UNKNOWN", id="on the next date"),
        pytest.param("TL-023", "2024-03-01", "2024-03-03", "LATE", id="two dates on"),
        pytest.param("TL-04B", "2024-03-01", "2024-03-02", "MET", id="48 hours: the next date"),
        pytest.param("TL-04B", "2024-03-01", "2024-03-03", "UNKNOWN", id="48 hours: two dates on"),
        pytest.param("TL-04B", "2024-03-01", "2024-03-04", "LATE", id="48 hours: three dates on"),
        pytest.param("TL-03C", "2024-03-01", "2024-03-01", "MET", id="12 hours: the same date"),
        pytest.param("TL-03C", "2024-03-01", "2024-03-02", "UNKNOWN", id="12 hours: over midnight"),
        pytest.param("TL-03C", "2024-03-01", "2024-03-03", "LATE", id="12 hours: two dates on"),
        # One of the two with its hour.
        pytest.param("TL-023", "2024-03-01T10:20", "2024-03-01", "MET", id="the day of the hour"),
        pytest.param(
            "TL-023", "2024-03-01T10:20", "2024-03-02", "UNKNOWN", id="before or after 11"
        ),
        pytest.param("TL-023", "2024-03-01T10:20", "2024-03-03", "LATE", id="after 11 for certain"),
        pytest.param(
            "TL-023", "2024-03-01", "2024-03-02T00:30", "MET", id="before 01:00, earliest"
        ),
        pytest.param("TL-023", "2024-03-01", "2024-03-02T12:00", "UNKNOWN", id="noon, from when"),
        pytest.param(
            "TL-023", "2024-03-01", "2024-03-03T00:30", "LATE", id="after midnight, latest"
        ),
    ],
)
def test_limits_in_hours(limit: str, start: str, end: str, result: str) -> None:
    names = {
        "TL-023": ("PR03.AID_APPLICATION", "PR03.AID_FORWARDED"),
        "TL-04B": ("AR08.ARREST", "AR09.FILED_ABOVE"),
        "TL-03C": ("PR06.SUMMONED", "PR06.SUMMONS_ENDED"),
    }[limit]
    clock = only(limit, f"{names[0]} {start}", f"{names[1]} {end}")
    assert (clock.result, clock.fault, clock.provisional) == (result, None, False)


def test_a_breach_of_hours_is_found_at_the_hour() -> None:
    started = "PR03.AID_APPLICATION 2024-03-01T10:20"
    due = dt.datetime(2024, 3, 2, 11, tzinfo=ZONE)
    at = only("TL-023", started, as_of="2024-03-02T11:00")
    after = only("TL-023", started, as_of="2024-03-02T11:01")
    late = only("TL-023", started, "PR03.AID_FORWARDED 2024-03-02T15:00")
    assert (said(at), at.found) == ("RUNNING 2024-03-02T11:00", None)
    assert (said(after), after.found) == ("RUNNING 2024-03-02T11:00 overdue", due)
    assert (said(late), late.found) == ("LATE 2024-03-02T11:00", due)
    by_date = only("TL-023", "PR03.AID_APPLICATION 2024-03-01", as_of="2024-03-02T23:59")
    assert not by_date.overdue
    by_date = only("TL-023", "PR03.AID_APPLICATION 2024-03-01", as_of="2024-03-03")
    assert (by_date.overdue, by_date.found) == (True, dt.date(2024, 3, 3))


@pytest.mark.parametrize(
    ("limit", "events", "custody", "result", "found"),
    [
        # 2026-12-03, one month: Sun 2027-01-03, a year without a table.
        pytest.param(
            "TL-060",
            ["PR01 2026-12-03", "PR22 2027-01-04"],
            [],
            "LATE 2027-01-03 provisional",
            None,
            id="Sun 01-03 unrolled: late, and raises nothing",
        ),
        pytest.param(
            "TL-060",
            ["PR01 2026-12-03"],
            [],
            "RUNNING 2027-01-03 overdue provisional",
            None,
            id="overdue, and raises nothing",
        ),
        pytest.param(
            "TL-060",
            ["PR01 2026-12-03", "PR22 2027-01-02"],
            [],
            "MET 2027-01-03 provisional",
            None,
            id="in time in any case",
        ),
        pytest.param(
            "TL-060",
            ["PR01 2026-12-03", "PR22 2027-01-04"],
            HELD,
            "LATE 2027-01-03",
            dt.date(2027, 1, 4),
            id="in custody nothing is provisional",
        ),
        pytest.param(
            "TL-060",
            ["PR01 2026-11-28", "PR22 2026-12-29"],
            [],
            "LATE 2026-12-28",
            dt.date(2026, 12, 29),
            id="Mon 2026-12-28 lies in a year with a table",
        ),
        pytest.param(
            "TL-020",
            ["PR01 2026-12-30", "PR03.TOLD 2027-01-05"],
            [],
            "LATE 2027-01-02 provisional",
            None,
            id="31, 1, Sat 01-02",
        ),
        pytest.param(
            "TL-025",
            ["PR09.FILE_REQUESTED 2026-12-30"],
            [],
            "RUNNING 2027-01-04 overdue provisional",
            None,
            id="working days: Thu 31, Fri 01-01 for want of a table, Mon 01-04",
        ),
        pytest.param(
            "TL-060",
            ["PR01 2018-11-16", "PR22 2018-12-17"],
            [],
            "LATE 2018-12-16 provisional",
            None,
            id="before the first table: Sun 2018-12-16",
        ),
    ],
)
def test_a_year_without_a_table_is_provisional(
    limit: str, events: list[str], custody: list[str], result: str, found: dt.date | None
) -> None:
    clock = only(limit, *events, custody=custody, as_of="2027-01-31")
    assert (said(clock), clock.found) == (result, found)


def test_rolling_into_a_year_without_a_table_is_given_unrolled() -> None:
    """Sat 2022-12-31, with tables only up to 2022: Sun 2023-01-01 is not known."""
    known = Calendar(frozenset({2022}), frozenset(), frozenset())
    clock = only(plain("1 months"), "S 2022-11-30", days=known, as_of="2022-12-01")
    assert said(clock) == "RUNNING 2022-12-30"
    clock = only(plain("3 days"), "S 2022-12-28", days=known, as_of="2022-12-29")
    assert said(clock) == "RUNNING 2022-12-31 provisional"


@pytest.mark.parametrize(
    ("events", "results"),
    [
        pytest.param(
            ["S 2024-03-01", "S 2024-03-04", "E 2024-03-04", "E 2024-03-08"],
            ["MET 2024-03-04", "LATE 2024-03-07"],
            id="the first answer is for the first question",
        ),
        pytest.param(
            ["S 2024-03-01", "S 2024-03-04", "E 2024-03-05"],
            ["LATE 2024-03-04", "RUNNING 2024-03-07 overdue"],
            id="one answer, the second question is open",
        ),
        pytest.param(
            ["S 2024-03-04", "E 2024-03-01"],
            ["UNKNOWN 2024-03-07 D03"],
            id="answered before it was asked",
        ),
        pytest.param(
            ["S 2024-03-04", "E 2024-03-01", "E 2024-03-05"],
            ["MET 2024-03-07"],
            id="an answer to something earlier does not contradict",
        ),
        pytest.param(
            ["S 2024-03-04", "S 2024-03-04", "E 2024-03-04", "E 2024-03-06"],
            ["MET 2024-03-07", "MET 2024-03-07"],
            id="two on one day",
        ),
        pytest.param(
            ["S 2024-03-01", "E 2024-03-03", "E 2024-03-05", "S 2024-03-11"],
            ["MET 2024-03-04", "RUNNING 2024-03-14 overdue"],
            id="a second answer to the first question does not contradict the next one",
        ),
        pytest.param(
            ["S 2024-03-01", "E 2024-03-03", "E 2024-03-05", "S 2024-03-11", "E 2024-03-15"],
            ["MET 2024-03-04", "LATE 2024-03-14"],
            id="nor does it answer it",
        ),
        pytest.param(
            ["E 2024-02-29", "S 2024-03-01", "E 2024-03-03", "S 2024-03-11"],
            ["MET 2024-03-04", "UNKNOWN 2024-03-14 D03"],
            id="an answer before every question contradicts the one that is open",
        ),
        pytest.param(["E 2024-03-01"], ["UNKNOWN - D01"], id="an answer proves a question"),
        pytest.param([], [], id="nothing asked"),
    ],
)
def test_each_start_has_a_clock(events: list[str], results: list[str]) -> None:
    each = Point((("S",),), "问", "question", "each")
    found = asked(replace(plain("3 days"), start=each), *events)
    assert [said(c) for c in found] == results
    assert [c.round for c in found] == list(range(1, len(results) + 1))


def test_what_stopped_a_round_is_no_end_in_its_explanation() -> None:
    """Taken in on Mon 2024-06-03: due on Wed 07-03; a return, one before the intake, a decision."""
    stopped = asked("TL-060", "PR01 2024-06-03", "PR11 2024-06-20", explain=True)
    assert [s["zh"].partition("：")[0] for s in stopped[0].steps][-2:] == ["中止", "按期"]
    assert stopped[0].steps[-2]["en"].startswith("stopped by ")
    too_early = only("TL-060", "PR01 2024-06-03", "PR11 2024-06-01", explain=True)
    assert said(too_early) == "UNKNOWN 2024-07-03 D03"
    assert too_early.steps[-2]["zh"].startswith("中止：第一次退回")
    decided = only("TL-060", "PR01 2024-06-03", "PR22 2024-06-20", explain=True)
    assert decided.steps[-2]["zh"].startswith("终：")


def test_an_application_for_review_is_routed_on_the_same_day() -> None:
    """Requests on Sat 2024-10-05 and Tue 10-08: the day itself, rolled or not."""
    events = [
        "AR17.REQUESTED 2024-10-05",
        "AR17.ROUTED 2024-10-06",
        "PR17.REQUESTED 2024-10-08",
        "PR17.ROUTED 2024-10-08",
    ]
    assert [said(c) for c in asked("TL-016", *events)] == ["LATE 2024-10-05", "MET 2024-10-08"]


def test_another_procuratorate_has_two_days_to_route_an_application() -> None:
    """Two days from Thu 2024-10-10: Sat 10-12 works before the feast; from Fri 10-11, Sun, Mon."""
    same_day, *elsewhere = book().limits["TL-016"][0].variants
    assert [v.stated.when for v in elsewhere] == [
        ("AR17.HANDLED_ELSEWHERE",),
        ("PR17.HANDLED_ELSEWHERE",),
    ]
    assert {c.no for c in same_day.when} == {True}
    terms = elsewhere[1].clock
    for asked_on, routed, result in (
        ("10-10", "10-12", "MET 2024-10-12"),
        ("10-11", "10-14", "MET 2024-10-14"),
        ("10-11", "10-15", "LATE 2024-10-14"),
    ):
        events = [f"PR17.REQUESTED 2024-{asked_on}", f"PR17.ROUTED 2024-{routed}"]
        assert said(only(terms, *events)) == result


def test_an_adjournment_lasts_a_month() -> None:
    """From Fri 2024-05-31: no 31 June, Sun 06-30 rolls to Mon 07-01; then from 07-10, Sat 08-10."""
    events = ["PR33.ADJOURNED 2024-05-31", "PR33.RESUMED 2024-07-01"]
    again = ["PR33.ADJOURNED 2024-07-10", "PR35 2024-08-13"]
    found = [said(c) for c in asked("TL-083b", *events, *again)]
    assert found == ["MET 2024-07-01", "LATE 2024-08-12"]


@pytest.mark.parametrize(
    ("limit", "event", "end", "due"),
    [
        pytest.param("TL-105", "CV05.HEARING", "CV05.NOTICE", "2024-10-05", id="3 days: Sat 10-05"),
        pytest.param(
            "TL-015",
            "PR18.PLANNED_TRANSFER",
            "PR18.COURT_CONSULTED",
            "2024-09-18",
            id="20 days: 8 of October, 12 of September, Wed 09-18",
        ),
    ],
)
def test_notice_before_an_event(limit: str, event: str, end: str, due: str) -> None:
    planned = f"{event} 2024-10-08 known 2024-09-01"
    day_after = dt.date.fromisoformat(due) + dt.timedelta(1)
    assert said(only(limit, planned, f"{end} {due}")) == f"MET {due}"
    late = only(limit, planned, f"{end} {day_after}")
    assert (said(late), late.found) == (f"LATE {due}", day_after)
    assert said(only(limit, planned, as_of=due)) == f"RUNNING {due}"
    assert said(only(limit, planned, as_of=str(day_after))) == f"RUNNING {due} overdue"


def test_result_and_moment_of_the_breach() -> None:
    """TL-020: three days from Wed 2024-03-06, Sat 03-09, Mon 03-11."""
    events = ["PR01 2024-03-06"]
    on_time, late = (only("TL-020", *events, f"PR03.TOLD 2024-03-{d}") for d in (11, 12))
    assert (said(on_time), on_time.found) == ("MET 2024-03-11", None)
    assert (said(late), late.found) == ("LATE 2024-03-11", dt.date(2024, 3, 12))
    last, after = (only("TL-020", *events, as_of=f"2024-03-{d}") for d in (11, 12))
    assert (said(last), last.found) == ("RUNNING 2024-03-11", None)
    assert (said(after), after.found) == ("RUNNING 2024-03-11 overdue", dt.date(2024, 3, 12))
    assert (late.started_by, late.ended_by) == ("e0", "e1")


def test_the_question_knows_only_what_was_known_on_its_day() -> None:
    """The decision of 2024-03-29 was entered on 04-10: on 04-02 the review is overdue."""
    events = [*MARCH, "PR22 2024-03-29 known 2024-04-10"]
    assert asked("TL-060", *events, as_of="2024-02-29") == []
    assert said(only("TL-060", *events, as_of="2024-04-01")) == "RUNNING 2024-04-01"
    assert said(only("TL-060", *events, as_of="2024-04-02")) == "RUNNING 2024-04-01 overdue"
    assert said(only("TL-060", *events, as_of="2024-04-10")) == "MET 2024-04-01"
    extended = [*MARCH, "PR15 2024-03-28 known 2024-04-05"]
    assert said(only("TL-060", *extended, as_of="2024-04-02")) == "RUNNING 2024-04-01 overdue"
    assert said(only("TL-060", *extended, as_of="2024-04-05")) == "RUNNING 2024-04-16"
    returned = [*MARCH, "PR11 2024-03-20", "PR12 2024-04-15 known 2024-04-20"]
    assert len(asked("TL-060", *returned, as_of="2024-04-19")) == 1
    assert len(asked("TL-060", *returned, as_of="2024-04-20")) == 2


def test_what_came_after_proves_that_the_decision_was_made() -> None:
    """An indictment of 2024-03-25 without a decision: a fault of the data from that day."""
    events = [*MARCH, "PR23 2024-03-25"]
    assert said(only("TL-060", *events, as_of="2024-03-24")) == "RUNNING 2024-04-01"
    proved = only("TL-060", *events)
    assert said(proved) == "UNKNOWN 2024-04-01 D01"
    assert proved.found == dt.datetime(2024, 3, 25, tzinfo=ZONE)
    assert said(only("TL-060", *events, "PR22 2024-03-25")) == "MET 2024-04-01"
    assert said(only("TL-060", *events, "PR.closed 2024-03-26")) == "MET 2024-04-01"
    again = [*events, "PR11 2024-03-28", "PR12 2024-04-15"]
    assert [said(c) for c in asked("TL-060", *again, as_of="2024-04-20")] == [
        "MET 2024-04-01",
        "RUNNING 2024-05-15",
    ]


def test_a_decision_proves_that_the_file_was_accepted() -> None:
    clock = only("TL-060", "PR22 2024-03-25")
    assert (said(clock), clock.end) == ("UNKNOWN - D01", dt.date(2024, 3, 25))
    assert said(only("TL-060", "PR.accepted 2024-03-01", "PR22 2024-03-25")) == "MET 2024-04-01"


def test_a_decision_before_the_acceptance_contradicts() -> None:
    clock = only("TL-060", *MARCH, "PR22 2024-02-20")
    assert (said(clock), clock.found) == ("UNKNOWN 2024-04-01 D03", dt.date(2024, 3, 1))
    assert said(only("TL-060", *MARCH, "PR22 2024-02-20", "PR22 2024-03-20")) == "MET 2024-04-01"
    rounds = asked("TL-060", *MARCH, "PR11 2024-03-20", "PR12 2024-04-15", "PR22 2024-02-20")
    assert [said(c) for c in rounds] == ["MET 2024-04-01", "RUNNING 2024-05-15 overdue"]


def told(clock: Clock, lang: str) -> list[tuple[str, str, str]]:
    return [(s[lang], s["date"], s["basis"]) for s in clock.steps]


def test_an_explanation_goes_step_by_step() -> None:
    """10-01; extended: 10-16; appraisal 09-26 to 30: 10-21; detention 10-11 to 15: Sat 10-26."""
    events = [
        "PR01 2024-09-01",
        "PR15 2024-09-20",
        "PR20.APPRAISAL_STARTED 2024-09-25",
        "PR20.APPRAISAL_ENDED 2024-09-30",
        "PR05.DETAINED 2024-10-10",
        "PR05.DECIDED 2024-10-15",
        "PR22 2024-10-29",
    ]
    clock = only("TL-060", *events, explain=True)
    assert told(clock, "en") == [
        (
            "started by Intake of prosecution file (PR01), else date accepted (PR)"
            " = 2024-09-01 (e0)",
            "2024-09-01",
            "",
        ),
        (
            "plus 1 month, in calendar dates, the day of the start not counted",
            "2024-10-01",
            "TL-060",
        ),
        (
            "extended by Extension of review period (PR15) = 2024-09-20, plus 15 days: "
            "2024-10-16 (e1)",
            "2024-09-20",
            "TL-061",
        ),
        ("2024-09-26 to 2024-09-30 not counted, plus 5 days: 2024-10-21", "2024-10-21", "TL-003"),
        ("2024-10-11 to 2024-10-15 not counted, plus 5 days: 2024-10-26", "2024-10-26", "TL-036"),
        ("2024-10-26 is a day off: rolls to 2024-10-28", "2024-10-28", "TL-001"),
        ("due: 2024-10-28", "2024-10-28", ""),
        ("ended by Decision (PR22), else date closed (PR) = 2024-10-29 (e6)", "2024-10-29", ""),
        ("ended late", "", ""),
    ]
    assert [text for text, _, _ in told(clock, "zh")] == [
        "始：受理移送起诉（PR01），或受理日期（PR）＝2024-09-01（e0）",
        "加 1 个月，自次日起按日历日计",
        "延长：延长审查起诉期限（PR15）＝2024-09-20，加 15 日，至 2024-10-16（e1）",
        "2024-09-26 至 2024-09-30 不计，加 5 日，至 2024-10-21",
        "2024-10-11 至 2024-10-15 不计，加 5 日，至 2024-10-26",
        "2024-10-26 为休息日，顺延至 2024-10-28",
        "届满：2024-10-28",
        "终：起诉、不起诉、附条件不起诉等决定（PR22），或审结日期（PR）＝2024-10-29（e6）",
        "逾期办结",
    ]
    assert only("TL-060", *events).steps == ()


def test_an_explanation_names_what_stopped_and_what_restarted() -> None:
    first, second = asked(
        "TL-060", *MARCH, "PR11 2024-03-20", "PR12 2024-04-15", as_of="2024-05-01", explain=True
    )
    assert "First return (PR11)" in first.steps[-2]["en"]
    assert "第一次退回" in first.steps[-2]["zh"]
    assert second.steps[0]["en"].startswith("restarted by First re-transfer (PR12)")
    assert second.steps[0]["zh"].startswith("重新计算：第一次重新移送（PR12）")
    assert (second.steps[0]["date"], second.steps[-1]["en"]) == ("2024-04-15", "not ended")


@pytest.mark.parametrize(
    ("limit", "events", "custody", "en", "zh"),
    [
        pytest.param(
            "TL-060",
            SEPTEMBER,
            HELD,
            "in custody on that day: it does not roll",
            "届满之日在押，不顺延",
            id="custody",
        ),
        pytest.param(
            "TL-060",
            ["PR01 2026-12-03"],
            [],
            "there is no holiday table of 2027: not rolled, provisional",
            "没有 2027 年的节假日表：未顺延，暂定",
            id="provisional",
        ),
        pytest.param(
            "TL-060",
            [*SEPTEMBER, "PR15 2024-10-09"],
            [],
            "Extension of review period (PR15) = 2024-10-09 came after the period had run out: "
            "it does not count (e1)",
            "延长审查起诉期限（PR15）＝2024-10-09 时期限已届满，延长不计（e1）",
            id="extended too late",
        ),
        pytest.param(
            "TL-023",
            ["PR03.AID_APPLICATION 2024-03-01T10:20"],
            [],
            "plus 24 hours, the hour of the start not counted",
            "加 24 小时，自下一小时起计",
            id="hours",
        ),
        pytest.param(
            "TL-105",
            ["CV05.HEARING 2024-10-08"],
            [],
            "minus 3 days: 2024-10-05 at the latest; it does not roll",
            "减 3 日，至迟 2024-10-05；不顺延",
            id="back",
        ),
        pytest.param(
            "TL-060",
            [*MARCH, "PR23 2024-03-25"],
            [],
            "Indictment (PR23) or File with court (PR31) or filed (PR31) = 2024-03-25 proves that "
            "it ended, but the date is missing (e1)",
            "起诉书（PR23）或移送法院、补充材料（PR31）或移送法院（PR31）＝2024-03-25 "
            "证明已办结，但办结日期缺失（e1）",
            id="proof",
        ),
        pytest.param(
            "TL-020",
            ["PR03.TOLD 2024-03-25"],
            [],
            "the date of Intake of prosecution file (PR01), else date accepted (PR) is missing",
            "受理移送起诉（PR01），或受理日期（PR） 的日期缺失",
            id="no start",
        ),
        pytest.param(
            "TL-060",
            [*MARCH, "PR22 2024-02-20"],
            [],
            "it ended before it started: contradiction",
            "终早于始：日期矛盾",
            id="contradiction",
        ),
    ],
)
def test_an_explanation_says_what_is_special(
    limit: str, events: list[str], custody: list[str], en: str, zh: str
) -> None:
    clock = only(limit, *events, custody=custody, explain=True)
    assert en in [s["en"] for s in clock.steps]
    assert zh in [s["zh"] for s in clock.steps]
