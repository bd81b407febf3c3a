"""Configured thresholds: bands (合理区间), start standards (启动标准) and review scopes (评查范围).

They stand in ``bands.yaml``, ``start_standards.yaml`` and ``scopes.yaml`` of an overlay folder; the
example standard is shipped. Each has an owner, a basis and an expiry: a threshold past its expiry
decides nothing.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, replace
from typing import Any, Literal, TypeVar

from pydantic import BaseModel, ConfigDict, Field, ValidationError, model_validator

from graph.rulebook import model, terms

STYLES = ("E", "B", "C", "X", "O")
"""Event, band, class of problems, cross-kind convergence, order (dossier 6.4)."""


class Frozen(BaseModel):
    """A part of an entry: immutable, and every key must be known."""

    model_config = ConfigDict(frozen=True, extra="forbid", str_strip_whitespace=True)


class Owned(Frozen):
    """Whose it is, on what it rests, and until when it holds."""

    owner: str = Field(min_length=1)
    basis: str = Field(min_length=1)
    valid_from: dt.date | None = None
    expires: dt.date


class BandEntry(Owned):
    """An approved band of an indicator: of one unit, or of every unit; of one of its parts."""

    indicator: str
    part: int = Field(default=1, ge=1)
    unit: str | None = None
    low: float = Field(ge=0)
    high: float = Field(ge=0)

    @model_validator(mode="after")
    def _ordered(self) -> BandEntry:
        if self.low > self.high:
            raise ValueError("low 大于 high · low is above high")
        return self


class ScopeEntry(Owned):
    """Which indicator, or combination, starts a review, in which style, and of which kind."""

    indicators: tuple[str, ...] = Field(min_length=1)
    style: Literal["E", "B"]
    review: Literal["ROUTINE", "KEY", "SPECIAL"]


class EventTerms(Frozen):
    """``E``: the events that start a key review of their case, as points of the grammar."""

    events: tuple[str, ...] = Field(min_length=1)


class BandTerms(Frozen):
    """``B``: outside the band at ``limits`` in ``m`` of the last ``n`` periods, each with at least
    ``n_min`` in the denominator; with ``history`` also outside the unit's own history alone."""

    m: int = Field(ge=1)
    n: int = Field(ge=1)
    n_min: int = Field(ge=1)
    limits: Literal["95", "998"] = "95"
    history: bool = False

    @model_validator(mode="after")
    def _possible(self) -> BandTerms:
        if self.m > self.n:
            raise ValueError("m 大于 n · m is above n")
        return self


class ClassTerms(Frozen):
    """``C``: ``c`` confirmed problems of one type at one node within ``w`` days, in the cases of
    ``u`` handlers or ``d`` departments.

    ``u`` is at least 2: a pattern is never a case against one person.
    """

    c: int = Field(ge=2)
    w: int = Field(ge=1)
    u: int = Field(ge=2)
    d: int = Field(ge=2)


class CrossTerms(Frozen):
    """``X``: ``kinds`` kinds of supervision point at one node in ``k`` cases within ``w`` days."""

    kinds: int = Field(default=2, ge=2)
    k: int = Field(ge=1)
    w: int = Field(ge=1)


class StandardEntry(Owned):
    """A start standard: the styles that are in use, with their numbers.

    ``O``: an order of the chief procurator, a higher level or a meeting starts a review; a person
    enters it, nothing computes it.
    """

    zh: str
    en: str
    mark: str
    E: EventTerms | None = None
    B: BandTerms | None = None
    C: ClassTerms | None = None
    X: CrossTerms | None = None
    O: bool = False  # noqa: E741


@dataclass(frozen=True)
class Threshold:
    """An entry with its file and validity; ``last`` is at most its overlay's expiry."""

    code: str
    file: str
    since: dt.date | None
    last: dt.date

    def holds(self, day: dt.date) -> bool:
        """Whether it is in force on a day."""
        return (self.since is None or self.since <= day) and day <= self.last


@dataclass(frozen=True)
class Band(Threshold):
    """An approved band."""

    entry: BandEntry


@dataclass(frozen=True)
class Scope(Threshold):
    """An adopted review scope."""

    entry: ScopeEntry


@dataclass(frozen=True)
class Standard(Threshold):
    """A start standard; ``own`` where it comes from an overlay."""

    entry: StandardEntry
    own: bool = False


@dataclass(frozen=True)
class Thresholds:
    """All thresholds that were read, whatever their validity."""

    bands: tuple[Band, ...] = ()
    scopes: tuple[Scope, ...] = ()
    standards: tuple[Standard, ...] = ()

    def band(self, indicator: str, part: int, unit: str | None, day: dt.date) -> Band | None:
        """The approved band on a day: the unit's own before that of every unit, the latest wins."""
        fitting = [
            b
            for b in self.bands
            if b.entry.indicator == indicator
            and b.entry.part == part
            and b.entry.unit in {None, unit}
            and b.holds(day)
        ]
        return max(
            fitting,
            key=lambda b: (b.entry.unit is not None, b.since or dt.date.min, b.code),
            default=None,
        )

    def standard(self, day: dt.date, code: str | None = None) -> Standard | None:
        """The start standard on a day: an overlay's before the shipped, the latest wins."""
        fitting = [s for s in self.standards if s.holds(day) and code in {None, s.code}]
        key = [(s.own, s.since or dt.date.min, s.code) for s in fitting]
        return fitting[key.index(max(key))] if fitting else None

    def scopes_on(self, day: dt.date) -> tuple[Scope, ...]:
        """The scopes in force on a day, by code."""
        return tuple(sorted((s for s in self.scopes if s.holds(day)), key=lambda s: s.code))

    def every(self) -> Iterator[Threshold]:
        """All of them."""
        yield from (*self.bands, *self.scopes, *self.standards)


ENTRIES: Mapping[str, type[BandEntry] | type[ScopeEntry] | type[StandardEntry]] = {
    "bands.yaml": BandEntry,
    "scopes.yaml": ScopeEntry,
    "start_standards.yaml": StandardEntry,
}
"""File name to what its entries are."""

T = TypeVar("T", bound=Threshold)
Faulty = tuple[str, str, str, str, str]
"""File, entry, field, and the message in Chinese and English."""


def parsed(
    name: str, file: str, code: str, raw: Any, since: dt.date | None, expires: dt.date | None
) -> tuple[Band | Scope | Standard | None, list[Faulty]]:
    """An entry of the file ``name``, or its faults; an overlay bounds its validity."""
    try:
        entry = ENTRIES[name].model_validate(raw)
    except ValidationError as error:
        return None, [
            (file, code, ".".join(map(str, e["loc"])), str(e["msg"]), str(e["msg"]))
            for e in error.errors()
        ]
    start = entry.valid_from or since
    last = min(entry.expires, expires) if expires else entry.expires
    if isinstance(entry, BandEntry):
        return Band(code, file, start, last, entry), list(_unknown(file, code, [entry.indicator]))
    if isinstance(entry, ScopeEntry):
        return Scope(code, file, start, last, entry), list(_unknown(file, code, entry.indicators))
    own = expires is not None
    return Standard(code, file, start, last, entry, own), list(_events(file, code, entry))


def _unknown(file: str, code: str, names: Iterable[str]) -> Iterator[Faulty]:
    for name in names:
        if name not in model.indicators():
            yield file, code, "indicator", f"没有指标 {name}", f"no indicator {name}"


def _events(file: str, code: str, entry: StandardEntry) -> Iterator[Faulty]:
    for text in entry.E.events if entry.E else ():
        try:
            event(text)
        except terms.GrammarError as error:
            yield file, code, "E.events", f"{error}", f"{error}"


def event(text: str) -> tuple[str, tuple[str, ...]]:
    """The node and the acts of a starting event: ``PR36.ACQUITTED``, ``PR35`` (any act).

    Raises GrammarError for what is neither.
    """
    node, dot, act = text.partition(".")
    if node not in model.nodes() or (dot and not act):
        raise terms.GrammarError(f"{text!r}: NODE 或 NODE.ACT · NODE or NODE.ACT of a known node")
    return node, (act,) if act else ()


def added(found: Thresholds, one: Band | Scope | Standard) -> Thresholds:
    """The thresholds with one more."""
    match one:
        case Band():
            return replace(found, bands=(*found.bands, one))
        case Scope():
            return replace(found, scopes=(*found.scopes, one))
    return replace(found, standards=(*found.standards, one))
