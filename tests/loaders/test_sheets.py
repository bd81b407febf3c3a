"""Sheets as an office keeps them: wide tables and ledgers, in workbooks as people make them."""

from __future__ import annotations

import datetime as dt
import itertools
from pathlib import Path
from typing import Any

import openpyxl
import pytest

from graph.errors import InputError
from graph.settings import settings
from graph.store.connection import Graph
from graph.store.stats import digest, stats
from loaders.kept import kept_batch
from loaders.load import load
from loaders.logs import check, open_profiled
from loaders.office import Sheets
from loaders.profile import ProfileFile, read_profile
from loaders.register import batches, history, rejects
from loaders.replay import rows_digest
from loaders.undo import undo

WIDE = """
shape: wide
source: office
zone: Asia/Shanghai
sheet: 案件
fill_down: [承办部门]
pseudonyms: [承办人]
empty: [无]
columns:
  case: 部门受案号
  type: 案件类别
  accepted: 受理日期
  closed: 审结日期
  cause: 案由
  department: 承办部门
  handler: 承办人
  secrecy: 密级
attributes: [备注]
numbers: [卷宗册数]
dates: [期限届满日]
events:
  受理日期: [AR01, PR01]
  退补/一退日期: PR11
  退补/一报日期: PR12
  审结日期:
    node: [AR08, PR22]
    outcome: {column: 审结情形, values: {起诉: PROSECUTE, 不捕: NO_ARREST}}
    recorded: 填录日期
parties:
  - name: 姓名
    identity: 身份证号
    status: {value: SUSPECT}
    minor: 是否未成年人
    charges: 罪名
    stage: {value: TRANSFER}
    separator: 、
    inner: ；
    measures: [{kind: 强制措施, from: 措施起, to: 措施止}]
documents: {起诉书日期: 起诉书}
fields: {认罪认罚: {entered: 填录日期}}
deadlines:
  month: {start: {activity: PR01}, end: {activity: PR22}, length: {months: 1}}
outcomes:
  thick: {attribute: 卷宗册数, equals: 3}
"""
UPPER = [
    "部门受案号", "案件\n类别", "受理 日期", "退补", None, "审结日期", "审结情形", "填录日期",
    "案由", "承办部门", "承办人", "密级", "姓名", "身份证号", "是否未成年人", "罪名", "强制措施",
    "措施起",
    "措施止", "起诉书日期", "认罪认罚", "备注", "卷宗册数", "期限届满日",
]  # fmt: skip
LOWER = [None, None, None, "一退日期", "一报日期"]


def day(text: str) -> dt.datetime:
    return dt.datetime.fromisoformat(text)


FIRST: list[Any] = [
    "检1号", "审查起诉", day("2024-03-01"), 45371, "2024年4月18日", "２０２４/５/６", "起诉",
    day("2024-05-07"), "盗窃罪", "一部", "王某某", None, "甲某、乙某", "110101A、110101B", "否、是",
    "盗窃罪；诈骗罪、抢劫罪", "取保候审", day("2024-02-20"), None, day("2024-05-06"), "是", "无", 3,
    day("2024-06-01"),
]  # fmt: skip
SECOND: list[Any] = [
    "捕2号", "审查逮捕", day("2024-03-04"), None, None, day("2024-03-08"), "不捕", None, "诈骗罪",
    None, "李某某", None, "丙某", None, None, "诈骗罪",
]  # fmt: skip


def wide_book(path: Path, rows: list[list[Any]], *, notes: int = 2) -> Path:
    book = openpyxl.Workbook()
    other = book.active
    assert other is not None
    other.title = "说明"
    other.append(["本表由案管部门填报"])
    sheet = book.create_sheet("案 件")
    for _ in range(notes):
        sheet.append(["2024年案件情况表", None, "单位：件"])
    top = notes + 1
    sheet.append(UPPER)
    sheet.append(LOWER)
    sheet.merge_cells(start_row=top, start_column=4, end_row=top, end_column=5)
    sheet.merge_cells(start_row=top, start_column=1, end_row=top + 1, end_column=1)
    for row in rows:
        sheet.append(row)
    book.save(path)
    return path


def profile(folder: Path, text: str, name: str = "p.yaml") -> ProfileFile:
    path = folder / name
    path.write_text(text, encoding="utf-8")
    return read_profile(path)


def opened(path: Path, text: str) -> Sheets:
    found = open_profiled(path, profile(path.parent, text))
    assert isinstance(found, Sheets)
    return found


def tables(source: Sheets) -> dict[str, list[dict[str, Any]]]:
    return {str(t.table): [dict(r.values) for r in rows] for t, rows in source.tables()}


def test_a_wide_sheet_as_people_keep_it(tmp_path: Path) -> None:
    path = wide_book(tmp_path / "b.xlsx", [FIRST, [None] * 5, SECOND])
    found = tables(opened(path, WIDE))
    first, second = found["cases"]
    handler = first.pop("handler")
    assert handler.startswith("P-")
    assert handler != second.pop("handler")
    assert first == {
        "case": "检1号",
        "type": "PR",
        "accepted": dt.date(2024, 3, 1),
        "closed": dt.date(2024, 5, 6),
        "cause": "盗窃罪",
        "department": "一部",
        "attr_卷宗册数": 3.0,
        "attr_期限届满日": dt.date(2024, 6, 1),
    }
    assert second == {
        "case": "捕2号",
        "type": "AR",
        "accepted": dt.date(2024, 3, 4),
        "closed": dt.date(2024, 3, 8),
        "cause": "诈骗罪",
        "department": "一部",
    }
    assert [(e["case"], e["node"], e["occurred"], e.get("outcome")) for e in found["events"]] == [
        ("检1号", "PR01", dt.date(2024, 3, 1), None),
        ("检1号", "PR11", dt.date(2024, 3, 20), None),
        ("检1号", "PR12", dt.date(2024, 4, 18), None),
        ("检1号", "PR22", dt.date(2024, 5, 6), "PROSECUTE"),
        ("捕2号", "AR01", dt.date(2024, 3, 4), None),
        ("捕2号", "AR08", dt.date(2024, 3, 8), "NO_ARREST"),
    ]
    assert found["events"][3]["recorded"] == dt.date(2024, 5, 7)
    parties = found["parties"]
    assert [(p["party"], p["case"], p.get("identity"), p.get("minor")) for p in parties] == [
        ("检1号-1", "检1号", "110101A", "否"),
        ("检1号-2", "检1号", "110101B", "是"),
        ("捕2号-1", "捕2号", None, None),
    ]
    assert {p["status"] for p in parties} == {"SUSPECT"}
    assert [(c["party"], c["name"], c["stage"]) for c in found["charges"]] == [
        ("检1号-1", "盗窃罪", "TRANSFER"),
        ("检1号-1", "诈骗罪", "TRANSFER"),
        ("检1号-2", "抢劫罪", "TRANSFER"),
        ("捕2号-1", "诈骗罪", "TRANSFER"),
    ]
    assert [(m["party"], m["kind"], m["from"]) for m in found["measures"]] == [
        ("检1号-1", "BAIL", dt.date(2024, 2, 20)),
        ("检1号-2", "BAIL", dt.date(2024, 2, 20)),
    ]
    (document,) = found["documents"]
    assert (document["template"], document["signed"]) == ("起诉书", dt.date(2024, 5, 6))
    (card,) = found["card_fields"]
    assert (card["field"], card["value"], card["entered"]) == (
        "认罪认罚",
        "是",
        dt.date(2024, 5, 7),
    )
    assert found["departments"] == [{"department": "一部", "name": "一部"}]
    assert len(found["persons"]) == 2
    said = repr(found)
    assert not any(name in said for name in ("甲某", "丙某", "王某某", "李某某"))


def test_a_wide_sheet_is_loaded_and_the_same_again_changes_nothing(
    graph: Graph, tmp_path: Path
) -> None:
    path = wide_book(tmp_path / "b.xlsx", [FIRST, SECOND, ["合计", None, 2], [None, "小计", 2]])
    file = profile(tmp_path, WIDE)
    report = load(graph, path, profile=file)
    assert (report.read, report.loaded, report.rejected, report.unchanged) == (4, 2, 2, 0)
    assert report.tables == {"cases": report.tables["cases"]}
    nodes = stats(graph)["nodes"]
    assert (nodes["Case"], nodes["Event"], nodes["Party"], nodes["Charge"]) == (2, 6, 3, 4)
    assert nodes["Person"] == 2
    again = load(graph, path, profile=file)
    assert (again.read, again.loaded, again.rejected, again.unchanged) == (4, 0, 2, 2)
    assert stats(graph)["nodes"] == nodes
    rejected = openpyxl.load_workbook(str(again.reject_file)).active
    assert rejected is not None
    lines = [list(r) for r in rejected.iter_rows(values_only=True)]
    at = {name: i for i, name in enumerate(lines[0])}
    assert [(line[at["row"]], line[at["code"]]) for line in lines[1:]] == [
        (7, "log.total_row"),
        (8, "log.total_row"),
    ]
    from graph.supervision.deadlines import deadlines

    rules = deadlines(graph)["rules"]
    assert rules["month"]["late"] == 1


LOG = """
shape: ledger
source: office
tables:
  problems:
    case: 部门受案号
    type: 问题类型
    node: 程序节点
    found: 发现日期
    found_by: {value: PROCEDURAL}
    raised_by_person: 监控员编号
    state: 整改状态
  dispositions: {status: 核实结论, at: 核实日期}
  corrections: {form: 监控方式, issued: 提示日期}
  notices: {form: 监控方式, issued: 通知书日期}
  replies: {at: 回复日期, result: 回复情况}
"""
LOG_ROWS = [
    "部门受案号;问题类型;程序节点;发现日期;监控员编号;整改状态;核实结论;核实日期;监控方式;提示日期;通知书日期;回复日期;回复情况",
    "检1号;P11;PR09;2024-05-08;M1;已整改;属实;2024-05-09;流程监控通知书;;2024-05-10;2024-05-15;已整改",
    "检1号;审查起诉期限超期;;2024-05-08;M1;;;;;;;;",
    "检9号;超过法定办案期限;听取辩护人、值班律师、被害人意见与阅卷安排;2024-05-08;M1;整改中;;;口头提示;2024-05-09;;;",
    "检1号;P11;PR09;2024-05-08;M1;待整改;;;;;;;",
    "检1号;P11;PR09;2024-05-08;M1;待整改;;;;;;;",
    "合计：4;;;;;;;;;;;;",
]


def log_file(path: Path, rows: list[str], encoding: str = "gb18030") -> Path:
    path.write_text("流程监控日志\n\n" + "\n".join(rows) + "\n", encoding=encoding)
    return path


def test_a_ledger_with_semicolons_in_gb18030(tmp_path: Path) -> None:
    source = opened(log_file(tmp_path / "l.csv", LOG_ROWS), LOG)
    assert (source.book.encoding, source.book.separator) == ("gb18030", ";")
    found = tables(source)
    first, unread, third, again, equal, total = found["problems"]
    assert (unread, total) == ({}, {})
    assert first["type"] == "P11"
    assert first["state"] == "ENDED"
    assert (third["type"], third["node"], third["state"]) == ("P01", "PR09", "OPEN")
    assert third["case"] == "检9号"
    assert len({first["problem"], again["problem"], equal["problem"]}) == 3
    (disposed,) = found["dispositions"]
    assert (disposed["problem"], disposed["status"]) == (first["problem"], "CONFIRMED")
    assert [(c["form"], c["problems"]) for c in found["corrections"]] == [
        ("NOTICE", first["problem"]),
        ("ORAL", third["problem"]),
    ]
    (notice,) = found["notices"]
    assert (notice["form"], notice["correction"]) == (
        "NOTICE",
        found["corrections"][0]["correction"],
    )
    assert [r["notice"] for r in found["replies"]] == [notice["notice"]]
    assert found["persons"] == [{"person": "M1"}]
    assert "cases" not in found


def test_rows_of_one_case_that_stand_together_add_to_it(tmp_path: Path) -> None:
    """One row a party, with merged cells of the case."""
    rows = [
        "案号,受理日期,姓名,身份证号",
        "A1,2024-03-01,甲,1",
        ",,乙,2",
        ",,乙,2",
        "A2,2024-03-02,丙,3",
        "A1,2024-03-09,甲,1",
        "A3,2024-03-03,丁,4",
        "A3,2024-03-03,丁,4",
    ]
    path = tmp_path / "m.csv"
    path.write_text("\n".join(rows), encoding="utf-8")
    text = (
        "shape: wide\nsource: office\ncase_type: PR\nfill_down: [案号, 受理日期]\n"
        "columns: {case: 案号, accepted: 受理日期}\nevents: {受理日期: PR01}\n"
        "parties: {name: 姓名, identity: 身份证号}\n"
    )
    source = opened(path, text)
    faults = [
        (r.number, r.fault.code, r.fault.values["other"])
        for t, found in source.tables()
        for r in found
        if t.table == "cases" and getattr(r, "fault", None)
    ]
    assert faults == [(n, "sheet.double_case", "m.csv 2") for n in (2, 3, 4, 6)]
    path.write_text("\n".join(r for r in rows if "03-09" not in r), encoding="utf-8")
    found = tables(opened(path, text))
    assert [(p["party"], p["identity"]) for p in found["parties"]] == [
        ("A1-1", "1"),
        ("A1-2", "2"),
        ("A2-1", "3"),
        ("A3-1", "4"),
    ]
    assert [e["case"] for e in found["events"]] == ["A1", "A2", "A3"]
    assert len(found["cases"]) == 6


def test_a_corrected_date_corrects_its_event(graph: Graph, tmp_path: Path) -> None:
    file = profile(tmp_path, WIDE)
    load(graph, wide_book(tmp_path / "b.xlsx", [FIRST]), profile=file)
    before = stats(graph)["nodes"]
    later = list(FIRST)
    later[5] = dt.datetime.fromisoformat("2024-05-08")
    report = load(graph, wide_book(tmp_path / "b.xlsx", [later]), profile=file)
    assert (report.read, report.loaded) == (1, 1)
    assert stats(graph)["nodes"] == before
    (event,) = graph.read("former_events", keys=["office/检1号-审结日期"])
    assert event.props["occurred_on"] == dt.date(2024, 5, 8)


@pytest.mark.parametrize(
    ("row", "code", "field"),
    [
        (["", "PR", "2024-03-01"], "log.missing_value", "案号"),
        (["A1", "XX", "2024-03-01"], "sheet.unknown_value", "类别"),
        (["A1", "PR", "三月"], "log.date", "受理日期"),
        (["A1", "CP", "2024-03-01"], "sheet.no_node", "受理日期"),
        (["A1", "PR", "2024-03-01", "甲、乙", "1、2、3"], "sheet.list_lengths", "证号"),
        (["A1", "PR", "2024-03-01", "", "", "多出"], "sheet.extra_cells", ""),
    ],
)
def test_a_row_is_refused_with_its_cell_named(
    tmp_path: Path, row: list[str], code: str, field: str
) -> None:
    book = openpyxl.Workbook()
    for title in ("一月", "二月"):
        sheet = book.create_sheet(title)
        sheet.append(["案号", "类别", "受理日期", "姓名", "证号"])
        sheet.append([f"{title}1", "PR", "2024-02-01"])
        if title == "二月":
            sheet.append([v or None for v in row])
    path = tmp_path / "b.xlsx"
    book.save(path)
    file = profile(
        tmp_path,
        "shape: wide\nsource: office\n"
        "columns: {case: 案号, type: 类别}\nevents: {受理日期: [AR01, PR01]}\n"
        "parties: {name: 姓名, identity: 证号, separator: 、}\n",
    )
    found = check(file, path, 0)
    (fault,) = found.faults
    assert (fault["sheet"], fault["row"], fault["code"]) == ("二月", 3, code)
    assert fault["field"] == f"二月!{field}"
    assert (found.rows, found.cases, found.refused, found.good) == (3, 2, 1, False)
    assert found.sheets == ("一月: 1", "二月: 1")
    error = next(f.error() for _, _, f in opened_faults(path, file))
    assert error.detail("zh")
    assert error.remedy("en")


def opened_faults(path: Path, file: ProfileFile) -> list[Any]:
    source = open_profiled(path, file)
    assert isinstance(source, Sheets)
    return source.held.faults


@pytest.mark.parametrize(
    ("more", "code", "named"),
    [
        ("sheet: 台账", "sheet.none", "一月"),
        ("header_row: 2", "sheet.no_header", "案号"),
        ("sheet: [一月]", "sheet.double_column", "备注"),
    ],
)
def test_a_file_that_is_another_is_refused_before_anything(
    tmp_path: Path, more: str, code: str, named: str
) -> None:
    book = openpyxl.Workbook()
    sheet = book.active
    assert sheet is not None
    sheet.title = "一月"
    sheet.append(["案号", "备注", "备注"])
    sheet.append(["A1", "x", "y"])
    path = tmp_path / "b.xlsx"
    book.save(path)
    text = f"shape: wide\nsource: o\ncolumns: {{case: 案号}}\nattributes: [备注]\n{more}\n"
    with pytest.raises(InputError) as caught:
        open_profiled(path, profile(tmp_path, text))
    assert caught.value.code == code
    assert named in caught.value.detail("zh") + caught.value.remedy("zh")


def test_every_fault_of_a_profile_is_told_with_the_nearest_key(tmp_path: Path) -> None:
    def told(text: str) -> str:
        with pytest.raises(InputError) as caught:
            profile(tmp_path, text)
        return str(caught.value.detail("en"))

    shape = told(
        "shape: wide\nsource: o\ncolumns: {case: a, accept: b}\nevent: {}\n"
        "parties: {minor: c}\nencoding: gb99\n"
        "documents: {d: {template: t, serve: e}}\n"
    )
    for part in (
        "columns.accept: unknown key; nearest: accepted",
        "event: unknown key; nearest: events",
        "parties.0: give party, name or identity",
        "encoding: no encoding 'gb99'",
        "documents.d.serve: unknown key; nearest: served",
    ):
        assert part in shape, part
    content = told(
        "shape: wide\nsource: o\ncolumns: {case: a}\nevents: {b: PR99, c: PR22.PROSECUT, "
        "d: [PR01, PR02]}\nfill_down: [z]\npersonal: [a]\n"
        "deadlines: {m: {start: {activity: PR01}, end: {activity: PR22}, length: {days: 1}, "
        "same: TL-06}}\n"
    )
    for part in (
        "events.b: no rulebook node 'PR99'; nearest: PR",
        "events.c: no act 'PROSECUT' of PR22; nearest: PROSECUTE",
        "events.d: two nodes of one type of case",
        "fill_down: 'z' is not used",
        "personal: 'a' is used elsewhere",
        "deadlines.m.same: no rule 'TL-06'; nearest: ",
    ):
        assert part in content, part
    ledger = told(
        "shape: ledger\nsource: o\ntables: {problems: {case: a, typ: b, found: c}, "
        "lead: {}}\nsteps: {x: RAISED}\n"
    )
    assert "tables.lead: unknown table; nearest: leads" in ledger
    assert "there is no 'wid'; there are: log, wide, ledger" in told("shape: wid\nsource: o\n")
    ledger = told(
        "shape: ledger\nsource: o\ntables: {problems: {case: a, typ: b, found: c}}\n"
        "steps: {x: {act: RAISED, evidence: {problm: y}}}\n"
    )
    for part in (
        "tables.problems.typ: unknown column; nearest: type",
        "tables.problems.type: it is missing",
        "steps: they belong to leads",
        "steps.x: no act 'RAISED' of a route; nearest: RAISE",
        "steps.x.evidence.problm: unknown; nearest: problem",
    ):
        assert part in ledger, part


def test_a_secret_row_that_is_wrong_shows_nothing(graph: Graph, tmp_path: Path) -> None:
    secret = list(SECOND)
    secret[11] = "机密★10年"
    wrong = list(secret)
    wrong[0], wrong[2] = "捕3号", "哪天"
    path = wide_book(tmp_path / "b.xlsx", [FIRST, secret, wrong])
    report = load(graph, path, profile=profile(tmp_path, WIDE))
    assert (report.read, report.loaded, report.rejected) == (3, 1, 2)
    sheet = openpyxl.load_workbook(str(report.reject_file)).active
    assert sheet is not None
    said = repr([list(r) for r in sheet.iter_rows(min_row=2, values_only=True)])
    assert "捕" not in said
    assert "哪天" not in said
    assert stats(graph)["nodes"]["Event"] == 4


def test_a_ledger_joins_the_cases_that_are_there(graph: Graph, tmp_path: Path) -> None:
    load(graph, wide_book(tmp_path / "b.xlsx", [FIRST]), profile=profile(tmp_path, WIDE))
    rows = [r for r in LOG_ROWS if not r.startswith("检9号")]
    path = log_file(tmp_path / "l.csv", rows)
    report = load(graph, path, profile=profile(tmp_path, LOG, "l.yaml"))
    assert (report.read, report.loaded, report.rejected) == (5, 3, 2)
    again = load(graph, path, profile=profile(tmp_path, LOG, "l.yaml"))
    assert (again.loaded, again.unchanged, again.rejected) == (0, 3, 2)
    from graph.analysis.cases import linked_issues

    table = linked_issues(graph, "检1号")["table"]
    assert len(table) == 3
    assert {t["status"] for t in table} == {"CONFIRMED", "HIT"}


@pytest.mark.parametrize("more", ["", "header_row: 3\n"])
def test_a_mended_reject_file_is_loaded_with_the_same_profile(
    graph: Graph, tmp_path: Path, more: str
) -> None:
    wrong = list(FIRST)
    wrong[3] = "三月二十"
    file = profile(tmp_path, WIDE.replace("sheet:", more + "sheet:").replace("退补/", ""))
    report = load(graph, wide_book(tmp_path / "b.xlsx", [wrong, SECOND]), profile=file)
    assert (report.loaded, report.rejected) == (1, 1)
    mended = openpyxl.load_workbook(str(report.reject_file))
    sheet = mended.active
    assert sheet is not None
    names = [c.value for c in sheet[1]]
    assert "一退日期" in names
    assert {sheet.cell(2, names.index(n) + 1).value for n in ("姓名", "身份证号", "承办人")} == {
        None
    }
    sheet.cell(2, names.index("一退日期") + 1).value = "2024-03-20"
    sheet.cell(2, names.index("姓名") + 1).value = "甲某、乙某"
    sheet.cell(2, names.index("身份证号") + 1).value = "110101A、110101B"
    sheet.cell(2, names.index("承办人") + 1).value = "王某某"
    mended.save(tmp_path / "mended.xlsx")
    again = load(graph, tmp_path / "mended.xlsx", profile=file)
    assert (again.read, again.loaded, again.rejected) == (1, 1, 0)
    nodes = stats(graph)["nodes"]
    assert (nodes["Case"], nodes["Event"], nodes["Party"], nodes["Person"]) == (2, 6, 3, 2)


def test_totals_are_no_data_wherever_they_stand(tmp_path: Path) -> None:
    path = tmp_path / "t.csv"
    path.write_text(
        "部门,案号,受理日期\n一部,A1,2024-03-01\n,A2,2024-03-02\n一部小计,,2\n"
        "二部,A3,2024-03-03\n合 计：3件,,\n总计,,\n制表人：某某,,\n合计意见书一案,A4,2024-03-04\n",
        encoding="utf-8",
    )
    source = opened(
        path,
        "shape: wide\nsource: o\ncase_type: PR\nfill_down: [部门]\n"
        "columns: {case: 案号, department: 部门, accepted: 受理日期}\n",
    )
    found = {
        r.number: (r.values.get("department"), r.fault and r.fault.code)
        for t, rows in source.tables()
        for r in rows
        if t.table == "cases"
    }
    assert found == {
        2: ("一部", None),
        3: ("一部", None),
        4: (None, "log.total_row"),
        5: ("二部", None),
        6: (None, "log.total_row"),
        7: (None, "log.total_row"),
        8: (None, "log.missing_value"),
        9: ("合计意见书一案", None),
    }


def test_equal_rows_with_a_fault_are_refused_each(tmp_path: Path) -> None:
    path = tmp_path / "t.csv"
    row = "A1,2024-03-01,甲、乙,1、2、3\n"
    path.write_text("案号,受理日期,姓名,证号\n" + row * 2, encoding="utf-8")
    source = opened(
        path,
        "shape: wide\nsource: o\ncase_type: PR\ncolumns: {case: 案号}\n"
        "events: {受理日期: PR01}\nparties: {name: 姓名, identity: 证号, separator: 、}\n",
    )
    found = [(r.number, r.fault.code) for t, rows in source.tables() for r in rows]
    assert found == [(2, "sheet.list_lengths"), (3, "sheet.list_lengths")]


MONTHS = "shape: wide\nsource: office\nsynthetic: true\ncase_type: PR\n"
MONTHS += "columns: {case: 案号, accepted: 受理日期, closed: 审结日期}\n"


def months(path: Path, february: str) -> Path:
    """Two sheets whose rows have the same numbers and whose columns stand in another order."""
    book = openpyxl.Workbook()
    book.remove(book.worksheets[0])
    for title, header, rows in (
        ("一月", ["案号", "受理日期", "审结日期"], [["C1", "2024-01-02"], ["C2", "2024-01-99"]]),
        (
            "二月's",
            ["受理日期", "审结日期", "案号"],
            [["2024-02-02", None, "C3"], [february, None, "C4"]],
        ),
    ):
        sheet = book.create_sheet(title)
        for row in (header, *rows):
            sheet.append(row)
    book.save(path)
    return path


def test_a_row_of_several_sheets_is_known_by_its_sheet_and_number(
    graph: Graph, tmp_path: Path
) -> None:
    file = profile(tmp_path, MONTHS)
    first = load(graph, months(tmp_path / "b.xlsx", "2024-02-99"), profile=file)
    assert (first.loaded, first.rejected) == (2, 2)
    sheet = openpyxl.load_workbook(str(first.reject_file)).active
    assert sheet is not None
    header, *lines = sheet.iter_rows(values_only=True)
    places = [dict(zip(header, line, strict=True)) for line in lines]
    assert [(p["row"], p["cell"], p["field"]) for p in places] == [
        (3, "'一月'!B3", "一月!受理日期"),
        (3, "'二月''s'!A3", "二月's!受理日期"),
    ]
    told = rejects(graph, first.batch)
    assert (told["rejected"], told["cleared"]) == (2, 0)
    examples = {c["example"]["sheet"]: c["example"]["row"] for c in told["causes"]}
    assert examples == {"一月": 3, "二月's": 3}
    origins = {i: history(graph, i, "Case")["value"] for i in ("C1", "C3")}
    assert {i: (v["sheet"], v["row"]) for i, v in origins.items()} == {
        "C1": ("一月", 2),
        "C3": ("二月's", 2),
    }
    # One of the two rows is mended: that one is cleared, the other of its number is not.
    second = load(graph, months(tmp_path / "b.xlsx", "2024-02-09"), profile=file)
    assert (second.loaded, second.unchanged, second.rejected) == (1, 2, 1)
    assert rejects(graph, first.batch)["cleared"] == 1
    undo(graph, first.batch)
    value = history(graph, "C3", "Case")["value"]
    assert (value["batch"], value["sheet"], value["row"]) == (second.batch, "二月's", 2)


def test_a_replayed_row_keeps_its_sheet(graph: Graph, tmp_path: Path) -> None:
    file = profile(tmp_path, MONTHS)
    report = load(graph, months(tmp_path / "b.xlsx", "2024-02-09"), profile=file)
    kept = kept_batch(settings().home_dir, report.batch)
    assert kept is not None
    rows = [row for t, found in kept.source().tables() for row in found if t.label == "Case"]
    assert [(r.sheet, r.number) for r in rows] == [
        ("一月", 2),
        ("一月", 3),
        ("二月's", 2),
        ("二月's", 3),
    ]
    assert all("_sheet" not in r.values for r in rows)


NAMING = {
    "wide": (
        "cases.csv",
        "案号,院,部门,承办人,案\nC1,U1,D1,P1,M1\n",
        "shape: wide\nsource: office\nsynthetic: true\ncase_type: PR\ncolumns: "
        "{case: 案号, unit: 院, department: 部门, handler: 承办人, matter: 案}\n",
    ),
    "log": (
        "log.csv",
        "case,act,when,who\nC1,PR01,2024-03-05,P1\nC1,seen,2024-03-06,P2\n",
        "source: office\nsynthetic: true\nzone: Asia/Shanghai\n"
        "columns: {case: case, activity: act, time: when, person: who}\nnodes: {PR01: PR01}\n",
    ),
}


def full_rows(folder: Path) -> Path:
    """Fuller rows of what the sheet and the log only name."""
    folder.mkdir()
    (folder / "package.yaml").write_text("source: office\nsynthetic: true\n", encoding="utf-8")
    tables = {
        "units": "unit,name,level\nU1,市院,MUNICIPAL\n",
        "departments": "department,name,kind,unit\nD1,一部,HANDLING,U1\n",
        "persons": "person,role,department\nP1,HEAD,D1\nP2,MONITOR,D1\n",
        "matters": "matter,title\nM1,盗窃\n",
        "process_nodes": "node,zh,en,case_group\nseen,阅卷,file read,PR\n",
    }
    for name, text in tables.items():
        (folder / f"{name}.csv").write_text(text, encoding="utf-8")
    return folder


@pytest.mark.parametrize("order", list(itertools.permutations(["full", "wide", "log"])))
def test_a_row_that_is_only_named_never_changes_a_fuller_one(
    graph: Graph, tmp_path: Path, order: tuple[str, ...]
) -> None:
    full_rows(tmp_path / "full")
    for name, (file, text, terms) in NAMING.items():
        (tmp_path / file).write_text(text, encoding="utf-8")
        profile(tmp_path, terms, f"{name}.yaml")

    def put(*names: str) -> tuple[str, str]:
        graph.wipe(keep_rulebook=True)
        for name in names:
            if name == "full":
                load(graph, tmp_path / "full")
            else:
                load(graph, tmp_path / NAMING[name][0], profile=tmp_path / f"{name}.yaml")
        return digest(graph), rows_digest(graph)

    # The case is the wide sheet's; where the log brings it as well, the log says no more of it.
    expected = put("full", "wide", "log")
    without = {name: put(*(n for n in ("full", "wide", "log") if n != name)) for name in order}
    assert put(*order) == expected
    props = {r.key: r.props for r in graph.read("former_persons", keys=["office/P1", "office/P2"])}
    assert [props[f"office/{p}"]["role"] for p in ("P1", "P2")] == ["HEAD", "MONITOR"]
    again = load(graph, tmp_path / NAMING["wide"][0], profile=tmp_path / "wide.yaml")
    assert (again.loaded, again.unchanged) == (0, 1)
    undo(graph, again.batch)
    assert (digest(graph), rows_digest(graph)) == expected
    recorded = batches(graph)["batches"]
    assert recorded[2]["digest"] == recorded[-1]["digest"] == expected[1]
    for at, name in enumerate(order, start=1):
        assert put(*order) == expected
        undo(graph, f"B{at:05d}")
        assert (digest(graph), rows_digest(graph)) == without[name], name
