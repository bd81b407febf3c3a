"""Scripted cases of the gates and data rules: one in order and one broken for each.

A lawful case is broken in the one place that the rule is about.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, replace
from typing import Any

from loaders.synthetic import rules
from loaders.synthetic.draft import DAY, Charge, Draft, Field, Measure
from loaders.synthetic.flow import (
    CONDITIONAL,
    FORM_OF_EXTENSION,
    INDICTMENT,
    NON_PROSECUTION,
    OUTLINE,
    PROSECUTE,
    REASONS,
    RECEIPT,
    Course,
)
from loaders.synthetic.periods import complete
from loaders.synthetic.scripts import TARGETS, Script, arrest, other, prosecution, rank
from loaders.synthetic.slips import return_again

# -- gates ---------------------------------------------------------------------------------------

Make = Callable[[dt.date, bool], list[Draft]]
"""Makes a matter from an intake, broken or in order; what is wrong is in its last case."""


@dataclass(frozen=True)
class _Without:
    """A lawful case, broken by taking away what a gate needs."""

    base: Callable[[dt.date], Draft]
    events: tuple[str, ...] = ()
    documents: tuple[str, ...] = ()
    participants: bool = False

    def __call__(self, on: dt.date, broken: bool) -> list[Draft]:
        draft = self.base(on)
        if broken:
            if self.events:
                draft.drop(*self.events)
            draft.drop_documents(*self.documents)
            if self.participants:
                draft.participants.clear()
        return [draft]


def _course(decision: str = PROSECUTE, minor: bool = False, **course: Any) -> Callable[..., Draft]:
    stated = replace(Course(), **course)
    return lambda on: prosecution(on, stated, decision=decision, minor=minor)


def _questioned(on: dt.date, broken: bool) -> list[Draft]:
    draft = arrest(on)
    draft.fields.append(Field("应当讯问", "是", on, 0))
    if broken:
        draft.drop("AR04")
    return [draft]


def _third_return(on: dt.date, broken: bool) -> list[Draft]:
    draft = prosecution(on, Course(returns=2))
    if broken:
        return_again(draft)
    return [draft]


def _insufficient(on: dt.date, broken: bool) -> list[Draft]:
    draft = prosecution(on, Course(returns=2))
    if broken:
        draft.event("PR20", draft.first("PR20") or on, "EVIDENCE_INSUFFICIENT", 0)
    return [draft]


def _lifted(on: dt.date, broken: bool) -> list[Draft]:
    draft = prosecution(on, Course(property=True), decision=NON_PROSECUTION)
    if broken:
        draft.move((draft.first("PR25") or on) + 3 * DAY, draft.at("PR26"))
    return [draft]


def _probation(on: dt.date, broken: bool) -> list[Draft]:
    draft = prosecution(on, decision=CONDITIONAL, minor=True)
    for f in draft.fields:
        if f.name == "考验期月数":
            f.value = "5" if broken else "6"
    return [draft]


def _adjourned(on: dt.date, broken: bool) -> list[Draft]:
    draft = prosecution(on)
    hearing = draft.first("PR32.HEARING") or on
    for n in range(3 if broken else 2):
        draft.event("PR33", hearing + 4 * n * DAY, "ADJOURNED")
        draft.event("PR33", hearing + (4 * n + 3) * DAY, "RESUMED")
    return [draft]


def _again(on: dt.date, broken: bool) -> list[Draft]:
    draft = prosecution(on, Course(withdrawn=True))
    day = max(e.on for e in draft.events) + DAY
    if not broken:
        draft.event("PR34", day, "NEW_EVIDENCE", 0)
    draft.event("PR23", day, "AGAIN", 0)
    return [draft]


def _noticed(on: dt.date, broken: bool) -> list[Draft]:
    draft = other("PI", on)
    draft.event("PI06", on, "NOTICE")
    draft.event("PI09", on + (29 if broken else 30) * DAY, "SERVED")
    complete(draft, "TL-145")
    return [draft]


def _announced(on: dt.date, broken: bool) -> list[Draft]:
    """A civil suit with its notice, or without any."""
    draft = other("PI", on)
    draft.event("PI03", on, "CIVIL")
    if not broken:
        draft.event("PI06", on + DAY, "NOTICE")
    draft.event("PI09", on + 40 * DAY, "SERVED")
    complete(draft, "TL-145")
    return [draft]


GATES: Mapping[str, tuple[Make, ...]] = {
    "TL-02A": (_Without(prosecution, ("PR10.LAWYER_PRESENT",)),),
    "TL-02B": (_Without(lambda on: arrest(on, minor=True), ("AR04",)), _questioned),
    "TL-02C": (_Without(prosecution, ("PR08",)), _Without(prosecution, ("PR09",))),
    "TL-046": (_Without(lambda on: arrest(on, arrested=False), documents=(REASONS,)),),
    "TL-065": (_third_return,),
    "TL-068": (_insufficient,),
    "TL-06A": (_Without(_course(returns=1), documents=(OUTLINE,)),),
    "TL-070": (
        _Without(_course(NON_PROSECUTION, supervision_organ=True), ("PR21.HIGHER_APPROVED",)),
    ),
    "TL-071": (_lifted,),
    "TL-073": (_Without(_course(NON_PROSECUTION, penalty=True), ("PR27",)),),
    "TL-074": (_Without(_course(NON_PROSECUTION), ("PR25.RIGHTS_TOLD",)),),
    "TL-07B": (_probation,),
    "TL-083a": (_adjourned,),
    "TL-086": (_Without(_course(withdrawn=True), ("PR35.APPROVED",)),),
    "TL-088": (_again,),
    "TL-0D3": (_Without(_course(property=True), ("PR42.APPROVED",)),),
    "TL-0F3": (_Without(prosecution, ("CM02",)),),
    "TL-145": (_noticed, _announced),
}
"""A case in order and a broken one for each need of a gate."""


def scripts() -> Iterator[Script]:
    """A matter in order and a broken one for every need of a gate and every data rule."""
    yield from _of_gates()
    yield from _of_data_rules()


def _of_gates() -> Iterator[Script]:
    for index, (code, makes) in enumerate(GATES.items()):
        gate = rules.executable()[code]["gate"]
        types = gate.get("types", ())
        party = 0 if gate["per"] == "party" else None
        for number, make in enumerate(makes):
            type_ = types[number] if types else rules.executable()[code]["type"]
            yield from _pair(code, make, index + number, party, type_)


def _pair(
    code: str, make: Make, index: int, party: int | None, type_: str, group: str = "PR"
) -> Iterator[Script]:
    """A case in order and a broken one."""
    on = TARGETS[index % len(TARGETS)]

    def built(broken: bool) -> Callable[[], list[Draft]]:
        def build() -> list[Draft]:
            drafts = make(min(on, dt.date(2025, 6, 3)), broken)
            if broken:
                drafts[-1].plant(code, "BROKEN", drafts[-1].accepted, party, type_)
            else:
                drafts[-1].kept.append((code, party, "clean"))
            return drafts

        return build

    for how, broken in (("clean", False), ("broken", True)):
        yield Script(code, how, built(broken), rank(code, how, group, index))


# -- data rules ----------------------------------------------------------------------------------


def _q01(on: dt.date, broken: bool) -> list[Draft]:
    draft = prosecution(on)
    if broken:
        draft.move(on - DAY, draft.at("PR02"))
    return [draft]


def _q02(on: dt.date, broken: bool) -> list[Draft]:
    draft = prosecution(on)
    draft.fields.append(Field("移送日期", on + DAY if broken else on, on))
    return [draft]


def _q03(on: dt.date, broken: bool) -> list[Draft]:
    draft = prosecution(on)
    for e in draft.at("PR07"):
        e.recorded = e.on - DAY if broken else e.on
    return [draft]


def _q05(on: dt.date, broken: bool) -> list[Draft]:
    """A second re-transfer before the second return, between two changes of jurisdiction."""
    draft = prosecution(on, Course(returns=2))
    if broken:
        draft.drop("PR13", "PR14")
        back = draft.first("PR12") or on
        draft.event("PR18", back + DAY, "FOUND")
        draft.event("PR18", back + DAY, "TRANSFERRED")
        draft.event("PR14", back + 2 * DAY)
        draft.event("PR13", back + 4 * DAY, document=OUTLINE)
        draft.event("PR14", back + 20 * DAY)
        decided = draft.first("PR20") or on
        draft.shift(decided, (back + 22 * DAY - decided).days)
    return [draft]


def _q13(on: dt.date, broken: bool) -> list[Draft]:
    draft = prosecution(on)
    act = on - 90 * DAY
    young = dt.date(act.year - 17, act.month, min(act.day, 28))
    old = dt.date(act.year - 18, act.month, min(act.day, 28))
    draft.fields.append(Field("出生日期", young if broken else old, on, 0))
    draft.fields.append(Field("行为日期", act, on, 0))
    return [draft]


def _q15(on: dt.date, broken: bool) -> list[Draft]:
    draft = prosecution(on)
    change = on + 10 * DAY
    draft.measured[0] = [
        Measure("BAIL", on + DAY, change + broken * DAY, "PROCURATORATE"),
        Measure("RESIDENTIAL", change, on + 30 * DAY, "PROCURATORATE"),
    ]
    return [draft]


def _q16(on: dt.date, broken: bool) -> list[Draft]:
    draft = prosecution(on, custody=True)
    if broken:
        draft.drop_documents(RECEIPT)
    return [draft]


def _q18(on: dt.date, broken: bool) -> list[Draft]:
    draft = arrest(on)
    draft.outcome = "" if broken else draft.outcome
    return [draft]


def _q19(on: dt.date, broken: bool) -> list[Draft]:
    draft = prosecution(on)
    if broken:
        draft.charges.clear()
    return [draft]


def _q21(on: dt.date, broken: bool) -> list[Draft]:
    """The first of two parties has no decision of its own."""
    draft = prosecution(on, people=2)
    if broken:
        gone = [e for e in draft.at("PR22", "PR36") if e.party == 0]
        draft.events = [e for e in draft.events if e not in gone]
        draft.charges = [c for c in draft.charges if c.party or c.stage == "TRANSFER"]
    return [draft]


def _q22(on: dt.date, broken: bool) -> list[Draft]:
    draft = prosecution(on, Course(changed="293"))
    draft.event("PR34", draft.closed or on)
    if broken:
        draft.fields = [f for f in draft.fields if f.name != "改变移送审查起诉认定情形"]
    return [draft]


def _q23(on: dt.date, broken: bool) -> list[Draft]:
    draft = prosecution(on, code="264")
    if broken:
        draft.fields = [f for f in draft.fields if f.name != "审结数额"]
    return [draft]


def _q25(on: dt.date, broken: bool) -> list[Draft]:
    draft = prosecution(on, decision=NON_PROSECUTION)
    for f in draft.fields:
        if f.name == "适用条款" and broken:
            f.value = "刑诉法175-4" if f.value != "刑诉法175-4" else "刑诉法177-1"
    return [draft]


def _q29(on: dt.date, broken: bool) -> list[Draft]:
    draft = prosecution(on)
    judged = draft.first("PR36") or on
    draft.fields.append(Field("裁判日期", judged + DAY if broken else judged, judged, 0))
    return [draft]


def _q30(on: dt.date, broken: bool) -> list[Draft]:
    draft = prosecution(on)
    judged = draft.first("PR36") or on
    for name, value in (
        ("建议刑期下限月数", "10"),
        ("建议刑期上限月数", "14"),
        ("判决刑期月数", "15" if broken else "14"),
        ("量刑建议采纳", "是"),
    ):
        draft.fields.append(Field(name, value, judged, 0))
    return [draft]


def _q31(on: dt.date, broken: bool) -> list[Draft]:
    draft = prosecution(on, Course(verdicts=("ACQUITTED",)))
    if broken:
        draft.drop_documents("裁判审查表")
    return [draft]


def _q33(on: dt.date, broken: bool) -> list[Draft]:
    review, draft = arrest(on), prosecution(on + 45 * DAY)
    born = dt.date(1990, 3, 15)
    review.fields.append(Field("出生日期", born, on, 0))
    draft.fields.append(Field("出生日期", born + broken * DAY, draft.accepted, 0))
    return [review, draft]


def _q34(on: dt.date, broken: bool) -> list[Draft]:
    draft = prosecution(on)
    if broken:
        draft.charges = [c for c in draft.charges if c.stage != "JUDGMENT"]
        draft.charges.append(Charge(0, "293", "JUDGMENT", draft.first("PR36") or on))
    return [draft]


def _q35(on: dt.date, broken: bool) -> list[Draft]:
    first, draft = prosecution(on), prosecution(on + DAY)
    for case in (first, draft) if broken else (draft,):
        case.event("PR40", max(e.on for e in case.events))
    return [first, draft]


def _q36(on: dt.date, broken: bool) -> list[Draft]:
    first, draft = other("LS", on), other("LS", on + DAY)
    for case in (first, draft):
        case.event("LS01" if broken or case is draft else "LS05", case.accepted)
    return [first, draft]


def _q37(on: dt.date, broken: bool) -> list[Draft]:
    draft = prosecution(on, Course(property=True))
    if broken:
        draft.properties = [(k, [m for m in ms if m[0] != "STORED"]) for k, ms in draft.properties]
    return [draft]


def _q38(on: dt.date, broken: bool) -> list[Draft]:
    draft = prosecution(on)
    draft.handler_elsewhere = broken
    return [draft]


def _q40(on: dt.date, broken: bool) -> list[Draft]:
    draft = prosecution(on)
    for d in draft.documents:
        if d.template == INDICTMENT:
            d.served = d.signed - broken * DAY
    return [draft]


def _q42(on: dt.date, broken: bool) -> list[Draft]:
    draft = prosecution(on)
    draft.fields.append(Field("受理日期", on - DAY, on))
    later = Field("受理日期", on, on + 5 * DAY)
    if not broken:
        later.basis, later.approved_by = "受理登记", "部门负责人"
    draft.fields.append(later)
    return [draft]


def _q43(on: dt.date, broken: bool) -> list[Draft]:
    draft = prosecution(on, minor=True)
    draft.fields.append(Field("公开标识", "是" if broken else "否", draft.closed or on))
    return [draft]


DATA_RULES: Mapping[str, Make] = {
    "Q01": _q01,
    "Q02": _q02,
    "Q03": _q03,
    "Q05": _q05,
    "Q09": _Without(_course(extended=True), documents=(FORM_OF_EXTENSION,)),
    "Q13": _q13,
    "Q14": _Without(_course(minor=True), participants=True),
    "Q15": _q15,
    "Q16": _q16,
    "Q17": _Without(prosecution, documents=(INDICTMENT,)),
    "Q18": _q18,
    "Q19": _q19,
    "Q21": _q21,
    "Q22": _q22,
    "Q23": _q23,
    "Q25": _q25,
    "Q29": _q29,
    "Q30": _q30,
    "Q31": _q31,
    "Q33": _q33,
    "Q34": _q34,
    "Q35": _q35,
    "Q36": _q36,
    "Q37": _q37,
    "Q38": _q38,
    "Q40": _q40,
    "Q42": _q42,
    "Q43": _q43,
}
OF_A_PARTY = frozenset(
    {"Q13", "Q14", "Q15", "Q16", "Q17", "Q19", "Q21", "Q22", "Q25", "Q30", "Q31", "Q33", "Q34"}
)
"""The data rules that are asked of each party."""


def _of_data_rules() -> Iterator[Script]:
    for index, (code, make) in enumerate(DATA_RULES.items()):
        party = 0 if code in OF_A_PARTY else None
        yield from _pair(code, make, index, party, rules.executable()[code]["type"])
