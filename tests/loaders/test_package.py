"""``package.yaml`` and the headers of its tables: every fault at once, with the nearest name."""

from __future__ import annotations

from pathlib import Path

import openpyxl
import pytest

from graph.errors import InputError
from graph.store.schema import BY_TABLE
from loaders import load as _load  # noqa: F401 - its messages
from loaders.package import open_package

MANIFEST = "source: office\nsynthetic: true\n"


def folder(path: Path, manifest: str = MANIFEST, **tables: str) -> Path:
    path.mkdir(exist_ok=True)
    (path / "package.yaml").write_text(manifest, encoding="utf-8")
    for name, text in tables.items():
        (path / f"{name}.csv").write_text(text, encoding="utf-8")
    return path


def faults(path: Path) -> str:
    with pytest.raises(InputError) as caught:
        open_package(path)
    assert caught.value.code == "load.package_faults"
    return caught.value.detail("en")


def test_a_package_says_what_it_is(tmp_path: Path) -> None:
    manifest = (
        "source: office\ntitle: x\nperiod: {from: 2024-01-01, to: 2024年12月31日}\n"
        "complete: [cases, events]\n"
    )
    package = open_package(
        folder(tmp_path / "p", manifest, cases="case,accepted\nC1,\n", units="unit\nU1\n")
    )
    assert (package.source, package.synthetic) == ("office", False)
    assert package.period == ("2024-01-01", "2024-12-31")
    assert package.complete == ("cases", "events")
    assert len(package.warnings) == 1
    assert "events" in package.warnings[0]
    assert [t.table for t, _ in package.tables()] == ["units", "cases"]
    assert set(package.hashes()) == {"package.yaml", "cases.csv", "units.csv"}
    assert all(len(digest) == 64 for digest in package.hashes().values())


def test_tables_come_after_those_they_need(tmp_path: Path) -> None:
    tables = {
        name: ",".join(
            dict.fromkeys(
                [
                    t.id,
                    *(c.name for c in t.columns if c.required),
                    *(r.column for r in t.references if r.required),
                ]
            )
        )
        + "\n"
        for name, t in BY_TABLE.items()
    }
    package = open_package(folder(tmp_path / "p", **tables))
    seen: set[str] = set()
    for node_type, _ in package.tables():
        needed = {r.target for r in node_type.references if r.required} & {
            t.label for t in BY_TABLE.values()
        }
        assert needed <= seen
        seen.add(node_type.label)
    assert len(seen) == len(BY_TABLE)


def test_every_fault_is_told_with_the_nearest_name(tmp_path: Path) -> None:
    told = faults(
        folder(
            tmp_path / "p",
            "source: a/b\nsyntetic: true\nsynthetic: perhaps\ncomplete: [case]\n"
            "period: {from: 2025-01-01, to: 2024-01-01}\n",
            case="case\nC1\n",
            events="event,case,nod\nE1,C1,PR11\n",
            cases="case,case\n",
        )
    )
    for part in (
        "source must be a name",
        "'syntetic'; nearest: synthetic",
        "synthetic 应为 true",
        "complete: 未知的表 / unknown table 'case'; nearest: cases",
        "period",
        "case.csv: 未知的表 / unknown table; nearest: cases",
        "the required column 'occurred' is missing",
        "the required column 'node' is missing",
        "unknown column 'nod'; nearest: node",
        "has a column twice: case",
    ):
        assert part in told, part


def test_a_complete_table_whose_scope_cannot_be_decided_is_refused(tmp_path: Path) -> None:
    period = "period: {from: 2024-01-01, to: 2024-12-31}\n"
    told = faults(
        folder(
            tmp_path / "p",
            f"source: a\ncomplete: [cases, parties, events]\n{period}units: [U1]\n",
            cases="case,unit\nC1,U1\n",
            parties="party,case\nS1,C1\n",
            events="event,case,node,occurred\nE1,C1,PR01,2024-01-02\n",
        )
    )
    for part in (
        "complete: cases: cases.csv 没有日期列",
        "add the column accepted to cases.csv, or take cases out of complete, or leave period out",
        "parties.csv has no column with the date that period asks for: take parties out",
        "events.csv has no column with the procuratorate that units asks for: take events out",
    ):
        assert part in told, part
    told = faults(
        folder(tmp_path / "q", "source: a\ncomplete: [cases]\nunits: [U1]\n", cases="case\nC1\n")
    )
    assert "add the column unit to cases.csv" in told
    whole = folder(
        tmp_path / "r", "source: a\ncomplete: [parties]\n", parties="party,case\nS1,C1\n"
    )
    assert open_package(whole).warnings == ()
    dated = "source: a\ncomplete: [cases]\nunits: [U1]\n" + period
    open_package(folder(tmp_path / "s", dated, cases="case,unit,accepted\nC1,U1,2024-01-02\n"))


def test_open_columns_are_taken_where_the_schema_is_open(tmp_path: Path) -> None:
    package = open_package(folder(tmp_path / "p", cases="case,attr_colour\nC1,red\n"))
    assert package.files["cases"].columns == ("case", "attr_colour")
    told = faults(folder(tmp_path / "q", units="unit,attr_colour\nU1,red\n"))
    assert "unknown column 'attr_colour'" in told


def test_two_files_of_one_table_are_refused(tmp_path: Path) -> None:
    path = folder(tmp_path / "p", cases="case\nC1\n")
    (path / "cases.parquet").write_bytes(b"x")
    assert "cases is there twice" in faults(path)


def test_an_empty_folder_is_refused(tmp_path: Path) -> None:
    assert "no table" in faults(folder(tmp_path / "p"))


def test_what_is_not_read_is_said(tmp_path: Path) -> None:
    path = folder(tmp_path / "p", cases="case\nC1\n")
    (path / "notes.txt").write_text("x", encoding="utf-8")
    (path / "~$units.xlsx").write_bytes(b"lock of an office program")
    book = openpyxl.Workbook()
    book.worksheets[0].append(["unit"])
    book.worksheets[0].append(["U1"])
    book.create_sheet("more")
    book.save(path / "units.xlsx")
    said = "\n".join(open_package(path).warnings)
    assert "notes.txt" in said
    assert "units.xlsx" in said
    assert "~$" not in said


@pytest.mark.parametrize(
    ("manifest", "code"),
    [
        (b"source: [", "load.bad_manifest"),
        (b"just a word", "load.bad_manifest"),
        (b"source: \xff\xfe\xfa", "load.bad_manifest"),
    ],
)
def test_a_manifest_that_cannot_be_read(tmp_path: Path, manifest: bytes, code: str) -> None:
    path = folder(tmp_path / "p", cases="case\nC1\n")
    (path / "package.yaml").write_bytes(manifest)
    with pytest.raises(InputError) as caught:
        open_package(path)
    assert caught.value.code == code


def test_a_manifest_in_gb18030(tmp_path: Path) -> None:
    path = folder(tmp_path / "p", cases="case\nC1\n")
    (path / "package.yaml").write_bytes("source: 某院".encode("gb18030"))
    assert open_package(path).source == "某院"


def test_what_is_no_package_folder(tmp_path: Path) -> None:
    (tmp_path / "file").write_text("x", encoding="utf-8")
    (tmp_path / "empty").mkdir()
    for name, code in (
        ("gone", "load.no_source"),
        ("file", "load.not_a_package"),
        ("empty", "load.no_manifest"),
    ):
        with pytest.raises(InputError) as caught:
            open_package(tmp_path / name)
        assert caught.value.code == code
