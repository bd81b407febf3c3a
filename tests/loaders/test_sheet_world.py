"""A world as sheets against the same world as a package: equal but for what sheets do not hold.

The lists below are the whole difference; docs/profiles.md tells it in words.
"""

from __future__ import annotations

import csv
import hashlib
from collections import Counter
from collections.abc import Iterable
from pathlib import Path
from typing import Any

import pytest

from graph.store.connection import Graph
from loaders.load import load
from loaders.synthetic import generate
from loaders.synthetic.sheets import write_sheets

CASES, SEED = 60, 11
FILES = (("wide.xlsx", "wide"), ("monitoring.xlsx", "monitoring"), ("handover.csv", "handover"))
BOOKKEEPING = {"key", "id", "source", "_hash", "_batch", "_row"}

NOT_HELD = {
    "Measure",
    "Participant",
    "Property",
    "PropertyMovement",
    "Review",
    "Correction",
    "Notice",
    "Reply",
    "IndicatorValue",
    "Alert",
    "Mapping",
    "MonitoringRule",
}
"""Labels of which the sheets hold nothing."""
SAME_NODES = ("Case", "Matter", "Party", "Problem", "Lead")
"""Labels whose nodes are the same, by key."""
LOST: dict[str, set[str]] = {
    "Case": {"secrecy"},
    "Matter": {"title"},
    "Party": set(),
    "Problem": set(),
    "Lead": set(),
    "Unit": {"name", "level"},
    "Department": {"name", "kind"},
    "Person": {"role"},
}
"""Properties that the sheets do not hold."""
GAINED: dict[str, set[str]] = {"Problem": {"state"}, "Lead": {"state"}}
"""Properties that only the sheets hold: what a register claims."""
SAID: dict[str, tuple[str, tuple[str, ...]]] = {
    "Event": ("case", ("node", "outcome", "occurred")),
    "Charge": ("party", ("code", "name", "stage")),
    "Document": ("case", ("template", "signed")),
    "FieldValue": ("case", ("field", "value")),
    "Disposition": ("problem", ("status", "at", "reason")),
    "Step": ("lead", ("act", "at")),
}
"""Labels compared by what they say, as the sheets give them ids of their own."""


def snapshot(
    graph: Graph, source: str = "demo"
) -> dict[str, dict[str, tuple[dict[str, Any], Any]]]:
    """Label to key to (properties, named rows) of every node of a source."""
    from graph.store.generate import stem
    from graph.store.schema import BY_LABEL

    keys: dict[str, list[str]] = {}
    for row in graph.stream("all_nodes"):
        key = str(row.props["key"])
        if key.startswith(f"{source}/"):
            keys.setdefault(row.label, []).append(key)
    found: dict[str, dict[str, tuple[dict[str, Any], Any]]] = {}
    for label, named in keys.items():
        rows = graph.read(f"former_{stem(BY_LABEL[label])}", keys=named)
        found[label] = {
            r.key: (
                {
                    k: v
                    for k, v in r.props.items()
                    if k not in BOOKKEEPING and not k.startswith("_")
                },
                {(column, target) for column, target in r.named},
            )
            for r in rows
        }
    return found


@pytest.fixture(scope="module")
def both(module_graph: Graph, tmp_path_factory: pytest.TempPathFactory) -> Any:
    folder = tmp_path_factory.mktemp("sheets")
    package = folder / "world"
    generate(package, CASES, SEED)
    sheets = write_sheets(package)
    load(module_graph, package)
    native = snapshot(module_graph)
    module_graph.wipe(keep_rulebook=True)
    reports = {
        name: load(module_graph, sheets / file, profile=sheets / f"{name}.yaml")
        for file, name in FILES
    }
    return package, reports, native, snapshot(module_graph)


def table(package: Path, name: str) -> list[dict[str, str]]:
    with (package / f"{name}.csv").open(encoding="utf-8", newline="") as file:
        return list(csv.DictReader(file))


def test_every_row_is_accounted_for_and_only_totals_are_refused(both: Any) -> None:
    package, reports, _, _ = both
    for name, of in (("wide", "cases"), ("monitoring", "problems"), ("handover", "leads")):
        report, rows = reports[name], len(table(package, of))
        assert (report.read, report.loaded, report.rejected) == (rows + 1, rows, 1), name
        assert set(report.tables) == {of}


def test_labels(both: Any) -> None:
    _, _, native, sheets = both
    assert set(native) - set(sheets) == NOT_HELD & set(native)
    assert set(sheets) <= set(native)


@pytest.mark.parametrize("label", SAME_NODES)
def test_nodes_are_the_same_less_what_is_not_held(both: Any, label: str) -> None:
    _, _, native, sheets = both
    lost, gained = LOST[label], GAINED.get(label, set())
    assert set(sheets[label]) == set(native[label])
    for key, (props, _) in native[label].items():
        mine = sheets[label][key][0]
        assert {k: v for k, v in mine.items() if k not in gained} == {
            k: v for k, v in props.items() if k not in lost
        }, key
        assert set(mine) - set(props) <= gained


@pytest.mark.parametrize("label", ["Unit", "Department", "Person"])
def test_who_is_only_named_is_there_by_id(both: Any, label: str) -> None:
    _, _, native, sheets = both
    assert set(sheets[label]) <= set(native[label])
    for key, (props, named) in sheets[label].items():
        assert not named
        kept = set(native[label][key][0]) - LOST[label]
        assert set(props) - {"name"} == kept


def relationships(found: Any, label: str, columns: Iterable[str]) -> set[tuple[str, str, str]]:
    return {
        (key, column, target)
        for key, (_, named) in found[label].items()
        for column, target in named
        if column in columns
    }


@pytest.mark.parametrize(
    ("label", "held"),
    [
        ("Case", {"matter", "unit", "department", "handler", "follows"}),
        ("Party", {"case"}),
        ("Problem", {"type", "case", "node", "raised_by_person"}),
        ("Lead", {"case", "unit", "problem"}),
    ],
)
def test_relationships_are_the_same(both: Any, label: str, held: set[str]) -> None:
    _, _, native, sheets = both
    assert relationships(sheets, label, held) == relationships(native, label, held) != set()
    assert {c for _, named in sheets[label].values() for c, _ in named} <= held


def said(found: Any, label: str) -> Counter[tuple[Any, ...]]:
    owner, names = SAID[label]
    rows: Counter[tuple[Any, ...]] = Counter()
    for props, named in found[label].values():
        targets = dict(sorted(named))
        values = tuple(
            targets.get(n)
            if n == "node"
            else (props.get(f"{n}_on"), props.get(n))
            if n in {"occurred", "at"}
            else props.get(n)
            for n in names
        )
        rows[targets.get(owner), *values] += 1
    return rows


def test_what_happened_is_the_same_once_for_each_column(both: Any) -> None:
    """A sheet has one cell for a case and step: the first of equal ones is held."""
    package, _, native, sheets = both
    first: set[tuple[str, str, str]] = set()
    expected: Counter[str] = Counter()
    for e in table(package, "events"):
        place = (e["case"], e["node"], e["outcome"])
        if place not in first:
            first.add(place)
            expected[e["case"]] += 1
    mine, all_ = said(sheets, "Event"), said(native, "Event")
    assert mine <= all_
    assert sum(mine.values()) == sum(expected.values())
    assert Counter(str(row[0]).removeprefix("demo/") for row in mine.elements()) == expected


@pytest.mark.parametrize("label", ["Charge", "Document", "FieldValue", "Disposition", "Step"])
def test_what_else_is_said_is_said_in_the_package_too(both: Any, label: str) -> None:
    package, _, native, sheets = both
    mine, all_ = said(sheets, label), said(native, label)
    assert mine <= all_
    rows = {
        "Charge": {
            (r["party"], r["charge"]) for r in table(package, "charges") if r["stage"] == "TRANSFER"
        },
        "Document": {
            (r["case"], r["template"]) for r in table(package, "documents") if r["signed"]
        },
        "FieldValue": {
            (r["case"], r["field"])
            for r in table(package, "card_fields")
            if not r["party"] and r["field"] not in {"受理日期", "审结日期"}
        },
        "Disposition": {(r["problem"], "") for r in table(package, "dispositions")},
        "Step": {(r["lead"], r["act"]) for r in table(package, "lead_steps")},
    }[label]
    assert sum(mine.values()) == len(rows) > 0


def test_the_same_seed_gives_the_same_bytes(both: Any, tmp_path: Path) -> None:
    package, *_ = both
    again = tmp_path / "world"
    generate(again, CASES, SEED)
    one, other = package.with_name("world.sheets"), write_sheets(again)
    names = sorted(p.name for p in one.iterdir())
    assert names == sorted(p.name for p in other.iterdir())
    for name in names:
        digests = [hashlib.sha256((f / name).read_bytes()).hexdigest() for f in (one, other)]
        assert digests[0] == digests[1], name
