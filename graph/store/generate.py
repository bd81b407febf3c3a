"""Write ``cypher/schema`` from the declared schema: ``python -m graph.store.generate``.

For a type with stem ``cases`` (its table, else its label in snake case and plural):

- ``constraint_cases``, ``index_cases_id`` …: unique key and indexes;
- ``create_cases``: rows that are not there yet; ``load_cases``: rows that may be there.
  A row is ``{key, props, <reference column>: key of the target or null}``; ``props`` holds every
  stored property, also ``key``, ``id``, ``source``, ``_batch``, ``_row``, ``_hash``. A row whose
  *required* target is missing writes no relationship, so the loader checks targets first;
- ``link_cases_follows``: relationships of one column, rows ``{key, target, _batch, _row}``
  (columns with many ids, targets that come later);
- ``unlink_cases_<n>``: removes the relationships that the rows' columns made;
- ``known_cases``, ``former_cases``, ``find_cases``, ``similar_cases``, ``delete_cases``.
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
    text = (TEMPLATES / f"{template}.template").read_text(encoding="utf-8")
    for name, value in values.items():
        text = text.replace("{{" + name + "}}", str(value))
    return text


def _ends(reference: Reference, node: str, target: str) -> dict[str, str]:
    start, end = (target, node) if reference.inward else (node, target)
    return {"start": f"({start})", "end": f"({end})"}


def _references(node_type: NodeType, verb: str) -> str:
    later = deferred(node_type)
    parts = [
        _filled(
            "reference_required" if r.required else "reference_optional",
            at=at,
            target=r.target,
            column=r.column,
            type=r.type,
            verb=verb,
            **_ends(r, "n", f"t{at}"),
        )
        for at, r in enumerate(node_type.references)
        if r not in later
    ]
    return "".join(sorted(parts, key=lambda p: "OPTIONAL" in p)).strip()


def statements() -> dict[str, str]:
    """Every generated file by name, with its text."""
    files: dict[str, str] = {}
    for node_type in NODE_TYPES:
        name = stem(node_type)
        base = {"zh": node_type.zh, "en": node_type.en, "label": node_type.label, "stem": name}
        files[f"constraint_{name}"] = _filled("constraint", **base)
        for column in ("id", *(c.name for c in node_type.columns if c.indexed)):
            files[f"index_{name}_{column}"] = _filled("index", column=column, **base)
        for template in ("known", "former", "find", "similar", "delete"):
            files[f"{template}_{name}"] = _filled(template, **base)
        for template, verb in (("create", "CREATE"), ("load", "MERGE")):
            text = _filled(template, references=_references(node_type, verb), **base)
            files[f"{template}_{name}"] = text.rstrip() + "\n"
        for r in deferred(node_type):
            files[f"link_{name}_{r.column}"] = _filled(
                "link", target=r.target, type=r.type, column=r.column, **base, **_ends(r, "n", "t")
            )
        for at, (type_, target, inward) in enumerate(
            dict.fromkeys((r.type, r.target, r.inward) for r in node_type.references)
        ):
            other = f"t:{target}"
            start, end = (other, "n") if inward else ("n", other)
            files[f"unlink_{name}_{at}"] = _filled(
                "unlink", type=type_, target=target, start=f"({start})", end=f"({end})", **base
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
