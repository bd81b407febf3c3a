"""What is true of a world, and the overlay under which all of it shows; both lie beside it.

The file is described in docs/worlds.md. What grows with the world is written as it comes: breaches
into the file itself, the other lists into files of their own that are joined at the end.
"""

from __future__ import annotations

import datetime as dt
import json
import shutil
import tempfile
from collections import Counter
from collections.abc import Collection, Mapping
from fractions import Fraction
from pathlib import Path
from typing import IO, TYPE_CHECKING, Any

import yaml

from loaders.synthetic import rules
from loaders.synthetic.chances import Drawn, exposed
from loaders.synthetic.declared import BEFORE, Factors, Item, Where, World
from loaders.synthetic.draft import LAST, Draft, Planted

if TYPE_CHECKING:
    from loaders.synthetic.findings import Case

STRATA = ("unit", "type", "quarter", "parties")
LISTS = {
    "breaches": ("[", "]"),
    "clean": ("[", "]"),
    "leads": ("{", "}"),
    "chains": ("[", "]"),
    "dirt": ("[", "]"),
}
"""What is written as it comes, with the brackets around it."""


class TruthFile:
    """What is true of a world."""

    def __init__(self, path: Path, world: World, seed: int) -> None:
        self._path, self._world, self._seed = path, world, seed
        self._parts: dict[str, IO[str]] = {
            name: tempfile.TemporaryFile("w+", encoding="utf-8", dir=path.parent) for name in LISTS
        }
        self._written: Counter[str] = Counter()
        self._together: Counter[int] = Counter()
        self._exposed: Counter[int] = Counter()

    def of(self, case: Case, draft: Draft) -> None:
        """What was planted in a case, as far as it shows by the end of the recording."""
        for planted in draft.planted:
            if planted.since <= LAST:
                self._add("breaches", self._breach(case, planted))
        for rule, party, how in draft.kept:
            who = None if party is None else case.parties[party]
            self._add("clean", {"rule": rule, "case": case.id, "party": who, "how": how})

    def lead(self, lead: str, verdict: Mapping[str, Any]) -> None:
        """What is true of a lead."""
        self._add("leads", verdict, lead)

    def chain(self, case: str, problems: list[str], types: list[str]) -> None:
        """A chain of problems from data to procedure to substance."""
        self._add("chains", {"case": case, "problems": problems, "types": types})

    def fault(self, fault: Mapping[str, Any]) -> None:
        """A fault that was planted in the written package."""
        self._add("dirt", fault)

    def supports(self, drawn: Drawn, passed: Collection[str], counted: Collection[Item]) -> None:
        """Count a case under the patterns and drivers that it bears out."""
        type_, unit, quarter, _, department = drawn.stratum
        for n, pattern in enumerate(self._world.patterns):
            if (
                pattern.type == type_
                and pattern.where.holds(unit, quarter, department)
                and all(item in counted for item in pattern.items)
            ):
                self._together[n] += 1
        early = {p.node for p in drawn.problems if p.counted and not p.late and p.node in passed}
        for n, driver in enumerate(self._world.drivers):
            if drawn.outcomes and driver.node[:2] == type_:
                self._exposed[n] += exposed(driver, drawn.deviations, early)

    def close(self, cases: int) -> None:
        """Write the file."""
        with self._path.open("w", encoding="utf-8") as file:
            file.write(f'{{\n"seed": {self._seed},\n"data_date": "{LAST}"')
            for name, value in self._declared(cases).items():
                shown = ",\n".join(map(_json, value)) if isinstance(value, list) else _json(value)
                shown = f"[\n{shown}\n]" if isinstance(value, list) else shown
                file.write(f",\n{_json(name)}: {shown}")
            for name, (begin, end) in LISTS.items():
                part = self._parts[name]
                part.seek(0)
                file.write(f",\n{_json(name)}: {begin}")
                shutil.copyfileobj(part, file)
                file.write(f"\n{end}")
                part.close()
            file.write("\n}\n")

    def _add(self, name: str, value: Mapping[str, Any], key: str | None = None) -> None:
        part = self._parts[name]
        part.write(",\n" if self._written[name] else "\n")
        part.write(f"{_json(key)}: {_json(value)}" if key else _json(value))
        self._written[name] += 1

    def _breach(self, case: Case, planted: Planted) -> dict[str, Any]:
        late = planted.status == "LATE" and planted.ended is not None and planted.ended > LAST
        return {
            "rule": planted.rule,
            "kind": rules.kind(planted.rule),
            "case": case.id,
            "party": None if planted.party is None else case.parties[planted.party],
            "status": "OVERDUE" if late else planted.status,
            "type": planted.type,
            "needs_overlay": planted.rule in rules.unconfirmed(),
        }

    def _declared(self, cases: int) -> dict[str, Any]:
        """The world in the rulebook's terms, with its strengths as they were drawn."""
        world = self._world
        return {
            "cases": cases,
            "world": {
                "name": world.name,
                "title": world.title,
                "from": f"{world.first_year}-01-01",
                "to": str(LAST),
                "units": len(world.units),
                "scripts": world.scripts,
            },
            "strata": list(STRATA),
            "outcomes": [
                {"indicator": code, "nodes_before": list(BEFORE.get(code, ()))}
                for code in world.outcomes
            ],
            "confounders": {
                "unit": {f"U{n:02d}": _factors(u.factors) for n, u in enumerate(world.units)},
                "quarter": {f"Q{n}": _factors(q) for n, q in enumerate(world.quarters, start=1)},
                "parties": {k: _factors(p) for k, p in world.parties.items()},
            },
            "drivers": [
                {
                    "indicator": d.indicator,
                    "node": d.node,
                    "deviation": d.deviation,
                    "odds_ratio": _number(d.odds_ratio),
                    "where": {"type": d.node[:2]},
                    "support": self._exposed[n],
                }
                for n, d in enumerate(world.drivers)
            ],
            "patterns": [
                {
                    "items": [_item(i) for i in p.items],
                    "lift": _number(p.lift),
                    "where": self._where(p.type, p.where),
                    "support": self._together[n],
                }
                for n, p in enumerate(world.patterns)
            ],
            "shifts": [
                {
                    "indicator": s.indicator,
                    "unit": f"U{s.unit:02d}",
                    "from": self._quarter(s.quarter),
                    "odds_ratio": _number(s.odds_ratio),
                }
                for s in world.shifts
            ],
            "chain_patterns": [
                {"items": [_item(i) for i in c.items], "share": _number(c.share)}
                for c in world.chains
            ],
        }

    def _where(self, type_: str, where: Where) -> dict[str, Any]:
        stated: dict[str, Any] = {"type": type_}
        if where.units is not None:
            stated["units"] = [f"U{n:02d}" for n in where.units]
        if where.quarters is not None:
            first, last = where.quarters
            stated |= {"from": self._quarter(first), "to": self._quarter(last)}
        if where.department is not None and where.units:
            stated["department"] = f"U{where.units[0]:02d}-H{where.department + 1}"
        return stated

    def _quarter(self, number: int) -> str:
        return f"{self._world.first_year + number // 4}Q{number % 4 + 1}"


def _item(item: Item) -> dict[str, str]:
    return {"type": item[0], "node": item[1]}


def _number(value: Fraction) -> float | int:
    return value.numerator if value.denominator == 1 else float(value)


def _factors(factors: Factors) -> dict[str, float | int]:
    return {k: _number(v) for k, v in factors.items()}


def _json(value: Any) -> str:
    return json.dumps(value, ensure_ascii=False)


def write_overlay(folder: Path, seed: int, first: dt.date) -> None:
    """The overlay under which every rule that a check can decide is enforced."""
    folder.mkdir(exist_ok=True)
    stated = {
        "name": f"合成检察院 {seed}",
        "owner": "anguan generate",
        "date": first,
        "expires": dt.date(2026, 12, 31),
        "confirm": sorted(rules.unconfirmed()),
    }
    text = yaml.safe_dump(stated, allow_unicode=True, sort_keys=False)
    (folder / "overlay.yaml").write_text(text, encoding="utf-8")
