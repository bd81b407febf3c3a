"""Time and memory of generate, load and the three questions at several sizes, on one engine.

``python -m bench.questions --cases 2000 --cases 20000`` works on an empty local store of its own,
or on the server that ``ANGUAN_GRAPH_URL`` names (which must be empty). Writes
``bench/results/questions-<engine>-<cases>.json`` with the commit it was measured at.
"""

from __future__ import annotations

import argparse
import json
import os
import resource
import subprocess
import tempfile
import time
from collections.abc import Callable
from contextlib import ExitStack
from pathlib import Path
from typing import Any

RESULTS = Path(__file__).parent / "results"


def commit() -> str:
    """The commit that is measured, with ``+`` when the tree differs from it."""
    head = subprocess.run(
        ["git", "rev-parse", "--short", "HEAD"], capture_output=True, text=True, check=False
    ).stdout.strip()
    dirty = subprocess.run(
        ["git", "status", "--porcelain", "-uno"], capture_output=True, text=True, check=False
    ).stdout.strip()
    return head + ("+" if dirty else "")


def timed(work: Callable[[], Any]) -> tuple[Any, float]:
    """The result of ``work`` and its seconds."""
    start = time.perf_counter()
    result = work()
    return result, time.perf_counter() - start


class Steps:
    """What each step of a measurement found, kept beside its store: a step is done once."""

    def __init__(self, folder: Path) -> None:
        self._file = folder / "steps.json"
        self.found: dict[str, dict[str, Any]] = (
            json.loads(self._file.read_text("utf-8")) if self._file.exists() else {}
        )

    def __call__(self, name: str, work: Callable[[], dict[str, Any] | None]) -> dict[str, Any]:
        """Do ``work`` and note what it found, unless an earlier run did.

        With its seconds, unless it says them itself, and with the commit and the load of the
        machine at its end.
        """
        if name not in self.found:
            found, seconds = timed(work)
            self.found[name] = {
                "seconds": round(seconds, 3),
                **(found or {}),
                "commit": commit(),
                "machine_load": round(os.getloadavg()[0], 1),
            }
            self._file.write_text(json.dumps(self.found), "utf-8")
        return self.found[name]


def measure(cases: int, seed: int, folder: Path) -> dict[str, Any]:
    """Seconds per step, elements, and memory in MiB (this process's peak, the engine's now)."""
    from graph import connect
    from graph.analysis.links import link
    from graph.analysis.patterns import patterns
    from graph.settings import settings
    from graph.store.engine import engine_status
    from graph.store.stats import stats
    from graph.supervision.leads import leads, trace
    from loaders.load import load
    from loaders.synthetic import generate

    seconds: dict[str, float] = {}
    generated, seconds["generate"] = timed(lambda: generate(folder / "world", cases, seed))
    graph, seconds["connect"] = timed(connect)
    with graph:
        report, seconds["load"] = timed(lambda: load(graph, folder / "world"))
        _, seconds["link"] = timed(lambda: link(graph, indicator="I10"))
        _, seconds["patterns"] = timed(lambda: patterns(graph))
        listing, seconds["leads"] = timed(lambda: leads(graph, limit=20))
        lead = listing["leads"][0]["lead"]
        trace(graph, lead)
        _, seconds["trace"] = timed(lambda: trace(graph, lead))
        again, seconds["load_again"] = timed(lambda: load(graph, folder / "world"))
        counted, seconds["stats"] = timed(lambda: stats(graph))
        elements = sum(counted["nodes"].values()) + sum(counted["relationships"].values())
        return {
            "cases": cases,
            "seed": seed,
            "engine": f"{graph.engine.name} {graph.engine.version}",
            "commit": commit(),
            "events": generated.events,
            "leads": generated.leads,
            "rows": report.as_dict()["read"],
            "unchanged_again": again.as_dict()["unchanged"],
            "elements": elements,
            "elements_per_second": round(elements / seconds["load"]),
            "seconds": {name: round(value, 3) for name, value in seconds.items()},
            "python_peak_mib": resource.getrusage(resource.RUSAGE_SELF).ru_maxrss // 1024,
            "engine_memory": engine_status(settings().home_dir).get("memory"),
        }


def by_size(
    name: str, about: str | None, measure: Callable[[int, int, Path], dict[str, Any]]
) -> None:
    """Measure each size in a store of its own and write the figures as ``name-ENGINE-CASES``.

    ``--keep FOLDER`` keeps the stores there, so that a measurement which takes its steps from
    :class:`Steps` goes on where it was cut off.
    """
    parser = argparse.ArgumentParser(description=about)
    parser.add_argument("--cases", type=int, action="append")
    parser.add_argument("--seed", type=int, default=7)
    parser.add_argument("--keep", type=Path)
    arguments = parser.parse_args()
    RESULTS.mkdir(exist_ok=True)
    from graph.settings import settings
    from graph.store.engine import engine_stop

    for cases in arguments.cases or [2_000]:
        with ExitStack() as stack:
            if arguments.keep:
                folder = arguments.keep.absolute() / f"{name}-{cases}"
                folder.mkdir(parents=True, exist_ok=True)
            else:
                folder = Path(stack.enter_context(tempfile.TemporaryDirectory()))
            os.environ["ANGUAN_HOME"] = str(folder)
            settings.cache_clear()
            stack.callback(engine_stop, folder)
            figures = measure(cases, arguments.seed, folder)
        target = RESULTS / f"{name}-{figures['engine'].split()[0]}-{cases}.json"
        target.write_text(json.dumps(figures, indent=2) + "\n", encoding="utf-8")
        print(json.dumps(figures))


if __name__ == "__main__":
    by_size("questions", __doc__, measure)
