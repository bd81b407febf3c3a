"""The synthetic world: same bytes for a seed, nothing dangles, and every fate occurs."""

from __future__ import annotations

import csv
import datetime as dt
import json
import os
import re
import subprocess
import sys
from collections import Counter, defaultdict
from pathlib import Path
from typing import Any

import pytest

from graph.rulebook import nodes, problem_types, references, routes
from graph.store.schema import NODE_TYPES, RULEBOOK
from loaders.synthetic import generate

LAST = dt.date(2025, 12, 31)
BY_TABLE = {t.table: t for t in NODE_TYPES if t.table}
BY_LABEL = {t.label: t for t in NODE_TYPES}
Rows = dict[str, list[dict[str, str]]]


@pytest.fixture(scope="module")
def made(tmp_path_factory: pytest.TempPathFactory) -> tuple[Rows, dict[str, Any], Path]:
    folder = tmp_path_factory.mktemp("synthetic") / "w"
    result = generate(folder, 2000, 7)
    rows = {}
    for path in folder.glob("*.csv"):
        with path.open(encoding="utf-8", newline="") as file:
            rows[path.stem] = list(csv.DictReader(file))
    return rows, json.loads(result.truth.read_text(encoding="utf-8")), folder


def ids(rows: Rows) -> dict[str, set[str]]:
    """The ids of each label; rulebook codes count for the labels that the rulebook fills."""
    found = {t.label: {r[t.id] for r in rows.get(t.table or "", [])} for t in NODE_TYPES}
    found["ProcessNode"] |= set(nodes())
    found["ProblemType"] |= set(problem_types())
    return found


def test_the_seed_alone_decides_the_bytes(tmp_path: Path) -> None:
    code = (
        "import sys; from pathlib import Path; from loaders.synthetic import generate; "
        "generate(Path(sys.argv[1]), 80, int(sys.argv[2]))"
    )
    texts = []
    for name, seed, hashing in (("a", "7", "1"), ("b", "7", "2"), ("c", "8", "1")):
        subprocess.run(
            [sys.executable, "-c", code, str(tmp_path / name), seed],
            check=True,
            env={**os.environ, "PYTHONHASHSEED": hashing},
        )
        files = sorted((tmp_path / name).iterdir())
        assert {"cases.csv", "events.csv", "lead_steps.csv", "package.yaml"} <= {
            f.name for f in files
        }
        truth = (tmp_path / f"{name}.truth.json").read_bytes()
        texts.append([(f.name, f.read_bytes()) for f in files] + [("truth", truth)])
    assert texts[0] == texts[1]
    assert texts[0] != texts[2]


def test_the_columns_are_those_of_the_schema(made: tuple[Rows, Any, Path]) -> None:
    rows, _, _ = made
    for table, lines in rows.items():
        type_ = BY_TABLE[table]
        known = {type_.id, *(c.name for c in type_.columns), *(r.column for r in type_.references)}
        assert lines, table
        assert set(lines[0]) <= known, (table, set(lines[0]) - known)
        claims = {c.name for c in type_.columns if c.claim}
        assert not claims & set(lines[0]), table


def test_ids_are_unique_and_references_resolve(made: tuple[Rows, Any, Path]) -> None:
    rows, _, _ = made
    exists = ids(rows)
    dangling: Counter[tuple[str, str]] = Counter()
    checked = 0
    for table, lines in rows.items():
        type_ = BY_TABLE[table]
        assert len({r[type_.id] for r in lines}) == len(lines), table
        for reference in type_.references:
            if table == "lead_steps" or reference.target in {"Indicator", "DataRule"}:
                continue
            for row in lines:
                text = row.get(reference.column) or ""
                for value in re.split("[;；]", text) if reference.many else [text]:
                    if value:
                        checked += 1
                        if value not in exists[reference.target]:
                            dangling[table, reference.column] += 1
    assert checked > 50_000
    assert not dangling


def test_only_the_planted_evidence_dangles(made: tuple[Rows, Any, Path]) -> None:
    rows, truth, _ = made
    exists = ids(rows)
    dangling: dict[str, set[str]] = defaultdict(set)
    for step in rows["lead_steps"]:
        for name, labels in references().items():
            for value in re.split("[;；]", step.get(name) or ""):
                if value and not any(value in exists[label] for label in labels):
                    dangling[step["lead"]].add(name)
    assert dangling
    for lead, names in dangling.items():
        assert truth["leads"][lead]["verdict"] == "broken", (lead, names)
        assert set(truth["leads"][lead]["missing"]) == names


def test_every_fate_occurs_on_every_route(made: tuple[Rows, Any, Path]) -> None:
    rows, truth, _ = made
    seen = Counter((t["route"], t["verdict"]) for t in truth["leads"].values())
    wanted = {(r, v) for r in routes() for v in ("complete", "open", "stalled", "broken")}
    assert not wanted - set(seen)
    assert set(truth["leads"]) == {r["lead"] for r in rows["leads"]}
    assert all(t["broken_at"] for t in truth["leads"].values() if t["verdict"] == "broken")
    states = {h.to for r in routes().values() for h in r.hops}
    states |= {d.to for r in routes().values() for d in r.detours} | {"VERIFIED"}
    assert all(
        t["stalled_in"] in states for t in truth["leads"].values() if t["verdict"] == "stalled"
    )


def test_all_ends_detours_and_branches_occur(made: tuple[Rows, Any, Path]) -> None:
    rows, _, _ = made
    route_of = {r["lead"]: r["route"] for r in rows["leads"]}
    seen = {(route_of[s["lead"]], s["act"]) for s in rows["lead_steps"]}
    for route in routes().values():
        acts = {h.act for h in route.hops} | {e.act for e in route.ends}
        acts |= {d.act for d in route.detours} | {d.decision for d in route.detours if d.decision}
        assert {a for r, a in seen if r == route.code} <= acts
        missing = {h.act for h in route.hops} - {a for r, a in seen if r == route.code}
        assert not missing, route.code
    acts_seen = {a for _, a in seen}
    assert {e.act for r in routes().values() for e in r.ends} <= acts_seen
    assert {d.act for r in routes().values() for d in r.detours} <= acts_seen


def test_nothing_is_recorded_after_the_end(made: tuple[Rows, Any, Path]) -> None:
    rows, _, _ = made
    late: Counter[tuple[str, str]] = Counter()
    for table, lines in rows.items():
        for column in BY_TABLE[table].columns:
            if column.type in {"moment", "date"} and column.name not in {"to", "valid_from"}:
                for row in lines:
                    value = row.get(column.name) or ""
                    if value[:10] > LAST.isoformat():
                        late[table, column.name] += 1
    assert not late


def test_events_stand_at_nodes_of_their_case(made: tuple[Rows, Any, Path]) -> None:
    rows, _, _ = made
    types = {c["case"]: c["type"] for c in rows["cases"]}
    accepted = {c["case"]: c["accepted"][:10] for c in rows["cases"]}
    assert set(types.values()) == {"AR", "PR", "CP"}
    for event in rows["events"]:
        assert nodes()[event["node"]].case_group == types[event["case"]]
        assert event["occurred"][:10] >= accepted[event["case"]]
    assert {"PR11", "PR12", "PR13", "PR14", "PR15", "PR36"} <= {e["node"] for e in rows["events"]}


def test_the_closure_is_the_date_of_the_deciding_event(made: tuple[Rows, Any, Path]) -> None:
    rows, _, _ = made
    decisive = {"AR": "AR08", "PR": "PR22", "CP": "CP06"}
    last: dict[tuple[str, str], str] = {}
    for e in rows["events"]:
        key = e["case"], e["node"]
        last[key] = max(last.get(key, ""), e["occurred"][:10])
    closed = 0
    for case in rows["cases"]:
        assert case["closed"] == last.get((case["case"], decisive[case["type"]]), ""), case
        closed += bool(case["closed"])
    assert 0 < closed < len(rows["cases"])


def test_chains_lie_in_one_matter_in_order(made: tuple[Rows, Any, Path]) -> None:
    rows, truth, _ = made
    problems = {p["problem"]: p for p in rows["problems"]}
    matter = {c["case"]: c["matter"] for c in rows["cases"]}
    kinds = {c: t.kind for c, t in problem_types().items()}
    assert truth["chains"]
    for chain in truth["chains"]:
        links = [problems[p] for p in chain["problems"]]
        assert [kinds[p["type"]] for p in links] == ["DATA", "PROCEDURAL", "SUBSTANTIVE"]
        assert [p["found"] for p in links] == sorted(p["found"] for p in links)
        assert len({matter[p["case"]] for p in links}) == 1
    assert {p["found_by"] for p in rows["problems"]} == {"DATA", "PROCEDURAL", "SUBSTANTIVE"}


def test_the_package_holds_no_truth(made: tuple[Rows, Any, Path]) -> None:
    _, _, folder = made
    words = ("verdict", "stalled", "broken", "truth")
    for path in folder.iterdir():
        head = path.read_text(encoding="utf-8").splitlines()[0].lower()
        assert not any(w in head for w in words), path.name
    assert not list(folder.glob("*truth*"))


def test_it_is_fast_and_lean(tmp_path: Path) -> None:
    import time

    before = time.perf_counter()
    made = generate(tmp_path / "w", 3000, 3)
    assert made.events / (time.perf_counter() - before) > 15_000


def test_the_rulebook_source_is_not_a_source_of_rows(made: tuple[Rows, Any, Path]) -> None:
    _, _, folder = made
    assert f"source: {RULEBOOK}" not in (folder / "package.yaml").read_text(encoding="utf-8")
