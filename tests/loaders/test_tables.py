"""Tables of every format as the same rows; reject files as the source wrote them."""

from __future__ import annotations

import csv
import datetime as dt
import gzip
from pathlib import Path
from typing import Any

import openpyxl
import pyarrow as pa
import pyarrow.parquet as pq
import pytest

from graph.errors import InputError
from loaders import load as _load  # noqa: F401 - its messages
from loaders.tables import (
    ADDED,
    EXTRA,
    SHORT,
    RejectFile,
    SourceRow,
    encoding_of,
    open_table,
    rows,
    sheets,
)

HEADER = ["case", "cause", "accepted"]
ROWS = [["C1", "盗窃罪", "2024-03-05"], ["C2", "", "2024-03-06"]]


def written(path: Path, encoding: str = "utf-8", lines: list[list[str]] | None = None) -> Path:
    text = "".join(",".join(line) + "\n" for line in [HEADER, *(lines or ROWS)])
    path.write_bytes(text.encode(encoding))
    return path


def read(path: Path) -> list[dict[str, Any]]:
    return [row.values for row in rows(open_table(path), "cases")]


@pytest.mark.parametrize(
    ("encoding", "found"),
    [
        ("utf-8", "utf-8"),
        ("utf-8-sig", "utf-8-sig"),
        ("gb18030", "gb18030"),
        ("gbk", "gb18030"),
        ("utf-16", "utf-16"),
    ],
)
def test_encodings_are_told_apart(tmp_path: Path, encoding: str, found: str) -> None:
    path = written(tmp_path / "cases.csv", encoding)
    assert encoding_of(path) == found
    assert read(path) == [
        {"case": "C1", "cause": "盗窃罪", "accepted": "2024-03-05"},
        {"case": "C2", "accepted": "2024-03-06"},
    ]


@pytest.mark.parametrize(
    ("words", "encoding"), [("某院", "gb18030"), ("café, Zoë", "utf-8"), ("月", "gb18030")]
)
def test_few_letters_beyond_ascii(tmp_path: Path, words: str, encoding: str) -> None:
    path = tmp_path / "a.csv"
    path.write_bytes(f"case\n{words}\n".encode(encoding))
    assert encoding_of(path) == encoding


def test_the_whole_file_decides_on_its_encoding(tmp_path: Path) -> None:
    path = tmp_path / "cases.csv"
    plain = b"case,cause,accepted\n" + b"C,theft,2024-01-01\n" * 300_000
    path.write_bytes(plain + "C9,盗窃罪,2024-01-01\n".encode("gb18030"))
    assert encoding_of(path) == "gb18030"


def test_one_bad_line_does_not_change_the_encoding(tmp_path: Path) -> None:
    path = tmp_path / "cases.csv"
    good = "C1,盗窃罪,2024-01-01\n" * 5
    path.write_bytes(f"case,cause,accepted\n{good}".encode() + b"C2,\xd0\xb5\xc7,x\n")
    table = open_table(path)
    assert table.encoding == "utf-8"
    last = list(rows(table, "cases"))[-1]
    assert (last.number, last.values["case"]) == (7, "C2")
    assert str(last.values["cause"]).encode("utf-8", "surrogateescape") == b"\xd0\xb5\xc7"


def test_all_formats_give_the_same_rows(tmp_path: Path) -> None:
    expected = read(written(tmp_path / "a.csv"))
    with gzip.open(tmp_path / "b.csv.gz", "wb") as file:
        file.write((tmp_path / "a.csv").read_bytes())
    assert read(tmp_path / "b.csv.gz") == expected
    book = openpyxl.Workbook()
    for line in [HEADER, *ROWS]:
        book.worksheets[0].append(line)
    book.create_sheet("second")
    book.save(tmp_path / "c.xlsx")
    assert read(tmp_path / "c.xlsx") == expected
    assert sheets(tmp_path / "c.xlsx") == ["Sheet", "second"]
    columns = {name: [line[at] for line in ROWS] for at, name in enumerate(HEADER)}
    pq.write_table(pa.table(columns), tmp_path / "d.parquet")
    assert read(tmp_path / "d.parquet") == expected


def test_typed_cells_of_workbooks_and_parquet_stay_typed(tmp_path: Path) -> None:
    book = openpyxl.Workbook()
    book.worksheets[0].append(["case", "accepted", "n"])
    book.worksheets[0].append(["C1", dt.date(2024, 3, 5), 7])
    book.save(tmp_path / "a.xlsx")
    (found,) = read(tmp_path / "a.xlsx")
    assert (found["accepted"].date(), found["n"]) == (dt.date(2024, 3, 5), 7)
    table = pa.table(
        {"case": ["C1"], "at": [dt.datetime(2024, 3, 5, 1, tzinfo=dt.UTC)], "x": [1.5]}
    )
    pq.write_table(table.append_column("nan", pa.array([float("nan")])), tmp_path / "b.parquet")
    (found,) = read(tmp_path / "b.parquet")
    assert found == {"case": "C1", "at": dt.datetime(2024, 3, 5, 1, tzinfo=dt.UTC), "x": 1.5}


def test_rows_keep_their_numbers_and_show_odd_widths(tmp_path: Path) -> None:
    path = tmp_path / "cases.csv"
    path.write_text('case,cause,accepted\nC1,"a\nb",x\n\n,,\nC2,b,c,d\nC3,b\n', encoding="utf-8")
    found = list(rows(open_table(path), "cases"))
    assert [r.number for r in found] == [2, 5, 6]
    assert found[0].values["cause"] == "a\nb"
    assert found[1].values[EXTRA] == "d"
    assert found[2].values[SHORT] == "accepted"


@pytest.mark.parametrize(
    ("name", "content", "code"),
    [
        ("a.txt", b"case\n", "table.suffix"),
        ("a.csv", b"", "table.no_header"),
        ("a.csv", b",,\n", "table.no_header"),
        ("a.csv", b"case,case\n", "table.double_column"),
        ("a.csv.gz", b"no gzip", "table.unreadable"),
        ("a.xlsx", b"no workbook", "table.unreadable"),
        ("a.parquet", b"no parquet", "table.unreadable"),
    ],
)
def test_what_is_no_table_is_refused(tmp_path: Path, name: str, content: bytes, code: str) -> None:
    (tmp_path / name).write_bytes(content)
    with pytest.raises(InputError) as caught:
        open_table(tmp_path / name)
    assert caught.value.code == code
    assert name in caught.value.detail("zh")


def test_a_file_that_breaks_off_is_refused_where_it_is_read(tmp_path: Path) -> None:
    whole = gzip.compress(b"case\n" + b"".join(b"C%d\n" % i for i in range(200_000)))
    (tmp_path / "a.csv.gz").write_bytes(whole[: len(whole) // 2])
    with pytest.raises(InputError) as caught:
        read(tmp_path / "a.csv.gz")
    assert caught.value.code == "table.unreadable"


def test_a_missing_file_is_named(tmp_path: Path) -> None:
    with pytest.raises(InputError) as caught:
        open_table(tmp_path / "gone.csv")
    assert caught.value.code == "table.unreadable"
    assert "gone.csv" in str(caught.value)


def test_rejects_hold_the_very_bytes_of_the_source(tmp_path: Path) -> None:
    for encoding, bad in (("gb18030", b"\xff\xd0"), ("utf-8", b"\xd0\xb5\xc7")):
        path = tmp_path / "cases.csv"
        good = ("C1,盗窃罪,2024-01-01\n" * 3).encode(encoding)
        path.write_bytes(b"case,cause,accepted\n" + good + b"C2," + bad + b",x\n")
        table = open_table(path)
        assert table.encoding == encoding
        file = RejectFile(tmp_path / "rejects", table, ())
        file.write(list(rows(table, "cases"))[-1], "value.undecodable", "cause", "原因")
        file.close()
        lines = file.path.read_bytes().splitlines()
        mark = b"\xef\xbb\xbf" if encoding == "utf-8" else b""
        assert lines[0] == mark + b"case,cause,accepted,row,cell,code,field,reason"
        said = b"5,B5,value.undecodable,cause," + "原因".encode(encoding)
        assert lines[1] == b"C2," + bad + b",x," + said


def test_a_mended_reject_file_loads_as_it_is(tmp_path: Path) -> None:
    table = open_table(written(tmp_path / "cases.csv"))
    file = RejectFile(tmp_path / "rejects", table, ())
    for row in rows(table, "cases"):
        file.write(row, "value.moment", "accepted", "why")
    file.close()
    assert open_table(file.path).columns == table.columns
    assert read(file.path) == read(tmp_path / "cases.csv")


def test_personal_and_secret_cells_stay_empty(tmp_path: Path) -> None:
    table = open_table(written(tmp_path / "cases.csv"))
    file = RejectFile(tmp_path / "rejects", table, ["cause"])
    first, second = rows(table, "cases")
    file.write(first, "load.dangling", "case", "why")
    file.write(second, "load.secret", "secrecy", "why", secret=True)
    file.close()
    with file.path.open(encoding="utf-8", newline="") as lines:
        found = list(csv.reader(lines))
    assert found[1] == ["C1", "", "2024-03-05", "2", "A2", "load.dangling", "case", "why"]
    assert found[2] == ["", "", "", "3", "", "load.secret", "", ""]


def test_a_workbook_is_answered_by_a_workbook_without_formulas(tmp_path: Path) -> None:
    book = openpyxl.Workbook()
    book.worksheets[0].append(HEADER)
    book.worksheets[0].append(["C1", "x", dt.date(2024, 3, 5)])
    book.save(tmp_path / "cases.xlsx")
    table = open_table(tmp_path / "cases.xlsx")
    (row,) = rows(table, "cases")
    row.values["cause"] = "=1+1\x0b"
    file = RejectFile(tmp_path / "rejects", table, ())
    file.write(row, "value.text", "cause", "why")
    file.close()
    assert file.path.name == "cases.xlsx"
    sheet = openpyxl.load_workbook(file.path).worksheets[0]
    assert [c.value for c in sheet[1]] == [*HEADER, *ADDED]
    assert [c.value for c in sheet[2]][:2] == ["C1", "=1+1"]
    assert sheet["B2"].data_type == "s"
    assert sheet["C2"].value == dt.datetime(2024, 3, 5)  # noqa: DTZ001
    assert read(file.path) == [{"case": "C1", "cause": "=1+1", "accepted": sheet["C2"].value}]


def test_a_parquet_table_is_answered_by_a_csv(tmp_path: Path) -> None:
    pq.write_table(pa.table({"case": ["C1"], "parts": [["a", "b"]]}), tmp_path / "cases.parquet")
    table = open_table(tmp_path / "cases.parquet")
    file = RejectFile(tmp_path / "rejects", table, ())
    file.write(next(rows(table, "cases")), "value.text", "parts", "why")
    file.close()
    assert file.path.name == "cases.csv"
    assert "C1,a;b,2,,value.text,parts,why" in file.path.read_text(encoding="utf-8-sig")


def test_no_refused_row_no_file(tmp_path: Path) -> None:
    file = RejectFile(tmp_path / "rejects", open_table(written(tmp_path / "cases.csv")), ())
    file.close()
    assert not file.path.exists()


def test_a_full_disk_is_named(tmp_path: Path) -> None:
    blocked = tmp_path / "rejects"
    blocked.write_text("a file where the folder should be", encoding="utf-8")
    file = RejectFile(blocked, open_table(written(tmp_path / "cases.csv")), ())
    with pytest.raises(InputError) as caught:
        file.write(SourceRow("cases", 2, {"case": "C1"}), "x", "", "")
    assert caught.value.code == "load.reject_write"
