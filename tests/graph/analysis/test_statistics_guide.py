"""The figures of docs/statistics.md are what the code computes."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

from graph.analysis.stratified import (
    Tables,
    heterogeneity,
    p_greater,
    p_two_sided,
    pooled,
    score,
)
from graph.analysis.words import needed_information

GUIDE = (Path(__file__).parents[3] / "docs" / "statistics.md").read_text("utf-8")


def worked() -> list[list[float]]:
    """The rows of the worked table: a, b, c, d, ad/n, bc/n, E, V."""
    rows = re.findall(r"^\| [A-F] \|(.+)\|$", GUIDE, re.MULTILINE)
    return [[float(cell) for cell in row.split("|")] for row in rows]


def test_the_worked_table_is_right_cell_by_cell() -> None:
    rows = worked()
    assert len(rows) == 6
    t = Tables.of([tuple(int(x) for x in row[:4]) for row in rows])  # type: ignore[misc]
    for at, row in enumerate(rows):
        a, b, c, d = row[:4]
        n = a + b + c + d
        figures = [a * d / n, b * c / n, t.expected[0, at], t.variance[0, at]]
        assert row[4:] == pytest.approx(figures, abs=0.0006)


def test_the_sums_of_the_worked_table_are_right() -> None:
    t = Tables.of([tuple(int(x) for x in row[:4]) for row in worked()])  # type: ignore[misc]
    effect = pooled(t)
    x2, freedom, p = heterogeneity(t, effect.odds_ratio)
    whole = Tables(*(x.sum(axis=1, keepdims=True) for x in (t.a, t.b, t.c, t.d)))
    said = {
        "Σ(ad/n) = {:.3f}": (t.a * t.d / t.n).sum(),
        "Σ(bc/n) = {:.3f}": (t.b * t.c / t.n).sum(),
        "OR = {:.3f}": effect.odds_ratio[0],
        "({:.3f} to": effect.low[0],
        "to {:.3f})": effect.high[0],
        "Σ(a−E) = −{:.3f}": -(t.a - t.expected).sum(),
        "ΣV = {:.3f}": t.information[0],
        "z = −{:.3f}": -score(t)[0],
        "p = {:.3f}**": p_two_sided(t)[0],
        "Breslow–Day {:.2f}": x2[0],
        "on {:.0f} degrees": freedom[0],
        "p = {:.3f}: department A": p[0],
        "gives {:.2f} with": pooled(whole).odds_ratio[0],
    }
    said["one test I = {:.1f}"] = needed_information(1, two_sided=True)
    said["with 25 it is {:.1f}"] = needed_information(25, two_sided=True)
    missing = [text.format(x) for text, x in said.items() if text.format(x) not in GUIDE]
    assert missing == []


def test_the_worked_path_is_right() -> None:
    rows = re.findall(r"^\| U0\d \|(.+)\|$", GUIDE, re.MULTILINE)
    cells = [[float(cell) for cell in row.split("|")] for row in rows]
    t = Tables.of([tuple(int(x) for x in row[:4]) for row in cells])  # type: ignore[misc]
    for at, (a, b, c, d, ad, bc, expected, variance) in enumerate(cells):
        n = a + b + c + d
        assert (ad, bc) == pytest.approx((a * d / n, b * c / n), abs=0.0006)
        assert (expected, variance) == pytest.approx(
            (t.expected[0, at], t.variance[0, at]), abs=0.0006
        )
    effect = pooled(t)
    low, ratio, high = effect.low[0], effect.odds_ratio[0], effect.high[0]
    assert f"**{ratio:.3f} ({low:.3f} to {high:.3f})**" in GUIDE
    assert f"= {score(t)[0]:.3f}, exact one-sided" in GUIDE
    assert f"**p = {p_greater(t)[0] * 1e6:.2f} · 10⁻⁶**" in GUIDE
    assert f"q = {p_greater(t)[0] * 60:.5f}" in GUIDE
