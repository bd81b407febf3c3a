"""The law as data: the shipped entries are whole; overlays add to them without touching them."""

from __future__ import annotations

import datetime as dt
import re
from collections import Counter
from collections.abc import Sequence
from pathlib import Path
from typing import Any
from zoneinfo import ZoneInfo

import pytest

from graph.errors import InputError
from graph.rulebook import law, model
from graph.rulebook.docs import FIELD_KEYS
from graph.rulebook.law import Book, TimeLimit, book, read
from graph.settings import settings
from graph.supervision.casefile import CaseFile, Event
from graph.supervision.check import Result, Rules, Supply, Ticking

SHANGHAI = ZoneInfo("Asia/Shanghai")
SPLIT = [
    *("03B", "083", "08B", "092", "0B3", "0B4", "0C5", "0C6"),
    *("0C7", "0E2", "0E3", "0E4", "0F1", "0F4", "123"),
]
CEILINGS = ("TL-051", "TL-052", "TL-053", "TL-061")
IN_FORCE = {
    "CPL-2018": "2018-10-26",
    "RULES-2019": "2019-12-30",
    "SPC-2021": "2021-03-01",
    "SUPERVISION-2024": "2025-06-01",
    "COMPENSATION-2012": "2013-01-01",
    "CIVPL-2023": "2024-01-01",
    "CIVSUP-2021": "2021-08-01",
    "ADMSUP-2021": "2021-09-01",
    "PILR-2021": "2021-07-01",
    "PILINT-2018": "2018-03-02",
    "PROCADV-2019": "2019-02-26",
    "DISCLOSURE-2021": "2021-09-28",
}


def day(text: str) -> dt.date:
    return dt.date.fromisoformat(text)


@pytest.fixture(scope="module")
def ours(tmp_path_factory: pytest.TempPathFactory) -> Book:
    """The shipped rulebook without any overlay."""
    return book(tmp_path_factory.mktemp("none"))


# -- what is shipped ---------------------------------------------------------------------------


def test_every_limit_is_there_and_what_holds_two_duties_is_split(ours: Book) -> None:
    assert len(ours.limits) == 169 + len(SPLIT) == 184
    halves = {f"TL-{stem}{half}" for stem in SPLIT for half in "ab"}
    assert halves <= set(ours.limits)
    assert not {f"TL-{stem}" for stem in SPLIT} & set(ours.limits)
    assert {c for c in ours.limits if c[-1].islower()} == halves
    for stem in SPLIT:
        one, other = (ours.limits[f"TL-{stem}{half}"][0].entry for half in "ab")
        assert one.zh != other.zh
        assert one.en != other.en
        told = [(e.trigger, e.actor, e.kind, e.limit) for e in (one, other)]
        assert told[0] != told[1]


def test_every_entry_has_names_basis_actor_and_mark(ours: Book) -> None:
    for code, (limit,) in ours.limits.items():
        entry = limit.entry
        assert all((entry.zh, entry.en, entry.mark, entry.actor, entry.trigger)), code
        assert entry.limit, code
        assert entry.basis, code
        assert len(set(entry.basis)) == len(entry.basis), code
        assert limit.valid_from is not None, code
        assert limit.file == "limits.yaml"
    names = Counter(vs[0].entry.zh for vs in ours.limits.values())
    assert [zh for zh, n in names.items() if n > 1] == ["案管接收后三日内登记移送"]


def test_kinds(ours: Book) -> None:
    kinds = Counter(vs[0].entry.kind for vs in ours.limits.values())
    assert kinds == {"OWN": 128, "EXT": 27, "GATE": 19, "CALC": 10}
    assert {ours.limits[c][0].entry.kind for c in CEILINGS} <= {"CALC", "GATE"}
    for code, (limit,) in ours.limits.items():
        entry = limit.entry
        if entry.kind == "EXT":
            assert "procuratorate" not in entry.actor, code
        if entry.kind == "OWN":
            assert not {"police", "court", "victim", "party"} & set(entry.actor.split()), code
        assert not entry.clock or entry.kind in {"OWN", "EXT"}, code
        assert not entry.gate or entry.kind == "GATE", code
        assert limit.executable or entry.why, code


def test_only_what_is_read_in_full_is_confirmed(ours: Book) -> None:
    doubtful = {c for c in ours.limits if ours.status(c, day("2025-06-01")) != "confirmed"}
    assert doubtful == {"TL-120"}


def test_an_extended_summary_trial_runs_a_month_and_a_half(ours: Book) -> None:
    lengths = [v.clock.length for v in ours.limits["TL-08Ba"][0].variants]
    assert lengths == [model.Limit(20, "days"), model.Limit(1, "months")]


def test_data_rules_cite_the_articles_of_the_limits_that_state_the_same_duty(ours: Book) -> None:
    assert list(ours.data_rules) == [f"Q{n:02d}" for n in range(1, 45)]
    for code, (rule,) in ours.data_rules.items():
        entry = rule.entry
        same = {text for c in entry.same for text in ours.limits[c][0].entry.basis}
        assert same <= set(entry.basis), code
        if entry.basis:
            assert entry.mark == "V", code
        assert model.problem_types()[str(entry.type)].code == entry.type
        assert ours.status(code, day("2025-06-01")) == model.status_of(entry.mark), code


# -- from when a rule is in force --------------------------------------------------------------


def test_one_date_per_law_with_its_source(ours: Book) -> None:
    assert {code: str(known.in_force) for code, known in ours.laws.items()} == IN_FORCE
    assert all(known.source and known.version for known in ours.laws.values())
    cited = {
        text.partition(" ")[0]
        for versions in (*ours.limits.values(), *ours.data_rules.values())
        for text in versions[0].entry.basis
    }
    assert cited == set(IN_FORCE)


def test_a_rule_is_in_force_from_the_date_of_the_law_that_it_cites(ours: Book) -> None:
    for code, (limit,) in ours.limits.items():
        first = min(IN_FORCE[text.partition(" ")[0]] for text in limit.entry.basis)
        assert str(limit.valid_from) == first, code
        assert not limit.holds(day(first) - dt.timedelta(days=1)), code
        assert limit.holds(day(first)), code
    assert ours.data_rules["Q03"][0].valid_from is None
    assert ours.data_rules["Q43"][0].valid_from == day("2021-09-28")


def test_before_the_law_there_is_no_rule(ours: Book) -> None:
    assert clocks(ours, "2018-10-25", "2018-12-20") == []
    (clock,) = clocks(ours, "2018-10-26", "2018-12-20")
    assert (clock.limit.code, clock.clock.overdue) == ("TL-060", True)


# -- overlays ----------------------------------------------------------------------------------


def overlay(folder: Path, **files: str) -> Path:
    """An overlay folder of the given files; ``overlay`` and ``holidays_2027`` stand for paths."""
    folder.mkdir(parents=True, exist_ok=True)
    head = f"name: {folder.name}\nowner: office\ndate: 2025-01-01\nexpires: 2026-12-31\n"
    for name, text in ({"overlay": head} | files).items():
        path = folder / f"{name.replace('_2', '/2')}.yaml"
        path.parent.mkdir(exist_ok=True)
        path.write_text(text, encoding="utf-8")
    return folder


HEAD = "name: {name}\nowner: office\ndate: 2025-01-01\nexpires: {expires}\nconfirm: [{confirm}]\n"
TWO_MONTHS = """
TL-060:
  {zh: 审查起诉二个月, en: Prosecution review, nodes: [PR22], kind: OWN, actor: procuratorate,
   trigger: prosecution file accepted, limit: 2 months, basis: [CPL-2018 172], mark: V, type: P01,
   valid_from: 2025-07-01,
   clock: [{per: case, start: PR01 // PR.accepted, end: PR22 // PR.closed, length: 2 months}]}
"""
OWN = """
XX-001:
  {zh: 受理后五日内谈话, en: Interview, nodes: [PR08], kind: OWN, actor: office, trigger: intake,
   limit: 5 days, mark: V, type: P01,
   clock: [{per: case, start: PR01, end: PR08.INTERVIEWED, length: 5 days}]}
"""


def at(on: dt.date, node: str, act: str | None = None) -> Event:
    known = dt.datetime.combine(on, dt.time(), SHANGHAI)
    return Event(f"{node}-{on}", node, act, on, known, None, None, None)


def review(accepted: str, as_of: str, *events: Event) -> CaseFile:
    """A prosecution review without parties."""
    return CaseFile(
        key="office/C",
        id="C",
        source="office",
        type="PR",
        matter=None,
        batch="B00001",
        row=2,
        as_of=dt.datetime.combine(day(as_of), dt.time(23, 59), SHANGHAI),
        zone=SHANGHAI,
        accepted=day(accepted),
        closed=None,
        outcome=None,
        department=None,
        handler_department=None,
        events=(at(day(accepted), "PR01"), *events),
    )


def judged(rules: Book, case: CaseFile) -> Result:
    """What a check finds on a review whose source has cases and some acts only."""
    acts = ("PR01", "PR08", "PR08.INTERVIEWED", "PR22", "PR35", "PR35.APPROVED")
    columns = ("cases", "cases.accepted", "cases.closed", "events", "parties")
    shown = frozenset({*acts, *(f"{act}.-" for act in acts if "." not in act)})
    return Rules(rules, Supply(frozenset(columns), shown), case.today).judge(case, [case])


def clocks(rules: Book, accepted: str, as_of: str, code: str = "TL-060") -> list[Ticking]:
    """The clocks of an entry on a review that is not decided."""
    result = judged(rules, review(accepted, as_of))
    return [t for t in result.ticking if t.limit.code == code]


def test_an_overlay_confirms_until_it_expires(tmp_path: Path) -> None:
    head = HEAD.format(name="ours", expires="2025-12-31", confirm="Q03, TL-120")
    rules = book(overlay(tmp_path / "ours", overlay=head))
    for code in ("Q03", "TL-120"):
        found = [rules.status(code, day(d)) for d in ("2024-12-31", "2025-01-01", "2025-12-31")]
        assert found == ["unconfirmed", "confirmed", "confirmed"]
        assert rules.status(code, day("2026-01-01")) == "unconfirmed"
    assert rules.status("TL-060", day("2026-01-01")) == "confirmed"
    with pytest.raises(InputError) as caught:
        rules.status("TL-0600", day("2025-06-01"))
    assert caught.value.code == "rules.unknown"
    assert "TL-060" in caught.value.remedy("en")


def test_the_version_in_force_when_the_period_began_governs(tmp_path: Path) -> None:
    rules = book(overlay(tmp_path / "ours", limits=TWO_MONTHS))
    versions = rules.limits["TL-060"]
    assert [v.file for v in versions] == ["limits.yaml", "ours/limits.yaml"]
    assert [str(v.valid_from) for v in versions] == ["2018-10-26", "2025-07-01"]
    due = {}
    for accepted in ("2025-06-30", "2025-07-01", "2026-12-31", "2027-01-01"):
        (clock,) = clocks(rules, accepted, "2027-06-30")
        due[accepted] = (clock.limit.entry.limit, str(clock.clock.due))
    assert due == {
        "2025-06-30": ("1 month", "2025-07-30"),
        "2025-07-01": ("2 months", "2025-09-01"),
        "2026-12-31": ("2 months", "2027-02-28"),
        "2027-01-01": ("1 month", "2027-02-01"),
    }


WITHDRAWAL = """
TL-086:
  {zh: 撤回起诉, en: Withdrawal, nodes: [PR35], kind: GATE, actor: office, trigger: withdrawal,
   limit: approval, mark: V, type: P20, valid_from: 2025-06-01,
   gate: {per: case, at: PR35.- + PR35.WITHDRAWN, needs: [PR22]}}
"""


def test_the_gate_in_force_at_the_moment_governs(tmp_path: Path) -> None:
    rules = book(overlay(tmp_path / "ours", limits=WITHDRAWAL))
    for withdrawn, broken in (("2025-05-30", True), ("2025-06-03", False), ("2027-01-05", True)):
        events = at(day("2025-04-01"), "PR22"), at(day(withdrawn), "PR35")
        case = review("2025-03-03", "2027-06-30", *events)
        assert (judged(rules, case).broken["TL-086"] > 0) == broken, withdrawn


def test_the_status_is_that_of_the_version_in_force(tmp_path: Path) -> None:
    doubtful = TWO_MONTHS.replace("mark: V", "mark: K .6")
    rules = book(overlay(tmp_path / "ours", limits=doubtful))
    found = [rules.status("TL-060", day(d)) for d in ("2025-06-30", "2025-07-01", "2027-01-01")]
    assert found == ["confirmed", "unconfirmed", "confirmed"]


def test_an_own_entry_with_an_own_act(tmp_path: Path) -> None:
    acts = "PR08: {INTERVIEWED: 谈话}\n"
    rules = book(overlay(tmp_path / "ours", limits=OWN, acts=acts))
    (limit,) = rules.limits["XX-001"]
    assert (limit.file, str(limit.valid_from), str(limit.valid_to)) == (
        "ours/limits.yaml", "2025-01-01", "2026-12-31",
    )  # fmt: skip
    assert limit.variants[0].clock.end.zh == "谈话（PR08）"
    assert rules.status("XX-001", day("2025-06-01")) == "confirmed"
    assert clocks(rules, "2024-12-31", "2025-03-03", "XX-001") == []
    (clock,) = clocks(rules, "2025-03-03", "2025-03-05", "XX-001")
    assert (clock.kind, str(clock.clock.due)) == ("OWN", "2025-03-10")
    assert clocks(rules, "2027-01-04", "2027-03-05", "XX-001") == []
    assert "XX-001" not in book(tmp_path / "nowhere").limits
    assert set(rules.limits) - {"XX-001"} == set(book(tmp_path / "nowhere").limits)


def test_an_own_law_dates_the_entries_that_cite_it(tmp_path: Path) -> None:
    laws = "CPL-2027: {zh: 刑诉法, en: CPL, version: '2027', in_force: 2026-03-01, source: x}\n"
    own = OWN.replace("mark: V", "mark: V, basis: [CPL-2027 12, CPL-2018 3]")
    again = OWN.replace("XX-001", "XX-002").replace("mark: V", "mark: V, basis: [CPL-2027 12]")
    acts = "PR08: {INTERVIEWED: 谈话}\n"
    rules = book(overlay(tmp_path / "o", laws=laws, limits=own + again, acts=acts))
    assert str(rules.limits["XX-001"][0].valid_from) == "2018-10-26"
    assert str(rules.limits["XX-002"][0].valid_from) == "2026-03-01"
    assert rules.basis_text(("CPL-2027 12",)) == "刑诉法（2027）第12条"


def test_a_holiday_table_ends_what_is_provisional(tmp_path: Path) -> None:
    table = "days_off: [2027-01-01, 2027-01-11]\nworking_days: [2027-01-16]\n"
    with_table = book(overlay(tmp_path / "ours", holidays_2027=table))
    without = book(overlay(tmp_path / "other"))
    assert (without.calendar.known(2027), with_table.calendar.known(2027)) == (False, True)
    assert with_table.calendar.known(2026)
    # 2027-01-10 is a Sunday, and the table makes the Monday after it a day off.
    for rules, due, provisional in (
        (without, "2027-01-10", True),
        (with_table, "2027-01-12", False),
    ):
        (clock,) = clocks(rules, "2026-12-10", "2027-02-01")
        assert (str(clock.clock.due), clock.clock.provisional) == (due, provisional)
        assert (clock.clock.found is None) == provisional


@pytest.fixture
def environment(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Any:
    """Points ``ANGUAN_RULES`` and ``ANGUAN_HOME`` somewhere."""

    def to(**variables: Path) -> None:
        for name in ("RULES", "HOME"):
            monkeypatch.delenv(f"ANGUAN_{name}", raising=False)
        for name, path in variables.items():
            monkeypatch.setenv(f"ANGUAN_{name}", str(path))
        settings.cache_clear()

    yield to
    monkeypatch.undo()
    settings.cache_clear()


def test_where_overlays_are_looked_for(tmp_path: Path, environment: Any) -> None:
    rules = tmp_path / "home" / "rules"
    overlay(rules / "one", overlay=HEAD.format(name="n1", expires="2026-12-31", confirm="Q03"))
    overlay(rules / "two", overlay=HEAD.format(name="n2", expires="2026-12-31", confirm="Q09"))
    (rules / "no-overlay").mkdir()
    environment(RULES=rules)
    assert [o.name for o in book().overlays] == ["n1", "n2"]
    environment(RULES=rules / "two")
    assert [o.name for o in book().overlays] == ["n2"]
    environment(HOME=tmp_path / "home")
    assert [o.name for o in book().overlays] == ["n1", "n2"]
    environment(HOME=tmp_path / "home", RULES=tmp_path / "nowhere")
    assert book().overlays == ()
    environment(RULES=rules / "no-overlay")
    assert book().overlays == ()


def test_a_changed_file_is_noticed_and_changes_the_version(tmp_path: Path) -> None:
    root = tmp_path / "rules"
    assert read(root).version == model.version()
    overlay(root / "ours")
    first = read(root)
    assert read(root) is first
    assert first.version.startswith(f"{model.version()}+")
    assert len(first.version) == len(model.version()) + 9
    versions = {first.version}
    for files in (
        {"limits": TWO_MONTHS},
        {"limits": TWO_MONTHS.replace("2025-07-01", "2025-08-01")},
        {"holidays_2027": "days_off: []\nworking_days: []\n"},
        {"overlay": HEAD.format(name="ours", expires="2026-06-30", confirm="")},
    ):
        overlay(root / "ours", **files)
        versions.add(read(root).version)
    assert len(versions) == 5
    assert str(read(root).limits["TL-060"][1].valid_from) == "2025-08-01"
    copy = overlay(tmp_path / "copy" / "ours")
    assert read(copy).version == first.version


def test_two_versions_in_two_overlays(tmp_path: Path) -> None:
    root = tmp_path / "rules"
    overlay(root / "a", limits=TWO_MONTHS)
    overlay(root / "b", limits=TWO_MONTHS.replace("2025-07-01", "2026-01-01").replace("2 m", "3 m"))
    versions: tuple[TimeLimit, ...] = book(root).limits["TL-060"]
    assert [v.file for v in versions] == ["limits.yaml", "a/limits.yaml", "b/limits.yaml"]
    (clock,) = clocks(book(root), "2026-02-02", "2026-02-03")
    assert clock.limit is versions[2]


# -- broken overlays ---------------------------------------------------------------------------


def test_a_broken_overlay_is_refused_with_file_entry_and_field(tmp_path: Path) -> None:
    broken = overlay(
        tmp_path / "ours",
        limits=TWO_MONTHS.replace("length: 2 months", "length: 2 moons"),
        data_rules="Q03: {zh: 一, en: one}\n",
        laws="CPL-2027: {zh: 刑诉法}\n",
    )
    found = read(broken)
    places = {(f.file, f.entry, f.field) for f in found.faults}
    assert places >= {
        ("ours/limits.yaml", "TL-060", "clock.0.length"),
        ("ours/data_rules.yaml", "Q03", "kind"),
        ("ours/data_rules.yaml", "Q03", "mark"),
        ("ours/laws.yaml", "CPL-2027", "version"),
    }
    first = found.faults[0]
    with pytest.raises(InputError) as caught:
        book(broken)
    error = caught.value
    assert (error.code, error.status) == ("rules.faults", 422)
    for lang in ("zh", "en"):
        detail = error.detail(lang)
        assert str(len(found.faults)) in detail
        assert all(part in detail for part in (first.file, first.entry, first.field))
        assert "anguan rules lint" in error.remedy(lang)


def test_what_only_the_linter_sees_is_refused_too(tmp_path: Path) -> None:
    dangling = overlay(tmp_path / "ours", limits=TWO_MONTHS.replace("type: P01", "type: P99"))
    with pytest.raises(InputError) as caught:
        book(dangling)
    assert (caught.value.code, caught.value.values["field"]) == ("rules.faults", "type")


@pytest.mark.parametrize(
    ("name", "text", "field"),
    [
        ("overlay", "name: x\ndate: 2025-01-01\n", "expires"),
        ("overlay", "name: x\ndate: soon\nexpires: 2026-01-01\n", "date"),
        ("overlay", "", "name"),
        ("overlay", "[", ""),
        ("limits", "- a\n- b\n", ""),
        ("limits", "XX-001: 3\n", ""),
        ("acts", "PR08: spoken\n", ""),
        ("acts", "PR99: {SPOKEN: 说}\n", ""),
        ("laws", "CPL-2018: {zh: 甲, en: A, version: '1', in_force: 2018-13-41, source: x}", ""),
        ("laws", "CPL-2018: {zh: 甲, en: A, version: '1', in_force: 2019-01-01, source: x}", ""),
        ("holidays_2027", "days_off: [2027-01-01]\n", "working_days"),
        ("holidays_2027", "days_off: [2026-01-01]\nworking_days: []\n", "days_off"),
        ("holidays_2027", "days_off: [someday]\nworking_days: []\n", "days_off.0"),
        ("limits", TWO_MONTHS + TWO_MONTHS, ""),
        ("limits", TWO_MONTHS.replace("start: PR01 //", "start: PR99 //"), "clock.0.start"),
        ("limits", TWO_MONTHS.replace("CPL-2018 172", "CPL-2018"), "basis"),
        ("limits", TWO_MONTHS.replace("CPL-2018 172", "CPL-1979 172"), "basis"),
    ],
)
def test_whatever_is_wrong_is_a_fault_and_no_crash(
    tmp_path: Path, name: str, text: str, field: str
) -> None:
    found = read(overlay(tmp_path / "ours", **{name: text}))
    file = f"ours/{name.replace('_2', '/2')}.yaml"
    assert {(f.file, f.field) for f in found.faults} >= {(file, field)}, found.faults
    assert all(f.message["zh"] and f.message["en"] for f in found.faults)
    with pytest.raises(InputError):
        book(tmp_path / "ours")


def test_an_empty_file_is_no_fault(tmp_path: Path) -> None:
    assert read(overlay(tmp_path / "ours", limits="# nothing yet\n")).faults == ()


def test_the_shipped_files_are_read_before_any_overlay(tmp_path: Path) -> None:
    overlay(tmp_path / "ours", limits=TWO_MONTHS)
    before = law.read(tmp_path / "nowhere").limits["TL-060"]
    after = law.read(tmp_path / "ours").limits["TL-060"]
    assert after[0].entry == before[0].entry
    assert (after[0].valid_from, after[0].valid_to) == (before[0].valid_from, None)


# -- what records a node -----------------------------------------------------------------------


def _fields(stated: Any, keys: Sequence[str]) -> set[str]:
    """The card fields that the terms of an entry name, however deep, in a point or under a key."""
    if isinstance(stated, str):
        return set(re.findall(r"\bfield (\S+)", stated))
    if isinstance(stated, dict):
        named = {n for k, v in stated.items() if k in keys for n in _listed(v)}
        return named.union(*(_fields(one, keys) for one in stated.values()))
    if isinstance(stated, list | tuple):
        return set[str]().union(*(_fields(one, keys) for one in stated))
    return set()


def _listed(value: Any) -> list[str]:
    if isinstance(value, list | tuple):
        return list(value)
    return [value] if isinstance(value, str) else []


def test_every_card_field_of_a_rule_names_the_nodes_that_it_records(ours: Book) -> None:
    used: dict[str, set[str]] = {}
    for code, (limit,) in ours.limits.items():
        used[code] = _fields(
            limit.entry.model_dump(include={"clock", "gate"}, exclude_none=True), ["field"]
        )
    for code, (rule,) in ours.data_rules.items():
        used[code] = _fields(dict(rule.entry.check or {}), FIELD_KEYS)
    assert used["TL-02B"] == {"应当讯问"}
    assert used["TL-07B"] == {"考验期月数"}
    assert used["Q02"] == {"移送日期"}
    assert used["Q25"] == {"不起诉种类", "适用条款"}
    known = model.card_fields()
    assert set().union(*used.values()) <= set(known)
    assert all(field.nodes and field.mark for field in known.values())
    assert all(set(field.nodes) <= set(model.nodes()) for field in known.values())
