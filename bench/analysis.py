"""Each analysis beside the same question in plain Cypher and in SQL on DuckDB, in one run.

``python -m bench.analysis --cases 2000`` works as ``bench.questions`` does and writes
``bench/results/analysis-<engine>-<cases>.json``. Every question is a count that an answer rests on;
all sides must give the same rows, else the run ends. Per question, seconds, the best of some
rounds:

``warm``      ours, from the columns that are there; ``cold`` adds reading them from the graph
``answer``    the whole answer of the product, with its statistics and its reads of the graph
``cypher``    queries of the catalogue on the engine; what they do not join is joined in Python
``duckdb_warm``  SQL (``bench/sql``) on tables of the package's CSV files; ``duckdb_cold`` adds
              reading these

``link_deviations`` are not asked in Cypher, and nothing is above ``CYPHER`` cases. Above ``GRAPH``
cases nothing is loaded: the columns are made from the package's files, and whole answers, which
read the graph too, are not given. No check runs: no problem rests on a clock. The world is loaded
by another process, so that the peak of this one, before and after the columns were read and after
all questions, is that of the analyses.
"""

from __future__ import annotations

import datetime as dt
import os
import resource
import shutil
from collections import Counter, defaultdict
from collections.abc import Callable, Iterable, Mapping
from concurrent.futures import ProcessPoolExecutor
from dataclasses import dataclass
from functools import cached_property, partial
from itertools import combinations, pairwise, product
from multiprocessing import get_context
from pathlib import Path
from typing import Any
from zoneinfo import ZoneInfo

import duckdb
import numpy as np
import pyarrow as pa
import pyarrow.compute as pc

from bench.check import a_hundredth
from bench.package_columns import package_columns
from bench.questions import Steps, by_size, commit, timed
from graph import connect, rulebook
from graph.analysis import deviations, links, networks, patterns
from graph.analysis.counting import STATUSES, Reading
from graph.analysis.figures import funnel_of
from graph.analysis.indicators import indicators, measured, period_of
from graph.analysis.projection import Columns, Cut, Ints, columns, grouped, strata_of
from graph.analysis.scope import COUNTED
from graph.settings import settings
from graph.store.connection import Graph
from graph.store.engine import engine_status

SQL = Path(__file__).parent / "sql"
ZONE = ZoneInfo("Asia/Shanghai")
INDICATOR = "I10"
DECIDED, RETURNED = "PR22", "PR11"
SOURCE = "demo"
ROUNDS = 7
PATIENCE = 60.0
"""Seconds after which a question is not asked another time."""
CYPHER = 20_000
"""Cases up to which the questions are asked in Cypher too: more take more heap than queries may."""
GRAPH = 200_000
"""Cases up to which the world is loaded."""
PORTION = 4_000
"""Keys of cases that one statement is given at most."""
Rows = dict[tuple[Any, ...], tuple[Any, ...]]
"""What a question counts: the numbers by what they are of."""


class Asked:
    """The same questions to three sides, of one store as of one moment."""

    def __init__(self, graph: Graph, folder: Path, made: Columns | None = None) -> None:
        """``made`` are the columns where they are not read from the graph."""
        self.graph, self.folder, self.made = graph, folder, made
        self.moment = last_known(made) if made else graph.as_of(None)
        self.duck = duckdb.connect(
            config={"autoinstall_known_extensions": "false", "autoload_known_extensions": "false"}
        )

    @cached_property
    def cut(self) -> Cut:
        """The columns as arrays, with the problems that count."""
        return self.columns().cut(self.moment, COUNTED)

    @cached_property
    def whole(self) -> Cut:
        """The same with the problems of every status."""
        return self.columns().cut(self.moment, STATUSES)

    def columns(self) -> Columns:
        """The columns of the source."""
        return self.made or columns(self.graph, SOURCE)

    def read(self) -> None:
        """Read the CSV files into DuckDB, and tell it the rulebook's nodes and types."""
        local = self.moment.astimezone(ZONE).replace(tzinfo=None)
        folder = str(self.folder).replace("'", "''")
        self.duck.execute(f"SET VARIABLE folder = '{folder}'")
        self.duck.execute(f"SET VARIABLE as_of = TIMESTAMP '{local.isoformat(sep=' ')}'")
        entry = rulebook.indicators()[INDICATOR]
        names = ("node", "case_group", "seq", "conditional", "decision")
        every = [(n.code, *(getattr(n, k) for k in names[1:])) for n in rulebook.nodes().values()]
        left_out = {RETURNED, *links.presupposed({RETURNED})}
        assert entry.predicates[0].counted[0].at == (RETURNED,), "the SQL asks for the first return"
        types = rulebook.problem_types().items()
        told: dict[str, dict[str, Any]] = {
            "nodes": dict(zip(names, zip(*every, strict=True), strict=True)),
            "types": {"type": [c for c, _ in types], "kind": [t.kind for _, t in types]},
            "left_out": {"node": sorted(left_out)},
        }
        for name, table in told.items():
            self.duck.register("told", pa.table({k: list(v) for k, v in table.items()}))
            self.duck.execute(f"CREATE OR REPLACE TABLE {name} AS SELECT * FROM told")
            self.duck.unregister("told")
        self.duck.execute((SQL / "tables.sql").read_text("utf-8"))

    def sql(self, name: str, width: int) -> Rows:
        """The rows of a question in SQL; the first ``width`` columns say what they are of."""
        found = self.duck.execute((SQL / f"{name}.sql").read_text("utf-8")).fetchall()
        return {tuple(r[:width]): tuple(r[width:]) for r in found}

    def cypher(self, name: str, **params: Any) -> Iterable[Any]:
        """The rows of a query of the catalogue, as of the moment."""
        if "as_of" in self.graph.catalogue[name].params:
            params["as_of"] = self.moment
        return self.graph.stream(name, **params)


def last_known(made: Columns) -> dt.datetime:
    """When the last of what is in the columns became known."""
    latest = (pc.max(t["known"]).as_py() for t in (made.cases, made.events, made.problems))
    return max(at for at in latest if at is not None)


# -- passages of nodes, of all cases and of the two sides of an indicator -----------------------


def passages(a: Asked) -> Rows:
    """Cases that passed and that repeated each node."""
    cut = a.cut
    everyone = np.ones(len(cut), dtype=np.bool_)
    return _summed(links.passages(cut, links.all_passages(cut), everyone), ())


def passages_in_cypher(a: Asked) -> Rows:
    """The same."""
    keys = [r.case for r in a.cypher("link_cases", source=SOURCE)]
    return _passed(a, keys, ())


def link_nodes(a: Asked) -> Rows:
    """Passed and repeated, in the cases of the indicator and in its comparison."""
    cut = a.cut
    seen = links.all_passages(cut)
    found: Rows = {}
    side = _sides(cut)
    for hit in (True, False):
        found |= _summed(links.passages(cut, seen, side == hit), (hit,))
    return found


def link_nodes_in_cypher(a: Asked) -> Rows:
    """The same."""
    decided, returned = (
        {r.case for r in a.cypher("link_events", nodes=[f"rulebook/{n}"], source=SOURCE)}
        for n in (DECIDED, RETURNED)
    )
    hit = sorted(decided & returned)
    return _passed(a, hit, (True,)) | _passed(a, sorted(decided - returned), (False,))


def _passed(a: Asked, keys: list[str], of: tuple[Any, ...]) -> Rows:
    rows: list[Any] = []
    for at in range(0, len(keys), PORTION):
        rows += a.cypher("link_passages", cases=keys[at : at + PORTION])
    return _summed([r.as_dict() for r in rows], of)


def _summed(rows: Iterable[Mapping[str, Any]], of: tuple[Any, ...]) -> Rows:
    """Passed and repeated over all case types."""
    found: dict[str, list[int]] = defaultdict(lambda: [0, 0])
    for r in rows:
        found[r["node"]][0] += r["passed"]
        found[r["node"]][1] += r["repeated"]
    return {(*of, node): tuple(n) for node, n in found.items()}


def _sides(cut: Cut) -> Ints:
    """The side of each case: 1 returned and decided, 0 only decided, -1 neither."""
    decided, returned = np.zeros((2, len(cut)), dtype=np.bool_)
    decided[cut.event_case[cut.at((DECIDED,))]] = True
    returned[cut.event_case[cut.at((RETURNED,))]] = True
    return np.where(decided, returned, -1)


def link_deviations(a: Asked) -> Rows:
    """All deviations at all nodes against the indicator, per stratum: the cells of its tests."""
    cut = a.cut
    outcome = links.indicator_outcome(cut, rulebook.indicators()[INDICATOR], _sides(cut))
    strata, names = strata_of(cut)
    found = deviations.exposures(cut, outcome)
    counts = deviations.counted(cut, outcome, strata, names, found)
    filled = np.nonzero(counts.cells.any(axis=2))
    cells = counts.cells[filled].tolist()
    rows: dict[tuple[Any, ...], tuple[int, ...]] = {}
    for h, s, four in zip(*(x.tolist() for x in filled), cells, strict=True):
        node, deviation = counts.hypotheses[h]
        # The last part of a stratum is how long a problem could be found: the question has none.
        key = (node.split("/")[1], deviation, *counts.strata[s][:-1])
        rows[key] = tuple(a + b for a, b in zip(rows.get(key, (0, 0, 0, 0)), four, strict=True))
    return rows


# -- recurring problems -------------------------------------------------------------------------


def patterns_by_node(a: Asked) -> Rows:
    """Cases, handlers, months and problems by type and node."""
    cut = a.cut
    return {
        (type_, node.split("/")[-1] or None): _spread(patterns.Spread.of(cut, at))
        for (type_, node), at in patterns.by_item(cut).items()
    }


def patterns_by_department(a: Asked) -> Rows:
    """The same by type, node and department."""
    cut = a.cut
    nodes, names = [*(n.node for n in cut.nodes), None], [*cut.departments, None]
    department = cut.department[cut.problem_case]
    return {
        (cut.problem_types[t], nodes[n], names[d]): _spread(patterns.Spread.of(cut, at))
        for (t, n, d), at in grouped(cut.problem_type, cut.problem_node, department)
    }


def _spread(s: patterns.Spread) -> tuple[int, ...]:
    return len(s.cases), s.handlers, s.months, s.problems


def patterns_in_cypher(name: str, by: tuple[str, ...], a: Asked) -> Rows:
    """The same."""
    return {
        tuple(getattr(r, b) for b in by): (r.cases, r.handlers, r.months, r.problems)
        for r in a.cypher(name, source=SOURCE)
    }


def chains(a: Asked) -> Rows:
    """Chains over the three kinds of problems, with the matters that they run in."""
    cut = a.cut
    found = {}
    for c in patterns.chains(cut, np.arange(len(cut.problem_case))):
        steps = [x for s in c["chain"] for x in (s["type"], s["node"])]
        found[tuple(steps + [None] * (6 - len(steps)))] = (c["support"],)
    return found


def chains_in_cypher(a: Asked) -> Rows:
    """The same; the problems are put together in Python."""
    scopes: dict[tuple[str, str], dict[str, list[Any]]] = defaultdict(lambda: defaultdict(list))
    for r in a.cypher("patterns_problems", source=SOURCE):
        scopes[("matter", r.matter) if r.matter else ("case", r.case)][r.kind].append(r)
    support: dict[tuple[Any, ...], set[tuple[str, str]]] = defaultdict(set)
    for scope, by_kind in scopes.items():
        for size in (2, 3):
            for kinds in combinations(patterns.KINDS, size):
                for run in product(*(by_kind[kind] for kind in kinds)):
                    if all(x.known < y.known for x, y in pairwise(run)):
                        steps = [name for r in run for name in (r.type, r.node)]
                        support[tuple(steps + [None] * (6 - len(steps)))].add(scope)
    return {steps: (len(where),) for steps, where in support.items() if len(where) > 1}


# -- indicators and networks --------------------------------------------------------------------


def indicator(a: Asked) -> Rows:
    """Numerator and denominator by procuratorate and quarter."""
    (m,) = measured(Reading(a.graph, SOURCE, a.moment, a.whole), [INDICATOR])
    return {where: sums for where, sums in m.ranges.sums.items() if sums[1]}


def indicator_in_cypher(a: Asked) -> Rows:
    """The same; cases and events are put together in Python."""
    unit = {f"{r.source}/{r.case}": r.unit for r in a.cypher("cases", source=SOURCE, limit=0)}
    first: dict[str, dt.date] = {}
    for r in a.cypher("link_events", nodes=[f"rulebook/{DECIDED}"], source=SOURCE):
        first[r.case] = min(r.day, first.get(r.case, r.day))
    nodes = [f"rulebook/{RETURNED}"]
    returned = {r.case for r in a.cypher("link_events", nodes=nodes, source=SOURCE)}
    of: Counter[tuple[Any, ...]] = Counter()
    hit: Counter[tuple[Any, ...]] = Counter()
    for case, day in first.items():
        of[unit[case], period_of(day, "quarter")] += 1
        hit[unit[case], period_of(day, "quarter")] += case in returned
    return {where: (hit[where], n) for where, n in of.items()}


def last_quarter(rows: Rows) -> Rows:
    """What a funnel is drawn from: the values of the last quarter that has any."""
    last = max((period for _, period in rows), default=None)
    return {(unit,): n for (unit, period), n in rows.items() if period == last}


def hand_overs(a: Asked) -> Rows:
    """Hand-overs of matters between departments: number, matters, longest and median wait."""
    return _flows(networks.case_moves(a.cut, matters=True))


def hand_overs_in_cypher(a: Asked) -> Rows:
    """The same; the steps of a matter are put in order in Python."""
    matters = dict(a.cypher("link_matters", source=SOURCE))
    steps: dict[str, list[tuple[Any, ...]]] = defaultdict(list)
    for r in a.cypher("network_moves", source=SOURCE):
        at = r.at.timestamp() if r.at else 0.0
        steps[matters.get(r.case, r.case)].append((r.day, at, r.event, r.department, r.node))
    made = []
    for matter, several in steps.items():
        stays = networks.stays((s[3], s[0], s[4]) for s in sorted(several))
        made += networks.moves(matter, stays)
    return _flows(networks.Moves.made(made))


def _flows(made: networks.Moves) -> Rows:
    drawn = networks.hand_over_graph(made)
    names = ("hand_overs", "of", "longest_days", "median_days")
    return {
        (x, y): tuple(told[n] for n in names)
        for x, y, e in drawn.edges(data=True)
        for told in (networks.waits(made, e["moves"]),)
    }


# -- the run ------------------------------------------------------------------------------------


@dataclass(frozen=True)
class Question:
    """One count on three sides, how many columns say what it is of, and the answer it is for."""

    name: str
    width: int
    ours: Callable[[Asked], Rows]
    cypher: Callable[[Asked], Rows] | None
    answer: str


BY_NODE, BY_DEPARTMENT = ("type", "node"), ("type", "node", "department")
QUESTIONS = (
    Question("passages", 1, passages, passages_in_cypher, "link"),
    Question("link_nodes", 2, link_nodes, link_nodes_in_cypher, "link"),
    Question("link_deviations", 6, link_deviations, None, "link"),
    Question(
        "patterns_by_node",
        2,
        patterns_by_node,
        partial(patterns_in_cypher, "patterns_by_node", BY_NODE),
        "patterns",
    ),
    Question(
        "patterns_by_department",
        3,
        patterns_by_department,
        partial(patterns_in_cypher, "patterns_by_department", BY_DEPARTMENT),
        "patterns",
    ),
    Question("chains", 6, chains, chains_in_cypher, "crossings"),
    Question("indicator", 2, indicator, indicator_in_cypher, "indicators"),
    Question(
        "funnel",
        1,
        lambda a: last_quarter(indicator(a)),
        lambda a: last_quarter(indicator_in_cypher(a)),
        "funnel",
    ),
    Question("hand_overs", 2, hand_overs, hand_overs_in_cypher, "hand_overs"),
)
ANSWERS: dict[str, Callable[[Graph], Any]] = {
    "link": lambda g: links.link(g, indicator=INDICATOR),
    "patterns": lambda g: patterns.patterns(g, limit=0),
    "crossings": lambda g: networks.crossings(g, limit=0),
    "indicators": lambda g: indicators(g, INDICATOR, limit=0),
    "funnel": lambda g: funnel_of(g, INDICATOR),
    "hand_overs": lambda g: networks.hand_overs(g, "matters", limit=0),
}


def best(work: Callable[[], Any], rounds: int) -> tuple[Any, float]:
    """The result, and the seconds of the fastest of some rounds, as many as ``PATIENCE`` holds.

    The first may still make what the others find ready: where rounds are asked for, it is not the
    only one.
    """
    result, fastest = timed(work)
    spent = fastest
    for number in range(1, rounds):
        if number > 1 and spent > PATIENCE:
            break
        _, seconds = timed(work)
        fastest, spent = min(fastest, seconds), spent + seconds
    return result, fastest


def differ(name: str, side: str, ours: Rows, theirs: Rows) -> None:
    """End the run when two sides do not give the same rows."""
    if ours != theirs:
        keys = [k for k in {**ours, **theirs} if ours.get(k) != theirs.get(k)][:5]
        told = "; ".join(f"{k}: {ours.get(k)} and {theirs.get(k)}" for k in keys)
        raise SystemExit(f"{name}: ours and {side} differ: {told}")


def compared(
    asked: Asked, rounds: int = ROUNDS, *, cypher_too: bool = True
) -> dict[str, dict[str, Any]]:
    """Rows and seconds of every question on every side, in turn; ends where they differ."""
    _, reading = best(asked.read, rounds)
    answers = {
        name: best(partial(a, asked.graph), rounds)[1]
        for name, a in ANSWERS.items()
        if not asked.made
    }
    found: dict[str, dict[str, Any]] = {}
    for q in QUESTIONS:
        ours, warm = best(partial(q.ours, asked), rounds)
        theirs, duck = best(partial(asked.sql, q.name, q.width), rounds)
        differ(q.name, "DuckDB", ours, theirs)
        cypher = None
        if q.cypher and cypher_too:
            rows, cypher = best(partial(q.cypher, asked), min(2, rounds))
            differ(q.name, "Cypher", ours, rows)
        found[q.name] = {
            "rows": len(ours),
            "warm": warm,
            "answer": answers.get(q.answer),
            "cypher": cypher,
            "duckdb_warm": duck,
            "duckdb_cold": reading + duck,
        }
    return found


def peak() -> int:
    """Peak memory of this process in MiB."""
    return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss // 1024


def loaded(world: Path, cases: int, seed: int, part: Path) -> dict[str, Any]:
    """Generate and load a world; a package of one case in a hundred is made beside it."""
    from loaders.load import load
    from loaders.synthetic import generate

    settings.cache_clear()
    made = generate(world, cases, seed)
    changed = a_hundredth(world, part)
    with connect() as graph:
        load(graph, world)
    return {"events": made.events, "changed_cases": changed}


def load_more(part: Path) -> None:
    """Load another package."""
    from loaders.load import load

    with connect() as graph:
        load(graph, part)


def made(world: Path, cases: int, seed: int) -> dict[str, Any]:
    """Generate a world."""
    from loaders.synthetic import generate

    return {"events": generate(world, cases, seed).events}


def measure(cases: int, seed: int, folder: Path) -> dict[str, Any]:
    """Seconds and ratios per question, the reading of the columns, memory in MiB."""
    world, part = folder / "world", folder / "part"
    step = Steps(folder)
    seconds: dict[str, float] = {}
    memory = {"before": peak()}
    with ProcessPoolExecutor(1, mp_context=get_context("spawn")) as apart, connect() as graph:
        if cases <= GRAPH:
            load = step("load", lambda: apart.submit(loaded, world, cases, seed, part).result())
            # An earlier run that was cut off may have read them.
            shutil.rmtree(settings().home_dir / "columns", ignore_errors=True)
            asked = Asked(graph, world)
        else:
            load = step("generate", lambda: apart.submit(made, world, cases, seed).result())
            found, seconds["package_columns"] = timed(partial(package_columns, world))
            asked = Asked(graph, world, found)
        _, reading = timed(asked.columns)
        memory["columns_read"] = peak()
        _, seconds["cut_columns"] = timed(lambda: asked.cut)
        memory["columns_cut"] = peak()
        questions = compared(asked, cypher_too=cases <= CYPHER)
        memory["all_questions"] = peak()
        if not asked.made:
            seconds["read_columns"] = reading
            for row in questions.values():
                row["cold"] = reading + seconds["cut_columns"] + row["warm"]
            _, seconds["columns_unchanged"] = best(asked.columns, ROUNDS)
            apart.submit(load_more, part).result()
            _, seconds["refresh_after_a_hundredth"] = timed(asked.columns)
        files = sum(f.stat().st_size for f in settings().home_dir.glob("columns/*/*.arrow"))
        engine = f"{graph.engine.name} {graph.engine.version}"
    rounded = {
        name: {k: round(v, 5) if isinstance(v, float) else v for k, v in row.items()}
        for name, row in questions.items()
    }
    return {
        "cases": cases,
        "seed": seed,
        "engine": engine,
        "commit": commit(),
        "duckdb": duckdb.__version__,
        "cores": os.cpu_count(),
        "load": load,
        "seconds": {name: round(value, 3) for name, value in seconds.items()},
        "questions": rounded,
        "ratios": {name: ratios(row) for name, row in questions.items()},
        "columns_mib": round(files / 1024**2, 1),
        "peak_mib": memory,
        "engine_memory": None
        if settings().graph_url
        else engine_status(settings().home_dir).get("memory"),
    }


def ratios(row: Mapping[str, Any]) -> dict[str, float]:
    """Ours by theirs: below 1 is faster; Cypher by ours."""
    found = {"warm_to_duckdb": row["warm"] / row["duckdb_warm"]}
    if row.get("cold"):
        found["cold_to_duckdb"] = row["cold"] / row["duckdb_cold"]
    if row["answer"]:
        found["answer_to_duckdb"] = row["answer"] / row["duckdb_warm"]
    if row["cypher"]:
        found["cypher_to_warm"] = row["cypher"] / row["warm"]
    return {name: round(value, 3) for name, value in found.items()}


if __name__ == "__main__":
    by_size("analysis", __doc__, measure)
