"""How often the conclusions are right: worlds of known truth over seeds, sizes and worlds.

    python -m bench.truth --cases 2000 --seeds 3 --worlds plain,null

Each world is generated, read from its files (a test shows that the graph gives the same columns),
analysed, and scored against its truth: links, patterns, broken chains of problems; beside them what
a user would do instead: the largest raw counts, a plain chi-square without strata or correction,
lift. The world ``plain`` is the default one without its scripted matters. Breaches need a check
and are scored by its own tests. A planted effect that an outside analysis, told where to look,
finds at p < 1e-4 is *findable*. One JSON holds every figure.
"""

from __future__ import annotations

import argparse
import json
import math
import tempfile
import time
from collections import defaultdict
from collections.abc import Iterable, Mapping
from itertools import combinations, pairwise
from pathlib import Path
from typing import Any

import numpy as np
from scipy import stats

from bench.package_columns import package_columns
from graph import rulebook
from graph.analysis import deviations
from graph.analysis.links import COUNTED, Seen, events_at, indicator_outcome, members
from graph.analysis.mining import Found, Miner, effects, transactions
from graph.analysis.patterns import same_duty
from graph.analysis.projection import Columns, Cut, strata_of
from graph.analysis.stratified import Tables, p_two_sided
from graph.analysis.words import LEVEL
from loaders.synthetic import generate

FINDABLE = 1e-4
SEEN = 2
Key = tuple[str, ...]
BINS = (0.0, 0.001, 0.01, 0.05, 0.2, 0.5, 1.0)


def analysed(columns: Columns) -> tuple[Cut, Found, dict[str, list[dict[str, Any]]], Miner]:
    """The columns as of their last moment, the patterns, and the links of every indicator."""
    last = max(columns.events["known"].to_pylist())
    cut = columns.cut(last, COUNTED)
    strata, names = strata_of(cut)
    miner = Miner(transactions(cut, strata, names).packed(), same_duty())
    links: dict[str, list[dict[str, Any]]] = {}
    for code, entry in rulebook.indicators().items():
        groups = sides(cut, entry)
        if groups is None:
            continue
        looked_at = indicator_outcome(cut, entry, groups)
        exposed = deviations.exposures(cut, looked_at)
        counts = deviations.counted(cut, looked_at, strata, names, exposed)
        links[code], _ = deviations.concluded(counts)
    return cut, miner.search(), links, miner


def sides(cut: Cut, entry: rulebook.Indicator) -> dict[str, frozenset[str]] | None:
    """Cases and comparison of an indicator that rests on events of one case; None for others."""
    cases: set[str] = set()
    others: set[str] = set()
    for predicate in entry.predicates:
        asked = dict.fromkeys((*predicate.of, *predicate.counted))
        if any(not c.at or c.among == "matter" or c.due for c in asked):
            return None
        seen: dict[Any, list[Seen]] = {c: seen_at(cut, c.at, c.acts) for c in asked}
        found = members(predicate, seen, {}, {})
        cases |= found.cases
        others |= found.comparison
    if not cases or not others - cases:
        return None
    return {"cases": frozenset(cases), "comparison": frozenset(others - cases)}


def seen_at(cut: Cut, nodes: Iterable[str], acts: Iterable[str]) -> list[Seen]:
    """The events at some nodes; without their party, which only counts persons."""
    first = np.datetime64("1970-01-01")
    return [
        Seen(cut.cases[cut.event_case[at]], None, str(at), day, day)
        for at in np.flatnonzero(events_at(cut, tuple(nodes), tuple(acts))).tolist()
        for day in [(first + int(cut.event_day[at])).item()]
    ]


def pattern_key(entry: Mapping[str, Any]) -> Key:
    """The items of a planted pattern, and its department if it has one."""
    where = entry.get("where") or {}
    items = sorted(f"{i['type']}@{i['node']}" for i in entry["items"])
    department = where.get("department") if len(items) == 1 else None
    return (*items, str(department)) if department else tuple(items)


def scored(
    said: Mapping[Key, bool],
    planted: Mapping[Key, Mapping[str, Any]],
    findable: Mapping[Key, bool],
) -> dict[str, Any]:
    """Of what is said to be beyond chance: right and false; of what is planted: found."""
    told = {k for k, yes in said.items() if yes}
    right = told & set(planted)
    strengths: dict[str, dict[str, int]] = defaultdict(lambda: {"planted": 0, "found": 0})
    for key, entry in planted.items():
        strength = str(entry.get("lift", entry.get("odds_ratio")))
        strengths[strength]["planted"] += 1
        strengths[strength]["found"] += key in told
    can = {k for k in planted if findable.get(k)}
    return {
        "said": len(told),
        "right": len(right),
        "false": len(told) - len(right),
        "planted": len(planted),
        "findable": len(can),
        "findable_found": len(can & told),
        "by_strength": dict(strengths),
        "false_ones": sorted("+".join(k) for k in told - right)[:20],
        "missed": sorted("+".join(k) for k in can - told),
    }


def patterns_of(truth: Mapping[str, Any], cut: Cut, found: Found, miner: Miner) -> dict[str, Any]:
    """The score of the patterns and of the three baselines."""
    planted = {pattern_key(p): p for p in truth.get("patterns", ())}
    for chain in truth.get("chain_patterns", ()):
        planted.setdefault(pattern_key(chain), chain | {"lift": "chain"})
    # Problems of planted chains come together too, each pair and all three.
    chained = chain_keys(truth, cut) - set(planted)
    said: dict[Key, bool] = {}
    p_of: dict[Key, float] = {}
    for t in found.tested:
        key = tuple(sorted(f"{type_}@{node.split('/')[-1]}" for type_, node in t.pattern))
        key = (*key, t.department) if t.department else key
        p_of[key] = t.p
        if key not in chained:
            said[key] = t.beyond and t.folded is None and _free(key, planted)
    answer = scored(said, planted, {k: p_of.get(k, 1.0) < FINDABLE for k in planted})
    answer["tests"] = found.tests
    answer["calibration"] = calibration(
        [t.p for t in found.tested if t.testable and t.department is None],
    )
    answer["coverage"] = covered(found, set(planted) | chained)
    answer["baselines"] = baselines(miner, planted, chained)
    return answer


def _free(key: Key, planted: Mapping[Key, Any]) -> bool:
    """Whether a pattern is more than a part of a planted one; parts are neither right nor false."""
    return key in planted or not any(set(key) < set(p) for p in planted)


def chain_keys(truth: Mapping[str, Any], cut: Cut) -> set[Key]:
    """Combinations that planted chains of problems bring about."""
    item = {
        name.split("/", 1)[1]: f"{cut.problem_types[t]}@{cut.nodes[n].node}"
        for name, t, n in zip(
            cut.problem_ids, cut.problem_type.tolist(), cut.problem_node.tolist(), strict=True
        )
        if n >= 0
    }
    keys: set[Key] = set()
    for chain in truth.get("chains", ()):
        items = sorted({item[p] for p in chain["problems"] if p in item})
        for size in (2, 3):
            keys |= set(combinations(items, size))
    return keys


def covered(found: Found, planted: set[Key]) -> dict[str, int]:
    """How often the interval of a combination that nobody planted holds 1."""
    free = [
        t
        for t in found.tested
        if t.department is None
        and tuple(sorted(f"{a}@{b.split('/')[-1]}" for a, b in t.pattern)) not in planted
        and len(t.pattern) == 2
        and t.tables.information[0] >= 1
    ]
    inside = sum(e["low"] <= 1 <= e["high"] for e in effects(free))
    return {"intervals": len(free), "hold": inside}


def calibration(p: Iterable[float]) -> list[dict[str, Any]]:
    """How many p lie in each bin."""
    counts, _ = np.histogram(np.array(list(p)), BINS)
    pairs = zip(pairwise(BINS), counts.tolist(), strict=True)
    return [{"from": a, "to": b, "n": n} for (a, b), n in pairs]


def baselines(
    miner: Miner, planted: Mapping[Key, Mapping[str, Any]], chained: set[Key]
) -> dict[str, Any]:
    """Pairs by raw count (as many as are planted), by plain chi-square, by lift of two."""
    t = miner.t
    n = int(t.weight.sum())
    held = [int(t.weight[h].sum()) for h in miner.holders]
    rows = []
    for (a, b), both in miner.together.items():
        names = [f"{x}@{y.split('/')[-1]}" for x, y in (t.items[a], t.items[b])]
        key = tuple(sorted(names))
        if key in chained or both < SEEN or not _free(key, planted):
            continue
        table = [[both, held[a] - both], [held[b] - both, n - held[a] - held[b] + both]]
        p = float(stats.chi2_contingency(table, correction=False).pvalue)
        rows.append((key, both, p, both * n / (held[a] * held[b])))
    pairs = {k: e for k, e in planted.items() if len(k) == 2 and "@" in k[-1]}
    top = {r[0] for r in sorted(rows, key=lambda r: (-r[1], r[0]))[: max(1, len(pairs))]}
    return {
        "raw_count": scored({r[0]: r[0] in top for r in rows}, pairs, {}),
        "chi_square": scored({r[0]: r[2] <= LEVEL and r[3] > 1 for r in rows}, pairs, {}),
        "lift": scored({r[0]: r[3] >= 2 for r in rows}, pairs, {}),
    }


def links_of(
    truth: Mapping[str, Any], cut: Cut, links: Mapping[str, list[dict[str, Any]]]
) -> dict[str, Any]:
    """The score of the links of the indicators whose outcome the world draws; the others follow
    from these or from the procedure."""
    planted: dict[Key, Mapping[str, Any]] = {
        (d["indicator"], d["node"], d["deviation"]): d for d in truth.get("drivers", ())
    }
    said: dict[Key, bool] = {}
    rows: dict[Key, dict[str, Any]] = {}
    drawn = {o["indicator"] for o in truth.get("outcomes", ())} or set(links)
    for code, found in links.items():
        for row in found if code in drawn else ():
            node = row["node"].split("/", 1)[1]
            key = (code, node, row["deviation"])
            mirror = (code, node, "passed" if row["deviation"] == "skipped" else "skipped")
            rows[key] = row
            if row["deviation"] in {"passed", "skipped"} and mirror in planted:
                continue
            # A second return needs a first: what drives the one shows in the other.
            if code == "I11" and ("I10", *key[1:]) in planted:
                continue
            if row["run"] or key in planted:
                said[key] = row["q"] <= LEVEL
    hold = [
        (e["low"] or 0) <= float(d["odds_ratio"]) <= (math.inf if e["high"] is None else e["high"])
        for k, d in planted.items()
        if k in rows
        for e in [rows[k]["effect"]]
        if e["low"] is not None
    ]
    can = {k: k in rows and rows[k]["p"] < FINDABLE for k in planted}
    answer = scored(said, planted, can)
    answer["not_measured"] = sorted("+".join(k) for k in planted if k not in rows)
    answer["coverage"] = {"intervals": len(hold), "hold": sum(hold)}
    free = [r["p"] for k, r in rows.items() if r["run"] and k not in planted]
    answer["calibration"] = calibration(free)
    answer["tests"] = len(said)
    answer["chi_square"] = scored(_naive(rows, said), planted, {})
    return answer


def _naive(rows: Mapping[Key, dict[str, Any]], said: Mapping[Key, bool]) -> dict[Key, bool]:
    """Links by a plain chi-square over all cases at once."""
    keys = [k for k in rows if k in said]
    cells = [rows[k]["counts"] for k in keys]
    if not cells:
        return {}
    four = np.array(
        [
            [c[side][group] for side in ("exposed", "others") for group in ("cases", "comparison")]
            for c in cells
        ],
        dtype=np.int64,
    )
    p = p_two_sided(Tables(*(four[:, [i]] for i in range(4))))
    return {k: bool(v <= LEVEL) for k, v in zip(keys, p, strict=True)}


def chains_of(truth: Mapping[str, Any], cut: Cut) -> dict[str, int]:
    """Planted chains whose problems, where all count, stand in the order data to substance."""
    when = {
        name.split("/", 1)[1]: int(at)
        for name, at in zip(cut.problem_ids, cut.problem_known, strict=True)
    }
    whole = [c["problems"] for c in truth.get("chains", ()) if set(c["problems"]) <= set(when)]
    ordered = sum(all(when[a] < when[b] for a, b in pairwise(c)) for c in whole)
    return {"planted": len(truth.get("chains", ())), "counted": len(whole), "in_order": ordered}


def run(world: str, cases: int, seed: int, years: int | None = None) -> dict[str, Any]:
    """One world: generated, read, analysed, scored."""
    with tempfile.TemporaryDirectory() as folder:
        more: dict[str, Any] = {} if years is None else {"years": years}
        if world == "plain":
            # Scripted matters come in set pairs of deviations and outcomes: leave them out.
            file = Path(folder) / "plain.yaml"
            file.write_text("extends: default\nscripts: false\n", "utf-8")
            more["world"] = str(file)
        elif world != "default":
            more["world"] = world
        made = generate(Path(folder) / "package", cases, seed, **more)
        truth = json.loads(made.truth.read_text("utf-8"))
        figures = score(Path(folder) / "package", truth)
    return {"world": world, "cases": cases, "seed": seed, "years": years, **figures}


def score(package: Path, truth: Mapping[str, Any]) -> dict[str, Any]:
    """What the analysis of a package is worth against what is true of it."""
    columns = package_columns(package)
    started = time.perf_counter()
    cut, found, links, miner = analysed(columns)
    return {
        "seconds": round(time.perf_counter() - started, 2),
        "links": links_of(truth, cut, links),
        "patterns": patterns_of(truth, cut, found, miner),
        "chains": chains_of(truth, cut),
    }


def summed(runs: Iterable[Mapping[str, Any]]) -> list[dict[str, Any]]:
    """Per world, size and question: the rates over all seeds."""
    groups: dict[tuple[Any, ...], list[Mapping[str, Any]]] = defaultdict(list)
    for r in runs:
        groups[r["world"], r["cases"], r["years"]].append(r)
    rows = []
    for (world, cases, years), several in groups.items():
        for what in ("links", "patterns"):
            total = {
                name: sum(r[what][name] for r in several)
                for name in ("said", "right", "false", "planted", "findable", "findable_found")
            }
            hold = sum(r[what]["coverage"]["hold"] for r in several)
            intervals = sum(r[what]["coverage"]["intervals"] for r in several)
            shares = [r[what]["false"] / r[what]["said"] if r[what]["said"] else 0 for r in several]
            rows.append(
                {"world": world, "cases": cases, "years": years, "what": what}
                | {"seeds": len(several), **total}
                | {
                    "fdr": float(np.mean(shares)),
                    "worlds_with_a_false_one": sum(r[what]["false"] > 0 for r in several),
                    "precision": _share(total["right"], total["said"]),
                    "recall": _share(total["right"], total["planted"]),
                    "recall_of_findable": _share(total["findable_found"], total["findable"]),
                    "coverage": _share(hold, intervals),
                }
            )
    return rows


def _share(n: int, of: int) -> float | None:
    return n / of if of else None


def main() -> None:
    """Run the worlds asked for and write the figures."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--cases", default="2000", help="sizes, such as 2000,20000")
    parser.add_argument("--seeds", type=int, default=3)
    parser.add_argument("--worlds", default="plain,null")
    parser.add_argument("--years", type=int, default=None)
    parser.add_argument(
        "--out", type=Path, default=Path(__file__).parent / "results" / "truth.json"
    )
    asked = parser.parse_args()
    runs = []
    for world in asked.worlds.split(","):
        for cases in (int(c) for c in asked.cases.split(",")):
            for seed in range(1, asked.seeds + 1):
                runs.append(run(world, cases, seed, asked.years))
                asked.out.parent.mkdir(exist_ok=True)
                figures = {"summary": summed(runs), "runs": runs}
                asked.out.write_text(json.dumps(figures, indent=1), "utf-8")
    print(json.dumps(summed(runs), indent=1))


if __name__ == "__main__":
    main()
