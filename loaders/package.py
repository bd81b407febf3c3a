"""The native package: a folder with ``package.yaml`` and one table a file."""

from __future__ import annotations

import difflib
import hashlib
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import yaml

from graph.errors import InputError
from graph.store.schema import BY_TABLE, RULEBOOK, NodeType, loading_order
from loaders.tables import SUFFIXES, SourceRow, Table, open_table, rows

_KEYS = ("source", "period", "synthetic", "complete", "title")


@dataclass(frozen=True)
class Package:
    """A package that can be loaded: its source, whether it is synthetic, its table files."""

    path: Path
    source: str
    synthetic: bool
    files: dict[str, Table]
    profile: str | None = None
    extra: tuple[tuple[NodeType, list[dict[str, Any]]], ...] = field(default=())

    def tables(self) -> Iterator[tuple[NodeType, Table, Iterator[SourceRow]]]:
        """The tables that are there, each after those it needs."""
        for node_type in loading_order():
            table = self.files.get(str(node_type.table))
            if table is not None:
                yield node_type, table, rows(table, str(node_type.table))

    def hashes(self) -> dict[str, str]:
        """SHA-256 of every file, by name."""
        paths = [self.path / "package.yaml", *(t.path for t in self.files.values())]
        found = {}
        for path in sorted(paths):
            with path.open("rb") as file:
                found[path.name] = hashlib.file_digest(file, "sha256").hexdigest()
        return found


def near(name: str, names: list[str]) -> str:
    """The names nearest to ``name``, for a message."""
    return ", ".join(difflib.get_close_matches(name, names, 2, 0.5)) or ", ".join(names[:12])


def open_package(folder: Path) -> Package:
    """Read ``package.yaml`` and the headers of all tables.

    Raises InputError ``load.package_faults`` with every fault of the package together.
    """
    if not folder.exists():
        raise InputError("load.no_source", source=folder)
    manifest = folder / "package.yaml"
    if not manifest.is_file():
        raise InputError("load.no_manifest", folder=folder)
    try:
        facts = yaml.safe_load(manifest.read_text(encoding="utf-8"))
    except (yaml.YAMLError, UnicodeDecodeError) as error:
        raise InputError("load.bad_manifest", file=manifest, reason=error) from error
    faults: list[str] = []
    if not isinstance(facts, dict):
        raise InputError("load.bad_manifest", file=manifest, reason="not a mapping")
    for key in facts:
        if key not in _KEYS:
            faults.append(f"package.yaml: unknown key {key!r}; nearest: {near(key, list(_KEYS))}")
    source = facts.get("source")
    if not isinstance(source, str) or not source or "/" in source or source == RULEBOOK:
        faults.append("package.yaml: source must be a name without '/', and not 'rulebook'")
    files: dict[str, Table] = {}
    for path in sorted(folder.iterdir()):
        suffix = next((s for s in SUFFIXES if path.name.endswith(s)), None)
        if suffix is None:
            continue
        name = path.name.removesuffix(suffix)
        if name not in BY_TABLE:
            faults.append(f"{path.name}: unknown table; nearest: {near(name, list(BY_TABLE))}")
        elif name in files:
            faults.append(f"{path.name}: the table {name} is there twice")
        else:
            table = open_table(path)
            faults += column_faults(BY_TABLE[name], table)
            files[name] = table
    if not files and not faults:
        faults.append("there is no table in the folder")
    if faults:
        raise InputError("load.package_faults", folder=folder, faults="\n".join(faults))
    return Package(folder, str(source), bool(facts.get("synthetic", False)), files)


def column_faults(node_type: NodeType, table: Table) -> list[str]:
    """Columns that the table lacks or that nobody declared."""
    known = [
        node_type.id,
        *(c.name for c in node_type.columns),
        *(r.column for r in node_type.references),
    ]
    needed = [c.name for c in node_type.columns if c.required]
    needed += [r.column for r in node_type.references if r.required]
    if not node_type.derived_id:
        needed.insert(0, node_type.id)
    faults = [
        f"{table.path.name}: the required column {name!r} is missing"
        for name in needed
        if name not in table.columns
    ]
    for name in table.columns:
        opened = node_type.open_columns and name.startswith("attr_")
        if name and name not in known and not opened:
            faults.append(
                f"{table.path.name}: unknown column {name!r}; nearest: {near(name, known)}"
            )
    return faults
