"""``profile new``: what it proposes is a profile, loads, and says what it is not sure of."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import openpyxl
import pytest
import yaml

from graph.errors import InputError
from loaders.logs import check, open_profiled
from loaders.profile import ProfileFile, read_profile
from loaders.propose import Proposal, propose, write
from loaders.synthetic import generate
from loaders.synthetic.sheets import write_sheets


def saved(folder: Path, proposal: Proposal) -> ProfileFile:
    path = folder / "new.yaml"
    path.unlink(missing_ok=True)
    write(proposal, path)
    return read_profile(path)


@pytest.fixture(scope="module")
def sheets(tmp_path_factory: pytest.TempPathFactory) -> Path:
    package = tmp_path_factory.mktemp("propose") / "world"
    generate(package, 40, 7)
    return write_sheets(package)


@pytest.mark.parametrize(
    ("file", "shape", "row"),
    [("wide.xlsx", "wide", 3), ("monitoring.xlsx", "ledger", 3), ("handover.csv", "ledger", 2)],
)
def test_the_generated_sheets(
    sheets: Path, tmp_path: Path, file: str, shape: str, row: int
) -> None:
    proposal = propose(sheets / file)
    assert (proposal.shape, proposal.header_row) == (shape, row)
    profile = saved(tmp_path, proposal)
    found = check(profile, sheets / file, 0)
    assert found.good, found.faults
    given = check(read_profile(sheets / f"{file.split('.')[0]}.yaml"), sheets / file, 0)
    for table, n in given.tables.items():
        # The guess need not know every table, and may take one date for two events.
        if table in {"cases", "parties", "charges", "problems", "dispositions", "leads"}:
            assert found.tables[table] == n, table
        elif table in {"events", "lead_steps", "documents"}:
            assert found.tables[table] >= n, table
    assert all(t for t, _ in open_profiled(sheets / file, profile).tables())


def test_columns_of_people_are_personal_and_doubts_are_comments(tmp_path: Path) -> None:
    path = tmp_path / "案件.xlsx"
    book = openpyxl.Workbook()
    sheet = book.active
    assert sheet is not None
    sheet.append(["2024年案件表"])
    sheet.append(
        ["部门受案号", "犯罪嫌疑人", "身份证号", "联系电话", "编外代码", "收案日期",
         "第一次退补日期", "起诉日期", "承办检察官", "案卷数"]
    )  # fmt: skip
    for at in range(1, 5):
        sheet.append(
            [f"检{at}号", "甲某", f"11010119900101123{at}", f"1390000000{at}",
             f"11010119900101456{at}", f"2024-03-0{at}", f"2024-04-0{at}", f"2024-06-0{at}",
             "王小明", at]
        )  # fmt: skip
    sheet.append(["合计", None, None, None, None, None, None, None, None, 10])
    book.save(path)
    proposal = propose(path)
    entries: dict[str, Any] = yaml.safe_load(proposal.text)
    assert entries["shape"] == "wide"
    assert entries["columns"]["case"] == "部门受案号"
    assert entries["events"]["收案日期"] == "PR01"
    assert entries["events"]["第一次退补日期"] == "PR11"
    assert entries["events"]["起诉日期"] == "PR22.PROSECUTE"
    assert set(entries["personal"]) == {"联系电话", "编外代码"}
    assert entries["pseudonyms"] == ["承办检察官"]
    assert entries["numbers"] == ["案卷数"]
    assert entries["parties"][0]["identity"] == "身份证号"
    doubted = [line for line in proposal.text.splitlines() if "# ?" in line]
    assert len(doubted) == len(proposal.doubts) > 0
    assert any(line.strip().startswith("第一次退补日期") for line in doubted), "only near by name"
    assert check(saved(tmp_path, proposal), path, 0).good


def test_a_log_with_dates_of_another_form(tmp_path: Path) -> None:
    path = tmp_path / "log.csv"
    path.write_text(
        "case,activity,timestamp,phone,amount\n"
        + "".join(f"c{i // 2},分案,{i + 10}-03-2024,1380000000{i},{i}\n" for i in range(6)),
        encoding="utf-8",
    )
    proposal = propose(path)
    entries = yaml.safe_load(proposal.text)
    assert proposal.shape == "log"
    assert entries["columns"] == {"case": "case", "activity": "activity", "time": "timestamp"}
    assert entries["date_formats"] == ["iso", "%d-%m-%Y"]
    assert entries["personal"] == ["phone"]
    assert entries["numbers"] == ["amount"]
    found = check(saved(tmp_path, proposal), path)
    assert (found.good, found.cases, found.events) == (True, 3, 6)


@pytest.mark.parametrize("shape", ["log", "wide", "ledger"])
def test_any_table_gets_a_profile_of_any_shape(tmp_path: Path, shape: str) -> None:
    path = tmp_path / "odd.csv"
    path.write_text("甲;乙;丙\n1;x;2024-01-01\n2;y;2024-01-02\n", encoding="gb18030")
    proposal = propose(path, shape, "odd")
    assert proposal.doubts
    assert saved(tmp_path, proposal).profile.shape == shape


def test_what_cannot_be_proposed_is_said(tmp_path: Path) -> None:
    empty = tmp_path / "e.csv"
    empty.write_text("1,2\n3,4\n", encoding="utf-8")
    (tmp_path / "a.xes").write_text("<log/>", encoding="utf-8")
    for source, shape, code in (
        (tmp_path / "none.csv", None, "load.no_source"),
        (empty, None, "propose.no_table"),
        (tmp_path / "a.xes", None, "propose.xes"),
        (empty, "long", "propose.shape"),
    ):
        with pytest.raises(InputError) as caught:
            propose(source, shape)
        assert caught.value.code == code
        assert caught.value.remedy("zh")
        assert caught.value.detail("en")
    with pytest.raises(InputError) as caught:
        write(Proposal("log", "", [], "", 1, 1), empty)
    assert caught.value.code == "propose.out"
