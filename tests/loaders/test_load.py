"""Loading a native package: nothing lost, nothing invented, every refusal explained."""

from __future__ import annotations

import csv
import os
import signal
import subprocess
import sys
import time
from pathlib import Path
from typing import Any

import pytest

from graph.errors import InputError
from graph.settings import settings
from graph.store.connection import Graph
from graph.store.stats import digest, stats
from loaders.load import load
from loaders.synthetic import generate

CASES = "case,type,accepted,closed,secrecy\n"


def package(folder: Path, encoding: str = "utf-8", **tables: str) -> Path:
    folder.mkdir(parents=True, exist_ok=True)
    (folder / "package.yaml").write_text("source: office\nsynthetic: true\n", encoding="utf-8")
    for name, text in tables.items():
        (folder / f"{name}.csv").write_text(text, encoding=encoding)
    return folder


def rejected(folder: str, table: str, encoding: str = "utf-8") -> list[dict[str, str]]:
    with (Path(folder) / f"{table}.csv").open(encoding=encoding, newline="") as file:
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


def test_a_dangling_key_is_refused_with_all_that_depends_on_it(
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
    assert (report.loaded, report.rejected) == (3, 2)
    assert rejected(str(report.reject_file), "charges")[0]["code"] == "load.dangling"


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
    former = graph.read("former_former_rows", keys=["B00002/office/C1"]).one()
    assert former is not None
    assert '"closed"' not in former.props["values"]


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
