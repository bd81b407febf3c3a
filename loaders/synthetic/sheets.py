"""The same world as an office would keep it: one wide workbook and two ledgers, with profiles.

Everything is read from the package just written, so that a sheet never says more than the package.
What the sheets do not hold stands in docs/profiles.md, and the test compares it.
"""

from __future__ import annotations

import csv
import datetime as dt
import re
import tempfile
import zipfile
from collections.abc import Iterable, Iterator, Sequence
from pathlib import Path
from typing import Any

import openpyxl
import yaml
from openpyxl.cell import WriteOnlyCell

from graph.rulebook import book, nodes, problem_types, routes

SERIAL_EPOCH = dt.date(1899, 12, 30)
MADE = dt.datetime(2025, 12, 31)  # noqa: DTZ001
TYPES = {"AR": "审查逮捕", "PR": "审查起诉", "CP": "刑事申诉"}
STATUS = {"SUSPECT": "犯罪嫌疑人", "DEFENDANT": "被告人", "PETITIONER": "申诉人"}
DISPOSED = {
    "CONFIRMED": "属实",
    "NOT_A_PROBLEM": "不属实",
    "DATA_ERROR": "填录错误",
    "RULE_FALSE": "规则误报",
}
FOUND_BY = {"PROCEDURAL": "流程监控", "SUBSTANTIVE": "质量评查", "DATA": "数据监督"}
Record = dict[str, str]


def write_sheets(package: Path) -> Path:
    """Write ``<package>.sheets`` beside a package: ``wide.xlsx``, ``monitoring.xlsx`` and
    ``handover.csv`` (GB18030, semicolons), each with its profile. Returns the folder."""
    folder = package.with_name(package.name + ".sheets")
    folder.mkdir(parents=True, exist_ok=True)
    facts = yaml.safe_load((package / "package.yaml").read_text(encoding="utf-8"))
    common = {"source": facts["source"], "synthetic": bool(facts.get("synthetic"))}
    _wide(package, folder, common)
    _monitoring(package, folder, common)
    _handover(package, folder, common)
    return folder


def _table(package: Path, name: str) -> Iterator[Record]:
    path = package / f"{name}.csv"
    if path.exists():
        with path.open(encoding="utf-8", newline="") as file:
            yield from csv.DictReader(file)


def _by(rows: Iterable[Record], column: str) -> dict[str, list[Record]]:
    found: dict[str, list[Record]] = {}
    for row in rows:
        found.setdefault(row[column], []).append(row)
    return found


# -- the wide workbook -------------------------------------------------------------------------


def _event_column(event: Record) -> str:
    """The column of an event: the name of its node and act, one for all types of case."""
    node, act = event["node"], event["outcome"]
    names = {**book().acts.get("*", {}), **book().acts.get(node, {})}
    return f"{nodes()[node].zh}日期" if not act else f"{nodes()[node].zh}（{names[act]}）日期"


def _wide(package: Path, folder: Path, common: dict[str, Any]) -> None:
    events = _by(_table(package, "events"), "case")
    parties = _by(_table(package, "parties"), "case")
    charges = _by((c for c in _table(package, "charges") if c["stage"] == "TRANSFER"), "party")
    documents = _by(_table(package, "documents"), "case")
    cards = _by((f for f in _table(package, "card_fields") if not f["party"]), "case")
    steps: dict[str, set[str]] = {}
    for found in events.values():
        for e in found:
            steps.setdefault(_event_column(e), set()).add(
                e["node"] + (f".{e['outcome']}" if e["outcome"] else "")
            )
    ordered = sorted(steps, key=lambda column: (min(steps[column])[2:], column))
    templates = sorted({d["template"] for ds in documents.values() for d in ds if d["signed"]})
    fields = sorted({f["field"] for fs in cards.values() for f in fs} - set(CASE_COLUMNS))
    # A card field of the name of a case column would be another thing in the same sheet.
    header = [*CASE_COLUMNS, *PARTY_COLUMNS, *ordered]
    header += [f"《{t}》签发日期" for t in templates] + fields

    def lines() -> Iterator[Sequence[Any]]:
        total = 0
        for case in _table(package, "cases"):
            total += 1
            id_ = case["case"]
            first: dict[str, str] = {}
            for e in events.get(id_, ()):
                first.setdefault(_event_column(e), e["occurred"])
            signed: dict[str, str] = {}
            for d in documents.get(id_, ()):
                signed.setdefault(d["template"], d["signed"])
            values: dict[str, str] = {}
            for f in cards.get(id_, ()):
                values.setdefault(f["field"], f["value"])
            yield [
                *_case_cells(case),
                *_party_cells(parties.get(id_, []), charges),
                *(_moment(first.get(column, "")) for column in ordered),
                *(_moment(signed.get(t, "")) for t in templates),
                *(values.get(name) or None for name in fields),
            ]
        yield ["合计", None, total]

    _workbook(folder / "wide.xlsx", "案件情况表", header, lines())
    _profile(
        folder / "wide.yaml",
        {
            "shape": "wide",
            **common,
            "title": {"zh": "案件情况表", "en": "Cases, one row each"},
            "sheet": "案件情况表",
            "columns": {
                "case": "部门受案号",
                "type": "案件类别",
                "cause": "案由",
                "accepted": "受理日期",
                "closed": "审结日期",
                "outcome": "审结情形",
                "matter": "案事编号",
                "unit": "承办院",
                "department": "承办部门",
                "handler": "承办人编号",
                "follows": "前案编号",
            },
            "parties": [
                {
                    "party": "涉案人员编号",
                    "identity": "证件号码",
                    "status": "诉讼地位",
                    "minor": "是否未成年人",
                    "charges": "移送罪名",
                    "charge_codes": "罪名代码",
                    "stage": {"value": "TRANSFER"},
                    "separator": "；",
                }
            ],
            "events": {
                column: codes[0] if len(codes) == 1 else codes
                for column in ordered
                for codes in [sorted(steps[column])]
            },
            "documents": {f"《{t}》签发日期": t for t in templates},
            "fields": fields,
        },
    )


CASE_COLUMNS = (
    "部门受案号",
    "案件类别",
    "案由",
    "受理日期",
    "审结日期",
    "审结情形",
    "案事编号",
    "承办院",
    "承办部门",
    "承办人编号",
    "前案编号",
)
PARTY_COLUMNS = (
    "涉案人员编号",
    "证件号码",
    "诉讼地位",
    "是否未成年人",
    "移送罪名",
    "罪名代码",
)


def _case_cells(case: Record) -> list[Any]:
    accepted = dt.date.fromisoformat(case["accepted"][:10])
    return [
        case["case"],
        TYPES.get(case["type"], case["type"]),
        case["cause"] or None,
        # As a number without a format, which people's workbooks have too.
        (accepted - SERIAL_EPOCH).days,
        _moment(case["closed"]),
        *(
            case[name] or None
            for name in ("outcome", "matter", "unit", "department", "handler", "follows")
        ),
    ]


def _party_cells(parties: Sequence[Record], charges: dict[str, list[Record]]) -> list[Any]:
    minor = {"true": "是", "false": "否", "": ""}

    def of_all(parts: Iterable[str]) -> str | None:
        return "；".join(parts) or None

    return [
        of_all(p["party"] for p in parties),
        of_all(p["identity"] for p in parties),
        of_all(STATUS.get(p["status"], p["status"]) for p in parties),
        of_all(minor[p["minor"]] for p in parties),
        of_all("、".join(c["name"] for c in charges.get(p["party"], ())) for p in parties),
        of_all("、".join(c["code"] for c in charges.get(p["party"], ())) for p in parties),
    ]


# -- the ledgers -------------------------------------------------------------------------------


def _monitoring(package: Path, folder: Path, common: dict[str, Any]) -> None:
    disposed = _by(_table(package, "dispositions"), "problem")
    titles = [n.zh for n in nodes().values()]
    header = (
        "问题编号", "部门受案号", "问题类型", "程序\n节点", "发现日期", "监督种类", "发现人编号",
        "问题情况", "问题状态", "核实结论", "核实日期", "核实人编号", "核实情况",
    )  # fmt: skip

    def lines() -> Iterator[Sequence[Any]]:
        total = 0
        for p in _table(package, "problems"):
            total += 1
            node = nodes().get(p["node"])
            said = disposed.get(p["problem"], [])
            first = said[0] if said else None
            yield [
                p["problem"],
                p["case"],
                problem_types()[p["type"]].zh,
                node.zh if node and titles.count(node.zh) == 1 else p["node"] or None,
                _moment(p["found"]),
                FOUND_BY.get(p["found_by"], p["found_by"]) or None,
                p["raised_by_person"] or None,
                p["description"] or None,
                DISPOSED[said[-1]["status"]] if said else "待核实",
                DISPOSED[first["status"]] if first else None,
                _moment(first["at"]) if first else None,
                first["person"] or None if first else None,
                first["reason"] or None if first else None,
            ]
        yield ["合计", None, total]

    _workbook(folder / "monitoring.xlsx", "流程监控日志", header, lines())
    _profile(
        folder / "monitoring.yaml",
        {
            "shape": "ledger",
            **common,
            "title": {"zh": "流程监控日志", "en": "Log of process monitoring"},
            "sheet": "流程监控日志",
            "tables": {
                "problems": {
                    "problem": "问题编号",
                    "case": "部门受案号",
                    "type": "问题类型",
                    "node": "程序节点",
                    "found": "发现日期",
                    "found_by": "监督种类",
                    "raised_by_person": "发现人编号",
                    "description": "问题情况",
                    "state": "问题状态",
                },
                "dispositions": {
                    "status": "核实结论",
                    "at": "核实日期",
                    "person": "核实人编号",
                    "reason": "核实情况",
                },
            },
        },
    )


def _handover(package: Path, folder: Path, common: dict[str, Any]) -> None:
    steps = _by(_table(package, "lead_steps"), "lead")
    leads = list(_table(package, "leads"))
    names = _act_names()
    acts = [act for act in names if any(s["act"] == act for found in steps.values() for s in found)]
    header = ["线索编号", "移送路线", "部门受案号", "检察院", "所源问题", "办理状态"]
    with (folder / "handover.csv").open("w", encoding="gb18030", newline="") as file:
        writer = csv.writer(file, delimiter=";", lineterminator="\n")
        writer.writerow(["线索移送台账"])
        writer.writerow([*header, *(names[act] for act in acts)])
        for lead in leads:
            found = steps.get(lead["lead"], [])
            first: dict[str, str] = {}
            for s in found:
                first.setdefault(s["act"], s["at"])
            writer.writerow(
                [
                    *(lead[c] for c in ("lead", "route", "case", "unit", "problem")),
                    _state(lead["route"], found),
                    *(first.get(act, "") for act in acts),
                ]
            )
        writer.writerow(["合计", str(len(leads))])
    _profile(
        folder / "handover.yaml",
        {
            "shape": "ledger",
            **common,
            "title": {"zh": "线索移送台账", "en": "Register of leads handed over"},
            "tables": {
                "leads": {
                    "lead": "线索编号",
                    "route": "移送路线",
                    "case": "部门受案号",
                    "unit": "检察院",
                    "problem": "所源问题",
                    "state": "办理状态",
                }
            },
            "steps": {names[act]: act for act in acts},
        },
    )


def _act_names() -> dict[str, str]:
    """A column for each act of the routes; acts of one name are told apart by their code."""
    names: dict[str, str] = {}
    for route in routes().values():
        parts = [(h.act, h.zh) for h in route.hops]
        parts += [(e.act, e.zh) for e in route.ends]
        parts += [(d.act, d.zh) for d in route.detours]
        parts += [(d.decision, "裁决") for d in route.detours if d.decision]
        for act, zh in parts:
            names.setdefault(act, f"{zh}（{act}）日期")
    return names


def _state(route: str, steps: Sequence[Record]) -> str:
    """What the register claims: whether the last step written down ends the route."""
    known = routes()[route]
    ends = {known.hops[-1].act, *(e.act for e in known.ends)}
    return "已办结" if steps and steps[-1]["act"] in ends else "办理中"


# -- files -------------------------------------------------------------------------------------


def _moment(text: str) -> dt.date | dt.datetime | None:
    if not text:
        return None
    return dt.datetime.fromisoformat(text) if "T" in text else dt.date.fromisoformat(text)


def _workbook(
    path: Path, title: str, header: Sequence[str], lines: Iterable[Sequence[Any]]
) -> None:
    """A workbook with notes above the header, the same bytes whenever it is written."""
    made = openpyxl.Workbook(write_only=True)
    made.properties.created = MADE
    notes = made.create_sheet("说明")
    notes.append(["本表由系统导出，仅供演示"])
    sheet = made.create_sheet(title)
    sheet.append([title])
    sheet.append(["填报单位：案件管理部门", None, "单位：件"])
    sheet.append(list(header))
    for line in lines:
        cells = []
        for value in line:
            if isinstance(value, dt.datetime):
                cell = WriteOnlyCell(sheet, value)
                cell.number_format = "yyyy-mm-dd hh:mm"
                cells.append(cell)
            elif isinstance(value, dt.date):
                day = dt.datetime.combine(value, dt.time())
                cell = WriteOnlyCell(sheet, day)
                cell.number_format = "yyyy-mm-dd"
                cells.append(cell)
            else:
                cells.append(value)
        sheet.append(cells)
    with tempfile.TemporaryFile() as file:
        made.save(file)
        file.seek(0)
        # The library stamps the present moment on the parts; stored parts need no compressor
        # whose versions differ.
        with (
            zipfile.ZipFile(file) as written,
            zipfile.ZipFile(path, "w", zipfile.ZIP_STORED) as kept,
        ):
            for name in sorted(written.namelist()):
                content = written.read(name)
                if name == "docProps/core.xml":
                    stamp = MADE.isoformat().encode() + b"Z"
                    content = re.sub(rb"\d{4}-\d\d-\d\dT\d\d:\d\d:\d\dZ", stamp, content)
                kept.writestr(zipfile.ZipInfo(name, (1980, 1, 1, 0, 0, 0)), content)


def _profile(path: Path, entries: dict[str, Any]) -> None:
    text = yaml.safe_dump(entries, allow_unicode=True, sort_keys=False, width=100)
    path.write_text(text, encoding="utf-8")
