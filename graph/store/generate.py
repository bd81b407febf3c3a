"""Write ``cypher/schema`` from the declared schema: ``python -m graph.store.generate``.

For a type with stem ``cases`` (its table, else its label in snake case and plural) there are

- ``constraint_cases``, ``index_cases_id`` and one index per indexed column;
- ``create_cases``: rows that are not in the store yet. ``load_cases``: rows that may be there;
  it replaces all properties but the ``noted`` ones, and removes every relationship that the row's
  reference columns made before (deferred ones too), so link the deferred columns after it;
- ``link_cases_follows``: one column, rows ``{key, target, _batch, _row}``, one row per target;
  saying it twice is safe. Used for *deferred* columns (``deferred()``: many ids, own type, a table
  that loads later), and for any column whose target came later than the row;
- ``known_cases`` (keys to ``_hash``, ``_batch`` and ``_vanished``), ``former_cases`` (keys to
  properties and named keys), ``namers_cases`` (keys to the nodes that name them), ``delete_cases``
  (keys), ``find_cases`` and ``similar_cases`` (by short id);
- for a type with a table, ``scope_cases``: the rows of a source in a span of time, and
  ``mark_cases``: note that rows have vanished from their source, or are there again.

A row of ``create_`` and ``load_`` is ``{key, props, <column>: target key or null}`` for every
reference column that is not deferred; an absent column counts as null. ``props`` holds every
stored property, also ``key``, ``id``, ``source``, ``_batch``, ``_row`` and ``_hash``;
relationships take ``_batch`` and ``_row`` from it. A missing target makes no relationship, of a
required column neither: the row is then pending. Measured with 10,000 events a call: about 1 s on
either engine; an optional match on a null key scans the whole label on ArcadeDB, hence the
``coalesce``.
"""

from __future__ import annotations

import re
from pathlib import Path

import cypher
from graph.store.schema import NODE_TYPES, NodeType, Reference

TARGET = cypher.ROOT / "schema"
TEMPLATES = cypher.ROOT / "templates"


def stem(node_type: NodeType) -> str:
    """The name that a type's statements carry: its table, else its label as a plural."""
    if node_type.table:
        return node_type.table
    name = re.sub(r"(?<!^)(?=[A-Z])", "_", node_type.label).lower()
    return f"{name}es" if name.endswith("ch") else f"{name}s"


def deferred(node_type: NodeType) -> tuple[Reference, ...]:
    """References that are linked after all nodes are there: many ids, own type, later tables."""
    order = [t.label for t in _order()]
    place = order.index(node_type.label) if node_type.label in order else len(order)
    return tuple(
        r
        for r in node_type.references
        if r.many
        or r.target == node_type.label
        or (r.target in order and order.index(r.target) > place)
    )


def _order() -> list[NodeType]:
    from graph.store.schema import loading_order

    return list(loading_order())


def _filled(template: str, **values: object) -> str:
    text = (TEMPLATES / f"{template}.cypher.template").read_text(encoding="utf-8")
    for name, value in values.items():
        text = text.replace("{{" + name + "}}", str(value))
    return text


def _ends(reference: Reference, node: str, target: str) -> dict[str, str]:
    start, end = (target, node) if reference.inward else (node, target)
    return {"start": f"({start})", "end": f"({end})"}


def _arrow(*, outward: bool) -> dict[str, str]:
    """The two ends of a relationship as written from a bound node.

    A list of patterns is written so: an engine may go through it from the left.
    """
    return {"left": "-", "right": "->"} if outward else {"left": "<-", "right": "-"}


def _references(node_type: NodeType) -> str:
    """The clauses that match each target and create its relationship."""
    later = deferred(node_type)
    return "".join(
        _filled(
            "reference",
            at=at,
            target=r.target,
            column=r.column,
            type=r.type,
            **_ends(r, "n", f"t{at}"),
        )
        for at, r in enumerate(node_type.references)
        if r not in later
    )


def _noted(node_type: NodeType) -> dict[str, str]:
    """The clauses around the one that replaces all properties, so that noted ones stay."""
    names = node_type.noted
    if not names:
        return {"keep": "", "noted": ""}
    old = ", ".join(f"n.{name} AS {name}" for name in names)
    new = ", ".join(f"n.{name} = {name}" for name in names)
    return {"keep": f"{_filled('keep', old=old).strip()}\n", "noted": f", {new}"}


def _former(node_type: NodeType) -> str:
    """The clauses that remove what a row's columns made before, deferred columns included."""
    made = dict.fromkeys((r.type, r.target, r.inward) for r in node_type.references)
    return "".join(
        _filled(
            "reference_former",
            at=at,
            type=type_,
            target=target,
            **_arrow(outward=not inward),
        )
        for at, (type_, target, inward) in enumerate(made)
    )


def _named(node_type: NodeType) -> str:
    """The expression that lists what a row's columns name: pairs of column and target key."""
    parts = [
        _filled(
            "named",
            type=r.type,
            target=r.target,
            column=r.column,
            **_arrow(outward=not r.inward),
        ).strip()
        for r in node_type.references
    ]
    return " +\n       ".join(parts) or "[]"


def _naming(node_type: NodeType) -> str:
    """The expression that lists which nodes name a node: label, column, key, batch and row."""
    parts = [
        _filled(
            "naming",
            label=x.label,
            column=r.column,
            type=r.type,
            **_arrow(outward=r.inward),
        ).strip()
        for x in NODE_TYPES
        for r in x.references
        if r.target == node_type.label
    ]
    return " +\n       ".join(parts) or "[]"


def _units(node_type: NodeType) -> str:
    """The expression that lists the units of a row."""
    found = [r for r in node_type.references if r.target == "Unit" and r.column == "unit"]
    return (
        "".join(
            _filled("units", type=r.type, **_arrow(outward=not r.inward)).strip() for r in found
        )
        or "[]"
    )


def statements() -> dict[str, str]:
    """Every generated file by name, with its text."""
    files: dict[str, str] = {}
    for node_type in NODE_TYPES:
        name = stem(node_type)
        base = {"zh": node_type.zh, "en": node_type.en, "label": node_type.label, "stem": name}
        files[f"constraint_{name}"] = _filled("constraint", **base)
        for column in ("id", *(c.name for c in node_type.columns if c.indexed)):
            files[f"index_{name}_{column}"] = _filled("index", column=column, **base)
        files[f"former_{name}"] = _filled("former", named=_named(node_type), **base)
        files[f"namers_{name}"] = _filled("namers", naming=_naming(node_type), **base)
        if node_type.table:
            files[f"scope_{name}"] = _filled("scope", units=_units(node_type), **base)
            files[f"mark_{name}"] = _filled("mark", **base)
        for template in ("known", "find", "similar", "delete"):
            files[f"{template}_{name}"] = _filled(template, **base)
        references = _references(node_type)
        for template in ("create", "load"):
            text = _filled(
                template,
                references=references,
                former=_former(node_type),
                **base,
                **_noted(node_type),
            )
            files[f"{template}_{name}"] = re.sub(r"\n{2,}", "\n", text).rstrip() + "\n"
        for r in node_type.references:
            files[f"link_{name}_{r.column}"] = _filled(
                "link", target=r.target, type=r.type, column=r.column, **base, **_ends(r, "n", "t")
            )
    return files


def main() -> None:
    """Write the files that differ and remove those no longer generated."""
    TARGET.mkdir(exist_ok=True)
    wanted = {f"{name}.cypher": text for name, text in statements().items()}
    for path in Path(TARGET).glob("*.cypher"):
        if path.name not in wanted:
            path.unlink()
    for name, text in wanted.items():
        path = TARGET / name
        if not path.exists() or path.read_text(encoding="utf-8") != text:
            path.write_text(text, encoding="utf-8")


if __name__ == "__main__":
    main()
