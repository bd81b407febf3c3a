"""Every line that README and demo suggest works as pasted, on the demo's own world."""

from __future__ import annotations

import re
from pathlib import Path
from typing import Any

import pytest

import api.cli  # noqa: F401  (registers the commands)
from api import demo
from cypher import ROOT
from graph.errors import Lang
from graph.store.connection import Graph
from loaders.load import load
from tests.worlds import small_world

HERE = Path(__file__).parents[1]
READMES: dict[str, Lang] = {"README.md": "en", "README.zh.md": "zh"}


def suggested(name: str) -> list[str]:
    blocks = re.findall(r"```\w*\n(.*?)```", (HERE / name).read_text(encoding="utf-8"), re.DOTALL)
    return re.findall(r"^anguan (.+)$", "\n".join(blocks), re.MULTILINE)


def printed(name: str) -> list[tuple[str, list[str]]]:
    """The outputs that a README shows: the command, and the lines below it (… = left out)."""
    text = (HERE / name).read_text(encoding="utf-8")
    blocks = re.findall(r"```text\n\$ anguan (.+?)\n(.*?)\n```", text, re.DOTALL)
    return [(line, block.split("\n")) for line, block in blocks]


def test_both_readmes_suggest_the_same() -> None:
    english, chinese = READMES
    assert suggested(english) == suggested(chinese)
    assert len(suggested(english)) >= 6
    assert [line for line, _ in printed(english)] == [line for line, _ in printed(chinese)]
    assert len(printed(english)) == 4


@pytest.fixture(scope="module")
def demo_world(tmp_path_factory: pytest.TempPathFactory) -> tuple[Path, dict[str, Any]]:
    """The demo's package, and what is true of it."""
    return small_world(tmp_path_factory.mktemp("demo"), demo.CASES, demo.SEED)


def test_every_suggested_line_works(
    module_graph: Graph,
    demo_world: tuple[Path, dict[str, Any]],
    monkeypatch: pytest.MonkeyPatch,
    capsys: Any,
) -> None:
    package, _ = demo_world
    load(module_graph, package)
    monkeypatch.chdir(package.parent)
    capsys.readouterr()
    for name, lang in READMES.items():
        for line, block in printed(name):
            assert len(block) > 8, line
            assert demo.command(line, lang) == 0, line
            real = [row.rstrip() for row in capsys.readouterr().out.splitlines()]
            assert [row for row in block if row != "…" and row not in real] == [], (name, line)
    lines = [*suggested("README.md"), *(line for _, _, line in demo.QUESTIONS), *demo.NEXT]
    answered = {line for line, _ in printed("README.md")}
    for line in dict.fromkeys(lines):
        if line not in {*answered, "engine stop"}:
            assert demo.command(line) == 0, line


def test_every_example_id_exists_in_the_demo_world(
    demo_world: tuple[Path, dict[str, Any]],
) -> None:
    package, truth = demo_world
    cases = (package / "cases.csv").read_text(encoding="utf-8")
    texts = [p for p in ROOT.rglob("*.cypher") if p.parent.name != "schema"]
    texts += [HERE / "api" / "cli.py", HERE / "api" / "http.py", HERE / "api" / "demo.py"]
    texts += [HERE / name for name in (*READMES, "docs/questions.yaml")]
    found = [
        (path.name, id_)
        for path in texts
        for id_ in re.findall(r"\b[CL]\d+-\d{4}-\d{6}\b", path.read_text(encoding="utf-8"))
    ]
    assert found
    for name, id_ in found:
        assert id_ in truth["leads"] or f"\n{id_}," in cases, (name, id_)
