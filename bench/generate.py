"""Speed, memory and growth of ``anguan generate``.

``python -m bench.generate --cases 2000 --cases 20000`` measures each size in a process of its own
and writes ``bench/results/generate.json``: events per second of processor time and of wall time,
peak memory of the process in MiB, bytes written, and, of two sizes, by how much memory and time
per case grow from the smallest to the largest. Sizes measured before stay unless measured again.
"""

from __future__ import annotations

import argparse
import json
import multiprocessing
import resource
import tempfile
import time
from pathlib import Path
from typing import Any

from bench.questions import RESULTS, commit


def measure(job: tuple[int, int, str]) -> dict[str, Any]:
    """One world: figures of this process, which generates nothing else of size."""
    from loaders.synthetic import generate

    cases, seed, world = job
    with tempfile.TemporaryDirectory() as folder:
        generate(Path(folder) / "first", 1, seed, world=world)
        wall, cpu = time.perf_counter(), time.process_time()
        made = generate(Path(folder) / "world", cases, seed, world=world)
        wall, cpu = time.perf_counter() - wall, time.process_time() - cpu
        size = sum(p.stat().st_size for p in (Path(folder) / "world").iterdir())
    return {
        "world": world,
        "cases": cases,
        "seed": seed,
        "events": made.events,
        "events_per_cpu_second": round(made.events / cpu),
        "events_per_wall_second": round(made.events / wall),
        "cpu_ms_per_case": round(1000 * cpu / cases, 3),
        "bytes": size,
        "peak_mib": round(resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024, 1),
        "commit": commit(),
    }


def main() -> None:
    """Measure the sizes asked for and write the figures."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--cases", type=int, action="append")
    parser.add_argument("--seed", type=int, default=7)
    parser.add_argument("--world", default="default")
    given = parser.parse_args()
    path = RESULTS / "generate.json"
    runs = json.loads(path.read_text(encoding="utf-8"))["runs"] if path.exists() else []
    by_size = {(r["world"], r["cases"]): r for r in runs}
    context = multiprocessing.get_context("spawn")
    for cases in given.cases or (2_000, 20_000):
        with context.Pool(1) as pool:
            (run,) = pool.map(measure, [(cases, given.seed, given.world)])
        print(run)
        by_size[run["world"], run["cases"]] = run
    runs = [by_size[k] for k in sorted(by_size)]
    growth = {}
    for world in sorted({r["world"] for r in runs}):
        own = [r for r in runs if r["world"] == world]
        growth[world] = {
            name: round(own[-1][name] / own[0][name], 2) for name in ("peak_mib", "cpu_ms_per_case")
        }
    stated = {"runs": runs, "growth_from_smallest_to_largest": growth}
    path.write_text(json.dumps(stated, indent=2) + "\n", encoding="utf-8")


if __name__ == "__main__":
    main()
