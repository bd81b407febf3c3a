"""Profiles: what they say, and how every fault of one is told at once."""

from __future__ import annotations

import datetime as dt
import re
from pathlib import Path
from typing import Any
from zoneinfo import ZoneInfo

import pytest
import yaml

from graph.errors import InputError
from graph.store.schema import property_name
from loaders.logs import check
from loaders.profile import (
    SHIPPED,
    Profile,
    find_profile,
    read_cell,
    read_date,
    read_profile,
)
from loaders.values import ValueFault

SMALL = "source: x\ncolumns: {case: id, activity: act, time: when}\n"


def written(folder: Path, text: str) -> Path:
    path = folder / "p.yaml"
    path.write_text(text, encoding="utf-8")
    return path


def profile(folder: Path, more: str = "") -> Profile:
    return read_profile(written(folder, SMALL + more)).profile


def faults(folder: Path, text: str) -> str:
    with pytest.raises(InputError) as caught:
        read_profile(written(folder, text))
    assert caught.value.exit_code == 2
    assert caught.value.remedy("zh")
    return str(caught.value.detail("en"))


@pytest.mark.parametrize("path", sorted(SHIPPED.glob("*.yaml")), ids=lambda p: p.stem)
def test_shipped_profiles_are_good(path: Path) -> None:
    read = read_profile(path.stem)
    assert read.path == path
    assert read.text == path.read_text("utf-8")
    assert len(read.hash) == 64


def test_the_smallest_profile(tmp_path: Path) -> None:
    read = profile(tmp_path)
    assert read.zone == "Asia/Shanghai"
    assert (read.kept, read.rules(), read.named_outcomes()) == ({}, {}, {})


def test_all_faults_are_told_together_with_the_nearest_key(tmp_path: Path) -> None:
    told = faults(
        tmp_path,
        "source: a/b\nzone: Asia/Shanghi\ncolums: {}\n"
        "columns: {case: c, activty: a, time: t}\n"
        "deadlines:\n  d: {end: {activity: a, attribut: b}, lenght: {days: 3}}\n"
        "outcomes:\n  o: {mised: d}\n",
    )
    for part in (
        "source: a name without '/'",
        "no zone 'Asia/Shanghi'",
        "colums: unknown key; nearest: columns",
        "columns.activity: it is missing",
        "columns.activty: unknown key; nearest: activity",
        "deadlines.d.lenght: unknown key; nearest: length",
        "deadlines.d.end.attribut: unknown key; nearest: attribute",
        "outcomes.o.mised: unknown key; nearest: missed",
    ):
        assert part in told, part


@pytest.mark.parametrize(
    ("more", "part"),
    [
        ("nodes: {a: PR99}", "no rulebook node 'PR99'; nearest: PR"),
        ("case_type: ZZ", "case_type: 'ZZ' is no case group; there are: AD"),
        ("personal: [id]", "'id' is used elsewhere"),
        ("dates: [n]\nnumbers: [n]", "'n' is under dates too"),
        ("attributes: ['a b', a-b]", "get the same name a_b"),
        ("outcomes: {o: {missed: d}}", "no deadline 'd'"),
        ("attributes: [v]\nstrata: [v]", "'v' is no attribute of the case"),
        ("attributes: [case:v]\nstrata: [case:w]", "nearest: case:v"),
        ("outcomes: {o: {attribute: v, equals: 1}}", "'v' is not kept"),
        (
            "attributes: [case:v]\noutcomes: {o: {attribute: case:w, equals: 1}}",
            "nearest: case:v",
        ),
        (
            "dates: [case:due]\n"
            "deadlines: {d: {start: {activity: a}, end: {activity: b}, until: case:du}}",
            "'case:du' is no date attribute of the case; name it under dates, with case: before "
            "it; nearest: case:due",
        ),
        (
            "dates: [due]\ndeadlines: {d: {end: {activity: b}, until: due}}",
            "'due' is no date attribute of the case",
        ),
        (
            "deadlines:\n"
            "  d: {start: {activity: a}, end: {activity: b}, length: {days: 1}, type: P00}",
            "no problem type 'P00'; nearest: P",
        ),
        ("deadlines: {a/b: {start: {activity: a}, end: {activity: b}, length: {days: 1}}}", "'/'"),
        ("date_formats: [dd-mm-yyyy]", "'%d-%m-%Y %H:%M'"),
        ("title: {}", "give zh, en, or both"),
        ("nodes: {1: PR22}", "nodes.1"),
        ("deadlines: {d: {end: {activity: b}, length: {days: 1}}}", "a length needs a start"),
    ],
)
def test_what_contradicts_in_itself_is_refused(tmp_path: Path, more: str, part: str) -> None:
    assert part in faults(tmp_path, SMALL + more)


def test_a_case_column_needs_its_mark(tmp_path: Path) -> None:
    told = faults(tmp_path, "source: x\ncolumns: {case: c, activity: a, time: t, handler: h}\n")
    assert "columns.handler: it belongs to the case, so write case:h" in told


@pytest.mark.parametrize(
    "text",
    ["[1, 2]", "a: [", "source: x\nsource: y\n", "just text", ""],
    ids=["list", "broken", "double", "text", "empty"],
)
def test_what_is_no_profile_is_refused(tmp_path: Path, text: str) -> None:
    with pytest.raises(InputError) as caught:
        read_profile(written(tmp_path, text))
    assert caught.value.code == "profile.unreadable"


def test_bytes_that_are_no_text_are_refused(tmp_path: Path) -> None:
    path = tmp_path / "p.yaml"
    path.write_bytes("source: 案件日志".encode("gb18030"))
    with pytest.raises(InputError) as caught:
        read_profile(path)
    assert caught.value.code == "profile.unreadable"


def test_a_profile_is_found_by_path_or_name(tmp_path: Path) -> None:
    assert find_profile("wabo").name == "wabo.yaml"
    own = written(tmp_path, SMALL)
    assert find_profile(own) == own
    with pytest.raises(InputError) as caught:
        find_profile("wab")
    assert caught.value.code == "profile.not_found"
    assert "wabo" in caught.value.remedy("en")


def test_rules_know_where_their_columns_and_nodes_are(tmp_path: Path) -> None:
    read = profile(
        tmp_path,
        "dates: [case:due]\nnodes: {a: PR22}\ndeadlines:\n"
        "  d: {start: {activity: a}, end: {activity: b}, until: case:due, node: a}\n",
    )
    rule = read.rules()["d"]
    assert rule.properties == {"case:due": "attr_due"}
    assert rule.nodes == {"a": "PR22", "b": "b"}
    assert rule.zone == "Asia/Shanghai"


def test_a_rule_may_use_the_date_of_acceptance(tmp_path: Path) -> None:
    read = read_profile(
        written(
            tmp_path,
            "source: x\ncolumns: {case: id, activity: act, time: when, accepted: case:in}\n"
            "deadlines: {d: {start: {attribute: case:in}, end: {activity: b}, length: {days: 3}}}",
        )
    ).profile
    assert read.rules()["d"].properties == {"case:in": "accepted"}


def test_outcomes_name_stored_properties(tmp_path: Path) -> None:
    read = profile(
        tmp_path,
        "attributes: ['case:how paid', level]\nnumbers: [case:sum]\noutcomes:\n"
        "  paid: {attribute: 'case:how paid', equals: [cash, card]}\n"
        "  big: {attribute: case:sum, equals: 100}\n"
        "  high: {attribute: level, equals: 3}\n"
        "  done: {activity: end}\n",
    )
    found = read.named_outcomes()
    assert (found["paid"].attribute, found["paid"].values) == ("case:how_paid", ["cash", "card"])
    assert (found["big"].attribute, found["big"].values) == ("case:sum", [100.0])
    assert (found["high"].attribute, found["high"].values) == ("event:level", ["3"])
    assert found["done"].activity == "end"


def test_property_names() -> None:
    assert property_name("case:end date (planned)") == "end_date_planned"
    assert property_name("case:期限") == "期限"
    assert property_name("lifecycle:transition") == "lifecycle_transition"


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("2011-12-06 13:41:31.788000+01:00", "2011-12-06T13:41:31.788000+01:00"),
        ("2011-12-06T13:41:31.788+01:00", "2011-12-06T13:41:31.788000+01:00"),
        ("2011-12-06T23:30:00Z", "2011-12-07T07:30:00+08:00"),
        ("2011-12-06 08:00", "2011-12-06T08:00:00+08:00"),
        ("２０１１年１２月６日", "2011-12-06"),
        ("2011/12/6", "2011-12-06"),
    ],
)
def test_dates_keep_their_offset_and_take_the_zone(
    tmp_path: Path, text: str, expected: str
) -> None:
    found = read_date(profile(tmp_path), text)
    assert found.isoformat() == expected


def test_own_formats_come_in_their_order(tmp_path: Path) -> None:
    read = profile(tmp_path, "zone: Europe/Amsterdam\ndate_formats: ['%d-%m-%Y %H:%M', '%d-%m-%Y']")
    assert read_date(read, "06-12-2011 08:15") == dt.datetime(
        2011, 12, 6, 8, 15, tzinfo=ZoneInfo("Europe/Amsterdam")
    )
    assert read_date(read, "06-12-2011") == dt.date(2011, 12, 6)
    for wrong in ("2011-12-06", "31-02-2011", "soon"):
        with pytest.raises(ValueFault):
            read_date(read, wrong)


def test_marks_of_emptiness(tmp_path: Path) -> None:
    read = profile(tmp_path, "empty: [EMPTY, '-']")
    assert [read_cell(read, v) for v in ("EMPTY", " - ", "", None, "x ", 5)] == [
        None,
        None,
        None,
        None,
        "x",
        5,
    ]


GUIDE = (Path(__file__).parents[2] / "docs" / "profiles.md").read_text("utf-8")


def test_the_guide_s_examples_work_as_pasted(tmp_path: Path) -> None:
    guide = GUIDE[: GUIDE.index("## 6. ")]
    parts = re.findall(r"```yaml\n(.*?)```", guide, re.DOTALL)
    (table,) = re.findall(r"```csv\n(.*?)```", guide, re.DOTALL)
    source = tmp_path / "orders.csv"
    source.write_text(table, encoding="utf-8")
    smallest = check(read_profile(written(tmp_path, parts[0])), source)
    assert (smallest.rows, smallest.cases, smallest.good) == (3, 2, True)
    whole: dict[str, Any] = {}
    for part in parts:
        whole |= yaml.safe_load(part)
    read = read_profile(written(tmp_path, yaml.safe_dump(whole, allow_unicode=True)))
    found = check(read, source)
    assert (found.good, found.not_mapped) == (True, ())
    assert set(found.deadlines) == {"shipped_in_a_week", "kept_promise"}
    assert set(found.outcomes) == {"by_phone", "returned", "slow"}


@pytest.mark.parametrize(
    ("section", "expected"),
    [
        (
            "## 6. ",
            {"cases": 2, "events": 6, "parties": 3, "charges": 3, "documents": 1, "card_fields": 1},
        ),
        (
            "## 7. ",
            {"problems": 2, "dispositions": 1, "corrections": 1, "notices": 1, "replies": 1},
        ),
    ],
)
def test_the_guide_s_sheets_work_as_pasted(
    tmp_path: Path, section: str, expected: dict[str, int]
) -> None:
    text = GUIDE[GUIDE.index(section) :]
    (table,) = re.findall(r"```csv\n(.*?)```", text[: text.index("\n## ", 5)], re.DOTALL)
    (profile_,) = re.findall(r"```yaml\n(.*?)```", text[: text.index("\n## ", 5)], re.DOTALL)
    source = tmp_path / "sheet.csv"
    source.write_text(table, encoding="utf-8")
    found = check(read_profile(written(tmp_path, profile_)), source)
    assert (found.good, found.tables, found.not_mapped) == (True, expected, ()), found.faults
    assert found.refused == (1 if "合计" in table else 0)
