"""The demo: a synthetic procuratorate and the three questions, as the command line gives them."""

from __future__ import annotations

import shlex
from pathlib import Path

from graph.errors import Lang
from graph.settings import settings

CASES, SEED = 2_000, 7
QUESTIONS = (
    ("一、指标指向哪些节点？", "1. Which nodes does an indicator point at?", "link I10"),
    ("二、一条线索走到了哪里？", "2. Where did a lead go?", "trace L7-2024-000010"),
    ("三、哪些问题反复出现？", "3. Which problems recur?", "patterns --limit 12"),
)
NEXT = (
    "leads --verdict broken --limit 5",
    "case C7-2024-000039",
    "trace L7-2024-000010 --evidence --html lead.html",
    "patterns --node PR22 --out patterns.xlsx",
    "query find_cases --param id=C7-2024-000039",
    "engine stop",
)


def command(line: str) -> int:
    """Run one line of the command line in this process; its exit code."""
    from api.cli import app

    try:
        app(shlex.split(line), prog_name="anguan")
    except SystemExit as end:
        return int(end.code or 0)
    return 0


def run(lang: Lang) -> None:
    """Generate and load once, then answer the three questions and say what to try."""
    from graph import connect
    from loaders.load import load
    from loaders.synthetic import generate

    folder: Path = settings().home_dir / "demo"
    if not (folder / "package.yaml").exists():
        print(f"generate {CASES} …", flush=True)
        generate(folder, CASES, SEED)
    with connect() as graph:
        if not any(b.source == "demo" and b.state == "DONE" for b in graph.read("batches")):
            print("load …", flush=True)
            load(graph, folder)
    for zh, en, line in QUESTIONS:
        print(f"\n{zh if lang == 'zh' else en}\n$ anguan {line}")
        command(line)
    print("\n接下来可以试 / try next:")
    for line in NEXT:
        print(f"  .venv/bin/anguan {line}")
    print("  make serve      # http://127.0.0.1:8000/docs")
    print("  make notebook")
