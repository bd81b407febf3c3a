"""Foreign logs: one log in three formats gives the same rows; what is wrong is refused by name."""

from __future__ import annotations

import csv
import datetime as dt
import gzip
from pathlib import Path
from typing import Any

import openpyxl
import pytest

from graph.errors import InputError
from graph.store.connection import Graph
from graph.store.stats import stats
from loaders.load import load
from loaders.logs import EventRow, check, open_log, read_log
from loaders.profile import ProfileFile, read_profile

PROFILE = """
source: shop
zone: Asia/Shanghai
columns:
  case: case:concept:name
  activity: concept:name
  time: time:timestamp
  person: org:resource
  unit: org:group
  handler: case:owner
  accepted: case:opened
attributes: [case:channel, note]
dates: [case:due]
numbers: [case:sum]
personal: [case:phone]
empty: [NONE]
nodes: {pay: PR22}
outcomes:
  web: {attribute: case:channel, equals: web}
deadlines:
  paid: {start: {activity: order}, end: {activity: pay}, length: {days: 3}}
"""
COLUMNS = (
    "case:concept:name",
    "case:owner",
    "case:opened",
    "case:channel",
    "case:due",
    "case:sum",
    "case:phone",
    "concept:name",
    "time:timestamp",
    "org:resource",
    "org:group",
    "note",
)
ROWS: list[tuple[str, ...]] = [
    ("c1", "w1", "2024-03-01T08:00:00.000+08:00", "web", "2024-03-05", "12.5", "139", "order",
     "2024-03-01T09:00:00.276+08:00", "w1", "G1", "x"),
    ("c1", "w1", "2024-03-01T08:00:00.000+08:00", "web", "2024-03-05", "12.5", "139", "pay",
     "2024-03-02T09:00:00.000+08:00", "w2", "NONE", ""),
    ("c1", "w1", "2024-03-01T08:00:00.000+08:00", "web", "2024-03-05", "12.5", "139", "pay",
     "2024-03-02T09:00:00.000+08:00", "w2", "NONE", ""),
    ("c2", "w2", "2024-03-02T08:00:00.000+08:00", "", "", "", "", "order",
     "2024-03-02T08:30:00.000+08:00", "w2", "G2", "NONE"),
]  # fmt: skip


def profile(folder: Path, text: str = PROFILE) -> ProfileFile:
    path = folder / "shop.yaml"
    path.write_text(text, encoding="utf-8")
    return read_profile(path)


def as_csv(path: Path, rows: list[tuple[str, ...]], encoding: str = "utf-8") -> Path:
    opener: Any = gzip.open if path.suffix == ".gz" else open
    with opener(path, "wt", encoding=encoding, newline="") as file:
        csv.writer(file).writerows([COLUMNS, *rows])
    return path


def as_xes(path: Path, rows: list[tuple[str, ...]], head: str = "") -> Path:
    def attribute(name: str, value: str) -> str:
        tag = "date" if value[:3] == "202" else "float" if name == "sum" else "string"
        return f'<{tag} key="{name}" value="{value}"/>' if value else ""

    cases: dict[str, list[str]] = {}
    for row in rows:
        named = dict(zip(COLUMNS, row, strict=True))
        of_case = {c.removeprefix("case:"): v for c, v in named.items() if c.startswith("case:")}
        case = cases.setdefault(row[0], [attribute(n, v) for n, v in of_case.items()])
        event = "".join(attribute(n, v) for n, v in named.items() if not n.startswith("case:"))
        case.append(f"<event>{event}</event>")
    traces = "".join(f"<trace>{''.join(parts)}</trace>" for parts in cases.values())
    log = f'<log xmlns="http://www.xes-standard.org/"><string key="k" value="v"/>{traces}</log>'
    text = f'<?xml version="1.0" encoding="UTF-8"?>{head}<!-- made -->{log}'
    opener: Any = gzip.open if path.suffix == ".gz" else open
    with opener(path, "wt", encoding="utf-8") as file:
        file.write(text)
    return path


def as_xlsx(path: Path, rows: list[tuple[str, ...]]) -> Path:
    book = openpyxl.Workbook()
    sheet = book.active
    assert sheet is not None
    for row in [COLUMNS, *rows]:
        sheet.append([value or None for value in row])
    book.save(path)
    return path


def of(table: str, rows: list[Any]) -> list[dict[str, Any]]:
    return [dict(r.values) for r in rows if r.table == table]


def test_the_tables_of_a_log(tmp_path: Path) -> None:
    rows = list(read_log(as_csv(tmp_path / "log.csv", ROWS), profile(tmp_path)))
    tables = list(dict.fromkeys(r.table for r in rows))
    assert set(tables) == {"departments", "persons", "process_nodes", "cases", "events"}
    assert tables[-1] == "events"
    assert tables.index("persons") < tables.index("cases")
    assert of("persons", rows) == [{"person": "w1"}, {"person": "w2"}]
    assert [d["department"] for d in of("departments", rows)] == ["G1", "G2"]
    assert [(n["node"], n["case_group"]) for n in of("process_nodes", rows)] == [("order", "shop")]
    first, second = of("cases", rows)
    zone = dt.timezone(dt.timedelta(hours=8))
    assert first == {
        "case": "c1",
        "handler": "w1",
        "accepted": dt.datetime(2024, 3, 1, 8, tzinfo=zone),
        "attr_channel": "web",
        "attr_sum": 12.5,
        "attr_due": dt.date(2024, 3, 5),
    }
    assert set(second) == {"case", "handler", "accepted"}
    order, pay, again, other = of("events", rows)
    assert order["occurred"] == dt.datetime(2024, 3, 1, 9, 0, 0, 276_000, zone)
    assert (order["department"], order["attr_note"], order["node"]) == ("G1", "x", "order")
    assert (pay["node"], pay["attr_activity"]) == ("PR22", "pay")
    assert "department" not in pay
    assert pay == again
    assert "attr_note" not in other
    assert [r.derived for r in rows] == [r.table != "events" for r in rows]
    assert "139" not in repr([dict(r.values) for r in rows])


@pytest.mark.parametrize("name", ["log.csv.gz", "log.xes", "log.xes.gz", "log.xlsx"])
def test_every_format_gives_the_same_rows(tmp_path: Path, name: str) -> None:
    file = profile(tmp_path)
    plain = list(read_log(as_csv(tmp_path / "log.csv", ROWS), file))
    make: Any = {"csv": as_csv, "xes": as_xes, "xlsx": as_xlsx}[name.split(".")[1]]
    other = list(read_log(make(tmp_path / name, ROWS), file))
    assert [(r.table, dict(r.values)) for r in other] == [(r.table, dict(r.values)) for r in plain]


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "gb18030"])
def test_encodings(tmp_path: Path, encoding: str) -> None:
    rows = [(*ROWS[0][:7], "受理", *ROWS[0][8:])]
    read = list(read_log(as_csv(tmp_path / "log.csv", rows, encoding), profile(tmp_path)))
    assert of("events", read)[0]["node"] == "受理"


def test_a_case_column_may_stand_without_its_mark(tmp_path: Path) -> None:
    path = tmp_path / "log.csv"
    path.write_text("id,act,when,due\nc1,order,2024-03-01,2024-03-05\n", encoding="utf-8")
    file = profile(
        tmp_path, "source: s\ncolumns: {case: id, activity: act, time: when}\ndates: [case:due]\n"
    )
    log = open_log(path, file)
    assert of("cases", list(read_log(path, file)))[0]["attr_due"] == dt.date(2024, 3, 5)
    assert "case:due" in log.supplied
    assert check(file, path).not_mapped == ()


def bad(column: str, value: str, row: int = 3) -> list[tuple[str, ...]]:
    rows = [list(r) for r in ROWS]
    rows[row][COLUMNS.index(column)] = value
    return [tuple(r) for r in rows]


@pytest.mark.parametrize(
    ("column", "value", "code"),
    [
        ("case:concept:name", "", "log.missing_value"),
        ("concept:name", "", "log.missing_value"),
        ("time:timestamp", "", "log.missing_value"),
        ("time:timestamp", "2024-02-31T08:00:00+08:00", "log.date"),
        ("case:due", "2024-13-01", "log.date"),
        ("case:sum", "much", "value.number"),
    ],
)
@pytest.mark.parametrize("suffix", ["csv", "xes"])
def test_a_bad_row_is_refused_with_code_field_and_reason(
    tmp_path: Path, column: str, value: str, code: str, suffix: str
) -> None:
    make: Any = {"csv": as_csv, "xes": as_xes}[suffix]
    path = make(tmp_path / f"log.{suffix}", bad(column, value))
    rows = list(read_log(path, profile(tmp_path)))
    refused = [r for r in rows if isinstance(r, EventRow) and r.fault]
    assert len(refused) == 1
    fault = refused[0].fault
    assert fault is not None
    assert (fault.code, fault.field) == (code, column)
    assert column in fault.error().detail("en")
    assert [r["case"] for r in of("cases", rows)] == ["c1"]


def test_rows_that_contradict_their_case_are_refused(tmp_path: Path) -> None:
    path = as_csv(tmp_path / "log.csv", bad("case:channel", "post", row=1))
    found = open_log(path, profile(tmp_path)).survey
    assert [(n, f.code, f.field, f.values["other"]) for n, f in found.faults.items()] == [
        (3, "log.case_contradicts", "case:channel", 2)
    ]
    empty = as_csv(tmp_path / "log2.csv", bad("case:channel", "", row=1))
    assert open_log(empty, profile(tmp_path)).survey.faults == {}


def test_lines_of_one_row_that_contradict_one_another_are_refused(tmp_path: Path) -> None:
    """As in a table: the lines of a mended reject file that stand for one row must agree."""
    path = tmp_path / "rejected.csv"
    with path.open("w", encoding="utf-8", newline="") as file:
        writer = csv.writer(file)
        writer.writerow([*COLUMNS, "row", "cell", "code", "field", "reason"])
        one, other = ROWS[0], (*ROWS[0][:7], "pay", *ROWS[0][8:])
        writer.writerow([*one, 2, "", "log.date", "time:timestamp", ""])
        writer.writerow([*other, 2, "", "log.date", "time:timestamp", ""])
        writer.writerow([*ROWS[1], 3, "", "log.date", "time:timestamp", ""])
        writer.writerow([*ROWS[1], 3, "", "log.number", "case:sum", ""])
    found = check(profile(tmp_path), path, 0)
    assert [(f["row"], f["code"], f["field"]) for f in found.faults] == [
        (2, "load.copies_differ", "concept:name")
    ]
    assert found.events == 1


def test_events_outside_a_trace_and_traces_without_events(tmp_path: Path) -> None:
    path = as_xes(tmp_path / "log.xes", ROWS)
    text = path.read_text("utf-8").replace(
        "</log>",
        '<event><string key="concept:name" value="order"/></event>'
        '<trace><string key="concept:name" value="c9"/></trace></log>',
    )
    path.write_text(text, encoding="utf-8")
    log = open_log(path, profile(tmp_path))
    assert [(f.code, f.field) for f in log.survey.faults.values()] == [
        ("log.missing_value", "case:concept:name")
    ]
    assert "c9" in log.survey.cases
    assert log.survey.read == len(ROWS) + 1


def test_entities_and_doctypes_are_not_read(tmp_path: Path) -> None:
    secret = tmp_path / "secret.txt"
    secret.write_text("hidden", encoding="utf-8")
    head = f'<!DOCTYPE log [<!ENTITY x SYSTEM "{secret.as_uri()}">]>'
    path = as_xes(tmp_path / "log.xes", ROWS, head)
    with pytest.raises(InputError) as caught:
        list(read_log(path, profile(tmp_path)))
    assert caught.value.code == "log.doctype"


def test_broken_files_are_named(tmp_path: Path) -> None:
    whole = as_xes(tmp_path / "log.xes.gz", ROWS)
    cut = tmp_path / "cut.xes.gz"
    cut.write_bytes(whole.read_bytes()[:-40])
    text = tmp_path / "text.xes"
    text.write_text("case,activity\n", encoding="utf-8")
    unzipped = tmp_path / "plain.xes.gz"
    unzipped.write_text("<log/>", encoding="utf-8")
    for path in (cut, text, unzipped):
        with pytest.raises(InputError) as caught:
            list(read_log(path, profile(tmp_path)))
        assert caught.value.code == "log.unreadable", path
        assert str(path) in caught.value.detail("zh")


def test_wrong_sources(tmp_path: Path) -> None:
    file = profile(tmp_path)
    other = tmp_path / "log.json"
    other.write_text("{}", encoding="utf-8")
    table = tmp_path / "log.csv"
    table.write_text("id;act;when\n1;a;2024\n", encoding="utf-8")
    for path, code in (
        (other, "log.suffix"),
        (tmp_path / "none.csv", "load.no_source"),
        (table, "profile.missing_columns"),
    ):
        with pytest.raises(InputError) as caught:
            list(read_log(path, file))
        assert caught.value.code == code


def test_check_explains_without_loading(tmp_path: Path) -> None:
    rows = [*ROWS, *bad("time:timestamp", "soon")[3:]]
    path = as_csv(tmp_path / "log.csv", rows)
    text = PROFILE.replace("numbers: [case:sum]", "").replace("[case:channel, note]", "[case:sum]")
    text = text.replace("  web: {attribute: case:channel, equals: web}", "  gone: {activity: ship}")
    found = check(profile(tmp_path, text), path, rows=0)
    assert (found.rows, found.cases, found.events, found.refused) == (5, 2, 4, 1)
    assert not found.good
    assert found.not_mapped == ("case:channel", "note")
    assert found.personal == ("case:phone",)
    assert found.mapped["case:due"] == "attr_due (date)"
    assert found.faults[0]["row"] == 6
    assert "soon" in found.faults[0]["zh"]
    assert found.activities == {
        "order": {"events": 2, "node": None},
        "pay": {"events": 2, "node": "PR22"},
    }
    doubts = " ".join(d["en"] for d in found.doubts)
    assert "“ship” does not occur" in doubts
    assert "case:sum look like numbers" in doubts
    assert found.as_dict()["good"] is False
    few = check(profile(tmp_path), path, rows=2)
    assert (few.rows, few.good) == (2, True)


def test_loading_refuses_into_the_source_s_own_columns(tmp_path: Path, graph: Graph) -> None:
    rows = [*ROWS, *bad("time:timestamp", "不日")[3:]]
    report = load(graph, as_csv(tmp_path / "log.csv", rows, "gb18030"), profile=profile(tmp_path))
    assert (report.read, report.loaded, report.rejected, report.unchanged) == (5, 4, 1, 0)
    with Path(str(report.reject_file)).open(encoding="gb18030", newline="") as file:
        (refused,) = list(csv.DictReader(file))
    assert refused["case:concept:name"] == "c2"
    assert refused["case:phone"] == ""
    assert (refused["row"], refused["code"], refused["field"]) == (
        "6",
        "log.date",
        "time:timestamp",
    )
    assert "不日" in refused["reason"]


def test_the_same_log_again_in_another_format_changes_nothing(tmp_path: Path, graph: Graph) -> None:
    file = profile(tmp_path)
    first = load(graph, as_csv(tmp_path / "log.csv", ROWS), profile=file)
    before = stats(graph)
    assert (first.read, first.loaded) == (4, 4)
    assert before["nodes"]["Event"] == 4
    assert before["nodes"]["Case"] == 2
    again = load(graph, as_xes(tmp_path / "log.xes.gz", ROWS), profile=file)
    assert (again.read, again.loaded, again.unchanged) == (4, 0, 4)
    after = stats(graph)
    assert (after["digest"], after["relationships"]) == (before["digest"], before["relationships"])
    batch = list(graph.read("batches"))[-1]
    assert batch.profile == file.text
    assert batch.hash == file.hash


def test_marked_cases_leave_nothing_behind(tmp_path: Path, graph: Graph) -> None:
    path = tmp_path / "log.csv"
    path.write_text(
        "id,act,when,mark,note\n"
        "c1,order,2024-03-01,机密★10年,alpha\n"
        "c1,order,soon,机密★10年,beta\n"
        "c2,order,2024-03-01,,gamma\n"
        "c2,order,soon,秘密,delta\n"
        "c2,order,sooner,,epsilon\n"
        "c3,order,soon,,zeta\n"
        "c3,order,2024-03-01,公开,eta\n",
        encoding="utf-8",
    )
    file = profile(
        tmp_path,
        "source: s\ncolumns: {case: id, activity: act, time: when, secrecy: case:mark}\n"
        "attributes: [note]\n",
    )
    report = load(graph, path, profile=file)
    assert (report.read, report.loaded, report.rejected) == (7, 1, 6)
    text = Path(str(report.reject_file)).read_text("utf-8")
    assert "zeta" in text
    for word in ("alpha", "beta", "gamma", "delta", "epsilon"):
        assert word not in text, word
    assert stats(graph)["nodes"]["Case"] == 1


def test_torn_and_undecodable_rows(tmp_path: Path) -> None:
    file = profile(tmp_path, "source: s\ncolumns: {case: id, activity: act, time: when}\n")
    path = tmp_path / "log.csv"
    good = "c1,受理,2024-03-01\n".encode()
    path.write_bytes(
        b"id,act,when\n" + good * 3 + b"c1,a,2024-03-01,more\nc1,a\nc1,\xff,2024-03-01\n"
    )
    faults = open_log(path, file).survey.faults
    assert [(n, f.code, f.field) for n, f in faults.items()] == [
        (5, "load.extra_cells", ""),
        (6, "load.short_row", ""),
        (7, "value.undecodable", "act"),
    ]
    assert all(f.error().detail("zh") and f.error().remedy("en") for f in faults.values())


@pytest.mark.parametrize("separator", [";", "\t", "|"])
def test_a_csv_with_another_separator(tmp_path: Path, separator: str) -> None:
    commas = as_csv(tmp_path / "commas.csv", ROWS)
    other = tmp_path / "other.csv"
    with other.open("w", encoding="gb18030", newline="") as file:
        csv.writer(file, delimiter=separator).writerows([COLUMNS, *ROWS])
    file_ = profile(tmp_path)
    assert [r.values for r in read_log(other, file_)] == [r.values for r in read_log(commas, file_)]
    rejects = open_log(other, file_).reject_writer("events", tmp_path / "rejects")
    first = next(r for r in read_log(other, file_) if isinstance(r, EventRow))
    rejects.write(first, "c", "f", "why")
    rejects.close()
    with rejects.path.open(encoding="utf-8-sig", newline="") as written:
        header, row = csv.reader(written, delimiter=separator)
    assert header[: len(COLUMNS)] == list(COLUMNS)
    assert row[: len(COLUMNS)][0] == "c1"
