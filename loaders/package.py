"""The native package: a folder with ``package.yaml`` and one table a file."""

from __future__ import annotations

import datetime as dt
import difflib
import hashlib
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import yaml

from graph.errors import InputError
from graph.store.schema import BY_TABLE, RULEBOOK, NodeType, loading_order
from loaders.tables import (
    SUFFIXES,
    RejectFile,
    SourceRow,
    Table,
    encoding_of,
    open_table,
    rows,
    sheets,
)
from loaders.values import ValueFault, date

KEYS = ("source", "period", "units", "synthetic", "complete", "title")
"""What ``package.yaml`` may say; ``source`` is required."""


@dataclass(frozen=True)
class Package:
    """A package that can be loaded: its source, whether it is synthetic, its table files.

    ``complete`` names the tables of which the source holds back nothing, within ``period`` (local
    dates, both included) and ``units`` where they are given; ``warnings`` say what is odd but no
    fault.
    """

    path: Path
    source: str
    synthetic: bool
    files: dict[str, Table]
    complete: tuple[str, ...] = ()
    period: tuple[str, str] | None = None
    units: tuple[str, ...] = ()
    warnings: tuple[str, ...] = ()
    profile: str | None = None
    extra: tuple[tuple[NodeType, list[dict[str, Any]]], ...] = ()

    def tables(self) -> Iterator[tuple[NodeType, Iterator[SourceRow]]]:
        """The tables that are there, each after those it needs."""
        for node_type in loading_order():
            table = self.files.get(str(node_type.table))
            if table is not None:
                yield node_type, rows(table, str(node_type.table))

    def reject_writer(self, table: str, folder: Path) -> RejectFile:
        """Where the refused rows of ``table`` go; its personal columns stay empty."""
        hidden = [c.name for c in BY_TABLE[table].columns if c.personal or c.pseudonym]
        return RejectFile(folder, self.files[table], hidden)

    @property
    def supplied(self) -> tuple[str, ...]:
        """Every table, and every column as ``table.column``."""
        columns = [f"{name}.{c}" for name, table in self.files.items() for c in table.columns]
        return (*self.files, *columns)

    def hashes(self) -> dict[str, str]:
        """SHA-256 of every file, by name."""
        return file_hashes(self.path / "package.yaml", *(t.path for t in self.files.values()))


def file_hashes(*paths: Path) -> dict[str, str]:
    """SHA-256 of files, by name. Raises InputError ``table.unreadable``."""
    found = {}
    for path in sorted(paths):
        try:
            with path.open("rb") as file:
                found[path.name] = hashlib.file_digest(file, "sha256").hexdigest()
        except OSError as error:
            raise InputError("table.unreadable", file=path, reason=error.strerror) from error
    return found


def near(name: str, names: Iterable[str]) -> str:
    """The names nearest to ``name``, for a message."""
    known = list(names)
    return ", ".join(difflib.get_close_matches(name, known, 2, 0.5)) or ", ".join(known[:12])


def open_package(folder: Path) -> Package:
    """Read ``package.yaml`` and the headers of all tables.

    Raises InputError ``load.no_source``, ``load.not_a_package``, ``load.no_manifest``,
    ``load.bad_manifest``, and ``load.package_faults`` with every fault of the package together.
    """
    if not folder.exists():
        raise InputError("load.no_source", source=folder)
    if not folder.is_dir():
        raise InputError("load.not_a_package", source=folder)
    manifest = folder / "package.yaml"
    if not manifest.is_file():
        raise InputError("load.no_manifest", folder=folder)
    faults: list[str] = []
    warnings: list[str] = []
    facts = _facts(manifest)
    source, period, units, complete = _checked(facts, faults)
    files: dict[str, Table] = {}
    for path in sorted(folder.iterdir()):
        suffix = next((s for s in SUFFIXES if path.name.endswith(s)), None)
        # Office programs leave a lock file "~$name.xlsx" beside an open workbook.
        if path.name == "package.yaml" or path.name.startswith((".", "~$")) or path.is_dir():
            continue
        name = path.name.removesuffix(suffix or "")
        if suffix is None:
            warnings.append(f"{path.name}: 不是表，未读 / no table, not read")
        elif name not in BY_TABLE:
            faults.append(f"{path.name}: 未知的表 / unknown table; nearest: {near(name, BY_TABLE)}")
        elif name in files:
            faults.append(f"{path.name}: 表 {name} 有两个文件 / the table {name} is there twice")
        else:
            try:
                files[name] = open_table(path)
                faults += column_faults(BY_TABLE[name], files[name])
                if suffix == ".xlsx" and len(titles := sheets(path)) > 1:
                    warnings.append(f"{path.name}: 只读第一张工作表 / only {titles[0]!r} is read")
            except InputError as error:
                faults.append(f"{error.detail('zh')} / {error.detail('en')}")
    faults += [
        why
        for name in complete
        if name in files
        if (why := undecided(BY_TABLE[name], files[name], period is not None, bool(units)))
    ]
    warnings += [
        f"package.yaml: complete 列出 {name}，但没有该表 / complete names {name}, which is absent"
        for name in complete
        if name not in files
    ]
    if not files and not faults:
        faults.append("文件夹中没有表 / there is no table in the folder")
    if faults:
        raise InputError("load.package_faults", folder=folder, faults="\n".join(faults))
    return Package(
        folder,
        source,
        facts.get("synthetic") is True,
        files,
        complete,
        period,
        units,
        tuple(warnings),
    )


def _facts(manifest: Path) -> dict[str, Any]:
    try:
        facts = yaml.safe_load(manifest.read_text(encoding=encoding_of(manifest)))
    except (yaml.YAMLError, UnicodeError, OSError) as error:
        raise InputError("load.bad_manifest", file=manifest, reason=error) from error
    if not isinstance(facts, dict):
        raise InputError("load.bad_manifest", file=manifest, reason="key: value")
    return facts


def _checked(
    facts: dict[str, Any], faults: list[str]
) -> tuple[str, tuple[str, str] | None, tuple[str, ...], tuple[str, ...]]:
    """Source, period, units and complete tables; what is wrong goes to ``faults``."""
    for key in facts:
        if key not in KEYS:
            faults.append(
                f"package.yaml: 未知的键 / unknown key {key!r}; nearest: {near(str(key), KEYS)}"
            )
    source = facts.get("source")
    if (
        not isinstance(source, str)
        or not source.strip()
        or source != source.strip()
        or "/" in source
        or source == RULEBOOK
    ):
        faults.append(
            "package.yaml: source 应为不含 / 的名称，且不是 rulebook / "
            "source must be a name without '/', and not 'rulebook'"
        )
    if not isinstance(facts.get("synthetic", False), bool):
        faults.append("package.yaml: synthetic 应为 true 或 false / must be true or false")
    complete = facts.get("complete") or []
    if not isinstance(complete, list):
        faults.append("package.yaml: complete 应为表名列表 / must be a list of tables")
        complete = []
    faults += [
        f"package.yaml: complete: 未知的表 / unknown table {name!r}; "
        f"nearest: {near(str(name), BY_TABLE)}"
        for name in complete
        if name not in BY_TABLE
    ]
    units = facts.get("units") or []
    if not isinstance(units, list) or not all(isinstance(u, str) for u in units):
        faults.append("package.yaml: units 应为检察院编号列表 / must be a list of ids of units")
        units = []
    period = _period(facts.get("period"), faults)
    return str(source), period, tuple(units), tuple(map(str, complete))


def undecided(node_type: NodeType, table: Table, period: bool, units: bool) -> str | None:
    """Why it cannot be decided which rows of a complete table a declared scope holds, if so.

    Such a package is refused: its declaration promises marks that no load could ever make.
    """
    name, file = node_type.table, table.path.name
    dated = [c for c in node_type.known if c in table.columns]
    of_unit = any(r.column == "unit" for r in node_type.references)
    if period and not dated:
        key, zh, en = "period", "日期", "date"
        columns = " / ".join(node_type.known)
    elif units and not (of_unit and "unit" in table.columns):
        key, zh, en = "units", "检察院", "procuratorate"
        columns = "unit" if of_unit else ""
    else:
        return None
    more = (f"在 {file} 中补上列 {columns}，或", f"add the column {columns} to {file}, or ")
    mend = more if columns else ("", "")
    return (
        f"package.yaml: complete: {name}: {file} 没有{zh}列，{key} 无从判断；"
        f"{mend[0]}把 {name} 移出 complete，或去掉 {key} / "
        f"{file} has no column with the {en} that {key} asks for: "
        f"{mend[1]}take {name} out of complete, or leave {key} out"
    )


def _period(given: object, faults: list[str]) -> tuple[str, str] | None:
    if given is None:
        return None
    try:
        if not isinstance(given, dict) or set(given) != {"from", "to"}:
            raise ValueError
        first, last = (
            v if isinstance(v := given[k], dt.date) else date(str(v)) for k in ("from", "to")
        )
        if first > last:
            raise ValueError
    except (ValueError, ValueFault):
        faults.append("package.yaml: period 应为 / must be {from: 2024-01-01, to: 2024-12-31}")
        return None
    return first.isoformat(), last.isoformat()


def column_faults(node_type: NodeType, table: Table) -> list[str]:
    """Columns that the table lacks, that nobody declared, or that need another setting."""
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
        f"{table.path.name}: 缺少必需列 / the required column {name!r} is missing"
        for name in needed
        if name not in table.columns
    ]
    for name in table.columns:
        opened = node_type.open_columns and name.startswith("attr_")
        if name not in known and not opened:
            faults.append(
                f"{table.path.name}: 未知的列 / unknown column "
                f"{name.encode('utf-8', 'backslashreplace').decode()!r}; "
                f"nearest: {near(name, known)}"
            )
    return faults
