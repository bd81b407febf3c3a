"""The synthetic world: same bytes for a seed, nothing dangles, every fate and breach occurs."""

from __future__ import annotations

import ast
import csv
import datetime as dt
import json
import os
import re
import subprocess
import sys
import time
from collections import Counter, defaultdict
from pathlib import Path
from typing import Any

import pytest
import yaml

import loaders.synthetic
from graph.rulebook import nodes, problem_types, references, routes
from graph.rulebook.model import DATA, status_of
from graph.store.schema import NODE_TYPES, RULEBOOK
from loaders.synthetic import generate
from loaders.synthetic.dirt import KINDS
from loaders.synthetic.reckoning import due
from loaders.synthetic.schema import Truth
from tests.worlds import scripted_world

DOCS = Path(__file__).parents[2] / "docs"
LAST = dt.date(2025, 12, 31)
BY_TABLE = {t.table: t for t in NODE_TYPES if t.table}
BY_LABEL = {t.label: t for t in NODE_TYPES}
Row = dict[str, str]
Rows = dict[str, list[Row]]


def read(folder: Path) -> Rows:
    rows = {}
    for path in folder.glob("*.csv"):
        with path.open(encoding="utf-8", newline="") as file:
            rows[path.stem] = list(csv.DictReader(file))
    return rows


@pytest.fixture(scope="module")
def made(tmp_path_factory: pytest.TempPathFactory) -> tuple[Rows, dict[str, Any], Path]:
    folder = tmp_path_factory.mktemp("synthetic") / "w"
    result = generate(folder, 2000, 7)
    return read(folder), json.loads(result.truth.read_text(encoding="utf-8")), folder


@pytest.fixture(scope="module")
def scripted(tmp_path_factory: pytest.TempPathFactory) -> tuple[Rows, dict[str, Any], Path]:
    folder, truth, overlay = scripted_world(tmp_path_factory.mktemp("synthetic"))
    return read(folder), truth, overlay


def drawn(rows: Rows) -> dict[str, Row]:
    """The cases of the main flow; every fourth matter is scripted."""
    return {c["case"]: c for c in rows["cases"] if int(c["matter"][-6:]) % 4}


def executable() -> dict[str, dict[str, Any]]:
    """The entries that a check can decide, as their files state them."""
    limits, rules = (
        yaml.safe_load((DATA / f"{name}.yaml").read_text(encoding="utf-8"))
        for name in ("limits", "data_rules")
    )
    return {c: e for c, e in limits.items() if e.get("clock") or e.get("gate")} | {
        c: e for c, e in rules.items() if e.get("check")
    }


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
        assert [f.name for f in (tmp_path / f"{name}.overlay").iterdir()] == ["overlay.yaml"]
    assert texts[0] == texts[1]
    assert texts[0] != texts[2]


def test_a_larger_world_begins_like_a_smaller_one(tmp_path: Path) -> None:
    small, large = (
        read(generate(tmp_path / str(n), n, 7).truth.parent / str(n)) for n in (90, 260)
    )
    for table, lines in small.items():
        begin = [{k: r[k] for k in line} for line, r in zip(lines, large[table], strict=False)]
        assert begin == lines, table
    truths = [json.loads((tmp_path / f"{n}.truth.json").read_text("utf-8")) for n in (90, 260)]
    for name in ("breaches", "clean", "chains"):
        assert truths[0][name] == truths[1][name][: len(truths[0][name])], name


def test_the_columns_are_those_of_the_schema(made: tuple[Rows, Any, Path]) -> None:
    rows, _, _ = made
    for table, lines in rows.items():
        type_ = BY_TABLE[table]
        known = {type_.id, *(c.name for c in type_.columns), *(r.column for r in type_.references)}
        assert lines, table
        free = {c for c in lines[0] if type_.open_columns and c.startswith("attr_")}
        assert set(lines[0]) - free <= known, (table, set(lines[0]) - known)
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
    """But for what the police did before the intake (PR06), and the check of leaving files."""
    rows, _, _ = made
    cases = drawn(rows)
    assert {c["type"] for c in cases.values()} == {"AR", "PR", "CP"}
    for event in rows["events"]:
        case, node = cases.get(event["case"]), event["node"]
        if case and node != "PR06":
            assert nodes()[node].case_group in {case["type"], "CM" if node == "CM02" else None}
            assert event["occurred"][:10] >= case["accepted"]
    assert {"PR11", "PR12", "PR13", "PR14", "PR15", "PR36"} <= {e["node"] for e in rows["events"]}


def test_the_closure_is_the_date_of_the_deciding_event(made: tuple[Rows, Any, Path]) -> None:
    rows, _, _ = made
    decisive = {"AR": "AR08", "PR": "PR22", "CP": "CP06"}
    first: dict[tuple[str, str], str] = {}
    for e in rows["events"]:
        key = e["case"], e["node"]
        first[key] = min(first.get(key, "9"), e["occurred"][:10])
    cases = drawn(rows).values()
    closed = 0
    for case in cases:
        assert case["closed"] == first.get((case["case"], decisive[case["type"]]), ""), case
        closed += bool(case["closed"])
    assert 0 < closed < len(cases)


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


def test_it_is_fast(tmp_path: Path) -> None:
    """A guard in processor time, at a third of what bench/generate asks of an idle machine."""
    generate(tmp_path / "first", 10, 3)
    before = time.process_time()
    made = generate(tmp_path / "w", 4000, 3)
    assert made.events / (time.process_time() - before) > 5_000


def test_memory_does_not_grow_with_the_world(tmp_path: Path) -> None:
    code = (
        "import resource, sys; from pathlib import Path; from loaders.synthetic import generate; "
        "generate(Path(sys.argv[1]), int(sys.argv[2]), 3, world='null'); "
        "print(resource.getrusage(resource.RUSAGE_SELF).ru_maxrss)"
    )
    peaks = [
        int(
            subprocess.run(
                [sys.executable, "-c", code, str(tmp_path / cases), cases],
                check=True,
                capture_output=True,
                text=True,
            ).stdout
        )
        for cases in ("500", "5000")
    ]
    assert peaks[1] < 1.15 * peaks[0]


@pytest.mark.parametrize(
    ("world", "options"),
    [
        ("default", {}),
        ("null", {"years": 4, "units": 7}),
        ("scripts", {}),
        ("default", {"dirt": 0.02}),
    ],
)
def test_the_truth_keeps_its_schema(tmp_path: Path, world: str, options: Any) -> None:
    made = generate(tmp_path / "w", 120, 9, world=world, **options)
    truth = Truth.model_validate_json(made.truth.read_text(encoding="utf-8"))
    assert truth.cases == made.cases
    assert bool(truth.dirt) == bool(options.get("dirt"))
    assert len(truth.leads) == made.leads


def test_the_documents_name_every_part_of_the_truth() -> None:
    text = (DOCS / "worlds.md").read_text(encoding="utf-8")
    parts = text[text.index("## 3.") : text.index("How to score")]
    missing = [name for name in Truth.model_fields if f"`{name}`" not in parts]
    assert not missing
    kinds = {kind.name for kinds in KINDS.values() for kind in kinds} | {"merged_cells"}
    assert not [k for k in kinds if f"`{k}`" not in text[text.index("## 4.") :]]


def test_the_world_file_of_the_documents_works(tmp_path: Path) -> None:
    text = (DOCS / "worlds.md").read_text(encoding="utf-8")
    (tmp_path / "own.yaml").write_text(text.split("```yaml\n")[1].split("```")[0], "utf-8")
    made = generate(tmp_path / "w", 60, 4, world=str(tmp_path / "own.yaml"))
    truth = Truth.model_validate_json(made.truth.read_text(encoding="utf-8"))
    assert [(d.indicator, d.odds_ratio) for d in truth.drivers] == [("I10", 3)]
    (pattern,) = truth.patterns
    assert pattern.lift == 5
    assert len(pattern.where.units or ()) == 2


# -- dirt ----------------------------------------------------------------------------------------


def test_dirt_spoils_what_it_says_and_nothing_else(tmp_path: Path) -> None:
    """Row by row against the clean package: every other row stands as it was."""
    clean, soiled = tmp_path / "clean", tmp_path / "soiled"
    generate(clean, 400, 9)
    made = generate(soiled, 400, 9, dirt=0.05)
    truth = Truth.model_validate_json(made.truth.read_text(encoding="utf-8"))
    assert {f.becomes for f in truth.dirt} == {"rejected", "pending", "loaded"}
    marked: dict[str, set[int]] = defaultdict(set)
    for fault in truth.dirt:
        marked[fault.table].add(fault.row)
    for path in clean.glob("*.csv"):
        other = soiled / path.name
        if path.stem not in marked:
            assert other.read_bytes() == path.read_bytes()
            continue
        before = lines_of(path)
        after = lines_of(other if other.exists() else other.with_suffix(".xlsx"))
        rest = [row for n, row in enumerate(after, start=1) if n not in marked[path.stem]]
        gone = Counter(map(tuple, before)) - Counter(map(tuple, rest))
        assert not Counter(map(tuple, rest)) - Counter(map(tuple, before)), path.stem
        assert 0 < sum(gone.values()) <= len(marked[path.stem])


def lines_of(path: Path) -> list[list[str]]:
    if path.suffix == ".xlsx":
        import openpyxl

        sheet = openpyxl.load_workbook(path).worksheets[0]
        epoch = dt.date(1899, 12, 30)
        return [
            [
                str(epoch + dt.timedelta(days=c)) if isinstance(c, int) and c > 40_000 else c or ""
                for c in row
            ]
            for row in sheet.iter_rows(values_only=True)
        ]
    encoding = "gb18030" if path.stem == "card_fields" and "soiled" in str(path) else "utf-8"
    with path.open(encoding=encoding, errors="surrogateescape", newline="") as file:
        return list(csv.reader(file))


def test_a_soiled_world_has_the_same_bytes_for_its_seed(tmp_path: Path) -> None:
    for name in "ab":
        generate(tmp_path / name, 60, 9, dirt=0.1)
    files = [{p.name: p.read_bytes() for p in (tmp_path / n).iterdir()} for n in "ab"]
    assert files[0] == files[1]
    assert "property_movements.xlsx" in files[0]


def test_the_rulebook_source_is_not_a_source_of_rows(made: tuple[Rows, Any, Path]) -> None:
    _, _, folder = made
    assert f"source: {RULEBOOK}" not in (folder / "package.yaml").read_text(encoding="utf-8")


# -- the truth about the law ---------------------------------------------------------------------


def test_every_executable_rule_is_scripted(scripted: tuple[Rows, dict[str, Any], Path]) -> None:
    _, truth, _ = scripted
    broken: dict[str, set[str]] = defaultdict(set)
    for b in truth["breaches"]:
        broken[b["rule"]].add(b["status"])
    kept: dict[str, set[str]] = defaultdict(set)
    for c in truth["clean"]:
        kept[c["rule"]].add(c["how"])
    assert set(broken) == set(kept) == set(executable())
    for code, entry in executable().items():
        if "clock" not in entry:
            assert broken[code] == {"BROKEN"}, code
            assert kept[code] == {"clean"}, code
            continue
        back = all(c.get("back") for c in entry["clock"])
        two_sided = back or any(c.get("right") for c in entry["clock"])
        after_intake = any("AR.accepted" in c["end"] for c in entry["clock"])
        wanted = {"LATE"} if two_sided else {"LATE", "OVERDUE"}
        if not (back or after_intake):
            wanted.add("UNKNOWN")
        assert broken[code] == wanted, code
        assert ({"last"} if two_sided else {"last", "early"}) <= kept[code], code


def test_the_truth_names_what_is_there(
    made: tuple[Rows, Any, Path], scripted: tuple[Rows, Any, Path]
) -> None:
    entries = executable()
    for rows, truth, _ in (made, scripted):
        cases = {c["case"] for c in rows["cases"]}
        parties = {p["party"]: p["case"] for p in rows["parties"]}
        assert truth["breaches"]
        for b in truth["breaches"]:
            kind = "DATA" if b["rule"].startswith("Q") else entries[b["rule"]]["kind"]
            assert b["kind"] == kind
            assert b["case"] in cases
            assert b["party"] is None or parties[b["party"]] == b["case"]
            assert (b["type"] is None) == (kind == "EXT") or b["status"] == "UNKNOWN"
            assert b["needs_overlay"] == (status_of(entries[b["rule"]]["mark"]) != "confirmed")
        keys = [(b["rule"], b["case"], b["party"]) for b in truth["breaches"]]
        assert len(set(keys)) == len(keys)
        assert not set(keys) & {(c["rule"], c["case"], c["party"]) for c in truth["clean"]}
        assert all(c["case"] in cases for c in truth["clean"])


def test_what_is_planted_in_the_main_flow_needs_no_overlay(made: tuple[Rows, Any, Path]) -> None:
    rows, truth, _ = made
    cases = drawn(rows)
    planted = [b for b in truth["breaches"] if b["case"] in cases]
    assert not [b for b in planted if b["needs_overlay"]]
    share = len({b["case"] for b in planted}) / len(cases)
    assert 0.03 < share < 0.12
    rules: dict[str, set[str]] = defaultdict(set)
    for b in planted:
        rules[b["case"]].add(b["rule"])
    assert {len(r) for r in rules.values()} == {1}
    assert len({b["rule"] for b in planted}) > 12


def test_the_overlay_confirms_what_nothing_else_does(scripted: tuple[Rows, Any, Path]) -> None:
    _, _, folder = scripted
    overlay = yaml.safe_load((folder / "overlay.yaml").read_text(encoding="utf-8"))
    unsure = {c for c, e in executable().items() if status_of(e["mark"]) != "confirmed"}
    assert set(overlay) == {"name", "owner", "date", "expires", "confirm"}
    assert (overlay["date"], overlay["expires"]) == (dt.date(2024, 1, 1), dt.date(2026, 12, 31))
    assert set(overlay["confirm"]) == unsure
    assert unsure


def test_the_scripts_hold_together(scripted: tuple[Rows, Any, Path]) -> None:
    rows, _, _ = scripted
    exists = ids(rows)
    for table, lines in rows.items():
        type_ = BY_TABLE[table]
        assert len({r[type_.id] for r in lines}) == len(lines), table
        for reference in type_.references:
            if reference.target not in {"Indicator", "DataRule"}:
                found = {r.get(reference.column) or "" for r in lines} - {""}
                assert found <= exists[reference.target], (table, reference.column)


def day(text: str) -> dt.date:
    return dt.date.fromisoformat(text[:10])


def test_the_main_flow_is_lawful(made: tuple[Rows, Any, Path]) -> None:
    """Notice, return, review and arrest decision, reckoned from the tables alone."""
    rows, truth, _ = made
    cases, planted = drawn(rows), {b["case"] for b in truth["breaches"]}
    events: dict[str, list[Row]] = defaultdict(list)
    for e in rows["events"]:
        events[e["case"]].append(e)
    custody: dict[str, list[tuple[dt.date, dt.date | None]]] = defaultdict(list)
    for m in rows["measures"]:
        if m["kind"] in {"ARREST", "DETENTION"}:
            custody[m["party"]].append((day(m["from"]), day(m["to"]) if m["to"] else None))
    outlines = Counter(d["case"] for d in rows["documents"] if d["template"] == "补充侦查提纲")
    checked: Counter[str] = Counter()
    for party in rows["parties"]:
        case = cases.get(party["case"])
        if case is None or case["case"] in planted:
            continue
        own = [e for e in events[case["case"]] if e["party"] in {"", party["party"]}]
        on = {
            node: [day(e["occurred"]) for e in own if e["node"] == node]
            for node in ("PR03", "PR22", "PR11", "PR12", "PR13", "PR14", "PR15", "AR08", "PR31")
        }
        accepted, held = day(case["accepted"]), custody[party["party"]]
        if case["type"] == "AR" and on["AR08"]:
            detained = any(a <= accepted and (b is None or accepted <= b) for a, b in held)
            assert on["AR08"][0] <= due(accepted, 7 if detained else 15, "days", custody=held).due
            checked["arrest"] += 1
        if case["type"] != "PR":
            continue
        limit = due(accepted, 3, "days", custody=held).due
        assert (on["PR03"] or [LAST])[0] <= limit or limit >= LAST
        assert outlines[case["case"]] == len(on["PR11"] + on["PR13"]) <= 2
        rounds = [accepted, *on["PR12"], *on["PR14"]]
        ends = [*on["PR11"], *on["PR13"], *on["PR22"][:1]]
        if any(e["outcome"] == "FAST_TRACK" and e["node"] == "PR10" for e in own):
            continue
        for start, end in zip(rounds, ends, strict=False):
            longer = [(d, 15, "days") for d in on["PR15"] if start <= d <= end]
            # The measure may end because of the decision: as to the period it still ran.
            ran = [(a, None if b is None or b >= end else b) for a, b in held]
            assert end <= due(start, 1, "months", extensions=longer, custody=ran).due
            checked["review"] += 1
        if on["PR31"]:
            left = [day(e["occurred"]) for e in own if e["node"] == "CM02"]
            assert left
            assert left[0] <= on["PR31"][0]
    assert checked["arrest"] > 300
    assert checked["review"] > 500


def test_the_generator_stands_apart_from_what_it_tests() -> None:
    forbidden = {"clock", "deadline", "law", "terms", "supervision", "analysis", "store"}
    for path in Path(loaders.synthetic.__file__).parent.glob("*.py"):
        for node in ast.walk(ast.parse(path.read_text("utf-8"))):
            names = (
                [f"{node.module}.{a.name}" for a in node.names]
                if isinstance(node, ast.ImportFrom)
                else [a.name for a in node.names]
                if isinstance(node, ast.Import)
                else []
            )
            for name in names:
                parts = name.split(".")
                assert parts[0] != "graph" or not forbidden & set(parts), (path.name, name)
