"""The laws of the house, held by reading the code."""

from __future__ import annotations

import ast
import re
from collections.abc import Iterator
from pathlib import Path

import pytest

from graph.settings import Settings
from graph.store import docs
from graph.store.catalogue import catalogue
from graph.store.schema import NODE_TYPES

ROOT = Path(__file__).parent.parent
CODE = [p for d in ("graph", "loaders", "api", "cypher") for p in sorted((ROOT / d).rglob("*.py"))]
MAY = {
    "graph.store": {"graph.store"},
    "graph.rulebook": {"graph.store", "graph.rulebook"},
    "graph.supervision": {"graph.store", "graph.rulebook", "graph.supervision"},
    "graph.analysis": {"graph.store", "graph.rulebook", "graph.supervision", "graph.analysis"},
    "graph.trust": {"graph.store", "graph.trust"},
    "loaders": {"graph.store", "graph.rulebook", "loaders"},
}
FREE = {"graph", "graph.errors", "graph.settings", "cypher"}
CYPHER_TEXT = re.compile(
    r"\b(MATCH|MERGE|CREATE|DELETE|UNWIND)\s*\(|\]->\(|\)-\[|\bRETURN \w+\.|\bUNWIND \$|"
    r"\bSHOW TRANSACTIONS\b|\bCALL [a-z]+\.[a-z]+",
)


def imports(path: Path) -> Iterator[str]:
    for node in ast.walk(ast.parse(path.read_text("utf-8"))):
        if isinstance(node, ast.Import):
            yield from (alias.name for alias in node.names)
        elif isinstance(node, ast.ImportFrom):
            assert node.level == 0, f"{path}: relative import"
            yield from (f"{node.module}.{a.name}" for a in node.names)


def home(module: str) -> str:
    parts = module.split(".")
    return ".".join(parts[:2]) if parts[0] == "graph" else parts[0]


@pytest.mark.parametrize("path", CODE, ids=lambda p: str(p.relative_to(ROOT)))
def test_imports_run_one_way(path: Path) -> None:
    here = home(".".join(path.relative_to(ROOT).with_suffix("").parts))
    if here not in MAY:
        return
    ours = {home(m) for m in imports(path) if m.split(".")[0] in {"graph", "loaders", "api"}}
    wrong = {m for m in ours - FREE - MAY[here] if (ROOT / m.replace(".", "/")).exists()}
    assert not wrong


def spoken(path: Path) -> Iterator[str]:
    """String constants that are not docstrings."""
    tree = ast.parse(path.read_text("utf-8"))
    told = {id(n.value) for n in ast.walk(tree) if isinstance(n, ast.Expr)}
    for node in ast.walk(tree):
        if isinstance(node, ast.Constant) and isinstance(node.value, str) and id(node) not in told:
            yield node.value


@pytest.mark.parametrize(
    "path",
    [p for p in CODE if p.name not in {"docs.py"}],
    ids=lambda p: str(p.relative_to(ROOT)),
)
def test_python_holds_no_cypher(path: Path) -> None:
    assert [text for text in spoken(path) if CYPHER_TEXT.search(text)] == []


def test_the_cypher_check_sees_cypher() -> None:
    for text in ("MATCH (n)", "UNWIND $rows AS r", "x-[:A]->(b) )-[", "SHOW TRANSACTIONS"):
        assert CYPHER_TEXT.search(text), text


def test_nothing_groups_or_orders_by_person() -> None:
    by = re.compile(r"\b(ORDER BY|count\(\*\) BY)\b[^\n]*\b(person|handler|reviewer)\b", re.I)
    assert [q.name for q in catalogue().values() if by.search(q.text)] == []


def test_reference_is_complete_and_up_to_date() -> None:
    pages = {p.name: p.read_text("utf-8") for p in docs.TARGET.glob("*.md")}
    assert all(f"## {t.label} " in pages["schema.md"] for t in NODE_TYPES)
    assert all(re.search(rf"\b{name}\b", pages["queries.md"]) for name in catalogue())
    assert all(f"ANGUAN_{n.upper()}`" in pages["settings.md"] for n in Settings.model_fields)
    assert {n: pages[n] for n in docs.pages()} == docs.pages(), "run `make generated`"


def test_shipped_files_name_no_outside_host() -> None:
    host = re.compile(r"https?://(?!127\.0\.0\.1|localhost|www\.w3\.org)[\w.-]+\.\w+")
    shipped = [*CODE, *(p for d in ("graph", "api") for p in (ROOT / d).rglob("*.html"))]
    assert shipped
    found = {str(p): host.findall(p.read_text("utf-8")) for p in shipped}
    assert {p: hosts for p, hosts in found.items() if hosts} == {}
