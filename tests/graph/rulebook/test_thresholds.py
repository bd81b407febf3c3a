"""Bands, scopes and start standards of overlays: read, checked, decisive until they expire."""

from __future__ import annotations

import datetime as dt
from pathlib import Path
from typing import Any

import pytest

from graph.rulebook import law
from graph.rulebook.lint import lint
from graph.rulebook.terms import GrammarError
from graph.rulebook.thresholds import event

OVERLAY = "name: own\nowner: 案管部门\ndate: 2024-01-01\nexpires: 2027-12-31\n"
BAND = "{indicator: I10, low: 0.1, high: 0.2, owner: a, basis: b, expires: %s%s}\n"
DAY = dt.date(2025, 6, 1)


def own(folder: Path, **files: str) -> law.Book:
    (folder / "own").mkdir(exist_ok=True)
    (folder / "own" / "overlay.yaml").write_text(OVERLAY, "utf-8")
    for name, text in files.items():
        (folder / "own" / f"{name}.yaml").write_text(text, "utf-8")
    return law.read(folder)


def test_the_shipped_standard_is_the_example(tmp_path: Path) -> None:
    shipped = law.read(tmp_path)
    assert shipped.faults == ()
    used = shipped.thresholds.standard(DAY)
    assert used is not None
    entry = used.entry
    assert entry.B is not None
    assert entry.C is not None
    assert entry.X is not None
    assert (entry.B.m, entry.B.n, entry.B.n_min) == (2, 3, 30)
    assert (entry.C.c, entry.C.w, entry.C.u) == (5, 90, 2)
    assert entry.X.k == 3
    assert entry.mark == "D"


def test_the_units_own_band_counts_before_the_one_of_all(tmp_path: Path) -> None:
    text = "ALL: " + BAND % ("2026-12-31", "") + "U1: " + BAND % ("2026-12-31", ", unit: U1")
    text += "OLD: " + BAND % ("2024-12-31", ", unit: U2")
    found = own(tmp_path, bands=text)
    assert found.faults == ()

    def chosen(unit: str, day: dt.date) -> str | None:
        band = found.thresholds.band("I10", 1, unit, day)
        return band and band.code

    assert chosen("U1", DAY) == "U1"
    assert chosen("U2", DAY) == "ALL"
    assert chosen("U2", dt.date(2024, 6, 1)) == "OLD"
    assert chosen("U1", dt.date(2027, 1, 1)) is None
    assert chosen("U1", dt.date(2023, 12, 31)) is None
    assert found.thresholds.band("I10", 2, "U1", DAY) is None


def test_an_expired_threshold_is_a_notice_and_no_fault(tmp_path: Path) -> None:
    found = own(tmp_path, bands="OLD: " + BAND % ("2024-12-31", ""))
    notices = [n for n in lint(found, DAY)["notices"] if n.entry == "OLD"]
    assert [(n.file, n.field) for n in notices] == [("own/bands.yaml", "expires")]
    assert found.faults == ()


def test_an_own_standard_counts_before_the_example(tmp_path: Path) -> None:
    text = (
        "OURS: {zh: 本院, en: ours, mark: D, owner: a, basis: b, expires: 2026-12-31, "
        "B: {m: 1, n: 2, n_min: 10}}\n"
    )
    found = own(tmp_path, start_standards=text)
    assert found.faults == ()
    used = found.thresholds.standard(DAY)
    assert used is not None
    assert used.code == "OURS"
    later = found.thresholds.standard(dt.date(2027, 6, 1))
    assert later is not None
    assert later.code == "EXAMPLE"


STANDARD = "S: {zh: a, en: a, mark: D, owner: a, basis: b, expires: 2026-12-31, %s}\n"


@pytest.mark.parametrize(
    ("files", "field"),
    [
        ({"bands": "A: " + (BAND % ("2026-12-31", "")).replace("I10", "I99")}, "indicator"),
        ({"bands": "A: " + (BAND % ("2026-12-31", "")).replace("0.1", "0.9")}, ""),
        ({"bands": "A: {indicator: I10, low: 0, high: 1, expires: 2026-12-31}\n"}, "owner"),
        ({"bands": "A: {indicator: I10, low: 0, high: 1, owner: a, basis: b}\n"}, "expires"),
        ({"start_standards": STANDARD % "E: {events: [PR99.X]}"}, "E.events"),
        ({"start_standards": STANDARD % "C: {c: 5, w: 90, u: 1, d: 2}"}, "C.u"),
        ({"start_standards": STANDARD % "B: {m: 3, n: 2, n_min: 1}"}, "B"),
        (
            {
                "scopes": "S: {indicators: [I10], style: Z, review: KEY, owner: a, basis: b, "
                "expires: 2026-12-31}\n"
            },
            "style",
        ),
    ],
)
def test_faults_name_file_entry_and_field(
    tmp_path: Path, files: dict[str, Any], field: str
) -> None:
    found = own(tmp_path, **files)
    (name,) = files
    assert {(f.file, f.field) for f in found.faults} >= {(f"own/{name}.yaml", field)}


def test_starting_events() -> None:
    assert event("PR36.ACQUITTED") == ("PR36", ("ACQUITTED",))
    assert event("PR35") == ("PR35", ())
    for wrong in ("PR99", "PR36.", "x"):
        with pytest.raises(GrammarError):
            event(wrong)
