"""Profiles: one YAML that says how a foreign event log becomes the graph. Guide: docs/profiles.md.

A column is named as the source names it; ``case:KEY`` is an attribute of the case, in XES (the
trace's attribute) and in CSV (the column ``case:KEY``, else ``KEY``) alike.
"""

from __future__ import annotations

import datetime as dt
import hashlib
import json
import unicodedata
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from types import UnionType
from typing import Any, Literal, Self, Union, get_args, get_origin
from zoneinfo import ZoneInfo

import yaml
from pydantic import BaseModel, Field, ValidationError, field_validator, model_validator

from graph.errors import InputError, register_messages
from graph.rulebook import book, problem_types
from graph.rulebook import nodes as rulebook_nodes
from graph.rulebook.deadline import (
    DeadlineRule,
    DeadlineTerms,
    Frozen,
    Outcome,
    OutcomeTerms,
    Title,
)
from graph.settings import settings
from graph.store.schema import BY_LABEL, CASE, RULEBOOK, NodeType, property_name
from loaders import values
from loaders.package import near
from loaders.tables import Raw

register_messages(Path(__file__).with_name("profile_messages.yaml"))

SHIPPED = Path(__file__).with_name("profiles")
ISO = "iso"
SERIAL = "serial"
"""A date format: days counted by a workbook, also where they stand as text."""
AttributeType = Literal["text", "number", "date"]
Shape = Literal["log", "wide", "ledger"]


class Columns(Frozen):
    """Which columns of the source are what; ``case``, ``activity`` and ``time`` must be there."""

    case: str
    activity: str
    time: str
    recorded: str | None = None
    person: str | None = None
    unit: str | None = None
    outcome: str | None = None
    handler: str | None = None
    handling_unit: str | None = None
    accepted: str | None = None
    closed: str | None = None
    cause: str | None = None
    secrecy: str | None = None

    def named(self) -> dict[str, str]:
        """Role to column, of those that are given."""
        return {role: name for role, name in self if name is not None}


CASE_ROLES = ("handler", "handling_unit", "accepted", "closed", "cause", "secrecy")
DATE_ROLES = ("time", "recorded", "accepted", "closed")


class Base(Frozen):
    """What every profile says, whatever its shape."""

    shape: Shape = "log"
    source: str
    title: Title | None = None
    synthetic: bool = False
    zone: str = Field(default_factory=lambda: settings().tz)
    date_formats: tuple[str, ...] = (ISO,)
    personal: tuple[str, ...] = ()
    empty: tuple[str, ...] = ()

    @field_validator("source")
    @classmethod
    def _a_source(cls, value: str) -> str:
        if not value or "/" in value or value == RULEBOOK:
            raise ValueError("a name without '/', and not 'rulebook'")
        return value

    @field_validator("zone")
    @classmethod
    def _a_zone(cls, value: str) -> str:
        try:
            ZoneInfo(value)
        except (KeyError, ValueError, OSError) as error:
            raise ValueError(f"no zone {value!r}; write one such as Asia/Shanghai") from error
        return value

    @field_validator("date_formats")
    @classmethod
    def _formats(cls, value: tuple[str, ...]) -> tuple[str, ...]:
        wrong = [f for f in value if f not in {ISO, SERIAL} and "%" not in f]
        if wrong or not value:
            raise ValueError("write 'iso', 'serial' or a pattern such as '%d-%m-%Y %H:%M'")
        return value

    @property
    def tz(self) -> ZoneInfo:
        """The zone of values without an offset."""
        return ZoneInfo(self.zone)

    def used(self) -> set[str]:
        """Columns that have a meaning."""
        return set()

    @model_validator(mode="after")
    def _consistent(self) -> Self:
        faults = list(self._faults())
        if faults:
            raise ValueError("\n".join(faults))
        return self

    def _faults(self) -> Iterator[str]:
        """What contradicts in itself or names something that is not there."""
        for column in self.personal:
            if column in self.used():
                yield f"personal: {column!r} is used elsewhere; a personal column stays out"


class CaseProfile(Base):
    """A profile of a source that brings cases: their attributes, outcomes and deadlines."""

    attributes: tuple[str, ...] = ()
    dates: tuple[str, ...] = ()
    numbers: tuple[str, ...] = ()
    case_type: str | None = None
    strata: tuple[str, ...] = ()
    outcomes: dict[str, OutcomeTerms] = Field(default_factory=dict)
    deadlines: dict[str, DeadlineTerms] = Field(default_factory=dict)

    @property
    def kept(self) -> dict[str, AttributeType]:
        """Columns kept as attributes with their types."""
        types: dict[str, AttributeType] = dict.fromkeys(self.attributes, "text")
        types |= dict.fromkeys(self.numbers, "number")
        types |= dict.fromkeys(self.dates, "date")
        return types

    def of_case(self, column: str) -> bool:
        """Whether a column belongs to the case, and not to an event."""
        return column.startswith(CASE)

    def node_of(self, activity: str) -> str:
        """The node that an activity of a deadline stands for."""
        return activity

    def moments(self) -> dict[str, str]:
        """Columns of the case's own moments, with the property where each is stored."""
        return {}

    def _faults(self) -> Iterator[str]:
        yield from super()._faults()
        for column in self.numbers:
            if column in self.dates:
                yield f"numbers: {column!r} is under dates too"
        places: dict[tuple[bool, str], str] = {}
        for column in self.kept:
            place = (self.of_case(column), property_name(column))
            if place in places:
                yield f"attributes: {column!r} and {places[place]!r} get the same name {place[1]}"
            places[place] = column
        for column in self.strata:
            if column not in self.kept or not self.of_case(column):
                known = [c for c in self.kept if self.of_case(c)]
                nearest = near(column, known) or "none"
                yield (
                    f"strata: {column!r} is no attribute of the case; name it under attributes, "
                    f"with {CASE} before it; nearest: {nearest}"
                )
        groups = sorted({n.case_group for n in rulebook_nodes().values()})
        if self.case_type is not None and self.case_type not in groups:
            yield f"case_type: {self.case_type!r} is no case group; there are: {', '.join(groups)}"
        for name, outcome in self.outcomes.items():
            if outcome.missed is not None and outcome.missed not in self.deadlines:
                rules = near(outcome.missed, list(self.deadlines)) or "none"
                yield f"outcomes.{name}.missed: no deadline {outcome.missed!r}; nearest: {rules}"
            if outcome.attribute is not None and outcome.attribute not in self.kept:
                nearest = near(outcome.attribute, self.kept) or "none"
                yield (
                    f"outcomes.{name}.attribute: {outcome.attribute!r} is not kept; name it under "
                    f"attributes or numbers; nearest: {nearest}"
                )
        yield from self._deadline_faults()

    def _deadline_faults(self) -> Iterator[str]:
        dates = [*self.dates, *self.moments()]
        stated = {*book().limits, *book().data_rules}
        for name, terms in self.deadlines.items():
            if "/" in name:
                yield f"deadlines.{name}: a name without '/'"
            named = [*terms.attributes, *(p.attribute for p in terms.points if p.attribute)]
            for column in dict.fromkeys(named):
                if column not in dates or not self.of_case(column):
                    nearest = near(column, dates) or "none"
                    yield (
                        f"deadlines.{name}: {column!r} is no date attribute of the case; name it "
                        f"under dates, with {CASE} before it; nearest: {nearest}"
                    )
            if terms.type not in problem_types():
                nearest = near(terms.type, problem_types())
                yield f"deadlines.{name}.type: no problem type {terms.type!r}; nearest: {nearest}"
            for code in terms.same:
                if code not in stated:
                    nearest = near(code, stated)
                    yield f"deadlines.{name}.same: no rule {code!r}; nearest: {nearest}"

    def rules(self) -> dict[str, DeadlineRule]:
        """The deadline rules as the graph stores them, by id."""
        rules = {}
        for name, terms in self.deadlines.items():
            named = {p.attribute for p in terms.points if p.attribute} | set(terms.attributes)
            rules[name] = DeadlineRule(
                id=name,
                zone=self.zone,
                properties={
                    c: f"attr_{property_name(c)}" if c in self.kept else self.moments()[c]
                    for c in sorted(named)
                },
                nodes={
                    activity: self.node_of(activity)
                    for activity in (*terms.activities, *([terms.node] if terms.node else []))
                },
                **dict(terms),
            )
        return rules

    def named_outcomes(self) -> dict[str, Outcome]:
        """The outcomes as the graph stores them, by name."""
        return {
            name: Outcome(
                activity=terms.activity,
                attribute=None
                if terms.attribute is None
                else f"{'case' if self.of_case(terms.attribute) else 'event'}"
                f":{property_name(terms.attribute)}",
                values=[
                    float(v) if terms.attribute in self.numbers else str(v) for v in terms.values
                ],
                missed=terms.missed,
            )
            for name, terms in self.outcomes.items()
        }

    @property
    def extra(self) -> tuple[tuple[NodeType, list[dict[str, Any]]], ...]:
        """The deadline rules and outcomes, as nodes of the graph."""

        def props(name: str, title: Title | None, model: DeadlineRule | Outcome) -> dict[str, Any]:
            return {
                "id": name,
                "zh": (title.zh or title.en) if title else name,
                "en": (title.en or title.zh) if title else name,
                "definition": model.model_dump_json(exclude_defaults=True),
            }

        rules = [props(n, self.deadlines[n].title, r) for n, r in self.rules().items()]
        named = [props(n, self.outcomes[n].title, o) for n, o in self.named_outcomes().items()]
        return ((BY_LABEL["DeadlineRule"], rules), (BY_LABEL["Outcome"], named))


class Profile(CaseProfile):
    """A profile of the shape *log*: one row an event; :func:`read_profile` makes one."""

    shape: Literal["log"] = "log"
    columns: Columns
    nodes: dict[str, str] = Field(default_factory=dict)

    def used(self) -> set[str]:
        """Columns that have a meaning."""
        return {*self.columns.named().values(), *self.kept}

    def node_of(self, activity: str) -> str:
        """The node that an activity stands for."""
        return self.nodes.get(activity, activity)

    def moments(self) -> dict[str, str]:
        """The column of the acceptance, if it is named."""
        return {self.columns.accepted: "accepted"} if self.columns.accepted else {}

    def _faults(self) -> Iterator[str]:
        for role in CASE_ROLES:
            name = getattr(self.columns, role)
            if name is not None and not name.startswith(CASE):
                yield f"columns.{role}: it belongs to the case, so write {CASE}{name}"
        for activity, code in self.nodes.items():
            if code not in rulebook_nodes():
                known = list(rulebook_nodes())
                yield f"nodes.{activity}: no rulebook node {code!r}; nearest: {near(code, known)}"
        yield from super()._faults()


@dataclass(frozen=True)
class ProfileFile:
    """A profile with the text it was read from, for the batch."""

    path: Path
    text: str
    profile: Base

    @property
    def log(self) -> Profile:
        """The profile of a log."""
        assert isinstance(self.profile, Profile)
        return self.profile

    @property
    def hash(self) -> str:
        """SHA-256 of the text."""
        return hashlib.sha256(self.text.encode("utf-8")).hexdigest()


def find_profile(name: str | Path) -> Path:
    """The file of a profile: a path, or the name of a shipped one.

    Raises InputError ``profile.not_found`` with the shipped names.
    """
    path = Path(name).expanduser()
    if path.is_file():
        return path
    shipped = {p.stem: p for p in sorted(SHIPPED.glob("*.yaml"))}
    if str(name) in shipped:
        return shipped[str(name)]
    raise InputError("profile.not_found", profile=name, shipped=", ".join(shipped))


def read_profile(name: str | Path) -> ProfileFile:
    """Read a profile by path or shipped name.

    Raises InputError ``profile.unreadable``, or ``profile.faults`` with every fault together.
    """
    path = find_profile(name)
    try:
        text = path.read_text(encoding="utf-8-sig")
        entries = yaml.load(text, Loader=_Loader)
    except (OSError, UnicodeDecodeError, yaml.YAMLError) as error:
        raise InputError("profile.unreadable", profile=path, reason=error) from error
    if not isinstance(entries, dict):
        raise InputError("profile.unreadable", profile=path, reason="no keys and values")
    shape = entries.get("shape", "log")
    if shape not in get_args(Shape):
        fault = f"- shape: there is no {shape!r}; there are: {', '.join(get_args(Shape))}"
        raise InputError("profile.faults", profile=path, faults=fault)
    model = _model_of(shape)
    try:
        profile = model.model_validate(entries)
    except ValidationError as error:
        faults = "\n".join(f"- {fault}" for fault in _told(error, model))
        raise InputError("profile.faults", profile=path, faults=faults) from error
    return ProfileFile(path, text, profile)


class _Loader(yaml.SafeLoader):
    """Safe YAML in which a key given twice is a fault and dates stay text."""


def _mapping(loader: _Loader, node: yaml.MappingNode) -> dict[Any, Any]:
    seen: set[Any] = set()
    for key_node, _ in node.value:
        key = loader.construct_object(key_node)
        if key in seen:
            raise yaml.constructor.ConstructorError(
                None, None, f"the key {key!r} is there twice", key_node.start_mark
            )
        seen.add(key)
    return dict(loader.construct_mapping(node, deep=True))


_Loader.add_constructor(yaml.resolver.BaseResolver.DEFAULT_MAPPING_TAG, _mapping)
_Loader.yaml_implicit_resolvers = {
    first: [(tag, regexp) for tag, regexp in resolvers if tag != "tag:yaml.org,2002:timestamp"]
    for first, resolvers in yaml.SafeLoader.yaml_implicit_resolvers.items()
}


def _model_of(shape: Shape) -> type[Base]:
    """The model of a shape."""
    if shape == "log":
        return Profile
    # Imported for sheets only: logs need none of it.
    from loaders.sheet_profile import LedgerProfile, WideProfile

    return WideProfile if shape == "wide" else LedgerProfile


def _told(error: ValidationError, model: type[BaseModel]) -> Iterator[str]:
    """Each fault in a line of its own, an unknown key with the nearest known one."""
    for fault in error.errors():
        where = ".".join(str(part) for part in fault["loc"])
        if fault["type"] == "extra_forbidden":
            known = list(_model_at(model, fault["loc"][:-1]).model_fields)
            yield f"{where}: unknown key; nearest: {near(str(fault['loc'][-1]), known)}"
        elif fault["type"] == "missing":
            yield f"{where}: it is missing"
        elif fault["type"] == "value_error":
            for line in str(fault["ctx"]["error"]).split("\n"):
                yield f"{where}: {line}" if where else line
        else:
            yield f"{where}: {fault['msg']}, got {json.dumps(fault['input'], default=str)[:80]}"


def _model_at(model: type[BaseModel], place: tuple[int | str, ...]) -> type[BaseModel]:
    """The model that the keys at a place of the profile belong to."""
    annotation: Any = model
    for part in place:
        if (found := _as_model(annotation)) is not None:
            named = {field.alias or name: field for name, field in found.model_fields.items()}
            annotation = named[str(part)].annotation
        else:
            # A mapping's key, or a list's number, leads to what is held there.
            held = [a for a in get_args(annotation) if a not in {str, ..., type(None)}]
            annotation = held[0] if held else annotation
    return _as_model(annotation) or model


def _as_model(annotation: Any) -> type[BaseModel] | None:
    """A model, or the one that an optional value has."""
    options = [annotation]
    if get_origin(annotation) in {UnionType, Union}:
        options = list(get_args(annotation))
    return next((o for o in options if isinstance(o, type) and issubclass(o, BaseModel)), None)


def read_cell(profile: Base, value: Raw) -> Raw:
    """A cell as the source means it: text in composed form, empty marks as None.

    Raises ValueFault ``value.undecodable``.
    """
    if value is None:
        return None
    if isinstance(value, str):
        found = values.text(value)
        return None if found == "" or found in profile.empty else found
    return value


def read_date(profile: Base, value: Raw) -> dt.date | dt.datetime:
    """A date or a moment with its offset, in the profile's formats and zone.

    An offset stays as written, except UTC, which only names an instant and is told in the zone.
    Raises ValueFault ``value.moment``.
    """
    zone = profile.tz
    for pattern in profile.date_formats:
        try:
            found = _moment(value, pattern)
        except (values.ValueFault, ValueError):
            continue
        if not isinstance(found, dt.datetime):
            return found
        if found.tzinfo is None:
            return found.replace(tzinfo=zone)
        return found if found.utcoffset() else found.astimezone(zone)
    raise values.ValueFault("value.moment", value)


def _moment(value: Raw, pattern: str) -> dt.date | dt.datetime:
    if pattern == SERIAL:
        return values.moment(values.number(value))
    # A cell of a workbook that is a date already has no other form.
    if pattern == ISO or not isinstance(value, str):
        return values.moment(value)
    return _parsed(value, pattern)


def _parsed(value: str, pattern: str) -> dt.date | dt.datetime:
    found = dt.datetime.strptime(unicodedata.normalize("NFKC", value).strip(), pattern)  # noqa: DTZ007
    timed = any(mark in pattern for mark in ("%H", "%I", "%M", "%S", "%X", "%c", "%T"))
    return found if timed else found.date()
