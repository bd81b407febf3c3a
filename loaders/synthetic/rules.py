"""The rulebook's entries as the generator reads them: plain YAML, no clock and no check."""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping
from functools import lru_cache
from typing import Any

import yaml

from graph.rulebook.model import DATA, status_of

Entry = Mapping[str, Any]
LOADER: Any = getattr(yaml, "CSafeLoader", yaml.SafeLoader)


def _read(name: str) -> dict[str, Entry]:
    text = (DATA / f"{name}.yaml").read_text(encoding="utf-8")
    found: dict[str, Entry] = yaml.load(text, Loader=LOADER)
    return found


@lru_cache(maxsize=1)
def executable() -> Mapping[str, Entry]:
    """The time limits, gates and data rules that a check can decide by themselves."""
    limits = {c: e for c, e in _read("limits").items() if e.get("clock") or e.get("gate")}
    return limits | {c: e for c, e in _read("data_rules").items() if e.get("check")}


@lru_cache(maxsize=1)
def clocks() -> tuple[tuple[str, int, Entry], ...]:
    """Code, number and terms of every period."""
    return tuple(
        (code, number, terms)
        for code, entry in executable().items()
        for number, terms in enumerate(entry.get("clock", ()))
    )


@lru_cache(maxsize=1)
def unconfirmed() -> frozenset[str]:
    """The entries that are not enforced unless an overlay confirms them."""
    return frozenset(c for c, e in executable().items() if status_of(e["mark"]) != "confirmed")


@lru_cache(maxsize=1)
def _laws() -> dict[str, Entry]:
    return _read("laws")


def since(code: str) -> dt.date:
    """From when an entry is in force: the day of the earliest law that it cites."""
    entry = executable()[code]
    cited = [_laws()[text.partition(" ")[0]]["in_force"] for text in entry.get("basis", ())]
    found: dt.date = entry.get("valid_from") or min(cited, default=dt.date.min)
    return found


def kind(code: str) -> str:
    """OWN, EXT, GATE or DATA."""
    return "DATA" if code.startswith("Q") else str(executable()[code]["kind"])


def names(point: str) -> list[str]:
    """Every name of a point, choice by choice."""
    return [name for choice in point.split(" // ") for name in choice.split(" + ")]
