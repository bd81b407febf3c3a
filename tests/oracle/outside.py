"""An outside analysis of a package: plain pandas over its CSV files, told where to look.

Nothing of the product is used. The statistics are written out by hand: Mantel and Haenszel's
odds ratio with the interval of Robins, Breslow and Greenland (1986), the rate ratio with the
interval of Greenland and Robins (1985), the exact interval of a Poisson count, and one-sided tests.
"""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass
from functools import cached_property
from itertools import combinations
from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd
from scipy.stats import chi2, norm, poisson

Z = 1.959963984540054
STRATA = ["unit", "type", "quarter", "parties"]
DENOMINATOR = {"I02": "AR08", "I20": "PR36"}
"""The node that a case must have reached to be counted under an indicator; else PR22."""
OUTCOME = {
    "I02": ("AR08", "NO_ARREST"),
    "I10": ("PR11", None),
    "I12": ("PR15", None),
    "I13": ("PR16", None),
    "I14": ("PR22", "NON_PROSECUTION"),
    "I20": ("PR36", "CHARGE_CHANGED"),
    "I21": ("PR10", "SIGNED"),
}
BEFORE = {"PR09": "PR08", "AR05": "AR04"}
"""What an event out of order came before, although it belongs after it."""


@dataclass(frozen=True)
class Estimate:
    """An effect with its 95 % interval and one-sided p-value."""

    value: float
    low: float
    high: float
    p: float

    def covers(self, truth: float) -> bool:
        return self.low <= truth <= self.high


class Outside:
    """The tables of a package as an outsider reads them."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder

    def table(self, name: str, columns: Sequence[str]) -> pd.DataFrame:
        return pd.read_csv(
            self.folder / f"{name}.csv", usecols=list(columns), dtype=str, keep_default_na=False
        )

    @cached_property
    def cases(self) -> pd.DataFrame:
        """Cases with their strata, by id."""
        cases = self.table("cases", ("case", "type", "accepted", "unit", "department"))
        people = self.table("parties", ("party", "case")).groupby("case").size()
        cases = cases.set_index("case")
        month = cases.accepted.str[5:7].astype(int)
        cases["quarter"] = cases.accepted.str[:4] + "Q" + ((month + 2) // 3).astype(str)
        cases["parties"] = people.reindex(cases.index).fillna(1).clip(upper=3).astype(int)
        return cases

    @cached_property
    def events(self) -> pd.DataFrame:
        events = self.table("events", ("case", "node", "occurred", "outcome", "party"))
        events["on"] = events.occurred.str[:10]
        return events

    @cached_property
    def first(self) -> pd.DataFrame:
        """The first date of each case at each node; empty where it did not pass."""
        return self.events.groupby(["case", "node"]).on.min().unstack().reindex(self.cases.index)

    @cached_property
    def problems(self) -> pd.DataFrame:
        """Problems that count: raised or confirmed, not dismissed."""
        problems = self.table("problems", ("problem", "type", "case", "node", "found"))
        said = self.table("dispositions", ("problem", "status")).drop_duplicates("problem")
        status = said.set_index("problem").status.reindex(problems.problem).fillna("HIT")
        return problems[status.isin(("HIT", "CONFIRMED")).to_numpy()]

    @cached_property
    def items(self) -> pd.DataFrame:
        """Whether a case has a problem of a type at a node."""
        names = self.problems.type + "@" + self.problems.node
        there = pd.crosstab(self.problems.case, names) > 0
        return there.reindex(self.cases.index, fill_value=False)

    def passed(self, node: str) -> pd.Series:
        if node not in self.first:
            return pd.Series(False, self.cases.index)
        return self.first[node].notna()

    def outcome(self, indicator: str) -> pd.Series:
        """Whether an indicator counts a case."""
        node, act = OUTCOME[indicator]
        hits = self.events[self.events.node == node]
        if act:
            hits = hits[hits.outcome == act]
        return pd.Series(self.cases.index.isin(hits.case), self.cases.index)

    def deviation(self, node: str, kind: str, indicator: str) -> pd.Series:
        """Whether a case has a deviation at a node before an outcome (or before its decision)."""
        match kind:
            case "passed":
                return self.passed(node)
            case "skipped":
                return ~self.passed(node)
            case "repeated":
                visits = self.events[self.events.node == node].groupby("case").size()
                return visits.reindex(self.cases.index).fillna(0) > 1
            case "out_of_order":
                return self.first[node] < self.first[BEFORE[node]]
            case "late":
                days = pd.to_datetime(self.first[node]) - pd.to_datetime(self.cases.accepted)
                return days.dt.days > 3
            case "problem":
                decided = self.first[DENOMINATOR.get(indicator, "PR22")]
                own = self.problems[self.problems.node == node]
                early = own[own.found.str[:10] < own.case.map(decided).fillna("9")]
                return pd.Series(self.cases.index.isin(early.case), self.cases.index)
        raise ValueError(kind)

    def driver(self, driver: dict[str, Any], strata: Sequence[str] = STRATA) -> Estimate:
        """The odds ratio of a deviation on an indicator, over strata kept apart."""
        indicator = driver["indicator"]
        table = self.cases.assign(
            x=self.deviation(driver["node"], driver["deviation"], indicator),
            y=self.outcome(indicator),
        )[self.passed(DENOMINATOR.get(indicator, "PR22"))]
        return mantel_haenszel(table, strata)

    def within(self, where: dict[str, Any]) -> pd.Series:
        """The cases of the units, quarters and case type of a pattern."""
        cases = self.cases
        inside = cases.type == where["type"]
        if "units" in where:
            inside &= cases.unit.isin(where["units"])
        if "from" in where:
            inside &= (cases.quarter >= where["from"]) & (cases.quarter <= where["to"])
        return inside

    def pattern(self, pattern: dict[str, Any], strata: Sequence[str] = STRATA) -> Estimate:
        """How much more often problems occur together (or one, in a department) than expected."""
        names = [f"{i['type']}@{i['node']}" for i in pattern["items"]]
        inside = self.within(pattern["where"])
        for item in pattern["items"]:
            inside &= self.passed(item["node"])
        there = self.items.reindex(columns=names, fill_value=False)[inside]
        cases = self.cases[inside]
        if "department" in pattern["where"]:
            local = cases.department == pattern["where"]["department"]
            return rate_ratio(cases.assign(x=local, y=there[names[0]]), strata)
        return lift(cases, there, strata)


def grouped(table: pd.DataFrame, strata: Sequence[str]) -> Any:
    return table.groupby(list(strata) or (lambda _: 0))


def mantel_haenszel(table: pd.DataFrame, strata: Sequence[str]) -> Estimate:
    """The pooled odds ratio of y for x, with the interval of Robins, Breslow and Greenland."""
    x, y = table.x.to_numpy(bool), table.y.to_numpy(bool)
    cells = table.assign(a=x & y, b=x & ~y, c=~x & y, d=~x & ~y)
    a, b, c, d = (grouped(cells, strata)[k].sum().to_numpy(float) for k in "abcd")
    n = a + b + c + d
    r, s = a * d / n, b * c / n
    p, q = (a + d) / n, (b + c) / n
    big_r, big_s = r.sum(), s.sum()
    if not big_r or not big_s:
        return Estimate(math.nan, 0.0, math.inf, 1.0)
    variance = (
        (p * r).sum() / (2 * big_r**2)
        + (p * s + q * r).sum() / (2 * big_r * big_s)
        + (q * s).sum() / (2 * big_s**2)
    )
    log, se = math.log(big_r / big_s), math.sqrt(variance)
    many = n > 1
    expected = ((a + b) * (a + c) / n)[many].sum()
    spread = ((a + b) * (c + d) * (a + c) * (b + d) / (n**2 * np.maximum(n - 1, 1)))[many].sum()
    z = (a[many].sum() - expected) / math.sqrt(spread)
    return Estimate(math.exp(log), math.exp(log - Z * se), math.exp(log + Z * se), norm.sf(z))


def rate_ratio(table: pd.DataFrame, strata: Sequence[str]) -> Estimate:
    """The pooled ratio of the rate of y with x to that without."""
    x, y = table.x.to_numpy(bool), table.y.to_numpy(bool)
    cells = table.assign(a=x & y, c=~x & y, n1=x, n0=~x)
    a, c, n1, n0 = (grouped(cells, strata)[k].sum().to_numpy(float) for k in ("a", "c", "n1", "n0"))
    n = n1 + n0
    r, s = (a * n0 / n).sum(), (c * n1 / n).sum()
    if not r or not s:
        return Estimate(math.nan, 0.0, math.inf, 1.0)
    se = math.sqrt((((a + c) * n1 * n0 - a * c * n) / n**2).sum() / (r * s))
    if not se:
        return Estimate(r / s, 0.0, math.inf, 1.0)
    log = math.log(r / s)
    z = log / se
    return Estimate(math.exp(log), math.exp(log - Z * se), math.exp(log + Z * se), norm.sf(z))


def lift(cases: pd.DataFrame, there: pd.DataFrame, strata: Sequence[str]) -> Estimate:
    """Cases with all problems against the number expected if they were independent in a stratum.

    The expectation is unbiased in small strata: it counts tuples of different cases.
    """
    names = list(there.columns)
    table = cases.assign(**{n: there[n].astype(float) for n in names}, n=1.0)
    subsets = [c for k in range(1, len(names) + 1) for c in combinations(names, k)]
    for chosen in subsets:
        table["+".join(chosen)] = table[list(chosen)].prod(axis=1)
    sums = grouped(table, strata)[["n", *("+".join(c) for c in subsets)]].sum()
    at = {c: sums["+".join(c)].to_numpy() for c in subsets}
    n, all_ = sums["n"].to_numpy(), at[tuple(names)]
    if len(names) == 2:
        tuples, of = at[names[0],] * at[names[1],] - all_, n - 1
    else:
        one, two, three = names
        tuples = (
            at[one,] * at[two,] * at[three,]
            - at[one, two] * at[three,]
            - at[one, three] * at[two,]
            - at[two, three] * at[one,]
            + 2 * all_
        )
        of = (n - 1) * (n - 2)
    expected = (tuples[of > 0] / of[of > 0]).sum()
    seen = all_.sum()
    if not expected:
        return Estimate(math.nan, 0.0, math.inf, 1.0)
    low = chi2.ppf(0.025, 2 * seen) / 2 if seen else 0.0
    high = chi2.ppf(0.975, 2 * seen + 2) / 2
    p = float(poisson.sf(seen - 1, expected))
    return Estimate(seen / expected, low / expected, high / expected, p)
