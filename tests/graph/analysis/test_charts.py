"""The figures: labels inside the drawing, none over another, nothing asked of the network."""

from __future__ import annotations

import datetime as dt
import re
from itertools import combinations
from typing import Any

import pytest
from lxml import etree

from graph.analysis import bands, charts

SVG = "{http://www.w3.org/2000/svg}"
NAMES = {"zh": "一次退回补充侦查率", "en": "First-return rate"}


def a_funnel(asked: str | None = "U03") -> dict[str, Any]:
    points = [
        {
            "unit": u if u == asked else None,
            "asked": u == asked,
            "numerator": r,
            "size": n,
            "value": r / n,
        }
        for u, r, n in (("U01", 4, 40), ("U02", 6, 55), ("U03", 22, 80), ("U04", 9, 90))
    ]
    curve = []
    for size in range(2, 100, 3):
        limits = bands.exact(0.15, size, "share")
        names = ("low95", "high95", "low998", "high998")
        curve.append({"size": size} | {n: getattr(limits, n) for n in names})
    spread = {"phi": 1.2, "tau2": 0.001, "cells": 30}
    return {
        "indicator": "I10",
        **NAMES,
        "period": "2025Q2",
        "scale": "share",
        "target": 0.15,
        "spread": spread,
        "points": points,
        "curve": curve,
    }


def a_series(n: int = 24) -> dict[str, Any]:
    rows = [
        {
            "indicator": "I10",
            **NAMES,
            "unit": "U03",
            "period": f"{2020 + at // 4}Q{at % 4 + 1}",
            "numerator": at,
            "denominator": 40,
            "value": at / 40 if at != 3 else None,
            "low": 0.05 if at > 4 else None,
            "high": 0.3 if at > 4 else None,
            "basis": "funnel",
            "status": "outside_95" if at > 12 else "inside",
        }
        for at in range(n)
    ]
    return {"rows": rows}


def a_heat(nodes: int = 30, periods: int = 8) -> dict[str, Any]:
    long = "对犯罪嫌疑人提出的排除非法证据申请依法进行调查核实并作出处理决定"
    rows = [
        {
            "node": f"PR{at:02d}",
            "zh": long[: 4 + at],
            "en": "x",
            "cases": [at * p for p in range(periods)],
        }
        for at in range(nodes)
    ]
    return {"nodes": rows, "periods": [f"{2022 + p // 4}Q{p % 4 + 1}" for p in range(periods)]}


def a_network() -> dict[str, Any]:
    codes = [f"PR{at:02d}" for at in range(14)]
    nodes = [
        {"node": c, "zh": "第一次退回补充侦查", "en": "x", "chains": 1 + at}
        for at, c in enumerate(codes)
    ]
    pairs = [(at, at + 1) for at in range(9)] + [(4, 1), (0, 13), (2, 12)]
    return {"nodes": nodes, "links": [{"from": codes[a], "to": codes[b]} for a, b in pairs]}


def a_sankey(what: str = "cases") -> dict[str, Any]:
    flows = [
        {
            "from": f"U{a:02d}-H1",
            "to": f"U{b:02d}-CM",
            "hand_overs": 1 + (a * b) % 40,
            "median_days": 2.5,
        }
        for a in range(12)
        for b in range(9)
        if (a + b) % 3
    ]
    return {"what": what, "flows": {"rows": flows}}


FIGURES = {
    "funnel": charts.funnel(a_funnel()),
    "funnel, edge": charts.funnel(a_funnel("U04")),
    "funnel, nobody": charts.funnel(a_funnel(None)),
    "series": charts.series(a_series()),
    "series, short": charts.series(a_series(1)),
    "heat": charts.heat_map(a_heat()),
    "heat, one": charts.heat_map(a_heat(1, 1)),
    "network": charts.pattern_network(a_network()),
    "sankey": charts.sankey(a_sankey()),
    "sankey, leads": charts.sankey(a_sankey("leads")),
    "nothing": charts.heat_map({"nodes": [], "periods": []}),
}


def labels(root: Any) -> list[tuple[str, float, float, float, float]]:
    """Every label with its box (left, top, right, bottom)."""
    found = []
    for text in root.iter(f"{SVG}text"):
        shown = "".join(text.xpath("text()"))
        size = float(text.get("font-size"))
        wide = charts.width_of(shown, size)
        x, y = float(text.get("x")), float(text.get("y"))
        left = {"start": x, "middle": x - wide / 2, "end": x - wide}[text.get("text-anchor")]
        found.append((shown, left, y - 0.85 * size, left + wide, y + 0.15 * size))
    return found


@pytest.mark.parametrize("name", FIGURES)
def test_labels_lie_inside_and_none_covers_another(name: str) -> None:
    root = etree.fromstring(FIGURES[name])
    _, _, width, height = map(float, root.get("viewBox").split())
    boxes = labels(root)
    assert boxes
    for text, left, top, right, bottom in boxes:
        assert left >= 0, text
        assert right <= width, text
        assert top >= 0, text
        assert bottom <= height, text
    for (a, l1, t1, r1, b1), (b, l2, t2, r2, b2) in combinations(boxes, 2):
        assert r1 <= l2 or r2 <= l1 or b1 <= t2 or b2 <= t1, (a, b)


@pytest.mark.parametrize("name", FIGURES)
def test_shapes_lie_inside(name: str) -> None:
    root = etree.fromstring(FIGURES[name])
    _, _, width, height = map(float, root.get("viewBox").split())
    for box in root.iter(f"{SVG}rect"):
        if box.get("width") == "100%":
            continue
        x, y, w, h = (float(box.get(k)) for k in ("x", "y", "width", "height"))
        assert w >= 0
        assert h >= 0
        assert x >= 0
        assert y >= 0
        assert x + w <= width + 0.1
        assert y + h <= height + 0.1
    for dot in root.iter(f"{SVG}circle"):
        assert 0 <= float(dot.get("cx")) <= width
        assert 0 <= float(dot.get("cy")) <= height


AS_OF = dt.datetime(2025, 12, 31, 20, tzinfo=dt.UTC)


@pytest.mark.parametrize(
    ("draw", "answer"),
    [
        (charts.funnel, a_funnel()),
        (charts.series, a_series()),
        (charts.heat_map, a_heat()),
        (charts.pattern_network, a_network()),
        (charts.sankey, a_sankey()),
    ],
)
def test_a_figure_says_as_of_when_by_the_local_day(draw: Any, answer: dict[str, Any]) -> None:
    assert "截至 2026-01-01 · as of" in draw(answer | {"as_of": AS_OF})
    assert "as of" not in draw(answer)


def test_a_funnel_names_only_the_unit_asked_for() -> None:
    assert "U03" in FIGURES["funnel"]
    for other in ("U01", "U02", "U04"):
        assert other not in FIGURES["funnel"]
    assert not re.search(r"U0\d", FIGURES["funnel, nobody"])


def test_the_points_of_a_funnel_lie_where_their_numbers_are() -> None:
    root = etree.fromstring(FIGURES["funnel"])
    dots = [
        (float(d.get("cx")), float(d.get("cy")), "".join(d.itertext()))
        for d in root.iter(f"{SVG}circle")
    ]
    at = {told.split(" ")[0 if told[0].isdigit() else 1]: (x, y) for x, y, told in dots}
    assert at["4/40"][0] < at["6/55"][0] < at["22/80"][0] < at["9/90"][0]
    assert at["22/80"][1] < at["6/55"][1] < at["4/40"][1]


def test_every_link_of_the_network_is_an_arrow_that_ends_at_its_node() -> None:
    root = etree.fromstring(FIGURES["network"])
    heads = [p.get("points").split(" ")[0] for p in root.iter(f"{SVG}polygon")]
    assert len(heads) == len(a_network()["links"])
    dots = [
        (float(d.get("cx")), float(d.get("cy")), float(d.get("r")))
        for d in root.iter(f"{SVG}circle")
    ]
    for head in heads:
        x, y = map(float, head.split(","))
        assert min(abs(((x - a) ** 2 + (y - b) ** 2) ** 0.5 - r - 2) for a, b, r in dots) < 0.2


def test_a_sankey_keeps_the_sums_of_its_flows() -> None:
    root = etree.fromstring(FIGURES["sankey"])
    flows = a_sankey()["flows"]["rows"]
    told = {"".join(b.itertext()) for b in root.iter(f"{SVG}rect")}
    for name in {f["from"] for f in flows}:
        assert f"{name}: {sum(f['hand_overs'] for f in flows if f['from'] == name)}" in told
    assert len(list(root.iter(f"{SVG}path"))) == len(flows)


def test_a_page_asks_nothing_of_the_network() -> None:
    text = charts.page("图 <1>", FIGURES.values())
    assert "<script" not in text
    assert set(re.findall(r"https?://[^\s\"<]+", text)) == {"http://www.w3.org/2000/svg"}
    assert not re.search(r"(src|href|url\()", text)
    assert "图 &lt;1&gt;" in text
    assert "一次退回补充侦查率" in text


def test_ticks_are_round_and_inside() -> None:
    assert charts.ticks(0, 1) == [0, 0.2, 0.4, 0.6, 0.8, 1]
    assert charts.ticks(0.013, 0.047) == [0.02, 0.03, 0.04]
    assert charts.ticks(0, 97) == [0, 20, 40, 60, 80]


def test_a_text_too_long_is_cut_and_shown_whole_under_the_pointer() -> None:
    assert charts.fitted("退回补充侦查", 40) == "退回…"
    assert "<title>PR29 对犯罪" in FIGURES["heat"]
