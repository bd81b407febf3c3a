"""What a case is given: its deviations, outcomes and problems, drawn with exact integers.

A probability is a threshold for 32 raw bits of the generator, computed once per stratum from exact
fractions; so the same seed draws the same on any platform.
"""

from __future__ import annotations

import random
from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass, field
from fractions import Fraction
from functools import lru_cache
from itertools import combinations

from graph.errors import InputError
from loaders.synthetic.declared import CLASSES, FAMILIES, Driver, Item, Pattern, World

ONE = 1 << 32
Stratum = tuple[str, int, int, str, int]
"""Case type, unit, quarter (counted from the first), class of number of parties, department."""


@lru_cache(maxsize=1 << 16)
def raised(rate: Fraction, *ratios: Fraction) -> Fraction:
    """A probability after its odds were multiplied."""
    odds = rate / (1 - rate)
    for ratio in ratios:
        odds *= ratio
    return odds / (1 + odds)


@lru_cache(maxsize=1 << 16)
def threshold(probability: Fraction) -> int:
    """Below how much 32 raw bits must lie."""
    return int(ONE * probability)


@dataclass(frozen=True)
class Found:
    """A problem that a person will find if the case passes its node."""

    type: str
    node: str
    counted: bool
    late: bool
    review: bool


@dataclass
class Drawn:
    """What is drawn for a case. ``early`` are the nodes with a counted problem found at once."""

    stratum: Stratum
    deviations: frozenset[tuple[str, str]] = frozenset()
    outcomes: Mapping[str, bool] = field(default_factory=dict)
    problems: tuple[Found, ...] = ()


@dataclass(frozen=True)
class _Draw:
    """Problems drawn with one number: the cells of who of them is there, by upper bound."""

    cells: tuple[tuple[int, tuple[Item, ...]], ...]


class Chances:
    """The chances of a world, by stratum."""

    def __init__(self, world: World) -> None:
        self.world = world
        self.driver: Mapping[str, Driver] = {d.indicator: d for d in world.drivers}
        self._problems: dict[Stratum, tuple[_Draw, ...]] = {}
        self._false: dict[Stratum, tuple[tuple[int, Item], ...]] = {}
        self._deviations: dict[Stratum, tuple[tuple[int, tuple[str, str]], ...]] = {}
        self._outcomes: dict[tuple[Stratum, str, bool], int] = {}
        self._ratios = {
            (family, unit, quarter, parties): profile.factors[family]
            * season[family]
            * class_[family]
            for family in FAMILIES
            for unit, profile in enumerate(world.units)
            for quarter, season in enumerate(world.quarters)
            for parties, class_ in world.parties.items()
        }

    def ratio(self, family: str, stratum: Stratum) -> Fraction:
        """By how much the odds of a family are multiplied in a stratum."""
        _, unit, quarter, parties, _ = stratum
        return self._ratios[family, unit, quarter % 4, parties]

    def draw(
        self, rng: random.Random, stratum: Stratum, barred: Collection[tuple[str, str]] = ()
    ) -> Drawn:
        """Everything of a case of the main flow, without deviations that the calendar bars."""
        drawn = Drawn(stratum, problems=self.problems(rng, stratum))
        bits = rng.getrandbits
        drawn.deviations = frozenset(
            which
            for bound, which in self._deviations_of(stratum)
            if bits(32) < bound and which not in barred
        )
        early = {p.node for p in drawn.problems if p.counted and not p.late}
        type_ = stratum[0]
        drawn.outcomes = {
            indicator: bits(32) < self._outcome(stratum, indicator, drawn.deviations, early)
            for indicator in self.world.outcomes
            if (indicator == "I02") == (type_ == "AR") and type_ != "CP"
        }
        return drawn

    def problems(self, rng: random.Random, stratum: Stratum) -> tuple[Found, ...]:
        """The problems of a case, if it passes their nodes; each in its own draw but planted."""
        if stratum not in self._problems:
            self._problems[stratum] = tuple(self._draws(stratum))
            self._false[stratum] = tuple(self._dismissed(stratum))
        bits, rates = rng.getrandbits, self.world.problems.get(stratum[0], {})
        there: list[Item] = []
        for draw in self._problems[stratum]:
            number = bits(32)
            for bound, items in draw.cells:
                if number < bound:
                    there += items
                    break
        false = [
            item for bound, item in self._false[stratum] if bits(32) < bound and item not in there
        ]
        return tuple(
            Found(type_, node, counted, found == "review" or late, found == "review")
            for items, counted in ((there, True), (false, False))
            for type_, node in items
            if (found := rates[type_, node].found)
            for late in (bits(32) < ONE // 4 and found != "early",)
        )

    # -- the chances of a stratum ----------------------------------------------------------------

    def rate(self, stratum: Stratum, item: Item) -> Fraction:
        """How often a problem is found in a stratum."""
        base = self.world.problems[stratum[0]][item].rate
        return raised(base, self.ratio("problems", stratum))

    def _planted(self, stratum: Stratum) -> Iterable[Pattern]:
        type_, unit, quarter, _, department = stratum
        return (
            p
            for p in self.world.patterns
            if p.type == type_ and p.where.holds(unit, quarter, department)
        )

    def _draws(self, stratum: Stratum) -> Iterable[_Draw]:
        together: set[Item] = set()
        for pattern in self._planted(stratum):
            together |= set(pattern.items)
            yield self._joint(stratum, pattern)
        for item in self.world.problems.get(stratum[0], {}):
            if item not in together:
                yield _Draw(((threshold(self.rate(stratum, item)), (item,)),))

    def _joint(self, stratum: Stratum, pattern: Pattern) -> _Draw:
        """Who of a pattern's problems is there: the probability of all is lifted, that of each
        alone (and of each pair of three) is what it would be without the pattern."""
        rates = {item: self.rate(stratum, item) for item in pattern.items}

        def all_of(items: Iterable[Item]) -> Fraction:
            chosen = list(items)
            product = Fraction(1)
            for item in chosen:
                product *= rates[item]
            return product * pattern.lift if len(chosen) == len(rates) else product

        cells, bound = [], Fraction(0)
        items = pattern.items
        for size in range(len(items), 0, -1):
            for chosen in combinations(items, size):
                rest = [i for i in items if i not in chosen]
                exactly = sum(
                    (-1) ** more * all_of((*chosen, *extra))
                    for more in range(len(rest) + 1)
                    for extra in combinations(rest, more)
                )
                bound += exactly
                if exactly < 0 or bound > 1:
                    raise InputError(
                        "world.infeasible",
                        items=" + ".join("@".join(i) for i in items),
                        lift=pattern.lift,
                        rate=max(rates.values()).limit_denominator(1000),
                    )
                cells.append((threshold(bound), chosen))
        return _Draw(tuple(cells))

    def _dismissed(self, stratum: Stratum) -> Iterable[tuple[int, Item]]:
        for item in self.world.problems.get(stratum[0], {}):
            yield threshold(self.rate(stratum, item) * self.world.dismissed), item

    def _deviations_of(self, stratum: Stratum) -> tuple[tuple[int, tuple[str, str]], ...]:
        if stratum not in self._deviations:
            ratio = self.ratio("deviations", stratum)
            self._deviations[stratum] = tuple(
                (threshold(raised(rate, ratio)), which)
                for which, rate in self.world.deviations.items()
                if which[0][:2] == stratum[0]
            )
        return self._deviations[stratum]

    def _outcome(
        self,
        stratum: Stratum,
        indicator: str,
        deviations: frozenset[tuple[str, str]],
        early: set[str],
    ) -> int:
        driver = self.driver.get(indicator)
        driven = driver is not None and exposed(driver, deviations, early)
        key = stratum, indicator, driven
        if key not in self._outcomes:
            ratios = [self.ratio("outcomes", stratum)]
            ratios += [driver.odds_ratio] if driver and driven else []
            ratios += [
                s.odds_ratio
                for s in self.world.shifts
                if s.indicator == indicator and s.unit == stratum[1] and stratum[2] >= s.quarter
            ]
            self._outcomes[key] = threshold(raised(self.world.outcomes[indicator], *ratios))
        return self._outcomes[key]


def exposed(driver: Driver, deviations: frozenset[tuple[str, str]], early: set[str]) -> bool:
    """Whether a case has the deviation of a driver."""
    if driver.deviation == "problem":
        return driver.node in early
    return (driver.node, driver.deviation) in deviations


def class_of(parties: int) -> str:
    """The class of a number of parties."""
    return CLASSES[min(parties, len(CLASSES)) - 1]
