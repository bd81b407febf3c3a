"""What is kept of batches, and what can be done with it: undo, previews, rejects, history, at."""

from __future__ import annotations

import csv
import datetime as dt
import json
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest
from typer.testing import CliRunner

from api.cli import app
from api.output import cell
from graph.analysis.cases import case, cases, linked_issues, problems
from graph.errors import EngineError, InputError
from graph.settings import settings
from graph.store.connection import Graph
from graph.store.engine import engine_stop
from graph.store.stats import digest, stats
from graph.supervision.dispose import dispose
from loaders.kept import kept_batch
from loaders.lease import Lease
from loaders.load import Load, load, prepare
from loaders.names import names_of
from loaders.preview import preview
from loaders.register import batches, history, rejects
from loaders.replay import at, rows_digest
from loaders.undo import undo
from tests.loaders.test_load import CutError, chains, package, rejected
from tests.loaders.test_load import cut as cut

CASES = "case,type,accepted,handler,attr_note,attr_day\n"
EVENTS = "event,case,node,occurred\n"


def base(folder: Path) -> Path:
    """Two cases with events, a lead that waits for its problem, a person."""
    return package(
        folder,
        persons="person,role\nP1,HEAD\nP2,HEAD\n",
        cases=CASES + "C1,PR,2024-03-05,P1,x,\nC2,PR,2024-03-06T10:00:00,P2,,2024-01-01\n",
        events=EVENTS + "E1,C1,PR01,2024-03-05\nE2,C1,PR02,2024-03-06\nE9,C3,PR01,2024-04-01\n",
        leads="lead,route,problem\nL1,R1,X1\n",
    )


def more(folder: Path) -> Path:
    """A changed case, a new one that an event waits for, an event that moves, a problem."""
    return package(
        folder,
        cases=CASES + "C1,AR,2024-03-05,P2,,\nC3,PR,2024-03-08,,,\nC2,PR,2024-03-06T10:00:00,P2,,"
        "2024-01-01\n",
        events=EVENTS + "E2,C2,PR02,2024-03-06\nE3,C3,PR02,2024-04-02\n",
        problems="problem,type,case,found\nX1,P01,C1,2024-03-09\n",
    )


def test_undo_gives_the_graph_that_never_saw_the_batch(graph: Graph, tmp_path: Path) -> None:
    load(graph, base(tmp_path / "a"))
    before, order, rows = digest(graph), chains(graph), rows_digest(graph)
    report = load(graph, more(tmp_path / "b"))
    assert (report.loaded, report.unchanged, report.resolved) == (5, 1, 2)
    after = digest(graph)
    assert after != before
    answer = undo(graph, "B00002")
    assert (answer["batch"], answer["removed"], answer["restored"]) == ("B00003", 3, 2)
    assert answer["pending"] == 2
    assert (digest(graph), chains(graph), rows_digest(graph)) == (before, order, rows)
    assert answer["digest"] == rows
    again = load(graph, more(tmp_path / "b"))
    assert (again.loaded, again.resolved, digest(graph)) == (5, 2, after)
    assert again.digest == rows_digest(graph) == report.digest
    listed = {b["batch"]: b for b in batches(graph)["batches"]}
    assert (listed["B00002"]["undone"], listed["B00003"]["undoes"]) == ("B00003", "B00002")
    for batch, code in (
        ("B00002", "undo.already"),
        ("B00003", "undo.of_undo"),
        ("B9", "batch.unknown"),
    ):
        with pytest.raises(InputError) as caught:
            undo(graph, batch)
        assert caught.value.code == code
    assert graph.data_date() == dt.datetime(2024, 4, 1, 16, tzinfo=dt.UTC)


def test_later_batches_on_the_same_rows_stand(graph: Graph, tmp_path: Path) -> None:
    """A row that a later batch holds as the same stays; one that it changed stays changed."""
    load(graph, package(tmp_path / "a", cases="case,type\nC1,PR\nC2,PR\nC3,PR\n"))
    load(graph, package(tmp_path / "b", cases="case,type\nC1,AR\nC2,AR\nC4,PR\nC5,PR\n"))
    load(graph, package(tmp_path / "c", cases="case,type\nC1,AR\nC2,CP\nC4,PR\n"))
    answer = undo(graph, "B00002")
    assert (answer["removed"], answer["restored"]) == (1, 0)
    keys = [f"office/C{i}" for i in range(1, 6)]
    held = {
        r.key: (r.props["type"], r.props["_batch"]) for r in graph.read("former_cases", keys=keys)
    }
    assert held == {
        "office/C1": ("AR", "B00003"),
        "office/C2": ("CP", "B00003"),
        "office/C3": ("PR", "B00001"),
        "office/C4": ("PR", "B00003"),
    }
    undo(graph, "B00003")
    held = {
        r.key: (r.props["type"], r.props["_batch"]) for r in graph.read("former_cases", keys=keys)
    }
    assert held == {f"office/C{i}": ("PR", "B00001") for i in (1, 2, 3)}
    assert batches(graph)["batches"][-1]["digest"] == rows_digest(graph)


def test_an_act_that_rests_on_a_row_refuses_the_undo(graph: Graph, tmp_path: Path) -> None:
    load(graph, base(tmp_path / "a"))
    load(graph, more(tmp_path / "b"))
    before = digest(graph)
    given = "problem,status,at\nX1,CONFIRMED,2024-03-10\n"
    load(graph, package(tmp_path / "c", dispositions=given))
    with pytest.raises(InputError) as caught:
        undo(graph, "B00002")
    assert caught.value.code == "undo.refused"
    assert "B00003" in caught.value.detail("en")
    undo(graph, "B00003")
    assert digest(graph) == before
    done = dispose(graph, "X1", "CONFIRMED", "P1", "查实", "2024-03-11")
    with pytest.raises(InputError) as caught:
        undo(graph, "B00002")
    assert done["disposition"] in caught.value.detail("zh")
    assert graph.read("known_cases", keys=["office/C3"]).one() is not None


def test_an_undo_cut_anywhere_is_completed(
    graph: Graph, tmp_path: Path, cut: Callable[[int], None]
) -> None:
    one, two = base(tmp_path / "a"), more(tmp_path / "b")
    load(graph, one)
    wanted = digest(graph)
    load(graph, two)
    cuts = 0
    for n in (4, 7, 10, 13, 16, 19, 22, 25):
        cut(n)
        try:
            undo(graph, batches(graph)["batches"][-1]["batch"])
        except CutError:
            cuts += 1
            running = [b for b in batches(graph)["batches"] if b["state"] == "RUNNING"]
            if running:
                undo(graph, running[0]["undoes"])
            else:
                undo(graph, batches(graph)["batches"][-1]["batch"])
        cut(10_000)
        assert digest(graph) == wanted, n
        assert batches(graph)["batches"][-1]["digest"] == rows_digest(graph)
        load(graph, two)
    assert cuts > 4


def test_a_preview_tells_what_the_load_then_does(graph: Graph, tmp_path: Path) -> None:
    graph.wipe()
    key = settings().home_dir / "pseudonym.key"
    key.unlink(missing_ok=True)
    first = base(tmp_path / "a")
    seen = preview(graph, first)
    assert {k: seen[k] for k in ("added", "changed", "vanished", "rejected", "pending")} == {
        "added": 8,
        "changed": 0,
        "vanished": 0,
        "rejected": 0,
        "pending": 2,
    }
    assert not list(graph.stream("all_nodes"))
    assert not key.exists()
    load(graph, first)
    folder = more(tmp_path / "b")
    before = digest(graph), len(graph.read("batches"))
    seen = preview(graph, folder)
    assert (digest(graph), len(graph.read("batches"))) == before
    report = load(graph, folder)
    assert seen["added"] + seen["changed"] == report.loaded
    assert (seen["changed"], seen["unchanged"], seen["pending"]) == (2, 1, report.pending)


def complete(folder: Path, scope: str, cases: str) -> Path:
    found = package(folder, cases=cases)
    with (folder / "package.yaml").open("a", encoding="utf-8") as file:
        file.write(f"complete: [cases]\n{scope}")
    return found


def test_a_row_that_vanished_from_a_complete_table_is_marked(graph: Graph, tmp_path: Path) -> None:
    head = "case,type,accepted\n"
    text = head + "C1,PR,2024-01-05\nC2,PR,2024-02-05\nC3,PR,2025-02-05\nC4,PR,\n"
    load(graph, package(tmp_path / "a", cases=text))
    scope = "period: {from: 2024-01-01, to: 2024-12-31}\n"
    folder = complete(tmp_path / "b", scope, head + "C1,PR,2024-01-05\n")
    assert preview(graph, folder)["vanished"] == 1
    report = load(graph, folder)
    assert (report.vanished, report.tables["cases"]["vanished"]) == (1, 1)
    marks = graph.read("known_cases", keys=[f"office/C{i}" for i in range(1, 5)])
    assert {r.key: r.vanished for r in marks} == {
        "office/C1": None,
        "office/C2": "B00002",
        "office/C3": None,
        "office/C4": None,
    }
    assert report.digest == rows_digest(graph)
    assert load(graph, complete(tmp_path / "c", scope, head + "C1,PR,2024-01-05\n")).vanished == 0
    back = load(graph, package(tmp_path / "d", cases=head + "C2,PR,2024-02-05\n"))
    assert (back.loaded, back.unchanged) == (0, 1)
    assert back.digest == rows_digest(graph)
    assert graph.read("known_cases", keys=["office/C2"]).rows[0].vanished is None
    undo(graph, "B00004")
    assert graph.read("known_cases", keys=["office/C2"]).rows[0].vanished == "B00002"
    undo(graph, "B00002")
    assert graph.read("known_cases", keys=["office/C2"]).rows[0].vanished == "B00003"
    assert batches(graph)["batches"][-1]["digest"] == rows_digest(graph)


def test_marks_are_taken_back_without_writing_the_rows_again(
    graph: Graph, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    head = "event,case,node,occurred\n"
    lines = "".join(f"E{n},C1,PR01,2024-03-{n % 28 + 1:02d}\n" for n in range(60))
    cases_ = "case,type,accepted\nC1,PR,2024-03-01\n"
    load(graph, package(tmp_path / "a", cases=cases_, events=head + lines))
    folder = package(tmp_path / "b", events=head + "E0,C1,PR01,2024-03-01\n")
    with (folder / "package.yaml").open("a", encoding="utf-8") as file:
        file.write("complete: [events]\n")
    before = digest(graph), rows_digest(graph), chains(graph)
    report = load(graph, folder)
    assert report.vanished == 59
    written: list[str] = []
    own = Graph.write

    def noted(self: Graph, query: str, **params: Any) -> Any:
        if params.get("rows") or params.get("keys"):
            written.append(query)
        return own(self, query, **params)

    monkeypatch.setattr(Graph, "write", noted)
    answer = undo(graph, report.batch)
    assert answer["restored"] == 59
    assert (digest(graph), rows_digest(graph), chains(graph)) == before
    assert answer["digest"] == before[1]
    assert "mark_events" in written
    assert not {"load_events", "load_former_rows", "next_events"} & set(written)


def test_a_package_whose_scope_cannot_be_decided_writes_nothing(
    graph: Graph, tmp_path: Path
) -> None:
    load(graph, package(tmp_path / "a", cases="case,type,accepted\nC1,PR,2024-01-05\n"))
    before = digest(graph), len(graph.read("batches"))
    scope = "period: {from: 2024-01-01, to: 2024-12-31}\n"
    folder = complete(tmp_path / "b", scope, "case,type\nC2,PR\n")
    for act in (preview, load):
        with pytest.raises(InputError) as caught:
            act(graph, folder)
        assert caught.value.code == "load.package_faults"
        assert "cases.csv 没有日期列" in caught.value.detail("zh")
    assert (digest(graph), len(graph.read("batches"))) == before


@pytest.mark.parametrize(
    ("scope", "rows"),
    [
        ("period: {from: 2024-01-01, to: 2024-12-31}\n", "C2,PR,,U1\nC3,PR,,U1\n"),
        ("units: [U1]\n", "C2,PR,2024-02-05,\nC3,PR,2024-02-05,\n"),
    ],
)
def test_rows_that_cannot_be_placed_are_counted_and_not_marked(
    graph: Graph, tmp_path: Path, scope: str, rows: str
) -> None:
    head = "case,type,accepted,unit\n"
    one = "C1,PR,2024-01-05,U1\n"
    gone = "C4,PR,2024-03-05,U1\nC5,PR,2023-03-05,U2\n"
    load(graph, package(tmp_path / "a", units="unit\nU1\nU2\n", cases=head + one + rows + gone))
    folder = complete(tmp_path / "b", scope, head + one)
    (seen,) = preview(graph, folder)["warnings"]
    report = load(graph, folder)
    assert report.warnings == (seen,)
    assert report.vanished == 1
    assert seen.startswith("cases: 库中 2 行")
    keys = [f"office/C{i}" for i in range(1, 6)]
    marked = {r.key for r in graph.read("known_cases", keys=keys) if r.vanished}
    assert marked == {"office/C4"}


def test_what_vanished_is_said_in_the_case_and_the_lists(graph: Graph, tmp_path: Path) -> None:
    parts = {
        "parties": "party,case\nS1,C1\n",
        "events": EVENTS + "E1,C1,PR01,2024-03-05\nE2,C1,PR02,2024-03-06\n",
        "documents": "document,case,signed\nD1,C1,2024-03-07\n",
        "card_fields": "field_value,case,field,value\nF1,C1,a,1\n",
        "problems": "problem,type,case,found\nX1,P01,C1,2024-03-09\n",
        "leads": "lead,route,problem\nL1,R1,X1\n",
        "lead_steps": "step,lead,act,at\nT1,L1,RAISE,2024-03-10\n",
        "reviews": "review,case,opened\nR1,C1,2024-03-11\n",
        "corrections": "correction,problems,issued\nK1,X1,2024-03-12\n",
    }
    rows = {"cases": "case,type,accepted\nC1,PR,2024-03-05\nC2,PR,2024-03-05\n", **parts}
    load(graph, package(tmp_path / "a", **rows))
    assert case(graph, "C1")["vanished"] is None
    # Everything but C2 and E2 is gone; the tables are complete.
    left = {name: text.splitlines()[0] + "\n" for name, text in rows.items()}
    left["cases"] += "C2,PR,2024-03-05\n"
    left["events"] += "E2,C1,PR02,2024-03-06\n"
    folder = package(tmp_path / "b", **left)
    with (folder / "package.yaml").open("a", encoding="utf-8") as file:
        file.write(f"complete: [{', '.join(rows)}]\n")
    report = load(graph, folder)
    on = dt.datetime.fromisoformat(report.at).astimezone(settings().zone).date()
    mark = {"batch": report.batch, "on": on}
    shown = case(graph, "C1", "2024-12-31")
    assert shown["vanished"] == mark
    marks = {e["event"]: e["vanished"] for e in shown["events"]}
    assert marks == {"E1": mark, "E2": None}
    others = ("parties", "documents", "fields", "problems", "leads", "reviews", "corrections")
    for part in others:
        assert [x["vanished"] for x in shown[part]] == [mark], part
    listed = {c["case"]: c["vanished"] for c in cases(graph)["cases"]}
    assert listed == {"C1": mark, "C2": None}
    assert [p["vanished"] for p in problems(graph)["problems"]] == [mark]
    linked = linked_issues(graph, "C1", "2024-12-31")
    assert (linked["vanished"], linked["table"][0]["vanished"]) == (mark, mark)
    timeline = {t["id"]: t["vanished"] for t in linked["timeline"]}
    assert timeline == dict.fromkeys(["C1", "E1", "D1", "X1", "L1", "R1", "K1"], mark) | {
        "E2": None
    }
    printed = CliRunner().invoke(app, ["case", "C1", "--as-of", "2024-12-31"]).stdout
    assert f"no longer in the source ({report.batch}, {on})" in printed
    assert cell(mark, "zh") == f"已不在来源中 ({report.batch}, {on})"


def test_rejects_are_grouped_and_cleared_by_the_mended_source(graph: Graph, tmp_path: Path) -> None:
    head = "case,type,accepted,closed\n"
    events = "case,node,occurred\n"
    load(
        graph,
        package(
            tmp_path / "a",
            cases=head + "C1,PR,2024-03-05,\nC2,PR,someday,never\nC3,PR,soon,\n",
            events=events + "C1,PR01,2024-03-05\nC1,PR02,2024-13-01\n",
        ),
    )
    told = rejects(graph, "B00001")
    assert (told["rejected"], told["cleared"]) == (3, 0)
    causes = {(c["table"], c["code"], c["field"]): c for c in told["causes"]}
    assert {k: c["count"] for k, c in causes.items()} == {
        ("cases", "value.moment", "accepted"): 2,
        ("cases", "value.moment", "closed"): 1,
        ("events", "value.moment", "occurred"): 1,
    }
    assert causes["cases", "value.moment", "accepted"]["example"]["row"] == 3
    file = str(causes["cases", "value.moment", "closed"]["file"])
    assert Path(file).read_bytes().startswith(b"\xef\xbb\xbf")
    lines = rejected(file, "cases")
    assert [(r["case"], r["cell"], r["row"]) for r in lines] == [
        ("C2", "C3", "3"),
        ("C2", "D3", "3"),
        ("C3", "C4", "4"),
    ]
    # Each line is mended in the cell that it names, as a person does it.
    lines[0]["accepted"], lines[1]["closed"] = "2024-03-06", "2024-04-06"
    mended = package(tmp_path / "b")
    with (mended / "cases.csv").open("w", encoding="utf-8-sig", newline="") as out:
        writer = csv.DictWriter(out, list(lines[0]))
        writer.writeheader()
        writer.writerows(lines)
    report = load(graph, mended)
    assert (report.read, report.loaded, report.rejected) == (2, 1, 1)
    (now,) = graph.read("former_cases", keys=["office/C2"])
    assert str(now.props["closed"]) == "2024-04-06"
    assert rejects(graph, "B00001")["cleared"] == 1
    whole = package(
        tmp_path / "c",
        cases=head + "C1,PR,2024-03-05,\nC2,PR,2024-03-06,2024-04-06\nC3,PR,2024-03-07,\n",
        events=events + "C1,PR01,2024-03-05\nC1,PR02,2024-12-01\n",
    )
    load(graph, whole)
    told = rejects(graph, "B00001")
    assert (told["rejected"], told["cleared"]) == (3, 3)


def test_lines_of_a_mended_row_that_contradict_one_another_are_refused(
    graph: Graph, tmp_path: Path
) -> None:
    text = (
        "case,type,cause,row,cell,code,field,reason\nC1,PR,a,2,B2,x,type,\nC1,AR,b,2,C2,x,cause,\n"
    )
    report = load(graph, package(tmp_path / "a", cases=text))
    assert report.loaded == 1
    (found,) = graph.read("former_cases", keys=["office/C1"])
    assert (found.props["type"], found.props["cause"]) == ("PR", "b")
    text = "case,type,cause,row,cell,code,field,reason\nC2,PR,a,2,A2,x,,\nC2,AR,a,2,A2,x,,\n"
    report = load(graph, package(tmp_path / "b", cases=text))
    assert (report.read, report.rejected) == (1, 1)
    (line,) = rejected(str(report.reject_file), "cases")
    assert (line["code"], line["field"], line["row"]) == ("load.copies_differ", "type", "2")


def test_history_tells_each_value_with_its_batch_and_time(graph: Graph, tmp_path: Path) -> None:
    load(graph, base(tmp_path / "a"))
    load(graph, more(tmp_path / "b"))
    undo(graph, "B00002")
    told = history(graph, "C1", "Case")
    seen = [(v["batch"], v["ended_by"], v["properties"]["type"]) for v in told["values"]]
    assert seen == [("B00001", "B00002", "PR"), ("B00002", "B00003", "AR"), ("B00001", None, "PR")]
    assert told["value"]["names"] == {"handler": ["office/P1"]}
    times = {b["batch"]: b["at"] for b in batches(graph)["batches"]}
    assert [v["from"] for v in told["values"]] == [times[b] for b in ("B00001", "B00002", "B00003")]
    then = history(graph, "office/C1", as_of=times["B00002"])
    assert then["value"]["properties"]["type"] == "AR"
    gone = history(graph, "X1")
    assert (gone["label"], gone["value"], gone["total"]) == ("Problem", None, 1)
    with pytest.raises(InputError) as caught:
        history(graph, "nobody")
    assert caught.value.code == "read.not_found"


@pytest.mark.local_only
def test_the_graph_of_a_day_is_rebuilt(
    graph: Graph, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("ANGUAN_ENGINE_MEMORY", "512m")
    settings.cache_clear()
    load(graph, base(tmp_path / "a"))
    load(graph, more(tmp_path / "b"))
    dispose(graph, "X1", "CONFIRMED", "P1", "查实", "2024-03-11")
    wanted = digest(graph)
    today = dt.datetime.now(settings().zone).date()
    with pytest.raises(InputError) as caught:
        at(graph, dt.date(2000, 1, 1), tmp_path / "at")
    assert caught.value.code == "at.nothing"
    try:
        answer = at(graph, today, tmp_path / "at")
        assert answer["verified"], answer
        assert (answer["acts"], answer["pending_acts"]) == (1, 0)
        from graph.store.connection import connect

        with connect(home=tmp_path / "at") as then:
            assert digest(then) == wanted
            assert [b.batch for b in then.read("batches")] == ["B00001", "B00002"]
        with pytest.raises(InputError) as caught:
            at(graph, today, tmp_path / "at")
        assert caught.value.code == "at.exists"
    finally:
        engine_stop(tmp_path / "at")


def test_what_depends_on_an_earlier_secret_row_is_refused(graph: Graph, tmp_path: Path) -> None:
    load(graph, package(tmp_path / "a", cases="case,secrecy\nC1,机密\nC2,\n"))
    ids = settings().home_dir / "secret.ids"
    assert ids.stat().st_mode & 0o777 == 0o600
    assert "C1" not in ids.read_text(encoding="ascii")
    report = load(graph, package(tmp_path / "b", parties="party,case\nQ1,C1\nQ2,C2\nQ3,C9\n"))
    assert (report.loaded, report.pending, report.rejected) == (2, 1, 1)
    (line,) = rejected(str(report.reject_file), "parties")
    assert {k: v for k, v in line.items() if v} == {"row": "2", "code": "load.secret_target"}
    assert load(graph, package(tmp_path / "c", charges="charge,party\nH1,Q1\n")).rejected == 1
    open_again = package(tmp_path / "d", cases="case,secrecy\nC1,\n", parties="party,case\nQ1,C1\n")
    assert load(graph, open_again).rejected == 0
    assert load(graph, package(tmp_path / "e", parties="party,case\nQ4,C1\n")).rejected == 0


NAME, IDENTITY = "赵钱孙", "11010119900307123X"


def test_a_planted_name_is_found_nowhere_but_in_its_own_file(
    graph: Graph, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    parties = (
        "party,case,name,identity,minor\n"
        f"Q1,C1,{NAME},{IDENTITY},是\nQ2,C1,{NAME},{IDENTITY},也许\n"
    )
    folder = package(tmp_path / "p", cases="case\nC1\n", parties=parties)

    def traces(but: str = "-") -> Iterator[Path]:
        for path in settings().home_dir.rglob("*"):
            if path.is_file() and not path.name.startswith(but):
                data = path.read_bytes()
                if any(
                    said.encode(code) in data
                    for said in (NAME, IDENTITY)
                    for code in ("utf-8", "gb18030")
                ):
                    yield path

    load(graph, folder)
    kept = kept_batch(settings().home_dir, "B00001")
    assert kept is not None
    rows = [row.values for _, table in kept.source().tables() for row in table]
    assert len(rows) == 3
    said = json.dumps(
        [*rows, *(r.props for r in graph.stream("all_nodes"))], default=str, ensure_ascii=False
    )
    assert NAME not in said
    assert IDENTITY not in said
    assert list(traces()) == []
    monkeypatch.setenv("ANGUAN_KEEP_NAMES", "true")
    settings.cache_clear()
    load(graph, folder)
    (party,) = graph.read("former_parties", keys=["office/Q1"])
    names = settings().home_dir / "names.sqlite"
    assert names.stat().st_mode & 0o777 == 0o600
    answer = names_of(settings().home_dir, party.props["identity"])
    assert answer["names"] == [{"field": "name", "value": NAME}]
    assert list(traces("names.sqlite")) == []
    with pytest.raises(InputError) as caught:
        names_of(settings().home_dir, "no-such")
    assert caught.value.code == "names.none"
    names.unlink()


def test_two_homes_on_one_store_take_turns(graph: Graph, tmp_path: Path) -> None:
    prepare(graph)
    other = Lease(graph, tmp_path / "other")
    other.take()
    with pytest.raises(InputError) as caught:
        load(graph, package(tmp_path / "p", cases="case\nC1\n"))
    assert caught.value.code == "load.lease"
    other.leave()
    dead = Lease(graph, settings().home_dir)
    dead._take(60_000)
    # Its home's lock is free, so it is dead, and its lease is taken over at once.
    assert load(graph, tmp_path / "p").loaded == 1
    mine = Lease(graph, tmp_path / "mine")
    mine.take()
    mine._lost = True
    with pytest.raises(InputError) as caught:
        mine.check()
    assert caught.value.code == "load.lease_lost"
    mine.leave()
    assert {r.label: r.n for r in graph.read("count_nodes")}["Store"] == 1


def test_a_file_split_between_cases_in_two_loads_is_like_the_whole(
    graph: Graph, tmp_path: Path
) -> None:
    """In either order, parties and events before their cases."""
    whole = base(tmp_path / "whole")
    load(graph, whole)
    wanted, order = digest(graph), chains(graph)
    halves = []
    for name, tables in (("one", ("events", "leads")), ("two", ("persons", "cases"))):
        half = package(tmp_path / name)
        for table in tables:
            (half / f"{table}.csv").write_bytes((whole / f"{table}.csv").read_bytes())
        halves.append(half)
    for first, second in (halves, halves[::-1]):
        graph.wipe(keep_rulebook=True)
        load(graph, first)
        load(graph, second)
        assert (digest(graph), chains(graph)) == (wanted, order)
        assert stats(graph)["bookkeeping"]["PendingReference"] == 2


@pytest.mark.parametrize("step", ["link", "resolve", "order", "touch"])
def test_rows_that_wait_and_come_again_are_resolved_after_a_cut(
    graph: Graph, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, step: str
) -> None:
    """The second package holds the same event as the first, and now its case."""
    events = "event,case,node,occurred\nE1,C1,PR01,2024-03-01\nE2,C1,PR02,2024-03-02\n"
    cases = "case,type,accepted\nC1,PR,2024-03-01\n"
    both = package(tmp_path / "two", events=events, cases=cases)
    load(graph, both)
    wanted, order = digest(graph), chains(graph)
    graph.wipe(keep_rulebook=True)
    first = package(tmp_path / "one", events=events)
    assert load(graph, first).pending == 2

    def cut_off(*_: Any) -> None:
        raise CutError

    with monkeypatch.context() as patch:
        patch.setattr(Load, step, cut_off)
        with pytest.raises(CutError):
            load(graph, both)
    load(graph, both)
    assert (digest(graph), chains(graph)) == (wanted, order)
    assert stats(graph)["bookkeeping"]["PendingReference"] == 0


def test_an_engine_that_goes_away_under_an_undo_is_told(graph: Graph, tmp_path: Path) -> None:
    load(graph, base(tmp_path / "a"))
    load(graph, more(tmp_path / "b"))

    def lost(*_: Any, **__: Any) -> None:
        raise EngineError("store.unreachable", url="bolt://…", reason="gone")

    with pytest.MonkeyPatch.context() as patch:
        patch.setattr("loaders.undo.Undo.mend", lost)
        with pytest.raises(EngineError):
            undo(graph, "B00002")
    assert load(graph, tmp_path / "a").unchanged == 8
    assert {b.batch: b.state for b in graph.read("batches")} == dict.fromkeys(
        ["B00001", "B00002", "B00003", "B00004"], "DONE"
    )
