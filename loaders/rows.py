"""One source row as the row that a load statement takes, by a plan compiled per table."""

from __future__ import annotations

import dataclasses
import datetime as dt
import unicodedata
from collections import Counter
from collections.abc import Callable
from dataclasses import dataclass
from functools import lru_cache
from hashlib import blake2b
from typing import Any
from zoneinfo import ZoneInfo

from graph.store.generate import deferred
from graph.store.schema import NodeType, Reference
from graph.store.temporal import instant, moment_properties
from loaders.tables import DIFFER, EXTRA, SHORT, SourceRow
from loaders.values import READERS, ValueFault, attribute, text

SECRET = ("绝密", "机密", "秘密")
NAMED = frozenset({"Unit", "Department", "Person", "Matter", "ProcessNode"})
"""Labels of which a sheet or log only names the nodes."""
Target = tuple[str, str]
"""A reference column and the id that a row names in it."""


@dataclass(frozen=True, slots=True)
class Fault:
    """Why a row is refused: message code, field, and what the message names."""

    code: str
    field: str
    values: dict[str, Any] = dataclasses.field(default_factory=dict)


@dataclass(slots=True)
class Read:
    """A source row as read: its id, the ids it names, and its faults or what is to be written.

    ``row`` is ``{key, props, <column>: target key}`` as the load statements take it, ``later``
    the ids of deferred columns. ``content`` stands for everything the row says.
    """

    id: str | None
    targets: list[Target]
    faults: list[Fault]
    row: dict[str, Any] | None = None
    later: dict[str, list[str]] | None = None
    content: str = ""


def parent(node_type: NodeType) -> Reference | None:
    """The first required reference: what a row with a derived id belongs to."""
    return next((r for r in node_type.references if r.required), None)


def is_stub(node_type: NodeType, row: SourceRow) -> bool:
    """Whether a row was made up because others name it, and says no more than that.

    It stands where nothing of its id is there yet, and never changes a row that is.
    """
    bare = node_type.label == "Case" and set(row.values) <= {node_type.id}
    return row.derived and (node_type.label in NAMED or bare)


def secret(mark: str) -> bool:
    """Whether a secrecy mark, such as 机密★10年, names one of the three degrees."""
    plain = "".join(unicodedata.normalize("NFKC", mark).split())
    return any(word in plain for word in SECRET)


class Plan:
    """How the rows of one table are read for one source and batch."""

    def __init__(
        self,
        node_type: NodeType,
        *,
        source: str,
        batch: str,
        zone: ZoneInfo,
        pseudonym: Callable[[str], str],
        allow_secret: bool,
    ) -> None:
        self._type = node_type
        self._prefix = f"{source}/"
        self._source = source
        self._batch = batch
        self._zone = zone
        self._pseudonym = pseudonym
        self._marks = [] if allow_secret else [c.name for c in node_type.columns if c.secrecy]
        self._columns = [
            (c.name, c.type == "moment", c.required, c.pseudonym, READERS[c.type])
            for c in node_type.columns
            if not c.personal
        ]
        postponed = {r.column for r in deferred(node_type)}
        self._references = [
            (r.column, r.many, r.required, r.column in postponed) for r in node_type.references
        ]
        self._parent = parent(node_type)
        self._ordinals: Counter[bytes] = Counter()

        @lru_cache(maxsize=1 << 15)
        def day(name: str, value: dt.date) -> dict[str, Any]:
            return moment_properties(name, value, zone)

        self._day = day

    def read(self, source: SourceRow) -> Read:
        """The row, with all its faults."""
        refused = getattr(source, "fault", None)
        if refused is not None:
            return Read(None, [], [Fault(refused.code, refused.field, dict(refused.values))])
        values = source.values
        get = values.get
        faults: list[Fault] = []
        targets, later, links = self._targets(values, faults)
        id_: str | None = None
        if (given := get(self._type.id)) is not None:
            try:
                id_ = text(given) or None
            except ValueFault as fault:
                faults.append(Fault(fault.code, self._type.id, {"value": fault.value}))
        found = Read(id_, targets, faults)
        for name in self._marks:
            if (given := get(name)) is not None and secret(str(given)):
                found.faults = [Fault("load.secret", name)]
                return found
        if EXTRA in values:
            faults.append(Fault("load.extra_cells", "", {"cells": str(values[EXTRA])[:60]}))
        if DIFFER in values:
            faults += [Fault("load.copies_differ", c) for c in str(values[DIFFER]).split("; ")]
        if SHORT in values:
            faults.append(Fault("load.short_row", "", {"cells": values[SHORT]}))
        props: dict[str, Any] = {}
        moments: dict[str, dt.date | dt.datetime] = {}
        for name, is_moment, required, hidden, reader in self._columns:
            given = get(name)
            if given is None:
                if required:
                    faults.append(Fault("load.missing_value", name))
                continue
            try:
                value = reader(given)
            except ValueFault as fault:
                seen = "…" if hidden else fault.value
                faults.append(Fault(fault.code, name, {"value": seen}))
                continue
            if is_moment:
                moments[name] = value
                props.update(self._moment(name, value))
            elif value == "" or value == []:
                if required:
                    faults.append(Fault("load.missing_value", name))
            else:
                props[name] = self._pseudonym(value) if hidden else value
        kinds = self._open(values, props, faults) if self._type.open_columns else ""
        if id_ is None and not self._type.derived_id:
            faults.append(Fault("load.missing_value", self._type.id))
        if faults:
            return found
        body = "\x1f".join((*props, *map(str, props.values()), kinds, *map(repr, targets)))
        digest = blake2b(body.encode(), digest_size=16)
        if id_ is None:
            id_ = found.id = self._derived(digest.digest(), links)
        content = found.content = digest.hexdigest()
        for name in self._type.known:
            if name in moments:
                props["known"] = instant(moments[name], self._zone)
                break
        key = self._prefix + id_
        props["key"] = key
        props["id"] = id_
        props["source"] = self._source
        props["_hash"] = content
        props["_batch"] = self._batch
        props["_row"] = source.number
        if source.sheet is not None:
            props["_sheet"] = source.sheet
        links["key"] = key
        links["props"] = props
        found.row, found.later = links, later
        return found

    def _targets(
        self, values: dict[str, Any], faults: list[Fault]
    ) -> tuple[list[Target], dict[str, list[str]] | None, dict[str, Any]]:
        targets: list[Target] = []
        later: dict[str, list[str]] | None = None
        links: dict[str, Any] = {}
        for column, many, required, postponed in self._references:
            given = values.get(column)
            ids: list[str] = []
            if given is not None:
                try:
                    if many:
                        ids = list(dict.fromkeys(READERS["list"](given)))
                    else:
                        ids = [id_] if (id_ := text(given)) else []
                except ValueFault as fault:
                    faults.append(Fault(fault.code, column, {"value": fault.value}))
                    continue
            if not ids:
                if required:
                    faults.append(Fault("load.missing_value", column))
                continue
            targets += [(column, id_) for id_ in ids]
            if postponed:
                later = later or {}
                later[column] = ids
            else:
                links[column] = self._prefix + ids[0]
        return targets, later, links

    def _moment(self, name: str, value: dt.date | dt.datetime) -> dict[str, Any]:
        # Days come again and again; instants hardly do.
        if isinstance(value, dt.datetime):
            return moment_properties(name, value, self._zone)
        return self._day(name, value)

    def _open(self, values: dict[str, Any], props: dict[str, Any], faults: list[Fault]) -> str:
        """Take over the open columns; returns their types, which belong to the content."""
        kinds = []
        for name in sorted(n for n in values if n.startswith("attr_")):
            try:
                value = attribute(values[name])
            except ValueFault as fault:
                faults.append(Fault(fault.code, name, {"value": fault.value}))
                continue
            if isinstance(value, dt.date):
                props.update(self._moment(name, value))
            elif value != "":
                props[name] = value
            if not isinstance(value, str):
                kinds.append(f"{name}:{type(value).__name__}")
        return ",".join(kinds)

    def _derived(self, digest: bytes, links: dict[str, Any]) -> str:
        """An id from the content and its ordinal among equal content of the parent."""
        self._ordinals[digest[:8]] += 1
        owner = ""
        if self._parent is not None:
            owner = str(links[self._parent.column]).removeprefix(self._prefix) + "-"
        return f"{owner}{digest.hex()[:16]}-{self._ordinals[digest[:8]]}"
