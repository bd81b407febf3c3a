"""The rulebook as frozen values, read from the YAML files beside it."""

from __future__ import annotations

import datetime as dt
import hashlib
import re
from collections.abc import Mapping
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path
from typing import Any, Literal

import yaml

DATA = Path(__file__).with_name("data")
Unit = Literal["hours", "days", "working_days", "months", "years"]
Status = Literal["confirmed", "unconfirmed"]


@dataclass(frozen=True)
class ProcessNode:
    """A procedural node (程序性节点). ``conditional`` nodes are never missed.

    At a ``decision`` node the acts are outcomes of one passage, elsewhere steps of their own.
    """

    code: str
    case_group: str
    seq: int
    zh: str
    en: str
    conditional: bool = False
    decision: bool = False


@dataclass(frozen=True)
class ProblemType:
    """A problem type (问题类型): kind of supervision, severity 1 to 3, nodes (empty: any).

    It rests on articles (``basis``), on ``rules`` of the rulebook, or is a proposal.
    """

    code: str
    kind: Literal["PROCEDURAL", "SUBSTANTIVE", "DATA"]
    severity: int
    zh: str
    en: str
    nodes: tuple[str, ...]
    basis: tuple[str, ...] = ()
    rules: tuple[str, ...] = ()

    @property
    def status(self) -> Status:
        """Confirmed where it rests on law."""
        return "confirmed" if self.basis or self.rules else "unconfirmed"


@dataclass(frozen=True)
class Condition:
    """What must be seen of a party, a case or an event: one of ``at``, ``under`` and ``minor``.

    ``at``: an event at one of these nodes with one of ``acts`` (none: any; ``-``: no outcome), of
    what the predicate counts or ``among`` all events of its case or matter. ``under``: a coercive
    measure of that kind. ``minor``: 未成年. ``when`` compares with the day of the deciding event:
    ``before`` it or on that day, ``then`` (in force on it), ``after`` it or on that day, and then
    ``within`` a limit from it. ``due``: that limit from the event has run out. ``never`` turns the
    condition round.
    """

    at: tuple[str, ...] = ()
    acts: tuple[str, ...] = ()
    under: str | None = None
    minor: bool = False
    among: Literal["case", "matter"] | None = None
    when: Literal["before", "then", "after"] | None = None
    within: Limit | None = None
    due: Limit | None = None
    never: bool = False


@dataclass(frozen=True)
class Predicate:
    """Whom an indicator counts, per party, per case or per event.

    In the denominator is who has an event of the first condition of ``of`` (the deciding event) and
    meets the others of ``of``; in the numerator who of these, by the same event, meets all of
    ``counted``. An indicator that is a plain number has no ``of``: then the first of ``counted``
    decides. ``zh`` and ``en`` name the part where an indicator has several.
    """

    per: Literal["party", "case", "event"]
    counted: tuple[Condition, ...]
    of: tuple[Condition, ...] = ()
    zh: str | None = None
    en: str | None = None


@dataclass(frozen=True)
class Indicator:
    """An indicator (指标): what is counted in words, nodes it points at, its predicates.

    Without a predicate ``why`` says what is lacking.
    """

    code: str
    zh: str
    en: str
    unit: str
    numerator: str
    denominator: str
    nodes: tuple[str, ...]
    mark: str
    predicates: tuple[Predicate, ...] = ()
    why: Mapping[str, str] | None = None

    @property
    def status(self) -> Status:
        """Whether its definition is confirmed."""
        return status_of(self.mark)


@dataclass(frozen=True)
class Activity:
    """An activity (非常态化诉讼程序) that 案-件比 counts: once per case and node of its points.

    ``each``: on each day on which it happened.
    """

    code: str
    zh: str
    en: str
    mark: str
    points: tuple[Condition, ...]
    each: bool = False


@dataclass(frozen=True)
class ActivityProfile:
    """One edition of the counted activities; without any, ``why`` says what is lacking."""

    code: str
    zh: str
    en: str
    mark: str
    activities: tuple[Activity, ...] = ()
    why: Mapping[str, str] | None = None

    @property
    def status(self) -> Status:
        """Whether the list as a whole and every activity on it are confirmed."""
        return status_of("; ".join((self.mark, *(a.mark for a in self.activities))))


@dataclass(frozen=True)
class Limit:
    """A limit of ``n`` units, counted from the day after its start."""

    n: int
    unit: Unit


@dataclass(frozen=True)
class Hop:
    """One hop of a route. ``root_causes``: it applies only when the correction has one of these."""

    act: str
    zh: str
    en: str
    to: str
    giver: str
    from_: str | None = None
    receiver: str | None = None
    moment: str | None = None
    mode: str | None = None
    branch: str = "main"
    limit: Limit | None = None
    evidence: tuple[str, ...] = ()
    root_causes: tuple[str, ...] | None = None
    mark: str | None = None


@dataclass(frozen=True)
class End:
    """An act that ends a lead from one of the states ``from_`` (``*``: any that is not final)."""

    act: str
    zh: str
    to: str
    by: str
    needs: tuple[str, ...]
    routes: tuple[str, ...]
    from_: tuple[str, ...]


@dataclass(frozen=True)
class Detour:
    """A detour, and the decision that must follow it (``limit`` is the decision's)."""

    act: str
    zh: str
    route: str
    to: str
    needs: tuple[str, ...]
    decided_by: str
    then: tuple[str, ...]
    from_: tuple[str, ...]
    decision: str | None = None
    limit: Limit | None = None


@dataclass(frozen=True)
class Route:
    """A route of a lead (线索路线) between two of the three supervisions."""

    code: str
    lead_kind: str
    zh: str
    en: str
    hops: tuple[Hop, ...]
    ends: tuple[End, ...]
    detours: tuple[Detour, ...]
    either_order: tuple[str, ...] = ()

    def hop(self, act: str) -> Hop:
        """The hop with that act."""
        return next(h for h in self.hops if h.act == act)


def _read(name: str) -> dict[str, Any]:
    loader: Any = getattr(yaml, "CSafeLoader", yaml.SafeLoader)
    text = (DATA / f"{name}.yaml").read_text(encoding="utf-8")
    data: dict[str, Any] = yaml.load(text, Loader=loader)
    return data


def _plain(entry: Mapping[str, Any]) -> dict[str, Any]:
    """YAML names as field names, lists as tuples, limits typed."""
    ready: dict[str, Any] = {}
    for name, value in entry.items():
        if name == "limit":
            value = Limit(value["n"], value["unit"])
        elif isinstance(value, list):
            value = tuple(value)
        ready["from_" if name == "from" else name] = value
    return ready


@lru_cache(maxsize=1)
def nodes() -> Mapping[str, ProcessNode]:
    """The procedural nodes by code."""
    return {
        code: ProcessNode(
            code,
            e["group"],
            e["seq"],
            e["zh"],
            e["en"],
            bool(e.get("conditional", False)),
            bool(e.get("decision", False)),
        )
        for code, e in _read("nodes").items()
    }


@lru_cache(maxsize=1)
def problem_types() -> Mapping[str, ProblemType]:
    """The problem types by code."""
    return {code: ProblemType(code=code, **_plain(e)) for code, e in _read("problem_types").items()}


@dataclass(frozen=True)
class CardField:
    """A card field (案卡项目) and the nodes that it records."""

    name: str
    nodes: tuple[str, ...]
    mark: str


@dataclass(frozen=True)
class GradeScale:
    """A scale of review grades (评查等次) of one version; empty where its grades are not known."""

    version: str
    zh: str
    en: str
    valid_from: dt.date
    valid_to: dt.date | None
    mark: str
    why: str
    grades: tuple[str, ...]


@dataclass(frozen=True)
class Form:
    """A form of monitoring (监控形式) on the ladder of severities."""

    code: str
    zh: str
    en: str
    severity: int
    to: str
    basis: tuple[str, ...]
    mark: str
    reply: str


@lru_cache(maxsize=1)
def grade_scales() -> Mapping[str, GradeScale]:
    """The grade scales by version."""
    return {
        version: GradeScale(
            version,
            e["zh"],
            e["en"],
            e["valid_from"],
            e.get("valid_to"),
            e["mark"],
            e["why"],
            tuple(e["grades"]),
        )
        for version, e in _read("grades")["scales"].items()
    }


@lru_cache(maxsize=1)
def forms() -> Mapping[str, Form]:
    """The forms of monitoring by code, mildest first."""
    return {code: Form(code=code, **_plain(e)) for code, e in _read("grades")["forms"].items()}


@dataclass(frozen=True)
class ChargeClass:
    """A class of charges (类罪): the articles of the criminal law from ``first`` to ``last``."""

    code: str
    zh: str
    en: str
    first: int
    last: int
    mark: str


@lru_cache(maxsize=1)
def charge_classes() -> Mapping[str, ChargeClass]:
    """The classes of charges by code."""
    return {code: ChargeClass(code=code, **e) for code, e in _read("charge_classes").items()}


def charge_class(charge: str) -> str:
    """The class of a charge coded by its article; a code that is none stands for itself."""
    number = re.match(r"\d+", charge)
    at = int(number[0]) if number else 0
    return next((c.code for c in charge_classes().values() if c.first <= at <= c.last), charge)


@lru_cache(maxsize=1)
def card_fields() -> Mapping[str, CardField]:
    """The card fields by name."""
    return {
        name: CardField(name, tuple(e["nodes"]), e["mark"])
        for name, e in _read("card_fields").items()
    }


def status_of(mark: str | None) -> Status:
    """Whether what bears these marks (``V; K .7``) is confirmed: the lowest of them counts.

    Confirmed are V (verified) and K from .85; nothing else is (A, D, practice, no mark at all).
    """
    known = [
        re.fullmatch(r"\[?(?:V|K ?(\.\d+))\]?", one.strip()) for one in (mark or "").split(";")
    ]
    sure = all(m is not None and float(m[1] or 1) >= 0.85 for m in known)
    return "confirmed" if sure else "unconfirmed"


def _condition(entry: Mapping[str, Any]) -> Condition:
    limits = {name: Limit(**entry[name]) for name in ("within", "due") if name in entry}
    return Condition(**_plain(entry) | limits)


def _predicate(entry: Mapping[str, Any]) -> Predicate:
    sides = {s: tuple(_condition(c) for c in entry.get(s, ())) for s in ("of", "counted")}
    return Predicate(**_plain(entry) | sides)


@lru_cache(maxsize=1)
def indicators() -> Mapping[str, Indicator]:
    """The indicators by code."""
    found: dict[str, Indicator] = {}
    for code, entry in _read("indicators").items():
        stated = entry.pop("predicate", [])
        parts = stated if isinstance(stated, list) else [stated]
        predicates = tuple(_predicate(part) for part in parts)
        found[code] = Indicator(code=code, predicates=predicates, **_plain(entry))
    return found


@lru_cache(maxsize=1)
def activity_profiles() -> Mapping[str, ActivityProfile]:
    """The editions of the activities that 案-件比 counts, by year."""
    found: dict[str, ActivityProfile] = {}
    for code, entry in _read("activities").items():
        activities = tuple(
            Activity(code=name, points=tuple(map(_condition, a.pop("points"))), **a)
            for name, a in entry.pop("activities", {}).items()
        )
        found[code] = ActivityProfile(code=code, activities=activities, **entry)
    return found


@lru_cache(maxsize=1)
def routes() -> Mapping[str, Route]:
    """The six routes by code, each with its ends and detours."""
    data = _read("routes")
    ends = [End(**_plain(e)) for e in data["ends"]]
    detours = [Detour(**_plain(d)) for d in data["detours"]]
    return {
        code: Route(
            code=code,
            lead_kind=entry["lead_kind"],
            zh=entry["zh"],
            en=entry["en"],
            hops=tuple(Hop(**_plain(h)) for h in entry["hops"]),
            ends=tuple(e for e in ends if code in e.routes),
            detours=tuple(d for d in detours if d.route == code),
            either_order=tuple(entry.get("either_order", ())),
        )
        for code, entry in data["routes"].items()
    }


@lru_cache(maxsize=1)
def references() -> Mapping[str, tuple[str, ...]]:
    """Evidence that names another element: evidence name -> labels, one of which must have it."""
    return {name: tuple(labels) for name, labels in _read("routes")["references"].items()}


@lru_cache(maxsize=1)
def root_causes() -> tuple[str, ...]:
    """The root causes that a correction may name."""
    return tuple(_read("routes")["root_causes"])


@lru_cache(maxsize=1)
def version() -> str:
    """Version of the rulebook: twelve hex digits of the content of its files."""
    digest = hashlib.sha256()
    for path in sorted(DATA.rglob("*.yaml")):
        digest.update(path.relative_to(DATA).as_posix().encode() + b"\0" + path.read_bytes())
    return digest.hexdigest()[:12]
