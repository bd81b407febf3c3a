"""What the register says: the batches, why rows of a batch were refused, the history of a row."""

from __future__ import annotations

import datetime as dt
import hashlib
import json
from collections import defaultdict
from pathlib import Path
from typing import Any

from graph.errors import InputError
from graph.settings import settings
from graph.store.connection import Graph
from graph.store.generate import stem
from graph.store.schema import BY_LABEL, BY_TABLE, loading_order
from loaders.kept import KeptBatch, Place, kept_batch

FIGURES = ("read", "loaded", "pending", "rejected", "unchanged", "vanished")


def batches(graph: Graph) -> dict[str, Any]:
    """Every batch with its source, the hash of its files, its figures, digest and wall clock.

    ``undoes`` and ``undone`` tie an undo to its batch; an unfinished batch has no figures.
    """
    rows = []
    for b in graph.read("batches"):
        report = json.loads(b.report) if b.report else {}
        rows.append(
            {
                "batch": b.batch,
                "source": b.source,
                "state": b.state,
                "sha256": hashlib.sha256(b.files.encode()).hexdigest() if b.files else None,
                "files": json.loads(b.files) if b.files else {},
                "profile": b.hash,
                "rulebook": b.rulebook,
                **{name: report.get(name) for name in FIGURES},
                "digest": report.get("digest"),
                "at": report.get("at"),
                "undoes": b.undoes,
                "undone": b.undone,
            }
        )
    return {"as_of": graph.data_date(), **_all(rows), "batches": rows}


def rejects(graph: Graph, batch: str, limit: int = 50) -> dict[str, Any]:
    """Why rows of a batch were refused: groups by cause, each with counts, an example, the file.

    A refused row is ``cleared`` when a later batch of its source loaded a row of its id, or, where
    it has none, the same row of the same table with only the faulty cells changed. Raises
    InputError ``batch.unknown`` and ``batch.not_kept``.
    """
    found = list(graph.read("batches"))
    entry = next((b for b in found if b.batch == batch), None)
    if entry is None:
        raise InputError(
            "batch.unknown", batch=batch, batches=", ".join(b.batch for b in found) or "–"
        )
    home = settings().home_dir
    mine = kept_batch(home, batch, entry.files)
    if mine is None:
        raise InputError("batch.not_kept", batch=batch, home=home)
    causes = mine.rejects()
    report: dict[str, Any] = json.loads(entry.report) if entry.report else {"at": "", "tables": {}}
    later = [
        kept
        for b in found
        if b.source == entry.source and b.undone is None and b.undoes is None and b.report
        if json.loads(b.report)["at"] > report["at"]
        if (kept := kept_batch(home, b.batch, b.files)) is not None
    ]
    cleared = _cleared(mine, causes, later)
    groups: dict[tuple[str, str, str], list[dict[str, Any]]] = defaultdict(list)
    for cause in causes:
        groups[cause["table"], cause["code"], cause["field"]].append(cause)
    rows = [
        {
            "table": table,
            "code": code,
            "field": field,
            "count": len(some),
            "cleared": sum((table, place(c)) in cleared for c in some),
            "example": {
                "row": some[0]["row"],
                "sheet": some[0].get("sheet"),
                "reason": some[0]["reason"],
            },
            "file": report["tables"].get(table, {}).get("reject_file"),
        }
        for (table, code, field), some in sorted(groups.items())
    ]
    shown = rows[:limit] if limit else rows
    refused = {(c["table"], place(c)) for c in causes}
    return {
        "as_of": graph.data_date(),
        "batch": batch,
        "rejected": len(refused),
        "cleared": len(refused & cleared),
        "total": len(rows),
        "shown": len(shown),
        "truncated": len(shown) < len(rows),
        "causes": shown,
    }


def place(cause: dict[str, Any]) -> Place:
    """Where a refused row stands."""
    return cause.get("sheet"), cause["row"]


def _cleared(
    mine: KeptBatch, causes: list[dict[str, Any]], later: list[KeptBatch]
) -> set[tuple[str, Place]]:
    """Table and place of the refused rows that later batches hold."""
    keyed: dict[str, dict[str, set[Place]]] = defaultdict(lambda: defaultdict(set))
    nameless: dict[str, dict[Place, set[str]]] = defaultdict(lambda: defaultdict(set))
    for c in causes:
        if c["key"] is not None:
            keyed[c["table"]][c["key"]].add(place(c))
        else:
            nameless[c["table"]][place(c)].add(f"c_{c['field']}")
    cleared = set()
    for kept in later:
        for table, keys in keyed.items():
            for key in kept.mentions(BY_TABLE[table].label, keys):
                cleared |= {(table, row) for row in keys[key]}
        again = {(c["table"], place(c)) for c in kept.rejects()}
        for table, faulty in nameless.items():
            numbers = {number for _, number in faulty}
            then, now = mine.cells(table, numbers), kept.cells(table, numbers)
            for row, fields in faulty.items():
                if row not in now or (table, row) in again:
                    continue
                # A log, or secrecy, left no cells to compare: the row's number must do.
                same_files = set(mine.manifest["files"]) == set(kept.manifest["files"])
                old = then.get(row)
                if same_files if old is None else _but(old, fields) == _but(now[row], fields):
                    cleared.add((table, row))
    return cleared


def _but(cells: dict[str, Any], fields: set[str]) -> dict[str, Any]:
    return {n: v for n, v in cells.items() if n not in fields}


def history(
    graph: Graph,
    node_id: str,
    label: str | None = None,
    source: str | None = None,
    as_of: dt.date | dt.datetime | str | None = None,
) -> dict[str, Any]:
    """The values that a row has had, oldest first, each with its batch and when it was known.

    ``from`` and ``until`` are the wall clock of the batches that brought and ended a value;
    ``as_of`` picks the ``value`` that was known then (default: now; None: none). Raises InputError
    ``read.not_found``, ``read.ambiguous``.
    """
    at = {
        b.batch: json.loads(b.report)["at"]
        for b in graph.read("batches")
        if b.report and "at" in json.loads(b.report)
    }
    label, key = _row_named(graph, node_id, label, source)
    found = [
        (at.get(f.batch, ""), f.batch, json.loads(f["values"]))
        for f in graph.read("row_history", key=key, label=label)
    ]
    found.sort(key=lambda entry: entry[0])
    values = []
    since = ""
    for until, ended_by, value in found:
        since = max(since, at.get(str(value.get("_batch")), ""))
        values.append(_value(value, since, until, ended_by))
        since = until
    waiting = [p for p in graph.read("pending_of", keys=[key]) if p.label == label]
    for now in graph.read(f"former_{stem(BY_LABEL[label])}", keys=[key]):
        named: dict[str, list[str]] = defaultdict(list)
        for column, target in now.named:
            named[column].append(target)
        pending: dict[str, list[str]] = defaultdict(list)
        for p in waiting:
            pending[p.column].append(p.wanted.partition("/")[2])
        since = max(since, at.get(str(now.props.get("_batch")), ""))
        present = {**now.props, "_named": named, "_pending": pending}
        values.append(_value(present, since, None, None))
    moment = graph.as_of(as_of).isoformat(timespec="microseconds") if as_of else None
    return {
        "as_of": moment,
        "label": label,
        "key": key,
        "value": next(
            (
                v
                for v in reversed(values)
                if (v["until"] is None if moment is None else v["from"] <= moment)
                and (moment is None or v["until"] is None or v["until"] > moment)
            ),
            None,
        ),
        **_all(values),
        "values": values,
    }


def _value(
    props: dict[str, Any], since: str, until: str | None, ended_by: str | None
) -> dict[str, Any]:
    return {
        "batch": props.get("_batch"),
        "row": props.get("_row"),
        "sheet": props.get("_sheet"),
        "from": since,
        "until": until,
        "ended_by": ended_by,
        "vanished": props.get("_vanished"),
        "properties": {n: v for n, v in sorted(props.items()) if not n.startswith("_")},
        "names": dict(props.get("_named") or {}),
        "pending": dict(props.get("_pending") or {}),
    }


def _row_named(
    graph: Graph, node_id: str, label: str | None, source: str | None
) -> tuple[str, str]:
    """Label and key of the row that an id means, also of one that is no more."""
    sources = sorted({str(b.source) for b in graph.read("batches")})
    keys = [node_id] if node_id.partition("/")[0] in sources and "/" in node_id else []
    keys += [f"{name}/{node_id}" for name in sources if source in {None, name}]
    labels = [label] if label else [t.label for t in loading_order()]
    if label is not None and label not in BY_LABEL:
        raise InputError("read.unknown_label", label=label, labels=", ".join(BY_LABEL))
    found = {
        (name, str(r.key))
        for name in labels
        for r in graph.read(f"known_{stem(BY_LABEL[name])}", keys=keys)
    }
    found |= {
        (str(r.label), key) for key in keys for r in graph.read("row_history", key=key, label=label)
    }
    if len(found) > 1:
        candidates = ", ".join(f"{name} {key}" for name, key in sorted(found))
        raise InputError("read.ambiguous", label=label or "–", id=node_id, candidates=candidates)
    if not found:
        raise InputError("read.not_found", label=label or "–", id=node_id, nearest="–")
    return found.pop()


def _all(rows: list[Any]) -> dict[str, Any]:
    return {"total": len(rows), "shown": len(rows), "truncated": False}


def default_home(date: dt.date) -> Path:
    """Where the graph of a day is rebuilt when no folder is named."""
    return settings().home_dir / "at" / date.isoformat()
