"""Write ``docs/reference`` from the schema, the catalogue and the settings.

``python -m graph.store.docs`` writes ``schema.md``, ``queries.md`` and ``settings.md``.
"""

from __future__ import annotations

from collections.abc import Iterable
from pathlib import Path

import cypher
from graph.settings import Settings
from graph.store.catalogue import Query, catalogue
from graph.store.schema import DERIVED, NODE_TYPES, NodeType

TARGET = cypher.ROOT.parent / "docs" / "reference"
_FLAGS = ("required", "indexed", "personal", "pseudonym", "secrecy", "claim", "many")


def pages() -> dict[str, str]:
    """Every generated page by file name, with its text."""
    return {"schema.md": _schema(), "queries.md": _queries(), "settings.md": _settings()}


def _table(head: Iterable[str], rows: Iterable[Iterable[object]]) -> list[str]:
    titles = list(head)
    lines = ["| " + " | ".join(titles) + " |", "|" + "---|" * len(titles)]
    for row in rows:
        cells = (str(cell).replace("|", "\\|").replace("\n", " ") for cell in row)
        lines.append("| " + " | ".join(cells) + " |")
    return [*lines, ""]


def _flags(declared: object) -> str:
    return ", ".join(f for f in _FLAGS if getattr(declared, f, False))


def _schema() -> str:
    lines = ["# Graph model · 图模型", "", "Written by `python -m graph.store.docs`.", ""]
    for node_type in NODE_TYPES:
        lines += _type(node_type)
    lines += ["## Derived relationships · 派生关系", ""]
    lines += _table(
        ("relationship", "中文", "English"),
        ((f"`({d.start})-[:{d.type}]->({d.end})`", d.zh, d.en) for d in DERIVED),
    )
    return "\n".join(lines)


def _type(node_type: NodeType) -> list[str]:
    table = f"table `{node_type.table}`" if node_type.table else "no table"
    lines = [f"## {node_type.label} · {node_type.zh}", "", f"{node_type.en}; {table}.", ""]
    lines += _table(
        ("column", "type", "中文", "English", ""),
        [
            (f"`{node_type.id}`", "text", "编号", "id", "derived" if node_type.derived_id else ""),
            *((f"`{c.name}`", c.type, c.zh, c.en, _flags(c)) for c in node_type.columns),
        ],
    )
    if node_type.open_columns:
        lines += ["Further columns `attr_<name>` are accepted.", ""]
    if node_type.references:
        lines += _table(
            ("column", "relationship", "中文", "English", ""),
            (
                (
                    f"`{r.column}`",
                    f"`({r.target})-[:{r.type}]->({node_type.label})`"
                    if r.inward
                    else f"`({node_type.label})-[:{r.type}]->({r.target})`",
                    r.zh,
                    r.en,
                    _flags(r),
                )
                for r in node_type.references
            ),
        )
    return lines


def _queries() -> str:
    lines = ["# Queries · 查询", "", "Written by `python -m graph.store.docs`.", ""]
    by_folder: dict[str, list[Query]] = {}
    for query in catalogue().values():
        by_folder.setdefault(query.path.parent.name, []).append(query)
    for folder, queries in sorted(by_folder.items()):
        lines += [f"## {folder}", ""]
        if folder == "schema":
            names = sorted(f"`{q.name}`" for q in queries)
            lines += ["Generated from the graph model, see `graph/store/generate.py`.", ""]
            lines += [", ".join(names), ""]
            continue
        for query in sorted(queries, key=lambda q: q.name):
            lines += [f"### {query.name}", "", f"{query.title['zh']} · {query.title['en']}", ""]
            lines += [text for text in (query.doc.get("zh"), query.doc.get("en")) if text]
            lines += [f"Mode `{query.mode}`, {query.rows} rows, {query.ms} ms.", ""]
            if query.params:
                lines += _table(
                    ("parameter", "type", "default", "example"),
                    (
                        (
                            f"`{p.name}`",
                            p.type,
                            "required" if p.required else p.default,
                            "" if p.example is None else p.example,
                        )
                        for p in query.params.values()
                    ),
                )
            if query.returns:
                lines += [
                    "Returns " + ", ".join(f"`{n}` {t}" for n, t in query.returns.items()) + ".",
                    "",
                ]
    return "\n".join(lines)


def _settings() -> str:
    lines = ["# Settings · 设置", "", "Environment variables, read once per process.", ""]
    lines += _table(
        ("variable", "default", "meaning"),
        (
            (
                f"`ANGUAN_{name.upper()}`",
                "" if field.default is None or "password" in name else f"`{field.default}`",
                field.description,
            )
            for name, field in Settings.model_fields.items()
        ),
    )
    return "\n".join(lines)


def main(target: Path = TARGET) -> None:
    """Write the pages."""
    target.mkdir(parents=True, exist_ok=True)
    for name, text in pages().items():
        (target / name).write_text(text, encoding="utf-8")


if __name__ == "__main__":
    main()
