"""Loading a native package: nothing lost, nothing invented, every refusal explained."""

from __future__ import annotations

import csv
import datetime as dt
import gc
import gzip
import json
import os
import re
import signal
import subprocess
import sys
import time
from collections import Counter
from collections.abc import Callable
from pathlib import Path
from typing import Any

import neo4j
import openpyxl
import pyarrow as pa
import pyarrow.parquet as pq
import pytest

from graph.errors import EngineError, InputError
from graph.rulebook import problem_types
from graph.settings import settings
from graph.store.connection import Graph, connect
from graph.store.engine import engine_status, engine_stop
from graph.store.stats import digest, stats
from loaders.load import load, only_load, prepare, work_folder
from loaders.package import open_package
from loaders.synthetic import generate

CASES = "case,type,accepted,closed,secrecy\n"


def package(folder: Path, encoding: str = "utf-8", **tables: str) -> Path:
    folder.mkdir(parents=True, exist_ok=True)
    (folder / "package.yaml").write_text("source: office\nsynthetic: true\n", encoding="utf-8")
    for name, text in tables.items():
        (folder / f"{name}.csv").write_text(text, encoding=encoding)
    return folder


def rejected(place: str, table: str, encoding: str = "utf-8-sig") -> list[dict[str, str]]:
    """Rows of the reject file of a table: ``place`` is that file, or the folder of several."""
    path = Path(place) / f"{table}.csv" if Path(place).is_dir() else Path(place)
    assert path.name == f"{table}.csv"
    with path.open(encoding=encoding, newline="") as file:
        return list(csv.DictReader(file))


def balanced(report: Any) -> bool:
    return bool(report.read == report.loaded + report.rejected + report.unchanged)


def test_bad_rows_go_to_the_reject_file_and_good_ones_load(graph: Graph, tmp_path: Path) -> None:
    text = CASES + (
        "C1,PR,2024-03-05,,\n"
        "C2,PR,someday,,\n"
        ",PR,2024-03-05,,\n"
        "C4,PR,２０２４年３月７日,2024-04-01,\n"
    )
    report = load(graph, package(tmp_path / "p", cases=text))
    assert (report.read, report.loaded, report.rejected) == (4, 2, 2)
    assert balanced(report)
    rows = rejected(str(report.reject_file), "cases")
    assert [(r["case"], r["code"], r["field"], r["row"]) for r in rows] == [
        ("C2", "value.moment", "accepted", "3"),
        ("", "load.missing_value", "case", "4"),
    ]
    assert rows[0]["accepted"] == "someday"
    assert "someday" in rows[0]["reason"]


def test_gb18030_is_read_and_written_back_as_such(graph: Graph, tmp_path: Path) -> None:
    text = "case,type,accepted,cause\nC1,PR,2024-03-05,盗窃罪\nC2,PR,不详,诈骗罪\n"
    report = load(graph, package(tmp_path / "p", "gb18030", cases=text))
    assert (report.loaded, report.rejected) == (1, 1)
    (row,) = rejected(str(report.reject_file), "cases", "gb18030")
    assert row["cause"] == "诈骗罪"


def test_two_rows_of_one_key_with_other_values_are_both_refused(
    graph: Graph, tmp_path: Path
) -> None:
    text = (
        CASES + "C1,PR,2024-03-05,,\nC1,PR,2024-03-06,,\nC2,PR,2024-03-05,,\nC2,PR,2024-03-05,,\n"
    )
    report = load(graph, package(tmp_path / "p", cases=text))
    assert (report.loaded, report.rejected, report.unchanged) == (1, 2, 1)
    rows = rejected(str(report.reject_file), "cases")
    assert {r["row"] for r in rows} == {"2", "3"}
    assert all(("3" if r["row"] == "2" else "2") in r["reason"] for r in rows)


def test_a_row_that_names_what_is_not_there_is_loaded_and_pending(
    graph: Graph, tmp_path: Path
) -> None:
    report = load(
        graph,
        package(
            tmp_path / "p",
            cases=CASES + "C1,PR,2024-03-05,,\n",
            parties="party,case\nQ1,C1\nQ2,C9\n",
            charges="charge,party,code\nH1,Q1,264\nH2,Q2,264\n",
        ),
    )
    assert (report.loaded, report.pending, report.rejected) == (5, 1, 0)
    assert balanced(report)
    found = stats(graph)
    assert found["bookkeeping"]["PendingReference"] == 1
    assert found["relationships"]["HAS_PARTY"] == 1
    assert found["relationships"]["CHARGED_WITH"] == 2
    later = load(graph, package(tmp_path / "q", cases="case\nC9\n"))
    assert (later.loaded, later.pending, later.resolved) == (1, 0, 1)
    found = stats(graph)
    assert found["bookkeeping"]["PendingReference"] == 0
    assert found["relationships"]["HAS_PARTY"] == 2


def test_secret_rows_leave_only_number_and_code(
    graph: Graph, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    folder = package(
        tmp_path / "p",
        cases=CASES + "C1,PR,2024-03-05,,秘密\nC2,PR,2024-03-05,,\n",
        parties="party,case,status\nQ1,C1,SUSPECT\nQ2,C2,SUSPECT\n",
    )
    report = load(graph, folder)
    assert (report.loaded, report.rejected) == (2, 2)
    for table in ("cases", "parties"):
        (row,) = rejected(str(report.reject_file), table)
        kept = {k: v for k, v in row.items() if v}
        assert set(kept) == {"row", "code"}
    monkeypatch.setenv("ANGUAN_ALLOW_SECRET", "true")
    settings.cache_clear()
    assert load(graph, folder).loaded == 2


def test_personal_cells_reach_neither_graph_nor_reject_file(graph: Graph, tmp_path: Path) -> None:
    report = load(
        graph,
        package(
            tmp_path / "p",
            cases=CASES + "C1,PR,2024-03-05,,\n",
            parties="party,case,name,identity,minor\nQ1,C1,甲某,ID-1,是\nQ2,C1,乙某,ID-1,也许\n",
        ),
    )
    (row,) = rejected(str(report.reject_file), "parties")
    assert (row["name"], row["identity"]) == ("", "")
    (props,) = [r.props for r in graph.read("former_parties", keys=["office/Q1"])]
    assert "name" not in props
    assert "ID-1" not in str(props)
    assert len(props["identity"]) == 24


def test_a_changed_row_updates_and_its_former_values_are_kept(graph: Graph, tmp_path: Path) -> None:
    load(graph, package(tmp_path / "p", cases=CASES + "C1,PR,2024-03-05,,\n"))
    report = load(graph, package(tmp_path / "p", cases=CASES + "C1,PR,2024-03-05,2024-04-01,\n"))
    assert (report.loaded, report.unchanged) == (1, 0)
    found = graph.read("former_cases", keys=["office/C1"]).one()
    assert found is not None
    assert str(found.props["closed"]) == "2024-04-01"
    former = graph.read("former_former_rows", keys=["B00002/Case/office/C1"]).one()
    assert former is not None
    assert '"closed"' not in former.props["values"]


def test_former_values_keep_what_the_row_named(graph: Graph, tmp_path: Path) -> None:
    people = "person,role\nP1,HEAD\nP2,HEAD\n"
    load(graph, package(tmp_path / "p", persons=people, cases="case,handler\nC1,P1\n"))
    load(graph, package(tmp_path / "p", persons=people, cases="case,handler\nC1,P2\n"))
    former = graph.read("former_former_rows", keys=["B00002/Case/office/C1"]).one()
    assert former is not None
    assert json.loads(former.props["values"])["_named"] == {"handler": ["office/P1"]}
    now = graph.read("former_cases", keys=["office/C1"]).one()
    assert now is not None
    assert now.named == [["handler", "office/P2"]]
    assert now.props["_batch"] == "B00002"


def test_every_fault_of_a_row_is_told(graph: Graph, tmp_path: Path) -> None:
    text = "measure,party,kind,from,to\nM1,Q1,,someday,2024-02-30\n"
    report = load(
        graph,
        package(tmp_path / "p", cases="case\nC1\n", parties="party,case\nQ1,C1\n", measures=text),
    )
    rows = rejected(str(report.reject_file), "measures")
    assert [(r["code"], r["field"], r["cell"], r["row"]) for r in rows] == [
        ("load.missing_value", "kind", "C2", "2"),
        ("value.moment", "from", "D2", "2"),
        ("value.moment", "to", "E2", "2"),
    ]
    assert "2024-02-30" in rows[2]["reason"]


def test_rows_with_cells_too_many_or_too_few_are_refused(graph: Graph, tmp_path: Path) -> None:
    text = "case,type,cause\nC1,PR,a,b\nC2,PR\nC3,PR,\n"
    report = load(graph, package(tmp_path / "p", cases=text))
    assert (report.read, report.loaded) == (3, 1)
    codes = [r["code"] for r in rejected(str(report.reject_file), "cases")]
    assert codes == ["load.extra_cells", "load.short_row"]


def test_undecodable_bytes_are_reported_by_row(graph: Graph, tmp_path: Path) -> None:
    folder = package(tmp_path / "p", cases="")
    good = "".join(f"C{i},盗窃罪\n" for i in range(5))
    (folder / "cases.csv").write_bytes(f"case,cause\n{good}".encode() + b"C9,\xb5\xc1\n")
    report = load(graph, folder)
    assert (report.loaded, report.rejected) == (5, 1)
    assert (
        Path(str(report.reject_file)).read_bytes().splitlines()[1].startswith(b"C9,\xb5\xc1,7,B7,")
    )


def test_one_key_in_several_rows(graph: Graph, tmp_path: Path) -> None:
    """Equal rows count once; one that differs, or is faulty, refuses all; each names another."""
    text = (
        "case,type,accepted\n"
        "C1,PR,2024-03-05\nC1,PR,2024/3/5\nC1,PR,２０２４年３月５日\n"
        "C2,PR,2024-03-05\nC2,PR,2024-03-05\nC2,AR,2024-03-05\n"
        "C3,PR,2024-03-05\nC3,PR,nonsense\n"
    )
    report = load(graph, package(tmp_path / "p", cases=text))
    assert (report.read, report.loaded, report.unchanged, report.rejected) == (8, 1, 2, 5)
    rows = {r["row"]: r for r in rejected(str(report.reject_file), "cases")}
    assert {n: r["code"] for n, r in rows.items()} == {
        "5": "load.double_key",
        "6": "load.double_key",
        "7": "load.double_key",
        "8": "load.double_key",
        "9": "value.moment",
    }
    assert "7" in rows["5"]["reason"]
    assert "9" in rows["8"]["reason"]
    assert [r.key for r in graph.read("known_cases", keys=[f"office/C{i}" for i in range(4)])] == [
        "office/C1"
    ]


def test_a_copy_falls_with_its_first(graph: Graph, tmp_path: Path) -> None:
    cases = "case,secrecy\nC1,\nC9,机密\n"
    text = "party,case\nQ1,C9\nQ1,C9\n"
    report = load(graph, package(tmp_path / "p", cases=cases, parties=text))
    assert (report.loaded, report.rejected, report.unchanged) == (1, 3, 0)


def test_what_names_a_refused_row_waits_for_it(graph: Graph, tmp_path: Path) -> None:
    """A lead names a problem of a table that comes later, and that is refused itself."""
    report = load(
        graph,
        package(
            tmp_path / "p",
            cases="case,follows\nC1,C2\nC2,C3\nC3,C9\nC4,C5\nC5,C4\nC6,\n",
            problems="problem,type,case,found\nX1,P01,C6,someday\n",
            leads="lead,route,problem\nL1,R1,X1\nL2,R1,\n",
            lead_steps="step,lead,act,at\nS1,L1,RAISE,2024-03-05\nS2,L2,RAISE,2024-03-05\n",
            corrections="correction,lead,problems\nK1,L2,X1\nK2,L2,\n",
        ),
    )
    figures = {name: (t["pending"], t["rejected"]) for name, t in report.tables.items()}
    assert figures == {
        "cases": (1, 0),
        "problems": (0, 1),
        "leads": (1, 0),
        "lead_steps": (0, 0),
        "corrections": (1, 0),
    }
    assert report.loaded == 6 + 2 + 2 + 2
    found = stats(graph)["relationships"]
    assert found["FOLLOWS"] == 4
    assert "GAVE_RISE_TO" not in found
    mended = "problem,type,case,found\nX1,P01,C6,2024-03-05\n"
    again = load(graph, package(tmp_path / "q", problems=mended, cases="case\nC9\n"))
    assert (again.resolved, again.pending) == (3, 0)
    found = stats(graph)["relationships"]
    assert (found["FOLLOWS"], found["GAVE_RISE_TO"], found["CORRECTS"]) == (5, 1, 1)


def test_keys_that_the_store_holds_do_not_dangle(graph: Graph, tmp_path: Path) -> None:
    load(graph, package(tmp_path / "a", cases="case\nC1\n"))
    events = "event,case,node,occurred\nE1,C1,PR01,2024-03-05\nE2,C2,PR01,2024-03-05\n"
    report = load(graph, package(tmp_path / "b", events=events))
    assert (report.loaded, report.pending) == (2, 1)
    assert stats(graph)["relationships"]["OF"] == 1


def test_a_rulebook_node_may_be_named_from_any_column(graph: Graph, tmp_path: Path) -> None:
    """One's own node comes first; a deferred column finds the rulebook's too."""
    load(
        graph,
        package(
            tmp_path / "p",
            process_nodes="node,zh\nPR01,自家节点\n",
            monitoring_rules="monitoring_rule,node\nW1,PR11\nW2,PR01\n",
            cases="case\nC1\n",
            events="event,case,node,occurred\nE1,C1,PR01,2024-03-05\nE2,C1,PR11,2024-03-06\n",
        ),
    )
    watched = graph.read("former_monitoring_rules", keys=["office/W1", "office/W2"])
    assert {r.key: r.named for r in watched} == {
        "office/W1": [["node", "rulebook/PR11"]],
        "office/W2": [["node", "office/PR01"]],
    }
    seen = graph.read("former_events", keys=["office/E1", "office/E2"])
    assert {r.key: dict(map(tuple, r.named))["node"] for r in seen} == {
        "office/E1": "office/PR01",
        "office/E2": "rulebook/PR11",
    }


def test_secrecy_reaches_all_that_depends_on_it(graph: Graph, tmp_path: Path) -> None:
    """Also rows with faults of their own, rows that point forward, and whole chains."""
    report = load(
        graph,
        package(
            tmp_path / "p",
            cases="case,type,accepted,secrecy\n"
            "SEC-1,PR,nonsense,机密★10年\nOPEN-1,PR,2024-03-05,\nOPEN-2,PR,2024-03-05,内部\n"
            "SEC-1,PR,2024-03-05,\n",
            parties="party,case,minor\nSEC-Q1,SEC-1,也许\nOPEN-Q1,OPEN-1,也许\n",
            charges="charge,party,code\nSEC-H1,SEC-Q1,264\n",
            problems="problem,type,case,found\n"
            "SEC-X1,P-NO,SEC-1,2024-03-05\nOPEN-X1,P-NO,OPEN-1,2024-03-05\n",
            leads="lead,route,problem\nSEC-L1,R1,SEC-X1\nOPEN-L1,R1,\n",
            lead_steps="step,lead,act,at\nSEC-S1,SEC-L1,RAISE,2024-03-05\n",
        ),
    )
    assert (report.loaded, report.pending, report.read) == (4, 1, 12)
    assert balanced(report)
    for path in Path(str(report.reject_file)).iterdir():
        text = path.read_text(encoding="utf-8-sig")
        assert "SEC-" not in text, path
    hidden = {
        table: [
            (r["row"], r["code"])
            for r in rejected(str(report.reject_file), table)
            if r["code"].startswith("load.secret")
        ]
        for table in ("cases", "parties", "charges", "problems", "leads", "lead_steps")
    }
    assert hidden == {
        "cases": [("2", "load.secret"), ("5", "load.secret_target")],
        "parties": [("2", "load.secret_target")],
        "charges": [("2", "load.secret_target")],
        "problems": [("2", "load.secret_target")],
        "leads": [("2", "load.secret_target")],
        "lead_steps": [("2", "load.secret_target")],
    }


def test_the_same_person_has_the_same_pseudonym(graph: Graph, tmp_path: Path) -> None:
    parties = "party,case,identity\nQ1,C1,11010X\nQ2,C1,１１０１０ｘ\nQ3,C1,11010Y\n"
    load(graph, package(tmp_path / "p", cases="case\nC1\n", parties=parties))
    keys = [f"office/Q{i}" for i in (1, 2, 3)]
    one, two, three = (r.props["identity"] for r in graph.read("former_parties", keys=keys))
    assert one == two != three
    key = settings().home_dir / "pseudonym.key"
    assert key.stat().st_mode & 0o777 == 0o600


EVENTS = "case,node,occurred,outcome\n"


def test_events_without_ids_are_known_by_content_and_ordinal(graph: Graph, tmp_path: Path) -> None:
    """Equal rows of one file are separate; the same rows of another file are the same events."""
    one, two, three = "C1,PR01,2024-03-05,x\n", "C1,PR02,2024-03-06,\n", "C2,PR01,2024-03-05,x\n"
    cases = "case\nC1\nC2\n"
    first = load(
        graph, package(tmp_path / "a", cases=cases, events=EVENTS + one + one + two + three)
    )
    assert first.loaded == 6
    before = digest(graph)
    again = load(
        graph, package(tmp_path / "b", cases=cases, events=EVENTS + three + two + one + one)
    )
    assert (again.loaded, again.unchanged) == (0, 6)
    assert digest(graph) == before
    third = load(graph, package(tmp_path / "c", events=EVENTS + one * 3))
    assert (third.loaded, third.unchanged) == (1, 2)


def chains(graph: Graph) -> set[tuple[str, str]]:
    return {
        (row.props["key"], end)
        for row in graph.stream("all_nodes")
        for type_, _, end in row.leaving
        if type_ == "NEXT"
    }


def moved(folder: Path, case: str, day: str) -> Path:
    """A package of two cases; the second event stands in ``case`` on ``day``."""
    return package(
        folder,
        cases="case\nC1\nC2\n",
        events="event,case,node,occurred\n"
        f"E1,C1,PR01,2024-03-01\nE2,{case},PR02,{day}\nE3,C1,PR03,2024-03-03\n"
        "E4,C2,PR01,2024-03-01\nE5,C2,PR02,2024-03-03\n",
    )


def test_an_event_that_moves_leaves_both_cases_in_order(graph: Graph, tmp_path: Path) -> None:
    def pairs(*names: str) -> set[tuple[str, str]]:
        return {(f"office/{n[:2]}", f"office/{n[2:]}") for n in names}

    load(graph, moved(tmp_path / "p", "C1", "2024-03-02"))
    assert chains(graph) == pairs("E1E2", "E2E3", "E4E5")
    load(graph, moved(tmp_path / "p", "C2", "2024-03-02"))
    assert chains(graph) == pairs("E1E3", "E4E2", "E2E5")
    load(graph, moved(tmp_path / "p", "C2", "2024-03-04"))
    assert chains(graph) == pairs("E1E3", "E4E5", "E5E2")
    wanted = digest(graph)
    graph.wipe()
    load(graph, moved(tmp_path / "q", "C2", "2024-03-04"))
    assert digest(graph) == wanted


class CutError(Exception):
    """The end of a process, as far as the store can tell."""


@pytest.fixture
def cut(graph: Graph, monkeypatch: pytest.MonkeyPatch) -> Callable[[int], None]:
    """``cut(n)``: the n-th write from now on fails before it reaches the store."""
    left: list[int] = []
    write = Graph.write

    def counted(self: Graph, name: str, /, **params: Any) -> Any:
        if left:
            left[0] -= 1
            if left[0] < 0:
                left.clear()
                raise CutError
        return write(self, name, **params)

    monkeypatch.setattr(Graph, "write", counted)
    return lambda n: left.__setitem__(slice(None), [n])


def test_a_load_cut_anywhere_ends_in_the_same_digest(
    graph: Graph, tmp_path: Path, cut: Callable[[int], None]
) -> None:
    """After every single write in turn, of a first load and of one that moves an event."""
    problems = f"problem,type,case,found\nX1,{next(iter(problem_types()))},C1,2024-03-05\n"

    def packages(name: str) -> tuple[Path, Path]:
        one = moved(tmp_path / name / "one", "C1", "2024-03-02")
        two = moved(tmp_path / name / "two", "C2", "2024-03-04")
        for folder in (one, two):
            (folder / "problems.csv").write_text(problems, encoding="utf-8")
            (folder / "leads.csv").write_text("lead,route,problem\nL1,R1,X1\n", encoding="utf-8")
        return one, two

    (tmp_path / "n").mkdir()
    one, two = packages("n")
    load(graph, one)
    wanted_one = digest(graph)
    load(graph, two)
    wanted_two = digest(graph)
    for folder, before, wanted in ((one, None, wanted_one), (two, one, wanted_two)):
        for n in range(100):
            graph.wipe()
            prepare(graph)
            if before:
                load(graph, before)
            cut(n)
            try:
                load(graph, folder)
            except CutError:
                report = load(graph, folder)
                assert balanced(report)
                assert digest(graph) == wanted, n
                assert all(b.state == "DONE" for b in graph.read("batches"))
            else:
                break
        cut(10_000)
        assert n > 5, "the load ended before it was cut often enough"


def test_an_unfinished_batch_of_other_files_is_completed_first(
    graph: Graph, tmp_path: Path, cut: Callable[[int], None]
) -> None:
    prepare(graph)
    cut(4)
    with pytest.raises(CutError):
        load(graph, moved(tmp_path / "p", "C1", "2024-03-02"))
    report = load(graph, package(tmp_path / "q", cases="case\nC3\n"))
    assert report.batch == "B00002"
    assert all(b.state == "DONE" for b in graph.read("batches"))
    assert load(graph, tmp_path / "p").unchanged == 7


def test_the_batch_tells_what_was_loaded(graph: Graph, tmp_path: Path) -> None:
    text = CASES + "C1,PR,2024-03-05,,\nC2,PR,someday,,\n"
    report = load(graph, package(tmp_path / "p", cases=text))
    (batch,) = graph.read("batches").rows
    assert (batch.batch, batch.source, batch.state) == (report.batch, "office", "DONE")
    assert json.loads(batch.report) == json.loads(json.dumps(report.as_dict()))
    assert set(json.loads(batch.files)) == {"package.yaml", "cases.csv"}
    assert batch.data_to == dt.datetime(2024, 3, 4, 16, tzinfo=dt.UTC)
    (props,) = [r.props for r in graph.read("former_cases", keys=["office/C1"])]
    assert (props["_batch"], props["_row"]) == ("B00001", 2)
    assert report.tables["cases"] == {
        "read": 2,
        "loaded": 1,
        "pending": 0,
        "rejected": 1,
        "unchanged": 0,
        "vanished": 0,
        "reject_file": report.reject_file,
    }


def test_progress_adds_up(graph: Graph, tmp_path: Path) -> None:
    seen: Counter[str] = Counter()
    generate(tmp_path / "w", 20, 3)
    report = load(graph, tmp_path / "w", progress=lambda name, n: seen.update({name: n}))
    assert seen["*"] == report.read
    assert {n: c for n, c in seen.items() if n not in {"*", "NEXT"}} == {
        n: t["loaded"] for n, t in report.tables.items()
    }


def test_one_load_at_a_time(graph: Graph, tmp_path: Path) -> None:
    folder = package(tmp_path / "p", cases="case\nC1\n")
    with only_load(work_folder(settings().home_dir)), pytest.raises(InputError) as caught:
        load(graph, folder)
    assert caught.value.code == "load.busy"
    assert load(graph, folder).loaded == 1


def test_a_full_disk_is_told_before_anything_is_written(graph: Graph, tmp_path: Path) -> None:
    """A file may grow to 64 KiB only: first the rejects, then the temporary files hit the limit."""
    for name, row in (("rejects", "C{},someday\n"), ("spill", "C{},2024-03-05\n")):
        text = "case,accepted\n" + "".join(row.format(i) for i in range(5_000))
        package(tmp_path / name, cases=text)
        code = (
            "import resource, sys; resource.setrlimit(resource.RLIMIT_FSIZE, (65536, 65536))\n"
            "from graph import connect\nfrom graph.errors import InputError\n"
            "from loaders.load import load\n"
            "with connect() as graph:\n"
            "    try:\n        load(graph, sys.argv[1])\n"
            "    except InputError as error:\n        print(error.code)\n"
        )
        done = subprocess.run(
            [sys.executable, "-c", code, str(tmp_path / name)],
            capture_output=True,
            text=True,
            check=False,
        )
        expected = {"rejects": "load.reject_write", "spill": "load.spill"}[name]
        assert done.stdout.split() == [expected], done.stderr[-2000:]
        assert not graph.read("batches").rows
    assert load(graph, tmp_path / "spill").loaded == 5_000


def test_a_source_that_changes_while_it_is_read_is_refused(graph: Graph, tmp_path: Path) -> None:
    folder = package(tmp_path / "p", cases=CASES + "C1,PR,someday,,\nC2,PR,2024-03-05,,\n")

    class Changing:
        """A package whose tables are other ones when they are asked for again."""

        def __init__(self) -> None:
            self._asked = 0
            self._package = open_package(folder)

        def __getattr__(self, name: str) -> Any:
            return getattr(self._package, name)

        def tables(self) -> Any:
            self._asked += 1
            for node_type, rows in self._package.tables():
                yield node_type, (r for r in rows if self._asked == 1 or r.number > 2)

    with pytest.raises(InputError) as caught:
        load(graph, Changing())
    assert caught.value.code == "load.changed_meanwhile"
    assert not graph.read("batches").rows


def test_an_engine_that_cannot_be_reached(tmp_path: Path) -> None:
    folder = package(tmp_path / "p", cases="case\nC1\n")
    with pytest.raises(EngineError), connect("bolt://127.0.0.1:1", ("neo4j", "x")) as gone:
        load(gone, folder)


def test_every_format_gives_the_same_graph(graph: Graph, tmp_path: Path) -> None:
    text = "case,type,accepted,cause\nC1,PR,2024-03-05,盗窃罪\nC2,AR,2024-03-06T10:00:00,诈骗罪\n"
    digests = set()
    lines = [line.split(",") for line in text.splitlines()]
    for form in ("utf-8", "gb18030", "utf-8-sig", "gz", "xlsx", "parquet"):
        folder = package(tmp_path / form)
        if form == "gz":
            (folder / "cases.csv.gz").write_bytes(gzip.compress(text.encode("gb18030")))
        elif form == "xlsx":
            book = openpyxl.Workbook()
            for line in lines:
                book.worksheets[0].append(line)
            book.worksheets[0]["C2"].value = dt.date(2024, 3, 5)
            book.worksheets[0]["C3"].value = dt.datetime(2024, 3, 6, 10)  # noqa: DTZ001
            book.save(folder / "cases.xlsx")
        elif form == "parquet":
            columns = {n: [line[at] for line in lines[1:]] for at, n in enumerate(lines[0])}
            pq.write_table(pa.table(columns), folder / "cases.parquet")
        else:
            (folder / "cases.csv").write_text(text, encoding=form)
        graph.wipe()
        assert load(graph, folder).loaded == 2
        digests.add(digest(graph))
    assert len(digests) == 1


def test_every_fault_of_a_package_is_told_at_once(graph: Graph, tmp_path: Path) -> None:
    folder = package(tmp_path / "p", cases="case,typ\nC1,PR\n", partys="party\nQ1\n")
    with pytest.raises(InputError) as caught:
        load(graph, folder)
    text = caught.value.detail("en")
    assert "'typ'" in text
    assert "type" in text
    assert "partys.csv" in text
    assert not graph.read("batches").rows


def test_real_and_synthetic_data_never_mix(graph: Graph, tmp_path: Path) -> None:
    load(graph, package(tmp_path / "a", cases=CASES + "C1,PR,2024-03-05,,\n"))
    other = package(tmp_path / "b", cases=CASES + "C2,PR,2024-03-05,,\n")
    (other / "package.yaml").write_text("source: real\n", encoding="utf-8")
    with pytest.raises(InputError) as caught:
        load(graph, other)
    assert caught.value.code == "load.mixed_store"


def test_a_world_loads_whole_and_again_changes_nothing(graph: Graph, tmp_path: Path) -> None:
    generate(tmp_path / "w", 40, 11)
    first = load(graph, tmp_path / "w")
    before = stats(graph)
    again = load(graph, tmp_path / "w")
    assert first.rejected == 0
    assert first.loaded == first.read == again.unchanged
    after = stats(graph)
    assert after["digest"] == before["digest"]
    assert after["relationships"] == before["relationships"]
    events = before["nodes"]["Event"]
    assert before["relationships"]["NEXT"] > events / 2


def test_a_load_that_was_killed_ends_in_the_same_digest_when_done_again(
    graph: Graph, tmp_path: Path
) -> None:
    generate(tmp_path / "w", 60, 12)
    load(graph, tmp_path / "w")
    wanted = digest(graph)
    graph.wipe()
    process = subprocess.Popen(
        [sys.executable, "-m", "api.cli", "load", str(tmp_path / "w"), "--json"],
        stdout=subprocess.DEVNULL,
        stderr=subprocess.DEVNULL,
    )
    deadline = time.monotonic() + 60
    while time.monotonic() < deadline and process.poll() is None:
        counts = {r.label: r.n for r in graph.read("count_nodes")}
        if counts.get("Case"):
            break
        time.sleep(0.05)
    os.kill(process.pid, signal.SIGKILL)
    process.wait()
    assert any(b.state == "RUNNING" for b in graph.read("batches"))
    load(graph, tmp_path / "w")
    assert digest(graph) == wanted


def test_the_guide_names_every_code_of_a_refused_row() -> None:
    root = Path(__file__).parents[2]
    guide = (root / "docs" / "loading.md").read_text(encoding="utf-8")
    source = (root / "loaders" / "rows.py").read_text(encoding="utf-8")
    source += (root / "loaders" / "ledger.py").read_text(encoding="utf-8")
    codes = set(re.findall(r'"(load\.[a-z_]+)"', source)) - {"load.spill"}
    assert len(codes) == 7, codes
    assert [code for code in codes if f"`{code}`" not in guide] == []


def test_the_example_of_the_guide_loads(graph: Graph, tmp_path: Path) -> None:
    guide = (Path(__file__).parents[2] / "docs" / "loading.md").read_text(encoding="utf-8")
    (manifest,) = re.findall(r"```yaml\n(.*?)```", guide, re.DOTALL)
    (cases,) = re.findall(r"```csv\n(.*?)```", guide, re.DOTALL)
    folder = package(
        tmp_path / "p",
        cases=cases,
        persons="person,role\nP7,PROSECUTOR\n",
        units="unit,name\nU01,甲院\n",
    )
    (folder / "package.yaml").write_text(manifest, encoding="utf-8")
    report = load(graph, folder)
    assert (report.loaded, report.warnings) == (4, ())


def test_a_mended_reject_file_is_loaded_as_it_is(graph: Graph, tmp_path: Path) -> None:
    text = CASES + "C1,PR,2024-03-05,,\nC2,PR,someday,,\n"
    report = load(graph, package(tmp_path / "p", cases=text))
    mended = Path(str(report.reject_file)).read_text(encoding="utf-8-sig")
    mended = mended.replace("PR,someday", "PR,2024-03-07")
    again = load(graph, package(tmp_path / "q", cases=mended))
    assert (again.read, again.loaded) == (1, 1)


@pytest.mark.local_only
@pytest.mark.long
def test_an_engine_killed_under_a_load_ends_in_the_same_digest_when_loaded_again(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("ANGUAN_HOME", str(tmp_path / "home"))
    monkeypatch.setenv("ANGUAN_ENGINE_MEMORY", "512m")
    settings.cache_clear()
    home = settings().home_dir
    generate(tmp_path / "w", 60, 13)
    try:
        with connect() as graph:
            load(graph, tmp_path / "w")
            wanted = digest(graph)
            graph.wipe()
            process = subprocess.Popen(
                [sys.executable, "-m", "api.cli", "load", str(tmp_path / "w"), "--json"],
                stdout=subprocess.PIPE,
                stderr=subprocess.DEVNULL,
            )
            deadline = time.monotonic() + 60
            while time.monotonic() < deadline and process.poll() is None:
                if any(r.label == "Case" for r in graph.read("count_nodes")):
                    break
                time.sleep(0.02)
            os.kill(engine_status(home)["pid"], signal.SIGKILL)
            process.communicate(timeout=120)
            assert process.returncode in {0, 3}
            load(graph, tmp_path / "w")
            assert digest(graph) == wanted
    finally:
        engine_stop(home)
        monkeypatch.undo()
        settings.cache_clear()


def test_a_load_gives_back_what_the_driver_leaves_of_a_statement(
    graph: Graph, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Results hold their rows in a cycle, and the cycle collector rests while rows pass."""
    rows = "".join(f"C{n},PR,2024-01-02\n" for n in range(1000))
    folder = package(tmp_path / "p", cases=f"case,type,accepted\n{rows}")
    alive: list[int] = []
    write = Graph.write

    def counted(g: Graph, name: str, /, **params: Any) -> Any:
        if name == "create_cases":
            alive.append(sum(isinstance(o, neo4j.Result) for o in gc.get_objects()))
        return write(g, name, **params)

    monkeypatch.setattr(Graph, "write", counted)
    monkeypatch.setattr("loaders.load.CHUNK", 20)
    load(graph, folder)
    assert len(alive) == 10
    assert max(alive[2:]) <= alive[1] + 1
