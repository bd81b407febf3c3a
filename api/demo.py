"""The demo: a synthetic procuratorate and the three questions, as the command line gives them."""

from __future__ import annotations

import shlex
from pathlib import Path

from graph.errors import Lang
from graph.settings import settings

CASES, SEED = 2_000, 7
QUESTIONS = (
    ("一、指标指向哪些节点？", "1. Which nodes does an indicator point at?", "link I10"),
    ("二、一条线索走到了哪里？", "2. Where did a lead go?", "trace L7-2024-000147"),
    ("三、哪些问题反复出现？", "3. Which problems recur?", "patterns --limit 12"),
)
NEXT = (
    "leads --verdict broken --limit 5",
    "case C7-2024-000109",
    "trace L7-2024-000147 --evidence --html lead.html",
    "patterns --node PR22 --out patterns.xlsx",
    "query find_cases --param id=C7-2024-000109",
    "check",
    "clock explain C7-2024-000114 --rule TL-060",
    "coverage",
    "engine stop",
)


def command(line: str, lang: Lang | None = None) -> int:
    """Run one line of the command line in this process; its exit code."""
    from api.console import app

    words = shlex.split(line)
    try:
        app(["--lang", lang, *words] if lang else words, prog_name="anguan")
    except SystemExit as end:
        return int(end.code or 0)
    return 0


def run(lang: Lang) -> int:
    """Generate and load once, then answer the three questions and say what to try.

    Returns 0, or the exit code of the first question that could not be answered.
    """
    from api.output import counting
    from graph import connect
    from loaders.load import load
    from loaders.synthetic import generate

    def say(zh: str, en: str) -> str:
        return zh if lang == "zh" else en

    folder: Path = settings().home_dir / "demo"
    if not (folder / "package.yaml").exists():
        print(say(f"生成 {CASES} 件案件 …", f"generating {CASES} cases …"), flush=True)
        generate(folder, CASES, SEED)
    with connect() as graph:
        if not any(b.source == "demo" and b.state == "DONE" for b in graph.read("batches")):
            print(say("装入图谱 …", "loading them into the graph …"), flush=True)
            with counting("", None, quiet=False) as done:
                load(graph, folder, progress=done)
    for zh, en, line in QUESTIONS:
        print(f"\n{say(zh, en)}\n$ anguan {line}\n", flush=True)
        if code := command(line, lang):
            return code
    print(say("\n接下来可以试：", "\nTry next:"))
    for line in NEXT:
        print(f"  .venv/bin/anguan {line}")
    print(f"  make serve      # http://{settings().host}:{settings().port}/docs")
    print("  make notebook")
    return 0
