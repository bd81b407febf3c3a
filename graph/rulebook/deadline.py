"""Deadline rules and named outcomes of a profile, and a rule as the clock takes it.

A rule is stored in the graph as JSON (``model_dump_json``) and evaluated case by case by
:func:`evaluate`, which needs no engine. Dates are local dates as written at the source; elapsed
time is measured between instants; nothing rolls.
"""

from __future__ import annotations

import datetime as dt
from typing import Literal, Self
from zoneinfo import ZoneInfo

from pydantic import BaseModel, ConfigDict, Field, field_validator, model_validator

from graph.rulebook import clock
from graph.rulebook.calendar import calendar
from graph.rulebook.clock import Clock, Facts, Terms, Text, length_text
from graph.rulebook.model import Limit


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
        return length_text(self.limit)


class DeadlineTerms(Frozen):
    """What a profile says of one deadline.

    ``start`` may be left out only with ``until``: then the clock is there as soon as the due date
    is. ``same`` are codes of the rulebook that state the same duty: a breach is then one problem.
    ``proof`` names what shows that the duty was done even where ``end`` has no date.
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
    same: tuple[str, ...] = ()

    @field_validator("same", mode="before")
    @classmethod
    def _one_or_several(cls, value: object) -> object:
        return (value,) if isinstance(value, str) else value

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


def evaluate(rule: DeadlineRule, facts: Facts, as_of: dt.datetime) -> Clock | None:
    """The clock of a case as of an instant; None when there is no clock.

    ``facts`` name an activity ``activity:NAME`` and an attribute ``attribute:NAME``. There is no
    clock while the start is not recorded, unless an end proves that it happened.
    """
    zone = ZoneInfo(rule.zone)
    found = clock.clocks(terms(rule), facts, as_of, zone, calendar(), explain=True)
    return found[0] if found else None


def terms(rule: DeadlineRule) -> Terms:
    """A rule as the clock takes it."""
    return Terms(
        start=None if rule.start is None else _point(rule.start),
        end=_point(rule.end),
        length=None if rule.length is None else rule.length.limit,
        until=None
        if rule.until is None
        else clock.Point(((f"attribute:{rule.until}",),), rule.until, rule.until),
        count=rule.count,
        proof=None if rule.proof is None else _point(rule.proof),
    )


def _point(point: Point) -> clock.Point:
    name = (
        f"activity:{point.activity}" if point.attribute is None else f"attribute:{point.attribute}"
    )
    return clock.Point(((name,),), point.text["zh"], point.text["en"], point.occurrence)
