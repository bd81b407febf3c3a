"""What the cases of a source are stratified by: what its profile names, else the usual four."""

from __future__ import annotations

import numpy as np
import yaml

from graph.analysis.projection import STRATA, Cut, Ints, period_name, strata_of
from graph.store.connection import Graph
from graph.store.schema import property_name

Strata = tuple[Ints, list[tuple[str, ...]], tuple[str, ...]]
"""The stratum of each case, the strata, and what their parts are."""
QUARTER = "quarter"


def strata_of_source(g: Graph, cut: Cut, source: str | None) -> Strata:
    """Strata of the cases by the attributes that the profile states, else by :data:`STRATA`."""
    stated = stated_strata(g, source)
    if not stated:
        return *strata_of(cut), STRATA
    values = {
        str(r.case): tuple("–" if v is None else str(v) for v in r.values)
        for r in g.stream("link_strata", source=source, properties=[f"attr_{n}" for n in stated])
    }
    rows = [values.get(key, ("–",) * len(stated)) for key in cut.cases]
    return *_coded(rows), tuple(stated)


def with_quarter(cut: Cut, strata: Strata) -> Strata:
    """The strata with the quarter of acceptance kept apart, where they do not have it."""
    code, names, by = strata
    if QUARTER in by:
        return strata
    quarters = cut.quarter.tolist()
    rows = [(*names[s], period_name(q)) for s, q in zip(code.tolist(), quarters, strict=True)]
    return *_coded(rows), (*by, QUARTER)


def _coded(rows: list[tuple[str, ...]]) -> tuple[Ints, list[tuple[str, ...]]]:
    names = sorted(set(rows))
    place = {name: at for at, name in enumerate(names)}
    return np.array([place[r] for r in rows], dtype=np.int64), names


def stated_strata(g: Graph, source: str | None) -> list[str]:
    """Attributes of cases (as stored) that the latest profile of a source names as ``strata``."""
    profiles = [r.profile for r in g.read("batches") if r.profile and r.source == source]
    stated = yaml.safe_load(profiles[-1]).get("strata") or [] if profiles else []
    return [property_name(name) for name in stated]
