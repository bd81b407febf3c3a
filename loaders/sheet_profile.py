"""Profiles of sheets: *wide* (one row a case) and *ledger* (one row a finding, lead or review).

A value of a table is taken from a cell: ``COLUMN``, ``{column: COLUMN, values: {cell: meaning}}``
or ``{value: CONSTANT}``. Guide: docs/profiles.md.
"""

from __future__ import annotations

from collections.abc import Iterator
from functools import lru_cache
from pathlib import Path
from typing import Any, Literal, Self, get_args

import yaml
from pydantic import Field, field_validator, model_validator

from graph.errors import register_messages
from graph.rulebook import book, nodes, problem_types, routes
from graph.rulebook.deadline import Frozen
from graph.store.schema import BY_TABLE, EVIDENCE, NodeType
from loaders.package import near
from loaders.profile import Base, CaseProfile
from loaders.workbook import TOTALS, Wanted, plain

register_messages(Path(__file__).with_name("sheet_messages.yaml"))

LEDGER_TABLES = (
    "problems",
    "dispositions",
    "leads",
    "reviews",
    "corrections",
    "notices",
    "replies",
)
"""Tables that a row of a ledger may fill; the first that a profile names is what a row is."""
Stub = Literal["units", "departments", "persons", "matters"]
STUBS: tuple[Stub, ...] = get_args(Stub)
"""Tables of what a row only names."""


class Cell(Frozen):
    """Where a value comes from: a column, with the meaning of its cells, or a constant."""

    column: str | None = None
    value: str | None = None
    values: dict[str, str] = Field(default_factory=dict)

    @model_validator(mode="after")
    def _one_of_both(self) -> Self:
        if (self.column is None) == (self.value is None):
            raise ValueError("give either column or value")
        return self


class _WithCells(Frozen):
    """A part in which a cell may be written as the name of its column alone."""

    @model_validator(mode="before")
    @classmethod
    def _cells(cls, given: Any) -> Any:
        if not isinstance(given, dict):
            return given
        return {
            k: {"column": str(v)}
            if k in cls.model_fields
            and cls.model_fields[k].annotation in {Cell, Cell | None}
            and isinstance(v, str | int | float)
            else v
            for k, v in given.items()
        }

    def cells(self) -> dict[str, Cell]:
        """The cells by the name of what they give."""
        return {name: value for name, value in self if isinstance(value, Cell)}


class CaseColumns(_WithCells):
    """Which columns say what of the case; ``case`` must be there."""

    case: Cell
    type: Cell | None = None
    accepted: Cell | None = None
    closed: Cell | None = None
    cause: Cell | None = None
    outcome: Cell | None = None
    secrecy: Cell | None = None
    matter: Cell | None = None
    unit: Cell | None = None
    department: Cell | None = None
    handler: Cell | None = None
    follows: Cell | None = None


class StepTerms(_WithCells):
    """The event of a date column: ``node`` is NODE or NODE.ACT, or one for each type of case."""

    node: tuple[str, ...]
    recorded: Cell | None = None
    person: Cell | None = None
    department: Cell | None = None
    outcome: Cell | None = None

    @field_validator("node", mode="before")
    @classmethod
    def _one_or_several(cls, value: object) -> object:
        return (value,) if isinstance(value, str) else value


class MeasureTerms(_WithCells):
    """A coercive measure: its kind and dates."""

    kind: Cell
    from_: Cell = Field(alias="from")
    to: Cell | None = None
    decided_by: Cell | None = None

    @model_validator(mode="before")
    @classmethod
    def _start(cls, given: Any) -> Any:
        if isinstance(given, dict) and isinstance(given.get("from"), str):
            return {**given, "from": {"column": given["from"]}}
        return given


class PartyTerms(_WithCells):
    """A block of columns for one party, or with a ``separator`` for several in each cell.

    ``party`` is an id; without it parties are numbered within their case. ``name`` only shows that
    there is a party: it is personal. ``inner`` separates the charges of one party.
    """

    party: Cell | None = None
    name: Cell | None = None
    identity: Cell | None = None
    status: Cell | None = None
    minor: Cell | None = None
    charges: Cell | None = None
    charge_codes: Cell | None = None
    stage: Cell | None = None
    measures: tuple[MeasureTerms, ...] = ()
    separator: str | None = None
    inner: str = "、"

    @model_validator(mode="after")
    def _shows_a_party(self) -> Self:
        if not (self.party or self.name or self.identity):
            raise ValueError("give party, name or identity: what shows that there is a party")
        return self


class DocumentTerms(_WithCells):
    """The document of a date column: its template, and the column of its service."""

    template: str
    served: Cell | None = None


class FieldTerms(_WithCells):
    """A card field: who entered it, and when."""

    entered: Cell | None = None
    entered_by: Cell | None = None


class ActTerms(_WithCells):
    """The step of a date column of a lead: its act, who did it, and what it gives as evidence."""

    act: str
    by: Cell | None = None
    mode: Cell | None = None
    evidence: dict[str, Cell] = Field(default_factory=dict)

    @field_validator("evidence", mode="before")
    @classmethod
    def _plain_columns(cls, value: Any) -> Any:
        return _as_cells(value)


def _as_cells(value: Any) -> Any:
    if not isinstance(value, dict):
        return value
    return {k: {"column": str(v)} if isinstance(v, str | int) else v for k, v in value.items()}


class SheetTerms(Base):
    """How the sheets of a file are found and read."""

    sheet: tuple[str, ...] = ()
    header_row: int | None = Field(default=None, ge=1)
    fill_down: tuple[str, ...] = ()
    totals: tuple[str, ...] = TOTALS
    separator: str | None = Field(default=None, min_length=1, max_length=1)
    encoding: str | None = None
    pseudonyms: tuple[str, ...] = ()
    new_nodes: tuple[Stub, ...] = STUBS

    @field_validator("sheet", mode="before")
    @classmethod
    def _one_or_several(cls, value: object) -> object:
        return (str(value),) if isinstance(value, str | int) else value

    @field_validator("encoding")
    @classmethod
    def _an_encoding(cls, value: str | None) -> str | None:
        if value is not None:
            try:
                "".encode(value)
            except LookupError as error:
                raise ValueError(f"no encoding {value!r}; write one such as gb18030") from error
        return value

    @property
    def key(self) -> str:
        """The column without which a row is none."""
        raise NotImplementedError

    def needed(self) -> tuple[str, ...]:
        """Columns without which a sheet is another one."""
        return (self.key,)

    def named(self) -> tuple[str, ...]:
        """Every column that the profile names."""
        return tuple(dict.fromkeys([*self.used(), *self.personal, *self.fill_down]))

    @property
    def wanted(self) -> Wanted:
        """What is sought in a file."""
        return Wanted(
            tuple(sorted(self.named())),
            self.needed(),
            self.sheet,
            self.header_row,
            self.separator,
            self.encoding,
        )

    def _faults(self) -> Iterator[str]:
        yield from super()._faults()
        for part in ("fill_down", "pseudonyms"):
            for column in getattr(self, part):
                if column not in self.used():
                    nearest = near(column, sorted(self.used())) or "none"
                    yield f"{part}: {column!r} is not used; nearest: {nearest}"


class WideProfile(SheetTerms, CaseProfile):
    """One row a case: its columns, one date column a step, parties, documents, card fields."""

    shape: Literal["wide"] = "wide"
    columns: CaseColumns
    events: dict[str, StepTerms] = Field(default_factory=dict)
    parties: tuple[PartyTerms, ...] = ()
    documents: dict[str, DocumentTerms] = Field(default_factory=dict)
    fields_: dict[str, FieldTerms] = Field(default_factory=dict, alias="fields")

    @field_validator("events", mode="before")
    @classmethod
    def _plain_nodes(cls, value: Any) -> Any:
        if not isinstance(value, dict):
            return value
        return {k: {"node": v} if isinstance(v, str | list) else v for k, v in value.items()}

    @field_validator("documents", mode="before")
    @classmethod
    def _plain_templates(cls, value: Any) -> Any:
        if not isinstance(value, dict):
            return value
        return {k: {"template": v} if isinstance(v, str) else v for k, v in value.items()}

    @field_validator("fields_", mode="before")
    @classmethod
    def _plain_fields(cls, value: Any) -> Any:
        if isinstance(value, list | tuple):
            return {str(name): {} for name in value}
        if isinstance(value, dict):
            return {k: {} if v is None else v for k, v in value.items()}
        return value

    @field_validator("parties", mode="before")
    @classmethod
    def _one_or_many(cls, value: Any) -> Any:
        return [value] if isinstance(value, dict) else value

    @property
    def key(self) -> str:
        """The column of the case."""
        return str(self.columns.case.column)

    def of_case(self, column: str) -> bool:
        """Every column of a wide sheet belongs to the case."""
        return True

    def moments(self) -> dict[str, str]:
        """The column of the acceptance, if it is named."""
        accepted = self.columns.accepted
        return {accepted.column: "accepted"} if accepted and accepted.column else {}

    def parts(self) -> Iterator[tuple[str, _WithCells]]:
        """Every part that has cells, with its place in the profile."""
        yield "columns", self.columns
        for name, step in self.events.items():
            yield f"events.{name}", step
        for at, party in enumerate(self.parties):
            yield f"parties.{at}", party
            for n, measure in enumerate(party.measures):
                yield f"parties.{at}.measures.{n}", measure
        for name, document in self.documents.items():
            yield f"documents.{name}", document
        for name, field in self.fields_.items():
            yield f"fields.{name}", field

    def used(self) -> set[str]:
        """Columns that have a meaning; the name of a party has none."""
        found = {*self.events, *self.documents, *self.fields_, *self.kept}
        for _, part in self.parts():
            for name, cell in part.cells().items():
                if cell.column and not (isinstance(part, PartyTerms) and name == "name"):
                    found.add(cell.column)
        return found

    def named(self) -> tuple[str, ...]:
        """Every column that the profile names."""
        names = (p.name.column for p in self.parties if p.name and p.name.column)
        return tuple(dict.fromkeys([*super().named(), *names]))

    def _faults(self) -> Iterator[str]:
        if self.columns.case.column is None:
            yield "columns.case: it must be a column"
        yield from super()._faults()
        for name, step in self.events.items():
            for at in step.node:
                yield from _node_fault(f"events.{name}", at)
            groups = [at[:2] for at in step.node]
            if len(groups) != len(set(groups)):
                yield f"events.{name}: two nodes of one type of case"
        for place, part in self.parts():
            if isinstance(part, PartyTerms) and part.name and part.name.column in self.used():
                yield f"{place}.name: {part.name.column!r} is used elsewhere; a name stays out"


class LedgerProfile(SheetTerms):
    """One row a finding, lead or review, and what became of it; joined to cases by number."""

    shape: Literal["ledger"] = "ledger"
    case_type: str | None = None
    tables: dict[str, dict[str, Cell]]
    steps: dict[str, ActTerms] = Field(default_factory=dict)

    @field_validator("tables", mode="before")
    @classmethod
    def _plain_cells(cls, value: Any) -> Any:
        if not isinstance(value, dict):
            return value
        return {table: _as_cells(cells) for table, cells in value.items()}

    @field_validator("steps", mode="before")
    @classmethod
    def _plain_acts(cls, value: Any) -> Any:
        if not isinstance(value, dict):
            return value
        return {k: {"act": v} if isinstance(v, str) else v for k, v in value.items()}

    @property
    def main(self) -> str:
        """The table of what a row is."""
        return next(iter(self.tables))

    @property
    def key(self) -> str:
        """The column without which a row is none: its id, else its case."""
        main = self.tables[self.main]
        for name in (BY_TABLE[self.main].id, "case"):
            if name in main and main[name].column:
                return str(main[name].column)
        return next(str(c.column) for c in main.values() if c.column)

    def needed(self) -> tuple[str, ...]:
        """The columns of the required values of what a row is."""
        main = self.tables[self.main]
        required = [c for name in required_names(BY_TABLE[self.main]) if (c := main.get(name))]
        return tuple(dict.fromkeys([self.key, *(c.column for c in required if c.column)]))

    def used(self) -> set[str]:
        """Columns that have a meaning."""
        found = {c.column for cells in self.tables.values() for c in cells.values() if c.column}
        found |= set(self.steps)
        for act in self.steps.values():
            cells = [*act.cells().values(), *act.evidence.values()]
            found |= {c.column for c in cells if c.column}
        return found

    def _faults(self) -> Iterator[str]:
        unknown = [t for t in self.tables if t not in LEDGER_TABLES]
        for table in unknown:
            yield f"tables.{table}: unknown table; nearest: {near(table, LEDGER_TABLES)}"
        if not self.tables:
            yield f"tables: name one of {', '.join(LEDGER_TABLES)}"
        if unknown or not self.tables:
            return
        if not any(c.column for c in self.tables[self.main].values()):
            yield f"tables.{self.main}: name at least one column"
            return
        yield from super()._faults()
        for at, (table, cells) in enumerate(self.tables.items()):
            node_type = BY_TABLE[table]
            known = all_names(node_type)
            for name in cells:
                if name not in known:
                    yield f"tables.{table}.{name}: unknown column; nearest: {near(name, known)}"
            for name in required_names(node_type):
                if name not in cells and name not in self.linked(table, at):
                    yield f"tables.{table}.{name}: it is missing"
        if self.steps and "leads" not in self.tables:
            yield "steps: they belong to leads, so name leads under tables"
        acts = {h.act for r in routes().values() for h in r.hops}
        acts |= {e.act for r in routes().values() for e in r.ends}
        acts |= {d.act for r in routes().values() for d in r.detours}
        evidence = [c.name for c in EVIDENCE]
        for column, step in self.steps.items():
            if step.act not in acts:
                nearest = near(step.act, sorted(acts))
                yield f"steps.{column}: no act {step.act!r} of a route; nearest: {nearest}"
            for name in step.evidence:
                if name not in evidence:
                    nearest = near(name, evidence)
                    yield f"steps.{column}.evidence.{name}: unknown; nearest: {nearest}"

    def linked(self, table: str, _at: int = 0) -> dict[str, str]:
        """References of a table that the row itself answers: column to the table named."""
        found: dict[str, str] = {}
        order = list(self.tables)
        for r in BY_TABLE[table].references:
            other = next((t for t in order if BY_TABLE[t].label == r.target), None)
            if other is None or other == table or r.column in self.tables[table]:
                continue
            # Of two tables that may name each other, the later names the earlier.
            if order.index(other) < order.index(table) or r.required:
                found[r.column] = other
        return found


def all_names(node_type: NodeType) -> list[str]:
    """Every column of a table."""
    columns = [c.name for c in node_type.columns if not c.personal]
    return [node_type.id, *columns, *(r.column for r in node_type.references)]


def required_names(node_type: NodeType) -> list[str]:
    """The required columns of a table, without its id."""
    found = [c.name for c in node_type.columns if c.required]
    return found + [r.column for r in node_type.references if r.required]


def _node_fault(place: str, at: str) -> Iterator[str]:
    """What is wrong with NODE or NODE.ACT."""
    node, dot, act = at.partition(".")
    if node not in nodes():
        yield f"{place}: no rulebook node {node!r}; nearest: {near(node, list(nodes()))}"
    elif dot:
        acts = {*book().acts.get(node, {}), *book().acts.get("*", {})}
        if act not in acts:
            yield f"{place}: no act {act!r} of {node}; nearest: {near(act, sorted(acts))}"


# -- what words mean ---------------------------------------------------------------------------


@lru_cache(maxsize=1)
def words() -> dict[str, Any]:
    """The words of the office: columns by what they hold, and cells by what they mean."""
    text = Path(__file__).with_name("office_words.yaml").read_text(encoding="utf-8")
    found: dict[str, Any] = yaml.safe_load(text)
    return found


@lru_cache(maxsize=64)
def meanings(name: str) -> dict[str, tuple[str, ...]]:
    """Cells to the codes that they may mean, for a ``table.column`` or the label of a reference."""
    found: dict[str, list[str]] = {}

    def add(code: str, *names: str) -> None:
        for said in (code, *names):
            codes = found.setdefault(plain(said), [])
            if said and code not in codes:
                codes.append(code)

    match name:
        case "ProblemType":
            for p in problem_types().values():
                add(p.code, p.zh, p.en)
        case "ProcessNode":
            for n in nodes().values():
                add(n.code, n.zh, n.en)
        case "cases.type":
            for n in nodes().values():
                add(n.case_group)
        case "leads.route":
            for r in routes().values():
                add(r.code, r.zh, r.en)
        case _ if name.startswith("act "):
            acts = book().acts
            for code, zh in {**acts.get("*", {}), **acts.get(name[4:], {})}.items():
                add(code, zh)
    for code, said in words()["cells"].get(name, {}).items():
        add(code, *said)
    return {said: tuple(codes) for said, codes in found.items() if said}
