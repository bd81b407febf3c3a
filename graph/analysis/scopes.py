"""Which indicators should start a review (筛选关联指标): what each candidate would bring.

A machine shows the figures; a person adopts an indicator, and only then is it in force.
"""

from __future__ import annotations

import datetime as dt
import math
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
import yaml

from graph import rulebook
from graph.analysis import bands
from graph.analysis.counting import Reading
from graph.analysis.indicators import (
    OUTSIDE,
    Measured,
    checked,
    codes_of,
    ends_of,
    evidence,
    measured,
)
from graph.analysis.projection import Bools
from graph.analysis.scope import choice, one_source, period_bounds
from graph.errors import InputError
from graph.rulebook import book, law
from graph.rulebook.thresholds import Scope, ScopeEntry
from graph.store.connection import Graph

REVIEWS = ("ROUTINE", "KEY", "SPECIAL")


@dataclass(frozen=True, eq=False)
class Candidate:
    """An indicator or a combination in one style: the cases it flags, and its controls."""

    indicators: tuple[str, ...]
    style: str
    zh: str
    en: str
    flagged: Bools
    controls: Bools
    periods: int


def propose(
    g: Graph,
    combine: Sequence[str] = (),
    style: str | None = None,
    period: str | None = None,
    source: str | None = None,
    as_of: dt.date | dt.datetime | str | None = None,
    limit: int = 50,
    *,
    minutes_per_case: float = 120.0,
) -> dict[str, Any]:
    """Per candidate, in order of their codes, what it would have flagged in the quarters over.

    Style E flags every case in the numerator, style B those of values outside their band. A
    combination (``combine``: codes joined by +, such as I10+I12) flags the cases that every one of
    its indicators flags. ``flagged_per_quarter``; ``found`` and ``controls``: cases, those with a
    confirmed substantive problem, the share and its 95 % interval (Wilson); ``difference`` of the
    shares with its interval (Newcombe 1998, method 10); ``overlap`` with the other candidates of
    the same style, as the share of its own cases; ``reviewer_hours`` a quarter.

    An association of past cases, no proof: the problems may have been looked for because of the
    flag. Raises InputError for an unknown indicator.
    """
    choice("style", style, ("E", "B"))
    groups = [tuple(part.strip() for part in text.split("+")) for text in combine]
    for code in {c for group in groups for c in group}:
        codes_of(checked(code).code)
    since, until = period_bounds(period)
    moment = g.as_of(as_of)
    source = one_source(g, source)
    reading = Reading(g, source, moment)
    tables = measured(reading, codes_of(None))
    cut = reading.cut
    some = cut.of_kind(("SUBSTANTIVE",)) & (cut.problem_status == "CONFIRMED")
    confirmed = np.zeros(len(cut), dtype=np.bool_)
    confirmed[cut.problem_case[some]] = True
    candidates = [
        one
        for s in ("B", "E")
        if style in {None, s}
        for one in _candidates(reading, tables, s, groups, since, until)
    ]
    candidates.sort(key=lambda c: (c.indicators, c.style))
    adopted: dict[tuple[tuple[str, ...], str], Scope] = {
        (s.entry.indicators, s.entry.style): s for s in book().thresholds.scopes_on(reading.day)
    }
    rows = []
    for c in candidates:
        scope = adopted.get((c.indicators, c.style))
        rows.append(
            _shown(c, candidates, confirmed, minutes_per_case)
            | {"adopted": scope and {"scope": scope.code, "owner": scope.entry.owner}}
        )
    shown = rows[:limit] if limit else rows
    return {
        "as_of": moment,
        "source": source,
        "total": len(rows),
        "shown": len(shown),
        "truncated": len(shown) < len(rows),
        "candidates": shown,
        "evidence": evidence(g, source, moment, combine=list(combine), style=style, period=period),
    }


def _candidates(
    reading: Reading,
    tables: Sequence[Measured],
    style: str,
    groups: Sequence[tuple[str, ...]],
    since: dt.date | None,
    until: dt.date | None,
) -> list[Candidate]:
    """Every indicator by itself, then the combinations."""
    cut = reading.cut
    single: dict[str, Candidate] = {}
    for code in dict.fromkeys(m.part.code for m in tables):
        flagged, base = np.zeros((2, len(cut)), dtype=np.bool_)
        quarters: set[str] = set()
        for m in tables:
            if m.part.code != code:
                continue
            entry = rulebook.indicators()[code]
            for (unit, p), cell in m.cells.items():
                first, last = ends_of(p)
                if last > reading.day or (since and last < since) or (until and first > until):
                    continue
                quarters.add(p)
                entries = cell.entries
                base[entries.case] = True
                out = style == "E" or m.ranges.banded(unit, p).status in OUTSIDE
                if out:
                    more = entries.numerator > m.part.shift * entries.denominator
                    flagged[entries.case[more]] = True
            if m.part.plain:
                types = {n[:2] for n in entry.nodes}
                base |= cut.of_type(types)
        entry = rulebook.indicators()[code]
        single[code] = Candidate(
            (code,),
            style,
            entry.zh,
            entry.en,
            flagged,
            base & ~flagged,
            _span(quarters),
        )
    combined = []
    for group in groups:
        chosen = [single[code] for code in group]
        hit = np.logical_and.reduce([c.flagged for c in chosen])
        base_of_all = np.logical_or.reduce([c.flagged | c.controls for c in chosen])
        combined.append(
            Candidate(
                group,
                style,
                "＋".join(c.zh for c in chosen),
                " + ".join(c.en for c in chosen),
                hit,
                base_of_all & ~hit,
                max(c.periods for c in chosen),
            )
        )
    return [*single.values(), *combined]


def _span(quarters: set[str]) -> int:
    """The quarters from the first to the last of some."""
    if not quarters:
        return 0
    first, last = min(quarters), max(quarters)
    return (int(last[:4]) - int(first[:4])) * 4 + int(last[-1]) - int(first[-1]) + 1


def _shown(
    c: Candidate, others: Sequence[Candidate], confirmed: Bools, minutes: float
) -> dict[str, Any]:
    flagged = int(c.flagged.sum())
    sides = {
        name: (int((side & confirmed).sum()), int(side.sum()))
        for name, side in (("found", c.flagged), ("controls", c.controls))
    }
    per_quarter = flagged / c.periods if c.periods else None
    return {
        "indicators": list(c.indicators),
        "style": c.style,
        "zh": c.zh,
        "en": c.en,
        "quarters": c.periods,
        "flagged": flagged,
        "flagged_per_quarter": per_quarter,
        **{name: _share(*side) for name, side in sides.items()},
        "difference": newcombe(*sides["found"], *sides["controls"]),
        "overlap": [
            {"indicators": list(o.indicators), "share": both / flagged}
            for o in others
            if o is not c and o.style == c.style and (both := int((c.flagged & o.flagged).sum()))
        ],
        "reviewer_hours": None if per_quarter is None else per_quarter * minutes / 60,
    }


def _share(hits: int, cases: int) -> dict[str, Any]:
    low, high = bands.wilson(hits, cases) if cases else (None, None)
    return {
        "cases": cases,
        "with_problem": hits,
        "share": hits / cases if cases else None,
        "low": low,
        "high": high,
    }


def newcombe(hits1: int, n1: int, hits2: int, n2: int) -> dict[str, float] | None:
    """The difference of two shares with its 95 % interval (Newcombe 1998, method 10)."""
    if not n1 or not n2:
        return None
    p1, p2 = hits1 / n1, hits2 / n2
    (l1, u1), (l2, u2) = bands.wilson(hits1, n1), bands.wilson(hits2, n2)
    difference = p1 - p2
    return {
        "difference": difference,
        "low": difference - math.hypot(p1 - l1, u2 - p2),
        "high": difference + math.hypot(u1 - p1, p2 - l2),
    }


def adopt(
    indicators: Sequence[str],
    *,
    style: str,
    review: str,
    owner: str,
    basis: str,
    expires: dt.date | str,
    folder: str = "adopted",
    on: dt.date | None = None,
) -> dict[str, Any]:
    """Write a scope into ``scopes.yaml`` of an overlay folder; a person decides and is named.

    ``folder`` is a folder below the overlays (``ANGUAN_RULES``), made if it is not there. Raises
    InputError for an unknown indicator or choice, a date that cannot be read, a scope that is
    there already, or where the rulebook would have faults with it (nothing is written then).
    """
    for code in indicators:
        codes_of(checked(code).code)
    choice("style", style, ("E", "B"))
    choice("review", review, REVIEWS)
    for name, text in (("owner", owner), ("basis", basis)):
        if not text.strip():
            raise InputError("scope.missing", field=name)
    today = on or dt.datetime.now().astimezone().date()
    try:
        last = expires if isinstance(expires, dt.date) else dt.date.fromisoformat(expires)
    except ValueError as error:
        raise InputError("scope.bad_date", value=expires) from error
    if last < today:
        raise InputError("scope.bad_date", value=expires)
    root = law.rules_dir()
    if (root / "overlay.yaml").exists():
        raise InputError("scope.one_overlay", folder=root)
    place = root / folder
    if place.parent != root:
        raise InputError("scope.bad_folder", folder=folder)
    file, card = place / "scopes.yaml", place / "overlay.yaml"
    code = f"{'-'.join(indicators)}-{style}"
    before = file.read_text("utf-8") if file.exists() else ""
    if code in (yaml.safe_load(before) or {}):
        raise InputError("scope.exists", scope=code, file=file)
    entry = {
        "indicators": list(indicators),
        "style": style,
        "review": review,
        "owner": owner,
        "basis": basis,
        "valid_from": today,
        "expires": last,
    }
    ScopeEntry.model_validate(entry)
    place.mkdir(parents=True, exist_ok=True)
    made = not card.exists()
    if made:
        told = {"name": folder, "owner": owner, "date": today, "expires": dt.date(2099, 12, 31)}
        card.write_text(yaml.safe_dump(told, allow_unicode=True, sort_keys=False), "utf-8")
    text = yaml.safe_dump({code: entry}, allow_unicode=True, sort_keys=False)
    file.write_text(before + ("\n" if before and not before.endswith("\n") else "") + text, "utf-8")
    faults = [f for f in law.read().faults if f.file.startswith(f"{folder}/")]
    if faults:
        file.write_text(before, "utf-8") if before else file.unlink()
        if made:
            card.unlink()
        raise InputError(
            "scope.faults",
            file=faults[0].file,
            field=faults[0].field,
            message=faults[0].message["en"],
        )
    return {"as_of": None, "scope": code, "file": str(file), **entry}


def scopes(on: dt.date | None = None) -> dict[str, Any]:
    """The adopted scopes, those past their expiry marked."""
    today = on or dt.datetime.now().astimezone().date()
    rows = [
        {
            "scope": s.code,
            **s.entry.model_dump(mode="json"),
            "expires": s.last,
            "in_force": s.holds(today),
            "file": s.file,
        }
        for s in sorted(book().thresholds.scopes, key=lambda s: (s.code, s.file))
    ]
    return {
        "as_of": None,
        "total": len(rows),
        "shown": len(rows),
        "truncated": False,
        "scopes": rows,
    }
