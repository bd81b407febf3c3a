"""The linter: every fault with its file, entry and field, all at once; notices are no faults."""

from __future__ import annotations

import datetime as dt
import inspect
import re
from pathlib import Path
from typing import Any

import pytest

from graph.errors import InputError
from graph.rulebook import law, lint, model
from graph.rulebook.law import Book, book, read
from graph.settings import settings
from graph.store.temporal import as_json
from graph.supervision import duties

TODAY = dt.date(2026, 3, 2)
HEAD = "name: {0}\nowner: office\ndate: {1}\nexpires: {2}\n"
CLOCK = "{per: case, start: PR01, end: PR08, length: 5 days}"
GATE = "{per: case, at: PR22, needs: [PR08]}"
DEFAULTS: dict[str, dict[str, str]] = {
    "limits": {
        "zh": "限",
        "en": "limit",
        "kind": "OWN",
        "actor": "office",
        "trigger": "intake",
        "limit": "5 days",
        "mark": "V",
        "nodes": "[PR08]",
        "type": "P01",
        "clock": f"[{CLOCK}]",
    },
    "data_rules": {"zh": "则", "en": "rule", "kind": "time", "mark": "V", "type": "D01"},
}
ABSENT = "absent"


def entry(file: str, code: str, **stated: str) -> str:
    """An entry in one line, whole but for what is stated otherwise."""
    values = DEFAULTS[file] | stated
    told = ", ".join(f"{k}: {v}" for k, v in values.items() if v != ABSENT)
    return f"{code}: {{{told}}}\n"


def overlay(folder: Path, date: str = "2026-01-01", expires: str = "2026-12-31") -> Path:
    """An overlay folder with nothing in it yet."""
    folder.mkdir(parents=True)
    (folder / "overlay.yaml").write_text(HEAD.format(folder.name, date, expires), encoding="utf-8")
    return folder


def clock(**stated: str) -> str:
    values = {"per": "case", "start": "PR01", "end": "PR08", "length": "5 days"} | stated
    return "{" + ", ".join(f"{k}: {v}" for k, v in values.items()) + "}"


def gate(**stated: str) -> dict[str, str]:
    values = {"per": "case", "at": "PR22", "needs": "[PR08]"} | stated
    text = "{" + ", ".join(f"{k}: {v}" for k, v in values.items() if v != ABSENT) + "}"
    return {"clock": ABSENT, "kind": "GATE", "gate": text, "limit": "presence"}


CLOCKS: dict[str, tuple[str, str]] = {
    "X-UNIT": (clock(length="5 moons"), "clock.0.length"),
    "X-POINT": (clock(start="PR1"), "clock.0.start"),
    "X-NODE": (clock(end="PR99"), "clock.0.end"),
    "X-ACT": (clock(end="PR08.SUNG"), "clock.0"),
    "X-ANY": (clock(start='"*.SUNG"'), "clock.0"),
    "X-GROUP": (clock(start="ZZ.accepted"), "clock.0"),
    "X-GROUPS": (clock(groups="[ZZ]"), "clock.0.groups"),
    "X-WHEN": (clock(when="[PR08 and PR09]"), "clock.0.when"),
    "X-WHEN-ACT": (clock(when="[no PR08.SUNG]"), "clock.0"),
    "X-STOP": (clock(stop="PR11.SUNG"), "clock.0"),
    "X-TEXT": (clock(length="6 days"), "clock.0.length"),
    "X-TEXT-UNIT": (clock(length="5 months"), "clock.0.length"),
    "X-EXTEND": (clock(extend="[{at: PR15, by: a week}]"), "clock.0.extend.by"),
    "X-EXTEND-RULE": (clock(extend="[{at: PR15, by: 5 days, rule: TL-999}]"), "clock.0.extend"),
    "X-EXTEND-ACT": (clock(extend="[{at: PR15.SUNG, by: 5 days}]"), "clock.0.extend"),
    "X-EXCLUDE": (clock(exclude="[{from: PR20, to: PR8}]"), "clock.0.exclude.to"),
    "X-EXCLUDE-RULE": (clock(exclude="[{from: PR20, to: PR21, rule: Z}]"), "clock.0.exclude"),
    "X-EXCLUDE-ACT": (clock(exclude="[{from: PR20.SUNG, to: PR21}]"), "clock.0.exclude"),
    "X-KEY": (clock(ends="PR08"), "clock.0.ends"),
    "X-PER": (clock(per="court"), "clock.0.per"),
    "X-SECOND": (f"{CLOCK}, {clock(length='9 days')}", "clock.1.length"),
}
GATES: dict[str, tuple[dict[str, str], str]] = {
    "G-AT": (gate(at="PR9"), "gate.at"),
    "G-NEED": (gate(needs="[PR99]"), "gate.needs"),
    "G-ACT": (gate(needs="[PR08.SUNG]"), "gate"),
    "G-WHEN": (gate(when="[sometimes]"), "gate.when"),
    "G-WHEN-ACT": (gate(when="[PR08.SUNG]"), "gate"),
    "G-EARLIER": (gate(earlier="long"), "gate.earlier"),
    "G-EARLIER-TEXT": (gate(earlier="9 days") | {"limit": "8 days"}, "gate.earlier"),
    "G-TYPE": (gate(types="[P99]"), "gate.types"),
    "G-EMPTY": (gate(needs="[]"), "gate.needs"),
    "G-NOWHERE": (gate(at=ABSENT), "gate.at"),
    "G-BOTH": (gate(count="PR11", max="2"), "gate.at"),
    "G-MAX": (gate(at=ABSENT, needs=ABSENT, count="PR11"), "gate.max"),
    "G-COUNT": (
        gate(at=ABSENT, needs=ABSENT, count="PR11", max="3") | {"limit": "count <= 2"},
        "gate.max",
    ),
    "G-KIND": (gate() | {"kind": "OWN"}, "kind"),
}
LIMITS: dict[str, tuple[dict[str, str], str]] = {
    "L-TYPE": ({"type": "P99"}, "type"),
    "L-NODES": ({"nodes": "[PR99]"}, "nodes"),
    "L-STATUS": ({"mark": "K .6", "status": "confirmed"}, "status"),
    "L-STATUS-WORD": ({"status": "maybe"}, "status"),
    "L-KIND": ({"kind": "GATE"}, "kind"),
    "L-KIND-WORD": ({"kind": "MUST"}, "kind"),
    "L-WHY": ({"clock": ABSENT}, "why"),
    "L-WHY-WORDS": ({"clock": ABSENT, "why": "{zh: 无}"}, "why.en"),
    "L-BASIS": ({"basis": "[CPL-1979 3]"}, "basis"),
    "L-ARTICLE": ({"basis": "[CPL-2018]"}, "basis"),
    "L-NAME": ({"en": ABSENT}, "en"),
    "L-DATE": ({"valid_from": "soon"}, "valid_from"),
    "L-ENDS": ({"valid_from": "2026-05-01", "valid_to": "2026-04-01"}, "valid_to"),
    "TL-060": ({"basis": "[CPL-2018 172]"}, "valid_from"),
}
RULES: dict[str, tuple[dict[str, str], str]] = {
    "R-SAME": ({"same": "[TL-999]", "check": "{form: recorded}"}, "same"),
    "R-FORM": ({"check": "{form: sung}"}, "check.form"),
    "R-TERMS": ({"check": "{form: order}"}, "check.points"),
    "R-POINTS": ({"check": "{form: order, points: [PR01, PR9]}"}, "check"),
    "R-AT": ({"check": "{form: unique, at: PR99}"}, "check"),
    "R-GATE": ({"check": "{form: gate, per: case, at: PR22, needs: [PR9]}"}, "check.needs"),
    "R-GATE-KEY": ({"check": "{form: gate, at: PR22, needs: [PR08]}"}, "check.per"),
    "R-GATE-ACT": ({"check": "{form: gate, per: case, at: PR22.SUNG, needs: [PR08]}"}, "check"),
    "R-GATE-TYPE": (
        {"check": "{form: gate, per: case, at: PR22, needs: [PR08], types: [P99]}"},
        "check.types",
    ),
    "R-WHY": ({}, "why"),
    "R-WHY-SAME": ({"same": "[TL-011]"}, "why"),
    "R-TYPE": ({"type": "D99", "check": "{form: recorded}"}, "type"),
    "R-NODES": ({"nodes": "[PR99]", "check": "{form: recorded}"}, "nodes"),
    "Q03": ({"valid_from": "2026-02-02", "check": "{form: recorded}", "zh": "[]"}, "zh"),
}
OTHERS: dict[str, tuple[str, set[tuple[str, str]]]] = {
    "laws": (
        "CPL-2018: {zh: 法, en: law, version: '2018', in_force: 2019-01-01, source: x}\n"
        "X-LAW: {zh: 法, en: law, version: '1', in_force: soon, source: x}\n",
        {("CPL-2018", ""), ("X-LAW", "in_force")},
    ),
    "acts": ("PR99: {SUNG: 唱}\nPR08: sung\n", {("PR99", ""), ("PR08", "")}),
    "holidays/2027": ("days_off: [2026-01-01]\nworking_days: []\n", {("2027", "days_off")}),
    "holidays/2028": ("days_off: []\n", {("", "working_days")}),
}


def write(folder: Path, name: str, text: str) -> None:
    path = folder / f"{name}.yaml"
    path.parent.mkdir(exist_ok=True)
    path.write_text(text, encoding="utf-8")


@pytest.fixture(scope="module")
def broken(tmp_path_factory: pytest.TempPathFactory) -> dict[str, Any]:
    """One run over everything that is wrong at once."""
    root = tmp_path_factory.mktemp("rules")
    folder = overlay(root / "bad")
    limits = [entry("limits", code, clock=f"[{text}]") for code, (text, _) in CLOCKS.items()]
    limits += [entry("limits", code, **stated) for code, (stated, _) in GATES.items()]
    limits += [entry("limits", code, **stated) for code, (stated, _) in LIMITS.items()]
    limits += [entry("limits", "X-TWICE")] * 2
    write(folder, "limits", "".join(limits))
    rules = [entry("data_rules", code, **stated) for code, (stated, _) in RULES.items()]
    write(folder, "data_rules", "".join(rules))
    for name, (text, _) in OTHERS.items():
        write(folder, name, text)
    write(folder, "overlay", HEAD.format("bad", "2026-01-01", "2025-01-01") + "confirm: [TL-0600]")
    ended = overlay(root / "crossing")
    versions = {"valid_from": "2026-02-01", "check": "{form: recorded}"}
    write(ended, "data_rules", entry("data_rules", "Q01", **versions, valid_to="2026-08-01"))
    later = overlay(root / "later")
    again = versions | {"valid_from": "2026-08-01"}
    write(later, "data_rules", entry("data_rules", "Q01", **again))
    unread = overlay(root / "unread")
    write(unread, "limits", "X: [\n")
    write(unread, "data_rules", "- X\n")
    return lint.lint(read(root), TODAY)


EXPECTED = {
    *(("bad/limits.yaml", code, field) for code, (_, field) in CLOCKS.items()),
    *(("bad/limits.yaml", code, field) for code, (_, field) in GATES.items()),
    *(("bad/limits.yaml", code, field) for code, (_, field) in LIMITS.items()),
    *(("bad/data_rules.yaml", code, field) for code, (_, field) in RULES.items()),
    *((f"bad/{file}.yaml", *place) for file, (_, places) in OTHERS.items() for place in places),
    ("bad/limits.yaml", "X-TWICE", ""),
    ("bad/overlay.yaml", "", "expires"),
    ("bad/overlay.yaml", "TL-0600", "confirm"),
    ("later/data_rules.yaml", "Q01", "valid_from"),
    ("unread/limits.yaml", "", ""),
    ("unread/data_rules.yaml", "", ""),
}


def test_every_fault_is_found_in_one_run(broken: dict[str, Any]) -> None:
    assert {(f.file, f.entry, f.field) for f in broken["faults"]} == EXPECTED


def test_a_fault_says_in_both_languages_what_is_wrong(broken: dict[str, Any]) -> None:
    said = {(f.entry, f.field): f.message for f in broken["faults"]}
    assert all(m["zh"] and m["en"] for m in said.values())
    for place, word in (
        (("X-UNIT", "clock.0.length"), "working_days"),
        (("X-NODE", "clock.0.end"), "PR99"),
        (("X-ACT", "clock.0"), "PR08.SUNG"),
        (("X-TEXT", "clock.0.length"), "5 days"),
        (("L-STATUS", "status"), "K .6"),
        (("L-BASIS", "basis"), "CPL-1979"),
        (("R-TERMS", "check.points"), "order"),
        (("TL-0600", "confirm"), "TL-060"),
        (("TL-060", "valid_from"), "limits.yaml"),
    ):
        assert word in said[place]["en"], place
    shown = broken["faults"][0].shown("zh")
    assert list(shown) == ["file", "entry", "field", "message"]
    assert shown["message"] == broken["faults"][0].message["zh"]


def test_the_broken_book_is_not_used_but_listed(broken: dict[str, Any]) -> None:
    codes = {r["code"] for r in broken["rules"]}
    assert {"TL-060", "Q01", "I02", "P01", "G-EMPTY"} <= codes
    assert broken["entries"] == len(broken["rules"])


@pytest.mark.parametrize("gone", ["PR22", "AR12", "PR46", "PR11"])
def test_a_node_that_is_gone_is_missed_in_every_file(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path, gone: str
) -> None:
    ours = read(tmp_path)
    left = {c: n for c, n in model.nodes().items() if c != gone}
    monkeypatch.setattr(model, "nodes", lambda: left)
    found = {(f.file, f.field) for f in lint.faults(ours) if gone in f.message["en"]}
    files = {
        "PR22": {"limits", "data_rules", "problem_types", "indicators", "card_fields"},
        "AR12": {"limits", "problem_types", "indicators", "activities"},
        "PR46": {"data_rules", "card_fields"},
        "PR11": {"limits", "data_rules", "problem_types", "indicators", "activities"},
    }[gone]
    assert {file for file, _ in found} >= {f"{f}.yaml" for f in files}


# -- what is no fault --------------------------------------------------------------------------


@pytest.fixture(scope="module")
def ours(tmp_path_factory: pytest.TempPathFactory) -> Book:
    """The shipped rulebook without any overlay."""
    return book(tmp_path_factory.mktemp("none"))


def test_the_shipped_rulebook_has_no_fault(ours: Book) -> None:
    found = lint.lint(ours, TODAY)
    assert found["faults"] == []
    assert found["notices"] == []
    assert found["version"] == model.version()
    families = [r["family"] for r in found["rules"]]
    assert {f: families.count(f) for f in dict.fromkeys(families)} == {
        "limit": 166,
        "gate": 18,
        "data rule": 44,
        "indicator": 57,
        "problem type": 89,
    }


@pytest.mark.parametrize(
    "stated",
    [
        {"clock": "[" + clock(start="PR01.- // PR.accepted", end="PR08 + PR09.HEARD") + "]"},
        {"clock": "[" + clock(start='"*.RECUSAL_REQUESTED"', end='"*.RECUSAL_DECIDED"') + "]"},
        {"clock": "[" + clock(start="measure.BAIL.from + own.ARREST.to") + "]"},
        {"clock": "[" + clock(start="field 移送日期", end="doc 起诉书") + "]"},
        {"clock": "[" + clock(start="notice.issued", end="reply.at") + "]"},
        {"clock": "[" + clock(when="[custody, no minor, property, measure ARREST]") + "]"},
        {"clock": "[" + clock(when="[no field 外国人 = 是, 'charge 264, 266', PR11 + PR13]") + "]"},
        {"limit": '"7/10 days"', "clock": "[" + clock(length="10 days") + "]"},
        {"limit": '"3 days, in writing"', "clock": "[" + clock(length="3 days") + "]"},
        {"limit": "3 working days", "clock": "[" + clock(length="3 working_days") + "]"},
        {"limit": "24 hours", "clock": "[" + clock(length="24 hours") + "]"},
        {"limit": "1 year", "clock": "[" + clock(length="1 years") + "]"},
        {"limit": "same day", "clock": "[" + clock(length="0 days") + "]"},
        {"limit": "within the period", "clock": "[" + clock(length="1 months") + "]"},
        {"limit": "promptly", "clock": "[" + clock(length="9 days") + "]"},
        {"note": "9 days if urgent", "clock": f"[{CLOCK}, {clock(length='9 days')}]"},
        {"note": '"<=1.5 months"', "clock": "[" + clock(length="5 days") + "]"},
        gate(earlier="30 days") | {"limit": "30 days"},
        gate(needs="[participant VICTIM, field 审结数额]", types="[P10, P11]"),
        gate(needs=ABSENT, forbidden="true"),
        gate(needs=ABSENT, field="考验期月数", **{"from": "6"}),
        gate(at=ABSENT, needs=ABSENT, count="PR11 + PR13", max="2") | {"limit": '"count <=2"'},
    ],
)
def test_shorthand_is_no_fault(tmp_path: Path, stated: dict[str, str]) -> None:
    folder = overlay(tmp_path / "ours")
    write(folder, "limits", entry("limits", "X", **stated))
    found = read(folder)
    assert found.faults == ()
    assert found.limits["X"][0].executable


def test_what_hangs_on_today_is_a_notice(tmp_path: Path) -> None:
    root = tmp_path / "rules"
    overlay(root / "old", "2025-01-01", "2025-12-31")
    overlay(root / "soon", "2025-01-01", "2026-05-31")
    overlay(root / "fine", "2025-01-01", "2026-12-31")
    rules = book(root)

    def told(today: dt.date) -> set[tuple[str, str]]:
        found = lint.lint(rules, today)
        assert found["faults"] == []
        assert all(n.message["zh"] and n.message["en"] for n in found["notices"])
        return {(n.file, n.field) for n in found["notices"]}

    old, soon, fine = ((f"{name}/overlay.yaml", "expires") for name in ("old", "soon", "fine"))
    year = ("holidays/2027.yaml", "")
    assert told(dt.date(2025, 9, 1)) == set()
    assert told(dt.date(2025, 12, 31)) == {old}
    assert told(TODAY) == {old, soon}
    assert told(dt.date(2026, 9, 30)) == {old, soon}
    assert told(dt.date(2026, 10, 1)) == {old, soon, fine, year}
    assert told(dt.date(2027, 6, 1)) == {old, soon, fine, year}


def test_a_folder_without_an_overlay_is_noticed(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    (tmp_path / "rules" / "forgotten").mkdir(parents=True)
    monkeypatch.setenv("ANGUAN_RULES", str(tmp_path / "rules"))
    settings.cache_clear()
    try:
        (notice,) = lint.lint(today=TODAY)["notices"]
        assert (notice.file, "overlay.yaml" in notice.message["en"]) == (
            str(tmp_path / "rules"), True,
        )  # fmt: skip
    finally:
        monkeypatch.undo()
        settings.cache_clear()


# -- what can be decided -----------------------------------------------------------------------


def test_what_cannot_be_decided_says_why(ours: Book) -> None:
    found = lint.lint(ours, TODAY)
    assert found["executable"] == sum(r["executable"] for r in found["rules"]) > 300
    for r in found["rules"]:
        assert r["executable"] or set(r["why"] or ()) == {"zh", "en"}, r["code"]
        assert r["status"] in {"confirmed", "unconfirmed"}
    rules = {r["code"]: r for r in found["rules"]}
    assert (rules["TL-060"]["family"], rules["TL-060"]["executable"]) == ("limit", True)
    assert (rules["TL-065"]["family"], rules["TL-065"]["executable"]) == ("gate", True)
    assert not rules["TL-011"]["executable"]
    assert rules["Q07"]["executable"]
    assert not rules["Q04"]["executable"]
    assert rules["D01"]["executable"]
    assert rules["TL-120"]["status"] == "unconfirmed"


def test_a_limit_of_another_organ_raises_no_problem_type(ours: Book) -> None:
    raised = lint.raising(ours)
    assert "P07" not in raised
    kinds = {c: v[0].entry.kind for c, v in ours.limits.items()}
    for codes in raised.values():
        assert all(kinds.get(code) != "EXT" for code in codes)
    assert "TL-065" in raised["P05"]
    assert {"TL-02C"} <= set(raised["P11"])
    assert set(raised["D03"]) > {"Q01", "Q40"}


def test_the_forms_are_those_of_the_check() -> None:
    assert set(law.FORMS) == {*duties.FORMS, "gate"}
    assert set(law.FORM_TERMS) <= set(law.FORMS)
    for name, form in duties.FORMS.items():
        read_ = set(re.findall(r'check\["(\w+)"\]', inspect.getsource(form)))
        assert read_ <= set(law.FORM_TERMS.get(name, ())), name


def test_every_shipped_check_states_what_its_form_needs(ours: Book) -> None:
    for code, (rule,) in ours.data_rules.items():
        if rule.entry.check is not None and rule.gate is None:
            form = str(rule.entry.check["form"])
            assert set(rule.entry.check) == {"form", *law.FORM_TERMS.get(form, ())}, code


# -- questions ---------------------------------------------------------------------------------


def test_show_a_limit(ours: Book) -> None:
    answer = lint.show(ours, "TL-060", TODAY)
    assert (answer["status"], answer["executable"], answer["in_force"]) == ("confirmed", True, True)
    assert (answer["same_duty"], answer["confirmed_by"]) == (["Q08"], [])
    (version,) = answer["versions"]
    assert (version["file"], str(version["valid_from"])) == ("limits.yaml", "2018-10-26")
    assert version["basis"] == ("刑事诉讼法（2018）第172条；人民检察院刑事诉讼规则（2019）第351条")
    assert (version["basis_why"], len(version["date_source"])) == (None, 2)
    assert version["clock"][0]["exclude"][0]["from"] == "PR20.APPRAISAL_STARTED"
    assert not lint.show(ours, "TL-060", dt.date(2018, 10, 25))["in_force"]
    assert as_json(answer)


@pytest.mark.parametrize(
    ("code", "word"), [("Q01", "knowledge"), ("Q03", "design"), ("Q19", "second hand")]
)
def test_an_entry_without_a_basis_says_why(ours: Book, code: str, word: str) -> None:
    answer = lint.show(ours, code, TODAY)
    assert answer["versions"][0]["basis"] == "none"
    assert word in answer["versions"][0]["basis_why"]["en"]
    assert answer["in_force"]


def test_show_a_data_rule_before_its_law(ours: Book) -> None:
    assert [lint.show(ours, "Q43", dt.date(2021, 9, d))["in_force"] for d in (27, 28)] == [
        False,
        True,
    ]


def test_show_other_entries(ours: Book) -> None:
    indicator = lint.show(ours, "I02", TODAY)
    assert (indicator["status"], indicator["versions"][0]["basis"]) == ("unconfirmed", "none")
    assert lint.show(ours, "P05", TODAY)["raised_by"] == lint.raising(ours)["P05"]
    assert {"TL-060", "Q17"} <= set(lint.show(ours, "PR22", TODAY)["watched_by"])
    for code in ("I02", "P05", "PR22", "Q12"):
        assert as_json(lint.show(ours, code, TODAY))["code"] == code


def test_show_what_an_overlay_does(tmp_path: Path) -> None:
    folder = overlay(tmp_path / "ours")
    write(folder, "overlay", HEAD.format("ours", "2026-01-01", "2026-12-31") + "confirm: [Q03]\n")
    write(folder, "limits", entry("limits", "TL-060", valid_from="2026-02-01"))
    rules = book(folder)
    confirmed = lint.show(rules, "Q03", TODAY)
    assert (confirmed["status"], confirmed["confirmed_by"]) == ("confirmed", ["ours"])
    after = lint.show(rules, "Q03", dt.date(2027, 1, 1))
    assert (after["status"], after["confirmed_by"]) == ("unconfirmed", [])
    versions = lint.show(rules, "TL-060", TODAY)["versions"]
    assert [(v["file"], str(v["valid_to"])) for v in versions] == [
        ("limits.yaml", "None"),
        ("ours/limits.yaml", "2026-12-31"),
    ]


@pytest.mark.parametrize(
    ("code", "near"), [("TL-0600", "TL-060"), ("Q045", "Q04"), ("PR222", "PR22"), ("####", "–")]
)
def test_an_unknown_code_is_told_with_the_nearest(ours: Book, code: str, near: str) -> None:
    with pytest.raises(InputError) as caught:
        lint.show(ours, code, TODAY)
    assert (caught.value.code, caught.value.status) == ("rules.unknown", 404)
    assert code in caught.value.detail("en")
    assert near in caught.value.remedy("zh")


@pytest.mark.parametrize("name", ["CPL-2018", "CPL", "刑事诉讼法", "Criminal Procedure Law"])
def test_affected_by_an_article(ours: Book, name: str) -> None:
    found = {r["code"]: r for r in lint.affected_by(ours, name, 172)}
    assert set(found) == {"TL-060", "TL-061", "TL-062", "TL-063", "TL-067", "Q08"}
    assert found["TL-060"]["basis"] == ["CPL-2018 172"]
    assert list(found["Q08"]) == ["code", "zh", "en", "basis", "file", "nodes"]


def test_affected_by_a_law(ours: Book) -> None:
    every = {r["code"] for r in lint.affected_by(ours, "PILR")}
    assert every == {
        c
        for c, v in (*ours.limits.items(), *ours.data_rules.items())
        if any(text.startswith("PILR-") for text in v[0].entry.basis)
    }
    assert len(every) > 8
    assert lint.affected_by(ours, "CPL", 9999) == []
    with pytest.raises(InputError) as caught:
        lint.affected_by(ours, "CPLX")
    assert (caught.value.code, caught.value.status) == ("rules.unknown_law", 404)
    assert "CPL-2018" in caught.value.remedy("en")


def test_affected_by_counts_every_version(tmp_path: Path) -> None:
    folder = overlay(tmp_path / "ours")
    own = entry("limits", "TL-060", valid_from="2026-02-01", basis="[CPL-2018 999]")
    write(folder, "limits", own)
    (found,) = lint.affected_by(book(folder), "CPL", 999)
    assert (found["code"], found["file"]) == ("TL-060", "ours/limits.yaml")
