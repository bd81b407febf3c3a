"""Deadline rules and named outcomes of a profile, and when a deadline is met.

A rule is stored in the graph as JSON (``model_dump_json``) and evaluated case by case by
:func:`evaluate`, which needs no engine. Dates are local dates as written at the source; elapsed
time is measured between instants.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any, Literal, Self
from zoneinfo import ZoneInfo

from pydantic import BaseModel, ConfigDict, Field, model_validator

from graph.rulebook.calendar import add
from graph.rulebook.model import Limit

Written = dt.date | dt.datetime
"""A moment as written at the source: a local date, or a datetime with its offset."""

Result = Literal["MET", "LATE", "RUNNING", "UNKNOWN"]
Text = dict[str, str]
DAY = dt.timedelta(days=1)
MICROSECOND = dt.timedelta(microseconds=1)
MISSING_DATE = "D01"
CONTRADICTING_DATES = "D03"


class Frozen(BaseModel):
    """A part of a profile: immutable, and every key must be known."""

    model_config = ConfigDict(frozen=True, extra="forbid", str_strip_whitespace=True)


class Title(Frozen):
    """A title in both languages; one of them is enough."""

    zh: str = ""
    en: str = ""

    @model_validator(mode="after")
    def _one_is_there(self) -> Self:
        if not (self.zh or self.en):
            raise ValueError("give zh, en, or both")
        return self


class Point(Frozen):
    """A moment of a case: an occurrence of an activity, or a date attribute of the case."""

    activity: str | None = None
    attribute: str | None = None
    occurrence: Literal["first", "last"] = "first"

    @model_validator(mode="after")
    def _one_of_both(self) -> Self:
        if (self.activity is None) == (self.attribute is None):
            raise ValueError("give either activity or attribute")
        if self.attribute is not None and "occurrence" in self.model_fields_set:
            raise ValueError("occurrence goes with an activity, an attribute has one value")
        return self

    @property
    def text(self) -> Text:
        """The point in words."""
        if self.attribute is not None:
            return {"zh": self.attribute, "en": self.attribute}
        which = {"first": "首次", "last": "末次"}[self.occurrence]
        return {
            "zh": f"{which}“{self.activity}”",
            "en": f"{self.occurrence} “{self.activity}”",
        }


class Length(Frozen):
    """A length in days, months or years; exactly one of them."""

    days: int | None = Field(default=None, ge=0)
    months: int | None = Field(default=None, ge=0)
    years: int | None = Field(default=None, ge=0)

    @model_validator(mode="after")
    def _exactly_one(self) -> Self:
        if len(self._given()) != 1:
            raise ValueError("give exactly one of days, months, years")
        return self

    def _given(self) -> list[Limit]:
        limits: list[Limit] = []
        if self.days is not None:
            limits.append(Limit(self.days, "days"))
        if self.months is not None:
            limits.append(Limit(self.months, "months"))
        if self.years is not None:
            limits.append(Limit(self.years, "years"))
        return limits

    @property
    def limit(self) -> Limit:
        """The length as the calendar takes it."""
        return self._given()[0]

    @property
    def text(self) -> Text:
        """The length in words."""
        limit = self.limit
        unit = {"days": "日", "months": "个月", "years": "年"}[limit.unit]
        return {"zh": f"{limit.n} {unit}", "en": f"{limit.n} {limit.unit}"}


class DeadlineTerms(Frozen):
    """What a profile says of one deadline.

    ``start`` may be left out only with ``until``: then the clock is there as soon as the due date
    is. ``proof`` names what shows that the duty was done even where ``end`` has no date.
    """

    title: Title | None = None
    start: Point | None = None
    end: Point
    length: Length | None = None
    until: str | None = None
    count: Literal["dates", "elapsed"] = "dates"
    owner: Literal["own", "other"] = "own"
    proof: Point | None = None
    node: str | None = None
    type: str = "P01"

    @model_validator(mode="after")
    def _one_length(self) -> Self:
        if (self.length is None) == (self.until is None):
            raise ValueError("give either length or until")
        if self.length is not None and self.start is None:
            raise ValueError("a length needs a start")
        return self

    @property
    def points(self) -> tuple[Point, ...]:
        """The points that the rule looks at."""
        return tuple(p for p in (self.start, self.end, self.proof) if p is not None)

    @property
    def attributes(self) -> tuple[str, ...]:
        """Columns of case attributes that the rule cannot do without."""
        needed = [p.attribute for p in (self.start, self.end) if p and p.attribute]
        return tuple(dict.fromkeys([*needed, *([self.until] if self.until else [])]))

    @property
    def activities(self) -> tuple[str, ...]:
        """Activities that the rule looks at."""
        return tuple(dict.fromkeys(p.activity for p in self.points if p.activity))


class DeadlineRule(DeadlineTerms):
    """A deadline as the graph stores it: its terms, id, zone, and where the columns are stored.

    ``properties`` maps each column to the case's property; ``nodes`` maps each activity to the id
    of its node.
    """

    id: str
    zone: str
    properties: dict[str, str] = Field(default_factory=dict)
    nodes: dict[str, str] = Field(default_factory=dict)


class OutcomeTerms(Frozen):
    """What a profile says of one outcome: an activity, an attribute's values, or a deadline."""

    title: Title | None = None
    activity: str | None = None
    attribute: str | None = None
    equals: str | int | float | list[str | int | float] | None = None
    missed: str | None = None

    @model_validator(mode="after")
    def _exactly_one(self) -> Self:
        given = [x for x in (self.activity, self.attribute, self.missed) if x is not None]
        if len(given) != 1:
            raise ValueError("give exactly one of activity, attribute, missed")
        if (self.attribute is None) != (self.equals is None):
            raise ValueError("attribute and equals go together")
        return self

    @property
    def values(self) -> list[str | int | float]:
        """The attribute's values that count."""
        if self.equals is None:
            return []
        return self.equals if isinstance(self.equals, list) else [self.equals]


class Outcome(Frozen):
    """An outcome as the graph stores it.

    ``attribute`` is ``case:<name>`` or ``event:<name>`` of the stored property ``attr_<name>``.
    """

    activity: str | None = None
    attribute: str | None = None
    values: list[str | int | float] = Field(default_factory=list)
    missed: str | None = None


@dataclass(frozen=True)
class Occurrence:
    """One occurrence of an activity: when, and from which instant it was known."""

    at: Written
    known: dt.datetime


@dataclass(frozen=True)
class Facts:
    """What is recorded of a case: date attributes by column, occurrences by activity."""

    attributes: Mapping[str, Written] = field(default_factory=dict)
    activities: Mapping[str, Sequence[Occurrence]] = field(default_factory=dict)


@dataclass(frozen=True)
class Clock:
    """The state of one deadline of one case.

    ``found`` is the moment at which a breach or a fault of the data came to be, whatever the day
    of the question; ``fault`` the problem type of a fault of the data. ``steps`` explain.
    """

    result: Result
    overdue: bool = False
    start: Written | None = None
    due: Written | None = None
    end: Written | None = None
    found: Written | None = None
    fault: str | None = None
    steps: tuple[Text, ...] = ()


@dataclass(frozen=True)
class _Span:
    """The instants that a written moment may mean; a date means all of its local day."""

    written: Written
    first: dt.datetime
    last: dt.datetime

    @property
    def on(self) -> dt.date:
        return _date(self.written)


def _date(written: Written) -> dt.date:
    return written.date() if isinstance(written, dt.datetime) else written


def _span(written: Written, zone: ZoneInfo) -> _Span:
    if isinstance(written, dt.datetime):
        at = written if written.tzinfo else written.replace(tzinfo=zone)
        return _Span(at, at.astimezone(dt.UTC), at.astimezone(dt.UTC))
    midnight = dt.datetime.combine(written, dt.time(), zone).astimezone(dt.UTC)
    after = dt.datetime.combine(written + DAY, dt.time(), zone).astimezone(dt.UTC)
    return _Span(written, midnight, after - MICROSECOND)


def _before(one: _Span, other: _Span, count: str) -> bool:
    """Whether two moments contradict an order; dates decide where instants are not known."""
    dates_only = count == "dates" or one.first != one.last or other.first != other.last
    return one.on < other.on if dates_only else one.first < other.first


def _shown(written: Written) -> str:
    return (
        written.isoformat(" ", "milliseconds" if written.microsecond else "seconds")
        if isinstance(written, dt.datetime)
        else written.isoformat()
    )


class _Points:
    """The moments of a case as one rule sees them on one day."""

    def __init__(self, facts: Facts, as_of: dt.datetime, zone: ZoneInfo) -> None:
        self._facts, self._as_of, self._zone = facts, as_of, zone

    def all(self, point: Point) -> list[tuple[_Span, dt.datetime]]:
        """Every recorded moment of a point with the instant it was known, in order."""
        if point.attribute is not None:
            written = self._facts.attributes.get(point.attribute)
            if written is None:
                return []
            span = _span(written, self._zone)
            return [(span, span.first)]
        found = self._facts.activities.get(str(point.activity), ())
        spans = [(_span(o.at, self._zone), o.known) for o in found]
        return sorted(spans, key=lambda pair: (pair[0].on, pair[0].first))

    def seen(self, point: Point) -> list[tuple[_Span, dt.datetime]]:
        """The moments of a point that were known on the day of the question."""
        return [pair for pair in self.all(point) if pair[1] <= self._as_of]


def evaluate(rule: DeadlineRule, facts: Facts, as_of: dt.datetime) -> Clock | None:
    """The clock of a case as of an instant; None when there is no clock.

    There is none while the start is not recorded, unless an end proves that it happened.
    """
    zone = ZoneInfo(rule.zone)
    points = _Points(facts, as_of, zone)
    ends = points.seen(rule.end)
    start: _Span | None = None
    steps: list[Text] = []
    until = facts.attributes.get(rule.until) if rule.until else None
    if rule.start is not None:
        starts = points.seen(rule.start)
        if not starts:
            if points.all(rule.start) or not ends:
                return None
            return _no_start(rule, *ends[0])
        start, start_known = starts[0 if rule.start.occurrence == "first" else -1]
        steps.append(_step("始：{}＝{}", "started by {} = {}", rule.start.text, start.written))
        if rule.until and until is None:
            steps.append(
                _said(
                    f"{rule.until} 为空，届满日期不明", f"{rule.until} is empty: due date unknown"
                )
            )
            return Clock(
                "UNKNOWN",
                start=start.written,
                found=_written(start_known, zone),
                fault=MISSING_DATE,
                steps=tuple(steps),
            )
    elif until is None:
        return None
    due, due_steps = _due(rule, start, until, zone)
    steps += due_steps
    if start is not None and _before(due, start, rule.count):
        steps.append(_said("届满早于起算：日期矛盾", "it is due before it started: contradiction"))
        return Clock(
            "UNKNOWN",
            start=start.written,
            due=due.written,
            found=start.written,
            fault=CONTRADICTING_DATES,
            steps=tuple(steps),
        )
    base = Clock("RUNNING", start=start.written if start else None, due=due.written)
    if start is None:
        after = ends
    else:
        after = [pair for pair in ends if not _before(pair[0], start, rule.count)]
        if ends and not after and _contradicts(rule, points, ends):
            end = ends[-1][0]
            steps.append(_step("终：{}＝{}", "ended by {} = {}", rule.end.text, end.written))
            steps.append(_said("终早于始：日期矛盾", "it ended before it started: contradiction"))
            return _with(
                base,
                steps,
                result="UNKNOWN",
                end=end.written,
                found=start.written,
                fault=CONTRADICTING_DATES,
            )
    if after:
        end = after[0 if rule.end.occurrence == "first" else -1][0]
        steps.append(_step("终：{}＝{}", "ended by {} = {}", rule.end.text, end.written))
        return _ended(rule, base, steps, due, end)
    proofs = points.seen(rule.proof) if rule.proof and not points.all(rule.end) else []
    proofs = [p for p in proofs if start is None or not _before(p[0], start, rule.count)]
    if proofs and rule.proof:
        proof, known = proofs[0]
        steps.append(
            _step(
                "{}＝{} 证明已办结，但办结日期缺失",
                "{} = {} proves that it ended, but the date is missing",
                rule.proof.text,
                proof.written,
            )
        )
        found = _written(known, zone)
        return _with(base, steps, result="UNKNOWN", found=found, fault=MISSING_DATE)
    if _over(rule, due, as_of, zone):
        steps.append(_said("尚未办结，已逾期", "not ended, overdue"))
        return _with(base, steps, overdue=True, found=_breach(rule, due))
    steps.append(_said("尚未办结", "not ended"))
    return _with(base, steps)


def _no_start(rule: DeadlineRule, end: _Span, known: dt.datetime) -> Clock:
    start = rule.start.text if rule.start else {"zh": "", "en": ""}
    return Clock(
        "UNKNOWN",
        end=end.written,
        found=_written(known, ZoneInfo(rule.zone)),
        fault=MISSING_DATE,
        steps=(
            _step("终：{}＝{}", "ended by {} = {}", rule.end.text, end.written),
            _said(f"{start['zh']} 的日期缺失", f"the date of {start['en']} is missing"),
        ),
    )


def _contradicts(
    rule: DeadlineRule, points: _Points, ends: list[tuple[_Span, dt.datetime]]
) -> bool:
    """Whether ends before the start contradict it; an end of an earlier round does not."""
    assert rule.start is not None
    if rule.start.occurrence == "first":
        return True
    first = points.seen(rule.start)[0][0]
    return all(_before(end, first, rule.count) for end, _ in ends)


def _due(
    rule: DeadlineRule, start: _Span | None, until: Written | None, zone: ZoneInfo
) -> tuple[_Span, list[Text]]:
    """When it is due, and how that came about."""
    counted = {
        "dates": ("按日历日比较", "compared by calendar dates"),
        "elapsed": ("按时刻比较", "compared by instants"),
    }[rule.count]
    if until is not None:
        span = _span(until, zone)
        # A deadline given as a date lasts to the end of that day.
        due = _Span(span.written, span.last, span.last)
        text = {"zh": str(rule.until), "en": str(rule.until)}
        return due, [
            _step("届满：{}＝{}，" + counted[0], "due at {} = {}, " + counted[1], text, until)
        ]
    assert start is not None
    assert rule.length is not None
    limit = rule.length.limit
    if rule.count == "dates":
        due = _span(add(start.on, limit), zone)
        how = "自次日起按日历日计", "in calendar dates, the day of the start not counted"
    elif not isinstance(start.written, dt.datetime):
        due = _span(add(start.on, limit), zone)
        how = (
            "按经过时间计，起点只有日期",
            "in elapsed time from a start of which only the date is known",
        )
    else:
        due = _span(_elapsed(start.written, limit, zone), zone)
        how = "按经过时间计", "in elapsed time"
    length = rule.length.text
    return due, [
        _said(f"加 {length['zh']}，{how[0]}", f"plus {length['en']}, {how[1]}"),
        _said(f"届满：{_shown(due.written)}", f"due: {_shown(due.written)}"),
    ]


def _elapsed(start: dt.datetime, limit: Limit, zone: ZoneInfo) -> dt.datetime:
    local = start.astimezone(zone)
    if limit.unit == "days":
        return (start.astimezone(dt.UTC) + limit.n * DAY).astimezone(zone)
    return dt.datetime.combine(add(local.date(), limit), local.time(), zone)


def _ended(rule: DeadlineRule, base: Clock, steps: list[Text], due: _Span, end: _Span) -> Clock:
    if rule.count == "dates":
        met, late = end.on <= due.on, end.on > due.on
    else:
        met, late = end.last <= due.first, end.first > due.last
    if met:
        steps.append(_said("按期", "in time"))
        return _with(base, steps, result="MET", end=end.written)
    if late:
        steps.append(_said("逾期办结", "ended late"))
        return _with(base, steps, result="LATE", end=end.written, found=_breach(rule, due))
    steps.append(
        _said("只有日期，无法判断先后", "only the date is known, so which came first is not")
    )
    return _with(base, steps, result="UNKNOWN", end=end.written)


def _over(rule: DeadlineRule, due: _Span, as_of: dt.datetime, zone: ZoneInfo) -> bool:
    if rule.count == "dates":
        return as_of.astimezone(zone).date() > due.on
    return as_of > due.last


def _breach(rule: DeadlineRule, due: _Span) -> Written:
    """The moment at which a deadline was missed: the day after, or the instant."""
    if rule.count == "dates" or not isinstance(due.written, dt.datetime):
        return due.on + DAY
    return due.written


def _written(known: dt.datetime, zone: ZoneInfo) -> dt.datetime:
    return known.astimezone(zone)


def _with(base: Clock, steps: Iterable[Text], **changes: Any) -> Clock:
    return Clock(**{**vars(base), "steps": tuple(steps), **changes})


def _said(zh: str, en: str) -> Text:
    return {"zh": zh, "en": en}


def _step(zh: str, en: str, what: Text, at: Written) -> Text:
    return {"zh": zh.format(what["zh"], _shown(at)), "en": en.format(what["en"], _shown(at))}
