"""The worked tables of docs/indicators.md, recomputed; once more without the product's own code."""

from __future__ import annotations

import math
import re
from math import comb
from pathlib import Path
from typing import Any

import pytest

from graph.analysis import bands

GUIDE = (Path(__file__).parents[3] / "docs" / "indicators.md").read_text("utf-8")


def worked(name: str) -> list[list[str]]:
    """The cells of a worked table, without its head."""
    text = GUIDE.split(f"<!-- worked: {name} -->")[1]
    lines = []
    for line in text.strip().splitlines():
        if not line.startswith("|"):
            break
        lines.append([c.strip() for c in line.strip("|").split("|")])
    return lines[2:] if name != "history" else [lines[0], *lines[2:]]


def binomial_limit(p: float, n: int, theta: float, upper: bool) -> float:
    """The formula of the guide by plain addition."""
    below, r = 0.0, 0
    while True:
        mass = comb(n, r) * theta**r * (1 - theta) ** (n - r)
        if below + mass >= p:
            break
        below, r = below + mass, r + 1
    at = r - (below + mass - p) / mass + upper
    return min(n, max(0.0, at)) / n


def test_exact_limits() -> None:
    rows = worked("exact")
    assert len(rows) == 5
    theta = sum(int(r[1]) for r in rows) / sum(int(r[2]) for r in rows)
    assert theta == 40 / 236
    for _, count, size, value, *ends, status in rows:
        n = int(size)
        by_hand = [binomial_limit(p, n, theta, p > 0.5) for p in (0.025, 0.975, 0.001, 0.999)]
        limits = bands.exact(theta, n, "share")
        ours = (limits.low95, limits.high95, limits.low998, limits.high998)
        assert ours == pytest.approx(by_hand, abs=1e-9)
        assert [f"{x:.4f}" for x in ours] == ends
        assert f"{int(count) / n:.4f}" == value
        assert bands.placed(int(count) / n, limits, n, "share") == status


def test_over_dispersion() -> None:
    rows = worked("spread")
    cells = [(int(r[0]), int(r[1])) for r in rows]
    theta = sum(r for r, _ in cells) / sum(n for _, n in cells)
    assert theta == 99 / 595
    z = [
        (math.asin(math.sqrt(r / n)) - math.asin(math.sqrt(theta))) * 2 * math.sqrt(n)
        for r, n in cells
    ]
    assert [f"{x:.4f}" for x in z] == [r[2] for r in rows]
    ordered = sorted(z)
    drawn = [min(max(x, ordered[1]), ordered[-2]) for x in z]
    assert [f"{x:.4f}" for x in drawn] == [r[3] for r in rows]
    w = [4 * n for _, n in cells]
    phi = sum(x * x for x in drawn) / 10
    tau2 = (10 * phi - 9) / (sum(w) - sum(x * x for x in w) / sum(w))
    found = bands.spread(z, [1 / x for x in w])
    assert (found.phi, found.tau2) == pytest.approx((phi, tau2))
    assert f"φ ＝ {phi:.4f}，τ² ＝ {tau2:.6f}" in GUIDE
    for way, *ends in worked("widened"):
        limits = bands.funnel(theta, 80, "share", found, way)  # type: ignore[arg-type]
        ours = (limits.low95, limits.high95, limits.low998, limits.high998)
        assert [f"{x:.4f}" for x in ours] == ends
        if way != "none":
            wide = 1 / 320 + tau2 if way == "additive" else phi / 320
            top = math.sin(math.asin(math.sqrt(theta)) + 1.959964 * math.sqrt(wide)) ** 2
            assert limits.high95 == pytest.approx(top, abs=1e-6)


def test_own_history() -> None:
    _, counts, sizes = (
        [int(x) if x.isdigit() else x for x in row[1:]] for row in worked("history")
    )
    limits = bands.history(counts, sizes, "share")  # type: ignore[arg-type]
    y = [
        math.asin(math.sqrt((r + 3 / 8) / (n + 3 / 4))) for r, n in zip(counts, sizes, strict=True)
    ]
    v = [1 / (4 * n + 2) for n in sizes]
    total = sum(1 / x for x in v[:-1])
    share = [1 / x / total for x in v[:-1]] + [0.0]
    mean = sum(s * x for s, x in zip(share, y, strict=True))
    smooth = mean
    for x in y[:-1]:
        smooth = 0.3 * x + 0.7 * smooth
    held = 0.7**5
    pull = [0.3 * 0.7 ** (4 - at) - (1 - held) * share[at] for at in range(5)]
    deviation = math.sqrt(sum(p * p * x for p, x in zip(pull, v, strict=True)))
    ends = []
    for reach in (1.959964, 3.090232):
        for sign in (-1, 1):
            edge = (mean + sign * reach * deviation - 0.7 * smooth) / 0.3
            ends.append(((math.sin(edge) ** 2) * (sizes[-1] + 3 / 4) - 3 / 8) / sizes[-1])
    ours = (limits.low95, limits.high95, limits.low998, limits.high998)
    assert ours == pytest.approx(ends, abs=1e-5)
    low95, high95, low998, high998 = ours
    assert f"95%：{low95:.4f}–{high95:.4f}，99.8%：{low998:.4f}–{high998:.4f}" in GUIDE
    assert bands.placed(counts[-1] / sizes[-1], limits, sizes[-1], "share") == "outside_95"


def test_every_command_of_the_guide_exists() -> None:
    from typer.main import get_command

    from api.cli import app

    top = get_command(app)
    for line in re.findall(r"`anguan ([^`]+)`", GUIDE):
        words = line.split()
        at: Any = top
        while hasattr(at, "commands"):
            assert words[0] in at.commands, line
            at = at.commands[words.pop(0)]
        known = {o for p in at.params for o in p.opts}
        assert {w for w in words if w.startswith("--")} <= known, line
