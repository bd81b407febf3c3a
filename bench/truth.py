"""How often the conclusions are right: worlds of known truth over seeds, sizes and worlds.

    python -m bench.truth --cases 2000,5000 --seeds 20 --worlds plain,null
    python -m bench.truth --cases 2000 --seeds 3 --checked

Each world is generated, read from its files (a test shows that the graph gives the same columns),
analysed, and scored against its truth: links, patterns, broken chains of problems; beside them what
a user would do instead: the largest raw counts, a plain chi-square without strata or correction,
lift. ``--checked`` loads the world into the local engine and checks it first, which adds breaches,
broken leads, links by lateness and alerts. ``plain`` is the default world without its scripted
matters, ``county`` the same with one office, of 500 cases a year over three years.

A planted effect that an outside analysis, told where to look, finds at p < 1e-4 is *findable*. A
link that nobody planted, but that is gone once the planted deviation of its indicator is kept
apart, is an *echo* of it, neither right nor false. The rates of links are those of one run of
``link`` (an indicator), and of all indicators at once with q over all of them (``together``).

One JSON holds every figure; a run that was cut off goes on where it stopped, while the commit is
the same.
"""

from __future__ import annotations

import argparse
import json
import math
import os
import tempfile
import time
from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from itertools import combinations, pairwise
from pathlib import Path
from typing import Any

import numpy as np
import yaml
from scipy import stats

from bench.package_columns import package_columns
from bench.questions import commit
from graph import Graph, connect, rulebook
from graph.analysis import deviations
from graph.analysis.alerts import by_band, in_force
from graph.analysis.counting import Reading, events, members
from graph.analysis.indicators import measured
from graph.analysis.links import indicator_outcome, sides_of
from graph.analysis.mining import Found, Miner, effects, transactions
from graph.analysis.patterns import same_duty
from graph.analysis.projection import Columns, Cut, Ints, columns, strata_of
from graph.analysis.scope import COUNTED
from graph.analysis.stratified import Tables, p_two_sided
from graph.analysis.words import LEVEL, adjusted
from graph.settings import settings
from graph.store.engine import engine_stop
from graph.supervision.check import check
from graph.supervision.leads import leads
from loaders.load import load
from loaders.synthetic import generate
from tests.oracle.outside import OUTCOME, Outside

FINDABLE = 1e-4
SEEN = 2
Key = tuple[str, ...]
BINS = (0.0, 0.001, 0.01, 0.05, 0.2, 0.5, 1.0)


@dataclass(frozen=True)
class Linked:
    """The links of one indicator, with what they were counted from."""

    outcome: deviations.Outcome
    exposed: list[deviations.Exposed]
    rows: list[dict[str, Any]]


@dataclass(frozen=True)
class Analysed:
    """The columns as of their last moment, the patterns, and the links of every indicator."""

    cut: Cut
    strata: Ints
    names: list[tuple[str, ...]]
    miner: Miner
    found: Found
    links: dict[str, Linked]


def analysed(columns: Columns) -> Analysed:
    """Everything that is concluded from the columns."""
    last = max(columns.events["known"].to_pylist())
    cut = columns.cut(last, COUNTED)
    strata, names = strata_of(cut)
    miner = Miner(transactions(cut, strata, names).packed(), same_duty())
    links: dict[str, Linked] = {}
    for code, entry in rulebook.indicators().items():
        group = sides(cut, entry)
        if group is None:
            continue
        looked_at = indicator_outcome(cut, entry, group)
        exposed = deviations.exposures(cut, looked_at)
        counts = deviations.counted(cut, looked_at, strata, names, exposed)
        links[code] = Linked(looked_at, exposed, deviations.concluded(counts)[0])
    return Analysed(cut, strata, names, miner, miner.search(), links)


def sides(cut: Cut, entry: rulebook.Indicator) -> Ints | None:
    """The side of each case of an indicator that rests on events of one case; None for others.

    Persons are not told apart: of whomever an event is, it is one of the case.
    """
    found = []
    for predicate in entry.predicates:
        asked = (*predicate.of, *predicate.counted)
        if any(not c.at or c.among == "matter" or c.due for c in asked):
            return None
        seen = {c: events(cut, c.at, c.acts) for c in asked}
        whole = replace(predicate, per="case") if predicate.per == "party" else predicate
        found.append(members(whole, seen, cut.people, cut.scope))
    group = sides_of(cut, entry, found)
    return group if {0, 1} <= set(group.tolist()) else None


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


def patterns_of(truth: Mapping[str, Any], a: Analysed, outside: Outside) -> dict[str, Any]:
    """The score of the patterns and of the three baselines."""
    cut, found = a.cut, a.found
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
    findable = {
        key: outside.pattern(entry).p < FINDABLE
        if "where" in entry
        else p_of.get(key, 1) < FINDABLE
        for key, entry in planted.items()
    }
    answer = scored(said, planted, findable)
    answer["tests"] = found.tests
    answer["calibration"] = calibration(
        [t.p for t in found.tested if t.testable and t.department is None],
    )
    answer["coverage"] = covered(found, set(planted) | chained)
    answer["baselines"] = baselines(a.miner, planted, chained)
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


def links_of(truth: Mapping[str, Any], a: Analysed, outside: Outside) -> dict[str, Any]:
    """The score of the links of the indicators whose outcome the world draws; the others follow
    from these or from the procedure."""
    planted: dict[Key, Mapping[str, Any]] = {
        (d["indicator"], d["node"], d["deviation"]): d for d in truth.get("drivers", ())
    }
    drawn = [o["indicator"] for o in truth["outcomes"] if o["indicator"] in a.links]
    rows: dict[Key, dict[str, Any]] = {
        (code, r["node"].split("/", 1)[1], r["deviation"]): r
        for code in drawn
        for r in a.links[code].rows
        if r["run"] or (code, r["node"].split("/", 1)[1], r["deviation"]) in planted
    }
    q_of = dict(zip(rows, adjusted(np.array([r["p"] for r in rows.values()])), strict=True))
    echoes = {
        key
        for key, row in rows.items()
        if key not in planted
        and (row["q"] <= LEVEL or q_of[key] <= LEVEL)
        and echo(a, key, truth["drivers"], outside)
    }
    said = {k: r["q"] <= LEVEL for k, r in rows.items() if k not in echoes}
    together = {k: bool(q_of[k] <= LEVEL) for k in said}
    testable = {k: d for k, d in planted.items() if k in rows}
    findable = {
        k: d["indicator"] in OUTCOME and outside.driver(dict(d)).p < FINDABLE
        for k, d in testable.items()
    }
    hold = [
        (e["low"] or 0) <= float(d["odds_ratio"]) <= (math.inf if e["high"] is None else e["high"])
        for k, d in testable.items()
        for e in [rows[k]["effect"]]
        if e["low"] is not None
    ]
    answer = scored(said, testable, findable)
    answer["together"] = scored(together, testable, findable)
    answer["echoes"] = sorted("+".join(k) for k in echoes)
    answer["not_measured"] = sorted("+".join(k) for k in planted if k not in rows)
    answer["runs"] = [
        {"said": len(told), "false": len(told - set(planted))}
        for code in drawn
        for told in [{k for k, yes in said.items() if yes and k[0] == code}]
    ]
    answer["coverage"] = {"intervals": len(hold), "hold": sum(hold)}
    free = [r["p"] for k, r in rows.items() if k not in planted]
    answer["calibration"] = calibration(free)
    answer["tests"] = len(rows)
    answer["chi_square"] = scored(_naive(rows, said), testable, {})
    return answer


def echo(a: Analysed, key: Key, drivers: Iterable[Mapping[str, Any]], outside: Outside) -> bool:
    """Whether a link is gone once the planted deviations of its indicator are kept apart.

    A second return (I11) needs a first (I10): what drives the one shows in the other.
    """
    code, node, deviation = key
    driving = [d for d in drivers if d["indicator"] in {code, "I10" if code == "I11" else code}]
    if not driving:
        return False
    ids = [c.split("/", 1)[1] for c in a.cut.cases]
    strata, names = a.strata, a.names
    for d in driving:
        shown = outside.deviation(d["node"], d["deviation"], d["indicator"]).reindex(ids)
        strata = strata * 2 + shown.fillna(False).to_numpy(bool)
        names = [(*n, side) for n in names for side in ("without", "with")]
    linked = a.links[code]
    same = [
        e
        for e in linked.exposed
        if a.cut.nodes[e.node].node == node and e.deviation in {deviation, "skipped"}
    ]
    counts = deviations.counted(a.cut, linked.outcome, strata, names, same)
    kept, _ = deviations.concluded(counts)
    return all(r["p"] > LEVEL for r in kept if r["deviation"] == deviation)


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


SCRIPTLESS = "extends: default\nscripts: false\n"
COUNTY = {"cases": 1500, "years": 3, "units": 1}


def plain(folder: Path) -> str:
    """The file of a world without scripted matters, which come in set pairs of deviations and
    outcomes."""
    file = folder / "plain.yaml"
    file.write_text(SCRIPTLESS, "utf-8")
    return str(file)


def run(world: str, cases: int, seed: int, *, checked: bool = False) -> dict[str, Any]:
    """One world: generated, read, analysed, scored."""
    size = COUNTY if world == "county" else {"cases": cases}
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        more = {k: v for k, v in size.items() if k != "cases"}
        chosen = world
        if world in {"plain", "county"}:
            chosen = plain(folder)
        made = generate(folder / "package", size["cases"], seed, world=chosen, **more)
        truth = json.loads(made.truth.read_text("utf-8"))
        if checked:
            figures = in_store(folder / "package", truth, made.overlay, folder / "home")
        else:
            figures = score(folder / "package", truth, package_columns(folder / "package"))
    asked = {"world": world, "cases": size["cases"], "seed": seed, "checked": checked}
    return asked | figures


def score(package: Path, truth: Mapping[str, Any], columns: Columns) -> dict[str, Any]:
    """What the analysis of a package is worth against what is true of it."""
    started = time.perf_counter()
    a = analysed(columns)
    seconds = round(time.perf_counter() - started, 2)
    outside = Outside(package)
    return {
        "seconds": seconds,
        "links": links_of(truth, a, outside),
        "patterns": patterns_of(truth, a, outside),
        "chains": chains_of(truth, a.cut),
    }


def in_store(package: Path, truth: Mapping[str, Any], overlay: Path, home: Path) -> dict[str, Any]:
    """:func:`in_graph` in a store of its own, with the overlay of the world."""
    os.environ |= {"ANGUAN_HOME": str(home), "ANGUAN_RULES": str(overlay)}
    settings.cache_clear()
    try:
        with connect() as g:
            return in_graph(g, package, truth)
    finally:
        engine_stop(home)


def in_graph(g: Graph, package: Path, truth: Mapping[str, Any]) -> dict[str, Any]:
    """The score from a graph that is loaded and checked, with breaches, leads and alerts."""
    load(g, package)
    check(g, truth["data_date"])
    source = yaml.safe_load((package / "package.yaml").read_text("utf-8"))["source"]
    return score(package, truth, columns(g, source)) | {
        "breaches": breaches_of(truth, g),
        "leads": leads_of(truth, g),
        "alerts": alerts_of(truth, Reading(g, source, g.as_of(None))),
    }


def breaches_of(truth: Mapping[str, Any], g: Graph) -> dict[str, int]:
    """Planted breaches and the problems that the check raised, by rule, case and party.

    Left out on both sides: data rules that state what a limit states, and limits in hours whose
    dates cannot tell (UNKNOWN, and no fault of the data).
    """
    same = {c for c, v in rulebook.book().data_rules.items() if v[-1].entry.same}
    planted = {
        (b["rule"], b["case"], b["party"])
        for b in truth["breaches"]
        if b["kind"] != "EXT" and not (b["status"] == "UNKNOWN" and b["type"] is None)
    }
    keys = [r.key for r in g.stream("check_cases")]
    raised = {
        (r.rule, r.case, r.party)
        for at in range(0, len(keys), 2_000)
        for r in g.read("check_raised", cases=keys[at : at + 2_000])
        if r.problem.startswith("CK-") and not r.closed and r.rule not in same
    }
    return {"planted": len(planted), "raised": len(raised), "right": len(planted & raised)}


def leads_of(truth: Mapping[str, Any], g: Graph) -> dict[str, int]:
    """Leads whose verdict, place and missing evidence are told as they are."""
    told = {r["lead"]: r for r in leads(g, limit=0)["leads"]}
    names = ("verdict", "stalled_in", "broken_at", "missing")
    right = sum(
        i in told and all(told[i].get(n) == t[n] for n in names) for i, t in truth["leads"].items()
    )
    broken = sum(t["verdict"] == "broken" for t in truth["leads"].values())
    return {"planted": len(truth["leads"]), "told": len(told), "right": right, "broken": broken}


def alerts_of(
    truth: Mapping[str, Any], reading: Reading, *, history: bool = False
) -> dict[str, Any]:
    """Range alerts of the indicators that the world draws, per unit and quarter.

    ``history``: by the start standard, and by the unit's own history too.
    A shift is seen if its unit alerts in a quarter from the planted one on. An alert elsewhere need
    not be false: the units of a world differ on purpose; so its rate is told, not called false.
    """
    drawn = [o["indicator"] for o in truth["outcomes"]]
    tables = measured(reading, drawn)
    terms = in_force(reading.day).entry.B
    assert terms, "the start standard has no range style"
    terms = terms.model_copy(update={"history": history})
    fired = {(x.indicator, x.unit, x.period) for x in by_band(reading, tables, terms, None, None)}
    cells = {(m.part.code, u, p) for m in tables for u in m.units for p in m.order}
    inside: set[tuple[str, str | None, str]] = set()
    strengths: dict[str, dict[str, int]] = defaultdict(lambda: {"planted": 0, "seen": 0})
    for s in truth["shifts"]:
        own = {c for c in cells if c[:2] == (s["indicator"], s["unit"]) and c[2] >= s["from"]}
        inside |= own
        counts = strengths[str(s["odds_ratio"])]
        counts["planted"] += 1
        counts["seen"] += bool(own & fired)
    return {
        "shifts": dict(strengths),
        "cells_shifted": len(inside),
        "fired_shifted": len(inside & fired),
        "cells_elsewhere": len(cells - inside),
        "fired_elsewhere": len(fired - inside),
    }


def added(several: Sequence[Mapping[str, Any]]) -> dict[str, Any]:
    """The sums of counts by name, also of those that lie a step deeper."""
    total: dict[str, Any] = {}
    for counts in several:
        for name, n in counts.items():
            deeper = isinstance(n, Mapping)
            total[name] = added([total.get(name, {}), n]) if deeper else total.get(name, 0) + n
    return dict(sorted(total.items()))


COUNTS = ("said", "right", "false", "planted", "findable", "findable_found")


def summed(runs: Iterable[Mapping[str, Any]]) -> list[dict[str, Any]]:
    """Per world, size and question: the rates over all seeds."""
    groups: dict[tuple[Any, ...], list[Mapping[str, Any]]] = defaultdict(list)
    for r in runs:
        groups[r["world"], r["cases"], r["checked"]].append(r)
    rows = []
    for (world, cases, checked), several in groups.items():
        row: dict[str, Any] = {"world": world, "cases": cases, "checked": checked}
        row["seeds"] = len(several)
        links = [r["links"] for r in several]
        row["links"] = rates(links) | {
            "fdr_of_a_run": _mean(
                [_share(x["false"], x["said"]) for r in links for x in r["runs"]]
            ),
            "echoes": sum(len(r["echoes"]) for r in links),
            "chi_square": rates([r["chi_square"] for r in links]),
            "together": rates([r["together"] for r in links]),
        }
        row["patterns"] = rates([r["patterns"] for r in several]) | {
            name: rates([r["patterns"]["baselines"][name] for r in several])
            for name in ("raw_count", "chi_square", "lift")
        }
        for name in ("chains", *(("breaches", "leads", "alerts") if checked else ())):
            row[name] = added([r[name] for r in several])
        rows.append(row)
    return rows


def rates(scores: list[Mapping[str, Any]]) -> dict[str, Any]:
    """Counts and rates over several scores; ``fdr`` is the mean share of false ones in a score."""
    total = {name: sum(s[name] for s in scores) for name in COUNTS}
    strengths: dict[str, dict[str, int]] = defaultdict(lambda: {"planted": 0, "found": 0})
    for s in scores:
        for strength, counts in s["by_strength"].items():
            for name, n in counts.items():
                strengths[strength][name] += n
    answer: dict[str, Any] = total | {
        "fdr": _mean([_share(s["false"], s["said"]) for s in scores]),
        "with_a_false_one": sum(s["false"] > 0 for s in scores),
        "recall": _share(total["right"], total["planted"]),
        "share_findable": _share(total["findable"], total["planted"]),
        "recall_of_findable": _share(total["findable_found"], total["findable"]),
        "by_strength": dict(sorted(strengths.items())),
    }
    if all("coverage" in s for s in scores):
        hold = sum(s["coverage"]["hold"] for s in scores)
        intervals = sum(s["coverage"]["intervals"] for s in scores)
        answer["coverage"] = {"intervals": intervals, "hold": _share(hold, intervals)}
        answer["calibration"] = [
            {**bins[0], "n": sum(b["n"] for b in bins)}
            for bins in zip(*(s["calibration"] for s in scores), strict=True)
        ]
    return answer


def _share(n: int, of: int) -> float | None:
    return round(n / of, 4) if of else None


def _mean(shares: list[float | None]) -> float:
    """Where nothing is said nothing is false."""
    return round(float(np.mean([share or 0.0 for share in shares])), 4) if shares else 0.0


def table(summary: Iterable[Mapping[str, Any]]) -> list[str]:
    """The rates as the lines of the table in ``docs/statistics.md``, links and patterns."""

    def percent(share: float | None) -> str:
        return "–" if share is None else f"{100 * share:.1f}"

    lines = []
    for row in summary:
        world = f"{row['world']}{', checked' if row['checked'] else ''}"
        for what, asked in (("links", "together"), ("patterns", "patterns")):
            mine = row[what] if what == asked else row[what][asked]
            plain = row[what]["chi_square"]
            cells = (
                percent(mine["fdr"]),
                percent(mine["recall"]),
                percent(mine["share_findable"]),
                percent(mine["recall_of_findable"]),
                percent(row[what]["coverage"]["hold"]),
                percent(plain["fdr"]),
            )
            lines.append(
                f"| {world} | {row['cases']:,} | {row['seeds']} | {what} | {' | '.join(cells)} |"
            )
    return lines


def main() -> None:
    """Run the worlds asked for and write the figures."""
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("--cases", default="2000", help="sizes, such as 2000,20000")
    parser.add_argument("--seeds", type=int, default=3)
    parser.add_argument("--first", type=int, default=1, help="the first seed")
    parser.add_argument("--worlds", default="plain,null")
    parser.add_argument("--checked", action="store_true", help="from a graph that was checked")
    parser.add_argument(
        "--out", type=Path, default=Path(__file__).parent / "results" / "truth.json"
    )
    asked = parser.parse_args()
    here = commit().removesuffix("+")
    kept = json.loads(asked.out.read_text("utf-8")) if asked.out.exists() else {}
    runs: list[dict[str, Any]] = kept["runs"] if kept.get("commit") == here else []
    done = {(r["world"], r["cases"], r["seed"], r["checked"]) for r in runs}
    for world in asked.worlds.split(","):
        sizes = [COUNTY["cases"]] if world == "county" else map(int, asked.cases.split(","))
        for cases in sizes:
            for seed in range(asked.first, asked.first + asked.seeds):
                if (world, cases, seed, asked.checked) in done:
                    continue
                runs.append(run(world, cases, seed, checked=asked.checked))
                write(asked.out, here, runs)
    print(json.dumps(summed(runs), indent=1))


def write(out: Path, here: str, runs: list[dict[str, Any]]) -> None:
    """The figures in one step: the summary to be read, a line for each run."""
    lines = ",\n".join(json.dumps(r, allow_nan=False) for r in runs)
    summary = json.dumps(summed(runs), indent=1)
    draft = out.with_suffix(".new")
    draft.write_text(
        f'{{"commit": "{here}", "summary": {summary},\n"runs": [\n{lines}\n]}}\n', "utf-8"
    )
    draft.replace(out)


if __name__ == "__main__":
    main()
