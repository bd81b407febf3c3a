"""Files for spreadsheets."""

from __future__ import annotations

import csv
from pathlib import Path

import openpyxl
import pandas as pd
import pytest

from api.output import write_file
from graph.errors import InputError

ROWS = [{"name": "盗窃罪", "note": "=1+1", "n": 3, "inner": {"a": 1}, "list": ["x", "y"]}]


def test_csv_opens_in_excel_with_chinese_and_without_formulas(tmp_path: Path) -> None:
    write_file(tmp_path / "t.csv", ROWS)
    assert (tmp_path / "t.csv").read_bytes().startswith(b"\xef\xbb\xbf")
    with (tmp_path / "t.csv").open(encoding="utf-8-sig", newline="") as file:
        (row,) = csv.DictReader(file)
    assert row == {"name": "盗窃罪", "note": "'=1+1", "n": "3", "inner.a": "1", "list": "x；y"}


def test_xlsx_holds_no_formula(tmp_path: Path) -> None:
    write_file(tmp_path / "t.xlsx", ROWS)
    sheet = openpyxl.load_workbook(tmp_path / "t.xlsx").worksheets[0]
    assert [c.value for c in sheet[2]] == ["盗窃罪", "'=1+1", 3, 1, "x；y"]
    assert all(c.data_type != "f" for c in sheet[2])


def test_parquet_keeps_numbers(tmp_path: Path) -> None:
    write_file(tmp_path / "t.parquet", ROWS)
    frame = pd.read_parquet(tmp_path / "t.parquet")
    assert frame["n"].tolist() == [3]


def test_other_endings_and_missing_folders_are_refused(tmp_path: Path) -> None:
    with pytest.raises(InputError) as wrong:
        write_file(tmp_path / "t.docx", ROWS)
    assert wrong.value.code == "api.out_suffix"
    with pytest.raises(InputError) as missing:
        write_file(tmp_path / "no" / "t.csv", ROWS)
    assert missing.value.code == "api.out_write"
