"""The worlds are what their truth says: an outside analysis, told where to look, finds it there.

The analysis is :mod:`tests.oracle.outside`, plain pandas over the files of a package. Intervals
miss one time in twenty, so every test over many of them allows what a binomial law allows.
"""

from __future__ import annotations

import json
import math
from collections.abc import Sequence
from fractions import Fraction
from itertools import combinations
from pathlib import Path
from typing import Any

import pandas as pd
import pytest
import yaml
from scipy.stats import binom

from graph.errors import InputError
from loaders.synthetic import generate
from loaders.synthetic.declared import BEFORE, DEVIATIONS, read_world
from tests.oracle.outside import OUTCOME, Estimate, Outside, lift, mantel_haenszel

FINDABLE = 1e-4
NAIVE = ("type",)
"""The strata of who keeps only the case types apart."""
Read = tuple[Outside, dict[str, Any]]


def made(folder: Path, cases: int, seed: int, world: str) -> Read:
    result = generate(folder, cases, seed, world=world)
    return Outside(folder), json.loads(result.truth.read_text(encoding="utf-8"))


def plain(folder: Path) -> str:
    """The default world without its scripted matters, which are a large part of a small world."""
    path = folder / "plain.yaml"
    path.write_text("extends: default\nscripts: false\n", encoding="utf-8")
    return str(path)


def most_misses(of: int, rate: float = 0.05) -> int:
    """So many misses are seen in fewer than one of a thousand runs, if each misses at ``rate``."""
    return int(binom.ppf(0.999, of, rate))


def effects(outside: Outside, truth: dict[str, Any], *, naive: bool = False) -> list[Any]:
    """Every planted driver and pattern: its true strength and the estimate."""
    strata: Sequence[str] = NAIVE if naive else ("unit", "type", "quarter", "parties")
    return [(d["odds_ratio"], outside.driver(d, strata)) for d in truth["drivers"]] + [
        (p["lift"], outside.pattern(p, strata)) for p in truth["patterns"]
    ]


def unplanted(outside: Outside, strata: Sequence[str]) -> list[Estimate]:
    """Every deviation against every outcome after it, and every two problems of a case type."""
    found = []
    cases = outside.cases
    outcomes = {i: outside.outcome(i) for i in OUTCOME}
    for indicator, node in ((i, n) for i in OUTCOME for n in BEFORE[i]):
        reached = {"I02": "AR08", "I20": "PR36"}.get(indicator, "PR22")
        inside = outside.passed(reached)
        for kind in DEVIATIONS.get(node, ()):
            x = outside.deviation(node, kind, indicator)
            table = cases.assign(x=x, y=outcomes[indicator])
            inside_ = inside if kind in {"skipped", "passed"} else inside & outside.passed(node)
            found.append(mantel_haenszel(table[inside_], strata))
    for type_ in ("AR", "PR"):
        names = [n for n in outside.items if n.split("@")[1].startswith(type_)]
        common = [n for n in names if outside.items[n].sum() * 40 > (cases.type == type_).sum()]
        for one, two in combinations(common, 2):
            nodes = [name.split("@")[1] for name in (one, two)]
            if len(set(nodes)) == 2:
                inside = outside.passed(nodes[0]) & outside.passed(nodes[1])
                found.append(lift(cases[inside], outside.items.loc[inside, [one, two]], strata))
    return found


def departments(outside: Outside) -> list[Estimate]:
    """Each common problem in the first department of a unit against the others."""
    cases, found = outside.cases, []
    for name in outside.items:
        node = name.split("@")[1]
        inside = outside.passed(node) & (cases.type == node[:2])
        if outside.items.loc[inside, name].sum() < 150:
            continue
        x = cases.department.str.endswith("-H1")
        table = cases.assign(x=x, y=outside.items[name])[inside]
        found.append(mantel_haenszel(table, ["unit", "type", "quarter", "parties"]))
    return found


@pytest.fixture(scope="module")
def small(tmp_path_factory: pytest.TempPathFactory) -> Read:
    folder = tmp_path_factory.mktemp("worlds")
    return made(folder / "w", 4_000, 5, plain(folder))


@pytest.fixture(scope="module")
def null(tmp_path_factory: pytest.TempPathFactory) -> Read:
    return made(tmp_path_factory.mktemp("worlds") / "n", 4_000, 6, "null")


# -- the quick twin ------------------------------------------------------------------------------


def test_planted_effects_have_their_strength(small: Read) -> None:
    found = effects(*small)
    missed = [(truth, e) for truth, e in found if not e.covers(truth)]
    assert len(missed) <= most_misses(len(found)), missed
    strong = [e for truth, e in found if truth >= 3]
    assert strong
    assert sum(e.p < 0.01 for e in strong) > len(strong) / 2


def test_a_count_that_does_not_keep_strata_apart_is_wrong(small: Read) -> None:
    """The confounders push it upwards, on average by an eighth or more."""
    outside, truth = small
    local = ["department" in e["where"] for name in ("drivers", "patterns") for e in truth[name]]
    pushed = [
        math.log(naive.value / right.value)
        for (_, right), (_, naive), skip in zip(
            effects(outside, truth), effects(outside, truth, naive=True), local, strict=True
        )
        if not skip
    ]
    assert math.exp(sum(pushed) / len(pushed)) > 1.125


def test_nothing_is_found_in_the_null_world(null: Read) -> None:
    outside, truth = null
    assert not any(truth[k] for k in ("drivers", "patterns", "shifts", "chain_patterns", "chains"))
    assert truth["leads"]
    tests = unplanted(outside, ("unit", "type", "quarter", "parties")) + departments(outside)
    false = sum(e.p < 0.05 for e in tests)
    assert len(tests) > 150
    assert false <= most_misses(len(tests))
    assert min(e.p for e in tests) > 0.001 / len(tests)
    naive = unplanted(outside, NAIVE)
    assert sum(e.p < 0.05 for e in naive) > most_misses(len(naive))


def test_volumes_and_confounders_of_the_null_world_are_the_same(small: Read, null: Read) -> None:
    (one, truth), (other, flat) = small, null
    assert truth["confounders"] == flat["confounders"]
    for column in ("unit", "quarter", "type", "parties"):
        shares = [o.cases[column].value_counts(normalize=True) for o in (one, other)]
        assert (shares[0] - shares[1]).abs().max() < 0.04, column
    assert abs(len(one.problems) / len(other.problems) - 1) < 0.25
    busy = one.cases.quarter.str.endswith("Q4").mean()
    assert busy > 0.28


def test_a_shift_shows_from_its_quarter_on(tmp_path: Path) -> None:
    path = tmp_path / "shift.yaml"
    path.write_text("extends: 'null'\nshifts:\n  - {indicator: I10, odds_ratio: 5}\n", "utf-8")
    outside, truth = made(tmp_path / "w", 3_000, 8, str(path))
    (shift,) = truth["shifts"]
    cases = outside.cases
    own = (cases.unit == shift["unit"]) & outside.passed("PR22")
    table = cases.assign(x=cases.quarter >= shift["from"], y=outside.outcome("I10"))[own]
    found = mantel_haenszel(table.assign(season=table.quarter.str[-1]), ("season", "parties"))
    assert found.p < 0.01
    assert found.low > 1.3


# -- world files ---------------------------------------------------------------------------------


def test_strengths_come_from_the_grid_and_vary_with_the_seed() -> None:
    grid = yaml.safe_load(
        (Path(read_world.__code__.co_filename).parent / "worlds" / "default.yaml").read_text(
            "utf-8"
        )
    )["grid"]
    seen: dict[str, set[Fraction]] = {"odds_ratio": set(), "lift": set()}
    wheres = set()
    for seed in range(40):
        world = read_world("default", seed, 2, None)
        seen["odds_ratio"] |= {d.odds_ratio for d in world.drivers}
        seen["lift"] |= {p.lift for p in world.patterns}
        wheres |= {p.where for p in world.patterns}
    assert {k: sorted(map(float, v)) for k, v in seen.items()} == {
        k: sorted(map(float, v)) for k, v in grid.items()
    }
    assert len(wheres) > 15
    assert read_world("default", 3, 2, None) == read_world("default", 3, 2, None)


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ("extends: default\npattern: []\n", ("pattern", "unknown key")),
        ("extends: nowhere\n", ("extends", "nowhere")),
        (
            "extends: default\ndrivers:\n  - {indicator: I10, node: PR36, deviation: repeated}\n",
            ("drivers[0]", "PR07"),
        ),
        ("extends: default\npatterns:\n  - {items: [P36@PR02, P36@PR99]}\n", ("P36@PR99",)),
        ("extends: default\nbreaches: 3\noutcomes: {I10: 0.2}\n", ("breaches", "I02")),
        ("extends: default\ndismissed: much\n", ("dismissed", "much")),
    ],
)
def test_a_bad_world_file_tells_all_its_faults(tmp_path: Path, text: str, words: Any) -> None:
    path = tmp_path / "w.yaml"
    path.write_text(text, encoding="utf-8")
    with pytest.raises(InputError) as error:
        generate(tmp_path / "w", 10, 1, world=str(path))
    assert error.value.code == "world.faults"
    assert all(word in error.value.detail("en") for word in words), error.value.detail("en")


def test_an_impossible_lift_is_refused(tmp_path: Path) -> None:
    path = tmp_path / "w.yaml"
    path.write_text(
        "extends: default\npatterns:\n  - {items: [P36@PR02, D07@PR07], lift: 40}\n", "utf-8"
    )
    with pytest.raises(InputError) as error:
        generate(tmp_path / "w", 50, 1, world=str(path))
    assert error.value.code == "world.infeasible"


def test_unknown_worlds_and_numbers_out_of_range_are_refused(tmp_path: Path) -> None:
    with pytest.raises(InputError) as error:
        generate(tmp_path / "w", 10, 1, world="nowhere")
    assert "null" in error.value.detail("en") + error.value.remedy("en")
    for wrong in ({"years": 0}, {"years": 9}, {"units": 0}, {"dirt": 0.5}):
        with pytest.raises(InputError) as error:
            generate(tmp_path / "w", 10, 1, **wrong)  # type: ignore[arg-type]
        assert error.value.code == "world.bad_number"


def test_a_county_office_over_three_years(tmp_path: Path) -> None:
    result = generate(tmp_path / "w", 300, 2, world="null", years=3, units=1)
    cases = pd.read_csv(tmp_path / "w" / "cases.csv", dtype=str)
    assert set(cases.unit) == {"U00"}
    assert set(cases.accepted.str[:4]) == {"2023", "2024", "2025"}
    assert json.loads(result.truth.read_text("utf-8"))["world"]["from"] == "2023-01-01"


# -- the long one --------------------------------------------------------------------------------


@pytest.mark.long
def test_over_seeds_strengths_are_recovered_and_the_null_world_is_empty(tmp_path: Path) -> None:
    """20,000 cases a world: coverage within a binomial bound, at least half of the effects at
    p < 1e-4, and the null world with no more small p-values than chance gives."""
    covered, p_values, false, tested, pushed = 0, [], 0, 0, []
    for seed in range(20, 26):
        outside, truth = made(tmp_path / f"w{seed}", 20_000, seed, "default")
        found = effects(outside, truth)
        covered += sum(e.covers(value) for value, e in found)
        p_values += [e.p for _, e in found]
        outside, _ = made(tmp_path / f"n{seed}", 20_000, seed, "null")
        tests = unplanted(outside, ("unit", "type", "quarter", "parties")) + departments(outside)
        false += sum(e.p < 0.05 for e in tests)
        tested += len(tests)
        assert min(e.p for e in tests) > 1e-3 / (6 * len(tests))
        pushed += [math.log(e.value) for e in unplanted(outside, NAIVE) if e.value > 0]
    assert len(p_values) - covered <= most_misses(len(p_values))
    assert sum(p < FINDABLE for p in p_values) >= len(p_values) / 2
    assert false <= most_misses(tested)
    assert math.exp(sum(pushed) / len(pushed)) > 1.15
