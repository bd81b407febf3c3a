"""One row of a sheet as values of the graph's tables: a case with what its columns say, or an entry
of a ledger with what became of it."""

from __future__ import annotations

import datetime as dt
from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from functools import cached_property
from hashlib import blake2b

from graph.settings import settings
from graph.store.schema import BY_TABLE, property_name
from loaders.logs import LogFault, Refusal, cell_text
from loaders.package import near
from loaders.profile import read_cell, read_date
from loaders.pseudonym import Pseudonyms
from loaders.sheet_profile import (
    Cell,
    LedgerProfile,
    PartyTerms,
    WideProfile,
    meanings,
    required_names,
)
from loaders.tables import Raw
from loaders.values import READERS, ValueFault, number
from loaders.workbook import Row, Sheet, plain

STRICT = frozenset(
    {"ProblemType", "ProcessNode", "cases.type", "dispositions.status", "leads.route"}
)
"""What must mean a code; other words without a meaning stay as they are."""
Element = tuple[str, dict[str, Raw]]
"""A table and the values of one of its rows."""


class RowReader:
    """The cells of one row by the names of a profile, as values of the graph's tables."""

    def __init__(self, profile: WideProfile | LedgerProfile) -> None:
        self.profile = profile
        self.sheet: Sheet | None = None
        self.cells: Mapping[str, Raw] = {}
        self.type: str | None = profile.case_type

    @cached_property
    def _pseudonyms(self) -> Pseudonyms:
        return Pseudonyms(settings().home_dir)

    def take(self, sheet: Sheet, row: Row) -> None:
        """Turn to a row."""
        self.sheet, self.cells, self.type = sheet, row.cells, self.profile.case_type

    def raw(self, column: str) -> Raw:
        """A cell as the source means it, None where it is empty."""
        assert self.sheet is not None
        at = self.sheet.names.get(column)
        if at is None:
            return None
        try:
            return read_cell(self.profile, self.cells.get(self.sheet.columns[at]))
        except ValueFault as fault:
            raise Refusal(LogFault(fault.code, column, {"value": fault.value})) from fault

    def date(self, column: str) -> dt.date | dt.datetime | None:
        """A cell as a date or moment."""
        value = self.raw(column)
        if value is None:
            return None
        try:
            return read_date(self.profile, value)
        except ValueFault as fault:
            raise Refusal(LogFault("log.date", column, {"value": fault.value})) from fault

    def of(self, cell: Cell | None, table: str, name: str) -> Raw:
        """The value of a table's column that a cell gives."""
        if cell is None or cell.column is None:
            return None if cell is None else cell.value
        value = self.raw(cell.column)
        return None if value is None else self.typed(cell, table, name, value)

    def typed(self, cell: Cell, table: str, name: str, value: Raw) -> Raw:
        """A cell's content as the value of a table's column."""
        assert cell.column is not None
        said = {plain(k): v for k, v in cell.values.items()}
        if said and (meant := said.get(plain(value))) is not None:
            return meant
        node_type = BY_TABLE[table]
        column = node_type.column(name)
        target = next((r.target for r in node_type.references if r.column == name), "")
        if column is not None and column.type in {"date", "moment"}:
            try:
                found = read_date(self.profile, value)
            except ValueFault as fault:
                raise Refusal(LogFault("log.date", cell.column, {"value": fault.value})) from fault
            if isinstance(found, dt.datetime) and column.type == "date":
                return found.date()
            return found
        if column is not None and column.type in {"integer", "number", "boolean"}:
            try:
                READERS[column.type](value)
            except ValueFault as fault:
                raise Refusal(LogFault(fault.code, cell.column, {"value": fault.value})) from fault
            return value
        text = cell_text(value)
        if cell.column in self.profile.pseudonyms:
            return "P-" + self._pseudonyms.of(text)
        return self.meant(cell.column, text, target or f"{table}.{name}")

    def meant(self, column: str, text: str, name: str) -> str:
        """The code that a word means, or the word where codes are not demanded."""
        known = meanings(name)
        found = known.get(plain(text), ())
        if len(found) > 1 and self.type:
            found = tuple(c for c in found if c.startswith(self.type)) or found
        if len(found) == 1:
            return found[0]
        if found:
            codes = ", ".join(found[:5])
            raise Refusal(
                LogFault("sheet.several_meanings", column, {"value": text, "codes": codes})
            )
        if name in STRICT or name.startswith("act "):
            nearest = near(plain(text), known) if known else "–"
            raise Refusal(LogFault("sheet.unknown_value", column, {"value": text, "near": nearest}))
        return text

    def needed(self, column: str) -> str:
        """A cell that must not be empty."""
        value = self.raw(column)
        if value is None:
            raise Refusal(LogFault("log.missing_value", column, {}))
        return cell_text(value)


class WideReader(RowReader):
    """Rows of a wide sheet: the case, and what its columns say of it."""

    profile: WideProfile

    def read(self) -> tuple[str, dict[str, Raw], list[Element]]:
        """The case's id and values, and everything else that the row says."""
        columns = self.profile.columns
        case = self.needed(self.profile.key)
        values: dict[str, Raw] = {"case": case}
        for name, cell in columns.cells().items():
            if name != "case" and (value := self.of(cell, "cases", name)) is not None:
                values[name] = value
        if "type" not in values and self.profile.case_type:
            values["type"] = self.profile.case_type
        self.type = None if "type" not in values else str(values["type"])
        for column, type_ in self.profile.kept.items():
            if (value := self._kept(column, type_)) is not None:
                values[f"attr_{property_name(column)}"] = value
        others = [*self._events(case), *self._documents(case), *self._fields(case)]
        return case, values, others

    def _kept(self, column: str, type_: str) -> Raw:
        if type_ == "date":
            return self.date(column)
        value = self.raw(column)
        if value is None or type_ == "text":
            return None if value is None else cell_text(value)
        try:
            return number(value)
        except ValueFault as fault:
            raise Refusal(LogFault(fault.code, column, {"value": fault.value})) from fault

    def _events(self, case: str) -> Iterator[Element]:
        for column, step in self.profile.events.items():
            at = self.date(column)
            if at is None:
                continue
            node = step.node[0]
            if len(step.node) > 1:
                node = next((n for n in step.node if n[:2] == self.type), "")
                if not node:
                    raise Refusal(LogFault("sheet.no_node", column, {"type": self.type or "–"}))
            node, _, act = node.partition(".")
            # The column makes the id, so that a corrected date corrects the event.
            id_ = f"{case}-{column}"
            values: dict[str, Raw] = {"event": id_, "case": case, "node": node, "occurred": at}
            for name in ("recorded", "person", "department"):
                if (value := self.of(getattr(step, name), "events", name)) is not None:
                    values[name] = value
            if act:
                values["outcome"] = act
            elif step.outcome is not None:
                said = self.of(step.outcome, "events", "outcome")
                if said is not None:
                    column = step.outcome.column or column
                    values["outcome"] = self.meant(column, str(said), f"act {node}")
            yield "events", values

    def _documents(self, case: str) -> Iterator[Element]:
        made: Counter[str] = Counter()
        for column, terms in self.profile.documents.items():
            signed = self.date(column)
            if signed is None:
                continue
            made[terms.template] += 1
            nth = made[terms.template]
            values: dict[str, Raw] = {
                "document": f"{case}-{terms.template}" + (f"-{nth}" if nth > 1 else ""),
                "case": case,
                "template": terms.template,
                "signed": signed.date() if isinstance(signed, dt.datetime) else signed,
            }
            if (served := self.of(terms.served, "documents", "served")) is not None:
                values["served"] = served
            yield "documents", values

    def _fields(self, case: str) -> Iterator[Element]:
        for column, terms in self.profile.fields_.items():
            value = self.raw(column)
            if value is None:
                continue
            if isinstance(value, dt.datetime) and value.time() == dt.time():
                value = value.date()
            values: dict[str, Raw] = {
                "field_value": f"{case}-{column}",
                "case": case,
                "field": column,
                "value": cell_text(value),
            }
            for name in ("entered", "entered_by"):
                if (found := self.of(getattr(terms, name), "card_fields", name)) is not None:
                    values[name] = found
            yield "card_fields", values

    def parties(self, case: str, number_: int) -> list[Element]:
        """The parties of the row with charges and measures; ``number_`` are there already."""
        found: list[Element] = []
        for terms in self.profile.parties:
            lists = {name: self._parts(terms, cell) for name, cell in terms.cells().items()}
            shown = [lists[n] for n in ("party", "name", "identity") if lists.get(n)]
            count = len(shown[0]) if shown else 0
            for at in range(count):
                number_ += 1
                found += self._party(terms, lists, case, at, count, number_)
        return found

    def _parts(self, terms: PartyTerms, cell: Cell) -> list[Raw]:
        """What a cell says of each party; a constant says the same of all."""
        if cell.column is None:
            return [cell.value]
        value = self.raw(cell.column)
        if value is None:
            return []
        if terms.separator is None:
            return [value]
        said = cell_text(value).replace("；", ";") if terms.separator == ";" else cell_text(value)
        return [part.strip() for part in said.split(terms.separator)]

    def _party(
        self,
        terms: PartyTerms,
        lists: Mapping[str, Sequence[Raw]],
        case: str,
        at: int,
        count: int,
        number_: int,
    ) -> Iterator[Element]:
        cells = terms.cells()

        def one(name: str) -> Raw:
            """What the row says of this party."""
            parts = lists.get(name, ())
            if len(parts) not in {0, 1, count}:
                values = {"n": len(parts), "parties": count}
                raise Refusal(LogFault("sheet.list_lengths", str(cells[name].column), values))
            if not parts:
                return None
            return (parts[at] if len(parts) == count else parts[0]) or None

        def said(name: str, table: str, column: str) -> Raw:
            value, cell = one(name), cells.get(name)
            if value is None or cell is None or cell.column is None:
                return value
            return self.typed(cell, table, column, value)

        id_ = one("party")
        party = cell_text(id_) if id_ is not None else f"{case}-{number_}"
        values: dict[str, Raw] = {"party": party, "case": case}
        for name in ("identity", "status", "minor"):
            if (value := said(name, "parties", name)) is not None:
                values[name] = value
        yield "parties", values
        stage = said("stage", "charges", "stage")
        names = _split(one("charges"), terms.inner)
        codes = _split(one("charge_codes"), terms.inner)
        for nth in range(max(len(names), len(codes))):
            charge: dict[str, Raw] = {"charge": f"{party}-{stage or 'X'}-{nth + 1}", "party": party}
            if nth < len(names):
                charge["name"] = names[nth]
            if nth < len(codes):
                charge["code"] = codes[nth]
            if stage is not None:
                charge["stage"] = stage
            yield "charges", charge
        for nth, measure in enumerate(terms.measures, start=1):
            start = self.of(measure.from_, "measures", "from")
            if start is None:
                continue
            found: dict[str, Raw] = {"measure": f"{party}-M{nth}", "party": party, "from": start}
            for name in ("kind", "to", "decided_by"):
                if (value := self.of(getattr(measure, name), "measures", name)) is not None:
                    found[name] = value
            if "kind" not in found:
                raise Refusal(LogFault("log.missing_value", str(measure.kind.column), {}))
            yield "measures", found


class LedgerReader(RowReader):
    """Rows of a ledger: what is listed, and what became of it."""

    profile: LedgerProfile

    def __init__(self, profile: LedgerProfile) -> None:
        super().__init__(profile)
        self._ordinals: Counter[bytes] = Counter()
        self._own: dict[str, set[str]] = {}
        used: set[str | None] = {None}
        for table, cells in profile.tables.items():
            # A table is filled where a column says something that no table before it uses.
            self._own[table] = {n for n, c in cells.items() if c.column not in used}
            used |= {c.column for c in cells.values()}

    def read(self) -> tuple[str, dict[str, Raw], list[Element]]:
        """Id and values of what is listed, and everything else that the row says."""
        made: dict[str, dict[str, Raw]] = {}
        main = self.profile.main
        values: dict[str, Raw]
        for table, cells in self.profile.tables.items():
            values = {n: v for n, c in cells.items() if (v := self.of(c, table, n)) is not None}
            if table != main and not self._own[table] & set(values):
                continue
            for column, other in self.profile.linked(table).items():
                if other in made:
                    values[column] = made[other][BY_TABLE[other].id]
            for name in required_names(BY_TABLE[table]):
                if name not in values:
                    place = (cells[name].column if name in cells else None) or name
                    raise Refusal(LogFault("log.missing_value", place, {}))
            id_ = BY_TABLE[table].id
            if id_ not in values:
                owner = made[main][BY_TABLE[main].id] if table != main else None
                values[id_] = self._derived(values) if owner is None else f"{owner}-{id_}"
            made[table] = values
        first = made.pop(main)
        others: list[Element] = list(made.items())
        lead = first if main == "leads" else made.get("leads")
        if lead is not None:
            others += self._steps(str(lead["lead"]))
        return str(first[BY_TABLE[main].id]), first, others

    def _derived(self, values: Mapping[str, Raw]) -> str:
        """An id from the content, without claims, and its ordinal among equal content."""
        node_type = BY_TABLE[self.profile.main]
        claims = {c.name for c in node_type.columns if c.claim}
        content = sorted((n, str(v)) for n, v in values.items() if n not in claims)
        digest = blake2b(repr(content).encode(), digest_size=8).digest()
        self._ordinals[digest] += 1
        owner = f"{values['case']}-" if "case" in values else ""
        return f"{owner}{digest.hex()}-{self._ordinals[digest]}"

    def _steps(self, lead: str) -> Iterator[Element]:
        for column, terms in self.profile.steps.items():
            at = self.date(column)
            if at is None:
                continue
            id_ = f"{lead}-{column}"
            values: dict[str, Raw] = {"step": id_, "lead": lead, "act": terms.act, "at": at}
            for name, cell in {**terms.cells(), **terms.evidence}.items():
                if (value := self.of(cell, "lead_steps", name)) is not None:
                    values[name] = value
            yield "lead_steps", values


def _split(value: Raw, separator: str) -> list[str]:
    if value is None:
        return []
    return [part for p in cell_text(value).split(separator) if (part := p.strip())]
