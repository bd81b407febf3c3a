"""Rebuild the graph as it was known on a day, from the kept sources and the acts entered by then.

Every batch that was finished by that day is loaded again, under its name and in the order in which
it was finished, undos included, into a local store of its own; the digest of the rows is then
compared with the one that the last of these batches recorded.
"""

from __future__ import annotations

import datetime as dt
import json
import shutil
import time
from collections.abc import Callable
from pathlib import Path
from typing import Any

from graph.errors import InputError
from graph.settings import settings
from graph.store.connection import Graph, connect
from graph.store.temporal import end_of
from graph.store.transport import WHOLE_STORE
from loaders.bookkeeping import CHUNK, parts, pending_row
from loaders.kept import MODULUS, kept_batch, row_number, sources_folder
from loaders.lease import alone
from loaders.load import run
from loaders.register import default_home
from loaders.undo import undo_alone


def at(
    graph: Graph,
    date: dt.date,
    home: Path | None = None,
    progress: Callable[[str, int], None] | None = None,
) -> dict[str, Any]:
    """Rebuild the graph as known at the end of a day (by the wall clock) in the folder ``home``.

    Answers ``home, batches, acts, pending_acts, digest, recorded, verified``. Acts on problems
    that a check found wait for it: run the check there. Raises InputError ``at.nothing``,
    ``at.exists``, ``batch.not_kept``.
    """
    started = time.perf_counter()
    own = settings().home_dir
    target = home or default_home(date)
    until = end_of(date, settings().zone)
    limit = until.isoformat(timespec="microseconds")
    done = [
        (json.loads(b.report), b)
        for b in graph.read("batches")
        if b.report and json.loads(b.report).get("at", "~") <= limit
    ]
    done.sort(key=lambda pair: pair[0]["at"])
    if not done:
        raise InputError("at.nothing", date=date)
    if target.exists() and any(target.iterdir()):
        raise InputError("at.exists", home=target)
    for _, b in done:
        if b.undoes is None and kept_batch(own, b.batch, b.files) is None:
            raise InputError("batch.not_kept", batch=b.batch, home=own)
    target.mkdir(mode=0o700, parents=True, exist_ok=True)
    if (own / "pseudonym.key").exists():
        shutil.copy(own / "pseudonym.key", target / "pseudonym.key")
    acts = list(graph.read("command_acts", until=until))
    with connect(home=target) as other, alone(other, target) as lease:
        for report, b in done:
            if b.undoes is not None:
                undo_alone(
                    other, target, b.undoes, lease, name=b.batch, at=report["at"], replayed=True
                )
                continue
            place = sources_folder(target) / b.batch
            shutil.copytree(
                sources_folder(own) / b.batch, place, ignore=shutil.ignore_patterns("rows.*")
            )
            kept = kept_batch(target, b.batch, b.files)
            assert kept is not None
            run(
                other,
                kept.source(),
                target,
                None,
                progress or (lambda _name, _rows: None),
                lease,
                name=b.batch,
                at=report["at"],
            )
        waiting = _enter(other, acts)
        digest = rows_digest(other)
    recorded = done[-1][0].get("digest")
    return {
        "as_of": until,
        "home": str(target),
        "batches": [b.batch for _, b in done],
        "acts": len(acts),
        "pending_acts": waiting,
        "digest": digest,
        "recorded": recorded,
        "verified": digest == recorded,
        "seconds": round(time.perf_counter() - started, 3),
    }


def rows_digest(graph: Graph) -> str:
    """The digest of the loaded rows that a store holds, counted anew from every row."""
    total = 0
    for label, key, hash_, mark in graph.stream("row_hashes", timeout=WHOLE_STORE):
        total += row_number(label, key, hash_, mark)
    return f"{total % MODULUS:064x}"


def _enter(graph: Graph, acts: list[Any]) -> int:
    """Enter the acts again as they were entered; how many wait for the problem they rest on."""
    there = {
        str(r.key)
        for some in parts(sorted({a.problem for a in acts if a.problem}), CHUNK)
        for r in graph.read("known_problems", keys=some)
    }
    rows, waiting = [], []
    for act in acts:
        row = {"key": act.key, "props": act.props, "problem": act.problem, "person": act.person}
        if act.problem not in there:
            wanted = f"Problem/{act.problem}"
            source, batch = act.props["source"], act.props.get("_batch", "")
            waiting.append(
                pending_row(
                    "Disposition",
                    act.key,
                    "problem",
                    wanted,
                    source,
                    batch,
                    act.props.get("_row"),
                )
            )
        rows.append(row)
    graph.write("load_pending_references", rows=waiting)
    graph.write("load_dispositions", rows=rows)
    return len(waiting)
