"""Figures as SVG text: funnel, series with bands, node heat-map, pattern network, hand-over Sankey.

No script, no font, no request to anything: a page opens offline. Each function draws an answer and
nothing else; the same answer gives the same bytes. Labels are laid out so that none covers another
and none leaves the drawing; a text too long for its place is cut and shows whole under the pointer.
"""

from __future__ import annotations

import datetime as dt
import html
import math
from collections.abc import Iterable, Mapping, Sequence
from typing import Any

import networkx as nx

from graph.analysis.scope import local_day

FONT = "Noto Sans CJK SC, Microsoft YaHei, PingFang SC, Source Han Sans SC, sans-serif"
WIDTH, HEIGHT = 960.0, 540.0
LEFT, RIGHT, TOP, BOTTOM = 84.0, 36.0, 64.0, 96.0
INK, SOFT, GRID = "#222222", "#5a5a5a", "#e3e3e3"
BLUE, ORANGE, GREY, INNER, OUTER = "#1f5a94", "#c4500a", "#9a9a9a", "#c9dcef", "#e4ecf5"
SIZE = 12.0
Text = Mapping[str, str]


def width_of(text: str, size: float = SIZE) -> float:
    """An upper estimate of the width of a text: a full em a CJK sign, 0.62 em any other."""
    return sum(size if ord(sign) > 0x2E7F else 0.62 * size for sign in text)


def fitted(text: str, room: float, size: float = SIZE) -> str:
    """The text, cut with an ellipsis where it is wider than ``room``."""
    if width_of(text, size) <= room:
        return text
    kept = text
    while kept and width_of(kept + "…", size) > room:
        kept = kept[:-1]
    return kept + "…"


class Canvas:
    """The elements of one drawing, in the order in which they are painted."""

    def __init__(self, title: str, width: float = WIDTH, height: float = HEIGHT) -> None:
        self.title, self.width, self.height = title, width, height
        self.parts: list[str] = []
        self.text(24, 30, title, 16, room=width - 48, bold=True)

    def told(self, answer: Mapping[str, Any], *notes: str) -> None:
        """Below the title: as of when, and how to read what is drawn."""
        moment = answer.get("as_of")
        day = local_day(moment) if isinstance(moment, dt.datetime) else moment
        said = [f"截至 {day} · as of"] if day else []
        self.text(24, 49, "　".join([*said, *notes]), 11, room=self.width - 48, fill=SOFT)

    def text(
        self,
        x: float,
        y: float,
        text: str,
        size: float = SIZE,
        *,
        anchor: str = "start",
        room: float | None = None,
        fill: str = INK,
        bold: bool = False,
        halo: bool = False,
    ) -> None:
        """A label with its base line at ``y``, at most ``room`` wide; ``halo`` parts it off."""
        shown = text if room is None else fitted(text, room, size)
        whole = f"<title>{html.escape(text)}</title>" if shown != text else ""
        weight = ' font-weight="600"' if bold else ""
        if halo:
            weight += ' paint-order="stroke" stroke="#ffffff" stroke-width="4"'
        self.parts.append(
            f'<text x="{x:.1f}" y="{y:.1f}" font-size="{size:g}" text-anchor="{anchor}" '
            f'fill="{fill}"{weight}>{whole}{html.escape(shown)}</text>'
        )

    def line(
        self,
        points: Iterable[tuple[float, float]],
        stroke: str,
        *,
        wide: float = 1.5,
        dashed: bool = False,
    ) -> None:
        """A line through points."""
        path = " ".join(f"{x:.1f},{y:.1f}" for x, y in points)
        dash = ' stroke-dasharray="5 4"' if dashed else ""
        self.parts.append(
            f'<polyline points="{path}" fill="none" stroke="{stroke}" stroke-width="{wide:g}"'
            f"{dash}/>"
        )

    def area(self, points: Iterable[tuple[float, float]], fill: str) -> None:
        """A filled polygon."""
        path = " ".join(f"{x:.1f},{y:.1f}" for x, y in points)
        self.parts.append(f'<polygon points="{path}" fill="{fill}"/>')

    def dot(self, x: float, y: float, radius: float, fill: str, told: str) -> None:
        """A disc that tells something under the pointer."""
        self.parts.append(
            f'<circle cx="{x:.1f}" cy="{y:.1f}" r="{radius:.1f}" fill="{fill}" stroke="#ffffff">'
            f"<title>{html.escape(told)}</title></circle>"
        )

    def box(self, x: float, y: float, w: float, h: float, fill: str, told: str) -> None:
        """A rectangle that tells something under the pointer."""
        self.parts.append(
            f'<rect x="{x:.1f}" y="{y:.1f}" width="{w:.1f}" height="{h:.1f}" fill="{fill}">'
            f"<title>{html.escape(told)}</title></rect>"
        )

    def arrow(
        self, a: tuple[float, float], b: tuple[float, float], bend: float, radius: float
    ) -> None:
        """A curve from ``a`` to ``b`` that bends aside, with its head on the disc at ``b``."""
        long = math.hypot(b[0] - a[0], b[1] - a[1]) or 1.0
        across = (-(b[1] - a[1]) / long, (b[0] - a[0]) / long)
        mid = tuple((a[k] + b[k]) / 2 + bend * across[k] for k in (0, 1))
        way = math.hypot(b[0] - mid[0], b[1] - mid[1]) or 1.0
        ahead = ((b[0] - mid[0]) / way, (b[1] - mid[1]) / way)
        tip = tuple(b[k] - (radius + 2) * ahead[k] for k in (0, 1))
        foot = tuple(tip[k] - 9 * ahead[k] for k in (0, 1))
        self.parts.append(
            f'<path d="M{a[0]:.1f},{a[1]:.1f} Q{mid[0]:.1f},{mid[1]:.1f} {foot[0]:.1f},'
            f'{foot[1]:.1f}" fill="none" stroke="{GREY}" stroke-opacity="0.5"/>'
        )
        sides = [(foot[0] + t * 4 * ahead[1], foot[1] - t * 4 * ahead[0]) for t in (-1, 1)]
        self.area([(tip[0], tip[1]), *sides], GREY)

    def band(self, d: str, wide: float, told: str) -> None:
        """A flow along a path."""
        self.parts.append(
            f'<path d="{d}" fill="none" stroke="{BLUE}" stroke-opacity="0.35" '
            f'stroke-width="{wide:.1f}"><title>{html.escape(told)}</title></path>'
        )

    def key(self, entries: Sequence[tuple[str, str]], y: float) -> None:
        """A legend in one row, as wide as its texts where they fit."""
        x, whole = LEFT, self.width - LEFT - RIGHT
        rooms = [width_of(text) + 30 for _, text in entries]
        spare = (whole - sum(rooms)) / max(1, len(rooms))
        if spare < 0:
            rooms, spare = [whole / len(rooms)] * len(rooms), 0.0
        for (colour, text), room in zip(entries, rooms, strict=True):
            self.parts.append(
                f'<rect x="{x:.1f}" y="{y - 10:.1f}" width="12" height="12" fill="{colour}"/>'
            )
            self.text(x + 18, y, text, room=room - 22, fill=SOFT)
            x += room + min(spare, 40.0)

    def nothing(self) -> str:
        """A drawing that says that there is nothing to draw."""
        self.text(
            self.width / 2,
            self.height / 2,
            "没有可画的数据 · nothing to draw",
            14,
            anchor="middle",
            fill=SOFT,
        )
        return self.svg()

    def svg(self) -> str:
        """The drawing."""
        return "\n".join(
            [
                f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {self.width:g} '
                f'{self.height:g}" role="img" font-family="{FONT}">',
                f"<title>{html.escape(self.title)}</title>",
                '<rect width="100%" height="100%" fill="#ffffff"/>',
                *self.parts,
                "</svg>",
            ]
        )


def page(title: str, drawings: Iterable[str]) -> str:
    """Drawings as one HTML page that asks nothing of the network."""
    body = "\n".join(f"<figure>{d}</figure>" for d in drawings)
    return (
        '<!doctype html>\n<html lang="zh-CN"><head><meta charset="utf-8">'
        f"<title>{html.escape(title)}</title>"
        "<style>body{margin:1rem auto;max-width:1100px;font-family:" + FONT + "}"
        "figure{margin:0 0 1.5rem}svg{width:100%;height:auto}</style>"
        f"</head><body>\n{body}\n</body></html>\n"
    )


def ticks(low: float, high: float, about: int = 5) -> list[float]:
    """Round numbers from ``low`` to ``high``."""
    step = 10.0 ** math.floor(math.log10((high - low) / about)) if high > low else 1.0
    step = next(step * k for k in (1, 2, 5, 10) if (high - low) / (step * k) <= about)
    first = math.ceil(low / step - 1e-9)
    count = math.floor((high - first * step) / step + 1e-9)
    return [round((first + at) * step, 10) for at in range(count + 1)]


class Axes:
    """A plane with its axes: where a pair of numbers lies."""

    def __init__(
        self, canvas: Canvas, xs: tuple[float, float], ys: tuple[float, float], share: bool
    ) -> None:
        self.canvas, self.xs, self.ys = canvas, xs, ys
        for y in ticks(*ys):
            place = self.y(y)
            canvas.line([(LEFT, place), (canvas.width - RIGHT, place)], GRID, wide=1)
            text = f"{y:.0%}" if share and ys[1] > 0.05 else f"{y:.1%}" if share else f"{y:g}"
            canvas.text(LEFT - 8, place + 4, text, anchor="end", room=LEFT - 12, fill=SOFT)

    def x(self, value: float) -> float:
        """The place of a value on the first axis."""
        low, high = self.xs
        room = self.canvas.width - LEFT - RIGHT
        return LEFT + room * ((value - low) / (high - low) if high > low else 0.5)

    def y(self, value: float) -> float:
        """The place of a value on the second axis."""
        low, high = self.ys
        room = self.canvas.height - TOP - BOTTOM
        return (
            self.canvas.height
            - BOTTOM
            - room * ((min(max(value, low), high) - low) / (high - low) if high > low else 0.5)
        )


def _both(text: Text) -> str:
    return f"{text['zh']} · {text['en']}"


def _said(value: float | None, share: bool) -> str:
    if value is None:
        return "–"
    return f"{value:.2%}" if share else f"{value:.4g}"


def _unit(share: bool) -> str:
    return "纵轴：占比 · vertical: share" if share else "纵轴：值 · vertical: value"


LIMITS_KEY = ((INNER, "95% 界限 · limits"), (OUTER, "99.8% 界限 · limits"))


def funnel(answer: Mapping[str, Any]) -> str:
    """The funnel of :func:`graph.analysis.figures.funnel_of`: only the unit asked for is named."""
    canvas = Canvas(f"{answer['indicator']} {_both(answer)} {answer['period']}")
    points, curve = answer["points"], answer["curve"]
    if not points or not curve:
        return canvas.nothing()
    share = answer["scale"] == "share"
    canvas.told(answer, _unit(share), "一点一个检察院 · a dot is a procuratorate")
    top = max(
        [p["value"] for p in points] + [curve[-1]["high998"], curve[len(curve) // 2]["high998"]]
    )
    bottom = min([p["value"] for p in points] + [curve[0]["low998"], curve[-1]["low998"]])
    pad = (top - bottom) * 0.08 or 0.01
    axes = Axes(canvas, (0, curve[-1]["size"]), (max(0.0, bottom - pad), top + pad), share)
    for low, high, fill in (("low998", "high998", OUTER), ("low95", "high95", INNER)):
        upper = [(axes.x(c["size"]), axes.y(c[high])) for c in curve]
        lower = [(axes.x(c["size"]), axes.y(c[low])) for c in reversed(curve)]
        canvas.area([*upper, *lower], fill)
    ends = (canvas.width - RIGHT, axes.y(answer["target"]))
    canvas.line([(LEFT, ends[1]), ends], BLUE, dashed=True)
    for p in points:
        told = f"{p['numerator']}/{p['size']} = {_said(p['value'], share)}"
        if not p["asked"]:
            canvas.dot(axes.x(p["size"]), axes.y(p["value"]), 5, GREY, told)
    for p in (p for p in points if p["asked"]):
        x, y = axes.x(p["size"]), axes.y(p["value"])
        canvas.dot(x, y, 7, ORANGE, f"{p['unit']} {p['numerator']}/{p['size']}")
        end = x > canvas.width / 2
        canvas.text(
            x + (-11 if end else 11),
            y - 9,
            f"{p['unit']} {_said(p['value'], share)}",
            anchor="end" if end else "start",
            bold=True,
            room=canvas.width / 2 - 60,
        )
    _below(canvas, axes, ticks(0, curve[-1]["size"]))
    canvas.text(
        canvas.width - RIGHT,
        canvas.height - BOTTOM + 42,
        "分母 · denominator",
        anchor="end",
        fill=SOFT,
    )
    phi = answer["spread"]["phi"]
    canvas.key(
        [
            *LIMITS_KEY,
            (BLUE, f"均值 · mean {_said(answer['target'], share)}"),
            (GREY, f"其他院（不具名） · others, φ={phi:.2f}"),
        ],
        canvas.height - 20,
    )
    return canvas.svg()


def _below(canvas: Canvas, axes: Axes, numbers: Sequence[float]) -> None:
    y = canvas.height - BOTTOM
    canvas.line([(LEFT, y), (canvas.width - RIGHT, y)], SOFT, wide=1)
    for n in numbers:
        canvas.text(axes.x(n), y + 20, f"{n:g}", anchor="middle", fill=SOFT)


def series(answer: Mapping[str, Any]) -> str:
    """One part of an indicator in one unit over periods, from rows of ``indicators``.

    ``answer`` is ``{rows: [...], as_of}`` of one indicator, part and unit.
    """
    rows = answer["rows"]
    if not rows:
        return Canvas("–").nothing()
    first = rows[0]
    canvas = Canvas(f"{first['indicator']} {_both(first)} {first['unit'] or ''}".strip())
    share = first["denominator"] is not None and first["indicator"] != "I01"
    canvas.told(answer, _unit(share), "横轴：期间 · periods")
    shown = [r for r in rows if r["value"] is not None]
    if not shown:
        return canvas.nothing()
    bands = [r for r in rows if r["low"] is not None]
    numbers = [r["value"] for r in shown] + [x for r in bands for x in (r["low"], r["high"])]
    low, high = min(numbers), max(numbers)
    pad = (high - low) * 0.12 or max(0.01, high * 0.1)
    axes = Axes(canvas, (-0.5, len(rows) - 0.5), (max(0.0, low - pad), high + pad), share)
    at = {r["period"]: n for n, r in enumerate(rows)}
    half = (axes.x(1) - axes.x(0)) / 2
    for r in bands:
        x = axes.x(at[r["period"]])
        told = f"{r['period']} {_said(r['low'], share)}–{_said(r['high'], share)} ({r['basis']})"
        top = axes.y(r["high"])
        canvas.box(x - half, top, 2 * half, axes.y(r["low"]) - top, INNER, told)
    canvas.line([(axes.x(at[r["period"]]), axes.y(r["value"])) for r in shown], BLUE)
    for r in shown:
        out = str(r["status"]).startswith("outside")
        told = f"{r['period']} {r['numerator']}/{r['denominator']} = {_said(r['value'], share)}"
        x, y = axes.x(at[r["period"]]), axes.y(r["value"])
        canvas.dot(x, y, 6 if out else 4.5, ORANGE if out else BLUE, f"{told} {r['status']}")
    step = max(1, math.ceil(58 / (2 * half)))
    y = canvas.height - BOTTOM
    canvas.line([(LEFT, y), (canvas.width - RIGHT, y)], SOFT, wide=1)
    for r in rows[::step]:
        canvas.text(axes.x(at[r["period"]]), y + 20, r["period"], anchor="middle", fill=SOFT)
    canvas.key(
        [(INNER, "合理区间 · band"), (BLUE, "区间内 · inside"), (ORANGE, "超出 · outside")],
        canvas.height - 20,
    )
    return canvas.svg()


ROW, NAME = 22.0, 260.0
"""Height of a row of the heat-map, and the room for the name of a node."""


def heat_map(answer: Mapping[str, Any]) -> str:
    """Nodes by period: cases with a counted problem (:func:`graph.analysis.figures.heat_of`)."""
    rows, columns = answer["nodes"], answer["periods"]
    height = TOP + 40 + ROW * max(1, len(rows)) + 60
    canvas = Canvas("各节点有问题的案件 · cases with problems by node", WIDTH, height)
    canvas.told(answer, "按发现的季度 · by quarter of finding", "数字：案件数 · cases")
    if not rows or not columns:
        return canvas.nothing()
    left = 24 + NAME
    cell = (WIDTH - left - RIGHT) / len(columns)
    most = max(max(r["cases"]) for r in rows) or 1
    step = max(1, math.ceil(58 / cell))
    for at, name in enumerate(columns):
        if at % step == 0:
            canvas.text(left + cell * (at + 0.5), TOP + 20, name, anchor="middle", fill=SOFT)
    for line, r in enumerate(rows):
        y = TOP + 32 + ROW * line
        canvas.text(left - 10, y + 15, f"{r['node']} {r['zh']}", anchor="end", room=NAME - 14)
        for at, n in enumerate(r["cases"]):
            told = f"{r['node']} {r['zh']} / {r['en']} · {columns[at]} · {n}"
            canvas.box(left + cell * at + 1, y + 1, cell - 2, ROW - 2, _shade(n / most), told)
            if n and cell >= 24:
                dark = n / most > 0.55
                canvas.text(
                    left + cell * (at + 0.5),
                    y + 15,
                    str(n),
                    11,
                    anchor="middle",
                    fill="#ffffff" if dark else INK,
                )
    canvas.text(left, height - 16, f"颜色最深 = {most} 件 · darkest = {most} cases", fill=SOFT)
    return canvas.svg()


def _shade(share: float) -> str:
    """From near white to blue."""
    light, dark = (243, 246, 250), (31, 90, 148)
    mixed = (round(a + (b - a) * min(1.0, share)) for a, b in zip(light, dark, strict=True))
    return "#" + "".join(f"{c:02x}" for c in mixed)


def pattern_network(answer: Mapping[str, Any]) -> str:
    """Nodes that chains of problems cross, from the answer of ``crossings``.

    Nodes stand in columns by their distance from where chains begin, so that labels never meet.
    """
    nodes = answer["nodes"]
    names = {n["node"]: n for n in nodes}
    drawn: nx.DiGraph[str] = nx.DiGraph()
    drawn.add_nodes_from(sorted(names))
    drawn.add_edges_from(
        (e["from"], e["to"]) for e in answer["links"] if e["from"] in names and e["to"] in names
    )
    columns: list[list[str]] = []
    if names:
        grouped = nx.condensation(drawn)
        depth = {
            node: level
            for level, layer in enumerate(nx.topological_generations(grouped))
            for group in layer
            for node in grouped.nodes[group]["members"]
        }
        columns = [
            sorted(n for n in drawn if depth[n] == level) for level in sorted({*depth.values()})
        ]
    tallest = max((len(c) for c in columns), default=1)
    height = max(260.0, TOP + 56.0 * tallest + 70)
    canvas = Canvas("问题链经过的节点 · nodes that chains cross", WIDTH, height)
    canvas.told(answer, "箭头：先出现的问题 → 后出现的 · arrows: from earlier to later problems")
    if not columns:
        return canvas.nothing()
    gap = (WIDTH - 48) / len(columns)
    at = {
        n: (24 + gap * (c + 0.5), TOP + 30 + (height - TOP - 90) * (row + 0.5) / len(column))
        for c, column in enumerate(columns)
        for row, n in enumerate(column)
    }
    most = max(n["chains"] for n in nodes)
    radius = {n["node"]: 5 + 9 * math.sqrt(n["chains"] / most) for n in nodes}
    for a, b in sorted(drawn.edges):
        bend = 34.0 if at[a][0] == at[b][0] else 8.0
        canvas.arrow(at[a], at[b], bend, radius[b])
    for code, (x, y) in at.items():
        n = names[code]
        told = f"{code} {n['zh']} / {n['en']}: {n['chains']}"
        canvas.dot(x, y, radius[code], BLUE, told)
        canvas.text(x, y + 28, f"{code} {n['zh']}", 11, anchor="middle", room=gap - 12, halo=True)
    canvas.text(24, height - 16, "圆的面积：经过的链数 · area: number of chains", fill=SOFT)
    return canvas.svg()


def sankey(answer: Mapping[str, Any]) -> str:
    """Hand-overs among departments from the answer of ``hand_overs``; in order of their codes."""
    flows = answer["flows"]["rows"]
    sides = (sorted({f["from"] for f in flows}), sorted({f["to"] for f in flows}))
    tallest = max(1, *(len(s) for s in sides))
    height = max(320.0, TOP + 34.0 * tallest + 200)
    titles = {"cases": "案件", "matters": "案（同一事实）", "leads": "线索"}
    kind = f"{titles[answer['what']]} · {answer['what']}"
    canvas = Canvas(f"部门之间的移送：{kind}（hand-overs）", WIDTH, height)
    canvas.told(answer, "宽度、数字：移送次数 · width and number: hand-overs")
    if not flows:
        return canvas.nothing()
    total = sum(f["hand_overs"] for f in flows)
    room = height - TOP - 60
    scale = (room - 22.0 * (tallest - 1)) / total
    left, right = 24 + 190.0, WIDTH - 24 - 190.0
    tops: list[dict[str, float]] = []
    for side, names, end in zip((0, 1), sides, ("from", "to"), strict=True):
        y, top = TOP, {}
        for name in names:
            n = sum(f["hand_overs"] for f in flows if f[end] == name)
            top[name] = y
            x = left - 12 if side == 0 else right
            canvas.box(x, y, 12, max(1.0, n * scale), BLUE, f"{name}: {n}")
            where = (left - 20, "end") if side == 0 else (right + 20, "start")
            canvas.text(
                where[0], y + min(n * scale / 2, room) + 4, f"{name} {n}", anchor=where[1], room=180
            )
            y += n * scale + 22
        tops.append(top)
    placed = [dict(t) for t in tops]
    for f in flows:
        wide = f["hand_overs"] * scale
        y1, y2 = placed[0][f["from"]] + wide / 2, placed[1][f["to"]] + wide / 2
        placed[0][f["from"]] += wide
        placed[1][f["to"]] += wide
        mid = (left + right) / 2
        told = f"{f['from']} → {f['to']}: {f['hand_overs']}, 中位 {f['median_days']:g} 日 · days"
        canvas.band(
            f"M{left:.1f},{y1:.1f} C{mid:.1f},{y1:.1f} {mid:.1f},{y2:.1f} {right:.1f},{y2:.1f}",
            max(1.0, wide),
            told,
        )
    canvas.text(24, height - 16, "左：移出，右：移入 · left: from, right: to", fill=SOFT)
    return canvas.svg()
