"""What a load would do, told before anything is written."""

from __future__ import annotations

import tempfile
from pathlib import Path
from typing import TYPE_CHECKING, Any

from graph.errors import InputError
from graph.settings import settings
from graph.store.connection import Graph
from graph.store.facts import store_facts
from loaders.bookkeeping import Progress
from loaders.ledger import REFUSED, SAME, Ledger, TableLedger
from loaders.load import Load, chunks, no_progress, open_source, ruled
from loaders.tables import Source

if TYPE_CHECKING:
    from loaders.profile import ProfileFile

FIGURES = ("read", "added", "changed", "unchanged", "vanished", "rejected", "pending")
"""What :func:`preview` counts."""


def preview(
    graph: Graph,
    source: Path | str | Source,
    *,
    profile: str | Path | ProfileFile | None = None,
    progress: Progress | None = None,
) -> dict[str, Any]:
    """What a load would do, with nothing written: ``added, changed, vanished, rejected, pending``.

    The figures stand for all tables together and per table; ``unchanged`` rows are there already.
    Raises the InputError that the load would raise.
    """
    opened = open_source(Path(source), profile) if isinstance(source, str | Path) else source
    home = settings().home_dir
    found = list(graph.read("batches"))
    if store_facts(graph).get("synthetic", opened.synthetic) != opened.synthetic:
        raise InputError("load.mixed_store", source=opened.source)
    with tempfile.TemporaryDirectory(prefix="anguan-") as folder:
        work = Load(
            graph=graph,
            source=opened,
            home=home,
            batch="",
            fresh=not any(b.source == opened.source for b in found),
            again=False,
            progress=progress or no_progress,
            ledger=Ledger(opened.source, Path(folder), ruled()),
            lease=None,
            warnings=list(getattr(opened, "warnings", ())),
        )
        try:
            work.check(writes=False)
            tables = {str(t.type.table): compared(work, t) for t in work.ledger.tables.values()}
            for node_type, row in work.vanishing():
                if row.vanished is None:
                    tables[str(node_type.table)]["vanished"] += 1
        finally:
            work.ledger.close()
    tables = {name: t for name, t in tables.items() if any(t.values())}
    return {
        "as_of": graph.data_date(),
        "source": opened.source,
        **{name: sum(t[name] for t in tables.values()) for name in FIGURES},
        "tables": tables,
        "warnings": work.warnings,
    }


def compared(work: Load, table: TableLedger) -> dict[str, int]:
    """The figures of a table beside what the store holds."""
    figures = dict.fromkeys(FIGURES, 0)
    figures |= {"read": table.read, "rejected": table.count(REFUSED)}
    figures["unchanged"] = table.count(SAME)
    names = {"new": "added", "changed": "changed"}
    for chunk in chunks(table):
        for (at, _, _), fate in zip(chunk, work.fates(table, chunk), strict=True):
            if table.derived[at]:
                continue
            figures[names.get(fate.what, "unchanged")] += 1
            figures["pending"] += fate.what in names and table.waits(at)
    return figures
