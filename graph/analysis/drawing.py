# ruff: noqa: A002  (parameters carry the names of the contract: type, id)
"""The linked-issue graph as one self-contained SVG: no script, no font, no network."""

from __future__ import annotations

import html
from typing import Any

import networkx as nx

COLOURS = {
    "Case": "#1f4e79",
    "Problem": "#b23b3b",
    "ProcessNode": "#5b7f3a",
    "Lead": "#8a5a00",
    "Correction": "#2f7f7f",
    "Review": "#6a4c93",
    "Event": "#777777",
    "Document": "#999999",
    "Party": "#4a6fa5",
    "Matter": "#333333",
}
WIDTH, HEIGHT, MARGIN = 1100.0, 760.0, 90.0


def linked_issues_svg(view: dict[str, Any]) -> str:
    """The view of :func:`graph.analysis.cases.linked_issues` drawn; the same view, same drawing.

    Each edge's reason and each node's name show when the pointer rests on it.
    """
    drawn: Any = nx.Graph()
    drawn.add_nodes_from(n["id"] for n in view["nodes"])
    drawn.add_edges_from((e["from"], e["to"]) for e in view["edges"])
    places = nx.spring_layout(drawn, seed=7, k=2.2 / max(1, len(drawn)) ** 0.5, iterations=120)

    def at(id: str) -> tuple[float, float]:
        x, y = places[id]
        return (
            MARGIN + (float(x) + 1) / 2 * (WIDTH - 2 * MARGIN),
            MARGIN + (float(y) + 1) / 2 * (HEIGHT - 2 * MARGIN),
        )

    parts = [
        f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {WIDTH:.0f} {HEIGHT:.0f}" '
        f'role="img" font-family="Noto Sans CJK SC, Microsoft YaHei, PingFang SC, sans-serif">',
        f"<title>{html.escape('关联问题 ' + str(view['case']))}</title>",
        '<rect width="100%" height="100%" fill="#ffffff"/>',
    ]
    for e in view["edges"]:
        (x1, y1), (x2, y2) = at(e["from"]), at(e["to"])
        reason = html.escape(f"{e['reason']['zh']} / {e['reason']['en']}")
        parts.append(
            f'<line x1="{x1:.1f}" y1="{y1:.1f}" x2="{x2:.1f}" y2="{y2:.1f}" stroke="#b8b8b8" '
            f'stroke-width="1.5"><title>{reason}</title></line>'
        )
    for n in view["nodes"]:
        x, y = at(n["id"])
        radius = 16 if n.get("root") else 11
        name = html.escape(f"{n['label']} {n['name']}")
        title = str(n["title"])
        shown = html.escape(title if len(title) <= 18 else title[:17] + "…")
        parts.append(
            f'<g><title>{name} {html.escape(title)}</title><circle cx="{x:.1f}" cy="{y:.1f}" '
            f'r="{radius}" fill="{COLOURS.get(n["label"], "#555555")}"/>'
            f'<text x="{x:.1f}" y="{y + radius + 14:.1f}" font-size="12" text-anchor="middle" '
            f'fill="#222222">{shown}</text></g>'
        )
    return "\n".join([*parts, "</svg>"])
