"""The schema of a truth file: what ``generate`` says is true of the world it wrote.

The product never reads a truth file; tests and benchmarks do, and so may anybody who wants to hold
an analysis against a world. docs/worlds.md explains each part.
"""

from __future__ import annotations

from typing import Literal

from pydantic import BaseModel, ConfigDict, Field


class _Part(BaseModel):
    model_config = ConfigDict(extra="forbid", frozen=True)


class Item(_Part):
    """A problem type at a node."""

    type: str
    node: str


class Where(_Part):
    """Where an effect is planted; what is left out is everywhere. Quarters are of the intake."""

    type: Literal["AR", "PR", "CP"]
    units: list[str] | None = None
    from_: str | None = Field(None, alias="from")
    to: str | None = None
    department: str | None = None


class Declared(_Part):
    """Which world it is; ``from`` and ``to`` bound the intakes that were drawn."""

    name: str
    title: str
    from_: str = Field(alias="from")
    to: str
    units: int
    scripts: bool


class Outcome(_Part):
    """An indicator whose outcome was drawn, and the nodes whose deviations come before it."""

    indicator: str
    nodes_before: list[str]


class Factors(_Part):
    """By how much the odds are multiplied, in one unit, quarter or class of parties."""

    problems: float
    deviations: float
    outcomes: float


class Confounders(_Part):
    """The factors of every unit, quarter of the year and class of number of parties."""

    unit: dict[str, Factors]
    quarter: dict[str, Factors]
    parties: dict[str, Factors]


class Driver(_Part):
    """A deviation that multiplies the odds of an indicator; ``support``: cases that have it."""

    indicator: str
    node: str
    deviation: Literal["passed", "repeated", "late", "skipped", "out_of_order", "problem"]
    odds_ratio: float
    where: Where
    support: int


class Pattern(_Part):
    """Problems that recur together beyond chance (one: in a department); ``support``: cases."""

    items: list[Item]
    lift: float
    where: Where
    support: int


class Shift(_Part):
    """A unit in which the odds of an indicator change from a quarter of the intake on."""

    indicator: str
    unit: str
    from_: str = Field(alias="from")
    odds_ratio: float


class ChainPattern(_Part):
    """The problems of the planted chains, and the share of the cases given them."""

    items: list[Item]
    share: float


class Breach(_Part):
    """One breach of a rule of the rulebook. ``party`` is null where the case is concerned;
    ``type``: the problem type that it raises."""

    rule: str
    kind: Literal["OWN", "EXT", "GATE", "DATA"]
    case: str
    party: str | None
    status: Literal["LATE", "OVERDUE", "UNKNOWN", "BROKEN"]
    type: str | None
    needs_overlay: bool


class Clean(_Part):
    """A scripted case that keeps a rule, and how."""

    rule: str
    case: str
    party: str | None
    how: str


class Lead(_Part):
    """What is true of a lead at the end of the recording."""

    route: str
    verdict: Literal["complete", "open", "stalled", "broken"]
    stalled_in: str | None
    broken_at: int | None
    missing: list[str]


class Chain(_Part):
    """One planted chain of a data, a procedural and a substantive problem, in order."""

    case: str
    problems: list[str]
    types: list[str]


class Fault(_Part):
    """A fault planted in the written package; ``row`` counts from the header, which is row 1."""

    table: str
    file: str
    row: int
    field: str
    kind: str
    id: str
    becomes: Literal["rejected", "pending", "loaded"]
    rule: str | None


class Truth(_Part):
    """A truth file."""

    seed: int
    data_date: str
    cases: int
    world: Declared
    strata: list[str]
    outcomes: list[Outcome]
    confounders: Confounders
    drivers: list[Driver]
    patterns: list[Pattern]
    shifts: list[Shift]
    chain_patterns: list[ChainPattern]
    breaches: list[Breach]
    clean: list[Clean]
    leads: dict[str, Lead]
    chains: list[Chain]
    dirt: list[Fault]
