"""Kill -9 of the client, of the engine, of both, at random moments of a load or an undo.

A first load goes by the bulk path; each of its kills has a store of its own.

The same command again must end in the graph of the run that was not killed. ``make long`` does at
least 200 kills, in parts of which each is noted in ``bench/results/kill-arcadedb.json``: cut off,
it goes on with the next part; ``make test`` does two.
"""

from __future__ import annotations

import json
import os
import random
import shutil
import signal
import subprocess
import sys
import time
from collections import Counter
from pathlib import Path
from typing import Any

import pytest

from bench.questions import RESULTS, commit
from graph.store.connection import Graph, connect
from graph.store.engine import engine_status, engine_stop
from graph.store.stats import digest
from loaders.load import load
from loaders.register import batches
from loaders.replay import rows_digest
from loaders.undo import undo
from tests.loaders.test_load import package

VICTIMS = ("client", "engine", "both")
PART = 20
"""Kills after which the figures are written."""


def world(folder: Path, first: bool, cases: int) -> Path:
    """Many events that wait for the cases of the second package, which changes some rows too."""
    mine = range(cases) if first else range(cases // 2, 2 * cases)
    kind = "PR" if first else "AR"
    rows = "".join(f"C{i},{kind},2024-03-05\n" for i in mine)
    events = "".join(
        f"E{i}-{k},C{i},PR0{k},2024-03-0{k}\n"
        for i in range(0 if first else cases, 2 * cases, 2)
        for k in (1, 2, 3)
    )
    parties = "".join(f"Q{i},C{i}\n" for i in mine)
    return package(
        folder,
        cases=f"case,type,accepted\n{rows}",
        events=f"event,case,node,occurred\n{events}",
        parties=f"party,case\n{parties}",
    )


def command(*words: str) -> subprocess.Popen[bytes]:
    return subprocess.Popen(
        [sys.executable, "-m", "api.cli", *words, "--json"],
        stdout=subprocess.PIPE,
        stderr=subprocess.DEVNULL,
    )


def finished(*words: str) -> None:
    """Run a command to its end."""
    process = command(*words)
    said, _ = process.communicate(timeout=300)
    assert process.returncode == 0, said


def seen() -> tuple[str, str, str | None]:
    """Content, rows counted anew, and the digest that the last batch recorded."""
    with connect() as graph:
        listed = batches(graph)["batches"]
        assert {b["state"] for b in listed} == {"DONE"}
        last = max(listed, key=lambda b: str(b["at"]))
        return digest(graph), rows_digest(graph), last["digest"]


def effective() -> str:
    """The batch of the second package that stands."""
    with connect() as graph:
        listed = batches(graph)["batches"]
    stands = [b["batch"] for b in listed if not b["undone"] and not b["undoes"] and b["loaded"]]
    return str(stands[-1])


def kill(victim: str, process: subprocess.Popen[bytes], home: Path) -> bool:
    """Kill what is named; whether that broke the command off."""
    if victim in {"client", "both"}:
        process.kill()
    pid = engine_status(home).get("pid")
    if victim in {"engine", "both"} and pid:
        os.kill(pid, signal.SIGKILL)
    process.communicate(timeout=300)
    return process.returncode != 0


def first_loads(
    home: Path, one: Path, kills: int, draw: random.Random, longest: float, wanted: Any
) -> dict[str, int]:
    """First loads under kills, each into a store of its own; every end is compared."""
    done: Counter[str] = Counter()
    for number in range(kills):
        engine_stop(home)
        shutil.rmtree(home)
        victim = VICTIMS[number % 3]
        process = command("load", str(one))
        time.sleep(longest * draw.uniform(0.2, 1.0))
        if kill(victim, process, home):
            done[f"first load {victim}"] += 1
            finished("load", str(one))
        assert seen() == wanted, (victim, done)
    return done


def rounds(home: Path, folder: Path, kills: int, seed: int, cases: int) -> dict[str, Any]:
    """First loads, then load and undo again and again under kills; every end is compared."""
    one, two = world(folder / "one", True, cases), world(folder / "two", False, cases)
    draw = random.Random(seed)
    start = time.monotonic()
    finished("load", str(one))
    wanted = {"undo": seen()}
    assert wanted["undo"][1] == wanted["undo"][2]
    longest = time.monotonic() - start
    done: Counter[str] = Counter(
        first_loads(home, one, -(-kills // 5), draw, longest, wanted["undo"])
    )
    span = {}
    for phase in ("load", "undo"):
        words = ("load", str(two)) if phase == "load" else ("undo", effective())
        process = command(*words)
        until_running(process)
        start = time.monotonic()
        process.communicate(timeout=300)
        span[phase] = time.monotonic() - start
        wanted.setdefault(phase, seen())
    assert seen() == wanted["undo"]
    late = 0
    phase = "load"
    while sum(done.values()) < kills:
        words = ("load", str(two)) if phase == "load" else ("undo", effective())
        victim = VICTIMS[sum(done.values()) % 3]
        process = command(*words)
        until_running(process)
        time.sleep(span[phase] * draw.uniform(0.0, 0.9))
        if kill(victim, process, home) and running():
            done[f"{phase} {victim}"] += 1
            finished(*words)
        else:
            # Complete; a load given again would be a batch of its own, which an undo of the first
            # lets stand.
            late += 1
        assert seen() == wanted[phase], (phase, victim, done)
        phase = "undo" if phase == "load" else "load"
    return {"kills": dict(sorted(done.items())), "total": sum(done.values()), "too_late": late}


def until_running(process: subprocess.Popen[bytes]) -> None:
    """Wait until the batch of a command is there, or the command has ended."""
    with connect() as graph:
        while process.poll() is None and not any_running(graph):
            time.sleep(0.02)


def any_running(graph: Graph) -> bool:
    """Whether a batch is begun and not complete."""
    return any(b.state == "RUNNING" for b in graph.read("batches"))


def running() -> bool:
    """The same, of an engine that may have to be started."""
    with connect() as graph:
        return any_running(graph)


def killed_at_work(victim: str, home: Path, *words: str) -> None:
    """Begin a command and kill as soon as its batch is there."""
    process = command(*words)
    until_running(process)
    assert kill(victim, process, home)


@pytest.mark.local_only
def test_a_kill_ends_in_the_same_graph(own_home: Path, tmp_path: Path) -> None:
    """One of a load, one of an undo; ``test_bulk.py`` cuts off a first load."""
    one, two = world(tmp_path / "one", True, 60), world(tmp_path / "two", False, 60)
    wanted = {}
    with connect() as graph:
        for phase, folder in (("undo", one), ("load", two)):
            load(graph, folder)
            wanted[phase] = seen()
            assert wanted[phase][1] == wanted[phase][2]
    killed_at_work("client", own_home, "undo", effective())
    with connect() as graph:
        undo(graph, effective())
    assert seen() == wanted["undo"]
    killed_at_work("both", own_home, "load", str(two))
    with connect() as graph:
        load(graph, two)
    assert seen() == wanted["load"]


@pytest.mark.local_only
@pytest.mark.long
def test_two_hundred_kills_end_in_the_same_graph(own_home: Path, tmp_path: Path) -> None:
    target = RESULTS / "kill-arcadedb.json"
    noted = json.loads(target.read_text("utf-8")) if target.exists() else {}
    # The file itself makes the tree differ from its commit.
    now = commit().rstrip("+")
    parts = noted["parts"] if noted.get("commit") == now else []
    while sum(part["total"] for part in parts) < int(os.environ.get("ANGUAN_KILLS", "200")):
        start = time.monotonic()
        seed = 2 + len(parts)
        found = rounds(own_home, tmp_path / str(seed), PART, seed, 100)
        parts.append({"seed": seed, **found, "seconds": round(time.monotonic() - start)})
        kills: Counter[str] = Counter()
        for part in parts:
            kills.update(part["kills"])
        figures = {
            "commit": now,
            "kills": dict(sorted(kills.items())),
            "total": kills.total(),
            "different_graphs": 0,
            "parts": parts,
        }
        target.write_text(json.dumps(figures, indent=2) + "\n", "utf-8")
        engine_stop(own_home)
        shutil.rmtree(own_home)
