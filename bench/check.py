"""Time and memory of a check at several sizes, and of the next check after a load of 1 %.

``python -m bench.check --cases 2000 --cases 20000`` works as ``bench.questions`` does. The figures
stand beside the load of the same cases in the same run: ``full`` is the first check, which also
writes every clock; ``again`` one that finds nothing to do; ``part`` the check after the first
events of one case in a hundred were recorded a day later.
"""

from __future__ import annotations

import datetime as dt
import os
import resource
from pathlib import Path
from typing import Any

from bench.part_packages import copied, manifest
from bench.questions import Steps, by_size, commit, timed


def a_hundredth(world: Path, folder: Path) -> int:
    """A package that changes an event of every hundredth case; the number of cases."""
    manifest(folder)
    seen: set[str] = set()
    for row, write in copied(world, folder, "events"):
        if row["case"] in seen:
            continue
        seen.add(row["case"])
        if len(seen) % 100 == 0:
            later = dt.date.fromisoformat(row["recorded"]) + dt.timedelta(days=1)
            write(row | {"recorded": later.isoformat()})
    return len(seen) // 100


def done(_: Any) -> None:
    """Of a step only the time counts."""


def measure(cases: int, seed: int, folder: Path) -> dict[str, Any]:
    """Seconds per step, what was found, and memory in MiB (this process's peak)."""
    from graph import connect
    from graph.settings import settings
    from graph.store.engine import engine_status
    from graph.supervision.check import check
    from loaders.load import load
    from loaders.synthetic import generate

    step = Steps(folder)
    step("generate", lambda: done(generate(folder / "world", cases, seed)))
    changed = a_hundredth(folder / "world", folder / "part")
    os.environ["ANGUAN_RULES"] = str(folder / "world.overlay")
    settings.cache_clear()
    with connect() as graph:
        step("load", lambda: done(load(graph, folder / "world")))
        day = graph.data_date()
        step("full", lambda: done(check(graph, day)))
        full, again = timed(lambda: check(graph, day))
        load(graph, folder / "part")
        part, after = timed(lambda: check(graph, day))
        clocks = sum(full["clocks"].values()) + sum(
            full["external"][k] for k in ("MET", "LATE", "RUNNING", "UNKNOWN")
        )
        seconds = {name: found["seconds"] for name, found in step.found.items()}
        seconds |= {"again": again, "part": after}
        return {
            "cases": cases,
            "seed": seed,
            "engine": f"{graph.engine.name} {graph.engine.version}",
            "commit": commit(),
            "clocks": clocks,
            "problems": full["problems"]["unchanged"],
            "changed_cases": changed,
            "part_cases": part["cases"],
            "seconds": {name: round(value, 3) for name, value in seconds.items()},
            "ratios": {
                "full_to_load": round(seconds["full"] / seconds["load"], 3),
                "part_to_full": round(seconds["part"] / seconds["full"], 4),
                "clocks_per_second": round(clocks / seconds["full"]),
            },
            "python_peak_mib": resource.getrusage(resource.RUSAGE_SELF).ru_maxrss // 1024,
            "engine_memory": engine_status(settings().home_dir).get("memory"),
        }


if __name__ == "__main__":
    by_size("check", __doc__, measure)
