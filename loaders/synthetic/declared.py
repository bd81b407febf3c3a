"""World files: what a world declares, read, checked and, where the seed decides, drawn.

``worlds/default.yaml`` explains the model. Numbers are exact fractions from the moment they are
read, so that no floating point decides anything.
"""

from __future__ import annotations

import random
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from fractions import Fraction
from pathlib import Path
from typing import Any

import yaml

from graph.errors import InputError
from graph.rulebook import nodes, problem_types

WORLDS = Path(__file__).with_name("worlds")
CLASSES = ("1", "2", "3+")
FAMILIES = ("problems", "deviations", "outcomes")
DRAWN_OUTCOMES = ("I02", "I10", "I11", "I12", "I13", "I14", "I20", "I21")
DEVIATIONS: Mapping[str, tuple[str, ...]] = {
    "AR03": ("skipped",),
    "AR04": ("repeated",),
    "AR05": ("skipped", "out_of_order"),
    "AR06": ("passed",),
    "AR07": ("skipped",),
    "PR03": ("late",),
    "PR07": ("skipped",),
    "PR08": ("repeated",),
    "PR09": ("repeated", "out_of_order"),
    "PR20": ("skipped",),
}
"""The deviations that a case can be given at a node, each before every outcome of its case."""
BEFORE: Mapping[str, tuple[str, ...]] = {
    "I02": ("AR03", "AR04", "AR05", "AR06", "AR07"),
    **dict.fromkeys(("I10", "I11", "I12", "I13"), ("PR03", "PR07", "PR08", "PR09")),
    **dict.fromkeys(("I14", "I20"), ("PR03", "PR07", "PR08", "PR09", "PR20")),
    "I21": ("PR03", "PR07", "PR08", "PR09"),
}
"""The nodes whose deviations come before an outcome in time."""
FOUND = ("any", "early", "review")

Item = tuple[str, str]
"""A problem type and the node it lies at."""
Factors = Mapping[str, Fraction]


@dataclass(frozen=True)
class Unit:
    """A profile of a procuratorate."""

    weight: int
    departments: int
    staff: int
    factors: Factors


@dataclass(frozen=True)
class Rate:
    """How often a problem is found where every factor is 1, and by whom or when."""

    rate: Fraction
    found: str


@dataclass(frozen=True)
class Driver:
    """A deviation that multiplies the odds of an outcome."""

    indicator: str
    node: str
    deviation: str
    odds_ratio: Fraction


@dataclass(frozen=True)
class Where:
    """Where a pattern is planted: units, quarters (index of the first and the last), department.

    None: everywhere."""

    units: tuple[int, ...] | None = None
    quarters: tuple[int, int] | None = None
    department: int | None = None

    def holds(self, unit: int, quarter: int, department: int) -> bool:
        """Whether a case lies there."""
        return (
            (self.units is None or unit in self.units)
            and (self.quarters is None or self.quarters[0] <= quarter <= self.quarters[1])
            and (self.department is None or department == self.department)
        )


@dataclass(frozen=True)
class Pattern:
    """Problems that occur together more often than by chance."""

    type: str
    items: tuple[Item, ...]
    lift: Fraction
    where: Where


@dataclass(frozen=True)
class Shift:
    """A unit in which the odds of an outcome change from a quarter on."""

    indicator: str
    unit: int
    quarter: int
    odds_ratio: Fraction


@dataclass(frozen=True)
class Chain:
    """A data, a procedural and a substantive problem that a share of the cases turns through."""

    items: tuple[Item, ...]
    share: Fraction


@dataclass(frozen=True)
class World:
    """A declared world with its strengths drawn."""

    name: str
    title: str
    scripts: bool
    years: int
    units: tuple[Unit, ...]
    months: tuple[int, ...]
    quarters: tuple[Factors, ...]
    parties: Mapping[str, Factors]
    outcomes: Mapping[str, Fraction]
    deviations: Mapping[tuple[str, str], Fraction]
    problems: Mapping[str, Mapping[Item, Rate]]
    dismissed: Fraction
    breaches: Fraction
    leads: Mapping[str, Fraction]
    drivers: tuple[Driver, ...]
    patterns: tuple[Pattern, ...]
    shifts: tuple[Shift, ...]
    chains: tuple[Chain, ...]

    @property
    def first_year(self) -> int:
        """The year of the first intake; the recording ends with 2025."""
        return 2026 - self.years


def read_world(world: str, seed: int, years: int, units: int | None) -> World:
    """Read a shipped world by name, or a world file, and draw what the seed decides.

    ``units``: how many procuratorates (default: one of each profile). Raises InputError
    ``world.unknown``, ``world.unreadable`` or ``world.faults`` (all faults together).
    """
    path = WORLDS / f"{world}.yaml"
    if not path.is_file():
        path = Path(world)
        if not path.is_file():
            known = ", ".join(sorted(p.stem for p in WORLDS.glob("*.yaml")))
            raise InputError("world.unknown", world=world, known=f"{known}, scripts")
    stated = _load(path)
    while "extends" in stated:
        base = stated.pop("extends")
        below = WORLDS / f"{base}.yaml"
        if not below.is_file():
            raise InputError("world.faults", file=path, faults=f"  extends: no world {base}")
        stated = _load(below) | stated
    reader = _Reader(stated, seed, years, units)
    made = reader.world(path.stem)
    if reader.faults:
        raise InputError("world.faults", file=path, faults="\n".join(reader.faults))
    assert made is not None
    return made


def _load(path: Path) -> dict[str, Any]:
    try:
        stated = yaml.safe_load(path.read_text(encoding="utf-8"))
    except (OSError, UnicodeDecodeError, yaml.YAMLError) as error:
        raise InputError("world.unreadable", file=path, reason=error) from error
    if not isinstance(stated, dict):
        raise InputError("world.unreadable", file=path, reason="not a mapping")
    return stated


class _Reader:
    """One reading of a world file; faults are collected and shown together."""

    def __init__(self, stated: Mapping[str, Any], seed: int, years: int, units: int | None) -> None:
        self.stated, self.seed, self.years, self.wanted = stated, seed, years, units
        self.faults: list[str] = []

    def world(self, name: str) -> World | None:
        """The world, None where a fault keeps it from being made."""
        known = set(World.__dataclass_fields__) - {"name", "years"} | {"grid"}
        for key in sorted(set(self.stated) ^ known):
            self.fault(key, "unknown key" if key in self.stated else "is missing")
        if self.faults:
            return None
        get = self.stated
        profiles = [self.unit(f"units[{n}]", u) for n, u in enumerate(self.list("units"))]
        if not profiles:
            self.fault("units", "at least one")
            return None
        count = self.wanted or len(profiles)
        others = profiles[1:] or profiles
        self.units = (profiles[0], *(others[n % len(others)] for n in range(count - 1)))
        deviations = {
            (node, kind): self.share(f"deviations.{node}.{kind}", rate)
            for node, kinds in self.map("deviations").items()
            for kind, rate in (kinds or {}).items()
        }
        for node, kind in deviations:
            if kind not in DEVIATIONS.get(node, ()):
                self.fault(f"deviations.{node}", f"{kind} cannot be drawn; {_options(DEVIATIONS)}")
        outcomes = {k: self.share(f"outcomes.{k}", v) for k, v in self.map("outcomes").items()}
        if set(outcomes) != set(DRAWN_OUTCOMES):
            self.fault("outcomes", f"exactly {', '.join(DRAWN_OUTCOMES)}")
        problems = {
            type_: {
                item: rate
                for text, value in (items or {}).items()
                if (item := self.item(f"problems.{type_}", text))
                if (rate := self.rate(f"problems.{type_}.{text}", value))
            }
            for type_, items in self.map("problems").items()
        }
        self.problems, self.deviations = problems, deviations
        parties = {str(k): self.factors(f"parties.{k}", v) for k, v in self.map("parties").items()}
        if set(parties) != set(CLASSES):
            self.fault("parties", f"exactly {', '.join(CLASSES)}")
        quarters = tuple(
            self.factors(f"quarters[{n}]", q) for n, q in enumerate(self.list("quarters"))
        )
        months = self.list("months")
        if len(quarters) != 4:
            self.fault("quarters", "four")
        if len(months) != 12 or not all(type(m) is int and m > 0 for m in months):
            self.fault("months", "twelve whole numbers above 0")
        leads = {k: self.share(f"leads.{k}", v) for k, v in self.map("leads").items()}
        if set(leads) != {"share", "cut", "broken"}:
            self.fault("leads", "share, cut and broken")
        drivers = tuple(
            d for n, e in enumerate(self.list("drivers")) if (d := self.driver(n, e)) is not None
        )
        for indicator in {d.indicator for d in drivers}:
            if sum(d.indicator == indicator for d in drivers) > 1:
                self.fault("drivers", f"{indicator}: one driver each, or neither has its strength")
        patterns = tuple(
            p for n, e in enumerate(self.list("patterns")) if (p := self.pattern(n, e)) is not None
        )
        used = [item for p in patterns for item in p.items]
        for item in sorted({i for i in used if used.count(i) > 1}):
            self.fault("patterns", f"{'@'.join(item)} is in two patterns")
        shifts = tuple(
            s for n, e in enumerate(self.list("shifts")) if (s := self.shift(n, e)) is not None
        )
        chains = tuple(
            c for n, e in enumerate(self.list("chains")) if (c := self.chain(n, e)) is not None
        )
        return World(
            name=name,
            title=str(get["title"]),
            scripts=bool(get["scripts"]),
            years=self.years,
            units=self.units,
            months=tuple(months),
            quarters=quarters,
            parties=parties,
            outcomes=outcomes,
            deviations=deviations,
            problems=problems,
            dismissed=self.share("dismissed", get["dismissed"]),
            breaches=self.share("breaches", get["breaches"]),
            leads=leads,
            drivers=drivers,
            patterns=patterns,
            shifts=shifts,
            chains=chains,
        )

    # -- pieces ----------------------------------------------------------------------------------

    def fault(self, where: str, what: str) -> None:
        self.faults.append(f"  {where}: {what}")

    def list(self, key: str) -> Sequence[Any]:
        value = self.stated[key]
        if isinstance(value, list):
            return value
        self.fault(key, "a list")
        return ()

    def map(self, key: str) -> Mapping[Any, Any]:
        value = self.stated[key]
        if isinstance(value, dict):
            return value
        self.fault(key, "a mapping")
        return {}

    def number(self, where: str, value: Any) -> Fraction:
        """An exact fraction above 0; 1 with a fault where it is none."""
        if type(value) in {int, float} and value > 0:
            return Fraction(repr(value))
        self.fault(where, f"a number above 0, got {value!r}")
        return Fraction(1)

    def share(self, where: str, value: Any) -> Fraction:
        """A share between 0 and 1, both excluded."""
        found = self.number(where, value)
        if found < 1:
            return found
        self.fault(where, f"a share below 1, got {value!r}")
        return Fraction(1, 2)

    def factors(self, where: str, value: Any) -> Factors:
        if not isinstance(value, dict) or set(value) != set(FAMILIES):
            self.fault(where, f"exactly {', '.join(FAMILIES)}")
            return dict.fromkeys(FAMILIES, Fraction(1))
        return {k: self.number(f"{where}.{k}", value[k]) for k in FAMILIES}

    def unit(self, where: str, value: Any) -> Unit:
        value = value if isinstance(value, dict) else {}
        counts = {k: value.get(k) for k in ("weight", "departments", "staff")}
        for key, n in counts.items():
            if type(n) is not int or n < 1 or (key == "departments" and n > 9):
                self.fault(f"{where}.{key}", f"a whole number from 1 on, got {n!r}")
                return Unit(1, 1, 1, dict.fromkeys(FAMILIES, Fraction(1)))
        return Unit(**counts, factors=self.factors(f"{where}.factors", value.get("factors")))

    def item(self, where: str, text: Any) -> Item | None:
        type_, at, node = str(text).partition("@")
        if not at or type_ not in problem_types() or node not in nodes():
            self.fault(where, f"{text} is not TYPE@NODE of the rulebook")
            return None
        places = problem_types()[type_].nodes
        if places and node not in places:
            self.fault(where, f"{type_} lies at {', '.join(places)}, not at {node}")
            return None
        return type_, node

    def rate(self, where: str, value: Any) -> Rate | None:
        stated = value if isinstance(value, dict) else {"rate": value, "found": "any"}
        if set(stated) != {"rate", "found"} or stated["found"] not in FOUND:
            self.fault(where, f"a share, or {{rate, found: {'|'.join(FOUND)}}}")
            return None
        return Rate(self.share(where, stated["rate"]), stated["found"])

    # -- effects ---------------------------------------------------------------------------------

    def strength(self, where: str, kind: str, entry: Mapping[str, Any]) -> Fraction:
        """The stated strength, else one of the grid that the seed draws."""
        if kind in entry:
            return self.number(f"{where}.{kind}", entry[kind])
        grid = self.map("grid").get(kind)
        if not isinstance(grid, list) or not grid:
            self.fault(f"grid.{kind}", "a list of numbers")
            return Fraction(1)
        drawn = grid[self.rng(f"{where}/strength").randrange(len(grid))]
        return self.number(f"grid.{kind}", drawn)

    def rng(self, what: str) -> random.Random:
        return random.Random(f"{self.seed}/world/{what}")

    def entry(self, where: str, value: Any, needed: set[str], free: set[str]) -> bool:
        if not isinstance(value, dict) or not needed <= set(value) <= needed | free:
            self.fault(where, f"keys {', '.join(sorted(needed))}; optional {', '.join(free)}")
            return False
        return True

    def driver(self, n: int, entry: Any) -> Driver | None:
        where = f"drivers[{n}]"
        if not self.entry(where, entry, {"indicator", "node", "deviation"}, {"odds_ratio"}):
            return None
        indicator, node, deviation = entry["indicator"], entry["node"], entry["deviation"]
        if node not in BEFORE.get(indicator, ()):
            before = ", ".join(BEFORE.get(indicator, ())) or f"none; {', '.join(BEFORE)}"
            self.fault(where, f"{indicator}: nodes before it are {before}")
        rates = self.problems.get(str(node)[:2], {})
        if deviation == "problem":
            there = [r for (_, at), r in rates.items() if at == node]
            if not there or any(r.found != "early" for r in there):
                self.fault(where, f"needs problems at {node}, each found: early")
        elif (node, deviation) not in self.deviations:
            self.fault(where, f"deviations has no {node}: {deviation}")
        return Driver(indicator, node, deviation, self.strength(where, "odds_ratio", entry))

    def pattern(self, n: int, entry: Any) -> Pattern | None:
        where = f"patterns[{n}]"
        if not self.entry(where, entry, {"items"}, {"where", "lift"}):
            return None
        items = tuple(i for text in entry["items"] if (i := self.item(where, text)))
        types = {t for t, rates in self.problems.items() if items and set(items) <= set(rates)}
        if not 1 <= len(items) <= 3 or len(types) != 1 or len({at for _, at in items}) < len(items):
            self.fault(where, "one to three problems of one case type, at different nodes")
            return None
        stated = entry.get("where", {})
        if not isinstance(stated, dict) or not set(stated) <= {"units", "quarters", "department"}:
            self.fault(where, "where: units, quarters or department")
            return None
        place = self.place(where, stated)
        if (place.department is None) == (len(items) == 1):
            self.fault(where, "one problem with where: {department: true}, or several without")
        return Pattern(types.pop(), items, self.strength(where, "lift", entry), place)

    def place(self, where: str, stated: Mapping[str, Any]) -> Where:
        """The units, quarters and department of a pattern, as the seed draws them."""
        rng = self.rng(f"{where}/where")
        total, n = 4 * self.years, len(self.units)
        units: tuple[int, ...] | None = None
        quarters: tuple[int, int] | None = None
        department: int | None = None
        if "quarters" in stated:
            many = min(int(stated["quarters"]), total)
            first = rng.randrange(total - many + 1)
            quarters = first, first + many - 1
        if stated.get("department"):
            chosen = rng.randrange(n)
            units = (chosen,)
            department = rng.randrange(self.units[chosen].departments)
        elif "units" in stated:
            first = rng.randrange(n)
            units = tuple(sorted({(first + k) % n for k in range(int(stated["units"]))}))
        return Where(units, quarters, department)

    def shift(self, n: int, entry: Any) -> Shift | None:
        where = f"shifts[{n}]"
        if not self.entry(where, entry, {"indicator"}, {"odds_ratio"}):
            return None
        if entry["indicator"] not in DRAWN_OUTCOMES:
            self.fault(where, f"indicator: one of {', '.join(DRAWN_OUTCOMES)}")
        rng, total = self.rng(f"{where}/where"), 4 * self.years
        unit = rng.randrange(len(self.units))
        # From the second third on, and never the last quarter alone: there is a before and after.
        quarter = total // 3 + rng.randrange(total - 1 - total // 3)
        ratio = self.strength(where, "odds_ratio", entry)
        return Shift(entry["indicator"], unit, quarter, ratio)

    def chain(self, n: int, entry: Any) -> Chain | None:
        where = f"chains[{n}]"
        if not self.entry(where, entry, {"items", "share"}, set()):
            return None
        items = tuple(i for text in entry["items"] if (i := self.item(where, text)))
        kinds = [problem_types()[type_].kind for type_, _ in items]
        if kinds != ["DATA", "PROCEDURAL", "SUBSTANTIVE"]:
            self.fault(where, "a data, a procedural and a substantive problem")
            return None
        if {at[:2] for _, at in items[1:]} != {"PR"} or items[0][1][:2] not in {"AR", "PR"}:
            self.fault(where, "the first at a node of AR or PR, the others at nodes of PR")
        return Chain(items, self.share(f"{where}.share", entry["share"]))


def _options(known: Mapping[str, Sequence[str]]) -> str:
    return "; ".join(f"{node}: {', '.join(kinds)}" for node, kinds in known.items())
