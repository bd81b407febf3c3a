"""How often a shift of an indicator that a world plants in one unit raises a range alert.

``python -m bench.shifts --cases 2000,20000 --seeds 20`` writes ``bench/results/shifts.json``: per
size and strength how many shifts were planted and seen, and how many cells (indicator, unit and
quarter) alert where none is planted; by the example of a start standard, and with the unit's own
history. The columns come from the package's files; a run that was cut off goes on.
"""

from __future__ import annotations

import argparse
import json
import tempfile
from pathlib import Path
from typing import Any, cast

from bench.analysis import last_known
from bench.package_columns import package_columns
from bench.questions import RESULTS, commit
from bench.truth import added, alerts_of, plain
from graph import Graph
from graph.analysis.counting import STATUSES, Reading
from loaders.synthetic import generate


def run(cases: int, seed: int) -> dict[str, Any]:
    """The alerts of one world. Its indicators count events alone: nothing is asked of a graph."""
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        made = generate(folder / "package", cases, seed, world=plain(folder))
        columns = package_columns(folder / "package")
        last = last_known(columns)
        reading = Reading(cast("Graph", None), None, last, columns.cut(last, STATUSES))
        truth = json.loads(made.truth.read_text("utf-8"))
        return {
            "standard": alerts_of(truth, reading),
            "with_history": alerts_of(truth, reading, history=True),
        }


def main() -> None:
    """Run the worlds asked for and write the figures."""
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("--cases", default="2000", help="sizes, such as 2000,20000")
    parser.add_argument("--seeds", type=int, default=3)
    asked = parser.parse_args()
    target = RESULTS / "shifts.json"
    here = commit().removesuffix("+")
    kept = json.loads(target.read_text("utf-8")) if target.exists() else {}
    runs: dict[str, dict[str, Any]] = kept["runs"] if kept.get("commit") == here else {}
    for cases in asked.cases.split(","):
        for seed in map(str, range(1, asked.seeds + 1)):
            of = runs.setdefault(cases, {})
            if seed not in of:
                of[seed] = run(int(cases), int(seed))
                summary = {size: added(list(by_seed.values())) for size, by_seed in runs.items()}
                told = {"commit": here, "summary": summary, "runs": runs}
                target.write_text(json.dumps(told, indent=1) + "\n", "utf-8")


if __name__ == "__main__":
    main()
