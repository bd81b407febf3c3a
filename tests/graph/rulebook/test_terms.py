"""The grammar of the rulebook: what parses, what is refused, and what a name needs."""

from __future__ import annotations

from typing import Any

import pytest

from graph.rulebook import terms
from graph.rulebook.law import book
from graph.rulebook.model import Limit
from graph.rulebook.terms import Condition, GrammarError

ACTS = {"PR22": {"PROSECUTE": "起诉"}, "*": {"RECUSAL_REQUESTED": "申请回避"}}


@pytest.mark.parametrize(
    ("text", "choices"),
    [
        ("PR22", [["PR22"]]),
        ("PR22.PROSECUTE", [["PR22.PROSECUTE"]]),
        ("PR03.-", [["PR03.-"]]),
        ("*.RECUSAL_REQUESTED", [["*.RECUSAL_REQUESTED"]]),
        ("AR15.EXTENDED_1", [["AR15.EXTENDED_1"]]),
        ("PR11 + PR13", [["PR11", "PR13"]]),
        ("PR01 // PR.accepted", [["PR01"], ["PR.accepted"]]),
        ("PR22 + PR23 // PR.closed", [["PR22", "PR23"], ["PR.closed"]]),
        ("measure.BAIL.from + own.DESIGNATED_RESIDENCE.to", None),
        ("field 移送日期", None),
        ("doc 补充侦查提纲 + doc 不捕理由说明书", None),
        ("participant VICTIM", None),
        ("notice.issued // reply.at", None),
    ],
)
def test_points(text: str, choices: list[list[str]] | None) -> None:
    expected = choices or [part.split(" + ") for part in text.split(" // ")]
    assert terms.names(text) == tuple(map(tuple, expected))


@pytest.mark.parametrize(
    ("text", "named"),
    [
        ("", "''"),
        ("PR", "'PR'"),
        ("PR1", "'PR1'"),
        ("pr22", "'pr22'"),
        ("PR99", "PR99"),
        ("PR99.PROSECUTE", "PR99"),
        ("PR22.", "'PR22.'"),
        ("PR22.prosecute", "'PR22.prosecute'"),
        ("*.", "'*.'"),
        ("PR.opened", "'PR.opened'"),
        ("measure.BAIL", "'measure.BAIL'"),
        ("measure.BAIL.until", "'measure.BAIL.until'"),
        ("field", "'field'"),
        ("field 移送 日期", "'field 移送 日期'"),
        ("notice.sent", "'notice.sent'"),
        ("PR22 PR23", "'PR22 PR23'"),
        ("PR22 / PR23", "'PR22 / PR23'"),
        ("PR22 + ", "''"),
        ("PR22 // nothing", "'nothing'"),
        ("PR22+PR23", "'PR22+PR23'"),
    ],
)
def test_a_text_that_is_no_point_is_named(text: str, named: str) -> None:
    with pytest.raises(GrammarError) as refused:
        terms.point(text, ACTS)
    assert named in str(refused.value)


@pytest.mark.parametrize(
    ("text", "limit"),
    [
        ("0 days", Limit(0, "days")),
        ("24 hours", Limit(24, "hours")),
        ("3 working_days", Limit(3, "working_days")),
        ("1 months", Limit(1, "months")),
        ("2 years", Limit(2, "years")),
    ],
)
def test_lengths(text: str, limit: Limit) -> None:
    assert terms.length(text) == limit


@pytest.mark.parametrize(
    "text", ["", "3", "days", "3days", "-3 days", "1.5 days", "three days", "1 month", "3 weeks"]
)
def test_a_text_that_is_no_length_is_named(text: str) -> None:
    with pytest.raises(GrammarError, match="units: hours, days, working_days") as refused:
        terms.length(text)
    assert repr(text) in str(refused.value)


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("custody", Condition("custody")),
        ("no custody", Condition("custody", no=True)),
        ("minor", Condition("minor")),
        ("property", Condition("property")),
        ("measure ARREST", Condition("measure", ("ARREST",))),
        ("no measure ARREST", Condition("measure", ("ARREST",), no=True)),
        ("field 需行政处罚 = 是", Condition("field", ("需行政处罚",), "是")),
        ("charge 264", Condition("charge", ("264",))),
        ("charge 264, 266", Condition("charge", ("264", "266"))),
        ("PR10.FAST_TRACK", Condition("recorded", ("PR10.FAST_TRACK",))),
        ("no PR10.FAST_TRACK", Condition("recorded", ("PR10.FAST_TRACK",), no=True)),
        ("PR11 + PR13", Condition("recorded", ("PR11", "PR13"))),
        ("participant VICTIM", Condition("recorded", ("participant VICTIM",))),
        ("field 移送日期", Condition("recorded", ("field 移送日期",))),
    ],
)
def test_conditions(text: str, expected: Condition) -> None:
    found = terms.condition(text)
    assert (found.word, found.what, found.value, found.no, found.text) == (
        expected.word,
        expected.what,
        expected.value,
        expected.no,
        text,
    )


@pytest.mark.parametrize(
    ("text", "named"),
    [
        ("", "''"),
        ("no", "'no'"),
        ("no no custody", "'no custody'"),
        ("measure arrest", "'measure arrest'"),
        ("charge theft", "'charge theft'"),
        ("charge 264,266", "'charge 264,266'"),
        ("field 需行政处罚 =", "'field 需行政处罚 ='"),
        ("PR01 // PR.accepted", "'PR01 // PR.accepted'"),
        ("no PR99", "PR99"),
    ],
)
def test_a_text_that_is_no_condition_is_named(text: str, named: str) -> None:
    with pytest.raises(GrammarError) as refused:
        terms.condition(text)
    assert named in str(refused.value)


@pytest.mark.parametrize(
    ("name", "zh", "en"),
    [
        ("PR15", "延长审查起诉期限（PR15）", "Extension of review period (PR15)"),
        ("PR15.-", "延长审查起诉期限（PR15）", "Extension of review period (PR15)"),
        ("PR22.PROSECUTE", "起诉（PR22）", "prosecute (PR22)"),
        ("PR22.NOT_IN_THE_LIST", "NOT_IN_THE_LIST（PR22）", "not in the list (PR22)"),
        ("*.RECUSAL_REQUESTED", "申请回避", "recusal requested"),
        ("*.OTHER", "OTHER", "other"),
        ("PR.accepted", "受理日期（PR）", "date accepted (PR)"),
        ("AR.closed", "审结日期（AR）", "date closed (AR)"),
        ("measure.BAIL.from", "取保候审起", "bail from"),
        ("own.ARREST.to", "逮捕止", "arrest to"),
        ("field 移送日期", "案卡“移送日期”", "field “移送日期”"),
        ("doc 起诉书", "文书“起诉书”", "doc “起诉书”"),
        ("participant VICTIM", "诉讼参与人“VICTIM”", "participant “VICTIM”"),
        ("notice.issued", "通知书发出", "notice issued"),
        ("reply.at", "回复", "reply"),
    ],
)
def test_titles(name: str, zh: str, en: str) -> None:
    assert terms.title(name, ACTS) == (zh, en)


def test_the_title_of_a_point_tells_alternatives_from_a_second_choice() -> None:
    point = terms.point("PR22.PROSECUTE + PR15 // PR.closed", ACTS, each=True)
    assert point.zh == "起诉（PR22）或延长审查起诉期限（PR15），或审结日期（PR）"
    assert (
        point.en == "prosecute (PR22) or Extension of review period (PR15), else date closed (PR)"
    )
    assert point.occurrence == "each"
    assert terms.point("PR15", ACTS).occurrence == "first"


@pytest.mark.parametrize(
    ("name", "need"),
    [
        ("PR22", ("group", "PR")),
        ("CM01.-", ("group", "CM")),
        ("PR03.TOLD", ("act", "PR03.TOLD")),
        ("*.RECUSAL_REQUESTED", ("act", "*.RECUSAL_REQUESTED")),
        ("PR.accepted", ("column", "cases.accepted")),
        ("AR.closed", ("column", "cases.closed")),
        ("measure.BAIL.from", ("table", "measures")),
        ("own.BAIL.to", ("table", "measures")),
        ("field 移送日期", ("table", "card_fields")),
        ("doc 起诉书", ("table", "documents")),
        ("participant VICTIM", ("table", "participants")),
        ("notice.issued", ("table", "notices")),
        ("reply.at", ("table", "replies")),
        ("no point at all", ("", "")),
    ],
)
def test_what_a_name_needs(name: str, need: tuple[str, str]) -> None:
    assert terms.needed(name) == need


@pytest.mark.parametrize(
    ("start", "end", "proves"),
    [
        ("PR01 // PR.accepted", "PR22 // PR.closed", True),
        ("PR28.REQUESTED", "PR28.DECIDED", True),
        ("AR17.REQUESTED + PR17.REQUESTED", "AR17.ROUTED + PR17.ROUTED", True),
        ("PR36", "PR38.PROTESTED", False),
        ("PR28.REQUESTED", "PR29.DECIDED", False),
        ("PR28.REQUESTED", "PR28", False),
        ("PR28.REQUESTED", "PR28.-", False),
        ("measure.BAIL.from", "measure.BAIL.to", False),
    ],
)
def test_when_an_end_proves_its_start(start: str, end: str, proves: bool) -> None:
    assert terms.proves(start, end) is proves


def texts(part: Any) -> list[str]:
    """The points in the terms of a clock."""
    points = [part.start, part.end, part.stop, part.restart, part.proof]
    points += [e.at for e in part.extend]
    points += [p for e in part.exclude for p in (e.from_, e.to)]
    return [p for p in points if p]


def test_every_name_of_the_rulebook_has_a_title_and_a_need() -> None:
    rules = book()
    stated = [v.stated for limits in rules.limits.values() for x in limits for v in x.variants]
    names = {name for s in stated for text in texts(s) for c in terms.names(text) for name in c}
    assert len(names) > 100
    for name in names:
        zh, en = terms.title(name, rules.acts)
        assert zh
        assert en
        assert all(terms.needed(name))
