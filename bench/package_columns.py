"""The columns of a package read from its CSV files, without a graph: for many seeds.

A test shows that the graph gives the same. Of the product it takes the form of the columns, the
list of nodes and the problem types. What only a check could find is not there.
"""

from __future__ import annotations

import csv
import datetime as dt
import itertools
from collections import defaultdict
from collections.abc import Iterator
from pathlib import Path
from typing import Any
from zoneinfo import ZoneInfo

import pyarrow as pa
import yaml

from graph.analysis.projection import CASES, EVENTS, PROBLEMS, Columns, Node
from graph.rulebook import nodes, problem_types

ZONE = ZoneInfo("Asia/Shanghai")
PACK = 100_000
"""Rows that are held as Python objects at a time."""
Row = dict[str, str]


def package_columns(folder: Path) -> Columns:
    """The columns of a native package; times without an offset are in Shanghai."""
    source = yaml.safe_load((folder / "package.yaml").read_text("utf-8"))["source"]

    def key(id_: str) -> str:
        return f"{source}/{id_}"

    parties: dict[str, list[str]] = defaultdict(list)
    for r in _rows(folder, "parties"):
        parties[r["case"]].append(key(r["party"]))
    cases = (
        {
            "case": key(r["case"]),
            "type": r["type"] or None,
            "unit": r.get("unit") or None,
            "department": r.get("department") or None,
            "handler": key(r["handler"]) if r.get("handler") else None,
            "matter": key(r["matter"]) if r.get("matter") else None,
            "accepted": _moment(r["accepted"]).astimezone(ZONE).date() if r["accepted"] else None,
            "closed": dt.date.fromisoformat(r["closed"][:10]) if r.get("closed") else None,
            "known": _moment(r["accepted"]) if r["accepted"] else None,
            "parties": sorted(parties[r["case"]]),
        }
        for r in _rows(folder, "cases")
    )
    events = (
        {
            "case": key(r["case"]),
            "node": f"rulebook/{r['node']}",
            "act": r.get("outcome") or "",
            "party": key(r["party"]) if r.get("party") else "",
            "department": r.get("department") or "",
            "person": key(r["person"]) if r.get("person") else "",
            "at": at,
            "day": at.date(),
            "known": _moment(r["recorded"]) if r.get("recorded") else at,
        }
        for r in _rows(folder, "events")
        for at in (_moment(r["occurred"]),)
    )
    return Columns(
        _table(cases, CASES),
        _table(events, EVENTS),
        _table(_problems(folder, key), PROBLEMS),
        {
            f"rulebook/{n.code}": Node(
                f"rulebook/{n.code}",
                n.code,
                n.zh,
                n.en,
                n.case_group,
                n.seq,
                n.conditional,
                n.decision,
            )
            for n in nodes().values()
        },
        {
            key(r["person"]): r["department"]
            for r in _rows(folder, "persons")
            if r.get("department")
        },
    )


def _table(rows: Iterator[dict[str, Any]], schema: pa.Schema) -> pa.Table:
    """A table of rows as they come."""
    packs = iter(lambda: list(itertools.islice(rows, PACK)), [])
    return pa.Table.from_batches(
        [pa.RecordBatch.from_pylist(pack, schema) for pack in packs], schema
    )


def _problems(folder: Path, key: Any) -> Iterator[dict[str, Any]]:
    said: dict[str, list[tuple[dt.datetime, str, str]]] = defaultdict(list)
    for r in _rows(folder, "dispositions"):
        said[r["problem"]].append((_moment(r["at"]), r["disposition"], r["status"]))
    leads: dict[str, list[str]] = defaultdict(list)
    for r in _rows(folder, "leads"):
        if r.get("problem"):
            leads[r["problem"]].append(r["lead"])
    opened = {r["review"]: r["lead"] for r in _rows(folder, "reviews") if r.get("lead")}
    corrections: dict[str, list[tuple[str, str]]] = defaultdict(list)
    for r in _rows(folder, "corrections"):
        for p in (r.get("problems") or "").replace("；", ";").split(";"):
            corrections[p.strip()].append((r["correction"], r.get("closed") or ""))
    types = problem_types()
    for r in _rows(folder, "problems"):
        id_, review = r["problem"], r.get("raised_by_review")
        joined = [f"event {key(r['event'])}"] if r.get("event") else []
        joined += [f"document {key(r['document'])}"] if r.get("document") else []
        joined += [f"lead {key(x)}" for x in leads[id_]]
        joined += [f"review {key(review)}"] if review else []
        joined += [f"lead {key(opened[review])}"] if review in opened else []
        joined += [f"correction {key(c)}" for c, _ in corrections[id_]]
        found = _moment(r["found"])
        decided = sorted(said[id_])
        yield {
            "problem": key(id_),
            "case": key(r["case"]),
            "type": r["type"],
            "kind": types[r["type"]].kind,
            "node": f"rulebook/{r['node']}" if r.get("node") else None,
            "found_by": r.get("found_by") or types[r["type"]].kind,
            "found": found.astimezone(ZONE).date(),
            "known": found,
            "closed": None,
            "timed": False,
            "joined": sorted(set(joined)),
            "statuses": [status for _, _, status in decided],
            "decided": [at for at, _, _ in decided],
            "corrected": sorted(dt.date.fromisoformat(c) for _, c in corrections[id_] if c),
        }


def _rows(folder: Path, table: str) -> Iterator[Row]:
    path = folder / f"{table}.csv"
    if path.exists():
        with path.open(encoding="utf-8-sig", newline="") as file:
            yield from csv.DictReader(file)


def _moment(text: str) -> dt.datetime:
    value = dt.datetime.fromisoformat(text)
    return value if value.tzinfo else value.replace(tzinfo=ZONE)
