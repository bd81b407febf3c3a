"""Foreign event logs (XES, CSV, XLSX; .gz) as rows of the graph's tables, through a profile.

A log is read twice: once to learn its columns, cases, people and refused rows, once for its
events. The same log in another format gives the same rows, and so the same graph.
"""

from __future__ import annotations

import datetime as dt
import gzip
import hashlib
import zlib
from collections import Counter
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, field
from functools import cached_property
from itertools import islice
from pathlib import Path
from typing import Any

from lxml import etree

from graph.errors import AnguanError, InputError
from graph.settings import settings
from graph.store.schema import CASE, NodeType, loading_order, property_name
from loaders.profile import (
    DATE_ROLES,
    Profile,
    ProfileFile,
    read_cell,
    read_date,
    read_profile,
)
from loaders.rows import secret
from loaders.tables import (
    DIFFER,
    EXTRA,
    SHORT,
    Raw,
    RejectFile,
    RejectWriter,
    Source,
    SourceRow,
    Table,
    open_table,
    rows,
)
from loaders.values import ValueFault, number

XES = (".xes", ".xes.gz")
TABLES = (".csv", ".csv.gz", ".xlsx")
LOG_SUFFIXES = (*XES, *TABLES)
_ATTRIBUTE_TAGS = {"string", "date", "int", "float", "boolean", "id"}
_EVENT_ROLES = ("recorded", "person", "outcome")
_SHOWN = 20


@dataclass(frozen=True)
class LogRow:
    """One event as it stands in the source; ``event`` is false for a case without events."""

    number: int
    values: dict[str, Raw]
    event: bool = True


@dataclass(frozen=True)
class LogFault:
    """Why a row is refused: message code, the source's column, and what the message names."""

    code: str
    field: str
    values: Mapping[str, Any]

    def error(self) -> AnguanError:
        """The fault as an error, for its words in both languages."""
        return InputError(self.code, **{"field": self.field, **self.values})


@dataclass(frozen=True)
class EventRow(SourceRow):
    """An event with the cells of the source, for the reject file, and its fault if it has one."""

    original: Mapping[str, Raw] = field(default_factory=dict)
    fault: LogFault | None = None


@dataclass(frozen=True)
class LogEvent:
    """A row as the profile reads it: values of the tables' columns, and of its case."""

    case: str
    activity: str
    event: dict[str, Raw]
    of_case: dict[str, Raw]


class Refusal(Exception):
    """A row that cannot be loaded, with its fault."""

    def __init__(self, fault: LogFault) -> None:
        super().__init__(fault.code)
        self.fault = fault


@dataclass
class Survey:
    """What a log holds: rows, cases with their values, people, activities, refused rows."""

    read: int = 0
    events: int = 0
    columns: dict[str, None] = field(default_factory=dict)
    cases: dict[str, dict[str, Raw]] = field(default_factory=dict)
    first_rows: dict[str, int] = field(default_factory=dict)
    persons: set[str] = field(default_factory=set)
    departments: set[str] = field(default_factory=set)
    activities: Counter[str] = field(default_factory=Counter)
    faults: dict[int, LogFault] = field(default_factory=dict)
    marks: dict[str, str] = field(default_factory=dict)
    """Secrecy marks by case, of refused rows too."""


class Log:
    """A foreign log under a profile; ``open_log`` makes one.

    ``source``, ``path``, ``synthetic``, ``tables()`` and ``hashes()`` are those of a native
    package, so that one path loads both.
    """

    def __init__(self, path: Path, file: ProfileFile) -> None:
        self.path, self.file = path, file
        self.source = file.log.source
        self.synthetic = file.log.synthetic
        self.table = None if path.name.endswith(XES) else open_table(path)
        self._places: dict[str, str] = {}
        if self.table is not None:
            self._places = _places(file.log, self.table.columns)

    @property
    def profile(self) -> str:
        """The profile's text, for the batch."""
        return self.file.text

    @property
    def hidden(self) -> tuple[str, ...]:
        """Columns that stay empty in the reject file."""
        return self.file.log.personal

    @cached_property
    def survey(self) -> Survey:
        """What the whole log holds."""
        return survey(self)

    @property
    def columns(self) -> tuple[str, ...]:
        """The source's columns: the header, or the attributes that some element carries."""
        return self.table.columns if self.table else tuple(self.survey.columns)

    @property
    def supplied(self) -> tuple[str, ...]:
        """The columns as a profile names them (``case:KEY`` for those found as ``KEY`` too)."""
        return tuple(dict.fromkeys([*self.columns, *self._places]))

    def log_rows(self) -> Iterator[LogRow]:
        """Every row as it stands in the source."""
        if self.table is None:
            yield from _xes_rows(self.path)
            return
        for row in rows(self.table, "events"):
            for name, column in self._places.items():
                if column in row.values:
                    row.values.setdefault(name, row.values[column])
            yield LogRow(row.number, row.values)

    def tables(self) -> Iterator[tuple[NodeType, Iterator[SourceRow]]]:
        """The tables that the log gives, each after those it needs; only events are rows read.

        A refused row comes without values. Raises InputError ``log.unreadable``,
        ``log.doctype`` or ``profile.missing_columns``.
        """
        self.check_columns()
        found = self.survey
        foreign = sorted(set(found.activities) - set(self.file.log.nodes))
        rows_of: dict[str, Iterator[SourceRow]] = {
            "departments": (
                SourceRow("departments", at, {"department": name, "name": name}, True)
                for at, name in enumerate(sorted(found.departments), start=1)
            ),
            "persons": (
                SourceRow("persons", at, {"person": name}, True)
                for at, name in enumerate(sorted(found.persons), start=1)
            ),
            "process_nodes": (
                SourceRow(
                    "process_nodes",
                    at,
                    {"node": name, "case_group": self.source, "zh": name, "en": name},
                    True,
                )
                for at, name in enumerate(foreign, start=1)
            ),
            "cases": (
                SourceRow(
                    "cases",
                    found.first_rows[case],
                    {"case": case, **values, **_marked(found, case)},
                    True,
                )
                for case, values in found.cases.items()
            ),
            "events": self._events(),
        }
        for node_type in loading_order():
            if str(node_type.table) in rows_of:
                yield node_type, rows_of[str(node_type.table)]

    def _events(self) -> Iterator[SourceRow]:
        faults = self.survey.faults
        for row in self.log_rows():
            fault = faults.get(row.number)
            if fault is not None:
                yield EventRow("events", row.number, {}, False, row.values, fault)
            elif row.event:
                read = read_row(self.file.log, row)
                yield EventRow("events", row.number, read.event, False, row.values)

    def reject_writer(self, table: str, folder: Path) -> RejectWriter:
        """Where refused rows go: the source's own columns; personal ones stay empty."""
        shape = self.table or Table(self.path, None, self.columns)
        return LogRejects(RejectFile(folder, shape, self.hidden), self._hides)

    def _hides(self, row: EventRow) -> bool:
        """Whether a refused row is of a case with a secrecy mark and must not be shown."""
        case = str(row.original.get(self.file.log.columns.case)).strip()
        return case in self.survey.marks and not settings().allow_secret

    def check_columns(self) -> None:
        """Raise InputError when the case, the activity or the time has no column."""
        columns = self.file.log.columns
        missing = [
            f"columns.{role}: {getattr(columns, role)}"
            for role in ("case", "activity", "time")
            if getattr(columns, role) not in self.supplied
        ]
        if missing:
            raise InputError(
                "profile.missing_columns",
                file=self.path,
                columns="\n".join(missing),
                present=", ".join(self.columns),
            )

    def hashes(self) -> dict[str, str]:
        """SHA-256 of the log and of the profile, by file name."""
        with self.path.open("rb") as file:
            digest = hashlib.file_digest(file, "sha256").hexdigest()
        return {self.path.name: digest, self.file.path.name: self.file.hash}

    @property
    def extra(self) -> tuple[tuple[NodeType, list[dict[str, Any]]], ...]:
        """The profile's deadline rules and outcomes, as nodes."""
        return self.file.log.extra


def _marked(found: Survey, case: str) -> dict[str, Raw]:
    return {"secrecy": found.marks[case]} if case in found.marks else {}


class LogRejects:
    """A reject file in the source's own columns, with the profile's reasons."""

    def __init__(self, file: RejectFile, hides: Callable[[EventRow], bool]) -> None:
        self._file, self._hides = file, hides
        self.path = file.path

    def write(
        self, row: SourceRow, code: str, field: str, reason: str, *, secret: bool = False
    ) -> None:
        """Add a row; one that is hidden gives its number and code only."""
        if isinstance(row, EventRow):
            if row.fault is not None and not secret:
                error = row.fault.error()
                lang = settings().lang or "zh"
                code, field = row.fault.code, row.fault.field
                reason = f"{error.detail(lang)} → {error.remedy(lang)}"
                secret = self._hides(row)
            row = SourceRow(row.table, row.number, dict(row.original), sheet=row.sheet)
        self._file.write(row, code, field, reason, secret=secret)

    def close(self) -> None:
        """Finish the file."""
        self._file.close()


def open_log(path: Path, profile: ProfileFile | Path | str) -> Log:
    """A log of a known format under a profile, or the profile's path or shipped name.

    Raises InputError ``load.no_source``, ``log.suffix``, ``table.*``, ``profile.*``.
    """
    file = profile if isinstance(profile, ProfileFile) else read_profile(profile)
    path = Path(path)
    if not path.is_file():
        raise InputError("load.no_source", source=path)
    if not path.name.endswith(LOG_SUFFIXES):
        raise InputError("log.suffix", file=path, suffixes=", ".join(LOG_SUFFIXES))
    return Log(path, file)


def open_profiled(path: Path, profile: ProfileFile | Path | str) -> Source:
    """A foreign source under a profile of any shape: a log, or the sheets of an office.

    Raises InputError as :func:`open_log`, and ``sheet.*``.
    """
    file = profile if isinstance(profile, ProfileFile) else read_profile(profile)
    if isinstance(file.profile, Profile):
        return open_log(path, file)
    # Imported for sheets only.
    from loaders.office import Sheets

    if not Path(path).is_file():
        raise InputError("load.no_source", source=path)
    return Sheets(Path(path), file)


def read_log(path: Path, profile: ProfileFile | Path | str) -> Iterator[SourceRow]:
    """Every row that a log gives, table by table; refused ones as EventRow with its fault."""
    for _, found in open_log(path, profile).tables():
        yield from found


def _places(profile: Profile, columns: tuple[str, ...]) -> dict[str, str]:
    """``case:KEY`` of the profile to the column ``KEY``, where only that is there."""
    named = {*profile.columns.named().values(), *profile.kept, *profile.personal}
    return {
        name: name.removeprefix(CASE)
        for name in named
        if name.startswith(CASE)
        and name not in columns
        and name.removeprefix(CASE) in columns
        and name.removeprefix(CASE) not in named
    }


def _xes_rows(path: Path) -> Iterator[LogRow]:
    """The events of an XES file: the trace's attributes as ``case:KEY``, then the event's.

    Rows are numbered by event; a trace without events takes a number too.
    """
    opener: Any = gzip.open if path.name.endswith(".gz") else open
    number_ = 0
    try:
        with opener(path, "rb") as stream:
            context = etree.iterparse(
                stream,
                events=("start", "end"),
                remove_comments=True,
                remove_pis=True,
                resolve_entities=False,
                load_dtd=False,
                no_network=True,
            )
            inside = False
            for step, element in context:
                tag = _local(element)
                if step == "start":
                    if element.getparent() is None and element.getroottree().docinfo.doctype:
                        raise InputError("log.doctype", file=path)
                    inside |= tag == "trace"
                    continue
                if tag == "trace":
                    inside = False
                    of_case = {CASE + k: v for k, v in _attributes(element).items()}
                    events = [e for e in element if _local(e) == "event"]
                    for event in events:
                        number_ += 1
                        yield LogRow(number_, {**of_case, **_attributes(event)})
                    if not events:
                        number_ += 1
                        yield LogRow(number_, of_case, event=False)
                elif inside or tag == "log":
                    continue
                elif tag == "event":
                    number_ += 1
                    yield LogRow(number_, _attributes(element))
                if element.getparent() is not None and _local(element.getparent()) == "log":
                    element.clear()
                    while element.getprevious() is not None:
                        del element.getparent()[0]
    except (OSError, EOFError, zlib.error, etree.XMLSyntaxError) as error:
        raise InputError("log.unreadable", file=path, reason=error) from error


def _local(element: Any) -> str:
    return str(etree.QName(element).localname)


def _attributes(element: Any) -> dict[str, Raw]:
    return {
        child.get("key"): child.get("value")
        for child in element
        if _local(child) in _ATTRIBUTE_TAGS and child.get("key") and child.get("value") is not None
    }


def read_row(profile: Profile, row: LogRow) -> LogEvent:
    """A row as the profile reads it; raises Refusal with the first fault."""
    columns = profile.columns
    cells: dict[str, Raw] = {}

    def cell(column: str) -> Raw:
        if column not in cells:
            try:
                cells[column] = read_cell(profile, row.values.get(column))
            except ValueFault as fault:
                raise Refusal(LogFault(fault.code, column, {"value": fault.value})) from fault
        return cells[column]

    def moment(column: str) -> dt.date | dt.datetime | None:
        value = cell(column)
        if value is None:
            return None
        try:
            return read_date(profile, value)
        except ValueFault as fault:
            raise Refusal(LogFault("log.date", column, {"value": fault.value})) from fault

    def needed(column: str) -> str:
        value = cell(column)
        if value is None:
            raise Refusal(LogFault("log.missing_value", column, {}))
        return cell_text(value)

    for mark, code in ((EXTRA, "load.extra_cells"), (SHORT, "load.short_row")):
        if mark in row.values:
            raise Refusal(LogFault(code, "", {"cells": row.values[mark]}))
    if DIFFER in row.values:
        column = str(row.values[DIFFER]).split("; ")[0]
        raise Refusal(LogFault("load.copies_differ", column, {}))
    case = needed(columns.case)
    of_case: dict[str, Raw] = {"type": profile.case_type} if profile.case_type else {}
    for role, target in (
        ("handler", "handler"),
        ("handling_unit", "department"),
        ("accepted", "accepted"),
        ("closed", "closed"),
        ("cause", "cause"),
        ("secrecy", "secrecy"),
    ):
        column = getattr(columns, role)
        if column is None:
            continue
        value: Raw
        if role in DATE_ROLES:
            value = moment(column)
            if role == "closed" and isinstance(value, dt.datetime):
                value = value.date()
        else:
            value = None if cell(column) is None else cell_text(cell(column))
        if value is not None:
            of_case[target] = value
    activity = ""
    event: dict[str, Raw] = {"case": case}
    if row.event:
        activity = needed(columns.activity)
        event["node"] = profile.nodes.get(activity, activity)
        if activity in profile.nodes:
            event["attr_activity"] = activity
        needed(columns.time)
        event["occurred"] = moment(columns.time)
        for role in _EVENT_ROLES:
            column = getattr(columns, role)
            if column is not None:
                value = moment(column) if role in DATE_ROLES else cell(column)
                if value is not None:
                    event[role] = value if role in DATE_ROLES else cell_text(value)
        if columns.unit is not None and cell(columns.unit) is not None:
            event["department"] = cell_text(cell(columns.unit))
    for column, type_ in profile.kept.items():
        if not row.event and not column.startswith(CASE):
            continue
        kept: Raw
        if type_ == "date":
            kept = moment(column)
        else:
            kept = cell(column)
            if kept is not None and type_ == "number":
                try:
                    kept = number(kept)
                except ValueFault as fault:
                    raise Refusal(LogFault(fault.code, column, {"value": fault.value})) from fault
            elif kept is not None:
                kept = cell_text(kept)
        if kept is not None:
            place = of_case if column.startswith(CASE) else event
            place[f"attr_{property_name(column)}"] = kept
    return LogEvent(case, activity, event, of_case)


def cell_text(value: Raw) -> str:
    """A cell as text: a whole number without a fraction, a moment with a space."""
    if isinstance(value, float) and value.is_integer():
        value = int(value)
    return value.isoformat(" ") if isinstance(value, dt.datetime) else str(value)


def survey(log: Log, limit: int | None = None) -> Survey:
    """What a log holds, in its first ``limit`` rows or in all."""
    found = Survey()
    profile = log.file.log
    first: dict[tuple[str, str], int] = {}
    if log.table is not None:
        found.columns = dict.fromkeys(log.table.columns)
    for row in islice(log.log_rows(), limit):
        if log.table is None:
            found.columns.update(dict.fromkeys(row.values))
        _note_mark(found, profile, row)
        try:
            read = read_row(profile, row)
            _agrees(found, first, read, profile)
        except Refusal as refusal:
            found.read += 1
            found.faults[row.number] = refusal.fault
            continue
        known = found.cases.setdefault(read.case, {})
        found.first_rows.setdefault(read.case, row.number)
        for name, value in read.of_case.items():
            if name not in known:
                known[name] = value
                first[read.case, name] = row.number
        found.departments |= {
            str(x["department"]) for x in (read.event, known) if "department" in x
        }
        found.persons |= {str(read.event["person"])} if "person" in read.event else set()
        found.persons |= {str(known["handler"])} if "handler" in known else set()
        if row.event:
            found.read += 1
            found.events += 1
            found.activities[read.activity] += 1
    return found


def _note_mark(found: Survey, profile: Profile, row: LogRow) -> None:
    """Remember the secrecy mark of a row's case, whatever else is wrong with the row."""
    column = profile.columns.secrecy
    mark = row.values.get(column) if column else None
    if mark is not None and secret(str(mark)):
        found.marks[str(row.values.get(profile.columns.case)).strip()] = str(mark)


def _agrees(
    found: Survey, first: dict[tuple[str, str], int], read: LogEvent, profile: Profile
) -> None:
    """Raise Refusal when the row says something else of its case than an earlier row."""
    known = found.cases.get(read.case, {})
    for name, value in read.of_case.items():
        if name in known and known[name] != value:
            column = _column_of(profile, name)
            other = first[read.case, name]
            raise Refusal(
                LogFault("log.case_contradicts", column, {"case": read.case, "other": other})
            )


def _column_of(profile: Profile, name: str) -> str:
    """The source's column of a case's value."""
    role = "handling_unit" if name == "department" else name
    column = getattr(profile.columns, role, None)
    if column is not None:
        return str(column)
    return next(
        (c for c in profile.kept if c.startswith(CASE) and f"attr_{property_name(c)}" == name),
        name,
    )


@dataclass(frozen=True)
class ProfileCheck:
    """What a profile would do with the first rows of a source.

    ``faults`` are refused values (row, field, code, reason); ``doubts`` are worth a look.
    Of sheets also: ``sheets`` (title and row of the header) and ``tables`` (rows for each table).
    """

    source: str
    file: str
    rows: int
    cases: int
    events: int
    mapped: dict[str, str]
    not_mapped: tuple[str, ...]
    personal: tuple[str, ...]
    refused: int
    faults: tuple[dict[str, Any], ...]
    activities: dict[str, dict[str, Any]]
    deadlines: tuple[str, ...]
    outcomes: tuple[str, ...]
    doubts: tuple[dict[str, str], ...]
    sheets: tuple[str, ...] = ()
    tables: dict[str, int] = field(default_factory=dict)

    @property
    def good(self) -> bool:
        """Whether nothing was refused but rows of totals, which are no data."""
        return all(fault["code"] == "log.total_row" for fault in self.faults)

    def as_dict(self) -> dict[str, Any]:
        """The check as JSON holds it."""
        return {**vars(self), "good": self.good}


def check(file: ProfileFile, source: Path, rows: int = 200) -> ProfileCheck:
    """Say what a profile would do with the first ``rows`` rows of a source (0 = all).

    Raises InputError when the source cannot be read at all, or has no column for the case, the
    activity or the time.
    """
    if not isinstance(file.profile, Profile):
        # Imported for sheets only.
        from loaders.office import check_sheets

        if not source.is_file():
            raise InputError("load.no_source", source=source)
        return check_sheets(file, source, rows)
    log = open_log(source, file)
    profile = file.log
    samples: dict[str, list[str]] = {}
    found = survey(log, rows or None)
    columns = tuple(found.columns)
    supplied = {*columns, *log._places}
    if not supplied >= {profile.columns.case, profile.columns.activity, profile.columns.time}:
        log.check_columns()
    mapped = {column: role for role, column in profile.columns.named().items()}
    for column, type_ in profile.kept.items():
        note = f"attr_{property_name(column)} ({type_})"
        mapped[column] = f"{mapped[column]}, {note}" if column in mapped else note
    for row in islice(log.log_rows(), rows or None):
        for column, value in row.values.items():
            if (
                column in columns
                and value is not None
                and len(samples.setdefault(column, [])) < _SHOWN
            ):
                samples[column].append(str(value))
    faults = tuple(
        {
            "row": at,
            "field": fault.field,
            "code": fault.code,
            "zh": fault.error().detail("zh"),
            "en": fault.error().detail("en"),
        }
        for at, fault in found.faults.items()
    )
    absent = [c for c in (*mapped, *profile.personal) if c not in supplied]
    used = {*mapped, *profile.personal, *(log._places[c] for c in mapped if c in log._places)}
    return ProfileCheck(
        source=profile.source,
        file=source.name,
        rows=found.read,
        cases=len(found.cases),
        events=found.events,
        mapped={c: note for c, note in mapped.items() if c in supplied},
        not_mapped=tuple(c for c in columns if c and c not in used),
        personal=tuple(c for c in profile.personal if c in supplied),
        refused=len(found.faults),
        faults=faults,
        activities={
            name: {"events": n, "node": profile.nodes.get(name)}
            for name, n in sorted(found.activities.items())
        },
        deadlines=tuple(profile.deadlines),
        outcomes=tuple(profile.outcomes),
        doubts=tuple(_doubts(profile, found, absent, samples, whole=not rows)),
    )


def _doubts(
    profile: Profile,
    found: Survey,
    absent: list[str],
    samples: dict[str, list[str]],
    *,
    whole: bool,
) -> Iterator[dict[str, str]]:
    """What is no fault but worth a look."""
    part = {"zh": "", "en": ""} if whole else {"zh": "（仅看前几行）", "en": " (in the first rows)"}
    for column in absent:
        yield {
            "zh": f"profile 所指的列 {column} 不存在{part['zh']}",
            "en": f"the column {column} that the profile names is not there{part['en']}",
        }
    activities = {*profile.nodes, *(o.activity for o in profile.outcomes.values() if o.activity)}
    activities |= {a for d in profile.deadlines.values() for a in d.activities}
    for name in sorted(activities - set(found.activities)):
        yield {
            "zh": f"活动“{name}”没有出现{part['zh']}",
            "en": f"the activity “{name}” does not occur{part['en']}",
        }
    for column, values in samples.items():
        if column not in profile.kept or profile.kept[column] != "text":
            continue
        for type_, reads in (("numbers", number), ("dates", lambda v: read_date(profile, v))):
            if all(_reads(reads, value) for value in values):
                yield {
                    "zh": f"{column} 的值都像 {type_}：可列入 {type_}",
                    "en": f"all values of {column} look like {type_}; name it under {type_}",
                }
                break


def _reads(reader: Any, value: str) -> bool:
    try:
        reader(value)
    except ValueFault:
        return False
    return True
